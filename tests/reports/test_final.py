"""Figures beside the total of a ranking: in proportion to the best, and by rank."""

import json
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from tests.support.commands import SMALL, HandIn, Run
from tests.support.office import converted, needs_office
from tests.support.rubrics import read_rubric, rubric_of_items

from epa_score import Rubric, ScoreSheet, rank, score
from epa_score.i18n import Words
from epa_score.reports.columns import ResultList, final_figures
from epa_score.scoring import Ranking, Ties

POINTS = st.integers(0, 1000).map(lambda cents: Decimal(cents) / 100)
TOTALS = st.lists(POINTS, min_size=1, max_size=8)


def rubric_with(*lines: str) -> Rubric:
    return rubric_of_items("- {id: A1, max: 10, text: 台账}\n", *lines)


def ranking_of(rubric: Rubric, *totals: str | Decimal, ties: Ties = "competition") -> Ranking:
    sheets = [
        ScoreSheet.model_validate({"rubric": "county", "unit": f"{n}镇", "scores": {"A1": one}})
        for n, one in enumerate(totals)
    ]
    return rank(rubric, [score(rubric, one) for one in sheets], ties=ties)


@pytest.mark.parametrize(
    ("totals", "best", "scaled"),
    [
        ("8 6 4", "100", "100 75 50"),
        ("9 6", "100", "100 66.67"),
        ("8 1.01", "10", "10 1.26"),  # 1.2625
        ("8 0.3", "1", "1 0.04"),  # 0.0375 goes up
        ("0 0", "100", "0 0"),
        ("10 0", "40", "40 0"),
    ],
)
def test_the_best_total_becomes_the_best_figure(totals: str, best: str, scaled: str) -> None:
    rubric = rubric_with(f"scale: {{best: {best}}}")
    found = [one.scaled for one in ranking_of(rubric, *totals.split()).placings]
    assert found == list(map(Decimal, scaled.split()))


@given(TOTALS, st.integers(1, 20000))
def test_scaled_figures_keep_the_order_and_stay_within_the_best(
    totals: list[Decimal], best: int
) -> None:
    rubric = rubric_with(f"scale: {{best: {Decimal(best) / 100}}}")
    placings = ranking_of(rubric, *totals).placings
    figures = [one.scaled for one in placings if one.scaled is not None]
    assert figures == sorted(figures, reverse=True)
    assert figures[0] == (Decimal(best) / 100 if any(totals) else 0)
    assert all(
        one.scaled == (one.scaled or Decimal(0)).quantize(Decimal("0.01")) for one in placings
    )


def test_units_that_share_a_rank_have_its_points() -> None:
    rubric = rubric_with("rank_points: [10, 8, 6, 5]")
    placings = ranking_of(rubric, "9", "8", "8", "7", "6").placings
    assert [one.rank_points for one in placings] == [10, 8, 8, 5, 0]
    placings = ranking_of(rubric, "9", "8", "8", "7", "6", ties="dense").placings
    assert [one.rank_points for one in placings] == [10, 8, 8, 6, 5]


@given(TOTALS, st.lists(POINTS, min_size=1, max_size=5))
def test_a_better_total_never_has_fewer_rank_points(
    totals: list[Decimal], points: list[Decimal]
) -> None:
    listed = ", ".join(map(str, sorted(points, reverse=True)))
    rubric = rubric_with(f"rank_points: [{listed}]")
    found = [one.rank_points or Decimal(0) for one in ranking_of(rubric, *totals).placings]
    assert found == sorted(found, reverse=True)
    assert found[0] == max(points)


def test_rubrics_without_them_have_no_such_figures() -> None:
    (placing,) = ranking_of(rubric_with(), "9").placings
    assert (placing.scaled, placing.rank_points) == (None, None)


@pytest.mark.parametrize(
    "lines",
    [[], ["scale: {best: 100}"], ["rank_points: [3]"], ["scale: {best: 100}", "rank_points: [3]"]],
)
def test_each_figure_has_its_column_its_note_and_its_account(lines: list[str]) -> None:
    rubric, words = rubric_with(*lines), Words("en")
    ranking = ranking_of(rubric, "9")
    (placing,) = ranking.placings
    names = [line.partition(":")[0].replace("scale", "scaled") for line in lines]
    listed = ResultList(rubric, [placing.result], words, ranking)
    assert [field.column.name for field in final_figures.fields(listed)] == names
    assert len(list(final_figures.notes(listed))) == len(names)
    assert len(list(final_figures.figures_account(rubric, placing, placing, words))) == len(names)


def test_nobody_is_ranked_and_nothing_is_scaled() -> None:
    assert rank(rubric_with("scale: {best: 100}"), []).placings == ()


def test_more_ranks_than_a_formula_takes_keep_their_points() -> None:
    many = rubric_with(f"rank_points: [{', '.join(['1'] * 255)}]")
    ranking = ranking_of(many, "9")
    (field,) = final_figures.fields(ResultList(many, [], Words("en"), ranking))
    assert field.column.live is None


@pytest.mark.parametrize(
    ("line", "codes"),
    [
        ("scale: {best: 0}", ["EPA208"]),
        ("scale: {best: -1}", ["EPA108"]),
        ("scale: {best: 1.234}", ["EPA244"]),
        ("scale: {}", ["EPA021"]),
        ("scale: 100", ["EPA022"]),
        ("scale: {best: 100, worst: 0}", ["EPA020"]),
        ("rank_points: [10, 8.005]", ["EPA244"]),
        ("rank_points: [10, 10, 11]", ["EPA243"]),
        ("rank_points: [10, x]", ["EPA106"]),
        ("rank_points: 10", ["EPA022"]),
    ],
)
def test_these_lines_are_refused(line: str, codes: list[str]) -> None:
    found = read_rubric(SMALL + f"{line}\n")
    assert [one.kind.code for one in found.diagnostics] == codes


# --- the command line --------------------------------------------------------------------------


@pytest.fixture
def scaled(small: HandIn) -> None:
    """Three units under a rubric that asks for both figures, and a faulty sheet."""
    text = SMALL + "scale: {best: 100}\nrank_points: [10, 8, 6]\ntie_break: [A]\n"
    Path("rubrics", "small.yaml").write_text(text, "utf-8")
    small("甲镇", "A1: 2, A2: 3.9, B1: 3")
    small("乙镇", "A1: 1, A2: 1.35, B1: 4")
    small("丙镇", "A1: 2, A2: 3.9, B1: 3")
    small("丁镇", "A1: 0, A2: 0, B1: 0.5")


def ranked(run: Run, *arguments: str) -> list[dict[str, Any]]:
    done = run("rank", "--format", "json", "--quiet", *arguments)
    assert done.code == 0, done.said
    found = json.loads(done.text)
    assert isinstance(found, list)
    return found


@pytest.mark.usefixtures("scaled")
def test_rank_shows_the_figures_and_how_they_come_about(run: Run, small: HandIn) -> None:
    found = [(one["rank"], one["scaled"], one["rank_points"]) for one in ranked(run)]
    assert found == [(1, "100", "10"), (1, "100", "10"), (3, "71.35", "6"), (4, "5.62", "0")]
    said = run("rank").said
    assert "折算分：总分 x 100 / 最高总分，四舍五入到 2 位小数；名次按总分排" in said
    assert "名次分：前 3 名依次为 10、8、6；并列的都得这一名次的分" in said
    assert "请用 epa-score rank 查看" in run("total").said
    small("戊镇", "A1: 9, A2: 0, B1: 0")
    left_out = ranked(run, "--skip-invalid")[-1]
    assert (left_out["unit"], left_out["scaled"], left_out["rank_points"]) == ("戊镇", None, None)


@pytest.mark.usefixtures("scaled")
def test_explain_shows_the_way_to_the_figures(run: Run) -> None:
    said = run("explain", "--unit", "丁镇").said
    assert "折算分：0.5 x 100 / 8.9 = 5.62" in said
    assert "名次分：第 4 名，0 分" in said


@pytest.mark.usefixtures("scaled")
def test_export_says_how_the_figures_come_about(run: Run) -> None:
    assert run("export", "--json", "--csv", "-o", "out").code == 0
    about = json.loads(Path("out.json").read_text("utf-8"))["about"]
    (said,) = (one["value"] for one in about if one["name"] == "折算分、名次分")
    assert said.startswith("折算分：总分 x 100 / 最高总分")
    assert "折算分（100）,名次分" in Path("out.csv").read_text("utf-8-sig")


@needs_office
@pytest.mark.filterwarnings("ignore:.* extension is not supported")
@pytest.mark.usefixtures("scaled")
def test_workbook_works_the_figures_out_again(run: Run, tmp_path: Path) -> None:
    assert run("export", "--xlsx", "-o", "out.xlsx").code == 0
    whole = load_workbook("out.xlsx")
    whole.save("bare.xlsx")
    points = whole["得分明细"]
    changed = next(row for row in points.iter_rows() if row[1].value == "丁镇")
    changed[2].value = 1.95
    whole.save("changed.xlsx")
    bare, edited = converted("xlsx", tmp_path, Path("bare.xlsx"), Path("changed.xlsx"))
    found = {one["unit"]: (one["scaled"], one["rank_points"]) for one in ranked(run)}
    assert figures(bare) == found
    # 2.45 x 100 / 8.9 = 27.528, which is still the fourth
    assert figures(edited) == found | {"丁镇": ("27.53", "0")}


def figures(path: Path) -> dict[str, tuple[str, str]]:
    book = load_workbook(BytesIO(path.read_bytes()), data_only=True)
    sheet = book["排名汇总"]
    titles = next(row for row in sheet.iter_rows(values_only=True) if row[0] == "名次")
    heads = [str(title).replace("\n", "") for title in titles]
    scaled, points = heads.index("折算分（100）"), heads.index("名次分")
    return {
        str(row[1]): (str(row[scaled]), str(row[points]))
        for row in sheet.iter_rows(values_only=True)
        if isinstance(row[0], int)
    }


def test_excluded_units_are_not_the_best_and_have_no_figures(small: HandIn, run: Run) -> None:
    more = "scale: {best: 100}\nrank_points: [5, 3]\n"
    more += "veto: [{id: V1, text: 发生事故, effect: exclude}]\n"
    Path("rubrics/small.yaml").write_text(SMALL + more, "utf-8")
    small("甲镇", "A1: 2, A2: 4, B1: 4", "veto: {V1: 库房火灾}")
    small("乙镇", "A1: 2, A2: 3, B1: 3")
    best, excluded = json.loads(run("rank", "--format", "json").text)
    assert [best[name] for name in ("unit", "scaled", "rank_points")] == ["乙镇", "100", "5"]
    assert [excluded[name] for name in ("unit", "scaled", "rank_points")] == ["甲镇", None, None]
