"""综合得分: the sources of a composite result as the columns of a ranking."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from epa_score.i18n import Words, plain
from epa_score.model import Rubric, Section, same_name_key
from epa_score.model.composite import FULL_MARKS, Composite, Totals
from epa_score.reports.ranking import LeftOut, ranking_table
from epa_score.reports.table import Column, Row, Table, WeightedSum, decimals_of
from epa_score.scoring import Ranking


def as_rubric(composite: Composite, roster: tuple[str, ...], words: Words) -> Rubric:
    """A composite result as a rubric whose sections are its sources, to be ranked and shown as one.

    Each is out of 100 and so is the total. Units that share a rank stand in the ``roster``'s order.
    """
    sections = tuple(
        Section(
            id=one.name,
            title=words("report.weighted", source=one.name, weight=plain(one.weight)),
            max=FULL_MARKS,
        )
        for one in composite.sources
    )
    title = composite.composite
    return Rubric(
        id=title,
        title=title,
        total=FULL_MARKS,
        sections=sections,
        units=roster,
        decimals=composite.decimals,
    )


def composite_table(
    composite: Composite,
    ranking: Ranking,
    words: Words,
    left_out: Sequence[LeftOut] = (),
) -> Table:
    """The ranking, with a column a source, and how the totals come about as notes."""
    table = ranking_table(as_rubric(composite, (), words), ranking, words, left_out=left_out)
    names = tuple(f"sections.{one.name}" for one in composite.sources)
    weights = tuple(one.weight for one in composite.sources)
    live = WeightedSum(names, weights, composite.decimals)
    columns = tuple(
        one._replace(live=live) if one.name == "total" else one for one in table.columns
    )
    notes = (*table.notes, *composite_notes(composite, words))
    return table._replace(columns=columns, notes=notes)


def composite_notes(composite: Composite, words: Words) -> Iterator[str]:
    """How the total and the figure of each source come about, in a sentence each."""
    terms = (
        words("report.weighted", source=one.name, weight=plain(one.weight))
        for one in composite.sources
    )
    yield words("report.note_weighted", terms=" + ".join(terms), decimals=composite.decimals)
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
        for period, total in _by_period(totals, one.name, placing.result.unit)
    ]
    decimals = decimals_of(cell for row in rows if isinstance(cell := row.cells[3], Decimal))
    columns = (
        Column("unit", words("report.unit")),
        Column("source", words("report.source")),
        Column("period", words("report.period")),
        Column("total", words("report.source_total"), "points", decimals),
        Column("cap", words("report.cap"), "points", decimals_of(caps)),
    )
    title = words("report.sources_title", title=composite.composite)
    return Table("sources", title, columns, lambda: rows, (), composite.composite)


def _by_period(totals: Totals, source: str, unit: str) -> list[tuple[str | None, Decimal]]:
    found = totals[source][same_name_key(unit)].totals
    return sorted(found.items(), key=lambda one: one[0] or "")
