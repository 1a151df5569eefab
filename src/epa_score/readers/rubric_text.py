"""Rubrics in pasted text, in which points stand in brackets behind sections and items."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from epa_score.diagnostics import Finding, Kind, Parameter, Spot
from epa_score.model.rubric_draft import DraftItem, RubricDraft
from epa_score.readers.foreign_table import ForeignCell, ForeignTable
from epa_score.readers.rubric_columns import RubricRow
from epa_score.readers.rubric_outline import ANNEX, Outline, is_beyond_total
from epa_score.readers.source import split_lines
from epa_score.values.names import names_a_summary
from epa_score.values.printed_points import (
    PrintedPoints,
    join_lines,
    split_points,
    split_title_points,
    without_padding,
)

_TEXT_AND_TAB = re.compile(r"\S[^\n]*\t+[^\n]*\S")


def holds_rows(text: str) -> bool:
    """True for a text in which tabs part the cells of each line."""
    return _TEXT_AND_TAB.search(text) is not None


def holds_cells(text: str) -> bool:
    """True for a table as Word gives it: each cell begins on a line of its own, with a tab."""
    return any(line.startswith("\t") for line in split_lines(text))


def table_of_cells(text: str) -> tuple[ForeignTable, list[Finding]]:
    """The table in such a text, and the titles that it repeats at page breaks.

    A blank line before a tab ends a row; one before anything else is inside of a cell.
    """
    rows: list[list[list[tuple[int, str]]]] = []
    before = ""
    for number, line in enumerate(split_lines(text), 1):
        if line.startswith("\t"):
            if not rows or not (before.strip() or before.startswith("\t")):
                rows.append([])
            rows[-1].append([(number, line)])
        elif rows:
            rows[-1][-1].append((number, line))
        elif line.strip():
            rows.append([[(number, line)]])
        before = line
    findings: list[Finding] = []
    read = [_row_of_cells(row, findings) for row in rows]
    return ForeignTable([row for row in read if row]), findings


def _row_of_cells(cells: Sequence[Sequence[tuple[int, str]]], findings: list[Finding]) -> RubricRow:
    row: RubricRow = {}
    for column, lines in enumerate(cells):
        paragraphs = list(_paragraphs(lines))
        if not paragraphs:
            continue
        texts = ["".join(line.strip() for _, line in paragraph) for paragraph in paragraphs]
        if len(texts) > 1 and len(set(texts)) == 1:
            for paragraph in paragraphs[1:]:
                about: dict[str, Parameter] = {"text": texts[0]}
                findings.append(Finding(Kind.TITLE_REPEATED, _spot(*paragraph[0]), about))
            paragraphs = paragraphs[:1]
        held = [line for paragraph in paragraphs for line in paragraph]
        text = "\n".join(line.strip() for _, line in held)
        row[column] = ForeignCell(text, _spot(*held[0]))
    return row


def _paragraphs(lines: Sequence[tuple[int, str]]) -> Iterator[list[tuple[int, str]]]:
    """Lines between blank ones."""
    paragraph: list[tuple[int, str]] = []
    for number, line in (*lines, (0, "")):
        if line.strip():
            paragraph.append((number, line))
        elif paragraph:
            yield paragraph
            paragraph = []


def _spot(number: int, line: str) -> Spot:
    start = len(line) - len(line.lstrip())
    return Spot(number, start + 1, len(line.rstrip()) + 1)


_CHINESE = "[一二三四五六七八九十]{1,3}"
_MARKS = {
    "part": re.compile(rf"第{_CHINESE}(?:部分|[章节项])[、：:\s]*"),
    "chinese": re.compile(rf"{_CHINESE}[、.．]"),
    "chinese in brackets": re.compile(rf"[（(]{_CHINESE}[）)]"),
    "number": re.compile(r"[0-9]{1,2}(?:[、.．](?![0-9])|[)）])"),
    "parted number": re.compile(r"[0-9]{1,2}[.．][0-9]{1,2}(?:[、.．](?![0-9])|\s+|(?=[^0-9.．]))"),
    "number in brackets": re.compile(r"[（(][0-9]{1,2}[）)]"),
    "circled": re.compile("[①-⑳]"),
}
_OF_SECTIONS = frozenset({"part", "chinese", "chinese in brackets"})
_ENDS_SENTENCE = re.compile("[。！？!?；;：:]$")


@dataclass(slots=True)
class _OutlineEntry:
    """A title or an item: its wording, its points, and what stands below it."""

    mark: str
    number: str
    text: str
    place: Spot
    below: list["_OutlineEntry"] = field(default_factory=list)

    @property
    def printed(self) -> PrintedPoints:
        return (
            split_title_points(self.text) if self.mark in _OF_SECTIONS else split_points(self.text)
        )

    @property
    def has_points(self) -> bool:
        return self.printed.points is not None or bool(self.printed.doubtful)

    @property
    def is_title(self) -> bool:
        """True for what reads like a title: it is short, and no sentence."""
        return self.mark in _OF_SECTIONS or not _ENDS_SENTENCE.search(self.printed.text)

    @property
    def points_below(self) -> bool:
        return any(entry.has_points or entry.points_below for entry in self.below)

    @property
    def lines_below(self) -> Iterator[str]:
        """All that stands below it, with its list numbers."""
        for entry in self.below:
            yield entry.number + entry.text
            yield from entry.lines_below


def drafts_of_outline(text: str) -> tuple[list[RubricDraft], list[Finding]]:
    """The rubrics in a text without tabs: one, or one below each 附件.

    Beside them the first text of each part without points, which none is made from.
    """
    lines = [(number, line) for number, line in enumerate(split_lines(text), 1) if line.strip()]
    parts: list[list[tuple[int, str]]] = [[]]
    for number, line in lines:
        if ANNEX.fullmatch(line.strip()) and any(split_points(own).points for _, own in parts[-1]):
            parts.append([])
        parts[-1].append((number, line))
    drafts: list[RubricDraft] = []
    findings: list[Finding] = []
    for part in parts:
        if any(split_title_points(line.strip()).points is not None for _, line in part):
            drafts.append(_draft_of_lines(part))
        else:
            own = (found for found in part if not ANNEX.fullmatch(found[1].strip()))
            findings += [
                Finding(Kind.TEXT_OF_NO_ITEM, _spot(number, line), {"text": line.strip()})
                for number, line in islice(own, 1)
            ]
    return drafts, findings if drafts else []


def _draft_of_lines(lines: Sequence[tuple[int, str]]) -> RubricDraft:
    title = next(
        index for index, (_, line) in enumerate(lines) if not ANNEX.fullmatch(line.strip())
    )
    begins = next(
        index
        for index, (_, line) in enumerate(lines)
        if _begins_entry(line.strip()) and not (index == title and _names_rubric(line))
    )
    draft = RubricDraft("", _spot(*lines[0]))
    for number, line in lines[:begins]:
        if ANNEX.fullmatch(line.strip()):
            continue
        if draft.title:
            _report(draft, Kind.TEXT_OF_NO_ITEM, _spot(number, line), text=line.strip())
        else:
            draft.title, draft.place = without_padding(line), _spot(number, line)
            stated = split_points(draft.title)
            draft.total = stated.points
    entries = _entries(lines[begins:], draft)
    outline, left = Outline(draft), list[_OutlineEntry]()
    while entries and entries[-1].mark == "" and not entries[-1].has_points:
        left.append(entries.pop())
    for entry in left:
        if is_beyond_total(entry.text):
            outline.leave_out(entry.text, entry.place)
        else:
            _report(draft, Kind.TEXT_OF_NO_ITEM, entry.place, text=entry.text)
    for entry in _nested(entries):
        _enter(outline, entry, 0)
    return outline.close()


_NAME = re.compile("(?:细则|办法|方案|标准|评分表|考核表|指标体系)(?:[（(][^（）()]*[）)])*$")


def _names_rubric(line: str) -> bool:
    """True for a title that says what it is, and may say the points of all: 评分细则（100分）."""
    return _NAME.search(without_padding(line)) is not None and not _mark_of(line.strip())[0]


def _begins_entry(line: str) -> bool:
    found = split_title_points(line)
    return found.points is not None or bool(found.doubtful) or bool(_mark_of(line)[0])


def _mark_of(line: str) -> tuple[str, str]:
    """The kind of list number that a line begins with, empty for none, and the rest of it."""
    for name, pattern in _MARKS.items():
        found = pattern.match(line)
        if found and line[found.end() :].strip():
            return name, line[found.end() :].strip()
    return "", line


def _report(
    draft: RubricDraft, kind: Kind, place: Spot, variant: str = "", **about: Parameter
) -> None:
    draft.findings.append(Finding(kind, place, dict(about), variant))


def _entries(lines: Sequence[tuple[int, str]], draft: RubricDraft) -> list[_OutlineEntry]:
    """Titles and items; a line goes on that has no points and does not end a sentence."""
    entries: list[_OutlineEntry] = []
    for number, line in lines:
        mark, text = _mark_of(line.strip())
        last = entries[-1] if entries else None
        summary = split_title_points(text)
        if not mark and names_a_summary(without_padding(summary.text)):
            if summary.points is not None:
                draft.total, draft.total_place = summary.points, _spot(number, line)
        elif not mark and last is not None and _goes_on(last):
            last.text = join_lines(f"{last.text}\n{text}")
        else:
            list_number = line.strip().removesuffix(text)
            entries.append(_OutlineEntry(mark, list_number, text, _spot(number, line)))
    return entries


def _goes_on(entry: _OutlineEntry) -> bool:
    return (
        entry.mark not in _OF_SECTIONS
        and not entry.has_points
        and _ENDS_SENTENCE.search(entry.text) is None
        and not is_beyond_total(entry.text)
    )


def _nested(entries: Sequence[_OutlineEntry]) -> list[_OutlineEntry]:
    """Entries below those that they belong to: a kind of list number not met so far goes deeper.

    What has no list number is an item, or a title where nothing in the text has one.
    """
    has_marks = any(entry.mark in _OF_SECTIONS for entry in entries)
    roots: list[_OutlineEntry] = []
    open_: list[tuple[str, _OutlineEntry]] = []
    for entry in entries:
        level = entry.mark
        if not level:
            level = "title" if not has_marks and entry.is_title and entry.has_points else "item"
        kinds = [kind for kind, _ in open_]
        if level == "item" and kinds and kinds[-1] not in (*_OF_SECTIONS, "title"):
            level = kinds[-1]
        if level in kinds:
            del open_[kinds.index(level) :]
        elif level == "title":
            open_.clear()
        (open_[-1][1].below if open_ else roots).append(entry)
        open_.append((level, entry))
    return roots


def _enter(outline: Outline, entry: _OutlineEntry, depth: int) -> None:
    if entry.below and (depth == 0 or entry.points_below or not entry.has_points):
        title = entry.printed
        shown = title._replace(text=without_padding(split_title_points(title.text).text))
        outline.enter(depth, shown, entry.place)
        for below in entry.below:
            _enter(outline, below, depth + 1)
        return
    if entry.mark in _OF_SECTIONS and depth == 0:
        outline.enter(depth, entry.printed, entry.place)
        return
    printed = entry.printed if entry.below else split_points(entry.text)
    lines = list(entry.lines_below)
    if lines and entry.is_title:
        about: dict[str, Parameter] = {"text": printed.text, "number": len(lines)}
        _report(outline.draft, Kind.TEXT_OF_NO_ITEM, entry.place, "joined", **about)
    wording = join_lines("\n".join([printed.text, *lines]), are_typed=bool(lines))
    outline.leave(depth)
    outline.add(DraftItem(wording, printed.points, entry.place, printed.doubtful))
