"""Totals that await a mean, with their bands, worked out again by a real spreadsheet."""

from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from openpyxl import load_workbook
from tests.support.not_applicable_totals import UNITS, set_up
from tests.support.office import Office, data_bars, saved_as
from tests.support.workbooks import figures, states, values_of

from epa_score.cli.main import main

pytestmark = [pytest.mark.office, data_bars]


@cache
def original() -> bytes:
    """The workbook as the tool writes it."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        set_up(folder)
        scores, rubric = folder / "scores", folder / "rubrics" / "county.yaml"
        given = [str(scores), "--rubric", str(rubric), "--xlsx", "-o", str(folder / "own.xlsx")]
        assert main(["--quiet", "export", *given]) == 0
        return (folder / "own.xlsx").read_bytes()


@saved_as("xlsx")
def bare(folder: Path) -> dict[str, bytes]:
    """The same without the figures that it carried."""
    load_workbook(BytesIO(original())).save(folder / "bare.xlsx")
    return {"bare": (folder / "bare.xlsx").read_bytes()}


def test_a_spreadsheet_works_out_the_same_totals_and_bands(office: Office) -> None:
    own = values_of(original())
    again = values_of(office.saved("xlsx", bare).contents["bare"])
    assert own.keys() >= UNITS.keys()
    for title, rows in own.items():
        assert figures(again[title]) == figures(rows), title
    assert set(states(again)) == {"未改动"}
    # Both in the cell of the form and in its copy.
    assert [row.count("待平均") for row in again["甲镇"]].count(2) == 2
    assert [row.count("待平均") for row in again["丙镇"]].count(0) == len(again["丙镇"])
