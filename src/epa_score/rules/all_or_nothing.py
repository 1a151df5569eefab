"""`all_or_nothing`: the whole cap if conditions hold, else 0 (有方案、有台账的得满分)."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator

from epa_score.diagnostics import Finding
from epa_score.rules.rule import Amount, Case, Rule, Step, StepPart, Working
from epa_score.values.facts import Fact, Facts
from epa_score.values.fields import Frozen, IfGiven, Text, frozen_config, one_of
from epa_score.values.names import Named
from epa_score.values.points import Points


def all_or_nothing(cap: Decimal, *, met: bool) -> Decimal:
    """The cap or nothing, in points."""
    return cap if met else Decimal(0)


class Condition(Frozen):
    """Something that is so or not, or a number that is to be ``at_least`` so much."""

    model_config = frozen_config("Something that is so or not, or a number to reach")

    name: Text
    at_least: Annotated[Points | None, IfGiven] = None

    def holds(self, facts: Facts) -> bool:
        """True where the condition is met; a bound is included, as 以上 means."""
        if self.at_least is None:
            return facts.words[self.name] == "yes"
        return facts.numbers[self.name] >= self.at_least


def _read_condition(value: Any) -> Any:
    return {"name": value} if isinstance(value, str) else value


_OrName = BeforeValidator(_read_condition, json_schema_input_type=Text | Condition)
_Conditions = tuple[Annotated[Condition, _OrName], ...]


class AllOrNothing(Frozen, Rule):
    """One or several conditions, of which ``all`` or ``any`` must hold; one of the two."""

    model_config = frozen_config("The whole cap if all or any conditions hold, else 0")

    all: _Conditions = ()
    any: _Conditions = ()

    @property
    def facts(self) -> tuple[Fact, ...]:
        """A yes or no for each condition, or its number."""
        return tuple(
            Fact(condition.name, "yes_no" if condition.at_least is None else "number")
            for condition in (*self.all, *self.any)
        )

    def working(self, case: Case) -> Working:
        """The cap or 0."""
        conditions = self.all or self.any
        holding = [condition.name for condition in conditions if condition.holds(case.facts)]
        failing = [condition.name for condition in conditions if condition.name not in holding]
        met = bool(holding) if self.any else not failing
        points = all_or_nothing(case.cap, met=met)
        parts: dict[str, StepPart] = {"names": tuple(holding if met else failing), "result": points}
        return Working(points, (Step("met" if met else "unmet", parts),))

    def names(self) -> Iterator[Named]:
        """The names of the conditions."""
        for key, conditions in (("all", self.all), ("any", self.any)):
            for index, condition in enumerate(conditions):
                yield Named((key, index, "name"), condition.name)

    def findings(self) -> Iterator[Finding]:
        """Exactly one of the two lists is there."""
        return one_of("all_or_nothing", {"all": self.all, "any": self.any})

    def bounds(self) -> Iterator[Amount]:
        """The number that each condition asks for."""
        for key, conditions in (("all", self.all), ("any", self.any)):
            for index, condition in enumerate(conditions):
                if condition.at_least is not None:
                    yield Amount((key, index, "at_least"), condition.at_least)

    def without_effect(self, _cap: Decimal, /) -> Iterator[Amount]:
        """A number of 0 is always reached."""
        return (bound for bound in self.bounds() if not bound.points)
