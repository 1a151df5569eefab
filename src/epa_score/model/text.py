"""Plain text values as they stood in a file."""

from typing import Annotated

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError


class QuotedText(str):
    """Text that stood in quotes in its file, and so is no number even if it looks like one."""

    __slots__ = ()


def _not_blank(value: object) -> object:
    if isinstance(value, str) and not value.strip():
        kind = "empty_field"
        raise PydanticCustomError(kind, "empty")
    return value


Text = Annotated[str, BeforeValidator(_not_blank)]
"""Text that says something."""
