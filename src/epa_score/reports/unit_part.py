"""单位得分: the part of a report on one unit, from its rank to the reason of each loss."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from epa_score.i18n import Words, plain
from epa_score.model import Item, ScoreSheet, exactly
from epa_score.model.ranked import Ranked
from epa_score.reports.account import AccountLine, points_column
from epa_score.reports.earlier import Earlier
from epa_score.reports.rates import PointCounts, count_full_marks
from epa_score.reports.table import Cell, Column, Row, Table, decimals_of
from epa_score.scoring import Ranking, Result
from epa_score.scoring.rank import RankedResult

_MOST_FILES = 3
"""Files of a unit that are named; of more it says how many there are."""


class SectionBar(NamedTuple):
    """The points of a unit in a section, out of how many, and the mean of the ranked units."""

    title: str
    points: Decimal
    cap: Decimal
    mean: Decimal | None
    decimals: int


class UnitPart(NamedTuple):
    """All that is said of one unit."""

    unit: str
    rank: int | None
    """The rank; ``None`` where a veto excludes the unit."""
    number: int
    """How many units are ranked."""
    total: Decimal
    cap: Decimal | None
    """What its total is out of, without items that do not apply; ``None`` with adjustments."""
    lost: str
    """In how many items it lost points, and how many in all, in words.

    Points are not told where its total is short of others than those: of a pool no more than its
    cap can be lost, and sections are capped, scaled, or made 0.
    """
    sentences: Sequence[str]
    bars: Sequence[SectionBar]
    items: Table
    """The items with a loss or something said, and what else makes the total."""
    are_losses: Sequence[bool]
    """For each of its rows whether it is an item with a loss."""
    full: str
    """The other items, which have full marks, in a line; empty where there are none."""
    full_marks: str
    """Their caps, and how many units have full marks in each."""
    code: str
    """The code of its sheets (校验码)."""
    made_from: str
    """The files of its sheets, in words."""
    earlier: str
    """The rank and the total of an earlier result, in words."""


class Beside(NamedTuple):
    """More of a unit: what an earlier result said of it, and the files of its sheets."""

    earlier: Earlier | None
    files: Sequence[str]


class PartMaker:
    """Makes the parts of the units of one ranking."""

    def __init__(
        self, ranked: Ranked, ranking: Ranking, summary: Table, counts: PointCounts, words: Words
    ) -> None:
        """Take the means of 排名汇总 and the points of the ranked units by item."""
        self._number, self._counts, self._words = len(ranking.placings), counts, words
        self._titles = {section.id: section.title for section in ranked.all_sections}
        cells = summary.mean.cells if summary.mean is not None else ()
        self._columns = {column.name: column for column in summary.columns}
        self._means = dict(zip(self._columns, cells, strict=False))

    def part(
        self,
        placed: RankedResult,
        lines: Sequence[AccountLine],
        sentences: Sequence[str],
        sheet: ScoreSheet | None,
        beside: Beside,
    ) -> UnitPart:
        """The part of a unit, from the lines of its account, and the sheet if it has one."""
        rank, result = placed
        earlier, files = beside
        opened = {*result.unscored}  # what a panel has yet to score is no loss of the unit
        lines = [line._replace(lost=None) if line.label in opened else line for line in lines]
        full, rest = [], []
        for line in lines:
            if line.label not in opened and _has_full_marks(line, sheet):
                full.append(line)
            elif not _is_shown_above(line):
                rest.append(line)
        bars = [bar for line in lines if (bar := self._bar(line)) is not None]
        return UnitPart(
            unit=result.unit,
            rank=rank,
            number=self._number,
            total=result.total,
            cap=next((line.cap for line in lines if line.kind == "total"), None),
            lost=self._lost_text(lines),
            sentences=sentences,
            bars=bars,
            items=self._items(result, rest, sheet, earlier),
            are_losses=[line.kind == "item" and bool(line.lost) for line in rest],
            full=self._full_text(full),
            full_marks=self._full_marks_text(full, earlier),
            code=result.code,
            made_from=self._files_text(files),
            earlier=earlier.standing if earlier is not None else "",
        )

    def _files_text(self, files: Sequence[str]) -> str:
        key = "made_from" if len(files) <= _MOST_FILES else "made_from_many"
        named = self._words("list.separator").join(files[:_MOST_FILES])
        return self._words(f"page.{key}", files=named, number=len(files))

    def _lost_text(self, lines: Sequence[AccountLine]) -> str:
        lost = [line.lost for line in lines if line.kind == "item" and line.lost]
        if not lost:
            return ""
        with exactly():
            points = sum(lost, Decimal(0))
        short = [line.lost for line in lines if line.kind in ("base", "total")]
        if points not in short or any(line.kind == "zeroed" for line in lines):
            return self._words("page.items_lost", number=len(lost))
        return self._words("page.lost_in", points=plain(points), number=len(lost))

    def _bar(self, line: AccountLine) -> SectionBar | None:
        """The bar of a subtotal, or of the figure of a component."""
        if line.kind not in ("subtotal", "component") or line.cap is None:
            return None
        points = line.score if isinstance(line.score, Decimal) else Decimal(0)
        _, name, *part = line.key  # a titled part of own items has a title, and no column
        title = str(part[-1]) if part else self._titles[str(name)]
        column = None if part else self._columns.get(f"sections.{name}")
        mean = self._means.get(column.name) if column is not None else None
        decimals = column.decimals if column is not None else decimals_of([points])
        known = mean if isinstance(mean, Decimal) else None
        return SectionBar(title, points, line.cap, known, decimals)

    def _full_units(self, line: AccountLine) -> Cell:
        """How many of the ranked units have full marks in an item; nothing for other lines."""
        if line.kind != "item":
            return None
        _, section, item = line.key
        known = self._counts.get((str(section), item)) if isinstance(item, Item) else None
        if not known or line.cap is None:
            return None
        return count_full_marks(known, line.cap)

    def _items(
        self,
        result: Result,
        lines: Sequence[AccountLine],
        sheet: ScoreSheet | None,
        earlier: Earlier | None,
    ) -> Table:
        words = self._words
        rows = [Row(tuple(self._item_cells(line, sheet, earlier))) for line in lines]
        shown = (0, 5, 6, 9, 10)
        has = {place: any(row.cells[place] is not None for row in rows) for place in shown}
        before = earlier.title if earlier is not None else ""
        title = words("report.text" if has[0] or not rows else "page.made_of")
        known = [row for row, line in zip(rows, lines, strict=True) if line.kind != "rounded"]
        columns = (
            Column("line", words("report.item"), shown=has[0] or not rows),
            Column("text", title, "long text", is_heading=True),
            Column("reason", "", below="text", is_emphasized=True),
            Column("evidence", words("report.evidence"), below="text"),
            Column("assessor", words("report.by_assessor"), below="text"),
            Column("period", words("report.period"), shown=has[5]),
            points_column("self_score", words("report.self_score"), rows, 6)._replace(shown=has[6]),
            points_column("max", words("report.cap"), rows, 7),
            points_column("score", words("report.score"), known, 8)._replace(is_emphasized=True),
            points_column("earlier", before, rows, 9)._replace(shown=has[9]),
            Column("full", words("report.full_marks"), "number", shown=has[10]),
        )
        return Table("unit_items", words("page.items_of", unit=result.unit), columns, rows.copy)

    def _item_cells(
        self, line: AccountLine, sheet: ScoreSheet | None, earlier: Earlier | None
    ) -> Iterable[Cell]:
        words = self._words
        yield line.label if line.text is not None else None
        yield line.text if line.text is not None else line.label
        reason = line.reason or None
        if line.kind == "item" and line.lost:
            key = "page.lost_because" if reason else "page.lost_silently"
            reason = words(key, points=plain(line.lost), reason=reason)
        yield reason
        yield words("list.separator").join(_evidence(line, sheet)) or None
        yield line.assessor
        yield line.period
        yield line.self_score
        yield line.cap
        yield line.score
        yield _figure_before(line, earlier)
        yield self._full_units(line)

    def _full_text(self, lines: Sequence[AccountLine]) -> str:
        """The items with full marks in a line."""
        words = self._words
        if not lines:
            return ""
        listed = words("list.separator").join(line.label for line in lines)
        return words("page.full_items", number=len(lines), items=listed)

    def _full_marks_text(self, lines: Sequence[AccountLine], earlier: Earlier | None) -> str:
        """The items with full marks: the cap of each, and how many units have full marks.

        Where an earlier result has another figure, that stands there as well.
        """
        words = self._words
        items = (
            words(
                "page.full_item",
                item=line.label,
                cap=plain(line.cap or Decimal(0)),
                number=self._full_units(line) or 0,
                before=self._before_text(line, earlier),
            )
            for line in lines
        )
        listed = words("list.separator").join(items)
        return words("page.full_marks", items=listed)

    def _before_text(self, line: AccountLine, earlier: Earlier | None) -> str:
        figure = _figure_before(line, earlier)
        if earlier is None or figure is None or figure == line.score:
            return ""
        shown = plain(figure) if isinstance(figure, Decimal) else str(figure)
        return self._words("page.full_before", last=earlier.title, figure=shown)


def _figure_before(line: AccountLine, earlier: Earlier | None) -> Cell:
    """The points of an item, or of all bonuses or penalties, in an earlier result."""
    if earlier is None or line.kind not in ("item", "bonus", "penalty"):
        return None
    return earlier.items.get(line.label if line.kind == "item" else line.kind)


def _has_full_marks(line: AccountLine, sheet: ScoreSheet | None) -> bool:
    """True for an item with full marks of which nothing else is said."""
    is_full = line.kind == "item" and line.cap is not None and line.score == line.cap
    own = line.self_score is None or line.self_score == line.score
    return is_full and own and not line.reason and not _evidence(line, sheet)


def _evidence(line: AccountLine, sheet: ScoreSheet | None) -> Sequence[str]:
    """The evidence that a sheet names for the item of a line."""
    return sheet.score(line.label).evidence if sheet is not None and line.kind == "item" else ()


def _is_shown_above(line: AccountLine) -> bool:
    """True for a sum of which nothing else is said than its bar, or the head of the part, says."""
    return line.kind in ("subtotal", "component", "total") and not line.reason
