"""Vetoes: who is not ranked, who fails, who is barred, and everything that says so."""

import json
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from tests.support.adjustments import SHEET, read, rubric_in, shown
from tests.support.commands import HandIn, Run
from tests.support.rubrics import read_rubric

from epa_score import Rubric, ScoreSheet, rank
from epa_score.cli.sheet_store import dump_sheet, open_sheet_store
from epa_score.exporters.xlsx import write
from epa_score.exporters.xlsx.form import Form
from epa_score.exporters.yaml import yaml_form, yaml_sheet
from epa_score.i18n import Words
from epa_score.reports.ranking import ranking_table
from epa_score.scoring import score

TEXT = """\
id: county
title: 某县评分细则
total: 100
sections:
  - {id: A, title: 甲, max: 60, items: [{id: A1, max: 60, text: 一}]}
  - {id: B, title: 乙, max: 40, items: [{id: B1, max: 40, text: 二}]}
adjustments: {penalty: {items: [{id: K1, text: 通报批评, each: 1}]}}
veto:
  - {id: V1, text: 重大安全事故, effect: exclude}
  - {id: V2, text: 弄虚作假, effect: fail}
  - {id: V3, text: 群体投诉, effect: bar}
bands:
  - {name: 优秀, at_least: 90}
  - {name: 良好, at_least: 80}
  - {name: 不合格, at_least: 0}
"""
RUBRIC = rubric_in(TEXT)
QUOTA = rubric_in(TEXT.replace("at_least: 90", "at_least: 90, most: 1"))


def sheet_with(veto: object, first: str = "60", unit: str = "甲") -> ScoreSheet:
    scores = {"A1": first, "B1": "40"}
    return ScoreSheet.model_validate(
        {"rubric": "county", "unit": unit, "scores": scores, "veto": veto}
    )


def bands(rubric: Rubric, *given: tuple[str, dict[str, str]]) -> list[str | None]:
    """The bands of units in the order of their ranks; they are named by their order here."""
    sheets = [sheet_with(veto, first, str(unit)) for unit, (first, veto) in enumerate(given)]
    placings = rank(rubric, [score(rubric, one) for one in sheets]).placings
    return [one.band and one.band.name for one in placings]


@pytest.mark.parametrize(
    ("first", "veto", "band"),
    [
        ("60", {}, "优秀"),
        ("60", {"V2": "虚报"}, "不合格"),
        ("60", {"V3": "投诉"}, "良好"),
        ("45", {"V3": "投诉"}, "良好"),
        ("30", {"V3": "投诉"}, "不合格"),
        ("60", {"V2": "虚报", "V3": "投诉"}, "不合格"),
    ],
)
def test_a_veto_decides_the_band_and_not_the_rank(
    first: str, veto: dict[str, str], band: str
) -> None:
    assert bands(RUBRIC, (first, veto)) == [band]
    (placing,) = rank(RUBRIC, [score(RUBRIC, sheet_with(veto, first))]).placings
    assert (placing.rank, int(placing.result.total)) == (1, int(first) + 40)


def test_who_may_not_be_in_a_band_takes_no_place_of_its_quota() -> None:
    given: list[tuple[str, dict[str, str]]] = [
        ("60", {"V2": "虚报"}),
        ("59", {"V3": "投诉"}),
        ("58", {}),
        ("57", {}),
    ]
    assert bands(QUOTA, *given) == ["不合格", "良好", "优秀", "良好"]


def test_who_is_excluded_takes_no_rank_and_no_place() -> None:
    sheets = [
        sheet_with({"V1": "起火"}),
        sheet_with({}, "55", "乙"),
        sheet_with({"V1": "爆炸", "V2": "虚报"}, "1", "丙"),
    ]
    ranking = rank(QUOTA, [score(QUOTA, one) for one in sheets])
    (placing,) = ranking.placings
    assert (placing.rank, placing.result.unit, placing.band and placing.band.name) == (
        1,
        "乙",
        "优秀",
    )
    assert [one.unit for one in ranking.excluded] == ["甲", "丙"]
    assert list(ranking.everybody) == [(1, placing.result), *((None, x) for x in ranking.excluded)]


VETO = st.dictionaries(st.sampled_from(["V1", "V2", "V3"]), st.sampled_from(["起火", "虚报"]))
UNITS = st.lists(st.tuples(st.integers(0, 60).map(str), VETO), max_size=8)


@given(UNITS)
def test_the_others_are_ranked_as_if_the_excluded_were_not_there(
    units: list[tuple[str, dict[str, str]]],
) -> None:
    sheets = [sheet_with(veto, first, f"单位{n}") for n, (first, veto) in enumerate(units)]
    results = [score(QUOTA, one) for one in sheets]
    ranking = rank(QUOTA, results)
    inside = [one for one in results if "exclude" not in one.effects]
    assert ranking.placings == rank(QUOTA, inside).placings
    assert len(ranking.placings) + len(ranking.excluded) == len(units)
    assert rank(QUOTA, results[::-1]) == ranking
    without = [score(QUOTA, one.model_copy(update={"veto": {}})) for one in sheets]
    assert [one.total for one in without] == [one.total for one in results]


def test_a_veto_that_the_rubric_does_not_have_gives_no_result() -> None:
    with pytest.raises(ValueError, match="no veto 'V9'"):
        score(RUBRIC, sheet_with({"V9": "起火"}))


@pytest.mark.parametrize(
    ("old", "new", "kinds"),
    [
        ("effect: bar", "effect: stop", ["value_not_allowed"]),
        (", effect: bar", "", ["missing_field"]),
        ("id: V3", "id: V2", ["duplicate_item"]),
        ("id: V3", "id: K1", ["duplicate_item"]),
        ("id: V3", "id: A1", ["duplicate_item"]),
        ("id: V3", "id: V-3", ["item_id_form"]),
        (TEXT[TEXT.index("bands:") :], "", ["rules_conflict", "rules_conflict"]),
        (
            TEXT[TEXT.index("bands:") :],
            "bands: [{name: 合格, at_least: 0}]\n",
            ["rules_conflict", "rules_conflict"],
        ),
    ],
)
def test_vetoes_that_cannot_be_are_found_without_any_sheet(
    old: str, new: str, kinds: list[str]
) -> None:
    assert TEXT.count(old) == 1
    found = read_rubric(TEXT.replace(old, new)).diagnostics
    assert [one.kind.label for one in found] == kinds


@pytest.mark.parametrize(
    ("lines", "kinds"),
    [
        ("veto: {V1: 11月库房火灾}", []),
        ("veto: {V1: , V2: }", []),
        ("veto:", []),
        ("veto: {V1: 是}", ["veto_without_reason"]),
        ("veto: {V1: 'yes'}", ["veto_without_reason"]),
        ("veto: {V1: 否}", ["veto_without_reason"]),
        ("veto: {V1: 1}", ["veto_without_reason"]),
        ("veto: {V1: 没有}", ["veto_without_reason"]),
        ("veto: {V1: 未发生}", ["veto_without_reason"]),
        ("veto: {V1: '  '}", ["empty_field"]),
        ("veto: {V9: 起火}", ["unknown_adjustment"]),
        ("veto: {K1: 起火}", ["unknown_adjustment"]),
        ("veto: {V1: [起火]}", ["wrong_shape"]),
        ("veto: V1", ["wrong_shape"]),
        ("vetos: {V1: 起火}", ["unknown_field"]),
    ],
)
def test_a_veto_says_what_happened(lines: str, kinds: list[str]) -> None:
    assert [one.kind.label for one in read(SHEET + lines + "\n", RUBRIC).diagnostics] == kinds


@given(VETO)
def test_sheets_come_back_as_they_were(veto: dict[str, str]) -> None:
    sheet = sheet_with(veto | {"V3": None})
    again = read(yaml_sheet(sheet), RUBRIC).sheet
    assert again is not None
    assert again.veto == sheet.veto
    with open_sheet_store() as kept:
        assert kept.sheet(kept.keep(dump_sheet(sheet))) == sheet


def test_a_blank_form_names_every_veto_and_is_read_as_none() -> None:
    form = yaml_form(RUBRIC, "甲", Words("zh_CN"))
    assert form.endswith("  V1:   # 重大安全事故\n  V2:   # 弄虚作假\n  V3:   # 群体投诉\n")
    found = read(form.replace("  A1:", "  A1: 50").replace("  B1:", "  B1: 30"), RUBRIC)
    assert found.sheet is not None, found.diagnostics
    assert score(RUBRIC, found.sheet).vetoes == ()


# --- reports -----------------------------------------------------------------------------------

GIVEN = {
    "甲": ("60, B1: 40", "V1: 库房火灾"),
    "乙": ("50, B1: 35", "V2: 虚报销量"),
    "丙": ("60, B1: 35", "V3: 二十户联名"),
    "丁": ("30, B1: 20", ""),
}
"""甲 has 100 points and is not ranked, 乙 85, 丙 95, 丁 50: the mean is 76.67."""


@pytest.fixture
def hand_in(folder: Path) -> Path:
    (folder / "rubrics").mkdir()
    (folder / "scores").mkdir()
    (folder / "rubrics" / "county.yaml").write_text(TEXT, "utf-8")
    for unit, (scores, veto) in GIVEN.items():
        text = f"rubric: county\nunit: {unit}\nscores: {{A1: {scores}}}\nveto: {{{veto}}}\n"
        (folder / "scores" / f"{unit}.yaml").write_text(text, "utf-8")
    return folder


EXCLUDED = "不参加排名，重大安全事故：库房火灾"


@pytest.mark.usefixtures("hand_in")
def test_a_ranking_says_who_is_not_ranked_and_why(run: Run) -> None:
    outcome = run("rank")
    assert [[row[0], row[1], *row[-3:]] for row in shown(outcome.text)[1:]] == [
        ["1", "丙", "95", "良好", "不能评为优秀，群体投诉：二十户联名"],
        ["2", "乙", "85", "不合格", "定为不合格，弄虚作假：虚报销量"],
        ["3", "丁", "50", "不合格", ""],
        ["", "甲", "100", "", EXCLUDED],
    ]
    assert "有 1 个单位不参加排名：甲" in outcome.said
    rows = json.loads(run("rank", "--format", "json").text)
    found = [(one["unit"], one["rank"], one["total"], one["band"], one["veto"]) for one in rows]
    assert found[0] == ("丙", 1, "95", "良好", "V3 二十户联名")
    assert found[2:] == [("丁", 3, "50", "不合格", None), ("甲", None, "100", None, "V1 库房火灾")]
    assert EXCLUDED in run("rank", "--format", "csv").text


@pytest.mark.usefixtures("hand_in")
def test_totals_say_what_a_veto_does(run: Run) -> None:
    rows = {row[0]: row[-2:] for row in shown(run("total").text)}
    assert rows["甲"] == ["", EXCLUDED]
    assert rows["乙"] == ["不合格", "定为不合格，弄虚作假：虚报销量"]
    assert rows["丁"] == ["不合格", ""]


@pytest.mark.usefixtures("hand_in")
def test_accounts_say_what_a_veto_does(run: Run) -> None:
    outcome = run("explain", "--unit", "甲")
    assert shown(outcome.text)[-1] == ["V1", "重大安全事故", "", "", "", "库房火灾"]
    assert outcome.said.splitlines()[0] == f"甲得 100 分；{EXCLUDED}。"
    assert "定为不合格，弄虚作假：虚报销量" in run("explain", "--unit", "乙").said
    assert "and rank 1 of " in run("explain", "--unit", "丙", lang="en").said


def test_a_provisional_ranking_keeps_them_apart(hand_in: Path, run: Run) -> None:
    for unit in ("甲", "丁"):
        path = hand_in / "scores" / f"{unit}.yaml"
        path.write_text(path.read_text("utf-8").replace("B1: 40", "B1: "), "utf-8")
        path.write_text(path.read_text("utf-8").replace("B1: 20", "B1: "), "utf-8")
    rows = json.loads(run("rank", "--provisional", "--format", "json").text)
    assert [(one["unit"], one["rank"], one["best"], one["worst"]) for one in rows] == [
        ("丙", 1, 1, 1),
        ("乙", 2, 2, 2),
        ("丁", 3, 3, 3),
        ("甲", None, None, None),
    ]
    text = run("rank", "--provisional").text
    assert f"暂定，1 项未评、{EXCLUDED}" in text


def test_no_bands_are_shown_while_one_that_is_excluded_is_open(hand_in: Path, run: Run) -> None:
    rows = json.loads(run("rank", "--format", "json").text)
    assert [one["band"] is None for one in rows] == [False, False, False, True]
    path = hand_in / "scores" / "甲.yaml"
    text = path.read_text("utf-8")
    path.write_text(text.replace("B1: 40", "B1: ").replace("B1: 20", "B1: "), "utf-8")
    assert run("rank").code == 1
    rows = json.loads(run("rank", "--provisional", "--format", "json").text)
    assert [one["band"] for one in rows] == [None] * 4
    assert [(one["rank"], one["best"], one["worst"]) for one in rows[:3]] == [
        (1, 1, 1),
        (2, 2, 2),
        (3, 3, 3),
    ]


@pytest.mark.usefixtures("hand_in")
def test_the_workbook_keeps_them_out_of_ranks_means_and_the_chart(run: Run) -> None:
    assert run("export", "--xlsx", "--md").code == 0
    book = load_workbook("排名汇总.xlsx", data_only=True)
    rows = [list(row) for row in book["排名汇总"].values]
    (out,) = (row for row in rows if row[1] == "甲")
    assert out[:8] == [None, "甲", 60, 40, 100, 0, 100, None]
    (mean,) = (row for row in rows if row[0] == "平均分")
    assert mean[6] == 76.7
    formulas = load_workbook("排名汇总.xlsx")
    assert formulas["排名汇总"]["A4"].value == "=RANK(G4,G$4:G$6)"
    assert formulas["排名汇总"]["A7"].value is None
    with ZipFile("排名汇总.xlsx") as file:
        chart = file.read("xl/charts/chart1.xml").decode()
    assert "$A$4:$A$6" in chart
    assert "$G$4:$G$6" in chart
    points = [list(row) for row in book["得分明细"].values]
    assert [row[1] for row in points if row[1]][-4:] == ["丙", "乙", "丁", "甲"]
    assert points[-1][0] == "不参加排名的单位，数是导出时的，改了也不会跟着变"
    assert [row[1] for row in book["得分率"].values][5:8] == ["丙", "乙", "丁"]
    found = {row[0]: row[1] for row in book["说明"].values}
    assert (found["不参加排名的单位"], found["评分表张数"]) == ("甲", "4")
    assert ["V1", "重大安全事故", None, "库房火灾", None] in [
        list(row[:5]) for row in book["计分过程"].values
    ]
    cells = book["甲"].iter_rows(max_col=6, values_only=True)
    form = [[cell for cell in row if cell is not None] for row in cells]
    assert ["否决", "V1", "重大安全事故", "库房火灾"] in form
    assert ["V2", "弄虚作假"] in form


def test_where_nobody_is_ranked_there_is_a_table_and_no_chart(hand_in: Path, run: Run) -> None:
    for unit in "乙丙丁":
        (hand_in / "scores" / f"{unit}.yaml").unlink()
    assert run("export", "--xlsx").code == 0
    book = load_workbook("排名汇总.xlsx", data_only=True)
    assert "排名图" not in book.sheetnames
    assert [row[1] for row in book["排名汇总"].values][3] == "甲"
    outcome = run("rank", "--skip-invalid")
    assert [row[:2] for row in shown(outcome.text)[1:]] == [["", "甲"]]


def test_a_faulty_sheet_stands_below_those_that_are_not_ranked(hand_in: Path, run: Run) -> None:
    (hand_in / "scores" / "丁.yaml").write_text(SHEET.replace("示例甲镇", "丁") + "x: 1\n", "utf-8")
    rows = json.loads(run("rank", "--skip-invalid", "--format", "json").text)
    assert [one["unit"] for one in rows] == ["丙", "乙", "甲", "丁"]
    assert run("export", "--xlsx", "--skip-invalid").code == 0


def test_a_rubric_may_have_vetoes_alone(small: HandIn, run: Run) -> None:
    path = Path("rubrics/small.yaml")
    veto = "veto: [{id: V1, text: 事故, effect: exclude}]\n"
    path.write_text(path.read_text("utf-8") + veto, "utf-8")
    small("甲镇", "A1: 2, A2: 3.5, B1: 4")
    small("乙镇", "A1: 1, A2: 4, B1: 3", "veto: {V1: 起火}")
    assert [row[:2] for row in shown(run("rank").text)[1:]] == [["1", "甲镇"], ["", "乙镇"]]
    assert run("export", "--xlsx").code == 0
    assert run("form", "--rubric", "small", "--xlsx").code == 0
    listed = run("rubrics", "show", "small").text
    assert "事故（不参加排名）" in listed


def test_a_form_without_a_sheet_has_no_facts() -> None:
    file, words = BytesIO(), Words("zh_CN")
    table = ranking_table(RUBRIC, rank(RUBRIC, []), words)
    write([table], file, words, [Form(RUBRIC, "甲", asks=False)])
    cells = load_workbook(file)["甲"].iter_rows(max_col=6, values_only=True)
    form = [[cell for cell in row if cell is not None] for row in cells]
    assert ["减分", "K1", "通报批评", 0] in form
    assert ["否决", "V1", "重大安全事故"] in form


@pytest.mark.usefixtures("hand_in")
def test_a_rubric_is_shown_with_all_that_it_has(run: Run) -> None:
    outcome = run("rubrics", "show", "county")
    assert shown(outcome.text)[3:] == [
        ["减分", "K1", "", "通报批评（每件 1 分）"],
        ["否决", "V1", "", "重大安全事故（不参加排名）"],
        ["否决", "V2", "", "弄虚作假（定为最低等次）"],
        ["否决", "V3", "", "群体投诉（不能评为最高等次）"],
    ]
    assert "等次按总分：优秀 90 分以上、良好 80 分以上、不合格 0 分以上" in outcome.said
