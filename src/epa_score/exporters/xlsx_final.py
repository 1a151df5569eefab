"""Formulas of a ranking: the rank, what follows from it or the best total, and weighted sums."""

from epa_score.exporters.xlsx.formulas import NOISE, Block, rank_formula
from epa_score.i18n import plain
from epa_score.reports.table import OfRank, RankOf, ScaledTo, WeightedSum

Final = RankOf | ScaledTo | WeightedSum | OfRank


def ranking_formula(live: Final, here: Block, row: int) -> str:
    """The formula of such a figure in a ``row`` of the ranking."""
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
