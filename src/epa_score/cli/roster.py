"""The roster of a run held against what was handed in: who is missing, and who is not on it."""

import os
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from epa_score.checks.several_sheets import (
    units_are_on_roster,
    units_have_handed_in,
    without_sheet,
)
from epa_score.cli.batch import ReadFile
from epa_score.cli.inputs import (
    SelectedFiles,
    Selection,
    names_of,
    open_library,
    read_selection,
    sheet_key,
)
from epa_score.cli.session import Session
from epa_score.diagnostics import (
    Diagnostic,
    Finding,
    InputError,
    Kind,
    Location,
    Parameter,
)
from epa_score.diagnostics.terminal_text import shortened
from epa_score.model import Rubric
from epa_score.readers.files import locate_all
from epa_score.readers.rubrics import RubricLibrary
from epa_score.values.names import NamesInTexts, same_name_key

if TYPE_CHECKING:
    from epa_score.readers.roster import Roster


def take_roster(session: Session, path: str | None) -> "Roster | None":
    """The roster in a file, if any; says once what was taken from it. Raises `InputError`."""
    if path is None:
        return None
    from epa_score.readers.roster import read_roster  # noqa: PLC0415 -- many runs have no roster

    roster = read_roster(path)
    names = names_of(session, roster.names)
    about = {"path": shortened(path), "number": len(roster.units), "names": names}
    key = "cli.roster_column" if roster.column else "cli.roster"
    session.say(session.words(key, column=shortened(roster.column), **about))
    return roster


class Attendance:
    """The sheets of a run under the names of the roster, if there is one, and who is absent."""

    def __init__(
        self, roster: "Roster | None", read: SelectedFiles, library: RubricLibrary
    ) -> None:
        """Hold what was read against a roster."""
        self.names = roster.names if roster is not None else ()
        """The units of the roster, in its order."""
        self.unreadable = read.unreadable
        """The files that may hold a score sheet and cannot be read."""
        self.roster = roster
        """The roster, if there is one."""
        self._library = library
        self._other_periods = {same_name_key(file.unit) for file in read.other_periods}
        own = {same_name_key(name): name for name in self.names}
        self.files = [_named(file, own) for file in read.files] if own else read.files
        """The sheets, each under the name that its unit has on the roster."""
        sound = (file for file in self.files if file.result is not None)
        strangers = [file for file in sound if own and same_name_key(file.unit) not in own]
        self.unknown = {file.place for file in strangers}
        """The places of the sound sheets whose units are not on the roster."""
        self._absent = self._without_sheet(self.names, self.files)
        keys = map(sheet_key, strangers)
        found = list(units_are_on_roster(keys, self.names, self._absent))
        self.unknown_found = locate_all(found)
        """What is to be said of those sheets."""
        self.likely_units = {str(about.finding.parameters["nearest"]) for about in found} - {""}
        """The units for which sheets under similar names were probably meant."""

    def find_missing(self) -> list[Diagnostic]:
        """Find the units of the roster that have handed in nothing, each where it stands there.

        A unit is not missing as well that a sheet under a similar name was probably meant for.
        """
        if self.roster is None:
            return []
        absent = [unit for unit in self._absent if unit not in self.likely_units]
        places = {unit.name: unit.place for unit in self.roster.units}
        found = units_have_handed_in(absent, places, self._other_periods)
        return self.roster.source.diagnose(list(found))

    def absent_of(self, rubric: Rubric, rubrics: Sequence[Rubric]) -> tuple[str, ...]:
        """The units that are missing in the ranking of one of some rubrics.

        Those are the units of the roster that the rubric lists, or that none lists; without a
        roster the units of the rubric.
        """
        if self.roster is None:
            own = [file for file in self.files if self._is_of(file, rubric)]
            return self._without_sheet(rubric.known_units, own)
        return tuple(unit for unit in self._absent if rubric in _rubrics_of(unit, rubrics))

    def unit_in(self, path: str) -> str:
        """The unit that the name of a file names, if it names one alone."""
        return self._by_file_name.find(os.path.splitext(os.path.basename(path))[0])

    def _without_sheet(self, units: tuple[str, ...], files: Iterable[ReadFile]) -> tuple[str, ...]:
        return without_sheet(units, self._handed_in(files)) if units else ()

    def _handed_in(self, files: Iterable[ReadFile]) -> set[str]:
        """The keys of the units that have handed in something, be it faulty or unreadable."""
        units = [file.unit or self.unit_in(file.path) for file in files]
        units += map(self.unit_in, self.unreadable)
        return set(map(same_name_key, units))

    def _is_of(self, file: ReadFile, rubric: Rubric) -> bool:
        return file.rubric == rubric.id or self._library.find(file.rubric) is None

    @cached_property
    def _by_file_name(self) -> NamesInTexts:
        names = list(self.names)
        found = map(self._library.find, dict.fromkeys(file.rubric for file in self.files))
        for known in () if names else (self._library.given, *found):
            names += known.rubric.known_units if known and known.rubric else ()
        return NamesInTexts(names)


class SheetsAtHand(NamedTuple):
    """The sheets that a run has read, and what they are held against."""

    library: RubricLibrary
    selected: SelectedFiles
    attendance: Attendance

    @property
    def units_due(self) -> Sequence[str]:
        """The units that have to hand in: those of the roster, else of the rubric chosen."""
        if self.attendance.roster is not None:
            return self.attendance.names
        given = self.library.given
        return given.rubric.known_units if given is not None and given.rubric is not None else ()


def read_sheets(session: Session, choice: Selection) -> SheetsAtHand:
    """Read the rubric, the roster and the sheets of a run. Raises `InputError`."""
    library = open_library(choice.rubric, choice.folder)
    roster = take_roster(session, choice.roster)
    selected = read_selection(session, choice, library)
    return SheetsAtHand(library, selected, Attendance(roster, selected, library))


def _named(file: ReadFile, names: Mapping[str, str]) -> ReadFile:
    """The sheet under the name that its unit has in ``names``, where it stands there by key."""
    name = names.get(same_name_key(file.unit), file.unit)
    if name == file.unit:
        return file
    result = file.result and file.result._replace(unit=name)
    return file._replace(unit=name, result=result)


def _rubrics_of(unit: str, rubrics: Sequence[Rubric]) -> list[Rubric]:
    """The rubrics by which a unit is to be assessed, as far as they tell."""
    listing = [rubric for rubric in rubrics if rubric.known_units and rubric.scope(unit)]
    open_to_all = [rubric for rubric in rubrics if not rubric.known_units]
    return listing or open_to_all or list(rubrics)


def groups_of_roster(
    roster: "Roster | None", units: Iterable[str], where: Location
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The groups of some units, as a column of the roster says, in its order.

    Raises `InputError` where that is not certain of all of them, or where there are no two groups.
    """
    if roster is None or len(roster.group_columns) != 1:
        variant = (
            "no_roster" if roster is None else "several" if roster.group_columns else "columns"
        )
        about: dict[str, Parameter] = {"columns": roster.group_columns if roster else ()}
        raise InputError([Diagnostic(Kind.ROSTER_GROUP, where, about, variant)])
    keys = set(map(same_name_key, units))
    own = [unit for unit in roster.units if same_name_key(unit.name) in keys]
    findings: list[Finding] = []
    groups: dict[str, tuple[str, list[str]]] = {}
    for unit in own:
        about = {"unit": unit.name, "name": unit.group, "other": unit.other_group}
        if unit.other_group or not unit.group:
            variant = "twice" if unit.other_group else ""
            findings.append(Finding(Kind.ROSTER_GROUP, unit.place, about, variant))
        groups.setdefault(same_name_key(unit.group), (unit.group, []))[1].append(unit.name)
    if len(groups) == 1 and not findings:
        findings.append(Finding(Kind.ROSTER_GROUP, own[0].place, {"name": own[0].group}, "alone"))
    if findings:
        raise InputError(roster.source.diagnose(findings))
    return tuple((name, tuple(members)) for name, members in groups.values())
