"""排名汇总: ranks, totals and sections of the units, as a result and as a signed document."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from functools import partial
from typing import TypeVar

from epa_score.i18n import Words
from epa_score.model import Rubric, exactly
from epa_score.model.ranked import Ranked
from epa_score.reports.columns import (
    Field,
    Line,
    ResultList,
    adjustments,
    assessors,
    check_code,
    final_figures,
    not_applicable,
    panel,
    placing_field,
    result_field,
    sections,
    standing,
    unit_group,
)
from epa_score.reports.columns.not_applicable import NOTHING, rescaled_sections
from epa_score.reports.columns.sections import zeroed_columns
from epa_score.reports.coverage import EVERYBODY, Coverage, LeftOut, coverage_notes
from epa_score.reports.sums import FromMean, RankOf, SumOf, TiedIn, sum_of_total
from epa_score.reports.table import BarChart, Cell, Column, Mean, Row, Table, decimals_of
from epa_score.reports.titles import as_provisional, of_unit_group, title_of
from epa_score.scoring import Ranking, Result
from epa_score.values.rounding import mean


def ranking_table(
    rubric: Rubric,
    ranking: Ranking,
    words: Words,
    coverage: Coverage = EVERYBODY,
) -> Table:
    """Rank, unit, sections, total and remark of every unit; the rule in force as a note."""
    left_out = coverage.left_out
    results = [result for _, result in ranking.everybody]
    listed = ResultList(rubric, results, words, ranking)
    fields = tuple(_ranking_fields(listed, ranking, left_out))
    notes = (
        rules_in_force(rubric, ranking, words),
        *not_applicable.notes(listed),
        *panel.notes(listed),
        *assessors.notes(listed),
        *final_figures.notes(listed),
        *([provisional_note(rubric, ranking, words)] if ranking.provisional else []),
        *adjustments.notes(listed),
        *standing.notes(listed),
        *coverage_notes(coverage, words),
    )
    table = table_of_ranking(listed, ranking, fields, notes, left_out)
    if ranking.provisional:
        table = as_provisional(table, words, has_open_units=bool(ranking.open_units))
    return of_unit_group(table, ranking.group, words) if ranking.group else table


def table_of_ranking(
    listed: ResultList[Ranked],
    ranking: Ranking,
    fields: Sequence[Field],
    notes: tuple[str, ...],
    left_out: Sequence[LeftOut],
) -> Table:
    """The table of a ranking in some fields: ranks, then excluded units, then what was left out."""
    rubric, words = listed.rubric, listed.words
    period = ranking.period
    fields = (*fields, *check_code.fields(listed, ranking))

    def rows() -> Iterator[Row]:
        for placing in ranking.placings:
            result = placing.result
            line = Line(result.unit, result.period, result, placing)
            fixed = NOTHING
            if isinstance(rubric, Rubric):
                fixed = rescaled_sections(rubric, result) | panel.still_figures(rubric)
            yield _row_of_line(fields, line, fixed=fixed)
        for result in ranking.excluded:
            yield _row_of_line(fields, Line(result.unit, result.period, result), live=False)
        for entry in left_out:
            yield _row_of_line(fields, Line(entry.unit or None, period, left_out=entry), live=False)

    title = words("report.ranking_title", title=rubric.title)
    if period:
        title = words("report.with_period", title=title, period=period)
    columns = tuple(field.column for field in fields)
    return Table(
        "ranking",
        title,
        columns,
        rows,
        notes=(*notes, *check_code.notes(ranking, words)),
        group=rubric.id,
        is_sortable=True,
    )


def _row_of_line(
    fields: Iterable[Field], line: Line, *, live: bool = True, fixed: frozenset[str] = frozenset()
) -> Row:
    return Row(tuple(field.cell(line) for field in fields), live, fixed)


def _ranking_fields(
    listed: ResultList[Rubric], ranking: Ranking, left_out: Sequence[LeftOut]
) -> Iterator[Field]:
    rubric, words = listed.rubric, listed.words
    base = SumOf(tuple(f"sections.{section.id}" for section in rubric.sections), rubric.decimals)
    ways = ("bonus", "penalty")
    live = {"base": base} | {way: base._replace(columns=(way,), table="scores") for way in ways}
    live = {name: figure for name, figure in live.items() if name not in zeroed_columns(rubric)}
    yield from first_fields(listed)
    yield from sections.fields(listed)
    yield from adjustments.fields(listed, live)
    yield sections.total_field(listed, None if rubric.may_be_zeroed else sum_of_total(rubric, base))
    yield from standing.fields(listed)
    yield from not_applicable.fields(listed)
    yield from final_figures.fields(listed)
    if ranking.provisional:
        yield _unscored_field(words)
        best = Column("best", words("report.best"), "number", priority=2)
        yield placing_field(best, lambda placing: placing.best)
        worst = Column("worst", words("report.worst"), "number", priority=2)
        yield placing_field(worst, lambda placing: placing.worst)
    yield from panel.fields(listed)
    remarks = partial(_remarks, listed)
    yield from last_fields(
        words, left_out, remarks, is_long=bool(rubric.treatments or rubric.conditions)
    )


def first_fields(listed: ResultList[Ranked]) -> Iterator[Field]:
    """Rubric, period, rank and unit; totals have no rank, and show their period instead."""
    rubric, words, ranking = listed.rubric, listed.words, listed.ranking
    yield Field(Column("rubric", words("report.rubric"), shown=False), lambda _: rubric.id)
    period = Column("period", words("report.period"), shown=False)
    rank = Column("rank", words("report.rank"), "number", shown=False)
    if ranking is None:
        has_periods = any(result.period for result in listed.results)
        period = period._replace(shown=has_periods, priority=2)
    else:
        compared = ("total", *(f"sections.{name}" for name in ranking.tie_break))
        rank = rank._replace(shown=True, live=RankOf(compared, ranking.ties == "dense"))
    yield Field(period, lambda line: line.period)
    yield placing_field(rank, lambda placing: placing.rank)
    unit = Column("unit", words("report.unit"), is_heading=True)
    if isinstance(rubric, Rubric) and rubric.conditions:
        unit = unit._replace(note_without_formula=words("sheet.fixed_conditions"))
    yield Field(unit, lambda line: line.unit)
    if ranking is not None:
        yield from unit_group.fields(listed)


Remarks = Callable[[Line], Iterator[str]]
"""Gives what is remarked on a line."""


def last_fields(
    words: Words, left_out: Sequence[LeftOut], remarks: Remarks, *, is_long: bool = False
) -> Iterator[Field]:
    """The files of sheets that were left out, if any, and the remarks."""
    yield from left_out_fields(words, left_out)
    tied = TiedIn("rank", words("report.tied"), words("list.separator"))
    yield _remark_field(words, remarks, is_long=is_long, live=tied)


def left_out_fields(words: Words, left_out: Sequence[LeftOut]) -> Iterator[Field]:
    """The files of sheets that were left out, and why each was; nothing where none was."""
    if left_out:
        has_files = any(entry.path for entry in left_out)
        column = Column("left_out", words("report.left_out_file"), priority=3, shown=has_files)
        yield Field(column, lambda line: (line.left_out and line.left_out.path) or None)
        reason = Column("absence", words("report.absence"), shown=False)
        yield Field(reason, lambda line: line.left_out and line.left_out.why)


def _unscored_field(words: Words) -> Field:
    """The number of a unit's items without points yet, for programs: its total is provisional."""
    column = Column("unscored", words("report.unscored"), "number", shown=False)
    return result_field(column, lambda result: len(result.unscored))


def _remark_field(
    words: Words,
    remarks: Remarks,
    *,
    is_long: bool,
    shown: bool = True,
    live: TiedIn | None = None,
) -> Field:
    """The remarks on a unit; long ones, which tell what a total is out of, are never dropped."""
    column = Column("remark", words("report.remark"), shown=shown, data=False, live=live)
    column = column._replace(kind="long text") if is_long else column._replace(priority=1)
    separator = words("list.separator")
    return Field(column, lambda line: separator.join(remarks(line)) or None)


def first_remarks(words: Words, line: Line) -> Iterator[str]:
    """Remarks that something was left out, that a rank is shared, that a total is provisional."""
    if line.left_out is not None:
        yield words(f"report.absent_{line.left_out.why}")
    if line.placing is not None and line.placing.tied:
        yield words("report.tied")
    if line.result is not None and line.result.unscored:
        yield words("report.provisional", number=len(line.result.unscored))


def _remarks(listed: ResultList[Rubric], line: Line) -> Iterator[str]:
    yield from first_remarks(listed.words, line)
    yield from panel.remarks(listed, line)
    yield from assessors.remarks(listed, line)
    yield from not_applicable.remarks(listed, line)
    yield from standing.remarks(listed, line)


def rules_in_force(rubric: Ranked, ranking: Ranking, words: Words) -> str:
    """The rules by which ranks were given, in a sentence."""
    rule = words(f"report.rule_{ranking.ties}")
    if ranking.tie_break:
        titles = {section.id: section.title for section in rubric.all_sections}
        names = words("list.separator").join(titles[name] for name in ranking.tie_break)
        rule = words("report.rule_tie_break", rule=rule, sections=names)
    return unit_group.with_group_rule(rubric, ranking, rule, words)


def provisional_note(rubric: Ranked, ranking: Ranking, words: Words) -> str:
    """A note on what is missing in a provisional ranking, how it counts, and what is a bound."""
    has_panel = isinstance(rubric, Rubric) and rubric.panel is not None
    key = "note_provisional_panel" if has_panel else "note_provisional"
    if not ranking.open_units:
        key = "note_provisional_missing"
    note = words(f"report.{key}")
    if ranking.has_exact_reach:
        return note
    return words("working.separator").join((note, words("report.note_bounds")))


def totals_table(
    rubric: Rubric, results: Sequence[Result], words: Words, coverage: Coverage = EVERYBODY
) -> Table:
    """The units in the order given, then what was left out; unscored items are marked."""
    listed = ResultList(rubric, results, words)
    left_out = coverage.left_out
    fields = tuple(_totals_fields(listed, left_out))

    def rows() -> Iterator[Row]:
        for result in results:
            yield _row_of_line(fields, Line(result.unit, result.period, result))
        for entry in left_out:
            yield _row_of_line(fields, Line(entry.unit or None, None, left_out=entry))

    title = words("report.totals_title", title=rubric.title)
    columns = tuple(field.column for field in fields)
    modules = (not_applicable, adjustments, standing, panel, assessors, final_figures)
    notes = [note for module in modules for note in module.notes(listed)]
    notes += coverage_notes(coverage, words)
    table = Table("totals", title, columns, rows, notes=tuple(notes), group=rubric.id)
    return as_provisional(table, words) if listed.is_provisional else table


def _totals_fields(listed: ResultList[Rubric], left_out: Sequence[LeftOut]) -> Iterator[Field]:
    yield from first_fields(listed)
    yield from sections.fields(listed)
    yield from adjustments.fields(listed, {})
    yield sections.total_field(listed)
    yield from standing.fields(listed)
    yield from not_applicable.fields(listed)
    if listed.is_provisional:
        yield _unscored_field(listed.words)
    yield from panel.fields(listed)
    yield from left_out_fields(listed.words, left_out)
    remarked = bool(left_out or listed.is_provisional) or any(
        result.vetoes or any(not_applicable.remarks(listed, Line(None, None, result)))
        for result in listed.results
    )
    is_long = bool(listed.rubric.treatments or listed.rubric.conditions)
    remarks = partial(_remarks, listed)
    yield _remark_field(listed.words, remarks, is_long=is_long, shown=remarked)


_Value = TypeVar("_Value")


def summary_table(rubric: Ranked, ranking: Table, words: Words) -> Table:
    """The table of a ranking as a document.

    A mean is rounded half up to the decimals of its column, and a difference is the total less
    that printed mean, so that the table adds up. (decision: means-are-rounded-once)
    """
    columns = tuple(with_room_for_mean(column, rubric.decimals) for column in ranking.columns)
    if ranking.unit_group:  # the title names it
        columns = tuple(
            column._replace(shown=column.shown and column.name != "group") for column in columns
        )
    numbers = {column.name: number for number, column in enumerate(columns)}
    points = [number for number, column in enumerate(columns) if column.kind == "points"]
    total, unit = numbers["total"], numbers["unit"]
    given: dict[int, list[Decimal]] = {number: [] for number in points}
    period: str | None = None
    for row in ranking.rows():
        known = row.cells[numbers["period"]]
        period = known if isinstance(known, str) else None
        for number in points if row.live else ():
            cell = row.cells[number]
            given[number] += [cell] if isinstance(cell, Decimal) else []
    means = {
        number: mean(known, columns[number].decimals) for number, known in given.items() if known
    }
    average = means.get(total, Decimal(0))

    def difference(points: Decimal) -> Decimal:
        with exactly():
            return points - average

    def rows() -> Iterator[Row]:
        for row in ranking.rows():
            cell = row.cells[total]
            gap = difference(cell) if row.live and isinstance(cell, Decimal) else None
            yield row._replace(cells=_insert_after(row.cells, total, gap))

    column = Column(
        "difference",
        words("report.difference"),
        "difference",
        decimals_of(filter(None, map(difference, set(given[total])))),
        priority=3,
        data=False,
        live=FromMean("total", columns[total].decimals),
    )
    cells: tuple[Cell, ...] = tuple(
        words("report.mean") if number == unit else means.get(number)
        for number in range(len(columns))
    )
    note = words("report.mean_note")
    caption = words("report.caption", period=period) if period else words("report.caption_unit")
    return ranking._replace(
        title=title_of(rubric.title, "summary", period, words),
        columns=_insert_after(columns, total, column),
        rows=rows,
        notes=(*ranking.notes, *([note] if means else [])),
        caption=caption,
        mean=Mean(_insert_after(cells, total, None)) if means else None,
        chart=BarChart(
            name=words("sheet.chart"),
            title=title_of(rubric.title, "chart", period, words),
            figures="total",
            labels=("rank", "unit"),
            most=columns[total].cap,
        ),
        signatures=(words("form.leader"), words("report.checked_by"), words("form.seal")),
    )


def with_room_for_mean(column: Column, decimals: int) -> Column:
    """A column of points with one decimal for its mean, as far as the rubric has ``decimals``."""
    if column.kind != "points":
        return column
    return column._replace(decimals=max(column.decimals, min(1, decimals)))


def _insert_after(values: tuple[_Value, ...], number: int, value: _Value) -> tuple[_Value, ...]:
    """Some values with another one after that of the ``number``."""
    return (*values[: number + 1], value, *values[number + 1 :])
