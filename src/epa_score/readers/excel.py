"""A filled score form in Excel: the same plain values as from YAML, with the cells they are in.

A form is known by its hidden sheet, and its lines by their item numbers, wherever they stand.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from epa_score.diagnostics import Finding, Kind, Parameter, Place
from epa_score.diagnostics.nearest import nearest
from epa_score.model import QuotedText
from epa_score.model.form import FORM_SHEET, FORM_VERSION
from epa_score.readers.excel_file import Refused, open_workbook
from epa_score.readers.source import Cell, Source

_MOST_ROWS, _MOST_COLUMNS = 2000, 60
"""How far from its corner a sheet is looked at; a form has some forty rows and six columns."""

_FIELDS = ("unit", "period", "assessor", "date")
_ITEM = re.compile(r"[A-Z][0-9]{1,3}")
_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")


class Identity(NamedTuple):
    """What the hidden sheet says of a form: its rubric, the words on it, its items and caps."""

    rubric: str
    sha256: str
    labels: Mapping[str, str]
    caps: Mapping[str, str]
    evidence: Mapping[str, list[str]]


def read(path: str, data: bytes) -> Source:
    """The values of a form; ``findings`` says what is wrong with its cells."""
    source = Source(path)
    try:
        workbook = open_workbook(data)
        identity = _identity(workbook)
        sheet, header, columns = _table(workbook, identity)
    except Refused as refused:
        source.findings = [refused.finding]
        return source
    _Form(source, sheet, identity, header, columns).read()
    return source


def _identity(workbook: Any) -> Identity:
    hidden = [one for one in workbook.worksheets if one.title.casefold() == FORM_SHEET]
    if not hidden:
        raise Refused(Kind.NOT_A_FORM)
    single: dict[str, str] = {}
    caps: dict[str, str] = {}
    evidence: dict[str, list[str]] = {}
    for row in _rows(hidden[0]):
        key, first, *others = ["" if one.value is None else str(one.value) for one in row] + [
            ""
        ] * 2
        if key == "item":
            caps[first] = others[0]
        elif key == "evidence":
            evidence[first] = [one for one in others if one]
        else:
            single[key] = first
    if single.get("format") != FORM_VERSION:
        version: dict[str, Parameter] = {"version": single.get("format", ""), "known": FORM_VERSION}
        raise Refused(Kind.FORM_VERSION_UNKNOWN, version)
    labels = {
        key.removeprefix("label."): text for key, text in single.items() if key.startswith("label.")
    }
    return Identity(single.get("rubric", ""), single.get("sha256", ""), labels, caps, evidence)


def _table(workbook: Any, identity: Identity) -> tuple[Any, int, dict[str, int]]:
    """The sheet that holds the form, the row of its header, and its columns."""
    wanted = {_key(identity.labels[name]): name for name in ("item", "cap", "score", "note")}
    found = []
    for sheet in workbook.worksheets:
        for number, row in enumerate(_rows(sheet), 1):
            titles = {_key(cell.value): cell.column for cell in row if cell.value is not None}
            if titles.keys() >= wanted.keys():
                found.append((sheet, number, {wanted[one]: titles[one] for one in wanted}))
    if not found:
        raise Refused(Kind.NOT_A_FORM, variant="table")
    if len(found) > 1:
        sheets: dict[str, Parameter] = {"sheets": tuple(one[0].title for one in found)}
        raise Refused(Kind.SEVERAL_FORMS, sheets)
    return found[0]


def _rows(sheet: Any) -> Iterator[tuple[Any, ...]]:
    rows, columns = min(sheet.max_row, _MOST_ROWS), min(sheet.max_column, _MOST_COLUMNS)
    yield from sheet.iter_rows(max_row=rows, max_col=columns)


def _key(value: object) -> str:
    """A label without the blanks that people put into it."""
    return "".join(str(value).split())


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
        lines = self._lines()
        value["scores"] = {
            item: self._score(item, lines[item]) for item in identity.caps if item in lines
        }
        source.value, source.cells = value, self._cells
        source.form_of = identity.sha256

    def _lines(self) -> dict[str, int]:
        """The row of each item; numbers that were changed, repeated or removed are reported."""
        rows: dict[str, int] = {}
        unknown: list[tuple[str, int]] = []
        column = self._columns["item"]
        for number in range(self._header + 1, min(self._sheet.max_row, _MOST_ROWS) + 1):
            text = _key(self._sheet.cell(number, column).value or "")
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
        if _plain(cap.value) != self._identity.caps[item]:
            parameters = {
                "item": item,
                "cap": _plain(cap.value),
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
            kind = self._wrong(cell)
        if kind is not None:
            self._report(kind, ("scores", item), row, column, item=item, value=_shown(value))
            self._source.unread.add(item)
            return None
        return _plain(value) or None

    def _wrong(self, cell: Any) -> Kind | None:
        """What keeps a cell from being a plain number, if not its text alone."""
        value = cell.value
        if cell.data_type == "f":
            return Kind.CELL_FORMULA
        if cell.data_type == "e":
            return Kind.CELL_ERROR
        if isinstance(value, date | datetime) or cell.is_date:
            return Kind.CELL_DATE
        if isinstance(value, int | float) and "%" in str(cell.number_format):
            return Kind.CELL_PERCENT
        if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
            return Kind.CELL_TEXT_NUMBER
        return None

    def _note(self, item: str, row: int) -> str | None:
        cell = self._sheet.cell(row, self._columns["note"])
        self._mark(("scores", item, "note"), row, cell.column)
        return self._text(cell, ("scores", item, "note"), item)

    def _field(self, name: str) -> str | None:
        """What stands to the right of a label; none of it may be a formula."""
        label = _key(self._identity.labels[name])
        labels = {_key(one) for one in self._identity.labels.values()}
        for row in _rows(self._sheet):
            for place, cell in enumerate(row):
                if _key(cell.value or "") != label:
                    continue
                self._mark((name,), cell.row, cell.column)
                for right in row[place + 1 :]:
                    if _key(right.value or "") in labels:
                        return None
                    if right.value is not None:
                        self._mark((name,), right.row, right.column)
                        return self._text(right, (name,), label)
        return None

    def _text(self, cell: Any, keys: tuple[str, ...], item: str) -> str | None:
        value = cell.value
        if cell.data_type in ("f", "e"):
            kind = Kind.CELL_FORMULA if cell.data_type == "f" else Kind.CELL_ERROR
            self._report(kind, keys, cell.row, cell.column, "text", item=item, value=_shown(value))
            return None
        if isinstance(value, datetime):
            value = value.date()
        text = value.isoformat() if isinstance(value, date) else str(_plain(value))
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


def _plain(value: object) -> str:
    """A number as people typed it: the shortest one that the stored binary number stands for."""
    if isinstance(value, float):
        text = format(Decimal(repr(value)), "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    return "" if value is None else str(value).strip() if isinstance(value, str) else str(value)


def _shown(value: object) -> str:
    """A value for a message: a date without its midnight, an array formula by its text."""
    return _plain(value.date() if isinstance(value, datetime) else getattr(value, "text", value))
