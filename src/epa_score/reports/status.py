"""交表情况: which units of a roster have handed in their sheets."""

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from epa_score.i18n import Words
from epa_score.model import same_name_key
from epa_score.reports.table import Column, Row, Table

State = Literal["complete", "incomplete", "few", "faulty", "missing", "unknown"]


class Handed(NamedTuple):
    """A sheet that was handed in: whose, in which file, and in which state.

    ``few`` is a sound one whose unit more assessors have to score.
    """

    unit: str
    path: str
    state: Literal["complete", "incomplete", "few", "faulty"]


def status_of(roster: Sequence[str], handed: Iterable[Handed]) -> list[tuple[str, str, State]]:
    """Unit, file and state: the units of the roster in its order, then those it does not name.

    A faulty sheet whose unit cannot be read stands at the end as well.
    """
    sheets: dict[str, list[Handed]] = {}
    for one in handed:
        sheets.setdefault(same_name_key(one.unit), []).append(one)
    lines: list[tuple[str, str, State]] = []
    for unit in roster:
        own = sheets.pop(same_name_key(unit), [])
        lines += [(unit, one.path, one.state) for one in own] or [(unit, "", "missing")]
    for others in sheets.values():
        lines += [(one.unit, one.path, "unknown" if one.unit else one.state) for one in others]
    return lines


def status_table(lines: Sequence[tuple[str, str, State]], words: Words) -> Table:
    """One row a unit or sheet; the units to be reminded as a text that can be sent."""
    columns = (
        Column("unit", words("report.unit")),
        Column("state", words("status.state"), shown=False),
        Column("said", words("status.state"), data=False),
        Column("file", words("report.file"), priority=1),
    )
    rows = [
        Row((unit or None, state, words(f"status.{state}"), path or None))
        for unit, path, state in lines
    ]
    missing = [unit for unit, _, state in lines if state == "missing"]
    names = words("list.separator").join(missing)
    notes = (words("status.reminder", number=len(missing), names=names),) if missing else ()
    return Table("status", words("status.title"), columns, lambda: rows, notes)
