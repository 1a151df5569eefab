"""Workbooks of results: made from a few points, and read back."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from tests.support.paths import SCORES

import epa_score
from epa_score import Ranking, Rubric, ScoreSheet
from epa_score.exporters.xlsx import write
from epa_score.exporters.xlsx.form import Form
from epa_score.i18n import Words, plain
from epa_score.reports.coverage import Coverage, LeftOut
from epa_score.reports.provenance import Origin, about_table
from epa_score.reports.ranking import ranking_table, summary_table
from epa_score.reports.rates import rates_table
from epa_score.reports.scores import deductions_table, scores_table
from epa_score.reports.table import Column, Row, Table
from epa_score.scoring import Ties

WORDS = Words("zh_CN")

SMALL = """
id: small
title: 小细则
total: 10
sections:
  - {id: A, title: 甲, max: 10, items: [{id: A1, max: 6, text: 一}, {id: A2, max: 4, text: 二}]}
"""

Given = dict[str, dict[str, Any]]


def rubric_of(text: str, folder: Path) -> Rubric:
    path = folder / "rubric.yaml"
    path.write_text(text, "utf-8")
    return epa_score.load_rubric(path)


def sheets_of(rubric: Rubric, given: Given) -> dict[str, ScoreSheet]:
    return {
        unit: ScoreSheet.model_validate({"rubric": rubric.id, "unit": unit, "scores": scores})
        for unit, scores in given.items()
    }


def example_sheets(rubric: Rubric) -> dict[str, ScoreSheet]:
    paths = [p for p in SCORES.iterdir() if f"rubric: {rubric.id}\n" in p.read_text("utf-8")]
    sheets = [epa_score.load_sheet(path, rubric) for path in paths]
    assert sheets
    return {sheet.unit: sheet for sheet in sheets}


def ranked(rubric: Rubric, sheets: dict[str, ScoreSheet], ties: Ties = "competition") -> Ranking:
    results = [epa_score.score(rubric, sheet) for sheet in sheets.values()]
    provisional = any(result.unscored for result in results)
    return epa_score.rank(rubric, results, ties=ties, provisional=provisional)


def tables_of(
    rubric: Rubric,
    sheets: dict[str, ScoreSheet],
    *,
    ties: Ties = "competition",
    left_out: Sequence[LeftOut] = (),
    words: Words = WORDS,
) -> list[Table]:
    """The three tables of a rubric."""
    ranking = ranked(rubric, sheets, ties)
    first = ranking_table(rubric, ranking, words, coverage=Coverage(left_out))
    return [
        first._replace(chart=summary_table(rubric, first, words).chart),
        scores_table(rubric, ranking, sheets, words),
        deductions_table(rubric, ranking, sheets, words),
    ]


def about_of(rubrics: Iterable[Rubric]) -> Table:
    origins = [Origin(one, ranked(one, {}), f"{one.id}.yaml", "00", ()) for one in rubrics]
    return about_table(origins, "1.0", WORDS)


def written(tables: Sequence[Table], words: Words = WORDS) -> bytes:
    file = BytesIO()
    write(tables, file, words)
    return file.getvalue()


def opened(content: bytes, *, values: bool) -> Workbook:
    return load_workbook(BytesIO(content), data_only=values)


def rows_of(sheet: Worksheet, first: int = 3) -> list[list[Any]]:
    return [list(row) for row in sheet.iter_rows(min_row=first, values_only=True)]


def shown(cell: object) -> object:
    """A figure as exact text, whatever type openpyxl gives it."""
    return plain(Decimal(str(cell))) if isinstance(cell, int | float | Decimal) else cell


def one_text(text: str) -> Table:
    """A table that holds nothing but a text."""
    columns = (Column("unit", "单位"), Column("note", "说明", "long text"))
    return Table("deductions", "表", columns, lambda: [Row((None, text))])


def rubric_and_sheets(name: str) -> tuple[Rubric, dict[str, ScoreSheet]]:
    rubric = epa_score.load_rubric(name)
    return rubric, example_sheets(rubric)


def small(folder: Path, given: Given) -> list[Table]:
    rubric = rubric_of(SMALL, folder)
    return tables_of(rubric, sheets_of(rubric, given))


Values = dict[str, list[list[Any]]]


def content_of(
    *found: tuple[Rubric, list[ScoreSheet]], ties: Ties = "competition", forms: bool = False
) -> bytes:
    """A workbook of everything, as the tool writes it."""
    tables, origins = [], []
    for rubric, sheets in found:
        results = [epa_score.score(rubric, sheet) for sheet in sheets]
        open_items = any(result.unscored for result in results)
        ranking = epa_score.rank(rubric, results, ties=ties, provisional=open_items)
        by_unit = {sheet.unit: sheet for sheet in sheets}
        absent = Coverage([LeftOut("坏.yaml", "坏镇")])
        table = ranking_table(rubric, ranking, WORDS, coverage=absent)
        tables += [
            summary_table(rubric, table, WORDS),
            rates_table(rubric, ranking, by_unit, WORDS),
            scores_table(rubric, ranking, by_unit, WORDS),
            deductions_table(rubric, ranking, by_unit, WORDS),
        ]
        origins.append(Origin(rubric, ranking, f"{rubric.id}.yaml", "00", ()))
    file = BytesIO()
    filled = [
        Form(rubric, sheet.unit, sheet, asks=False) for rubric, sheets in found for sheet in sheets
    ]
    write([*tables, about_table(origins, "1.0", WORDS)], file, WORDS, filled if forms else [])
    return file.getvalue()


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


def states(values: Values) -> list[str]:
    """Whether 说明 says of any table that it was changed, for each rubric."""
    found: dict[str, str] = {}
    for subject, said, *_ in values["说明"]:
        if str(subject).startswith("导出后是否改动：") and "各单位评分表" not in str(subject):
            rubric = str(subject).partition("-")[2]
            was = found.get(rubric, "未改动")
            found[rubric] = was if said == "未改动" else "已改动"
    return [*found.values()]


def told(values: Values) -> list[object]:
    """What 说明 says of the rankings, and of the forms."""
    begins = "导出后是否改动：各单位评分表"
    forms = [row[1] for row in values["说明"] if str(row[0]).startswith(begins)]
    return [*states(values), *forms]
