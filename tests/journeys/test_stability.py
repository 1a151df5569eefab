"""`stability` and its worksheet: every example in both languages, and what is refused.

`UPDATE_GOLDEN=1` writes the printed tables anew; read the difference before you commit it.
"""

import json
import os
import re
import shutil
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from openpyxl import load_workbook
from tests.support.commands import FULL_MARKS, HandIn, Run, by_unit, codes, rows
from tests.support.composites import prepare
from tests.support.paths import ROOT, copy_example

from epa_score import Rubric, load_rubric, load_sheet
from epa_score.i18n import plain
from epa_score.reports import stability as report
from epa_score.scoring import stability as scoring

GOLDEN = ROOT / "tests" / "cases" / "stability"
EXAMPLES = sorted(path.name for path in (ROOT / "examples" / "rubrics").iterdir())


def compare(run: Run, name: str, lang: str, *given: str) -> None:
    outcome = run("stability", *given, "--format", "md", "--quiet", lang=lang)
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


COMPOSITES = {
    "year": ROOT / "examples" / "composite",
    "sum": ROOT / "examples" / "sums",
    "weighted": ROOT / "examples" / "sums",
}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", COMPOSITES)
def test_composite_results_have_their_stability(
    folder: Path, run: Run, name: str, lang: str
) -> None:
    shutil.copytree(COMPOSITES[name], folder, dirs_exist_ok=True)
    compare(run, name, lang, "--composite", f"{name}.yaml")


def test_every_golden_file_is_of_an_example() -> None:
    names = {path.name.split(".")[0] for path in GOLDEN.iterdir()}
    assert names == {*EXAMPLES, *COMPOSITES, "published"}


def raise_points(paths: Iterable[Path], rubric: Rubric, points: Decimal) -> None:
    """Raise judged points in the sheets of some paths, item by item up to the caps."""
    left = points
    for path in paths:
        sheet = load_sheet(path, rubric)
        scope = rubric.scope(sheet.unit)
        assert scope is not None
        for name, most in scope.caps.items():
            given = sheet.score(name).score
            if given is None or left == 0:
                continue
            more = min(left, most - given)
            left -= more
            text, number = path.read_text("utf-8"), rf"(?m)^(  {name}: )[0-9.]+"
            assert re.search(number, text)
            path.write_text(re.sub(number, rf"\g<1>{plain(given + more)}", text), "utf-8")
    assert left == 0


@pytest.mark.parametrize("name", COMPOSITES)
def test_points_that_are_raised_in_one_source_swap_units_of_the_examples(
    tmp_path: Path, run: Run, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, option = COMPOSITES[name], f"{name}.yaml"
    monkeypatch.chdir(home)
    found = rows(run("stability", "--composite", option, "--format", "json"))
    sources = yaml.safe_load((home / option).read_text("utf-8"))["sources"]
    tried = 0
    for row in found:
        for source in sources:
            points = row["raise_in"].get(source["name"])
            if points is None:
                continue
            rubric = load_rubric(home / "rubrics" / f"{source['rubric']}.yaml")
            for number, less in enumerate((Decimal(0), rubric.grain)):
                copy = tmp_path / f"{row['rank']}-{source['name']}-{number}"
                shutil.copytree(home, copy)
                (folder,) = source["paths"]
                paths = [
                    path
                    for path in sorted((copy / folder).iterdir())
                    if load_sheet(path, rubric).unit == row["unit"]
                ]
                raise_points(paths, rubric, Decimal(points) - less)
                monkeypatch.chdir(copy)
                ranks = by_unit(run("rank", "--composite", option, "--format", "json"), "rank")
                assert (ranks[row["unit"]] < ranks[row["unit_above"]]) == (number == 0)
                tried += 1
    assert tried == {"year": 0, "sum": 6, "weighted": 6}[name]


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
@pytest.mark.parametrize("option", [("--provisional",), ("--ties", "dense")])
def test_what_has_no_stability_is_refused(run: Run, option: tuple[str, ...], lang: str) -> None:
    outcome = run("stability", *option, lang=lang)
    assert (outcome.code, outcome.out) == (2, b"")
    assert option[0] in outcome.said


VETO = "veto: [{id: V1, text: 差, effect: exclude, when: {of: total, below: 1}}]\n"
ASSESSORS = "assessors: [{name: 一组, items: [A1]}, {name: 二组, items: [B1]}]\n"


def test_sources_whose_points_do_not_move_one_by_one_are_named(folder: Path, run: Run) -> None:
    prepare(str(folder))
    rubric = folder / "rubrics" / "annual.yaml"
    rubric.write_text(rubric.read_text("utf-8") + VETO, "utf-8")
    outcome = run("stability", "--composite", "year.yaml", "--format", "json")
    second = rows(outcome)[1]
    assert [*second["raise_in"]] == ["月度"]
    assert second["weight_share"] is not None
    assert outcome.said.count("不算只在那里加分：年终\n") == 1


def test_points_of_assessors_with_items_of_their_own_are_raised(folder: Path, run: Run) -> None:
    prepare(str(folder))
    sections = "".join(
        f"  - {{id: {name}, title: 工作, max: 50, items: [{{id: {name}1, max: 50, text: 一}}]}}\n"
        for name in "AB"
    )
    head = "id: annual\ntitle: 细则\ntotal: 100\n"
    text = f"{head}{ASSESSORS}sections:\n{sections}"
    (folder / "rubrics" / "annual.yaml").write_text(text, "utf-8")
    for path in (folder / "annual").iterdir():
        path.unlink()
    for unit, given in {
        "甲镇": {"一组": ("A1", 40), "二组": ("B1", 45)},
        "乙镇": {"一组": ("A1", 30), "二组": ("B1", 20)},
    }.items():
        for assessor, (item, points) in given.items():
            path = folder / "annual" / f"{unit}-{assessor}.yaml"
            body = f"period: '2018'\nassessor: {assessor}\nscores: {{{item}: {points}}}\n"
            path.write_text(f"rubric: annual\nunit: {unit}\n{body}", "utf-8")
    outcome = run("stability", "--composite", "year.yaml", "--format", "json")
    first, second = rows(outcome)
    assert (first["unit"], second["unit"]) == ("甲镇", "乙镇")
    assert second["margin_above"] == "19"
    # 47.5 points make 19, 47.51 are rounded to it, and 47.52 make 19.01.
    assert second["raise_in"]["年终"] == "47.52"


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


@pytest.mark.parametrize("name", COMPOSITES)
def test_a_composite_result_has_it_in_every_format(folder: Path, run: Run, name: str) -> None:
    shutil.copytree(COMPOSITES[name], folder, dirs_exist_ok=True)
    option = ("--composite", f"{name}.yaml")
    assert run("export", "--xlsx", "--json", "--html", "--md", *option).code == 0
    book = load_workbook("排名汇总.xlsx", data_only=True)
    assert "名次稳定性" in book.sheetnames
    assert any("名次稳定性" in str(cell.value) for row in book["说明"].rows for cell in row)
    exported = json.loads(Path("排名汇总.json").read_text("utf-8"))["stability"]
    assert exported == rows(run("stability", *option, "--format", "json"))
    assert all("raise_in" in row and "without" in row for row in exported)
    for suffix in (".html", ".md"):
        text = Path(f"排名汇总{suffix}").read_text("utf-8")
        assert text.count("各来源的 1 分，在总分里不一样重") == 1
    for suffix in (".xlsx", ".json"):
        assert run("verify", f"排名汇总{suffix}").code == 0
    tables = json.loads(Path("排名汇总.json").read_text("utf-8"))
    tables["stability"][1]["margin_above"] = "0.01"
    Path("排名汇总.json").write_text(json.dumps(tables, ensure_ascii=False), "utf-8")
    outcome = run("verify", "排名汇总.json")
    assert codes(outcome.text) == ["EPA600"]
    assert "stability[1].margin_above" in outcome.text


@pytest.mark.usefixtures("year")
def test_a_composite_result_without_final_competition_ranks_has_none(run: Run) -> None:
    option = ("--composite", "year.yaml", "--ties", "dense")
    assert run("export", "--json", *option).code == 0
    assert "stability" not in json.loads(Path("排名汇总.json").read_text("utf-8"))


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
