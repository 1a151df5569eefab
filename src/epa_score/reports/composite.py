"""综合得分: the sources of a composite result as the columns of a ranking."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from epa_score.i18n import Words, plain
from epa_score.model import Rubric, same_name_key
from epa_score.model.composite import FULL_MARKS, Composite, Totals, UnitTotals
from epa_score.reports.sums import WeightedSum
from epa_score.reports.table import Column, Row, Table, decimals_of
from epa_score.scoring import Ranking


def as_rubric(composite: Composite, rubrics: Sequence[Rubric], words: Words) -> Rubric:
    """A composite result as a rubric whose sections are its sources, to be ranked and shown as one.

    Each is out of 100 and so is the total. ``rubrics`` are those of the sources. Units that share a
    rank stand in the order in which the first of them lists them.
    """
    titles = [
        words("report.weighted", source=one.name, weight=plain(one.weight))
        for one in composite.sources
    ]
    whole = composite.as_rubric(titles, rubrics[0].known_units)
    if composite.apart is None:
        return whole
    return whole.model_copy(update={"adjustments": rubrics[composite.apart].adjustments})


def composite_table(composite: Composite, table: Table, words: Words) -> Table:
    """The ranking ``table`` of sources, with how the totals come about as formulas and notes."""
    names = tuple(f"sections.{one.name}" for one in composite.sources)
    weights = tuple(one.weight for one in composite.sources)
    live = WeightedSum(names, weights, composite.decimals)
    weighted = "total" if composite.apart is None else "base"
    columns = tuple(
        one._replace(live=live) if one.name == weighted else one for one in table.columns
    )
    notes = (*table.notes, *composite_notes(composite, words))
    return table._replace(columns=columns, notes=notes)


def composite_notes(composite: Composite, words: Words) -> Iterator[str]:
    """How the total and the figure of each source come about, in a sentence each."""
    terms = (
        words("report.weighted", source=one.name, weight=plain(one.weight))
        for one in composite.sources
    )
    beyond = composite.apart is not None
    key = "report.note_weighted_base" if beyond else "report.note_weighted"
    yield words(key, terms=" + ".join(terms), decimals=composite.decimals)
    yield words("report.note_out_of", full=plain(FULL_MARKS), decimals=composite.decimals)
    means = [one.name for one in composite.sources if one.each_period is not None]
    if means:
        names = words("list.separator").join(means)
        yield words("report.note_each_period", sources=names)


def sources_table(
    composite: Composite,
    ranking: Ranking,
    totals: Totals,
    caps: Sequence[Decimal],
    words: Words,
) -> Table:
    """Every total that the composite result is made of, units in the order of the ranking."""
    rows = [
        Row((placing.result.unit, one.name, period, total, cap), live=False)
        for placing in ranking.placings
        for one, cap in zip(composite.sources, caps, strict=True)
        for period, total in totals_by_period(totals[one.name][same_name_key(placing.result.unit)])
    ]
    rows += _beyond(composite, ranking, words)
    decimals = decimals_of(cell for row in rows if isinstance(cell := row.cells[3], Decimal))
    columns = (
        Column("unit", words("report.unit"), is_heading=True),
        Column("source", words("report.source")),
        Column("period", words("report.period")),
        Column("total", words("report.source_total"), "points", decimals, is_emphasized=True),
        Column("cap", words("report.cap"), "points", decimals_of(caps)),
    )
    title = words("report.sources_title", title=composite.composite)
    return Table("sources", title, columns, lambda: rows, (), composite.composite)


def _beyond(composite: Composite, ranking: Ranking, words: Words) -> Iterator[Row]:
    """The adjustments that stand apart, which are not in the totals."""
    if composite.apart is None:
        return
    name = composite.sources[composite.apart].name
    for result in (one.result for one in ranking.placings):
        points = result.adjusted._asdict() if result.adjusted is not None else {}
        for way in ("bonus", "penalty"):
            source = words("report.of_source", source=name, what=words(f"report.{way}"))
            if points.get(way):
                yield Row((result.unit, source, None, points[way], None), live=False)


def totals_by_period(own: UnitTotals) -> list[tuple[str | None, Decimal]]:
    """What a unit has in one source, in the order of the periods."""
    return sorted(own.totals.items(), key=lambda one: one[0] or "")
