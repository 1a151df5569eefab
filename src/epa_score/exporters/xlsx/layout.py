"""Layout of a workbook: where each table stands, and on which pages its rows."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, islice
from typing import NamedTuple

from rich.cells import cell_len

from epa_score.exporters.cell_text import shown_columns, text_of, wrap_title
from epa_score.exporters.xlsx.changes import (
    LINE,
    ChangeLine,
    Compared,
    ComparedForms,
    ComparedTable,
)
from epa_score.exporters.xlsx.formats import Frame
from epa_score.exporters.xlsx.formulas import CellRange
from epa_score.exporters.xlsx.rows import (
    PageRoom,
    PlannedRows,
    SheetRow,
    plan_rows,
    row_height,
    rows_in_blocks,
)
from epa_score.exporters.xlsx.widths import MARGIN, SHORT_TITLE, ColumnWidths
from epa_score.exporters.xlsx.workbook import FONTS, WorksheetNames
from epa_score.i18n import Words
from epa_score.reports.table import Column, Row, Table

MOST_ROWS = 1_048_000
"""Rows of a table that one worksheet takes, some fewer than Excel's 1,048,576."""

_MOST_COLUMNS = 8_000
"""Columns of a table that one worksheet takes with their copies, some fewer than 16,384 by 2."""

_MOST_NAMED, _NAMED_IN_LONG = 8, 1
"""How many changed cells are named of a table, and of a long one, which takes time for each."""

LONG = 5000
"""A table with more rows is long: it is written to the disk row by row, Excel finds the heights of
its rows, and it has no formulas that look at all rows, which take time by the square."""


@dataclass(frozen=True, slots=True)
class TableLayout:
    """A table and the place that it gets."""

    table: Table
    columns: tuple[Column, ...]
    """The columns that people see."""
    cell_range: CellRange
    """The rows that formulas may refer to."""
    widths: tuple[int, ...]
    """The width of each column, in digits."""
    rows: int
    """The number of rows between the titles of the columns and the mean."""
    states: tuple[ChangeLine, ...] = ()
    """The lines on changes of other tables, below the table's own rows."""
    forms: ComparedForms | None = None
    """The filled forms of the rubric, if the workbook has them."""
    has_fixed: bool = False
    """True where some figures stay as exported, beside others that follow formulas."""
    is_part: bool = False
    """True where other worksheets have the other rows of the table."""
    planned: PlannedRows | None = None
    """The rows on their pages, unless there are too many of them."""

    def sheet_rows(self) -> Iterable[SheetRow]:
        """The rows of the worksheet, with the heads and sums of blocks."""
        return rows_in_blocks(self.table) if self.planned is None else self.planned.rows

    @property
    def header(self) -> int:
        """The row of the column titles, from 0; the caps may stand below it."""
        return self.cell_range.first - (2 if self.has_caps else 1)

    @property
    def top(self) -> int:
        """The first row within the outer lines: titles of groups may stand above the header."""
        return self.header - self.has_groups

    @property
    def last(self) -> int:
        """The last row within the outer lines of the table, from 0."""
        return self.cell_range.first + self.rows - (self.table.mean is None)

    @property
    def frame(self) -> Frame:
        """The rows and columns within the outer lines."""
        return Frame(top=self.top, left=0, bottom=self.last, right=len(self.columns) - 1)

    @property
    def has_caps(self) -> bool:
        """True where the caps stand in a row of their own below the header."""
        return self.table.has_caps_row

    @property
    def has_groups(self) -> bool:
        """True where titles over several columns stand in a row of their own above the header."""
        return _has_groups(self.table)

    @property
    def compared(self) -> ComparedTable | None:
        """The cells that are compared with copies, unless the table itself tells of changes."""
        if self.table.changes is not None:
            return None
        last = self.cell_range.first + self.rows - (self.table.mean is None)
        return ComparedTable(
            group=self.table.group,
            sheet=self.cell_range.sheet,
            top=self.top,
            bottom=last + (len(self.table.notes) and 1 + len(self.table.notes)),
            columns=len(self.columns),
            caption=self.caption_start,
            is_sortable=self.table.is_sortable,
            most_named=_NAMED_IN_LONG if self.is_long else _MOST_NAMED,
        )

    @property
    def caption_start(self) -> int | None:
        """The column in which the caption begins, at the right end of the line on changes."""
        if not self.table.caption:
            return None
        needed = cell_len(self.table.caption) + MARGIN
        starts = range(len(self.columns) - 1, 0, -1)
        return next((start for start in starts if sum(self.widths[start:]) >= needed), 1)

    @property
    def is_long(self) -> bool:
        """True where there are too many rows for everything that a short table has."""
        return self.rows > LONG or self.is_part

    @property
    def has_still_rows(self) -> bool:
        """True where there is any row whose figures follow no formula, and which none refers to."""
        return self.cell_range.last - self.cell_range.first + 1 < self.rows

    @property
    def has_live_rows(self) -> bool:
        """True where there is any row that formulas refer to."""
        return self.cell_range.last >= self.cell_range.first


TableLayouts = Sequence[TableLayout]
"""The places of a workbook's tables, in their order."""


def lay_out(tables: Sequence[Table], words: Words) -> TableLayouts:
    """The place of each table, in the order given; one with too many rows gets several.

    Raises `ValueError` for more columns than a worksheet has.
    """
    several = len({table.group for table in tables if table.group}) > 1
    names = WorksheetNames()
    layouts: list[TableLayout] = []
    for table in tables:
        wanted = words(f"sheet.{table.name}")
        wanted += f"-{table.group}" if several and table.group else ""
        wanted += f"-{table.unit_group}" if table.unit_group else ""
        layout = _lay_out_table(table, names.add(wanted))
        if layout.rows > MOST_ROWS and table.blocks is not None:
            # In parts the rows of a block need not stand on one worksheet.
            layout = _lay_out_table(table._replace(blocks=None), layout.cell_range.sheet)
        notes = tuple(_notes_for_figures(layout, words))
        layout = replace(layout, table=layout.table._replace(notes=(*table.notes, *notes)))
        layout = _planned(layout, words)
        layouts += [layout] if layout.rows <= MOST_ROWS else _split_layout(layout, names, wanted)
    return layouts


def _planned(layout: TableLayout, words: Words) -> TableLayout:
    """A layout with its rows on pages, unless there are too many of them."""
    planned = _plan_pages(layout, words)
    if planned is None:
        return layout
    return _with_rows(replace(layout, planned=planned), len(planned.rows))


def _notes_for_figures(layout: TableLayout, words: Words) -> Iterator[str]:
    """Notes on the figures that follow no formula."""
    if layout.is_long and any(column.live for column in layout.columns):
        yield words("sheet.no_formulas", most=LONG)
    elif layout.has_fixed:
        yield words("sheet.fixed_figures")
    if layout.table.note_on_still_rows and layout.has_still_rows:
        yield layout.table.note_on_still_rows
    for column in layout.columns:
        if column.note_without_formula and column.live is None:
            yield column.note_without_formula


def with_changes(
    layouts: TableLayouts, states: tuple[ChangeLine, ...], forms: Mapping[str, ComparedForms]
) -> TableLayouts:
    """Layouts in which 说明 also says what was changed, and each table knows of its ``forms``."""
    return [
        replace(layout, states=states, rows=layout.rows + len(states))
        if layout.table.changes is not None
        else replace(layout, forms=forms.get(layout.table.group))
        for layout in layouts
    ]


class ContentsLine(NamedTuple):
    """A worksheet, and what it holds."""

    sheet: str
    holds: str


def with_contents(
    layouts: TableLayouts, lines: Iterable[ContentsLine], words: Words
) -> TableLayouts:
    """Layouts in which 说明 also lists the worksheets, and leads to each."""
    listed = tuple(lines)
    return [_with_contents(layout, listed, words) for layout in layouts]


def _with_contents(layout: TableLayout, lines: Sequence[ContentsLine], words: Words) -> TableLayout:
    table, changes = layout.table, layout.table.changes
    if changes is None:
        return layout
    rows = []
    for line in lines:
        cells = {
            changes.subject: words("contents.sheet", sheet=line.sheet),
            changes.verdict: line.holds,
        }
        if table.blocks is not None:
            cells[table.blocks.column] = words("contents.title")
        row = tuple(cells.get(column.name) for column in table.columns)
        rows.append(Row(row, leads_to=line.sheet))
    longer = table._replace(rows=lambda: chain(table.rows(), rows))
    return _planned(_lay_out_table(longer, layout.cell_range.sheet), words)


_MOST_GROUPS = 40
"""Other groups of units of which a line tells; a formula of Excel has 8,192 characters."""


def compared_beside(layout: TableLayout, layouts: TableLayouts) -> list[Compared]:
    """What the line of a table tells of beside its own cells.

    These are the other tables of its ranking, and the points of other groups of units, from which
    means of other units are taken.
    """
    table = layout.table
    others = [other for other in layouts if other.table.group == table.group]
    told = [other for other in others if other is not layout and other.table.kin == table.kin]
    points = (
        other
        for other in others
        if other.table.kin != table.kin and any(column.marks_losses for column in other.columns)
    )
    told += islice(points, _MOST_GROUPS)
    return [other.compared for other in told if other.compared is not None]


def _split_layout(layout: TableLayout, names: WorksheetNames, wanted: str) -> Iterator[TableLayout]:
    """The table in parts that worksheets have room for; the last one has the mean and the notes."""
    whole = layout.table
    for first in range(0, layout.rows, MOST_ROWS):
        name = names.add(wanted) if first else layout.cell_range.sheet
        table = whole._replace(rows=partial(_rows_of_part, whole, first))
        if first + MOST_ROWS < layout.rows:
            table = table._replace(mean=None, notes=(), signatures=())
        yield replace(_lay_out_table(table, name), is_part=True)


def _rows_of_part(table: Table, first: int) -> Iterator[Row]:
    """The rows of a part that begins with the row ``first``."""
    return islice(table.rows(), first, first + MOST_ROWS)


def _lay_out_table(table: Table, sheet: str) -> TableLayout:
    named = table.blocks.column if table.blocks is not None else ""
    columns = tuple(column for column in shown_columns(table) if column.name != named)
    if len(columns) > _MOST_COLUMNS:
        message = f"a workbook cannot hold {len(columns)} columns"
        raise ValueError(message)
    numbers = {column.name: number for number, column in enumerate(columns)}
    widths = ColumnWidths(columns)
    live_rows = rows = fixed = 0
    places = [numbers.get(column.name) if column.shown else None for column in table.columns]
    for sheet_row in rows_in_blocks(table):
        row = sheet_row.row
        live_rows += row.live
        fixed += bool(row.fixed)
        rows += 1
        for place, cell in zip(places, row.cells, strict=True):
            if place is not None:
                widths.fit(place, text_of(cell))
    above = 1 if table.changes is not None and not table.caption else LINE + 1
    first = above + _has_groups(table) + 1 + table.has_caps_row
    heading = next((column.name for column in columns if column.is_heading), "")
    return TableLayout(
        table=table,
        columns=columns,
        cell_range=CellRange(
            sheet=sheet,
            columns=numbers,
            first=first,
            last=first + live_rows - 1,
            heading=heading,
        ),
        widths=widths.to_tuple(filling=bool(table.signatures)),
        rows=rows,
        has_fixed=fixed > 0,
    )


def _with_rows(layout: TableLayout, rows: int) -> TableLayout:
    """A layout with so many rows, of which those that follow no formula come last as before."""
    added = rows - layout.rows if layout.has_live_rows else 0
    cell_range = replace(layout.cell_range, last=layout.cell_range.last + added)
    return replace(layout, rows=rows, cell_range=cell_range)


_DIGIT = {True: 6.0, False: 5.25}
"""Points across a digit of the standard font, a Chinese one or Excel's own."""
_BETWEEN = 0.75
"""Digits that a column is wider than the text that it has room for."""
_SAFELY = 0.96
"""The part of a page that is filled: other programs measure a little differently."""
ACROSS, DOWN = 770, 501
"""Points of a landscape A4 page within its margins."""
_TITLE_SIZE = 1.5
SIGNED = 36.0
"""Points of a row with room for names."""


def _plan_pages(layout: TableLayout, words: Words) -> PlannedRows | None:
    """The rows on pages as wide as the columns, unless the table is long."""
    table, columns, widths = layout.table, layout.columns, layout.widths
    if layout.is_long:
        return None
    across = sum(width + _BETWEEN for width in widths) * _DIGIT[words.language in FONTS]
    titles = [wrap_title(column.title, SHORT_TITLE) for column in columns]
    line = row_height([""], [1])
    title = row_height([table.title], [sum(widths)], _TITLE_SIZE)
    head = row_height(titles, widths) + line * (layout.has_caps + layout.has_groups)
    # The line on changes stands on every page, and the caption beside it.
    room = PageRoom(
        whole=_SAFELY * DOWN * max(1, across / ACROSS),
        title=title,
        head=head + (line if layout.compared is not None or table.caption else 0),
    )
    below = [line] if table.mean is not None else []
    below += [row_height([note], [sum(widths)]) for note in table.notes]
    below += [SIGNED] if table.signatures else []
    named = {column.name: width for column, width in zip(columns, widths, strict=True)}
    return plan_rows(table, rows_in_blocks(table), named, room, below)


def _has_groups(table: Table) -> bool:
    return any(column.group for column in shown_columns(table))
