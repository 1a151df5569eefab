""""""

import re
import time
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any, Literal
from zipfile import ZipFile

import pytest
from tests.support.workbooks import (
    WORDS,
    about_of,
    content_of,
    one_text,
    opened,
    rows_of,
    rubric_and_sheets,
    shown,
    small,
    tables_of,
    written,
)
from xlsxwriter.worksheet import Worksheet

from epa_score.exporters import exporter
from epa_score.exporters.xlsx import write
from epa_score.exporters.xlsx.cells import exact_number, text_for_cell
from epa_score.exporters.xlsx.formats import number_format
from epa_score.i18n import Words
from epa_score.reports.table import Cell, Column, Row, Table

Kind = Literal["text", "long text", "points"]


# --- figures ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["township", "departments"])
def test_every_figure_is_the_tools_own_digit_by_digit(name: str) -> None:
    rubric, sheets = rubric_and_sheets(name)
    tables = tables_of(rubric, sheets)
    book = opened(written(tables), values=True)
    compared = 0
    for table in tables:
        sheet = book[WORDS(f"sheet.{table.name}")]
        named = table.blocks.column if table.blocks else ""
        places = [n for n, one in enumerate(table.columns) if one.shown and one.name != named]
        first = 6 if table.name == "scores" else 4
        written_rows = [
            [shown(cell) for cell in cells[: len(places)]]
            for cells in rows_of(sheet, first)
            if not table.blocks or (cells[1] and cells[0] != table.blocks.label)
        ]
        for row, cells in zip(table.rows(), written_rows, strict=False):
            assert cells == [shown(row.cells[n]) for n in places]
            compared += len(places)
    assert compared > 500


@pytest.mark.parametrize("name", ["township", "departments"])
def test_formulas_have_no_function_that_needs_a_prefix(name: str) -> None:
    rubric, sheets = rubric_and_sheets(name)
    content = content_of((rubric, list(sheets.values())), forms=True)
    written_cells = [row for sheet in opened(content, values=False) for row in sheet.values]
    formulas = {str(cell) for row in written_cells for cell in row if str(cell).startswith("=")}
    assert len(formulas) > 100
    prepare: Any = Worksheet()
    for formula in formulas:
        assert prepare._prepare_formula(formula, True) == formula[1:]


def test_figures_stand_in_the_file_as_they_are_written(tmp_path: Path) -> None:
    content = written(small(tmp_path, {"甲镇": {"A1": "2.30", "A2": "0.1"}}))
    with ZipFile(BytesIO(content)) as archive:
        ranking = archive.read("xl/worksheets/sheet1.xml").decode()
        scores = archive.read("xl/worksheets/sheet3.xml").decode()
    assert ",2)</f><v>2.4</v>" in ranking
    assert "<v>2.3</v>" in scores
    assert "<v>0.1</v>" in scores


def test_more_digits_than_a_workbook_holds_are_refused() -> None:
    assert exact_number(Decimal("1E+2")) == Decimal(100)
    assert str(exact_number(Decimal("0.0123456789012345"))) == "0.0123456789012345"
    with pytest.raises(ValueError, match=r"123456789012345\.5"):
        exact_number(Decimal("123456789012345.5"))


@pytest.mark.parametrize(
    ("decimals", "expected"),
    [(0, "General"), (1, "0.0###"), (2, "0.00##"), (4, "0.0000"), (5, "0.00000")],
)
def test_number_format_shows_more_decimals_where_somebody_writes_them(
    decimals: int, expected: str
) -> None:
    assert number_format(decimals) == expected


def test_a_figure_with_more_decimals_than_its_column_is_not_shown_rounded() -> None:
    column = Column("score", "得分", "points", 1)
    cells: list[Cell] = [Decimal("1.5"), Decimal("1.12345"), 2, None, "未评"]
    table = Table(
        "deductions",
        "表",
        (Column("unit", "单位"), column),
        lambda: [Row(("甲", cell)) for cell in cells],
    )
    (sheet,) = opened(written([table]), values=True).worksheets
    formats = [sheet.cell(row, 2).number_format for row in range(4, 9)]
    assert formats == ["0.0###", "0.00000", "0.0###", "0.0###", "0.0###"]


# --- names of sheets -------------------------------------------------------------------------


def test_sheets_are_named_in_the_order_of_the_tables() -> None:
    rubric, sheets = rubric_and_sheets("township")
    book = opened(written([*tables_of(rubric, sheets), about_of([rubric])]), values=False)
    assert book.sheetnames == ["排名汇总", "排名图", "得分明细", "扣分明细", "说明"]


def named(*groups: str) -> list[str]:
    tables = [
        Table(name, "表", (Column("unit", "单位"), Column("a", "甲")), list, (), group)
        for group in groups
        for name in ("deductions", "scores")
    ]
    return opened(written(tables), values=False).sheetnames


def test_several_rubrics_are_told_apart_by_their_ids() -> None:
    names = ["扣分明细-town", "得分明细-town", "扣分明细-dep", "得分明细-dep"]
    assert named("town", "dep") == names


def test_names_of_sheets_are_legal_and_unique_without_regard_to_case() -> None:
    names = named("a" * 40, "A" * 40, "x[]:*?/\\'y", "𠮷" * 20)
    assert names[::2] == [
        "扣分明细-" + "a" * 26,
        "扣分明细-" + "A" * 24 + "-2",
        "扣分明细-x________y",
        "扣分明细-" + "𠮷" * 13,
    ]
    assert max(len(name.encode("utf-16-le")) // 2 for name in names) <= 31


def test_no_sheet_has_the_name_that_excel_keeps_for_itself() -> None:
    class Reserved(Words):
        def __call__(self, key: str, **parameters: object) -> str:
            return "History" if key == "sheet.deductions" else super().__call__(key, **parameters)

    content = written([one_text("x")], Reserved("en"))
    assert opened(content, values=False).sheetnames == ["History-2"]


HOSTILE = (
    *("=1+1", "+1", "-1", "@x", "{=1}", "{=1+1}", "=cmd|' /C calc'!A0", "\u00a0=1"),
    *("#N/A", "#DIV/0!", "TRUE", "1.5", "1e3", "2018-1-1", "[Red]0", "&A&P", "'单引号"),
    *("http://example.com", "mailto:a@example.com", "internal:'说明'!A1", "external:c:/a.xlsx"),
    *("<r>", "<r></r>", "<r><t>x</t></r>", 'a & b < c > "d"', "_x0041_"),
    *("", " ", " 前后有空格 ", "\n", "两行\n文字", "𠮷野家"),
)


# --- text ------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["text", "long text", "points"])
def test_text_is_never_anything_but_text(kind: Kind) -> None:
    columns = (Column("unit", "=2+2"), Column("note", "{=3}", kind))
    notes = ("=4+4", "http://example.com")
    rows = [Row((text, text)) for text in HOSTILE]
    content = written([Table("deductions", "=1+1", columns, lambda: rows, notes)])
    (sheet,) = opened(content, values=False).worksheets
    cells = [cell for row in sheet.iter_rows(max_col=4) for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells if cell.row != 2} == {"s"}
    assert [sheet["A1"].value, sheet["A3"].value, sheet["B3"].value] == ["=1+1", "=2+2", "{=3}"]
    for text, row in zip(HOSTILE, sheet.iter_rows(min_row=4, max_col=2), strict=False):
        assert [cell.value for cell in row] == [text, text]
    with ZipFile(BytesIO(content)) as archive:
        page = archive.read("xl/worksheets/sheet1.xml").decode()
        names = archive.namelist()
        beside = archive.read("xl/worksheets/_rels/sheet1.xml.rels").decode()
    assert not re.findall(r'<c r="[A-Z]+(?:1|[3-9]|[1-9][0-9])"[^>]*><f>', page)
    assert "<hyperlink" not in page
    assert not [name for name in names if "externalLink" in name]
    assert re.findall('Target="([^"]*)"', beside) == ["../tables/table1.xml"]


def test_text_cells_stay_text_when_somebody_edits_them() -> None:
    (sheet,) = opened(written([one_text("=1+1")]), values=False).worksheets
    assert sheet["B4"].quotePrefix


def test_hidden_characters_are_made_visible() -> None:
    assert text_for_cell("a\x00b\x1f\u202e\r\n\tc") == "a\\x00b\\x1f\\u202e\\r\n\\tc"


def test_text_too_long_for_a_cell_is_cut_with_a_mark() -> None:
    table = one_text("短")
    columns = tuple(column._replace(kind="text") for column in table.columns)
    table = table._replace(columns=columns, title="长" * 40_000)
    (sheet,) = opened(written([table]), values=True).worksheets
    assert sheet["A1"].value == "长" * 32_747 + "…[+7253]"
    assert text_for_cell("长" * 32_767) == "长" * 32_767
    assert text_for_cell("𠮷" * 16_384) == "𠮷" * 16_373 + "…[+11]"


# --- bytes -----------------------------------------------------------------------------------


def test_equal_tables_give_equal_bytes_whenever_they_are_written() -> None:
    rubric, sheets = rubric_and_sheets("township")
    tables = [*tables_of(rubric, sheets), about_of([rubric])]
    first, step = written(tables), time.time() // 2
    while time.time() // 2 == step:  # dates in a zip count in steps of two seconds
        time.sleep(0.01)
    assert written(tables) == first
    with ZipFile(BytesIO(first)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_file_that_cannot_be_written_is_an_os_error() -> None:
    class Full(BytesIO):
        def write(self, _: object) -> int:
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        write([one_text("x")], Full(), WORDS)


def test_the_exporter_is_found_by_its_suffix() -> None:
    assert exporter(".xlsx") is write
