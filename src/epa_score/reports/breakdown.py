"""得分构成 and 与上一名的差别: how a total came about, and what separates two units."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from epa_score.i18n import Words, plain
from epa_score.model import Item, Rubric, ScoreSheet, Section, exactly, same_name_key
from epa_score.model.composite import FULL_MARKS, Composite, RankedComposite, UnitTotals
from epa_score.reports.columns.adjustments import adjustment_lines
from epa_score.reports.columns.not_applicable import absent_text
from epa_score.reports.columns.panel import combination_text, item_note, spreads_by_item
from epa_score.reports.composite import totals_by_period
from epa_score.reports.table import Cell, Column, Row, Table, decimals_of
from epa_score.reports.workings import note_text
from epa_score.scoring import Placing, Result
from epa_score.scoring.adjustments import total_working
from epa_score.scoring.not_applicable import Inapplicable, excluded_points
from epa_score.scoring.points import bound_of, points_of, workings_of


def account_table(
    rubric: Rubric,
    result: Result,
    sheet: ScoreSheet,
    words: Words,
    notes: tuple[str, ...] = (),
) -> Table:
    """Every item with its points and why, the subtotals below their items, and the total."""
    rows = list(_account_rows(rubric, result, sheet, words))
    columns = (
        Column("line", words("report.item")),
        Column("text", words("report.text"), "long text", priority=3),
        Column("max", words("report.cap"), "points", decimals_in(rows, 2)),
        Column("score", words("report.score"), "points", decimals_in(rows, 3)),
        Column("lost", words("report.lost"), "points", decimals_in(rows, 4), priority=2),
        Column("reason", words("report.reason"), "long text", priority=1),
    )
    title = words("report.account_title", unit=result.unit)
    return Table("account", title, columns, lambda: rows, notes=notes, group=rubric.id)


def decimals_in(rows: Sequence[Row], place: int) -> int:
    """The decimals that a column of points needs."""
    return decimals_of(cell for row in rows if isinstance(cell := row.cells[place], Decimal))


def _account_rows(rubric: Rubric, result: Result, sheet: ScoreSheet, words: Words) -> Iterator[Row]:
    points, workings = points_of(rubric, sheet, result), workings_of(rubric, sheet, result)
    sections, inapplicable = result.sections, {entry.item: entry for entry in result.inapplicable}
    scope, unit_key = rubric.scope(sheet.unit), same_name_key(sheet.unit)
    items_inside = scope.section_items if scope is not None else {}
    given_by = spreads_by_item(rubric, sheet)

    def item_row(item: Item) -> Row:
        given = points.get(item.id)
        together = combination_text(rubric, given_by.get(item.id), words)
        reason = note_text(workings.get(item.id), item_note(sheet, item.id, words), words)
        reason = words("working.separator").join(filter(None, (together, reason)))
        score = absent_text(item.id, sheet, words) if given is None else given
        lost = None if item.id in inapplicable else _lost_points(item.max, given)
        return Row((item.id, item.text, item.max, score, lost, reason or None))

    def section_cap(section: Section) -> Decimal:
        with exactly():
            whole = section.worth(unit_key) if rubric.accepted else section.max
            inside = [
                inapplicable[item_id]
                for item_id in items_inside[section.id]
                if item_id in inapplicable
            ]
            return whole - excluded_points(inside)

    def section_rows(section: Section) -> Iterator[Row]:
        items = section.items_of(unit_key)
        yield from map(item_row, items)
        for inner in section.sections:
            yield from section_rows(inner)
        parts = [points.get(item.id) or Decimal(0) for item in items]
        parts += [sections[inner.id] for inner in section.sections]
        label = words("report.subtotal", title=section.title)
        reason = _bound_text(section, parts, words)
        treated = [inapplicable[item.id] for item in items if item.id in inapplicable]
        scaled = [entry for entry in treated if entry.whole != entry.left]
        if scaled:
            reason = _rescaling_text(scaled[0], parts, sections[section.id], words)
        yield _sum_row(label, section_cap(section), sections[section.id], reason)

    for section in rubric.sections:
        yield from section_rows(section)
    yield from _total_rows(rubric, result, sheet, words)
    for veto, what in result.vetoes:
        yield Row((veto.id, veto.text, None, None, None, what))


def _total_rows(rubric: Rubric, result: Result, sheet: ScoreSheet, words: Words) -> Iterator[Row]:
    """The total, and where there are adjustments what it is made of."""
    out_of = result.out_of or rubric.total
    if result.adjusted is None:
        yield _sum_row(words("report.whole"), out_of, result.total)
        return
    yield _sum_row(words("report.base"), out_of, result.adjusted.base)
    for subject, working in adjustment_lines(rubric, sheet, words):
        label, text = (subject.id, subject.text) if subject.id else (subject.text, None)
        reason = note_text(working, None, words)
        yield Row((label, text, subject.max, working.points, None, reason))
    reason = note_text(total_working(rubric, result), None, words)
    yield Row((words("report.whole"), None, None, result.total, None, reason))


def _sum_row(label: str, cap: Decimal, points: Decimal, reason: str = "") -> Row:
    return Row((label, None, cap, points, _lost_points(cap, points), reason or None))


def _bound_text(section: Section, parts: Sequence[Decimal], words: Words) -> str:
    """The bounds of a pool or a capped section in words; nothing where it is a mere sum."""
    bound = bound_of(section)
    if bound is None:
        return ""
    with exactly():
        added = sum(parts, Decimal(0))
        reached, bounded = added + bound.plus, bound.of(added)
        lost = section.max - reached
    texts = []
    if section.pool:
        amounts = {"cap": section.max, "terms": lost, "result": reached}
        shown = {name: plain(points) for name, points in amounts.items()}
        texts.append(words("working.deduct", **shown))
    elif bounded != reached:
        texts.append(plain(reached))
    if bounded != reached:
        key = "working.at_least" if bounded > reached else "working.at_most"
        texts.append(words(key, bound=plain(bounded)))
    return words("working.separator").join(texts)


def _rescaling_text(
    entry: Inapplicable, parts: Sequence[Decimal], result: Decimal, words: Words
) -> str:
    """The rescaling, in words, of a section in which one or more items do not apply."""
    with exactly():
        added = sum(parts, Decimal(0))
        exact = added * entry.whole == result * entry.left
    amounts = {"points": added, "whole": entry.whole, "left": entry.left, "result": result}
    key = "working.rescaled" if exact else "working.rescaled_rounded"
    return words(key, **{name: plain(points) for name, points in amounts.items()})


def _lost_points(cap: Decimal, points: Decimal | None) -> Cell:
    """The points that are missing; nothing where none are, or while nobody gave any."""
    if points is None or points >= cap:
        return None
    with exactly():
        return cap - points


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
    own, above = (placing.result for placing in placings)
    rows = list(_gap_rows(rubric, placings, sheets, words))
    return _table_of_gap(rubric.id, own, above, rows, words)


def _gap_rows(
    rubric: Rubric,
    placings: tuple[Placing, Placing],
    sheets: Mapping[str, ScoreSheet],
    words: Words,
) -> Iterator[Row]:
    own, above = (placing.result for placing in placings)
    mine, theirs = (points_of(rubric, sheets[result.unit], result) for result in (own, above))
    treated = own.inapplicable + above.inapplicable
    pointless = {entry.item for entry in treated if entry.points is None}
    absent = words("report.not_applicable")
    my_key, their_key = same_name_key(own.unit), same_name_key(above.unit)

    def section_rows(section: Section) -> Iterator[Row]:
        their_items = set(section.items_of(their_key))
        shared = [item for item in section.items_of(my_key) if item in their_items]
        inside = section.sections
        compared = [(own.sections[inner.id], above.sections[inner.id]) for inner in inside]
        for item in shared:
            pair = mine.get(item.id), theirs.get(item.id)
            if item.id in pointless:
                cells = (absent if points is None else points for points in pair)
                yield Row((item.id, item.text, *cells, None))
            else:
                compared.append((pair[0] or Decimal(0), pair[1] or Decimal(0)))
                yield from _difference_rows(item.id, item.text, *pair)
        for inner in section.sections:
            yield from section_rows(inner)
        whole = own.sections[section.id], above.sections[section.id]
        yield from _remainder_rows(whole, compared, words)
        yield from _difference_rows(words("report.subtotal", title=section.title), None, *whole)

    for section in rubric.sections:
        yield from section_rows(section)
    yield from _adjustment_gap_rows(own, above, words)
    yield _total_gap_row(own, above, words)


def _adjustment_gap_rows(own: Result, above: Result, words: Words) -> Iterator[Row]:
    """Bonuses and penalties where they differ; more of a penalty is a difference below 0."""
    if own.adjusted is None or above.adjusted is None:
        return
    yield from _difference_rows(
        words("report.bonus"), None, own.adjusted.bonus, above.adjusted.bonus
    )
    mine, theirs = own.adjusted.penalty, above.adjusted.penalty
    for row in _difference_rows(words("report.penalty"), None, mine, theirs):
        with exactly():
            yield row._replace(cells=(*row.cells[:-1], theirs - mine))


def _remainder_rows(whole: _Pair, compared: Iterable[_Pair], words: Words) -> Iterator[Row]:
    """The rest of the difference of a section, which those of its parts do not explain."""
    with exactly():
        rest = whole[0] - whole[1] - sum((mine - theirs for mine, theirs in compared), Decimal(0))
    if rest:
        yield Row((words("report.gap_rest"), words("report.gap_rest_about"), None, None, rest))


def _difference_rows(
    line: str, text: str | None, own: Decimal | None, above: Decimal | None
) -> Iterator[Row]:
    """A line where the points differ; points that nobody gave yet count 0, as in the ranking."""
    with exactly():
        gap = (own or Decimal(0)) - (above or Decimal(0))
    if gap:
        yield Row((line, text, own, above, gap))


def composite_account_table(
    composite: Composite,
    result: Result,
    totals: Sequence[tuple[UnitTotals, Decimal]],
    words: Words,
    notes: tuple[str, ...] = (),
) -> Table:
    """Every total that a unit has in each component, the figure of the component, and the whole.

    ``totals`` are those of the components in their order, each with the points that it is out of.
    """
    rows = list(_component_rows(composite, result, totals, words))
    points = [cell for row in rows for cell in row.cells[2:4] if isinstance(cell, Decimal)]
    columns = (
        Column("line", words("report.source")),
        Column("period", words("report.period"), priority=2),
        Column("max", words("report.cap"), "points", decimals_of(points)),
        Column("score", words("report.score"), "points", decimals_of(points)),
        Column("reason", words("report.reason"), "long text", priority=1),
    )
    title = words("report.account_title", unit=result.unit)
    return Table("account", title, columns, lambda: rows, notes=notes, group=composite.composite)


def _component_rows(
    composite: Composite,
    result: Result,
    totals: Sequence[tuple[UnitTotals, Decimal]],
    words: Words,
) -> Iterator[Row]:
    for component, (own, cap) in zip(composite.sources, totals, strict=True):
        for period, total in totals_by_period(own):
            yield Row((component.name, period, cap, total, None))
        label = words("report.weighted", source=component.name, weight=plain(component.weight))
        figure = result.sections[component.name]
        yield Row((label, None, FULL_MARKS, figure, _conversion_text(own, cap, figure, words)))
    terms = " + ".join(
        words("report.weighted", source=plain(figure), weight=plain(component.weight))
        for component, figure in zip(composite.sources, result.section_points, strict=True)
    )
    about = {"terms": terms, "decimals": composite.decimals, "result": plain(result.base)}
    label = words("report.whole" if result.adjusted is None else "report.base")
    yield Row((label, None, FULL_MARKS, result.base, words("report.account_weighted", **about)))
    if result.adjusted is not None:
        yield Row((words("report.bonus"), None, None, result.adjusted.bonus, None))
        yield Row((words("report.penalty"), None, None, result.adjusted.penalty, None))
        yield Row((words("report.whole"), None, None, result.total, None))


def _conversion_text(own: UnitTotals, cap: Decimal, figure: Decimal, words: Words) -> str | None:
    """The way from totals to a figure out of 100, in words; nothing where they are the same."""
    totals = [total for _, total in totals_by_period(own)]
    if len(totals) == 1 and cap == FULL_MARKS:
        return None
    about = {"number": len(totals), "cap": plain(cap), "result": plain(figure)}
    terms = " + ".join(map(plain, totals))
    key = "report.account_converted" if len(totals) == 1 else "report.account_mean"
    return words(key, terms=terms, **about)


def composite_gap_table(
    ranked: RankedComposite, results: tuple[Result, Result], words: Words
) -> Table:
    """The figures of a unit beside those of the one above it, where they differ."""
    own, above = results
    rows = list(_composite_gap_rows(ranked, own, above, words))
    return _table_of_gap(ranked.id, own, above, rows, words)


def _composite_gap_rows(
    ranked: RankedComposite, own: Result, above: Result, words: Words
) -> Iterator[Row]:
    for section in ranked.all_sections:
        whole = own.sections[section.id], above.sections[section.id]
        yield from _remainder_rows(whole, (), words)
        yield from _difference_rows(words("report.subtotal", title=section.title), None, *whole)
    yield from _adjustment_gap_rows(own, above, words)
    yield _total_gap_row(own, above, words)


def _table_of_gap(
    rubric: str, own: Result, above: Result, rows: Sequence[Row], words: Words
) -> Table:
    columns = (
        Column("line", words("report.item")),
        Column("text", words("report.text"), "long text", priority=1),
        Column("own", own.unit, "points", decimals_in(rows, 2)),
        Column("above", above.unit, "points", decimals_in(rows, 3)),
        Column("difference", words("report.gap"), "difference", decimals_in(rows, 4)),
    )
    title = words("report.gap_title", unit=own.unit, above=above.unit)
    return Table("gap", title, columns, lambda: rows, group=rubric)


def _total_gap_row(own: Result, above: Result, words: Words) -> Row:
    with exactly():
        gap = own.total - above.total
    return Row((words("report.whole"), None, own.total, above.total, gap))
