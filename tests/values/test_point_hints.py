"""What was probably meant by points that cannot be read: said in the message, never scored."""

import re
from itertools import product
from typing import NamedTuple

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from epa_score.diagnostics import Kind
from epa_score.model import QuotedText
from epa_score.values.point_hints import misreading, names_nothing

PLAIN = re.compile(r"(0|[1-9][0-9]*)(\.[0-9]+)?")
DIGITS = "零一二三四五六七八九"
"""The Chinese digits in the order of their values."""


class Reading(NamedTuple):
    """What is said of a text: the kind, the number that was probably meant, which words fit."""

    kind: str
    instead: str = ""
    variant: str = ""


def reading(value: object) -> Reading:
    kind, parameters = misreading(value)
    return Reading(kind, parameters["instead"], parameters["variant"])


def spelled(number: int) -> set[str]:
    """Every way in which people write a whole number below a hundred."""
    tens, ones = divmod(number, 10)
    if not tens:
        return {DIGITS[ones]} | ({"两"} if ones == 2 else {"〇"} if not ones else set())
    end = "十" + (DIGITS[ones] if ones else "")
    return {DIGITS[tens] + end} | ({end} if tens == 1 else set())


def pairs(text: str) -> list[tuple[str, str]]:
    """Texts with the numbers that were meant: ``2分 > 2; 3点 > 3``."""
    return [
        (one, number) for one, _, number in (pair.partition(" > ") for pair in text.split("; "))
    ]


def listed(text: str) -> list[str]:
    """The words of a text."""
    return text.split()


MEANT = pairs(
    "2分 > 2; 2.5分 > 2.5; 2 分 > 2; 3点 > 3; 3 points > 3; 3pts > 3; 0.50分 > 0.50; 八 > 8; "
    "八分 > 8; 十五 > 15; 两分 > 2; 〇 > 0; 八点五 > 8.5; 二十点二五分 > 20.25; 零点五 > 0.5; "
    "九十九 > 99"
)
LOOSE = pairs("010 > 10; 06 > 6; 00 > 0; 5. > 5; .5 > 0.5; 007.50 > 7.50")
WIDE = pairs("８ > 8; １．５ > 1.5; 1．5 > 1.5; ８分 > 8; 1。5 > 1.5; 𝟖 > 8; １０ > 10; ㊇ > 8")
HIDDEN = pairs("8\u200b > 8; \ufeff8 > 8; \xa08 > 8; 8\u3000 > 8; ８\u200d > 8; 八\xad分 > 8")
NOTATIONS = [
    *listed("0o17 0x1F 0b11 1_000 1e1 1E1 +3 1:30 .nan .inf -.inf 1,5 1，5 8/10 1-2 3+2"),
    *listed(".. 1.2.3 5,000 8² 2① ⁸ ⑧ 8₂"),
    *["3 4", "9" * 5000],
]
NOTHING_KNOWN = [
    *listed("½ 1½ Ⅷ ٣ H₂ 满分 8分半 一百 百 二百五 5（缺照片） 八分之一 点五 八点 八点点 十十"),
    *listed("五六 五六十 十五六 两十 十两 良好 分 8个 ~8 ㈧"),
    *["", "8\n9"],
]
NOT_APPLICABLE = listed("n/a N/A NA / - -- — 不适用 不参加 免考 缺项 ／")
NOT_YET = listed("? ？ ?? TBD todo 未评 未评分 没评 待评 待定 空 暂缺")
YES_OR_NO = listed("true True FALSE yes No on OFF 是 否 有 无")
NEGATIVE = listed("-1 -0.5 -0 －１ —1 −1 –1")


@pytest.mark.parametrize(("text", "number"), MEANT)
def test_the_number_that_was_meant_is_proposed(text: str, number: str) -> None:
    assert reading(text) == ("points_not_a_number", number, "instead")


@pytest.mark.parametrize(("text", "number"), LOOSE)
def test_a_zero_or_a_point_too_many_has_two_readings_of_which_one_is_proposed(
    text: str, number: str
) -> None:
    assert reading(text) == ("points_notation", number, "instead")


@pytest.mark.parametrize(("text", "number"), WIDE)
def test_wide_and_fancy_digits_are_told_from_plain_ones(text: str, number: str) -> None:
    assert reading(text) == ("points_not_a_number", number, "fullwidth")


@pytest.mark.parametrize(("text", "number"), HIDDEN, ids=ascii)
def test_a_number_with_something_invisible_says_so(text: str, number: str) -> None:
    assert reading(text) == ("points_not_a_number", number, "hidden")


@pytest.mark.parametrize("text", NOTATIONS)
def test_notations_with_several_readings_get_no_proposal(text: str) -> None:
    assert reading(text) == Reading("points_notation")


@pytest.mark.parametrize("text", ["8%", "８％", "87.5 %", "0%"])
def test_percents_have_words_of_their_own_and_no_proposal(text: str) -> None:
    assert reading(text) == Reading("points_notation", variant="percent")


@pytest.mark.parametrize("text", ["08%", "8%%", "%", "8.%", "5-8%"])
def test_what_is_no_plain_percent_has_the_words_of_other_notations(text: str) -> None:
    assert reading(text).variant == ""


@pytest.mark.parametrize("text", NOTHING_KNOWN)
def test_what_nobody_can_be_sure_of_gets_no_proposal(text: str) -> None:
    assert reading(text) == Reading("points_not_a_number")


@pytest.mark.parametrize("text", NOT_APPLICABLE)
def test_not_applicable_is_not_zero_and_not_unscored(text: str) -> None:
    assert reading(text) == Reading("not_applicable")


@pytest.mark.parametrize("text", NOT_YET)
def test_not_yet_scored_should_be_left_empty(text: str) -> None:
    assert reading(text) == ("points_not_a_number", "", "unscored")


@pytest.mark.parametrize("text", YES_OR_NO)
def test_yes_and_no_are_no_points(text: str) -> None:
    assert reading(text) == ("points_not_a_number", "", "boolean")


@pytest.mark.parametrize("text", NEGATIVE)
def test_negative_points_get_no_proposal(text: str) -> None:
    assert reading(text) == Reading("points_negative")


@pytest.mark.parametrize("text", ["3", "2.5", "８", "八分", " 3 ", "3\n"])
def test_a_number_in_quotes_is_proposed_without_them(text: str) -> None:
    kind, instead, variant = reading(QuotedText(text))
    assert (kind, variant) == ("points_quoted", "instead")
    assert PLAIN.fullmatch(instead)


@pytest.mark.parametrize("text", ["", "良好", "-1", "1e1", "true", "不适用", "score: 6"])
def test_other_text_in_quotes_is_no_number(text: str) -> None:
    assert reading(QuotedText(text)) == Reading("points_not_a_number")


@pytest.mark.parametrize(
    ("text", "kind", "instead"),
    [
        ("score：6", "fullwidth_punctuation", "score: 6"),
        ("score:6", "space_after_colon", "score: 6"),
        ("note： 缺照片", "fullwidth_punctuation", "note: 缺照片"),
        ("evidence:照片", "space_after_colon", "evidence: 照片"),
    ],
)
def test_a_field_whose_colon_is_wrong_is_no_number(text: str, kind: str, instead: str) -> None:
    key, character, _ = re.split("([:：])", text, maxsplit=1)
    assert misreading(text) == (kind, {"key": key, "character": character, "instead": instead})


def test_lists_and_mappings_are_of_the_wrong_shape() -> None:
    assert [misreading(value)[0] for value in (["3"], {"3": "3"}, ("3",))] == ["wrong_shape"] * 3


def test_values_of_other_types_are_no_numbers() -> None:
    assert reading(0.5) == Reading("points_not_a_number")
    assert misreading(True)[1]["value"] == "True"


@pytest.mark.parametrize("number", range(100))
def test_every_chinese_numeral_below_a_hundred_is_understood(number: int) -> None:
    for text in spelled(number):
        assert reading(text).instead == reading(f"{text}分").instead == str(number)
        assert reading(f"{text}点二五").instead == f"{number}.25"


def test_nothing_else_is_taken_for_a_chinese_numeral() -> None:
    numbers = {text: str(number) for number in range(100) for text in spelled(number)}
    texts = ["".join(them) for size in (1, 2, 3) for them in product("零〇一两八十百", repeat=size)]
    assert len(texts) == 7 + 7**2 + 7**3
    proposed = {text: reading(text).instead for text in texts}
    assert proposed == {text: numbers.get(text, "") for text in texts}


@given(st.text(st.sampled_from("零一二三四五六七八九十百千万两〇点分半"), max_size=6))
@example("九十九点九九分")
def test_no_chinese_numeral_is_taken_for_more_than_99(text: str) -> None:
    instead = reading(text).instead
    assert not instead or float(instead) < 100


@given(
    st.text(max_size=8)
    | st.text(st.sampled_from("0123456789.-+_eEx:,/% 分点八十两８．。½²\u200b\xa0"), max_size=8)
)
@example("score:")
def test_whatever_is_proposed_can_be_written(text: str) -> None:
    kind, parameters = misreading(text)
    assert kind.upper() in Kind.__members__
    if kind.startswith("points") or kind == "not_applicable":
        assert parameters["value"] == text
        assert not parameters["instead"] or PLAIN.fullmatch(parameters["instead"])


DENIALS = [
    *listed("没有发生 未发生 没有这种情况 不存在 没有此事 没有发生过 未曾发生 从未发生 没有这回事"),
    *listed("没这事 查无此事 没有上述情况 未发现问题 无此类情况 全年未发生 没有任何问题 没有。"),
    *("none", "did not happen", "didn't happen", "Never happened", "no such thing"),
    *("has not happened", "not happened", "nothing happened", "there was no such case"),
]
FACTS = [
    *listed(
        "没有台账 未按时发放补贴 无人机大赛 不作为 未公开 无证经营 不存在违规但有投诉 今年现场会"
    ),
    *listed("全年迟报 发现问题 发生火灾 从业人员大赛 都市报"),
    *("not on time", "never reported", "no plan"),
]


@pytest.mark.parametrize("text", DENIALS)
def test_a_denial_names_no_fact(text: str) -> None:
    assert names_nothing(text)


@pytest.mark.parametrize("text", FACTS)
def test_a_fact_that_something_is_missing_is_no_denial(text: str) -> None:
    assert not names_nothing(text)


@pytest.mark.parametrize("text", ["50%", "５０％", "12.5 %"])
def test_a_percentage_is_told_apart_unless_it_is_quoted(text: str) -> None:
    assert reading(text) == Reading("points_notation", variant="percent")
    assert reading(QuotedText(text)) == Reading("points_not_a_number")


def test_points_that_are_left_out_are_an_empty_field() -> None:
    assert misreading(None) == ("empty_field", {})
