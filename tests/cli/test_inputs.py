"""Which files are read: folders, links, the standard input, and what is left out."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from tests.support.commands import (
    Run,
    by_unit,
    cells,
    codes,
    rows,
)
from tests.support.paths import ROOT


def test_without_a_path_the_folder_scores_is_meant(examples: Path, run: Run) -> None:
    assert run("total").out == run("total", examples / "scores").out == run("total", "scores").out


def test_without_a_path_and_a_folder_the_missing_folder_is_named(folder: Path, run: Run) -> None:
    assert list(folder.iterdir()) == []
    for command in ("validate", "total", "rank"):
        outcome = run(command)
        assert outcome.code == 1
        assert codes(outcome.text + outcome.said) == ["EPA024"]
        assert "scores" in outcome.text + outcome.said


@pytest.mark.parametrize("path", ["没有", "没有/", "没有.yaml", "没有/甲.yaml", "scores/没有"])
def test_a_path_that_is_not_there_is_named(examples: Path, run: Run, path: str) -> None:
    assert (examples / "scores").is_dir()
    for command in ("validate", "rank", "total"):
        outcome = run(command, path, "scores", lang="en")
        assert outcome.code == 1
        assert path in outcome.text + outcome.said
        assert "there is no" in outcome.text + outcome.said
    outcome = run("rank", path, "scores", "--skip-invalid", lang="en")
    assert path in outcome.said


def test_hidden_and_lock_files_are_not_sheets(examples: Path, run: Run) -> None:
    expected = run("total").out
    for name in (".hidden.yaml", "~$lock.yaml", ".git/x.yaml"):
        path = examples / "scores" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("not a sheet", "utf-8")
    assert run("total").out == expected


@pytest.mark.parametrize("command", ["validate", "total", "rank", "export"])
def test_a_file_in_the_folder_that_is_not_read_is_named(
    examples: Path, run: Run, command: str
) -> None:
    for name in ("丑镇.jpg", "寅镇.docx"):
        (examples / "scores" / name).write_text("rubric: township\n", "utf-8")
    outcome = run(command, "-q", *(["--json"] if command == "export" else []), lang="en")
    assert outcome.code == 0
    assert "丑镇.jpg" in outcome.said
    assert "寅镇.docx" in outcome.said


def test_a_provisional_total_says_so_to_programs(examples: Path, run: Run) -> None:
    path = examples / "scores" / "示例甲镇.yaml"
    text = path.read_text("utf-8")
    path.write_text(text.replace("  A1: 3\n", "  A1:\n"), "utf-8")
    for command in ("total", "rank"):
        found = json.loads(run(command, "--rubric=township", "--provisional", "--format=json").out)
        unscored = {one["unit"]: one["unscored"] for one in found}
        assert unscored.pop("示例甲镇") == 1
        assert set(unscored.values()) == {0}


def test_sheets_are_found_in_folders_below_and_by_both_endings(examples: Path, run: Run) -> None:
    expected = sorted(cells(run("total", "--rubric", "township")))
    deep = examples / "scores" / "东片" / "二组"
    deep.mkdir(parents=True)
    (examples / "scores" / "示例甲镇.yaml").rename(deep / "甲.yml")
    (examples / "scores" / "示例乙镇.yaml").rename(deep / "乙.YAML")
    assert sorted(cells(run("total", "--rubric", "township"))) == expected


def test_a_folder_without_sheets_is_an_error(folder: Path, run: Run) -> None:
    (folder / "empty").mkdir()
    assert codes(run("validate", "empty").text) == ["EPA024"]


def test_a_linked_folder_of_sheets_is_not_left_out_silently(examples: Path, run: Run) -> None:
    expected = sorted(cells(run("rank", "--rubric", "township")))
    (examples / "elsewhere").mkdir()
    (examples / "scores" / "示例甲镇.yaml").rename(examples / "elsewhere" / "甲.yaml")
    try:
        (examples / "scores" / "linked").symlink_to(examples / "elsewhere")
    except OSError:
        pytest.skip("this system makes no symbolic links")
    outcome = run("rank", "--rubric", "township")
    assert sorted(cells(outcome)) == expected or "linked" in outcome.said


def test_folders_linked_in_a_circle_are_read_once(examples: Path, run: Run) -> None:
    expected = run("rank", "--rubric", "township").out
    try:
        (examples / "scores" / "again").symlink_to(examples / "scores")
    except OSError:
        pytest.skip("this system makes no symbolic links")
    assert run("rank", "--rubric", "township").out == expected


def test_an_unreadable_folder_below_is_reported(
    examples: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    (examples / "scores" / "closed").mkdir()
    import os  # noqa: PLC0415

    real = os.scandir

    def refusing(path: Any = ".") -> Any:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", refusing)
    for command in (("validate",), ("rank",), ("total",), ("export", "--xlsx")):
        outcome = run(*command)
        assert outcome.code == 1, command
        assert "closed" in outcome.text + outcome.said, command


def test_a_sheet_named_twice_is_read_once(examples: Path, run: Run) -> None:
    path = examples / "scores" / "示例甲镇.yaml"
    outcome = run("rank", "scores/示例甲镇.yaml", "scores", path, "--rubric", "township")
    assert len(cells(outcome)) == 17


def test_a_dash_is_the_standard_input(examples: Path, run: Run) -> None:
    data = (examples / "scores" / "示例甲镇.yaml").read_bytes()
    assert run("validate", "-", stdin=data).code == 0
    assert by_unit(run("total", "-", "--format", "json", stdin=data), "total") == {
        "示例甲镇": "87.5"
    }
    assert by_unit(run("rank", "-", "--format", "json", stdin=data), "rank") == {"示例甲镇": 1}
    bad = run("validate", "-", stdin=data.replace(b"A1: 3", b"A1: 9"))
    assert bad.text.startswith("<stdin>:8:7: ")


def test_a_sheet_on_stdin_that_comes_twice_is_not_ranked(examples: Path, run: Run) -> None:
    name = "scores/示例甲镇.yaml"
    data = (examples / name).read_bytes()
    assert codes(run("rank", name, "-", stdin=data).said) == ["EPA114"]
    outcome = run(
        "rank", "scores", "-", "--rubric", "township", "--skip-invalid", "--format", "json",
        stdin=data,
    )  # fmt: skip
    ranked = [row["unit"] for row in rows(outcome) if row["rank"] is not None]
    assert len(ranked) == 15
    assert "示例甲镇" not in ranked


def test_a_sheet_that_looks_like_a_rubric_is_not_left_out_silently(
    examples: Path, run: Run
) -> None:
    path = examples / "scores" / "示例甲镇.yaml"
    text = path.read_text("utf-8")
    for changed in (text.replace("scores:", "sections:"), f"{text}sections: []\n"):
        path.write_text(changed, "utf-8")
        outcome = run("rank", "scores", "--rubric", "township")
        assert outcome.code == 1
        assert str(path.name) in outcome.said


def test_a_sound_rubric_among_the_sheets_does_no_harm(examples: Path, run: Run) -> None:
    expected = run("rank").out
    shutil.copy(ROOT / "rubrics" / "township.yaml", examples / "scores" / "a.yaml")
    assert run("rank").out == expected
    outcome = run("rank", "scores", "scores/a.yaml")
    assert (outcome.code, codes(outcome.said)) == (1, ["EPA019"])
