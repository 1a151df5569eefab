"""``epa-score status``: the sheets at hand against a roster."""

from collections.abc import Sequence
from typing import Annotated, Literal

import typer

from epa_score.cli.batch import ReadFile, Task, read_entries
from epa_score.cli.help import WrongUsage
from epa_score.cli.inputs import find_files, open_library, paths_of, scored_twice
from epa_score.cli.options import Paths, RubricOption
from epa_score.cli.output import show_tables
from epa_score.cli.panels import panel_sheets
from epa_score.cli.session import Session, progress
from epa_score.diagnostics import Kind
from epa_score.diagnostics.terminal_text import visible
from epa_score.readers.roster import read_roster
from epa_score.reports.listings import Submission, SubmissionState, status_of, status_table


def status(
    context: typer.Context,
    paths: Paths = None,
    roster: Annotated[
        str | None, typer.Option("--roster", metavar="FILE", help="help.status_roster")
    ] = None,
    rubric: RubricOption = None,
    form: Annotated[
        Literal["table", "json"],
        typer.Option("--format", metavar="table|json", help="help.format"),
    ] = "table",
) -> int:
    """Say who has handed in a sheet, whose is faulty, and who is missing."""
    session = context.obj
    lines = submission_status(session, paths or [], roster, rubric)
    show_tables(session, [status_table(lines, session.words)], form)
    return 1 if any(state != "complete" for _, _, state in lines) else 0


def submission_status(
    session: Session, paths: Sequence[str], roster: str | None, rubric: str | None
) -> list[tuple[str, str, SubmissionState]]:
    """Unit, file and state of every unit of the roster and of every other sheet.

    The roster is a file, else the units that the rubric lists. Raises `InputError` and
    `WrongUsage` where there is neither.
    """
    library = open_library(rubric)
    chosen = library.given.rubric if library.given is not None else None
    units = (
        read_roster(roster) if roster is not None else list(chosen.known_units if chosen else ())
    )
    if not units:
        raise WrongUsage(session.words("usage.no_roster"))
    files, missing = find_files(session, paths)
    session.show(one for one in missing if one.kind is not Kind.NO_SHEETS_FOUND)
    with progress(session, len(files)) as advance:
        entries = list(read_entries(files, Task(library), advance))
    sheets = [one for one in entries if one.kind == "sheet"]
    if chosen is not None:
        sheets = [one for one in sheets if one.result is None or one.rubric == chosen.id]
    twice = paths_of(scored_twice(sheets))
    seats = panel_sheets((one for one in sheets if one.path not in twice), library)
    few = {each.path for one in seats if any(one.too_few()) for each in one.entries}
    return status_of(
        units,
        [_handed(one, repeated=one.path in twice, alone=one.path in few) for one in sheets],
    )


def _handed(entry: ReadFile, *, repeated: bool, alone: bool) -> Submission:
    unit, path = visible(entry.unit), visible(entry.path)
    if repeated:
        return Submission(unit, path, "faulty")
    if entry.result is not None:
        return Submission(unit, path, "few" if alone else "complete")
    only_unscored = all(one.kind is Kind.ITEMS_UNSCORED for one in entry.diagnostics)
    return Submission(unit, path, "incomplete" if only_unscored else "faulty")
