"""`explain CODE`: what each diagnostic means."""

import pytest
from tests.support.commands import (
    ESCAPE,
    Run,
)

from epa_score.cli.commands.explain import code_lines
from epa_score.diagnostics import Kind
from epa_score.i18n import Words


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_code_is_explained(run: Run, lang: str) -> None:
    words = Words("zh_CN" if lang == "zh" else lang)
    explained = {kind: [line.text for line in code_lines(kind, words)] for kind in Kind}
    assert len(explained) > 100
    for kind, (first, empty, *lines) in explained.items():
        assert empty == ""
        assert kind.code in first
        assert kind.label in first
        assert any(lines), kind
    kind = Kind.POINTS_OVER_CAP
    outcome = run("explain", kind.code, lang=lang)
    assert (outcome.code, outcome.text.splitlines()) == (0, explained[kind])


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
