"""Whoever fills in a form reads the words of the form, and none of a file's."""

import pickle
import re
from collections.abc import Iterator
from contextlib import chdir
from itertools import chain
from typing import Any

import pytest
from tests.support import form_facts
from tests.support.form_facts import SHEET, form_of, sheet_in
from tests.support.forms import CASES, Edit, edited, put, typed
from tests.support.paths import BROKEN
from tests.support.rubrics import read_rubric

from epa_score.diagnostics import Diagnostic, Kind, Location
from epa_score.diagnostics.finding import FieldName
from epa_score.diagnostics.rendering import as_data, wording
from epa_score.i18n import LANGUAGES, Words
from epa_score.model import Score, ScoreSheet
from epa_score.readers.files import READERS
from epa_score.readers.rubrics import RubricFile, RubricLibrary
from epa_score.readers.sheets import sheet_of

KEYS = {*ScoreSheet.model_fields, *Score.model_fields}
KEYS |= {"count", "value", "level", "done", "target", "each", "items", "max", "text"}
TYPED = [
    "八",
    "很多",
    -1,
    99,
    9999,
    1.55,
    0.001,
    "8",
    "=1+1",
    True,
    "是",
    "/",
    "8分",
    "待定",
    "１",
    "1,5",
]
TYPED += ["不适用", "见附件", "省级表彰、部级表彰", "没有", "两次", "事\u200b由", 0]
INPUTS = [
    "A1",
    "A1-1",
    "A2",
    "A2-1",
    "A2-2",
    "A3",
    "A3-1",
    "A4",
    "A4-1",
    "A5-2",
    "A6-1",
    "A8",
    "B2",
]
"""Lines of every kind of rule, judged ones among them."""


def in_file_words(text: str, language: str) -> list[str]:
    """What only people know who write YAML, in a message."""
    found = re.findall(r"\bYAML\b|\w: \S*[{\[]|\{\w*:|\[\w+, |\b[a-z]+_[a-z]+\b", text)
    found += re.findall(r"\b[A-Z][0-9]+: (?:[0-9]|points|得分)", text)
    keys = "|".join(sorted(KEYS))
    if language == "en":  # where many keys are plain words
        found += re.findall(
            rf"'(?:{keys})'|\b(?:{keys}): (?!U\+)|(?:line|field|key) (?:{keys})\b", text
        )
        return found + re.findall(r"\binto note\b|\bin note\b|below scores|\bkeys?\b", text)
    return found + re.findall(rf"(?<![\w-])(?:{keys})(?![\w.])", text, re.ASCII)


def test_words_of_files_are_known() -> None:
    for text in ("写在 note 里", "A3: 8", "{score: 6}", "[一, 二]", "写 not_applicable", "YAML"):
        assert in_file_words(text, "zh_CN"), text
    for text in ("goes into note", "the line period", "write 'count'", "note: x", "score: 6"):
        assert in_file_words(text, "en"), text
    assert not in_file_words("提示：写实际的数，最小是 0；rank --period 2018", "zh_CN")
    assert not in_file_words("help: give the reason in the note, and the date", "en")


def in_golden_cases() -> Iterator[Diagnostic]:
    for case, make in CASES.items():
        library = RubricLibrary(str(BROKEN / case))
        with chdir(BROKEN / case):
            data = make()
        source = READERS[".xlsx"]("甲镇.xlsx", data)[0]
        yield from sheet_of(data, source, library, incomplete=False).diagnostics


def taken(*edits: Edit) -> tuple[Diagnostic, ...]:
    def edit_all(workbook: Any) -> None:
        for edit in edits:
            edit(workbook)

    data = edited(edit_all, form_of(sheet_in(SHEET)))
    return form_facts.taken(data, incomplete=False).diagnostics


def in_typed_cells() -> Iterator[Diagnostic]:
    for value in TYPED:
        yield from taken(*(put(line, "E", value) for line in INPUTS))
        yield from taken(*(put(line, "F", value) for line in ("A2", "J1", "J2", "K1", "V1")))
        yield from taken(put("A2", "E", "不适用"), put("A2", "F", value))
        yield from taken(*(typed(f"{column}{row}", value) for column in "CF" for row in (2, 3)))
    for line in INPUTS:
        yield from taken(put(line, "E", None))


OTHER = """\
id: county
title: 某县考核评分细则
total: 20
sections:
  - id: A
    title: 规则
    max: 20
    items:
      - {id: A1, max: 5, text: 报送}
      - {id: A3, max: 5, text: 台账}
      - {id: A2, max: 5, text: 培训, rule: {ratio: {}}}
      - {id: B1, max: 5, text: 负责, rule: {deduct: {each: 1}}}
"""


def in_another_rubric() -> Iterator[Diagnostic]:
    """A form of a rubric that was changed since, without most of its rules."""
    for more in ("", "adjustments: {bonus: {items: [{id: J9, text: 表彰, each: 1}]}}\n"):
        found = read_rubric(OTHER + more)
        assert found.rubric is not None, found.diagnostics
        file = RubricFile("rubric.yaml", OTHER.encode(), found.rubric, ())
        blank = sheet_in(SHEET.replace("{done: 8.25, target: 10}", "{not_applicable: 没有培训}"))
        for sheet in (sheet_in(SHEET), blank):
            source = READERS[".xlsx"]("甲镇.xlsx", form_of(sheet))[0]
            library = RubricLibrary(given=file)
            yield from sheet_of(b"", source, library, incomplete=False).diagnostics


EXPECTED = {
    *(kind for kind in Kind if kind.code.startswith("EPA3")),
    *(Kind.EMPTY_FIELD, Kind.RUBRIC_NOT_FOUND, Kind.WRONG_RUBRIC),
    *(Kind.POINTS_OVER_CAP, Kind.ITEMS_UNSCORED, Kind.POINTS_NOT_A_NUMBER),
    *(Kind.POINTS_NEGATIVE, Kind.POINTS_NOTATION, Kind.POINTS_TOO_PRECISE, Kind.NOT_APPLICABLE),
    *(Kind.UNIT_NAME_CHARACTERS, Kind.PERIOD_CHARACTERS, Kind.ITEM_TAKES_FACTS),
    *(Kind.FACT_MISSING, Kind.FACT_NOT_A_NUMBER, Kind.FACT_NEGATIVE),
    *(Kind.FACT_NOT_WHOLE, Kind.FACT_NOT_POSSIBLE, Kind.FACT_NOT_POSITIVE),
    *(Kind.FACT_NOT_A_CHOICE, Kind.POINTS_AGAINST_TARGETS, Kind.REASON_MISSING),
    Kind.POINTS_BESIDE_REASON,
    *(Kind.FACT_WITHOUT_NAME, Kind.FACT_NAME_CHARACTERS, Kind.VETO_WITHOUT_REASON),
    *(Kind.FACTS_IN_ONE_NAME, Kind.ASSESSOR_MISSING),
}
"""Kinds that a form can be wrong in."""

MAKERS = (in_golden_cases, in_typed_cells, in_another_rubric)


@pytest.fixture(scope="module")
def found() -> list[Diagnostic]:
    return list(chain.from_iterable(make() for make in MAKERS))


def test_forms_are_wrong_in_every_way(found: list[Diagnostic]) -> None:
    assert {diagnostic.kind for diagnostic in found} >= EXPECTED


@pytest.mark.parametrize("language", LANGUAGES)
def test_messages_and_marks_have_no_words_of_files(found: list[Diagnostic], language: str) -> None:
    words = Words(language)
    wrong: set[str] = set()
    for diagnostic in found:
        if diagnostic.kind in (Kind.SPACE_AFTER_COLON, Kind.FULLWIDTH_PUNCTUATION):
            continue  # somebody typed score:6 into the cell
        for text in filter(None, wording(diagnostic, words)):
            wrong |= {f"{diagnostic.kind.code}: {text}"} if in_file_words(text, language) else set()
    assert wrong == set()


def test_a_fact_is_called_as_the_form_calls_it() -> None:
    (diagnostic,) = taken(put("A1-1", "E", -1))
    assert wording(diagnostic, Words("zh_CN")).title == "A1 的【次数或个数】写的是负数 -1"
    assert wording(diagnostic, Words("en")).title == "'how many' of A1 is negative: -1"
    assert as_data([diagnostic], Words("en"))[0]["data"]["fact"] == "value"
    in_file = Diagnostic(diagnostic.kind, Location("甲.yaml", 1, 1), diagnostic.parameters)
    assert wording(in_file, Words("en")).title == "'value' of A1 is negative: -1"


def test_the_name_of_a_field_is_a_text_that_stays_what_it_is() -> None:
    name = FieldName("value", "fact.value_count")
    again = pickle.loads(pickle.dumps(name))  # noqa: S301 -- as workers send it
    assert (again, again.words_key) == ("value", "fact.value_count") == (name, name.words_key)
    assert FieldName("迟报").words_key == ""
