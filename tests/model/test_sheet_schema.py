"""Schemas of sheets: none refuses what `validate` takes, none takes points above a cap."""

from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.editor_values import EXAMPLES, refusals
from tests.support.rubrics import (
    read_sheet_text,
    rubric_of_items,
    rubric_of_sections,
    sound,
)
from tests.support.whole_rubrics import WholeRubric, as_yaml, whole_rubrics

from epa_score.diagnostics import Diagnostic, Kind
from epa_score.model import Rubric
from epa_score.model.sheet_schema import sheet_schema
from epa_score.readers.rubrics import RubricLibrary

OVER_A_CAP = {
    (Kind.POINTS_OVER_CAP, ""),
    (Kind.SELF_SCORE_NOT_POSSIBLE, ""),
    (Kind.FACT_NOT_POSSIBLE, ""),
}
"""The findings that a schema has as well: more than there can be, whatever else is known."""


def errors_of_sheet(rubric: Rubric, text: str) -> list[Diagnostic]:
    found = read_sheet_text(rubric, text).diagnostics
    return [diagnostic for diagnostic in found if diagnostic.kind.severity == "error"]


# --- examples --------------------------------------------------------------------------------


@cache
def schema_of_example(name: str, folder: str) -> dict[str, Any]:
    return sheet_schema(RubricLibrary(folder).require(name).rubric)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: "/".join(path.parts[-3:]))
def test_sheets_of_the_examples_are_taken(path: Any) -> None:
    text = path.read_text("utf-8")
    values = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 -- it makes text of everything
    if "scores" not in values:
        assert values.keys() & {"sections", "composite", "sources"}
        return
    schema = schema_of_example(values["rubric"], str(path.parent.parent))
    assert refusals(schema, text) == []


# --- kinds of lines, one by one ----------------------------------------------------------------

RULES = """\
- {id: A1, max: 8, text: 台账, rule: {deduct: {each: {迟报: 1, 缺报: 2}, possible: 6}}}
- {id: A2, max: 8, text: 评议, rule: {levels: {A: 8, 1: 5, true: 0}}, not_applicable: zero}
- {id: A3, max: 8, text: 方案, rule: {all_or_nothing: {all: [有方案]}, hard_zero: [弄虚作假]}}
- {id: A4, max: 8, text: 名次, rule: {
    brackets: [{at_least: 1, points: 8}, {at_least: 3, points: 2}]}}
- {id: A5, max: 8, text: 秩序, rule: {deduct: {judged: {least: 1, most: 3}}}}
- {id: A6, max: 8, text: 宣传, targets: {all: [{name: 横幅, at_least: 5}]}, not_applicable: zero}
- {id: A7, max: 8, text: 其他}
"""
BONUSES = """\
{id: J1, text: 表彰, each: 2}, {id: J2, text: 示范, each: 1, count: true},
  {id: J3, text: 创新, judged: true, max: 3}"""
MORE = (
    "self_score: true",
    f"adjustments: {{bonus: {{items: [{BONUSES}]}}}}",
    "veto: [{id: V1, text: 事故, effect: exclude}]",
)
SOUND = {
    "A1": "{迟报: 1, 缺报: 2}",
    "A2": "{level: 1}",
    "A3": "{有方案: 是, 弄虚作假: NO}",
    "A4": "{value: 1}",
    "A5": "{deducted: 2, note: 现场秩序差}",
    "A6": "{score: 8, measured: {横幅: 5}}",
    "A7": "8",
}


@pytest.mark.parametrize(
    ("field", "line", "is_taken"),
    [
        ("A1", "{迟报: 7, 缺报: 0}", False),
        ("A1", "{迟报: 1.5, 缺报: 0}", False),
        ("A1", "{迟报: 3.0, 缺报: 0}", True),
        ("A1", "{迟报: 1}", False),
        ("A1", "{迟报: 1, 缺报: 1, note: 2018, evidence: [3, 台账]}", True),
        ("A1", "3", False),
        ("A2", "{level: A, note: true}", True),
        ("A2", "{level: true}", True),
        ("A2", "{level: B}", False),
        ("A2", "{not_applicable: 没有开展}", True),
        ("A2", "{not_applicable: 5}", False),
        ("A3", "{弄虚作假: yes}", True),
        ("A3", "{有方案: Yes, 弄虚作假: 否}", True),
        ("A3", "{有方案: 有, 弄虚作假: 否}", False),
        ("A4", "{value: 0}", False),
        ("A4", "{value: 1.5}", False),
        ("A5", "{deducted: 4, note: 现场秩序差}", False),
        ("A5", "{deducted: 0}", True),
        ("A6", "{score: 8, measured: {横额: 5}}", False),
        ("A6", "{not_applicable: 没有开展}", True),
        ("A6", "8", True),
        ("A7", "{score: 8, self_score: 8, note: '', evidence: 台账}", True),
        ("A7", "{score: 8, self_score: 8.5}", False),
        ("A7", "{score: 8, not_applicable: 没有开展}", False),
        ("A7", "{score: 8.01}", False),
        ("A7", "8.01", False),
        ("A7", "-1", False),
        ("A7", "'8'", False),
        ("A7", "八", False),
        ("A7", ".inf", False),
        ("A7", "[8]", False),
        ("J1", "县级表彰", True),
        ("J1", "[县级表彰, 市级表彰]", True),
        ("J1", "[]", True),
        ("J1", "2", False),
        ("J1", "{score: 2}", False),
        ("J2", "2", True),
        ("J2", "{value: 2, note: 两个示范点}", True),
        ("J2", "1.5", False),
        ("J2", "示范点", False),
        ("J2", "[]", True),
        ("J3", "{score: 3, note: 做法在全县推广}", True),
        ("J3", "{score: 3.5, note: 做法在全县推广}", False),
        ("J3", "0", True),
        ("J3", "{value: 0}", True),
        ("J3", "3", False),
        ("J4", "3", False),
        ("V1", "某月某地起火", True),
        ("V1", "", True),
        ("V1", "true", False),
        ("V2", "某月某地起火", False),
    ],
)
def test_a_line_is_taken_or_not(field: str, line: str, *, is_taken: bool) -> None:
    rubric = rubric_of_items(RULES, *MORE)
    scores = SOUND | ({field: line} if field in SOUND else {})
    parts = [f"  {name}: {value}" for name, value in scores.items()]
    beside = {"J": "adjustments", "V": "veto"}.get(field[0])
    more = [f"{beside}: {{{field}: {line}}}"] if beside else []
    text = "\n".join(["rubric: county", "unit: 示例甲镇", *more, "scores:", *parts]) + "\n"
    errors = errors_of_sheet(rubric, text)
    assert (errors == []) == is_taken, errors
    assert (refusals(sheet_schema(rubric), text) == []) == is_taken


def test_blank_forms_are_taken_but_for_what_is_not_there() -> None:
    rubric = rubric_of_items(RULES, *MORE)
    head = "rubric: county\nunit: 示例甲镇\nassessor:\ndate:\n"
    blank = [f"  A{number}:\n" for number in range(1, 8)]
    text = f"{head}scores:\n{''.join(blank)}adjustments:\n  J1:\n  J3:\n    score:\nveto:\n  V1:\n"
    assert refusals(sheet_schema(rubric), text) == []
    missing = text.replace("  A7:\n", "").replace("unit: 示例甲镇\n", "")
    assert sorted(refusals(sheet_schema(rubric), missing)) == [
        ": 'unit' is a required property",
        "scores: 'A7' is a required property",
    ]


UNITS = """\
- id: A
  title: 共性
  max: 10
  items:
    - {id: A1, max: 4, text: 方案}
    - {id: A2, max: 6, text: 出口, units: [甲局, 丁局], not_applicable: exclude}
- id: B
  title: 个性
  max: 30
  per_unit:
    - {units: [甲局, 乙局], items: [{id: C1, max: 20, text: 牵头}, {id: C2, max: 10, text: 通报}]}
    - {units: [丁局], items: [{id: C1, max: 30, text: 宽带, rule: {count: {each: 10}}}]}
"""


@pytest.mark.parametrize(
    ("unit", "scores", "refused"),
    [
        ("甲局", "A1: 4, A2: 6, C1: 20, C2: 10", []),
        ("乙局", "A1: 4, C1: 20, C2: 10", []),
        ("乙局", "A1: 4, A2: , C1: 20, C2: 10", []),
        ("丁局", "A1: 4, A2: 6, C1: {value: 3}", []),
        ("丁 局", "A1: 4, A2: 6, C1: {value: 3}", []),
        ("乙局", "A1: 4, A2: 6, C1: 20, C2: 10", ["scores/A2"]),
        ("乙局", "A1: 4, C1: 21, C2: 10", ["scores/C1"]),
        ("乙 局", "A1: 4, C1: 21, C2: {score: 11}", ["scores/C1", "scores/C2/score"]),
        ("丁局", "A1: 4, A2: 6, C1: 20", ["scores/C1"]),
        ("丁局", "A1: 4, A2: 6, C1: {value: 3}, C2: 10", ["scores/C2"]),
        ("乙局", "A1: 4, C1: 20", ["scores"]),
    ],
)
def test_units_have_items_of_their_own(unit: str, scores: str, refused: list[str]) -> None:
    rubric = rubric_of_sections(UNITS)
    text = f"rubric: county\nunit: {unit}\nscores: {{{scores}}}\n"
    errors = errors_of_sheet(rubric, text)
    assert bool(errors) == bool(refused), errors
    assert [one.partition(":")[0] for one in refusals(sheet_schema(rubric), text)] == refused


ASSESSORS = "assessors: [{name: 组织部, items: [A1, J1]}, {name: 财政局, items: [A2, A3]}]"


@pytest.mark.parametrize(
    ("assessor", "scores", "refused"),
    [
        ("组织部", "A1: 4", []),
        ("组织部", "A1: 4, A2: , A3: ", []),
        ("财政局", "A2: 3, A3: 3", []),
        ("财政 局", "A2: 3, A3: 3", []),
        ("组织部", "A1: 4, A2: 3", ["scores/A2"]),
        ("财政局", "A2: 3", ["scores"]),
        ("", "A1: 4", None),
    ],
)
def test_assessors_have_items_of_their_own(
    assessor: str, scores: str, refused: list[str] | None
) -> None:
    items = "".join(f"- {{id: A{n}, max: 4, text: 第{n}项}}\n" for n in (1, 2, 3))
    bonus = "adjustments: {bonus: {items: [{id: J1, text: 表彰, each: 2}]}}"
    rubric = rubric_of_items(items, ASSESSORS, bonus)
    who = f"assessor: {assessor}\n" if assessor else ""
    text = f"rubric: county\nunit: 示例甲镇\n{who}scores: {{{scores}}}\n"
    errors = errors_of_sheet(rubric, text)
    assert bool(errors) == (refused != [])
    found = [one.partition(":")[0] for one in refusals(sheet_schema(rubric), text)]
    assert found == ([""] if refused is None else refused)


@pytest.mark.parametrize(
    ("step", "points", "is_taken"),
    [
        ("step: 0.5", "2.5", True),
        ("step: 0.5", "2.25", False),
        ("decimals: 0", "3.0", True),
        ("decimals: 0", "2.5", False),
        ("decimals: 1", "2.3", True),
        ("decimals: 1", "2.25", True),  # 0.1 is no number of a computer's: validate tells
    ],
)
def test_steps_are_checked_where_a_computer_divides_exactly(
    step: str, points: str, *, is_taken: bool
) -> None:
    rubric = rubric_of_items("- {id: A1, max: 8, text: 方案}\n", step)
    text = f"rubric: county\nunit: 甲镇\nscores: {{A1: {points}}}\n"
    assert (refusals(sheet_schema(rubric), text) == []) == is_taken


def test_caps_are_the_numbers_of_the_rubric() -> None:
    rubric = rubric_of_items("- {id: A1, max: 8, text: 方案}\n", "decimals: 4")
    (section,) = rubric.sections
    for cap in ("0.1", "0.0001", "99999.9999", "123456789.1234"):
        item = section.items[0].model_copy(update={"max": Decimal(cap)})
        own = section.model_copy(update={"items": (item,), "max": item.max})
        schema = sheet_schema(rubric.model_copy(update={"sections": (own,), "total": item.max}))
        assert str(schema["definitions"]["A1"]["maximum"]) == cap


def test_texts_of_items_are_shown_as_they_are() -> None:
    rubric = rubric_of_items('- {id: A1, max: 8, text: "建立*台账*[见附件]<b>"}\n', "lang: en")
    item = sheet_schema(rubric)["definitions"]["A1"]
    assert item["title"] == "A1 (规则)"
    assert item["description"] == "at most 8: 建立*台账*[见附件]<b>"
    assert r"建立\*台账\*\[见附件\]\<b\>" in item["markdownDescription"]


@pytest.mark.parametrize("name", ["2018", "true", "township"])
def test_a_rubric_may_be_called_anything(name: str) -> None:
    text = "rubric: county\nunit: 甲镇\nscores: {A1: 8}\n".replace("county", name)
    rubric = rubric_of_items("- {id: A1, max: 8, text: 方案}\n")
    own = rubric.model_copy(update={"id": name})
    assert refusals(sheet_schema(own), text) == []
    assert refusals(sheet_schema(rubric), text) != []


# --- drawn rubrics and sheets ------------------------------------------------------------------


class Raw(str):
    """A scalar that stands in a file without quotes, as it is."""

    __slots__ = ()


def as_text(values: Any) -> str:
    """The text of a file in which `Raw` values stand as they are."""
    marked = as_yaml(_marked(values))
    return marked.replace("'@@", "").replace("@@'", "").replace("@@", "")


def _marked(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _marked(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_marked(part) for part in value]
    return f"@@{value}@@" if isinstance(value, Raw) else value


ODD: list[Any] = [
    *map(Raw, ("", "~", "0", "1", "3.50", "99", "1000", "-1", "08", "0x5", "1e1", ".5")),
    *map(
        Raw, ("true", "False", "yes", "No", "YES", "是", "八", "5分", "1:30", "2018-12-20", "8.001")
    ),
    *("0", "99", "八", "true", "", " ", "某事", "本镇没有这项业务"),
    *([], {}, ["某事"], [Raw("5")], [None], {"score": Raw("2")}, {"score": Raw("99")}),
    {"value": Raw("3")},
    {"not_applicable": "本镇没有这项业务"},
    {"note": "材料不全"},
]
"""What somebody may write anywhere, right or wrong."""

NAMES = ["A1", "A9", "Z1", "score", "value", "note", "evidence", "self_score", "measured", "V1"]


def places(values: Any, keys: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where something stands in a sheet."""
    entries = values.items() if isinstance(values, dict) else enumerate(values)
    for key, value in entries:
        yield (*keys, key)
        if isinstance(value, dict | list):
            yield from places(value, (*keys, key))


@st.composite
def mutated_sheets(draw: st.DrawFn) -> tuple[WholeRubric, str]:
    """A drawn rubric, and one of its sheets with up to three changes."""
    whole = draw(whole_rubrics())
    sheet = _copy(draw(st.sampled_from(whole.sheets)))
    for _ in range(draw(st.integers(0, 3))):
        *above, last = draw(st.sampled_from(list(places(sheet))))
        parent = sheet
        for key in above:
            parent = parent[key]
        change = draw(st.sampled_from(["set", "set", "set", "delete", "add", "raise"]))
        if change == "delete" and isinstance(parent, dict):
            del parent[last]
        elif change == "add" and isinstance(parent[last], dict):
            parent[last][draw(st.sampled_from(NAMES))] = _copy(draw(st.sampled_from(ODD)))
        elif change == "raise" and isinstance(parent[last], Decimal | int):
            parent[last] += draw(st.sampled_from([Decimal("0.01"), 1, Decimal("0.5"), 10]))
        else:
            parent[last] = _copy(draw(st.sampled_from(ODD)))
        if not sheet:
            break
    return whole, as_text(sheet)


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copy(part) for key, part in value.items()}
    return [_copy(part) for part in value] if isinstance(value, list) else value


@settings(max_examples=100)
@given(mutated_sheets())
def test_a_schema_agrees_with_validate(drawn: tuple[WholeRubric, str]) -> None:
    whole, text = drawn
    rubric = sound(as_yaml(whole.rubric))
    found = read_sheet_text(rubric, text, incomplete=whole.provisional)
    errors = [one for one in found.diagnostics if one.kind.severity == "error"]
    refused = refusals(sheet_schema(rubric), text)
    if not errors and not whole.provisional:
        assert refused == []
    if any((one.kind, one.variant) in OVER_A_CAP for one in errors):
        assert refused


@st.composite
def sheets_over_a_cap(draw: st.DrawFn) -> tuple[WholeRubric, str, str]:
    """A drawn rubric, and a sheet with more points than one of its items has, which is named."""
    whole = draw(whole_rubrics())
    sheet = _copy(draw(st.sampled_from(whole.sheets)))
    rubric = sound(as_yaml(whole.rubric))
    scope = rubric.scope(sheet["unit"])
    assert scope is not None
    judged = [name for name in scope.judged if name in sheet["scores"]]
    if not judged:
        return whole, "", ""
    name = draw(st.sampled_from(judged))
    points = scope.caps[name] + draw(st.sampled_from([rubric.grain, Decimal(1), Decimal(100)]))
    sheet["scores"][name] = draw(st.sampled_from([points, {"score": points, "note": "有理由"}]))
    return whole, as_text(sheet), name


@settings(max_examples=40)
@given(sheets_over_a_cap())
def test_no_points_above_a_cap_are_taken(drawn: tuple[WholeRubric, str, str]) -> None:
    whole, text, name = drawn
    if not name:
        return
    rubric = sound(as_yaml(whole.rubric))
    found = read_sheet_text(rubric, text, incomplete=True)
    assert (Kind.POINTS_OVER_CAP, "") in {(one.kind, one.variant) for one in found.diagnostics}
    refused = refusals(sheet_schema(rubric), text)
    assert [one for one in refused if one.startswith(f"scores/{name}")] != []
