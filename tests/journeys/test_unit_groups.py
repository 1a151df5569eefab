"""Units that are ranked in groups: in every result, in its formats, and verified again."""

import json
import shutil
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from tests.support.commands import Run, codes, ranked
from tests.support.paths import ROOT, copy_example
from tests.support.rubrics import read_sheet_text, sound

from epa_score import Rubric, rank, score

EXAMPLE = ROOT / "examples" / "rubrics" / "classes"
FIRST = ["示例甲镇", "示例乙镇", "示例丙镇"]
SECOND = ["示例丁乡", "示例戊乡"]


@pytest.fixture
def classes(folder: Path) -> Path:
    """The example whose units are ranked in two groups, in the current folder."""
    return copy_example("classes", folder)


@pytest.mark.usefixtures("classes")
def test_each_group_is_ranked_by_itself_and_the_rule_is_said(run: Run) -> None:
    found = ranked(run)
    assert [(row["group"], row["rank"], row["unit"]) for row in found] == [
        *[("一类", number, unit) for number, unit in enumerate(FIRST, 1)],
        *[("二类", number, unit) for number, unit in enumerate(SECOND, 1)],
    ]
    assert [row["scaled"] for row in found] == ["100", "97.28", "77.17", "100", "97.73"]
    outcome = run("rank")
    assert "按组排名：本表只有【一类】的单位" in outcome.said
    assert "按组排名：本表只有【二类】的单位" in outcome.said
    assert {line.split("\t")[2] for line in outcome.text.splitlines() if line} == {
        "组别",
        "一类",
        "二类",
    }


@pytest.mark.usefixtures("classes")
def test_all_units_are_ranked_together_on_request_without_bands(run: Run) -> None:
    found = ranked(run, "--overall")
    assert [row["unit"] for row in found] == [
        "示例甲镇",
        "示例乙镇",
        "示例丁乡",
        "示例戊乡",
        "示例丙镇",
    ]
    assert [row["group"] for row in found] == ["一类", "一类", "二类", "二类", "一类"]
    assert not {"band", "scaled", "rank_points"} & {name for row in found for name in row}
    assert "全部单位一起排名" in run("rank", "--overall").said
    apart = {row["ranking_code"] for row in ranked(run)}
    assert len(apart | {row["ranking_code"] for row in found}) == 3


@pytest.mark.usefixtures("classes")
def test_markdown_has_a_table_a_group_with_a_title_of_its_own(run: Run) -> None:
    text = run("rank", "--format", "md").text
    assert text.count("## ") == 2
    assert "（一类单位）" in text
    assert "（二类单位）" in text


def test_the_account_of_a_unit_is_about_its_group(classes: Path, run: Run) -> None:
    said = run("explain", "--unit", "示例戊乡").said
    assert "在【二类】组内列第 2 名（共 2 个单位），比第 1 名示例丁乡少 2 分" in said
    said = run("explain", "--unit", "示例丁乡", "--overall").said
    assert "，列第 3 名（共 5 个单位）" in said
    shutil.rmtree(classes / "rubrics")
    (classes / "rubrics").mkdir()
    text = (EXAMPLE / "rubrics" / "classes.yaml").read_text("utf-8")
    (classes / "rubrics" / "classes.yaml").write_text(
        text + "veto: [{id: V1, text: 重大事故, effect: exclude}]\n", "utf-8"
    )
    with (classes / "scores" / "示例丁乡.yaml").open("a", encoding="utf-8") as file:
        file.write("veto: {V1: 11月库房火灾}\n")
    assert "在【二类】组内列第 1 名（共 1 个单位）" in run("explain", "--unit", "示例戊乡").said
    assert "不参加排名" in run("explain", "--unit", "示例丁乡").said


@pytest.mark.usefixtures("classes")
@pytest.mark.parametrize("options", [(), ("--overall",)])
def test_results_in_every_format_are_verified(run: Run, options: tuple[str, ...]) -> None:
    formats = ("--xlsx", "--json", "--csv", "--md")
    assert run("export", *formats, *options).code == 0
    assert Path("排名汇总-一类.csv").exists() == (not options)
    for path in sorted(Path().glob("排名汇总*")):
        if path.suffix != ".md":
            outcome = run("verify", path, *(options if path.suffix == ".csv" else ()))
            assert outcome.code == 0, outcome.text + outcome.said
    data = json.loads(Path("排名汇总.json").read_text("utf-8"))
    group = [row.get("group") for row in data["ranking"]]
    assert sorted(filter(None, group)) == ["一类"] * 3 + ["二类"] * 2
    if not options:
        assert {row["group"] for row in data["scores"]} == {"一类", "二类"}


@pytest.mark.usefixtures("classes")
def test_a_workbook_has_worksheets_for_each_group_with_formulas_within_it(run: Run) -> None:
    assert run("export", "--xlsx").code == 0
    pages = load_workbook("排名汇总.xlsx")
    values = load_workbook("排名汇总.xlsx", data_only=True)
    for group, units in (("一类", FIRST), ("二类", SECOND)):
        page = pages[f"排名汇总-{group}"]
        assert str(page["A1"].value).endswith(f"（{group}单位）")
        rows = [row for row in page.iter_rows(values_only=True) if row[1] in units]
        assert [row[1] for row in rows] == units
        heads = [cell.value for row in page.iter_rows() for cell in row]
        assert "组别" not in heads
        for row in rows:
            formulas = [str(cell) for cell in row if str(cell).startswith("=")]
            assert any(f"得分明细-{group}" in formula for formula in formulas)
            other = {"一类": "二类", "二类": "一类"}[group]
            assert not any(other in formula for formula in formulas)
    assert "得分率-二类" in pages.sheetnames
    mean = [
        row for row in values["排名汇总-二类"].iter_rows(values_only=True) if row[0] == "平均分"
    ]
    assert [cell for row in mean for cell in row if cell == 87]


def test_a_group_without_sheets_says_who_is_missing(classes: Path, run: Run) -> None:
    for unit in SECOND:
        (classes / "scores" / f"{unit}.yaml").unlink()
    found = ranked(run)
    missing = [row["unit"] for row in found if row.get("absence") == "missing"]
    assert sorted(missing) == sorted(SECOND)
    assert run("export", "--xlsx", "--json").code == 0


def test_a_faulty_sheet_stands_in_its_group_and_one_of_nobody_in_each(
    classes: Path, run: Run
) -> None:
    (classes / "scores" / "示例丙镇.yaml").write_text(
        "rubric: classes\nunit: 示例丙镇\nscores: {A1: 99}\n", "utf-8"
    )
    (classes / "scores" / "无名.yaml").write_text("rubric: classes\nscores: {A1: 9}\n", "utf-8")
    outcome = run("rank", "--skip-invalid", "--format", "json")
    left_out = [row for row in json.loads(outcome.text) if row.get("absence")]
    assert [(row["group"], row["unit"]) for row in left_out] == [
        (None, None),
        ("一类", "示例丙镇"),
        (None, None),
    ]


def test_best_and_worst_ranks_are_within_the_group(classes: Path, run: Run) -> None:
    (classes / "scores" / "示例戊乡.yaml").unlink()
    text = (classes / "scores" / "示例丙镇.yaml").read_text("utf-8")
    (classes / "scores" / "示例丙镇.yaml").write_text(
        text.replace("B1: {score: 20, note: 5户滞销}", "B1: "), "utf-8"
    )
    reach = {
        row["unit"]: (row["best"], row["worst"])
        for row in ranked(run, "--provisional")
        if row["rank"] is not None
    }
    # 示例丙镇 has 51 and can have 81. 示例戊乡 is not handed in, and can be above 示例丁乡 alone.
    # Of B2 示例乙镇 has the mean of 8, 6 and 9, which 示例戊乡 can make 8.25: 82 + 8.25 is not
    # above 92.
    assert reach == {
        "示例甲镇": (1, 1),
        "示例乙镇": (2, 2),
        "示例丙镇": (3, 3),
        "示例丁乡": (1, 2),
    }


@pytest.mark.usefixtures("classes")
def test_a_unit_of_no_group_is_named_with_the_nearest(run: Run) -> None:
    Path("scores/戊.yaml").write_text(
        "rubric: classes\nunit: 示例戊乡政府\nscores: {A1: 9}\n", "utf-8"
    )
    outcome = run("validate", "scores")
    assert codes(outcome.text) == ["EPA113"]
    assert "最接近的是【示例戊乡】" in outcome.text


def test_nothing_is_ranked_together_that_is_not_in_groups(run: Run, folder: Path) -> None:
    (folder / "scores").mkdir()
    assert run("rank", "--overall", "--rubric", "township").code == 1
    copy_example("village", folder)
    outcome = run("rank", "--overall")
    assert outcome.code == 2
    assert "不需要 --overall" in outcome.said


def rubric_in_groups(more: str = "") -> Rubric:
    return sound((EXAMPLE / "rubrics" / "classes.yaml").read_text("utf-8") + more)


def test_the_library_ranks_a_group_or_all() -> None:
    rubric = rubric_in_groups()
    sheets = [
        read_sheet_text(rubric, path.read_text("utf-8")).sheet
        for path in sorted((EXAMPLE / "scores").glob("*.yaml"))
    ]
    results = [score(rubric, sheet) for sheet in sheets if sheet is not None]
    assert len(results) == 5
    first = rank(rubric, results, group="一类")
    assert [placing.result.unit for placing in first.placings] == FIRST
    assert first.placings[0].band is not None
    together = rank(rubric, results)
    assert len(together.placings) == 5
    assert {placing.band for placing in together.placings} == {None}
    with pytest.raises(ValueError, match="has no group '三类'"):
        rank(rubric, results, group="三类")


def test_groups_are_read_anew_from_what_they_are_written_as() -> None:
    rubric = rubric_in_groups()
    again = Rubric.model_validate(rubric.model_dump())
    assert again == rubric
    assert again.groups == rubric.groups
    assert [rubric.group_of(unit) for unit in ("示例 甲镇", "示例戊乡", "别的镇")] == [
        "一类",
        "二类",
        None,
    ]


@pytest.mark.usefixtures("classes")
def test_a_composite_result_is_not_ranked_in_groups(run: Run) -> None:
    Path("composite.yaml").write_text(
        "composite: 全年\nsources:\n"
        "  - {name: 年终, weight: 100, rubric: classes, paths: [scores]}\n",
        "utf-8",
    )
    assert run("rank", "--composite", "composite.yaml", "--overall").code == 2


@pytest.mark.parametrize(
    ("names", "files"),
    [
        (("A/B", "C:D"), ["排名汇总-A_B.csv", "排名汇总-C_D.csv"]),
        (
            (f"{'长' * 60}甲", f"{'长' * 60}乙"),
            [f"排名汇总-{'长' * 60}-1.csv", f"排名汇总-{'长' * 60}-2.csv"],
        ),
    ],
)
def test_names_of_groups_may_be_whatever_no_file_is_called(
    classes: Path, run: Run, names: tuple[str, str], files: list[str]
) -> None:
    rubric = classes / "rubrics" / "classes.yaml"
    text = rubric.read_text("utf-8")
    rubric.write_text(
        text.replace("一类:", f'"{names[0]}":').replace("二类:", f'"{names[1]}":'), "utf-8"
    )
    assert run("export", "--csv", "--xlsx").code == 0
    assert sorted(path.name for path in Path().glob("*.csv")) == files
    assert run("verify", files[0]).code == 0
    assert run("verify", "排名汇总.xlsx").code == 0


@pytest.mark.usefixtures("classes")
def test_a_rubric_that_is_shown_names_its_groups(run: Run) -> None:
    said = "按组排名：一类（示例甲镇、示例乙镇、示例丙镇）、二类（示例丁乡、示例戊乡）"
    assert said in run("rubrics", "show", "classes").said
    path = Path("rubrics/classes.yaml")
    head, _, rest = path.read_text("utf-8").partition("groups:")
    path.write_text(f"{head}grouped_by: roster\n{rest[rest.index('tie_break') :]}", "utf-8")
    assert "各单位的组别见单位名单" in run("rubrics", "show", "classes").said


@pytest.mark.usefixtures("classes")
def test_every_title_in_the_workbook_names_the_group_and_breaks_before_it(run: Run) -> None:
    assert run("export", "--xlsx", "--no-forms", "-o", "result.xlsx").code == 0
    book = load_workbook("result.xlsx")
    with ZipFile("result.xlsx") as archive:
        names = [name for name in archive.namelist() if name.startswith("xl/charts/")]
        charts = "".join(archive.read(name).decode() for name in names)
    for group in ("一类", "二类"):
        named = f"（{group}单位）"
        sheets = [sheet for sheet in book if sheet.title.endswith(group)]
        assert f">某县乡镇电商工作分类考核总分排名图{named}<" in charts
        tables = [str(sheet["A1"].value) for sheet in sheets if "排名图" not in sheet.title]
        assert len(tables) > 5
        assert all(title.endswith(named) for title in tables)
        assert f"某县乡镇电商工作分类考核分项得分率\n{named}" in tables
        assert f"某县乡镇电商工作分类考核排名汇总表{named}" in tables
