"""收表情况: a page on what is collected so far, for the clerk who has to send forms back."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from epa_score.i18n import Words
from epa_score.reports.status import (
    REMINDED,
    Submission,
    SubmissionState,
    UnitFault,
    states_of,
)

Tone = Literal["plain", "good", "bad", "open"]
"""How a figure strikes the eye."""


class UnitCount(NamedTuple):
    """A number of units, and what they have in common."""

    label: str
    number: int
    tone: Tone


class FaultLine(NamedTuple):
    """Where something is wrong in a file, what, and what to write instead."""

    place: str
    what: str
    advice: str


class FaultyFile(NamedTuple):
    """A file that somebody has to mend."""

    unit: str
    path: str
    faults: Sequence[FaultLine]
    returned: str = ""
    """The path of its marked copy, if it has one."""


class FileGroup(NamedTuple):
    """The files of which the same has to be done."""

    title: str
    files: Sequence[FaultyFile]


class CollectionPage(NamedTuple):
    """The page: figures, files to mend by what is to be done, reminders, and what to look at."""

    title: str
    caption: str
    verdict: str
    language: str
    figures: Sequence[UnitCount]
    groups: Sequence[FileGroup]
    reminders_title: str
    reminders: Sequence[str]
    remarks_title: str
    remarks: Sequence[str]
    foot: str


class Collected(NamedTuple):
    """What was handed in so far, and what is to be said of it."""

    units: Sequence[str]
    """The units that have to hand in."""
    lines: Sequence[Submission]
    faults: Sequence[UnitFault]
    others: Sequence[UnitFault] = ()
    """What stops a ranking of sheets each of which is sound by itself."""
    remarks: Sequence[str] = ()
    """What is only odd, and what was not read."""
    returned: Mapping[str, str] = {}
    """The marked copy of a file, by its path."""
    meant: Container[str] = ()
    """The units for which sheets of unknown units were probably meant."""
    foot: str = ""
    """What is to be done next."""

    @property
    def states(self) -> dict[str, SubmissionState]:
        """The state of each unit that is due."""
        return {
            unit: "unknown" if state == "missing" and unit in self.meant else state
            for unit, state in states_of(self.units, self.lines).items()
        }


_FIGURES: tuple[tuple[str, Tone, tuple[SubmissionState, ...]], ...] = (
    ("complete", "good", ("complete",)),
    ("faulty", "bad", ("faulty", "unreadable", "other_period", "unknown")),
    ("incomplete", "open", ("incomplete", "blank", "few", "owed")),
    ("missing", "bad", ("missing",)),
)
"""The figures of the page; every state of a unit is in one of them."""

_GROUPS: tuple[tuple[str, frozenset[SubmissionState]], ...] = (
    ("mend", frozenset({"faulty", "unreadable", "other_period"})),
    ("finish", frozenset({"incomplete", "blank", "few", "owed"})),
    ("check", frozenset({"unknown"})),
)


def collection_page(title: str, caption: str, collected: Collected, words: Words) -> CollectionPage:
    """The page on a collection, under the title of its assessment."""
    states = collected.states
    figures = [UnitCount(words("status.due"), len(states), "plain")]
    for name, tone, counted in _FIGURES:
        number = sum(state in counted for state in states.values())
        figures.append(UnitCount(words(f"collection.{name}"), number, tone if number else "plain"))
    return CollectionPage(
        title=words("collection.title", title=title),
        caption=caption,
        verdict=_verdict(figures, collected, words),
        language=words.language,
        figures=figures,
        groups=list(_groups(collected, states, words)),
        reminders_title=words("collection.reminders"),
        reminders=list(_reminders(states, title, collected, words)),
        remarks_title=words("collection.remarks"),
        remarks=collected.remarks,
        foot=collected.foot,
    )


def returned_page(title: str, caption: str, collected: Collected, words: Words) -> CollectionPage:
    """The list of what is sent back: the files to mend alone, to be handed on."""
    page = collection_page(title, caption, collected, words)
    return page._replace(
        title=words("collection.returned_title", title=title),
        verdict="",
        figures=(),
        groups=[group for group in page.groups if any(file.returned for file in group.files)],
        reminders=(),
        remarks=(),
        foot=words("collection.returned_foot"),
    )


def _verdict(figures: Sequence[UnitCount], collected: Collected, words: Words) -> str:
    """Why there is no ranking yet, in short."""
    said = [
        words(f"collection.verdict_{name}", number=figure.number)
        for (name, _, _), figure in zip(_FIGURES, figures[1:], strict=True)
        if name != "complete" and figure.number
    ]
    unknown = sum(line.state == "unknown" for line in collected.lines)
    unknown -= sum(state == "unknown" for state in collected.states.values())
    said += [words("collection.verdict_unknown", number=unknown)] if unknown > 0 else []
    said += [words("collection.verdict_others")] if collected.others or not said else []
    return words("collection.verdict", reasons=words("collection.joiner").join(said))


def _reminders(
    states: Mapping[str, SubmissionState], title: str, collected: Collected, words: Words
) -> Iterator[str]:
    """What is to be said to the units in each state, as it can be sent.

    A faulty file of which there is no marked copy is mended by what the page says.
    """
    marked = {line.unit for line in collected.lines if line.file in collected.returned}
    for state in REMINDED:
        units = [unit for unit, own in states.items() if own == state]
        if state == "faulty":
            plain = [unit for unit in units if unit not in marked]
            units = [unit for unit in units if unit in marked]
            if plain:
                names = words("list.separator").join(plain)
                yield words("collection.remind_unmarked", names=names, title=title)
        if units:
            names = words("list.separator").join(units)
            yield words(f"collection.remind_{state}", names=names, title=title)


def _groups(
    collected: Collected, states: Mapping[str, SubmissionState], words: Words
) -> Iterator[FileGroup]:
    faults: dict[str, list[UnitFault]] = {}
    for fault in collected.faults:
        faults.setdefault(fault.path, []).append(fault)
    told: set[str] = set()
    for name, own in _GROUPS:
        lines = [
            line
            for line in collected.lines
            if line.state in own and line.file not in told and not _is_beside(line, states)
        ]
        told |= {line.file for line in lines}
        files = list(_faulty_files(lines, faults, collected, words))
        if files:
            yield FileGroup(words(f"collection.{name}"), files)
    rest = [fault for path, listed in faults.items() if path not in told for fault in listed]
    others = [*rest, *collected.others]
    if others:
        files = [
            FaultyFile(unit, path, [_fault(fault, words, same_sheet=False) for fault in listed])
            for (unit, path), listed in _by_file(others).items()
        ]
        yield FileGroup(words("collection.others"), files)


def _is_beside(line: Submission, states: Mapping[str, SubmissionState]) -> bool:
    """True for a sheet of another period, where its unit has one of this period as well."""
    return line.state == "other_period" and states.get(line.unit) != "other_period"


def _by_file(faults: Iterable[UnitFault]) -> dict[tuple[str, str], list[UnitFault]]:
    found: dict[tuple[str, str], list[UnitFault]] = {}
    for fault in faults:
        found.setdefault((fault.unit, fault.path), []).append(fault)
    return found


def _faulty_files(
    lines: Sequence[Submission],
    faults: Mapping[str, Sequence[UnitFault]],
    collected: Collected,
    words: Words,
) -> Iterator[FaultyFile]:
    """The files of some lines, each once, with the units that have something open in it."""
    for path in dict.fromkeys(line.file for line in lines):
        within = [line for line in collected.lines if line.file == path]
        several = len({line.unit for line in within}) > 1
        is_open = (line.unit for line in within if line.unit and line.state != "complete")
        names = list(dict.fromkeys(is_open))
        own = faults.get(path, ())
        sheets = {fault.place.rpartition("!")[0] for fault in own}
        listed = [_fault(fault, words, same_sheet=len(sheets) == 1) for fault in own]
        if several:
            named = zip(listed, own, strict=True)
            listed = [_of_unit(shown, fault.unit, words) for shown, fault in named]
        first = next(line for line in lines if line.file == path)
        others = _others_of(first, collected.lines)
        if others or not listed:
            listed.append(_why(first, others, words))
        unit = words("list.separator").join(names) or words("collection.no_unit")
        yield FaultyFile(unit, path, listed, collected.returned.get(path, ""))


def _of_unit(fault: FaultLine, unit: str, words: Words) -> FaultLine:
    """A fault in a file with the sheets of several units, with the name of its own."""
    if not unit or unit in fault.what:
        return fault
    return fault._replace(what=words("collection.of_unit", unit=unit, what=fault.what))


def _others_of(line: Submission, lines: Sequence[Submission]) -> list[str]:
    """The other files of the unit of a line, none of which says that more assessors are due."""
    if not line.unit or line.state in ("few", "owed", "other_period"):
        return []
    return [
        own.path
        for own in lines
        if own.unit == line.unit and own.path != line.path and own.state != "other_period"
    ]


def _why(line: Submission, others: Sequence[str], words: Words) -> FaultLine:
    """Why a file is here beside its faults: others of the same unit, or its state."""
    what = words(f"status.{line.state}")
    if others:
        what = words("collection.repeated", files=words("list.separator").join(others))
    return FaultLine(words("collection.whole_file"), what, "")


def _fault(fault: UnitFault, words: Words, *, same_sheet: bool) -> FaultLine:
    """A fault as the page shows it; cells of one worksheet are named without it."""
    place = fault.place.rpartition("!")[2] if same_sheet else fault.place
    return FaultLine(place or words("collection.whole_file"), fault.what, fault.advice)
