"""Sheets turned from YAML into forms and back, and what is kept on the way."""

import json
import unicodedata
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import HandIn, Run
from tests.forms import edited, example, form, put
from tests.test_forms import given_in, taken

from epa_score.diagnostics.visible import is_hidden
from epa_score.exporters.yaml_sheet import yaml_sheet
from epa_score.model import ScoreSheet
from epa_score.readers import yaml
from epa_score.readers.sheet_file import SheetFile, sheet_of
from epa_score.readers.shelf import Shelf

SHELF = Shelf()
TEXT = st.text(st.characters(codec="utf-8"), max_size=12)
SAID = TEXT.filter(lambda text: text.strip() and not text.isspace())


def names_a_period(text: str) -> bool:
    return not any(map(is_hidden, unicodedata.normalize("NFKC", text).strip()))


def parsed(text: str) -> SheetFile:
    data = text.encode()
    return sheet_of(data, yaml.read("甲.yaml", data), SHELF, incomplete=True)


@st.composite
def sheets(draw: st.DrawFn, words: st.SearchStrategy[str] = SAID) -> ScoreSheet:
    """Any valid sheet of a township."""
    scope = SHELF.sound("township")[1].scope("甲镇")
    assert scope is not None
    scores: dict[str, object] = {}
    for item in draw(st.sets(st.sampled_from(sorted(scope.items)), min_size=1)):
        points = draw(st.none() | st.integers(0, int(scope.caps[item] * 100)))
        scores[item] = {
            "score": None if points is None else Decimal(points) / 100,
            "note": draw(st.none() | words),
            "evidence": draw(st.lists(words, max_size=2)),
        }
    periods = words.filter(names_a_period)
    fields = {"period": draw(st.none() | periods), "assessor": draw(st.none() | words)}
    date = draw(st.none() | st.dates())
    everything = {"rubric": "township", "unit": "甲镇", "date": date, "scores": scores, **fields}
    return ScoreSheet.model_validate(everything)


@given(sheet=sheets())
def test_a_sheet_written_as_yaml_is_read_as_the_same(sheet: ScoreSheet) -> None:
    assert given_in(parsed(yaml_sheet(sheet)).sheet) == given_in(sheet)


def test_a_note_that_says_nothing_is_kept() -> None:
    scores = {"A1": {"score": "3", "note": ""}}
    sheet = ScoreSheet.model_validate({"rubric": "township", "unit": "甲镇", "scores": scores})
    assert given_in(parsed(yaml_sheet(sheet)).sheet) == given_in(sheet)


VISIBLE = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1)


@settings(max_examples=15)
@given(sheet=sheets(VISIBLE))
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


def test_nothing_is_converted_while_one_is_wrong(small: HandIn, folder: Path, run: Run) -> None:
    small("甲镇", "A1: 2")
    (folder / "scores" / "乙.xlsx").write_bytes(edited(put("A3", "E", "八")))
    outcome = run("convert")
    assert outcome.code == 1
    assert "EPA106" in outcome.said
    assert run("convert", "rubrics/small.yaml").code == 1
    assert not (folder / "scores" / "000.xlsx").exists()


@pytest.mark.parametrize("note", ["a\tb", "x005F_", "x\u200b"])
def test_a_note_that_a_workbook_would_change_is_refused(
    small: HandIn, folder: Path, run: Run, note: str
) -> None:
    small("甲镇", f"A1: {{score: 1, note: {json.dumps(note)}}}, A2: 4, B1: 4")
    outcome = run("convert")
    assert outcome.code == 3
    assert "EPA902" in outcome.said
    assert run("export", "--xlsx").code == 0  # where it is only shown, it is shown as an escape
    assert not (folder / "scores" / "000.xlsx").exists()


@pytest.mark.parametrize("shown", ["table", "json"])
def test_status_says_who_is_missing(small: HandIn, folder: Path, run: Run, shown: str) -> None:
    small("甲镇", "A1: 2, A2: 4, B1: 4")
    small("乙镇", "A1: 2, A2: 4")
    small("丙镇", "A1: 9, A2: 4, B1: 1")
    small("戊镇", "A1: 1, A2: 4, B1: 1")
    small("己镇", "A1: 1, A2: 4, B1: 1")
    small("己镇", "A1: 1, A2: 4, B1: 1")
    (folder / "scores" / "坏.yaml").write_text("rubric: small\nscores: {}\n", "utf-8")
    (folder / "名单.txt").write_text("甲镇\n乙镇\n丙镇\n丁镇\n己镇\n", "utf-8")
    outcome = run("status", "--roster", "名单.txt", "--format", shown)
    assert outcome.code == 1
    if shown == "json":
        states = [(one["unit"], one["state"]) for one in json.loads(outcome.text)]
        assert states == [
            ("甲镇", "complete"),
            ("乙镇", "incomplete"),
            ("丙镇", "faulty"),
            ("丁镇", "missing"),
            ("己镇", "faulty"),
            ("己镇", "faulty"),
            ("戊镇", "unknown"),
            (None, "faulty"),
        ]
    assert "丁镇" in outcome.said


def test_status_is_fine_when_everybody_has_handed_in(examples: Path, run: Run) -> None:
    assert (examples / "scores").is_dir()
    assert run("status", "--rubric", "departments").code == 0
    assert run("status", "--rubric", "township").code == 2
    outcome = run("status", "empty", "--rubric", "departments")
    assert outcome.code == 1
    assert "县商务局" in outcome.said
