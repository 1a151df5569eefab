"""``epa-score validate``."""

import os
from typing import Annotated

import typer

from epa_score.cli.options import DiagnosticFormat, Force, Paths, RubricOption


def validate(
    context: typer.Context,
    paths: Paths = None,
    rubric: RubricOption = None,
    form: Annotated[
        DiagnosticFormat,
        typer.Option("--format", metavar="full|concise|json|github", help="help.validate_format"),
    ] = "full",
    mark: Annotated[str | None, typer.Option("--mark", metavar="FOLDER", help="help.mark")] = None,
    force: Force = False,
) -> int:
    """Check score sheets and rubrics."""
    from epa_score.cli.batch import Task, read_entries
    from epa_score.cli.find import find_files
    from epa_score.cli.inputs import open_shelf
    from epa_score.cli.panels import look_together
    from epa_score.cli.progress import progress
    from epa_score.cli.show import show_diagnostics
    from epa_score.diagnostics import errors_of, in_order

    session = context.obj
    task = Task(open_shelf(rubric))
    files, missing = find_files(session, paths or [])
    copies = None
    if mark is not None:
        from epa_score.cli.marking import plan_copies

        copies = plan_copies(session, mark, paths or [], files)
    with progress(session, len(files)) as advance:
        entries = list(read_entries(files, task, advance))
    found = [one for entry in entries for one in entry.diagnostics]
    whole = not paths or any(map(os.path.isdir, paths))
    together = look_together(entries, task.shelf, need_all=whole)
    diagnostics = in_order((*missing, *found, *together.errors, *together.warnings))
    show_diagnostics(session, diagnostics, form, len(files))
    if copies is not None:
        from epa_score.cli.marking import mark_forms

        mark_forms(session, copies, diagnostics, force=force)
    return 1 if errors_of(diagnostics) else 0
