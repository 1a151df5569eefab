"""Rubrics typed as tables, in the layouts that offices use."""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from openpyxl import Workbook

from epa_score.i18n import plain
from epa_score.model.rubric_draft import DraftSection, RubricDraft

Cells = Sequence[object]
Spot = tuple[int, int, int, int]


class Line(NamedTuple):
    """An item: its wording and its points."""

    text: str
    points: Decimal


class Part(NamedTuple):
    """A section: its title and its items."""

    title: str
    lines: tuple[Line, ...]

    @property
    def points(self) -> Decimal:
        """What its items add up to."""
        return sum((line.points for line in self.lines), Decimal(0))


def save_table(
    path: Path,
    rows: Sequence[Cells],
    merged: Sequence[str] = (),
    change: Callable[[Any], None] = lambda _: None,
    title: str = "Sheet1",
) -> Path:
    """Write rows into a workbook of one worksheet."""
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    for area in merged:
        sheet.merge_cells(area)
    change(sheet)
    workbook.save(path)
    return path


def parts_of(draft: RubricDraft) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """What a draft holds: title, points, and the items of each section that has some."""
    return [(part.title, points(part.max), lines_of(part)) for part in draft.walk() if part.items]


def lines_of(section: DraftSection) -> list[tuple[str, str]]:
    """The wordings and points of the items of a section."""
    return [(item.text, points(item.max)) for item in section.items]


def points(number: Decimal | None) -> str:
    """Points as text; a question mark where they are open."""
    return "?" if number is None else plain(number)


def expected_of(parts: Sequence[Part]) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """The same of parts that a table was made of."""
    return [
        (part.title, plain(part.points), [(line.text, plain(line.points)) for line in part.lines])
        for part in parts
    ]


_CHINESE = "一二三四五六七八九十"


def _titled(part: Part) -> str:
    return f"{part.title}（{plain(part.points)}分）"


def _with_column(parts: Sequence[Part], fill: Callable[[Part, int], object]) -> Iterator[Cells]:
    """Rows with a column of sections; ``fill`` says what stands in it beside each item."""
    yield ("考核指标", "考核内容", "分值")
    for part in parts:
        for number, line in enumerate(part.lines):
            yield (fill(part, number), line.text, line.points)


def merged_sections(parts: Sequence[Part]) -> tuple[list[Cells], list[str]]:
    """Cells of sections that are merged over their items, with their points."""
    rows = list(_with_column(parts, lambda part, number: None if number else _titled(part)))
    merged, row = [], 2
    for part in parts:
        if len(part.lines) > 1:
            merged.append(f"A{row}:A{row + len(part.lines) - 1}")
        row += len(part.lines)
    return rows, merged


def blank_sections(parts: Sequence[Part]) -> tuple[list[Cells], list[str]]:
    """Sections beside their first item alone, nothing is merged; 5分 as text."""
    rows = list(_with_column(parts, lambda part, number: None if number else part.title))
    return [rows[0], *((*row[:2], f"{plain(row[2])}分") for row in rows[1:])], []  # type: ignore[arg-type]


def repeated_sections(parts: Sequence[Part]) -> tuple[list[Cells], list[str]]:
    """Sections beside each of their items."""
    return list(_with_column(parts, lambda part, _: _titled(part))), []


def points_in_text(parts: Sequence[Part]) -> tuple[list[Cells], list[str]]:
    """Points behind the wordings, and no column for them."""
    rows = list(_with_column(parts, lambda part, number: None if number else _titled(part)))
    with_points = ((row[0], f"{row[1]}（{plain(row[2])}分）") for row in rows[1:])  # type: ignore[arg-type]
    return [rows[0][:2], *with_points], []


def sections_in_rows(parts: Sequence[Part]) -> tuple[list[Cells], list[str]]:
    """Sections in rows of their own, merged over all columns."""
    rows: list[Cells] = [("序号", "评分标准", "标准分")]
    merged = []
    for chinese, part in zip(_CHINESE, parts, strict=False):
        rows.append((f"{chinese}、{_titled(part)}",))
        merged.append(f"A{len(rows)}:C{len(rows)}")
        rows += [(number, *line) for number, line in enumerate(part.lines, 1)]
    return rows, merged


def numbered_sections(parts: Sequence[Part]) -> tuple[list[Cells], list[str]]:
    """Sections numbered 一, items numbered 1, in the same columns."""
    rows: list[Cells] = [("序号", "考核内容", "分数", "得分", "备注")]
    for chinese, part in zip(_CHINESE, parts, strict=False):
        rows.append((chinese, part.title, part.points))
        rows += [(number, *line) for number, line in enumerate(part.lines, 1)]
    return rows, []


def three_levels(parts: Sequence[Part]) -> tuple[list[Cells], list[str]]:
    """All sections in one outer one, with points of the inner ones in a column of their own."""
    rows: list[Cells] = [("一级指标", "二级指标", "权重", "评分细则", "分值", "责任部门")]
    merged = []
    for part in parts:
        first = len(rows) + 1
        for number, line in enumerate(part.lines):
            title = (None, None) if number else (part.title, part.points)
            rows.append((None if len(rows) > 1 else "总体", *title, *line, "县商务局"))
        if len(part.lines) > 1:
            merged += [f"{column}{first}:{column}{len(rows)}" for column in "BC"]
    if len(rows) > 2:
        merged.append(f"A2:A{len(rows)}")
    return rows, merged


LAYOUTS = (
    merged_sections,
    blank_sections,
    repeated_sections,
    points_in_text,
    sections_in_rows,
    numbered_sections,
    three_levels,
)
