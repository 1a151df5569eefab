"""Which band a unit is in: by its published total, and by its rank where bands have quotas."""

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from epa_score.model.band import Band
from epa_score.scoring.result import Result


class Banded(NamedTuple):
    """The band that a unit is in, and the one it ``reached``, which may have no room for it."""

    name: str
    reached: str


def band_of(bands: Sequence[Band], result: Result) -> int:
    """The number, from 0, of the first band whose threshold a total reaches.

    The last threshold is 0, so that there is one for every total. A veto that fails the unit makes
    it the last one, and one that bars it the second at best.
    """
    if "fail" in result.effects:
        return len(bands) - 1
    number = next(number for number, band in enumerate(bands) if result.total >= band.at_least)
    return max(number, 1) if "bar" in result.effects else number


def with_quotas(bands: Sequence[Band], ranks: Sequence[int], numbers: Sequence[int]) -> list[int]:
    """The number of each unit's band within the quotas, from ``ranks``, best first, and bands.

    A quota is filled by rank. Units that share a rank stay together: where not all of them fit,
    none does, and nobody behind them either. Who does not fit is in the next band, which may have
    a quota itself. (Decision: "at most" is kept, whatever the tie.)
    """
    found = list(numbers)
    for number, band in enumerate(bands):
        left = band.most
        if left is None:
            continue
        start = 0
        for _, equals in groupby(ranks):
            end = start + len(list(equals))
            here = [unit for unit in range(start, end) if found[unit] == number]
            left = left - len(here) if len(here) <= left else -1
            if left < 0:
                for unit in here:
                    found[unit] += 1
            start = end
    return found
