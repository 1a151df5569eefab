"""The package of a workbook (OPC): its parts by name and relationship, unpacked one by one.

Only the parts that a form is read from are unpacked: nothing else in the file can make it
unreadable, be it damaged, huge or hostile.
"""

import codecs
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from io import BytesIO
from posixpath import basename, dirname, join, normpath
from typing import NamedTuple, Protocol
from urllib.parse import unquote
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
    elements: int = 700_000


BOUNDS = Bounds()
"""Those of forms."""


_MOST_DEPTH = 100
_MOST_PARTS = 20_000
_LONGEST_TEXT = 100_000
_PIECE = 65_536
_ENCODINGS = frozenset({"utf-8", "utf8", "utf-16", "utf-16le", "utf-16be", "us-ascii", "ascii"})
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 1
"""The flag of a member that is packed with a password."""
_UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error, EOFError, OSError),
    *(RuntimeError, ValueError),  # of a member that does not lie in the file
)
"""What is raised for a part that cannot be unpacked."""
_MOST_NAMES = 10_000
"""Names of elements and attributes in one part; the whole standard has some hundreds."""
_LONGEST_TAG = 2_000_000
"""Bytes of an element with its attributes, or of a comment."""


class WorkbookRefusedError(Exception):
    """A file that is not read as a form; the finding says why."""

    def __init__(
        self, kind: Kind, parameters: Mapping[str, Parameter] | None = None, variant: str = ""
    ) -> None:
        """Say why."""
        super().__init__(kind)
        self.finding = Finding(kind, Place(), dict(parameters or {}), variant)


class Handler(Protocol):
    """Hears of the elements of one part, by their local names."""

    def start(self, name: str, attributes: dict[str, str], depth: int) -> None:
        """An element begins; names of other namespaces than those that are known are empty."""

    def end(self, name: str, text: str, depth: int) -> None:
        """An element ends, with the text since the last element in it, if there is any."""


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
            raise damaged("") from error
        members = self._archive.infolist()
        if len(members) > _MOST_PARTS:
            raise WorkbookRefusedError(Kind.WORKBOOK_TOO_LARGE)
        self._members: dict[str, zipfile.ZipInfo] = {}
        for member in members:
            if self._members.setdefault(part_key(member.filename), member) is not member:
                raise damaged("twice", part=member.filename)

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
            raise damaged("missing", part=name)
        if member.flag_bits & _ENCRYPTED:
            raise WorkbookRefusedError(Kind.NOT_A_WORKBOOK, variant="sealed")
        if member.compress_type not in _PACKED:
            raise damaged("packing", part=name)
        said, member.file_size, size = member.file_size, MOST_BYTES * 10, 0
        try:
            with self._archive.open(member) as unpacked:
                while piece := unpacked.read(_PIECE):
                    size += len(piece)
                    if size > self._left:
                        raise WorkbookRefusedError(Kind.WORKBOOK_TOO_LARGE)
                    yield piece
        except _UNREADABLE as error:
            raise damaged("part", part=name) from error
        finally:
            member.file_size = said
        if size != said:
            raise damaged("size", part=name)
        self._left -= size


def damaged(variant: str, **about: Parameter) -> WorkbookRefusedError:
    """The refusal of a workbook that is damaged, or says something that cannot be relied on.

    The ``variant`` says what is wrong, empty where nothing of the archive can be read.
    """
    return WorkbookRefusedError(Kind.WORKBOOK_DAMAGED, about, variant)


_OF_ROOT = 2
"""How deep the relationships of a part lie."""


class _Relationships:
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
            raise damaged("twice", part=f"{relationships_part(self._part)}, {own}")
        self._ids.add(own)
        if attributes.get("TargetMode") == "External":
            return
        place = resolve_target(self._part, attributes.get("Target", ""))
        kind = attributes.get("Type", "").rpartition("/")[2]
        self.found.append(Relationship(own, kind, place))

    def end(self, name: str, text: str, depth: int) -> None:
        """Relationships hold nothing."""


_NAMESPACES = frozenset(
    {
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        "http://purl.oclc.org/ooxml/spreadsheetml/main",
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


class _Parser:
    """Expat over one part, within bounds; documents with a type are refused."""

    def __init__(self, part: str, handler: Handler, left: int) -> None:
        self.left = left
        self._part = part
        self._is_first = True
        self._fed = 0
        self._names: dict[str, str] = {}
        parser = expat.ParserCreate(namespace_separator="}", intern=self._names)
        parser.buffer_text = True
        self._listen(parser, handler)
        parser.XmlDeclHandler = self._declaration
        parser.StartDoctypeDeclHandler = self._doctype
        self._parser = parser

    def feed(self, piece: bytes, *, is_last: bool) -> None:
        """Parse the next bytes. Raises `WorkbookRefusedError`."""
        is_utf16 = self._is_first and b"\0" in piece[:2]
        if is_utf16 and not piece.startswith(_UTF16_MARKS):
            raise damaged("encoding", part=self._part, encoding="UTF-16, no BOM")
        self._is_first = False
        try:
            self._parser.Parse(piece, is_last)
        except expat.ExpatError as error:
            line, column = error.lineno, error.offset + 1
            raise damaged("xml", part=self._part, line=line, column=column) from error
        self._fed += len(piece)
        waiting = self._fed - self._parser.CurrentByteIndex
        if len(self._names) > _MOST_NAMES or waiting > _LONGEST_TAG:
            raise WorkbookRefusedError(Kind.WORKBOOK_TOO_LARGE)

    def _listen(self, parser: expat.XMLParserType, handler: Handler) -> None:
        """Tell the handler of each element and its text, by functions that need few lookups."""
        hear_start, hear_end = handler.start, handler.end
        names: dict[str, str] = {}
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
            if name not in names:
                names[name] = _local(name)
            hear_start(names[name], attributes, depth)

        def end(name: str) -> None:
            nonlocal depth
            text = ""
            if texts:
                text = "".join(texts)
                texts.clear()
                if len(text) > _LONGEST_TEXT:
                    raise WorkbookRefusedError(Kind.WORKBOOK_TOO_LARGE)
            hear_end(names[name], text, depth)
            depth -= 1

        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.CharacterDataHandler = texts.append

    def _declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding and encoding.lower() not in _ENCODINGS:
            raise damaged("encoding", part=self._part, encoding=encoding)

    def _doctype(self, *_: object) -> None:
        raise damaged("doctype", part=self._part)


def _local(name: str) -> str:
    """The name of an element without its namespace; nothing in one that has nothing to read."""
    space, _, local = name.rpartition("}")
    prefix = "" if space in _NAMESPACES else _EXTENSIONS.get(space)
    return "" if prefix is None else prefix + local


def parse_content(name: str, content: bytes, handler: Handler) -> None:
    """Let a handler hear of the elements in a content. Raises `WorkbookRefusedError`."""
    parser = _Parser(name, handler, BOUNDS.elements)
    parser.feed(content, is_last=False)
    parser.feed(b"", is_last=True)


def part_key(name: str) -> str:
    """A name of a part as it is compared: programs write ``%20``, backslashes, or another case."""
    return normpath(unquote(name).replace("\\", "/")).lstrip("/").casefold()


def relationships_part(part: str) -> str:
    """The name of the part that lists the relationships of another one, or of the package."""
    return join(dirname(part), "_rels", f"{basename(part)}.rels")


def resolve_target(part: str, target: str) -> str:
    """The name of the part that a relationship of ``part`` leads to."""
    return normpath(join("/", dirname(part), target.replace("\\", "/"))).lstrip("/")
