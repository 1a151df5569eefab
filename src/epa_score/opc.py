"""The package of a workbook (OPC): its parts, their relationships, and changes inside a part.

A part that is parsed and written anew loses prefixes and declarations that only other programs
understand, so every byte but those of the change stays as it was.
"""

import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from itertools import count
from posixpath import basename, dirname, join, normpath
from typing import NamedTuple

from defusedxml.ElementTree import DefusedXMLParser

_START_TAG = re.compile(
    rb"<(?:([^\s/>:]+):)?[^\s/>]+((?:\s+[^\s=]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*)\s*(/?)>"
)
_ATTRIBUTE = re.compile(rb"\s+([^\s=]+)\s*=\s*(\"[^\"]*\"|'[^']*')")
_TAG_NAME = re.compile(r"(</?)(?=\w)")


@dataclass(slots=True)
class Element:
    """An element, the byte where it begins, and the one where the parser met its end.

    Its name has no namespace; names of attributes have theirs in braces.
    """

    name: str
    attributes: dict[str, str]
    start: int
    text: str = ""
    stop: int = 0
    children: list["Element"] = field(default_factory=list)

    def named(self, name: str) -> list["Element"]:
        """The children of that name."""
        return [child for child in self.children if child.name == name]

    def only(self, name: str) -> "Element":
        """The first child of that name. Raises `LookupError`."""
        return self.named(name)[0]

    def all_text(self) -> str:
        """The text in it and in all below it."""
        return self.text + "".join(child.all_text() for child in self.children)


class _Edit(NamedTuple):
    start: int
    stop: int
    text: bytes


class XmlPart:
    """The bytes of an XML part, and what is to change in them."""

    def __init__(self, data: bytes, descend: Callable[[Element], bool] | None = None) -> None:
        """Read ``data``, but not what is below an element that ``descend`` says no to.

        Raises `SyntaxError` for what is not well-formed, and `ValueError` for a DTD or an
        encoding that is not a superset of ASCII.
        """
        self._data = data
        self._edits: list[_Edit] = []
        self._appended: dict[int, tuple[Element, list[bytes]]] = {}
        self.root = _read(data, descend)

    def source(self, element: Element) -> bytes:
        """The bytes of an element."""
        return self._data[element.start : self._end(element)]

    def set(self, element: Element, **values: str) -> None:
        """Set attributes of an element."""
        tag = self._tag(element)
        self._edits.append(_Edit(*tag.span(2), _attributes(tag[2], values)))

    def append(self, parent: Element, markup: str | bytes) -> None:
        """Put ``markup`` behind the children of ``parent``; text is given its prefix."""
        _, pending = self._appended.setdefault(parent.start, (parent, []))
        pending.append(self._like(parent, markup))

    def insert(self, before: Element, markup: str) -> None:
        """Put ``markup`` before an element, in its namespace."""
        where = before.start
        self._edits.append(_Edit(where, where, self._like(before, markup)))

    def insert_behind(self, element: Element, markup: str) -> None:
        """Put ``markup`` behind an element, in its namespace."""
        where = self._end(element)
        self._edits.append(_Edit(where, where, self._like(element, markup)))

    def remove(self, element: Element) -> None:
        """Take an element out."""
        self._edits.append(_Edit(element.start, self._end(element), b""))

    def changed(self) -> bytes:
        """The part with all changes."""
        edits = [*self._edits, *(self._closing(*pending) for pending in self._appended.values())]
        pieces, done = [], 0
        for edit in sorted(edits, key=lambda edit: edit.start):
            pieces += [self._data[done : edit.start], edit.text]
            done = edit.stop
        return b"".join([*pieces, self._data[done:]])

    def _tag(self, element: Element) -> re.Match[bytes]:
        found = _START_TAG.match(self._data, element.start)
        if found is None:
            message = f"the encoding of <{element.name}> is not known"
            raise ValueError(message)
        return found

    def _end(self, element: Element) -> int:
        tag = self._tag(element)
        return tag.end() if tag[3] else self._data.index(b">", element.stop) + 1

    def _like(self, element: Element, markup: str | bytes) -> bytes:
        if isinstance(markup, bytes):
            return markup
        prefix = self._tag(element)[1]
        text = _TAG_NAME.sub(rf"\1{prefix.decode()}:", markup) if prefix else markup
        return text.encode("ascii", "xmlcharrefreplace")

    def _closing(self, parent: Element, markup: Sequence[bytes]) -> _Edit:
        tag = self._tag(parent)
        text = b"".join(markup)
        if not tag[3]:
            return _Edit(parent.stop, parent.stop, text)
        name = tag[0][1:].split(None, 1)[0].rstrip(b"/>")
        return _Edit(tag.end() - 2, tag.end(), b">" + text + b"</" + name + b">")


def retagged(element: bytes, **values: str) -> bytes:
    """The bytes of an element with some of its attributes set. Raises `ValueError`."""
    tag = _START_TAG.match(element)
    if tag is None:
        message = "this is no element"
        raise ValueError(message)
    return element[: tag.start(2)] + _attributes(tag[2], values) + element[tag.end(2) :]


def _attributes(given: bytes, values: Mapping[str, str]) -> bytes:
    attributes = {attribute[1]: attribute[0] for attribute in _ATTRIBUTE.finditer(given)}
    attributes |= {name.encode(): f' {name}="{value}"'.encode() for name, value in values.items()}
    return b"".join(attributes.values())


def _read(data: bytes, descend: Callable[[Element], bool] | None) -> Element:
    target = _TreeBuilder(descend)
    parser = DefusedXMLParser(target=target, forbid_dtd=True)
    target.where = lambda: parser.parser.CurrentByteIndex
    parser.feed(data)
    parser.close()
    return target.root


class _TreeBuilder:
    """Hears of tags from the parser, and keeps where they stand."""

    root: Element
    where: Callable[[], int]

    def __init__(self, descend: Callable[[Element], bool] | None) -> None:
        self._descend = descend
        self._open: list[Element] = []
        self._skipped = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if self._skipped:
            self._skipped += 1
            return
        element = Element(tag.rpartition("}")[2], attributes, self.where())
        if self._open:
            self._open[-1].children.append(element)
        else:
            self.root = element
        self._open.append(element)
        self._skipped = int(self._descend is not None and not self._descend(element))

    def data(self, text: str) -> None:
        if not self._skipped:
            self._open[-1].text += text

    def end(self, _: str) -> None:
        self._skipped = max(self._skipped - 1, 0)
        if not self._skipped:
            self._open.pop().stop = self.where()


RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORKBOOK = "xl/workbook.xml"
_TYPES = "[Content_Types].xml"
_NO_RELATIONS = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>'
)


class NewPart(NamedTuple):
    """The name of a part that was added, and the id of the relation that leads to it."""

    name: str
    relationship_id: str


class Package:
    """The parts of a workbook by their names; what is not replaced is written as it was."""

    def __init__(self, data: bytes) -> None:
        """Read every part. Raises `zipfile.BadZipFile`, `zlib.error` or `RuntimeError`."""
        with zipfile.ZipFile(BytesIO(data)) as archive:
            self._members = {member.filename: member for member in archive.infolist()}
            self._parts = {name: archive.read(name) for name in self._members}

    def __iter__(self) -> Iterator[str]:
        return iter(self._parts)

    def __getitem__(self, name: str) -> bytes:
        """The bytes of a part. Raises `LookupError`."""
        return self._parts[name]

    def __setitem__(self, name: str, data: bytes) -> None:
        self._parts[name] = data

    def to_bytes(self) -> bytes:
        """The file; its members keep their order, names and dates."""
        written = BytesIO()
        with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in self._parts.items():
                archive.writestr(self._members.get(name, zipfile.ZipInfo(name)), data)
        return written.getvalue()

    def relationships(self, part: str, kind: str) -> dict[str, str]:
        """The parts that a part refers to by a relation of that kind, by the relation's id."""
        return {
            relationship.attributes["Id"]: _resolved(part, relationship.attributes["Target"])
            for relationship in self._relations(part)
            if relationship.attributes["Type"].endswith(f"/{kind}")
        }

    def add(self, part: str, kind: str, pattern: str, data: bytes, content: str) -> NewPart:
        """Add a part that ``part`` refers to by a relation of that kind.

        ``pattern`` is its name with ``{}`` for a number that is still free, ``content`` the type
        of what it holds.
        """
        taken = {part_name.casefold() for part_name in self._parts}
        names = (pattern.format(number) for number in count(1))
        name = next(part_name for part_name in names if part_name.casefold() not in taken)
        ids = {relationship.attributes["Id"] for relationship in self._relations(part)}
        relationship_id = next(
            candidate for candidate in map("rId{}".format, count(1)) if candidate not in ids
        )
        target = f'Id="{relationship_id}" Type="{RELATIONS}/{kind}" Target="/{name}"'
        place = _relations_of(part)
        self._parts.setdefault(place, _NO_RELATIONS)
        self._extend(place, f"<Relationship {target}/>")
        self._extend(_TYPES, f'<Override PartName="/{name}" ContentType="{content}"/>')
        self._parts[name] = data
        return NewPart(name, relationship_id)

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
