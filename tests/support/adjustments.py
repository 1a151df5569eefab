"""A rubric with bonuses and penalties, and sheets for it."""

from tests.support.rubrics import read_rubric, read_sheet_text

from epa_score import Rubric, ScoreSheet
from epa_score.readers.sheets import SheetFile

SECTIONS = """\
- {id: A, title: 甲, max: 60, items: [{id: A1, max: 60, text: 一}]}
- {id: B, title: 乙, max: 40, items: [{id: B1, max: 40, text: 二}]}
"""

ADJUSTMENTS = """\
adjustments:
  bonus:
    max: 6
    same_fact: once
    items:
      - {id: J1, text: 省级表彰, each: 2, max: 4}
      - {id: J2, text: 市级表彰, each: 1}
      - {id: J3, text: 市级竞赛, each: 1}
  penalty:
    same_fact: once
    items:
      - {id: K1, text: 通报批评, each: 1.5, max: 4}
      - {id: K2, text: 迟报, each: 0.5}
"""

TEXT = f"id: county\ntitle: 某县评分细则\ntotal: 100\nsections:\n{SECTIONS}{ADJUSTMENTS}"


def rubric_in(text: str) -> Rubric:
    found = read_rubric(text)
    assert found.rubric is not None, found.diagnostics
    return found.rubric


RUBRIC = rubric_in(TEXT)

PLAIN = rubric_in(TEXT.replace(ADJUSTMENTS, ""))

Facts = dict[str, list[str]]


def sheet_with(
    facts: object, first: str = "50", second: str = "30", unit: str = "甲"
) -> ScoreSheet:
    scores = {"A1": first, "B1": second}
    return ScoreSheet.model_validate(
        {"rubric": "county", "unit": unit, "scores": scores, "adjustments": facts}
    )


def read(text: str, rubric: Rubric = RUBRIC) -> SheetFile:
    return read_sheet_text(rubric, text)


SHEET = "rubric: county\nunit: 示例甲镇\nscores: {A1: 50, B1: 30}\n"


def shown(text: str) -> list[list[str]]:
    return [line.split("\t") for line in text.splitlines()]
