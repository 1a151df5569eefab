"""YAML from libyaml's events: plain text values, and nothing guessed.

Loaders turn ``010`` into 8 and ``1:30`` into 90, and keep the last of two equal keys without a
word; here every scalar stays the text that it is. Where a value stands is found in a second pass
over the same events, and only when there is something to say about it.
"""

from collections.abc import Callable
from typing import Any

import yaml
from yaml.cyaml import CParser  # type: ignore[attr-defined] # the stubs forget it
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from epa_score.diagnostics import Finding, Kind, Place, Spot
from epa_score.model import QuotedText
from epa_score.readers.source import Marks, Source, decode, spot_of


def marks_in(text: str) -> Marks:
    """The marks of the document in a text that has been read without a syntax error."""
    return _marks(text, [])


def find_repeated_keys(text: str) -> list[Finding]:
    """Find every key of a mapping that stands in it a second time, with the line of the first."""
    findings: list[Finding] = []
    _marks(text, findings)
    return findings


def _marks(text: str, repeated: list[Finding]) -> Marks:
    next_event: Callable[[], Any] = CParser(text).get_event
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


MOST_DEPTH = 20
"""The most levels of mappings and lists: nine levels of sections, two levels each."""

MOST_VALUES = 20_000
"""The most keys and values that a file may hold."""

_TOO_DEEP = "exceeded maximum nesting depth"
"""The words of libyaml from PyYAML 6.0.4 on: it looks 1,000 brackets ahead, and no further."""

_EMPTY = frozenset({"", "~", "null", "Null", "NULL"})
_REFUSED_KEYS = _EMPTY | {"<<"}


class _StopError(Exception):
    """The file goes beyond what is read; the finding says how."""

    def __init__(self, finding: Finding) -> None:
        self.finding = finding


def read(path: str, data: bytes) -> Source:
    """The values of a YAML file; ``findings`` says what is wrong with it."""
    source = decode(path, data)
    if source.findings:
        return source
    builder = _ValueBuilder(source.text)
    try:
        source.value = builder.document()
    except yaml.MarkedYAMLError as error:
        from epa_score.readers.yaml.mistakes import syntax_findings  # noqa: PLC0415 -- most files have none

        failing = error.problem_mark or error.context_mark
        if failing and error.problem == _TOO_DEEP:
            spot = Spot(failing.line + 1, failing.column + 1, failing.column + 2)
            source.findings = [Finding(Kind.NESTED_TOO_DEEP, spot, {"most": MOST_DEPTH})]
            return source
        opening = error.context_mark or failing
        source.findings = syntax_findings(
            source.text,
            error.problem or "",
            (failing.line, failing.column) if failing else (0, 0),
            opening.line if opening else 0,
        )
    except _StopError as stop:
        source.findings = [stop.finding]
    else:
        source.marks_in = marks_in
        source.findings, source.repeated = builder.findings, builder.repeated
        if source.repeated:
            source.findings += find_repeated_keys(source.text)
    return source


class _ValueBuilder:
    """A builder of values from the events of one document.

    The scalars of a mapping are handled in its own loop, without a call for each, because a
    province reads 100,000 sheets in one run.
    """

    def __init__(self, text: str) -> None:
        self._next: Callable[[], Any] = CParser(text).get_event
        self._count = 0
        self.findings: list[Finding] = []
        self.repeated: set[str] = set()

    def document(self) -> Any:
        """The value of the only document."""
        self._next()
        if type(self._next()) is not DocumentStartEvent:
            raise _StopError(Finding(Kind.FILE_EMPTY, Place()))
        value = self._node(self._next(), 0)
        self._next()
        following = self._next()
        if type(following) is not StreamEndEvent:
            raise _StopError(Finding(Kind.SECOND_DOCUMENT, spot_of(following)))
        return value

    def _node(self, event: Any, depth: int) -> Any:
        """Any value: a scalar, a mapping, a list; an alias is reported and stands for nothing."""
        self._check_bounds(event, depth)
        if event.anchor is not None:
            name = ("*" if type(event) is AliasEvent else "&") + event.anchor
            self._report(Kind.ALIAS_REFUSED, event, alias=name)
        elif event.tag is not None:
            self._report(Kind.TAG_REFUSED, event, tag=_short_tag(event.tag))
        if type(event) is ScalarEvent:
            return _plain_text(event)
        if type(event) is MappingStartEvent:
            return self._mapping(event, depth + 1)
        if type(event) is SequenceStartEvent:
            return self._list(depth + 1)
        return None

    def _mapping(self, start: Any, depth: int) -> dict[str, Any]:
        value: dict[str, Any] = {}
        next_event = self._next
        while type(key_event := next_event()) is ScalarEvent:
            key = key_event.value
            event = next_event()
            if type(event) is ScalarEvent and event.anchor is None and event.tag is None:
                text = event.value
                child = QuotedText(text) if event.style else None if text in _EMPTY else text
            else:
                child = self._node(event, depth)
            if key in value:
                self.repeated.add(key)
            elif key in _REFUSED_KEYS or key_event.anchor or key_event.tag:
                self._refuse_key(key_event)
            else:
                value[key] = child
        if type(key_event) is not MappingEndEvent:
            raise _StopError(Finding(Kind.KEY_NOT_TEXT, spot_of(key_event)))
        self._count += 2 * len(value)
        self._check_bounds(start, depth - 1)
        return value

    def _list(self, depth: int) -> list[Any]:
        value: list[Any] = []
        while type(event := self._next()) is not SequenceEndEvent:
            value.append(self._node(event, depth))
        return value

    def _check_bounds(self, event: Any, depth: int) -> None:
        self._count += 1
        if depth > MOST_DEPTH:
            raise _StopError(Finding(Kind.NESTED_TOO_DEEP, spot_of(event), {"most": MOST_DEPTH}))
        if self._count > MOST_VALUES:
            raise _StopError(Finding(Kind.TOO_MANY_VALUES, spot_of(event), {"most": MOST_VALUES}))

    def _refuse_key(self, event: Any) -> None:
        if event.anchor is not None or event.value == "<<":
            alias = f"&{event.anchor}" if event.anchor else "<<"
            self._report(Kind.ALIAS_REFUSED, event, alias=alias)
        elif event.tag is not None:
            self._report(Kind.TAG_REFUSED, event, tag=_short_tag(event.tag))
        else:
            self._report(Kind.KEY_NOT_TEXT, event)

    def _report(self, kind: Kind, event: Any, **parameters: str | int) -> None:
        self.findings.append(Finding(kind, spot_of(event), dict(parameters)))


def _short_tag(tag: str) -> str:
    """A tag as people write it: ``!!float``."""
    return tag.replace("tag:yaml.org,2002:", "!!")


def _plain_text(event: Any) -> str | None:
    """The text of a scalar, ``None`` for an empty one."""
    if event.style:
        return QuotedText(event.value)
    return None if event.value in _EMPTY else event.value
