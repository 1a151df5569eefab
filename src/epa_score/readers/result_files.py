"""A published result, read from its file: what stands in its cells, and where these are."""

import csv
import json
import os
from collections.abc import Callable, Iterator, Sequence
from io import StringIO
from typing import Any, NamedTuple

from epa_score.diagnostics import Diagnostic, Finding, InputError, Kind, Location, reason_of
from epa_score.readers import source
from epa_score.reports.comparison import Cells, ShownCell, ShownColumn, ShownPart

MOST_BYTES = 200_000_000
"""The size of a result that is still read."""


class ResultFile(NamedTuple):
    """The parts of a result, and the place of a cell, a row or a part of it."""

    suffix: str
    parts: Sequence[ShownPart]
    locate: Callable[[str, int | None, ShownColumn | None], Location]


def read_result(path: str) -> ResultFile:
    """Read a result. Raises `InputError` for what is none."""
    suffix = os.path.splitext(path)[1].lower()
    try:
        data = source.read_bytes(path, MOST_BYTES)
    except (OSError, ValueError) as error:
        missing = "missing" if isinstance(error, FileNotFoundError) else ""
        raise _refused(path, Kind.FILE_UNREADABLE, missing, reason=reason_of(error)) from error
    if suffix not in _PARTS_OF:
        raise _refused(path, Kind.NOT_A_RESULT, "format", suffix=suffix or "-")
    if len(data) > MOST_BYTES:
        raise _refused(path, Kind.FILE_TOO_LARGE, most=MOST_BYTES // 1_000_000)
    return ResultFile(suffix, parts_of(path, suffix, data), _locator(path, suffix, data))


def parts_of(path: str, suffix: str, data: bytes) -> list[ShownPart]:
    """The parts of a result in some bytes. Raises `InputError` for what is none."""
    parts = _PARTS_OF[suffix](path, data)
    if not any(part.rows for part in parts):
        raise _refused(path, Kind.NOT_A_RESULT)
    return parts


def _refused(path: str, kind: Kind, variant: str = "", **about: str | int) -> InputError:
    return InputError([Diagnostic(kind, Location(path), dict(about), variant)])


def _parts_of_workbook(path: str, data: bytes) -> list[ShownPart]:
    from epa_score.readers.excel.result import shown_parts  # noqa: PLC0415 -- not every result is a workbook

    found = shown_parts(data)
    if isinstance(found, Finding):
        raise InputError([found.at(Location(path))])
    return found


def _parts_of_json(path: str, data: bytes) -> list[ShownPart]:
    try:
        value = json.loads(
            data.decode("utf-8-sig"),
            parse_float=str,
            parse_int=str,
            object_pairs_hook=_pairs,
        )
        return list(_tables_in(value))
    except (ValueError, RecursionError) as error:
        raise _refused(path, Kind.NOT_A_RESULT, "json") from error


def _pairs(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """An object; a key that comes again is told apart, as programs differ in which one counts."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        number = 1
        name = key
        while name in found:
            number += 1
            name = f"{key} ({number})"
        found[name] = value
    return found


def _tables_in(value: Any) -> Iterator[ShownPart]:
    """The tables in JSON, and what stands beside them as a table of its own."""
    cells = {} if _is_table(value) else dict(_leaves(value, ""))
    cells.pop(_DIGEST, None)
    if cells:
        yield ShownPart(_BESIDE, {0: cells})
    yield from _tables_below(value, "")


_DIGEST = "content"
"""A digest over the sheets beside the tables: `run` alone writes it, and it is no figure."""

_BESIDE = "."
"""The name of what stands beside tables."""


def _is_table(value: Any) -> bool:
    """True for a list of objects or of lists, and for an empty one, which may be one of them."""
    return isinstance(value, list) and (
        not value or any(isinstance(entry, dict | list) for entry in value)
    )


def _tables_below(value: Any, path: str) -> Iterator[ShownPart]:
    """The tables in a value, at any depth; what stands in a row beside others is in its cells."""
    if _is_table(value):
        rows: dict[int, Cells] = {}
        for number, entry in enumerate(value):
            cells = {} if _is_table(entry) else dict(_leaves(entry, ""))
            if cells:
                rows[number] = cells
        yield ShownPart(path, rows)
        for number, entry in enumerate(value):
            yield from _tables_below(entry, f"{path}[{number}]")
    elif isinstance(value, dict):
        for key, field in value.items():
            yield from _tables_below(field, f"{path}.{key}" if path else key)


def _leaves(value: Any, path: str) -> Iterator[tuple[ShownColumn, ShownCell]]:
    """The values in an object by the keys that lead to them, without those in tables."""
    if isinstance(value, dict):
        for key, field in value.items():
            yield from _leaves(field, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for number, entry in () if _is_table(value) else enumerate(value):
            yield from _leaves(entry, f"{path}[{number}]")
    else:
        yield path, ShownCell("" if value is None else str(value))


def _parts_of_csv(path: str, data: bytes) -> list[ShownPart]:
    rows: dict[int, Cells] = {}
    try:
        for number, record in _records(_text_of(data)):
            cells: Cells = {n: ShownCell(text) for n, text in enumerate(record, 1) if text}
            if cells:
                rows[number] = cells
    except (ValueError, csv.Error) as error:
        raise _refused(path, Kind.NOT_A_RESULT, "csv") from error
    return [ShownPart("", rows)]


def _text_of(data: bytes) -> str:
    """The text of a table: UTF-8, or as Excel and WPS save it in Chinese. Raises `ValueError`."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030")


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """The records of a text by the number of the line in which each begins."""
    reader = csv.reader(StringIO(text, newline=""))
    line = 1
    for record in reader:
        yield line, record
        line = reader.line_num + 1


_PARTS_OF: dict[str, Callable[[str, bytes], list[ShownPart]]] = {
    ".xlsx": _parts_of_workbook,
    ".json": _parts_of_json,
    ".csv": _parts_of_csv,
}


def _locator(
    path: str, suffix: str, data: bytes
) -> Callable[[str, int | None, ShownColumn | None], Location]:
    """What finds the location of a cell in a file."""

    def in_workbook(part: str, row: int | None, column: ShownColumn | None) -> Location:
        from epa_score.readers.excel.workbook import column_letters  # noqa: PLC0415 -- not every result is a workbook

        if row is None:
            return Location(path, cell=part)
        if column is None:
            return Location(path, row, cell=f"{part}!{row}:{row}")
        number = int(column)
        return Location(path, row, number, cell=f"{part}!{column_letters(number)}{row}")

    def in_json(part: str, row: int | None, column: ShownColumn | None) -> Location:
        if row is None:
            return Location(path, cell=part)
        if part == _BESIDE:
            return Location(path, cell=str(column))
        end = f".{column}" if column else ""
        return Location(path, cell=f"{part}[{row}]{end}")

    def in_csv(_part: str, row: int | None, column: ShownColumn | None) -> Location:
        if row is None or column is None:
            return Location(path, row)
        return Location(path, row, *_columns_of(_text_of(data), row, int(column)))

    return {".xlsx": in_workbook, ".json": in_json, ".csv": in_csv}[suffix]


def _columns_of(text: str, row: int, place: int) -> tuple[int, int]:
    """The columns in which a field of the record in a line begins and ends, from 1."""
    lines = text.splitlines(keepends=True)
    start = fields = 0
    is_quoted = False
    line = lines[row - 1].rstrip("\r\n")
    for index, character in enumerate(line):
        is_quoted ^= character == '"'
        if character == "," and not is_quoted:
            fields += 1
            if fields == place:
                return start + 1, index + 1
            start = index + 1
    return start + 1, len(line) + 1
