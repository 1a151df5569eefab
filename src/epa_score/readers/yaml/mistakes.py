"""Mistakes that people make in YAML, found on the raw line.

A YAML parser says "could not find expected ':'" and points one line further down. What people
typed is looked at first; the parser's words come last.
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from epa_score.diagnostics import Finding, Kind, Parameter, Spot
from epa_score.readers.source import split_lines

_ENTRY = re.compile(r"([ ]*)((?:- +)*[\"']?[A-Za-z_][A-Za-z0-9_]*[\"']?)\s*:(?:\s|$)")
_OPENS = re.compile(r"[^#]*:\s*(?:#.*)?$")
_ITEM = re.compile(r"([ ]*)([A-Z][0-9]{1,3})\s*:(?:\s|$)")
_SCORES = re.compile(r"scores\s*:")


def find_item_at_margin(lines: list[str]) -> Finding | None:
    """Find the first item that begins at the margin, and so belongs to no ``scores``."""
    indent = 2
    for number, text in enumerate(lines, 1):
        item = _ITEM.match(text)
        if item is None:
            continue
        if not item[1]:
            spot = Spot(number, 1, len(item[2]) + 1)
            return _report_indentation(text, spot, indent, item[2], "margin")
        indent = len(item[1])
    return None


def find_misaligned(lines: list[str]) -> Finding | None:
    """Find the first entry under no other: deeper than a value, or between two levels."""
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
            return _report_indentation(text, spot, before, entry[2])
        while levels and levels[-1][0] > indent:
            levels.pop()
        if before > indent and (not levels or levels[-1][0] != indent):
            return _report_indentation(text, spot, before, entry[2])
        if levels and levels[-1][0] == indent:
            levels.pop()
        levels.append((indent, bool(_OPENS.match(text))))
    return None


def _report_indentation(text: str, spot: Spot, before: int, key: str, variant: str = "") -> Finding:
    here = len(text) - len(text.lstrip(" "))
    instead = " " * before + text.strip()
    parameters: dict[str, Parameter] = {
        "key": key,
        "before": before,
        "here": here,
        "instead": instead,
    }
    return Finding(Kind.INDENTATION_OFF, spot, parameters, variant)


_TWO_COLONS = re.compile(r"[ ]*(?:- +)*\w+:\s+[^\"'{\[#|>].*?:(?:\s|$)")
_FLOW_COLONS = re.compile(r"[ ]*.*[{,] *[a-z]+: [^\"',}]*?: ")
_DASH = re.compile(r"[ ]*(\w+): +-\s*(?:#|$)")
_OPENING_QUOTE = re.compile(r"(?:[:\[{,]|^[ ]*-) *([\"'])")
_MOST_LINES = 20_000
_MOST = 1000
"""The characters of a line that are looked at: patterns that go back and forth stay quick."""

_RESERVED = tuple("@`%*&!-")

Guess = tuple[Spot, str]
"""The spot of a fault, and the variant of the words that fit."""


def find_failure(lines: list[str], start: int, spot: Spot, problem: str) -> Finding:
    """Find what is known of the place where a YAML parser gave up.

    ``start`` is the line, from 0, of what the parser was reading, ``problem`` its own words.
    """
    parameters: dict[str, Parameter] = {"problem": problem}
    line = lines[spot.line - 1][:_MOST]
    dash = _DASH.match(line)
    if dash is not None:
        return Finding(Kind.YAML_SYNTAX, spot, parameters | {"key": dash[1]}, "dash")
    guesses = (
        *_reserved_start(line, spot),
        *_open_quotes(lines[: spot.line]),
        *_colons_in_text(line, spot.line),
        *_odd_brackets(lines[start][:_MOST], start + 1, line, spot.line),
        (spot, ""),
    )
    where, variant = guesses[0]
    if variant:
        parameters["character"] = lines[where.line - 1][where.column - 1 : where.column]
    return Finding(Kind.YAML_SYNTAX, where, parameters, variant)


def _reserved_start(line: str, spot: Spot) -> Iterator[Guess]:
    """Guess that the value begins with a sign that means something in YAML."""
    for column in (spot.column, spot.column - 1):
        before, character = line[: max(column - 1, 0)].rstrip(" "), line[column - 1 : column]
        if column > 0 and character in _RESERVED and before.endswith((":", ",", "[", "{", "-")):
            yield Spot(spot.line, column, column + 1), "start"


def _open_quotes(lines: list[str]) -> Iterator[Guess]:
    """Guess that a value begins with a quotation mark, and its line has an odd number of them."""
    for number, whole in enumerate(lines[:_MOST_LINES], 1):
        text = whole[:_MOST]
        for opening in _OPENING_QUOTE.finditer(text):
            if text.count(opening[1]) % 2:
                yield Spot(number, opening.end(), opening.end() + 1), "quote"


def _colons_in_text(line: str, number: int) -> Iterator[Guess]:
    """Guess that a text without quotation marks holds a colon."""
    match = _TWO_COLONS.match(line) or _FLOW_COLONS.match(line)
    if match is not None:
        column = line.rindex(":", 0, match.end()) + 1
        yield Spot(number, column, column + 1), "colon"


def _odd_brackets(opening: str, opened_in: int, line: str, number: int) -> Iterator[Guess]:
    """Guess that a bracket is opened and not closed, or the other way round."""
    for opened, closed in ("{}", "[]"):
        if opening.count(opened) > opening.count(closed):
            column = opening.index(opened) + 1
            yield Spot(opened_in, column, column + 1), "bracket"
        if line.count(closed) > line.count(opened):
            column = line.rindex(closed) + 1
            yield Spot(number, column, column + 1), "bracket"


_FIELDS = (
    "adjustments|assessor|at_least|bands|bonus|capped|date|decimals|done|each|effect|evidence|"
    "floor|id|items|lang|level|max|measured|most|name|note|penalty|per_unit|period|points|pool|"
    "rubric|rule|score|scores|sections|step|target|targets|text|tie_break|title|total|unit|units|"
    "value|veto"
)
_NAME = rf"(?:[A-Za-zＡ-Ｚａ-ｚ][0-9０-９]{{1,3}}|{_FIELDS})"
_KEY = rf"[ \u3000]*(?:- +)*(?P<key>{_NAME})"
_FLOW = rf"[ ]*(?:- +)*(?:{_NAME}: *)?[{{\[]"
_FLOW_KEY = rf"{_FLOW}(?:.*?[,，])?? *(?P<key>{_NAME})"
_SPACES = "\xa0\u2000-\u200a\u202f\u205f\u3000"


class Mistake(NamedTuple):
    """A mistake by its look.

    Of what ``form`` matches, the group ``at`` is marked, else the last character; ``key`` is the
    name that it belongs to.
    """

    kind: Kind
    variant: str
    form: re.Pattern[str]


MISTAKES = (
    Mistake(Kind.TAB_INDENTATION, "", re.compile(r" *(?P<at>\t++)(?=\s*[^\s#])")),
    Mistake(
        Kind.FULLWIDTH_PUNCTUATION,
        "blank",
        re.compile(rf"[ ]*(?:{_NAME}:)?(?P<at>[{_SPACES}]++)(?=\s*[^\s#：])"),
    ),
    Mistake(
        Kind.FULLWIDTH_PUNCTUATION,
        "",
        re.compile(rf"(?:{_KEY}|(?P<word>\w{{1,20}}))[ \u3000]*(?P<at>：)"),
    ),
    Mistake(Kind.FULLWIDTH_PUNCTUATION, "flow", re.compile(rf"[ ]*{_NAME}: *(?P<at>[｛［])")),
    Mistake(Kind.FULLWIDTH_PUNCTUATION, "flow", re.compile(rf"{_FLOW_KEY} *(?P<at>：)")),
    Mistake(
        Kind.FULLWIDTH_PUNCTUATION,
        "flow",
        re.compile(rf"{_FLOW}.*?(?P<at>，(?= *{_NAME} *[:：])|[｝］](?=\s*(?:#|$)))"),
    ),
    Mistake(Kind.SPACE_AFTER_COLON, "", re.compile(rf"{_KEY}(?P<at>:)(?=[^\s:])")),
    Mistake(Kind.SPACE_AFTER_COLON, "flow", re.compile(rf"{_FLOW_KEY}(?P<at>:)(?=[^\s:])")),
    Mistake(
        Kind.SPACE_AFTER_COLON,
        "colon",
        re.compile(r"[ ]*(?P<key>[A-Z][0-9]{1,3})(?P<at> )(?= *[0-9.]+\s*(?:#|$))"),
    ),
    Mistake(
        Kind.YAML_SYNTAX, "comma", re.compile(rf"{_FLOW}[^\"'#]*?[^,{{\s](?P<at> ) *{_NAME}: ")
    ),
    Mistake(
        Kind.YAML_SYNTAX,
        "braces",
        re.compile(rf"[ ]*{_NAME}: +[^\s{{\[\"'|>#][^#]*? (?P<at>(?:score|note|evidence)):\s"),
    ),
    Mistake(Kind.KEY_NOT_TEXT, "", re.compile(r"[ ]*(?P<at>:)(?=\s)")),
)
"""Looked for in every line of a file that YAML does not take, or takes for something else."""


_MOST_CHARACTERS = 1000
"""The characters of a line that are searched: patterns that go back and forth stay quick."""


def mistake_findings(text: str) -> list[Finding]:
    """Find the first mistake of every line, else an item that stands outside ``scores``."""
    lines = [line[:_MOST_CHARACTERS] for line in islice(split_lines(text), _MOST_LINES)]
    found = [
        _report_mistake(mistake, number, line, match)
        for number, line in enumerate(lines, 1)
        for mistake, match in [_first_mistake(line)]
        if mistake is not None and match is not None
    ]
    at_margin = None if found else find_item_at_margin(lines)
    return found if at_margin is None else [at_margin]


def syntax_findings(
    text: str, problem: str, failing: tuple[int, int], opening: int
) -> list[Finding]:
    """Find why a file is no YAML: every mistake in it, else what is known of the failing line.

    ``problem`` is the parser's own text, ``failing`` the line and column where it gave up and
    ``opening`` the line of what it was reading then, all from 0.
    """
    found = mistake_findings(text)
    if found:
        return found
    lines = split_lines(text)
    line = min(failing[0], len(lines) - 1)
    column = min(failing[1], len(lines[line]))
    misaligned = find_misaligned(lines[: line + 2])
    if misaligned is not None:
        return [misaligned]
    spot = Spot(line + 1, column + 1, column + 2)
    return [find_failure(lines, min(opening, len(lines) - 1), spot, problem)]


def _first_mistake(line: str) -> tuple[Mistake, re.Match[str]] | tuple[None, None]:
    for mistake in MISTAKES:
        match = mistake.form.match(line)
        if match is not None:
            return mistake, match
    return None, None


def _report_mistake(mistake: Mistake, number: int, line: str, match: re.Match[str]) -> Finding:
    start, end = match.span("at")
    parameters: dict[str, Parameter] = {"character": line[start:end]}
    groups = match.groupdict()
    key = groups.get("key") or groups.get("word")
    if key:
        name = unicodedata.normalize("NFKC", key)
        ends = r"[,，}\]]" if mistake.variant == "flow" else r"\s#"
        value = re.split(ends, line[end:])[0].strip()
        parameters |= {"key": name, "instead": f"{name}: {value}".strip()}
    return Finding(mistake.kind, Spot(number, start + 1, end + 1), parameters, mistake.variant)
