"""A rubric with every treatment of items that do not apply, and sheets for it."""

from collections.abc import Mapping

from tests.support.rubrics import (
    rubric_of_sections,
)

from epa_score import Result, Rubric, ScoreSheet, score

SECTIONS = """\
- id: A
  title: 物流
  max: 20
  items:
    - {id: A1, max: 5, text: 网点, not_applicable: rescale}
    - {id: A2, max: 8, text: 仓库}
    - {id: A3, max: 7, text: 车辆, rule: {deduct: {each: 1}}, not_applicable: rescale}
- id: B
  title: 宣传
  max: 30
  sections:
    - id: C
      title: 媒体
      max: 20
      items:
        - {id: C1, max: 5, text: 报纸, not_applicable: exclude}
        - {id: C2, max: 5, text: 电视, not_applicable: zero}
        - {id: C3, max: 5, text: 网络, not_applicable: full}
        - {id: C4, max: 5, text: 广播, not_applicable: peer_mean}
    - {id: D, title: 活动, max: 10, items: [{id: D1, max: 10, text: 活动}]}
"""

RUBRIC = rubric_of_sections(SECTIONS)

WHOLE = {"A1": 4, "A2": 6, "A3": {"value": 1}, "C1": 3, "C2": 4, "C3": 2, "C4": 4, "D1": 9}

NO = {"not_applicable": "本镇没有这项业务"}


def sheet_of(unit: str, rubric: Rubric, scores: Mapping[str, object]) -> ScoreSheet:
    fields = {"rubric": rubric.id, "unit": unit, "scores": scores}
    return ScoreSheet.model_validate(fields)


def changed_sheet(unit: str = "示例甲镇", /, **changed: object) -> ScoreSheet:
    return sheet_of(unit, RUBRIC, {**WHOLE, **changed})


def map_score(rubric: Rubric, sheets: list[ScoreSheet]) -> list[Result]:
    return [score(rubric, sheet) for sheet in sheets]
