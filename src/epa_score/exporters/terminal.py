"""Tables on a terminal in aligned columns, in a pipe with tabs between their cells."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from rich.cells import cell_len

from epa_score.diagnostics.terminal_text import hides_nothing, visible
from epa_score.diagnostics.wrapping import wrap
from epa_score.exporters.cell_text import (
    fold_title,
    padded_text,
    shown_columns,
    shown_rows,
    wrap_title,
)
from epa_score.i18n import Words
from epa_score.reports.table import Cell, Column, Table

_GAP = 2
_LEAST_LONG = 20
_TITLE_WIDTHS = (80, 12, 8)


def aligned_lines(tables: Sequence[Table], width: int, words: Words | None = None) -> Iterator[str]:
    """Lines of aligned columns, at most ``width`` cells wide if the columns never dropped fit.

    A narrow terminal loses whole columns, never a digit; with ``words`` they are named below.
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
        dropped = [
            visible(column.title)
            for place, column in enumerate(table.columns)
            if column.shown and place not in widths
        ]
        grid = Grid(box=None, padding=(0, _GAP, 0, 0), pad_edge=False, title_justify="left")
        for place, cells in widths.items():
            side: Literal["left", "right"] = (
                "left" if "text" in table.columns[place].kind else "right"
            )
            grid.add_column(Text(titles[place]), justify=side, width=cells, no_wrap=True)
        for row in rows:
            grid.add_row(*(Text(_broken(row[place], widths[place])) for place in widths))
        least = sum(cells + _GAP for cells in widths.values())
        console = Console(width=max(width, least), color_system=None, force_terminal=False)
        yield from wrap(visible(table.title), width, cell_len)
        yield ""
        with console.capture() as capture:
            console.print(grid)
        yield from (line.rstrip() for line in capture.get().splitlines())
        notes = [visible(note) for note in table.notes]
        if dropped and words is not None:
            names = words("list.separator").join(dropped)
            notes.append(words("report.dropped", names=names))
        yield from ([""] if notes else [])
        for note in notes:
            yield from wrap(note, width, cell_len)


def _broken(text: str, width: int) -> str:
    return "\n".join(wrap(text, width, cell_len, cut=True)) if cell_len(text) > width else text


def _cell_text(column: Column, cell: Cell) -> str:
    return visible(padded_text(cell, column.decimals, signed=column.kind == "difference"))


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
    folded = list(titles)
    for most_of_title in _TITLE_WIDTHS:
        titles = [fold_title(title, most_of_title) for title in titles]
        for place in shown:
            folded[place] = wrap_title(titles[place], most_of_title)
            title = max(map(cell_len, folded[place].split("\n")))
            long = columns[place].kind == "long text"
            widths[place] = max(min(natural[place], _LEAST_LONG) if long else natural[place], title)
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
    return _widen_long_texts(columns, widths, natural, width), folded


def _widen_long_texts(
    columns: Sequence[Column], widths: Mapping[int, int], natural: Mapping[int, int], width: int
) -> dict[int, int]:
    """The widths with the room that is left given to long texts, one after the other."""
    wider = dict(widths)
    for place in widths:
        if columns[place].kind == "long text":
            room = width - sum(cells + _GAP for cells in wider.values()) + _GAP
            wider[place] = max(min(wider[place] + room, natural[place]), wider[place])
    return wider


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
