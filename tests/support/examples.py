"""How many random examples a property is tried with."""

import os
import secrets

import pytest
from hypothesis import HealthCheck, settings

EVERYDAY, THOROUGH, FULL = "everyday", "thorough", "full"


def register_profiles() -> None:
    """Draw the same examples every day, and others in each run of `--hypothesis-profile=full`.

    Before a landing the thorough profile draws as many, the same each time. What was drawn follows
    from the seed alone (decision: full-profile-draws-anew).
    """
    settings.register_profile(EVERYDAY, deadline=None, derandomize=True, print_blob=False)
    settings.register_profile(THOROUGH, settings.get_profile(EVERYDAY), database=None)
    settings.register_profile(
        FULL,
        deadline=None,
        derandomize=False,
        database=None,
        print_blob=True,
        suppress_health_check=[HealthCheck.too_slow],
    )
    settings.load_profile(EVERYDAY)


def choose_seed(config: pytest.Config) -> None:
    """Give the full profile a seed, which the workers have as well, unless one was named."""
    if config.getoption("--hypothesis-profile") == FULL:
        config.option.hypothesis_seed = seed_of(config) or str(secrets.randbelow(10**9))


def seed_of(config: pytest.Config) -> str | None:
    """The seed that examples are drawn with; ``None`` where they are the same in every run."""
    seed: str | None = config.getoption("--hypothesis-seed")
    return seed


def round_trips(number: int) -> settings:
    """Write and read so many workbooks in the full profile, and 20 at most every day."""
    everyday = settings.get_current_profile_name() == EVERYDAY
    return settings(max_examples=min(number, 20) if everyday else number)


def mutations() -> int:
    """How many mutations of a form are tried: thousands in the full profile."""
    everyday = settings.get_current_profile_name() == EVERYDAY
    return int(os.environ.get("EPA_SCORE_MUTATIONS") or (100 if everyday else 150))


def alterations() -> int:
    """How many alterations of results workbooks are tried; 300 have been, and were all told."""
    return int(os.environ.get("EPA_SCORE_ALTERATIONS") or 60)


def whole_rubric_examples() -> int:
    """How many whole rubrics are scored a second time, by a scorer of its own."""
    numbers = {EVERYDAY: 60, THOROUGH: 200, FULL: 2000}
    number = numbers[settings.get_current_profile_name()]
    return int(os.environ.get("EPA_SCORE_RUBRICS") or number)
