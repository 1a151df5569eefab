"""Comments of a worksheet and the boxes that they are shown in.

Those of marks are added, or renewed in a copy that was marked before. The boxes are a drawing in
VML, which need not be well-formed XML.
"""

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from io import BytesIO
from typing import NamedTuple
from zipfile import ZipFile

from xlsxwriter import Workbook

from epa_score.exporters.cell_text import line_count
from epa_score.exporters.xlsx.cells import text_for_cell
from epa_score.exporters.xlsx.marks.cells import CellRef, Dimension, MarkedSheet, cell_ref
from epa_score.exporters.xlsx.marks.package import Element, Package, XmlPart

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


class RenderedComments(NamedTuple):
    """Comments as XlsxWriter writes them: the run of text of each, and a drawing of all boxes."""

    runs: Mapping[CellRef, str]
    drawing: bytes


def render_comments(
    notes: Mapping[CellRef, Note], dimensions: Iterable[Dimension]
) -> RenderedComments:
    """Comments on an empty sheet with columns and rows of those ``dimensions``."""
    written = BytesIO()
    workbook = Workbook(written, {"in_memory": True})
    sheet = workbook.add_worksheet()
    for dimension in dimensions:
        if dimension.kind == "row":
            sheet.set_row(dimension.number - 1, dimension.size)
        else:
            sheet.set_column(dimension.number - 1, dimension.number - 1, dimension.size)
    for ref, note in notes.items():
        lines = line_count(note.before + note.text, 2 * ((_WIDTH - _MARGIN) // _WIDE))
        options = {"author": AUTHOR, "font_name": _FONT, "font_size": _POINTS}
        box = {"width": _WIDTH, "height": lines * _LINE + _MARGIN}
        sheet.write_comment(
            ref.row - 1, ref.column - 1, text_for_cell(note.text), {**options, **box}
        )
    workbook.close()
    with ZipFile(written) as archive:
        comments = XmlPart(archive.read("xl/comments1.xml"))
        drawing = archive.read("xl/drawings/vmlDrawing1.vml")
    runs = {
        cell_ref(comment.attributes["ref"]): comments.source(
            comment.child("text").child("r")
        ).decode()
        for comment in comments.root.child("commentList").children
    }
    return RenderedComments(runs, drawing)


class Boxes:
    """The drawing of a worksheet's comments, to which boxes of another are added."""

    def __init__(self, drawing: bytes, new: bytes) -> None:
        """Change ``drawing``, or begin one where it is empty; boxes come from ``new``."""
        self._new, others = new, _BEGIN.split(new)[0] + b"</xml>"
        self._pieces, self._boxes = _split_drawing(drawing or others)
        pieces, boxes = _split_drawing(new)
        self._offered = {ref: pieces[number] for ref, number in boxes.items()}
        self._added: list[bytes] = []
        self._number = max(map(int, _NUMBER.findall(drawing)), default=_FIRST)

    def remove(self, ref: CellRef) -> None:
        """Take the box of a cell away, if it has one."""
        if ref in self._boxes:
            self._pieces[self._boxes.pop(ref)] = b""

    def add(self, ref: CellRef) -> None:
        """Show the comment of a cell in its new box.

        A box that is there already keeps its looks, and gets the place and size of the new one.
        """
        box = self._offered[ref]
        if ref in self._boxes:
            own = self._boxes[ref]
            anchor = _ANCHOR.findall(box)[0][1]
            self._pieces[own] = _ANCHOR.sub(rb"\g<1>" + anchor, self._pieces[own])
            return
        self._number += 1
        self._added.append(_NUMBER.sub(b"_x0000_s%d" % self._number, box, count=1))

    def to_bytes(self) -> bytes:
        """The drawing. Raises `ValueError` where the old one has no end."""
        drawing = b"".join(self._pieces)
        if not self._added:
            return drawing
        for declaration in _DECLARED.findall(self._new):
            if declaration.partition(b"=")[0] + b"=" not in drawing:
                drawing = drawing.replace(b"<xml", b"<xml " + declaration, 1)
        kind = [] if _TEXT_BOX in drawing else _TYPE.findall(self._new)
        end = drawing.rindex(b"</xml")
        return b"".join([drawing[:end], *kind, *self._added, drawing[end:]])


def _split_drawing(drawing: bytes) -> tuple[list[bytes], dict[CellRef, int]]:
    """The pieces of a drawing, and the number of the piece that is the box of a cell."""
    pieces: list[bytes] = []
    boxes: dict[CellRef, int] = {}
    done = since = 0
    for end in _END.finditer(drawing):
        begins = [begin.start() for begin in _BEGIN.finditer(drawing, since, end.start())]
        since = end.end()
        box = drawing[max(begins, default=since) : since]
        row, column = _ROW.search(box), _COLUMN.search(box)
        if row and column:
            pieces += [drawing[done : begins[-1]], box]
            boxes[CellRef(int(row[1]) + 1, int(column[1]) + 1)] = len(pieces) - 1
            done = since
    return [*pieces, drawing[done:]], boxes


_HEAD = f"{AUTHOR}:"
"""The beginning of a mark; whatever follows in a comment belongs to it."""

_HEAD_LINE = re.compile(rf"\n[ \t]*{_HEAD}[ \t]*(?:\n|$)")
"""The head behind somebody's words in one run: programs join the runs of a comment."""

_THREAD = "tc="
"""The beginning of the authors of comments that stand for a thread of answers."""

_NO_COMMENTS = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<comments xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    b"<authors/><commentList/></comments>"
)
_COMMENTS = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_DRAWING = "application/vnd.openxmlformats-officedocument.vmlDrawing"


class CommentChanges(NamedTuple):
    """Cells of which Excel shows a thread of answers, and those that lost the mark they had."""

    threads: list[CellRef]
    cleared: list[CellRef]


def write_comments(
    package: Package, part: str, sheet: MarkedSheet, texts: Mapping[CellRef, str]
) -> CommentChanges:
    """Write a comment for each cell of ``texts`` into the worksheet of that part.

    What other people wrote stays in front of it. Without any texts the worksheet has comments.
    """
    known = package.relationships(part, "comments")
    name = (
        next(iter(known.values()), None)
        or package.add_part(part, "comments", "xl/comments{}.xml", _NO_COMMENTS, _COMMENTS).name
    )
    comments = _Comments(package[name])
    notes = {ref: comments.note_for(ref, text) for ref, text in texts.items()}
    marks = render_comments(notes, sheet.dimensions()) if notes else RenderedComments({}, b"")
    drawing = package.relationships(part, "vmlDrawing").get(sheet.drawing_id())
    boxes = Boxes(package[drawing] if drawing else b"", marks.drawing)
    for ref in comments.clear(texts):
        boxes.remove(ref)
    for ref, run in marks.runs.items():
        comments.write(ref, run)
        boxes.add(ref)
    package[name] = comments.to_bytes()
    if drawing:
        package[drawing] = boxes.to_bytes()
    elif notes:
        pattern = "xl/drawings/vmlDrawing{}.vml"
        sheet.add_drawing(
            package.add_part(
                part, "vmlDrawing", pattern, boxes.to_bytes(), _DRAWING
            ).relationship_id
        )
    threads = [ref for ref in texts if comments.is_thread(ref)]
    return CommentChanges(threads, [ref for ref in comments.marked_cells() if ref not in texts])


class FoundComments(NamedTuple):
    """The comments of a worksheet: whether there is a mark among them, and what others wrote."""

    marked: bool
    others: list[str]


def read_comments(data: bytes) -> FoundComments:
    """The comments in a part."""
    comments = _Comments(data)
    return FoundComments(bool(comments.marked_cells()), comments.words_of_others())


class _Comment(NamedTuple):
    """A comment that was there: its author, the runs of other people, and those of marks."""

    element: Element
    author: str
    others: list[Element]
    marks: list[Element]
    joined: str | None = None
    """What other people wrote in the last run of theirs, where a mark follows in that run."""

    @property
    def is_marked(self) -> bool:
        """True where it holds a mark."""
        return bool(self.marks) or self.joined is not None

    def words(self) -> str:
        """What other people wrote in it."""
        if self.joined is None:
            return "".join(run.all_text() for run in self.others)
        return "".join(run.all_text() for run in self.others[:-1]) + self.joined


class _Comments:
    """The list of a worksheet's comments."""

    def __init__(self, data: bytes) -> None:
        self._part = XmlPart(data)
        self._authors = self._part.root.child("authors")
        self._list = self._part.root.child("commentList")
        names = [author.all_text() for author in self._authors.children]
        self._found = {
            cell_ref(comment.attributes["ref"]): _read_comment(comment, names)
            for comment in self._list.children
        }
        self._author = names.index(AUTHOR) if AUTHOR in names else len(names)
        if AUTHOR not in names:
            self._part.append(self._authors, f"<author>{AUTHOR}</author>")

    def note_for(self, ref: CellRef, text: str) -> Note:
        """The comment on a cell, behind whatever other people wrote there."""
        before = self._found[ref].words() if ref in self._found else ""
        return Note(f"\n{_HEAD}\n{text}" if before else f"{_HEAD}\n{text}", before)

    def is_thread(self, ref: CellRef) -> bool:
        """True where the comment of a cell stands for a thread of answers."""
        return ref in self._found and self._found[ref].author.startswith(_THREAD)

    def marked_cells(self) -> list[CellRef]:
        """The cells that had a mark."""
        return [ref for ref, comment in self._found.items() if comment.is_marked]

    def words_of_others(self) -> list[str]:
        """What other people wrote, cell by cell."""
        return list(filter(None, (comment.words() for comment in self._found.values())))

    def clear(self, refs: Container[CellRef]) -> Iterator[CellRef]:
        """Take out the marks that were there, and empty comments where others are to come.

        Gives the cells that have no comment any more.
        """
        for ref, comment in self._found.items():
            if comment.others:
                for mark in comment.marks:
                    self._part.remove(mark)
                if comment.joined is not None:
                    run = comment.others[-1]
                    text = run if run.name == "t" else run.child("t")
                    self._part.set_text(text, comment.joined)
            elif comment.marks or ref in refs:
                self._part.remove(comment.element)
                yield ref

    def write(self, ref: CellRef, run: str) -> None:
        """Write a mark on a cell, as a run of text."""
        others = self._found[ref].others if ref in self._found else []
        if not others:
            text = f'<comment ref="{ref.name}" authorId="{self._author}"><text>{run}</text>'
            self._part.append(self._list, f"{text}</comment>")
            return
        if others[-1].name == "t":  # the only one: text without runs
            self._part.insert_before(others[-1], "<r>")
            run = f"</r>{run}"
        self._part.insert_after(others[-1], run)

    def to_bytes(self) -> bytes:
        """The part with all changes."""
        return self._part.to_bytes()


def _read_comment(comment: Element, authors: list[str]) -> _Comment:
    """Tell a mark, from its head to the end, from the texts in front of it.

    Programs cut a text into runs as they like.
    """
    author = authors[int(comment.attributes["authorId"])]
    texts = [run for run in comment.child("text").children if run.name in ("t", "r")]
    for number, run in enumerate(texts):
        text = run.all_text()
        if text.strip().startswith(_HEAD):
            return _Comment(comment, author, texts[:number], texts[number:])
        if head := _HEAD_LINE.search(text):
            others, marks = texts[: number + 1], texts[number + 1 :]
            return _Comment(comment, author, others, marks, text[: head.start()])
    return _Comment(comment, author, texts, [])
