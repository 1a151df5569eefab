"""A score is the plain number that stands in the file, or the file is not scored at all."""

import json
import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from epa_score.diagnostics import Diagnostic, Kind
from epa_score.diagnostics.rendering import wording
from epa_score.i18n import Words
from epa_score.model import QuotedText
from epa_score.readers import yaml
from epa_score.readers.rubrics import RubricFile, RubricLibrary, rubric_of
from epa_score.readers.sheets import SheetFile, sheet_of
from epa_score.readers.source import MOST_BYTES
from epa_score.readers.yaml import MOST_DEPTH, MOST_VALUES

RUBRIC = b"""\
id: wide
title: \xe5\xae\xbd
total: 9999.99
sections:
  - {id: A, title: A, max: 9999.99, items: [{id: A1, max: 9999.99, text: A}]}
"""
HEAD = "rubric: wide\nunit: 甲镇\nscores:\n"

FORMS = {
    "alone": ("  A1: {}\n", 4, 7),
    "in braces": ("  A1: {{score: {}}}\n", 4, 15),
    "below": ("  A1:\n    score: {}\n", 5, 12),
    "with a comment": ("  A1: {}   # 好\n", 4, 7),
    "behind blanks": ("  A1:     {}\n", 4, 11),
    "after a note": ("  A1: {{note: 好, score: {} }}\n", 4, 24),
}
"""How a score can be written, with the line and the column where it stands."""


def rubric_file() -> RubricFile:
    found = rubric_of(RUBRIC, yaml.read("rubric.yaml", RUBRIC))
    assert found.rubric is not None
    return found


WIDE = rubric_file()
CHINESE = Words("zh_CN")


def read(text: str | bytes, *, incomplete: bool = False) -> SheetFile:
    data = text if isinstance(text, bytes) else text.encode()
    return sheet_of(
        data, yaml.read("sheet.yaml", data), RubricLibrary(given=WIDE), incomplete=incomplete
    )


def only(found: SheetFile) -> Diagnostic:
    assert found.sheet is None
    (diagnostic,) = found.diagnostics
    return diagnostic


def place(one: Diagnostic) -> tuple[int | None, int | None, int | None]:
    return (one.location.line, one.location.column, one.location.end_column)


# --- numbers ---------------------------------------------------------------------------------


@given(
    st.from_regex(r"(0|[1-9][0-9]{0,3})(\.[0-9]{1,2})?", fullmatch=True),
    st.sampled_from(sorted(FORMS)),
)
@example("2.30", "alone")
@example("0.00", "alone")
@example("9999.99", "alone")
def test_a_plain_number_is_read_as_exactly_that(text: str, form: str) -> None:
    found = read(HEAD + FORMS[form][0].format(text))
    assert found.diagnostics == ()
    assert found.sheet is not None
    score = found.sheet.points["A1"]
    assert (score, type(score)) == (Decimal(text), Decimal)


def test_zeros_behind_the_point_change_nothing() -> None:
    sheets = [read(f"{HEAD}  A1: {text}\n").sheet for text in ("2.30", "2.3")]
    assert [one.points for one in sheets if one] == [{"A1": Decimal("2.3")}] * 2


WORDS = """
010 00 0o17 0x1F 0b1 1_000 1e1 1E1 .5 5. +3 +0 1:30 .nan .inf -.inf 1. 1..2 3-1 8% 8/10 -1 -0
８ 八 八分 2分 十五 两 八点五 ３.5 １．５ ３０ ½ Ⅷ ٣ 𝟖 ⁸ 8² ① ㊇ 二百五 3点 3% 8分半 −1 －1 — 1，5
yes no true False on 是 否 无 nUll NaN Infinity 满分 良好 不适用 n/a 未评 待定 5（缺照片）
"""
TRAPS = [
    *WORDS.split(),
    *["3 4", "8 分", "1 / 2", "9" * 5000, "1" + "0" * 9, "0." + "1" * 10],
    *["\xa08", "8\xa0", "\u30008", "8\u3000", "\u200b8", "8\u200b", "1\u200b0", "8\ufe0f", "\xad8"],
    *['"3"', "'3'", '"3.5"', '"八"', "''", '" 3"'],
]
WITH_COMMAS = ["1,5", "1,000", "[3]", "{a: 3}", "- 3"]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("text", TRAPS, ids=ascii)
def test_whatever_is_no_plain_number_is_never_a_score(text: str, form: str) -> None:
    template, line, column = FORMS[form]
    one = only(read(HEAD + template.format(text)))
    assert one.kind.severity == "error"
    assert one.kind.label.startswith("points") or one.kind is Kind.NOT_APPLICABLE
    assert place(one) == (line, column, column + len(text))
    value = one.parameters["value"]
    assert value == text.strip("\"'")
    assert one.location.excerpt[-1][1].rfind(text) == column - 1


@pytest.mark.parametrize("text", WITH_COMMAS)
def test_commas_and_brackets_are_no_points_either(text: str) -> None:
    found = read(f"{HEAD}  A1: {text}\n")
    assert found.sheet is None
    assert {one.location.line for one in found.diagnostics} == {4}


def test_points_over_several_lines_are_no_number() -> None:
    for text in ("  A1: 1\n    2\n", "  A1: >\n    1\n", "  A1: |\n    1\n", "  A1: 1\n\n    .5\n"):
        assert only(read(HEAD + text)).location.line == 4


@given(st.text(st.characters(codec="utf-8", categories=["Nd", "Nl", "No"]), min_size=1, max_size=3))
def test_digits_of_other_scripts_are_no_digits(text: str) -> None:
    if text.isascii():
        return
    assert only(read(f"{HEAD}  A1: {text}\n")).kind in (
        Kind.POINTS_NOT_A_NUMBER,
        Kind.POINTS_NOTATION,
    )


@given(
    st.text(st.sampled_from("0123456789.-+_eExo:%/ 分八８½\xa0\u200b~"), min_size=1, max_size=6)
    | st.text(max_size=4)
)
@example("A1: 1")
def test_a_text_is_read_as_itself_or_not_at_all(text: str) -> None:
    found = read(f"{HEAD}  A1: {text}\n", incomplete=True)
    if found.sheet is None:
        assert found.diagnostics
        return
    score = found.sheet.points["A1"]
    shown = text.partition(" #")[0].strip(" \t\r\n")
    if score is None:
        assert shown in ("", "~", "null", "Null", "NULL") or shown.startswith("#")
    else:
        assert shown.replace(".", "", 1).isdigit()
        assert shown.isascii()
        assert score == Decimal(shown)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("text", ["", "~", "null", "Null", "NULL"])
def test_nothing_is_not_zero(text: str, form: str) -> None:
    data = HEAD + FORMS[form][0].format(text)
    assert only(read(data)).kind is Kind.ITEMS_UNSCORED
    sheet = read(data, incomplete=True).sheet
    assert sheet is not None
    assert sheet.points["A1"] is None


def test_nothing_in_quotes_is_not_nothing() -> None:
    for text in ('""', "''", '"null"', "'~'"):
        assert only(read(f"{HEAD}  A1: {text}\n", incomplete=True)).kind is Kind.POINTS_NOT_A_NUMBER


# --- texts -----------------------------------------------------------------------------------

LOOK_ALIKES = ["2018", "1e3", "yes", "010", "1:30", "0x1F", ".nan", "2018-12-20", "-", "=1+1", "é"]


@pytest.mark.parametrize("text", LOOK_ALIKES)
def test_a_text_is_the_text_that_stands_there(text: str) -> None:
    shown = f'"{text}"' if text == "-" else text
    found = read(f"rubric: wide\nunit: {shown}\nperiod: {shown}\nscores: {{A1: 3}}\n").sheet
    assert found is not None
    assert (found.unit, found.period) == (text, text)


@given(st.text(st.characters(codec="utf-8"), max_size=10))
def test_quotes_keep_a_text_as_it_is(text: str) -> None:
    escaped = "".join(f"\\U{ord(char):08X}" for char in text)
    source = yaml.read("file.yaml", f'- "{escaped}"\n- plain\n'.encode())
    assert source.value == [text, "plain"]
    assert [type(one) for one in source.value] == [QuotedText, str]


# --- what is refused -------------------------------------------------------------------------


Span = tuple[int | None, int | None, int | None]
NOWHERE = (None, None, None)
"""The place of what is wrong with a file as a whole."""


def refused(text: str | bytes) -> list[tuple[Kind, Span]]:
    """What reading alone finds, and where."""
    data = text if isinstance(text, bytes) else text.encode()
    source = yaml.read("file.yaml", data)
    return [(one.kind, place(one)) for one in source.diagnose(source.findings)]


@pytest.mark.parametrize(
    ("text", "kind", "where"),
    [
        ("a: 1\na: 2\n", Kind.DUPLICATE_KEY, (2, 1, 2)),
        ("a: {b: 1, b: 2}\n", Kind.DUPLICATE_KEY, (1, 11, 12)),
        ('a: 1\n"a": 2\n', Kind.DUPLICATE_KEY, (2, 1, 4)),
        ("a: *b\n", Kind.ALIAS_REFUSED, (1, 4, 6)),
        ("a: &b 1\n", Kind.ALIAS_REFUSED, (1, 4, 8)),
        ("a: &b [1]\n", Kind.ALIAS_REFUSED, (1, 4, 8)),
        ("&b a: 1\n", Kind.ALIAS_REFUSED, (1, 1, 5)),
        ("<<: {a: 1}\n", Kind.ALIAS_REFUSED, (1, 1, 3)),
        ("a: !!int 1\n", Kind.TAG_REFUSED, (1, 4, 11)),
        ("a: !!float 1\n", Kind.TAG_REFUSED, (1, 4, 13)),
        ("a: !mine {b: 1}\n", Kind.TAG_REFUSED, (1, 4, 11)),
        ("!!str a: 1\n", Kind.TAG_REFUSED, (1, 1, 8)),
        ("- ! 1\n", Kind.TAG_REFUSED, (1, 3, 6)),
        ("~: 1\n", Kind.KEY_NOT_TEXT, (1, 1, 2)),
        ("null: 1\n", Kind.KEY_NOT_TEXT, (1, 1, 5)),
        ('"": 1\n', Kind.KEY_NOT_TEXT, (1, 1, 3)),
        ("[a]: 1\n", Kind.KEY_NOT_TEXT, (1, 1, 2)),
        ("{a: 1}: 1\n", Kind.KEY_NOT_TEXT, (1, 1, 2)),
        ("a: 1\n---\nb: 2\n", Kind.SECOND_DOCUMENT, (2, 1, 4)),
        ("", Kind.FILE_EMPTY, NOWHERE),
        (" \n\n", Kind.FILE_EMPTY, NOWHERE),
        ("# 空\n", Kind.FILE_EMPTY, NOWHERE),
        ("\ufeff", Kind.FILE_EMPTY, NOWHERE),
        ("a: \x07\n", Kind.FORBIDDEN_CHARACTER, (1, 4, 5)),
        ("a: 1\nb: \u2028x\n", Kind.FORBIDDEN_CHARACTER, (2, 4, 5)),
        ("a: \x85x\n", Kind.FORBIDDEN_CHARACTER, (1, 4, 5)),
        ("😀: \ufeff\n", Kind.FORBIDDEN_CHARACTER, (1, 4, 5)),
        ("\ufeff\ufeffa: 1\n", Kind.FORBIDDEN_CHARACTER, (1, 1, 2)),
        ("a: '1\n", Kind.YAML_SYNTAX, (1, 4, 5)),
        ("a: @1\n", Kind.YAML_SYNTAX, (1, 4, 5)),
        ("%TAG ! tag:x,2000:\n---\na: !b 1\n", Kind.TAG_REFUSED, (3, 4, 8)),
    ],
)
def test_what_might_be_read_in_two_ways_is_refused(text: str, kind: Kind, where: Span) -> None:
    assert refused(text) == [(kind, where)]


@pytest.mark.parametrize(
    ("text", "kind", "where"),
    [
        ("scores:\n  A1: 1\n  A2：2\n  A3: 3\n", Kind.FULLWIDTH_PUNCTUATION, (3, 5, 6)),
        ("scores:\n  A1: 1\n  A2:2\n  A3: 3\n", Kind.SPACE_AFTER_COLON, (3, 5, 6)),
        ("scores:\n\tA1: 1\n", Kind.TAB_INDENTATION, (2, 1, 2)),
        ("scores:\n  A1: 1\n   A2: 2\n", Kind.INDENTATION_OFF, (3, 1, 4)),
        ("scores:\n    A1: 1\n  A2: 2\n", Kind.INDENTATION_OFF, (3, 1, 3)),
        ("rubric: a\n  A1: 1\n", Kind.MISSING_FIELD, (2, 1, 3)),
        ("scores: {A1: 1\n", Kind.YAML_SYNTAX, (1, 9, 10)),
        ("scores: {A1: {note: a: b}}\n", Kind.YAML_SYNTAX, (1, 22, 23)),
        ("note: a: b\n", Kind.YAML_SYNTAX, (1, 8, 9)),
        ("note: -\n", Kind.YAML_SYNTAX, (1, 7, 8)),
        ("note: %a\n", Kind.YAML_SYNTAX, (1, 7, 8)),
        ("note: 3]\n]\n", Kind.YAML_SYNTAX, (2, 1, 2)),
    ],
)
def test_what_was_typed_explains_what_the_parser_says(text: str, kind: Kind, where: Span) -> None:
    assert refused(text) == [(kind, where)]


def test_a_reference_to_a_value_is_refused_where_it_is_named_and_where_it_is_used() -> None:
    assert refused("a: &x 1\nb: *x\nc: [*x]\n") == [
        (Kind.ALIAS_REFUSED, (1, 4, 8)),
        (Kind.ALIAS_REFUSED, (2, 4, 6)),
        (Kind.ALIAS_REFUSED, (3, 5, 7)),
    ]


def test_a_second_line_of_one_name_displaces_nothing() -> None:
    source = yaml.read("file.yaml", b"a: 1\nb: 2\na: 3\n")
    assert source.value == {"a": "1", "b": "2"}
    assert source.repeated == {"a"}
    assert source.findings[0].parameters == {"key": "a", "line": 1}


def test_documents_may_begin_and_end_with_their_marks() -> None:
    assert yaml.read("file.yaml", b"%YAML 1.1\n---\na: 1\n...\n").value == {"a": "1"}


ENCODED = "rubric: town\nunit: 甲镇\n"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_other_unicode_encodings_are_named(encoding: str) -> None:
    assert refused(ENCODED.encode(encoding)) == [(Kind.UTF16_FILE, NOWHERE)]


@pytest.mark.parametrize("encoding", ["gbk", "gb18030"])
def test_chinese_in_gbk_is_recognised_from_its_first_character(encoding: str) -> None:
    data = ENCODED.encode(encoding)
    assert refused(data) == [(Kind.NOT_UTF8, (2, 7, 8))]
    source = yaml.read("file.yaml", data)
    assert source.findings[0].variant == "gbk"
    assert source.findings[0].parameters == {"byte": "0xBC"}
    assert source.diagnose(source.findings)[0].location.excerpt[-1] == (2, "unit: 甲镇")


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_damaged_byte_among_chinese_is_found(mark: bytes) -> None:
    data = mark + ENCODED.encode() + "note: 很全的档".encode() + b"\xff\n"
    assert refused(data) == [(Kind.NOT_UTF8, (3, 11, 12))]
    source = yaml.read("file.yaml", data)
    assert (source.findings[0].variant, source.findings[0].parameters) == ("", {"byte": "0xFF"})


def test_bytes_of_no_encoding_are_refused() -> None:
    assert refused(b"unit: \xff\xff\n") == [(Kind.NOT_UTF8, (1, 7, 8))]


def test_every_forbidden_character_is_shown_up_to_a_limit() -> None:
    assert len(refused("a: \x01\x02\nb: \x03\n")) == 3
    assert 3 < len(refused("\x01" * 1000)) < 30


def test_of_very_many_findings_the_first_are_shown_and_the_rest_counted() -> None:
    items = "".join(f"  Z{number}: 1\n" for number in range(999))
    found = read(f"{HEAD}  A1: 1\n{items}")
    kinds = [one.kind for one in found.diagnostics]
    assert kinds.count(Kind.MORE_FINDINGS) == 1
    (more,) = (one for one in found.diagnostics if one.kind is Kind.MORE_FINDINGS)
    assert kinds.count(Kind.UNKNOWN_ITEM) + int(str(more.parameters["number"])) == 999
    assert 10 < len(kinds) < 999


def test_a_file_has_a_largest_size() -> None:
    fits = b"a: 1\n#" + b"x" * (MOST_BYTES - 6)
    assert yaml.read("file.yaml", fits).value == {"a": "1"}
    assert refused(fits + b"x") == [(Kind.FILE_TOO_LARGE, NOWHERE)]


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ("{a: ", "}"), ("[{a: ", "}]")])
def test_values_have_a_largest_depth(opening: str, closing: str) -> None:
    levels = MOST_DEPTH // (opening.count("[") + opening.count("{"))
    fits = f"{opening * levels}1{closing * levels}"
    assert refused(fits) == []
    ((kind, _),) = refused(f"{opening * 2}{fits}{closing * 2}")
    assert kind is Kind.NESTED_TOO_DEEP


def test_thousands_of_brackets_are_no_crash() -> None:
    for text in ("[" * 50_000, "{" * 50_000, "- " * 50_000, "{a: " * 50_000, "[" * 400_000):
        ((kind, _),) = refused(text)
        assert kind in (Kind.NESTED_TOO_DEEP, Kind.YAML_SYNTAX, Kind.KEY_NOT_TEXT)


@pytest.mark.parametrize("form", ["[{}]", "{{{}}}"])
def test_a_file_has_a_largest_number_of_values(form: str) -> None:
    def values(number: int) -> str:
        entries = range(number - 2 if form == "[{}]" else (number - 2) // 2)
        return form.format(",".join("1" if form == "[{}]" else f"k{one}: 1" for one in entries))

    assert refused(values(MOST_VALUES)) == []
    ((kind, _),) = refused(values(MOST_VALUES + 10))
    assert kind is Kind.TOO_MANY_VALUES


# --- anything --------------------------------------------------------------------------------

PIECES = [
    *["a", "A1", ":", " ", "\n", "  ", "- ", "{", "}", "[", "]", ",", "'", '"', "#", "&a", "*a"],
    *["!", "|", ">", "%", "@", "?", "---", "...", "<<", "~", "\t", "\r", "：", "，", "八", "3"],
    *["scores", "score", "rubric: wide\n", "unit: 甲镇\n", "scores:\n", "sections:\n"],
]


@given(st.lists(st.sampled_from(PIECES), max_size=20).map("".join) | st.text(max_size=40))
@example("? ")
@example("? a\n: b\n")
@example("a: |\n\n")
@example("scores:\n  - - :")
def test_any_text_gives_a_value_or_says_why_not(text: str) -> None:
    judged(text.encode())


@given(st.binary(max_size=60))
@example(b"\xff\xfe")
@example(b"\x00")
@example(b"a: \x80")
def test_any_bytes_give_a_value_or_say_why_not(data: bytes) -> None:
    judged(data)


def judged(data: bytes) -> None:
    source = yaml.read("sheet.yaml", data)
    found = read(data)
    assert found.sheet is not None or found.diagnostics
    for one in (*source.diagnose(source.findings), *found.diagnostics):
        assert one.kind.severity == "error"
        assert wording(one, CHINESE).title
        line, column, end = place(one)
        if line is None:
            continue
        assert column is not None
        assert end is not None
        assert 1 <= column < end
        assert one.location.excerpt[-1][0] == line
        assert column <= len(one.location.excerpt[-1][1]) + 1


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=6), st.text(max_size=3))
def test_a_hidden_character_never_makes_a_score(prefix: str, suffix: str) -> None:
    hidden = (
        "".join(one for one in prefix + suffix if unicodedata.category(one) == "Cf") or "\u200b"
    )
    found = read(f"{HEAD}  A1: {hidden}5\n")
    assert found.sheet is None


SHEET = {
    "rubric": "wide",
    "unit": "甲镇",
    "period": "2018",
    "assessor": "第一组",
    "date": "2018-12-20",
    "scores": {"A1": {"score": "3", "note": "好", "evidence": ["照片"]}},
}
ITEM = {"id": "A1", "max": "1", "text": "项目"}
WHOLE = {
    "id": "town",
    "title": "乡镇",
    "total": "2",
    "sections": [
        {"id": "A", "title": "甲", "max": "1", "items": [ITEM]},
        {
            "id": "B",
            "title": "乙",
            "max": "1",
            "per_unit": [{"units": ["甲镇"], "items": [ITEM | {"id": "B1"}]}],
        },
    ],
    "units": ["甲镇"],
    "decimals": "2",
    "step": "0.5",
    "tie_break": ["A"],
    "lang": "en",
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-1, 9) | st.text(max_size=3) | st.just("A1"),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2)
    ),
    max_leaves=4,
)


def paths(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The path to each value, the whole included."""
    yield path
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from paths(inner, (*path, key))


def replaced(value: Any, path: tuple[str | int, ...], other: object) -> Any:
    """A copy in which another value stands at a path."""
    if not path:
        return other
    copy: Any = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = replaced(value[path[0]], path[1:], other)
    return copy


@given(st.sampled_from(list(paths(SHEET))), JSON)
@example(("date",), [])
@example(("date",), {})
@example(("scores", "A1", "evidence"), {"a": None})
def test_any_value_in_any_place_of_a_sheet_is_read_or_refused(
    path: tuple[str | int, ...], value: object
) -> None:
    judged(json.dumps(replaced(SHEET, path, value)).replace('"3"', "3").encode())


@given(st.sampled_from(list(paths(WHOLE))), JSON)
@example(("tie_break",), {})
@example(("sections", 1, "per_unit", 0, "units"), "甲镇")
def test_any_value_in_any_place_of_a_rubric_is_read_or_refused(
    path: tuple[str | int, ...], value: object
) -> None:
    data = re.sub(r'"([0-9.]+)"', r"\1", json.dumps(replaced(WHOLE, path, value))).encode()
    found = rubric_of(data, yaml.read("rubric.yaml", data))
    assert (found.rubric is None) == bool(found.diagnostics)
    for one in found.diagnostics:
        wording(one, CHINESE)


def test_the_sheet_and_the_rubric_that_are_changed_are_sound() -> None:
    for value in (SHEET, WHOLE):
        data = re.sub(r'"([0-9.]+)"', r"\1", json.dumps(value)).encode()
        source = yaml.read("file.yaml", data)
        found = sheet_of(data, source, RubricLibrary(given=WIDE), incomplete=False)
        assert not (found if value is SHEET else rubric_of(data, source)).diagnostics
