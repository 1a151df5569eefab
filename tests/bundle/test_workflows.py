"""The workflows of the public CI: sound, and of one mind with the checkout."""

import re
import subprocess
import sys
import sysconfig
import tomllib
from pathlib import Path

import pytest
from bundle.embeddable import PUBLISHED
from tests.support.paths import ROOT

FOLDER = ROOT / ".github" / "workflows"
WORKFLOWS = {path.name: path.read_text("utf-8") for path in sorted(FOLDER.glob("*.yml"))}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    zizmor = Path(sysconfig.get_path("scripts")) / "zizmor"
    command = [str(zizmor), "--offline", "--no-progress", str(folder)]
    return subprocess.run(command, check=False, capture_output=True, text=True, cwd=folder)


@pytest.mark.process
def test_zizmor_finds_nothing() -> None:
    done = lint(FOLDER)
    assert done.returncode == 0, done.stdout + done.stderr
    assert all(name in done.stderr for name in WORKFLOWS)


@pytest.mark.process
@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        pytest.param("runs-on:", "run-on:", id="a key that is misspelled"),
        pytest.param("@08c6903cd8c0fde910a37f88322edcfb5dd907a8", "@main", id="a branch"),
        pytest.param("permissions:\n  contents: read\n", "", id="every permission"),
    ],
)
def test_zizmor_finds_what_is_wrong(right: str, wrong: str, tmp_path: Path) -> None:
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    assert right in WORKFLOWS["ci.yml"]
    (folder / "ci.yml").write_text(WORKFLOWS["ci.yml"].replace(right, wrong), "utf-8")
    assert lint(tmp_path).returncode != 0


def test_every_action_is_a_commit() -> None:
    used = [use for text in WORKFLOWS.values() for use in re.findall(r"uses: (.*)", text)]
    assert len(used) >= 5
    pinned = re.compile(r"actions/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
    assert [use for use in used if not pinned.fullmatch(use)] == []


def test_every_supported_python_is_tested_on_every_system() -> None:
    (pythons,) = re.findall(r"python: \[(.*)\]", WORKFLOWS["ci.yml"])
    classifiers = "\n".join(PROJECT["project"]["classifiers"])
    supported = re.findall(r"Python :: (3\.\d+)", classifiers)
    assert re.findall(r"[\d.]+", pythons) == supported
    (systems,) = re.findall(r"system: \[(.*)\]", WORKFLOWS["ci.yml"])
    assert re.findall("ubuntu|windows|macos", systems) == ["ubuntu", "windows", "macos"]


def test_what_is_left_out_are_markers() -> None:
    (expression,) = re.findall(r'-m "(.*)"', WORKFLOWS["ci.yml"])
    page = (ROOT / "docs" / "bundle.md").read_text("utf-8")
    assert f'dev.py test -m "{expression}"' in page
    markers = {line.split(":")[0] for line in PROJECT["tool"]["pytest"]["ini_options"]["markers"]}
    left_out = re.findall(r"not (\w+)", expression)
    assert left_out
    assert {*left_out} <= markers


def test_the_python_of_the_bundle_is_a_known_one() -> None:
    text = WORKFLOWS["bundle.yml"]
    (name,) = re.findall(r"EMBEDDABLE: (.*)", text)
    (address,) = re.findall(r"EMBEDDABLE_URL: (.*)", text)
    version = name.removeprefix("python-").removesuffix("-embed-amd64.zip")
    assert version in PUBLISHED.values()
    assert address == f"https://www.python.org/ftp/python/{version}/{name}"


@pytest.mark.process
@pytest.mark.parametrize("options", re.findall(r"dev\.py bundle (--\w+)", WORKFLOWS["bundle.yml"]))
def test_commands_of_the_workflow_are_those_of_dev_py(options: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bundle", "--help"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    assert options in done.stdout
