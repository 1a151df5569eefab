"""Weighted sums in the workbook, worked out again by a real spreadsheet."""

import shutil
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.support.commands import Run, ranked
from tests.support.composites import SUMS, prepare, set_apart
from tests.support.office import Office, data_bars, saved_as

from epa_score.cli.main import main

pytestmark = [pytest.mark.office, data_bars]


@saved_as("xlsx")
def composite(folder: Path) -> dict[str, bytes]:
    """The workbook of a year, without the figures that it carried."""
    prepare()
    assert main(["--quiet", "export", "--composite", "year.yaml", "--xlsx", "-o", "out.xlsx"]) == 0
    load_workbook("out.xlsx").save("bare.xlsx")
    return {"bare": (folder / "bare.xlsx").read_bytes()}


@pytest.mark.usefixtures("year")
def test_workbook_works_the_weighted_sums_out_again(run: Run, office: Office) -> None:
    again = office.saved("xlsx", composite).contents["bare"]
    book = load_workbook(BytesIO(again), data_only=True)
    rows = [row for row in book["排名汇总"].iter_rows(values_only=True) if isinstance(row[0], int)]
    totals = {str(row[1]): Decimal(str(row[4])) for row in rows}
    assert totals == {
        row["unit"]: Decimal(row["total"]) for row in ranked(run, "--composite", "year.yaml")
    }
    states = {str(row[0]): row[1] for row in book["说明"].iter_rows(values_only=True)}
    assert {states[f"导出后是否改动：{name}"] for name in ("排名汇总", "来源明细")} == {"未改动"}


@saved_as("xlsx")
def composite_sums(folder: Path) -> dict[str, bytes]:
    """Those of sources that are added up, and whose total alone is rounded."""
    shutil.copytree(SUMS, folder, dirs_exist_ok=True)
    for name in ("sum", "weighted"):
        given = ["export", "--composite", f"{name}.yaml", "--xlsx", "-o", f"{name}.xlsx"]
        assert main(["--quiet", *given]) == 0
    load_workbook("sum.xlsx").save("bare.xlsx")
    changed = load_workbook("weighted.xlsx")
    changed["排名汇总"]["D5"] = 0
    changed.save("changed.xlsx")
    return {name: (folder / f"{name}.xlsx").read_bytes() for name in ("bare", "changed")}


def test_added_figures_follow_and_unrounded_ones_stay(office: Office) -> None:
    contents = office.saved("xlsx", composite_sums).contents
    book = load_workbook(BytesIO(contents["bare"]), data_only=True)
    rows = [row[:5] for row in book["排名汇总"].values]
    assert (1, "示例甲乡", 108.03, 30.27, 138.3) in rows
    assert (2, "示例乙乡", 110.5, 27.5, 138) in rows
    book = load_workbook(BytesIO(contents["changed"]), data_only=True)
    rows = [row[:5] for row in book["排名汇总"].values]
    assert (2, "示例乙乡", 110.5, 0, 97.98) in rows  # as exported, which a note says
    states = {str(row[0]): row[1] for row in book["说明"].iter_rows(values_only=True)}
    assert str(states["导出后是否改动：排名汇总"]).startswith("排名汇总 D5")


@saved_as("xlsx")
def composite_apart(folder: Path) -> dict[str, bytes]:
    """That of a year with adjustments that are not weighted, without its figures as well."""
    prepare()
    set_apart(folder)
    assert main(["--quiet", "export", "--composite", "year.yaml", "--xlsx", "-o", "out.xlsx"]) == 0
    load_workbook("out.xlsx").save("bare.xlsx")
    return {"bare": (folder / "bare.xlsx").read_bytes()}


def test_adjustments_that_stand_apart_are_in_the_workbook(office: Office) -> None:
    again = office.saved("xlsx", composite_apart).contents["bare"]
    book = load_workbook(BytesIO(again), data_only=True)
    rows = [row[:8] for row in book["排名汇总"].values]
    assert (1, "甲镇", 90, 91.67, 91, 3, 0, 94) in rows
    assert (2, "乙镇", 95, 83.33, 88, 0, 1.5, 86.5) in rows
