"""Pools of a section: an item takes more than its own points, until nothing is left."""

from decimal import Decimal
from io import BytesIO

from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from tests.support.rubrics import rubric_of_sections, sheet_of_scores

from epa_score import rank, score
from epa_score.exporters.xlsx import write
from epa_score.exporters.xlsx.form import Form
from epa_score.i18n import Words
from epa_score.reports.breakdown import account_table
from epa_score.reports.ranking import ranking_table
from epa_score.reports.rates import analysis_table, rates_table
from epa_score.reports.scores import deductions_table, scores_table

WORDS = Words("zh_CN")

SECTIONS = """\
- id: A
  title: 报送
  max: 20
  pool: section
  floor: 2
  items:
    - {id: A1, max: 12, text: 迟报, rule: {deduct: {each: 2}}}
    - {id: A2, max: 8, text: 错报, rule: {deduct: {each: 1}}}
- id: B
  title: 会议
  max: 9
  accept_mismatch: 印的是 9 分，各项合计 8 分
  pool: section
  items:
    - {id: B1, max: 5, text: 缺会, rule: {deduct: {each: 1}}}
    - {id: B2, max: 3, text: 迟到, rule: {deduct: {each: 0.5}}}
"""
RUBRIC = rubric_of_sections(SECTIONS)


def facts(*numbers: int) -> str:
    names = ("A1", "A2", "B1", "B2")
    return "".join(f"{name}: {{value: {one}}}\n" for name, one in zip(names, numbers, strict=True))


@given(*[st.integers(0, 40)] * 4)
def test_items_add_up_to_the_section_until_its_floor(a1: int, a2: int, b1: int, b2: int) -> None:
    result = score(RUBRIC, sheet_of_scores(RUBRIC, facts(a1, a2, b1, b2)))
    assert result.sections["A"] == max(2, 20 - 2 * a1 - a2)
    assert result.sections["B"] == max(Decimal(0), 8 - b1 - Decimal(b2) / 2)
    assert result.total == sum(result.sections.values())
    assert result.out_of == 28


def test_at_worst_an_unscored_item_leaves_the_floor() -> None:
    sheet = sheet_of_scores(
        RUBRIC, "A1: {value: 1}\nB1: {value: 1}\nB2: {value: 0}\n", incomplete=True
    )
    result = score(RUBRIC, sheet)
    assert result.unscored == ("A2",)
    assert result.total == 17
    assert result.sections["A"] == 10
    assert result.at_best is not None
    assert result.at_worst is not None
    assert result.at_best.total == 25
    assert result.at_worst.total == 9
    other = sheet_of_scores(RUBRIC, facts(2, 8, 0, 0)).model_copy(update={"unit": "示例乙镇"})
    (first, second) = rank(RUBRIC, [result, score(RUBRIC, other)], provisional=True).placings
    assert first.result.unit == "示例甲镇"
    assert (first.best, first.worst) == (1, 2)
    assert (second.best, second.worst) == (1, 2)


def test_every_table_adds_up_or_says_what_bounds_it() -> None:
    sheet = sheet_of_scores(RUBRIC, facts(1, 15, 0, 14))
    result = score(RUBRIC, sheet)
    assert list(result.sections.values()) == [3, 1]
    ranking = rank(RUBRIC, [result])
    report = RUBRIC, ranking, {"示例甲镇": sheet}, WORDS
    table = scores_table(*report)
    (cells,) = (row.cells for row in table.rows())
    assert cells[2:] == (10, -7, 5, -4, 4)
    assert table.notes[1:] == (
        "报送：各项共用 20 分，一项可以多扣，得分可能低于 0 分，合计扣到 2 分为止",
        "会议：各项共用 8 分，一项可以多扣，得分可能低于 0 分，合计扣到 0 分为止",
    )
    lost = {row.cells[1]: row.cells[6:8] for row in deductions_table(*report).rows()}
    assert lost == {
        "A1": (2, "12 - 1 x 2 = 10"),
        "A2": (15, "8 - 15 x 1 = -7"),
        "B2": (7, "3 - 14 x 0.5 = -4"),
    }
    (rates,) = (row.cells for row in rates_table(*report).rows())
    # -7/8 = -0.875 and -4/3 = -1.333
    assert rates[2:] == tuple(map(Decimal, ("0.83", "-0.88", "1", "-1.33", "0.14")))
    assert [row.cells[5] for row in analysis_table(*report).rows()] == [-4, -7, 10, 5]
    lines = list(account_table(RUBRIC, result, sheet, WORDS).rows())
    assert [row.cells[2] for row in lines] == ["item", "item", "subtotal"] * 2 + ["total"]
    counted = [cell for row in lines if isinstance(cell := row.cells[13], Decimal)]
    assert sum(counted) == 4
    assert lines[2].cells[-1] == "20 - 17 = 3"
    assert lines[5].cells[-1] == "8 - 7 = 1"


def test_explain_has_a_line_for_what_the_floor_adds() -> None:
    sheet = sheet_of_scores(RUBRIC, facts(9, 3, 0, 20))
    lines = list(account_table(RUBRIC, score(RUBRIC, sheet), sheet, WORDS).rows())
    found = [(row.cells[2], row.cells[9]) for row in lines]
    assert found == [
        *[("item", -6), ("item", 5), ("at_least", 3), ("subtotal", 2)],
        *[("item", 5), ("item", -7), ("at_least", 2), ("subtotal", 0), ("total", 2)],
    ]
    assert lines[3].cells[-1] == "20 - 21 = -1；最低 2 分"


def test_formulas_keep_the_floor() -> None:
    sheet, file = sheet_of_scores(RUBRIC, facts(1, 15, 0, 14)), BytesIO()
    ranking = rank(RUBRIC, [score(RUBRIC, sheet)])
    tables = [
        ranking_table(RUBRIC, ranking, WORDS),
        scores_table(RUBRIC, ranking, {"示例甲镇": sheet}, WORDS),
    ]
    write(tables, file, WORDS, [Form(RUBRIC, "示例甲镇", sheet, asks=False)])
    book = load_workbook(file)
    points = book["得分明细"]
    assert points["G6"].value == "=ROUND(SUM(MAX(2,SUM(C6:D6)),MAX(0,SUM(E6:F6))),2)"
    assert points["D6"].value == -7
