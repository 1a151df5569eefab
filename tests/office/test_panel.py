"""Combined points in the workbook, worked out again by a real spreadsheet."""

from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.support.commands import Run
from tests.support.office import converted, needs_office
from tests.support.panels import hand_in, ranked


@needs_office
@pytest.mark.filterwarnings("ignore:.* extension is not supported")
@pytest.mark.usefixtures("county")
def test_workbook_comes_to_the_same_when_it_is_worked_out_again(run: Run, tmp_path: Path) -> None:
    hand_in("示例乙镇", "王五", 1, "7.33")
    assert run("export", "scores", "--xlsx", "-o", "out.xlsx").code == 0
    load_workbook("out.xlsx").save("bare.xlsx")  # without the figures that it carried
    (again,) = converted("xlsx", tmp_path, Path("bare.xlsx"))
    book = load_workbook(BytesIO(again.read_bytes()), data_only=True)
    rows = [row for row in book["排名汇总"].iter_rows(values_only=True) if isinstance(row[0], int)]
    totals = {str(row[1]): Decimal(str(row[3])) for row in rows}
    assert totals == {one["unit"]: Decimal(one["total"]) for one in ranked(run)}
    states = {str(row[1]): row[2] for row in book["说明"].iter_rows(values_only=True)}
    assert states["导出后小计、总分和名次是否改动"] == "未改动"
    assert states["导出后评分表的合计是否改动"] == "未改动"
