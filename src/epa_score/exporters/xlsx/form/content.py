"""The content of a form: its unit, its lines, and the sums that follow what is typed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from epa_score.exporters.xlsx.cells import exact
from epa_score.exporters.xlsx.form.page import CAP, NOTE, SCORE, SECTION, WIDTHS, WIDTHS_FOR_NUMBERS
from epa_score.exporters.xlsx.formats import Frame
from epa_score.exporters.xlsx.formulas import NOISE, FormTotal, added_up
from epa_score.i18n import Words, plain
from epa_score.model import Item, Rubric, ScoreSheet
from epa_score.model.form_record import SumRow, sum_key
from epa_score.model.rubric_options import TREATMENTS, Treatment
from epa_score.reports.form_lines import (
    ItemLines,
    Subtotal,
    fact_lines,
    form_lines,
    row_count,
    total_line,
)
from epa_score.reports.sums import SumOf
from epa_score.scoring import score
from epa_score.scoring.points import points_of

HEADER = 3
"""The row of the column titles, below the title and two lines of fields."""


class Form(NamedTuple):
    """Which form: of which rubric, for whom, and what is already known.

    ``sha256`` is that of the rubric's file. ``sheet`` fills the form in; without a ``unit`` it
    is for any unit. A form that ``asks`` has a place for each fact, and leaves what follows from
    facts to the program; any other one shows what came of them.
    """

    rubric: Rubric
    sha256: str
    unit: str = ""
    sheet: ScoreSheet | None = None
    fonts: str = "official"
    asks: bool = True

    def items(self) -> Iterator[Item]:
        """The items in the order of the form."""
        for line in form_lines(self.rubric, self.unit):
            yield from line.items if isinstance(line, ItemLines) else ()

    @property
    def widths(self) -> tuple[float, ...]:
        """The widths of the columns, in digits."""
        facts = (line.fact for item in self.items() for line in fact_lines(item))
        long = self.asks and any(fact.kind in ("count", "number") for fact in facts)
        return WIDTHS_FOR_NUMBERS if long else WIDTHS

    def leaves_open(self, what: SumOf) -> bool:
        """Whether a sum is left to the program, as facts have a part in it."""
        ruled = {item.id for item in self.items() if item.rule is not None}
        beyond = what.plus or what.minus
        return self.asks and bool(beyond or not ruled.isdisjoint(what.all_columns))


def total_of(form: Form, sheet: str, words: Words) -> FormTotal:
    """Where the total of a form stands that is written into the worksheet of that name."""
    shown = shown_sum(form, total_line(form.rubric, form.unit), words)
    return FormTotal(form.rubric.id, sheet, frame_of(form).bottom, SCORE, shown)


def frame_of(form: Form) -> Frame:
    """The rows and columns of the table of a form, from the titles of the columns to the total."""
    lines = form_lines(form.rubric, form.unit)
    rows = sum(row_count(line, asks=form.asks) for line in lines)
    return Frame(HEADER, SECTION, HEADER + rows, NOTE)


def shown_sum(form: Form, what: Subtotal, words: Words) -> Decimal | int | str:
    """What a section or the total comes to so far, or nothing while nothing is scored.

    A word says that it depends on other units.
    """
    if form.sheet is None:
        return ""
    points, inapplicable = points_of(form.rubric, form.sheet), form.sheet.inapplicable
    items = what.sum.all_columns
    if all(points.get(item) is None and item not in inapplicable for item in items):
        return ""
    result = score(form.rubric, form.sheet)
    added = result.sections[what.section] if what.section else result.total
    return words("form.awaited") if added.is_nan() else exact(added)


Position = tuple[int, int]
"""A row and a column, from 0."""


class FormSum:
    """A sum of the points beside items, which stand in the ``rows`` of their ids."""

    def __init__(self, what: SumOf, rows: Mapping[str, int], words: Words) -> None:
        """Add up ``what`` on a form in the language of ``words``."""
        self._what = what
        self._rows = rows
        self._words = words
        self._word = words("form.not_applicable")
        self._parts = list(_parts_of(what))

    def formula(self) -> str:
        """Nothing while nothing is entered, and a word where the sum cannot be told.

        That is so beside any other text than that an item does not apply, where the sum of the
        bonuses or penalties cannot be told, where no item is left to scale up, and where the mean
        of other units is needed.
        """
        everything = ",".join(self._areas(self._what.all_columns))
        beside = self._areas(self._what.plus + self._what.minus)
        inapplicable = self._count(TREATMENTS)
        wrong = self._words("form.wrong")
        added = added_up(self._what, self._areas, self._adjusted)
        added = f"ROUND({added},{self._what.decimals})"
        if inapplicable:
            added = f'IFERROR({added},"{wrong}")'
        awaited = self._count(("peer_mean",))
        if awaited:
            added = f'IF({awaited[1:]}>0,"{self._words("form.awaited")}",{added})'
        known = f"COUNT({everything}){inapplicable}"
        entered = f"COUNTA({everything})"
        due = entered + "".join(f'+COUNTIF({area},"{wrong}")' for area in beside)
        return f'=IF({entered}=0,"",IF({known}<{due},"{wrong}",{added}))'

    def _adjusted(self, added: str, part: SumOf) -> str:
        """A sum with what is due for items that do not apply, unrounded unless it is scaled."""
        not_applicable = part.not_applicable
        if not_applicable is None:
            return added
        full = self._caps(part, "full", "+")
        added = f"({added}{full})" if full else added
        if not not_applicable.columns_with("rescale"):
            return added
        worth = plain(sum(not_applicable.caps.values(), Decimal(0)))
        whole = f"({worth}{self._caps(part, 'exclude', '-')})"
        left = f"({whole}{self._caps(part, 'rescale', '-')})"
        return f"ROUND(ROUND({added}*{whole}/{left},{NOISE}),{part.decimals})"

    def _count(self, treatments: Iterable[Treatment]) -> str:
        """How many items of some treatments do not apply, as something to be added."""
        pairs = [(part, treatment) for part in self._parts for treatment in treatments]
        items = [item for part, treatment in pairs for item in _of(part, treatment)]
        return "".join(f'+COUNTIF({area},"{self._word}")' for area in self._areas(items))

    def _caps(self, part: SumOf, treatment: Treatment, sign: str) -> str:
        """The caps of the items of a treatment that do not apply, to be added or taken away."""
        points, caps = self._areas(_of(part, treatment)), self._areas(_of(part, treatment), CAP)
        pairs = zip(points, caps, strict=True)
        return "".join(f'{sign}SUMIF({area},"{self._word}",{cap})' for area, cap in pairs)

    def _areas(self, items: Iterable[str], column: int = SCORE) -> list[str]:
        """The cells of some items in a column as areas, those below each other in one."""
        rows = sorted(self._rows[item] for item in items)
        areas = []
        for _, run in groupby(enumerate(rows), lambda pair: pair[1] - pair[0]):
            members = [xl_rowcol_to_cell(row, column) for _, row in run]
            areas.append(":".join(dict.fromkeys((members[0], members[-1]))))
        return areas


def sum_row(what: Subtotal, label: str, formula: str, rows: Mapping[str, int]) -> SumRow:
    """What the hidden sheet says of a sum, whose items stand in ``rows``."""
    added = what.sum.all_columns + what.sum.plus + what.sum.minus
    items = {rows[item] + 1: item for item in added}
    columns = {xl_col_to_name(SCORE): "score", xl_col_to_name(CAP): "cap"}
    return SumRow(what.section, label, sum_key(formula, columns, items), added)


def _parts_of(what: SumOf) -> Iterator[SumOf]:
    yield what
    for part in what.parts:
        yield from _parts_of(part)


def _of(part: SumOf, treatment: Treatment) -> Sequence[str]:
    return part.not_applicable.columns_with(treatment) if part.not_applicable is not None else ()
