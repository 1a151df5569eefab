"""A rubric by itself: random ones are sound, and each single mistake is found where it is made."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import combinations, pairwise
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from epa_score.diagnostics import Diagnostic, Kind
from epa_score.readers import yaml
from epa_score.readers.rubrics import rubric_of

Path = tuple[str | int, ...]
Tree = dict[str, Any]
"""A rubric as nested mappings and lists; amounts are `Decimal`, the rest is text."""

UNITS = ("移动公司", "Ｔ公司", "县商务局", "团县委")
NAMES = ("A", "B", "C", "D", "E", "F", "G", "H", "own", "common", "一", "II")


# --- rubrics as files ------------------------------------------------------------------------


@dataclass
class File:
    """A rubric written line by line, with the place of every key and value."""

    lines: list[str] = field(default_factory=list)
    keys: dict[Path, tuple[int, int, int]] = field(default_factory=dict)
    values: dict[Path, tuple[int, int, int]] = field(default_factory=dict)

    def write(self, value: object, path: Path, lead: str, indent: int) -> None:
        """Write a value; its first line begins with ``lead``, the others with ``indent`` spaces."""
        if isinstance(value, dict):
            for key, inner in value.items():
                self._entry((*path, key), inner, lead, indent)
                lead = " " * indent
        elif isinstance(value, list):
            for index, inner in enumerate(value):
                self.write(inner, (*path, index), f"{lead}- ", indent + 2)
                lead = " " * indent
        else:
            text = f"{value:f}" if isinstance(value, Decimal) else str(value)
            self.values[path] = self._span(lead, text)
            self.lines.append(lead + text)

    def _entry(self, path: Path, value: object, lead: str, indent: int) -> None:
        self.keys[path] = self._span(lead, str(path[-1]))
        lead += f"{path[-1]}:"
        if not isinstance(value, dict | list):
            self.write(value, path, f"{lead} ", indent)
        elif value:
            self.lines.append(lead)
            self.write(value, path, " " * (indent + 2), indent + 2)
        else:
            self.lines.append(f"{lead} {value}")

    def _span(self, lead: str, text: str) -> tuple[int, int, int]:
        return len(self.lines) + 1, len(lead) + 1, len(lead) + len(text) + 1


Place = tuple[Kind, Path, str]
"""What is wrong, the path to it, and whether its key or its value is meant."""


def check(tree: Tree) -> tuple[tuple[Diagnostic, ...], File]:
    file = File()
    file.write(tree, (), "", 0)
    data = "\n".join(file.lines).encode()
    found = rubric_of(data, yaml.read("rubric.yaml", data))
    assert (found.rubric is None) == bool(found.diagnostics)
    return found.diagnostics, file


def expect(tree: Tree, *expected: Place) -> None:
    """Exactly the expected things are wrong, each at its place."""
    diagnostics, file = check(tree)
    assert {
        (one.kind, (one.location.line, one.location.column, one.location.end_column))
        for one in diagnostics
    } == {
        (kind, (file.keys if part == "key" else file.values)[path]) for kind, path, part in expected
    }
    assert len(diagnostics) == len(set(expected))


def at(tree: Tree, path: Path) -> Any:
    for key in path:
        tree = tree[key]  # type: ignore[index]
    return tree


def sections_of(tree: Tree) -> Iterator[Path]:
    """The path of every section, in the order of the file."""

    def walk(path: Path) -> Iterator[Path]:
        for index, section in enumerate(at(tree, path)):
            yield (*path, index)
            if "sections" in section:
                yield from walk((*path, index, "sections"))

    yield from walk(("sections",))


def lists_of_items(tree: Tree) -> list[Path]:
    """The path of every list of items, in the order of the file."""
    found: list[Path] = []
    for path in sections_of(tree):
        section = at(tree, path)
        found += [(*path, "items")] if "items" in section else []
        own = section.get("per_unit", [])
        found += [(*path, "per_unit", index, "items") for index in range(len(own))]
    return found


def entries_of(tree: Tree) -> list[Path]:
    """The path of every list of per-unit entries."""
    return [(*path, "per_unit") for path in sections_of(tree) if "per_unit" in at(tree, path)]


# --- rubrics at random -----------------------------------------------------------------------


@st.composite
def partitions(draw: st.DrawFn, whole: int) -> list[int]:
    """A whole number cut into one to three."""
    cuts = draw(st.lists(st.integers(1, whole - 1), max_size=2, unique=True)) if whole > 1 else []
    ends = [0, *sorted(cuts), whole]
    return [right - left for left, right in pairwise(ends)]


@st.composite
def rubrics(draw: st.DrawFn, *, per_unit: bool = False) -> Tree:
    """A sound rubric, with a roster and duties at least on demand.

    Amounts are multiples of its step.
    """
    decimals = draw(st.integers(1, 3))
    grain = draw(st.sampled_from([Decimal(1).scaleb(-decimals), Decimal("0.5"), Decimal(2)]))
    names = iter(draw(st.permutations(NAMES)))
    letters = iter("ABCDEFGHIJKLMNOPQRST")

    def items(letter: str, whole: int) -> list[Tree]:
        return [
            {"id": f"{letter}{number}", "max": cap * grain, "text": "项目"}
            for number, cap in enumerate(draw(partitions(whole)), 1)
        ]

    def section(whole: int, kinds: str) -> Tree:
        drawn: Tree = {"id": next(names), "title": "指标", "max": whole * grain}
        kind, letter = draw(st.sampled_from(kinds)), next(letters)
        if kind == "s":
            drawn["sections"] = [section(part, "i") for part in draw(partitions(whole))]
        elif kind == "u":
            cut = draw(st.integers(1, len(UNITS)))
            groups = [group for group in (UNITS[:cut], UNITS[cut:]) if group]
            drawn["per_unit"] = [
                {"units": list(group), "items": items(letter, whole)} for group in groups
            ]
        else:
            drawn["items"] = items(letter, whole)
        return drawn

    parts = draw(partitions(draw(st.integers(3, 60))))
    first = "u" if per_unit else "uis"
    drawn = [section(part, "iis" if index else first) for index, part in enumerate(parts)]
    tree: Tree = {"id": "drawn", "title": "抽样", "total": sum(parts) * grain, "sections": drawn}
    tree["decimals"] = decimals
    if grain != Decimal(1).scaleb(-decimals) or draw(st.booleans()):
        tree["step"] = grain
    if draw(st.booleans()):
        tree["tie_break"] = [at(tree, path)["id"] for path in sections_of(tree)][:2]
    if draw(st.booleans()) or per_unit:
        tree["units"] = list(draw(st.permutations(UNITS)))
    return tree


@given(rubrics())
def test_a_sound_rubric_has_no_faults(tree: Tree) -> None:
    expect(tree)


def two_of(places: list[Path]) -> st.SearchStrategy[tuple[Path, Path]]:
    """Two different places in their order."""
    return st.sampled_from(list(combinations(places, 2)))


# --- one mistake at a time -------------------------------------------------------------------

FEW = settings(max_examples=25)


@FEW
@given(rubrics(), st.data())
def test_an_item_that_is_worth_something_else_breaks_its_sum(
    tree: Tree, data: st.DataObject
) -> None:
    items = data.draw(st.sampled_from(lists_of_items(tree)))
    item = data.draw(st.sampled_from(range(len(at(tree, items)))))
    at(tree, items)[item]["max"] += tree.get("step", Decimal(1))
    own = items[-3:-2] == ("per_unit",)
    expect(tree, (Kind.SUM_MISMATCH, items if own else (*items[:-1], "max"), "key" if own else ""))


@FEW
@given(rubrics())
def test_another_total_breaks_the_sum_of_the_sections(tree: Tree) -> None:
    tree["total"] += 1
    expect(tree, (Kind.SUM_MISMATCH, ("total",), ""))


@FEW
@given(rubrics(), st.data())
def test_a_section_that_is_worth_something_else_breaks_the_sums_on_both_sides(
    tree: Tree, data: st.DataObject
) -> None:
    path = data.draw(st.sampled_from(list(sections_of(tree))))
    section = at(tree, path)
    section["max"] += 1
    parent = (*path[:-2], "max") if len(path) > 2 else ("total",)
    own = range(len(section.get("per_unit", [])))
    inside: list[Place] = [
        (Kind.SUM_MISMATCH, (*path, "per_unit", index, "items"), "key") for index in own
    ]
    inside = inside or [(Kind.SUM_MISMATCH, (*path, "max"), "")]
    expect(tree, (Kind.SUM_MISMATCH, parent, ""), *inside)


@FEW
@given(rubrics(), st.data())
def test_an_item_number_that_is_used_twice_is_marked_where_it_stands_again(
    tree: Tree, data: st.DataObject
) -> None:
    common = [path for path in lists_of_items(tree) if "per_unit" not in path]
    places = [(*path, index) for path in common for index in range(len(at(tree, path)))]
    assume(len(places) > 1)
    first, again = data.draw(two_of(places))
    at(tree, again)["id"] = at(tree, first)["id"]
    expect(tree, (Kind.DUPLICATE_ITEM, (*again, "id"), ""))


@FEW
@given(rubrics(), st.data())
def test_an_item_number_of_another_form_is_refused(tree: Tree, data: st.DataObject) -> None:
    items = data.draw(st.sampled_from(lists_of_items(tree)))
    wrong = st.sampled_from(
        ["a1", "A", "A1234", "AA1", "1", "A-1", "一1", "Ａ1", "A１", "A1.1", "A٣"]
    )
    at(tree, items)[0]["id"] = data.draw(wrong)
    expect(tree, (Kind.ITEM_ID_FORM, (*items, 0, "id"), ""))


@FEW
@given(rubrics(), st.data())
def test_a_section_id_that_is_used_twice_is_marked_where_it_stands_again(
    tree: Tree, data: st.DataObject
) -> None:
    paths = list(sections_of(tree))
    tree.pop("tie_break", None)
    assume(len(paths) > 1)
    first, again = data.draw(two_of(paths))
    other = at(tree, first)["id"]
    at(tree, again)["id"] = data.draw(st.sampled_from([other, other.lower(), other.upper()]))
    expect(tree, (Kind.DUPLICATE_SECTION, (*again, "id"), ""))


@FEW
@given(rubrics(per_unit=True), st.data())
def test_a_unit_that_a_section_forgets_is_missed_there(tree: Tree, data: st.DataObject) -> None:
    (entries,) = entries_of(tree)
    units: list[str] = max((one["units"] for one in at(tree, entries)), key=len)
    units.remove(data.draw(st.sampled_from(units)))
    expect(tree, (Kind.UNIT_WITHOUT_ITEMS, entries, "key"))


@FEW
@given(rubrics(per_unit=True), st.sampled_from(UNITS))
def test_a_unit_that_the_roster_forgets_is_missed_there(tree: Tree, unit: str) -> None:
    tree["units"].remove(unit)
    expect(tree, (Kind.UNIT_WITHOUT_ITEMS, ("units",), "key"))


@FEW
@given(rubrics(per_unit=True))
def test_a_unit_of_the_roster_without_a_duty_is_missed_at_the_duties(tree: Tree) -> None:
    tree["units"].append("县农业局")
    expect(tree, (Kind.UNIT_WITHOUT_ITEMS, entries_of(tree)[0], "key"))


@FEW
@given(rubrics(per_unit=True))
def test_units_without_items_are_missed_at_the_duties(tree: Tree) -> None:
    (entries,) = entries_of(tree)
    at(tree, entries)[-1]["items"] = []
    expect(tree, (Kind.UNIT_WITHOUT_ITEMS, entries, "key"))


@FEW
@given(rubrics(per_unit=True))
def test_duties_without_units_are_refused(tree: Tree) -> None:
    (entries,) = entries_of(tree)
    own = at(tree, entries)
    own.append({"units": [], "items": deepcopy(own[0]["items"])})
    expect(tree, (Kind.EMPTY_FIELD, (*entries, len(own) - 1, "units"), "key"))


SPELLINGS = {
    "移动公司": "移动公司",
    "Ｔ公司": "t公司",
    "县商务局": "\u3000县商务局",
    "团县委": "团县委",
}


@FEW
@given(rubrics(per_unit=True), st.sampled_from(UNITS))
def test_a_unit_is_listed_once_in_the_roster(tree: Tree, unit: str) -> None:
    tree["units"].append(f'"{SPELLINGS[unit]}"')
    expect(tree, (Kind.UNIT_LISTED_TWICE, ("units", len(UNITS)), ""))


@FEW
@given(rubrics(per_unit=True), st.sampled_from(UNITS))
def test_a_unit_has_one_entry_in_a_section(tree: Tree, unit: str) -> None:
    (entries,) = entries_of(tree)
    own = at(tree, entries)
    own.append({"units": [f'"{SPELLINGS[unit]}"'], "items": deepcopy(own[0]["items"])})
    expect(tree, (Kind.UNIT_LISTED_TWICE, (*entries, len(own) - 1, "units", 0), ""))


@FEW
@given(rubrics(), st.sampled_from(["Z", "a9", "领导重视", "A1x"]))
def test_ties_are_broken_by_sections_that_exist(tree: Tree, name: str) -> None:
    known = [at(tree, path)["id"] for path in sections_of(tree)]
    tree["tie_break"] = [known[0], name]
    expect(tree, (Kind.UNKNOWN_SECTION, ("tie_break", 1), ""))


@FEW
@given(rubrics(), st.data())
def test_an_item_is_worth_more_than_nothing(tree: Tree, data: st.DataObject) -> None:
    items = data.draw(st.sampled_from(lists_of_items(tree)))
    at(tree, items).append({"id": "Z999", "max": Decimal(0), "text": "没有分"})
    expect(tree, (Kind.CAP_NOT_POSITIVE, (*items, len(at(tree, items)) - 1, "max"), ""))


@FEW
@given(rubrics())
def test_a_section_is_worth_more_than_nothing(tree: Tree) -> None:
    item = {"id": "Z1", "max": Decimal(0), "text": "没有分"}
    tree["sections"].append({"id": "Z", "title": "没有", "max": Decimal(0), "items": [item]})
    last = ("sections", len(tree["sections"]) - 1)
    expect(
        tree,
        (Kind.CAP_NOT_POSITIVE, (*last, "max"), ""),
        (Kind.CAP_NOT_POSITIVE, (*last, "items", 0, "max"), ""),
    )


def test_a_rubric_is_worth_more_than_nothing() -> None:
    tree: Tree = {"id": "x", "title": "空", "total": Decimal(0), "sections": []}
    expect(tree, (Kind.CAP_NOT_POSITIVE, ("total",), ""))


@FEW
@given(rubrics())
def test_a_step_is_more_than_nothing(tree: Tree) -> None:
    tree |= {"step": Decimal(0), "decimals": 3}
    expect(tree, (Kind.CAP_NOT_POSITIVE, ("step",), ""))


@FEW
@given(rubrics(), st.data())
def test_full_marks_are_points_that_can_be_given(tree: Tree, data: st.DataObject) -> None:
    half = tree.get("step", Decimal(1).scaleb(-tree["decimals"])) / 2
    items = data.draw(st.sampled_from(lists_of_items(tree)))
    at(tree, items)[-1]["max"] -= half
    at(tree, items).append({"id": "Z999", "max": half, "text": "半档"})
    last = len(at(tree, items)) - 1
    expect(
        tree,
        (Kind.CAP_OFF_STEP, (*items, last - 1, "max"), ""),
        (Kind.CAP_OFF_STEP, (*items, last, "max"), ""),
    )


@FEW
@given(rubrics())
def test_a_step_has_no_more_decimals_than_points(tree: Tree) -> None:
    tree["step"] = Decimal(1).scaleb(-tree["decimals"] - 1)
    expect(tree, (Kind.STEP_TOO_FINE, ("step",), ""))


@FEW
@given(rubrics(), st.sampled_from(["乡镇", "Town", "a b", "a.b", "../x", "town\u0131", "ｔ"]))
def test_a_rubric_id_is_a_name_for_the_command_line(tree: Tree, name: str) -> None:
    tree["id"] = name
    expect(tree, (Kind.RUBRIC_ID_FORM, ("id",), ""))


@FEW
@given(rubrics(), st.data())
def test_a_section_holds_one_kind_of_content(tree: Tree, data: st.DataObject) -> None:
    leaves = [path for path in sections_of(tree) if "items" in at(tree, path)]
    assume(leaves)
    path = data.draw(st.sampled_from(leaves))
    section = at(tree, path)
    item = {"id": "Z1", "max": section["max"], "text": "项目"}
    section["sections"] = [{"id": "Z", "title": "多", "max": section["max"], "items": [item]}]
    expect(tree, (Kind.SECTION_CONTENT, (*path, "id"), ""))


@FEW
@given(rubrics(), st.data())
def test_a_section_holds_something(tree: Tree, data: st.DataObject) -> None:
    leaves = [path for path in sections_of(tree) if "items" in at(tree, path)]
    assume(leaves)
    path = data.draw(st.sampled_from(leaves))
    section = at(tree, path)
    section.pop("items")
    section[data.draw(st.sampled_from(["items", "sections", "per_unit"]))] = []
    expect(tree, (Kind.SECTION_CONTENT, (*path, "id"), ""))


@FEW
@given(rubrics(), st.data())
def test_a_key_that_is_not_known_is_refused_at_every_depth(tree: Tree, data: st.DataObject) -> None:
    holders: list[Path] = [(), *sections_of(tree), *((*one, 0) for one in lists_of_items(tree))]
    holder = data.draw(st.sampled_from([*holders, *((*one, 0) for one in entries_of(tree))]))
    at(tree, holder)["bonus"] = "5"
    expect(tree, (Kind.UNKNOWN_FIELD, (*holder, "bonus"), "key"))


@FEW
@given(rubrics(), st.data())
def test_a_key_that_is_misspelt_is_not_missing_as_well(tree: Tree, data: st.DataObject) -> None:
    holders: list[Path] = [*sections_of(tree), *((*one, 0) for one in lists_of_items(tree))]
    holder = data.draw(st.sampled_from(holders))
    item = at(tree, holder)
    item["maxx"] = item.pop("max")
    expect(tree, (Kind.UNKNOWN_FIELD, (*holder, "maxx"), "key"))
    ((found,), _) = check(tree)
    assert (found.parameters["nearest"], found.variant) == ("max", "nearest")


@FEW
@given(rubrics(), st.sampled_from(["title", "total"]))
def test_a_key_that_is_missing_is_missed(tree: Tree, key: str) -> None:
    tree.pop(key)
    ((found,), _) = check(tree)
    assert (found.kind, found.parameters) == (Kind.MISSING_FIELD, {"field": key})


MISREAD = {
    "010": Kind.POINTS_NOTATION,
    "八": Kind.POINTS_NOT_A_NUMBER,
    '"8"': Kind.POINTS_QUOTED,
    "-1": Kind.POINTS_NEGATIVE,
}


@FEW
@given(rubrics(), st.data())
def test_points_of_a_rubric_are_read_as_strictly_as_scores(tree: Tree, data: st.DataObject) -> None:
    items = data.draw(st.sampled_from(lists_of_items(tree)))
    text, kind = data.draw(st.sampled_from(sorted(MISREAD.items())))
    at(tree, items)[0]["max"] = text
    expect(tree, (kind, (*items, 0, "max"), ""))


# --- what is said ----------------------------------------------------------------------------

SOUND = """\
id: town
title: 乡镇
total: 10
sections:
  - id: A
    title: 领导重视
    max: 4
    items:
      - {id: A1, max: 3, text: 有人管}
      - {id: A2, max: 1, text: 有计划}
  - id: own
    title: 个性
    max: 6
    per_unit:
      - {units: [移动公司], items: [{id: C1, max: 6, text: 网络}]}
      - {units: [县商务局], items: [{id: C1, max: 2, text: 牵头}, {id: C2, max: 4, text: 督促}]}
"""


@pytest.mark.parametrize(
    ("old", "new", "parameters", "variant"),
    [
        ("total: 10", "total: 9.5", {"name": "乡镇", "stated": "9.5", "added": "10"}, ""),
        ("A2, max: 1", "A2, max: 2", {"name": "A 领导重视", "stated": "4", "added": "5"}, ""),
        (
            "C2, max: 4",
            "C2, max: 5",
            {"name": "own 个性 (县商务局)", "stated": "6", "added": "7"},
            "",
        ),
        ("id: A2", "id: A1", {"item": "A1"}, ""),
        ("id: A2", "id: a2", {"item": "a2"}, ""),
        ("id: own", "id: a", {"section": "a"}, ""),
        ("id: town", "id: 乡镇", {"rubric": "乡镇"}, ""),
        ("A2, max: 1,", "A2, max: 0.001,", {"item": "A2", "cap": "0.001", "step": "0.01"}, ""),
        ("    items:\n", "    items: []\n    x:\n", {"field": "x"}, ""),
        ("[县商务局]", "[移动公司]", {"unit": "移动公司"}, ""),
        ("title: 乡镇", "tie_break: [a]\ntitle: 乡镇", {"section": "a", "nearest": "A"}, "nearest"),
        ("title: 乡镇", "tie_break: [Z]\ntitle: 乡镇", {"section": "Z", "nearest": ""}, ""),
        ("title: 乡镇", "step: 0\ntitle: 乡镇", {"field": "step"}, ""),
        ("title: 乡镇", "step: 0.001\ntitle: 乡镇", {"step": "0.001", "decimals": 2}, ""),
        (
            "title: 乡镇",
            "units: [县商务局, 移动公司, 团县委]\ntitle: 乡镇",
            {"section": "own", "units": ("团县委",)},
            "",
        ),
        ("title: 乡镇", "units: [县商务局]\ntitle: 乡镇", {"units": ("移动公司",)}, "roster"),
    ],
)
def test_the_parameters_say_what_is_wrong(
    old: str, new: str, parameters: dict[str, object], variant: str
) -> None:
    data = SOUND.replace(old, new, 1).encode()
    diagnostics = rubric_of(data, yaml.read("rubric.yaml", data)).diagnostics
    said = [
        {
            name: f"{value:f}" if isinstance(value, Decimal) else value
            for name, value in one.parameters.items()
        }
        for one in diagnostics
        if one.variant == variant
    ]
    assert any(parameters.items() <= one.items() for one in said), diagnostics


def test_what_a_section_holds_is_named() -> None:
    for text, held, variant in (
        (SOUND.replace("    items:\n", "    sections: []\n    items:\n"), None, ""),
        (
            SOUND.replace(
                "    per_unit:\n", "    items: [{id: D1, max: 6, text: x}]\n    per_unit:\n"
            ),
            ("items", "per_unit"),
            "several",
        ),
        (SOUND + "  - {id: Z, title: 空, max: 0}\n", (), ""),
    ):
        data = text.encode()
        found = rubric_of(data, yaml.read("rubric.yaml", data)).diagnostics
        said = [
            (one.parameters["held"], one.variant)
            for one in found
            if one.kind is Kind.SECTION_CONTENT
        ]
        assert said == ([] if held is None else [(held, variant)])


def test_every_mistake_of_a_rubric_is_found_in_one_run() -> None:
    text = SOUND.replace("id: town", "id: 乡镇").replace("total: 10", "total: 11")
    data = text.replace("id: A2", "id: a2").replace("[县商务局]", "[移动公司]").encode()
    found = rubric_of(data, yaml.read("rubric.yaml", data)).diagnostics
    assert [(one.location.line, one.kind) for one in found] == [
        (1, Kind.RUBRIC_ID_FORM),
        (3, Kind.SUM_MISMATCH),
        (10, Kind.ITEM_ID_FORM),
        (16, Kind.UNIT_LISTED_TWICE),
    ]
