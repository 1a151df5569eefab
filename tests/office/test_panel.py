"""Combined points in the workbook, worked out again by a real spreadsheet."""

from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.support.commands import Run, ranked
from tests.support.office import Office, data_bars, saved_as
from tests.support.panels import hand_in, set_up_county

from epa_score.cli.main import main

pytestmark = [pytest.mark.office, data_bars]


@saved_as("xlsx")
def combined(folder: Path) -> dict[str, bytes]:
    """The workbook of a county with several assessors, without the figures that it carried."""
    set_up_county(folder)
    hand_in("示例乙镇", "王五", 1, "7.33")
    assert main(["--quiet", "export", "scores", "--xlsx", "-o", "out.xlsx"]) == 0
    load_workbook("out.xlsx").save("bare.xlsx")
    return {"bare": (folder / "bare.xlsx").read_bytes()}


@pytest.mark.usefixtures("county")
def test_workbook_comes_to_the_same_when_it_is_worked_out_again(run: Run, office: Office) -> None:
    hand_in("示例乙镇", "王五", 1, "7.33")
    again = office.saved("xlsx", combined).contents["bare"]
    book = load_workbook(BytesIO(again), data_only=True)
    rows = [row for row in book["排名汇总"].iter_rows(values_only=True) if isinstance(row[0], int)]
    totals = {str(row[1]): Decimal(str(row[3])) for row in rows}
    assert totals == {row["unit"]: Decimal(row["total"]) for row in ranked(run)}
    states = {str(row[0]): row[1] for row in book["说明"].iter_rows(values_only=True)}
    assert states["导出后是否改动：评委分歧"] == "未改动"
    assert states["导出后是否改动：各单位评分表"] == "未改动"
