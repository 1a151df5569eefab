"""``epa-score total``: the points of each sheet by section and in total."""

import typer

from epa_score.cli.assess import assess
from epa_score.cli.inputs import Selection
from epa_score.cli.options import (
    Format,
    Paths,
    PeriodOption,
    Provisional,
    RubricOption,
    SkipInvalid,
)
from epa_score.cli.output import show_tables
from epa_score.reports.ranking import totals_table


def total(
    context: typer.Context,
    paths: Paths = None,
    rubric: RubricOption = None,
    period: PeriodOption = None,
    provisional: Provisional = False,
    skip_invalid: SkipInvalid = False,
    form: Format = "table",
) -> None:
    """Add up each sheet by section and in total."""
    session = context.obj
    choice = Selection(
        paths=paths or [],
        rubric=rubric,
        period=period,
        provisional=provisional,
        skip_invalid=skip_invalid,
        one_period=False,
    )
    groups = assess(session, choice)
    tables = [
        totals_table(
            group.rubric,
            group.results,
            session.words,
            group.coverage._replace(is_checked=True),
        )
        for group in groups
    ]
    show_tables(session, tables, form)
