"""Diagnostics as text and as data, in one language: the one place that lays them out."""

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import PurePath
from typing import Any, NamedTuple
from urllib.parse import quote

from epa_score.diagnostics.finding import MOST_LISTED, Diagnostic, FieldName, Location, Parameter
from epa_score.diagnostics.kinds import Kind
from epa_score.diagnostics.terminal_text import Style, TerminalLine, shortened, visible
from epa_score.diagnostics.wrapping import Measure
from epa_score.i18n import Words, agree_nouns, plain


class Wording(NamedTuple):
    """The words of a diagnostic: the headline, those under the caret, notes and advice."""

    title: str
    label: str
    note: str
    help: str


def wording(diagnostic: Diagnostic, words: Words) -> Wording:
    """Put a diagnostic into words; texts from files are made visible and short.

    For a form there are words for people who see cells: a field or a fact is called by its label.
    """
    given = diagnostic.parameters
    if diagnostic.location.cell:
        given = {name: _as_on_form(name, value, words) for name, value in given.items()}
    shown = {name: _show(name, value, given, words) for name, value in given.items()}
    parts = ("title", "label", "note", "help")
    texts = (_part(diagnostic, part, words) for part in parts)
    title, label, note, advice = (agree_nouns(text, shown).format_map(shown) for text in texts)
    item = diagnostic.location.item
    if item and diagnostic.kind not in _ABOUT_MORE and not _names(title, item):
        title = words("diagnostic.at_item", item=shortened(item, 30), title=title)
    if _asks_for_locked_cells(diagnostic):
        advice += "\n" + words("advice.unprotect")
    return Wording(title, label, note, advice)


_ABOUT_MORE = frozenset({Kind.NOTHING_APPLIES, Kind.UNKNOWN_ADJUSTMENT, Kind.ITEMS_UNSCORED})
"""Findings that stand at an item but are about more than that one."""


def _names(title: str, item: str) -> bool:
    """True where a title names an item, and not only a longer id that begins with it."""
    return re.search(rf"(?<![A-Za-z0-9]){re.escape(item)}(?![A-Za-z0-9])", title) is not None


_LOCKED = frozenset(
    {
        Kind.WRONG_RUBRIC,
        Kind.UNKNOWN_UNIT,
        Kind.ITEM_TAKES_FACTS,
        Kind.ITEM_LINE_CHANGED,
        Kind.CAP_CHANGED,
        Kind.WORDING_CHANGED,
        Kind.CELL_TEXT_NUMBER,
        Kind.CELL_DATE,
        Kind.CELL_PERCENT,
        Kind.CELL_MERGED,
        Kind.FIELD_TWICE,
        Kind.FIELD_HIDDEN,
        Kind.POINTS_OF_NO_ITEM,
        Kind.SUM_DIFFERS,
        Kind.LABEL_CHANGED,
        Kind.POINTS_AGAINST_FACTS,
        Kind.CELL_NOT_READ,
    }
)
"""Findings about what the protection of a form locks: printed cells, sums, formats, merging.

It leaves open the cells that are filled in, and the height, width and hiding of rows and columns.
"""

_LOCKED_VARIANTS = frozenset(
    {
        *((Kind.DATE_NOT_ISO, variant) for variant in ("format", "hidden", "twice")),
        *((Kind.NOT_A_FORM, variant) for variant in ("table", "title")),
        (Kind.SEVERAL_FORMS, "columns"),
        *((Kind.SHOWN_DIFFERENTLY, variant) for variant in ("", "sum", "text", "condition")),
    }
)


def _asks_for_locked_cells(diagnostic: Diagnostic) -> bool:
    kind, variant = diagnostic.kind, diagnostic.variant
    in_form = bool(diagnostic.location.cell) and kind in _LOCKED
    return in_form or (kind, variant) in _LOCKED_VARIANTS


def _as_on_form(name: str, value: Parameter, words: Words) -> Parameter:
    """A parameter in the words of a form, where it is the name of a field or of a fact."""
    if isinstance(value, FieldName):
        return words.get(value.words_key) or value
    if isinstance(value, tuple):
        return tuple(str(_as_on_form("", entry, words)) for entry in value)
    if name != "field":
        return value
    keys = (f"field.{value}", f"form.{value}")
    label = next(filter(None, map(words.get, keys)), None)
    return label.rstrip(":： ") if label else value


def _part(diagnostic: Diagnostic, part: str, words: Words) -> str:
    """The template of a part: the variant's own, else the one for forms, else the common one."""
    variants = [diagnostic.variant] if diagnostic.variant else []
    if diagnostic.location.cell:
        variants = [*(f"{variant}_form" for variant in variants), *variants, "form"]
    key = f"{diagnostic.kind.code}.{part}"
    known = (words.get(f"{key}_{variant}") for variant in variants)
    return next((text for text in known if text is not None), words.get(key) or "")


def _show(name: str, value: Parameter, given: Mapping[str, Parameter], words: Words) -> str:
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, tuple):
        listed = words("list.separator").join(shortened(text, 30) for text in value[:MOST_LISTED])
        number = given.get(f"{name}_in_all", len(value))
        if number == len(value) <= MOST_LISTED:
            return listed
        # Texts that say how many there are do so with a number of this name.
        more = "and_more" if given.get("number") == number else "more"
        return listed + words(f"list.{more}", number=number)
    if name == "expected":
        return words.get(f"shape.{value}") or str(value)
    return shortened(str(value))


_MOST_CELLS = 100
"""The cells of a line of the source that are shown where nobody says how many there are."""

_LEAST_CELLS = 20


def concise(diagnostic: Diagnostic, words: Words) -> TerminalLine:
    """One line that editors can follow: ``path:line:column: error[EPA104] ...``."""
    severity = diagnostic.kind.severity
    said = wording(diagnostic, words)
    where = visible(str(diagnostic.location))
    name = words(f"severity.{severity}")
    head = f"{where}: {name}[{diagnostic.kind.code}]"
    return TerminalLine(f"{head} {said.title}", severity, len(where))


def full(diagnostic: Diagnostic, words: Words, width: int | None = None) -> Iterator[TerminalLine]:
    """The concise line, the source with a caret, and what to do.

    The source is cut where it is wider than a terminal of that ``width``.
    """
    yield concise(diagnostic, words)
    said = wording(diagnostic, words)
    location = diagnostic.location
    room = _MOST_CELLS * 2 if width is None else width
    digits = len(str(location.line or ""))
    bar = " " * (digits + 2) + "|"
    if location.excerpt and location.column and location.end_column:
        most = max(min(_MOST_CELLS, room - len(bar) - 1), _LEAST_CELLS)
        yield TerminalLine(bar, "source")
        for number, text in location.excerpt[:-1]:
            yield _whole(f" {number:>{digits}} | {shortened(text, most)}", "source")
        number, text = location.excerpt[-1]
        shown, before, marked = _window(text, location.column - 1, location.end_column - 1, most)
        yield _whole(f" {number:>{digits}} | {shown}", "source")
        carets = f"{bar} {' ' * before}{'^' * marked}"
        yield TerminalLine(f"{carets} {said.label}".rstrip(), "label", len(carets))
        yield TerminalLine(bar, "source")
    for note in (said.note, said.help):
        for line in note.splitlines():
            yield TerminalLine(f"{' ' * (digits + 2)}= {line}", "note")


def _whole(text: str, style: Style) -> TerminalLine:
    """A line that is never broken."""
    return TerminalLine(text, style, len(text))


def _window(text: str, start: int, end: int, most_cells: int) -> tuple[str, int, int]:
    """The part of a line to show, the cells before the caret, and how many carets."""
    from rich.cells import cell_len  # noqa: PLC0415 -- only carets ask for widths

    wide = start > most_cells or cell_len(text[: start + 1]) > most_cells
    left = _window_start(text, start, most_cells // 2, cell_len) if wide else 0
    lead = "..." if left else ""
    before = lead + visible(text[left:start])
    marked = visible(text[start : min(end, start + most_cells)])
    shown = before + shortened(text[start:], max(most_cells - cell_len(before), _LEAST_CELLS // 2))
    most = max(cell_len(shown) - cell_len(before), 1)
    return shown, cell_len(before), min(max(cell_len(marked), 1), most)


def _window_start(text: str, start: int, cells: int, measure: Measure) -> int:
    """The place from which on at most so many cells are in front of a caret."""
    left = max(0, start - cells)
    while measure(text[left:start]) > cells:
        left += 1
    return left


def github(diagnostic: Diagnostic, words: Words) -> str:
    """A workflow command that marks the line on GitHub."""
    location, said = diagnostic.location, wording(diagnostic, words)
    fields = {
        "file": visible(location.path),
        "line": location.line,
        "col": location.column,
        "endColumn": location.end_column and location.end_column - 1,
        "title": diagnostic.kind.code,
    }
    given = ",".join(
        f"{name}={_escape(str(value)).replace(':', '%3A').replace(',', '%2C')}"
        for name, value in fields.items()
        if value is not None
    )
    text = "\n".join(part for part in (said.title, said.help) if part)
    return f"::{diagnostic.kind.severity} {given}::{_escape(text)}"


def _escape(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def as_data(diagnostics: Iterable[Diagnostic], words: Words) -> list[dict[str, Any]]:
    """Diagnostics for programs; decimal numbers are text, so that no parser rounds them."""
    return [
        {
            "code": diagnostic.kind.code,
            "name": diagnostic.kind.label,
            "severity": diagnostic.kind.severity,
            "path": diagnostic.location.path,
            "line": diagnostic.location.line,
            "column": diagnostic.location.column,
            "end_column": diagnostic.location.end_column,
            **({"cell": diagnostic.location.cell} if diagnostic.location.cell else {}),
            "message": wording(diagnostic, words).title,
            "data": {name: _datum(value) for name, value in diagnostic.parameters.items()},
        }
        for diagnostic in diagnostics
    ]


def _datum(value: Parameter) -> str | int | Sequence[str]:
    if isinstance(value, int | str):
        return value
    return list(value) if isinstance(value, tuple) else plain(value)


_SARIF = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)


def as_sarif(
    diagnostics: Iterable[Diagnostic], words: Words, version: str, exit_code: int
) -> dict[str, Any]:
    """Diagnostics as SARIF 2.1.0, the format of code scanning, with the rules that they broke.

    The run succeeded whatever it found, unless the ``exit_code`` says that the tool failed.
    """
    found = list(diagnostics)
    kinds = sorted({diagnostic.kind for diagnostic in found}, key=lambda kind: kind.code)
    run = {
        "tool": {
            "driver": {
                "name": "epa-score",
                "version": version,
                "semanticVersion": version,
                "rules": [_rule(kind, words) for kind in kinds],
            }
        },
        "language": words.language.replace("_", "-"),
        "columnKind": "unicodeCodePoints",
        "newlineSequences": ["\r\n", "\n", "\r"],
        "invocations": [{"executionSuccessful": exit_code in (0, 1), "exitCode": exit_code}],
        "results": [
            {
                "ruleId": diagnostic.kind.code,
                "ruleIndex": kinds.index(diagnostic.kind),
                "level": diagnostic.kind.severity,
                "message": {"text": _sentences(wording(diagnostic, words))},
                "locations": [_sarif_location(diagnostic.location)],
            }
            for diagnostic in found
        ],
    }
    return {"$schema": _SARIF, "version": "2.1.0", "runs": [run]}


def _sentences(said: Wording) -> str:
    return "\n".join(filter(None, (said.title, said.help)))


def _rule(kind: Kind, words: Words) -> dict[str, Any]:
    explained = (words.get(f"{kind.code}.explain") or "").strip()
    return {
        "id": kind.code,
        "name": kind.label,
        "shortDescription": {"text": _first_sentence(explained)},
        "fullDescription": {"text": explained},
        "help": {"text": explained},
        "defaultConfiguration": {"level": kind.severity},
    }


_SENTENCE = re.compile(r".*?(?:。|\.(?=\s|$)|[：:](?=\n))", re.DOTALL)
_FOLD = re.compile(r"(?<=[\x21-\x7e])\n(?=[\x21-\x7e])")


def _first_sentence(text: str) -> str:
    """The first sentence of a text, or what leads to a list, in one line."""
    sentence = _SENTENCE.match(text)
    return _FOLD.sub(" ", sentence[0] if sentence else text).replace("\n", "")


def _sarif_location(location: Location) -> dict[str, Any]:
    """The file with its line and columns; of a workbook the cell, which is no place in a text."""
    physical: dict[str, Any] = {"artifactLocation": {"uri": uri_of(location.path)}}
    inside = location.cell or location.part
    if inside:
        _, _, name = inside.rpartition("!")
        logical = {"name": name, "fullyQualifiedName": inside}
        return {"physicalLocation": physical, "logicalLocations": [logical]}
    fields = {
        "startLine": location.line,
        "startColumn": location.column,
        "endColumn": location.end_column,
    }
    region = {name: number for name, number in fields.items() if number is not None}
    return {"physicalLocation": {**physical, **({"region": region} if region else {})}}


def uri_of(path: str, flavour: type[PurePath] = PurePath) -> str:
    """The reference of a path: relative as the path is, else with the scheme ``file``.

    What a reference cannot hold is percent-encoded, byte by byte.
    """
    pure = flavour(path)
    drive = pure.drive
    names = quote(os.fsencode(pure.as_posix().removeprefix(drive.replace("\\", "/"))))
    if not pure.is_absolute():
        return quote(drive) + names
    host = quote(drive.replace("\\", "/")) if drive.startswith("\\") else ""
    local = f"/{drive}" if drive and not host else ""
    return f"file:{host or '//'}{local}{names}"
