"""Rankings held against a roster: nobody is left out unseen, and nobody comes in unasked."""

import json
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from tests.support.commands import FULL_MARKS, SMALL, HandIn, Run, codes, rows
from tests.support.office import data_bars
from tests.support.panels import hand_in

pytestmark = data_bars


@pytest.fixture
def four(small: HandIn, folder: Path) -> Path:
    """The current folder with a roster of four units, of which two have a sheet, and a stranger."""
    small("乙镇", FULL_MARKS)
    small("甲镇", FULL_MARKS)
    small("丁镇人民政府", FULL_MARKS)
    (folder / "名单.csv").write_text("序号,单位\n1,甲镇\n2,乙镇\n3,丙镇\n4,丁镇\n", "utf-8")
    return folder


def test_a_missing_and_an_unknown_unit_stop_every_command(four: Path, run: Run) -> None:
    assert four.is_dir()
    for command in (("validate",), ("rank",), ("export", "--json")):
        outcome = run(*command, "--roster", "名单.csv")
        shown = outcome.text + outcome.said
        assert outcome.code == 1
        assert [code for code in codes(shown) if code != "EPA443"] in (
            ["EPA120", "EPA121"],
            ["EPA121", "EPA120"],
        )
        assert "名单.csv:4:3: 错误[EPA120] 单位名单里的【丙镇】没有评分表" in shown
        assert "单位名单里没有【丁镇人民政府】" in shown
        assert "最接近的是【丁镇】" in shown
        assert "【丁镇】没有评分表" not in shown  # one cause, one finding
        assert command[0] == "validate" or outcome.text == ""
        assert not (four / "排名汇总.json").exists()


def test_what_is_taken_of_a_roster_is_said_once(four: Path, run: Run) -> None:
    assert four.is_dir()
    said = run("rank", "--roster", "名单.csv").said
    taken = "单位名单 名单.csv：取【单位】一列，4 个单位（甲镇、乙镇、丙镇、丁镇）"
    assert said.count(taken) == 1


@pytest.mark.parametrize("form", ["table", "json", "csv", "md"])
def test_skip_invalid_names_the_missing_and_the_unknown_in_the_result(
    four: Path, run: Run, form: str
) -> None:
    assert four.is_dir()
    outcome = run("rank", "--roster", "名单.csv", "--skip-invalid", "--format", form)
    assert outcome.code == 0
    for unit in ("丙镇", "丁镇", "丁镇人民政府"):
        assert unit in outcome.text
    shown = outcome.text + outcome.said
    assert "有 2 个单位没有评分表：丙镇、丁镇" in shown
    assert "有 1 个单位不在单位名单里，没有列入：丁镇人民政府" in shown
    assert "未核对单位名单" not in shown
    if form == "json":
        absent = {row["unit"]: row["absence"] for row in rows(outcome)}
        assert absent == {
            "甲镇": None,
            "乙镇": None,
            "丁镇人民政府": "unknown",
            "丙镇": "missing",
            "丁镇": "missing",
        }


def test_an_exported_workbook_names_the_missing(four: Path, run: Run) -> None:
    outcome = run(
        "export", "--xlsx", "--json", "--csv", "--md", "--roster", "名单.csv", "--skip-invalid"
    )
    assert outcome.code == 0
    book = load_workbook(four / "排名汇总.xlsx")
    lines = [[cell.value for cell in row] for row in book["排名汇总"].iter_rows()]
    assert [line for line in lines if "丙镇" in line and "没有评分表" in line]
    facts = {row[-2].value: row[-1].value for row in book["说明"].iter_rows()}
    assert facts["没有评分表的单位"] == "丙镇、丁镇"
    assert facts["不在单位名单里、没有列入的单位"] == "丁镇人民政府"
    for suffix in ("json", "csv", "md"):
        assert "丙镇" in (four / f"排名汇总.{suffix}").read_text("utf-8-sig")
    assert run("verify", "排名汇总.xlsx", "scores").code == 0


def test_names_and_the_order_of_equals_are_those_of_the_roster(
    small: HandIn, folder: Path, run: Run
) -> None:
    for unit in ("示例abc镇", "乙镇", "甲镇"):
        small(unit, FULL_MARKS)
    (folder / "名单.txt").write_text("乙镇\n示例ＡＢＣ镇\n甲　镇\n", "utf-8")
    outcome = run("rank", "--roster", "名单.txt", "--format", "json")
    assert [row["unit"] for row in rows(outcome)] == ["乙镇", "示例ＡＢＣ镇", "甲　镇"]
    assert run("export", "--xlsx", "--roster", "名单.txt").code == 0
    book = load_workbook("排名汇总.xlsx")
    names = [row[1].value for row in book["得分明细"].iter_rows()]
    assert [name for name in names if name and "镇" in str(name)] == [
        "乙镇",
        "示例ＡＢＣ镇",
        "甲　镇",
    ]


def test_a_provisional_ranking_counts_on_the_missing(four: Path, run: Run) -> None:
    (four / "scores" / "002.yaml").unlink()
    outcome = run("rank", "--roster", "名单.csv", "--provisional", "--format", "json")
    assert (outcome.code, codes(outcome.said)) == (0, ["EPA117"])
    found = [(row["unit"], row["rank"], row["best"], row["worst"]) for row in rows(outcome)]
    # Two units with full marks: whoever comes later can only join them.
    assert found == [
        ("甲镇", 1, 1, 1),
        ("乙镇", 1, 1, 1),
        ("丙镇", None, None, None),
        ("丁镇", None, None, None),
    ]
    sheet = four / "scores" / "001.yaml"
    sheet.write_text(sheet.read_text("utf-8").replace("B1: 4", "B1: 3"), "utf-8")
    outcome = run("rank", "--roster", "名单.csv", "--provisional", "--format", "json")
    found = [(row["unit"], row["rank"], row["best"], row["worst"]) for row in rows(outcome)]
    assert found[:2] == [("乙镇", 1, 1, 1), ("甲镇", 2, 2, 4)]
    assert "暂定" in outcome.said
    assert run("export", "--xlsx", "--roster", "名单.csv", "--provisional").code == 0


def test_a_provisional_ranking_of_a_panel_counts_on_the_missing(county: Path, run: Run) -> None:
    (county / "名单.txt").write_text("示例乙镇\n示例甲镇\n示例丙镇\n", "utf-8")
    assert codes(run("rank", "scores", "--roster", "名单.txt").said)[-1] == "EPA120"
    outcome = run("rank", "scores", "--roster", "名单.txt", "--provisional", "--format", "json")
    assert [(row["unit"], row["worst"]) for row in rows(outcome)] == [
        ("示例甲镇", 2),
        ("示例乙镇", 3),
        ("示例丙镇", None),
    ] or [(row["unit"], row["worst"]) for row in rows(outcome)] == [
        ("示例乙镇", 2),
        ("示例甲镇", 3),
        ("示例丙镇", None),
    ]


def test_a_panel_has_the_names_of_the_roster(county: Path, run: Run) -> None:
    (county / "名单.txt").write_text("示例乙　镇\n示例甲　镇\n", "utf-8")
    outcome = run("rank", "scores", "--roster", "名单.txt", "--format", "json")
    assert {row["unit"] for row in rows(outcome)} == {"示例乙　镇", "示例甲　镇"}
    assert run("export", "scores", "--xlsx", "--roster", "名单.txt").code == 0
    hand_in("示例丁镇", "张三", 1, "1")
    hand_in("示例丁镇", "李四", 1, "1")
    skipped = run("rank", "scores", "--roster", "名单.txt", "--skip-invalid", "--format", "json")
    absent = {row["unit"]: row["absence"] for row in rows(skipped)}
    assert absent["示例丁镇"] == "unknown"


def test_without_a_roster_the_ranking_says_so(small: HandIn, run: Run) -> None:
    small("甲镇", FULL_MARKS)
    assert "未核对单位名单" in run("rank", "--format", "md").text
    assert "未核对单位名单" in run("rank").said
    assert run("export", "--md", "--xlsx").code == 0
    assert "未核对单位名单" in Path("排名汇总.md").read_text("utf-8")
    facts = {
        row[-2].value: row[-1].value for row in load_workbook("排名汇总.xlsx")["说明"].iter_rows()
    }
    assert facts["没有评分表的单位"] == "未核对单位名单"
    assert "未核对单位名单" not in run("total", "--format", "md").text
    Path("rubrics/small.yaml").write_text(f"{SMALL}units: [甲镇]\n", "utf-8")
    assert "未核对单位名单" not in run("rank", "--format", "md").text


def test_units_that_a_rubric_lists_stand_in_the_ranking(small: HandIn, run: Run) -> None:
    Path("rubrics/small.yaml").write_text(f"{SMALL}units: [甲, 丙, 乙]\n", "utf-8")
    small("甲", FULL_MARKS)
    outcome = run("rank", "--format", "json")
    assert (outcome.code, codes(outcome.said)) == (0, ["EPA117"])
    assert [(row["unit"], row["rank"]) for row in rows(outcome)] == [
        ("甲", 1),
        ("丙", None),
        ("乙", None),
    ]
    assert run("export", "--xlsx", "--csv").code == 0
    assert "丙" in Path("排名汇总.csv").read_text("utf-8-sig")
    lines = load_workbook("排名汇总.xlsx")["排名汇总"].iter_rows(values_only=True)
    assert len([line for line in lines if "没有评分表" in line]) == 2


def test_a_roster_in_the_folder_of_the_sheets_is_no_sheet(
    small: HandIn, folder: Path, run: Run
) -> None:
    small("甲镇", FULL_MARKS)
    workbook = Workbook()
    workbook.worksheets[0].append(["单位"])
    workbook.worksheets[0].append(["甲镇"])
    workbook.save(folder / "scores" / "名单.xlsx")
    roster = str(Path("scores", "名单.xlsx"))
    for command in (("validate",), ("rank",), ("status",)):
        assert run(*command, "--roster", roster).code == 0
    assert run("rank").code == 1


def test_a_file_that_names_its_unit_is_not_missing_as_well(
    small: HandIn, folder: Path, run: Run
) -> None:
    small("甲镇", FULL_MARKS)
    small("", "A1: 9", name="丙镇.yaml")
    (folder / "scores" / "乙镇.et").write_bytes(b"x")
    (folder / "名单.txt").write_text("甲镇\n乙镇\n丙镇\n", "utf-8")
    outcome = run("rank", "--roster", "名单.txt")
    assert "EPA120" not in outcome.said
    skipped = run("rank", "--roster", "名单.txt", "--skip-invalid", "--format", "json")
    absent = {row["unit"]: row["absence"] for row in rows(skipped)}
    assert absent == {"甲镇": None, "乙镇": "unreadable", "丙镇": "faulty"}


def test_units_of_two_rubrics_are_missing_where_they_belong(
    small: HandIn, folder: Path, run: Run
) -> None:
    two = SMALL.replace("id: small", "id: two") + "units: [县局, 县办]\n"
    (folder / "rubrics" / "two.yaml").write_text(two, "utf-8")
    small("甲镇", FULL_MARKS)
    path = small("县局", FULL_MARKS)
    path.write_text(path.read_text("utf-8").replace("small", "two"), "utf-8")
    (folder / "名单.txt").write_text("甲镇\n乙镇\n县局\n县办\n", "utf-8")
    outcome = run("rank", "--roster", "名单.txt", "--skip-invalid", "--format", "json")
    absent = [(row["rubric"], row["unit"]) for row in rows(outcome) if row["absence"]]
    assert absent == [("small", "乙镇"), ("two", "县办")]


def test_a_single_sheet_is_held_against_the_roster_but_nobody_is_missing(
    four: Path, run: Run
) -> None:
    sheets = sorted((four / "scores").iterdir())
    assert run("validate", sheets[0], "--roster", "名单.csv").code == 0
    found = codes(run("validate", sheets[2], "--roster", "名单.csv").text)
    assert [code for code in found if code != "EPA443"] == ["EPA121"]


def test_a_composite_result_is_held_against_a_roster(year: Path, run: Run) -> None:
    (year / "名单.txt").write_text("乙镇\n甲镇\n丙镇\n", "utf-8")
    refused = run("rank", "--composite", "year.yaml", "--roster", "名单.txt")
    assert (refused.code, set(codes(refused.said))) == (1, {"EPA120"})
    outcome = run(
        "rank", "--composite", "year.yaml", "--roster", "名单.txt", "--skip-invalid",
        "--format", "json",
    )  # fmt: skip
    absent = {row["unit"]: row["absence"] for row in rows(outcome)}
    assert absent == {"甲镇": None, "乙镇": None, "丙镇": "missing"}


def test_a_unit_that_lacks_a_component_is_incomplete(year: Path, run: Run) -> None:
    (year / "名单.txt").write_text("甲镇\n乙镇\n", "utf-8")
    sheet = next(
        path for path in sorted(year.rglob("*.yaml")) if "unit: 乙镇" in path.read_text("utf-8")
    )
    sheet.unlink()
    outcome = run(
        "rank", "--composite", "year.yaml", "--roster", "名单.txt", "--skip-invalid",
        "--format", "json",
    )  # fmt: skip
    absent: dict[str, Any] = {row["unit"]: row["absence"] for row in rows(outcome)}
    assert absent == {"甲镇": None, "乙镇": "incomplete"}


def test_rosters_of_thousands_are_compared_in_linear_time(
    small: HandIn, folder: Path, run: Run
) -> None:
    for number in range(300):
        small(f"第{number:04}号示例单位", FULL_MARKS)
    names = "\n".join(f"第{number:04}号示例单元" for number in range(300))
    (folder / "名单.txt").write_text(names, "utf-8")
    outcome = run("validate", "--roster", "名单.txt", "--format", "json")
    found = [about["code"] for about in json.loads(outcome.text)["diagnostics"]]
    assert set(found) <= {"EPA120", "EPA121"}
    assert found.count("EPA121") == 300
