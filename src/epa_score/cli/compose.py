"""A composite result: its sources read and ranked, and their totals brought together."""

import os
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from epa_score.checks.composite import (
    totals_are_out_of_the_same,
    units_are_in_every_source,
    units_have_every_period,
)
from epa_score.cli.assess import Group, assess
from epa_score.cli.help import WrongUsage
from epa_score.cli.inputs import Selection
from epa_score.cli.session import Session
from epa_score.diagnostics import Diagnostic, InputError
from epa_score.diagnostics.terminal_text import TerminalLine, visible
from epa_score.i18n import Words
from epa_score.model import same_name_key
from epa_score.model.composite import Composite, RankedComposite, Totals, UnitTotals
from epa_score.readers.documents import CompositeFile, read_composite
from epa_score.reports.columns import LeftOut
from epa_score.reports.composite import composite_table, ranked_composite
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
    without_sheet: tuple[str, ...]

    @property
    def caps(self) -> list[Decimal]:
        """The total points of each source's rubric."""
        return [group.rubric.total for group in self.groups]

    def ranked(self, words: Words) -> RankedComposite:
        """What units are ranked by, with a section a source."""
        return ranked_composite(self.composite, [group.rubric for group in self.groups], words)

    def table(self, words: Words) -> Table:
        """The ranking as a table."""
        return composite_table(
            self.ranked(words),
            self.ranking,
            words,
            left_out=self.left_out,
            without_sheet=self.without_sheet,
        )


def compose(session: Session, path: str, choice: Selection) -> Composition:
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
    unequal = list(totals_are_out_of_the_same(composite, [group.rubric for group in groups]))
    if unequal:
        raise InputError(file.source.diagnose(unequal))
    totals = {
        source.name: _totals(group, apart=source.adjustments is not None)
        for source, group in zip(composite.sources, groups, strict=True)
    }
    left_out = [entry for group in groups for entry in group.left_out]
    missing = _missing(session, file, composite, totals, choice)
    named = {same_name_key(entry.unit) for entry in left_out}
    left_out += [
        LeftOut(visible(file.path), visible(unit), faulty=False)
        for key, unit in missing.items()
        if key not in named
    ]
    kept = {
        name: {key: own for key, own in found.items() if key not in missing}
        for name, found in totals.items()
    }
    caps = [group.rubric.total for group in groups]
    vetoes = _vetoes(composite, groups)
    results = [
        result._replace(vetoes=vetoes.get(same_name_key(result.unit), ()))
        for result in composite_results(composite, kept, caps)
    ]
    ranked = RankedComposite(composite, tuple(group.rubric for group in groups))
    ranking = rank(ranked, results, ties=choice.ties)
    without = tuple(dict.fromkeys(unit for group in groups for unit in group.without_sheet))
    return Composition(file, composite, groups, kept, ranking, tuple(left_out), without)


def _assessed(
    session: Session, file: CompositeFile, composite: Composite, choice: Selection
) -> tuple[Group, ...]:
    """The sheets of each source. Raises `InputError` with what is wrong in all of them."""
    groups: list[Group] = []
    problems: list[Diagnostic] = []
    for component in composite.sources:
        own = choice._replace(
            paths=[os.path.normpath(os.path.join(file.folder, path)) for path in component.paths],
            rubric=component.rubric,
            period=component.period,
            one_period=component.each_period is None,
            folder=file.folder,
        )
        try:
            groups += assess(session, own)
        except InputError as error:
            problems += error.diagnostics
    if problems:
        raise InputError(problems)
    return tuple(groups)


def _vetoes(composite: Composite, groups: Sequence[Group]) -> dict[str, tuple[Vetoed, ...]]:
    """The vetoes that hold in a source, by unit: they do so in the whole as well.

    One that is about bands is only named where there is no band to be kept out of.
    """
    found: dict[str, tuple[Vetoed, ...]] = {}
    few = len(composite.bands) == 1
    for group in groups:
        for result in group.results:
            own = [vetoed for vetoed in result.vetoes if vetoed.veto.effect == "exclude" or not few]
            key = same_name_key(result.unit)
            found[key] = tuple(dict.fromkeys((*found.get(key, ()), *own)))
    return found


def _totals(group: Group, *, apart: bool) -> dict[str, UnitTotals]:
    """What the units have in a source, by `same_name_key`; adjustments may stand ``apart``."""
    found: dict[str, UnitTotals] = {}
    for result in group.results:
        key = same_name_key(result.unit)
        total = result.base if apart else result.total
        beyond = result.adjusted[1:] if apart and result.adjusted is not None else ()
        known = found[key].totals if key in found else {}
        unit = found[key].unit if key in found else result.unit
        found[key] = UnitTotals(unit, {**known, result.period: total}, *beyond)
    return found


def _missing(
    session: Session,
    file: CompositeFile,
    composite: Composite,
    totals: Totals,
    choice: Selection,
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
        session.complain([TerminalLine(text, "warning")])
    return missing
