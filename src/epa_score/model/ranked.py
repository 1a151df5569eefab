"""The basis of a ranking: the little that a rubric and a composite result have in common."""

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from epa_score.model.rubric_options import Adjustments, Band, Scale, Veto


class RankedSection(Protocol):
    """A part of a total by which ties may be broken, worth ``max`` points."""

    @property
    def id(self) -> str:
        """The id, unique among the sections."""

    @property
    def title(self) -> str:
        """The title for people."""

    @property
    def max(self) -> Decimal:
        """The most points of the section."""


class Ranked(Protocol):
    """A rubric, or a composite result with the rubrics of its components."""

    @property
    def id(self) -> str:
        """The id that results of it bear."""

    @property
    def title(self) -> str:
        """The title for people."""

    @property
    def total(self) -> Decimal:
        """The points of full marks, without adjustments."""

    @property
    def all_sections(self) -> Sequence[RankedSection]:
        """The sections at every depth."""

    @property
    def known_units(self) -> tuple[str, ...]:
        """The units in roster order; empty where any unit may be ranked."""

    @property
    def decimals(self) -> int:
        """The decimals that figures may carry."""

    @property
    def last_decimal(self) -> Decimal:
        """One unit in the last decimal, in points."""

    @property
    def tie_break(self) -> tuple[str, ...]:
        """The ids of the sections that are compared, in order, where totals are equal."""

    @property
    def adjustments(self) -> "Adjustments | None":
        """The bonuses and penalties outside the base."""

    @property
    def veto(self) -> tuple["Veto", ...]:
        """The facts that keep a unit out of ranks and bands."""

    @property
    def bands(self) -> tuple["Band", ...]:
        """The names of totals, best first."""

    @property
    def scale(self) -> "Scale | None":
        """The scale that totals are shown on beside the points."""

    @property
    def rank_points(self) -> tuple[Decimal, ...]:
        """The points of the first ranks."""
