"""Facts of a score sheet against the rules of its rubric, and what was measured."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import chain
from typing import NamedTuple

from epa_score.checks.rubric_options import (
    items_may_be_inapplicable,
    reasons_stand_alone,
    something_applies,
)
from epa_score.diagnostics import Finding, Kind, Parameter, Place
from epa_score.diagnostics.finding import FieldName
from epa_score.diagnostics.from_pydantic import unknown_field
from epa_score.diagnostics.nearest import nearest
from epa_score.model import Rubric, Scope, Score, ScoreSheet
from epa_score.model.item_options import says_why
from epa_score.rules.rule import Case
from epa_score.values.facts import TAKEN, Fault, read_facts


class Exemptions(NamedTuple):
    """Items by why their lack of points is no finding of its own.

    ``repeated`` are the keys that stand twice in the file, ``unread`` the items whose points
    could not be read or are known to be wrong; ``unscored`` allows any item to have no points.
    """

    repeated: frozenset[str] = frozenset()
    unread: frozenset[str] = frozenset()
    unscored: bool = False

    def with_faulty_items(self, findings: Iterable[Finding]) -> "Exemptions":
        """The same, and every item that something is known to be wrong with."""
        places = (finding.place.keys for finding in findings if isinstance(finding.place, Place))
        wrong = frozenset(str(keys[1]) for keys in places if keys[1:])
        return self._replace(unread=self.unread | wrong)


NO_EXEMPTIONS = Exemptions()


_MEASURED = "measured"


def fields_are_known(sheet: ScoreSheet, scope: Scope) -> Iterator[Finding]:
    """Below an item stand its facts, or its points, and nothing else."""
    for name, given in _scores_with_facts(sheet, scope):
        rule, place = scope.rules.get(name), ("scores", name)
        facts = tuple(fact.name for fact in rule.facts) if rule is not None else ("score",)
        targets = scope.items[name].targets
        known = [*facts, "note", "evidence", *([_MEASURED] if targets else [])]
        known += ["not_applicable"] if name in scope.treatments else []
        extra = [field for field in given.__pydantic_extra__ if field not in known]
        for field in extra:
            elsewhere = _facts_elsewhere(scope) if rule is None else {}
            if field in elsewhere:
                taken: dict[str, Parameter] = {"item": name, "field": elsewhere[field]}
                yield Finding(Kind.ITEM_TAKES_POINTS, Place((*place, field), "key"), taken)
            else:
                yield unknown_field((*place, field), known)
        if targets is None and given.has_measured:
            yield unknown_field((*place, _MEASURED), known)
        elif targets is not None:
            names = [fact.name for fact in targets.facts]
            unknown = [field for field in given.measured if field not in names]
            yield from (unknown_field((*place, _MEASURED, field), names) for field in unknown)


def _facts_elsewhere(scope: Scope) -> dict[str, FieldName]:
    return {fact.name: fact.label for rule in scope.rules.values() for fact in rule.facts}


def ruled_items_have_no_points(sheet: ScoreSheet, scope: Scope) -> Iterator[Finding]:
    """Where a rule gives the points, a sheet gives facts."""
    for name, rule in scope.rules.items():
        points = sheet.points.get(name)
        if points is not None and not rule.takes_points:
            facts = tuple(fact.label for fact in rule.facts)
            yield Finding(
                Kind.ITEM_TAKES_FACTS,
                Place(("scores", name, "score")),
                {"item": name, "points": points, "facts": facts, "first": facts[0]},
            )


def facts_can_be_right(sheet: ScoreSheet, scope: Scope) -> Iterator[Finding]:
    """Facts are of their kind, and not more than is possible; so is what was measured.

    Those of an item that does not apply are to go, whatever they say.
    """
    for name, given in _scores_with_facts(sheet, scope):
        if given.not_applicable is not None and name in scope.treatments:
            continue
        rule, targets = scope.rules.get(name), scope.items[name].targets
        place: tuple[str, ...] = ("scores", name)
        if rule is not None:
            _, faults = read_facts(rule.facts, given.facts)
            yield from (finding_of_fault(name, place, fault) for fault in faults)
        if targets is not None:
            _, faults = read_facts(targets.facts, given.measured)
            yield from (finding_of_fault(name, (*place, _MEASURED), fault) for fault in faults)


def finding_of_fault(item: str, place: tuple[str, ...], fault: Fault) -> Finding:
    """The finding about a fact below ``place`` that cannot be right."""
    fact, error = fault
    context = {"item": item, "fact": fact.label, **(error.context or {})}
    variant = context.pop("variant", "")
    if fact.part_of and "part_of" in context:
        context["part_of"] = fact._replace(name=fact.part_of).label
    if fact.kind in ("choice", "yes_no"):
        alike = nearest(str(context["value"]), context["allowed"])
        context["nearest"] = alike or ""
        variant = "nearest" if alike else ""
    return Finding(Kind[error.type.upper()], Place((*place, fact.name)), context, variant)


def facts_suffice(sheet: ScoreSheet, scope: Scope, item: str) -> bool:
    """True where the facts of an item give its points, or it is known what is wrong with them."""
    rule = scope.rules.get(item)
    if rule is None:
        return False
    facts, faults = read_facts(rule.facts, sheet.score(item).facts)
    case = Case(facts, scope.caps[item], scope.decimals)
    return bool(faults) or rule.working(case) is not None


def facts_are_complete(
    sheet: ScoreSheet, scope: Scope, exemptions: Exemptions
) -> Iterator[Finding]:
    """An item of which some facts are known lacks none of the others."""
    for name, rule in scope.rules.items():
        facts, _ = read_facts(rule.facts, sheet.score(name).facts)
        begun = len(facts.missing) < len(rule.facts)
        if not begun or name in exemptions.unread or facts_suffice(sheet, scope, name):
            continue
        labels = tuple(fact.label for fact in rule.facts if fact.name in facts.missing)
        missing: dict[str, Parameter] = {"item": name, "facts": labels, "first": labels[0]}
        yield Finding(Kind.FACT_MISSING, Place(("scores", name)), missing)


def judged_deductions_are_sound(sheet: ScoreSheet, scope: Scope) -> Iterator[Finding]:
    """Points that a person took off are on the grain, no fewer than there can be, with a reason."""
    for name, given in _scores_with_facts(sheet, scope):
        rule = scope.rules.get(name)
        judged = rule.deduct.judged if rule is not None and rule.deduct is not None else None
        if rule is None or judged is None or given.not_applicable is not None:
            continue
        facts, _ = read_facts(rule.facts, given.facts)
        points = facts.numbers.get(TAKEN)
        if not points:
            continue
        place = Place(("scores", name, TAKEN))
        about: dict[str, Parameter] = {"item": name, "points": points}
        yield from points_on_the_grain(place, about, points, scope, "deduction")
        if judged.least is not None and points < judged.least:
            bounds: dict[str, Parameter] = {"least": judged.least, "most": judged.most}
            yield Finding(Kind.DEDUCTION_TOO_SMALL, place, about | bounds)
        note = (given.note or "").strip()
        if not says_why(note):
            about["note"] = note
            where, variant = Place(("scores", name, "note")), "word" if note else ""
            yield Finding(Kind.DEDUCTION_UNEXPLAINED, where, about, variant)


def points_on_the_grain(
    place: Place,
    about: dict[str, Parameter],
    points: Decimal,
    rubric: Rubric | Scope,
    variant: str = "",
) -> Iterator[Finding]:
    """Points carry no more decimals than the rubric allows, and are multiples of its step."""
    grain = rubric.grain
    if points % grain and rubric.step is None:
        precise: dict[str, Parameter] = {"decimals": rubric.decimals}
        yield Finding(Kind.POINTS_TOO_PRECISE, place, about | precise, variant)
    elif points % grain:
        below = points - points % grain
        step: dict[str, Parameter] = {"step": grain, "below": below, "above": below + grain}
        yield Finding(Kind.POINTS_OFF_STEP, place, about | step, variant)


def points_agree_with_targets(
    sheet: ScoreSheet, scope: Scope, exemptions: Exemptions
) -> Iterator[Finding]:
    """Full marks go with targets that are reached, and a loss with one that is not.

    Points that are known to be wrong are not compared.
    """
    for name, given in _scores_with_facts(sheet, scope):
        item = scope.items[name]
        if item.targets is None or given.score is None or name in exemptions.unread:
            continue
        facts, _ = read_facts(item.targets.facts, given.measured)
        verdict = item.targets.verdict(facts.numbers)
        full = given.score == item.max
        if verdict is None or verdict.reached == full:
            continue
        target, number = verdict.shown_by
        yield Finding(
            Kind.POINTS_AGAINST_TARGETS,
            Place(("scores", name, "score")),
            {
                "item": name,
                "points": given.score,
                "cap": item.max,
                "name": target.name,
                "measured": number,
                "target": target.at_least,
                "unit": target.unit or "",
                "text": item.text,
            },
            "" if full else "loss",
        )


def _scores_with_facts(sheet: ScoreSheet, scope: Scope) -> Iterator[tuple[str, Score]]:
    """The known items of which the sheet says more than points, note and evidence."""
    return ((name, given) for name, given in sheet.with_facts.items() if name in scope.items)


FACT_CHECKS = (
    fields_are_known,
    ruled_items_have_no_points,
    facts_can_be_right,
    items_may_be_inapplicable,
    reasons_stand_alone,
    something_applies,
    judged_deductions_are_sound,
)


def check_facts(sheet: ScoreSheet, scope: Scope, exemptions: Exemptions) -> list[Finding]:
    """Everything that is wrong with facts and measured numbers, and with what is in their place."""
    findings = list(chain.from_iterable(check(sheet, scope) for check in FACT_CHECKS))
    findings += points_agree_with_targets(sheet, scope, exemptions)
    if not exemptions.unscored:
        findings += facts_are_complete(sheet, scope, exemptions.with_faulty_items(findings))
    return findings
