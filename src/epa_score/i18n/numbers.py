"""Numbers as people write them."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal


def plain(number: "Decimal") -> str:
    """An exact number without exponent and without trailing zeros."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
