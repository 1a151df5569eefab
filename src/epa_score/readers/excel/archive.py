"""The archive of a workbook: parts named once, as large as they say, and none too large."""

import zipfile
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from typing import NamedTuple, Protocol
from xml.parsers import expat

from epa_score.diagnostics import Finding, Kind, Parameter, Place


class WorkbookRefusedError(Exception):
    """A file that is not read as a form; the finding says why."""

    def __init__(
        self, kind: Kind, parameters: Mapping[str, Parameter] | None = None, variant: str = ""
    ) -> None:
        """Say why."""
        super().__init__(kind)
        self.finding = Finding(kind, Place(), dict(parameters or {}), variant)


MOST_BYTES = 20_000_000
"""Bytes of the file, and of the pictures in it."""

_MOST_XML = 2_500_000
"""Bytes of all XML together once it is unpacked; a form has 50,000."""

_MOST_PARTS = 2000
_PIECE = 65_536
_ENCODINGS = frozenset({"utf-8", "us-ascii", "ascii"})
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class Reader(Protocol):
    """Hears of the elements of one part as an XML parser sees them."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins; its name is ``namespace}name``, as are those of some attributes."""

    def end(self, name: str) -> None:
        """An element ends."""

    def text(self, text: str) -> None:
        """There is text in an element, or a piece of it."""


class _UnreadError(Exception):
    """From here on no reader gets on with a part: openpyxl takes no entities."""


class ArchivePart(NamedTuple):
    """A part: its name, its bytes once it is unpacked, and whether they are XML."""

    name: str
    size: int
    is_xml: bool


def read_parts(data: bytes, reader_of: Callable[[str], Reader]) -> Iterator[ArchivePart]:
    """Unpack every part, and let a reader hear of what is XML, whatever the part is called.

    Raises `WorkbookRefusedError`, and `zipfile.BadZipFile` and others for damaged files.
    """
    left = {True: _MOST_XML, False: MOST_BYTES}
    with zipfile.ZipFile(BytesIO(data)) as archive:
        members = archive.infolist()
        names = {member.filename for member in members}
        if "xl/workbook.xml" not in names:
            raise WorkbookRefusedError(Kind.NOT_A_WORKBOOK)
        if len(names) < len(members):
            raise WorkbookRefusedError(Kind.WORKBOOK_DAMAGED, {"reason": "duplicate part"})
        if len(members) > _MOST_PARTS:
            raise WorkbookRefusedError(Kind.WORKBOOK_TOO_LARGE)
        for member in members:
            part = _read(archive, member, _Parsed(reader_of(member.filename)), left)
            left[part.is_xml] -= part.size
            yield part


def _read(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, parsed: "_Parsed", left: Mapping[bool, int]
) -> ArchivePart:
    """Unpack a part piece by piece: the size in its header may be a lie."""
    if member.compress_type not in _PACKED:
        raise WorkbookRefusedError(Kind.WORKBOOK_DAMAGED, {"reason": "compression"})
    said, member.file_size, size = member.file_size, MOST_BYTES + _PIECE, 0
    with archive.open(member) as unpacked:
        while piece := unpacked.read(_PIECE):
            size += len(piece)
            parsed.feed(piece)
            if size > left[parsed.is_xml]:
                raise WorkbookRefusedError(Kind.WORKBOOK_TOO_LARGE)
    parsed.close()
    if size != said:
        raise WorkbookRefusedError(Kind.WORKBOOK_DAMAGED, {"reason": "size"})
    return ArchivePart(member.filename, size, parsed.is_xml)


class _Parsed:
    """A part while it is parsed, as far as openpyxl would get with it."""

    def __init__(self, reader: Reader) -> None:
        self.is_xml = self._is_over = False
        self._reader = reader
        self._parser = expat.ParserCreate(namespace_separator="}")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._first
        self._parser.EndElementHandler = reader.end
        self._parser.CharacterDataHandler = reader.text
        self._parser.XmlDeclHandler = self._declaration
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.EntityDeclHandler = self._entity

    def feed(self, piece: bytes) -> None:
        """Parse the next bytes."""
        self._parse(piece, is_last=False)

    def close(self) -> None:
        """Parse what was kept back."""
        self._parse(b"", is_last=True)

    def _parse(self, piece: bytes, *, is_last: bool) -> None:
        if self._is_over:
            return
        try:
            self._parser.Parse(piece, is_last)
        except (expat.ExpatError, _UnreadError):
            self._is_over = True

    def _first(self, name: str, attributes: dict[str, str]) -> None:
        self.is_xml = True
        self._parser.StartElementHandler = self._reader.start
        self._reader.start(name, attributes)

    def _declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding and encoding.lower() not in _ENCODINGS:
            raise WorkbookRefusedError(Kind.WORKBOOK_DAMAGED, {"reason": "encoding"})

    def _doctype(self, name: str, *_: object) -> None:
        if name != "svg":  # there it is common, and means nothing
            raise WorkbookRefusedError(Kind.WORKBOOK_DAMAGED, {"reason": "DOCTYPE"})

    def _entity(self, *_: object) -> None:
        raise _UnreadError
