"""Composite results: several sources with weights, ranked, exported and explained."""

import json
import re
import shutil
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.support.commands import Run, codes, ranked
from tests.support.composites import (
    ANNUAL,
    BY_HAND,
    FINAL,
    MONTHLY,
    SUMS,
    TOTAL,
    YEAR,
    hand_in,
    rubric_of,
    write_composite,
)

from epa_score.i18n import plain
from epa_score.readers.rubrics import RubricLibrary
from epa_score.readers.sheets import read_sheet
from epa_score.scoring import score

# --- the command line --------------------------------------------------------------------------


@pytest.mark.usefixtures("year")
def test_units_are_ranked_by_the_weighted_sum(run: Run) -> None:
    first, second = ranked(run, "--composite", "year.yaml")
    # 90 x 40% + 91.67 x 60% = 91.002; 95 x 40% + 83.33 x 60% = 87.998
    assert (first["unit"], first["total"]) == ("甲镇", "91")
    assert first["sections"] == {"年终": "90", "月度": "91.67"}
    assert (second["unit"], second["total"]) == ("乙镇", "88")
    said = run("rank", "--composite", "year.yaml").said
    assert "综合得分：年终 x 40% + 月度 x 60%，四舍五入到 2 位小数" in said
    assert "取各考核期平均分的来源：月度" in said


@pytest.mark.usefixtures("year")
def test_ties_and_the_roster_are_as_in_any_ranking(run: Run) -> None:
    rubric = Path("rubrics", "annual.yaml")
    rubric.write_text(rubric.read_text("utf-8") + "units: [丙镇, 乙镇, 甲镇]\n", "utf-8")
    for unit in ("丙镇", "甲镇"):
        hand_in("annual", unit, "2018", 95)
        hand_in("monthly", unit, "2018-01", 20)
        hand_in("monthly", unit, "2018-02", 30)
    assert [
        (one["rank"], one["unit"])
        for one in ranked(run, "--composite", "year.yaml", "--ties", "dense")
    ] == [
        (1, "丙镇"),
        (1, "乙镇"),
        (1, "甲镇"),
    ]


@pytest.mark.usefixtures("year")
def test_sources_without_a_mean_need_no_note_of_it(run: Run) -> None:
    write_composite(ANNUAL.replace("40", "100"), rounding="")
    done = run("rank", "--composite", "year.yaml")
    assert done.code == 0
    assert "平均分" not in done.said


@pytest.mark.usefixtures("year")
def test_errors_of_every_sheet_of_every_source_stop_the_run(run: Run) -> None:
    hand_in("annual", "甲镇", "2018", 101)
    hand_in("monthly", "乙镇", "2018-02", 31)
    done = run("rank", "--composite", "year.yaml")
    assert (done.code, codes(done.said)) == (1, ["EPA104", "EPA104"])
    hand_in("annual", "乙镇", "2018", 95)
    hand_in("annual", "丙镇", "2018", 50)
    for month in ("2018-01", "2018-02"):
        hand_in("monthly", "丙镇", month, 10)
    found = {
        one["unit"]: one["rank"]
        for one in ranked(run, "--composite", "year.yaml", "--skip-invalid")
    }
    assert found == {"丙镇": 1, "甲镇": None, "乙镇": None}


@pytest.mark.usefixtures("year")
def test_a_unit_that_a_source_lacks_is_named(run: Run) -> None:
    hand_in("annual", "丙镇", "2018", 50)
    Path("monthly", "乙镇-2018-02.yaml").unlink()
    done = run("rank", "--composite", "year.yaml")
    assert (done.code, codes(done.said)) == (1, ["EPA504", "EPA505"])
    done = run("rank", "--composite", "year.yaml", "--skip-invalid", "--quiet")
    assert "没有列入的单位：2 个（丙镇、乙镇）" in done.said
    found = {
        one["unit"]: one["rank"]
        for one in ranked(run, "--composite", "year.yaml", "--skip-invalid")
    }
    assert found == {"甲镇": 1, "丙镇": None, "乙镇": None}


@pytest.mark.usefixtures("year")
def test_another_number_of_periods_cannot_be_skipped(run: Run) -> None:
    hand_in("monthly", "甲镇", "2018-03", 1)
    done = run("rank", "--composite", "year.yaml", "--skip-invalid")
    assert (done.code, codes(done.said)) == (1, ["EPA506"])
    write_composite(ANNUAL, MONTHLY.replace(" periods: 2,", ""))
    done = run("rank", "--composite", "year.yaml")
    assert codes(done.said) == ["EPA505"]


@pytest.mark.usefixtures("year")
def test_several_periods_without_a_mean_are_an_error(run: Run) -> None:
    write_composite(ANNUAL, MONTHLY.replace("each_period: mean, periods: 2, ", ""))
    assert codes(run("rank", "--composite", "year.yaml").said) == ["EPA115"]


@pytest.mark.usefixtures("year")
def test_a_source_may_have_several_assessors(run: Run) -> None:
    rubric = Path("rubrics", "annual.yaml")
    rubric.write_text(rubric.read_text("utf-8") + "panel: {method: mean, minimum: 2}\n", "utf-8")
    for path in list(Path("annual").iterdir()):
        text = path.read_text("utf-8")
        path.write_text(text + "assessor: 张三\n", "utf-8")
        more = re.sub("A1: .*}", "A1: 70}", text) + "assessor: 李四\n"
        path.with_name("李四" + path.name).write_text(more, "utf-8")
    first = ranked(run, "--composite", "year.yaml")[0]
    assert (first["unit"], first["sections"]["年终"], first["total"]) == ("甲镇", "80", "87")


@pytest.mark.usefixtures("year")
@pytest.mark.parametrize(
    "more", [["annual"], ["--rubric", "annual"], ["--period", "2018"], ["--provisional"]]
)
def test_composite_stands_alone(more: list[str], run: Run) -> None:
    done = run("rank", "--composite", "year.yaml", *more)
    assert done.code == 2
    assert "--composite 的文件已写明用哪些评分表" in done.said


@pytest.mark.usefixtures("year")
def test_a_composite_file_is_no_sheet(run: Run) -> None:
    assert codes(run("rank", "year.yaml").said) == ["EPA019"]
    assert codes(run("convert", "year.yaml").said) == ["EPA019"]
    assert codes(run("rank", "--composite", "rubrics/annual.yaml").said) == ["EPA019"]
    assert codes(run("rank", "--composite", "none.yaml").said) == ["EPA018"]
    assert run("rank", ".", "--rubric", "annual").code == 0  # in a folder it is passed over


@pytest.mark.usefixtures("year")
def test_export_holds_every_total_that_it_is_made_of(run: Run) -> None:
    done = run("export", "--composite", "year.yaml", "--json", "--csv", "--md", "-o", "out")
    assert done.code == 0, done.said
    data = json.loads(Path("out.json").read_text("utf-8"))
    assert data["sources"][1] == {
        "rubric": "全年考核",
        "unit": "甲镇",
        "source": "月度",
        "period": "2018-01",
        "total": "28",
        "cap": "30",
    }
    about = {one["name"]: one["value"] for one in data["about"]}
    assert about["评分表张数"] == "6"
    assert about["小数"].startswith("综合得分：年终 x 40% + 月度 x 60%")
    assert "1,甲镇,90,91.67,91," in Path("out.csv").read_text("utf-8-sig")
    _, _, sources = Path("out.md").read_text("utf-8").partition("全年考核来源明细表")
    assert "| 单位 | 来源 | 考核期 | 总分 | 分值 |" in sources


def test_the_list_of_sheets_names_rubrics_by_their_titles(year: Path, run: Run) -> None:
    for name, title in {"annual": "年终考核细则", "monthly": "月度考核细则"}.items():
        path = year / "rubrics" / f"{name}.yaml"
        path.write_text(path.read_text("utf-8").replace("title: 细则", f"title: {title}"), "utf-8")
    result = ["--composite", "year.yaml"]
    assert run("export", *result, "--xlsx", "--json", "-o", "out").code == 0
    listed = [row[0] for row in load_workbook("out.xlsx")["评分表清单"].iter_rows(values_only=True)]
    assert {"评分细则", "年终考核细则", "月度考核细则"} <= {*listed}
    assert not {"annual", "monthly"} & {*listed}
    data = json.loads(Path("out.json").read_text("utf-8"))
    assert {row["rubric"] for row in data["sheets"]} == {"annual", "monthly"}
    hand_in("monthly", "甲镇", "2018-01", 29)
    for suffix in ("xlsx", "json"):
        done = run("verify", f"out.{suffix}", "--format", "concise")
        (changed,) = (line for line in done.text.splitlines() if "EPA610" in line)
        assert "monthly" in changed


def test_sources_without_periods_have_no_column_for_them(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(SUMS)
    target = folder / "out.md"
    assert run("export", "--composite", "sum.yaml", "--md", "-o", target).code == 0
    assert "| 单位 | 来源 | 总分 | 分值 |" in target.read_text("utf-8")


# --- the example -------------------------------------------------------------------------------


SHEETS = [(home, path) for home in (YEAR, SUMS) for path in sorted(home.glob("*/示例*.yaml"))]


@pytest.mark.parametrize(("home", "path"), SHEETS, ids=[path.stem for _, path in SHEETS])
def test_sheet_comes_to_what_was_computed_by_hand(home: Path, path: Path) -> None:
    found = read_sheet(str(path), RubricLibrary(str(home)))
    assert found.sheet is not None
    assert found.rubric is not None
    (by_hand,) = TOTAL.findall(path.read_text("utf-8"))
    assert plain(score(found.rubric, found.sheet).total) == by_hand


@pytest.mark.parametrize("path", [YEAR / "year.yaml", SUMS / "sum.yaml", SUMS / "weighted.yaml"])
def test_example_comes_to_what_was_computed_by_hand(
    run: Run, monkeypatch: pytest.MonkeyPatch, path: Path
) -> None:
    monkeypatch.chdir(path.parent)
    found = {
        one["unit"]: (plain(Decimal(one["total"])), str(one["rank"]))
        for one in ranked(run, "--composite", path.name)
    }
    by_hand = BY_HAND.findall(path.read_text("utf-8"))
    assert len(found) == 3
    assert found == {unit: (total, rank) for unit, total, rank in by_hand}


# --- what figures are out of, and where they are rounded ----------------------------------------


@pytest.fixture
def sums(folder: Path) -> Path:
    """The current folder with the example of sources that are not out of 100."""
    shutil.copytree(SUMS, folder, dirs_exist_ok=True)
    return folder


def shown(run: Run, *arguments: str) -> tuple[list[str], str]:
    """The first line of what is shown, cell by cell, and what is said beside it."""
    done = run(*arguments)
    assert done.code == 0, done.said
    return done.text.splitlines()[0].split("\t"), done.said


@pytest.mark.usefixtures("sums")
def test_figures_without_weights_are_added_up(run: Run) -> None:
    head, said = shown(run, "rank", "--composite", "sum.yaml")
    assert head[2:5] == ["年终考核（120）", "附加项目（40）", "总分（160）"]
    assert "综合得分：年终考核 + 附加项目\n" in said
    assert "各来源得分的满分：年终考核 120 分、附加项目 40 分\n" in said
    assert "四舍五入" not in said
    account = run("explain", "--unit", "示例乙乡", "--composite", "sum.yaml", "--format", "csv")
    assert account.text.split("\r\n\r\n")[0].splitlines()[1:] == [
        "年终考核,,120,110.5,,",
        "年终考核得分,,120,110.5,110.5,",
        "附加项目,,40,27.5,,",
        "附加项目得分,,40,27.5,27.5,",
        "总分,,160,138,,110.5 + 27.5，得 138",
    ]


@pytest.mark.usefixtures("sums")
def test_the_total_alone_may_be_rounded(run: Run) -> None:
    head, said = shown(run, "rank", "--composite", "weighted.yaml")
    assert head[2:5] == ["年终考核 x 70%（120）", "附加项目 x 30%（100）", "总分（114）"]
    assert "各来源得分的满分：年终考核 120 分、附加项目由 40 分折成 100 分\n" in said
    assert "总分按没有舍入的得分计算" in said
    account = run(
        "explain", "--unit", "示例甲乡", "--composite", "weighted.yaml", "--format", "csv"
    )
    assert account.text.split("\r\n\r\n")[0].splitlines()[1:] == [
        "年终考核,,120,108.03,,",
        "年终考核 x 70%,,120,108.03,75.621,",
        "附加项目,,40,30.27,,",
        "附加项目 x 30%,,100,75.68,22.704,满分 40，折成 100 分为 75.68",
        "四舍五入,,,-0.005,-0.005,",
        "总分,,114,98.32,,108.03 x 70% + 30.27 / 40 x 100 x 30%，四舍五入到 2 位小数，得 98.32",
    ]


def test_what_is_rounded_first_gives_another_total(sums: Path, run: Run) -> None:
    codes_of: dict[str, str] = {}
    for rounding, total in (("end", "98.32"), ("each", "98.33")):
        text = (sums / "weighted.yaml").read_text("utf-8")
        text = re.sub("^rounding: .*$", f"rounding: {rounding}", text, flags=re.MULTILINE)
        (sums / "weighted.yaml").write_text(text, "utf-8")
        first = ranked(run, "--composite", "weighted.yaml")[0]
        assert (first["unit"], first["total"]) == ("示例甲乡", total)
        assert first["sections"] == {"年终考核": "108.03", "附加项目": "75.68"}
        codes_of[rounding] = first["check_code"]
    assert codes_of["end"] != codes_of["each"]
    assert "总分按没有舍入" not in run("rank", "--composite", "weighted.yaml").said


def test_what_figures_are_out_of_is_in_the_check_code(sums: Path, run: Run) -> None:
    found = set()
    for out_of in ("100", "110", "40"):
        text = (sums / "weighted.yaml").read_text("utf-8")
        text = re.sub("out_of: [0-9]+, paths: .extra", f"out_of: {out_of}, paths: [extra", text)
        text = text if out_of != "40" else text.replace("rounding: end\n", "")
        (sums / "weighted.yaml").write_text(text, "utf-8")
        found |= {row["check_code"] for row in ranked(run, "--composite", "weighted.yaml")}
    assert len(found) == 9


@pytest.mark.usefixtures("sums")
def test_means_that_are_not_converted_are_explained(run: Run) -> None:
    for number, unit in enumerate(("示例甲乡", "示例乙乡", "示例丙乡")):
        for period, points in (("1季度", 30), ("2季度", 31 + number)):
            sheet = f"rubric: extra\nunit: {unit}\nperiod: {period}\nscores: {{A1: {points}}}\n"
            Path(f"extra/{unit}-{period}.yaml").write_text(sheet, "utf-8")
        Path(f"extra/{unit}.yaml").unlink()
    text = Path("sum.yaml").read_text("utf-8")
    text = text.replace("paths: [extra]", "each_period: mean, periods: 2, paths: [extra]")
    Path("sum.yaml").write_text(text, "utf-8")
    done = run("explain", "--unit", "示例丙乡", "--composite", "sum.yaml")
    assert "(30 + 33) / 2，得 31.5" in done.text
    assert "先四舍五入到 2 位小数，再计入总分" in run("rank", "--composite", "sum.yaml").said


@pytest.mark.usefixtures("apart")
@pytest.mark.parametrize(
    ("old", "new", "base", "said"),
    [
        # (28 + 27) / 2 / 30 x 100 = 91.666...; 90 x 40% + 91.666... x 60% = 91
        ("rounding: each", "rounding: end", "91", "加分、减分不折算"),
        # 90 + 27.5
        ("weight: [46]0, ", "", "117.5", "基本分：年终 + 月度；加分、减分直接加减"),
    ],
)
def test_adjustments_stand_apart_of_any_whole(
    run: Run, old: str, new: str, base: str, said: str
) -> None:
    text = re.sub(old, new, Path("year.yaml").read_text("utf-8"))
    if not new:
        text = text.replace(" out_of: 100,", "").replace("rounding: each\n", "")
    Path("year.yaml").write_text(text, "utf-8")
    first = ranked(run, "--composite", "year.yaml")[0]
    assert (first["unit"], first["base"], first["bonus"]) == ("甲镇", base, "3")
    assert Decimal(first["total"]) == Decimal(base) + 3
    assert said in run("rank", "--composite", "year.yaml").said


@pytest.mark.usefixtures("sums")
@pytest.mark.parametrize("name", ["sum", "weighted"])
def test_any_whole_can_be_verified(run: Run, name: str) -> None:
    composite = ["--composite", f"{name}.yaml"]
    formats = ["--xlsx", "--csv", "--json"]
    assert run("export", *composite, *formats, "-o", "result").code == 0
    for suffix in ("xlsx", "csv", "json"):
        assert run("verify", f"result.{suffix}", *composite).code == 0


# --- with bonuses and vetoes -------------------------------------------------------------------


def test_published_totals_count_and_excluded_units_are_not_ranked(year: Path, run: Run) -> None:
    beyond = (
        "adjustments: {bonus: {items: [{id: J1, text: 获表彰, each: 2}]}}\n"
        "veto: [{id: V1, text: 发生事故, effect: exclude}]\n"
    )
    (year / "rubrics" / "annual.yaml").write_text(rubric_of("annual", 100) + beyond, "utf-8")
    for unit, said in {
        "甲镇": "adjustments: {J1: 全省现场会}",
        "乙镇": "veto: {V1: 库房火灾}",
    }.items():
        path = year / "annual" / f"{unit}-2018.yaml"
        path.write_text(f"{path.read_text('utf-8')}{said}\n", "utf-8")
    first, excluded = ranked(run, "--composite", "year.yaml")
    assert (first["unit"], first["rank"]) == ("甲镇", 1)
    assert first["sections"]["年终"] == "92"
    assert (excluded["unit"], excluded["rank"]) == ("乙镇", None)
    done = run("rank", "--composite", "year.yaml")
    assert "发生事故：库房火灾" in done.text
    assert run("export", "--composite", "year.yaml", "--xlsx", "--md").code == 0
    assert "发生事故：库房火灾" in (year / "排名汇总.md").read_text("utf-8")


@pytest.mark.usefixtures("apart")
def test_adjustments_that_stand_apart_are_not_weighted(run: Run) -> None:
    # 甲镇: 90 x 40% + 91.67 x 60% = 91, 91 + 3 = 94; 乙镇: 95 x 40% + 83.33 x 60% = 88 - 1.5
    first, second = ranked(run, "--composite", "year.yaml")
    assert [first[name] for name in ("base", "bonus", "penalty", "total")] == ["91", "3", "0", "94"]
    assert [second[name] for name in ("base", "bonus", "penalty")] == ["88", "0", "1.5"]
    assert (second["unit"], second["total"]) == ("乙镇", "86.5")
    assert first["sections"] == {"年终": "90", "月度": "91.67"}
    shown = run("rank", "--composite", "year.yaml")
    assert "基本分：年终 x 40% + 月度 x 60%，四舍五入到 2 位小数；加分、减分不折算" in shown.said


def test_adjustments_that_stand_apart_are_exported(apart: Path, run: Run) -> None:
    assert run("export", "--composite", "year.yaml", "--md").code == 0
    text = (apart / "排名汇总.md").read_text("utf-8")
    assert "| 甲镇 | 年终：加分 |  | 3 |" in text
    assert "| 乙镇 | 年终：减分 |  | 1.5 |" in text


# --- bands, ties and figures of the whole ------------------------------------------------------


def test_a_composite_result_has_bands_ties_and_figures_as_a_rubric_has(
    year: Path, run: Run
) -> None:
    # 甲镇: 90 and 100, 乙镇: 96 and 96; 90 x 40% + 100 x 60% = 96
    hand_in("annual", "乙镇", "2018", 96)
    hand_in("annual", "甲镇", "2018", 90)
    (year / "rubrics" / "monthly.yaml").write_text(rubric_of("monthly", 100), "utf-8")
    for number in "12":
        hand_in("monthly", "甲镇", f"2018-0{number}", 100)
        hand_in("monthly", "乙镇", f"2018-0{number}", 96)
    write_composite(ANNUAL, MONTHLY.replace(" out_of: 100,", ""), more=FINAL)
    first, second = ranked(run, "--composite", "year.yaml")
    assert [(one["unit"], one["rank"], one["total"]) for one in (first, second)] == [
        ("乙镇", 1, "96"),
        ("甲镇", 2, "96"),
    ]
    assert [one["band"] for one in (first, second)] == ["优秀", "合格"]
    assert [one["scaled"] for one in (first, second)] == ["100", "100"]
    assert [one["rank_points"] for one in (first, second)] == ["5", "3"]
    assert run("export", "--composite", "year.yaml", "--xlsx", "--md").code == 0


@pytest.mark.parametrize("effect", ["fail", "bar"])
def test_vetoes_of_a_source_hold_in_the_bands_of_the_whole(
    year: Path, run: Run, effect: str
) -> None:
    bands = (
        "bands: [{name: 优秀, at_least: 80}, {name: 良好, at_least: 70}, {name: 差, at_least: 0}]\n"
    )
    veto = f"veto: [{{id: V1, text: 发生事故, effect: {effect}}}]\n"
    (year / "rubrics" / "annual.yaml").write_text(rubric_of("annual", 100) + bands + veto, "utf-8")
    path = year / "annual" / "甲镇-2018.yaml"
    path.write_text(f"{path.read_text('utf-8')}veto: {{V1: 库房火灾}}\n", "utf-8")
    write_composite(ANNUAL, MONTHLY, more=bands)
    found = {one["unit"]: one["band"] for one in ranked(run, "--composite", "year.yaml")}
    assert found == {"甲镇": {"fail": "差", "bar": "良好"}[effect], "乙镇": "优秀"}
    write_composite(ANNUAL, MONTHLY)
    assert "来源里有否决，发生事故：库房火灾" in run("rank", "--composite", "year.yaml").text
    write_composite(ANNUAL, MONTHLY, more="bands: [{name: 合格, at_least: 0}]\n")
    assert {one["band"] for one in ranked(run, "--composite", "year.yaml")} == {"合格"}


def test_units_that_a_source_lists_and_that_have_no_sheet_are_named(year: Path, run: Run) -> None:
    listed = rubric_of("annual", 100) + "units: [甲镇, 乙镇, 丙镇]\n"
    (year / "rubrics" / "annual.yaml").write_text(listed, "utf-8")
    assert run("export", "--composite", "year.yaml", "--md").code == 0
    text = (year / "排名汇总.md").read_text("utf-8")
    assert "| 没有评分表的单位 | 丙镇 |" in text
    assert "| 丙镇 |" in text
    assert text.count("丙镇") == 3


# --- how a total came about ----------------------------------------------------------------------


@pytest.mark.usefixtures("apart")
def test_the_total_of_a_unit_is_explained(run: Run) -> None:
    done = run("explain", "--unit", "乙镇", "--composite", "year.yaml", "--format", "csv")
    account, gap = done.text.split("\r\n\r\n")
    assert account.splitlines()[1:] == [
        "年终,2018,100,95,,",
        "年终 x 40%,,100,95,38,",
        "月度,2018-01,30,20,,",
        "月度,2018-02,30,30,,",
        "月度 x 60%,,100,83.33,49.998,(20 + 30) / 2，满分 30，折成 100 分为 83.33",
        "四舍五入,,,0.002,0.002,",
        "基本分,,100,88,,95 x 40% + 83.33 x 60%，四舍五入到 2 位小数，得 88",
        "加分,,,0,0,",
        "减分,,,-1.5,-1.5,",
        "总分,,,86.5,,",
    ]
    assert gap.splitlines()[1:] == [
        "年终 x 40%,95,90,+2",
        "月度 x 60%,83.33,91.67,-5.004",
        "四舍五入,0.002,-0.002,+0.004",
        "基本分,88,91,-3",
        "加分,0,3,-3",
        "减分,-1.5,0,-1.5",
        "总分,86.5,94,-7.5",
    ]
    assert "乙镇得 86.5 分，列第 2 名（共 2 个单位），比第 1 名甲镇少 7.5 分。" in done.said
    first = run("explain", "--unit", "甲镇", "--composite", "year.yaml")
    assert "列第 1 名（共 2 个单位），比第 2 名乙镇多 7.5 分。" in first.said
    assert "相差" not in first.text


def test_a_unit_that_is_not_ranked_is_explained_as_well(year: Path, run: Run) -> None:
    veto = "veto: [{id: V1, text: 发生事故, effect: exclude}]\n"
    (year / "rubrics" / "monthly.yaml").write_text(rubric_of("monthly", 100), "utf-8")
    (year / "rubrics" / "annual.yaml").write_text(rubric_of("annual", 50) + veto, "utf-8")
    annual = ANNUAL.replace("rubric: annual", "rubric: annual, out_of: 100")
    write_composite(annual, MONTHLY.replace(" out_of: 100,", ""))
    hand_in("annual", "甲镇", "2018", 40)
    path = hand_in("annual", "乙镇", "2018", 45)
    path.write_text(f"{path.read_text('utf-8')}veto: {{V1: 库房火灾}}\n", "utf-8")
    done = run("explain", "--unit", "乙镇", "--composite", "year.yaml")
    assert "满分 50，折成 100 分为 90" in done.text
    assert "发生事故：库房火灾" in done.said
    unknown = run("explain", "--unit", "乙", "--composite", "year.yaml")
    assert (unknown.code, "最接近的是 乙镇" in unknown.said) == (2, True)


@pytest.mark.usefixtures("year")
def test_a_composite_result_has_no_items_to_explain(run: Run) -> None:
    arguments = ("explain", "--unit", "甲镇", "--composite", "year.yaml", "--item", "A1")
    assert "去掉 --item" in run(*arguments).said
    assert run("explain", "--composite", "year.yaml").code == 2
