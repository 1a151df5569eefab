"""``epa-score rank``: the units of each rubric by their totals."""

import typer

from epa_score.cli.assess import assess, in_unit_groups, rank_group
from epa_score.cli.inputs import Selection
from epa_score.cli.options import (
    CompositeOption,
    Format,
    Overall,
    Paths,
    PeriodOption,
    Provisional,
    RosterOption,
    RubricOption,
    SkipInvalid,
    TiesOption,
)
from epa_score.cli.output import show_tables
from epa_score.reports.ranking import ranking_table


def rank(
    context: typer.Context,
    paths: Paths = None,
    rubric: RubricOption = None,
    period: PeriodOption = None,
    ties: TiesOption = "competition",
    provisional: Provisional = False,
    skip_invalid: SkipInvalid = False,
    composite: CompositeOption = None,
    roster: RosterOption = None,
    overall: Overall = False,
    form: Format = "table",
) -> None:
    """Rank the units."""
    session = context.obj
    choice = Selection(
        paths=paths or [],
        rubric=rubric,
        period=period,
        provisional=provisional,
        skip_invalid=skip_invalid,
        ties=ties,
        roster=roster,
        overall=overall,
    )
    if composite is not None:
        from epa_score.cli.compose import compose  # noqa: PLC0415 -- most rankings are of one rubric

        made = compose(session, composite, choice)
        show_tables(session, [made.table(session.words)], form)
        return
    groups = in_unit_groups(session, assess(session, choice), choice)
    tables = [
        ranking_table(
            group.rubric,
            rank_group(group, choice),
            session.words,
            coverage=group.coverage,
        )
        for group in groups
    ]
    show_tables(session, tables, form)
