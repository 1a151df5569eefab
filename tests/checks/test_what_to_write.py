"""Messages that say what to write in place of what is refused."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.commands import Run, codes
from tests.support.composites import ANNUAL, MONTHLY, write_composite
from tests.support.rubrics import read_rubric, read_sheet_text, sound, text_of_items

from epa_score.checks.rubric import ITEM_ID, bad_id

COUNTED = text_of_items("- {id: A1, max: 10, text: 迟报, rule: {deduct: {each: 0.5}}}")
MEASURED = text_of_items("- {id: A1, max: 10, text: 率, rule: {ratio: {}}}")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *((text, "EPA406") for text in ("0.5", "0.5次", "0.5 次", ".5次", "半次", "一次半", "1/2")),
        *((text, "EPA406") for text in ("3个半", "2 次半", "1.50天")),
        *((text, "EPA404") for text in ("上半年", "3次", "四次", "3.0次", "半年报", "1.2.3")),
        ("3", ""),
    ],
)
def test_a_part_of_one_is_no_count(text: str, expected: str) -> None:
    found = read_sheet_text(
        sound(COUNTED), f"rubric: county\nunit: 甲镇\nscores: {{A1: {{value: {text}}}}}\n"
    )
    assert " ".join(one.kind.code for one in found.diagnostics) == expected


@pytest.mark.parametrize("text", ["0.{}x", ".{}x", "{}/", "{}x"])
def test_the_longest_text_in_place_of_a_count_is_looked_at_once(text: str) -> None:
    long = text.format("1" * 32_000)
    found = read_sheet_text(
        sound(COUNTED), f"rubric: county\nunit: 甲镇\nscores: {{A1: {{value: {long}}}}}\n"
    )
    assert [one.kind.code for one in found.diagnostics] == ["EPA404"]


def test_parts_of_one_are_numbers_of_another_kind() -> None:
    text = "rubric: county\nunit: 甲镇\nscores: {A1: {done: 0.5个, target: 2}}\n"
    found = read_sheet_text(sound(MEASURED), text)
    assert [one.kind.code for one in found.diagnostics] == ["EPA404"]
    text = text.replace("0.5个", "87%")
    (one,) = read_sheet_text(sound(MEASURED), text).diagnostics
    assert (one.kind.code, one.variant, one.parameters["instead"]) == ("EPA404", "", "")


@pytest.mark.parametrize(
    ("written", "nearest"),
    [
        ("a2", "A2"),
        ("Ａ２", "A2"),
        ("A-2", "A2"),
        ("AO2", "A02"),
        ("a1", "A3"),  # A1 and A2 there are
        ("1.2", "A3"),
        ("一", "A3"),
        ("A1234", "A3"),
    ],
)
def test_a_refused_id_comes_with_a_good_one(written: str, nearest: str) -> None:
    taken = {"A1"} if nearest == "A2" else {"A1", "A2"}
    found = bad_id(("id",), written, "A", taken)
    assert found.parameters["nearest"] == nearest
    assert nearest in taken


@given(st.lists(st.text(min_size=1), max_size=5), st.sets(st.sampled_from(["A1", "A2", "B1"])))
def test_proposed_ids_are_good_and_differ(written: list[str], taken: set[str]) -> None:
    given = set(taken)
    found = [bad_id((), text, "A", given).parameters["nearest"] for text in written]
    assert len({*found}) == len(found)
    assert not taken & {*found}
    assert all(ITEM_ID.fullmatch(str(name)) for name in found)


def test_ids_are_proposed_by_their_section_and_way() -> None:
    text = """\
id: county
title: 细则
total: 10
sections:
  - {id: 一, title: 工作, max: 5, items: [{id: "1", max: 3, text: 甲}, {id: "2", max: 2, text: 乙}]}
  - {id: C, title: 宣传, max: 5, items: [{id: c-1, max: 5, text: 丙}]}
adjustments:
  bonus: {items: [{id: "1", text: 表彰, each: 1}, {id: J1, text: 典型, each: 1}]}
  penalty: {items: [{id: "1", text: 通报, each: 1}]}
veto: [{id: 否决, text: 事故, effect: exclude}]
"""
    found = [one.parameters["nearest"] for one in read_rubric(text).diagnostics]
    assert found == ["A1", "A2", "C1", "J2", "K1", "V1"]


@pytest.mark.parametrize(
    ("quota", "variant"),
    [
        *((quota, "share") for quota in ("30%", "30％", "百分之三十", "0.3")),
        ("2.5", ""),
        ("0", ""),
    ],
)
def test_a_share_is_no_quota(quota: str, variant: str) -> None:
    bands = f"bands: [{{name: 优, at_least: 9, most: {quota}}}, {{name: 中, at_least: 0}}]"
    (one,) = read_rubric(text_of_items("- {id: A1, max: 10, text: 甲}", bands)).diagnostics
    assert (one.kind.code, one.variant) == ("EPA227", variant)


@pytest.mark.usefixtures("year")
@pytest.mark.parametrize("field", ["veto: []", "panel: {}", "units: [甲镇]", "step: 1"])
def test_fields_of_rubrics_have_no_place_in_a_composite(field: str, run: Run) -> None:
    write_composite(ANNUAL, MONTHLY, more=field + "\n")
    assert codes(run("validate", "year.yaml").text) == ["EPA265"]
    write_composite(ANNUAL.replace("}", f", {field}}}"), MONTHLY)
    assert codes(run("validate", "year.yaml").text) == ["EPA265"]
    assert Path("rubrics").is_dir()


def test_a_roster_of_units_names_no_section() -> None:
    items = "[{id: B1, max: 5, text: 乙}]"
    text = f"""\
id: county
title: 细则
total: 10
sections:
  - {{id: A, title: 工作, max: 5, items: [{{id: A1, max: 5, text: 甲}}]}}
  - {{id: B, title: 专项, max: 5, per_unit: [{{units: [甲镇, 乙镇], items: {items}}}]}}
"""
    sheet = "rubric: county\nunit: 丙局\nscores: {A1: 5}\n"
    (one,) = read_sheet_text(sound(text), sheet).diagnostics
    assert (one.variant, one.parameters["sections"]) == ("section", ("专项",))
    (one,) = read_sheet_text(sound(text + "units: [甲镇, 乙镇]\n"), sheet).diagnostics
    assert (one.variant, "sections" in one.parameters) == ("", False)
