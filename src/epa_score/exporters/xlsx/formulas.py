"""Formulas of a workbook, which follow when somebody changes a score.

A unit's row in another sheet is found by the unit's name, so that either sheet can be sorted.

"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from xlsxwriter.utility import (
    quote_sheetname,
    xl_col_to_name,
)

from epa_score.i18n import plain
from epa_score.reports.sums import FromMean, RankOf, ShareOf, SumOf

LONGEST = 127
"""Characters of a text in a formula: it takes 255 UTF-16 units, of which each needs two at most."""

_WILDCARDS = "*?~"
"""Characters that MATCH does not take literally."""

NOISE = 9
"""Decimals that are compared: more than points have, fewer than floating point gets wrong."""


@dataclass(frozen=True, slots=True)
class CellRange:
    """The range of a table's rows that formulas may refer to.

    ``columns`` are column numbers by name; they and the rows count from 0. The cells of the column
    ``heading`` name the rows.
    """

    sheet: str
    columns: Mapping[str, int]
    first: int
    last: int
    heading: str = ""

    def cell(self, name: str, row: int) -> str:
        """A cell of the column ``name``, for formulas of the same sheet."""
        return f"{xl_col_to_name(self.columns[name])}{row + 1}"

    def column(self, name: str) -> str:
        """The column ``name``, for formulas of the same sheet."""
        letters = xl_col_to_name(self.columns[name])
        return f"{letters}${self.first + 1}:{letters}${self.last + 1}"

    def row_absolute(self, name: str, row: int) -> str:
        """A cell of the column ``name``, for formulas of the same sheet that are moved."""
        return f"{xl_col_to_name(self.columns[name])}${row + 1}"

    def absolute(self, first: str, last: str = "") -> str:
        """The columns from ``first`` to ``last``, for formulas of any sheet."""
        left, right = (xl_col_to_name(self.columns[name]) for name in (first, last or first))
        area = f"${left}${self.first + 1}:${right}${self.last + 1}"
        return f"{quote_sheetname(self.sheet)}!{area}"

    def runs(self, names: Iterable[str]) -> Iterator[tuple[str, str]]:
        """First and last of each run of columns side by side, of those names that are here."""
        here = sorted((self.columns[name], name) for name in names if name in self.columns)
        for _, run in groupby(enumerate(here), lambda pair: pair[1][0] - pair[0]):
            members = [name for _, (_, name) in run]
            yield members[0], members[-1]


@dataclass(frozen=True, slots=True)
class UnitRow:
    """The row (from 0) of a unit in a range."""

    cell_range: CellRange
    row: int
    unit: str

    def cells(self, first: str, last: str) -> str:
        """The cells of the columns from ``first`` to ``last``."""
        left, right = self.cell_range.cell(first, self.row), self.cell_range.cell(last, self.row)
        return left if first == last else f"{left}:{right}"

    def lookup_in(self, there: CellRange, first: str, last: str = "") -> str:
        """The unit's cells in another range; an error where its name no longer stands there."""
        sought = f"${self.cell_range.cell(self.cell_range.heading, self.row)}"
        names = there.absolute(there.heading)
        place = f"MATCH({sought},{names},0)"
        if len(self.unit) > LONGEST or any(sign in self.unit for sign in _WILDCARDS):
            place = f"MATCH(TRUE,INDEX({names}={sought},0),0)"
        return f"INDEX({there.absolute(first, last)},{place},0)"


def sum_formula(live: SumOf, decimals: int, here: UnitRow, there: CellRange) -> str:
    """The sum of columns of ``there`` for a unit, or nothing if it has none of them."""

    def cells(columns: tuple[str, ...]) -> list[str]:
        return [
            here.cells(*run) if there is here.cell_range else here.lookup_in(there, *run)
            for run in there.runs(columns)
        ]

    added = sum_expression(live, cells)
    return f"=ROUND({added},{decimals})" if added else ""


FindAreas = Callable[[tuple[str, ...]], list[str]]
"""Gives the areas of some columns."""


def _unadjusted(added: str, _: SumOf) -> str:
    return added


def sum_expression(
    live: SumOf, cells: FindAreas, adjust: Callable[[str, SumOf], str] = _unadjusted
) -> str:
    """A sum within its bounds, unrounded; ``adjust`` changes the sum of some columns first."""
    summands = [*cells(live.columns), *(sum_expression(part, cells, adjust) for part in live.parts)]
    summands += cells(live.plus)
    if not any(summands):
        return ""
    text = adjust(f"SUM({','.join(filter(None, summands))})", live)
    taken = cells(live.minus)
    text += f"-SUM({','.join(taken)})" if taken else ""
    if live.bound is None:
        return text
    plus, least, most = live.bound
    if plus:
        text += f"{plus:+f}"
    if least is not None:
        text = f"MAX({plain(least)},{text})"
    return text if most is None else f"MIN({plain(most)},{text})"


def same_figure_formula(name: str, here: UnitRow, there: CellRange) -> str:
    """The figure of a unit that stands in the column ``name`` of another sheet."""
    return f"={here.lookup_in(there, name)}"


def rank_formula(live: RankOf, here: CellRange, row: int) -> str:
    """The rank within the live rows: 1 and the number of better units, or of better results."""
    if len(live.columns) == 1 and not live.dense:
        return f"=RANK({here.cell(live.columns[0], row)},{here.column(live.columns[0])})"
    better = ""
    for name in reversed(live.columns):
        column, own = here.column(name), here.cell(name, row)
        then = f"+({column}={own})*({better})" if better else ""
        better = f"({column}>{own}){then}"
    if not live.dense:
        return f"=1+SUMPRODUCT({better})"
    alike = ",".join(f"{here.column(name)},{here.column(name)}" for name in live.columns)
    return f"=1+ROUND(SUMPRODUCT(({better})/COUNTIFS({alike})),0)"


def share_formula(live: ShareOf, here: UnitRow, there: CellRange) -> str:
    """A unit's points in ``there`` by the most there can be, or nothing if it has none of them."""
    if live.column not in there.columns:
        return ""
    points = here.lookup_in(there, live.column)
    return f"=ROUND({points}/{plain(live.cap)},{live.decimals})"


def mean_formula(name: str, decimals: int, here: CellRange) -> str:
    """The mean of a column over the live rows: of a sum without noise, so that halves go up."""
    return _mean_formula(here.column(name), decimals)


def mean_share_formula(live: ShareOf, there: CellRange) -> str:
    """The mean of the points in a column of ``there`` by the most there can be, if it is there."""
    if live.column not in there.columns:
        return ""
    return _mean_formula(there.absolute(live.column), live.decimals, f"/{plain(live.cap)}")


def _mean_formula(points: str, decimals: int, divided: str = "") -> str:
    return f"=ROUND(ROUND(SUM({points}),{NOISE})/COUNT({points}){divided},{decimals})"


def difference_formula(live: FromMean, here: CellRange, row: int, mean_row: int) -> str:
    """The difference of a figure from the mean of its column, which stands in ``mean_row``."""
    average = here.row_absolute(live.column, mean_row)
    return f"=ROUND({here.cell(live.column, row)}-{average},{live.decimals})"


def string_literal(text: str) -> str:
    """A text as it stands in a formula."""
    doubled = text.replace('"', '""')
    return f'"{doubled}"'
