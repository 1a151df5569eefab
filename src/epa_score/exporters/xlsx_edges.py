"""The outer lines of a table, which are thicker than those within."""

from typing import NamedTuple

_MEDIUM = 2
"""The thicker line, by the number that XlsxWriter knows it by."""

EDGES: dict[str, dict[str, object]] = {
    f"{side} edge": {side: _MEDIUM} for side in ("left", "right", "top", "bottom")
}
"""The styles of cells at the outer lines."""


class Frame(NamedTuple):
    """The rows and columns that the outer lines run around, from 0, the last ones included."""

    top: int
    left: int
    bottom: int
    right: int

    def edges(self, row: int, left: int, right: int | None = None) -> tuple[str, ...]:
        """The styles of the sides at which a cell, or several merged ones, meet the outer lines."""
        if not self.top <= row <= self.bottom:
            return ()
        sides = {
            "left edge": left == self.left,
            "right edge": (left if right is None else right) == self.right,
            "top edge": row == self.top,
            "bottom edge": row == self.bottom,
        }
        return tuple(name for name, met in sides.items() if met)
