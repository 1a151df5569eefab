"""Input files of a run: found, read, selected by rubric and period, and their findings."""

import os
import unicodedata
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
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
from epa_score.readers.files import READERS, STDIN, locate_all, unknown_format
from epa_score.readers.rubrics import RubricLibrary
from epa_score.readers.unread import is_of_system, is_package, locked_name, unreadable_as
from epa_score.reports.coverage import unread_note
from epa_score.scoring import Ties

DEFAULT_FOLDER = "scores"
_MOST_NAMED = 6
_SUFFIXES = tuple(READERS)


class FoundPaths(NamedTuple):
    """The files that are meant, told apart by what can be done with them."""

    paths: list[str]
    """The files to read."""
    missing: list[Diagnostic]
    """What is not there, and folders that are closed."""
    unreadable: list[Diagnostic]
    """The files that may hold a score sheet and cannot be read."""
    unread: list[str]
    """The documents, pictures and other files among the sheets."""
    open_forms: list[Diagnostic]
    """The forms that somebody has open, by their lock files."""


def find_files(
    session: Session, arguments: Sequence[str], others: Sequence[str] = ()
) -> FoundPaths:
    """Find the files that are meant, without ``others``; name on stderr what is not read."""
    found = find_paths(arguments, others)
    if found.unread:
        names = [visible(os.path.basename(path)) for path in found.unread]
        note = unread_note(session.words, names)
        if note not in session.said:  # sources of a composite result may share a folder
            session.complain([TerminalLine(note, "warning")])
        session.said.add(note)
    return found


def names_of(session: Session, names: Iterable[str]) -> str:
    """The first of some names or paths, for a message."""
    names = list(names)
    shown = [visible(name) for name in names[:_MOST_NAMED]]
    shown += ["..."] if len(names) > _MOST_NAMED else []
    return session.words("list.separator").join(shown)


def find_paths(arguments: Sequence[str], others: Sequence[str] = ()) -> FoundPaths:
    """Find the files in the order of the arguments, each once, and what is missing.

    A folder stands for every file below it that can be read, sorted, but for hidden files and for
    ``others``, which are no sheets. No argument at all stands for the folder ``scores``.
    """
    paths: dict[str, str] = {}
    found = FoundPaths([], [], [], [], [])
    several = len(arguments) > 1
    for argument in arguments or [DEFAULT_FOLDER]:
        if argument == STDIN or (arguments and not os.path.isdir(argument)):
            paths.setdefault(_absolute(argument), argument)
            continue
        refused: list[OSError] = []
        below = sorted(_walk(argument, refused.append), key=lambda path: path.split(os.sep))
        below = [path for path in below if not any(_is_same_file(path, own) for own in others)]
        readable = _sort_out(below, found)
        found.missing.extend(
            Diagnostic(
                Kind.FILE_UNREADABLE,
                Location(str(error.filename)),
                {"reason": error.strerror or ""},
                "permission" if isinstance(error, PermissionError) else "",
            )
            for error in refused
        )
        if not readable and not refused and not found.unreadable:
            about: dict[str, Parameter] = {"folder": argument, "known": tuple(READERS)}
            variant = "" if os.path.isdir(argument) else "missing"
            found.missing.append(
                Diagnostic(Kind.NO_SHEETS_FOUND, Location(argument), about, variant)
            )
        for path in readable:
            paths.setdefault(_absolute(path) if several else path, path)
    return found._replace(paths=list(paths.values()))


def _sort_out(paths: Iterable[str], found: FoundPaths) -> list[str]:
    """Put files that cannot be read where they belong in ``found``; returns the others."""
    readable = []
    for path in paths:
        folder, name = os.path.split(path)
        locked = locked_name(name)
        if locked:
            where = Location(os.path.join(folder, locked))
            found.open_forms.append(Diagnostic(Kind.FORM_OPEN, where, {"lock": name}))
        elif is_of_system(name) or name.startswith("~$"):
            continue
        elif path.lower().endswith(_SUFFIXES):
            readable.append(path)
        elif unreadable_as(path):
            found.unreadable.append(unknown_format(path).at(Location(path)))
        else:
            found.unread.append(path)
    return readable


def _is_same_file(path: str, other: str) -> bool:
    """True for two ways to write the path of one file."""
    return os.path.basename(path) == os.path.basename(other) and (
        os.path.realpath(path) == os.path.realpath(other)
    )


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
        packages = list(filter(is_package, folders))
        folders[:] = sorted(name for name in folders if not _is_closed_to_us(name))
        for name in (*names, *packages):
            yield os.path.join(parent, name).removeprefix(f".{os.sep}")


def _is_closed_to_us(folder: str) -> bool:
    return folder.startswith((".", "~$")) or is_package(folder)


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
    overall: bool = False
    """All units are ranked together where the rubric has groups."""
    store: SheetStore | None = None
    """The place for the sheets of a run that needs more of them than their totals."""
    one_period: bool = True
    """Sheets of several periods are an error, as they are not ranked together."""
    may_be_empty: bool = False
    """A folder without sheets is no error."""
    forms: bool = True
    """The filled forms are part of the workbook."""
    asks_reasons: bool = False
    """A deduction without a reason is a warning."""
    roster: str | None = None
    """The file that names the units that must be there."""
    others: Sequence[str] = ()
    """More files that the command line names and that are no sheets."""
    folder: str | None = None
    """A folder in whose ``rubrics/`` a rubric is found by its name alone, else a shipped one."""
    passes_results: bool = False
    """Results workbooks in the folders are named and not read, rather than errors."""
    variant: str = ""
    """The variant of the words that say how another selection is made: by other options."""

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
    """The sheets that are meant, and what lies beside them."""

    files: Sequence[ReadFile]
    """The sheets of the rubric and the period that were chosen, and all faulty ones."""
    problems: Sequence[Diagnostic] = ()
    """The errors in the sheets, and the files that cannot be read."""
    other_periods: Sequence[ReadFile] = ()
    """The sound sheets of other periods."""
    other_rubrics: Sequence[ReadFile] = ()
    """The sound sheets of other rubrics than the one chosen."""
    warnings: Sequence[Diagnostic] = ()
    """What is only odd: in the sound sheets, and forms that somebody has open."""
    unreadable: Sequence[str] = ()
    """The files that may hold a score sheet and cannot be read."""
    unread: Sequence[str] = ()
    """The documents and other files that were not read."""


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
    others = (*choice.others, *([choice.roster] if choice.roster is not None else []))
    found = find_files(session, choice.paths, others)
    missing = found.missing
    if choice.may_be_empty:
        missing = [about for about in missing if not _is_empty_folder(about)]
    if missing:
        raise InputError(missing)
    session.show(found.open_forms)
    task = Task(
        library,
        incomplete=choice.provisional,
        keep_sheets=choice.store is not None,
        asks_reasons=choice.asks_reasons,
    )
    read = [_put_away(file, choice.store) for file in read_each(session, found.paths, task)]
    explicit = set(choice.paths)
    if choice.passes_results:
        read = _without_results(session, read, explicit)
    problems = [
        Diagnostic(Kind.NEITHER_KIND_OF_FILE, Location(file.path), {"expected": "sheet"}, file.kind)
        for file in read
        if file.kind != "sheet" and file.path in explicit
    ]
    problems += found.unreadable
    problems += errors_of(diagnostic for file in read for diagnostic in file.diagnostics)
    files = [file for file in read if file.kind == "sheet"]
    files, other_rubrics = _select_rubric(files, library, session)
    files, other_periods = _select_period(files, choice.period, session)
    sound = [file for file in files if file.result is not None]
    odd = in_order(diagnostic for file in sound for diagnostic in file.diagnostics)
    session.show(odd)
    return SelectedFiles(
        files=files,
        problems=problems,
        other_periods=other_periods,
        other_rubrics=other_rubrics,
        warnings=(*found.open_forms, *odd),
        unreadable=[diagnostic.location.path for diagnostic in found.unreadable],
        unread=found.unread,
    )


def _without_results(
    session: Session, read: Iterable[ReadFile], explicit: Container[str]
) -> list[ReadFile]:
    """The files but for results workbooks in folders, which are named."""
    kept: list[ReadFile] = []
    results: list[str] = []
    for file in read:
        is_result = any(
            about.kind is Kind.NOT_A_FORM and about.variant == "result"
            for about in file.diagnostics
        )
        if is_result and file.path not in explicit:
            results.append(os.path.basename(file.path))
        else:
            kept.append(file)
    if results:
        names = names_of(session, results)
        text = session.words("cli.results_unread", number=len(results), names=names)
        session.complain([TerminalLine(text, "warning")])
    return kept


def _is_empty_folder(about: Diagnostic) -> bool:
    return about.kind is Kind.NO_SHEETS_FOUND and about.variant != "missing"


def _put_away(file: ReadFile, store: SheetStore | None) -> ReadFile:
    if store is None or not file.sheet:
        return file
    return file._replace(sheet=b"", number=store.keep(file.sheet))


def _select_rubric(
    files: list[ReadFile], library: RubricLibrary, session: Session
) -> tuple[list[ReadFile], list[ReadFile]]:
    """Part the sheets of the rubric chosen from the sound ones of others; count those.

    What a faulty sheet says of itself is not believed: it stays and stops the run.
    """
    if library.given is None or library.given.rubric is None:
        return files, []
    chosen = library.given.rubric.id
    others = [file for file in files if file.result is not None and file.rubric != chosen]
    if others:
        names = ", ".join(sorted({file.rubric for file in others}))
        session.say(session.words("cli.other_rubrics", number=len(others), names=names))
    return [file for file in files if file.result is None or file.rubric == chosen], others


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
