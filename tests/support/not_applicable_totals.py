"""A rubric with means, adjustments, vetoes and bands, and sheets for it."""

import json
from pathlib import Path

TEXT = """\
id: county
title: 某县评分细则
total: 100
sections:
  - id: A
    title: 甲
    max: 60
    items:
      - {id: A1, max: 20, text: 一, not_applicable: rescale}
      - {id: A2, max: 40, text: 二}
  - id: B
    title: 乙
    max: 40
    items:
      - {id: B1, max: 10, text: 三, not_applicable: exclude}
      - {id: B2, max: 30, text: 四, not_applicable: peer_mean}
adjustments:
  bonus: {items: [{id: J1, text: 表彰, each: 3}]}
  penalty: {items: [{id: K1, text: 通报, each: 2}]}
veto:
  - {id: V1, text: 重大事故, effect: exclude}
  - {id: V2, text: 弄虚作假, effect: fail}
bands:
  - {name: 优秀, at_least: 85}
  - {name: 良好, at_least: 70}
  - {name: 较差, at_least: 0}
"""

NO = {"not_applicable": "本镇没有这项业务"}

UNITS: dict[str, dict[str, object]] = {
    "甲镇": {
        "scores": {"A1": 15, "A2": 35, "B1": 9, "B2": NO},
        "adjustments": {"J1": ["一奖"], "K1": ["一报", "二报"]},
    },
    "乙镇": {"scores": {"A1": 20, "A2": 40, "B1": 10, "B2": 20}},
    "丙镇": {
        "scores": {"A1": NO, "A2": 30, "B1": NO, "B2": 25},
        "adjustments": {"J1": ["二奖"]},
        "veto": {"V2": "虚报网店"},
    },
    "丁镇": {
        "scores": {"A1": 20, "A2": 40, "B1": NO, "B2": 30},
        "adjustments": {"J1": ["三奖"]},
        "veto": {"V1": "库房火灾"},
    },
    "戊镇": {"scores": {"A1": 20, "A2": 40, "B1": 10, "B2": NO}, "veto": {"V1": "仓库塌方"}},
}
"""The mean of B2 is 45 / 2 = 22.5, as 丁镇 with 30 is excluded: 甲镇 has 59 + 22.5 + 3 - 4 = 80.5,
乙镇 90, 丙镇 30 x 60 / 40 + 25 + 3 = 73 out of 90 and the bonus, 丁镇 93, 戊镇 92.5."""


def set_up(folder: Path) -> None:
    """Write the rubric and a sheet for each unit into a folder."""
    for name in ("rubrics", "scores"):
        (folder / name).mkdir()
    (folder / "rubrics" / "county.yaml").write_text(TEXT, "utf-8")
    for unit, fields in UNITS.items():
        text = json.dumps({"rubric": "county", "unit": unit, **fields}, ensure_ascii=False)
        plain = text.replace(
            '"not_applicable": "本镇没有这项业务"', "not_applicable: 本镇没有这项业务"
        )
        (folder / "scores" / f"{unit}.yaml").write_text(plain, "utf-8")
