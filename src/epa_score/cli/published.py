"""What a published result says of how it was made: its options, and the sheets it was made of."""

import re
import shlex
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import PurePosixPath, PureWindowsPath
from typing import NamedTuple

from epa_score.cli.help import WrongUsage
from epa_score.diagnostics.terminal_text import shortened
from epa_score.i18n import LANGUAGES, Words
from epa_score.model import same_name_key
from epa_score.reports.comparison import ShownPart
from epa_score.reports.provenance import SheetRecord

_COMMAND = "epa-score verify "
_FILES = frozenset({"--rubric", "--roster", "--composite", "--compare"})
"""Options that may name a file."""

_VALUES = frozenset({"--period", "--ties", "--old-period"}) | _FILES
_SWITCHES = frozenset({"--provisional", "--skip-invalid", "--no-forms", "--overall"})

Options = Mapping[str, str]
"""Options by name, with their values; those of switches are empty."""


def recorded_options(parts: Iterable[ShownPart]) -> Options:
    """The options in the command that a result names for its verification; none where it does not.

    It is not run: only options that are known are taken of it.
    """
    texts = (cell.text for part in parts for row in part.rows.values() for cell in row.values())
    command = next((text for text in texts if text.startswith(_COMMAND)), "")
    try:
        words = shlex.split(command)
    except ValueError:
        return {}
    return {name: value for name, value in pairwise(words) if name in _VALUES} | {
        name: "" for name in words if name in _SWITCHES
    }


def refuse_distant_files(options: Options, given: Iterable[str], words: Words) -> None:
    """Raise `WrongUsage` for a recorded file outside the current folder, unless one is ``given``.

    A result is a file of somebody else: it does not choose what is read elsewhere.
    """
    for name in sorted(_FILES.difference(given).intersection(options)):
        value = options[name]
        paths = PurePosixPath(value), PureWindowsPath(value)
        if any(path.anchor or ".." in path.parts for path in paths):
            raise WrongUsage(words("usage.recorded_file", option=name, path=shortened(value)))


class Recorded(NamedTuple):
    """A sheet that a result was made of, as it is recorded there, and where."""

    record: SheetRecord
    part: str
    row: int
    knows_rubric: bool
    knows_period: bool


_SHA256 = re.compile("[0-9a-f]{64}")


def recorded_sheets(parts: Iterable[ShownPart]) -> list[Recorded]:
    """The sheets that a result lists; none where it is of a format that lists none."""
    return [recorded for part in parts for recorded in _sheets_in(part)]


def _sheets_in(part: ShownPart) -> Iterator[Recorded]:
    columns: dict[str, int | str] = {}
    for number, row in part.rows.items():
        named: dict[str, int | str] = {}
        for column, cell in row.items():
            named.setdefault(_without_blanks(cell.text), column)  # copies of columns come last
        found = next((titles for titles in _titles() if _needed(titles) <= named.keys()), None)
        if found is not None:
            columns = {name: named[title] for title, name in found.items() if title in named}
            continue
        own = columns or {name: name for name in _FIELDS if name in row}
        fields = {name: row[column].text for name, column in own.items() if column in row}
        if _SHA256.fullmatch(fields.get("sha256", "")) and "unit" in fields:
            record = SheetRecord(
                rubric=fields.get("rubric", ""),
                unit=fields["unit"],
                period=fields.get("period") or None,
                assessor=fields.get("assessor", ""),
                file=fields.get("file", ""),
                sha256=fields["sha256"],
                code=fields.get("check_code", ""),
            )
            yield Recorded(record, part.name, number, "rubric" in own, "period" in own)


_FIELDS = ("rubric", "period", "unit", "assessor", "file", "sha256", "check_code")
_WORDS_OF = {"sha256": "sheet_sha256", "file": "sheet_file", "check_code": "check_code_title"}


def _titles() -> Iterator[dict[str, str]]:
    """The names of the fields by the titles of their columns, in each language."""
    for language in LANGUAGES:
        words = Words(language)
        titles = {name: words(f"report.{_WORDS_OF.get(name, name)}") for name in _FIELDS}
        yield {_without_blanks(title): name for name, title in titles.items()}


def _without_blanks(title: str) -> str:
    """A title without the breaks that fold it in a narrow column."""
    return "".join(title.split())


def _needed(titles: Mapping[str, str]) -> set[str]:
    return {title for title, name in titles.items() if name in ("unit", "sha256", "check_code")}


class SheetPairs(NamedTuple):
    """The sheets that a result was made of beside those that are there now."""

    saved_again: Sequence[SheetRecord]
    """Those whose files are others, with equal content."""
    changed: Sequence[tuple[Recorded, SheetRecord]]
    gone: Sequence[Recorded]
    added: Sequence[SheetRecord]


def pair_sheets(recorded: Sequence[Recorded], current: Sequence[SheetRecord]) -> SheetPairs:
    """Tell what became of each sheet: first by its bytes, then by its content, then by its unit.

    One whose file is the same has not changed, whatever a result says of it.
    """
    left = dict.fromkeys(current)
    missing = list(recorded)
    pairs: list[tuple[Recorded, SheetRecord]] = []
    for key_of, is_same in _WAYS:
        rivals: dict[tuple[str, str], list[SheetRecord]] = defaultdict(list)
        for record in left:
            rivals[key_of(record)].append(record)
        unpaired = []
        for entry in missing:
            alike = (own for own in rivals[key_of(entry.record)] if own in left)
            other = next((own for own in alike if is_same(entry, own)), None)
            if other is None:
                unpaired.append(entry)
            else:
                del left[other]
                pairs.append((entry, other))
        missing = unpaired
    others = [(entry, own) for entry, own in pairs if entry.record.sha256 != own.sha256]
    return SheetPairs(
        saved_again=[own for entry, own in others if entry.record.code == own.code],
        changed=[(entry, own) for entry, own in others if entry.record.code != own.code],
        gone=missing,
        added=list(left),
    )


def _bytes_of(record: SheetRecord) -> tuple[str, str]:
    return record.sha256, record.code


def _whose(record: SheetRecord) -> tuple[str, str]:
    return same_name_key(record.unit), same_name_key(record.assessor)


def _has_same_content(entry: Recorded, own: SheetRecord) -> bool:
    return _has_same_place(entry, own) and entry.record.code == own.code


def _has_same_place(entry: Recorded, own: SheetRecord) -> bool:
    rubric_fits = not entry.knows_rubric or entry.record.rubric in (own.rubric, own.rubric_title)
    return rubric_fits and (not entry.knows_period or entry.record.period == own.period)


_WAYS: tuple[
    tuple[
        Callable[[SheetRecord], tuple[str, str]],
        Callable[[Recorded, SheetRecord], bool],
    ],
    ...,
] = (
    (_bytes_of, lambda _entry, _own: True),
    (_whose, _has_same_content),
    (_whose, _has_same_place),
)
"""The ways to find a sheet that a result records: a key of both, and what else must be equal."""
