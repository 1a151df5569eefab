"""通报: the notice on rankings that an office sends out, with the rankings as its annexes.

Nothing in it is judged or made up: what follows from no figure is left to be filled in.
"""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from epa_score.i18n import Words, plain
from epa_score.model import Rubric, Section
from epa_score.model.ranked import Ranked, RankedSection
from epa_score.reports.columns.sections import full_marks
from epa_score.reports.columns.standing import veto_remarks
from epa_score.reports.coverage import EVERYBODY, Coverage, coverage_notes, first_names
from epa_score.reports.document import Block, Document, Paragraph
from epa_score.reports.full_marks import full_marks_in, full_marks_of, told_full_marks
from epa_score.reports.ranking import provisional_note
from epa_score.reports.scores import first_words
from epa_score.reports.table import Row, Table
from epa_score.reports.titles import parts_of_title, title_with_period
from epa_score.scoring import Placing, Ranking
from epa_score.values.points import exactly

_LOWEST = 3
"""The items with the lowest rates that are named, with all that have the same rate as the last."""

_BEST = 3
"""The last rank whose units are named where there are no bands."""

_WORDING = 42
"""The characters of a wording that are quoted."""

_MOST_ITEMS, _MOST_UNITS = 6, 20
"""Items and units that a sentence names; of more it says how many there are."""

_MOST_PARTS = 8
"""Parts of the total whose means are told; more stand in the annex alone."""


class Assessed(NamedTuple):
    """A ranking as a notice tells of it."""

    ranked: Ranked
    ranking: Ranking
    summary: Table
    """排名汇总 as a document."""
    analysis: Table | None = None
    """分项分析, where there are items."""
    coverage: Coverage = EVERYBODY

    @property
    def number(self) -> int:
        """The units that were assessed and are not left out."""
        return len(list(self.ranking.everybody))


def notice_document(rankings: Sequence[Assessed], words: Words) -> Document:
    """The notice on some rankings: text, what is to be filled in, and an annex for each."""
    title = notice_title(rankings, words)
    body = [Paragraph(title, "title"), *_body(rankings, words)]
    annexes = (
        _annex(assessed, _number_of(number, rankings), words)
        for number, assessed in enumerate(rankings, 1)
    )
    return Document(title, words.language, [body, *annexes])


def notice_title(rankings: Sequence[Assessed], words: Words) -> str:
    """The title of a notice, which names what was assessed and when, and that it is provisional."""
    subjects = [
        title_with_period(parts_of_title(own.ranked.title).subject, own.ranking.period, words)
        for own in rankings
    ]
    listed = words("list.separator").join(dict.fromkeys(subjects))
    title = words("notice.title", subjects=listed)
    if _is_provisional(rankings):
        return words("report.with_provisional", title=title)
    return title


def _is_provisional(rankings: Iterable[Assessed]) -> bool:
    return any(own.ranking.provisional for own in rankings)


def _body(rankings: Sequence[Assessed], words: Words) -> Iterator[Block]:
    yield Paragraph(words("notice.to", whom=_to_fill("whom", words)), "address")
    yield Paragraph(_basis(rankings, words))
    for place, (key, paragraphs) in enumerate((("overall", _overall), ("losses", _losses))):
        yield heading(place, words(f"notice.{key}"), words)
        for number, assessed in enumerate(rankings):
            if len(rankings) > 1:
                yield Paragraph(_subheading(number, assessed, words), "subheading")
            annex = _annex_name(_number_of(number + 1, rankings), words)
            yield from (Paragraph(text) for text in paragraphs(assessed, annex, words))
    yield heading(2, words("notice.next"), words)
    yield Paragraph(words("notice.to_fill", what=""))
    for number, assessed in enumerate(rankings, 1):
        key = "first_annex" if number == 1 else "further_annex"
        annex = _number_of(number, rankings)
        shown = words("notice.annex_number", number=annex) if annex else ""
        text = words(f"notice.{key}", number=shown, title=assessed.summary.title)
        yield Paragraph(text, "annexes")
    if not _is_provisional(rankings):
        yield from (Paragraph(_to_fill(what, words), "signature") for what in ("who", "when"))


def _to_fill(what: str, words: Words) -> str:
    """What the office is to write there itself."""
    return words("notice.to_fill", what=words(f"notice.{what}"))


def _number_of(number: int, rankings: Sequence[Assessed]) -> str:
    """The number of an annex; a single one has none."""
    return str(number) if len(rankings) > 1 else ""


def _annex_name(number: str, words: Words) -> str:
    return words("notice.annex", number=number).strip()


def _basis(rankings: Sequence[Assessed], words: Words) -> str:
    """By which rubrics which units were assessed."""
    titles = dict.fromkeys(own.ranked.title for own in rankings)
    quoted = (title if "《" in title else words("notice.quoted", title=title) for title in titles)
    joiner = words("list.separator")
    periods = {own.ranking.period for own in rankings}
    period = periods.pop() if len(periods) == 1 else None
    return words(
        "notice.basis",
        rubrics=words("notice.title_joiner").join(quoted),
        units=joiner.join(_units_of(own, words) for own in rankings),
        assessment=title_with_period(words("notice.assessment"), period, words),
    )


def _units_of(assessed: Assessed, words: Words) -> str:
    """How many units were assessed, as the title of the rubric calls them, and of which group."""
    kind = parts_of_title(assessed.ranked.title).units or words("notice.unit")
    text = words("notice.some", number=assessed.number, kind=kind)
    group = assessed.ranking.group
    return words("notice.of_group", group=group, units=text) if group else text


def _subheading(number: int, assessed: Assessed, words: Words) -> str:
    """The number and the name of a ranking among several ones."""
    parts = parts_of_title(assessed.ranked.title)
    name = assessed.ranking.group or parts.units or parts.subject
    return words("notice.subheading", number=_numeral(number, words), title=name)


def _numeral(place: int, words: Words) -> str:
    """The number of a place, from 0; beyond those that there are words for in digits."""
    numerals = words("notice.numerals").split()
    return numerals[place] if place < len(numerals) else str(place + 1)


def heading(place: int, title: str, words: Words) -> Paragraph:
    """The heading of the part at a place, from 0."""
    text = words("notice.heading", number=_numeral(place, words), title=title)
    return Paragraph(text, "heading")


def _overall(assessed: Assessed, annex: str, words: Words) -> Iterator[str]:
    """How many points there were, who has which band or leads, and who is not ranked and why."""
    ranked, ranking = assessed.ranked, assessed.ranking
    placings = ranking.placings
    if placings:
        yield "".join((*_figures(assessed, words), words("notice.see", annex=annex)))
        yield from filter(None, (_means(assessed, words),))
    else:
        yield words("notice.nobody") + words("notice.see", annex=annex)
    if ranking.provisional:
        open_units = ranking.open_units
        note = provisional_note(ranked, ranking, words)
        if open_units:
            units = first_names(words, open_units, _MOST_UNITS)
            yield words("notice.open", note=note, number=len(open_units), units=units)
        else:  # all that is missing is whole sheets
            yield words("notice.sentence", text=note)
    elif ranked.bands:
        yield from filter(None, (_bands(ranked, placings, words),))
    elif len(placings) > _BEST:
        best = [
            words("notice.with_total", unit=own.result.unit, total=plain(own.result.total))
            for own in placings
            if own.rank <= _BEST
        ]
        yield words("notice.best", units=first_names(words, best, _MOST_UNITS))
    yield from _vetoed(assessed, annex, words)
    absent = list(coverage_notes(assessed.coverage._replace(unread=(), is_checked=True), words))
    if absent:
        yield words("notice.sentence", text=words("working.separator").join(absent))


def _vetoed(assessed: Assessed, annex: str, words: Words) -> Iterator[str]:
    """What holds each unit back that has a veto; of very many how many there are."""
    joiner = words("working.separator")
    found = [
        words("notice.vetoed", unit=result.unit, remarks=joiner.join(remarks))
        for _, result in assessed.ranking.everybody
        if (remarks := list(veto_remarks(assessed.ranked, result, words)))
    ]
    if len(found) > _MOST_UNITS:
        yield words("notice.many_vetoed", number=len(found), annex=annex)
    else:
        yield from found


def _figures(assessed: Assessed, words: Words) -> Iterator[str]:
    """The mean, the best and the worst total, and whose they are."""
    placings = assessed.ranking.placings
    totals = [own.result.total for own in placings]
    mean = dict(zip(_names(assessed.summary), _mean_cells(assessed.summary), strict=True))["total"]
    found = full_marks_of(assessed.ranked, (own.result for own in placings))
    about = _told_caps(found, full_marks(assessed.ranked), "cap", words)
    about["mean"] = plain(mean or Decimal(0))
    yield words("notice.figures", number=len(placings), **about)
    bounds = {"highest": max(totals), "lowest": min(totals)}
    for key, bound in bounds.items():
        units = [own.result.unit for own in placings if own.result.total == bound]
        if len(set(totals)) > 1:
            named = first_names(words, units, _MOST_UNITS)
            yield words(f"notice.{key}", total=plain(bound), units=named)
    yield words("notice.stop")


def _told_caps(
    found: Sequence[tuple[str, Decimal]], stated: Decimal, beside: str, words: Words
) -> dict[str, str]:
    """Full marks, and beside them whose are others: some units may have fewer items."""
    told = told_full_marks(found, stated, words, "notice")
    others = words(f"notice.beside_{beside}", others=told.others) if told.others else ""
    return {"cap": plain(told.points), "others": others}


def _names(table: Table) -> list[str]:
    return [column.name for column in table.columns]


def _mean_cells(table: Table) -> list[Decimal | None]:
    """The means of the columns of points."""
    cells = table.mean.cells if table.mean is not None else [None] * len(table.columns)
    return [cell if isinstance(cell, Decimal) else None for cell in cells]


def _means(assessed: Assessed, words: Words) -> str:
    """The mean of each part of the total; empty where there is a single one, or very many."""
    ranked = assessed.ranked
    sections = {f"sections.{section.id}": section for section in _main_sections(ranked)}
    found = []
    for column, mean in zip(assessed.summary.columns, _mean_cells(assessed.summary), strict=True):
        section = sections.get(column.name)
        if section is None or mean is None or column.cap is None:
            continue
        title = section.title if isinstance(section, Section) else section.id
        caps = _told_caps(_caps_in(assessed, section), column.cap, "part", words)
        found.append(words("notice.mean", title=title, mean=plain(mean), **caps))
    joined = words("notice.joiner").join(found)
    return words("notice.means", parts=joined) if 1 < len(found) <= _MOST_PARTS else ""


def _caps_in(assessed: Assessed, section: RankedSection) -> list[tuple[str, Decimal]]:
    """The full marks of the ranked units in a section; those of a component are the same."""
    ranked, placings = assessed.ranked, assessed.ranking.placings
    if not isinstance(ranked, Rubric) or not isinstance(section, Section):
        return []
    results = (own.result for own in placings)
    return [(own.unit, full_marks_in(ranked, section, own)) for own in results]


def _main_sections(ranked: Ranked) -> Sequence[RankedSection]:
    """The sections that make the total."""
    return ranked.sections if isinstance(ranked, Rubric) else ranked.all_sections


def _bands(ranked: Ranked, placings: Sequence[Placing], words: Words) -> str:
    """Who is in which band; empty where nobody is in any."""
    found = []
    for band in ranked.bands:
        units = [own.result.unit for own in placings if own.band and own.band.name == band.name]
        if units:
            named = first_names(words, units, _MOST_UNITS)
            found.append(words("notice.in_band", band=band.name, number=len(units), units=named))
    joined = words("working.separator").join(found)
    return words("notice.sentence", text=joined) if found else ""


def _losses(assessed: Assessed, _annex: str, words: Words) -> Iterator[str]:
    """The items of all units with the lowest rates, those that have the same rate as the last too.

    They are in the order of 分项分析, whose figures they are.
    """
    if assessed.analysis is None:
        yield words("notice.no_items")
        return
    places = {name: place for place, name in enumerate(_names(assessed.analysis))}
    every = list(assessed.analysis.rows())
    common = [row for row in every if row.cells[places["duty_units"]] is None]
    full, units, rate = (places[name] for name in ("full", "units", "rate"))
    lossy = [row for row in common if row.cells[full] != row.cells[units]]  # rates are rounded
    if not common:
        yield words("notice.no_common_items" if every else "notice.no_points")
    elif not lossy:
        is_open = assessed.ranking.provisional
        yield words("notice.no_losses_yet" if is_open else "notice.no_losses")
    else:
        last = lossy[:_LOWEST][-1].cells[rate]
        after = [row for row in lossy[_LOWEST:] if row.cells[rate] == last]
        lowest = [*lossy[:_LOWEST], *after]
        ranked = len(assessed.ranking.placings)
        shown = [_loss(row, places, ranked, words) for row in lowest[:_MOST_ITEMS]]
        text = words("working.separator").join(shown)
        if len(lowest) > _MOST_ITEMS:
            text = words("notice.and_more", items=text, number=len(lowest))
        yield words("notice.lowest_items", items=text)
    if 0 < len(common) < len(every):
        yield words("notice.own_items")


def _loss(row: Row, places: dict[str, int], ranked: int, words: Words) -> str:
    """An item with its rate; of how many units, where not all that are ``ranked`` have points."""
    cells = {name: row.cells[place] for name, place in places.items()}
    rate, mean, cap = (cells[name] for name in ("rate", "mean", "cap"))
    known = [figure if isinstance(figure, Decimal) else Decimal(0) for figure in (rate, mean, cap)]
    with exactly():
        percent = known[0] * 100
    number = cells["units"]
    return words(
        "notice.loss",
        item=cells["item"],
        text=first_words(str(cells["text"]), _WORDING).rstrip("。；"),
        rate=plain(percent),
        mean=plain(known[1]),
        cap=plain(known[2]),
        of_some="" if number == ranked else words("notice.of_some", number=number),
    )


def _annex(assessed: Assessed, number: str, words: Words) -> list[Block]:
    """The ranking, without what a signed table has besides."""
    return [
        Paragraph(_annex_name(number, words), "annex"),
        annex_table(assessed),
    ]


def annex_table(assessed: Assessed) -> Table:
    """排名汇总 with the main parts of the total alone, and without lines for signatures.

    The file of a sheet that was left out stands there where nobody knows its unit.
    """
    table = assessed.summary
    main = {f"sections.{section.id}" for section in _main_sections(assessed.ranked)}
    nameless = any(not entry.unit for entry in assessed.coverage.left_out)
    hidden = {"difference", *(() if nameless else ("left_out",))}
    columns = tuple(
        column._replace(shown=False)
        if column.name in hidden
        or (column.name.startswith("sections.") and column.name not in main)
        else column
        for column in table.columns
    )
    return table._replace(columns=columns, signatures=(), chart=None)
