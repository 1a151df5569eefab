"""``epa-score rubrics``: the rubrics at hand, and the items of one."""

from typing import Annotated, Literal

import typer

from epa_score.cli.help import Command, CommandGroup
from epa_score.cli.inputs import name_hidden_rubric
from epa_score.cli.output import show_tables
from epa_score.diagnostics import errors_of
from epa_score.i18n import Words
from epa_score.readers.rubrics import RubricFile, RubricLibrary, read_rubric
from epa_score.reports.listings import rubric_table, rubrics_table

app = typer.Typer(
    name="rubrics",
    cls=CommandGroup,
    help="help.rubrics",
    add_completion=False,
    rich_markup_mode=None,
)


@app.callback(invoke_without_command=True)
def rubrics(context: typer.Context) -> int:
    """List the rubrics that can be used by name, or show one."""
    return list_rubrics(context) if context.invoked_subcommand is None else 0


@app.command("list", cls=Command, help="help.rubrics_list")
def list_rubrics(context: typer.Context) -> int:
    """List the rubrics that can be used by name, and what is wrong with others in ``rubrics/``."""
    session = context.obj
    library = RubricLibrary()
    files = [file for name in library.names() if (file := library.find(name)) is not None]
    listed = {file.path for file in files}
    files += [
        library.require_file_name(read_rubric(path))
        for path in library.own_files()
        if path not in listed
    ]
    found = [diagnostic for file in files for diagnostic in file.diagnostics]
    session.show(found)
    sound = [
        (file.rubric, _origin(library, file, session.words))
        for file in files
        if file.rubric is not None and file.path in listed
    ]
    show_tables(session, [rubrics_table(sound, session.words)], "table")
    return 1 if errors_of(found) else 0


def _origin(library: RubricLibrary, file: RubricFile, words: Words) -> str:
    """The file of a rubric for people, and that it hides the shipped one where it does."""
    origin = file.origin(words)
    hides = file.rubric is not None and library.hiding(file.rubric.id)
    return words("cli.hides_shipped", path=origin) if hides else origin


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
    library = RubricLibrary()
    file, rubric = library.select(name)
    name_hidden_rubric(session, library, rubric.id)
    if form == "yaml":
        session.write_bytes(file.data)
    else:
        show_tables(session, [rubric_table(rubric, session.words)], "table")
