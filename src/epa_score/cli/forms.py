"""Blank score sheets: for whom, in which format, and where they go."""

import os
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import chain, count
from pathlib import Path
from typing import BinaryIO, NamedTuple

from pydantic import TypeAdapter, ValidationError

from epa_score.cli.editor import schema_lines, sheet_schema_file
from epa_score.cli.existing import refuse_lost_texts, units_of_form
from epa_score.cli.help import WrongUsage
from epa_score.cli.inputs import DEFAULT_FOLDER, names_of
from epa_score.cli.output import file_name_of
from epa_score.cli.roster import take_roster
from epa_score.cli.session import Session
from epa_score.cli.targets import OutputFiles, make_folder
from epa_score.diagnostics.nearest import nearest
from epa_score.diagnostics.terminal_text import TerminalLine, hides_nothing, shortened, visible
from epa_score.exporters.yaml import yaml_form
from epa_score.i18n import Words
from epa_score.model import Rubric, same_name_key
from epa_score.values.names import UnitName


class FormChoice(NamedTuple):
    """The forms that are meant: for whom, in which format and fonts, and where they go."""

    units: Sequence[str] = ()
    """The units named on the command line."""
    roster: str | None = None
    """The path of a file that names more units."""
    xlsx: bool = False
    """Workbooks are written, and no YAML."""
    fonts: str = "official"
    """``official``, or ``plain`` for computers without the fonts of official documents."""
    output: str | None = None
    """The folder, or the file where there is one form alone; ``None`` leaves it to the tool."""
    force: bool = False
    """Blank forms that are there already are replaced."""
    period: str = ""
    """The period that is filled in."""
    assessor: str = ""
    """The assessor who is filled in."""
    lists: bool = True
    """The paths that are written are printed."""


def read_field(session: Session, option: str, given: str | None, shape: TypeAdapter[str]) -> str:
    """What is to be filled in, as a sheet has it. Raises `WrongUsage` for what it cannot have."""
    if given is None:
        return ""
    try:
        text = shape.validate_python(given).strip()
    except ValidationError:
        text = ""
    if not text or not hides_nothing(text):
        raise WrongUsage(session.words("usage.form_field", option=option, value=shortened(given)))
    return text


FORMS_FOLDER = "forms"
"""The folder of blank forms: filled ones are collected in another."""


def write_forms(session: Session, rubric: Rubric, choice: FormChoice) -> None:
    """Write a form for each unit: of those named, else of the roster's, else of the rubric's.

    A single YAML form without ``-o`` goes to stdout, all others to the folder `FORMS_FOLDER`.
    Raises `WrongUsage` and `OutputError`.
    """
    words = Words(rubric.lang)
    names = _units_of(session, rubric, choice) or [""]
    parts = parts_of_units(session, rubric, choice, names)
    wanted = [(part, name) for part, own in parts for name in own]
    suffix = ".xlsx" if choice.xlsx else ".yaml"
    if choice.output == "-" and (len(wanted) > 1 or choice.xlsx):
        raise WrongUsage(session.words("usage.stdout_takes_form"))
    if len(wanted) == 1 and choice.output in (None, "-") and not choice.xlsx:
        part, name = wanted[0]
        session.write_bytes(_yaml_form(part.rubric, name, part.choice, words).encode())
        return
    output = FORMS_FOLDER if choice.output is None else choice.output
    if len(wanted) == 1 and _names_file(output, suffix):
        (part, name), *_ = wanted
        form = _blank_form(part.rubric, name, part.choice, output)
        write_where_missing(session, {output: form}, [], force=choice.force)
        return
    refuse_among_sheets(session, output)
    forms: dict[str, BlankForm] = {}
    for part, own in parts:
        folder = str(Path(output, part.folder))
        make_folder(folder)
        files = files_for(folder, own, suffix, words)
        forms |= {
            path: _blank_form(part.rubric, unit, part.choice, path) for path, unit in files.items()
        }
    there = [] if choice.force else [path for path in forms if os.path.isfile(path)]
    write_where_missing(session, forms, there, force=choice.force, lists=choice.lists)


class FormPart(NamedTuple):
    """The items that are on one form, in which folder it goes, and what is filled in."""

    rubric: Rubric
    folder: str
    choice: FormChoice

    def is_for(self, unit: str) -> bool:
        """True where there is something to fill in for a unit."""
        scope = self.rubric.scope(unit)
        beyond = self.rubric.adjustments is not None or bool(self.rubric.fact_vetoes)
        return beyond or scope is None or bool(scope.items)


def parts_of_units(
    session: Session, rubric: Rubric, choice: FormChoice, units: Sequence[str]
) -> list[tuple[FormPart, list[str]]]:
    """What is to be filled in by whom, with those of the units for which there is anything.

    Raises `WrongUsage` where there is nothing for any of them, and as `parts_for` does.
    """
    parts = [
        (part, [unit for unit in units if part.is_for(unit)])
        for part in parts_for(session, rubric, choice)
    ]
    found = [(part, own) for part, own in parts if own]
    if not found:
        raise WrongUsage(session.words("usage.no_items", name=shortened(choice.assessor)))
    return found


def parts_for(session: Session, rubric: Rubric, choice: FormChoice) -> list[FormPart]:
    """The whole rubric; where assessors have items of their own those of each, or of the one named.

    Each has a folder of its own. Raises `WrongUsage` for somebody who is no assessor.
    """
    if not rubric.assessors:
        return [FormPart(rubric, "", choice)]
    if choice.assessor and rubric.part(choice.assessor) is None:
        known = [assessor.name for assessor in rubric.assessors]
        alike, listed = nearest(choice.assessor, known), names_of(session, known)
        key = "usage.no_such_assessor_nearest" if alike else "usage.no_such_assessor"
        about = {"name": shortened(choice.assessor), "known": listed, "nearest": alike}
        raise WrongUsage(session.words(key, **about))
    wanted = same_name_key(choice.assessor)
    parts: list[FormPart] = []
    taken: set[str] = set()
    for number, (key, part) in enumerate(rubric.parts.items(), 1):
        name = part.assessors[0].name
        folder = file_name_of(name) or str(number)
        folder = f"{folder}-{number}" if folder.casefold() in taken else folder
        taken.add(folder.casefold())
        if wanted in ("", key):
            parts.append(FormPart(part, folder, choice._replace(assessor=name)))
    return parts


class BlankForm(NamedTuple):
    """A form to be written."""

    write: Callable[[BinaryIO], None]
    with_fields: Callable[[str, str], bytes] | None = None
    """The form with another period and assessor, where its file does not tell who filled them in:
    a workbook does."""


def _blank_form(rubric: Rubric, name: str, choice: FormChoice, path: str) -> BlankForm:
    """The form of a unit, which goes to a path."""
    words = Words(rubric.lang)
    if not choice.xlsx:

        def with_fields(period: str, assessor: str) -> bytes:
            own = choice._replace(period=period, assessor=assessor)
            return _yaml_form(rubric, name, own, words).encode()

        text = schema_lines(path, sheet_schema_file(rubric.id))
        text += _yaml_form(rubric, name, choice, words)
        return BlankForm(partial(_write_text, text), with_fields)
    from epa_score.exporters.xlsx.form import Form, write_form  # noqa: PLC0415 -- not every form is a workbook

    form = Form(rubric, name, fonts=choice.fonts, period=choice.period, assessor=choice.assessor)
    return BlankForm(partial(write_form, form, words=words))


_ENDINGS = {".yaml": (".yaml", ".yml"), ".xlsx": (".xlsx",)}


def _names_file(output: str, suffix: str) -> bool:
    return not os.path.isdir(output) and output.lower().endswith(_ENDINGS[suffix])


def refuse_among_sheets(session: Session, output: str) -> None:
    """Raise `WrongUsage` for the folder in which filled forms are collected.

    A blank form in it would count as one that nobody has finished.
    """
    target = Path(os.path.realpath(output))
    if target.is_relative_to(os.path.realpath(DEFAULT_FOLDER)):
        text = session.words("usage.forms_among", path=shortened(output), folder=FORMS_FOLDER)
        raise WrongUsage(text)


def write_where_missing(
    session: Session,
    forms: Mapping[str, BlankForm],
    there: Sequence[str],
    *,
    force: bool,
    lists: bool = True,
) -> None:
    """Write the forms that are not ``there``, print their paths, and say how many were left.

    With ``force`` blank forms are renewed. Raises `OutputError`.
    """
    missing = {path: form for path, form in forms.items() if path not in there}
    targets = OutputFiles(force=force)
    targets.claim(
        {
            path: partial(refuse_lost_texts, write=form.write, with_fields=form.with_fields)
            for path, form in missing.items()
        }
    )
    for path, form in missing.items():
        targets.write(path, form.write)
    session.write(map(visible, missing) if lists else ())
    if there:
        session.say(session.words("cli.forms_left", left=len(there), written=len(missing)))
    others = [path for path in there if units_of_form(path) is None]
    if others:
        text = session.words("cli.not_forms", number=len(others), names=names_of(session, others))
        session.complain([TerminalLine(text, "warning")])


def write_unit_table(session: Session, rubric: Rubric, choice: FormChoice) -> None:
    """Write one table with a row for each unit, as for forms, or with empty rows.

    Raises `OutputError`, and `WrongUsage` for more than is read of a worksheet.
    """
    from epa_score.exporters.xlsx.form import UnitTable, write_table  # noqa: PLC0415 -- not every form is a workbook
    from epa_score.exporters.xlsx.form.table import BLANK_ROWS, MOST_COLUMNS, MOST_ROWS  # noqa: PLC0415

    words = Words(rubric.lang)
    units = _units_of(session, rubric, choice) or [""] * BLANK_ROWS
    output = FORMS_FOLDER if choice.output is None else choice.output
    if output == "-":
        raise WrongUsage(session.words("usage.stdout_takes_form"))
    forms: dict[str, BlankForm] = {}
    parts = parts_of_units(session, rubric, choice, units)
    is_file = len(parts) == 1 and _names_file(output, ".xlsx")
    for part, own in parts:
        filled = part.choice
        table = UnitTable(part.rubric, own, filled.fonts, filled.period, filled.assessor)
        columns, rows = table.size(words)
        if columns > MOST_COLUMNS or rows > MOST_ROWS:
            about = {"columns": MOST_COLUMNS, "rows": MOST_ROWS, "lines": columns, "units": rows}
            raise WrongUsage(session.words("usage.table_too_large", **about))
        path = Path(output, part.folder, words("form.table_file") + ".xlsx")
        forms[output if is_file else str(path)] = BlankForm(
            partial(write_table, table, words=words)
        )
    there: list[str] = []
    if not is_file:
        refuse_among_sheets(session, output)
        for path_of_table in forms:
            make_folder(os.path.dirname(path_of_table))
        there = [path for path in forms if os.path.isfile(path) and not choice.force]
    write_where_missing(session, forms, there, force=choice.force)


def _units_of(session: Session, rubric: Rubric, choice: FormChoice) -> list[str]:
    """The units that are named, else those of the rubric."""
    roster = take_roster(session, choice.roster)
    asked = [*choice.units, *(roster.names if roster is not None else ())]
    return unit_names(session, rubric, asked) or list(rubric.known_units)


def _yaml_form(rubric: Rubric, unit: str, choice: FormChoice, words: Words) -> str:
    return yaml_form(rubric, unit, words, period=choice.period, assessor=choice.assessor)


def _write_text(text: str, file: BinaryIO) -> None:
    file.write(text.encode())


def unit_names(session: Session, rubric: Rubric, units: Sequence[str]) -> list[str]:
    """The names of units as a sheet has them, each unit once.

    Raises `WrongUsage` for a name that cannot be.
    """
    names: dict[str, str] = {}
    for unit in units:
        try:
            name = TypeAdapter(UnitName).validate_python(unit)
        except ValidationError:
            text = session.words("usage.unit_name", unit=shortened(unit))
            raise WrongUsage(text) from None
        if rubric.scope(name) is None:
            alike = rubric.nearest_unit(name)
            key = "usage.unknown_unit_nearest" if alike else "usage.unknown_unit"
            text = session.words(key, unit=shortened(name), rubric=rubric.id, nearest=alike)
            raise WrongUsage(text)
        names.setdefault(same_name_key(name), name)
    return list(names.values())


def files_for(folder: str, units: Sequence[str], suffix: str, words: Words) -> dict[str, str]:
    """A file name for each unit; names that one file name stands for are numbered.

    A form that is there keeps its name, and those of other units are passed by.
    """
    files: dict[str, str] = {}
    taken: set[str] = set()
    for unit in units:
        name = file_name_of(unit) or words("form.file")
        numbered = (f"{name}-{number}" for number in count(2))
        paths = (str(Path(folder, own + suffix)) for own in chain([name], numbered))
        path = next(
            path for path in paths if path.casefold() not in taken and _is_free_for(path, unit)
        )
        taken.add(path.casefold())
        files[path] = unit
    return files


def _is_free_for(path: str, unit: str) -> bool:
    """True where no form of another unit lies there."""
    if not os.path.isfile(path):
        return True
    units = {same_name_key(name) for name in units_of_form(path) or ()}
    return not units or same_name_key(unit) in units
