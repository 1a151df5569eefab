"""Days of assessment, in every notation that leaves no doubt which day is meant.

They touch no total: a text that is not read stays as it was typed, and is no error. A pattern is
compiled when it is first used, as most days have the shape of the first.
"""

import datetime as dt
import re
from functools import lru_cache
from typing import Annotated, NamedTuple

from pydantic import PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

_SAME = str.maketrans(
    {
        **{chr(ord("\uff10") + digit): str(digit) for digit in range(10)},
        **dict.fromkeys("．。", "."),
        **dict.fromkeys("－–—―", "-"),
        **dict.fromkeys("～〜", "~"),
        **dict.fromkeys("○零", "〇"),
        "／": "/",
        "号": "日",
    }
)
"""Characters of a day that are typed in several ways. No others are taken for one another:
NFKC would make 12-22 of 12-2 with a raised 2."""

_CHINESE = {numeral: str(digit) for digit, numeral in enumerate("〇一二三四五六七八九")}
_DIGIT = "0-9〇一二三四五六七八九十"
_BLANKS = rf"(?<![{_DIGIT}\s])\s+|\s+(?![{_DIGIT}\s])"
"""Blanks, but for those between digits: 1 2月 may have lost a digit, or a sign."""

_LONGEST = 100
"""Characters of the longest text that is looked at; a range with blanks has half as many."""

_YEAR = "([0-9]{4}|[〇一二三四五六七八九]{4})"
_NUMBER = "([0-9]{1,2}|(?:[一二三四五六七八九]?十)?[一二三四五六七八九]?)"
_TO = "(?:-{1,2}|~|至|到)"
_DAYS = (
    *(f"([0-9]{{4}}){sign}([0-9]{{1,2}}){sign}([0-9]{{1,2}})" for sign in ("-", "/", r"\.")),
    f"{_YEAR}年{_NUMBER}月{_NUMBER}日?",
    "((?:19|20|21)[0-9]{2})([0-9]{2})([0-9]{2})",
)
"""Year, month and day, the year in front with four digits."""

_RANGES = (
    f"{_YEAR}年{_NUMBER}月{_NUMBER}日?{_TO}(?:(?:{_YEAR}年)?{_NUMBER}月)?{_NUMBER}日",
    *(
        f"([0-9]{{4}}){sign}([0-9]{{1,2}}){sign}([0-9]{{1,2}}){to}"
        f"(?:(?:([0-9]{{4}}){sign})?([0-9]{{1,2}}){sign})?([0-9]{{1,2}})"
        for sign, to in ((r"\.", _TO), ("/", _TO), ("-", "(?:--|~|至|到)"))
    ),
    "([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})-([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})",
)
"""The same for two days, of which the second may leave out what it shares with the first."""


class Days(NamedTuple):
    """The ``first`` and the ``last`` day of an assessment, which are one day for most."""

    first: dt.date
    last: dt.date


@lru_cache(256)
def days_in(text: str) -> Days | None:
    """The day or the range of days that a text surely means; nothing for any other text.

    The year stands in front and has four digits: 12.20 and 12/11/2018 are not certain.
    """
    text = text.strip()
    if len(text) > _LONGEST:
        return None
    text = re.sub(_BLANKS, "", text.translate(_SAME))
    for pattern in (*_DAYS, *_RANGES):
        found = re.fullmatch(pattern, text)
        if found is not None:
            first, last = found.groups()[:3], found.groups()[3:]
            # What the last day leaves out is as in the first.
            last = tuple(own or shared for own, shared in zip(last or first, first, strict=True))
            return _days(first, last)
    return None


def _days(first: tuple[str, ...], last: tuple[str, ...]) -> Days | None:
    try:
        days = Days(dt.date(*map(_number, first)), dt.date(*map(_number, last)))
    except ValueError:
        return None
    return days if days.first <= days.last else None


def _number(text: str) -> int:
    """The number of a year, a month or a day. Raises `ValueError` for no number."""
    if "十" in text:
        tens, _, ones = text.partition("十")
        text = _CHINESE.get(tens, "1") + _CHINESE.get(ones, "0")
    return int("".join(_CHINESE.get(digit, digit) for digit in text))


def read_date(value: object) -> dt.date | str | None:
    """A day, or the text as it was typed where that is a range or no certain day.

    Raises a `PydanticCustomError` for what is neither a text nor a day.
    """
    if isinstance(value, dt.datetime):
        return value.date()
    if value is None or isinstance(value, dt.date):
        return value
    if not isinstance(value, str):
        kind = "wrong_shape"
        raise PydanticCustomError(kind, "date", {"expected": "text"})
    days = days_in(value)
    if days is not None and days.first == days.last:
        return days.first
    return str(value) if value.strip() else None


AssessmentDate = Annotated[
    dt.date | str | None,
    PlainValidator(read_date),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "null"}]}),
]
"""The day of an assessment; a text for several days, and for what is no certain day."""
