"""How a total came about, for ``epa-score explain --unit``."""

from collections.abc import Iterator, Mapping, Sequence

from epa_score.cli.assess import Group, assess, ranked
from epa_score.cli.inputs import Choice
from epa_score.cli.session import Session
from epa_score.cli.sheet_store import keeping_sheets
from epa_score.cli.usage import WrongUsage
from epa_score.diagnostics.nearest import nearest
from epa_score.diagnostics.visible import shortened
from epa_score.i18n import Words, plain
from epa_score.model import Rubric, ScoreSheet, exactly, same_name_key
from epa_score.reports.account import account_table
from epa_score.reports.final import final_account
from epa_score.reports.gap import gap_table
from epa_score.reports.inapplicable import accepted_notes
from epa_score.reports.panel import panel_notes
from epa_score.reports.ranking import provisional_note, rules_in_force
from epa_score.reports.table import Table
from epa_score.reports.vetoes import veto_remarks
from epa_score.scoring import Placing, Ranking, Result


def account(session: Session, choice: Choice, unit: str, item: str | None) -> list[Table]:
    """The lines that a unit's total is made of, and what separates it from the one above it.

    With an ``item`` its lines alone. All sheets are read, as the rank depends on them. Raises
    `InputError` as a ranking does, and `WrongUsage` for a unit or an item that there is not.
    """
    with keeping_sheets() as kept:
        choice = choice._replace(kept=kept)
        tables: list[Table] = []
        units: list[str] = []
        for group in assess(session, choice):
            ranking = ranked(group, choice)
            for placing in ranking.placings:
                units.append(placing.result.unit)
                if same_name_key(units[-1]) == same_name_key(unit):
                    tables += _tables(group, ranking, placing, group.sheets(kept), session.words)
            for result in ranking.excluded:
                units.append(result.unit)
                if same_name_key(units[-1]) == same_name_key(unit):
                    tables.append(_excluded(group, result, group.sheets(kept), session.words))
    if not tables:
        raise WrongUsage(no_such(session.words, "sheet", unit, units))
    return tables if item is None else _of_item(session.words, tables, item)


def _tables(
    group: Group,
    ranking: Ranking,
    placing: Placing,
    sheets: Mapping[str, ScoreSheet],
    words: Words,
) -> Iterator[Table]:
    better = [one for one in ranking.placings if one.rank < placing.rank]
    above = better[-1] if better else None
    notes = tuple(notes_on(group.rubric, ranking, placing, above, words))
    own = placing.result
    yield account_table(group.rubric, own, sheets[own.unit], words, notes)
    if above is not None:
        yield gap_table(group.rubric, (placing, above), sheets, words)


def _excluded(
    group: Group, result: Result, sheets: Mapping[str, ScoreSheet], words: Words
) -> Table:
    """The lines of a unit that is not ranked, and why it is not."""
    notes = (*veto_remarks(group.rubric, result, words), *accepted_notes(group.rubric, words))
    return account_table(group.rubric, result, sheets[result.unit], words, notes)


def notes_on(
    rubric: Rubric, ranking: Ranking, placing: Placing, above: Placing | None, words: Words
) -> Iterator[str]:
    """Which rank the unit has, with whom, and behind whom."""
    placings, own = ranking.placings, placing.result
    yield words("report.note_rank", rank=placing.rank, number=len(placings))
    with_it = [one.result.unit for one in placings if one.rank == placing.rank]
    if placing.tied:
        others = words("list.separator").join(one for one in with_it if one != own.unit)
        yield words("report.note_tied", units=others)
    if above is None:
        yield words("report.note_first")
    elif above.result.total == own.total:
        yield words("report.note_above_equal", above=above.result.unit)
    else:
        with exactly():
            gap = above.result.total - own.total
        yield words("report.note_above", above=above.result.unit, gap=plain(gap))
    if placing.band is not None:
        yield words("report.note_band", band=placing.band.name)
    yield from veto_remarks(rubric, own, words)
    yield from final_account(rubric, placing, placings[0], words)
    if own.unscored:
        yield provisional_note(rubric, words)
    yield rules_in_force(rubric, ranking, words)
    yield from panel_notes(rubric, words)
    yield from accepted_notes(rubric, words)


def _of_item(words: Words, tables: Sequence[Table], item: str) -> list[Table]:
    """The same tables with the lines of one item alone, as far as they have any."""
    wanted = item.strip().upper()
    known = [str(row.cells[0]) for table in tables for row in table.rows() if row.cells[1]]
    if wanted not in known:
        raise WrongUsage(no_such(words, "item", item, known))
    chosen = []
    for table in tables:
        rows = [row for row in table.rows() if row.cells[0] == wanted]
        chosen += [table._replace(rows=rows.copy)] if rows else []
    return chosen


def no_such(words: Words, kind: str, name: str, known: Sequence[str]) -> str:
    """That there is no sheet or item like this, and the nearest of those ``known``."""
    alike = nearest(name, known)
    key = f"usage.no_such_{kind}_nearest" if alike else f"usage.no_such_{kind}"
    return words(key, name=shortened(name), nearest=shortened(alike or ""))
