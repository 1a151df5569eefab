"""Where something is wrong: a symbolic `Place` first, a `Location` in the file at the end."""

from typing import Literal, NamedTuple

Key = str | int


class Place(NamedTuple):
    """A place by the keys that lead to it, before anyone looked at line numbers.

    ``part`` says whether the key itself or its value is meant. A place that the file does not
    hold stands for its nearest ancestor that it does.
    """

    keys: tuple[Key, ...] = ()
    part: Literal["key", "value"] = "value"


class Spot(NamedTuple):
    """A place found by reading raw lines: line, column and end column, all from 1."""

    line: int
    column: int
    end_column: int


class Location(NamedTuple):
    """A place in a file as people see it: lines and columns from 1, columns in code points.

    ``excerpt`` holds the numbered source lines to show, the marked one last. In a workbook
    ``cell`` names the place, such as ``评分表!E7``; line and column are its numbers.
    """

    path: str
    line: int | None = None
    column: int | None = None
    end_column: int | None = None
    excerpt: tuple[tuple[int, str], ...] = ()
    cell: str = ""

    def __str__(self) -> str:
        """``path:line:column``, as editors understand it, or the path and the cell."""
        if self.cell:
            return f"{self.path} {self.cell}"
        known = (part for part in (self.path, self.line, self.column) if part is not None)
        return ":".join(map(str, known))
