"""Every example of `docs/rules.md` comes to what the page says, and shows the same working."""

import re
from decimal import Decimal

import pytest
from tests.support.paths import ROOT
from tests.support.rubrics import (
    read_example,
    read_sheet_text,
    sheet_of_scores,
)

from epa_score import Rubric, ScoreSheet, rank, score, score_panel
from epa_score.checks.composite import check_composite
from epa_score.exporters.cell_text import text_of
from epa_score.i18n import Words, plain
from epa_score.model.composite import Composite
from epa_score.readers import yaml
from epa_score.readers.rubrics import RubricFile, RubricLibrary
from epa_score.readers.sheets import sheet_of
from epa_score.reports.columns.panel import combination_text, spreads_by_item, totals_of
from epa_score.reports.ranking import ranking_table
from epa_score.reports.self_scores import self_scores_of
from epa_score.reports.workings import working_text
from epa_score.rules.item_rule import Rules
from epa_score.scoring.adjustments import adjustments_of, total_working
from epa_score.scoring.panel import combine
from epa_score.scoring.points import points_of, workings_of

PAGE = (ROOT / "docs" / "rules.md").read_text("utf-8")
BLOCK = re.compile(r"^```(?:yaml)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SECTIONS = re.split(r"^#+ ", PAGE, flags=re.MULTILINE)[1:]
EXAMPLES = {one.split("\n")[0]: BLOCK.findall(one) for one in SECTIONS if BLOCK.search(one)}
WORDS = Words("en")
RANKED = ("bands", "veto", "when")
"""The sections whose examples are rankings of several units."""


def rubric_in(text: str) -> Rubric:
    found = read_example(text)
    assert found.rubric is not None, found.diagnostics
    return found.rubric


def sheet_in(rubric: Rubric, text: str) -> ScoreSheet:
    sheet = read_sheet_text(rubric, text).sheet
    assert sheet is not None
    return sheet


def lines_of(said: str) -> list[list[str]]:
    return [line.split(maxsplit=2) for line in said.splitlines()]


OF_SEVERAL_SHEETS = (
    *("panel", "assessors", "self_score", "rank_points", "groups", "Composite"),
    *RANKED,
)


@pytest.mark.parametrize(
    "title", [title for title in EXAMPLES if title.split()[0] not in OF_SEVERAL_SHEETS]
)
def test_example_comes_to_what_the_page_says(title: str) -> None:
    items, scores, said = EXAMPLES[title]
    rubric = rubric_in(items)
    whole = scores.startswith("rubric:")
    sheet = sheet_in(rubric, scores) if whole else sheet_of_scores(rubric, scores)
    points, workings, result = (
        points_of(rubric, sheet),
        workings_of(rubric, sheet),
        score(rubric, sheet),
    )
    for added in adjustments_of(rubric, sheet):
        workings |= {one.item.id: one.working for one in added.items} | {added.way: added.working}
        points = {**points, **{one.item.id: one.working.points for one in added.items}}
    workings["total"] = total_working(rubric, result)
    beyond = {} if result.adjusted is None else result.adjusted._asdict()
    known = {**result.sections, **points, **beyond, "total": result.total}
    lines = lines_of(said)
    assert {line[0] for line in lines} >= set(points)
    for name, number, *working in lines:
        points_known = known[name]
        assert number == ("n/a" if points_known is None else plain(points_known))
        shown = working_text(workings[name], WORDS) if name in workings else ""
        assert shown == "".join(working)


@pytest.mark.parametrize("name", RANKED)
def test_units_are_ranked_as_the_page_says(name: str) -> None:
    (found,) = (blocks for title, blocks in EXAMPLES.items() if title.split()[0] == name)
    items, *sheets, said = found
    rubric = rubric_in(items)
    ranking = rank(rubric, [score(rubric, sheet_in(rubric, text)) for text in sheets])
    table = ranking_table(rubric, ranking, WORDS)
    names = [column.name for column in table.columns]
    places = [names.index(one) for one in ("rank", "unit", "total", "band", "remark")]
    rows = [[text_of(row.cells[place]) for place in places] for row in table.rows()]
    lines = [line.split(maxsplit=4) for line in said.splitlines()]
    assert [[one or "-" for one in row] for row in rows] == [[*x, "-"][:5] for x in lines]
    assert len(rows) == len(sheets) >= 3


def test_sheets_of_several_assessors_come_to_what_the_page_says() -> None:
    (example,) = (one for title, one in EXAMPLES.items() if title.split()[0] == "panel")
    by_item, by_total = example[:3], example[3:]
    for blocks, number in ((by_item, 3), (by_total, 4)):
        check_panel(blocks, number)


def check_panel(example: list[str], number_of_sheets: int) -> None:
    rubric = rubric_in(example[0])
    library = RubricLibrary(given=RubricFile("rubric.yaml", b"", rubric, ()))
    given = [text.encode() for text in example[1].split("---\n")]
    read = [sheet_of(one, yaml.read("a.yaml", one), library, incomplete=False) for one in given]
    sheets = [one.sheet for one in read if one.sheet is not None]
    assert len(sheets) == number_of_sheets
    combined = combine(rubric, sheets)
    result = score_panel(rubric, sheets)
    points = {**result.sections, **combined.points, "total": result.total}
    found = {**spreads_by_item(rubric, combined)}
    whole = totals_of(rubric, combined)
    if whole is not None:
        found["total"] = whole
    for name, number, *working in lines_of(example[2]):
        assert plain(points[name] or Decimal(0)) == number
        assert combination_text(rubric, found.get(name), WORDS) == "".join(working)


def test_sheets_of_assessors_with_items_of_their_own_come_to_what_the_page_says() -> None:
    (example,) = (one for title, one in EXAMPLES.items() if title.split()[0] == "assessors")
    rubric = rubric_in(example[0])
    sheets = [sheet_in(rubric, text) for text in example[1].split("---\n")]
    result = score_panel(rubric, sheets)
    known = {**result.sections, "total": result.total}
    assert {name: plain(points) for name, points in known.items()} == {
        line[0]: line[1] for line in lines_of(example[2])
    }
    assert len(sheets) == 2


def test_self_scores_are_what_the_page_says() -> None:
    (example,) = (one for title, one in EXAMPLES.items() if title.split()[0] == "self_score")
    rubric = rubric_in(example[0])
    found = self_scores_of(rubric, sheet_of_scores(rubric, example[1]), WORDS)
    shown = [
        [one.item.id, *map(text_of, (one.score, one.self_score, one.difference))] for one in found
    ]
    assert shown == [line.split() for line in example[2].splitlines()]
    assert len(shown) == 2


def test_final_figures_are_what_the_page_says() -> None:
    (example,) = (one for title, one in EXAMPLES.items() if title.split()[0] == "rank_points")
    rubric = rubric_in(example[0])
    totals = (line.split(": ") for line in example[1].splitlines())
    sheets = [
        ScoreSheet.model_validate({"rubric": rubric.id, "unit": unit, "scores": {"A1": total}})
        for unit, total in totals
    ]
    placings = rank(rubric, [score(rubric, one) for one in sheets]).placings
    figures = [
        [str(one.rank), plain(one.scaled or Decimal(0)), plain(one.rank_points or Decimal(0))]
        for one in placings
    ]
    shown = [[one.result.unit, *figure] for one, figure in zip(placings, figures, strict=True)]
    assert sorted(shown) == sorted(line.split() for line in example[2].splitlines())


def test_units_are_ranked_in_groups_as_the_page_says() -> None:
    (example,) = (one for title, one in EXAMPLES.items() if title.split()[0] == "groups")
    rubric = rubric_in(example[0])
    totals = (line.split(": ") for line in example[1].splitlines())
    results = [
        score(rubric, sheet_in(rubric, f"rubric: county\nunit: {unit}\nscores: {{A1: {total}}}\n"))
        for unit, total in totals
    ]
    rows = [
        [name, str(one.rank), one.result.unit, plain(one.result.total), one.band and one.band.name]
        for name, _ in rubric.groups
        for one in rank(rubric, results, group=name).placings
    ]
    assert rows == [line.split() for line in example[2].splitlines()]


def test_the_file_of_a_composite_result_is_as_the_page_says() -> None:
    (example,) = (one for title, one in EXAMPLES.items() if title.split()[0] == "Composite")
    source = yaml.read("year.yaml", example[0].encode())
    assert check_composite(Composite.model_validate(source.value)) == []


def test_every_rule_has_a_section_with_an_example() -> None:
    names = {title.split()[0] for title in EXAMPLES}
    parts = {"targets", "pool", "capped", "accept_mismatch", "not_applicable", "adjustments"}
    assert names >= {*Rules.model_fields, *parts, *OF_SEVERAL_SHEETS} - {"whole"}
