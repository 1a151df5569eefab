"""The formulas of the workbook: live sums, ranks and what is told of changes."""

from decimal import Decimal
from pathlib import Path

import pytest
from tests.support.workbooks import (
    SMALL,
    Given,
    about_of,
    opened,
    rows_of,
    rubric_and_sheets,
    rubric_of,
    sheets_of,
    small,
    tables_of,
    written,
)

from epa_score.exporters.xlsx.formulas import CellRange
from epa_score.exporters.xlsx.live_formulas import tied_formula
from epa_score.reports.coverage import LeftOut
from epa_score.reports.sums import TiedIn
from epa_score.reports.table import Column, Row, Table

NESTED = """
id: nested
title: 两层的细则
total: 20
tie_break: [C, A]
sections:
  - id: A
    title: 甲
    max: 10
    sections:
      - {id: A-1, title: 甲一, max: 4, items: [{id: A1, max: 4, text: 甲一一}]}
      - {id: A-2, title: 甲二, max: 6, items: [{id: A2, max: 6, text: 甲二一}]}
  - {id: B, title: 乙, max: 5, items: [{id: B1, max: 3, text: 乙一}, {id: B2, max: 2, text: 乙二}]}
  - {id: C, title: 丙, max: 5, items: [{id: C1, max: 5, text: 丙一}]}
"""

APART = """
id: apart
title: 相隔的细则
total: 6
sections:
  - id: A
    title: 甲
    max: 3
    sections: [{id: A-1, title: 甲一, max: 3, items: [{id: A1, max: 3, text: 甲}]}]
  - id: B
    title: 乙
    max: 3
    sections: [{id: B-1, title: 乙一, max: 3, items: [{id: B1, max: 3, text: 乙}]}]
"""

TIED: Given = {
    "甲": {"A1": "2", "A2": "2", "B1": "3", "B2": "2", "C1": "3"},
    "乙": {"A1": "3", "A2": "2", "B1": "3", "B2": "1", "C1": "3"},
    "丙": {"A1": "1", "A2": "2", "B1": "3", "B2": "2", "C1": "4"},
    "丁": {"A1": "2", "A2": "2", "B1": "3", "B2": "2", "C1": "3"},
    "戊": {"A1": "2", "A2": "2", "B1": "3", "B2": "2", "C1": "2"},
}
"""Four units with 12 points, told apart by C, then by A, and one with 11."""


# --- formulas --------------------------------------------------------------------------------


def test_sections_are_sums_of_the_units_row_in_the_points() -> None:
    ranking = opened(written(tables_of(*rubric_and_sheets("township"))), values=False)["排名汇总"]
    assert [cell.value for cell in ranking[5]][:14] == [
        "=RANK(G5,G$4:G$19)",
        "示例子乡",
        "=ROUND(SUM(INDEX(得分明细!$C$6:$H$21,MATCH($B5,得分明细!$B$6:$B$21,0),0)),2)",
        "=ROUND(SUM(INDEX(得分明细!$I$6:$M$21,MATCH($B5,得分明细!$B$6:$B$21,0),0)),2)",
        "=ROUND(SUM(INDEX(得分明细!$N$6:$U$21,MATCH($B5,得分明细!$B$6:$B$21,0),0)),2)",
        "=ROUND(SUM(INDEX(得分明细!$V$6:$X$21,MATCH($B5,得分明细!$B$6:$B$21,0),0)),2)",
        "=ROUND(SUM(C5:F5),2)",
        '=IF(COUNTIF(A$4:A$19,A5)>1,"并列","")',
        *[2, "示例子乡", 23.5, 19.5, 35.5, 14.5],
    ]


def test_points_have_a_total_and_the_rank_of_the_ranking() -> None:
    scores = opened(written(tables_of(*rubric_and_sheets("township"))), values=False)["得分明细"]
    assert scores["Y6"].value == "=ROUND(SUM(C6:X6),2)"
    assert scores["A6"].value == "=INDEX(排名汇总!$A$4:$A$19,MATCH($B6,排名汇总!$B$4:$B$19,0),0)"


def test_total_adds_up_the_outermost_sections_alone(tmp_path: Path) -> None:
    rubric = rubric_of(NESTED, tmp_path)
    scores = {"A1": "4", "A2": "1", "B1": "2", "B2": "1", "C1": "5"}
    book = opened(written(tables_of(rubric, sheets_of(rubric, {"甲": scores}))), values=False)
    ranking = book["排名汇总"]
    assert [cell.value for cell in ranking[3]][2:8] == [
        *["甲一（4）", "甲二（6）", "甲（10）", "乙（5）", "丙（5）", "总分（20）"]
    ]
    assert ranking["H4"].value == "=ROUND(SUM(E4:G4),2)"
    assert "$C$6:$D$6" in ranking["E4"].value


def test_sum_of_columns_that_stand_apart_names_each(tmp_path: Path) -> None:
    rubric = rubric_of(APART, tmp_path)
    sheets = sheets_of(rubric, {"甲": {"A1": "1", "B1": "2"}})
    ranking = opened(written(tables_of(rubric, sheets)), values=False)["排名汇总"]
    assert ranking["G4"].value == "=ROUND(SUM(D4,F4),2)"


def test_sections_without_any_items_in_the_points_stay_figures(tmp_path: Path) -> None:
    rubric = rubric_of(SMALL, tmp_path)
    ranking, *_ = tables_of(rubric, sheets_of(rubric, {"甲": {"A1": "1", "A2": "2"}}))
    scores = Table(
        "scores",
        "得分",
        (Column("unit", "单位"), Column("items.Z1", "Z1", "points")),
        lambda: [Row(("甲", Decimal(1)))],
        (),
        "small",
    )
    alone = opened(written([ranking]), values=False)["排名汇总"]
    others = opened(written([ranking, scores]), values=False)["排名汇总"]
    assert [alone["C4"].value, others["C4"].value] == [3, 3]
    assert alone["D4"].value == "=ROUND(SUM(C4),2)"


def test_points_alone_keep_their_ranks_as_figures(tmp_path: Path) -> None:
    _, scores, _ = small(tmp_path, {"甲": {"A1": "1", "A2": "2"}})
    sheet = opened(written([scores]), values=False)["得分明细"]
    assert [sheet["A6"].value, sheet["E6"].value] == [1, "=ROUND(SUM(C6:D6),2)"]


def test_units_with_equal_totals_share_a_rank_by_formula() -> None:
    content = written(tables_of(*rubric_and_sheets("township")))
    values, formulas = (opened(content, values=one)["排名汇总"] for one in (True, False))
    assert [[cell.value for cell in row[:2]] for row in values["A12:B14"]] == [
        [9, "示例乙镇"],
        [9, "示例巳乡"],
        [11, "示例丁镇"],
    ]
    assert [row[0].value for row in formulas["A12:A14"]] == [
        *["=RANK(G12,G$4:G$19)", "=RANK(G13,G$4:G$19)", "=RANK(G14,G$4:G$19)"]
    ]


def test_tie_break_compares_the_sections_in_their_order(tmp_path: Path) -> None:
    rubric = rubric_of(NESTED, tmp_path)
    content = written(tables_of(rubric, sheets_of(rubric, TIED)))
    ranking = opened(content, values=False)["排名汇总"]
    assert ranking["A5"].value == (
        "=1+SUMPRODUCT((H$4:H$8>H5)+(H$4:H$8=H5)*((G$4:G$8>G5)+(G$4:G$8=G5)*((E$4:E$8>E5))))"
    )
    ranks = opened(content, values=True)["排名汇总"]["A4:B8"]
    assert [tuple(cell.value for cell in row) for row in ranks] == [
        *[(1, "丙"), (2, "乙"), (3, "丁"), (3, "甲"), (5, "戊")]
    ]


def test_dense_ranks_count_results_and_not_units(tmp_path: Path) -> None:
    rubric = rubric_of(SMALL, tmp_path)
    points = {"甲": "5", "乙": "5", "丙": "3", "丁": "3"}
    given: Given = {unit: {"A1": one, "A2": "1"} for unit, one in points.items()}
    content = written(tables_of(rubric, sheets_of(rubric, given), ties="dense"))
    assert opened(content, values=False)["排名汇总"]["A4"].value == (
        "=1+ROUND(SUMPRODUCT(((D$4:D$7>D4))/COUNTIFS(D$4:D$7,D$4:D$7)),0)"
    )
    ranks = opened(content, values=True)["排名汇总"]["A4:A7"]
    assert [row[0].value for row in ranks] == [1, 1, 2, 2]


def test_dense_ranks_with_a_tie_break_count_equal_results_once(tmp_path: Path) -> None:
    rubric = rubric_of(NESTED, tmp_path)
    tables = tables_of(rubric, sheets_of(rubric, TIED), ties="dense")
    formula = opened(written(tables), values=False)["排名汇总"]["A4"].value
    assert formula.endswith("/COUNTIFS(H$4:H$8,H$4:H$8,G$4:G$8,G$4:G$8,E$4:E$8,E$4:E$8)),0)")


def test_left_out_sheets_stand_last_and_in_no_formula(tmp_path: Path) -> None:
    rubric = rubric_of(SMALL, tmp_path)
    sheets = sheets_of(rubric, {"甲": {"A1": "6", "A2": "2"}, "乙": {"A1": "1", "A2": "2"}})
    left_out = [LeftOut("scores/丙.yaml", "丙")]
    book = opened(written(tables_of(rubric, sheets, left_out=left_out)), values=False)
    ranking = book["排名汇总"]
    shown = [None, "丙", None, None, "scores/丙.yaml", "有错误，未列入"]
    assert [cell.value for cell in ranking[6]][:12] == [*shown, *shown]
    assert ranking["A5"].value == "=RANK(D5,D$4:D$5)"
    assert ranking.auto_filter.ref == "A3:L5"


def test_unscored_items_are_text_that_sums_pass_over(tmp_path: Path) -> None:
    content = written(small(tmp_path, {"甲": {"A1": "6"}, "乙": {"A1": "1", "A2": "2"}}))
    scores = opened(content, values=False)["得分明细"]
    assert [cell.value for cell in scores[6]][1:5] == ["甲", 6, "未评", "=ROUND(SUM(C6:D6),2)"]
    assert not scores["D6"].quotePrefix
    assert scores["D6"].number_format == scores["D7"].number_format
    ranking = opened(content, values=True)["排名汇总"]
    assert [cell.value for cell in ranking[4]][:7] == [1, "甲", 6, 6, 1, 1, "暂定，1 项未评"]


@pytest.mark.parametrize("name", ["甲*", "甲?", "~甲", "甲" * 128])
def test_names_that_match_does_not_take_literally_are_found_exactly(
    name: str, tmp_path: Path
) -> None:
    content = written(small(tmp_path, {name: {"A1": "6", "A2": "2"}}))
    assert opened(content, values=False)["排名汇总"]["C4"].value == (
        "=ROUND(SUM(INDEX(得分明细!$C$6:$D$6,MATCH(TRUE,INDEX(得分明细!$B$6:$B$6=$B4,0),0),0)),2)"
    )


# --- 说明 ------------------------------------------------------------------------------------


def test_about_says_of_each_table_whether_it_was_changed() -> None:
    names = ("township", "departments")
    found = [rubric_and_sheets(name) for name in names]
    tables = [table for rubric, sheets in found for table in tables_of(rubric, sheets)]
    content = written([*tables, about_of(rubric for rubric, _ in found)])
    values, formulas = (rows_of(opened(content, values=one)["说明"]) for one in (True, False))
    sheets = [f"{sheet}-{name}" for name in names for sheet in ("排名汇总", "得分明细", "扣分明细")]
    told = [row[:2] for row in values if str(row[0]).startswith("导出后")]
    assert told == [[f"导出后是否改动：{sheet}", "未改动"] for sheet in sheets]
    cell = "'扣分明细-departments'!$Q$2"
    assert formulas[values.index([*told[-1]])][1] == (
        f'=IFERROR(IF({cell}="","未改动","扣分明细-departments "&{cell}),'
        '"已改动：工作表删了，或者增删、移动了行列")'
    )


def test_every_cell_is_kept_in_a_hidden_column() -> None:
    sheet = opened(written(tables_of(*rubric_and_sheets("township"))), values=True)["排名汇总"]
    rows = list(sheet.iter_rows(max_col=16, max_row=21, values_only=True))
    assert [row[:8] for row in rows] == [row[8:] for row in rows]
    assert [rows[0][0], rows[2][:2], rows[3][:3], rows[20][0]] == [
        "排名汇总：宜阳县电子商务扶贫工作考核评分细则（乡镇）\n（2018）",
        ("名次", "单位"),
        (1, "示例丙镇", 23),
        "名次规则：按总分从高到低；总分相同的名次相同，下一名次顺延（1、2、2、4）",
    ]
    hidden = [(one.min, one.max) for one in sheet.column_dimensions.values() if one.hidden]
    assert hidden == [(9, 27)]


def test_cells_are_compared_with_their_copies_and_named() -> None:
    sheet = opened(written(tables_of(*rubric_and_sheets("township"))), values=False)["排名汇总"]
    cells, copies = "$A$3:$H$22", "$I$3:$P$22"
    alike = f"ISNUMBER({cells})*ISNUMBER({copies})+EXACT({cells},{copies})>0"
    same = f"ISNUMBER(1/(({cells}={copies})*({alike})))"
    title = "ISNUMBER(1/(($A$1=$I$1)*(ISNUMBER($A$1)*ISNUMBER($I$1)+EXACT($A$1,$I$1)>0)))"
    assert sheet["R2"].value == f"=SUMPRODUCT(1-{same})+1-{title}"
    typed_error = f'ISNUMBER(1/(LEFT(_xlfn.FORMULATEXT({cells}),2)="=#"))'
    assert sheet["T2"].value == (
        f"=IFERROR(MIN(1000000000000,SUMPRODUCT(SMALL(ROW({cells})*20000+COLUMN({cells})"
        f"+100000000000*(ISNUMBER(1/_xlfn.ISFORMULA({cells}))-{typed_error})+1000000000000*{same},1)))"
        ",1000000000000)"
    )
    assert sheet["A2"].value == (
        '=IFERROR(IF($S$2<>"","导出后有改动："&$S$2,'
        'IF(OR(IFERROR(得分明细!$BA$2<>"",ISNUMBER(ROWS(得分明细!$A$3:$Y$24))),'
        'IFERROR(扣分明细!$Q$2<>"",ISNUMBER(ROWS(扣分明细!$A$3:$G$264)))),'
        '"导出后有改动：在别的表里，见说明；本表可能没有跟着变","")),"导出后有改动")'
    )


def test_rows_that_belong_together_are_numbered_and_cannot_be_sorted_unseen() -> None:
    content = written(tables_of(*rubric_and_sheets("township")))
    book = opened(content, values=False)
    ranking, deductions = book["排名汇总"], book["扣分明细"]
    assert [ranking["Q5"].value, deductions["O5"].value] == [None, 4]
    last = max(cell.row for cell in deductions["O"] if cell.value is not None)
    order = f"$O$3:$O${last}"
    moved = f'({order}<>"")*({order}-$O$3<>ROW({order})-ROW($O$3))'
    assert f"SUMPRODUCT({moved})=0" in deductions["Q2"].value
    assert "SUMPRODUCT" not in ranking["S2"].value
    assert deductions.auto_filter.ref is None


def test_a_ranking_without_units_has_no_figures_that_could_change(tmp_path: Path) -> None:
    rubric = rubric_of(SMALL, tmp_path)
    tables = tables_of(rubric, {}, left_out=[LeftOut("scores/丙.yaml", "")])
    content = written([*tables, about_of([rubric])])
    about = [row[:2] for row in rows_of(opened(content, values=True)["说明"])]
    assert ["导出后是否改动：扣分明细", "未改动"] in about
    book = opened(content, values=False)
    assert book["排名汇总"]["A4"].value is None
    assert book["排名汇总"].auto_filter.ref is None
    rows = {cell.row for sheet in book for row in sheet for cell in row if cell.data_type == "f"}
    assert rows - {2} == {row[0].row for row in book["说明"] if row[1].data_type == "f"}


# --- looks -----------------------------------------------------------------------------------


def test_a_remark_that_is_too_long_for_formulas_stays_as_it_is() -> None:
    block, tied = (
        CellRange("排名汇总", {"rank": 0, "remark": 2}, 2, 4),
        TiedIn("rank", "并列", "、"),
    )
    assert tied_formula(tied, "长" * 128, block, 2) == ""
    assert tied_formula(tied, "并列、暂定", block, 2) == (
        '=IF(COUNTIF(A$3:A$5,A3)>1,"并列、暂定","暂定")'
    )
    assert tied_formula(tied, "暂定", block, 3) == '=IF(COUNTIF(A$3:A$5,A4)>1,"并列、暂定","暂定")'
