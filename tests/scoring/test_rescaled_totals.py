"""Items that do not apply, and totals that are scaled to full marks."""

from decimal import Decimal
from io import BytesIO

import pytest
from openpyxl import load_workbook
from tests.support.rubrics import read_rubric, read_scores, rubric_of_sections, sheet_of_scores

from epa_score import rank, score
from epa_score.exporters.xlsx import write
from epa_score.exporters.xlsx.form import Form
from epa_score.i18n import Words
from epa_score.reports.breakdown import account_table
from epa_score.reports.ranking import ranking_table
from epa_score.reports.rates import rates_table
from epa_score.reports.scores import scores_table

WORDS = Words("zh_CN")
NO = "{not_applicable: 没有这项业务}"

SECTIONS = """\
- id: A
  title: 甲
  max: 30
  items:
    - {id: A1, max: 10, text: 一, not_applicable: rescale_total}
    - {id: A2, max: 8, text: 二, not_applicable: rescale}
    - {id: A3, max: 12, text: 三}
- id: B
  title: 乙
  max: 20
  items:
    - {id: B1, max: 5, text: 四, not_applicable: rescale_total}
    - {id: B2, max: 5, text: 五, not_applicable: exclude}
    - {id: B3, max: 10, text: 六}
"""
BONUS = "adjustments: {bonus: {items: [{id: J1, text: 表彰, each: 2}]}}"
RUBRIC = rubric_of_sections(SECTIONS)
WITH_BONUS = rubric_of_sections(SECTIONS, BONUS)


def scores(**points: object) -> str:
    return "".join(f"{name}: {given}\n" for name, given in points.items())


SOME = scores(A1=NO, A2=7, A3=11, B1=4, B2=5, B3=10)
MANY = scores(A1=NO, A2=NO, A3=11, B1=NO, B2=NO, B3=10)


@pytest.mark.parametrize(
    ("given", "sections", "total", "out_of"),
    [
        # 18 + 19 = 37 of 40: 37 x 50 / 40 = 46.25
        (SOME, {"A": 18, "B": 19}, "46.25", None),
        # A3 is scaled to 20: 11 x 20 / 12 = 18.33; 28.33 of 30 of 45: 28.33 x 45 / 30 = 42.495
        (MANY, {"A": Decimal("18.33"), "B": 10}, "42.5", 45),
        (scores(A1=9, A2=7, A3=11, B1=4, B2=5, B3=10), {"A": 27, "B": 19}, "46", None),
    ],
)
def test_the_total_is_scaled_to_full_marks(
    given: str, sections: dict[str, object], total: str, out_of: int | None
) -> None:
    result = score(RUBRIC, sheet_of_scores(RUBRIC, given))
    assert result.sections == sections
    assert result.total == Decimal(total)
    assert result.out_of == out_of


def test_best_and_worst_are_scaled_as_well() -> None:
    sheet = sheet_of_scores(RUBRIC, scores(A1=NO, A2=7, A3=11, B1=4, B2=5), incomplete=True)
    result = score(RUBRIC, sheet)
    # 27 and 37 of 40
    assert result.total == Decimal("33.75")
    assert result.at_best is not None
    assert result.at_best.total == Decimal("46.25")


def test_bonuses_are_not_scaled() -> None:
    sheet = sheet_of_scores(WITH_BONUS, SOME).model_copy(update={"adjustments": {"J1": ("奖",)}})
    result = score(WITH_BONUS, sheet)
    assert result.base == Decimal("46.25")
    assert result.total == Decimal("48.25")
    lines = list(account_table(WITH_BONUS, result, sheet, WORDS).rows())
    found = [
        (row.cells[2], row.cells[9]) for row in lines if row.cells[2] not in ("item", "subtotal")
    ]
    assert found == [
        *[("rescaled", Decimal("9.25")), ("base", Decimal("46.25")), ("adjustment", 2)],
        *[("bonus", 2), ("total", Decimal("48.25"))],
    ]
    counted = [cell for row in lines if isinstance(cell := row.cells[13], Decimal)]
    assert sum(counted) == result.total


def test_every_table_says_how_the_total_came_about() -> None:
    sheet = sheet_of_scores(RUBRIC, MANY)
    result = score(RUBRIC, sheet)
    ranking, sheets = rank(RUBRIC, [result]), {"示例甲镇": sheet}
    (row,) = ranking_table(RUBRIC, ranking, WORDS).rows()
    names = [column.name for column in ranking_table(RUBRIC, ranking, WORDS).columns]
    assert row.cells[names.index("remark")] == (
        "不适用 28 分（A1、A2、B1、B2）；总分按适用项目折算，x 45 / 30；总分的满分是 45 分"
    )
    assert {"base", "total", "sections.A"} <= row.fixed
    (row,) = scores_table(RUBRIC, ranking, sheets, WORDS).rows()
    assert row.fixed == {"base", "total"}
    lines = list(account_table(RUBRIC, result, sheet, WORDS).rows())
    found = [(row.cells[2], row.cells[8], row.cells[9]) for row in lines if row.cells[2] != "item"]
    assert found == [
        ("rescaled", None, Decimal("7.33")),
        ("subtotal", 20, Decimal("18.33")),
        ("subtotal", 10, 10),
        ("rescaled", None, Decimal("14.17")),
        ("total", 45, Decimal("42.5")),
    ]
    assert lines[-1].cells[-1] == "28.33 x 45 / 30，四舍五入为 42.5"
    counted = [cell for row in lines if isinstance(cell := row.cells[13], Decimal)]
    assert sum(counted) == result.total
    (row,) = rates_table(RUBRIC, ranking, sheets, WORDS).rows()
    assert row.cells[-1] == Decimal("0.94")


def test_the_form_scales_its_total_and_no_section() -> None:
    file = BytesIO()
    sheet = sheet_of_scores(RUBRIC, SOME)
    ranking = rank(RUBRIC, [score(RUBRIC, sheet)])
    write([ranking_table(RUBRIC, ranking, WORDS)], file, WORDS, [Form(RUBRIC, "示例甲镇", sheet)])
    form = load_workbook(file)["示例甲镇"]
    sums = [cell.value for cell in form["E"] if str(cell.value).startswith("=")]
    assert "(50-" in sums[-1]
    assert all("(50-" not in one for one in sums[:-1])


@pytest.mark.parametrize("treatment", ["rescale_total", "zero"])
def test_a_band_may_begin_where_scaling_leads(treatment: str) -> None:
    text = "id: county\ntitle: 细则\ntotal: 20\nbands: [{name: 优, at_least: 25}, "
    text += "{name: 差, at_least: 0}]\nsections:\n  - id: A\n    title: 甲\n    max: 20\n"
    text += f"    items:\n      - {{id: A1, max: 10, text: 一, not_applicable: {treatment}}}\n"
    text += "      - {id: A2, max: 10, text: 二, "
    text += "rule: {target: {target: 1, under: 1, over: 1, limit: 14}}}\n"
    found = [one.kind.code for one in read_rubric(text).diagnostics]
    # A2 alone may have 14 of 10 points: 14 x 20 / 10 = 28; else 24 in all
    assert found == ([] if treatment == "rescale_total" else ["EPA228"])


def test_something_is_left_to_scale() -> None:
    every = "{id: A1, max: 10, text: 一, not_applicable: rescale_total}"
    text = "id: county\ntitle: 细则\ntotal: 10\nsections:\n"
    text += f"  - {{id: A, title: 甲, max: 10, items: [{every}]}}\n"
    (one,) = read_rubric(text).diagnostics
    assert (one.kind.code, one.variant) == ("EPA221", "alone_total")
    both = f"    - {every}\n    - {{id: A2, max: 5, text: 二, not_applicable: exclude}}\n"
    rubric = rubric_of_sections(f"- id: A\n  title: 甲\n  max: 15\n  items:\n{both}")
    (one,) = read_scores(rubric, f"A1: {NO}\nA2: {NO}\n").diagnostics
    assert one.kind.code == "EPA423"
    assert score(rubric, sheet_of_scores(rubric, f"A1: {NO}\nA2: 3\n")).total == 9
