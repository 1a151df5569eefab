"""The look of marked cells: their own, on the colour of a mark."""

from functools import cached_property

from epa_score.exporters.xlsx.marks.package import Element, XmlPart, retagged

COLOUR = "FFFFB266"
"""An orange that neither the yellow of cells to fill in nor the red of an alarm is taken for."""

_FILL = (
    f'<fill><patternFill patternType="solid"><fgColor rgb="{COLOUR}"/>'
    '<bgColor indexed="64"/></patternFill></fill>'
)


class MarkStyles:
    """The styles of a workbook, with marked ones added where they are needed."""

    def __init__(self, data: bytes) -> None:
        """Read the part of the styles. Raises `LookupError` where it lists none."""
        self._part = XmlPart(data)
        self._fills = self._part.root.only("fills")
        self._styles = self._part.root.only("cellXfs")
        self._fill = self._known_fill()
        self._made: dict[int, int] = {}

    def marked(self, style: int) -> int:
        """The number of the style that is as ``style``, on the colour of a mark.

        Raises `LookupError` for a style that is not there.
        """
        known = self._styles.children
        if known[style].attributes.get("fillId") == str(self._fill):
            return style
        if style not in self._made:
            own = retagged(self._part.source(known[style]), fillId=str(self._fill), applyFill="1")
            self._part.append(self._styles, own)
            self._made[style] = len(known) + len(self._made)
        return self._made[style]

    def unmarked(self, style: int) -> int:
        """The number of a style that differs from a marked one in its colour alone.

        The first one is most likely what the cell had; without any it stays as it is.
        """
        own = self._styles.children[style]
        marked = own.attributes.get("fillId") == str(self._fill)
        return self._unmarked.get(self._shape(own), style) if marked else style

    @cached_property
    def _unmarked(self) -> dict[object, int]:
        """The first style of each shape that is not on the colour of a mark."""
        known = list(enumerate(self._styles.children))
        return {
            self._shape(one): number
            for number, one in reversed(known)
            if one.attributes.get("fillId") != str(self._fill)
        }

    def _shape(self, style: Element) -> object:
        """All of a style but its fill."""
        others = {
            pair for pair in style.attributes.items() if pair[0] not in ("fillId", "applyFill")
        }
        return frozenset(others), tuple(map(self._part.source, style.children))

    def changed(self) -> bytes:
        """The part with the styles that were added."""
        if self._made:
            self._part.set(self._styles, count=str(len(self._styles.children) + len(self._made)))
        return self._part.changed()

    def _known_fill(self) -> int:
        """The number of the fill of marks, which a copy that was marked before has already."""
        fills = self._fills.children
        for number, one in enumerate(fills):
            if f'"{COLOUR}"'.encode() in self._part.source(one):
                return number
        self._part.append(self._fills, _FILL)
        self._part.set(self._fills, count=str(len(fills) + 1))
        return len(fills)
