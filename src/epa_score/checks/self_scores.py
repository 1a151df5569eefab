"""Self scores: as strictly read as points, never counted, and near enough to them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from epa_score.checks.rubric import all_items
from epa_score.diagnostics import Finding, Kind, Parameter, Place
from epa_score.diagnostics.from_pydantic import unknown_field
from epa_score.model import Item, Rubric, Scope, Score, ScoreSheet, exactly

SELF_SCORE = "self_score"


def self_scores_are_possible(rubric: Rubric) -> Iterator[Finding]:
    """The gap that is worth a warning can be reached, and one sheet holds the self scores."""
    if rubric.self_score is None:
        return
    if rubric.panel is not None:
        place = Place((SELF_SCORE,), "key")
        yield Finding(Kind.OPTIONS_CONFLICT, place, {"name": SELF_SCORE, "other": "panel"})
    gap = rubric.self_score.gap
    highest = max((_most(item) for _, item in all_items(rubric)), default=Decimal(0))
    if gap is not None and gap >= highest:
        about: dict[str, Parameter] = {"gap": gap, "most": highest}
        yield Finding(Kind.SELF_SCORE_GAP_TOO_WIDE, Place((SELF_SCORE, "gap")), about)


def _most(item: Item) -> Decimal:
    return item.max if item.rule is None else item.rule.most(item.max)


def self_scores_are_right(sheet: ScoreSheet, rubric: Rubric, scope: Scope) -> Iterator[Finding]:
    """Self scores are there where the rubric has them, and are such as points may be."""
    if rubric.self_score is None:
        for name, given in sheet.scores.items():
            if isinstance(given, Score) and SELF_SCORE in given.model_fields_set:
                yield _unknown(name)
        return
    for name, points in sheet.self_scores.items():
        if name in scope.items:
            yield from _possible_points(scope, name, points)


def _unknown(item: str) -> Finding:
    found = unknown_field(("scores", item, SELF_SCORE), ("score", "note", "evidence"))
    return replace(found, variant="")


def _possible_points(scope: Scope, item: str, points: Decimal) -> Iterator[Finding]:
    place, cap = Place(("scores", item, SELF_SCORE)), scope.most[item]
    text = scope.items[item].text
    about: dict[str, Parameter] = {"item": item, "points": points, "text": text}
    if points > cap:
        about |= {"cap": cap, "excess": points - cap}
        yield Finding(Kind.SELF_SCORE_NOT_POSSIBLE, place, about)
    elif points % scope.grain and scope.step is None:
        about["decimals"] = scope.decimals
        yield Finding(Kind.SELF_SCORE_NOT_POSSIBLE, place, about, "precise")
    elif points % scope.grain:
        below = points - points % scope.grain
        about |= {"step": scope.grain, "below": below, "above": below + scope.grain}
        yield Finding(Kind.SELF_SCORE_NOT_POSSIBLE, place, about, "step")


def without_self_scores(findings: Iterable[Finding], rubric: Rubric) -> Iterator[Finding]:
    """The findings of reading a sheet: what is wrong with self scores that the rubric has not.

    They are no field of its sheets, whatever is in them.
    """
    for finding in findings:
        keys = finding.place.keys if isinstance(finding.place, Place) else ()
        if rubric.self_score is None and keys[:1] == ("scores",) and keys[2:] == (SELF_SCORE,):
            yield _unknown(str(keys[1]))
        else:
            yield finding


def self_scores_are_near(
    sheet: ScoreSheet, rubric: Rubric, points: Mapping[str, Decimal | None]
) -> Iterator[Finding]:
    """No self score is further than the gap from the ``points`` of its item.

    Of an item that does not apply there is nothing to compare.
    """
    gap = rubric.self_score.gap if rubric.self_score is not None else None
    if gap is None:
        return
    for name, self_score in sheet.self_scores.items():
        counted = points.get(name)
        if counted is None or name in sheet.inapplicable:
            continue
        with exactly():
            distance = abs(self_score - counted)
        if distance > gap:
            about: dict[str, Parameter] = {
                "item": name,
                "self_score": self_score,
                "points": counted,
                "distance": distance,
                "gap": gap,
            }
            place = Place(("scores", name, SELF_SCORE))
            yield Finding(Kind.SELF_SCORE_FAR_OFF, place, about)
