"""Items for some units alone: for all others they do not apply, without a word of theirs."""

import io
from decimal import Decimal

import pytest
from openpyxl import load_workbook
from tests.support.forms import edited, put
from tests.support.rubrics import read_rubric, read_sheet_text
from tests.support.unit_tables import as_in_table, filled_table, read_table

from epa_score import Rubric, ScoreSheet, rank, score
from epa_score.exporters.xlsx.form import Form, write_form
from epa_score.exporters.yaml import yaml_form, yaml_sheet
from epa_score.i18n import Words
from epa_score.model.item_units import with_items_of_others
from epa_score.readers import excel
from epa_score.readers.rubrics import RubricFile, RubricLibrary
from epa_score.readers.sheets import SheetFile, sheet_of
from epa_score.reports.listings import rubric_table
from epa_score.reports.rates import analysis_table
from epa_score.reports.scores import deductions_table

TEXT = """\
id: county
title: 某县评分细则
total: 100
units: [甲镇, 乙镇, 丙镇]
sections:
  - {id: A, title: 工作, max: 60, items: [{id: A1, max: 60, text: 一}]}
  - id: B
    title: 物流
    max: 40
    items:
      - {id: B1, max: 20, text: 网点, units: [甲镇, 乙镇], not_applicable: rescale}
      - {id: B2, max: 10, text: 仓库}
      - id: B3
        max: 10
        text: 车辆
        units: [甲镇]
        not_applicable: exclude
        rule: {count: {each: 2}}
"""
WORDS = Words("zh_CN")
SCORES = {
    "甲镇": "{A1: 50, B1: 15, B2: 8, B3: {value: 4}}",
    "乙镇": "{A1: 50, B1: 15, B2: 8}",
    "丙镇": "{A1: 50, B2: 8}",
}


def rubric_in(text: str) -> Rubric:
    found = read_rubric(text)
    assert found.rubric is not None, found.diagnostics
    return found.rubric


RUBRIC = rubric_in(TEXT)
LIBRARY = RubricLibrary(given=RubricFile("rubric.yaml", TEXT.encode(), RUBRIC, ()))


def file_of(unit: str, scores: str, rubric: Rubric = RUBRIC) -> SheetFile:
    return read_sheet_text(rubric, f"rubric: county\nunit: {unit}\nscores: {scores}\n")


def sheet_in(unit: str, rubric: Rubric = RUBRIC) -> ScoreSheet:
    file = file_of(unit, SCORES[unit], rubric)
    assert file.sheet is not None, file.diagnostics
    return file.sheet


def test_totals_are_as_computed_by_hand() -> None:
    found = {unit: score(RUBRIC, sheet_in(unit)) for unit in SCORES}
    assert found["甲镇"].total == 50 + 15 + 8 + 8
    assert found["乙镇"].total == 50 + 15 + 8  # B3 is left out: out of 90
    assert found["丙镇"].total == 50 + 24  # 8 x 30 / 10, out of 90
    assert [result.out_of for result in found.values()] == [None, 90, 90]
    ranking = rank(RUBRIC, found.values())
    assert [one.result.unit for one in ranking.placings] == ["甲镇", "丙镇", "乙镇"]


@pytest.mark.parametrize(
    ("treatment", "total"), [("exclude", 58), ("zero", 58), ("full", 78), ("peer_mean", 73)]
)
def test_each_treatment_counts_as_it_does_with_a_reason(treatment: str, total: int) -> None:
    rubric = rubric_in(TEXT.replace("not_applicable: rescale", f"not_applicable: {treatment}"))
    results = [score(rubric, sheet_in(unit, rubric)) for unit in SCORES]
    placings = {one.result.unit: one.result for one in rank(rubric, results).placings}
    assert placings["丙镇"].total == total


def test_a_sheet_of_code_is_completed_too() -> None:
    plain = ScoreSheet.model_validate(
        {"rubric": "county", "unit": "丙镇", "scores": {"A1": "50", "B2": "8"}}
    )
    assert score(RUBRIC, plain) == score(RUBRIC, sheet_in("丙镇"))
    unknown = plain.model_copy(update={"unit": "丁镇"})
    assert with_items_of_others(unknown, RUBRIC) == unknown
    with pytest.raises(ValueError, match="EPA474"):
        score(RUBRIC, plain.model_copy(update={"scores": {"A1": "5", "B2": "8", "B1": "1"}}))


@pytest.mark.parametrize(
    ("scores", "kinds"),
    [
        ("{A1: 50, B2: 8, B1: , B3: {value: , note: }}", []),
        ("{A1: 50, B2: 8, B1: {not_applicable: 仅适用于甲镇、乙镇}}", []),
        ("{A1: 50, B2: 8, B1: 12}", ["item_of_other_units"]),
        ("{A1: 50, B2: 8, B1: 0}", ["item_of_other_units"]),
        ("{A1: 50, B2: 8, B3: {value: 2}}", ["item_of_other_units"]),
        ("{A1: 50, B2: 8, B1: {not_applicable: 没有网点}}", ["item_of_other_units"]),
        ("{A1: 50, B2: 8, B1: {note: 没有网点}}", ["item_of_other_units"]),
        ("{A1: 50, B2: 8, B1: {evidence: [名册]}}", ["item_of_other_units"]),
        ("{A1: 50}", ["items_unscored"]),
    ],
)
def test_a_sheet_says_nothing_of_items_of_others(scores: str, kinds: list[str]) -> None:
    assert [one.kind.label for one in file_of("丙镇", scores).diagnostics] == kinds


def test_a_unit_that_an_item_is_for_may_say_why_it_does_not_apply() -> None:
    file = file_of("乙镇", "{A1: 50, B1: {not_applicable: 网点已撤}, B2: 8}")
    assert file.diagnostics == ()
    assert file.result is not None
    assert file.result.total == 74


@pytest.mark.parametrize("unit", SCORES)
def test_a_sheet_survives_yaml_and_a_form(unit: str) -> None:
    sheet = sheet_in(unit)
    again = read_sheet_text(RUBRIC, yaml_sheet(sheet))
    assert again.sheet == sheet
    written = io.BytesIO()
    write_form(Form(RUBRIC, unit, sheet), written, WORDS)
    data = written.getvalue()
    file = sheet_of(data, excel.read("甲.xlsx", data)[0], LIBRARY, incomplete=False)
    assert file.diagnostics == ()
    assert file.result == score(RUBRIC, sheet)


def lines_on(data: bytes) -> list[object]:
    page = load_workbook(io.BytesIO(data)).worksheets[0]
    return [cell.value for cell in page["B"] if cell.value]


def test_forms_ask_for_the_own_items_and_results_show_all() -> None:
    shown = {}
    for asks in (True, False):
        written = io.BytesIO()
        write_form(Form(RUBRIC, "丙镇", sheet_in("丙镇"), asks=asks), written, WORDS)
        shown[asks] = [one for one in lines_on(written.getvalue()) if str(one)[0] in "AB"]
    assert shown == {True: ["A1", "B2"], False: ["A1", "B1", "B2", "B3"]}
    text = yaml_form(RUBRIC, "乙镇", WORDS)
    assert ("  B1:" in text, "  B3:" in text) == (True, False)
    assert "  B1:" not in yaml_form(RUBRIC, "", WORDS)


def test_a_form_shows_what_the_own_items_are_worth() -> None:
    written = io.BytesIO()
    write_form(Form(RUBRIC, "乙镇"), written, WORDS)
    page = load_workbook(io.BytesIO(written.getvalue())).worksheets[0]
    caps = [cell.value for cell in page["D"] if isinstance(cell.value, int)]
    assert caps == [60, 60, 20, 10, 30, 90]
    assert "  # 物流（30）\n" in yaml_form(RUBRIC, "乙镇", WORDS)
    assert "  # 物流（40）\n" in yaml_form(RUBRIC, "甲镇", WORDS)
    sums = [str(cell.value) for cell in page["E"] if str(cell.value).startswith("=")]
    assert len(sums) == 3  # B3 is left out of them
    written = io.BytesIO()
    write_form(Form(RUBRIC, "丙镇"), written, WORDS)
    page = load_workbook(io.BytesIO(written.getvalue())).worksheets[0]
    assert [cell.value for cell in page["E"]].count("待计算") == 3  # B1 scales the others


def test_a_wrong_sum_on_a_form_is_found() -> None:
    written = io.BytesIO()
    write_form(Form(RUBRIC, "乙镇", sheet_in("乙镇")), written, WORDS)

    def type_total(workbook: object) -> None:
        page = workbook.worksheets[0]  # type: ignore[attr-defined]
        (row,) = (cell.row for cell in page["A"] if str(cell.value).startswith("合"))
        page.cell(row, 5).value = 74

    data = edited(type_total, edited(put("B1", "E", 15), written.getvalue()))
    file = sheet_of(data, excel.read("甲.xlsx", data)[0], LIBRARY, incomplete=False)
    assert [one.kind.label for one in file.diagnostics] == ["sum_differs"]


def test_a_table_has_empty_cells_for_others() -> None:
    sheets = [as_in_table(sheet_in(unit)) for unit in SCORES]
    visible = [
        sheet.model_copy(
            update={
                "scores": {
                    name: given
                    for name, given in sheet.scores.items()
                    if sheet.score(name).not_applicable is None
                }
            }
        )
        for sheet in sheets
    ]
    files = read_table(filled_table(RUBRIC, visible), LIBRARY)
    assert [file.diagnostics for file in files] == [(), (), ()]
    totals = [file.result.total for file in files if file.result is not None]
    assert totals == [Decimal(81), Decimal(73), Decimal(74)]


def test_the_list_of_items_names_the_units() -> None:
    rows = [row.cells for row in rubric_table(RUBRIC, WORDS).rows()]
    assert ("物流（40）", "甲镇、乙镇", "B1", 20, "网点") in rows
    assert ("物流（40）", None, "B2", 10, "仓库") in rows


def test_results_name_the_units_of_an_item() -> None:
    sheets = {unit: sheet_in(unit) for unit in SCORES}
    ranking = rank(RUBRIC, [score(RUBRIC, sheet) for sheet in sheets.values()])
    analysed = analysis_table(RUBRIC, ranking, sheets, WORDS)
    whose = {row.cells[1]: row.cells[2] for row in analysed.rows()}
    assert whose == {"A1": None, "B1": "甲镇、乙镇", "B2": None, "B3": "甲镇"}
    assert [column.shown for column in analysed.columns if column.name == "duty_units"] == [True]
    notes = deductions_table(RUBRIC, ranking, sheets, WORDS).notes
    assert "B1　甲镇、乙镇：网点（20 分）" in notes
    assert "B2　仓库（10 分）" in notes


@pytest.mark.parametrize(
    ("old", "new", "kinds"),
    [
        (", not_applicable: rescale", "", ["item_units"]),
        ("units: [甲镇, 乙镇],", "units: [甲镇, 甲 镇],", ["unit_listed_twice"]),
        ("units: [甲镇, 乙镇],", "units: [甲镇, 丁镇],", ["item_units"]),
        ("units: [甲镇, 乙镇],", "units: [甲镇, 乙镇, 丙镇],", ["item_units"]),
        ("units: [甲镇, 乙镇],", "units: [],", ["empty_field"]),
        ("units: [甲镇, 乙镇, 丙镇]\n", "", ["item_units"] * 3),
    ],
)
def test_units_that_cannot_be_are_found(old: str, new: str, kinds: list[str]) -> None:
    assert TEXT.count(old) == 1
    found = read_rubric(TEXT.replace(old, new)).diagnostics
    assert sorted(one.kind.label for one in found) == sorted(kinds)


def test_the_code_of_a_unit_follows_from_whose_an_item_is() -> None:
    wider = rubric_in(TEXT.replace("units: [甲镇]\n", "units: [甲镇, 丙镇]\n"))
    assert score(RUBRIC, sheet_in("乙镇")).code != score(wider, sheet_in("乙镇", wider)).code
    other_order = rubric_in(TEXT.replace("units: [甲镇, 乙镇],", "units: [乙镇, 甲镇],"))
    assert (
        score(RUBRIC, sheet_in("甲镇")).code
        == score(other_order, sheet_in("甲镇", other_order)).code
    )
