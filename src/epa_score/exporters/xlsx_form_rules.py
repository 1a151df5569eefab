"""What a form does by itself: it refuses points above the cap, and adds up the others."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from epa_score.exporters.xlsx_cells import exact
from epa_score.exporters.xlsx_form_page import SCORE
from epa_score.exporters.xlsx_formulas import added_up
from epa_score.i18n import Words, plain
from epa_score.model import Item
from epa_score.model.form import sum_key
from epa_score.reports.form import Subtotal
from epa_score.reports.table import SumOf

Position = tuple[int, int]
"""A row and a column, from 0."""


def validation(item: Item, words: Words) -> dict[str, object]:
    """What may be typed beside an item, with the words that say so."""
    cap = plain(item.max)
    return {
        "validate": "decimal",
        "criteria": "between",
        "minimum": 0,
        "maximum": exact(item.max),
        "input_title": item.id,
        "input_message": words("form.prompt", cap=cap),
        "error_title": item.id,
        "error_message": words("form.refused", cap=cap),
    }


def is_wrong(score: Position, cap: Position) -> str:
    """The formula that is true where something was pasted that may not be typed.

    It is that of the first of some rows, and moves along to the others.
    """
    points, limit = (f"${xl_rowcol_to_cell(*one)}" for one in (score, cap))
    return f'=AND({points}<>"",OR(NOT(ISNUMBER({points})),{points}>{limit},{points}<0))'


def sum_of(what: SumOf, cells: Mapping[str, Position], wrong: str) -> str:
    """The formula of a sum: nothing while nothing is entered, ``wrong`` beside a text.

    ``cells`` are those of the items by id.
    """

    def of(items: Iterable[str]) -> list[str]:
        return _areas([cells[item] for item in items])

    areas = ",".join(of(sorted(what.everything, key=cells.__getitem__)))
    return (
        f'=IF(COUNTA({areas})=0,"",IF(COUNT({areas})<COUNTA({areas}),"{wrong}",'
        f"ROUND({added_up(what, of)},{what.decimals})))"
    )


def sum_row(
    what: Subtotal, label: str, formula: str, cells: Mapping[str, Position]
) -> tuple[str, ...]:
    """What the hidden sheet says of a sum: whose it is, its label, its formula and its items."""
    items = {row + 1: item for item, (row, _) in cells.items()}
    key = sum_key(formula, {xl_col_to_name(SCORE): "score"}, items)
    return "sum", what.section, label, key, " ".join(items.values())


def _areas(cells: Sequence[Position]) -> list[str]:
    """Cells of one column as areas, those below each other in one."""
    areas = []
    for _, run in groupby(enumerate(cells), lambda pair: pair[1][0] - pair[0]):
        members = [xl_rowcol_to_cell(*cell) for _, cell in run]
        areas.append(":".join(dict.fromkeys((members[0], members[-1]))))
    return areas
