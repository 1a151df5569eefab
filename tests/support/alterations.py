"""Single alterations of results workbooks, as somebody might make them after the export."""

import os
import string
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from tests.support.paths import ROOT, SCORES

from epa_score.cli.main import main

RUBRICS = ROOT / "examples" / "rubrics"
RULED = tuple(sorted(path.name for path in RUBRICS.iterdir()))

COMMANDS = {
    **{name: [str(SCORES), "--rubric", name] for name in ("township", "departments")},
    **{name: ["scores"] for name in RULED},
    "year": ["--composite", "year.yaml"],
    "sums": ["--composite", "sum.yaml"],
}
"""What is exported, in the folder of the example."""

FOLDERS = {
    **{name: RUBRICS / name for name in RULED},
    "year": ROOT / "examples" / "composite",
    "sums": ROOT / "examples" / "sums",
}

WITH_FORMS = ("jury", "shared", "village")
"""The examples whose workbooks have the forms of the units as well, which takes longer."""

SIGNED = "（签字）"

SIGNED_SHEETS = ("排名汇总", "得分明细", "扣分明细")
COMPARED_BY_NOBODY = ("说明", "排名图")
"""Those that are drawn twice as often."""


class Area(NamedTuple):
    """The cells of a worksheet that people see, and that are compared: from row 3 on."""

    sheet: str
    columns: int
    bottom: int
    is_form: bool
    """True for the form of a unit."""


class Original(NamedTuple):
    """A workbook as it was exported: its formulas, its values, and what is compared."""

    content: bytes
    book: Workbook
    values: Workbook
    areas: tuple[Area, ...]

    def value(self, sheet: str, place: str) -> Any:
        """What a cell shows."""
        return self.values[sheet][place].value


def original_of(name: str, folder: Path) -> Original:
    """The workbook of an example; the current folder is that of the example."""
    target = folder / f"{name}.xlsx"
    forms = [] if name in WITH_FORMS else ["--no-forms"]
    given = [*COMMANDS[name], "--xlsx", *forms, "-o", str(target)]
    before = Path.cwd()
    os.chdir(FOLDERS.get(name, ROOT))
    try:
        assert main(["--quiet", "export", *given]) == 0
    finally:
        os.chdir(before)
    return opened_original(target.read_bytes())


def opened_original(content: bytes) -> Original:
    """A workbook that was exported, and perhaps saved again."""
    book, values = (load_workbook(BytesIO(content), data_only=only) for only in (False, True))
    areas = tuple(
        _area_of(sheet) for sheet in book if not sheet.title.startswith(COMPARED_BY_NOBODY)
    )
    assert areas
    return Original(content, book, values, areas)


def _area_of(sheet: Worksheet) -> Area:
    hidden = [column.min or 0 for column in sheet.column_dimensions.values() if column.hidden]
    columns = min(hidden) - 1
    firsts = [str(value) for (value,) in sheet.iter_rows(max_col=1, values_only=True)]
    signed = [number for number, text in enumerate(firsts, 1) if SIGNED in text]
    bottom = signed[0] - 1 if signed else len(firsts)
    return Area(sheet.title, columns, bottom, firsts[2].startswith("被考核单位"))


class Alteration(NamedTuple):
    """New values of some cells of one worksheet."""

    kind: str
    sheet: str
    cells: Mapping[str, Any]

    def apply(self, original: Original) -> bytes:
        """The workbook with the alteration; figures are left to be worked out."""
        sheet = original.book[self.sheet]
        before = {place: sheet[place].value for place in self.cells}
        for place, value in self.cells.items():
            sheet[place].value = value
            if isinstance(value, str) and value.startswith("="):
                sheet[place].data_type = "s"
        file = BytesIO()
        original.book.save(file)
        for place, value in before.items():
            sheet[place].value = value
        return file.getvalue()


def draw(original: Original, kind: str, random: Random) -> Alteration | None:
    """An alteration of a kind, or nothing where the drawn worksheet has no cells for it."""
    signed = [area for area in original.areas if area.sheet.startswith(SIGNED_SHEETS)]
    tables = [area for area in original.areas if not area.is_form]
    forms = [area for area in original.areas if area.is_form]
    some = random.sample(forms, min(len(forms), len(SIGNED_SHEETS)))
    area = random.choice([*tables, *signed, *some])
    cells = KINDS[kind](Drawing(original, area, random))
    changed = {
        place: value
        for place, value in (cells or {}).items()
        if not _is_same(value, original.value(area.sheet, place))
        and not isinstance(original.book[area.sheet][place], MergedCell)
    }
    return Alteration(kind, area.sheet, changed) if changed else None


def _is_same(new: Any, old: Any) -> bool:
    return new == old and isinstance(new, str) == isinstance(old, str)


class Drawing(NamedTuple):
    """Draws cells of a worksheet."""

    original: Original
    area: Area
    random: Random

    def cells(self, wanted: Callable[[Any], bool]) -> list[str]:
        """The places of the cells whose values are wanted."""
        sheet = self.original.values[self.area.sheet]
        rows = sheet.iter_rows(3, self.area.bottom, 1, self.area.columns)
        areas = sheet.merged_cells.ranges
        covered = {place for area in areas for place in area.cells}
        covered -= {(area.min_row, area.min_col) for area in areas}
        return [
            cell.coordinate
            for row in rows
            for cell in row
            if (cell.row, cell.column) not in covered and wanted(cell.value)
        ]

    def one(self, wanted: Callable[[Any], bool]) -> str | None:
        """One of them."""
        places = self.cells(wanted)
        return self.random.choice(places) if places else None

    def value(self, place: str) -> Any:
        """What a cell shows."""
        return self.original.value(self.area.sheet, place)

    def column(self, title: str) -> list[str]:
        """The places of the figures or texts below a title, without notes across the table."""
        sheet = self.original.values[self.area.sheet]
        for row in sheet.iter_rows(3, 6, 1, self.area.columns):
            for cell in row:
                if str(cell.value).startswith(title):
                    letter, last = get_column_letter(cell.column or 0), self.area.bottom
                    below = (f"{letter}{number}" for number in range((cell.row or 0) + 1, last + 1))
                    areas = sheet.merged_cells.ranges
                    across = {area.min_row for area in areas if area.size["columns"] > 1}
                    places = (place for place in below if row_of(place) not in across)
                    return [place for place in places if self.value(place) is not None]
        return []


Cells = Mapping[str, Any] | None

_DIGITS = "0123456789"


def row_of(place: str) -> int:
    """The row of a cell."""
    return int(place.lstrip(string.ascii_uppercase))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def _is_long(value: Any) -> bool:
    return isinstance(value, str) and len(value) > 6


def change_a_digit(given: Drawing) -> Cells:
    """A figure with one other digit."""
    place = given.one(_is_number)
    if place is None:
        return None
    digits = list(f"{given.value(place):g}")
    number = given.random.choice([n for n, sign in enumerate(digits) if sign.isdigit()])
    digits[number] = given.random.choice(_DIGITS)
    return {place: float("".join(digits))}


def change_a_little(given: Drawing) -> Cells:
    """A figure that is shown as it was, with the decimals of its column."""
    place = given.one(_is_number)
    return None if place is None else {place: given.value(place) + 0.0004}


def change_a_letter(given: Drawing) -> Cells:
    """A text with one other letter: a name, a wording, a reason, a note."""
    place = given.one(_is_text)
    if place is None:
        return None
    text = given.value(place)
    number = given.random.randrange(len(text))
    return {place: text[:number] + given.random.choice("甲乙丙丁1a") + text[number + 1 :]}


def change_a_reason(given: Drawing) -> Cells:
    """A long text that ends otherwise."""
    place = given.one(_is_long)
    return None if place is None else {place: given.value(place)[:-1]}


def add_a_space(given: Drawing) -> Cells:
    """A text with a space after it."""
    place = given.one(_is_text)
    return None if place is None else {place: given.value(place) + " "}


def change_the_case(given: Drawing) -> Cells:
    """A text with its Latin letters in the other case."""
    place = given.one(lambda value: _is_text(value) and value.swapcase() != value)
    return None if place is None else {place: given.value(place).swapcase()}


def change_a_rank(given: Drawing) -> Cells:
    """A rank that is better."""
    places = [place for place in given.column("名次") if _is_number(given.value(place))]
    if not places:
        return None
    place = given.random.choice(places)
    return {place: max(1, given.value(place) - 1)}


def rename_a_unit(given: Drawing) -> Cells:
    """The name of a unit is that of another."""
    places = given.column("单位")
    if not places:
        return None
    place, other = given.random.choice(places), given.random.choice(places)
    return {place: given.value(other)}


def exchange_names(given: Drawing) -> Cells:
    """Two units change places, and everything else stays where it is."""
    places = given.column("单位")
    if len(places) < 2:
        return None
    first, second = given.random.sample(places, 2)
    return {first: given.value(second), second: given.value(first)}


def exchange_rows(given: Drawing) -> Cells:
    """Two rows change places, as far as one sees them."""
    places = given.column("单位")
    if len(places) < 2:
        return None
    first, second = (row_of(place) for place in given.random.sample(places, 2))
    found: dict[str, Any] = {}
    for column in range(1, given.area.columns + 1):
        letter = get_column_letter(column)
        above, below = f"{letter}{first}", f"{letter}{second}"
        found |= {above: given.value(below), below: given.value(above)}
    return found


def move_points(given: Drawing) -> Cells:
    """Two figures of a row, whose sum stays the same."""
    place = given.one(_is_number)
    if place is None:
        return None
    beside = [
        other
        for other in given.cells(_is_number)
        if row_of(other) == row_of(place) and other != place
    ]
    if not beside:
        return None
    other = given.random.choice(beside)
    return {place: given.value(place) + 0.5, other: given.value(other) - 0.5}


def part_equal_figures(given: Drawing) -> Cells:
    """One of two equal figures of a column."""
    places = given.cells(_is_number)
    by_figure: dict[tuple[str, Any], list[str]] = {}
    for place in places:
        by_figure.setdefault((place.rstrip(_DIGITS), given.value(place)), []).append(place)
    equal = [same for same in by_figure.values() if len(same) > 1]
    if not equal:
        return None
    place = given.random.choice(given.random.choice(equal))
    return {place: given.value(place) + 0.01}


def write_a_number_as_text(given: Drawing) -> Cells:
    """A figure as text, which no sum counts."""
    place = given.one(_is_number)
    return None if place is None else {place: f"{given.value(place):g}"}


def empty_a_cell(given: Drawing) -> Cells:
    """Nothing where there was something."""
    place = given.one(lambda value: value is not None)
    return None if place is None else {place: None}


def write_zero(given: Drawing) -> Cells:
    """0 where nothing was, or another figure."""
    place = given.one(lambda value: value is None or _is_number(value))
    return None if place is None else {place: 0}


def write_an_error(given: Drawing) -> Cells:
    """An error in place of a figure or a text."""
    place = given.one(lambda value: value is not None)
    return None if place is None else {place: "#N/A"}


def change_the_title(given: Drawing) -> Cells:
    """Another year, or nothing provisional, in the title."""
    return {"A1": str(given.value("A1"))[:-1]}


KINDS: Mapping[str, Callable[[Drawing], Cells]] = {
    kind.__name__: kind
    for kind in (
        *(change_a_digit, change_a_little, change_a_letter, change_a_reason, add_a_space),
        *(change_the_case, change_a_rank, rename_a_unit, exchange_names, exchange_rows),
        *(move_points, part_equal_figures, write_a_number_as_text, empty_a_cell, write_zero),
        *(write_an_error, change_the_title),
    )
}


def drawn(originals: Mapping[str, Original], number: int) -> Iterator[tuple[str, Alteration]]:
    """So many alterations, each with the name of its workbook, all kinds in turn."""
    random = Random(11)  # noqa: S311 -- the same alterations in every run
    names, kinds = [*originals], [*KINDS]
    found = turn = 0
    while found < number:
        name, kind = names[turn % len(names)], kinds[found % len(kinds)]
        turn += 1
        alteration = draw(originals[name], kind, random)
        if alteration is not None:
            found += 1
            yield name, alteration
