"""等次 and 否决: the bands that totals reach, and the vetoes that hold."""

from collections.abc import Iterator
from functools import partial

from epa_score.i18n import Words, plain
from epa_score.model import Rubric
from epa_score.model.item_options import TOTAL
from epa_score.model.ranked import Ranked
from epa_score.model.rubric_options import Veto
from epa_score.reports.columns import Field, Line, ResultList, placing_field, result_field
from epa_score.reports.sums import BandOf
from epa_score.reports.table import Column
from epa_score.scoring import Ranking, Result
from epa_score.scoring.rank import band_of
from epa_score.scoring.result import Vetoed


def fields(listed: ResultList[Ranked]) -> Iterator[Field]:
    """The bands, and for programs the vetoes that hold, where the rubric has any.

    Bands of a ranking may be live; people read of vetoes in the remark.
    """
    rubric, ranking, words = listed.rubric, listed.ranking, listed.words
    if rubric.bands:
        shown = ranking is None or not ranking.provisional
        live = None if ranking is None else _live_bands(rubric, ranking)
        column = Column(
            "band",
            words("report.band"),
            priority=1,
            shown=shown,
            live=live,
            note_without_formula=words("sheet.fixed_bands"),
        )
        if ranking is None:
            yield result_field(column, partial(band_without_quotas, rubric))
        else:
            yield placing_field(column, lambda placing: placing.band and placing.band.name)
    if rubric.veto:
        column = Column("veto", words("report.veto"), shown=False)
        yield result_field(column, partial(_veto_text, words))


def _veto_text(words: Words, result: Result) -> str | None:
    held = (f"{vetoed.veto.id} {reason_text(vetoed, words)}" for vetoed in result.vetoes)
    return words("list.separator").join(held) or None


def reason_text(vetoed: Vetoed, words: Words) -> str:
    """What happened, or the figures by which a condition holds."""
    condition, met = vetoed.veto.when, vetoed.met
    threshold = condition.threshold if condition is not None else None
    if condition is None or met is None or threshold is None:
        return vetoed.reason
    way = "at_least" if condition.below is None else "below"
    return words(
        f"report.met_{way}_share" if threshold.is_share else f"report.met_{way}",
        title=met.title or _name_of(condition.of, words),
        points=plain(met.points),
        bound=plain(met.threshold),
        share=threshold.text,
        full=plain(met.full),
    )


def remarks(listed: ResultList[Ranked], line: Line) -> Iterator[str]:
    """Remarks on a band that has no room for the unit, and on each veto."""
    rubric, words = listed.rubric, listed.words
    band = line.placing.band if line.placing is not None else None
    if band is not None and band.name != band.reached:
        yield words("report.no_room", band=band.reached)
    if line.result is not None:
        yield from veto_remarks(rubric, line.result, words)


def _name_of(name: str, words: Words) -> str:
    return words("report.total_named") if name == TOTAL else words("report.item_named", item=name)


def veto_remarks(rubric: Ranked, result: Result, words: Words) -> Iterator[str]:
    """A remark on each veto: its effect, if there are bands for it, and what happened."""
    for vetoed in result.vetoes:
        veto, reason = vetoed.veto, reason_text(vetoed, words)
        if veto.effect == "zero" and isinstance(rubric, Rubric):
            part = zeroed_title(rubric, veto, words)
            yield words("report.veto_zero", part=part, text=veto.text, reason=reason)
            continue
        bands = {"bar": rubric.bands[:1], "fail": rubric.bands[-1:]}.get(veto.effect, ())
        name = "".join(band.name for band in bands)
        effect = veto.effect if name or veto.effect == "exclude" else "noted"
        yield words(f"report.veto_{effect}", band=name, text=veto.text, reason=reason)


def zeroed_title(rubric: Rubric, veto: Veto, words: Words) -> str:
    """The title of the section that a condition makes 0, or the word for the total."""
    titles = {section.id: section.title for section in rubric.sections}
    return titles.get(veto.zeroes or "", words("report.total_named"))


def notes(listed: ResultList[Ranked]) -> Iterator[str]:
    """Notes on how bands were given or why there are none, and on units that a veto excludes."""
    rubric, ranking, words = listed.rubric, listed.ranking, listed.words
    if rubric.bands and ranking is not None and ranking.provisional:
        yield words("report.note_no_bands")
    elif rubric.bands:
        yield bands_note(rubric, words)
        if has_quotas(rubric):
            yield words("report.note_quotas_open" if ranking is None else "report.note_quotas")
    if isinstance(rubric, Rubric) and rubric.conditions:
        ids = words("list.separator").join(veto.id for veto in rubric.conditions)
        yield words("report.note_conditions", vetoes=ids)
    if ranking is not None and ranking.excluded:
        names = words("list.separator").join(result.unit for result in ranking.excluded)
        yield words("report.note_excluded", number=len(ranking.excluded), units=names)


def has_quotas(rubric: Ranked) -> bool:
    """True where any band takes so many units at most."""
    return any(band.most is not None for band in rubric.bands)


def _live_bands(rubric: Ranked, ranking: Ranking) -> BandOf | None:
    """The way bands follow the total; quotas and vetoes follow no formula."""
    conditions = rubric.conditions if isinstance(rubric, Rubric) else ()
    follows = any(veto.effect in ("fail", "bar") for veto in conditions)
    held = any(placing.result.vetoes for placing in ranking.placings)
    if has_quotas(rubric) or follows or held:
        return None
    return BandOf("total", tuple((band.at_least, band.name) for band in rubric.bands))


def band_without_quotas(rubric: Ranked, result: Result) -> str | None:
    """The band of a unit by itself, quotas aside.

    Nothing while items are unscored or await the mean of other units, and where a veto keeps the
    unit out of the ranking.
    """
    if result.unscored or result.awaiting or "exclude" in result.effects:
        return None
    return rubric.bands[band_of(rubric.bands, result)].name


def bands_text(rubric: Ranked, words: Words) -> str:
    """Every band with its threshold and its quota."""

    def band_texts() -> Iterator[str]:
        for band in rubric.bands:
            key = "report.one_band" if band.most is None else "report.one_band_most"
            yield words(key, name=band.name, bound=plain(band.at_least), most=band.most)

    return words("list.separator").join(band_texts())


def bands_note(rubric: Ranked, words: Words) -> str:
    """The bands in a sentence; nothing where there are none."""
    bands = bands_text(rubric, words)
    return words("report.note_bands", bands=bands) if bands else ""
