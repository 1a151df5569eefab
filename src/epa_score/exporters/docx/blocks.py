"""Paragraphs, and room to write in."""

import re
from itertools import pairwise

from rich.cells import cell_len

from epa_score.exporters.cell_text import wrap_title
from epa_score.exporters.docx.page import LINE
from epa_score.exporters.docx.styles import style_id
from epa_score.exporters.docx.xml import run_xml
from epa_score.reports.document import AnswerRoom

_TITLE_CELLS = 38
"""Half characters of a title on a line."""

_SEAMS = re.compile(
    "(?<=[年度县市区乡镇])(?![年度县市区乡镇])|(?=关于|工作|考核|考评|评比|排名|情况|结果)"
)
"""Places at which a title is broken without tearing a word."""


def paragraph_xml(text: str, role: str) -> str:
    """A paragraph in the style of its part; a title is broken where it reads well."""
    shown = title_lines(text) if role == "title" else text
    style = "" if role == "text" else f'<w:pStyle w:val="{style_id(role)}"/>'
    return f"<w:p><w:pPr>{style}</w:pPr>{run_xml(shown)}</w:p>"


def title_lines(title: str) -> str:
    """A title in few lines of about one length, broken between words if it can be."""
    number = -(-cell_len(title) // _TITLE_CELLS)
    if number == 1 or "\n" in title:
        return title
    seams = [own.start() for own in _SEAMS.finditer(title) if own.start()]
    ends = []
    for line in range(1, number):
        ideal = len(title) * line / number
        ends.append(min(seams, key=lambda seam: abs(seam - ideal), default=0))
    lines = [title[start:end] for start, end in pairwise([0, *ends, len(title)])]
    if all(0 < cell_len(line) <= _TITLE_CELLS for line in lines):
        return "\n".join(lines)
    return wrap_title(title, _TITLE_CELLS)


def room_xml(room: AnswerRoom, width: int) -> str:
    """A box with a title, empty lines, and what is to be signed at its end."""
    lines = [room.title, *[""] * room.lines, *room.signatures]
    style = f'<w:pPr><w:pStyle w:val="{style_id("room")}"/></w:pPr>'
    paragraphs = "".join(f"<w:p>{style}{run_xml(line)}</w:p>" for line in lines)
    height = len(lines) * LINE
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{width}" w:type="dxa"/><w:jc w:val="center"/>{BORDERS}'
        '<w:tblLayout w:type="fixed"/><w:tblLook w:val="0000"/></w:tblPr>'
        f'<w:tblGrid><w:gridCol w:w="{width}"/></w:tblGrid>'
        f'<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val="{height}" w:hRule="atLeast"/></w:trPr>'
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{paragraphs}</w:tc></w:tr>'
        "</w:tbl>"
    )


BORDERS = "<w:tblBorders>{}</w:tblBorders>".format(
    "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
)
"""Thin lines around all cells."""
