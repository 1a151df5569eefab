"""名次稳定性: how firm each rank is, with every figure exact."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from epa_score.i18n import Words, plain
from epa_score.model import Rubric, ScoreSheet, exactly
from epa_score.model.ranked import Ranked
from epa_score.reports.columns import Line, check_code
from epa_score.reports.coverage import Coverage, coverage_notes
from epa_score.reports.ranking import first_remarks, left_out_fields, rules_in_force
from epa_score.reports.table import Cell, Column, Row, Table, decimals_of
from epa_score.reports.titles import of_unit_group, title_of
from epa_score.scoring import Ranking
from epa_score.scoring.stability import (
    MOST_PAIRED,
    STATED_SHARE,
    Firmness,
    Stability,
    stability,
)
from epa_score.values.rounding import cut_off

MOST_IN_RESULT = 300
"""Up to so many units have their stability in a result: it takes time by the square."""

_LEAST_UNITS = 2
_PERCENT_DECIMALS = 2
_BESIDE_SECTIONS = 9
"""The columns between the total and those of the sections."""


def belongs_in_result(ranking: Ranking) -> bool:
    """True where a result shows stability: its ranks are final, and there are at least two."""
    is_final = not ranking.provisional and ranking.ties != "dense"
    return is_final and _LEAST_UNITS <= len(ranking.placings) <= MOST_IN_RESULT


def stability_table(
    rubric: Rubric,
    ranking: Ranking,
    sheets: Mapping[str, ScoreSheet],
    words: Words,
    share: Decimal = STATED_SHARE,
) -> Table:
    """A row a unit: margins, what swaps it with the unit above, weights, sections left out.

    Raises `ValueError` as `stability` does.
    """
    return table_of_stability(rubric, ranking, stability(rubric, ranking, sheets, share), words)


def table_of_stability(rubric: Ranked, ranking: Ranking, found: Stability, words: Words) -> Table:
    """A row a unit; in a composite result sources take the place of sections.

    There, points are raised in one source at a time.
    """
    rows = [Row(tuple(_cells(unit, words)), live=False) for unit in found.units]
    empty = [None] * (_BESIDE_SECTIONS + len(found.sections) + len(found.sources))
    rows += [
        Row((None, one.unit, one.total, *empty, words("report.out")), live=False)
        for one in ranking.excluded
    ]
    columns = tuple(_columns(found, rows, words))
    table = Table(
        "stability",
        title_of(rubric.title, "stability", ranking.period, words),
        columns,
        lambda: rows,
        notes=(
            rules_in_force(rubric, ranking, words),
            *_notes(rubric, ranking, found, words),
            *check_code.notes(ranking, words),
        ),
        group=rubric.id,
    )
    return of_unit_group(table, ranking.group, words) if ranking.group else table


def with_coverage(table: Table, coverage: Coverage, words: Words) -> Table:
    """The table with a row for each sheet, file or unit that was left out, and notes on them."""
    *columns, remark = table.columns
    fields = tuple(left_out_fields(words, coverage.left_out))
    lines = [Line(entry.unit or None, None, left_out=entry) for entry in coverage.left_out]

    def rows() -> Iterator[Row]:
        for row in table.rows():
            *known, said = row.cells
            yield row._replace(cells=(*known, *[None] * len(fields), said))
        for line in lines:
            own = (field.cell(line) for field in fields)
            empty = [None] * (len(columns) - 2)
            yield Row((None, line.unit, *empty, *own, *first_remarks(words, line)), live=False)

    added = (field.column for field in fields)
    if lines:  # without its remark such a row would say nothing
        remark = remark._replace(shown=True, priority=0)
    notes = (*table.notes, *coverage_notes(coverage, words))
    return table._replace(columns=(*columns, *added, remark), rows=rows, notes=notes)


def _cells(unit: Firmness, words: Words) -> Iterator[Cell]:
    placing = unit.placing
    yield from (placing.rank, placing.result.unit, placing.result.total, unit.above)
    yield from (unit.margin_above, unit.margin_below, unit.swap, unit.raised)
    yield from (_percent(unit.weight_share), _percent(unit.firm_share), unit.best, unit.worst)
    yield from unit.without
    yield from unit.raised_in
    yield words("report.tied") if placing.tied else None


def _percent(share: Fraction | None) -> Decimal | None:
    """A share in percent, cut off: below what is shown nothing changes."""
    return None if share is None else cut_off(share * 100, _PERCENT_DECIMALS)


def _columns(found: Stability, rows: Sequence[Row], words: Words) -> Iterator[Column]:
    has_bounds = found.has_weights and "many" not in found.scruples
    percent = _percent_text(found.share)

    def points(
        name: str, place: int, priority: int, *, title: str = "", shown: bool = True
    ) -> Column:
        known = (cell for row in rows if isinstance(cell := row.cells[place], Decimal))
        title = title or words(f"report.stable_{name}")
        return Column(name, title, "points", decimals_of(known), priority, shown=shown)

    yield Column("rank", words("report.rank"), "number")
    yield Column("unit", words("report.unit"), is_heading=True)
    yield points("total", 2, 2)
    yield Column("unit_above", words("report.unit_above"), priority=5)
    yield points("margin_above", 4, 0)
    yield points("margin_below", 5, 3)
    yield points("swap", 6, 1, shown=found.has_swaps)
    yield points("raise", 7, 4, shown=found.has_swaps)
    yield points("weight_share", 8, 2, shown=found.has_weights)
    yield points("firm_share", 9, 3, shown=has_bounds)
    for name in ("best", "worst"):
        title = words(f"report.stable_{name}", share=percent)
        yield Column(name, title, "number", priority=1, shown=has_bounds)
    for section in found.sections:
        title = words("report.stable_without", title=section.title)
        yield Column(f"without.{section.id}", title, "number", priority=6)
    for number, source in enumerate(found.sources, 3 + _BESIDE_SECTIONS + len(found.sections)):
        title = words("report.stable_raise_in", title=source.title)
        yield points(f"raise_in.{source.id}", number, 5, title=title)
    has_remarks = any(row.cells[-1] is not None for row in rows)
    yield Column("remark", words("report.remark"), priority=4, shown=has_remarks, data=False)


def _percent_text(share: Decimal) -> str:
    with exactly():
        return f"{plain(share * 100)}%"


def _notes(rubric: Ranked, ranking: Ranking, found: Stability, words: Words) -> Iterator[str]:
    yield words("report.note_margins")
    if found.has_swaps and isinstance(rubric, Rubric):
        yield words("report.note_swaps", grain=plain(rubric.grain))
    if found.has_weights:
        yield words("report.note_weights_of_sources" if found.sources else "report.note_weights")
        if "many" not in found.scruples:
            low, high = 1 - found.share, 1 + found.share
            about = {"low": _percent_text(low), "high": _percent_text(high)}
            parts = words(
                "report.stable_parts_of_composite" if found.sources else "report.stable_parts"
            )
            yield words("report.note_rank_bounds", parts=parts, **about)
    if found.sections:
        yield words("report.note_without_source" if found.sources else "report.note_without")
    for scruple in found.scruples:
        yield words(f"report.scruple_{scruple}", most=MOST_PAIRED)
    if found.unmoved:
        names = words("list.separator").join(source.title for source in found.unmoved)
        yield words("report.note_unmoved", sources=names)
    if ranking.excluded:
        names = words("list.separator").join(result.unit for result in ranking.excluded)
        yield words("report.note_excluded", number=len(ranking.excluded), units=names)
