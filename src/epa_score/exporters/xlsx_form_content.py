"""Which form is written, and what its sums come to."""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from epa_score.exporters.xlsx.cells import exact
from epa_score.exporters.xlsx.form.page import NOTE, SCORE, SECTION, WIDTHS, WIDTHS_FOR_NUMBERS
from epa_score.exporters.xlsx_edges import Frame
from epa_score.exporters.xlsx_states import FormTotal
from epa_score.i18n import Words
from epa_score.model import Item, Rubric, ScoreSheet
from epa_score.reports.form import Lines, Subtotal, fact_lines, form_lines, rows_of, total_line
from epa_score.reports.table import SumOf
from epa_score.scoring import score
from epa_score.scoring.assessed import points_of

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
        for one in form_lines(self.rubric, self.unit):
            yield from one.items if isinstance(one, Lines) else ()

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
        return self.asks and bool(beyond or not ruled.isdisjoint(what.everything))


def total_of(form: Form, sheet: str, words: Words) -> FormTotal:
    """Where the total of a form stands that is written into the worksheet of that name."""
    shown = shown_sum(form, total_line(form.rubric, form.unit), words)
    return FormTotal(form.rubric.id, sheet, frame_of(form).bottom, SCORE, shown)


def frame_of(form: Form) -> Frame:
    """The rows and columns of the table of a form, from the titles of the columns to the total."""
    lines = form_lines(form.rubric, form.unit)
    rows = sum(rows_of(line, asks=form.asks) for line in lines)
    return Frame(HEADER, SECTION, HEADER + rows, NOTE)


def shown_sum(form: Form, what: Subtotal, words: Words) -> Decimal | int | str:
    """What a section or the total comes to so far, or nothing while nothing is scored.

    A word says that it depends on other units.
    """
    if form.sheet is None:
        return ""
    points, inapplicable = points_of(form.rubric, form.sheet), form.sheet.inapplicable
    if all(points.get(one) is None and one not in inapplicable for one in what.sum.everything):
        return ""
    result = score(form.rubric, form.sheet)
    added = result.sections[what.section] if what.section else result.total
    return words("form.awaited") if added.is_nan() else exact(added)
