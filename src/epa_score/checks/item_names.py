"""Item numbers: which one was meant, and how a list of them is written."""

import re
import unicodedata
from collections.abc import Iterable

from epa_score.diagnostics.nearest import nearest

_ID = re.compile(r"([A-Z])([1-9][0-9]*)")


def likely_item(name: str, unscored: Iterable[str]) -> str | None:
    """The item without points that ``name`` probably stands for."""
    meant = unicodedata.normalize("NFKC", name).upper()
    return nearest(meant[:1] + meant[1:].replace("O", "0"), unscored)


def ranges(ids: Iterable[str]) -> tuple[str, ...]:
    """Item ids in short: ``A1-A6``, ``B1-B5``, ``C1``."""
    runs: list[list[str]] = []
    for one in ids:
        if runs and one == _following(runs[-1][-1]):
            runs[-1].append(one)
        else:
            runs.append([one])
    return tuple(run[0] if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)


def _following(item_id: str) -> str:
    """The id after ``A9``, ``A10``; empty where ids are written in another way."""
    match = _ID.fullmatch(item_id)
    return f"{match[1]}{int(match[2]) + 1}" if match else ""
