"""Whoever is to change a cell that the form protects is told how to lift the protection."""

import io

import pytest
from openpyxl import load_workbook
from tests.support.forms import CASES
from tests.support.paths import BROKEN

from epa_score.diagnostics import Kind
from epa_score.diagnostics.rendering import wording
from epa_score.i18n import LANGUAGES, Words
from epa_score.readers.files import READERS
from epa_score.readers.rubrics import RubricLibrary
from epa_score.readers.sheets import sheet_of

CHANGE_NO_CELL = {
    *(Kind.RUBRIC_NOT_FOUND, Kind.FORM_OF_OTHER_RUBRIC, Kind.FORM_OF_OTHER_UNIT),
    *(Kind.ITEMS_UNSCORED, Kind.EMPTY_FIELD, Kind.ASSESSOR_MISSING, Kind.FACT_MISSING),
    Kind.COLUMN_HIDDEN,
}
"""Findings beside locked cells that ask for another form, for something in an open cell, or for a
wider column, which the protection lets people make."""

UNPROTECT = {"zh_CN": "撤销工作表保护", "en": "Unprotect Sheet"}


@pytest.mark.parametrize("case", CASES)
def test_a_finding_at_a_locked_cell_says_how_to_unlock_it(
    case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(BROKEN / case)
    data = CASES[case]()
    source = READERS[".xlsx"]("甲镇.xlsx", data)[0]
    found = sheet_of(data, source, RubricLibrary(), incomplete=False)
    for one in found.diagnostics:
        name, _, place = one.location.cell.rpartition("!")
        if not place or one.kind in CHANGE_NO_CELL:
            continue
        if load_workbook(io.BytesIO(data))[name][place].protection.locked:
            for language in LANGUAGES:
                assert UNPROTECT[language] in wording(one, Words(language)).help


def test_there_are_findings_at_locked_cells() -> None:
    assert len(CASES) > 50
