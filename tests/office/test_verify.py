"""Results that LibreOffice or openpyxl has saved again agree with their sheets as before.

`EPA_SCORE_RESAVINGS=200` tries two hundred of them, half by each program.
"""

import io
import os
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pytest
from openpyxl import load_workbook
from tests.support.commands import Run
from tests.support.office import Office, data_bars, saved_as
from tests.support.published import BASES, COMPOSITE, found_places, options_of, set_up

from epa_score.cli.main import main

pytestmark = [pytest.mark.office, data_bars]

SHARE = int(os.environ.get("EPA_SCORE_RESAVINGS") or 20) // 2
"""The results that each program saves again."""


class Made(NamedTuple):
    """A result that was exported, the folder with its sheets, and its options."""

    data: bytes
    folder: Path
    options: list[str]


MADE: dict[str, Made] = {}


def make(number: int, folder: Path) -> Made:
    """Export a result of some of the sheets of a base, with some options."""
    random = Random(number)  # noqa: S311 -- the same results in every run
    base = BASES[number % len(BASES)]
    set_up(base, folder)
    options = options_of(base)
    sheets = sorted((folder / "scores").glob("*.yaml"))
    if base not in (COMPOSITE, "jury", "shared") and len(sheets) > 2:
        for sheet in random.sample(sheets, random.randrange(len(sheets) - 1)):
            sheet.unlink()
    if random.random() < 0.3:
        options += ["--ties", "dense"]
    more = ["--no-forms"] if random.random() < 0.2 else []
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        code = main(["-q", "export", "--xlsx", "-o", "result.xlsx", *options, *more])
    assert code == 0
    return Made((folder / "result.xlsx").read_bytes(), folder, options)


@saved_as("xlsx")
def results(folder: Path) -> dict[str, bytes]:
    for number in range(SHARE):
        own = folder / str(number)
        own.mkdir()
        MADE[f"result{number}"] = make(number, own)
    return {name: made.data for name, made in MADE.items()}


def saved_by_openpyxl(data: bytes) -> bytes:
    book = load_workbook(io.BytesIO(data))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def verify_saved(
    name: str, data: bytes, run: Run, monkeypatch: pytest.MonkeyPatch
) -> tuple[int, str]:
    """Verify a result that was saved again; without its options, which it records."""
    made = MADE[name]
    monkeypatch.chdir(made.folder)
    Path("saved.xlsx").write_bytes(data)
    outcome = run("verify", "saved.xlsx", "--format", "json")
    assert found_places(outcome) == set()
    return outcome.code, outcome.text + outcome.said


@pytest.mark.parametrize("number", range(SHARE))
def test_a_result_that_libreoffice_saved_agrees(
    number: int, office: Office, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = f"result{number}"
    data = office.saved("xlsx", results).contents[name]
    code, said = verify_saved(name, data, run, monkeypatch)
    assert code == 0, said
    assert "EPA614" not in said


@pytest.mark.parametrize("number", range(SHARE))
def test_a_result_that_openpyxl_saved_agrees_and_says_that_it_has_no_values(
    number: int, office: Office, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = f"result{number}"
    data = saved_by_openpyxl(office.saved("xlsx", results).made[name])
    code, said = verify_saved(name, data, run, monkeypatch)
    assert code == 0, said
    assert "EPA614" in said


def change_formula(data: bytes) -> bytes:
    """The result with another formula in place of the first sum of the ranking."""
    book = load_workbook(io.BytesIO(data))
    sheet = book["排名汇总"]
    cell: Any = next(
        cell
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str) and cell.value.startswith("=")
    )
    cell.value = "=1+1"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def change_figure(data: bytes) -> bytes:
    """The result with other points for the first item of the first unit."""
    book = load_workbook(io.BytesIO(data))
    cell: Any = next(
        cell
        for row in book["得分明细"].iter_rows(min_row=4)
        for cell in row[2:]
        if isinstance(cell.value, int | float)
    )
    cell.value += 1
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@saved_as("xlsx")
def changed_results(folder: Path) -> dict[str, bytes]:
    """A result in which somebody has changed points, which other figures follow."""
    MADE["changed"] = make(3, folder)
    return {"changed": change_figure(MADE["changed"].data)}


def test_a_changed_figure_is_found_with_all_that_followed_it(
    office: Office, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved = office.saved("xlsx", changed_results)
    monkeypatch.chdir(MADE["changed"].folder)
    Path("saved.xlsx").write_bytes(saved.contents["changed"])
    outcome = run("verify", "saved.xlsx", "--format", "json")
    assert outcome.code == 1
    sheets = {place.partition("!")[0] for place in found_places(outcome)}
    assert "得分明细" in sheets
    assert len(sheets) > 1


@pytest.mark.parametrize("change", [change_formula, change_figure])
def test_a_change_is_found_without_any_value(
    change: Callable[[bytes], bytes], folder: Path, run: Run
) -> None:
    made = make(3, folder)
    Path("saved.xlsx").write_bytes(change(made.data))
    outcome = run("verify", "saved.xlsx", "--format", "concise")
    assert outcome.code == 1
    (error,) = [line for line in outcome.text.splitlines() if "EPA600" in line]
    assert ("=1+1" in error) == (change is change_formula)
