"""`hard_zero`: facts that make an item 0 whatever else is true (弄虚作假的，本项不得分)."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, RootModel

from epa_score.rules.each import require_entries
from epa_score.rules.rule import Case, Rule, Step, Working
from epa_score.values.facts import Fact
from epa_score.values.fields import Text, frozen_config
from epa_score.values.names import Named


def facts_that_happened(names: Iterable[str], words: Mapping[str, str]) -> tuple[str, ...]:
    """Those facts that are true; any of them makes the item 0 points."""
    return tuple(name for name in names if words.get(name) == "yes")


class HardZero(RootModel[Annotated[tuple[Text, ...], AfterValidator(require_entries)]], Rule):
    """The names of facts of which any one makes the item 0."""

    model_config = frozen_config("Facts of which any one makes the item 0")

    @property
    def facts(self) -> tuple[Fact, ...]:
        """A yes or no for each name: it happened, or it did not."""
        return tuple(Fact(name, "yes_no") for name in self.root)

    def working(self, case: Case) -> Working | None:
        """0 as soon as one of the facts is true; nothing where none is."""
        names = facts_that_happened(self.root, case.facts.words)
        return Working(Decimal(0), (Step("hard_zero", {"names": names}),)) if names else None

    def names(self) -> Iterator[Named]:
        """The names of the facts."""
        for index, name in enumerate(self.root):
            yield Named((index,), name)
