"""Plain text values as they stood in a file."""

from typing import Annotated

from pydantic import StringConstraints


class QuotedText(str):
    """Text that stood in quotes in its file, and so is no number even if it looks like one."""

    __slots__ = ()


Text = Annotated[str, StringConstraints(pattern=r"\S")]
"""Text that says something."""
