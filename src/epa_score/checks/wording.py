"""What an office would ask about the wording of a rubric's items before it is used.

Nothing of it is wrong: each remark says what the text leaves open, or states without the rubric
saying it too, so that forms could ask for it and points could follow from it.
"""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import pairwise

from epa_score.checks.rubric import all_items
from epa_score.diagnostics import Finding, Kind, Parameter, Place
from epa_score.model import Item, Rubric
from epa_score.values.points import exactly

_NUMBER = r"[0-9]+(?:\.[0-9]+)?"
_OF = (
    "(?:万元|亿元|元|万人|人次|人|名|个百分点|个|家|户|次|期|场|篇|条|项|件|起|台|套|份|亩|公里"
    "|天|日|小时|年|月|种|类|处|幅|块|%|％)"
)
_AT_LEAST = re.compile(
    rf"(?P<above>{_NUMBER})\s*(?P<of>{_OF})[（(]?含?[)）]?(?:[及或]?以上)"
    rf"|(?:不少于|不低于|不得少于|不得低于|至少|最少|达到?|≥|>=)\s*(?P<least>{_NUMBER})\s*(?P<unit>{_OF})"
)
_TO = rf"(?:\s*[-—–~～至到]\s*{_NUMBER})?"
_DEDUCTED = re.compile(
    rf"(?:每[^，。；;,]{{0,24}}?|一(?:人次|[次项人例处起个件篇天日户])[^，。；;,]{{0,6}}?)"
    rf"扣\s*{_NUMBER}{_TO}\s*分"
)
_POINT_BY_POINT = re.compile(
    rf"每(?:低|高|少|下降|上升|降低|超过?|增加|减少)[^，。；;,]{{0,12}}?(?:百分点|%|％)[^，。；;,]{{0,4}}?[扣加减]\s*{_NUMBER}\s*分"
)
_COUNTED = re.compile(rf"每(?:(?!以[上下]|达)[^，。；;,]){{0,24}}?[得加计记]\s*{_NUMBER}\s*分")
_IN_PROPORTION = re.compile("按[^，。；;,]{0,12}?比例[^，。；;,]{0,4}?[得计赋给]分")
_PARTIAL = re.compile(rf"(?<![0-9.第])({_NUMBER})\s*分(?![钟数之类析公米])")
_OF_CHOICE = re.compile(
    "酌情|视情况?|适当(?=[加减扣得])|若干|多种(?:形式|方式|渠道|途径)?|多渠道|多形式|多途径"
    "|原则上|基本(?:到位|完成|达到|符合)|(?:成效|效果|成绩)(?:显著|明显|较好|突出)"
)
_AND_SO_ON = re.compile(
    "、[^，。；;、]{1,20}等(?=[，。；;]|$|[^，。；;]{0,4}(?:资料|材料|档案|证明|手续|记录))"
)
_TWO_READINGS = re.compile(
    "扣完[^，。；;]{0,6}?为止|去掉一?个?最高分|不(?:重复|累计)[加计]分|(?:只|按)[^，。；;]{0,6}最高[^，。；;]{0,4}[加计]分"
)
"""Wordings of docs/readings.md: one item or its section, points or totals, once or each time."""
_FOR_SOME = re.compile("(?:有|具备|符合)条件的")
_FOR_EACH = re.compile(
    rf"每个?(?:行政村|贫困村|村|乡镇|乡|镇|社区|户|站|单位)[^，。；;,]{{0,16}}?{_NUMBER}\s*{_OF}"
)

_Remark = Callable[[Item], Iterator[tuple[Kind, str, dict[str, Parameter]]]]


def remarks_on_wording(rubric: Rubric) -> Iterator[Finding]:
    """What the wordings of items leave open, at each of them."""
    remarks = _REMARKS if _chooses_reading(rubric) else (*_REMARKS, _has_two_readings)
    with exactly():
        for keys, item in all_items(rubric):
            for remark in remarks:
                for kind, variant, about in remark(item):
                    place = Place((*keys, "text"))
                    yield Finding(kind, place, {"item": item.id, **about}, variant)


def _states_numbers(item: Item) -> Iterator[tuple[Kind, str, dict[str, Parameter]]]:
    """Numbers that are required, which forms could ask for beside the points."""
    found = list(_AT_LEAST.finditer(item.text))
    is_by_points = _PARTIAL.search(item.text) is not None
    if item.rule is not None or item.targets is not None or not found or is_by_points:
        return
    which = "any" if "或者" in item.text or "或" in _between(found, item.text) else "all"
    numbers = tuple(match[0] for match in found)
    first = found[0]
    about: dict[str, Parameter] = {
        "numbers": numbers,
        "which": which,
        "number": first["above"] or first["least"],
        "unit": _unit(first["of"] or first["unit"]),
    }
    yield Kind.NUMBER_IN_TEXT, "", about


def _unit(text: str) -> str:
    return '"%"' if text in "%％" else text


def _between(found: list[re.Match[str]], text: str) -> str:
    """The texts between numbers, without the or of 或以上."""
    return "".join(text[before.end() : after.start()] for before, after in pairwise(found))


def _states_rules(item: Item) -> Iterator[tuple[Kind, str, dict[str, Parameter]]]:
    """Rules that points could follow from."""
    if item.rule is not None:
        return
    for variant, pattern in _RULES.items():
        found = pattern.search(item.text)
        if found is not None:
            yield Kind.RULE_IN_TEXT, variant, {"found": found[0]}
            return
    numbers = [Decimal(number) for number in _PARTIAL.findall(item.text)]
    if not numbers or numbers == [item.max]:
        return
    texts = tuple(match[0] for match in _PARTIAL.finditer(item.text))
    added = sum(numbers, Decimal(0))
    about: dict[str, Parameter] = {"cap": item.max, "added": added, "found": texts}
    if added == item.max:
        yield Kind.PARTS_IN_TEXT, "", about
    elif len(numbers) > 1 and max(numbers) == item.max:
        yield Kind.RULE_IN_TEXT, "brackets", about | {"found": "、".join(texts)}
    else:
        yield Kind.PARTS_IN_TEXT, "off", about


_RULES = {
    "target": _POINT_BY_POINT,
    "": _DEDUCTED,
    "count": _COUNTED,
    "ratio": _IN_PROPORTION,
}
"""Wordings of rules, by the variant of the remark, in the order in which they are sought."""


def _leaves_open(item: Item) -> Iterator[tuple[Kind, str, dict[str, Parameter]]]:
    """Words of which two assessors may have two readings."""
    if item.rule is not None:
        return
    words = [*_OF_CHOICE.findall(item.text), *("等" for _ in _AND_SO_ON.finditer(item.text))]
    if words:
        yield Kind.WORDING_OPEN, "", {"words": tuple(dict.fromkeys(words))}


def _is_for_some(item: Item) -> Iterator[tuple[Kind, str, dict[str, Parameter]]]:
    """An item for those alone who can: what it is for the others is not said."""
    found = _FOR_SOME.search(item.text)
    if found is not None and item.not_applicable is None and not item.units:
        yield Kind.WORDING_OPEN, "some", {"words": (found[0],)}


def _is_for_each(item: Item) -> Iterator[tuple[Kind, str, dict[str, Parameter]]]:
    """A number for each village or household: what some of them make up is not said."""
    found = _FOR_EACH.search(item.text)
    if found is not None and item.rule is None and item.targets is None:
        yield Kind.WORDING_OPEN, "each", {"words": (found[0],)}


def _chooses_reading(rubric: Rubric) -> bool:
    """True where a rubric has a setting for one of the readings: its author knows of both."""
    is_pool = any(section.pool is not None for section in rubric.all_sections)
    return is_pool or rubric.panel is not None or rubric.adjustments is not None


def _has_two_readings(item: Item) -> Iterator[tuple[Kind, str, dict[str, Parameter]]]:
    """Words that say how points are combined, and can be taken in two ways."""
    words = tuple(dict.fromkeys(match[0] for match in _TWO_READINGS.finditer(item.text)))
    if words and item.rule is None:
        yield Kind.WORDING_OPEN, "readings", {"words": words}


_REMARKS: tuple[_Remark, ...] = (
    _states_numbers,
    _states_rules,
    _leaves_open,
    _is_for_some,
    _is_for_each,
)
