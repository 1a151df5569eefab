"""Adjustments in every result: rankings, accounts, exports and the rubric itself."""

import json
from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.support.adjustments import RUBRIC, TEXT, sheet_with, shown
from tests.support.commands import Run

from epa_score import rank, score
from epa_score.i18n import Words
from epa_score.reports.listings import rubric_table
from epa_score.reports.workings import workings_table


@pytest.fixture
def hand_in(folder: Path) -> Path:
    (folder / "rubrics").mkdir()
    (folder / "scores").mkdir()
    (folder / "rubrics" / "county.yaml").write_text(TEXT, "utf-8")
    for unit, facts in {
        "甲": "{J1: [甲奖, 乙奖, 丙奖], J2: [甲奖, 丁奖], K1: 县通报}",
        "乙": "{K1: [一报, 二报, 三报]}",
        "丙": "{}",
    }.items():
        base = {"甲": "A1: 50, B1: 30", "乙": "A1: 0, B1: 1.5", "丙": "A1: 60, B1: 40"}[unit]
        sheet = f"rubric: county\nunit: {unit}\nscores: {{{base}}}\nadjustments: {facts}\n"
        (folder / "scores" / f"{unit}.yaml").write_text(sheet, "utf-8")
    return folder


@pytest.mark.usefixtures("hand_in")
def test_base_bonus_and_penalty_have_columns_of_their_own(run: Run) -> None:
    outcome = run("rank")
    assert shown(outcome.text) == [
        [
            "名次",
            "单位",
            "甲（60）",
            "乙（40）",
            "基本分（100）",
            "加分（6）",
            "减分",
            "总分",
            "备注",
        ],
        ["1", "丙", "60", "40", "100", "0", "0", "100", ""],
        ["2", "甲", "50", "30", "80", "5", "1.5", "83.5", ""],
        ["3", "乙", "0", "1.5", "1.5", "0", "4", "0", ""],
    ]
    assert "总分是基本分加上加分、减去减分，最低 0 分，可以超过满分" in outcome.said
    total = run("total", "--format", "json").text
    one = next(one for one in json.loads(total) if one["unit"] == "甲")
    assert (one["base"], one["bonus"], one["penalty"], one["total"]) == ("80", "5", "1.5", "83.5")
    assert "基本分（100）,加分（6）,减分,总分" in run("rank", "--format", "csv").text


@pytest.mark.parametrize(
    ("way", "note"), [("bonus", "with the bonus, and may"), ("penalty", "less the penalty, and 0")]
)
def test_a_rubric_may_have_one_way_alone(hand_in: Path, run: Run, way: str, note: str) -> None:
    other = "penalty" if way == "bonus" else "bonus"
    start, end = TEXT.index(f"  {other}:"), TEXT.find("  penalty:")
    text = TEXT[:start] + (TEXT[end:] if other == "bonus" else "")
    (hand_in / "rubrics" / "county.yaml").write_text(text, "utf-8")
    facts = "J2: [甲奖]" if way == "bonus" else "K2: [三月]"
    for path in (hand_in / "scores").iterdir():
        lines = path.read_text("utf-8").partition("adjustments")[0]
        path.write_text(f"{lines}adjustments: {{{facts}}}\n", "utf-8")
    outcome = run("rank", "--format", "json", lang="en")
    assert note in outcome.said
    assert {(way in one, other in one) for one in json.loads(outcome.text)} == {(True, False)}
    account = run("explain", "--unit", "甲").text
    assert "80 + 1 = 81" in account or "80 - 0.5 = 79.5" in account
    assert run("export", "--xlsx").code == 0
    page = load_workbook("排名汇总.xlsx")["得分明细"]
    assert page["G6"].value in (
        "=ROUND(MAX(0,SUM(C6:D6,F6)),2)",
        "=ROUND(MAX(0,SUM(C6:D6)-SUM(F6)),2)",
    )


@pytest.mark.usefixtures("hand_in")
def test_an_account_shows_every_fact_and_what_was_not_counted(run: Run) -> None:
    account, _, gap = run("explain", "--unit", "甲").text.partition("\n\n")
    assert shown(account)[5:] == [
        ["", "基本分", "100", "80", "20", ""],
        ["J1", "省级表彰", "4", "4", "", "甲奖、乙奖、丙奖：3 x 2 = 6；最高 4 分"],
        ["J2", "市级表彰", "", "1", "", "丁奖：1 x 1 = 1；甲奖 计入 J1，只计一次"],
        ["", "加分", "6", "5", "", "4 + 1 x 1 = 5"],
        ["K1", "通报批评", "4", "-1.5", "", "县通报：1 x 1.5 = 1.5"],
        ["", "减分", "", "-1.5", "", "1 x 1.5 = 1.5"],
        ["", "总分", "", "83.5", "", "80 + 5 - 1.5 = 83.5"],
    ]
    assert shown(gap)[-6:] == [
        ["J1", "省级表彰", "4", "0", "+4"],
        ["J2", "市级表彰", "1", "0", "+1"],
        ["", "加分", "5", "0", "+5"],
        ["K1", "通报批评", "-1.5", "0", "-1.5"],
        ["", "减分", "-1.5", "0", "-1.5"],
        ["", "总分", "83.5", "100", "-16.5"],
    ]
    one = run("explain", "--unit", "甲", "--item", "J2").text
    assert [row[0] for row in shown(one)] == ["编号", "J2", "", "编号", "J2"]
    poor = shown(run("explain", "--unit", "乙").text.partition("\n\n")[0])
    assert poor[-2] == ["", "最低 0 分", "", "2.5", "", ""]
    assert poor[-1] == ["", "总分", "", "0", "", "1.5 + 0 - 4 = -2.5；最低 0 分"]
    good = shown(run("explain", "--unit", "丙").text)
    assert good[-1][:4] == ["", "总分", "", "100"]


def test_workings_hold_adjustments_of_those_that_have_some() -> None:
    sheets = {"甲": sheet_with({"J1": ["甲奖"]}), "乙": sheet_with({"J1": []}, unit="乙")}
    ranking = rank(RUBRIC, [score(RUBRIC, one) for one in sheets.values()])
    rows = [row.cells for row in workings_table(RUBRIC, ranking, sheets, Words("en")).rows()]
    assert rows == [
        ("甲", "J1", "省级表彰", 4, "甲奖: 1 x 2 = 2", 2),
        ("甲", None, "Bonus", 6, "1 x 2 = 2", 2),
        ("甲", None, "Total", None, "80 + 2 - 0 = 82", 82),
    ]


@pytest.mark.usefixtures("hand_in")
def test_an_export_shows_the_adjustments_everywhere(run: Run) -> None:
    assert run("export", "--xlsx", "--md", "--csv").code == 0
    book = load_workbook("排名汇总.xlsx")
    assert book["得分明细"]["H6"].value == "=ROUND(MAX(0,SUM(C6:D6,F6)-SUM(G6)),2)"
    assert "MATCH" in str(book["排名汇总"]["F4"].value)
    cells = book["甲"].iter_rows(max_col=6, values_only=True)
    form = [[cell for cell in row if cell is not None] for row in cells]
    lines = {row[0]: row for row in form if row}
    assert lines["J2"] == ["J2", "市级表彰", 1, "丁奖：1 x 1 = 1；甲奖 计入 J1，只计一次"]
    assert lines["减分"][:4] == ["减分", "K1", "通报批评", 4]
    rates = [row[4] for row in load_workbook("排名汇总.xlsx", data_only=True)["得分率"].values]
    assert rates[-6:-2] == [1, 0.8, 0.02, 0.61]
    text = Path("排名汇总.md").read_text("utf-8")
    assert "| 甲 | J2 | 市级表彰 |  | 丁奖：1 x 1 = 1；甲奖 计入 J1，只计一次 | 1 |" in text


def test_the_items_of_a_rubric_are_shown_with_its_adjustments() -> None:
    rows = [row.cells for row in rubric_table(RUBRIC, Words("en")).rows()]
    beyond = [(cells[0], cells[2], cells[3]) for cells in rows if str(cells[2])[0] in "JK"]
    assert [one[1] for one in beyond] == ["J1", "J2", "J3", "K1", "K2"]
    assert "6" in str(beyond[0][0])
    assert "(" not in str(beyond[-1][0])
