"""Columns beside a unit in a ranking, one concept a module.

Every module here offers `fields`, `remarks` and `notes` (or those of them that it has use for): the
columns with their cells, what is remarked on a unit, and what stands below the table.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Generic, NamedTuple, TypeVar

from epa_score.i18n import Words
from epa_score.model.ranked import Ranked
from epa_score.reports.coverage import LeftOut
from epa_score.reports.sums import SameAs
from epa_score.reports.table import Cell, Column, Row, Table
from epa_score.scoring import Placing, Ranking, Result

R_co = TypeVar("R_co", bound=Ranked, covariant=True)


class ResultList(NamedTuple, Generic[R_co]):
    """The results that a table lists; without a ``ranking`` they are totals in no order."""

    rubric: R_co
    results: Sequence[Result]
    words: Words
    ranking: Ranking | None = None

    @property
    def is_provisional(self) -> bool:
        """True where any of the units has unscored items."""
        return any(result.unscored for result in self.results)


class Line(NamedTuple):
    """A row of a ranking before it has cells: a result and its placing, or what was left out."""

    unit: str | None
    period: str | None
    result: Result | None = None
    placing: Placing | None = None
    left_out: LeftOut | None = None


_TITLES = {"group": "unit_group"}


def with_origin(table: Table, period: str | None, words: Words) -> Table:
    """The table with its rubric and the ``period`` of its rows for programs, if it lacks them."""
    known = {column.name for column in table.columns}
    origin = {"rubric": table.group, "period": period}
    origin |= {"group": table.unit_group} if table.unit_group else {}
    cells = tuple(cell for name, cell in origin.items() if name not in known)
    columns = (
        Column(name, words(f"report.{_TITLES.get(name, name)}"), shown=False)
        for name in origin
        if name not in known
    )
    mean = table.mean

    def rows() -> Iterator[Row]:
        for row in table.rows():
            yield row._replace(cells=(*cells, *row.cells))

    return table._replace(
        columns=(*columns, *table.columns),
        rows=rows,
        mean=mean and mean._replace(cells=(*(None for _ in cells), *mean.cells)),
    )


class Field(NamedTuple):
    """A column, and what stands in it for one line."""

    column: Column
    cell: Callable[[Line], Cell]


def rank_and_unit(words: Words) -> tuple[Column, Column]:
    """The columns that name the rows of a table whose units stand as in the ranking."""
    return (
        Column("rank", words("report.rank"), "number", data=False, live=SameAs("rank", "ranking")),
        Column("unit", words("report.unit"), is_heading=True),
    )


def result_field(column: Column, cell: Callable[[Result], Cell]) -> Field:
    """A field that depends on the result alone; it is empty for what was left out."""
    return Field(column, lambda line: None if line.result is None else cell(line.result))


def placing_field(column: Column, cell: Callable[[Placing], Cell]) -> Field:
    """A field that depends on the placing; it is empty for units without a rank."""
    return Field(column, lambda line: None if line.placing is None else cell(line.placing))
