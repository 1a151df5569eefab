"""Several assessors: ranked, exported and explained."""

import json
import re
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.support.commands import Run, ranked
from tests.support.panels import BY_HAND, FINAL, JURY, hand_in

import epa_score
from epa_score import ScoreSheet, rank, score_panel
from epa_score.cli.batch import Task, read_files
from epa_score.cli.panels import CombinedByUnit, panel_sheets
from epa_score.i18n import plain
from epa_score.readers.rubrics import RubricLibrary

# --- the command line --------------------------------------------------------------------------


@pytest.mark.usefixtures("county")
def test_units_are_ranked_by_what_their_assessors_come_to(run: Run) -> None:
    found = [(one["rank"], one["unit"], one["total"], one["assessors"]) for one in ranked(run)]
    assert found == [(1, "示例甲镇", "17", 2), (2, "示例乙镇", "15.5", 2)]
    done = run("rank", "scores")
    assert "取各评委评分的平均分" in done.said
    done = run("total", "scores", "--format", "json", "--quiet")
    totals = {one["unit"]: one["total"] for one in json.loads(done.text)}
    assert totals == {"示例甲镇": "17", "示例乙镇": "15.5"}


@pytest.mark.usefixtures("county")
def test_periods_are_ranked_one_by_one(run: Run) -> None:
    for assessor in ("张三", "李四"):
        hand_in("示例甲镇", assessor + "组", 0, "1", 'period: "2019"')
    assert run("rank", "scores").code == 1
    assert [one["total"] for one in ranked(run, "--period", "2019")] == ["11"]


@pytest.mark.usefixtures("county")
def test_without_a_gap_nobody_is_far_from_the_others(run: Run) -> None:
    rubric = Path("rubrics", "county.yaml")
    rubric.write_text(rubric.read_text("utf-8").replace(", gap: 3", ""), "utf-8")
    hand_in("示例乙镇", "王五", 3, "0")
    assert "EPA442" not in run("validate").text


def test_combined_sheets_are_a_mapping(county: Path) -> None:
    library = RubricLibrary()
    paths = sorted(map(str, (county / "scores").iterdir()))
    found = panel_sheets(read_files(paths, Task(library), lambda _: None), library)
    sheets = CombinedByUnit(found)
    assert {unit: sheets[unit].unit for unit in sheets} == {one: one for one in sheets}
    assert len(sheets) == 2


@pytest.mark.usefixtures("county")
def test_a_unit_with_too_few_assessors_is_provisional_or_left_out(run: Run) -> None:
    hand_in("示例丙镇", "张三", 0, "10")
    done = run("rank", "scores")
    assert done.code == 1
    assert done.said.count("EPA441") == 1
    third = ranked(run, "--provisional")[2]
    assert (third["unit"], third["total"], third["best"], third["worst"]) == (
        "示例丙镇",
        "10",
        1,
        3,
    )
    text = run("total", "scores", "--provisional", "--format", "md").text
    assert "暂定，2 项未评、评委 1 名，不足 2 名" in text
    left_out = ranked(run, "--skip-invalid")[2]
    assert (left_out["unit"], left_out["rank"]) == ("示例丙镇", None)
    text = run("rank", "scores", "--skip-invalid", "--format", "md").text
    assert "不齐，未列入" in text
    assert "没有列入 1 项，有错误，或者这个单位的评分表不齐、有错误：示例丙镇" in text
    assert run("validate").code == 1
    assert run("validate", "scores/示例丙镇-张三.yaml").code == 0


@pytest.mark.usefixtures("county")
def test_a_panel_with_a_faulty_sheet_is_left_out_as_a_whole(run: Run) -> None:
    hand_in("示例甲镇", "王五", 1, "11")
    done = run("rank", "scores")
    assert done.code == 1
    assert done.said.count("错误[") == 1
    found = ranked(run, "--skip-invalid")
    assert [(one["unit"], one["rank"]) for one in found] == [
        ("示例乙镇", 1),
        *[("示例甲镇", None)] * 3,
    ]
    said = run("rank", "scores", "--skip-invalid").said
    (note,) = (line for line in said.splitlines() if "没有列入" in line)
    assert note.endswith("示例甲镇")


@pytest.mark.usefixtures("county")
def test_a_faulty_sheet_of_no_known_rubric_may_be_of_any_panel(run: Run) -> None:
    path = hand_in("示例甲镇", "王五", 1, "1")
    path.write_text(path.read_text("utf-8").replace("county", "conty"), "utf-8")
    found = ranked(run, "--skip-invalid")
    assert {one["unit"]: one["rank"] for one in found} == {"示例乙镇": 1, "示例甲镇": None}


@pytest.mark.usefixtures("county")
def test_two_sheets_of_one_assessor_are_an_error(run: Run) -> None:
    hand_in("示例甲镇", "张　三", 1, "1")
    done = run("validate")
    assert done.text.count("EPA114") == 1
    assert "已经有一张" in done.text


@pytest.mark.usefixtures("county")
@pytest.mark.parametrize("line", ["", "assessor:"])
def test_a_sheet_without_an_assessor_is_an_error(line: str, run: Run) -> None:
    path = hand_in("示例甲镇", "王五", 1, "1")
    path.write_text(path.read_text("utf-8").replace("assessor: 王五", line), "utf-8")
    done = run("validate")
    assert re.findall("EPA...", done.text) == ["EPA440"]


@pytest.mark.usefixtures("county")
def test_an_assessor_far_from_the_others_is_a_warning(run: Run) -> None:
    hand_in("示例乙镇", "王五", 3, "1.5")
    for command in ("validate", "rank", "total"):
        done = run(command, "scores")
        assert done.code == 0
        shown = done.text + done.said
        assert shown.count("EPA442") == 1
        assert "A2：王五 评了 1.5 分，和合成的 6.17 分相差 4.67 分" in shown
    hand_in("示例乙镇", "赵六", 3, "")
    done = run("rank", "scores", "--provisional")
    assert "EPA442" not in done.said  # open what the panel comes to


@pytest.mark.usefixtures("county")
def test_status_says_where_assessors_are_missing(run: Run) -> None:
    Path("roster.txt").write_text("示例甲镇\n示例丙镇\n", "utf-8")
    hand_in("示例丙镇", "张三", 0, "10")
    done = run("status", "scores", "--roster", "roster.txt")
    assert done.code == 1
    submissions, counts, _ = done.text.split("\n\n")
    states = [line.split("\t")[:2] for line in submissions.splitlines()[1:]]
    assert states == [
        ["示例甲镇", "已交"],
        ["示例甲镇", "已交"],
        ["示例丙镇", "评委不够"],
        ["示例乙镇", "名单里没有"],
        ["示例乙镇", "名单里没有"],
    ]
    assert "评委不够\t1" in counts
    assert "还有 1 个单位的评委不够，请其余评委尽快评分：示例丙镇" in done.said


@pytest.mark.usefixtures("county")
def test_form_asks_for_the_assessor(run: Run) -> None:
    assert "assessor: # 评委：" in run("form", "--rubric", "county").text


@pytest.mark.usefixtures("county")
def test_explain_shows_what_each_assessor_gave(run: Run) -> None:
    done = run("explain", "scores", "--unit", "示例甲镇")
    assert "A2\t宣传\t10\t8.5\t1.5\t张三 9、李四 8；平均分 8.5；李四：少一期" in done.text
    hand_in("示例丙镇", "张三", 0, "10")
    done = run("explain", "scores", "--unit", "示例丙镇", "--provisional", lang="en")
    assert "missing assessors count 0" in done.said


@pytest.mark.usefixtures("county")
def test_export_holds_what_every_assessor_gave(run: Run) -> None:
    done = run("export", "scores", "--json", "--xlsx", "--csv", "-o", "out")
    assert done.code == 0, done.said
    data = json.loads(Path("out.json").read_text("utf-8"))
    assert [one["total"] for one in data["ranking"]] == ["17", "15.5"]
    assert data["panel"][1] == {
        "rubric": "county",
        "period": None,
        "unit": "示例甲镇",
        "item": "A2",
        "given": "张三 9、李四 8",
        "combined": "8.5",
        "spread": "1",
    }
    assert [one["assessor"] for one in data["workings"]] == ["张三", "李四"] * 2
    (lost,) = (one for one in data["deductions"] if one["note"])
    assert (lost["note"], lost["evidence"]) == ("李四：少一期", "简报")
    about = {one["name"]: one["value"] for one in data["about"]}
    assert about["评分表张数"] == "4"
    assert about["评委评分"].startswith("评委评分：各项目取各评委评分的平均分")
    assert "合成得分四舍五入一次" in about["小数"]
    names = load_workbook("out.xlsx").sheetnames
    assert {"评委分歧", "示例甲镇-李四", "示例甲镇-张三"} <= {*names}


@pytest.mark.usefixtures("county")
def test_what_not_everybody_has_scored_counts_0_and_says_so(run: Run) -> None:
    """A1 is (10 + 9) / 2 = 9.5, A2 (10 + 0) / 2 = 5; with one sheet of two 10 / 2 = 5 each."""
    hand_in("示例丙镇", "张三", 0, "10")
    hand_in("示例丙镇", "李四", 1, "")
    hand_in("示例丁镇", "张三", 0, "")
    asked = "scores", "--provisional"
    made = run("export", *asked, "--json", "--csv", "--md", "--xlsx", "-o", "out")
    assert made.code == 0, made.said
    data = json.loads(Path("out.json").read_text("utf-8"))
    totals = {row["unit"]: [row["total"], row["best"], row["worst"]] for row in data["ranking"]}
    assert totals["示例丙镇"] == ["14.5", 1, 4]  # 19.5 at best, and 丁镇 may have 20
    assert totals["示例丁镇"] == ["5", 1, 4]
    scores = {row["unit"]: row for row in data["scores"]}
    assert scores["示例丙镇"]["items"] == {"A1": "9.5", "A2": "5"}
    assert scores["示例丁镇"]["items"] == {"A1": "5", "A2": "未评"}
    rates = {row["unit"]: row["items"] for row in data["rates"]}
    assert rates["示例丙镇"] == {"A1": "0.95", "A2": "0.5"}
    assert rates["示例丁镇"] == {"A1": "0.5"}
    given = {(row["unit"], row["item"]): row for row in data["panel"]}
    said = {
        ("示例丙镇", "A1"): "张三 10、李四 9",
        ("示例丙镇", "A2"): "张三 10、李四 未评，按 0 分计",
        ("示例丁镇", "A1"): "张三 10、缺评委 1 名，按 0 分计",
    }
    assert ("示例丁镇", "A2") not in given  # nobody has scored it
    assert {key: given[key]["given"] for key in said} == said
    assert [given[key]["combined"] for key in said] == ["9.5", "5", "5"]
    for name in ("out.md", "out.csv"):
        text = Path(name).read_text("utf-8-sig")
        assert "示例丙镇" in text
        assert "14.5" in text
    book = load_workbook("out.xlsx", data_only=True)
    (row,) = (
        cells for cells in book["得分明细"].iter_rows(values_only=True) if cells[1] == "示例丁镇"
    )
    assert row[:5] == (4, "示例丁镇", 5, "未评", 5)
    assert run("verify", "out.xlsx", "scores").code == 0
    told = run("explain", *asked, "--unit", "示例丙镇").text
    assert "A2\t宣传\t10\t5\t5\t张三 10、李四 未评，按 0 分计；平均分 5" in told


@pytest.mark.usefixtures("county")
def test_more_sheets_than_a_workbook_has_forms_for_are_told(run: Run) -> None:
    for number in range(60):
        hand_in("示例甲镇", f"评委{number}", 1, "8")
    done = run("export", "scores", "--xlsx", "-o", "out.xlsx")
    assert "county 有 64 张评分表，超过 60 张：工作簿里没有评分表" in done.said
    assert "排名图" in load_workbook("out.xlsx").sheetnames


# --- the example -------------------------------------------------------------------------------


def test_example_comes_to_what_was_computed_by_hand() -> None:
    rubric = epa_score.load_rubric(JURY / "rubrics" / "jury.yaml")
    assert rubric.panel is not None
    by_unit: dict[str, list[ScoreSheet]] = {}
    by_hand: dict[str, set[tuple[str, ...]]] = {}
    for path in sorted((JURY / "scores").glob("*.yaml")):
        one = epa_score.load_sheet(path, rubric)
        by_unit.setdefault(one.unit, []).append(one)
        text = path.read_text("utf-8")
        (total,), (final,) = BY_HAND.findall(text), FINAL.findall(text)
        by_hand.setdefault(one.unit, set()).add((*total, *final))
    ranking = rank(rubric, [score_panel(rubric, them) for them in by_unit.values()])
    found = {
        one.result.unit: {
            (
                plain(one.result.total),
                str(one.rank),
                plain(one.scaled or Decimal(0)),
                plain(one.rank_points or Decimal(0)),
            )
        }
        for one in ranking.placings
    }
    assert len(found) == 2
    assert found == by_hand
