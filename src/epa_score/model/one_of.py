"""Fields of which exactly one may be there."""

from collections.abc import Iterator, Mapping

from epa_score.diagnostics import Finding, Kind, Parameter, Place


def one_of(name: str, fields: Mapping[str, object]) -> Iterator[Finding]:
    """A finding about ``name`` unless exactly one of its ``fields`` has a value."""
    held = tuple(field for field, value in fields.items() if value)
    if len(held) != 1:
        parameters: dict[str, Parameter] = {"field": name, "known": tuple(fields), "held": held}
        yield Finding(Kind.NOT_ONE_OF, Place(), parameters, "several" if held else "")
