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
from epa_score.cli.inputs import Selection, open_library, read_selection, sheet_key
from epa_score.cli.panels import CombinedByUnit, PanelSheets, check_across_sheets
from epa_score.cli.session import Session
from epa_score.cli.sheet_store import SheetsByUnit, SheetStore
from epa_score.diagnostics import Diagnostic, InputError, Kind, Location, in_order
from epa_score.diagnostics.finding import FileFinding, SheetPlace
from epa_score.diagnostics.terminal_text import TerminalLine, visible
from epa_score.model import Rubric, ScoreSheet
from epa_score.readers.files import locate_all
from epa_score.readers.rubrics import RubricFile, RubricLibrary
from epa_score.reports.columns import LeftOut
from epa_score.scoring import Ranking, Result, rank
from epa_score.scoring.panel import score_panel
from epa_score.scoring.peer_means import without_peers


@dataclass
class Group:
    """The sound sheets of one rubric, and who is not among them."""

    rubric_file: RubricFile
    """The file of the rubric."""
    rubric: Rubric
    """The rubric that all the sheets are scored by."""
    files: list[ReadFile] = field(default_factory=list)
    """The sound sheets, in the order of the paths."""
    left_out: list[LeftOut] = field(default_factory=list)
    """The faulty sheets that ``--skip-invalid`` leaves out."""
    without_sheet: tuple[str, ...] = ()
    """The units that the rubric lists and that have no sheet."""
    other_periods: tuple[str, ...] = ()
    """The units of the sound sheets of other periods than the one chosen."""
    panels: list[PanelSheets] = field(default_factory=list)
    """The sheets by unit, where several assessors score one."""

    @cached_property
    def results(self) -> list[Result]:
        """The results of the units, in the order of the files."""
        if self.rubric.panel is not None:
            return [score_panel(self.rubric, panel.sheets()) for panel in self.panels]
        return [file.result for file in self.files if file.result is not None]

    def sheets(self, store: SheetStore) -> Mapping[str, ScoreSheet]:
        """The sheets by unit, which were kept there; those of a panel are combined."""
        if self.rubric.panel is not None:
            return CombinedByUnit(self.panels)
        return SheetsByUnit(store, {file.unit: file.number for file in self.files})


def assess(session: Session, choice: Selection) -> list[Group]:
    """The sound sheets that are meant, by rubric.

    Raises `InputError` with everything that is wrong. With ``skip_invalid`` faulty sheets are
    named in their group instead, and on stderr. Raises `WrongUsage` for a provisional dense
    ranking: the ranks still possible are competition ranks.
    """
    if choice.provisional and choice.ties == "dense":
        raise WrongUsage(session.words("usage.provisional_dense"))
    library = open_library(choice.rubric, choice.folder)
    files, problems, other_periods = read_selection(session, choice, library)
    across = check_across_sheets(files, library, choice.store, need_all=not choice.provisional)
    problems += across.errors
    if problems and not choice.skip_invalid:
        raise InputError(problems)
    session.show(in_order((*problems, *across.warnings)))
    groups = _group([file for file in files if file.place not in across.faulty], library)
    for group in groups:
        name = group.rubric.id
        units = (file.unit for file in other_periods if file.rubric == name)
        group.other_periods = tuple(map(visible, units))
        group.panels = [panel for panel in across.panels if panel.rubric.id == name]
    where = Location(choice.shown)
    variant = "" if choice.folder is None else "source"
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
        _name_units_without_sheet(session, keys, where)
    if not groups:
        raise InputError([Diagnostic(Kind.NOTHING_TO_RANK, where, variant=variant)])
    left_out = [file for file in files if file.place in across.faulty]
    _name_the_left_out(session, library, groups, left_out, across.aside)
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
            places = {file.unit: file.place for file in group.files}
            found = means_have_peers(without_peers(group.rubric, group.results))
            problems += locate_all(FileFinding(places[unit], one) for unit, one in found)
    if problems:
        raise InputError(problems)


def _name_units_without_sheet(
    session: Session, keys: Sequence[tuple[Group, list[SheetKey]]], where: Location
) -> None:
    for group, own in keys:
        for finding in known_units_have_sheets(group.rubric, own):
            group.without_sheet = without_sheet(group.rubric, own)
            session.show([finding.at(where)])


def _name_the_left_out(
    session: Session,
    library: RubricLibrary,
    groups: Sequence[Group],
    left_out: list[ReadFile],
    aside: set[SheetPlace],
) -> None:
    """Name each faulty sheet in the ranking of its rubric, without a known one in all.

    Those ``aside`` are sound, but others of their unit are missing or faulty.
    """
    for group in groups:
        group.left_out = [
            LeftOut(visible(str(file.place)), visible(file.unit), file.place not in aside)
            for file in left_out
            if file.rubric == group.rubric.id or library.find(file.rubric) is None
        ]
    if left_out:
        units = dict.fromkeys(visible(file.unit or str(file.place)) for file in left_out)
        names = session.words("list.separator").join(units)
        text = session.words("cli.left_out", number=len(left_out), names=names)
        session.complain([TerminalLine(text, "warning")])


def rank_group(group: Group, choice: Selection) -> Ranking:
    """The ranking of a group."""
    return rank(group.rubric, group.results, ties=choice.ties, provisional=choice.provisional)
