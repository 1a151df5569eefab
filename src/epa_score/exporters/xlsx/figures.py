"""Which formula a figure of a worksheet has, if any."""

from collections.abc import Mapping

from epa_score.exporters.xlsx.formulas import (
    Block,
    UnitRow,
    difference_formula,
    same_figure_formula,
    share_formula,
    sum_formula,
)
from epa_score.exporters.xlsx.layout import Plan
from epa_score.exporters.xlsx_final import Final, ranking_formula
from epa_score.exporters.xlsx_worded import band_formula, tied_formula
from epa_score.reports.table import BandOf, Cell, Column, FromMean, ShareOf, SumOf, TiedIn


def live_formula(
    column: Column, cell: Cell, here: UnitRow, plan: Plan, blocks: Mapping[str, Block]
) -> str:
    """The formula of a ``cell`` in the row of a unit, or nothing.

    ``blocks`` are the other tables that it may refer to, by name.
    """
    live = column.live
    if isinstance(live, TiedIn):
        return "" if plan.is_long else tied_formula(live, cell, here.block, here.row)
    if cell is None or (live is None and column.name != "rank"):
        return ""
    if isinstance(live, Final):
        return "" if plan.is_long else ranking_formula(live, here.block, here.row)
    return _figure(live, column, here, plan, blocks)


def _figure(
    live: SumOf | ShareOf | BandOf | FromMean | None,
    column: Column,
    here: UnitRow,
    plan: Plan,
    blocks: Mapping[str, Block],
) -> str:
    if isinstance(live, BandOf):
        return band_formula(live, here.block, here.row)
    if isinstance(live, FromMean):
        return difference_formula(live, here.block, here.row, plan.last)
    if live is None:
        ranking = blocks.get("ranking")
        return same_figure_formula("rank", here, ranking) if ranking else ""
    there = blocks.get(live.table) if live.table else here.block
    if isinstance(live, ShareOf):
        return share_formula(live, here, there) if there else ""
    decimals = max(live.decimals, column.decimals)
    return sum_formula(live, decimals, here, there) if there else ""
