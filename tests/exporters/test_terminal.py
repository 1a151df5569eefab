"""Tables on a terminal and in a pipe: every figure whole, whatever the width."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len
from tests.support.tables import HIDDEN, HOSTILE, ROWS, SIMPLE, THREE, table

from epa_score.diagnostics.terminal_text import visible
from epa_score.exporters.cell_text import text_of
from epa_score.exporters.terminal import aligned_lines, tab_separated_lines
from epa_score.i18n import plain
from epa_score.reports.table import Cell, Column


def test_a_program_gets_tab_separated_cells() -> None:
    assert list(tab_separated_lines([SIMPLE, SIMPLE])) == [
        "Rank\tUnit\t甲 (10)\t乙 (20)\tTotal\tRemark",
        "1\t甲镇\t9.5\t20\t29.5\ttied",
        "\t乙镇\t\t0\t\t",
        "",
        "Rank\tUnit\t甲 (10)\t乙 (20)\tTotal\tRemark",
        "1\t甲镇\t9.5\t20\t29.5\ttied",
        "\t乙镇\t\t0\t\t",
    ]


@given(ROWS)
def test_tabs_separate_nothing_but_cells(rows: list[tuple[Cell, ...]]) -> None:
    lines = list(tab_separated_lines([table(THREE, *rows)]))
    assert len(lines) == 1 + len(rows)
    assert all(line.count("\t") == 2 for line in lines)
    for line, row in zip(lines[1:], rows, strict=True):
        assert line.split("\t") == [visible(text_of(cell)) for cell in row]


def test_a_terminal_shows_aligned_columns() -> None:
    assert list(aligned_lines([SIMPLE, SIMPLE], 80))[:8] == [
        "排名",
        "",
        "Rank  Unit  甲 (10)  乙 (20)  Total  Remark",
        "   1  甲镇     9.50       20  29.50  tied",
        "      乙镇                 0",
        "",
        "名次规则",
        "",
    ]


def test_a_table_without_notes_ends_with_its_rows() -> None:
    lines = list(aligned_lines([table([Column("unit", "Unit")], ["甲镇"])], 80))
    assert lines == ["排名", "", "Unit", "甲镇"]


def test_a_table_without_rows_has_its_titles() -> None:
    assert list(aligned_lines([table([Column("unit", "Unit")])], 80)) == ["排名", "", "Unit"]


WIDE = [
    Column("rank", "名次", "number"),
    Column("unit", "单位"),
    Column("a", "电子商务人才培训（20）", "points", 2, priority=4),
    Column("b", "电子商务推进效果（40）", "points", 2, priority=4),
    Column("c", "很小的部分", "points", 2, priority=5),
    Column("total", "总分（100）", "points", 2),
    Column("remark", "备注", priority=1),
]

WIDE_ROW: tuple[Cell, ...] = (
    *(1, "示例甲镇", Decimal("19.25"), Decimal(40), Decimal(3), Decimal("98.25"), "并列"),
)


@pytest.mark.parametrize(
    ("width", "dropped"),
    [(200, ""), (80, ""), (58, ""), (50, "c"), (33, "abc"), (25, "abc备注"), (5, "abc备注")],
)
def test_a_narrow_terminal_folds_titles_then_drops_whole_kinds_of_columns(
    width: int, dropped: str
) -> None:
    lines = list(aligned_lines([table(WIDE, WIDE_ROW)], width))[2:]
    shown = {"a": "19.25", "b": "40.00", "c": "3.00", "备注": "并列"}
    tokens = lines[-1].split()
    assert tokens == [
        *["1", "示例甲镇"],
        *[shown[name] for name in "abc" if name not in dropped],
        "98.25",
        *([] if "备注" in dropped else ["并列"]),
    ]
    assert width < 25 or all(cell_len(line) <= width for line in lines)


def test_long_texts_are_folded_and_not_cut() -> None:
    text = "提供电商精准扶贫档案，详细记录电商帮扶贫困村、贫困户信息。" * 3
    columns = [Column("item", "编号"), Column("text", "考核内容", "long text")]
    lines = list(aligned_lines([table(columns, ["A3", text])], 40))[3:]
    assert len(lines) > 3
    assert "".join(line.removeprefix("A3").strip() for line in lines) == text
    assert all(cell_len(line) <= 40 for line in lines)


COLUMNS = st.lists(
    st.tuples(st.sampled_from(["text", "number", "points"]), st.integers(0, 4), st.integers(1, 9)),
    max_size=5,
)

CELLS: dict[str, st.SearchStrategy[Cell]] = {
    "text": st.sampled_from([one for one in [*HOSTILE, *HIDDEN] if " " not in one]),
    "number": st.integers(0, 99_999),
    "points": st.decimals(0, 10**6, places=3) | st.decimals(0, 100, places=0),
}


@given(COLUMNS, st.integers(1, 100), st.data())
@example([("points", 0, 9)] * 6, 1, None)
def test_a_terminal_never_loses_a_digit(
    kinds: list[tuple[Any, int, int]], width: int, data: st.DataObject | None
) -> None:
    columns = [
        Column(str(number), f"{'甲' * length}{number}", kind, 2, priority)
        for number, (kind, priority, length) in enumerate([("text", 0, 1), *kinds])
    ]
    count = data.draw(st.integers(1, 3)) if data else 2
    rows: list[list[Cell]] = [
        [data.draw(CELLS[one.kind]) if data else Decimal("123456.125") for one in columns]
        for _ in range(count)
    ]
    lines = list(aligned_lines([table(columns, *rows)], width))[2:]
    kept = [column for column in columns if not column.priority]
    found = [line.split() for line in lines[-count:]]
    options = [[one for one in columns if one.priority < limit] for limit in range(5, 0, -1)]
    expected = [
        [[shown(column, row[int(column.name)]) for column in some] for row in rows]
        for some in options
    ]
    assert found in expected
    needed = sum(max(cell_len(shown(one, row[int(one.name)])) for row in rows) + 2 for one in kept)
    if needed + 20 * len(kept) <= width:
        assert all(cell_len(line) <= width for line in lines)


def shown(column: Column, cell: Cell) -> str:
    if not isinstance(cell, Decimal):
        return visible(text_of(cell))
    return f"{cell:.{max(column.decimals, len(plain(cell).partition('.')[2]))}f}"


@given(st.lists(st.decimals(0, 10**6, places=2), min_size=2, max_size=5))
def test_points_stand_below_each_other(amounts: list[Decimal]) -> None:
    column = Column("total", "总分", "points", 2)
    lines = list(aligned_lines([table([column], *([one] for one in amounts))], 80))[3:]
    assert len({line.index(".") for line in lines}) == 1
    assert [Decimal(line) for line in lines] == amounts
