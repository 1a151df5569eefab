"""得分构成: how the total of one unit came about, in lines that add up to it."""

from collections.abc import Iterator
from decimal import Decimal

from epa_score.i18n import Words, plain
from epa_score.model import Item, Rubric, ScoreSheet, Section, exactly, same_name_key
from epa_score.model.item_options import TOTAL
from epa_score.reports.account import (
    AccountLine,
    LineKey,
    closing_lines,
    correction,
    limit_line,
    lost_points,
    sum_line,
    table_of_account,
)
from epa_score.reports.columns.adjustments import adjustment_lines
from epa_score.reports.columns.not_applicable import absent_text
from epa_score.reports.columns.panel import (
    combination_text,
    combines_totals,
    item_note,
    spreads_by_item,
    totals_of,
)
from epa_score.reports.columns.standing import reason_text
from epa_score.reports.full_marks import full_marks_in
from epa_score.reports.table import Table
from epa_score.reports.workings import note_text
from epa_score.scoring import Result
from epa_score.scoring.adjustments import NOT_BELOW_ZERO, adjustments_of, total_working
from epa_score.scoring.not_applicable import Inapplicable, rescaled_total
from epa_score.scoring.points import (
    SectionSum,
    bound_of,
    factors_of,
    points_of,
    sum_section,
    workings_of,
)

_ZERO = Decimal(0)


def account_table(
    rubric: Rubric,
    result: Result,
    sheet: ScoreSheet,
    words: Words,
    notes: tuple[str, ...] = (),
) -> Table:
    """Every item with its points and why, the subtotals below their items, and the total.

    What makes a sum more or less than its parts is a line of its own.
    """
    lines = account_lines(rubric, result, sheet, words)
    return table_of_account(rubric.id, result, lines, words)._replace(notes=notes)


def account_lines(
    rubric: Rubric, result: Result, sheet: ScoreSheet, words: Words
) -> list[AccountLine]:
    """The lines of an account in their order."""
    sections = _SectionLines(rubric, result, sheet, words)
    lines = [line for section in rubric.sections for line in sections.of(section)]
    lines += _total_lines(rubric, result, sheet, words)
    lines += [
        AccountLine(
            kind="veto",
            key=("veto", vetoed.veto.id),
            label=vetoed.veto.id,
            text=vetoed.veto.text,
            reason=reason_text(vetoed, words),
            assessor=rubric.assessors_by_item.get(vetoed.veto.id),
        )
        for vetoed in result.vetoes
    ]
    return lines


class _SectionLines:
    """Makes the lines of the sections of one unit."""

    def __init__(self, rubric: Rubric, result: Result, sheet: ScoreSheet, words: Words) -> None:
        """Look up what all lines need."""
        self._rubric, self._result, self._sheet, self._words = rubric, result, sheet, words
        self._separator = words("working.separator")
        self._unit_key = same_name_key(sheet.unit)
        self._points = points_of(rubric, sheet, result)
        self._workings = workings_of(rubric, sheet, result)
        self._treated = {entry.item: entry for entry in result.inapplicable}
        self._self_scores = sheet.self_scores if rubric.self_score is not None else {}
        self._given_by = spreads_by_item(rubric, sheet)
        scope = rubric.scope(sheet.unit)
        self._factors = factors_of(scope, result.inapplicable) if scope is not None else {}

    def of(self, section: Section) -> Iterator[AccountLine]:
        """The lines of a section and of those inside it, each with the id of its own."""
        for line in self._lines(section):
            yield line if line.section else line._replace(section=section.id)

    def _lines(self, section: Section) -> Iterator[AccountLine]:
        """The lines of a section: its items or sections, what else changes the sum, and the sum."""
        items = section.items_of(self._unit_key)
        ends = {part.items[-1].id: part for part in section.parts_of(self._unit_key)}
        for item in items:
            yield self._item_line(section, item)
            if item.id in ends:
                yield self._part_line(section, ends[item.id])
        for inner in section.sections:
            yield from self.of(inner)
        sections = self._result.sections
        with exactly():
            own = sum((self._points.get(item.id) or _ZERO for item in items), _ZERO)
            inside = sum((sections[inner.id] for inner in section.sections), _ZERO)
            factor = self._factors.get(section.id)
            made = sum_section(section, own, inside, factor, self._rubric.decimals)
        if combines_totals(self._rubric):
            yield from _difference(
                ("subtotal", section.id), sections[section.id], own + inside, self._words
            )
            reason = ""
        else:
            yield from self._corrections(section, made)
            yield from _zero_line(self._result, section.id, made.points, self._words)
            reason = _bound_text(section, made, self._words)
        scaled = [self._treated[item.id] for item in items if item.id in self._treated]
        scaled = [entry for entry in scaled if entry.treatment == "rescale"]
        if scaled:
            reason = _rescaling_text(scaled[0], made, self._words)
        label = self._words("report.subtotal", title=section.title)
        key, cap = ("subtotal", section.id), full_marks_in(self._rubric, section, self._result)
        line = sum_line("subtotal", key, label, cap, sections[section.id])
        yield line._replace(reason=reason)

    def _part_line(self, section: Section, part: Section) -> AccountLine:
        """The subtotal of a titled part of the items that a unit has for its own."""
        label = self._words("report.subtotal", title=part.title)
        key = ("subtotal", section.id, part.id, part.title)
        points = self._result.sections[part.id]
        cap = full_marks_in(self._rubric, part, self._result)
        return sum_line("subtotal", key, label, cap, points)

    def _item_line(self, section: Section, item: Item) -> AccountLine:
        words, given = self._words, self._points.get(item.id)
        together = combination_text(self._rubric, self._given_by.get(item.id), words)
        note = item_note(self._sheet, item.id, words)
        reason = note_text(self._workings.get(item.id), note, words)
        return AccountLine(
            kind="item",
            key=("item", section.id, item),
            label=item.id,
            score=absent_text(item.id, self._sheet, words) if given is None else given,
            counted=given or _ZERO,
            text=item.text,
            cap=item.max,
            lost=None if item.id in self._treated else lost_points(item.max, given),
            reason=self._separator.join(filter(None, (together, reason))),
            self_score=self._self_scores.get(item.id),
            assessor=self._rubric.assessors_by_item.get(item.id),
        )

    def _corrections(self, section: Section, made: SectionSum) -> Iterator[AccountLine]:
        """What makes the section more or less than the sum of its parts."""
        with exactly():
            scaled, pooled = made.scaled - made.added, made.pooled - made.scaled
            limited = made.points - made.pooled
        whole, words = ("subtotal", section.id), self._words
        if scaled:
            yield correction("rescaled", whole, scaled, words("report.rescaled"))
        if pooled:
            yield correction("pool", whole, pooled, words("report.pool"))
        yield from limit_line(whole, made.points, limited, words)


def _zero_line(result: Result, name: str, points: Decimal, words: Words) -> Iterator[AccountLine]:
    """A line of the points that conditions take from a section or the total, if they do."""
    by = result.zeroed.get(name)
    if by and points:
        label = words("report.zeroed", vetoes=words("list.separator").join(by))
        yield correction("zeroed", ("zeroed", name), -points, label)


def _difference(
    whole: LineKey, points: Decimal, parts: Decimal, words: Words
) -> Iterator[AccountLine]:
    """A line of what a sum has beside its parts, where all of them come of totals."""
    with exactly():
        beside = points - parts
    if beside:
        yield correction("combined", whole, beside, words("report.combined_totals"))


def _total_lines(
    rubric: Rubric, result: Result, sheet: ScoreSheet, words: Words
) -> Iterator[AccountLine]:
    """The total, and where there are adjustments what it is made of."""
    out_of = result.out_of or rubric.total
    scaled = _rescaled_line(rubric, result, words)
    if scaled is not None and scaled.counted:
        yield scaled
    why = scaled.reason if scaled is not None else None
    if result.adjusted is None:
        whole = totals_of(rubric, sheet)
        with exactly():
            parts = sum((result.sections[own.id] for own in rubric.sections), _ZERO)
        parts, _ = rescaled_total(parts, result.inapplicable, rubric.decimals)
        added = parts if whole is None else whole.combined
        yield from _difference(("total",), added, parts, words)
        yield from _zero_line(result, TOTAL, added, words)
        line = sum_line("total", ("total",), words("report.whole"), out_of, result.total)
        yield line._replace(reason=combination_text(rubric, whole, words) or why)
        return
    label, base = words("report.base"), result.adjusted.base
    yield sum_line("base", ("base",), label, out_of, base)._replace(reason=why)
    yield from _adjustment_lines(rubric, sheet, words)
    reason = note_text(total_working(rubric, result), None, words)
    lines = list(closing_lines(_before_zero(result), result.adjusted, words, reason))
    yield from lines[:-1]
    yield from _zero_line(result, TOTAL, _before_zero(result), words)
    yield lines[-1]._replace(score=result.total)


def _before_zero(result: Result) -> Decimal:
    """The total as it would be if no condition made it 0."""
    if TOTAL not in result.zeroed or result.adjusted is None:
        return result.total
    base, bonus, penalty = result.adjusted
    with exactly():
        return NOT_BELOW_ZERO.of(base + bonus - penalty)


def _rescaled_line(rubric: Rubric, result: Result, words: Words) -> AccountLine | None:
    """What scaling adds to the sum of the sections, if it does, and how it came about."""
    with exactly():
        added = sum((result.sections[own.id] for own in rubric.sections), _ZERO)
    points, entry = rescaled_total(added, result.inapplicable, rubric.decimals)
    if entry is None:
        return None
    with exactly():
        more = points - added
    line = correction("rescaled", ("total",), more, words("report.rescaled"))
    reason = _rescaling_text(entry, SectionSum(added, points, points, points), words)
    return line._replace(reason=reason)


def _adjustment_lines(rubric: Rubric, sheet: ScoreSheet, words: Words) -> Iterator[AccountLine]:
    """Each adjustment, the limit of all those of one way, and their sum; penalties are below 0."""
    shown = adjustment_lines(rubric, sheet, words)
    for added in adjustments_of(rubric, sheet):
        sign = 1 if added.way == "bonus" else -1
        for counted in added.items:
            subject, working = next(shown)
            points = sign * counted.points
            yield AccountLine(
                kind="adjustment",
                key=("adjustment", added.way, counted.item.id),
                label=counted.item.id,
                score=points,
                counted=points,
                text=subject.text,
                cap=subject.max,
                reason=note_text(working, None, words),
                assessor=rubric.assessors_by_item.get(counted.item.id),
            )
        if added.items:
            with exactly():
                whole = sum((counted.points for counted in added.items), _ZERO)
                limited = sign * (added.points - whole)
            subject, working = next(shown)
            if limited:
                label = words("working.at_most", bound=plain(added.points))
                yield correction("at_most", (added.way,), limited, label)
            yield AccountLine(
                kind=added.way,
                key=(added.way,),
                label=subject.text,
                score=sign * added.points,
                cap=subject.max,
                reason=note_text(working, None, words),
            )


def _bound_text(section: Section, made: SectionSum, words: Words) -> str:
    """The bounds of a pool or a capped section in words; nothing where it is a mere sum."""
    if bound_of(section) is None:
        return ""
    texts = []
    if section.pool:
        with exactly():
            whole = section.worth("")
            lost = whole - made.pooled
        amounts = {"cap": whole, "terms": lost, "result": made.pooled}
        shown = {name: plain(points) for name, points in amounts.items()}
        texts.append(words("working.deduct", **shown))
    elif made.points != made.pooled:
        texts.append(plain(made.pooled))
    if made.points != made.pooled:
        key = "working.at_least" if made.points > made.pooled else "working.at_most"
        texts.append(words(key, bound=plain(made.points)))
    return words("working.separator").join(texts)


def _rescaling_text(entry: Inapplicable, made: SectionSum, words: Words) -> str:
    """The rescaling, in words, of a section in which one or more items do not apply."""
    with exactly():
        exact = made.added * entry.whole == made.scaled * entry.left
    amounts = {
        "points": made.added,
        "whole": entry.whole,
        "left": entry.left,
        "result": made.scaled,
    }
    key = "working.rescaled" if exact else "working.rescaled_rounded"
    return words(key, **{name: plain(points) for name, points in amounts.items()})
