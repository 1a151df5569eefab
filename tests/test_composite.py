"""Composite results: several sources with weights, from their file to the workbook."""

import json
import re
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from tests.conftest import ROOT, Run
from tests.office import converted, needs_office

from epa_score.i18n import plain
from epa_score.model.composite import Composite, UnitTotals
from epa_score.readers import yaml
from epa_score.readers.documents import composite_of
from epa_score.readers.rubrics import RubricLibrary
from epa_score.readers.sheets import read_sheet
from epa_score.scoring import score
from epa_score.scoring.composite import composite_results, source_figure, weighted_sum

YEAR = ROOT / "examples" / "composite"
TOTAL = re.compile(r"^#   总分 .*?= ([0-9.]+)$", re.MULTILINE)
BY_HAND = re.compile(r"^# (示例\S+)：.*= ([0-9.]+)，第 ([0-9]+) 名$", re.MULTILINE)

POINTS = st.integers(0, 10000).map(lambda cents: Decimal(cents) / 100)
TOTALS = st.lists(POINTS, min_size=1, max_size=12)
WEIGHTS = st.integers(1, 99)


def rubric_of(name: str, total: int) -> str:
    item = f"{{id: A1, max: {total}, text: 工作}}"
    section = f"{{id: A, title: 工作, max: {total}, items: [{item}]}}"
    return f"id: {name}\ntitle: 细则\ntotal: {total}\nsections:\n  - {section}\n"


ANNUAL = '{name: 年终, weight: 40, rubric: annual, period: "2018", paths: [annual]}'
MONTHLY = (
    "{name: 月度, weight: 60, rubric: monthly, each_period: mean, periods: 2, paths: [monthly]}"
)


def write_composite(*sources: str, folder: str = ".", more: str = "") -> None:
    lines = "".join(f"  - {one}\n" for one in sources)
    Path(folder, "year.yaml").write_text(f"composite: 全年考核\n{more}sources:\n{lines}", "utf-8")


def hand_in(rubric: str, unit: str, period: str, points: object, folder: str = ".") -> Path:
    path = Path(folder, rubric, f"{unit}-{period}.yaml")
    head = f'rubric: {rubric}\nunit: {unit}\nperiod: "{period}"\n'
    path.write_text(f"{head}scores: {{A1: {points}}}\n", "utf-8")
    return path


def prepare(folder: str = ".") -> None:
    for name in ("rubrics", "annual", "monthly"):
        Path(folder, name).mkdir(parents=True)
    Path(folder, "rubrics", "annual.yaml").write_text(rubric_of("annual", 100), "utf-8")
    Path(folder, "rubrics", "monthly.yaml").write_text(rubric_of("monthly", 30), "utf-8")
    write_composite(ANNUAL, MONTHLY, folder=folder)
    for unit, points in {"甲镇": (90, 28, 27), "乙镇": (95, 20, 30)}.items():
        annual, *months = points
        hand_in("annual", unit, "2018", annual, folder)
        for number, one in enumerate(months, 1):
            hand_in("monthly", unit, f"2018-0{number}", one, folder)


@pytest.fixture
def year(folder: Path) -> Path:
    """The current folder with a composite result of two units."""
    prepare()
    return folder


def ranked(run: Run, *arguments: str) -> list[dict[str, Any]]:
    done = run("rank", "--composite", "year.yaml", "--format", "json", "--quiet", *arguments)
    assert done.code == 0, done.said
    found = json.loads(done.text)
    assert isinstance(found, list)
    return found


def codes(said: str) -> list[str]:
    return re.findall(r"\[(EPA[0-9]{3})\]", said)


# --- the figures -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("totals", "cap", "figure"),
    [
        ("87.555", 100, "87.555"),  # as it is
        ("28", 30, "93.33"),
        ("28 27", 30, "91.67"),
        ("80 81 81", 100, "80.67"),
        ("0.005 0", 100, "0"),  # 0.0025
        ("0.01 0", 100, "0.01"),  # 0.005 goes up
    ],
)
def test_a_figure_is_the_mean_out_of_100(totals: str, cap: int, figure: str) -> None:
    given = list(map(Decimal, totals.split()))
    assert source_figure(given, Decimal(cap), 2) == Decimal(figure)


@given(TOTALS, st.integers(0, 11), POINTS)
def test_a_figure_never_falls_when_a_total_rises(
    totals: list[Decimal], place: int, more: Decimal
) -> None:
    raised = [*totals]
    raised[place % len(totals)] += more
    cap = Decimal(200)
    before, after = (source_figure(one, cap, 2) for one in (totals, raised))
    assert 0 <= before <= after
    assert min(totals) / 2 - 1 <= before <= max(totals) / 2 + 1


@given(POINTS, POINTS, WEIGHTS)
def test_a_weighted_sum_lies_between_its_figures(one: Decimal, two: Decimal, weight: int) -> None:
    found = weighted_sum([one, two], [Decimal(weight), Decimal(100 - weight)], 2)
    assert min(one, two) <= found <= max(one, two)
    assert weighted_sum([one, one], [Decimal(weight), Decimal(100 - weight)], 2) == one


def test_a_unit_that_a_source_lacks_has_no_result() -> None:
    sources = [
        {"name": name, "weight": "50", "rubric": "a", "paths": ["a"]} for name in ("一", "二")
    ]
    composite = Composite.model_validate({"composite": "全年", "sources": sources})
    both = {"甲": UnitTotals("甲", {None: Decimal(80)})}
    more = both | {"乙": UnitTotals("乙", {None: Decimal(90)})}
    for totals in ({"一": more, "二": both}, {"一": both, "二": more}):
        found = composite_results(composite, totals, [Decimal(100)] * 2)
        assert [(one.unit, one.total) for one in found] == [("甲", Decimal(80))]


# --- the file ----------------------------------------------------------------------------------


@pytest.mark.usefixtures("year")
@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("weight: 40", "weight: 40.5", "EPA500"),
        ("weight: 40", "weight: 0", "EPA500 EPA208"),
        ("weight: 40", "weight: -40", "EPA108"),
        ("weight: 40", "weight: 40%", "EPA109"),
        ("rubric: annual", "rubric: anual", "EPA101"),
        ("rubric: annual", "rubric: ../annual", "EPA101"),
        ("paths: [annual]", "paths: []", "EPA023"),
        ("paths: [annual]", "paths: [/tmp]", "EPA503"),
        ("paths: [annual]", "paths: ['C:\\x']", "EPA503"),
        ("paths: [annual]", "paths: ['\\\\host']", "EPA503"),
        ("paths: [annual]", "paths: [annual/../../x]", "EPA503"),
        ("paths: [annual]", "paths: ['-']", "EPA503"),
        ("paths: [annual]", "path: [annual]", "EPA020"),
        ("each_period: mean", "each_period: sum", "EPA025"),
        ("periods: 2", "periods: 0", "EPA025"),
        ("periods: 2", 'period: "2018-01"', "EPA502"),
        ("each_period: mean, ", "", "EPA502"),
        ("name: 月度", "name: 年 终", "EPA501"),
        ("sources:", "decimals: 5\nsources:", "EPA025"),
        ("sources:", "source:", "EPA020"),
        ("sources:", "scale:\nsources:", "EPA023"),
        ("sources:", "bands: []\nsources:", "EPA023"),
        ("each_period: mean", "each_period: ", "EPA023"),
        ("each_period: mean", "each_period: [mean]", "EPA025"),
    ],
)
def test_what_is_wrong_with_the_file_is_found_by_validate(
    old: str, new: str, expected: str, run: Run
) -> None:
    file = Path("year.yaml")
    file.write_text(file.read_text("utf-8").replace(old, new), "utf-8")
    done = run("validate", "year.yaml")
    assert " ".join(codes(done.text)) == expected
    assert done.code == 1
    done = run("rank", "--composite", "year.yaml")
    assert " ".join(codes(done.said)) == expected


@pytest.mark.usefixtures("year")
def test_a_faulty_rubric_of_a_source_is_reported(run: Run) -> None:
    Path("rubrics", "annual.yaml").write_text(rubric_of("annual", 0), "utf-8")
    assert "EPA208" in codes(run("validate", "year.yaml").text)


def test_a_file_in_another_folder_takes_what_lies_beside_it(folder: Path, run: Run) -> None:
    prepare("2018")
    (folder / "annual").write_text("no rubric", "utf-8")  # a file of the rubric's name
    done = run("rank", "--composite", str(Path("2018", "year.yaml")), "--format", "json")
    assert [one["unit"] for one in json.loads(done.text)] == ["甲镇", "乙镇"]
    assert run("validate", str(Path("2018", "year.yaml"))).code == 0


def test_a_file_that_is_read_from_nowhere_has_the_current_folder() -> None:
    text = b"composite: x\nsources: []\n"
    found = composite_of(text, yaml.read("<stdin>", text))
    assert [one.kind.code for one in found.diagnostics] == ["EPA023"]
    assert found.folder == "."


# --- the command line --------------------------------------------------------------------------


@pytest.mark.usefixtures("year")
def test_units_are_ranked_by_the_weighted_sum(run: Run) -> None:
    first, second = ranked(run)
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
    assert [(one["rank"], one["unit"]) for one in ranked(run, "--ties", "dense")] == [
        (1, "丙镇"),
        (1, "乙镇"),
        (1, "甲镇"),
    ]


@pytest.mark.usefixtures("year")
def test_sources_without_a_mean_need_no_note_of_it(run: Run) -> None:
    write_composite(ANNUAL.replace("40", "100"))
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
    found = {one["unit"]: one["rank"] for one in ranked(run, "--skip-invalid")}
    assert found == {"丙镇": 1, "甲镇": None, "乙镇": None}


@pytest.mark.usefixtures("year")
def test_a_unit_that_a_source_lacks_is_named(run: Run) -> None:
    hand_in("annual", "丙镇", "2018", 50)
    Path("monthly", "乙镇-2018-02.yaml").unlink()
    done = run("rank", "--composite", "year.yaml")
    assert (done.code, codes(done.said)) == (1, ["EPA504", "EPA505"])
    done = run("rank", "--composite", "year.yaml", "--skip-invalid", "--quiet")
    assert "没有列入的单位：2 个（丙镇、乙镇）" in done.said
    found = {one["unit"]: one["rank"] for one in ranked(run, "--skip-invalid")}
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
    first = ranked(run)[0]
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
    assert "来源明细：全年考核" in Path("out.md").read_text("utf-8")


@needs_office
@pytest.mark.filterwarnings("ignore:.* extension is not supported")
@pytest.mark.usefixtures("year")
def test_workbook_works_the_weighted_sums_out_again(run: Run, tmp_path: Path) -> None:
    assert run("export", "--composite", "year.yaml", "--xlsx", "-o", "out.xlsx").code == 0
    load_workbook("out.xlsx").save("bare.xlsx")  # without the figures that it carried
    (again,) = converted("xlsx", tmp_path, Path("bare.xlsx"))
    book = load_workbook(BytesIO(again.read_bytes()), data_only=True)
    rows = [row for row in book["排名汇总"].iter_rows(values_only=True) if isinstance(row[0], int)]
    totals = {str(row[1]): Decimal(str(row[4])) for row in rows}
    assert totals == {one["unit"]: Decimal(one["total"]) for one in ranked(run)}
    states = {str(row[1]): row[2] for row in book["说明"].iter_rows(values_only=True)}
    assert states["导出后小计、总分和名次是否改动"] == "未改动"


# --- the example -------------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(YEAR.glob("*/示例*.yaml")), ids=lambda path: path.stem)
def test_sheet_comes_to_what_was_computed_by_hand(path: Path) -> None:
    found = read_sheet(str(path), RubricLibrary(str(YEAR)))
    assert found.sheet is not None
    assert found.rubric is not None
    (by_hand,) = TOTAL.findall(path.read_text("utf-8"))
    assert plain(score(found.rubric, found.sheet).total) == by_hand


def test_example_comes_to_what_was_computed_by_hand(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(YEAR)
    found = {one["unit"]: (plain(Decimal(one["total"])), str(one["rank"])) for one in ranked(run)}
    by_hand = BY_HAND.findall(Path("year.yaml").read_text("utf-8"))
    assert len(found) == 3
    assert found == {unit: (total, rank) for unit, total, rank in by_hand}


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
    first, excluded = ranked(run)
    assert (first["unit"], first["rank"]) == ("甲镇", 1)
    assert first["sections"]["年终"] == "92"
    assert (excluded["unit"], excluded["rank"]) == ("乙镇", None)
    done = run("rank", "--composite", "year.yaml")
    assert "发生事故：库房火灾" in done.text
    assert run("export", "--composite", "year.yaml", "--xlsx", "--md").code == 0
    assert "发生事故：库房火灾" in (year / "排名汇总.md").read_text("utf-8")


ADJUSTED = (
    "adjustments:\n"
    "  bonus: {max: 3, items: [{id: J1, text: 获表彰, each: 2}]}\n"
    "  penalty: {items: [{id: K1, text: 被通报, each: 1.5}]}\n"
)


@pytest.fixture
def apart(year: Path) -> Path:
    """The same with bonuses and penalties of the year, which are not weighted."""
    (year / "rubrics" / "annual.yaml").write_text(rubric_of("annual", 100) + ADJUSTED, "utf-8")
    write_composite(ANNUAL.replace("}", ", adjustments: apart}"), MONTHLY)
    for unit, said in {"甲镇": "{J1: [全省现场会, 全国表彰]}", "乙镇": "{K1: 县委通报}"}.items():
        path = year / "annual" / f"{unit}-2018.yaml"
        path.write_text(f"{path.read_text('utf-8')}adjustments: {said}\n", "utf-8")
    return year


@pytest.mark.usefixtures("apart")
def test_adjustments_that_stand_apart_are_not_weighted(run: Run) -> None:
    # 甲镇: 90 x 40% + 91.67 x 60% = 91, 91 + 3 = 94; 乙镇: 95 x 40% + 83.33 x 60% = 88 - 1.5
    first, second = ranked(run)
    assert [first[name] for name in ("base", "bonus", "penalty", "total")] == ["91", "3", "0", "94"]
    assert [second[name] for name in ("base", "bonus", "penalty")] == ["88", "0", "1.5"]
    assert (second["unit"], second["total"]) == ("乙镇", "86.5")
    assert first["sections"] == {"年终": "90", "月度": "91.67"}
    shown = run("rank", "--composite", "year.yaml")
    assert "基本分：年终 x 40% + 月度 x 60%，四舍五入到 2 位小数；加分、减分不折算" in shown.said


@needs_office
def test_adjustments_that_stand_apart_are_in_the_workbook(apart: Path, run: Run) -> None:
    assert run("export", "--composite", "year.yaml", "--xlsx", "--md").code == 0
    text = (apart / "排名汇总.md").read_text("utf-8")
    assert "| 甲镇 | 年终：加分 |  | 3 |" in text
    assert "| 乙镇 | 年终：减分 |  | 1.5 |" in text
    (again,) = converted("xlsx", apart, apart / "排名汇总.xlsx")
    for path in (apart / "排名汇总.xlsx", again):
        rows = [row[:8] for row in load_workbook(path, data_only=True)["排名汇总"].values]
        assert (1, "甲镇", 90, 91.67, 91, 3, 0, 94) in rows
        assert (2, "乙镇", 95, 83.33, 88, 0, 1.5, 86.5) in rows


# --- bands, ties and figures of the whole ------------------------------------------------------

FINAL = (
    "tie_break: [年终]\n"
    "bands: [{name: 优秀, at_least: 90, most: 1}, {name: 合格, at_least: 0}]\n"
    "scale: {best: 100}\n"
    "rank_points: [5, 3]\n"
)


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
    write_composite(ANNUAL, MONTHLY, more=FINAL)
    first, second = ranked(run)
    assert [(one["unit"], one["rank"], one["total"]) for one in (first, second)] == [
        ("乙镇", 1, "96"),
        ("甲镇", 2, "96"),
    ]
    assert [one["band"] for one in (first, second)] == ["优秀", "合格"]
    assert [one["scaled"] for one in (first, second)] == ["100", "100"]
    assert [one["rank_points"] for one in (first, second)] == ["5", "3"]
    assert run("export", "--composite", "year.yaml", "--xlsx", "--md").code == 0


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ("tie_break: [年中]\n", "EPA205"),
        ("bands: [{name: 优秀, at_least: 90}, {name: 合格, at_least: 1}]\n", "EPA2"),
        ("scale: {best: 0}\n", "EPA2"),
        ("rank_points: [1, 2]\n", "EPA2"),
    ],
)
@pytest.mark.usefixtures("year")
def test_what_is_wrong_with_bands_ties_and_figures_is_found(run: Run, more: str, code: str) -> None:
    write_composite(ANNUAL, MONTHLY, more=more)
    done = run("validate", "year.yaml", "--format", "concise")
    assert done.code == 1
    assert code in done.text
    assert done.text.startswith("year.yaml:2:")


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
    found = {one["unit"]: one["band"] for one in ranked(run)}
    assert found == {"甲镇": {"fail": "差", "bar": "良好"}[effect], "乙镇": "优秀"}
    write_composite(ANNUAL, MONTHLY)
    assert "来源里有否决，发生事故：库房火灾" in run("rank", "--composite", "year.yaml").text
    write_composite(ANNUAL, MONTHLY, more="bands: [{name: 合格, at_least: 0}]\n")
    assert {one["band"] for one in ranked(run)} == {"合格"}


def test_units_that_a_source_lists_and_that_have_no_sheet_are_named(year: Path, run: Run) -> None:
    listed = rubric_of("annual", 100) + "units: [甲镇, 乙镇, 丙镇]\n"
    (year / "rubrics" / "annual.yaml").write_text(listed, "utf-8")
    assert run("export", "--composite", "year.yaml", "--md").code == 0
    text = (year / "排名汇总.md").read_text("utf-8")
    assert "| 没有评分表的单位 | 丙镇 |" in text
    assert text.count("丙镇") == 2


# --- how a total came about ----------------------------------------------------------------------


@pytest.mark.usefixtures("apart")
def test_the_total_of_a_unit_is_explained(run: Run) -> None:
    done = run("explain", "--unit", "乙镇", "--composite", "year.yaml", "--format", "csv")
    account, gap = done.text.split("\r\n\r\n")
    assert account.splitlines()[1:] == [
        "年终,2018,100,95,",
        "年终 x 40%,,100,95,",
        "月度,2018-01,30,20,",
        "月度,2018-02,30,30,",
        "月度 x 60%,,100,83.33,(20 + 30) / 2，满分 30，折成 100 分为 83.33",
        "基本分,,100,88,95 x 40% + 83.33 x 60%，四舍五入到 2 位小数，得 88",
        "加分,,,0,",
        "减分,,,1.5,",
        "总分,,,86.5,",
    ]
    assert gap.splitlines()[-1].startswith("总分,,86.5,94,")
    assert "第 2 名，共 2 个单位" in done.said
    first = run("explain", "--unit", "甲镇", "--composite", "year.yaml")
    assert "没有单位排在前面" in first.said
    assert "相差" not in first.text


def test_a_unit_that_is_not_ranked_is_explained_as_well(year: Path, run: Run) -> None:
    veto = "veto: [{id: V1, text: 发生事故, effect: exclude}]\n"
    (year / "rubrics" / "monthly.yaml").write_text(rubric_of("monthly", 100), "utf-8")
    (year / "rubrics" / "annual.yaml").write_text(rubric_of("annual", 50) + veto, "utf-8")
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
