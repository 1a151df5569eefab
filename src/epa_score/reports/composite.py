"""综合得分: the components of a composite result as the columns of a ranking."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from epa_score.i18n import Words, plain
from epa_score.model import Rubric, exactly, same_name_key
from epa_score.model.composite import (
    FULL_MARKS,
    Component,
    Composite,
    RankedComposite,
    Totals,
    UnitTotals,
)
from epa_score.reports.account import AccountLine, closing_lines, correction, table_of_account
from epa_score.reports.columns import (
    Field,
    Line,
    ResultList,
    adjustments,
    final_figures,
    result_field,
    standing,
)
from epa_score.reports.columns.sections import total_field
from epa_score.reports.coverage import EVERYBODY, Coverage, LeftOut, coverage_notes
from epa_score.reports.gap import table_of_gap
from epa_score.reports.ranking import (
    first_fields,
    first_remarks,
    last_fields,
    rules_in_force,
    table_of_ranking,
)
from epa_score.reports.sums import Live, SumOf, WeightedSum, sum_of_total
from epa_score.reports.table import Column, Row, Table, decimals_of
from epa_score.reports.titles import title_of
from epa_score.scoring import Ranking, Result


def ranked_composite(
    composite: Composite, rubrics: Sequence[Rubric], words: Words
) -> RankedComposite:
    """A composite as units are ranked by it; section titles name the weights of its components."""
    titles = (weighted_text(component, component.name, words) for component in composite.sources)
    return RankedComposite(composite, tuple(rubrics), tuple(titles))


def weighted_text(component: Component, source: str, words: Words) -> str:
    """The name, or the figure, of a component with its weight, if it has one."""
    if component.weight is None:
        return source
    return words("report.weighted", source=source, weight=plain(component.weight))


def composite_table(
    ranked: RankedComposite,
    ranking: Ranking,
    words: Words,
    coverage: Coverage = EVERYBODY,
) -> Table:
    """Rank, unit, the figures of the components, total and remark of every unit, with notes."""
    results = [result for _, result in ranking.everybody]
    listed = ResultList(ranked, results, words, ranking)
    fields = tuple(_composite_fields(listed, coverage.left_out))
    notes = (
        rules_in_force(ranked, ranking, words),
        *final_figures.notes(listed),
        *adjustments.notes(listed),
        *standing.notes(listed),
        *coverage_notes(coverage, words),
        *composite_notes(ranked, words),
    )
    return table_of_ranking(listed, ranking, fields, notes, coverage.left_out)


def _composite_fields(
    listed: ResultList[RankedComposite], left_out: Sequence[LeftOut]
) -> Iterator[Field]:
    composite, words = listed.rubric.composite, listed.words
    whole = _live_whole(composite)
    base = SumOf(("base",), composite.decimals)
    total = whole if composite.apart is None else sum_of_total(listed.rubric, base)
    yield from first_fields(listed)
    yield from _component_fields(listed)
    yield from adjustments.fields(listed, {} if whole is None else {"base": whole})
    yield total_field(listed, total)
    yield from standing.fields(listed)
    yield from final_figures.fields(listed)

    def remarks(line: Line) -> Iterator[str]:
        yield from first_remarks(words, line)
        yield from standing.remarks(listed, line)

    yield from last_fields(words, left_out, remarks)


def _live_whole(composite: Composite) -> Live | None:
    """The sum of the figures of a unit; none where it is not that of the printed ones."""
    names = tuple(f"sections.{component.name}" for component in composite.sources)
    if composite.rounding == "end":
        return None
    if not composite.is_weighted:
        return SumOf(names, composite.decimals)
    weights = (component.weight or Decimal(0) for component in composite.sources)
    return WeightedSum(names, tuple(weights), composite.decimals)


def _component_fields(listed: ResultList[RankedComposite]) -> Iterator[Field]:
    """The figure of each component."""
    for place, section in enumerate(listed.rubric.all_sections):
        title = listed.words("report.capped", title=section.title, cap=plain(section.max))
        figures = {result.section_points[place] for result in listed.results}
        column = Column(
            f"sections.{section.id}",
            title,
            "points",
            decimals_of(figures),
            priority=4,
            cap=section.max,
            names_unknown=True,
        )
        yield result_field(column, partial(_figure_of_component, place))


def _figure_of_component(place: int, result: Result) -> Decimal:
    return result.section_points[place]


def composite_notes(ranked: RankedComposite, words: Words) -> Iterator[str]:
    """Notes on how the total and the figures of the components come about, a sentence each."""
    composite, components = ranked.composite, ranked.composite.sources
    terms = " + ".join(weighted_text(component, component.name, words) for component in components)
    is_rounded = composite.is_weighted or composite.rounding == "end"
    way = "weighted" if is_rounded else "sum"
    has_base = composite.apart is not None
    key = f"report.note_{way}_base" if has_base else f"report.note_{way}"
    yield words(key, terms=terms, decimals=composite.decimals)
    pairs = list(zip(components, ranked.caps, strict=True))
    listed = (_full_marks_text(component, cap, words) for component, cap in pairs)
    yield words("report.note_figures", terms=words("list.separator").join(listed))
    is_divided = any(own.each_period or own.full_marks(cap) != cap for own, cap in pairs)
    if is_divided:
        where = composite.rounding or "each"
        yield words(f"report.note_rounded_{where}", decimals=composite.decimals)
    means = [component.name for component in components if component.each_period is not None]
    if means:
        names = words("list.separator").join(means)
        yield words("report.note_each_period", sources=names)


def _full_marks_text(component: Component, cap: Decimal, words: Words) -> str:
    """The points that the figure of a component is out of, and out of what it is converted."""
    full = component.full_marks(cap)
    key = "report.figure_stands" if full == cap else "report.figure_converted"
    return words(key, source=component.name, cap=plain(cap), full=plain(full))


def sources_table(
    composite: Composite,
    ranking: Ranking,
    totals: Totals,
    caps: Sequence[Decimal],
    words: Words,
) -> Table:
    """Every total that the composite result is made of, units in the order of the ranking."""
    rows = [
        Row((unit, component.name, period, total, cap), live=False)
        for unit in (placing.result.unit for placing in ranking.placings)
        for component, cap in zip(composite.sources, caps, strict=True)
        for period, total in totals_by_period(totals[component.name][same_name_key(unit)])
    ]
    rows += _adjustment_rows(composite, ranking, words)
    decimals = decimals_of(cell for row in rows if isinstance(cell := row.cells[3], Decimal))
    columns = (
        Column("unit", words("report.unit"), is_heading=True),
        Column("source", words("report.source")),
        Column("period", words("report.period"), shown=any(row.cells[2] for row in rows)),
        Column("total", words("report.source_total"), "points", decimals, is_emphasized=True),
        Column("cap", words("report.cap"), "points", decimals_of(caps)),
    )
    title = title_of(composite.composite, "sources", None, words)
    return Table("sources", title, columns, lambda: rows, group=composite.composite)


def _adjustment_rows(composite: Composite, ranking: Ranking, words: Words) -> Iterator[Row]:
    """Rows of the adjustments that stand apart, which are not in the totals."""
    if composite.apart is None:
        return
    name = composite.sources[composite.apart].name
    for placing in ranking.placings:
        result = placing.result
        points = result.adjusted._asdict() if result.adjusted is not None else {}
        for way in ("bonus", "penalty"):
            label = words("report.of_source", source=name, what=words(f"report.{way}"))
            if points.get(way):
                yield Row((result.unit, label, None, points[way], None), live=False)


class PeriodTotal(NamedTuple):
    """The total of a unit in a period; sheets without periods have a single one."""

    period: str | None
    total: Decimal


def totals_by_period(own: UnitTotals) -> list[PeriodTotal]:
    """The totals of a unit in one component, in the order of the periods."""
    totals = [PeriodTotal(period, total) for period, total in own.totals.items()]
    return sorted(totals, key=lambda total: total.period or "")


UnitSources = Sequence[tuple[UnitTotals, Decimal]]
"""The totals of a unit in each component, in their order, and the points that they are out of."""


def composite_account_table(
    composite: Composite,
    result: Result,
    totals: UnitSources,
    words: Words,
    notes: tuple[str, ...] = (),
) -> Table:
    """Every total that a unit has in each component, the figure of the component, and the whole.

    A figure counts by its weight; the lines of what counts add up to the total.
    """
    lines = list(component_lines(composite, result, totals, words))
    table = table_of_account(composite.composite, result, lines, words, weighted=True)
    return table._replace(notes=notes)


def composite_gap_table(
    composite: Composite,
    results: tuple[Result, Result | None],
    totals: Sequence[UnitSources],
    words: Words,
) -> Table:
    """The figures of a unit beside those of the one above it, where they differ, by weight."""
    accounts = [
        list(component_lines(composite, result, own, words))
        for result, own in zip(filter(None, results), totals, strict=True)
    ]
    return table_of_gap(composite.composite, results, accounts, words)


def component_lines(
    composite: Composite, result: Result, totals: UnitSources, words: Words
) -> Iterator[AccountLine]:
    """The lines of an account: every total, the figure of each component, and the whole."""
    weighted = []
    for component, (own, cap) in zip(composite.sources, totals, strict=True):
        name = component.name
        for period, total in totals_by_period(own):
            key = "source", name, period
            yield AccountLine("source", key, name, total, cap=cap, period=period)
        figure, full = result.sections[name], component.full_marks(cap)
        label = words("report.figure_of", source=name)
        with exactly():
            counted = figure
            if component.weight is not None:
                label = weighted_text(component, name, words)
                counted = figure * component.weight / FULL_MARKS
        weighted.append(counted)
        reason = _conversion_text(component, own, cap, figure, words)
        yield AccountLine(
            "component", ("component", name), label, figure, counted, cap=full
        )._replace(reason=reason, section=name)
    with exactly():
        rest = result.base - sum(weighted, Decimal(0))
    if rest:
        yield correction("rounded", ("base",), rest, words("report.rounded"))
    reason = _whole_text(composite, result, totals, words)
    full = composite.full_marks([cap for _, cap in totals])
    if result.adjusted is None:
        label = words("report.whole")
        yield AccountLine("total", ("total",), label, result.total, cap=full, reason=reason)
        return
    label = words("report.base")
    yield AccountLine("base", ("base",), label, result.base, cap=full, reason=reason)
    for name, points in (("bonus", result.adjusted.bonus), ("penalty", -result.adjusted.penalty)):
        yield AccountLine("adjustment", (name,), words(f"report.{name}"), points, points)
    yield from closing_lines(result.total, result.adjusted, words)


def _whole_text(composite: Composite, result: Result, totals: UnitSources, words: Words) -> str:
    """The way from figures to the whole, in words: from the unrounded ones where those count."""
    figures = [plain(figure) for figure in result.section_points]
    if composite.rounding == "end":
        pairs = zip(composite.sources, totals, strict=True)
        figures = [_exact_text(component, own, cap) for component, (own, cap) in pairs]
    pairs_of_texts = zip(composite.sources, figures, strict=True)
    terms = " + ".join(weighted_text(component, text, words) for component, text in pairs_of_texts)
    is_rounded = composite.is_weighted or composite.rounding == "end"
    key = "report.account_weighted" if is_rounded else "report.account_sum"
    return words(key, terms=terms, decimals=composite.decimals, result=plain(result.base))


def _exact_text(component: Component, own: UnitTotals, cap: Decimal) -> str:
    """The figure of a component before it is rounded, as a term of a sum."""
    totals = [plain(total) for _, total in totals_by_period(own)]
    text = totals[0] if len(totals) == 1 else f"({' + '.join(totals)}) / {len(totals)}"
    full = component.full_marks(cap)
    return text if full == cap else f"{text} / {plain(cap)} x {plain(full)}"


def _conversion_text(
    component: Component, own: UnitTotals, cap: Decimal, figure: Decimal, words: Words
) -> str | None:
    """The way from totals to the printed figure, in words; nothing where they are the same."""
    totals, full = [total for _, total in totals_by_period(own)], component.full_marks(cap)
    if len(totals) == 1 and full == cap:
        return None
    about = {"number": len(totals), "cap": plain(cap), "full": plain(full), "result": plain(figure)}
    terms = " + ".join(map(plain, totals))
    key = "report.account_converted" if len(totals) == 1 else "report.account_mean"
    key = "report.account_mean_alone" if full == cap else key
    return words(key, terms=terms, **about)
