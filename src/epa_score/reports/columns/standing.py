"""等次: the band of a unit as a column, and the bands of a rubric in words."""

from collections.abc import Iterator

from epa_score.i18n import Words, plain
from epa_score.model import Rubric
from epa_score.reports.table import BandOf, Column
from epa_score.scoring import Placing, Ranking, Result
from epa_score.scoring.bands import band_of


def band_columns(rubric: Rubric, words: Words, ranking: Ranking | None = None) -> list[Column]:
    """The column of the bands, where the rubric has any; those of a ranking may be live."""
    if not rubric.bands:
        return []
    shown = ranking is None or not ranking.provisional
    live = None if ranking is None else _live(rubric, ranking)
    return [Column("band", words("report.band"), priority=1, shown=shown, live=live)]


def has_quotas(rubric: Rubric) -> bool:
    """Whether any band takes so many units at most."""
    return any(band.most is not None for band in rubric.bands)


def _live(rubric: Rubric, ranking: Ranking) -> BandOf | None:
    """How bands follow the total; quotas and vetoes follow no formula."""
    if has_quotas(rubric) or any(one.result.vetoes for one in ranking.placings):
        return None
    return BandOf("total", tuple((band.at_least, band.name) for band in rubric.bands))


def band_alone(rubric: Rubric, result: Result) -> str | None:
    """The band of a unit by itself, quotas aside.

    Nothing while items are unscored or await the mean of other units, and where a veto keeps the
    unit out of the ranking.
    """
    if result.unscored or result.awaiting or "exclude" in result.effects:
        return None
    return rubric.bands[band_of(rubric.bands, result)].name


def bands_in_words(rubric: Rubric, words: Words) -> str:
    """Every band with its threshold and its quota."""

    def said() -> Iterator[str]:
        for band in rubric.bands:
            key = "report.one_band" if band.most is None else "report.one_band_most"
            yield words(key, name=band.name, bound=plain(band.at_least), most=band.most)

    return words("list.separator").join(said())


def rules_of_bands(rubric: Rubric, words: Words) -> str:
    """The bands in a sentence; nothing where there are none."""
    bands = bands_in_words(rubric, words)
    return words("report.note_bands", bands=bands) if bands else ""


def band_notes(rubric: Rubric, ranking: Ranking, words: Words) -> Iterator[str]:
    """The bands below a ranking: how they were given, or why there are none."""
    if not rubric.bands:
        return
    if ranking.provisional:
        yield words("report.note_no_bands")
        return
    yield rules_of_bands(rubric, words)
    if has_quotas(rubric):
        yield words("report.note_quotas")


def totals_notes(rubric: Rubric, words: Words) -> Iterator[str]:
    """The bands below totals, to which no quota was applied."""
    if not rubric.bands:
        return
    yield rules_of_bands(rubric, words)
    if has_quotas(rubric):
        yield words("report.note_quotas_open")


def no_room(placing: Placing, words: Words) -> Iterator[str]:
    """The remark on a unit whose total reaches a band that has no room for it."""
    band = placing.band
    if band is not None and band.name != band.reached:
        yield words("report.no_room", band=band.reached)
