"""`compare` and `export --compare`: every example in both languages, and what is refused.

`UPDATE_GOLDEN=1` writes the printed tables anew; read the difference before you commit it.
"""

import json
import os
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from tests.support.commands import FULL_MARKS, HandIn, Outcome, Run, codes, rows
from tests.support.earlier import write_two_periods
from tests.support.paths import ROOT
from tests.support.reports import text_of_page

GOLDEN = ROOT / "tests" / "cases" / "compare"
EXAMPLES = sorted(path.name for path in (ROOT / "examples" / "rubrics").iterdir())


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", [*EXAMPLES, "published"])
def test_every_example_is_compared(folder: Path, run: Run, name: str, lang: str) -> None:
    write_two_periods(name, folder)
    outcome = run("compare", "old", "new", "--format", "md", "--quiet", lang=lang)
    assert outcome.code == 0, outcome.said
    path = GOLDEN / f"{name}.{lang}.md"
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(outcome.text, "utf-8")
    assert outcome.text == path.read_text("utf-8")


def test_every_golden_file_is_of_an_example() -> None:
    names = {path.name.split(".")[0] for path in GOLDEN.iterdir()}
    assert names == {*EXAMPLES, "published", "changed", "composite"}


@pytest.mark.parametrize("name", [*EXAMPLES, "published"])
def test_sheets_and_exported_results_are_compared_alike(folder: Path, run: Run, name: str) -> None:
    write_two_periods(name, folder)
    for side in ("old", "new"):
        os.chdir(folder / side)
        outcome = run("export", "scores", "--json", "-o", f"../{side}.json")
        assert outcome.code == 0, outcome.said
    os.chdir(folder)
    expected = moves_of(run("compare", "old", "new", "--format", "json"))
    for old, new in (("old.json", "new"), ("old", "new.json"), ("old.json", "new.json")):
        assert moves_of(run("compare", old, new, "--format", "json")) == expected
    os.chdir(folder / "new")
    outcome = run("export", "scores", "--json", "--compare", "../old.json", "-o", "r.json")
    assert outcome.code == 0, outcome.said
    exported = json.loads(Path("r.json").read_text("utf-8"))
    assert exported["moves"] == expected
    assert run("verify", "r.json", "scores", "--compare", "../old.json").code == 0
    os.chdir(folder)


def moves_of(outcome: Outcome) -> list[dict[str, Any]]:
    """The rows on units in the JSON of a comparison."""
    assert outcome.code == 0, outcome.said
    found = json.loads(outcome.out)
    found = found["moves"] if isinstance(found, dict) else found
    assert isinstance(found, list)
    assert found
    return found


# --- an earlier period by hand -----------------------------------------------------------------

OLD_RUBRIC = """\
id: small
title: 小细则
total: 10
sections:
  - id: A
    title: 领导重视
    max: 6
    items:
      - {id: A1, max: 2, text: 有专人负责。}
      - {id: A2, max: 4, text: 有方案。}
  - id: B
    title: 宣传
    max: 4
    items:
      - {id: B1, max: 3, text: 有宣传。}
      - {id: B2, max: 1, text: 有简报。}
"""


@pytest.fixture
def periods(small: HandIn, folder: Path) -> None:
    """Sheets of 2018 in `scores`, and of 2017 in `old` by another rubric."""
    period = 'period: "2018"'
    small("甲镇", FULL_MARKS, period)
    small("乙镇", "A1: 1, A2: 4, B1: 4", period)
    small("丁镇", "A1: 1, A2: 1, B1: 1", period)
    (folder / "old" / "rubrics").mkdir(parents=True)
    (folder / "old" / "rubrics" / "small.yaml").write_text(OLD_RUBRIC, "utf-8")
    for unit, scores in (
        ("乙镇", "A1: 2, A2: 4, B1: 3, B2: 1"),
        ("甲镇", "A1: 1, A2: 3, B1: 2, B2: 0"),
        ("丙镇", "A1: 1, A2: 2, B1: 2, B2: 0"),
    ):
        text = f'rubric: small\nunit: {unit}\nperiod: "2017"\nscores: {{{scores}}}\n'
        (folder / "old" / f"{unit}.yaml").write_text(text, "utf-8")


@pytest.mark.usefixtures("periods")
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_items_that_changed_are_told_and_not_subtracted(run: Run, lang: str) -> None:
    outcome = run("compare", "old", "scores", "--format", "md", "--quiet", lang=lang)
    path = GOLDEN / f"changed.{lang}.md"
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(outcome.text, "utf-8")
    assert outcome.text == path.read_text("utf-8")
    found = moves_of(run("compare", "old", "scores", "--format", "json"))
    first = found[0]
    assert (first["unit"], first["rise"], first["difference"]) == ("甲镇", 1, None)
    assert (first["comparable"], first["refused"]) == ("1", "items")
    assert first["items"] == {"A2": "1"}
    assert first["item_states"] == {"A1": "changed", "B1": "changed", "B2": "dropped"}
    assert first["old_items"] == {"A1": "1", "A2": "3", "B1": "2", "B2": "0"}
    assert [row["state"] for row in found] == ["both", "both", "new", "gone"]


@pytest.mark.usefixtures("periods")
def test_a_report_shows_the_last_period_beside_each_item(run: Run) -> None:
    outcome = run("export", "--html", "--compare", "old", "-o", "-")
    assert outcome.code == 0, outcome.said
    text = text_of_page(outcome.text)
    assert "编号 | 考核内容 | 分值 | 得分 | 去年 | 满分单位" in text
    assert "A1 | 有人负责。" in text
    assert re.search(r"A1 \| 有人负责。\n扣 1 分，没有写原因 \| 2 \| 1 \| 有改动 \| 1", text)
    assert "去年第 2 名，6 分，名次升1" in text
    assert "A2 4 分 2 个（去年 3）" in text
    part = text[text.index("3. 丁镇") :]
    assert "去年" not in part[: part.index("回到排名")]
    assert '<svg class=slopes viewBox="0 0 330 70" role=img' in outcome.text
    assert "乙镇 1 → 2、甲镇 2 → 1" in text or "甲镇 2 → 1、乙镇 1 → 2" in text


@pytest.mark.usefixtures("periods")
def test_without_a_comparison_a_report_says_nothing_of_it(run: Run) -> None:
    page = run("export", "--html", "-o", "-").text
    assert "<svg" not in page
    assert "去年" not in page
    assert "与上期比较" not in page


@pytest.mark.usefixtures("periods")
def test_a_workbook_has_it_and_is_verified(run: Run) -> None:
    assert run("export", "--xlsx", "--compare", "old").code == 0
    book = load_workbook("排名汇总.xlsx", data_only=True)
    assert {"与上期比较", "项目变化"} <= set(book.sheetnames)
    assert run("verify", "排名汇总.xlsx").code == 0
    path = Path("old", "甲镇.yaml")
    path.write_text(path.read_text("utf-8").replace("A2: 3", "A2: 4"), "utf-8")
    outcome = run("verify", "排名汇总.xlsx")
    assert outcome.code == 1
    assert "与上期比较!" in outcome.said + outcome.text


@pytest.mark.usefixtures("periods")
def test_two_periods_in_one_folder_are_told_apart(run: Run) -> None:
    for path in Path("scores").iterdir():
        text = path.read_text("utf-8")
        Path("scores", f"{path.stem}-2017.yaml").write_text(text.replace("2018", "2017"), "utf-8")
    for lang, words in (("zh", "加上 --old-period"), ("en", "add --old-period")):
        outcome = run("compare", "scores", "old", lang=lang)
        assert outcome.code == 1
        assert codes(outcome.said) == ["EPA115"]
        assert words in outcome.said
    second = run("compare", "old", "scores")
    assert codes(second.said) == ["EPA115"]
    assert "加上 --period" in second.said
    both = run(
        *("compare", "scores", "scores", "--old-period", "2017", "--period", "2018"),
        *("--format", "json"),
    )
    assert {row["rise"] for row in rows(both)} == {0}
    assert "都按同一份评分细则（rubrics/small.yaml）计算" in both.said
    none = run("compare", "scores", "scores", "--old-period", "2016", "--period", "2018")
    assert codes(none.said) == ["EPA118"]
    assert "--old-period" in none.said


@pytest.mark.usefixtures("periods")
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_one_path_twice_is_wrong_usage(run: Run, lang: str) -> None:
    for arguments in (("scores", "scores"), ("scores", "./scores", "--period=1", "--old-period=1")):
        outcome = run("compare", *arguments, lang=lang)
        assert (outcome.code, outcome.out) == (2, b"")
        assert "--old-period" in outcome.said


@pytest.mark.usefixtures("periods")
@pytest.mark.parametrize(
    ("options", "word"),
    [
        (("--csv", "--compare", "old"), "CSV"),
        (("--docx", "--compare", "old"), "--feedback"),
        (("--csv", "--docx", "--compare", "old"), "--feedback"),
        (("--json", "--compare", "scores"), "--old-period"),
        (("--html", "scores", "--compare", "./scores"), "--old-period"),
        (("--json", "--old-period", "2017"), "--old-period"),
        (("--json", "--provisional", "--compare", "old"), "--provisional"),
    ],
)
def test_options_that_do_not_go_together_are_wrong_usage(
    run: Run, options: tuple[str, ...], word: str
) -> None:
    for lang in ("zh", "en"):
        outcome = run("export", *options, lang=lang)
        assert outcome.code == 2
        assert word in outcome.said
    assert not list(Path().glob("排名汇总*"))


@pytest.mark.usefixtures("periods")
def test_a_result_of_another_period_or_a_provisional_one_is_refused(run: Run) -> None:
    assert run("export", "--json", "-o", "r.json").code == 0
    other = run("compare", "r.json", "scores", "--old-period", "2017")
    assert codes(other.said) == ["EPA621"]
    assert "2018" in other.said
    assert run("compare", "r.json", "scores", "--old-period", "2018").code == 0
    Path("scores", "000.yaml").unlink()
    Path("scores", "half.yaml").write_text(
        'rubric: small\nunit: 甲镇\nperiod: "2018"\nscores: {A1: 1}\n', "utf-8"
    )
    assert run("export", "--json", "--provisional", "-o", "half.json").code == 0
    half = run("compare", "half.json", "old")
    assert codes(half.said) == ["EPA621"]
    assert "暂定" in half.said


@pytest.mark.usefixtures("periods")
def test_a_rubric_on_one_side_alone_is_named(run: Run) -> None:
    shutil.copytree(ROOT / "examples" / "rubrics" / "village", ".", dirs_exist_ok=True)
    outcome = run("compare", "old", "scores", "--format", "json")
    assert outcome.code == 0, outcome.said
    assert "上期没有、这次没有比的评分细则：village" in outcome.said
    assert run("export", "scores", "--json", "-o", "r.json").code == 0
    back = run("compare", "r.json", "old", "--format", "json", lang="en")
    assert "rubrics of the earlier result alone, not compared: village" in back.said
    chosen = run("compare", "r.json", "old", "--rubric", "small", "--format", "json")
    assert "village" not in chosen.said


@pytest.mark.usefixtures("periods")
def test_results_without_anything_in_common_are_refused(run: Run) -> None:
    shutil.copytree(ROOT / "examples" / "rubrics" / "village", "other")
    outcome = run("compare", "old", "other")
    assert codes(outcome.said) == ["EPA621"]
    assert "small" in outcome.said
    assert "village" in outcome.said


@pytest.mark.usefixtures("periods")
def test_a_rubric_may_have_another_id(run: Run) -> None:
    for path in [*Path("old").glob("*.yaml"), Path("old", "rubrics", "small.yaml")]:
        text = path.read_text("utf-8")
        path.write_text(re.sub("(id|rubric): small", r"\1: small-2017", text), "utf-8")
    Path("old", "rubrics", "small.yaml").rename(Path("old", "rubrics", "small-2017.yaml"))
    outcome = run("compare", "old", "scores", "--format", "json")
    assert outcome.code == 0, outcome.said
    assert "上期 small-2017，本期 small" in outcome.said
    assert run("export", "--json", "--compare", "old", "-o", "r.json").code == 0
    assert run("verify", "r.json").code == 0


@pytest.mark.usefixtures("periods")
def test_a_rubric_file_is_taken_for_both_sides(run: Run) -> None:
    outcome = run("compare", "old", "scores", "--rubric", "old/rubrics/small.yaml")
    assert outcome.code == 1  # the sheets of 2018 do not go with the rubric of 2017
    assert "EPA105" in codes(outcome.said)


@pytest.mark.usefixtures("periods")
def test_a_unit_that_is_left_out_is_not_taken_for_gone(run: Run) -> None:
    path = Path("scores", "000.yaml")
    path.write_text(path.read_text("utf-8").replace("A1: 2", "A1: 9"), "utf-8")
    assert run("compare", "old", "scores").code == 1
    outcome = run("compare", "old", "scores", "--skip-invalid", "--format", "json")
    found = {row["unit"]: (row["state"], row["refused"]) for row in moves_of(outcome)}
    assert found["甲镇"] == ("both", "absent")
    assert found["丙镇"] == ("gone", None)
    shown = run("compare", "old", "scores", "--skip-invalid", "--format", "md").text
    assert "本期未列入排名" in shown


@pytest.mark.usefixtures("periods")
def test_the_earlier_result_is_never_replaced(run: Run) -> None:
    assert run("export", "--json", "-o", "r.json").code == 0
    before = Path("r.json").read_bytes()
    outcome = run("export", "--json", "--compare", "r.json", "-o", "r.json", "--force")
    assert outcome.code == 3
    assert Path("r.json").read_bytes() == before


@pytest.mark.usefixtures("periods")
def test_a_table_of_ranks_alone_or_a_workbook_is_no_earlier_result(run: Run) -> None:
    Path("rank.json").write_bytes(run("rank", "--format", "json").out)
    flat = run("compare", "rank.json", "scores")
    assert codes(flat.said) == ["EPA621"]
    assert "export --json" in flat.said
    assert run("export", "--xlsx", "-o", "r.xlsx").code == 0
    book = run("compare", "r.xlsx", "scores")
    assert codes(book.said) == ["EPA304"]
    assert run("compare", "none.json", "scores").code == 1


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_of_composite_results_ranks_are_compared_alone(folder: Path, run: Run, lang: str) -> None:
    shutil.copytree(ROOT / "examples" / "composite", folder, dirs_exist_ok=True)
    option = ("--composite", "year.yaml")
    assert run("export", "--json", *option, "-o", "old.json").code == 0
    text = Path("annual", "示例丙乡.yaml").read_text("utf-8")
    Path("annual", "示例丙乡.yaml").write_text(text.replace("done: 150", "done: 200"), "utf-8")
    outcome = run("export", "--json", "--html", *option, "--compare", "old.json", "-o", "r.json")
    assert outcome.code == 0, outcome.said
    found = json.loads(Path("r.json").read_text("utf-8"))["moves"]
    assert {row["refused"] for row in found} == {"composite"}
    assert {row["difference"] for row in found} == {None}
    assert all(row["rise"] is not None for row in found)
    assert run("verify", "r.json").code == 0
    shown = run("compare", "old.json", "r.json", "--format", "md", "--quiet", lang=lang).text
    path = GOLDEN / f"composite.{lang}.md"
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(shown, "utf-8")
    assert shown == path.read_text("utf-8")
    page = Path("r.html").read_text("utf-8")
    assert "上期第 1 名" in text_of_page(page)


@pytest.mark.parametrize(("lang", "words"), [("zh", "综合考核的结果"), ("en", "composite result")])
def test_a_composite_result_is_not_compared_with_one_of_its_sources(
    folder: Path, run: Run, lang: str, words: str
) -> None:
    shutil.copytree(ROOT / "examples" / "composite", folder, dirs_exist_ok=True)
    option = ("--composite", "year.yaml")
    assert run("export", "--json", *option, "-o", "year.json").code == 0
    assert run("export", "annual", "--json", "-o", "annual.json").code == 0
    for arguments in (
        ("export", "--json", *option, "--compare", "annual", "-o", "r.json"),
        ("export", "--json", *option, "--compare", "annual.json", "-o", "r.json"),
        ("export", "annual", "--json", "--compare", "year.json", "-o", "r.json"),
        ("compare", "year.json", "annual"),
        ("compare", "annual", "year.json"),
        ("compare", "annual.json", "year.json"),
    ):
        outcome = run(*arguments, lang=lang)
        assert outcome.code == 1, arguments
        assert codes(outcome.said) == ["EPA621"]
        assert words in outcome.said
        assert not Path("r.json").exists()


@pytest.mark.usefixtures("periods")
@pytest.mark.parametrize(("lang", "words"), [("zh", "没有读"), ("en", "not read")])
def test_a_results_workbook_beside_the_sheets_is_named_and_not_read(
    run: Run, lang: str, words: str
) -> None:
    expected = moves_of(run("compare", "old", "scores", "--format", "json"))
    os.chdir("old")
    assert run("export", ".", "--xlsx").code == 0
    os.chdir("..")
    outcome = run("compare", "old", "scores", "--format", "json", lang=lang)
    assert moves_of(outcome) == expected
    assert words in outcome.said
    assert "排名汇总.xlsx" in outcome.said
    beside = run("export", "--json", "--compare", "old", "-o", "-", lang=lang)
    assert beside.code == 0
    assert "排名汇总.xlsx" in beside.said
    alone = run("compare", "old/排名汇总.xlsx", "scores")
    assert codes(alone.said) == ["EPA304"]
    ranked = run("rank", "old")  # what is published needs all that may hold points
    assert "EPA304" in codes(ranked.said)


def test_very_many_units_have_no_picture(small: HandIn, run: Run) -> None:
    for number in range(41):
        small(f"第{number}镇", FULL_MARKS, 'period: "2018"')
    assert run("export", "--json", "-o", "r.json").code == 0
    page = run("export", "--html", "--compare", "r.json", "-o", "-").text
    assert "<svg" not in page
    assert "与上期比较" in page


def test_long_names_and_signs_are_shown_as_they_are(small: HandIn, run: Run) -> None:
    long = "名字很长很长很长很长很长的示例单位"
    for number, name in enumerate(["'<b>&镇'", long, "县人力资源和社会保障局"]):
        small(name, f"A1: {number % 3}, A2: 4, B1: 4")
    assert run("export", "--json", "-o", "r.json").code == 0
    page = run("export", "--html", "--compare", "r.json", "-o", "-").text
    svg = page[page.index("<svg") : page.index("</svg>")]
    assert "&lt;b&gt;&amp;镇" in svg
    assert "<b>" not in svg
    texts = re.findall(r"<text[^>]*>([^<]*)</text>", svg)
    assert {"2 名字很长很长很长", "很长很长的示例单…", "1 县人力资源和社会", "保障局"} <= {*texts}
    assert f"{long} 2 → 2" in svg


def test_a_unit_in_another_group_is_told_and_its_ranks_are_not_compared(
    folder: Path, run: Run
) -> None:
    write_two_periods("classes", folder)
    path = folder / "old" / "rubrics" / "classes.yaml"
    text = path.read_text("utf-8")
    text = text.replace(", 示例丙镇]", "]").replace("[示例丁乡", "[示例丙镇, 示例丁乡")
    path.write_text(text, "utf-8")
    outcome = run("compare", "old", "new", "--format", "md")
    assert outcome.code == 0, outcome.said
    (line,) = [line for line in outcome.text.splitlines() if "| 示例丙镇 |" in line]
    assert "上期在二类、本期在一类，名次不比" in line
    assert "| 不比 |" in line
    assert line in outcome.text[: outcome.text.index("二类单位")]


@pytest.mark.parametrize(("lang", "words"), [("zh", "计分办法有改动（A2）"), ("en", "now (A2)")])
def test_a_unit_to_which_an_item_does_not_apply_is_told_where_that_counts_otherwise(
    folder: Path, run: Run, lang: str, words: str
) -> None:
    for side, treatment in (("old", "full"), ("new", "zero")):
        (folder / side / "rubrics").mkdir(parents=True)
        text = OLD_RUBRIC.replace("有方案。", f"有方案。, not_applicable: {treatment}")
        (folder / side / "rubrics" / "small.yaml").write_text(text, "utf-8")
        for unit, scores in (
            ("甲镇", "A1: 1, A2: {not_applicable: 没有这项业务}, B1: 1, B2: 1"),
            ("乙镇", "A1: 1, A2: 3, B1: 1, B2: 1"),
        ):
            sheet = f"rubric: small\nunit: {unit}\nscores: {{{scores}}}\n"
            (folder / side / f"{unit}.yaml").write_text(sheet, "utf-8")
    os.chdir(folder / "old")
    assert run("export", ".", "--json", "-o", "../old.json").code == 0
    os.chdir(folder)
    for old in ("old", "old.json"):
        outcome = run("compare", old, "new", "--format", "json")
        found = {row["unit"]: (row["difference"], row["refused"]) for row in moves_of(outcome)}
        assert found == {"甲镇": (None, "treatment"), "乙镇": ("0", None)}
        assert words in run("compare", old, "new", "--format", "md", lang=lang).text


@pytest.mark.usefixtures("periods")
def test_earlier_sheets_are_ranked_by_the_rule_of_the_later_ones(run: Run) -> None:
    outcome = run("export", "--json", "--ties", "dense", "--compare", "old", "-o", "-")
    assert outcome.code == 0, outcome.said
    found = {row["unit"]: row["rise"] for row in json.loads(outcome.out)["moves"]}
    assert found["甲镇"] == 1


@pytest.mark.parametrize("has_groups_before", [True, False])
def test_earlier_sheets_of_groups_are_ranked_overall_as_the_later_ones_are(
    folder: Path, run: Run, *, has_groups_before: bool
) -> None:
    write_two_periods("classes", folder)
    path = folder / "old" / "rubrics" / "classes.yaml"
    if not has_groups_before:
        text = path.read_text("utf-8")
        text = text[: text.index("groups:")] + text[text.index("tie_break:") :]
        path.write_text(text, "utf-8")
    os.chdir(folder / "new")
    outcome = run("export", "--json", "--overall", "--compare", "../old", "-o", "-")
    assert outcome.code == 0, outcome.said
    found = json.loads(outcome.out)["moves"]
    assert all(
        row["rise"] is not None for row in found if None not in (row["rank"], row["old_rank"])
    )
    assert sum(row["rise"] is not None for row in found) > 1
    os.chdir(folder)


@pytest.mark.usefixtures("periods")
@pytest.mark.parametrize(
    ("before", "shown"),
    [("2018", "上期第 2 名"), ("2016", "2016年第 2 名"), ("2017年上半年", "2017年上半年第 2 名")],
)
def test_an_earlier_result_is_named_by_its_period_where_that_is_not_last_year(
    run: Run, before: str, shown: str
) -> None:
    for path in Path("old").glob("*.yaml"):
        path.write_text(path.read_text("utf-8").replace('"2017"', f'"{before}"'), "utf-8")
    text = text_of_page(run("export", "--html", "--compare", "old", "-o", "-").text)
    assert shown in text
    assert "去年" not in text


@pytest.mark.usefixtures("periods")
@pytest.mark.parametrize(
    ("lang", "words"), [("zh", "作为上期的2018年在作为本期的2017年之后"), ("en", "Check the order")]
)
def test_periods_the_wrong_way_round_are_told(run: Run, lang: str, words: str) -> None:
    outcome = run("compare", "scores", "old", "--format", "md", lang=lang)
    assert outcome.code == 0, outcome.said
    assert words in outcome.text
    assert words not in run("compare", "old", "scores", "--format", "md", lang=lang).text


def test_results_of_all_groups_in_one_ranking_are_compared(folder: Path, run: Run) -> None:
    write_two_periods("classes", folder)
    for side in ("old", "new"):
        os.chdir(folder / side)
        outcome = run("export", "--overall", "--json", "-o", f"../{side}.json")
        assert outcome.code == 0, outcome.said
    beside = ("--overall", "--compare", "../old.json")
    assert run("export", *beside, "--json", "-o", "r.json").code == 0
    assert run("verify", "r.json", "scores", *beside).code == 0
    expected = json.loads(Path("r.json").read_text("utf-8"))["moves"]
    os.chdir(folder)
    assert moves_of(run("compare", "old.json", "new.json", "--format", "json")) == expected
    assert any(row["rise"] for row in expected)
    in_groups = run("compare", "old.json", "new", "--format", "md")
    assert in_groups.code == 0, in_groups.said
    assert "名次不比" in in_groups.text


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh", ("减分少 1", "加分 -2、减分多 1")),
        ("en", ("penalties 1 less", "Bonus -2, penalties 1 more")),
    ],
)
def test_penalties_are_told_to_be_more_or_less(
    folder: Path, run: Run, lang: str, words: tuple[str, str]
) -> None:
    adjustments = """\
adjustments:
  bonus: {max: 5, items: [{id: X1, each: 1, text: 受表扬}]}
  penalty: {items: [{id: P1, each: 1, text: 被通报}]}
"""
    given = {
        "old": ("P1: [第一号通报, 第二号通报]", "X1: [甲报, 乙报]"),
        "new": ("P1: [第一号通报]", "P1: [第三号通报]"),
    }
    for side, facts in given.items():
        (folder / side / "rubrics").mkdir(parents=True)
        text = OLD_RUBRIC + adjustments
        (folder / side / "rubrics" / "small.yaml").write_text(text, "utf-8")
        for unit, fact in zip(("甲镇", "乙镇"), facts, strict=True):
            sheet = f"rubric: small\nunit: {unit}\nscores: {{A1: 1, A2: 3, B1: 1, B2: 1}}\n"
            sheet += f"adjustments: {{{fact}}}\n"
            (folder / side / f"{unit}.yaml").write_text(sheet, "utf-8")
    shown = run("compare", "old", "new", "--format", "md", lang=lang)
    assert shown.code == 0, shown.said
    for text in words:
        assert text in shown.text
