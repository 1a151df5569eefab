"""Where the values of a YAML file stand: read a second time, and only when it has to be said."""

from collections.abc import Callable
from typing import Any

import yaml
from yaml.events import MappingEndEvent, MappingStartEvent, SequenceEndEvent, SequenceStartEvent

from epa_score.diagnostics import Finding, Kind
from epa_score.readers.source import Marks, spot_of


def marks_in(text: str) -> Marks:
    """The marks of the document in a text that has been read without a syntax error."""
    return _marks(text, [])


def repetitions(text: str) -> list[Finding]:
    """Every key of a mapping that stands in it a second time, with the line of the first."""
    findings: list[Finding] = []
    _marks(text, findings)
    return findings


def _marks(text: str, repeated: list[Finding]) -> Marks:
    next_event: Callable[[], Any] = yaml.CSafeLoader(text).get_event
    next_event()
    next_event()
    return _node(next_event(), next_event, repeated)


def _node(event: Any, next_event: Callable[[], Any], repeated: list[Finding]) -> Marks:
    if type(event) is MappingStartEvent:
        keys: dict[str, Marks] = {}
        while type(key := next_event()) is not MappingEndEvent:
            child = _node(next_event(), next_event, repeated)
            if key.value in keys:
                first = keys[key.value][0].start_mark.line + 1
                parameters = {"key": key.value, "line": first}
                repeated.append(Finding(Kind.DUPLICATE_KEY, spot_of(key), parameters))
            else:
                keys[key.value] = key, child
        return event, keys
    if type(event) is SequenceStartEvent:
        entries: list[Marks] = []
        while type(entry := next_event()) is not SequenceEndEvent:
            entries.append(_node(entry, next_event, repeated))
        return event, entries
    return event
