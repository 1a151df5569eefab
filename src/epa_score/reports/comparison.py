"""A published result compared with what it should be, cell by cell, whatever its format."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Context
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import NamedTuple

from epa_score.diagnostics import Kind
from epa_score.i18n import LANGUAGES, Words

ShownColumn = int | str
"""The number of a column from 1, or the keys that lead to a value, joined by dots."""


class ShownCell(NamedTuple):
    """What somebody who opens a result finds in a cell."""

    text: str
    formula: str = ""
    """The formula of a cell whose file holds no value."""
    looks_different: bool = False
    """True for a number whose format shows something else."""
    is_hidden: bool = False
    """True for a cell in a hidden row or column."""


_EMPTY = ShownCell("")
Cells = Mapping[ShownColumn, ShownCell]


class ShownPart(NamedTuple):
    """A part of a result: a worksheet, a table, or the whole file; its rows by number."""

    name: str
    rows: Mapping[int, Cells]


class Difference(NamedTuple):
    """Something in a result that is not as it should be; ``variant`` picks the words."""

    kind: Kind
    part: str
    row: int | None = None
    """The row in the published result; ``None`` for a whole part."""
    column: ShownColumn | None = None
    """The column; ``None`` for a whole row."""
    found: str = ""
    right: str = ""
    line: str = ""
    """The first cells of the row as it should be, which name it."""
    variant: str = ""


class Comparison(NamedTuple):
    """What came of a comparison."""

    differences: Sequence[Difference]
    cells: int
    """The cells that were compared."""
    without_value: Sequence[tuple[str, int, ShownColumn]]
    """The part, row and column of cells of which only the formula could be compared."""


class _Comparer:
    """Compares parts, and remembers what it met."""

    def __init__(self, mask: str, *, is_calculated: bool) -> None:
        self._mask = mask
        self._is_calculated = is_calculated
        self._hidden: set[tuple[str, str, ShownColumn]] = set()
        self.cells = 0
        self.without_value: list[tuple[str, int, ShownColumn]] = []

    def parts(
        self, published: Sequence[ShownPart], expected: Sequence[ShownPart]
    ) -> Iterator[Difference]:
        theirs = {part.name: part for part in published}
        for part in expected:
            if part.name in theirs:
                yield from self._rows(theirs[part.name], part)
            elif part.rows:
                yield Difference(Kind.RESULT_PART_MISSING, part.name)
        names = {part.name for part in expected}
        for part in published:
            if part.name not in names and part.rows:
                yield Difference(Kind.RESULT_PART_EXTRA, part.name)

    def _rows(self, published: ShownPart, expected: ShownPart) -> Iterator[Difference]:
        name, place = published.name, 0
        for found, right in _pair_rows(published.rows, expected.rows, self._mask):
            own = {} if found is None else published.rows[found]
            wanted = {} if right is None else expected.rows[right]
            place = place + 1 if found is None else found
            emptied = len(wanted) == 1 and right not in published.rows
            if found is None and right is not None and emptied:
                place = right  # where somebody emptied the only cell of a row
            elif found is None:
                kind = Kind.RESULT_ROW_MISSING
                yield Difference(kind, name, place, line=_row_text(wanted))
                continue
            elif right is None:
                kind = Kind.RESULT_ROW_EXTRA
                yield Difference(kind, name, place, line=_row_text(own))
                continue
            differences = list(self._cells((name, place), own, wanted))
            seen = [differs for differs in differences if not _is_copy(differs, wanted)]
            yield from seen or differences

    def _cells(self, place: tuple[str, int], own: Cells, wanted: Cells) -> Iterator[Difference]:
        for column in dict.fromkeys((*wanted, *own)):
            cells = own.get(column, _EMPTY), wanted.get(column, _EMPTY)
            variant = self._compare(*cells, place=(*place, column))
            if variant is not None:
                yield Difference(
                    kind=Kind.RESULT_CELL_DIFFERS,
                    part=place[0],
                    row=place[1],
                    column=column,
                    found=cells[0].text or cells[0].formula,
                    right=cells[1].text,
                    line=_row_text(wanted),
                    variant=variant,
                )

    def _compare(
        self, found: ShownCell, right: ShownCell, *, place: tuple[str, int, ShownColumn]
    ) -> str | None:
        """How a cell differs: a variant of the words, ``None`` where it does not."""
        self.cells += 1
        if not self._is_calculated and found.formula:
            self.without_value.append(place)
            is_same = _same_formula(found.formula, right.formula)
            return None if is_same else "formula" if right.text else "extra"
        if not same_text(found.text, right.text, self._mask):
            return "" if found.text and right.text else "extra" if found.text else "empty"
        if found.is_hidden and not right.is_hidden:
            return "hidden" if self._is_news(*place) else None
        return "format" if found.looks_different and not right.looks_different else None

    def _is_news(self, part: str, row: int, column: ShownColumn) -> bool:
        """True for the first hidden cell of its row, and of its column."""
        lines = {(part, "row", row), (part, "column", column)}
        is_news = self._hidden.isdisjoint(lines)
        self._hidden |= lines
        return is_news


def compare(
    published: Sequence[ShownPart], expected: Sequence[ShownPart], mask: str = ""
) -> Comparison:
    """Compare all parts of a result with those that it should have.

    Numbers are equal where 15 digits are, texts whatever ends their lines. Where the expected text
    holds the ``mask``, anything may stand in its place; and any SHA-256 may stand for another, as
    whether a file has changed is not for the cells to say. Where a program has saved formulas
    without any of their values, the formulas are compared. Heads that are repeated where a page
    begins are left out: pages follow from the heights of all texts, those behind the mask as well.
    """
    published, expected = (
        [part._replace(rows=_without_repeated_heads(part.rows)) for part in parts]
        for parts in (published, expected)
    )
    shown = (cell for part in published for row in part.rows.values() for cell in row.values())
    is_calculated = any(cell.text and cell.formula for cell in shown)
    comparer = _Comparer(mask, is_calculated=is_calculated)
    differences = list(comparer.parts(published, expected))
    return Comparison(differences, comparer.cells, comparer.without_value)


def _without_repeated_heads(rows: Mapping[int, Cells]) -> Mapping[int, Cells]:
    """The rows but those that say nothing else than that the block above them is continued."""
    kept: dict[int, Cells] = {}
    repeated: set[str] = set()
    for number, row in rows.items():
        text = next(iter(row.values())).text if len(row) == 1 else ""
        if text in repeated:
            continue
        if text:
            repeated = {Words(name)("sheet.continued", title=text) for name in LANGUAGES}
        kept[number] = row
    return kept


def likeness(published: Sequence[ShownPart], expected: Sequence[ShownPart]) -> tuple[int, int]:
    """How like a result is to another one, to find which of several it should be.

    It is the number of parts that both have, then that of the rows that both have, twice, less
    the rows that one has more than the other. A row that one has once and the other twice, such as
    the head of each of several rankings, is one that both have once.
    """
    rows = Counter((part.name, _key(row)) for part in published for row in part.rows.values())
    theirs = Counter((part.name, _key(row)) for part in expected for row in part.rows.values())
    parts = {name for name, _ in rows} & {name for name, _ in theirs}
    same = (rows & theirs).total()
    return len(parts), 2 * same - abs(rows.total() - theirs.total())


_NUMBER = re.compile(r"[+-]?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_DIGITS = Context(prec=15, rounding=ROUND_HALF_UP)
_SHA256 = re.compile("[0-9a-f]{64}")


def same_text(found: str, right: str, mask: str = "") -> bool:
    """True where what stands in a cell is what should stand there."""
    if found == right:
        return True
    found, right = _plain_lines(found), _plain_lines(right)
    if found == right or (_SHA256.fullmatch(found) and _SHA256.fullmatch(right)):
        return True
    if mask and mask in right:
        pattern = ".+".join(map(re.escape, right.split(mask)))
        return re.fullmatch(pattern, found, re.DOTALL) is not None
    if _NUMBER.fullmatch(found) and _NUMBER.fullmatch(right):
        return _DIGITS.create_decimal(found) == _DIGITS.create_decimal(right)
    return False


def _plain_lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


_PREFIX = re.compile(r"_xlfn\.|_xlws\.|\s")


def _same_formula(found: str, right: str) -> bool:
    return _PREFIX.sub("", found) == _PREFIX.sub("", right)


def _is_copy(difference: Difference, wanted: Cells) -> bool:
    """True for a difference that nobody sees, as the copies of figures are hidden."""
    return wanted.get(difference.column or "", _EMPTY).is_hidden


def _key(row: Cells, mask: str = "") -> tuple[str, ...]:
    """A row as it is recognised, without what may be otherwise."""
    texts = (_plain_lines(cell.text or cell.formula) for cell in row.values())
    return tuple(
        "" if _SHA256.fullmatch(text) or (mask and mask in text) else text for text in texts
    )


_MOST_ALIGNED = 20_000
"""Rows that are looked for where there are more or fewer than there should be."""


def _pair_rows(
    published: Mapping[int, Cells], expected: Mapping[int, Cells], mask: str
) -> Iterator[tuple[int | None, int | None]]:
    """The numbers of rows that belong together, ``None`` for one that has no other.

    As many rows as there should be are compared in their order. Where there are more or fewer,
    equal rows are found first, and those between them are compared in their order.
    """
    ours, theirs = list(published), list(expected)
    if len(ours) == len(theirs) or max(len(ours), len(theirs)) > _MOST_ALIGNED:
        yield from zip_longest(ours, theirs)
        return
    keys = [_key(published[row]) for row in ours], [_key(expected[row], mask) for row in theirs]
    matcher = SequenceMatcher(None, *keys, autojunk=False)
    for _, start, end, first, last in matcher.get_opcodes():
        yield from zip_longest(ours[start:end], theirs[first:last])


_MOST_NAMED = 4
"""The cells of a row that name it in a message."""


def _row_text(row: Cells) -> str:
    """A row for a message: the first texts in it."""
    texts = [cell.text for cell in row.values() if cell.text]
    return " | ".join(texts[:_MOST_NAMED])
