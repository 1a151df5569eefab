"""A table of all units: each row is a score sheet, and every cell of it is accounted for."""

import io
from collections.abc import Callable
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.utils import get_column_letter
from tests.support.examples import round_trips
from tests.support.form_facts import RUBRIC as COUNTY
from tests.support.form_facts import SHEET, said, sheet_in, sheets
from tests.support.form_facts import SHELF as COUNTY_SHELF
from tests.support.forms import SHELF, edited, filled, form, retyped
from tests.support.paths import ROOT
from tests.support.rubrics import read_rubric as read_text
from tests.support.unit_tables import FIRST, as_in_table, at, filled_table, read_table, table_of

from epa_score import ScoreSheet
from epa_score.diagnostics import Kind
from epa_score.model.form_record import FORM_SHEET
from epa_score.readers.rubrics import RubricFile, RubricLibrary, read_rubric
from epa_score.readers.sheets import SheetFile, read_sheet

RUBRICS = [*(ROOT / "rubrics").glob("*.yaml"), *(ROOT / "examples").glob("**/rubrics/*.yaml")]
BEYOND = 3
_, TOWNSHIP = SHELF.require("township")
_, DEPARTMENTS = SHELF.require("departments")
Found = list[tuple[str, str]]


def full_marks(unit: str = "示例甲镇") -> ScoreSheet:
    scope = TOWNSHIP.scope(unit)
    assert scope is not None
    scores = {item: str(cap) for item, cap in scope.caps.items()}
    return ScoreSheet.model_validate({"rubric": "township", "unit": unit, "scores": scores})


@cache
def example() -> bytes:
    """The table of two units, filled in."""
    return filled_table(TOWNSHIP, [full_marks(), full_marks("示例乙镇")])


def all_found(files: list[SheetFile]) -> Found:
    found = {
        (one.location.cell.partition("!")[2], f"{one.kind.name} {one.variant}".strip())
        for file in files
        for one in file.diagnostics
    }
    return sorted(found)


def wrong(*edits: Callable[[Any], None], data: bytes = b"", shelf: RubricLibrary = SHELF) -> Found:
    """What is wrong with the example after somebody edited it."""
    data = data or example()
    for edit in edits:
        data = edited(edit, data)
    return all_found(read_table(data, shelf, incomplete=False))


def test_each_row_is_a_sheet() -> None:
    one, two = read_table(example(), SHELF)
    assert (one.diagnostics, two.diagnostics) == ((), ())
    assert (one.unit, two.unit) == ("示例甲镇", "示例乙镇")
    assert (one.part, two.part) == ("登记表!8", "登记表!9")
    assert one.result is not None
    assert one.result.total == 100


@round_trips(25)
@given(st.lists(sheets(), min_size=1, max_size=3))
def test_any_sheets_survive_a_table(drawn: list[ScoreSheet]) -> None:
    assert COUNTY is not None
    named = [
        sheet.model_copy(update={"unit": f"示例{number}镇"}) for number, sheet in enumerate(drawn)
    ]
    there = read_table(filled_table(COUNTY, named), COUNTY_SHELF)
    assert [one for file in there for one in file.diagnostics if one.kind.severity == "error"] == []
    assert [file.unit for file in there] == [sheet.unit for sheet in named]
    for file, sheet in zip(there, named, strict=True):
        assert said(file.sheet) == said(as_in_table(sheet))


def test_units_with_duties_of_their_own_share_a_column() -> None:
    units = ("县商务局", "县财政局", "移动公司")
    data = filled_table(DEPARTMENTS, [as_in_table(filled(unit)) for unit in units])
    files = read_table(data, SHELF, incomplete=False)
    assert all_found(files) == []
    totals = [file.result.total for file in files if file.result]
    assert totals == [
        file.result.total for unit in units for file in [read_sheet_of(unit)] if file.result
    ]


def read_sheet_of(unit: str) -> SheetFile:
    return read_sheet(str(ROOT / "examples" / "scores" / f"{unit}.yaml"), SHELF)


def test_a_unit_that_is_not_scored_does_not_vanish() -> None:
    data = table_of(TOWNSHIP, "示例甲镇", "示例乙镇")
    assert wrong(data=data) == [("A8", "ITEMS_UNSCORED"), ("A9", "ITEMS_UNSCORED")]
    assert all_found(read_table(data, SHELF)) == []


def test_empty_rows_are_nothing_and_an_empty_table_is_a_blank_form() -> None:
    blank = table_of(TOWNSHIP, "", "", "")
    assert wrong(data=blank) == [("A8", "EMPTY_FIELD")]
    one = edited(at("单位", "示例甲镇", FIRST + 1), blank)
    assert [file.part for file in read_table(one, SHELF)] == ["登记表!9"]
    assert wrong(at("合　　计", 3), data=blank)[0] == ("A8", "EMPTY_FIELD")


def merge(area: str) -> Callable[[Any], None]:
    return lambda workbook: workbook.worksheets[0].merge_cells(area)


def hide_row(workbook: Any) -> None:
    workbook.worksheets[0].row_dimensions[FIRST].hidden = True


def hide_column(workbook: Any) -> None:
    workbook.worksheets[0].column_dimensions["D"].hidden = True


def hide_sheet(workbook: Any) -> None:
    workbook.worksheets[0].sheet_state = "hidden"
    workbook.create_sheet("说明")
    workbook.active = len(workbook.worksheets) - 1


def hide_zeros(workbook: Any) -> None:
    at("A3", 0)(workbook)
    workbook.worksheets[0].sheet_view.showZeros = False


def put(cell: str, value: object, **others: object) -> Callable[[Any], None]:
    def edit(workbook: Any) -> None:
        for name, one in {cell: value, **others}.items():
            workbook.worksheets[0][name].value = one

    return edit


FAULTS: dict[str, tuple[Callable[[Any], None], Found]] = {
    "text": (at("A3", "八"), [("D8", "POINTS_NOT_A_NUMBER instead")]),
    "text number": (at("A3", "6"), [("D8", "CELL_TEXT_NUMBER")]),
    "formula": (at("A3", "=1+1"), [("D8", "CELL_FORMULA")]),
    "date": (at("A3", datetime(2018, 3, 2)), [("D8", "CELL_DATE")]),  # noqa: DTZ001
    "percent": (at("A3", 0.8, number_format="0%"), [("D8", "CELL_PERCENT")]),
    "rounded": (at("A3", 6.5, number_format="0"), [("D8", "SHOWN_DIFFERENTLY")]),
    "over": (at("A3", 9), [("D8", "POINTS_OVER_CAP")]),
    "empty": (at("A3", None), [("D8", "ITEMS_UNSCORED")]),
    "merged": (merge("D8:E8"), [("D8", "CELL_MERGED row")]),
    "units merged": (merge("A8:A9"), [("A8", "CELL_MERGED row"), ("A9", "EMPTY_FIELD")]),
    "row hidden": (hide_row, [("B8", "LINE_HIDDEN")]),
    "column hidden": (hide_column, [("D5", "COLUMN_HIDDEN line")]),
    "sheet hidden": (hide_sheet, [("", "FORM_HIDDEN")]),
    "unit formula": (at("单位", "=A9"), [("A8", "CELL_FORMULA text")]),
    "unit twice": (at("单位", "示例乙镇"), []),  # said across sheets
    "sum": (at("合　　计", 95), [("X8", "SUM_DIFFERS")]),
    "sum formula": (at("合　　计", "=95"), []),  # shows nothing before it was worked out
    "number": (put("D5", "A33"), [("D5", "ITEM_LINE_CHANGED missing_column")]),
    "number twice": (put("D5", "A2"), [("D5", "ITEM_LINE_CHANGED missing_column")]),
    "number in a second column": (
        put("Z5", "A2", Z7=5, Z8=3),
        [("Z5", "ITEM_LINE_CHANGED twice_column")],
    ),
    "wording": (put("D6", "别的"), [("D6", "WORDING_CHANGED")]),
    "cap": (put("D7", 10), [("D7", "CAP_CHANGED")]),
    "reasons title": (put("Y5", "备注"), [("Y5", "ITEM_LINE_CHANGED missing_column")]),
    "foreign text": (put("Z8", "看过"), [("Z8", "CELL_NOT_READ column")]),
    "foreign number": (put("Z8", 3), [("Z8", "POINTS_OF_NO_ITEM column")]),
    "number below": (put("C13", 3), [("C13", "POINTS_OF_NO_ITEM")]),
    "text number below": (put("C13", "3分"), [("C13", "POINTS_OF_NO_ITEM")]),
    "zero hidden": (hide_zeros, [("D8", "SHOWN_DIFFERENTLY zero")]),
    "label": (put("A3", "2018"), [("A3", "LABEL_CHANGED")]),
    "beside a field": (put("L3", "2018"), []),
    "reason": (at("扣分原因", "材料不全"), [("Y8", "CELL_NOT_READ reason")]),
    "reason of a number": (at("扣分原因", 3), [("Y8", "CELL_NOT_READ reason")]),
    "reason of two": (at("扣分原因", "A3、A4 材料不全"), [("Y8", "CELL_NOT_READ reason")]),
    "reason formula": (at("扣分原因", "=A1"), [("Y8", "CELL_FORMULA text")]),
    "reason picture": (
        at("扣分原因", '=_xlfn.DISPIMG("ID_1",1)'),
        [("Y8", "NOTE_IS_PICTURE")],
    ),
    "period formula": (put("B3", "=1+1"), [("B3", "CELL_FORMULA text")]),
    "day": (put("B4", "去年年底"), [("B4", "DATE_NOT_ISO")]),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_is_wrong_is_named_at_its_cell(name: str) -> None:
    edit, expected = FAULTS[name]
    assert wrong(edit) == expected


REASONS = {
    "A3 就业信息不全": {"A3": "就业信息不全"},
    "A3：缺档案；B1，少一次": {"A3": "缺档案", "B1": "少一次"},
    "a3.缺档案\nA3 缺照片": {"A3": "缺档案\n缺照片"},
    "Ａ３　缺档案。C8 未调查": {"A3": "缺档案", "C8": "未调查"},
    "A3 缺档案；缺照片": {"A3": "缺档案；缺照片"},
    "A3 缺两份；B9 的也缺": {"A3": "缺两份；B9 的也缺"},
    "A3 缺一份\n\nB1 少一次": {"A3": "缺一份", "B1": "少一次"},
    "A3 缺4月；A4纸不合": {"A3": "缺4月", "A4": "纸不合"},
    "A3 缺4月；Ａ４ 纸不合": {"A3": "缺4月", "A4": "纸不合"},
    "A3 见B1的材料，缺B1": {"A3": "见B1的材料，缺B1"},
}


@pytest.mark.parametrize("text", REASONS)
def test_reasons_begin_with_the_number_of_their_item(text: str) -> None:
    first, _ = read_table(edited(at("扣分原因", text), example()), SHELF)
    assert first.sheet is not None
    notes = {item: first.sheet.score(item).note for item in first.sheet.scores}
    assert {item: note for item, note in notes.items() if note} == REASONS[text]


@pytest.mark.parametrize(
    "text",
    [
        "A3 缺档案，B1 少一次",
        "A3：缺档案 B1：少一次",
        "A3、B1 少一次",
        "A3 缺，Ｂ１ 少",
        "A3  B1 少",
    ]
    + [
        f"A3{sign}C8 材料不全"
        for sign in ("和", "与", "及", "以及", "至", "到", "-", "—", "~", "/", " 和 ")
    ],
)
def test_a_reason_that_may_be_that_of_two_items_is_asked_about(text: str) -> None:
    assert [code for _, code in wrong(at("扣分原因", text))] == ["CELL_NOT_READ reason"]


def test_a_hidden_row_with_facts_is_one_finding_at_what_was_typed_first() -> None:
    assert COUNTY is not None
    data = edited(hide_row, filled_table(COUNTY, [sheet_in(SHEET)]))
    assert all_found(read_table(data, COUNTY_SHELF)) == [("C8", "LINE_HIDDEN")]


@pytest.mark.parametrize("text", ["；{}x", "A3 缺{}x", "A3{}x", "A3 缺；{}x", "A3 缺、{}x"])
def test_reasons_with_many_blanks_are_looked_at_once(text: str) -> None:
    """The longest text of a cell, which would take minutes if each blank began anew."""
    data = edited(at("扣分原因", text.format(" " * 32_000)), example())
    assert [file.unit for file in read_table(data, SHELF)] == ["示例甲镇", "示例乙镇"]


def test_every_table_of_a_workbook_is_read() -> None:
    def copy(workbook: Any) -> None:
        for number in range(120):
            sheet = workbook.copy_worksheet(workbook.worksheets[0])
            sheet.title = f"表{number}"
            sheet["A8"].value = f"示例{number}乡"

    units = [file.unit for file in read_table(edited(copy, example()), SHELF)]
    assert {f"示例{number}乡" for number in range(120)} <= set(units)


def test_fields_above_the_table_are_those_of_each_row() -> None:
    data = edited(put("B2", "第一组"), edited(put("B3", "2018"), example()))
    for file in read_table(data, SHELF):
        assert file.sheet is not None
        assert (file.sheet.assessor, file.sheet.period) == ("第一组", "2018")


def test_a_column_that_counts_the_rows_is_nobodys_points() -> None:
    def count(workbook: Any) -> None:
        sheet = workbook.worksheets[0]
        sheet["Z5"], sheet["Z8"], sheet["Z9"] = "序号", 1, 2

    assert wrong(count) == []
    assert wrong(count, put("Z9", 7)) == [("Z8", "POINTS_OF_NO_ITEM column")]


def test_an_item_of_another_unit_is_empty() -> None:
    text = """\
id: county
title: 某县
total: 10
sections:
  - id: A
    title: 职责
    max: 10
    per_unit:
      - {units: [甲局], items: [{id: C1, max: 6, text: 一}, {id: C2, max: 4, text: 二}]}
      - {units: [乙局], items: [{id: C1, max: 10, text: 三}]}
"""
    found = read_text(text)
    assert found.rubric is not None
    shelf = RubricLibrary(given=RubricFile("county.yaml", text.encode(), found.rubric, ()))
    data = table_of(found.rubric, "甲局", "乙局")
    for row, points in ((FIRST, {"C1": 6, "C2": 4}), (FIRST + 1, {"C1": 9})):
        for item, number in points.items():
            data = edited(at(item, number, row), data)
    assert wrong(data=data, shelf=shelf) == []
    more = at("C2", 3, FIRST + 1)
    assert wrong(more, data=data, shelf=shelf) == [("C9", "POINTS_OF_NO_ITEM row")]
    other = at("单位", "丙局", FIRST + 1)
    assert ("A9", "FORM_OF_OTHER_UNIT row") in wrong(other, data=data, shelf=shelf)


def with_sheet_of(data: bytes, other: bytes, title: str) -> bytes:
    """A workbook with the first worksheet of another one copied into it."""
    both = load_workbook(io.BytesIO(data))
    copied = both.create_sheet(title)
    for row in load_workbook(io.BytesIO(other), data_only=True).worksheets[0].iter_rows():
        for cell in row:
            if cell.value is not None:
                copied[cell.coordinate] = cell.value
    written = io.BytesIO()
    both.save(written)
    return written.getvalue()


def test_a_table_stands_beside_forms_and_other_tables() -> None:
    other = edited(at("单位", "示例丁镇"), edited(at("单位", "示例戊镇", FIRST + 1), example()))
    data = with_sheet_of(example(), form(full_marks("示例丙镇")), "丙")
    data = with_sheet_of(data, other, "登记表2")
    files = read_table(data, SHELF, incomplete=False)
    assert all_found(files) == []
    assert [(file.part, file.unit) for file in files] == [
        ("丙", "示例丙镇"),
        ("登记表!8", "示例甲镇"),
        ("登记表!9", "示例乙镇"),
        ("登记表2!8", "示例丁镇"),
        ("登记表2!9", "示例戊镇"),
    ]


def test_a_blank_table_beside_a_form_is_left_out() -> None:
    data = with_sheet_of(table_of(TOWNSHIP), form(full_marks("示例丙镇")), "丙")
    assert [file.unit for file in read_table(data, SHELF)] == ["示例丙镇"]


def test_rows_beyond_those_that_are_looked_at_are_not_dropped() -> None:
    assert wrong(put("A2400", "示例丙镇")) == [("", "WORKBOOK_TOO_LARGE")]
    assert wrong(put("CA9", 3)) == [("", "WORKBOOK_TOO_LARGE")]


def test_a_hidden_row_without_points_is_one_that_is_not_scored() -> None:
    data = table_of(TOWNSHIP, "示例甲镇")
    assert wrong(hide_row, data=data) == [("A8", "ITEMS_UNSCORED")]


def test_a_table_without_foot_ends_with_its_last_row() -> None:
    def delete(workbook: Any) -> None:
        for area in list(workbook.worksheets[0].merged_cells.ranges):
            workbook.worksheets[0].unmerge_cells(str(area))
        workbook.worksheets[0].delete_rows(FIRST + 2, 5)

    assert wrong(delete) == []
    assert len(read_table(edited(delete, example()), SHELF)) == 2


def without(label: str) -> Callable[[Any], None]:
    """Take the rows of a kind from the hidden sheet."""

    def edit(workbook: Any) -> None:
        sheet = workbook[FORM_SHEET]
        for row in range(sheet.max_row, 0, -1):
            if sheet.cell(row, 1).value == label:
                sheet.delete_rows(row)

    return edit


@pytest.mark.parametrize("label", ["label.what", "label.total", "sum", "item"])
def test_a_record_that_somebody_changed_is_not_understood(label: str) -> None:
    assert wrong(without(label)) == [("", "WORKBOOK_DAMAGED record")]


def test_a_table_without_header_is_no_table() -> None:
    assert wrong(put("A5", "名称")) == [("", "NOT_A_FORM units")]


class Sample(NamedTuple):
    """A table of a rubric, its sheets, and the cells that somebody can type into."""

    data: bytes
    shelf: RubricLibrary
    before: list[Any]
    cells: tuple[str, ...]


@cache
def sample(path: Path) -> Sample:
    file = read_rubric(str(path))
    assert file.rubric is not None
    shelf = RubricLibrary()
    shelf.given = file
    units = list(file.rubric.known_units[:2]) or ["甲镇", "乙镇"]
    own = next(iter(file.rubric.parts.values()), file.rubric)
    name = own.assessors[0].name if own.assessors else "第一组"
    data = retyped(table_of(own, *units), "B2", name)
    sheet = load_workbook(io.BytesIO(data)).worksheets[0]
    cells = tuple(
        f"{get_column_letter(column)}{row}"
        for row in range(2, FIRST + 2)
        for column in range(1, sheet.max_column + BEYOND)
        if not isinstance(sheet.cell(row, column), MergedCell)
    )
    return Sample(data, shelf, values_of(read_table(data, shelf)), cells)


def values_of(files: list[SheetFile]) -> list[Any]:
    return [file.sheet and file.sheet.model_dump(exclude_defaults=True) for file in files]


TYPED = (
    st.integers(-2, 120)
    | st.decimals(0, 10, places=1).map(float)
    | st.sampled_from(
        ["8分", "八", "满分", "见附件", "自评 8", "是", "2018", "A1", "A1 缺", "单位"]
    )
    | st.text("甲乙丙8.分 ", min_size=1, max_size=6).filter(str.strip)
)


@pytest.mark.parametrize("path", RUBRICS, ids=lambda path: path.stem)
@given(st.data())
@round_trips(60)
def test_whatever_is_typed_counts_or_is_named_at_its_cell(path: Path, data: st.DataObject) -> None:
    blank = sample(path)
    cell = data.draw(st.sampled_from(blank.cells))
    value = data.draw(TYPED)
    after = read_table(retyped(blank.data, cell, value), blank.shelf)
    found = [one for file in after for one in file.diagnostics]
    named = {one.location.cell.rpartition("!")[2] for one in found}
    if cell in named or any(cell in str(one.parameters) for one in found):
        return
    if values_of(after) != blank.before:
        return
    old = load_workbook(io.BytesIO(blank.data)).worksheets[0][cell].value
    is_zero_sum = value == 0  # of nothing
    is_same = old == value or "".join(str(old).split()) == str(value)
    assert is_zero_sum or is_same, (cell, value, old)


@pytest.mark.parametrize(
    "name", ["平均", "平 均 分", "合计", "总计：", "最高分", "共2个乡镇", "Mean", "TOTAL"]
)
def test_a_row_of_sums_or_means_is_no_unit(name: str) -> None:
    data = filled_table(TOWNSHIP, [full_marks(), full_marks(name)])
    first, last = read_table(data, SHELF, incomplete=False)
    assert (first.unit, first.diagnostics) == ("示例甲镇", ())
    assert (all_found([last]), last.result) == ([("A9", "POINTS_OF_NO_ITEM summary")], None)


@pytest.mark.parametrize("name", ["平均村", "合计镇", "总分水镇", "满分村", "Meanwood"])
def test_a_unit_may_have_such_a_word_in_its_name(name: str) -> None:
    data = filled_table(TOWNSHIP, [full_marks(name)])
    (found,) = read_table(data, SHELF, incomplete=False)
    assert (found.unit, found.diagnostics) == (name, ())


def moved_beside(data: bytes, table: bytes, state: str = "visible") -> bytes:
    """A workbook into which the table of another one was moved, without its hidden sheet."""

    def move(workbook: Any) -> None:
        page = workbook.create_sheet("移来的登记表")
        page.sheet_state = state
        for row in load_workbook(io.BytesIO(table)).worksheets[0].iter_rows():
            for cell in row:
                page.cell(cell.row, cell.column).value = cell.value

    return edited(move, data)


@pytest.mark.parametrize("state", ["visible", "hidden"])
@pytest.mark.parametrize("data", [form(full_marks()), filled_table(TOWNSHIP, [full_marks()])])
def test_a_table_that_was_moved_beside_another_one_is_not_left_out(data: bytes, state: str) -> None:
    assert COUNTY is not None
    both = moved_beside(data, filled_table(COUNTY, [sheet_in(SHEET)]), state)
    lost, sound = sorted(read_table(both, SHELF, incomplete=False), key=lambda file: file.unit)
    assert [(one.kind, one.variant) for one in lost.diagnostics] == [(Kind.NOT_A_FORM, "lost")]
    assert lost.part == "移来的登记表"
    assert (sound.unit, sound.diagnostics) == ("示例甲镇", ())


def test_a_summary_of_their_own_beside_a_form_is_no_table() -> None:
    def add_own(workbook: Any) -> None:
        page = workbook.create_sheet("汇总")
        page.append(["单位", "A1", "A2", "A3", "合计"])
        page.append(["示例甲镇", 3, 3, 8, 14])

    (file,) = read_table(edited(add_own, form(full_marks())), SHELF, incomplete=False)
    assert file.diagnostics == ()


def test_a_table_of_somebody_else_is_no_table_that_lost_its_record() -> None:
    def add_own(workbook: Any) -> None:
        for page in workbook.worksheets:
            workbook.remove(page)
        page = workbook.create_sheet("汇总")
        for row in (["单位", "A1", "A2"], ["单位", "总分", "A1"], ["名称", "A1", "A2", "A3"]):
            page.append(row)

    assert wrong(add_own) == [("", "NOT_A_FORM")]
