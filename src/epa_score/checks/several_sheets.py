"""Several sheets together: units scored twice or not at all, periods, and the sheets of a panel."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from epa_score.checks.rubric import all_items, sections_of
from epa_score.diagnostics import Finding, Kind, Parameter, Place, Spot
from epa_score.diagnostics.finding import FileFinding, SheetPlace, first_known
from epa_score.diagnostics.nearest import NameIndex
from epa_score.model import Item, Rubric, ScoreSheet, exactly, same_name_key
from epa_score.model.item_options import TOTAL
from epa_score.values.names import NamesInTexts

_MOST_NAMED = 6


class SheetKey(NamedTuple):
    """A sheet that was handed in: its place, and which unit it scores in which period.

    The ``assessor`` counts under a panel alone, where each scores the unit once.
    """

    place: SheetPlace
    rubric: str
    unit: str
    period: str | None
    assessor: str = ""


def units_are_scored_once(sheets: Iterable[SheetKey]) -> Iterator[FileFinding]:
    """One sheet a unit, rubric and period, and under a panel one an assessor.

    Yields the place of the later one with the finding.
    """
    first: dict[tuple[str, str | None, str, str], SheetKey] = {}
    for sheet in sheets:
        assessor = sheet.assessor and same_name_key(sheet.assessor)
        key = (sheet.rubric, sheet.period, same_name_key(sheet.unit), assessor)
        other = first.setdefault(key, sheet)
        if other is not sheet:
            parameters: dict[str, Parameter] = {
                "unit": sheet.unit,
                "other": str(other.place),
                "period": sheet.period or "-",
            }
            variant = ""
            if assessor:
                parameters["assessor"], variant = sheet.assessor, "assessor"
            place = Place(("unit",))
            finding = Finding(Kind.UNIT_SCORED_TWICE, place, parameters, variant)
            yield FileFinding(sheet.place, finding, other.place)


def periods_are_one(rubric: str, sheets: Iterable[SheetKey]) -> Iterator[Finding]:
    """Sheets of several periods are not ranked together.

    The period of most sheets is the example; the first files with others are named.
    (decision: periods-are-not-ranked-together)
    """
    sheets = list(sheets)
    periods = Counter(sheet.period or "" for sheet in sheets)
    if len(periods) > 1:
        named = tuple(f"{period or '-'} ({periods[period]})" for period in sorted(periods))
        usual = max(filter(None, periods), key=lambda period: (periods[period], period))
        others = [str(sheet.place) for sheet in sheets if sheet.period != usual]
        parameters: dict[str, Parameter] = {
            "rubric": rubric,
            "periods": named,
            "example": usual,
            "others": (*others[:_MOST_NAMED], *["..."] * (len(others) > _MOST_NAMED)),
        }
        yield Finding(Kind.SEVERAL_PERIODS, Place(), parameters)


def without_sheet(units: Iterable[str], handed_in: Collection[str]) -> tuple[str, ...]:
    """Those of some units whose `same_name_key` is not among the keys of those that handed in."""
    return tuple(unit for unit in units if same_name_key(unit) not in handed_in)


def units_are_missing(rubric: str, units: tuple[str, ...]) -> Finding:
    """The warning that units have no sheet, which a ranking can do without."""
    about: dict[str, Parameter] = {"rubric": rubric, "units": units, "number": len(units)}
    return Finding(Kind.UNITS_WITHOUT_SHEET, Place(), about)


def units_have_handed_in(
    absent: Iterable[str], places: Mapping[str, Place | Spot], other_periods: Collection[str]
) -> Iterator[Finding]:
    """Units of a roster that are absent, at their places in it.

    Some have sheets of ``other_periods``, by `same_name_key`.
    """
    for unit in absent:
        variant = "period" if same_name_key(unit) in other_periods else ""
        yield Finding(Kind.UNIT_NOT_HANDED_IN, places[unit], {"unit": unit}, variant)


def units_are_on_roster(
    strangers: Iterable[SheetKey], roster: Sequence[str], absent: Sequence[str]
) -> Iterator[FileFinding]:
    """Sheets of units that are not on the roster, with the name there that was probably meant.

    That is one of the units that are absent: the only one within the longer name of the sheet, else
    the one most like it.
    """
    inside: NamesInTexts | None = None
    index: NameIndex | None = None
    for sheet in strangers:
        inside, index = inside or NamesInTexts(absent), index or NameIndex(absent)
        alike = inside.find(sheet.unit) or index.nearest(sheet.unit)
        about: dict[str, Parameter] = {
            "unit": sheet.unit,
            "nearest": alike or "",
            **first_known(roster),
        }
        variant = "nearest" if alike else ""
        finding = Finding(Kind.UNIT_NOT_ON_ROSTER, Place(("unit",)), about, variant)
        yield FileFinding(sheet.place, finding)


def panel_is_possible(rubric: Rubric) -> Iterator[Finding]:
    """Somebody is left when the highest and lowest are left out, and a gap can be reached."""
    panel = rubric.panel
    if panel is None:
        return
    if panel.method != "trimmed_mean":
        if "drop" in panel.model_fields_set:
            about: dict[str, Parameter] = {"method": panel.method}
            yield Finding(Kind.PANEL_DROP_UNUSED, Place(("panel", "drop"), "key"), about)
    elif panel.minimum <= 2 * panel.drop:
        about = {"minimum": panel.minimum, "drop": panel.drop, "least": 2 * panel.drop + 1}
        yield Finding(Kind.PANEL_TOO_SMALL, Place(("panel", "minimum")), about)
    highest = max((_most(item) for _, item in all_items(rubric)), default=Decimal(0))
    highest = rubric.total if panel.by == "total" else highest
    if panel.gap is not None and panel.gap >= highest:
        about = {"gap": panel.gap, "most": highest}
        variant = "total" if panel.by == "total" else ""
        yield Finding(Kind.PANEL_GAP_TOO_WIDE, Place(("panel", "gap")), about, variant)


def panel_judges_points(rubric: Rubric) -> Iterator[Finding]:
    """What is so or not, whoever scores, does not go with a panel, nor do points below 0.

    That is bonuses, penalties, vetoes by facts, and whether an item applies. Where totals are
    combined, no section can be 0 in them.
    """
    if rubric.panel is None:
        return
    for name, there in (("adjustments", rubric.adjustments), ("veto", rubric.fact_vetoes)):
        if there:
            yield Finding(Kind.RULES_CONFLICT, Place((name,), "key"), {"name": name}, "panel")
    for index, veto in enumerate(rubric.veto):
        if rubric.panel.by == "total" and veto.zeroes not in (None, TOTAL):
            where = Place(("veto", index, "zeroes"))
            yield Finding(Kind.RULES_CONFLICT, where, {"name": str(veto.zeroes)}, "panel_zero")
    for keys, section in sections_of(rubric):
        if section.pool == "section":
            where = Place((*keys, "pool"))
            yield Finding(Kind.RULES_CONFLICT, where, {"name": section.id}, "panel_pool")
    for keys, item in all_items(rubric):
        if item.not_applicable is not None:
            where = Place((*keys, "not_applicable"), "key")
            yield Finding(Kind.RULES_CONFLICT, where, {"name": "not_applicable"}, "panel")


def _most(item: Item) -> Decimal:
    return item.max if item.rule is None else item.rule.most(item.max)


def assessor_is_named(sheet: ScoreSheet) -> Iterator[Finding]:
    """Under a panel each sheet says whose it is, or nobody could tell two of a unit apart."""
    if sheet.assessor is None:
        yield Finding(Kind.ASSESSOR_MISSING, Place(("assessor",), "key"), {"unit": sheet.unit})


def enough_have_scored(sheets: Iterable[SheetKey], rubric: Rubric) -> Iterator[FileFinding]:
    """As many sheets for a unit as the panel wants; yields the first file with the finding."""
    sheets = list(sheets)
    minimum = rubric.panel.minimum if rubric.panel is not None else 1
    if len(sheets) < minimum:
        parameters: dict[str, Parameter] = {
            "unit": sheets[0].unit,
            "number": len(sheets),
            "minimum": minimum,
            "assessors": tuple(sheet.assessor for sheet in sheets),
        }
        finding = Finding(Kind.TOO_FEW_ASSESSORS, Place(("unit",)), parameters)
        yield FileFinding(sheets[0].place, finding)


class Opinion(NamedTuple):
    """The points that one assessor gave for an item, and the place of the sheet with them."""

    place: SheetPlace
    assessor: str
    points: Decimal


def opinions_are_near(
    item: str, combined: Decimal, opinions: Iterable[Opinion], gap: Decimal
) -> Iterator[FileFinding]:
    """Nobody is further than ``gap`` points from the ``combined`` points; yields the file.

    Without an ``item`` they are totals.
    """
    for opinion in opinions:
        with exactly():
            distance = abs(opinion.points - combined)
        if distance > gap:
            parameters: dict[str, Parameter] = {
                "item": item,
                "assessor": opinion.assessor,
                "points": opinion.points,
                "combined": combined,
                "distance": distance,
                "gap": gap,
            }
            place = Place(("scores", item, "score")) if item else Place(("scores",), "key")
            variant = "" if item else "total"
            finding = Finding(Kind.ASSESSOR_FAR_OFF, place, parameters, variant)
            yield FileFinding(opinion.place, finding)
