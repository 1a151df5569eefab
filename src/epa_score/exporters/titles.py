"""The titles of columns where there is little room."""

import re

from rich.cells import cell_len

_WIDE = 2
"""Cells of a Chinese character."""

_BRACKET = re.compile(r" ?([（(])")


def in_lines(title: str, cells: int) -> str:
    """A title in lines of at most about so many cells, Chinese ones of about one length."""
    lines = folded(title, cells).split("\n")
    return "\n".join(one for line in lines for one in _balanced(line, cells))


def _balanced(text: str, cells: int) -> list[str]:
    """A text in lines; only Chinese may break anywhere."""
    lines = -(-cell_len(text) // cells)
    if lines <= 1 or cell_len(text) < _WIDE * len(text):
        return [text]
    each = -(-len(text) // lines)
    return [text[start : start + each] for start in range(0, len(text), each)]


def folded(title: str, cells: int) -> str:
    """A title that is wider, with its points in brackets on a line of their own."""
    if cell_len(title) <= cells or "\n" in title:
        return title
    return _BRACKET.sub(r"\n\1", title)
