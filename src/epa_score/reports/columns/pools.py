"""共用分值: notes on sections from which all items take points, and what bounds these."""

from collections.abc import Iterator

from epa_score.i18n import Words, plain
from epa_score.model import Rubric


def pool_notes(rubric: Rubric, words: Words) -> Iterator[str]:
    """A note on each pool: how much one item can take, and how far the section falls."""
    for section in rubric.all_sections:
        if section.pool is not None:
            about = {
                "section": section.title,
                "cap": plain(section.worth("")),
                "floor": "0" if section.floor is None else plain(section.floor),
            }
            yield words(f"report.note_pool_{section.pool}", **about)
