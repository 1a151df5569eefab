"""Twelve invented texts with traps: every total is the text's, computed by hand, or it is asked.

The texts, the rubrics that an author writes from them and what they come to by hand stand in
`twelve_texts/`, with the working in a comment.
"""

import csv
import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from openpyxl import load_workbook
from tests.support.authored import AuthoredText, fill_in_form, read_texts
from tests.support.commands import Run, ranked, rows

TEXTS = read_texts(Path(__file__).with_name("twelve_texts"))
ASKED = [(name, number) for name, text in TEXTS.items() for number in range(len(text.data["asks"]))]


def same(found: Mapping[str, Any], expected: Mapping[str, Any]) -> bool:
    """Whether two figures a unit are the same numbers, however they are written."""
    return {unit: Decimal(str(value)) for unit, value in found.items()} == {
        unit: Decimal(value) for unit, value in expected.items()
    }


def check_ranking(run: Run, text: AuthoredText, *more: str) -> None:
    """A ranking shows the totals, the ranks and the bands of the text."""
    found = {row["unit"]: row for row in ranked(run, *text.commands(), *more)}
    assert same({unit: row["total"] for unit, row in found.items()}, text.data["totals"])
    assert {unit: row["rank"] for unit, row in found.items()} == text.data["ranks"]
    for unit, band in text.data.get("bands", {}).items():
        assert found[unit]["band"] == band
    for unit, figures in text.data.get("scaled", {}).items():
        shown = [found[unit]["scaled"], found[unit]["rank_points"]]
        assert [Decimal(one) for one in shown] == [Decimal(one) for one in figures]


@pytest.fixture(params=TEXTS)
def text(request: pytest.FixtureRequest, folder: Path) -> AuthoredText:
    """Each of the texts, whose files lie in the current ``folder``."""
    assert not any(folder.iterdir())
    TEXTS[request.param].write()
    return TEXTS[request.param]


def test_there_are_twelve_of_them() -> None:
    assert len(TEXTS) == 12


def test_every_total_is_that_of_the_text(run: Run, text: AuthoredText) -> None:
    checked = run("validate", *map(str, Path("rubrics").iterdir()))
    assert checked.code == 0, checked.text
    sheets = run("validate", *sorted({text.folder_of(sheet) for sheet in text.sheets()}))
    assert sheets.code == 0, sheets.text
    check_ranking(run, text)


def test_results_in_every_format_say_the_same_and_are_verified(
    run: Run, text: AuthoredText
) -> None:
    outcome = run("export", "--xlsx", "--json", "--csv", "--md", *text.commands())
    assert outcome.code == 0, outcome.said
    (result,) = Path().glob("*.json")
    data = json.loads(result.read_text("utf-8"))
    found = {row["unit"]: row["total"] for row in data["ranking"]}
    assert same(found, text.data["totals"])
    lists = sorted(Path().glob("排名汇总*.csv"))
    assert same(totals_of_csv(lists), text.data["totals"])
    assert same(totals_of_workbook(result.with_suffix(".xlsx")), text.data["totals"])
    for path in (result.with_suffix(".xlsx"), result, *lists):
        verified = run("verify", path, *text.commands())
        assert verified.code == 0, verified.text + verified.said


def totals_of_csv(paths: Iterable[Path]) -> dict[str, str]:
    """The totals by unit in rankings in CSV, one of each group."""
    found = {}
    for path in paths:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            for row in csv.DictReader(lines):
                (head,) = (head for head in row if head.partition("（")[0] == "总分")
                found[row["单位"]] = row[head]
    return found


def totals_of_workbook(path: Path) -> dict[str, object]:
    """The totals by unit that a workbook shows, of all its rankings."""
    found: dict[str, object] = {}
    for page in load_workbook(path, data_only=True).worksheets:
        if not page.title.startswith("排名汇总"):
            continue
        column, unit = 0, 1
        for row in page.iter_rows():
            heads = [str(cell.value or "").partition("（")[0].replace("\n", "") for cell in row]
            if "总分" in heads:
                column, unit = heads.index("总分"), heads.index("单位")
            elif column and row[column].value is not None and row[unit].value not in {None, ""}:
                found[str(row[unit].value)] = row[column].value
    return {name: value for name, value in found.items() if "均" not in name}


def test_forms_that_are_filled_in_come_to_the_same(run: Run, text: AuthoredText) -> None:
    folders = {text.folder_of(sheet) for sheet in text.sheets()}
    for sheet in text.sheets():
        fill_in_sheet(run, yaml.safe_load(sheet))
    for folder in folders:
        Path(folder).rename(f"written-{folder}")
        Path(f"filled-{text_rubric(text, folder)}").rename(folder)
    check_ranking(run, text)


def test_sheets_that_are_converted_into_forms_come_to_the_same(
    run: Run, text: AuthoredText
) -> None:
    for folder in {text.folder_of(sheet) for sheet in text.sheets()}:
        converted = run("convert", folder, "-o", f"forms-{folder}")
        assert converted.code == 0, converted.said
        Path(folder).rename(f"written-{folder}")
        Path(f"forms-{folder}").rename(folder)
    check_ranking(run, text)


def test_the_account_of_every_unit_comes_to_its_total(run: Run, text: AuthoredText) -> None:
    for unit, total in text.data["totals"].items():
        account = run("explain", "--unit", unit, *text.commands())
        assert account.code == 0, account.said
        lines = [line.split("\t") for line in account.text.splitlines()]
        assert total in next(line for line in lines if "总分" in line[:2]), account.text


def text_rubric(text: AuthoredText, folder: str) -> str:
    """The rubric whose sheets lie in a folder."""
    return folder if folder in text.data["rubrics"] else text.main_rubric


def fill_in_sheet(run: Run, sheet: Mapping[str, Any]) -> None:
    """Make the form of a sheet, and fill it in."""
    rubric, unit = sheet["rubric"], sheet["unit"]
    options = [f"--{key}={sheet[key]}" for key in ("assessor", "period") if key in sheet]
    number = sum(1 for _ in Path().glob("blank-*"))
    blank, filled = f"blank-{number}", Path(f"filled-{rubric}")
    made = run("form", "--xlsx", "--rubric", rubric, "--unit", unit, "-o", blank, *options)
    assert made.code == 0, made.said
    filled.mkdir(exist_ok=True)
    (path,) = Path(blank).rglob("*.xlsx")
    target = path.rename(filled / f"{number:02}.xlsx")
    fill_in_form(target, sheet)


@pytest.mark.parametrize(("name", "number"), ASKED)
@pytest.mark.usefixtures("folder")
def test_another_wording_is_asked_about(run: Run, name: str, number: int) -> None:
    change = TEXTS[name].data["asks"][number]
    text = TEXTS[name].altered(change)
    text.write()
    outcome = run("rank", *text.commands())
    assert outcome.code == 1
    assert change["says"] in outcome.text + outcome.said


@pytest.mark.usefixtures("folder")
def test_a_pool_whose_facts_are_missing_is_ranked_as_it_may_come(run: Run) -> None:
    text = TEXTS["08_provisional_pool"]
    expected = text.data["provisional"]
    text.altered({"in": "sheets", **expected}).write()
    found = {row["unit"]: row for row in rows(run("rank", "--provisional", "--format", "json"))}
    assert same({unit: row["total"] for unit, row in found.items()}, expected["totals"])
    for end in ("best", "worst"):
        assert {unit: row[end] for unit, row in found.items()} == expected[end]
