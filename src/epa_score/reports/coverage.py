"""Whether a result is complete: who is not ranked and why, what was not read, who checked."""

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from epa_score.i18n import Words

Absence = Literal["faulty", "incomplete", "unreadable", "unknown", "missing"]
"""Why something is not ranked.

A sheet is ``faulty``, or sound while others of its unit are not (``incomplete``), or its unit is
``unknown`` to the roster; a file is ``unreadable``; the sheet of a unit is ``missing``.
"""

_MOST_NAMED = 20


class LeftOut(NamedTuple):
    """A sheet, a file or a unit that is not ranked, and why."""

    path: str
    """The place of the sheet or the file; empty where there is none."""
    unit: str
    """The unit, as far as it is known."""
    why: Absence = "faulty"


class Coverage(NamedTuple):
    """What a ranking says of everybody and everything that is not in it."""

    left_out: Sequence[LeftOut] = ()
    """The sheets, files and units that are not ranked."""
    unread: Sequence[str] = ()
    """The names of documents and other files among the sheets that were not read."""
    is_checked: bool = True
    """``False`` where nobody said which units there must be."""

    def names(self, *reasons: Absence) -> list[str]:
        """The units, each once, else the files, that are not ranked for one of those reasons.

        Files are never taken for one: a result is verified without their paths.
        """
        entries = [entry for entry in self.left_out if entry.why in reasons]
        names = {
            entry.unit or number: entry.unit or entry.path for number, entry in enumerate(entries)
        }
        return list(names.values())


EVERYBODY = Coverage()
"""Nobody is missing, and the units were checked."""


def coverage_notes(coverage: Coverage, words: Words) -> Iterator[str]:
    """Notes on who is not ranked, what was not read, and whether the units were checked at all."""
    entries = [entry for entry in coverage.left_out if entry.why in ("faulty", "incomplete")]
    names = coverage.names("faulty", "incomplete")
    if entries and all(entry.why == "faulty" for entry in entries):
        units = words("list.separator").join(names)
        yield words("report.note_left_out", number=len(entries), units=units)
    elif entries:
        units = words("list.separator").join(names)
        yield words("report.note_not_ranked", number=len(names), units=units)
    files = [entry.path for entry in coverage.left_out if entry.why == "unreadable"]
    by_reason = {"unreadable": files}
    by_reason |= {"unknown": coverage.names("unknown"), "missing": coverage.names("missing")}
    for why, names in by_reason.items():
        if names:
            units = words("list.separator").join(names)
            yield words(f"report.note_{why}", number=len(names), units=units)
    if coverage.unread:
        yield unread_note(words, coverage.unread)
    if not coverage.is_checked:
        yield words("report.note_unchecked")


def unread_note(words: Words, names: Sequence[str], most: int = _MOST_NAMED) -> str:
    """The note on files that were not read; of very many it names the first."""
    return words("report.note_unread", number=len(names), names=first_names(words, names, most))


def first_names(words: Words, names: Sequence[str], most: int) -> str:
    """The first of some names, and how many there are in all."""
    shown = words("list.separator").join(names[:most])
    return shown + (words("list.more", number=len(names)) if len(names) > most else "")
