"""The hidden sheet of a form: which form it is, the words on it, its lines and sums, what it keeps.

The one place that knows its rows: `to_rows` writes what `from_rows` reads.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from typing import Any, NamedTuple

FORM_SHEET = "_epa_score"
"""The name of the hidden sheet that identifies a form."""

FORM_VERSION = "2"
"""The version of the hidden sheet's rows; readers refuse others."""

_QUOTED = re.compile(r'("(?:[^"]|"")*")')
_AREA = re.compile(
    r"(?<![A-Z0-9_.!'])([A-Z]{1,3})([0-9]{1,7})(?::([A-Z]{1,3})([0-9]{1,7}))?(?![A-Z0-9_.(!])"
)

_MOST = 30_000
"""Characters of one cell, some fewer than Excel's 32,767."""


class UnknownVersionError(ValueError):
    """The hidden sheet has rows of another ``version``."""

    def __init__(self, version: str) -> None:
        """Keep the version that the sheet names."""
        self.version = version
        super().__init__(f"form version {version!r} is not {FORM_VERSION!r}")


class SumRow(NamedTuple):
    """A sum of a form: of which section (empty for the total), its label, formula and items."""

    section: str
    label: str
    key: str
    """The `sum_key` of its formula; empty where that is not known."""
    items: tuple[str, ...]
    cap: str = ""
    """The most points of it as text."""
    reading: str = ""
    """How its items are added up, of the ways that a text can mean; empty where none is known."""


class KeptText(NamedTuple):
    """A text that cells would have changed, and what the form shows in its place."""

    shown: str
    text: str


class FactRow(NamedTuple):
    """A line that asks for a fact of an item, and whether that is a number or a word."""

    item: str
    name: str
    kind: str


class FormRecord(NamedTuple):
    """All that a form knows of itself.

    Lines are the rows of its table by their ids: the ``items``, the ``facts`` below them, and the
    adjustments and vetoes ``beyond`` them.
    """

    rubric: str
    """The id of the rubric."""
    decimals: str
    """The decimals that points may carry; empty in a form of an older version."""
    unit: str | None
    """The unit whose duty the form shows; ``None`` where all units have the same items."""
    holder: str
    """The unit whose sheet fills the form in; empty for a blank one."""
    labels: Mapping[str, str]
    """The words by which the form is read, by name: titles of columns, labels of fields."""
    items: tuple[str, ...]
    facts: Mapping[str, FactRow]
    beyond: Mapping[str, str]
    """The kind of each line: ``veto``, or what a sheet gives of an adjustment."""
    caps: Mapping[str, str]
    """The most points of each line as text, empty where it has none."""
    texts: Mapping[str, str]
    """The wording of each line."""
    rules: Mapping[str, str]
    """The `rule_key` of each line that has more to it than cap and wording."""
    titles: tuple[str, ...]
    """The titles of sections that stand beside the lines."""
    computed: Mapping[str, str]
    """The word that stands in place of points which the program works out, by item."""
    inapplicable: Mapping[str, str]
    """The word for an item that does not apply, of those that may not."""
    sums: tuple[SumRow, ...]
    evidence: Mapping[str, Sequence[str]]
    """Evidence by item: it has no place on the form."""
    measured: Mapping[str, Mapping[str, str | None]]
    """Numbers beside the targets of an item, by item."""
    notes: Mapping[str, str]
    """The note of an item beside the reason why it does not apply."""
    kept: Mapping[str, KeptText]
    """Texts on the form that cells would have changed, by name."""
    table: tuple["FormRecord", ...] = ()
    """Of a table of units, which shows the lines above its columns: the records of its rows."""

    @property
    def given_beyond(self) -> tuple[str, ...]:
        """The adjustments with points or a number in the column of the points."""
        return tuple(line for line, kind in self.beyond.items() if kind in ("count", "judged"))

    def item_of(self, line: str) -> str:
        """The item that a line belongs to."""
        return self.facts[line].item if line in self.facts else line


def record_of_labels(labels: Mapping[str, str]) -> FormRecord:
    """The record of a form of which no more is known than the words on it."""
    rows: list[Sequence[str]] = [("format", FORM_VERSION)]
    return from_rows(rows)._replace(labels=labels)


RecordRow = tuple[str, ...]
"""The cells of a row of the hidden sheet: its kind, an id or a single value, and more."""

_LINES = ("item", "fact", "adjustment", "veto")
"""The kinds of rows that are lines of the form, each with its id, cap and wording."""


def to_rows(record: FormRecord) -> Iterator[RecordRow]:
    """The rows of the hidden sheet of a form, in their order."""
    yield "format", FORM_VERSION
    yield "rubric", record.rubric
    yield "decimals", record.decimals
    if record.unit is not None:
        yield "unit", record.unit
    yield "holder", record.holder
    for name, label in record.labels.items():
        yield f"label.{name}", label
    for item in record.items:
        yield "item", item, record.caps[item], record.texts[item]
    yield from _line_rows(record)
    for title in record.titles:
        yield "title", title
    for line, key in record.rules.items():
        yield "rule", line, key
    yield from _kept_rows(record)
    for row in record.sums:
        yield "sum", row.section, row.label, row.key, " ".join(row.items), row.cap, row.reading
    for record_of_row in record.table:
        yield from to_rows(record_of_row)


def _line_rows(record: FormRecord) -> Iterator[RecordRow]:
    facts = defaultdict(list)
    for line, fact in record.facts.items():
        facts[fact.item].append((line, fact))
    for item in record.items:
        if item in record.inapplicable:
            yield "not_applicable", item, record.inapplicable[item]
        if item in record.computed:
            yield "computed", item, record.computed[item]
        for line, fact in facts[item]:
            yield "fact", line, record.caps[line], record.texts[line], *fact
    for line, kind in record.beyond.items():
        row, own = (kind, ()) if kind in _LINES else ("adjustment", (kind,))
        yield row, line, record.caps[line], record.texts[line], *own


def _kept_rows(record: FormRecord) -> Iterator[RecordRow]:
    kept = (("evidence", record.evidence), ("measured", record.measured), ("note", record.notes))
    for item in (*record.items, *record.given_beyond):
        for kind, values in kept:
            if item in values:
                yield kind, item, *in_cells(values[item])
    for name, entry in record.kept.items():
        yield "kept", name, entry.shown, *in_cells(entry.text)


def from_rows(rows: Iterable[Sequence[str]]) -> FormRecord:
    """The record in the rows of a hidden sheet; that of a table is followed by those of its rows.

    Raises `UnknownVersionError` for rows of another version, and `ValueError` for what nobody
    could have written there but by hand.
    """
    groups: list[list[Sequence[str]]] = [[]]
    for row in rows:
        if row and row[0] == "format" and groups[-1]:
            groups.append([])
        groups[-1].append(row)
    first, *others = map(_from_rows, groups)
    return first._replace(table=tuple(others))


def _from_rows(rows: Iterable[Sequence[str]]) -> FormRecord:
    found: dict[str, dict[str, Sequence[str]]] = defaultdict(dict)
    for row in rows:
        kind, first, *others = (*row, *[""] * 6)
        found[kind][first] = others
    single = {kind: first for kind, entries in found.items() for first in entries}
    if single.get("format") != FORM_VERSION:
        raise UnknownVersionError(single.get("format", ""))
    lines = {line: others for kind in _LINES for line, others in found[kind].items()}
    labels = {
        kind.removeprefix("label."): text
        for kind, text in single.items()
        if kind.startswith("label.")
    }

    def words(kind: str) -> dict[str, str]:
        return {name: others[0] for name, others in found[kind].items()}

    def values(kind: str, of: type) -> dict[str, Any]:
        return {name: from_cells(others, of) for name, others in found[kind].items()}

    return FormRecord(
        rubric=single.get("rubric", ""),
        decimals=single.get("decimals", ""),
        unit=single.get("unit"),
        holder=single.get("holder", ""),
        labels=labels,
        items=tuple(found["item"]),
        facts={line: FactRow(*others[2:5]) for line, others in found["fact"].items()},
        beyond={
            line: others[2] or kind
            for kind in ("adjustment", "veto")
            for line, others in found[kind].items()
        },
        caps={line: others[0] for line, others in lines.items()},
        texts={line: others[1] for line, others in lines.items()},
        rules=words("rule"),
        titles=tuple(found["title"]),
        computed=words("computed"),
        inapplicable=words("not_applicable"),
        sums=tuple(
            SumRow(section, label, key, tuple(items.split()), cap, reading)
            for section, (label, key, items, cap, reading, *_) in found["sum"].items()
        ),
        evidence=values("evidence", list),
        measured=values("measured", dict),
        notes=values("note", str),
        kept={
            name: KeptText(others[0], from_cells(others[1:], str))
            for name, others in found["kept"].items()
        },
    )


def in_cells(value: Any) -> tuple[str, ...]:
    """A text or a list of texts for the hidden sheet, in as many cells as it needs.

    The cells hold JSON in plain ASCII without underscores: nothing that a workbook would change.
    """
    text = json.dumps(value).replace("_", "\\u005f")
    return tuple(text[start : start + _MOST] for start in range(0, len(text), _MOST))


def from_cells(cells: Iterable[str], kind: type) -> Any:
    """The value of a ``kind`` that `in_cells` put there. Raises `ValueError` for anything else."""
    try:
        value = json.loads("".join(cells))
    except RecursionError as error:
        raise ValueError(str(error)) from error
    if not isinstance(value, kind):
        raise ValueError(value)  # noqa: TRY004 -- it is a wrong value in a file
    return value


def rule_key(*parts: object) -> str:
    """A key that is equal for two lines that count in the same way, whatever their texts say.

    ``parts`` are what decides it: plain values of the rubric, numbers as text.
    """
    text = json.dumps(parts, default=str, ensure_ascii=True, sort_keys=True)
    return sha256(text.encode()).hexdigest()[:16]


def sum_key(
    formula: str, columns: Mapping[str, str], items: Mapping[str, str], *, sideways: bool = False
) -> str:
    """A key that is equal for two formulas that add up the same items, wherever these stand.

    ``columns`` are the names of columns by their letters, and ``items`` the items by their rows
    (from 1), as text; with ``sideways`` these are rows by their numbers, and items by the letters
    of their columns. How a program spells a formula does not matter.
    """
    return _sum_key(formula, tuple(columns.items()), tuple(items.items()), sideways=sideways)


@lru_cache(512)
def _sum_key(
    formula: str,
    column_names: Sequence[tuple[str, str]],
    item_names: Sequence[tuple[str, str]],
    *,
    sideways: bool,
) -> str:
    """The key of `sum_key`: the forms of a rubric have the same formulas in the same places."""
    columns, items = dict(column_names), dict(item_names)

    def name_items(area: re.Match[str]) -> str:
        left, top, right, bottom = area.groups()
        lines, places = (left, right or left), (top, bottom or top)
        if sideways:
            lines, places = places, lines
        if lines[0] not in columns or lines[1] != lines[0]:
            return area[0]
        first, last = sorted(map(_in_order, places))
        inside = sorted(item for place, item in items.items() if first <= _in_order(place) <= last)
        return f"{{{columns[lines[0]]} {' '.join(inside)}}}"

    parts = _QUOTED.split(formula.removeprefix("="))
    for number in range(0, len(parts), 2):  # those between are quoted
        plain = "".join(parts[number].split()).replace("$", "").upper()
        parts[number] = _AREA.sub(name_items, plain)
    return sha256("".join(parts).encode()).hexdigest()


def _in_order(place: str) -> tuple[int, str]:
    """What sorts numbers of rows, and letters of columns, as they stand in a worksheet."""
    digits = place.lstrip("0")
    return len(digits), digits
