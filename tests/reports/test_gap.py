"""与上一名的差别: which lines separate two accounts, in their order."""

from decimal import Decimal
from typing import Any

import pytest
from tests.support.rubrics import rubric_of_items
from tests.support.tables import named

from epa_score import ScoreSheet
from epa_score.i18n import Words
from epa_score.reports.account import AccountLine
from epa_score.reports.gap import table_of_gap
from epa_score.reports.table import Table
from epa_score.scoring import Result, score

WORDS = Words("zh_CN")
RUBRIC = rubric_of_items("- {id: A1, max: 9, text: 一}\n")


def result(unit: str, points: int) -> Result:
    fields = {"rubric": RUBRIC.id, "unit": unit, "period": "2018", "scores": {"A1": points}}
    return score(RUBRIC, ScoreSheet.model_validate(fields))


OWN, ABOVE = result("乙镇", 5), result("甲镇", 8)


def item(name: str, points: str | None, section: str = "A", text: str | None = "文") -> AccountLine:
    """The line of an item; without points it is not scored yet."""
    given = None if points is None else Decimal(points)
    score = "未评" if given is None else given
    return AccountLine("item", ("item", section, name), name, score, given, text=text)


def subtotal(section: str, points: str) -> AccountLine:
    return AccountLine("subtotal", ("subtotal", section), f"{section}小计", Decimal(points))


def total(points: str) -> AccountLine:
    return AccountLine("total", ("total",), "总分", Decimal(points))


def gap(own: list[AccountLine], above: list[AccountLine]) -> Table:
    return table_of_gap("small", (OWN, ABOVE), [own, above], WORDS)


def lines(own: list[AccountLine], above: list[AccountLine]) -> list[tuple[Any, ...]]:
    return [
        (one["kind"], one["line"], one["own"], one["above"], one["difference"])
        for one in named(gap(own, above))
    ]


def test_lines_that_differ_are_told_and_the_total_in_any_case() -> None:
    own = [item("A1", "2"), item("A2", "3"), subtotal("A", "5"), total("5")]
    above = [item("A1", "2"), item("A2", "4"), subtotal("A", "6"), total("6")]
    assert lines(own, above) == [
        ("item", "A2", 3, 4, -1),
        ("subtotal", "A小计", 5, 6, -1),
        ("total", "总分", 5, 6, -1),
    ]
    assert lines(own, own) == [("total", "总分", 5, 5, 0)]


def test_sources_and_vetoes_are_no_difference() -> None:
    own = [
        AccountLine("source", ("source", "月度", None), "月度", Decimal(3)),
        AccountLine("component", ("component", "月度"), "月度", Decimal(3), Decimal("1.5")),
        total("5"),
        AccountLine("veto", ("veto", "V1"), "V1", text="事故"),
    ]
    assert lines(own, [total("8")]) == [
        ("component", "月度", 3, 0, Decimal("1.5")),
        ("total", "总分", 5, 8, -3),
    ]


@pytest.mark.parametrize(
    ("own", "above", "is_told"),
    [("0", None, True), (None, "0", True), (None, None, False), ("0", "0.00", False)],
)
def test_a_reason_in_place_of_points_is_a_difference_from_points(
    own: str | None, above: str | None, *, is_told: bool
) -> None:
    found = lines([item("A1", own), total("5")], [item("A1", above), total("5")])
    assert [kind for kind, *_ in found] == ["item", "total"][not is_told :]
    assert all(difference == 0 for *_, difference in found)


def test_items_of_one_unit_alone_are_a_line_of_their_section() -> None:
    own = [
        *(item("A1", "2"), item("A7", "1"), item("A8", "0.5"), item("A9", None)),
        *(subtotal("A7-A9", "1.5"), subtotal("A", "3.5")),
        *(item("B7", "1", "B"), subtotal("B", "1"), total("4.5")),
    ]
    above = [item("A1", "3"), item("A6", "4"), subtotal("A", "7"), subtotal("B", "0"), total("7")]
    label = WORDS("report.own_items")
    assert lines(own, above) == [
        ("item", "A1", 2, 3, -1),
        ("own_items", label, Decimal("1.5"), 4, Decimal("-2.5")),
        ("subtotal", "A小计", Decimal("3.5"), 7, Decimal("-3.5")),
        ("own_items", label, 1, 0, 1),
        ("subtotal", "B小计", 1, 0, 1),
        ("total", "总分", Decimal("4.5"), 7, Decimal("-2.5")),
    ]


def test_lines_of_one_side_follow_what_they_follow_there() -> None:
    def added(kind: str, points: str) -> AccountLine:
        return AccountLine("pool", (kind,), kind, Decimal(points), Decimal(points))

    own = [added("一", "1"), added("二", "1"), added("三", "1"), total("3")]
    above = [added("零", "1"), added("二", "2"), added("四", "1"), added("五", "1"), total("5")]
    found = [line for _, line, *_ in lines(own, above)]
    assert found == ["零", "一", "二", "四", "五", "三", "总分"]
    last = [added("二", "2"), total("5"), added("末", "1")]
    assert [line for _, line, *_ in lines(own, last)] == ["一", "二", "三", "总分", "末"]


@pytest.mark.parametrize("text", ["有人负责。", None])
def test_people_see_numbers_with_wordings_or_names_alone(text: str | None) -> None:
    table = gap([item("A1", "2", text=text), total("2")], [item("A1", "3", text=text), total("3")])
    shown = [column.name for column in table.columns if column.shown]
    first = ["line"] if text is None else ["number", "wording"]
    assert shown == [*first, "own", "above", "difference"]


def test_a_section_made_0_of_one_unit_is_a_difference_and_of_both_is_none() -> None:
    zeroed = AccountLine("zeroed", ("zeroed", "A"), "计0分", Decimal(-2), Decimal(-2))
    own, above = [item("A1", "2"), zeroed, total("0")], [item("A1", "2"), total("2")]
    assert lines(own, above) == [("zeroed", "计0分", -2, 0, -2), ("total", "总分", 0, 2, -2)]
    assert lines(above, own) == [("zeroed", "计0分", 0, -2, 2), ("total", "总分", 2, 0, 2)]
    assert lines(own, own) == [("total", "总分", 0, 0, 0)]


def test_points_have_the_decimals_of_their_column() -> None:
    table = gap([item("A1", "2.25"), total("2.25")], [item("A1", "3.5"), total("3.5")])
    decimals = {column.name: column.decimals for column in table.columns}
    assert [decimals[name] for name in ("own", "above", "difference")] == [2, 1, 2]
    kinds = {column.name: column.kind for column in table.columns}
    assert (kinds["own"], kinds["difference"]) == ("points", "difference")


def test_nobody_above_is_no_difference() -> None:
    table = table_of_gap("small", (OWN, None), [[total("5")]], WORDS)
    assert list(table.rows()) == []
    assert table.title == WORDS("report.gap_title", unit="乙镇", above="")
    assert gap([total("5")], [total("8")]).title == WORDS(
        "report.gap_title", unit="乙镇", above="甲镇"
    )
