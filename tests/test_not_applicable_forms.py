"""Items that do not apply, on forms and in the workbook: written, read back, and worked out."""

from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from tests.forms import Edit, edited, put, row_of
from tests.office import converted, needs_office
from tests.rules import rubric_of_sections
from tests.test_not_applicable import NO, RUBRIC, changed_sheet, sheet_of
from tests.test_xlsx_libreoffice import Values, content_of, figures, told, values_of

from epa_score import Rubric, ScoreSheet, rank, score
from epa_score.cli.sheet_store import dump_sheet, open_sheet_store
from epa_score.diagnostics import Kind
from epa_score.exporters.xlsx.form import Form, write_form
from epa_score.exporters.yaml import yaml_form, yaml_sheet
from epa_score.i18n import Words
from epa_score.readers import yaml
from epa_score.readers.files import READERS
from epa_score.readers.rubrics import RubricFile, RubricLibrary
from epa_score.readers.sheets import SheetFile
from epa_score.readers.sheets import sheet_of as read_as

WORDS = Words("zh_CN")
JUDGED = rubric_of_sections("""\
- id: A
  title: 物流
  max: 20
  items:
    - {id: A1, max: 5, text: 网点, not_applicable: rescale}
    - {id: A2, max: 8, text: 仓库}
    - {id: A3, max: 7, text: 车辆, not_applicable: rescale}
- id: B
  title: 宣传
  max: 30
  sections:
    - id: C
      title: 媒体
      max: 20
      items:
        - {id: C1, max: 5, text: 报纸, not_applicable: exclude}
        - {id: C2, max: 5, text: 电视, not_applicable: zero}
        - {id: C3, max: 5, text: 网络, not_applicable: full}
        - {id: C4, max: 5, text: 广播, not_applicable: rescale}
    - id: D
      title: 活动
      max: 10
      items:
        - {id: D1, max: 6, text: 活动, not_applicable: peer_mean}
        - {id: D2, max: 4, text: 展会}
- id: E
  title: 推广
  max: 6
  capped: true
  items:
    - {id: E1, max: 4, text: 典型, not_applicable: full}
    - {id: E2, max: 4, text: 经验, not_applicable: zero}
""")
POINTS: dict[str, object] = {
    "A1": "4.2",
    "A2": "6.55",
    "A3": 6,
    "C1": 3,
    "C2": 4,
    "C3": "2.1",
    "C4": "0.7",
    "D1": 5,
    "D2": "3.3",
    "E1": 1,
    "E2": 2,
}
SHELF = RubricLibrary(given=RubricFile("rubric.yaml", b"", JUDGED, ()))


def form_of(sheet: ScoreSheet | None = None, rubric: Rubric = JUDGED) -> bytes:
    written = BytesIO()
    file = RubricFile("rubric.yaml", b"", rubric, ())
    write_form(Form(rubric, file.sha256, "示例甲镇", sheet), written, Words(rubric.lang))
    return written.getvalue()


def taken(data: bytes) -> SheetFile:
    return read_as(data, READERS[".xlsx"]("甲镇.xlsx", data), SHELF, incomplete=True)


def judged(**changed: object) -> ScoreSheet:
    return sheet_of("示例甲镇", JUDGED, {**POINTS, **changed})


def all_edits(*edits: Edit) -> Edit:
    def edit(workbook: Any) -> None:
        for one in edits:
            one(workbook)

    return edit


def test_a_form_takes_the_word_with_its_reason() -> None:
    edit = all_edits(put("A1", "E", "不适用"), put("A1", "F", "本镇没有快递网点"))
    found = taken(edited(edit, form_of(judged())))
    assert found.diagnostics == ()
    assert found.sheet is not None
    assert found.sheet.inapplicable == {"A1": "本镇没有快递网点"}
    assert found.sheet.points["A1"] is None


def test_a_reason_that_is_missing_is_reported_at_the_cell_of_the_note() -> None:
    data = edited(put("A1", "E", "不适用"), form_of(judged()))
    row = row_of(load_workbook(BytesIO(data)), "A1")
    found = {one.location.cell: one.kind for one in taken(data).diagnostics}
    assert found == {f"评分表!F{row}": Kind.REASON_MISSING}


@pytest.mark.parametrize(
    ("item", "word", "note", "kind"),
    [
        ("A1", "不适用", "是", Kind.REASON_MISSING),
        ("A1", "不适用", "=A1", Kind.CELL_FORMULA),
        ("A1", "n/a", "没有", Kind.NOT_APPLICABLE),
        ("A2", "不适用", "没有", Kind.NOT_APPLICABLE),
    ],
)
def test_what_is_no_answer_is_one_finding(item: str, word: str, note: str, kind: Kind) -> None:
    data = edited(all_edits(put(item, "E", word), put(item, "F", note)), form_of(judged()))
    assert [one.kind for one in taken(data).diagnostics] == [kind]


REASONS = st.text(st.characters(codec="utf-8", categories=["L"]), min_size=4).map("原因：".__add__)


@given(
    reason=REASONS,
    note=st.none() | REASONS,
    evidence=st.lists(REASONS, max_size=2),
    items=st.sets(st.sampled_from(["A1", "C1", "C2", "C3", "C4", "D1", "E1", "E2"]), min_size=1),
)
def test_yaml_to_form_to_yaml_keeps_reason_note_and_evidence(
    reason: str, note: str | None, evidence: list[str], items: set[str]
) -> None:
    said = {"not_applicable": reason, "evidence": evidence}
    said |= {"note": note} if note is not None else {}
    sheet = judged(**dict.fromkeys(items, said))
    text = yaml_sheet(sheet).encode()
    again = read_as(text, yaml.read("甲.yaml", text), SHELF, incomplete=False).sheet
    assert again is not None
    there = taken(form_of(again)).sheet
    assert there is not None
    with open_sheet_store() as kept:
        unpacked = kept.sheet(kept.keep(dump_sheet(there)))
    for one in (again, there, unpacked):
        assert {name: one.score(name) for name in POINTS} == {
            name: sheet.score(name) for name in POINTS
        }


def test_a_blank_form_in_yaml_says_how_to_write_it() -> None:
    lines = yaml_form(JUDGED, "示例甲镇", WORDS).splitlines()
    said = {line.split(":")[0].strip() for line in lines if "{not_applicable: 原因}" in line}
    assert said == {"A1", "A3", "C1", "C2", "C3", "C4", "D1", "E1", "E2"}


def test_cells_of_such_items_take_the_word_and_others_do_not() -> None:
    sheet = load_workbook(BytesIO(form_of())).worksheets[0]
    rules = {str(one.sqref): one for one in sheet.data_validations.dataValidation}
    rows = {cell.value: cell.row for cell in sheet["B"] if cell.value}
    optional, plain = rules[f"E{rows['A1']}"], rules[f"E{rows['A2']}"]
    assert (plain.type, plain.formula2) == ("decimal", "8")
    cell = f"E{rows['A1']}"
    formula = f'OR({cell}="不适用",AND(ISNUMBER({cell}),{cell}>=0,{cell}<=5))'
    assert (optional.type, optional.formula1) == ("custom", formula)
    assert "不适用" in str(optional.prompt)
    assert "不适用" not in str(plain.prompt)


ALONE: list[dict[str, object]] = [
    {name: NO} for name in ("A1", "A3", "C1", "C2", "C3", "C4", "D1", "E1", "E2")
]
CHANGES: list[dict[str, object]] = [
    {},
    *ALONE,
    {"A1": NO, "A3": NO, "C1": NO, "C4": NO},
    {"C1": NO, "C2": NO, "C3": NO, "C4": NO, "E1": NO, "E2": NO},
    {"A1": NO, "C1": NO, "D1": NO},
    {**dict.fromkeys(POINTS), "C1": NO},
]


@needs_office
def test_a_spreadsheet_adds_up_forms_as_the_tool_does(tmp_path: Path) -> None:
    paths = []
    for number, changed in enumerate(CHANGES):
        book = load_workbook(BytesIO(form_of(judged(**changed))))
        paths.append(tmp_path / f"{number}.xlsx")
        book.save(paths[-1])
    done = converted("xlsx", tmp_path, *paths)
    compared = 0
    for changed, path in zip(CHANGES, done, strict=True):
        result = score(JUDGED, judged(**changed))
        sheet = load_workbook(path, data_only=True).worksheets[0]
        found = [
            row[4].value
            for row in sheet.iter_rows()
            if str(row[1].value or row[0].value).strip().startswith(("小", "宣传", "合"))
            and row[3].value is not None
        ]
        parts = {**result.sections, "": result.total}
        expected = [parts[name] for name in ("A", "C", "D", "B", "E", "")]
        shown: list[object] = ["待平均" if one.is_nan() else float(one) for one in expected]
        if None in changed.values():
            shown = [one or None for one in shown]
            shown[1] = shown[3] = shown[5] = 0
        assert found == shown, changed
        compared += len(found)
    assert compared == 6 * len(CHANGES)


@needs_office
def test_what_cannot_be_told_is_said_to_be_wrong(tmp_path: Path) -> None:
    edits = {
        "text": put("A1", "E", "无"),
        "unallowed": put("A2", "E", "不适用"),
        "nothing": all_edits(*(put(name, "E", "不适用") for name in ("A1", "A2", "A3"))),
    }
    paths = []
    for name, edit in edits.items():
        paths.append(tmp_path / f"{name}.xlsx")
        paths[-1].write_bytes(edited(edit, form_of(judged())))
    for path in converted("xlsx", tmp_path, *paths):
        sheet = load_workbook(path, data_only=True).worksheets[0]
        row = row_of(load_workbook(path), "A3") + 1
        assert sheet.cell(row, 5).value == "有误", path.stem


# --- the workbook of a ranking ------------------------------------------------------------------

SHEETS = [
    changed_sheet("甲镇", A1=NO),
    changed_sheet("乙镇", A3=NO, C1=NO, D1="7.5"),
    changed_sheet("丙镇", C2=NO, C3=NO),
    changed_sheet("丁镇", C4=NO),
    changed_sheet("戊镇", A1=NO, A3=NO, C1=NO, C2=NO, C3=NO, C4=NO),
    changed_sheet("己镇", C4="3.25", D1=2),
]


@pytest.fixture(scope="module")
def workbooks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Values]:
    """The tool's own workbook, and what LibreOffice makes of it without the figures it carried."""
    folder = tmp_path_factory.mktemp("inapplicable")
    own = content_of((RUBRIC, SHEETS), forms=True)
    load_workbook(BytesIO(own)).save(folder / "same.xlsx")
    book = load_workbook(BytesIO(own))
    changed = book["得分明细"]
    units = {cell.value: cell.row for cell in changed["B"]}
    titles = {cell.value: get_column_letter(number) for number, cell in enumerate(changed[2], 1)}
    changed[f"{titles['D1']}{units['己镇']}"] = 10
    book.save(folder / "changed.xlsx")
    paths = converted("xlsx", folder, folder / "same.xlsx", folder / "changed.xlsx")
    return {"own": values_of(own)} | {one.stem: values_of(one.read_bytes()) for one in paths}


@needs_office
def test_every_sheet_works_out_to_the_tools_own_figures(workbooks: dict[str, Values]) -> None:
    own, theirs = workbooks["own"], workbooks["same"]
    assert {sheet.unit for sheet in SHEETS} < own.keys()
    for title, rows in own.items():
        assert figures(theirs[title]) == figures(rows), title
    assert told(theirs) == told(own) == ["未改动", "未改动"]


@needs_office
def test_a_change_in_a_row_without_scaled_sections_is_followed_and_told(
    workbooks: dict[str, Values],
) -> None:
    before, after = (
        {row[1]: row for row in workbooks[name]["排名汇总"]} for name in ("own", "changed")
    )
    total = next(n for n, title in enumerate(before["单位"]) if str(title).startswith("总分"))
    assert after["己镇"][total] - before["己镇"][total] == 8
    assert after["甲镇"][total] == before["甲镇"][total]
    assert told(workbooks["changed"]) == ["已改动", "未改动"]


def test_totals_in_the_workbook_are_those_of_the_ranking() -> None:
    own = values_of(content_of((RUBRIC, SHEETS)))
    totals = {row[1]: Decimal(str(row[-3])) for row in own["得分明细"][3:9]}
    results = [score(RUBRIC, sheet) for sheet in SHEETS]
    assert totals == {one.result.unit: one.result.total for one in rank(RUBRIC, results).placings}
