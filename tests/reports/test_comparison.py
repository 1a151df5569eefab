"""Results compared cell by cell: what is equal, and how differences are named."""

import pytest

from epa_score.diagnostics import Kind
from epa_score.reports.comparison import (
    Cells,
    ShownCell,
    ShownPart,
    compare,
    likeness,
    same_text,
)

MASK = "8f14e45f"
SHA = "a" * 64


def part(*rows: str, name: str = "表", first: int = 1) -> ShownPart:
    """A part whose rows are texts, their cells apart by blanks; ``-`` is an empty cell."""
    return ShownPart(
        name,
        {number: row for number, text in enumerate(rows, first) if (row := cells(text))},
    )


def cells(text: str) -> Cells:
    return {n: ShownCell(one) for n, one in enumerate(text.split(), 1) if one != "-"}


def said(published: ShownPart, expected: ShownPart) -> list[str]:
    found = compare([published], [expected], MASK).differences
    return [
        " ".join(map(str, (one.kind.label, one.row, one.column, one.variant or "-")))
        for one in found
    ]


@pytest.mark.parametrize(
    ("found", "right"),
    [
        ("2.30", "2.3"),
        ("6.8999999999999995", "6.9"),
        ("+1.5", "1.5"),
        ("甲\r\n乙", "甲\n乙"),
        (" 甲 ", "甲"),
        ("b" * 64, SHA),
        ("epa-score 9.9", f"epa-score {MASK}"),
        ("任何\n文件.yaml", MASK),
    ],
)
def test_what_says_the_same_is_equal(found: str, right: str) -> None:
    assert same_text(found, right, MASK)


@pytest.mark.parametrize(
    ("found", "right"),
    [
        ("2.31", "2.3"),
        ("甲", "乙"),
        ("0123", "123"),
        ("1e1", "10"),
        ("", MASK),
        ("epa 9.9", f"epa-score {MASK}"),
        ("b" * 63, SHA),
        ("甲", "甲 乙"),
    ],
)
def test_what_says_something_else_is_not(found: str, right: str) -> None:
    assert not same_text(found, right, MASK)


def test_cells_are_named_with_what_stands_there_and_what_is_right() -> None:
    published, expected = part("甲 1 - 9", "乙 2 3"), part("甲 1 5 -", "乙 4 3")
    found = compare([published], [expected]).differences
    assert [(one.row, one.column, one.found, one.right, one.variant) for one in found] == [
        (1, 3, "", "5", "empty"),
        (1, 4, "9", "", "extra"),
        (2, 2, "2", "4", ""),
    ]
    assert {one.line for one in found} == {"甲 | 1 | 5", "乙 | 4 | 3"}
    assert {one.part for one in found} == {"表"}


def test_rows_that_were_exchanged_differ_cell_by_cell() -> None:
    published, expected = part("1 乙 8", "2 甲 9"), part("1 甲 9", "2 乙 8")
    label = "result_cell_differs"
    assert said(published, expected) == [
        f"{label} {row} {column} -" for row in (1, 2) for column in (2, 3)
    ]


def test_a_row_too_few_and_a_row_too_many_are_named_alone() -> None:
    rows = ["甲 1", "乙 2", "丙 3", "丁 4"]
    assert said(part(*rows[:1], *rows[2:]), part(*rows)) == ["result_row_missing 2 None -"]
    assert said(part(*rows), part(*rows[:1], *rows[2:])) == ["result_row_extra 2 None -"]
    assert said(part(*rows[:3]), part(*rows)) == ["result_row_missing 4 None -"]


def test_every_row_too_few_is_named_and_what_follows_is_compared() -> None:
    rows = ["甲 1", "乙 2", "丙 3", "丁 4", "戊 5"]
    assert said(part("丁 4", "戊 6"), part(*rows)) == [
        "result_row_missing 1 None -",
        "result_row_missing 2 None -",
        "result_row_missing 3 None -",
        "result_cell_differs 2 2 -",
    ]
    assert said(part(*rows), part("丁 4", "戊 5")) == [
        f"result_row_extra {row} None -" for row in (1, 2, 3)
    ]


@pytest.mark.parametrize(
    ("row", "named"),
    [
        ("1 甲 96", "1 | 甲 | 96"),
        ("1 甲 - 96 优秀", "1 | 甲 | 96 | 优秀"),
        ("1 甲 23 19 38 15 96", "1 | 甲 | 23 | 19"),
    ],
)
def test_a_row_is_named_by_its_first_four_texts(row: str, named: str) -> None:
    whole, cut = part("乙 0", row), part("乙 0")
    missing, extra = (
        compare([published], [right], MASK).differences
        for published, right in ((cut, whole), (whole, cut))
    )
    assert [difference.line for difference in (*missing, *extra)] == [named, named]


def test_a_row_is_missed_among_hundreds_that_are_alike() -> None:
    rows = [f"{name} 0" for name in "甲乙丙" for _ in range(100)]
    assert said(part(*rows[1:]), part(*rows)) == ["result_row_missing 1 None -"]
    assert said(part(*rows[:-1]), part(*rows)) == ["result_row_missing 300 None -"]


def test_all_cells_are_counted() -> None:
    assert compare([part("甲 1", "乙 2")], [part("甲 1", "乙 3")]).cells == 4
    assert compare([part("甲 1 -")], [part("甲 1 5")]).cells == 3


def test_the_only_cell_of_a_row_is_named_where_it_was_emptied() -> None:
    assert said(part("甲 1", "-", "乙 2"), part("甲 1", "注", "乙 2")) == [
        "result_cell_differs 2 1 empty"
    ]
    assert said(part("甲 1", "乙 2"), part("甲 1", "注", "乙 2")) == ["result_row_missing 2 None -"]


def test_rows_with_a_mask_or_a_digest_are_recognised() -> None:
    published, expected = part(f"甲 x.yaml {SHA}"), part(f"甲 {MASK} {'c' * 64}", "乙 1")
    assert said(published, expected) == ["result_row_missing 2 None -"]


def test_the_head_of_a_block_may_be_repeated_anywhere_in_it_and_nowhere_else() -> None:
    block = ("一组", "甲 1", "乙 2", "二组", "丙 3")
    expected = part(*block[:2], "一组（续）", *block[2:])
    for place, head in ((2, "一组（续）"), (3, "一组（续）"), (5, "二组（续）")):
        assert said(part(*block[:place], head, *block[place:]), expected) == []
    assert said(part(*block), expected) == []
    for place, head in ((2, "二组（续）"), (5, "一组（续）"), (3, "一组（续） 9")):
        assert said(part(*block[:place], head, *block[place:]), expected) != []


def test_so_many_rows_are_compared_in_their_order() -> None:
    rows: dict[int, Cells] = {number: cells("甲") for number in range(1, 20_003)}
    published, expected = ShownPart("表", rows), part("甲 1")
    found = compare([published], [expected]).differences
    assert [one.kind for one in found[:2]] == [Kind.RESULT_CELL_DIFFERS, Kind.RESULT_ROW_EXTRA]
    assert len(found) == 20_002


def test_parts_that_are_missing_or_too_many_are_named() -> None:
    one, other, empty = part("甲", name="一"), part("甲", name="二"), part(name="空")
    found = compare([one, empty], [other, empty._replace(name="图")]).differences
    assert [(one.kind, one.part) for one in found] == [
        (Kind.RESULT_PART_MISSING, "二"),
        (Kind.RESULT_PART_EXTRA, "一"),
    ]


def formula(text: str, value: str = "") -> ShownPart:
    return ShownPart("表", {1: {1: ShownCell(value, text)}})


def test_formulas_without_any_value_are_compared_as_formulas() -> None:
    expected = formula('=ROUND(SUM(A1,B1),2)&" "', "5")
    same = compare([formula('=_xlfn.ROUND( SUM(A1, B1),2)&" "')], [expected])
    assert same.differences == []
    assert same.without_value == [("表", 1, 1)]
    other = compare([formula("=5")], [expected])
    assert [(one.variant, one.found, one.right) for one in other.differences] == [
        ("formula", "=5", "5")
    ]


def test_a_formula_is_compared_where_nothing_is_shown() -> None:
    (added,) = compare([formula("=5")], [ShownPart("表", {1: {1: ShownCell("")}})]).differences
    assert (added.variant, added.found) == ("extra", "=5")
    empty = formula('=IF(A1,"改","")')
    assert compare([empty], [empty]).differences == []
    (changed,) = compare([formula("=A2")], [empty]).differences
    assert (changed.variant, changed.right) == ("extra", "")


def test_an_empty_value_beside_others_is_one() -> None:
    rows: dict[int, Cells] = {1: {1: ShownCell("", "=A"), 2: ShownCell("3", "=B")}}
    expected: dict[int, Cells] = {1: {1: ShownCell("并列", "=A"), 2: ShownCell("3", "=B")}}
    found = compare([ShownPart("表", rows)], [ShownPart("表", expected)])
    assert [one.variant for one in found.differences] == ["empty"]
    assert found.without_value == []


def test_a_format_that_shows_another_number_is_a_difference() -> None:
    right = ShownPart("表", {1: {1: ShownCell("85.5")}})
    hidden = ShownPart("表", {1: {1: ShownCell("85.5", looks_different=True)}})
    assert [one.variant for one in compare([hidden], [right]).differences] == ["format"]
    assert compare([hidden], [hidden]).differences == []


def test_a_hidden_copy_is_named_only_where_nothing_that_is_seen_differs() -> None:
    def row(seen: str, copy: str) -> ShownPart:
        return ShownPart("表", {1: {1: ShownCell(seen), 2: ShownCell(copy, is_hidden=True)}})

    both = compare([row("9", "9")], [row("8", "8")]).differences
    assert [one.column for one in both] == [1]
    alone = compare([row("8", "9")], [row("8", "8")]).differences
    assert [one.column for one in alone] == [2]


def test_the_result_that_is_most_alike_is_the_one() -> None:
    published = [part("甲 1", "乙 2")]
    exact, longer, other = [part("甲 1", "乙 2")], [part("甲 1", "乙 2", "丙 3")], [part("丁 4")]
    assert sorted([other, longer, exact], key=lambda one: likeness(published, one)) == [
        other,
        longer,
        exact,
    ]


def test_the_head_of_another_ranking_is_no_row_of_this_one() -> None:
    """A group of one unit has as many rows of its own as its head makes the others alike."""
    head, first, second = "名次 单位", ("1 甲", "2 乙"), "1 丙"
    published = [part(head, *first)]
    both = [part(head, *first, head, second)]
    assert likeness(published, published) == (1, 6)
    assert likeness(published, both) == (1, 4)  # 3 rows that both have, 2 more: 6 - 2
