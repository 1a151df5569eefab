"""A composite result: its sources read and ranked, and their totals brought together."""

import os
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from epa_score import __version__
from epa_score.checks.composite import (
    totals_are_out_of_the_same,
    units_are_in_every_source,
    units_have_every_period,
)
from epa_score.cli.assess import Group, assess
from epa_score.cli.gather import Choice
from epa_score.cli.publish import Content, deliver
from epa_score.cli.session import Session
from epa_score.cli.usage import WrongUsage
from epa_score.diagnostics import Diagnostic, InputError
from epa_score.diagnostics.line import Line
from epa_score.diagnostics.visible import visible
from epa_score.i18n import Words
from epa_score.model import same_name_key
from epa_score.model.composite import Composite, Totals, UnitTotals
from epa_score.readers.composite_file import CompositeFile, read_composite
from epa_score.reports.about import Origin, about_table
from epa_score.reports.composite import as_rubric, composite_notes, composite_table, sources_table
from epa_score.reports.ranking import LeftOut
from epa_score.reports.summary import summary_table
from epa_score.reports.table import Table
from epa_score.scoring import Ranking, rank
from epa_score.scoring.composite import composite_results
from epa_score.scoring.result import Vetoed


class Composition(NamedTuple):
    """A composite result: the sheets of each source, their totals, and the ranking."""

    file: CompositeFile
    composite: Composite
    groups: tuple[Group, ...]
    totals: Totals
    ranking: Ranking
    left_out: tuple[LeftOut, ...]

    @property
    def caps(self) -> list[Decimal]:
        """The total points of each source's rubric."""
        return [one.rubric.total for one in self.groups]

    def table(self, words: Words) -> Table:
        """The ranking as a table."""
        return composite_table(self.composite, self.ranking, words, self.left_out)


def compose(session: Session, path: str, choice: Choice) -> Composition:
    """Rank units by what all sources of a composite result come to.

    Raises `InputError` with everything that is wrong in the file or in any sheet, and
    `WrongUsage` for options that would choose other sheets, or allow incomplete ones.
    """
    if choice.paths or choice.rubric or choice.period or choice.provisional:
        raise WrongUsage(session.words("usage.composite_alone"))
    file = read_composite(path)
    composite = file.composite
    if composite is None:
        raise InputError(file.diagnostics)
    groups = _assessed(session, file, composite, choice)
    unequal = list(totals_are_out_of_the_same(composite, [one.rubric for one in groups]))
    if unequal:
        raise InputError(file.source.diagnose(unequal))
    totals = {
        source.name: _totals(group) for source, group in zip(composite.sources, groups, strict=True)
    }
    left_out = [one for group in groups for one in group.left_out]
    missing = _missing(session, file, composite, totals, choice)
    named = {same_name_key(one.unit) for one in left_out}
    left_out += [
        LeftOut(visible(file.path), visible(unit), faulty=False)
        for key, unit in missing.items()
        if key not in named
    ]
    kept = {
        name: {key: own for key, own in found.items() if key not in missing}
        for name, found in totals.items()
    }
    caps = [one.rubric.total for one in groups]
    excluding = _excluding(groups)
    results = [
        one._replace(vetoes=excluding.get(same_name_key(one.unit), ()))
        for one in composite_results(composite, kept, caps)
    ]
    rubric = as_rubric(composite, groups[0].rubric.known_units, session.words)
    ranking = rank(rubric, results, ties=choice.ties)
    return Composition(file, composite, groups, kept, ranking, tuple(left_out))


def _assessed(
    session: Session, file: CompositeFile, composite: Composite, choice: Choice
) -> tuple[Group, ...]:
    """The sheets of each source. Raises `InputError` with what is wrong in all of them."""
    groups: list[Group] = []
    problems: list[Diagnostic] = []
    for one in composite.sources:
        own = choice._replace(
            paths=[os.path.normpath(os.path.join(file.folder, path)) for path in one.paths],
            rubric=one.rubric,
            period=one.period,
            one_period=one.each_period is None,
            folder=file.folder,
        )
        try:
            groups += assess(session, own)
        except InputError as error:
            problems += error.diagnostics
    if problems:
        raise InputError(problems)
    return tuple(groups)


def _excluding(groups: Sequence[Group]) -> dict[str, tuple[Vetoed, ...]]:
    """The vetoes that exclude units in a source, by unit: they do so in the whole as well."""
    found: dict[str, tuple[Vetoed, ...]] = {}
    for result in (one for group in groups for one in group.results):
        own = tuple(one for one in result.vetoes if one.veto.effect == "exclude")
        key = same_name_key(result.unit)
        found[key] = tuple(dict.fromkeys((*found.get(key, ()), *own)))
    return found


def _totals(group: Group) -> dict[str, UnitTotals]:
    names: dict[str, str] = {}
    totals: dict[str, dict[str | None, Decimal]] = {}
    for one in group.results:
        key = same_name_key(one.unit)
        names.setdefault(key, one.unit)
        totals.setdefault(key, {})[one.period] = one.total
    return {key: UnitTotals(names[key], own) for key, own in totals.items()}


def _missing(
    session: Session,
    file: CompositeFile,
    composite: Composite,
    totals: Totals,
    choice: Choice,
) -> dict[str, str]:
    """The units, by key, that some source lacks or has not in every period; they are named.

    Raises `InputError` unless such units may be left out.
    """
    found = [
        *units_are_in_every_source(composite, totals),
        *units_have_every_period(composite, totals),
    ]
    diagnostics = file.source.diagnose([finding for _, finding in found])
    if found and (not choice.skip_invalid or any(not key for key, _ in found)):
        raise InputError(diagnostics)
    session.show(diagnostics)
    missing = {key: str(finding.parameters["unit"]) for key, finding in found}
    if missing:
        names = session.words("list.separator").join(map(visible, missing.values()))
        text = session.words("cli.units_left_out", number=len(missing), names=names)
        session.complain([Line(text, "warning")])
    return missing


def publish_composition(
    session: Session, made: Composition, plan: dict[str, str], *, force: bool
) -> None:
    """Write every planned file, and print its path."""
    words = Words(made.groups[0].rubric.lang)
    rubric = as_rubric(made.composite, (), words)
    ranking = made.table(words)
    origin = Origin(
        rubric,
        made.ranking,
        visible(made.file.path),
        made.file.sha256,
        tuple(_sums(made.groups)),
        made.left_out,
        notes=tuple(composite_notes(made.composite, words)),
    )
    tables = [
        summary_table(rubric, ranking, words),
        sources_table(made.composite, made.ranking, made.totals, made.caps, words),
        about_table([origin], __version__, words),
    ]
    deliver(session, plan, Content([ranking], tables, words), force=force)


def _sums(groups: Sequence[Group]) -> Iterator[str]:
    """The SHA-256 of every sheet, each once."""
    yield from sorted({entry.sha256 for group in groups for entry in group.entries})
