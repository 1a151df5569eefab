"""Results that somebody altered after the export: `verify` finds each altered cell, and no other.

`EPA_SCORE_ALTERATIONS=1000` draws a thousand of them; every day it is a tenth.
"""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from random import Random

import pytest
from tests.support.commands import Run
from tests.support.published import (
    BASES,
    Alteration,
    Grid,
    alter_csv,
    alter_json,
    alter_workbook,
    alterations,
    exported,
    found_places,
    grids_of,
    options_of,
    set_up,
)

NUMBERS = {".xlsx": 75, ".json": 40, ".csv": 28}
"""Thousandths of all alterations that are drawn of one result of a format."""


@cache
def grids(data: bytes) -> Sequence[Grid]:
    return grids_of(data)


def alter(suffix: str, data: bytes, random: Random) -> Alteration:
    if suffix == ".xlsx":
        return alter_workbook(data, random, grids(data))
    return (alter_json if suffix == ".json" else alter_csv)(data, random)


def test_a_thousand_alterations_are_drawn_of_all_results() -> None:
    assert sum(NUMBERS.values()) * len(BASES) >= 1000


@pytest.mark.parametrize("suffix", NUMBERS)
@pytest.mark.parametrize("base", BASES)
def test_each_altered_cell_is_found_and_no_other(
    base: str, suffix: str, folder: Path, run: Run
) -> None:
    set_up(base, folder)
    data = exported(run, base, suffix)
    path = folder / f"altered{suffix}"
    path.write_bytes(data)
    outcome = run("verify", path, *options_of(base))
    assert (outcome.code, outcome.text) == (0, ""), outcome.text + outcome.said
    random = Random(f"{base}{suffix}")  # noqa: S311 -- the same alterations in every run
    for number in range(alterations(NUMBERS[suffix])):
        altered = alter(suffix, data, random)
        path.write_bytes(altered.data)
        outcome = run("verify", path, *options_of(base), "--format", "json")
        assert found_places(outcome) == altered.places, (number, altered.how, outcome.text)
        assert outcome.code == bool(altered.places)
