"""A deduction without a reason is a warning of `validate`, once a sheet, and of nothing else."""

import json
from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.support.commands import Run, codes

from epa_score.cli.main import main

RUBRIC = """\
id: small
title: 某县评分细则（乡镇）
total: 10
decimals: {decimals}
sections:
  - id: A
    title: 甲
    max: 10
    items:
      - {{id: A1, max: 6, text: 一}}
      - {{id: A2, max: 4, text: 二, rule: {{deduct: {{each: 0.5}}}}}}
"""


@pytest.fixture
def sheet(folder: Path) -> Path:
    (folder / "rubrics").mkdir()
    (folder / "rubrics" / "small.yaml").write_text(RUBRIC.format(decimals=1), "utf-8")
    (folder / "scores").mkdir()
    return folder / "scores" / "甲镇.yaml"


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        ("5", ["EPA443"]),
        ("{score: 5, note: 材料不全}", []),
        ("{score: 5, evidence: [档案]}", ["EPA443"]),
        ("6", []),
        ("7", ["EPA104"]),
    ],
)
def test_points_below_the_cap_need_a_reason(
    points: str, expected: list[str], sheet: Path, run: Run
) -> None:
    sheet.write_text(
        f"rubric: small\nunit: 甲镇\nscores:\n  A1: {points}\n  A2: {{value: 1}}\n", "utf-8"
    )
    outcome = run("validate")
    assert codes(outcome.text) == expected
    assert outcome.code == (1 if "EPA104" in expected else 0)


def test_no_other_command_asks_and_no_copy_is_marked(sheet: Path, run: Run, folder: Path) -> None:
    sheet.write_text("rubric: small\nunit: 甲镇\nscores: {A1: 5, A2: {value: 1}}\n", "utf-8")
    for command in (("rank",), ("total",), ("export", "--xlsx")):
        outcome = run(*command)
        assert outcome.code == 0
        assert "EPA443" not in outcome.text + outcome.said, command
    found = json.loads(run("validate", "--format", "json").out)["diagnostics"]
    assert [(entry["severity"], entry["data"]["items"]) for entry in found] == [("warning", ["A1"])]
    assert run("convert", "scores", "-o", "forms").code == 0
    outcome = run("validate", "forms", "--mark", "退回")
    assert (outcome.code, codes(outcome.text)) == (0, ["EPA443"])
    assert not list(folder.glob("退回/*"))


@pytest.mark.parametrize(
    ("decimals", "said"), [(0, "须为整数"), (1, "最多保留一位小数"), (2, "最多保留两位小数")]
)
def test_a_form_says_which_points_may_be_given_and_asks_for_reasons_in_yellow(
    decimals: int, said: str, sheet: Path, folder: Path
) -> None:
    rubric = RUBRIC.replace("0.5", "1").format(decimals=decimals)
    (folder / "rubrics" / "small.yaml").write_text(rubric, "utf-8")
    assert sheet.parent.is_dir()
    assert main(["--quiet", "form", "--rubric", "small", "--xlsx", "-o", "form.xlsx"]) == 0
    page = load_workbook("form.xlsx").worksheets[0]
    (advice,) = (cell.value for cell in page["A"] if str(cell.value).startswith("注："))
    assert advice.startswith(f"注：各项得分不得超过分值，{said}；扣分须写明原因。只填写黄色格")
    (row,) = (cell.row for cell in page["B"] if cell.value == "A1")
    fills = {page.cell(row, column).fill.fgColor.rgb for column in (5, 6)}
    assert fills == {"FFFFF9E5"}
    assert not page.cell(row, 6).protection.locked
