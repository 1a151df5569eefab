"""What screen readers go by in a workbook of results: headers, tables, links, charts in words."""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl.utils import range_boundaries
from tests.support.every_table import EXAMPLES, tables_of_example
from tests.support.office import data_bars
from tests.support.workbooks import (
    WORDS,
    about_of,
    content_of,
    one_text,
    opened,
    rubric_and_sheets,
    small,
    tables_of,
    written,
)

from epa_score.exporters.xlsx import layout
from epa_score.i18n import Words, plain
from epa_score.reports.table import Column, Row, Table

pytestmark = data_bars
REGION = re.compile(r"(Column)?TitleRegion1\.([A-Z]+[0-9]+)\.([A-Z]+[0-9]+)\.([0-9]+)")
NAMES = [*EXAMPLES]


def corners(area: str) -> tuple[int, int, int, int]:
    """The first column and row of an area, and the last ones."""
    left, top, right, bottom = range_boundaries(area)
    return left or 0, top or 0, right or 0, bottom or 0


def texts(sheet: Any, area: str) -> list[object]:
    left, top, right, bottom = corners(area)
    rows = sheet.iter_rows(top, bottom, left, right, values_only=True)
    return [cell for row in rows for cell in row]


def regions(book: Any) -> Iterator[tuple[Any, str, str, bool]]:
    """Worksheet, region and header of each name, and true where rows are named as well."""
    matches = [match for name in book.defined_names if (match := REGION.fullmatch(name))]
    assert len(matches) == len(book.defined_names)
    for match in sorted(matches, key=lambda match: int(match[4])):
        column, first, last, number = match.groups()
        defined = book.defined_names[match.string]
        sheet = book.worksheets[int(number) - 1]
        [(title, header)] = defined.destinations
        assert title == sheet.title
        yield sheet, f"{first}:{last}", header.replace("$", ""), column is None


# --- headers ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_the_header_of_every_table_is_marked_for_screen_readers(name: str) -> None:
    tables = tables_of_example(name).exported
    book: Any = opened(written(tables), values=True)
    found = list(regions(book))
    assert len(found) == len(tables)
    for table, (sheet, region, header, names_rows) in zip(tables, found, strict=True):
        named = table.blocks.column if table.blocks else ""
        shown = [column for column in table.columns if column.shown and column.name != named]
        left, top, right, bottom = corners(region)
        head_left, head_top, head_right, head_bottom = corners(header)
        assert (left, top, head_left) == (1, head_top, head_right)
        assert right == len(shown)
        above = sheet.iter_rows(head_top, head_bottom, 1, right, values_only=True)
        said = {"".join(str(cell).split()) for row in above for cell in row}
        assert {"".join(column.title.split()) for column in shown} <= said
        heading = next((column.title for column in shown if column.is_heading), None)
        assert names_rows == (heading is not None)
        if heading is not None:
            assert heading in texts(sheet, header)
        assert bottom - head_bottom >= len(list(table.rows())) + (table.mean is not None)
        assert not any(cell.value for cell in sheet[bottom + 1][:right])


def test_a_long_table_has_its_header_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout, "LONG", 10)
    book: Any = opened(written(tables_of(*rubric_and_sheets("township"))), values=True)
    assert [sheet.title for sheet, *_ in regions(book)] == ["排名汇总", "得分明细", "扣分明细"]
    assert not any(sheet.tables for sheet in book)


def test_a_table_without_rows_has_no_header_for_anything() -> None:
    table = one_text("x")._replace(rows=list)
    assert not opened(written([table]), values=True).defined_names


# --- tables of Excel -------------------------------------------------------------------------


def sheet_of(book: Any, table: Table) -> Any:
    """The worksheet of a table, whose name has the rubric and the group where there are several."""
    name = WORDS(f"sheet.{table.name}")
    wanted = (name, f"{name}-{table.group}", f"{name}-{table.kin}", f"{name}-{table.unit_group}")
    return next(book[title] for title in reversed(wanted) if title in book)


@pytest.mark.parametrize("name", NAMES)
def test_worksheets_that_excel_takes_for_tables_are_tables(name: str) -> None:
    tables = tables_of_example(name).exported
    book: Any = opened(written(tables), values=True)
    marked = {sheet.title for sheet in book if sheet.tables}
    for table in tables:
        sheet = sheet_of(book, table)
        grouped = any(column.group for column in table.columns if column.shown)
        barred = table.blocks or table.is_sortable or table.has_caps_row or grouped
        assert (sheet.title in marked) != bool(barred), sheet.title
        for own in sheet.tables.values():
            left, top, right, bottom = corners(own.ref)
            head = [cell.value for cell in sheet[top][left - 1 : right]]
            assert [column.name for column in own.tableColumns] == head
            merged = sheet.merged_cells.ranges
            assert not [area for area in merged if area.max_row >= top and area.min_row <= bottom]
            assert (own.autoFilter, own.tableStyleInfo.name) == (None, None)
            assert not own.tableStyleInfo.showRowStripes
    assert marked


TITLES: dict[str, tuple[str, ...]] = {
    "two equal titles": ("甲", "甲"),
    "titles that differ in case": ("a", "A"),
    "a title with an escape": ("甲", "_x0041_"),
    "no title": ("甲", ""),
}


@pytest.mark.parametrize("titles", TITLES.values(), ids=TITLES)
def test_titles_that_excel_would_repair_make_no_table(titles: tuple[str, ...]) -> None:
    columns = tuple(Column(f"c{number}", title) for number, title in enumerate(titles))
    table = Table("deductions", "表", columns, lambda: [Row(("一", "二"))])
    sheet: Any = opened(written([table]), values=True).active
    assert not sheet.tables
    assert [cell.value or "" for cell in sheet[3][:2]] == [*titles]


def test_a_title_in_two_lines_is_the_same_in_the_table() -> None:
    title = "与上一名追平的权重幅度"
    columns = Column("a", "单位"), Column("b", title)
    table = Table("deductions", "表", columns, lambda: [Row(("一", "二"))])
    sheet: Any = opened(written([table]), values=True).active
    (own,) = sheet.tables.values()
    assert "\n" in sheet["B3"].value
    assert [column.name for column in own.tableColumns] == ["单位", sheet["B3"].value]


# --- contents --------------------------------------------------------------------------------


def contents(book: Any, about: str = "说明") -> dict[str, str]:
    """The worksheets that links of 说明 lead to, and what they are said to hold."""
    found = {}
    for row in book[about].iter_rows():
        link = row[0].hyperlink
        if link is None:
            continue
        target = link.location.removesuffix("!A1").strip("'")
        assert (link.target, row[0].font.underline) == (None, "single")
        assert row[0].value.endswith(target)
        found[target] = row[1].value
    return found


def test_every_worksheet_can_be_reached_from_the_last_table() -> None:
    both = [rubric_and_sheets(name) for name in ("township", "departments")]
    content = content_of(*((rubric, [*sheets.values()]) for rubric, sheets in both), forms=True)
    book: Any = opened(content, values=True)
    found = contents(book)
    assert [*found] == [name for name in book.sheetnames if name != "说明"]
    assert found["排名图-township"] == "排名汇总-township画成的条形图"
    assert found["示例丙镇"] == "示例丙镇的评分表"
    heads = [row[0].value for row in book["说明"].iter_rows() if row[0].value]
    assert heads.count("工作表和导出后的改动") == 1


@pytest.mark.parametrize("name", NAMES)
def test_every_worksheet_of_the_examples_is_said_to_hold_something(name: str) -> None:
    tables = tables_of_example(name).exported
    for language, about in (("zh_CN", "说明"), ("en", "About")):
        book: Any = opened(written(tables, Words(language)), values=True)
        found = contents(book, about)
        assert [*found] == [sheet for sheet in book.sheetnames if sheet != about]
        assert all(found.values())


def test_names_with_signs_are_still_links() -> None:
    table = one_text("x")._replace(group="a b'c")
    about = about_of([])
    book: Any = opened(
        written([table, table._replace(name="scores", group="d"), about]), values=True
    )
    assert [*contents(book)] == ["扣分明细-a_b_c", "得分明细-d"]


# --- charts ----------------------------------------------------------------------------------


def descriptions(content: bytes) -> list[str]:
    with ZipFile(BytesIO(content)) as archive:
        names = sorted(
            name for name in archive.namelist() if name.startswith("xl/drawings/drawing")
        )
        drawings = [archive.read(name).decode() for name in names]
    return [text for drawing in drawings for text in re.findall(r'descr="([^"]*)"', drawing)]


@pytest.mark.parametrize("name", NAMES)
def test_every_chart_is_told_in_words(name: str) -> None:
    tables = tables_of_example(name).exported
    content = written(tables)
    book: Any = opened(content, values=True)
    found = descriptions(content)
    charts = [sheet for sheet in book if sheet._charts]
    assert len(charts) == len(found) > 0
    drawn = [table for table in tables if table.chart is not None]
    for table, text in zip(drawn, found, strict=True):
        names = [column.name for column in table.columns]
        assert table.chart is not None
        place, unit = names.index(table.chart.figures), names.index("unit")
        rows = [row.cells for row in table.rows() if row.live]
        figures: list[Any] = [cells[place] for cells in rows]
        assert f"共 {len(rows)} 个单位" in text
        for end, word in ((max(figures), "最高的是"), (min(figures), "最低的是")):
            first = next(cells[unit] for cells in rows if cells[place] == end)
            assert f"{word}{first}" in text
            assert f"，{plain(end)}" in text


def test_units_that_share_the_end_are_counted_where_they_are_many(tmp_path: Path) -> None:
    content = written(small(tmp_path, {f"{name}镇": {"A1": "1", "A2": "1"} for name in "甲乙丙丁"}))
    assert descriptions(content)[0] == (
        "条形图：小总分排名图。共 4 个单位；总分（10）最高的是丁镇、丙镇、乙镇 等 4 个，2；"
        "最低的是丁镇、丙镇、乙镇 等 4 个，2。这是导出时的数，逐个单位的数见工作表排名汇总"
    )


# --- the file --------------------------------------------------------------------------------


def test_a_workbook_says_its_title_and_language_and_begins_at_the_first_cell() -> None:
    tables = tables_of(*rubric_and_sheets("township"))
    for language, tag in (("zh_CN", "zh-CN"), ("en", "en")):
        book: Any = opened(written(tables, Words(language)), values=True)
        assert book.properties.title == tables[0].title
        assert book.custom_doc_props["Language"].value == tag
        assert book.active.title == book.sheetnames[0]
        for sheet in book:
            view = sheet.sheet_view
            active = view.pane.activePane if view.pane is not None else "topLeft"
            cells = [one.activeCell for one in view.selection if one.pane in (active, None)]
            assert cells in ([], ["A1"]), sheet.title
