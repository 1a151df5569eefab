"""A neutral table: what is to be shown, before anyone chose a format."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Literal, NamedTuple

from epa_score.i18n import plain
from epa_score.model.rubric_options import Treatment
from epa_score.scoring.points import Bound

Cell = str | int | Decimal | None
"""Text, a whole number, exact points, or nothing."""


class NotApplicable(NamedTuple):
    """How the columns of a sum count that say they do not apply, with their ``caps`` in points."""

    treatments: Mapping[str, Treatment]
    caps: Mapping[str, Decimal]

    def of(self, treatment: Treatment) -> tuple[str, ...]:
        """The columns of one treatment."""
        return tuple(name for name, one in self.treatments.items() if one == treatment)


class SumOf(NamedTuple):
    """A live sum: of other columns of the row, or of the same row in another ``table``.

    It is rounded to ``decimals``, which changes nothing in an exact sum of points. ``parts`` are
    added to the columns, and so are the figures of ``plus``, from which those of ``minus`` are
    taken; of the whole sum a ``bound`` makes what the section does. Where columns may say that
    they do not apply, ``outside`` tells how they count then.
    """

    columns: tuple[str, ...]
    decimals: int
    table: str = ""
    parts: tuple["SumOf", ...] = ()
    bound: Bound | None = None
    plus: tuple[str, ...] = ()
    minus: tuple[str, ...] = ()
    outside: NotApplicable | None = None

    @property
    def everything(self) -> tuple[str, ...]:
        """The columns of this sum and of all its parts, without what is added and taken."""
        return self.columns + tuple(one for part in self.parts for one in part.everything)


class RankOf(NamedTuple):
    """A live rank by the ``columns`` in order, highest first."""

    columns: tuple[str, ...]
    dense: bool


class FromMean(NamedTuple):
    """A live difference: the figure in another ``column`` of the row less the mean of them all."""

    column: str
    decimals: int


class BandOf(NamedTuple):
    """A live band: the name that goes with the first of the thresholds that a ``column`` reaches.

    ``bands`` are thresholds and names, the last threshold 0.
    """

    column: str
    bands: tuple[tuple[Decimal, str], ...]


class ScaledTo(NamedTuple):
    """A live figure: that of another ``column`` of the row, where the highest becomes ``best``."""

    column: str
    best: Decimal
    decimals: int


class WeightedSum(NamedTuple):
    """A live figure: other ``columns`` of the row by their ``weights`` in percent."""

    columns: tuple[str, ...]
    weights: tuple[Decimal, ...]
    decimals: int


class OfRank(NamedTuple):
    """A live figure: the ``points`` of the rank in another ``column`` of the row, else 0."""

    column: str
    points: tuple[Decimal, ...]


class TiedIn(NamedTuple):
    """A live remark: a ``word`` where another row has the same figure in a ``column``.

    ``joiner`` stands between the word and other remarks, which stay as they are.
    """

    column: str
    word: str
    joiner: str


class ShareOf(NamedTuple):
    """A live share: the points in a ``column`` of another ``table`` by the most there can be."""

    column: str
    cap: Decimal
    decimals: int
    table: str = "scores"


Live = SumOf | RankOf | FromMean | ScaledTo | WeightedSum | OfRank | ShareOf | BandOf | TiedIn
"""What a cell follows from, when somebody changes a score in a workbook."""


class Column(NamedTuple):
    """A column and what its cells are.

    ``name`` identifies it, with a dot for what belongs together (``sections.A``). ``decimals``
    are those that its points are shown with; a difference is points with their sign.
    ``priority`` orders the columns that a narrow terminal drops, highest first; 0 is never
    dropped. A column with ``shown=False`` is for programs alone, one with ``data=False`` for
    people alone. A ``group`` is a title that documents show once over all columns that have it.
    """

    name: str
    title: str
    kind: Literal["text", "long text", "number", "points", "difference", "rate"] = "text"
    decimals: int = 0
    priority: int = 0
    shown: bool = True
    data: bool = True
    live: Live | None = None
    cap: Decimal | None = None
    group: str = ""


class Row(NamedTuple):
    """The cells of a row, in the order of the columns.

    ``live=False`` keeps its figures as they are: they follow no formula. Such rows come last. So
    it is with the figures in the columns that are ``fixed``.
    """

    cells: tuple[Cell, ...]
    live: bool = True
    fixed: frozenset[str] = frozenset()


class Mean(NamedTuple):
    """What the columns of points come to on average over the live rows, and its label.

    Each mean is rounded once, to ``decimals``. Those of the columns that are ``fixed`` follow no
    formula.
    """

    cells: tuple[Cell, ...]
    decimals: int
    fixed: frozenset[str] = frozenset()


class Table(NamedTuple):
    """Columns, rows and notes under a title.

    ``rows`` is called for each pass over them, so that a large table need not be kept.
    ``caption``, ``mean`` and ``signatures`` are for documents; formats for programs have the
    rows alone.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: Callable[[], Iterable[Row]]
    notes: tuple[str, ...] = ()
    group: str = ""
    """What sets it apart from tables of the same name: the rubric's id."""
    caption: str = ""
    mean: Mean | None = None
    signatures: tuple[str, ...] = ()


def decimals_of(points: Iterable[Decimal]) -> int:
    """The decimals that are needed to show every one of some points."""
    return max((len(plain(one).partition(".")[2]) for one in points), default=0)
