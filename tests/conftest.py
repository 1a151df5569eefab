"""Fixtures that several test files share."""

import io
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple, Protocol

import pytest
from hypothesis import settings
from tests.support.paths import ROOT

from epa_score.cli.main import main

settings.register_profile("steady", deadline=None, derandomize=True, print_blob=False)
settings.load_profile("steady")


SURROUNDINGS: Mapping[str, str | None] = {
    "COLUMNS": "80",
    "LINES": "25",
    "TERM": "xterm",
    "EPA_SCORE_LANG": None,
    "EPA_SCORE_DEBUG": None,
    "NO_COLOR": None,
}
"""What every run finds in its environment, wherever the tests are run."""

SMALL = """\
id: small
title: 小细则
total: 10
sections:
  - id: A
    title: 领导重视
    max: 6
    items:
      - {id: A1, max: 2, text: 有人负责。}
      - {id: A2, max: 4, text: 有方案。}
  - id: B
    title: 宣传
    max: 4
    items:
      - {id: B1, max: 4, text: 有宣传。}
"""
"""A rubric of three items, for tests that are about something else."""


class Outcome(NamedTuple):
    """What a run of the program came to: the exit code, and the bytes of its two streams."""

    code: int
    out: bytes
    err: bytes

    @property
    def text(self) -> str:
        """The result as text."""
        return self.out.decode()

    @property
    def said(self) -> str:
        """The messages as text."""
        return self.err.decode()


class Run(Protocol):
    """Runs `epa-score` inside this process."""

    def __call__(
        self,
        *arguments: str | Path,
        lang: str | None = "zh",
        stdin: bytes = b"",
        env: Mapping[str, str | None] = SURROUNDINGS,
    ) -> Outcome:
        """Run with `--lang lang`; a variable of ``env`` that is ``None`` is not set."""


class HandIn(Protocol):
    """Writes a score sheet."""

    def __call__(self, unit: str, scores: str, *more: str, name: str = "") -> Path:
        """Write ``unit`` and the flow mapping ``scores`` with ``more`` lines in front."""


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
