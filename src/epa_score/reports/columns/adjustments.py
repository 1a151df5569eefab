"""加分 and 减分: the points added to the base and taken from it, as columns and as lines."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from epa_score.i18n import Words, plain
from epa_score.model import Rubric, ScoreSheet
from epa_score.model.ranked import Ranked
from epa_score.reports.columns import Field, ResultList, result_field
from epa_score.reports.columns.sections import full_marks, or_blank
from epa_score.reports.sums import Live
from epa_score.reports.table import Cell, Column, decimals_of
from epa_score.rules.rule import Working
from epa_score.scoring import Result
from epa_score.scoring.adjustments import adjustments_of


class PointsSubject(NamedTuple):
    """Something that has points: its id (none for a sum), its words, and its cap, if any."""

    id: str | None
    text: str
    max: Decimal | None


class AdjustmentLine(NamedTuple):
    """An adjustment, or the sum of those of one way, and how its points came about."""

    subject: PointsSubject
    working: Working


def fields(listed: ResultList[Ranked], live: Mapping[str, Live]) -> Iterator[Field]:
    """The base, and the bonuses and penalties that the rubric has; nothing where it has none.

    ``live`` gives the formulas of the columns that have any.
    """
    rubric = listed.rubric
    if rubric.adjustments is None:
        return
    caps: dict[str, Decimal | None] = {"base": full_marks(rubric)}
    caps |= {way: adjustments.max for way, adjustments in rubric.adjustments.lists()}
    for name, cap in caps.items():
        points = partial(_adjusted_points, name)
        column = Column(
            name,
            _title(name, cap, listed.words),
            "points",
            decimals_of({given for given in map(points, listed.results) if given is not None}),
            priority=2,
            cap=cap,
            live=live.get(name),
        )
        yield result_field(column, partial(_cell, name))


def _adjusted_points(name: str, result: Result) -> Decimal | None:
    """The base, the bonus or the penalty of a unit, in points."""
    return None if result.adjusted is None else getattr(result.adjusted, name)


def _cell(name: str, result: Result) -> Cell:
    return or_blank(_adjusted_points(name, result))


def _title(name: str, cap: Decimal | None, words: Words) -> str:
    title = words(f"report.{name}")
    return title if cap is None else words("report.capped", title=title, cap=plain(cap))


def notes(listed: ResultList[Ranked]) -> Iterator[str]:
    """A note on how totals are made of the base and the adjustments."""
    if listed.rubric.adjustments is not None:
        yield listed.words(f"report.note_with_{listed.rubric.adjustments.ways}")


def adjustment_lines(rubric: Rubric, sheet: ScoreSheet, words: Words) -> Iterator[AdjustmentLine]:
    """Each adjustment that a sheet names facts for, and the sums of them."""
    limits = dict(rubric.adjustments.lists()) if rubric.adjustments is not None else {}
    for added in adjustments_of(rubric, sheet):
        for counted in added.items:
            item = counted.item
            yield AdjustmentLine(PointsSubject(item.id, item.text, item.max), counted.working)
        if added.items:
            whole = PointsSubject(None, words(f"report.{added.way}"), limits[added.way].max)
            yield AdjustmentLine(whole, added.working)
