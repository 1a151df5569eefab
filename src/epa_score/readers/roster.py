"""A roster: the units that must be assessed, read from a text, a CSV file or a workbook.

Somebody else made the table. What surely is no name of a unit is passed over: titles, list numbers,
totals. What may be one or not is a finding, never a guess.
"""

import csv
import os
import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pydantic_core import PydanticCustomError

from epa_score.diagnostics import (
    Diagnostic,
    Finding,
    InputError,
    Kind,
    Location,
    Parameter,
    Place,
    Spot,
)
from epa_score.model import same_name_key
from epa_score.readers.files import read_bytes_of, unknown_format
from epa_score.readers.source import Source, SourceCell, decode
from epa_score.readers.unread import unreadable_as
from epa_score.values.fact_names import without_list_number
from epa_score.values.names import read_unit_name

_MOST_BYTES = 20_000_000
"""The size of a roster: 100,000 names of units fit into it."""

_WORKBOOK = ".xlsx"
_TITLES = frozenset(
    {
        *(
            "单位",
            "单位名称",
            "单位名",
            "单位全称",
            "考核单位",
            "被考核单位",
            "参评单位",
            "受考核单位",
        ),
        *(
            "被考核单位名称",
            "考核对象",
            "考核单位名称",
            "责任单位",
            "成员单位",
            "县直单位",
            "参加单位",
        ),
        *("乡镇", "乡镇名称", "镇", "乡", "乡镇街道", "乡镇办", "镇办", "镇街", "街道", "乡镇单位"),
        *(
            "名称",
            "部门",
            "部门名称",
            "部门单位",
            "单位部门",
            "机构",
            "机构名称",
            "科室",
            "村",
            "村名",
        ),
        *("unit", "units", "name", "names", "unitname", "nameofunit", "town", "towns", "township"),
        *("townships", "department", "departments", "organisation", "organization", "office"),
    }
)
"""Titles of the column of names, by `same_name_key`."""

_TOTALS = re.compile(
    "(?:合计|总计|小计|共计|total)(?:[0-9]+(?:个|家)?(?:单位|乡镇|部门)?)?|共[0-9]+个.{0,6}"
)
_HEADING = re.compile("(?:名单|名册|一览表|花名册|汇总表|登记表|roster)$")
_COUNT = re.compile(r"[(（]\s*(?:共\s*)?[0-9]+\s*个?\s*[)）]\s*$")
_SEPARATORS = frozenset("、，,；;／/|\t\n")
_OPENING, _CLOSING = "(（[［【〔", ")）]］】〕"
_NUMBER = re.compile(
    r"[0-9]{1,5}[.．、)）]?|[（(][0-9]{1,5}[)）]|[①-⑳]|[一二三四五六七八九十]{1,3}[、.．]?"
)
_BLANK_BEHIND_NUMBER = re.compile(r"[0-9]{1,3}[\s\u3000]+(?=\S)")
_SENTENCE = re.compile("[。！？!?：:；;]")
_MOST_ABOVE = 20
"""Rows in which the titles of the columns are looked for."""
_LONGEST = 60
"""Characters of the longest name of a unit; a sentence has more."""
_SHORT, _FULL = 2, 4
"""Characters of a word that may be short for a name, and of the name that follows it."""


class RosterUnit(NamedTuple):
    """A unit that must be assessed, and the place of its name in the roster."""

    name: str
    place: Place | Spot


class Roster(NamedTuple):
    """The units that must be assessed, in the order of the roster, each once."""

    source: Source
    """The file, in which places are found."""
    units: tuple[RosterUnit, ...]
    column: str
    """The title of the column that the names were taken from; empty where it has none."""

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the units."""
        return tuple(unit.name for unit in self.units)


class _Entry(NamedTuple):
    """A text of the table, and its place."""

    text: str
    place: Place | Spot
    is_text: bool = True
    is_hidden: bool = False


class _Grid(NamedTuple):
    """The rows of a table that hold something, each its entries by column."""

    rows: list[dict[int, _Entry]]
    title: str = ""
    hidden_columns: frozenset[int] = frozenset()


class _NameColumn(NamedTuple):
    """The column of the names, its first row of a grid, and its title, if it has one."""

    column: int
    first_row: int
    title: str


class _DoubtError(Exception):
    """It is not certain which entries of a roster are its names."""

    def __init__(self, place: Place | Spot, columns: Sequence[str], variant: str) -> None:
        """Say which columns or worksheets may be meant, at the place of one of them."""
        about: dict[str, Parameter] = {"columns": tuple(columns)}
        self.finding = Finding(Kind.ROSTER_COLUMN, place, about, variant)
        super().__init__(variant)


def read_roster(path: str) -> Roster:
    """The units in a roster. Raises `InputError` for one that is not certain, or names nobody."""
    suffix = os.path.splitext(path)[1].lower()
    if unreadable_as(path) and suffix != ".csv" and os.path.exists(path):
        raise InputError([unknown_format(path).at(Location(path))])
    data, source = read_bytes_of(path, _MOST_BYTES)
    grids: list[_Grid] = []
    if source is None and suffix == _WORKBOOK:
        source, grids = _read_workbook(path, data)
    elif source is None:
        source = _decode_text(path, data)
        grids = [] if source.findings else [_rows_of_text(source.text, is_csv=suffix == ".csv")]
    findings = list(source.findings)
    units, title = [], ""
    grids = [grid for grid in grids if grid.rows]
    if grids:
        try:
            grid = _table_of_names(grids)
            names = _column_of_names(grid)
            units, title = _units_in(grid, names, findings), names.title
        except _DoubtError as doubt:
            findings = [doubt.finding]
    if findings:
        raise InputError(source.diagnose(findings))
    if not units:
        raise InputError([Diagnostic(Kind.FILE_EMPTY, Location(path), variant="roster")])
    return Roster(source, tuple(units), title)


def _decode_text(path: str, data: bytes) -> Source:
    """The text of a roster in UTF-8 or, as Excel writes CSV in China, in GB18030."""
    source = decode(path, data, _MOST_BYTES)
    if [(found.kind, found.variant) for found in source.findings] == [(Kind.NOT_UTF8, "gbk")]:
        return Source(path, source.text)
    if [found.kind for found in source.findings] == [Kind.FILE_EMPTY]:
        return Source(path)
    return source


def _rows_of_text(text: str, *, is_csv: bool) -> _Grid:
    """The rows of a text: a line is one entry, unless tabs or the rules of CSV part it."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    try:
        rows = list(_csv_rows(lines)) if is_csv else []
    except csv.Error:
        rows = []
    rows = rows or [(number, line.split("\t")) for number, line in enumerate(lines, 1)]
    grid = []
    for number, texts in rows:
        if texts and not texts[0].lstrip().startswith("#"):
            grid.append(dict(_entries_of_line(number, lines[number - 1], texts)))
    return _Grid([row for row in grid if row])


def _csv_rows(lines: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """The fields of each row, and the number of the line that it ends in."""
    first = next(filter(str.strip, lines), "")
    delimiter = max(",\t;", key=first.count)
    reader = csv.reader([f"{line}\n" for line in lines], delimiter=delimiter)
    for fields in reader:
        yield reader.line_num, fields


def _entries_of_line(number: int, line: str, texts: Sequence[str]) -> Iterator[tuple[int, _Entry]]:
    end = 0
    for column, text in enumerate(texts):
        cell = text.strip()
        if cell:
            start = max(line.find(cell, end), 0)
            end = start + len(cell)
            yield column, _Entry(cell, Spot(number, start + 1, end + 1))


def _read_workbook(path: str, data: bytes) -> tuple[Source, list[_Grid]]:
    """The worksheets of a workbook that can be seen and hold something."""
    from epa_score.opc import WorkbookRefusedError  # noqa: PLC0415 -- most rosters are texts
    from epa_score.readers.excel import open_workbook  # noqa: PLC0415 -- most rosters are texts
    from epa_score.readers.excel.workbook import column_is_hidden, plain_text, row_is_hidden  # noqa: PLC0415

    source = Source(path)
    try:
        workbook = open_workbook(data)
    except WorkbookRefusedError as refused:
        source.findings = [refused.finding]
        return source, []
    grids, cells = [], {}
    for sheet in workbook.worksheets:
        if sheet.state != "visible" or not sheet.filled:
            continue
        rows, hidden = [], set()
        for number, row in sheet.filled.items():
            is_hidden, entries = row_is_hidden(sheet, number), {}
            for cell in row:
                value = cell.result if cell.formula else cell.value
                text = plain_text(value)
                place = Place((sheet.title, number, cell.column))
                cells[place.keys] = SourceCell(
                    f"{sheet.title}!{cell.coordinate}", number, cell.column
                )
                is_text = isinstance(value, str) and not cell.is_error
                if text:
                    entries[cell.column] = _Entry(text, place, is_text, is_hidden)
            hidden |= {column for column in entries if column_is_hidden(sheet, column)}
            rows += [entries] if entries else []
        grids.append(_Grid(rows, sheet.title, frozenset(hidden)))
    source.cells = cells
    return source, grids


def _table_of_names(grids: Sequence[_Grid]) -> _Grid:
    """The only table, or the only one that has the title of a column of names.

    Raises `_DoubtError`.
    """
    headed = [grid for grid in grids if _row_of_titles(grid) is not None]
    if len(grids) > 1 and len(headed) != 1:
        place = next(iter(grids[0].rows[0].values())).place
        raise _DoubtError(place, [grid.title for grid in grids], "sheets")
    return headed[0] if len(headed) == 1 else grids[0]


def _column_of_names(grid: _Grid) -> _NameColumn:
    """The column of the names, and where they begin. Raises `_DoubtError`."""
    head = _row_of_titles(grid)
    if head is None:
        titles = grid.rows[0]
        columns = sorted(
            {column for row in grid.rows for column in row if _may_be_name(row, column)}
        )
    else:
        titles = grid.rows[head]
        columns = [column for column, entry in titles.items() if _is_title(entry.text)]
    seen = [column for column in columns if column not in grid.hidden_columns]
    if len(seen) == 1:
        title = "" if head is None else titles[seen[0]].text
        return _NameColumn(seen[0], 0 if head is None else head + 1, title)
    variant = "none" if head is None else "" if seen else "hidden"
    doubtful = list(titles) if head is None else seen or columns
    names = [titles[column].text for column in doubtful]
    raise _DoubtError(titles[doubtful[0]].place, names, variant)


def _row_of_titles(grid: _Grid) -> int | None:
    """The number of the row with the title of a column of names, if there is one."""
    for number, row in enumerate(grid.rows[:_MOST_ABOVE]):
        if any(_is_title(entry.text) for entry in row.values()):
            return number
    return None


def _is_title(text: str) -> bool:
    return same_name_key(_COUNT.sub("", text)) in _TITLES


def _may_be_name(row: dict[int, _Entry], column: int) -> bool:
    """False for a list number beside other entries, and for a row that is a title as a whole."""
    entry = row[column]
    if len(row) == 1:
        return not _is_passed_over(entry.text)
    return _NUMBER.fullmatch(entry.text) is None


def _units_in(grid: _Grid, names: _NameColumn, findings: list[Finding]) -> list[RosterUnit]:
    """The units in a column, each once; what may be one or not is put into ``findings``."""
    units: dict[str, RosterUnit] = {}
    for row in grid.rows[names.first_row :]:
        if names.column not in row:
            continue
        entry = row[names.column]
        for name in _names_in(entry, findings):
            unit = RosterUnit(name, _place_of(name, entry))
            units.setdefault(same_name_key(name), unit)
    return list(units.values())


def _names_in(entry: _Entry, findings: list[Finding]) -> Iterator[str]:
    """The names of units in an entry, without list numbers; a heading or a total has none."""
    text = _without_number(unicodedata.normalize("NFC", entry.text))
    heading, colon, rest = text.replace("：", ":", 1).partition(":")
    if colon and _is_title(heading):
        text = rest
    if _is_passed_over(text):
        return
    about: dict[str, Parameter] = {"value": entry.text}
    if entry.is_hidden or not entry.is_text:
        variant = "hidden" if entry.is_hidden else ""
        findings.append(Finding(Kind.ROSTER_NAME, entry.place, about, variant))
        return
    parts = [_without_number(part) for part in _parts_of(text)]
    if _may_be_short(parts):
        about["parts"] = tuple(parts)
        findings.append(Finding(Kind.ROSTER_NAME, entry.place, about, "several"))
        return
    for part in filter(None, parts):
        try:
            name = read_unit_name(part)
        except PydanticCustomError as error:
            context = dict(error.context or {})
            variant = str(context.pop("variant", ""))
            findings.append(Finding(Kind.UNIT_NAME_CHARACTERS, entry.place, context, variant))
            continue
        if _looks_like_name(name):
            yield name
        else:
            findings.append(Finding(Kind.ROSTER_NAME, entry.place, {"value": name}))


def _place_of(name: str, entry: _Entry) -> Place | Spot:
    """The place of a name in its entry: in a text its own letters, in a workbook the cell."""
    start = entry.text.find(name)
    if isinstance(entry.place, Place) or start < 0:
        return entry.place
    column = entry.place.column + start
    return Spot(entry.place.line, column, column + len(name))


def _without_number(text: str) -> str:
    """A text without the number that it has in a list, and without the stop behind it."""
    text = without_list_number(text.strip())
    return _BLANK_BEHIND_NUMBER.sub("", text, count=1).strip(" \u3000。.;；")


def _is_passed_over(text: str) -> bool:
    """True for what is surely no unit: nothing, a title, a heading, a total."""
    key = same_name_key(text)
    return not text or _is_title(text) or bool(_HEADING.search(key) or _TOTALS.fullmatch(key))


def _parts_of(text: str) -> list[str]:
    """The parts between separators, but for those inside brackets."""
    parts, depth = [""], 0
    for char in text:
        depth += (char in _OPENING) - (char in _CLOSING)
        if char in _SEPARATORS and depth <= 0:
            parts.append("")
        else:
            parts[-1] += char
    return parts


def _may_be_short(parts: Sequence[str]) -> bool:
    """True for 移动、联通、电信公司: words before a full name that lack its ending."""
    *others, last = parts
    return len(last) >= _FULL and any(
        len(part) <= _SHORT and not part.endswith(last[-1]) for part in others if part
    )


def _looks_like_name(name: str) -> bool:
    return (
        len(name) <= _LONGEST
        and any(char.isalpha() for char in name)
        and _SENTENCE.search(name) is None
    )
