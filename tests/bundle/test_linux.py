"""The bundle for Linux: made, unpacked and run as a machine without Python would."""

import shutil
import subprocess
import sys
import tarfile
import time
from pathlib import Path

import pytest
from bundle import __main__ as command_line
from bundle.faults import BundleError
from bundle.frozen import restore_library_path
from bundle.linux import make_linux_bundle, unneeded_modules
from bundle.start import DROP_ONE
from tests.support.forms import edited, put
from tests.support.paths import ROOT
from tests.support.processes import write_province

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(sys.platform != "linux", reason="PyInstaller freezes for its own system"),
]


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder 考核评分, unpacked to a place with a name that is hard on scripts."""
    made = make_linux_bundle(tmp_path_factory.mktemp("made") / "bundle.tar.gz")
    place = tmp_path_factory.mktemp("unpacked") / "桌面 100%!&'(1)"
    with tarfile.open(made) as archive:
        archive.extractall(place, filter="data")
    made.unlink()
    return place / "考核评分"


def run(
    *command: str | Path, cwd: Path, path: str = "/empty", stdin: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run a program with nothing in its environment, so without Python on the path."""
    return subprocess.run(
        command,
        cwd=cwd,
        env={"PATH": path},
        input=stdin,
        check=False,
        capture_output=True,
        text=True,
    )


@pytest.fixture
def scores(folder: Path) -> Path:
    shutil.copytree(ROOT / "examples" / "scores", folder / "收到的评分表")
    return folder / "收到的评分表"


def test_a_clerk_sees_a_starter_and_how_to_use_it(unpacked: Path) -> None:
    names = {path.name for path in unpacked.iterdir()}
    assert names == {"开始考核.sh", "开始考核.desktop", "使用说明.txt", "program"}
    assert (unpacked / "使用说明.txt").read_text("utf-8-sig").startswith("电商扶贫考核评分")


def test_it_ranks_as_the_program_does(unpacked: Path, scores: Path) -> None:
    program = unpacked / "program" / "epa-score"
    ranked = run(program, "--lang", "zh", "rank", scores, cwd=scores.parent)
    expected = subprocess.run(
        [sys.executable, "-m", "epa_score", "--lang", "zh", "rank", str(scores)],
        check=True,
        capture_output=True,
        text=True,
    )
    assert "县商务局" in ranked.stdout
    assert (ranked.returncode, ranked.stdout, ranked.stderr) == (
        0,
        expected.stdout,
        expected.stderr,
    )


def test_it_marks_faulty_forms(unpacked: Path, folder: Path) -> None:
    program = unpacked / "program" / "epa-score"
    (folder / "收到的评分表").mkdir()
    (folder / "收到的评分表" / "甲镇.xlsx").write_bytes(edited(put("A3", "E", 9)))
    marked = run(program, "validate", "收到的评分表", "--mark", "退回", cwd=folder)
    assert marked.returncode == 1, marked.stderr
    assert "EPA104" in marked.stdout
    assert [path.name for path in (folder / "退回").rglob("*.xlsx")] == ["甲镇.xlsx"]


def test_it_writes_every_result(unpacked: Path, scores: Path) -> None:
    program = unpacked / "program" / "epa-score"
    formats = ["--xlsx", "--html", "--docx", "--json", "--csv", "--md"]
    done = run(program, "export", scores, "--rubric", "township", *formats, cwd=scores.parent)
    assert done.returncode == 0, done.stderr
    written = {path.suffix for path in scores.parent.iterdir() if path.is_file()}
    assert {".xlsx", ".html", ".docx", ".json", ".csv", ".md"} <= written


def test_it_has_rubrics_and_words_of_both_languages(unpacked: Path, folder: Path) -> None:
    program = unpacked / "program" / "epa-score"
    shipped = sorted(path.stem for path in (ROOT / "rubrics").iterdir())
    for lang in ("zh", "en"):
        listed = run(program, "--lang", lang, "rubrics", cwd=folder)
        assert listed.returncode == 0, listed.stderr
        assert [name for name in shipped if name not in listed.stdout] == []
        assert run(program, "--lang", lang, "explain", "EPA104", cwd=folder).returncode == 0


def test_several_processes_read_for_it(unpacked: Path, folder: Path) -> None:
    program = unpacked / "program" / "epa-score"
    ranked = run(program, "rank", "scores", "--format", "csv", cwd=write_province(folder))
    assert ranked.returncode == 0, ranked.stderr
    assert len(ranked.stdout.splitlines()) == 1101


def test_it_starts_as_quickly_as_the_program_itself(unpacked: Path, folder: Path) -> None:
    def fastest(*command: str | Path) -> float:
        times = []
        for _ in range(3):
            start = time.perf_counter()
            assert run(*command, "rubrics", "--quiet", cwd=folder).returncode == 0
            times.append(time.perf_counter() - start)
        return min(times)

    own = fastest(sys.executable, "-m", "epa_score")
    assert fastest(unpacked / "program" / "epa-score") < 3 * own


def test_the_starter_passes_a_dropped_folder_on(unpacked: Path, folder: Path) -> None:
    (folder / "a b").touch()
    done = run(unpacked / "开始考核.sh", "a b", cwd=folder, path="/usr/bin:/bin")
    assert done.returncode == 2
    assert done.stdout.startswith(f"{DROP_ONE}\na b\n")
    assert done.stdout.endswith("按回车键关闭窗口：")


def test_the_desktop_entry_starts_the_starter_beside_it(unpacked: Path, folder: Path) -> None:
    entry = (unpacked / "开始考核.desktop").read_text("utf-8")
    (line,) = [line for line in entry.splitlines() if line.startswith("Exec=")]
    command = desktop_command(line.removeprefix("Exec="))
    assert command[-2:] == ["%k", "%F"]
    (folder / "a b").touch()
    given = [*command[:-2], str(unpacked / "开始考核.desktop"), "a b"]
    done = run(*given, cwd=folder, path="/usr/bin:/bin")
    assert done.stdout.startswith(f"{DROP_ONE}\na b\n")


def desktop_command(text: str) -> list[str]:
    """The arguments of an ``Exec`` line, by the two rules of the Desktop Entry specification."""
    unescaped = text.replace("\\\\", "\\")  # of any text in the file
    arguments = [""]
    quoted = False
    characters = iter(unescaped)
    for character in characters:
        if quoted and character == "\\":
            arguments[-1] += next(characters)
        elif character == '"':
            quoted = not quoted
        elif character == " " and not quoted:
            arguments.append("")
        else:
            arguments[-1] += character
    return arguments


def test_development_tools_are_not_in_it(unpacked: Path) -> None:
    unneeded = unneeded_modules()
    assert {"PIL", "pytest", "hypothesis", "mypy", "setuptools"} <= {*unneeded}
    assert {"pydantic", "yaml", "docx", "lxml", "epa_score", "typer"}.isdisjoint(unneeded)
    inside = {path.name.split(".")[0] for path in (unpacked / "program" / "_internal").iterdir()}
    assert inside.isdisjoint(unneeded)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"LD_LIBRARY_PATH": "/bundle"}, {}),
        (
            {"LD_LIBRARY_PATH": "/bundle", "LD_LIBRARY_PATH_ORIG": "/own"},
            {"LD_LIBRARY_PATH": "/own"},
        ),
        ({"LD_LIBRARY_PATH": "/bundle", "LD_LIBRARY_PATH_ORIG": ""}, {}),
        ({}, {}),
    ],
)
def test_a_browser_finds_its_own_libraries(before: dict[str, str], after: dict[str, str]) -> None:
    restore_library_path(before)
    assert before == after


def test_another_system_makes_none(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(BundleError, match="is made on Linux"):
        make_linux_bundle(None)
    monkeypatch.setattr(sys, "argv", ["bundle", "--linux"])
    assert command_line.main() == 1
    assert capsys.readouterr().err == "dev.py bundle: a bundle for Linux is made on Linux\n"
