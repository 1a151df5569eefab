"""等次, 否决, 折算分 and 名次分: what a ranking shows beside the total."""

from collections.abc import Iterator, Sequence

from epa_score.i18n import Words, plain
from epa_score.model import Rubric
from epa_score.reports.table import BandOf, Cell, Column, OfRank, ScaledTo, decimals_of
from epa_score.scoring import Placing, Ranking, Result
from epa_score.scoring.rank import band_of


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


def veto_columns(rubric: Rubric, words: Words) -> list[Column]:
    """For programs, the vetoes that hold, where the rubric has any; people read the remark."""
    return [Column("veto", words("report.veto"), shown=False)] if rubric.veto else []


def veto_cells(rubric: Rubric, result: Result, words: Words) -> list[Cell]:
    """The cell of a result in that column."""
    said = words("list.separator").join(f"{one.veto.id} {one.reason}" for one in result.vetoes)
    return [said or None] if rubric.veto else []


def veto_remarks(rubric: Rubric, result: Result, words: Words) -> Iterator[str]:
    """What each veto does, and what happened; nothing is done where there are no bands."""
    for veto, reason in result.vetoes:
        bands = {"bar": rubric.bands[:1], "fail": rubric.bands[-1:]}.get(veto.effect, ())
        band = "".join(one.name for one in bands)
        effect = veto.effect if band or veto.effect == "exclude" else "noted"
        yield words(f"report.veto_{effect}", band=band, text=veto.text, reason=reason)


def excluded_notes(excluded: Sequence[Result], words: Words) -> Iterator[str]:
    """Who is not ranked because of a veto."""
    if excluded:
        names = words("list.separator").join(one.unit for one in excluded)
        yield words("report.note_excluded", number=len(excluded), units=names)


_MOST_CHOICES = 254
"""What CHOOSE takes; more ranks than that keep their points as exported."""


def final_columns(rubric: Rubric, placings: Sequence[Placing], words: Words) -> Iterator[Column]:
    """A column for each figure that the rubric asks for."""
    if rubric.scale is not None:
        figures = {one.scaled for one in placings if one.scaled is not None}
        title = words("report.scaled", best=plain(rubric.scale.best))
        live = ScaledTo("total", rubric.scale.best, rubric.decimals)
        yield Column("scaled", title, "points", decimals_of(figures), live=live)
    if rubric.rank_points:
        points = rubric.rank_points
        by_rank = OfRank("rank", points) if len(points) <= _MOST_CHOICES else None
        title = words("report.rank_points")
        yield Column("rank_points", title, "points", decimals_of(points), live=by_rank)


def final_cells(rubric: Rubric, placing: Placing | None) -> list[Cell]:
    """What stands in those columns, nothing for a sheet that is not ranked."""
    figures = (
        [placing.scaled if placing else None] if rubric.scale is not None else [],
        [placing.rank_points if placing else None] if rubric.rank_points else [],
    )
    return [cell for one in figures for cell in one]


def final_notes(rubric: Rubric, words: Words) -> Iterator[str]:
    """How the figures come about, in a sentence each."""
    if rubric.scale is not None:
        best = plain(rubric.scale.best)
        yield words("report.note_scaled", best=best, decimals=rubric.decimals)
    if rubric.rank_points:
        listed = words("list.separator").join(map(plain, rubric.rank_points))
        yield words("report.note_rank_points", points=listed, number=len(rubric.rank_points))


def final_account(
    rubric: Rubric, placing: Placing, highest: Placing, words: Words
) -> Iterator[str]:
    """How the figures of one unit came about; ``highest`` has the best total."""
    if rubric.scale is not None and placing.scaled is not None:
        yield words(
            "report.account_scaled",
            total=plain(placing.result.total),
            best=plain(rubric.scale.best),
            highest=plain(highest.result.total),
            result=plain(placing.scaled),
        )
    if placing.rank_points is not None:
        result = plain(placing.rank_points)
        yield words("report.account_rank_points", rank=placing.rank, result=result)
