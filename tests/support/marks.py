"""Marked copies of forms: made, and looked into."""

import io
import re
import zipfile
from typing import Any

from openpyxl import load_workbook
from openpyxl.comments import Comment

from epa_score.exporters.xlsx.marks import Remark, marked_copy
from epa_score.exporters.xlsx.marks.styles import colour_below

SHEET, STYLES = "xl/worksheets/sheet1.xml", "xl/styles.xml"

MARK = Remark("评分表", 7, 5, "A3 得 9 分")


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def marked(data: bytes, *remarks: Remark) -> bytes:
    return marked_copy(data, remarks or [MARK]).data


def comments(data: bytes) -> dict[str, str]:
    sheet = load_workbook(io.BytesIO(data)).worksheets[0]
    cells = [cell for row in sheet.iter_rows() for cell in row]
    return {cell.coordinate: cell.comment.text for cell in cells if cell.comment}


def coloured(data: bytes) -> set[str]:
    """The cells on the colour of a mark."""
    found = {name: re.search("'FF([0-9A-F]{6})'", fill or "") for name, fill in fills(data).items()}
    return {name for name, rgb in found.items() if rgb and colour_below(rgb[1]) is not None}


def fills(data: bytes) -> dict[str, str]:
    """What fills each cell of the first worksheet, and is empty for nothing."""
    sheet = load_workbook(io.BytesIO(data)).worksheets[0]
    looks = {cell.coordinate: cell.fill for row in sheet.iter_rows() for cell in row}
    return {
        name: repr(getattr(fill, "fgColor", fill)) if fill.fill_type else ""
        for name, fill in looks.items()
    }


def said(*lines: str) -> str:
    return "\n".join(["epa-score:", *lines])


def seal(members: dict[str, bytes]) -> None:
    """A picture on the sheet, as a scanned seal is."""
    drawing = "http://schemas.openxmlformats.org/drawingml/2006"
    office_of = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    members["xl/media/image1.png"] = bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763"
        "f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
    )
    members["xl/drawings/drawing1.xml"] = (
        f'<xdr:wsDr xmlns:xdr="{drawing}/spreadsheetDrawing" xmlns:a="{drawing}/main">'
        "<xdr:oneCellAnchor><xdr:from><xdr:col>1</xdr:col><xdr:colOff>0</xdr:colOff>"
        "<xdr:row>1</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from>"
        '<xdr:ext cx="900000" cy="900000"/><xdr:pic><xdr:nvPicPr><xdr:cNvPr id="1" name="公章"/>'
        f'<xdr:cNvPicPr/></xdr:nvPicPr><xdr:blipFill><a:blip xmlns:r="{office_of}" r:embed="rId1"/>'
        '<a:stretch/></xdr:blipFill><xdr:spPr><a:prstGeom prst="rect"/></xdr:spPr></xdr:pic>'
        "<xdr:clientData/></xdr:oneCellAnchor></xdr:wsDr>"
    ).encode()
    for part, kind, target in (
        ("drawings/_rels/drawing1.xml", "image", "../media/image1.png"),
        ("worksheets/_rels/sheet1.xml", "drawing", "../drawings/drawing1.xml"),
    ):
        relation = f'<Relationship Id="rId1" Type="{office_of}/{kind}" Target="{target}"/>'
        text = f'<Relationships xmlns="{package}">{relation}</Relationships>'
        members[f"xl/{part}.rels"] = text.encode()
    members["[Content_Types].xml"] = members["[Content_Types].xml"].replace(
        b"<Override ",
        b'<Default Extension="png" ContentType="image/png"/><Override '
        b'PartName="/xl/drawings/drawing1.xml" '
        b'ContentType="application/vnd.openxmlformats-officedocument.drawing+xml"/><Override ',
        1,
    )
    sheet = f'<drawing xmlns:r="{office_of}" r:id="rId1"/></worksheet>'.encode()
    members[SHEET] = members[SHEET].replace(b"</worksheet>", sheet)


def answered(workbook: Any) -> None:
    sheet = workbook.worksheets[0]
    sheet["E7"].comment = Comment("请核对", "县办")
    sheet["F9"].comment = Comment("别的话", "县办")
