"""Why a text is not read as points, and what to write instead.

Only what is certain is read; this module guesses what was meant, for the message alone. Its
patterns are compiled when they are first used, as few runs need many of them.
"""

import re
import unicodedata
from typing import NamedTuple

_NOT_APPLICABLE = frozenset({"n/a", "na", "/", "-", "--", "不适用", "不参加", "免考", "缺项"})
_NOT_YET = frozenset(
    {"?", "??", "tbd", "todo", "未评", "未评分", "没评", "待评", "待定", "空", "暂缺"}
)
_BOOLEANS = frozenset({"true", "false", "yes", "no", "on", "off", "是", "否", "有", "无"})
_SOME_OR_NONE = frozenset({"没有", "没", "none", "nothing", "无此项", "同上"})
_DENIED = (
    "(?:本年度?|今年|全年|从来?|并|均|都)?(?:没有?|未|无|不|查无)(?:曾|有|见)?"
    "(?:发生|存在|出现|发现)?过?(?:任何)?(?:[此这该]|这么|这样的?|上述|以上|相关|类似的?|任何)?"
    "(?:[类种项起回样件])?(?:事情?|情况|情形|现象|问题|行为|事件)?(?:发生|存在|出现)?过?[。.!！]?"
    "|(?:it )?(?:(?:did|does|has|was|were) ?(?:not|n't) |not |never )(?:have |be |been )?"
    "(?:happen|occur|exist|found|so)(?:e?d|red|s)?[.!]?"
    "|(?:there (?:is|was) )?no such (?:thing|case|fact|event)[.!]?"
    "|nothing (?:happened|of the kind)[.!]?"
)
_COUNTED = (
    "(?:[0-9]{1,9}|[零〇一二两三四五六七八九十百]{1,9})"
    "(?: ?(?:次|个|项|件|起|人|人次|条|篇|家|回|分|x|times?))?"
)
_LOOSE = r"[0-9]{0,9}\.?[0-9]{0,9}"
_UNIT = r"([0-9]{1,9}(?:\.[0-9]{1,9})?) ?(?:分|points?|pts?|点)"
_PERCENT = r"(?:0|[1-9][0-9]{0,8})(?:\.[0-9]{1,9})? ?%"
_NOTATION = r"(?i:[-+.0-9][-+.,:_eExXoObBaAfFnNiI0-9 /%]*|\.(?:nan|inf))"
_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_NUMERAL = (
    "(?:(?:([一二三四五六七八九])?(十))?([一二三四五六七八九])?|([零〇两]))"
    "(?:点([零〇一二三四五六七八九]{1,9}))?"
)
_FIELD = r"(?s:(score|note|evidence)(：|:)\s*(.*))"
_SMALL = "[\u00b2\u00b3\u00b9\u00bc-\u00be\u2070-\u209f\u2150-\u218b\u2460-\u24ff]"
"""Raised, lowered, circled and broken digits, which normal digits beside them would swallow."""
_LONG_DASHES = str.maketrans("—–−。", "---.")


class Misreading(NamedTuple):
    """The kind of diagnostic, in lower case, and its parameters.

    These are ``value``, ``instead`` (what was probably meant, or empty) and ``variant`` (which
    words fit).
    """

    kind: str
    parameters: dict[str, str]


def misreading(value: object) -> Misreading:
    """The reason why a ``value`` is not read as points."""
    if not isinstance(value, str):
        return _no_text(value)
    field = re.fullmatch(_FIELD, value)
    if field is not None and type(value) is str:
        return _field_without_space(field)
    text = "".join(char for char in value if unicodedata.category(char) != "Cf").strip()
    meant = unicodedata.normalize("NFKC", text).translate(_LONG_DASHES)
    instead = "" if re.search(_SMALL, text) else _number(meant)
    if type(value) is not str:
        kind, variant = ("points_quoted", "") if instead else ("points_not_a_number", "")
    elif text != value and instead:
        kind, variant = "points_not_a_number", "hidden"
    elif re.fullmatch(r"-[0-9.]+", meant):
        kind, variant, instead = "points_negative", "", ""
    elif meant != text and instead:
        kind, variant = "points_not_a_number", "fullwidth"
    else:
        kind, variant = _word(meant)
    if instead and not variant:
        variant = "instead"
    if kind == "points_notation" and re.fullmatch(_PERCENT, meant):
        variant = "percent"
    return Misreading(kind, {"value": value, "instead": instead, "variant": variant})


def _no_text(value: object) -> Misreading:
    """The reason for a value that is no text of a file."""
    if value is None:
        return Misreading("empty_field", {})
    if isinstance(value, dict | list | tuple):
        return Misreading("wrong_shape", {"expected": "number"})
    return Misreading("points_not_a_number", {"value": str(value), "instead": "", "variant": ""})


def names_nothing(text: str) -> bool:
    """True for a number, a count, an answer or a denial in place of a name."""
    return is_answer(text) or re.fullmatch(_DENIED, _word_of(text)) is not None


def is_answer(text: str) -> bool:
    """True for a text that is a number, a count or an answer."""
    word = _word_of(text)
    if word in _SOME_OR_NONE or re.fullmatch(_COUNTED, word) is not None:
        return True
    kind, about = misreading(word)
    return kind != "points_not_a_number" or bool(about["variant"])


def _word_of(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().casefold()


def _word(meant: str) -> tuple[str, str]:
    """The kind and variant of something that is no number."""
    word = meant.casefold()
    if word in _NOT_APPLICABLE:
        return "not_applicable", ""
    if word in _NOT_YET:
        return "points_not_a_number", "unscored"
    if word in _BOOLEANS:
        return "points_not_a_number", "boolean"
    return ("points_notation" if re.fullmatch(_NOTATION, meant) else "points_not_a_number"), ""


def _field_without_space(field: re.Match[str]) -> Misreading:
    """``score：6`` or ``score:6`` below an item, which YAML takes for a text."""
    parameters = {"key": field[1], "character": field[2], "instead": f"{field[1]}: {field[3]}"}
    kind = "space_after_colon" if field[2] == ":" else "fullwidth_punctuation"
    return Misreading(kind, parameters)


def _number(text: str) -> str:
    """The plain number that ``text`` surely means, or empty."""
    if match := re.fullmatch(_UNIT, text):
        text = match[1]
    if re.fullmatch(_LOOSE, text) and any(char.isdigit() for char in text):
        whole, _, rest = text.partition(".")
        return (whole.lstrip("0") or "0") + (f".{rest}" if rest else "")
    return _chinese(text.removesuffix("分"))


def _chinese(text: str) -> str:
    """A Chinese numeral below a hundred, with or without decimals, in digits; else empty."""
    numeral = re.fullmatch(_NUMERAL, text)
    if numeral is None:
        return ""
    tens, ten, ones, alone, decimals = numeral.groups(default="")
    if not (ten or ones or alone):
        return ""
    number = (_DIGITS.get(tens, 1) * 10 if ten else 0) + _DIGITS.get(ones or alone, 0)
    return str(number) + (
        f".{''.join(str(_DIGITS[char]) for char in decimals)}" if decimals else ""
    )
