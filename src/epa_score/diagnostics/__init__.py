"""What is wrong with the input, where, and how it is shown."""

from epa_score.diagnostics.finding import (
    Diagnostic,
    Finding,
    InputError,
    Parameter,
    errors_of,
    in_order,
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
]
