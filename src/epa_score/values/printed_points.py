"""Points as published tables print them: in brackets behind a wording, or in a cell of their own.

What may be points or not is never taken for them: it is handed back as doubtful.
"""

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

_NUMBER = r"[0-9]{1,4}(?:\.[0-9]{1,4})?"
_OF = "(?:满分|分值|总分|共计|合计|共|计)?"
_UNIT = "(?:分|points?|pts?)"
_IN_BRACKETS = re.compile(
    rf"[(（\[［【〔]\s*{_OF}\s*[:：]?\s*({_NUMBER})\s*({_UNIT})?\s*[)）\]］】〕]", re.IGNORECASE
)
_BEHIND_TITLE = re.compile(rf"(?<=\S)(?:\s+|[:：]\s*|(?<=[^\d.\s]))(?:共|满分)?({_NUMBER})\s*分$")
_ALONE = re.compile(rf"{_OF}\s*({_NUMBER})\s*{_UNIT}?", re.IGNORECASE)
_STOPS = "。．.；;，,：:、 \t\n\u3000\u00a0"
_REFERS = re.compile(r"(?:附件|附录|(?<![分核评报代])表|第|(?<!意)见|图|条)\s*$")
"""What a number names an annex or a paragraph behind; 评分表（100） and 意见（5） are none."""
_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_WIDE = "\u2018-\u201d\u2026\u3001-\u303f\u3400-\u9fff\uf900-\ufaff\uff01-\uffef"
_PADDING = re.compile(rf"(?<=[{_WIDE}])\s+(?=[{_WIDE}])")
_LIST_NUMBER = re.compile(r"[0-9]{1,2}[.．、)）]|[（(][0-9]{1,2}[)）]|[①-⑳]")
_WIDE_CHARACTER = re.compile(f"[{_WIDE}]")


class PrintedPoints(NamedTuple):
    """A wording without the points behind it, and these."""

    text: str
    points: Decimal | None = None
    doubtful: tuple[str, ...] = ()
    """What may be its points or not, as it stands there; then there are no points."""


def split_points(text: str) -> PrintedPoints:
    """The wording and the points in brackets at its end, as in ``有专人负责。（5）``.

    Several numbers of points, one inside the wording and one that may be a year or the number of
    an annex are doubtful. List numbers in brackets, (1) (2) (3), are part of the wording; one that
    goes on with them at its end may be points as well.
    """
    narrow = _with_narrow_digits(text)
    found = list(_IN_BRACKETS.finditer(narrow))
    behind = found[-1:] if found and not narrow[found[-1].end() :].strip(_STOPS) else []
    inner = found[: len(found) - len(behind)]
    counted = [match[1] for match in inner if match[2] is None]
    last = [match[1] for match in behind if match[2] is None]
    goes_on = bool(counted and last) and _are_list_numbers(counted + last)
    if _are_list_numbers(counted) and not goes_on:
        inner = [match for match in inner if match[2] is not None]
    if behind and not inner and not _may_be_another_number(behind[0]):
        start, end = behind[0].span()
        return PrintedPoints(text[:start].rstrip() + text[end:].strip(), Decimal(behind[0][1]))
    doubtful = tuple(text[match.start() : match.end()] for match in (*inner, *behind))
    return PrintedPoints(text, None, doubtful)


def split_title_points(text: str) -> PrintedPoints:
    """The same for a title, behind which points may stand without brackets: ``领导重视 25分``."""
    found = split_points(text)
    bare = _BEHIND_TITLE.search(_with_narrow_digits(text).strip())
    if found.points is None and not found.doubtful and bare is not None:
        title = text.strip()[: bare.start()]
        return PrintedPoints(title.rstrip(_STOPS), Decimal(bare[1]))
    return found._replace(text=found.text.strip(_STOPS))


def read_cap(text: str) -> Decimal | None:
    """The points that a cell holds and nothing else: ``5``, ``5分``, ``５``; else ``None``."""
    found = _ALONE.fullmatch(_with_narrow_digits(text).strip())
    points = Decimal(found[1]) if found is not None else Decimal(0)
    return points or None


def _are_list_numbers(numbers: Sequence[str]) -> bool:
    return numbers == [str(number + 1) for number in range(len(numbers))]


def _may_be_another_number(match: re.Match[str]) -> bool:
    """True for what may be a year, or the number of an annex or a paragraph."""
    is_year = _FIRST_YEAR <= Decimal(match[1]) <= _LAST_YEAR
    refers = _REFERS.search(match.string[: match.start()])
    return match[2] is None and (is_year or refers is not None)


def _with_narrow_digits(text: str) -> str:
    """The text with digits of one width, so that places in it stay what they are."""
    return "".join(
        str(unicodedata.digit(char)) if "０" <= char <= "９" else char for char in text
    ).replace("．", ".")


def join_lines(text: str, *, are_typed: bool = False) -> str:
    """A wording on one line: nothing takes the place of a line break within Chinese text.

    Before a list number, between words of letters, and between lines that somebody typed as such
    (``are_typed``) without a stop at their end there is a blank.
    """
    joined = ""
    for line in filter(None, map(str.strip, text.splitlines())):
        beside = joined[-1:] + line[:1]
        apart = _LIST_NUMBER.match(line) or not _WIDE_CHARACTER.search(beside)
        apart = apart or (are_typed and joined[-1:].isalnum())
        joined += f" {line}" if joined and apart else line
    return joined


def without_padding(title: str) -> str:
    """A title without the blanks that spread it: ``考  核  内  容`` is ``考核内容``."""
    return _PADDING.sub("", " ".join(title.split()))
