"""满分: what units can have at most in a ranking, where some have fewer items than others."""

from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Literal, NamedTuple

from epa_score.i18n import Words, plain
from epa_score.model import Rubric, Section, exactly, same_name_key
from epa_score.model.ranked import Ranked
from epa_score.reports.columns.sections import full_marks
from epa_score.reports.coverage import first_names
from epa_score.scoring import Result
from epa_score.scoring.not_applicable import points_left_out

_MOST_UNITS = 20
"""Units whose own full marks are told; of more it says how many there are."""


class FullMarks(NamedTuple):
    """The points of full marks: those of most units, and of ``others`` in words."""

    points: Decimal
    others: str = ""
    """The units that have others, with these; empty where there are none."""


def full_marks_in(rubric: Rubric, section: Section, result: Result) -> Decimal:
    """The points of full marks of a unit in a section, without the items that are left out."""
    scope = rubric.scope(result.unit)
    inside = scope.section_items.get(section.id, ()) if scope is not None else ()
    left_out = (entry for entry in result.inapplicable if entry.item in inside)
    with exactly():
        whole = section.worth(same_name_key(result.unit)) if rubric.accepted else section.max
        return whole - points_left_out(left_out)


def full_marks_of(ranked: Ranked, results: Iterable[Result]) -> list[tuple[str, Decimal]]:
    """The units with their full marks in total, without adjustments."""
    stated = full_marks(ranked)
    return [(own.unit, stated if own.out_of is None else own.out_of) for own in results]


def told_full_marks(
    found: Sequence[tuple[str, Decimal]],
    stated: Decimal,
    words: Words,
    text: Literal["notice", "page"],
) -> FullMarks:
    """The full marks of some units in the words of a ``text``.

    They are the ``stated`` ones where any unit has these, else those that most units have.
    """
    counts = Counter(points for _, points in found)
    most = stated if stated in counts or not counts else max(counts, key=lambda own: counts[own])
    units: dict[Decimal, list[str]] = {}
    for unit, points in found:
        if points != most:
            units.setdefault(points, []).append(unit)
    number = sum(map(len, units.values()))
    if number > _MOST_UNITS:
        return FullMarks(most, words(f"full_marks.{text}_other", number=number))
    named = (
        words(
            f"full_marks.{text}_own",
            units=first_names(words, units[points], _MOST_UNITS),
            cap=plain(points),
        )
        for points in sorted(units, reverse=True)
    )
    return FullMarks(most, words("list.separator").join(named))
