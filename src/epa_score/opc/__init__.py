"""The package of a workbook (OPC): its parts by name and relationship, unpacked one by one.

Only the parts that a form is read from are unpacked: nothing else in the file can make it
unreadable, be it damaged, huge or hostile.
"""

import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from posixpath import basename, dirname, join, normpath
from typing import NamedTuple
from urllib.parse import unquote

from epa_score.diagnostics import Kind
from epa_score.opc.part_xml import (
    Handler,
    PartParser,
    WorkbookRefusedError,
    damaged,
    most_elements,
    names_in_worksheets,
    parse_content,
)

__all__ = [
    "BOUNDS",
    "Archive",
    "Bounds",
    "Handler",
    "WorkbookRefusedError",
    "damaged",
    "names_in_worksheets",
    "parse_content",
    "part_key",
    "relationships_part",
    "resolve_target",
]

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


_MOST_PARTS = 20_000
_PIECE = 65_536
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 1
"""The flag of a member that is packed with a password."""
_UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error, EOFError, OSError),
    *(RuntimeError, ValueError),  # of a member that does not lie in the file
)
"""What is raised for a part that cannot be unpacked."""


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
        content = self.small_content(name)
        if content is not None:
            self._elements -= most_elements(content)
            if self._elements < 0:
                raise WorkbookRefusedError(Kind.WORKBOOK_TOO_LARGE)
            parse_content(name, content, handler)
            return
        parser = PartParser(name, handler, self._elements)
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
            raise damaged("twice", part=f"{relationships_part(self._part)}, {own}")
        self._ids.add(own)
        if attributes.get("TargetMode") == "External":
            return
        place = resolve_target(self._part, attributes.get("Target", ""))
        kind = attributes.get("Type", "").rpartition("/")[2]
        self.found.append(Relationship(own, kind, place))

    def end(self, _name: str, _text: str, _depth: int) -> None:
        """Relationships hold nothing."""


def part_key(name: str) -> str:
    """A name of a part as it is compared: programs write ``%20``, backslashes, or another case."""
    return normpath(unquote(name).replace("\\", "/")).lstrip("/").casefold()


def relationships_part(part: str) -> str:
    """The name of the part that lists the relationships of another one, or of the package."""
    return join(dirname(part), "_rels", f"{basename(part)}.rels")


def resolve_target(part: str, target: str) -> str:
    """The name of the part that a relationship of ``part`` leads to."""
    return normpath(join("/", dirname(part), target.replace("\\", "/"))).lstrip("/")
