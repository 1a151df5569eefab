"""``epa-score rubrics``: the rubrics at hand, and the items of one."""

from typing import Annotated, Literal

import typer

from epa_score.cli.help import Command, CommandGroup
from epa_score.cli.output import show_tables
from epa_score.readers.rubrics import RubricLibrary
from epa_score.reports.listings import rubric_table, rubrics_table

app = typer.Typer(
    name="rubrics",
    cls=CommandGroup,
    help="help.rubrics",
    add_completion=False,
    rich_markup_mode=None,
)


@app.callback(invoke_without_command=True)
def rubrics(context: typer.Context) -> None:
    """List the rubrics that can be used by name, or show one."""
    if context.invoked_subcommand is None:
        list_rubrics(context)


@app.command("list", cls=Command, help="help.rubrics_list")
def list_rubrics(context: typer.Context) -> None:
    """List the rubrics that can be used by name."""
    session = context.obj
    library = RubricLibrary()
    files = [file for name in library.names() if (file := library.find(name)) is not None]
    for file in files:
        session.show(file.diagnostics)
    sound = [(file.rubric, file.origin(session.words)) for file in files if file.rubric is not None]
    show_tables(session, [rubrics_table(sound, session.words)], "table")


@app.command("show", cls=Command, help="help.rubrics_show")
def show_rubric(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME|FILE", help="help.rubric_name")],
    form: Annotated[
        Literal["table", "yaml"],
        typer.Option("--format", metavar="table|yaml", help="help.rubrics_format"),
    ] = "table",
) -> None:
    """Show the items of a rubric, or its file."""
    session = context.obj
    file, rubric = RubricLibrary().select(name)
    if form == "yaml":
        session.write_bytes(file.data)
    else:
        show_tables(session, [rubric_table(rubric, session.words)], "table")
