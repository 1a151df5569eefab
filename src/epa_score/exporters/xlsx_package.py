"""The parts of a workbook, and how they refer to each other."""

import zipfile
from collections.abc import Iterator
from io import BytesIO
from itertools import count
from posixpath import basename, dirname, join, normpath
from typing import NamedTuple

from epa_score.exporters.xlsx.marks.package import Element, XmlPart

RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORKBOOK = "xl/workbook.xml"
_TYPES = "[Content_Types].xml"
_NO_RELATIONS = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>'
)


class Added(NamedTuple):
    """The name of a part that was added, and the id of the relation that leads to it."""

    name: str
    identity: str


class Package:
    """The parts of a workbook by their names; what is not replaced is written as it was."""

    def __init__(self, data: bytes) -> None:
        """Read every part. Raises `zipfile.BadZipFile`, `zlib.error` or `RuntimeError`."""
        with zipfile.ZipFile(BytesIO(data)) as archive:
            self._members = {one.filename: one for one in archive.infolist()}
            self._parts = {name: archive.read(name) for name in self._members}

    def __iter__(self) -> Iterator[str]:
        return iter(self._parts)

    def __getitem__(self, name: str) -> bytes:
        """The bytes of a part. Raises `LookupError`."""
        return self._parts[name]

    def __setitem__(self, name: str, data: bytes) -> None:
        self._parts[name] = data

    def packed(self) -> bytes:
        """The file; its members keep their order, names and dates."""
        written = BytesIO()
        with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in self._parts.items():
                archive.writestr(self._members.get(name, zipfile.ZipInfo(name)), data)
        return written.getvalue()

    def related(self, part: str, kind: str) -> dict[str, str]:
        """The parts that a part refers to by a relation of that kind, by the relation's id."""
        return {
            one.attributes["Id"]: _resolved(part, one.attributes["Target"])
            for one in self._relations(part)
            if one.attributes["Type"].endswith(f"/{kind}")
        }

    def add(self, part: str, kind: str, pattern: str, data: bytes, content: str) -> Added:
        """Add a part that ``part`` refers to by a relation of that kind.

        ``pattern`` is its name with ``{}`` for a number that is still free, ``content`` the type
        of what it holds.
        """
        taken = {one.casefold() for one in self._parts}
        names = (pattern.format(number) for number in count(1))
        name = next(one for one in names if one.casefold() not in taken)
        ids = {one.attributes["Id"] for one in self._relations(part)}
        identity = next(one for one in map("rId{}".format, count(1)) if one not in ids)
        target = f'Id="{identity}" Type="{RELATIONS}/{kind}" Target="/{name}"'
        place = _relations_of(part)
        self._parts.setdefault(place, _NO_RELATIONS)
        self._extend(place, f"<Relationship {target}/>")
        self._extend(_TYPES, f'<Override PartName="/{name}" ContentType="{content}"/>')
        self._parts[name] = data
        return Added(name, identity)

    def _extend(self, name: str, markup: str) -> None:
        part = XmlPart(self._parts[name])
        part.append(part.root, markup)
        self._parts[name] = part.changed()

    def _relations(self, part: str) -> list[Element]:
        data = self._parts.get(_relations_of(part), _NO_RELATIONS)
        return XmlPart(data).root.named("Relationship")


def _relations_of(part: str) -> str:
    return join(dirname(part), "_rels", f"{basename(part)}.rels")


def _resolved(part: str, target: str) -> str:
    return normpath(join("/", dirname(part), target)).lstrip("/")
