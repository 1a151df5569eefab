"""Sheets of assessors and self scores in workbooks, worked out and saved again by a spreadsheet."""

import io
import shutil
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.support.office import Office, data_bars, saved_as
from tests.support.paths import ROOT

from epa_score.cli.main import main
from epa_score.exporters.xlsx.form import Form, write_form
from epa_score.i18n import Words
from epa_score.readers.files import READERS
from epa_score.readers.rubrics import RubricLibrary
from epa_score.readers.sheets import SheetFile, read_sheet, sheet_of

pytestmark = [pytest.mark.office, data_bars]

EXAMPLES = ROOT / "examples" / "rubrics"
SELF_SCORED = EXAMPLES / "selfcheck"


def exported(name: str, folder: Path) -> bytes:
    """The workbook of an example, without the figures that it carried."""
    shutil.copytree(EXAMPLES / name, folder / name)
    sheets, out = str(folder / name / "scores"), str(folder / f"{name}.xlsx")
    rubric = str(folder / name / "rubrics" / f"{name}.yaml")
    assert main(["--quiet", "export", sheets, "--rubric", rubric, "--xlsx", "-o", out]) == 0
    bare = io.BytesIO()
    load_workbook(out).save(bare)
    return bare.getvalue()


@saved_as("xlsx")
def results(folder: Path) -> dict[str, bytes]:
    """The workbooks of both examples."""
    return {name: exported(name, folder) for name in ("shared", "selfcheck")}


@saved_as("xlsx")
def self_scored_form(_folder: Path) -> dict[str, bytes]:
    """A form with a column of self scores, filled in."""
    library = RubricLibrary(str(SELF_SCORED))
    found = read_sheet(str(SELF_SCORED / "scores" / "示例东站.yaml"), library)
    assert found.rubric is not None
    written = io.BytesIO()
    write_form(Form(found.rubric, "示例东站", found.sheet), written, Words("zh_CN"))
    return {"form": written.getvalue()}


def test_workbooks_come_to_what_was_computed_by_hand(office: Office) -> None:
    saved = office.saved("xlsx", results).contents
    by_hand = {
        "shared": {"示例甲镇": Decimal(33), "示例乙镇": Decimal(37)},
        "selfcheck": {"示例东站": Decimal("16.5"), "示例西站": Decimal(19)},
    }
    for name, totals in by_hand.items():
        book = load_workbook(BytesIO(saved[name]), data_only=True)
        head, *rows = (
            row
            for row in book["排名汇总"].iter_rows(values_only=True)
            if row[0] == "名次" or isinstance(row[0], int)
        )
        place = next(n for n, title in enumerate(head) if str(title).startswith("总分"))
        assert {row[1]: Decimal(str(row[place])) for row in rows} == totals
        states = {str(row[0]): row[1] for row in book["说明"].iter_rows(values_only=True)}
        assert states["导出后是否改动：各单位评分表"] == "未改动"
    lines = load_workbook(BytesIO(saved["selfcheck"]), data_only=True)["自评对照"].iter_rows(
        values_only=True
    )
    found = [(row[0], row[5]) for row in lines if str(row[0])[:1] in "AB"]
    # By hand: 西站 2.5 - 3; 东站 4 - 4, 8 - 6 and 8 - 6.5.
    assert found == [("A1", -0.5), ("A1", 0), ("A2", 2), ("B1", 1.5)]


def test_a_form_with_self_scores_is_saved_by_a_spreadsheet(office: Office) -> None:
    library = RubricLibrary(str(SELF_SCORED))
    data = office.saved("xlsx", self_scored_form).contents["form"]
    read: SheetFile = sheet_of(data, READERS[".xlsx"]("a.xlsx", data)[0], library, incomplete=False)
    assert read.diagnostics == ()
    assert read.sheet is not None
    points = {name: str(given) for name, given in read.sheet.self_scores.items()}
    assert points == {"A1": "4", "A2": "8", "B1": "8"}
