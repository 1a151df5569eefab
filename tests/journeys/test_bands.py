"""Bands in every result: rankings, totals, accounts and the workbook."""

import json
from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.support.commands import Run

QUOTAS = """\
id: small
title: 小细则
total: 10
sections:
  - {id: A, title: 甲, max: 10, items: [{id: A1, max: 10, text: 一}]}
bands:
  - {name: 优秀, at_least: 9, most: 1}
  - {name: "=良好", at_least: 6}
  - {name: 较差, at_least: 0}
"""

OPEN = QUOTAS.replace(", most: 1", "")


@pytest.fixture
def hand_in(folder: Path) -> Path:
    (folder / "rubrics").mkdir()
    (folder / "scores").mkdir()
    (folder / "rubrics" / "small.yaml").write_text(QUOTAS, "utf-8")
    for unit, points in {"甲": "9.5", "乙": "9", "丙": "9", "丁": "2"}.items():
        sheet = f"rubric: small\nunit: {unit}\nscores: {{A1: {points}}}\n"
        (folder / "scores" / f"{unit}.yaml").write_text(sheet, "utf-8")
    return folder


def shown(text: str) -> list[list[str]]:
    return [line.split("\t") for line in text.splitlines()]


@pytest.mark.usefixtures("hand_in")
def test_a_ranking_shows_bands_quotas_and_why(run: Run) -> None:
    outcome = run("rank")
    assert [row[-2:] for row in shown(outcome.text)] == [
        ["等次", "备注"],
        ["优秀", ""],
        ["=良好", "并列、达到优秀分数线，名额已满"],
        ["=良好", "并列、达到优秀分数线，名额已满"],
        ["较差", ""],
    ]
    assert (
        "等次按总分：优秀 9 分以上（最多 1 个单位）、=良好 6 分以上、较差 0 分以上" in outcome.said
    )
    assert "等次的名额按名次用" in outcome.said
    (first, *_) = json.loads(run("rank", "--format", "json").text)
    assert first["band"] == "优秀"
    assert "'=良好" in run("rank", "--format", "csv").text


@pytest.mark.usefixtures("hand_in")
def test_totals_have_bands_without_quotas_and_say_so(run: Run) -> None:
    outcome = run("total", lang="en")
    assert sorted(row[-1] for row in shown(outcome.text)[1:]) == ["优秀", "优秀", "优秀", "较差"]
    assert "without quotas" in outcome.said
    Path("rubrics/small.yaml").write_text(OPEN, "utf-8")
    outcome = run("total", lang="en")
    assert "Bands by total" in outcome.said
    assert "without quotas" not in outcome.said


def test_a_provisional_ranking_has_no_bands(hand_in: Path, run: Run) -> None:
    (hand_in / "scores" / "戊.yaml").write_text(
        "rubric: small\nunit: 戊\nscores: {A1: }\n", "utf-8"
    )
    outcome = run("rank", "--provisional")
    assert "等次" not in outcome.text
    assert "暂定排名不列等次" in outcome.said
    assert {
        one["band"] for one in json.loads(run("rank", "--provisional", "--format", "json").text)
    } == {None}
    rows = {row[0]: row for row in shown(run("total", "--provisional").text)}
    assert rows["戊"][3] == ""
    assert rows["丁"][3] == "较差"


def test_a_faulty_sheet_that_is_left_out_has_no_band(hand_in: Path, run: Run) -> None:
    (hand_in / "scores" / "戊.yaml").write_text(
        "rubric: small\nunit: 戊\nscores: {A1: 11}\n", "utf-8"
    )
    rows = json.loads(run("rank", "--skip-invalid", "--format", "json").text)
    assert [one["band"] for one in rows] == ["优秀", "=良好", "=良好", "较差", None]


@pytest.mark.usefixtures("hand_in")
def test_an_account_names_the_band(run: Run) -> None:
    assert "等次：=良好" in run("explain", "--unit", "乙").said


@pytest.mark.parametrize("rubric", [OPEN, QUOTAS])
def test_the_workbook_has_bands_that_follow_or_say_that_they_do_not(
    hand_in: Path, run: Run, rubric: str
) -> None:
    (hand_in / "rubrics" / "small.yaml").write_text(rubric, "utf-8")
    assert run("export", "--xlsx").code == 0
    page = load_workbook("排名汇总.xlsx")["排名汇总"]
    figures = load_workbook("排名汇总.xlsx", data_only=True)
    rows = [[cell.value for cell in row] for row in page.iter_rows()]
    (head,) = (row for row in rows if row[0] == "名次")
    column = list(map(str, head)).index("等次")
    formulas = [row[column] for row in rows[3:7]]
    notes = [str(row[0]) for row in rows]
    if rubric is OPEN:
        assert formulas[0] == '=LOOKUP(D4,{0,6,9},{"较差","=良好","优秀"})'
        assert not any("等次是导出时的" in note for note in notes)
    else:
        assert formulas == ["优秀", "=良好", "=良好", "较差"]
        assert any("等次是导出时的" in note for note in notes)
    values = [row[column].value for row in figures["排名汇总"].iter_rows()]
    assert values[3:7] == ["优秀", *[["=良好", "优秀"][rubric is OPEN]] * 2, "较差"]
    said = [row[1] for row in figures["说明"].values if row[0] == "等次"]
    assert "优秀 9 分以上" in str(said[0])
    (first,) = figures["排名汇总"].iter_rows(min_row=4, max_row=4, values_only=True)
    hidden = [index for index, title in enumerate(map(str, head)) if title == "等次"]
    assert [first[index] for index in hidden] == ["优秀", "优秀"]


def test_a_name_too_long_for_formulas_stays_as_exported(hand_in: Path, run: Run) -> None:
    text = OPEN.replace('"=良好"', "长" * 130)
    (hand_in / "rubrics" / "small.yaml").write_text(text, "utf-8")
    assert run("export", "--xlsx").code == 0
    cells = [
        cell.value for row in load_workbook("排名汇总.xlsx")["排名汇总"].iter_rows() for cell in row
    ]
    assert not any("LOOKUP" in str(cell) for cell in cells)
