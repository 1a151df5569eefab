"""``epa-score status``: the sheets at hand against a roster."""

from typing import Annotated, Literal

import typer

from epa_score.cli.collection import collection_of
from epa_score.cli.help import WrongUsage
from epa_score.cli.inputs import Selection
from epa_score.cli.options import Paths, RubricOption
from epa_score.cli.output import show_tables
from epa_score.cli.roster import read_sheets
from epa_score.diagnostics import Diagnostic, InputError, Kind
from epa_score.reports.status import (
    counts_table,
    faults_table,
    is_all_in,
    states_of,
    status_table,
)


def status(
    context: typer.Context,
    paths: Paths = None,
    roster: Annotated[
        str | None, typer.Option("--roster", metavar="FILE", help="help.status_roster")
    ] = None,
    rubric: RubricOption = None,
    period: Annotated[
        str | None, typer.Option("--period", metavar="PERIOD", help="help.status_period")
    ] = None,
    form: Annotated[
        Literal["table", "json", "md"],
        typer.Option("--format", metavar="table|json|md", help="help.format"),
    ] = "table",
) -> int:
    """Count who has handed in, whose sheet is faulty, and who is missing."""
    session = context.obj
    choice = Selection(paths or [], rubric, period, roster=roster, may_be_empty=True)
    sheets = read_sheets(session, choice)
    if not sheets.units_due:
        raise WrongUsage(session.words("usage.no_roster"))
    problems = sheets.selected.problems
    gone = [about for about in problems if _is_gone(about)]
    if gone:
        raise InputError(gone)
    session.show(about for about in problems if about.kind is Kind.DEFECT)
    state = collection_of(sheets, period, session.words)
    states = states_of(state.units, state.lines)
    tables = [status_table(state.lines, session.words), counts_table(states, session.words)]
    if state.faults or form == "json":
        tables.append(faults_table(state.units, state.faults, session.words))
    show_tables(session, tables, form)
    return 0 if is_all_in(states.values(), state.lines) else 1


def _is_gone(about: Diagnostic) -> bool:
    return about.kind is Kind.FILE_UNREADABLE and about.variant == "missing"
