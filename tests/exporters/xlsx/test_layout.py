"""The pages of the workbook: widths, heights, fonts and colours."""

from pathlib import Path

import pytest
from tests.support.workbooks import (
    Given,
    about_of,
    one_text,
    opened,
    rows_of,
    rubric_and_sheets,
    rubric_of,
    sheets_of,
    tables_of,
    written,
)

from epa_score.exporters.xlsx.rows import row_height
from epa_score.exporters.xlsx.widths import ColumnWidths
from epa_score.i18n import Words
from epa_score.reports.table import Column, Row, Table

OWN = """
id: own
title: 各有分工的细则
total: 10
sections:
  - {id: A, title: 共性, max: 4, items: [{id: A1, max: 4, text: 一}]}
  - id: B
    title: 个性
    max: 6
    per_unit:
      - {units: [甲], items: [{id: B1, max: 6, text: 二}]}
      - {units: [乙], items: [{id: B1, max: 1, text: 三}, {id: B2, max: 5, text: 四}]}
"""


NOTE = Words("zh_CN")("report.scores_note")


def test_pages_are_ready_to_be_read_and_printed() -> None:
    rubric, sheets = rubric_and_sheets("township")
    book = opened(written([*tables_of(rubric, sheets), about_of([rubric])]), values=False)
    chart = book["排名图"]
    assert (chart.page_setup.orientation, chart.page_setup.paperSize) == ("landscape", 9)
    book.remove(chart)
    panes = {sheet.title: sheet.freeze_panes for sheet in book}
    assert panes == {"排名汇总": "C4", "得分明细": "C6", "扣分明细": "A4", "说明": "A3"}
    assert [sheet.auto_filter.ref for sheet in book] == ["A3:P19", "A5:AX21", None, None]
    assert [sheet.print_title_rows for sheet in book] == ["$2:$3", "$2:$5", "$2:$3", "$2:$2"]
    for sheet in book:
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.paperSize == 9
        long = sheet.title == "扣分明细"
        fitted = [sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight]
        assert fitted == [None, 0 if long else None]
        footer = sheet.oddFooter.center if sheet.oddFooter else None
        assert footer
        assert footer.text == "第 &P 页　共 &N 页"


def test_caps_stand_below_the_header_where_units_have_the_same(tmp_path: Path) -> None:
    rubric = rubric_of(OWN, tmp_path)
    given: Given = {"甲": {"A1": "1", "B1": "2"}, "乙": {"A1": "2", "B1": "1", "B2": "5"}}
    scores = opened(written(tables_of(rubric, sheets_of(rubric, given))), values=True)["得分明细"]
    assert [row[:6] for row in rows_of(scores, 4)] == [
        ["名次", "单位", "A1", "B1", "B2", "总分（10）"],
        [None, "分值", 4, None, 5, 10],
        [1, "乙", 2, 1, 5, 8],
        [2, "甲", 1, 2, None, 3],
        ["平均分", None, 1.5, None, 5, 5.5],
        [None] * 6,
        [NOTE, *[None] * 5],
    ]


def test_points_below_the_cap_are_coloured_as_long_as_they_are() -> None:
    scores = opened(written(tables_of(*rubric_and_sheets("township"))), values=False)["得分明细"]
    ((area, rules),) = [(str(one.sqref), one.rules) for one in scores.conditional_formatting]
    assert area == "C6:X21"
    assert [rule.formula for rule in rules] == [["AND(ISNUMBER(C6),ISNUMBER(C$5),C6<C$5)"]]


def test_chinese_documents_are_set_in_a_chinese_font_and_others_in_excels_own() -> None:
    fonts = {
        language: {
            cell.font.name
            for sheet in opened(written([one_text("x")], Words(language)), values=True)
            for row in sheet
            for cell in row
        }
        for language in ("zh_CN", "en")
    }
    assert fonts == {"zh_CN": {"宋体"}, "en": {"Calibri"}}


def test_totals_are_bold_and_headers_filled() -> None:
    sheet = opened(written(tables_of(*rubric_and_sheets("township"))), values=False)["排名汇总"]
    assert [cell.font.bold for cell in sheet[4]][:8] == [False] * 6 + [True, False]
    assert {cell.fill.fgColor.rgb for cell in sheet[3][:8]} == {"FFF2F2F2"}
    assert sheet["A1"].font.size > sheet["A3"].font.size
    assert "A1:H1" in [str(area) for area in sheet.merged_cells.ranges]
    assert sheet["A21"].value.startswith("名次规则")


def test_columns_are_as_wide_as_chinese_text_needs() -> None:
    columns = (
        Column("rank", "名次", "number"),
        Column("unit", "单位"),
        Column("points", "电子商务推进效果（40）", "points"),
        Column("a", "长文一", "long text"),
        Column("b", "长文二", "long text"),
        Column("c", "长文三", "long text"),
    )
    widths = ColumnWidths(columns)
    widths.fit(1, "示例食品药品监督管理局")
    widths.fit(3, "长" * 300)
    widths.fit(4, "短")
    assert widths.to_tuple() == (6, 24, 10, 56, 12, 12)
    alone = ColumnWidths(columns[3:4])
    alone.fit(0, "长" * 300)
    assert alone.to_tuple() == (120,)


def test_rows_are_as_high_as_their_texts_need() -> None:
    assert row_height(["短", "一\n二"], [10, 10]) == 34
    assert row_height(["长" * 20], [21]) == 34
    assert row_height([""], [6], 1.5) == 26.5
    assert row_height(["长" * 5000], [21]) == 409


@pytest.mark.parametrize(
    ("caption", "merged"),
    [
        ("单位：分", {"A1:C1", "A2:B2"}),
        ("单位：分" * 4, {"A1:C1", "B2:C2"}),
        ("", {"A1:C1", "A2:C2"}),
    ],
)
def test_the_caption_stands_at_the_right_end_of_the_line_on_changes(
    caption: str, merged: set[str]
) -> None:
    columns = (Column("unit", "单位"), Column("a", "甲"), Column("b", "乙", "long text"))
    table = Table("deductions", "表", columns, lambda: [Row(("甲", "一", "二"))], caption=caption)
    (sheet,) = opened(written([table]), values=True).worksheets
    assert {str(area) for area in sheet.merged_cells.ranges} == merged
    (place,) = (cell.coordinate for cell in sheet[2][:3] if cell.value) if caption else ("",)
    assert place == {"单位：分": "C2", "": ""}.get(caption, "B2")
