"""评分表清单: the files that a result was made of, so that it can be checked against them."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from epa_score.i18n import Words
from epa_score.model import same_name_key
from epa_score.model.ranked import Ranked
from epa_score.reports.table import Column, Row, Table
from epa_score.reports.titles import title_of


class SheetRecord(NamedTuple):
    """A score sheet, and what its file was when a result was made of it."""

    rubric: str
    """The id of its rubric."""
    unit: str
    """The unit that it scores."""
    period: str | None
    """Its period."""
    assessor: str
    """The assessor under a panel, else empty."""
    file: str
    """The name of its file, with the part of it where it holds several sheets."""
    sha256: str
    """The SHA-256 of the file."""
    code: str
    """The code of the sheet (校验码)."""
    path: str = ""
    """The path of the file, which the table does not show: folders are moved."""


def sheet_list_table(
    ranked: Ranked, records: Iterable[SheetRecord], units: Sequence[str], words: Words
) -> Table:
    """Every sheet that counted: units in the order given, as they are ranked."""
    places = {same_name_key(unit): number for number, unit in enumerate(units)}
    found = sorted(
        set(records), key=lambda record: (places.get(same_name_key(record.unit), 0), record)
    )
    columns = (
        Column("rubric", words("report.rubric"), shown=any(r.rubric != ranked.id for r in found)),
        Column("period", words("report.period"), shown=len({r.period for r in found}) > 1),
        Column("unit", words("report.unit")),
        Column("assessor", words("report.assessor"), shown=any(r.assessor for r in found)),
        Column("file", words("report.sheet_file"), "long text"),
        Column("sha256", words("report.sheet_sha256"), "long text"),
        Column("check_code", words("report.check_code_title")),
    )

    def rows() -> Iterator[Row]:
        for record in found:
            cells = (record.rubric, record.period, record.unit, record.assessor or None)
            yield Row((*cells, record.file, record.sha256, record.code), live=False)

    periods = {record.period for record in found}
    title = title_of(ranked.title, "sheets", periods.pop() if len(periods) == 1 else None, words)
    note = words("report.sheet_list_note")
    return Table("sheets", title, columns, rows, notes=(note,), group=ranked.id)
