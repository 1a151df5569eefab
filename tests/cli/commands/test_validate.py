"""`validate`: sound and faulty files, in every format."""

import json
import re
from pathlib import Path

import pytest
from tests.support.commands import (
    FULL_MARKS,
    HandIn,
    Run,
)

from epa_score import __version__

# --- the three lines of the README -----------------------------------------------------------


def test_validate_passes_a_sound_sheet(examples: Path, run: Run) -> None:
    (examples / "scores" / "示例甲镇.yaml").rename("sheet.yaml")
    assert run("validate", "sheet.yaml") == (0, b"", "检查通过，1 个文件\n".encode())


def test_validate_says_where_and_what_is_wrong(examples: Path, run: Run) -> None:
    text = (examples / "scores" / "示例甲镇.yaml").read_text("utf-8")
    Path("sheet.yaml").write_text(text.replace("A1: 3", "A1: 9"), "utf-8")
    outcome = run("validate", "sheet.yaml", lang="en")
    assert outcome.code == 1
    assert outcome.text.startswith("sheet.yaml:8:7: error[EPA104] A1 has 9 points")
    assert "errors: 1" in outcome.said


VALIDATED = {"zh": "错误", "en": "error"}


# --- formats ---------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", VALIDATED)
def test_validate_reports_in_every_format(small: HandIn, run: Run, lang: str) -> None:
    path = small("甲镇", "A1: 9, A2: 4, B1: 4").relative_to(Path.cwd())
    full, concise, data, github = (
        run("validate", "--format", form, lang=lang)
        for form in ("full", "concise", "json", "github")
    )
    assert {one.code for one in (full, concise, data, github)} == {1}
    head = f"{path}:3:14: {VALIDATED[lang]}[EPA104] "
    assert full.text.startswith(head)
    assert "             ^" in full.text
    assert full.out == run("validate", lang=lang).out
    assert concise.text.startswith(head)
    assert concise.text.count("\n") == 1
    found = json.loads(data.out)
    assert set(found) == {"version", "summary", "diagnostics"}
    assert found["version"] == __version__
    assert found["summary"] == {"files": 1, "errors": 1, "warnings": 0}
    (one,) = found["diagnostics"]
    assert one.pop("message") in concise.text
    data_of_it = one.pop("data")
    assert one == {
        "code": "EPA104",
        "name": "points_over_cap",
        "severity": "error",
        "path": str(path),
        "line": 3,
        "column": 14,
        "end_column": 15,
    }
    assert (data_of_it["points"], data_of_it["cap"], data_of_it["excess"]) == ("9", "2", "7")
    assert re.match(rf"::error file={path},line=3,col=14,endColumn=14,title=EPA104::", github.text)


def test_validate_without_findings_says_so_in_every_format(small: HandIn, run: Run) -> None:
    small("甲镇", FULL_MARKS)
    for form in ("full", "concise", "github"):
        assert run("validate", "--format", form)[:2] == (0, b"")
    found = json.loads(run("validate", "--format", "json").out)
    assert (found["summary"]["errors"], found["diagnostics"]) == (0, [])
