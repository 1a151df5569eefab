"""Settings with two readings: one is chosen, and changes some figure."""

from decimal import Decimal

import pytest
from tests.support.adjustments import SHEET, TEXT, read, rubric_in
from tests.support.rubrics import HEAD, read_rubric

from epa_score.diagnostics import Diagnostic
from epa_score.i18n import plain

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
        ("pool: true", (("{each: 1}", "{each: 0}"),), ["EPA250", "EPA208"]),
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


ITEMS = "[{id: A1, max: 12, text: 一}, {id: A2, max: 8, text: 二}]"


def panel(fields: str, items: str = ITEMS, *more: str) -> list[Diagnostic]:
    section = f"{{id: A, title: 报送, max: 20, items: {items}}}"
    return found("".join([f"total: 20\npanel: {fields}\n", *more, f"sections: [{section}]\n"]))


RULED = ITEMS.replace("text: 二", "text: 二, rule: {deduct: {each: 1}}")
ALONE = "[{id: A1, max: 20, text: 一}]"


@pytest.mark.parametrize(
    ("fields", "items", "codes"),
    [
        ("{by: item, method: mean, minimum: 1}", ITEMS, []),
        ("{by: total, method: median, minimum: 2, gap: 19.5}", ITEMS, []),
        ("{by: total, method: median, minimum: 2, gap: 20}", ITEMS, ["EPA242 total"]),
        ("{by: totals, method: mean, minimum: 1}", ITEMS, ["EPA025"]),
        ("{by: , method: mean, minimum: 1}", ITEMS, ["EPA023"]),
        ("{method: mean, minimum: 2}", ITEMS, ["EPA251"]),
        ("{method: mean, minimum: 1}", ITEMS, ["EPA251"]),
        ("{method: trimmed_mean, minimum: 2}", ITEMS, ["EPA251 plain", "EPA241"]),
        ("{method: trimmed_mean, minimum: 3}", RULED, ["EPA251 plain"]),
        ("{method: mean, minimum: 2}", ALONE, []),
        ("{by: item, method: mean, minimum: 2}", ALONE, ["EPA252 by"]),
        ("{by: total, method: median, minimum: 2}", ALONE, ["EPA252 by"]),
    ],
)
def test_a_panel_says_what_it_combines(fields: str, items: str, codes: list[str]) -> None:
    assert kinds(panel(fields, items)) == codes


@pytest.mark.parametrize(
    ("fields", "figures"),
    [
        # A1 12, 0, 12 -> 12 and A2 0, 8, 8 -> 8; totals 12, 8, 20 -> 12
        ("{method: trimmed_mean, minimum: 3}", ["3", "('12+0', '0+8', '12+8')", "20", "12"]),
        # two of five go at either end
        (
            "{method: median, minimum: 5}",
            ["5", "('12+0', '12+0', '0+8', '0+8', '12+8')", "20", "12"],
        ),
        # half a cent goes up: 0.01 twice; 0.02 / 2 = 0.01
        ("{method: mean, minimum: 2}", ["2", "('0.01+0.01', '0+0')", "0.02", "0.01"]),
        # 0.01 / 4 is 0 each, and 0.02 / 4 = 0.005 goes up
        ("{method: mean, minimum: 4}", ["4", "('0.01+0.01', '0+0', '0+0', '0+0')", "0", "0.01"]),
    ],
)
def test_both_readings_of_a_panel_are_shown_with_their_figures(
    fields: str, figures: list[str]
) -> None:
    (one,) = panel(fields)
    about = one.parameters
    shown = [plain(Decimal(str(about[name]))) for name in ("number", "by_item", "by_total")]
    assert [shown[0], str(about["given"]), *shown[1:]] == figures


def test_where_no_example_is_found_both_readings_are_told_without_figures() -> None:
    # 1 / 9, 1 / 10 and 1 / 11 twice are 2 / 9, 2 / 10 and 2 / 11, all to two decimals
    assert kinds(panel("{method: mean, minimum: 9}", ITEMS, "step: 1\n")) == ["EPA251 plain"]


def test_both_readings_are_shown_of_items_in_any_section() -> None:
    text = "total: 20\npanel: {method: median, minimum: 3}\nsections:\n"
    text += "  - {id: A, title: 一, max: 5, capped: true, items: [{id: A1, max: 5, text: 一}, "
    text += "{id: A2, max: 4, text: 二}]}\n"
    text += "  - {id: B, title: 二, max: 9, sections: [{id: C, title: 三, max: 9, items: "
    text += "[{id: C1, max: 9, text: 三}]}]}\n"
    text += "  - {id: D, title: 四, max: 6, items: [{id: D1, max: 6, text: 四}]}\n"
    (one,) = found(text)
    assert one.parameters["items"] == ("C1", "D1")
    # C1 9, 0, 9 and D1 0, 6, 6: 9 + 6; totals 9, 6, 15: 9
    assert [one.parameters["by_item"], one.parameters["by_total"]] == [15, 9]


def test_an_item_alone_in_a_pool_is_not_certain() -> None:
    pooled = "total: 20\npanel: {PANEL}\nsections: [{id: A, title: 报送, max: 20, pool: items, "
    pooled += "floor: 5, items: [{id: A1, max: 20, text: 一, rule: {deduct: {each: 1}}}]}]\n"
    assert kinds(found(pooled.replace("PANEL", "method: mean, minimum: 2"))) == ["EPA251 plain"]
    assert kinds(found(pooled.replace("PANEL", "by: item, method: mean, minimum: 2"))) == []


def test_both_readings_of_a_pool_are_shown_with_their_figures() -> None:
    (one,) = pool("pool: true; floor: 9", ("{each: 0.5}", "{each: {迟报: 0.5, 缺报: 2}}"))
    # A1 takes 13 of 20: 7, 9 at least, under both; A2 takes 17 halves: 8 at most under items.
    about = one.parameters
    assert [str(about[name]) for name in ("item", "number", "lost", "by_items", "by_section")] == [
        *("A2", "17", "8.5", "12", "11.5"),
    ]


@pytest.mark.parametrize(
    ("floor", "rule", "figures"),
    [
        # of 20 points, of which A1 has 12 and A2 has 8
        ("", "{judged: {most: 20}}", ["A1", "1", "20", "8", "0"]),
        ("", "{judged: {most: 19.5}}", ["A1", "1", "19.5", "8", "0.5"]),
        ("", "{judged: {most: 12.5}}", ["A1", "1", "12.5", "8", "7.5"]),
        ("", "{judged: {most: 12}}", ["A2", "17", "8.5", "12", "11.5"]),
        ("", "{each: 20}", ["A1", "1", "20", "8", "0"]),
        ("", "{each: 7}", ["A1", "2", "14", "8", "6"]),
        ("", "{each: 6}", ["A1", "3", "18", "8", "2"]),
        ("", "{each: 7, possible: 2}", ["A1", "2", "14", "8", "6"]),
        ("", "{each: 7, possible: 1}", ["A2", "17", "8.5", "12", "11.5"]),
        ("; floor: 0.5", "{each: 20}", ["A1", "1", "20", "8", "0.5"]),
        ("; floor: 7.5", "{each: 20}", ["A1", "1", "20", "8", "7.5"]),
        ("; floor: 8", "{each: 20}", ["A2", "17", "8.5", "12", "11.5"]),
        ("; floor: 11.5", "{each: 20}", ["A2", "17", "8.5", "12", "11.5"]),
        ("; floor: 11.75", "{each: 20}", ["A2", "17", "8.5", "12", "11.75"]),
    ],
)
def test_a_pool_falls_to_its_floor_and_else_to_0(floor: str, rule: str, figures: list[str]) -> None:
    found = pool(f"pool: true{floor}", ("{each: 1}", rule))
    (one,) = (own for own in found if own.kind.code == "EPA250")
    names = ("item", "number", "lost", "by_items", "by_section")
    assert [str(one.parameters[name]) for name in names] == figures


def test_the_figures_of_a_pool_are_those_of_whole_steps() -> None:
    steps = "{each: 1, per: 3, possible: LIMIT}"
    (one,) = pool("pool: true", ("{each: 1}", steps.replace("LIMIT", "39")))
    # 13 points, more than the 12 of A1, follow from 39 occurrences
    assert [str(one.parameters[name]) for name in ("item", "number", "lost")] == ["A1", "39", "13"]
    (one,) = pool("pool: true", ("{each: 1}", steps.replace("LIMIT", "38")))
    assert one.parameters["item"] == "A2"


def test_both_readings_of_a_fact_at_two_adjustments_are_shown_with_their_points() -> None:
    text = TEXT.replace("    same_fact: once\n", "")
    sheet = f"{SHEET}adjustments:\n  J1: [甲, 乙]\n  J2: [丙, 甲]\n  J3: [甲]\n  K2: [乙]\n"
    one, other = read(sheet, rubric_in(text)).diagnostics
    assert [one.kind.code, one.location.line, one.location.column] == ["EPA450", 6, 11]
    names = ("fact", "first", "item", "way", "once", "each")
    assert [str(one.parameters[name]) for name in names] == ["甲", "J1", "J2", "bonus", "2", "3"]
    assert [str(other.parameters[name]) for name in names] == ["甲", "J1", "J3", "bonus", "2", "4"]
    assert read(sheet, rubric_in(TEXT)).diagnostics == ()
    twice = read(f"{SHEET}adjustments:\n  J1: [甲, 甲]\n  K1: [甲]\n", rubric_in(text)).diagnostics
    assert [one.kind.code for one in twice] == ["EPA432"]
    limited = rubric_in(text.replace("max: 6\n", "max: 4\n").replace("each: 1}", "each: 3}"))
    one, _ = read(sheet, limited).diagnostics
    assert [one.parameters[name] for name in ("once", "each")] == [3, 4]


@pytest.mark.parametrize("reading", ["once", "each"])
def test_same_fact_is_about_several_adjustments(reading: str) -> None:
    alone = f"adjustments:\n  bonus: {{same_fact: {reading}, items: [ITEM]}}\n"
    text = alone.replace("ITEM", "{id: J1, text: 一, each: 1}")
    section = f"sections: [{{id: A, title: 报送, max: 20, items: {ITEMS}}}]\n"
    (one,) = found(f"total: 20\n{text}{section}")
    assert kinds([one]) == ["EPA252 same_fact"]
    text = alone.replace("ITEM", "{id: J1, text: 一, each: 1}, {id: J2, text: 二, each: 1}")
    assert found(f"total: 20\n{text}{section}") == []
    assert kinds(
        found(f"total: 20\n{text.replace(f'same_fact: {reading}', 'same_fact: twice')}{section}")
    ) == ["EPA025"]
