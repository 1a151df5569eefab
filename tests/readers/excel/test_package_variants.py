"""Forms in the many ways in which programs write a package and the parts that hold no values."""

import io
import re
import zipfile
from codecs import BOM_UTF8
from collections.abc import Callable, Mapping

import pytest
from tests.support.form_parts import (
    BOOK,
    BOOK_LINKS,
    LINKS,
    PAGE,
    STYLES,
    TEXTS,
    TYPES,
    Change,
    cell_as,
    changed,
    inserted,
    removed,
    replaced,
    rewritten,
    together,
)
from tests.support.forms import example, form, kinds, taken

from epa_score.diagnostics import Kind

SOUND = form(example())
SHEET = taken(SOUND).sheet


def is_read(data: bytes) -> bool:
    """Whether a form is read as the sound one is, without a finding."""
    file = taken(data)
    assert file.diagnostics == ()
    return file.sheet == SHEET


# --- styles, validations, dimensions: nothing of them holds a value -----------------------------

EXTENSION = (
    '<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}" xmlns:x14="http://schemas.microsoft'
    '.com/office/spreadsheetml/2009/9/main" xmlns:xm="http://schemas.microsoft.com/office/excel/'
    '2006/main"><x14:dataValidations count="1"><x14:dataValidation type="list" allowBlank="1">'
    "<x14:formula1><xm:f>名单!$A$1:$A$9</xm:f></x14:formula1><xm:sqref>E5:E9 F7</xm:sqref>"
    "</x14:dataValidation></x14:dataValidations></ext></extLst>"
)


DIMENSION = '<dimension ref="[^"]*"'


def validation(more: str) -> Change:
    return inserted(PAGE, "</dataValidations>", f"<dataValidation {more}</dataValidation>")


RULE = '<dataValidation type="whole" sqref="E{0}"><formula1>0</formula1></dataValidation>'
VALIDATIONS = {
    "of whole columns": validation('type="decimal" sqref="E:E A:XFD"><formula1>0</formula1>'),
    "of whole rows": validation('type="decimal" sqref="5:9"><formula1>0</formula1>'),
    "of areas between commas": validation(
        'type="list" sqref="E5:E9,F5"><formula1>"是,否"</formula1>'
    ),
    "of areas that are none": validation(
        'type="whole" sqref="#REF! 甲!E5 E5:"><formula1>0</formula1>'
    ),
    "of a broken formula": validation('type="custom" sqref="E5"><formula1>SUM(#REF!</formula1>'),
    "of an unknown type": validation('type="hexadecimal" operator="about" sqref="E5">'),
    "of no area": validation('type="none">'),
    "with a wrong number of them": rewritten(
        '<dataValidations count="[0-9]+"', '<dataValidations count="-7"'
    ),
    "thousands of them": inserted(
        PAGE, "</dataValidations>", "".join(map(RULE.format, range(5, 5000)))
    ),
    "in an extension": inserted(PAGE, "</worksheet>", EXTENSION),
}

STYLE_ODDITIES = {
    "no part of styles": removed(STYLES),
    "no relationship to them": rewritten('<Relationship Id="rId4"[^>]*>', "", BOOK_LINKS),
    "an empty part": lambda parts: parts.update({STYLES: b"<styleSheet/>"}),
    "empty fills": rewritten("<fill>.*?</fill>", "<fill/>", STYLES),
    "no fills, fonts and borders": rewritten("<fonts .*?</borders>", "", STYLES),
    "no styles of cells": rewritten("<cellXfs.*?</cellXfs>", "", STYLES),
    "wrong counts": rewritten('count="[0-9]+"', 'count="99999"', STYLES),
    "styles without a name": rewritten("<cellStyle name=[^ ]* ", "<cellStyle ", STYLES),
    "no named styles": rewritten(
        "<cellStyleXfs.*?</cellStyleXfs>|<cellStyles.*?</cellStyles>", "", STYLES
    ),
    "formats that are missing": rewritten("<numFmts.*?</numFmts>", "", STYLES),
    "formats without a text": rewritten('formatCode="@"', "", STYLES),
    "a style that is out of range": rewritten(' s="[0-9]+"', ' s="999999"'),
    "an empty style": rewritten(' s="[0-9]+"', ' s=""'),
    "no style at all": rewritten(' s="[0-9]+"', ""),
    "no theme": removed("xl/theme/theme1.xml"),
    "elements of other programs": inserted(STYLES, "<fonts", "<x:odd xmlns:x='urn:wps' a='b'/>"),
}

CELLS = "".join(f'<c r="{letter}{{0}}" s="3"/>' for letter in "ABCDEF")


def more_rows(row: str, first: int, last: int) -> Change:
    return inserted(PAGE, "</sheetData>", "".join(map(row.format, range(first, last))))


WIDE = "".join(f"<c s='3' r='{a}{b}{c}36'/>" for a in "AB" for b in "AMZ" for c in "AMZ")
BLANKS = {
    "100,000 rows with a height": more_rows('<row r="{0}" ht="20" customHeight="1"/>', 36, 100_036),
    "20,000 rows of cells": more_rows(
        f'<row r="{{0}}" s="3" customFormat="1">{CELLS}</row>', 36, 20_036
    ),
    "the last rows there are": more_rows('<row r="{0}" s="3"/>', 1_048_500, 1_048_577),
    "cells of blanks and of nothing": more_rows(
        '<row r="{0}"><c r="E{0}" t="str"><v></v></c></row>', 36, 3_000
    ),
    "16,384 columns": inserted(PAGE, "</cols>", '<col min="7" max="16384" width="9" style="3"/>'),
    "a column in each of its own": inserted(
        PAGE,
        "</cols>",
        "".join(f'<col min="{one}" max="{one}" style="3"/>' for one in range(7, 16_385)),
    ),
    "cells far to the right": inserted(PAGE, "</sheetData>", f'<row r="36">{WIDE}</row>'),
    "formats of whole columns": replaced(PAGE, 'width="7.7109375"', 'width="7.7109375" style="3"'),
    "a dimension that is too large": rewritten(DIMENSION, '<dimension ref="A1:XFD1048576"'),
    "a dimension that is too small": rewritten(DIMENSION, '<dimension ref="A1"'),
    "a dimension that is none": rewritten(DIMENSION, '<dimension ref="甲"'),
    "no dimension and no spans": rewritten('<dimension[^>]*>| spans="1:6"', ""),
}


@pytest.mark.parametrize("name", VALIDATIONS | STYLE_ODDITIES | BLANKS)
def test_what_holds_no_value_changes_none(name: str) -> None:
    assert is_read(changed(SOUND, (VALIDATIONS | STYLE_ODDITIES | BLANKS)[name]))


# --- Strict Open XML ---------------------------------------------------------------

STRICT = {
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main": "http://purl.oclc.org/ooxml/"
    "spreadsheetml/main",
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships": "http://purl.oclc.org/"
    "ooxml/officeDocument/relationships",
    "http://schemas.openxmlformats.org/drawingml/2006/main": "http://purl.oclc.org/ooxml/"
    "drawingml/main",
}


def strict(*names: str) -> Change:
    """The parts, or some of them, in the namespaces of the strict standard."""

    def change(parts: dict[str, bytes]) -> None:
        for name in names or [*parts]:
            for old, new in STRICT.items():
                parts[name] = parts[name].replace(old.encode(), new.encode())
        if not names:
            replaced(BOOK, "<workbook ", '<workbook conformance="strict" ')(parts)

    return change


def day(cell: str, text: str, style: str = "") -> Change:
    return cell_as(cell, f'{style} t="d"', f"<v>{text}</v>")


ISO = replaced(STYLES, "</cellXfs>", '<xf numFmtId="14"/></cellXfs>')
LAST = ' s="19"'


@pytest.mark.parametrize(
    "changes",
    [
        (strict(),),
        (strict(BOOK, BOOK_LINKS, LINKS),),
        (strict(PAGE, TEXTS),),
        (strict(STYLES),),
        (strict(), ISO, day("F2", "2018-12-20", LAST)),
        (strict(), ISO, day("F2", "2018-12-20T00:00:00Z", LAST)),
        (strict(), ISO, day("F2", " 2018-12-20T00:00:00.000 ", LAST)),
    ],
)
def test_the_strict_standard_is_read(changes: tuple[Change, ...]) -> None:
    assert is_read(changed(SOUND, *changes))


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (day("F3", "2018-12-20"), {"评分表!F3": Kind.CELL_DATE}),
        (day("E7", "1900-01-08"), {"评分表!E7": Kind.CELL_DATE}),
        (day("C2", "2018-12-20"), {"评分表!C2": Kind.CELL_DATE}),
        (day("F2", "2018-12-20", ' s="0"'), {"评分表!F2": Kind.DATE_NOT_ISO}),
        (day("F2", "2018-12-32"), {"评分表!F2": Kind.DATE_NOT_ISO}),
    ],
)
def test_a_day_of_the_strict_standard_is_one_wherever_it_stands(
    change: Change, found: dict[str, Kind]
) -> None:
    assert kinds(changed(SOUND, strict(), change)) == found


# --- parts and their names ---------------------------------------------------------------


def renamed(names: Mapping[str, str], *changes: Change) -> Change:
    """Parts under other names, after other changes."""

    def rename(parts: dict[str, bytes]) -> None:
        for old, new in names.items():
            parts[new] = parts.pop(old)

    return together(*changes, rename)


def target(old: str, new: str, part: str = BOOK_LINKS) -> Change:
    return replaced(part, f'Target="{old}"', f'Target="{new}"')


def all_parts(edit: Callable[[str], str]) -> Change:
    """All parts under other names, while nothing refers to them in another way."""

    def change(parts: dict[str, bytes]) -> None:
        new = {edit(name): part for name, part in parts.items()}
        parts.clear()
        parts.update(new)

    return change


def encoded(encoding: str, bom: bytes = b"") -> Change:
    """All parts in another encoding, which their declaration names."""

    def change(parts: dict[str, bytes]) -> None:
        for name, part in parts.items():
            text = part.decode().replace('encoding="UTF-8"', f'encoding="{encoding}"', 1)
            parts[name] = bom + text.encode(encoding)

    return change


def undeclared(parts: dict[str, bytes]) -> None:
    """UTF-16 without a declaration: its first bytes say so."""
    for name, part in parts.items():
        parts[name] = re.sub(r"<\?xml.*?\?>\s*", "", part.decode()).encode("utf-16")


def with_byte_order_mark(parts: dict[str, bytes]) -> None:
    parts.update({name: BOM_UTF8 + part for name, part in parts.items()})


PARTS: dict[str, Change] = {
    "another name of the workbook": renamed(
        {BOOK: "xl/book2.xml", BOOK_LINKS: "xl/_rels/book2.xml.rels"},
        target("xl/workbook.xml", "xl/book2.xml", LINKS),
    ),
    "the workbook in the root": renamed(
        {BOOK: "workbook.xml", BOOK_LINKS: "_rels/workbook.xml.rels"},
        target("xl/workbook.xml", "workbook.xml", LINKS),
        rewritten('Target="(?=[a-z])', 'Target="xl/', BOOK_LINKS),
    ),
    "names in Chinese": renamed(
        {PAGE: "xl/worksheets/评分表.xml"}, target("worksheets/sheet1.xml", "worksheets/评分表.xml")
    ),
    "names with signs for their signs": renamed(
        {PAGE: "xl/worksheets/sheet 1.xml"},
        target("worksheets/sheet1.xml", "worksheets/sheet%201.xml"),
    ),
    "names in other cases": all_parts(str.upper),
    "a target in another case": target("worksheets/sheet1.xml", "Worksheets/SHEET1.xml"),
    "names with backslashes": all_parts(lambda name: name.replace("/", "\\")),
    "names from the root": all_parts(lambda name: f"/{name}"),
    "targets with backslashes": target("worksheets/sheet1.xml", r"worksheets\sheet1.xml"),
    "targets from the root": target("worksheets/sheet1.xml", "/xl/worksheets/sheet1.xml"),
    "targets by way of the folder above": target(
        "worksheets/sheet1.xml", "../xl/./worksheets/../worksheets/sheet1.xml"
    ),
    "the workbook's target from the root": target("xl/workbook.xml", "/xl/workbook.xml", LINKS),
    "no properties": removed("docProps/core.xml", "docProps/app.xml"),
    "no types": removed(TYPES),
    "types that are wrong": rewritten('ContentType="[^"]*"', 'ContentType="text/plain"', TYPES),
    "types that are broken": lambda parts: parts.update({TYPES: b"<Types"}),
    "targets elsewhere": inserted(
        BOOK_LINKS,
        "</Relationships>",
        '<Relationship Id="r9" Type="http://x/externalLink" Target="file:///\\\\甲\\乙.xlsx" '
        'TargetMode="External"/>',
    ),
    "targets that are not there": inserted(
        BOOK_LINKS,
        "</Relationships>",
        '<Relationship Id="r9" Type="http://x/calcChain" Target="calcChain.xml"/>',
    ),
    "other parts": lambda parts: parts.update(
        {
            "xl/persons/person.xml": b"<",
            "xl/vbaProject.bin": b"\0",
            "customXml/项目.xml": b"<!DOCTYPE a>",
        }
    ),
    "UTF-8 with a byte order mark": with_byte_order_mark,
    "UTF-16": encoded("UTF-16"),
    "UTF-16 in the other order": encoded("UTF-16BE", b"\xfe\xff"),
    "UTF-16 without a declaration": undeclared,
    "texts as references": rewritten("示例甲镇", "&#x793A;&#20363;&#x7532;&#38215;", TEXTS),
    "texts as they are": rewritten("<t>(示例甲镇)</t>", r"<t><![CDATA[\1]]></t>", TEXTS),
    "texts in runs with readings": rewritten(
        "<t>示例甲镇</t>",
        '<r><t>示例</t></r><r><rPr><b/></rPr><t>甲镇</t></r><rPh sb="0" eb="1"><t>shi</t></rPh>',
        TEXTS,
    ),
    "remarks and instructions": rewritten("<sheetData>", "<!-- 甲 --><?office 乙?><sheetData>"),
    "elements with a prefix": together(
        rewritten(r"<(/?)(?=\w)", r"<\1x:"), replaced(PAGE, 'xmlns="', 'xmlns:x="')
    ),
    "attributes of other programs": replaced(
        PAGE, "<worksheet ", "<worksheet xmlns:x='urn:wps' x:odd='1' "
    ),
    "names of cells that follow from their order": rewritten(r'<(c|row) r="[A-Z0-9]+"', r"<\1"),
}


@pytest.mark.parametrize("name", PARTS)
def test_parts_may_be_called_and_written_in_any_allowed_way(name: str) -> None:
    assert is_read(changed(SOUND, PARTS[name]))


# --- the archive around them ---------------------------------------------------------------


class Stream(io.RawIOBase):
    """A stream that cannot go back, into which archives write their sizes behind the parts."""

    def __init__(self) -> None:
        super().__init__()
        self.written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        self.written += bytes(data)  # type: ignore[call-overload]
        return len(bytes(data))  # type: ignore[call-overload]


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(
    add: Callable[[zipfile.ZipFile], None], compression: int = zipfile.ZIP_DEFLATED
) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", compression) as archive:
        add(archive)
        for name, part in parts_of(SOUND).items():
            archive.writestr(name, part)
    return written.getvalue()


def streamed() -> bytes:
    stream = Stream()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts_of(SOUND).items():
            archive.writestr(name, part)
    return bytes(stream.written)


def large() -> bytes:
    """An archive with sizes of 64 bits, as for files over 4 GB."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts_of(SOUND).items():
            with archive.open(name, "w", force_zip64=True) as member:
                member.write(part)
    return written.getvalue()


def with_comment(archive: zipfile.ZipFile) -> None:
    archive.comment = "由某系统导出".encode("gbk")


def with_folders(archive: zipfile.ZipFile) -> None:
    for name in ("_rels/", "docProps/", "xl/", "xl/worksheets/", "xl/theme/", "空/"):
        archive.writestr(name, b"")


def with_old_dates(archive: zipfile.ZipFile) -> None:
    archive.writestr(zipfile.ZipInfo("说明.txt", (1980, 0, 0, 0, 0, 0)), b"")


def backwards() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, part in reversed(parts_of(SOUND).items()):
            archive.writestr(name, part)
    return written.getvalue()


ARCHIVES: dict[str, Callable[[], bytes]] = {
    "stored": lambda: packed(lambda _: None, zipfile.ZIP_STORED),
    "deflated": lambda: packed(lambda _: None),
    "streamed": streamed,
    "of 64 bits": large,
    "with a comment": lambda: packed(with_comment),
    "with folders": lambda: packed(with_folders),
    "with a date that is none": lambda: packed(with_old_dates),
    "in another order": backwards,
}


@pytest.mark.parametrize("name", ARCHIVES)
def test_an_archive_may_be_written_in_any_way(name: str) -> None:
    assert is_read(ARCHIVES[name]())
