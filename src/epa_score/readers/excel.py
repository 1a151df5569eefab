"""A filled score form in Excel: the same plain values as from YAML, with the cells they are in.

A form is known by its hidden sheet, and its lines by their item numbers, wherever they stand.
"""

from datetime import date, datetime
from typing import Any

from epa_score.diagnostics import Finding, Kind, Parameter, Place
from epa_score.diagnostics.nearest import nearest
from epa_score.model import QuotedText, same_name_key
from epa_score.readers.excel_cells import plain_text, shown, wrong
from epa_score.readers.excel_file import RefusedError, open_workbook
from epa_score.readers.excel_identity import (
    MOST_ROWS,
    Identity,
    identity_of,
    key_of,
    rows_of,
    table_of,
)
from epa_score.readers.source import Cell, Source

_FIELDS = ("unit", "period", "assessor", "date")


def read(path: str, data: bytes) -> Source:
    """The values of a form; ``findings`` says what is wrong with its cells."""
    source = Source(path)
    try:
        workbook = open_workbook(data)
        identity = identity_of(workbook)
        sheet, header, columns = table_of(workbook, identity)
    except RefusedError as refused:
        source.findings = [refused.finding]
        return source
    _Form(source, sheet, identity, header, columns).read()
    return source


class _Form:
    """Reads the lines and fields of one form into a source."""

    def __init__(
        self, source: Source, sheet: Any, identity: Identity, header: int, columns: dict[str, int]
    ) -> None:
        self._source = source
        self._sheet = sheet
        self._identity = identity
        self._header = header
        self._columns = columns
        self._cells: dict[tuple[str | int, ...], Cell] = {}
        self._merged = [
            one
            for one in sheet.merged_cells.ranges
            if columns["score"] in range(one.min_col, one.max_col + 1)
        ]

    def read(self) -> None:
        """Read everything; what is wrong with a cell does not hide what is wrong with others."""
        source, identity = self._source, self._identity
        self._mark((), 1, 1)
        self._mark(("scores",), self._header, self._columns["score"])
        value: dict[str, Any] = {"rubric": identity.rubric}
        for name in _FIELDS:
            text = self._field(name)
            if text is not None or name == "unit":
                value[name] = text
        self._check_unit(value["unit"])
        lines = self._lines()
        value["scores"] = {
            item: self._score(item, lines[item]) for item in identity.caps if item in lines
        }
        source.value, source.cells = value, self._cells
        source.form_of = identity.sha256

    def _check_unit(self, unit: str | None) -> None:
        """A form with duties of its own is filled in for the unit that has them."""
        meant = self._identity.unit
        if unit and meant and same_name_key(unit) != same_name_key(meant):
            finding = Finding(
                Kind.FORM_OF_OTHER_UNIT, Place(("unit",)), {"unit": unit, "printed": meant}
            )
            self._source.findings.append(finding)

    def _lines(self) -> dict[str, int]:
        """The row of each item; numbers that were changed, repeated or removed are reported."""
        rows: dict[str, int] = {}
        unknown: list[tuple[str, int]] = []
        column = self._columns["item"]
        for number in range(self._header + 1, min(self._sheet.max_row, MOST_ROWS) + 1):
            text = key_of(self._sheet.cell(number, column).value or "")
            if text in rows:
                self._report(
                    Kind.ITEM_LINE_CHANGED,
                    ("scores", text, "line"),
                    number,
                    column,
                    "twice",
                    item=text,
                    line=rows[text],
                )
                self._source.unread.add(text)
            elif text in self._identity.caps:
                rows[text] = number
            elif text and not self._is_sum(number):
                unknown.append((text, number))
        missing = [item for item in self._identity.caps if item not in rows]
        for text, number in unknown:
            alike = nearest(text, missing) or (
                missing[0] if len(missing) == len(unknown) == 1 else ""
            )
            self._report(
                Kind.ITEM_LINE_CHANGED,
                ("scores", text, "line"),
                number,
                column,
                "nearest" if alike else "",
                item=text,
                nearest=alike,
            )
            self._source.unread.update(one for one in missing if one == alike)
            missing = [one for one in missing if one != alike]
        for item in missing:
            self._report(
                Kind.ITEM_LINE_CHANGED,
                ("scores", item, "line"),
                self._header,
                column,
                "missing",
                item=item,
            )
            self._source.unread.add(item)
        return rows

    def _is_sum(self, row: int) -> bool:
        """Whether a row has no cap of an item: a subtotal, the total, or what stands below."""
        cell = self._sheet.cell(row, self._columns["score"])
        return cell.data_type == "f" or self._sheet.cell(row, self._columns["cap"]).value is None

    def _score(self, item: str, row: int) -> Any:
        cap = self._sheet.cell(row, self._columns["cap"])
        if plain_text(cap.value) != self._identity.caps[item]:
            parameters = {
                "item": item,
                "cap": plain_text(cap.value),
                "printed": self._identity.caps[item],
            }
            self._report(Kind.CAP_CHANGED, ("scores", item, "cap"), row, cap.column, **parameters)
        points = self._points(item, row)
        note = self._note(item, row)
        evidence = self._identity.evidence.get(item)
        if note is None and not evidence:
            return points
        return {"score": points, "note": note, "evidence": evidence}

    def _points(self, item: str, row: int) -> str | None:
        column = self._columns["score"]
        cell = self._sheet.cell(row, column)
        self._mark(("scores", item), row, column)
        value = cell.value
        if any(row in range(one.min_row, one.max_row + 1) for one in self._merged):
            kind: Kind | None = Kind.CELL_MERGED
        elif self._sheet.row_dimensions[row].hidden and value is not None:
            kind = Kind.LINE_HIDDEN
        else:
            kind = wrong(cell)
        if kind is not None:
            self._report(kind, ("scores", item), row, column, item=item, value=shown(value))
            self._source.unread.add(item)
            return None
        return plain_text(value) or None

    def _note(self, item: str, row: int) -> str | None:
        cell = self._sheet.cell(row, self._columns["note"])
        self._mark(("scores", item, "note"), row, cell.column)
        return self._text(cell, ("scores", item, "note"), item)

    def _field(self, name: str) -> str | None:
        """What stands to the right of a label; none of it may be a formula."""
        label = key_of(self._identity.labels[name])
        labels = {key_of(one) for one in self._identity.labels.values()}
        for row in rows_of(self._sheet):
            for place, cell in enumerate(row):
                if key_of(cell.value or "") != label:
                    continue
                self._mark((name,), cell.row, cell.column)
                for right in row[place + 1 :]:
                    if key_of(right.value or "") in labels:
                        return None
                    if right.value is not None:
                        self._mark((name,), right.row, right.column)
                        return self._text(right, (name,), label)
        return None

    def _text(self, cell: Any, keys: tuple[str, ...], item: str) -> str | None:
        value = cell.value
        if cell.data_type in ("f", "e"):
            kind = Kind.CELL_FORMULA if cell.data_type == "f" else Kind.CELL_ERROR
            self._report(kind, keys, cell.row, cell.column, "text", item=item, value=shown(value))
            return None
        if isinstance(value, datetime):
            value = value.date()
        text = value.isoformat() if isinstance(value, date) else str(plain_text(value))
        text = value if isinstance(value, str) else text
        return QuotedText(text) if text.strip() else None

    def _report(
        self,
        kind: Kind,
        keys: tuple[str, ...],
        row: int,
        column: int,
        variant: str = "",
        **parameters: Parameter,
    ) -> None:
        self._mark(keys, row, column)
        self._source.findings.append(Finding(kind, Place(keys), parameters, variant))

    def _mark(self, keys: tuple[str | int, ...], row: int, column: int) -> None:
        name = f"{self._sheet.title}!{self._sheet.cell(row, column).coordinate}"
        self._cells[keys] = Cell(name, row, column)
