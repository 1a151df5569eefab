"""Which files are meant by the paths on the command line."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from epa_score.cli.session import Session
from epa_score.diagnostics import Diagnostic, Kind, Location, Parameter
from epa_score.diagnostics.line import Line
from epa_score.diagnostics.visible import visible
from epa_score.readers.files import READERS, STDIN

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
        session.complain([Line(text, "warning")])
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
