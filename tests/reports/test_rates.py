"""Rates and means: the figures that come from a division."""

from decimal import Decimal
from fractions import Fraction
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from tests.support.commands import Run
from tests.support.documents import texts_in
from tests.support.paths import SCORES
from tests.support.reports import text_of_page

from epa_score.exporters.xlsx import write
from epa_score.i18n import Words
from epa_score.model import Rubric, ScoreSheet
from epa_score.readers import load_rubric, load_sheet
from epa_score.reports.rates import analysis_table, rates_table
from epa_score.reports.scores import scores_table
from epa_score.reports.table import Table
from epa_score.scoring import rank, score
from epa_score.values.rounding import mean, rate, rounded

WORDS = Words("zh_CN")


@given(st.fractions(min_value=0, max_value=10**9), st.integers(0, 4))
def test_half_goes_up_and_nothing_else_is_lost(number: Fraction, decimals: int) -> None:
    step = Fraction(1, 10**decimals)
    found = Fraction(rounded(number, decimals))
    assert found % step == 0
    assert -step / 2 < found - number <= step / 2


def test_rates_are_whole_percents_and_means_have_the_rubrics_decimals() -> None:
    assert rate([Decimal("2.5")], Decimal(3)) == Decimal("0.83")
    assert rate([Decimal(1), Decimal(0)], Decimal(8)) == Decimal("0.06")
    assert rate([Decimal("0.5"), Decimal("0.5")], Decimal(100)) == Decimal("0.01")
    assert mean([Decimal("0.1"), Decimal("0.2"), Decimal("0.2")], 2) == Decimal("0.17")


@given(st.lists(st.decimals(0, 8, places=2), min_size=1))
def test_a_rate_is_between_nothing_and_the_whole(points: list[Decimal]) -> None:
    assert 0 <= rate(points, Decimal(8)) <= 1
    assert min(points) <= mean(points, 2) <= max(points)


def found(name: str) -> tuple[Rubric, dict[str, ScoreSheet]]:
    rubric = load_rubric(name)
    named = f"rubric: {name}\n"
    paths = [path for path in SCORES.glob("*.yaml") if named in path.read_text("utf-8")]
    sheets = [load_sheet(path, rubric) for path in sorted(paths)]
    assert len(sheets) in (16, 21)
    return rubric, {one.unit: one for one in sheets}


def test_rates_stand_by_unit_and_item() -> None:
    rubric, sheets = found("township")
    ranking = rank(rubric, [score(rubric, one) for one in sheets.values()])
    table = rates_table(rubric, ranking, sheets, WORDS)
    names = [column.name for column in table.columns]
    rows = {row.cells[1]: dict(zip(names, row.cells, strict=True)) for row in table.rows()}
    assert len(rows) == 16
    assert rows["示例戊镇"]["items.A3"] == Decimal("0.56")
    assert rows["示例戊镇"]["total"] == Decimal("0.72")
    analysed = list(analysis_table(rubric, ranking, sheets, WORDS).rows())
    assert len(analysed) == 22
    shares = [row.cells[6] for row in analysed]
    assert shares == sorted(shares, key=lambda one: Decimal(str(one)))
    by_item = {row.cells[1]: row.cells for row in analysed}
    points = [sheet.points["A3"] for sheet in sheets.values()]
    known = [one for one in points if one is not None]
    assert by_item["A3"][5] == mean(known, 2)
    assert by_item["A3"][7] == known.count(Decimal(8))


def test_each_duty_of_a_department_is_analysed_by_itself() -> None:
    rubric, sheets = found("departments")
    ranking = rank(rubric, [score(rubric, one) for one in sheets.values()])
    rows = list(analysis_table(rubric, ranking, sheets, WORDS).rows())
    assert [row.cells[9] for row in rows if row.cells[1] == "A1"] == [21]
    duties = [row.cells[2] for row in rows if row.cells[1] == "C1"]
    assert len(set(duties)) == 19
    assert "移动公司、联通公司、电信公司" in duties
    table = rates_table(rubric, ranking, sheets, WORDS)
    assert all(None not in row.cells for row in table.rows())


def test_what_is_not_scored_has_no_rate() -> None:
    rubric, sheets = found("township")
    unit = "示例甲镇"
    sheet = sheets[unit].model_copy(update={"scores": {"A1": "1.5"}})
    sheet.__dict__.pop("points", None)
    ranking = rank(rubric, [score(rubric, sheet)], provisional=True)
    (row,) = rates_table(rubric, ranking, {unit: sheet}, WORDS).rows()
    assert row.cells[2:4] == (Decimal("0.5"), None)
    assert len(list(analysis_table(rubric, ranking, {unit: sheet}, WORDS).rows())) == 1


def test_the_workbook_shows_percents_in_colours() -> None:
    rubric, sheets = found("township")
    ranking = rank(rubric, [score(rubric, one) for one in sheets.values()])
    tables = [make(rubric, ranking, sheets, WORDS) for make in (rates_table, analysis_table)]
    file = BytesIO()
    write(tables, file, WORDS)
    book = load_workbook(file)
    heat = book["得分率"]
    assert heat["C6"].number_format == "0%"
    scale = heat.conditional_formatting
    assert {one.type for area in scale for one in area.rules} == {"colorScale"}
    bars = book["分项分析"].conditional_formatting
    assert {one.type for area in bars for one in area.rules} == {"dataBar"}


def formulas_of(*tables: Table) -> dict[str, object]:
    """What stands in the first row of 得分率 and in that of the means, by title of the column."""
    file = BytesIO()
    write(tables, file, WORDS)
    width = sum(column.shown for column in tables[0].columns)
    rows = load_workbook(file)["得分率"].iter_rows(min_row=4, max_col=width, values_only=True)
    titles, _, first, *others = rows
    (means,) = (row for row in others if row[0] == "平均")
    live: dict[str, object] = dict(zip(map(str, titles), first, strict=True))
    return live | {f"mean {title}": mean for title, mean in zip(titles, means, strict=True)}


def test_rates_follow_the_points_where_they_stand_beside_them() -> None:
    rubric, sheets = found("departments")
    ranking = rank(rubric, [score(rubric, one) for one in sheets.values()])
    rates = rates_table(rubric, ranking, sheets, WORDS)
    scores = scores_table(rubric, ranking, sheets, WORDS)
    place = "MATCH($B6,得分明细!$B$6:$B$26,0),0)"
    live = formulas_of(rates, scores)
    assert live["A1"] == f"=ROUND(INDEX(得分明细!$C$6:$C$26,{place}/5,2)"
    assert live["总得分率"] == f"=ROUND(INDEX(得分明细!$L$6:$L$26,{place}/100,2)"
    points = "得分明细!$C$6:$C$26"
    assert live["mean A1"] == f"=ROUND(ROUND(SUM({points}),9)/COUNT({points})/5,2)"
    fewer = scores._replace(columns=scores.columns[:2], rows=list)
    for other in ([], [fewer]):
        still = formulas_of(rates, *other)
        assert (still["A1"], still["mean A1"]) == (1, 0.94)


def test_the_mean_of_an_item_is_its_rate_in_the_analysis() -> None:
    rubric, sheets = found("township")
    ranking = rank(rubric, [score(rubric, one) for one in sheets.values()])
    table = rates_table(rubric, ranking, sheets, WORDS)
    analysed = {
        row.cells[1]: row.cells[6] for row in analysis_table(rubric, ranking, sheets, WORDS).rows()
    }
    assert table.mean is not None
    means = {
        column.title: cell for column, cell in zip(table.columns, table.mean.cells, strict=True)
    }
    assert len(analysed) == 22
    assert {title: means[str(title)] for title in analysed} == analysed


def test_a_mean_is_that_of_the_units_which_have_points(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(SEVERAL_CAPS, "utf-8")
    rubric = load_rubric(tmp_path / "own.yaml")
    scores = {"甲": {"A1": "1", "B1": "4"}, "乙": {"A1": "0", "B1": "1"}}
    sheets = {
        unit: ScoreSheet.model_validate({"rubric": "own", "unit": unit, "scores": given})
        for unit, given in scores.items()
    }
    ranking = rank(rubric, [score(rubric, one) for one in sheets.values()], provisional=True)
    mean_row = rates_table(rubric, ranking, sheets, WORDS).mean
    assert mean_row is not None
    means = dict(zip(("A1", "B1", "B2", "total"), mean_row.cells[2:], strict=True))
    expected = {"A1": "0.5", "B1": "0.65", "total": "0.5"}
    assert means == {name: Decimal(share) for name, share in expected.items()} | {"B2": None}
    assert rates_table(rubric, rank(rubric, []), {}, WORDS).mean is None


SEVERAL_CAPS = """
id: own
title: 各有分工
total: 6
sections:
  - {id: A, title: 共性, max: 1, items: [{id: A1, max: 1, text: 一}]}
  - id: B
    title: 个性
    max: 5
    per_unit:
      - {units: [甲], items: [{id: B1, max: 5, text: 二}]}
      - {units: [乙], items: [{id: B1, max: 2, text: 三}, {id: B2, max: 3, text: 四}]}
"""


def test_an_item_with_several_caps_has_rates_without_formulas(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(SEVERAL_CAPS, "utf-8")
    rubric = load_rubric(tmp_path / "own.yaml")
    table = rates_table(rubric, rank(rubric, []), {}, WORDS)
    live = {column.name: column.live is not None for column in table.columns}
    items = {"items.A1": True, "items.B1": False, "items.B2": True}
    assert live == {"rank": True, "unit": False, **items, "total": True}


TREATED = """
id: own
title: 有的不适用
total: 10
sections:
  - id: A
    title: 日常工作
    max: 10
    items:
      - {id: A1, max: 4, text: 一, not_applicable: TREATMENT}
      - {id: A2, max: 6, text: 二}
"""
TREATED_SCORES: dict[str, dict[str, object]] = {
    "甲": {"A1": "2", "A2": "3"},
    "乙": {"A1": "1", "A2": "6"},
    "丙": {"A1": {"not_applicable": "没有这项业务"}, "A2": "3"},
}


@pytest.mark.parametrize(
    ("treatment", "live"),
    [
        ("exclude", {"A1": True, "A2": True, "总得分率": False}),
        ("rescale", {"A1": True, "A2": True, "总得分率": True}),
        ("zero", {"A1": False, "A2": True, "总得分率": True}),
        ("full", {"A1": False, "A2": True, "总得分率": True}),
        ("peer_mean", {"A1": False, "A2": True, "总得分率": True}),
    ],
)
def test_a_mean_rate_follows_the_points_that_are_in_it(
    treatment: str, live: dict[str, bool], tmp_path: Path
) -> None:
    """A figure stands alone where a unit has points that are no part of the mean."""
    (tmp_path / "own.yaml").write_text(TREATED.replace("TREATMENT", treatment), "utf-8")
    rubric = load_rubric(tmp_path / "own.yaml")
    sheets = {
        unit: ScoreSheet.model_validate({"rubric": "own", "unit": unit, "scores": scores})
        for unit, scores in TREATED_SCORES.items()
    }
    ranking = rank(rubric, [score(rubric, sheet) for sheet in sheets.values()])
    rates = rates_table(rubric, ranking, sheets, WORDS)
    scores = scores_table(rubric, ranking, sheets, WORDS)
    shown = formulas_of(rates, scores)
    assert {name: str(shown[f"mean {name}"]).startswith("=") for name in live} == live
    assert rates.mean is not None
    assert rates.mean.cells[2:4] == (Decimal("0.38"), Decimal("0.67"))  # 3/8 and 12/18
    if not live["A1"]:
        assert shown["mean A1"] == 0.38


def test_an_item_that_nobody_has_points_for_is_left_out_of_the_analysis_alone() -> None:
    rubric, sheets = found("township")
    sheet = sheets["示例甲镇"]
    scores = {"A2": "1", "B1": "2"}  # A1 stands in front of them
    sheet = sheet.model_copy(update={"scores": scores})
    ranking = rank(rubric, [score(rubric, sheet)], provisional=True)
    rows = analysis_table(rubric, ranking, {"示例甲镇": sheet}, WORDS).rows()
    assert {row.cells[1] for row in rows} == {"A2", "B1"}


def test_programs_find_ranks_in_the_ranking_alone() -> None:
    rubric, sheets = found("township")
    ranking = rank(rubric, [score(rubric, one) for one in sheets.values()])
    for make in (rates_table, scores_table):
        columns = make(rubric, ranking, sheets, WORDS).columns
        assert [(column.name, column.data) for column in columns[:2]] == [
            ("rank", False),
            ("unit", True),
        ]


def test_more_than_full_marks_are_full_marks(folder: Path, run: Run) -> None:
    (folder / "rubrics").mkdir()
    (folder / "scores").mkdir()
    (folder / "rubrics" / "own.yaml").write_text(
        "id: own\ntitle: 细则\ntotal: 10\nsections:\n"
        "  - id: A\n    title: 甲\n    max: 10\n    items:\n"
        "      - id: A1\n        max: 10\n        text: 完成任务。\n"
        "        rule: {target: {target: 100, under: 0.1, over: 0.1, limit: 12}}\n",
        "utf-8",
    )
    for unit, done in {"甲镇": 120, "乙镇": 100}.items():
        text = f"rubric: own\nunit: {unit}\nscores: {{A1: {{value: {done}}}}}\n"
        (folder / "scores" / f"{unit}.yaml").write_text(text, "utf-8")
    page = text_of_page(run("export", "--html", "-o", "-").text)
    assert "| 10 | 12 | 2\n" in page  # cap, points, how many units have full marks
    assert "| 10 | 10 | 2\n" in page
    run("export", "--docx", "-o", "out.docx")
    content = (folder / "out.docx").read_bytes()
    assert "各单位共同的考核项目都得满分。" in texts_in(content, "Normal")
