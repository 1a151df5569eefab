"""A report in one HTML file: no script, nothing fetched, readable on a phone and in print."""

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from pathlib import Path
from typing import BinaryIO, NamedTuple
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from epa_score.diagnostics.terminal_text import visible
from epa_score.exporters.cell_text import (
    cell_text,
    columns_below,
    columns_beside,
    padded_text,
    place_of_blocks,
)
from epa_score.exporters.html.slopes import shown_slopes
from epa_score.i18n import Words
from epa_score.reports.chapter import Chapter
from epa_score.reports.table import Cell, Column, Mean, Row, StackedBars, Table
from epa_score.reports.unit_part import SectionBar, UnitPart

_SHADES = 5
"""The shades of blue in the style sheet; more parts of a bar begin anew."""

_WIDTHS = ((115, "a0"), (56, "a1"), (40, "a3"), (28, "across"), (16, "narrow"), (10, "wide"))
"""Columns above which a table has a class, those of wide ones smaller or on larger pages."""

_LEAST = 3
"""The priority from which a narrow screen has no room for a column of a table with a picture."""

_MOST_TOLD = 9
"""The first columns, whose looks the class of the table tells, not that of each cell."""

_CHUNK = 64
"""Pieces of the page that are written at a time."""


def write(
    tables: Sequence[Table],
    file: BinaryIO,
    words: Words,
    chapters: Sequence[Chapter] = (),
    generator: str = "epa-score",
) -> None:
    """Write ``chapters`` of rankings, then ``tables`` that are about all of them.

    Every text is escaped by the template, and control characters in it are written out.
    """
    page = html_environment().get_template("page.html.j2")
    anchors = _Anchors()
    shown = [_ShownChapter(chapter, anchors) for chapter in chapters]
    titles = [own.title for own in shown] or [table.title for table in tables]
    stream = page.stream(
        title=words("list.separator").join(titles),
        generator=generator,
        language=html_language(words.language),
        words=words,
        chapters=shown,
        tables=[_ShownTable(table, words) for table in tables],
    )
    stream.enable_buffering(_CHUNK)
    file.writelines(piece.encode() for piece in stream)


def html_environment() -> Environment:
    """The templates of pages: every text is escaped, and control characters are written out."""
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent, "utf-8"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown_text,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _shown_text(value: object) -> object:
    """A text with its control and direction characters written out, but for the ends of lines."""
    if type(value) is not str:
        return value
    return "\n".join(map(visible, value.split("\n")))


def html_language(language: str) -> str:
    """The name of a language as HTML has it."""
    return language.replace("_", "-")


class _Anchors:
    """The ids of the places that links lead to; none comes twice."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def of(self, name: str) -> str:
        """An id that says the ``name``, without blanks, which ids may not have."""
        wanted = re.sub(r"\s+", "_", visible(name))
        found, number = wanted, 1
        while found in self._taken:
            number += 1
            found = f"{wanted}-{number}"
        self._taken.add(found)
        return found


def _link_to(anchor: str) -> str:
    """What a link to an anchor says, in which letters and digits stand for themselves."""
    return anchor if anchor.isalnum() else quote(anchor)


class _Segment(NamedTuple):
    """A part of a bar: its shade and its width in percent."""

    shade: int
    width: str


class _Bar(NamedTuple):
    label: str
    segments: Sequence[_Segment]


class _ShownCell(NamedTuple):
    """A cell as the template shows it."""

    text: str
    looks: str
    """Names of classes in the style sheet."""
    is_heading: bool
    link: str
    below: Sequence[tuple[str, str, str]]
    """Title, text and class of what stands below the text."""
    bar: _Bar | None


class _ShownRow(NamedTuple):
    """A row, or the name of a block of rows."""

    cells: Sequence[_ShownCell]
    looks: str = ""
    block: str = ""


class _Head(NamedTuple):
    """A title over one or more columns."""

    text: str
    columns: int
    looks: str = ""


class _ShownTable:
    """A table as the template shows it; rows are made while they are written."""

    def __init__(self, table: Table, words: Words, links: dict[str, str] | None = None) -> None:
        self._table, self._words, self._links = table, words, links or {}
        self._columns, self._below = columns_beside(table), columns_below(table)
        self._places = {column.name: place for place, column in enumerate(table.columns)}
        self._block = place_of_blocks(table)
        first = [column for _, column in self._columns[:_MOST_TOLD]]
        self._strong = [column for column in first if column.is_emphasized]
        self._texts = [column for column in first if _is_short_text(column)]
        self._told = [
            f"{letter}{first.index(column) + 1}"
            for letter, told in (("e", self._strong), ("t", self._texts))
            for column in told
        ]
        self.title, self.caption = table.title, table.caption
        self.notes, self.signatures = table.notes, table.signatures
        self.bars = table.bars
        self.slopes = shown_slopes(table.slopes, words) if table.slopes is not None else None
        self.colon = words("page.colon")
        self.columns = len(self._columns)

    @property
    def looks(self) -> str:
        """The classes of the whole table."""
        looks = [name for columns, name in _WIDTHS if self.columns > columns]
        standings = "standings" if self.bars is not None else ""
        return _classes(*looks[-1:], *looks[-2:-1], standings, *self._told)

    @property
    def page(self) -> str:
        """The class of the pages that it is printed on together with its title."""
        looks = (name for columns, name in _WIDTHS if self.columns > columns)
        return next((name for name in looks if name not in ("narrow", "wide")), "upright")

    @property
    def heads(self) -> Sequence[_Head]:
        """The titles of the columns."""
        return [
            _Head(
                column.title,
                1,
                _classes("t" if column in self._texts else "", *self._looks_of(column)),
            )
            for _, column in self._columns
        ]

    @property
    def groups(self) -> Sequence[_Head]:
        """The titles over several columns; none where there are none."""
        if not any(column.group for _, column in self._columns):
            return ()
        alike = groupby(self._columns, key=lambda pair: pair[1].group)
        return [_Head(group, sum(1 for _ in own)) for group, own in alike]

    @property
    def caps(self) -> Sequence[str]:
        """The caps of the columns, where they have a row; the first says what they are."""
        if not self._table.has_caps_row:
            return ()
        texts = [
            padded_text(column.cap, 0) if column.cap is not None else ""
            for _, column in self._columns
        ]
        place = next((n for n, (_, column) in enumerate(self._columns) if column.is_heading), 0)
        texts[place] = self._words("page.cap_row")
        return texts

    @property
    def legend(self) -> Sequence[tuple[int, str]]:
        """The parts of the bars with their shades."""
        parts = self.bars.parts if self.bars is not None else ()
        return [(number % _SHADES, part.title) for number, part in enumerate(parts)]

    def rows(self) -> Iterator[_ShownRow]:
        """The rows, each block below its name, and the means."""
        last: Cell = None
        for row in self._table.rows():
            if self._block is not None and row.cells[self._block] != last:
                last = row.cells[self._block]
                yield _ShownRow((), block=str(last or ""))
            yield _ShownRow(list(self._cells(row)))
        if self._table.mean is not None:
            yield _ShownRow(list(self._cells(self._table.mean)), "mean")

    def _cells(self, row: Row | Mean) -> Iterator[_ShownCell]:
        for place, column in self._columns:
            cell = row.cells[place]
            text = cell_text(column, cell)
            link = ""
            if column.is_heading and isinstance(row, Row) and text in self._links:
                link = _link_to(self._links[text])
            below = self._texts_below(column, row)
            own = () if column.is_heading else self._looks_of(column)
            looks = _classes(*own, *self._strike(column, cell))
            bar = None
            if column.is_heading and self.bars is not None:
                bar = self._bar(self.bars, row)
            yield _ShownCell(text, looks, column.is_heading, link, below, bar)

    def _texts_below(self, column: Column, row: Row | Mean) -> Sequence[tuple[str, str, str]]:
        found = []
        for place, own in self._below:
            cell = row.cells[place]
            if own.below == column.name and cell is not None:
                strong = "r" if own.is_emphasized else ""
                found.append((own.title, padded_text(cell, own.decimals), strong))
        return found

    def _looks_of(self, column: Column) -> Iterator[str]:
        """The classes of the cells of a column; a narrow screen has no room for the least."""
        if column.kind == "long text" and not column.is_heading:
            yield "long"
        elif "text" in column.kind and column not in self._texts:
            yield "t"
        if column.is_emphasized and column not in self._strong:
            yield "strong"
        beside_picture = self.bars is not None or self.slopes is not None
        if beside_picture and column.priority >= _LEAST:
            yield "less"

    def _is_coloured(self, column: Column) -> bool:
        return column.kind == "rate" and self._table.scale == "colours"

    def _strike(self, column: Column, cell: Cell) -> Iterator[str]:
        """The class of a figure that strikes the eye: a loss, or a rate by its colour."""
        if not isinstance(cell, Decimal):
            return
        if self._is_coloured(column):
            yield f"h{_shade_of_rate(cell)}"
        elif column.marks_losses and column.cap is not None and cell < column.cap:
            yield "lost"

    def _bar(self, bars: StackedBars, row: Row | Mean) -> _Bar | None:
        segments, labels = [], []
        for number, part in enumerate(bars.parts):
            points = row.cells[self._places[part.column]]
            if not isinstance(points, Decimal):
                return None
            width = Fraction(points) * part.share / Fraction(bars.whole)
            segments.append(_Segment(number % _SHADES, _width(width)))
            labels.append(padded_text(points, 0))
        listed = self._words("list.separator").join(labels)
        return _Bar(f"{bars.title}{self.colon}{listed}", segments)


def _is_short_text(column: Column) -> bool:
    """True for a column of texts that names no rows, and has no width of its own."""
    return column.kind == "text" and not column.is_heading


def _classes(*names: str) -> Markup:
    """The value of a class attribute, in quotes where it has blanks."""
    value = " ".join(filter(None, names))
    return Markup(f'"{value}"' if " " in value else value)  # noqa: S704 -- names of ours alone


def _shade_of_rate(rate: Decimal) -> int:
    """0 for half of the cap and less, 10 for all of it."""
    return max(0, min(10, int((rate - Decimal("0.5")) * 20)))


def _width(share: Fraction) -> str:
    """A share as a percentage for the style sheet, which shows and never counts."""
    thousandths = round(max(Fraction(0), min(Fraction(1), share)) * 10_000)
    return f"{thousandths // 100}.{thousandths % 100:02}".rstrip("0").rstrip(".")


class _ShownSection(NamedTuple):
    """The bar of a section, with the mark of the mean."""

    bar: SectionBar
    points: str
    cap: str
    width: str
    mean: str
    mean_at: str


class _ShownPart:
    """The part of a unit as the template shows it."""

    def __init__(self, part: UnitPart, anchor: str, back: str, words: Words) -> None:
        self.part, self.anchor, self.back = part, anchor, back
        self.total = padded_text(part.total, 0)
        self.cap = "" if part.cap is None else padded_text(part.cap, 0)
        self.bars = list(map(_shown_section, part.bars))
        self.items = _ShownTable(part.items, words)


def _shown_section(bar: SectionBar) -> _ShownSection:
    cap = Fraction(bar.cap) or Fraction(1)
    mean = None if bar.mean is None else Fraction(bar.mean) / cap
    return _ShownSection(
        bar,
        padded_text(bar.points, bar.decimals),
        padded_text(bar.cap, 0),
        _width(Fraction(bar.points) / cap),
        "" if bar.mean is None else padded_text(bar.mean, bar.decimals),
        "" if mean is None else _width(mean),
    )


class _ShownChapter:
    """A chapter as the template shows it; its parts are made while they are written."""

    def __init__(self, chapter: Chapter, anchors: _Anchors) -> None:
        words = Words(chapter.language)
        self.words, self.chapter = words, chapter
        self.language = html_language(chapter.language)
        self.title = chapter.standings.title
        self.anchor = anchors.of("ranking")
        self._links = {unit: anchors.of(unit) for unit in chapter.units}
        self.figures = [
            (own.label, padded_text(own.amount, own.decimals), own.whose) for own in chapter.figures
        ]
        self.standings = _ShownTable(chapter.standings, words, self._links)
        self.rates = None
        if chapter.rates is not None:
            self.rates = _ShownTable(chapter.rates, words, self._links)
        self.moves = [_ShownTable(table, words, self._links) for table in chapter.moves]
        self.tables = [_ShownTable(table, words) for table in chapter.tables]

    def parts(self) -> Iterable[_ShownPart]:
        """The parts of the units."""
        for part in self.chapter.parts():
            yield _ShownPart(part, self._links[part.unit], self.anchor, self.words)
