"""How a total came about: every line of it, and what separates a unit from the one above."""

import json
import shutil
from pathlib import Path

import pytest
from tests.support.commands import SMALL, HandIn, Run
from tests.support.paths import ROOT
from tests.support.tables import named

from epa_score import load_rubric
from epa_score.i18n import Words
from epa_score.readers.rubrics import RubricLibrary
from epa_score.readers.sheets import read_sheet
from epa_score.reports.breakdown import account_table
from epa_score.scoring import score


def lines(text: str) -> list[list[str]]:
    return [line.split("\t") for line in text.splitlines()]


def test_the_lines_of_every_example_add_up_to_its_total() -> None:
    library, seen = RubricLibrary(), 0
    for path in sorted((ROOT / "examples" / "scores").glob("*.yaml")):
        found = read_sheet(str(path), library)
        assert found.sheet is not None
        assert found.rubric is not None
        result = score(found.rubric, found.sheet)
        rows = named(account_table(found.rubric, result, found.sheet, Words("en")))
        items = [row for row in rows if row["kind"] == "item"]
        assert len(items) == len(found.sheet.scores)
        assert sum(row["score"] for row in items) == rows[-1]["score"] == result.total
        assert all(row["max"] - row["score"] == (row["lost"] or 0) for row in rows)
        seen += 1
    assert seen == 37


def test_a_unit_is_explained_line_by_line_and_beside_the_one_above(small: HandIn, run: Run) -> None:
    small("甲镇", "A1: 2, A2: {score: 3.5, note: 缺一次会议}, B1: 4")
    small("乙镇", "A1: 1, A2: 4, B1: 3")
    small("丙镇", "A1: 1, A2: 4, B1: 3")
    outcome = run("explain", "--unit", "乙镇")
    assert outcome.code == 0
    assert lines(outcome.text) == [
        ["编号", "考核内容", "分值", "得分", "扣分", "怎样得来"],
        ["A1", "有人负责。", "2", "1", "1", ""],
        ["A2", "有方案。", "4", "4", "", ""],
        ["", "小计：领导重视", "6", "5", "1", ""],
        ["B1", "有宣传。", "4", "3", "1", ""],
        ["", "小计：宣传", "4", "3", "1", ""],
        ["", "总分", "10", "8", "2", ""],
        [""],
        ["编号", "考核内容", "乙镇", "甲镇", "相差"],
        ["A1", "有人负责。", "1", "2", "-1"],
        ["A2", "有方案。", "4", "3.5", "+0.5"],
        ["", "小计：领导重视", "5", "5.5", "-0.5"],
        ["B1", "有宣传。", "3", "4", "-1"],
        ["", "小计：宣传", "3", "4", "-1"],
        ["", "总分", "8", "9.5", "-1.5"],
    ]
    assert outcome.said.splitlines()[:3] == [
        "乙镇得 8 分，列第 2 名（共 3 个单位），与丙镇并列，比第 1 名甲镇少 1.5 分。",
        (
            "与各单位的平均分相比差距最大：A1（有人负责。）得 1 分，平均 1.33 分；"
            "B1（有宣传。）得 3 分，平均 3.33 分。"
        ),
        (
            "别的单位不变，总分再多 1.5 分就与甲镇并列第 1 名；A1 得满分可多 1 分，"
            "B1 得满分可多 1 分；可补分最多的 2 项合计可多 2 分。"
        ),
    ]


def test_nobody_is_above_the_first(small: HandIn, run: Run) -> None:
    small("甲镇", "A1: 2, A2: {score: 3.5, note: 缺一次会议}, B1: 4")
    small("乙镇", "A1: 1, A2: 4, B1: 3")
    outcome = run("explain", "scores", "--unit", "甲　镇", "--format", "json", lang="en")
    tables = json.loads(outcome.text)
    assert [row["line"] for row in tables["account"]][-1] == "Total"
    assert tables["account"][1]["reason"] == "缺一次会议"
    assert tables["gap"] == []
    assert "甲镇 has 9.5 points and rank 1 of 2, 1.5 points ahead of 乙镇 (rank 2)." in outcome.said


def test_a_tie_that_was_broken_is_said(small: HandIn, run: Run) -> None:
    Path("rubrics/small.yaml").write_text(SMALL + "tie_break: [B]\n", "utf-8")
    small("甲镇", "A1: 2, A2: 3, B1: 4")
    small("乙镇", "A1: 2, A2: 4, B1: 3")
    outcome = run("explain", "--unit", "乙镇")
    assert "总分与第 1 名甲镇相同，依次比较宣传排在后面。" in outcome.said
    assert "总分只要再多 0.01 分就排到第 1 名甲镇前面；B1 得满分可多 1 分。" in outcome.said
    assert "总分相同时依次比较：宣传" in outcome.said
    assert lines(outcome.text)[-1] == ["", "总分", "9", "9", "0"]


def test_what_is_not_scored_yet_counts_nothing(small: HandIn, run: Run) -> None:
    small("甲镇", "A1: 2, A2: 3, B1: 4")
    small("乙镇", "A1: 2, A2: , B1: 3")
    assert run("explain", "--unit", "乙镇").code == 1
    outcome = run("explain", "--unit", "乙镇", "--provisional")
    assert ["A2", "有方案。", "4", "未评", "", ""] in lines(outcome.text)
    assert ["A2", "有方案。", "未评", "3", "-3"] in lines(outcome.text)
    assert "暂定" in outcome.said


WORKED = "40 - 2 x 1 - 1 x 3 = 35；三月、七月迟报，九月缺报"


def explained(run: Run, rubric: str, line: str, unit: str) -> list[str]:
    """Points, loss and working of a line of a unit's account in one of the examples."""
    shutil.copytree(ROOT / "examples" / "rubrics" / rubric, ".", dirs_exist_ok=True)
    account, _, _ = run("explain", "--unit", unit).text.partition("\n\n")
    (found,) = (one[3:] for one in lines(account) if line in one[:2])
    return found


@pytest.mark.parametrize(
    ("rubric", "unit", "line", "expected"),
    [
        ("office", "示例甲局", "A1", ["35", "5", WORKED]),
        ("office", "示例甲局", "小计：信息报送", ["33", "7", "40 - 7 = 33"]),
        ("office", "示例乙局", "小计：信息报送", ["10", "30", "40 - 39 = 1；最低 10 分"]),
        ("market", "示例东区", "小计：主体培育", ["20", "", "24；最高 20 分"]),
        ("market", "示例西区", "小计：主体培育", ["10", "10", ""]),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("folder")
def test_rules_pools_and_capped_sections_show_their_working(
    run: Run, rubric: str, unit: str, line: str, expected: list[str]
) -> None:
    assert explained(run, rubric, line, unit) == expected


def test_units_with_different_duties_are_compared_by_section(examples: Path, run: Run) -> None:
    outcome = run("explain", "--unit", "县畜牧局", "--rubric", "departments")
    _, gap = outcome.text.split("\n\n")
    names = [name for line in lines(gap) for name in line[:2]]
    assert "小计：个性指标" in names
    assert "C1" not in names
    assert "A1" in names
    assert examples.is_dir()


def test_one_item_is_shown_alone(small: HandIn, run: Run) -> None:
    small("甲镇", "A1: 2, A2: 3.5, B1: 4")
    small("乙镇", "A1: 2, A2: 3, B1: 4")
    outcome = run("explain", "--unit", "乙镇", "--item", "a2")
    assert [line[0] for line in lines(outcome.text)] == ["编号", "A2", "", "编号", "A2"]
    equal = run("explain", "--unit", "乙镇", "--item", "B1")
    assert [line[0] for line in lines(equal.text)] == ["编号", "B1"]


def test_a_section_is_shown_to_its_subtotal(small: HandIn, run: Run) -> None:
    small("甲镇", "A1: 2, A2: 3.5, B1: 4")
    small("乙镇", "A1: 2, A2: 3, B1: 4")
    shown = lines(run("explain", "--unit", "乙镇", "--item", "A").text)
    assert [line[:2] for line in shown if len(line) > 1] == [
        ["编号", "考核内容"],
        ["A1", "有人负责。"],
        ["A2", "有方案。"],
        ["", "小计：领导重视"],
        ["编号", "考核内容"],
        ["A2", "有方案。"],
        ["", "小计：领导重视"],
    ]
    alike = lines(run("explain", "--unit", "乙镇", "--item", "B").text)
    assert [line[:2] for line in alike] == [
        ["编号", "考核内容"],
        ["B1", "有宣传。"],
        ["", "小计：宣传"],
    ]


def test_the_sections_of_an_account_are_its_items_in_order(run: Run) -> None:
    """Every section, with sections in it or items of single units, is a part of the account."""
    for unit, rubric in (("示例甲镇", "township"), ("县商务局", "departments")):
        given = ("explain", str(ROOT / "examples" / "scores"), "--rubric", rubric, "--unit", unit)
        whole = json.loads(run(*given, "--format", "json").out)["account"]
        scope = load_rubric(rubric).scope(unit)
        assert scope is not None
        for section, items in scope.section_items.items():
            part = json.loads(run(*given, "--item", section, "--format", "json").out)["account"]
            assert [row["line"] for row in part if row["kind"] == "item"] == list(items)
            assert part[-1]["kind"] == "subtotal"
            first = whole.index(part[0])
            assert whole[first : first + len(part)] == part


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--unit", "乙镇x"], "没有单位 乙镇x 的评分表；最接近的是 乙镇"),
        (["--unit", "某某局"], "没有单位 某某局 的评分表"),
        (["--unit", "甲镇", "--item", "A11"], "没有项目或考核指标 A11；最接近的是 A1"),
        (["--unit", "甲镇", "--item", "总分"], "没有项目或考核指标 总分"),
        (["--item", "A1"], "请写 --unit 单位名称"),
        (["EPA104", "EPA105"], "一次写一个"),
    ],
)
def test_wrong_usage_says_what_to_write(
    small: HandIn, run: Run, arguments: list[str], said: str
) -> None:
    small("甲镇", "A1: 2, A2: 3.5, B1: 4")
    small("乙镇", "A1: 2, A2: 3, B1: 4")
    outcome = run("explain", *arguments)
    assert outcome.code == 2
    assert said in outcome.said


def test_a_faulty_sheet_stops_the_explanation(small: HandIn, run: Run) -> None:
    small("甲镇", "A1: 2, A2: 3.5, B1: 4")
    small("乙镇", "A1: 2, A2: 9, B1: 4")
    outcome = run("explain", "--unit", "甲镇")
    assert (outcome.code, outcome.text) == (1, "")
    assert "EPA104" in outcome.said
    assert run("explain", "--unit", "甲镇", "--skip-invalid").code == 0
