"""One form while it is read: what its hidden sheet says, its cells, and what is found in them."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from epa_score.diagnostics import Finding, Kind, Parameter, Place
from epa_score.diagnostics.finding import Key
from epa_score.model import QuotedText
from epa_score.model.form_record import FORM_SHEET, FORM_VERSION, from_cells
from epa_score.readers.excel.archive import WorkbookRefusedError
from epa_score.readers.excel.budget import MOST_COLUMNS, MOST_ROWS
from epa_score.readers.excel.cells import plain_text, shown
from epa_score.readers.source import Source, SourceCell

_LINES = ("item", "fact", "adjustment", "veto")
"""What a line of a form may be, each with its id, cap and wording."""


class SumRow(NamedTuple):
    """A sum of a form: of which section (empty for the total), its label, formula and items."""

    section: str
    label: str
    key: str
    items: tuple[str, ...]


class Kept(NamedTuple):
    """A text that cells would have changed, and what the form shows in its place."""

    shown: str
    text: str


class FactRow(NamedTuple):
    """A line that asks for a fact of an item, and whether that is a number or a word."""

    item: str
    name: str
    kind: str


class Identity(NamedTuple):
    """What the hidden sheet says of a form: its rubric, the words on it, its lines and sums.

    ``caps`` and ``texts`` are those of every line; it is that of one of the ``items``, or one of
    the ``facts``, adjustments and vetoes, which are ``beyond`` the items. Points of the items that
    are ``computed`` are left to the program. ``inapplicable`` are the words for an item that does
    not apply, of those that may not, and ``notes`` what was noted beside the reason why.
    """

    rubric: str
    sha256: str
    unit: str
    labels: Mapping[str, str]
    caps: Mapping[str, str]
    texts: Mapping[str, str]
    items: tuple[str, ...]
    facts: Mapping[str, FactRow]
    beyond: Mapping[str, str]
    computed: Mapping[str, str]
    sums: tuple[SumRow, ...]
    evidence: Mapping[str, list[str]]
    measured: Mapping[str, dict[str, str]]
    kept: Mapping[str, Kept]
    inapplicable: Mapping[str, str]
    notes: Mapping[str, str]

    def item_of(self, line: str) -> str:
        """The item that a line belongs to."""
        return self.facts[line].item if line in self.facts else line


def identity_of(workbook: Any) -> Identity:
    """What the hidden sheet says. Raises `WorkbookRefusedError` where none is known."""
    hidden = [one for one in workbook.worksheets if one.title.casefold() == FORM_SHEET]
    if not hidden:
        raise WorkbookRefusedError(Kind.NOT_A_FORM)
    rows: dict[str, dict[str, list[str]]] = defaultdict(dict)
    for row in rows_of(hidden[0]):
        cells = ["" if one.value is None else str(one.value) for one in row]
        key, first, *others = cells + [""] * 6
        rows[key][first] = others
    single = {key: first for key, found in rows.items() for first in found}
    if single.get("format") != FORM_VERSION:
        version: dict[str, Parameter] = {"version": single.get("format", ""), "known": FORM_VERSION}
        raise WorkbookRefusedError(Kind.FORM_VERSION_UNKNOWN, version)
    lines = {line: others for kind in _LINES for line, others in rows[kind].items()}

    def words(key: str) -> dict[str, str]:
        return {name: others[0] for name, others in rows[key].items()}

    def values(key: str) -> dict[str, Any]:
        return {name: _from_cells(others) for name, others in rows[key].items()}

    return Identity(
        rubric=single.get("rubric", ""),
        sha256=single.get("sha256", ""),
        unit=single.get("unit", ""),
        labels={
            key.removeprefix("label."): text
            for key, text in single.items()
            if key.startswith("label.")
        },
        caps={line: others[0] for line, others in lines.items()},
        texts={line: others[1] for line, others in lines.items()},
        items=tuple(rows["item"]),
        facts={line: FactRow(*others[2:5]) for line, others in rows["fact"].items()},
        beyond={line: kind for kind in ("adjustment", "veto") for line in rows[kind]},
        computed=words("computed"),
        sums=tuple(
            SumRow(section, label, key, tuple(items.split()))
            for section, (label, key, items, *_) in rows["sum"].items()
        ),
        evidence=values("evidence"),
        measured=values("measured"),
        kept={name: Kept(one[0], _from_cells(one[1:])) for name, one in rows["kept"].items()},
        inapplicable=words("not_applicable"),
        notes=values("note"),
    )


def _from_cells(cells: Sequence[str]) -> Any:
    """What the hidden sheet keeps. Raises `WorkbookRefusedError` where somebody changed it."""
    try:
        return from_cells(cells)
    except ValueError as error:
        raise WorkbookRefusedError(Kind.WORKBOOK_DAMAGED, {"reason": str(error)}) from error


def rows_of(sheet: Any) -> Iterator[tuple[Any, ...]]:
    """The rows of cells of a sheet, as far as they are looked at."""
    columns = min(sheet.max_column, MOST_COLUMNS)
    yield from sheet.iter_rows(max_row=last_row(sheet), max_col=columns)


def last_row(sheet: Any) -> int:
    """The last row of a sheet that is looked at."""
    return min(int(sheet.max_row), MOST_ROWS)


def key_of(value: object) -> str:
    """A label without the blanks that people put into it."""
    return "".join(str(value).split())


def wording_key(value: object) -> str:
    """A wording without what makes no difference: blanks and widths of characters."""
    return key_of(unicodedata.normalize("NFKC", str(value or "")))


class FormSheet(NamedTuple):
    """A sheet with a form: the row of its header, its columns, and the source that it fills."""

    source: Source
    sheet: Any
    identity: Identity
    header: int
    columns: Mapping[str, int]
    cells: dict[tuple[Key, ...], SourceCell]

    def cell(self, row: int, name: str) -> Any:
        """The cell of a row in the column of that name."""
        return self.sheet.cell(row, self.columns[name])

    def mark(self, keys: tuple[Key, ...], row: int, column: int) -> None:
        """Remember where a value stands."""
        name = f"{self.sheet.title}!{self.sheet.cell(row, column).coordinate}"
        self.cells[keys] = SourceCell(name, row, column)

    def report(
        self,
        kind: Kind,
        keys: tuple[Key, ...],
        cell: Any,
        variant: str = "",
        **parameters: Parameter,
    ) -> None:
        """Say what is wrong with a cell."""
        self.mark(keys, cell.row, cell.column)
        self.source.findings.append(Finding(kind, Place(keys), parameters, variant))

    def text(self, cell: Any, keys: tuple[Key, ...], item: str) -> str | None:
        """The text of a cell; a formula or an error is none, and is reported."""
        value = cell.value
        if cell.data_type in ("f", "e"):
            kind = Kind.CELL_FORMULA if cell.data_type == "f" else Kind.CELL_ERROR
            self.report(kind, keys, cell, "text", item=item, value=shown(value))
            return None
        if isinstance(value, datetime):
            value = value.date()
        text = value.isoformat() if isinstance(value, date) else str(plain_text(value))
        text = value if isinstance(value, str) else text
        return QuotedText(text) if text.strip() else None

    def as_kept(self, name: str, text: str | None) -> str | None:
        """A text of the form, or the one that was kept because cells would have changed it."""
        kept = self.identity.kept.get(name)
        if kept is None or (text or "") != (kept.shown if kept.shown.strip() else ""):
            return text
        return QuotedText(kept.text)
