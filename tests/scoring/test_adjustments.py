""""""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.adjustments import (
    ADJUSTMENTS,
    PLAIN,
    RUBRIC,
    TEXT,
    Facts,
    read,
    rubric_in,
    sheet_with,
)
from tests.support.rubrics import read_rubric

from epa_score import Result, rank
from epa_score.cli.sheet_store import dump_sheet, open_sheet_store
from epa_score.exporters.yaml import yaml_form, yaml_sheet
from epa_score.i18n import Words
from epa_score.rules.rule import Working
from epa_score.scoring import score
from epa_score.scoring.adjustments import adjustments_of, total_working


def points(facts: Facts) -> tuple[Decimal, Decimal, Decimal]:
    """Bonus, penalty and total of a unit whose base is 80."""
    result = score(RUBRIC, sheet_with(facts))
    assert result.adjusted is not None
    assert result.adjusted.base == 80
    return result.adjusted.bonus, result.adjusted.penalty, result.total


@pytest.mark.parametrize(
    ("facts", "bonus", "penalty"),
    [
        ({}, "0", "0"),
        ({"J1": ["甲奖"]}, "2", "0"),
        ({"J1": ["甲奖", "乙奖", "丙奖"]}, "4", "0"),
        ({"J1": ["甲奖"], "J2": ["甲奖", "丁奖"]}, "3", "0"),
        ({"J2": ["甲　奖。"], "J1": ["甲奖"]}, "2", "0"),
        ({"J3": ["甲奖"], "J2": ["甲奖"]}, "1", "0"),
        ({"J1": ["甲奖", "乙奖", "丙奖"], "J2": ["丁奖", "戊奖", "己奖"]}, "6", "0"),
        ({"K1": ["县通报", "市通报", "省通报"], "K2": ["三月"]}, "0", "4.5"),
        ({"K1": ["县通报"], "K2": ["县通报"]}, "0", "1.5"),
        # One fact may both add and take: it is counted once within each way.
        ({"J2": ["比武"], "K2": ["比武"]}, "1", "0.5"),
    ],
)
def test_each_fact_counts_once_where_it_is_worth_most(
    facts: Facts, bonus: str, penalty: str
) -> None:
    total = 80 + Decimal(bonus) - Decimal(penalty)
    assert points(facts) == (Decimal(bonus), Decimal(penalty), total)


def test_of_adjustments_worth_the_same_the_first_one_has_the_fact() -> None:
    bonus, _ = adjustments_of(RUBRIC, sheet_with({"J3": ["甲奖"], "J2": ["甲奖"]}))
    assert [(one.item.id, int(one.points)) for one in bonus.items] == [("J2", 1), ("J3", 0)]


def test_a_total_may_lie_above_full_marks_and_never_below_0() -> None:
    full = score(RUBRIC, sheet_with({"J1": ["甲奖"]}, "60", "40"))
    assert full.total == 102
    poor = score(RUBRIC, sheet_with({"K1": ["一报", "二报"], "J2": ["甲奖"]}, "0", "1"))
    assert poor.total == 0
    assert poor.adjusted is not None
    assert list(poor.adjusted) == [1, 1, 3]


def test_sheets_are_ranked_by_the_published_total() -> None:
    sheets = [sheet_with({"K2": ["三月"]}, "50"), sheet_with({}, "49.75", unit="乙")]
    found = rank(RUBRIC, [score(RUBRIC, one) for one in sheets]).placings
    assert [(one.result.unit, one.result.total) for one in found] == [
        ("乙", Decimal("79.75")),
        ("甲", Decimal("79.5")),
    ]


def test_at_best_the_adjustments_are_the_same() -> None:
    sheet = sheet_with({"J1": ["甲奖"]}).model_copy(update={"scores": {"A1": "50"}})
    result = score(RUBRIC, sheet)
    assert result.at_best is not None
    assert [result.total, result.at_best.total] == [52, 92]
    assert result.at_best.adjusted is not None
    assert list(result.at_best.adjusted) == [90, 2, 0]


@pytest.mark.parametrize(
    "facts", [{"J9": ["甲奖"]}, {"A1": ["甲奖"]}, {"J1": ["甲奖", "甲 奖"]}], ids=str
)
def test_a_sheet_that_was_never_checked_gives_no_total(facts: Facts) -> None:
    with pytest.raises(ValueError, match="do not fit"):
        score(RUBRIC, sheet_with(facts))
    with pytest.raises(ValueError, match="do not fit"):
        score(PLAIN, sheet_with({"J1": ["甲奖"]}))


NAMES = st.sampled_from(["甲奖", "乙奖", "丙奖", "丁奖", "戊奖", "己奖"])

GIVEN = st.dictionaries(
    st.sampled_from(["J1", "J2", "J3", "K1", "K2"]), st.lists(NAMES, unique=True, max_size=6)
)

BASES = st.integers(0, 400).map(lambda quarters: str(Decimal(quarters) / 10))


def scored(facts: Facts, base: str) -> Result:
    return score(RUBRIC, sheet_with(facts, base, "0"))


@given(GIVEN, BASES, st.randoms(use_true_random=False))
def test_limits_are_kept_and_the_order_of_facts_does_not_matter(
    facts: Facts, base: str, random: object
) -> None:
    result = scored(facts, base)
    assert result.adjusted is not None
    _, bonus, penalty = result.adjusted
    assert 0 <= bonus <= 6
    assert 0 <= penalty <= 4 + Decimal("0.5") * 6
    assert result.total == max(Decimal(0), Decimal(base) + bonus - penalty)
    mixed = {name: facts[name] for name in sorted(facts, reverse=True)}
    for one in mixed.values():
        assert hasattr(random, "shuffle")
        random.shuffle(one)
    assert scored(mixed, base) == result


@given(GIVEN, BASES, st.sampled_from(["J1", "J2", "J3", "K1", "K2"]))
def test_one_fact_more_never_takes_the_other_way(facts: Facts, base: str, name: str) -> None:
    before = scored(facts, base).total
    after = scored(facts | {name: [*facts.get(name, []), "新的"]}, base).total
    assert after >= before if name.startswith("J") else after <= before


@given(GIVEN)
def test_every_fact_counts_exactly_once_in_its_way(facts: Facts) -> None:
    for added in adjustments_of(RUBRIC, sheet_with(facts)):
        counted: list[object] = []
        for one in added.items:
            for step in one.working.steps:
                names = step.parts.get("names", ())
                assert isinstance(names, tuple)
                counted += names if step.words == "named" else ()
        letter = "J" if added.way == "bonus" else "K"
        given_here = {one for name, them in facts.items() if name[0] == letter for one in them}
        assert sorted(map(str, counted)) == sorted(given_here)


BANDS = "bands: [{name: 优, at_least: %s}, {name: 差, at_least: 0}]\n"

BONUS = "adjustments: {bonus: {items: [{id: J1, text: 一, each: 1, max: 4}, %s]}}\n"


# --- rubrics -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("adjustments", "reach"),
    [
        (ADJUSTMENTS, "106"),
        (BONUS % "{id: J2, text: 二, each: 1, max: 3}", "107"),
        ("adjustments: {penalty: {items: [{id: K1, text: 一, each: 1}]}}\n", "100"),
        (
            (BONUS % "{id: J2, text: 二, each: 1, max: 3}").replace("bonus: {", "bonus: {max: 5, "),
            "105",
        ),
        (BONUS % "{id: J2, text: 二, each: 1}", None),
    ],
)
def test_bonuses_reach_higher_bands(adjustments: str, reach: str | None) -> None:
    text = TEXT.replace(ADJUSTMENTS, adjustments)
    assert read_rubric(text + BANDS % (reach or "100000")).diagnostics == ()
    above = read_rubric(text + BANDS % f"{reach or 100000}.01").diagnostics
    assert [one.kind.label for one in above] == ["band_unreachable"] * (reach is not None)


# --- sheets ------------------------------------------------------------------------------------


@given(GIVEN)
def test_sheets_come_back_as_they_were(facts: Facts) -> None:
    sheet = sheet_with(facts)
    again = read(yaml_sheet(sheet)).sheet
    assert again is not None
    assert again.adjustments == sheet.adjustments
    with open_sheet_store() as kept:
        assert kept.sheet(kept.keep(dump_sheet(sheet))) == sheet


def test_a_blank_form_names_every_adjustment_and_is_read_as_none() -> None:
    form = yaml_form(RUBRIC, "示例甲镇", Words("zh_CN"))
    assert "  # 加分，最多 6 分\n  J1:   # 每件 2 分，最多 4 分 省级表彰\n" in form
    found = read(form.replace("  A1:", "  A1: 50").replace("  B1:", "  B1: 30"))
    assert found.sheet is not None, found.diagnostics
    assert not any(found.sheet.adjustments.values())
    assert yaml_form(PLAIN, "甲", Words("en")).endswith("二\n")


EACH = rubric_in(TEXT.replace("same_fact: once", "same_fact: each"))
UNSAID = rubric_in(TEXT.replace("    same_fact: once\n", ""))


def test_each_counts_a_fact_wherever_it_is_named_within_every_limit() -> None:
    facts = {"J1": ["现场会"], "J2": ["现场会", "先进"], "J3": ["现 场会"], "K1": ["通报"]}
    bonus, penalty = adjustments_of(EACH, sheet_with(facts))
    assert [counted.points for counted in bonus.items] == [2, 2, 1]
    assert bonus.points == 5
    assert penalty.points == Decimal("1.5")
    bonus, _ = adjustments_of(RUBRIC, sheet_with(facts))
    assert [counted.points for counted in bonus.items] == [2, 1, 0]
    facts |= {"J1": ["现场会", "甲", "乙"]}
    bonus, _ = adjustments_of(EACH, sheet_with(facts))
    # J1 three times 2, 4 at most; 4 + 2 + 1 = 7, 6 at most
    assert [counted.points for counted in bonus.items] == [4, 2, 1]
    assert bonus.points == 6
    said = [step.words for counted in bonus.items for step in counted.working.steps]
    assert said == ["named", "at_most", "named", "named"]


def test_a_fact_at_two_adjustments_is_never_counted_without_a_word() -> None:
    with pytest.raises(ValueError, match="does not say how often"):
        adjustments_of(UNSAID, sheet_with({"J1": ["现场会"], "J2": ["现场会"]}))
    _, penalty = adjustments_of(UNSAID, sheet_with({"J1": ["现场会"], "K1": ["现场会"]}))
    assert penalty.points == Decimal("1.5")


@given(st.dictionaries(st.sampled_from(["J1", "J2", "J3"]), st.sets(st.sampled_from("甲乙丙"))))
def test_each_is_never_less_than_once(facts: dict[str, set[str]]) -> None:
    given_facts = {name: sorted(named) for name, named in facts.items()}
    once, _ = adjustments_of(RUBRIC, sheet_with(given_facts))
    each, _ = adjustments_of(EACH, sheet_with(given_facts))
    assert once.points <= each.points <= 6
    assert each.points == min(
        6,
        min(4, 2 * len(facts.get("J1", ()))) + len(facts.get("J2", ())) + len(facts.get("J3", ())),
    )


@pytest.mark.parametrize(
    ("facts", "figures"),
    [
        ({}, "80 0 0 80"),
        ({"J1": ["甲奖"], "K2": ["三月"]}, "80 2 0.5 81.5"),
        ({"J1": ["甲奖", "乙奖", "丙奖"], "J2": ["丁奖", "戊奖"]}, "80 6 0 86"),
    ],
)
def test_the_working_of_a_total_ends_at_the_total(facts: Facts, figures: str) -> None:
    result = score(RUBRIC, sheet_with(facts))
    working = total_working(RUBRIC, result)
    (step,) = working.steps
    names = ("base", "bonus", "penalty", "result")
    assert [step.parts[name] for name in names] == list(map(Decimal, figures.split()))
    assert working.points == result.total == step.parts["result"]


def test_a_total_without_adjustments_has_no_working() -> None:
    result = score(RUBRIC, sheet_with({}))
    assert total_working(PLAIN, result._replace(adjusted=None)) == Working(result.total, ())
