"""Output of a run: tables and diagnostics on stdout, and the names of the files that it writes."""

import os
import re
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from itertools import count
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from epa_score import __version__
from epa_score.cli.help import WrongUsage
from epa_score.cli.inputs import DEFAULT_FOLDER
from epa_score.cli.options import DiagnosticFormat, TableFormat
from epa_score.cli.session import BUG, FINDINGS, FINE, Session
from epa_score.diagnostics import Diagnostic
from epa_score.diagnostics.rendering import as_data, as_sarif, concise, full, github
from epa_score.diagnostics.terminal_text import TerminalLine, json_text, shortened

if TYPE_CHECKING:
    from epa_score.reports.table import Table


def show_tables(session: Session, tables: Sequence["Table"], form: TableFormat) -> None:
    """Show tables aligned on a terminal, tab-separated in a pipe, or in the format named.

    Where the format has no place for the notes, they go to stderr: the rule of a ranking is
    always said.
    """
    from epa_score.exporters import exporter  # noqa: PLC0415 -- `validate` shows no table
    from epa_score.exporters.terminal import aligned_lines, tab_separated_lines  # noqa: PLC0415 -- `validate` shows no table

    aligned = form == "table" and session.is_terminal(sys.stdout)
    if aligned:
        session.write(aligned_lines(tables, session.width(), session.words))
    elif form == "table":
        session.write(tab_separated_lines(tables))
    else:
        file = BytesIO()
        exporter(f".{form}")(tables, file, session.words)
        session.write_bytes(file.getvalue())
    if not aligned and form != "md":
        for note in dict.fromkeys(note for table in tables for note in table.notes):
            session.say(note)


def show_diagnostics(
    session: Session,
    diagnostics: Sequence[Diagnostic],
    form: DiagnosticFormat,
    counts: Mapping[str, int],
    *,
    summary: str = "summary",
) -> None:
    """Show findings as a result; ``counts`` of what was looked at stand in the ``summary``."""
    errors = sum(diagnostic.kind.severity == "error" for diagnostic in diagnostics)
    counts = {**counts, "errors": errors, "warnings": len(diagnostics) - errors}
    if diagnostics or form != "full":
        _write_diagnostics(session, diagnostics, form, counts)
    key = f"cli.{summary}" if diagnostics else f"cli.{summary}_fine"
    session.say(session.words(key, **counts))


def _write_diagnostics(
    session: Session,
    diagnostics: Sequence[Diagnostic],
    form: DiagnosticFormat,
    counts: Mapping[str, int],
) -> None:
    if form == "json":
        found = as_data(diagnostics, session.words)
        data = {"version": __version__, "summary": counts, "diagnostics": found}
        session.write_bytes(json_text(data).encode())
    elif form == "sarif":
        code = BUG if session.met_defect else FINDINGS if counts["errors"] else FINE
        log = as_sarif(diagnostics, session.words, __version__, code)
        session.write_bytes(json_text(log).encode())
    elif form == "github":
        session.write(github(diagnostic, session.words) for diagnostic in diagnostics)
    elif form == "concise":
        session.write(concise(diagnostic, session.words) for diagnostic in diagnostics)
    else:
        width = session.width_of(sys.stdout)
        for diagnostic in diagnostics:
            session.write([*full(diagnostic, session.words, width), TerminalLine("", "source")])


_NOT_IN_FILE_NAMES = re.compile(r'[<>:"/\\|?*\x00-\x1f]')


def file_name_of(name: str) -> str:
    """A name without what no system takes in the name of a file; empty where nothing is left."""
    return _NOT_IN_FILE_NAMES.sub("_", name).strip(" .")[:60]


def refuse_no_folder(session: Session, option: str, folder: str) -> None:
    """Raise `WrongUsage` where an ``option`` names nothing, or something that is no folder."""
    example = "." if option == "--write" else session.words("usage.folder_example")
    if not folder.strip() or folder == "-":
        raise WrongUsage(session.words("usage.folder_name", option=option, example=example))
    if os.path.lexists(folder) and not os.path.isdir(folder):
        path = shortened(folder)
        raise WrongUsage(
            session.words("usage.not_a_folder", option=option, path=path, example=example)
        )


def folders_among(named: Sequence[str]) -> list[str]:
    """The folders among the paths of a command line, or the one that stands for none."""
    return [path for path in named or [DEFAULT_FOLDER] if os.path.isdir(path)]


def paths_in_folder(folder: str, named: Sequence[str], paths: Iterable[str]) -> dict[str, str]:
    """The path of each file in ``folder``: as it lies in the folder that was ``named``.

    Where two would have one place, also for a system that knows no case, all of their folders keep
    as much of their own paths as makes a difference; files that lie together are numbered.
    """
    roots = [PurePath(os.path.abspath(root)) for root in folders_among(named)]
    bases = {path: _base(path, roots) for path in paths}
    kept = dict.fromkeys(bases.values(), 0)
    while True:
        places = {path: _place(path, base, kept[base]) for path, base in bases.items()}
        alike: dict[str, list[str]] = defaultdict(list)
        for path, place in places.items():
            alike[_key(str(place))].append(path)
        rivals = [{bases[path] for path in group} for group in alike.values()]
        longer = [base for group in rivals if len(group) > 1 for base in group]
        longer = [base for base in dict.fromkeys(longer) if kept[base] < len(base.parts) - 1]
        if not longer:
            break
        for base in longer:
            kept[base] += 1
    taken = set(alike)
    for group in alike.values():
        for path in group[1:]:
            place = places[path]
            numbered = (place.with_stem(f"{place.stem}-{number}") for number in count(2))
            places[path] = next(own for own in numbered if _key(str(own)) not in taken)
            taken.add(_key(str(places[path])))
    return {path: str(Path(folder, place)) for path, place in places.items()}


def _base(path: str, roots: Iterable[PurePath]) -> PurePath:
    """The first of the folders that a file is in, else the one that it lies in."""
    whole = PurePath(os.path.abspath(path))
    return next((root for root in roots if whole.is_relative_to(root)), whole.parent)


def _place(path: str, base: PurePath, kept: int) -> PurePath:
    """The path of a file from its folder, behind so many of the names that lead to that."""
    names = base.parts[len(base.parts) - kept :]
    return PurePath(*names, PurePath(os.path.abspath(path)).relative_to(base))


def _key(path: str) -> str:
    """What is equal for two paths that some system takes for one."""
    return unicodedata.normalize("NFC", path).casefold()


def refuse_same_target(session: Session, targets: Mapping[Any, str]) -> None:
    """Raise `WrongUsage` where two files would be written to one."""
    taken: dict[str, str] = {}
    for path, target in targets.items():
        other = taken.setdefault(_key(target), str(path))
        if other != str(path):
            one, two = shortened(other), shortened(str(path))
            raise WrongUsage(session.words("usage.same_target", one=one, two=two))
