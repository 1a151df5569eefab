"""The picture of ranks that moved, as lines between two columns of names."""

from collections.abc import Sequence
from typing import NamedTuple

from epa_score.diagnostics.terminal_text import visible
from epa_score.exporters.cell_text import parts_of_text, text_width
from epa_score.i18n import Words
from epa_score.reports.table import Slopes


class _End(NamedTuple):
    """An end of a line: how high it is, and the texts beside it with their own heights."""

    y: int
    texts: Sequence[tuple[int, str]]


class _Line(NamedTuple):
    """A line of a picture with both its ends."""

    looks: str
    old: _End
    new: _End


class ShownSlopes(NamedTuple):
    """A picture of ranks that moved, in units of its own that fit a phone."""

    title: str
    described: str
    old: str
    new: str
    width: int
    height: int
    left: int
    right: int
    lines: Sequence[_Line]


_ROW, _MORE, _HEAD = 18, 12, 34
"""The height of a row, of one more line of a name in it, and where the first row stands."""

_ACROSS = 330
"""The width of a picture."""

_CELL, _BESIDE = 6, 18
"""The width of half a Chinese character, and of a rank with the blank beside it."""

_MOST_NAME, _MOST_LINES = 16, 2
"""Half Chinese characters of a name in a line, and the lines; the table has all of it."""


def shown_slopes(slopes: Slopes, words: Words) -> ShownSlopes:
    """A picture as the template draws it, and in words for those who do not see it."""
    names = [_lines_of_name(own.label) for own in slopes.lines]
    high = _ROW + _MORE * (max(map(len, names), default=1) - 1)
    lines = []
    for own, name in zip(slopes.lines, names, strict=True):
        move = own.old_rank - own.new_rank
        looks = "up" if move > 0 else "down" if move < 0 else "level"
        first, *more = name
        old = _end(_HEAD + own.old_place * high, [f"{first} {own.old_rank}", *more])
        new = _end(_HEAD + own.new_place * high, [f"{own.new_rank} {first}", *more])
        lines.append(_Line(looks, old, new))
    described = words("list.separator").join(
        f"{own.label} {own.old_rank} → {own.new_rank}" for own in slopes.lines
    )
    height = _HEAD + len(lines) * high
    across = max(text_width(line) for name in names for line in name) * _CELL + _BESIDE
    ends_at = across, _ACROSS - across
    return ShownSlopes(
        slopes.title, described, slopes.old, slopes.new, _ACROSS, height, *ends_at, lines
    )


def _lines_of_name(label: str) -> list[str]:
    """A name in lines that fit beside a rank, cut where it has too many."""
    lines = parts_of_text(visible(label), _MOST_NAME, 1)
    kept = lines[:_MOST_LINES]
    if len(lines) > len(kept):
        kept[-1] += "…"
    return kept


def _end(y: int, texts: Sequence[str]) -> _End:
    """An end whose texts stand one below the other, the first one beside the end."""
    return _End(y, [(y + number * _MORE, text) for number, text in enumerate(texts)])
