"""From paths to rankings: which sheets belong together, and whether all of them are sound."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from epa_score.checks import (
    SheetKey,
    known_units_have_sheets,
    means_have_peers,
    periods_are_one,
    without_sheet,
)
from epa_score.cli.batch import ReadFile
from epa_score.cli.help import WrongUsage
from epa_score.cli.inputs import Selection, gather, handed_in, open_library
from epa_score.cli.panels import CombinedByUnit, PanelSheets, check_across_sheets
from epa_score.cli.session import Session
from epa_score.cli.sheet_store import SheetsByUnit, SheetStore
from epa_score.diagnostics import Diagnostic, InputError, Kind, Location, in_order
from epa_score.diagnostics.terminal_text import TerminalLine, visible
from epa_score.model import Rubric, ScoreSheet
from epa_score.readers.files import locate_all
from epa_score.readers.rubrics import RubricFile, RubricLibrary
from epa_score.reports.ranking import LeftOut
from epa_score.scoring import Ranking, Result, rank
from epa_score.scoring.panel import score_panel
from epa_score.scoring.peers import without_peers


@dataclass
class Group:
    """The sound sheets of one rubric."""

    file: RubricFile
    rubric: Rubric
    entries: list[ReadFile] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    without_sheet: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    """The units of the sound sheets of other periods than the one chosen."""
    seats: list[PanelSheets] = field(default_factory=list)
    """The sheets by unit, where several assessors score one."""

    @cached_property
    def results(self) -> list[Result]:
        """The results of the units, in the order of the files."""
        if self.rubric.panel is not None:
            return [score_panel(self.rubric, one.sheets()) for one in self.seats]
        return [one.result for one in self.entries if one.result is not None]

    def sheets(self, kept: SheetStore) -> Mapping[str, ScoreSheet]:
        """The sheets by unit, which were kept there; those of a panel are combined."""
        if self.rubric.panel is not None:
            return CombinedByUnit(self.seats)
        return SheetsByUnit(kept, {one.unit: one.number for one in self.entries})


def assess(session: Session, choice: Selection) -> list[Group]:
    """The sound sheets by rubric.

    Raises `InputError` with everything that is wrong. With ``skip_invalid`` faulty sheets are
    named in their group instead, and on stderr. Raises `WrongUsage` for a provisional dense
    ranking: the ranks still possible are competition ranks.
    """
    if choice.provisional and choice.ties == "dense":
        raise WrongUsage(session.words("usage.provisional_dense"))
    library = open_library(choice.rubric, choice.folder)
    entries, problems, apart = gather(session, choice, library)
    together = check_across_sheets(entries, library, choice.kept, need_all=not choice.provisional)
    problems += together.errors
    if problems and not choice.skip_invalid:
        raise InputError(problems)
    session.show(in_order((*problems, *together.warnings)))
    faulty = together.faulty
    groups = _groups([one for one in entries if one.path not in faulty], library)
    for group in groups:
        name = group.rubric.id
        group.apart = tuple(visible(one.unit) for one in apart if one.rubric == name)
        group.seats = [one for one in together.seats if one.rubric.id == name]
    where = Location(choice.shown)
    variant = "" if choice.folder is None else "source"
    if choice.one_period:
        handed = [(group, list(map(handed_in, group.entries))) for group in groups]
        findings = [one for group, them in handed for one in periods_are_one(group.rubric.id, them)]
        if findings:
            raise InputError(replace(one, variant=variant).at(where) for one in findings)
        _refuse_means_of_nobody(groups)
        _name_units_without_sheet(session, handed, where)
    if not groups:
        raise InputError([Diagnostic(Kind.NOTHING_TO_RANK, where, variant=variant)])
    left_out = [one for one in entries if one.path in faulty]
    _name_the_left_out(session, library, groups, left_out, together.aside)
    return groups


def _groups(entries: Iterable[ReadFile], library: RubricLibrary) -> list[Group]:
    groups: dict[str, Group] = {}
    for one in entries:
        if one.rubric not in groups:
            groups[one.rubric] = Group(*library.require(one.rubric))
        groups[one.rubric].entries.append(one)
    return [groups[name] for name in sorted(groups)]


def _refuse_means_of_nobody(groups: Iterable[Group]) -> None:
    """Raise `InputError` where an item takes the mean of others and no other has points for it."""
    problems: list[Diagnostic] = []
    for group in (one for one in groups if one.rubric.takes_means):
        paths = {one.unit: one.path for one in group.entries}
        lonely = without_peers(group.rubric, group.results)
        found = means_have_peers(lonely)
        problems += locate_all((paths[unit], finding) for unit, finding in found)
    if problems:
        raise InputError(problems)


def _name_units_without_sheet(
    session: Session, handed: Sequence[tuple[Group, list[SheetKey]]], where: Location
) -> None:
    for group, sheets in handed:
        for finding in known_units_have_sheets(group.rubric, sheets):
            group.without_sheet = without_sheet(group.rubric, sheets)
            session.show([finding.at(where)])


def _name_the_left_out(
    session: Session,
    library: RubricLibrary,
    groups: Sequence[Group],
    faulty: list[ReadFile],
    aside: set[str],
) -> None:
    """Each faulty sheet is named in the ranking of its rubric, without a known one in all.

    Those ``aside`` are sound, but others of their unit are missing or faulty.
    """
    for group in groups:
        group.left_out = [
            LeftOut(visible(one.path), visible(one.unit), one.path not in aside)
            for one in faulty
            if one.rubric == group.rubric.id or library.find(one.rubric) is None
        ]
    if faulty:
        units = dict.fromkeys(visible(one.unit or one.path) for one in faulty)
        names = session.words("list.separator").join(units)
        session.complain(
            [
                TerminalLine(
                    session.words("cli.left_out", number=len(faulty), names=names), "warning"
                )
            ]
        )


def ranked(group: Group, choice: Selection) -> Ranking:
    """The ranking of a group."""
    return rank(group.rubric, group.results, ties=choice.ties, provisional=choice.provisional)
