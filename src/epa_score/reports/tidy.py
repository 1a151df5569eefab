"""逐项得分: the tidy table, a row for everything that a total is made of, for other programs.

The points of all rows of a unit add up to its total, exactly (see decision:
tidy-rows-add-up-to-the-total).
"""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from epa_score.i18n import Words
from epa_score.model import Rubric, ScoreSheet, exactly
from epa_score.model.composite import FULL_MARKS, Composite
from epa_score.reports.account import AccountLine
from epa_score.reports.breakdown import account_lines
from epa_score.reports.composite import UnitSources, component_lines
from epa_score.reports.coverage import EVERYBODY, Coverage
from epa_score.reports.table import Cell, Column, Row, Table
from epa_score.scoring import Ranking, Result

TIDY_COLUMNS = (
    *("rubric", "period", "unit", "section", "item", "cap", "points", "reason"),
    *("kind", "state", "assessor", "group"),
)
"""The names of the columns: the same for every rubric, in every language."""


class TidySource(NamedTuple):
    """A ranking, with the account of each of its units."""

    rubric: str
    """The id of the rubric, or the title of the composite result."""
    ranking: Ranking
    account: Callable[[Result], Iterable[AccountLine]]
    coverage: Coverage = EVERYBODY


def tidy_table(sources: Sequence[TidySource]) -> Table:
    """The rows of all rankings, which are made one by one, below each other."""

    def rows() -> Iterator[Row]:
        for source in sources:
            yield from map(Row, _cells_of(source))

    columns = tuple(Column(name, name) for name in TIDY_COLUMNS)
    return Table("tidy", "tidy", columns, rows, is_for_programs=True)


def tidy_source(
    rubric: Rubric,
    ranking: Ranking,
    sheets: Mapping[str, ScoreSheet],
    coverage: Coverage,
    words: Words,
) -> TidySource:
    """A ranking by a rubric, with the sheets of its units."""

    def account(result: Result) -> Iterable[AccountLine]:
        return account_lines(rubric, result, sheets[result.unit], words)

    return TidySource(rubric.id, ranking, account, coverage)


def tidy_composite(
    composite: Composite,
    ranking: Ranking,
    totals_of: Callable[[Result], UnitSources],
    coverage: Coverage,
    words: Words,
) -> TidySource:
    """A composite ranking: a row a source, by its weight, in the place of items."""
    weights = {source.name: source.weight for source in composite.sources}

    def account(result: Result) -> Iterator[AccountLine]:
        for line in component_lines(composite, result, totals_of(result), words):
            weight = weights.get(line.section)
            if line.cap is not None and weight is not None:
                with exactly():
                    yield line._replace(cap=line.cap * weight / FULL_MARKS)
            else:
                yield line

    return TidySource(composite.composite, ranking, account, coverage)


def _cells_of(source: TidySource) -> Iterator[tuple[Cell, ...]]:
    """The rows of a ranking: units in its order, then whatever was left out of it."""
    rubric, group, period = source.rubric, source.ranking.group or None, source.ranking.period
    for _, result in source.ranking.everybody:
        inapplicable = {entry.item for entry in result.inapplicable}
        state = partial(_state_of, inapplicable, set(result.unscored))
        for line in source.account(result):
            if line.counted is not None:
                is_numbered = line.text is not None
                points = line.score if line.kind == "item" else line.counted
                yield (
                    rubric,
                    result.period,
                    result.unit,
                    line.section or None,
                    line.label if is_numbered else None,
                    line.cap,
                    points if isinstance(points, Decimal) else None,
                    line.reason or (None if is_numbered else line.label),
                    line.kind,
                    state(line),
                    line.assessor,
                    group,
                )
    for entry in source.coverage.left_out:
        unit = entry.unit or None
        beside = (entry.path or None, "left_out", entry.why, None, group)
        yield (rubric, period, unit, None, None, None, None, *beside)


def _state_of(
    inapplicable: Container[str], unscored: Container[str], line: AccountLine
) -> str | None:
    """Whether an item has points, and why not; ``None`` for what is no item."""
    if line.kind != "item":
        return None
    if line.label in inapplicable:
        return "not_applicable"
    return "unscored" if line.label in unscored else "scored"
