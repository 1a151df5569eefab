"""From paths to rankings: which sheets belong together, and whether all of them are sound."""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from epa_score.checks import (
    means_have_peers,
    periods_are_one,
    units_are_missing,
)
from epa_score.cli.batch import ReadFile
from epa_score.cli.help import WrongUsage
from epa_score.cli.inputs import Selection, sheet_key
from epa_score.cli.panels import CombinedByUnit, PanelSheets, check_across_sheets
from epa_score.cli.roster import Attendance, SheetsAtHand, groups_of_roster, read_sheets
from epa_score.cli.session import Session
from epa_score.cli.sheet_store import SheetsByUnit, SheetStore
from epa_score.diagnostics import Diagnostic, InputError, Kind, Location, Parameter, in_order
from epa_score.diagnostics.finding import MOST_LISTED, FileFinding, SheetPlace
from epa_score.diagnostics.terminal_text import TerminalLine, visible
from epa_score.model import Rubric, ScoreSheet, same_name_key
from epa_score.readers.files import locate_all
from epa_score.readers.rubrics import RubricFile, RubricLibrary
from epa_score.reports.coverage import EVERYBODY, Absence, Coverage, LeftOut, coverage_notes
from epa_score.scoring import Ranking, Result, rank, score
from epa_score.scoring.conditions import are_open
from epa_score.scoring.peer_means import without_peers
from epa_score.scoring.rank import Expected

if TYPE_CHECKING:
    from epa_score.readers.roster import Roster


@dataclass
class Group:
    """The sound sheets of one rubric, and who is not among them."""

    rubric_file: RubricFile
    """The file of the rubric."""
    rubric: Rubric
    """The rubric that all the sheets are scored by."""
    files: list[ReadFile] = field(default_factory=list)
    """The sound sheets, in the order of the paths."""
    coverage: Coverage = EVERYBODY
    """Whoever and whatever is not among them."""
    roster: tuple[str, ...] = ()
    """The units of the roster, in whose order units of one rank stand; else it is the rubric's."""
    other_periods: tuple[str, ...] = ()
    """The units of the sound sheets of other periods than the one chosen."""
    panels: list[PanelSheets] = field(default_factory=list)
    """The sheets by unit, where several assessors score one."""
    roster_file: "Roster | None" = None
    """The roster, which may say in which group each unit is."""
    unit_group: str = ""
    """The group of units that the sheets are of, where each is ranked by itself."""
    whole: "Group | None" = None
    """The sheets of all groups of units."""

    @cached_property
    def results(self) -> list[Result]:
        """The results of the units, in the order of the files."""
        if self.rubric.takes_several_sheets:
            return [panel.result() for panel in self.panels]
        return [file.result for file in self.files if file.result is not None]

    def sheets(self, store: SheetStore) -> Mapping[str, ScoreSheet]:
        """The sheets by unit, which were kept there; those of several are brought together."""
        if self.rubric.takes_several_sheets:
            return CombinedByUnit(self.panels)
        return SheetsByUnit(store, {file.unit: file.number for file in self.files})

    def blank_results(self) -> list[Result]:
        """The results of sheets without points, for units whose sheets are awaited."""
        return [
            score(
                self.rubric,
                ScoreSheet(rubric=self.rubric.id, unit=unit, scores={}),
                is_awaited=True,
            )
            for unit in self.coverage.names("missing")
            if self.rubric.scope(unit) is not None
        ]


def assess(session: Session, choice: Selection) -> list[Group]:
    """The sound sheets that are meant, by rubric.

    Raises `InputError` with everything that is wrong. With ``skip_invalid`` faulty sheets are
    named in their group instead, and on stderr. Raises `WrongUsage` for a provisional dense
    ranking: the ranks still possible are competition ranks.
    """
    if choice.provisional and choice.ties == "dense":
        raise WrongUsage(session.words("usage.provisional_dense"))
    return assess_sheets(session, choice, read_sheets(session, choice))


def assess_sheets(session: Session, choice: Selection, sheets: SheetsAtHand) -> list[Group]:
    """The same of sheets that were read already."""
    library, read = sheets.library, sheets.selected
    attendance = sheets.attendance
    files = attendance.files
    across = check_across_sheets(files, library, choice.store, need_all=not choice.provisional)
    problems = [*read.problems, *across.errors, *attendance.unknown_found]
    problems += [] if choice.provisional else attendance.find_missing()
    if problems and not choice.skip_invalid:
        raise InputError(problems)
    session.show(in_order((*problems, *across.warnings)))
    out = across.faulty | attendance.unknown
    groups = _group([file for file in files if file.place not in out], library)
    for group in groups:
        name = group.rubric.id
        units = (file.unit for file in read.other_periods if file.rubric == name)
        group.other_periods = tuple(map(visible, units))
        group.panels = [
            panel
            for panel in across.panels
            if panel.rubric.id == name and attendance.unknown.isdisjoint(panel.places)
        ]
        group.roster = attendance.names
        group.roster_file = attendance.roster
    where = Location(choice.shown)
    variant = choice.variant
    if choice.one_period:
        keys = [(group, list(map(sheet_key, group.files))) for group in groups]
        findings = [
            replace(finding, variant=variant)
            for group, own in keys
            for finding in periods_are_one(group.rubric.id, own)
        ]
        if findings:
            raise InputError(finding.at(where) for finding in findings)
        _refuse_means_of_nobody(groups)
    if not groups:
        raise InputError([Diagnostic(Kind.NOTHING_TO_RANK, where, variant=variant)])
    left_out = [file for file in files if file.place in out]
    entries = _entries_of(attendance, left_out, across.aside)
    _name_the_left_out(session, entries)
    for group in groups:
        absent = attendance.absent_of(group.rubric, [other.rubric for other in groups])
        if absent and choice.one_period and (choice.provisional or not attendance.names):
            session.show([units_are_missing(group.rubric.id, absent).at(where)])
        missing = [LeftOut("", visible(unit), "missing") for unit in absent]
        group.coverage = Coverage(
            left_out=(
                *(entry for rubric, entry in entries if _concerns(rubric, group, library)),
                *(missing if choice.one_period or attendance.names else ()),
            ),
            unread=[visible(os.path.basename(path)) for path in read.unread],
            is_checked=bool(attendance.names or group.rubric.known_units),
        )
    return groups


def _group(files: Iterable[ReadFile], library: RubricLibrary) -> list[Group]:
    groups: dict[str, Group] = {}
    for file in files:
        if file.rubric not in groups:
            groups[file.rubric] = Group(*library.require(file.rubric))
        groups[file.rubric].files.append(file)
    return [groups[name] for name in sorted(groups)]


def _refuse_means_of_nobody(groups: Iterable[Group]) -> None:
    """Raise `InputError` where an item takes the mean of others and no other has points for it."""
    problems: list[Diagnostic] = []
    for group in groups:
        if group.rubric.takes_means:
            places = {
                (same_name_key(file.unit), same_name_key(file.assessor)): file.place
                for file in group.files
            }
            owners = group.rubric.assessors_by_item
            found = []
            for unit, finding in means_have_peers(without_peers(group.rubric, group.results)):
                assessor = owners.get(str(finding.parameters["item"]), "")
                place = places[same_name_key(unit), same_name_key(assessor)]
                found.append(FileFinding(place, finding))
            problems += locate_all(found)
    if problems:
        raise InputError(problems)


_Entry = tuple[str, LeftOut]
"""What was left out, behind the rubric that it names."""


def _entries_of(
    attendance: Attendance, left_out: Iterable[ReadFile], aside: set[SheetPlace]
) -> list[_Entry]:
    """Every sheet and file that is left out.

    Those ``aside`` are sound, but others of their unit are missing or faulty.
    """
    entries: list[_Entry] = []
    for file in left_out:
        why: Absence = "incomplete" if file.place in aside else "faulty"
        why = "unknown" if file.place in attendance.unknown else why
        unit = file.unit or attendance.unit_in(file.path)
        entries.append((file.rubric, LeftOut(visible(str(file.place)), visible(unit), why)))
    for path in attendance.unreadable:
        unit = attendance.unit_in(path)
        entries.append(("", LeftOut(visible(path), visible(unit), "unreadable")))
    return entries


def _concerns(rubric: str, group: Group, library: RubricLibrary) -> bool:
    """True where the sheets of a group are by that rubric, or by none that is known."""
    return rubric == group.rubric.id or library.find(rubric) is None


def _name_the_left_out(session: Session, entries: Sequence[_Entry]) -> None:
    """Name on stderr what is left out, in the words of the ranking's own notes."""
    coverage = Coverage([entry for _, entry in entries])
    for note in coverage_notes(coverage, session.words):
        session.complain([TerminalLine(note, "warning")])
        session.said.add(note)


def in_unit_groups(session: Session, groups: Sequence[Group], choice: Selection) -> Sequence[Group]:
    """The sheets of each rubric, and of each group of units where it has groups.

    Raises `WrongUsage` where all units are to be ranked together and are anyway, and `InputError`
    where groups stand in a roster that does not tell them.
    """
    groups = [_with_groups_of_roster(group, Location(choice.shown)) for group in groups]
    if choice.overall:
        if not any(group.rubric.groups for group in groups):
            raise WrongUsage(session.words("usage.overall"))
        return [replace(group, rubric=group.rubric.across_groups) for group in groups]
    return [part for group in groups for part in _parts_of(group)]


def _with_groups_of_roster(group: Group, where: Location) -> Group:
    """The sheets of a rubric whose groups stand in the roster, with these."""
    if group.rubric.grouped_by is None:
        return group
    units = [file.unit for file in group.files]
    units += [entry.unit for entry in group.coverage.left_out]
    groups = groups_of_roster(group.roster_file, units, where)
    return replace(group, rubric=group.rubric.model_copy(update={"groups": groups}))


def _parts_of(group: Group) -> list[Group]:
    """The parts of a group of sheets, one a group of units.

    Whatever was left out and whose unit is not known may belong to any of them.
    """
    group_of = group.rubric.group_of
    return [
        replace(
            group,
            unit_group=name,
            whole=group,
            files=[file for file in group.files if group_of(file.unit) == name],
            panels=[panel for panel in group.panels if group_of(panel.unit) == name],
            other_periods=tuple(u for u in group.other_periods if group_of(u) == name),
            coverage=group.coverage._replace(
                left_out=tuple(
                    entry
                    for entry in group.coverage.left_out
                    if group_of(entry.unit) in (name, None)
                )
            ),
        )
        for name, _ in group.rubric.groups
    ] or [group]


def rank_group(group: Group, choice: Selection) -> Ranking:
    """The ranking of a group; a provisional one counts on the sheets that are still to come.

    Raises `InputError` where conditions of the rubric leave open who is ranked until all are there.
    """
    whole = group.whole or group
    if choice.provisional and are_open(group.rubric):
        open_units = [result.unit for result in whole.results if result.unscored]
        open_units += whole.coverage.names("missing")
        if open_units:
            about: dict[str, Parameter] = {
                "rubric": group.rubric.id,
                "items": tuple(veto.id for veto in group.rubric.conditions),
                "units": tuple(open_units[:MOST_LISTED]),
            }
            raise InputError([Diagnostic(Kind.CONDITION_OPEN, Location(choice.shown), about)])
    return rank(
        group.rubric,
        whole.results,
        ties=choice.ties,
        provisional=choice.provisional,
        expected=Expected(
            group.roster,
            whole.blank_results() if choice.provisional else (),
            group.unit_group,
        ),
    )
