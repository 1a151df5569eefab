"""Every cell of the table of a form is as it was handed out, or read, or named in a finding."""

import io
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.utils import get_column_letter
from tests.support.examples import round_trips
from tests.support.forms import retyped
from tests.support.paths import ROOT

from epa_score.exporters.xlsx.form import Form, write_form
from epa_score.i18n import Words, plain
from epa_score.readers.excel.form import key_of
from epa_score.readers.files import READERS
from epa_score.readers.rubrics import RubricFile, RubricLibrary, read_rubric
from epa_score.readers.sheets import SheetFile, sheet_of

RUBRICS = [*(ROOT / "rubrics").glob("*.yaml"), *(ROOT / "examples").glob("**/rubrics/*.yaml")]
BEYOND = 3
"""Columns and rows beside the table that are tried as well."""


class Sample(NamedTuple):
    """A form of a rubric, its sheet, and the cells that somebody can type into."""

    data: bytes
    file: RubricFile
    before: SheetFile
    cells: tuple[str, ...]
    last: int


@cache
def sample(path: str) -> Sample:
    file = read_rubric(path)
    assert file.rubric is not None
    unit = next(iter(file.rubric.known_units), "甲镇")
    written = io.BytesIO()
    own = next(iter(file.rubric.parts.values()), file.rubric)
    write_form(Form(own, unit), written, Words(file.rubric.lang))
    name = own.assessors[0].name if own.assessors else "第一组"
    data = retyped(written.getvalue(), "C3", name)
    sheet = load_workbook(io.BytesIO(data)).worksheets[0]
    signed = key_of(Words(file.rubric.lang)("form.leader"))
    last = next(cell.row for cell in sheet["A"] if key_of(cell.value or "") == signed) - 1
    cells = tuple(
        f"{get_column_letter(column)}{row}"
        for row in range(2, last + 1)
        for column in range(1, 7 + BEYOND)
        if not isinstance(sheet.cell(row, column), MergedCell)
    )
    return Sample(data, file, read(data, file), cells, last)


def read(data: bytes, file: RubricFile) -> SheetFile:
    library = RubricLibrary()
    library.given = file
    return sheet_of(data, READERS[".xlsx"]("甲镇.xlsx", data)[0], library, incomplete=True)


def values_of(file: SheetFile) -> dict[str, Any]:
    assert file.sheet is not None
    return file.sheet.model_dump(exclude_defaults=True)


def parts_of(value: Any) -> Iterator[str]:
    """Every value in a sheet, as text."""
    if isinstance(value, dict):
        for part in value.values():
            yield from parts_of(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from parts_of(part)
    elif value is not None:
        yield str(value)


TYPED = (
    st.integers(-2, 120)
    | st.decimals(0, 10, places=1).map(float)
    | st.sampled_from(["8分", "八", "满分", "见附件", "自评 8", "是", "2018", "A1", "小计"])
    | st.text("甲乙丙8.分 ", min_size=1, max_size=6).filter(str.strip)
)


@pytest.mark.parametrize("path", RUBRICS, ids=lambda path: path.stem)
@given(st.data())
@round_trips(60)
def test_whatever_is_typed_counts_or_is_named_at_its_cell(path: Any, data: st.DataObject) -> None:
    blank = sample(str(path))
    cell = data.draw(st.sampled_from(blank.cells))
    value = data.draw(TYPED)
    changed = retyped(blank.data, cell, value)
    after = read(changed, blank.file)
    named = {found.location.cell.rpartition("!")[2] for found in after.diagnostics}
    if cell in named or any(cell in str(found.parameters) for found in after.diagnostics):
        return
    assert after.sheet is not None, after.diagnostics
    before = values_of(blank.before) if blank.before.sheet else {}
    now = values_of(after)
    text = str(value).strip() if isinstance(value, str) else plain(Decimal(str(value)))
    if now != before:
        more = [part for part in parts_of(now) if part not in set(parts_of(before))]
        assert more, (cell, value)
        return
    old = load_workbook(io.BytesIO(blank.data)).worksheets[0][cell].value
    is_zero_sum = cell.startswith("E") and text == "0"  # of nothing
    assert is_zero_sum or key_of(old or "") == key_of(text), (cell, value, old)


@pytest.mark.parametrize("text", ["9{}x", ".{}x", "+9.{}分x"])
def test_the_longest_text_that_begins_like_a_number_is_looked_at_once(text: str) -> None:
    blank = sample(str(ROOT / "rubrics" / "township.yaml"))
    data = retyped(blank.data, "G7", text.format("9" * 32_000))
    named = {one.location.cell: one.kind.name for one in read(data, blank.file).diagnostics}
    assert named["评分表!G7"] == "CELL_NOT_READ"


@pytest.mark.parametrize("text", ["8", "8.5", ".5", "+8", "-8.25", "8 分", "８．５分"])
def test_what_people_read_as_a_number_is_an_error_beside_the_table(text: str) -> None:
    blank = sample(str(ROOT / "rubrics" / "township.yaml"))
    found = read(retyped(blank.data, "G7", text), blank.file).diagnostics
    assert {one.location.cell: one.kind.name for one in found}["评分表!G7"] == "POINTS_OF_NO_ITEM"


def test_a_changed_title_beside_self_scores_is_named_at_its_own_cell() -> None:
    blank = sample(str(ROOT / "examples" / "rubrics" / "selfcheck" / "rubrics" / "selfcheck.yaml"))
    for cell in ("E4", "G4"):
        (found,) = read(retyped(blank.data, cell, "备忘"), blank.file).diagnostics
        assert (found.parameters["value"], found.parameters["cell"]) == ("备忘", cell)


def test_what_stands_between_the_total_and_the_signatures_is_named() -> None:
    blank = sample(str(ROOT / "rubrics" / "township.yaml"))

    def named(data: bytes) -> dict[str, str]:
        found = read(data, blank.file).diagnostics
        return {one.location.cell.rpartition("!")[2]: one.kind.name for one in found}

    assert blank.last == 32
    before = named(blank.data)
    for cell, value, kind in (
        ("A32", "另加3分", "CELL_NOT_READ"),
        ("F32", "加分 3", "CELL_NOT_READ"),
        ("D32", 3, "CELL_NOT_READ"),
        ("E32", 3, "POINTS_OF_NO_ITEM"),
        ("G32", 3, "POINTS_OF_NO_ITEM"),
    ):
        assert named(retyped(blank.data, cell, value)) == before | {cell: kind}
    signed = retyped(blank.data, "A33", "考核组组长（签字）：张三")
    assert named(signed) == before
    unsigned = retyped(blank.data, "A33", "组长：张三")
    assert named(retyped(unsigned, "A32", "另加3分")) == before
