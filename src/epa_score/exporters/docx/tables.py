"""Tables: a head that each page repeats, rows that no page cuts, columns as wide as needed."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple
from xml.sax.saxutils import quoteattr

from rich.cells import cell_len

from epa_score.exporters.cell_text import (
    cell_text,
    columns_below,
    columns_beside,
    fold_title,
    line_count,
    place_of_blocks,
)
from epa_score.exporters.docx.blocks import BORDERS
from epa_score.exporters.docx.page import A3_LANDSCAPE, A4, LANDSCAPE, TWIPS, Page
from epa_score.exporters.docx.styles import style_id
from epa_score.exporters.docx.xml import run_xml, word_text
from epa_score.i18n import Words
from epa_score.reports.table import Cell, Column, Mean, Row, Table

_SIZES = (
    *((A4, size) for size in (12, 10.5, 9)),
    *((LANDSCAPE, size) for size in (10.5, 9)),
    *((A3_LANDSCAPE, size) for size in (10.5, 9, 7.5, 6)),
)
"""Pages and sizes of letters in points; a table has the first of them that it fits in."""

_HEIGHT = '<w:trHeight w:val="360" w:hRule="atLeast"/>'
"""Rows are 6 mm high, unless their texts need more."""

_MOST_LINES = 6
"""The lines of a cell beyond which a larger page is better."""

_PADDING = 2
"""Half characters of a column that stay blank."""

_LEAST, _LEAST_TEXT = 4, 16
"""The half characters that a column has at least, and one of long texts."""

_MOST_NAME, _MOST_TEXT = 24, 60
"""The half characters beyond which a name is a long text, and long texts want no more room."""


class _Width(NamedTuple):
    """The half characters of a column: as few as there can be, and as many as would be good."""

    least: int
    good: int


class _Shown:
    """A table as it is printed: its columns, the texts of its cells, and the widths of both."""

    def __init__(self, table: Table, words: Words) -> None:
        self.table, self._words = table, words
        self.columns, self._below = columns_beside(table), columns_below(table)
        self._block = place_of_blocks(table)
        self.rows = list(self._rows())
        self.widths = [self._width(place) for place in range(len(self.columns))]

    def _rows(self) -> Iterator[tuple[str, Sequence[str]]]:
        """The name of a block of rows, or the texts of a row."""
        last: Cell = None
        for row in self.table.rows():
            if self._block is not None and row.cells[self._block] != last:
                last = row.cells[self._block]
                yield str(last), ()
            yield "", [self._text(place, column, row) for place, column in self.columns]
        if self.table.mean is not None:
            cells = [self._text(place, column, self.table.mean) for place, column in self.columns]
            yield "", cells

    def _text(self, place: int, column: Column, row: Row | Mean) -> str:
        """The text of a cell, and what stands below it."""
        texts = [cell_text(column, row.cells[place])]
        for other, own in self._below:
            if own.below == column.name and row.cells[other] is not None:
                text = cell_text(own, row.cells[other])
                title = f"{own.title}{self._words('page.colon')}" if own.title else ""
                texts.append(f"{title}{text}")
        return "\n".join(texts)

    def heads(self) -> Iterator[Sequence[tuple[str, int]]]:
        """The rows of the head: titles, and over how many columns each of them stands."""
        columns = [column for _, column in self.columns]
        if any(column.group for column in columns):
            yield [
                (group, len(list(own))) for group, own in groupby(columns, lambda own: own.group)
            ]
        yield [(column.title, 1) for column in columns]

    def _width(self, place: int) -> _Width:
        column = self.columns[place][1]
        lines = [line for _, cells in self.rows if cells for line in cells[place].split("\n")]
        most = max(map(cell_len, map(word_text, lines)), default=0)
        head = cell_len(column.title)
        pieces = fold_title(column.title, 0).split("\n")[1:]
        pieces += column.title.split() if column.title.isascii() else []
        narrow = max(_LEAST, *map(cell_len, pieces), 0)
        if "text" not in column.kind:
            return _Width(max(most, narrow), max(most, head, narrow))
        is_long = column.kind == "long text" or most > _MOST_NAME
        least, good = (_LEAST_TEXT, _MOST_TEXT) if is_long else (most, most)
        needed = max(min(most, least), narrow)
        return _Width(needed, max(min(most, good), needed, min(head, _LEAST_TEXT)))

    def least(self, size: float) -> float:
        """The twips that the table needs at a size of letters."""
        return sum(width.least + _PADDING for width in self.widths) * size * TWIPS / 2

    def most_lines(self, room: int, size: float) -> int:
        """The lines of the highest cell where the table fills the ``room``."""
        cells = [int(width / (size * TWIPS / 2)) - _PADDING for width in self.spread(room, size)]
        return max(
            (
                line_count(text, max(width, 1))
                for _, texts in self.rows
                for text, width in zip(texts, cells, strict=False)
            ),
            default=1,
        )

    def spread(self, room: int, size: float) -> list[int]:
        """The widths of the columns in twips, which fill the ``room`` together.

        Each has what it needs, then what would be good, and the rest is shared out.
        """
        unit = size * TWIPS / 2
        least = [(width.least + _PADDING) * unit for width in self.widths]
        wishes = [max(0, width.good - width.least) * unit for width in self.widths]
        left = room - sum(least)
        if left < 0:
            shares = [own * room / sum(least) for own in least]
        else:
            granted = min(1.0, left / sum(wishes)) if any(wishes) else 0.0
            shares = [own + granted * wish for own, wish in zip(least, wishes, strict=True)]
            rest = (room - sum(shares)) / len(shares)
            shares = [own + rest for own in shares]
        ends = [round(sum(shares[: number + 1])) for number in range(len(shares))]
        return [end - start for start, end in zip([0, *ends], ends, strict=False)]


def _fit(shown: _Shown) -> tuple[Page, float]:
    """The first page and size of letters in which a table has room, else the last ones.

    It has good room where no cell takes more than some lines.
    """
    fitting = [own for own in _SIZES if shown.least(own[1]) <= own[0].room] or [_SIZES[-1]]
    good = (own for own in fitting if shown.most_lines(own[0].room, own[1]) <= _MOST_LINES)
    return next(good, fitting[0])


def page_of_table(table: Table, words: Words) -> Page:
    """The page that a table needs."""
    return _fit(_Shown(table, words))[0]


def table_xml(table: Table, about: str, page: Page, words: Words) -> str:
    """A table over the whole width of a page; ``about`` is read out to who does not see it."""
    shown = _Shown(table, words)
    sizes = [size for own, size in _SIZES if own == page] or [size for own, size in _SIZES[1:3]]
    size = next((size for size in sizes if shown.least(size) <= page.room), sizes[-1])
    widths = shown.spread(page.room, size)
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    rows = [_head_xml(cells, widths, size) for cells in shown.heads()]
    rows += [_row_xml(block, cells, shown, widths, size) for block, cells in shown.rows]
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{page.room}" w:type="dxa"/><w:jc w:val="center"/>{BORDERS}'
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="40" w:type="dxa"/>'
        '<w:right w:w="40" w:type="dxa"/></w:tblCellMar>'
        f'<w:tblLook w:val="0020" w:firstRow="1"/>'
        f"<w:tblCaption w:val={quoteattr(word_text(about))}/></w:tblPr>"
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def _head_xml(cells: Sequence[tuple[str, int]], widths: Sequence[int], size: float) -> str:
    start, made = 0, []
    for title, columns in cells:
        width = sum(widths[start : start + columns])
        text = fold_title(title, int(width / (size * TWIPS / 2)) - _PADDING)
        made.append(_cell_xml(_Box(text, width, "center", "head cell", columns), size))
        start += columns
    return f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{''.join(made)}</w:tr>"


def _row_xml(
    block: str, cells: Sequence[str], shown: _Shown, widths: Sequence[int], size: float
) -> str:
    if block:
        boxes = [_Box(block, sum(widths), "left", "head cell", len(widths))]
    else:
        boxes = [
            _Box(text, width, _side_of(column, text, width, size))
            for text, width, (_, column) in zip(cells, widths, shown.columns, strict=True)
        ]
    made = "".join(_cell_xml(box, size) for box in boxes)
    return f"<w:tr><w:trPr><w:cantSplit/>{_HEIGHT}</w:trPr>{made}</w:tr>"


def _side_of(column: Column, text: str, width: int, size: float) -> str:
    """Short texts and figures stand in the middle, what takes several lines at the left."""
    if "text" not in column.kind:
        return "center"
    fits = "\n" not in text and (cell_len(text) + _PADDING) * size * TWIPS / 2 <= width
    return "center" if fits and column.kind == "text" else "left"


class _Box(NamedTuple):
    """A cell as it is drawn; its width is in twips."""

    text: str
    width: int
    side: str
    role: str = "cell"
    columns: int = 1


def _cell_xml(box: _Box, size: float) -> str:
    half = round(size * 2)
    span = f'<w:gridSpan w:val="{box.columns}"/>' if box.columns > 1 else ""
    looks = f'<w:sz w:val="{half}"/><w:szCs w:val="{half}"/>'
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{box.width}" w:type="dxa"/>{span}<w:vAlign w:val="center"/>'
        f'</w:tcPr><w:p><w:pPr><w:pStyle w:val="{style_id(box.role)}"/><w:jc w:val="{box.side}"/>'
        f"</w:pPr>{run_xml(box.text, looks)}</w:p></w:tc>"
    )
