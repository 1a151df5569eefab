"""Diagnostics as text and as data: the one place that lays them out."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from rich.cells import cell_len

from epa_score.diagnostics.finding import Diagnostic, Parameter
from epa_score.diagnostics.line import Line
from epa_score.diagnostics.terminal_text import shortened, visible
from epa_score.diagnostics.wording import wording
from epa_score.i18n import Words, plain

_MOST_CELLS = 100


def concise(diagnostic: Diagnostic, words: Words) -> Line:
    """One line that editors can follow: ``path:line:column: error[EPA104] ...``."""
    severity = diagnostic.kind.severity
    said = wording(diagnostic, words)
    where = visible(str(diagnostic.location))
    name = words(f"severity.{severity}")
    return Line(f"{where}: {name}[{diagnostic.kind.code}] {said.title}", severity)


def full(diagnostic: Diagnostic, words: Words) -> Iterator[Line]:
    """The concise line, the source with a caret, and what to do."""
    yield concise(diagnostic, words)
    said = wording(diagnostic, words)
    location = diagnostic.location
    width = len(str(location.line or ""))
    bar = " " * (width + 2) + "|"
    if location.excerpt and location.column and location.end_column:
        yield Line(bar, "source")
        for number, text in location.excerpt[:-1]:
            yield Line(f" {number:>{width}} | {shortened(text, _MOST_CELLS)}", "source")
        number, text = location.excerpt[-1]
        shown, before, marked = _window(text, location.column - 1, location.end_column - 1)
        yield Line(f" {number:>{width}} | {shown}", "source")
        yield Line(f"{bar} {' ' * before}{'^' * marked} {said.label}".rstrip(), "label")
        yield Line(bar, "source")
    for note in (said.note, said.help):
        for line in note.splitlines():
            yield Line(f"{' ' * (width + 2)}= {line}", "note")


def _window(text: str, start: int, end: int) -> tuple[str, int, int]:
    """The part of a line to show, the cells before the caret, and how many carets."""
    wide = start > _MOST_CELLS or cell_len(text[: start + 1]) > _MOST_CELLS
    left = max(0, start - _MOST_CELLS // 2) if wide else 0
    lead = "..." if left else ""
    before = lead + visible(text[left:start])
    marked = visible(text[start : min(end, start + _MOST_CELLS)])
    shown = before + shortened(text[start:], max(_MOST_CELLS - cell_len(before), 20))
    most = max(cell_len(shown) - cell_len(before), 1)
    return shown, cell_len(before), min(max(cell_len(marked), 1), most)


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
        f"{name}={_escaped(str(value)).replace(':', '%3A').replace(',', '%2C')}"
        for name, value in fields.items()
        if value is not None
    )
    text = "\n".join(part for part in (said.title, said.help) if part)
    return f"::{diagnostic.kind.severity} {given}::{_escaped(text)}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def as_data(diagnostics: Iterable[Diagnostic], words: Words) -> list[dict[str, Any]]:
    """Diagnostics for programs; decimal numbers are text, so that no parser rounds them."""
    return [
        {
            "code": one.kind.code,
            "name": one.kind.label,
            "severity": one.kind.severity,
            "path": one.location.path,
            "line": one.location.line,
            "column": one.location.column,
            "end_column": one.location.end_column,
            **({"cell": one.location.cell} if one.location.cell else {}),
            "message": wording(one, words).title,
            "data": {name: _datum(value) for name, value in one.parameters.items()},
        }
        for one in diagnostics
    ]


def _datum(value: Parameter) -> str | int | Sequence[str]:
    if isinstance(value, int | str):
        return value
    return list(value) if isinstance(value, tuple) else plain(value)
