"""Fonts and paragraphs of official documents, by the part that a paragraph has."""

from fractions import Fraction
from typing import Any, NamedTuple

from epa_score.exporters.docx.page import CHARACTER, LINE, TWIPS
from epa_score.exporters.docx.xml import element

_TITLE, _TEXT, _HEAD, _SECOND = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312"
_LATIN, _LATIN_HEAD = "Times New Roman", "Arial"
_CONDENSED = 6
"""The twips by which characters stand closer, so that 28 of them fit in a line in any program."""


class Look(NamedTuple):
    """How the paragraphs of a part look; sizes in points, indents in characters."""

    name: str
    """The name of the style; those of Word itself let readers find their way."""
    font: str = _TEXT
    size: float = CHARACTER
    side: str = "both"
    first: int = 0
    """The indent of the first line."""
    hanging: int = 0
    """The indent of all further lines beyond the first one."""
    end: int = 0
    """The indent at the right."""
    line: int = LINE
    """The exact height of its lines in twips, 0 for whatever the font needs."""
    is_apart: bool = False
    """True where a line stays empty before the first of such paragraphs."""
    is_kept: bool = False
    """True where it stays on one page with what follows."""


LOOKS = {
    "text": Look("Normal", first=2),
    "lead": Look("Lead", first=2, is_kept=True),
    "title": Look("Title", _TITLE, 22, "center", line=660, is_kept=True),
    "heading": Look("Heading 1", _HEAD, first=2, is_kept=True),
    "subheading": Look("Heading 2", _SECOND, first=2, is_kept=True),
    "address": Look("Address", is_apart=True),
    "annexes": Look("Annexes", first=2, hanging=3, is_apart=True, is_kept=True),
    "signature": Look("Signature", side="right", end=4, is_apart=True, is_kept=True),
    "annex": Look("Annex", _HEAD, is_kept=True),
    "caption": Look("Caption", size=10.5, side="left", line=0, is_kept=True),
    "note": Look("Note", size=10.5, side="left", line=0),
    "cell": Look("Table Text", size=10.5, side="left", line=0),
    "head cell": Look("Table Head", _HEAD, 10.5, "center", line=0),
    "room": Look("Answer", size=12, side="left", line=LINE),
}
"""The looks of all paragraphs; those of tables have the size of their table."""

_SHEET_SIZE, _SHEET_LINE = Fraction(3, 4), 400
"""The share of the size of letters, and the height of lines, in what is handed out."""


def _looks(*, is_sheet: bool) -> dict[str, Look]:
    """The looks of a document; those of one that is handed out are smaller."""
    if not is_sheet:
        return LOOKS
    return {
        role: look._replace(
            size=float(look.size * _SHEET_SIZE), line=_SHEET_LINE * look.line // LINE
        )
        if look.size >= CHARACTER
        else look
        for role, look in LOOKS.items()
    }


def style_id(role: str) -> str:
    """The id of the style of a part."""
    return LOOKS[role].name.replace(" ", "")


def define_styles(document: Any, language: str, *, is_sheet: bool) -> None:
    """Put the styles in the place of those that the library brings along."""
    styles = document.styles.element
    known = {style.styleId: style for style in styles.style_lst}
    for name in [name for name in known if name not in ("TableNormal", "NoList")]:
        styles.remove(known[name])
    spoken = "en-US" if language.startswith("zh") else language
    defaults = styles.find(".//{*}docDefaults")
    styles.replace(
        defaults,
        element(
            f"<w:docDefaults><w:rPrDefault><w:rPr>{_fonts_xml(_TEXT)}{_size_xml(CHARACTER)}"
            f'<w:lang w:val="{spoken}" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
            "<w:pPrDefault/></w:docDefaults>"
        ),
    )
    for role, look in _looks(is_sheet=is_sheet).items():
        styles.append(element(_style_xml(role, look)))
    styles.append(
        element('<w:style w:type="paragraph" w:styleId="Footer"><w:name w:val="footer"/></w:style>')
    )


def _fonts_xml(font: str) -> str:
    latin = _LATIN_HEAD if font == _HEAD else _LATIN
    return f'<w:rFonts w:ascii="{latin}" w:hAnsi="{latin}" w:eastAsia="{font}" w:cs="{latin}"/>'


def _size_xml(size: float) -> str:
    half = round(size * 2)
    return f'<w:sz w:val="{half}"/><w:szCs w:val="{half}"/>'


def _style_xml(role: str, look: Look) -> str:
    """The definition of a style."""
    spacing = f' w:before="{look.line}"' if look.is_apart else ""
    spacing += f' w:line="{look.line}" w:lineRule="exact"' if look.line else ""
    spacing = f"<w:spacing{spacing}/>" if spacing else ""
    width = round(look.size * TWIPS) - (_CONDENSED if look.line == LINE else 0)
    left = look.first + look.hanging if look.hanging else 0
    sides = {"left": left, "right": look.end, "hanging": look.hanging}
    sides |= {"firstLine": 0 if look.hanging else look.first}
    indent = "".join(
        f' w:{side}Chars="{number * 100}" w:{side}="{number * width}"'
        for side, number in sides.items()
        if number
    )
    level = {"Heading 1": 0, "Heading 2": 1, "Title": 0}.get(look.name)
    pieces = (
        "<w:keepNext/>" if look.is_kept else "",
        '<w:snapToGrid w:val="0"/>',
        spacing,
        f"<w:ind{indent}/>" if indent else "",
        "<w:contextualSpacing/>" if look.is_apart else "",
        f'<w:jc w:val="{look.side}"/>',
        "" if level is None else f'<w:outlineLvl w:val="{level}"/>',
    )
    condensed = f'<w:spacing w:val="-{_CONDENSED}"/>' if look.line == LINE else ""
    standard = ' w:default="1"' if role == "text" else ""
    custom = "" if look.name in _OF_WORD else ' w:customStyle="1"'
    return (
        f'<w:style w:type="paragraph"{standard}{custom} w:styleId="{style_id(role)}">'
        f'<w:name w:val="{look.name}"/><w:qFormat/><w:pPr>{"".join(pieces)}</w:pPr>'
        f"<w:rPr>{_fonts_xml(look.font)}{condensed}{_size_xml(look.size)}</w:rPr></w:style>"
    )


_OF_WORD = ("Normal", "Title", "Heading 1", "Heading 2", "Signature", "Caption")
"""Styles that Word knows by their names."""
