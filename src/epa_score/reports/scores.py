"""得分明细 and 扣分明细: points unit by item, and every lost point with its reason."""

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from epa_score.i18n import Words, plain
from epa_score.model import Item, Rubric, ScoreSheet, exactly
from epa_score.reports.columns import Field, Line, ResultList, adjustments, rank_and_unit
from epa_score.reports.columns.assessors import assessor_notes
from epa_score.reports.columns.not_applicable import (
    NOTHING,
    WHOLE,
    absent_text,
    open_items_of,
    rescaled_sections,
    scored_points,
)
from epa_score.reports.columns.panel import combines_totals, item_note, totals_notes
from epa_score.reports.columns.pools import pool_notes
from epa_score.reports.columns.sections import (
    ItemColumn,
    item_column_names,
    item_columns,
    items_with_units,
    total_field,
    zeroed_columns,
)
from epa_score.reports.form_lines import beginning
from epa_score.reports.owners import FIELDS, fields_in_use
from epa_score.reports.ranking import with_room_for_mean
from epa_score.reports.sums import sum_of_sections, sum_of_total
from epa_score.reports.table import Blocks, Cell, Column, Mean, Row, Table, decimals_of
from epa_score.reports.titles import title_of
from epa_score.reports.workings import has_rules, working_text
from epa_score.rules.rule import Working
from epa_score.scoring import Ranking
from epa_score.scoring.points import PointsByItem, points_of, workings_of
from epa_score.values.rounding import mean_of_counts

_Counts = dict[tuple[str, str], Counter[Decimal]]
"""The number of units that have so many points, by the ids of section and item."""


def scores_table(
    rubric: Rubric, ranking: Ranking, sheets: Mapping[str, ScoreSheet], words: Words
) -> Table:
    """The points of every item, units in the order of the ranking.

    An item that is not yet scored says so, and so does one that does not apply and has no points;
    one that a unit is not assessed on is empty.
    """
    results = [result for _, result in ranking.everybody]
    items = item_columns(rubric)
    shown, ranked = _count_points(rubric, ranking, sheets)
    decimals = {item: decimals_of(points) for item, points in shown.items()}
    base = sum_of_sections(rubric.sections, item_column_names(rubric), rubric.decimals)
    listed = ResultList(rubric, results, words, ranking)
    zeroed = zeroed_columns(rubric)
    whole = total_field(listed, None if zeroed else sum_of_total(rubric, base))
    if zeroed:
        note = words("sheet.fixed_conditions")
        whole = whole._replace(column=whole.column._replace(note_without_formula=note))
    sums = (*adjustments.fields(listed, {} if "base" in zeroed else {"base": base}), whole)
    columns = (
        *rank_and_unit(words),
        *(
            Column(
                item.name,
                item.item,
                "points",
                decimals.get(item.item, 0),
                cap=item.cap,
                group=item.group(words),
                marks_losses=True,
            )
            for item in items
        ),
        *(field.column for field in sums),
    )
    columns = tuple(with_room_for_mean(column, rubric.decimals) for column in columns)

    def rows() -> Iterator[Row]:
        for rank, result in ranking.everybody:
            sheet = sheets[result.unit]
            points, scope = points_of(rubric, sheet, result), rubric.scope(sheet.unit)
            homes = scope.homes if scope is not None else {}
            cells = [
                _item_cell(points, column.item, sheet, words)
                if homes.get(column.item) == column.section.id
                else None
                for column in items
            ]
            line = Line(result.unit, result.period, result)
            figures = (field.cell(line) for field in sums)
            still = rescaled_sections(rubric, result) or combines_totals(rubric)
            fixed = WHOLE if rank is not None and still else NOTHING
            means = {entry.item for entry in result.inapplicable if entry.treatment == "peer_mean"}
            fixed |= {column.name for column in items if column.item in means}
            yield Row((rank, sheet.unit, *cells, *figures), live=rank is not None, fixed=fixed)

    given = [sheets[placing.result.unit] for placing in ranking.placings]
    open_items = {item for sheet in given for item in open_items_of(sheet)}
    opened = frozenset(column.name for column in items if column.item in open_items)
    means = [*_mean_points(items, ranked, columns), *_mean_sums(ranking, sums, columns)]
    return Table(
        "scores",
        title_of(rubric.title, "scores", ranking.period, words),
        columns,
        rows,
        notes=(
            words("report.scores_note"),
            *pool_notes(rubric, words),
            *totals_notes(rubric, words),
            *assessor_notes(rubric, words),
        ),
        group=rubric.id,
        mean=Mean((None, words("report.mean"), *means), opened) if ranking.placings else None,
        has_caps_row=True,
        is_sortable=True,
        note_on_still_rows=words("sheet.fixed_excluded"),
    )


def _mean_points(
    items: Iterable[ItemColumn], ranked: _Counts, columns: Iterable[Column]
) -> Iterator[Cell]:
    """The mean of each column of items over the units that have points there.

    Where units differ in the cap there is none.
    """
    decimals = {column.name: column.decimals for column in columns}
    for item in items:
        known = ranked.get((item.section.id, item.item))
        has_mean = known and item.cap is not None
        yield mean_of_counts(known, decimals[item.name]) if known and has_mean else None


def _mean_sums(
    ranking: Ranking, sums: Sequence[Field], columns: Sequence[Column]
) -> Iterator[Cell]:
    """The mean of each sum over the ranked units."""
    lines = [Line(placing.result.unit, None, placing.result) for placing in ranking.placings]
    for field, column in zip(sums, columns[-len(sums) :], strict=True):
        cells = map(field.cell, lines)
        known = Counter(cell for cell in cells if isinstance(cell, Decimal))
        yield mean_of_counts(known, column.decimals) if known else None


def _item_cell(points: PointsByItem, item_id: str, sheet: ScoreSheet, words: Words) -> Cell:
    given = points.get(item_id)
    return absent_text(item_id, sheet, words) if given is None else given


def _count_points(
    rubric: Rubric, ranking: Ranking, sheets: Mapping[str, ScoreSheet]
) -> tuple[dict[str, set[Decimal]], _Counts]:
    """All points of each item, and how many ranked units have so many in an item of a section."""
    shown: dict[str, set[Decimal]] = {}
    ranked: _Counts = {}
    for rank, result in ranking.everybody:
        sheet = sheets[result.unit]
        scope = rubric.scope(sheet.unit)
        homes = scope.homes if scope is not None else {}
        for item, points in points_of(rubric, sheet, result).items():
            if points is None:
                continue
            shown.setdefault(item, set()).add(points)
            if rank is not None and item in homes and item not in open_items_of(sheet):
                ranked.setdefault((homes[item], item), Counter())[points] += 1
    return shown, ranked


_NO_WORKING = Working(Decimal(0), ())


def deductions_table(
    rubric: Rubric, ranking: Ranking, sheets: Mapping[str, ScoreSheet], words: Words
) -> Table:
    """A row for each item below its cap, units in the order of the ranking.

    Documents show the beginning of its wording, and a list below the table has all of it once.
    """
    points: set[Decimal] = set()
    items: dict[Item, None] = {}
    said: set[str] = set()
    for loss in _losses(rubric, ranking, sheets):
        points.add(loss.score)
        items[loss.item] = None
        said.update(_texts_of_loss(loss))
    decimals, ruled, owners = decimals_of(points), has_rules(rubric), rubric.assessors_by_item
    fields = fields_in_use(rubric)
    columns = (
        Column("unit", words("report.unit"), is_heading=True),
        Column("item", words("report.item")),
        Column("text", words("report.text"), "long text", shown=False),
        Column("wording", words("report.text"), data=False),
        *(Column(name, words(f"report.item_{name}"), "long text") for name in fields),
        Column("max", words("report.cap"), "points", decimals),
        Column("score", words("report.score"), "points", decimals),
        Column("lost", words("report.lost"), "points", decimals, is_emphasized=True),
        *([Column("assessor", words("report.by_assessor"))] if owners else []),
        *([Column("working", words("report.working"), "long text")] if ruled else []),
        Column("note", words("report.note"), "long text"),
        Column("evidence", words("report.evidence"), "long text"),
    )

    def rows() -> Iterator[Row]:
        for loss in _losses(rubric, ranking, sheets):
            item, sheet = loss.item, loss.sheet
            evidence = words("list.separator").join(sheet.score(item.id).evidence) or None
            working = [working_text(loss.working, words) or None] if ruled else []
            texts = *working, item_note(sheet, item.id, words), evidence
            wording = first_words(item.text)
            figures = item.max, loss.score, loss.points
            beside = (getattr(item, name) for name in fields)
            by = [owners[item.id]] if owners else []
            yield Row((sheet.unit, item.id, item.text, wording, *beside, *figures, *by, *texts))

    return Table(
        "deductions",
        title_of(rubric.title, "deductions", ranking.period, words),
        tuple(_without_empty_column(column, said) for column in columns),
        rows,
        notes=(
            *pool_notes(rubric, words),
            *totals_notes(rubric, words),
            *_item_notes(rubric, items, words),
            *_zeroed_notes(ranking, words),
        ),
        group=rubric.id,
        blocks=Blocks("unit", ("lost",), words("report.sum")),
    )


_WORDING, _LATIN = 14, 28
"""Characters of a wording, Chinese or Latin ones, that stand beside each loss of its item."""

_IN_WORD = re.compile(r"[0-9A-Za-z.%]")
_BROKEN_WORD = re.compile(r"(?<=.)[0-9A-Za-z.%]+(?=……$)")
_CLAUSES = re.compile(r".+(?=[，；。：].*……$)")
_STOPS = re.compile("(?<=.)[ ，、；：。（(“《]+(?=……$)")


def first_words(text: str, most: int = _WORDING) -> str:
    """The beginning of a wording, which ends neither within a number nor with a stop.

    It has at most so many Chinese characters, or twice as many Latin ones, and ends with a clause
    where that keeps at least half of them.
    """
    begun = beginning(text, 2 * most if text.isascii() else most)
    after = text[len(begun) - 2 : len(begun) - 1]
    if begun != text and _IN_WORD.match(after):
        begun = _BROKEN_WORD.sub("", begun)
    clauses = _CLAUSES.match(begun)
    if clauses is not None and 2 * len(clauses[0]) >= most:
        begun = f"{clauses[0]}……"
    return _STOPS.sub("", begun)


def _texts_of_loss(loss: "_Loss") -> Iterator[str]:
    """The columns in which there is a text about a loss."""
    given = loss.sheet.score(loss.item.id)
    texts = {"working": loss.working.steps, "evidence": given.evidence, "note": given.note}
    yield from (name for name, said in texts.items() if said)
    yield from (name for name in FIELDS if getattr(loss.item, name))


def _without_empty_column(column: Column, said: Container[str]) -> Column:
    """A column, which documents leave out where it is for texts and nobody has ``said`` any."""
    may_be_empty = column.name in ("working", "note", "evidence", *FIELDS)
    return column._replace(shown=column.name in said) if may_be_empty else column


def _item_notes(rubric: Rubric, items: Container[Item], words: Words) -> Iterator[str]:
    """The wordings of some items, each once, with the units that have it for their own."""
    found = [
        (item, units)
        for section in rubric.all_sections
        for item, units in items_with_units(section)
        if item in items
    ]
    if found:
        yield words("report.wordings")
    for item, units in found:
        key = "report.wording_own" if units else "report.wording"
        names = words("list.separator").join(units)
        yield words(key, item=item.id, units=names, text=item.text, cap=plain(item.max))


def _zeroed_notes(ranking: Ranking, words: Words) -> Iterator[str]:
    """The units of which a condition took points that no item has lost."""
    units = [result.unit for _, result in ranking.everybody if result.zeroed]
    if units:
        yield words("report.note_zeroed", units=words("list.separator").join(units))


class _Loss(NamedTuple):
    """An item with fewer points than its cap."""

    sheet: ScoreSheet
    item: Item
    score: Decimal
    points: Decimal
    working: Working


def _losses(rubric: Rubric, ranking: Ranking, sheets: Mapping[str, ScoreSheet]) -> Iterator[_Loss]:
    """Every loss; an item that is not yet scored, or does not apply, has lost nothing."""
    for _, result in ranking.everybody:
        sheet = sheets[result.unit]
        scope = rubric.scope(sheet.unit)
        found, workings = (
            scored_points(points_of(rubric, sheet), sheet),
            workings_of(rubric, sheet),
        )
        for item in scope.items.values() if scope is not None else ():
            points = found.get(item.id)
            if points is not None and points < item.max:
                with exactly():
                    lost = item.max - points
                working = workings.get(item.id, _NO_WORKING)
                yield _Loss(sheet=sheet, item=item, score=points, points=lost, working=working)
