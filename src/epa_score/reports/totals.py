"""小计与总分: the points of each sheet by section and in total."""

from collections.abc import Iterator, Sequence

from epa_score.i18n import Words
from epa_score.model import Rubric
from epa_score.reports.columns.adjustments import (
    adjustment_cells,
    adjustment_columns,
    adjustment_note,
)
from epa_score.reports.columns.not_applicable import (
    accepted_notes,
    outside_cells,
    outside_columns,
    remark_column,
    remarks_on,
)
from epa_score.reports.columns.panel import assessors_cells, assessors_columns, panel_notes, remarks
from epa_score.reports.columns.sections import (
    known,
    section_cells,
    section_columns,
    total_column,
    unscored_column,
)
from epa_score.reports.columns.standing import band_alone, band_columns, totals_notes
from epa_score.reports.table import Column, Row, Table
from epa_score.reports.vetoes import veto_cells, veto_columns, veto_remarks
from epa_score.scoring import Result


def totals_table(rubric: Rubric, results: Sequence[Result], words: Words) -> Table:
    """The units in the order given; a unit with unscored items is marked."""
    provisional = any(one.unscored for one in results)
    remarked = provisional or any(one.vetoes or remarks_on(rubric, one, words) for one in results)
    columns = (
        Column("rubric", words("report.rubric"), shown=False),
        Column(
            "period", words("report.period"), shown=any(one.period for one in results), priority=2
        ),
        Column("rank", words("report.rank"), "number", shown=False),
        Column("unit", words("report.unit")),
        *section_columns(rubric, results, words),
        *adjustment_columns(rubric, results, words, {}),
        total_column(rubric, results, words),
        *band_columns(rubric, words),
        *veto_columns(rubric, words),
        *outside_columns(rubric, words),
        *([unscored_column(words)] if provisional else []),
        *assessors_columns(rubric, words),
        remark_column(rubric, words, shown=remarked),
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
                    *adjustment_cells(rubric, one),
                    known(one.total),
                    *([band_alone(rubric, one)] if rubric.bands else []),
                    *veto_cells(rubric, one, words),
                    *outside_cells(rubric, one),
                    *([number] if provisional else []),
                    *assessors_cells(rubric, one),
                    words("list.separator").join(_remarks(rubric, one, words)) or None,
                )
            )

    notes = (
        *accepted_notes(rubric, words),
        adjustment_note(rubric, words),
        *totals_notes(rubric, words),
    )
    title = words("report.totals_title", title=rubric.title)
    ranked_only = rubric.scale is not None or rubric.rank_points
    notes += (*panel_notes(rubric, words), *([words("report.note_final")] if ranked_only else []))
    return Table("totals", title, columns, rows, tuple(filter(None, notes)), rubric.id)


def _remarks(rubric: Rubric, result: Result, words: Words) -> Iterator[str]:
    if result.unscored:
        yield words("report.provisional", number=len(result.unscored))
    yield from remarks(rubric, result, words)
    yield from remarks_on(rubric, result, words)
    yield from veto_remarks(rubric, result, words)
