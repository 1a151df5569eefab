"""Pages that are planned: blocks and signatures stay together, and nothing is too high."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from tests.support.workbooks import opened, written

from epa_score.exporters.cell_text import line_count, parts_of_text, text_width
from epa_score.exporters.xlsx.form.page import TEXT, WIDTHS, fit_notes
from epa_score.exporters.xlsx.pages import PrintedRow, page_breaks
from epa_score.exporters.xlsx.rows import HIGHEST_ROW
from epa_score.reports.table import Blocks, Column, Row, Table

ROWS = st.lists(
    st.builds(PrintedRow, st.floats(10, 200), st.booleans(), st.booleans()), min_size=1, max_size=60
)
TEXT_OF = st.text(st.sampled_from("中文，。（）“” abcDEF-12\n"), max_size=200)


@given(ROWS)
def test_no_page_is_fuller_than_it_may_be_and_rows_that_stay_stay(rows: list[PrintedRow]) -> None:
    breaks = page_breaks(rows, 400, 450)
    assert breaks == sorted(set(breaks))
    assert 0 not in breaks
    starts = [0, *breaks]
    for start, end in zip(starts, [*breaks, len(rows)], strict=True):
        height = sum(row.height for row in rows[start:end])
        together = all(row.stays for row in rows[start + 1 : end])
        assert height <= (450 if start else 400) or together
    assert not any(rows[number].stays for number in breaks if not rows[number].begins_block)


def test_a_block_goes_to_the_next_page_where_little_is_left_of_this_one() -> None:
    head, row = PrintedRow(20, begins_block=True), PrintedRow(20)
    assert page_breaks([head, *[row] * 16, head, *[row] * 9], 400, 400) == [17]
    assert page_breaks([head, *[row] * 9, head, *[row] * 16], 400, 400) == [20]
    assert page_breaks([], 400, 400) == []


@given(TEXT_OF, st.integers(2, 40), st.integers(1, 5))
def test_parts_hold_the_whole_text_in_lines_that_fit(text: str, cells: int, lines: int) -> None:
    parts = parts_of_text(text, cells, lines)
    assert "".join(parts).replace("\n", "") == text.replace("\n", "")
    assert all(line_count(part, cells) <= lines for part in parts)
    assert line_count(text, cells) >= -(
        -text_width(text.replace("\n", "").replace(" ", "")) // cells
    )


def test_stops_and_words_are_not_torn_from_their_line() -> None:
    assert parts_of_text("一二三四，五", 8, 1) == ["一二三", "四，五"]
    assert parts_of_text("一二 word三", 8, 1) == ["一二 ", "word三"]


REASON = "考核组到村入户核查了三十户贫困户，其中12户的就业信息与档案册记录不一致；" * 60


def table(reasons: list[str]) -> Table:
    columns = (
        Column("unit", "单位"),
        Column("lost", "扣分", "points"),
        Column("note", "扣分原因", "long text"),
    )
    rows = [Row(("甲镇", Decimal(1), reason)) for reason in reasons]
    blocks = Blocks("unit", ("lost",), "小计")
    return Table(
        "deductions",
        "扣分明细",
        columns,
        lambda: [*rows, Row(("乙镇", Decimal(2), ""))],
        blocks=blocks,
    )


def test_a_reason_of_any_length_is_shown_whole_and_its_block_is_named_on_each_page() -> None:
    (sheet,) = opened(written([table([REASON, "短"])]), values=True).worksheets
    notes = [row[1] for row in sheet.iter_rows(min_row=3, max_col=2, values_only=True)]
    assert REASON in "".join(str(note) for note in notes if note)
    heights = [sheet.row_dimensions[row].height for row in range(1, sheet.max_row + 1)]
    assert max(height for height in heights if height) < HIGHEST_ROW / 1.5
    heads = [row[0] for row in sheet.iter_rows(min_row=3, max_col=1, values_only=True)]
    assert heads.count("甲镇") == heads.count("乙镇") == 1
    assert heads.count("甲镇（续）") >= 2
    assert len(sheet.row_breaks.brk) >= heads.count("甲镇（续）")
    assert heads.count("小计") == 0


def test_sums_follow_their_rows() -> None:
    columns = (
        Column("unit", "单位"),
        Column("item", "编号"),
        Column("wording", "内容"),
        Column("lost", "扣分", "points"),
    )
    rows = [
        Row(("甲", "A1", "一", Decimal(1))),
        Row(("甲", "A2", "二", Decimal("0.5"))),
        Row(("乙", "A1", "一", Decimal(2))),
    ]
    blocks = Blocks("unit", ("lost",), "小计")
    content = written([Table("deductions", "表", columns, lambda: rows, blocks=blocks)])
    values, formulas = (opened(content, values=one).worksheets[0] for one in (True, False))
    shown = [row[:3] for row in values.iter_rows(values_only=True)]
    start = shown.index(("编号", "内容", "扣分")) + 1
    assert shown[start : start + 7] == [
        *[("甲", None, None), ("A1", "一", 1), ("A2", "二", 0.5), ("小计", None, 1.5)],
        *[("乙", None, None), ("A1", "一", 2), ("小计", None, 2)],
    ]
    sums = [cell.value for cell in formulas["C"] if str(cell.value).startswith("=SUM(")]
    assert sums == [f"=SUM(C{start + 2}:C{start + 3})", f"=SUM(C{start + 6}:C{start + 6})"]


def test_notes_get_room_from_the_texts_where_that_makes_a_form_lower() -> None:
    assert fit_notes(WIDTHS, [("短", "短")]) == WIDTHS
    wider = fit_notes(WIDTHS, [("考核内容" * 10, "原因" * 150)])
    assert sum(wider) == sum(WIDTHS)
    assert wider[-1] > WIDTHS[-1]
    assert wider[TEXT] < WIDTHS[TEXT]
