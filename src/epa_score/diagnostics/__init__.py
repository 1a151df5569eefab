"""What is wrong with the input, where, and how it is shown."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from epa_score.diagnostics.finding import (
        Diagnostic,
        Finding,
        InputError,
        Parameter,
        errors_of,
        in_order,
        reason_of,
    )
    from epa_score.diagnostics.kinds import Kind
    from epa_score.diagnostics.place import Location, Place, Spot

__all__ = [
    "Diagnostic",
    "Finding",
    "InputError",
    "Kind",
    "Location",
    "Parameter",
    "Place",
    "Spot",
    "errors_of",
    "in_order",
    "reason_of",
]

_HOMES = {"Kind": "kinds", "Location": "place", "Place": "place", "Spot": "place"}
_HOME = "finding"


def __getattr__(name: str) -> object:
    """Import a name on first use: most of ``--help`` has nothing to find wrong."""
    if name not in __all__:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES.get(name, _HOME)}"), name)
