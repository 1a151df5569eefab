"""How the total of a unit came about in a composite result, for ``epa-score explain --unit``."""

from epa_score.cli.accounting import no_such, notes_on
from epa_score.cli.compose import Composition, compose
from epa_score.cli.inputs import Choice
from epa_score.cli.session import Session
from epa_score.cli.usage import WrongUsage
from epa_score.i18n import Words
from epa_score.model import ScoreSheet, same_name_key
from epa_score.reports.composite_account import composite_account_table
from epa_score.reports.gap import gap_table
from epa_score.reports.table import Table
from epa_score.reports.vetoes import veto_remarks
from epa_score.scoring import Placing, Result


def composite_account(session: Session, path: str, choice: Choice, unit: str) -> list[Table]:
    """What a unit has from every source, and what separates it from the one above it.

    Raises `InputError` and `WrongUsage` as `compose` does, and `WrongUsage` for a unit that the
    result does not have.
    """
    made, words, key = compose(session, path, choice), session.words, same_name_key(unit)
    rubric = made.as_rubric(words)
    for placing in made.ranking.placings:
        if same_name_key(placing.result.unit) == key:
            better = [one for one in made.ranking.placings if one.rank < placing.rank]
            above = better[-1] if better else None
            notes = tuple(notes_on(rubric, made.ranking, placing, above, words))
            tables = [_table(made, placing.result, words, notes)]
            return tables if above is None else [*tables, _gap(made, placing, above, words)]
    for result in made.ranking.excluded:
        if same_name_key(result.unit) == key:
            return [_table(made, result, words, tuple(veto_remarks(rubric, result, words)))]
    known = [result.unit for _, result in made.ranking.everybody]
    raise WrongUsage(no_such(words, "sheet", unit, known))


def _table(made: Composition, result: Result, words: Words, notes: tuple[str, ...]) -> Table:
    key = same_name_key(result.unit)
    sources = zip(made.composite.sources, made.caps, strict=True)
    totals = [(made.totals[one.name][key], cap) for one, cap in sources]
    return composite_account_table(made.composite, result, totals, words, notes)


def _gap(made: Composition, own: Placing, above: Placing, words: Words) -> Table:
    """The figures of both; there are no items of a composite result, and so no points of any."""
    sheets = {
        one.result.unit: ScoreSheet.model_validate(
            {"rubric": made.composite.composite, "unit": one.result.unit, "scores": {}}
        )
        for one in (own, above)
    }
    return gap_table(made.as_rubric(words), (own, above), sheets, words)
