"""Which form a workbook holds: what its hidden sheet says."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from epa_score.diagnostics import Kind, Parameter
from epa_score.model.form import FORM_SHEET, FORM_VERSION, from_cells
from epa_score.readers.excel_refused import RefusedError
from epa_score.readers.excel_work import MOST_COLUMNS, MOST_ROWS


class SumLine(NamedTuple):
    """A sum of a form: of which section (empty for the total), its label, formula and items."""

    section: str
    label: str
    key: str
    items: tuple[str, ...]


class Kept(NamedTuple):
    """A text that cells would have changed, and what the form shows in its place."""

    shown: str
    text: str


class Identity(NamedTuple):
    """What the hidden sheet says of a form: its rubric, the words on it, its items and sums.

    ``texts`` are the wordings of the items, ``inapplicable`` the words for an item that does not
    apply, of those that may not, and ``notes`` what was noted beside the reason why.
    """

    rubric: str
    sha256: str
    unit: str
    labels: Mapping[str, str]
    caps: Mapping[str, str]
    texts: Mapping[str, str]
    sums: tuple[SumLine, ...]
    evidence: Mapping[str, list[str]]
    kept: Mapping[str, Kept]
    inapplicable: Mapping[str, str]
    notes: Mapping[str, str]


def identity_of(workbook: Any) -> Identity:
    """What the hidden sheet says. Raises `RefusedError` where there is none that is known."""
    hidden = [one for one in workbook.worksheets if one.title.casefold() == FORM_SHEET]
    if not hidden:
        raise RefusedError(Kind.NOT_A_FORM)
    single: dict[str, str] = {}
    caps: dict[str, str] = {}
    texts: dict[str, str] = {}
    sums: list[SumLine] = []
    evidence: dict[str, list[str]] = {}
    kept: dict[str, Kept] = {}
    inapplicable: dict[str, str] = {}
    notes: dict[str, str] = {}
    for row in rows_of(hidden[0]):
        values = ["" if one.value is None else str(one.value) for one in row]
        key, first, *others = values + [""] * 4
        if key == "item":
            caps[first], texts[first] = others[:2]
        elif key == "sum":
            sums.append(SumLine(first, others[0], others[1], tuple(others[2].split())))
        elif key == "evidence":
            evidence[first] = _from_cells(others)
        elif key == "kept":
            kept[first] = Kept(others[0], _from_cells(others[1:]))
        elif key == "not_applicable":
            inapplicable[first] = others[0]
        elif key == "note":
            notes[first] = _from_cells(others)
        else:
            single[key] = first
    if single.get("format") != FORM_VERSION:
        version: dict[str, Parameter] = {"version": single.get("format", ""), "known": FORM_VERSION}
        raise RefusedError(Kind.FORM_VERSION_UNKNOWN, version)
    labels = {
        key.removeprefix("label."): text for key, text in single.items() if key.startswith("label.")
    }
    return Identity(
        single.get("rubric", ""),
        single.get("sha256", ""),
        single.get("unit", ""),
        labels,
        caps,
        texts,
        tuple(sums),
        evidence,
        kept,
        inapplicable,
        notes,
    )


def _from_cells(cells: Sequence[str]) -> Any:
    """What the hidden sheet keeps. Raises `RefusedError` where somebody changed it."""
    try:
        return from_cells(cells)
    except ValueError as error:
        raise RefusedError(Kind.WORKBOOK_DAMAGED, {"reason": str(error)}) from error


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
