"""What the READMEs show is what the program does."""

import doctest
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.support.paths import ROOT

from epa_score.cli.app import COMMANDS

LANGUAGES = {"README.md": "en", "README.zh-CN.md": "zh"}


def _blocks(readme: str, kind: str) -> list[str]:
    text = (ROOT / readme).read_text("utf-8")
    return re.findall(rf"^```{kind}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def _on_a_terminal(command: str, folder: Path, language: str) -> str:
    """Everything that a command shows on a terminal of 80 columns."""
    import fcntl  # noqa: PLC0415
    import pty  # noqa: PLC0415
    import struct  # noqa: PLC0415
    import termios  # noqa: PLC0415

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 80, 0, 0))
    environment = os.environ | {"EPA_SCORE_LANG": language, "TERM": "dumb"}
    arguments = [sys.executable, "-m", "epa_score", *command.split()[1:]]
    with subprocess.Popen(
        arguments, cwd=folder, env=environment, stdin=theirs, stdout=theirs, stderr=theirs
    ):
        os.close(theirs)
        shown = b""
        while True:
            try:
                piece = os.read(ours, 65536)
            except OSError:  # how Linux says that the other side is gone
                break
            if not piece:
                break
            shown += piece
    os.close(ours)
    return shown.decode().replace("\r\n", "\n")


def _steps(transcript: str) -> list[tuple[str, str]]:
    return re.findall(r"^\$ (epa-score .*)\n((?:(?!\$ ).*\n)*)", transcript, re.MULTILINE)


def _show(readme: str, transcript: str, folder: Path) -> int:
    """Run the commands of a transcript in a folder, compare what they show, and count them."""
    checker = doctest.OutputChecker()
    steps = _steps(transcript)
    for command, expected in steps:
        shown = _on_a_terminal(command, folder, LANGUAGES[readme])
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
    path = tmp_path / "scores" / "示例甲镇.yaml"
    assert _show(readme, form, tmp_path) == 1
    blank, items = path.read_text("utf-8"), re.findall("[A-D][0-9]:", sheet)
    assert len(items) == 22
    assert all(f"\n  {item}" in blank for item in items)
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
    assert 300 < len(text.split()) <= 900
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
