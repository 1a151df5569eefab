"""Sheets put away while a run lasts come back as they were."""

from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epa_score.cli.session import OutputError
from epa_score.cli.sheet_store import SheetsByUnit, SheetStore, dump_sheet, open_sheet_store
from epa_score.diagnostics import Kind
from epa_score.model import ScoreSheet

TEXT = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1)
POINTS = st.integers(0, 10_000).map(lambda number: Decimal(number) / 100)
SCORES = st.one_of(
    st.none(),
    POINTS.map(str),
    st.builds(
        lambda score, note, evidence: {"score": score, "note": note, "evidence": evidence},
        st.none() | POINTS,
        st.none() | TEXT,
        st.lists(TEXT, max_size=2),
    ),
)
SHEETS = st.builds(
    lambda **fields: ScoreSheet.model_validate({"rubric": "town", **fields}),
    unit=st.sampled_from(["甲镇", "=1+1", "乙 镇"]),
    period=st.none() | TEXT,
    assessor=st.none() | TEXT,
    date=st.none() | st.dates().map(str) | TEXT,
    scores=st.dictionaries(st.from_regex("[A-Z][0-9]{1,2}", fullmatch=True), SCORES, max_size=4),
)


@given(st.lists(SHEETS, min_size=1, max_size=4))
def test_every_sheet_comes_back_as_it_was(sheets: list[ScoreSheet]) -> None:
    with open_sheet_store() as kept:
        numbers = [kept.keep(dump_sheet(sheet)) for sheet in sheets]
        assert [kept.sheet(number) for number in reversed(numbers)] == sheets[::-1]


def test_sheets_are_found_by_their_units() -> None:
    sheet = ScoreSheet.model_validate({"rubric": "town", "unit": "甲镇", "scores": {"A1": "2.50"}})
    with open_sheet_store() as kept:
        kept.keep(dump_sheet(sheet.model_copy(update={"unit": "乙镇"})))
        by_unit = SheetsByUnit(kept, {"甲镇": kept.keep(dump_sheet(sheet))})
        assert (list(by_unit), len(by_unit)) == (["甲镇"], 1)
        assert by_unit["甲镇"].points == {"A1": Decimal("2.5")}


class Broken(BytesIO):
    """A disk without any room, which gives nothing back."""

    def write(self, _: object) -> int:
        raise OSError(28, "No space left on device")

    def read(self, *_: object) -> bytes:
        raise OSError("gone")


@pytest.mark.parametrize("ask", [lambda kept: kept.keep(b"{}"), lambda kept: kept.sheet(0)])
def test_a_disk_that_fails_is_an_output_that_fails(ask: Any) -> None:
    kept = SheetStore(Broken())
    kept._ends.append(2)
    with pytest.raises(OutputError) as failed:
        ask(kept)
    diagnostic = failed.value.diagnostics[0]
    assert diagnostic.kind is Kind.OUTPUT_NOT_WRITTEN
    assert diagnostic.parameters["reason"] in ("No space left on device", "gone")


def test_only_what_a_sheet_holds_can_be_packed() -> None:
    fields: dict[str, Any] = {"rubric": "town", "unit": "甲镇", "scores": {}, "period": {1, 2}}
    sheet = ScoreSheet.model_construct(**fields)
    with pytest.raises(TypeError):
        dump_sheet(sheet)
