""""""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.rubrics import read_rubric, rubric_of_sections, text_of_sections

from epa_score import Ranking, ScoreSheet, rank, score
from epa_score.i18n import Words
from epa_score.model import Rubric
from epa_score.reports.ranking import ranking_table
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
    pool: items
    floor: 2
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


def test_a_quota_of_the_last_band_is_found_there_and_named() -> None:
    text = text_of_sections(SECTION, f"bands: [{BANDS % ('', '')}]")
    text = text.replace("at_least: 0}", "at_least: 0, most: 1}")
    (one,) = read_rubric(text).diagnostics
    assert (one.kind.label, one.variant) == ("band_quota", "last")
    assert one.parameters["name"] == "不合格"


def remarks_of(rubric: Rubric, *points: str) -> list[str]:
    """The remarks on units with such points, in the order of their ranks."""
    table = ranking_table(rubric, ranked(rubric, *points), Words("en"))
    at = [column.name for column in table.columns].index("remark")
    return [str(row.cells[at] or "") for row in table.rows()]


@pytest.mark.parametrize(
    ("quotas", "points", "named"),
    [
        (("1", ""), ["95", "94", "85"], ["", "优秀", ""]),
        (("", "1"), ["95", "85", "84", "10"], ["", "", "良好", ""]),
        (("1", "1"), ["95", "94", "93"], ["", "优秀", "优秀"]),
    ],
)
def test_a_band_without_room_is_named_in_the_remark(
    quotas: tuple[str, str], points: list[str], named: list[str]
) -> None:
    found = remarks_of(rubric_with(*quotas), *points)
    assert [bool(text) for text in found] == [bool(name) for name in named]
    assert all(name in text for name, text in zip(named, found, strict=True))


def test_a_provisional_ranking_has_a_note_that_there_are_no_bands() -> None:
    rubric = rubric_with("1")
    sheet = ScoreSheet.model_validate({"rubric": "county", "unit": "甲", "scores": {"A1": None}})
    words = Words("en")
    open_one = rank(rubric, [score(rubric, sheet)], provisional=True)
    notes = ranking_table(rubric, open_one, words).notes
    assert words("report.note_no_bands") in notes
    assert words("report.note_quotas") not in notes
    notes = ranking_table(rubric, ranked(rubric, "95"), words).notes
    assert words("report.note_quotas") in notes
    assert not {words("report.note_no_bands"), words("report.note_quotas_open")} & {*notes}
