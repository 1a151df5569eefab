"""``epa-score form``: blank score sheets, to stdout or to files."""

from typing import Annotated, Literal

import typer
from pydantic import TypeAdapter

from epa_score.cli.forms import FormChoice, read_field, write_forms, write_unit_table
from epa_score.cli.help import WrongUsage
from epa_score.cli.inputs import name_hidden_rubric
from epa_score.cli.options import Force
from epa_score.readers.rubrics import RubricLibrary
from epa_score.values.fields import Text
from epa_score.values.names import Period


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
    period: Annotated[
        str | None, typer.Option("--period", metavar="PERIOD", help="help.form_period")
    ] = None,
    assessor: Annotated[
        str | None, typer.Option("--assessor", metavar="NAME", help="help.form_assessor")
    ] = None,
    xlsx: Annotated[bool, typer.Option("--xlsx", help="help.form_xlsx")] = False,
    table: Annotated[bool, typer.Option("--table", help="help.form_table")] = False,
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
    session = context.obj
    if more_units and not unit:
        raise WrongUsage(session.words("usage.units_without_option"))
    if table and not xlsx:
        raise WrongUsage(session.words("usage.table_without_xlsx"))
    units = [*(unit or []), *(more_units or [])]
    library = RubricLibrary()
    _, chosen = library.select(rubric)
    name_hidden_rubric(session, library, chosen.id)
    choice = FormChoice(
        units=units,
        roster=roster,
        xlsx=xlsx,
        fonts=fonts,
        output=output,
        force=force,
        period=read_field(session, "--period", period, TypeAdapter(Period)),
        assessor=read_field(session, "--assessor", assessor, TypeAdapter(Text)),
    )
    if table and chosen.self_score is not None:
        raise WrongUsage(session.words("usage.table_self_score"))
    if table:
        write_unit_table(session, chosen, choice)
    else:
        write_forms(session, chosen, choice)
