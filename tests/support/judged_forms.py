"""Forms of a rubric with every treatment of items that do not apply."""

from io import BytesIO
from typing import Any

from tests.support.forms import Edit
from tests.support.not_applicable import sheet_of
from tests.support.rubrics import rubric_of_sections

from epa_score import Rubric, ScoreSheet
from epa_score.exporters.xlsx.form import Form, write_form
from epa_score.i18n import Words

WORDS = Words("zh_CN")

JUDGED = rubric_of_sections("""\
- id: A
  title: 物流
  max: 20
  items:
    - {id: A1, max: 5, text: 网点, not_applicable: rescale}
    - {id: A2, max: 8, text: 仓库}
    - {id: A3, max: 7, text: 车辆, not_applicable: rescale}
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
        - {id: C4, max: 5, text: 广播, not_applicable: rescale}
    - id: D
      title: 活动
      max: 10
      items:
        - {id: D1, max: 6, text: 活动, not_applicable: peer_mean}
        - {id: D2, max: 4, text: 展会}
- id: E
  title: 推广
  max: 6
  capped: true
  items:
    - {id: E1, max: 4, text: 典型, not_applicable: full}
    - {id: E2, max: 4, text: 经验, not_applicable: zero}
""")

POINTS: dict[str, object] = {
    "A1": "4.2",
    "A2": "6.55",
    "A3": 6,
    "C1": 3,
    "C2": 4,
    "C3": "2.1",
    "C4": "0.7",
    "D1": 5,
    "D2": "3.3",
    "E1": 1,
    "E2": 2,
}


def form_of(sheet: ScoreSheet | None = None, rubric: Rubric = JUDGED) -> bytes:
    written = BytesIO()
    write_form(Form(rubric, "示例甲镇", sheet), written, Words(rubric.lang))
    return written.getvalue()


def judged(**changed: object) -> ScoreSheet:
    return sheet_of("示例甲镇", JUDGED, {**POINTS, **changed})


def all_edits(*edits: Edit) -> Edit:
    def edit(workbook: Any) -> None:
        for one in edits:
            one(workbook)

    return edit
