"""Values that YAML cannot read: quotation marks, brackets and colons that do not fit."""

import re
from collections.abc import Iterator

from epa_score.diagnostics import Finding, Kind, Parameter, Spot

_TWO_COLONS = re.compile(r"[ ]*(?:- +)*\w+:\s+[^\"'{\[#|>].*?:(?:\s|$)")
_FLOW_COLONS = re.compile(r"[ ]*.*[{,] *[a-z]+: [^\"',}]*?: ")
_DASH = re.compile(r"[ ]*(\w+): +-\s*(?:#|$)")
_OPENING_QUOTE = re.compile(r"(?:[:\[{,]|^[ ]*-) *([\"'])")
_MOST_LINES = 20_000
_MOST = 1000
"""How much of a line is looked at: patterns that go back and forth stay quick."""

_RESERVED = tuple("@`%*&!-")

Guess = tuple[Spot, str]
"""Where something is wrong, and which words fit."""


def failing_value(lines: list[str], start: int, spot: Spot, problem: str) -> Finding:
    """What is known of the place where a YAML parser gave up.

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
    """The value begins with a sign that means something in YAML."""
    for column in (spot.column, spot.column - 1):
        before, character = line[: max(column - 1, 0)].rstrip(" "), line[column - 1 : column]
        if column > 0 and character in _RESERVED and before.endswith((":", ",", "[", "{", "-")):
            yield Spot(spot.line, column, column + 1), "start"


def _open_quotes(lines: list[str]) -> Iterator[Guess]:
    """A value begins with a quotation mark, and its line has an odd number of them."""
    for number, whole in enumerate(lines[:_MOST_LINES], 1):
        text = whole[:_MOST]
        for opening in _OPENING_QUOTE.finditer(text):
            if text.count(opening[1]) % 2:
                yield Spot(number, opening.end(), opening.end() + 1), "quote"


def _colons_in_text(line: str, number: int) -> Iterator[Guess]:
    """A text without quotation marks holds a colon."""
    match = _TWO_COLONS.match(line) or _FLOW_COLONS.match(line)
    if match is not None:
        column = line.rindex(":", 0, match.end()) + 1
        yield Spot(number, column, column + 1), "colon"


def _odd_brackets(opening: str, opened_in: int, line: str, number: int) -> Iterator[Guess]:
    """A bracket is opened and not closed, or the other way round."""
    for opened, closed in ("{}", "[]"):
        if opening.count(opened) > opening.count(closed):
            column = opening.index(opened) + 1
            yield Spot(opened_in, column, column + 1), "bracket"
        if line.count(closed) > line.count(opened):
            column = line.rindex(closed) + 1
            yield Spot(number, column, column + 1), "bracket"
