"""The workbook worked out again by a real spreadsheet: untouched, and after changes."""

import shutil
import subprocess
from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

import epa_score
from epa_score import Rubric, ScoreSheet
from epa_score.exporters.xlsx import write
from epa_score.i18n import Words, plain
from epa_score.reports.about import Origin, about_table
from epa_score.reports.deductions import deductions_table
from epa_score.reports.ranking import LeftOut, ranking_table
from epa_score.reports.scores import scores_table
from epa_score.scoring import Ties

SOFFICE = shutil.which("soffice")
pytestmark = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed")

SCORES = Path(__file__).resolve().parent.parent / "examples" / "scores"
WORDS = Words("zh_CN")

TIE_BREAK = """
id: ties
title: 同分的细则
total: 20
tie_break: [C, A]
sections:
  - {id: A, title: 甲, max: 10, items: [{id: A1, max: 4, text: 一}, {id: A2, max: 6, text: 二}]}
  - {id: B, title: 乙, max: 5, items: [{id: B1, max: 5, text: 三}]}
  - {id: C, title: 丙, max: 5, items: [{id: C1, max: 5, text: 四}]}
"""

GIVEN = {
    "甲?": {"A1": "2.1", "A2": "2.2", "B1": "4.7", "C1": "3"},
    "甲乙": {"A1": "0.1", "A2": "4.2", "B1": "4.7", "C1": "3"},
    "甲~*": {"A1": "0.7", "A2": "2", "B1": "4.3", "C1": "5"},
    "甲": {"A1": "0.1", "A2": "4.3", "B1": "4.6", "C1": "3"},
    "乙": {"A1": "0.7", "A2": "2.2", "B1": "4.1", "C1": "5"},
    "丙丙": {"A1": "3.3", "A2": "5.55", "B1": "0.01", "C1": "0"},
    "=1+1": {"A1": "3.3", "A2": "5.55", "B1": "0.01"},
    "长" * 200: {"A1": "0", "A2": "0", "B1": "0", "C1": "0"},
}
"""Totals of 12, which floating point gets wrong, of 8.86 and of 0; names that MATCH gets wrong."""

Values = dict[str, list[list[Any]]]


def content_of(*found: tuple[Rubric, list[ScoreSheet]], ties: Ties = "competition") -> bytes:
    """A workbook of everything, as the tool writes it."""
    tables, origins = [], []
    for rubric, sheets in found:
        results = [epa_score.score(rubric, sheet) for sheet in sheets]
        open_items = any(result.unscored for result in results)
        ranking = epa_score.rank(rubric, results, ties=ties, provisional=open_items)
        by_unit = {sheet.unit: sheet for sheet in sheets}
        tables += [
            ranking_table(rubric, ranking, WORDS, left_out=[LeftOut("坏.yaml", "坏镇")]),
            scores_table(rubric, ranking, by_unit, WORDS),
            deductions_table(rubric, ranking, by_unit, WORDS),
        ]
        origins.append(Origin(rubric, ranking, f"{rubric.id}.yaml", "00", ()))
    file = BytesIO()
    write([*tables, about_table(origins, "1.0", WORDS)], file, WORDS)
    return file.getvalue()


def example(name: str) -> tuple[Rubric, list[ScoreSheet]]:
    rubric = epa_score.load_rubric(name)
    paths = [p for p in SCORES.iterdir() if f"rubric: {name}\n" in p.read_text("utf-8")]
    return rubric, [epa_score.load_sheet(path, rubric) for path in paths]


def tied(folder: Path) -> tuple[Rubric, list[ScoreSheet]]:
    path = folder / "ties.yaml"
    path.write_text(TIE_BREAK, "utf-8")
    rubric = epa_score.load_rubric(path)
    return rubric, [
        ScoreSheet.model_validate({"rubric": rubric.id, "unit": unit, "scores": scores})
        for unit, scores in GIVEN.items()
    ]


# --- what somebody does to the workbook of the townships ---------------------------------------


def leave_alone(_: Workbook) -> None:
    """Nothing."""


def lower_a_score(book: Workbook) -> None:
    """示例丙镇, the first, loses 5 points of C1 and falls from 96 to 91."""
    scores = book["得分明细"]
    assert [scores["B4"].value, scores["N4"].value] == ["示例丙镇", 5]
    scores["N4"] = 0


def sort_the_points(book: Workbook) -> None:
    """The rows of 得分明细 come the other way round; formulas move with their rows."""
    scores = book["得分明细"]
    rows = [[cell.value for cell in row] for row in scores["B4:X19"]]
    for row, values in zip(scores["B4:X19"], reversed(rows), strict=True):
        for cell, value in zip(row, values, strict=True):
            cell.value = value


def write_over_a_total(book: Workbook) -> None:
    """A total that Excel shows as the same figure is another figure."""
    book["排名汇总"]["G3"] = 96.004


def empty_a_total(book: Workbook) -> None:
    book["排名汇总"]["G18"] = None


def write_text_over_a_total(book: Workbook) -> None:
    book["排名汇总"]["G18"] = "72.0"


def write_over_a_rank(book: Workbook) -> None:
    book["排名汇总"]["A18"] = 14


def rename_a_unit_in_one_place(book: Workbook) -> None:
    book["排名汇总"]["B18"] = "另一个镇"


EDITS: dict[str, Callable[[Workbook], None]] = {
    edit.__name__: edit
    for edit in (
        *(leave_alone, lower_a_score, sort_the_points, write_over_a_total, empty_a_total),
        *(write_text_over_a_total, write_over_a_rank),
        *(rename_a_unit_in_one_place,),
    )
}


def values_of(content: bytes) -> Values:
    book = load_workbook(BytesIO(content), data_only=True)
    return {sheet.title: [list(row) for row in sheet.values] for sheet in book}


def figures(rows: list[list[Any]]) -> dict[tuple[int, int], str]:
    """Every number of a sheet as exact text, by its place."""
    return {
        (y, x): plain(Decimal(str(cell)))
        for y, row in enumerate(rows, 1)
        for x, cell in enumerate(row, 1)
        if isinstance(cell, int | float)
    }


@pytest.fixture(scope="module")
def originals(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("rubrics")
    township = content_of(example("township"))
    return {
        **dict.fromkeys(EDITS, township),
        "both": content_of(example("township"), example("departments")),
        "competition": content_of(tied(folder)),
        "dense": content_of(tied(folder), ties="dense"),
    }


@pytest.fixture(scope="module")
def worked_out(
    originals: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Values]:
    """What LibreOffice makes of each workbook, after openpyxl dropped the figures it carried."""
    assert SOFFICE
    folder = tmp_path_factory.mktemp("libreoffice")
    paths = []
    for name, content in originals.items():
        book = load_workbook(BytesIO(content))
        EDITS.get(name, leave_alone)(book)
        paths.append(folder / f"{name}.xlsx")
        book.save(paths[-1])
        carried = load_workbook(paths[-1], data_only=True).worksheets[0]
        ranks = {cell.value for cell in carried["A"] if isinstance(cell.value, int)}
        assert ranks <= {14}, "a rank that LibreOffice need not work out"
    done = subprocess.run(
        [
            SOFFICE,
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            *("--headless", "--convert-to", "xlsx", "--outdir", str(folder / "out")),
            *map(str, paths),
        ],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return {path.stem: values_of((folder / "out" / path.name).read_bytes()) for path in paths}


def states(values: Values) -> list[object]:
    """What 说明 says of each ranking."""
    return [row[2] for row in values["说明"] if row[1] == "导出后总分和名次是否改动"]


@pytest.mark.parametrize("name", ["leave_alone", "both", "competition", "dense"])
def test_a_spreadsheet_works_out_the_tools_own_figures(
    name: str, originals: dict[str, bytes], worked_out: dict[str, Values]
) -> None:
    own, theirs = values_of(originals[name]), worked_out[name]
    assert list(theirs) == list(own)
    compared = 0
    for title in own:
        if title.startswith(("排名汇总", "得分明细")):
            assert figures(theirs[title]) == figures(own[title])
            compared += len(figures(own[title]))
    assert compared > 60
    assert set(states(theirs)) == {"未改动"}


def test_equal_totals_keep_their_ranks_under_every_rule(worked_out: dict[str, Values]) -> None:
    ranks = {
        name: [row[0] for row in worked_out[name]["排名汇总"] if isinstance(row[0], int)]
        for name in ("competition", "dense")
    }
    assert ranks == {"competition": [1, 2, 3, 4, 4, 6, 6, 8], "dense": [1, 2, 3, 4, 4, 5, 5, 6]}


def test_total_and_ranks_follow_a_changed_score(worked_out: dict[str, Values]) -> None:
    values = worked_out["lower_a_score"]
    by_unit = {row[1]: row for row in values["排名汇总"][2:18]}
    assert [by_unit["示例丙镇"][n] for n in (0, 4, 6)] == [3, 33.5, 91]
    assert [by_unit[unit][0] for unit in ("示例子乡", "示例壬镇", "示例庚镇")] == [1, 2, 4]
    assert {row[1]: row[0] for row in values["得分明细"][3:19]} == {
        unit: row[0] for unit, row in by_unit.items()
    }
    assert states(values) == ["已改动"]


def test_points_stay_with_their_units_when_they_are_sorted(
    originals: dict[str, bytes], worked_out: dict[str, Values]
) -> None:
    own, theirs = values_of(originals["sort_the_points"]), worked_out["sort_the_points"]
    assert figures(theirs["排名汇总"]) == figures(own["排名汇总"])
    assert theirs["得分明细"][3][:2] == [15, "示例癸镇"]
    assert states(theirs) == ["未改动"]


@pytest.mark.parametrize("name", [*EDITS][3:])
def test_any_other_change_of_the_ranking_is_told(name: str, worked_out: dict[str, Values]) -> None:
    assert states(worked_out[name]) == ["已改动"]


def test_a_unit_that_is_found_no_more_gets_an_error_and_no_total(
    worked_out: dict[str, Values],
) -> None:
    row = worked_out["rename_a_unit_in_one_place"]["排名汇总"][17]
    assert row[:7] == ["#N/A", "另一个镇", *["#N/A"] * 5]


def test_names_that_look_like_formulas_stay_text(worked_out: dict[str, Values]) -> None:
    for title in ("排名汇总", "得分明细"):
        assert "=1+1" in [row[1] for row in worked_out["competition"][title]]
