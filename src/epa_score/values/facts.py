"""Facts that a sheet states of an item, and targets: the numbers that an item's text states."""

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Annotated, Literal, NamedTuple

from pydantic import PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from epa_score.diagnostics import Finding
from epa_score.diagnostics.finding import FieldName
from epa_score.i18n import plain
from epa_score.values.fields import Frozen, IfGiven, Text, frozen_config, one_of
from epa_score.values.names import Named
from epa_score.values.points import Points, read_points

YES_NO = {"是": "yes", "否": "no", "yes": "yes", "no": "no"}
"""The words for yes and no in a sheet, in lower case, and what each means."""


VALUE, SCORE, TAKEN = "value", "score", "deducted"
"""The names of a fact that has no other, of points that a person gives, and of those taken away."""


class Fact(NamedTuple):
    """One fact that a rule takes, and what may stand there."""

    name: str
    """Its name in a sheet."""
    kind: Literal["count", "whole", "number", "points", "deduction", "choice", "yes_no"]
    """How often or how many, another whole number such as a rank, any number, points that a person
    gave or took, a choice, or yes and no."""
    choices: tuple[str, ...] = ()
    """The words that a choice is one of."""
    most: Decimal | None = None
    """The highest number that is possible."""
    part_of: str = ""
    """The other fact whose number is the highest possible, if there is one."""
    divided_by: bool = False
    """True where it cannot be 0."""
    least: Decimal | None = None
    """The lowest number that there is."""

    @property
    def label(self) -> FieldName:
        """Its name for a message, which a form has words of its own for."""
        if self.kind == "points":
            return FieldName(self.name, "form.score")
        kind = "number" if self.kind == "whole" else self.kind
        return FieldName(self.name, f"fact.{self.name}_{kind}")


class Facts(NamedTuple):
    """The facts that were given: numbers, and words (``yes`` and ``no`` among them), by name."""

    numbers: Mapping[str, Decimal]
    words: Mapping[str, str]
    missing: tuple[str, ...] = ()


class Fault(NamedTuple):
    """A fact that cannot be right; the type of ``error`` names the kind of diagnostic."""

    fact: Fact
    error: PydanticCustomError


def _read_given(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if not isinstance(value, Decimal | int) or isinstance(value, bool):
        kind = "wrong_shape"
        raise PydanticCustomError(kind, "fact", {"expected": "text"})
    return plain(Decimal(value))


_KINDS = ("string", "number", "null")

GivenFact = Annotated[
    str | None,
    PlainValidator(_read_given),
    WithJsonSchema({"anyOf": [{"type": kind} for kind in _KINDS]}, mode="validation"),
]
"""A fact as it was given, before anyone knows what it should be; code may give a number."""


class FactReading(NamedTuple):
    """The facts that could be read, and those that cannot be right."""

    facts: Facts
    faults: tuple[Fault, ...]


def read_facts(known: Iterable[Fact], given: Mapping[str, object]) -> FactReading:
    """Read the values of the ``known`` facts, as far as some are given."""
    numbers: dict[str, Decimal] = {}
    words: dict[str, str] = {}
    missing: list[str] = []
    faults: list[Fault] = []
    for fact in sorted(known, key=lambda fact: bool(fact.part_of)):
        value = given.get(fact.name)
        if value is None:
            missing.append(fact.name)
            continue
        try:
            if fact.kind in ("choice", "yes_no"):
                words[fact.name] = _word(fact, str(value))
            else:
                most = numbers.get(fact.part_of, fact.most)
                numbers[fact.name] = _number(fact._replace(most=most), value)
        except PydanticCustomError as error:
            faults.append(Fault(fact, error))
    return FactReading(Facts(numbers, words, tuple(missing)), tuple(faults))


def _word(fact: Fact, text: str) -> str:
    if fact.kind == "yes_no":
        answer = YES_NO.get(text.casefold())
        if answer is not None:
            return answer
    elif text in fact.choices:
        return text
    kind = "fact_not_a_choice"
    allowed = fact.choices or tuple(YES_NO)
    raise PydanticCustomError(kind, "fact", {"value": text, "allowed": allowed})


def _number(fact: Fact, value: object) -> Decimal:
    try:
        number = read_points(value)
    except PydanticCustomError as error:
        raise _count_error(fact, value) or _number_error(value) from error
    if fact.divided_by and not number:
        kind = "fact_not_positive"
    elif fact.least is not None and number < fact.least:
        kind = "fact_below_beginning"
        raise PydanticCustomError(kind, "fact", {"value": number, "least": fact.least})
    elif fact.kind in _WHOLE and number % 1:
        raise _not_whole(fact, number)
    elif fact.most is not None and number > fact.most:
        kind = "fact_not_possible"
        context = {"value": number, "most": fact.most, "part_of": fact.part_of}
        variant = {"variant": "part"} if fact.part_of else {}
        raise PydanticCustomError(kind, "fact", context | variant)
    else:
        return number
    raise PydanticCustomError(kind, "fact", {"value": number})


def _not_whole(fact: Fact, value: Decimal | str) -> PydanticCustomError:
    kind = "fact_not_whole"
    variant = {"variant": "whole"} if fact.kind == "whole" else {}
    return PydanticCustomError(kind, "fact", {"value": value} | variant)


_WHOLE = ("count", "whole")
_MEASURE_WORD = "[次个项件起人家户篇条场期天名]"
_PART_OF_ONE = (
    r"(?:[0-9]*+\.0*+[1-9][0-9]*+|[0-9]++/[0-9]++|半|"
    rf"[0-9一二两三四五]+ ?{_MEASURE_WORD}?半) ?{_MEASURE_WORD}?"
)
"""A count that is no whole number, as people write it, with the word that they put behind it.

It is compiled when it is first needed, which is in few runs.
"""


def _count_error(fact: Fact, value: object) -> PydanticCustomError | None:
    """The error for a part of one in place of a count, such as 0.5次 or 半次; else ``None``."""
    text = value.strip() if isinstance(value, str) else ""
    is_part = fact.kind in _WHOLE and re.fullmatch(_PART_OF_ONE, text)
    return _not_whole(fact, text) if is_part else None


def _number_error(value: object) -> PydanticCustomError:
    """The error for a text in place of a number, with the number that is surely meant, if any."""
    from epa_score.values.point_hints import misreading  # noqa: PLC0415 -- words for faulty input

    found, about = misreading(value)
    if found == "points_negative":
        kind, context = "fact_negative", {"value": str(value)}
    else:
        kind = "fact_not_a_number"
        instead = about["instead"] if "variant" in about else ""
        variant = "quoted" if found == "points_quoted" else "instead" if instead else ""
        context = {"value": str(value), "instead": instead, "variant": variant}
    return PydanticCustomError(kind, "fact", context)


class Target(Frozen):
    """A number that is to be reached, the bound included, as 以上 means; no points."""

    model_config = frozen_config("A number that is to be reached")

    name: Text
    at_least: Points
    unit: Annotated[Text | None, IfGiven] = None


class Measured(NamedTuple):
    """A target beside the number that was measured."""

    target: Target
    number: Decimal


class Verdict(NamedTuple):
    """The answer whether targets are ``reached``, and the number that shows it."""

    reached: bool
    shown_by: Measured


class Targets(Frozen):
    """One or several targets, of which ``all`` or ``any`` are to be reached; one of the two."""

    model_config = frozen_config("Numbers of which all or any are to be reached")

    all: tuple[Target, ...] = ()
    any: tuple[Target, ...] = ()

    def findings(self) -> Iterator[Finding]:
        """Exactly one of the two lists is there; places begin at the targets."""
        return one_of("targets", {"all": self.all, "any": self.any})

    def names(self) -> Iterator[Named]:
        """The names of what is measured; places begin at the targets."""
        for key, targets in (("all", self.all), ("any", self.any)):
            for index, target in enumerate(targets):
                yield Named((key, index, "name"), target.name)

    @property
    def each(self) -> tuple[Target, ...]:
        """Every target."""
        return (*self.all, *self.any)

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The numbers that a sheet may give: one a target."""
        return tuple(Fact(target.name, "number") for target in self.each)

    def verdict(self, numbers: Mapping[str, Decimal]) -> Verdict | None:
        """The verdict on the targets; ``None`` while it is open."""
        known = list(self._measurements(numbers))
        reached = [measured for measured in known if measured.number >= measured.target.at_least]
        missed = [measured for measured in known if measured.number < measured.target.at_least]
        complete = len(known) == len(self.each)
        if self.any and reached:
            return Verdict(reached=True, shown_by=reached[0])
        if missed and (self.all or complete):
            return Verdict(reached=False, shown_by=missed[0])
        return Verdict(reached=True, shown_by=reached[0]) if reached and complete else None

    def _measurements(self, numbers: Mapping[str, Decimal]) -> Iterator[Measured]:
        for target in self.each:
            if target.name in numbers:
                yield Measured(target, numbers[target.name])
