"""Settings with two readings: one is chosen, and changes some figure."""

import pytest
from tests.support.rubrics import HEAD, read_rubric

from epa_score.diagnostics import Diagnostic

POOL = """\
total: 20
sections:
  - id: A
    title: 报送
    max: 20
    POOL
    items:
      - {id: A1, max: 12, text: 一, rule: {deduct: {each: 1}}}
      - {id: A2, max: 8, text: 二, rule: {deduct: {each: 0.5}}}
"""


def found(text: str) -> list[Diagnostic]:
    return list(read_rubric(HEAD + text).diagnostics)


def pool(fields: str, *changes: tuple[str, str]) -> list[Diagnostic]:
    text = POOL.replace("POOL", fields.replace("; ", "\n    "))
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return found(text)


def kinds(diagnostics: list[Diagnostic]) -> list[str]:
    return [f"{one.kind.code} {one.variant}".strip() for one in diagnostics]


NO_MORE = ("{each: 1}", "{each: 1, possible: 12}"), ("{each: 0.5}", "{each: 0.5, possible: 16}")
ONE = (
    ("{id: A1, max: 12", "{id: A1, max: 20"),
    ("      - {id: A2, max: 8, text: 二, rule: {deduct: {each: 0.5}}}\n", ""),
)


@pytest.mark.parametrize(
    ("fields", "changes", "codes"),
    [
        ("pool: section", (), []),
        ("pool: section; floor: 12", (), []),
        ("pool: section; floor: 12", NO_MORE, []),
        ("pool: section", NO_MORE, ["EPA252 section"]),
        ("pool: section", NO_MORE[:1], []),
        ("pool: section", ONE, ["EPA252 section"]),
        ("pool: section; floor: 2", ONE, []),
        ("pool: section; floor: 20", (), ["EPA222 floor"]),
        ("pool: section; floor: 21", (), ["EPA215"]),
        ("pool: section", (("max: 8", "max: 7"),), ["EPA201"]),
        ("pool: section; accept_mismatch: 印的是 20 分", (("max: 8", "max: 7"),), []),
        ("pool: section; capped: true", (), ["EPA201 capped", "EPA219 capped"]),
        ("pool: items", (), ["EPA252"]),
        ("pool: items; floor: 2", (), []),
        ("pool: items", (("max: 8", "max: 7"),), []),
        ("pool: items", ONE, ["EPA252"]),
        ("pool: false", (), []),
        ("pool: ", (), ["EPA023"]),
        ("pool: each", (), ["EPA025"]),
        ("pool: [items]", (), ["EPA025"]),
        ("pool: true", (), ["EPA250"]),
        ("pool: true; floor: 12", (), ["EPA250 plain"]),
        ("pool: true", NO_MORE, ["EPA250 plain"]),
        (
            "pool: true",
            (("rule: {deduct: {each: 1}}", "not_applicable: full"),),
            ["EPA250", "EPA219 pool"],
        ),
    ],
)
def test_a_pool_says_what_an_item_takes_and_changes_some_figure(
    fields: str, changes: tuple[tuple[str, str], ...], codes: list[str]
) -> None:
    assert kinds(pool(fields, *changes)) == codes


def test_both_readings_of_a_pool_are_shown_with_their_figures() -> None:
    (one,) = pool("pool: true; floor: 9", ("{each: 0.5}", "{each: {迟报: 0.5, 缺报: 2}}"))
    # A1 takes 13 of 20: 7, 9 at least, under both; A2 takes 17 halves: 8 at most under items.
    about = one.parameters
    assert [str(about[name]) for name in ("item", "number", "lost", "by_items", "by_section")] == [
        *("A2", "17", "8.5", "12", "11.5"),
    ]
