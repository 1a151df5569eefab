"""Habits of office staff, on forms that LibreOffice has saved: read as shown, or a finding."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.support import form_facts
from tests.support.forms import SHELF, edited, example, form, given_in
from tests.support.habits import FACT_HABITS, HABITS, Habit
from tests.support.office import Office, saved_as

from epa_score.diagnostics import Kind
from epa_score.readers.files import READERS
from epa_score.readers.sheets import SheetFile, sheet_of

pytestmark = pytest.mark.office

BY_NAME = {habit.name: habit for habit in HABITS}
OF_FACTS = {habit.name: habit for habit in FACT_HABITS}


def done(habit: Habit, data: bytes) -> bytes:
    """A form after somebody did what is a habit of theirs."""
    if habit.change is not None:
        data = habit.change(data)
    return edited(habit.edit, data) if habit.edit is not None else data


def is_harmless(habit: Habit) -> bool:
    return all(kind.severity != "error" for kind in habit.found.values())


def read(data: bytes) -> SheetFile:
    return sheet_of(data, READERS[".xlsx"]("甲镇.xlsx", data)[0], SHELF, incomplete=False)


def kinds(file: SheetFile) -> dict[str, Kind]:
    return {one.location.cell: one.kind for one in file.diagnostics}


def expected(habit: Habit) -> object:
    """All that the form is to say after a habit."""
    sheet = example()
    given: dict[str, Any] = sheet.model_dump()
    for name in given["scores"]:
        score = sheet.score(name)
        given["scores"][name] = {"score": score.score, "note": score.note}
        if habit.keeps_evidence:
            given["scores"][name]["evidence"] = score.evidence
    for name, value in habit.said.items():
        if name in given:
            given[name] = value
        else:
            given["scores"][name]["score" if value == "0" else "note"] = value
    return given_in(type(sheet).model_validate(given))


def names_of(habits: Mapping[str, Habit]) -> dict[str, str]:
    return {name: name.replace(" ", "_") for name in habits}


@saved_as("xlsx")
def forms_with_habits(_folder: Path) -> dict[str, bytes]:
    """The form of the example after each habit."""
    assert len(BY_NAME) == len(HABITS) > 100
    return {file: done(BY_NAME[name], form(example())) for name, file in names_of(BY_NAME).items()}


@pytest.mark.parametrize("name", BY_NAME)
def test_a_habit_is_read_as_it_is_shown_or_is_a_finding(name: str, office: Office) -> None:
    habit = BY_NAME[name]
    file = read(office.saved("xlsx", forms_with_habits).contents[names_of(BY_NAME)[name]])
    assert kinds(file) == habit.found
    if is_harmless(habit):
        assert given_in(file.sheet) == expected(habit)


@saved_as("xlsx")
def facts_with_habits(_folder: Path) -> dict[str, bytes]:
    """A form with facts after each habit."""
    assert len(OF_FACTS) == len(FACT_HABITS) > 20
    form_with_facts = form_facts.form_of(form_facts.sheet_in(form_facts.SHEET))
    return {
        file: done(OF_FACTS[name], form_with_facts) for name, file in names_of(OF_FACTS).items()
    }


@pytest.mark.parametrize("name", OF_FACTS)
def test_facts_are_read_as_they_are_shown_or_are_findings(name: str, office: Office) -> None:
    habit = OF_FACTS[name]
    data = office.saved("xlsx", facts_with_habits).contents[names_of(OF_FACTS)[name]]
    file = form_facts.taken(data, incomplete=False)
    assert kinds(file) == habit.found
    if is_harmless(habit):
        meant = form_facts.sheet_in(form_facts.SHEET)
        if "V1" in habit.said:
            meant = meant.model_copy(update={"veto": {}})
        assert form_facts.said(file.sheet) == form_facts.said(meant)


OFTEN = [
    "columns wider",
    "all cells unmerged",
    "blank row between items",
    "column left",
    "sums as SUM",
    "noise of a calculation",
    "points shown as 0.00",
    "day as a day",
    "note in several fonts",
    "points typed as text",
    "wrong total typed",
    "grouped and collapsed rows",
]


@pytest.mark.parametrize("other", ["xls", "ods"])
def test_a_form_that_was_another_kind_of_file_in_between_is_read_as_before(
    other: str, office: Office
) -> None:
    """Staff save a form as their program likes, are sent back for it, and save it anew."""
    given = {f"{number}": done(BY_NAME[name], form(example())) for number, name in enumerate(OFTEN)}
    there = office.convert(other, given)
    others = {name: path.read_bytes() for name, path in there.items()}
    back = office.convert("xlsx", others, given=other)
    for number, name in enumerate(OFTEN):
        file = read(back[f"{number}"].read_bytes())
        assert kinds(file) == BY_NAME[name].found, name
        if is_harmless(BY_NAME[name]):
            assert given_in(file.sheet) == expected(BY_NAME[name]), name
