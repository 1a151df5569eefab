"""Tables with very many rows: written to the disk, continued, and never cut."""

import re
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import Workbook, load_workbook
from tests.support.paths import SCORES

import epa_score
from epa_score import Rubric, ScoreSheet
from epa_score.exporters import xlsx
from epa_score.exporters.xlsx import layout
from epa_score.i18n import Words
from epa_score.reports.provenance import Origin, about_table
from epa_score.reports.ranking import ranking_table, summary_table
from epa_score.reports.rates import rates_table
from epa_score.reports.scores import deductions_table, scores_table
from epa_score.reports.table import Column, Row, Table

WORDS = Words("zh_CN")


def example() -> tuple[Rubric, dict[str, ScoreSheet]]:
    rubric = epa_score.load_rubric("township")
    paths = [path for path in SCORES.glob("*.yaml") if "township" in path.read_text("utf-8")]
    sheets = [epa_score.load_sheet(path, rubric) for path in paths]
    assert len(sheets) == 16
    return rubric, {sheet.unit: sheet for sheet in sheets}


def tables() -> list[Table]:
    rubric, sheets = example()
    ranking = epa_score.rank(rubric, [epa_score.score(rubric, one) for one in sheets.values()])
    return [
        summary_table(rubric, ranking_table(rubric, ranking, WORDS), WORDS),
        rates_table(rubric, ranking, sheets, WORDS),
        scores_table(rubric, ranking, sheets, WORDS),
        deductions_table(rubric, ranking, sheets, WORDS),
        about_table([Origin(rubric, ranking, "township.yaml", "00", ())], "1.0", WORDS),
    ]


def written(some: Sequence[Table]) -> bytes:
    file = BytesIO()
    xlsx.write(some, file, WORDS)
    return file.getvalue()


def opened(content: bytes, *, values: bool) -> Workbook:
    return load_workbook(BytesIO(content), data_only=values)


def rows_of(book: Workbook, name: str) -> list[list[Any]]:
    return [list(row) for row in book[name].iter_rows(values_only=True)]


@pytest.fixture
def long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every table of the example counts as long."""
    monkeypatch.setattr(layout, "LONG", 10)


def test_a_long_table_has_the_cells_of_a_short_one(monkeypatch: pytest.MonkeyPatch) -> None:
    short = opened(written(tables()), values=True)
    monkeypatch.setattr(layout, "LONG", 10)
    long = opened(written(tables()), values=True)
    assert long.sheetnames == short.sheetnames
    assert len(long.sheetnames) == 6
    for name in long.sheetnames:
        told = [row for row in rows_of(long, name) if "超过 10 个单位" not in str(row[0])]
        # Where pages are planned, rows have other numbers.
        width = len(told[0]) - (0 if name in ("说明", "排名图") else 4)
        assert [row[:width] for row in told if any(row[:width])] == [
            row[:width]
            for row in rows_of(short, name)
            if any(row[:width]) and "（续）" not in str(row[0])
        ]


@pytest.mark.usefixtures("long")
def test_a_long_table_has_no_formula_that_looks_at_all_rows_and_says_so() -> None:
    book = opened(written(tables()), values=False)
    ranking = book["排名汇总"]
    assert [cell.value for cell in ranking[4]][:8] == [
        *[1, "示例丙镇", 23, 19.5, 38.5, 15, "=ROUND(SUM(C4:F4),2)", "=ROUND(G4-G$20,1)"]
    ]
    assert ranking["G20"].value == "=ROUND(ROUND(SUM(G$4:G$19),9)/COUNT(G$4:G$19),1)"
    assert [book["得分明细"][cell].value for cell in ("A6", "Y6")] == [1, "=ROUND(SUM(C6:X6),2)"]
    notes = [str(row[0]) for row in rows_of(book, "排名汇总")]
    assert any(note.startswith("超过 10 个单位：小计和名次是导出时的数") for note in notes)


@pytest.mark.usefixtures("long")
def test_a_long_table_is_written_with_equal_bytes_and_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    first = written(tables())
    assert written(tables()) == first
    assert not list(tmp_path.iterdir())
    with ZipFile(BytesIO(first)) as archive:
        assert {entry.date_time[:3] for entry in archive.infolist()} == {(1980, 1, 31)}


def hostile() -> Table:
    texts = [
        "=1+1",
        "#N/A",
        "<r>",
        "<r></r>",
        "<r><t>x</t></r>",
        "http://example.com",
        "𠮷\n行",
        " ",
    ]
    columns = (Column("unit", "=2"), Column("note", "{=3}", "long text"))
    return Table("deductions", "=4", columns, lambda: [Row((text, text)) for text in texts * 2])


@pytest.mark.usefixtures("long")
def test_text_in_a_long_table_is_text() -> None:
    (sheet,) = opened(written([hostile()]), values=False).worksheets
    cells = [cell for row in sheet.iter_rows(max_col=4) for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells if cell.row != 2} <= {"s", "inlineStr"}
    assert [sheet.cell(4 + n, 2).value for n in range(8)] == [
        row.cells[1] for row in list(hostile().rows())[:8]
    ]


class Full(BytesIO):
    def write(self, _: object) -> int:
        raise OSError(28, "No space left on device")


@pytest.mark.usefixtures("long")
def test_a_long_file_that_cannot_be_written_is_an_os_error() -> None:
    with pytest.raises(OSError, match="No space left"):
        xlsx.write([hostile()], Full(), WORDS)


@pytest.mark.usefixtures("long")
def test_a_disk_that_is_full_halfway_is_an_os_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("xlsxwriter.packager.Packager._create_package", fail)
    with pytest.raises(OSError, match="No space left"):
        xlsx.write([hostile()], BytesIO(), WORDS)


# --- more rows than a worksheet has ------------------------------------------------------------


@pytest.fixture
def small_worksheets(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worksheet takes fourteen rows of a table."""
    monkeypatch.setattr(layout, "MOST_ROWS", 14)


@pytest.mark.usefixtures("small_worksheets")
def test_what_one_worksheet_cannot_take_is_continued_in_the_next() -> None:
    all_tables = tables()
    book = opened(written(all_tables), values=True)
    for table in (all_tables[0], all_tables[3]):
        name = WORDS(f"sheet.{table.name}")
        parts = [one for one in book.sheetnames if one.startswith(name)]
        assert parts[:2] == [name, f"{name}-2"]
        unit = [column.name for column in table.columns if column.shown].index("unit")
        rows = [row for part in parts for row in rows_of(book, part)]
        units = [row[unit] for row in rows if str(row[unit]).startswith("示例")]
        place = [column.name for column in table.columns].index("unit")
        assert units == [row.cells[place] for row in table.rows()]
    assert len([one for one in book.sheetnames if one.startswith("排名汇总")]) == 2


@pytest.mark.usefixtures("small_worksheets")
def test_parts_have_the_means_of_the_whole_and_no_formulas_of_their_own() -> None:
    book = opened(written(tables()), values=False)
    ends = [sheet["A1"].parent for sheet in book if sheet.title.startswith("排名汇总")]
    rows = [row for sheet in ends for row in sheet.iter_rows(min_row=3)]
    formulas = [cell for row in rows for cell in row if cell.data_type == "f"]
    assert not formulas
    means = [row for row in rows_of(book, "排名汇总-2") if row[0] == "平均分"]
    assert [row[6] for row in means] == [84.4]
    assert not [row for row in rows_of(book, "排名汇总") if row[0] == "平均分"]
    states = {row[0]: row[1] for row in rows_of(book, "说明") if "改动" in str(row[0])}
    for part in ("排名汇总", "排名汇总-2", "得分明细", "得分明细-2"):
        assert re.search(rf"\b{part}'?!", str(states[f"导出后是否改动：{part}"])), part


def test_more_columns_than_a_worksheet_has_are_refused() -> None:
    columns = tuple(Column(f"c{number}", "甲") for number in range(16_001))
    with pytest.raises(ValueError, match="cannot hold 16001 columns"):
        written([Table("scores", "表", columns, list)])
