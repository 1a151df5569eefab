"""One form: what its hidden sheet says, its cells while they are read, and whether it agrees.

It agrees with its rubric where that still says what the form shows, and where its sums are right.
"""

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from itertools import takewhile
from typing import NamedTuple

from epa_score.diagnostics import Finding, Kind, Parameter, Place
from epa_score.diagnostics.finding import Key
from epa_score.model import QuotedText, Rubric, ScoreSheet
from epa_score.model.form_record import (
    FORM_SHEET,
    FORM_VERSION,
    FormRecord,
    SumRow,
    UnknownVersionError,
    from_rows,
)
from epa_score.opc import WorkbookRefusedError, damaged
from epa_score.readers.excel.number_formats import (
    shows_exactly,
    shows_plainly,
    shows_text,
    shows_whole_day,
)
from epa_score.readers.excel.workbook import (
    ExcelCell,
    Workbook,
    Worksheet,
    formats_of,
    is_picture,
    plain_text,
    shown,
)
from epa_score.readers.source import Source, SourceCell
from epa_score.reports.blank_record import blank_record, way_sum
from epa_score.scoring import score
from epa_score.scoring.adjustments import adjustments_of
from epa_score.values.points import PLAIN_NUMBER


def is_record(sheet: Worksheet) -> bool:
    """True for a hidden sheet of a form; programs number the copies of one."""
    return sheet.title.casefold().startswith(FORM_SHEET)


def records_of(workbook: Workbook) -> list[FormRecord]:
    """The records in the hidden sheets. Raises `WorkbookRefusedError` for one that is not known."""
    return [_record_in(sheet) for sheet in workbook.worksheets if is_record(sheet)]


_LABELS = frozenset({"unit", "period", "assessor", "date"})
"""The labels without which a form or a table of units cannot be read."""


def _record_in(sheet: Worksheet) -> FormRecord:
    try:
        record = from_rows(_rows_in(sheet))
    except UnknownVersionError as error:
        version: dict[str, Parameter] = {"version": error.version, "known": FORM_VERSION}
        raise WorkbookRefusedError(Kind.FORM_VERSION_UNKNOWN, version) from error
    except ValueError as error:
        raise damaged("record", part=sheet.title) from error
    needed = _LABELS if record.table else _LABELS | {"section"}
    labels = set(map(key_of, record.labels.values()))
    if not record.labels.keys() >= needed or len(labels) < len(record.labels):
        raise damaged("record", part=sheet.title)
    return record


def _rows_in(sheet: Worksheet) -> Iterator[list[str]]:
    """The texts of the rows that hold something, each in its column."""
    for row in sheet.filled.values():
        texts = [""] * row[-1].column
        for cell in row:
            texts[cell.column - 1] = plain_text(cell.value)
        yield texts


_LONGEST_KEY = 5000
"""Characters of a text that are compared; no label or wording has as many."""


@lru_cache(2048)
def key_of(value: object) -> str:
    """A label without the blanks that people put into it."""
    return "".join(str(value)[:_LONGEST_KEY].split())


@lru_cache(2048)
def wording_key(value: object) -> str:
    """A wording without what makes no difference: blanks and widths of characters."""
    return key_of(unicodedata.normalize("NFKC", str(value or "")[:_LONGEST_KEY]))


class FormSheet(NamedTuple):
    """A sheet with a form: the row of its header, its columns, and the source that it fills."""

    source: Source
    sheet: Worksheet
    record: FormRecord
    header: int
    columns: Mapping[str, int]
    cells: dict[tuple[Key, ...], SourceCell]
    notes: Mapping[str, str] | None = None
    """The notes by item, where they share a cell; else each stands beside its item."""

    @property
    def shows_lines(self) -> bool:
        """True where number, wording and cap of each line stand beside its points."""
        return True

    def cell(self, row: int, name: str) -> ExcelCell:
        """The cell of a row in the column of that name."""
        return self.sheet.cell(row, self.columns[name])

    def is_merged(self, row: int, name: str) -> bool:
        """Whether the cell of a row in the column of that name is merged with others."""
        cell = self.cell(row, name)
        return any(area.holds(cell.row, cell.column) for area in self.sheet.merged)

    def mark(self, keys: tuple[Key, ...], row: int, column: int) -> None:
        """Remember where a value stands."""
        name = f"{self.sheet.title}!{self.sheet.cell(row, column).coordinate}"
        self.cells[keys] = SourceCell(name, row, column)

    def report(
        self,
        kind: Kind,
        keys: tuple[Key, ...],
        cell: ExcelCell,
        variant: str = "",
        **parameters: Parameter,
    ) -> None:
        """Say what is wrong with a cell."""
        self.mark(keys, cell.row, cell.column)
        self.source.findings.append(Finding(kind, Place(keys), parameters, variant))

    def text(self, cell: ExcelCell, keys: tuple[Key, ...], item: str) -> str | None:
        """The text of a cell; a formula or an error is none, and is reported."""
        if is_picture(cell):
            self.report(Kind.CELL_FORMULA, keys, cell, "picture", item=item, value="DISPIMG")
            return None
        if cell.formula or cell.is_error:
            kind = Kind.CELL_FORMULA if cell.formula else Kind.CELL_ERROR
            self.report(kind, keys, cell, "text", item=item, value=shown(cell.value))
            return None
        if self.is_shown_differently(cell, keys, item):
            return None
        text = cell.value if isinstance(cell.value, str) else shown(cell.value)
        return QuotedText(text) if text.strip() else None

    def is_shown_differently(
        self,
        cell: ExcelCell,
        keys: tuple[Key, ...],
        item: str,
        shows: Callable[[str, Decimal], bool] = shows_plainly,
        variant: str = "text",
    ) -> bool:
        """True where a number, a text or a day is not shown as it is held; that is reported."""
        value, own = cell.value, cell.number_format
        odd: list[str] = []
        hides_zero = False
        if isinstance(value, Decimal):
            odd = [code for code in formats_of(cell) if not shows(code, value)]
            hides_zero = self.sheet.hides_zeros and not value
        elif isinstance(value, str) and value.strip():
            odd = [code for code in formats_of(cell) if not shows_text(code)]
        elif cell.is_date:
            odd = [code for code in formats_of(cell) if not shows_whole_day(code)]
        if not odd and not hides_zero:
            return False
        code = odd[0] if odd else own
        variant = "zero" if hides_zero else variant if code == own else "condition"
        about = {"item": item, "value": shown(value), "format": code}
        self.report(Kind.SHOWN_DIFFERENTLY, keys, cell, variant, **about)
        return True

    def as_kept(self, name: str, text: str | None) -> str | None:
        """A text of the form, or the one that was kept because cells would have changed it."""
        kept = self.record.kept.get(name)
        if kept is None or (text or "") != (kept.shown if kept.shown.strip() else ""):
            return text
        return QuotedText(kept.text)


def lines_agree(record: FormRecord, unit: str, rubric: Rubric) -> Iterator[Finding]:
    """A form shows what the rubric in force says of the unit: numbers, wordings, caps, rules.

    Whatever a form does not show may have changed since it was handed out (decision:
    forms-are-bound-to-what-they-show).
    """
    unit = unit if record.unit is None else record.unit
    if rubric.scope(unit) is None:  # the unit is reported for what it is
        return
    today = blank_record(rubric, unit)
    if not record.decimals:  # a form of an older version does not know how its lines count
        today = today._replace(decimals="", rules={})
    if record.decimals != today.decimals:
        decimals = {"old": record.decimals, "new": today.decimals}
        yield Finding(Kind.FORM_OF_OTHER_RUBRIC, Place(("scores",)), dict(decimals), "decimals")
    lines = dict.fromkeys((*record.texts, *today.texts))
    changes = [change for line in lines for change in _find_change(record, today, line)]
    yield from changes or _find_changed_sums(record, today)


def _find_change(record: FormRecord, today: FormRecord, line: str) -> Iterator[Finding]:
    """Find the first thing in which a line is not what it was: one change is said once."""
    if line not in today.texts or line not in record.texts:
        variant, form = ("removed", record) if line in record.texts else ("added", today)
        yield _change(line, variant, {"text": _shortened(form.texts[line])})
    elif wording_key(record.texts[line]) != wording_key(today.texts[line]):
        old, new = _difference(record.texts[line], today.texts[line])
        yield _change(line, "", {"old": old, "new": new})
    elif record.caps[line] != today.caps[line]:
        caps = {"old": record.caps[line] or "-", "new": today.caps[line] or "-"}
        yield _change(line, "cap", dict(caps))
    elif _rule_of(record, line) != _rule_of(today, line):
        yield _change(line, "rule", {})


def _find_changed_sums(record: FormRecord, today: FormRecord) -> Iterator[Finding]:
    """Find sums of the same lines that may be higher or lower, or are added up in another way."""
    if not record.titles:  # a form of an older version does not know the caps of its sums
        return
    pairs = list(_pairs_of_sums(record, today))
    changed = [(row, now) for row, now in pairs if row.cap != now.cap]
    sections = [(row, now) for row, now in changed if row.section]
    for row, now in sections or changed:  # the total follows from sections
        about = {"item": row.label, "old": row.cap or "-", "new": now.cap or "-"}
        place = Place(("sums", row.section))
        yield Finding(Kind.FORM_OF_OTHER_RUBRIC, place, dict[str, Parameter](about), "cap")
    for row, now in () if changed else pairs:
        if row.reading and now.reading not in ("", row.reading):
            place = Place(("sums", row.section))
            yield Finding(Kind.FORM_OF_OTHER_RUBRIC, place, {"items": row.items}, "reading")


def _pairs_of_sums(record: FormRecord, today: FormRecord) -> Iterator[tuple[SumRow, SumRow]]:
    """The sums of the same lines in both; a section and the only one in it have them in common."""
    by_items: dict[tuple[str, ...], list[SumRow]] = {}
    for row in today.sums:
        by_items.setdefault(row.items, []).append(row)
    for row in record.sums:
        if by_items.get(row.items):
            yield row, by_items[row.items].pop(0)


def _change(line: str, variant: str, about: dict[str, Parameter]) -> Finding:
    place = Place(("scores", line, "text"))
    return Finding(Kind.FORM_OF_OTHER_RUBRIC, place, {"item": line, **about}, variant)


def _rule_of(record: FormRecord, line: str) -> tuple[object, ...]:
    """All that decides how a line counts."""
    facts, kind = record.facts.get(line), record.beyond.get(line)
    computed, word = record.computed.get(line), record.inapplicable.get(line)
    return facts, kind, computed, word, record.rules.get(line)


_AROUND = 10
"""Characters of a wording that are shown around a change."""
_MOST = 40
"""Characters of a wording that are shown at most."""


def _difference(old: str, new: str) -> tuple[str, str]:
    """The parts of two wordings that differ, with a little of what stands around them."""
    pairs = takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False))
    same = sum(1 for _ in pairs)
    start = max(0, same - _AROUND)
    front = "..." if start else ""
    return front + _shortened(old[start:]), front + _shortened(new[start:])


def _shortened(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _MOST else f"{text[:_MOST]}..."


def sums_agree(source: Source, sheet: ScoreSheet, rubric: Rubric) -> Iterator[Finding]:
    """A form is signed for what it shows: that must be what its points add up to.

    A sum that awaits the mean of other units is that of the form's own formula, which says so.
    """
    points = _points_of_sums(source.form, rubric, sheet) if source.form else {}
    for section, stated in source.sums.items():
        place = Place(("sums", section))
        added = points.get(section)
        if added is None:
            yield Finding(Kind.FORM_OF_OTHER_RUBRIC, place, {}, "sum")
            continue
        number = stated.text.strip()
        if added.is_nan():
            if not stated.follows:
                yield Finding(Kind.SUM_DIFFERS, place, {"value": stated.text}, "awaited")
        elif not stated.follows and not PLAIN_NUMBER.fullmatch(number):
            yield Finding(
                Kind.SUM_DIFFERS, place, {"value": stated.text, "points": added}, "unknown"
            )
        elif not stated.follows and Decimal(number) != added:
            yield Finding(Kind.SUM_DIFFERS, place, {"value": number, "points": added})
        elif odd := [code for code in stated.formats if not shows_exactly(code, added)]:
            yield Finding(Kind.SHOWN_DIFFERENTLY, place, {"format": odd[0], "value": added}, "sum")
    yield from _points_follow_facts(source, sheet, rubric)


def _points_follow_facts(source: Source, sheet: ScoreSheet, rubric: Rubric) -> Iterator[Finding]:
    """Points that somebody wrote beside an adjustment are those of its facts."""
    sums = adjustments_of(rubric, sheet)
    counted = {found.item.id: found.points for added in sums for found in added.items}
    for line, stated in source.points_beside.items():
        points = counted.get(line, Decimal(0))
        if Decimal(stated.text) != points:
            about: dict[str, Parameter] = {"item": line, "value": stated.text, "points": points}
            place = Place(("adjustments", line, "points"))
            yield Finding(Kind.POINTS_AGAINST_FACTS, place, about)


def _points_of_sums(record: FormRecord, rubric: Rubric, sheet: ScoreSheet) -> dict[str, Decimal]:
    """The points of each sum that a form shows, by the id of its section then: ids may change."""
    result = score(rubric, sheet)
    points = {"": result.total, **result.sections}
    if result.adjusted is not None:
        adjusted = result.adjusted
        points |= {way_sum("bonus"): adjusted.bonus, way_sum("penalty"): adjusted.penalty}
    pairs = _pairs_of_sums(record, blank_record(rubric, sheet.unit))
    return {row.section: points[now.section] for row, now in pairs}
