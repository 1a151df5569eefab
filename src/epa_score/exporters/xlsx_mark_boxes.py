"""The boxes that comments are shown in: a drawing in VML, which need not be well-formed XML."""

import re
from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import NamedTuple
from zipfile import ZipFile

from xlsxwriter import Workbook

from epa_score.exporters.xlsx.cells import text_for_cell
from epa_score.exporters.xlsx.formats import lines_in
from epa_score.exporters.xlsx.marks.cells import At, Size, at
from epa_score.exporters.xlsx.marks.package import XmlPart

AUTHOR = "epa-score"
_FONT, _POINTS = "宋体", 9
_WIDTH, _LINE, _WIDE, _MARGIN = 300, 16, 12, 14
"""Pixels of a box, of a line in it, of a Chinese character, and of the room around the text."""

_END = re.compile(rb"</(?:\w+:)?shape\s*>")
_BEGIN = re.compile(rb"<(?:\w+:)?shape\b")
_ROW = re.compile(rb"<(?:\w+:)?Row>\s*([0-9]+)")
_COLUMN = re.compile(rb"<(?:\w+:)?Column>\s*([0-9]+)")
_ANCHOR = re.compile(rb"(<(?:\w+:)?Anchor>)([^<]*)")
_NUMBER = re.compile(rb"_x0000_s([0-9]+)")
_TYPE = re.compile(rb"<v:shapetype .*?</v:shapetype>", re.DOTALL)
_FIRST = 1024
_TEXT_BOX = b'"_x0000_t202"'
_DECLARED = re.compile(rb"xmlns:\w+=\"[^\"]*\"")


class Note(NamedTuple):
    """A comment to be: its text, and the text of somebody else that stands in front of it."""

    text: str
    before: str = ""


class Drawn(NamedTuple):
    """Comments as a library writes them: the run of text of each, and a drawing of all boxes."""

    runs: Mapping[At, str]
    drawing: bytes


def drawn(notes: Mapping[At, Note], sizes: Iterable[Size]) -> Drawn:
    """Comments on an empty sheet with columns and rows of those ``sizes``."""
    written = BytesIO()
    workbook = Workbook(written, {"in_memory": True})
    sheet = workbook.add_worksheet()
    for one in sizes:
        if one.kind == "row":
            sheet.set_row(one.number - 1, one.size)
        else:
            sheet.set_column(one.number - 1, one.number - 1, one.size)
    for place, note in notes.items():
        lines = lines_in(note.before + note.text, (_WIDTH - _MARGIN) // _WIDE)
        options = {"author": AUTHOR, "font_name": _FONT, "font_size": _POINTS}
        box = {"width": _WIDTH, "height": lines * _LINE + _MARGIN}
        sheet.write_comment(
            place.row - 1, place.column - 1, text_for_cell(note.text), {**options, **box}
        )
    workbook.close()
    with ZipFile(written) as archive:
        comments = XmlPart(archive.read("xl/comments1.xml"))
        drawing = archive.read("xl/drawings/vmlDrawing1.vml")
    runs = {
        at(one.attributes["ref"]): comments.source(one.only("text").only("r")).decode()
        for one in comments.root.only("commentList").children
    }
    return Drawn(runs, drawing)


class Boxes:
    """The drawing of a worksheet's comments, to which boxes of another are added."""

    def __init__(self, drawing: bytes, new: bytes) -> None:
        """Change ``drawing``, or begin one where it is empty; boxes come from ``new``."""
        self._new, others = new, _BEGIN.split(new)[0] + b"</xml>"
        self._pieces, self._boxes = _split(drawing or others)
        pieces, boxes = _split(new)
        self._offered = {place: pieces[number] for place, number in boxes.items()}
        self._added: list[bytes] = []
        self._number = max(map(int, _NUMBER.findall(drawing)), default=_FIRST)

    def remove(self, place: At) -> None:
        """Take the box of a cell away, if it has one."""
        if place in self._boxes:
            self._pieces[self._boxes.pop(place)] = b""

    def take(self, place: At) -> None:
        """Show the comment of a cell in its new box.

        A box that is there already keeps its looks, and gets the place and size of the new one.
        """
        box = self._offered[place]
        if place in self._boxes:
            own = self._boxes[place]
            anchor = _ANCHOR.findall(box)[0][1]
            self._pieces[own] = _ANCHOR.sub(rb"\g<1>" + anchor, self._pieces[own])
            return
        self._number += 1
        self._added.append(_NUMBER.sub(b"_x0000_s%d" % self._number, box, count=1))

    def changed(self) -> bytes:
        """The drawing. Raises `ValueError` where the old one has no end."""
        drawing = b"".join(self._pieces)
        if not self._added:
            return drawing
        for one in _DECLARED.findall(self._new):
            if one.partition(b"=")[0] + b"=" not in drawing:
                drawing = drawing.replace(b"<xml", b"<xml " + one, 1)
        kind = [] if _TEXT_BOX in drawing else _TYPE.findall(self._new)
        end = drawing.rindex(b"</xml")
        return b"".join([drawing[:end], *kind, *self._added, drawing[end:]])


def _split(drawing: bytes) -> tuple[list[bytes], dict[At, int]]:
    """A drawing in pieces, and which of them is the box of which cell."""
    pieces: list[bytes] = []
    boxes: dict[At, int] = {}
    done = since = 0
    for end in _END.finditer(drawing):
        begins = [one.start() for one in _BEGIN.finditer(drawing, since, end.start())]
        since = end.end()
        box = drawing[max(begins, default=since) : since]
        row, column = _ROW.search(box), _COLUMN.search(box)
        if row and column:
            pieces += [drawing[done : begins[-1]], box]
            boxes[At(int(row[1]) + 1, int(column[1]) + 1)] = len(pieces) - 1
            done = since
    return [*pieces, drawing[done:]], boxes
