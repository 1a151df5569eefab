"""What is ranked together: one period at a time, and faulty sheets left out aloud."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.support.commands import (
    FULL_MARKS,
    WORKBOOK,
    HandIn,
    Run,
    by_unit,
    codes,
    rows,
)

# --- periods ---------------------------------------------------------------------------------


def test_who_is_left_out_for_another_period_is_named_even_when_quiet(
    small: HandIn, run: Run
) -> None:
    small("甲镇", FULL_MARKS, 'period: "2018"')
    small("乙镇", "A1: 1, A2: 1, B1: 1", 'period: "20l8"')
    for number in range(6):
        small(f"{number}村", "A1: 1, A2: 1, B1: 1")
    outcome = run("-q", "rank", "--period", "\uff12018", "--format", "json")
    assert by_unit(outcome, "unit") == {"甲镇": "甲镇"}
    assert "7" in outcome.said
    assert "..." in outcome.said
    undated = run("-q", "rank", "--period", "-", "--format", "json")
    assert len(by_unit(undated, "unit")) == 6
    assert "甲镇" in undated.said
    assert "乙镇" in undated.said


def test_a_name_typed_in_two_ways_is_one_unit(small: HandIn, run: Run) -> None:
    small("甲镇", FULL_MARKS)
    small("甲\u3000镇", "A1: 1, A2: 1, B1: 1")
    outcome = run("rank")
    assert (outcome.code, codes(outcome.said)) == (1, ["EPA114"])


def test_several_periods_are_not_ranked_together(small: HandIn, run: Run) -> None:
    small("甲镇", FULL_MARKS, 'period: "2018"')
    small("甲镇", "A1: 1, A2: 1, B1: 1", 'period: "2019"')
    refused = run("rank")
    assert (refused.code, refused.out, codes(refused.said)) == (1, b"", ["EPA115"])
    assert run("export", "--xlsx").code == 1
    for period, total in (("2018", "10"), ("2019", "3")):
        outcome = run("rank", "--period", period, "--format", "json")
        assert by_unit(outcome, "total") == {"甲镇": total}
        assert by_unit(outcome, "period") == {"甲镇": period}
        assert "1 张" in outcome.said
    assert run("validate").code == 0
    assert len(rows(run("total", "--format", "json"))) == 2
    nothing = run("rank", "--period", "2020")
    assert (nothing.code, codes(nothing.said)) == (1, ["EPA118"])


def test_a_sheet_without_period_is_not_mixed_with_others(small: HandIn, run: Run) -> None:
    small("甲镇", FULL_MARKS, 'period: "2018"')
    small("乙镇", FULL_MARKS)
    assert codes(run("rank").said) == ["EPA115"]


@pytest.mark.parametrize(
    "lines",
    [
        ('perod: "2018"',),
        ("period: [2018]",),
        ('period: "2018"', 'period: "2017"'),
        ('period: "2017"', 'period: "2018"'),
        ("period:",),
    ],
)
def test_a_faulty_sheet_is_not_taken_for_one_of_another_period(
    small: HandIn, run: Run, lines: Sequence[str]
) -> None:
    small("甲镇", FULL_MARKS, 'period: "2018"')
    small("乙镇", "A1: 9, A2: 4, B1: 4", *lines)
    outcome = run("rank", "--period", "2018")
    assert outcome.code == 1
    assert codes(outcome.said)


def test_a_faulty_sheet_stops_the_run_whatever_period_it_names(small: HandIn, run: Run) -> None:
    small("甲镇", FULL_MARKS, 'period: "2018"')
    small("乙镇", "A1: 9, A2: 4, B1: 4", 'period: "2017"')
    outcome = run("rank", "--period", "2018")
    assert (outcome.code, outcome.out, codes(outcome.said)) == (1, b"", ["EPA104"])


# --- faulty sheets ---------------------------------------------------------------------------


def test_one_faulty_sheet_stops_the_run_and_everything_is_shown(small: HandIn, run: Run) -> None:
    small("甲镇", FULL_MARKS)
    small("乙镇", "A1: 9, A2: 4, B1: 5")
    small("丙镇", "A1: 八分, A2: 4, B1: 4")
    small("丁镇", "A1: 2, A2: 4, b1: 4")
    for command in (["rank"], ["total"], ["export", "--json"]):
        outcome = run(*command)
        assert (outcome.code, outcome.out) == (1, b"")
        assert codes(outcome.said) == ["EPA104", "EPA104", "EPA106", "EPA103"]
    assert not Path("排名汇总.json").exists()


def test_points_over_the_cap_are_found_beside_points_that_are_no_number(
    small: HandIn, run: Run
) -> None:
    small("甲镇", "A1: 9, A2: 八分, B1: 4")
    assert codes(run("validate").text) == ["EPA104", "EPA106"]


@pytest.mark.parametrize("form", ["table", "json", "csv", "md"])
@pytest.mark.parametrize("command", ["rank", "total", "stability"])
def test_skipped_sheets_are_named_everywhere(
    small: HandIn, run: Run, command: str, form: str
) -> None:
    small("甲镇", FULL_MARKS)
    small("乙镇", "A1: 9, A2: 4, B1: 4", name="乙.yaml")
    small("", "A1: 2, A2: 4, B1: 4", name="无名.yaml")
    outcome = run(command, "--skip-invalid", "--format", form)
    assert outcome.code == 0
    assert codes(outcome.said) == ["EPA104", "EPA023"] or codes(outcome.said) == [
        "EPA023",
        "EPA104",
    ]
    assert re.search("有 2 张评分表有错误，没有列入：.*乙镇", outcome.said)
    assert outcome.said.count("没有列入") == 1
    assert "乙镇" in outcome.text
    assert "无名" in outcome.text
    assert "10" in outcome.text
    if form == "json":
        (ranked, *missing) = rows(outcome)
        assert (ranked["unit"], ranked["left_out"], ranked["absence"]) == ("甲镇", None, None)
        assert {(row["unit"], row["rank"], row["total"]) for row in missing} == {
            (None, None, None),
            ("乙镇", None, None),
        }
        assert {(row["left_out"], row["absence"]) for row in missing} == {
            (str(Path("scores", "乙.yaml")), "faulty"),
            (str(Path("scores", "无名.yaml")), "faulty"),
        }


@pytest.mark.parametrize("command", ["rank", "stability"])
def test_a_composite_result_has_a_row_for_what_was_left_out(
    year: Path, run: Run, command: str
) -> None:
    (year / "annual" / "丙.yaml").write_text("rubric: annual\nunit: 丙镇\nscores: {A1: 999}\n")
    (year / "annual" / "丁镇.et").write_bytes(b"x")
    options = ("--composite", "year.yaml", "--skip-invalid", "--format", "json")
    left_out = [row for row in rows(run(command, *options)) if row["left_out"]]
    assert [(row["unit"], row["rank"], row["absence"]) for row in left_out] == [
        ("丙镇", None, "faulty"),
        (None, None, "unreadable"),
    ]


@pytest.mark.parametrize("more", [(), ("--composite", "year.yaml")], ids=["rubric", "composite"])
def test_an_account_names_who_is_not_ranked(year: Path, run: Run, more: tuple[str, ...]) -> None:
    (year / "annual" / "丙.yaml").write_text("rubric: annual\nunit: 丙镇\nscores: {A1: 999}\n")
    paths = () if more else ("annual",)
    outcome = run("explain", "--unit", "甲镇", "--skip-invalid", "--format", "md", *more, *paths)
    assert outcome.code == 0, outcome.said
    assert "没有列入：丙镇" in outcome.text
    assert outcome.text.count("未核对单位名单") == 1


@pytest.mark.parametrize("command", ["rank", "total", "stability"])
@pytest.mark.parametrize("columns", ["80", "46"])
@pytest.mark.usefixtures("on_terminal")
def test_skipped_sheets_are_named_on_a_terminal(
    small: HandIn, run: Run, command: str, columns: str
) -> None:
    small("甲镇", FULL_MARKS)
    small("丙镇", FULL_MARKS)
    small("乙镇", "A1: 9, A2: 4, B1: 4")
    outcome = run(command, "--skip-invalid", env={"TERM": "dumb", "COLUMNS": columns})
    assert "有错误，未列入" in outcome.text
    assert re.search("没有列入.*乙镇", outcome.text)


def test_skipped_sheets_are_named_in_exports(small: HandIn, run: Run) -> None:
    small("甲镇", FULL_MARKS)
    small("乙镇", "A1: 9, A2: 4, B1: 4")
    outcome = run("export", "--skip-invalid", "--xlsx", "--csv", "--json", "--md")
    assert outcome.code == 0
    for suffix in ("csv", "json", "md"):
        assert "乙镇" in Path(f"排名汇总.{suffix}").read_text("utf-8-sig"), suffix
    book = load_workbook(WORKBOOK)
    shown = [str(cell) for sheet in book for row in sheet.values for cell in row if cell]
    assert "有错误，未列入" in shown
    assert any("乙镇" in text for text in shown)


def test_nothing_left_to_rank_is_an_error(small: HandIn, run: Run) -> None:
    small("乙镇", "A1: 9, A2: 4, B1: 4")
    outcome = run("rank", "--skip-invalid")
    assert (outcome.code, outcome.out) == (1, b"")
    assert "EPA118" in codes(outcome.said)
