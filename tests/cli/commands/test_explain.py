"""`explain CODE`: what each diagnostic means."""

import pytest
from tests.support.commands import (
    ESCAPE,
    Run,
)

from epa_score.diagnostics import Kind


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("kind", Kind, ids=lambda kind: kind.code)
def test_every_code_is_explained(run: Run, kind: Kind, lang: str) -> None:
    outcome = run("explain", kind.code, lang=lang)
    first, empty, *lines = outcome.text.splitlines()
    assert (outcome.code, empty) == (0, "")
    assert kind.code in first
    assert kind.label in first
    assert lines


def test_codes_are_found_however_they_are_written(run: Run) -> None:
    expected = run("explain", "EPA104")
    for name in ("epa104", "104", " EPA104 ", "points_over_cap"):
        assert run("explain", name) == expected


def test_all_codes_are_listed(run: Run) -> None:
    listed = run("explain").text.splitlines()
    assert [line[:6] for line in listed] == [kind.code for kind in Kind]


@pytest.mark.parametrize("code", ["EPA999", "EPA", "", "x", "-1", "EPA104\x1b[31m"])
def test_an_unknown_code_is_wrong_usage(run: Run, code: str) -> None:
    outcome = run("explain", "--", code)
    assert (outcome.code, outcome.out) == (2, b"")
    assert ESCAPE not in outcome.err
