"""``epa-score rubrics``: the rubrics at hand, one made from a table, questions about one."""

import os
import unicodedata
from collections.abc import Sequence
from pathlib import PurePath
from typing import Annotated, BinaryIO, Literal

import typer

from epa_score.cli.editor import schema_file, schema_lines
from epa_score.cli.existing import refuse_but_result
from epa_score.cli.help import Command, CommandGroup, WrongUsage
from epa_score.cli.inputs import name_hidden_rubric, names_of
from epa_score.cli.output import refuse_same_target, show_diagnostics, show_tables
from epa_score.cli.session import Session
from epa_score.cli.targets import OutputFiles, make_folder
from epa_score.diagnostics import InputError, Location, Place, errors_of
from epa_score.diagnostics.terminal_text import TerminalLine, shortened, visible
from epa_score.exporters.rubric_yaml import rubric_yaml
from epa_score.i18n import Words, plain
from epa_score.model.rubric_draft import RubricDraft
from epa_score.readers.rubric_drafts import read_drafts
from epa_score.readers.rubrics import RubricFile, RubricLibrary, read_rubric, remarks_on
from epa_score.reports.listings import rubric_table, rubrics_table
from epa_score.values.rubric_names import RUBRIC_NAME, RUBRIC_SUFFIXES

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


@app.command("new", cls=Command, help="help.rubrics_new")
def new_rubric(
    context: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE", help="help.rubrics_new_file")],
    output: Annotated[
        list[str] | None,
        typer.Option("-o", "--output", metavar="FILE", help="help.rubrics_new_output"),
    ] = None,
) -> int:
    """Make rubrics from the tables of a file; every doubt is said with its place.

    Where something is left open the rubric is refused until it is filled in; where no place in it
    could be left open for what is wrong, none is written.
    """
    session = context.obj
    made = read_drafts(file)
    targets = _targets(session, file, made.drafts, output or []) if made.drafts else []
    writable = {
        target: draft
        for target, draft in zip(targets, made.drafts, strict=True)
        if not draft.blocked
    }
    claims = OutputFiles(force=False, inputs=[file], has_force=False)
    claims.claim({target: refuse_but_result for target in writable if target != "-"})
    session.show(made.diagnostics)
    for target, draft in writable.items():
        _write(session, claims, target, rubric_yaml(draft, _id_for(target), file, session.words))
        _say_what_it_holds(session, target, draft)
    errors = errors_of(made.diagnostics)
    if made.drafts and errors:
        key = "cli.rubric_open" if writable else "cli.rubric_not_made"
        text = session.words(key, number=len(errors))
        session.complain([TerminalLine(text, "warning")])
    return 1 if errors else 0


def _targets(
    session: Session, file: str, drafts: Sequence[RubricDraft], output: Sequence[str]
) -> list[str]:
    """The file of each rubric: those named, one a rubric, else beside you. Raises `WrongUsage`."""
    if not output:
        name = _id_for(file)
        several = len(drafts) > 1
        return [
            f"{name}-{number}.yaml" if several else f"{name}.yaml"
            for number in range(1, len(drafts) + 1)
        ]
    if len(output) != len(drafts) or ("-" in output and len(drafts) > 1):
        titles = names_of(session, [draft.title for draft in drafts])
        about = {"number": len(drafts), "titles": titles}
        raise WrongUsage(session.words("usage.rubric_outputs", **about))
    for target in output:
        if target != "-" and not target.lower().endswith(RUBRIC_SUFFIXES):
            raise WrongUsage(session.words("usage.rubric_suffix", path=shortened(target)))
    refuse_same_target(session, dict(zip(range(len(output)), output, strict=True)))
    return list(output)


_ID = "rubric"
"""The id of a rubric whose file has a name that no id can be."""


def _id_for(path: str) -> str:
    """The id that goes with the name of a file: small letters and digits, else `_ID`."""
    stem = unicodedata.normalize("NFKC", PurePath(path).stem).lower()
    return stem if stem != "-" and RUBRIC_NAME.fullmatch(stem) else _ID


def _write(session: Session, claims: OutputFiles, target: str, text: str) -> None:
    def write(file: BinaryIO) -> None:
        file.write(f"{schema_lines(target, schema_file('rubric'))}{text}".encode())

    if target == "-":
        session.write_bytes(text.encode())
        return
    make_folder(os.path.dirname(target))
    claims.write(target, write)
    session.write([visible(target)])


def _say_what_it_holds(session: Session, target: str, draft: RubricDraft) -> None:
    """Say how much was found, so that it can be compared with the table at a glance."""
    sections = list(draft.walk())
    items = sum(len(section.all_items) for section in sections)
    total = "?" if draft.total is None else plain(draft.total)
    about = {"sections": len(sections), "items": items, "total": total}
    session.say(session.words("cli.rubric_made", path=visible(target), **about))


@app.command("check", cls=Command, help="help.rubrics_check")
def check_rubric(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME|FILE", help="help.rubric_name")],
) -> int:
    """Say what an office would ask about a rubric before it is used."""
    session, library = context.obj, RubricLibrary()
    found = read_rubric(name) if os.path.isfile(name) else library.find(name)
    if found is None:
        raise InputError([library.not_found(name, Place()).at(Location("--rubric"))])
    diagnostics = [*found.diagnostics, *remarks_on(found)]
    show_diagnostics(session, diagnostics, "full", {"files": 1})
    return 1 if errors_of(diagnostics) else 0
