"""排名汇总 as it is signed: means, differences to them, and a page that holds everything."""

import json
from decimal import Decimal
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from tests.support.commands import Run

from epa_score.exporters import markdown, xlsx
from epa_score.i18n import Words, plain
from epa_score.model import Rubric, ScoreSheet
from epa_score.readers import yaml
from epa_score.readers.rubrics import rubric_of
from epa_score.reports.coverage import Coverage, LeftOut
from epa_score.reports.ranking import ranking_table, summary_table
from epa_score.reports.table import Cell, Table, decimals_of
from epa_score.scoring import rank, score

WORDS = Words("zh_CN")

RUBRIC = """
id: town
title: 某县考核评分细则（乡镇）
total: 10
decimals: {decimals}
sections:
  - {{id: A, title: 领导重视, max: 6, items: [{{id: A1, max: 6, text: 一}}]}}
  - {{id: B, title: 宣传, max: 4, items: [{{id: B1, max: 4, text: 二}}]}}
"""


def rubric(decimals: int = 2) -> Rubric:
    data = RUBRIC.format(decimals=decimals).encode()
    found = rubric_of(data, yaml.read("rubric.yaml", data)).rubric
    assert found is not None
    return found


def sheet(unit: str, a: str, b: str, period: str | None = "2018") -> ScoreSheet:
    scores = {"A1": a, "B1": b}
    fields = {"rubric": "town", "unit": unit, "period": period, "scores": scores}
    return ScoreSheet.model_validate(fields)


def summary(*sheets: ScoreSheet, decimals: int = 2, left_out: str = "") -> Table:
    one = rubric(decimals)
    ranking = rank(one, [score(one, each) for each in sheets])
    faulty = [LeftOut(left_out, "坏镇")] if left_out else []
    table = ranking_table(one, ranking, WORDS, coverage=Coverage(faulty))
    return summary_table(one, table, WORDS)


def shown(table: Table) -> list[dict[str, Cell]]:
    names = [column.name for column in table.columns]
    return [dict(zip(names, row.cells, strict=True)) for row in table.rows()]


def averages(table: Table) -> dict[str, Cell]:
    assert table.mean is not None
    return dict(zip((one.name for one in table.columns), table.mean.cells, strict=True))


TWO = sheet("甲镇", "5.5", "3"), sheet("乙镇", "2", "4"), sheet("丙镇", "2", "4")
POINTS = st.integers(0, 400).map(lambda number: str(Decimal(number) / 100))


def test_the_difference_is_the_total_less_the_mean_that_is_printed() -> None:
    table = summary(*TWO, decimals=1)
    assert [[row[name] for name in ("unit", "total", "difference")] for row in shown(table)] == [
        ["甲镇", Decimal("8.5"), Decimal("1.7")],
        ["丙镇", Decimal(6), Decimal("-0.8")],
        ["乙镇", Decimal(6), Decimal("-0.8")],
    ]
    found = averages(table)
    means = [Decimal("3.2"), Decimal("3.7"), Decimal("6.8")]
    assert [found[name] for name in ("sections.A", "sections.B", "total")] == means
    assert found["unit"] == "平均分"
    assert table.notes[-1].startswith("平均分按本栏的小数位数四舍五入")


@given(st.lists(st.tuples(POINTS, POINTS), min_size=1, max_size=9), st.integers(2, 4))
def test_means_are_exact_and_rounded_once(points: list[tuple[str, str]], decimals: int) -> None:
    sheets = [sheet(f"单位{number}", *pair) for number, pair in enumerate(points)]
    table = summary(*sheets, decimals=decimals)
    totals = [Fraction(a) + Fraction(b) for a, b in points]
    found = averages(table)["total"]
    assert isinstance(found, Decimal)
    column = next(column for column in table.columns if column.name == "total")
    assert column.decimals == max(
        1, decimals_of(Decimal(str(row["total"])) for row in shown(table))
    )
    step = Fraction(1, 10**column.decimals)
    off = Fraction(found) - sum(totals) / len(totals)
    assert -step / 2 < off <= step / 2
    for row in shown(table):
        total, difference = row["total"], row["difference"]
        assert isinstance(total, Decimal)
        assert isinstance(difference, Decimal)
        assert difference + found == total


def test_a_sheet_that_is_left_out_counts_in_no_mean() -> None:
    table = summary(*TWO, left_out="坏.yaml")
    assert averages(table) == averages(summary(*TWO)) | {"left_out": None, "absence": None}
    assert [row["difference"] is None for row in shown(table)] == [False, False, False, True]


def test_nothing_ranked_has_no_mean() -> None:
    table = summary(left_out="坏.yaml")
    assert table.mean is None
    assert len(table.notes) == 3
    assert [row["difference"] for row in shown(table)] == [None]


def test_a_summary_is_called_after_its_rubric() -> None:
    assert (summary(*TWO).title, summary(*TWO).caption) == (
        "2018年度某县考核排名汇总表（乡镇）",
        "单位：分　　考核期：2018",
    )
    one = rubric().model_copy(update={"title": "考核办法"})
    ranking = ranking_table(one, rank(one, [score(one, sheet("甲", "1", "1", None))]), WORDS)
    other = summary_table(one, ranking, WORDS)
    assert (other.title, other.caption) == ("考核排名汇总表", "单位：分")


def test_documents_have_the_means() -> None:
    file = BytesIO()
    markdown.write([summary(*TWO)], file, WORDS)
    lines = file.getvalue().decode().splitlines()
    assert lines[2] == "单位：分 考核期：2018"
    assert lines[6] == "| 1 | 甲镇 | 5.5 | 3 | 8.5 | +1.7 |  |"
    assert lines[9] == "|  | 平均分 | 3.2 | 3.7 | 6.8 |  |  |"


def test_programs_have_the_units_alone(examples: Path, run: Run) -> None:
    assert run("export", "--rubric", "township", "--csv", "--json", "--md").code == 0
    assert "平均分" in (examples / "排名汇总.md").read_text("utf-8")
    table = (examples / "排名汇总.csv").read_text("utf-8-sig")
    assert table.count("\n") == 17
    assert "平均分" not in table
    ranking = json.loads((examples / "排名汇总.json").read_bytes())["ranking"]
    assert len(ranking) == 16
    assert "difference" not in ranking[0]


def opened(table: Table, *, values: bool) -> Any:
    file = BytesIO()
    xlsx.write([table], file, WORDS)
    return load_workbook(file, data_only=values).worksheets[0]


def test_the_workbook_has_formulas_for_means_and_differences_that_carry_values() -> None:
    table = summary(*TWO)
    formulas, values = (opened(table, values=one) for one in (False, True))
    assert formulas["E7"].value == "=ROUND(ROUND(SUM(E$4:E$6),9)/COUNT(E$4:E$6),1)"
    assert formulas["F5"].value == "=ROUND(E5-E$7,1)"
    carried = [[plain(Decimal(str(values[cell].value))) for cell in row] for row in (
        ("C7", "D7", "E7"), ("F4", "F5", "F6"),
    )]  # fmt: skip
    assert carried == [["3.2", "3.7", "6.8"], ["1.7", "-0.8", "-0.8"]]
    assert formulas["F4"].number_format == "+0.0###;-0.0###;0.0###"
    assert {formulas[f"{column}7"].number_format for column in "CDE"} == {"0.0###"}
    assert formulas["A7"].value == "平均分"
    assert "A7:B7" in [str(area) for area in formulas.merged_cells.ranges]


def test_signature_lines_share_the_width_below_the_notes() -> None:
    page = opened(summary(*TWO), values=True)
    texts = [cell.value for cell in page[page.max_row] if cell.value]
    assert texts == ["考核组组长（签字）：", "复核（签字）：", "（盖章）　　　　年　　月　　日"]


def test_the_outer_lines_of_the_table_are_thicker_than_the_inner_ones() -> None:
    page = opened(summary(*TWO), values=True)
    cells = {place: page[place].border for place in ("A3", "G3", "D5", "A7", "G7")}
    sides = ("left", "right", "top", "bottom")
    thick = {
        place: [side for side in sides if getattr(border, side).style == "medium"]
        for place, border in cells.items()
    }
    assert thick == {
        "A3": ["left", "top"],
        "G3": ["right", "top"],
        "D5": [],
        "A7": ["left", "bottom"],
        "G7": ["right", "bottom"],
    }


def test_who_is_left_out_has_no_difference() -> None:
    *ranked, missing = shown(summary(*TWO, left_out="scores/坏.yaml"))
    assert [row["difference"] is None for row in ranked] == [False] * 3
    assert (missing["unit"], missing["total"], missing["difference"]) == ("坏镇", None, None)
