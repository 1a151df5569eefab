"""A total is the sum of its items, exactly: for any rubric, any sheet and any decimal context.

The sums are checked against whole numbers: every cap and every score is a multiple of 0.0001.
"""

import decimal
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal, localcontext
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.rubrics import sound, unchecked_sheet

from epa_score.model import Item, Rubric, Score, ScoreSheet, Section
from epa_score.scoring import Result, score

GRAINS = 10_000
"""How many of the smallest amounts make a point."""

UNITS = ("移动公司", "县商务局", "团县委")


def points(grains: int) -> str:
    """Points as they are written in a file."""
    whole, rest = divmod(grains, GRAINS)
    return f"{whole}.{rest:04}".rstrip("0").rstrip(".")


@dataclass
class Group:
    """A section as it was drawn: caps in grains for all units or for each one, or sections."""

    caps: dict[str, list[int]] = field(default_factory=dict)
    sections: list["Group"] = field(default_factory=list)
    id: str = ""

    @property
    def max(self) -> int:
        if self.sections:
            return sum(inner.max for inner in self.sections)
        return sum(next(iter(self.caps.values())))

    @property
    def all(self) -> Iterator["Group"]:
        yield self
        for inner in self.sections:
            yield from inner.all

    def items(self, unit: str) -> dict[str, int]:
        """The caps of the items of a unit, at any depth."""
        own = self.caps.get(unit, self.caps.get("", []))
        found = {f"{self.id}{number}": cap for number, cap in enumerate(own, 1)}
        for inner in self.sections:
            found |= inner.items(unit)
        return found

    def lines(self, indent: str) -> Iterator[str]:
        """The section in a rubric file."""
        yield f"{indent}- id: {self.id}"
        yield f"{indent}  title: 指标{self.id}"
        yield f"{indent}  max: {points(self.max)}"
        if self.sections:
            yield f"{indent}  sections:"
            for inner in self.sections:
                yield from inner.lines(f"{indent}    ")
        elif "" in self.caps:
            yield f"{indent}  items:"
            yield from self._items(f"{indent}    ", self.caps[""])
        else:
            yield f"{indent}  per_unit:"
            for unit, caps in self.caps.items():
                yield f"{indent}    - units: [{unit}]"
                yield f"{indent}      items:"
                yield from self._items(f"{indent}        ", caps)

    def _items(self, indent: str, caps: list[int]) -> Iterator[str]:
        for number, cap in enumerate(caps, 1):
            yield f"{indent}- {{id: {self.id}{number}, max: {points(cap)}, text: 项目}}"


@dataclass
class Case:
    """A rubric as it was drawn, with the grains that one unit got for each item."""

    root: Group
    unit: str
    given: dict[str, int | None]

    @property
    def rubric(self) -> Rubric:
        lines = ["id: drawn", "title: 抽样", f"total: {points(self.root.max)}", "decimals: 4"]
        lines.append("sections:")
        lines += [line for section in self.root.sections for line in section.lines("  ")]
        return sound("\n".join(lines))

    @property
    def sheet(self) -> ScoreSheet:
        lines = ["rubric: drawn", f"unit: {self.unit}", "scores:" if self.given else "scores: {}"]
        lines += [
            f"  {item}: {'' if grains is None else points(grains)}"
            for item, grains in self.given.items()
        ]
        return unchecked_sheet("\n".join(lines))

    @property
    def expected(self) -> dict[str, int]:
        """The grains of every section; the whole is the section without an id."""
        return {
            one.id: sum(self.given[item] or 0 for item in one.items(self.unit))
            for one in self.root.all
        }

    @property
    def caps(self) -> dict[str, int]:
        return self.root.items(self.unit)


def grains_of(result: Result) -> dict[str, int]:
    """The points of a result in grains, exactly."""
    amounts = result.sections | {"": result.total}
    with localcontext(decimal.Context(prec=60, traps=[decimal.Inexact])):
        assert all(one * GRAINS % 1 == 0 for one in amounts.values())
        return {name: int(one * GRAINS) for name, one in amounts.items()}


CAPS = st.lists(st.integers(1, 30 * GRAINS), min_size=1, max_size=4)


@st.composite
def groups(draw: st.DrawFn, depth: int) -> Group:
    kind = draw(st.sampled_from(["items", "per_unit", "sections"][: 3 if depth else 2]))
    if kind == "sections":
        return Group(sections=draw(st.lists(groups(depth - 1), min_size=1, max_size=2)))
    caps = draw(CAPS)
    if kind == "items":
        return Group({"": caps})
    whole = sum(caps)
    split = {unit: draw(st.integers(1, whole)) for unit in UNITS[1:]}
    own = {unit: [part, whole - part] if part < whole else [whole] for unit, part in split.items()}
    return Group({UNITS[0]: caps} | own)


@st.composite
def cases(draw: st.DrawFn, *, complete: bool = True) -> Case:
    root = Group(sections=draw(st.lists(groups(2), min_size=1, max_size=3)))
    letters = map(chr, count(ord("A")))
    for one in list(root.all)[1:]:
        one.id = next(letters)
    unit = draw(st.sampled_from(UNITS))
    given: dict[str, int | None] = {}
    for item, cap in root.items(unit).items():
        some = st.integers(0, cap) | st.sampled_from([0, cap])
        given[item] = draw(some if complete else some | st.none())
    return Case(root, unit, given)


@given(cases())
def test_a_total_is_the_sum_of_sections_and_these_of_items(case: Case) -> None:
    result = score(case.rubric, case.sheet)
    assert grains_of(result) == case.expected
    assert result.total == sum(result.sections[one.id] for one in case.root.sections)
    assert (result.rubric, result.unit, result.period) == ("drawn", case.unit, None)
    assert (result.unscored, result.at_best) == ((), None)


@given(
    cases(complete=False),
    st.integers(1, 5),
    st.sampled_from([decimal.ROUND_CEILING, decimal.ROUND_FLOOR, decimal.ROUND_05UP]),
    st.booleans(),
)
def test_no_decimal_context_of_the_caller_changes_a_total(
    case: Case, precision: int, rounding: str, strict: bool
) -> None:
    traps = [decimal.Inexact, decimal.Rounded, decimal.FloatOperation] if strict else []
    expected = score(case.rubric, case.sheet)
    with localcontext(decimal.Context(precision, rounding, -9, 9, traps=traps)):
        assert repr(score(case.rubric, case.sheet)) == repr(expected)


@given(cases(complete=False), st.randoms(use_true_random=False))
def test_the_order_of_the_lines_changes_nothing(case: Case, order: st.DataObject) -> None:
    shuffled = sorted(case.given.items(), key=lambda _: order.random())  # type: ignore[attr-defined]
    other = replace(case, given=dict(shuffled))
    assert score(case.rubric, other.sheet) == score(case.rubric, case.sheet)


@given(cases(), st.data())
def test_raising_a_score_lowers_nothing(case: Case, data: st.DataObject) -> None:
    item = data.draw(st.sampled_from(sorted(case.given)))
    before = case.given[item] or 0
    after = data.draw(st.integers(before, case.caps[item]))
    raised = replace(case, given=case.given | {item: after})
    low, high = score(case.rubric, case.sheet), score(case.rubric, raised.sheet)
    assert high.total - low.total == Decimal(after - before) / GRAINS
    assert all(high.sections[name] >= amount for name, amount in low.sections.items())


@given(cases(complete=False))
def test_an_unscored_item_counts_nothing_and_is_named(case: Case) -> None:
    unscored = tuple(item for item in case.caps if case.given[item] is None)
    result = score(case.rubric, case.sheet)
    assert grains_of(result) == case.expected
    assert result.unscored == unscored
    if not unscored:
        assert result.at_best is None
        return
    assert result.at_best is not None
    full = replace(case, given=case.given | {item: case.caps[item] for item in unscored})
    assert result.at_best == score(case.rubric, full.sheet)._replace(code="")


@given(cases(complete=False))
def test_an_item_without_a_line_is_as_unscored_as_an_empty_one(case: Case) -> None:
    scored = {item: grains for item, grains in case.given.items() if grains is not None}
    other = Case(case.root, case.unit, {**scored})
    assert score(case.rubric, other.sheet) == score(case.rubric, case.sheet)


@given(cases())
def test_full_marks_are_the_total_of_the_rubric(case: Case) -> None:
    full = replace(case, given=dict(case.caps))
    assert score(case.rubric, full.sheet).total == case.rubric.total
    nothing = replace(case, given=dict.fromkeys(case.caps, 0))
    assert score(case.rubric, nothing.sheet).total == 0


@settings(max_examples=30)
@given(cases(complete=False))
def test_a_sheet_is_scored_the_same_each_time(case: Case) -> None:
    rubric, sheet = case.rubric, case.sheet
    before = (rubric.model_dump(), sheet.model_dump())
    assert score(rubric, sheet) == score(rubric, sheet)
    assert (rubric.model_dump(), sheet.model_dump()) == before


PLAIN_RUBRIC = """
id: plain
title: 三项
total: 3
sections:
  - id: A
    title: 指标
    max: 3
    items:
      - {id: A1, max: 1, text: 甲}
      - {id: A2, max: 1, text: 乙}
      - {id: A3, max: 1, text: 丙}
"""


def total(scores: str, rubric: str = PLAIN_RUBRIC) -> Decimal:
    return score(sound(rubric), unchecked_sheet(f"{{rubric: plain, unit: 甲镇, {scores}}}")).total


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ("{A1: 0.1, A2: 0.2, A3: 0}", "0.3"),
        ("{A1: 0.10, A2: 0.20, A3: 0.00}", "0.3"),
        ("{A1: 0.7, A2: 0.1, A3: 0.2}", "1"),
        ("{A1: 0.57, A2: 0.58, A3: 0.29}", "1.44"),
        ("{A1: 0.01, A2: 0.05, A3: 0.09}", "0.15"),
        ("{A1: 1, A2: 1, A3: 0.99}", "2.99"),
    ],
)
def test_tenths_and_hundredths_add_up_as_on_paper(scores: str, expected: str) -> None:
    assert total(f"scores: {scores}") == Decimal(expected)


def exact(*caps: str) -> tuple[Rubric, ScoreSheet]:
    """A rubric made in code, and full marks under it."""
    items = tuple(
        Item(id=f"A{number}", max=Decimal(cap), text="项目") for number, cap in enumerate(caps, 1)
    )
    section = Section(id="A", title="指标", max=Decimal(1), items=items)
    rubric = Rubric(id="exact", title="精确", total=Decimal(1), sections=(section,))
    scores: dict[str, str | Score | None] = {item.id: Score(score=item.max) for item in items}
    return rubric, ScoreSheet(rubric="exact", unit="甲镇", scores=scores)


def test_more_digits_than_a_decimal_context_holds_are_kept() -> None:
    result = score(*exact("1000000000000000000000000000000", "0.0001", "0.0002"))
    assert str(result.total) == "1000000000000000000000000000000.0003"


def test_a_digit_that_would_be_lost_stops_the_sum() -> None:
    with pytest.raises(decimal.Inexact):
        score(*exact("1E+40", "1E-40"))


def test_a_rubric_that_was_never_checked_gives_no_total_that_does_not_add_up() -> None:
    item = Item(id="A1", max=Decimal(3), text="项目")
    sections = tuple(
        Section(id=name, title="指标", max=Decimal(3), items=(item,)) for name in ("A", "B")
    )
    rubric = Rubric(id="twice", title="重复", total=Decimal(6), sections=sections)
    sheet = ScoreSheet(rubric="twice", unit="甲镇", scores={"A1": Score(score=Decimal(3))})
    with pytest.raises(ValueError, match="twice"):
        score(rubric, sheet)


def test_a_period_is_carried_along() -> None:
    sheet = unchecked_sheet(
        '{rubric: plain, unit: 甲镇, period: "2018", scores: {A1: 1, A2: 0, A3: }}'
    )
    result = score(sound(PLAIN_RUBRIC), sheet)
    assert result.period == "2018"
    assert result.at_best is not None
    assert result.at_best.period == "2018"


@pytest.mark.parametrize(
    ("sheet", "why"),
    [
        ("{rubric: other, unit: 甲镇, scores: {A1: 1, A2: 1, A3: 1}}", "not scored by rubric"),
        ("{rubric: plain, unit: 甲镇, scores: {A1: 1.01, A2: 1, A3: 1}}", "do not fit"),
        ("{rubric: plain, unit: 甲镇, scores: {A1: 1, A2: 1, A3: 1, A4: 1}}", "do not fit"),
        ("{rubric: plain, unit: 甲镇, scores: {A1: 1, A2: 1, a3: 1}}", "do not fit"),
    ],
)
def test_a_sheet_that_does_not_fit_its_rubric_has_no_total(sheet: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        score(sound(PLAIN_RUBRIC), unchecked_sheet(sheet))


def test_a_unit_that_the_rubric_does_not_list_has_no_total() -> None:
    rubric = sound(f"{PLAIN_RUBRIC}units: [乙镇]\n")
    sheet = unchecked_sheet("{rubric: plain, unit: 甲镇, scores: {A1: 1, A2: 1, A3: 1}}")
    with pytest.raises(ValueError, match="甲镇"):
        score(rubric, sheet)


def test_points_below_zero_made_past_the_model_have_no_total() -> None:
    sheet = ScoreSheet(
        rubric="plain",
        unit="甲镇",
        scores={"A1": Score.model_construct(score=Decimal(-1))},
    )
    with pytest.raises(ValueError, match="do not fit"):
        score(sound(PLAIN_RUBRIC), sheet)
