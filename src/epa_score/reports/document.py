"""A document of paragraphs, tables and room to write in, before anyone chose a format."""

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from epa_score.reports.table import Table

Role = Literal[
    "title",
    "address",
    "text",
    "lead",
    "heading",
    "subheading",
    "annexes",
    "signature",
    "annex",
    "note",
]
"""The part of a paragraph in an official document.

``address`` names who it goes to, ``lead`` is text that stays with what follows, ``annexes`` lists
what is attached, and ``annex`` marks that.
"""


class Paragraph(NamedTuple):
    """A text and its part in the document."""

    text: str
    role: Role = "text"


class AnswerRoom(NamedTuple):
    """Room in which somebody answers by hand, below a title, with so many lines to write on."""

    title: str
    lines: int
    signatures: tuple[str, ...] = ()
    """What stands at its end, each with room behind it."""


Block = Paragraph | Table | AnswerRoom


Part = Sequence[Block]
"""Blocks that begin on a page of their own."""


class Document(NamedTuple):
    """Parts under a title, in the language of a catalogue."""

    title: str
    language: str
    parts: Iterable[Part]
    is_handed_out: bool = False
    """True where each part is handed out by itself: its pages are counted from 1."""
