"""Lines that begin with too many or too few spaces."""

import re

from epa_score.diagnostics import Finding, Kind, Parameter, Spot

_ENTRY = re.compile(r"([ ]*)((?:- +)*[\"']?[A-Za-z_][A-Za-z0-9_]*[\"']?)\s*:(?:\s|$)")
_OPENS = re.compile(r"[^#]*:\s*(?:#.*)?$")
_ITEM = re.compile(r"([ ]*)([A-Z][0-9]{1,3})\s*:(?:\s|$)")
_SCORES = re.compile(r"scores\s*:")


def item_at_margin(lines: list[str]) -> Finding | None:
    """The first item that begins at the margin, and so belongs to no ``scores``."""
    indent = 2
    for number, text in enumerate(lines, 1):
        item = _ITEM.match(text)
        if item is None:
            continue
        if not item[1]:
            return _off(text, Spot(number, 1, len(item[2]) + 1), indent, item[2], "margin")
        indent = len(item[1])
    return None


def misaligned(lines: list[str]) -> Finding | None:
    """The first entry that stands under no other: deeper than a value, or between two levels."""
    levels: list[tuple[int, bool]] = []
    for number, text in enumerate(lines, 1):
        entry = _ENTRY.match(text)
        if entry is None:
            continue
        indent = len(entry[1])
        spot = Spot(number, 1, max(indent, 1) + 1)
        before, opened = levels[-1] if levels else (0, True)
        if indent > before and not opened:
            if _ITEM.match(text) and not any(_SCORES.match(line) for line in lines):
                return Finding(Kind.MISSING_FIELD, spot, {"field": "scores"}, "scores")
            return _off(text, spot, before, entry[2])
        while levels and levels[-1][0] > indent:
            levels.pop()
        if before > indent and (not levels or levels[-1][0] != indent):
            return _off(text, spot, before, entry[2])
        if levels and levels[-1][0] == indent:
            levels.pop()
        levels.append((indent, bool(_OPENS.match(text))))
    return None


def _off(text: str, spot: Spot, before: int, key: str, variant: str = "") -> Finding:
    here = len(text) - len(text.lstrip(" "))
    instead = " " * before + text.strip()
    parameters: dict[str, Parameter] = {
        "key": key,
        "before": before,
        "here": here,
        "instead": instead,
    }
    return Finding(Kind.INDENTATION_OFF, spot, parameters, variant)
