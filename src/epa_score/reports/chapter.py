"""考核结果: the chapter of a report on one ranking, made of the tables that a workbook shows.

It has the figures that leaders look at, the ranking as bars, further tables, and a part a unit.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from epa_score.i18n import Words, plain
from epa_score.model import Rubric, ScoreSheet, exactly, same_name_key
from epa_score.model.composite import RankedComposite, Totals
from epa_score.model.ranked import Ranked
from epa_score.reports.breakdown import account_lines
from epa_score.reports.columns.sections import full_marks
from epa_score.reports.composite import component_lines
from epa_score.reports.earlier import Earlier
from epa_score.reports.full_marks import full_marks_of, told_full_marks
from epa_score.reports.rank_sentences import CompositeUnits, RubricUnits, units_text
from epa_score.reports.rates import count_points
from epa_score.reports.table import BarPart, Cell, Column, Row, StackedBars, Table, decimals_of
from epa_score.reports.titles import parts_of_title, title_with_period
from epa_score.reports.unit_part import Beside, PartMaker, UnitPart
from epa_score.scoring import Ranking


class Figure(NamedTuple):
    """A figure at the head of a report: what it is, how much, and of whom."""

    label: str
    amount: Cell
    decimals: int = 0
    """The decimals that points are shown with."""
    whose: str = ""


class Chapter(NamedTuple):
    """A ranking as people read it, from the whole to the single unit."""

    language: str
    """The language of its words, as that of a catalogue."""
    caption: str
    """The line below the title."""
    about: str
    """The units and the period in short, for a part that somebody sees alone."""
    figures: Sequence[Figure]
    standings: Table
    """The ranking with bars, whose title is that of the chapter."""
    rates: Table | None
    """The shares of the caps that were reached, where there are items."""
    tables: Sequence[Table]
    """Further tables, which are shown when somebody asks for them."""
    units: Sequence[str]
    """The units that have a part, in the order of the parts."""
    parts: Callable[[], Iterable[UnitPart]]
    """Makes the part of each unit; there may be very many."""
    moves: Sequence[Table] = ()
    """What moved since an earlier result, where it is compared with one."""


def chapter_figures(ranked: Ranked, ranking: Ranking, summary: Table, words: Words) -> list[Figure]:
    """The number of units, the mean, the best and the worst total, and what is open or special."""
    placings = ranking.placings
    found = [Figure(words("page.units"), words("page.number", number=len(placings)))]
    if summary.mean is not None:
        place = [column.name for column in summary.columns].index("total")
        average, decimals = summary.mean.cells[place], summary.columns[place].decimals
        found.append(Figure(words("report.mean"), average, decimals))
    for key, wanted in (("page.best", max), ("page.worst", min)):
        totals = [placing.result.total for placing in placings]
        if totals:
            bound = wanted(totals)
            units = [own.result.unit for own in placings if own.result.total == bound]
            whose = units_text(units, words)
            found.append(Figure(words(key), bound, decimals_of(totals), whose))
    if ranked.bands and not ranking.provisional:
        name = ranked.bands[0].name
        units = [own.result.unit for own in placings if own.band and own.band.name == name]
        found.append(Figure(name, words("page.number", number=len(units))))
    if ranking.excluded:
        units = [result.unit for result in ranking.excluded]
        number = words("page.number", number=len(units))
        found.append(Figure(words("page.excluded"), number, 0, units_text(units, words)))
    if ranking.provisional:
        units = ranking.open_units
        number = words("page.number", number=len(units))
        if units:
            found.append(Figure(words("page.incomplete"), number, 0, units_text(units, words)))
    return found


def standings_table(summary: Table, bars: StackedBars, words: Words) -> Table:
    """排名汇总 with a bar in place of the sections, and the distance to the unit above."""
    places = {column.name: place for place, column in enumerate(summary.columns)}
    rank, total = places["rank"], places["total"]
    gaps = list(_margins(summary, rank, total))
    decimals = decimals_of(gap for gap in gaps if gap is not None)
    margin = Column("margin", words("page.margin"), "points", decimals)
    columns = [
        column._replace(
            shown=column.shown and not column.name.startswith("sections."),
            below="unit" if column.name == "remark" else "",
            title="" if column.name == "remark" else column.title,
        )
        for column in summary.columns
    ]
    columns.insert(total + 1, margin)

    def rows() -> Iterator[Row]:
        for row, gap in zip(summary.rows(), gaps, strict=True):
            yield row._replace(cells=(*row.cells[: total + 1], gap, *row.cells[total + 1 :]))

    mean = summary.mean
    if mean is not None:
        cells = (*mean.cells[: total + 1], None, *mean.cells[total + 1 :])
        mean = mean._replace(cells=cells)
    return summary._replace(
        columns=tuple(columns),
        rows=rows,
        mean=mean,
        bars=bars,
        signatures=(),
        caption="",
    )


def _margins(summary: Table, rank: int, total: int) -> Iterator[Decimal | None]:
    """The points that each unit is behind the next better rank; nothing for the first ones."""
    above: Decimal | None = None
    current: tuple[object, Decimal] | None = None
    for row in summary.rows():
        points = row.cells[total]
        if row.cells[rank] is None or not isinstance(points, Decimal):
            yield None
            continue
        if current is not None and current[0] != row.cells[rank]:
            above = current[1]
        current = row.cells[rank], points
        with exactly():
            yield None if above is None else above - points


def _bars_of_rubric(rubric: Rubric, summary: Table, words: Words) -> StackedBars:
    """Bars of the sections that add up to the base."""
    titles = {column.name: column.title for column in summary.columns}
    names = {f"sections.{own.id}": own.max for own in rubric.sections}
    parts = (BarPart(name, titles[name], cap) for name, cap in names.items())
    return StackedBars(words("page.made_of"), tuple(parts), rubric.total)


def _bars_of_composite(ranked: RankedComposite, summary: Table, words: Words) -> StackedBars:
    """Bars of the components, by their weights."""
    titles = {column.name: column.title for column in summary.columns}
    parts: list[BarPart] = []
    for component, section in zip(ranked.composite.sources, ranked.all_sections, strict=True):
        name = f"sections.{section.id}"
        parts.append(BarPart(name, titles[name], section.max, component.share))
    return StackedBars(words("page.made_of"), tuple(parts), ranked.total)


_IN_PARTS = ("deductions", "workings")
"""Tables whose every line stands in the part of its unit."""
_MOVES = ("moves", "item_changes")
"""Tables of what moved since an earlier result."""


class MadeTables(NamedTuple):
    """The tables of a ranking, the first of them 排名汇总; and more of each unit.

    Units are looked up by their `same_name_key`.
    """

    tables: Sequence[Table]
    before: Mapping[str, Earlier]
    """What an earlier result says of a unit."""
    files: Callable[[], Mapping[str, Sequence[str]]]
    """Gives the names of the files of its sheets."""

    def of_moves(self, *, are_meant: bool) -> list[Table]:
        """The tables of what moved since the earlier result, or those that are not."""
        return [table for table in self.tables if (table.name in _MOVES) is are_meant]


def chapter_of_rubric(
    rubric: Rubric,
    ranking: Ranking,
    sheets: Mapping[str, ScoreSheet],
    made: MadeTables,
    words: Words,
) -> Chapter:
    """The chapter on a ranking by a rubric."""
    summary = made.tables[0]

    def parts() -> Iterator[UnitPart]:
        files = made.files()
        counts = count_points(rubric, (sheets[unit] for unit in ranking.units))
        units = RubricUnits(rubric, ranking, counts, words)
        maker = PartMaker(rubric, ranking, summary, counts, words)
        for placed in ranking.everybody:
            result = placed.result
            sheet = sheets[result.unit]
            lines = account_lines(rubric, result, sheet, words)
            sentences = units.sentences(result, sheet)
            key = same_name_key(result.unit)
            beside = Beside(made.before.get(key), files[key])
            yield maker.part(placed, lines, sentences, sheet, beside)

    rates = next((table for table in made.tables if table.name == "rates"), None)
    further = [
        table for table in made.of_moves(are_meant=False) if table.name not in ("rates", *_IN_PARTS)
    ]
    bars = _bars_of_rubric(rubric, summary, words)
    return _chapter(rubric, ranking, summary, bars, words)._replace(
        language=rubric.lang,
        rates=rates,
        tables=further,
        parts=parts,
        moves=made.of_moves(are_meant=True),
    )


def chapter_of_composite(
    ranked: RankedComposite,
    ranking: Ranking,
    totals: Totals,
    made: MadeTables,
    words: Words,
) -> Chapter:
    """The chapter on a composite result."""
    summary = made.tables[0]

    def parts() -> Iterator[UnitPart]:
        files = made.files()
        units = CompositeUnits(ranked, ranking, words)
        maker = PartMaker(ranked, ranking, summary, {}, words)
        for placed in ranking.everybody:
            result = placed.result
            key = same_name_key(result.unit)
            pairs = zip(ranked.composite.sources, ranked.caps, strict=True)
            own = [(totals[component.name][key], cap) for component, cap in pairs]
            lines = list(component_lines(ranked.composite, result, own, words))
            beside = Beside(made.before.get(key), files[key])
            yield maker.part(placed, lines, units.sentences(result), None, beside)

    bars = _bars_of_composite(ranked, summary, words)
    chapter = _chapter(ranked, ranking, summary, bars, words)
    further, moved = (made.of_moves(are_meant=own) for own in (False, True))
    return chapter._replace(tables=further, parts=parts, moves=moved)


def _in_short(ranked: Ranked, ranking: Ranking, words: Words) -> str:
    """The group of units, else what the title calls them, else what is assessed; and the period."""
    parts = parts_of_title(ranked.title)
    named = ranking.group or parts.units or parts.subject
    return title_with_period(named, ranking.period, words)


def _chapter(
    ranked: Ranked, ranking: Ranking, summary: Table, bars: StackedBars, words: Words
) -> Chapter:
    """The chapter without its tables and parts."""
    results = (placing.result for placing in ranking.placings)
    told = told_full_marks(full_marks_of(ranked, results), full_marks(ranked), words, "page")
    beside = words("page.beside_cap", others=told.others) if told.others else ""
    about = {"number": len(ranking.placings), "cap": plain(told.points), "others": beside}
    return Chapter(
        language=words.language,
        caption=words("page.caption", **about),
        about=_in_short(ranked, ranking, words),
        figures=chapter_figures(ranked, ranking, summary, words),
        standings=standings_table(summary, bars, words),
        rates=None,
        tables=(),
        units=[result.unit for _, result in ranking.everybody],
        parts=tuple,
    )
