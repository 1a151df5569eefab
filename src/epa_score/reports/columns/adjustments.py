"""加分 and 减分: what is added to the base and taken from it, as columns and as lines."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from epa_score.i18n import Words, plain
from epa_score.model import Rubric, ScoreSheet
from epa_score.reports.columns.sections import or_blank, worth
from epa_score.reports.table import Cell, Column, SumOf, decimals_of
from epa_score.rules.rule import Working
from epa_score.scoring import Result
from epa_score.scoring.adjustments import adjustments_of


class AdjustmentLine(NamedTuple):
    """What has points: an id (none for a sum), its words, and the most points there can be."""

    id: str | None
    text: str
    max: Decimal | None


def adjustment_columns(
    rubric: Rubric, results: Sequence[Result], words: Words, live: Mapping[str, SumOf]
) -> list[Column]:
    """The base, and the bonuses and penalties that the rubric has; nothing where it has none.

    ``live`` gives the formulas of the columns that have any.
    """
    if rubric.adjustments is None:
        return []
    most: dict[str, Decimal | None] = {"base": worth(rubric)}
    most |= {way: one.max for way, one in rubric.adjustments.lists()}
    points = [one.adjusted._asdict() for one in results if one.adjusted is not None]
    return [
        Column(
            name,
            _title(name, cap, words),
            "points",
            decimals_of({one[name] for one in points}),
            priority=2,
            cap=cap,
            live=live.get(name),
        )
        for name, cap in most.items()
    ]


def _title(name: str, cap: Decimal | None, words: Words) -> str:
    title = words(f"report.{name}")
    return title if cap is None else words("report.capped", title=title, cap=plain(cap))


def adjustment_cells(rubric: Rubric, result: Result) -> list[Cell]:
    """The cells of a result in the columns of `adjustment_columns`."""
    if rubric.adjustments is None or result.adjusted is None:
        return []
    points = result.adjusted._asdict()
    return [or_blank(points["base"]), *(points[way] for way, _ in rubric.adjustments.lists())]


def adjustment_note(rubric: Rubric, words: Words) -> str:
    """How totals are made of the base and the adjustments; nothing where there are none."""
    if rubric.adjustments is None:
        return ""
    return words(f"report.note_with_{rubric.adjustments.ways}")


def adjustment_lines(
    rubric: Rubric, sheet: ScoreSheet, words: Words
) -> Iterator[tuple[AdjustmentLine, Working]]:
    """Each adjustment that a sheet names facts for, and the sums of them."""
    limits = dict(rubric.adjustments.lists()) if rubric.adjustments is not None else {}
    for added in adjustments_of(rubric, sheet):
        for item, _, working, _ in added.items:
            yield AdjustmentLine(item.id, item.text, item.max), working
        if added.items:
            yield (
                AdjustmentLine(None, words(f"report.{added.way}"), limits[added.way].max),
                added.working,
            )
