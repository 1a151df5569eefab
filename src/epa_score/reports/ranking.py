"""排名汇总: ranks, totals and sections of the units, as a result and as a signed document."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple, TypeVar

from epa_score.i18n import Words
from epa_score.model import Rubric, exactly
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
    rescaled_sections,
)
from epa_score.reports.columns.panel import assessors_cells, assessors_columns, panel_notes, remarks
from epa_score.reports.columns.sections import (
    known,
    section_cells,
    section_columns,
    total_column,
    unscored_column,
)
from epa_score.reports.columns.standing import (
    band_alone,
    band_columns,
    band_notes,
    excluded_notes,
    final_cells,
    final_columns,
    final_notes,
    no_room,
    totals_notes,
    veto_cells,
    veto_columns,
    veto_remarks,
)
from epa_score.reports.sums import sum_of_total
from epa_score.reports.table import (
    Cell,
    Column,
    FromMean,
    Mean,
    RankOf,
    Row,
    SumOf,
    Table,
    TiedIn,
    decimals_of,
)
from epa_score.scoring import Placing, Ranking, Result
from epa_score.values.rounding import mean

_WITHOUT_FIGURES = 6
"""The columns rubric, period, rank, unit, left_out and remark."""


class LeftOut(NamedTuple):
    """A sheet or a unit that is not ranked, because it is ``faulty`` or something is missing."""

    path: str
    unit: str
    faulty: bool = True


def ranking_table(
    rubric: Rubric,
    ranking: Ranking,
    words: Words,
    *,
    left_out: Sequence[LeftOut] = (),
    without_sheet: Sequence[str] = (),
) -> Table:
    """Rank, unit, sections, total and remark of every unit; the rule in force as a note."""
    results = [result for _, result in ranking.everybody]
    period = results[0].period if results else None
    top = tuple(f"sections.{section.id}" for section in rubric.sections)
    base = SumOf(top, rubric.decimals)
    ways = ("bonus", "penalty")
    live = {"base": base} | {way: base._replace(columns=(way,), table="scores") for way in ways}
    tie_break = tuple(f"sections.{name}" for name in ranking.tie_break)
    columns = [
        Column("rubric", words("report.rubric"), shown=False),
        Column("period", words("report.period"), shown=False),
        Column(
            "rank",
            words("report.rank"),
            "number",
            live=RankOf(("total", *tie_break), ranking.ties == "dense"),
        ),
        Column("unit", words("report.unit")),
        *section_columns(rubric, results, words, live=True),
        *adjustment_columns(rubric, results, words, live),
        total_column(rubric, results, words, sum_of_total(rubric, base)),
        *band_columns(rubric, words, ranking),
        *veto_columns(rubric, words),
        *outside_columns(rubric, words),
        *final_columns(rubric, ranking.placings, words),
    ]
    if ranking.provisional:
        columns += [
            unscored_column(words),
            Column("best", words("report.best"), "number", priority=2),
            Column("worst", words("report.worst"), "number", priority=2),
        ]
    columns += assessors_columns(rubric, words)
    if left_out:
        columns.append(Column("left_out", words("report.left_out_file"), priority=3))
    tied = TiedIn("rank", words("report.tied"), words("list.separator"))
    columns.append(remark_column(rubric, words)._replace(live=tied))

    def cells_of(result: Result, sections: list[Cell], placing: Placing | None) -> list[Cell]:
        """The cells of a unit with a rank, or of one that a veto excludes."""
        number = len(result.unscored)
        band = placing.band if placing else None
        bands = [band and band.name] if rubric.bands else []
        reach = [number, placing and placing.best, placing and placing.worst]
        return [
            rubric.id,
            result.period,
            placing and placing.rank,
            result.unit,
            *sections,
            *adjustment_cells(rubric, result),
            result.total,
            *bands,
            *veto_cells(rubric, result, words),
            *outside_cells(rubric, result),
            *final_cells(rubric, placing),
            *(reach if ranking.provisional else []),
            *assessors_cells(rubric, result),
            *([None] if left_out else []),
            _remark(rubric, result, placing, words),
        ]

    def rows() -> Iterator[Row]:
        ranked = [one.result for one in ranking.placings]
        for one, sections in zip(ranking.placings, section_cells(rubric, ranked), strict=True):
            fixed = rescaled_sections(rubric, one.result)
            yield Row(tuple(cells_of(one.result, sections, one)), fixed=fixed)
        out = ranking.excluded
        for result, sections in zip(out, section_cells(rubric, out), strict=True):
            yield Row(tuple(cells_of(result, sections, None)), live=False)
        for missing in left_out:
            yield Row(
                (
                    rubric.id,
                    period,
                    None,
                    missing.unit or None,
                    *([None] * (len(columns) - _WITHOUT_FIGURES)),
                    missing.path,
                    words("report.left_out" if missing.faulty else "report.not_ranked"),
                ),
                live=False,
            )

    title = words("report.ranking_title", title=rubric.title)
    if period:
        title = words("report.with_period", title=title, period=period)
    notes = tuple(_notes(rubric, ranking, words, left_out, without_sheet))
    return Table("ranking", title, tuple(columns), rows, notes, rubric.id)


def rules_in_force(rubric: Rubric, ranking: Ranking, words: Words) -> str:
    """How ranks were given, in a sentence."""
    rule = words(f"report.rule_{ranking.ties}")
    if not ranking.tie_break:
        return rule
    titles = {section.id: section.title for section in rubric.all_sections}
    names = words("list.separator").join(titles[name] for name in ranking.tie_break)
    return words("report.rule_tie_break", rule=rule, sections=names)


def provisional_note(rubric: Rubric, words: Words) -> str:
    """What is missing in a provisional ranking, and how it counts."""
    return words("report.note_provisional_panel" if rubric.panel else "report.note_provisional")


def _notes(
    rubric: Rubric,
    ranking: Ranking,
    words: Words,
    left_out: Sequence[LeftOut],
    without_sheet: Iterable[str],
) -> Iterator[str]:
    yield rules_in_force(rubric, ranking, words)
    yield from accepted_notes(rubric, words)
    yield from panel_notes(rubric, words)
    yield from final_notes(rubric, words)
    if ranking.provisional:
        yield provisional_note(rubric, words)
    yield from filter(None, [adjustment_note(rubric, words)])
    yield from band_notes(rubric, ranking, words)
    separator = words("list.separator")
    yield from excluded_notes(ranking.excluded, words)
    if left_out:
        names = dict.fromkeys(one.unit or one.path for one in left_out)
        units = separator.join(names)
        if all(one.faulty for one in left_out):
            yield words("report.note_left_out", number=len(left_out), units=units)
        else:
            yield words("report.note_not_ranked", number=len(names), units=units)
    missing = tuple(without_sheet)
    if missing:
        yield words("report.note_without_sheet", number=len(missing), units=separator.join(missing))


def _remark(rubric: Rubric, result: Result, placing: Placing | None, words: Words) -> str | None:
    found = [words("report.tied")] if placing is not None and placing.tied else []
    if result.unscored:
        found.append(words("report.provisional", number=len(result.unscored)))
    found += remarks(rubric, result, words)
    found += remarks_on(rubric, result, words)
    if placing is not None:
        found += no_room(placing, words)
    found += veto_remarks(rubric, result, words)
    return words("list.separator").join(found) or None


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


_Value = TypeVar("_Value")


def summary_table(rubric: Rubric, ranking: Table, words: Words) -> Table:
    """The table of a ranking as a document.

    A mean is rounded half up to the rubric's decimals, and a difference is the total less that
    printed mean, so that the table adds up. (decision: means-are-rounded-once)
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
