"""An exported result in JSON, read as what a later one is compared with."""

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, NoReturn

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from epa_score.diagnostics import Diagnostic, InputError, Kind, Location, reason_of
from epa_score.model import same_name_key
from epa_score.readers import source
from epa_score.readers.result_files import MOST_BYTES
from epa_score.reports.terms import FORMAT_VERSION
from epa_score.scoring.rank import Ties
from epa_score.scoring.snapshot import ItemTerms, Snapshot, UnitSnapshot
from epa_score.values.points import PLAIN_NUMBER

SUFFIX = ".json"


def is_exported(path: str) -> bool:
    """True for the name of an exported result rather than of score sheets."""
    return os.path.splitext(path)[1].lower() == SUFFIX


class _Record(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)

    rubric: str
    period: str | None = None
    group: str = ""


class _MethodRecord(_Record):
    title: str
    ties: Ties
    tie_break: str | None
    state: str
    method: str | None


class _ItemRecord(_Record):
    item: str
    unit: str | None
    text: str
    max: str
    rule: str | None
    not_applicable: str | None
    section: str


class _RankedRecord(_Record):
    rank: int | None
    unit: str | None
    total: str | None
    bonus: str | None = None
    penalty: str | None = None
    not_applicable: str | None = None


class _ScoresRecord(_Record):
    unit: str
    total: str
    items: dict[str, str | None]


class _Exported(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)

    methods: list[_MethodRecord] = Field(min_length=1)
    items: list[_ItemRecord] = []
    ranking: list[_RankedRecord]
    scores: list[_ScoresRecord] = []


def read_exported(path: str) -> list[Snapshot]:
    """The snapshots in an exported result, one a rubric. Raises `InputError` for anything else."""
    try:
        data = source.read_bytes(path, MOST_BYTES)
    except (OSError, ValueError) as error:
        missing = "missing" if isinstance(error, FileNotFoundError) else ""
        _refuse(path, Kind.FILE_UNREADABLE, missing, reason=reason_of(error))
    if len(data) > MOST_BYTES:
        _refuse(path, Kind.FILE_TOO_LARGE, most=MOST_BYTES // 1_000_000)
    try:
        value = json.loads(data.decode("utf-8-sig"), object_pairs_hook=_object)
    except (ValueError, RecursionError):
        _refuse(path, Kind.NOT_COMPARABLE, "json")
    version = value.get("format_version") if isinstance(value, dict) else None
    if isinstance(value, list) and value and all(isinstance(row, dict) for row in value):
        _refuse(path, Kind.NOT_COMPARABLE, "list")
    if version is None:
        _refuse(path, Kind.NOT_COMPARABLE)
    if version != FORMAT_VERSION or isinstance(version, bool):
        shown = str(version)[:_MOST_SHOWN]
        _refuse(path, Kind.NOT_COMPARABLE, "version", found=shown, known=FORMAT_VERSION)
    try:
        return list(_snapshots_in(_Exported.model_validate(value)))
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        _refuse_changed(path, ".".join(map(str, first["loc"])))
    except ValueError as error:
        _refuse_changed(path, str(error))


_MOST_SHOWN, _MOST_PLACE = 20, 60


def _refuse(path: str, kind: Kind, variant: str = "", **about: str | int) -> NoReturn:
    raise InputError([Diagnostic(kind, Location(path), dict(about), variant)])


def _refuse_changed(path: str, place: str) -> NoReturn:
    _refuse(path, Kind.NOT_COMPARABLE, "changed", place=place[:_MOST_PLACE])


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object. Raises `ValueError` for a key that comes twice: which counts differs."""
    found = dict(pairs)
    if len(found) < len(pairs):
        message = "a key comes twice"
        raise ValueError(message)
    return found


def _snapshots_in(exported: _Exported) -> Iterator[Snapshot]:
    """The snapshots. Raises `ValueError` that names what does not fit."""
    heads: dict[str, Snapshot] = {}
    for head in exported.methods:
        period = head.period if head.method else None
        provisional = head.state != "final"
        own = Snapshot(
            rubric=head.rubric,
            title=head.title,
            period=period,
            ties=head.ties,
            tie_break=head.tie_break or "",
            method=head.method or "",
            is_provisional=provisional,
        )
        if heads.setdefault(head.rubric, own) != own:
            raise ValueError(f"methods: {head.rubric}")
    units: dict[str, dict[str, UnitSnapshot]] = {name: {} for name in heads}
    items = _Items(exported)
    overall = {head.rubric for head in exported.methods if not head.group}
    for row in exported.ranking:
        unit = row.unit
        if unit is None:
            continue
        if row.rubric not in units:
            raise ValueError(f"ranking: {row.rubric}")
        # Overall ranks are among the units of all groups, and so are the items.
        ranked = row.model_copy(update={"group": ""}) if row.rubric in overall else row
        key, known = same_name_key(unit), units[row.rubric]
        if key not in known:
            known[key] = items.unit(ranked, unit, has_items=not heads[row.rubric].is_composite)
        elif row.total is not None:  # not a second sheet of the unit, which was left out
            raise ValueError(f"ranking: {unit}")
    for name, snapshot in heads.items():
        _check_order(units[name].values())
        yield snapshot._replace(units=tuple(units[name].values()))


def _check_order(units: Iterable[UnitSnapshot]) -> None:
    """Raise `ValueError` where ranks of a group do not begin with 1, or do not follow totals."""
    last: dict[str, tuple[int, Decimal | None]] = {}
    for unit in sorted(units, key=lambda unit: unit.rank or 0):
        if unit.rank is None:
            continue
        rank, total = last.get(unit.group, (1, unit.total))
        is_first = unit.group not in last
        equal = unit.total == total if unit.rank == rank else not is_first
        if unit.total is None or total is None or unit.total > total or not equal:
            raise ValueError(f"rank: {unit.unit}")
        last[unit.group] = unit.rank, unit.total


class _Items:
    """The items of a result: their terms, and the points of each unit."""

    def __init__(self, exported: _Exported) -> None:
        self._terms, self._points = _terms_in(exported), _points_in(exported)
        self._totals = {(row.rubric, same_name_key(row.unit)): row.total for row in exported.scores}

    def unit(self, row: _RankedRecord, name: str, *, has_items: bool) -> UnitSnapshot:
        """The snapshot of a unit. Raises `ValueError` where its totals are not one."""
        found = UnitSnapshot(name, row.group, row.rank)
        if row.total is None:
            return found
        key = row.rubric, same_name_key(name)
        if has_items and self._totals.get(key) != row.total:
            raise ValueError(f"total: {name}")
        out = tuple((row.not_applicable or "").split())
        terms, given = self._terms(row), self._points.get(key, {})
        if has_items and not terms:
            raise ValueError(f"items: {name}")
        ways = {"bonus": row.bonus, "penalty": row.penalty}
        return found._replace(
            total=_number(row.total),
            terms=terms,
            points={item: given[item] for item in terms if item in given and item not in out},
            inapplicable=out,
            adjusted={way: _number(text) for way, text in ways.items() if text is not None},
        )


def _terms_in(exported: _Exported) -> Callable[[_RankedRecord], Mapping[str, ItemTerms]]:
    """Gives the terms of the items of a unit; units that have no items of their own share them."""
    common: dict[tuple[str, str], dict[str, ItemTerms]] = {}
    own: dict[tuple[str, str, str], dict[str, ItemTerms]] = {}
    order: dict[tuple[str, str], dict[str, None]] = {}
    for row in exported.items:
        where = row.rubric, row.group
        found = common.setdefault(where, {})
        if row.unit is not None:
            found = own.setdefault((*where, same_name_key(row.unit)), {})
        if row.item in found:
            raise ValueError(f"items: {row.item}")
        found[row.item] = ItemTerms(
            row.text, _number(row.max), row.rule or "", row.not_applicable or "", row.section
        )
        order.setdefault(where, {})[row.item] = None

    def terms(row: _RankedRecord) -> Mapping[str, ItemTerms]:
        where = row.rubric, row.group
        beside = own.get((*where, same_name_key(row.unit or "")))
        whole = common.get(where, {})
        if beside is None:
            return whole
        both = whole | beside
        return {name: both[name] for name in order[where] if name in both}

    return terms


def _points_in(exported: _Exported) -> dict[tuple[str, str], dict[str, Decimal]]:
    """The points by rubric and unit; what is no number says why there are no points."""
    found: dict[tuple[str, str], dict[str, Decimal]] = {}
    for row in exported.scores:
        key = row.rubric, same_name_key(row.unit)
        if key in found:
            raise ValueError(f"scores: {row.unit}")
        found[key] = {
            name.rpartition(".")[2]: Decimal(text)
            for name, text in row.items.items()
            if text is not None and _is_number(text)
        }
    return found


_MOST_DIGITS = 40


def _is_number(text: str) -> bool:
    digits = text.removeprefix("-")
    return len(digits) <= _MOST_DIGITS and PLAIN_NUMBER.fullmatch(digits) is not None


def _number(text: str) -> Decimal:
    if not _is_number(text):
        raise ValueError(text)
    return Decimal(text)
