"""The name that somebody probably meant."""

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from typing import NamedTuple

LIKENESS = 0.6
"""From which ratio of `difflib` on two names count as alike."""

_MOST_COMPARED = 100
"""The characters of a name that are compared."""


def comparison_key(name: str) -> str:
    """A name as it is compared: NFKC, trimmed, case folded."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def nearest(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate most like ``name``, or ``None`` where none is like it.

    The letter O counts as the digit 0. Of candidates equally alike the first wins. Whoever asks
    more than once keeps a `NameIndex`.
    """
    return NameIndex(candidates).nearest(name)


_Sign = tuple[str, int]
"""A character, and how many of its kind the name has up to there."""


class _SameSigns(NamedTuple):
    """The candidates that are made of the same characters, by their numbers in order."""

    signs: frozenset[_Sign]
    numbers: list[int]


class NameIndex:
    """Names to be asked which of them is nearest, found by the characters that they share.

    What two names share bounds their likeness. So candidates are looked up from the rarest
    character of a name on, for as long as there may be one more like it than what was found, and
    few of a whole roster are compared in full.
    """

    def __init__(self, candidates: Iterable[str]) -> None:
        """Make the index of those names."""
        self.names = tuple(candidates)
        """The names, in their order."""
        self._keys = tuple(map(_letters, self.names))
        groups: dict[frozenset[_Sign], _SameSigns] = {}
        for number, key in enumerate(self._keys):
            signs = frozenset(_signs(key))
            groups.setdefault(signs, _SameSigns(signs, [])).numbers.append(number)
        self._with: dict[_Sign, list[_SameSigns]] = defaultdict(list)
        for group in groups.values():
            for sign in group.signs:
                self._with[sign].append(group)

    def nearest(self, name: str) -> str | None:
        """The name most like ``name``, by the rules of the function `nearest`."""
        meant = _letters(name)[:_MOST_COMPARED]
        matcher = SequenceMatcher(b=meant)
        signs = frozenset(_signs(meant))
        rarest_first = sorted(signs, key=lambda sign: len(self._with.get(sign, ())))
        best, likeness = len(self.names), LIKENESS
        seen: set[int] = set()
        for index, sign in enumerate(rarest_first):
            # Who has none of the signs so far shares those left at most, and is no shorter.
            left = len(signs) - index
            if 2.0 * left / (len(signs) + left) < likeness:
                break
            fresh = [group for group in self._with.get(sign, ()) if group.numbers[0] not in seen]
            seen.update(group.numbers[0] for group in fresh)
            for bound, group in _likeliest_first(fresh, signs):
                if bound < likeness:
                    break
                for number in group.numbers:
                    if bound == likeness and number > best:
                        break
                    matcher.set_seq1(self._keys[number])
                    ratio = matcher.ratio()
                    if ratio > likeness or (ratio == likeness and number < best):
                        best, likeness = number, ratio
        return self.names[best] if best < len(self.names) else None


def _likeliest_first(
    groups: Iterable[_SameSigns], signs: frozenset[_Sign]
) -> list[tuple[float, _SameSigns]]:
    """The groups with the ratio that they can reach, which is that of what they share."""
    bounded = [
        (2.0 * len(group.signs & signs) / (len(group.signs) + len(signs)), group)
        for group in groups
    ]
    return sorted(bounded, key=lambda one: (-one[0], one[1].numbers[0]))


def _letters(name: str) -> str:
    return comparison_key(name).replace("o", "0")


def _signs(letters: str) -> Iterator[_Sign]:
    counts: Counter[str] = Counter()
    for letter in letters:
        counts[letter] += 1
        yield letter, counts[letter]
