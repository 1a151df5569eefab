"""A roster: the units that must be assessed, read from a text, a CSV file or a workbook.

Somebody else made the table. What surely is no name of a unit is passed over: titles, list numbers,
totals. What may be one or not is a finding, never a guess.
"""

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
from epa_score.readers.foreign_table import ForeignCell, ForeignTable, read_tables
from epa_score.readers.source import Source
from epa_score.values.fact_names import without_list_number
from epa_score.values.names import names_a_summary, read_unit_name

_TITLES = frozenset(
    re.findall(
        r"\S+",
        """
        单位 单位名称 单位名 单位全称 考核单位 考核单位名称 被考核单位 被考核单位名称 受考核单位
        参评单位 参加单位 成员单位 责任单位 县直单位 考核对象 乡镇 乡镇名称 乡镇街道 乡镇办
        乡镇单位 镇 乡 镇办 镇街 街道 村 村名 名称 部门 部门名称 部门单位 单位部门 机构 机构名称
        科室
        unit units unitname nameofunit name names town towns township townships office
        department departments organisation organization
        """,
    )
)
"""Titles of the column of names, by `same_name_key`."""

_GROUP_TITLES = frozenset(
    ["组别", "类别", "分组", "分类", "考核类别", "排名组别", "group", "groups", "class", "category"]
)
"""Titles of the column of groups of units, by `same_name_key`."""

_HEADING = re.compile("(?:名单|名册|一览表|花名册|汇总表|登记表|roster)$")
_COUNT = re.compile(r"[(（]\s*(?:共\s*)?[0-9]+\s*个?\s*[)）]\s*$")
_SEPARATORS = frozenset("、，,；;／/|\t\n")
_OPENING, _CLOSING = "(（[［【〔", ")）]］】〕"
_NUMBER = re.compile(
    r"[0-9]{1,5}[.．、)）]?|[（(][0-9]{1,5}[)）]|[①-⑳]|[一二三四五六七八九十]{1,3}[、.．]?"
)
_BLANK_BEHIND_NUMBER = re.compile(r"^[0-9]{1,3}[\s\u3000]+(?=\S)")
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
    group: str = ""
    """The group that it is ranked in, as far as the roster says."""
    other_group: str = ""
    """Another group that it has in a further line."""


class Roster(NamedTuple):
    """The units that must be assessed, in the order of the roster, each once."""

    source: Source
    """The file, in which places are found."""
    units: tuple[RosterUnit, ...]
    column: str
    """The title of the column that the names were taken from; empty where it has none."""
    group_columns: tuple[str, ...] = ()
    """The titles of the columns that may hold groups; they are taken from the only one."""

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the units."""
        return tuple(unit.name for unit in self.units)


class _NameColumn(NamedTuple):
    """The column of the names, its first row of a table, and its title, if it has one."""

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
    source, tables = read_tables(path, has_comments=True)
    tables = [table for table in tables if not table.is_hidden]
    findings = list(source.findings)
    units, title, groups = [], "", {}
    if tables:
        try:
            table = _table_of_names(tables)
            names = _column_of_names(table)
            groups = _columns_of_groups(table)
            units, title = _units_in(table, names, [*groups], findings), names.title
        except _DoubtError as doubt:
            findings = [doubt.finding]
    if findings:
        raise InputError(source.diagnose(findings))
    if not units:
        raise InputError([Diagnostic(Kind.FILE_EMPTY, Location(path), variant="roster")])
    return Roster(source, tuple(units), title, tuple(groups.values()))


def _table_of_names(tables: Sequence[ForeignTable]) -> ForeignTable:
    """The only table, or the only one that has the title of a column of names.

    Raises `_DoubtError`.
    """
    headed = [table for table in tables if _row_of_titles(table) is not None]
    if len(tables) > 1 and len(headed) != 1:
        place = next(iter(tables[0].rows[0].values())).place
        raise _DoubtError(place, [table.title for table in tables], "sheets")
    return headed[0] if len(headed) == 1 else tables[0]


def _column_of_names(table: ForeignTable) -> _NameColumn:
    """The column of the names, and where they begin. Raises `_DoubtError`."""
    head = _row_of_titles(table)
    if head is None:
        titles = table.rows[0]
        columns = sorted(
            {column for row in table.rows for column in row if _may_be_name(row, column)}
        )
    else:
        titles = table.rows[head]
        columns = [column for column, entry in titles.items() if _is_title(entry.text)]
    seen = [column for column in columns if column not in table.hidden_columns]
    if len(seen) == 1:
        title = "" if head is None else titles[seen[0]].text
        return _NameColumn(seen[0], 0 if head is None else head + 1, title)
    variant = "none" if head is None else "" if seen else "hidden"
    doubtful = list(titles) if head is None else seen or columns
    names = [titles[column].text for column in doubtful]
    raise _DoubtError(titles[doubtful[0]].place, names, variant)


def _columns_of_groups(table: ForeignTable) -> dict[int, str]:
    """The columns that can be seen and have the title of groups of units, with that title."""
    head = _row_of_titles(table)
    titles = table.rows[head] if head is not None else {}
    return {
        column: entry.text
        for column, entry in titles.items()
        if same_name_key(entry.text) in _GROUP_TITLES and column not in table.hidden_columns
    }


def _group_in(table: ForeignTable, row: dict[int, ForeignCell], names: int, groups: int) -> str:
    """The group in a row with a name, which may be merged with those of the rows above."""
    if groups in row:
        return unicodedata.normalize("NFC", row[groups].text)
    place = row[names].place
    number = place.keys[1] if isinstance(place, Place) else 0
    return table.covered.get((int(number), groups), "")


def _row_of_titles(table: ForeignTable) -> int | None:
    """The number of the row with the title of a column of names, if there is one."""
    for number, row in enumerate(table.rows[:_MOST_ABOVE]):
        if any(_is_title(entry.text) for entry in row.values()):
            return number
    return None


def _is_title(text: str) -> bool:
    return same_name_key(_COUNT.sub("", text)) in _TITLES


def _may_be_name(row: dict[int, ForeignCell], column: int) -> bool:
    """False for a list number beside other entries, and for a row that is a title as a whole."""
    entry = row[column]
    if len(row) == 1:
        return not _is_passed_over(entry.text)
    return _NUMBER.fullmatch(entry.text) is None


def _units_in(
    table: ForeignTable, names: _NameColumn, groups: Sequence[int], findings: list[Finding]
) -> list[RosterUnit]:
    """The units in a column, each once; what may be one or not is put into ``findings``.

    Their groups stand in the only one of some columns.
    """
    units: dict[str, RosterUnit] = {}
    for row in table.rows[names.first_row :]:
        if names.column not in row:
            continue
        entry = row[names.column]
        group = _group_in(table, row, names.column, groups[0]) if len(groups) == 1 else ""
        for name in _names_in(entry, findings):
            unit = RosterUnit(name, _place_of(name, entry), group)
            first = units.setdefault(same_name_key(name), unit)
            if same_name_key(first.group) != same_name_key(group):
                units[same_name_key(name)] = first._replace(other_group=group or "-")
    return list(units.values())


def _names_in(entry: ForeignCell, findings: list[Finding]) -> Iterator[str]:
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
    parts = [_without_number(part) for part in split_names(text)]
    if may_be_short(parts):
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


def _place_of(name: str, entry: ForeignCell) -> Place | Spot:
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
    return not text or _is_title(text) or bool(_HEADING.search(key)) or names_a_summary(text)


def split_names(text: str) -> list[str]:
    """The parts of a text between separators, but for those inside brackets."""
    parts, depth = [""], 0
    for char in text:
        depth += (char in _OPENING) - (char in _CLOSING)
        if char in _SEPARATORS and depth <= 0:
            parts.append("")
        else:
            parts[-1] += char
    return parts


def may_be_short(parts: Sequence[str]) -> bool:
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
