"""The file of a Word document: equal bytes for equal documents, and whether it is as written."""

import re
import zipfile
from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from typing import Any, BinaryIO

_CORE, _MAIN = "docProps/core.xml", "word/document.xml"
_BODY = re.compile(rb"<w:body>.*</w:body>", re.DOTALL)
_MOST = 65_536
"""Bytes of the properties, of which no program writes more."""
_CREATED = datetime(2018, 1, 1, tzinfo=UTC)
_UNKNOWN = "sha256:unknown"
_MADE_BY = re.compile(rb"creator>epa-score [0-9]+\.[0-9]")
_MARK = re.compile(rb"identifier>sha256:([0-9a-f]{64})<")


def save_package(document: Any, body: Iterable[str], file: BinaryIO, generator: str) -> None:
    """Write a document with a body, the name of what made it, and the digest of its parts.

    The properties come last, as the digest stands in them.
    """
    properties = document.core_properties
    properties.author = generator
    properties.last_modified_by = ""
    properties.comments = ""
    properties.keywords = ""
    properties.identifier = _UNKNOWN
    properties.created = properties.modified = _CREATED
    buffer = BytesIO()
    document.save(buffer)
    with zipfile.ZipFile(buffer) as source, zipfile.ZipFile(file, "w") as copy:
        for member in sorted(source.infolist(), key=lambda member: member.filename == _CORE):
            data = source.read(member)
            entry = zipfile.ZipInfo(member.filename)
            entry.compress_type = zipfile.ZIP_DEFLATED
            with copy.open(entry, "w") as part:
                if member.filename == _MAIN:
                    begin, end = _BODY.split(data)
                    part.write(begin + b"<w:body>")
                    part.writelines(piece.encode() for piece in body)
                    part.write(b"</w:body>" + end)
                elif member.filename == _CORE:
                    known = f"sha256:{_digest(copy)}".encode()
                    part.write(data.replace(_UNKNOWN.encode(), known))
                else:
                    part.write(data)


def is_as_written(file: BinaryIO) -> bool:
    """True for a document of this tool that nobody has changed, or saved again, since."""
    try:
        with zipfile.ZipFile(file) as archive, archive.open(_CORE) as core:
            told = core.read(_MOST)
            found = _MARK.search(told) if _MADE_BY.search(told) else None
            return found is not None and found[1].decode() == _digest(archive)
    except (zipfile.BadZipFile, KeyError, OSError, ValueError, NotImplementedError, RuntimeError):
        return False


def _digest(archive: zipfile.ZipFile) -> str:
    """A digest of the names, sizes and checksums of all parts but the properties."""
    parts = (
        f"{member.filename}\n{member.file_size}\n{member.CRC}\n"
        for member in sorted(archive.infolist(), key=lambda member: member.filename)
        if member.filename != _CORE
    )
    return sha256("".join(parts).encode()).hexdigest()
