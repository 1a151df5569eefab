"""Rubrics by name and by file, in every command, and `rubrics`."""

import shutil
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
    assert run("export", "--json", "-o", "out.json").code == 0
    Path("名单.txt").write_text("甲镇\n", "utf-8")
    for command in (
        *(("rank",), ("total",), ("stability",), ("validate",), ("explain", "--unit", "甲镇")),
        *(("export", "--html", "-o", "-"), ("export", "--json", "-o", "-")),
        *(("status", "--roster", "名单.txt"), ("verify", "out.json"), ("convert", "-o", "forms")),
    ):
        outcome = run(*command)
        assert outcome.code == 0
        assert outcome.said.count("不是随工具提供的那一份") == 1, command
    assert "随工具提供" in run("form", "--rubric", "township").said
    listed = [line for line in cells(run("rubrics")) if line[0] == "township"]
    place = f"{Path('rubrics/township.yaml')}（代替随工具提供的那一份）"
    assert listed == [["township", "小细则", "10", place]]


def test_a_rubric_that_is_a_copy_of_the_shipped_one_hides_nothing(examples: Path, run: Run) -> None:
    (examples / "rubrics").mkdir()
    shutil.copy(ROOT / "rubrics" / "township.yaml", examples / "rubrics")
    assert "随工具提供" not in run("rank", "--rubric", "township").said
    given = examples / "given.yaml"
    given.write_text((ROOT / "rubrics" / "township.yaml").read_text("utf-8") + "# ours\n", "utf-8")
    assert "随工具提供" not in run("rank", "--rubric", "given.yaml").said, "it was asked for"


@pytest.mark.parametrize(
    ("name", "hint"), [("other", "township.yaml"), ("Our-Own", "township.yaml")]
)
def test_list_and_validate_agree_on_a_rubric_under_another_name(
    folder: Path, run: Run, name: str, hint: str
) -> None:
    text = SMALL.replace("id: small", "id: township")
    (folder / "rubrics").mkdir()
    for own in ("township", name):
        (folder / "rubrics" / f"{own}.yaml").write_text(text, "utf-8")
    listed, checked = run("rubrics", "list"), run("validate", "rubrics")
    assert (listed.code, checked.code) == (1, 1)
    assert codes(listed.said) == codes(checked.text) == ["EPA212"]
    assert hint in checked.text
    assert [line[0] for line in cells(listed)[1:]] == ["departments", "township"]


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
