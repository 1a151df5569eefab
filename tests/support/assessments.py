"""Folders of assessments: made, filled, and what a run left in them."""

import re
from html import unescape
from pathlib import Path

from openpyxl import load_workbook
from tests.support.commands import SMALL, Run

from epa_score.exporters.xlsx.form import Form, write_form
from epa_score.i18n import Words
from epa_score.readers import load_rubric, load_sheet

UNITS = ("甲镇", "乙镇", "丙镇")
FOLDER = "2018年考核"
COLLECTED, RETURNED, RESULTS = (f"{FOLDER}/{name}" for name in ("收到的评分表", "退回", "结果"))
PAGE = f"{RESULTS}/收表情况.html"
LIST = f"{RETURNED}/退改清单.html"


def make(run: Run, *options: str) -> None:
    """Make an assessment of three units by a small rubric, in the current folder."""
    Path("rubrics").mkdir(exist_ok=True)
    Path("rubrics/small.yaml").write_text(SMALL, "utf-8")
    Path("roster.txt").write_text("\n".join(UNITS), "utf-8")
    given = ("--rubric", "small", "--roster", "roster.txt", "--period", "2018", *options)
    outcome = run("new", FOLDER, *given)
    assert outcome.code == 0, outcome.said


def hand_in(unit: str, scores: str, name: str = "") -> Path:
    """Put a filled form of a unit with the others."""
    text = f'rubric: small\nunit: {unit}\nperiod: "2018"\nscores: {{{scores}}}\n'
    sheet_path = Path("sheet.yaml")
    sheet_path.write_text(text, "utf-8")
    path = Path(COLLECTED, name or f"{unit}.xlsx")
    rubric = load_rubric("rubrics/small.yaml")
    sheet = load_sheet(sheet_path, rubric)
    with path.open("wb") as file:
        write_form(Form(rubric, unit, sheet), file, words=Words("zh_CN"))
    sheet_path.unlink()
    return path


def change(path: Path, cell: str, value: object) -> None:
    """Type something into a form."""
    book = load_workbook(path)
    book.worksheets[0][cell] = value
    book.save(path)


def page_text(path: str | Path) -> str:
    """The text of a page, a line an element."""
    page = Path(path).read_text("utf-8").partition("</style>")[2]
    return unescape(re.sub(r"\s*\n\s*", "\n", re.sub("<[^>]+>", "\n", page)).strip())
