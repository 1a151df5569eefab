"""A composite result: what its file says, and what only the sheets of its sources show."""

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from epa_score.checks.composite_readings import (
    Rubrics,
    bands_of_the_whole_are_reachable,
    figures_are_out_of_points,
    figures_are_out_of_what_is_said,
    rounding_is_said,
    weights_go_together,
)
from epa_score.checks.rubric import tie_break_names_sections
from epa_score.checks.rubric_options import (
    band_names_are_unique,
    bands_fall_to_zero,
    final_figures_are_possible,
    last_band_takes_the_rest,
)
from epa_score.checks.rubric_rules import empty_lists
from epa_score.diagnostics import Finding, Kind, Parameter, Place
from epa_score.diagnostics.finding import UnitFinding
from epa_score.model import Rubric, exactly, same_name_key
from epa_score.model.composite import FULL_MARKS, Composite, RankedComposite, Totals
from epa_score.model.item_options import TOTAL

_ABSOLUTE = re.compile(r"[/\\]|[A-Za-z]:")
_PARTS = re.compile(r"[/\\]+")


def check_composite(composite: Composite) -> list[Finding]:
    """Everything that is wrong with the file of a composite result by itself."""
    own = (
        lists_have_entries,
        weights_go_together,
        weights_add_up,
        figures_are_out_of_points,
        names_are_unique,
        periods_go_together,
        paths_stay_inside,
        adjustments_count_once,
    )
    as_in_rubrics = (
        tie_break_names_sections,
        bands_fall_to_zero,
        band_names_are_unique,
        last_band_takes_the_rest,
        final_figures_are_possible,
    )
    ranked = RankedComposite(composite)
    findings = [finding for check in own for finding in check(composite)]
    return findings + [finding for check in as_in_rubrics for finding in check(ranked)]


def check_with_rubrics(composite: Composite, rubrics: Rubrics) -> list[Finding]:
    """What is wrong with the file beside the rubrics of its sources, as far as these are known."""
    checks = (
        adjustments_are_there_to_stand_apart,
        figures_are_out_of_what_is_said,
        rounding_is_said,
        bands_of_the_whole_are_reachable,
    )
    return [finding for check in checks for finding in check(composite, rubrics)]


_OF_RUBRICS = ("veto", "adjustments", "panel", "units", "step")
"""Fields that a rubric has and a composite result takes from those of its sources."""


def with_fields_of_rubrics(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings about the shape of a file, which say of a rubric's fields where they belong."""
    for finding in findings:
        field = str(finding.parameters.get("field"))
        if finding.kind is Kind.UNKNOWN_FIELD and field in _OF_RUBRICS:
            variant = "veto" if field == "veto" else ""
            yield Finding(Kind.FIELD_OF_RUBRIC, finding.place, {"field": field}, variant)
        else:
            yield finding


def lists_have_entries(composite: Composite) -> Iterator[Finding]:
    """A list that was begun has something in it."""
    return empty_lists(composite, ("sources", "tie_break", "bands", "rank_points"))


def weights_add_up(composite: Composite) -> Iterator[Finding]:
    """The weights are percents of the whole, and nothing has none."""
    for index, source in enumerate(composite.sources):
        if source.weight is not None and not source.weight:
            place = Place(("sources", index, "weight"))
            yield Finding(Kind.CAP_NOT_POSITIVE, place, {"field": "weight"})
    with exactly():
        weights = [source.weight for source in composite.sources if source.weight is not None]
        added = sum(weights, Decimal(0))
    if len(weights) == len(composite.sources) and weights and added != FULL_MARKS:
        yield Finding(Kind.WEIGHTS_OFF, Place(("sources",), "key"), {"added": added})


def names_are_unique(composite: Composite) -> Iterator[Finding]:
    """Each source has a column of its own."""
    seen: set[str] = set()
    for index, source in enumerate(composite.sources):
        key = same_name_key(source.name)
        if key in seen:
            place = Place(("sources", index, "name"))
            yield Finding(Kind.SOURCE_NAMED_TWICE, place, {"source": source.name})
        seen.add(key)


def periods_go_together(composite: Composite) -> Iterator[Finding]:
    """A source is about one period or about each; only then it says how many there are."""
    for index, source in enumerate(composite.sources):
        about: dict[str, Parameter] = {"source": source.name}
        keys = ("sources", index)
        if source.each_period is not None and source.period is not None:
            yield Finding(Kind.PERIODS_CONFLICT, Place((*keys, "period"), "key"), about)
        if source.each_period is None and source.periods is not None:
            place = Place((*keys, "periods"), "key")
            yield Finding(Kind.PERIODS_CONFLICT, place, about, "periods")


def paths_stay_inside(composite: Composite) -> Iterator[Finding]:
    """Each source has paths, and they lie in the folder of the file.

    (decision: composite-paths-stay-in-its-folder)
    """
    for index, source in enumerate(composite.sources):
        keys = ("sources", index, "paths")
        if not source.paths:
            yield Finding(Kind.EMPTY_FIELD, Place(keys, "key"), {"field": "paths"})
        for number, path in enumerate(source.paths):
            if _ABSOLUTE.match(path) or ".." in _PARTS.split(path) or path.startswith("-"):
                place = Place((*keys, number))
                yield Finding(Kind.SOURCE_OUTSIDE, place, {"path": path})


def adjustments_count_once(composite: Composite) -> Iterator[Finding]:
    """One source has adjustments that stand apart, for one period: no fact counts twice."""
    for index, source in enumerate(composite.sources):
        if source.adjustments is None:
            continue
        about: dict[str, Parameter] = {"source": source.name}
        place = Place(("sources", index, "adjustments"))
        if source.each_period is not None:
            yield Finding(Kind.ADJUSTMENTS_APART, place, about, "periods")
        elif index != composite.apart:
            yield Finding(Kind.ADJUSTMENTS_APART, place, about, "twice")


def adjustments_are_there_to_stand_apart(
    composite: Composite, rubrics: Rubrics
) -> Iterator[Finding]:
    """Only a rubric that has adjustments has any that stand apart; ``None`` is not known."""
    for index, (source, rubric) in enumerate(zip(composite.sources, rubrics, strict=True)):
        if source.adjustments is not None and rubric is not None and rubric.adjustments is None:
            about: dict[str, Parameter] = {"source": source.name, "rubric": rubric.id}
            yield Finding(Kind.ADJUSTMENTS_APART, Place(("sources", index, "adjustments")), about)


def units_are_in_every_source(composite: Composite, totals: Totals) -> Iterator[UnitFinding]:
    """Each unit has a total in every source; yields the key of the unit with the finding."""
    names = {key: found.unit for own in totals.values() for key, found in own.items()}
    for index, source in enumerate(composite.sources):
        for key, unit in names.items():
            if key not in totals[source.name]:
                about: dict[str, Parameter] = {"unit": unit, "source": source.name}
                place = Place(("sources", index, "name"))
                yield UnitFinding(key, Finding(Kind.UNIT_NOT_IN_SOURCE, place, about))


def units_have_every_period(composite: Composite, totals: Totals) -> Iterator[UnitFinding]:
    """The mean of a source is one over the same periods for all; yields the key of the unit.

    Those are all periods that any unit has a sheet of. Where there are not as many as the file
    says, the finding is about no unit, and its key is empty.
    """
    for index, source in enumerate(composite.sources):
        if source.each_period is None:
            continue
        periods = {
            period or "-" for found in totals[source.name].values() for period in found.totals
        }
        stated = len(periods) if source.periods is None else source.periods
        if len(periods) != stated:
            about: dict[str, Parameter] = {
                "source": source.name,
                "number": len(periods),
                "stated": stated,
                "periods": tuple(sorted(periods)),
            }
            place = Place(("sources", index, "periods"))
            yield UnitFinding("", Finding(Kind.PERIODS_OFF, place, about))
            continue
        for key, found in totals[source.name].items():
            missing = tuple(sorted(periods - {period or "-" for period in found.totals}))
            if missing:
                about = {"unit": found.unit, "source": source.name, "periods": missing}
                place = Place(("sources", index, "name"))
                yield UnitFinding(key, Finding(Kind.PERIODS_MISSING, place, about))


def totals_are_out_of_the_same(
    composite: Composite, rubrics: Sequence[Rubric]
) -> Iterator[Finding]:
    """The totals of a source are known alone and out of one number of points.

    (decision: sources-are-out-of-the-same-points)
    """
    for index, (source, rubric) in enumerate(zip(composite.sources, rubrics, strict=True)):
        if rubric.accepted or rubric.treatments & {"exclude", "peer_mean"}:
            about: dict[str, Parameter] = {"source": source.name, "rubric": rubric.id}
            yield Finding(Kind.SOURCE_UNEQUAL, Place(("sources", index, "rubric")), about)


def totals_are_not_zeroed_apart(
    composite: Composite, rubrics: Sequence[Rubric]
) -> Iterator[Finding]:
    """Where adjustments stand apart no condition makes the total 0, of which they are a part."""
    for index, (source, rubric) in enumerate(zip(composite.sources, rubrics, strict=True)):
        if source.adjustments is not None and TOTAL in rubric.may_be_zeroed:
            about: dict[str, Parameter] = {"source": source.name, "rubric": rubric.id}
            place = Place(("sources", index, "adjustments"))
            yield Finding(Kind.TOTAL_ZEROED_APART, place, about)


def sources_are_not_in_groups(composite: Composite, rubrics: Sequence[Rubric]) -> Iterator[Finding]:
    """The units of a composite result stand together, and so do those of its sources.

    (decision: composite-results-have-no-groups)
    """
    for index, (source, rubric) in enumerate(zip(composite.sources, rubrics, strict=True)):
        if rubric.groups or rubric.grouped_by is not None:
            about: dict[str, Parameter] = {"source": source.name, "rubric": rubric.id}
            yield Finding(Kind.GROUPS_IN_SOURCE, Place(("sources", index, "rubric")), about)
