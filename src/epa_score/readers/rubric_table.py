"""Rubrics that somebody typed as tables: title, head, sections, items, sums, row by row.

A title of a section stands beside its first item, merged over the others or with nothing below it,
or in a row of its own.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from epa_score.diagnostics import Finding, Kind, Parameter, Place, Spot
from epa_score.i18n import plain
from epa_score.model.rubric_draft import DraftItem, DraftSection, RubricDraft, StatedSum
from epa_score.readers.foreign_table import ForeignCell, ForeignTable
from epa_score.readers.rubric_columns import (
    TITLE_MARK,
    ColumnRole,
    RubricRow,
    columns_of,
    columns_without_head,
    count_title_rows,
    is_head,
    is_sum,
    take_title_rows,
    with_second_row,
)
from epa_score.readers.rubric_outline import ANNEX, Outline
from epa_score.values.printed_points import (
    PrintedPoints,
    join_lines,
    read_cap,
    split_points,
    split_title_points,
    without_padding,
)

_CHINESE_NUMBER = re.compile("[（(]?[一二三四五六七八九十]{1,3}[）)、.．]?")
_NUMBER = re.compile(
    r"[（(]?(?:[0-9]{1,3}(?:[.．-][0-9]{1,3})*|[一二三四五六七八九十]{1,3})[)）、.．]?"
)
_REMARK = re.compile("^[（(]?[注说备]|[。：:；;]|签[字名]|盖章|日期|填表|制表|审核")
_SIGNED = re.compile("[（(][签盖].{0,3}[）)]|(?:签[字名章]|盖章)[：:]?$")
"""Room for a signature or a stamp."""
_PARTIAL = "小计"
_SENTENCE_ENDS = ("。", "；", ";", "！", ".")


def drafts_of_table(
    table: ForeignTable, *, needs_head: bool, is_pasted: bool = False
) -> Iterator[RubricDraft]:
    """The rubrics in a table: one below each title with a head, which may be printed again.

    A text needs no head; one that was pasted as cells has one of no certain width.
    """
    heads = [number for number, row in enumerate(table.rows) if is_head(row)]
    if not heads:
        if not needs_head:
            yield from _TableReader(table, table.rows, None, is_pasted=is_pasted).read()
        return
    begins = [0]
    for before, head in pairwise(heads):
        above = count_title_rows(table.rows[before + 1 : head])
        if above:
            begins.append(head - above)
    for begin, end in zip(begins, [*begins[1:], len(table.rows)], strict=True):
        first = next(head for head in heads if head >= begin)
        rows = table.rows[begin:end]
        yield from _TableReader(table, rows, first - begin, is_pasted=is_pasted).read()


class _TableReader:
    """Reads one rubric of a table."""

    def __init__(
        self, table: ForeignTable, rows: Sequence[RubricRow], head: int | None, *, is_pasted: bool
    ) -> None:
        self.table = table
        above = rows[:head] if head is not None else list(take_title_rows(rows))
        self.body = rows[len(above) + (head is not None) :]
        self.head = rows[head] if head is not None else {}
        if self.body and self._is_second_row_of_head(self.body[0]):
            self.head, self.body = with_second_row(self.head, self.body[0]), self.body[1:]
        first = next(iter((rows[0] if above or head is None else self.head).values()))
        self.draft = RubricDraft("", first.place, name=table.title)
        self.outline = Outline(self.draft)
        self.columns = (
            columns_without_head(self.body)
            if head is None
            else columns_of(self.head, self.body, is_pasted=is_pasted)
        )
        self.items: list[DraftItem] = []
        self.since_sum: list[DraftItem] = []
        self._read_title(above)

    def _is_second_row_of_head(self, row: RubricRow) -> bool:
        spans = any(self._span(cell)[0] > 1 for cell in self.head.values())
        return bool(self.head) and (spans or is_head(row))

    def read(self) -> Iterator[RubricDraft]:
        """The rubric, unless the table holds nothing but titles."""
        if not self.body:
            return
        if self.columns.total is not None:
            self._state_total(self.columns.total, self.draft.title, self.draft.place)
        self._report_columns()
        chinese = self._has_numbers_of_both_kinds()
        for row in self.body:
            if {column: cell.text for column, cell in row.items()} != {
                column: cell.text for column, cell in self.head.items()
            }:
                self._read_row(row, numbered_titles=chinese)
        yield self.outline.close()

    def _report(
        self, kind: Kind, place: Place | Spot, variant: str = "", **about: Parameter
    ) -> None:
        self.draft.findings.append(Finding(kind, place, dict(about), variant))

    def _read_title(self, rows: Iterable[RubricRow]) -> None:
        """Take the first line above the head for the title; list the others."""
        for row in rows:
            for cell in row.values():
                lines = [line.strip() for line in cell.text.splitlines() if line.strip()]
                lines = [line for line in lines if not ANNEX.fullmatch(line)]
                if lines and not self.draft.title:
                    self.draft.title = without_padding("".join(lines))
                    self.draft.place = cell.place
                    stated = split_points(self.draft.title)
                    if stated.points is not None:
                        self._state_total(stated.points, self.draft.title, cell.place)
                elif lines:
                    self._report(Kind.TEXT_OF_NO_ITEM, cell.place, text=cell.text)

    def _state_total(self, points: Decimal, title: str, place: Place | Spot) -> None:
        """Take the points of all where they are stated; a second statement is to be the same."""
        if self.draft.total is None:
            self.draft.total, self.draft.total_place = points, place
        elif self.draft.total != points:
            self.draft.sums.append(StatedSum(title, points, place, self.items))

    def _report_columns(self) -> None:
        """Name columns of which nothing is read, and hidden ones."""
        first = {column: cell for row in reversed(self.body) for column, cell in row.items()}
        for column, cell in (first | self.head).items():
            holds = column in first
            role = self.columns.roles.get(column, "")
            if column in self.table.hidden_columns and role not in ("blank", "number"):
                self.draft.blocked = True
                self._report(Kind.RUBRIC_PART_UNCLEAR, cell.place, "hidden", text=cell.text)
            elif holds and self._is_idle_cap(column):
                self.draft.blocked = True
                found = tuple(self.columns.titles[cap] for cap in self.columns.of("cap"))
                self._report(Kind.CAP_UNCLEAR, cell.place, text=cell.text, found=found)
            elif holds and role in ("", "blank"):
                variant = "column" if column in self.head else ""
                self._report(Kind.TEXT_OF_NO_ITEM, cell.place, variant, text=cell.text)

    def _is_idle_cap(self, column: int) -> bool:
        """True for points that are neither those of items nor those of the sections before them."""
        caps = self.columns.of("cap")
        return column in caps[:-1] and not any(
            self._column_of_section_cap(section) == column for section in self.columns.of("section")
        )

    def _has_numbers_of_both_kinds(self) -> bool:
        """True where 一 二 number the sections, and 1 2 the items, in one column."""
        texts = [
            row[column].text for column in self.columns.of("number") for row in self.body
            if column in row
        ]  # fmt: skip
        chinese = [text for text in texts if _CHINESE_NUMBER.fullmatch(text)]
        return bool(chinese) and len(chinese) < len(texts)

    def _read_row(self, row: RubricRow, *, numbered_titles: bool) -> None:
        read = self.columns.of("section", "wording", "cap", "number")
        cells = {column: row[column] for column in read if column in row}
        first = next(iter(row.values()))
        if first.is_hidden:
            self.draft.blocked = True
            self._report(Kind.RUBRIC_PART_UNCLEAR, first.place, "hidden", text=first.text)
            return
        for column in self.columns.of("section", "wording"):
            if column in cells and cells[column].is_unseen:
                self.draft.blocked = True
                cell = cells[column]
                self._report(Kind.RUBRIC_PART_UNCLEAR, cell.place, "unseen", text=cell.text)
                return
        words, caps = self._words(cells), self._in(cells, "cap")
        if not words:
            for cell in caps:
                self._report(Kind.TEXT_OF_NO_ITEM, cell.place, text=cell.text)
        elif is_sum(words[0].text):
            self._read_sum(words[0], caps)
        elif numbered_titles and self._is_numbered_title(cells):
            self._enter(-1, words[0], caps[-1] if caps else None)
        elif len(cells) == 1 and self._is_title_row(cells):
            self._read_title_row(*next(iter(cells.items())))
        else:
            self._read_item(row, cells)

    def _in(self, cells: RubricRow, *roles: ColumnRole) -> list[ForeignCell]:
        return [cells[column] for column in self.columns.of(*roles) if column in cells]

    def _words(self, cells: RubricRow) -> list[ForeignCell]:
        """The cells with titles and wordings: a wide one may begin in the column of numbers."""
        found = self._in(cells, "number", "section", "wording")
        numbers = self._in(cells, "number")
        return [cell for cell in found if cell not in numbers or not _NUMBER.fullmatch(cell.text)]

    def _read_sum(self, label: ForeignCell, caps: Sequence[ForeignCell]) -> None:
        """Keep what a row of sums states, and what it is about."""
        title = split_title_points(label.text)
        stated = read_cap(caps[-1].text) if caps else title.points
        if stated is None:
            if caps:
                self._report(Kind.TEXT_OF_NO_ITEM, label.place, text=label.text)
            return
        if _PARTIAL not in without_padding(title.text):
            self._state_total(stated, title.text, label.place)
            return
        outer = self.outline.outermost
        parts, self.since_sum = self.since_sum, []
        if outer is not None and outer.max is None:
            outer.max = stated
        elif outer is None or outer.max != stated:
            self.draft.sums.append(StatedSum(title.text, stated, label.place, parts))

    def _is_numbered_title(self, cells: RubricRow) -> bool:
        numbers = self._in(cells, "number")
        return any(_CHINESE_NUMBER.fullmatch(cell.text) for cell in numbers)

    def _is_title_row(self, cells: RubricRow) -> bool:
        """True for a row of one text that may be a title: it is wide, or no wording of an item."""
        ((column, cell),) = cells.items()
        if column not in self.columns.of("wording")[-1:] or self._span(cell)[1] > 1:
            return True
        if self.columns.of("section"):
            return False
        return TITLE_MARK.match(cell.text) is not None or self._is_title_without_cap(cell)

    def _is_title_without_cap(self, cell: ForeignCell) -> bool:
        """True for points behind a text that is no sentence, where items have a column for them."""
        title = split_title_points(join_lines(cell.text))
        ends = cell.text.rstrip().endswith(_SENTENCE_ENDS)
        return bool(self.columns.of("cap")) and title.points is not None and not ends

    def _span(self, cell: ForeignCell) -> tuple[int, int]:
        place = cell.place
        if isinstance(place, Spot):
            return 1, 1
        _, row, column = place.keys
        return self.table.spans.get((int(row), int(column)), (1, 1))

    def _read_title_row(self, column: int, cell: ForeignCell) -> None:
        """Begin a section, unless the text reads like a remark, or like room for a signature."""
        title = split_title_points(join_lines(cell.text))
        mark = TITLE_MARK.match(cell.text)
        if mark is None and title.points is None and _REMARK.search(cell.text):
            self._report(Kind.TEXT_OF_NO_ITEM, cell.place, text=cell.text)
        elif column in self.columns.of("section") and self._span(cell)[1] == 1:
            self._enter(column, cell, None)
        else:
            is_inner = mark is not None and mark[0][0] in "（("
            self._enter(-1 if is_inner else -2, cell, None)

    def _enter(self, depth: int, cell: ForeignCell, cap: ForeignCell | None) -> None:
        """Begin a section, with the points in its title or in a cell of their own."""
        title = split_title_points(without_padding(join_lines(cell.text)))
        mark = TITLE_MARK.match(title.text)
        text = title.text if mark is None else title.text[mark.end() :].strip()
        points, doubtful = title.points, title.doubtful
        if cap is not None:
            points = None if cap.is_unseen else read_cap(cap.text)
            printed = [] if title.points in (None, points) else [str(title.points)]
            if points is None or printed:
                points, doubtful = None, (*printed, cap.text)
        self.outline.enter(depth, PrintedPoints(text, points, doubtful), cell.place)

    def _read_item(self, row: RubricRow, cells: RubricRow) -> None:
        wording = self.columns.of("wording")
        caps = self.columns.of("cap")
        texts = [column for column in wording if column in cells]
        if not texts and any(_SIGNED.search(cell.text) for cell in cells.values()):
            for cell in cells.values():
                self._report(Kind.TEXT_OF_NO_ITEM, cell.place, text=cell.text)
            return
        for column in self.columns.of("section"):
            if column in cells:
                self._enter(column, cells[column], self._cap_of_section(column, cells))
        cap = cells.get(caps[-1]) if caps else None
        if not texts:
            if cap is not None and self.outline.innermost is not None:
                self._give_points(self.outline.innermost, cap)
            return
        item = self._item(cells, texts, cap)
        for column, field in self._extra_columns():
            setattr(item, field, join_lines(self._text(row, column, item.place)))
        self.outline.add(item)
        self.items.append(item)
        self.since_sum.append(item)

    def _cap_of_section(self, column: int, cells: RubricRow) -> ForeignCell | None:
        own = self._column_of_section_cap(column)
        return None if own is None else cells.get(own)

    def _column_of_section_cap(self, column: int) -> int | None:
        """The column with the points of a section: of several the next one to its right."""
        levels = self.columns.of("section", "wording")
        right = next((level for level in levels if level > column), column)
        caps = self.columns.of("cap")[:-1]
        return next((cap for cap in caps if column < cap < right), None)

    def _give_points(self, section: DraftSection, cap: ForeignCell) -> None:
        """Take the points of a row that holds a title and no wording for those of its section."""
        points = None if cap.is_unseen else read_cap(cap.text)
        if points is None or section.max not in (None, points):
            self._report(Kind.TEXT_OF_NO_ITEM, cap.place, text=cap.text)
        else:
            section.max = points

    def _extra_columns(self) -> Iterator[tuple[int, str]]:
        for role in ("owner", "source"):
            yield from ((column, role) for column in self.columns.of(role)[:1])

    def _item(self, cells: RubricRow, texts: Sequence[int], cap: ForeignCell | None) -> DraftItem:
        """The item of a row: its wording, its points, and what is doubtful about them."""
        place = cells[texts[0]].place
        texts = [
            column for column in self.columns.of("wording") if self._text(cells, column, place)
        ]
        typed = isinstance(place, Place)
        parts = [join_lines(self._text(cells, column, place), are_typed=typed) for column in texts]
        titles = [without_padding(self.columns.titles.get(column, "")) for column in texts]
        first = split_points(parts[0])
        if first.points is not None:
            parts[0] = first.text
        text = parts[0] + "".join(
            f" {title}：{part}" for title, part in zip(titles[1:], parts[1:], strict=True)
        )
        printed = split_points(text) if first.points is None else first._replace(text=text)
        shared = self._shared_cap(cap, place)
        if shared and printed.points is not None:
            section = self.outline.innermost
            if section is not None and section.max is None:
                section.max = read_cap(shared)
            return DraftItem(printed.text, printed.points, place)
        if shared:
            return DraftItem(text, None, place, shared=shared)
        if cap is None:
            return DraftItem(printed.text, printed.points, place, printed.doubtful)
        points = None if cap.is_unseen else read_cap(cap.text)
        if points is None or printed.points not in (None, points):
            found = [] if printed.points is None else [plain(printed.points)]
            return DraftItem(text, None, cap.place, (cap.text, *found))
        return DraftItem(text if printed.points is None else printed.text, points, place)

    def _text(self, cells: RubricRow, column: int, place: Place | Spot) -> str:
        """The text in a column, which may be merged with that of the rows above."""
        return cells[column].text if column in cells else self._covered(column, place)

    def _covered(self, column: int, place: Place | Spot) -> str:
        """What a merged area shows in a column of the row of a place."""
        return self.table.covered.get((_row_of(place), column), "")

    def _shared_cap(self, cap: ForeignCell | None, place: Place | Spot) -> str:
        """The points that stand once for several rows with items; empty where a row has its own."""
        columns = self.columns.of("cap")
        if not columns or (cap is not None and self._span(cap)[0] == 1):
            return ""
        if cap is None:
            return self._covered(columns[-1], place)
        row = _row_of(place)
        rows = range(row, row + self._span(cap)[0])
        wording = self.columns.of("wording")
        holding = [
            other
            for other in self.body
            if _row_of(next(iter(other.values())).place) in rows
            and any(column in other for column in wording)
        ]
        return cap.text if len(holding) > 1 else ""


def _row_of(place: Place | Spot) -> int:
    return int(place.keys[1]) if isinstance(place, Place) else place.line
