"""Sheets turned from YAML into forms and back, and what is kept on the way."""

import unicodedata
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.commands import HandIn, Run
from tests.support.examples import round_trips
from tests.support.forms import edited, example, form, given_in, put, taken

from epa_score.diagnostics import Kind
from epa_score.diagnostics.terminal_text import is_hidden
from epa_score.exporters.yaml import yaml_sheet
from epa_score.model import ScoreSheet
from epa_score.model.form_record import FORM_SHEET
from epa_score.readers import yaml
from epa_score.readers.rubrics import RubricLibrary
from epa_score.readers.sheets import SheetFile, sheet_of

SHELF = RubricLibrary()
TEXT = st.text(st.characters(codec="utf-8"), max_size=12)
SAID = TEXT.filter(lambda text: text.strip() and not text.isspace())


def names_a_period(text: str) -> bool:
    return not any(map(is_hidden, unicodedata.normalize("NFKC", text).strip()))


def parsed(text: str) -> SheetFile:
    data = text.encode()
    return sheet_of(data, yaml.read("甲.yaml", data), SHELF, incomplete=True)


@st.composite
def sheets(draw: st.DrawFn) -> ScoreSheet:
    """Any valid sheet of a township."""
    scope = SHELF.require("township")[1].scope("甲镇")
    assert scope is not None
    scores: dict[str, object] = {}
    for item in draw(st.sets(st.sampled_from(sorted(scope.items)), min_size=1)):
        points = draw(st.none() | st.integers(0, int(scope.caps[item] * 100)))
        scores[item] = {
            "score": None if points is None else Decimal(points) / 100,
            "note": draw(st.none() | TEXT),
            "evidence": draw(st.lists(SAID, max_size=2)),
        }
    periods = SAID.filter(names_a_period)
    fields = {"period": draw(st.none() | periods), "assessor": draw(st.none() | SAID)}
    date = draw(st.none() | st.dates() | SAID)
    everything = {"rubric": "township", "unit": "甲镇", "date": date, "scores": scores, **fields}
    return ScoreSheet.model_validate(everything)


@given(sheet=sheets())
def test_a_sheet_written_as_yaml_is_read_as_the_same(sheet: ScoreSheet) -> None:
    assert given_in(parsed(yaml_sheet(sheet)).sheet) == given_in(sheet)


def test_a_note_that_says_nothing_is_kept() -> None:
    scores = {"A1": {"score": "3", "note": ""}}
    sheet = ScoreSheet.model_validate({"rubric": "township", "unit": "甲镇", "scores": scores})
    assert given_in(parsed(yaml_sheet(sheet)).sheet) == given_in(sheet)


@round_trips(25)
@given(sheet=sheets())
def test_yaml_to_form_to_yaml_gives_the_same_sheet(sheet: ScoreSheet) -> None:
    there = taken(form(parsed(yaml_sheet(sheet)).sheet)).sheet
    assert there is not None
    assert given_in(parsed(yaml_sheet(there)).sheet) == given_in(sheet)


def test_forms_and_sheets_are_converted_beside_each_other(examples: Path, run: Run) -> None:
    before = run("rank", "--rubric", "township").out
    outcome = run("convert", "scores/示例甲镇.yaml", "scores/示例乙镇.yaml")
    assert outcome.text.split() == [
        str(Path("scores", name)) for name in ("示例甲镇.xlsx", "示例乙镇.xlsx")
    ]
    assert run("convert", "scores/示例甲镇.yaml").code == 3
    for name in ("示例甲镇.yaml", "示例乙镇.yaml"):
        (examples / "scores" / name).unlink()
    assert run("rank", "--rubric", "township").out == before
    back = run("convert", "scores/示例甲镇.xlsx", "-o", "yaml")
    assert back.text == str(Path("yaml", "示例甲镇.yaml")) + "\n"
    assert given_in(taken_from(examples / "yaml" / "示例甲镇.yaml")) == given_in(example())


def taken_from(path: Path) -> ScoreSheet | None:
    return parsed(path.read_text("utf-8")).sheet


def test_converted_sheets_keep_their_places_and_never_share_one(
    small: HandIn, folder: Path, run: Run
) -> None:
    first, second = small("甲镇", "A1: 1, A2: 4, B1: 4"), small("乙镇", "A1: 2, A2: 4, B1: 4")
    for name, path in (("a", first), ("b", second)):
        (folder / "in" / name).mkdir(parents=True)
        path.rename(folder / "in" / name / "x.yaml")
    outcome = run("convert", "in", "-o", "out")
    assert outcome.text.split() == [str(Path("out", name, "x.xlsx")) for name in ("a", "b")]
    apart = run("convert", "in/a/x.yaml", "in/b/x.yaml", "-o", "new")
    assert apart.text.split() == [str(Path("new", name, "x.xlsx")) for name in ("a", "b")]
    (folder / "in" / "a" / "x.yml").write_bytes((folder / "in" / "a" / "x.yaml").read_bytes())
    clash = run("convert", "in", "-o", "other")
    assert (clash.code, clash.text) == (2, "")
    assert "会写成同一个文件" in clash.said
    assert not (folder / "other").exists()


def test_sheets_are_converted_into_a_folder(small: HandIn, run: Run) -> None:
    path = small("甲镇", "A1: 1, A2: 4, B1: 4")
    before = path.read_bytes()
    for name, said in ((str(path), "是文件，不是文件夹"), ("", "-o 后面要写一个文件夹的名称")):
        outcome = run("convert", "scores", "-o", name, "--force")
        assert (outcome.code, outcome.text) == (2, "")
        assert said in outcome.said
    assert path.read_bytes() == before


def test_nothing_is_converted_while_one_is_wrong(small: HandIn, folder: Path, run: Run) -> None:
    small("甲镇", "A1: 2")
    (folder / "scores" / "乙.xlsx").write_bytes(edited(put("A3", "E", "八")))
    outcome = run("convert")
    assert outcome.code == 1
    assert "EPA106" in outcome.said
    assert run("convert", "rubrics/small.yaml").code == 1
    assert not (folder / "scores" / "000.xlsx").exists()


CHANGED = [
    *("a\tb", "x005F_", "_x0041_", "x\u200b", "a\r\nb", "", " ", "<r>a</r>", "=1", "长" * 33_000)
]
"""What cells would change: hidden, taken for an escape, empty, taken for markup, or cut."""


def as_converted(sheet: ScoreSheet) -> ScoreSheet | None:
    there = taken(form(parsed(yaml_sheet(sheet)).sheet)).sheet
    return there and parsed(yaml_sheet(there)).sheet


@pytest.mark.parametrize("text", CHANGED, ids=range(len(CHANGED)))
def test_what_cells_would_change_is_kept(text: str) -> None:
    said = text if text.strip() else "x"
    scores = {"A1": {"score": "3", "note": text, "evidence": [said, "台账"]}}
    sheet = ScoreSheet.model_validate(
        {"rubric": "township", "unit": "甲镇", "assessor": said, "scores": scores}
    )
    assert given_in(as_converted(sheet)) == given_in(sheet)


@pytest.mark.parametrize("key", ["kept", "evidence"])
def test_a_hidden_sheet_that_was_changed_is_refused(key: str) -> None:
    scores = {"A1": {"score": "3", "note": "a\tb", "evidence": ["台账"]}}
    sheet = ScoreSheet.model_validate({"rubric": "township", "unit": "甲镇", "scores": scores})

    def spoil(workbook: Any) -> None:
        (row,) = (row for row in workbook[FORM_SHEET].iter_rows() if row[0].value == key)
        row[-1 if key == "kept" else 2].value = "{"

    (wrong,) = taken(edited(spoil, form(sheet))).diagnostics
    assert wrong.kind is Kind.WORKBOOK_DAMAGED


def test_a_kept_text_that_was_changed_on_the_form_is_not_used() -> None:
    scores = {"A1": {"score": "3", "note": "a\tb"}, "A2": {"score": "2", "note": ""}}
    sheet = ScoreSheet.model_validate({"rubric": "township", "unit": "甲镇", "scores": scores})
    once = edited(put("A1", "F", "改了"), form(sheet))
    there = taken(edited(put("A2", "F", "新写"), once)).sheet
    assert there is not None
    assert [there.score(item).note for item in ("A1", "A2")] == ["改了", "新写"]
