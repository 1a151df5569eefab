"""``epa-score status``: the sheets at hand against a roster."""

from typing import Annotated, Literal

import typer

from epa_score.cli.collection import collection_of
from epa_score.cli.options import Paths, RubricOption
from epa_score.cli.output import show_tables
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
    state = collection_of(session, paths or [], roster, rubric, period)
    states = states_of(state.units, state.lines)
    tables = [status_table(state.lines, session.words), counts_table(states, session.words)]
    if state.faults or form == "json":
        tables.append(faults_table(state.units, state.faults, session.words))
    show_tables(session, tables, form)
    return 0 if is_all_in(states.values(), state.lines) else 1
