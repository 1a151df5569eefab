"""Where files go that are each made of another one."""

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePath

from epa_score.cli.find import DEFAULT_FOLDER
from epa_score.cli.session import Session
from epa_score.cli.usage import WrongUsage
from epa_score.diagnostics.visible import shortened


def folders_named(paths: Sequence[str]) -> list[str]:
    """The folders among the paths of a command line, or the one that stands for none."""
    return [one for one in paths or [DEFAULT_FOLDER] if os.path.isdir(one)]


def places_in(folder: str, paths: Sequence[str], files: Iterable[str]) -> dict[str, str]:
    """Each file's place in ``folder``: as the file lies in the folder that was named."""
    roots = folders_named(paths)
    return {one: str(Path(folder, _below(one, roots))) for one in files}


def refuse_same(session: Session, targets: Mapping[str, str]) -> None:
    """Raise `WrongUsage` where two files would be written to one."""
    taken: dict[str, str] = {}
    for file, target in targets.items():
        other = taken.setdefault(target.casefold(), file)
        if other != file:
            one, two = shortened(other), shortened(file)
            raise WrongUsage(session.words("usage.same_target", one=one, two=two))


def _below(path: str, roots: Iterable[str]) -> str:
    """Where a file lies in the first of the folders that it is in, else its name alone."""
    whole = PurePath(os.path.abspath(path))
    for root in map(os.path.abspath, roots):
        if whole.is_relative_to(root):
            return str(whole.relative_to(root))
    return whole.name
