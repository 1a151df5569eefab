"""A real terminal of any width: no digit is lost, and no trace is left."""

import json
import re
import shutil
import unicodedata
from pathlib import Path

import pytest
from tests.support.commands import HandIn, Run
from tests.support.processes import on_terminal, posix, start

pytestmark = pytest.mark.process


def cells(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def shown_rows(text: str) -> dict[str, list[str]]:
    """The words of each row of a ranking, by unit."""
    return {
        words[1]: words
        for line in text.splitlines()
        if len(words := line.split()) > 1 and re.fullmatch("[0-9]+", words[0])
    }


@posix
@pytest.mark.parametrize("columns", [20, 40, 80, 120])
def test_a_narrow_terminal_loses_columns_and_never_a_digit(
    examples: Path, run: Run, columns: int
) -> None:
    assert (examples / "scores").is_dir()
    code, text = on_terminal(
        "rank", "--rubric", "township", columns=columns, environment={"TERM": "dumb"}
    )
    assert code == 0
    rows = shown_rows(text)
    assert len(rows) == 16
    expected = json.loads(run("rank", "--rubric", "township", "--format", "json").out)
    for row in expected:
        words = rows[row["unit"]]
        total = f"{float(row['total']):.1f}"
        assert words[0] == str(row["rank"])
        assert total in words
        points = [f"{float(one):.1f}" for one in row["sections"].values()]
        assert set(words) <= {words[0], row["unit"], total, "tied", *points}
    if columns >= 120:
        assert all(len(words) >= 7 for words in rows.values())
    table = [line for line in text.splitlines() if re.match(r" *[0-9]+ ", line)]
    assert max(map(cells, table)) <= max(columns, 24)


@posix
def test_columns_say_how_wide_the_terminal_is(examples: Path) -> None:
    assert (examples / "scores").is_dir()
    arguments = ("rank", "--rubric", "township")
    _, narrow = on_terminal(*arguments, columns=20, environment={"TERM": "dumb"})
    _, told = on_terminal(*arguments, columns=200, environment={"TERM": "dumb", "COLUMNS": "20"})
    assert told == narrow
    for number in ("0", "x"):
        code, text = on_terminal(
            *arguments, columns=80, environment={"TERM": "dumb", "COLUMNS": number}
        )
        assert code == 0
        assert len(shown_rows(text)) == 16


@posix
def test_a_terminal_without_size_is_no_bug(examples: Path) -> None:
    assert (examples / "scores").is_dir()
    for arguments in (["rank", "--rubric", "township"], ["--help"]):
        code, text = on_terminal(*arguments, columns=0, environment={"TERM": "dumb"})
        assert code == 0
        assert text


@posix
def test_every_table_can_be_shown_on_a_narrow_terminal(examples: Path) -> None:
    assert (examples / "scores").is_dir()
    commands = (
        ["total"],
        ["rubrics"],
        ["rubrics", "show", "departments"],
        ["rank", "--provisional"],
    )
    for number, arguments in enumerate(commands):
        columns = (1, 20)[number % 2]
        code, text = on_terminal(*arguments, columns=columns, environment={"TERM": "dumb"})
        assert code == 0, arguments
        assert "Traceback" not in text
    assert "97.5" in text


@posix
def test_a_terminal_is_coloured_unless_it_is_not_wanted(small: HandIn) -> None:
    small("甲镇", "A1: 9, A2: 4, B1: 4")
    assert "\x1b[" in on_terminal("validate", columns=80)[1]
    assert "\x1b" not in on_terminal("validate", columns=80, environment={"NO_COLOR": "1"})[1]
    assert "\x1b" not in on_terminal("validate", columns=80, environment={"TERM": "dumb"})[1]
    assert "\x1b" not in on_terminal("validate", "--color", "never", columns=80)[1]


@posix
def test_progress_is_shown_on_a_terminal_and_leaves_no_trace(province: Path, folder: Path) -> None:
    shutil.copytree(province / "rubrics", folder / "rubrics")
    (folder / "scores").mkdir()
    for number in range(60):
        shutil.copy(province / "scores" / f"{number}.yaml", folder / "scores")
    code, text = on_terminal("rank", columns=80)
    assert code == 0
    assert "60/60" in text
    assert "60/60" not in on_terminal("rank", "--quiet", columns=80)[1]
    assert "60/60" not in start("rank").said
    dumb = on_terminal("rank", columns=80, environment={"TERM": "dumb"})[1]
    assert "\x1b" not in dumb


@posix
def test_a_task_of_an_editor_shows_each_finding_in_one_line(folder: Path, run: Run) -> None:
    assert run("schema", "--write", ".").code == 0
    (task, _) = json.loads((folder / ".vscode" / "tasks.json").read_text("utf-8"))["tasks"]
    sheets = folder / "scores"
    sheets.mkdir()
    for unit in ("甲镇", "乙镇"):
        text = f"rubric: township\nunit: {unit}\nscores: {{A1: 9, A2: 9}}\n"
        (sheets / f"{unit}.yaml").write_text(text, "utf-8")
    environment = {"TERM": "xterm", **task["options"]["env"]}
    _, shown = on_terminal(*task["args"], columns=40, environment=environment, folder=folder)
    pattern = task["problemMatcher"][0]["pattern"]["regexp"]
    lines = [line for line in shown.splitlines() if "EPA" in line]
    assert len(lines) == 6
    assert all(re.fullmatch(pattern, line) for line in lines), shown
