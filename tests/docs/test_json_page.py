"""The page on JSON names every field and every kind of line."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import duckdb
from tests.support.commands import Run, rows
from tests.support.drawn import draw
from tests.support.earlier import turned
from tests.support.paths import ROOT

from epa_score.i18n import Words
from epa_score.reports.account import LineKind
from epa_score.reports.breakdown import account_table
from epa_score.reports.gap import gap_table
from epa_score.reports.moves import moves_tables
from epa_score.reports.stability import stability_table
from epa_score.reports.table import Table
from epa_score.reports.terms import FORMAT_VERSION, items_table, methods_table
from epa_score.reports.tidy import TIDY_COLUMNS
from epa_score.scoring.moves import Obstacle, moves_between
from epa_score.scoring.snapshot import snapshot_of

PAGE = (ROOT / "docs" / "json.md").read_text("utf-8")


def first_cells(head: str) -> list[str]:
    """The first cell of each row of the table that begins with a head."""
    _, _, rest = PAGE.partition(f"| {head} |")
    table = rest.partition("\n\n")[0]
    return re.findall(r"^\| `(\w+)`", table, re.MULTILINE)


def blocks_of(language: str) -> list[str]:
    """The pieces of code of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def test_the_tidy_table_is_read_as_the_page_says(examples: Path, run: Run) -> None:
    assert first_cells("column") == [*TIDY_COLUMNS]
    assert run("export", "--csv", "--long").code == 0
    assert (examples / "逐项得分.csv").is_file()
    ranked = rows(run("rank", "--format", "json"))
    totals = {(row["rubric"], row["unit"]): Decimal(row["total"]) for row in ranked}
    (code,), (query,) = blocks_of("python"), blocks_of("sql")
    found: dict[str, Any] = {}
    exec(code, found)  # noqa: S102 -- what the page tells people to write
    assert dict(found["totals"]) == totals
    rows_of_query = duckdb.execute(query).fetchall()
    assert {(rubric, unit): total for rubric, unit, total in rows_of_query} == totals


def fields_of(table: Table) -> list[str]:
    """The columns that programs get."""
    return [column.name for column in table.columns if column.data]


def test_fields_of_an_account_are_those_of_the_page() -> None:
    drawn = draw(1)
    (own, *_) = drawn.ranking.placings
    words = Words("en")
    account = account_table(drawn.rubric, own.result, drawn.sheets[own.result.unit], words)
    gap = gap_table(drawn.rubric, (own.result, None), drawn.sheets, words)
    assert first_cells("field of `account`") == fields_of(account)
    assert first_cells("field of `gap`") == fields_of(gap)
    assert first_cells("kind of line") == list(get_args(LineKind))


def test_fields_of_stability_are_those_of_the_page() -> None:
    drawn = draw(2)
    table = stability_table(drawn.rubric, drawn.ranking, drawn.sheets, Words("en"))
    names = dict.fromkeys(name.partition(".")[0] for name in fields_of(table))
    assert first_cells("field of `stability`") == [*names, "raise_in"]
    assert any(name.startswith("without.") for name in fields_of(table))


def test_fields_of_a_comparison_are_those_of_the_page() -> None:
    drawn, words = draw(2), Words("en")
    own = snapshot_of(drawn.rubric, drawn.ranking, drawn.sheets)
    tables = moves_tables(moves_between(turned(own, changed=True), own), words)
    assert [table.name for table in tables] == ["moves", "item_changes"]
    tables += [make(drawn.rubric, drawn.ranking, words) for make in (items_table, methods_table)]
    for table in tables:
        names = dict.fromkeys(name.partition(".")[0] for name in fields_of(table))
        assert first_cells(f"field of `{table.name}`") == list(names)
    assert sorted(first_cells("word in `refused`")) == sorted(get_args(Obstacle))
    assert f'`"format_version": {FORMAT_VERSION}`' in PAGE
