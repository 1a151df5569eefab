"""What a narrow terminal leaves out of each table of the program, and in which order."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from tests.support.every_table import (
    EXAMPLES,
    WORDS,
    drawn_seeds,
    drawn_tables,
    tables_of_example,
)

from epa_score.readers import load_rubric
from epa_score.reports.listings import rubric_table, rubrics_table
from epa_score.reports.status import Submission, UnitFault, counts_table, faults_table, status_table
from epa_score.reports.table import Table

ORDER: dict[str, Sequence[str]] = {
    "ranking": (
        "sections of sections",
        "sections",
        "left_out difference assessors",
        "group period best worst base bonus penalty",
        "remark band",
    ),
    "totals": (
        "sections of sections",
        "sections",
        "left_out assessors",
        "period base bonus penalty",
        "remark band",
    ),
    "scores": ("base bonus penalty",),
    "stability": (
        "without",
        "unit_above raise_in",
        "raise remark",
        "margin_below firm_share",
        "total weight_share",
        "swap best worst",
    ),
    "moves": ("old_total", "old_rank", "by", "total"),
    "account": ("lost assessor period", "reason"),
    "rubrics": ("file", "total", "title"),
    "rubric": ("section", "units"),
    "status": ("file",),
    "faults": ("file",),
}
"""The columns that go first, then those that go next; all others stay."""

INNER = {"sections.A", "sections.B"}
"""The sections inside 共性指标 of the departments."""


def tier_of(table: Table, name: str) -> str:
    """The words under which `ORDER` has a column."""
    if not name.startswith("sections."):
        return name.partition(".")[0]
    nested = "sections.common" in {column.name for column in table.columns}
    return "sections of sections" if nested and name in INNER else "sections"


def columns_that_go(table: Table) -> list[set[str]]:
    """The columns that go together, first those of the highest priority; 0 is never dropped.

    In rubrics that are drawn nobody knows which sections lie in others.
    """
    shown = [column for column in table.columns if column.shown and column.priority]
    priorities = sorted({column.priority for column in shown}, reverse=True)
    tiers = [
        {tier_of(table, column.name) for column in shown if column.priority == priority}
        for priority in priorities
    ]
    return [tier for tier, _ in groupby(tiers)]


def expected(table: Table) -> Iterator[set[str]]:
    """What `ORDER` says of a table."""
    shown = {tier_of(table, column.name) for column in table.columns if column.shown}
    long = {column.name for column in table.columns if column.kind == "long text"}
    for tier in ORDER.get(table.name, ()):
        names = {tier} if tier in ("sections of sections", "sections") else set(tier.split())
        if table.name in ("ranking", "totals"):
            names -= long  # remarks that say what a total is out of stay
        if names & shown:
            yield names & shown


def listings() -> Iterator[Table]:
    """The tables that no result has."""
    rubric = load_rubric("departments")
    yield rubrics_table([(rubric, "departments.yaml")], WORDS)
    yield rubric_table(rubric, WORDS)
    yield status_table([Submission("甲镇", "a.yaml", "complete")], WORDS)
    yield counts_table({"甲镇": "complete"}, WORDS)
    yield faults_table(["甲镇"], [UnitFault("甲镇", "a.yaml", "1:1", "错", "改")], WORDS)


def test_a_narrow_terminal_leaves_out_what_is_needed_least() -> None:
    tables = [table for name in EXAMPLES for table in tables_of_example(name).all]
    tables += [table for seed in drawn_seeds(12) for table in drawn_tables(seed).all]
    tables += listings()
    found = {table.name for table in tables if columns_that_go(table)}
    assert found == {*ORDER}
    gone = {name for table in tables for tier in columns_that_go(table) for name in tier}
    named = {name for order in ORDER.values() for tier in order for name in tier.split()}
    assert gone == {*named, "sections of sections"} - {"of"}
    for table in tables:
        assert columns_that_go(table) == [*expected(table)], table.name
