"""How wide columns and how high rows must be for their texts, Chinese ones included."""

from collections.abc import Sequence

from rich.cells import cell_len

from epa_score.exporters.titles import in_lines
from epa_score.reports.table import Column

_LINE = 15
_PADDING = 4
HIGHEST_ROW = 409
"""The height of a row that Excel allows, in points of type."""
"""Points of the highest row that Excel allows."""

_PAGE = 120
"""Characters across a page before it must be printed smaller."""

_MOST_FILLED = 1.5
"""How many times its own width a column may get so that a narrow table fills the page."""

_WIDEST = 40
_MARGIN = 2
_LEAST = {"number": 6, "points": 6, "difference": 7, "rate": 6, "text": 8, "long text": 12}
SHORT_TITLE = 12
"""Cells of the longest title that is not broken before the bracket with the points."""


class Widths:
    """Widths of the columns of a table, in digits of the standard font, as texts are shown to it.

    Columns of long text share what the page has left, and get 40 in any case.
    """

    def __init__(self, columns: Sequence[Column]) -> None:
        """Begin with room for the titles; long ones break before the bracket with the points."""
        self._kinds = [column.kind for column in columns]
        self._needed = [_MARGIN + _title_width(column.title) for column in columns]

    def fit(self, number: int, text: str) -> None:
        """See to it that ``text`` fits into the column of that number, if need be in lines."""
        lines = text.split("\n")
        longest = max(cell_len(line[:_PAGE]) for line in lines) + _MARGIN
        self._needed[number] = max(self._needed[number], longest)

    def all(self, *, filling: bool = False) -> tuple[int, ...]:
        """The width of each column; ``filling`` ones together take the page, within reason."""
        pairs = list(zip(self._kinds, self._needed, strict=True))
        others = [_within(kind, needed, _WIDEST) for kind, needed in pairs if kind != "long text"]
        number_of_long = len(pairs) - len(others)
        left = (_PAGE - sum(others)) // max(1, number_of_long)
        most = {kind: max(_WIDEST, left) if kind == "long text" else _WIDEST for kind in _LEAST}
        widths = tuple(_within(kind, needed, most[kind]) for kind, needed in pairs)
        if not filling:
            return widths
        factor = max(1, min(_MOST_FILLED, _PAGE / sum(widths)))
        return tuple(int(width * factor) for width in widths)


def height(texts: Sequence[str], widths: Sequence[int], size: float = 1) -> float:
    """The height of a row of texts in columns so wide, in letters of ``size`` times the usual."""
    lines = max(_lines(text, width / size) for text, width in zip(texts, widths, strict=True))
    return min(HIGHEST_ROW, lines * _LINE * size + _PADDING)


def _lines(text: str, width: float) -> int:
    room = max(1, int(width) - 1)
    return sum(max(1, -(-cell_len(line) // room)) for line in text.split("\n"))


def _title_width(title: str) -> int:
    lines = in_lines(title, SHORT_TITLE).split("\n")
    return min(_WIDEST // 2, max(map(cell_len, lines)))


def _within(kind: str, needed: int, most: int) -> int:
    return max(_LEAST[kind], min(needed, most))
