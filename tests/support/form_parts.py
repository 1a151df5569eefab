"""Forms as other programs write them: parts changed in their markup, without a library between."""

import re
from collections.abc import Callable
from html import escape
from typing import Final

from tests.support.forms import repacked

Change = Callable[[dict[str, bytes]], None]
"""Changes the parts of a form, by name."""

PAGE: Final = "xl/worksheets/sheet1.xml"
STYLES: Final = "xl/styles.xml"
TEXTS: Final = "xl/sharedStrings.xml"
BOOK: Final = "xl/workbook.xml"
BOOK_LINKS: Final = "xl/_rels/workbook.xml.rels"
LINKS: Final = "_rels/.rels"
TYPES: Final = "[Content_Types].xml"

PICTURE: Final = '_xlfn.DISPIMG("ID_0011223344",1)'
"""The formula of a picture that WPS put into a cell."""


def changed(data: bytes, *changes: Change) -> bytes:
    """A form after some changes of its parts, one after the other."""

    return repacked(data, together(*changes))


def together(*changes: Change) -> Change:
    """Several changes, one after the other."""

    def change_all(parts: dict[str, bytes]) -> None:
        for change in changes:
            change(parts)

    return change_all


def replaced(part: str, old: str, new: str, count: int = 1) -> Change:
    """Other markup in place of some that is there."""

    def change(parts: dict[str, bytes]) -> None:
        assert old.encode() in parts[part], old
        parts[part] = parts[part].replace(old.encode(), new.encode(), count)

    return change


def rewritten(pattern: str, new: str, part: str = PAGE, flags: int = re.DOTALL) -> Change:
    """Other markup wherever a pattern is found."""

    def change(parts: dict[str, bytes]) -> None:
        text, found = re.subn(pattern, new, parts[part].decode(), flags=flags)
        assert found, pattern
        parts[part] = text.encode()

    return change


def inserted(part: str, before: str, markup: str) -> Change:
    """More markup in front of some."""
    return replaced(part, before, markup + before)


def removed(*names: str) -> Change:
    """Parts that are not there."""

    def change(parts: dict[str, bytes]) -> None:
        for name in names:
            del parts[name]

    return change


def cell_as(name: str, attributes: str, content: str) -> Change:
    """A cell with other attributes and content; it keeps its style where they name none."""

    def change(parts: dict[str, bytes]) -> None:
        page = parts[PAGE].decode()
        found = re.search(f'<c r="{name}"([^>]*?)(?:/>|>.*?</c>)', page, re.DOTALL)
        assert found, name
        style = re.search(' s="[0-9]*"', found[1])
        own = style[0] if style and " s=" not in attributes else ""
        cell = f'<c r="{name}"{own}{attributes}>{content}</c>'
        parts[PAGE] = (page[: found.start()] + cell + page[found.end() :]).encode()

    return change


def text(name: str, value: str, code: str = "") -> Change:
    """A text in a cell, in a number format where one is given."""
    content = f"<is><t>{escape(value)}</t></is>"
    return _formatted(name, ' t="inlineStr"', content, code)


def number(name: str, value: str, code: str = "") -> Change:
    """A number in a cell as it is stored, in a number format where one is given."""
    return _formatted(name, "", f"<v>{value}</v>", code)


def formula(name: str, value: str, result: str) -> Change:
    """A formula with a text as its stored result."""
    return cell_as(name, ' t="str"', f"<f>{escape(value)}</f><v>{escape(result)}</v>")


def _formatted(name: str, attributes: str, content: str, code: str) -> Change:
    def change(parts: dict[str, bytes]) -> None:
        style = f' s="{style_of(parts, code)}"' if code else ""
        cell_as(name, style + attributes, content)(parts)

    return change


def style_of(parts: dict[str, bytes], code: str) -> int:
    """The number of a new style with a number format, given as its text or its number."""
    styles = parts[STYLES].decode()
    formats = re.findall('numFmtId="([0-9]+)" formatCode', styles)
    at = code if code.isdecimal() and not code.startswith("0") else str(max(map(int, formats)) + 1)
    if at != code:
        own = f'<numFmt numFmtId="{at}" formatCode="{escape(code)}"/></numFmts>'
        styles = styles.replace("</numFmts>", own)
    head, end, tail = styles.partition("</cellXfs>")
    styles = f'{head}<xf numFmtId="{at}" fontId="0" fillId="0" borderId="0" xfId="0"/>{end}{tail}'
    parts[STYLES] = styles.encode()
    return len(re.findall("<xf ", head.partition("<cellXfs")[2]))


def merged(*areas: str) -> Change:
    """Merged areas; what they cover beside their first cells stays in the file."""
    markup = "".join(f'<mergeCell ref="{area}"/>' for area in areas)
    return inserted(PAGE, "</mergeCells>", markup)


def conditions(*rules: tuple[str, str, str]) -> Change:
    """Conditional formats: areas, what a rule holds beside its style, and a number format.

    Without a number format the style has a colour alone.
    """

    def change(parts: dict[str, bytes]) -> None:
        styles = parts[STYLES].decode()
        found = re.search("<dxfs[^>]*?(?:/>|>(.*?)</dxfs>)", styles)
        assert found
        own, markup = found[1] or "", ""
        for areas, rule, code in rules:
            at = len(re.findall("<dxf>", own))
            form = f'<numFmt numFmtId="500" formatCode="{escape(code)}"/>' if code else ""
            own += f"<dxf><font><b/></font>{form}</dxf>"
            markup += (
                f'<conditionalFormatting sqref="{areas}">'
                f'<cfRule dxfId="{at}" priority="{at + 1}" {rule}</cfRule></conditionalFormatting>'
            )
        dxfs = f"<dxfs>{own}</dxfs>"
        parts[STYLES] = (styles[: found.start()] + dxfs + styles[found.end() :]).encode()
        inserted(PAGE, "<dataValidations", markup)(parts)

    return change


ALWAYS: Final = 'type="expression"><formula>TRUE</formula>'
"""A condition that always holds."""
