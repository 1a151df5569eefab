"""The XML of a Word document: the one place where text becomes part of it."""

import re
from typing import Any
from xml.sax.saxutils import escape

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from epa_score.diagnostics.terminal_text import visible

WordElement = Any
"""An element of the document, as python-docx makes it of XML."""

_NO_CHARACTERS = re.compile("[\ufffe\uffff]")
"""Code points that are allowed in no XML and are no characters."""


def element(xml: str) -> WordElement:
    """The element of some XML, whose outermost tag is of the namespace ``w``."""
    return parse_xml(re.sub(r"^<([\w:]+)", rf"<\1 {nsdecls('w', 'r')}", xml, count=1))


def word_text(text: str) -> str:
    """A text with its control and direction characters written out, but for the ends of lines."""
    shown = "\n".join(map(visible, text.split("\n")))
    return _NO_CHARACTERS.sub(lambda found: f"\\u{ord(found[0]):04x}", shown)


def run_xml(text: str, properties: str = "") -> str:
    """A run of text; signs that both scripts have are shown in the Chinese font."""
    lines = (
        f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in word_text(text).split("\n")
    )
    font = '<w:rFonts w:hint="eastAsia"/>'
    return f"<w:r><w:rPr>{font}{properties}</w:rPr>{'<w:br/>'.join(lines)}</w:r>"
