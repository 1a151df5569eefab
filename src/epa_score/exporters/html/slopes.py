"""The picture of ranks that moved, as lines between two columns of names."""

from collections.abc import Sequence
from typing import NamedTuple

from epa_score.diagnostics.terminal_text import visible
from epa_score.exporters.cell_text import parts_of_text, text_width
from epa_score.i18n import Words
from epa_score.reports.table import Slopes


class _Line(NamedTuple):
    """A line of a picture: what stands at its ends, and how high these are."""

    looks: str
    old: str
    new: str
    old_y: int
    new_y: int


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


_ROW, _HEAD = 18, 34
"""The height of a line of text in a picture, and where the first one stands."""

_ACROSS = 330
"""The width of a picture."""

_CELL, _BESIDE = 6, 18
"""The width of half a Chinese character, and of a rank with the blank beside it."""

_MOST_NAME = 15
"""Half Chinese characters of a name beside its rank; the table has all of it."""


def shown_slopes(slopes: Slopes, words: Words) -> ShownSlopes:
    """A picture as the template draws it, and in words for those who do not see it."""
    lines = []
    widest = 0
    for own in slopes.lines:
        move = own.old_rank - own.new_rank
        looks = "up" if move > 0 else "down" if move < 0 else "level"
        name = parts_of_text(visible(own.label), _MOST_NAME, 1)
        label = name[0] + ("…" if len(name) > 1 else "")
        widest = max(widest, text_width(label))
        ends = f"{label} {own.old_rank}", f"{own.new_rank} {label}"
        places = (_HEAD + place * _ROW for place in (own.old_place, own.new_place))
        lines.append(_Line(looks, *ends, *places))
    described = words("list.separator").join(
        f"{own.label} {own.old_rank} → {own.new_rank}" for own in slopes.lines
    )
    height = _HEAD + len(lines) * _ROW
    across = widest * _CELL + _BESIDE
    ends_at = across, _ACROSS - across
    return ShownSlopes(
        slopes.title, described, slopes.old, slopes.new, _ACROSS, height, *ends_at, lines
    )
