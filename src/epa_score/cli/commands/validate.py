"""``epa-score validate``: everything that is wrong with files, and faulty forms marked."""

import os
from typing import Annotated

import typer

from epa_score.cli.batch import Task
from epa_score.cli.inputs import SelectedFiles, find_files, open_library, read_each
from epa_score.cli.options import FindingsFormat, Paths, RosterOption, RubricOption
from epa_score.cli.output import show_diagnostics
from epa_score.cli.panels import check_across_sheets
from epa_score.cli.roster import Attendance, take_roster
from epa_score.diagnostics import errors_of, in_order


def validate(
    context: typer.Context,
    paths: Paths = None,
    rubric: RubricOption = None,
    form: FindingsFormat = "full",
    roster: RosterOption = None,
    mark: Annotated[str | None, typer.Option("--mark", metavar="FOLDER", help="help.mark")] = None,
    force: Annotated[bool, typer.Option("--force", hidden=True)] = False,
) -> int:
    """Check score sheets and rubrics.

    ``--force`` is taken as before, and does nothing: marked copies are renewed without it.
    """
    del force
    session = context.obj
    task = Task(open_library(rubric), asks_reasons=True)
    given = take_roster(session, roster)
    found = find_files(session, paths or [], [roster] if roster is not None else [])
    copies = None
    if mark is not None:
        from epa_score.cli.marking import plan_copies  # noqa: PLC0415 -- most runs mark nothing

        copies = plan_copies(session, mark, paths or [], found.paths)
    files = list(read_each(session, found.paths, task))
    own = [diagnostic for file in files for diagnostic in file.diagnostics]
    whole = not paths or any(map(os.path.isdir, paths))
    across = check_across_sheets(files, task.library, need_all=whole)
    read = SelectedFiles(
        files=[file for file in files if file.kind == "sheet"],
        unreadable=[about.location.path for about in found.unreadable],
    )
    attendance = Attendance(given, read, task.library)
    diagnostics = in_order(
        (
            *(*found.missing, *found.unreadable, *found.open_forms, *own),
            *(*across.errors, *across.warnings, *attendance.unknown_found),
            *(attendance.find_missing() if whole else ()),
        )
    )
    counts = {"files": len({file.path for file in files}) + len(found.unreadable)}
    show_diagnostics(session, diagnostics, form, counts)
    if copies is not None:
        from epa_score.cli.marking import mark_forms  # noqa: PLC0415

        mark_forms(session, copies, diagnostics)
    return 1 if errors_of(diagnostics) else 0
