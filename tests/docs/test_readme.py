"""What the READMEs show is what the program does."""

import doctest
import re
import shutil
import sys
from pathlib import Path

import pytest
from tests.support.paths import ROOT
from tests.support.processes import on_terminal

from epa_score.cli.app import COMMANDS

LANGUAGES = {"README.md": "en", "README.zh-CN.md": "zh"}


def _blocks(readme: str, kind: str) -> list[str]:
    text = (ROOT / readme).read_text("utf-8")
    return re.findall(rf"^```{kind}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def _steps(transcript: str) -> list[tuple[str, str]]:
    return re.findall(r"^\$ (epa-score .*)\n((?:(?!\$ ).*\n)*)", transcript, re.MULTILINE)


def _show(readme: str, transcript: str, folder: Path) -> int:
    """Run the commands of a transcript in a folder, compare what they show, and count them."""
    checker = doctest.OutputChecker()
    steps = _steps(transcript)
    for command, expected in steps:
        environment = {"EPA_SCORE_LANG": LANGUAGES[readme], "TERM": "dumb"}
        arguments = command.split()[1:]
        _, shown = on_terminal(*arguments, columns=80, environment=environment, folder=folder)
        matches = checker.check_output(expected, shown, doctest.ELLIPSIS)
        assert matches, f"$ {command}\n{shown}"
    return len(steps)


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
@pytest.mark.parametrize("place", ["empty", "checkout"])
@pytest.mark.parametrize("readme", LANGUAGES)
def test_first_example_works_in_an_empty_folder_and_in_a_checkout(
    readme: str, place: str, tmp_path: Path
) -> None:
    if place == "checkout":
        for name in ("examples", "rubrics"):
            shutil.copytree(ROOT / name, tmp_path / name)
    form, faulty, sound, of_checkout = _blocks(readme, "console")
    (sheet,) = _blocks(readme, "yaml")
    (right,) = re.findall(r"[(（]`(A3: [0-9])`[)）]", (ROOT / readme).read_text("utf-8"))
    assert _show(readme, form, tmp_path) == 1
    blank = (tmp_path / "forms" / "示例甲镇.yaml").read_text("utf-8")
    items = re.findall("[A-D][0-9]:", sheet)
    assert len(items) == 22
    assert all(f"\n  {item}" in blank for item in items)
    path = tmp_path / "scores" / "示例甲镇.yaml"
    path.parent.mkdir()
    path.write_text(sheet, "utf-8")
    assert _show(readme, faulty, tmp_path) == 1
    path.write_text(re.sub("A3: [0-9]", right, sheet), "utf-8")
    assert _show(readme, sound, tmp_path) == 3
    assert (tmp_path / "排名汇总.xlsx").exists()
    if place == "checkout":
        assert _show(readme, of_checkout, tmp_path) == 1


@pytest.mark.parametrize("readme", LANGUAGES)
def test_readme_shows_sheet_diagnostic_and_ranking(readme: str) -> None:
    first = (ROOT / readme).read_text("utf-8").split("\n## ")[2]
    assert "```yaml\nrubric: township" in first
    assert "[EPA104]" in first
    assert "9  示例乙镇" in first


@pytest.mark.parametrize("readme", LANGUAGES)
def test_readme_is_short(readme: str) -> None:
    text = (ROOT / readme).read_text("utf-8")
    assert 300 < len(text.split()) <= 1000
    assert len(re.findall("[\u4e00-\u9fff]", text)) <= 1800


@pytest.mark.parametrize("readme", LANGUAGES)
def test_readme_names_every_command(readme: str) -> None:
    table = (ROOT / readme).read_text("utf-8").split("\n## ")[3]
    named = set(re.findall(r"^\| `([a-z]+) ?", table, re.MULTILINE))
    assert named == set(COMMANDS)


@pytest.mark.parametrize("readme", LANGUAGES)
def test_library_example_of_the_readme_runs(
    readme: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    (example,) = _blocks(readme, "python")
    exec(compile(example, readme, "exec"), {})  # noqa: S102
    out = capsys.readouterr().out.splitlines()
    assert out == re.findall(r"^print.*# (.*)$", example, re.MULTILINE)
    assert len(out) == 2
