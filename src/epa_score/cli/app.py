"""The commands put together."""

from importlib import import_module
from typing import Annotated, Any, Literal

import typer
import typer.main

from epa_score.cli.help import Command, CommandGroup, translate
from epa_score.i18n import Words

COMMANDS = (
    "new",
    "run",
    "validate",
    "total",
    "rank",
    "stability",
    "compare",
    "export",
    "verify",
    "form",
    "convert",
    "status",
    "explain",
    "rubrics",
    "schema",
)
"""The modules of the commands, in the order of the help page."""


class Program(CommandGroup):
    """All commands. Each is made when it is asked for, as a run needs one of them."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 -- typer gives it
        """The names of all commands."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of a name, ``None`` where there is no such command."""
        return command_of(cmd_name, ctx.obj.words) if cmd_name in COMMANDS else None

    def about(self, name: str, words: Words) -> str:
        """The description of a command, without making it."""
        return words(f"help.{name}")


def command_of(name: str, words: Words) -> Any:
    """A command: the function with the name of its module, or an ``app`` of several commands."""
    module = import_module(f"epa_score.cli.commands.{name}")
    app = getattr(module, "app", None)
    if app is None:
        app = typer.Typer(add_completion=False, rich_markup_mode=None)
        app.command(name, cls=Command, help=f"help.{name}")(getattr(module, name))
    return translate(typer.main.get_command(app), words)


def program(words: Words) -> Any:
    """The whole command-line interface."""
    app = typer.Typer(
        cls=Program,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback(help="help.app")(take_common_options)
    return translate(typer.main.get_command(app), words)


def take_common_options(
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
