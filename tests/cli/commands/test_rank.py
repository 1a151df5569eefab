"""`rank`: who stands where, from the sheets of a folder."""

import itertools
import random
import re
from pathlib import Path

import pytest
import yaml
from tests.support.commands import (
    FULL_MARKS,
    SMALL,
    HandIn,
    Run,
    by_unit,
    cells,
    codes,
    rows,
)

# --- the three lines of the README -----------------------------------------------------------


def test_rank_ranks_the_sheets_of_the_rubric(examples: Path, run: Run) -> None:
    assert (examples / "scores").is_dir()
    outcome = run("rank", "scores/", "--rubric", "township")
    assert outcome.code == 0
    header, *ranked = cells(outcome)
    assert header[:2] == ["名次", "单位"]
    assert len(ranked) == 16
    assert ranked[0][:2] == ["1", "示例丙镇"]
    assert [row[:2] for row in ranked if row[-1] == "并列"] == [
        ["9", "示例乙镇"],
        ["9", "示例巳乡"],
        ["15", "示例戊镇"],
        ["15", "示例癸镇"],
    ]
    assert "21" in outcome.said
    assert "departments" in outcome.said
    assert "1、2、2、4" in outcome.said


# --- rubrics ---------------------------------------------------------------------------------


def test_sheets_of_several_rubrics_make_a_table_each_and_one_list(examples: Path, run: Run) -> None:
    assert (examples / "scores").is_dir()
    first, second = run("rank").text.split("\n\n")
    assert (len(first.splitlines()), len(second.splitlines())) == (22, 17)
    assert first.split("\t")[2] != second.split("\t")[2]
    mixed = rows(run("rank", "--format", "json"))
    assert {row["rubric"] for row in mixed} == {"departments", "township"}
    assert [row["rank"] for row in mixed].count(1) == 2
    assert len(mixed) == 37


# --- one unit, one sheet ---------------------------------------------------------------------


@pytest.mark.parametrize("other", ["示例ABC镇", "示例ａｂｃ镇", "示例abc镇", "'  示例ABC镇 '"])
def test_two_sheets_for_one_unit_are_refused(small: HandIn, run: Run, other: str) -> None:
    first = small("示例ABC镇", FULL_MARKS)
    second = small(other, "A1: 1, A2: 1, B1: 1")
    small("乙镇", FULL_MARKS)
    for command in (["validate"], ["rank"], ["total"], ["export", "--csv"]):
        outcome = run(*command)
        text = outcome.text + outcome.said
        assert outcome.code == 1
        assert [code for code in codes(text) if code != "EPA443"] == ["EPA114"]
        assert first.name in text
        assert second.name in text
    skipped = run("rank", "--skip-invalid", "--format", "json")
    assert [row["unit"] for row in rows(skipped) if row["rank"] is not None] == ["乙镇"]


def test_one_unit_under_two_rubrics_is_no_mistake(small: HandIn, run: Run) -> None:
    small("甲镇", FULL_MARKS)
    Path("rubrics/two.yaml").write_text(SMALL.replace("id: small", "id: two"), "utf-8")
    path = small("甲镇", FULL_MARKS)
    path.write_text(path.read_text("utf-8").replace("small", "two"), "utf-8")
    assert len(rows(run("rank", "--format", "json"))) == 2


# --- ranking ---------------------------------------------------------------------------------


def test_equal_totals_share_a_rank(small: HandIn, run: Run) -> None:
    for unit, points in {"甲": 4, "乙": 3, "丙": 3, "丁": 2}.items():
        small(unit, f"A1: 2, A2: 4, B1: {points}")
    ranks = [row["rank"] for row in rows(run("rank", "--format", "json"))]
    assert ranks == [1, 2, 2, 4]
    dense = run("rank", "--ties", "dense", "--format", "json")
    assert [row["rank"] for row in rows(dense)] == [1, 2, 2, 3]
    assert "1、2、2、3" in dense.said
    competition = run("rank", "--ties", "competition", "--format", "json", lang="en")
    assert "1, 2, 2, 4" in competition.said
    assert [line[-1] for line in cells(run("rank"))[1:]] == ["", "并列", "并列", ""]


def test_tie_break_sections_are_compared_in_order(small: HandIn, run: Run) -> None:
    Path("rubrics/small.yaml").write_text(f"{SMALL}tie_break: [B, A]\n", "utf-8")
    small("甲", "A1: 2, A2: 4, B1: 2")
    small("乙", "A1: 2, A2: 2, B1: 4")
    small("丙", "A1: 1, A2: 3, B1: 4")
    small("丁", "A1: 2, A2: 4, B1: 4")
    outcome = run("rank", "--format", "json")
    assert by_unit(outcome, "rank") == {"丁": 1, "丙": 2, "乙": 2, "甲": 4}
    assert "宣传、领导重视" in outcome.said


def test_units_of_a_shared_rank_stand_in_roster_order(small: HandIn, run: Run) -> None:
    for unit in ("丙", "乙", "甲"):
        small(unit, FULL_MARKS)
    by_name = [row["unit"] for row in rows(run("rank", "--format", "json"))]
    assert by_name == sorted(by_name)
    Path("rubrics/small.yaml").write_text(f"{SMALL}units: [甲, 丙, 乙]\n", "utf-8")
    assert list(by_unit(run("rank", "--format", "json"), "rank")) == ["甲", "丙", "乙"]


def test_units_without_a_sheet_are_named(small: HandIn, run: Run) -> None:
    Path("rubrics/small.yaml").write_text(f"{SMALL}units: [甲, 丙, 乙]\n", "utf-8")
    small("甲", FULL_MARKS)
    outcome = run("rank")
    assert (outcome.code, codes(outcome.said)) == (0, ["EPA117"])
    assert "丙、乙" in outcome.said
    assert "丙、乙" in run("rank", "--format", "md").text


def test_ranking_does_not_depend_on_file_names_or_order(examples: Path, run: Run) -> None:
    formats = ("table", "json", "csv", "md")
    expected = [run("rank", "scores", "--format", form).out for form in formats]
    assert all(expected)
    chance = random.Random(5)  # noqa: S311
    for letter in "aBz":
        paths = sorted((examples / "scores").iterdir())
        chance.shuffle(paths)
        names = [f"scores/{letter}{number:02}.yaml" for number in range(len(paths))]
        for path, name in zip(paths, names, strict=True):
            path.rename(name)
        chance.shuffle(names)
        for given in (["scores"], names):
            found = [run("rank", *given, "--format", form).out for form in formats]
            assert found == expected


def test_rank_and_total_give_programs_exact_points(examples: Path, run: Run) -> None:
    assert (examples / "scores").is_dir()
    fields = {"rubric", "period", "rank", "unit", "total", "sections"}
    codes = {"check_code", "ranking_code"}
    for command in ("rank", "total"):
        found = rows(run(command, "--format", "json"))
        assert len(found) == 37
        for row in found:
            assert set(row) == (fields | codes if command == "rank" else fields)
            points = [row["total"], *row["sections"].values()]
            assert all(re.fullmatch(r"[0-9]+(\.[0-9]{1,2})?", one) for one in points)
    (row,) = (one for one in found if one["unit"] == "示例甲镇")
    sections = {"A": "22", "B": "17.5", "C": "35", "D": "13"}
    assert row == {
        "rubric": "township",
        "period": "2018",
        "rank": None,
        "unit": "示例甲镇",
        "total": "87.5",
        "sections": sections,
    }


def test_points_of_sections_are_found_by_any_section_id(small: HandIn, run: Run) -> None:
    text = SMALL.replace("id: A\n", "id: '1.1'\n").replace("id: B\n", "id: 一、宣传\n")
    Path("rubrics/small.yaml").write_text(text, "utf-8")
    small("甲镇", FULL_MARKS)
    (row,) = rows(run("rank", "--format", "json"))
    assert row["sections"] == {"1.1": "6", "一、宣传": "4"}


def test_decimals_add_up_exactly(small: HandIn, run: Run) -> None:
    small("甲镇", "A1: 0.1, A2: 0.2, B1: 0.30")
    (row,) = rows(run("total", "--format", "json"))
    assert (row["sections"], row["total"]) == ({"A": "0.3", "B": "0.3"}, "0.6")


# --- sheets that are not finished ------------------------------------------------------------


def test_an_unfinished_sheet_is_ranked_only_provisionally(small: HandIn, run: Run) -> None:
    small("甲镇", "A1: 2, A2: 4, B1: ~")
    small("乙镇", "A1: 2, A2: 4, B1: 0")
    for command in ("validate", "rank", "total"):
        outcome = run(command)
        assert outcome.code == 1
        assert "EPA105" in outcome.text + outcome.said
    outcome = run("rank", "--provisional")
    assert outcome.code == 0
    header, *shown = cells(outcome)
    assert header[-3:] == ["最好名次", "最差名次", "备注"]
    assert {line[1]: line[-3:] for line in shown} == {
        "甲镇": ["1", "1", "并列、暂定，1 项未评"],
        "乙镇": ["1", "2", "并列"],
    }
    outcome = run("rank", "--provisional", "--format", "json")
    reach = {row["unit"]: (row["best"], row["worst"]) for row in rows(outcome)}
    assert reach == {"甲镇": (1, 1), "乙镇": (1, 2)}
    assert "暂定" in run("total", "--provisional").text
    assert "暂定" in run("rank", "--provisional", "--format", "md").text


UNFINISHED = [
    {"甲": "A1: 1", "乙": "A1: 1, A2: 2, B1: 2", "丙": "A2: 2, B1: 2"},
    {"甲": "A1: 2, A2: 0, B1: 2", "乙": "A1: 0, B1: 2", "丙": "A1: 1, A2: 2"},
    {"甲": "B1: 2", "乙": "A1: 2, A2: 2", "丙": "A1: 0, A2: 2, B1: 2", "丁": "B1: 1, A1: 0"},
]


@pytest.mark.parametrize("tie_break", ["", "tie_break: [B]\n"])
@pytest.mark.parametrize("sheets", UNFINISHED)
def test_best_and_worst_rank_are_those_of_some_completion(
    small: HandIn, run: Run, sheets: dict[str, str], tie_break: str
) -> None:
    caps = {"A1": 2, "A2": 2, "B1": 2}
    text = SMALL.replace("max: 6", "max: 4").replace("max: 4, text", "max: 2, text")
    text = text.replace("宣传\n    max: 4", "宣传\n    max: 2").replace("total: 10", "total: 6")
    Path("rubrics/small.yaml").write_text(f"{text}decimals: 0\n{tie_break}", "utf-8")
    completions = []
    for unit, scores in sheets.items():
        small(unit, scores)
        given = yaml.safe_load(f"{{{scores}}}")
        choices = [[given[name]] if name in given else range(cap + 1) for name, cap in caps.items()]
        completions.append(
            [(sum(points), points[2] if tie_break else 0) for points in itertools.product(*choices)]
        )
    reached: dict[str, set[int]] = {unit: set() for unit in sheets}
    for keys in itertools.product(*completions):
        for unit, key in zip(sheets, keys, strict=True):
            reached[unit].add(1 + sum(other > key for other in keys))
    found = rows(run("rank", "--provisional", "--format", "json"))
    assert {row["unit"]: (row["best"], row["worst"]) for row in found} == {
        unit: (min(ranks), max(ranks)) for unit, ranks in reached.items()
    }


def test_best_and_worst_rank_do_not_go_with_dense_ranks(small: HandIn, run: Run) -> None:
    small("甲镇", "A1: 2")
    outcome = run("rank", "--provisional", "--ties", "dense")
    assert (outcome.code, outcome.out) == (2, b"")
    assert "--provisional" in outcome.said
    assert "--ties dense" in outcome.said


def test_a_finished_ranking_is_the_same_with_provisional(examples: Path, run: Run) -> None:
    assert (examples / "scores").is_dir()
    assert run("rank", "--provisional").out == run("rank").out
