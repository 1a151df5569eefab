"""The package of a workbook that is marked: its parts, and changes inside a part.

A part that is parsed and written anew loses prefixes and declarations that only other programs
understand, so every byte but those of the change stays as it was.
"""

import re
import zipfile
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from html import escape
from io import BytesIO
from itertools import count
from typing import NamedTuple

from defusedxml.ElementTree import DefusedXMLParser

from epa_score.opc import part_key, relationships_part, resolve_target

_START_TAG = re.compile(
    rb"<(?:([^\s/>:]+):)?[^\s/>]+((?:\s+[^\s=]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*)\s*(/?)>"
)
_ATTRIBUTE = re.compile(rb"\s+([^\s=]+)\s*=\s*(\"[^\"]*\"|'[^']*')")
_TAG_NAME = re.compile(r"(</?)(?=\w)")


@dataclass(slots=True)
class Element:
    """An element of an XML part, and where it stands in the bytes of the part."""

    name: str
    """Its name without a namespace."""
    attributes: dict[str, str]
    """Its attributes by name, with their namespaces in braces."""
    start: int
    """The byte where it begins."""
    text: str = ""
    """The text in it, without that of its children."""
    stop: int = 0
    """The byte where the parser met its end."""
    children: list["Element"] = field(default_factory=list)

    def children_named(self, name: str) -> list["Element"]:
        """The children of that name."""
        return [child for child in self.children if child.name == name]

    def child(self, name: str) -> "Element":
        """The first child of that name. Raises `LookupError`."""
        return self.children_named(name)[0]

    def all_text(self) -> str:
        """The text in it and in all below it."""
        return self.text + "".join(child.all_text() for child in self.children)


class _Edit(NamedTuple):
    """The bytes that are to stand in place of those from ``start`` to ``stop``."""

    start: int
    stop: int
    text: bytes


class XmlPart:
    """The bytes of an XML part, and the changes that are to be made in them."""

    def __init__(self, data: bytes, descend: Callable[[Element], bool] | None = None) -> None:
        """Read ``data``, but not what is below an element that ``descend`` says no to.

        Raises `SyntaxError` for XML that is not well-formed, and `ValueError` for a DTD, an
        encoding that is not a superset of ASCII, or too many elements.
        """
        self._data = data = _in_utf8(data)
        self._edits: list[_Edit] = []
        self._appended: dict[int, tuple[Element, list[bytes]]] = {}
        self.root = _parse(data, descend)

    def source(self, element: Element) -> bytes:
        """The bytes of an element."""
        return self._data[element.start : self._end(element)]

    def set_attributes(self, element: Element, **values: str) -> None:
        """Set attributes of an element."""
        tag = self._start_tag(element)
        self._edits.append(_Edit(*tag.span(2), _merge_attributes(tag[2], values)))

    def append(self, parent: Element, markup: str | bytes) -> None:
        """Put ``markup`` behind the children of ``parent``; text gets the right prefix."""
        _, pending = self._appended.setdefault(parent.start, (parent, []))
        pending.append(self._with_prefix(parent, markup))

    def insert_before(self, before: Element, markup: str) -> None:
        """Put ``markup`` before an element, in its namespace."""
        where = before.start
        self._edits.append(_Edit(where, where, self._with_prefix(before, markup)))

    def insert_after(self, element: Element, markup: str) -> None:
        """Put ``markup`` behind an element, in its namespace."""
        where = self._end(element)
        self._edits.append(_Edit(where, where, self._with_prefix(element, markup)))

    def set_text(self, element: Element, text: str) -> None:
        """Put ``text`` in place of what an element holds, which is text as well."""
        markup = escape(text, quote=False).encode("ascii", "xmlcharrefreplace")
        self._edits.append(_Edit(self._start_tag(element).end(), element.stop, markup))

    def remove(self, element: Element) -> None:
        """Take an element out."""
        self._edits.append(_Edit(element.start, self._end(element), b""))

    def to_bytes(self) -> bytes:
        """The part with all changes."""
        edits = [
            *self._edits,
            *(self._append_edit(*pending) for pending in self._appended.values()),
        ]
        pieces, done = [], 0
        for edit in sorted(edits, key=lambda edit: (edit.start, edit.stop)):  # what is put in first
            pieces += [self._data[done : edit.start], edit.text]
            done = edit.stop
        return b"".join([*pieces, self._data[done:]])

    def _start_tag(self, element: Element) -> re.Match[bytes]:
        """The prefix, attributes and slash of an element's start tag. Raises `ValueError`."""
        tag = _START_TAG.match(self._data, element.start)
        if tag is None:
            message = f"the encoding of <{element.name}> is not known"
            raise ValueError(message)
        return tag

    def _end(self, element: Element) -> int:
        """The byte behind an element."""
        tag = self._start_tag(element)
        return tag.end() if tag[3] else self._data.index(b">", element.stop) + 1

    def _with_prefix(self, element: Element, markup: str | bytes) -> bytes:
        """The bytes of some markup; the tags of a text get the prefix of ``element``."""
        if isinstance(markup, bytes):
            return markup
        prefix = self._start_tag(element)[1]
        text = _TAG_NAME.sub(rf"\1{prefix.decode()}:", markup) if prefix else markup
        return text.encode("ascii", "xmlcharrefreplace")

    def _append_edit(self, parent: Element, markup: Sequence[bytes]) -> _Edit:
        """The edit that puts pieces before the end of an element, which may be an empty one."""
        tag = self._start_tag(parent)
        text = b"".join(markup)
        if not tag[3]:
            return _Edit(parent.stop, parent.stop, text)
        name = tag[0][1:].split(None, 1)[0].rstrip(b"/>")
        return _Edit(tag.end() - 2, tag.end(), b">" + text + b"</" + name + b">")


def with_attributes(element: bytes, **values: str) -> bytes:
    """The bytes of an element with some of its attributes set. Raises `ValueError`."""
    tag = _START_TAG.match(element)
    if tag is None:
        message = "this is no element"
        raise ValueError(message)
    return element[: tag.start(2)] + _merge_attributes(tag[2], values) + element[tag.end(2) :]


def _merge_attributes(given: bytes, values: Mapping[str, str]) -> bytes:
    attributes = {attribute[1]: attribute[0] for attribute in _ATTRIBUTE.finditer(given)}
    attributes |= {name.encode(): f' {name}="{value}"'.encode() for name, value in values.items()}
    return b"".join(attributes.values())


_DECLARED = re.compile(r"""(<\?xml[^>]*?)\s+encoding\s*=\s*("[^"]*"|'[^']*')""")


_MOST_ELEMENTS = 150_000
"""Elements of one part that are looked at: a form of 5,000 blank formatted rows has as many."""


def _in_utf8(data: bytes) -> bytes:
    """A part in UTF-8, where it is in UTF-16 as the package format allows."""
    if not data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return data
    return _DECLARED.sub(r"\1", data.decode("utf-16"), count=1).encode()


def _parse(data: bytes, descend: Callable[[Element], bool] | None) -> Element:
    target = _TreeBuilder(descend)
    parser = DefusedXMLParser(target=target, forbid_dtd=True)
    target.where = lambda: parser.parser.CurrentByteIndex
    parser.feed(data)
    parser.close()
    return target.root


class _TreeBuilder:
    """Builds elements of the tags that the parser meets, and keeps where they stand."""

    root: Element
    where: Callable[[], int]

    def __init__(self, descend: Callable[[Element], bool] | None) -> None:
        self._descend = descend
        self._open: list[Element] = []
        self._skipped = 0
        self._left = _MOST_ELEMENTS

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if self._skipped:
            self._skipped += 1
            return
        self._left -= 1
        if self._left < 0:
            raise ValueError(_MOST_ELEMENTS)
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


def _seal(archive: zipfile.ZipFile) -> bytes:
    """The comment of an archive that holds just these members: other programs write none."""
    members = sorted((member.filename, member.CRC) for member in archive.infolist())
    return f"epa-score {sha256(repr(members).encode()).hexdigest()}".encode()


RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_CONTENT_TYPES = "[Content_Types].xml"
_MOST_UNPACKED = 100_000_000
"""Bytes of all parts together, those that nobody reads as well: pictures are packed already."""

_NO_RELATIONSHIPS = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>'
)


class NewPart(NamedTuple):
    """The name of a part that was added, and the id of the relationship that leads to it."""

    name: str
    relationship_id: str


class Package:
    """The parts of a workbook by their names; what is not replaced is written as it was."""

    def __init__(self, data: bytes) -> None:
        """Read every part.

        Raises `zipfile.BadZipFile`, `zlib.error` or `RuntimeError`, and `ValueError` for parts that
        are too much to be written again.
        """
        with zipfile.ZipFile(BytesIO(data)) as archive:
            self._members = {member.filename: member for member in archive.infolist()}
            if sum(member.file_size for member in self._members.values()) > _MOST_UNPACKED:
                raise ValueError(_MOST_UNPACKED)
            self._parts = {name: archive.read(name) for name in self._members}
            self.is_sealed = archive.comment == _seal(archive)
        self._names = {part_key(name): name for name in self._parts}

    def __iter__(self) -> Iterator[str]:
        return iter(self._parts)

    def __getitem__(self, name: str) -> bytes:
        """The bytes of a part. Raises `LookupError`."""
        return self._parts[self._names[part_key(name)]]

    def __setitem__(self, name: str, data: bytes) -> None:
        self._parts[self._names.setdefault(part_key(name), name)] = data

    @property
    def workbook(self) -> str:
        """The part of the workbook, wherever it lies. Raises `ValueError`."""
        (name,) = self.relationships("", "officeDocument").values()
        return name

    def to_bytes(self) -> bytes:
        """The file; its members keep their order, names and dates.

        By a seal it is told from one that another program has saved.
        """
        written = BytesIO()
        with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in self._parts.items():
                archive.writestr(self._members.get(name, zipfile.ZipInfo(name)), data)
            archive.comment = _seal(archive)
        return written.getvalue()

    def relationships(self, part: str, kind: str) -> dict[str, str]:
        """The targets of a part's relationships of a type that ends with ``kind``, by their ids."""
        return {
            relationship.attributes["Id"]: resolve_target(part, relationship.attributes["Target"])
            for relationship in self._relationship_elements(part)
            if relationship.attributes["Type"].endswith(f"/{kind}")
        }

    def add_part(
        self, source: str, kind: str, pattern: str, data: bytes, content_type: str
    ) -> NewPart:
        """Add a part, and to the part ``source`` a relationship of that kind to it.

        The name of the part is ``pattern`` with a number that is still free in place of ``{}``.
        """
        candidates = (pattern.format(number) for number in count(1))
        name = next(candidate for candidate in candidates if part_key(candidate) not in self._names)
        elements = self._relationship_elements(source)
        ids = {relationship.attributes["Id"] for relationship in elements}
        new_ids = (f"rId{number}" for number in count(1))
        relationship_id = next(new_id for new_id in new_ids if new_id not in ids)
        target = f'Id="{relationship_id}" Type="{RELATIONSHIPS}/{kind}" Target="/{name}"'
        links = relationships_part(source)
        if part_key(links) not in self._names:
            self[links] = _NO_RELATIONSHIPS
        self._append_to_part(links, f"<Relationship {target}/>")
        override = f'<Override PartName="/{name}" ContentType="{content_type}"/>'
        self._append_to_part(_CONTENT_TYPES, override)
        self[name] = data
        return NewPart(name, relationship_id)

    def _append_to_part(self, name: str, markup: str) -> None:
        """Put ``markup`` behind all that the root of a part holds."""
        part = XmlPart(self[name])
        part.append(part.root, markup)
        self[name] = part.to_bytes()

    def _relationship_elements(self, part: str) -> list[Element]:
        """The elements of a part's relationships; there need not be any."""
        links = relationships_part(part)
        data = self[links] if part_key(links) in self._names else _NO_RELATIONSHIPS
        return XmlPart(data).root.children_named("Relationship")
