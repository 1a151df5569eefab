"""Input files of a run: found, read, selected by rubric and period, and their findings."""

import os
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from epa_score.checks import SheetKey, units_are_scored_once
from epa_score.cli.batch import ReadFile, Task, read_files
from epa_score.cli.session import Session, progress
from epa_score.cli.sheet_store import SheetStore
from epa_score.diagnostics import (
    Diagnostic,
    InputError,
    Kind,
    Location,
    Parameter,
    errors_of,
    in_order,
)
from epa_score.diagnostics.finding import SheetPlace
from epa_score.diagnostics.terminal_text import TerminalLine, visible
from epa_score.readers.files import READERS, STDIN, locate_all
from epa_score.readers.rubrics import RubricLibrary
from epa_score.scoring import Ties

DEFAULT_FOLDER = "scores"
_MOST_NAMED = 6
_SUFFIXES = tuple(READERS)


class FoundPaths(NamedTuple):
    """The paths of the files to read, what is missing, and the files that no reader knows."""

    paths: list[str]
    missing: list[Diagnostic]
    unread: list[str]


def find_files(session: Session, arguments: Sequence[str]) -> FoundPaths:
    """Find the files that are meant, and what is missing; name on stderr what is not read.

    A sheet that was saved as ``甲镇.yaml.txt`` must not be missing from a ranking unnoticed.
    """
    found = find_paths(arguments)
    if found.unread:
        names = names_of(session, map(os.path.basename, found.unread))
        text = session.words("cli.unread", number=len(found.unread), names=names)
        session.complain([TerminalLine(text, "warning")])
    return found


def names_of(session: Session, names: Iterable[str]) -> str:
    """The first of some names or paths, for a message."""
    names = list(names)
    shown = [visible(name) for name in names[:_MOST_NAMED]]
    shown += ["..."] if len(names) > _MOST_NAMED else []
    return session.words("list.separator").join(shown)


def find_paths(arguments: Sequence[str]) -> FoundPaths:
    """Find the files in the order of the arguments, each once, and what is missing.

    A folder stands for every file below it that can be read, sorted; hidden files and the
    lock files of Excel are left out. No argument at all stands for the folder ``scores``.
    """
    paths: dict[str, str] = {}
    missing: list[Diagnostic] = []
    unread: list[str] = []
    several = len(arguments) > 1
    for argument in arguments or [DEFAULT_FOLDER]:
        if argument == STDIN or (arguments and not os.path.isdir(argument)):
            paths.setdefault(_absolute(argument), argument)
            continue
        refused: list[OSError] = []
        below = sorted(_walk(argument, refused.append), key=lambda path: path.split(os.sep))
        readable = [path for path in below if path.lower().endswith(_SUFFIXES)]
        unread += [path for path in below if not path.lower().endswith(_SUFFIXES)]
        missing += [
            Diagnostic(
                Kind.FILE_UNREADABLE,
                Location(str(error.filename)),
                {"reason": error.strerror or ""},
                "permission" if isinstance(error, PermissionError) else "",
            )
            for error in refused
        ]
        if not readable and not refused:
            about: dict[str, Parameter] = {"folder": argument, "known": tuple(READERS)}
            variant = "" if os.path.isdir(argument) else "missing"
            missing.append(Diagnostic(Kind.NO_SHEETS_FOUND, Location(argument), about, variant))
        for path in readable:
            paths.setdefault(_absolute(path) if several else path, path)
    return FoundPaths(list(paths.values()), missing, unread)


def _absolute(path: str) -> str:
    """The path from the root: it is equal for two ways to write it."""
    try:
        return path if path == STDIN else os.path.abspath(path)
    except OSError:  # the current folder is gone
        return path


def _walk(folder: str, refused: Callable[[OSError], None]) -> Iterator[str]:
    """The path of every file below a folder; ``refused`` hears of folders that are closed."""
    if not os.path.isdir(folder):
        return
    seen: set[tuple[int, int]] = set()
    for parent, folders, names in os.walk(folder, onerror=refused, followlinks=True):
        status = os.stat(parent)
        if (status.st_dev, status.st_ino) in seen:
            folders.clear()
            continue
        seen.add((status.st_dev, status.st_ino))
        folders[:] = sorted(_leave_out_hidden(folders))
        for name in _leave_out_hidden(names):
            yield os.path.join(parent, name).removeprefix(f".{os.sep}")


def _leave_out_hidden(names: Iterable[str]) -> list[str]:
    return [name for name in names if not name.startswith((".", "~$"))]


NO_PERIOD = "-"
"""The name of sheets without a period, in ``--period`` as in messages."""


class Selection(NamedTuple):
    """The sheets that are meant, what is allowed, and where sheets are kept if needed."""

    paths: Sequence[str]
    """The files and folders; none stand for the folder ``scores``."""
    rubric: str | None = None
    """The name or path of the rubric whose sheets are meant; ``None`` for those of any."""
    period: str | None = None
    """The period whose sheets are meant, ``-`` for those without one; ``None`` for all."""
    provisional: bool = False
    """Sheets with unscored items, and panels with too few, are allowed."""
    skip_invalid: bool = False
    """Faulty sheets are left out and named."""
    ties: Ties = "competition"
    """The rule for units with equal totals."""
    store: SheetStore | None = None
    """The place for the sheets of a run that needs more of them than their totals."""
    one_period: bool = True
    """Sheets of several periods are an error, as they are not ranked together."""
    forms: bool = True
    """The filled forms are part of the workbook."""
    folder: str | None = None
    """A folder in whose ``rubrics/`` a rubric is found by its name alone, else a shipped one."""

    @property
    def shown(self) -> str:
        """The paths for a message, in short."""
        return " ".join([*self.paths[:1], *(["..."] if self.paths[1:] else [])]) or DEFAULT_FOLDER


def open_library(name: str | None, folder: str | None = None) -> RubricLibrary:
    """The rubrics at hand, with the one of ``--rubric`` in front. Raises `InputError`."""
    library = RubricLibrary(folder or ".")
    if name is not None and folder is not None:
        library.given, _ = library.require(name)
    elif name is not None:
        library.select(name)
    return library


class SelectedFiles(NamedTuple):
    """The sheets that are meant, the errors in them, and the sound sheets of other periods."""

    files: list[ReadFile]
    problems: list[Diagnostic]
    other_periods: list[ReadFile]


def read_each(session: Session, paths: Sequence[str], task: Task) -> Iterator[ReadFile]:
    """Read the file of each path, and show how far that is."""
    named: set[str] = set()
    with progress(session, len(paths)) as advance:
        for file in read_files(paths, task, advance):
            note_defects(session, file.diagnostics)
            if file.kind == "sheet" and file.rubric not in named:
                named.add(file.rubric)
                name_hidden_rubric(session, task.library, file.rubric)
            yield file


def name_hidden_rubric(session: Session, library: RubricLibrary, name: str) -> None:
    """Say that a rubric of the folder is used in place of the shipped one of its name."""
    path = library.hiding(name)
    if path:
        text = session.words("cli.hidden_rubric", path=visible(path), name=visible(name))
        session.complain([TerminalLine(text, "warning")])


def note_defects(session: Session, diagnostics: Iterable[Diagnostic]) -> None:
    """Note for the exit code that the tool itself failed on a file."""
    session.met_defect |= any(found.kind is Kind.DEFECT for found in diagnostics)


def read_selection(session: Session, choice: Selection, library: RubricLibrary) -> SelectedFiles:
    """Read the sheets that are meant; what is only odd is shown.

    Raises `InputError` for paths that are not there: those are not left out.
    """
    found = find_files(session, choice.paths)
    if found.missing:
        raise InputError(found.missing)
    task = Task(library, incomplete=choice.provisional, keep_sheets=choice.store is not None)
    read = [_put_away(file, choice.store) for file in read_each(session, found.paths, task)]
    explicit = set(choice.paths)
    problems = [
        Diagnostic(Kind.NEITHER_KIND_OF_FILE, Location(file.path), {"expected": "sheet"}, file.kind)
        for file in read
        if file.kind != "sheet" and file.path in explicit
    ]
    problems += errors_of(diagnostic for file in read for diagnostic in file.diagnostics)
    files = _select_rubric([file for file in read if file.kind == "sheet"], library, session)
    files, other_periods = _select_period(files, choice.period, session)
    sound = [file for file in files if file.result is not None]
    session.show(in_order(diagnostic for file in sound for diagnostic in file.diagnostics))
    return SelectedFiles(files, problems, other_periods)


def _put_away(file: ReadFile, store: SheetStore | None) -> ReadFile:
    if store is None or not file.sheet:
        return file
    return file._replace(sheet=b"", number=store.keep(file.sheet))


def _select_rubric(
    files: list[ReadFile], library: RubricLibrary, session: Session
) -> list[ReadFile]:
    """Leave out, and say so, the sound sheets of another rubric than the one chosen.

    What a faulty sheet says of itself is not believed: it stays and stops the run.
    """
    if library.given is None or library.given.rubric is None:
        return files
    chosen = library.given.rubric.id
    others = [file for file in files if file.result is not None and file.rubric != chosen]
    if others:
        names = ", ".join(sorted({file.rubric for file in others}))
        session.say(session.words("cli.other_rubrics", number=len(others), names=names))
    return [file for file in files if file.result is None or file.rubric == chosen]


def _select_period(
    files: list[ReadFile], period: str | None, session: Session
) -> tuple[list[ReadFile], list[ReadFile]]:
    """Part the sheets of the period chosen (``-`` for none) from the sound others; name those.

    They are named even with ``--quiet``: a misspelt period must not make a unit disappear.
    """
    if period is None:
        return files, []
    wanted = unicodedata.normalize("NFKC", period).strip().removeprefix(NO_PERIOD) or None
    others = [file for file in files if file.result is not None and file.period != wanted]
    if others:
        names = names_of(session, (file.unit for file in others))
        text = session.words("cli.other_periods", number=len(others), names=names)
        session.complain([TerminalLine(text, "warning")])
    return [file for file in files if file.result is None or file.period == wanted], others


class ScoredTwice(NamedTuple):
    """Sheets that score a unit once more, and the places of all of these and of the first ones.

    Which of two is right is not ours to say.
    """

    diagnostics: list[Diagnostic]
    places: set[SheetPlace]


def find_units_scored_twice(files: Iterable[ReadFile]) -> ScoredTwice:
    """Find sheets that score a unit once more, at the unit's name in the later one."""
    sound = (sheet_key(file) for file in files if file.result is not None)
    found = list(units_are_scored_once(sound))
    places = {place for twice in found for place in (twice.place, twice.other) if place}
    return ScoredTwice(locate_all(found), places)


def sheet_key(file: ReadFile) -> SheetKey:
    """The part of a sheet that the checks over several sheets look at."""
    return SheetKey(file.place, file.rubric, file.unit, file.period, file.assessor)
