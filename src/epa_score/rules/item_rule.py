"""The rule of an item: one of all that there are, by its name.

A new rule is a module with a shape and a pure function, and a line in `Rules`.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated

from epa_score.diagnostics import Finding, Kind, Parameter, Place
from epa_score.rules.all_or_nothing import AllOrNothing
from epa_score.rules.brackets import Brackets
from epa_score.rules.count import Count
from epa_score.rules.deduct import Deduct
from epa_score.rules.hard_zero import HardZero
from epa_score.rules.levels import Levels
from epa_score.rules.ratio import Ratio
from epa_score.rules.rule import Amount, Case, Rule, Working
from epa_score.rules.target import TargetRule
from epa_score.values.facts import SCORE, Fact
from epa_score.values.fields import (
    Frozen,
    IfGiven,
    MappingIfGiven,
    Yes,
    frozen_config,
    one_of,
)
from epa_score.values.names import Named


class Rules(Frozen, Rule):
    """The rules by name: an item has one of them, `hard_zero` beside it or alone.

    With `hard_zero` alone a person gives the points, as ``score``.
    """

    model_config = frozen_config(
        "How the points of an item follow from facts: one rule by its name"
    )

    deduct: Annotated[Deduct | None, IfGiven] = None
    """Full marks less so many points for each occurrence."""
    count: Annotated[Count | None, IfGiven] = None
    """So many points for each, up to the cap."""
    ratio: Annotated[Ratio | None, MappingIfGiven] = None
    """The share of the cap that was done of a target."""
    levels: Annotated[Levels | None, IfGiven] = None
    """The points of the one level that applies."""
    brackets: Annotated[Brackets | None, IfGiven] = None
    """The points of the highest bound that a number reaches."""
    all_or_nothing: Annotated[AllOrNothing | None, IfGiven] = None
    """The cap where conditions hold, else 0."""
    target: Annotated[TargetRule | None, IfGiven] = None
    """Points at a target, fewer below it and more above."""
    hard_zero: Annotated[HardZero | None, IfGiven] = None
    """Facts that make the item 0 whatever else is true."""
    whole: Annotated[Yes | None, IfGiven] = None
    """True where the numbers of the rule are whole (家、件、名次), false where ranks are means."""

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The facts of the rule, and those that make the item 0."""
        base, zero = self._base, self.hard_zero
        own = (Fact(SCORE, "points"),) if base is None else base.facts
        if self._is_whole:
            own = tuple(
                fact._replace(kind="whole") if fact.kind == "number" else fact for fact in own
            )
        return own + (() if zero is None else zero.facts)

    @property
    def only_deducts(self) -> bool:
        """True where the item only deducts, and leaves the floor to its pool."""
        return self.deduct is not None and self.deduct.floor is None and self.hard_zero is None

    @property
    def takes_points(self) -> bool:
        """True where a person gives points, which the rule may take away."""
        return any(fact.kind == "points" for fact in self.facts)

    def working(self, case: Case) -> Working | None:
        """0 where a fact makes it so, ``None`` while facts are missing, else what the rule says."""
        zero = self.hard_zero.working(case) if self.hard_zero is not None else None
        if zero is not None or case.facts.missing:
            return zero
        base = self._base
        return Working(case.facts.numbers[SCORE], ()) if base is None else base.working(case)

    def most(self, cap: Decimal) -> Decimal:
        """The most that the rule can give."""
        return cap if self._base is None else self._base.most(cap)

    def names(self) -> Iterator[Named]:
        """Every name that the rubric chose, with the keys that lead to it."""
        for key, rule in self._rules.items():
            for name in rule.names():
                yield name._replace(keys=(key, *name.keys))

    def bounds(self) -> Iterator[Amount]:
        """Every number that facts are compared with, with the keys that lead to it."""
        for name, rule in self._rules.items():
            for bound in rule.bounds():
                yield bound._replace(keys=(name, *bound.keys))

    def amounts(self) -> Iterator[Amount]:
        """Every amount of points, with the keys that lead to it."""
        for name, rule in self._rules.items():
            for amount in rule.amounts():
                yield amount._replace(keys=(name, *amount.keys))

    def without_effect(self, cap: Decimal, /) -> Iterator[Amount]:
        """Every number that makes no difference, with the keys that lead to it."""
        for name, rule in self._rules.items():
            for amount in rule.without_effect(cap):
                yield amount._replace(keys=(name, *amount.keys))

    def findings(self) -> Iterator[Finding]:
        """All that is wrong with the choice of a rule, or with a rule."""
        held = self._rules
        yield from self._findings_of_whole()
        if list(held) != ["hard_zero"]:
            names = {name: held.get(name) for name in self._names}
            yield from one_of("rule", names | {"hard_zero": None})
        for name, rule in held.items():
            for finding in rule.findings():
                yield finding.below(name)

    def _findings_of_whole(self) -> Iterator[Finding]:
        """Whole numbers are said of numbers alone, and compared with whole numbers."""
        base = self._base
        if not self._rules:
            return
        if self.whole is not None and (
            base is None
            or all(fact.kind not in ("number", "whole") for fact in self.facts)
            or self.whole == base.is_about_ranks
        ):
            about: dict[str, Parameter] = {"by": "true" if self.whole else "false"}
            yield Finding(Kind.SETTING_WITHOUT_EFFECT, Place(("whole",)), about, "whole")
        elif base is not None and self._is_whole:
            for bound in self.bounds():
                if bound.points % 1:
                    about = {"field": str(bound.keys[-1]), "value": bound.points}
                    yield Finding(Kind.RULE_OPTIONS_CONFLICT, Place(bound.keys), about, "whole")

    @property
    def _is_whole(self) -> bool:
        base = self._base
        return base is not None and (base.is_about_ranks if self.whole is None else self.whole)

    @property
    def _names(self) -> tuple[str, ...]:
        """The names of all rules that there are."""
        return tuple(name for name in type(self).model_fields if name != "whole")

    @property
    def _rules(self) -> dict[str, Rule]:
        rules = {name: getattr(self, name) for name in self._names}
        return {name: rule for name, rule in rules.items() if rule is not None}

    @property
    def _base(self) -> Rule | None:
        """The rule that gives the points; ``None`` where a person gives them."""
        return next((rule for name, rule in self._rules.items() if name != "hard_zero"), None)
