"""Names of units: who is assessed."""

import unicodedata
from typing import Annotated

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from epa_score.diagnostics.visible import hides_nothing, is_hidden
from epa_score.model.text import Text

_QUOTES = "“”‘’「」『』\"'＂＇"


def read_unit_name(name: str) -> str:
    """The name in NFC and trimmed.

    Raises a `PydanticCustomError` for control, zero-width and direction characters and for
    quotes around the name: two names that look alike must be alike.
    """
    name = unicodedata.normalize("NFC", name).strip()
    quoted = len(name) > 1 and name[0] in _QUOTES and name[-1] in _QUOTES
    if quoted:
        kind = "unit_name_characters"
        context = {"unit": name, "character": name[0], "clean": name[1:-1], "variant": "quotes"}
        raise PydanticCustomError(kind, "name", context)
    hidden = () if hides_nothing(name) else tuple(filter(is_hidden, name))
    if hidden:
        kind = "unit_name_characters"
        code = f"U+{ord(hidden[0]):04X}"
        clean = "".join(char for char in name if char not in hidden)
        raise PydanticCustomError(kind, "name", {"unit": name, "character": code, "clean": clean})
    return name


UnitName = Annotated[Text, AfterValidator(read_unit_name)]
"""The name of a unit."""


def same_name_key(name: str) -> str:
    """What is equal for two names of one unit: NFKC and case folding."""
    return unicodedata.normalize("NFKC", name).casefold()
