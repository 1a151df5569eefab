"""What LibreOffice shows of a form, and whether that is what was read from it.

A file is saved as flat OpenDocument, which says of every cell the text that is shown, and of rows
and columns whether they are.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from epa_score.model import Rubric, ScoreSheet
from epa_score.model.sheet import AdjustmentScore
from epa_score.readers.source import Source
from epa_score.scoring import score
from epa_score.values.days import days_in
from epa_score.values.fact_names import names_of_cell

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_LAST_ROW, _LAST_COLUMN = 300, 60
"""Where the cells of a worksheet end that are looked at."""

Place = tuple[int, int]


@dataclass
class ShownSheet:
    """A worksheet as it is shown: texts by row and column, and the rows and columns in sight."""

    texts: dict[Place, str] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)

    def text(self, place: Place) -> str:
        """The text that is shown in a cell, if it is in sight."""
        row, column = place
        is_hidden = row in self.hidden_rows or column in self.hidden_columns
        return "" if is_hidden else self.texts.get(place, "")

    def row(self, number: int) -> list[str]:
        """The texts of a row."""
        return [text for (row, _), text in self.texts.items() if row == number]


def shown_sheets(path: Path) -> dict[str, ShownSheet]:
    """The worksheets of a flat OpenDocument by name."""
    root = ET.parse(path).getroot()  # noqa: S314 -- LibreOffice wrote it
    tables = root.iter(f"{_TABLE}table")
    return {str(table.get(f"{_TABLE}name")): _shown_sheet(table) for table in tables}


def _shown_sheet(table: ET.Element) -> ShownSheet:
    sheet = ShownSheet()
    column = row = 1
    for one in table.iter(f"{_TABLE}table-column"):
        column, number = column + _repeated(one, "columns"), column
        if _is_hidden(one):
            sheet.hidden_columns.update(range(number, min(column, _LAST_COLUMN)))
    for line in table.iter(f"{_TABLE}table-row"):
        rows = range(row, min(row + _repeated(line, "rows"), _LAST_ROW))
        row += _repeated(line, "rows")
        if _is_hidden(line):
            sheet.hidden_rows.update(rows)
        column = 1
        for cell in line:
            text = "\n".join("".join(part.itertext()) for part in cell.iter(f"{_TEXT}p"))
            columns = range(column, column + _repeated(cell, "columns"))
            column = columns.stop
            if text and not cell.tag.endswith("covered-table-cell"):
                places = ((one, other) for one in rows for other in columns)
                sheet.texts.update(dict.fromkeys(places, text))
    return sheet


def _repeated(element: ET.Element, what: str) -> int:
    return int(element.get(f"{_TABLE}number-{what}-repeated", "1"))


def _is_hidden(element: ET.Element) -> bool:
    return element.get(f"{_TABLE}visibility", "visible") != "visible"


def said_at(
    source: Source, sheet: ScoreSheet, rubric: Rubric
) -> Iterator[tuple[tuple[Any, ...], Place, object]]:
    """What a form says and where it says so: keys, place, and a text, a number or some names."""
    result = score(rubric, sheet)
    said: dict[tuple[Any, ...], object] = {
        (name,): getattr(sheet, name) for name in ("unit", "period", "assessor", "date")
    }
    for item in sheet.scores:
        given = sheet.score(item)
        said["scores", item] = given.score
        said["scores", item, "note"] = given.note
        said |= {("scores", item, name): fact for name, fact in given.facts.items()}
        if given.not_applicable:
            said["scores", item, "not_applicable"] = given.not_applicable
    for name, what in sheet.adjustments.items():
        said["adjustments", name] = what
        if isinstance(what, AdjustmentScore):
            said["adjustments", name] = Decimal(str(what.score or what.value))
            said["adjustments", name, "note"] = what.note
    said |= {("veto", name): reason for name, reason in sheet.veto.items()}
    sums = {"": result.total, **result.sections}
    said |= {
        ("sums", name): sums.get(name) if stated.follows else None
        for name, stated in source.sums.items()
    }
    assert source.cells is not None
    for keys, one in said.items():
        if keys in source.cells:
            cell = source.cells[keys]
            yield keys, (cell.row, cell.column), one


def disagreements(
    said: list[tuple[tuple[Any, ...], Place, object]], shown: ShownSheet, before: ShownSheet
) -> list[str]:
    """What of a form is shown otherwise than it was read, or has changed and was not read.

    ``before`` is the form as it was before anything was changed.
    """
    found = [
        f"{keys}: read {one!r}, shown {shown.text(place)!r}"
        for keys, place, one in said
        if not _is_same(keys, place, one, shown.text(place))
    ]
    read = {place for _, place, _ in said}
    old, new = _table(before), _table(shown)
    if not old or not new:  # the title of the points is another one, in the hidden sheet as well
        return found
    known = Counter(old.values())
    head, old_head = min(new)[0], min(old)[0]
    found += [
        f"shown and not read: {text!r} at {place}"
        for place, text in new.items()
        if place not in read
        and place[0] > head
        and place[1] > 1  # these and the head are titles: as in the hidden sheet
        and not known[text]
        and text != _NOT_A_FORMULA
    ]
    gone = known - Counter(new.values())
    inputs = {text for (_, column), text in old.items() if column >= _POINTS}
    titles = {text for (row, column), text in old.items() if column == 1 or row == old_head}
    labels = {old.get((row, 2), "") for row, column in old if (row, 3) not in old}
    caps = {old.get((row, 4), "") for row, column in old if (row, 3) not in old}
    harmless = inputs | titles | labels | caps
    found += [f"no longer shown: {text!r}" for text in gone if text not in harmless]
    return found


_NOT_A_FORMULA = "#NAME?"
"""Shown for a sum whose formula no program could have written; its stored result is compared."""

_POINTS = 5
"""The column of the points in a form; what stands there and beside is an input or a sum."""


def _table(sheet: ShownSheet) -> dict[Place, str]:
    """The texts in the table of a form, from its head to the last row that has points."""
    titles = {row for (row, _), text in sheet.texts.items() if _key(text) == "得分"}
    head = next((row for row in titles if "分值" in map(_key, sheet.row(row))), 0)
    last = max((row for row, column in sheet.texts if column >= _POINTS), default=0)
    texts = {place: _key(sheet.text(place)) for place in sheet.texts}
    return {
        place: text for place, text in texts.items() if head and head <= place[0] <= last and text
    }


def _key(text: object) -> str:
    return "".join(unicodedata.normalize("NFKC", str(text)).split())


_LABELS = (1, 4)
"""The columns of the labels of fields."""

_NOTHING = ("", "待计算")


def _is_same(keys: tuple[Any, ...], place: Place, read: object, shown: str) -> bool:
    is_blank = _key(shown) in _NOTHING
    if keys[0] == "sums":
        return read is None or is_blank or _number(str(read)) == _number(shown)
    if not read:
        is_label = len(keys) == 1 and place[1] in _LABELS  # an empty field is there
        is_zero = read is not None and _number(shown) == 0
        return is_blank or is_label or is_zero
    if isinstance(read, tuple):
        return [*map(_key, read)] == [*map(_key, names_of_cell(shown))]
    is_day = keys == ("date",) and days_in(str(read)) == days_in(shown) is not None
    number = None if keys[-1] == "note" else _number(str(read))
    is_number = number is not None and number == _number(shown)
    return is_day or is_number or _key(read) == _key(shown)


def _number(text: str) -> Decimal | None:
    bare = _key(text).removesuffix("分").lstrip("¥$").replace(",", "")
    try:
        return Decimal(bare)
    except InvalidOperation:
        return None


def sheet_read(source: Source, sheets: Mapping[str, ShownSheet]) -> ShownSheet:
    """The worksheet that was read among those that are shown."""
    assert source.cells is not None
    name = next(iter(source.cells.values())).name.rpartition("!")[0]
    return sheets.get(name) or next(iter(sheets.values()))
