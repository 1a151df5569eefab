"""A form is bound to what it shows, not to the bytes of the rubric's file."""

import io
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.support.forms import edited, put

from epa_score.diagnostics import Diagnostic
from epa_score.exporters.xlsx.form import Form, UnitTable, write_form, write_table
from epa_score.i18n import Words
from epa_score.model.form_record import FORM_SHEET
from epa_score.readers.rubrics import RubricLibrary, read_rubric
from epa_score.readers.sheets import read_sheet

BONUS = "  bonus: {items: [{id: J1, text: 获省级表彰, each: 2}]}\n"
OLD = f"""\
id: county
title: 某县考核评分细则
total: 20
sections:
  - id: A
    title: 信息报送
    max: 10
    items:
      - {{id: A1, max: 4, text: 每月报送信息, targets: {{any: [{{name: 条数, at_least: 12}}]}}}}
      - {{id: A2, max: 6, text: 每迟报一次扣 1 分, rule: {{deduct: {{each: 1}}}}}}
  - id: B
    title: 专项工作
    max: 10
    per_unit:
      - {{units: [甲镇], items: [{{id: B1, max: 10, text: 建成服务站}}]}}
      - {{units: [乙镇], items: [{{id: B1, max: 10, text: 建成物流站}}]}}
adjustments:
{BONUS}  penalty: {{items: [{{id: K1, text: 被通报, each: 1}}]}}
veto:
  - {{id: V1, text: 重大事故, effect: exclude}}
"""


BANDS = "bands: [{name: 优秀, at_least: 18}, {name: 合格, at_least: 0}]\n"


def replace(*pairs: str) -> Callable[[str], str]:
    """Put the second text in the place of the first, the fourth in that of the third."""

    def change(text: str) -> str:
        for old, new in zip(pairs[::2], pairs[1::2], strict=True):
            assert old in text
            text = text.replace(old, new)
        return text

    return change


def add(more: str) -> Callable[[str], str]:
    return lambda text: text + more


HARMLESS: dict[str, Callable[[str], str]] = {
    "a comment": lambda text: f"# 2018 年 3 月印发\n{text}",
    "line ends": replace("\n", "\r\n"),
    "another order of keys": replace("id: county\n", "", "total: 20\n", "total: 20\nid: county\n"),
    "a title": replace("某县考核评分细则", "某县 2018 年度考核评分细则"),
    "the title of a section": replace("title: 信息报送", "title: 信息"),
    "the duty of another unit": replace("建成物流站", "建成物流园"),
    "another unit": replace("units: [乙镇]", "units: [乙镇, 丙乡]"),
    "bands": add(BANDS),
    "an order of ties": add("tie_break: [A]\n"),
    "blanks in a wording": replace("每迟报一次扣 1 分", "每迟报一次扣1分"),
}

CHANGES: dict[str, tuple[str, str, Callable[[str], str]]] = {
    "a wording": ("A1", "", replace("每月报送信息", "每月报送工作信息")),
    "a cap": ("A1", "cap", replace("A1, max: 4", "A1, max: 5", "A2, max: 6", "A2, max: 5")),
    "a rule": ("A2", "rule", replace("deduct: {each: 1}", "deduct: {each: 2}")),
    "a target": ("A1", "rule", replace("at_least: 12", "at_least: 10")),
    "a treatment": ("A1", "rule", replace("信息, targets", "信息, not_applicable: zero, targets")),
    "the own duty": ("B1", "", replace("建成服务站", "建成电商服务站")),
    "the points of a bonus": ("J1", "", replace("each: 2", "each: 3")),
    "a limit of a bonus": ("J1", "cap", replace("表彰, each: 2", "表彰, each: 2, max: 4")),
    "the effect of a veto": ("V1", "rule", replace("exclude}", f"bar}}\n{BANDS}")),
    "a new bonus": ("J2", "added", replace("each: 2}", "each: 2}, {id: J2, text: 创新, each: 1}")),
    "a bonus less": ("J1", "removed", replace(BONUS, "")),
    "the decimals": ("", "decimals", add("decimals: 1\n")),
}


SUMS: dict[str, tuple[str, Callable[[str], str]]] = {
    "a new limit of all bonuses": ("E12", replace("bonus: {items", "bonus: {max: 6, items")),
    "a new limit of all penalties": ("E14", replace("penalty: {items", "penalty: {max: 3, items")),
}


@pytest.fixture
def handed_in(tmp_path: Path) -> Path:
    """A form of 甲镇 that was handed out under the old rubric, filled in."""
    (tmp_path / "rubrics").mkdir()
    rubric = tmp_path / "rubrics" / "county.yaml"
    rubric.write_text(OLD, "utf-8")
    found = read_rubric(str(rubric)).rubric
    assert found is not None
    written = io.BytesIO()
    write_form(Form(found, "甲镇"), written, Words("zh_CN"))
    data = written.getvalue()
    for item, points in {"A1": 4, "A2-1": 1, "B1": 9}.items():
        data = edited(put(item, "E", points), data)
    path = tmp_path / "甲镇.xlsx"
    path.write_bytes(data)
    return path


def read(path: Path, change: Callable[[str], str]) -> list[tuple[str, str, str]]:
    """The findings in a form under a changed rubric: code, variant and item of each."""
    (path.parent / "rubrics" / "county.yaml").write_bytes(change(OLD).encode())
    file = read_sheet(str(path), RubricLibrary(str(path.parent)))
    assert (file.sheet is None) == bool(file.diagnostics)
    return [
        (found.kind.code, found.variant, str(found.parameters.get("item", "")))
        for found in file.diagnostics
    ]


@pytest.mark.parametrize("name", HARMLESS)
def test_what_a_form_does_not_show_may_change(handed_in: Path, name: str) -> None:
    assert read(handed_in, HARMLESS[name]) == []


@pytest.mark.parametrize("name", CHANGES)
def test_a_line_that_changed_is_named_and_what_follows_from_it_is_not(
    handed_in: Path, name: str
) -> None:
    item, variant, change = CHANGES[name]
    found = read(handed_in, change)
    assert ("EPA307", variant, item) in found
    assert {code for code, _, _ in found} == {"EPA307"}


@pytest.mark.parametrize("name", SUMS)
def test_a_sum_whose_limit_changed_is_named_at_its_cell(handed_in: Path, name: str) -> None:
    cell, change = SUMS[name]
    found = read(handed_in, change)
    assert [one[:2] for one in found] == [("EPA307", "cap")]
    assert "".join(found[0][2].split()) == "小计"
    file = read_sheet(str(handed_in), RubricLibrary(str(handed_in.parent)))
    assert file.diagnostics[0].location.cell == f"评分表!{cell}"


def test_a_form_of_an_older_version_does_not_know_the_limits_of_its_sums(handed_in: Path) -> None:
    def forget(workbook: Any) -> None:
        page = workbook[FORM_SHEET]
        for cell in reversed(page["A"]):
            if cell.value == "title":
                page.delete_rows(cell.row)
            elif cell.value == "sum":
                page.cell(cell.row, 6).value = None

    handed_in.write_bytes(edited(forget, handed_in.read_bytes()))
    assert read(handed_in, lambda text: text) == []


POOL = """\
id: county
title: 某县考核评分细则
total: {total}
sections:
  - id: A
    title: 日常管理
    max: {pool}
    pool: items
    items:
      - {{id: A1, max: 8, text: 迟报一次扣 1 分, rule: {{deduct: {{each: 1}}}}}}
      - {{id: A2, max: 8, text: 缺报一次扣 2 分, rule: {{deduct: {{each: 2}}}}}}
  - {{id: B, title: 专项工作, max: 10, items: [{{id: B1, max: 10, text: 建成服务站}}]}}
"""


@pytest.mark.parametrize("pool", [10, 8])
def test_points_that_items_share_are_part_of_the_form(tmp_path: Path, pool: int) -> None:
    old, new = (POOL.format(total=10 + cap, pool=cap) for cap in (10, pool))
    found = found_after(tmp_path, old, new, {"A1-1": 1, "A2-1": 1, "B1": 9})
    kinds = [(one.kind.code, one.parameters["old"], one.parameters["new"]) for one in found]
    assert kinds == ([] if pool == 10 else [("EPA307", "10", "8")])


ONE_INSIDE = """\
id: county
title: 某县考核评分细则
total: {cap}
sections:
  - id: A
    title: 日常管理
    max: {cap}
    capped: true
    sections:
      - id: AA
        title: 信息报送
        max: 15
        items: [{{id: A1, max: 8, text: 报表}}, {{id: A2, max: 7, text: 信息}}]
"""


@pytest.mark.parametrize("table", [False, True], ids=["form", "table"])
@pytest.mark.parametrize("cap", [10, 9])
def test_a_section_and_the_only_one_inside_it_have_limits_of_their_own(
    tmp_path: Path, cap: int, table: bool
) -> None:
    old, new = (ONE_INSIDE.format(cap=number) for number in (10, cap))
    found = found_after(tmp_path, old, new, {"A1": 3, "A2": 4}, table=table)
    kinds = [(one.kind.code, one.parameters["old"], one.parameters["new"]) for one in found]
    assert kinds == ([] if cap == 10 else [("EPA307", "10", "9")])


@pytest.mark.parametrize(("inner", "right"), [(15, True), (10, False)])
def test_a_section_and_the_only_one_inside_it_have_sums_of_their_own(
    tmp_path: Path, inner: int, right: bool
) -> None:
    text = ONE_INSIDE.format(cap=10)
    found_after(tmp_path, text, text, {"A1": 8, "A2": 7})
    path = tmp_path / "甲镇.xlsx"

    def type_sums(workbook: Any) -> None:
        sheet = workbook.worksheets[0]
        cells = [cell for (cell,) in sheet["E5:E20"] if str(cell.value).startswith("=")]
        for cell, number in zip(cells, (inner, 10, 10), strict=True):
            cell.value = number

    path.write_bytes(edited(type_sums, path.read_bytes()))
    found = read_sheet(str(path), RubricLibrary(str(tmp_path))).diagnostics
    kinds = [(one.kind.code, one.parameters["value"], one.parameters["points"]) for one in found]
    assert kinds == ([] if right else [("EPA323", "10", 15)])


def found_after(
    folder: Path, old: str, new: str, points: Mapping[str, object], *, table: bool = False
) -> tuple[Diagnostic, ...]:
    """What is found in a form of one rubric, filled in, where another one is in force."""
    path = folder / "rubrics" / "county.yaml"
    path.parent.mkdir()
    path.write_text(old, "utf-8")
    rubric = read_rubric(str(path)).rubric
    assert rubric is not None
    written = io.BytesIO()
    if table:
        write_table(UnitTable(rubric, ("甲镇",)), written, Words("zh_CN"))
    else:
        write_form(Form(rubric, "甲镇"), written, Words("zh_CN"))
    data = written.getvalue()
    for line, number in points.items():
        edit = put_in_row(line, number) if table else put(line, "E", number)
        data = edited(edit, data)
    (folder / "甲镇.xlsx").write_bytes(data)
    path.write_text(new, "utf-8")
    return read_sheet(str(folder / "甲镇.xlsx"), RubricLibrary(str(folder))).diagnostics


def put_in_row(line: str, value: object) -> Callable[[Any], None]:
    """Write a value into the first row of a table of units, below the number of a line."""

    def edit(workbook: Any) -> None:
        (title,) = (cell for row in workbook.worksheets[0] for cell in row if cell.value == line)
        workbook.worksheets[0].cell(title.row + 3, title.column).value = value

    return edit


SHARED = POOL.format(total=20, pool=10).replace("max: 8", "max: 5").replace("    pool: items\n", "")
SHARED += (
    "adjustments: {bonus: {items: [{id: J1, text: 表彰, each: 1}, {id: J2, text: 奖, each: 2}]}}\n"
)
FACTS = {"A1-1": 1, "A2-1": 1, "B1": 9}


@pytest.mark.parametrize("table", [False, True], ids=["form", "table"])
@pytest.mark.parametrize(
    ("old", "new", "items"),
    [
        ("max: 10\n", "max: 10\n    pool: section\n", ("A1", "A2")),
        ("max: 10\n    pool: section\n", "max: 10\n", ("A1", "A2")),
        (
            "max: 10\n    pool: section\n",
            "max: 10\n    pool: section\n    floor: 2\n",
            ("A1", "A2"),
        ),
        ("bonus: {items", "bonus: {same_fact: once, items", None),
        ("bonus: {same_fact: once, items", "bonus: {items", None),
        ("bonus: {same_fact: once, items", "bonus: {same_fact: each, items", ("J1", "J2")),
    ],
)
def test_another_reading_of_a_sum_is_named(
    tmp_path: Path, old: str, new: str, items: tuple[str, ...] | None, table: bool
) -> None:
    plain = "max: 10\n" if "max" in old else "bonus: {items"
    old_text, new_text = (SHARED.replace(plain, text, 1) for text in (old, new))
    found = found_after(tmp_path, old_text, new_text, FACTS, table=table)
    expected = [] if items is None else [("EPA307", "reading", items)]
    assert [(one.kind.code, one.variant, one.parameters.get("items")) for one in found] == expected
    assert all(one.location.cell for one in found)


def test_a_form_of_an_older_version_does_not_know_how_its_sums_are_read(tmp_path: Path) -> None:
    text = SHARED.replace("max: 10\n", "max: 10\n    pool: section\n", 1)
    (tmp_path / "old").mkdir()
    found_after(tmp_path / "old", SHARED, text, FACTS)
    path = tmp_path / "old" / "甲镇.xlsx"

    def forget(workbook: Any) -> None:
        for row in workbook[FORM_SHEET].iter_rows():
            if row[0].value == "sum":
                row[6].value = None

    path.write_bytes(edited(forget, path.read_bytes()))
    assert read_sheet(str(path), RubricLibrary(str(tmp_path / "old"))).diagnostics == ()


def test_a_unit_that_has_no_duty_any_more_is_all_that_is_said(handed_in: Path) -> None:
    found = read(handed_in, replace("units: [甲镇]", "units: [丁镇]"))
    assert [code for code, _, _ in found] == ["EPA113"]


def test_a_change_of_a_long_wording_shows_where_it_differs(handed_in: Path) -> None:
    long = "甲" * 60
    (handed_in.parent / "rubrics" / "county.yaml").write_text(
        OLD.replace("每月报送信息", "每月报送信息" + long), "utf-8"
    )
    file = read_sheet(str(handed_in), RubricLibrary(str(handed_in.parent)))
    (found,) = file.diagnostics
    assert found.parameters["old"] == "每月报送信息"
    assert found.parameters["new"] == "每月报送信息" + long[:34] + "..."
    assert found.location.cell == "评分表!C5"
