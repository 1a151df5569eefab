"""Figures beside the total, worked out again by a real spreadsheet."""

from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.support.commands import HandIn, Run, hand_in_at, ranked
from tests.support.final_figures import hand_in_scaled
from tests.support.office import Office, data_bars, saved_as

from epa_score.cli.main import main

pytestmark = [pytest.mark.office, data_bars]


@saved_as("xlsx")
def with_figures(folder: Path) -> dict[str, bytes]:
    """The workbook without the figures that it carried: as it was, and with other points."""
    hand_in_scaled(hand_in_at(folder))
    assert main(["--quiet", "export", "--xlsx", "-o", "out.xlsx"]) == 0
    whole = load_workbook("out.xlsx")
    whole.save("bare.xlsx")
    points = whole["得分明细"]
    changed = next(row for row in points.iter_rows() if row[1].value == "丁镇")
    changed[2].value = 1.95
    whole.save("changed.xlsx")
    return {name: (folder / f"{name}.xlsx").read_bytes() for name in ("bare", "changed")}


def test_workbook_works_the_figures_out_again(run: Run, small: HandIn, office: Office) -> None:
    hand_in_scaled(small)
    found = {row["unit"]: (row["scaled"], row["rank_points"]) for row in ranked(run)}
    contents = office.saved("xlsx", with_figures).contents
    assert figures(contents["bare"]) == found
    # 2.45 x 100 / 8.9 = 27.528, which is still the fourth
    assert figures(contents["changed"]) == found | {"丁镇": ("27.53", "0")}


def figures(content: bytes) -> dict[str, tuple[str, str]]:
    """Both figures of each unit that is ranked."""
    sheet = load_workbook(BytesIO(content), data_only=True)["排名汇总"]
    titles = next(row for row in sheet.iter_rows(values_only=True) if row[0] == "名次")
    heads = [str(title).replace("\n", "") for title in titles]
    scaled, points = heads.index("折算分（100）"), heads.index("名次分")
    return {
        str(row[1]): (str(row[scaled]), str(row[points]))
        for row in sheet.iter_rows(values_only=True)
        if isinstance(row[0], int)
    }
