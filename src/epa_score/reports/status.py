"""交表情况: who has handed in, in which state that is, and what is to be said to whom."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple, get_args

from epa_score.i18n import Words
from epa_score.model import same_name_key
from epa_score.reports.table import Column, Row, Table

SubmissionState = Literal[
    "faulty",
    "unreadable",
    "few",
    "owed",
    "incomplete",
    "blank",
    "complete",
    "other_period",
    "missing",
    "unknown",
]
"""The state of what a unit has handed in, worst first.

``few`` is a sound sheet whose unit more assessors have to score, and ``owed`` one whose unit lacks
the sheets of others, who have items of their own. A ``blank`` form is a form all the
same, one of another period is none of this one, and ``unknown`` is a unit that is not expected.
"""

_STATES: tuple[SubmissionState, ...] = get_args(SubmissionState)
_COUNTED: tuple[SubmissionState, ...] = (
    *("complete", "faulty", "incomplete", "few", "owed"),
    *("unreadable", "blank", "other_period", "missing"),
)
"""The states in the order in which they are counted; together they come to the units due."""

_ALWAYS = frozenset({"complete", "faulty", "incomplete", "missing"})
"""The states that are counted also where no unit is in them."""

REMINDED: tuple[SubmissionState, ...] = (
    "missing",
    "blank",
    "unreadable",
    "faulty",
    "incomplete",
    "few",
    "owed",
    "other_period",
)
"""The states of units that are reminded, as something is still to come from them."""


class Submission(NamedTuple):
    """A file that was handed in: whose it is, where it lies, and in which state it is."""

    unit: str
    path: str
    """The file, and the part of it that holds the sheet where it holds several."""
    state: SubmissionState
    file: str = ""
    """The file alone."""
    period: str = ""
    """The period that it is of, where that is another one than is meant."""


_SAY_MORE = ("unreadable", "other_period")
"""States that say more of the file of a unit that is not expected."""


def submission_lines(roster: Sequence[str], submissions: Iterable[Submission]) -> list[Submission]:
    """A line a file or a missing one: the roster in its order, then units that it does not name.

    A file whose unit is not known stands at the end as well.
    """
    files: dict[str, list[Submission]] = {}
    for submission in submissions:
        files.setdefault(same_name_key(submission.unit), []).append(submission)
    lines: list[Submission] = []
    for unit in roster:
        own = files.pop(same_name_key(unit), [])
        lines += [handed_in._replace(unit=unit) for handed_in in own]
        lines += [] if own else [Submission(unit, "", "missing")]
    for others in files.values():
        lines += [
            other if not other.unit or other.state in _SAY_MORE else other._replace(state="unknown")
            for other in others
        ]
    return lines


def states_of(roster: Sequence[str], lines: Iterable[Submission]) -> dict[str, SubmissionState]:
    """The state of each unit of the roster: of several files the worst that counts."""
    keys = {same_name_key(unit): unit for unit in roster}
    states: dict[str, SubmissionState] = {}
    for line in lines:
        unit = keys.get(same_name_key(line.unit))
        if unit is not None:
            states[unit] = min(states.get(unit, line.state), line.state, key=_STATES.index)
    return states


def is_all_in(states: Iterable[SubmissionState], lines: Iterable[Submission]) -> bool:
    """True where every unit has handed in a sound sheet, and nothing lies beside them."""
    return {*states, *(line.state for line in lines)} <= {"complete", "other_period"} and (
        "other_period" not in states
    )


def status_table(lines: Sequence[Submission], words: Words) -> Table:
    """A row a line."""
    columns = (
        Column("unit", words("report.unit"), is_heading=True),
        Column("state", words("status.state"), shown=False),
        Column("said", words("status.state"), data=False),
        Column("file", words("report.file"), priority=1),
    )
    rows = [
        Row((unit or None, state, words(f"status.{state}"), path or None))
        for unit, path, state, *_ in lines
    ]
    return Table("status", words("status.title"), columns, lambda: rows)


def counts_table(states: dict[str, SubmissionState], words: Words) -> Table:
    """How many units are in each state, and a reminder for each that can be sent as it is."""
    counts = Counter(states.values())
    columns = (
        Column("state", words("status.state"), shown=False),
        Column("said", words("status.state"), data=False),
        Column("number", words("status.number"), "number"),
    )
    rows = [Row(("due", words("status.due"), len(states)))]
    rows += [
        Row((state, words(f"status.{state}"), counts[state]))
        for state in _COUNTED
        if counts[state] or state in _ALWAYS
    ]
    notes = tuple(_reminders(states, words))
    return Table("counts", words("status.counts_title"), columns, lambda: rows, notes=notes)


def _reminders(states: dict[str, SubmissionState], words: Words) -> Iterator[str]:
    for state in REMINDED:
        units = [unit for unit, own in states.items() if own == state]
        if units:
            names = words("list.separator").join(units)
            yield words(f"status.remind_{state}", number=len(units), names=names)


class UnitFault(NamedTuple):
    """Something that a unit has to mend: in which file and where, what is wrong, what to write."""

    unit: str
    path: str
    place: str
    what: str
    advice: str


def faults_table(roster: Sequence[str], faults: Iterable[UnitFault], words: Words) -> Table:
    """A row a fault, by unit in the order of the roster, to be sent to whom it is about."""
    order = {same_name_key(unit): number for number, unit in enumerate(roster)}
    columns = (
        Column("unit", words("report.unit"), is_heading=True),
        Column("file", words("report.file"), priority=1),
        Column("place", words("status.place")),
        Column("what", words("status.what"), "long text"),
        Column("advice", words("status.advice"), "long text"),
    )
    last = len(order)
    rows = [
        Row((fault.unit or None, fault.path, fault.place or None, fault.what, fault.advice))
        for fault in sorted(faults, key=lambda own: order.get(same_name_key(own.unit), last))
    ]
    return Table("faults", words("status.faults_title"), columns, lambda: rows)
