"""The content of a form: its unit, its lines, and the sums that follow what is typed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from epa_score.exporters.xlsx.cells import exact_number
from epa_score.exporters.xlsx.changes import LINE, ComparedTable
from epa_score.exporters.xlsx.form.page import (
    CAP,
    SCORE,
    SECTION,
    WIDTHS,
    WIDTHS_FOR_NUMBERS,
    with_self_scores,
)
from epa_score.exporters.xlsx.formats import Frame
from epa_score.exporters.xlsx.formulas import NOISE, sum_expression
from epa_score.i18n import Words, plain
from epa_score.model import Item, Rubric, ScoreSheet, same_name_key
from epa_score.model.form_record import sum_key
from epa_score.model.item_options import TOTAL, TREATMENTS, Treatment
from epa_score.reports.form_lines import ItemLines, Subtotal, fact_lines, form_lines, row_count
from epa_score.reports.sums import SumOf
from epa_score.scoring import Result, score
from epa_score.scoring.points import points_of

_HEADER = 3
"""The row of the column titles, below the title and two lines of fields."""


class Form(NamedTuple):
    """A form of a rubric for a unit, blank or filled in."""

    rubric: Rubric
    unit: str = ""
    """The name of the unit; without one the form is for any unit."""
    sheet: ScoreSheet | None = None
    """The score sheet that fills the form in."""
    fonts: str = "official"
    """The name of its fonts in `FORM_FONTS`."""
    asks: bool = True
    """True where there is a cell for each fact, and whatever follows from facts is left to the
    program; any other form shows what came of them."""
    period: str = ""
    """The period that a blank form is for."""
    assessor: str = ""
    """The assessor whom a blank form is for."""

    def items(self) -> Iterator[Item]:
        """The items in the order of the form."""
        for line in form_lines(self.rubric, self.unit, asks=self.asks):
            yield from line.items if isinstance(line, ItemLines) else ()

    @property
    def is_provisional(self) -> bool:
        """True for the result of a unit with items that are not scored: nobody signs it."""
        return (
            not self.asks
            and self.sheet is not None
            and bool(score(self.rubric, self.sheet).unscored)
        )

    @property
    def widths(self) -> tuple[float, ...]:
        """The widths of the columns, in digits."""
        kinds = {line.fact.kind for item in self.items() for line in fact_lines(item)}
        long = self.asks and not kinds.isdisjoint(("count", "whole", "number", "deduction"))
        widths = WIDTHS_FOR_NUMBERS if long else WIDTHS
        return widths if self.rubric.self_score is None else with_self_scores(widths)

    def leaves_open(self, subtotal: Subtotal) -> bool:
        """True for a sum that is left to the program: facts or conditions have a part in it."""
        if not self.asks:
            return False
        added = subtotal.sum
        ruled = {item.id for item in self.items() if item.rule is not None}
        depends = bool(added.plus or added.minus) or not ruled.isdisjoint(added.all_columns)
        return depends or self._counts_hidden_items or self._may_be_zeroed(subtotal)

    def _may_be_zeroed(self, subtotal: Subtotal) -> bool:
        """True for a section or a total that a condition may make 0; never of one assessor's."""
        names = self.rubric.may_be_zeroed if self.rubric.panel is None else frozenset()
        return subtotal.section in names if subtotal.section else bool(names)

    @property
    def _counts_hidden_items(self) -> bool:
        """True where items without a line give points, or have a part in those of others."""
        scope, key = self.rubric.scope(self.unit), same_name_key(self.unit)
        items = scope.items.values() if scope is not None else ()
        hidden = (item for item in items if not item.is_for(key))
        return any(item.not_applicable != "exclude" for item in hidden)


def compared_form(form: Form, sheet: str) -> ComparedTable:
    """What is compared of a form that is written into the worksheet of that name.

    Below the total more may follow, when the form is written.
    """
    return ComparedTable(
        group=form.rubric.id,
        sheet=sheet,
        top=LINE + 1,
        bottom=form_frame(form).bottom,
        columns=len(form.widths),
        is_sortable=False,
    )


def form_frame(form: Form) -> Frame:
    """The rows and columns of the table of a form, from the titles of the columns to the total."""
    lines = form_lines(form.rubric, form.unit, asks=form.asks)
    rows = sum(row_count(line, asks=form.asks) for line in lines)
    # A form that is not read any more has the line on changes as well.
    top = _HEADER if form.asks else _HEADER + 1
    return Frame(top=top, left=SECTION, bottom=top + rows, right=len(form.widths) - 1)


def sum_value(form: Form, subtotal: Subtotal, words: Words) -> Decimal | int | str:
    """The points of a section or of the whole so far; an empty text while nothing is scored.

    A word says that they depend on other units.
    """
    if form.sheet is None:
        return ""
    points, inapplicable = points_of(form.rubric, form.sheet), form.sheet.inapplicable
    items = subtotal.sum.all_columns
    if all(points.get(item) is None and item not in inapplicable for item in items):
        return ""
    added = _points_of_sum(score(form.rubric, form.sheet), subtotal)
    return words("form.awaited") if added.is_nan() else exact_number(added)


def _points_of_sum(result: Result, subtotal: Subtotal) -> Decimal:
    return result.sections[subtotal.section] if subtotal.section else result.total


def with_zero(form: Form, subtotal: Subtotal, formula: str) -> str:
    """The formula of a sum, which is 0 by a condition as long as nobody changes its points."""
    result = score(form.rubric, form.sheet) if form.sheet is not None else None
    if result is None or result.unzeroed is None:
        return formula
    before = _points_of_sum(result.unzeroed, subtotal)
    now = _points_of_sum(result, subtotal)
    if before == now:
        return formula
    added = formula.removeprefix("=")
    return f"=IF({added}={plain(before)},{plain(now)},{added})"


def zero_note(form: Form, subtotal: Subtotal, words: Words) -> str:
    """By which conditions a sum on a filled form is 0; nothing where it is not."""
    if form.sheet is None or form.asks:
        return ""
    by = score(form.rubric, form.sheet).zeroed.get(subtotal.section or TOTAL, ())
    return words("report.zeroed", vetoes=words("list.separator").join(by)) if by else ""


Position = tuple[int, int]
"""A row and a column, from 0."""


class FormSum:
    """A sum of the points beside items, which stand in the ``rows`` of their ids."""

    def __init__(self, added: SumOf, rows: Mapping[str, int], words: Words) -> None:
        """Add up points on a form in the language of ``words``."""
        self._sum = added
        self._rows = rows
        self._words = words
        self._word = words("form.not_applicable")
        self._parts = list(_all_parts(added))

    def formula(self) -> str:
        """The formula of the sum, or of a word where it cannot be told.

        That is so beside any other text than that an item does not apply, where the sum of the
        bonuses or penalties cannot be told, where no item is left to scale up, and where the mean
        of other units is needed. While nothing is entered the cell looks empty.
        """
        everything = ",".join(self._areas(self._sum.all_columns))
        adjustments = self._areas(self._sum.plus + self._sum.minus)
        inapplicable = self._inapplicable_count(TREATMENTS)
        wrong = self._words("form.wrong")
        added = sum_expression(self._sum, self._areas, self._adjust_sum)
        added = f"ROUND({added},{self._sum.decimals})"
        if inapplicable:
            added = f'IFERROR({added},"{wrong}")'
        awaited = self._inapplicable_count(("peer_mean",))
        if awaited:
            added = f'IF({awaited[1:]}>0,"{self._words("form.awaited")}",{added})'
        known = f"COUNT({everything}){inapplicable}"
        entered = f"COUNTA({everything})"
        due = entered + "".join(f'+COUNTIF({area},"{wrong}")' for area in adjustments)
        return f'=IF({entered}=0,"",IF({known}<{due},"{wrong}",{added}))'

    def _adjust_sum(self, added: str, part: SumOf) -> str:
        """A sum with what is due for items that do not apply, unrounded unless it is scaled."""
        if part.scaled_to is not None:
            return self._scale(added, part, part.scaled_to)
        not_applicable = part.not_applicable
        if not_applicable is None:
            return added
        full = self._inapplicable_caps(part, "full", "+")
        added = f"({added}{full})" if full else added
        if not not_applicable.columns_with("rescale"):
            return added
        worth = plain(sum(not_applicable.caps.values(), Decimal(0)))
        gone = self._inapplicable_caps(part, "exclude", "-")
        gone += self._inapplicable_caps(part, "rescale_total", "-")
        whole = f"({worth}{gone})"
        left = f"({whole}{self._inapplicable_caps(part, 'rescale', '-')})"
        return f"ROUND(ROUND({added}*{whole}/{left},{NOISE}),{part.decimals})"

    def _scale(self, added: str, whole_sum: SumOf, full_marks: Decimal) -> str:
        """A sum of sections scaled to full marks, as far as items in it do not apply."""
        parts = list(_all_parts(whole_sum))
        excluded, scaled = (
            "".join(self._inapplicable_caps(part, treatment, "-") for part in parts)
            for treatment in ("exclude", "rescale_total")
        )
        whole = f"({plain(full_marks)}{excluded})"
        rounded = f"ROUND({added}*{whole}/({whole}{scaled}),{NOISE})"
        return f"ROUND({rounded},{whole_sum.decimals})"

    def _inapplicable_count(self, treatments: Iterable[Treatment]) -> str:
        """The number of items of some treatments that do not apply, as a summand."""
        pairs = [(part, treatment) for part in self._parts for treatment in treatments]
        items = [item for part, treatment in pairs for item in _items_with(part, treatment)]
        return "".join(f'+COUNTIF({area},"{self._word}")' for area in self._areas(items))

    def _inapplicable_caps(self, part: SumOf, treatment: Treatment, sign: str) -> str:
        """The caps of the items of a treatment that do not apply, as summands of that ``sign``."""
        items = _items_with(part, treatment)
        points, caps = self._areas(items), self._areas(items, CAP)
        pairs = zip(points, caps, strict=True)
        return "".join(f'{sign}SUMIF({area},"{self._word}",{cap})' for area, cap in pairs)

    def _areas(self, items: Iterable[str], column: int = SCORE) -> list[str]:
        """The cells of some items in a column as areas, those below each other in a single area."""
        rows = sorted(self._rows[item] for item in items)
        areas = []
        for _, run in groupby(enumerate(rows), lambda pair: pair[1] - pair[0]):
            members = [xl_rowcol_to_cell(row, column) for _, row in run]
            areas.append(":".join(dict.fromkeys((members[0], members[-1]))))
        return areas


def sum_formula_key(formula: str, items: Iterable[str], rows: Mapping[str, int]) -> str:
    """The `sum_key` of a formula that adds up ``items``, which stand in ``rows``."""
    by_row = {str(rows[item] + 1): item for item in items}
    columns = {xl_col_to_name(SCORE): "score", xl_col_to_name(CAP): "cap"}
    return sum_key(formula, columns, by_row)


def _all_parts(added: SumOf) -> Iterator[SumOf]:
    """A sum and all its parts, at any depth."""
    yield added
    for part in added.parts:
        yield from _all_parts(part)


def _items_with(part: SumOf, treatment: Treatment) -> Sequence[str]:
    """The items of a sum, without its parts, that have a treatment."""
    return part.not_applicable.columns_with(treatment) if part.not_applicable is not None else ()
