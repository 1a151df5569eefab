"""Titles and cells of a table as text, for every format that people read."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache

from rich.cells import cell_len

from epa_score.diagnostics.wrapping import wrap
from epa_score.i18n import plain
from epa_score.reports.table import Cell, Column, Table
from epa_score.values.points import exactly


def shown_columns(table: Table) -> list[Column]:
    """The columns for people."""
    return [column for column in table.columns if column.shown]


def shown_rows(table: Table) -> Iterator[list[str]]:
    """The rows in the columns for people, each cell as exact text."""
    for row in table.rows():
        yield shown_cells(table, row.cells)


def shown_cells(table: Table, cells: Sequence[Cell]) -> list[str]:
    """The cells of a row in the columns for people, as exact text."""
    return [
        text_of(cell, signed=column.kind == "difference")
        for column, cell in zip(table.columns, cells, strict=True)
        if column.shown
    ]


def text_of(cell: Cell, *, signed: bool = False) -> str:
    """A cell as exact text; nothing is an empty text. A ``signed`` number above 0 gets a plus."""
    if cell is None:
        return ""
    if signed and isinstance(cell, Decimal) and cell > 0:
        return f"+{plain(cell)}"
    return cell if isinstance(cell, str) else str(cell) if isinstance(cell, int) else plain(cell)


def padded_text(cell: Cell, decimals: int, *, signed: bool = False) -> str:
    """A cell as exact text, an exact number with ``decimals`` at least."""
    text = text_of(cell, signed=signed)
    if not decimals or not isinstance(cell, Decimal):
        return text
    whole, _, rest = text.partition(".")
    return f"{whole}.{rest.ljust(decimals, '0')}"


def cell_text(column: Column, cell: Cell) -> str:
    """A cell of a column as it is printed, a rate as a percentage."""
    if column.kind == "rate" and isinstance(cell, Decimal):
        with exactly():
            return f"{padded_text(cell * 100, 0)}%"
    return padded_text(cell, column.decimals, signed=column.kind == "difference")


def columns_beside(table: Table) -> list[tuple[int, Column]]:
    """The columns that are printed beside each other, with their places.

    Others stand below one of them, or name a block of rows.
    """
    block = table.blocks.column if table.blocks is not None else ""
    return [
        (place, column)
        for place, column in enumerate(table.columns)
        if column.shown and not column.below and column.name != block
    ]


def columns_below(table: Table) -> list[tuple[int, Column]]:
    """The columns that are printed below others, with their places."""
    return [(place, column) for place, column in enumerate(table.columns) if column.below]


def place_of_blocks(table: Table) -> int | None:
    """The place of the column whose texts name blocks of rows, where there is one."""
    names = (column.name for column in table.columns)
    block = table.blocks.column if table.blocks is not None else None
    return next((place for place, name in enumerate(names) if name == block), None)


_AMBIGUOUS = re.compile("[‘’“”…—·×÷]")
"""Characters that are as wide as Chinese ones in a Chinese font, and narrow in others."""

_PIECES = re.compile(
    r"[（《「『【“‘(\[]*(?:[!-\'*-Z\\^-~]+|[^\s])[，。、；：？！）》」』】”’…%)\]]*|\s+"
)
"""Pieces of a text that stay on one line: Latin words, and brackets and stops at a character."""


def text_width(text: str) -> int:
    """The width of a line in half Chinese characters."""
    return cell_len(text) + len(_AMBIGUOUS.findall(text))


@lru_cache(4096)
def line_count(text: str, cells: int) -> int:
    """The number of lines that a text takes where so many half Chinese characters fit in each."""
    return sum(1 for _ in _wrapped_lines(text, cells))


def parts_of_text(text: str, cells: int, lines: int) -> list[str]:
    """A text in parts of so many lines at most; all of it once."""
    parts: list[str] = []
    for number, line in enumerate(_wrapped_lines(text, cells)):
        if number % lines:
            parts[-1] += line
        else:
            parts.append(line)
    return [part.removesuffix("\n") for part in parts]


def _wrapped_lines(text: str, cells: int) -> Iterator[str]:
    """The lines of a text as a spreadsheet breaks them; a word that is too long is broken.

    Blanks at the ends of lines need no room. The last line of a paragraph has its end.
    """
    for paragraph in text.splitlines(keepends=True) or [""]:
        line, width = "", 0
        for piece in _pieces(paragraph, cells):
            if line and width + text_width(piece.rstrip()) > cells:
                yield line
                line, width = "", 0
            line, width = line + piece, width + text_width(piece)
        yield line


def _pieces(paragraph: str, cells: int) -> Iterator[str]:
    """What stays on one line, unless it is longer than a line itself."""
    if text_width(paragraph.rstrip()) <= cells:
        yield paragraph
        return
    for piece in _PIECES.findall(paragraph):
        if text_width(piece.rstrip()) <= cells:
            yield piece
        else:
            yield from _broken_piece(piece, cells)


def _broken_piece(piece: str, cells: int) -> Iterator[str]:
    part, width = "", 0
    for character in piece:
        wide = text_width(character)
        if part and width + wide > cells:
            yield part
            part, width = "", 0
        part, width = part + character, width + wide
    yield part


_WIDE = 2
"""Cells of a Chinese character."""

_BRACKET = re.compile(r" ?([（(])")


def wrap_title(title: str, cells: int) -> str:
    """A title in lines of at most about so many cells, Chinese ones of about one length."""
    lines = fold_title(title, cells).split("\n")
    return "\n".join(part for line in lines for part in _balanced_lines(line, cells))


def _balanced_lines(text: str, cells: int) -> list[str]:
    """A text in lines of about one length."""
    number = -(-cell_len(text) // cells)
    return wrap(text, balanced_width(text, cells), cell_len) if number > 1 else [text]


def balanced_width(text: str, most: int) -> int:
    """The cells of a line where a text has as few lines of at most ``most`` as it can have."""
    cells = cell_len(text)
    number = -(-cells // most) or 1
    return -(-cells // number // _WIDE) * _WIDE if number > 1 else cells


def fold_title(title: str, cells: int) -> str:
    """A title; if it is wider than ``cells``, its points in brackets get a line of their own."""
    if cell_len(title) <= cells or "\n" in title:
        return title
    return _BRACKET.sub(r"\n\1", title)
