"""Workbooks of units in groups, and of vetoes that follow from points, in a real spreadsheet."""

import os
import shutil
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from tests.support.office import Office, data_bars, saved_as
from tests.support.paths import ROOT

from epa_score.cli.main import main

pytestmark = [pytest.mark.office, data_bars]

EXAMPLES = ROOT / "examples" / "rubrics"


def set_points(book: Workbook, sheet: str, unit: str, column: int, points: float) -> None:
    """Give a unit other points in a table of points."""
    row = next(row for row in book[sheet].iter_rows() if row[1].value == unit)
    row[column].value = points


@saved_as("xlsx")
def bare_workbooks(folder: Path) -> dict[str, bytes]:
    """Two workbooks without the figures that they carried: as they were, and with other points."""
    found: dict[str, bytes] = {}
    for name in ("classes", "standards"):
        shutil.copytree(EXAMPLES / name, folder / name)
        os.chdir(folder / name)
        assert main(["--quiet", "export", "--xlsx", "-o", "out.xlsx"]) == 0
        book = load_workbook("out.xlsx")
        book.save("bare.xlsx")
        found[name] = Path("bare.xlsx").read_bytes()
        if name == "classes":
            set_points(book, "得分明细-二类", "示例戊乡", 2, 40)
        else:
            set_points(book, "得分明细", "示例丙镇", 6, 15)
        book.save("changed.xlsx")
        found[f"{name}-changed"] = Path("changed.xlsx").read_bytes()
        os.chdir(folder)
    return found


def rows_of(content: bytes, sheet: str) -> dict[str, dict[str, str]]:
    """The figures of each unit that is ranked, by the titles of their columns."""
    page = load_workbook(BytesIO(content), data_only=True)[sheet]
    titles = next(row for row in page.iter_rows(values_only=True) if row[0] == "名次")
    heads = [str(title or "").partition("（")[0].strip() for title in titles]
    own = heads[: heads.index("名次", 1)]
    return {
        str(row[1]): {head: str(cell) for head, cell in zip(own, row, strict=False)}
        for row in page.iter_rows(values_only=True)
        if isinstance(row[0], int)
    }


def told(content: bytes, sheet: str) -> str:
    """The line that tells of changes."""
    return str(load_workbook(BytesIO(content), data_only=True)[sheet]["A2"].value or "")


def test_ranks_and_figures_follow_within_their_group(office: Office) -> None:
    contents = office.saved("xlsx", bare_workbooks).contents
    first, second = (rows_of(contents["classes"], f"排名汇总-{name}") for name in ("一类", "二类"))
    ranks = {unit: row["名次"] for unit, row in (first | second).items()}
    assert ranks == {
        "示例甲镇": "1",
        "示例乙镇": "2",
        "示例丙镇": "3",
        "示例丁乡": "1",
        "示例戊乡": "2",
    }
    assert [row["折算分"] for row in second.values()] == ["100", "97.73"]
    assert told(contents["classes"], "排名汇总-二类") == ""
    changed = contents["classes-changed"]
    second = rows_of(changed, "排名汇总-二类")
    # 示例戊乡 has 86 + 6, and 示例丁乡 88 of 92
    assert {unit: (row["名次"], row["总分"], row["折算分"]) for unit, row in second.items()} == {
        "示例丁乡": ("2", "88", "95.65"),
        "示例戊乡": ("1", "92", "100"),
    }
    assert rows_of(changed, "排名汇总-一类") == first
    assert told(changed, "排名汇总-二类").startswith("导出后有改动")
    # means of other units are taken from the points of all groups
    assert told(changed, "排名汇总-一类").startswith("导出后有改动：在别的表里")


def test_what_is_zero_stays_and_a_change_is_told(office: Office) -> None:
    contents = office.saved("xlsx", bare_workbooks).contents
    found = rows_of(contents["standards"], "排名汇总")
    assert [(row["名次"], row["总分"], row["等次"]) for row in found.values()] == [
        ("1", "92", "优秀"),
        ("2", "87", "良好"),
        ("3", "51", "合格"),
        ("4", "46", "不合格"),
        ("5", "0", "不合格"),
    ]
    forms = load_workbook(BytesIO(contents["standards"]), data_only=True)
    sums = [row[4].value for row in forms["示例戊乡"].iter_rows() if str(row[0].value)[:1] == "合"]
    assert sums == [0]
    changed = contents["standards-changed"]
    again = rows_of(changed, "排名汇总")
    assert again["示例丙镇"]["总分"] == "51"
    assert told(changed, "排名汇总").startswith("导出后有改动")
    assert told(contents["standards"], "排名汇总") == ""
