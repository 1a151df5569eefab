"""Figures beside the total of a ranking, shown, explained and exported."""

import json
from pathlib import Path

import pytest
from tests.support.commands import HandIn, Run, ranked


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
