"""考核组分工: who scores which items, who gave what, and who owes what."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from epa_score.checks.sheet import ranges
from epa_score.i18n import Words
from epa_score.model import Rubric, ScoreSheet, exactly, same_name_key
from epa_score.model.assessors import JoinedSheet
from epa_score.reports.columns import Line, ResultList
from epa_score.reports.table import Blocks, Column, Row, Table, decimals_of
from epa_score.reports.titles import title_of
from epa_score.scoring import Ranking
from epa_score.scoring.points import points_of

_POINTS = 3
"""The place of the points in a row."""


def assessors_table(
    rubric: Rubric, ranking: Ranking, sheets: Mapping[str, ScoreSheet], words: Words
) -> Table:
    """A row for each assessor of each unit: when, which items, and the points of them in all.

    Units stand in the order of the ranking. An assessor who owes a sheet has no points.
    """
    rows = [
        row
        for _, result in ranking.everybody
        for row in _rows_of_unit(rubric, sheets[result.unit], words)
    ]
    given = [row.cells[_POINTS] for row in rows]
    decimals = decimals_of(cell for cell in given if isinstance(cell, Decimal))
    columns = (
        Column("unit", words("report.unit"), is_heading=True),
        Column("assessor", words("report.by_assessor")),
        Column("items", words("report.items"), "long text"),
        Column("points", words("report.points_given"), "points", decimals),
        Column("date", words("report.date")),
        Column("remark", words("report.remark")),
    )
    return Table(
        "assessors",
        title_of(rubric.title, "assessors", ranking.period, words),
        columns,
        lambda: rows,
        notes=(words("report.points_given_note"),),
        group=rubric.id,
        blocks=Blocks("unit"),
    )


def _rows_of_unit(rubric: Rubric, sheet: ScoreSheet, words: Words) -> Iterator[Row]:
    scope, points = rubric.scope(sheet.unit), points_of(rubric, sheet)
    own = sheet.sheets if isinstance(sheet, JoinedSheet) else ()
    by_assessor = {same_name_key(part.assessor or ""): part for part in own}
    for assessor in rubric.assessors:
        names = [item for item, name in rubric.assessors_by_item.items() if name == assessor.name]
        items = [item for item in scope.items if item in names] if scope is not None else []
        beyond = [item for item in names if item not in rubric.item_ids]
        if not items and not beyond:
            continue
        there = by_assessor.get(same_name_key(assessor.name))
        with exactly():
            known = [given for item in items if (given := points.get(item)) is not None]
            added = sum(known, Decimal(0)) if known else None
        which = words("list.separator").join(ranges([*items, *beyond]))
        when = str(there.date) if there is not None and there.date is not None else None
        owed = words("report.owed_sheet") if there is None else None
        yield Row((sheet.unit, assessor.name, which, added, when, owed), live=False)


def remarks(listed: ResultList[Rubric], line: Line) -> Iterator[str]:
    """A remark on a unit of which some assessors have not scored all of their items."""
    if line.result is not None and line.result.unscored and listed.rubric.assessors:
        texts = _shares(listed.rubric, line.result.unscored)
        yield listed.words("report.owing", names=listed.words("list.separator").join(texts))


def notes(listed: ResultList[Rubric]) -> Iterator[str]:
    """A note on who scores which items."""
    yield from assessor_notes(listed.rubric, listed.words)


def assessor_notes(rubric: Rubric, words: Words) -> tuple[str, ...]:
    """A note on who scores which items, where assessors have items of their own."""
    if not rubric.assessors:
        return ()
    shares = words("list.separator").join(_shares(rubric, rubric.assessors_by_item))
    return (words("report.shares", shares=shares),)


def _shares(rubric: Rubric, items: Iterable[str]) -> Iterator[str]:
    """The assessors of some items, each with those that are theirs."""
    items = list(items)
    for assessor in rubric.assessors:
        own = [item for item in items if rubric.assessors_by_item.get(item) == assessor.name]
        if own:
            yield f"{assessor.name} {' '.join(ranges(own))}"
