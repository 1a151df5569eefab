"""Which formula a figure of a worksheet has, if any."""

from collections.abc import Mapping

from epa_score.exporters.xlsx_final import Final, ranking_formula
from epa_score.exporters.xlsx_formulas import (
    Block,
    UnitRow,
    band_formula,
    difference_formula,
    same_figure_formula,
    share_formula,
    sum_formula,
)
from epa_score.exporters.xlsx_plan import Plan
from epa_score.reports.table import BandOf, Column, FromMean, ShareOf, SumOf


def live_formula(
    column: Column, row: int, unit: str, plan: Plan, blocks: Mapping[str, Block]
) -> str:
    """The formula of the figure of a ``unit`` in a ``row`` of a table, or nothing.

    ``blocks`` are the other tables that it may refer to, by name.
    """
    live = column.live
    if isinstance(live, Final):
        return "" if plan.is_long else ranking_formula(live, plan.block, row)
    if isinstance(live, BandOf):
        return band_formula(live, plan.block, row)
    if isinstance(live, FromMean):
        return difference_formula(live, plan.block, row, plan.last)
    if live is None and column.name != "rank":
        return ""
    return _from_afar(live, column, UnitRow(plan.block, row, unit), blocks)


def _from_afar(
    live: SumOf | ShareOf | None, column: Column, here: UnitRow, blocks: Mapping[str, Block]
) -> str:
    """The formula of a figure that follows from others of its unit, or nothing."""
    if live is None:
        ranking = blocks.get("ranking")
        return same_figure_formula("rank", here, ranking) if ranking else ""
    there = blocks.get(live.table) if live.table else here.block
    if isinstance(live, ShareOf):
        return share_formula(live, here, there) if there else ""
    decimals = max(live.decimals, column.decimals)
    return sum_formula(live, decimals, here, there) if there else ""
