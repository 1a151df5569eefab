"""Text broken into lines: the one place that decides where a line may end.

No line begins with closing punctuation or ends with an opening bracket, and no word is broken.
"""

from collections.abc import Callable, Iterator

_CLOSING = frozenset("，。、；：！？）］｝】》〉」』〕”’…％,.;:!?)]}%")
_OPENING = frozenset("（［｛【《〈「『〔“‘([{")
_FIRST_WIDE = "\u2e80"

Measure = Callable[[str], int]
"""Counts the cells that a text takes."""


def count_cells(text: str) -> int:
    """The cells of a terminal that a text of the catalogue takes, counted without any table."""
    return sum(2 if char >= _FIRST_WIDE else 1 for char in text)


def wrap(
    text: str, width: int, measure: Measure = count_cells, *, keep: int = 0, cut: bool = False
) -> list[str]:
    """Break a text into lines of at most ``width`` cells; without any text there is no line.

    Its first ``keep`` characters stay on one line, as does what is wider than a line, unless it is
    to be ``cut``.
    """
    lines = [""]
    for piece in _pieces(text, keep):
        if lines[-1] and measure(lines[-1] + piece.rstrip()) > width:
            lines[-1] = lines[-1].rstrip()
            lines.append("")
        lines[-1] += piece
        while cut and lines[-1][1:].strip() and measure(lines[-1].rstrip()) > width:
            end = _place_to_cut(lines[-1], width, measure)
            lines[-1:] = [lines[-1][:end], lines[-1][end:]]
    lines = [line.rstrip() for line in lines]
    return [line for number, line in enumerate(lines) if line or 0 < number < len(lines) - 1]


def _pieces(text: str, keep: int) -> Iterator[str]:
    """The pieces between which a line may end; the spaces behind one belong to it."""
    start = 0
    for place in range(max(keep, 1), len(text)):
        if _may_end(text, place):
            yield text[start:place]
            start = place
    yield text[start:]


def _may_end(text: str, place: int) -> bool:
    """True where a line may end in front of a place."""
    before, behind = text[place - 1], text[place]
    if behind in _CLOSING or behind.isspace() or before in _OPENING:
        return False
    return before.isspace() or before >= _FIRST_WIDE or behind >= _FIRST_WIDE


def _place_to_cut(text: str, width: int, measure: Measure) -> int:
    """The last place at which the front of a text fits and the rest does not begin badly."""
    fits = next(end for end in range(len(text), 0, -1) if end == 1 or measure(text[:end]) <= width)
    good = (end for end in range(fits, 0, -1) if text[end] not in _CLOSING)
    return next(good, fits)
