"""The sheets that a run is about: found, read, selected, and what is wrong with them."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from epa_score.checks import Handed, units_are_scored_once
from epa_score.cli.batch import Entry, Task, read_entries
from epa_score.cli.find import DEFAULT_FOLDER, find_files
from epa_score.cli.progress import progress
from epa_score.cli.session import Session
from epa_score.diagnostics import Diagnostic, InputError, Kind, Location
from epa_score.readers.formats import read_file
from epa_score.readers.shelf import Shelf
from epa_score.scoring import Ties


class Choice(NamedTuple):
    """Which sheets are meant, and what is allowed."""

    paths: Sequence[str]
    rubric: str | None = None
    period: str | None = None
    provisional: bool = False
    skip_invalid: bool = False
    ties: Ties = "competition"
    keep_sheets: bool = False
    one_period: bool = True
    forms: bool = True

    @property
    def shown(self) -> str:
        """The paths for a message, in short."""
        return " ".join([*self.paths[:1], *(["..."] if self.paths[1:] else [])]) or DEFAULT_FOLDER


def open_shelf(name: str | None) -> Shelf:
    """The rubrics at hand, with the one of ``--rubric`` in front. Raises `InputError`."""
    shelf = Shelf()
    if name is not None:
        shelf.choose(name)
    return shelf


def gather(session: Session, choice: Choice, shelf: Shelf) -> tuple[list[Entry], list[Diagnostic]]:
    """The sheets that are meant, and what is wrong with them.

    Raises `InputError` for paths that are not there: those are not left out.
    """
    paths, missing = find_files(session, choice.paths)
    if missing:
        raise InputError(missing)
    task = Task(shelf, incomplete=choice.provisional, keep_sheets=choice.keep_sheets)
    with progress(session, len(paths)) as advance:
        read = list(read_entries(paths, task, advance))
    explicit = set(choice.paths)
    problems = [
        Diagnostic(Kind.NEITHER_KIND_OF_FILE, Location(one.path), {"expected": "sheet"}, "rubric")
        for one in read
        if one.kind == "rubric" and one.path in explicit
    ]
    problems += [each for one in read for each in one.diagnostics]
    entries = _meant([one for one in read if one.kind == "sheet"], choice, shelf, session)
    return entries, problems


def _meant(entries: list[Entry], choice: Choice, shelf: Shelf, session: Session) -> list[Entry]:
    """Leave out, and say so, the sound sheets of another rubric or period.

    What a faulty sheet says of itself is not believed: it stays and stops the run.
    """
    if shelf.given is not None and shelf.given.rubric is not None:
        chosen = shelf.given.rubric.id
        others = [one for one in entries if one.result is not None and one.rubric != chosen]
        if others:
            names = ", ".join(sorted({one.rubric for one in others}))
            session.say(session.words("cli.other_rubrics", number=len(others), names=names))
            entries = [one for one in entries if one.result is None or one.rubric == chosen]
    if choice.period is not None:
        meant = [one for one in entries if one.result is None or one.period == choice.period]
        if len(meant) < len(entries):
            session.say(session.words("cli.other_periods", number=len(entries) - len(meant)))
        entries = meant
    return entries


def scored_twice(entries: Iterable[Entry]) -> list[Diagnostic]:
    """Sheets that score a unit once more, shown at the unit's name in the later file."""
    sound = (handed_in(one) for one in entries if one.result is not None)
    return [
        one
        for path, finding in units_are_scored_once(sound)
        for one in read_file(path)[1].diagnose([finding])
    ]


def handed_in(entry: Entry) -> Handed:
    """What the checks over several sheets look at."""
    return Handed(entry.path, entry.rubric, entry.unit, entry.period)
