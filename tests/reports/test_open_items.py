"""Items that not all assessors have scored: they have no loss, and no part in a mean."""

import csv
from io import StringIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.support.commands import Run
from tests.support.documents import opened

RUBRIC = """\
id: pa
title: 某县评比评分细则
total: 20
panel: {by: item, method: median, minimum: 3}
units: [甲镇, 乙镇]
sections:
  - id: A
    title: 展示
    max: 20
    items: [{id: A1, max: 10, text: 子一}, {id: A2, max: 10, text: 子二}]
"""
GIVEN = {"甲镇": ("6 7", "7 6", "8 7"), "乙镇": ("10 8", "10 9")}
"""The points of each assessor; without the third, 乙镇 has a median of 10 in A1 and 8 in A2."""


@pytest.fixture
def panel(folder: Path) -> Path:
    (folder / "rubrics").mkdir(exist_ok=True)
    (folder / "scores").mkdir(exist_ok=True)
    (folder / "rubrics" / "pa.yaml").write_text(RUBRIC, "utf-8")
    for unit, sheets in GIVEN.items():
        for number, points in enumerate(sheets, 1):
            first, second = points.split()
            text = f"rubric: pa\nunit: {unit}\nassessor: 评委{number}\n"
            text += f"scores: {{A1: {first}, A2: {second}}}\n"
            (folder / "scores" / f"{unit}{number}.yaml").write_text(text, "utf-8")
    return folder


def text_of(path: Path) -> str:
    """All text of a document, with that of its tables."""
    return "".join(str(part) for part in opened(path.read_bytes()).element.body.itertext())


def test_means_are_those_of_scored_items_alone(panel: Path, run: Run) -> None:
    assert run("export", "--xlsx", "--provisional", "-o", "x.xlsx").code == 0
    workbook = load_workbook(panel / "x.xlsx", data_only=True)
    analysis = list(workbook["分项分析"].iter_rows(values_only=True))
    assert [row[3:8] for row in analysis if row[0] in ("A1", "A2")] == [
        (7, 0.7, 0, 0, 1),
        (7, 0.7, 0, 0, 1),
    ]
    rates = {row[1] or row[0]: row[2:4] for row in workbook["得分率"].iter_rows(values_only=True)}
    assert (rates["甲镇"], rates["乙镇"], rates["平均"]) == ((0.7, 0.7), (1, 0.8), (0.7, 0.7))
    scores = {
        row[1] or row[0]: row[2:4] for row in workbook["得分明细"].iter_rows(values_only=True)
    }
    assert (scores["甲镇"], scores["乙镇"], scores["平均分"]) == ((7, 7), (10, 8), (7, 7))
    formulas = load_workbook(panel / "x.xlsx")["得分明细"].iter_rows(values_only=True)
    assert [row[2:4] for row in formulas if row[0] == "平均分"] == [(7, 7)]
    losses = [row[0] for row in workbook["扣分明细"].iter_rows(values_only=True)]
    assert ("甲镇" in losses, "乙镇" in losses) == (True, False)


def test_a_notice_tells_of_how_many_units_its_rates_are(panel: Path, run: Run) -> None:
    assert run("export", "--docx", "--provisional").code == 0
    assert "满分10分，按考核到的1个单位计算" in text_of(panel / "通报.docx")


def test_no_open_item_is_a_loss_or_has_full_marks(panel: Path, run: Run) -> None:
    assert run("export", "--docx", "--feedback", "--provisional").code == 0
    own, _, _ = text_of(panel / "反馈单.docx").partition("甲镇：")
    assert "失分项目（无）" in own
    assert "扣 " not in own
    assert "得满分：" not in own
    assert "A1" in own.partition("其他情况")[2]


@pytest.mark.usefixtures("panel")
def test_programs_are_told_of_open_items_whatever_points_they_have(run: Run) -> None:
    table = run("export", "--csv", "--long", "--provisional", "-o", "-")
    items = [row for row in csv.DictReader(StringIO(table.out.decode())) if row["kind"] == "item"]
    assert [(row["unit"], float(row["points"]), row["state"]) for row in items] == [
        ("乙镇", 10, "unscored"),
        ("乙镇", 8, "unscored"),
        ("甲镇", 7, "scored"),
        ("甲镇", 7, "scored"),
    ]
