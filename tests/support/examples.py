"""How many random examples a property is tried with."""

import os

from hypothesis import settings

EVERYDAY, FULL = "everyday", "full"


def register_profiles() -> None:
    """Let `--hypothesis-profile=full` try more round trips of workbooks than every day."""
    settings.register_profile(FULL, deadline=None, derandomize=True, print_blob=False)
    settings.register_profile(EVERYDAY, settings.get_profile(FULL))
    settings.load_profile(EVERYDAY)


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
    everyday = settings.get_current_profile_name() == EVERYDAY
    return int(os.environ.get("EPA_SCORE_RUBRICS") or (60 if everyday else 2000))
