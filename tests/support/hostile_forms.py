"""Forms that somebody made heavy on purpose: small files that take long, unless they are refused.

Each is made of a form and a number, the more of something the higher; at ``FEW`` it is harmless.
"""

from collections.abc import Callable

from tests.support.forms import SHEET, STYLES, TEXTS, edited, repacked

WORKBOOK, RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
TYPES = "[Content_Types].xml"
SHEET_RELATIONS = "xl/worksheets/_rels/sheet1.xml.rels"
_KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
Make = Callable[[int], bytes]
"""Makes a form with so many of something."""


def before(end: str, markup: Callable[[int], str], part: str = SHEET) -> Make:
    """A form with more markup before the end of an element."""
    return changed(lambda parts, number: put(parts, part, end, markup(number) + end))


def after(end: str, markup: Callable[[int], str], part: str = SHEET) -> Make:
    """A form with more markup after the end of an element."""
    return changed(lambda parts, number: put(parts, part, end, end + markup(number)))


def changed(change: Callable[[dict[str, bytes], int], None]) -> Make:
    """A form with other parts."""
    return lambda number: repacked(FORM, lambda parts: change(parts, number))


def put(parts: dict[str, bytes], part: str, old: str, new: str) -> None:
    """Write other markup into a part."""
    assert old.encode() in parts[part]
    parts[part] = parts[part].replace(old.encode(), new.encode(), 1)


def relations(*targets: tuple[str, str]) -> bytes:
    """A part with relations by kind and target; the first one is ``rId1``."""
    each = "".join(
        f'<Relationship Id="rId{number}" Type="{_KINDS}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}">{each}</Relationships>'.encode()


def rows(cell: str, number: int, columns: int = 20) -> str:
    """Rows of cells far below the form; ``{}`` is the place of a cell."""
    return "".join(
        f'<row r="{row}">'
        + "".join(cell.format(f"{chr(65 + column)}{row}") for column in range(columns))
        + "</row>"
        for row in range(100, 100 + -(-number // columns))
    )


def _sheets(parts: dict[str, bytes], number: int, part: str = "/xl/worksheets/sheet1.xml") -> None:
    """A workbook that shows one worksheet many times."""
    more = "".join(
        f'<sheet name="s{one}" sheetId="{one + 9}" r:id="rId99"/>' for one in range(number)
    )
    put(parts, WORKBOOK, "</sheets>", more + "</sheets>")
    again = f'<Relationship Id="rId99" Type="{_KINDS}/worksheet" Target="{part}"/></Relationships>'
    put(parts, RELATIONS, "</Relationships>", again)


def _comments(parts: dict[str, bytes], number: int, cells: str = "A{}") -> None:
    text = "<text><t>x</t></text>"
    each = "".join(
        f'<comment ref="{cells.format(one)}" authorId="0">{text}</comment>'
        for one in range(1, number + 1)
    )
    parts["xl/c.xml"] = (
        f'<comments xmlns="{_MAIN}"><authors><author>x</author></authors>'
        f"<commentList>{each}</commentList></comments>"
    ).encode()
    parts[SHEET_RELATIONS] = relations(("comments", "/xl/c.xml"))


def _same_comments(parts: dict[str, bytes], number: int) -> None:
    _comments(parts, 50)
    parts[SHEET_RELATIONS] = relations(*[("comments", "/xl/c.xml")] * number)


def _pivots(parts: dict[str, bytes], number: int) -> None:
    """A part that is read again for every worksheet."""
    _sheets(parts, number, "/xl/worksheets/sheet2.xml")
    caches = '<pivotCaches><pivotCache cacheId="1" r:id="rId98"/></pivotCaches></workbook>'
    put(parts, WORKBOOK, "</workbook>", caches)
    link = f'<Relationship Id="rId98" Type="{_KINDS}/pivotCacheDefinition" Target="/xl/p.xml"/>'
    put(parts, RELATIONS, "</Relationships>", link + "</Relationships>")
    parts["xl/p.xml"] = f'<pivotCacheDefinition xmlns="{_MAIN}">{"<x/>" * 200}'.encode()


def _pictures(parts: dict[str, bytes], number: int) -> None:
    drawing = "http://schemas.openxmlformats.org/drawingml/2006"
    point = "<{}><col>0</col><colOff>0</colOff><row>0</row><rowOff>0</rowOff></{}>"
    anchor = (
        f"<oneCellAnchor>{point.format('from', 'from')}<ext cx='1' cy='1'/><pic><nvPicPr>"
        "<cNvPr id='1' name='x'/><cNvPicPr/></nvPicPr><blipFill>"
        "<a:blip r:embed='rId1'/></blipFill><spPr/></pic><clientData/></oneCellAnchor>"
    )
    parts["xl/drawing.xml"] = (
        f'<wsDr xmlns="{drawing}/spreadsheetDrawing" xmlns:a="{drawing}/main" xmlns:r="{_KINDS}">'
        f"{anchor * number}</wsDr>"
    ).encode()
    parts["xl/picture.bmp"] = (
        b"BM" + (b"\0" * 8 + b"\x36\0\0\0\x28\0\0\0\1\0\0\0\1\0\0\0\1\0\x18\0") + bytes(15_000_000)
    )
    parts["xl/_rels/drawing.xml.rels"] = relations(("image", "/xl/picture.bmp"))
    parts[SHEET_RELATIONS] = relations(("drawing", "/xl/drawing.xml"))


def _long_text(parts: dict[str, bytes], number: int) -> None:
    put(parts, TEXTS, "</sst>", f"<si><t>{'a ' * 16_000}</t></si></sst>")
    last = parts[TEXTS].count(b"<si>") - 1
    cells = rows(f'<c r="{{}}" t="s"><v>{last}</v></c>', number)
    put(parts, SHEET, "</sheetData>", cells + "</sheetData>")


def _far_cells(parts: dict[str, bytes], number: int) -> None:
    far = '<row r="2000"><c r="T2000"><v>1</v></c></row>'
    for one in range(number):
        name = f"xl/worksheets/far{one}.xml"
        parts[name] = (
            f'<worksheet xmlns="{_MAIN}"><sheetData>{far}</sheetData></worksheet>'.encode()
        )
        sheet = f'<sheet name="far{one}" sheetId="{one + 9}" r:id="rId{one + 90}"/></sheets>'
        put(parts, WORKBOOK, "</sheets>", sheet)
        end = "</Relationships>"
        link = f'<Relationship Id="rId{one + 90}" Type="{_KINDS}/worksheet" Target="/{name}"/>'
        put(parts, RELATIONS, end, link + end)


def _other_name(parts: dict[str, bytes], number: int) -> None:
    put(parts, SHEET, "</sheetData>", rows('<c r="{}"/>', number) + "</sheetData>")
    parts["xl/worksheets/sheet1.dat"] = parts.pop(SHEET)
    for part in (RELATIONS, TYPES):
        put(parts, part, "sheet1.xml", "sheet1.dat")


def _formats(parts: dict[str, bytes], number: int) -> None:
    long = f'<numFmt numFmtId="300" formatCode="{"[" * 1000}"/></numFmts>'
    put(parts, STYLES, "</numFmts>", long)
    put(parts, STYLES, "</cellXfs>", '<xf numFmtId="300"/>' * number + "</cellXfs>")


def _shared(number: int) -> str:
    formula = "+".join(["A1"] * 1000)
    first = f'<row r="90"><c r="A90"><f t="shared" ref="A90:T999" si="0">{formula}</f></c></row>'
    return first + rows('<c r="{}"><f t="shared" si="0"/></c>', number)


def _names(number: int) -> str:
    each = "".join(f'<definedName name="n{one}">A1</definedName>' for one in range(number))
    return f"<definedNames>{each}</definedNames>"


def _links(parts: dict[str, bytes], number: int) -> None:
    each = "".join(f'<hyperlink ref="A{one}" r:id="rId{one}"/>' for one in range(1, number + 1))
    put(parts, SHEET, "</worksheet>", f"<hyperlinks>{each}</hyperlinks></worksheet>")
    parts[SHEET_RELATIONS] = relations(*[("hyperlink", "x")] * number)


FORM = edited()
FEW = 2
HEAVY: dict[str, tuple[Make, int]] = {
    "cells": (before("</sheetData>", lambda n: rows('<c r="{}" s="1"/>', n)), 40_000),
    "bare cells": (before("</sheetData>", lambda n: f'<row r="99">{"<c/>" * n}</row>'), 100_000),
    "numbers": (before("</sheetData>", lambda n: rows('<c r="{}"><v>1</v></c>', n)), 30_000),
    "rows": (
        before("</sheetData>", lambda n: "".join(f'<row r="{99 + r}" ht="9"/>' for r in range(n))),
        30_000,
    ),
    "cells under another name": (changed(_other_name), 40_000),
    "texts": (before("</sst>", lambda n: "<si/>" * n, TEXTS), 60_000),
    "pieces of text": (before("</sst>", lambda n: f"<si>{'<r><t/></r>' * n}</si>", TEXTS), 150_000),
    "cells with a long text": (changed(_long_text), 5000),
    "formats of cells": (before("</cellXfs>", lambda n: "<xf/>" * n, STYLES), 400_000),
    "cells with a long format": (changed(_formats), 20_000),
    "fonts": (before("</fonts>", lambda n: "<font/>" * n, STYLES), 300_000),
    "borders": (before("</borders>", lambda n: "<border/>" * n, STYLES), 200_000),
    "named styles": (
        before(
            "</cellStyles>",
            lambda n: "".join(f'<cellStyle name="n{one}" xfId="0"/>' for one in range(n)),
            STYLES,
        ),
        50_000,
    ),
    "validations": (
        before("</dataValidations>", lambda n: '<dataValidation sqref="A1"/>' * n),
        70_000,
    ),
    "areas of a validation": (
        before(
            "</dataValidations>",
            lambda n: f'<dataValidation sqref="{" ".join(f"A{one + 1}" for one in range(n))}"/>',
        ),
        200_000,
    ),
    "areas of a condition": (
        after(
            "</sheetData>",
            lambda n: (
                f'<conditionalFormatting sqref="{" ".join(f"A{one + 1}" for one in range(n))}"/>'
            ),
        ),
        200_000,
    ),
    "conditions": (
        after(
            "</sheetData>",
            lambda n: "".join(
                f'<conditionalFormatting sqref="A{one + 1}">'
                '<cfRule type="expression" priority="1"/></conditionalFormatting>'
                for one in range(n)
            ),
        ),
        60_000,
    ),
    "merged areas": (
        before(
            "</mergeCells>",
            lambda n: "".join(f'<mergeCell ref="H{one}:I{one}"/>' for one in range(1, n + 1)),
        ),
        50_000,
    ),
    **{
        f"merged {name}": (
            before("</mergeCells>", written.format),
            1_048_576,
        )
        for name, written in {
            "cells": '<mergeCell ref="H1:Z{}"/>',
            "small letters": '<mergeCell ref="h1:z{}"/>',
            "absolute cells": '<mergeCell ref="$H$1:$Z${}"/>',
            "cells with blanks": '<mergeCell ref = "H1:Z{}"/>',
            "characters by number": '<mergeCell ref="&#72;1:Z{}"/>',
        }.items()
    },
    "linked cells": (
        before("</worksheet>", lambda n: f'<hyperlinks><hyperlink ref="A1:Z{n}"/></hyperlinks>'),
        1_048_576,
    ),
    "links": (changed(_links), 10_000),
    "shared formulas": (before("</sheetData>", _shared), 30_000),
    "defined names": (after("</sheets>", _names, WORKBOOK), 40_000),
    "long titles to print": (
        after(
            "</sheets>",
            lambda n: (
                '<definedNames><definedName name="_xlnm.Print_Titles" localSheetId="0">'
                f"{chr(39) * n}</definedName></definedNames>"
            ),
            WORKBOOK,
        ),
        1_000_000,
    ),
    "one sheet many times": (changed(_sheets), 100),
    "one pivot for many sheets": (changed(_pivots), 80),
    "cells far out": (changed(_far_cells), 60),
    "comments": (changed(_comments), 30_000),
    "a comment on many cells": (
        changed(lambda parts, n: _comments(parts, 1, f"A{{}}:Z{n}")),
        1_048_576,
    ),
    "one part of comments many times": (changed(_same_comments), 500),
    "one picture many times": (changed(_pictures), 2000),
    "columns": (before("</cols>", lambda n: '<col min="7" max="7" width="3"/>' * n), 60_000),
    "unknown elements": (before("</worksheet>", lambda n: "<q/>" * n), 500_000),
    "deep elements": (before("</worksheet>", lambda n: "<q>" * n + "</q>" * n), 300_000),
    "attributes": (
        before(
            "</worksheet>",
            lambda n: "<q " + " ".join(f"a{one}='{one}'" for one in range(n)) + "/>",
        ),
        100_000,
    ),
    "names of elements": (
        before("</worksheet>", lambda n: "".join(f"<q{one}/>" for one in range(n))),
        600_000,
    ),
    "names of attributes": (
        before(
            "</worksheet>",
            lambda n: "".join(
                "<q " + " ".join(f"a{100 * one + two}=''" for two in range(100)) + "/>"
                for one in range(n)
            ),
        ),
        20_000,
    ),
    "attributes of one element": (
        before("</worksheet>", lambda n: "<q " + " ".join(f"a{one}=''" for one in range(n)) + "/>"),
        3_000_000,
    ),
    "a long attribute": (before("</worksheet>", lambda n: f'<q a="{"x" * n}"/>'), 9_000_000),
    "a long comment of XML": (before("</worksheet>", lambda n: f"<!--{'x' * n}-->"), 9_000_000),
    "relations": (
        before(
            "</Relationships>",
            lambda n: "".join(
                f'<Relationship Id="r{one}" Type="x" Target="x"/>' for one in range(n)
            ),
            RELATIONS,
        ),
        30_000,
    ),
}
"""A form with much of something, and a number that is far too high."""
