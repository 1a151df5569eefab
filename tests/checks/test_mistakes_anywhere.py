"""A mistake in a rubric is found wherever it stands: behind a sound section, or a sound item."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from tests.support.paths import BROKEN

from epa_score.checks import check_rubric
from epa_score.model import Item, Rubric, Section
from epa_score.readers.files import read_file
from epa_score.readers.to_model import kind_of, to_model

SOUND = Item(id="Z99", max=Decimal(1), text="有人负责。")
Change = Callable[[Rubric], Rubric]


def broken_rubrics() -> list[tuple[str, Rubric]]:
    """Every faulty rubric of the cases that is a rubric by its shape."""
    found = []
    for path in sorted(Path(BROKEN).glob("EPA2*/**/*.yaml")):
        source = read_file(str(path)).source
        if source.value is None or kind_of(source) != "rubric":
            continue
        rubric, _ = to_model(source, Rubric)
        if rubric is not None and check_rubric(rubric):
            found.append((str(path.relative_to(BROKEN)), rubric))
    return found


ABOUT_THE_WHOLE = (
    *("EPA221_treatment_impossible-alone", "EPA242_panel_gap_too_wide-total"),
    *("EPA250_pool_reading-plain", "EPA251_panel_reading-plain"),
    *("EPA252_setting_without_effect-by", "EPA286_section_of_several", "EPA297_condition_idle"),
)
"""Mistakes about how many items, points or assessors there are in all: one more mends them."""

CASES = [case for case in broken_rubrics() if not case[0].startswith(ABOUT_THE_WHOLE)]


def behind_a_section(rubric: Rubric) -> Rubric:
    first = Section(id="Z", title="别的", max=Decimal(1), items=(SOUND,))
    changed = {"sections": (first, *rubric.sections), "total": rubric.total + 1}
    return rubric.model_copy(update=changed)


POOL = Section.model_validate(
    {
        "id": "Y",
        "title": "减分",
        "max": "10",
        "pool": "section",
        "floor": "2",
        "items": [
            {"id": "Y98", "max": "6", "text": "迟报。", "rule": {"deduct": {"each": "1"}}},
            {"id": "Y99", "max": "4", "text": "漏报。", "rule": {"deduct": {"each": "1"}}},
        ],
    }
)


def behind_a_pool(rubric: Rubric) -> Rubric:
    changed = {"sections": (POOL, *rubric.sections), "total": rubric.total + POOL.max}
    return rubric.model_copy(update=changed)


def with_item_first(section: Section) -> Section:
    if section.sections:
        first, *rest = section.sections
        parts = (with_item_first(first), *rest)
        return section.model_copy(update={"sections": parts, "max": section.max + 1})
    if not section.items:
        return section
    return section.model_copy(update={"items": (SOUND, *section.items), "max": section.max + 1})


def behind_an_item(rubric: Rubric) -> Rubric:
    first, *rest = rubric.sections
    changed = {"sections": (with_item_first(first), *rest), "total": rubric.total + 1}
    return rubric.model_copy(update=changed)


def codes(rubric: Rubric) -> set[str]:
    return {f"{found.kind.code} {found.variant}" for found in check_rubric(rubric)}


@pytest.mark.parametrize("change", [behind_a_section, behind_a_pool, behind_an_item])
@pytest.mark.parametrize(("name", "rubric"), CASES, ids=[name for name, _ in CASES])
def test_a_mistake_is_found_behind_what_is_sound(name: str, rubric: Rubric, change: Change) -> None:
    assert codes(rubric) - codes(change(rubric)) == set(), name


def test_there_are_many_such_mistakes() -> None:
    assert len(CASES) > 60
