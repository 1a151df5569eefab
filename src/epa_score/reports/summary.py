"""排名汇总 as it is signed: the ranking with means, differences to them, and signature lines."""

from collections.abc import Iterator
from decimal import Decimal
from typing import TypeVar

from epa_score.i18n import Words
from epa_score.model import Rubric, exactly
from epa_score.reports.table import Cell, Column, FromMean, Mean, Row, Table, decimals_of
from epa_score.values.rounding import mean

_Value = TypeVar("_Value")


def summary_table(rubric: Rubric, ranking: Table, words: Words) -> Table:
    """The table of a ranking as a document.

    A mean is rounded half up to the rubric's decimals, and a difference is the total less that
    printed mean, so that the table adds up. (Decision: the published rubrics know no means.)
    """
    numbers = {column.name: number for number, column in enumerate(ranking.columns)}
    points = [number for number, one in enumerate(ranking.columns) if one.kind == "points"]
    total, unit = numbers["total"], numbers["unit"]
    given: dict[int, list[Decimal]] = {number: [] for number in points}
    period: Cell = None
    for row in ranking.rows():
        period = row.cells[numbers["period"]]
        for number in points if row.live else ():
            cell = row.cells[number]
            given[number] += [cell] if isinstance(cell, Decimal) else []
    means = {number: mean(known, rubric.decimals) for number, known in given.items() if known}
    average = means.get(total, Decimal(0))

    def difference(points: Decimal) -> Decimal:
        with exactly():
            return points - average

    def rows() -> Iterator[Row]:
        for row in ranking.rows():
            cell = row.cells[total]
            gap = difference(cell) if row.live and isinstance(cell, Decimal) else None
            yield row._replace(cells=_with(row.cells, total, gap))

    column = Column(
        "difference",
        words("report.difference"),
        "difference",
        decimals_of(filter(None, map(difference, set(given[total])))),
        priority=3,
        data=False,
        live=FromMean("total", rubric.decimals),
    )
    columns = _with(ranking.columns, total, column)
    cells: tuple[Cell, ...] = tuple(
        words("report.mean") if number == unit else means.get(number)
        for number in range(len(ranking.columns))
    )
    note = words("report.mean_note", decimals=rubric.decimals)
    caption = words("report.caption", period=period) if period else words("report.caption_unit")
    return ranking._replace(
        title=_title(rubric, words),
        columns=columns,
        rows=rows,
        notes=(*ranking.notes, *([note] if means else [])),
        caption=caption,
        mean=Mean(_with(cells, total, None), rubric.decimals) if means else None,
        signatures=(words("form.leader"), words("report.checked_by"), words("form.seal")),
    )


def _title(rubric: Rubric, words: Words) -> str:
    """What the rubric is called, as a table of results."""
    named = rubric.title.replace(words("form.title_from"), words("report.summary"))
    return named if named != rubric.title else words("report.ranking_title", title=rubric.title)


def _with(values: tuple[_Value, ...], number: int, value: _Value) -> tuple[_Value, ...]:
    """Some values with one more after that of the ``number``."""
    return (*values[: number + 1], value, *values[number + 1 :])
