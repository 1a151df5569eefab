"""``epa-score convert``: score sheets from YAML to a workbook, or from a workbook to YAML."""

import os
import re
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import PurePath
from typing import Annotated, BinaryIO

import typer

from epa_score.cli.editor import schema_lines, sheet_schema_file
from epa_score.cli.existing import refuse_lost_texts
from epa_score.cli.help import WrongUsage
from epa_score.cli.inputs import find_files, name_hidden_rubric, note_defects, open_library
from epa_score.cli.options import Force, Paths
from epa_score.cli.output import (
    file_name_of,
    paths_in_folder,
    refuse_no_folder,
    refuse_same_target,
)
from epa_score.cli.session import Session
from epa_score.cli.targets import OutputFiles, make_folder
from epa_score.diagnostics import Diagnostic, InputError, Kind, Location, errors_of
from epa_score.diagnostics.finding import SheetPlace
from epa_score.diagnostics.terminal_text import visible
from epa_score.exporters.xlsx.form import Form, has_too_many_digits, write_form
from epa_score.exporters.yaml import yaml_sheet
from epa_score.i18n import Words
from epa_score.model import ScoreSheet
from epa_score.readers.documents import read_documents
from epa_score.readers.rubrics import RubricFile, RubricLibrary
from epa_score.readers.sheets import SheetFile


def convert(
    context: typer.Context,
    paths: Paths = None,
    output: Annotated[
        str | None, typer.Option("-o", "--output", metavar="FOLDER", help="help.convert_output")
    ] = None,
    force: Force = False,
) -> None:
    """Turn forms into YAML sheets, and YAML sheets into forms."""
    convert_sheets(context.obj, paths or [], output, force=force)


def convert_sheets(
    session: Session, paths: Sequence[str], output: str | None, *, force: bool
) -> None:
    """Write every sheet in the other format, beside it or into the folder ``output``.

    Raises `InputError` with everything that is wrong, and `WrongUsage` for an ``output`` that is
    no folder and a number that no workbook holds exactly, before anything is written.
    """
    if output is not None:
        refuse_no_folder(session, "-o", output)
    library = open_library(None)
    found = find_files(session, paths)
    problems = [*found.missing, *found.unreadable]
    session.show(found.open_forms)
    sheets: dict[SheetPlace, ScoreSheet] = {}
    odd: list[Diagnostic] = []
    files = (
        file for path in found.paths for file in read_documents(path, library, incomplete=True)
    )
    for file in files:
        problems += errors_of(file.diagnostics)
        note_defects(session, file.diagnostics)
        if not isinstance(file, SheetFile):
            where, expected = Location(file.path), {"expected": "sheet"}
            kind = "rubric" if isinstance(file, RubricFile) else "composite"
            problems.append(Diagnostic(Kind.NEITHER_KIND_OF_FILE, where, dict(expected), kind))
        elif file.sheet is not None:
            sheets[SheetPlace(file.path, file.part)] = file.sheet
            odd += file.diagnostics
    if problems:
        raise InputError(problems)
    for name in dict.fromkeys(sheet.rubric for sheet in sheets.values()):
        name_hidden_rubric(session, library, name)
    targets = _targets(sheets, paths, output)
    refuse_same_target(session, targets)
    for place, sheet in sheets.items():
        if targets[place].endswith(".xlsx") and has_too_many_digits(sheet):
            raise WrongUsage(session.words("usage.too_many_digits", path=visible(str(place))))
    writers = {
        target: partial(_write, sheets[place], library, target) for place, target in targets.items()
    }
    claims = OutputFiles(force=force, inputs=found.paths)
    claims.claim(
        {target: partial(refuse_lost_texts, write=write) for target, write in writers.items()}
    )
    for target, write in writers.items():
        make_folder(os.path.dirname(target))
        claims.write(target, write)
    session.show(odd)
    session.write(map(visible, targets.values()))


_ROW = re.compile("![0-9]+$")
"""What a part ends with that is the row of a table."""


def _targets(
    sheets: Mapping[SheetPlace, ScoreSheet], named: Sequence[str], output: str | None
) -> dict[SheetPlace, str]:
    """The file of each sheet in the other format; ``named`` are the paths of the command line.

    Of several sheets in a file each has a file of its own, named for its worksheet, or for its unit
    where it is the row of a table.
    """
    paths = {place.path: place.path for place in sheets}
    if output is not None:
        paths = paths_in_folder(output, named, paths)
    targets = {}
    for place, sheet in sheets.items():
        path = PurePath(paths[place.path])
        part = sheet.unit if _ROW.search(place.part) else place.part
        name = f"{path.stem}-{file_name_of(part)}" if part else path.stem
        targets[place] = str(path.with_name(name + _other_suffix(place.path)))
    return targets


def _other_suffix(path: str) -> str:
    return ".yaml" if path.lower().endswith(".xlsx") else ".xlsx"


def _write(sheet: ScoreSheet, library: RubricLibrary, target: str, file: BinaryIO) -> None:
    if target.endswith(".yaml"):
        text = schema_lines(target, sheet_schema_file(sheet.rubric)) + yaml_sheet(sheet)
        file.write(text.encode())
        return
    _, rubric = library.require(sheet.rubric)
    part = rubric.part(sheet.assessor) or rubric
    write_form(Form(part, sheet.unit, sheet), file, Words(rubric.lang))
