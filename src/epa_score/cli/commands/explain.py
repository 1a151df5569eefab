"""``epa-score explain``: what a diagnostic code means, or how the total of a unit came about."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated, NamedTuple

import typer

from epa_score.cli.assess import Group, assess, in_unit_groups, rank_group
from epa_score.cli.compose import Composition, compose
from epa_score.cli.help import WrongUsage
from epa_score.cli.inputs import Selection
from epa_score.cli.options import (
    CompositeOption,
    Format,
    Overall,
    PeriodOption,
    Provisional,
    RosterOption,
    RubricOption,
    SkipInvalid,
    TiesOption,
)
from epa_score.cli.output import show_tables
from epa_score.cli.session import Session
from epa_score.cli.sheet_store import open_sheet_store
from epa_score.diagnostics import Kind
from epa_score.diagnostics.nearest import nearest
from epa_score.diagnostics.terminal_text import TerminalLine, shortened
from epa_score.i18n import Words
from epa_score.model import Rubric, ScoreSheet, same_name_key
from epa_score.model.ranked import Ranked
from epa_score.reports.breakdown import account_table
from epa_score.reports.columns import ResultList, assessors, not_applicable, panel
from epa_score.reports.columns.final_figures import figures_account
from epa_score.reports.composite import (
    composite_account_table,
    composite_gap_table,
)
from epa_score.reports.coverage import coverage_notes
from epa_score.reports.gap import gap_table
from epa_score.reports.rank_sentences import CompositeUnits, RubricUnits
from epa_score.reports.ranking import provisional_note, rules_in_force
from epa_score.reports.rates import count_points
from epa_score.reports.table import Row, Table
from epa_score.scoring import Placing, Ranking, Result


def explain(
    context: typer.Context,
    code_or_paths: Annotated[
        list[str] | None, typer.Argument(metavar="CODE|PATH", help="help.code")
    ] = None,
    unit: Annotated[
        str | None, typer.Option("--unit", metavar="NAME", help="help.explain_unit")
    ] = None,
    item: Annotated[
        str | None, typer.Option("--item", metavar="ID", help="help.explain_item")
    ] = None,
    rubric: RubricOption = None,
    period: PeriodOption = None,
    ties: TiesOption = "competition",
    provisional: Provisional = False,
    skip_invalid: SkipInvalid = False,
    composite: CompositeOption = None,
    overall: Overall = False,
    roster: RosterOption = None,
    form: Format = "table",
) -> None:
    """Explain a diagnostic code, or how the total of a unit came about."""
    session, given = context.obj, code_or_paths or []
    if unit is not None:
        choice = Selection(
            paths=given,
            rubric=rubric,
            period=period,
            provisional=provisional,
            skip_invalid=skip_invalid,
            ties=ties,
            overall=overall,
            roster=roster,
        )
        if composite is None:
            tables = account(session, choice, unit, item)
        elif item is None:
            tables = composite_account(session, composite, choice, unit)
        else:
            raise WrongUsage(session.words("usage.composite_items"))
        # People see no empty table; programs find the same lists whatever the unit.
        shown = tables if form == "json" else [table for table in tables if any(table.rows())]
        show_tables(session, shown, form)
        return
    if item is not None or composite is not None or len(given) > 1:
        raise WrongUsage(session.words("usage.explain_unit"))

    if given:
        session.write(code_lines(kind_of_code(given[0], session.words), session.words))
    else:
        session.write(list_lines(session.words))


def kind_of_code(code: str, words: Words) -> Kind:
    """The kind with a code such as ``EPA104`` or ``104``, in any case.

    Raises `WrongUsage` for an unknown one, naming the nearest.
    """
    wanted = code.strip().upper().removeprefix("EPA")
    for kind in Kind:
        if kind.code == f"EPA{wanted}" or kind.label == code.strip().lower():
            return kind
    alike = nearest(f"EPA{wanted}", (kind.code for kind in Kind))
    key = "usage.unknown_code_nearest" if alike else "usage.unknown_code"
    raise WrongUsage(words(key, code=shortened(code), nearest=alike))


def code_lines(kind: Kind, words: Words) -> Iterator[TerminalLine]:
    """Name, severity and explanation of a kind."""
    severity = words(f"severity.{kind.severity}")
    yield TerminalLine(f"{kind.code} ({kind.label}, {severity})", kind.severity)
    yield TerminalLine("", "source")
    for line in (words.get(f"{kind.code}.explain") or "").strip().splitlines():
        yield TerminalLine(line, "source")


def list_lines(words: Words) -> Iterator[TerminalLine]:
    """Every code with the first line of its explanation."""
    for kind in Kind:
        summary = (words.get(f"{kind.code}.explain") or "").strip().partition("\n")[0]
        yield TerminalLine(
            f"{kind.code}  {words(f'severity.{kind.severity}')}  {summary}", "source"
        )


def account(session: Session, choice: Selection, unit: str, item: str | None) -> list[Table]:
    """The lines that a unit's total is made of, and what separates it from the one above it.

    With an ``item``, or a section, its lines alone. All sheets are read, as the rank depends on
    them. Raises `InputError` as a ranking does, and `WrongUsage` for a unit or an item that there
    is not.
    """
    with open_sheet_store() as store:
        choice = choice._replace(store=store)
        tables: list[Table] = []
        units: list[str] = []
        sections: dict[str, _ChosenSection] = {}
        for group in in_unit_groups(session, assess(session, choice), choice):
            ranking = rank_group(group, choice)
            sections |= _sections_of(group.rubric, unit, session.words)
            for placing in ranking.placings:
                units.append(placing.result.unit)
                if same_name_key(units[-1]) == same_name_key(unit):
                    tables += _ranked_tables(
                        group, ranking, placing, group.sheets(store), session.words
                    )
            for result in ranking.excluded:
                units.append(result.unit)
                if same_name_key(units[-1]) == same_name_key(unit):
                    tables += _excluded_tables(
                        group, ranking, result, group.sheets(store), session.words
                    )
    if not tables:
        raise WrongUsage(no_such(session.words, "sheet", unit, units))
    if item is None:
        return tables
    if item.strip() in sections:
        own = sections[item.strip()]
        return [table._replace(rows=_rows_of_section(table, own).copy) for table in tables]
    return _select_item(session.words, tables, item, sections)


class _ChosenSection(NamedTuple):
    """By what the lines of a section are known: the ids of its items, and the name of its sum."""

    items: Sequence[str]
    subtotal: str


def _sections_of(rubric: Rubric, unit: str, words: Words) -> Iterator[tuple[str, _ChosenSection]]:
    """The sections of a rubric that a unit has items of, by their ids."""
    scope = rubric.scope(unit)
    items = scope.section_items if scope is not None else {}
    for section in rubric.all_sections:
        if items.get(section.id):
            subtotal = words("report.subtotal", title=section.title)
            yield section.id, _ChosenSection(items[section.id], subtotal)


def _ranked_tables(
    group: Group,
    ranking: Ranking,
    placing: Placing,
    sheets: Mapping[str, ScoreSheet],
    words: Words,
) -> Iterator[Table]:
    above = placing_above(ranking, placing)
    own = placing.result
    listed = ResultList(group.rubric, (own,), words, ranking)
    counts = count_points(group.rubric, (sheets[unit] for unit in ranking.units))
    units = RubricUnits(group.rubric, ranking, counts, words)
    notes = (
        *units.sentences(own, sheets[own.unit]),
        *rank_notes(group.rubric, ranking, placing, words),
        *panel.notes(listed),
        *assessors.notes(listed),
        *not_applicable.notes(listed),
        *coverage_notes(group.coverage, words),
    )
    yield account_table(group.rubric, own, sheets[own.unit], words, notes)
    yield gap_table(group.rubric, (own, above.result if above else None), sheets, words)


def placing_above(ranking: Ranking, placing: Placing) -> Placing | None:
    """The last of the units with a better rank, if there is any."""
    better = [other for other in ranking.placings if other.rank < placing.rank]
    return better[-1] if better else None


def _excluded_tables(
    group: Group,
    ranking: Ranking,
    result: Result,
    sheets: Mapping[str, ScoreSheet],
    words: Words,
) -> Iterator[Table]:
    """The lines of a unit that is not ranked, and why it is not; nobody is above it."""
    listed = ResultList(group.rubric, (result,), words)
    counts = count_points(group.rubric, (sheets[unit] for unit in ranking.units))
    units = RubricUnits(group.rubric, ranking, counts, words)
    sentences = units.sentences(result, sheets[result.unit])
    remarks = not_applicable.notes(listed)
    notes = (*sentences, *remarks, *coverage_notes(group.coverage, words))
    yield account_table(group.rubric, result, sheets[result.unit], words, notes)
    yield gap_table(group.rubric, (result, None), sheets, words)


def rank_notes(rubric: Ranked, ranking: Ranking, placing: Placing, words: Words) -> Iterator[str]:
    """Notes on what follows from the rank of a unit, and on the rules that gave it."""
    if placing.band is not None:
        yield words("report.note_band", band=placing.band.name)
    yield from figures_account(rubric, placing, ranking.placings[0], words)
    if placing.result.unscored:
        yield provisional_note(rubric, ranking, words)
    yield rules_in_force(rubric, ranking, words)


def _rows_of_section(table: Table, section: _ChosenSection) -> list[Row]:
    """The rows from the first item of a section to its subtotal, as far as there are any."""
    places = {column.name: place for place, column in enumerate(table.columns)}
    rows = list(table.rows())
    names = [(str(row.cells[places["kind"]]), str(row.cells[places["line"]])) for row in rows]
    items = [number for number, (_, name) in enumerate(names) if name in section.items]
    if not items:
        return []
    sums = [number for number, name in enumerate(names) if name == ("subtotal", section.subtotal)]
    last = next((number for number in sums if number > items[-1]), items[-1])
    return rows[items[0] : last + 1]


def _select_item(
    words: Words, tables: Sequence[Table], item: str, sections: Iterable[str]
) -> list[Table]:
    """The tables with the lines of one item alone, as far as they have any."""
    wanted = item.strip().upper()
    found = [(table, list(_item_rows(table))) for table in tables]
    known = [*(name for _, named in found for name, _ in named), *sections]
    if wanted not in known:
        raise WrongUsage(no_such(words, "item", item, known))
    return [
        table._replace(rows=[row for name, row in named if name == wanted].copy)
        for table, named in found
    ]


_NUMBERED = ("item", "adjustment", "veto")
"""The kinds of lines that have the number of an item, an adjustment or a veto."""


def _item_rows(table: Table) -> Iterator[tuple[str, Row]]:
    """The rows that have the number of an item, each with that number."""
    places = {column.name: place for place, column in enumerate(table.columns)}
    for row in table.rows():
        if row.cells[places["kind"]] in _NUMBERED:
            yield str(row.cells[places["line"]]), row


def no_such(words: Words, kind: str, name: str, known: Sequence[str]) -> str:
    """The message that there is no such sheet or item, with the nearest of those ``known``."""
    alike = nearest(name, known)
    key = f"usage.no_such_{kind}_nearest" if alike else f"usage.no_such_{kind}"
    return words(key, name=shortened(name), nearest=shortened(alike or ""))


def composite_account(session: Session, path: str, choice: Selection, unit: str) -> list[Table]:
    """The totals of a unit in every component, and its gap to the one above it.

    Raises `InputError` and `WrongUsage` as `compose` does, and `WrongUsage` for a unit that the
    result does not have.
    """
    words, key = session.words, same_name_key(unit)
    composition = compose(session, path, choice)
    ranked, ranking = composition.ranked(words), composition.ranking
    units = CompositeUnits(ranked, ranking, words)
    covered = coverage_notes(composition.coverage, words)
    for placing in ranking.placings:
        if same_name_key(placing.result.unit) == key:
            above = placing_above(ranking, placing)
            sentences = units.sentences(placing.result)
            notes = (*sentences, *rank_notes(ranked, ranking, placing, words), *covered)
            pair = placing.result, above.result if above else None
            return _composite_tables(composition, pair, words, notes)
    for result in ranking.excluded:
        if same_name_key(result.unit) == key:
            notes = (*units.sentences(result), *covered)
            return _composite_tables(composition, (result, None), words, notes)
    known = [result.unit for _, result in ranking.everybody]
    raise WrongUsage(no_such(words, "sheet", unit, known))


def _composite_tables(
    composition: Composition,
    results: tuple[Result, Result | None],
    words: Words,
    notes: tuple[str, ...],
) -> list[Table]:
    """The account of the first result, and its gap to the second."""
    composite, own = composition.composite, results[0]
    totals = [composition.totals_of(result) for result in results if result is not None]
    return [
        composite_account_table(composite, own, totals[0], words, notes),
        composite_gap_table(composite, results, totals, words),
    ]
