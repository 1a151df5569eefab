"""Forms whose XML was changed: the same as before, or a finding, or what a spreadsheet shows.

In the full profile LibreOffice is asked what it shows of every form that is still taken.
"""

import io
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import settings
from openpyxl import load_workbook
from tests.support import form_facts
from tests.support.examples import EVERYDAY, mutations
from tests.support.forms import SHELF, example, form
from tests.support.mutations import mutated
from tests.support.office import SOFFICE, Office
from tests.support.shown import ShownSheet, disagreements, said_at, sheet_read, shown_sheets

from epa_score.readers.files import READERS
from epa_score.readers.rubrics import RubricLibrary
from epa_score.readers.sheets import sheet_of
from epa_score.readers.source import Source

pytestmark = pytest.mark.hostile


class Base(NamedTuple):
    """A sound form, and where its rubric is."""

    data: bytes
    library: RubricLibrary


BASES: dict[str, Callable[[], Base]] = {
    "points": lambda: Base(form(example()), SHELF),
    "facts": lambda: Base(
        form_facts.form_of(form_facts.sheet_in(form_facts.SHEET)), form_facts.SHELF
    ),
}


class Taken(NamedTuple):
    """A form that was read without a finding, with what it says and where."""

    data: bytes
    source: Source
    sheet: Any
    said: list[Any]


def taken(data: bytes, library: RubricLibrary) -> Taken | None:
    """A form as it is read; nothing where there is a finding."""
    source = READERS[".xlsx"]("甲镇.xlsx", data)[0]
    found = sheet_of(data, source, library, incomplete=False)
    if found.diagnostics:
        return None
    assert found.sheet is not None
    assert found.rubric is not None
    said = list(said_at(source, found.sheet, found.rubric))
    return Taken(data, source, found.sheet.model_dump(), said)


def stored(one: Taken) -> ShownSheet:
    """The values that another library finds in the worksheet of a form."""
    assert one.source.cells is not None
    title = next(iter(one.source.cells.values())).name.rpartition("!")[0]
    rows = load_workbook(io.BytesIO(one.data), data_only=True)[title].iter_rows()
    cells = [cell for row in rows for cell in row if cell.value is not None]
    return ShownSheet({(cell.row, cell.column): text_of(cell.value) for cell in cells})


def text_of(value: Any) -> str:
    """A value to 15 digits, as a spreadsheet shows it."""
    return str(Decimal(f"{value:.15g}")) if isinstance(value, float) else str(value)


@pytest.mark.parametrize("name", BASES)
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_a_mutated_form_says_what_it_said_or_shows_or_is_a_finding(
    name: str, tmp_path: Path
) -> None:
    data, library = BASES[name]()
    before = taken(data, library)
    assert before is not None
    forms = {number: mutated(data, number) for number in range(mutations())}
    read = {number: taken(changed, library) for number, changed in forms.items()}
    left = {f"{number}": one for number, one in read.items() if one is not None}
    assert len(left) > len(forms) / 5
    wrong = {}
    if settings.get_current_profile_name() == EVERYDAY or not SOFFICE:
        other = {number: one for number, one in left.items() if one.sheet != before.sheet}
        for number, one in other.items():
            said = [given for given in one.said if given[0][0] != "sums"]  # they are old ones
            wrong[number] = disagreements(said, stored(one), ShownSheet())
    else:
        asked = {"before": data} | {number: one.data for number, one in left.items()}
        paths = Office(tmp_path).opened("fods", asked)
        assert len(paths) > 0.9 * len(asked)
        usual = sheet_read(before.source, shown_sheets(paths.pop("before")))
        assert disagreements(before.said, usual, usual) == []
        for number, path in paths.items():
            now = sheet_read(left[number].source, shown_sheets(path))
            wrong[number] = disagreements(left[number].said, now, usual)
    assert {number: what for number, what in wrong.items() if what} == {}
