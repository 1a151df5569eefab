"""What number formats show of a day, and of an amount of money."""

from decimal import Decimal

import pytest

from epa_score.readers.excel.number_formats import (
    BUILT_IN_FORMATS,
    shows_exactly,
    shows_moment,
    shows_plainly,
    shows_text,
    shows_whole_day,
)

WHOLE = [
    *("yyyy-mm-dd", "yyyy/m/d;@", "m/d/yy h:mm", "mm-dd-yy", "d-mmm-yy", "YYYY\\-MM\\-DD"),
    *(
        'yyyy"年"m"月"d"日"',
        "yyyy年m月d日",
        "[$-804]yyyy年m月d日 aaaa",
        "[DBNum1][$-804]yyyy年m月d日",
    ),
    *("[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", "[$-zh-CN]yyyy/m/d", "[$-x-sysdate]yyyy/m/d"),
    *("[Red]e-m-d", 'yyyy-m-d"（补）"', "_(yyyy-m-d_)", "* yyyy-m-d", "yyyy/m/d h:mm:ss AM/PM"),
    *(BUILT_IN_FORMATS[number] for number in (14, 15, 22, 30, 31)),
]
PARTLY = [
    *(
        "General",
        "@",
        "0",
        "",
        ";;;",
        "yyyy",
        "yyyy-m",
        "m-d",
        "yyyy-d",
        "h:mm",
        "mm:ss",
        "yyyy d h:mm",
    ),
    *("yyyy d mm:ss", "yyyy-mmmmm-d", "yyyy-m-ddd", "[>1]yyyy-m-d;d", "[h]-yyyy-m-d", "yyyy-m-d 0"),
    *('"2019-"m-d', 'yyyy-m-d"1"', "yyyy-m-d\\1", "ge-m-d", "bbbb-m-d", "[$-130000]yyyy-m-d"),
    *("[$-D07041E]yyyy-m-d", "yyyy-m-d@", "yyyy-m-d General", "z-yyyy-m-d"),
    *(BUILT_IN_FORMATS[number] for number in (16, 17, 18, 27, 28, 32, 34, 57, 58)),
]


@pytest.mark.parametrize("code", WHOLE)
def test_a_format_may_show_the_whole_day(code: str) -> None:
    assert shows_moment(code)
    assert shows_whole_day(code)


@pytest.mark.parametrize("code", PARTLY)
def test_a_format_may_show_something_else(code: str) -> None:
    assert not shows_whole_day(code)


def test_formats_of_days_and_times_without_a_text_are_known() -> None:
    numbers = [*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)]
    assert all(shows_moment(BUILT_IN_FORMATS[number]) for number in numbers)


@pytest.mark.parametrize(
    "code", ["¥0.0", "￥#,##0.00", '"¥"0.0', "$0.0", "0.0€", "[$¥-804]0.0", "[$￥]0.0"]
)
def test_a_sign_of_money_hides_no_digit(code: str) -> None:
    assert shows_exactly(code, Decimal("1.5"))
    assert not shows_exactly(code.replace(".", "").replace("00", "0"), Decimal("1.5"))
    assert not shows_plainly(code, Decimal("1.5"))


def test_points_in_parentheses_are_those_that_are_taken_off() -> None:
    for code in ("(0.0)", "(#,##0.0)"):
        assert not shows_exactly(code, Decimal("1.5"))
    for code in ("0.0_);(0.0)", "_(0.0_)", '0.0"（分）"'):
        assert shows_exactly(code, Decimal("1.5"))


@pytest.mark.parametrize("number", range(5, 9))
def test_money_without_a_text_of_its_own_has_the_digits_of_its_format(number: int) -> None:
    assert shows_exactly(BUILT_IN_FORMATS[number], Decimal("1.5")) == (number > 6)
    assert shows_exactly(BUILT_IN_FORMATS[number], Decimal(2))


@pytest.mark.parametrize("number", range(41, 45))
def test_accounts_without_a_text_of_their_own_show_a_line_for_zero(number: int) -> None:
    assert shows_exactly(BUILT_IN_FORMATS[number], Decimal("1.5")) == (number > 42)
    assert not shows_exactly(BUILT_IN_FORMATS[number], Decimal(0))


@pytest.mark.parametrize(
    "piece", ["[", "[x", "[h", ",", "0,", "m", "h:", '"', "\\", ";", "General"]
)
def test_a_very_long_format_is_looked_at_once(piece: str) -> None:
    code = f"x{piece * (100_000 // len(piece))}"
    assert not shows_plainly(code, Decimal("3.25"))
    assert not shows_exactly(code, Decimal("3.25"))
    assert not shows_whole_day(code)
    assert shows_moment(code) == (piece in ("m", "h:", "[h"))
    assert shows_text(code) == (piece != ";")


def test_thousands_and_their_scaling_are_told_apart() -> None:
    for code in ("#,##0", "#,##0.00", "0,0", "[red]#,##0.0"):
        assert shows_exactly(code, Decimal(3)), code
    for code in ("0,", "#,##0,", "0,.0", "0.0,"):
        assert not shows_exactly(code, Decimal(3)), code
