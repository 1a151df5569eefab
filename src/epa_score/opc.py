"""The package of a workbook (OPC): its parts by name and relationship, unpacked one by one.

Only the parts that a form is read from are unpacked: nothing else in the file can make it
unreadable, be it damaged, huge or hostile.
"""

import codecs
import zipfile
import zlib
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from functools import lru_cache
from io import BytesIO
from posixpath import basename, dirname, join, normpath
from typing import NamedTuple
from urllib.parse import unquote
from xml.etree.ElementTree import Element, ParseError, XMLParser
from xml.parsers import expat

from epa_score.diagnostics import Finding, Kind, Parameter, Place

MOST_BYTES = 20_000_000
"""Bytes of the file."""


class Bounds(NamedTuple):
    """Bounds of what is read: bytes of the file, bytes of all parts together, their elements.

    The parts of a form have 50,000 bytes.
    """

    file: int = MOST_BYTES
    unpacked: int = 40_000_000
    elements: int = 1_500_000


BOUNDS = Bounds()
"""Those of forms."""


_MOST_DEPTH = 100
_MOST_PARTS = 20_000
_LONGEST_TEXT = 100_000
_PIECE = 65_536
_PROLOG = 512
"""Bytes in which all that comes before the first element nearly always is."""

_ENCODINGS = frozenset({"utf-8", "utf8", "utf-16", "utf-16le", "utf-16be", "us-ascii", "ascii"})
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class WorkbookRefusedError(Exception):
    """A file that is not read as a form; the finding says why."""

    def __init__(
        self, kind: Kind, parameters: Mapping[str, Parameter] | None = None, variant: str = ""
    ) -> None:
        """Say why."""
        super().__init__(kind)
        self.finding = Finding(kind, Place(), dict(parameters or {}), variant)


class Handler(ABC):
    """Hears of the elements of one part, by their local names.

    Those called ``whole`` it may `take` with all that is in them, which is quicker.
    """

    whole = ""

    @abstractmethod
    def start(self, name: str, attributes: dict[str, str], depth: int) -> None:
        """An element begins; names of other namespaces than those that are known are empty."""

    @abstractmethod
    def end(self, name: str, text: str, depth: int) -> None:
        """An element ends, with the text since the last element in it, if there is any."""

    def take(self, _element: Element, _depth: int) -> bool:
        """Take an element that is as most are; false, and nothing done, for any other."""
        return False


class Relationship(NamedTuple):
    """A reference from a part to another: its id, the last word of its type, and the target."""

    id: str
    type: str
    target: str


class Archive:
    """The parts of a package by their names, without regard to case."""

    def __init__(self, data: bytes, bounds: Bounds = BOUNDS) -> None:
        """List the parts. Raises `WorkbookRefusedError` for what is no archive."""
        self._left = bounds.unpacked
        self._elements = bounds.elements
        try:
            self._archive = zipfile.ZipFile(BytesIO(data))
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise _damaged(str(error)) from error
        members = self._archive.infolist()
        if len(members) > _MOST_PARTS:
            raise WorkbookRefusedError(Kind.WORKBOOK_TOO_LARGE)
        self._members = {part_key(member.filename): member for member in members}
        if len(self._members) < len(members):
            raise _damaged("duplicate part")

    def __contains__(self, name: str) -> bool:
        return part_key(name) in self._members

    def relationships(self, part: str) -> list[Relationship]:
        """The references of a part to parts of the same package, none where it has none."""
        name = relationships_part(part)
        if name not in self:
            return []
        handler = _Relationships(part)
        self.parse(name, handler)
        return handler.found

    def parse(self, name: str, handler: Handler) -> None:
        """Let a handler hear of the elements of a part.

        Raises `WorkbookRefusedError` for a part that is missing, damaged, too large, or declares a
        document type, by which entities could be made.
        """
        content = self.small_content(name)
        if content is not None:
            self._elements -= _most_elements(content)
            if self._elements < 0:
                raise WorkbookRefusedError(Kind.WORKBOOK_TOO_LARGE)
            parse_content(name, content, handler)
            return
        parser = _Parser(name, handler, self._elements)
        for piece in self._unpacked(name):
            parser.feed(piece, is_last=False)
        parser.feed(b"", is_last=True)
        self._elements = parser.left

    def small_content(self, name: str) -> bytes | None:
        """The content of a part, where it is so small that it may be compared with others.

        Raises `WorkbookRefusedError` as `parse` does.
        """
        member = self._members.get(part_key(name))
        if member is None or member.file_size > _PIECE:
            return None
        return b"".join(self._unpacked(name))

    def _unpacked(self, name: str) -> Iterator[bytes]:
        """The content of a part, piece by piece. Raises `WorkbookRefusedError`."""
        member = self._members.get(part_key(name))
        if member is None:
            raise _damaged(f"{name}: missing")
        if member.compress_type not in _PACKED:
            raise _damaged("compression")
        said, member.file_size, size = member.file_size, MOST_BYTES * 10, 0
        try:
            with self._archive.open(member) as unpacked:
                while piece := unpacked.read(_PIECE):
                    size += len(piece)
                    if size > self._left:
                        raise WorkbookRefusedError(Kind.WORKBOOK_TOO_LARGE)
                    yield piece
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError) as error:
            raise _damaged(f"{name}: {error}") from error
        finally:
            member.file_size = said
        if size != said:
            raise _damaged("size")
        self._left -= size


def _damaged(reason: str) -> WorkbookRefusedError:
    return WorkbookRefusedError(Kind.WORKBOOK_DAMAGED, {"reason": reason})


_OF_ROOT = 2
"""How deep the relationships of a part lie."""


class _Relationships(Handler):
    """The relationships in a part; of two with one id nobody knows which is meant."""

    def __init__(self, part: str) -> None:
        self._part = part
        self._ids: set[str] = set()
        self.found: list[Relationship] = []

    def start(self, name: str, attributes: dict[str, str], depth: int) -> None:
        if name != "Relationship" or depth != _OF_ROOT:
            return
        own = attributes.get("Id", "")
        if own in self._ids:
            raise _damaged(f"{relationships_part(self._part)}: {own} twice")
        self._ids.add(own)
        if attributes.get("TargetMode") == "External":
            return
        place = resolve_target(self._part, attributes.get("Target", ""))
        kind = attributes.get("Type", "").rpartition("/")[2]
        self.found.append(Relationship(own, kind, place))

    def end(self, _name: str, _text: str, _depth: int) -> None:
        """Relationships hold nothing."""


_SPREADSHEET = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
_NAMESPACES = frozenset(
    {
        *_SPREADSHEET,
        "http://schemas.openxmlformats.org/package/2006/relationships",
        "http://schemas.openxmlformats.org/markup-compatibility/2006",
    }
)
"""The namespaces of the standard, transitional and strict, in which there is something to read."""


_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
"""What UTF-16 has to begin with; without it some programs take a part for nothing."""

_EXTENSIONS = {
    "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main": "x14:",
    "http://schemas.microsoft.com/office/excel/2006/main": "xm:",
}
"""Namespaces of Excel's own, in which conditions may stand, and what their names begin with."""


def _guarded_parser() -> expat.XMLParserType:
    """A parser that refuses a document type, by which entities could be made, and odd encodings."""
    parser = expat.ParserCreate(namespace_separator="}")
    parser.XmlDeclHandler = _check_declaration
    parser.StartDoctypeDeclHandler = _refuse_document_type
    return parser


def _check_declaration(_version: str, encoding: str | None, _standalone: int) -> None:
    if encoding and encoding.lower() not in _ENCODINGS:
        raise _damaged("encoding")


def _refuse_document_type(*_: object) -> None:
    raise _damaged("DOCTYPE")


def _check_mark(content: bytes) -> None:
    if b"\0" in content[:2] and not content.startswith(_UTF16_MARKS):
        raise _damaged("encoding")


class _Parser:
    """Expat over one part of any size, piece by piece, within bounds."""

    def __init__(self, part: str, handler: Handler, left: int) -> None:
        self.left = left
        self._part = part
        self._is_first = True
        self._parser = _guarded_parser()
        self._parser.buffer_text = True
        self._listen(self._parser, handler)

    def feed(self, piece: bytes, *, is_last: bool) -> None:
        """Parse the next bytes. Raises `WorkbookRefusedError`."""
        if self._is_first:
            _check_mark(piece)
        self._is_first = False
        try:
            self._parser.Parse(piece, is_last)
        except expat.ExpatError as error:
            raise _damaged(f"{self._part}: {error}") from error

    def _listen(self, parser: expat.XMLParserType, handler: Handler) -> None:
        """Tell the handler of each element and its text, by functions that need few lookups."""
        hear_start, hear_end = handler.start, handler.end
        texts: list[str] = []
        depth = 0

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal depth
            depth += 1
            self.left -= 1
            if texts:
                texts.clear()
            if self.left < 0 or depth > _MOST_DEPTH:
                raise WorkbookRefusedError(Kind.WORKBOOK_TOO_LARGE)
            hear_start(_local(name), attributes, depth)

        def end(name: str) -> None:
            nonlocal depth
            text = ""
            if texts:
                text = "".join(texts)
                texts.clear()
                if len(text) > _LONGEST_TEXT:
                    raise WorkbookRefusedError(Kind.WORKBOOK_TOO_LARGE)
            hear_end(_local(name), text, depth)
            depth -= 1

        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.CharacterDataHandler = texts.append


@lru_cache(1024)
def _local(name: str) -> str:
    """The name of an element without its namespace; nothing in one that has nothing to read."""
    space, _, local = name.removeprefix("{").rpartition("}")
    prefix = "" if space in _NAMESPACES else _EXTENSIONS.get(space)
    return "" if prefix is None else prefix + local


def names_in_worksheets(local: str) -> tuple[str, ...]:
    """The names of an element with its namespace, in transitional and in strict workbooks."""
    return tuple(f"{{{space}}}{local}" for space in _SPREADSHEET)


def _most_elements(content: bytes) -> int:
    """The number of elements in a content; comments and the like count as some."""
    return content.count(b"<") - content.count(b"</")


def parse_content(name: str, content: bytes, handler: Handler) -> None:
    """Let a handler hear of the elements in a small content. Raises `WorkbookRefusedError`.

    They are all in memory at once, which takes half the time of `_Parser`.
    """
    try:
        _check_prolog(content)
        parser = XMLParser()  # noqa: S314 -- it is small, and the prolog has no document type
        parser.feed(content)
        root = parser.close()
    except (expat.ExpatError, ParseError) as error:
        raise _damaged(f"{name}: {error}") from error
    _tell(handler, root, 1)


def _check_prolog(content: bytes) -> None:
    """Look at what stands before the first element."""
    _check_mark(content)
    roots: list[str] = []
    parser = _guarded_parser()
    parser.StartElementHandler = lambda name, _: roots.append(name)
    for start in range(0, len(content), _PROLOG):
        parser.Parse(content[start : start + _PROLOG], False)  # noqa: FBT003 -- as expat has it
        if roots:
            return


def _tell(handler: Handler, element: Element, depth: int) -> None:
    """Tell a handler of an element and of all in it."""
    if depth > _MOST_DEPTH:
        raise WorkbookRefusedError(Kind.WORKBOOK_TOO_LARGE)
    name = _local(element.tag)
    if name == handler.whole and handler.take(element, depth):
        return
    handler.start(name, element.attrib, depth)
    text = element.text
    for inner in element:
        _tell(handler, inner, depth + 1)
        text = inner.tail
    handler.end(name, text or "", depth)


def part_key(name: str) -> str:
    """A name of a part as it is compared: programs write ``%20``, backslashes, or another case."""
    return normpath(unquote(name).replace("\\", "/")).lstrip("/").casefold()


def relationships_part(part: str) -> str:
    """The name of the part that lists the relationships of another one, or of the package."""
    return join(dirname(part), "_rels", f"{basename(part)}.rels")


def resolve_target(part: str, target: str) -> str:
    """The name of the part that a relationship of ``part`` leads to."""
    return normpath(join("/", dirname(part), target.replace("\\", "/"))).lstrip("/")
