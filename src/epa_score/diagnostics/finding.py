"""Findings and diagnostics: what is wrong and where, without a word of any language.

A finding names a symbolic `Place`; a `Location` in the file is found at the end.
"""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from traceback import walk_tb
from typing import Literal, NamedTuple, Self

from epa_score.diagnostics.kinds import Kind

Key = str | int


class Place(NamedTuple):
    """A place by the keys that lead to it, before anyone looked at line numbers.

    ``part`` says whether the key itself or its value is meant. A place that the file does not
    hold stands for its nearest ancestor that it does.
    """

    keys: tuple[Key, ...] = ()
    part: Literal["key", "value"] = "value"


class Spot(NamedTuple):
    """A place found by reading raw lines: line, column and end column, all from 1."""

    line: int
    column: int
    end_column: int


class Location(NamedTuple):
    """A place in a file as people see it: lines and columns from 1, columns in code points."""

    path: str
    """The file."""
    line: int | None = None
    """The line; in a workbook the row."""
    column: int | None = None
    """The first column that is meant."""
    end_column: int | None = None
    """The column behind the last one that is meant."""
    excerpt: tuple[tuple[int, str], ...] = ()
    """The source lines to show with their numbers, the marked one last."""
    cell: str = ""
    """The place in a workbook, such as ``评分表!E7``."""
    part: str = ""
    """The part of the file that holds the sheet, where it holds several."""
    item: str = ""
    """The item, adjustment or veto of a sheet that is meant, where it is one."""

    def __str__(self) -> str:
        """``path:line:column``, as editors understand it, or the path and the cell or part."""
        if self.cell or self.part:
            return f"{self.path} {self.cell or self.part}"
        known = (part for part in (self.path, self.line, self.column) if part is not None)
        return ":".join(map(str, known))


Parameter = str | int | Decimal | tuple[str, ...]

MOST_LISTED = 6
"""The names of a list that a message shows."""


def first_known(names: Sequence[str]) -> dict[str, Parameter]:
    """The parameters of a list of names that may be long: the first, and how many there are.

    A thousand sheets of unknown units must not carry a roster each (see decision:
    long-lists-are-named-by-their-first).
    """
    return {"known": tuple(names[:MOST_LISTED]), "known_in_all": len(names)}


class FieldName(str):
    """The name of a field in files, and the key of the words that a form has for it."""

    __slots__ = ("words_key",)

    words_key: str

    def __new__(cls, name: str, words_key: str = "") -> Self:
        """Make the name; without a key a form calls it the same."""
        made = super().__new__(cls, name)
        made.words_key = words_key
        return made


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong at a place that is still symbolic.

    ``variant`` picks words that fit better where one kind has several forms
    (``help_nearest`` before ``help``).
    """

    kind: Kind
    place: Place | Spot
    parameters: dict[str, Parameter] = field(default_factory=dict)
    variant: str = ""

    def below(self, *keys: Key) -> "Finding":
        """The finding as it is for whoever holds its part at ``keys``."""
        where = self.place
        place = Place(keys + where.keys, where.part) if isinstance(where, Place) else where
        return replace(self, place=place)

    def at(self, location: Location) -> "Diagnostic":
        """The diagnostic that this finding becomes once its place is known."""
        return Diagnostic(self.kind, location, self.parameters, self.variant)


class SheetPlace(NamedTuple):
    """The file that holds a score sheet, and which part of it where it holds several.

    A ``part`` is the worksheet of a form, or the row of a table with its worksheet.
    """

    path: str
    part: str = ""

    def __str__(self) -> str:
        """The path, and the part behind it."""
        return f"{self.path} {self.part}" if self.part else self.path


class FileFinding(NamedTuple):
    """A finding that several sheets together show, and the ``place`` of the one it is about."""

    place: SheetPlace
    finding: Finding
    other: SheetPlace | None = None
    """The place of the other sheet, where it is about two."""


class UnitFinding(NamedTuple):
    """A finding that several sheets together show, and the unit it is about, by name or key."""

    unit: str
    finding: Finding


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """Something wrong at a known location: what renderers and programs receive."""

    kind: Kind
    """What is wrong: a member of an enumeration with ``code``, ``label`` and ``severity``."""
    location: Location
    """The place in the file."""
    parameters: dict[str, Parameter] = field(default_factory=dict)
    """The names and numbers that its words are made with."""
    variant: str = ""
    """The words that fit best, where one kind has several."""


class InputError(Exception):
    """Input that cannot be used; ``diagnostics`` says everything that is wrong with it."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Keep the diagnostics, in the order of their places."""
        self.diagnostics = in_order(diagnostics)
        super().__init__(self.diagnostics)

    def __str__(self) -> str:
        """One line a diagnostic: where, which code, which kind and its parameters."""
        return "\n".join(
            f"{found.location}: {found.kind.severity}[{found.kind.code}] {found.kind.label} "
            + " ".join(f"{name}={value}" for name, value in found.parameters.items())
            for found in self.diagnostics
        )


def reason_of(error: OSError | ValueError) -> str:
    """The reason why a file could not be read or written, in the words of the system."""
    number = getattr(error, "errno", None)
    return os.strerror(number) if number else str(error)


def origin_of(error: Exception) -> str:
    """The file and the line of the code in which an error was raised."""
    *_, (frame, line) = walk_tb(error.__traceback__)
    return f"{Path(frame.f_code.co_filename).name}:{line}"


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Diagnostics by file, its worksheet, line, column and code, each said once.

    What the rows of a table have in common, such as a title above them, is said once as well.
    """
    seen: dict[tuple[str, str, int, int, str, str], Diagnostic] = {}
    for diagnostic in diagnostics:
        where = diagnostic.location
        key = (
            where.path,
            (where.cell or where.part).rpartition("!")[0] or where.part,
            where.line or 0,
            where.column or 0,
            diagnostic.kind.code,
            repr(diagnostic.parameters),
        )
        seen.setdefault(key, diagnostic)
    return tuple(seen[key] for key in sorted(seen))


def errors_of(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Those diagnostics that stop a run."""
    return tuple(diagnostic for diagnostic in diagnostics if diagnostic.kind.severity == "error")
