"""Titled parts of the items that units have for their own: subtotals, which change no points."""

import io

import pytest
from openpyxl import load_workbook
from tests.support.rubrics import read_rubric, read_sheet_text

from epa_score import Rubric, ScoreSheet, rank, score
from epa_score.exporters.xlsx.form import Form, write_form
from epa_score.exporters.yaml import yaml_form
from epa_score.i18n import Words
from epa_score.readers import excel
from epa_score.readers.rubrics import RubricFile, RubricLibrary
from epa_score.readers.sheets import sheet_of
from epa_score.reports.breakdown import account_table
from epa_score.reports.gap import gap_table
from epa_score.reports.listings import rubric_table

PARTS = """\
      - units: [县邮政局]
        sections:
          - id: C-1
            title: 网点
            max: 40
            items:
              - {id: C1, max: 25, text: 网点多}
              - {id: C2, max: 15, text: 网点好, not_applicable: exclude}
          - {id: C-2, title: 服务, max: 20, items: [{id: C3, max: 20, text: 服务好}]}
"""
OTHERS = """\
      - units: [县妇联]
        sections:
          - {id: C-1, title: 培训, max: 30, items: [{id: C1, max: 30, text: 培训}]}
          - {id: C-2, title: 宣传, max: 30, items: [{id: C2, max: 30, text: 宣传}]}
      - units: [县商务局]
        items: [{id: C1, max: 60, text: 商务}]
"""
TEXT = f"""\
id: departments
title: 某县部门评分细则
total: 100
sections:
  - {{id: A, title: 共性, max: 40, items: [{{id: A1, max: 40, text: 一}}]}}
  - id: C
    title: 个性指标
    max: 60
    per_unit:
{PARTS}{OTHERS}"""
WORDS = Words("zh_CN")


def rubric_in(text: str) -> Rubric:
    found = read_rubric(text)
    assert found.rubric is not None, found.diagnostics
    return found.rubric


RUBRIC = rubric_in(TEXT)


def sheet_in(unit: str, scores: str) -> ScoreSheet:
    text = f"rubric: departments\nunit: {unit}\nscores: {scores}\n"
    file = read_sheet_text(RUBRIC, text)
    assert file.sheet is not None, file.diagnostics
    assert file.result == score(RUBRIC, file.sheet)
    return file.sheet


POST = sheet_in("县邮政局", "{A1: 38, C1: 20, C2: 14.5, C3: 17}")
WOMEN = sheet_in("县妇联", "{A1: 38, C1: 28, C2: 24}")
TRADE = sheet_in("县商务局", "{A1: 38, C1: 55}")


def test_parts_have_subtotals_as_computed_by_hand() -> None:
    post = score(RUBRIC, POST)
    assert post.sections == {"A": 38, "C": 51.5, "C-1": 34.5, "C-2": 17}
    assert post.total == 89.5
    assert score(RUBRIC, WOMEN).sections == {"A": 38, "C": 52, "C-1": 28, "C-2": 24}
    assert score(RUBRIC, TRADE).sections == {"A": 38, "C": 55}
    left_out = sheet_in("县邮政局", "{A1: 38, C1: 20, C2: {not_applicable: 没有网点}, C3: 17}")
    result = score(RUBRIC, left_out)
    assert [result.sections["C-1"], result.sections["C"], result.out_of] == [20, 37, 85]


def test_parts_change_no_points_and_no_code() -> None:
    start, end = PARTS.index("        sections:"), len(PARTS)
    items = (
        "{id: C1, max: 25, text: 网点多}, {id: C2, max: 15, text: 网点好, not_applicable: exclude}"
    )
    flat = f"        items: [{items}, {{id: C3, max: 20, text: 服务好}}]\n"
    rubric = rubric_in(TEXT.replace(PARTS[start:end], flat))
    before, after = score(rubric, POST), score(RUBRIC, POST)
    assert (before.total, before.code) == (after.total, after.code)


def test_an_account_shows_each_part() -> None:
    rows = account_table(RUBRIC, score(RUBRIC, POST), POST, WORDS).rows()
    shown = [(row.cells[3], row.cells[8], row.cells[9]) for row in rows]
    assert shown == [
        ("A1", 40, 38),
        ("小计：共性", 40, 38),
        ("C1", 25, 20),
        ("C2", 15, 14.5),
        ("小计：网点", 40, 34.5),
        ("C3", 20, 17),
        ("小计：服务", 20, 17),
        ("小计：个性指标", 60, 51.5),
        ("总分", 100, 89.5),
    ]


def test_a_gap_does_not_compare_parts_of_different_units() -> None:
    sheets = {sheet.unit: sheet for sheet in (POST, WOMEN, TRADE)}
    ranking = rank(RUBRIC, [score(RUBRIC, sheet) for sheet in sheets.values()])
    results = score(RUBRIC, POST), score(RUBRIC, WOMEN)
    rows = [row.cells for row in gap_table(RUBRIC, results, sheets, WORDS).rows()]
    assert [cells[5] for cells in rows] == ["只有一方有的项目", "小计：个性指标", "总分"]
    assert [placing.result.unit for placing in ranking.placings] == [
        "县商务局",
        "县妇联",
        "县邮政局",
    ]


def test_a_blank_sheet_and_the_list_of_items_name_the_parts() -> None:
    lines = [line.strip() for line in yaml_form(RUBRIC, "县邮政局", WORDS).splitlines()]
    titles = [line for line in lines if line.startswith("# ") and line.endswith("）")]
    assert titles[-4:] == ["# 共性（40）", "# 个性指标（60）", "# 网点（40）", "# 服务（20）"]
    rows = [row.cells for row in rubric_table(RUBRIC, WORDS).rows()]
    assert ("网点（40）", "县邮政局", "C1", 25, "网点多") in rows
    assert ("个性指标（60）", "县商务局", "C1", 60, "商务") in rows


@pytest.mark.parametrize("sheet", [POST, WOMEN, TRADE])
def test_a_form_has_a_subtotal_for_each_part_and_reads_back(sheet: ScoreSheet) -> None:
    written = io.BytesIO()
    write_form(Form(RUBRIC, sheet.unit, sheet), written, WORDS)
    data = written.getvalue()
    library = RubricLibrary(given=RubricFile("rubric.yaml", TEXT.encode(), RUBRIC, ()))
    file = sheet_of(data, excel.read("甲.xlsx", data)[0], library, incomplete=False)
    assert file.diagnostics == ()
    assert file.result == score(RUBRIC, sheet)
    page = load_workbook(io.BytesIO(data)).worksheets[0]
    labels = [cell.value for row in page.iter_rows() for cell in row if cell.value]
    parts = {"县邮政局": 2, "县妇联": 2, "县商务局": 0}[sheet.unit]
    assert sum(str(label).strip() == "小　计" for label in labels) == 1 + (parts or 1)
    assert labels.count("个性指标 小　计") == bool(parts)


def test_a_wrong_subtotal_of_a_part_is_found() -> None:
    written = io.BytesIO()
    write_form(Form(RUBRIC, "县妇联", WOMEN), written, WORDS)
    book = load_workbook(io.BytesIO(written.getvalue()))
    page = book.worksheets[0]
    (row,) = (cell.row for cell in page["B"] if cell.value == "C1")
    page.cell(row + 1, 5).value = 29
    edited = io.BytesIO()
    book.save(edited)
    library = RubricLibrary(given=RubricFile("rubric.yaml", TEXT.encode(), RUBRIC, ()))
    data = edited.getvalue()
    file = sheet_of(data, excel.read("甲.xlsx", data)[0], library, incomplete=False)
    assert [one.kind.label for one in file.diagnostics] == ["sum_differs"]


@pytest.mark.parametrize(
    ("old", "new", "kinds"),
    [
        ("title: 服务, max: 20,", "title: 服务, max: 30,", ["sum_mismatch", "sum_mismatch"]),
        ("max: 20, text: 服务好", "max: 10, text: 服务好", ["sum_mismatch"]),
        ("    per_unit:\n", "    accept_mismatch: 印错了\n    per_unit:\n", ["no_mismatch"]),
        ("id: C-2, title: 服务", "id: C-1, title: 服务", ["duplicate_section"]),
        ("id: C-2, title: 服务", "id: a, title: 服务", ["duplicate_section"]),
        ("{id: C3,", "{id: C1,", ["duplicate_item"]),
        ("{id: C3,", "{id: C-3,", ["item_id_form"]),
        ("title: 服务, max: 20,", "title: 服务, max: 20, pool: items,", ["duty_part"]),
        ("items: [{id: C3, max: 20, text: 服务好}]", "items: []", ["section_content"]),
        ("[{id: C3, max: 20, text: 服务好}]", "[{id: C3, max: 0, text: 服务好}]",
         ["cap_not_positive", "sum_mismatch"]),
        ("        items: [{id: C1, max: 60, text: 商务}]\n", "", ["missing_field"]),
        ("items: [{id: C1, max: 60, text: 商务}]", "items: []", ["unit_without_items"]),
        ("not_applicable: exclude", "not_applicable: rescale", ["duty_part"]),
        (
            "items: [{id: C3, max: 20, text: 服务好}]",
            "sections: [{id: C-3, title: 丙, max: 20, items: [{id: C3, max: 20, text: 服务好}]}]",
            ["duty_part"],
        ),
    ],
)  # fmt: skip
def test_parts_that_cannot_be_are_found(old: str, new: str, kinds: list[str]) -> None:
    assert TEXT.count(old) == 1
    found = read_rubric(TEXT.replace(old, new)).diagnostics
    assert sorted(one.kind.label for one in found) == sorted(kinds)


def test_a_mismatch_that_is_accepted_is_none_of_a_part() -> None:
    text = TEXT.replace("    per_unit:\n", "    accept_mismatch: 印错了\n    per_unit:\n")
    for old, new in (("max: 40\n", "max: 30\n"), ("max: 25,", "max: 15,")):
        assert text.count(old) == 1
        text = text.replace(old, new)
    rubric = rubric_in(text)
    assert rubric.worth("县邮政局") == 90
    wrong = text.replace("max: 15, text: 网点多", "max: 14, text: 网点多")
    assert [one.kind.label for one in read_rubric(wrong).diagnostics] == ["sum_mismatch"]
