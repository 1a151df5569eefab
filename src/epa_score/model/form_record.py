"""The hidden sheet of a score form: its name and version, its cells, and the keys of sums."""

import json
import re
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

FORM_SHEET = "_epa_score"
"""The name of the hidden sheet that identifies a form."""

FORM_VERSION = "2"
"""The version of the hidden sheet's rows; readers refuse others."""

_QUOTED = re.compile(r'("(?:[^"]|"")*")')
_AREA = re.compile(
    r"(?<![A-Z0-9_.!'])([A-Z]{1,3})([0-9]{1,7})(?::([A-Z]{1,3})([0-9]{1,7}))?(?![A-Z0-9_.(!])"
)

_MOST = 30_000
"""Characters of one cell, some fewer than Excel's 32,767."""


def in_cells(value: Any) -> tuple[str, ...]:
    """A text or a list of texts for the hidden sheet, in as many cells as it needs.

    The cells hold JSON in plain ASCII without underscores: nothing that a workbook would change.
    """
    text = json.dumps(value).replace("_", "\\u005f")
    return tuple(text[start : start + _MOST] for start in range(0, len(text), _MOST))


def from_cells(cells: Iterable[str]) -> Any:
    """The value that `in_cells` put there. Raises `ValueError` for anything else."""
    return json.loads("".join(cells))


def sum_key(formula: str, columns: Mapping[str, str], items: Mapping[int, str]) -> str:
    """A key that is equal for two formulas that add up the same items, wherever these stand.

    ``columns`` are the names of columns by their letters, and ``items`` the items by their rows
    (from 1). How a program spells a formula does not matter.
    """

    def name_items(area: re.Match[str]) -> str:
        left, top, right, bottom = area.groups()
        if left not in columns or (right or left) != left:
            return area[0]
        first, last = sorted((int(top), int(bottom or top)))
        inside = sorted(item for row, item in items.items() if first <= row <= last)
        return f"{{{columns[left]} {' '.join(inside)}}}"

    parts = _QUOTED.split(formula.removeprefix("="))
    for number in range(0, len(parts), 2):  # those between are quoted
        plain = "".join(parts[number].split()).replace("$", "").upper()
        parts[number] = _AREA.sub(name_items, plain)
    return sha256("".join(parts).encode()).hexdigest()
