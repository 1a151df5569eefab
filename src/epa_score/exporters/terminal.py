"""Tables on a terminal in aligned columns, in a pipe with tabs between their cells."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from rich.cells import cell_len

from epa_score.diagnostics.terminal_text import hides_nothing, visible
from epa_score.exporters.cell_text import fold_title, shown_columns, shown_rows, text_of
from epa_score.reports.table import Cell, Column, Table

_GAP = 2
_LEAST_LONG = 20
_TITLE_WIDTHS = (80, 12, 8)


def aligned_lines(tables: Sequence[Table], width: int) -> Iterator[str]:
    """Lines of aligned columns, at most ``width`` cells wide if the columns never dropped fit.

    A narrow terminal loses whole columns, never a digit.
    """
    from rich.console import Console  # noqa: PLC0415 -- a pipe gets tabs
    from rich.table import Table as Grid  # noqa: PLC0415 -- a pipe gets tabs
    from rich.text import Text  # noqa: PLC0415 -- a pipe gets tabs

    for index, table in enumerate(tables):
        if index:
            yield ""
        rows = [
            [_cell_text(*pair) for pair in zip(table.columns, row.cells, strict=True)]
            for row in table.rows()
        ]
        widths, titles = _fit_columns(table.columns, rows, width)
        grid = Grid(box=None, padding=(0, _GAP, 0, 0), pad_edge=False, title_justify="left")
        for place in widths:
            column = table.columns[place]
            right = "text" not in column.kind
            title = Text(titles[place])
            if column.kind == "long text":
                grid.add_column(title, min_width=_LEAST_LONG, overflow="fold")
            else:
                grid.add_column(
                    title,
                    justify="right" if right else "left",
                    width=widths[place],
                    no_wrap=column.kind == "number",
                    overflow="fold",
                )
        for cells in rows:
            grid.add_row(*(Text(cells[place]) for place in widths))
        least = sum(cells + _GAP for cells in widths.values())
        console = Console(width=max(width, least), color_system=None, force_terminal=False)
        yield visible(table.title)
        yield ""
        with console.capture() as capture:
            console.print(grid)
        yield from (line.rstrip() for line in capture.get().splitlines())
        yield from ([""] if table.notes else [])
        yield from map(visible, table.notes)


def _cell_text(column: Column, cell: Cell) -> str:
    if isinstance(cell, Decimal):
        text = text_of(cell, signed=column.kind == "difference")
        whole, _, rest = text.partition(".")
        return f"{whole}.{rest.ljust(column.decimals, '0')}" if column.decimals else text
    return visible(text_of(cell))


def _fit_columns(
    columns: Sequence[Column], rows: Sequence[Sequence[str]], width: int
) -> tuple[dict[int, int], list[str]]:
    """The columns that fit, with their widths, and every title as it is to be folded.

    Titles are folded first; then columns go, all of the highest priority at once, so that
    nobody takes some of the sections for all of them.
    """
    shown = [place for place, column in enumerate(columns) if column.shown]
    natural = {place: max((cell_len(row[place]) for row in rows), default=0) for place in shown}
    titles = [visible(column.title) for column in columns]
    widths: dict[int, int] = {}
    for most_of_title in _TITLE_WIDTHS:
        titles = [fold_title(title, most_of_title) for title in titles]
        for place in shown:
            title = max(_balanced_width(line, most_of_title) for line in titles[place].split("\n"))
            long = columns[place].kind == "long text"
            widths[place] = _LEAST_LONG if long else max(natural[place], title)
        if _all_fit(widths, width):
            break
    while not _all_fit(widths, width):
        least_needed = max(columns[place].priority for place in widths)
        if not least_needed:
            break
        widths = {
            place: cells
            for place, cells in widths.items()
            if columns[place].priority < least_needed
        }
    return widths, titles


def _balanced_width(line: str, most: int) -> int:
    """The cells of each line when a line is folded into lines of about one length."""
    cells = cell_len(line)
    lines = -(-cells // most) or 1
    return -(-cells // lines // 2) * 2 if lines > 1 else cells


def _all_fit(widths: dict[int, int], width: int) -> bool:
    return sum(cells + _GAP for cells in widths.values()) - _GAP <= width


def tab_separated_lines(tables: Sequence[Table]) -> Iterator[str]:
    """Lines of tab-separated cells; an empty line between tables."""
    for index, table in enumerate(tables):
        if index:
            yield ""
        yield "\t".join(visible(column.title) for column in shown_columns(table))
        for row in shown_rows(table):
            # One look at a row in place of one at every cell: a province has 100,000 rows.
            yield "\t".join(row if hides_nothing("".join(row)) else map(visible, row))
