"""The commands put together."""

from typing import Annotated, Literal

import typer

from epa_score.cli.commands import (
    convert,
    explain,
    export,
    form,
    rank,
    rubrics,
    status,
    total,
    validate,
)
from epa_score.cli.help import Command, CommandGroup


def build() -> typer.Typer:
    """The whole command-line interface; its texts are looked up when they are shown."""
    app = typer.Typer(
        cls=CommandGroup,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback(help="help.app")(everywhere)
    app.command("validate", cls=Command, help="help.validate")(validate.validate)
    app.command("total", cls=Command, help="help.total")(total.total)
    app.command("rank", cls=Command, help="help.rank")(rank.rank)
    app.command("export", cls=Command, help="help.export")(export.export)
    app.command("form", cls=Command, help="help.form")(form.form)
    app.command("convert", cls=Command, help="help.convert")(convert.convert)
    app.command("status", cls=Command, help="help.status")(status.status)
    app.command("explain", cls=Command, help="help.explain")(explain.explain)
    app.add_typer(rubrics.app, name="rubrics", cls=CommandGroup, help="help.rubrics")
    return app


def everywhere(
    context: typer.Context,
    lang: Annotated[str | None, typer.Option("--lang", metavar="zh|en", help="help.lang")] = None,
    color: Annotated[
        Literal["auto", "always", "never"],
        typer.Option("--color", metavar="auto|always|never", help="help.color"),
    ] = "auto",
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="help.quiet")] = False,
    version: Annotated[
        bool,
        typer.Option("--version", help="help.version"),
    ] = False,
) -> None:
    """Take the options that stand before or after any command.

    The language is chosen, and the version shown, before the commands are built.
    """
    del lang, version
    context.obj.color, context.obj.quiet = color, quiet
