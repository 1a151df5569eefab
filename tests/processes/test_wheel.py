"""What a user installs: the wheel built from the sdist, in an empty environment far from here."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path, PurePosixPath
from zipfile import ZipFile

import pytest
from tests.support.paths import ROOT

pytestmark = pytest.mark.process

RUBRICS = sorted((ROOT / "rubrics").iterdir())


def run(*command: str | Path, cwd: Path) -> str:
    """Run a program that must succeed, without this process's Python settings; give its stdout."""
    surroundings = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "COVERAGE_", "EPA_SCORE_"))
    }
    done = subprocess.run(
        command,
        cwd=cwd,
        env=surroundings | {"EPA_SCORE_LANG": "zh", "PYTHONIOENCODING": "utf-8"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        encoding="utf-8",
        errors="backslashreplace",
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def build(target: str, source: Path, folder: Path) -> Path:
    """Build a distribution with the locked backend and find the one file that came of it."""
    run(sys.executable, "-m", "hatchling", "build", "-t", target, "-d", folder, cwd=source)
    (distribution,) = folder.iterdir()
    return distribution


@pytest.fixture(scope="module")
def unpacked_sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    sdist = build("sdist", ROOT, tmp_path_factory.mktemp("sdist"))
    unpacked = tmp_path_factory.mktemp("unpacked")
    run(sys.executable, "-m", "tarfile", "--extract", sdist, unpacked, cwd=unpacked)
    (folder,) = unpacked.iterdir()
    return folder


@pytest.fixture(scope="module")
def wheel(unpacked_sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("wheel", unpacked_sdist, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def epa_score(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Path of the program in an environment that holds the locked packages and the wheel."""
    folder = tmp_path_factory.mktemp("installed")
    run(sys.executable, "-m", "venv", "--without-pip", "environment", cwd=folder)
    scripts = folder / "environment" / ("Scripts" if os.name == "nt" else "bin")
    python = shutil.which("python", path=scripts)
    assert python
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet"]
    run(*pip, "--require-hashes", "--requirement", ROOT / "requirements" / "run.txt", cwd=folder)
    run(*pip, "--no-index", "--no-deps", wheel, cwd=folder)
    program = shutil.which("epa-score", path=scripts)
    assert program
    return Path(program)


def test_sdist_holds_what_building_and_testing_need(unpacked_sdist: Path) -> None:
    needed = [
        *["pyproject.toml", "dev.py", "README.md", "LICENSE", ".gitignore", ".ci/run"],
        *["rubrics/township.yaml", "rubrics/departments.yaml", "tests/processes/test_wheel.py"],
        *(f"requirements/{lock}.txt" for lock in ("run", "word", "build", "dev")),
        "examples/scores/示例甲镇.yaml",
    ]
    assert [name for name in needed if not (unpacked_sdist / name).is_file()] == []


def test_wheel_ships_the_checkouts_rubrics_byte_for_byte(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        shipped = {
            name: archive.read(name)
            for name in archive.namelist()
            if name.startswith("epa_score/shipped_rubrics/")
        }
    assert {"township.yaml", "departments.yaml"} <= {path.name for path in RUBRICS}
    assert shipped == {f"epa_score/shipped_rubrics/{r.name}": r.read_bytes() for r in RUBRICS}


def test_wheel_holds_the_package_and_nothing_else(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        names = archive.namelist()
    assert {"epa_score/py.typed", "epa_score/i18n/en.toml", "epa_score/i18n/zh_CN.toml"} <= {*names}
    folders = {PurePosixPath(name).parts[0].partition("-")[0] for name in names}
    assert folders == {"epa_score"}  # the package, and epa_score-VERSION.dist-info
    assert [name for name in names if "test" in name.lower()] == []


def test_wheels_licence_and_version_are_the_checkouts(wheel: Path, epa_score: Path) -> None:
    version = wheel.name.split("-")[1]
    with ZipFile(wheel) as archive:
        licence = archive.read(f"epa_score-{version}.dist-info/licenses/LICENSE")
    assert licence == (ROOT / "LICENSE").read_bytes()
    assert version in run(epa_score, "--version", cwd=epa_score.parent)


def test_installed_program_ranks_the_examples(epa_score: Path, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "examples" / "scores", tmp_path / "scores")
    ranking = run(epa_score, "rank", "scores/", "--rubric", "township", cwd=tmp_path)
    (first,) = [line.split() for line in ranking.splitlines() if "示例丙镇" in line]
    assert first[:2] == ["1", "示例丙镇"]


def test_installed_program_finds_its_rubrics_in_an_empty_folder(
    epa_score: Path, tmp_path: Path
) -> None:
    listed = run(epa_score, "rubrics", cwd=tmp_path)
    assert "township" in listed
    assert "departments" in listed


def test_installed_program_runs_the_first_example_in_an_empty_folder(
    epa_score: Path, tmp_path: Path
) -> None:
    example = (ROOT / "README.md").read_text("utf-8").split("\n## First example\n")[1]
    form, _, *sound = re.findall(r"^\$ epa-score (.*)$", example, re.MULTILINE)[:5]
    (sheet,) = re.findall(r"^```yaml\n(.*?)^```$", example, re.MULTILINE | re.DOTALL)
    run(epa_score, *form.split(), cwd=tmp_path)
    (blank,) = (tmp_path / "forms").iterdir()
    (tmp_path / "scores").mkdir()
    path = tmp_path / "scores" / blank.name
    path.write_text(sheet.replace("A3: 9", "A3: 6"), "utf-8")
    shown = [run(epa_score, *command.split(), cwd=tmp_path) for command in sound]
    assert [command.split()[0] for command in sound] == ["validate", "rank", "export"]
    assert "85.5" in shown[1]
    assert (tmp_path / "排名汇总.xlsx").is_file()


def test_lock_names_every_dependency_and_no_place() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    run_lock, word_lock, dev_lock = (
        (ROOT / "requirements" / name).read_text(encoding="utf-8")
        for name in ("run.txt", "word.txt", "dev.txt")
    )
    direct = {dependency.split(">=")[0].lower() for dependency in project["dependencies"]}
    locked = {line.split("==")[0] for line in run_lock.splitlines() if "==" in line}
    assert direct
    assert direct <= locked
    assert [
        line
        for line in (run_lock + dev_lock).splitlines()
        if not line.startswith(("#", "    --hash=sha256:")) and "==" not in line
    ] == []
    versions = [
        {line for line in lock.splitlines() if "==" in line}
        for lock in (run_lock, word_lock, dev_lock)
    ]
    assert versions[0] < versions[1] < versions[2]
