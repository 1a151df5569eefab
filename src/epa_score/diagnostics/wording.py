"""The words of a diagnostic in one language."""

from decimal import Decimal
from typing import NamedTuple

from epa_score.diagnostics.finding import Diagnostic, Parameter
from epa_score.diagnostics.visible import shortened
from epa_score.i18n import Words, plain

_MOST_LISTED = 6


class Wording(NamedTuple):
    """What is said of a diagnostic: the headline, the words under the caret, notes and advice."""

    title: str
    label: str
    note: str
    help: str


def wording(diagnostic: Diagnostic, words: Words) -> Wording:
    """Put a diagnostic into words; texts from files are made visible and short."""
    shown = {name: _shown(name, one, words) for name, one in diagnostic.parameters.items()}
    parts = ("title", "label", "note", "help")
    return Wording(*(_part(diagnostic, part, words).format_map(shown) for part in parts))


def _part(diagnostic: Diagnostic, part: str, words: Words) -> str:
    """The template of a part: the variant's own, else the common one, else nothing."""
    key = f"{diagnostic.kind.code}.{part}"
    special = words.get(f"{key}_{diagnostic.variant}") if diagnostic.variant else None
    return special if special is not None else words.get(key) or ""


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
