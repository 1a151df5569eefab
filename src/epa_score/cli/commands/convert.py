"""``epa-score convert``."""

from typing import Annotated

import typer

from epa_score.cli.options import Force, Paths


def convert(
    context: typer.Context,
    paths: Paths = None,
    output: Annotated[
        str | None, typer.Option("-o", "--output", metavar="FOLDER", help="help.convert_output")
    ] = None,
    force: Force = False,
) -> None:
    """Turn forms into YAML sheets, and YAML sheets into forms."""
    from epa_score.cli.converting import convert_sheets

    convert_sheets(context.obj, paths or [], output, force=force)
