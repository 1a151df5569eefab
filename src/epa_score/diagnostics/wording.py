"""The words of a diagnostic in one language."""

from decimal import Decimal
from typing import NamedTuple

from epa_score.diagnostics.finding import Diagnostic, Parameter
from epa_score.diagnostics.terminal_text import shortened
from epa_score.i18n import Words, agreeing, plain

_MOST_LISTED = 6


class Wording(NamedTuple):
    """What is said of a diagnostic: the headline, the words under the caret, notes and advice."""

    title: str
    label: str
    note: str
    help: str


def wording(diagnostic: Diagnostic, words: Words) -> Wording:
    """Put a diagnostic into words; texts from files are made visible and short.

    For a form there are words for people who see cells: a field is called by its label.
    """
    given = diagnostic.parameters
    shown = {name: _shown(name, one, words) for name, one in given.items()}
    if diagnostic.location.cell and "field" in given:
        label = words.get(f"form.{given['field']}")
        shown["field"] = label.rstrip(":： ") if label else shown["field"]
    parts = ("title", "label", "note", "help")
    texts = (_part(diagnostic, part, words) for part in parts)
    return Wording(*(agreeing(text, shown).format_map(shown) for text in texts))


def _part(diagnostic: Diagnostic, part: str, words: Words) -> str:
    """The template of a part: the variant's own, else the one for forms, else the common one."""
    variants = [diagnostic.variant] if diagnostic.variant else []
    if diagnostic.location.cell:
        variants = [*(f"{one}_form" for one in variants), *variants, "form"]
    key = f"{diagnostic.kind.code}.{part}"
    known = (words.get(f"{key}_{one}") for one in variants)
    return next((one for one in known if one is not None), words.get(key) or "")


def _shown(name: str, value: Parameter, words: Words) -> str:
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, tuple):
        listed = words("list.separator").join(shortened(one, 30) for one in value[:_MOST_LISTED])
        more = len(value) > _MOST_LISTED
        return listed + (words("list.more", number=len(value)) if more else "")
    if name == "expected":
        return words.get(f"shape.{value}") or str(value)
    return shortened(str(value))
