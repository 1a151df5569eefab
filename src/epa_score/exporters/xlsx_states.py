"""Whether somebody changed a figure after the export: cells of 说明 that find out by themselves."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from xlsxwriter.utility import quote_sheetname, xl_rowcol_to_cell

from epa_score.exporters.xlsx_formulas import NOISE, is_unchanged, state_formula
from epa_score.i18n import Words

if TYPE_CHECKING:
    from epa_score.exporters.xlsx_plan import Plan


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
        same = [is_unchanged(plan.copies.items(), plan.block) for plan in live]
        formula = state_formula(same, yes, no) if same else ""
        yield State(group, words("report.about_state"), formula)
    for rubric in dict.fromkeys(one.rubric for one in totals):
        same = [_is_unchanged(one) for one in totals if one.rubric == rubric]
        yield State(rubric, words("report.about_forms_state"), state_formula(same, yes, no))


def _is_unchanged(form: FormTotal) -> str:
    cell = f"{quote_sheetname(form.sheet)}!{xl_rowcol_to_cell(form.row, form.column)}"
    if isinstance(form.total, str):
        return f'{cell}="{form.total}"'
    return f"ROUND({cell},{NOISE})={form.total}"
