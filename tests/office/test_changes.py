"""What a results workbook says of what was changed in it, worked out by LibreOffice."""

import shutil
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from openpyxl import Workbook, load_workbook
from tests.support.alterations import (
    COMMANDS,
    COMPARED_BY_NOBODY,
    KINDS,
    RUBRICS,
    Alteration,
    Original,
    drawn,
    opened_original,
    original_of,
)
from tests.support.examples import alterations
from tests.support.office import Office, data_bars, saved_as

from epa_score.cli.main import main

pytestmark = [pytest.mark.office, data_bars]

SAID = "导出后有改动"

GROUPS = ("一类", "二类")
"""Groups of units, which have rankings of their own."""

FORMS = "各单位评分表"
"""What 说明 calls all forms of a rubric."""


@cache
def originals() -> dict[str, Original]:
    """The workbooks of all examples as they were exported."""
    with TemporaryDirectory() as folder:
        return {name: original_of(name, Path(folder)) for name in COMMANDS}


@cache
def altered() -> dict[str, tuple[str, Alteration]]:
    """The drawn alterations, by number."""
    return {str(n): given for n, given in enumerate(drawn(originals(), alterations()))}


@saved_as("xlsx")
def altered_workbooks(_folder: Path) -> dict[str, bytes]:
    """Every workbook after its alteration."""
    return {
        number: alteration.apply(originals()[name])
        for number, (name, alteration) in altered().items()
    }


@saved_as("xlsx")
def saved_workbooks(_folder: Path) -> dict[str, bytes]:
    """The workbooks as they were exported, and as openpyxl saves them, which drops all figures."""
    found = {f"own-{name}": original.content for name, original in originals().items()}
    for name, original in originals().items():
        file = BytesIO()
        original.book.save(file)
        found[f"openpyxl-{name}"] = file.getvalue()
    return found


def lines_of(book: Workbook) -> dict[str, str]:
    """The line below the title of each printed worksheet."""
    compared = (sheet for sheet in book if not sheet.title.startswith(COMPARED_BY_NOBODY))
    return {sheet.title: sheet["A2"].value or "" for sheet in compared}


def forms_of(book: Workbook) -> set[str]:
    """The worksheets with the form of a unit."""
    return {sheet.title for sheet in book if str(sheet["A3"].value).startswith("被考核单位")}


def told_in(book: Workbook) -> dict[str, str]:
    """What 说明 says of each worksheet."""
    rows = [[str(cell) for cell in row] for row in book["说明"].values]
    begins = "导出后是否改动："
    return {row[-2].removeprefix(begins): row[-1] for row in rows if row[-2].startswith(begins)}


def worked_out(content: bytes) -> Workbook:
    return load_workbook(BytesIO(content), data_only=True)


def complaint(alteration: Alteration, book: Workbook) -> str:
    """What is wrong with what the workbook says of an alteration, if anything is."""
    lines, told = lines_of(book), told_in(book)
    apart = tuple(f"-{group}" for group in GROUPS if alteration.sheet.endswith(GROUPS))
    apart = tuple(ending for ending in apart if not alteration.sheet.endswith(ending))
    own = {name: line for name, line in lines.items() if not name.endswith(apart)}
    if not all(line.startswith(SAID) for line in own.values()):
        return f"no line: {lines}"
    said = told[alteration.sheet if alteration.sheet in told else FORMS]
    named = said.removeprefix(f"{alteration.sheet} ").partition("（")[0]
    places = sorted(alteration.cells, key=lambda place: _key(book, alteration.sheet, place))[:8]
    if not set(places) <= set(named.removesuffix(" 等").split("、")):
        return f"{places} not named: {told}"
    if f"导出后有改动：{said.removeprefix(f'{alteration.sheet} ')}" != (lines[alteration.sheet]):
        return f"the line is not what 说明 says: {lines}"
    return ""


def _key(book: Workbook, sheet: str, place: str) -> tuple[int, int]:
    cell = book[sheet][place]
    return cell.row, cell.column


def test_every_drawn_alteration_is_told_on_each_sheet_and_named(office: Office) -> None:
    found = office.saved("xlsx", altered_workbooks).contents
    assert len(found) == alterations()
    assert {alteration.kind for _, alteration in altered().values()} == set(KINDS)
    wrong = {}
    for number, (name, alteration) in altered().items():
        said = complaint(alteration, worked_out(found[number]))
        if said:
            wrong[f"{number} {name}"] = (alteration, said)
    assert not wrong


def test_nothing_is_told_of_a_workbook_that_was_only_saved(office: Office) -> None:
    found = office.saved("xlsx", saved_workbooks).contents
    again = office.convert("xlsx", found)
    assert len(found) == 2 * len(COMMANDS)
    for name in found:
        for content in (found[name], again[name].read_bytes()):
            book = worked_out(content)
            assert set(lines_of(book).values()) == {""}, name
            assert set(told_in(book).values()) == {"未改动"}, name
            tables = lines_of(book).keys() - forms_of(book)
            assert told_in(book).keys() - {FORMS} == tables


def test_the_tools_own_values_say_that_nothing_was_changed() -> None:
    for name, original in originals().items():
        assert set(lines_of(original.values).values()) == {""}, name
        assert set(told_in(original.values).values()) == {"未改动"}, name


def test_an_alteration_is_named_also_after_another_program_saved_the_workbook(
    office: Office,
) -> None:
    saved = office.saved("xlsx", saved_workbooks).contents
    again = {name: opened_original(saved[f"own-{name}"]) for name in COMMANDS}
    given = dict(enumerate(drawn(again, len(KINDS))))
    contents = {
        str(number): drawing.apply(again[name]) for number, (name, drawing) in given.items()
    }
    found = office.convert("xlsx", contents)
    for number, (name, alteration) in given.items():
        book = worked_out(found[str(number)].read_bytes())
        assert not complaint(alteration, book), (name, alteration)


@saved_as("xlsx")
def changed_groups(folder: Path) -> dict[str, bytes]:
    """The workbook of two groups with its forms, after a change in a table of one of them."""
    shutil.copytree(RUBRICS / "classes", folder, dirs_exist_ok=True)
    assert main(["--quiet", "export", "--xlsx", "-o", "groups.xlsx"]) == 0
    found = {}
    for sheet, place, value in (("得分明细-二类", "C7", 30), ("扣分明细-二类", "G5", "别的原因")):
        book = load_workbook(folder / "groups.xlsx")
        book[sheet][place] = value
        file = BytesIO()
        book.save(file)
        found[sheet] = file.getvalue()
    return found


def test_a_change_in_one_group_is_told_where_its_units_are_and_of_points_everywhere(
    office: Office,
) -> None:
    contents = office.saved("xlsx", changed_groups).contents
    told = {}
    for sheet, content in contents.items():
        lines = lines_of(worked_out(content))
        assert len(lines) == 2 * 8 + 5
        told[sheet] = {name for name, line in lines.items() if line.startswith(SAID)}
        assert told[sheet] >= {"排名汇总-二类", "得分明细-二类", "示例丁乡", "示例戊乡"}
    # Means of other units are taken from all groups.
    assert told["得分明细-二类"] >= {"排名汇总-一类", "得分明细-一类"}
    assert not told["扣分明细-二类"] & {"排名汇总-一类", "示例甲镇"}
