"""Forms in YAML: what is asked for, and read back as it was filled in."""

import re
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.support.tables import HOSTILE, WORDS

from epa_score.diagnostics.terminal_text import is_hidden
from epa_score.exporters.yaml import yaml_form
from epa_score.i18n import Words
from epa_score.model import Rubric
from epa_score.readers import yaml
from epa_score.readers.rubrics import RubricFile, RubricLibrary, rubric_of
from epa_score.readers.sheets import SheetFile, sheet_of

RUBRIC = """
id: {id}
title: {title}
total: 5
sections:
  - id: A
    title: {title}
    max: 3
    sections:
      - {{id: B, title: 甲, max: 2, items: [{{id: A1, max: 2, text: {title}}}]}}
      - id: C
        title: 乙
        max: 1
        items: [{{id: N1, max: 0.5, text: 一}}, {{id: Y2, max: 0.5, text: 二}}]
  - id: own
    title: 丙
    max: 2
    per_unit:
      - {{units: [移动公司], items: [{{id: C1, max: 2, text: 网络}}]}}
      - {{units: [{unit}], items: [{{id: C1, max: 1, text: 牵头}}, {{id: C2, max: 1, text: 督促}}]}}
"""

CAPS = {"A1": 200, "N1": 50, "Y2": 50, "C1": 100, "C2": 100}


def quoted(text: str) -> str:
    return '"' + "".join(f"\\U{ord(char):08X}" for char in text) + '"'


def rubric_file(unit: str = "县商务局", title: str = "标题", name: str = "office") -> RubricFile:
    text = RUBRIC.format(id=quoted(name), unit=quoted(unit), title=quoted(title)).encode()
    found = rubric_of(text, yaml.read("rubric.yaml", text))
    assert found.rubric is not None, found.diagnostics
    return found


def rubric_in(found: RubricFile) -> Rubric:
    assert found.rubric is not None
    return found.rubric


def read_form(text: str, rubric: RubricFile, *, incomplete: bool = True) -> SheetFile:
    data = text.encode()
    return sheet_of(
        data, yaml.read("form.yaml", data), RubricLibrary(given=rubric), incomplete=incomplete
    )


def points(hundredths: int) -> str:
    return f"{hundredths // 100}.{hundredths % 100:02}"


def fill(form: str, entries: dict[str, str]) -> str:
    """A form with an entry behind the colon of each item."""
    lines = form.splitlines(keepends=True)
    for item, entry in entries.items():
        (number,) = (n for n, line in enumerate(lines) if line.startswith(f"  {item}: "))
        lines[number] = lines[number].replace(": ", f": {entry} ", 1)
    return "".join(lines)


def test_a_form_shows_the_wording_and_the_cap_of_each_item() -> None:
    form = yaml_form(rubric_in(rubric_file()), "县商务局", Words("zh_CN"))
    lines = form.splitlines()
    assert lines[0] == "# 标题"
    assert lines[2:4] == ["rubric: office", "unit: 县商务局"]
    assert lines[4].startswith("period:   # ")
    assert lines[7:] == [
        "scores:",
        "  # 标题（3）",
        "  # 甲（2）",
        "  A1:   # 满分 2： 标题",
        "  # 乙（1）",
        "  N1:   # 满分 0.5： 一",
        "  Y2:   # 满分 0.5： 二",
        "  # 丙（2）",
        "  C1:   # 满分 1： 牵头",
        "  C2:   # 满分 1： 督促",
    ]


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@given(
    st.fixed_dictionaries({item: st.none() | st.integers(0, cap) for item, cap in CAPS.items()}),
    st.booleans(),
)
def test_a_form_that_was_filled_in_is_read_as_it_was_filled_in(
    language: str, amounts: dict[str, int | None], braces: bool
) -> None:
    entries = {
        item: f"{{score: {points(one)}, note: 好}}" if braces else points(one)
        for item, one in amounts.items()
        if one is not None
    }
    rubric = rubric_file()
    form = yaml_form(rubric_in(rubric), "县商务局", Words(language))
    found = read_form(fill(form, entries), rubric)
    assert found.diagnostics == ()
    assert found.sheet is not None
    assert found.sheet.points == {
        item: None if one is None else Decimal(points(one)) for item, one in amounts.items()
    }
    assert (found.sheet.period, found.sheet.assessor, found.sheet.date) == (None, None, None)


def test_a_form_lists_the_items_of_its_unit() -> None:
    rubric = rubric_in(rubric_file())
    for unit, items in (("移动公司", ["C1"]), ("县商务局", ["C1", "C2"]), ("", [])):
        form = yaml_form(rubric, unit, WORDS)
        assert re.findall(r"(?m)^  ([A-Z]\d):", form) == ["A1", "N1", "Y2", *items]
    assert "unit:\n" in yaml_form(rubric, "", WORDS)


QUOTES = "“”‘’「」『』\"'＂＇"

INVISIBLE: Any = ["Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs", "M"]

NAMES = st.sampled_from([one for one in HOSTILE if one == one.strip()]) | st.text(
    st.characters(codec="utf-8", exclude_categories=INVISIBLE), min_size=1, max_size=8
).filter(lambda name: not any(map(is_hidden, name)) and name[-1] not in QUOTES)


@given(NAMES)
@example("NO")
@example("Null")
@example("a" * 200)
def test_any_name_of_a_unit_comes_back_from_its_form(name: str) -> None:
    rubric = rubric_file(unit=name)
    known = rubric_in(rubric).known_units[-1]
    form = yaml_form(rubric_in(rubric), known, WORDS)
    found = read_form(form, rubric)
    assert found.diagnostics == ()
    assert found.sheet is not None
    assert found.sheet.unit == known


@pytest.mark.parametrize("name", ["2018", "null", "no", "1e3", "-", "_", "town-2", "0x1f", "y"])
def test_any_id_of_a_rubric_comes_back_from_its_form(name: str) -> None:
    rubric = rubric_file(name=name)
    found = read_form(yaml_form(rubric_in(rubric), "移动公司", WORDS), rubric)
    assert found.sheet is not None
    assert found.sheet.rubric == name


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=12).filter(str.strip))
@example("甲\nscores: {A1: 2}")
@example("甲\r\n  A1: 2")
@example("\u2028unit: x")
@example("\x07\x85\u200b")
def test_no_wording_of_a_rubric_breaks_out_of_its_comment(title: str) -> None:
    rubric = rubric_file(title=title)
    form = yaml_form(rubric_in(rubric), "县商务局", WORDS)
    found = read_form(form, rubric)
    assert found.diagnostics == ()
    assert found.sheet is not None
    assert set(found.sheet.points.values()) == {None}
    assert len(form.splitlines()) == 17
