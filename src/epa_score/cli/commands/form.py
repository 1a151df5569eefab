"""``epa-score form``."""

from typing import Annotated, Literal

import typer

from epa_score.cli.options import Force


def form(
    context: typer.Context,
    rubric: Annotated[str, typer.Option("--rubric", metavar="NAME|FILE", help="help.form_rubric")],
    unit: Annotated[
        list[str] | None, typer.Option("--unit", metavar="NAME ...", help="help.unit")
    ] = None,
    more_units: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME ...]", hidden=True)
    ] = None,
    roster: Annotated[
        str | None, typer.Option("--roster", metavar="FILE", help="help.form_roster")
    ] = None,
    xlsx: Annotated[bool, typer.Option("--xlsx", help="help.form_xlsx")] = False,
    fonts: Annotated[
        Literal["official", "plain"],
        typer.Option("--fonts", metavar="official|plain", help="help.fonts"),
    ] = "official",
    output: Annotated[
        str | None, typer.Option("-o", "--output", metavar="FOLDER|FILE", help="help.form_output")
    ] = None,
    force: Force = False,
) -> None:
    """Write blank score sheets."""
    from epa_score.cli.blank import FormChoice, write_forms
    from epa_score.cli.usage import WrongUsage
    from epa_score.readers.rubrics import Shelf

    session = context.obj
    if more_units and not unit:
        raise WrongUsage(session.words("usage.units_without_option"))
    units = [*(unit or []), *(more_units or [])]
    file, chosen = Shelf().choose(rubric)
    write_forms(session, file, chosen, FormChoice(units, roster, xlsx, fonts, output, force))
