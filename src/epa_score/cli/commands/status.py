"""``epa-score status``."""

from typing import Annotated, Literal

import typer

from epa_score.cli.options import Paths, RubricOption


def status(
    context: typer.Context,
    paths: Paths = None,
    roster: Annotated[
        str | None, typer.Option("--roster", metavar="FILE", help="help.status_roster")
    ] = None,
    rubric: RubricOption = None,
    form: Annotated[
        Literal["table", "json"],
        typer.Option("--format", metavar="table|json", help="help.format"),
    ] = "table",
) -> int:
    """Say who has handed in a sheet, whose is faulty, and who is missing."""
    from epa_score.cli.roll_call import roll_call
    from epa_score.cli.show import show_tables
    from epa_score.reports.status import status_table

    session = context.obj
    lines = roll_call(session, paths or [], roster, rubric)
    show_tables(session, [status_table(lines, session.words)], form)
    return 1 if any(state != "complete" for _, _, state in lines) else 0
