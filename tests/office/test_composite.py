"""Weighted sums in the workbook, worked out again by a real spreadsheet."""

from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.support.commands import Run
from tests.support.composites import ranked
from tests.support.office import converted, needs_office

# --- the command line --------------------------------------------------------------------------


@needs_office
@pytest.mark.filterwarnings("ignore:.* extension is not supported")
@pytest.mark.usefixtures("year")
def test_workbook_works_the_weighted_sums_out_again(run: Run, tmp_path: Path) -> None:
    assert run("export", "--composite", "year.yaml", "--xlsx", "-o", "out.xlsx").code == 0
    load_workbook("out.xlsx").save("bare.xlsx")  # without the figures that it carried
    (again,) = converted("xlsx", tmp_path, Path("bare.xlsx"))
    book = load_workbook(BytesIO(again.read_bytes()), data_only=True)
    rows = [row for row in book["排名汇总"].iter_rows(values_only=True) if isinstance(row[0], int)]
    totals = {str(row[1]): Decimal(str(row[4])) for row in rows}
    assert totals == {one["unit"]: Decimal(one["total"]) for one in ranked(run)}
    states = {str(row[1]): row[2] for row in book["说明"].iter_rows(values_only=True)}
    assert states["导出后小计、总分和名次是否改动"] == "未改动"


# --- with bonuses and vetoes -------------------------------------------------------------------


@needs_office
@pytest.mark.filterwarnings("ignore:.* extension is not supported")
def test_adjustments_that_stand_apart_are_in_the_workbook(apart: Path, run: Run) -> None:
    assert run("export", "--composite", "year.yaml", "--xlsx", "--md").code == 0
    text = (apart / "排名汇总.md").read_text("utf-8")
    assert "| 甲镇 | 年终：加分 |  | 3 |" in text
    assert "| 乙镇 | 年终：减分 |  | 1.5 |" in text
    load_workbook(apart / "排名汇总.xlsx").save("bare.xlsx")  # without the figures that it carried
    (again,) = converted("xlsx", apart, Path("bare.xlsx"))
    for path in (apart / "排名汇总.xlsx", again):
        rows = [row[:8] for row in load_workbook(path, data_only=True)["排名汇总"].values]
        assert (1, "甲镇", 90, 91.67, 91, 3, 0, 94) in rows
        assert (2, "乙镇", 95, 83.33, 88, 0, 1.5, 86.5) in rows
