"""Tables and diagnostics in the format that was asked for, on stdout."""

import sys
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import TYPE_CHECKING

from epa_score import __version__
from epa_score.cli.options import DiagnosticFormat, TableFormat
from epa_score.cli.session import Session
from epa_score.diagnostics import Diagnostic
from epa_score.diagnostics.line import Line
from epa_score.diagnostics.visible import json_text

if TYPE_CHECKING:
    from epa_score.reports.table import Table


def show_tables(session: Session, tables: "Sequence[Table]", form: TableFormat) -> None:
    """Aligned on a terminal, tab-separated in a pipe, or in the format named.

    Where the format has no place for the notes, they go to stderr: the rule of a ranking is
    always said.
    """
    aligned = form == "table" and session.is_terminal(sys.stdout)
    if aligned:
        from epa_score.exporters.terminal import terminal

        session.write(terminal(tables, session.width()))
    elif form == "table":
        from epa_score.exporters.terminal import tab_separated

        session.write(tab_separated(tables))
    else:
        from epa_score.exporters import exporter

        file = BytesIO()
        exporter(f".{form}")(tables, file, session.words)
        session.write_bytes(file.getvalue())
    if not aligned and form != "md":
        for note in dict.fromkeys(note for table in tables for note in table.notes):
            session.say(note)


def show_diagnostics(
    session: Session, diagnostics: Sequence[Diagnostic], form: DiagnosticFormat, files: int
) -> None:
    """Findings as the result of ``validate``."""
    errors = sum(one.kind.severity == "error" for one in diagnostics)
    counts = {"files": files, "errors": errors, "warnings": len(diagnostics) - errors}
    if diagnostics or form != "full":
        _write(session, diagnostics, form, counts)
    key = "cli.summary" if diagnostics else "cli.summary_fine"
    session.say(session.words(key, **counts))


def _write(
    session: Session,
    diagnostics: Sequence[Diagnostic],
    form: DiagnosticFormat,
    counts: Mapping[str, int],
) -> None:
    from epa_score.diagnostics.render import as_data, concise, full, github

    if form == "json":
        found = as_data(diagnostics, session.words)
        data = {"version": __version__, "summary": counts, "diagnostics": found}
        session.write_bytes(json_text(data).encode())
    elif form == "github":
        session.write(github(one, session.words) for one in diagnostics)
    elif form == "concise":
        session.write(concise(one, session.words) for one in diagnostics)
    else:
        for one in diagnostics:
            session.write([*full(one, session.words), Line("", "source")])
