"""小计与总分: the points of each sheet by section and in total."""

from collections.abc import Iterator, Sequence

from epa_score.i18n import Words
from epa_score.model import Rubric
from epa_score.reports.outline import (
    section_cells,
    section_columns,
    total_column,
    unscored_column,
)
from epa_score.reports.panel import assessors_cells, assessors_columns, panel_notes, remarks
from epa_score.reports.table import Column, Row, Table
from epa_score.scoring import Result


def totals_table(rubric: Rubric, results: Sequence[Result], words: Words) -> Table:
    """The units in the order given; a unit with unscored items is marked."""
    provisional = any(one.unscored for one in results)
    columns = (
        Column("rubric", words("report.rubric"), shown=False),
        Column(
            "period", words("report.period"), shown=any(one.period for one in results), priority=2
        ),
        Column("rank", words("report.rank"), "number", shown=False),
        Column("unit", words("report.unit")),
        *section_columns(rubric, results, words),
        total_column(rubric, results, words),
        *([unscored_column(words)] if provisional else []),
        *assessors_columns(rubric, words),
        Column(
            "remark",
            words("report.remark"),
            priority=1,
            shown=provisional,
            data=False,
        ),
    )

    def rows() -> Iterator[Row]:
        for one, sections in zip(results, section_cells(rubric, results), strict=True):
            number = len(one.unscored)
            yield Row(
                (
                    rubric.id,
                    one.period,
                    None,
                    one.unit,
                    *sections,
                    one.total,
                    *([number] if provisional else []),
                    *assessors_cells(rubric, one),
                    words("list.separator").join(_remarks(rubric, one, words)) or None,
                )
            )

    title = words("report.totals_title", title=rubric.title)
    ranked_only = rubric.scale is not None or rubric.rank_points
    notes = (*panel_notes(rubric, words), *([words("report.note_final")] if ranked_only else []))
    return Table("totals", title, columns, rows, notes, rubric.id)


def _remarks(rubric: Rubric, result: Result, words: Words) -> Iterator[str]:
    number = len(result.unscored)
    if number:
        yield words("report.provisional", number=number)
    yield from remarks(rubric, result, words)
