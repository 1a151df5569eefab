"""Diagnostics as people and programs get them: the caret stands below what is wrong."""

import json
import re
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len

from epa_score.diagnostics import (
    Diagnostic,
    InputError,
    Kind,
    Location,
    Parameter,
    errors_of,
    in_order,
)
from epa_score.diagnostics.finding import first_known
from epa_score.diagnostics.rendering import as_data, concise, full, github, wording
from epa_score.diagnostics.terminal_text import shortened, visible
from epa_score.i18n import Words

CHINESE, ENGLISH = Words("zh_CN"), Words("en")

OVER_CAP = Diagnostic(
    Kind.POINTS_OVER_CAP,
    Location("scores/甲镇.yaml", 7, 7, 8, ((6, "  A2: 2"), (7, "  A3: 9    # 档案很全"))),
    {
        "item": "A3",
        "points": Decimal("9.00"),
        "cap": Decimal(8),
        "excess": Decimal("1.00"),
        "text": "提供档案",
    },
)


def marked(line: str, start: int, end: int, before: str = "", number: int = 10) -> Diagnostic:
    """A diagnostic at the code points from ``start`` to ``end`` of a line."""
    excerpt = ((number - 1, before), (number, line))
    location = Location("f.yaml", number, start + 1, end + 1, excerpt)
    return Diagnostic(Kind.FORBIDDEN_CHARACTER, location, {"character": "U+0007"})


# --- the text --------------------------------------------------------------------------------


def test_a_diagnostic_in_full_and_in_short() -> None:
    assert [line.text for line in full(OVER_CAP, CHINESE)] == [
        "scores/甲镇.yaml:7:7: 错误[EPA104] A3 得 9 分，超过满分 8 分",
        "   |",
        " 6 |   A2: 2",
        " 7 |   A3: 9    # 档案很全",
        "   |       ^ 最多 8 分，多了 1 分",
        "   |",
        "   = 项目 A3：提供档案",
        "   = 提示：多了 1 分，改成 0 到 8 之间的数",
    ]
    assert concise(OVER_CAP, CHINESE) == next(full(OVER_CAP, CHINESE))
    assert [line.style for line in full(OVER_CAP, CHINESE)] == [
        *["error", "source", "source", "source", "label", "source", "note", "note"]
    ]


def test_each_line_of_advice_is_a_note() -> None:
    parameters = {"key": "A3", "character": "：", "instead": "A3: 8"}
    diagnostic = Diagnostic(Kind.FULLWIDTH_PUNCTUATION, Location("f.yaml"), dict(parameters))
    notes = [line.text for line in full(diagnostic, CHINESE)][1:]
    assert len(notes) > 1
    assert all(note.startswith("  = ") for note in notes)


def test_a_place_without_a_line_shows_no_source() -> None:
    diagnostic = Diagnostic(Kind.FILE_EMPTY, Location("f.yaml"))
    first, *notes = (line.text for line in full(diagnostic, ENGLISH))
    assert first.startswith("f.yaml: error[EPA010] ")
    assert not [line for line in notes if "|" in line]


@pytest.mark.parametrize("number", [1, 6, 7, 20])
def test_a_long_list_says_once_how_many_there_are(number: int) -> None:
    units = tuple(f"甲{place}镇" for place in range(min(number, 6)))
    given: dict[str, Parameter] = {"units": units, "number": number, "units_in_all": number}
    warning = Diagnostic(Kind.UNITS_WITHOUT_SHEET, Location("scores"), given)
    for words, ending in ((CHINESE, " 等"), (ENGLISH, " and more")):
        title = wording(warning, words).title
        assert re.findall(r"(?<![甲0-9])[0-9]+(?!镇)", title) == [str(number)]
        assert (ending in title) == (number > 6)


def test_a_warning_is_called_one() -> None:
    parameters: dict[str, Parameter] = {"rubric": "town", "units": ("甲镇", "乙镇"), "number": 2}
    warning = Diagnostic(Kind.UNITS_WITHOUT_SHEET, Location("scores"), parameters)
    line = concise(warning, ENGLISH)
    assert line.text.startswith("scores: warning[EPA117] ")
    assert line.style == "warning"
    assert github(warning, ENGLISH).startswith("::warning file=scores,title=EPA117::")
    assert errors_of([warning, OVER_CAP]) == (OVER_CAP,)


CELLS = st.text(st.sampled_from("ab 9:#甲乙（，😀é\t\x07\x1b\u200b\u202e\xa0e\u0301"), max_size=30)
LONG = st.builds(lambda text, times: text * times, CELLS, st.integers(1, 40))


def rows(diagnostic: Diagnostic) -> tuple[str, str, int]:
    """The source line and the line of the caret without their margins, and the margin's width."""
    shown = [line.text for line in full(diagnostic, ENGLISH)]
    index = next(i for i, line in enumerate(shown) if re.match(r" +\| *\^", line))
    margin = shown[index - 1].index("|") + 2
    assert shown[index].index("|") + 2 == margin
    return shown[index - 1][margin:], shown[index][margin:], margin


@given(CELLS, st.data())
def test_a_caret_stands_below_what_is_wrong(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    source, carets, _ = rows(marked(text, start, end))
    assert source == visible(text)
    before = len(carets) - len(carets.lstrip(" "))
    assert before == cell_len(visible(text[:start]))
    width = len(re.match(r"\^+", carets.lstrip(" "))[0])  # type: ignore[index]
    assert width == max(1, cell_len(visible(text[start:end])))


@given(LONG, st.data())
@example("x" * 5000, None)
@example("甲" * 5000, None)
@example("\u0301" * 5000, None)
@example("\u200b" * 5000, None)
def test_of_a_long_line_the_part_around_the_caret_is_shown(
    text: str, data: st.DataObject | None
) -> None:
    start = data.draw(st.integers(0, len(text))) if data else len(text) - 10
    end = data.draw(st.integers(start, len(text))) if data else len(text)
    source, carets, _ = rows(marked(text, start, end))
    before = len(carets) - len(carets.lstrip(" "))
    marks = len(re.match(r"\^+", carets.lstrip(" "))[0])  # type: ignore[index]
    assert before + marks <= max(cell_len(source), before + 1)
    rest = next(
        (source[i:] for i in range(len(source) + 1) if cell_len(source[:i]) == before), None
    )
    assert rest is not None
    wanted = visible(text[start : start + 1])
    assert any(
        source[i:].startswith(wanted)
        for i in range(len(source) + 1)
        if cell_len(source[:i]) == before
    )
    assert cell_len(source) <= 1000


def test_the_line_above_is_cut_where_it_is_long() -> None:
    shown = [line.text for line in full(marked("a", 0, 1, before="甲" * 500), ENGLISH)]
    assert shown[2].startswith("  9 | 甲甲")
    assert shown[2].endswith("甲...")
    assert cell_len(shown[2]) <= 106


def test_the_margin_is_as_wide_as_the_line_number() -> None:
    for number, margin in ((2, 5), (10, 6), (1000, 8)):
        _, _, width = rows(marked("abc", 1, 2, number=number))
        assert width == margin


# --- text from files -------------------------------------------------------------------------


@given(st.text())
def test_text_from_files_cannot_steer_a_terminal(text: str) -> None:
    shown = visible(text)
    assert not re.search("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]", shown)
    assert "\n" not in shown
    shown.encode()
    assert visible(shown) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain [/] text", "plain [/] text"),
        ("甲镇😀", "甲镇😀"),
        ("a\x1b[31mb", "a\\x1b[31mb"),
        ("a\tb\nc", "a\\tb\\nc"),
        ("\u202e镇甲", "\\u202e镇甲"),
        ("甲\u200b镇", "甲\\u200b镇"),
        ("甲\ufe0f镇", "甲\\ufe0f镇"),
        ("\ud800", "\\ud800"),
        ("\U000e0041", "\\U000e0041"),
    ],
)
def test_hidden_characters_are_shown_as_escapes(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(st.text(max_size=300), st.integers(4, 80))
@example("甲" * 100, 5)
@example("\x1b" * 100, 7)
def test_a_shortened_text_is_as_wide_as_there_is_room(text: str, cells: int) -> None:
    short = shortened(text, cells)
    assert cell_len(short) <= cells
    shown = visible(text)
    assert short == shown or (short.endswith("...") and shown.startswith(short[:-3]))


def test_a_text_that_fits_is_not_shortened() -> None:
    assert shortened("甲" * 30) == "甲" * 30
    assert shortened("甲" * 31) == "甲" * 28 + "..."


# --- words -----------------------------------------------------------------------------------


def test_the_words_of_a_variant_come_before_the_common_ones() -> None:
    parameters = {"field": "A3", "value": "yes", "instead": ""}
    common = Diagnostic(Kind.POINTS_NOT_A_NUMBER, Location("f"), dict(parameters))
    special = Diagnostic(Kind.POINTS_NOT_A_NUMBER, Location("f"), dict(parameters), "boolean")
    unheard = Diagnostic(Kind.POINTS_NOT_A_NUMBER, Location("f"), dict(parameters), "unheard of")
    assert wording(common, ENGLISH) == wording(unheard, ENGLISH)
    assert wording(special, ENGLISH).help != wording(common, ENGLISH).help
    assert wording(special, ENGLISH).label == wording(common, ENGLISH).label


def test_long_lists_are_cut_and_counted() -> None:
    units = tuple(f"单位{number}" for number in range(9))
    parameters: dict[str, Parameter] = {"unit": "甲镇", "rubric": "town", "nearest": ""}
    diagnostic = Diagnostic(Kind.UNKNOWN_UNIT, Location("f"), parameters | {"known": units})
    said = wording(diagnostic, CHINESE)
    assert "单位5" in said.help
    assert "单位6" not in said.help
    assert "9" in said.help
    few = Diagnostic(Kind.UNKNOWN_UNIT, Location("f"), parameters | {"known": units[:6]})
    assert "9" not in wording(few, CHINESE).help
    first = Diagnostic(Kind.UNKNOWN_UNIT, Location("f"), parameters | first_known(units))
    assert wording(first, CHINESE) == said
    first_few = Diagnostic(Kind.UNKNOWN_UNIT, Location("f"), parameters | first_known(units[:6]))
    assert wording(first_few, CHINESE) == wording(few, CHINESE)


def test_shapes_are_named_in_words() -> None:
    for name in ("text", "mapping", "list", "number"):
        parameters = {"field": "A3", "expected": name}
        said = wording(Diagnostic(Kind.WRONG_SHAPE, Location("f"), dict(parameters)), CHINESE)
        assert CHINESE(f"shape.{name}") in said.title
    odd = Diagnostic(Kind.WRONG_SHAPE, Location("f"), {"field": "A3", "expected": "cube"})
    assert "cube" in wording(odd, CHINESE).title


@given(st.text(max_size=200))
def test_whatever_stands_in_a_file_can_be_put_into_words(value: str) -> None:
    parameters = {"field": value, "value": value, "instead": ""}
    diagnostic = Diagnostic(Kind.POINTS_NOT_A_NUMBER, Location(value or "-"), dict(parameters))
    for words in (CHINESE, ENGLISH):
        line = concise(diagnostic, words).text
        assert line.count("[EPA106]") >= 1
        assert line == visible(line)
        assert "\n" not in line


# --- for programs ----------------------------------------------------------------------------


def test_data_hold_points_as_text_and_lists_as_lists() -> None:
    diagnostic = Diagnostic(
        Kind.ITEMS_UNSCORED,
        Location("f.yaml", 3, 1, 7),
        {
            "items": ("A1", "A2"),
            "number": 2,
            "expected": 3,
            "found": 1,
            "first": "A1",
            "text": "一",
            "cap": Decimal("2.50"),
        },
    )
    (entry,) = as_data([diagnostic], ENGLISH)
    message = entry.pop("message")
    assert message == wording(diagnostic, ENGLISH).title
    assert json.loads(json.dumps(entry)) == {
        "code": "EPA105",
        "name": "items_unscored",
        "severity": "error",
        "path": "f.yaml",
        "line": 3,
        "column": 1,
        "end_column": 7,
        "data": {
            "items": ["A1", "A2"],
            "number": 2,
            "expected": 3,
            "found": 1,
            "first": "A1",
            "text": "一",
            "cap": "2.5",
        },
    }


def test_data_without_a_place_say_so() -> None:
    (entry,) = as_data([Diagnostic(Kind.FILE_EMPTY, Location("f.yaml"))], ENGLISH)
    assert (entry["line"], entry["column"], entry["end_column"]) == (None, None, None)


def test_a_workflow_command_marks_the_line() -> None:
    command = github(OVER_CAP, ENGLISH)
    head = "::error file=scores/甲镇.yaml,line=7,col=7,endColumn=7,title=EPA104::"
    assert command.startswith(head)
    assert "%0A" in command


@given(st.text(max_size=20), st.text(max_size=20))
def test_a_workflow_command_is_one_line_whatever_the_file_is_called(path: str, value: str) -> None:
    parameters = {"field": "A3", "value": value, "instead": ""}
    diagnostic = Diagnostic(Kind.POINTS_NOT_A_NUMBER, Location(path, 1, 2, 3), dict(parameters))
    command = github(diagnostic, ENGLISH)
    assert not re.search("[\r\n]", command)
    fields, _, _ = command.removeprefix("::error ").partition("::")
    names = dict(one.partition("=")[::2] for one in fields.split(","))
    assert list(names) == ["file", "line", "col", "endColumn", "title"]
    decoded = names["file"]
    for escape, char in (("%2C", ","), ("%3A", ":"), ("%0A", "\n"), ("%0D", "\r"), ("%25", "%")):
        decoded = decoded.replace(escape, char)
    assert decoded == visible(path)


# --- several ---------------------------------------------------------------------------------


def at(path: str, line: int | None, column: int | None, kind: Kind) -> Diagnostic:
    return Diagnostic(kind, Location(path, line, column), {"field": "x"})


def test_diagnostics_stand_in_the_order_of_files_and_lines_and_once() -> None:
    ordered = [
        at("a", None, None, Kind.EMPTY_FIELD),
        at("a", 2, 1, Kind.EMPTY_FIELD),
        at("a", 2, 3, Kind.MISSING_FIELD),
        at("a", 2, 3, Kind.EMPTY_FIELD),
        at("a", 10, 1, Kind.EMPTY_FIELD),
        at("b", 1, 1, Kind.EMPTY_FIELD),
    ]
    assert in_order([*reversed(ordered), *ordered]) == tuple(ordered)
    assert InputError(reversed(ordered)).diagnostics == tuple(ordered)
    assert len(str(InputError(ordered)).splitlines()) == len(ordered)


def test_two_faults_of_one_kind_at_one_place_are_both_said() -> None:
    two = [
        Diagnostic(Kind.MISSING_FIELD, Location("a", 1, 1, 2), {"field": field})
        for field in ("title", "total")
    ]
    assert in_order(two) == tuple(two)


@pytest.mark.parametrize(
    ("location", "text"),
    [
        (Location("a.yaml"), "a.yaml"),
        (Location("a.yaml", 3), "a.yaml:3"),
        (Location("a.yaml", 3, 4, 9), "a.yaml:3:4"),
    ],
)
def test_a_location_is_written_as_editors_read_it(location: Location, text: str) -> None:
    assert str(location) == text
