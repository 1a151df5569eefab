"""A rubric as it is made from somebody's table: what is there, and what is still open."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from string import ascii_uppercase

from epa_score.diagnostics import Finding, Place, Spot
from epa_score.values.points import exactly

FULL_MARKS = Decimal(100)
"""What rubrics are out of where they do not say it."""

_KNOWN_IDS = {"共性指标": "common", "共性": "common", "个性指标": "own", "个性": "own"}
"""Ids of the two sections that departments are assessed by in most tables."""


@dataclass(slots=True)
class DraftItem:
    """A scored line."""

    text: str
    max: Decimal | None
    """Its points; ``None`` where the table does not surely say them."""
    place: Place | Spot
    doubtful: tuple[str, ...] = ()
    """What may be its points or not, as it stands there."""
    shared: str = ""
    """The points that stand once for several lines, of which it is one."""
    owner: str = ""
    source: str = ""
    id: str = ""


@dataclass(slots=True)
class DraftUnits:
    """The items of units that have a duty of their own."""

    label: str
    """The cell that names them."""
    units: tuple[str, ...]
    """Their names; empty where it is not certain how many there are."""
    items: list[DraftItem]
    place: Place | Spot


@dataclass(slots=True)
class DraftSection:
    """A titled group: of items, of sections, or of items by unit."""

    title: str
    max: Decimal | None
    place: Place | Spot
    doubtful: tuple[str, ...] = ()
    items: list[DraftItem] = field(default_factory=list)
    sections: list["DraftSection"] = field(default_factory=list)
    per_unit: list[DraftUnits] = field(default_factory=list)
    added: bool = False
    """True where the table does not say its points, and they are what its parts add up to."""
    whole: bool = False
    """True for the one section of a table without sections, which is all of the rubric."""
    id: str = ""

    @property
    def parts(self) -> list[Decimal | None]:
        """The points of what it holds, ``None`` where they are open."""
        return [*(item.max for item in self.items), *(part.max for part in self.sections)]

    @property
    def all_items(self) -> list[DraftItem]:
        """Every item of this very section, of all units."""
        return [*self.items, *(item for duty in self.per_unit for item in duty.items)]


@dataclass(slots=True)
class StatedSum:
    """A row that says what the rows above it add up to."""

    title: str
    stated: Decimal
    place: Place | Spot
    parts: Sequence[DraftItem]
    """The items of these rows."""


@dataclass(slots=True)
class RubricDraft:
    """All that one table says."""

    title: str
    place: Place | Spot
    """The place of its title, or of its head."""
    total: Decimal | None = None
    total_place: Place | Spot | None = None
    """The place where the table says its total, where it does."""
    added: Decimal | None = None
    """What its sections add up to where the table does not say its total."""
    sections: list[DraftSection] = field(default_factory=list)
    sums: list[StatedSum] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    """What was doubtful on the way to it."""
    blocked: bool = False
    """True where something is wrong that no place in the rubric could be left open for."""
    has_adjustments: bool = False
    """True where it has bonuses or penalties, which are left open."""
    name: str = ""
    """The worksheet or the line that it comes from."""

    @property
    def is_flat(self) -> bool:
        """True where it has no sections, so that any of its items may be one."""
        return any(section.whole for section in self.sections)

    def walk(self) -> Iterator[DraftSection]:
        """Every section, parents before their children."""
        todo = list(reversed(self.sections))
        while todo:
            section = todo.pop()
            yield section
            todo += reversed(section.sections)


def complete(draft: RubricDraft) -> None:
    """Number sections and items, and add up the points of sections that do not say them."""
    for section in draft.sections:
        if section.whole:
            section.title, section.max = draft.title, draft.total
    with exactly():
        for section in reversed(list(draft.walk())):
            if section.max is None and not section.doubtful and not section.per_unit:
                section.max = _sum_of(section.parts)
                section.added = bool(section.max and section.title and not section.whole)
        if draft.total is None:
            draft.added = draft.total = _sum_of([section.max for section in draft.sections])
            if draft.is_flat and draft.added != FULL_MARKS:
                draft.total = None
    _number(draft)


def _sum_of(parts: Sequence[Decimal | None]) -> Decimal | None:
    """What parts add up to; ``None`` where one of them is open, or there are none."""
    known = [part for part in parts if part is not None]
    return sum(known, Decimal(0)) if parts and len(known) == len(parts) else None


def _number(draft: RubricDraft) -> None:
    """Give a letter to each section that holds items, or to each outermost one of very many.

    Beyond Z there are two letters, which no rubric takes: it is refused for them.
    """
    holding = [section for section in draft.walk() if section.items or section.per_unit]
    if len(holding) <= len(ascii_uppercase):
        for letter, section in zip(ascii_uppercase, holding, strict=False):
            section.id = letter if section.title not in _KNOWN_IDS else ""
            _number_items(section, letter, 0)
    else:
        for number, outermost in enumerate(draft.sections):
            prefix, rest = divmod(number, len(ascii_uppercase))
            letter = ascii_uppercase[prefix - 1 : prefix] + ascii_uppercase[rest]
            _number_within(outermost, letter)
    taken = {section.id for section in draft.walk()}
    others = (section for section in draft.walk() if not section.id)
    for number, section in enumerate(others, 1):
        known = _KNOWN_IDS.get(section.title, "")
        section.id = known if known and known not in taken else f"S{number}"
        taken.add(section.id)


def _number_within(outermost: DraftSection, letter: str) -> None:
    """Number everything in an outermost section with its one letter."""
    done = 0
    for number, section in enumerate(RubricDraft("", outermost.place, sections=[outermost]).walk()):
        section.id = f"{letter}-{number}" if number else letter
        done = _number_items(section, letter, done)


def _number_items(section: DraftSection, letter: str, done: int) -> int:
    """Number the items of a section, those of each unit anew; returns the last number."""
    for duty in section.per_unit:
        for number, item in enumerate(duty.items, 1):
            item.id = f"{letter}{number}"
    for item in section.items:
        done += 1
        item.id = f"{letter}{done}"
    return done
