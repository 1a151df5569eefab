""""""

import io
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from tests.support.commands import Run
from tests.support.examples import round_trips
from tests.support.form_facts import SHEET, TEXT, form_of, said, sheet_in, sheets, taken
from tests.support.forms import Edit, edited, put, row_of, total

from epa_score.diagnostics import Kind
from epa_score.exporters.yaml import yaml_sheet
from epa_score.model import ScoreSheet
from epa_score.model.form_record import FORM_SHEET
from epa_score.readers.sheets import SheetFile

FILLED = form_of(sheet_in(SHEET))


def after(*edits: Edit, incomplete: bool = True) -> SheetFile:
    """The form of `SHEET` as it is read after somebody edited it."""

    def edit_all(workbook: Any) -> None:
        for edit in edits:
            edit(workbook)

    return taken(edited(edit_all, FILLED), incomplete=incomplete)


def found_in(file: SheetFile) -> list[tuple[str, str]]:
    """The cell and the kind of each finding."""
    return [(found.location.cell.partition("!")[2], found.kind.name) for found in file.diagnostics]


def wrong(*edits: Edit, incomplete: bool = True) -> list[tuple[str, str]]:
    """What is wrong with the form of `SHEET` after somebody edited it."""
    return found_in(after(*edits, incomplete=incomplete))


@cache
def cell_of(line: str, column: str = "E") -> str:
    return f"{column}{row_of(load_workbook(io.BytesIO(form_of())), line)}"


def test_a_form_asks_for_every_fact_and_leaves_the_sums_to_the_program() -> None:
    sheet = load_workbook(io.BytesIO(form_of())).worksheets[0]
    rows = {row[1]: row for row in sheet.values if row[1]}
    assert rows["A1"][2:5] == ("报送", 10, "待计算")
    assert rows["A1-1"][2] == "次数或个数：写整数，例如 3"
    assert rows["A2-2"][2] == "目标数：写数，例如 85.5"
    assert rows["A3-1"][2] == "等级：写其中一个：优、良"
    assert rows["A4"][4] is None
    assert rows["A4-2"][2] == "漏报：写 是 或 否"
    assert rows["J2"][2:4] == ("获市级表彰（每件 1 分）", 2)
    sums = {row[0] or row[1] or row[2]: row[4] for row in sheet.values if "计" in str(row[:3])}
    assert sums["合　　计"] == "待计算"
    first, second, *_ = (row[4] for row in sheet.values if row[1] == "小　计")
    assert first == "待计算"
    assert str(second).startswith("=IF(")
    blank = taken(form_of())
    assert blank.diagnostics == ()
    assert blank.sheet is not None
    assert blank.sheet.points == dict.fromkeys(blank.sheet.points)


def test_a_form_says_what_its_sheet_says() -> None:
    sheet = sheet_in(SHEET)
    read = taken(form_of(sheet))
    assert [one.kind for one in read.diagnostics] == []
    assert said(read.sheet) == said(sheet)


def test_a_number_that_is_not_wide_enough_is_refused() -> None:
    assert wrong(put("A6-1", "E", 12345678.1234)) == [("E4", "COLUMN_HIDDEN")]


@round_trips(25)
@given(sheet=sheets())
def test_yaml_to_form_to_yaml_gives_the_same_sheet(sheet: ScoreSheet) -> None:
    there = taken(form_of(sheet_in(yaml_sheet(sheet))))
    assert [one for one in there.diagnostics if one.kind.severity == "error"] == []
    assert there.sheet is not None
    assert said(sheet_in(yaml_sheet(there.sheet))) == said(sheet)


MISTAKES = {
    "text": (put("A1-1", "E", "三"), "FACT_NOT_A_NUMBER"),
    "text number": (put("A1-1", "E", "3"), "CELL_TEXT_NUMBER"),
    "negative": (put("A1-1", "E", -1), "FACT_NEGATIVE"),
    "half": (put("A1-1", "E", 2.5), "FACT_NOT_WHOLE"),
    "too many": (put("A1-1", "E", 13), "FACT_NOT_POSSIBLE"),
    "formula": (put("A1-1", "E", "=1+1"), "CELL_FORMULA"),
    "percent": (put("A1-1", "E", 0.5, number_format="0%"), "CELL_PERCENT"),
    "rounded": (put("A6-1", "E", 93.5, number_format="0"), "SHOWN_DIFFERENTLY"),
    "part": (put("A2-1", "E", 11), "FACT_NOT_POSSIBLE"),
    "no target": (put("A2-2", "E", 0), "FACT_NOT_POSITIVE"),
    "level": (put("A3-1", "E", "差"), "FACT_NOT_A_CHOICE"),
    "level formula": (put("A3-1", "E", '="优"'), "CELL_FORMULA"),
    "maybe": (put("A4-1", "E", "也许"), "FACT_NOT_A_CHOICE"),
    "date": (put("A4-1", "E", datetime(2018, 3, 2)), "FACT_NOT_A_CHOICE"),  # noqa: DTZ001
    "wording": (put("A5-1", "C", "缺报：写整数，例如 3"), "WORDING_CHANGED"),
    "cap": (put("A5-1", "D", 3), "CAP_CHANGED"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_wrong_fact_is_found_in_its_cell(name: str) -> None:
    edit, kind = MISTAKES[name]
    ((cell, found),) = wrong(edit)
    assert found == kind
    assert cell[1:] in {cell_of(line)[1:] for line in ("A1-1", "A2-1", "A2-2", "A3-1")} | {
        cell_of(line)[1:] for line in ("A4-1", "A5-1", "A6-1")
    }


def test_points_of_an_item_with_a_rule_are_refused() -> None:
    assert wrong(put("A1", "E", 9)) == [(cell_of("A1"), "ITEM_TAKES_FACTS")]
    assert wrong(put("A1", "E", None)) == []


# --- bonuses and penalties ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "names", "points"),
    [
        ("J1", "全省现场会\n省部表彰", 6),
        ("J1", "全省现场会", 3),
        ("J1", None, 0),
        ("J2", "甲奖\n乙奖\n丙奖", 2),
        ("J2", "全省现场会", 0),
        ("J2", "甲奖\n全省现场会", 1),
        ("K1", "县通报", 2),
    ],
)
def test_points_beside_facts_are_what_the_facts_come_to(
    line: str, names: str | None, points: int
) -> None:
    """Of J2 at most 2 points count, and a fact that J1 names counts there."""
    said_too = [put(line, "F", names)]
    assert wrong(*said_too, put(line, "E", points)) == []
    assert wrong(*said_too, put(line, "E", points * (1 + 2**-52))) == []
    for other in (points + 1, points + 0.5, -1, -points or -3, 12345678):
        found = wrong(*said_too, put(line, "E", other))
        assert found == [(cell_of(line), "POINTS_AGAINST_FACTS")]


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("3", "CELL_TEXT_NUMBER"),
        ("=3+3", "CELL_FORMULA"),
        ("=6", "CELL_FORMULA"),
        (datetime(2018, 3, 2), "CELL_DATE"),  # noqa: DTZ001
        (True, "POINTS_OF_NO_ITEM"),
        ("6分", "POINTS_OF_NO_ITEM"),
        ("有", "POINTS_OF_NO_ITEM"),
        ("无", "POINTS_OF_NO_ITEM"),
    ],
)
def test_what_is_no_number_beside_facts_is_a_finding(value: object, kind: str) -> None:
    assert wrong(put("J1", "E", value)) == [(cell_of("J1"), kind)]


def test_points_beside_facts_show_what_they_are() -> None:
    for code in ("0%", '0"0"'):
        ((cell, _),) = wrong(put("J1", "E", 6, number_format=code))
        assert cell == cell_of("J1")
    assert wrong(put("J1", "E", " ")) == []


def test_a_list_in_a_cell_may_have_numbers() -> None:
    typed = put("J2", "F", "1. 甲奖；\n（2）乙奖。")
    read = taken(edited(typed, form_of(sheet_in(SHEET)))).sheet
    assert read is not None
    assert read.adjustments["J2"] == ("甲奖", "乙奖")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("暂无", "FACT_WITHOUT_NAME"),
        ("无事故", "FACT_WITHOUT_NAME"),
        ("N", "FACT_WITHOUT_NAME"),
        ("nil", "FACT_WITHOUT_NAME"),
        ("1.", "FACT_WITHOUT_NAME"),
        ("甲奖\n2.", "FACT_WITHOUT_NAME"),
        ("√", "FACT_WITHOUT_NAME"),
        (0, "FACT_WITHOUT_NAME"),
        ("未获奖", "FACT_DENIED"),
        ("无人机大赛获奖", "FACT_DENIED"),
        ("见附件", "FACT_ELSEWHERE"),
        ("1.甲奖 2.乙奖", "FACTS_IN_ONE_NAME"),
    ],
)
def test_a_cell_of_facts_says_what_happened(text: object, kind: str) -> None:
    assert wrong(put("J2", "F", text)) == [(cell_of("J2", "F"), kind)]
    assert wrong(put("J2", "F", "「无人机」大赛获奖\n「甲、乙」展销奖")) == []


# --- vetoes ------------------------------------------------------------------------------------

EMPTY = (put("V1", "E", None), put("V1", "F", None))


def veto(answer: object, reason: object) -> tuple[list[tuple[str, str]], str | None]:
    """What is wrong with a form whose veto is filled in so, and whether that holds."""
    file = after(put("V1", "E", answer), put("V1", "F", reason))
    return found_in(file), None if file.sheet is None else file.sheet.veto.get("V1")


@pytest.mark.parametrize("yes", ["是", " 是 ", "yes", "Yes", "YES"])
def test_a_veto_holds_where_both_cells_say_so(yes: str) -> None:
    assert veto(yes, "仓库火灾") == ([], "仓库火灾")
    assert veto(yes, "1.仓库火灾") == ([], "仓库火灾")


@pytest.mark.parametrize("no", ["否", "no", "No", None, " "])
def test_a_veto_does_not_hold_where_neither_cell_says_so(no: str | None) -> None:
    assert veto(no, None) == ([], None)
    assert veto(no, " ") == ([], None)


@pytest.mark.parametrize(
    ("answer", "reason", "cell", "kind"),
    [
        ("是", None, "E", "VETO_HALF_FILLED"),
        ("是", " ", "E", "VETO_HALF_FILLED"),
        (None, "仓库火灾", "F", "VETO_HALF_FILLED"),
        (None, "无", "F", "VETO_HALF_FILLED"),
        ("否", "仓库火灾", "F", "VETO_HALF_FILLED"),
        ("否", "无事故", "F", "VETO_HALF_FILLED"),
        ("有", "仓库火灾", "E", "VETO_HALF_FILLED"),
        ("√", None, "E", "VETO_HALF_FILLED"),
        (1, "仓库火灾", "E", "VETO_HALF_FILLED"),
        ("仓库火灾", None, "E", "VETO_HALF_FILLED"),
        ('="是"', "仓库火灾", "E", "CELL_FORMULA"),
        ("是", "=A1", "F", "CELL_FORMULA"),
        ("是", "无事故", "F", "VETO_WITHOUT_REASON"),
        ("是", "是", "F", "VETO_WITHOUT_REASON"),
        ("是", "未成年人溺水", "F", "FACT_DENIED"),
        ("是", "详见附件", "F", "FACT_ELSEWHERE"),
    ],
)
def test_a_veto_of_which_half_is_said_is_a_finding(
    answer: object, reason: object, cell: str, kind: str
) -> None:
    assert veto(answer, reason) == ([(cell_of("V1", cell), kind)], None)


WRITTEN = (
    st.none()
    | st.sampled_from(
        ["是", "否", "yes", "no", "有", "无", "√", "×", "暂无", "仓库火灾", " ", "见附件"]
    )
    | st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1, max_size=5)
    | st.integers(-3, 9)
)


@round_trips(100)
@given(answer=WRITTEN, reason=WRITTEN)
def test_whatever_stands_beside_a_veto_holds_or_is_a_finding(
    answer: object, reason: object
) -> None:
    found, holds = veto(answer, reason)
    said_yes = str(answer).casefold() in ("是", "yes")
    is_empty = reason is None or not str(reason).strip()
    if found:
        assert {cell for cell, _ in found} <= {cell_of("V1", "E"), cell_of("V1", "F")}
        assert holds is None
    else:
        assert said_yes == (holds is not None) == (not is_empty)
        assert said_yes or answer is None or str(answer).strip().casefold() in ("否", "no", "")


@round_trips(100)
@given(points=WRITTEN, names=WRITTEN)
def test_whatever_stands_beside_a_bonus_counts_or_is_a_finding(
    points: object, names: object
) -> None:
    file = after(put("J2", "E", points), put("J2", "F", names))
    if file.diagnostics:
        cells = {cell for cell, _ in found_in(file)}
        assert cells <= {cell_of("J2", "E"), cell_of("J2", "F")}
        return
    assert file.sheet is not None
    facts = file.sheet.named_facts.get("J2", ())
    assert len(facts) == (names is not None and bool(str(names).strip()))
    assert points in (None, " ", len(facts))


def as_older(workbook: Any) -> None:
    """Make the form one that was handed out before vetoes had a cell for yes and no."""
    sheet = workbook[FORM_SHEET]
    rows = [cell.row for cell in sheet["A"] if cell.value in ("label.yes", "label.no")]
    assert len(rows) == 2
    for row in reversed(rows):
        sheet.delete_rows(row)


def test_on_an_older_form_what_happened_may_stand_alone() -> None:
    def found(answer: object, reason: object) -> list[tuple[str, str]]:
        return wrong(put("V1", "E", answer), put("V1", "F", reason), as_older)

    assert found(None, "仓库火灾") == found("是", "仓库火灾") == found("否", None) == []
    assert found("是", None) == [(cell_of("V1", "E"), "VETO_HALF_FILLED")]
    assert found("否", "仓库火灾") == [(cell_of("V1", "F"), "VETO_HALF_FILLED")]
    assert found("仓库火灾", None) == [(cell_of("V1", "E"), "VETO_HALF_FILLED")]


def merge_veto(workbook: Any) -> None:
    """Write what happened across the cell of the answer as well."""
    row = row_of(workbook, "V1")
    workbook.worksheets[0][f"E{row}"] = "仓库火灾"
    workbook.worksheets[0].merge_cells(f"E{row}:F{row}")


def test_the_two_cells_of_a_veto_stay_two() -> None:
    assert wrong(*EMPTY, merge_veto) == [(cell_of("V1"), "CELL_MERGED")]
    assert wrong(*EMPTY, merge_veto, as_older) == []


def test_a_form_asks_whether_there_is_a_veto() -> None:
    sheet = load_workbook(io.BytesIO(form_of())).worksheets[0]
    cell = cell_of("V1")
    asked = [rule for rule in sheet.data_validations.dataValidation if cell in rule.sqref]
    assert [(rule.type, rule.formula1) for rule in asked] == [("list", '"是,否"')]
    assert not sheet[cell].protection.locked
    given_cells = load_workbook(io.BytesIO(form_of(sheet_in(SHEET)))).worksheets[0]
    assert given_cells[cell].value == "是"


def test_facts_that_are_missing_are_named() -> None:
    assert wrong(put("A5-1", "E", None), incomplete=False) == [(cell_of("A5"), "FACT_MISSING")]
    assert wrong(put("A1-1", "E", None), incomplete=False) == [(cell_of("A1"), "ITEMS_UNSCORED")]


def test_a_line_that_was_removed_is_one_finding() -> None:
    assert wrong(put("A5-1", "B", None), incomplete=False) == [
        (cell_of("A5-1", "B"), "ITEM_LINE_CHANGED")
    ]
    assert wrong(put("J1", "B", "J9"), incomplete=False) == [
        (cell_of("J1", "B"), "ITEM_LINE_CHANGED")
    ]


def test_facts_out_of_sight_are_refused() -> None:
    def hide(line: str) -> Edit:
        def edit(workbook: Any) -> None:
            sheet = workbook.worksheets[0]
            sheet.row_dimensions[row_of(workbook, line)].hidden = True

        return edit

    for line, cell in (("A1-1", "E"), ("A3-1", "E"), ("J1", "F"), ("V1", "F")):
        assert wrong(hide(line)) == [(cell_of(line, cell), "LINE_HIDDEN")], line
    assert wrong(hide("J2")) == []


def test_names_of_facts_stand_in_lines() -> None:
    typed = put("J2", "F", "甲奖\n\n 乙奖 \n")
    read = taken(edited(typed, form_of(sheet_in(SHEET)))).sheet
    assert read is not None
    assert read.adjustments["J2"] == ("甲奖", "乙奖")
    assert read.adjustments["J1"] == ("全省现场会", "省部表彰")


@pytest.mark.parametrize("separator", "、，,；;")
def test_several_facts_in_one_line_are_not_counted_as_one(separator: str) -> None:
    found = wrong(put("J1", "F", f"省级表彰{separator}部级表彰"))
    assert found == [(cell_of("J1", "F"), "FACTS_IN_ONE_NAME")]


def test_a_number_in_place_of_a_name_is_refused() -> None:
    assert wrong(put("J1", "F", 2)) == [(cell_of("J1", "F"), "FACT_WITHOUT_NAME")]
    assert wrong(put("J1", "F", "=A1")) == [(cell_of("J1", "F"), "CELL_FORMULA")]
    assert wrong(put("J2", "F", "甲奖\n甲 奖")) == [(cell_of("J2", "F"), "FACT_NAMED_TWICE")]


def test_a_total_that_somebody_worked_out_is_compared() -> None:
    good = sheet_in(SHEET.replace("veto: {V1: 起火}\n", ""))
    blank = form_of(good)
    found = [one.kind for one in taken(edited(total(70), blank)).diagnostics]
    assert found == [Kind.SUM_DIFFERS]


def test_an_item_that_does_not_apply_needs_no_facts() -> None:
    edits = [put("A2", "E", "不适用"), put("A2", "F", "没有"), put("A2-1", "E", None)]
    assert wrong(*edits, put("A2-2", "E", None), incomplete=False) == []
    assert wrong(*edits, incomplete=False) == [(cell_of("A2-2"), "POINTS_BESIDE_REASON")]


def test_a_form_is_made_and_converted_on_the_command_line(folder: Path, run: Run) -> None:
    Path("rubrics").mkdir()
    Path("rubrics", "county.yaml").write_text(TEXT, "utf-8")
    Path("甲.yaml").write_text(SHEET, "utf-8")
    assert run("form", "--rubric", "county", "--xlsx", "-o", "空.xlsx").code == 0
    assert run("convert", "甲.yaml").code == 0
    assert run("validate", "甲.xlsx").code == 0
    totals = [run("total", name, "--format", "json").text for name in ("甲.yaml", "甲.xlsx")]
    assert totals[0] == totals[1]
    many = SHEET.replace("1234567.5", "123456789.123456789")
    Path("乙.yaml").write_text(many, "utf-8")
    refused = run("convert", "乙.yaml")
    assert refused.code == 2
    assert "15 位" in refused.said
    assert not (folder / "乙.xlsx").exists()
