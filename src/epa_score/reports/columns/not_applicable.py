"""不适用: columns, remarks and notes on items that do not apply, and on sums that do not add up."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import partial

from epa_score.i18n import Words, plain
from epa_score.model import Rubric, ScoreSheet, exactly
from epa_score.model.sheet import CombinedSheet
from epa_score.reports.columns import Field, Line, ResultList, result_field
from epa_score.reports.columns.sections import full_marks
from epa_score.reports.table import Column
from epa_score.scoring import Result
from epa_score.scoring.points import PointsByItem

NOTHING: frozenset[str] = frozenset()
TOTAL = frozenset({"total"})
WHOLE = frozenset({"base", "total"})
"""Columns whose figures follow no formula in a row."""


def fields(listed: ResultList[Rubric]) -> Iterator[Field]:
    """For programs, the items that do not apply, and the points that the total is out of."""
    rubric, words = listed.rubric, listed.words
    if rubric.treatments:
        column = Column("not_applicable", words("report.not_applicable"), shown=False)
        yield result_field(column, _inapplicable_items)
    if rubric.treatments or rubric.accepted:
        column = Column("out_of", words("report.out_of"), "points", shown=False)
        yield result_field(column, partial(_full_marks, rubric))


def _inapplicable_items(result: Result) -> str | None:
    return " ".join(entry.item for entry in result.inapplicable) or None


def _full_marks(rubric: Rubric, result: Result) -> Decimal:
    return rubric.total if result.out_of is None else result.out_of


def remarks(listed: ResultList[Rubric], line: Line) -> Iterator[str]:
    """One remark on the items that do not apply, their points, and what the total is out of."""
    rubric, words, result = listed.rubric, listed.words, line.result
    if result is None:
        return
    parts = list(_item_remarks(result, words)) if result.inapplicable else []
    out_of = result.out_of
    excluded = any(entry.treatment == "exclude" for entry in result.inapplicable)
    if out_of is not None and (excluded or (rubric.accepted and out_of != full_marks(rubric))):
        whole = "out_of" if result.adjusted is None else "base_out_of"
        parts.append(words(f"report.remark_{whole}", points=plain(out_of)))
    if result.awaiting:
        parts.append(words("report.remark_awaiting", items=_names_text(result.awaiting, words)))
    if parts:
        yield words("working.separator").join(parts)


def _item_remarks(result: Result, words: Words) -> Iterator[str]:
    treated = result.inapplicable
    with exactly():
        points = sum((entry.cap for entry in treated), Decimal(0))
    items = _names_text([entry.item for entry in treated], words)
    yield words("report.remark_not_applicable", points=plain(points), items=items)
    for entry in treated:
        if entry.treatment == "peer_mean" and entry.points is not None:
            about = {"item": entry.item, "peers": entry.peers, "points": plain(entry.points)}
            yield words("report.remark_peer_mean", **about)
    for entry in [entry for entry in treated if entry.treatment == "rescale_total"][:1]:
        shares = {"whole": plain(entry.whole), "left": plain(entry.left)}
        yield words("report.remark_rescaled_total", **shares)


def notes(listed: ResultList[Rubric]) -> Iterator[str]:
    """A note on each sum of the rubric that does not add up and was accepted."""
    yield from accepted_mismatch_notes(listed.rubric, listed.words)


def accepted_mismatch_notes(rubric: Rubric, words: Words) -> Iterator[str]:
    """A note on each sum of a rubric that does not add up and was accepted, and why."""
    for title, why in rubric.accepted:
        yield words("report.note_accepted", title=title, reason=why)


def absent_text(item: str, sheet: ScoreSheet, words: Words) -> str:
    """The words in place of points that an item does not have."""
    absent = "not_applicable" if item in sheet.inapplicable else "unscored"
    return words(f"report.{absent}")


def applicable_points(points: PointsByItem, sheet: ScoreSheet) -> PointsByItem:
    """The points of the items that apply."""
    if not sheet.inapplicable:
        return points
    return {name: given for name, given in points.items() if name not in sheet.inapplicable}


def scored_points(points: PointsByItem, sheet: ScoreSheet) -> PointsByItem:
    """The points of the items that apply and that all assessors have scored."""
    found, left_out = applicable_points(points, sheet), open_items_of(sheet)
    return {name: given for name, given in found.items() if name not in left_out}


def open_items_of(sheet: ScoreSheet) -> Sequence[str]:
    """The items of a combined sheet that not all assessors have scored; of any other none."""
    return sheet.open_items if isinstance(sheet, CombinedSheet) else ()


def rescaled_sections(rubric: Rubric, result: Result) -> frozenset[str]:
    """The columns of sums whose points are not the sum of items, as some were scaled up."""
    if not result.inapplicable:
        return NOTHING
    scope = rubric.scope(result.unit)
    scaled = {entry.item for entry in result.inapplicable if entry.treatment == "rescale"}
    found = scope.section_items.items() if scope is not None else ()
    columns = frozenset(f"sections.{name}" for name, ids in found if scaled & set(ids))
    in_total = any(entry.treatment == "rescale_total" for entry in result.inapplicable)
    return columns | WHOLE if in_total else columns


def _names_text(names: Sequence[str], words: Words) -> str:
    return words("list.separator").join(names)
