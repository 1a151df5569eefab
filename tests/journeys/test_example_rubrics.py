"""The example rubrics come to what was computed by hand in the comments of their sheets."""

import json
import re
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.support.commands import Run
from tests.support.paths import ROOT

from epa_score.cli.sheet_store import dump_sheet, open_sheet_store
from epa_score.i18n import plain
from epa_score.model.item_options import TREATMENTS
from epa_score.readers.rubrics import RubricLibrary
from epa_score.readers.sheets import read_sheet
from epa_score.rules.item_rule import Rules
from epa_score.scoring import rank, score
from epa_score.scoring.points import points_of, workings_of

FOLDER = ROOT / "examples" / "rubrics"
SHEETS = sorted(FOLDER.glob("*/scores/*.yaml"))
TOTAL = re.compile(r"^#   总分 .*?= ([0-9.]+)$", re.MULTILINE)


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.stem)
def test_sheet_comes_to_what_was_computed_by_hand(path: Path) -> None:
    found = read_sheet(str(path), RubricLibrary(str(path.parents[1])))
    assert found.sheet is not None
    assert found.rubric is not None
    assert found.diagnostics == ()
    (by_hand,) = TOTAL.findall(path.read_text("utf-8"))
    library, rubric = RubricLibrary(str(path.parents[1])), found.rubric
    sheets = [read_sheet(str(one), library).sheet for one in sorted(path.parent.glob("*.yaml"))]
    if rubric.takes_several_sheets:  # the sheet of one assessor is no result of its own
        own = rubric.part(found.sheet.assessor)
        assert own is not None
        assert plain(score(own, found.sheet).total) == by_hand
        return
    results = [score(rubric, one) for one in sheets if one is not None]
    totals = {one.unit: one.total for _, one in rank(rubric, results).everybody}
    assert plain(totals[found.unit]) == by_hand


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.stem)
def test_a_sheet_that_is_kept_for_the_workbook_comes_to_the_same(path: Path) -> None:
    found = read_sheet(str(path), RubricLibrary(str(path.parents[1])))
    assert found.sheet is not None
    assert found.rubric is not None
    with open_sheet_store() as kept:
        again = kept.sheet(kept.keep(dump_sheet(found.sheet)))
    facts = found.sheet.with_facts
    assert {item: score for item, score in again.with_facts.items() if item in facts} == facts
    assert points_of(found.rubric, again) == points_of(found.rubric, found.sheet)
    assert workings_of(found.rubric, again) == workings_of(found.rubric, found.sheet)


def test_every_example_has_sheets_and_every_rule_an_example() -> None:
    rubrics = sorted(FOLDER.glob("*/rubrics/*.yaml"))
    assert len(rubrics) >= 6
    assert {one.parents[1] for one in rubrics} == {one.parents[1] for one in SHEETS}
    text = "".join(one.read_text("utf-8") for one in rubrics)
    treatments = {f"not_applicable: {one}" for one in TREATMENTS}
    beside = ("targets", "pool", "capped", "accept_mismatch", "adjustments", "veto", "bands")
    names = {*Rules.model_fields, *treatments, *beside, "panel", "scale", "rank_points", "groups"}
    names |= {"self_score", "assessors"}
    names |= {"when"}
    assert {name for name in names if name in text} == names


@pytest.mark.parametrize("name", sorted({path.parents[1].name for path in SHEETS}))
def test_example_is_ranked(name: str, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FOLDER / name)
    assert run("rank", "--quiet").code == 0


JOINED = re.compile(r"^#   合计总分 .*?= ([0-9.]+)，第 ([0-9]) 名$", re.MULTILINE)


def test_sheets_of_assessors_come_to_what_was_computed_by_hand(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(FOLDER / "shared")
    by_hand = {}
    for path in Path("scores").iterdir():
        (found,) = JOINED.findall(path.read_text("utf-8"))
        by_hand[path.stem.partition("-")[0]] = found
    ranked = json.loads(run("rank", "--format", "json", "--quiet").text)
    assert {one["unit"]: (one["total"], str(one["rank"])) for one in ranked} == by_hand
    assert len(by_hand) == 2


BANDS = {
    "awards": [
        (1, "示例甲镇", "优秀"),
        (2, "示例乙镇", "良好"),
        (3, "示例戊乡", "良好"),
        (4, "示例丁乡", "不合格"),
        (5, "示例己乡", "不合格"),
        (None, "示例丙镇", None),
    ],
    "classes": [
        (1, "示例甲镇", "优秀"),
        (2, "示例乙镇", "良好"),
        (3, "示例丙镇", "合格"),
        (1, "示例丁乡", "优秀"),
        (2, "示例戊乡", "良好"),
    ],
    "standards": [
        (1, "示例甲镇", "优秀"),
        (2, "示例乙镇", "良好"),
        (3, "示例丙镇", "合格"),
        (4, "示例丁乡", "不合格"),
        (5, "示例戊乡", "不合格"),
    ],
    "village": [(1, "示例东村", "三星"), (2, "示例西村", "二星"), (3, "示例南村", "一星")],
}


@pytest.mark.parametrize("name", BANDS)
def test_ranks_and_bands_are_those_that_were_found_by_hand(
    run: Run, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(FOLDER / name)
    ranked = json.loads(run("rank", "--format", "json", "--quiet").text)
    assert [(one["rank"], one["unit"], one["band"]) for one in ranked] == BANDS[name]


@pytest.mark.parametrize("name", sorted({path.parents[1].name for path in SHEETS}))
def test_example_is_exported_with_the_totals_of_its_ranking(
    name: str, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(FOLDER / name)
    target = str(tmp_path / "out.xlsx")
    assert run("export", "--xlsx", "-o", target, "--quiet").code == 0
    ranked = json.loads(run("rank", "--format", "json", "--quiet").text)
    written: dict[object, Decimal] = {}
    for sheet in load_workbook(target, data_only=True).worksheets:
        if sheet.title.startswith("排名汇总"):
            head, *rows = (
                row
                for row in sheet.iter_rows(values_only=True)
                if row[0] == "名次" or isinstance(row[0], int)
            )
            total = next(index for index, title in enumerate(head) if str(title).startswith("总分"))
            written |= {row[1]: Decimal(str(row[total])) for row in rows}
    placed = [one for one in ranked if one["rank"] is not None]
    assert written == {one["unit"]: Decimal(one["total"]) for one in placed}
    assert written
