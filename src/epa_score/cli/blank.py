"""Blank score sheets, to stdout or to files."""

import os
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from pydantic import TypeAdapter, ValidationError

from epa_score.cli.find import DEFAULT_FOLDER
from epa_score.cli.output import refuse_existing, write_file
from epa_score.cli.session import OutputError, Session
from epa_score.cli.usage import WrongUsage
from epa_score.diagnostics import Kind
from epa_score.diagnostics.nearest import nearest
from epa_score.diagnostics.visible import shortened, visible
from epa_score.exporters.yaml_form import yaml_form
from epa_score.i18n import Words
from epa_score.model import Rubric
from epa_score.model.names import UnitName

_NOT_IN_FILE_NAMES = re.compile(r'[<>:"/\\|?*\x00-\x1f]')


def write_forms(
    session: Session, rubric: Rubric, units: Sequence[str], output: str | None, *, force: bool
) -> None:
    """One form for each unit: of those named, else of those that the rubric lists.

    A single form without ``-o`` goes to stdout, several go to the folder ``scores``.
    """
    words = Words(rubric.lang)
    names = _known(session, rubric, units) or list(rubric.known_units) or [""]
    if len(names) == 1 and output is None:
        session.write(yaml_form(rubric, names[0], words).splitlines())
        return
    folder = output or DEFAULT_FOLDER
    if len(names) == 1 and not os.path.isdir(folder) and folder.endswith((".yaml", ".yml")):
        files = {folder: names[0]}
    else:
        _make_folder(folder)
        files = _files(folder, names, words)
    for path in files:
        refuse_existing(path, force=force)
    for path, name in files.items():
        text = yaml_form(rubric, name, words).encode()

        def write(file: BinaryIO, text: bytes = text) -> None:
            file.write(text)

        write_file(path, write, force=force)
    session.write(map(visible, files))


def _known(session: Session, rubric: Rubric, units: Sequence[str]) -> list[str]:
    """The names as they are written in a sheet. Raises `WrongUsage` for one that cannot be."""
    known: dict[str, None] = {}
    for unit in units:
        try:
            name = TypeAdapter(UnitName).validate_python(unit)
        except ValidationError:
            text = session.words("usage.unit_name", unit=shortened(unit))
            raise WrongUsage(text) from None
        if rubric.scope(name) is None:
            alike = nearest(name, rubric.known_units)
            key = "usage.unknown_unit_nearest" if alike else "usage.unknown_unit"
            text = session.words(key, unit=shortened(name), rubric=rubric.id, nearest=alike)
            raise WrongUsage(text)
        known[name] = None
    return list(known)


def _make_folder(folder: str) -> None:
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise OutputError(Kind.OUTPUT_NOT_WRITTEN, folder, reason) from error


def _files(folder: str, units: Sequence[str], words: Words) -> dict[str, str]:
    """A file name for each unit; names that one file name stands for are numbered."""
    files: dict[str, str] = {}
    taken: Counter[str] = Counter()
    for unit in units:
        name = _NOT_IN_FILE_NAMES.sub("_", unit).strip(" .")[:60] or words("form.file")
        taken[name.casefold()] += 1
        number = taken[name.casefold()]
        files[str(Path(folder, f"{name}-{number}.yaml" if number > 1 else f"{name}.yaml"))] = unit
    return files
