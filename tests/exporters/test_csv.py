"""CSV: what people see, read back as it was, and no formula."""

import csv
import re
from decimal import Decimal
from io import BytesIO, StringIO

from hypothesis import given
from tests.support.tables import ROWS, SIMPLE, THREE, table, written

from epa_score.diagnostics.terminal_text import visible
from epa_score.exporters import EXPORTERS, exporter
from epa_score.exporters.cell_text import text_of
from epa_score.i18n import Words
from epa_score.reports.table import Cell, Column, Row, Table


def test_formats_are_found_by_their_suffix() -> None:
    assert sorted(EXPORTERS) == [".csv", ".docx", ".html", ".json", ".md", ".xlsx"]
    assert all(callable(exporter(suffix)) for suffix in EXPORTERS)


# --- CSV -------------------------------------------------------------------------------------


def test_csv_holds_what_people_see() -> None:
    assert written(".csv", SIMPLE) == (
        "Rank,Unit,甲 (10),乙 (20),Total,Remark\r\n1,甲镇,9.5,20,29.5,tied\r\n,乙镇,,0,,\r\n"
    )


def test_csv_keeps_tables_apart_with_an_empty_line() -> None:
    one = table([Column("unit", "Unit")], ["甲镇"])
    assert written(".csv", one, one) == "Unit\r\n甲镇\r\n\r\nUnit\r\n甲镇\r\n"
    assert written(".csv", table([Column("unit", "Unit")])) == "Unit\r\n"


@given(ROWS)
def test_csv_is_read_back_as_it_was_and_starts_no_formula(rows: list[tuple[Cell, ...]]) -> None:
    read = list(csv.reader(StringIO(written(".csv", table(THREE, *rows)), newline="")))
    assert read[0] == ["Unit", "Total", "Note"]
    assert len(read) == 1 + len(rows)
    for cells, row in zip(read[1:], rows, strict=True):
        for text, cell in zip(cells, row, strict=True):
            assert text.removeprefix("'") == visible(text_of(cell)).removeprefix("'")
            assert not re.match("[ ]*[=+@\t\r\n＝＋－＠-]", text)
            if isinstance(cell, Decimal):
                assert Decimal(text) == cell


# --- forms -----------------------------------------------------------------------------------


def test_numbers_in_csv_stay_numbers_below_zero_and_text_that_looks_like_them_does_not() -> None:
    columns = (Column("unit", "单位"), Column("difference", "相差", "difference", 2))
    cells: list[tuple[Cell, Cell]] = [("-5", Decimal("-7.75")), ("+5", Decimal(5))]
    table = Table("gap", "差", columns, lambda: [Row(pair) for pair in cells])
    file = BytesIO()
    exporter(".csv")([table], file, Words("zh_CN"))
    assert file.getvalue().decode() == "单位,相差\r\n'-5,-7.75\r\n'+5,+5\r\n"
