"""The formula of a figure of a worksheet, if it has one."""

from collections.abc import Mapping

from epa_score.exporters.xlsx.cells import text_for_cell
from epa_score.exporters.xlsx.formulas import (
    LONGEST,
    NOISE,
    CellRange,
    UnitRow,
    difference_formula,
    rank_formula,
    same_figure_formula,
    share_formula,
    string_literal,
    sum_formula,
)
from epa_score.exporters.xlsx.layout import TableLayout
from epa_score.i18n import plain
from epa_score.reports.sums import (
    BandOf,
    DifferenceOf,
    FromMean,
    OfRank,
    RankOf,
    SameAs,
    ScaledTo,
    ShareOf,
    SumOf,
    TiedIn,
    WeightedSum,
)
from epa_score.reports.table import Cell, Column

RankingFigure = RankOf | ScaledTo | WeightedSum | OfRank


def ranking_formula(live: RankingFigure, here: CellRange, row: int) -> str:
    """The formula of a figure in a ``row`` of the ranking that follows other figures there."""
    if isinstance(live, RankOf):
        return rank_formula(live, here, row)
    if isinstance(live, WeightedSum):
        pairs = zip(live.columns, live.weights, strict=True)
        added = "+".join(f"{here.cell(name, row)}*{plain(weight)}" for name, weight in pairs)
        return f"=ROUND(ROUND(({added})/100,{NOISE}),{live.decimals})"
    own = here.cell(live.column, row)
    if isinstance(live, OfRank):
        points = ",".join(map(plain, live.points))
        return f"=IF({own}>{len(live.points)},0,CHOOSE({own},{points}))"
    # Without noise, so that halves go up.
    highest = f"MAX({here.column(live.column)})"
    share = f"ROUND({own}*{plain(live.best)}/{highest},{NOISE})"
    return f"=IF({highest}=0,0,ROUND({share},{live.decimals}))"


def band_formula(live: BandOf, here: CellRange, row: int) -> str:
    """The band that a figure of the row is in, or nothing where a name is too long for formulas."""
    names = [text_for_cell(name) for _, name in reversed(live.bands)]
    if max(map(len, names)) > LONGEST:
        return ""
    bounds = ",".join(plain(bound) for bound, _ in reversed(live.bands))
    texts = ",".join(map(string_literal, names))
    return f"=LOOKUP({here.cell(live.column, row)},{{{bounds}}},{{{texts}}})"


def tied_formula(live: TiedIn, cell: Cell, here: CellRange, row: int) -> str:
    """The remark of a row, or nothing where it is too long for formulas."""
    said = text_for_cell(str(cell or ""))
    rest = said.removeprefix(live.word).removeprefix(live.joiner) if said else ""
    if len(rest) > LONGEST:
        return ""
    tied = string_literal(live.word + (live.joiner + rest if rest else ""))
    number = f"COUNTIF({here.column(live.column)},{here.cell(live.column, row)})"
    return f"=IF({number}>1,{tied},{string_literal(rest)})"


def live_formula(
    column: Column,
    cell: Cell,
    here: UnitRow,
    layout: TableLayout,
    cell_ranges: Mapping[str, CellRange],
) -> str:
    """The formula of a ``cell`` in the row of a unit, or nothing.

    ``cell_ranges`` are the other tables that it may refer to, by name.
    """
    live = column.live
    if isinstance(live, TiedIn):
        return "" if layout.is_long else tied_formula(live, cell, here.cell_range, here.row)
    if cell is None or live is None:
        return ""
    if isinstance(live, RankingFigure):
        return "" if layout.is_long else ranking_formula(live, here.cell_range, here.row)
    if isinstance(live, DifferenceOf):
        own, other = (here.cell_range.cell(name, here.row) for name in (live.column, live.other))
        return "" if layout.is_long else f"=ROUND({own}-{other},{live.decimals})"
    return _figure_formula(live, column, here, layout, cell_ranges)


def _figure_formula(
    live: SumOf | ShareOf | BandOf | FromMean | SameAs,
    column: Column,
    here: UnitRow,
    layout: TableLayout,
    cell_ranges: Mapping[str, CellRange],
) -> str:
    if isinstance(live, BandOf):
        return band_formula(live, here.cell_range, here.row)
    if isinstance(live, FromMean):
        return difference_formula(live, here.cell_range, here.row, layout.last)
    if isinstance(live, SameAs):
        there = cell_ranges.get(live.table)
        return same_figure_formula(live.column, here, there) if there else ""
    there = cell_ranges.get(live.table) if live.table else here.cell_range
    if isinstance(live, ShareOf):
        return share_formula(live, here, there) if there else ""
    decimals = max(live.decimals, column.decimals)
    return sum_formula(live, decimals, here, there) if there else ""
