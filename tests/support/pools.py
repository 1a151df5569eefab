"""A rubric with pools and a capped section, and sheets for it."""

from decimal import Decimal

from hypothesis import strategies as st
from tests.support.rubrics import rubric_of_sections

from epa_score import ScoreSheet

SECTIONS = """\
- id: P
  title: 报送
  max: 20
  pool: items
  floor: 5
  items:
    - {id: A1, max: 20, text: 迟报, rule: {deduct: {each: 0.5}}}
    - {id: A2, max: 4, text: 错报, rule: {deduct: {each: 1}}}
- id: Q
  title: 推广
  max: 15
  capped: true
  sections:
    - id: R
      title: 典型
      max: 10
      capped: true
      items:
        - {id: B1, max: 8, text: 典型, rule: {count: {each: 2}}}
        - {id: B2, max: 6, text: 宣传}
    - {id: S, title: 荣誉, max: 9, items: [{id: C1, max: 9, text: 荣誉}]}
- id: T
  title: 班子
  max: 7
  items: [{id: D1, max: 7, text: 班子}]
"""

RUBRIC = rubric_of_sections(SECTIONS)

POINTS = st.integers(0, 24).map(lambda quarters: Decimal(quarters) / 4)


def sheet_of(unit: str, late: int, wrong: int, found: int, *points: Decimal) -> ScoreSheet:
    told, honour, team = points
    scores = {
        "A1": {"value": late},
        "A2": {"value": wrong},
        "B1": {"value": found},
        "B2": told,
        "C1": honour,
        "D1": team,
    }
    return ScoreSheet.model_validate({"rubric": RUBRIC.id, "unit": unit, "scores": scores})
