"""Items that only some units are scored on (仅适用于…): what the sheet of any other unit says."""

from epa_score.i18n import Words
from epa_score.model.rubric import Item, Rubric
from epa_score.model.sheet import Score, ScoreSheet
from epa_score.values.names import same_name_key


def reason_of(item: Item, rubric: Rubric) -> str:
    """The reason why an item does not apply to a unit that it is not for."""
    words = Words(rubric.lang)
    return words("form.only_for", units=words("list.separator").join(item.units))


def items_of_others(sheet: ScoreSheet, rubric: Rubric) -> dict[str, Item]:
    """The items by id that only other units are scored on."""
    scope = rubric.scope(sheet.unit) if rubric.has_items_for_some else None
    key = same_name_key(sheet.unit)
    items = scope.items if scope is not None else {}
    return {name: item for name, item in items.items() if not item.is_for(key)}


def with_items_of_others(sheet: ScoreSheet, rubric: Rubric) -> ScoreSheet:
    """The sheet, which says of every item for other units alone that it does not apply, and why.

    What it says itself of such an item stays, for the checks to see.
    """
    found = {
        name: Score(not_applicable=reason_of(item, rubric))
        for name, item in items_of_others(sheet, rubric).items()
        if _says_nothing(sheet.score(name))
    }
    return sheet.model_copy(update={"scores": {**sheet.scores, **found}}) if found else sheet


def _says_nothing(score: Score) -> bool:
    """True for a line that is empty, as that of a blank form is."""
    given = (*score.facts.values(), score.self_score, score.note, score.not_applicable)
    return all(value is None for value in given) and not (score.evidence or score.measured)
