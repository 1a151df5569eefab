"""得分构成: how the total of one unit came about, line by line."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from epa_score.i18n import Words, plain
from epa_score.model import Item, Rubric, ScoreSheet, Section, exactly, same_name_key
from epa_score.reports.columns.adjustments import adjustment_lines
from epa_score.reports.columns.not_applicable import absent_text
from epa_score.reports.columns.panel import note_of, opinion_text, opinions
from epa_score.reports.table import Cell, Column, Row, Table, decimals_of
from epa_score.reports.workings import note_text
from epa_score.scoring import Result
from epa_score.scoring.adjustments import total_working
from epa_score.scoring.not_applicable import Inapplicable, excluded_points
from epa_score.scoring.points import points_of, workings_of
from epa_score.scoring.sections import bound_of


def account_table(
    rubric: Rubric,
    result: Result,
    sheet: ScoreSheet,
    words: Words,
    notes: tuple[str, ...] = (),
) -> Table:
    """Every item with its points and why, the subtotals below their items, and the total."""
    rows = list(_rows(rubric, result, sheet, words))
    columns = (
        Column("line", words("report.item")),
        Column("text", words("report.text"), "long text", priority=3),
        Column("max", words("report.cap"), "points", decimals_in(rows, 2)),
        Column("score", words("report.score"), "points", decimals_in(rows, 3)),
        Column("lost", words("report.lost"), "points", decimals_in(rows, 4), priority=2),
        Column("reason", words("report.reason"), "long text", priority=1),
    )
    title = words("report.account_title", unit=result.unit)
    return Table("account", title, columns, lambda: rows, notes, rubric.id)


def decimals_in(rows: Sequence[Row], place: int) -> int:
    """The decimals that a column of points needs."""
    return decimals_of(cell for row in rows if isinstance(cell := row.cells[place], Decimal))


def _rows(rubric: Rubric, result: Result, sheet: ScoreSheet, words: Words) -> Iterator[Row]:
    points, workings = points_of(rubric, sheet, result), workings_of(rubric, sheet, result)
    sections, out = result.sections, {one.item: one for one in result.inapplicable}
    scope, unit_key = rubric.scope(sheet.unit), same_name_key(sheet.unit)
    items_inside = scope.section_items if scope is not None else {}
    given_by = opinions(rubric, sheet)

    def line_of(item: Item) -> Row:
        given = points.get(item.id)
        together = opinion_text(rubric, given_by.get(item.id), words)
        reason = note_text(workings.get(item.id), note_of(sheet, item.id, words), words)
        reason = words("working.separator").join(filter(None, (together, reason)))
        score = absent_text(item.id, sheet, words) if given is None else given
        lost = None if item.id in out else _lost(item.max, given)
        return Row((item.id, item.text, item.max, score, lost, reason or None))

    def cap_of(section: Section) -> Decimal:
        with exactly():
            whole = section.worth(unit_key) if rubric.accepted else section.max
            inside = [out[one] for one in items_inside[section.id] if one in out]
            return whole - excluded_points(inside)

    def lines_of(section: Section) -> Iterator[Row]:
        items = section.items_of(unit_key)
        yield from map(line_of, items)
        for inner in section.sections:
            yield from lines_of(inner)
        parts = [points.get(one.id) or Decimal(0) for one in items]
        parts += [sections[inner.id] for inner in section.sections]
        label = words("report.subtotal", title=section.title)
        reason = _bounds(section, parts, words)
        scaled = [
            out[one.id] for one in items if one.id in out and out[one.id].whole != out[one.id].left
        ]
        if scaled:
            reason = _rescaled(scaled[0], parts, sections[section.id], words)
        yield _sum(label, cap_of(section), sections[section.id], reason)

    for section in rubric.sections:
        yield from lines_of(section)
    yield from _whole(rubric, result, sheet, words)
    for veto, what in result.vetoes:
        yield Row((veto.id, veto.text, None, None, None, what))


def _whole(rubric: Rubric, result: Result, sheet: ScoreSheet, words: Words) -> Iterator[Row]:
    """The total, and where there are adjustments what it is made of."""
    out_of = result.out_of or rubric.total
    if result.adjusted is None:
        yield _sum(words("report.whole"), out_of, result.total)
        return
    yield _sum(words("report.base"), out_of, result.adjusted.base)
    for line, working in adjustment_lines(rubric, sheet, words):
        label, text = (line.id, line.text) if line.id else (line.text, None)
        yield Row((label, text, line.max, working.points, None, note_text(working, None, words)))
    reason = note_text(total_working(rubric, result), None, words)
    yield Row((words("report.whole"), None, None, result.total, None, reason))


def _sum(label: str, cap: Decimal, points: Decimal, reason: str = "") -> Row:
    return Row((label, None, cap, points, _lost(cap, points), reason or None))


def _bounds(section: Section, parts: Sequence[Decimal], words: Words) -> str:
    """What a pool or a capped section made of its parts; nothing where it is their sum."""
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


def _rescaled(one: Inapplicable, parts: Sequence[Decimal], result: Decimal, words: Words) -> str:
    """How the items of a section were scaled up in which one or more do not apply."""
    with exactly():
        added = sum(parts, Decimal(0))
        exact = added * one.whole == result * one.left
    amounts = {"points": added, "whole": one.whole, "left": one.left, "result": result}
    key = "working.rescaled" if exact else "working.rescaled_rounded"
    return words(key, **{name: plain(points) for name, points in amounts.items()})


def _lost(cap: Decimal, points: Decimal | None) -> Cell:
    """The points that are missing; nothing where none are, or while nobody gave any."""
    if points is None or points >= cap:
        return None
    with exactly():
        return cap - points
