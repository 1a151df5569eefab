"""Widths of the columns of a worksheet, for what stands in them."""

from collections.abc import Sequence
from itertools import groupby
from math import isqrt

from rich.cells import cell_len

from epa_score.exporters.cell_text import text_width, wrap_title
from epa_score.reports.table import Column

_PAGE = 120
"""Characters across a page before it must be printed smaller."""

_MOST_FILLED = 1.5
"""The most times its own width that a column may get so that a narrow table fills the page."""

_WIDEST, _WIDE_ENOUGH = 40, 30
MARGIN = 2
"""Digits beside the text of a cell."""
_LEAST = {"number": 5, "points": 5, "difference": 7, "rate": 5, "text": 6, "long text": 12}
_NARROW = ("points", "rate")
"""The kinds of columns of which a table may have many."""
SHORT_TITLE = 12
"""Cells of the longest title that is not broken before the bracket with the points."""


class ColumnWidths:
    """Widths of the columns of a table, in digits of the standard font, as texts are shown to it.

    Columns of long text share what the page has left, more of it where there is more text, and
    have 30 each together.
    """

    def __init__(self, columns: Sequence[Column]) -> None:
        """Begin with room for the titles; long ones break before the bracket with the points."""
        self._kinds = [column.kind for column in columns]
        self._amounts = [0] * len(columns)
        self._needed = [MARGIN + _title_width(column.title) for column in columns]
        for title, run in groupby(range(len(columns)), lambda number: columns[number].group):
            numbers = list(run)
            least = -(-(MARGIN + _title_width(title)) // len(numbers)) if title else 0
            for number in numbers:
                self._needed[number] = max(self._needed[number], least)

    def fit(self, number: int, text: str) -> None:
        """See to it that ``text`` fits into the column of that number, if need be in lines."""
        lines = text.split("\n")
        margin = 1 if self._kinds[number] in _NARROW else MARGIN
        longest = max(text_width(line[:_PAGE]) for line in lines) + margin
        self._needed[number] = max(self._needed[number], longest)
        self._amounts[number] += longest

    def to_tuple(self, *, filling: bool = False) -> tuple[int, ...]:
        """The width of each column; ``filling`` ones together take the page, within reason."""
        widths = [
            max(_LEAST[kind], needed if kind == "long text" else min(needed, _WIDEST))
            for kind, needed in zip(self._kinds, self._needed, strict=True)
        ]
        long = [number for number, kind in enumerate(self._kinds) if kind == "long text"]
        left = _PAGE - sum(widths) + sum(widths[number] for number in long)
        left = max(left, sum(min(widths[number], _WIDE_ENOUGH) for number in long))
        shares = {number: isqrt(self._amounts[number]) + 1 for number in long}
        for number in sorted(long, key=lambda number: widths[number] / shares[number]):
            share = left * shares[number] // sum(shares.values())
            widths[number] = max(_LEAST["long text"], min(widths[number], share))
            left -= widths[number]
            del shares[number]
        if not filling:
            return tuple(widths)
        factor = max(1, min(_MOST_FILLED, _PAGE / sum(widths)))
        return tuple(int(width * factor) for width in widths)


def _title_width(title: str) -> int:
    lines = wrap_title(title, SHORT_TITLE).split("\n")
    return min(_WIDEST // 2, max(map(cell_len, lines)))
