"""Points: exact decimal numbers, read from plain text and written without an exponent."""

import re
from contextlib import AbstractContextManager
from decimal import Clamped, Context, Decimal, Inexact, InvalidOperation, Rounded, localcontext
from typing import Annotated

from pydantic import PlainSerializer, PlainValidator, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from epa_score.i18n import plain

_EXACT = Context(prec=60, traps=[Inexact, Rounded, Clamped, InvalidOperation])
"""Never used itself: `localcontext` works with a copy."""


def exactly() -> AbstractContextManager[Context]:
    """A decimal context in which nothing is ever rounded: what could be raises instead.

    Whoever adds, subtracts or divides points does it in here, so that the context of a caller
    cannot change a total.
    """
    return localcontext(_EXACT)


MOST_DECIMALS = 4
"""Decimals that a rubric may allow at most."""

PLAIN_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")
"""Digits with or without decimals, as points and numbers of facts are written."""

_NUMBER = r"(?:0|[1-9][0-9]{0,8})(?:\.[0-9]{1,9})?"
_PLAIN = re.compile(_NUMBER)


def read_points(value: object) -> Decimal:
    """Points from the text of a file, or from an exact number in code.

    The text is a plain decimal number such as ``0``, ``7`` or ``6.5``: what cannot be read
    with certainty raises a `PydanticCustomError` whose type names the kind of diagnostic.
    A float is refused, because it may already have lost digits.
    """
    if type(value) is str and _PLAIN.fullmatch(value):
        return Decimal(value)
    if type(value) is Decimal and value.is_finite() and value >= 0:
        return value
    if type(value) is int and value >= 0:
        return Decimal(value)
    from epa_score.values.point_hints import misreading  # noqa: PLC0415 -- words for faulty input

    kind, parameters = misreading(value)
    raise PydanticCustomError(kind, "points", parameters)


_MOST_TEXTS = 4096
"""The texts of points that are kept: those few that sheets are full of."""


class Grains(dict[str, int]):
    """The points of texts in whole grains, read once a text; `OFF_GRAIN` for what is none.

    Whole numbers are added up in a fraction of the time that decimal ones take.
    """

    def __init__(self, grain: Decimal) -> None:
        """Begin without texts; ``grain`` is what all points are a multiple of."""
        super().__init__()
        self._grain = grain
        self._points: dict[int, Decimal] = {}
        self._texts: dict[int, str] = {}

    def __missing__(self, text: str) -> int:
        """The grains of a text that was not met so far."""
        try:
            with exactly():
                grains, rest = divmod(read_points(text), self._grain)
        except PydanticCustomError:
            return OFF_GRAIN
        if rest:
            return OFF_GRAIN
        if len(self) == _MOST_TEXTS:
            self.clear()
        self[text] = int(grains)
        return self[text]

    def points(self, grains: int) -> Decimal:
        """The points of so many grains: one object for equal ones, as far as they are kept."""
        points = self._points.get(grains)
        if points is None:
            if len(self._points) == _MOST_TEXTS:
                self._points.clear()
            with exactly():
                points = self._points[grains] = Decimal(plain(self._grain * grains))
        return points

    def text(self, grains: int) -> str:
        """The points of so many grains as text, without needless zeros."""
        text = self._texts.get(grains)
        if text is None:
            if len(self._texts) == _MOST_TEXTS:
                self._texts.clear()
            text = self._texts[grains] = plain(self.points(grains))
        return text


OFF_GRAIN = 10**20
"""More grains than any cap has: for what is no number, or carries more decimals than allowed."""


def _read_score(value: object) -> Decimal | None:
    return None if value is None else read_points(value)


_SCHEMA = {"type": "number", "minimum": 0}

PlainPoints = Annotated[
    str,
    StringConstraints(pattern=f"^{_NUMBER}$"),
    WithJsonSchema(_SCHEMA, mode="validation"),
]
"""The text of points that `read_points` takes as they are."""

_IN_JSON = PlainSerializer(plain, return_type=str, when_used="json-unless-none")
"""In JSON points are text, so that no parser makes a float of them."""

Points = Annotated[
    Decimal,
    PlainValidator(read_points),
    _IN_JSON,
    WithJsonSchema(_SCHEMA, mode="validation"),
]
"""Points, never negative."""

GivenPoints = Annotated[
    Decimal | None,
    PlainValidator(_read_score),
    _IN_JSON,
    WithJsonSchema({"anyOf": [_SCHEMA, {"type": "null"}]}, mode="validation"),
]
"""The points that somebody gave, ``None`` while nobody did."""
