"""What was handed in of what is due: each file in its state, and what every unit has to mend."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from epa_score.cli.batch import ReadFile
from epa_score.cli.existing import is_blank_form
from epa_score.cli.inputs import NO_PERIOD
from epa_score.cli.panels import AcrossSheets, check_across_sheets
from epa_score.cli.roster import Attendance, SheetsAtHand
from epa_score.cli.sheet_store import SheetStore
from epa_score.diagnostics import (
    Diagnostic,
    Finding,
    Kind,
    Parameter,
    Place,
    errors_of,
    in_order,
)
from epa_score.diagnostics.finding import FileFinding, SheetPlace
from epa_score.diagnostics.rendering import wording
from epa_score.diagnostics.terminal_text import visible
from epa_score.i18n import Words
from epa_score.model import same_name_key
from epa_score.readers.files import locate_all
from epa_score.reports.status import Submission, SubmissionState, UnitFault, submission_lines


class Collection(NamedTuple):
    """What was handed in so far: the units due, a line a file or a missing one, and the faults."""

    units: Sequence[str]
    lines: list[Submission]
    faults: list[UnitFault]
    problems: Sequence[Diagnostic]
    """The same faults as they were found."""


def collection_of(
    sheets: SheetsAtHand, period: str | None, words: Words, store: SheetStore | None = None
) -> Collection:
    """What was handed in of what is due for a ``period``, if one is chosen.

    The faults are in the ``words`` of a language.
    """
    attendance, selected = sheets.attendance, sheets.selected
    across = check_across_sheets(attendance.files, sheets.library, store, need_all=True)
    off = [] if period in (None, NO_PERIOD) else locate_all(_find_other_periods(sheets, period))
    problems = in_order((*selected.problems, *across.errors, *attendance.unknown_found, *off))
    submissions = _submissions(attendance, selected.other_periods, across)
    return Collection(
        units=sheets.units_due,
        lines=submission_lines(sheets.units_due, submissions),
        faults=list(faults_of(attendance, problems, words)),
        problems=problems,
    )


def _find_other_periods(sheets: SheetsAtHand, period: str) -> Iterator[FileFinding]:
    """Find the sheets of another period of units that are due and have none of this one."""
    here = {same_name_key(file.unit) for file in sheets.attendance.files}
    due = {same_name_key(unit) for unit in sheets.units_due} - here
    for file in sheets.selected.other_periods:
        if same_name_key(file.unit) in due:
            about: dict[str, Parameter] = {"found": file.period or "", "period": period}
            variant = "" if file.period else "missing"
            finding = Finding(Kind.SHEET_OF_OTHER_PERIOD, Place(("period",)), about, variant)
            yield FileFinding(file.place, finding)


def _submissions(
    attendance: Attendance, other_periods: Iterable[ReadFile], across: AcrossSheets
) -> Iterator[Submission]:
    """Every file that was handed in; one that names no unit is known by its own name."""
    few: dict[str, SubmissionState] = {
        same_name_key(str(about.parameters["unit"])): LACKS[about.kind]
        for about in across.errors
        if about.kind in LACKS
    }
    repeated = across.faulty - across.aside
    for file in attendance.files:
        unit, state = file.unit or attendance.unit_in(file.path), _state_of_faulty(file)
        if file.result is not None:
            state = few.get(same_name_key(unit), "complete")
            state = "faulty" if file.place in repeated else state
        yield _submission(unit, file, state)
    for file in other_periods:
        other = _submission(file.unit, file, "other_period")
        yield other._replace(period=visible(file.period or ""))
    for path in attendance.unreadable:
        name = visible(path)
        yield Submission(visible(attendance.unit_in(path)), name, "unreadable", name)


def _submission(unit: str, file: ReadFile, state: SubmissionState) -> Submission:
    return Submission(visible(unit), visible(str(file.place)), state, visible(file.path))


_UNOPENED = frozenset(
    {
        *(Kind.NOT_A_WORKBOOK, Kind.WORKBOOK_DAMAGED, Kind.WORKBOOK_TOO_LARGE),
        *(Kind.NOT_UTF8, Kind.UTF16_FILE, Kind.FILE_TOO_LARGE, Kind.FILE_UNREADABLE),
        *(Kind.UNSUPPORTED_FORMAT, Kind.FILE_EMPTY),
    }
)
"""Errors of files of which nothing can be read."""


LACKS: dict[Kind, SubmissionState] = {
    Kind.TOO_FEW_ASSESSORS: "few",
    Kind.SHEETS_OWED: "owed",
}
"""The state of a sound sheet whose unit lacks others."""


def _state_of_faulty(file: ReadFile) -> SubmissionState:
    errors = errors_of(file.diagnostics)
    if any(error.kind in _UNOPENED for error in errors):
        return "unreadable"
    if errors and all(error.kind is Kind.EMPTY_FIELD for error in errors):
        # Without the name of its unit the items of a sheet are not looked at.
        return "blank" if is_blank_form(file.path, file.part) else "faulty"
    if any(error.kind is not Kind.ITEMS_UNSCORED for error in errors):
        return "faulty"
    return "incomplete" if any(error.parameters["found"] for error in errors) else "blank"


def faults_of(
    attendance: Attendance, problems: Iterable[Diagnostic], words: Words
) -> Iterator[UnitFault]:
    """What every unit has to mend, in the words of the diagnostics."""
    units = {file.place: file.unit for file in attendance.files}
    for about in problems:
        said, where = wording(about, words), about.location
        unit = units.get(SheetPlace(where.path, where.part)) or attendance.unit_in(where.path)
        line = "" if where.line is None else words("status.line", line=where.line)
        yield UnitFault(
            unit=visible(unit),
            path=visible(where.path),
            place=visible(where.cell or where.part or line),
            what=" ".join(said.title.split()),
            advice=_advice(said.help, words),
        )


def _advice(text: str, words: Words) -> str:
    """Advice in one line, without what stands before each line of it in a terminal."""
    lines = (
        line.strip().removeprefix(words("advice.prefix").strip()) for line in text.splitlines()
    )
    return words("advice.joiner").join(" ".join(line.split()) for line in lines)
