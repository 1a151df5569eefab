"""The XML of a part: heard of element by element, or made a tree where it is small."""

import codecs
from abc import ABC, abstractmethod
from collections.abc import Mapping
from functools import lru_cache
from xml.etree.ElementTree import Element, ParseError, XMLParser
from xml.parsers import expat

from epa_score.diagnostics import Finding, Kind, Parameter, Place

_MOST_DEPTH = 100
_LONGEST_TEXT = 100_000
_PROLOG = 512
"""Bytes in which all that comes before the first element nearly always is."""

_ENCODINGS = frozenset({"utf-8", "utf8", "utf-16", "utf-16le", "utf-16be", "us-ascii", "ascii"})
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


def damaged(variant: str, **about: Parameter) -> WorkbookRefusedError:
    """The refusal of a workbook that is damaged, or says something that cannot be relied on.

    The ``variant`` says what is wrong, empty where nothing of the archive can be read.
    """
    return WorkbookRefusedError(Kind.WORKBOOK_DAMAGED, about, variant)


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


def _guarded_parser(part: str, names: dict[str, str]) -> expat.XMLParserType:
    """A parser that refuses a document type, by which entities could be made, and odd encodings.

    The ``names`` of elements and attributes are kept as they are met.
    """

    def check_declaration(_version: str, encoding: str | None, _standalone: int) -> None:
        if encoding and encoding.lower() not in _ENCODINGS:
            raise damaged("encoding", part=part, encoding=encoding)

    def refuse_document_type(*_: object) -> None:
        raise damaged("doctype", part=part)

    parser = expat.ParserCreate(namespace_separator="}", intern=names)
    parser.XmlDeclHandler = check_declaration
    parser.StartDoctypeDeclHandler = refuse_document_type
    return parser


def _check_mark(part: str, content: bytes) -> None:
    if b"\0" in content[:2] and not content.startswith(_UTF16_MARKS):
        raise damaged("encoding", part=part, encoding="UTF-16, no BOM")


def _is_no_xml(part: str, line: int, column: int) -> WorkbookRefusedError:
    """The refusal of a part that is not XML from a place on, its column counted from 0."""
    return damaged("xml", part=part, line=line, column=column + 1)


class PartParser:
    """Expat over one part of any size, piece by piece, within bounds."""

    def __init__(self, part: str, handler: Handler, left: int) -> None:
        self.left = left
        self._part = part
        self._is_first = True
        self._fed = 0
        self._names: dict[str, str] = {}
        self._parser = _guarded_parser(part, self._names)
        self._parser.buffer_text = True
        self._listen(self._parser, handler)

    def feed(self, piece: bytes, *, is_last: bool) -> None:
        """Parse the next bytes. Raises `WorkbookRefusedError`."""
        if self._is_first:
            _check_mark(self._part, piece)
        self._is_first = False
        try:
            self._parser.Parse(piece, is_last)
        except expat.ExpatError as error:
            raise _is_no_xml(self._part, error.lineno, error.offset) from error
        self._fed += len(piece)
        waiting = self._fed - self._parser.CurrentByteIndex
        if len(self._names) > _MOST_NAMES or waiting > _LONGEST_TAG:
            raise WorkbookRefusedError(Kind.WORKBOOK_TOO_LARGE)

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


def most_elements(content: bytes) -> int:
    """The number of elements in a content; comments and the like count as some."""
    return content.count(b"<") - content.count(b"</")


def parse_content(name: str, content: bytes, handler: Handler) -> None:
    """Let a handler hear of the elements in a small content. Raises `WorkbookRefusedError`.

    They are all in memory at once, which takes half the time of `PartParser`.
    """
    try:
        _check_prolog(name, content)
        parser = XMLParser()  # noqa: S314 -- it is small, and the prolog has no document type
        parser.feed(content)
        root = parser.close()
    except expat.ExpatError as error:
        raise _is_no_xml(name, error.lineno, error.offset) from error
    except ParseError as error:
        raise _is_no_xml(name, *error.position) from error
    _tell(handler, root, 1)


def _check_prolog(part: str, content: bytes) -> None:
    """Look at what stands before the first element."""
    _check_mark(part, content)
    roots: list[str] = []
    parser = _guarded_parser(part, {})
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
