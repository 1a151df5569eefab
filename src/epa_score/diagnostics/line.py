"""A line of text for a terminal."""

from typing import Literal, NamedTuple

Style = Literal["error", "warning", "source", "label", "note"]


class Line(NamedTuple):
    """A line of text with its style."""

    text: str
    style: Style
