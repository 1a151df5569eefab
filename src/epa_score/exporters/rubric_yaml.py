"""A rubric in YAML as authors write it: in blocks, its wordings unquoted where they can be."""

import re
from collections.abc import Iterator
from decimal import Decimal

from epa_score.diagnostics.terminal_text import hides_nothing, visible
from epa_score.exporters.yaml import scalar
from epa_score.i18n import Words, plain
from epa_score.model.rubric_draft import DraftItem, DraftSection, DraftUnits, RubricDraft

_CHINESE = re.compile("[\u3400-\u9fff]")
_UNQUOTED = re.compile("[A-Za-z\u3001-\u303f\u3400-\u9fff（“《][^\n]*")
_NOT_UNQUOTED = re.compile(r":(?=\s|$)|\s#|\s$")


def rubric_yaml(draft: RubricDraft, name: str, made_of: str, words: Words) -> str:
    """The text of a rubric file, in which what is open stands without a value.

    ``name`` is its id, ``made_of`` the file that it was made of. Where something is open the
    rubric is refused until somebody has filled it in.
    """
    lines = [
        f"# {words('rubric_file.made_of', path=visible(made_of))}",
        f"id: {name}",
        f"title: {_text(draft.title)}",
        f"total: {_points(draft.total, words)}",
    ]
    wordings = [item.text for section in draft.walk() for item in section.items]
    lines += [] if any(map(_CHINESE.search, [draft.title, *wordings])) else ["lang: en"]
    lines.append("sections:")
    for section in draft.sections:
        lines += _section(section, "  ", words)
    if draft.has_adjustments:
        lines.append(f"adjustments:   # <- {words('rubric_file.adjustments')}")
    return "\n".join(lines) + "\n"


def _section(section: DraftSection, margin: str, words: Words) -> Iterator[str]:
    yield f"{margin}- id: {section.id}"
    title = _text(section.title) if section.title else f"  # <- {words('rubric_file.title')}"
    yield f"{margin}  title: {title}"
    yield f"{margin}  max: {_points(section.max, words)}"
    if section.items or not (section.sections or section.per_unit):
        yield from _items(section.items, f"{margin}  ", words)
    if section.sections:
        yield f"{margin}  sections:"
        for inner in section.sections:
            yield from _section(inner, f"{margin}    ", words)
    if section.per_unit:
        yield f"{margin}  per_unit:"
        for duty in section.per_unit:
            yield from _duty(duty, f"{margin}    ", words)


def _duty(duty: DraftUnits, margin: str, words: Words) -> Iterator[str]:
    names = ", ".join(scalar(unit) for unit in duty.units)
    about = visible(" ".join(duty.label.split()))
    is_open = "" if duty.units else f"   # <- {words('rubric_file.units', text=about)}"
    yield f"{margin}- units: [{names}]{is_open}"
    yield from _items(duty.items, f"{margin}  ", words)


def _items(items: list[DraftItem], margin: str, words: Words) -> Iterator[str]:
    yield f"{margin}items:" if items else f"{margin}items: []"
    for item in items:
        yield f"{margin}  - id: {item.id}"
        yield f"{margin}    max: {_points(item.max, words)}"
        yield f"{margin}    text: {_text(item.text)}"
        for key in ("owner", "source"):
            if getattr(item, key):
                yield f"{margin}    {key}: {_text(getattr(item, key))}"


def _points(points: Decimal | None, words: Words) -> str:
    return f"  # <- {words('rubric_file.points')}" if points is None else plain(points)


def _text(text: str) -> str:
    """A text without quotes, where YAML reads it back as it is."""
    is_plain = _UNQUOTED.fullmatch(text) and not _NOT_UNQUOTED.search(text) and hides_nothing(text)
    return text if is_plain and text.isascii() is False else scalar(text)
