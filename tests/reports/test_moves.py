"""与上期比较: what both results are called, and the picture of their ranks."""

from decimal import Decimal
from typing import Any

import pytest
from tests.support.tables import named

from epa_score.i18n import Words
from epa_score.reports.moves import MOST_SLOPED, moves_table, moves_tables, sides_of
from epa_score.scoring.moves import moves_between
from epa_score.scoring.snapshot import ItemTerms, Snapshot, UnitSnapshot

WORDS = Words("zh_CN")


def result(period: str | None, **ranks: int | None) -> Snapshot:
    units = tuple(UnitSnapshot(name, "", rank, Decimal(9)) for name, rank in ranks.items())
    return Snapshot("small", "小细则", period, "competition", "", "CODE", units)


@pytest.mark.parametrize(
    ("old", "new", "names"),
    [
        ("2017", "2018", ("2017年", "2018年", "去年")),
        ("2016", "2018", ("2016年", "2018年", "2016年")),
        ("2018", "2017", ("2018年", "2017年", "2018年")),
        ("2018", "2018", ("上期", "本期", "上期")),
        (None, "2018", ("上期", "本期", "上期")),
        ("2017", None, ("上期", "本期", "上期")),
        ("2017年", "2018", ("2017年", "2018年", "2017年")),
        ("2018-01", "2018-02", ("2018-01", "2018-02", "2018-01")),
    ],
)
def test_results_are_called_by_their_periods_where_these_differ(
    old: str | None, new: str | None, names: tuple[str, str, str]
) -> None:
    assert sides_of(result(old), result(new), WORDS) == names


@pytest.mark.parametrize(
    ("old", "new", "is_reversed"),
    [
        ("2018", "2017", True),
        ("2018", "2018", False),
        ("2017", "2018", False),
        ("2018-12", "2017-12", True),
        ("2018-12", "2018-11", False),
        ("20181", "2017", False),
        (None, "2017", False),
        ("2018", "一季度", False),
    ],
)
def test_an_earlier_result_of_a_later_year_is_noted(
    old: str | None, new: str | None, *, is_reversed: bool
) -> None:
    before, after = result(old, 甲=1), result(new, 甲=1)
    sides = sides_of(before, after, WORDS)
    note = WORDS("moves.note_reversed", old=sides.old, new=sides.new)
    assert (note in moves_table(moves_between(before, after), WORDS).notes) == is_reversed


@pytest.mark.parametrize(
    ("number", "has_picture"), [(1, False), (2, True), (40, True), (41, False)]
)
def test_a_picture_has_two_units_to_so_many(number: int, *, has_picture: bool) -> None:
    assert MOST_SLOPED == 40
    own = result("2018", **{f"单位{rank}": rank for rank in range(1, number + 1)})
    table = moves_table(moves_between(own, own), WORDS)
    assert (table.slopes is not None) == has_picture


def test_units_of_one_rank_stand_one_below_the_other() -> None:
    old = result("2017", 甲=2, 乙=1, 丙=2, 丁=None, 戊=4)
    new = result("2018", 乙=3, 甲=1, 丙=1, 丁=4, 己=5)
    slopes = moves_table(moves_between(old, new), WORDS).slopes
    assert slopes is not None
    lines = [tuple(line) for line in slopes.lines]
    assert lines == [("甲", 2, 1, 1, 0), ("丙", 2, 1, 2, 1), ("乙", 1, 3, 0, 2)]


A1, A2 = ItemTerms("有人负责。", Decimal(3)), ItemTerms("有方案。", Decimal(7))


def unit(terms: dict[str, ItemTerms], **more: Any) -> UnitSnapshot:
    own = UnitSnapshot("甲镇", "", 1, Decimal(5), terms, dict.fromkeys(terms, Decimal(1)))
    return own._replace(**more)


PLAIN = unit({"A1": A1, "A2": A2})


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (PLAIN, PLAIN, None),
        (PLAIN, unit({"A1": A1, "A2": A2}, total=Decimal("6.5")), ("rest", {"points": "+1.5"})),
        (PLAIN, unit({"A1": A1, "A2": A2}, total=Decimal(4)), ("rest", {"points": "-1"})),
        (PLAIN._replace(group="一类"), PLAIN, ("group", {"old": "一类", "new": "全部单位中"})),
        (PLAIN, PLAIN._replace(group="二类"), ("group", {"old": "全部单位中", "new": "二类"})),
        (
            PLAIN._replace(inapplicable=("A1", "A2")),
            PLAIN,
            ("not_applicable", {"old": "A1、A2", "new": "无"}),
        ),
        (
            PLAIN,
            PLAIN._replace(inapplicable=("A2",)),
            ("not_applicable", {"old": "无", "new": "A2"}),
        ),
        (
            unit({"A1": A1, "A2": A2._replace(treatment="full")}, inapplicable=("A2",)),
            unit({"A1": A1, "A2": A2._replace(treatment="full")}, inapplicable=("A2",)),
            None,
        ),
        (
            unit({"A1": A1, "A2": A2._replace(treatment="zero")}, inapplicable=("A2",)),
            unit({"A1": A1, "A2": A2._replace(treatment="full")}, inapplicable=("A2",)),
            ("treatment", {"items": "A2"}),
        ),
        (PLAIN, unit({"A1": A1}), ("items", {"changes": "取消的 1 个（A2）"})),
        (unit({"A1": A1}), PLAIN, ("items", {"changes": "新项目 1 个（A2）"})),
        (
            unit({"A1": A2, "A2": A2, "A3": A1}),
            unit({"A1": A1, "A2": A2, "A4": A1}),
            ("items", {"changes": "新项目 1 个（A4）、有改动的 1 个（A1）、取消的 1 个（A3）"}),
        ),
        (PLAIN, PLAIN._replace(rank=None), ("unranked_new", {})),
        (PLAIN._replace(rank=None), PLAIN, ("unranked_old", {})),
        (PLAIN, UnitSnapshot("甲镇"), ("absent_new", {})),
        (UnitSnapshot("甲镇"), PLAIN, ("absent_old", {})),
    ],
)
def test_why_there_is_no_difference_is_said_beside_the_unit(
    old: UnitSnapshot, new: UnitSnapshot, reason: tuple[str, dict[str, str]] | None
) -> None:
    before, after = (
        result(period)._replace(units=(own,)) for period, own in (("2017", old), ("2018", new))
    )
    table = moves_table(moves_between(before, after), WORDS)
    places = [column.name for column in table.columns]
    (row,) = table.rows()
    said = row.cells[places.index("reason")]
    assert said == (None if reason is None else WORDS(f"moves.{reason[0]}", **reason[1]))
    shown = next(column.shown for column in table.columns if column.name == "reason")
    assert shown == (reason is not None)


@pytest.mark.parametrize(("number", "more"), [(6, ""), (7, " 等 7 个")])
def test_six_items_are_named_and_of_more_the_number(number: int, more: str) -> None:
    names = [f"B{place}" for place in range(1, number + 1)]
    old, new = PLAIN, unit({"A1": A1, "A2": A2, **dict.fromkeys(names, A1)})
    before, after = (result("2018")._replace(units=(own,)) for own in (old, new))
    table = moves_table(moves_between(before, after), WORDS)
    places = [column.name for column in table.columns]
    (row,) = table.rows()
    items = "、".join(names[:6]) + more
    changes = f"新项目 {number} 个（{items}）"
    assert row.cells[places.index("reason")] == WORDS("moves.items", changes=changes)


def test_items_that_are_not_what_they_were_have_a_table_with_their_units() -> None:
    other = PLAIN._replace(unit="乙镇", rank=2)
    old = result("2017")._replace(units=(PLAIN, other))
    ruled = unit({"A1": A1._replace(rule="RULE"), "A2": A2})
    new = result("2018")._replace(units=(ruled, unit({"A1": A1}, unit="乙镇", rank=2)))
    _, table = moves_tables(moves_between(old, new), WORDS)
    cells = [tuple(own.cells) for own in table.rows()]
    assert cells == [
        ("A1", "甲镇", "changed", "计分规则有改动", 3, 3, "有人负责。", "有人负责。"),
        ("A2", "乙镇", "dropped", "取消", 7, None, "有方案。", None),
    ]
    assert [column.name for column in table.columns if not column.shown] == ["state"]
    everybody = result("2018")._replace(units=(ruled, ruled._replace(unit="乙镇", rank=2)))
    (only,) = named(moves_tables(moves_between(old, everybody), WORDS)[1])
    assert (only["item"], only.get("units")) == ("A1", None)
    assert len(moves_tables(moves_between(old, old), WORDS)) == 1
    titles = [own.title for own in moves_tables(moves_between(old, new), WORDS, "一类")]
    assert all("一类" in title for title in titles)
    assert not any("一类" in own.title for own in moves_tables(moves_between(old, new), WORDS))


def test_the_columns_of_differences_show_their_signs() -> None:
    own = result("2018")._replace(units=(PLAIN,))
    columns = {
        column.name: column for column in moves_table(moves_between(own, own), WORDS).columns
    }
    kinds = [columns[name].kind for name in ("total", "old_total", "difference", "comparable")]
    assert kinds == ["points", "points", "difference", "difference"]
    shown = [columns[name].shown for name in ("difference", "comparable", "by", "rest", "state")]
    assert shown == [True, False, False, False, False]
