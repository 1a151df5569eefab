"""Forms with facts, saved and printed by a spreadsheet."""

from pathlib import Path

import pytest
from tests.support.form_facts import SHEET, form_of, said, sheet_in, taken
from tests.support.office import Office, pages_of, saved_as

pytestmark = pytest.mark.office


@saved_as("xlsx", "pdf")
def form_with_facts(_folder: Path) -> dict[str, bytes]:
    """A form with every kind of fact, filled in."""
    return {"facts": form_of(sheet_in(SHEET))}


def test_a_form_with_facts_is_printed_and_saved_by_a_spreadsheet(office: Office) -> None:
    read = taken(office.saved("xlsx", form_with_facts).contents["facts"])
    assert [finding.kind for finding in read.diagnostics] == []
    assert said(read.sheet) == said(sheet_in(SHEET))
    printed = office.saved("pdf", form_with_facts).paths["facts"]
    assert "一行一件，没有的空着。" in pages_of(printed)[-1]
