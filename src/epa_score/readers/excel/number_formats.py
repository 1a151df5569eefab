"""What a number format shows of a number: its digits, a day or a time, or something else."""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache

from epa_score.i18n import plain

BUILT_IN_FORMATS = {
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    5: "¥#,##0;¥-#,##0",
    6: "¥#,##0;[Red]¥-#,##0",
    7: "¥#,##0.00;¥-#,##0.00",
    8: "¥#,##0.00;[Red]¥-#,##0.00",
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    37: "#,##0_);(#,##0)",
    38: "#,##0_);[Red](#,##0)",
    39: "#,##0.00_);(#,##0.00)",
    40: "#,##0.00_);[Red](#,##0.00)",
    41: '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ',
    42: '_ ¥* #,##0_ ;_ ¥* -#,##0_ ;_ ¥* "-"_ ;_ @_ ',
    43: '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ',
    44: '_ ¥* #,##0.00_ ;_ ¥* -#,##0.00_ ;_ ¥* "-"??_ ;_ @_ ',
    48: "##0.0E+0",
    49: "@",
    14: "mm-dd-yy",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "m/d/yy h:mm",
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mmss.0",
    30: "m-d-yy",
    31: 'yyyy"年"m"月"d"日"',
    **dict.fromkeys((27, 36, 50, 52, 57), 'yyyy"年"m"月"'),
    **dict.fromkeys((28, 29, 51, 53, 54, 58), 'm"月"d"日"'),
    32: 'h"时"mm"分"',
    33: 'h"时"mm"分"ss"秒"',
    **dict.fromkeys((34, 55), '上午/下午h"时"mm"分"'),
    **dict.fromkeys((35, 56), '上午/下午h"时"mm"分"ss"秒"'),
}
"""The number formats that have no text in a file; 27 to 58 are days and times in Chinese."""

_PARTS = re.compile(
    r'"[^"]*"|\\.|_.|\*.|\[[^\[\]]*\]|General|G/通用格式|@'
    r"|(?:(?<!,),++(?=[#0?])|[#0?])++(?:\.[#0?]*)?|.",
    re.IGNORECASE | re.DOTALL,
)
_HARMLESS = re.compile(
    r"\[(black|blue|cyan|green|magenta|red|white|yellow|color ?[0-9]+|\$-[0-9a-f]+)\]",
    re.IGNORECASE,
)

_MONEY = re.compile(r"[¥￥$€]|\[\$[¥￥$€](-[0-9a-f]+)?\]", re.IGNORECASE)
"""Signs of money, which show no other number."""


_AS_TYPED = frozenset({"general", "g/通用格式", "@"})
"""Formats that show a number, or a text, as it was typed."""


def shows_exactly(number_format: str, number: Decimal) -> bool:
    """True where a format shows a number that is not negative with all its digits and no others."""
    sections = _sections(number_format)
    section = sections[0] if number else (sections[2:3] or sections)[0]
    pattern = ""
    for part in section:
        if part[0] in '"\\*':
            if any(character.isnumeric() or character in "-.,/%‰" for character in part[1:]):
                return False
        elif part[0] in "#0?" or part.lower() in _AS_TYPED:
            if pattern:
                return False
            pattern = part
        elif part[0] not in "_* " and not any(one.fullmatch(part) for one in (_HARMLESS, _MONEY)):
            return False
    if pattern[:1] not in ("#", "0", "?"):
        return bool(pattern)
    _, _, places = pattern.partition(".")
    exponent = number.normalize().as_tuple().exponent
    seen = number != 0 or "0" in pattern
    return seen and isinstance(exponent, int) and len(places) >= -exponent


_MOST_CHARACTERS = 11
"""The digits of a number, with its decimal point, that are shown without a format of its own."""


def shows_plainly(number_format: str, number: Decimal) -> bool:
    """True where a format shows a number as it is typed, without another digit, sign or word.

    (Decision: cells-show-what-counts-in-every-field.)
    """
    sections = _sections(number_format)
    place = 0 if number > 0 else 2 if number == 0 else 1
    has_own = place < len(sections)
    parts = [part for part in sections[place * has_own] if not _HARMLESS.fullmatch(part)]
    if place == 1 and has_own:  # which shows no sign but its own
        if parts[:1] not in (["-"], ["\\-"]):
            return False
        del parts[0]
    if len(parts) != 1:
        return False
    text = plain(abs(number))
    whole, _, places = parts[0].partition(".")
    if whole[:1] not in ("#", "0", "?"):
        return parts[0].lower() in _AS_TYPED and len(text) <= _MOST_CHARACTERS
    digits, _, decimals = text.partition(".")
    if "?" in whole or ("," in whole and len(digits) > len("999")):
        return False
    least = max(whole.count("0"), digits == "0")
    return whole.count("0") == least <= len(digits) and places == "0" * len(decimals)


def shows_text(number_format: str) -> bool:
    """True where a format shows a text as it is typed, and no other words."""
    sections = _sections(number_format)
    own = sections[3:4] or [section for section in sections if "@" in section]
    if not own:
        return True
    parts = [part for part in own[-1] if not _HARMLESS.fullmatch(part) and part[0] != "_"]
    shown = [part for part in parts if part.strip('*\\" ')]
    return len(shown) == 1 and shown[0].lower() in _AS_TYPED


def _sections(number_format: str) -> list[list[str]]:
    """The parts of a format, in sections for positive numbers, negative ones, zero and text."""
    sections: list[list[str]] = [[]]
    for found in _PARTS.finditer(number_format):
        if found[0] == ";":
            sections.append([])
        else:
            sections[-1].append(found[0])
    return sections


_NO_DATE_CODE = re.compile(
    r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\[\]]*\]|General|G/通用格式', re.IGNORECASE
)
"""Letters of a number format that tell no day or time."""


@lru_cache(maxsize=256)
def shows_moment(number_format: str) -> bool:
    """True where a format shows a number as a day or a time."""
    bare = _NO_DATE_CODE.sub("", number_format.split(";", maxsplit=1)[0])
    return any(letter in "dmhysDMHYS" for letter in bare)


_LOCAL = re.compile(
    r"\[(\$-([0-9a-f]{1,4}|[a-z]{2,3}-[a-z-]+|x-sysdate)|dbnum[123])\]", re.IGNORECASE
)
"""A language, or its digits; longer numbers stand for calendars of other years and months."""

_TIMES = re.compile("am/pm|a/p|h+([^a-z]*m+)?|(?<!m)m++[^a-z]*+s+|s+")
_DAY_CODES = re.compile("y+|e+|m+|d+|a+|[a-z]")
_MONTHS = frozenset({"m", "mm", "mmm", "mmmm"})


@lru_cache(maxsize=256)
def shows_whole_day(number_format: str) -> bool:
    """True where a format surely shows year, month and day of a number, and no other digits."""
    codes = ""
    for part in _sections(number_format)[0]:
        if part[0] in '"\\':
            if any(character.isnumeric() for character in part[1:]):
                return False
        elif part[0] == "[":
            is_colour = "$" not in part and _HARMLESS.fullmatch(part)
            if not is_colour and not _LOCAL.fullmatch(part):
                return False
        elif part[0] not in "_*":
            codes += part.lower() if len(part) == 1 else "?"
    found = {code[:5] for code in _DAY_CODES.findall(_TIMES.sub(" ", codes))}
    firsts = {code[0] for code in found}
    shows_all = firsts & {"y", "e"} and found & _MONTHS and found & {"d", "dd"}
    return bool(shows_all) and firsts <= {*"yemda"} and not re.search("[0#?@]", codes)


_LAST_DAY = 2_958_465
"""31 December 9999, the last day of a spreadsheet."""

_DAY = 24 * 60 * 60 * 1_000_000
"""The microseconds of a day."""

_LEAP_DAY = 60
"""29 February 1900, which spreadsheets count although there was none."""


def moment_of(number: Decimal, *, is_1904: bool) -> date | time | None:
    """The day or time that a number stands for; nothing for one that is none."""
    days, part = divmod(number, 1)
    if not 0 <= days <= _LAST_DAY:
        return None
    since = timedelta(days=int(days), microseconds=round(part * _DAY))
    if not days and not is_1904:
        return (datetime.combine(date.min, time()) + since).time()
    start = date(1904, 1, 1) if is_1904 else date(1899, 12, 31 if days < _LEAP_DAY else 30)
    try:
        moment = datetime.combine(start, time()) + since
    except OverflowError:
        return None
    return moment if part else moment.date()
