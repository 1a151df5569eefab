"""A composite result: its components assessed, and their totals brought together and ranked."""

import os
from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from epa_score.checks.composite import (
    sources_are_not_in_groups,
    totals_are_not_zeroed_apart,
    totals_are_out_of_the_same,
    units_are_in_every_source,
    units_have_every_period,
)
from epa_score.cli.assess import Group, assess
from epa_score.cli.help import WrongUsage
from epa_score.cli.inputs import Selection, note_defects
from epa_score.cli.session import Session
from epa_score.cli.sheet_store import SheetStore
from epa_score.diagnostics import Diagnostic, InputError
from epa_score.diagnostics.terminal_text import TerminalLine, visible
from epa_score.i18n import Words, plain
from epa_score.model import same_name_key
from epa_score.model.check_code import code_of_several
from epa_score.model.composite import Composite, RankedComposite, Totals, UnitTotals
from epa_score.readers.documents import CompositeFile, read_composite
from epa_score.reports.composite import UnitSources, composite_table, ranked_composite
from epa_score.reports.coverage import Coverage, LeftOut
from epa_score.reports.stability import table_of_stability
from epa_score.reports.table import Table
from epa_score.scoring import Ranking, Result, rank
from epa_score.scoring.composite import composite_results
from epa_score.scoring.composite_stability import composite_stability
from epa_score.scoring.rank import Expected
from epa_score.scoring.result import Vetoed
from epa_score.scoring.stability import STATED_SHARE, grains_to_raise


class Composition(NamedTuple):
    """A composite result: the sheets of each component, their totals, and the ranking."""

    file: CompositeFile
    composite: Composite
    groups: tuple[Group, ...]
    """The sheets of each component, in the order of the components."""
    totals: Totals
    """The totals of the units in each component, without units that were left out."""
    ranking: Ranking
    coverage: Coverage

    @property
    def caps(self) -> list[Decimal]:
        """The total points of each component's rubric."""
        return [group.rubric.total for group in self.groups]

    def ranked(self, words: Words) -> RankedComposite:
        """The composite as units are ranked by it, with a section a component."""
        return ranked_composite(self.composite, [group.rubric for group in self.groups], words)

    def totals_of(self, result: Result) -> UnitSources:
        """The totals of a unit in each component, and the points that they are out of."""
        key = same_name_key(result.unit)
        pairs = zip(self.composite.sources, self.caps, strict=True)
        return [(self.totals[component.name][key], cap) for component, cap in pairs]

    def table(self, words: Words) -> Table:
        """The ranking as a table."""
        return composite_table(
            self.ranked(words),
            self.ranking,
            words,
            coverage=self.coverage,
        )

    def stability_table(
        self, store: SheetStore, words: Words, share: Decimal = STATED_SHARE
    ) -> Table:
        """How firm the ranks are, by the sheets that were kept in the ``store``.

        Raises `ValueError` as `composite_stability` does.
        """
        grains = [_grains_to_raise(group, store) for group in self.groups]
        ranked = RankedComposite(self.composite, tuple(group.rubric for group in self.groups))
        found = composite_stability(ranked, self.ranking, self.totals, grains, share)
        return table_of_stability(ranked, self.ranking, found, words)


def _grains_to_raise(group: Group, store: SheetStore) -> Mapping[str, int] | None:
    """The grains by which judged points of each unit can be raised, in all of its sheets."""
    if group.rubric.takes_several_sheets:
        sheets = (panel.combine() for panel in group.panels)
    else:
        kept = (file for file in group.files if file.result is not None)
        sheets = (store.sheet(file.number) for file in kept)
    return grains_to_raise(group.rubric, group.results, sheets)


def compose(session: Session, path: str, choice: Selection) -> Composition:
    """Rank units by the weighted sum of all components of a composite result.

    Raises `InputError` with everything that is wrong in the file or in any sheet, and
    `WrongUsage` for options that would choose other sheets, or allow incomplete ones.
    """
    if choice.overall:
        raise WrongUsage(session.words("usage.overall"))
    if choice.paths or choice.rubric or choice.period or choice.provisional:
        raise WrongUsage(session.words("usage.composite_alone"))
    file = read_composite(path)
    note_defects(session, file.diagnostics)
    composite = file.composite
    if composite is None:
        raise InputError(file.diagnostics)
    groups = _assess_components(session, file, composite, choice)
    rubrics = [group.rubric for group in groups]
    unfit = [*totals_are_out_of_the_same(composite, rubrics)]
    unfit += sources_are_not_in_groups(composite, rubrics)
    unfit += totals_are_not_zeroed_apart(composite, rubrics)
    if unfit:
        raise InputError(file.source.diagnose(unfit))
    totals = {
        component.name: _totals_by_unit(group, apart=component.adjustments is not None)
        for component, group in zip(composite.sources, groups, strict=True)
    }
    present = {key for own in totals.values() for key in own}
    left_out = [
        entry._replace(why="incomplete")
        if entry.why == "missing" and same_name_key(entry.unit) in present
        else entry
        for entry in dict.fromkeys(entry for group in groups for entry in group.coverage.left_out)
    ]
    missing = _missing_units(session, file, composite, totals, choice)
    named = {same_name_key(entry.unit) for entry in left_out}
    left_out += [
        LeftOut(visible(file.path), visible(unit), "incomplete")
        for key, unit in missing.items()
        if key not in named
    ]
    kept = {
        name: {key: own for key, own in by_unit.items() if key not in missing}
        for name, by_unit in totals.items()
    }
    caps = [group.rubric.total for group in groups]
    vetoes, codes = _vetoes_by_unit(composite, groups), _codes_by_unit(composite, groups)
    results = [
        result._replace(
            vetoes=vetoes.get(same_name_key(result.unit), ()),
            code=codes[same_name_key(result.unit)],
        )
        for result in composite_results(composite, kept, caps)
    ]
    ranked = RankedComposite(composite, tuple(group.rubric for group in groups))
    ranking = rank(ranked, results, ties=choice.ties, expected=Expected(groups[0].roster))
    unread = dict.fromkeys(name for group in groups for name in group.coverage.unread)
    return Composition(
        file=file,
        composite=composite,
        groups=groups,
        totals=kept,
        ranking=ranking,
        coverage=Coverage(
            left_out=tuple(dict.fromkeys(left_out)),
            unread=tuple(unread),
            is_checked=any(group.coverage.is_checked for group in groups),
        ),
    )


def _assess_components(
    session: Session, file: CompositeFile, composite: Composite, choice: Selection
) -> tuple[Group, ...]:
    """The sheets of each component. Raises `InputError` with what is wrong in all of them."""
    groups: list[Group] = []
    problems: list[Diagnostic] = []
    for component in composite.sources:
        own = choice._replace(
            paths=[os.path.normpath(os.path.join(file.folder, path)) for path in component.paths],
            rubric=component.rubric,
            period=component.period,
            one_period=component.each_period is None,
            folder=file.folder,
            variant="source",
        )
        try:
            groups += assess(session, own)
        except InputError as error:
            problems += error.diagnostics
    if problems:
        raise InputError(problems)
    return tuple(groups)


def _vetoes_by_unit(composite: Composite, groups: Sequence[Group]) -> dict[str, tuple[Vetoed, ...]]:
    """The vetoes that hold in a component, by unit: they do so in the whole as well.

    One that is about bands is only named where there is no band to be kept out of.
    """
    vetoes: dict[str, tuple[Vetoed, ...]] = {}
    has_one_band = len(composite.bands) == 1
    for group in groups:
        for result in group.results:
            own = (
                vetoed
                for vetoed in result.vetoes
                if vetoed.veto.effect == "exclude" or not has_one_band
            )
            key = same_name_key(result.unit)
            vetoes[key] = tuple(dict.fromkeys((*vetoes.get(key, ()), *own)))
    return vetoes


def _codes_by_unit(composite: Composite, groups: Sequence[Group]) -> dict[str, str]:
    """The code of each unit: of its sheets in every component, and of how these are weighed.

    What a file need not say has a part in it only where it does.
    """
    codes: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for component, group in zip(composite.sources, groups, strict=True):
        weight = "" if component.weight is None else plain(component.weight)
        way = [weight, component.each_period or "", component.adjustments or ""]
        if component.out_of is not None:
            way.append(f"out_of {plain(component.out_of)}")
        if composite.rounding is not None:
            way.append(f"rounding {composite.rounding}")
        whole = plain(group.rubric.total)
        for result in group.results:
            own = (component.name, *way, whole, str(composite.decimals), result.code)
            codes[same_name_key(result.unit)].append(own)
    return {unit: code_of_several(own) for unit, own in codes.items()}


def _totals_by_unit(group: Group, *, apart: bool) -> dict[str, UnitTotals]:
    """The totals of the units in a component, by `same_name_key`.

    Adjustments that stand ``apart`` are not in them.
    """
    totals: dict[str, UnitTotals] = {}
    for result in group.results:
        key = same_name_key(result.unit)
        own = totals.get(key) or UnitTotals(result.unit, {})
        total = result.base if apart else result.total
        own = own._replace(totals={**own.totals, result.period: total})
        if apart and result.adjusted is not None:
            adjusted = result.adjusted
            own = own._replace(bonus=adjusted.bonus, penalty=adjusted.penalty)
        totals[key] = own
    return totals


def _missing_units(
    session: Session,
    file: CompositeFile,
    composite: Composite,
    totals: Totals,
    choice: Selection,
) -> dict[str, str]:
    """The units, by key, that a component lacks or has not in every period; a warning names them.

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
