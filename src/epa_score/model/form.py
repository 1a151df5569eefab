"""How a score form in a workbook says that it is one, and keeps what cells cannot hold."""

import json
from collections.abc import Iterable
from typing import Any

FORM_SHEET = "_epa_score"
"""The name of the hidden sheet that identifies a form."""

FORM_VERSION = "1"
"""The version of the hidden sheet's rows; readers refuse others."""

_MOST = 30_000
"""Characters of one cell, some fewer than Excel's 32,767."""


def in_cells(value: Any) -> tuple[str, ...]:
    """A text or a list of texts for the hidden sheet, in as many cells as it needs.

    The cells hold JSON in plain ASCII without underscores: nothing that a workbook would change.
    """
    text = json.dumps(value).replace("_", "\\u005f")
    return tuple(text[start : start + _MOST] for start in range(0, len(text), _MOST))


def from_cells(cells: Iterable[str]) -> Any:
    """What `in_cells` put there. Raises `ValueError` for anything else."""
    return json.loads("".join(cells))
