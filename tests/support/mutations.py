"""Forms whose XML somebody's program wrote otherwise: one small change or a few, by a number.

No text is escaped as `_x0041_`: Excel shows A, as the standard has it, LibreOffice the escape.
"""

import re
from collections.abc import Callable, Sequence
from random import Random

from tests.support.forms import repacked

SHEET = "xl/worksheets/sheet1.xml"
_PARTS = {
    SHEET: 60,
    "xl/sharedStrings.xml": 12,
    "xl/styles.xml": 14,
    "xl/workbook.xml": 5,
    "xl/worksheets/sheet2.xml": 3,
    "xl/_rels/workbook.xml.rels": 3,
    "[Content_Types].xml": 2,
    "_rels/.rels": 1,
}
"""The parts of a form, and how often each is changed."""

_TOKEN = re.compile(r"<[^>]*>|[^<]+")
_NAME = re.compile(r"<([^\s/>!?]+)")
_ATTRIBUTE = re.compile(r'\s([^\s=]+)="([^"]*)"')

_NUMBERS = ("0", "1", "2.5", "8", "9", "1e1", "15E-1", "007", " 3", "-1", "+2", "0x5", "8,0")
_NOISE = ("1.4999999999999999", "2.4999999999", "NaN", "INF", "true", "TRUE", "", "#N/A", "3.0")
_TEXTS = (
    "8",
    "８",
    "A3",
    "A4",
    "小计",
    "合计",
    "得分",
    "2018",
    " ",
    "8分",
    "=1+1",
    "否",
)
_FORMATS = (
    *("General", "general", "0", "0.0", "0.00", "0%", "m/d", "yyyy", "#,##0.0", "0.0E+00", "# ?/?"),
    *("@", "", ";;;", "0.0;;", '0.0"分"', '"9"0', "[&gt;1]0;0.0", "[Red]0.0", "0.0,", "?.?", ".0"),
    *("G/通用格式", "[$-804]0.0", "[DBNum1]0.0", "0.0_)", "0\\.0", "00.0", "General\\ ", '0.0""'),
)
_AREAS = ("E7:E8", "F7:F8", "A1:F35", "D11:E11", "E7", "$E$7:$F$7", "E7:D7", "C7:D7", "A5:B6", "")
_PLACES = ("E7", "E8", "F7", "D7", "C7", "B7", "G7", "e7", "$E$7", "7", "8", "40", "E40", "0", "")
_KINDS = ("s", "str", "n", "b", "e", "inlineStr", "d", "", "S", "x")
_SWITCHES = ("0", "1", "true", "false", "TRUE", "on", "")
_SIZES = ("0", "0.5", "1", "3", "5.9", "60", "1e400", "NaN", "-1", "")
_WHOLE = (
    "0",
    "1",
    "2",
    "3",
    "5",
    "7",
    "9",
    "10",
    "12",
    "14",
    "22",
    "30",
    "49",
    "99",
    "164",
    "999",
    "",
)
_IDS = ("rId1", "rId2", "rId3", "rId4", "rId9", "")
_VALUES: dict[str, Sequence[str]] = {
    "r": _PLACES,
    "t": _KINDS,
    "ref": _AREAS,
    "sqref": _AREAS,
    "formatCode": _FORMATS,
    "state": ("visible", "hidden", "veryHidden", ""),
    "ht": _SIZES,
    "width": _SIZES,
    "defaultRowHeight": _SIZES,
    "defaultColWidth": _SIZES,
    "r:id": _IDS,
    "Id": _IDS,
    "name": ("评分表", "_epa_score", "Sheet1", ""),
    "Target": ("sharedStrings.xml", "styles.xml", "worksheets/sheet2.xml", "/xl/workbook.xml", ""),
    "TargetMode": ("External", "Internal"),
    **dict.fromkeys(("min", "max", "s", "numFmtId", "xfId", "fontId", "count", "si"), _WHOLE),
    **dict.fromkeys(("hidden", "customHeight", "customWidth", "zeroHeight"), _SWITCHES),
    **dict.fromkeys(("showZeros", "date1904", "collapsed", "showFormulas"), _SWITCHES),
}
_ANY = ("0", "1", "2", "9", "x", "")
_ADDED = {
    "c": ("t", "s", "r", "hidden"),
    "row": ("hidden", "ht", "r", "collapsed", "s"),
    "col": ("hidden", "width", "min"),
    "sheetFormatPr": ("zeroHeight", "defaultRowHeight", "defaultColWidth"),
    "sheetView": ("showZeros", "showFormulas"),
    "workbookPr": ("date1904",),
    "sheet": ("state",),
    "Relationship": ("TargetMode",),
    "f": ("t", "ref", "si"),
}
_MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_OTHER = "http://example.org/other"
_SNIPPETS = (
    "<f>1+1</f>",
    '<f t="shared" si="0"/>',
    "<v>9</v>",
    "<v/>",
    "<is><t>9</t></is>",
    "<is><r><t>8</t></r><r><t>.5</t></r></is>",
    "<t>9</t>",
    "<r><rPr><b/></rPr><t>9</t></r>",
    '<rPh sb="0" eb="1"><t>9</t></rPh>',
    '<phoneticPr fontId="1"/>',
    '<c t="n"><v>9</v></c>',
    '<c r="E7"><v>9</v></c>',
    '<c r="G7" t="inlineStr"><is><t>9</t></is></c>',
    '<row r="40"><c r="E40"><v>9</v></c></row>',
    "<row><c><v>9</v></c></row>",
    '<mergeCell ref="E7:E8"/>',
    '<mergeCell ref="C7:F7"/>',
    '<mergeCells><mergeCell ref="E12:F12"/></mergeCells>',
    '<col min="5" max="5" width="0" customWidth="1"/>',
    '<cols><col min="5" max="5" hidden="1" width="9"/></cols>',
    '<numFmt numFmtId="164" formatCode="0"/>',
    '<xf numFmtId="9" applyNumberFormat="1"/>',
    "<si><t>9</t></si>",
    '<extLst><ext uri="{0}"><v>9</v></ext></extLst>',
    f'<o:v xmlns:o="{_OTHER}">9</o:v>',
    "<!--9-->",
    "<?x 9?>",
    "<![CDATA[9]]>",
    "9",
    "&#57;",
    "&amp;",
    "&x;",
    "\n",
)
"""What is put somewhere: of the right kind, at a right place or at a wrong one."""

Tokens = list[str]


def _name(token: str) -> str:
    found = _NAME.match(token)
    return found[1] if found else ""


def _starts(tokens: Tokens) -> list[int]:
    """The places of start tags; cells and their contents more often than the rest."""
    return [place for place, token in enumerate(tokens) if _name(token)]


def _end(tokens: Tokens, start: int) -> int:
    """The place behind the element that starts at a place."""
    if tokens[start].endswith("/>"):
        return start + 1
    name, depth = _name(tokens[start]), 0
    for place in range(start, len(tokens)):
        if tokens[place].startswith(f"</{name}"):
            depth -= 1
        elif _name(tokens[place]) == name and not tokens[place].endswith("/>"):
            depth += 1
        if not depth:
            return place + 1
    return len(tokens)


def _element(tokens: Tokens, random: Random) -> tuple[int, int]:
    """An element that is not the whole part: where it starts, and where it ends."""
    starts = _starts(tokens)
    start = random.choice(starts[1:] or starts)
    return start, _end(tokens, start)


def _change_attribute(tokens: Tokens, random: Random) -> None:
    places = [place for place in _starts(tokens) if _ATTRIBUTE.search(tokens[place])]
    place = random.choice(places)
    found = random.choice(list(_ATTRIBUTE.finditer(tokens[place])))
    value = random.choice(_VALUES.get(found[1], _ANY))
    token = tokens[place]
    tokens[place] = f'{token[: found.start()]} {found[1]}="{value}"{token[found.end() :]}'


def _drop_attribute(tokens: Tokens, random: Random) -> None:
    places = [place for place in _starts(tokens) if _ATTRIBUTE.search(tokens[place])]
    place = random.choice(places)
    found = random.choice(list(_ATTRIBUTE.finditer(tokens[place])))
    tokens[place] = tokens[place][: found.start()] + tokens[place][found.end() :]


def _add_attribute(tokens: Tokens, random: Random) -> None:
    places = [place for place in _starts(tokens) if _name(tokens[place]) in _ADDED]
    place = random.choice(places or _starts(tokens))
    name = random.choice(_ADDED.get(_name(tokens[place]), ("x",)))
    value = random.choice(_VALUES.get(name, _ANY))
    bare = re.sub(rf'\s{re.escape(name)}="[^"]*"', "", tokens[place])
    end = "/>" if bare.endswith("/>") else ">"
    tokens[place] = f'{bare[: -len(end)]} {name}="{value}"{end}'


def _swap_attributes(tokens: Tokens, random: Random) -> None:
    """Two elements of one name take each other's attributes."""
    one = random.choice(_starts(tokens))
    alike = [place for place in _starts(tokens) if _name(tokens[place]) == _name(tokens[one])]
    other = random.choice(alike)
    ends = [token.endswith("/>") for token in (tokens[one], tokens[other])]
    if ends[0] == ends[1]:
        tokens[one], tokens[other] = tokens[other], tokens[one]


def _drop_element(tokens: Tokens, random: Random) -> None:
    start, end = _element(tokens, random)
    del tokens[start:end]


def _repeat_element(tokens: Tokens, random: Random) -> None:
    start, end = _element(tokens, random)
    tokens[end:end] = tokens[start:end]


def _move_element(tokens: Tokens, random: Random) -> None:
    start, end = _element(tokens, random)
    moved = tokens[start:end]
    del tokens[start:end]
    place = random.choice(_starts(tokens)[1:] or [len(tokens)])
    tokens[place:place] = moved


def _wrap_element(tokens: Tokens, random: Random) -> None:
    start, end = _element(tokens, random)
    fallback = random.choice(("", "".join(tokens[start:end])))
    before, after = random.choice(
        (
            (
                f'<mc:AlternateContent xmlns:mc="{_MC}"><mc:Choice Requires="x14">',
                f"</mc:Choice><mc:Fallback>{fallback}</mc:Fallback></mc:AlternateContent>",
            ),
            (
                f'<mc:AlternateContent xmlns:mc="{_MC}"><mc:Fallback>',
                "</mc:Fallback></mc:AlternateContent>",
            ),
            (f'<o:x xmlns:o="{_OTHER}">', "</o:x>"),
            ("<x>", "</x>"),
        )
    )
    tokens[end:end], tokens[start:start] = [after], [before]


def _rename_element(tokens: Tokens, random: Random) -> None:
    start, end = _element(tokens, random)
    old = _name(tokens[start])
    new = random.choice(("x", old.upper(), "v", "t", "c", "f", "is"))
    tokens[start] = tokens[start].replace(f"<{old}", f"<{new}", 1)
    if tokens[end - 1].startswith("</"):
        tokens[end - 1] = f"</{new}>"


def _put_snippet(tokens: Tokens, random: Random) -> None:
    place = random.randrange(1, len(tokens))
    tokens.insert(place, random.choice(_SNIPPETS))


def _change_text(tokens: Tokens, random: Random) -> None:
    places = [place for place, token in enumerate(tokens) if not token.startswith("<")]
    if places:
        place = random.choice(places)
        is_value = _name(tokens[place - 1]).endswith("v")
        tokens[place] = random.choice((*_NUMBERS, *_NOISE) if is_value else _TEXTS)


def _change_points(tokens: Tokens, random: Random) -> None:
    """Write a cell of the points, or beside them, in another way."""
    cells = [place for place in _starts(tokens) if re.match(r'<c r="[C-G]\d', tokens[place])]
    if not cells:
        return _change_text(tokens, random)
    start = random.choice(cells)
    head = re.sub(r'\s?/?>$|\st="[^"]*"', "", tokens[start])
    number, text = random.choice((*_NUMBERS, *_NOISE)), random.choice(_TEXTS)
    inner = random.choice(
        (
            f"><v>{number}</v>",
            f' t="{random.choice(_KINDS)}"><v>{number}</v>',
            f' t="inlineStr"><is><t>{text}</t></is>',
            f' t="inlineStr"><is><t>{text}</t></is><v>{number}</v>',
            f' t="str"><v>{text}</v>',
            f"><f>{number}+1</f><v>{number}</v>",
            f'><f t="shared" si="0"/><v>{number}</v>',
            f'><v>{number}</v><extLst><ext uri="x"><v>9</v></ext></extLst>',
            f' cm="1"><v>{number}</v>',
        )
    )
    tokens[start : _end(tokens, start)] = [f"{head}{inner}</c>"]
    return None


_CHANGES: dict[Callable[[Tokens, Random], None], int] = {
    _change_attribute: 22,
    _drop_attribute: 8,
    _add_attribute: 12,
    _swap_attributes: 5,
    _drop_element: 8,
    _repeat_element: 6,
    _move_element: 6,
    _wrap_element: 7,
    _rename_element: 4,
    _put_snippet: 12,
    _change_text: 10,
    _change_points: 12,
}

_STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_LOOSE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def _rewrite(text: str, random: Random) -> bytes:
    """A part in another encoding, or with other names of namespaces."""
    bare = re.sub(r"^<\?xml[^>]*\?>", "", text)
    prefixed = re.sub(r"<(/?)(?=[A-Za-z]+[\s/>])", r"<\1n:", bare).replace("xmlns=", "xmlns:n=", 1)
    return random.choice(
        (
            f'<?xml version="1.0" encoding="UTF-16"?>{bare}'.encode("utf-16"),
            bare.encode("utf-16"),
            b"\xef\xbb\xbf" + text.encode(),
            f'<?xml version="1.0" encoding="GB2312"?>{bare}'.encode(),
            f'<?xml version="1.0" encoding="ISO-8859-1"?>{bare}'.encode(),
            bare.encode("utf-16-le"),
            prefixed.encode(),
            text.replace(_LOOSE, _STRICT).encode(),
            text.replace(_LOOSE, _OTHER).encode(),
            text[: len(text) // 2].encode(),
        )
    )


_REWRITES = 0.02
"""How often a part is written anew as a whole."""


def mutated(data: bytes, number: int) -> bytes:
    """A form with up to three changes, which follow from a number."""
    random = Random(number)  # noqa: S311

    def change(parts: dict[str, bytes]) -> None:
        names = [name for name in _PARTS if name in parts]
        for _ in range(random.choice((1, 1, 1, 2, 3))):
            name = random.choices(names, [_PARTS[one] for one in names])[0]
            text = parts[name].decode()
            if random.random() < _REWRITES:
                parts[name] = _rewrite(text, random)
                return
            tokens = _TOKEN.findall(text)
            random.choices([*_CHANGES], [*_CHANGES.values()])[0](tokens, random)
            parts[name] = "".join(tokens).encode()

    return repacked(data, change)
