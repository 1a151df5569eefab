"""What happened: names of facts beside adjustments, and reasons of vetoes.

Both are affirmative: they say that something was so. What surely is no part of a name is cut. What
may deny it, what points elsewhere and what may be several facts is refused, and the message tells
how to write it (decision: facts-are-affirmative).
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Annotated, Literal

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from epa_score.diagnostics.terminal_text import hides_nothing, is_hidden
from epa_score.values.fields import Text
from epa_score.values.names import refuse_hidden

# Patterns are compiled where they are needed first: most sheets name no fact.

_NARROW = str.maketrans(
    "０１２３４５６７８９．（）［］【】：－＊／｜，；", "0123456789.()[][]:-*/|,;"
)
"""Signs in one width each, so that places in a text stay what they are."""
_HAN = "\u3400-\u9fff\uf900-\ufaff"
_NUMERAL = "[一二三四五六七八九十]"
_CIRCLED = "[①-⒛㈠-㈩❶-❿⓫-⓴⓵-⓾㊀-㊉]"
_NUMBERED = "(?![号期楼层组区级类队])"
"""Behind a number in brackets: with one of these it is a name, as in ①号楼."""
_LIST_NUMBER = (
    rf"[0-9]{{1,2}}(?:\.[0-9]{{1,2}})* ?(?:[、.。:](?![0-9])|\)|[、.:](?=(?:19|20)[0-9]{{2}}年)"
    rf"|\.(?=1?[0-9]月))"
    rf"|{_NUMERAL}{{1,3}}[、.:)](?!{_NUMERAL})"
    rf"|[(\[](?:[0-9]{{1,2}}|{_NUMERAL}{{1,3}})[)\]]{_NUMBERED}"
    rf"|\(?[A-Za-z]\){_NUMBERED}|[Ⅰ-Ⅻⅰ-ⅻ]{{1,2}}[、.:)]"
    rf"|{_CIRCLED}{_NUMBERED}"
    r"|[-*·・•●■◆◇▪○◎▲▶►➤★☆※√✓✔☑–—]+"
)
_SECOND = rf"(?<=[\s{_HAN}])[0-9]{{1,2}}[.、](?![0-9])(?=.)|(?<=.){_CIRCLED}{_NUMBERED}(?=.)"
"""A list number inside a text, whatever it begins with."""
_SECOND_OF_LIST = (
    rf"(?<=[\s{_HAN}])[0-9]{{1,2}}\)(?=.)|(?<=.)\((?:[0-9]{{1,2}}|{_NUMERAL}{{1,3}})\){_NUMBERED}"
    r"(?=.)|(?<=\s)\(?[A-Za-z]\)(?=.)|\s[-*·•●]\s"
)
"""A list number inside a text that begins with one."""
_SEPARATOR = (
    rf"[、，；;\t\n\r]|,(?!(?<=[0-9],)[0-9]{{3}}(?![0-9]))|。(?=.)"
    rf"|(?<=[{_HAN}])\s*[/|]\s*(?=[{_HAN}])"
)
"""Signs that people write between several names; a comma of thousands is none."""
_QUOTED = '“[^“”]+”|「[^「」]+」|『[^『』]+』|《[^《》]+》|〈[^〈〉]+〉|"[^"]+"|＂[^＂]+＂'
"""A name in quotes: what stands in there neither denies anything nor separates names."""

_DENIED = (
    "[无無未没沒不非暂暫尚×✗✘☒□☐]"
    r"|(?:no(?!\.? ?[0-9])|not|none|never|nil|nothing|nobody|neither|nor|without|n/?a|n\.a\.)"
    "(?![a-z0-9])"
    "|(?:there (?:is|are|was|were|has been|have been)|(?:we |it )?(?:had|has|have|did|does|was"
    "|were|is)) (?:no|not|never)(?![a-z])"
    "|(?:did|has|had|was|were|is|does)n't(?![a-z])"
    "|(?:zero|零|0) ?(?:accident|case|incident|complaint|起|件|次|例|宗|事故|投诉|举报|发生|伤亡"
    "|违规|违纪|通报|上访|信访|事件)"
)
_KINDS = (
    "(?:事情?|情况|情形|现象|问题|行为|事件|事故|伤亡|隐患|表彰|奖励|奖项|荣誉|投诉|举报|通报|批评"
    "|处分|处罚|违纪|违规|违法|上访|信访)"
)
_ACTS = "(?:发生|存在|出现|发现|涉及|获得?|受到?|接到)"
_DENIED_AS_A_WHOLE = (
    "(?:[我本该全今当各]?(?:单位|乡镇|乡|镇|县|局|办|村|社区|年度?|季度?|月度?|考核期|期)内?"
    "|截[至止](?:目前|今)|以来|迄今|至今|目前|安全(?:生产)?|均|都|从来?|并|皆|也|仍|还){0,4}"
    f"(?:[无無未没沒不暂暫尚]{{1,2}}|从未)(?:曾|有|见|再)?{_ACTS}?过?"
    "(?:任何|一起|此类|该类|上述|以上|相关|类似|重大|安全|生产|责任|群体性?){0,4}"
    f"{_KINDS}{{0,3}}(?:发生)?"
    "|.*[:： ] ?(?:[无無否]|没有|暂无|未发生|nil|none|no|n/a)"
    "|.*(?:(?<![0-9.])0|零) ?[次件起个项例人宗]"
    "|(?:no|nil|none|never|nothing|not applicable)"
    "(?: (?:accidents?|incidents?|cases?|awards?|this year))?"
)
_SAYS_NOTHING = (
    "空白?|略|x+|待[补填核查报评定].{0,3}|[是有]的|属实|成立|符合|ok"
    "|(?:已|已经|曾)?(?:发生|出现|存在)[过了]?"
)
_ELSEWHERE = (
    "请?(?:详见|参见|另见|另附|后附|附后)|(?:材料|证书|文件|证明|佐证|名单|清单)+(?:附后|另附)"
    "|请?见 ?(?:附|后|下|上|前|表|另|图|注|页|第|《|[a-z0-9]|备注|说明|材料|证[明书]|佐证|清单"
    "|名单|文件|档案|通报|报告)"
    "|如?附[件表页录图] ?[0-9一二三四五六七八九十]*$"
    "|同[上前左下](?!级)|如[上前下](?:所?述|$)|上同|同 ?[a-z][0-9]{1,3}$"
    r"|(?:please )?(?:see|refer to|cf\.?|as per) (?:the )?(?:annex|appendi|attach|enclos|above"
    "|below|note|file|list|page|item|sheet|document|evidence|report|row|column|[a-z]?[0-9])"
    "|(?:the )?(?:annex|appendix|attachment)(?: [a-z]?[0-9]*)?$|(?:attached|enclosed)$"
    "|(?:the )?(?:same )?as (?:above|before)|ditto|ibid"
)
_DIGITS = "(?:[2-9]|[1-9][0-9]{1,3})"
_NUMERALS = "[两二三四五六七八九几数多]|[二三四五六七八九]?十[一二三四五六七八九]?"
_NO_ORDINAL = "(?<![第前0-9.一二三四五六七八九十百])"
_COUNT = (
    f"{_NO_ORDINAL}(?:[共计达]|合计|累计)? ?(?:{_DIGITS}|{_NUMERALS}) ?[余多]?[次起件项例宗回]$"
    f"|^(?:[共计]|合计|累计|全年|今年)? ?(?:{_DIGITS}|[两几数多]|若干) ?[余多]?[次起件例宗]"
    "|各 ?[1一] ?[次起件项例宗回]$"
    f"|(?<![a-z])[×✕*x] ?{_DIGITS}$"
    f"|(?<![a-z0-9])(?:twice|(?<![0-9.]){_DIGITS} (?:times|cases|incidents|complaints))$"
    f"|^{_DIGITS} (?:times|cases|incidents|complaints)(?![a-z])"
)
"""How often something was so, at the end of a text or at its beginning."""
_POINTS = (
    "(?:[加扣减得记计共+-]|加上|扣除)? ?[0-9]{1,3}(?:[.][0-9]{1,2})? ?分$"
    "|(?:plus|minus|[+-])? ?[0-9]{1,3}(?:[.][0-9]{1,2})? (?:points?|pts?)$"
)
"""Points at the end of a text."""
_AROUND = "ZPS"
"""Categories of what may stand around a word without changing it: blanks, punctuation, signs."""
_LAST = "；;，,、。 \t\u3000"
"""Signs at the end of a line of a list."""


def read_fact_name(text: str) -> str:
    """The name of a fact in NFC, without the number that it has in a list.

    Raises a `PydanticCustomError` for hidden characters, for a text that names nothing, that denies
    something or that points elsewhere, and for what may be several facts: one could not be told
    from another.
    """
    written = unicodedata.normalize("NFC", text).strip()
    name = without_list_number(written).rstrip(_LAST)
    found = _separators(name, is_numbered=name != written)
    if not found:
        refuse_hidden(name, "fact_name_characters")
    _refuse_what_names_nothing(name, written, "fact_without_name")
    if found:
        parts, separator = _parts_between(name, found), name[slice(*found[0])]
        kind = "facts_in_one_name"
        about = {
            "value": name,
            "separator": separator.strip() or separator,
            "apart": ", ".join(parts),
            "quoted": _in_quotes(" ".join(name.split())),
        }
        raise PydanticCustomError(kind, "name", about)
    _refuse_figures(name)
    return name


def read_reason(text: str) -> str:
    """The reason of a veto in NFC, without the number that it has in a list.

    Raises a `PydanticCustomError` for a text that says nothing, that denies something or that
    points elsewhere: a veto has a reason.
    """
    written = unicodedata.normalize("NFC", text).strip()
    first, *others = written.splitlines() or [""]
    cut = without_list_number(first)
    _refuse_what_names_nothing(cut, first, "veto_without_reason")
    return written if others else cut


FactName = Annotated[Text, AfterValidator(read_fact_name)]
"""The name of a fact that counts once."""

VetoReason = Annotated[Text, AfterValidator(read_reason)]
"""The reason of a veto that holds: what happened."""


def names_of_cell(text: str) -> Iterator[str]:
    """The names of facts in a cell, one in a line, as they were written."""
    return filter(None, map(str.strip, text.split("\n")))


def without_list_number(text: str) -> str:
    """A text without the numbers and dots of a list at its beginning; all of it may be one."""
    number, plain, start = re.compile(rf"(?:{_LIST_NUMBER})\s*"), text.translate(_NARROW), 0
    while found := number.match(plain, start):
        start = found.end()
    return text[start:]


def _refuse_figures(name: str) -> None:
    """Refuse a name that says how often something was so, or what it is worth: it counts once."""
    bare = _word_of(_without_signs(_with_quotes_filled(name)))
    for variant, pattern in (("count", _COUNT), ("points", _POINTS)):
        if found := re.search(pattern, bare):
            kind = "facts_in_one_name"
            about = {"value": name, "separator": found[0].strip(), "quoted": _in_quotes(name)}
            raise PydanticCustomError(kind, "name", about | {"variant": variant})


_Nameless = Literal["fact_without_name", "veto_without_reason"]


def _refuse_what_names_nothing(text: str, written: str, nameless: _Nameless) -> None:
    """Refuse a ``text`` that does not say that something was so; ``written`` is what stands there.

    What begins like a denial and stands in quotes is a name.
    """
    from epa_score.values.point_hints import names_nothing  # noqa: PLC0415 -- most sheets name no fact

    bare = _word_of(_without_signs(text))
    begins = _word_of(_with_quotes_filled(text)).lstrip("([【")
    about = {"value": written}
    is_word = any(char.isalnum() and char != "〇" for char in bare) and not _is_a_letter(bare)
    says_nothing = names_nothing(bare) or re.fullmatch(_SAYS_NOTHING, bare)
    if not is_word or says_nothing or re.fullmatch(_DENIED_AS_A_WHOLE, bare):
        raise PydanticCustomError(nameless, "name", about)
    if re.match(_ELSEWHERE, bare):
        kind = "fact_elsewhere"
        raise PydanticCustomError(kind, "name", about)
    if re.match(_DENIED, begins):
        kind = "fact_denied"
        raise PydanticCustomError(kind, "name", about | {"quoted": _in_quotes(text)})


def _word_of(text: str) -> str:
    word = unicodedata.normalize("NFKC", text).strip().casefold()
    return word if hides_nothing(word) else "".join(char for char in word if not is_hidden(char))


def _in_quotes(text: str) -> str:
    return f"「{text}」" if {"「", "」"}.isdisjoint(text) else f"『{text}』"


def _without_signs(text: str) -> str:
    """A text without blanks, punctuation and signs at its ends."""
    inner = [
        place for place, char in enumerate(text) if unicodedata.category(char)[0] not in _AROUND
    ]
    return text[inner[0] : inner[-1] + 1] if inner else ""


def _is_a_letter(text: str) -> bool:
    return len(text) == 1 and text.isalpha() and re.match(f"[{_HAN}]", text) is None


def _with_quotes_filled(text: str) -> str:
    """A text in which what stands in quotes is neither a denial nor a sign."""
    return re.sub(_QUOTED, lambda quoted: "字" * len(quoted[0]), text)


def _separators(name: str, *, is_numbered: bool) -> list[tuple[int, int]]:
    """Where signs stand that may separate facts, and second numbers of a list."""
    pattern = "|".join((_SECOND, *([_SECOND_OF_LIST] if is_numbered else []), _SEPARATOR))
    plain = _with_quotes_filled(name).translate(_NARROW)
    return [found.span() for found in re.finditer(pattern, plain)]


def _parts_between(text: str, places: Iterable[tuple[int, int]]) -> list[str]:
    """The parts of a text between such places, as far as there is something."""
    ends = [0, *(place for span in places for place in span), len(text)]
    parts = (text[start:end].strip() for start, end in zip(ends[::2], ends[1::2], strict=True))
    return list(filter(None, map(without_list_number, parts)))
