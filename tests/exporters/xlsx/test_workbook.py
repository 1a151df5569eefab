"""The workbook: exact figures, live formulas, text that stays text, equal bytes."""

import time
from collections.abc import Iterable, Sequence
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any, Literal
from zipfile import ZipFile

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from tests.support.paths import SCORES

import epa_score
from epa_score import Ranking, Rubric, ScoreSheet
from epa_score.exporters import exporter
from epa_score.exporters.xlsx import write
from epa_score.exporters.xlsx.cells import exact, text_for_cell
from epa_score.exporters.xlsx.figures import tied_formula
from epa_score.exporters.xlsx.formats import number_format
from epa_score.exporters.xlsx.formulas import CellRange
from epa_score.exporters.xlsx.layout import Widths, height
from epa_score.i18n import Words, plain
from epa_score.reports.about import Origin, about_table
from epa_score.reports.ranking import LeftOut, ranking_table
from epa_score.reports.scores import deductions_table, scores_table
from epa_score.reports.table import Cell, Column, Row, Table, TiedIn
from epa_score.scoring import Ties

WORDS = Words("zh_CN")

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

SMALL = """
id: small
title: 小细则
total: 10
sections:
  - {id: A, title: 甲, max: 10, items: [{id: A1, max: 6, text: 一}, {id: A2, max: 4, text: 二}]}
"""

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

Given = dict[str, dict[str, Any]]
Kind = Literal["text", "long text", "points"]

TIED: Given = {
    "甲": {"A1": "2", "A2": "2", "B1": "3", "B2": "2", "C1": "3"},
    "乙": {"A1": "3", "A2": "2", "B1": "3", "B2": "1", "C1": "3"},
    "丙": {"A1": "1", "A2": "2", "B1": "3", "B2": "2", "C1": "4"},
    "丁": {"A1": "2", "A2": "2", "B1": "3", "B2": "2", "C1": "3"},
    "戊": {"A1": "2", "A2": "2", "B1": "3", "B2": "2", "C1": "2"},
}
"""Four units with 12 points, told apart by C, then by A, and one with 11."""


def rubric_of(text: str, folder: Path) -> Rubric:
    path = folder / "rubric.yaml"
    path.write_text(text, "utf-8")
    return epa_score.load_rubric(path)


def sheets_of(rubric: Rubric, given: Given) -> dict[str, ScoreSheet]:
    return {
        unit: ScoreSheet.model_validate({"rubric": rubric.id, "unit": unit, "scores": scores})
        for unit, scores in given.items()
    }


def example_sheets(rubric: Rubric) -> dict[str, ScoreSheet]:
    paths = [p for p in SCORES.iterdir() if f"rubric: {rubric.id}\n" in p.read_text("utf-8")]
    sheets = [epa_score.load_sheet(path, rubric) for path in paths]
    assert sheets
    return {sheet.unit: sheet for sheet in sheets}


def ranked(rubric: Rubric, sheets: dict[str, ScoreSheet], ties: Ties = "competition") -> Ranking:
    results = [epa_score.score(rubric, sheet) for sheet in sheets.values()]
    provisional = any(result.unscored for result in results)
    return epa_score.rank(rubric, results, ties=ties, provisional=provisional)


def tables_of(
    rubric: Rubric,
    sheets: dict[str, ScoreSheet],
    *,
    ties: Ties = "competition",
    left_out: Sequence[LeftOut] = (),
    words: Words = WORDS,
) -> list[Table]:
    """The three tables of a rubric."""
    ranking = ranked(rubric, sheets, ties)
    return [
        ranking_table(rubric, ranking, words, left_out=left_out),
        scores_table(rubric, ranking, sheets, words),
        deductions_table(rubric, ranking, sheets, words),
    ]


def about_of(rubrics: Iterable[Rubric]) -> Table:
    origins = [Origin(one, ranked(one, {}), f"{one.id}.yaml", "00", ()) for one in rubrics]
    return about_table(origins, "1.0", WORDS)


def written(tables: Sequence[Table], words: Words = WORDS) -> bytes:
    file = BytesIO()
    write(tables, file, words)
    return file.getvalue()


def opened(content: bytes, *, values: bool) -> Workbook:
    return load_workbook(BytesIO(content), data_only=values)


def rows_of(sheet: Worksheet, first: int = 3) -> list[list[Any]]:
    return [list(row) for row in sheet.iter_rows(min_row=first, values_only=True)]


def shown(cell: object) -> object:
    """A figure as exact text, whatever type openpyxl gives it."""
    return plain(Decimal(str(cell))) if isinstance(cell, int | float | Decimal) else cell


def rubric_and_sheets(name: str) -> tuple[Rubric, dict[str, ScoreSheet]]:
    rubric = epa_score.load_rubric(name)
    return rubric, example_sheets(rubric)


def small(folder: Path, given: Given) -> list[Table]:
    rubric = rubric_of(SMALL, folder)
    return tables_of(rubric, sheets_of(rubric, given))


def one_text(text: str) -> Table:
    """A table that holds nothing but a text."""
    columns = (Column("unit", "单位"), Column("note", "说明", "long text"))
    return Table("deductions", "表", columns, lambda: [Row((None, text))])


# --- figures ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["township", "departments"])
def test_every_figure_is_the_tools_own_digit_by_digit(name: str) -> None:
    rubric, sheets = rubric_and_sheets(name)
    tables = tables_of(rubric, sheets)
    book = opened(written(tables), values=True)
    compared = 0
    for table in tables:
        sheet = book[WORDS(f"sheet.{table.name}")]
        places = [n for n, column in enumerate(table.columns) if column.shown]
        first = 4 if table.name == "scores" else 3
        for row, cells in zip(table.rows(), rows_of(sheet, first), strict=False):
            expected = [shown(row.cells[n]) for n in places]
            assert [shown(cell) for cell in cells[: len(places)]] == expected
            compared += len(places)
    assert compared > 500


def test_figures_stand_in_the_file_as_they_are_written(tmp_path: Path) -> None:
    content = written(small(tmp_path, {"甲镇": {"A1": "2.30", "A2": "0.1"}}))
    with ZipFile(BytesIO(content)) as archive:
        ranking = archive.read("xl/worksheets/sheet1.xml").decode()
        scores = archive.read("xl/worksheets/sheet3.xml").decode()
    assert ",2)</f><v>2.4</v>" in ranking
    assert "<v>2.3</v>" in scores
    assert "<v>0.1</v>" in scores


def test_more_digits_than_a_workbook_holds_are_refused() -> None:
    assert exact(Decimal("1E+2")) == Decimal(100)
    assert str(exact(Decimal("0.0123456789012345"))) == "0.0123456789012345"
    with pytest.raises(ValueError, match=r"123456789012345\.5"):
        exact(Decimal("123456789012345.5"))


@pytest.mark.parametrize(
    ("decimals", "expected"),
    [(0, "General"), (1, "0.0###"), (2, "0.00##"), (4, "0.0000"), (5, "0.00000")],
)
def test_number_format_shows_more_decimals_where_somebody_writes_them(
    decimals: int, expected: str
) -> None:
    assert number_format(decimals) == expected


def test_a_figure_with_more_decimals_than_its_column_is_not_shown_rounded() -> None:
    column = Column("score", "得分", "points", 1)
    cells: list[Cell] = [Decimal("1.5"), Decimal("1.12345"), 2, None, "未评"]
    table = Table(
        "deductions",
        "表",
        (Column("unit", "单位"), column),
        lambda: [Row(("甲", cell)) for cell in cells],
    )
    (sheet,) = opened(written([table]), values=True).worksheets
    formats = [sheet.cell(row, 2).number_format for row in range(3, 8)]
    assert formats == ["0.0###", "0.00000", "0.0###", "0.0###", "0.0###"]


# --- formulas --------------------------------------------------------------------------------


def test_sections_are_sums_of_the_units_row_in_the_points() -> None:
    ranking = opened(written(tables_of(*rubric_and_sheets("township"))), values=False)["排名汇总"]
    assert [cell.value for cell in ranking[4]] == [
        "=RANK(G4,G$3:G$18)",
        "示例子乡",
        "=ROUND(SUM(INDEX(得分明细!$C$4:$H$19,MATCH($B4,得分明细!$B$4:$B$19,0),0)),2)",
        "=ROUND(SUM(INDEX(得分明细!$I$4:$M$19,MATCH($B4,得分明细!$B$4:$B$19,0),0)),2)",
        "=ROUND(SUM(INDEX(得分明细!$N$4:$U$19,MATCH($B4,得分明细!$B$4:$B$19,0),0)),2)",
        "=ROUND(SUM(INDEX(得分明细!$V$4:$X$19,MATCH($B4,得分明细!$B$4:$B$19,0),0)),2)",
        "=ROUND(SUM(C4:F4),2)",
        '=IF(COUNTIF(A$3:A$18,A4)>1,"并列","")',
        *[2, 23.5, 19.5, 35.5, 14.5, 93],
    ]


def test_points_have_a_total_and_the_rank_of_the_ranking() -> None:
    scores = opened(written(tables_of(*rubric_and_sheets("township"))), values=False)["得分明细"]
    assert scores["Y4"].value == "=ROUND(SUM(C4:X4),2)"
    assert scores["A4"].value == "=INDEX(排名汇总!$A$3:$A$18,MATCH($B4,排名汇总!$B$3:$B$18,0),0)"


def test_total_adds_up_the_outermost_sections_alone(tmp_path: Path) -> None:
    rubric = rubric_of(NESTED, tmp_path)
    scores = {"A1": "4", "A2": "1", "B1": "2", "B2": "1", "C1": "5"}
    book = opened(written(tables_of(rubric, sheets_of(rubric, {"甲": scores}))), values=False)
    ranking = book["排名汇总"]
    assert [cell.value for cell in ranking[2]][2:8] == [
        *["甲一（4）", "甲二（6）", "甲（10）", "乙（5）", "丙（5）", "总分（20）"]
    ]
    assert ranking["H3"].value == "=ROUND(SUM(E3:G3),2)"
    assert "$C$4:$D$4" in ranking["E3"].value


def test_sum_of_columns_that_stand_apart_names_each(tmp_path: Path) -> None:
    rubric = rubric_of(APART, tmp_path)
    sheets = sheets_of(rubric, {"甲": {"A1": "1", "B1": "2"}})
    ranking = opened(written(tables_of(rubric, sheets)), values=False)["排名汇总"]
    assert ranking["G3"].value == "=ROUND(SUM(D3,F3),2)"


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
    assert [alone["C3"].value, others["C3"].value] == [3, 3]
    assert alone["D3"].value == "=ROUND(SUM(C3),2)"


def test_points_alone_keep_their_ranks_as_figures(tmp_path: Path) -> None:
    _, scores, _ = small(tmp_path, {"甲": {"A1": "1", "A2": "2"}})
    sheet = opened(written([scores]), values=False)["得分明细"]
    assert [sheet["A4"].value, sheet["E4"].value] == [1, "=ROUND(SUM(C4:D4),2)"]


def test_units_with_equal_totals_share_a_rank_by_formula() -> None:
    content = written(tables_of(*rubric_and_sheets("township")))
    values, formulas = (opened(content, values=one)["排名汇总"] for one in (True, False))
    assert [[cell.value for cell in row[:2]] for row in values["A11:B13"]] == [
        [9, "示例乙镇"],
        [9, "示例巳乡"],
        [11, "示例丁镇"],
    ]
    assert [row[0].value for row in formulas["A11:A13"]] == [
        *["=RANK(G11,G$3:G$18)", "=RANK(G12,G$3:G$18)", "=RANK(G13,G$3:G$18)"]
    ]


def test_tie_break_compares_the_sections_in_their_order(tmp_path: Path) -> None:
    rubric = rubric_of(NESTED, tmp_path)
    content = written(tables_of(rubric, sheets_of(rubric, TIED)))
    ranking = opened(content, values=False)["排名汇总"]
    assert ranking["A4"].value == (
        "=1+SUMPRODUCT((H$3:H$7>H4)+(H$3:H$7=H4)*((G$3:G$7>G4)+(G$3:G$7=G4)*((E$3:E$7>E4))))"
    )
    ranks = opened(content, values=True)["排名汇总"]["A3:B7"]
    assert [tuple(cell.value for cell in row) for row in ranks] == [
        *[(1, "丙"), (2, "乙"), (3, "丁"), (3, "甲"), (5, "戊")]
    ]


def test_dense_ranks_count_results_and_not_units(tmp_path: Path) -> None:
    rubric = rubric_of(SMALL, tmp_path)
    points = {"甲": "5", "乙": "5", "丙": "3", "丁": "3"}
    given: Given = {unit: {"A1": one, "A2": "1"} for unit, one in points.items()}
    content = written(tables_of(rubric, sheets_of(rubric, given), ties="dense"))
    assert opened(content, values=False)["排名汇总"]["A3"].value == (
        "=1+ROUND(SUMPRODUCT(((D$3:D$6>D3))/COUNTIFS(D$3:D$6,D$3:D$6)),0)"
    )
    ranks = opened(content, values=True)["排名汇总"]["A3:A6"]
    assert [row[0].value for row in ranks] == [1, 1, 2, 2]


def test_dense_ranks_with_a_tie_break_count_equal_results_once(tmp_path: Path) -> None:
    rubric = rubric_of(NESTED, tmp_path)
    tables = tables_of(rubric, sheets_of(rubric, TIED), ties="dense")
    formula = opened(written(tables), values=False)["排名汇总"]["A3"].value
    assert formula.endswith("/COUNTIFS(H$3:H$7,H$3:H$7,G$3:G$7,G$3:G$7,E$3:E$7,E$3:E$7)),0)")


def test_left_out_sheets_stand_last_and_in_no_formula(tmp_path: Path) -> None:
    rubric = rubric_of(SMALL, tmp_path)
    sheets = sheets_of(rubric, {"甲": {"A1": "6", "A2": "2"}, "乙": {"A1": "1", "A2": "2"}})
    left_out = [LeftOut("scores/丙.yaml", "丙")]
    book = opened(written(tables_of(rubric, sheets, left_out=left_out)), values=False)
    ranking = book["排名汇总"]
    assert [cell.value for cell in ranking[5]] == [
        *[None, "丙", None, None, "scores/丙.yaml", "有错误，未列入", None, None, None]
    ]
    assert ranking["A4"].value == "=RANK(D4,D$3:D$4)"
    assert ranking.auto_filter.ref == "A2:I4"


def test_unscored_items_are_text_that_sums_pass_over(tmp_path: Path) -> None:
    content = written(small(tmp_path, {"甲": {"A1": "6"}, "乙": {"A1": "1", "A2": "2"}}))
    scores = opened(content, values=False)["得分明细"]
    assert [cell.value for cell in scores[4]][1:5] == ["甲", 6, "未评", "=ROUND(SUM(C4:D4),2)"]
    assert not scores["D4"].quotePrefix
    assert scores["D4"].number_format == scores["D5"].number_format
    ranking = opened(content, values=True)["排名汇总"]
    assert [cell.value for cell in ranking[3]] == [
        *[1, "甲", 6, 6, 1, 1, "暂定，1 项未评", 1, 6, 6]
    ]


@pytest.mark.parametrize("name", ["甲*", "甲?", "~甲", "甲" * 128])
def test_names_that_match_does_not_take_literally_are_found_exactly(
    name: str, tmp_path: Path
) -> None:
    content = written(small(tmp_path, {name: {"A1": "6", "A2": "2"}}))
    assert opened(content, values=False)["排名汇总"]["C3"].value == (
        "=ROUND(SUM(INDEX(得分明细!$C$4:$D$4,MATCH(TRUE,INDEX(得分明细!$B$4:$B$4=$B3,0),0),0)),2)"
    )


# --- 说明 ------------------------------------------------------------------------------------


def test_about_says_for_each_ranking_whether_it_was_changed() -> None:
    names = ("township", "departments")
    found = [rubric_and_sheets(name) for name in names]
    tables = [table for rubric, sheets in found for table in tables_of(rubric, sheets)]
    content = written([*tables, about_of(rubric for rubric, _ in found)])
    values, formulas = (rows_of(opened(content, values=one)["说明"]) for one in (True, False))
    assert [row[:3] for row in values[-2:]] == [
        [name, "导出后小计、总分和名次是否改动", "未改动"] for name in names
    ]
    formula = formulas[-1][2]
    assert formula.startswith(
        "=IFERROR(IF(AND(SUMPRODUCT("
        "ISNUMBER('排名汇总-departments'!$A$3:$A$23)"
        "*(ROUND('排名汇总-departments'!$A$3:$A$23,9)='排名汇总-departments'!$I$3:$I$23)"
        "*ISNUMBER('排名汇总-departments'!$C$3:$C$23)"
    )
    assert formula.endswith(')=21),"未改动","已改动"),"已改动")')
    assert formula.count("得分明细-departments") == 6


def test_exported_totals_and_ranks_are_kept_in_hidden_columns() -> None:
    sheet = opened(written(tables_of(*rubric_and_sheets("township"))), values=False)["排名汇总"]
    titles = [cell.value for cell in sheet[2]][8:]
    assert [titles[0], titles[1], titles[-1]] == [
        *["导出时的名次", "导出时的领导重视（25）", "导出时的总分（100）"]
    ]
    assert [cell.value for cell in sheet[18]][8:] == [15, 16.5, 14.5, 30.5, 10.5, 72]
    hidden = [(one.min, one.max) for one in sheet.column_dimensions.values() if one.hidden]
    assert hidden == [(9, 14)]


def test_a_ranking_without_units_has_no_formulas(tmp_path: Path) -> None:
    rubric = rubric_of(SMALL, tmp_path)
    tables = tables_of(rubric, {}, left_out=[LeftOut("scores/丙.yaml", "")])
    book = opened(written([*tables, about_of([rubric])]), values=False)
    assert rows_of(book["说明"])[-1] == ["small", "导出后小计、总分和名次是否改动", "未改动"]
    assert book["排名汇总"]["A3"].value is None
    assert book["排名汇总"].auto_filter.ref is None
    assert [cell.data_type for sheet in book for row in sheet for cell in row if cell.value] != []
    assert not [cell for sheet in book for row in sheet for cell in row if cell.data_type == "f"]


# --- names of sheets -------------------------------------------------------------------------


def test_sheets_are_named_in_the_order_of_the_tables() -> None:
    rubric, sheets = rubric_and_sheets("township")
    book = opened(written([*tables_of(rubric, sheets), about_of([rubric])]), values=False)
    assert book.sheetnames == ["排名汇总", "排名图", "得分明细", "扣分明细", "说明"]


def named(*groups: str) -> list[str]:
    tables = [
        Table(name, "表", (Column("unit", "单位"), Column("a", "甲")), list, (), group)
        for group in groups
        for name in ("deductions", "scores")
    ]
    return opened(written(tables), values=False).sheetnames


def test_several_rubrics_are_told_apart_by_their_ids() -> None:
    names = ["扣分明细-town", "得分明细-town", "扣分明细-dep", "得分明细-dep"]
    assert named("town", "dep") == names


def test_names_of_sheets_are_legal_and_unique_without_regard_to_case() -> None:
    names = named("a" * 40, "A" * 40, "x[]:*?/\\'y", "𠮷" * 20)
    assert names[::2] == [
        "扣分明细-" + "a" * 26,
        "扣分明细-" + "A" * 24 + "-2",
        "扣分明细-x________y",
        "扣分明细-" + "𠮷" * 13,
    ]
    assert max(len(name.encode("utf-16-le")) // 2 for name in names) <= 31


def test_no_sheet_has_the_name_that_excel_keeps_for_itself() -> None:
    class Reserved(Words):
        def __call__(self, key: str, **parameters: object) -> str:
            return "History" if key == "sheet.deductions" else super().__call__(key, **parameters)

    content = written([one_text("x")], Reserved("en"))
    assert opened(content, values=False).sheetnames == ["History-2"]


# --- text ------------------------------------------------------------------------------------

HOSTILE = (
    *("=1+1", "+1", "-1", "@x", "{=1}", "{=1+1}", "=cmd|' /C calc'!A0", "\u00a0=1"),
    *("#N/A", "#DIV/0!", "TRUE", "1.5", "1e3", "2018-1-1", "[Red]0", "&A&P", "'单引号"),
    *("http://example.com", "mailto:a@example.com", "internal:'说明'!A1", "external:c:/a.xlsx"),
    *("<r>", "<r></r>", "<r><t>x</t></r>", 'a & b < c > "d"', "_x0041_"),
    *("", " ", " 前后有空格 ", "\n", "两行\n文字", "𠮷野家"),
)


@pytest.mark.parametrize("kind", ["text", "long text", "points"])
def test_text_is_never_anything_but_text(kind: Kind) -> None:
    columns = (Column("unit", "=2+2"), Column("note", "{=3}", kind))
    notes = ("=4+4", "http://example.com")
    rows = [Row((text, text)) for text in HOSTILE]
    content = written([Table("deductions", "=1+1", columns, lambda: rows, notes)])
    (sheet,) = opened(content, values=False).worksheets
    cells = [cell for row in sheet for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [sheet["A1"].value, sheet["A2"].value, sheet["B2"].value] == ["=1+1", "=2+2", "{=3}"]
    for text, row in zip(HOSTILE, sheet.iter_rows(min_row=3), strict=False):
        assert [cell.value for cell in row] == [text, text]
    with ZipFile(BytesIO(content)) as archive:
        page = archive.read("xl/worksheets/sheet1.xml").decode()
        names = archive.namelist()
    assert "<f>" not in page
    assert "<hyperlink" not in page
    assert not [name for name in names if "externalLink" in name or "sheet1.xml.rels" in name]


def test_text_cells_stay_text_when_somebody_edits_them() -> None:
    (sheet,) = opened(written([one_text("=1+1")]), values=False).worksheets
    assert sheet["B3"].quotePrefix


def test_hidden_characters_are_made_visible() -> None:
    assert text_for_cell("a\x00b\x1f\u202e\r\n\tc") == "a\\x00b\\x1f\\u202e\\r\n\\tc"


def test_text_too_long_for_a_cell_is_cut_with_a_mark() -> None:
    (sheet,) = opened(written([one_text("长" * 40_000)]), values=True).worksheets
    assert sheet["B3"].value == "长" * 32_747 + "…[+7253]"
    assert text_for_cell("长" * 32_767) == "长" * 32_767
    assert text_for_cell("𠮷" * 16_384) == "𠮷" * 16_373 + "…[+11]"


# --- bytes -----------------------------------------------------------------------------------


def test_equal_tables_give_equal_bytes_whenever_they_are_written() -> None:
    rubric, sheets = rubric_and_sheets("township")
    tables = [*tables_of(rubric, sheets), about_of([rubric])]
    first = written(tables)
    time.sleep(2.1)  # dates in a zip count in steps of two seconds
    assert written(tables) == first
    with ZipFile(BytesIO(first)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_file_that_cannot_be_written_is_an_os_error() -> None:
    class Full(BytesIO):
        def write(self, _: object) -> int:
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        write([one_text("x")], Full(), WORDS)


def test_the_exporter_is_found_by_its_suffix() -> None:
    assert exporter(".xlsx") is write


# --- looks -----------------------------------------------------------------------------------


def test_pages_are_ready_to_be_read_and_printed() -> None:
    rubric, sheets = rubric_and_sheets("township")
    book = opened(written([*tables_of(rubric, sheets), about_of([rubric])]), values=False)
    chart = book["排名图"]
    assert (chart.page_setup.orientation, chart.page_setup.paperSize) == ("landscape", 9)
    book.remove(chart)
    panes = {sheet.title: sheet.freeze_panes for sheet in book}
    assert panes == {"排名汇总": "C3", "得分明细": "C4", "扣分明细": "B3", "说明": "A3"}
    assert [sheet.auto_filter.ref for sheet in book] == ["A2:N18", "A3:AA19", None, None]
    assert [sheet.print_title_rows for sheet in book] == ["$2:$2", "$2:$3", "$2:$2", "$2:$2"]
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
    assert rows_of(scores) == [
        [None, "分值", 4, None, 5, 10, None, None],
        [1, "乙", 2, 1, 5, 8, 1, 8],
        [2, "甲", 1, 2, None, 3, 2, 3],
    ]


def test_points_below_the_cap_are_coloured_as_long_as_they_are() -> None:
    scores = opened(written(tables_of(*rubric_and_sheets("township"))), values=False)["得分明细"]
    ((area, rules),) = [(str(one.sqref), one.rules) for one in scores.conditional_formatting]
    assert area == "C4:X19"
    assert [rule.formula for rule in rules] == [["AND(ISNUMBER(C4),ISNUMBER(C$3),C4<C$3)"]]


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
    assert [cell.font.bold for cell in sheet[3]][:8] == [False] * 6 + [True, False]
    assert {cell.fill.fgColor.rgb for cell in sheet[2][:8]} == {"FFF2F2F2"}
    assert sheet["A1"].font.size > sheet["A2"].font.size
    assert "A1:H1" in [str(area) for area in sheet.merged_cells.ranges]
    assert sheet["A20"].value.startswith("名次规则")


def test_columns_are_as_wide_as_chinese_text_needs() -> None:
    columns = (
        Column("rank", "名次", "number"),
        Column("unit", "单位"),
        Column("points", "电子商务推进效果（40）", "points"),
        Column("a", "长文一", "long text"),
        Column("b", "长文二", "long text"),
        Column("c", "长文三", "long text"),
    )
    widths = Widths(columns)
    widths.fit(1, "示例食品药品监督管理局")
    widths.fit(3, "长" * 300)
    widths.fit(4, "短")
    assert widths.all() == (6, 24, 10, 40, 12, 12)
    alone = Widths(columns[3:4])
    alone.fit(0, "长" * 300)
    assert alone.all() == (120,)


def test_rows_are_as_high_as_their_texts_need() -> None:
    assert height(["短", "一\n二"], [10, 10]) == 34
    assert height(["长" * 20], [21]) == 34
    assert height([""], [6], 1.5) == 26.5
    assert height(["长" * 5000], [21]) == 409


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
