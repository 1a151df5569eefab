"""``epa-score stability``: how firm the rank of each unit is."""

from decimal import Decimal
from typing import Annotated

import typer

from epa_score.cli.assess import assess, in_unit_groups, rank_group
from epa_score.cli.compose import compose
from epa_score.cli.help import WrongUsage
from epa_score.cli.inputs import Selection
from epa_score.cli.options import (
    CompositeOption,
    Format,
    Overall,
    Paths,
    PeriodOption,
    RosterOption,
    RubricOption,
    SkipInvalid,
)
from epa_score.cli.output import show_tables
from epa_score.cli.session import Session
from epa_score.cli.sheet_store import open_sheet_store
from epa_score.diagnostics.terminal_text import shortened
from epa_score.reports.columns import with_origin
from epa_score.reports.stability import stability_table, with_coverage
from epa_score.values.points import PLAIN_NUMBER

_MOST_DIGITS = 9

_Refused = typer.Option(hidden=True)
"""An option of ``rank`` under which there is no stability, so that the message says so."""

ShareOption = Annotated[str, typer.Option("--share", metavar="PERCENT", help="help.share")]


def stability(
    context: typer.Context,
    paths: Paths = None,
    rubric: RubricOption = None,
    period: PeriodOption = None,
    share: ShareOption = "5%",
    skip_invalid: SkipInvalid = False,
    roster: RosterOption = None,
    overall: Overall = False,
    form: Format = "table",
    composite: CompositeOption = None,
    ties: Annotated[str, _Refused] = "competition",
    provisional: Annotated[bool, _Refused] = False,
) -> None:
    """Show how firm the ranks of a rubric are."""
    session: Session = context.obj
    if provisional or ties != "competition":
        raise WrongUsage(session.words("usage.stability"))
    stated = _read_share(session, share)
    with open_sheet_store() as store:
        choice = Selection(
            paths=paths or [],
            rubric=rubric,
            period=period,
            skip_invalid=skip_invalid,
            roster=roster,
            overall=overall,
            store=store,
        )
        if composite is not None:
            made = compose(session, composite, choice)
            table = made.stability_table(store, session.words, stated)
            table = with_coverage(table, made.coverage, session.words)
            show_tables(session, [with_origin(table, None, session.words)], form)
            return
        tables = []
        for group in in_unit_groups(session, assess(session, choice), choice):
            ranking, words = rank_group(group, choice), session.words
            table = stability_table(group.rubric, ranking, group.sheets(store), words, stated)
            table = with_coverage(table, group.coverage, words)
            tables.append(with_origin(table, ranking.period, words))
        show_tables(session, tables, form)


def _read_share(session: Session, text: str) -> Decimal:
    """A percentage above 0 and below 100 as a share. Raises `WrongUsage` for anything else."""
    number = text.removesuffix("%")
    is_number = PLAIN_NUMBER.fullmatch(number) is not None and len(number) <= _MOST_DIGITS
    share = Decimal(number).scaleb(-2) if is_number and number != text else Decimal(0)
    if not 0 < share < 1:
        raise WrongUsage(session.words("usage.share", given=shortened(text)))
    return share
