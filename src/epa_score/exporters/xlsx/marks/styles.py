"""Styles of marked cells: on the colour of a mark, which tells what the cell had before."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeVar

from epa_score.exporters.xlsx.marks.package import Element, XmlPart, with_attributes

Entry = TypeVar("Entry")

COLOUR = "FFB266"
"""An orange that neither the yellow of cells to fill in nor the red of an alarm is taken for.

It stands over a fill that is no plain colour. Over others the last bits of each channel tell,
where no eye sees it, what the cell had before: a program that saves the copy keeps colours, and
not much else.
"""

_CHANNELS = ((0xF8, 7), (0xB0, 15), (0x60, 15))
"""Red, green and blue of a mark: the least of each, and by how much it is more over white."""

_WHITE = "FFFFFF"
"""The colour of a cell without a fill."""

_FILL = (
    '<fill><patternFill patternType="solid"><fgColor rgb="FF{}"/>'
    '<bgColor indexed="64"/></patternFill></fill>'
)
_RGB = re.compile(r"(?:[0-9A-Fa-f]{2})?([0-9A-Fa-f]{6})")


def colour_over(colour: str) -> str:
    """The colour of a mark over a cell of some colour, such as ``FFF9E5``.

    That is empty where the cell had another fill than a plain one.
    """
    if not colour:
        return COLOUR
    levels = zip(_CHANNELS, bytes.fromhex(colour), strict=True)
    mark = (least + (level * steps * 2 + 255) // 510 for (least, steps), level in levels)
    return bytes(mark).hex().upper()


def colour_below(colour: str) -> str | None:
    """What a cell had below the colour of a mark, as near as it tells; empty for no plain colour.

    Nothing for a colour that is none of a mark, and for none at all.
    """
    if not colour:
        return None
    if colour == COLOUR:
        return ""
    levels = zip(_CHANNELS, bytes.fromhex(colour), strict=True)
    above = [(level - least, steps) for (least, steps), level in levels]
    if any(not 0 <= more <= steps for more, steps in above):
        return None
    return bytes(more * 255 // steps for more, steps in above).hex().upper()


class _Look(NamedTuple):
    """A style: all but its fill, and the number of that."""

    others: object
    fill: int


class MarkStyles:
    """The styles of a workbook, with marked ones added where they are needed."""

    def __init__(self, data: bytes) -> None:
        """Read the part of the styles. Raises `LookupError` where it lists none."""
        self._part = XmlPart(data)
        self._fills = self._part.root.child("fills")
        self._styles = self._part.root.child("cellXfs")
        self._colours = [_colour_of(fill) for fill in self._fills.children]
        self._looks = [self._look_of(style) for style in self._styles.children]
        fills, looks = _backwards(self._colours), _backwards(self._looks)
        self._fill_of = {colour: fill for fill, colour in fills}
        self._below = {colour_over(colour): fill for fill, colour in fills if colour}
        self._style_of = {look: style for style, look in looks}
        plain_first = sorted(looks, key=lambda entry: not self._colour(entry[1].fill))
        self._unmarked = {
            look.others: style
            for style, look in plain_first
            if colour_below(self._colour(look.fill)) is None
        }

    def marked_style(self, style: int) -> int:
        """The number of the style that is as ``style``, on the colour of a mark.

        Raises `LookupError` for a style that is not there.
        """
        colour = self._colour(self._looks[style].fill)
        if colour_below(colour) is not None:
            return style
        return self._with_fill(style, self._fill(colour_over(colour)))

    def is_marked(self, style: int) -> bool:
        """True for the colour of a mark over a fill that this workbook has.

        Any other is somebody's own, unless a comment says that it is a mark.
        """
        colour = self._colour(self._looks[style].fill) if style < len(self._looks) else ""
        return colour == COLOUR or colour in self._below

    def unmarked_style(self, style: int, beside: Iterable[int]) -> int:
        """The number of the style that a cell had before it was marked.

        Where its colour does not tell, that is the first style that differs in the fill alone, and
        has no plain one if there are several; else it has the fill of the cells ``beside`` it,
        given by their styles.
        """
        others, fill = self._looks[style]
        colour = self._colour(fill)
        below = colour_below(colour)
        if below is None:
            return style
        if below:
            own = self._below.get(colour)
            return self._with_fill(style, self._fill(below) if own is None else own)
        if others in self._unmarked:
            return self._unmarked[others]
        return self._with_fill(style, self._fill_beside(style, beside))

    def to_bytes(self) -> bytes:
        """The part with the fills and styles that were added."""
        for group, known in ((self._fills, self._colours), (self._styles, self._looks)):
            if len(known) > len(group.children):
                self._part.set_attributes(group, count=str(len(known)))
        return self._part.to_bytes()

    def _colour(self, fill: int) -> str:
        """The colour of a fill; empty for one that is not plain, or not there."""
        return self._colours[fill] if fill < len(self._colours) else ""

    def _look_of(self, style: Element) -> _Look:
        given = style.attributes.items()
        others = frozenset(pair for pair in given if pair[0] not in ("fillId", "applyFill"))
        parts = tuple(map(self._part.source, style.children))
        return _Look((others, parts), int(style.attributes.get("fillId", 0)))

    def _with_fill(self, style: int, fill: int) -> int:
        """The number of the style that is as ``style`` but for its fill."""
        look = self._looks[style]._replace(fill=fill)
        if look not in self._style_of:
            own = self._part.source(self._styles.children[style])
            self._part.append(self._styles, with_attributes(own, fillId=str(fill), applyFill="1"))
            self._style_of[look] = len(self._looks)
            self._looks.append(look)
        return self._style_of[look]

    def _fill(self, colour: str) -> int:
        """The number of the plain fill of that colour."""
        if colour not in self._fill_of:
            self._part.append(self._fills, _FILL.format(colour))
            self._fill_of[colour] = len(self._colours)
            self._colours.append(colour)
        return self._fill_of[colour]

    def _fill_beside(self, style: int, beside: Iterable[int]) -> int:
        """The number of the fill that most cells have that have the same lines around them."""
        own = self._styles.children
        border = own[style].attributes.get("borderId")
        fills = Counter(
            self._looks[other].fill
            for other in beside
            if other < len(own) and own[other].attributes.get("borderId") == border
        )
        return max(fills, key=fills.__getitem__, default=0)


def _backwards(values: Sequence[Entry]) -> list[tuple[int, Entry]]:
    """Values with their numbers, the last one first: of equal ones the first is kept."""
    return [*enumerate(values)][::-1]


def _colour_of(fill: Element) -> str:
    """The colour of a fill: white for none, and empty for one that is not plain."""
    patterns = fill.children_named("patternFill")
    if not patterns:
        return ""
    kind = patterns[0].attributes.get("patternType", "none")
    if kind == "none":
        return _WHITE
    colours = [colour.attributes.get("rgb", "") for colour in patterns[0].children_named("fgColor")]
    found = _RGB.fullmatch(colours[0]) if kind == "solid" and colours else None
    return found[1].upper() if found else ""
