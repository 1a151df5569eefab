"""Pools of a section, scaled totals and totals of assessors, worked out by a real spreadsheet."""

import shutil
from pathlib import Path

import pytest
from tests.support.office import Office, data_bars, saved_as
from tests.support.panels import hand_in, set_up_county
from tests.support.paths import ROOT
from tests.support.workbooks import figures, states, values_of

from epa_score.cli.main import main

pytestmark = [pytest.mark.office, data_bars]


@saved_as("xlsx")
def workbooks(folder: Path) -> dict[str, bytes]:
    """The workbooks of the example of these readings and of a panel that combines totals."""
    shutil.copytree(ROOT / "examples" / "rubrics" / "conduct", folder, dirs_exist_ok=True)
    assert main(["--quiet", "export", "scores", "--xlsx", "-o", "conduct.xlsx"]) == 0
    shutil.rmtree("rubrics")
    shutil.rmtree("scores")
    set_up_county(folder)
    rubric = Path("rubrics", "county.yaml")
    rubric.write_text(rubric.read_text("utf-8").replace("by: item", "by: total"), "utf-8")
    hand_in("示例乙镇", "王五", 1, "7.33")
    assert main(["--quiet", "export", "scores", "--xlsx", "-o", "county.xlsx"]) == 0
    return {name: (folder / f"{name}.xlsx").read_bytes() for name in ("conduct", "county")}


@pytest.mark.parametrize(("name", "least"), [("conduct", 60), ("county", 40)])
def test_every_figure_comes_to_the_same(office: Office, name: str, least: int) -> None:
    saved = office.saved("xlsx", workbooks)
    own, theirs = (values_of(content) for content in (saved.made[name], saved.contents[name]))
    assert list(theirs) == list(own)
    compared = {title: figures(values) for title, values in own.items()}
    assert {title: figures(values) for title, values in theirs.items()} == compared
    assert sum(map(len, compared.values())) > least
    assert set(states(theirs)) == {"未改动"}
