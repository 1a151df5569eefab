"""The comments of a worksheet: those of marks are added, or renewed in a copy marked before."""

from collections.abc import Container, Iterator, Mapping
from typing import NamedTuple

from epa_score.exporters.xlsx.marks.cells import At, MarkedSheet, at
from epa_score.exporters.xlsx.marks.package import Element, XmlPart
from epa_score.exporters.xlsx_mark_boxes import AUTHOR, Boxes, Note, drawn
from epa_score.exporters.xlsx_package import Package

_HEAD = f"{AUTHOR}:"
"""How a mark begins; what follows in a comment belongs to it."""

_THREAD = "tc="
"""How the authors of comments begin that stand for a thread of answers."""

_NO_COMMENTS = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<comments xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    b"<authors/><commentList/></comments>"
)
_COMMENTS = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_DRAWING = "application/vnd.openxmlformats-officedocument.vmlDrawing"


class Written(NamedTuple):
    """Cells of which Excel shows a thread of answers, and those that lost the mark they had."""

    threads: list[At]
    cleared: list[At]


def write_comments(
    package: Package, part: str, sheet: MarkedSheet, texts: Mapping[At, str]
) -> Written:
    """Write a comment for each cell of ``texts`` into the worksheet of that part.

    What other people wrote stays in front of it.
    """
    known = package.related(part, "comments")
    name = (
        next(iter(known.values()), None)
        or package.add(part, "comments", "xl/comments{}.xml", _NO_COMMENTS, _COMMENTS).name
    )
    comments = _Comments(package[name])
    marks = drawn({at: comments.note(at, text) for at, text in texts.items()}, sheet.sizes())
    drawing = package.related(part, "vmlDrawing").get(sheet.drawing())
    boxes = Boxes(package[drawing] if drawing else b"", marks.drawing)
    for place in comments.clear(texts):
        boxes.remove(place)
    for place, run in marks.runs.items():
        comments.write(place, run)
        boxes.take(place)
    package[name] = comments.changed()
    if drawing:
        package[drawing] = boxes.changed()
    else:
        pattern = "xl/drawings/vmlDrawing{}.vml"
        sheet.draw(package.add(part, "vmlDrawing", pattern, boxes.changed(), _DRAWING).identity)
    threads = [place for place in texts if comments.in_thread(place)]
    return Written(threads, [place for place in comments.marked() if place not in texts])


class _Comment(NamedTuple):
    """A comment that was there: its author, what other people wrote in it, and what marks said."""

    element: Element
    author: str
    others: list[Element]
    marks: list[Element]


class _Comments:
    """The list of a worksheet's comments."""

    def __init__(self, data: bytes) -> None:
        self._part = XmlPart(data)
        self._authors = self._part.root.only("authors")
        self._list = self._part.root.only("commentList")
        names = [one.all_text() for one in self._authors.children]
        self._found = {at(one.attributes["ref"]): _read(one, names) for one in self._list.children}
        self._author = names.index(AUTHOR) if AUTHOR in names else len(names)
        if AUTHOR not in names:
            self._part.append(self._authors, f"<author>{AUTHOR}</author>")

    def note(self, place: At, text: str) -> Note:
        """What is to be said of a cell, behind what other people said of it."""
        others = self._found[place].others if place in self._found else []
        before = "".join(one.all_text() for one in others)
        return Note(f"\n{_HEAD}\n{text}" if before else f"{_HEAD}\n{text}", before)

    def in_thread(self, place: At) -> bool:
        """Whether the comment of a cell stands for a thread of answers."""
        return place in self._found and self._found[place].author.startswith(_THREAD)

    def marked(self) -> list[At]:
        """The cells that had a mark."""
        return [place for place, one in self._found.items() if one.marks]

    def clear(self, places: Container[At]) -> Iterator[At]:
        """Take out the marks that were there, and what is empty where others are to come.

        Gives the cells that have no comment any more.
        """
        for place, one in self._found.items():
            if one.others:
                for mark in one.marks:
                    self._part.remove(mark)
            elif one.marks or place in places:
                self._part.remove(one.element)
                yield place

    def write(self, place: At, run: str) -> None:
        """Write what is said of a cell, as a run of text."""
        others = self._found[place].others if place in self._found else []
        if not others:
            text = f'<comment ref="{place.name}" authorId="{self._author}"><text>{run}</text>'
            self._part.append(self._list, f"{text}</comment>")
            return
        if others[-1].name == "t":  # the only one: text without runs
            self._part.insert(others[-1], "<r>")
            run = f"</r>{run}"
        self._part.insert_behind(others[-1], run)

    def changed(self) -> bytes:
        """The part with all changes."""
        return self._part.changed()


def _read(comment: Element, authors: list[str]) -> _Comment:
    """Tell what a mark said, from its head to the end, from what stands in front of it.

    Programs cut a text into runs as they like.
    """
    texts = [one for one in comment.only("text").children if one.name in ("t", "r")]
    heads = (n for n, one in enumerate(texts) if one.all_text().strip().startswith(_HEAD))
    end = next(heads, len(texts))
    author = authors[int(comment.attributes["authorId"])]
    return _Comment(comment, author, texts[:end], texts[end:])
