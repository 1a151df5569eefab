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


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
@pytest.mark.parametrize("readme", LANGUAGES)
def test_commands_show_what_the_readme_says(readme: str, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "examples" / "scores", tmp_path / "scores")
    (tmp_path / "sheet.yaml").write_text(_blocks(readme, "yaml")[0], "utf-8")
    transcript = "".join(_blocks(readme, "console"))
    steps = re.findall(r"^\$ (epa-score .*)\n((?:(?!\$ ).*\n)*)", transcript, re.MULTILINE)
    assert len(steps) >= 5
    checker = doctest.OutputChecker()
    for command, expected in steps:
        shown = _on_a_terminal(command, tmp_path, LANGUAGES[readme])
        matches = checker.check_output(expected, shown, doctest.ELLIPSIS)
        assert matches, f"$ {command}\n{shown}"


@pytest.mark.parametrize("readme", LANGUAGES)
def test_readme_shows_sheet_diagnostic_and_ranking_at_once(readme: str) -> None:
    first = "\n".join((ROOT / readme).read_text("utf-8").splitlines()[:40])
    assert "```yaml\nrubric: township" in first
    assert "[EPA104]" in first
    assert "1  示例丙镇" in first


def test_library_example_of_the_readme_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(ROOT / "examples" / "scores", tmp_path / "scores")
    monkeypatch.chdir(tmp_path)
    (example,) = _blocks("README.md", "python")
    exec(compile(example, "README.md", "exec"), {})  # noqa: S102
    assert capsys.readouterr().out.split() == ["87.5", "1"]


def test_rubric_of_the_readme_is_valid(tmp_path: Path) -> None:
    import epa_score  # noqa: PLC0415

    (block,) = [one for one in _blocks("README.md", "yaml") if "sections:" in one]
    path = tmp_path / "mine.yaml"
    path.write_text(block, "utf-8")
    rubric = epa_score.load_rubric(path)
    assert rubric.units == ("甲镇", "乙镇")
