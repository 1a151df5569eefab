"""The reading of workbooks: the standard's parts as programs write them, and their odd corners."""

import io
import zipfile
from datetime import date, datetime, time
from decimal import Decimal

import pytest
from tests.support.forms import repacked

from epa_score.diagnostics import Kind
from epa_score.opc import Bounds, WorkbookRefusedError
from epa_score.readers.excel import read_workbook
from epa_score.readers.excel.workbook import Area, Value, Workbook, Worksheet

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def relations(**targets: str) -> str:
    links = "".join(
        f'<Relationship Id="{name}" Type="{RELATIONS}/{kind}" Target="{target}"/>'
        for name, (kind, target) in ((n, t.split(" ")) for n, t in targets.items())
    )
    return f'<Relationships xmlns="{PACKAGE}">{links}</Relationships>'


def package(**parts: str | None) -> bytes:
    """A workbook of one worksheet; parts by their last name, ``None`` for one that is not there."""
    own = {
        "_rels/.rels": relations(r="officeDocument xl/workbook.xml"),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>'
        '<sheet name="表" sheetId="1" r:id="a"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations(
            a="worksheet sheet.xml", b="sharedStrings texts.xml", c="styles styles.xml"
        ),
        "xl/sheet.xml": sheet(""),
        "xl/texts.xml": f'<sst xmlns="{MAIN}"/>',
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"/>',
    }
    names = {name.rpartition("/")[2].partition(".")[0] or "rels": name for name in own}
    names["workbook_rels"] = "xl/_rels/workbook.xml.rels"
    names["workbook"] = "xl/workbook.xml"
    for name, text in parts.items():
        own[names[name]] = "" if text is None else text
        if text is None:
            del own[names[name]]
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, text in own.items():
            archive.writestr(name, text)
    return written.getvalue()


def sheet(rows: str, more: str = "") -> str:
    return f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{more}</worksheet>'


def only(data: bytes) -> Worksheet:
    (found,) = read_workbook(data).worksheets
    return found


def value(cell: str, **parts: str) -> Value:
    """The value of a cell that is written in one way, in the corner of a worksheet."""
    return only(package(sheet=sheet(f'<row r="1">{cell}</row>'), **parts)).cell(1, 1).value


def refusal(data: bytes) -> tuple[Kind, object]:
    with pytest.raises(WorkbookRefusedError) as error:
        read_workbook(data)
    return error.value.finding.kind, error.value.finding.parameters.get("part")


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ('<c r="A1" t="b"><v>1</v></c>', True),
        ('<c r="A1" t="b"><v>0</v></c>', False),
        ('<c r="A1" t="str"><v>a_x000D_b</v></c>', "a\rb"),
        ('<c r="A1" t="str"><v>a_xD800_b_xdfff_</v></c>', "a_xD800_b_xdfff_"),
        ('<c r="A1" t="d"><v>2018-12-20</v></c>', date(2018, 12, 20)),
        ('<c r="A1" t="d"><v>2018-12-20T06:00:00</v></c>', datetime(2018, 12, 20, 6)),  # noqa: DTZ001
        ('<c r="A1" t="d"><v>no day</v></c>', "no day"),
        ('<c r="A1" t="e"><v>#N/A</v></c>', "#N/A"),
        ('<c r="A1"><v>-1.5e-3</v></c>', Decimal("-0.0015")),
        ('<c r="A1"><v/></c>', None),
        ('<c r="A1"/>', None),
        ('<c r="A1" t="inlineStr"><is><r><t>甲</t></r><rPh><t>jia</t></rPh></is></c>', "甲"),
        ('<c r="A1"><f t="dataTable" r1="B1" r2="B2"/><v>1</v></c>', "=TABLE(B1,B2)"),
        ('<c r="A1"><f t="array" ref="A1">SUM(B1)</f><v>1</v></c>', "=SUM(B1)"),
    ],
)
def test_a_cell_holds_what_is_written_there(cell: str, expected: Value) -> None:
    assert value(cell) == expected


DATES = (
    f'<styleSheet xmlns="{MAIN}"><cellXfs>'
    '<xf numFmtId="14"/><xf numFmtId="20"/></cellXfs></styleSheet>'
)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("43454", date(2018, 12, 20)),
        ("43454.25", datetime(2018, 12, 20, 6)),  # noqa: DTZ001
        ("43454.9999999999", datetime(2018, 12, 20, 23, 59, 59, 999991)),  # noqa: DTZ001
        ("43453.9999999999999", date(2018, 12, 20)),
        ("0.333333333333333", time(8)),
        ("1", date(1900, 1, 1)),
        ("61", date(1900, 3, 1)),
        ("0.5", time(12)),
        ("-1", Decimal(-1)),
        ("2958466", Decimal(2958466)),
    ],
)
def test_a_number_in_a_format_of_days_is_a_day(number: str, expected: Value) -> None:
    assert value(f'<c r="A1" s="0"><v>{number}</v></c>', styles=DATES) == expected


@pytest.mark.parametrize(
    ("number", "expected"), [("0", date(1904, 1, 1)), ("2958465", Decimal(2958465))]
)
def test_days_may_be_counted_from_1904(number: str, expected: Value) -> None:
    book = (
        f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><workbookPr date1904="1"/><sheets>'
        '<sheet name="表" sheetId="1" r:id="a"/></sheets></workbook>'
    )
    cell = f'<c r="A1" s="0"><v>{number}</v></c>'
    assert value(cell, styles=DATES, workbook=book) == expected


def test_shared_texts_have_runs_and_no_readings() -> None:
    texts = (
        f'<sst xmlns="{MAIN}"><si><r><t>示例</t></r><r><t>甲镇</t></r>'
        '<rPh sb="0" eb="1"><t>shili</t></rPh></si></sst>'
    )
    assert value('<c r="A1" t="s"><v>0</v></c>', texts=texts) == "示例甲镇"


@pytest.mark.parametrize(
    ("text", "area"),
    [
        *((text, (1, 2, 3, 4)) for text in ("B1:D3", "D3:B1", "B3:D1", "$D1:$B$3")),
        ("D:B", (1, 2, 1_048_576, 4)),
        ("3:1", (1, 1, 3, 16_384)),
        ("C2", (2, 3, 2, 3)),
    ],
)
def test_an_area_lies_between_two_corners_in_any_order(
    text: str, area: tuple[int, int, int, int]
) -> None:
    merged = f'<mergeCells><mergeCell ref="{text}"/></mergeCells>'
    assert only(package(sheet=sheet("", merged))).merged == [Area(*area)]


def test_what_a_worksheet_says_of_its_sight() -> None:
    more = (
        '<mergeCells><mergeCell ref="B1:C2"/><mergeCell ref="odd"/></mergeCells>'
        '<conditionalFormatting sqref="A1:A9 C3"><cfRule dxfId="1"/><cfRule dxfId="9"/>'
        "<cfRule/></conditionalFormatting>"
    )
    head = (
        f'<worksheet xmlns="{MAIN}"><sheetViews><sheetView showZeros="0"/></sheetViews>'
        '<sheetFormatPr defaultRowHeight="x" zeroHeight="1"/><cols><col min="1" max="2"/>'
        '<col min="3" max="3" width="0.5" hidden="1"/></cols>'
    )
    styles = (
        f'<styleSheet xmlns="{MAIN}"><dxfs><dxf/><dxf><numFmt numFmtId="200" formatCode="0"/>'
        "</dxf></dxfs></styleSheet>"
    )
    rows = '<row r="2" ht="3" hidden="1"><c r="C2"><v>7</v></c><c r="D2"><v>8</v></c></row>'
    text = sheet(rows, more).replace(f'<worksheet xmlns="{MAIN}">', head)
    found = only(package(sheet=text, styles=styles))
    assert (found.hides_zeros, found.hides_rows, found.default_height) == (True, True, None)
    assert [column.hidden for column in found.columns] == [False, True]
    assert (found.rows[2].height, found.rows[2].hidden) == (3, True)
    assert [tuple(area) for area in found.merged] == [(1, 2, 2, 3)]
    assert found.conditional_formats == [((1, 1, 9, 1), "0"), ((3, 3, 3, 3), "0")]
    assert sorted(found.cells) == [(2, 4)]  # C2 lies below a merged area


def test_cells_far_away_are_not_looked_at() -> None:
    rows = '<row r="9"><c r="ZZ9"><v>1</v></c></row><row r="2001"><c r="A2001"><v>1</v></c></row>'
    assert only(package(sheet=sheet(rows))).cells == {}


def test_sheets_that_are_no_worksheets_are_passed_over() -> None:
    links = relations(a="chartsheet sheet.xml")
    assert read_workbook(package(workbook_rels=links)) == Workbook([])


AREA = "<mergeCell ref='A1:B2000'/>"
BARS = "<cfRule><dataBar showValue='0'/></cfRule>" * 200
CONDITIONS = f"<conditionalFormatting sqref='{'A1 ' * 500}'>{BARS}</conditionalFormatting>"
OVER_EACH_OTHER = f"<mergeCells>{AREA * 200}</mergeCells>"
DEEP = "<a>" * 200 + "</a>" * 200
PADDING = f"<!--{' ' * 70_000}-->"
ROWS = '<row r="2000"><c><v>1</v></c></row>'


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (package(rels=None), Kind.NOT_A_WORKBOOK),
        (package(rels=relations(r="officeDocument xl/other.xml")), Kind.NOT_A_WORKBOOK),
        (package(workbook="<document/>"), Kind.NOT_A_WORKBOOK),
        (package(sheet=None), Kind.WORKBOOK_DAMAGED),
        (package(sheet="<half"), Kind.WORKBOOK_DAMAGED),
        (package(sheet=sheet('<row><c t="s"><v>7</v></c></row>')), Kind.WORKBOOK_DAMAGED),
        (package(sheet=sheet("", DEEP)), Kind.WORKBOOK_TOO_LARGE),
        (package(sheet=sheet("", PADDING + DEEP)), Kind.WORKBOOK_TOO_LARGE),
        (package(sheet=f'<worksheet xmlns="{MAIN}">' + "<a>" * 20), Kind.WORKBOOK_DAMAGED),
        (package(sheet=sheet(ROWS, OVER_EACH_OTHER)), Kind.WORKBOOK_TOO_LARGE),
        (package(sheet=sheet(ROWS, CONDITIONS)), Kind.WORKBOOK_TOO_LARGE),
        (b"PK\3\4 no archive", Kind.WORKBOOK_DAMAGED),
    ],
)
def test_a_workbook_that_is_none_is_refused(data: bytes, kind: Kind) -> None:
    assert refusal(data)[0] is kind


@pytest.mark.parametrize("more", ["", f"<!--{' ' * 70_000}-->"])
def test_too_many_elements_of_all_parts_together_are_refused(more: str) -> None:
    data = package(sheet=sheet("<row/>" * 40, more))
    assert len(read_workbook(data, bounds=Bounds(elements=100)).worksheets) == 1
    with pytest.raises(WorkbookRefusedError) as refused:
        read_workbook(data, bounds=Bounds(elements=45))
    assert refused.value.finding.kind is Kind.WORKBOOK_TOO_LARGE


def test_too_many_cells_are_refused() -> None:
    row = "<row>" + "<c><v>1</v></c>" * 1000 + "</row>"
    assert refusal(package(sheet=sheet(row * 201))) == (Kind.WORKBOOK_TOO_LARGE, None)


def test_a_part_whose_bytes_are_broken_is_named() -> None:
    data = bytearray(package(sheet=sheet("<row/>")))
    start = data.index(b"<sheetData>")
    data[start : start + 3] = b"<sh!"[:3]
    data[start + 5] = 0x21
    kind, reason = refusal(bytes(data))
    assert kind is Kind.WORKBOOK_DAMAGED
    assert "xl/sheet.xml" in str(reason)


# --- elements that are not where the standard has them ------------------------------------------

OTHER = "http://example.org/other"
MIXED = "http://schemas.openxmlformats.org/markup-compatibility/2006"
ONE = '<row r="1"><c r="A1"><v>1</v></c></row>'
STRAY = {
    "row beside the rows": sheet("", ONE),
    "row of another name": sheet('<x r="1"/>'),
    "row in something": sheet(f'<o:x xmlns:o="{OTHER}">{ONE}</o:x>'),
    "cell of another name": sheet('<row r="1"><v r="A1">1</v></row>'),
    "cell of somebody": sheet(f'<row r="1"><x xmlns="{OTHER}"/></row>'),
    "cell of two versions": sheet(f'<row r="1"><x:AlternateContent xmlns:x="{MIXED}"/>{ONE[11:]}'),
    "cell without a place": sheet('<row r="1"><c r=""><v>1</v></c></row>'),
    "cell of no type": sheet('<row r="1"><c t=""><v>1</v></c></row>'),
    "cell in a cell": sheet('<row r="1"><c><c/></c></row>'),
    "value in a text": sheet('<row r="1"><c t="inlineStr"><is><t>1</t></is><v>1</v></c></row>'),
    "text in a number": sheet('<row r="1"><c><is><t>1</t></is></c></row>'),
    "formula with something in it": sheet('<row r="1"><c><f>1<x/>2</f></c></row>'),
    "yes or no of another kind": sheet('<row r="1"><c t="b"><v>26</v></c></row>'),
    "text in something": sheet('<row r="1"><c t="inlineStr"><is><x><t>1</t></x></is></c></row>'),
    "text with something in it": sheet(
        '<row r="1"><c t="inlineStr"><is><t>1<x/>2</t></is></c></row>'
    ),
    "another root": f'<x xmlns="{MAIN}"/>',
    "no namespace": sheet(ONE).replace(f' xmlns="{MAIN}"', ""),
}


@pytest.mark.parametrize("name", STRAY)
def test_an_element_in_a_wrong_place_is_refused(name: str) -> None:
    assert refusal(package(sheet=STRAY[name]))[0] is Kind.WORKBOOK_DAMAGED


@pytest.mark.parametrize(
    "texts",
    [
        f'<x xmlns="{MAIN}"><si><t>1</t></si></x>',
        f'<sst xmlns="{MAIN}"><x><t>1</t></x></sst>',
        f'<sst xmlns="{MAIN}"><si><si><t>1</t></si></si></sst>',
        f'<sst xmlns="{MAIN}"><si><x><t>1</t></x></si></sst>',
        "<sst><si><t>1</t></si></sst>",
    ],
)
def test_a_text_in_a_wrong_place_is_refused(texts: str) -> None:
    used = sheet('<row r="1"><c t="s"><v>0</v></c></row>')
    assert refusal(package(sheet=used, texts=texts))[0] is Kind.WORKBOOK_DAMAGED


def test_what_programs_add_for_themselves_is_passed_over() -> None:
    own = f'<x xmlns="{OTHER}"><c r="A1"><v>2</v></c></x>'
    rows = (
        f'{own}<row r="1"><extLst><ext><c r="A1"><v>2</v></c></ext></extLst>'
        f'<c r="A1"><v>1</v>{own}<extLst><ext><v>9</v></ext></extLst></c></row>'
    )
    found = only(package(sheet=sheet(rows, f'<extLst><mergeCell ref="A1:B1"/>{own}</extLst>')))
    assert [(place, cell.value) for place, cell in found.cells.items()] == [((1, 1), Decimal(1))]
    assert found.merged == []


def test_texts_may_end_with_what_programs_add() -> None:
    texts = f'<sst xmlns="{MAIN}"><si><t>1</t></si><extLst><ext><t>2</t></ext></extLst></sst>'
    assert value('<c t="s"><v>0</v></c>', texts=texts) == "1"


@pytest.mark.parametrize(
    ("sheets", "number"),
    [
        ("<sheets>{}</sheets>", 1),
        ("<x>{}</x>", 0),
        ("{}", 0),
        ("<sheets><x>{}</x></sheets>", 0),
    ],
)
def test_worksheets_are_those_of_the_list(sheets: str, number: int) -> None:
    one = '<sheet name="表" sheetId="1" r:id="a"/>'
    head = f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}">'
    book = f"{head}{sheets.format(one)}</workbook>"
    assert len(read_workbook(package(workbook=book)).worksheets) == number
    other = package(workbook=book.replace(RELATIONS, OTHER))
    if number:
        assert refusal(other)[0] is Kind.WORKBOOK_DAMAGED
    else:
        assert read_workbook(other).worksheets == []


def test_sheets_that_hold_no_cells_are_passed_over() -> None:
    book = (
        f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets><sheet name="图" r:id="b"/>'
        '<sheet name="表" r:id="a"/></sheets></workbook>'
    )
    parts = relations(a="worksheet sheet.xml", b="chartsheet chart.xml")
    found = read_workbook(package(workbook=book, workbook_rels=parts, sheet=sheet(ONE)))
    assert [one.title for one in found.worksheets] == ["表"]


def test_relationships_are_those_of_the_list() -> None:
    nested = relations(r="officeDocument xl/workbook.xml").replace(
        "<Relationship ", "<x><Relationship "
    )
    assert refusal(package(rels=nested.replace("/></", "/></x></")))[0] is Kind.NOT_A_WORKBOOK


MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"


def alternative(markup: str) -> str:
    return (
        f'<mc:AlternateContent xmlns:mc="{MC}"><mc:Choice Requires="x14">{markup}</mc:Choice>'
        f"<mc:Fallback>{markup}</mc:Fallback></mc:AlternateContent>"
    )


FORMATS = '<numFmts count="1"><numFmt numFmtId="200" formatCode="0.0"/></numFmts>'
PLACES = '<cellXfs count="1"><xf numFmtId="200"/></cellXfs>'


@pytest.mark.parametrize("order", [FORMATS + PLACES, PLACES + FORMATS])
def test_formats_are_known_by_their_numbers_wherever_they_stand(order: str) -> None:
    styles = f'<styleSheet xmlns="{MAIN}">{order}</styleSheet>'
    (cell,) = only(package(styles=styles, sheet=sheet(ONE))).cells.values()
    assert cell.number_format == "0.0"


def test_formats_are_known_among_very_many() -> None:
    styles = f'<styleSheet xmlns="{MAIN}">{FORMATS}<fonts>{"<font/>" * 20_000}</fonts>{PLACES}'
    (cell,) = only(package(styles=f"{styles}</styleSheet>", sheet=sheet(ONE))).cells.values()
    assert cell.number_format == "0.0"


@pytest.mark.parametrize("order", [alternative(FORMATS) + PLACES, FORMATS + alternative(PLACES)])
def test_formats_of_which_programs_take_this_or_that_are_refused(order: str) -> None:
    styles = f'<styleSheet xmlns="{MAIN}">{order}</styleSheet>'
    assert refusal(package(styles=styles))[0] is Kind.WORKBOOK_DAMAGED


@pytest.mark.parametrize(
    ("markup", "is_read"),
    [
        ("<controls><control/></controls>", True),
        ('<conditionalFormatting sqref="A1"><cfRule dxfId="0"/></conditionalFormatting>', False),
        ('<mergeCells><mergeCell ref="A1:B1"/></mergeCells>', False),
        ('<cols><col min="1" max="2" hidden="1"/></cols>', False),
    ],
)
def test_parts_of_a_worksheet_of_which_programs_take_this_or_that(
    markup: str, is_read: bool
) -> None:
    data = package(sheet=sheet(ONE, alternative(markup)))
    if is_read:
        assert only(data).cell(1, 1).value == 1
    else:
        assert refusal(data)[0] is Kind.WORKBOOK_DAMAGED


@pytest.mark.parametrize("mode", ["", ' TargetMode="External"'])
def test_two_references_with_one_id_are_told_apart_by_nobody(mode: str) -> None:
    rels = relations(r="officeDocument xl/workbook.xml")
    again = rels.replace("</R", f'<Relationship Id="r" Type="x" Target="y"{mode}/></R')
    kind, reason = refusal(package(rels=again))
    assert (kind, reason) == (Kind.WORKBOOK_DAMAGED, "_rels/.rels, r")


@pytest.mark.parametrize(("text", "expected"), [("1", True), ("true", True), ("false", False)])
def test_yes_and_no_are_written_in_two_ways(text: str, expected: bool) -> None:
    assert value(f'<c t="b"><v>{text}</v></c>') is expected


@pytest.mark.parametrize(
    ("start", "code", "is_read"),
    [
        ("", "utf-16", True),
        ("\n ", "utf-16", True),
        *((start, code, False) for start in ("", "\n", " ") for code in ("utf-16-le", "utf-16-be")),
    ],
)
def test_a_part_in_utf_16_begins_with_its_mark(start: str, code: str, is_read: bool) -> None:
    def encode(parts: dict[str, bytes]) -> None:
        parts["xl/sheet.xml"] = (start + sheet(ONE) + "\n" * 70_000).encode(code)

    data = repacked(package(), encode)
    if is_read:
        assert only(data).cell(1, 1).value == 1
    else:
        assert refusal(data) == (Kind.WORKBOOK_DAMAGED, "xl/sheet.xml")
