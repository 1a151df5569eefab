"""Self scores: read as strictly as points, shown beside them, never counted."""

import io
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from tests.support.commands import WORKBOOK, Run, codes
from tests.support.forms import Edit, edited, put, row_of
from tests.support.rubrics import read_rubric, read_sheet_text, sheet_of_scores, sound

from epa_score import Rubric, score
from epa_score.exporters.xlsx.form import Form, write_form
from epa_score.exporters.yaml import yaml_form, yaml_sheet
from epa_score.i18n import Words
from epa_score.model.rubric_options import SelfScore
from epa_score.readers.files import READERS
from epa_score.readers.rubrics import RubricFile, RubricLibrary
from epa_score.readers.sheets import SheetFile, sheet_of

RUBRIC = """\
id: county
title: 某县考核评分细则
total: 12
self_score: {gap: 2}
sections:
  - id: A
    title: 日常工作
    max: 12
    items:
      - {id: A1, max: 4, text: 台账, not_applicable: full}
      - {id: A2, max: 6, text: 网店, rule: {count: {each: 2}}}
      - {id: A3, max: 2, text: 宣传}
"""
WITHOUT = RUBRIC.replace("self_score: {gap: 2}\n", "")
SCORES = """\
A1: {score: 3, self_score: 3.5}
A2: {value: 1, self_score: 6}
A3: 2
"""


@pytest.fixture
def county(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("rubrics", "scores"):
        Path(name).mkdir()
    Path("rubrics", "county.yaml").write_text(RUBRIC, "utf-8")
    return tmp_path


def hand_in(unit: str, *scores: str) -> Path:
    path = Path("scores", f"{unit}.yaml")
    lines = "".join(f"  {line}\n" for line in scores)
    path.write_text(f"rubric: county\nunit: {unit}\nscores:\n{lines}", "utf-8")
    return path


def blank_form(rubric: Rubric) -> bytes:
    written = io.BytesIO()
    write_form(Form(rubric, "示例甲镇"), written, Words("zh_CN"))
    return written.getvalue()


def library_of(rubric: Rubric) -> RubricLibrary:
    return RubricLibrary(given=RubricFile("rubric.yaml", b"", rubric, ()))


def read_form(data: bytes, library: RubricLibrary) -> SheetFile:
    (source,) = READERS[".xlsx"]("甲镇.xlsx", data)
    return sheet_of(data, source, library, incomplete=False)


def fill(*edits: Edit) -> Edit:
    """The points of every item, and what else was typed."""

    def edit(workbook: Any) -> None:
        for one in (put("A1", "E", 3), put("A2-1", "E", 1), put("A3", "E", 2), *edits):
            one(workbook)

    return edit


# --- rubrics -----------------------------------------------------------------------------------


def test_true_and_a_mapping_ask_for_self_scores_and_false_does_not() -> None:
    asked = {"true": SelfScore(), "{}": SelfScore(), "{gap: 1}": SelfScore(gap=Decimal(1))}
    for text, known in asked.items():
        assert sound(RUBRIC.replace("{gap: 2}", text)).self_score == known
    assert sound(RUBRIC.replace("{gap: 2}", "false")).self_score is None
    again = sound(RUBRIC)
    assert Rubric.model_validate(again.model_dump()) == again
    assert again.model_copy(update={"self_score": SelfScore()}).self_score == SelfScore()
    given = {**again.model_dump(), "self_score": SelfScore()}
    assert Rubric.model_validate(given).self_score == SelfScore()


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "EPA023"), ("maybe", "EPA025"), ("{gap: 6}", "EPA280"), ("{gap: }", "EPA023")],
)
def test_other_values_are_errors(text: str, code: str) -> None:
    found = read_rubric(RUBRIC.replace("{gap: 2}", text)).diagnostics
    assert [one.kind.code for one in found] == [code]


# --- sheets ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ("A1: {score: 3, self_score: 六分}", ["EPA106"]),
        ("A1: {score: 3, self_score: 4.5}", ["EPA480"]),
        ("A1: {score: 3, self_score: 3.333}", ["EPA480"]),
        ("A1: {score: 3, self_score: 0}", ["EPA481"]),
        ("A1: {score: 3, self_score: 1}", []),
        ("A1: {score: 3, self_score: }", []),
        ("A1: {self_score: 3}", ["EPA105"]),
        ("A1: {not_applicable: 没有网店, self_score: 0}", []),
        ("A1: 3\nA9: {score: 3, self_score: 9}", ["EPA103"]),
    ],
)
def test_self_scores_are_read_as_strictly_as_points(scores: str, expected: list[str]) -> None:
    lines = (*scores.splitlines(), "A2: {value: 1}", "A3: 2")
    text = "rubric: county\nunit: 示例甲镇\nscores:\n" + "".join(f"  {one}\n" for one in lines)
    found = read_sheet_text(sound(RUBRIC), text).diagnostics
    assert [one.kind.code for one in found] == expected


@pytest.mark.parametrize("given", ["3.5", "六分", ""])
def test_without_self_scores_in_the_rubric_they_are_an_unknown_field(given: str) -> None:
    text = f"rubric: county\nunit: 示例甲镇\nscores:\n  A1: {{score: 3, self_score: {given}}}\n"
    found = read_sheet_text(sound(WITHOUT), text + "  A2: {value: 1}\n  A3: 2\n").diagnostics
    assert [one.kind.code for one in found] == ["EPA020"]


@given(st.sampled_from(["0", "1.5", "4"]), st.sampled_from(["0", "3.25", "6"]))
@settings(max_examples=9)
def test_a_self_score_changes_no_total_and_no_code(first: str, second: str) -> None:
    rubric = sound(RUBRIC.replace("{gap: 2}", "true"))
    plain = sheet_of_scores(rubric, "A1: 3\nA2: {value: 1}\nA3: 2\n")
    more = sheet_of_scores(
        rubric,
        f"A1: {{score: 3, self_score: {first}}}\nA2: {{value: 1, self_score: {second}}}\nA3: 2\n",
    )
    assert score(rubric, plain) == score(rubric, more)
    assert more.self_scores == {"A1": Decimal(first), "A2": Decimal(second)}


def test_forms_in_yaml_ask_for_self_scores_and_sheets_keep_them() -> None:
    rubric = sound(RUBRIC)
    form = yaml_form(rubric, "示例甲镇", Words("zh_CN"))
    assert form.count("self_score:") == 3
    assert read_sheet_text(rubric, form, incomplete=True).diagnostics == ()
    sheet = sheet_of_scores(rubric, SCORES)
    assert read_sheet_text(rubric, yaml_sheet(sheet)).sheet == sheet


# --- forms in Excel ----------------------------------------------------------------------------


def test_a_form_has_a_column_for_self_scores_that_is_read_back() -> None:
    rubric = sound(RUBRIC)
    blank = blank_form(rubric)
    titles = [cell.value for cell in load_workbook(io.BytesIO(blank)).worksheets[0][4]]
    assert titles[3:7] == ["分值", "得分", "自评分", "扣分原因"]
    data = edited(fill(put("A1", "F", 3.5), put("A2", "F", 2), put("A1", "G", "少一份")), blank)
    found = read_form(data, library_of(rubric))
    assert found.diagnostics == ()
    assert found.sheet is not None
    assert found.sheet.self_scores == {"A1": Decimal("3.5"), "A2": Decimal(2)}
    assert found.sheet.score("A1").note == "少一份"
    written = io.BytesIO()
    write_form(Form(rubric, "示例甲镇", found.sheet), written, Words("zh_CN"))
    assert read_form(written.getvalue(), library_of(rubric)).sheet == found.sheet


def hide_self_scores(workbook: Any) -> None:
    workbook.worksheets[0].column_dimensions["F"].hidden = True


def merge_self_scores(workbook: Any) -> None:
    sheet, row = workbook.worksheets[0], row_of(workbook, "A1")
    sheet.merge_cells(f"F{row}:F{row + 1}")


def name_twice(workbook: Any) -> None:
    workbook.worksheets[0]["H4"] = "自评分"


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (put("A1", "F", "六分"), {"EPA106"}),
        (put("A1", "F", 4.5), {"EPA480"}),
        (put("A1", "F", "=1+1"), {"EPA311"}),
        (put("A1", "F", 1), set()),
        (put("A3", "F", 1.5, number_format="0"), {"EPA324"}),
        (put("A2-1", "F", 1), {"EPA327"}),
        (hide_self_scores, {"EPA318"}),
        (merge_self_scores, {"EPA315"}),
        (name_twice, {"EPA306"}),
    ],
)
def test_cells_of_self_scores_are_accounted_for(edit: Edit, expected: set[str]) -> None:
    rubric = sound(RUBRIC)
    data = edited(fill(put("A1", "F", 3), edit), blank_form(rubric))
    found = read_form(data, library_of(rubric)).diagnostics
    assert {one.kind.code for one in found} == expected


@pytest.mark.parametrize("given", [3.5, "六分", "=1+2"])
def test_a_form_whose_rubric_has_no_self_scores_any_more_is_read_without(given: Any) -> None:
    old, new = sound(RUBRIC), sound(WITHOUT)
    data = edited(fill(put("A1", "F", given)), blank_form(old))
    found = read_form(data, library_of(new))
    assert [one.kind.code for one in found.diagnostics] == ["EPA327"]
    assert found.sheet is not None
    assert found.sheet.self_scores == {}
    assert read_form(edited(fill(), blank_form(old)), library_of(new)).diagnostics == ()


def test_a_form_that_went_out_before_there_were_self_scores_is_still_read() -> None:
    found = read_form(edited(fill(), blank_form(sound(WITHOUT))), library_of(sound(RUBRIC)))
    assert found.diagnostics == ()
    assert found.sheet is not None


def test_a_form_of_no_known_rubric_is_said_to_be_that() -> None:
    data = edited(fill(put("A1", "F", 3)), blank_form(sound(RUBRIC)))
    found = read_form(data, RubricLibrary()).diagnostics
    assert [one.kind.code for one in found] == ["EPA101"]


def test_a_copy_of_the_worksheet_alone_is_read_with_its_self_scores() -> None:
    def drop_record(workbook: Any) -> None:
        fill(put("A1", "F", 3.5))(workbook)
        del workbook[workbook.sheetnames[-1]]

    rubric = sound(RUBRIC)
    found = read_form(edited(drop_record, blank_form(rubric)), library_of(rubric))
    assert found.sheet is not None
    assert found.sheet.self_scores == {"A1": Decimal("3.5")}


def test_a_table_of_units_has_no_column_for_them(county: Path, run: Run) -> None:
    done = run("form", "--rubric", "county", "--xlsx", "--table")
    assert done.code == 2
    assert "自评分" in done.said
    assert list(county.glob("forms/*")) == []


# --- results -----------------------------------------------------------------------------------


@pytest.mark.usefixtures("county")
def test_they_stand_beside_the_points_in_every_format(run: Run) -> None:
    hand_in("示例甲镇", *SCORES.splitlines())
    hand_in("示例乙镇", "A1: {not_applicable: 没有网店, self_score: 4}", "A2: {value: 3}", "A3: 1")
    done = run("explain", "--unit", "示例甲镇", "--format", "json", "--quiet")
    lines = {one["line"]: one for one in json.loads(done.text)["account"]}
    # By hand: 3.5 - 3 = 0.5; 6 - 2 = 4; A3 was not scored by the unit.
    assert (lines["A1"]["self_score"], lines["A1"]["self_difference"]) == ("3.5", "0.5")
    assert (lines["A2"]["self_score"], lines["A2"]["self_difference"]) == ("6", "4")
    assert (lines["A3"]["self_score"], lines["A3"]["self_difference"]) == (None, None)
    assert lines["总分"]["score"] == "7"  # 3 + 2 + 2
    assert run("export", "--xlsx", "--json", "--md", "--quiet").code == 0
    tables = json.loads(Path(WORKBOOK).with_suffix(".json").read_text("utf-8"))
    found = [
        (one["unit"], one["item"], one["self_score"], one["score"], one["difference"])
        for one in tables["self_scores"]
    ]
    assert found == [
        ("示例乙镇", "A1", "4", "不适用", None),
        ("示例甲镇", "A1", "3.5", "3", "0.5"),
        ("示例甲镇", "A2", "6", "2", "4"),
    ]
    assert "自评对照" in Path(WORKBOOK).with_suffix(".md").read_text("utf-8")
    sheet = load_workbook(WORKBOOK)["自评对照"]
    formulas = [cell.value for cell in sheet["F"] if str(cell.value).startswith("=ROUND")]
    assert formulas == ["=ROUND(D8-E8,1)", "=ROUND(D9-E9,1)"]
    stored = load_workbook(WORKBOOK, data_only=True)["自评对照"]
    assert (stored["F8"].value, stored["F9"].value) == (0.5, 4)
    forms = load_workbook(WORKBOOK)["示例甲镇"]
    assert [forms.cell(6, column).value for column in (5, 6)] == [3, 3.5]
    for result in (WORKBOOK, str(Path(WORKBOOK).with_suffix(".json"))):
        assert run("verify", result).code == 0
    Path("scores", "示例甲镇.yaml").write_text(
        Path("scores", "示例甲镇.yaml").read_text("utf-8").replace("3.5", "3.25"), "utf-8"
    )
    done = run("verify", WORKBOOK)
    assert done.code == 1
    assert "EPA600" in codes(done.text + done.said)


@pytest.mark.usefixtures("county")
def test_a_self_score_far_from_the_points_is_a_warning(run: Run) -> None:
    hand_in("示例甲镇", *SCORES.splitlines())
    for command in ("validate", "rank", "total"):
        done = run(command, "scores")
        assert done.code == 0
        said = done.text + done.said
        assert said.count("EPA481") == 1
        assert "A2：自评 6 分，得 2 分，相差 4 分" in said
