"""Whether somebody changed a figure after the export: cells of 说明 that find out by themselves."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from xlsxwriter.utility import quote_sheetname, xl_rowcol_to_cell

from epa_score.exporters.xlsx.formulas import NOISE, quoted
from epa_score.i18n import Words

if TYPE_CHECKING:
    from epa_score.exporters.xlsx.layout import Plan


class FormTotal(NamedTuple):
    """Where the total of a filled form stands, and what it is; a word while it cannot be told."""

    rubric: str
    sheet: str
    row: int
    column: int
    total: Decimal | int | str


class State(NamedTuple):
    """A line of 说明; without a ``formula`` there is nothing that could be changed."""

    rubric: str
    name: str
    formula: str


def states_of(
    plans: Sequence["Plan"], totals: Sequence[FormTotal], words: Words
) -> Iterator[State]:
    """For each rubric whether its tables still have their figures, and the forms of its units."""
    yes, no = words("report.state_unchanged"), words("report.state_changed")
    copied = [plan for plan in plans if plan.copies]
    for group in dict.fromkeys(plan.table.group for plan in copied):
        live = [plan for plan in copied if plan.table.group == group and plan.has_live_rows]
        same = [_figures_are_unchanged(plan) for plan in live]
        formula = _state_formula(same, yes, no) if same else ""
        yield State(group, words("report.about_state"), formula)
    for rubric in dict.fromkeys(one.rubric for one in totals):
        same = [_form_is_unchanged(one) for one in totals if one.rubric == rubric]
        yield State(rubric, words("report.about_forms_state"), _state_formula(same, yes, no))


def _form_is_unchanged(form: FormTotal) -> str:
    cell = f"{quote_sheetname(form.sheet)}!{xl_rowcol_to_cell(form.row, form.column)}"
    if isinstance(form.total, str):
        return f'{cell}="{form.total}"'
    return f"ROUND({cell},{NOISE})={form.total}"


def _figures_are_unchanged(plan: "Plan") -> str:
    """The condition that every copied column still has the figures of its copy.

    Anything but a number counts as changed, and so does a row that was taken away. Columns of text
    still have the same text.
    """
    same = "*".join(_column_is_unchanged(plan, *pair) for pair in plan.copies.items())
    return f"SUMPRODUCT({same})={plan.block.last - plan.block.first + 1}"


def _column_is_unchanged(plan: "Plan", name: str, copy: str) -> str:
    figures, copies = plan.block.afar(name), plan.block.afar(copy)
    if name in plan.texts:
        return f"EXACT({figures},{copies})"
    return f"ISNUMBER({figures})*(ROUND({figures},{NOISE})={copies})"


def _state_formula(conditions: Iterable[str], unchanged: str, changed: str) -> str:
    """Which of two words is right: ``unchanged`` where every condition is true."""
    yes, no = quoted(unchanged), quoted(changed)
    return f"=IFERROR(IF(AND({','.join(conditions)}),{yes},{no}),{no})"
