"""Bands: the name of every total, quotas by rank, and everything that shows them."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from tests.conftest import Run
from tests.support.rubrics import read_rubric, rubric_of_sections

from epa_score import Ranking, ScoreSheet, rank, score
from epa_score.model import Rubric
from epa_score.scoring import Ties

SECTION = """\
- id: A
  title: 工作
  max: 100
  items: [{id: A1, max: 100, text: 落实}]
"""
BANDS = "{name: 优秀, at_least: 90%s}, {name: 良好, at_least: 80%s}, {name: 不合格, at_least: 0}"


def rubric_with(first: str = "", second: str = "", *more: str) -> Rubric:
    bands = BANDS % (first and f", most: {first}", second and f", most: {second}")
    return rubric_of_sections(SECTION, f"bands: [{bands}]", *more)


def ranked(rubric: Rubric, *points: str, ties: Ties = "competition") -> Ranking:
    sheets = [
        ScoreSheet.model_validate({"rubric": "county", "unit": f"单位{number:02}", "scores": given})
        for number, given in enumerate({"A1": one} for one in points)
    ]
    return rank(rubric, [score(rubric, one) for one in sheets], ties=ties)


def bands(rubric: Rubric, *points: str, ties: Ties = "competition") -> list[str]:
    """The bands of units with such points, in the order of their ranks."""
    return [one.band.name for one in ranked(rubric, *points, ties=ties).placings if one.band]


@pytest.mark.parametrize(
    ("points", "band"),
    [("100", 0), ("90", 0), ("89.99", 1), ("80", 1), ("79.99", 2), ("0.01", 2), ("0", 2)],
)
def test_a_threshold_belongs_to_its_band(points: str, band: int) -> None:
    assert bands(rubric_with(), points) == [["优秀", "良好", "不合格"][band]]


def test_without_bands_nobody_has_one() -> None:
    assert bands(rubric_of_sections(SECTION), "90") == []


@pytest.mark.parametrize("ties", ["competition", "dense"])
@pytest.mark.parametrize(
    ("quotas", "points", "expected"),
    [
        (("2", ""), ["95", "94", "93"], "优优良"),
        (("2", ""), ["95", "94", "94"], "优良良"),
        (("2", ""), ["95", "95", "95", "91"], "良良良良"),
        (("2", ""), ["95", "94", "94", "92"], "优良良良"),
        (("1", "1"), ["95", "94", "93", "85"], "优良不不"),
        (("1", "2"), ["95", "94", "85", "85"], "优良不不"),
        (("", "1"), ["95", "94", "85", "84"], "优优良不"),
        (("3", "3"), ["85", "84"], "良良"),
        (("3", "3"), ["10", "0"], "不不"),
    ],
)
def test_quotas_are_filled_by_rank_and_ties_stay_together(
    quotas: tuple[str, str], points: list[str], expected: str, ties: Ties
) -> None:
    found = bands(rubric_with(*quotas), *points, ties=ties)
    assert "".join(name[0] for name in found) == expected


def test_units_that_a_tie_break_separates_are_not_tied_at_the_limit() -> None:
    two = """\
- {id: A, title: 甲, max: 60, items: [{id: A1, max: 60, text: 一}]}
- {id: B, title: 乙, max: 40, items: [{id: B1, max: 40, text: 二}]}
"""
    text = "id: county\ntitle: 某县\ntotal: 100\ntie_break: [B]\n"
    text += f"bands: [{BANDS % (', most: 1', '')}]\nsections:\n{two}"
    rubric = read_rubric(text).rubric
    assert rubric is not None
    scores = {"甲": {"A1": "58", "B1": "37"}, "乙": {"A1": "57", "B1": "38"}}
    sheets = [{"rubric": "county", "unit": unit, "scores": one} for unit, one in scores.items()]
    results = [score(rubric, ScoreSheet.model_validate(one)) for one in sheets]
    found = {one.result.unit: one.band for one in rank(rubric, results).placings}
    assert {unit: band and tuple(band) for unit, band in found.items()} == {
        "乙": ("优秀", "优秀"),
        "甲": ("良好", "优秀"),
    }


POINTS = st.integers(0, 400).map(lambda quarters: str(Decimal(quarters) / 4))


@given(
    st.lists(POINTS, max_size=12),
    st.tuples(*[st.sampled_from(["", "1", "2", "5"])] * 2),
)
def test_a_quota_is_kept_and_no_better_rank_has_a_worse_band(
    points: list[str], quotas: tuple[str, str]
) -> None:
    rubric = rubric_with(*quotas)
    names = [band.name for band in rubric.bands]
    placings = ranked(rubric, *points).placings
    numbers = [names.index(one.band.name) for one in placings if one.band]
    assert len(numbers) == len(points)
    assert numbers == sorted(numbers)
    results = [one.result for one in placings]
    assert rank(rubric, results[::-1]).placings == placings
    for one, number in zip(placings, numbers, strict=True):
        band = one.band
        assert band is not None
        assert names.index(band.reached) <= number
        assert one.result.total >= rubric.bands[number].at_least or number == len(names) - 1
        assert {other.band for other in placings if other.rank == one.rank} == {band}
    for number, quota in enumerate(one.most for one in rubric.bands):
        assert quota is None or numbers.count(number) <= quota


@pytest.mark.parametrize(
    ("old", "new", "kinds"),
    [
        ("80", "90", ["bands_unsorted"]),
        ("80", "95", ["bands_unsorted"]),
        ("at_least: 0", "at_least: 1", ["bands_unsorted"]),
        ("良好", "优　秀", ["band_named_twice"]),
        ("at_least: 80", "at_least: 80, most: 0", ["band_quota"]),
        ("at_least: 80", "at_least: 80, most: 1.5", ["band_quota"]),
        ("at_least: 80", "at_least: 80, most: ", ["empty_field"]),
        ("at_least: 80", "at_least: 80, most: 两个", ["points_not_a_number"]),
        ("at_least: 80", "at_least: 80, most: -1", ["points_negative"]),
        ("at_least: 80", "at_least: 80以上", ["points_not_a_number"]),
        ("at_least: 80", "at_least: 80, quota: 2", ["unknown_field"]),
        ("at_least: 0", "at_least: 0, most: 1", ["band_quota"]),
        ("90", "100.01", ["band_unreachable"]),
    ],
)
def test_bands_that_cannot_be_are_found_without_any_sheet(
    old: str, new: str, kinds: list[str]
) -> None:
    lines = f"id: county\ntitle: 某县\ntotal: 100\nbands: [{BANDS % ('', '')}]\nsections:\n"
    assert lines.count(old) == 1
    found = read_rubric(lines.replace(old, new) + SECTION).diagnostics
    assert [one.kind.label for one in found] == kinds


REACH = """\
id: county
title: 某县
total: 40
bands: [{name: 优, at_least: REACH}, {name: 差, at_least: 0}]
sections:
  - id: A
    title: 甲
    max: 10
    capped: true
    items: [{id: A1, max: 10, text: 一}, {id: A2, max: 5, text: 二}]
  - id: B
    title: 乙
    max: 10
    pool: true
    items: [{id: B1, max: 10, text: 三, rule: {deduct: {each: 1}}}]
  - id: C
    title: 丙
    max: 20
    sections:
      - {id: D, title: 丁, max: 8, items: [{id: D1, max: 8, text: 四}]}
      - id: E
        title: 戊
        max: 12
        items:
          - id: E1
            max: 12
            text: 五
            rule: {target: {target: 100, under: 0.1, over: 0.1, limit: 15}}
"""


@pytest.mark.parametrize(("bound", "kinds"), [("43", []), ("43.01", ["band_unreachable"])])
def test_what_can_be_reached_follows_the_rules(bound: str, kinds: list[str]) -> None:
    found = read_rubric(REACH.replace("REACH", bound)).diagnostics
    assert [one.kind.label for one in found] == kinds


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
    said = [row[2] for row in figures["说明"].values if row[1] == "等次"]
    assert "优秀 9 分以上" in str(said[0])
    (check,) = (
        row[2]
        for row in load_workbook("排名汇总.xlsx")["说明"].values
        if row[1] == "导出后小计、总分和名次是否改动"
    )
    assert "EXACT(" in str(check)


def test_a_name_too_long_for_formulas_stays_as_exported(hand_in: Path, run: Run) -> None:
    text = OPEN.replace('"=良好"', "长" * 130)
    (hand_in / "rubrics" / "small.yaml").write_text(text, "utf-8")
    assert run("export", "--xlsx").code == 0
    cells = [
        cell.value for row in load_workbook("排名汇总.xlsx")["排名汇总"].iter_rows() for cell in row
    ]
    assert not any("LOOKUP" in str(cell) for cell in cells)
