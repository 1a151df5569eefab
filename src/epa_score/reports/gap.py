"""与上一名的差别: what separates a unit from one that is ranked above it."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from epa_score.i18n import Words
from epa_score.model import Rubric, ScoreSheet, Section, exactly, same_name_key
from epa_score.reports.account import decimals_in
from epa_score.reports.table import Column, Row, Table
from epa_score.scoring import Placing, Result
from epa_score.scoring.points import points_of

_Pair = tuple[Decimal, Decimal]
"""The points of both units."""


def gap_table(
    rubric: Rubric,
    placings: tuple[Placing, Placing],
    sheets: Mapping[str, ScoreSheet],
    words: Words,
) -> Table:
    """The points of a unit beside those of the one above it, where they differ.

    The lines are the items that both are scored on, the sections, and in any case the total. An
    item that does not apply to one of them counts where it has points. What items do not explain
    is a line of its own, so that the lines of a section add up to its own.
    """
    own, above = (one.result for one in placings)
    found = list(_gap_rows(rubric, placings, sheets, words))
    columns = (
        Column("line", words("report.item")),
        Column("text", words("report.text"), "long text", priority=1),
        Column("own", own.unit, "points", decimals_in(found, 2)),
        Column("above", above.unit, "points", decimals_in(found, 3)),
        Column("difference", words("report.gap"), "difference", decimals_in(found, 4)),
    )
    title = words("report.gap_title", unit=own.unit, above=above.unit)
    return Table("gap", title, columns, lambda: found, (), rubric.id)


def _gap_rows(
    rubric: Rubric,
    placings: tuple[Placing, Placing],
    sheets: Mapping[str, ScoreSheet],
    words: Words,
) -> Iterator[Row]:
    own, above = (one.result for one in placings)
    mine, theirs = (points_of(rubric, sheets[one.unit], one) for one in (own, above))
    pointless = {i.item for one in (own, above) for i in one.inapplicable if i.points is None}
    absent = words("report.not_applicable")
    my_key, their_key = same_name_key(own.unit), same_name_key(above.unit)

    def lines_of(section: Section) -> Iterator[Row]:
        shared = set(section.items_of(their_key))
        compared = [(own.sections[one.id], above.sections[one.id]) for one in section.sections]
        for item in (one for one in section.items_of(my_key) if one in shared):
            pair = mine.get(item.id), theirs.get(item.id)
            if item.id in pointless:
                cells = (absent if points is None else points for points in pair)
                yield Row((item.id, item.text, *cells, None))
            else:
                compared.append((pair[0] or Decimal(0), pair[1] or Decimal(0)))
                yield from _row(item.id, item.text, *pair)
        for inner in section.sections:
            yield from lines_of(inner)
        whole = own.sections[section.id], above.sections[section.id]
        yield from _rest(whole, compared, words)
        yield from _row(words("report.subtotal", title=section.title), None, *whole)

    for section in rubric.sections:
        yield from lines_of(section)
    yield from _adjustments(own, above, words)
    with exactly():
        gap = own.total - above.total
    yield Row((words("report.whole"), None, own.total, above.total, gap))


def _adjustments(own: Result, above: Result, words: Words) -> Iterator[Row]:
    """Bonuses and penalties where they differ; more of a penalty is a difference below 0."""
    if own.adjusted is None or above.adjusted is None:
        return
    yield from _row(words("report.bonus"), None, own.adjusted.bonus, above.adjusted.bonus)
    mine, theirs = own.adjusted.penalty, above.adjusted.penalty
    for row in _row(words("report.penalty"), None, mine, theirs):
        with exactly():
            yield row._replace(cells=(*row.cells[:-1], theirs - mine))


def _rest(whole: _Pair, compared: Iterable[_Pair], words: Words) -> Iterator[Row]:
    """What is left of the difference of a section after those of its parts."""
    with exactly():
        rest = whole[0] - whole[1] - sum((one - other for one, other in compared), Decimal(0))
    if rest:
        yield Row((words("report.gap_rest"), words("report.gap_rest_about"), None, None, rest))


def _row(line: str, text: str | None, own: Decimal | None, above: Decimal | None) -> Iterator[Row]:
    """A line where the points differ; points that nobody gave yet count 0, as in the ranking."""
    with exactly():
        gap = (own or Decimal(0)) - (above or Decimal(0))
    if gap:
        yield Row((line, text, own, above, gap))
