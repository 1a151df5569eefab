"""Whether the sums that a form shows are those of its points."""

from collections.abc import Iterator
from decimal import Decimal

from epa_score.diagnostics import Finding, Kind, Place
from epa_score.model import Rubric, ScoreSheet
from epa_score.model.points import PLAIN_NUMBER
from epa_score.readers.excel.cells import shows_exactly
from epa_score.readers.source import Source
from epa_score.scoring import score


def sums_agree(source: Source, sheet: ScoreSheet, rubric: Rubric) -> Iterator[Finding]:
    """A form is signed for what it shows: that must be what its points add up to.

    A sum that awaits the mean of other units is that of the form's own formula, which says so.
    """
    result = score(rubric, sheet)
    for section, shown in source.sums.items():
        added = result.sections[section] if section else result.total
        place = Place(("sums", section))
        number = shown.text.strip()
        if added.is_nan():
            if not shown.follows:
                yield Finding(Kind.SUM_DIFFERS, place, {"value": shown.text}, "awaited")
        elif not shown.follows and not PLAIN_NUMBER.fullmatch(number):
            yield Finding(
                Kind.SUM_DIFFERS, place, {"value": shown.text, "points": added}, "unknown"
            )
        elif not shown.follows and Decimal(number) != added:
            yield Finding(Kind.SUM_DIFFERS, place, {"value": number, "points": added})
        elif not shows_exactly(shown.format, added):
            yield Finding(
                Kind.SHOWN_DIFFERENTLY, place, {"format": shown.format, "value": added}, "sum"
            )
