""""""

from decimal import Decimal
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from tests.support.pools import POINTS, RUBRIC, SECTIONS, sheet_of
from tests.support.rubrics import read_rubric, rubric_of_sections, sheet_of_scores

from epa_score import ScoreSheet, rank, score
from epa_score.diagnostics import Diagnostic
from epa_score.exporters.xlsx import write
from epa_score.exporters.xlsx.form import Form
from epa_score.i18n import Words
from epa_score.reports.provenance import Origin, about_table
from epa_score.reports.ranking import ranking_table
from epa_score.reports.rates import rates_table
from epa_score.reports.scores import deductions_table, scores_table
from epa_score.reports.workings import workings_table

WORDS = Words("zh_CN")

SHEETS = st.builds(
    sheet_of, st.just("甲"), st.integers(0, 60), *[st.integers(0, 9)] * 2, *[POINTS] * 3
)


@given(SHEETS, st.integers(0, 60), st.integers(0, 9))
def test_sections_are_what_their_text_says(sheet: ScoreSheet, late: int, wrong: int) -> None:
    late_before, wrong_before, found = (
        Decimal(str(sheet.score(name).facts["value"])) for name in ("A1", "A2", "B1")
    )
    lost = min(Decimal(20), late_before / 2) + min(Decimal(4), wrong_before)
    points = {name: one or Decimal(0) for name, one in sheet.points.items()}
    told = min(Decimal(10), min(Decimal(8), 2 * found) + points["B2"])
    result = score(RUBRIC, sheet)
    assert result.sections == {
        "P": max(Decimal(5), 20 - lost),
        "Q": min(Decimal(15), told + points["C1"]),
        "R": told,
        "S": points["C1"],
        "T": points["D1"],
    }
    assert result.total == sum(result.sections[name] for name in "PQT")
    worse = {**sheet.scores, "A1": {"value": late + 60}, "A2": {"value": wrong + 9}}
    after = score(RUBRIC, ScoreSheet.model_validate(sheet.model_dump() | {"scores": worse}))
    assert 5 <= after.sections["P"] <= result.sections["P"] <= 20
    assert after.total <= result.total


def test_unscored_items_of_a_pool_have_lost_nothing_at_best() -> None:
    result = score(RUBRIC, sheet_of_scores(RUBRIC, "A1: {value: 4}\nD1: 7", incomplete=True))
    assert result.unscored == ("A2", "B1", "B2", "C1")
    assert result.sections["P"] == 14
    assert result.at_best is not None
    assert result.at_best.sections["P"] == 18
    assert result.at_best.total == 18 + 15 + 7


def broken(sections: str, old: str, new: str) -> tuple[Diagnostic, ...]:
    """What is wrong with a rubric after a change."""
    total = "42" if sections is SECTIONS else "5"
    text = f"id: county\ntitle: 某县\ntotal: {total}\nsections:\n" + sections.replace(old, new)
    return read_rubric(text).diagnostics


@pytest.mark.parametrize(
    ("change", "kinds"),
    [
        (("floor: 5", "floor: 21"), ["rule_points_over_cap"]),
        (("floor: 5", "floor: 0.001"), ["rule_points_off_step"]),
        (("max: 4, text: 错报", "max: 21, text: 错报"), ["rule_points_over_cap"]),
        (("max: 9, items", "max: 5, items"), ["sum_mismatch", "sum_mismatch"]),
        (("  pool: items\n", ""), ["sum_mismatch", "rules_conflict"]),
        (("rule: {deduct: {each: 1}}", "rule: {count: {each: 1}}"), ["rules_conflict"]),
        (("{each: 1}}", "{each: 1}, hard_zero: [虚报]}"), ["rules_conflict"]),
        (("pool: items", "pool: 是"), ["value_not_allowed"]),
    ],
)
def test_what_cannot_be_is_found_without_any_sheet(
    change: tuple[str, str], kinds: list[str]
) -> None:
    assert change[0] in SECTIONS
    assert [one.kind.label for one in broken(SECTIONS, *change)] == kinds


def test_each_unit_has_its_own_items_in_a_capped_section() -> None:
    own = """\
- id: A
  title: 各自
  max: 5
  capped: true
  per_unit:
    - {units: [甲], items: [{id: A1, max: 4, text: 一}, {id: A2, max: 3, text: 二}]}
    - {units: [示例甲镇], items: [{id: A1, max: 6, text: 三}]}
"""
    rubric = rubric_of_sections(own)
    assert score(rubric, sheet_of_scores(rubric, "A1: 6")).total == 5
    assert [one.kind.label for one in broken(own, "max: 6", "max: 5")] == ["sum_mismatch"]


def test_reports_show_the_points_that_were_added_up() -> None:
    sheet = sheet_of("甲", 3, 9, 5, Decimal(3), Decimal(2), Decimal(7))
    ranking = rank(RUBRIC, [score(RUBRIC, sheet)])
    report = RUBRIC, ranking, {"甲": sheet}, WORDS
    (scores,) = scores_table(*report).rows()
    shown = ["18.5", "0", "8", "3", "2", "7", "33.5"]
    assert scores.cells == (1, "甲", *map(Decimal, shown))
    lost = {row.cells[1]: row.cells for row in deductions_table(*report).rows()}
    assert lost["A1"][4:8] == (20, Decimal("18.5"), Decimal("1.5"), "20 - 3 x 0.5 = 18.5")
    assert lost["B2"][4:8] == (6, 3, 3, None)
    assert "B1" not in lost
    (rates,) = rates_table(*report).rows()
    assert rates.cells[2] == Decimal("0.93")
    assert [row.cells[1] for row in workings_table(*report).rows()] == ["A1", "A2", "B1"]


def test_formulas_keep_the_bounds() -> None:
    file = BytesIO()
    sheet = sheet_of("甲", 3, 9, 5, Decimal(3), Decimal(2), Decimal(7))
    ranking = rank(RUBRIC, [score(RUBRIC, sheet)])
    about = about_table([Origin(RUBRIC, ranking, "county.yaml", "00", ())], "1.0", WORDS)
    tables = [
        ranking_table(RUBRIC, ranking, WORDS),
        scores_table(RUBRIC, ranking, {"甲": sheet}, WORDS),
        about,
    ]
    write(tables, file, WORDS, [Form(RUBRIC, "甲", sheet, asks=False)])
    book = load_workbook(file)
    assert book["得分明细"]["I6"].value == (
        "=ROUND(SUM(H6,MAX(5,SUM(C6:D6)-4),MIN(15,SUM(G6,MIN(10,SUM(E6:F6))))),2)"
    )
    form = [cell.value for cell in book["甲"]["E"] if str(cell.value).startswith("=")]
    assert "ROUND(MIN(15,SUM(E12,MIN(10,SUM(E9:E10)))),2)" in form[3]
    notes = [cell.value for cell in book["甲"]["F"]]
    assert "20 - 3 x 0.5 = 18.5" in notes
    said = [row[1] for row in book["说明"].values if row[0] == "小数"]
    assert said == [WORDS("report.decimals_ruled", decimals=2)]
