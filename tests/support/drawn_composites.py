"""Composite results with the rubrics and sheets of their sources, drawn by Hypothesis.

They are sound by `docs/rules.md`, as those of `tests/support/whole_rubrics.py` are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from hypothesis import strategies as st
from tests.support.drawn_items import Mapped
from tests.support.whole_rubrics import (
    RubricPen,
    draw_final_figures,
    draw_rubric,
    draw_sheets,
    draw_units,
)


@dataclass(frozen=True)
class Composite:
    """The file of a composite result, and the rubrics and sheets of its sources by their names."""

    file: Mapped
    rubrics: dict[str, Mapped]
    sheets: dict[str, Sequence[Mapped]]


@st.composite
def composites(draw: st.DrawFn) -> Composite:
    """Two or three sources of the same units, weighted or added up."""
    pens = [RubricPen(draw, is_source=True) for _ in range(draw(st.integers(2, 3)))]
    first = pens[0]
    units = draw_units(first)
    names = [f"来源{n}" for n in range(1, len(pens) + 1)]
    rubrics = {
        name: draw_rubric(pen, units, f"source{n}")
        for n, (name, pen) in enumerate(zip(names, pens, strict=True), 1)
    }
    sheets: dict[str, Sequence[Mapped]] = {}
    sources: list[Mapped] = []
    weights = _weights(first, len(pens)) if first.maybe() else None
    for n, (name, pen) in enumerate(zip(names, pens, strict=True)):
        source: Mapped = {"name": name, "rubric": rubrics[name]["id"], "paths": [f"sheets{n}"]}
        if weights:
            source["weight"] = weights[n]
        source |= _out_of(pen, rubrics[name], is_weighted=weights is not None)
        periods = ["2018"]
        if pen.maybe():
            periods = ["2018年上半年", "2018年下半年", "2019年上半年"][: pen.whole(2, 3)]
            source["each_period"] = "mean"
            source |= {"periods": len(periods)} if pen.maybe() else {}
        elif pen.rarely():
            periods = ["2017", "2018"]
            source["period"] = "2018"
        sheets[name] = [
            sheet for period in periods for sheet in draw_sheets(pen, rubrics[name], units, period)
        ]
        sources.append(source)
    _set_apart(first, sources, rubrics)
    decimals = first.whole(0, 4)
    file: Mapped = {"composite": "某县全年综合考核", "decimals": decimals}
    if _may_be_rounded(sources, rubrics, decimals):
        file["rounding"] = first.one_of("each", "end")
    if first.maybe():
        file["tie_break"] = list(draw(st.permutations(names)))[: first.whole(1, len(names))]
    first.grain = Decimal(1).scaleb(-decimals)
    if first.maybe():
        file["bands"] = first.bands(_whole(sources, rubrics) // 1)
    return Composite({**file, **draw_final_figures(first), "sources": sources}, rubrics, sheets)


def _weights(pen: RubricPen, number: int) -> list[int]:
    weights = [pen.whole(1, 45) for _ in range(number - 1)]
    return [*weights, 100 - sum(weights)]


def _out_of(pen: RubricPen, rubric: Mapped, *, is_weighted: bool) -> Mapped:
    """What a figure is out of, where that has to be or may be said."""
    total = rubric["total"]
    if total == 100:
        return {}
    if is_weighted:
        return {"out_of": pen.one_of(total, Decimal(100), Decimal(120))}
    other = pen.one_of(Decimal(100), Decimal(60), total * 2)
    return {"out_of": other} if other != total and pen.maybe() else {}


def _set_apart(pen: RubricPen, sources: list[Mapped], rubrics: dict[str, Mapped]) -> None:
    """Let the bonuses and penalties of one source stand apart, if any may."""
    for source in sources:
        rubric = rubrics[source["name"]]
        zeroed = [veto.get("zeroes") for veto in rubric.get("veto", [])]
        may_be = "adjustments" in rubric and "each_period" not in source
        if may_be and "total" not in zeroed and pen.maybe():
            source["adjustments"] = "apart"
            return


def _may_be_rounded(sources: Sequence[Mapped], rubrics: dict[str, Mapped], decimals: int) -> bool:
    """Whether rounding figures may change a total: some may be inexact, and not one in full."""
    inexact = []
    for source in sources:
        rubric = rubrics[source["name"]]
        total: Decimal = rubric["total"]
        factor = Fraction(source.get("out_of", total)) / Fraction(total)
        if factor == 1 and "each_period" not in source:
            continue  # it is taken as it stands
        grain = factor / 10 ** rubric["decimals"]
        if "each_period" in source:
            # over however many periods there are
            grain = grain / source["periods"] if "periods" in source else Fraction(1, 3**30)
        if (grain * 10**decimals).denominator != 1:
            inexact.append(source)
    others = (rubrics[source["name"]] for source in sources if source not in inexact)
    is_finer = any(rubric["decimals"] > decimals for rubric in others)
    return bool(inexact) and ("weight" in sources[0] or len(inexact) > 1 or is_finer)


def _whole(sources: Sequence[Mapped], rubrics: dict[str, Mapped]) -> Decimal:
    """The points of full marks."""
    parts = [
        source.get("out_of", rubrics[source["name"]]["total"]) * source.get("weight", 100) / 100
        for source in sources
    ]
    return sum(parts, Decimal(0))
