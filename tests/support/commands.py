"""Command lines inside this process: how they are run, and what they come to."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple, Protocol

WORKBOOK = "排名汇总.xlsx"
FULL_MARKS = "A1: 2, A2: 4, B1: 4"
ESCAPE = b"\x1b"

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


def hand_in_at(folder: Path) -> HandIn:
    """Write the rubric `small` into a folder, and give a way to hand in sheets for it."""
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


def rows(outcome: Outcome) -> list[dict[str, Any]]:
    """The result of `--format json`."""
    found = json.loads(outcome.out)
    assert isinstance(found, list)
    assert found
    return found


def ranked(run: Run, *arguments: str) -> list[dict[str, Any]]:
    """The rows of a ranking, as programs get them."""
    outcome = run("rank", "--format", "json", "--quiet", *arguments)
    assert outcome.code == 0, outcome.said
    return rows(outcome)


def by_unit(outcome: Outcome, field: str) -> dict[str, Any]:
    """One field of every row, by unit, in the order of the rows."""
    return {row["unit"]: row[field] for row in rows(outcome)}


def cells(outcome: Outcome) -> list[list[str]]:
    """The cells of a tab-separated result."""
    return [line.split("\t") for line in outcome.text.splitlines()]


def codes(text: str) -> list[str]:
    """The codes of the diagnostics in a text."""
    return re.findall(r"\[(EPA[0-9]{3})\]", text)
