"""The commands as people type them, inside this process."""

import csv
import io
import itertools
import json
import random
import re
import shutil
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml
from openpyxl import load_workbook
from tests.conftest import SMALL, HandIn, Outcome, Run
from tests.support.paths import ROOT

from epa_score import __version__
from epa_score.cli.session import Session
from epa_score.diagnostics import Kind
from epa_score.i18n import Words

WORKBOOK = "排名汇总.xlsx"
FULL_MARKS = "A1: 2, A2: 4, B1: 4"
ESCAPE = b"\x1b"
HOSTILE_UNITS = [
    *["- 甲", "#甲", "甲: 乙", "甲 # 乙", "[甲]", "{甲}", "&甲", "*甲", "!甲", "%甲", "@甲", "`甲"],
    *["null", "~", "Yes", "1.5", "2018-01-01", "<<", "=1+1", "'甲", '"甲', "甲,乙", "甲\\n", "-"],
    *["..", "../甲", "甲/乙", "con", "?", "|", ">", "甲|乙", "甲镇" * 100, "é", "𠮷镇"],
]


def rows(outcome: Outcome) -> list[dict[str, Any]]:
    """The result of `--format json`."""
    found = json.loads(outcome.out)
    assert isinstance(found, list)
    assert found
    return found


def by_unit(outcome: Outcome, field: str) -> dict[str, Any]:
    """One field of every row, by unit, in the order of the rows."""
    return {row["unit"]: row[field] for row in rows(outcome)}


def cells(outcome: Outcome) -> list[list[str]]:
    """The cells of a tab-separated result."""
    return [line.split("\t") for line in outcome.text.splitlines()]


def codes(text: str) -> list[str]:
    """The codes of the diagnostics in a text."""
    return re.findall(r"\[(EPA[0-9]{3})\]", text)


@pytest.fixture
def on_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every stream is a terminal of 80 columns."""
    monkeypatch.setattr(Session, "is_terminal", lambda _session, _stream: True)


# --- the three lines of the README -----------------------------------------------------------


def test_validate_passes_a_sound_sheet(examples: Path, run: Run) -> None:
    (examples / "scores" / "示例甲镇.yaml").rename("sheet.yaml")
    assert run("validate", "sheet.yaml") == (0, b"", "检查通过，1 个文件\n".encode())


def test_validate_says_where_and_what_is_wrong(examples: Path, run: Run) -> None:
    text = (examples / "scores" / "示例甲镇.yaml").read_text("utf-8")
    Path("sheet.yaml").write_text(text.replace("A1: 3", "A1: 9"), "utf-8")
    outcome = run("validate", "sheet.yaml", lang="en")
    assert outcome.code == 1
    assert outcome.text.startswith("sheet.yaml:8:7: error[EPA104] A1 has 9 points")
    assert "errors: 1" in outcome.said


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


def test_export_writes_a_workbook_beside_you(examples: Path, run: Run) -> None:
    outcome = run("export", "--xlsx")
    assert (outcome.code, outcome.text) == (0, f"{WORKBOOK}\n")
    sheets = load_workbook(examples / WORKBOOK).sheetnames
    assert len(sheets) == 2 * 6 + 1 + 16 + 21  # of each rubric, about them all, and the forms
    assert "排名图-township" in sheets
    outcome = run("export", "--xlsx", "--no-forms", "-o", "short.xlsx")
    assert len(load_workbook(examples / "short.xlsx").sheetnames) == 2 * 6 + 1


@pytest.mark.parametrize(("units", "orientation"), [(60, "portrait"), (61, None)])
def test_many_units_have_an_upright_chart_and_very_many_none_which_is_said(
    small: HandIn, run: Run, units: int, orientation: str | None
) -> None:
    for number in range(units):
        small(f"单位{number}", "A1: 2, A2: 4, B1: 4")
    outcome = run("export", "--xlsx")
    assert outcome.code == 0
    assert ("超过 60 个" in outcome.said) is (orientation is None)
    book = load_workbook("排名汇总.xlsx")
    pages = [sheet for sheet in book if sheet.title == "排名图"]
    assert [sheet.page_setup.orientation for sheet in pages] == [orientation] * (units == 60)
    assert ("单位0" in book.sheetnames) is (units == 60)
    assert "超过 60 个" not in run("export", "--json").said


# --- which sheets are meant ------------------------------------------------------------------


def test_without_a_path_the_folder_scores_is_meant(examples: Path, run: Run) -> None:
    assert run("total").out == run("total", examples / "scores").out == run("total", "scores").out


def test_without_a_path_and_a_folder_the_missing_folder_is_named(folder: Path, run: Run) -> None:
    assert list(folder.iterdir()) == []
    for command in ("validate", "total", "rank"):
        outcome = run(command)
        assert outcome.code == 1
        assert codes(outcome.text + outcome.said) == ["EPA024"]
        assert "scores" in outcome.text + outcome.said


@pytest.mark.parametrize("path", ["没有", "没有/", "没有.yaml", "没有/甲.yaml", "scores/没有"])
def test_a_path_that_is_not_there_is_named(examples: Path, run: Run, path: str) -> None:
    assert (examples / "scores").is_dir()
    for command in ("validate", "rank", "total"):
        outcome = run(command, path, "scores", lang="en")
        assert outcome.code == 1
        assert path in outcome.text + outcome.said
        assert "there is no" in outcome.text + outcome.said
    outcome = run("rank", path, "scores", "--skip-invalid", lang="en")
    assert path in outcome.said


def test_hidden_and_lock_files_are_not_sheets(examples: Path, run: Run) -> None:
    expected = run("total").out
    for name in (".hidden.yaml", "~$lock.yaml", ".git/x.yaml"):
        path = examples / "scores" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("not a sheet", "utf-8")
    assert run("total").out == expected


@pytest.mark.parametrize("command", ["validate", "total", "rank", "export"])
def test_a_file_in_the_folder_that_is_not_read_is_named(
    examples: Path, run: Run, command: str
) -> None:
    for name in ("丑镇.yaml.txt", "寅镇.xls"):
        (examples / "scores" / name).write_text("rubric: township\n", "utf-8")
    outcome = run(command, "-q", *(["--json"] if command == "export" else []), lang="en")
    assert outcome.code == 0
    assert "丑镇.yaml.txt" in outcome.said
    assert "寅镇.xls" in outcome.said


def test_a_provisional_total_says_so_to_programs(examples: Path, run: Run) -> None:
    path = examples / "scores" / "示例甲镇.yaml"
    text = path.read_text("utf-8")
    path.write_text(text.replace("  A1: 3\n", "  A1:\n"), "utf-8")
    for command in ("total", "rank"):
        found = json.loads(run(command, "--rubric=township", "--provisional", "--format=json").out)
        unscored = {one["unit"]: one["unscored"] for one in found}
        assert unscored.pop("示例甲镇") == 1
        assert set(unscored.values()) == {0}


def test_sheets_are_found_in_folders_below_and_by_both_endings(examples: Path, run: Run) -> None:
    expected = sorted(cells(run("total", "--rubric", "township")))
    deep = examples / "scores" / "东片" / "二组"
    deep.mkdir(parents=True)
    (examples / "scores" / "示例甲镇.yaml").rename(deep / "甲.yml")
    (examples / "scores" / "示例乙镇.yaml").rename(deep / "乙.YAML")
    assert sorted(cells(run("total", "--rubric", "township"))) == expected


def test_a_folder_without_sheets_is_an_error(folder: Path, run: Run) -> None:
    (folder / "empty").mkdir()
    assert codes(run("validate", "empty").text) == ["EPA024"]


def test_a_linked_folder_of_sheets_is_not_left_out_silently(examples: Path, run: Run) -> None:
    expected = sorted(cells(run("rank", "--rubric", "township")))
    (examples / "elsewhere").mkdir()
    (examples / "scores" / "示例甲镇.yaml").rename(examples / "elsewhere" / "甲.yaml")
    try:
        (examples / "scores" / "linked").symlink_to(examples / "elsewhere")
    except OSError:
        pytest.skip("this system makes no symbolic links")
    outcome = run("rank", "--rubric", "township")
    assert sorted(cells(outcome)) == expected or "linked" in outcome.said


def test_folders_linked_in_a_circle_are_read_once(examples: Path, run: Run) -> None:
    expected = run("rank", "--rubric", "township").out
    try:
        (examples / "scores" / "again").symlink_to(examples / "scores")
    except OSError:
        pytest.skip("this system makes no symbolic links")
    assert run("rank", "--rubric", "township").out == expected


def test_an_unreadable_folder_below_is_reported(
    examples: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    (examples / "scores" / "closed").mkdir()
    import os  # noqa: PLC0415

    real = os.scandir

    def refusing(path: Any = ".") -> Any:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", refusing)
    for command in (("validate",), ("rank",), ("total",), ("export", "--xlsx")):
        outcome = run(*command)
        assert outcome.code == 1, command
        assert "closed" in outcome.text + outcome.said, command


def test_a_sheet_named_twice_is_read_once(examples: Path, run: Run) -> None:
    path = examples / "scores" / "示例甲镇.yaml"
    outcome = run("rank", "scores/示例甲镇.yaml", "scores", path, "--rubric", "township")
    assert len(cells(outcome)) == 17


def test_a_dash_is_the_standard_input(examples: Path, run: Run) -> None:
    data = (examples / "scores" / "示例甲镇.yaml").read_bytes()
    assert run("validate", "-", stdin=data).code == 0
    assert by_unit(run("total", "-", "--format", "json", stdin=data), "total") == {
        "示例甲镇": "87.5"
    }
    assert by_unit(run("rank", "-", "--format", "json", stdin=data), "rank") == {"示例甲镇": 1}
    bad = run("validate", "-", stdin=data.replace(b"A1: 3", b"A1: 9"))
    assert bad.text.startswith("<stdin>:8:7: ")


def test_a_sheet_on_stdin_that_comes_twice_is_not_ranked(examples: Path, run: Run) -> None:
    name = "scores/示例甲镇.yaml"
    data = (examples / name).read_bytes()
    assert codes(run("rank", name, "-", stdin=data).said) == ["EPA114"]
    outcome = run(
        "rank", "scores", "-", "--rubric", "township", "--skip-invalid", "--format", "json",
        stdin=data,
    )  # fmt: skip
    ranked = [row["unit"] for row in rows(outcome) if row["rank"] is not None]
    assert len(ranked) == 15
    assert "示例甲镇" not in ranked


def test_a_sheet_that_looks_like_a_rubric_is_not_left_out_silently(
    examples: Path, run: Run
) -> None:
    path = examples / "scores" / "示例甲镇.yaml"
    text = path.read_text("utf-8")
    for changed in (text.replace("scores:", "sections:"), f"{text}sections: []\n"):
        path.write_text(changed, "utf-8")
        outcome = run("rank", "scores", "--rubric", "township")
        assert outcome.code == 1
        assert str(path.name) in outcome.said


def test_a_sound_rubric_among_the_sheets_does_no_harm(examples: Path, run: Run) -> None:
    expected = run("rank").out
    shutil.copy(ROOT / "rubrics" / "township.yaml", examples / "scores" / "a.yaml")
    assert run("rank").out == expected
    outcome = run("rank", "scores", "scores/a.yaml")
    assert (outcome.code, codes(outcome.said)) == (1, ["EPA019"])


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


def test_a_rubric_file_counts_before_names(small: HandIn, run: Run) -> None:
    small("甲镇", FULL_MARKS)
    Path("other.yaml").write_text(SMALL.replace("text: 有人", "text: 专人"), "utf-8")
    for rubric in ("small", "rubrics/small.yaml", "other.yaml"):
        assert by_unit(run("rank", "--rubric", rubric, "--format", "json"), "rank") == {"甲镇": 1}
    twice = SMALL.replace("max: 4", "max: 8").replace("max: 6", "max: 10")
    Path("other.yaml").write_text(twice.replace("total: 10", "total: 18"), "utf-8")
    ranked = run("rank", "--rubric", "other.yaml")
    assert "总分（18）" in ranked.text


def test_own_rubric_comes_before_a_shipped_one(small: HandIn, run: Run) -> None:
    Path("rubrics/township.yaml").write_text(SMALL.replace("id: small", "id: township"), "utf-8")
    path = small("甲镇", FULL_MARKS)
    path.write_text(path.read_text("utf-8").replace("small", "township"), "utf-8")
    assert by_unit(run("rank", "--format", "json"), "total") == {"甲镇": "10"}
    assert "小细则" in run("rubrics", "show", "township", "--format", "yaml").text
    listed = [line for line in cells(run("rubrics")) if line[0] == "township"]
    assert listed == [["township", "小细则", "10", str(Path("rubrics/township.yaml"))]]


def test_own_rubric_that_cannot_be_read_is_not_replaced_by_a_shipped_one(
    examples: Path, run: Run
) -> None:
    (examples / "rubrics" / "township.yaml").mkdir(parents=True)
    outcome = run("rank", "--rubric", "township")
    assert (outcome.code, outcome.out) == (1, b"")
    (examples / "rubrics" / "township.yaml").rmdir()
    try:
        (examples / "rubrics" / "township.yaml").symlink_to("gone.yaml")
    except OSError:
        pytest.skip("this system makes no symbolic links")
    outcome = run("rank", "--rubric", "township")
    assert (outcome.code, outcome.out) == (1, b"")


@pytest.mark.parametrize("name", ["../x", "../rubrics/x", "x/../../x", "..", "/x", "~/x", "X", ""])
def test_names_of_rubrics_never_lead_outside(small: HandIn, run: Run, name: str) -> None:
    text = SMALL.replace("id: small", "id: x")
    here = Path.cwd()
    for place in (here / "x.yaml", here / "rubrics" / "X.yaml", here.parent / "x.yaml"):
        place.write_text(text, "utf-8")
    named = run("rank", "--rubric", name)
    assert (named.code, codes(named.said)) == (1, ["EPA101"])
    path = small("甲镇", FULL_MARKS)
    path.write_text(path.read_text("utf-8").replace("small", f"'{name}'"), "utf-8")
    used = run("validate")
    assert used.code == 1
    assert codes(used.text) in (["EPA101"], ["EPA023"])


def test_a_rubric_name_of_any_length_is_only_unknown(small: HandIn, run: Run) -> None:
    name = "a" * 5000
    assert codes(run("rank", "--rubric", name).said) == ["EPA101"]
    path = small("甲镇", FULL_MARKS)
    path.write_text(path.read_text("utf-8").replace("small", name), "utf-8")
    assert codes(run("validate").text) == ["EPA101"]


def test_an_unknown_rubric_is_named_with_the_nearest(examples: Path, run: Run) -> None:
    assert (examples / "scores").is_dir()
    outcome = run("rank", "--rubric", "townshp")
    assert (outcome.code, codes(outcome.said)) == (1, ["EPA101"])
    assert "township" in outcome.said


def test_a_faulty_rubric_stops_every_command(small: HandIn, run: Run) -> None:
    small("甲镇", FULL_MARKS)
    Path("rubrics/small.yaml").write_text(SMALL.replace("max: 6", "max: 7"), "utf-8")
    for arguments in (
        ["validate"],
        ["validate", "--rubric", "small"],
        ["total"],
        ["rank", "--rubric", "small"],
        ["export", "--xlsx"],
        ["form", "--rubric", "small"],
        ["rubrics", "show", "small"],
    ):
        outcome = run(*arguments)
        assert outcome.code == 1, arguments
        assert "EPA201" in outcome.text + outcome.said, arguments
    assert "EPA201" in run("rubrics").said


def test_validate_checks_rubrics_as_well(small: HandIn, run: Run) -> None:
    small("甲镇", FULL_MARKS)
    assert "2 个文件" in run("validate", "rubrics/small.yaml", "scores").said
    assert run("validate", ROOT / "rubrics").code == 0
    Path("rubrics/small.yaml").write_text(SMALL.replace("total: 10", "total: 11"), "utf-8")
    assert set(codes(run("validate", "rubrics").text)) == {"EPA201"}


def test_rubrics_lists_and_shows(folder: Path, run: Run) -> None:
    assert list(folder.iterdir()) == []
    listed = run("rubrics")
    assert listed.out == run("rubrics", "list").out
    assert [line[0] for line in cells(listed)[1:]] == ["departments", "township"]
    shown = cells(run("rubrics", "show", "township"))
    assert len(shown) == 23
    assert [line[1] for line in shown[1:4]] == ["A1", "A2", "A3"]
    departments = run("rubrics", "show", "departments").text
    assert "移动公司、联通公司、电信公司" in departments
    for name in ("township", "departments"):
        data = (ROOT / "rubrics" / f"{name}.yaml").read_bytes()
        assert run("rubrics", "show", name, "--format", "yaml").out == data
        assert run("rubrics", "show", ROOT / "rubrics" / f"{name}.yaml").code == 0
    assert run("rubrics", "show", "nothing").code == 1
    assert run("rubrics", "show").code == 2


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
        assert codes(text) == ["EPA114"]
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
    for command in ("rank", "total"):
        found = rows(run(command, "--format", "json"))
        assert len(found) == 37
        for row in found:
            assert set(row) == fields
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
@pytest.mark.parametrize("command", ["rank", "total"])
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
    assert re.search("2 张评分表没有列入.*乙镇", outcome.said)
    if command == "rank":
        assert "乙镇" in outcome.text
        assert "无名" in outcome.text
        assert "10" in outcome.text
    if command == "rank" and form == "json":
        missing = [row for row in rows(outcome) if row["rank"] is None]
        assert [(row["unit"], row["total"]) for row in missing] == [
            (None, None),
            ("乙镇", None),
        ] or [(row["unit"], row["total"]) for row in missing] == [("乙镇", None), (None, None)]


def test_skipped_sheets_are_named_on_a_terminal(small: HandIn, run: Run, on_terminal: None) -> None:
    assert on_terminal is None
    small("甲镇", FULL_MARKS)
    small("乙镇", "A1: 9, A2: 4, B1: 4")
    outcome = run("rank", "--skip-invalid", env={"TERM": "dumb"})
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


# --- formats ---------------------------------------------------------------------------------


def test_results_in_a_pipe_are_tab_separated(examples: Path, run: Run) -> None:
    assert (examples / "scores").is_dir()
    for command in ("rank", "total"):
        found = cells(run(command, "--rubric", "township"))
        assert len({len(line) for line in found}) == 1
        assert len(found) == 17


def test_results_on_a_terminal_are_aligned_with_title_and_rule(
    examples: Path, run: Run, on_terminal: None
) -> None:
    assert on_terminal is None
    assert (examples / "scores").is_dir()
    outcome = run("rank", "--rubric", "township", env={"COLUMNS": "120", "TERM": "dumb"})
    assert outcome.text.startswith("排名汇总：宜阳县电子商务扶贫工作考核评分细则（乡镇）（2018）\n")
    assert "名次规则" in outcome.text
    assert "87.5" in outcome.text
    assert "\t" not in outcome.text


def test_markdown_has_no_markup_from_sheets(small: HandIn, run: Run) -> None:
    hostile = "甲|乙*_`<b>&lt;[x](y)#\\"
    small(f"'{hostile}'", FULL_MARKS)
    text = run("rank", "--format", "md").text
    (line,) = (one for one in text.splitlines() if "甲" in one)
    assert re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", line.split(" | ")[1]) == hostile
    assert len(re.findall(r"(?<!\\)\|", line)) == len(re.findall(r"\|", text.splitlines()[2]))


@pytest.mark.parametrize("unit", ["=1+1", "+1", "-1", "@甲", "＝1", "  =1", "'=1"])
def test_csv_starts_no_formula(small: HandIn, run: Run, unit: str) -> None:
    small(json.dumps(unit), FULL_MARKS)
    name = unit.strip()
    for data in (run("rank", "--format", "csv").out, run("total", "--format", "csv").out):
        table = list(csv.reader(io.StringIO(data.decode())))
        (cell,) = (one for line in table for one in line if name in one)
        assert cell == (name if name.startswith("'") else f"'{name}")
    assert run("export", "--csv").code == 0
    written = Path("排名汇总.csv").read_bytes()
    assert written.startswith(b"\xef\xbb\xbf")
    assert f"'{name}".removeprefix("''") in written.decode("utf-8-sig")


def test_csv_for_programs_has_no_bom(examples: Path, run: Run) -> None:
    assert (examples / "scores").is_dir()
    data = run("rank", "--rubric", "township", "--format", "csv").out
    assert data.startswith("名次,单位,".encode())
    assert len(list(csv.reader(io.StringIO(data.decode(), newline="")))) == 17


VALIDATED = {"zh": "错误", "en": "error"}


@pytest.mark.parametrize("lang", VALIDATED)
def test_validate_reports_in_every_format(small: HandIn, run: Run, lang: str) -> None:
    path = small("甲镇", "A1: 9, A2: 4, B1: 4").relative_to(Path.cwd())
    full, concise, data, github = (
        run("validate", "--format", form, lang=lang)
        for form in ("full", "concise", "json", "github")
    )
    assert {one.code for one in (full, concise, data, github)} == {1}
    head = f"{path}:3:14: {VALIDATED[lang]}[EPA104] "
    assert full.text.startswith(head)
    assert "             ^" in full.text
    assert full.out == run("validate", lang=lang).out
    assert concise.text.startswith(head)
    assert concise.text.count("\n") == 1
    found = json.loads(data.out)
    assert set(found) == {"version", "summary", "diagnostics"}
    assert found["version"] == __version__
    assert found["summary"] == {"files": 1, "errors": 1, "warnings": 0}
    (one,) = found["diagnostics"]
    assert one.pop("message") in concise.text
    data_of_it = one.pop("data")
    assert one == {
        "code": "EPA104",
        "name": "points_over_cap",
        "severity": "error",
        "path": str(path),
        "line": 3,
        "column": 14,
        "end_column": 15,
    }
    assert (data_of_it["points"], data_of_it["cap"], data_of_it["excess"]) == ("9", "2", "7")
    assert re.match(rf"::error file={path},line=3,col=14,endColumn=14,title=EPA104::", github.text)


def test_validate_without_findings_says_so_in_every_format(small: HandIn, run: Run) -> None:
    small("甲镇", FULL_MARKS)
    for form in ("full", "concise", "github"):
        assert run("validate", "--format", form)[:2] == (0, b"")
    found = json.loads(run("validate", "--format", "json").out)
    assert (found["summary"]["errors"], found["diagnostics"]) == (0, [])


# --- exports ---------------------------------------------------------------------------------


def test_an_existing_file_is_kept_unless_forced(examples: Path, run: Run) -> None:
    for suffix in ("xlsx", "csv", "json", "md"):
        name = "排名汇总-township.csv" if suffix == "csv" else f"排名汇总.{suffix}"
        path = examples / name
        path.write_bytes(b"old")
        refused = run("export", f"--{suffix}")
        assert (refused.code, refused.out, codes(refused.said)) == (3, b"", ["EPA901"]), suffix
        assert path.read_bytes() == b"old"
        assert run("export", f"--{suffix}", "--force").code == 0
        assert path.read_bytes() != b"old"


def test_an_export_that_is_refused_writes_nothing(examples: Path, run: Run) -> None:
    (examples / "排名汇总-township.csv").write_bytes(b"old")
    before = sorted(examples.iterdir())
    assert run("export", "--xlsx", "--csv", "--json", "--md").code == 3
    assert sorted(examples.iterdir()) == before


def test_the_file_to_write_goes_after_o(examples: Path, run: Run) -> None:
    for option, name in {"--xlsx": "out.xlsx", "--csv": "sub/out.CSV", "--md": "甲.md"}.items():
        outcome = run("export", option, name)
        assert (outcome.code, outcome.out) == (2, b"")
        assert f"-o {name}" in outcome.said
    assert [path.name for path in examples.iterdir()] == ["scores"]


def test_a_suffix_of_another_format_is_refused(examples: Path, run: Run) -> None:
    outcome = run("export", "--csv", "-o", "out.xlsx")
    assert (outcome.code, outcome.out) == (2, b"")
    assert "--xlsx" in outcome.said
    assert [path.name for path in examples.iterdir()] == ["scores"]


def test_several_formats_are_written_side_by_side(examples: Path, run: Run) -> None:
    outcome = run("export", "--xlsx", "--json", "--rubric", "township", "-o", "out")
    assert (outcome.code, outcome.text) == (0, "out.xlsx\nout.json\n")
    outcome = run("export", "--xlsx", "--md", "--rubric", "township", "-o", "one.xlsx")
    assert outcome.text == "one.xlsx\none.md\n"
    outcome = run("export", "--csv", "-o", "two")
    assert outcome.text == "two-departments.csv\ntwo-township.csv\n"
    (examples / "there").mkdir()
    outcome = run("export", "--xlsx", "-o", "there")
    assert outcome.text == f"{Path('there', WORKBOOK)}\n"
    for name in ("out.xlsx", "out.json", "one.xlsx", "one.md", "two-township.csv"):
        assert (examples / name).stat().st_size


def test_a_suffix_is_only_one_of_a_format(examples: Path, run: Run) -> None:
    assert run("export", "--xlsx", "-o", "2018.12").text == "2018.12.xlsx\n"
    assert (examples / "2018.12.xlsx").exists()


def test_an_export_without_format_is_wrong_usage(examples: Path, run: Run) -> None:
    assert (examples / "scores").is_dir()
    outcome = run("export")
    assert outcome.code == 2
    assert "--xlsx" in outcome.said


def test_exports_take_the_options_of_a_ranking(small: HandIn, run: Run) -> None:
    small("甲镇", FULL_MARKS, 'period: "2018"')
    small("乙镇", FULL_MARKS, 'period: "2018"')
    unfinished = small("丙镇", "A1: 1", 'period: "2018"')
    small("甲镇", FULL_MARKS, 'period: "2019"')
    assert run("export", "--json", "--period", "2018").code == 1
    outcome = run("export", "--json", "--period", "2018", "--provisional", "--rubric", "small")
    assert outcome.code == 0
    found = json.loads(Path("排名汇总.json").read_bytes())
    assert [(row["rank"], row["unit"], row["best"], row["worst"]) for row in found["ranking"]] == [
        (1, "乙镇", 1, 1),
        (1, "甲镇", 1, 1),
        (3, "丙镇", 3, 3),
    ]
    unfinished.unlink()
    assert run("export", "--json", "--period", "2019", "--ties", "dense", "--force").code == 0
    found = json.loads(Path("排名汇总.json").read_bytes())
    assert [row["unit"] for row in found["ranking"]] == ["甲镇"]
    assert "1、2、2、3" in json.dumps(found, ensure_ascii=False)


def test_exports_are_the_same_byte_for_byte(
    examples: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    formats = ("--xlsx", "--csv", "--json", "--md")
    assert run("export", *formats, "-o", "one").code == 0
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 100_000)
    assert run("export", *formats, "-o", "two").code == 0
    first = sorted(examples.glob("one*"))
    assert len(first) == 5
    for path in first:
        assert path.read_bytes() == path.with_name(path.name.replace("one", "two")).read_bytes()


# --- forms -----------------------------------------------------------------------------------


def filled(form: str, caps: dict[str, str]) -> bytes:
    """A form with full marks written into it."""
    lines = []
    for line in form.splitlines():
        item = re.match(r"  ([A-Z][0-9]+):", line)
        lines.append(f"{item[0]} {caps[item[1]]}{line[item.end() :]}" if item else line)
    return "\n".join(lines).encode()


def caps_of(rubric: str) -> dict[str, str]:
    """The cap of every item, as it is written in the rubric's file."""
    text = (ROOT / "rubrics" / f"{rubric}.yaml").read_text("utf-8")
    return dict(re.findall(r"- id: ([A-Z][0-9]+)\n +max: ([0-9.]+)\n", text))


def test_a_form_for_every_department_can_be_filled_in(folder: Path, run: Run) -> None:
    outcome = run("form", "--rubric", "departments")
    paths = outcome.text.splitlines()
    assert (outcome.code, len(paths)) == (0, 21)
    assert all(Path(path).parent == Path("scores") for path in paths)
    caps = caps_of("departments")
    for path in paths:
        form = (folder / path).read_text("utf-8")
        (folder / path).write_bytes(filled(form, caps))
    assert run("validate").code == 0
    assert set(by_unit(run("rank", "--format", "json"), "total").values()) == {"100"}


@pytest.mark.parametrize("unit", HOSTILE_UNITS)
def test_a_form_for_any_unit_can_be_filled_in(run: Run, unit: str) -> None:
    form = run("form", "--rubric", "township", "--unit", unit)
    assert form.code == 0
    sheet = filled(form.text, caps_of("township"))
    assert run("validate", "-", stdin=sheet).code == 0
    assert by_unit(run("rank", "-", "--format", "json", stdin=sheet), "total") == {unit: "100"}


def test_names_that_one_file_name_stands_for_are_numbered(folder: Path, run: Run) -> None:
    outcome = run("form", "--rubric", "township", "--unit", "a/b", "a_b", "a_b-2", "-o", "out")
    names = ["a_b.yaml", "a_b-2.yaml", "a_b-2-2.yaml"]
    assert outcome.text.split() == [str(Path("out", name)) for name in names]
    assert sorted(path.name for path in (folder / "out").iterdir()) == sorted(names)


def test_a_blank_form_is_unfinished_not_wrong(run: Run) -> None:
    form = run("form", "--rubric", "township", "--unit", "甲镇")
    found = run("validate", "-", "--format", "concise", stdin=form.out)
    assert (found.code, codes(found.text)) == (1, ["EPA105"])


def test_a_form_without_unit_leaves_the_name_to_be_filled_in(run: Run) -> None:
    form = run("form", "--rubric", "township")
    assert (form.code, "\nunit:" in form.text) == (0, True)
    found = run("validate", "-", "--format", "concise", stdin=form.out)
    assert codes(found.text) == ["EPA023"]


def test_forms_for_several_units_go_to_files(folder: Path, run: Run) -> None:
    outcome = run(
        "form", "--rubric", "township", "--unit", "甲镇", "乙/镇", "--unit", "..", "-o", "表"
    )
    assert outcome.code == 0
    paths = outcome.text.splitlines()
    assert len(paths) == 3
    assert {(folder / path).parent for path in paths} == {folder / "表"}
    kept = run("form", "--rubric", "township", "--unit", "甲镇", "丙镇", "-o", "表")
    assert (kept.code, codes(kept.said)) == (3, ["EPA901"])
    assert not any("丙" in path.name for path in (folder / "表").iterdir())
    forced = run("form", "--rubric", "township", "--unit", "甲镇", "丙镇", "-o", "表", "--force")
    assert forced.code == 0


def test_forms_of_units_with_one_file_name_do_not_overwrite_each_other(
    folder: Path, run: Run
) -> None:
    units = ["甲/镇", "甲?镇", "A镇", "a镇", "甲" * 70 + "一", "甲" * 70 + "二"]
    outcome = run("form", "--rubric", "township", "-o", "表", "--unit", *units)
    written = [path.read_text("utf-8") for path in (folder / "表").glob("*")]
    named = {yaml.safe_load(text)["unit"] for text in written}
    assert outcome.code != 0 or named == set(units)


def test_a_single_form_goes_to_the_file_that_is_named(folder: Path, run: Run) -> None:
    outcome = run("form", "--rubric", "township", "--unit", "甲镇", "-o", "甲.yaml")
    assert (outcome.code, outcome.text) == (0, "甲.yaml\n")
    text = (folder / "甲.yaml").read_text("utf-8")
    assert text == run("form", "--rubric", "township", "--unit", "甲镇").text


@pytest.mark.parametrize(
    "unit", ["甲\u200b镇", "甲\n镇", "甲\u202e镇", " ", "", "甲\x1b[31m", "“甲”"]
)
def test_a_form_for_an_impossible_name_is_wrong_usage(folder: Path, run: Run, unit: str) -> None:
    outcome = run("form", "--rubric", "township", "--unit", unit, "-o", "表")
    assert (outcome.code, outcome.out) == (2, b"")
    assert ESCAPE not in outcome.err
    assert list(folder.iterdir()) == []


def test_a_form_for_a_unit_that_the_rubric_does_not_list_is_wrong_usage(run: Run) -> None:
    outcome = run("form", "--rubric", "departments", "--unit", "县农业")
    assert outcome.code == 2
    assert "县农业局" in outcome.said


def test_titles_of_several_lines_stay_comments_in_a_form(small: HandIn, run: Run) -> None:
    small("甲镇", FULL_MARKS)
    text = SMALL.replace("title: 小细则", r'title: "小\nscores: {A1: 1}\n"')
    text = text.replace("title: 宣传", r'title: "宣\n  B1: 1"')
    Path("rubrics/small.yaml").write_text(text, "utf-8")
    form = run("form", "--rubric", "small", "--unit", "乙镇")
    sheet = yaml.safe_load(form.text)
    assert sheet["scores"] == {"A1": None, "A2": None, "B1": None}


# --- explaining ------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("kind", Kind, ids=lambda kind: kind.code)
def test_every_code_is_explained(run: Run, kind: Kind, lang: str) -> None:
    outcome = run("explain", kind.code, lang=lang)
    first, empty, *lines = outcome.text.splitlines()
    assert (outcome.code, empty) == (0, "")
    assert kind.code in first
    assert kind.label in first
    assert lines


def test_codes_are_found_however_they_are_written(run: Run) -> None:
    expected = run("explain", "EPA104")
    for name in ("epa104", "104", " EPA104 ", "points_over_cap"):
        assert run("explain", name) == expected


def test_all_codes_are_listed(run: Run) -> None:
    listed = run("explain").text.splitlines()
    assert [line[:6] for line in listed] == [kind.code for kind in Kind]


@pytest.mark.parametrize("code", ["EPA999", "EPA", "", "x", "-1", "EPA104\x1b[31m"])
def test_an_unknown_code_is_wrong_usage(run: Run, code: str) -> None:
    outcome = run("explain", "--", code)
    assert (outcome.code, outcome.out) == (2, b"")
    assert ESCAPE not in outcome.err


# --- options for every command ---------------------------------------------------------------


def test_version_is_shown(run: Run) -> None:
    for arguments in (["--version"], ["rank", "--version"]):
        assert run(*arguments) == (0, f"epa-score {__version__}\n".encode(), b"")


def test_help_is_shown_for_both_spellings(run: Run) -> None:
    for command in ([], ["rank"], ["rubrics"], ["rubrics", "show"]):
        short, long = run(*command, "-h"), run(*command, "--help")
        assert short == long
        assert (short.code, short.err) == (0, b"")
        assert short.text.startswith("用法：epa-score")


def test_no_command_at_all_shows_the_help(run: Run) -> None:
    outcome = run(lang=None, env={"EPA_SCORE_LANG": "zh"})
    assert (outcome.code, outcome.out) == (2, b"")
    assert outcome.said.startswith("用法：epa-score")


def test_quiet_keeps_results_and_errors(examples: Path, run: Run) -> None:
    loud = run("rank", "--rubric", "township")
    for arguments in (["-q", "rank"], ["rank", "--quiet"], ["rank", "-q"]):
        quiet = run(*arguments, "--rubric", "township")
        assert quiet == (0, loud.out, b"")
    (examples / "scores" / "坏.yaml").write_text("rubric: township\n", "utf-8")
    assert run("-q", "validate").out == run("validate").out
    assert codes(run("-q", "rank").said) == ["EPA021", "EPA021"] or codes(run("-q", "rank").said)
    skipped = run("-q", "rank", "--skip-invalid")
    assert "坏.yaml" in skipped.said


def test_colour_is_used_when_asked_for(small: HandIn, run: Run) -> None:
    small("甲镇", "A1: 9, A2: 4, B1: 4")
    for command in ("validate", "rank"):
        before, after = (
            run("--color", "always", command),
            run(command, "--color=always", env={"NO_COLOR": "1", "TERM": "dumb"}),
        )
        assert before == after
        assert ESCAPE in before.out + before.err
        plain = run(command)
        assert ESCAPE not in plain.out + plain.err
        assert plain == run(command, "--color", "never") == run(command, "--color", "auto")
        colourless = re.sub(rb"\x1b\[[0-9;]*m", b"", before.out + before.err)
        assert colourless == plain.out + plain.err


def test_colour_on_a_terminal_can_be_turned_off(small: HandIn, run: Run, on_terminal: None) -> None:
    assert on_terminal is None
    small("甲镇", "A1: 9, A2: 4, B1: 4")
    assert ESCAPE in run("validate").out
    assert ESCAPE not in run("validate", env={"NO_COLOR": "1"}).out
    assert ESCAPE not in run("validate", env={"TERM": "dumb"}).out
    assert ESCAPE not in run("validate", "--color", "never").out
    assert ESCAPE in run("validate", "--color", "always", env={"NO_COLOR": "1"}).out


ENGLISH, CHINESE = "Usage: ", "用法："
UNSET: dict[str, str | None] = dict.fromkeys(("LC_ALL", "LC_MESSAGES", "LANG", "EPA_SCORE_LANG"))


@pytest.mark.parametrize(
    ("option", "environment", "expected"),
    [
        (None, {}, CHINESE),
        (None, {"LANG": "C"}, CHINESE),
        (None, {"LANG": "C.UTF-8"}, CHINESE),
        (None, {"LANG": "de_DE.UTF-8"}, CHINESE),
        (None, {"LANG": "en_US.UTF-8"}, ENGLISH),
        (None, {"LANG": "zh_TW.UTF-8"}, CHINESE),
        (None, {"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "en_GB"}, ENGLISH),
        (None, {"LC_ALL": "zh_CN.GBK", "LANG": "en_GB.UTF-8"}, CHINESE),
        (None, {"EPA_SCORE_LANG": "en", "LANG": "zh_CN.UTF-8"}, ENGLISH),
        (None, {"EPA_SCORE_LANG": "zh-Hans", "LANG": "en_US.UTF-8"}, CHINESE),
        (None, {"EPA_SCORE_LANG": "xx", "LANG": "en_US.UTF-8"}, ENGLISH),
        ("en", {"EPA_SCORE_LANG": "zh"}, ENGLISH),
        ("zh", {"EPA_SCORE_LANG": "en"}, CHINESE),
        ("en_GB", {}, ENGLISH),
        ("zh_CN", {"LANG": "en_US.UTF-8"}, CHINESE),
    ],
)
def test_language_is_option_then_variable_then_locale_then_chinese(
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    option: str | None,
    environment: dict[str, str | None],
    expected: str,
) -> None:
    monkeypatch.setattr("locale.getlocale", lambda *_: (None, None))
    assert run("-h", lang=option, env=UNSET | environment).text.startswith(expected)
    if option is not None:
        after = run("rank", "-h", f"--lang={option}", lang=None, env=UNSET | environment)
        assert after.text.startswith(expected)


def test_a_locale_that_python_does_not_know_does_no_harm(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: object) -> tuple[str, str]:
        message = "unknown locale: UTF-8"
        raise ValueError(message)

    monkeypatch.setattr("locale.getlocale", unknown)
    assert run("-h", lang=None, env=UNSET).text.startswith(CHINESE)


# --- wrong usage -----------------------------------------------------------------------------


WRONG: dict[tuple[str, ...], str] = {
    ("--quiet",): "",
    ("rnak",): "rank",
    ("x",): "validate",
    ("-z",): "-z",
    ("rank", "-z"): "-z",
    ("rank", "--rubrik", "x"): "--rubric",
    ("rank", "--rubric"): "--rubric",
    ("rank", "--period"): "--period",
    ("rank", "--lang"): "--lang",
    ("--color",): "--color",
    ("rank", "--ties", "none"): "competition, dense",
    ("rank", "--format", "xml"): "table, json, csv, md",
    ("validate", "--format", "xml"): "full, concise, json, github",
    ("rubrics", "show", "township", "--format", "x"): "table, yaml",
    ("--color", "pink", "rank"): "auto, always, never",
    ("--lang", "fr", "rank"): "zh, en",
    ("--lang=", "rank"): "zh, en",
    ("rank", "--quiet=1"): "--quiet",
    ("rank", "--provisional=1"): "--provisional",
    ("explain", "EPA104", "x"): "--unit",
    ("form",): "--rubric",
    ("form", "--rubric", "township", "甲"): "--unit",
    ("rubrics", "x"): "list, show",
    ("rubrics", "show"): "NAME|FILE",
    ("rank", "--no-such\x1b[31m"): "",
    ("\x1b[31m",): "",
}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("arguments", WRONG)
def test_wrong_usage_is_one_line_in_the_language_asked_for(
    run: Run, arguments: tuple[str, ...], lang: str
) -> None:
    outcome = run(*arguments, lang=None, env={"EPA_SCORE_LANG": lang})
    assert (outcome.code, outcome.out) == (2, b"")
    start = "用法有误：" if lang == "zh" else "wrong usage: "
    assert outcome.said.startswith(start)
    assert outcome.said.count("\n") == 1
    assert WRONG[arguments] in outcome.said
    assert ESCAPE not in outcome.err
    if lang == "zh":
        typed = {*" ".join([*arguments, WRONG[arguments]]).split(), "zh", "en"}
        known = {"epa-score", "validate", "total", "rank", "export", "form", "convert", "status"}
        known |= {"explain", "rubrics"}
        words = re.findall(r"[A-Za-z]{3,}", re.sub(r"-+[a-z-]+|\\x1b", "", outcome.said))
        spoken = [word for word in words if not any(word in one for one in typed | known)]
        assert spoken == []


# --- completion ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("epa-score va", {"validate"}),
        ("epa-score rank --ti", {"--ties"}),
        ("epa-score ru", {"rubrics"}),
    ],
)
def test_shells_complete_commands_and_options(run: Run, line: str, expected: set[str]) -> None:
    words = len(line.split()) - 1
    environment: dict[str, str | None] = {
        "_EPA_SCORE_COMPLETE": "complete_bash",
        "COMP_WORDS": line,
        "COMP_CWORD": str(words),
    }
    assert set(complete(run, environment).split()) == expected


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_completion_shows_no_keys_of_the_catalogue(run: Run, shell: str) -> None:
    for line in ("epa-score ra", "epa-score rank --ti", "epa-score rubrics "):
        environment: dict[str, str | None] = {
            "_EPA_SCORE_COMPLETE": f"complete_{shell}",
            "_TYPER_COMPLETE_ARGS": line,
            "_TYPER_COMPLETE_FISH_ACTION": "get-args",
            "_TYPER_COMPLETE_WORD_TO_COMPLETE": line.rpartition(" ")[2],
        }
        text = complete(run, environment)
        assert text
        assert "help." not in text


def complete(run: Run, environment: dict[str, str | None]) -> str:
    """What a shell is offered."""
    outcome = run(lang=None, env=environment)
    assert outcome.code == 0
    return outcome.text


def test_completion_script_can_be_installed(run: Run) -> None:
    text = complete(run, {"_EPA_SCORE_COMPLETE": "source_bash"})
    assert "complete -o default -F" in text


# --- nothing of the tool itself leaks --------------------------------------------------------


def test_a_defect_of_the_tool_is_one_line_and_has_its_own_code(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        message = "boom\x1b[31m\nsecond line"
        raise RuntimeError(message)

    monkeypatch.setattr("typer.main.get_command", fail)
    outcome = run("rank")
    assert (outcome.code, outcome.out) == (70, b"")
    assert outcome.said.startswith("程序内部出错")
    assert outcome.said.count("\n") == 1
    assert ESCAPE not in outcome.err
    with pytest.raises(RuntimeError):
        run("rank", env={"EPA_SCORE_DEBUG": "1"})


def test_ctrl_c_is_one_line_and_has_its_own_code(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    said = f"{Words('zh_CN')('cli.interrupted')}\n".encode()
    monkeypatch.setattr("typer.main.get_command", interrupt)
    assert run("rank") == (130, b"", said)
