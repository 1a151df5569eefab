"""`stability` and its worksheet: every example in both languages, and what is refused.

`UPDATE_GOLDEN=1` writes the printed tables anew; read the difference before you commit it.
"""

import json
import os
from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.support.commands import FULL_MARKS, HandIn, Run, by_unit, codes, rows
from tests.support.paths import ROOT, copy_example

from epa_score.reports import stability as report
from epa_score.scoring import stability as scoring

GOLDEN = ROOT / "tests" / "cases" / "stability"
EXAMPLES = sorted(path.name for path in (ROOT / "examples" / "rubrics").iterdir())


def compare(run: Run, name: str, lang: str) -> None:
    outcome = run("stability", "--format", "md", "--quiet", lang=lang)
    assert outcome.code == 0, outcome.said
    path = GOLDEN / f"{name}.{lang}.md"
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(outcome.text, "utf-8")
    assert outcome.text == path.read_text("utf-8")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_has_its_stability(folder: Path, run: Run, name: str, lang: str) -> None:
    copy_example(name, folder)
    compare(run, name, lang)


@pytest.mark.usefixtures("examples")
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_published_rubrics_have_their_stability(run: Run, lang: str) -> None:
    compare(run, "published", lang)


def test_every_golden_file_is_of_an_example() -> None:
    names = {path.name.split(".")[0] for path in GOLDEN.iterdir()}
    assert names == {*EXAMPLES, "published"}


@pytest.mark.usefixtures("examples")
def test_the_share_is_a_percentage(run: Run) -> None:
    def bounds(share: str) -> list[tuple[int, int]]:
        outcome = run("stability", "--rubric", "township", "--format", "json", "--share", share)
        return [(row["best"], row["worst"]) for row in rows(outcome)]

    small, same, large = bounds("2.5%"), bounds("2.50%"), bounds("20%")
    assert small == same
    assert all(
        wide[0] <= narrow[0] <= narrow[1] <= wide[1]
        for narrow, wide in zip(small, large, strict=True)
    )
    assert small != large
    for share in ("5", "0.05", "0%", "100%", "-5%", "5%%", "５%", "5 %", "", "%", "1" * 12 + "%"):
        outcome = run("stability", "--share", share)
        assert (outcome.code, outcome.out) == (2, b"")
        assert "--share" in outcome.said


@pytest.mark.usefixtures("examples")
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    "option", [("--composite", "year.yaml"), ("--provisional",), ("--ties", "dense")]
)
def test_what_has_no_stability_is_refused(run: Run, option: tuple[str, ...], lang: str) -> None:
    outcome = run("stability", *option, lang=lang)
    assert (outcome.code, outcome.out) == (2, b"")
    assert option[0] in outcome.said


def test_unscored_items_stop_it_and_a_faulty_sheet_may_be_left_out(small: HandIn, run: Run) -> None:
    small("甲镇", FULL_MARKS)
    small("乙镇", "A1: 1, A2: 1, B1: 1")
    small("丙镇", "A1: 1, A2: 1")
    outcome = run("stability")
    assert outcome.code == 1
    assert "EPA105" in codes(outcome.said)
    skipped = run("stability", "--skip-invalid", "--format", "json")
    assert [row["unit"] for row in rows(skipped)] == ["甲镇", "乙镇", "丙镇"]
    assert "丙镇" in skipped.said


@pytest.mark.usefixtures("examples")
def test_it_has_the_code_of_its_ranking(run: Run) -> None:
    ranked = run("rank", "--rubric", "township", "--format", "json")
    (code,) = {row["ranking_code"] for row in rows(ranked)}
    shown = run("stability", "--rubric", "township", "--format", "md").text
    assert f"校验码：{code}" in shown


def test_one_unit_alone_has_no_neighbours(small: HandIn, run: Run) -> None:
    small("甲镇", FULL_MARKS)
    (row,) = rows(run("stability", "--format", "json"))
    assert (row["rank"], row["best"], row["worst"], row["firm_share"]) == (1, 1, 1, "100")
    given = ("unit_above", "margin_above", "margin_below", "swap", "raise", "weight_share")
    assert [row[name] for name in given] == [None] * 6


def test_groups_are_looked_at_apart_or_together(folder: Path, run: Run) -> None:
    copy_example("classes", folder)
    apart = rows(run("stability", "--format", "json"))
    assert {row["group"] for row in apart} == {"一类", "二类"}
    together = by_unit(run("stability", "--overall", "--format", "json"), "rank")
    assert sorted(together.values()) == [1, 2, 3, 4, 5]


@pytest.mark.usefixtures("examples")
def test_a_result_has_it_as_a_worksheet_and_in_json(run: Run) -> None:
    assert run("export", "--xlsx", "--json", "--no-forms").code == 0
    book = load_workbook("排名汇总.xlsx", data_only=True)
    names = [name for name in book.sheetnames if "名次稳定性" in name]
    assert len(names) == 2
    exported = json.loads(Path("排名汇总.json").read_text("utf-8"))["stability"]
    assert len(exported) == 37
    assert exported == rows(run("stability", "--format", "json"))
    assert run("verify", "排名汇总.xlsx").code == 0


@pytest.mark.usefixtures("examples")
@pytest.mark.parametrize("option", ["--ties=dense", "--provisional"])
def test_a_result_without_final_competition_ranks_has_none(run: Run, option: str) -> None:
    if option == "--provisional":
        head = "rubric: township\nunit: 示例甲镇\nperiod: '2018'\n"
        Path("scores", "示例甲镇.yaml").write_text(head + "scores: {A1: 3}\n", "utf-8")
    assert run("export", "--json", "--rubric", "township", option).code == 0
    assert "stability" not in json.loads(Path("排名汇总.json").read_text("utf-8"))


@pytest.mark.usefixtures("examples")
def test_a_result_of_very_many_units_has_none(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "MOST_IN_RESULT", 20)
    assert run("export", "--json").code == 0
    found = json.loads(Path("排名汇总.json").read_text("utf-8"))["stability"]
    assert {row["rubric"] for row in found} == {"township"}


@pytest.mark.usefixtures("examples")
def test_pairs_of_very_many_units_are_not_compared_and_that_is_said(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scoring, "MOST_PAIRED", 20)
    outcome = run("stability", "--rubric", "departments", "--format", "json")
    assert all(row["best"] is row["worst"] is row["firm_share"] is None for row in rows(outcome))
    assert all(row["weight_share"] for row in rows(outcome)[1:])
    assert "不逐对比较" in outcome.said
    assert "界限" not in outcome.said
