"""``epa-score explain``."""

from typing import Annotated

import typer

from epa_score.cli.options import (
    Composite,
    Format,
    Period,
    Provisional,
    RubricOption,
    SkipInvalid,
    TiesOption,
)


def explain(
    context: typer.Context,
    code_or_paths: Annotated[
        list[str] | None, typer.Argument(metavar="CODE|PATH", help="help.code")
    ] = None,
    unit: Annotated[
        str | None, typer.Option("--unit", metavar="NAME", help="help.explain_unit")
    ] = None,
    item: Annotated[
        str | None, typer.Option("--item", metavar="ID", help="help.explain_item")
    ] = None,
    rubric: RubricOption = None,
    period: Period = None,
    ties: TiesOption = "competition",
    provisional: Provisional = False,
    skip_invalid: SkipInvalid = False,
    composite: Composite = None,
    form: Format = "table",
) -> None:
    """Explain a diagnostic code, or how the total of a unit came about."""
    from epa_score.cli.usage import WrongUsage

    session, given = context.obj, code_or_paths or []
    if unit is not None:
        from epa_score.cli.accounting import account
        from epa_score.cli.inputs import Choice
        from epa_score.cli.show import show_tables

        choice = Choice(given, rubric, period, provisional, skip_invalid, ties)
        if composite is None:
            tables = account(session, choice, unit, item)
        elif item is None:
            from epa_score.cli.accounting_composition import composite_account

            tables = composite_account(session, composite, choice, unit)
        else:
            raise WrongUsage(session.words("usage.composite_items"))
        show_tables(session, tables, form)
        return
    if item is not None or composite is not None or len(given) > 1:
        raise WrongUsage(session.words("usage.explain_unit"))
    from epa_score.cli.explaining import code_lines, kind_of_code, list_lines

    if given:
        session.write(code_lines(kind_of_code(given[0], session.words), session.words))
    else:
        session.write(list_lines(session.words))
