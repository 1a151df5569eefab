"""Days of assessment: each notation gives its day, and no text gives another one."""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from epa_score.i18n import LANGUAGES, Words
from epa_score.values.days import Days, days_in, read_date

DIGITS = "〇一二三四五六七八九"


def numeral(number: int) -> str:
    """A number below a hundred as it is spoken."""
    tens, ones = divmod(number, 10)
    ten = "" if not tens else "十" if tens == 1 else f"{DIGITS[tens]}十"
    return ten + (DIGITS[ones] if ones else "")


def chinese(day: dt.date) -> str:
    year = "".join(DIGITS[int(digit)] for digit in f"{day.year:04}")
    return f"{year}年{numeral(day.month)}月{numeral(day.day)}日"


def wide(text: str) -> str:
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)


NOTATIONS: dict[str, Callable[[dt.date], str]] = {
    "iso": lambda day: day.isoformat(),
    "hyphens": lambda day: f"{day.year:04}-{day.month}-{day.day}",
    "points": lambda day: f"{day.year:04}.{day.month}.{day.day}",
    "padded": lambda day: f"{day.year:04}.{day.month:02}.{day.day:02}",
    "slashes": lambda day: f"{day.year:04}/{day.month}/{day.day}",
    "signs": lambda day: f"{day.year:04}年{day.month}月{day.day}日",
    "spoken": lambda day: f"{day.year:04}年{day.month}月{day.day}号",
    "open": lambda day: f"{day.year:04}年{day.month:02}月{day.day:02}",
    "blanks": lambda day: f" {day.year:04} 年{day.month}\u3000月 {day.day} 日\n",
    "points and blanks": lambda day: f"{day.year:04}. {day.month}. {day.day}",
    "chinese": chinese,
    "zero": lambda day: chinese(day).replace("〇", "零"),
    "circle": lambda day: chinese(day).replace("〇", "○"),
    "wide": lambda day: wide(f"{day.year:04}-{day.month}-{day.day}"),
    "wide points": lambda day: wide(f"{day.year:04}.{day.month}.{day.day}"),
    "stops": lambda day: f"{day.year:04}。{day.month}。{day.day}",
    "dashes": lambda day: f"{day.year:04}—{day.month}—{day.day}",
}
"""Ways to write any day."""


@pytest.mark.parametrize("notation", NOTATIONS)
@given(day=st.dates())
@example(day=dt.date(2018, 12, 20))
@example(day=dt.date(2020, 2, 29))
@example(day=dt.date(2010, 10, 10))
def test_a_day_is_that_day_in_every_notation(notation: str, day: dt.date) -> None:
    assert days_in(NOTATIONS[notation](day)) == (day, day)
    assert read_date(NOTATIONS[notation](day)) == day


@given(day=st.dates(dt.date(1900, 1, 1), dt.date(2199, 12, 31)))
def test_eight_digits_are_a_day_of_these_centuries(day: dt.date) -> None:
    assert days_in(f"{day:%Y%m%d}") == (day, day)
    assert days_in(f"{day:%d%m%Y}") is None


@pytest.mark.parametrize(
    "text",
    [
        "2018年12月20日至22日",
        "2018年12月20日-22日",
        "2018年12月20—22日",
        "2018年12月20日——12月22日",
        "2018年12月20日到2018年12月22日",
        "二〇一八年十二月二十日至二十二日",
        "2018.12.20-12.22",
        "2018.12.20-22",
        "2018.12.20－2018.12.22",
        "2018/12/20-12/22",
        "2018-12-20~2018-12-22",
        "2018-12-20～22",
        "2018-12-20 至 12-22",
        "2018-12-20-2018-12-22",
        "2018-12-20 - 2018-12-22",
    ],
)
def test_a_range_is_read_and_stays_as_it_is_written(text: str) -> None:
    assert days_in(text) == (dt.date(2018, 12, 20), dt.date(2018, 12, 22))
    assert read_date(text) == text


@given(first=st.dates(), last=st.dates())
def test_a_range_of_whole_days_is_in_order(first: dt.date, last: dt.date) -> None:
    expected = Days(first, last) if first <= last else None
    for notation in ("iso", "points", "slashes", "signs", "chinese"):
        write = NOTATIONS[notation]
        assert days_in(f"{write(first)}至{write(last)}") == expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_explanation_lists_what_is_read_and_what_is_not(language: str) -> None:
    text = Words(language)("EPA027.explain")
    lines = re.findall("(?m)^  (?:.*(?:：|: ))?(.*)", text)
    listed = [notation for line in lines for notation in line.split()]
    assert len(listed) == 10
    assert [notation for notation in listed if days_in(notation) is None] == []
    doubtful = re.findall(r"([0-9]+[-./年][0-9./月日-]*)(?=（| \()", " ".join(text.split()))
    assert len(doubtful) == 5
    assert [notation for notation in doubtful if days_in(notation)] == []


@pytest.mark.parametrize("sign", ["至", "到", "~", "-", "——", "—"])
@pytest.mark.parametrize("last", ["22日", "12月22日", "2018年12月22日"])
def test_days_are_joined_by_each_sign(sign: str, last: str) -> None:
    days = (dt.date(2018, 12, 20), dt.date(2018, 12, 22))
    assert days_in(f"2018年12月20日{sign}{last}") == days
    bare = last.removesuffix("日").replace("月", ".").replace("年", ".")
    assert days_in(f"2018.12.20{sign}{bare}") == days
    whole = bare.replace(".", "-")
    is_certain = sign not in "-—" or len(whole) == len("2018-12-22")
    assert days_in(f"2018-12-20{sign}{whole}") == (days if is_certain else None)


NOT_CERTAIN = [
    *("12.20", "12月20日", "12-20", "20/12/2018", "12/20/2018", "20.12.2018", "18.12.20"),
    *("18年12月20日", "2018年12月", "2018", "2018.12", "2018年第四季度", "去年年底", "待定"),
    *("2018-02-30", "2018年2月30日", "2018-13-01", "2018年十三月一日", "2018年月20日"),
    "2018年12月日",
    *("2018-12-00", "0000-01-01", "20181320", "12345678", "2018/12.20", "2018-12/20", "1545264000"),
    *("2018年1  2月20日", "2018年十\u3000\n二月二十日", f"2018-1{' ' * 1000}2-20"),
    *("2018年1 2月20日", "2018 12 20", "2018.1 2.20", "2 018-12-20", "2018年十 二月二十日"),
    *("12月20—22日", "2018年12月22日至20日", "2018.12.30-1.2", "2018-12-20-22", "2018-12-20-12-22"),
    *("2018年12月20日、21日", "2018年腊月廿三", "2018年十二月二三日", "约2018-12-20"),
    *("2018年12月20日前", "2018-12-20?"),
    *("2018-12-2\u00b2", "2018-12-\u2461", "2018-12-20\u200b", "\u202e02-21-8102", "२०१८-१२-२०"),
    *("２０１８－１２－３２", "2018年二十年月1日", "43454", "#N/A", "=TODAY()", "2018-12-20 14:30"),
]  # fmt: skip


@pytest.mark.parametrize("text", NOT_CERTAIN)
def test_what_is_not_certain_is_no_day_and_stays_as_it_was_typed(text: str) -> None:
    assert days_in(text) is None
    assert read_date(text) == text


@pytest.mark.parametrize("text", ["", " ", "\u3000\n"])
def test_blanks_are_no_date(text: str) -> None:
    assert read_date(text) is None


ALIKE = st.text("0123456789年月日号至到.-/~ 〇一二三十０１２。—²", max_size=24)


@given(text=st.text() | ALIKE)
@example(text="2018-1 2-20")
@example(text="2018年12²月20日")
@example(text="2018年１ ２月20日")
@example(text="2018年1  2月20日")
@example(text="2018-1\t\n2-20")
def test_no_text_gives_a_day_that_it_does_not_name(text: str) -> None:
    days = days_in(text)
    assert read_date(text) in (text, None, days and days.first)
    if days is None:
        return
    plain = unicodedata.normalize("NFKC", text)
    numbers = [_number(found) for found in re.findall(f"[0-9]+|[{DIGITS}零○十]+", plain)]
    if len(numbers) == 1:
        (whole,) = numbers
        numbers = [whole // 10_000, whole // 100 % 100, whole % 100]
    assert tuple(numbers[:3]) == (days.first.year, days.first.month, days.first.day)
    rest = (days.last.year, days.last.month, days.last.day)
    assert tuple(numbers[3:]) == rest[6 - len(numbers) :]


def _number(text: str) -> int:
    if "十" in text:
        return next(number for number in range(1, 100) if numeral(number) == text)
    return int("".join(str(DIGITS.index(char)) if char in DIGITS else char for char in text))


def test_a_day_of_a_program_is_a_day() -> None:
    day = dt.date(2018, 12, 20)
    assert read_date(day) == read_date(dt.datetime(2018, 12, 20, 6)) == day  # noqa: DTZ001
    assert read_date(None) is None
