"""Readings of a composite result that its file must choose: what figures are out of, rounding."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from epa_score.checks.rubric_options import highest_total
from epa_score.diagnostics import Finding, Kind, Parameter, Place
from epa_score.i18n import plain
from epa_score.model import Rubric, exactly
from epa_score.model.composite import FULL_MARKS, Component, Composite
from epa_score.values.rounding import rounded

_PART = Decimal("0.9")
"""The part of full marks that the unit of an example has."""


def weights_go_together(composite: Composite) -> Iterator[Finding]:
    """Either every source has a weight or none has."""
    without = [source.name for source in composite.sources if source.weight is None]
    if without and composite.is_weighted:
        about: dict[str, Parameter] = {"sources": tuple(without)}
        yield Finding(Kind.WEIGHTS_MIXED, Place(("sources",), "key"), about)


def figures_are_out_of_points(composite: Composite) -> Iterator[Finding]:
    """A figure is out of some points, not of 0."""
    for index, source in enumerate(composite.sources):
        if source.out_of is not None and not source.out_of:
            place = Place(("sources", index, "out_of"))
            yield Finding(Kind.CAP_NOT_POSITIVE, place, {"field": "out_of"})


Rubrics = Sequence[Rubric | None]
"""The rubrics of the sources; ``None`` for one that is not known."""


def figures_are_out_of_what_is_said(composite: Composite, rubrics: Rubrics) -> Iterator[Finding]:
    """Where totals that are weighted are not out of 100 it is said whether they are converted.

    (decision: out-of-is-said)
    """
    for index, (source, rubric) in enumerate(zip(composite.sources, rubrics, strict=True)):
        if rubric is None or not rubric.total:
            continue
        about: dict[str, Parameter] = {"source": source.name}
        stands = FULL_MARKS if source.weight is not None else rubric.total
        if source.out_of == rubric.total == stands:
            place = Place(("sources", index, "out_of"))
            variant = "sum" if source.weight is None else ""
            yield Finding(Kind.OUT_OF_UNUSED, place, about | {"total": rubric.total}, variant)
        elif source.out_of is None and rubric.total != stands:
            about |= _two_readings(source, rubric.total)
            yield Finding(Kind.OUT_OF_MISSING, Place(("sources", index, "rubric")), about)


def _two_readings(source: Component, total: Decimal) -> dict[str, Parameter]:
    """What nine tenths of full marks count as they stand, and converted to 100."""
    weight = source.weight or Decimal(0)
    with exactly():
        points, converted = total * _PART, FULL_MARKS * _PART
        figures = {
            "total": total,
            "points": points,
            "counted": points * weight / FULL_MARKS,
            "converted": converted,
            "counted_converted": converted * weight / FULL_MARKS,
            "weight": weight,
        }
    return {name: Decimal(plain(number)) for name, number in figures.items()}


def rounding_is_said(composite: Composite, rubrics: Rubrics) -> Iterator[Finding]:
    """Where it is rounded stands there if it can change a figure, and only then.

    (decision: rounding-of-composites-is-chosen)
    """
    pairs = list(zip(composite.sources, rubrics, strict=True))
    needs = [_can_need_rounding(*pair, composite.decimals) for pair in pairs]
    divided = [place for place, need in enumerate(needs) if need]
    matters = _differs_by_rounding(composite, rubrics, divided)
    if composite.rounding is None and matters:
        place = Place(("sources", divided[0], "name"))
        names = tuple(composite.sources[number].name for number in divided)
        about: dict[str, Parameter] = {"sources": names, "decimals": composite.decimals}
        yield Finding(Kind.ROUNDING_MISSING, place, about)
    elif composite.rounding is not None and not matters and None not in needs:
        place = Place(("rounding",), "key")
        yield Finding(Kind.ROUNDING_UNUSED, place, {}, "once" if divided else "")


def bands_of_the_whole_are_reachable(composite: Composite, rubrics: Rubrics) -> Iterator[Finding]:
    """The highest band begins at a total that some unit can have, rounded up as it may be."""
    if not composite.bands or composite.apart is not None:
        return
    reach = Fraction(0)
    for source, rubric in zip(composite.sources, rubrics, strict=True):
        most = None if rubric is None else highest_total(rubric)
        if rubric is None or most is None or not rubric.total:
            return
        reach += source.exact_figure([most], rubric.total) * source.share
    total = rounded(reach, composite.decimals)
    slack = len(composite.sources) * Decimal((0, (1,), -composite.decimals))
    band = composite.bands[0]
    if band.at_least > total + slack:
        place = Place(("bands", 0, "at_least"))
        about: dict[str, Parameter] = {"name": band.name, "bound": band.at_least}
        about["most"] = Decimal(plain(total))
        yield Finding(Kind.BAND_UNREACHABLE, place, about)


def _can_need_rounding(source: Component, rubric: Rubric | None, decimals: int) -> bool | None:
    """True where a conversion or a mean may have more ``decimals``; ``None`` where none knows."""
    if rubric is None or not rubric.total or source.out_of == 0:
        return None
    if source.each_period is not None and source.periods is None:
        return True
    number = source.periods if source.each_period and source.periods else 1
    ratio = Fraction(source.full_marks(rubric.total)) / Fraction(rubric.total)
    share = Fraction(_grain_of_totals(rubric)) * ratio / number
    is_divided = ratio != 1 or number > 1
    return is_divided and (share * 10**decimals).denominator > 1


def _grain_of_totals(rubric: Rubric) -> Decimal:
    """The points that every total is a multiple of.

    Only points that people give follow the step; what is worked out has the rubric's decimals. The
    most points of a pool or a capped section may have more.
    """
    items = (item for section in rubric.all_sections for item in section.all_items)
    worked_out = any(item.rule is not None for item in items)
    worked_out = bool(worked_out or rubric.treatments or rubric.panel or rubric.adjustments)
    grain = rubric.last_decimal if worked_out else rubric.grain
    for section in rubric.all_sections:
        if (section.pool or section.capped) and section.max % grain:
            finest = Decimal((0, (1,), int(section.max.as_tuple().exponent)))
            grain = min(grain, rubric.last_decimal, finest)
    return grain


def _differs_by_rounding(composite: Composite, rubrics: Rubrics, divided: Sequence[int]) -> bool:
    """True where the total can be another one if it alone is rounded, and not some figures.

    It cannot where one figure is rounded that counts in full, beside others that need no rounding.
    """
    if not divided or (composite.is_weighted and len(rubrics) > 1):
        return bool(divided)
    others = [rubric for place, rubric in enumerate(rubrics) if place not in divided]
    finest = Decimal((0, (1,), -composite.decimals))
    finer = [rubric for rubric in others if rubric and _grain_of_totals(rubric) % finest]
    return len(divided) > 1 or bool(finer)
