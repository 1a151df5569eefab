"""Units whose groups stand in a column of the roster."""

from pathlib import Path

import pytest
from openpyxl import Workbook
from tests.support.commands import Run, codes, ranked
from tests.support.rubrics import sound

from epa_score import ScoreSheet, rank, score
from epa_score.readers.roster import read_roster

TEXT = """\
id: county
title: 某县考核评分细则
total: 100
grouped_by: roster
sections:
  - id: A
    title: 日常工作
    max: 100
    items:
      - {id: A1, max: 100, text: 工作落实。}
"""
POINTS = {"甲镇": 90, "乙镇": 95, "丙镇": 70, "丁镇": 60}
ROWS = (("单位", "组别"), ("甲镇", "一类"), ("乙镇", "二类"), ("丙镇", "二类"), ("丁镇", "一类"))


@pytest.fixture
def county(folder: Path) -> Path:
    """Four sheets, and a roster that says in which group each unit is."""
    (folder / "rubrics").mkdir()
    (folder / "scores").mkdir()
    (folder / "rubrics" / "county.yaml").write_text(TEXT, "utf-8")
    for unit, points in POINTS.items():
        sheet = f"rubric: county\nunit: {unit}\nscores: {{A1: {{score: {points}, note: 有差距}}}}\n"
        (folder / "scores" / f"{unit}.yaml").write_text(sheet, "utf-8")
    lines = "".join(f"{','.join(row)}\n" for row in ROWS)
    (folder / "名单.csv").write_text(lines, "utf-8")
    return folder


WITH = ("--roster", "名单.csv")
IN_GROUPS = [
    ("一类", 1, "甲镇"),
    ("一类", 2, "丁镇"),
    ("二类", 1, "乙镇"),
    ("二类", 2, "丙镇"),
]


@pytest.mark.usefixtures("county")
def test_units_are_ranked_in_the_groups_of_the_roster(run: Run) -> None:
    found = ranked(run, *WITH)
    assert [(row["group"], row["rank"], row["unit"]) for row in found] == IN_GROUPS
    together = ranked(run, *WITH, "--overall")
    assert [(row["group"], row["unit"]) for row in together] == [
        ("二类", "乙镇"),
        ("一类", "甲镇"),
        ("二类", "丙镇"),
        ("一类", "丁镇"),
    ]
    assert "在【一类】组内列第 2 名" in run("explain", "--unit", "丁镇", *WITH).said
    assert codes(run("explain", "--unit", "丁镇").said) == ["EPA494"]


@pytest.mark.parametrize("length", [1, 20, 40, 60])
def test_a_result_is_verified_wherever_its_pages_begin(county: Path, run: Run, length: int) -> None:
    # The command in 说明 takes more or fewer lines, and many groups take several pages.
    roster = "名" * length + ".csv"
    lines = [f"{unit},{group}类" for unit, group in zip(POINTS, "一二三四", strict=True)]
    (county / roster).write_text("\n".join(["单位,组别", *lines]), "utf-8")
    assert run("export", "--xlsx", "--roster", roster).code == 0
    outcome = run("verify", "排名汇总.xlsx")
    assert outcome.code == 0, outcome.text


@pytest.mark.usefixtures("county")
def test_a_result_is_verified_with_the_roster_that_it_names(run: Run) -> None:
    assert run("export", "--xlsx", "--json", *WITH).code == 0
    for path in ("排名汇总.xlsx", "排名汇总.json"):
        outcome = run("verify", path)
        assert outcome.code == 0, outcome.text + outcome.said
    roster = Path("名单.csv")
    roster.write_text(roster.read_text("utf-8").replace("丁镇,一类", "丁镇,二类"), "utf-8")
    assert run("verify", "排名汇总.json").code == 1


def test_merged_groups_go_for_all_their_rows(county: Path, run: Run) -> None:
    workbook = Workbook()
    page = workbook.worksheets[0]
    order = ("甲镇", "丁镇", "乙镇", "丙镇")
    for row in (("组别", "单位"), *((None, unit) for unit in order)):
        page.append(row)
    page["A2"], page["A4"] = "一类", "二类"
    page.merge_cells("A2:A3")
    page.merge_cells("A4:A9")
    workbook.save(county / "名单.xlsx")
    found = ranked(run, "--roster", "名单.xlsx")
    assert [(row["group"], row["rank"], row["unit"]) for row in found] == IN_GROUPS
    page.column_dimensions["A"].hidden = True
    workbook.save(county / "名单.xlsx")
    assert codes(run("rank", "--roster", "名单.xlsx").said) == ["EPA494"]


def test_other_rubrics_take_no_groups_of_a_roster(county: Path, run: Run) -> None:
    path = county / "rubrics" / "county.yaml"
    path.write_text(TEXT.replace("grouped_by: roster\n", ""), "utf-8")
    found = ranked(run, *WITH)
    assert [row["unit"] for row in found] == ["乙镇", "甲镇", "丙镇", "丁镇"]
    assert not any("group" in row for row in found)


def test_a_unit_without_a_sheet_is_missing_in_its_group(county: Path, run: Run) -> None:
    (county / "scores" / "丁镇.yaml").unlink()
    found = ranked(run, *WITH, "--provisional")
    assert [(row["group"], row["unit"], row["rank"]) for row in found] == [
        ("一类", "甲镇", 1),
        ("一类", "丁镇", None),
        ("二类", "乙镇", 1),
        ("二类", "丙镇", 2),
    ]
    # 丁镇 may still come to stand above 甲镇; nothing is open in the other group.
    assert [(row["best"], row["worst"]) for row in found if "best" in row] == [(1, 2), (None, None)]


def test_a_text_without_columns_has_no_groups(county: Path, run: Run) -> None:
    (county / "名单.txt").write_text("".join(f"{unit}\n" for unit in POINTS), "utf-8")
    assert read_roster("名单.txt").group_columns == ()
    assert codes(run("rank", "--roster", "名单.txt").said) == ["EPA494"]


def test_the_library_is_told_that_groups_stand_in_a_roster() -> None:
    rubric = sound(TEXT)
    sheet = ScoreSheet.model_validate({"rubric": "county", "unit": "甲", "scores": {"A1": "9"}})
    with pytest.raises(ValueError, match="stand in a roster"):
        rank(rubric, [score(rubric, sheet)])


@pytest.mark.usefixtures("county")
def test_no_composite_result_is_made_of_groups_of_a_roster(run: Run) -> None:
    Path("year.yaml").write_text(
        "composite: 全年\nsources:\n"
        "  - {name: 年终, weight: 100, rubric: county, paths: [scores]}\n",
        "utf-8",
    )
    assert codes(run("rank", "--composite", "year.yaml", *WITH).said) == ["EPA490"]
