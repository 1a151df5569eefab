"""Sheets together: what no sheet shows alone."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from epa_score.diagnostics import Finding, Kind, Parameter, Place
from epa_score.model import Rubric, same_name_key

_MOST_NAMED = 6


class Handed(NamedTuple):
    """A sheet that was handed in: the file, and which unit it scores in which period.

    The ``assessor`` counts under a panel alone, where each scores the unit once.
    """

    path: str
    rubric: str
    unit: str
    period: str | None
    assessor: str = ""


def units_are_scored_once(sheets: Iterable[Handed]) -> Iterator[tuple[str, Finding]]:
    """One sheet a unit, rubric and period, and under a panel one an assessor.

    Yields the later file with the finding.
    """
    first: dict[tuple[str, str | None, str, str], str] = {}
    for sheet in sheets:
        assessor = sheet.assessor and same_name_key(sheet.assessor)
        key = (sheet.rubric, sheet.period, same_name_key(sheet.unit), assessor)
        other = first.setdefault(key, sheet.path)
        if other is not sheet.path:
            parameters: dict[str, Parameter] = {
                "unit": sheet.unit,
                "other": other,
                "period": sheet.period or "-",
            }
            variant = ""
            if assessor:
                parameters["assessor"], variant = sheet.assessor, "assessor"
            yield sheet.path, Finding(Kind.UNIT_SCORED_TWICE, Place(("unit",)), parameters, variant)


def periods_are_one(rubric: str, sheets: Iterable[Handed]) -> Iterator[Finding]:
    """Sheets of several periods are not ranked together (design decision).

    The period of most sheets is the example; the first files with others are named.
    """
    sheets = list(sheets)
    periods = Counter(sheet.period or "" for sheet in sheets)
    if len(periods) > 1:
        named = tuple(f"{period or '-'} ({periods[period]})" for period in sorted(periods))
        usual = max(filter(None, periods), key=lambda period: (periods[period], period))
        others = [sheet.path for sheet in sheets if sheet.period != usual]
        parameters: dict[str, Parameter] = {
            "rubric": rubric,
            "periods": named,
            "example": usual,
            "others": (*others[:_MOST_NAMED], *["..."] * (len(others) > _MOST_NAMED)),
        }
        yield Finding(Kind.SEVERAL_PERIODS, Place(), parameters)


def known_units_have_sheets(rubric: Rubric, sheets: Iterable[Handed]) -> Iterator[Finding]:
    """Every unit that the rubric lists has handed in; otherwise a warning names them."""
    without = without_sheet(rubric, sheets)
    if without:
        yield Finding(
            Kind.UNITS_WITHOUT_SHEET,
            Place(),
            {"rubric": rubric.id, "units": without, "number": len(without)},
        )


def without_sheet(rubric: Rubric, sheets: Iterable[Handed]) -> tuple[str, ...]:
    """The units that the rubric lists and no sheet scores."""
    have = {same_name_key(sheet.unit) for sheet in sheets}
    return tuple(unit for unit in rubric.known_units if same_name_key(unit) not in have)
