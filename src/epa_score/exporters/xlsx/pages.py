"""Pages of a worksheet: which rows stand on one, so that blocks and signatures stay together."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple


class PrintedRow(NamedTuple):
    """A row on paper."""

    height: float
    """Its height, in points of the worksheet."""
    begins_block: bool = False
    """True for the first row of rows that belong together."""
    stays: bool = False
    """True where it must stand on the page of the row above it."""


def page_breaks(rows: Sequence[PrintedRow], first: float, later: float) -> list[int]:
    """The numbers of the rows, from 0, that begin a page.

    ``first`` and ``later`` are the points of rows that fit on the first page and on others. A block
    that fits on a page stands on one, unless that would leave a fifth of a page empty.
    """
    breaks: list[int] = []
    left = first
    for block in _runs(rows, [row.begins_block for row in rows]):
        height = sum(rows[number].height for number in block)
        if left < height <= later and left < later / 5 and block[0]:
            breaks.append(block[0])
            left = later
        for run in _runs(rows, [not row.stays for row in rows], block):
            height = sum(rows[number].height for number in run)
            if height > left and run[0]:
                breaks.append(run[0])
                left = later
            left -= height
    return list(dict.fromkeys(breaks))


def _runs(
    rows: Sequence[PrintedRow], begins: Sequence[bool], within: range | None = None
) -> Iterator[range]:
    """The rows in runs, each from a row that ``begins`` one to the next such row."""
    numbers = range(len(rows)) if within is None else within
    start = numbers.start
    for number in numbers:
        if begins[number] and number > start:
            yield range(start, number)
            start = number
    if start < numbers.stop:
        yield range(start, numbers.stop)
