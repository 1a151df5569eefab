"""Layout of a workbook: where each table stands, how wide its columns and high its rows are."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice

from rich.cells import cell_len

from epa_score.exporters.cell_text import shown_columns, text_of, wrap_title
from epa_score.exporters.xlsx.changes import LINE, ChangeLine, ComparedTable
from epa_score.exporters.xlsx.formats import Frame
from epa_score.exporters.xlsx.formulas import CellRange
from epa_score.exporters.xlsx.workbook import WorksheetNames
from epa_score.i18n import Words
from epa_score.reports.table import Column, Row, Table

_LINE = 15
_PADDING = 4
HIGHEST_ROW = 409
"""Points of the highest row that Excel allows."""

_PAGE = 120
"""Characters across a page before it must be printed smaller."""

_MOST_FILLED = 1.5
"""The most times its own width that a column may get so that a narrow table fills the page."""

_WIDEST = 40
_MARGIN = 2
_LEAST = {"number": 6, "points": 6, "difference": 7, "rate": 6, "text": 8, "long text": 12}
SHORT_TITLE = 12
"""Cells of the longest title that is not broken before the bracket with the points."""


class ColumnWidths:
    """Widths of the columns of a table, in digits of the standard font, as texts are shown to it.

    Columns of long text share what the page has left, and get 40 in any case.
    """

    def __init__(self, columns: Sequence[Column]) -> None:
        """Begin with room for the titles; long ones break before the bracket with the points."""
        self._kinds = [column.kind for column in columns]
        self._needed = [_MARGIN + _title_width(column.title) for column in columns]

    def fit(self, number: int, text: str) -> None:
        """See to it that ``text`` fits into the column of that number, if need be in lines."""
        lines = text.split("\n")
        longest = max(cell_len(line[:_PAGE]) for line in lines) + _MARGIN
        self._needed[number] = max(self._needed[number], longest)

    def to_tuple(self, *, filling: bool = False) -> tuple[int, ...]:
        """The width of each column; ``filling`` ones together take the page, within reason."""
        pairs = list(zip(self._kinds, self._needed, strict=True))
        others = [
            _clamp_width(kind, needed, _WIDEST) for kind, needed in pairs if kind != "long text"
        ]
        number_of_long = len(pairs) - len(others)
        left = (_PAGE - sum(others)) // max(1, number_of_long)
        most = {kind: max(_WIDEST, left) if kind == "long text" else _WIDEST for kind in _LEAST}
        widths = tuple(_clamp_width(kind, needed, most[kind]) for kind, needed in pairs)
        if not filling:
            return widths
        factor = max(1, min(_MOST_FILLED, _PAGE / sum(widths)))
        return tuple(int(width * factor) for width in widths)


def row_height(texts: Sequence[str], widths: Sequence[int], size: float = 1) -> float:
    """The height of a row of texts in columns so wide, in letters of ``size`` times the usual."""
    lines = max(_line_count(text, width / size) for text, width in zip(texts, widths, strict=True))
    return min(HIGHEST_ROW, lines * _LINE * size + _PADDING)


def _line_count(text: str, width: float) -> int:
    room = max(1, int(width) - 1)
    return sum(max(1, -(-cell_len(line) // room)) for line in text.split("\n"))


def _title_width(title: str) -> int:
    lines = wrap_title(title, SHORT_TITLE).split("\n")
    return min(_WIDEST // 2, max(map(cell_len, lines)))


def _clamp_width(kind: str, needed: int, most: int) -> int:
    return max(_LEAST[kind], min(needed, most))


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
    has_fixed: bool = False
    """True where some figures stay as exported, beside others that follow formulas."""
    is_part: bool = False
    """True where other worksheets have the other rows of the table."""

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
        needed = cell_len(self.table.caption) + _MARGIN
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
        layout = _lay_out_table(table, names.add(wanted))
        notes = tuple(_notes_for_figures(layout, words))
        layout = replace(layout, table=table._replace(notes=(*table.notes, *notes)))
        layouts += [layout] if layout.rows <= MOST_ROWS else _split_layout(layout, names, wanted)
    return layouts


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


def with_change_states(layouts: TableLayouts, states: tuple[ChangeLine, ...]) -> TableLayouts:
    """Layouts in which 说明 also says what was changed."""
    return [
        replace(layout, states=states, rows=layout.rows + len(states))
        if layout.table.changes is not None
        else layout
        for layout in layouts
    ]


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
    columns = tuple(shown_columns(table))
    if len(columns) > _MOST_COLUMNS:
        message = f"a workbook cannot hold {len(columns)} columns"
        raise ValueError(message)
    numbers = {column.name: number for number, column in enumerate(columns)}
    widths = ColumnWidths(columns)
    live_rows = rows = fixed = 0
    for row in table.rows():
        live_rows += row.live
        fixed += bool(row.fixed)
        rows += 1
        for column, cell in zip(table.columns, row.cells, strict=True):
            if column.shown:
                widths.fit(numbers[column.name], text_of(cell))
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


def _has_groups(table: Table) -> bool:
    return any(column.group for column in shown_columns(table))
