"""Vetoes that follow from points: in forms and sheets, in every result, and verified again."""

import json
from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.support.commands import Run, by_unit, codes, ranked
from tests.support.composites import hand_in, write_composite
from tests.support.paths import copy_example


@pytest.fixture
def standards(folder: Path) -> Path:
    """The example with conditions, in the current folder."""
    return copy_example("standards", folder)


@pytest.mark.usefixtures("standards")
def test_the_result_says_each_condition_with_its_figures(run: Run) -> None:
    found = {row["unit"]: row for row in ranked(run)}
    assert found["示例乙镇"]["veto"] == "V3 领导重视得 14 分，低于满分 25 分的 60%（15 分）"
    assert found["示例戊乡"]["veto"].startswith("V5 第 B1 项得 9.5 分，低于 10 分")
    assert found["示例戊乡"]["total"] == "0"
    assert found["示例丙镇"]["sections"]["C"] == "0"
    outcome = run("rank")
    assert "总分计 0 分，农产品没有销路的总分不计：第 B1 项得 9.5 分，低于 10 分" in outcome.text
    assert "附条件的否决（V2、V3、V4、V5、V6）由得分推出" in outcome.said
    assert by_unit(run("total", "--format", "json"), "total")["示例戊乡"] == "0"
    assert "宣传计 0 分" in run("total").text


@pytest.mark.usefixtures("standards")
def test_the_lines_of_a_unit_say_what_was_taken(run: Run) -> None:
    outcome = run("explain", "--unit", "示例戊乡")
    assert "按条件计 0 分（V5）" in outcome.text
    assert "67.5 + 2 = 69.5；按 V5 计 0 分" in outcome.text
    assert "按条件计 0 分（V4）" in run("explain", "--unit", "示例丙镇").text
    assert "成效达不到 70% 的不得评为优秀" in outcome.said


@pytest.mark.usefixtures("standards")
def test_no_form_has_a_line_for_a_condition(run: Run) -> None:
    text = run("form", "--rubric", "standards", "--unit", "示例己乡").text
    assert "V1:" in text
    assert not any(f"V{number}:" in text for number in range(2, 7))
    assert "总分计 0 分" in run("rubrics", "show", "standards").text


def test_a_form_in_excel_leaves_what_may_be_zero_to_the_program(standards: Path, run: Run) -> None:
    assert run("form", "--xlsx", "--rubric", "standards", "--unit", "示例己乡").code == 0
    (path,) = Path("forms").glob("*.xlsx")
    book = load_workbook(path)
    page = book.worksheets[0]
    rows = {str(row[1].value or row[0].value): row for row in page.iter_rows()}
    assert not any(f"V{number}" in rows for number in range(2, 7))
    labels = ("小\u3000计", "合\u3000\u3000计")
    sums = [row for row in page.iter_rows() if {row[0].value, row[1].value} & {*labels}]
    shown = [str(row[4].value) for row in sums]
    # A has a rule, B follows its points, C may be 0, and so may the total.
    assert [text if text == "待计算" else text[:1] for text in shown] == [
        "待计算",
        "=",
        "待计算",
        "待计算",
    ]
    for item, points in {"A1": 14, "B1": 9.5, "B2": 20, "C1": 14}.items():
        rows[item][4].value = points
        rows[item][5].value = "有不足"
    rows["A2-1"][4].value = 0
    book.save(standards / "scores" / "示例己乡.xlsx")
    outcome = run("validate", "scores")
    assert outcome.code == 0, outcome.text
    found = {row["unit"]: row for row in ranked(run)}
    assert found["示例己乡"]["total"] == "0"


def test_a_table_of_units_leaves_the_total_to_the_program(standards: Path, run: Run) -> None:
    rubric = standards / "rubrics" / "standards.yaml"
    text = rubric.read_text("utf-8")
    kept = text.replace("rule: {deduct: {each: 1}}", "", 1).replace(", }", "}")
    kept = kept.partition("adjustments:")[0] + "veto:" + kept.partition("veto:")[2]
    rubric.write_text(kept.replace("每缺会一次扣 1 分。, }", "每缺会一次扣 1 分。}"), "utf-8")
    assert run("form", "--xlsx", "--table", "--rubric", "standards", "--unit", "示例己乡").code == 0
    (path,) = Path("forms").glob("*.xlsx")
    cells = [
        str(cell.value) for row in load_workbook(path).worksheets[0].iter_rows() for cell in row
    ]
    assert "待计算" in cells


@pytest.mark.usefixtures("standards")
def test_results_in_every_format_are_verified(run: Run) -> None:
    assert run("export", "--xlsx", "--json", "--csv", "--md").code == 0
    for path in ("排名汇总.xlsx", "排名汇总.json", "排名汇总.csv"):
        outcome = run("verify", path)
        assert outcome.code == 0, outcome.text + outcome.said
    data = json.loads(Path("排名汇总.json").read_text("utf-8"))
    (working,) = (
        row for row in data["workings"] if row["unit"] == "示例乙镇" and row["item"] == "V3"
    )
    assert working["working"] == "领导重视得 14 分，低于满分 25 分的 60%（15 分）"
    rates = {row["unit"]: row["total"] for row in data["rates"]}
    assert rates["示例丙镇"] == "0.64"  # 51 of 80
    assert "示例丙镇、示例丁乡、示例戊乡 有按条件计 0 分的部分" in Path("排名汇总.md").read_text(
        "utf-8"
    )


@pytest.mark.usefixtures("standards")
def test_a_workbook_keeps_what_may_be_zero_and_says_so(run: Run) -> None:
    assert run("export", "--xlsx").code == 0
    book = load_workbook("排名汇总.xlsx")
    page = book["排名汇总"]
    rows = {str(row[1].value): row for row in page.iter_rows()}
    (heads,) = (row for row in page.iter_rows() if row[0].value == "名次")
    titles = [str(cell.value or "").partition("（")[0].strip() for cell in heads]
    own = [str(cell.value).startswith("=") for cell in rows["示例丙镇"]]
    named = ("领导重视", "工作成效", "宣传", "基本分", "加分", "总分", "等次")
    live = {title: own[titles.index(title)] for title in named}
    assert [live[title] for title in named] == [True, True, False, False, True, False, False]
    notes = [str(row[0].value) for row in page.iter_rows()]
    assert sum("附条件的否决和按条件计的 0 分是导出时的" in note for note in notes) == 1
    assert not any("有不适用项目的单位，折算的" in note for note in notes)
    scores = book["得分明细"]
    total = [str(cell.value) for row in scores.iter_rows() for cell in row if cell.column == 11]
    assert not any(text.startswith("=ROUND(SUM") for text in total)
    form = {str(row[0].value): row for row in book["示例戊乡"].iter_rows()}
    whole = next(row for label, row in form.items() if label.startswith("合"))
    assert str(whole[4].value).startswith("=IF(IF(COUNTA(")
    assert "=69.5,0," in str(whole[4].value)
    assert whole[5].value == "按条件计 0 分（V5）"
    shown = load_workbook("排名汇总.xlsx", data_only=True)["示例丙镇"]
    values = [row[4].value for row in shown.iter_rows() if "计" in str(row[1].value)]
    assert 0 in values


def test_a_sheet_that_names_a_condition_is_told_that_it_follows(standards: Path, run: Run) -> None:
    path = standards / "scores" / "示例甲镇.yaml"
    path.write_text(path.read_text("utf-8") + "veto:\n  V3: 负责人兼职\n", "utf-8")
    assert codes(run("validate", path).text) == ["EPA491"]


def test_a_provisional_ranking_reckons_with_what_may_become_zero(standards: Path, run: Run) -> None:
    path = standards / "scores" / "示例甲镇.yaml"
    path.write_text(
        path.read_text("utf-8").replace("B1: {score: 36, note: 2户滞销}", "B1:"), "utf-8"
    )
    found = {row["unit"]: row for row in ranked(run, "--provisional")}
    own = found["示例甲镇"]
    # 24 + 18 + 12 + 2 = 56 so far; with 10 or more for B1 it has 66 to 96, with less nothing.
    assert (own["total"], own["rank"], own["best"], own["worst"]) == ("56", 2, 1, 4)
    assert "只是上下限" in run("rank", "--provisional").said or own["veto"] is None
    outcome = run("rank", "--provisional", "--format", "json")
    assert json.loads(outcome.text)[1]["veto"] is None


def test_what_is_excluded_by_a_condition_is_not_ranked_provisionally(
    standards: Path, run: Run
) -> None:
    rubric = standards / "rubrics" / "standards.yaml"
    text = rubric.read_text("utf-8").replace(
        "定为不合格, effect: fail", "不参加排名, effect: exclude"
    )
    rubric.write_text(
        text + "units: [示例甲镇, 示例乙镇, 示例丙镇, 示例丁乡, 示例戊乡, 示例己乡]\n", "utf-8"
    )
    assert run("rank").code == 0
    outcome = run("rank", "--provisional")
    assert codes(outcome.text + outcome.said) == ["EPA117", "EPA492"]
    assert "示例己乡" in outcome.text + outcome.said
    rubric.write_text(text, "utf-8")
    assert run("rank", "--provisional").code == 0


COMPOSED = """\
veto:
  - {id: V1, text: 不到 50 分的不参加排名, effect: exclude, when: {of: total, below: 50}}
  - {id: V2, text: 不到 80 分的不评优, effect: bar, when: {of: A1, below: 80%}}
  - {id: V3, text: 不到 70 分的不计分, effect: zero, zeroes: A, when: {of: A, below: 70}}
bands:
  - {name: 优秀, at_least: 90}
  - {name: 合格, at_least: 0}
"""


@pytest.mark.usefixtures("year")
def test_conditions_of_a_source_hold_in_the_whole(run: Run) -> None:
    rubric = Path("rubrics", "annual.yaml")
    rubric.write_text(rubric.read_text("utf-8") + COMPOSED, "utf-8")
    source = '{name: 年终, weight: 100, rubric: annual, period: "2018", paths: [annual]}'
    bands = "bands: [{name: 先进, at_least: 75}, {name: 其他, at_least: 0}]\n"
    write_composite(source, more=bands, rounding="")
    hand_in("annual", "甲镇", "2018", 79)
    hand_in("annual", "乙镇", "2018", 49)
    hand_in("annual", "丙镇", "2018", 65)
    found = {row["unit"]: row for row in ranked(run, "--composite", "year.yaml")}
    assert (found["甲镇"]["rank"], found["甲镇"]["total"], found["甲镇"]["band"]) == (
        1,
        "79",
        "其他",
    )
    assert (found["丙镇"]["rank"], found["丙镇"]["total"]) == (2, "0")
    assert found["乙镇"]["rank"] is None
    text = run("rank", "--composite", "year.yaml").text
    assert "来源里有否决，不到 70 分的不计分：工作得 65 分，低于 70 分" in text
    assert run("explain", "--unit", "丙镇", "--composite", "year.yaml").code == 0
