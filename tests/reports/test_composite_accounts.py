"""得分构成 of a composite result: how its figures come about, in words."""

from decimal import Decimal

import pytest
from tests.support.composites import rubric_of
from tests.support.rubrics import sound

from epa_score.i18n import Words
from epa_score.model.composite import Composite, RankedComposite, UnitTotals
from epa_score.reports.account import AccountLine
from epa_score.reports.composite import component_lines, composite_notes
from epa_score.scoring.composite import composite_results

WORDS = Words("zh_CN")


def lines_of(
    cap: str, out_of: str | None, totals: tuple[str, ...], rounding: str
) -> list[AccountLine]:
    """The account of a unit in a source with these totals out of a cap, and in a plain one."""
    first = {"name": "月度", "rubric": "a", "paths": ["a"]}
    if out_of is not None:
        first["out_of"] = out_of
    composite = Composite.model_validate({
        "composite": "全年",
        "decimals": 2,
        "rounding": rounding,
        "sources": [first, {"name": "年终", "rubric": "b", "paths": ["b"]}],
    })  # fmt: skip
    periods: dict[str | None, Decimal] = {
        str(number): Decimal(own) for number, own in enumerate(totals)
    }
    own = UnitTotals("甲镇", periods), UnitTotals("甲镇", {None: Decimal(7)})
    caps = Decimal(cap), Decimal(10)
    by_name = {"月度": {"甲镇": own[0]}, "年终": {"甲镇": own[1]}}
    (result,) = composite_results(composite, by_name, caps)
    return list(component_lines(composite, result, list(zip(own, caps, strict=True)), WORDS))


@pytest.mark.parametrize(
    ("cap", "out_of", "totals", "text"),
    [
        ("20", None, ("12",), "12 + 7，"),
        ("20", "20", ("12",), "12 + 7，"),
        ("20", "10", ("12",), "12 / 20 x 10 + 7，"),
        ("20", "100", ("12",), "12 / 20 x 100 + 7，"),
        ("20", None, ("12", "13"), "(12 + 13) / 2 + 7，"),
        ("20", "10", ("12", "13", "8"), "(12 + 13 + 8) / 3 / 20 x 10 + 7，"),
        ("20", "100", ("12", "13"), "(12 + 13) / 2 / 20 x 100 + 7，"),
    ],
)
def test_the_whole_of_unrounded_figures_is_shown_with_the_way_to_each(
    cap: str, out_of: str | None, totals: tuple[str, ...], text: str
) -> None:
    *_, total = lines_of(cap, out_of, totals, "end")
    assert total.kind == "total"
    assert (total.reason or "").startswith(text)


@pytest.mark.parametrize(
    ("out_of", "totals", "figure", "text"),
    [
        (None, ("12",), "12", None),
        ("20", ("12",), "12", None),
        ("10", ("12",), "6", "满分 20，折成 10 分为 6"),
        ("100", ("12",), "60", "满分 20，折成 100 分为 60"),
        (None, ("12", "13"), "12.5", "(12 + 13) / 2，得 12.5"),
        ("10", ("12", "13"), "6.25", "(12 + 13) / 2，满分 20，折成 10 分为 6.25"),
        ("100", ("12", "13"), "62.5", "(12 + 13) / 2，满分 20，折成 100 分为 62.5"),
    ],
)
def test_a_figure_is_shown_with_the_way_from_its_totals(
    out_of: str | None, totals: tuple[str, ...], figure: str, text: str | None
) -> None:
    for rounding in ("each", "end"):
        lines = lines_of("20", out_of, totals, rounding)
        line = next(own for own in lines if own.kind == "component")
        assert (line.score, line.reason) == (Decimal(figure), text)
        assert [own.score for own in lines if own.kind == "source"] == [
            *map(Decimal, totals),
            Decimal(7),
        ]


def test_the_whole_of_rounded_figures_is_their_sum() -> None:
    *_, total = lines_of("20", "10", ("12", "13", "8"), "each")
    assert total.reason == "5.5 + 7，得 12.5"


@pytest.mark.parametrize(
    ("out_of", "figure", "is_divided"),
    [
        (None, "月度 20 分", False),
        ("20", "月度 20 分", False),
        ("10", "月度由 20 分折成 10 分", True),
        ("100", "月度由 20 分折成 100 分", True),
    ],
)
def test_the_notes_say_which_figures_are_converted(
    out_of: str | None, figure: str, *, is_divided: bool
) -> None:
    first = {"name": "月度", "rubric": "a", "paths": ["a"]}
    if out_of is not None:
        first["out_of"] = out_of
    for rounding in ("each", "end"):
        composite = Composite.model_validate({
            "composite": "全年",
            "rounding": rounding,
            "sources": [first, {"name": "年终", "rubric": "b", "paths": ["b"]}],
        })  # fmt: skip
        rubrics = sound(rubric_of("a", 20)), sound(rubric_of("b", 10))
        notes = list(composite_notes(RankedComposite(composite, rubrics), WORDS))
        assert WORDS("report.note_figures", terms=f"{figure}、年终 10 分") in notes
        rounded = WORDS(f"report.note_rounded_{rounding}", decimals=composite.decimals)
        assert (rounded in notes) == is_divided
