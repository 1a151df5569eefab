"""A score sheet against its rubric: every fault is found, at its place, and only once."""

import unicodedata
from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epa_score.checks import (
    SheetKey,
    deductions_have_reasons,
    periods_are_one,
    units_are_missing,
    units_are_scored_once,
)
from epa_score.checks.several_sheets import without_sheet
from epa_score.checks.sheet import likely_item, ranges, unit_is_known
from epa_score.diagnostics import Diagnostic, Kind
from epa_score.diagnostics.finding import SheetPlace
from epa_score.diagnostics.nearest import nearest
from epa_score.model import same_name_key
from epa_score.readers import yaml
from epa_score.readers.rubrics import RubricFile, RubricLibrary, rubric_of
from epa_score.readers.sheets import SheetFile, sheet_of

RUBRIC = """
id: town
title: 乡镇
total: 12.5
sections:
  - id: A
    title: 领导重视
    max: 5
    items:
      - {id: A1, max: 3, text: 有人管}
      - {id: A2, max: 2, text: 有计划}
  - id: B
    title: 培训
    max: 7.5
    items:
      - {id: B1, max: 2.5, text: 有培训}
      - {id: B2, max: 2.5, text: 有名录}
      - {id: B3, max: 2.5, text: 有干部}
"""
CAPS = {"A1": "3", "A2": "2", "B1": "2.5", "B2": "2.5", "B3": "2.5"}
FULL = "".join(f"  {item}: {cap}\n" for item, cap in CAPS.items())
HEAD = "rubric: town\nunit: 甲镇\n"


def rubric_file(more: str = "") -> RubricFile:
    data = (RUBRIC + more).encode()
    found = rubric_of(data, yaml.read("rubric.yaml", data))
    assert found.rubric is not None, found.diagnostics
    return found


def check(
    scores: str, *, head: str = HEAD, more: str = "", incomplete: bool = False
) -> tuple[Diagnostic, ...]:
    """What is wrong with a sheet of which the first line of ``scores`` is line 4."""
    return read(f"{head}scores:\n{scores}", more, incomplete=incomplete).diagnostics


def read(text: str, more: str = "", *, incomplete: bool = False) -> SheetFile:
    data = text.encode()
    library = RubricLibrary(given=rubric_file(more))
    return sheet_of(data, yaml.read("sheet.yaml", data), library, incomplete=incomplete)


def places(diagnostics: tuple[Diagnostic, ...]) -> list[str]:
    """Line, columns and name of each diagnostic."""
    return [
        f"{one.location.line}:{one.location.column}-{one.location.end_column} {one.kind.label}"
        for one in diagnostics
    ]


def scored(**changed: str) -> str:
    """Full marks, but for the items that are ``changed``."""
    return "".join(f"  {item}: {cap}\n" for item, cap in (CAPS | changed).items())


def without(*items: str) -> str:
    return "".join(f"  {item}: {cap}\n" for item, cap in CAPS.items() if item not in items)


# --- points ----------------------------------------------------------------------------------


def test_full_marks_and_no_marks_are_fine() -> None:
    assert check(FULL) == ()
    assert check(scored(**dict.fromkeys(CAPS, "0"))) == ()


def test_points_over_the_cap_are_found_where_they_stand() -> None:
    (found,) = check(scored(B1="2.51"))
    assert places((found,)) == ["6:7-11 points_over_cap"]
    assert found.parameters == {
        "item": "B1",
        "points": Decimal("2.51"),
        "cap": Decimal("2.5"),
        "excess": Decimal("0.01"),
        "text": "有培训",
    }


def test_points_in_braces_and_below_a_note_are_found_as_well() -> None:
    text = """\
  A1: {note: 好, score: 33}
  A2:
    note: 好
    score: 22
  B1: 2.5
  B2: 2.5
  B3: 2.5
"""
    assert places(check(text)) == ["4:24-26 points_over_cap", "7:12-14 points_over_cap"]


def test_points_with_too_many_decimals_are_not_rounded() -> None:
    (found,) = check(scored(B1="1.255"))
    assert places((found,)) == ["6:7-12 points_too_precise"]
    assert found.parameters == {"item": "B1", "points": Decimal("1.255"), "decimals": 2}


def test_points_off_the_step_are_shown_with_their_neighbours() -> None:
    (found,) = check(scored(B1="1.2"), more="step: 0.5")
    assert places((found,)) == ["6:7-10 points_off_step"]
    assert found.parameters == {
        "item": "B1",
        "points": Decimal("1.2"),
        "step": Decimal("0.5"),
        "below": Decimal("1.0"),
        "above": Decimal("1.5"),
    }


@given(
    st.lists(
        st.tuples(st.sampled_from(sorted(CAPS)), st.integers(0, 400_000)),
        max_size=5,
        unique_by=lambda pair: pair[0],
    ),
    st.sampled_from([("decimals: 1", 1, ""), ("decimals: 3", 3, ""), ("step: 0.5", 2, "0.5")]),
)
def test_every_item_is_judged_by_cap_decimals_and_step(
    given_points: list[tuple[str, int]], rule: tuple[str, int, str]
) -> None:
    more, decimals, step = rule
    amounts = {item: Decimal(amount).scaleb(-5) for item, amount in given_points}
    found = check(scored(**{item: f"{one:f}" for item, one in amounts.items()}), more=more)
    expected = set()
    for item, one in amounts.items():
        line = 4 + list(CAPS).index(item)
        if one > Decimal(CAPS[item]):
            expected.add((line, Kind.POINTS_OVER_CAP))
        elif step and one % Decimal(step):
            expected.add((line, Kind.POINTS_OFF_STEP))
        elif not step and one != round(one, decimals):
            expected.add((line, Kind.POINTS_TOO_PRECISE))
    assert {(one.location.line, one.kind) for one in found} == expected
    assert len(found) == len(expected)


def test_points_of_an_item_that_is_not_there_are_not_judged() -> None:
    assert places(check(FULL + "  Z9: 99.999\n")) == ["9:3-5 unknown_item"]


def test_a_sheet_with_any_fault_is_not_handed_out() -> None:
    assert read(f"{HEAD}scores:\n{FULL}").sheet is not None
    faulty = read(f"{HEAD}scores:\n{scored(A1='3.01')}")
    assert (faulty.sheet, faulty.rubric_name, faulty.unit) == (None, "town", "甲镇")


# --- items without points --------------------------------------------------------------------


@pytest.mark.parametrize(
    "empty", ["", "~", "null", "NULL", "{}", "{score: }", "{note: 等材料}", "{score: ~, note: 等}"]
)
def test_an_item_without_points_is_named_at_the_scores(empty: str) -> None:
    (found,) = check(scored(A2=empty))
    assert places((found,)) == ["3:1-7 items_unscored"]
    assert found.parameters == {
        "items": ("A2",),
        "number": 1,
        "expected": 5,
        "found": 4,
        "first": "A2",
        "text": "有计划",
    }


def test_an_item_that_is_not_there_has_no_points() -> None:
    (found,) = check(without("A1", "B3"))
    assert found.kind is Kind.ITEMS_UNSCORED
    assert (found.parameters["items"], found.parameters["found"]) == (("A1", "B3"), 3)


def test_a_form_that_nobody_filled_in_lacks_every_item() -> None:
    (found,) = check(scored(**dict.fromkeys(CAPS, "")))
    assert (found.parameters["items"], found.parameters["found"]) == (tuple(CAPS), 0)


def test_an_incomplete_sheet_is_allowed_on_demand() -> None:
    assert check(scored(A2=""), incomplete=True) == ()
    assert check("  {}\n", incomplete=True) == ()
    assert places(check(scored(A1="9", A2=""), incomplete=True)) == ["4:7-8 points_over_cap"]


def test_a_line_that_stands_twice_is_the_one_fault() -> None:
    text = without("B2").replace("  B3", "  B1: 2\n  B3")
    (found,) = check(text)
    assert places((found,)) == ["7:3-5 duplicate_key"]
    assert found.parameters == {"key": "B1", "line": 6}


def test_a_line_that_stands_twice_hides_one_missing_item_only() -> None:
    text = without("A2", "B2", "B3") + "  A1: 2\n"
    found = check(text)
    assert places(found) == ["3:1-7 items_unscored", "6:3-5 duplicate_key"]
    assert found[0].parameters["items"] == ("B2", "B3")


def test_a_last_line_that_stands_twice_stands_for_no_other() -> None:
    found = check(without("A1") + "  B3: 2\n")
    assert places(found) == ["3:1-7 items_unscored", "8:3-5 duplicate_key"]
    assert found[0].parameters["items"] == ("A1",)


def test_an_item_whose_points_cannot_be_read_is_not_missing_as_well() -> None:
    found = check(scored(A1="八", A2="", B1="9"))
    assert places(found) == [
        "3:1-7 items_unscored",
        "4:7-8 points_not_a_number",
        "6:7-8 points_over_cap",
    ]
    assert found[0].parameters["items"] == ("A2",)


def test_of_a_line_that_cannot_be_read_nothing_else_is_said() -> None:
    found = check(scored(A1="八", A2="{score：8}"))
    assert places(found) == ["4:7-8 points_not_a_number", "5:13-14 fullwidth_punctuation"]


def test_a_note_beside_its_item_belongs_below_it() -> None:
    found = check("  A1: 3\n  note: 好\n  A2: 八\n")
    assert places(found) == ["5:3-7 indentation_off"]


# --- items that are not there ----------------------------------------------------------------


def test_an_unknown_item_is_matched_with_the_one_that_has_no_points() -> None:
    (found,) = check(without("B2") + "  B22: 1\n")
    assert places((found,)) == ["8:3-6 unknown_item"]
    assert found.parameters == {
        "item": "B22",
        "rubric": "town",
        "known": ("A1-A2", "B1-B3"),
        "known_in_all": 2,
        "nearest": "B2",
        "text": "有名录",
        "cap": Decimal("2.5"),
    }
    assert found.variant == "nearest"


def test_an_unknown_item_beside_all_known_ones_is_matched_with_none() -> None:
    (found,) = check(FULL + "  B22: 1\n")
    assert places((found,)) == ["9:3-6 unknown_item"]
    assert found.parameters == {
        "item": "B22",
        "rubric": "town",
        "known": ("A1-A2", "B1-B3"),
        "known_in_all": 2,
    }
    assert found.variant == ""


def test_two_unknown_items_are_not_matched_with_one() -> None:
    found = check(without("B2") + "  b2: 1\n  B22: 1\n")
    assert [one.parameters.get("nearest") for one in found] == ["B2", None]


def test_an_item_that_an_unknown_one_stands_for_is_not_missing_as_well() -> None:
    found = check(without("A1", "B2") + "  b2: 1\n")
    assert [(one.kind, one.parameters.get("items")) for one in found] == [
        (Kind.ITEMS_UNSCORED, ("A1",)),
        (Kind.UNKNOWN_ITEM, None),
    ]


def test_an_unknown_item_without_points_is_unknown_all_the_same() -> None:
    assert places(check(FULL + "  C1:\n")) == ["9:3-5 unknown_item"]
    assert places(check(FULL + "  C1:\n", incomplete=True)) == ["9:3-5 unknown_item"]


IDS = tuple(f"{letter}{number}" for letter in "AC" for number in range(1, 13))


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        *[
            ("C33", "C3"),
            ("a3", "A3"),
            ("Ａ３", "A3"),
            ("ａ３", "A3"),
            ("AO3", "A3"),
            ("A03", "A3"),
        ],
        *[("A1O", "A10"), ("CI0", "C10"), ("C-3", "C3"), ("C 3", "C3"), ("3C", None), ("Z9", None)],
        *[("A", "A1"), ("第三项", None), ("", None), ("C" * 500, None), ("①", "A1")],
    ],
)
def test_the_item_that_was_meant_is_found(name: str, meant: str | None) -> None:
    assert likely_item(name, IDS) == meant


@given(st.sampled_from(IDS), st.data())
def test_wide_letters_case_and_the_letter_o_do_not_hide_an_item(
    item: str, data: st.DataObject
) -> None:
    wide = {char: chr(ord(char) + 0xFEE0) for char in item}
    typed = "".join(data.draw(st.sampled_from([char, wide[char], char.lower()])) for char in item)
    if data.draw(st.booleans()):
        typed = typed[:1] + typed[1:].replace("0", data.draw(st.sampled_from("oOｏＯ")))
    assert likely_item(typed, IDS) == item


@given(st.text(max_size=6), st.sets(st.sampled_from(IDS)))
def test_the_nearest_item_is_one_without_points(name: str, unscored: set[str]) -> None:
    assert likely_item(name, sorted(unscored)) in unscored | {None}


@pytest.mark.parametrize(
    ("ids", "short"),
    [
        ("A1 A2 A3 B1 C1 C2", ["A1-A3", "B1", "C1-C2"]),
        ("A1 A3 A4 A9", ["A1", "A3-A4", "A9"]),
        ("A9 A10 A11", ["A9-A11"]),
        ("A2 A1", ["A2", "A1"]),
        ("A0 A1", ["A0", "A1"]),
        ("A01 A02 A1", ["A01", "A02", "A1"]),
        ("A08 A09 A10", ["A08", "A09", "A10"]),
        ("", []),
    ],
)
def test_item_ids_are_listed_in_short(ids: str, short: list[str]) -> None:
    assert list(ranges(ids.split())) == short


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("农业局", "县农业局"),
        ("县农业 局", "县农业局"),
        ("商务局", "县商务局"),
        ("某某局", None),
        ("移动", "移动公司"),
    ],
)
def test_the_nearest_name_is_alike_in_more_than_half(name: str, meant: str | None) -> None:
    assert nearest(name, ["县农业局", "县商务局", "移动公司"]) == meant


@given(st.text(max_size=20), st.lists(st.text(max_size=20), max_size=5))
def test_a_name_that_is_there_is_nearest_to_itself(name: str, others: list[str]) -> None:
    found = nearest(name, [*others, name])
    assert found is not None or not name.strip()
    if found is not None:
        same = (unicodedata.normalize("NFKC", one).casefold() for one in (found, name))
        assert len({one.strip().replace("o", "0") for one in same}) == 1


# --- units -----------------------------------------------------------------------------------

ROSTER = "units: [县农业局, 县商务局, Ｔ公司]\n"


@pytest.mark.parametrize("unit", ["县农业局", "Ｔ公司", "T公司", "t公司"])
def test_a_unit_on_the_roster_may_be_written_in_any_width(unit: str) -> None:
    assert check(FULL, head=f"rubric: town\nunit: {unit}\n", more=ROSTER) == ()


def test_a_unit_that_the_rubric_does_not_list_is_the_one_fault() -> None:
    (found,) = check("  A1: 9\n  Z9: 1\n", head="rubric: town\nunit: 农业局\n", more=ROSTER)
    assert places((found,)) == ["2:7-10 unknown_unit"]
    assert found.parameters == {
        "unit": "农业局",
        "rubric": "town",
        "nearest": "县农业局",
        "known": ("县农业局", "县商务局", "Ｔ公司"),
        "known_in_all": 3,
    }
    assert found.variant == "nearest"


def test_where_all_units_are_known_the_rule_finds_nothing() -> None:
    rubric, sheet = rubric_file(ROSTER).rubric, read(f"{HEAD}scores:\n{FULL}").sheet
    assert rubric is not None
    assert sheet is not None
    known = sheet.model_copy(update={"unit": "t公司"})
    assert list(unit_is_known(known, rubric)) == []
    assert len(list(unit_is_known(sheet, rubric))) == 1


def test_a_unit_like_none_on_the_roster_gets_no_proposal() -> None:
    (found,) = check(FULL, more=ROSTER)
    assert (found.kind, found.parameters["nearest"]) == (Kind.UNKNOWN_UNIT, "")
    assert found.variant == ""


# --- sheets together -------------------------------------------------------------------------


def handed(path: str, unit: str, period: str | None = "2018", rubric: str = "town") -> SheetKey:
    return SheetKey(SheetPlace(path), rubric, unit, period)


def test_a_unit_is_scored_once_in_a_period() -> None:
    sheets = [handed("1", "甲镇"), handed("2", "乙镇"), handed("3", "甲镇"), handed("4", "甲镇")]
    found = list(units_are_scored_once(sheets))
    assert [(str(place), one.kind, one.parameters) for place, one, _ in found] == [
        (path, Kind.UNIT_SCORED_TWICE, {"unit": "甲镇", "other": "1", "period": "2018"})
        for path in ("3", "4")
    ]


def test_names_of_one_unit_in_two_widths_are_one_unit() -> None:
    sheets = [handed("1", "Ｔ公司", None), handed("2", "t公司", None)]
    ((place, found, _),) = units_are_scored_once(sheets)
    assert (str(place), found.parameters["other"], found.parameters["period"]) == ("2", "1", "-")


def test_units_may_have_sheets_of_several_periods_and_rubrics() -> None:
    sheets = [handed("1", "甲镇"), handed("2", "甲镇", "2019"), handed("3", "甲镇", rubric="own")]
    assert list(units_are_scored_once(sheets)) == []


@pytest.mark.parametrize("order", list(permutations(["甲镇", "乙镇", "甲 镇"])))
def test_the_later_sheet_of_a_unit_is_found_in_any_order(order: tuple[str, ...]) -> None:
    files = {"甲镇": "a.yaml", "乙镇": "b.yaml", "甲 镇": "c.yaml"}
    sheets = [handed(files[unit], unit) for unit in order]
    first, second = (sheet.place for sheet in sheets if sheet.unit != "乙镇")
    (found,) = units_are_scored_once(sheets)
    assert (found.place, found.other) == (second, first)


@pytest.mark.parametrize(
    ("periods", "named", "example", "others"),
    [
        (["2018", "2019", "2018"], ("2018 (2)", "2019 (1)"), "2018", ("1",)),
        (["2018", None], ("- (1)", "2018 (1)"), "2018", ("1",)),
        (["2018", *["2017", None] * 4], ("- (4)", "2017 (4)", "2018 (1)"), "2017",
         ("0", "2", "4", "6", "8")),
        ([*["2018"] * 9, *[None] * 7], ("- (7)", "2018 (9)"), "2018",
         ("9", "10", "11", "12", "13", "14", "...")),
    ],
)  # fmt: skip
def test_sheets_of_several_periods_are_found(
    periods: list[str | None], named: tuple[str, ...], example: str, others: tuple[str, ...]
) -> None:
    """The period of most sheets is taken for the right one, and the other files are named."""
    sheets = [handed(str(index), "甲镇", period) for index, period in enumerate(periods)]
    (found,) = periods_are_one("town", sheets)
    assert found.kind is Kind.SEVERAL_PERIODS
    assert found.parameters == {
        "rubric": "town",
        "periods": named,
        "example": example,
        "others": others,
    }


@pytest.mark.parametrize("periods", [[], [None, None], ["2018", "2018"]])
def test_sheets_of_one_period_are_fine(periods: list[str | None]) -> None:
    sheets = [handed(str(index), "甲镇", period) for index, period in enumerate(periods)]
    assert list(periods_are_one("town", sheets)) == []


def test_units_of_the_roster_without_a_sheet_are_named_in_its_order() -> None:
    rubric = rubric_file(ROSTER).rubric
    assert rubric is not None
    units = without_sheet(rubric.known_units, {same_name_key("t公司")})
    found = units_are_missing(rubric.id, units)
    assert found.kind is Kind.UNITS_WITHOUT_SHEET
    assert found.kind.severity == "warning"
    assert units == ("县农业局", "县商务局")
    assert found.parameters == {"rubric": "town", "units": units, "number": 2}
    assert without_sheet(rubric.known_units, ()) == rubric.known_units
    everybody = set(map(same_name_key, rubric.known_units))
    assert without_sheet(rubric.known_units, everybody) == ()


def reasons_asked_for(scores: str, more: str = "", head: str = HEAD) -> list[tuple[object, ...]]:
    """The items and what else is said of deductions without a reason."""
    sheet = read(f"{head}scores:\n{scores}", more)
    assert sheet.sheet is not None, sheet.diagnostics
    assert sheet.rubric is not None
    found = deductions_have_reasons(sheet.sheet, sheet.rubric)
    names = ("items", "number", "first", "points")
    return [tuple(finding.parameters[name] for name in names) for finding in found]


def test_points_below_the_cap_want_a_reason_and_full_marks_do_not() -> None:
    assert reasons_asked_for(FULL) == []
    assert reasons_asked_for(scored(A2="1.5", B3="0")) == [(("A2", "B3"), 2, "A2", "1.5")]
    assert reasons_asked_for(scored(A2="{score: 1.5, note: 缺一期}")) == []
    two = scored(A2="{score: 1.5, note: 缺一期}", B3="{score: 0, evidence: [简报]}")
    assert reasons_asked_for(two) == [(("B3",), 1, "B3", "0")]
    panel = "panel: {method: mean, by: item, minimum: 2}\n"
    assert reasons_asked_for(scored(A2="1"), panel, f"{HEAD}assessor: 张三\n") == []
