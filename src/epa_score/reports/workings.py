"""计分过程: how the points of items came about that have a rule or do not apply."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from epa_score.i18n import Words, plain
from epa_score.model import Item, Rubric, ScoreSheet
from epa_score.model.rule import Part, Step, Working
from epa_score.reports.items import all_items
from epa_score.reports.table import Column, Row, Table, decimals_of
from epa_score.scoring import Ranking
from epa_score.scoring.assessed import workings_of


def has_rules(rubric: Rubric) -> bool:
    """Whether any item of a rubric has a rule."""
    return any(item.rule for section in rubric.all_sections for item in all_items(section))


def has_workings(rubric: Rubric) -> bool:
    """Whether points may come about otherwise than by being given."""
    return has_rules(rubric) or bool(rubric.treatments)


def workings_table(
    rubric: Rubric, ranking: Ranking, sheets: Mapping[str, ScoreSheet], words: Words
) -> Table:
    """One row for each item with a rule or without points, units in the order of the ranking."""
    found = list(_found(rubric, ranking, sheets))
    columns = (
        Column("unit", words("report.unit")),
        Column("item", words("report.item")),
        Column("text", words("report.text"), "long text"),
        Column("max", words("report.cap"), "points", decimals_of(one.item.max for one in found)),
        Column("working", words("report.working"), "long text"),
        Column(
            "score",
            words("report.score"),
            "points",
            decimals_of(filter(None, (one.working.points for one in found))),
        ),
    )

    def rows() -> Iterator[Row]:
        for unit, item, working in found:
            text = working_text(working, words)
            yield Row((unit, item.id, item.text, item.max, text, working.points), live=False)

    title = words("report.workings_title", title=rubric.title)
    return Table("workings", title, columns, rows, (), rubric.id)


class _Found(NamedTuple):
    """An item of a unit whose points follow from facts, or that does not apply."""

    unit: str
    item: Item
    working: Working


def _found(rubric: Rubric, ranking: Ranking, sheets: Mapping[str, ScoreSheet]) -> Iterator[_Found]:
    for placing in ranking.placings:
        sheet = sheets[placing.result.unit]
        scope = rubric.scope(sheet.unit)
        items = scope.items if scope is not None else {}
        workings = workings_of(rubric, sheet, placing.result)
        for name in (one for one in items if one in workings):
            if workings[name].steps:
                yield _Found(sheet.unit, items[name], workings[name])


def working_text(working: Working, words: Words) -> str:
    """How points came about, in words: ``10 - 3 x 0.5 = 8.5``."""
    return words("working.separator").join(_step(step, words) for step in working.steps)


def note_text(working: Working | None, note: str | None, words: Words) -> str:
    """How points came about where a rule gave them, and the reason."""
    parts = (working_text(working, words) if working else "", note or "")
    return words("working.separator").join(filter(None, parts))


def _step(step: Step, words: Words) -> str:
    joiner = words.get(f"working.{step.words}_joiner") or words("list.separator")
    parts = {name: _shown(part, joiner, words) for name, part in step.parts.items()}
    return words(f"working.{step.words}", **parts)


def _shown(part: Part, joiner: str, words: Words) -> str:
    if isinstance(part, Decimal):
        return plain(part)
    if isinstance(part, str):
        return part
    return joiner.join(
        one
        if isinstance(one, str)
        else words("working.product", number=plain(one.number), each=plain(one.each))
        for one in part
    )
