"""What is doubtful in a rubric that was made from somebody's table: caps, sums, parts."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from epa_score.diagnostics import Finding, Kind, Parameter, Place, Spot
from epa_score.i18n import plain
from epa_score.model.rubric_draft import FULL_MARKS, DraftItem, DraftSection, RubricDraft
from epa_score.values.points import exactly


def check_draft(draft: RubricDraft) -> list[Finding]:
    """Every doubt about a rubric that was made from a table."""
    with exactly():
        found = [*draft.findings, *_sections_are_whole(draft)]
        wholes = [section.max for section in draft.sections]
        found += _sum(draft.title, draft.total, wholes, draft.total_place or draft.place)
        found += [*_total_is_said(draft), *_titles_differ(draft)]
        for section in draft.walk():
            found += _check_section(section)
    return found


def _total_is_said(draft: RubricDraft) -> Iterator[Finding]:
    """A total that is nowhere said and not the usual one: something may have been counted twice."""
    if not draft.blocked and draft.added not in (None, FULL_MARKS):
        about: dict[str, Parameter] = {"text": draft.title, "added": draft.added}
        if draft.is_flat:
            yield Finding(Kind.RUBRIC_PART_UNCLEAR, draft.place, about, "total")
        else:
            yield Finding(Kind.SECTION_POINTS_ADDED, draft.place, about, "total")


def _titles_differ(draft: RubricDraft) -> Iterator[Finding]:
    """Sections side by side of one title: they may be one, which something stands between."""
    for siblings in (draft.sections, *(section.sections for section in draft.walk())):
        seen: set[str] = set()
        for section in siblings:
            if section.title in seen:
                about: dict[str, Parameter] = {"text": section.title}
                yield Finding(Kind.TITLE_REPEATED, section.place, about, "apart")
            seen.add(section.title)


def _check_section(section: DraftSection) -> Iterator[Finding]:
    name: dict[str, Parameter] = {"text": section.title}
    if not (section.items or section.sections or section.per_unit):
        yield Finding(Kind.RUBRIC_PART_UNCLEAR, section.place, name, "empty")
    if section.items and section.sections:
        yield Finding(Kind.RUBRIC_PART_UNCLEAR, section.items[0].place, name, "mixed")
    if section.doubtful:
        about = name | {"found": section.doubtful}
        yield Finding(Kind.CAP_UNCLEAR, section.place, about)
    yield from _sum(section.title, section.max, section.parts, section.place)
    for before, item in zip([None, *section.items], section.items, strict=False):
        if before is None or not before.shared or item.shared != before.shared:
            yield from _check_item(item)
    if section.per_unit:
        number = sum(len(duty.units) or 1 for duty in section.per_unit)
        about = {"text": section.title, "number": number, "cap": section.max or Decimal(0)}
        yield Finding(Kind.UNITS_TAKEN, section.place, about)
    for duty in section.per_unit:
        if not duty.units:
            yield Finding(Kind.UNITS_UNCLEAR, duty.place, {"text": duty.label})


def _check_item(item: DraftItem) -> Iterator[Finding]:
    about: dict[str, Parameter] = {"text": item.text}
    if item.doubtful:
        yield Finding(Kind.CAP_UNCLEAR, item.place, about | {"found": item.doubtful})
    elif item.max is None and item.shared:
        yield Finding(Kind.CAP_MISSING, item.place, about | {"found": item.shared}, "shared")
    elif item.max is None:
        yield Finding(Kind.CAP_MISSING, item.place, about)


def _sum(
    name: str, stated: Decimal | None, parts: Sequence[Decimal | None], place: Place | Spot
) -> Iterator[Finding]:
    """A sum that does not come to what is stated, where all of its parts are known."""
    known = [part for part in parts if part is not None]
    if stated is None or not parts or len(known) != len(parts):
        return
    added = sum(known, Decimal(0))
    if added != stated:
        about: dict[str, Parameter] = {"name": name, "stated": stated, "added": added}
        yield Finding(Kind.SUM_MISMATCH, place, about)


def sums_of_rows(draft: RubricDraft) -> Iterator[Finding]:
    """Rows of sums that are not what the items above them come to.

    No rubric has them, so that it would not be refused for one.
    """
    with exactly():
        for row in draft.sums:
            yield from _sum(row.title, row.stated, [item.max for item in row.parts], row.place)


def _sections_are_whole(draft: RubricDraft) -> Iterator[Finding]:
    """Sections whose points were added up; where none says its own, that is said once."""
    added = [section for section in draft.walk() if section.added]
    if added:
        first = added[0]
        listed = tuple(f"{part.title} {plain(part.max or Decimal(0))}" for part in added)
        about: dict[str, Parameter] = {"sections": listed, "number": len(added)}
        yield Finding(Kind.SECTION_POINTS_ADDED, first.place, about)
