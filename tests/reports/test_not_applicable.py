"""What every result says of items that do not apply, and of sums that do not add up."""

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.support.commands import Outcome, Run
from tests.support.not_applicable import NO, SECTIONS, WHOLE, map_score, sheet_of
from tests.support.rubrics import (
    read_rubric,
    rubric_of_sections,
    sheet_of_scores,
    text_of_sections,
)
from tests.support.tables import named

from epa_score import Rubric, rank, score
from epa_score.cli import batch
from epa_score.diagnostics import Kind
from epa_score.exporters.terminal import aligned_lines
from epa_score.exporters.yaml import yaml_form
from epa_score.i18n import Words
from epa_score.reports.breakdown import account_table
from epa_score.reports.form_lines import Subtotal, form_lines
from epa_score.reports.listings import rubric_table
from epa_score.reports.ranking import ranking_table, totals_table
from epa_score.reports.rates import rates_table
from epa_score.scoring.points import section_points

WORDS = Words("zh_CN")
SAID = "本镇没有这项业务"
RUBRIC_FILE = text_of_sections(SECTIONS)

Give = Callable[..., Path]


@pytest.fixture
def give(folder: Path) -> Give:
    """The current folder with the rubric `county`, and a way to hand in sheets for it."""
    (folder / "rubrics").mkdir()
    (folder / "scores").mkdir()
    (folder / "rubrics" / "county.yaml").write_text(RUBRIC_FILE, encoding="utf-8")

    def given(unit: str, /, **changed: object) -> Path:
        path = folder / "scores" / f"{unit}.yaml"
        scores = "".join(f"  {name}: {_flow(one)}\n" for name, one in {**WHOLE, **changed}.items())
        path.write_text(f"rubric: county\nunit: {unit}\nscores:\n{scores}", encoding="utf-8")
        return path

    return given


def _flow(one: object) -> str:
    if isinstance(one, dict):
        return "{" + ", ".join(f"{name}: {value}" for name, value in one.items()) + "}"
    return "" if one is None else str(one)


def by_unit(outcome: Outcome) -> dict[str, dict[str, Any]]:
    assert outcome.code == 0, outcome.said
    return {row["unit"]: row for row in json.loads(outcome.out)}


def table(outcome: Outcome) -> dict[str, list[str]]:
    assert outcome.code == 0, outcome.said
    lines = [line.split("\t") for line in outcome.text.splitlines()]
    return {line[0 if lines[0][0] == "单位" else 1]: line for line in lines}


def test_totals_leave_open_what_depends_on_others(give: Give, run: Run) -> None:
    give("甲镇", C4=NO)
    give("乙镇", C1=NO)
    own = by_unit(run("total", "--format", "json"))["甲镇"]
    assert own["total"] is None
    assert own["sections"] == {"A": "16", "C": None, "D": "9", "B": None}
    assert (own["not_applicable"], own["out_of"]) == ("C4", "50")
    other = by_unit(run("total", "--format", "json"))["乙镇"]
    assert (other["total"], other["not_applicable"], other["out_of"]) == ("35", "C1", "45")
    shown = table(run("total"))
    assert shown["甲镇"] == ["甲镇", "16", "", "9", "", "", shown["甲镇"][-1]]
    assert shown["甲镇"][-1] == "不适用 5 分（C4）；C4 要取其他单位的平均分，总分在排名时算出"
    assert shown["乙镇"][-1] == "不适用 5 分（C1）；总分的满分是 45 分"


def test_a_ranking_works_out_the_mean_and_says_so(give: Give, run: Run) -> None:
    give("甲镇", C4=NO)
    give("乙镇", C4=3)
    give("丙镇", C4="2.25", C1=NO, A1=NO)
    shown = table(run("rank"))
    assert shown["甲镇"][-1] == "不适用 5 分（C4）；C4 取 2 个单位的平均分 2.63"
    assert shown["甲镇"][-2] == "36.63"
    assert shown["丙镇"][-1] == "不适用 10 分（A1、C1）；总分的满分是 45 分"
    english = run("rank", lang="en").text
    assert "not applicable: 10 (A1, C1); out of 45" in english
    assert "not applicable: 5 (C4); C4 has the mean of other units (2): 2.63" in english


def test_two_processes_carry_what_a_mean_needs(
    give: Give, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(150):
        give(f"单位{number}", C4=NO if number % 50 == 0 else number % 6)
    alone = run("rank", "--format", "json")
    monkeypatch.setattr(batch, "ENOUGH_FOR_TWO", 1)
    assert run("rank", "--format", "json").out == alone.out
    assert len(by_unit(alone)) == 150


def test_a_mean_of_nobody_stops_the_run_even_where_faulty_sheets_are_skipped(
    give: Give, run: Run
) -> None:
    give("甲镇", C4=NO)
    give("乙镇", C4=9)
    outcome = run("rank", "--skip-invalid")
    assert outcome.code == 1
    assert "scores/甲镇.yaml:10:24: 错误[EPA424] C4 对【甲镇】不适用" in outcome.said
    assert run("total", "--skip-invalid").code == 0


def test_sheets_that_are_left_out_are_not_in_the_mean(give: Give, run: Run) -> None:
    give("甲镇", C4=NO)
    give("乙镇", C4=4)
    give("丙镇", C4=1, D1=99)
    shown = table(run("rank", "--skip-invalid"))
    assert shown["甲镇"][-1] == "并列、不适用 5 分（C4）；C4 取 1 个单位的平均分 4"


def test_a_provisional_ranking_reckons_with_the_means_that_can_still_come(
    give: Give, run: Run
) -> None:
    give("甲镇", C4=NO)
    give("乙镇", C4=3)
    give("丙镇", C4=None)
    found = by_unit(run("rank", "--provisional", "--format", "json"))
    assert found["甲镇"]["total"] == "37"
    reach = {unit: (row["rank"], row["best"], row["worst"]) for unit, row in found.items()}
    assert reach == {"甲镇": (1, 1, 3), "乙镇": (1, 1, 3), "丙镇": (3, 1, 3)}


def test_points_are_explained_line_by_line(give: Give, run: Run) -> None:
    give("甲镇", A3=NO, C1=NO, C2={**NO, "note": "见附件"}, C4=NO, D1=None)
    give("乙镇", A1=5)
    outcome = run("explain", "--unit", "甲镇", "--provisional")
    assert outcome.code == 0
    rows = [line.split("\t") for line in outcome.text.split("\n\n")[0].splitlines()]
    lines = {row[0] or row[1]: row for row in rows}
    assert lines["A3"][3:] == [
        *("不适用", "", f"不适用：{SAID}；按其余项目折算：其余项目的得分 x 20 / 13")
    ]
    assert lines["小计：物流"][2:] == ["20", "15.38", "4.62", "10 x 20 / 13，四舍五入为 15.38"]
    assert lines["C1"][3:] == ["不适用", "", f"不适用：{SAID}；5 分不计入总分"]
    assert lines["C2"][3:] == ["0", "", f"不适用：{SAID}；得 0 分；见附件"]
    assert lines["C4"][3:] == ["4", "", f"不适用：{SAID}；取其他 1 个单位的平均分 4"]
    assert lines["D1"][3] == "未评"
    assert lines["小计：媒体"][2] == "15"
    assert lines["小计：宣传"][2] == "25"
    assert lines["总分"][2] == "45"


def test_where_scaling_is_exact_nothing_is_said_of_rounding() -> None:
    rubric = read_rubric(RUBRIC_FILE).rubric
    assert rubric is not None
    sheet = sheet_of("甲镇", rubric, {**WHOLE, "A1": NO})
    (placing,) = rank(rubric, [score(rubric, sheet)]).placings
    reasons = [row["reason"] for row in named(account_table(rubric, placing.result, sheet, WORDS))]
    assert "12 x 20 / 15 = 16" in reasons


def test_an_item_without_points_counts_nothing_beside_that_of_the_unit_above(
    give: Give, run: Run
) -> None:
    give("甲镇", C1=NO, C2=NO)
    give("乙镇", C1=5)
    gap = run("explain", "--unit", "甲镇").text.split("\n\n")[1].splitlines()
    rows = [line.split("\t") for line in gap[1:]]
    lines = {number or name: points for number, name, *points in rows}
    assert lines == {
        "C1": ["不适用", "5", "-5"],
        "C2": ["0", "4", "-4"],
        "小计：媒体": ["6", "15", "-9"],
        "小计：宣传": ["15", "24", "-9"],
        "总分": lines["总分"],
    }


def test_the_lines_of_a_section_add_up_to_its_difference_where_items_are_scaled_up(
    give: Give, run: Run
) -> None:
    give("甲镇", A1=NO, A2=2)
    give("乙镇", A1=5, A2=7)
    table = json.loads(run("explain", "--unit", "甲镇", "--format", "json").text)["gap"]
    inside = [row for row in table if not row["line"].startswith("小计") and row["line"] != "总分"]
    (whole,) = (row for row in table if row["line"] == "小计：物流")
    added = sum(Decimal(row["difference"]) for row in inside if row["difference"])
    assert added == Decimal(whole["difference"])
    assert [row["line"] for row in inside] == ["A1", "A2", "折算"]


def exported(run: Run, folder: Path) -> dict[str, list[dict[str, Any]]]:
    assert run("export", "--json", "-o", "out.json", "--force").code == 0
    found = json.loads((folder / "out.json").read_text("utf-8"))
    assert isinstance(found, dict)
    return found


def test_an_export_shows_what_does_not_apply_and_counts_it_nowhere_as_a_loss(
    give: Give, run: Run, folder: Path
) -> None:
    give("甲镇", A1=NO, C1=NO, C2=NO, C3=NO, C4=NO)
    give("乙镇", C4=2)
    found = exported(run, folder)
    (points,) = (row for row in found["scores"] if row["unit"] == "甲镇")
    assert points["items"] == {
        "A1": "不适用",
        "A2": "6",
        "A3": "6",
        "C1": "不适用",
        "C2": "0",
        "C3": "5",
        "C4": "2",
        "D1": "9",
    }
    (rates,) = (row for row in found["rates"] if row["unit"] == "甲镇")
    assert rates["items"] == {"A2": "0.75", "A3": "0.86", "D1": "0.9"}
    assert rates["total"] == "0.71"  # 32 of 45
    assert {row["item"] for row in found["deductions"] if row["unit"] == "甲镇"} == {
        "A2",
        "A3",
        "D1",
    }
    units = {row["item"]: row["units"] for row in found["analysis"]}
    assert units == {"A1": 1, "A2": 2, "A3": 2, "C1": 1, "C2": 1, "C3": 1, "C4": 1, "D1": 2}
    workings = {row["item"]: row for row in found["workings"] if row["unit"] == "甲镇"}
    assert list(workings) == ["A1", "A3", "C1", "C2", "C3", "C4"]
    assert workings["C4"]["working"] == f"不适用：{SAID}；取其他 1 个单位的平均分 2"
    assert [workings[name]["score"] for name in ("A1", "C1", "C2")] == [None, None, "0"]


def test_csv_and_markdown_have_the_remark(give: Give, run: Run) -> None:
    give("甲镇", C1=NO, C2=NO)
    said = "不适用 10 分（C1、C2）；总分的满分是 45 分"
    assert run("rank", "--format", "csv").text.splitlines()[1].endswith(f",{said}")
    assert said in run("rank", "--format", "md").text


def test_a_narrow_terminal_folds_the_remark_and_does_not_drop_it() -> None:
    rubric = read_rubric(RUBRIC_FILE).rubric
    assert rubric is not None
    result = score(rubric, sheet_of("甲镇", rubric, {**WHOLE, "C1": NO, "C2": NO}))
    for table in (
        totals_table(rubric, [result], WORDS),
        ranking_table(rubric, rank(rubric, [result]), WORDS),
    ):
        lines = [*aligned_lines([table], 44)]
        said = "".join("".join(line[-20:].split()) for line in lines)
        assert said.count("不适用10分（C1、C2）；总分的满分是45分") == 1
        assert not any("（20）" in line for line in lines)


# --- sums that do not add up ---------------------------------------------------------------------

WHY = "印的是 60 分，各项合计 50 分"
MISMATCH = f"""\
id: county
title: 某县考核评分细则
total: 100
sections:
  - id: A
    title: 日常
    max: 60
    accept_mismatch: {WHY}
    items:
      - {{id: A1, max: 30, text: 一}}
      - {{id: A2, max: 20, text: 二, not_applicable: exclude}}
  - {{id: B, title: 其他, max: 40, items: [{{id: B1, max: 40, text: 三}}]}}
"""


def accepting(text: str = MISMATCH) -> Rubric:
    found = read_rubric(text)
    assert found.rubric is not None, found.diagnostics
    return found.rubric


def test_a_mismatch_is_an_error_unless_it_is_accepted() -> None:
    strict = MISMATCH.replace(f"    accept_mismatch: {WHY}\n", "")
    assert [one.kind for one in read_rubric(strict).diagnostics] == [Kind.SUM_MISMATCH]
    assert accepting().accepted == (("日常", WHY),)


@pytest.mark.parametrize(
    ("before", "after", "kinds"),
    [
        ("max: 60", "max: 50", [Kind.SUM_MISMATCH, Kind.NO_MISMATCH]),
        (f"accept_mismatch: {WHY}", "accept_mismatch: ''", [Kind.EMPTY_FIELD]),
        ("total: 100", "total: 90", [Kind.SUM_MISMATCH]),
        ("total: 100", "total: 100\naccept_mismatch: 对得上", [Kind.NO_MISMATCH]),
        ("    max: 60\n", "    max: 60\n    pool: items\n", [Kind.NO_MISMATCH]),
        ("    max: 60\n", "    max: 45\n    capped: true\n", [Kind.SUM_MISMATCH, Kind.NO_MISMATCH]),
    ],
)
def test_only_what_does_not_add_up_is_accepted(before: str, after: str, kinds: list[Kind]) -> None:
    found = [one.kind for one in read_rubric(MISMATCH.replace(before, after)).diagnostics]
    assert set(kinds) <= set(found)
    assert Kind.NO_MISMATCH not in found or Kind.NO_MISMATCH in kinds


def test_full_marks_are_the_real_sum_and_every_result_says_so() -> None:
    rubric = accepting()
    sheets = [
        sheet_of("甲", rubric, {"A1": 30, "A2": 20, "B1": 40}),
        sheet_of("乙", rubric, {"A1": 30, "A2": NO, "B1": 40}),
    ]
    results = map_score(rubric, sheets)
    assert [one.total for one in results] == [90, 70]
    assert [one.out_of for one in results] == [90, 70]
    totals = totals_table(rubric, results, WORDS)
    assert [one.title for one in totals.columns][4:7] == ["日常（50）", "其他（40）", "总分（90）"]
    assert totals.notes == (f"评分细则里加起来不符，按各项之和计算：日常：{WHY}",)
    ranking = rank(rubric, results)
    by_name = {sheet.unit: sheet for sheet in sheets}
    rates = rates_table(rubric, ranking, by_name, WORDS)
    assert [row.cells[-1] for row in rates.rows()] == [1, 1]
    assert rates.columns[-1].cap == 90
    lines = named(account_table(rubric, ranking.placings[1].result, sheets[1], WORDS))
    assert [row["max"] for row in lines if row["text"] is None] == [30, 40, 70]


def test_the_sums_of_a_form_are_out_of_the_real_points() -> None:
    caps = [one.cap for one in form_lines(accepting(), "甲") if isinstance(one, Subtotal)]
    assert caps == [50, 40, 90]
    assert "  # 日常（50）" in yaml_form(accepting(), "甲", WORDS).splitlines()


def test_a_rubric_is_shown_with_its_real_points() -> None:
    table = rubric_table(accepting(), WORDS)
    assert table.title.endswith("满分 90")
    assert [row.cells[0] for row in table.rows()] == ["日常（50）", "日常（50）", "其他（40）"]
    assert table.notes == (f"评分细则里加起来不符，按各项之和计算：日常：{WHY}",)


def test_a_total_that_does_not_add_up_can_be_accepted_as_well() -> None:
    text = MISMATCH.replace("total: 100", "total: 99\naccept_mismatch: 印的是 99 分")
    rubric = accepting(text)
    assert rubric.accepted == (("某县考核评分细则", "印的是 99 分"), ("日常", WHY))
    (result,) = map_score(rubric, [sheet_of("甲", rubric, {"A1": 1, "A2": 2, "B1": 3})])
    assert (result.total, result.out_of) == (Decimal(6), Decimal(90))


DIFFERENT = """\
- id: K
  title: 个性
  max: 10
  accept_mismatch: 乙局只有 8 分
  per_unit:
    - {units: [甲局], items: [{id: C1, max: 10, text: 税}]}
    - {units: [乙局], items: [{id: C1, max: 8, text: 路}]}
- id: L
  title: 加分
  max: 5
  capped: true
  items: [{id: D1, max: 4, text: 一}, {id: D2, max: 3, text: 二}]
- id: M
  title: 报送
  max: 6
  pool: items
  floor: 1
  items: [{id: E1, max: 6, text: 迟报, rule: {deduct: {each: 1}}}]
"""


def test_where_units_differ_the_printed_points_stay_and_each_is_out_of_its_own() -> None:
    rubric = rubric_of_sections(DIFFERENT)
    facts = {"D1": 4, "D2": 3, "E1": {"value": 0}}
    sheets = [sheet_of(unit, rubric, {"C1": 8, **facts}) for unit in ("甲局", "乙局")]
    results = map_score(rubric, sheets)
    assert [one.total for one in results] == [19, 19]
    assert [one.out_of for one in results] == [None, 19]
    titles = [one.title for one in totals_table(rubric, results, WORDS).columns]
    assert titles[-4:-1] == ["报送（6）", "总分（21）", "满分"]
    ranking = rank(rubric, results)
    rates = rates_table(rubric, ranking, {sheet.unit: sheet for sheet in sheets}, WORDS)
    assert [row.cells[-1] for row in rates.rows()] == [Decimal("0.9"), 1]
    assert [row.fixed for row in rates.rows()] == [frozenset(), frozenset({"total"})]


def test_section_points_need_no_factor_of_other_sections() -> None:
    rubric = accepting()
    points = {"A1": Decimal(1), "A2": Decimal(2), "B1": Decimal(3)}
    assert section_points(rubric.sections, "甲", points, {}, 2) == {"A": 3, "B": 3}


def test_an_accepted_mismatch_is_told_by_every_command(folder: Path, run: Run) -> None:
    (folder / "rubrics").mkdir()
    (folder / "rubrics" / "county.yaml").write_text(MISMATCH, encoding="utf-8")
    (folder / "甲.yaml").write_text(
        "rubric: county\nunit: 甲\nscores: {A1: 3, A2: 2, B1: 4}\n", encoding="utf-8"
    )
    for command in (("total",), ("rank",), ("explain", "--unit", "甲")):
        outcome = run(*command, "甲.yaml")
        assert outcome.code == 0
        assert WHY in outcome.said, command
    assert WHY in run("rank", "甲.yaml", "--format", "md").text
    assert run("export", "甲.yaml", "--md", "-o", "out.md").code == 0
    text = (folder / "out.md").read_text("utf-8")
    assert f"| 加起来不符之处 | 评分细则里加起来不符，按各项之和计算：日常：{WHY} |" in text


def test_units_that_are_out_of_different_points_say_so_where_a_mismatch_was_accepted() -> None:
    rubric = rubric_of_sections(
        "- id: A\n  title: 职责\n  max: 10\n  accept_mismatch: 印的是 10 分，各单位不同\n"
        "  per_unit:\n"
        "    - {units: [甲局], items: [{id: C1, max: 9, text: 甲}]}\n"
        "    - {units: [乙局], items: [{id: C1, max: 8, text: 乙}]}\n"
        "- id: B\n  title: 共性\n  max: 10\n  items: [{id: B1, max: 10, text: 共}]\n"
    )
    sheets = [sheet_of(unit, rubric, {"C1": 8, "B1": 9}) for unit in ("甲局", "乙局")]
    results = [score(rubric, one) for one in sheets]
    for table in (
        ranking_table(rubric, rank(rubric, results), WORDS),
        totals_table(rubric, results, WORDS),
    ):
        names = [column.name for column in table.columns]
        remarks = {row.cells[3]: row.cells[names.index("remark")] for row in table.rows()}
        assert remarks["甲局"] in ("总分的满分是 19 分", "并列、总分的满分是 19 分")
        assert str(remarks["乙局"]).endswith("总分的满分是 18 分")
        assert table.columns[names.index("remark")].shown


def test_a_total_out_of_what_all_have_is_not_remarked() -> None:
    """The title says that full marks are 90; nothing is to be said of one unit."""
    text = (
        "id: county\ntitle: 细则\ntotal: 100\naccept_mismatch: 印的是 100 分\n"
        "sections: [{id: A, title: 甲, max: 90, items: [{id: A1, max: 90, text: 一}]}]\n"
    )
    rubric = read_rubric(text).rubric
    assert rubric is not None
    sheet = sheet_of_scores(rubric, "A1: 80\n")
    table = ranking_table(rubric, rank(rubric, [score(rubric, sheet)]), WORDS)
    (row,) = table.rows()
    place = [column.name for column in table.columns].index("remark")
    assert row.cells[place] is None
