"""与上次结果的变化: which units are not as they were, and what of them."""

from decimal import Decimal
from typing import Any

import pytest
from tests.support.tables import named

from epa_score.i18n import Words
from epa_score.reports.changes import changes_table
from epa_score.reports.moves import items_text, move_text
from epa_score.reports.table import Table
from epa_score.scoring.moves import ItemMove, Moves, UnitMove, moves_between
from epa_score.scoring.snapshot import ItemTerms, Snapshot, UnitSnapshot

WORDS = Words("zh_CN")
TERMS = {"A1": ItemTerms("有人负责。", Decimal(3)), "A2": ItemTerms("有方案。", Decimal(7))}


def unit(name: str, rank: int | None, a1: str, a2: str, **more: Any) -> UnitSnapshot:
    points = {"A1": Decimal(a1), "A2": Decimal(a2)}
    total = sum(points.values(), Decimal(0))
    return UnitSnapshot(name, "", rank, total, TERMS, points)._replace(**more)


def result(*units: UnitSnapshot) -> Snapshot:
    return Snapshot("small", "小细则", "2018", "competition", "", "CODE", units)


def table_of(old: list[UnitSnapshot], new: list[UnitSnapshot]) -> Table:
    return changes_table(moves_between(result(*old), result(*new)), "公布.json", WORDS)


def changed(old: UnitSnapshot, new: UnitSnapshot) -> dict[str, Any]:
    """The row of the only unit, but for its name; empty where nothing has changed."""
    found = named(table_of([old], [new]))
    return {name: cell for name, cell in (found or [{}])[0].items() if name != "unit"}


OWN = unit("甲镇", 1, "2", "4")


def row(ranks: tuple[int | None, int | None], totals: tuple[str, str], by: str | None) -> Any:
    return {
        "old_rank": ranks[0],
        "rank": ranks[1],
        "old_total": Decimal(totals[0]),
        "total": Decimal(totals[1]),
        "by": by,
    }


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        (OWN, {}),
        (unit("甲镇", 2, "2", "4"), row((1, 2), ("6", "6"), None)),
        (unit("甲镇", None, "2", "4"), row((1, None), ("6", "6"), None)),
        (unit("甲镇", 1, "2", "4", total=Decimal(5)), row((1, 1), ("6", "5"), None)),
        (unit("甲镇", 1, "3", "3"), row((1, 1), ("6", "6"), "A1 +1、A2 -1")),
        (unit("甲镇", 1, "2", "4.5"), row((1, 1), ("6", "6.5"), "A2 +0.5")),
        (unit("甲镇", 2, "0", "5"), row((1, 2), ("6", "5"), "A1 -2、A2 +1")),
    ],
)
def test_a_unit_with_another_rank_total_or_item_is_a_change(
    new: UnitSnapshot, expected: dict[str, Any]
) -> None:
    assert changed(OWN, new) == expected


def test_a_unit_that_is_gone_or_new_is_a_change() -> None:
    table = table_of([OWN, unit("乙镇", 2, "1", "1")], [OWN, unit("丙镇", 2, "0", "1")])
    assert [tuple(own.cells) for own in table.rows()] == [
        ("丙镇", None, 2, None, Decimal(1), None),
        ("乙镇", 2, None, Decimal(2), None, None),
    ]


def test_a_unit_that_is_left_out_now_is_a_change_without_a_total() -> None:
    table = table_of([OWN], [UnitSnapshot("甲镇")])
    assert [tuple(own.cells) for own in table.rows()] == [("甲镇", 1, None, Decimal(6), None, None)]


@pytest.mark.parametrize(
    ("totals", "decimals"), [(("2", "4"), 0), (("2.5", "4"), 1), (("2", "4.25"), 2)]
)
def test_totals_of_both_sides_have_as_many_decimals_as_any_needs(
    totals: tuple[str, str], decimals: int
) -> None:
    old, new = (unit("甲镇", 1, own, "0") for own in totals)
    table = table_of([old, unit("乙镇", 2, "1.125", "0")], [new, unit("乙镇", 2, "1.125", "0")])
    shown = {column.name: column.decimals for column in table.columns}
    assert (shown["old_total"], shown["total"]) == (decimals, decimals)


def test_the_table_says_which_file_it_is_about_and_whether_anything_changed() -> None:
    some, none = table_of([OWN], [unit("甲镇", 2, "2", "4")]), table_of([OWN], [OWN])
    assert [table.notes for table in (some, none)] == [
        (WORDS("changes.note", file="公布.json"),),
        (WORDS("changes.note_none", file="公布.json"),),
    ]
    assert "2018" in some.title
    assert not any(one.live for one in some.rows())  # figures of both results are facts
    assert [column.name for column in some.columns if column.is_heading] == ["unit"]
    assert list(none.rows()) == []


def test_the_table_of_a_group_names_it() -> None:
    moves = Moves(result(OWN), result(OWN), (UnitMove(OWN, OWN),))
    tables = [changes_table(moves._replace(group=group), "a.json", WORDS) for group in ("一类", "")]
    assert [("一类" in table.title) for table in tables] == [True, False]


# --- words that both tables of differences have ---------------------------------------------------


@pytest.mark.parametrize(
    ("differences", "text"),
    [
        ((), ""),
        (("1",), "A1 +1"),
        (("1", "-0.50"), "A1 +1、A2 -0.5"),
        (("3", "2", "1"), "A1 +3、A2 +2、A3 +1"),
        (("4", "3", "2", "1"), "A1 +4、A2 +3、A3 +2" + WORDS("list.more", number=4)),
    ],
)
def test_three_items_are_named_and_of_more_the_number(
    differences: tuple[str, ...], text: str
) -> None:
    moves = [
        ItemMove(f"A{number}", "same", difference=Decimal(own))
        for number, own in enumerate(differences, 1)
    ]
    assert items_text(moves, WORDS) == text


@pytest.mark.parametrize(
    ("item", "difference", "text"),
    [
        ("bonus", "2", WORDS("report.bonus") + " +2"),
        ("bonus", "-2", WORDS("report.bonus") + " -2"),
        ("penalty", "2", WORDS("moves.penalty_less", points="2")),
        ("penalty", "-2", WORDS("moves.penalty_more", points="2")),
        ("penalty", "0.5", WORDS("moves.penalty_less", points="0.5")),
        ("penalty", "-0.5", WORDS("moves.penalty_more", points="0.5")),
    ],
)
def test_penalties_are_more_or_less_in_words(item: str, difference: str, text: str) -> None:
    assert items_text([ItemMove(item, "same", difference=Decimal(difference))], WORDS) == text


@pytest.mark.parametrize(
    ("move", "text"),
    [
        (UnitMove(None, OWN), WORDS("moves.unit_new")),
        (UnitMove(OWN, None), WORDS("moves.unit_gone")),
        (UnitMove(OWN, OWN), WORDS("moves.unlike")),
        (UnitMove(OWN, OWN, 2), WORDS("moves.up", number=2)),
        (UnitMove(OWN, OWN, 1), WORDS("moves.up", number=1)),
        (UnitMove(OWN, OWN, -1), WORDS("moves.down", number=1)),
        (UnitMove(OWN, OWN, 0), WORDS("moves.level", number=0)),
    ],
)
def test_what_became_of_a_rank_is_said_in_a_word(move: UnitMove, text: str) -> None:
    assert move_text(move, WORDS) == text
