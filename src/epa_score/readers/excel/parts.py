"""The parts of a workbook beside its worksheets: their list, the texts and the styles of cells.

Each is a handler of one pass of expat; everything else in the file is passed over.
"""

import re
from functools import lru_cache
from xml.etree.ElementTree import Element

from epa_score.diagnostics import Kind
from epa_score.opc import (
    Archive,
    Handler,
    WorkbookRefusedError,
    damaged,
    names_in_worksheets,
    parse_content,
)
from epa_score.readers.excel.number_formats import BUILT_IN_FORMATS

_LONGEST_TITLE = 255

_TRUE = frozenset({"1", "true", "on"})


def is_on(attributes: dict[str, str], name: str) -> bool:
    """True for an attribute that says yes."""
    return attributes.get(name, "").lower() in _TRUE


INDEX = re.compile(r"\s*[0-9]{1,9}\s*", re.ASCII)
"""A place in a list, or another whole number."""

SECTION, ENTRY = 2, 3
"""How deep the sections of a part lie, and the entries of a section."""

PASSED = frozenset({"", "extLst"})
"""What programs add for themselves: elements of namespaces of their own."""


_RELATION = frozenset(
    {
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships}id",
        "http://purl.oclc.org/ooxml/officeDocument/relationships}id",
    }
)
"""The attribute that names a relationship, in transitional and strict workbooks."""


class BookPart(Handler):
    """The part of the workbook: its worksheets, and from when it counts days."""

    def __init__(self) -> None:
        self.is_workbook = self.is_1904 = False
        self.sheets: list[tuple[str, str, str]] = []
        self._section = ""

    def start(self, name: str, attributes: dict[str, str], depth: int) -> None:
        """Hear of an element that begins."""
        if name == "workbook" and depth == 1:
            self.is_workbook = True
        elif depth == SECTION:
            self._section = name
            if name == "workbookPr":
                self.is_1904 = is_on(attributes, "date1904")
        elif name == "sheet" and depth == ENTRY and self._section == "sheets":
            title = attributes.get("name", "")
            if len(title) > _LONGEST_TITLE or len(self.sheets) >= _LONGEST_TITLE:
                raise WorkbookRefusedError(Kind.WORKBOOK_TOO_LARGE)
            named = (key for key in attributes if key.removeprefix("{") in _RELATION)
            relation = attributes.get(next(named, ""), "")
            self.sheets.append((title, attributes.get("state", "visible"), relation))

    def end(self, _name: str, _text: str, _depth: int) -> None:
        """What matters stands in attributes."""


def misplaced(part: str, element: str) -> WorkbookRefusedError:
    """The refusal of a part in which an element is not where the standard has it.

    Programs differ in what they take it for, so nobody knows what was shown.
    """
    return damaged("place", part=part, element=element)


_OF_TEXTS = frozenset({(), ("r",), ("rPh",)})
"""What texts stand in: a string, a run of it, or the reading above."""


class RichText:
    """The text of a string: its runs joined, without the readings above them."""

    def __init__(self, part: str) -> None:
        self._part = part
        self._runs: list[str] = []
        self._in: list[str] = []

    def start(self, name: str) -> None:
        """An element begins in the string. Raises `WorkbookRefusedError`."""
        is_text = name == "t"
        if "t" in self._in or (is_text and tuple(self._in) not in _OF_TEXTS):
            raise misplaced(self._part, name)
        self._in.append(name)

    def end(self, name: str, text: str) -> None:
        """An element in the string ends."""
        self._in.pop()
        if name == "t" and self._in != ["rPh"]:
            self._runs.append(text)

    def take(self) -> str:
        """The text so far; what follows is another one."""
        text, self._runs = "".join(self._runs), []
        return without_escapes(text)


_ESCAPE = re.compile("_x(?![Dd][89A-Fa-f])([0-9A-Fa-f]{4})_")


def without_escapes(text: str) -> str:
    """A text without the escapes that stand for characters which XML does not take."""
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


_PLAIN_TEXTS = frozenset(names_in_worksheets("t"))


class TextsPart(Handler):
    """The texts that cells share."""

    whole = "si"

    def __init__(self, part: str) -> None:
        self.found: list[str] = []
        self._part = part
        self._text = RichText(part)
        self._is_text = False

    def take(self, element: Element, depth: int) -> bool:
        """Take a text that is written in one piece."""
        is_plain = depth == SECTION and len(element) == 1 and element[0].tag in _PLAIN_TEXTS
        if not is_plain or len(element[0]):
            return False
        self.found.append(without_escapes(element[0].text or ""))
        return True

    def start(self, name: str, _attributes: dict[str, str], depth: int) -> None:
        """Hear of an element that begins."""
        if depth == SECTION:
            self._is_text = name == "si"
        elif depth > SECTION and self._is_text:
            self._text.start(name)
        is_known = (name == "sst", self._is_text or name in PASSED, True)
        if not is_known[min(depth, ENTRY) - 1]:
            raise misplaced(self._part, name)

    def end(self, name: str, text: str, depth: int) -> None:
        """Hear of an element that ends, with its text."""
        if depth > SECTION and self._is_text:
            self._text.end(name, text)
        elif depth == SECTION and self._is_text:
            self.found.append(self._text.take())


ALTERNATIVES = "AlternateContent"
"""An element of which programs take this or that, as they know what stands in it."""

_OF_STYLES = frozenset({"numFmts", "numFmt", "cellXfs", "xf", "dxfs", "dxf"})


class StylesPart(Handler):
    """The number formats of cells and of conditions, by their place."""

    def __init__(self, part: str = "") -> None:
        self.of_conditions: list[str] = []
        self._part = part
        self._numbers: list[int] = []
        self._codes = dict(BUILT_IN_FORMATS)
        self._in: list[str] = []

    def start(self, name: str, attributes: dict[str, str], _depth: int) -> None:
        """Hear of an element that begins."""
        if name in _OF_STYLES and ALTERNATIVES in self._in:
            raise misplaced(self._part, name)
        self._in.append(name)
        path = tuple(self._in[1:])
        if path == ("dxfs", "dxf", "numFmt"):
            self.of_conditions[-1] = attributes.get("formatCode", "")
        elif path == ("numFmts", "numFmt"):
            self._codes[whole_number(attributes.get("numFmtId"))] = attributes.get("formatCode", "")
        elif path == ("dxfs", "dxf"):
            self.of_conditions.append("")
        elif path == ("cellXfs", "xf"):
            self._numbers.append(whole_number(attributes.get("numFmtId")))

    def end(self, _name: str, _text: str, _depth: int) -> None:
        """Hear of an element that ends, with its text."""
        self._in.pop()

    def of(self, place: int) -> str:
        """The number format of the cells that name the style at a place."""
        number = self._numbers[place] if place < len(self._numbers) else 0
        return self._codes.get(number, "General") or "General"


def styles_in(archive: Archive, name: str) -> StylesPart:
    """The number formats in a part. Raises `WorkbookRefusedError`."""
    content = archive.small_content(name)
    if content is not None:
        return _styles_of(name, content)
    styles = StylesPart(name)
    archive.parse(name, styles)
    return styles


@lru_cache(16)
def _styles_of(name: str, content: bytes) -> StylesPart:
    """The number formats in the content of a part: forms from one program have equal ones."""
    styles = StylesPart(name)
    parse_content(name, content, styles)
    return styles


def whole_number(text: str | None) -> int:
    """A whole number that is not negative, 0 for anything else."""
    return int(text) if text and INDEX.fullmatch(text) else 0
