"""The two sides of a comparison: score sheets that are ranked, or an exported result."""

import os
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from epa_score.cli.assess import Group, assess, in_unit_groups, rank_group
from epa_score.cli.help import WrongUsage
from epa_score.cli.inputs import NO_PERIOD, Selection, open_library
from epa_score.cli.session import Session
from epa_score.diagnostics import Diagnostic, InputError, Kind, Location, Parameter
from epa_score.diagnostics.terminal_text import TerminalLine, shortened, visible
from epa_score.i18n import Words
from epa_score.readers.exported import is_exported, read_exported
from epa_score.readers.rubrics import RubricFile
from epa_score.reports.moves import moves_tables
from epa_score.reports.table import Table
from epa_score.scoring import Ranking
from epa_score.scoring.moves import Moves, moves_between, pair_snapshots
from epa_score.scoring.snapshot import Snapshot, joined, snapshot_of
from epa_score.values.rubric_names import RUBRIC_SUFFIXES

if TYPE_CHECKING:
    from epa_score.cli.compose import Composition

Say = Callable[[str], str]
"""Gives a path as it is, or what stands in its place."""


class EarlierChoice(NamedTuple):
    """The earlier result that is named by ``--compare``, and the period of its sheets."""

    path: str | None = None
    period: str | None = None


NOTHING_EARLIER = EarlierChoice()


class Side(NamedTuple):
    """One side of a comparison."""

    path: str
    snapshots: Sequence[Snapshot]
    """What is compared, one a rubric."""
    rubric_files: Mapping[str, RubricFile] = {}
    """The file of each rubric that sheets were scored by, by its id."""

    def note_on_file(self, file: RubricFile | None, say: Say, words: Words) -> list[str]:
        """The note that sheets of both sides were scored by one file, if they were."""
        own = file and self.rubric_files.get(file.rubric.id if file.rubric else "")
        if file is None or own is None or (own.path, own.shipped) != (file.path, file.shipped):
            return []
        return [words("moves.note_file", file=say(visible(file.origin(words))))]


def read_side(session: Session, choice: Selection) -> Side:
    """The results of one path. Raises `InputError` for what cannot be compared."""
    (path,) = choice.paths
    if not is_exported(path):
        return _side_of_sheets(session, choice)
    found = read_exported(path)
    if choice.rubric is not None:
        given = open_library(choice.rubric).given
        name = choice.rubric if given is None or given.rubric is None else given.rubric.id
        found = [own for own in found if own.rubric == name] or found
    if any(own.is_provisional for own in found):
        raise InputError([Diagnostic(Kind.NOT_COMPARABLE, Location(path), {}, "provisional")])
    if choice.period is not None:
        wanted = choice.period.removeprefix(NO_PERIOD) or None
        others = tuple(own.period or NO_PERIOD for own in found if own.period != wanted)
        if others:
            about: dict[str, Parameter] = {"wanted": choice.period, "found": others}
            raise InputError([Diagnostic(Kind.NOT_COMPARABLE, Location(path), about, "period")])
    return Side(path, found)


def _side_of_sheets(session: Session, choice: Selection) -> Side:
    (path,) = choice.paths
    own_rubrics = os.path.isdir(os.path.join(path, "rubrics"))
    is_named = choice.rubric is None or not choice.rubric.endswith(RUBRIC_SUFFIXES)
    if own_rubrics and is_named:
        choice = choice._replace(folder=path)
    assessed = assess(session, choice._replace(passes_results=True))
    if not any(group.rubric.groups for group in assessed):
        choice = choice._replace(overall=False)
    groups = in_unit_groups(session, assessed, choice)
    ranked = [(group, rank_group(group, choice)) for group in groups]
    files = {group.rubric.id: group.rubric_file for group in groups}
    return Side(path, snapshots_of(ranked, choice), files)


def snapshots_of(ranked: Sequence[tuple[Group, Ranking]], choice: Selection) -> list[Snapshot]:
    """The snapshots of some rankings, one a rubric; the sheets were kept in the store."""
    found: dict[str, list[Snapshot]] = {}
    for group, ranking in ranked:
        sheets = {} if choice.store is None else group.sheets(choice.store)
        left_out = [entry.unit for entry in group.coverage.left_out if entry.unit]
        own = snapshot_of(group.rubric, ranking, sheets, left_out)
        found.setdefault(group.rubric.id, []).append(own)
    return [joined(snapshots) for snapshots in found.values()]


def pair_sides(
    session: Session, old: Sequence[Snapshot], new: Sequence[Snapshot], where: str
) -> list[tuple[Snapshot, Snapshot]]:
    """The results that are compared; what has no other is named on stderr.

    Raises `InputError` where nothing of both sides belongs together.
    """
    found = pair_snapshots(old, new)
    if not found.pairs:
        about: dict[str, Parameter] = {
            "old": tuple(own.rubric for own in old),
            "new": tuple(own.rubric for own in new),
        }
        kinds = [{own.is_composite for own in side} for side in (old, new)]
        variant = "apart" if kinds[0] & kinds[1] else "composite"
        raise InputError([Diagnostic(Kind.NOT_COMPARABLE, Location(where), about, variant)])
    for key, others in (("only_old", found.old), ("only_new", found.new)):
        if others:
            names = session.words("list.separator").join(visible(own.rubric) for own in others)
            text = session.words(f"cli.{key}", names=names)
            session.complain([TerminalLine(text, "warning")])
    return list(found.pairs)


class EarlierSide(NamedTuple):
    """An earlier result that one which is being made is compared with."""

    side: Side

    def moves_of_groups(
        self, session: Session, ranked: Sequence[tuple[Group, Ranking]], choice: Selection
    ) -> dict[tuple[str, str], Moves]:
        """What moved, by rubric and group of units."""
        pairs = pair_sides(
            session, self.side.snapshots, snapshots_of(ranked, choice), self.side.path
        )
        return {
            (new.rubric, group): moves_between(old, new, group)
            for old, new in pairs
            for group in dict.fromkeys(unit.group for unit in new.units)
        }

    def moves_of_composite(
        self, session: Session, composition: "Composition", words: Words
    ) -> Moves:
        """What moved in a composite result."""
        ranked = composition.ranked(words)
        left_out = [entry.unit for entry in composition.coverage.left_out if entry.unit]
        own = snapshot_of(ranked, composition.ranking, left_out=left_out)
        ((old, new),) = pair_sides(session, self.side.snapshots, [own], self.side.path)
        return moves_between(old, new)

    def tables(self, moves: Moves, group: Group | None, say: Say, words: Words) -> list[Table]:
        """The tables of what moved; a path in a note is told by ``say``."""
        unit_group = group.unit_group if group is not None else ""
        made = moves_tables(moves, words, unit_group)
        file = None if group is None else group.rubric_file
        note = self.side.note_on_file(file, say, words)
        return [made[0]._replace(notes=(*made[0].notes, *note)), *made[1:]]


def read_earlier(session: Session, choice: Selection, given: EarlierChoice) -> EarlierSide | None:
    """The earlier result that is named, if one is; its sheets are ranked as the later ones are.

    Raises `InputError`.
    """
    if given.path is None:
        return None
    own = Selection(
        paths=[given.path],
        rubric=choice.rubric,
        period=given.period,
        skip_invalid=choice.skip_invalid,
        ties=choice.ties,
        overall=choice.overall,
        store=choice.store,
        variant="old",
    )
    return EarlierSide(read_side(session, own))


def refuse_idle(
    session: Session, choice: Selection, given: EarlierChoice, *, is_shown: bool
) -> None:
    """Raise `WrongUsage` for options of a comparison that cannot be, or that change nothing.

    A comparison ``is_shown`` where one of the files that are written has room for it.
    """
    if given.path is None:
        if given.period is not None:
            raise WrongUsage(session.words("usage.old_period_alone"))
        return
    if not is_shown:
        raise WrongUsage(session.words("usage.compare_unshown"))
    if choice.provisional:
        raise WrongUsage(session.words("usage.compare_provisional"))


def refuse_itself(
    session: Session, old: str, old_period: str | None, new: Sequence[str], period: str | None
) -> None:
    """Raise `WrongUsage` where the later result is of the earlier path, and of its period."""
    paths = {os.path.realpath(path) for path in new}
    if paths == {os.path.realpath(old)} and old_period == period:
        raise WrongUsage(session.words("usage.compare_itself", path=shortened(old)))
