"""Input files of a run: found, read, selected by rubric and period, and their findings."""

import os
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from epa_score.checks import SheetKey, units_are_scored_once
from epa_score.cli.batch import ReadFile, Task, read_entries
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
from epa_score.diagnostics.terminal_text import TerminalLine, visible
from epa_score.readers.files import READERS, STDIN, locate_all
from epa_score.readers.rubrics import RubricLibrary
from epa_score.scoring import Ties

DEFAULT_FOLDER = "scores"
_MOST_NAMED = 6
_SUFFIXES = tuple(READERS)


class Found(NamedTuple):
    """The files to read, what was not found, and the names in folders that no reader knows."""

    files: list[str]
    missing: list[Diagnostic]
    unread: list[str]


def find_files(session: Session, paths: Sequence[str]) -> tuple[list[str], list[Diagnostic]]:
    """The files that are meant, and what was not found; what is not read is named on stderr.

    A sheet that was saved as ``甲镇.yaml.txt`` must not be missing from a ranking unnoticed.
    """
    found = found_below(paths)
    if found.unread:
        names = names_of(session, map(os.path.basename, found.unread))
        text = session.words("cli.unread", number=len(found.unread), names=names)
        session.complain([TerminalLine(text, "warning")])
    return found.files, found.missing


def names_of(session: Session, paths: Iterable[str]) -> str:
    """The first of some names or paths, for a message."""
    names = list(paths)
    shown = [visible(one) for one in names[:_MOST_NAMED]]
    shown += ["..."] if len(names) > _MOST_NAMED else []
    return session.words("list.separator").join(shown)


def found_below(paths: Sequence[str]) -> Found:
    """The files in the order of the arguments, each once, and what was not found.

    A folder stands for every file below it that can be read, sorted; hidden files and the
    lock files of Excel are left out. No path at all stands for the folder ``scores``.
    """
    files: dict[str, str] = {}
    missing: list[Diagnostic] = []
    unread: list[str] = []
    several = len(paths) > 1
    for path in paths or [DEFAULT_FOLDER]:
        if path == STDIN or (paths and not os.path.isdir(path)):
            files.setdefault(_identity(path), path)
            continue
        refused: list[OSError] = []
        below = sorted(_below(path, refused.append), key=lambda one: one.split(os.sep))
        found = [one for one in below if one.lower().endswith(_SUFFIXES)]
        unread += [one for one in below if not one.lower().endswith(_SUFFIXES)]
        missing += [
            Diagnostic(
                Kind.FILE_UNREADABLE,
                Location(str(error.filename)),
                {"reason": error.strerror or ""},
                "permission" if isinstance(error, PermissionError) else "",
            )
            for error in refused
        ]
        if not found and not refused:
            parameters: dict[str, Parameter] = {"folder": path, "known": tuple(READERS)}
            variant = "" if os.path.isdir(path) else "missing"
            missing.append(Diagnostic(Kind.NO_SHEETS_FOUND, Location(path), parameters, variant))
        for one in found:
            files.setdefault(_identity(one) if several else one, one)
    return Found(list(files.values()), missing, unread)


def _identity(path: str) -> str:
    """What is equal for two ways to write a path."""
    try:
        return path if path == STDIN else os.path.abspath(path)
    except OSError:  # the current folder is gone
        return path


def _below(folder: str, refused: Callable[[OSError], None]) -> Iterator[str]:
    if not os.path.isdir(folder):
        return
    seen: set[tuple[int, int]] = set()
    for parent, folders, names in os.walk(folder, onerror=refused, followlinks=True):
        status = os.stat(parent)
        if (status.st_dev, status.st_ino) in seen:
            folders.clear()
            continue
        seen.add((status.st_dev, status.st_ino))
        folders[:] = sorted(_visible(folders))
        for name in _visible(names):
            yield os.path.join(parent, name).removeprefix(f".{os.sep}")


def _visible(names: Iterable[str]) -> list[str]:
    return [name for name in names if not name.startswith((".", "~$"))]


NO_PERIOD = "-"
"""What stands for sheets without a period, in ``--period`` as in messages."""


class Selection(NamedTuple):
    """Which sheets are meant, what is allowed, and where sheets are kept if they are needed.

    With a ``folder`` the rubric is found by its name alone, in ``rubrics/`` there or shipped.
    """

    paths: Sequence[str]
    rubric: str | None = None
    period: str | None = None
    provisional: bool = False
    skip_invalid: bool = False
    ties: Ties = "competition"
    kept: SheetStore | None = None
    one_period: bool = True
    forms: bool = True
    folder: str | None = None

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


class Gathered(NamedTuple):
    """The sheets that are meant, the errors in them, and the sound sheets of other periods."""

    entries: list[ReadFile]
    problems: list[Diagnostic]
    apart: list[ReadFile]


def gather(session: Session, choice: Selection, library: RubricLibrary) -> Gathered:
    """Read the sheets that are meant; what is only odd is shown.

    Raises `InputError` for paths that are not there: those are not left out.
    """
    paths, missing = find_files(session, choice.paths)
    if missing:
        raise InputError(missing)
    kept = choice.kept
    task = Task(library, incomplete=choice.provisional, keep_sheets=kept is not None)
    with progress(session, len(paths)) as advance:
        read = [_put_away(one, kept) for one in read_entries(paths, task, advance)]
    explicit = set(choice.paths)
    problems = [
        Diagnostic(Kind.NEITHER_KIND_OF_FILE, Location(one.path), {"expected": "sheet"}, one.kind)
        for one in read
        if one.kind != "sheet" and one.path in explicit
    ]
    problems += errors_of(each for one in read for each in one.diagnostics)
    entries = _of_rubric([one for one in read if one.kind == "sheet"], library, session)
    entries, apart = _of_period(entries, choice.period, session)
    warnings = (each for one in entries if one.result is not None for each in one.diagnostics)
    session.show(in_order(warnings))
    return Gathered(entries, problems, apart)


def _put_away(entry: ReadFile, kept: SheetStore | None) -> ReadFile:
    if kept is None or not entry.sheet:
        return entry
    return entry._replace(sheet=b"", number=kept.keep(entry.sheet))


def _of_rubric(entries: list[ReadFile], library: RubricLibrary, session: Session) -> list[ReadFile]:
    """Leave out, and say so, the sound sheets of another rubric than the one chosen.

    What a faulty sheet says of itself is not believed: it stays and stops the run.
    """
    if library.given is None or library.given.rubric is None:
        return entries
    chosen = library.given.rubric.id
    others = [one for one in entries if one.result is not None and one.rubric != chosen]
    if others:
        names = ", ".join(sorted({one.rubric for one in others}))
        session.say(session.words("cli.other_rubrics", number=len(others), names=names))
    return [one for one in entries if one.result is None or one.rubric == chosen]


def _of_period(
    entries: list[ReadFile], period: str | None, session: Session
) -> tuple[list[ReadFile], list[ReadFile]]:
    """The sheets of the period chosen (``-`` for none) and the sound others, which are named.

    They are named even with ``--quiet``: a misspelt period must not make a unit disappear.
    """
    if period is None:
        return entries, []
    wanted = unicodedata.normalize("NFKC", period).strip().removeprefix(NO_PERIOD) or None
    apart = [one for one in entries if one.result is not None and one.period != wanted]
    if apart:
        shown = [visible(one.unit) for one in apart[:_MOST_NAMED]]
        shown += ["..."] if len(apart) > _MOST_NAMED else []
        names = session.words("list.separator").join(shown)
        text = session.words("cli.other_periods", number=len(apart), names=names)
        session.complain([TerminalLine(text, "warning")])
    return [one for one in entries if one.result is None or one.period == wanted], apart


def scored_twice(entries: Iterable[ReadFile]) -> list[Diagnostic]:
    """Sheets that score a unit once more, shown at the unit's name in the later file."""
    sound = (handed_in(one) for one in entries if one.result is not None)
    return locate_all(units_are_scored_once(sound))


def paths_of(twice: Iterable[Diagnostic]) -> set[str]:
    """Both files of every unit that is scored once more: which is right is not ours to say."""
    return {path for one in twice for path in (one.location.path, str(one.parameters["other"]))}


def handed_in(entry: ReadFile) -> SheetKey:
    """What the checks over several sheets look at."""
    return SheetKey(entry.path, entry.rubric, entry.unit, entry.period, entry.assessor)
