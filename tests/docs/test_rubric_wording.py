"""The shipped rubrics say what the published tables say, word for word.

`tests/data/source.txt` is the published document as it came. It is read here on its own,
without the rubrics: whatever is missing, added, reworded or moved in a rubric fails.
White space alone may differ, because the source breaks lines inside its table cells.
"""

import re
from itertools import groupby
from typing import Any, NamedTuple

import pytest
import yaml
from tests.support.paths import ROOT

SOURCE = ROOT / "tests" / "data" / "source.txt"
RUBRICS = ROOT / "rubrics"

TOWNSHIP_TITLE = "宜阳县电子商务扶贫工作考核评分细则（乡镇）"
DEPARTMENTS_TITLE = "宜阳县电子商务扶贫工作考核评分细则（县直有关部门）"
DEPARTMENTS_ATTACHMENT = "附件3"
TABLE_HEADER = "考核指标考核内容"
OWN_HEADING = "个性指标（60）"


NUMBER = re.compile(r"([0-9]+)(家|个|万元|人|名|%)")
"""A number with its unit, as the text of an item states it."""


class Line(NamedTuple):
    """A heading or an item, and the points that the source prints in brackets behind it."""

    text: str
    points: int


class Table(NamedTuple):
    """One published table."""

    title: str
    lines: list[Line]
    """Headings and scored items from top to bottom."""
    own: list[tuple[str, str]]
    """Department cell and text of each row that has no points of its own."""

    @property
    def items(self) -> list[Line]:
        """The scored items: they are sentences, headings are not."""
        return [line for line in self.lines if line.text.endswith("。")]


def without_space(text: str) -> str:
    """Return text without any white space, no-break spaces included."""
    return "".join(text.split())


def split_at_points(text: str) -> list[Line]:
    """Cut text behind every （points）; nothing may be left over."""
    lines = [Line(words, int(points)) for words, points in re.findall(r"(.*?)（(\d+)）", text)]
    assert "".join(f"{line.text}（{line.points}）" for line in lines) == text
    return lines


def read_cells(text: str) -> list[str]:
    """Return the table cells that are not empty: in the source a cell begins with a tab."""
    cells = (without_space(cell) for cell in text.split("\n\t"))
    return [cell for cell in cells if cell]


def read_table(text: str, title: str) -> Table:
    """Read one half of the source: scored lines, and after 个性指标 pairs of cells."""
    scored, own_heading, own_rows = text.rpartition(OWN_HEADING)
    if not own_heading:
        scored, own_rows = own_rows, ""
    start = title + TABLE_HEADER
    body = without_space(scored + own_heading)
    assert body.startswith(start)
    lines = split_at_points(body.removeprefix(start))
    without_page_breaks = [line for line, _repeated in groupby(lines)]
    cells = read_cells(own_rows)
    own = list(zip(cells[::2], cells[1::2], strict=True))
    return Table(title, without_page_breaks, own)


def units_of(cell: str) -> list[str]:
    """Return the units of a department cell: 移动、联通、电信公司 are three companies."""
    names = cell.split("、")
    return [name.removesuffix("公司") + "公司" for name in names] if len(names) > 1 else names


def load_rubric(name: str) -> dict[str, Any]:
    rubric = yaml.safe_load((RUBRICS / f"{name}.yaml").read_text(encoding="utf-8"))
    assert isinstance(rubric, dict)
    return rubric


def lines_in(sections: list[dict[str, Any]]) -> list[Line]:
    """Return all sections and items outside `per_unit`, in the order of the file."""
    lines: list[Line] = []
    for section in sections:
        lines.append(Line(section["title"], section["max"]))
        lines += [Line(item["text"], item["max"]) for item in section.get("items", [])]
        lines += lines_in(section.get("sections", []))
    return lines


def sections_with_items(sections: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the sections that hold items for every unit, in the order of the file."""
    found: list[dict[str, Any]] = []
    for section in sections:
        found += [section] if "items" in section else []
        found += sections_with_items(section.get("sections", []))
    return found


def keys_in(node: object) -> set[str]:
    """Return every key that is used anywhere below node."""
    if isinstance(node, dict):
        return set(node).union(*(keys_in(value) for value in node.values()))
    if isinstance(node, list):
        return set[str]().union(*(keys_in(value) for value in node))
    return set()


@pytest.fixture(scope="module")
def halves() -> tuple[str, str]:
    """Cut the source at the line 附件3."""
    before, attachment, after = SOURCE.read_text(encoding="utf-8").partition(DEPARTMENTS_ATTACHMENT)
    assert attachment
    return before, after


@pytest.fixture(scope="module")
def published_township(halves: tuple[str, str]) -> Table:
    return read_table(halves[0], TOWNSHIP_TITLE)


@pytest.fixture(scope="module")
def published_departments(halves: tuple[str, str]) -> Table:
    return read_table(halves[1], DEPARTMENTS_TITLE)


@pytest.fixture(scope="module")
def township() -> dict[str, Any]:
    return load_rubric("township")


@pytest.fixture(scope="module")
def departments() -> dict[str, Any]:
    return load_rubric("departments")


@pytest.fixture(scope="module")
def own_entries(departments: dict[str, Any]) -> list[dict[str, Any]]:
    entries = departments["sections"][-1]["per_unit"]
    assert isinstance(entries, list)
    return entries


def test_the_source_has_as_many_lines_as_were_published(
    published_township: Table, published_departments: Table
) -> None:
    assert len(published_township.items) == 22
    assert len(published_township.lines) == 22 + 4
    assert published_township.own == []
    assert len(published_departments.items) == 8
    assert len(published_departments.lines) == 8 + 4
    assert len(published_departments.own) == 19


def test_township_title_and_total(township: dict[str, Any], published_township: Table) -> None:
    assert township["id"] == "township"
    assert township["title"] == published_township.title
    assert township["total"] == sum(line.points for line in published_township.items) == 100


def test_township_sections_and_items(township: dict[str, Any], published_township: Table) -> None:
    assert lines_in(township["sections"]) == published_township.lines


def test_departments_title_and_total(
    departments: dict[str, Any], published_departments: Table
) -> None:
    assert departments["id"] == "departments"
    assert departments["title"] == published_departments.title
    common = sum(line.points for line in published_departments.items)
    own = published_departments.lines[-1]
    assert own.text == "个性指标"
    assert departments["total"] == common + own.points == 100


def test_departments_sections_and_common_items(
    departments: dict[str, Any], published_departments: Table
) -> None:
    assert lines_in(departments["sections"]) == published_departments.lines


def test_departments_own_items(
    own_entries: list[dict[str, Any]], published_departments: Table
) -> None:
    entries = [
        (entry["units"], [(item["id"], item["max"], item["text"]) for item in entry["items"]])
        for entry in own_entries
    ]
    assert len(entries) == 19
    assert entries == [
        (units_of(cell), [("C1", 60, text)]) for cell, text in published_departments.own
    ]


def test_departments_units(own_entries: list[dict[str, Any]]) -> None:
    units = [unit for entry in own_entries for unit in entry["units"]]
    assert len(units) == len(set(units)) == 21
    assert units[-4:] == ["移动公司", "联通公司", "电信公司", "县广电台"]


@pytest.mark.parametrize(("name", "letters"), [("township", "ABCD"), ("departments", "AB")])
def test_items_are_numbered_within_their_section(name: str, letters: str) -> None:
    sections = sections_with_items(load_rubric(name)["sections"])
    assert [section["id"] for section in sections] == list(letters)
    for section in sections:
        ids = [item["id"] for item in section["items"]]
        assert ids == [f"{section['id']}{number}" for number in range(1, len(ids) + 1)]


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("township", {"targets", "all", "any", "name", "at_least", "unit"}),
        ("departments", {"per_unit", "units"}),
    ],
)
def test_nothing_is_stated_that_was_not_published(name: str, more: set[str]) -> None:
    published = {"id", "title", "total", "sections", "max", "items", "text"}
    assert keys_in(load_rubric(name)) == published | more


def test_targets_are_the_numbers_of_the_text_and_all_of_them() -> None:
    items = [item for one in load_rubric("township")["sections"] for item in one["items"]]
    stated = {item["id"]: NUMBER.findall(item["text"]) for item in items}
    targets = {item["id"]: item["targets"] for item in items if "targets" in item}
    assert len(targets) == 8
    assert targets.keys() == {name for name, numbers in stated.items() if numbers}
    for name, target in targets.items():
        ((which, listed),) = target.items()
        assert [(str(one["at_least"]), one["unit"]) for one in listed] == stated[name]
        assert (which == "any") == ("或者" in next(i["text"] for i in items if i["id"] == name))
