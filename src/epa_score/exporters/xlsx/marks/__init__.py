"""A copy of a workbook with marks: cells on a colour, each with a comment that says why.

Everything else in the copy is as it was, down to the bytes of the parts that hold no mark.
"""

import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from epa_score.exporters.xlsx.marks.cells import CellRef, MarkedSheet
from epa_score.exporters.xlsx.marks.comments import read_comments, write_comments
from epa_score.exporters.xlsx.marks.package import Package, XmlPart
from epa_score.exporters.xlsx.marks.styles import MarkStyles

_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, EOFError, RuntimeError),  # a member
    *(LookupError, ValueError, SyntaxError),  # the XML in it
)
"""The errors that a workbook raises whose parts are not what they should be."""


class Remark(NamedTuple):
    """A remark on a cell; without the name of a sheet the first one that is seen is meant.

    Row and column count from 1.
    """

    sheet: str
    row: int
    column: int
    text: str


class MarkedCopy(NamedTuple):
    """A marked copy, and what is lost in it."""

    data: bytes
    signed: bool
    """True where the original had a digital signature, which holds for that alone."""
    threads: tuple[str, ...]
    """Cells of which Excel shows a thread of answers in place of the comment."""


class FoundMarks(NamedTuple):
    """The marks of a workbook: whether it has any, and what other people wrote in comments.

    It is ``untouched`` where nobody has saved it since it was written as a marked copy.
    """

    marked: bool = False
    untouched: bool = False
    notes: frozenset[str] = frozenset()


def find_marks(data: bytes) -> FoundMarks:
    """The marks of a workbook; none of what is no workbook."""
    try:
        package = Package(data)
        found = [
            read_comments(package[name])
            for part in package.relationships(package.workbook, "worksheet").values()
            for name in package.relationships(part, "comments").values()
        ]
    except _BROKEN:
        return FoundMarks()
    notes = frozenset(text for comments in found for text in comments.others)
    return FoundMarks(any(comments.marked for comments in found), package.is_sealed, notes)


class UnmarkableError(Exception):
    """A workbook that no marks can be put into."""


def marked_copy(data: bytes, remarks: Iterable[Remark]) -> MarkedCopy:
    """A copy of a workbook with some remarks; several on one cell are one comment.

    Marks that it had are taken off, also where there is no remark at all. Raises
    `UnmarkableError`.
    """
    try:
        return _mark(data, remarks)
    except _BROKEN as error:
        raise UnmarkableError(str(error)) from error


def _mark(data: bytes, remarks: Iterable[Remark]) -> MarkedCopy:
    package = Package(data)
    styles_part = _styles_part(package)
    styles = MarkStyles(package[styles_part])
    threads: list[str] = []
    for part, own in _remarks_by_part(package, remarks).items():
        sheet = MarkedSheet(package[part])
        texts: dict[CellRef, list[str]] = defaultdict(list)
        for remark in own:
            texts[sheet.visible_cell(CellRef(remark.row, remark.column))].append(remark.text)
        joined = {ref: "\n\n".join(dict.fromkeys(said)) for ref, said in texts.items()}
        comments = write_comments(package, part, sheet, joined)
        sheet.mark(joined, styles)
        sheet.unmark(comments.cleared, joined, styles)
        threads += [cell.name for cell in comments.threads]
        package[part] = sheet.part.to_bytes()
    package[styles_part] = styles.to_bytes()
    signed = any(name.startswith("_xmlsignatures/") for name in package)
    return MarkedCopy(package.to_bytes(), signed, tuple(threads))


_NO_STYLES = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    b'<fonts count="1"><font/></fonts>'
    b'<fills count="2"><fill><patternFill patternType="none"/></fill>'
    b'<fill><patternFill patternType="gray125"/></fill></fills>'
    b'<borders count="1"><border/></borders><cellXfs count="1"><xf/></cellXfs></styleSheet>'
)
_STYLES_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"


def _styles_part(package: Package) -> str:
    """The part of the styles; a workbook without one gets it."""
    known = list(package.relationships(package.workbook, "styles").values())
    if known:
        return known[0]
    pattern = "xl/styles{}.xml"
    return package.add_part(package.workbook, "styles", pattern, _NO_STYLES, _STYLES_TYPE).name


def _remarks_by_part(package: Package, remarks: Iterable[Remark]) -> Mapping[str, Sequence[Remark]]:
    """The remarks by the part of the worksheet that they are about, and the parts with marks."""
    sheets = XmlPart(package[package.workbook]).root.child("sheets").children
    parts = package.relationships(package.workbook, "worksheet")
    names = {sheet.attributes["name"]: sheet for sheet in sheets}
    seen = [sheet for sheet in sheets if sheet.attributes.get("state", "visible") == "visible"]
    found: dict[str, list[Remark]] = defaultdict(list)
    for part in parts.values():
        comments = package.relationships(part, "comments").values()
        if any(read_comments(package[name]).marked for name in comments):
            found[part] = []
    for remark in remarks:
        sheet = names[remark.sheet] if remark.sheet else (seen or sheets)[0]
        relation = next(text for name, text in sheet.attributes.items() if name.endswith("}id"))
        found[parts[relation]].append(remark)
    return found
