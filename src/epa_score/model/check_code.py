"""校验码: ten characters that stand for what a result was made of, to be compared with paper.

A code is the beginning of the SHA-256 over content in one form: JSON in UTF-8 with sorted keys and
without blanks, in which points are text without needless zeros. How a file is written has no part
in it, and neither have notes, evidence, dates, and the names of assessors outside a panel.
"""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from json import JSONEncoder
from json.encoder import encode_basestring
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

from epa_score.i18n import plain
from epa_score.values.names import same_name_key
from epa_score.values.points import PLAIN_NUMBER

if TYPE_CHECKING:
    from decimal import Decimal

    from epa_score.model.ranked import Ranked
    from epa_score.model.rubric import Item, Rubric, Section
    from epa_score.model.scope import Scope
    from epa_score.model.sheet import AdjustmentScore, FactNames, Score, ScoreSheet

CODE_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: without I, L, O and U, which are taken for 1, 0 and V on paper."""

_PAIRS = [first + second for first in CODE_LETTERS for second in CODE_LETTERS]
"""Two letters for each ten bits."""

_TEN_BITS = 0x3FF

_encode = JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def code_of(content: object) -> str:
    """The code of some content, which JSON can hold."""
    return _code_of_text(_encode(content))


def _code_of_text(text: str) -> str:
    """The first 50 bits of the SHA-256 of a text, five in a letter."""
    bits = int.from_bytes(sha256(text.encode("utf-8", "surrogatepass")).digest()[:7], "big") >> 6
    return "".join([_PAIRS[bits >> shift & _TEN_BITS] for shift in (40, 30, 20, 10, 0)])


def code_of_scope(rubric: "Rubric", items: Iterable["Item"], homes: Mapping[str, str]) -> str:
    """The code of what a rubric says of the items of one unit: all that points follow from.

    Titles, units, bands and whatever else changes no points have no part in it.
    """
    return code_of(
        {
            "total": plain(rubric.total),
            "decimals": rubric.decimals,
            "step": _number(rubric.step),
            "items": {
                item.id: [plain(item.max), _same_text(item.text), homes[item.id], *_rules(item)]
                for item in items
            },
            "sections": [_section(section) for section in rubric.sections],
            "adjustments": _dump(rubric.adjustments),
            "veto": [_dump(veto) for veto in rubric.veto],
            "panel": _dump(rubric.panel),
        }
    )


def _rules(item: "Item") -> list[Any]:
    units = sorted(map(same_name_key, item.units))
    return [_dump(item.rule), _dump(item.targets), item.not_applicable, *filter(None, [units])]


def _section(section: "Section") -> list[Any]:
    inside = [_section(child) for child in section.sections]
    bounds = [section.pool or False, section.capped, _number(section.floor)]
    return [section.id, plain(section.max), *bounds, inside]


def code_of_rule(item: "Item") -> str:
    """The code of how the points of an item follow from facts; empty where a person gives them.

    That numbers have to be whole refuses slips, and changes the points of no fact.
    """
    if item.rule is None:
        return ""
    return code_of({name: part for name, part in _dump(item.rule).items() if name != "whole"})


def code_of_method(rubric: "Rubric") -> str:
    """The code of how totals are made of the points of items, whatever the items say.

    Totals of two rubrics with the same items are one quantity where their codes are equal.
    """
    panel = rubric.panel
    return code_of(
        {
            "total": plain(rubric.total),
            "sections": [_section(section) for section in rubric.sections],
            "adjustments": _dump(rubric.adjustments),
            "zeroes": [_dump(veto) for veto in rubric.veto if veto.effect == "zero"],
            "panel": panel and [panel.method, panel.by, panel.drop],
        }
    )


def _number(number: "Decimal | None") -> str | None:
    return None if number is None else plain(number)


def _dump(model: Any) -> Any:
    """A part of a rubric in plain values; numbers in it are text without needless zeros."""
    return None if model is None else _plain_numbers(model.model_dump(mode="json"))


def _plain_numbers(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain_numbers(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_plain_numbers(part) for part in value]
    return _same_fact(value) if isinstance(value, str) else value


def lead_of_points(items: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """The items in the order of `code_of_points`, each with what stands before its points."""
    return tuple((item, f'{encode_basestring(item)}:"') for item in sorted(items))


def code_of_points(scope: "Scope", unit: str, period: str | None, points: Mapping[str, str]) -> str:
    """The code of a sheet with plain points for every item, as `code_of_sheet` gives it.

    Hundreds of thousands of sheets are plain, so the JSON is put together by hand.
    """
    given = ",".join([f'{lead}{points[item]}"' for item, lead in scope.point_leads])
    when = "null" if period is None else encode_basestring(period)
    whose = encode_basestring(same_name_key(unit))
    return _code_of_text(f'["{scope.code}",{whose},{when},{{{given}}}]')


def code_of_sheet(scope_code: str, sheet: "ScoreSheet") -> str:
    """The code of a sheet: its unit and period, and all points and facts in it."""
    points: dict[str, Any] = {
        name: None if given is None else plain(given) for name, given in sheet.points.items()
    }
    points |= {name: _facts(points[name], score) for name, score in sheet.with_facts.items()}
    beyond = {
        "adjustments": {
            name: given
            for name, given in map(_adjustment, sheet.adjustments.items())
            if given not in (None, [], "0")
        },
        "veto": {
            name: _same_fact(reason) for name, reason in sheet.veto.items() if reason is not None
        },
    }
    points = {name: given for name, given in points.items() if given}
    points |= {name: given for name, given in beyond.items() if given}
    return code_of([scope_code, same_name_key(sheet.unit), sheet.period, points])


def _adjustment(entry: "tuple[str, FactNames | AdjustmentScore]") -> tuple[str, Any]:
    """The names of facts beside an adjustment, their number, or its points; notes are no part."""
    name, given = entry
    if isinstance(given, tuple):
        return name, sorted(map(_same_fact, given))
    if given.score is not None:
        return name, plain(given.score)
    return name, None if given.value is None else _same_fact(given.value)


def _facts(points: str | None, score: "Score") -> dict[str, Any]:
    """The points and facts of an item of which a sheet says more than points."""
    found = {
        "score": points,
        "facts": _given(score.__pydantic_extra__),
        "measured": _given(score.measured),
        "not_applicable": score.not_applicable and _same_fact(score.not_applicable),
    }
    return {name: value for name, value in found.items() if value}


def _given(facts: Mapping[str, str | None]) -> dict[str, str]:
    return {name: _same_fact(fact) for name, fact in facts.items() if fact is not None}


def _same_fact(text: str) -> str:
    """A fact as it is compared: a number without needless zeros, a text without its blanks."""
    if PLAIN_NUMBER.fullmatch(text):
        whole, point, decimals = text.partition(".")
        return (whole.lstrip("0") or "0") + (point + decimals).rstrip("0").rstrip(".")
    return _same_text(text)


def _same_text(text: str) -> str:
    return "".join(normalize("NFC", text).split())


def code_of_several(codes: Iterable[Sequence[object]]) -> str:
    """The code of a unit that has several sheets, each with whatever sets it apart."""
    return code_of(sorted(codes, key=_encode))


def code_of_ranking(rubric: "Ranked", ties: str, codes: Iterable[str], group: str = "") -> str:
    """The code of a whole ranking: those of its units, and all that ranks and figures follow from.

    ``codes`` are those of the units in any order. Where the rubric has groups, they and the
    ``group`` that is ranked, if it is one, have a part in it.
    """
    groups = {
        name: sorted(map(same_name_key, units)) for name, units in getattr(rubric, "groups", ())
    }
    return code_of(
        ({"group": group, "groups": groups} if groups else {})
        | {
            "units": sorted(codes),
            "ties": ties,
            "tie_break": rubric.tie_break,
            "bands": [_dump(band) for band in rubric.bands],
            "scale": _dump(rubric.scale),
            "rank_points": [plain(points) for points in rubric.rank_points],
        }
    )
