"""Assessors with items of their own: forms, sheets, what is owed, and results."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from tests.support.commands import WORKBOOK, Run, codes, ranked
from tests.support.rubrics import read_rubric, read_sheet_text, sound

from epa_score import ScoreSheet, rank, score, score_panel, scoring
from epa_score.checks.assessors import owed_for
from epa_score.model import Score
from epa_score.model.assessors import JoinedSheet, join_sheets

RUBRIC = """\
id: county
title: 某县（乡镇）考核评分细则
total: 30
units: [示例甲镇, 示例乙镇]
assessors:
  - {name: 组织部, items: [A, B1, J1]}
  - {name: 商务局, items: [B2, K1, V1]}
  - {name: 财政局, items: [C]}
sections:
  - id: A
    title: 领导重视
    max: 10
    items:
      - {id: A1, max: 10, text: 迟报一次扣 1 分, rule: {deduct: {each: 1}}}
  - id: B
    title: 宣传
    max: 10
    capped: true
    items:
      - {id: B1, max: 8, text: 简报}
      - {id: B2, max: 4, text: 网站}
  - id: C
    title: 个性
    max: 10
    per_unit:
      - {units: [示例甲镇], items: [{id: C1, max: 10, text: 园区}]}
      - {units: [示例乙镇], items: [{id: C2, max: 6, text: 物流}, {id: C3, max: 4, text: 网店}]}
adjustments:
  bonus: {items: [{id: J1, text: 获表彰, each: 1, max: 2}]}
  penalty: {items: [{id: K1, text: 通报, each: 2}]}
veto: [{id: V1, text: 重大事故, effect: exclude}]
"""
WHOLE = RUBRIC.replace(
    RUBRIC[RUBRIC.index("assessors:") : RUBRIC.index("sections:")],
    "",
)
"""The same rubric, of which one assessor scores everything."""

SHEETS = {
    ("示例甲镇", "组织部"): "{A1: {value: 2}, B1: 8}\nadjustments: {J1: [某表彰]}",
    ("示例甲镇", "商务局"): "{B2: {score: 3, note: 少一期}}\nadjustments: {K1: [某通报]}",
    ("示例甲镇", "财政局"): "{C1: 7}",
    ("示例乙镇", "组织部"): "{A1: {value: 0}, B1: 5}",
    ("示例乙镇", "商务局"): "{B2: 4}",
    ("示例乙镇", "财政局"): "{C2: 6, C3: 1}",
}
TOTALS = {"示例甲镇": "24", "示例乙镇": "26"}
"""By hand: 8 + min(8 + 3, 10) + 7 + 1 - 2 = 24, and 10 + 9 + 7 = 26."""


def text_of(unit: str, assessor: str, scores: str) -> str:
    return f"rubric: county\nunit: {unit}\nassessor: {assessor}\nscores: {scores}\n"


def hand_in(unit: str, assessor: str, scores: str = "") -> Path:
    path = Path("scores", f"{unit}-{assessor}.yaml")
    path.write_text(text_of(unit, assessor, scores or SHEETS[unit, assessor]), "utf-8")
    return path


def sheet_of(unit: str, assessor: str) -> ScoreSheet:
    text = text_of(unit, assessor, SHEETS[unit, assessor])
    sheet = read_sheet_text(sound(RUBRIC), text).sheet
    assert sheet is not None
    return sheet


@pytest.fixture
def county(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("rubrics", "scores"):
        Path(name).mkdir()
    Path("rubrics", "county.yaml").write_text(RUBRIC, "utf-8")
    for unit, assessor in SHEETS:
        hand_in(unit, assessor)
    return tmp_path


# --- rubrics -----------------------------------------------------------------------------------

ASSESSORS = RUBRIC[RUBRIC.index("assessors:") : RUBRIC.index("sections:")]


@pytest.mark.parametrize(
    ("assessors", "expected"),
    [
        ("[{name: 甲, items: [A, B, C, J1, K1, V1]}]", []),
        ("[{name: 甲, items: [A, B, C, J1, K1]}]", ["EPA285"]),
        ("[{name: 甲, items: [A, B, C, J1, K1, V2]}]", ["EPA283"]),
        ("[{name: 甲, items: [A, B, C, J1, K1, V1, B1]}]", ["EPA284"]),
        ("[{name: 甲, items: [A, B, J1, K1, V1]}, {name: 乙, items: [C2, C1, C3]}]", []),
        ("[{name: 甲, items: [A, B, C, J1, K1, V1]}, {name: 乙, items: []}]", ["EPA023"]),
        ("[{name: 甲, items: [A, B, J1, K1, V1]}, {name: 甲, items: [C]}]", ["EPA282"]),
        ("[]", ["EPA023"]),
    ],
)
def test_every_item_is_one_assessors(assessors: str, expected: list[str]) -> None:
    found = read_rubric(RUBRIC.replace(ASSESSORS, f"assessors: {assessors}\n")).diagnostics
    assert [one.kind.code for one in found] == expected


def test_a_panel_has_no_assessors_of_their_own() -> None:
    text = RUBRIC.replace("\nunits:", "\npanel: {method: mean, minimum: 2}\nunits:")
    found = read_rubric(text).diagnostics
    assert "EPA281" in [one.kind.code for one in found]


def test_the_part_of_an_assessor_has_their_items_alone() -> None:
    rubric = sound(RUBRIC)
    part = rubric.part("组织 部".replace(" ", ""))
    assert part is not None
    scope = part.scope("示例甲镇")
    assert scope is not None
    assert list(scope.items) == ["A1", "B1"]
    assert part.worth("示例甲镇") == 18
    assert part.adjustments is not None
    assert part.adjustments.penalty is None
    assert part.veto == ()
    finance = rubric.part("财政局")
    assert finance is not None
    assert finance.adjustments is None
    assert finance.worth("示例乙镇") == 10
    assert rubric.part("档案局") is None
    assert sound(WHOLE).part(None) == sound(WHOLE)


def test_the_id_of_a_section_stands_for_all_that_is_in_it() -> None:
    whole = "  - id: Q\n    title: 全部\n    max: 10\n    sections:\n      - id: A\n"
    text = RUBRIC.replace("  - id: A\n", whole)
    head, _, tail = text.partition("      - id: A\n")
    inner, _, rest = tail.partition("  - id: B\n")
    inner = "".join(f"    {line}\n" for line in inner.splitlines())
    text = f"{head}      - id: A\n{inner}  - id: B\n{rest}"
    nested = sound(text.replace("items: [A, B1, J1]", "items: [Q, B1, J1]"))
    part = nested.part("组织部")
    assert part is not None
    assert [section.id for section in part.all_sections] == ["Q", "A", "B"]


# --- sheets ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("assessor", "scores", "expected"),
    [
        ("组织部", "{A1: {value: 2}, B1: 8}", []),
        ("组织部", "{A1: {value: 2}, B1: 8, B2: }", []),
        ("组织部", "{A1: {value: 2}, B1: 8, B2: 3}", ["EPA483"]),
        ("组织部", "{B2: 3, C1: 7}", ["EPA483", "EPA483"]),
        ("组织部", "{A1: {value: 2}}", ["EPA105"]),
        ("组织部", "{A1: {value: 2}, B1: 9}", ["EPA104"]),
        ("组织部", "{A1: {value: 2}, B1: 8, B9: 3}", ["EPA103"]),
        ("组织部", "{A1: {value: 2}, B1: 8}\nadjustments: {K1: [某通报]}", ["EPA483"]),
        ("商务局", "{B2: 3}\nveto: {V1: 某事故}", []),
        ("财政局", "{C1: 7}\nveto: {V1: 某事故}", ["EPA483"]),
        ("宣传部", "{A1: {value: 2}, B2: 9}", ["EPA482", "EPA104"]),
        ("组织", "{A1: {value: 2}}", ["EPA482"]),
        ("", "{A1: {value: 2}}", ["EPA482"]),
    ],
)
def test_a_sheet_holds_the_items_of_its_assessor(
    assessor: str, scores: str, expected: list[str]
) -> None:
    text = text_of("示例甲镇", assessor, scores)
    found = read_sheet_text(sound(RUBRIC), text).diagnostics
    assert [one.kind.code for one in found] == expected


def test_an_item_of_somebody_else_is_said_with_the_one_who_owes_it() -> None:
    text = text_of("示例甲镇", "商务局", "{B2: 3, B1: 8}")
    (found,) = read_sheet_text(sound(RUBRIC), text).diagnostics
    assert found.parameters["owner"] == "组织部"


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ("{}", []),
        ("{Z9: {value: 3}}", ["EPA103"]),
        ("{C1: 3}", ["EPA103"]),
        ("{C2: 9}", ["EPA483"]),
    ],
)
def test_an_assessor_without_items_of_a_unit_has_nothing_to_say(
    scores: str, expected: list[str]
) -> None:
    names = "  - {name: 财政局, items: [C1]}\n  - {name: 审计局, items: [C2, C3]}\n"
    rubric = sound(RUBRIC.replace("  - {name: 财政局, items: [C]}\n", names))
    found = read_sheet_text(rubric, text_of("示例乙镇", "财政局", scores)).diagnostics
    assert [one.kind.code for one in found] == expected


POINTS = st.decimals(0, 4, places=2)


@given(POINTS, POINTS, POINTS, st.integers(0, 12), st.permutations([0, 1, 2]))
@settings(max_examples=20)
def test_joined_sheets_come_to_what_one_sheet_of_all_items_comes_to(
    first: Decimal, second: Decimal, third: Decimal, late: int, order: list[int]
) -> None:
    rubric, whole = sound(RUBRIC), sound(WHOLE)
    texts = [
        ("组织部", f"A1: {{value: {late}}}, B1: {first}"),
        ("商务局", f"B2: {second}"),
        ("财政局", f"C2: {third}, C3: 4"),
    ]
    read = [read_sheet_text(rubric, text_of("示例乙镇", a, f"{{{b}}}")).sheet for a, b in texts]
    sheets = [read[number] for number in order]
    assert None not in sheets
    joined = join_sheets(rubric, [sheet for sheet in sheets if sheet is not None])
    scores = ", ".join(scores for _, scores in texts)
    one = read_sheet_text(whole, f"rubric: county\nunit: 示例乙镇\nscores: {{{scores}}}\n").sheet
    assert one is not None
    known = scoring.score(whole, one)
    found = scoring.score(rubric, joined)
    assert (found.total, found.sections, found.unscored) == (known.total, known.sections, ())


def test_the_library_joins_sheets_as_the_command_does() -> None:
    rubric = sound(RUBRIC)
    own = {
        unit: [sheet_of(*key) for key in SHEETS if key[0] == unit] for unit in dict(SHEETS.keys())
    }
    results = [score_panel(rubric, sheets) for sheets in own.values()]
    assert {result.unit: str(result.total) for result in results} == TOTALS
    assert [one.result.unit for one in rank(rubric, results).placings] == ["示例乙镇", "示例甲镇"]
    with pytest.raises(ValueError, match="not the sheets"):
        score_panel(rubric, [own["示例甲镇"][0], own["示例乙镇"][1]])
    with pytest.raises(ValueError, match="not the sheets"):
        score_panel(rubric, [own["示例甲镇"][0]] * 2)
    assert score(rubric, own["示例甲镇"][2]).unscored == ("A1", "B1", "B2")


def test_what_is_owed_is_what_has_items_of_the_unit() -> None:
    rubric = sound(RUBRIC)
    owed = owed_for(rubric, "示例乙镇", ["组织部"])
    assert [(one.assessor, one.items) for one in owed] == [
        ("商务局", ("B2",)),
        ("财政局", ("C2", "C3")),
    ]
    assert [one.assessor for one in owed_for(rubric, "别的镇", [])] == ["组织部", "商务局"]


# --- the command line --------------------------------------------------------------------------


@pytest.mark.usefixtures("county")
def test_units_are_ranked_by_all_sheets_together(run: Run) -> None:
    assert {one["unit"]: one["total"] for one in ranked(run)} == TOTALS
    done = run("rank", "scores")
    assert "分工：组织部 A1 B1 J1、商务局 B2 K1 V1、财政局 C1-C3" in done.said
    assert "分工：组织部 A1 B1 J1、" in run("rubrics", "show", "county").said
    assert run("validate").code == 0
    assert run("validate", "scores/示例甲镇-组织部.yaml").code == 0


@pytest.mark.usefixtures("county")
def test_what_is_missing_is_said_with_who_owes_it(run: Run) -> None:
    Path("scores", "示例甲镇-财政局.yaml").unlink()
    for command in ("validate", "rank"):
        done = run(command, "scores")
        assert done.code == 1
        said = done.text + done.said
        assert said.count("[EPA484]") == 1
        assert "【示例甲镇】还缺 1 个考核组的评分表：财政局 (C1)" in said
    assert run("validate", "scores/示例甲镇-组织部.yaml").code == 0
    found = {one["unit"]: one for one in ranked(run, "--provisional")}
    # By hand: 24 - 7 = 17, at best 17 + 10 = 27 and so before the 26 of the other.
    unit = found["示例甲镇"]
    assert (unit["total"], unit["best"], unit["worst"]) == ("17", 1, 2)
    text = run("rank", "--provisional", "--format", "md").text
    assert "暂定，1 项未评、还缺：财政局 C1" in text
    found = {one["unit"]: one for one in ranked(run, "--skip-invalid")}
    assert found["示例甲镇"]["rank"] is None
    assert found["示例乙镇"]["rank"] == 1
    done = run("status", "--rubric", "county")
    assert done.code == 1
    assert "示例甲镇\t缺考核组" in done.text
    assert "财政局 (C1)" in done.text
    assert "还有 1 个单位缺其他考核组的评分表" in done.said


@pytest.mark.usefixtures("county")
def test_a_faulty_sheet_is_there_and_owes_nothing_more(run: Run) -> None:
    hand_in("示例甲镇", "财政局", "{C1: 11}")
    assert codes(run("rank", "scores").said) == ["EPA104"]
    Path("scores", "示例甲镇-商务局.yaml").unlink()
    assert sorted(codes(run("rank", "scores").said)) == ["EPA104", "EPA484"]
    path = hand_in("示例甲镇", "财政局")
    path.write_text(path.read_text("utf-8").replace("财政局", "财务处"), "utf-8")
    assert codes(run("rank", "scores").said) == ["EPA482"]


@pytest.mark.usefixtures("county")
def test_two_sheets_of_one_assessor_are_an_error(run: Run) -> None:
    path = Path("scores", "又一张.yaml")
    path.write_text(text_of("示例甲镇", "财政局", "{C1: 8}"), "utf-8")
    done = run("rank", "scores")
    assert codes(done.said) == ["EPA114"]
    assert "财政局" in done.said


@pytest.mark.usefixtures("county")
def test_results_name_who_gave_what(run: Run) -> None:
    assert run("export", "--xlsx", "--json", "--md", "--quiet").code == 0
    tables = json.loads(Path(WORKBOOK).with_suffix(".json").read_text("utf-8"))
    given = [
        (one["unit"], one["assessor"], one["items"], one["points"]) for one in tables["assessors"]
    ]
    assert given[3:] == [
        ("示例甲镇", "组织部", "A1、B1、J1", "16"),
        ("示例甲镇", "商务局", "B2、K1、V1", "3"),
        ("示例甲镇", "财政局", "C1", "7"),
    ]
    assert {one["item"]: one["assessor"] for one in tables["deductions"]} == {
        "A1": "组织部",
        "B1": "组织部",
        "B2": "商务局",
        "C1": "财政局",
        "C3": "财政局",
    }
    book = load_workbook(WORKBOOK)
    assert {"考核组分工", "示例甲镇-组织部", "示例乙镇-财政局"} <= {*book.sheetnames}
    notes = [cell.value for row in book["得分明细"].iter_rows() for cell in row]
    assert any(str(note).startswith("分工：") for note in notes)
    for result in (WORKBOOK, str(Path(WORKBOOK).with_suffix(".json"))):
        assert run("verify", result).code == 0
    hand_in("示例甲镇", "财政局", "{C1: 8}")
    assert run("verify", WORKBOOK).code == 1
    done = run("explain", "--unit", "示例甲镇", "--format", "json", "--quiet")
    lines = json.loads(done.text)["account"]
    by = {one["line"]: one["assessor"] for one in lines}
    assert (by["A1"], by["K1"], by["小计：宣传"]) == ("组织部", "商务局", None)
    listed = load_workbook(WORKBOOK)["评分表清单"]
    assert [cell.value for cell in listed[3]][:3] == ["单位", "考核组", "文件"]


@pytest.mark.usefixtures("county")
def test_the_code_covers_all_sheets_and_no_names(run: Run) -> None:
    before = run("rank", "scores").said
    hand_in("示例甲镇", "财政局", "{C1: {score: 7, note: 另写了原因}}")
    assert run("rank", "scores").said == before
    hand_in("示例甲镇", "财政局", "{C1: 7.5}")
    assert run("rank", "scores").said != before


@pytest.mark.usefixtures("county")
def test_forms_have_a_folder_an_assessor_and_are_read_back(run: Run) -> None:
    done = run("form", "--rubric", "county", "--xlsx")
    assert done.text.splitlines() == [
        str(Path("forms", assessor, f"{unit}.xlsx"))
        for assessor in ("组织部", "商务局", "财政局")
        for unit in ("示例甲镇", "示例乙镇")
    ]
    answers: dict[str, dict[str, Any]] = {
        "组织部": {"A1-1": 2, "B1": 8},
        "商务局": {"B2": 3},
        "财政局": {"C1": 7},
    }
    for path in Path("scores").iterdir():
        if "甲镇" in path.name:
            path.unlink()
    for assessor, points in answers.items():
        book = load_workbook(Path("forms", assessor, "示例甲镇.xlsx"))
        sheet = book.worksheets[0]
        rows = {str(sheet.cell(row, 2).value): row for row in range(5, sheet.max_row + 1)}
        items = [item for item in rows if item[0] in "ABC" and "-" not in item]
        assert items == [item.partition("-")[0] for item in points]
        assert sheet["C3"].value == assessor
        for item, number in points.items():
            sheet.cell(rows[item], 5).value = number
        book.save(Path("scores", f"甲-{assessor}.xlsx"))
    assert run("validate").code == 0
    # By hand: 8 + min(8 + 3, 10) + 7, without bonus and penalty.
    assert {one["unit"]: one["total"] for one in ranked(run)} == {**TOTALS, "示例甲镇": "25"}
    assert run("convert", "scores", "-o", "again", "--quiet").code == 0
    assert len(list(Path("again").iterdir())) == 6
    assert {one["total"] for one in ranked(run, "again")} == {"25", "26"}


@pytest.mark.usefixtures("county")
def test_a_form_of_one_assessor_goes_to_stdout_or_into_a_file(run: Run) -> None:
    asked = ("form", "--rubric", "county", "--unit", "示例甲镇", "--assessor", "财政局")
    form = run(*asked).text
    assert "assessor: 财政局" in form
    assert "C1:" in form
    assert "B1:" not in form
    assert run(*asked, "--xlsx", "-o", "one.xlsx").code == 0
    assert Path("one.xlsx").exists()
    for name, nearest in (("财政", "财政局"), ("档案馆", None)):
        done = run("form", "--rubric", "county", "--assessor", name)
        assert done.code == 2
        assert ("最接近的是" in done.said) == (nearest is not None)


@pytest.mark.usefixtures("county")
def test_a_unit_of_whose_items_an_assessor_has_none_gets_no_form(run: Run) -> None:
    path = Path("rubrics", "county.yaml")
    long = "组" * 60
    names = f"  - {{name: {long}甲, items: [C1]}}\n  - {{name: {long}乙, items: [C2]}}\n"
    names += "  - {name: ..., items: [C3]}\n"
    path.write_text(RUBRIC.replace("  - {name: 财政局, items: [C]}\n", names), "utf-8")
    done = run("form", "--rubric", "county", "--xlsx")
    assert [Path(line).parts[1:] for line in done.text.splitlines()] == [
        *(("组织部", f"{unit}.xlsx") for unit in ("示例甲镇", "示例乙镇")),
        *(("商务局", f"{unit}.xlsx") for unit in ("示例甲镇", "示例乙镇")),
        (long, "示例甲镇.xlsx"),
        (f"{long}-4", "示例乙镇.xlsx"),
        ("5", "示例乙镇.xlsx"),
    ]
    for more in ((), ("--table",)):
        asked = ("form", "--rubric", "county", "--xlsx", "--assessor", f"{long}甲", *more)
        done = run(*asked, "--unit", "示例乙镇")
        assert done.code == 2
        assert "没有评分表可写" in done.said
    for unit, assessor, scores in (
        ("示例甲镇", f"{long}甲", "{C1: 7}"),
        ("示例乙镇", f"{long}乙", "{C2: 6}"),
        ("示例乙镇", "...", "{C3: 1}"),
    ):
        hand_in(unit, assessor.replace(long, "组"), scores).write_text(
            text_of(unit, assessor, scores), "utf-8"
        )
    for unit in TOTALS:
        Path("scores", f"{unit}-财政局.yaml").unlink()
    assert {one["unit"]: one["total"] for one in ranked(run)} == TOTALS
    assert run("export", "--json", "--quiet").code == 0
    tables = json.loads(Path(WORKBOOK).with_suffix(".json").read_text("utf-8"))
    shares = [(one["unit"], one["assessor"]) for one in tables["assessors"]]
    assert len(shares) == 7
    assert ("示例乙镇", f"{long}甲") not in shares


@pytest.mark.usefixtures("county")
def test_a_table_of_units_is_one_an_assessor(run: Run) -> None:
    done = run("form", "--rubric", "county", "--xlsx", "--table")
    folders = [Path(line).parts[1] for line in done.text.splitlines()]
    assert folders == ["组织部", "商务局", "财政局"]
    book = load_workbook(Path("forms", "商务局", "登记表.xlsx"))
    sheet = book.worksheets[0]
    for row, points in ((8, 3), (9, 4)):
        assert str(sheet.cell(row, 1).value).startswith("示例")
        sheet.cell(row, 2).value = points
    for path in Path("scores").glob("*商务局*"):
        path.unlink()
    book.save(Path("scores", "商务局.xlsx"))
    assert run("validate").code == 0
    assert {one["unit"]: one["total"] for one in ranked(run)} == {**TOTALS, "示例甲镇": "26"}
    asked = ("form", "--rubric", "county", "--xlsx", "--table", "--assessor", "财政局")
    assert run(*asked, "-o", "one.xlsx").code == 0


@pytest.mark.usefixtures("county")
def test_none_of_an_assessors_items_may_apply_but_some_of_all(run: Run) -> None:
    text = RUBRIC.replace("text: 简报", "text: 简报").replace("capped: true\n    ", "")
    text = text.replace("max: 8, text: 简报", "max: 6, not_applicable: exclude, text: 简报")
    text = text.replace("text: 网站", "text: 网站, not_applicable: exclude")
    Path("rubrics", "county.yaml").write_text(text, "utf-8")
    hand_in("示例甲镇", "商务局", "{B2: {not_applicable: 没有网站}}")
    hand_in("示例甲镇", "组织部", "{A1: {value: 2}, B1: 6}")
    assert run("validate").code == 0
    assert {one["total"] for one in ranked(run)} >= {"21"}  # 8 + 6 + 7


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in a folder with empty folders for rubrics and scores."""
    monkeypatch.chdir(tmp_path)
    for name in ("rubrics", "scores"):
        Path(name).mkdir()


NONE = """\
id: county
title: 某县考核评分细则
total: 10
assessors: [{name: 组织部, items: [A1]}, {name: 商务局, items: [A2]}]
sections:
  - id: A
    title: 工作
    max: 10
    items:
      - {id: A1, max: 6, text: 一, not_applicable: exclude}
      - {id: A2, max: 4, text: 二, not_applicable: exclude}
"""


@pytest.mark.usefixtures("folders")
def test_a_unit_to_which_nothing_applies_is_an_error(run: Run) -> None:
    Path("rubrics", "county.yaml").write_text(NONE, "utf-8")
    hand_in("示例甲镇", "组织部", "{A1: {not_applicable: 没有一}}")
    assert run("validate", "scores/示例甲镇-组织部.yaml").code == 0
    hand_in("示例甲镇", "商务局", "{A2: {not_applicable: 没有二}}")
    assert codes(run("rank", "scores").said) == ["EPA423"]
    hand_in("示例甲镇", "商务局", "{A2: 3}")
    assert [one["total"] for one in ranked(run)] == ["3"]


@pytest.mark.usefixtures("folders")
@pytest.mark.parametrize("treatment", ["exclude", "rescale_total"])
def test_to_the_only_assessor_something_applies(run: Run, treatment: str) -> None:
    text = NONE.replace("exclude", treatment)
    text = text.replace("items: [A1]}, {name: 商务局, items: [A2]}", "items: [A]}")
    Path("rubrics", "county.yaml").write_text(text, "utf-8")
    none = "{A1: {not_applicable: 没有一}, A2: {not_applicable: 没有二}}"
    hand_in("示例甲镇", "组织部", none)
    for command in ("total", "rank"):
        assert codes(run(command, "scores").said) == ["EPA423"]
    why = Score(not_applicable="没有")
    sheet = ScoreSheet(
        rubric="county", unit="示例甲镇", assessor="组织部", scores={"A1": why, "A2": why}
    )
    with pytest.raises(ValueError, match="EPA423"):
        score(sound(text), sheet)


@pytest.mark.usefixtures("folders")
@pytest.mark.parametrize("blank", ["", " "])
def test_a_mean_of_nobody_is_said_where_it_stands(run: Run, blank: str) -> None:
    text = NONE.replace("exclude", "peer_mean")
    Path("rubrics", "county.yaml").write_text(text, "utf-8")
    for unit in TOTALS:
        hand_in(f"{unit[:2]}{blank}{unit[2:]}", "组织部", "{A1: {not_applicable: 没有一}}")
        hand_in(unit, "商务局", "{A2: 4}")
    said = run("rank", "scores").said
    assert codes(said) == ["EPA424", "EPA424"]
    assert said.count("组织部.yaml") == 2
    hand_in(f"示例{blank}乙镇", "组织部", "{A1: 3}")
    assert {one["unit"]: one["total"] for one in ranked(run)} == dict.fromkeys(TOTALS, "7")


@pytest.mark.usefixtures("folders")
def test_forms_stand_by_rank_however_assessors_spell_a_unit(run: Run) -> None:
    Path("rubrics", "county.yaml").write_text(NONE, "utf-8")
    for unit, points in {"甲镇": 1, "乙镇": 2}.items():
        hand_in(unit, "组织部", f"{{A1: {points}}}")
        hand_in(f"{unit[0]} {unit[1]}", "商务局", f"{{A2: {points}}}")
    assert run("export", "--xlsx").code == 0
    names = load_workbook(WORKBOOK).sheetnames[-4:]
    assert [name[0] for name in names] == ["乙", "乙", "甲", "甲"]


def test_a_joined_sheet_knows_its_sheets() -> None:
    rubric = sound(RUBRIC)
    sheets = [sheet_of("示例甲镇", name) for name in ("财政局", "组织部")]
    joined = join_sheets(rubric, sheets)
    assert isinstance(joined, JoinedSheet)
    assert [sheet.assessor for sheet in joined.sheets] == ["组织部", "财政局"]
    assert list(joined.scores) == ["A1", "B1", "C1"]
