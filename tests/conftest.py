"""Fixtures that several test files share."""

import gc
import io
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.support.browser import CHROMIUM
from tests.support.commands import SURROUNDINGS, HandIn, Outcome, Run, hand_in_at
from tests.support.composites import prepare, set_apart
from tests.support.examples import choose_seed, register_profiles, seed_of
from tests.support.groups import GroupScheduling
from tests.support.office import SOFFICE
from tests.support.panels import set_up_county
from tests.support.paths import ROOT
from xdist.remote import Producer

from epa_score.cli.main import main

register_profiles()


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Choose the seed before Hypothesis asks for it."""
    choose_seed(config)


def pytest_report_header(config: pytest.Config) -> str | None:
    """Say how to draw the same examples again."""
    seed = seed_of(config)
    return None if seed is None else f"to draw the same examples again: --hypothesis-seed={seed}"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> GroupScheduling:
    """Let one worker run the tests of a group."""
    return GroupScheduling(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs LibreOffice or Chromium where there is none."""
    for item in items:
        if item.get_closest_marker("browser") and not CHROMIUM:
            item.add_marker(pytest.mark.skip(reason="Chromium is not installed"))
        if item.get_closest_marker("office") and not SOFFICE:
            item.add_marker(pytest.mark.skip(reason="LibreOffice (soffice) is not installed"))


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
            finally:  # a process of its own leaves what was imported out of any collection
                gc.unfreeze()
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
    return hand_in_at(folder)


@pytest.fixture
def year(folder: Path) -> Path:
    """The current folder with a composite result of two units."""
    prepare()
    return folder


@pytest.fixture
def apart(year: Path) -> Path:
    """The same with bonuses and penalties of the year, which are not weighted."""
    set_apart(year)
    return year


@pytest.fixture
def county(folder: Path) -> Path:
    """The current folder with a rubric of several assessors, and two units with two sheets."""
    set_up_county(folder)
    return folder
