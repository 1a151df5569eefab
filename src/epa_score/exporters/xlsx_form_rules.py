"""What a form does by itself: it refuses points above the cap, and adds up the others."""

from collections.abc import Sequence
from itertools import groupby

from xlsxwriter.utility import xl_rowcol_to_cell

from epa_score.exporters.xlsx_cells import exact
from epa_score.i18n import Words, plain
from epa_score.model import Item

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
    """The formula that is true where something was pasted that may not be typed."""
    points, limit = (f"${xl_rowcol_to_cell(*one)}" for one in (score, cap))
    return f'=AND({points}<>"",OR(NOT(ISNUMBER({points})),{points}>{limit},{points}<0))'


def sum_of(cells: Sequence[Position], decimals: int, wrong: str) -> str:
    """The formula of a sum: nothing while nothing is entered, ``wrong`` beside a text."""
    areas = ",".join(_areas(cells))
    return (
        f'=IF(COUNTA({areas})=0,"",IF(COUNT({areas})<COUNTA({areas}),"{wrong}",'
        f"ROUND(SUM({areas}),{decimals})))"
    )


def _areas(cells: Sequence[Position]) -> list[str]:
    """Cells of one column as areas, those below each other in one."""
    areas = []
    for _, run in groupby(enumerate(cells), lambda pair: pair[1][0] - pair[0]):
        members = [xl_rowcol_to_cell(*cell) for _, cell in run]
        areas.append(":".join(dict.fromkeys((members[0], members[-1]))))
    return areas
