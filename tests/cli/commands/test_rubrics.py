"""Rubrics by name and by file, in every command, and `rubrics`."""

from pathlib import Path

import pytest
from tests.support.commands import (
    FULL_MARKS,
    SMALL,
    HandIn,
    Run,
    by_unit,
    cells,
    codes,
)
from tests.support.paths import ROOT


def test_a_rubric_file_counts_before_names(small: HandIn, run: Run) -> None:
    small("甲镇", FULL_MARKS)
    Path("other.yaml").write_text(SMALL.replace("text: 有人", "text: 专人"), "utf-8")
    for rubric in ("small", "rubrics/small.yaml", "other.yaml"):
        assert by_unit(run("rank", "--rubric", rubric, "--format", "json"), "rank") == {"甲镇": 1}
    twice = SMALL.replace("max: 4", "max: 8").replace("max: 6", "max: 10")
    Path("other.yaml").write_text(twice.replace("total: 10", "total: 18"), "utf-8")
    ranked = run("rank", "--rubric", "other.yaml")
    assert "总分（18）" in ranked.text


def test_own_rubric_comes_before_a_shipped_one(small: HandIn, run: Run) -> None:
    Path("rubrics/township.yaml").write_text(SMALL.replace("id: small", "id: township"), "utf-8")
    path = small("甲镇", FULL_MARKS)
    path.write_text(path.read_text("utf-8").replace("small", "township"), "utf-8")
    assert by_unit(run("rank", "--format", "json"), "total") == {"甲镇": "10"}
    assert "小细则" in run("rubrics", "show", "township", "--format", "yaml").text
    listed = [line for line in cells(run("rubrics")) if line[0] == "township"]
    assert listed == [["township", "小细则", "10", str(Path("rubrics/township.yaml"))]]


def test_own_rubric_that_cannot_be_read_is_not_replaced_by_a_shipped_one(
    examples: Path, run: Run
) -> None:
    (examples / "rubrics" / "township.yaml").mkdir(parents=True)
    outcome = run("rank", "--rubric", "township")
    assert (outcome.code, outcome.out) == (1, b"")
    (examples / "rubrics" / "township.yaml").rmdir()
    try:
        (examples / "rubrics" / "township.yaml").symlink_to("gone.yaml")
    except OSError:
        pytest.skip("this system makes no symbolic links")
    outcome = run("rank", "--rubric", "township")
    assert (outcome.code, outcome.out) == (1, b"")


@pytest.mark.parametrize("name", ["../x", "../rubrics/x", "x/../../x", "..", "/x", "~/x", "X", ""])
def test_names_of_rubrics_never_lead_outside(small: HandIn, run: Run, name: str) -> None:
    text = SMALL.replace("id: small", "id: x")
    here = Path.cwd()
    for place in (here / "x.yaml", here / "rubrics" / "X.yaml", here.parent / "x.yaml"):
        place.write_text(text, "utf-8")
    named = run("rank", "--rubric", name)
    assert (named.code, codes(named.said)) == (1, ["EPA101"])
    path = small("甲镇", FULL_MARKS)
    path.write_text(path.read_text("utf-8").replace("small", f"'{name}'"), "utf-8")
    used = run("validate")
    assert used.code == 1
    assert codes(used.text) in (["EPA101"], ["EPA023"])


def test_a_rubric_name_of_any_length_is_only_unknown(small: HandIn, run: Run) -> None:
    name = "a" * 5000
    assert codes(run("rank", "--rubric", name).said) == ["EPA101"]
    path = small("甲镇", FULL_MARKS)
    path.write_text(path.read_text("utf-8").replace("small", name), "utf-8")
    assert codes(run("validate").text) == ["EPA101"]


def test_an_unknown_rubric_is_named_with_the_nearest(examples: Path, run: Run) -> None:
    assert (examples / "scores").is_dir()
    outcome = run("rank", "--rubric", "townshp")
    assert (outcome.code, codes(outcome.said)) == (1, ["EPA101"])
    assert "township" in outcome.said


def test_a_faulty_rubric_stops_every_command(small: HandIn, run: Run) -> None:
    small("甲镇", FULL_MARKS)
    Path("rubrics/small.yaml").write_text(SMALL.replace("max: 6", "max: 7"), "utf-8")
    for arguments in (
        ["validate"],
        ["validate", "--rubric", "small"],
        ["total"],
        ["rank", "--rubric", "small"],
        ["export", "--xlsx"],
        ["form", "--rubric", "small"],
        ["rubrics", "show", "small"],
    ):
        outcome = run(*arguments)
        assert outcome.code == 1, arguments
        assert "EPA201" in outcome.text + outcome.said, arguments
    assert "EPA201" in run("rubrics").said


def test_validate_checks_rubrics_as_well(small: HandIn, run: Run) -> None:
    small("甲镇", FULL_MARKS)
    assert "2 个文件" in run("validate", "rubrics/small.yaml", "scores").said
    assert run("validate", ROOT / "rubrics").code == 0
    Path("rubrics/small.yaml").write_text(SMALL.replace("total: 10", "total: 11"), "utf-8")
    assert set(codes(run("validate", "rubrics").text)) == {"EPA201"}


def test_rubrics_lists_and_shows(folder: Path, run: Run) -> None:
    assert list(folder.iterdir()) == []
    listed = run("rubrics")
    assert listed.out == run("rubrics", "list").out
    assert [line[0] for line in cells(listed)[1:]] == ["departments", "township"]
    shown = cells(run("rubrics", "show", "township"))
    assert len(shown) == 23
    assert [line[1] for line in shown[1:4]] == ["A1", "A2", "A3"]
    departments = run("rubrics", "show", "departments").text
    assert "移动公司、联通公司、电信公司" in departments
    for name in ("township", "departments"):
        data = (ROOT / "rubrics" / f"{name}.yaml").read_bytes()
        assert run("rubrics", "show", name, "--format", "yaml").out == data
        assert run("rubrics", "show", ROOT / "rubrics" / f"{name}.yaml").code == 0
    assert run("rubrics", "show", "nothing").code == 1
    assert run("rubrics", "show").code == 2
