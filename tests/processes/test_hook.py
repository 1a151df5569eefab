"""The hook for prek and pre-commit, run by prek in a repository of its own, without a network."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from tests.support.forms import edited, put
from tests.support.paths import ROOT
from tests.support.processes import SLOW, posix, surroundings

pytestmark = [pytest.mark.process, posix]

MANIFEST = ROOT / ".pre-commit-hooks.yaml"
TRIED = (ROOT / "examples" / "scores" / "示例甲镇.yaml").read_text("utf-8")

Prek = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def prek(tmp_path: Path) -> Prek:
    """A repository in which the hook is set up, and a way to run prek there."""
    (hook,) = yaml.safe_load(MANIFEST.read_text("utf-8"))
    # From a checkout prek would install the package; here the program is the one under test.
    local = {"repos": [{"repo": "local", "hooks": [hook | {"language": "system"}]}]}
    repository, programs = tmp_path / "repository", tmp_path / "bin"
    for folder in (repository / "2018" / "scores", repository / "rubrics", programs):
        folder.mkdir(parents=True)
    (repository / ".pre-commit-config.yaml").write_text(yaml.safe_dump(local), "utf-8")
    program = programs / "epa-score"
    program.write_text(f"#!/bin/sh\nexec '{sys.executable}' -m epa_score \"$@\"\n", "utf-8")
    program.chmod(0o755)
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    environment = surroundings(PATH=path, PREK_HOME=str(tmp_path / "prek"), HOME=str(tmp_path))

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        subprocess.run(["git", "add", "--all"], cwd=repository, check=True, env=environment)
        return subprocess.run(
            [sys.executable, "-m", "prek", *arguments],
            cwd=repository,
            env=environment,
            capture_output=True,
            encoding="utf-8",
            timeout=SLOW,
            check=False,
        )

    subprocess.run(["git", "init", "--quiet"], cwd=repository, check=True, env=environment)
    return run


@pytest.fixture
def repository(prek: Prek, tmp_path: Path) -> Path:
    """The folder of that repository."""
    assert prek is not None
    return tmp_path / "repository"


def test_the_manifest_is_valid(prek: Prek) -> None:
    done = prek("validate-manifest", str(MANIFEST))
    assert done.returncode == 0, done.stderr


def test_sound_sheets_rubrics_and_forms_pass(prek: Prek, repository: Path) -> None:
    other = TRIED.replace("示例甲镇", "示例丁镇")
    (repository / "2018" / "scores" / "丁 镇.yaml").write_text(other, "utf-8")
    (repository / "2018" / "scores" / "乙镇.XLSX").write_bytes(edited(put("A3", "E", 8)))
    (repository / "2018" / "collected forms").mkdir()
    form = repository / "2018" / "collected forms" / "戊镇.yaml"
    form.write_text(TRIED.replace("示例甲镇", "示例戊镇"), "utf-8")
    shipped = (ROOT / "rubrics" / "township.yaml").read_text("utf-8")
    (repository / "rubrics" / "township.yml").write_text(shipped, "utf-8")
    done = prek("run", "--all-files", "--verbose")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Passed" in done.stdout
    assert "files: 4" in done.stdout


def test_faulty_files_of_every_kind_stop_the_commit(prek: Prek, repository: Path) -> None:
    sheet = TRIED.replace("A1: 3", "A1: 9")
    assert sheet != TRIED
    (repository / "2018" / "scores" / "甲 镇.yaml").write_text(sheet, "utf-8")
    (repository / "2018" / "scores" / "乙镇.xlsx").write_bytes(edited(put("A3", "E", 99)))
    (repository / "rubrics" / "own.yaml").write_text("id: own\nsections: []\n", "utf-8")
    done = prek("run", "--all-files")
    assert done.returncode == 1
    assert "2018/scores/甲 镇.yaml:8:7: error[EPA104]" in done.stdout
    assert "2018/scores/乙镇.xlsx 评分表!E7: error[EPA104]" in done.stdout
    assert "rubrics/own.yaml:" in done.stdout


def test_two_sheets_of_one_unit_stop_the_commit(prek: Prek, repository: Path) -> None:
    for name in ("甲镇", "甲镇 (2)"):
        (repository / "2018" / "scores" / f"{name}.yaml").write_text(TRIED, "utf-8")
    done = prek("run", "--all-files")
    assert done.returncode == 1
    assert "error[EPA114]" in done.stdout


def test_other_files_are_none_of_the_hooks(prek: Prek, repository: Path) -> None:
    (repository / "docker-compose.yaml").write_text("services: {}\n", "utf-8")
    (repository / "2018" / "scores" / "~$甲镇.xlsx").write_bytes(b"lock")
    (repository / "2018" / "scores" / "说明.txt").write_text("说明\n", "utf-8")
    (repository / "rubrics" / "评分细则.xlsx").write_bytes(edited())
    done = prek("run", "--all-files")
    assert done.returncode == 0, done.stdout
    assert "no files to check" in done.stdout
