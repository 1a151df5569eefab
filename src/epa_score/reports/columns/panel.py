"""评委分歧: the points of several assessors, and the combined ones."""

from collections.abc import Iterator, Mapping

from epa_score.i18n import Words, plain
from epa_score.model import Rubric, ScoreSheet
from epa_score.model.sheet import CombinedSheet, sheets_in
from epa_score.reports.columns import Field, Line, ResultList, result_field
from epa_score.reports.columns.not_applicable import NOTHING, WHOLE
from epa_score.reports.table import Blocks, Column, Row, Table, decimals_of
from epa_score.reports.titles import title_of
from epa_score.scoring import Ranking
from epa_score.scoring.panel import Spread, spread_of_totals, spreads


def panel_table(
    rubric: Rubric, ranking: Ranking, sheets: Mapping[str, ScoreSheet], words: Words
) -> Table:
    """A row for each item of each unit: every assessor's points, the combined ones, the spread.

    Where totals are combined, a row has these. Units stand in the order of the ranking. Highest
    minus lowest is a figure to look at, no rule.
    """
    found = list(_spreads_by_unit(rubric, ranking, sheets))
    combined = {spread.combined for _, spread in found}
    widths = {spread.width for _, spread in found}
    columns = (
        Column("unit", words("report.unit"), is_heading=True),
        Column("item", words("report.item")),
        Column("given", words("report.opinions"), "long text"),
        Column(
            "combined",
            words("report.combined"),
            "points",
            decimals_of(combined),
        ),
        Column("spread", words("report.spread"), "points", decimals_of(widths)),
    )

    def rows() -> Iterator[Row]:
        for unit, spread in found:
            given, item = _given_points_text(spread, words), spread.item or words("report.whole")
            yield Row((unit, item, given, spread.combined, spread.width), live=False)

    title = title_of(rubric.title, "panel", ranking.period, words)
    notes, blocks = panel_notes(rubric, words), Blocks("unit")
    return Table("panel", title, columns, rows, notes=notes, group=rubric.id, blocks=blocks)


def _spreads_by_unit(
    rubric: Rubric, ranking: Ranking, sheets: Mapping[str, ScoreSheet]
) -> Iterator[tuple[str, Spread]]:
    for placing in ranking.placings:
        unit = placing.result.unit
        sheet = sheets[unit]
        yield from ((unit, spread) for spread in spreads_by_item(rubric, sheet).values())
        whole = totals_of(rubric, sheet)
        yield from () if whole is None else [(unit, whole)]


def panel_notes(rubric: Rubric, words: Words) -> tuple[str, ...]:
    """A note on the way that points of several assessors become those of a unit, under a panel."""
    panel = rubric.panel
    if panel is None:
        return ()
    about = {"drop": panel.drop, "decimals": rubric.decimals, "minimum": panel.minimum}
    if panel.by != "total":
        return (words(f"report.panel_{panel.method}", **about),)
    method = words(f"report.method_{panel.method}", **about)
    return (words("report.panel_totals", method=method, **about),)


def totals_notes(rubric: Rubric, words: Words) -> tuple[str, ...]:
    """The same note for tables of items, where totals are combined and items are none of them."""
    return panel_notes(rubric, words) if combines_totals(rubric) else ()


def combines_totals(rubric: Rubric) -> bool:
    """True where the totals of several assessors are combined, and no points of items."""
    return rubric.panel is not None and rubric.panel.by == "total"


def fields(listed: ResultList[Rubric]) -> Iterator[Field]:
    """Under a panel the number of assessors; for programs also that their totals are combined."""
    if listed.rubric.panel is not None:
        column = Column("assessors", listed.words("report.assessors"), "number", priority=3)
        yield result_field(column, lambda result: result.assessors)
    if combines_totals(listed.rubric):
        column = Column("combined", listed.words("report.combined_by"), shown=False)
        yield result_field(column, lambda _: "total")


def remarks(listed: ResultList[Rubric], line: Line) -> Iterator[str]:
    """A remark on a unit that has too few assessors."""
    panel, result = listed.rubric.panel, line.result
    if panel is not None and result is not None and result.assessors < panel.minimum:
        yield listed.words("report.few", number=result.assessors, minimum=panel.minimum)


def notes(listed: ResultList[Rubric]) -> Iterator[str]:
    """A note on the way that points of several assessors become those of a unit."""
    yield from panel_notes(listed.rubric, listed.words)


def spreads_by_item(rubric: Rubric, sheet: ScoreSheet) -> Mapping[str, Spread]:
    """The points of all assessors, by item; nothing where one person scored the unit."""
    found = spreads(rubric, sheet) if isinstance(sheet, CombinedSheet) else ()
    return {spread.item: spread for spread in found}


def totals_of(rubric: Rubric, sheet: ScoreSheet) -> Spread | None:
    """The totals of all assessors, where these are combined."""
    return spread_of_totals(rubric, sheet) if isinstance(sheet, CombinedSheet) else None


def still_figures(rubric: Rubric) -> frozenset[str]:
    """The columns of sums that follow from totals, and so from no points of items."""
    if not combines_totals(rubric):
        return NOTHING
    return WHOLE | {f"sections.{section.id}" for section in rubric.all_sections}


def combination_text(rubric: Rubric, spread: Spread | None, words: Words) -> str:
    """The points of an item in words: each assessor's, and the combined ones."""
    if spread is None or rubric.panel is None:
        return ""
    method = words(f"report.method_{rubric.panel.method}", drop=rubric.panel.drop)
    if spread.item and combines_totals(rubric):
        method = words("report.method_counted")
    given, result = _given_points_text(spread, words), plain(spread.combined)
    return words("report.opinion", given=given, method=method, result=result)


def item_note(sheet: ScoreSheet, item: str, words: Words) -> str | None:
    """The reason of an item; several assessors have one each."""
    if not isinstance(sheet, CombinedSheet):
        return sheet.score(item).note
    notes = ((own.assessor, own.score(item).note) for own in sheets_in(sheet))
    said = [words("report.said", assessor=name, note=note) for name, note in notes if note]
    return words("working.separator").join(said) or None


def _given_points_text(spread: Spread, words: Words) -> str:
    given = [
        words("report.gave", assessor=name, points=plain(points))
        for name, points in spread.given.items()
    ]
    given += [words("report.gave_nothing", assessor=name) for name in spread.not_given]
    if spread.absent:
        given.append(words("report.seats_empty", number=spread.absent))
    return words("list.separator").join(given)
