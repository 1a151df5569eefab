"""``epa-score status``: the sheets at hand against a roster."""

from collections.abc import Sequence
from typing import Annotated, Literal

import typer

from epa_score.cli.batch import ReadFile, Task
from epa_score.cli.help import WrongUsage
from epa_score.cli.inputs import (
    find_files,
    find_units_scored_twice,
    open_library,
    read_each,
)
from epa_score.cli.options import Paths, RubricOption
from epa_score.cli.output import show_tables
from epa_score.cli.panels import panel_sheets
from epa_score.cli.session import Session
from epa_score.diagnostics import Kind, errors_of
from epa_score.diagnostics.terminal_text import visible
from epa_score.readers.roster import read_roster
from epa_score.reports.listings import (
    Submission,
    SubmissionLine,
    status_table,
    submission_lines,
)


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
) -> list[SubmissionLine]:
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
    found = find_files(session, paths)
    session.show(finding for finding in found.missing if finding.kind is not Kind.NO_SHEETS_FOUND)
    files = list(read_each(session, found.paths, Task(library)))
    session.show(
        finding for file in files for finding in file.diagnostics if finding.kind is Kind.DEFECT
    )
    sheets = [file for file in files if file.kind == "sheet"]
    if chosen is not None:
        sheets = [file for file in sheets if file.result is None or file.rubric == chosen.id]
    twice = find_units_scored_twice(sheets).places
    panels = panel_sheets((file for file in sheets if file.place not in twice), library)
    few = {file.place for panel in panels if any(panel.find_too_few()) for file in panel.files}
    return submission_lines(
        units,
        [_submission(file, repeated=file.place in twice, few=file.place in few) for file in sheets],
    )


def _submission(file: ReadFile, *, repeated: bool, few: bool) -> Submission:
    unit, path = visible(file.unit), visible(str(file.place))
    if repeated:
        return Submission(unit, path, "faulty")
    if file.result is not None:
        return Submission(unit, path, "few" if few else "complete")
    errors = errors_of(file.diagnostics)
    only_unscored = all(finding.kind is Kind.ITEMS_UNSCORED for finding in errors)
    return Submission(unit, path, "incomplete" if only_unscored else "faulty")
