"""Every table that the tool makes, of all examples and of rubrics that are drawn."""

import os
import shutil
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import pytest
from tests.support.drawn import Drawn, draw
from tests.support.earlier import turned
from tests.support.paths import ROOT

from epa_score.cli.commands import explain, export, rank, total
from epa_score.cli.main import main
from epa_score.i18n import Words
from epa_score.reports.breakdown import account_table
from epa_score.reports.columns import with_origin
from epa_score.reports.coverage import Coverage, LeftOut
from epa_score.reports.gap import gap_table
from epa_score.reports.moves import moves_tables
from epa_score.reports.provenance import Origin, about_table
from epa_score.reports.ranking import ranking_table, summary_table, totals_table
from epa_score.reports.rates import analysis_table, rates_table
from epa_score.reports.scores import deductions_table, scores_table
from epa_score.reports.stability import belongs_in_result, stability_table
from epa_score.reports.table import Table
from epa_score.reports.workings import has_workings, workings_table
from epa_score.scoring.moves import moves_between
from epa_score.scoring.snapshot import snapshot_of

WORDS = Words("zh_CN")


class Tables(NamedTuple):
    """Those of an export, and all that there are."""

    exported: list[Table]
    all: list[Table]


EXAMPLES: dict[str, tuple[str, ...]] = {
    "scores": ("scores",),
    "composite": ("--composite", "year.yaml"),
    "sums": ("--composite", "sum.yaml"),
    **{f"rubrics/{one.name}": ("scores",) for one in (ROOT / "examples" / "rubrics").iterdir()},
}
"""The folders of the examples, and how they are ranked."""


def drawn_seeds(number: int) -> range:
    """The seeds of so many rubrics every day, or of as many as `EPA_SCORE_DRAWN` says."""
    return range(int(os.environ.get("EPA_SCORE_DRAWN") or number))


def kept(tables: Sequence[Table]) -> list[Table]:
    """The tables with their rows in lists, which stay when the sheets are gone."""
    return [table._replace(rows=list(table.rows()).copy) for table in tables]


@cache
def tables_of_example(name: str) -> Tables:
    """The tables of an example as the commands make them."""
    exported: list[Table] = []
    shown: list[Table] = []

    def keep_exported(_session: Any, _plan: Any, content: Any, _targets: Any) -> None:
        exported.extend(kept(content.tables))

    def keep_shown(_session: Any, tables: Sequence[Table], _form: str) -> None:
        shown.extend(kept(tables))

    home = Path.cwd()
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        target = Path(folder, "scores" if name == "scores" else ".")
        shutil.copytree(ROOT / "examples" / name, target, dirs_exist_ok=True)
        patch.chdir(folder)
        patch.setattr(export, "deliver", keep_exported)
        for command in (rank, total, explain):
            patch.setattr(command, "show_tables", keep_shown)
        given = ["--lang", "zh", "--quiet"]
        assert main([*given, "export", *EXAMPLES[name], "--xlsx"]) == 0
        assert main([*given, "rank", *EXAMPLES[name]]) == 0
        if "--composite" not in EXAMPLES[name]:
            assert main([*given, "total", *EXAMPLES[name]]) == 0
        for unit in list(_units(shown)):
            assert main([*given, "explain", *EXAMPLES[name], "--unit", unit]) == 0
        patch.chdir(home)
    assert exported
    return Tables(exported, [*exported, *shown])


def _units(tables: Sequence[Table]) -> Iterator[str]:
    for table in tables:
        if table.name == "ranking":
            place = [column.name for column in table.columns].index("unit")
            yield from (str(row.cells[place]) for row in table.rows())


@cache
def drawn_tables(seed: int) -> Tables:
    """The tables of a drawn rubric; every third one is provisional, every other leaves one out."""
    drawn = draw(seed, unscored=0.2 if seed % 3 == 0 else 0)
    coverage = Coverage([LeftOut("坏|表.yaml", "坏,镇")] if seed % 2 else [])
    exported = list(_exported(drawn, coverage))
    ranking = drawn.ranking
    shown = [
        ranking_table(drawn.rubric, ranking, WORDS, coverage=coverage),
        totals_table(drawn.rubric, drawn.results, WORDS),
    ]
    results = [result for _, result in ranking.everybody]
    for own, above in zip(results, [None, *results], strict=False):
        shown.append(account_table(drawn.rubric, own, drawn.sheets[own.unit], WORDS))
        shown.append(gap_table(drawn.rubric, (own, above), drawn.sheets, WORDS))
    return Tables(exported, [*exported, *(table for table in shown if any(table.rows()))])


def _exported(drawn: Drawn, coverage: Coverage) -> Iterator[Table]:
    """The tables of an export, in its order."""
    rubric, sheets, ranking = drawn.rubric, drawn.sheets, drawn.ranking
    table = ranking_table(rubric, ranking, WORDS, coverage=coverage)
    made = [
        summary_table(rubric, table, WORDS),
        rates_table(rubric, ranking, sheets, WORDS),
        scores_table(rubric, ranking, sheets, WORDS),
        analysis_table(rubric, ranking, sheets, WORDS),
        deductions_table(rubric, ranking, sheets, WORDS),
    ]
    if has_workings(rubric):
        made.append(workings_table(rubric, ranking, sheets, WORDS))
    if belongs_in_result(ranking):
        made.append(stability_table(rubric, ranking, sheets, WORDS))
        own = snapshot_of(rubric, ranking, sheets)
        made += moves_tables(moves_between(turned(own, changed=len(own.units) % 2 > 0), own), WORDS)
    yield from (with_origin(table, ranking.period, WORDS) for table in made)
    yield about_table([Origin(rubric, ranking, "drawn.yaml", "00", (), coverage)], "1.0", WORDS)
