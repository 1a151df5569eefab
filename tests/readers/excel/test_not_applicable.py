"""Items that do not apply, on forms: written, and read back."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from tests.support.examples import round_trips
from tests.support.forms import edited, put, row_of
from tests.support.judged_forms import JUDGED, POINTS, WORDS, all_edits, form_of, judged

from epa_score.cli.sheet_store import dump_sheet, open_sheet_store
from epa_score.diagnostics import Kind
from epa_score.exporters.yaml import yaml_form, yaml_sheet
from epa_score.readers import yaml
from epa_score.readers.files import READERS
from epa_score.readers.rubrics import RubricFile, RubricLibrary
from epa_score.readers.sheets import SheetFile
from epa_score.readers.sheets import sheet_of as read_as

SHELF = RubricLibrary(given=RubricFile("rubric.yaml", b"", JUDGED, ()))
ENGLISH = JUDGED.model_copy(update={"lang": "en"})
ENGLISH_SHELF = RubricLibrary(given=RubricFile("rubric.yaml", b"", ENGLISH, ()))


def taken(data: bytes, shelf: RubricLibrary = SHELF) -> SheetFile:
    return read_as(data, READERS[".xlsx"]("甲镇.xlsx", data)[0], shelf, incomplete=True)


def test_a_form_takes_the_word_with_its_reason() -> None:
    edit = all_edits(put("A1", "E", "不适用"), put("A1", "F", "本镇没有快递网点"))
    found = taken(edited(edit, form_of(judged())))
    assert found.diagnostics == ()
    assert found.sheet is not None
    assert found.sheet.inapplicable == {"A1": "本镇没有快递网点"}
    assert found.sheet.points["A1"] is None


def test_a_reason_that_is_missing_is_reported_at_the_cell_of_the_note() -> None:
    data = edited(put("A1", "E", "不适用"), form_of(judged()))
    row = row_of(load_workbook(BytesIO(data)), "A1")
    found = {one.location.cell: one.kind for one in taken(data).diagnostics}
    assert found == {f"评分表!F{row}": Kind.REASON_MISSING}


@pytest.mark.parametrize(
    ("item", "word", "note", "kind"),
    [
        ("A1", "不适用", "是", Kind.REASON_MISSING),
        ("A1", "不适用", "=A1", Kind.CELL_FORMULA),
        ("A1", "n/a", "没有", Kind.NOT_APPLICABLE),
        ("A2", "不适用", "没有", Kind.NOT_APPLICABLE),
    ],
)
def test_what_is_no_answer_is_one_finding(item: str, word: str, note: str, kind: Kind) -> None:
    data = edited(all_edits(put(item, "E", word), put(item, "F", note)), form_of(judged()))
    assert [one.kind for one in taken(data).diagnostics] == [kind]


@pytest.mark.parametrize("word", ["n/a", "N/A", " N/a "])
def test_a_word_in_capitals_is_the_same_word(word: str) -> None:
    edit = all_edits(put("A1", "E", word), put("A1", "F", "there is no courier"))
    found = taken(edited(edit, form_of(judged(), ENGLISH)), ENGLISH_SHELF)
    assert found.diagnostics == ()
    assert found.sheet is not None
    assert found.sheet.inapplicable == {"A1": "there is no courier"}


REASONS = st.text(st.characters(codec="utf-8", categories=["L"]), min_size=4).map("原因：".__add__)


@round_trips(100)
@given(
    reason=REASONS,
    note=st.none() | REASONS,
    evidence=st.lists(REASONS, max_size=2),
    items=st.sets(st.sampled_from(["A1", "C1", "C2", "C3", "C4", "D1", "E1", "E2"]), min_size=1),
)
def test_yaml_to_form_to_yaml_keeps_reason_note_and_evidence(
    reason: str, note: str | None, evidence: list[str], items: set[str]
) -> None:
    said = {"not_applicable": reason, "evidence": evidence}
    said |= {"note": note} if note is not None else {}
    sheet = judged(**dict.fromkeys(items, said))
    text = yaml_sheet(sheet).encode()
    again = read_as(text, yaml.read("甲.yaml", text), SHELF, incomplete=False).sheet
    assert again is not None
    there = taken(form_of(again)).sheet
    assert there is not None
    with open_sheet_store() as kept:
        unpacked = kept.sheet(kept.keep(dump_sheet(there)))
    for one in (again, there, unpacked):
        assert {name: one.score(name) for name in POINTS} == {
            name: sheet.score(name) for name in POINTS
        }


def test_a_blank_form_in_yaml_says_how_to_write_it() -> None:
    lines = yaml_form(JUDGED, "示例甲镇", WORDS).splitlines()
    said = {line.split(":")[0].strip() for line in lines if "{not_applicable: 原因}" in line}
    assert said == {"A1", "A3", "C1", "C2", "C3", "C4", "D1", "E1", "E2"}


def test_cells_of_such_items_take_the_word_and_others_do_not() -> None:
    sheet = load_workbook(BytesIO(form_of())).worksheets[0]
    rules = {str(one.sqref): one for one in sheet.data_validations.dataValidation}
    rows = {cell.value: cell.row for cell in sheet["B"] if cell.value}
    optional, plain = rules[f"E{rows['A1']}"], rules[f"E{rows['A2']}"]
    assert (plain.type, plain.formula2) == ("decimal", "8")
    cell = f"E{rows['A1']}"
    formula = f'OR({cell}="不适用",AND(ISNUMBER({cell}),{cell}>=0,{cell}<=5))'
    assert (optional.type, optional.formula1) == ("custom", formula)
    assert "不适用" in str(optional.prompt)
    assert "不适用" not in str(plain.prompt)
