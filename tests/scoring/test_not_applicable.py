""""""

from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.support.not_applicable import (
    NO,
    RUBRIC,
    SECTIONS,
    WHOLE,
    changed_sheet,
    map_score,
    sheet_of,
)
from tests.support.rubrics import (
    rubric_of_items,
    rubric_of_sections,
)

from epa_score import Result, Rubric, rank
from epa_score.model.item_options import TREATMENTS, Treatment
from epa_score.scoring import score
from epa_score.scoring.peer_means import with_peer_means, without_peers
from epa_score.scoring.points import points_of, workings_of
from epa_score.values.rounding import rounded


def scored(unit: str = "示例甲镇", /, **changed: object) -> Result:
    return score(RUBRIC, changed_sheet(unit, **changed))


def test_zero_and_full_are_points_in_every_sum() -> None:
    assert scored().sections["C"] == 13
    assert scored(C2=NO).sections["C"] == 9
    assert scored(C3=NO).sections["C"] == 16
    assert scored(C2=NO, C3=NO).total == scored().total - 4 + 3
    assert scored(C2=NO).out_of is None


def test_excluded_points_leave_the_section_and_the_total_which_says_what_it_is_out_of() -> None:
    result = scored(C1=NO)
    assert [result.sections["C"], result.sections["B"], result.total] == [10, 19, 35]
    assert result.out_of == 45
    assert [(one.item, one.treatment, one.points) for one in result.inapplicable] == [
        ("C1", "exclude", None)
    ]


def test_the_other_items_of_the_section_are_scaled_up_and_rounded_once() -> None:
    assert scored(A1=NO).sections["A"] == 16  # (6 + 6) x 20 / 15
    assert scored(A3=NO).sections["A"] == Decimal("15.38")  # (4 + 6) x 20 / 13 = 15.384...
    assert scored(A1=NO, A3=NO).sections["A"] == 15  # 6 x 20 / 8
    assert scored(A3=NO).total == Decimal("15.38") + 22
    assert scored(A3=NO).out_of is None


def test_halves_go_up_where_a_section_is_scaled() -> None:
    rubric = rubric_of_items(
        "- {id: A1, max: 2, text: 一, not_applicable: rescale}\n- {id: A2, max: 8, text: 二}",
        "decimals: 1",
    )
    result = score(rubric, sheet_of("甲", rubric, {"A1": NO, "A2": "6.6"}))
    assert result.total == Decimal("8.3")  # 6.6 x 10 / 8 = 8.25


def test_excluded_and_scaled_items_in_one_section() -> None:
    rubric = rubric_of_items(
        "- {id: A1, max: 2, text: 一, not_applicable: rescale}\n"
        "- {id: A2, max: 4, text: 二, not_applicable: exclude}\n"
        "- {id: A3, max: 6, text: 三}"
    )
    result = score(rubric, sheet_of("甲", rubric, {"A1": NO, "A2": NO, "A3": 3}))
    assert [result.total, result.out_of] == [4, 8]  # 3 x 8 / 6, out of 12 - 4


def test_a_mean_is_known_only_among_the_others() -> None:
    own = scored(C4=NO)
    assert own.awaiting == ("C4",)
    assert own.total.is_nan()
    assert own.sections["C"].is_nan()
    assert own.sections["B"].is_nan()
    assert own.sections["D"] == 9
    others = [scored("乙镇", C4=4), scored("丙镇", C4="3.25"), scored("丁镇", C4=3)]
    placings = rank(RUBRIC, [own, *others]).placings
    (found,) = (one.result for one in placings if one.result.unit == own.unit)
    assert found.total == scored(C4="3.42").total  # 10.25 / 3 = 3.416...
    assert found.awaiting == ()
    assert [(one.points, one.peers) for one in found.inapplicable] == [(Decimal("3.42"), 3)]
    assert points_of(RUBRIC, changed_sheet(C4=NO), found)["C4"] == Decimal("3.42")


def test_nothing_that_awaits_others_can_be_compared() -> None:
    with pytest.raises(ArithmeticError):
        assert scored(C4=NO).total < 40


def test_a_mean_takes_units_of_the_very_item_to_which_it_applies() -> None:
    own, other = scored(C4=NO), scored("乙镇", C4=NO)
    assert list(without_peers(RUBRIC, [own, other])) == [("示例甲镇", "C4"), ("乙镇", "C4")]
    with pytest.raises(ValueError, match="no other unit has points for item C4"):
        rank(RUBRIC, [own, other])
    third = scored("丙镇", C4=2)
    assert list(without_peers(RUBRIC, [own, other, third])) == []
    totals = [one.total for one in with_peer_means(RUBRIC, [own, other, third])]
    assert totals == [scored(C4=2).total] * 3


def test_who_is_excluded_by_a_fact_gives_no_means_and_finds_none_alone() -> None:
    rubric = rubric_of_items(
        "- {id: A1, max: 10, text: 一, not_applicable: peer_mean}\n"
        "- {id: A2, max: 10, text: 二, not_applicable: peer_mean}\n"
        "- {id: A3, max: 10, text: 三}",
        "veto: [{id: V1, text: 重大安全事故, effect: exclude}]",
    )
    own = sheet_of("甲镇", rubric, {"A1": NO, "A2": NO, "A3": 3})
    own = own.model_copy(update={"veto": {"V1": "矿难"}})
    alone = score(rubric, own)
    assert list(without_peers(rubric, [alone])) == [("甲镇", "A1"), ("甲镇", "A2")]
    with pytest.raises(ValueError, match="no other unit has points for item A1"):
        rank(rubric, [alone])
    other = score(rubric, sheet_of("乙镇", rubric, {"A1": 4, "A2": 6, "A3": 5}))
    assert list(without_peers(rubric, [alone, other])) == []
    (left_out,) = rank(rubric, [alone, other]).excluded
    assert left_out.total == 4 + 6 + 3


DUTIES = """\
- id: K
  title: 个性
  max: 10
  per_unit:
    - units: [甲局, 乙局]
      items: [{id: C1, max: 10, text: 税, not_applicable: peer_mean}]
    - units: [丙局]
      items: [{id: C1, max: 10, text: 路}]
"""


def test_a_unit_with_another_duty_under_the_same_number_is_no_peer() -> None:
    rubric = rubric_of_sections(DUTIES)
    sheets = [
        sheet_of("甲局", rubric, {"C1": NO}),
        sheet_of("乙局", rubric, {"C1": 6}),
        sheet_of("丙局", rubric, {"C1": 10}),
    ]
    totals = {
        p.result.unit: p.result.total for p in rank(rubric, map_score(rubric, sheets)).placings
    }
    assert totals == {"甲局": 6, "乙局": 6, "丙局": 10}


def test_results_of_strangers_are_refused() -> None:
    rubric = rubric_of_sections(DUTIES)
    stranger = score(rubric, sheet_of("甲局", rubric, {"C1": NO}))._replace(unit="丁局")
    with pytest.raises(ValueError, match="is not scored by"):
        with_peer_means(rubric, [stranger])


def test_while_others_are_unscored_a_mean_can_still_move_and_so_can_the_rank() -> None:
    own = scored(C4=NO)  # 16 + 3 + 4 + 2 + 9 and the mean
    second, third = scored("乙镇", C4=2, C1=5), scored("丙镇", C4=None, C1=4)
    found = {
        one.result.unit: one
        for one in rank(RUBRIC, [own, second, third], provisional=True).placings
    }
    mine = found["示例甲镇"]
    assert mine.result.total == 36  # the mean of 2 alone
    assert mine.result.at_best is not None
    assert mine.result.at_worst is not None
    assert mine.result.at_best.total == Decimal("37.5")  # (2 + 5) / 2
    assert mine.result.at_worst.total == 35  # (2 + 0) / 2
    # 乙镇 has 38 now; 丙镇 has 35 and at best 40.
    assert (mine.rank, mine.best, mine.worst) == (2, 2, 3)
    assert (found["丙镇"].best, found["丙镇"].worst) == (1, 3)


def test_unscored_items_of_the_unit_itself_are_counted_as_ever() -> None:
    own, other = scored(C4=NO, D1=None), scored("乙镇", C4=None)
    third = scored("丙镇", C4=4)
    placings = rank(RUBRIC, [own, other, third], provisional=True).placings
    (mine,) = (one.result for one in placings if one.result.unit == own.unit)
    assert mine.unscored == ("D1",)
    assert mine.at_best is not None
    assert mine.at_best.total - mine.total == Decimal("10.5")  # 10 for D1, (4 + 5) / 2 for C4
    assert mine.at_worst is not None
    assert mine.total - mine.at_worst.total == 2


def test_ties_are_broken_by_what_the_sections_have_in_the_end() -> None:
    rubric = rubric_of_sections(SECTIONS, "tie_break: [A]")
    sheets = [
        sheet_of("甲", rubric, {**WHOLE, "A1": NO, "D1": 5}),
        sheet_of("乙", rubric, {**WHOLE, "D1": 5}),
        sheet_of("丙", rubric, {**WHOLE, "A1": 3, "D1": 6}),
    ]
    ranked = rank(rubric, map_score(rubric, sheets)).placings
    assert [(one.result.unit, one.rank) for one in ranked] == [("乙", 1), ("甲", 1), ("丙", 3)]


def test_every_treatment_tells_how_it_counts() -> None:
    sheet = changed_sheet(A1=NO, C1=NO, C2=NO, C3=NO, C4=NO)
    workings = workings_of(RUBRIC, sheet)
    last = {name: working.steps[-1].words for name, working in workings.items()}
    assert last == {
        "A1": "rescale",
        "C1": "exclude",
        "C2": "zero",
        "C3": "full",
        "C4": "peer_mean_awaited",
        "A3": "deduct",
    }
    assert all(
        one.steps[0].words == "not_applicable" for name, one in workings.items() if name != "A3"
    )


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"A2": NO}, "applies to all units"),
        ({"A1": {"score": 3, **NO}}, "beside the reason"),
        ({"A3": {"value": 1, **NO}}, "has points"),
    ],
)
def test_an_unchecked_sheet_is_not_added_up(changed: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        score(RUBRIC, sheet_of("甲", RUBRIC, {**WHOLE, **changed}))


@pytest.mark.parametrize(
    ("treatment", "said"),
    [
        ("rescale", "no item is left"),
        ("rescale_total", "no item is left"),
        ("exclude", "no item applies"),
    ],
)
def test_nothing_left_is_not_added_up(treatment: Treatment, said: str) -> None:
    items = f"- {{id: A1, max: 2, text: 一, not_applicable: {treatment}}}\n" * 2
    rubric = rubric_of_items(items.replace("A1", "A2", 1))
    with pytest.raises(ValueError, match=said):
        score(rubric, sheet_of("甲", rubric, {"A1": NO, "A2": NO}))


def test_a_callers_decimal_context_changes_nothing() -> None:
    sheet = changed_sheet(A1=NO, C1=NO)
    with localcontext(prec=1):
        found = score(RUBRIC, sheet)
        assert points_of(RUBRIC, sheet) == points_of(RUBRIC, sheet, found)
    assert found == score(RUBRIC, sheet)


GRAINS = st.integers(0, 8).map(lambda halves: Decimal(halves) / 2)

TREATED = st.sampled_from(TREATMENTS)


@st.composite
def drawn(draw: st.DrawFn) -> tuple[Rubric, dict[str, object]]:
    """A rubric with four items of 4 points that may be inapplicable, and the scores of a unit."""
    items = "".join(
        f"    - {{id: A{n}, max: 4, text: 项目{n}, not_applicable: {draw(TREATED)}}}\n"
        for n in range(1, 5)
    )
    rubric = rubric_of_sections(
        f"- id: A\n  title: 甲\n  max: 16\n  items:\n{items}"
        "- id: B\n  title: 乙\n  max: 4\n  items: [{id: B1, max: 4, text: 其他}]"
    )
    names = ("A1", "A2", "A3", "A4")
    scores = {name: NO if draw(st.booleans()) else draw(GRAINS) for name in names}
    scaled = {one.not_applicable for one in rubric.sections[0].items if scores[one.id] is NO}
    left = [
        one
        for one in rubric.sections[0].items
        if scores[one.id] is not NO
        or one.not_applicable not in ("rescale", "exclude", "rescale_total")
    ]
    assume("rescale" not in scaled or left)
    return rubric, {**scores, "B1": draw(GRAINS)}


def settled_total(rubric: Rubric, scores: dict[str, object], peer: dict[str, object]) -> Result:
    own, other = sheet_of("甲", rubric, scores), sheet_of("乙", rubric, peer)
    return with_peer_means(rubric, [score(rubric, own), score(rubric, other)])[0]


PEER = st.fixed_dictionaries(dict.fromkeys(("A1", "A2", "A3", "A4", "B1"), GRAINS))


@given(drawn(), PEER)
def test_a_section_is_never_below_0_nor_above_its_points(
    case: tuple[Rubric, dict[str, object]], peer: dict[str, object]
) -> None:
    rubric, scores = case
    result = settled_total(rubric, scores, peer)
    out_of = rubric.total if result.out_of is None else result.out_of
    assert 0 <= result.total <= out_of
    scaled = [one for one in result.inapplicable if one.treatment == "rescale_total"]
    left = out_of - sum((one.cap for one in scaled), Decimal(0))
    added = Fraction(sum(result.section_points)) * Fraction(out_of) / Fraction(left)
    assert result.total == rounded(added, 2)
    assert 0 <= result.sections["A"] <= left - 4


@given(drawn(), PEER, st.sampled_from(["A1", "A2", "A3", "A4", "B1"]))
def test_more_points_never_come_to_a_lower_total(
    case: tuple[Rubric, dict[str, object]], peer: dict[str, object], name: str
) -> None:
    rubric, scores = case
    points = scores[name]
    assume(isinstance(points, Decimal) and points < 4)
    assert isinstance(points, Decimal)
    more = {**scores, name: points + Decimal("0.5")}
    assert settled_total(rubric, more, peer).total > settled_total(rubric, scores, peer).total


@given(drawn(), PEER)
def test_a_section_is_what_its_definition_says(
    case: tuple[Rubric, dict[str, object]], peer: dict[str, object]
) -> None:
    rubric, scores = case
    whole = left = rest = Fraction(0)
    for item in rubric.sections[0].items:
        points, treatment = scores[item.id], item.not_applicable
        if points is not NO:
            own: object = points
        elif treatment == "peer_mean":
            own = peer[item.id]
        else:
            own = {"zero": Decimal(0), "full": Decimal(4)}.get(str(treatment))
        whole += 0 if points is NO and treatment in ("exclude", "rescale_total") else 4
        if isinstance(own, Decimal):
            left += 4
            rest += Fraction(own)
    expected = rounded(rest * whole / left, 2) if left else Decimal(0)
    assert settled_total(rubric, scores, peer).sections["A"] == expected


@given(st.permutations([("甲", NO), ("乙", 4), ("丙", 3), ("丁", NO), ("戊", Decimal("1.5"))]))
def test_the_order_of_the_sheets_does_not_matter(units: list[tuple[str, object]]) -> None:
    found = rank(RUBRIC, [scored(unit, C4=points) for unit, points in units])
    again = rank(RUBRIC, [scored(unit, C4=points) for unit, points in sorted(units, key=str)])
    assert found == again
