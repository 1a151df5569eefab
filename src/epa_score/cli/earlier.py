"""The two sides of a comparison: score sheets that are ranked, or an exported result."""

import os
from collections.abc import Sequence
from typing import NamedTuple

from epa_score.cli.assess import Group, assess, in_unit_groups, rank_group
from epa_score.cli.inputs import NO_PERIOD, Selection, open_library
from epa_score.cli.session import Session
from epa_score.diagnostics import Diagnostic, InputError, Kind, Location, Parameter
from epa_score.diagnostics.terminal_text import TerminalLine, visible
from epa_score.readers.exported import is_exported, read_exported
from epa_score.readers.rubrics import RUBRIC_SUFFIXES
from epa_score.scoring import Ranking
from epa_score.scoring.moves import pair_snapshots
from epa_score.scoring.snapshot import Snapshot, joined, snapshot_of


class Side(NamedTuple):
    """One side of a comparison."""

    snapshots: Sequence[Snapshot]
    """What is compared, one a rubric."""
    rubric_files: "dict[str, tuple[str, str]]"
    """The path and the digest of each rubric that sheets were scored by, by its id."""


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
    refuse_provisional(path, found)
    if choice.period is not None:
        wanted = choice.period.removeprefix(NO_PERIOD) or None
        others = tuple(own.period or NO_PERIOD for own in found if own.period != wanted)
        if others:
            about: dict[str, Parameter] = {"wanted": choice.period, "found": others}
            raise InputError([Diagnostic(Kind.NOT_COMPARABLE, Location(path), about, "period")])
    return Side(found, {})


def refuse_provisional(path: str, snapshots: Sequence[Snapshot]) -> None:
    """Raise `InputError` for a provisional result, whose figures are still to change."""
    if any(own.is_provisional for own in snapshots):
        raise InputError([Diagnostic(Kind.NOT_COMPARABLE, Location(path), {}, "provisional")])


def _side_of_sheets(session: Session, choice: Selection) -> Side:
    (path,) = choice.paths
    own_rubrics = os.path.isdir(os.path.join(path, "rubrics"))
    is_named = choice.rubric is None or not choice.rubric.endswith(RUBRIC_SUFFIXES)
    if own_rubrics and is_named:
        choice = choice._replace(folder=path)
    groups = in_unit_groups(session, assess(session, choice), choice)
    ranked = [(group, rank_group(group, choice)) for group in groups]
    files = {group.rubric.id: group.rubric_file for group in groups}
    return Side(
        snapshots_of(ranked, choice),
        {name: (file.path, file.sha256) for name, file in files.items()},
    )


def snapshots_of(ranked: Sequence[tuple[Group, Ranking]], choice: Selection) -> list[Snapshot]:
    """The snapshots of some rankings, one a rubric; the sheets were kept in the store."""
    found: dict[str, list[Snapshot]] = {}
    for group, ranking in ranked:
        if choice.store is None:  # pragma: no cover -- every caller keeps the sheets
            continue
        sheets = group.sheets(choice.store)
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
        raise InputError([Diagnostic(Kind.NOT_COMPARABLE, Location(where), about, "apart")])
    for key, others in (("only_old", found.old), ("only_new", found.new)):
        if others:
            names = session.words("list.separator").join(visible(own.rubric) for own in others)
            text = session.words(f"cli.{key}", names=names)
            session.complain([TerminalLine(text, "warning")])
    return list(found.pairs)
