"""``epa-score explain``."""

from typing import Annotated

import typer


def explain(
    context: typer.Context,
    code: Annotated[str | None, typer.Argument(metavar="CODE", help="help.code")] = None,
) -> None:
    """Explain a diagnostic code."""
    from epa_score.cli.explaining import code_lines, kind_of_code, list_lines

    session = context.obj
    if code is None:
        session.write(list_lines(session.words))
    else:
        session.write(code_lines(kind_of_code(code, session.words), session.words))
