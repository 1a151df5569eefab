"""A neutral table: what is to be shown, before anyone chose a format."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Literal, NamedTuple

from epa_score.i18n import plain
from epa_score.reports.sums import Live

Cell = str | int | Decimal | None
"""Text, a whole number, exact points, or nothing."""


class Column(NamedTuple):
    """A column, what its cells are, and how documents show them."""

    name: str
    """Identifies the column, with a dot for what belongs together (``sections.A``)."""
    title: str
    kind: Literal["text", "long text", "number", "points", "difference", "rate"] = "text"
    """The kind of the cells; a difference is points with their sign."""
    decimals: int = 0
    """The decimals that points are shown with."""
    priority: int = 0
    """A narrow terminal drops the columns of the highest priority first; 0 is never dropped."""
    shown: bool = True
    """``False`` for a column that is for programs alone."""
    data: bool = True
    """``False`` for a column that is for people alone."""
    live: Live | None = None
    """The figures that the cells follow from where a format has formulas."""
    cap: Decimal | None = None
    """The most points there can be."""
    group: str = ""
    """A title that documents show once over all columns that have it."""
    is_heading: bool = False
    """True where its cells name the rows; it stays in sight, and other tables find a row by it."""
    is_emphasized: bool = False
    """True where its figures are shown strong."""
    marks_losses: bool = False
    """True where points below the cap strike the eye."""
    names_unknown: bool = False
    """True where programs are told of a figure that is not known yet."""
    note_without_formula: str = ""
    """The note of a format with formulas where the column follows none."""
    below: str = ""
    """The column below whose cells a page shows its own, each behind its title."""


class Row(NamedTuple):
    """The cells of a row, in the order of the columns.

    ``live=False`` keeps its figures as they are: they follow no formula. Such rows come last. So
    it is with the figures in the columns that are ``fixed``.
    """

    cells: tuple[Cell, ...]
    live: bool = True
    fixed: frozenset[str] = frozenset()
    leads_to: str = ""
    """The worksheet that it is about, in a workbook."""


class Mean(NamedTuple):
    """The means of the columns of points over the live rows, and their label.

    Each mean of points is rounded once, to the decimals of its column. Those of the columns that
    are ``fixed`` follow no formula.
    """

    cells: tuple[Cell, ...]
    fixed: frozenset[str] = frozenset()


class BarChart(NamedTuple):
    """Bars of the figures in one column of a table, labelled by the cells of others."""

    name: str
    """What the table is called in this shape, in few words."""
    title: str
    """What stands above the bars."""
    figures: str
    labels: tuple[str, ...]
    most: Decimal | None
    """The end of the axis, in points."""


class BarPart(NamedTuple):
    """A part of a bar: the figure in a ``column``, each point of which is worth ``share`` points.

    ``cap`` is the most that the figure can be.
    """

    column: str
    title: str
    cap: Decimal
    share: Fraction = Fraction(1)


class StackedBars(NamedTuple):
    """A bar in each row, its parts one behind the other; ``whole`` points fill it."""

    title: str
    parts: tuple[BarPart, ...]
    whole: Decimal


class SlopeLine(NamedTuple):
    """A line from a rank to another one; the places are those among all lines, from 0 at the top.

    Lines of one rank have places of their own, one below the other.
    """

    label: str
    old_rank: int
    new_rank: int
    old_place: int
    new_place: int


class Slopes(NamedTuple):
    """A picture of ranks that moved: a line each, from the one side to the other."""

    title: str
    old: str
    new: str
    """What the sides are called."""
    lines: tuple[SlopeLine, ...]


class Blocks(NamedTuple):
    """Rows with the same cell in a ``column`` stand together below that cell, which is named once.

    That goes for documents, which leave out the column. Other formats have it in every row.
    """

    column: str
    sums: tuple[str, ...] = ()
    """The columns of points that are added up below each block."""
    label: str = ""
    """The label of the sums."""


class ChangeColumns(NamedTuple):
    """The columns in which a format with formulas says whether figures were changed.

    Each line tells the group of the tables that it is about, its subject, and the verdict.
    """

    group: str
    subject: str
    verdict: str


class Table(NamedTuple):
    """Columns, rows and notes under a title, and how documents show them.

    Caption, chart, mean, signatures and whatever is about formulas are for documents; formats for
    programs have the rows alone.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: Callable[[], Iterable[Row]]
    """Called for each pass over the rows, so that a large table need not be kept."""
    notes: tuple[str, ...] = ()
    group: str = ""
    """The id of the rubric, which sets it apart from tables of the same name."""
    unit_group: str = ""
    """The group of units that it is about, where there is one table a group."""
    caption: str = ""
    mean: Mean | None = None
    signatures: tuple[str, ...] = ()
    has_caps_row: bool = False
    """True where the caps of the columns stand in a row of their own below the titles."""
    chart: BarChart | None = None
    bars: StackedBars | None = None
    """The bars that a page shows behind the name of each row."""
    slopes: Slopes | None = None
    """The picture that a page shows above the table."""
    scale: Literal["colours", "bars"] = "colours"
    """The way rates are made to strike the eye."""
    is_sortable: bool = False
    """True where each row says everything by itself, so that people may sort them."""
    changes: ChangeColumns | None = None
    """The columns that say whether figures of other tables were changed."""
    blocks: Blocks | None = None
    """The blocks that documents show its rows in."""
    note_on_still_rows: str = ""
    """The note of a format with formulas where some rows follow none."""
    is_for_programs: bool = False
    """True where CSV has names in place of titles, and texts as they are."""

    @property
    def kin(self) -> str:
        """What the tables of one ranking have in common: their rubric, and the group of units."""
        return "-".join(filter(None, (self.group, self.unit_group)))


def decimals_of(points: Iterable[Decimal]) -> int:
    """The decimals that are needed to show every one of some points."""
    return max((len(plain(number).partition(".")[2]) for number in points), default=0)
