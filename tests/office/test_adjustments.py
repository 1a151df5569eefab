"""Bonuses, penalties, vetoes and bands in the workbook, worked out again by a real spreadsheet."""

from collections.abc import Callable
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from openpyxl import Workbook, load_workbook
from tests.support.office import Office, data_bars, saved_as
from tests.support.workbooks import Values, figures, states, values_of

from epa_score.cli.main import main

pytestmark = [pytest.mark.office, data_bars]

RUBRIC = """\
id: county
title: 某县评分细则
total: 100
tie_break: [A]
sections:
  - {id: A, title: 甲, max: 60, items: [{id: A1, max: 60, text: 一}]}
  - id: B
    title: 乙
    max: 40
    capped: true
    items: [{id: B1, max: 40, text: 二}, {id: B2, max: 10, text: 三}]
adjustments:
  bonus:
    max: 5
    items: [{id: J1, text: 表彰, each: 0.7, max: 2.1}, {id: J2, text: 竞赛, each: 2}]
  penalty: {items: [{id: K1, text: 通报, each: 30, max: 90}]}
veto: [{id: V1, text: 重大事故, effect: exclude}]
bands:
  - {name: '优"秀', at_least: 90.1}
  - {name: =良好, at_least: 80}
  - {name: 较差, at_least: 0}
"""
SHEETS = {
    "甲": "{A1: 50.1, B1: 35, B2: 8}\nadjustments: {J1: [一奖, 二奖, 三奖, 四奖], J2: [五奖]}",
    "乙": "{A1: 60, B1: 30, B2: 0.1}",
    "丙": "{A1: 10, B1: 5, B2: 0}\nadjustments: {K1: 县通报}",
    "丁": "{A1: 60, B1: 40, B2: 10}\nveto: {V1: 库房火灾}",
    "戊": "{A1: 60, B1: 40, B2: 10}\nadjustments: {J2: [六奖, 七奖, 八奖]}",
}
"""甲 94.2, 乙 90.1, 丙 15 - 30 and so 0, 戊 105; 丁 has 100 and is not ranked."""


def leave_alone(_: Workbook) -> None:
    """Nothing."""


def take_a_bonus(book: Workbook) -> None:
    """甲 loses its bonus and falls from 94.2 to 90.1, behind 乙, which has more in section A."""
    page = book["得分明细"]
    (row,) = (cell.row for cell in page["B"] if cell.value == "甲")
    assert page.cell(row, 7).value == 4.1
    page.cell(row, 7).value = 0


def add_a_penalty(book: Workbook) -> None:
    page = book["得分明细"]
    (row,) = (cell.row for cell in page["B"] if cell.value == "乙")
    page.cell(row, 8).value = 90.5


def write_over_a_band(book: Workbook) -> None:
    page = book["排名汇总"]
    shown, _ = (cell for row in page.iter_rows() for cell in row if cell.value == "较差")
    shown.value = "优秀"


def write_over_a_live_band(book: Workbook) -> None:
    page = book["排名汇总"]
    cells = [cell for row in page.iter_rows() for cell in row if "LOOKUP" in str(cell.value)]
    assert len(cells) == 4
    cells[-1].value = "=良好"


LIVE: dict[str, Callable[[Workbook], None]] = {
    one.__name__: one for one in (leave_alone, take_a_bonus, add_a_penalty, write_over_a_live_band)
}


@cache
def originals() -> dict[str, bytes]:
    """The workbooks as the tool writes them: without and with a quota for the best band."""
    found = {}
    with TemporaryDirectory() as folder:
        scores, rubric = Path(folder, "scores"), Path(folder, "county.yaml")
        scores.mkdir()
        for unit, points in SHEETS.items():
            text = f"rubric: county\nunit: {unit}\nscores: {points}\n"
            (scores / f"{unit}.yaml").write_text(text, "utf-8")
        for name, quota in (("own", ""), ("kept", ", most: 1")):
            rubric.write_text(RUBRIC.replace("at_least: 90.1", f"at_least: 90.1{quota}"), "utf-8")
            target = Path(folder, f"{name}.xlsx")
            given = [str(scores), "--rubric", str(rubric), "--xlsx", "-o", str(target)]
            assert main(["--quiet", "export", *given]) == 0
            found[name] = target.read_bytes()
    return found


@saved_as("xlsx")
def changed_workbooks(folder: Path) -> dict[str, bytes]:
    """The workbook after each edit; openpyxl drops the figures that it carried."""
    found = {}
    edits = {name: ("own", edit) for name, edit in LIVE.items()}
    edits |= {"quotas": ("kept", leave_alone), "write_over_a_band": ("kept", write_over_a_band)}
    for name, (base, edit) in edits.items():
        book = load_workbook(BytesIO(originals()[base]))
        edit(book)
        book.save(folder / "book.xlsx")
        found[name] = (folder / "book.xlsx").read_bytes()
    return found


@pytest.fixture(scope="module")
def worked_out(office: Office) -> dict[str, Values]:
    """The workbook after each edit, worked out again; ``own`` and ``kept`` are the tool's own."""
    contents = originals() | office.saved("xlsx", changed_workbooks).contents
    return {name: values_of(content) for name, content in contents.items()}


def ranked(values: Values) -> dict[str, tuple[object, ...]]:
    """Rank, total and band of each unit."""
    head, *rows = (row for row in values["排名汇总"] if row[1] and row[1] != row[0])
    places = [head.index(title) for title in ("名次", "总分", "等次")]
    return {str(row[1]): tuple(row[place] for place in places) for row in rows}


OWN = {
    "戊": (1, 105, '优"秀'),
    "甲": (2, 94.2, '优"秀'),
    "乙": (3, 90.1, '优"秀'),
    "丙": (4, 0, "较差"),
    "丁": (None, 100, None),
}


@pytest.mark.parametrize(("own", "theirs"), [("own", "leave_alone"), ("kept", "quotas")])
def test_a_spreadsheet_works_out_the_tools_own_figures(
    own: str, theirs: str, worked_out: dict[str, Values]
) -> None:
    before, after = worked_out[own], worked_out[theirs]
    assert {"甲", "乙", "丙", "丁", "戊"} <= before.keys()
    for title, rows in before.items():
        assert figures(after[title]) == figures(rows), title
    assert ranked(after) == ranked(before)
    assert set(states(after)) == {"未改动"}
    told = [row[1] for row in after["说明"] if row[0] == "导出后是否改动：各单位评分表"]
    assert told == ["未改动"]


def test_the_tool_ranked_them_as_computed_by_hand(worked_out: dict[str, Values]) -> None:
    assert {unit: row for unit, row in ranked(worked_out["own"]).items() if unit in OWN} == OWN
    kept = ranked(worked_out["kept"])
    assert [kept[unit][2] for unit in "戊甲乙"] == ['优"秀', "=良好", "=良好"]


def test_total_rank_and_band_follow_a_changed_bonus(worked_out: dict[str, Values]) -> None:
    found = ranked(worked_out["take_a_bonus"])
    assert found["甲"] == (3, 90.1, '优"秀')
    assert found["乙"] == (2, 90.1, '优"秀')
    assert states(worked_out["take_a_bonus"]) == ["已改动"]


def test_a_total_that_follows_is_never_below_0(worked_out: dict[str, Values]) -> None:
    found = ranked(worked_out["add_a_penalty"])
    assert found["乙"] == (3, 0, "较差")
    assert found["丙"] == (4, 0, "较差")


@pytest.mark.parametrize("name", ["write_over_a_band", "write_over_a_live_band"])
def test_a_band_that_was_written_over_is_told(name: str, worked_out: dict[str, Values]) -> None:
    assert states(worked_out[name]) == ["已改动"]
