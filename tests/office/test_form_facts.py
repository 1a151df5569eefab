"""Forms with facts, saved and printed by a spreadsheet."""

from pathlib import Path

from tests.support.form_facts import SHEET, form_of, said, sheet_in, taken
from tests.support.office import converted, needs_office, pages_of


@needs_office
def test_a_form_with_facts_is_printed_and_saved_by_a_spreadsheet(tmp_path: Path) -> None:
    sheet = sheet_in(SHEET)
    path = tmp_path / "甲.xlsx"
    path.write_bytes(form_of(sheet))
    (saved,) = converted("xlsx", tmp_path, path)
    read = taken(saved.read_bytes())
    assert [one.kind for one in read.diagnostics] == []
    assert said(read.sheet) == said(sheet)
    (printed,) = converted("pdf", tmp_path, path)
    assert "一行一件，没有的空着。" in pages_of(printed)[-1]
