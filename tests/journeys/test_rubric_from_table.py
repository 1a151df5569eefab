"""From somebody's table to a ranking: a rubric is made, completed, checked and used."""

import json
from pathlib import Path

import pytest
from tests.support.commands import Run, codes
from tests.support.rubric_tables import save_table

from epa_score.i18n import LANGUAGES

TABLE = [
    ("某县村级电商考核评分细则",),
    ("序号", "考核指标", "考核内容", "评分标准", "分值", "责任部门"),
    (1, "组织领导（40分）", "机构", "有专人负责。", 25, "县商务局"),
    (2, None, "制度", "制度健全。", None, "县商务局"),
    (3, "工作成效（60分）", "销售", "年销售额 50 万元以上。", 60, "县统计局"),
    ("合计", None, None, None, 100),
]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_table_with_an_open_place_becomes_a_ranking(
    folder: Path, run: Run, language: str
) -> None:
    save_table(folder / "village.xlsx", TABLE, ["B3:B4", "A6:D6"])
    made = run("rubrics", "new", "village.xlsx", "-o", "rubrics/village.yaml", lang=language)
    assert (made.code, codes(made.said)) == (1, ["EPA231"])
    assert "village.xlsx Sheet1!C4" in made.said
    rubric = folder / "rubrics" / "village.yaml"
    refused = run("form", "--rubric", "village", "--unit", "示例甲村", lang=language)
    assert (refused.code, codes(refused.said)) == (1, ["EPA023"])
    open_lines = [line for line in rubric.read_text("utf-8").splitlines() if "<-" in line]
    assert [line.partition("#")[0].strip() for line in open_lines] == ["max:"]
    rubric.write_text(rubric.read_text("utf-8").replace("max:   #", "max: 15   #"), "utf-8")
    checked = run("rubrics", "check", "village", lang=language)
    assert (checked.code, codes(checked.text)) == (0, ["EPA253"])
    (folder / "scores").mkdir()
    for unit, points in (("示例甲村", "20"), ("示例乙村", "25")):
        form = run("form", "--rubric", "village", "--unit", unit, lang=language).text
        filled = form.replace("A1:", f"A1: {points}").replace("A2:", "A2: 15")
        (folder / "scores" / f"{unit}.yaml").write_text(filled.replace("B1:", "B1: 50"), "utf-8")
    ranked = run("rank", "--rubric", "village", "--format", "json", lang=language)
    totals = [(line["unit"], line["total"]) for line in json.loads(ranked.text)]
    assert totals == [("示例乙村", "90"), ("示例甲村", "85")]
