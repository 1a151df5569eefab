"""Which form a workbook holds, and where in it: by its hidden sheet and its header."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from epa_score.diagnostics import Kind, Parameter
from epa_score.model.form import FORM_SHEET, FORM_VERSION, from_cells
from epa_score.readers.excel_file import RefusedError

MOST_ROWS, _MOST_COLUMNS = 2000, 60
"""How far from its corner a sheet is looked at; a form has some forty rows and six columns."""

_LEAST_SEEN = 1
"""The width, in digits, of a column in which something can be seen."""


class Kept(NamedTuple):
    """A text that cells would have changed, and what the form shows in its place."""

    shown: str
    text: str


class Identity(NamedTuple):
    """What the hidden sheet says of a form: its rubric, the words on it, its items and caps.

    ``inapplicable`` are the words for an item that does not apply, of those that may not, and
    ``notes`` what was noted beside the reason why.
    """

    rubric: str
    sha256: str
    unit: str
    labels: Mapping[str, str]
    caps: Mapping[str, str]
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
    evidence: dict[str, list[str]] = {}
    kept: dict[str, Kept] = {}
    inapplicable: dict[str, str] = {}
    notes: dict[str, str] = {}
    for row in rows_of(hidden[0]):
        key, first, *others = ["" if one.value is None else str(one.value) for one in row] + [
            ""
        ] * 2
        if key == "item":
            caps[first] = others[0]
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


def table_of(workbook: Any, identity: Identity) -> tuple[Any, int, dict[str, int]]:
    """The sheet that holds the form, the row of its header, and its columns.

    Raises `RefusedError` where there is none or more than one, and where the points cannot be seen.
    """
    wanted = {key_of(identity.labels[name]): name for name in ("item", "cap", "score", "note")}
    found = []
    for sheet in workbook.worksheets:
        for number, row in enumerate(rows_of(sheet), 1):
            titles = [(key_of(cell.value), cell.column) for cell in row if cell.value is not None]
            columns = [(wanted[title], column) for title, column in titles if title in wanted]
            if len(dict(columns)) == len(wanted):
                found.append((sheet, number, dict(columns)))
                found += found[-1:] * (len(columns) > len(wanted))  # two columns of one title
    if not found:
        raise RefusedError(Kind.NOT_A_FORM, variant="table")
    if len(found) > 1:
        sheets: dict[str, Parameter] = {"sheets": tuple(one[0].title for one in found)}
        raise RefusedError(Kind.SEVERAL_FORMS, sheets)
    form, header, places = found[0]
    score = form.cell(header, places["score"])
    if _is_hidden(form, score.column):
        raise RefusedError(Kind.COLUMN_HIDDEN, {"column": score.column_letter})
    return found[0]


def _is_hidden(sheet: Any, column: int) -> bool:
    """Whether a column is hidden, or so narrow that nothing in it can be seen."""
    return any(
        (one.hidden or one.width < _LEAST_SEEN) and one.min <= column <= one.max
        for one in sheet.column_dimensions.values()
    )


def rows_of(sheet: Any) -> Iterator[tuple[Any, ...]]:
    """The rows of cells of a sheet, as far as they are looked at."""
    rows, columns = min(sheet.max_row, MOST_ROWS), min(sheet.max_column, _MOST_COLUMNS)
    yield from sheet.iter_rows(max_row=rows, max_col=columns)


def key_of(value: object) -> str:
    """A label without the blanks that people put into it."""
    return "".join(str(value).split())
