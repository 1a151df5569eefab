"""得分明细 and 扣分明细: points unit by item, and every lost point with its reason."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from epa_score.i18n import Words
from epa_score.model import Item, Rubric, ScoreSheet, exactly
from epa_score.reports.columns import Line, ResultList, adjustments, rank_and_unit
from epa_score.reports.columns.not_applicable import (
    NOTHING,
    WHOLE,
    absent_text,
    applicable_points,
    rescaled_sections,
)
from epa_score.reports.columns.panel import item_note
from epa_score.reports.columns.sections import item_column_names, item_columns, total_field
from epa_score.reports.sums import sum_of_sections, sum_of_total
from epa_score.reports.table import Cell, Column, Row, Table, decimals_of
from epa_score.reports.workings import has_rules, working_text
from epa_score.rules.rule import Working
from epa_score.scoring import Ranking, Result
from epa_score.scoring.points import PointsByItem, points_of, workings_of


def scores_table(
    rubric: Rubric, ranking: Ranking, sheets: Mapping[str, ScoreSheet], words: Words
) -> Table:
    """The points of every item, units in the order of the ranking.

    An item that is not yet scored says so, and so does one that does not apply and has no points;
    one that a unit is not assessed on is empty.
    """
    results = [result for _, result in ranking.everybody]
    items = item_columns(rubric)
    decimals = _decimals_by_item(rubric, ((sheets[result.unit], result) for result in results))
    base = sum_of_sections(rubric.sections, item_column_names(rubric), rubric.decimals)
    listed = ResultList(rubric, results, words, ranking)
    sums = (
        *adjustments.fields(listed, {"base": base}),
        total_field(listed, sum_of_total(rubric, base)),
    )
    columns = (
        *rank_and_unit(words),
        *(
            Column(
                item.name,
                item.item,
                "points",
                decimals.get(item.item, 0),
                cap=item.cap,
                marks_losses=True,
            )
            for item in items
        ),
        *(field.column for field in sums),
    )

    def rows() -> Iterator[Row]:
        for rank, result in ranking.everybody:
            sheet = sheets[result.unit]
            points, scope = points_of(rubric, sheet, result), rubric.scope(sheet.unit)
            homes = scope.homes if scope is not None else {}
            cells = [
                _item_cell(points, column.item, sheet, words)
                if homes.get(column.item) == column.section.id
                else None
                for column in items
            ]
            line = Line(result.unit, result.period, result)
            figures = (field.cell(line) for field in sums)
            fixed = WHOLE if rank is not None and rescaled_sections(rubric, result) else NOTHING
            means = {entry.item for entry in result.inapplicable if entry.treatment == "peer_mean"}
            fixed |= {column.name for column in items if column.item in means}
            yield Row((rank, sheet.unit, *cells, *figures), live=rank is not None, fixed=fixed)

    title = words("report.scores_title", title=rubric.title)
    return Table(
        "scores",
        title,
        columns,
        rows,
        group=rubric.id,
        has_caps_row=True,
        is_sortable=True,
        note_on_still_rows=words("sheet.fixed_excluded"),
    )


def _item_cell(points: PointsByItem, item_id: str, sheet: ScoreSheet, words: Words) -> Cell:
    given = points.get(item_id)
    return absent_text(item_id, sheet, words) if given is None else given


def _decimals_by_item(
    rubric: Rubric, sheets: Iterable[tuple[ScoreSheet, Result]]
) -> dict[str, int]:
    """The decimals that each item needs."""
    found: dict[str, set[Decimal]] = {}
    for sheet, result in sheets:
        for item, points in points_of(rubric, sheet, result).items():
            if points is not None:
                found.setdefault(item, set()).add(points)
    return {item: decimals_of(points) for item, points in found.items()}


_NO_WORKING = Working(Decimal(0), ())


def deductions_table(
    rubric: Rubric, ranking: Ranking, sheets: Mapping[str, ScoreSheet], words: Words
) -> Table:
    """A row for each item below its cap, units in the order of the ranking."""
    decimals = decimals_of({loss.score for loss in _losses(rubric, ranking, sheets)})
    ruled = has_rules(rubric)
    columns = (
        Column("unit", words("report.unit"), is_heading=True),
        Column("item", words("report.item")),
        Column("text", words("report.text"), "long text"),
        Column("max", words("report.cap"), "points", decimals),
        Column("score", words("report.score"), "points", decimals),
        Column("lost", words("report.lost"), "points", decimals),
        *([Column("working", words("report.working"), "long text")] if ruled else []),
        Column("note", words("report.note"), "long text"),
        Column("evidence", words("report.evidence"), "long text"),
    )

    def rows() -> Iterator[Row]:
        for loss in _losses(rubric, ranking, sheets):
            item, sheet = loss.item, loss.sheet
            evidence = words("list.separator").join(sheet.score(item.id).evidence) or None
            working = [working_text(loss.working, words) or None] if ruled else []
            texts = *working, item_note(sheet, item.id, words), evidence
            yield Row((sheet.unit, item.id, item.text, item.max, loss.score, loss.points, *texts))

    title = words("report.deductions_title", title=rubric.title)
    return Table("deductions", title, columns, rows, group=rubric.id)


class _Loss(NamedTuple):
    """An item with fewer points than its cap."""

    sheet: ScoreSheet
    item: Item
    score: Decimal
    points: Decimal
    working: Working


def _losses(rubric: Rubric, ranking: Ranking, sheets: Mapping[str, ScoreSheet]) -> Iterator[_Loss]:
    """Every loss; an item that is not yet scored, or does not apply, has lost nothing."""
    for _, result in ranking.everybody:
        sheet = sheets[result.unit]
        scope = rubric.scope(sheet.unit)
        found, workings = (
            applicable_points(points_of(rubric, sheet), sheet),
            workings_of(rubric, sheet),
        )
        for item in scope.items.values() if scope is not None else ():
            points = found.get(item.id)
            if points is not None and points < item.max:
                with exactly():
                    lost = item.max - points
                working = workings.get(item.id, _NO_WORKING)
                yield _Loss(sheet=sheet, item=item, score=points, points=lost, working=working)
