"""Fixtures that several test files share."""

import io
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import settings
from tests.support.commands import SMALL, SURROUNDINGS, HandIn, Outcome, Run
from tests.support.composites import ADJUSTED, ANNUAL, MONTHLY, prepare, rubric_of, write_composite
from tests.support.panels import COUNTY, hand_in
from tests.support.paths import ROOT

from epa_score.cli.main import main

settings.register_profile("steady", deadline=None, derandomize=True, print_blob=False)
settings.load_profile("steady")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command line inside this process; nobody's terminal or locale matters."""

    def started(
        *arguments: str | Path,
        lang: str | None = "zh",
        stdin: bytes = b"",
        env: Mapping[str, str | None] = SURROUNDINGS,
    ) -> Outcome:
        given = [*(["--lang", lang] if lang else []), *map(str, arguments)]
        raw = {"stdin": io.BytesIO(stdin), "stdout": io.BytesIO(), "stderr": io.BytesIO()}
        with monkeypatch.context() as patch:
            for name, value in {**SURROUNDINGS, **env}.items():
                if value is None:
                    patch.delenv(name, raising=False)
                else:
                    patch.setenv(name, value)
            wrappers = [
                io.TextIOWrapper(stream, "utf-8", write_through=True) for stream in raw.values()
            ]
            for name, wrapper in zip(raw, wrappers, strict=True):
                patch.setattr(sys, name, wrapper)
            try:
                code: object = main(given)
            except SystemExit as end:  # how typer ends a completion
                code = end.code
            for wrapper in wrappers:
                wrapper.detach()
        assert isinstance(code, int)
        return Outcome(code, raw["stdout"].getvalue(), raw["stderr"].getvalue())

    return started


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, and the current one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def examples(folder: Path) -> Path:
    """A folder, and the current one, with the example sheets in `scores/`."""
    shutil.copytree(ROOT / "examples" / "scores", folder / "scores")
    return folder


@pytest.fixture
def small(folder: Path) -> HandIn:
    """The current folder with the rubric `small`, and a way to hand in sheets for it."""
    (folder / "rubrics").mkdir()
    (folder / "rubrics" / "small.yaml").write_text(SMALL, "utf-8")
    (folder / "scores").mkdir()

    def hand_in(unit: str, scores: str, *more: str, name: str = "") -> Path:
        number = sum(1 for _ in (folder / "scores").iterdir())
        path = folder / "scores" / (name or f"{number:03}.yaml")
        lines = ["rubric: small", f"unit: {unit}", *more, f"scores: {{{scores}}}"]
        path.write_text("\n".join(lines) + "\n", "utf-8")
        return path

    return hand_in


@pytest.fixture
def year(folder: Path) -> Path:
    """The current folder with a composite result of two units."""
    prepare()
    return folder


@pytest.fixture
def apart(year: Path) -> Path:
    """The same with bonuses and penalties of the year, which are not weighted."""
    (year / "rubrics" / "annual.yaml").write_text(rubric_of("annual", 100) + ADJUSTED, "utf-8")
    write_composite(ANNUAL.replace("}", ", adjustments: apart}"), MONTHLY)
    for unit, said in {"甲镇": "{J1: [全省现场会, 全国表彰]}", "乙镇": "{K1: 县委通报}"}.items():
        path = year / "annual" / f"{unit}-2018.yaml"
        path.write_text(f"{path.read_text('utf-8')}adjustments: {said}\n", "utf-8")
    return year


@pytest.fixture
def county(folder: Path) -> Path:
    """The current folder with a rubric of several assessors, and two units with two sheets."""
    (folder / "rubrics").mkdir()
    (folder / "scores").mkdir()
    (folder / "rubrics" / "county.yaml").write_text(COUNTY, "utf-8")
    hand_in("示例甲镇", "张三", 1, "9")
    hand_in("示例甲镇", "李四", 2, "{score: 8, note: 少一期, evidence: [简报]}")
    hand_in("示例乙镇", "张三", 3, "9")
    hand_in("示例乙镇", "李四", 3, "8")
    return folder
