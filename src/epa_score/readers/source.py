"""One file that was read: its text, its plain values, and where each of them stands."""

import errno
import os
import re
import stat
from codecs import BOM_UTF8
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, NamedTuple, Protocol

from epa_score.diagnostics import Diagnostic, Finding, Kind, Location, Place, Spot
from epa_score.diagnostics.finding import Key
from epa_score.model.form_record import FormRecord

SELF_SCORE = "self_score"
"""The key of what the unit gave itself, below an item; also the name of its column on forms."""

SELF_SCORES = ("self_scores",)
"""The place of the column of self scores on a form."""

MOST_FINDINGS = 200
"""The most findings of one file that are shown."""


class Span(Protocol):
    """Anything that knows the lines and columns (from 0) where it starts and ends."""

    start_mark: Any
    end_mark: Any


class SourceCell(NamedTuple):
    """A cell of a workbook: its name for people, such as ``评分表!E7``, and its numbers from 1."""

    name: str
    row: int
    column: int


class ShownSum(NamedTuple):
    """A sum that a form shows: its text, unless it follows the points, and its number formats."""

    text: str
    formats: Sequence[str] = ()
    follows: bool = False


Marks = Any
"""The span of a scalar, or a pair of a container's span and its children's marks: for a mapping
a dict of key to (span of the key, marks of the value), for a list the marks of its entries."""


@dataclass(slots=True)
class Source:
    """The values of a file beside their places: a text has marks, a form in a workbook cells."""

    path: str
    """The path under which the file is reported."""
    text: str = ""
    """The text, where the file is one."""
    value: Any = None
    """Dicts, lists, text and ``None``."""
    marks_in: Callable[[str], Marks] | None = None
    """Finds the marks in the text: most files are sound, and theirs are never asked for."""
    findings: list[Finding] = field(default_factory=list)
    """All that was wrong on the way to the values."""
    repeated: set[str] = field(default_factory=set)
    """Keys that stand twice."""
    cells: Mapping[tuple[Key, ...], SourceCell] | None = None
    """The cells of a form by the keys of their place; ``None`` for a text."""
    unread: set[str] = field(default_factory=set)
    """Items of a form whose cells hold no plain number."""
    form: FormRecord | None = None
    """The form that the values stand on, where it is one, as it was handed out."""
    read_as: "Callable[[Sequence[FormRecord]], Source] | None" = None
    """Reads a worksheet as a form of one of some records, where the file has none for it."""
    part: str = ""
    """The part of the file that the values stand in, where it holds several sheets."""
    sums: Mapping[str, ShownSum] = field(default_factory=dict)
    """The sums that a form shows, by section; empty for the total."""
    points_beside: dict[str, ShownSum] = field(default_factory=dict)
    """The points that somebody wrote beside adjustments of a form, which their facts give."""

    def diagnose(self, findings: Sequence[Finding]) -> list[Diagnostic]:
        """Resolve places: the one moment where lines and columns are looked up.

        Of very many findings in one file the first are shown, and how many more there are.
        """
        lines = split_lines(self.text)
        marks = self.marks_in(self.text) if self.marks_in and findings else None
        shown = []
        for finding in findings[:MOST_FINDINGS]:
            if self.cells is not None:
                where = self._cell_location(finding.place)
            else:
                where = self._text_location(_spot_of_place(finding.place, marks), lines)
            shown.append(finding.at(where._replace(item=_item_of(finding.place))))
        if len(findings) > MOST_FINDINGS:
            more = {"number": len(findings) - MOST_FINDINGS}
            where = Location(self.path, part=self.part)
            shown.append(Diagnostic(Kind.MORE_FINDINGS, where, dict(more)))
        return shown

    def _cell_location(self, place: Place | Spot) -> Location:
        """The cell of a place or of its nearest ancestor that has one."""
        keys = place.keys if isinstance(place, Place) else ()
        cells = self.cells or {}
        while keys and keys not in cells:
            keys = keys[:-1]
        cell = cells[keys]
        return Location(self.path, cell.row, cell.column, cell=cell.name, part=self.part)

    def _text_location(self, spot: Spot | None, lines: list[str]) -> Location:
        if spot is None:
            return Location(self.path, part=self.part)
        if spot.line > len(lines):  # what is missing at the end of the file
            end = len(lines[-1]) + 1
            spot = Spot(len(lines), end, end + 1)
        numbers = range(max(spot.line - 1, 1), spot.line + 1)
        excerpt = tuple((number, lines[number - 1]) for number in numbers)
        return Location(self.path, *spot, excerpt)


_ITEM = re.compile("[A-Za-z][0-9]{1,3}")
_OF_ITEMS = frozenset({"scores", "adjustments", "veto"})


def _item_of(place: Place | Spot) -> str:
    """The item, adjustment or veto that a place is about; empty for any other place."""
    keys = place.keys if isinstance(place, Place) else ()
    is_item = len(keys) > 1 and keys[0] in _OF_ITEMS and _ITEM.fullmatch(str(keys[1]))
    return str(keys[1]) if is_item else ""


def _spot_of_place(place: Place | Spot, marks: Marks) -> Spot | None:
    """The spot of a place or of its nearest ancestor that the file holds."""
    if isinstance(place, Spot):
        return place
    if marks is None:
        return None
    node, key_span = marks, None
    part = place.part
    for key in place.keys:
        children = node[1] if type(node) is tuple else None
        if isinstance(children, dict) and key in children:
            key_span, node = children[key]
        elif isinstance(children, list) and isinstance(key, int) and key < len(children):
            key_span, node = None, children[key]
        else:
            part = "value"
            break
    value_span = node[0] if type(node) is tuple else node
    is_long = type(node) is tuple or value_span.start_mark.index == value_span.end_mark.index
    return spot_of(key_span if key_span and (part == "key" or is_long) else value_span)


def spot_of(span: Span) -> Spot:
    """The spot of a span; one over several lines ends with its first line."""
    start, end = span.start_mark, span.end_mark
    width = end.column - start.column if end.line == start.line else 1
    return Spot(start.line + 1, start.column + 1, start.column + 1 + max(width, 1))


def split_lines(text: str) -> list[str]:
    """Lines as YAML counts them: after CR LF, LF or CR."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


MOST_BYTES = 1_000_000
"""The size of a file that is still read."""

_OPEN = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
"""A file as it is; opening a pipe does not wait for somebody who writes."""

_CHINESE = "[\u4e00-\u9fff]"
_LAST_ASCII = 0x7F
_MOST_SHOWN = 20
_FORBIDDEN = "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]"


def read_bytes(path: str, most: int = MOST_BYTES) -> bytes:
    """The bytes of a file, at most one more than ``most``.

    Raises `OSError`, also for what is no regular file: reading a pipe would wait for ever.
    """
    descriptor = os.open(path, _OPEN)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), path)
        data = os.read(descriptor, min(status.st_size, most) + 1)
        while len(data) != status.st_size and len(data) <= most:  # it changes meanwhile
            more = os.read(descriptor, most + 1 - len(data))
            if not more:
                break
            data += more
        return data
    finally:
        os.close(descriptor)


def decode(path: str, data: bytes, most: int = MOST_BYTES) -> Source:
    """A source with its text; without one, its findings say why.

    The text is UTF-8, with or without BOM, and has no character that YAML forbids or takes
    for the end of a line.
    """
    if len(data) > most:
        return _refuse(path, Kind.FILE_TOO_LARGE, {"most": most // 1_000_000})
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or data.count(b"\0") * 10 > len(data):
        return _refuse(path, Kind.UTF16_FILE, {"encoding": "UTF-16"})
    try:
        text = data.removeprefix(BOM_UTF8).decode()
    except UnicodeDecodeError as error:
        return _report_not_utf8(path, data, error)
    if not text or text.isspace():
        return _refuse(path, Kind.FILE_EMPTY, {})
    if text.replace("\n", "").isprintable() or not re.search(_FORBIDDEN, text):
        return Source(path=path, text=text)
    return Source(
        path=path,
        text=text,
        findings=[
            Finding(
                Kind.FORBIDDEN_CHARACTER,
                _spot_at(text, match.start()),
                {"character": _code_point(match[0])},
            )
            for match in islice(re.finditer(_FORBIDDEN, text), _MOST_SHOWN)
        ],
    )


def _refuse(path: str, kind: Kind, parameters: dict[str, str | int]) -> Source:
    return Source(path=path, findings=[Finding(kind, Place(), dict(parameters))])


def _report_not_utf8(path: str, data: bytes, error: UnicodeDecodeError) -> Source:
    """Report GBK at its first Chinese character, else the first byte that is damaged."""
    body = data.removeprefix(BOM_UTF8)
    text, variant, at = body.decode("utf-8", "replace"), "", error.start
    if len(re.findall(_CHINESE, text)) <= text.count("\ufffd"):
        with suppress(UnicodeDecodeError):
            text, variant = body.decode("gb18030"), "gbk"
            at = next(index for index, byte in enumerate(body) if byte > _LAST_ASCII)
    spot = _spot_at(text, len(body[:at].decode("utf-8", "replace")))
    finding = Finding(Kind.NOT_UTF8, spot, {"byte": f"0x{body[at]:02X}"}, variant)
    return Source(path=path, text=text, findings=[finding])


def _spot_at(text: str, index: int) -> Spot:
    lines = split_lines(text[: index + 1])
    return Spot(len(lines), len(lines[-1]), len(lines[-1]) + 1)


def _code_point(character: str) -> str:
    return f"U+{ord(character):04X}"
