"""Several assessors: what their sheets come to together, and everything that shows it."""

import json
import re
from collections.abc import Sequence
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from tests.conftest import ROOT, Run
from tests.office import converted, needs_office
from tests.rules import read_rubric, rubric_of_items, rubric_of_sections

import epa_score
from epa_score import Rubric, ScoreSheet, rank, score, score_panel
from epa_score.cli.batch import Task, read_files
from epa_score.cli.panels import CombinedByUnit, panel_sheets
from epa_score.cli.sheet_store import dump_sheet, restore_sheet
from epa_score.exporters.yaml import yaml_sheet
from epa_score.i18n import plain
from epa_score.model.rubric_options import Panel
from epa_score.readers.rubrics import RubricLibrary
from epa_score.scoring.panel import combine, combined_points, spreads

ITEMS = """\
- {id: A1, max: 10, text: 台账}
- {id: A2, max: 6, text: 宣传}
"""
JURY = ROOT / "examples" / "rubrics" / "jury"
BY_HAND = re.compile(r"^#   合成总分 .*?= ([0-9.]+)，第 ([0-9]) 名", re.MULTILINE)
FINAL = re.compile(r"：折算分 (?:.*= )?([0-9.]+)，名次分 ([0-9.]+)$", re.MULTILINE)

GRAINS = st.integers(0, 1000).map(lambda cents: Decimal(cents) / 100)
GIVEN = st.lists(GRAINS, min_size=3, max_size=7)
METHODS = st.sampled_from(["mean", "median", "trimmed_mean"])


def panel_of(method: str = "mean", minimum: int = 3) -> Panel:
    return Panel.model_validate({"method": method, "minimum": minimum})


def rubric_with(panel: str = "{method: mean, minimum: 3, gap: 2}") -> Rubric:
    return rubric_of_items(ITEMS, f"panel: {panel}")


def sheet(assessor: str | None, unit: str = "示例甲镇", **scores: Any) -> ScoreSheet:
    fields = {"rubric": "county", "unit": unit, "assessor": assessor}
    return ScoreSheet.model_validate({**fields, "scores": scores})


# --- one item ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "points", "expected"),
    [
        ("mean", "8 8 9", "8.33"),
        ("mean", "0.01 0.02", "0.02"),  # 0.015 goes up
        ("median", "1 9 7", "7"),
        ("median", "1 9 7 6.5", "6.75"),
        ("median", "5", "5"),
        ("trimmed_mean", "1 9 7 8.5", "7.75"),
        ("trimmed_mean", "0 10 10 10 0", "6.67"),
    ],
)
def test_points_are_combined_as_the_method_says(method: str, points: str, expected: str) -> None:
    given = list(map(Decimal, points.split()))
    assert combined_points(panel_of(method), given, 2) == Decimal(expected)


@given(METHODS, GIVEN, st.integers(0, 4), st.randoms(use_true_random=False))
def test_combined_points_lie_between_the_lowest_and_the_highest(
    method: str, points: list[Decimal], decimals: int, chance: Any
) -> None:
    points = [round(one, min(decimals, 2)) for one in points]
    combined = combined_points(panel_of(method), points, decimals)
    assert min(points) <= combined <= max(points)
    assert combined == round(combined, decimals)
    shuffled = [*points]
    chance.shuffle(shuffled)
    assert combined_points(panel_of(method), shuffled, decimals) == combined


@given(METHODS, GIVEN, st.data())
def test_combined_points_never_fall_when_an_assessor_gives_more(
    method: str, points: list[Decimal], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(points) - 1))
    more = [*points]
    more[place] += data.draw(GRAINS)
    panel = panel_of(method)
    assert combined_points(panel, more, 2) >= combined_points(panel, points, 2)


# --- one unit ----------------------------------------------------------------------------------


def test_sections_and_total_add_up_the_combined_points() -> None:
    rubric = rubric_with()
    sheets = [sheet("甲", A1="8", A2="5"), sheet("乙", A1="8", A2="5"), sheet("丙", A1="9", A2="6")]
    result = score_panel(rubric, sheets)
    assert result.total == result.sections["S"] == Decimal("8.33") + Decimal("5.33")
    assert (result.assessors, result.unscored, result.at_best) == (3, (), None)
    assert score_panel(rubric, sheets[::-1]) == result


def test_pools_and_capped_sections_bound_the_combined_points() -> None:
    sections = """\
- id: P
  title: 报送
  max: 10
  pool: true
  floor: 4
  items:
    - {id: A1, max: 10, text: 迟报, rule: {deduct: {each: 2}}}
    - {id: A2, max: 10, text: 错报, rule: {deduct: {each: 1}}}
- id: Q
  title: 推广
  max: 5
  capped: true
  items: [{id: B1, max: 4, text: 典型}, {id: B2, max: 4, text: 宣传}]
"""
    rubric = rubric_of_sections(sections, "panel: {method: mean, minimum: 2}")

    def one(assessor: str, late: int, wrong: int, *points: str) -> ScoreSheet:
        a1, a2 = {"value": late}, {"value": wrong}
        return sheet(assessor, A1=a1, A2=a2, B1=points[0], B2=points[1])

    result = score_panel(rubric, [one("甲", 1, 4, "4", "0"), one("乙", 2, 1, "3", "4")])
    # A1 (8 + 6) / 2 = 7, A2 (6 + 9) / 2 = 7.5: 10 - 3 - 2.5 = 4.5; B1 3.5 + B2 2 = 5.5, at most 5
    assert result.sections == {"P": Decimal("4.5"), "Q": Decimal(5)}


def test_what_is_missing_counts_0_and_full_marks_at_best() -> None:
    rubric = rubric_with()
    two = [sheet("甲", A1="9", A2="3"), sheet("乙", A1="6", A2=None)]
    result = score_panel(rubric, two)
    assert result.unscored == ("A1", "A2")
    assert result.total == Decimal(5) + Decimal(1)
    assert result.at_best is not None
    assert result.at_best.total == Decimal("8.33") + Decimal(5)
    three = [*two, sheet("丙", A1="9", A2=None)]
    result = score_panel(rubric, three)
    assert result.unscored == ("A2",)
    assert result.total == Decimal(8) + Decimal(1)


def test_an_item_that_nobody_has_scored_has_no_points() -> None:
    rubric = rubric_with()
    combined = combine(rubric, [sheet(name, A1="9") for name in "甲乙丙"])
    assert dict(combined.points) == {"A1": Decimal(9)}
    assert [one.item for one in spreads(rubric, combined)] == ["A1"]
    assert combined.open_items == ("A2",)
    result = score_panel(rubric, combined.sheets)
    assert result.total == 9
    assert result.at_best is not None
    assert result.at_best.total == 15


@given(st.lists(st.tuples(*[st.none() | GRAINS] * 2), min_size=1, max_size=4), METHODS)
def test_a_provisional_total_is_between_what_can_still_come(
    given_points: Sequence[tuple[Decimal | None, Decimal | None]], method: str
) -> None:
    rubric = rubric_with(f"{{method: {method}, minimum: 3}}")
    rows = [(one, None if two is None else min(two, Decimal(6))) for one, two in given_points]
    sheets = [sheet(f"{n}", A1=one, A2=two) for n, (one, two) in enumerate(rows)]
    result = score_panel(rubric, sheets)
    full = [*rows, *[(None, None)] * (3 - len(rows))]
    best = [sheet(f"{n}", A1=one or 10, A2=two or 6) for n, (one, two) in enumerate(full)]
    zero = [sheet(f"{n}", A1=one or 0, A2=two or 0) for n, (one, two) in enumerate(full)]
    assert result.total == score_panel(rubric, zero).total
    top = result if result.at_best is None else result.at_best
    assert result.total <= top.total <= score_panel(rubric, best).total <= rubric.total


@pytest.mark.parametrize(
    "sheets",
    [
        [],
        [sheet("甲", A1="1", A2="1"), sheet("甲 ", A1="1", A2="1")],
        [sheet("甲", A1="1", A2="1"), sheet("甲\u200b", A1="1", A2="1")],
        [sheet("甲", A1="1", A2="1"), sheet(None, A1="1", A2="1")],
        [sheet("甲", A1="1", A2="1"), sheet("乙", "示例乙镇", A1="1", A2="1")],
        [sheet("甲", A1="11", A2="1")],
        [sheet("甲", A1="1", A2="1", A3="1")],
    ],
)
def test_sheets_that_do_not_go_together_are_refused(sheets: list[ScoreSheet]) -> None:
    with pytest.raises(ValueError, match=r"county|示例"):
        score_panel(rubric_with(), sheets)


def test_a_rubric_without_a_panel_combines_nothing() -> None:
    with pytest.raises(ValueError, match="no panel"):
        score_panel(rubric_of_items(ITEMS), [sheet("甲", A1="1", A2="1")])


def test_the_result_of_one_assessor_is_not_ranked() -> None:
    rubric = rubric_with()
    alone = score(rubric, sheet("甲", A1="1", A2="1"))
    with pytest.raises(ValueError, match="of one assessor"):
        rank(rubric, [alone], provisional=True)
    few = score_panel(rubric, [sheet("甲", A1="1", A2="1")])
    with pytest.raises(ValueError, match="unscored"):
        rank(rubric, [few])
    assert rank(rubric, [few], provisional=True).provisional


def test_a_sheet_comes_back_with_its_assessor() -> None:
    given_sheet = sheet("第一组", A1="1.5", A2="2")
    assert restore_sheet(dump_sheet(given_sheet)) == given_sheet
    assert "assessor: 第一组\n" in yaml_sheet(given_sheet)


# --- the rubric --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "panel",
    [
        "{method: mean, minimum: 1}",
        "{method: median, minimum: 99, gap: 9.99}",
        "{method: trimmed_mean, minimum: 3}",
        "{method: trimmed_mean, minimum: 5, drop: 2}",
    ],
)
def test_these_panels_are_sound(panel: str) -> None:
    assert rubric_with(panel).panel is not None


@pytest.mark.parametrize(
    ("panel", "codes"),
    [
        ("{method: mode, minimum: 3}", "EPA025"),
        ("{method: [mean], minimum: 3}", "EPA025"),
        ("{method: mean, minimum: 0}", "EPA025"),
        ("{method: mean, minimum: 2.5}", "EPA025"),
        ("{method: mean, minimum: -1}", "EPA025"),
        ("{method: mean, minimum: ３}", "EPA025"),
        ("{method: mean, minimum: 100}", "EPA025"),
        ("{method: mean}", "EPA021"),
        ("{method: mean, minimum: 3, gaps: 2}", "EPA020"),
        ("{method: mean, minimum: 3, gap: -2}", "EPA108"),
        ("{method: mean, minimum: 3, gap: 10}", "EPA242"),
        ("{method: median, minimum: 3, drop: 1, gap: 10.5}", "EPA240 EPA242"),
        ("{method: trimmed_mean, minimum: 4, drop: 2}", "EPA241"),
        ("mean", "EPA022"),
    ],
)
def test_these_panels_are_refused(panel: str, codes: str) -> None:
    text = f"id: county\ntitle: 细则\ntotal: 10\npanel: {panel}\nsections:\n"
    text += "  - {id: A, title: 一, max: 10, items: [{id: A1, max: 10, text: 一}]}\n"
    found = read_rubric(text)
    assert " ".join(one.kind.code for one in found.diagnostics) == codes


# --- the command line --------------------------------------------------------------------------

COUNTY = """\
id: county
title: 某县考核评分细则
total: 20
panel: {method: mean, minimum: 2, gap: 3}
sections:
  - id: A
    title: 日常工作
    max: 20
    items:
      - {id: A1, max: 10, text: 台账, rule: {deduct: {each: 1}, hard_zero: [造假]}}
      - {id: A2, max: 10, text: 宣传}
"""


@pytest.fixture
def county(folder: Path) -> Path:
    """The current folder with a rubric of several assessors, and two units with two sheets."""
    (folder / "rubrics").mkdir()
    (folder / "scores").mkdir()
    (folder / "rubrics" / "county.yaml").write_text(COUNTY, "utf-8")
    hand_in("示例甲镇", "张三", 1, "9")
    hand_in("示例甲镇", "李四", 2, "{score: 8, note: 少一期, evidence: [简报]}")
    hand_in("示例乙镇", "张三", 3, "9")
    hand_in("示例乙镇", "李四", 3, "8")
    return folder


def hand_in(unit: str, assessor: str, late: object, points: str, *more: str) -> Path:
    path = Path("scores", f"{unit}-{assessor}.yaml")
    head = ["rubric: county", f"unit: {unit}", f"assessor: {assessor}", *more, "scores:"]
    facts = f"  A1: {{value: {late}, 造假: 否}}"
    path.write_text("\n".join([*head, facts, f"  A2: {points}"]) + "\n", "utf-8")
    return path


def ranked(run: Run, *arguments: str) -> list[dict[str, Any]]:
    done = run("rank", "scores", "--format", "json", "--quiet", *arguments)
    assert done.code == 0, done.said
    found = json.loads(done.text)
    assert isinstance(found, list)
    return found


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
    assert "有 3 张评分表没有列入：示例甲镇\n" in run("rank", "scores", "--skip-invalid").said


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
    states = [line.split("\t")[:2] for line in done.text.splitlines()[1:]]
    assert states == [
        ["示例甲镇", "已交"],
        ["示例甲镇", "已交"],
        ["示例丙镇", "评委不够"],
        ["示例乙镇", "名单里没有"],
        ["示例乙镇", "名单里没有"],
    ]


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
def test_more_sheets_than_a_workbook_has_forms_for_are_told(run: Run) -> None:
    for number in range(60):
        hand_in("示例甲镇", f"评委{number}", 1, "8")
    done = run("export", "scores", "--xlsx", "-o", "out.xlsx")
    assert "county 有 64 张评分表，超过 60 张：工作簿里没有评分表" in done.said
    assert "排名图" in load_workbook("out.xlsx").sheetnames


@needs_office
@pytest.mark.filterwarnings("ignore:.* extension is not supported")
@pytest.mark.usefixtures("county")
def test_workbook_comes_to_the_same_when_it_is_worked_out_again(run: Run, tmp_path: Path) -> None:
    hand_in("示例乙镇", "王五", 1, "7.33")
    assert run("export", "scores", "--xlsx", "-o", "out.xlsx").code == 0
    load_workbook("out.xlsx").save("bare.xlsx")  # without the figures that it carried
    (again,) = converted("xlsx", tmp_path, Path("bare.xlsx"))
    book = load_workbook(BytesIO(again.read_bytes()), data_only=True)
    rows = [row for row in book["排名汇总"].iter_rows(values_only=True) if isinstance(row[0], int)]
    totals = {str(row[1]): Decimal(str(row[3])) for row in rows}
    assert totals == {one["unit"]: Decimal(one["total"]) for one in ranked(run)}
    states = {str(row[1]): row[2] for row in book["说明"].iter_rows(values_only=True)}
    assert states["导出后小计、总分和名次是否改动"] == "未改动"
    assert states["导出后评分表的合计是否改动"] == "未改动"


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
