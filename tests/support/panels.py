"""A rubric that several assessors fill in, and their sheets."""

import re
from pathlib import Path
from typing import Any

from tests.support.paths import ROOT
from tests.support.rubrics import rubric_of_items, rubric_of_sections

from epa_score import Rubric, ScoreSheet

ITEMS = """\
- {id: A1, max: 10, text: 台账}
- {id: A2, max: 6, text: 宣传}
"""

JURY = ROOT / "examples" / "rubrics" / "jury"

BY_HAND = re.compile(r"^#   合成总分 .*?= ([0-9.]+)，第 ([0-9]) 名", re.MULTILINE)

FINAL = re.compile(r"：折算分 (?:.*= )?([0-9.]+)，名次分 ([0-9.]+)$", re.MULTILINE)


def rubric_with(panel: str = "{method: mean, by: item, minimum: 3, gap: 2}", *more: str) -> Rubric:
    return rubric_of_items(ITEMS, f"panel: {panel}", *more)


def sheet(assessor: str | None, unit: str = "示例甲镇", **scores: Any) -> ScoreSheet:
    fields = {"rubric": "county", "unit": unit, "assessor": assessor}
    return ScoreSheet.model_validate({**fields, "scores": scores})


BOUNDED = """\
- id: P
  title: 报送
  max: 10
  pool: items
  floor: 4
  items:
    - {id: A1, max: 10, text: 迟报, rule: {deduct: {each: 2}}}
    - {id: A2, max: 10, text: 错报, rule: {deduct: {each: 1}}}
- id: Q
  title: 推广
  max: 5
  capped: true
  items: [{id: B1, max: 4, text: 典型}, {id: B2, max: 4, text: 宣传}]
"""


def bounded_rubric(panel: str) -> Rubric:
    """A rubric whose sums have bounds: a pool with a floor, and a capped section."""
    return rubric_of_sections(BOUNDED, f"panel: {panel}")


def bounded_sheet(assessor: str, late: int, wrong: int, *points: str) -> ScoreSheet:
    """A sheet of the `bounded_rubric`."""
    a1, a2 = {"value": late}, {"value": wrong}
    return sheet(assessor, A1=a1, A2=a2, B1=points[0], B2=points[1])


COUNTY = """\
id: county
title: 某县考核评分细则
total: 20
panel: {method: mean, by: item, minimum: 2, gap: 3}
sections:
  - id: A
    title: 日常工作
    max: 20
    items:
      - {id: A1, max: 10, text: 台账, rule: {deduct: {each: 1}, hard_zero: [造假]}}
      - {id: A2, max: 10, text: 宣传}
"""


def hand_in(unit: str, assessor: str, late: object, points: str, *more: str) -> Path:
    path = Path("scores", f"{unit}-{assessor}.yaml")
    head = ["rubric: county", f"unit: {unit}", f"assessor: {assessor}", *more, "scores:"]
    facts = f"  A1: {{value: {late}, 造假: 否}}"
    path.write_text("\n".join([*head, facts, f"  A2: {points}"]) + "\n", "utf-8")
    return path


def set_up_county(folder: Path) -> None:
    """Write the rubric into the current folder, and two units with two sheets."""
    (folder / "rubrics").mkdir()
    (folder / "scores").mkdir()
    (folder / "rubrics" / "county.yaml").write_text(COUNTY, "utf-8")
    hand_in("示例甲镇", "张三", 1, "9")
    hand_in("示例甲镇", "李四", 2, "{score: 8, note: 少一期, evidence: [简报]}")
    hand_in("示例乙镇", "张三", 3, "9")
    hand_in("示例乙镇", "李四", 3, "8")
