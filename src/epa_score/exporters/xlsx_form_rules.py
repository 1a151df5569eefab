"""What a form does by itself: it refuses points above the cap, and what is no number.

Where an item may say that it does not apply, its cell takes that word as well.
"""

from xlsxwriter.utility import xl_rowcol_to_cell

from epa_score.exporters.xlsx.cells import exact
from epa_score.i18n import Words, plain
from epa_score.model import Item
from epa_score.reports.form import is_judged

Position = tuple[int, int]
"""A row and a column, from 0."""


def validation(item: Item, score: Position, words: Words) -> dict[str, object]:
    """What may be typed beside an item, with the words that say so."""
    cap, word = plain(item.max), words("form.not_applicable")
    if not is_judged(item):
        return {
            "validate": "list",
            "source": [words("form.computed"), word],
            "input_title": item.id,
            "input_message": words("form.prompt_word", word=word),
            "error_title": item.id,
            "error_message": words("form.prompt_word", word=word),
        }
    points, prompt, refused = xl_rowcol_to_cell(*score), "form.prompt", "form.refused"
    rule: dict[str, object] = {
        "validate": "decimal",
        "criteria": "between",
        "minimum": 0,
        "maximum": exact(item.max),
    }
    if item.not_applicable is not None:
        prompt, refused = "form.prompt_or_word", "form.refused_or_word"
        number = f"AND(ISNUMBER({points}),{points}>=0,{points}<={cap})"
        rule = {"validate": "custom", "value": f'=OR({points}="{word}",{number})'}
    return rule | {
        "input_title": item.id,
        "input_message": words(prompt, cap=cap, word=word),
        "error_title": item.id,
        "error_message": words(refused, cap=cap, word=word),
    }


def is_wrong(score: Position, cap: Position, word: str) -> str:
    """The formula that is true where something was pasted that may not be typed.

    It is that of the first of some rows, and moves along to the others. A ``word``, if any, may
    be typed as well.
    """
    points, limit = (f"${xl_rowcol_to_cell(*one)}" for one in (score, cap))
    other = f'{points}<>"{word}",' if word else ""
    return f'=AND({points}<>"",{other}OR(NOT(ISNUMBER({points})),{points}>{limit},{points}<0))'
