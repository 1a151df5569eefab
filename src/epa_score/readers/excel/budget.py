"""The cost of a workbook: no more work than openpyxl can do in a moment.

Each kind of element has its price in millionths of a second; what is multiplied by attributes (an
area of merged cells, a list of areas) or by others (a formula shared by many) costs as often. The
prices are high rather than low: a form costs a tenth of what is allowed.

On the way every cell is looked at as it stands in the file: once, in its place, its number one.
openpyxl takes the last of several, and for a number whatever Python takes for one (``0_7``). Excel
does neither, so people would see another form than the one that is scored.
"""

import re
from collections import Counter
from posixpath import basename, dirname, join, normpath
from typing import NamedTuple

from epa_score.diagnostics import Kind
from epa_score.readers.excel.archive import ArchivePart, WorkbookRefusedError, read_parts

MOST_ROWS, MOST_COLUMNS = 2000, 60
"""How far from its corner a sheet is looked at; a form has some forty rows and six columns."""

MOST_WORK = 450_000
"""What a workbook may cost; 20,000 styled cells are below it."""

_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_MOST_DEPTH = 100
_LONGEST_TITLE = 255
_PRICES = {
    **dict.fromkeys(("v", "f", "t", "is", "r", "rPh"), 10),
    "c": 12,
    "row": 20,
    "si": 15,
    "xf": 60,
    "cfRule": 80,
    "conditionalFormatting": 160,
    "mergeCell": 170,
    "hyperlink": 100,
    "comment": 100,
    "Relationship": 200,
    "sheet": 1000,
}
_PRICE = 40
_OF_AREA, _OF_CELL_LOOKED_AT, _OF_RANGE, _OF_ATTRIBUTE = 32, 3, 16, 5
_FEW_ATTRIBUTES = 20
_COUNTED = frozenset({"externalLink", "f", "Relationship", "si", "sheet", "xf"})
_TOLD = frozenset({"sqref", "formatCode", "id", "embed", f"{_RELATIONS}id", f"{_RELATIONS}embed"})
"""Elements and attributes that make an element, or others, cost more."""

_AREAS = frozenset({"mergeCell", "hyperlink", "comment"})
_SPECIAL = _COUNTED | _AREAS
_AREA = re.compile(r"([A-Z]{0,3})([0-9]{0,7})(?::([A-Z]{0,3})([0-9]{0,7}))?")


_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
ROW, _VALUE = f"{_MAIN}row", f"{_MAIN}v"
_CONTENT = frozenset({_VALUE, f"{_MAIN}f", f"{_MAIN}is"})
_CELL = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_COUNT = re.compile(r"[1-9][0-9]{0,6}")
_INDEX = re.compile(r"\s*[0-9]{1,9}\s*", re.ASCII)
_NUMBER = re.compile(
    r"\s*[+-]?([0-9]{1,400}\.?[0-9]{0,400}|\.[0-9]{1,400})([eE][+-]?[0-9]{1,3})?\s*", re.ASCII
)
_WRITTEN_AS = {"n": _NUMBER, "s": _INDEX}
"""How the value of a cell is written, by the cell's type."""


def column_number(letters: str) -> int:
    """The number of a column from its letters."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


class RawCells:
    """The cells of a part; as openpyxl does, it takes rows wherever they are.

    ``row_depth`` is the depth of the row that is being read, 0 outside of rows.

    Raises `WorkbookRefusedError`.
    """

    def __init__(self, part: str) -> None:
        """Begin without a cell."""
        self.row_depth = self.last_row = self.last_column = self.texts = 0
        self._part = part
        self._row = self._column = 0
        self._seen: set[tuple[int, int]] = set()
        self._cell, self._kind = "", "n"
        self._held: set[str] = set()
        self._is_value = False

    def start(self, name: str, attributes: dict[str, str], depth: int) -> None:
        """Look at a row that begins, or at an element in one."""
        if self._is_value:
            self._refuse("number", cell=self._cell, text=name.rpartition("}")[2])
        if name == ROW:
            self._begin_row(attributes)
            self.row_depth = depth
        elif depth == self.row_depth + 1:
            self._begin_cell(attributes)
        elif name in _CONTENT and depth == self.row_depth + 2:
            if name in self._held:
                self._refuse("cell", cell=self._cell)
            self._held.add(name)
            self._is_value = name == _VALUE

    def end(self, text: str, depth: int) -> None:
        """Look at what ends: a row, or an element in one, with its text."""
        if depth == self.row_depth:
            self.row_depth = 0
        if not self._is_value:
            return
        self._is_value = False
        written = _WRITTEN_AS.get(self._kind)
        if written and text and not written.fullmatch(text):
            self._refuse("number", cell=self._cell, text=text)
        self.texts += self._kind == "s"

    def _begin_row(self, attributes: dict[str, str]) -> None:
        number = attributes.get("r", str(self._row + 1))
        if not _COUNT.fullmatch(number) or (int(number), 0) in self._seen or self.row_depth:
            self._refuse("row", row=number)
        self._row, self._column = int(number), 0
        self._seen.add((self._row, 0))
        self.last_row = max(self.last_row, self._row)

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        self._cell, self._kind = attributes.get("r", ""), attributes.get("t", "n")
        self._held = set()
        found = _CELL.fullmatch(self._cell)
        self._column = column_number(found[1]) if found else self._column + 1
        place = (self._row, self._column)
        is_wrong = self._cell and (found is None or int(found[2]) != self._row)
        if is_wrong or place in self._seen or not _INDEX.fullmatch(attributes.get("s", "0")):
            self._refuse("cell", cell=self._cell or f"R{self._row}C{self._column}")
        self._seen.add(place)
        self.last_column = max(self.last_column, self._column)

    def _refuse(self, variant: str, **parameters: str) -> None:
        where = {"reason": self._part, **parameters}
        raise WorkbookRefusedError(Kind.WORKBOOK_DAMAGED, where, variant)


class Relation(NamedTuple):
    """What a part says of another one: the name it gives to it, and where it is."""

    identity: str
    target: str


class PartCost:
    """The price of one part, added up while the part is parsed.

    ``identities`` counts how often the part refers to each of its relations, ``repeated`` to
    those that are read again for each sheet. Raises `WorkbookRefusedError` as soon as there is
    too much.
    """

    def __init__(self, part: str) -> None:
        """Begin with nothing."""
        self.price = 0.0
        self.sheets = self.longest_text = 0
        self.identities: Counter[str] = Counter()
        self.repeated: Counter[str] = Counter()
        self.relations: list[Relation] = []
        self.cells = RawCells(part)
        self._text: list[str] = []
        self._depth = self._item = self._shared = self._formula = self._format = self._styles = 0
        self._is_shared = self._is_link = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Add an element that begins."""
        kind = name[name.rfind("}") + 1 :]
        self.price += _PRICES.get(kind, _PRICE)
        self._depth += 1
        if self.cells.row_depth or (name == ROW and not self._is_link):
            self.cells.start(name, attributes, self._depth)
        if self._text:
            self._text = []
        if (
            kind in _SPECIAL
            or len(attributes) > _FEW_ATTRIBUTES
            or not _TOLD.isdisjoint(attributes)
        ):
            self._look_at(kind, attributes)
        if self.price > MOST_WORK or self._depth > _MOST_DEPTH:
            raise WorkbookRefusedError(Kind.WORKBOOK_TOO_LARGE)

    def text(self, text: str) -> None:
        """Take in a piece of text."""
        self._text.append(text)

    def end(self, name: str) -> None:
        """Look at how much text an element had."""
        if self.cells.row_depth:
            self.cells.end("".join(self._text), self._depth)
        self._depth -= 1
        if not self._text:
            return
        kind, length = name[name.rfind("}") + 1 :], sum(map(len, self._text))
        self._text = []
        if kind == "t":
            self._item += length
            self.longest_text = max(self.longest_text, self._item)
        elif kind == "f" and self._is_shared:
            self._formula = max(self._formula, length)
        elif kind == "definedName":
            self._add(length * length / 100)

    def close(self) -> float:
        """The price of the whole part, now that it has ended."""
        rows, columns = (
            min(self.cells.last_row, MOST_ROWS),
            min(self.cells.last_column, MOST_COLUMNS),
        )
        self._add(rows * columns * _OF_CELL_LOOKED_AT)
        self._add(self._shared * self._formula * 2)
        self._add(self._styles * self._format * self._format / 1000)
        return self.price

    def _look_at(self, kind: str, attributes: dict[str, str]) -> None:
        """Add what an element costs more than others, or makes others cost."""
        self._add(max(0, len(attributes) - _FEW_ATTRIBUTES) * _OF_ATTRIBUTE)
        for key, value in attributes.items():
            self._attribute(kind, key, value)
        if kind == "f":
            self._is_shared = attributes.get("t") == "shared"
            self._shared += self._is_shared
        elif kind == "Relationship" and attributes.get("TargetMode") != "External":
            self.relations.append(Relation(attributes.get("Id", ""), attributes.get("Target", "")))
        elif kind == "si":
            self._item = 0
        elif kind == "externalLink":  # rows of other workbooks, which nobody reads
            self._is_link = self._depth == 1
        self.sheets += kind == "sheet"
        self._styles += kind == "xf"

    def _attribute(self, kind: str, key: str, value: str) -> None:
        """Add what an attribute costs more than others."""
        if key == "sqref":
            self._add(_OF_RANGE * len(value.split()))
        elif key == "ref" and kind in _AREAS:
            self._add(_OF_AREA * self._area(value))
        elif key == "formatCode":
            self._format = max(self._format, len(value))
        elif kind == "sheet" and key == "name" and len(value) > _LONGEST_TITLE:
            raise WorkbookRefusedError(Kind.WORKBOOK_TOO_LARGE)
        elif key in _TOLD:
            (self.repeated if kind == "pivotCache" else self.identities)[value] += 1

    def _area(self, reference: str) -> int:
        """How many cells an area has, all of them if it is written in another way."""
        found = _AREA.fullmatch(reference.replace("$", "").upper())
        left, top, right, bottom = found.groups() if found else ("", "", "", "")
        if right is None:
            right, bottom = left, top
        first = (int(top or 1), column_number(left or "A"))
        last = (int(bottom or 1_048_576), column_number(right or "XFD"))
        self.cells.last_row = max(self.cells.last_row, last[0])
        self.cells.last_column = max(self.cells.last_column, last[1])
        return (abs(last[0] - first[0]) + 1) * (abs(last[1] - first[1]) + 1)

    def _add(self, price: float) -> None:
        self.price += price
        if self.price > MOST_WORK:
            raise WorkbookRefusedError(Kind.WORKBOOK_TOO_LARGE)


_CHAIN = 4
"""Workbook, worksheet, drawing, chart: how far references are followed."""

_XML_BYTES, _BYTES = 25, 200
"""Bytes that are read in a millionth of a second."""

_TEXT = 300
"""Characters of a text that are looked at in a millionth of a second, again for every cell."""


def inspect(data: bytes) -> None:
    """Look at every part of a workbook before openpyxl does. Raises `WorkbookRefusedError`."""
    works: dict[str, PartCost] = {}

    def reader_of(name: str) -> PartCost:
        works[name] = PartCost(name)
        return works[name]

    parts = list(read_parts(data, reader_of))
    prices = {part.name: _price(part, works[part.name]) for part in parts}
    times = _times_read(works)
    texts = sum(work.cells.texts for work in works.values())
    longest = max(work.longest_text for work in works.values())
    work = sum(price * times[name] for name, price in prices.items())
    if work + texts * longest / _TEXT > MOST_WORK:
        raise WorkbookRefusedError(Kind.WORKBOOK_TOO_LARGE)


def _price(part: ArchivePart, work: PartCost) -> float:
    return work.close() + part.size / (_XML_BYTES if part.is_xml else _BYTES)


def _times_read(works: dict[str, PartCost]) -> Counter[str]:
    """How often each part is read at most: as often as chains of references lead to it."""
    references = _references(works)
    most = chains = Counter(dict.fromkeys(works, 1))
    for _ in range(_CHAIN):
        following: Counter[str] = Counter()
        for (source, target), times in references.items():
            following[target] += chains[source] * times
        chains, most = following, most | following
    return most


def _references(works: dict[str, PartCost]) -> Counter[tuple[str, str]]:
    """How often each part makes openpyxl read each other part."""
    references: Counter[tuple[str, str]] = Counter()
    for name, work in works.items():
        source = join(dirname(dirname(name)), basename(name).removesuffix(".rels"))
        if not work.relations or source not in works:
            continue
        owner = works[source]
        references[source, name] += 1
        for relation in work.relations:
            folder = "" if relation.target.startswith("/") else dirname(source)
            target = normpath(join(folder, relation.target.lstrip("/")))
            again = owner.repeated[relation.identity] * owner.sheets
            references[source, target] += max(1, owner.identities[relation.identity]) + again
    return Counter({pair: times for pair, times in references.items() if pair[1] in works})
