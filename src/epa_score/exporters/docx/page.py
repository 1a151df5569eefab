"""Pages of official documents: sizes, margins, the grid of 28 characters by 22 lines, numbers."""

from math import floor
from typing import Any, NamedTuple

from docx.oxml.ns import qn

from epa_score.exporters.docx.xml import element

TWIPS = 20
"""Twips in a point, of which the format tells most lengths."""

LINE = 579
"""The height of a line in twips: 22 of them fill 225 mm."""

CHARACTER = 16
"""The size of a character of the text (三号) in points."""

_MILLIMETRE = 1440 / 25.4


class Page(NamedTuple):
    """A page in millimetres: its sides and its margins."""

    width: int
    height: int
    top: int
    bottom: int
    left: int
    right: int
    footer: int = 25
    """From the edge of the page to the bottom of its number."""

    @property
    def room(self) -> int:
        """The width of its lines in twips."""
        return _twips(self.width) - _twips(self.left) - _twips(self.right)


A4 = Page(210, 297, 37, 35, 28, 26)
LANDSCAPE = Page(297, 210, 28, 26, 37, 35)
"""The same page for a wide table, turned so that its head is where the pages are bound."""
A3_LANDSCAPE = Page(420, 297, 28, 26, 37, 35)
SHEET = Page(210, 297, 25, 25, 25, 25, 14)
"""A page of what is handed out, which is no official document."""

_CHARACTERS = 28


def _twips(millimetres: int) -> int:
    return round(millimetres * _MILLIMETRE)


def section_xml(page: Page, footers: str, *, is_sheet: bool) -> str:
    """The properties of the pages of a part; later parts have the ``footers`` of the first one."""
    turned = ' w:orient="landscape"' if page.width > page.height else ""
    margins = {"top": page.top, "right": page.right, "bottom": page.bottom, "left": page.left}
    margins |= {"header": page.footer, "footer": page.footer, "gutter": 0}
    sides = "".join(f' w:{side}="{_twips(margin)}"' for side, margin in margins.items())
    pitch = floor((A4.room / _CHARACTERS / TWIPS - CHARACTER) * 4096)
    grid = f'<w:docGrid w:type="linesAndChars" w:linePitch="{LINE}" w:charSpace="{pitch}"/>'
    counted = '<w:pgNumType w:start="1"/>' if is_sheet else grid
    return (
        f'<w:sectPr>{footers}<w:type w:val="nextPage"/>'
        f'<w:pgSz w:w="{_twips(page.width)}" w:h="{_twips(page.height)}"{turned}/>'
        f"<w:pgMar{sides}/>{counted}</w:sectPr>"
    )


def add_footers(document: Any, *, is_centred: bool) -> str:
    """Put the number of the page below the text, and give the references of the footers.

    It stands on the outer side as in a document that is bound, unless it ``is_centred``.
    """
    section = document.sections[0]
    sides = {section.footer: "center" if is_centred else "right"}
    if not is_centred:
        document.settings.odd_and_even_pages_header_footer = True
        sides[section.even_page_footer] = "left"
    for footer, side in sides.items():
        footer.is_linked_to_previous = False
        (paragraph,) = footer.part.element
        footer.part.element.replace(paragraph, element(_number_xml(side)))
    references = document.element.body.sectPr.footerReference_lst
    names = {reference.rId: reference.get(qn("w:type")) for reference in references}
    return "".join(
        f'<w:footerReference w:type="{name}" r:id="{own}"/>' for own, name in names.items()
    )


def _number_xml(side: str) -> str:
    """The number of a page between dashes, a character from the edge."""
    looks = (
        '<w:rPr><w:rFonts w:ascii="宋体" w:hAnsi="宋体" w:eastAsia="宋体"/>'
        '<w:sz w:val="28"/><w:szCs w:val="28"/></w:rPr>'
    )
    field = "".join(
        f"<w:r>{looks}{own}</w:r>"
        for own in (
            '<w:t xml:space="preserve">— </w:t>',
            '<w:fldChar w:fldCharType="begin"/>',
            '<w:instrText xml:space="preserve"> PAGE </w:instrText>',
            '<w:fldChar w:fldCharType="separate"/>',
            "<w:t>1</w:t>",
            '<w:fldChar w:fldCharType="end"/>',
            '<w:t xml:space="preserve"> —</w:t>',
        )
    )
    indent = "" if side == "center" else f'<w:ind w:{side}="280"/>'
    return (
        '<w:p><w:pPr><w:pStyle w:val="Footer"/><w:snapToGrid w:val="0"/>'
        f'{indent}<w:jc w:val="{side}"/></w:pPr>{field}</w:p>'
    )
