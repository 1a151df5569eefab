"""Mistakes that people make in YAML, found on the raw line.

A YAML parser says "could not find expected ':'" and points one line further down. What people
typed is looked at first; the parser's words come last.
"""

import re
import unicodedata
from itertools import islice
from typing import NamedTuple

from epa_score.diagnostics import Finding, Kind, Parameter, Spot
from epa_score.readers.source import split_lines
from epa_score.readers.yaml_alignment import item_at_margin, misaligned
from epa_score.readers.yaml_values import failing_value

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


class Trap(NamedTuple):
    """A mistake by its look.

    Of what ``form`` matches, the group ``at`` is marked, else the last character; ``key`` is the
    name that it belongs to.
    """

    kind: Kind
    variant: str
    form: re.Pattern[str]


TRAPS = (
    Trap(Kind.TAB_INDENTATION, "", re.compile(r" *(?P<at>\t++)(?=\s*[^\s#])")),
    Trap(
        Kind.FULLWIDTH_PUNCTUATION,
        "blank",
        re.compile(rf"[ ]*(?:{_NAME}:)?(?P<at>[{_SPACES}]++)(?=\s*[^\s#：])"),
    ),
    Trap(
        Kind.FULLWIDTH_PUNCTUATION,
        "",
        re.compile(rf"(?:{_KEY}|(?P<word>\w{{1,20}}))[ \u3000]*(?P<at>：)"),
    ),
    Trap(Kind.FULLWIDTH_PUNCTUATION, "flow", re.compile(rf"[ ]*{_NAME}: *(?P<at>[｛［])")),
    Trap(Kind.FULLWIDTH_PUNCTUATION, "flow", re.compile(rf"{_FLOW_KEY} *(?P<at>：)")),
    Trap(
        Kind.FULLWIDTH_PUNCTUATION,
        "flow",
        re.compile(rf"{_FLOW}.*?(?P<at>，(?= *{_NAME} *[:：])|[｝］](?=\s*(?:#|$)))"),
    ),
    Trap(Kind.SPACE_AFTER_COLON, "", re.compile(rf"{_KEY}(?P<at>:)(?=[^\s:])")),
    Trap(Kind.SPACE_AFTER_COLON, "flow", re.compile(rf"{_FLOW_KEY}(?P<at>:)(?=[^\s:])")),
    Trap(
        Kind.SPACE_AFTER_COLON,
        "colon",
        re.compile(r"[ ]*(?P<key>[A-Z][0-9]{1,3})(?P<at> )(?= *[0-9.]+\s*(?:#|$))"),
    ),
    Trap(Kind.YAML_SYNTAX, "comma", re.compile(rf"{_FLOW}[^\"'#]*?[^,{{\s](?P<at> ) *{_NAME}: ")),
    Trap(
        Kind.YAML_SYNTAX,
        "braces",
        re.compile(rf"[ ]*{_NAME}: +[^\s{{\[\"'|>#][^#]*? (?P<at>(?:score|note|evidence)):\s"),
    ),
    Trap(Kind.KEY_NOT_TEXT, "", re.compile(r"[ ]*(?P<at>:)(?=\s)")),
)
"""Looked for in every line of a file that YAML does not take, or takes for something else."""


_MOST_LINES = 20_000
_MOST_CHARACTERS = 1000
"""How much of a file is searched: patterns that go back and forth stay quick."""


def trap_findings(text: str) -> list[Finding]:
    """The first trap of every line that has one, else an item that stands outside ``scores``."""
    lines = [line[:_MOST_CHARACTERS] for line in islice(split_lines(text), _MOST_LINES)]
    found = [
        _finding(trap, number, line, match)
        for number, line in enumerate(lines, 1)
        for trap, match in [_first_trap(line)]
        if trap is not None and match is not None
    ]
    at_margin = None if found else item_at_margin(lines)
    return found if at_margin is None else [at_margin]


def syntax_findings(
    text: str, problem: str, failing: tuple[int, int], opening: int
) -> list[Finding]:
    """Why a file is no YAML: every trap in it, else what is known of the failing line.

    ``problem`` is the parser's own text, ``failing`` the line and column where it gave up and
    ``opening`` the line of what it was reading then, all from 0.
    """
    found = trap_findings(text)
    if found:
        return found
    lines = split_lines(text)
    line = min(failing[0], len(lines) - 1)
    column = min(failing[1], len(lines[line]))
    aligned = misaligned(lines[: line + 2])
    if aligned is not None:
        return [aligned]
    spot = Spot(line + 1, column + 1, column + 2)
    return [failing_value(lines, min(opening, len(lines) - 1), spot, problem)]


def _first_trap(line: str) -> tuple[Trap, re.Match[str]] | tuple[None, None]:
    for trap in TRAPS:
        match = trap.form.match(line)
        if match is not None:
            return trap, match
    return None, None


def _finding(trap: Trap, number: int, line: str, match: re.Match[str]) -> Finding:
    start, end = match.span("at")
    parameters: dict[str, Parameter] = {"character": line[start:end]}
    groups = match.groupdict()
    key = groups.get("key") or groups.get("word")
    if key:
        name = unicodedata.normalize("NFKC", key)
        value = re.split(r"[,，}\]]" if trap.variant == "flow" else r"\s#", line[end:])[0].strip()
        parameters |= {"key": name, "instead": f"{name}: {value}".strip()}
    return Finding(trap.kind, Spot(number, start + 1, end + 1), parameters, trap.variant)
