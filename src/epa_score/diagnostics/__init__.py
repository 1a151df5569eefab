"""Findings and diagnostics: all that is wrong with the input, where, and in which words."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from epa_score.diagnostics.finding import (
        Diagnostic,
        Finding,
        InputError,
        Location,
        Parameter,
        Place,
        Spot,
        errors_of,
        in_order,
        origin_of,
        reason_of,
    )
    from epa_score.diagnostics.kinds import Kind

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
    "origin_of",
    "reason_of",
]


def __getattr__(name: str) -> object:
    """Import a name on first use: most of ``--help`` has nothing to find wrong."""
    if name not in __all__:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    from importlib import import_module  # noqa: PLC0415 -- most of `--help` finds nothing wrong

    home = "kinds" if name == "Kind" else "finding"
    return getattr(import_module(f"{__name__}.{home}"), name)
