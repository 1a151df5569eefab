"""Folders of assessments: made, filled, and what a run left in them."""

import re
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import get_args

from openpyxl import load_workbook
from tests.support.commands import SMALL, Run

from epa_score.exporters.html.collection import write_collection
from epa_score.exporters.xlsx.form import Form, write_form
from epa_score.i18n import Words
from epa_score.readers import load_rubric, load_sheet
from epa_score.reports.collection import Collected, collection_page
from epa_score.reports.status import Submission, SubmissionState, UnitFault

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


def change(path: Path, cell: str, value: str | int | None) -> None:
    """Type something into a form."""
    book = load_workbook(path)
    book.worksheets[0][cell] = value
    book.save(path)


def page_text(path: str | Path) -> str:
    """The text of a page, a line an element."""
    page = Path(path).read_text("utf-8").partition("</style>")[2]
    return unescape(re.sub(r"\s*\n\s*", "\n", re.sub("<[^>]+>", "\n", page)).strip())


def collection_page_of(name: str, language: str) -> str:
    """A page on a collection in which everything is open, with names that are ``long`` or not."""
    long = "很长的名字" * 6 if name == "long" else ""
    words = Words(language)
    lines = [Submission("甲镇", "a.xlsx", "complete", "a.xlsx")]
    faults: list[UnitFault] = []
    for number, state in enumerate(get_args(SubmissionState)):
        unit, file = f"第{number}镇{long}", f"收到的评分表/{number}{long}.xlsx"
        lines.append(Submission(unit, file, state, "" if state == "missing" else file))
        faults.append(
            UnitFault(unit, file, f"评分表{long}!E{number}", f"有错{long}", f"改好{long}")
        )
    collected = Collected(
        units=[line.unit for line in lines if line.state != "unknown"],
        lines=lines,
        faults=faults,
        others=[UnitFault("", "评分表", "", f"考核期不同{long}", "")],
        remarks=[f"未读取的文件：1 个（照片{long}.jpg）", "another remark"],
        returned={fault.path: f"退回/{fault.unit}.xlsx" for fault in faults[:2]},
        foot="改好再交",
    )
    page = BytesIO()
    write_collection(collection_page("某县考核", "16 个单位", collected, words), page)
    return page.getvalue().decode()
