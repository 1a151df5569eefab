"""The name that somebody probably meant."""

import unicodedata
from collections.abc import Iterable
from difflib import SequenceMatcher

LIKENESS = 0.6
"""From which ratio of `difflib` on two names count as alike."""


def comparison_key(name: str) -> str:
    """A name as it is compared: NFKC, trimmed, case folded."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def nearest(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate most like ``name``, or ``None`` where none is like it.

    The letter O counts as the digit 0. Of candidates equally alike the first wins.
    """
    meant = comparison_key(name)[:100].replace("o", "0")
    best, likeness = None, LIKENESS
    matcher = SequenceMatcher(b=meant)
    for candidate in candidates:
        matcher.set_seq1(comparison_key(candidate).replace("o", "0"))
        if matcher.real_quick_ratio() < likeness or matcher.quick_ratio() < likeness:
            continue  # upper bounds, which cost less
        ratio = matcher.ratio()
        if ratio > likeness or (best is None and ratio >= likeness):
            best, likeness = candidate, ratio
    return best
