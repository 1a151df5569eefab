"""Corrected cells have their former colour back, whatever saved the marked copy in between."""

import re
from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.styles import GradientFill, PatternFill
from openpyxl.styles.colors import Color
from tests.support.forms import edited, example, form, repacked
from tests.support.marks import MARK, SHEET, STYLES, coloured, comments, fills, marked, parts

from epa_score.exporters.xlsx.marks import Remark
from epa_score.exporters.xlsx.marks.styles import COLOUR, colour_below, colour_over

ELSEWHERE = Remark("", 1, 1, "整张表")
OWN = "F6B26B"
"""An orange of Google's palette, which is nearly that of a mark."""


def saved_elsewhere(members: dict[str, bytes]) -> None:
    """A program writes the styles in a way of its own: none differs in its fill alone."""
    styles = members[STYLES].replace(b' pivotButton="0"', b"")
    all_fills = re.findall(rb"(?s)<fill>.*?</fill>", styles)
    for number, markup in enumerate(all_fills):
        found = re.search(rb'fgColor rgb="FF([0-9A-F]{6})"', markup)
        if found and colour_below(found[1].decode()) is not None:
            own = b'fillId="%d"' % number
            styles = styles.replace(own, own + b' pivotButton="0"')
    assert styles != members[STYLES]
    members[STYLES] = styles


def fill(colour: str, *cells: str) -> Callable[[Any], None]:
    def edit(workbook: Any) -> None:
        for cell in cells or ("E7",):
            workbook.worksheets[0][cell].fill = PatternFill("solid", fgColor=f"FF{colour}")

    return edit


@given(st.binary(min_size=3, max_size=3).map(lambda levels: levels.hex().upper()))
def test_the_colour_of_a_mark_tells_what_was_below(colour: str) -> None:
    below = colour_below(colour_over(colour))
    assert below is not None
    if below:
        levels = zip(bytes.fromhex(colour), bytes.fromhex(below), (37, 18, 18), strict=True)
        assert all(abs(one - other) < most for one, other, most in levels)
        assert colour_over(below) == colour_over(colour)


def test_what_has_no_plain_colour_has_a_mark_that_does_not_tell() -> None:
    assert colour_over("") == COLOUR
    assert colour_below(COLOUR) == ""
    assert colour_below("") is colour_below("FFF9E5") is colour_below(OWN) is None


def after_another_program(data: bytes, *remarks: Remark) -> bytes:
    """The second round of a form whose marked cells were all corrected."""
    first = marked(data, *remarks)
    assert coloured(first) >= comments(first).keys()
    again = marked(repacked(first, saved_elsewhere), ELSEWHERE)
    assert coloured(again) == {"A1"}
    return again


PLAIN = ["FFF9E5", "F2F2F2", "FFFF00", "FF0000", "92D050", "00B0F0", OWN]


@pytest.mark.parametrize("colour", PLAIN)
def test_a_plain_colour_comes_back(colour: str) -> None:
    """Exactly where another cell has it, and else so that nobody sees the difference."""
    data = edited(fill(colour, "E7", "F20"), form(example()))
    assert fills(after_another_program(data))["E7"] == fills(data)["E7"]
    alone = edited(fill(colour), form(example()))
    (found,) = re.findall("[0-9A-F]{8}", fills(after_another_program(alone))["E7"])[:1]
    pairs = zip(bytes.fromhex(colour), bytes.fromhex(found[2:]), strict=True)
    assert max(abs(one - other) for one, other in pairs) <= 36


def test_cells_of_every_look_of_a_form_have_it_back() -> None:
    data = form(example())
    cells = product(range(2, 33), range(1, 7))
    remarks = [Remark("评分表", row, column, "错") for row, column in cells]
    before, after = fills(data), fills(after_another_program(data, *remarks))
    assert len(before) > 150
    assert {name for name in before if before[name] != after[name]} == {"A1"}


def theme(workbook: Any) -> None:
    colour = Color(theme=5, tint=0.6)
    workbook.worksheets[0]["E7"].fill = PatternFill("solid", fgColor=colour)


def hatched(workbook: Any) -> None:
    workbook.worksheets[0]["E7"].fill = PatternFill("darkUp", fgColor="FF0000")


def gradient(workbook: Any) -> None:
    workbook.worksheets[0]["E7"].fill = GradientFill(stop=("FF0000", "00FF00"))


@pytest.mark.parametrize("edit", [theme, hatched, gradient])
def test_other_fills_come_back_where_the_copy_has_them_still(edit: Callable[[Any], None]) -> None:
    data = edited(edit, form(example()))
    first = marked(data)
    assert re.search(COLOUR, parts(first)[STYLES].decode())
    again = marked(first, ELSEWHERE)
    assert styles_of(again)["E7"] == styles_of(data)["E7"]


def styles_of(data: bytes) -> dict[str, str]:
    sheet = parts(data)[SHEET].decode()
    return dict(re.findall(r'<c r="([A-Z]+[0-9]+)" s="([0-9]+)"', sheet))


def test_where_nobody_knows_a_cell_has_the_fill_of_those_beside_it() -> None:
    data = edited(theme, form(example()))
    again = after_another_program(data, MARK, Remark("评分表", 8, 6, "错"))
    assert fills(again)["E7"] == fills(data)["E8"]
    assert fills(again)["F8"] == fills(data)["F9"] != ""


def test_marks_of_an_older_version_are_taken_away() -> None:
    def older(members: dict[str, bytes]) -> None:
        mark = re.compile(rb'fgColor rgb="FFFFB[0-9A-F]6[0-9A-F]"')
        assert mark.search(members[STYLES])
        members[STYLES] = mark.sub(f'fgColor rgb="FF{COLOUR}"'.encode(), members[STYLES])

    data = form(example())
    first = repacked(marked(data, MARK, Remark("评分表", 8, 6, "旧")), older)
    assert coloured(first) == {"E7", "F8"}
    for copy in (first, repacked(first, saved_elsewhere)):
        again = marked(copy, ELSEWHERE)
        assert coloured(again) == {"A1"}
        assert {**fills(again), "A1": ""} == {**fills(data), "A1": ""}


def test_a_mark_goes_although_somebody_deleted_its_comment() -> None:
    def delete(workbook: Any) -> None:
        workbook.worksheets[0]["E7"].comment = None

    first = edited(delete, marked(form(example()), MARK, Remark("评分表", 8, 6, "旧")))
    assert coloured(first) == {"E7", "F8"}
    again = marked(first, Remark("评分表", 8, 6, "新"))
    assert coloured(again) == {"F8"} == comments(again).keys()


def test_a_merged_cell_is_unmarked_as_a_whole() -> None:
    """LibreOffice colours the cells of a merged area that are not seen as well."""

    def spread(members: dict[str, bytes]) -> None:
        style = styles_of(marked_title)["A1"].encode()
        text = re.sub(rb'(<c r="[B-F]1" s=)"[0-9]+"', rb'\1"%s"' % style, members[SHEET])
        assert text != members[SHEET]
        members[SHEET] = text

    data = form(example())
    marked_title = marked(data, ELSEWHERE)
    again = marked(repacked(marked_title, spread))
    assert coloured(again) == {"E7"}
    assert {**fills(again), "E7": ""} == {**fills(data), "E7": ""}


def test_an_orange_of_somebody_else_stays() -> None:
    data = edited(fill(OWN, "E9", "E10"), edited(fill("FFB569", "E11"), form(example())))
    copy = marked(data, MARK, Remark("评分表", 9, 5, "错"))
    assert comments(copy).keys() == {"E7", "E9"}
    again = marked(copy)
    assert {**fills(again), "E7": ""} == {**fills(data), "E7": ""}


def test_styles_and_fills_that_are_not_there_keep_nobody_from_marking() -> None:
    def spoil(members: dict[str, bytes]) -> None:
        sheet = re.sub(rb'(<c r="E9" s=)"[0-9]+"', rb'\1"999"', members[SHEET])
        members[SHEET] = sheet
        members[STYLES] = members[STYLES].replace(b'fillId="3"', b'fillId="77"')

    first = repacked(marked(edited(theme, form(example()))), spoil)
    again = marked(repacked(first, saved_elsewhere), ELSEWHERE)
    assert styles_of(again)["E9"] == "999"
    assert styles_of(again)["E7"] != styles_of(first)["E7"]


def test_a_colour_that_somebody_gave_a_marked_cell_stays() -> None:
    first = edited(fill("00B050"), marked(form(example())))
    assert comments(first).keys() == {"E7"}
    again = marked(first, ELSEWHERE)
    assert comments(again).keys() == {"A1"}
    assert fills(again)["E7"] == fills(first)["E7"]
