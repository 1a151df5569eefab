"""A total is right or refused, however a model came about: built, copied, dumped, changed.

Rubrics and sheets are drawn as whole numbers of the smallest amount, and what they come to is
worked out from these alone.
"""

import copy
import pickle
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel
from tests.support.rubrics import rubric_of_items, sheet_of_scores

import epa_score
from epa_score import scoring
from epa_score.checks import check_rubric
from epa_score.model import Item, Rubric, Score, ScoreSheet, Section
from epa_score.model.composite import Composite
from epa_score.model.rubric_options import Veto
from epa_score.model.sheet import CombinedSheet
from epa_score.rules.count import Count
from epa_score.rules.item_rule import Rules
from epa_score.scoring.panel import combine

ROOT = next(folder for folder in Path(__file__).resolve().parents if (folder / "rubrics").is_dir())
GRAINS = 10_000
"""How many of the smallest amounts make a point."""


def points(grains: int) -> Decimal:
    return Decimal(grains).scaleb(-4)


def text(grains: int) -> str:
    whole, rest = divmod(grains, GRAINS)
    return f"{whole}.{rest:04}".rstrip("0").rstrip(".")


@dataclass(frozen=True)
class Facts:
    """What was drawn: caps by section, points by item, and how many points each counted thing is.

    Items of ``each`` have a rule, and their points are how many there were.
    """

    decimals: int
    total: int
    caps: tuple[tuple[int, ...], ...]
    each: dict[str, int]
    given: dict[str, int | None]

    @property
    def items(self) -> dict[str, int]:
        return {
            f"{letter}{number}": cap
            for letter, caps in zip("ABC", self.caps, strict=False)
            for number, cap in enumerate(caps, 1)
        }

    @property
    def expected(self) -> int | None:
        """The total, or ``None`` for what is to be refused."""
        grain = 10 ** (4 - self.decimals)
        found = 0
        for item, each in self.each.items():
            if each % grain or each > self.items[item]:
                return None
        for item, number in self.given.items():
            cap = self.items.get(item)
            if cap is None:
                return None
            if item in self.each:
                found += min(cap, (number or 0) * self.each[item])
            elif number is not None and not (0 <= number <= cap and number % grain == 0):
                return None
            else:
                found += number or 0
        wrong = self.total != sum(self.items.values())
        return None if wrong or any(cap % grain for cap in self.items.values()) else found

    def rule(self, item: str) -> dict[str, Any]:
        """The rule of an item, as a file would have it."""
        return {"rule": {"count": {"each": text(self.each[item])}}} if item in self.each else {}

    def as_rubric(self) -> dict[str, Any]:
        """The rubric as a file would have it."""
        sections = [
            {
                "id": letter,
                "title": "指标",
                "max": text(sum(caps)),
                "items": [
                    {"id": f"{letter}{n}", "max": text(cap), "text": "项目"}
                    | self.rule(f"{letter}{n}")
                    for n, cap in enumerate(caps, 1)
                ],
            }
            for letter, caps in zip("ABC", self.caps, strict=False)
        ]
        head = {"id": "drawn", "title": "抽样", "decimals": self.decimals}
        return head | {"total": text(self.total), "sections": sections}

    def as_scores(self) -> dict[str, Any]:
        """The scores as a file would have them."""
        return {
            item: None
            if number is None
            else {"value": str(number)}
            if item in self.each
            else text(number)
            for item, number in self.given.items()
        }


@st.composite
def drawn(draw: st.DrawFn) -> Facts:
    """A rubric and a sheet, mostly sound; the caps of each section add up."""
    decimals = draw(st.integers(0, 2))
    grain = 10 ** (4 - decimals)
    caps = draw(
        st.lists(st.lists(st.integers(1, 20), min_size=1, max_size=3), min_size=1, max_size=3)
    )
    off = draw(st.sampled_from([0, 0, 0, 0, 0, 1]))
    grains = tuple(tuple(cap * grain + off for cap in own) for own in caps)
    total = sum(map(sum, grains)) + draw(st.sampled_from([0, 0, 0, 0, 0, grain]))
    found = Facts(decimals, total, grains, {}, {})
    each = {
        item: grain * draw(st.integers(1, max(cap // grain, 1)))
        for item, cap in found.items.items()
        if draw(st.integers(0, 3)) == 0
    }
    return replace(found, each=each, given=draw(points_for(found, each)))


@st.composite
def points_for(draw: st.DrawFn, facts: Facts, each: dict[str, int]) -> dict[str, int | None]:
    """Points for the items, now and then too many, too precise, missing or of no item."""
    grain = 10 ** (4 - facts.decimals)
    found: dict[str, int | None] = {}
    for item, cap in facts.items.items():
        most = cap // grain
        whole = draw(st.integers(0, most + (draw(st.integers(0, 9)) == 0)))
        found[item] = whole if item in each else whole * grain
        slip = draw(st.integers(0, 19))
        if slip == 0:
            found[item] = None
        elif slip == 1 and item not in each:
            found[item] = whole * grain + 1
        elif slip == 2:
            del found[item]
    if draw(st.integers(0, 9)) == 0:
        found["Z9"] = grain
    return found


Way = Callable[[BaseModel], BaseModel]


def constructed(model: BaseModel) -> BaseModel:
    return type(model).model_construct(**{n: getattr(model, n) for n in type(model).model_fields})


WAYS: dict[str, Way] = {
    "as it is": lambda model: model,
    "model_copy": lambda model: model.model_copy(),
    "model_copy deep": lambda model: model.model_copy(deep=True),
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "pickle": lambda model: pickle.loads(pickle.dumps(model)),  # noqa: S301 -- our own
    "dump": lambda model: type(model).model_validate(model.model_dump()),
    "dump as JSON": lambda model: type(model).model_validate(model.model_dump(mode="json")),
    "JSON": lambda model: type(model).model_validate_json(model.model_dump_json()),
    "dump of what was set": lambda model: type(model).model_validate(
        model.model_dump(exclude_unset=True)
    ),
    "its own parts": lambda model: type(model)(
        **{name: getattr(model, name) for name in model.model_fields_set}
    ),
    "model_construct": constructed,
}
"""Every way to another model of the same values."""

WAY = st.sampled_from(sorted(WAYS))


def built(facts: Facts) -> tuple[Rubric, ScoreSheet]:
    """The models built in code, from numbers."""
    sections = tuple(
        Section(
            id=letter,
            title="指标",
            max=points(sum(caps)),
            items=tuple(
                Item(
                    id=f"{letter}{n}",
                    max=points(cap),
                    text="项目",
                    rule=in_code(facts, f"{letter}{n}"),
                )
                if f"{letter}{n}" in facts.each
                else Item(id=f"{letter}{n}", max=points(cap), text="项目")
                for n, cap in enumerate(caps, 1)
            ),
        )
        for letter, caps in zip("ABC", facts.caps, strict=False)
    )
    total = points(facts.total)
    rubric = Rubric(
        id="drawn", title="抽样", total=total, sections=sections, decimals=facts.decimals
    )
    return rubric, ScoreSheet(rubric="drawn", unit="甲镇", scores=facts.as_scores())


def in_code(facts: Facts, item: str) -> Rules:
    return Rules(count=Count.model_validate({"each": points(facts.each[item])}))


def read(facts: Facts) -> tuple[Rubric, ScoreSheet]:
    """The models read from plain values."""
    values = {"rubric": "drawn", "unit": "甲镇", "scores": facts.as_scores()}
    return Rubric.model_validate(facts.as_rubric()), ScoreSheet.model_validate(values)


def is_right(facts: Facts, rubric: Rubric, sheet: ScoreSheet) -> None:
    """Score and compare with what was drawn."""
    if facts.expected is None:
        with pytest.raises(ValueError, match=r"rubric 'drawn'|score sheet of '甲镇'"):
            epa_score.score(rubric, sheet)
        return
    result = epa_score.score(rubric, sheet)
    assert result.total == points(facts.expected)
    assert scoring.score(rubric, sheet) == result
    ranking = epa_score.rank(rubric, [result], provisional=True)
    assert [placing.result.total for placing in ranking.placings] == [points(facts.expected)]


@given(drawn(), st.booleans(), WAY, WAY)
def test_a_model_that_came_about_in_any_way_scores_right_or_is_refused(
    facts: Facts, from_code: bool, way: str, of_sheet: str
) -> None:
    rubric, sheet = (built if from_code else read)(facts)
    is_right(facts, rubric, sheet)
    is_right(facts, WAYS[way](rubric), WAYS[of_sheet](sheet))  # type: ignore[arg-type]


@given(drawn(), drawn(), WAY, st.booleans())
@settings(max_examples=200)
def test_a_copy_with_other_values_has_the_points_of_these(
    before: Facts, after: Facts, way: str, deep: bool
) -> None:
    rubric, sheet = read(before)
    is_right(before, rubric, sheet)
    others, scores = read(after)
    update = {name: getattr(others, name) for name in ("total", "sections", "decimals")}
    changed = WAYS[way](rubric.model_copy(update=update, deep=deep))
    rescored = WAYS[way](sheet.model_copy(update={"scores": scores.scores}, deep=deep))
    is_right(after, changed, rescored)  # type: ignore[arg-type]
    is_right(before, rubric, sheet)


@given(drawn(), st.data())
def test_scores_that_are_changed_in_place_count_as_they_are(
    before: Facts, data: st.DataObject
) -> None:
    rubric, sheet = read(before)
    is_right(before, rubric, sheet)
    after = replace(before, given=data.draw(points_for(before, before.each)))
    sheet.scores.clear()
    sheet.scores.update(read(after)[1].scores)
    is_right(after, rubric, sheet)


@given(drawn())
def test_a_dump_is_what_a_file_would_hold(facts: Facts) -> None:
    rubric, sheet = read(facts)
    for model in (rubric, sheet):
        assert type(model).model_validate(model.model_dump()) == model
        assert type(model).model_validate_json(model.model_dump_json()) == model
    assert "panel" not in rubric.model_dump()
    assert rubric.model_dump(mode="json")["total"] == text(facts.total)


# --- examples --------------------------------------------------------------------------------

SMALL = {
    "id": "small",
    "title": "小细则",
    "total": "10",
    "sections": [
        {
            "id": "A",
            "title": "领导重视",
            "max": "10",
            "items": [
                {"id": "A1", "max": "8", "text": "有人管"},
                {"id": "A2", "max": "2", "text": "有台账", "rule": {"count": {"each": "1"}}},
            ],
        }
    ],
}
"""A rubric as a file would have it."""


def small(**update: Any) -> Rubric:
    return Rubric.model_validate(SMALL).model_copy(update=update)


def constructed_of(values: dict[str, Any]) -> Rubric:
    return Rubric.model_construct(**values)


def sheet_of(**scores: Any) -> ScoreSheet:
    values = {"A1": "6", "A2": {"value": "2"}} | scores
    return ScoreSheet.model_validate({"rubric": "small", "unit": "甲镇", "scores": values})


def test_a_rubric_with_a_rule_is_validated_without_a_context() -> None:
    assert check_rubric(small()) == []
    assert epa_score.score(small(), sheet_of()).total == 8


@pytest.mark.parametrize(
    ("rule", "value", "points"),
    [
        ("{target: 90, points: 8, under: 0, over: 0.2}", 95, "9"),
        ("{target: 90, points: 8, under: 0, over: 0.2}", 80, "8"),
        ("{target: 3, points: 8, under: 1, over: 0, lower: true}", 1, "10"),
        ("{target: 3, points: 8, under: 1, over: 0, lower: true}", 9, "8"),
    ],
)
def test_a_zero_that_has_to_be_stated_is_kept(rule: str, value: int, points: str) -> None:
    """The library reads a rubric anew from what it holds: 8 + 5 x 0.2 = 9, and 8 + 2 x 1 = 10."""
    rubric = rubric_of_items(f"- {{id: A1, max: 10, text: 一, rule: {{target: {rule}}}}}\n")
    assert Rubric.model_validate(rubric.model_dump()) == rubric
    sheet = sheet_of_scores(rubric, f"A1: {{value: {value}}}\n")
    assert epa_score.score(rubric, sheet).total == Decimal(points)


def test_what_is_wrong_is_said_in_sentences() -> None:
    with pytest.raises(ValueError, match="score sheet of '甲镇': ") as error:
        epa_score.score(small(), sheet_of(A1="9", Z1="1"))
    assert "A1 has 9 points, above its cap of 8 (EPA104 at scores.A1.score)" in str(error.value)
    assert "rubric small has no item Z1 (EPA103 at scores.Z1)" in str(error.value)


@pytest.mark.parametrize(
    ("rubric", "why"),
    [
        (small(total=Decimal(99)), "says 99 points, but its parts add up to 10 .EPA201 at total"),
        (small(decimals=9), "EPA025 at decimals"),
        (small(decimals=0, step=Decimal("0.5")), "EPA213 at step"),
        (small(sections=()), "EPA201"),
        (small(tie_break=("Z",)), "EPA205"),
        (constructed_of({"id": "small"}), "the field 'total' is missing"),
        (constructed_of({**vars(small()), "total": 10.5}), "EPA106 at total"),
    ],
)
def test_a_rubric_that_is_not_sound_gives_no_total(rubric: Rubric, why: str) -> None:
    score = epa_score.score(small(), sheet_of())
    for call in (
        lambda: epa_score.score(rubric, sheet_of()),
        lambda: epa_score.score_panel(rubric, [sheet_of()]),
        lambda: epa_score.rank(rubric, [score]),
    ):
        with pytest.raises(ValueError, match=why):
            call()


@pytest.mark.parametrize(
    ("sheet", "why"),
    [
        (sheet_of(A1="6.123"), "EPA110 at scores.A1.score"),
        (sheet_of(A2={"value": "1.5"}), "EPA406 at scores.A2.value"),
        (sheet_of().model_copy(update={"scores": {"A1": 5.5}}), "EPA106 at scores.A1"),
        (sheet_of().model_copy(update={"scores": {"A1": "1e1"}}), "EPA109 at scores.A1"),
        (sheet_of().model_copy(update={"scores": None}), "scores"),
        (sheet_of().model_copy(update={"rubric": "other"}), "not scored by rubric"),
        (sheet_of().model_copy(update={"adjustments": {"J1": ("甲",)}}), "J1"),
        (sheet_of().model_copy(update={"veto": {"V1": "起火"}}), "V1"),
        (sheet_of().model_copy(update={"date": 20181220}), "EPA022 at date"),
        (sheet_of().model_copy(update={"assessor": "\ud800"}), "assessor: .*unicode"),
    ],
)
def test_a_sheet_that_is_not_sound_has_no_total(sheet: ScoreSheet, why: str) -> None:
    with pytest.raises(ValueError, match=f"'甲镇'.*(?:{why})"):
        epa_score.score(small(), sheet)


def test_points_of_any_exact_kind_that_are_put_into_a_sheet_count() -> None:
    sheet = sheet_of()
    for put in ("7.5", Decimal("7.5"), Score(score=Decimal("7.5")), {"score": "7.5"}):
        sheet.scores["A1"] = put  # type: ignore[assignment]
        assert epa_score.score(small(), sheet).total == Decimal("9.5")
    sheet.scores["A1"] = 7  # type: ignore[assignment]
    assert epa_score.score(small(), sheet).total == 9
    assert sheet.points == {"A1": 7, "A2": None}
    assert sheet.score("A1").score == 7


def test_lists_and_plain_values_in_a_copy_of_a_rubric_count_as_they_are() -> None:
    rubric = small(units=["甲镇", "乙镇"], sections=SMALL["sections"])
    assert epa_score.score(rubric, sheet_of()).total == 8
    rubric.units.append("丙镇")  # type: ignore[attr-defined]
    other = sheet_of().model_copy(update={"unit": "丙镇"})
    assert epa_score.score(rubric, other).total == 8
    rubric.units.remove("甲镇")  # type: ignore[attr-defined]
    with pytest.raises(ValueError, match="EPA113 at unit"):
        epa_score.score(rubric, sheet_of())


def test_what_a_rubric_derived_stays_with_it() -> None:
    rubric = small(units=("甲镇",))
    assert rubric.scope("甲镇") is not None
    assert rubric.known_units == ("甲镇",)
    assert dict(rubric).keys() == Rubric.model_fields.keys()
    with pytest.warns(DeprecationWarning, match="copy"):
        old = rubric.copy(update={"units": ("乙镇",)})
    for other in (rubric.model_copy(update={"units": ("乙镇",)}), old):
        assert other.scope("甲镇") is None
        assert other.known_units == ("乙镇",)
    assert Rubric.known_units.__doc__


def test_ties_are_one_of_two_rules() -> None:
    result = epa_score.score(small(), sheet_of())
    with pytest.raises(ValueError, match="ties are 'competition' or 'dense', not 'bogus'"):
        epa_score.rank(small(), [result], ties="bogus")  # type: ignore[arg-type]


def rubrics_of_other_points() -> Iterator[Rubric]:
    """The rubric `small` after somebody changed what points follow from, or who is scored."""
    (section,) = small().sections
    first, *others = section.items
    more = first.model_copy(update={"max": first.max + 1})
    yield small(sections=(section.model_copy(update={"id": "B"}),))
    yield small(units=("乙镇",))
    yield small(decimals=3)
    fields = {"items": (more, *others), "max": section.max + 1}
    yield small(sections=(section.model_copy(update=fields),), total=small().total + 1)
    veto = Veto.model_validate({"id": "V1", "text": "重大事故", "effect": "exclude"})
    yield small(veto=(veto,))


def test_a_result_of_a_rubric_of_other_points_is_not_ranked() -> None:
    result = epa_score.score(small(), sheet_of())
    rubrics = list(rubrics_of_other_points())
    assert len(rubrics) == 5
    for rubric in rubrics:
        with pytest.raises(ValueError, match="'甲镇' is not one of rubric 'small' as it is"):
            epa_score.rank(rubric, [result])


def test_a_result_is_ranked_by_rules_that_were_added_later() -> None:
    result = epa_score.score(small(), sheet_of())
    for more in ({"tie_break": ("A",)}, {"rank_points": (Decimal(5),)}, {"title": "另一名称"}):
        (placing,) = epa_score.rank(small(**more), [result]).placings
        assert placing.result == result


def test_a_combined_sheet_is_scored_by_its_parts() -> None:
    panel = {"method": "mean", "by": "item", "minimum": 2}
    rubric = Rubric.model_validate(SMALL | {"panel": panel})
    sheets = [
        sheet_of(A1=points).model_copy(update={"assessor": assessor})
        for assessor, points in (("甲组", "6"), ("乙组", "7"))
    ]
    combined = combine(rubric, sheets)
    assert epa_score.score_panel(rubric, sheets).total == Decimal("8.5")
    assert ScoreSheet.model_validate(sheets[0].model_dump()) == sheets[0]
    assert CombinedSheet.model_validate(combined.model_dump()) == combined
    with pytest.raises(ValueError, match="score_panel takes the sheets"):
        epa_score.score(rubric, combined)
    with pytest.raises(ValueError, match="EPA104"):
        epa_score.score_panel(
            rubric, [sheets[0], sheets[1].model_copy(update={"scores": {"A1": "9"}})]
        )


RUBRICS = sorted({*ROOT.glob("rubrics/*.yaml"), *ROOT.glob("examples/**/rubrics/*.yaml")})
assert len(RUBRICS) > 8


@pytest.mark.parametrize("path", RUBRICS, ids=[path.stem for path in RUBRICS])
def test_rubrics_of_files_are_equal_to_their_dumps(path: Path) -> None:
    rubric = epa_score.load_rubric(path)
    assert Rubric.model_validate(rubric.model_dump()) == rubric
    assert Rubric.model_validate_json(rubric.model_dump_json()) == rubric
    assert check_rubric(Rubric.model_validate(rubric.model_dump())) == []


def test_a_composite_is_equal_to_its_dump() -> None:
    source = {"name": "乡镇", "weight": "60", "rubric": "township", "paths": ["scores"]}
    other = source | {"name": "年度", "weight": "40", "each_period": "mean", "periods": "4"}
    values = {"composite": "总评", "sources": [source, other], "rank_points": ["10", "9.5"]}
    composite = Composite.model_validate(values)
    assert Composite.model_validate(composite.model_dump()) == composite
    assert Composite.model_validate_json(composite.model_dump_json()) == composite
