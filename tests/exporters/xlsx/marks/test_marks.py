"""Marked copies of forms: what is added, and that nothing else has changed."""

import io
import re
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.comments import Comment
from tests.support.forms import (
    edited,
    example,
    form,
    given_in,
    kinds,
    repacked,
    row_of,
    taken,
)
from tests.support.marks import (
    MARK,
    SHEET,
    STYLES,
    answered,
    coloured,
    comments,
    marked,
    parts,
    said,
    seal,
)
from tests.support.paths import ROOT

from epa_score.exporters.xlsx.marks import Remark, UnmarkableError, marked_copy
from epa_score.exporters.xlsx.marks.package import Package, XmlPart
from epa_score.readers.files import READERS

CHANGED = {SHEET, STYLES, "[Content_Types].xml"}

ADDED = {"xl/comments1.xml", "xl/drawings/vmlDrawing1.vml", "xl/worksheets/_rels/sheet1.xml.rels"}


def looks(data: bytes) -> dict[str, tuple[Any, ...]]:
    """All of each cell's look but its colour, and what is in it."""
    sheet = load_workbook(io.BytesIO(data)).worksheets[0]
    return {
        cell.coordinate: (
            *(cell.value, cell.number_format, cell.quotePrefix),
            *map(repr, (cell.font, cell.border, cell.alignment, cell.protection)),
        )
        for row in sheet.iter_rows()
        for cell in row
    }


def prefixed(members: dict[str, bytes]) -> None:
    """The sheet and the styles as some programs write them: every tag with a prefix."""
    for name in (SHEET, STYLES):
        text = re.sub(rb"<(/?)(?=\w)", rb"<\1x:", members[name])
        members[name] = text.replace(b"xmlns=", b"xmlns:x=")


def numberless(members: dict[str, bytes]) -> None:
    """Rows and cells without their names, which follow from their order."""
    text = re.sub(rb'<row r="[0-9]+"', b"<row", members[SHEET])
    members[SHEET] = re.sub(rb'<c r="[A-Z]+[0-9]+"', b"<c", text)


def bare(members: dict[str, bytes]) -> None:
    """The row 7 has no cells, and the row 8 is not there."""
    text = re.sub(rb'(<row r="7"[^>]*)>.*?</row>', rb'\1 s="3" customFormat="1"/>', members[SHEET])
    members[SHEET] = re.sub(rb'<row r="8".*?</row>', b"", text)


FORMS: dict[str, Callable[[], bytes]] = {
    "blank": lambda: form(unit="甲镇"),
    "filled": lambda: form(example()),
    "saved by another program": edited,
    "sealed": lambda: repacked(form(example()), seal),
    "prefixed": lambda: repacked(form(example()), prefixed),
    "numberless": lambda: repacked(form(example()), numberless),
}


@pytest.mark.parametrize("name", FORMS)
def test_only_what_is_marked_has_changed(name: str) -> None:
    data = FORMS[name]()
    copy = marked(data, MARK, Remark("", 1, 1, "整张表"))
    assert comments(copy) == {"A1": said("整张表"), "E7": said("A3 得 9 分")}
    assert coloured(copy) == {"A1", "E7"}
    assert looks(copy) == looks(data)
    before, after = parts(data), parts(copy)
    assert before.keys() <= after.keys() <= before.keys() | ADDED
    untouched = before.keys() - CHANGED - ADDED
    assert len(untouched) >= 8
    assert {one: after[one] for one in untouched} == {one: before[one] for one in untouched}
    assert given_in(taken(copy).sheet) == given_in(taken(data).sheet)


def test_a_sheet_changes_at_the_marked_cell_and_nowhere_else() -> None:
    before, after = (parts(one)[SHEET] for one in (form(example()), marked(form(example()))))
    start = next(n for n, pair in enumerate(zip(before, after, strict=False)) if len({*pair}) > 1)
    assert after[:start].rstrip(b"0123456789").endswith(b'<c r="E7" s="')
    drawing = re.search(rb"<legacyDrawing [^>]*/>", after)
    assert drawing
    rest = after[start:].replace(drawing[0], b"").partition(b'"')[2]
    assert before.endswith(rest)


def test_a_picture_stays_where_it_is() -> None:
    sealed = repacked(form(example()), seal)
    copy = marked(sealed)
    assert parts(copy)["xl/media/image1.png"] == parts(sealed)["xl/media/image1.png"]
    relations = parts(copy)["xl/worksheets/_rels/sheet1.xml.rels"]
    assert b'Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006' in relations
    assert [b'Id="rId2"' in relations, b'Id="rId3"' in relations] == [True, True]
    text = parts(copy)[SHEET]
    assert text.index(b"<drawing ") < text.index(b"<legacyDrawing ") < text.index(b"</worksheet>")


def test_the_drawing_of_comments_stands_in_its_place() -> None:
    def extend(members: dict[str, bytes]) -> None:
        last = b'<tableParts count="0"/><extLst/></worksheet>'
        members[SHEET] = members[SHEET].replace(b"</worksheet>", last)

    text = parts(marked(repacked(form(example()), extend)))[SHEET]
    assert text.index(b"<legacyDrawing ") < text.index(b"<tableParts ")


def test_cells_that_are_not_there_are_made() -> None:
    data = repacked(form(example()), bare)
    remarks = [Remark("评分表", row, column, "空") for row in (7, 8) for column in (6, 5)]
    copy = marked(data, *remarks, Remark("评分表", 99, 1, "下面"), Remark("评分表", 6, 9, "右边"))
    assert comments(copy).keys() == {"E7", "F7", "E8", "F8", "A99", "I6"} == coloured(copy)
    text = parts(copy)[SHEET].decode()
    rows = [int(one) for one in re.findall(r'<row r="(\d+)"', text)]
    assert rows == sorted(rows)
    assert re.search(r'<row r="7"[^>]*><c r="E7" s="\d+"/><c r="F7" s="\d+"/></row>', text)
    assert re.search(r'<row r="8"><c r="E8" s="\d+"/><c r="F8" s="\d+"/></row><row r="9"', text)
    styles = load_workbook(io.BytesIO(data)).worksheets[0]
    own = load_workbook(io.BytesIO(copy)).worksheets[0]
    assert repr(own["E7"].font) == repr(styles.row_dimensions[7].font)


def test_a_cell_takes_the_style_of_its_column() -> None:
    def style(members: dict[str, bytes]) -> None:
        bare(members)
        members[SHEET] = members[SHEET].replace(b'<col min="5"', b'<col style="6" min="5"')
        members[SHEET] = members[SHEET].replace(b' s="3" customFormat="1"', b"")

    data = repacked(form(example()), style)
    sheet = load_workbook(io.BytesIO(marked(data, MARK))).worksheets[0]
    column = load_workbook(io.BytesIO(data)).worksheets[0].column_dimensions["E"]
    assert repr(sheet["E7"].font) == repr(column.font)
    assert repr(sheet["E7"].border) == repr(column.border)


def merged(workbook: Any) -> None:
    row = row_of(workbook, "A1")
    workbook.worksheets[0].merge_cells(f"E{row}:E{row + 1}")


def hidden(workbook: Any) -> None:
    workbook.worksheets[0].row_dimensions[6].hidden = True
    workbook.worksheets[0].row_dimensions[7].hidden = True


def all_hidden(workbook: Any) -> None:
    for row in range(1, 50):
        workbook.worksheets[0].row_dimensions[row].hidden = True


@pytest.mark.parametrize(
    ("edit", "row", "cell"), [(merged, 6, "E5"), (hidden, 7, "E5"), (all_hidden, 7, "E7")]
)
def test_a_comment_stands_where_it_is_seen(edit: Any, row: int, cell: str) -> None:
    copy = marked(edited(edit), Remark("评分表", row, 5, "看这里"))
    assert comments(copy) == {cell: said("看这里")}


def test_remarks_on_one_cell_are_one_comment() -> None:
    other = Remark("评分表", 7, 5, "还有")
    assert comments(marked(form(), MARK, other, MARK)) == {"E7": said("A3 得 9 分", "", "还有")}


def test_a_long_remark_is_cut_with_a_mark() -> None:
    text = comments(marked(form(), Remark("", 1, 1, "长" * 40_000)))["A1"]
    assert len(text) < 32_767
    assert "[+" in text


@pytest.mark.parametrize("runs", [True, False])
def test_comments_of_others_are_kept_in_front(runs: bool) -> None:
    def plain(members: dict[str, bytes]) -> None:
        if not runs:
            text = re.sub(
                rb"</?r>|<rPr>.*?</rPr>|<rPr ?/>", b"", members["xl/comments/comment1.xml"]
            )
            members["xl/comments/comment1.xml"] = text

    data = repacked(edited(answered), plain)
    copy = marked(data, MARK, Remark("", 1, 1, "整张表"))
    assert comments(copy) == {
        "A1": said("整张表"),
        "F9": "别的话",
        "E7": "请核对\n" + said("A3 得 9 分"),
    }
    again = marked(copy, Remark("", 1, 1, "整张表"))
    assert comments(again) == {"A1": said("整张表"), "F9": "别的话", "E7": "请核对"}
    assert coloured(again) == {"A1"}
    sheet = load_workbook(io.BytesIO(again)).worksheets[0]
    assert {sheet[cell].comment.author for cell in ("E7", "F9")} == {"县办"}


@pytest.mark.parametrize("runs", [True, False])
@pytest.mark.parametrize(
    "words", ["请核对", "一 < 二 & 三\n第二行", "epa-score: 这句是人写的", "说 epa-score:"]
)
def test_a_mark_that_a_program_joined_with_the_words_before_it_is_renewed(
    words: str, runs: bool
) -> None:
    def comment(workbook: Any) -> None:
        workbook.worksheets[0]["E7"].comment = Comment(f"请看\n{words}", "县办")

    def join_runs(members: dict[str, bytes]) -> None:
        joined = escape(comments(first)["E7"])
        markup = f"<r><t>{joined}</t></r>" if runs else f"<t>{joined}</t>"
        name = "xl/comments/comment1.xml"
        body = re.sub(rb"(?s)<text>.*?</text>", f"<text>{markup}</text>".encode(), members[name])
        members[name] = body

    first = marked(edited(comment), MARK)
    copy = repacked(first, join_runs)
    new = Remark("评分表", 7, 5, "新")
    assert comments(marked(copy, new)) == {"E7": f"请看\n{words}\n" + said("新")}
    other = marked(copy, Remark("", 1, 1, "整张表"))
    assert comments(other) == {"A1": said("整张表"), "E7": f"请看\n{words}"}
    assert coloured(other) == {"A1"}


def test_marking_a_marked_copy_renews_its_marks() -> None:
    data = form(example())
    first = marked(data, MARK, Remark("评分表", 8, 6, "旧"))
    second = marked(first, Remark("评分表", 7, 5, "新"), Remark("", 1, 1, "整张表"))
    assert comments(second) == {"A1": said("整张表"), "E7": said("新")}
    assert coloured(second) == {"A1", "E7"}
    drawing = parts(second)["xl/drawings/vmlDrawing1.vml"]
    assert drawing.count(b"</v:shape>") == 2
    assert len({*re.findall(rb'id="(_x0000_s[0-9]+)"', drawing)}) == 2
    assert looks(second) == looks(data)
    assert parts(second).keys() == parts(first).keys()
    before, after = (load_workbook(io.BytesIO(one)).worksheets[0] for one in (data, second))
    assert repr(after["F8"].fill) == repr(before["F8"].fill)


def test_a_box_of_somebody_else_keeps_its_looks_and_grows() -> None:
    def look(members: dict[str, bytes]) -> None:
        name = "xl/drawings/vmlDrawing1.vml"
        text = members[name].replace(b"#ffffe1", b"#ccffcc").replace(b"epa-score", b"x")
        members[name] = re.sub(rb"<x:Anchor>[^<]*", b"<x:Anchor>1, 1, 1, 1, 2, 2, 2, 2", text)
        members["xl/comments1.xml"] = re.sub(rb"epa-score:?", b"A", members["xl/comments1.xml"])

    theirs = repacked(marked(form()), look)
    drawing = parts(marked(theirs))["xl/drawings/vmlDrawing1.vml"]
    assert drawing.count(b"</v:shape>") == 1
    assert drawing.count(b"#ccffcc") == 2
    assert b"<x:Anchor>1, 1, 1, 1, 2, 2, 2, 2<" not in drawing


def test_comments_without_boxes_and_empty_ones_are_taken_as_they_are() -> None:
    def spoil(members: dict[str, bytes]) -> None:
        drawing = "xl/drawings/vmlDrawing1.vml"
        text = re.sub(rb"<v:shapetype.*</v:shape>", b"</v:shape><br>", members[drawing])
        members[drawing] = text.replace(b' xmlns:x="urn:schemas-microsoft-com:office:excel"', b"")
        cells = [f'<comment ref="{one}" authorId="0"><text/></comment>' for one in ("F8", "F9")]
        name, end = "xl/comments1.xml", "</commentList>"
        members[name] = members[name].replace(end.encode(), "".join([*cells, end]).encode())

    data = repacked(marked(form()), spoil)
    again = marked(data, Remark("评分表", 9, 6, "新"), Remark("", 1, 1, "整张表"))
    assert comments(again) == {"A1": said("整张表"), "F8": "", "F9": said("新")}
    drawing = parts(again)["xl/drawings/vmlDrawing1.vml"]
    assert drawing.count(b"<v:shapetype ") == 1
    assert drawing.count(b"</v:shape>") == 3
    assert b'<xml xmlns:x="urn:schemas-microsoft-com:office:excel" xmlns:v=' in drawing
    assert b"<br>" in drawing


def test_a_drawing_without_an_end_cannot_be_marked() -> None:
    def spoil(members: dict[str, bytes]) -> None:
        members["xl/drawings/vmlDrawing1.vml"] = b"<xml"

    with pytest.raises(UnmarkableError):
        marked(repacked(marked(form()), spoil), Remark("", 1, 1, "整张表"))


def test_what_is_lost_is_named() -> None:
    def sign(members: dict[str, bytes]) -> None:
        members["_xmlsignatures/sig1.xml"] = b"<Signature/>"

    def thread(members: dict[str, bytes]) -> None:
        name = "xl/comments/comment1.xml"
        members[name] = members[name].replace("县办".encode(), b"tc={0}")

    data = repacked(repacked(edited(answered), sign), thread)
    copy = marked_copy(data, [MARK, Remark("", 1, 1, "整张表")])
    assert (copy.signed, copy.threads) == (True, ("E7",))
    copy = marked_copy(form(), [MARK])
    assert (copy.signed, copy.threads) == (False, ())


def without(name: str) -> Callable[[], bytes]:
    def remove(members: dict[str, bytes]) -> None:
        del members[name]

    return lambda: repacked(form(), remove)


def replaced(name: str, old: bytes, new: bytes) -> Callable[[], bytes]:
    def change(members: dict[str, bytes]) -> None:
        assert old in members[name]
        members[name] = members[name].replace(old, new)

    return lambda: repacked(form(example()), change)


BROKEN: dict[str, Callable[[], bytes]] = {
    "no zip": lambda: b"PK",
    "cut off": lambda: form()[:-200],
    "no workbook": without("xl/workbook.xml"),
    "no styles": without(STYLES),
    "no sheet": without(SHEET),
    "no fills": replaced(STYLES, b"fills", b"falls"),
    "a style too many": replaced(SHEET, b'r="E7" s="', b'r="E7" s="99'),
    "no cells": replaced(SHEET, b"sheetData", b"other"),
    "half a sheet": replaced(SHEET, b"</worksheet>", b""),
    "a DTD": replaced(SHEET, b"<worksheet", b"<!DOCTYPE worksheet><worksheet"),
    "a cell's name": replaced(SHEET, b'r="E7"', b'r="7E"'),
    "too many cells": replaced(
        SHEET, b"</sheetData>", b"<row>" + b"<c/>" * 160_000 + b"</row></sheetData>"
    ),
    "too many styles": replaced(STYLES, b"</cellXfs>", b"<xf/>" * 160_000 + b"</cellXfs>"),
    "a height": replaced(SHEET, b'ht="', b'ht="nan'),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_cannot_be_marked_says_so(name: str) -> None:
    with pytest.raises(UnmarkableError):
        marked(BROKEN[name]())


def test_five_thousand_blank_formatted_rows_are_marked() -> None:
    row = b"<row>" + b"<c/>" * 26 + b"</row>"
    marked(replaced(SHEET, b"</sheetData>", row * 5_000 + b"</sheetData>")())


def test_a_member_that_is_damaged_or_locked_says_so() -> None:
    data = bytearray(repacked(form(), seal))
    place = data.rindex(b"PK\x01\x02", 0, data.rindex(b"xl/media/image1.png"))
    data[place + 8] |= 1  # the flag of a password
    with pytest.raises(UnmarkableError):
        marked(bytes(data))


def test_far_columns_and_heights_are_no_burden() -> None:
    def stretch(members: dict[str, bytes]) -> None:
        text = members[SHEET].replace(
            b"<cols>", b'<cols><col min="7" max="999999999" width="inf" hidden="0"/>'
        )
        text = text.replace(b'<row r="9"', b'<row r="9" hidden="1"')
        members[SHEET] = text.replace(b"</sheetData>", b'<row r="60"/></sheetData>')

    assert comments(marked(repacked(form(), stretch))) == {"E7": said("A3 得 9 分")}


FAULTS: list[tuple[str, object]] = [
    ("E", 99),
    ("E", "八"),
    ("E", "8"),
    ("E", "=1+1"),
    ("E", -1),
    ("E", 0.001),
    ("B", "Z9"),
    ("D", 100),
    ("F", "=2"),
]


@settings(max_examples=15)
@given(
    faults=st.dictionaries(
        st.sampled_from(sorted(example().points)), st.sampled_from(FAULTS), min_size=1
    )
)
def test_any_faults_are_marked_and_stay_what_they_are(
    faults: dict[str, tuple[str, object]],
) -> None:
    def spoil(workbook: Any) -> None:
        rows = {item: row_of(workbook, item) for item in faults}
        for item, (column, value) in faults.items():
            workbook.worksheets[0][f"{column}{rows[item]}"].value = value

    data = edited(spoil)
    found = taken(data).diagnostics
    assert found
    remarks = [
        Remark("评分表", one.location.line or 0, one.location.column or 0, one.kind.label)
        for one in found
    ]
    copy = marked(data, *remarks)
    cells = {one.location.cell.rpartition("!")[2] for one in found}
    assert comments(copy).keys() == cells == coloured(copy)
    assert kinds(copy) == kinds(data)
    assert looks(copy) == looks(data)


HANDED_IN = sorted((ROOT / "tests" / "data" / "forms").glob("*.xlsx"))


@pytest.mark.parametrize("path", HANDED_IN, ids=lambda path: path.stem)
def test_whatever_is_read_takes_marks(path: Path) -> None:
    data = path.read_bytes()
    (source,) = READERS[".xlsx"](path.name, data)
    assert source.cells is not None
    sheet = source.cells[()].name.rpartition("!")[0]
    marked = marked_copy(data, [Remark(sheet, 7, 5, "最多 8 分")])
    (again,) = READERS[".xlsx"](path.name, marked.data)
    assert (again.value, again.sums) == (source.value, source.sums)
    assert {kind.kind for kind in again.findings} == {kind.kind for kind in source.findings}
    package = Package(marked.data)
    (book_sheet,) = [
        part
        for part in package.relationships(package.workbook, "worksheet").values()
        if package.relationships(part, "comments")
    ]
    (written,) = package.relationships(book_sheet, "comments").values()
    (comment,) = XmlPart(package[written]).root.child("commentList").children
    assert comment.attributes["ref"] == "E7"
    assert comment.all_text().endswith("最多 8 分")
