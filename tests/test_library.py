"""`import epa_score`: what a program can do without the command line."""

import decimal
import subprocess
import sys
from decimal import Decimal, localcontext
from pathlib import Path

import pytest
from tests.support.paths import ROOT, SCORES

import epa_score
from epa_score import diagnostics
from epa_score.diagnostics import Kind

TOWNSHIPS = sorted((ROOT / "examples" / "scores").glob("示例*.yaml"))

RUBRIC = """\
id: town
title: 乡镇
total: 100
decimals: 4
sections:
  - id: A
    title: 甲
    max: 100
    items:
      - {id: A1, max: 33.3333, text: 一}
      - {id: A2, max: 66.6667, text: 二}
"""
SHEET = "rubric: town\nunit: 甲镇\nscores: {A1: 0.1, A2: 66.6667}\n"


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """A rubric and a sheet."""
    rubric, sheet = tmp_path / "rubric.yaml", tmp_path / "甲镇.yaml"
    rubric.write_text(RUBRIC, encoding="utf-8")
    sheet.write_text(SHEET, encoding="utf-8")
    return rubric, sheet


def test_the_examples_are_ranked_in_five_lines() -> None:
    assert len(TOWNSHIPS) > 10
    rubric = epa_score.load_rubric("township")
    results = [epa_score.score(rubric, epa_score.load_sheet(one, rubric)) for one in TOWNSHIPS]
    ranking = epa_score.rank(rubric, results)
    assert ranking.placings[0].result.unit == "示例丙镇"
    assert {one.result.unit for one in ranking.placings} == {one.stem for one in TOWNSHIPS}
    assert all(isinstance(one.result.total, Decimal) for one in ranking.placings)


def test_files_are_given_as_paths_or_as_text(files: tuple[Path, Path]) -> None:
    rubric, sheet = files
    loaded = epa_score.load_rubric(rubric)
    assert loaded == epa_score.load_rubric(str(rubric))
    assert epa_score.load_sheet(sheet, loaded) == epa_score.load_sheet(str(sheet), loaded)
    assert isinstance(loaded, epa_score.Rubric)
    assert isinstance(epa_score.load_sheet(sheet, loaded), epa_score.ScoreSheet)


def test_a_sheet_without_a_rubric_is_checked_by_the_one_that_it_names(tmp_path: Path) -> None:
    path = tmp_path / "sheet.yaml"
    path.write_text(
        TOWNSHIPS[0].read_text("utf-8").replace("rubric: township", "rubric: departments"),
        encoding="utf-8",
    )
    assert epa_score.load_sheet(TOWNSHIPS[0]).rubric == "township"
    with pytest.raises(epa_score.InputError):
        epa_score.load_sheet(path)


def test_a_sheet_of_another_rubric_than_the_given_one_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "rubric.yaml"
    path.write_text(RUBRIC, encoding="utf-8")
    with pytest.raises(epa_score.InputError) as error:
        epa_score.load_sheet(TOWNSHIPS[0], epa_score.load_rubric(path))
    (found,) = error.value.diagnostics
    assert found.kind is Kind.WRONG_RUBRIC
    assert (found.parameters["rubric"], found.parameters["other"]) == ("township", "town")


def test_everything_that_is_wrong_is_in_one_exception(tmp_path: Path) -> None:
    path = tmp_path / "sheet.yaml"
    path.write_text("rubric: township\nunit: 甲镇\nscores: {A1: 9, Z9: 1}\n", encoding="utf-8")
    with pytest.raises(epa_score.InputError) as error:
        epa_score.load_sheet(path)
    assert [(one.kind, one.location.line) for one in error.value.diagnostics] == [
        (Kind.ITEMS_UNSCORED, 3),
        (Kind.POINTS_OVER_CAP, 3),
        (Kind.UNKNOWN_ITEM, 3),
    ]
    lines = str(error.value).splitlines()
    assert len(lines) == 3
    assert lines[1].startswith(f"{path}:3:14: error[EPA104] points_over_cap item=A1 points=9 cap=3")


@pytest.mark.parametrize("name", ["no.yaml", "a\0.yaml"])
def test_a_missing_file_is_an_input_error_as_well(tmp_path: Path, name: str) -> None:
    for load in (epa_score.load_rubric, epa_score.load_sheet):
        with pytest.raises(epa_score.InputError):
            load(tmp_path / name)


def test_a_faulty_rubric_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "rubric.yaml"
    path.write_text(RUBRIC.replace("total: 100", "total: 99"), encoding="utf-8")
    with pytest.raises(epa_score.InputError) as error:
        epa_score.load_rubric(path)
    assert [one.kind for one in error.value.diagnostics] == [Kind.SUM_MISMATCH]


CONTEXTS = {
    "few digits": decimal.Context(prec=2, traps=[]),
    "few digits, strict": decimal.Context(prec=2, traps=[decimal.Inexact, decimal.Rounded]),
    "small exponents": decimal.Context(prec=3, Emin=-1, Emax=1, traps=[]),
    "rounding up": decimal.Context(prec=1, rounding=decimal.ROUND_UP, traps=[]),
    "basic": decimal.BasicContext,
}


@pytest.mark.parametrize("name", CONTEXTS)
def test_nothing_depends_on_the_decimal_context_of_the_caller(
    name: str, files: tuple[Path, Path], tmp_path: Path
) -> None:
    with localcontext(CONTEXTS[name]):
        rubric = epa_score.load_rubric(files[0])
        result = epa_score.score(rubric, epa_score.load_sheet(files[1], rubric))
        ranking = epa_score.rank(rubric, [result])
    assert str(result.total) == "66.7667"
    assert ranking.placings[0].result == result
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(RUBRIC.replace("66.6667", "66.6668"), encoding="utf-8")
    over = tmp_path / "over.yaml"
    over.write_text(SHEET.replace("66.6667", "66.6668"), encoding="utf-8")
    with localcontext(CONTEXTS[name]):
        with pytest.raises(epa_score.InputError) as error:
            epa_score.load_rubric(wrong)
        with pytest.raises(epa_score.InputError) as of_sheet:
            epa_score.load_sheet(over, rubric)
    assert str(error.value.diagnostics[0].parameters["added"]) == "100.0001"
    assert str(of_sheet.value.diagnostics[0].parameters["excess"]) == "0.0001"


def test_public_names_are_there_and_no_others() -> None:
    assert sorted(epa_score.__all__) == [
        *["InputError", "Ranking", "Result", "Rubric", "ScoreSheet"],
        *["load_rubric", "load_sheet", "rank", "score", "score_panel"],
    ]
    assert all(getattr(epa_score, name).__doc__ for name in epa_score.__all__)
    with pytest.raises(AttributeError, match="no attribute 'total'"):
        _ = epa_score.total
    assert epa_score.__version__.count(".") == 2


def test_importing_the_package_imports_nothing_heavy() -> None:
    code = "import sys, epa_score; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, encoding="utf-8"
    ).stdout.split()
    assert "epa_score" in loaded
    assert not {"pydantic", "yaml", "rich", "typer", "openpyxl", "xlsxwriter"} & {*loaded}


def test_a_name_that_no_module_has_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="nothing"):
        _ = diagnostics.nothing


def modules_of_run(*arguments: str) -> set[str]:
    """The modules that a run of the program has imported at its end."""
    code = (
        f"import sys; from epa_score.cli.main import main; assert main({arguments!r}) == 0;"
        "print(*sys.modules)"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, encoding="utf-8"
    ).stdout
    return {name.removeprefix("epa_score.") for name in shown.splitlines()[-1].split()}


def test_checking_a_plain_sheet_imports_nothing_of_results() -> None:
    loaded = modules_of_run("validate", str(SCORES / "示例甲镇.yaml"))
    assert "model.rubric" in loaded
    assert not {"model.rubric_options", "model.composite", "cli.marking", "readers.excel"} & loaded
    assert {name for name in loaded if name.startswith("reports.")} == {"reports.coverage"}
    assert not {"exporters", "rich", "openpyxl", "xlsxwriter", "jinja2"} & loaded


def test_ranking_by_a_rubric_imports_nothing_of_composites() -> None:
    loaded = modules_of_run("rank", str(SCORES), "--rubric", "township", "--format", "csv")
    assert "scoring.rank" in loaded
    assert not {name for name in loaded if "composite" in name or "stability" in name}
    assert not {"openpyxl", "xlsxwriter", "jinja2"} & loaded
