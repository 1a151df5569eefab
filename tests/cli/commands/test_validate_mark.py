"""Faulty forms handed back: ``validate --mark``."""

from pathlib import Path
from typing import Any

import pytest
from tests.support.commands import HandIn, Run
from tests.support.forms import (
    edited,
    example,
    form,
    hide_row,
    put,
    repacked,
    second_unit,
    total,
    typed,
)
from tests.support.marks import MARK, answered, coloured, comments, marked, parts

from epa_score.cli.commands import validate
from epa_score.readers.files import read_file


@pytest.fixture
def handed(folder: Path) -> Path:
    """A folder with a faulty form, the same name below it, and a sound one."""
    (folder / "表" / "二组").mkdir(parents=True)
    (folder / "表" / "甲镇.xlsx").write_bytes(edited(put("A3", "E", 9)))
    (folder / "表" / "二组" / "甲镇.xlsx").write_bytes(edited(put("A1", "E", "八")))
    (folder / "表" / "乙镇.xlsx").write_bytes(form(example(), "乙镇"))
    return folder


def files(folder: Path) -> dict[str, bytes]:
    paths = [one for one in folder.rglob("*") if one.is_file()]
    return {one.relative_to(folder).as_posix(): one.read_bytes() for one in paths}


def test_faulty_forms_are_marked_and_originals_stay(handed: Path, run: Run) -> None:
    before = files(handed / "表")
    outcome = run("validate", "表", "--mark", "退回")
    assert outcome.code == 1
    assert files(handed / "表") == before
    assert files(handed / "退回").keys() == {"甲镇.xlsx", "二组/甲镇.xlsx"}
    assert f"标注好的副本：{Path('退回', '二组', '甲镇.xlsx')}" in outcome.said
    assert "退回" not in outcome.text
    copy = (handed / "退回" / "甲镇.xlsx").read_bytes()
    assert comments(copy) == {
        "E7": "epa-score:\nA3 得 9 分，超过满分 8 分\n提示：多了 1 分，改成 0 到 8 之间的数"
    }
    assert coloured(copy) == {"E7"}


def test_what_is_said_is_in_the_language_of_the_run(handed: Path, run: Run) -> None:
    assert run("validate", "表/甲镇.xlsx", "--mark", "back", lang="en").code == 1
    text = comments((handed / "back" / "甲镇.xlsx").read_bytes())["E7"]
    assert text.splitlines()[1:] == [
        "A3 has 9 points, above its cap of 8",
        "help: 1 too many; write a number from 0 to 8",
    ]


def test_each_unscored_item_is_marked_at_its_own_cell(folder: Path, run: Run) -> None:
    def empty(workbook: Any) -> None:
        for item in ("A1", "A3"):
            put(item, "E", None)(workbook)

    (folder / "甲镇.xlsx").write_bytes(edited(empty))
    assert run("validate", "甲镇.xlsx", "--mark", "退回").code == 1
    found = comments((folder / "退回" / "甲镇.xlsx").read_bytes())
    assert [*found] == ["E5", "E7"]
    assert "A1" in found["E5"]
    assert "A3" not in found["E5"]
    assert "A3" in found["E7"]


def test_an_item_that_the_form_lacks_is_named_at_its_header(
    small: HandIn, folder: Path, run: Run
) -> None:
    small("甲镇", "A1: 2, A2: 4, B1: 4")
    run("form", "--rubric", "small", "--unit", "乙镇", "--xlsx", "-o", "乙镇.xlsx")
    rubric = folder / "rubrics" / "small.yaml"
    item = "      - {id: B2, max: 1, text: 多。}\n      - {id: B1, max: 3"
    text = rubric.read_text("utf-8").replace("      - {id: B1, max: 4", item)
    rubric.write_text(text, "utf-8")
    assert run("validate", "乙镇.xlsx", "--mark", "退回").code == 1
    found = comments((folder / "退回" / "乙镇.xlsx").read_bytes())
    assert "B2" in found["E4"]
    assert "A1" in found["E5"]
    assert "B1 的分值" in found["C8"]


def test_a_corrected_copy_is_a_sound_form(handed: Path, run: Run) -> None:
    run("validate", "表/甲镇.xlsx", "--mark", "退回")
    path = handed / "退回" / "甲镇.xlsx"
    path.write_bytes(edited(put("A3", "E", 8), path.read_bytes()))
    assert run("validate", "退回").code == 0
    path.write_bytes(edited(put("A1", "E", 99), path.read_bytes()))
    assert run("validate", "退回", "--mark", "再退").code == 1
    again = (handed / "再退" / "甲镇.xlsx").read_bytes()
    assert comments(again).keys() == {"E5"} == coloured(again)


@pytest.mark.parametrize("format_", ["json", "github"])
def test_programs_get_the_findings_alone(handed: Path, run: Run, format_: str) -> None:
    marked = run("validate", "表", "--mark", "退回", "--format", format_)
    assert marked.out == run("validate", "表", "--format", format_).out
    assert (handed / "退回").is_dir()


def test_nothing_is_written_where_nothing_is_wrong(handed: Path, run: Run) -> None:
    assert run("validate", "表/乙镇.xlsx", "--mark", "退回").code == 0
    assert not (handed / "退回").exists()


def test_what_cannot_be_marked_is_named(handed: Path, run: Run) -> None:
    (handed / "表" / "坏.xlsx").write_bytes(b"PK")
    (handed / "表" / "丙镇.yaml").write_text("rubric: township\nunit: 丙镇\nscores: {}\n", "utf-8")
    (handed / "表" / "空.xlsx").write_bytes(repacked(edited(put("A3", "E", 9)), unstyled))
    returned = repacked(marked(edited(put("A3", "E", 9)), MARK), undrawn)
    (handed / "表" / "旧.xlsx").write_bytes(returned)
    outcome = run("validate", "表", "--mark", "退回", "--quiet")
    assert files(handed / "退回").keys() == {"甲镇.xlsx", "二组/甲镇.xlsx"}
    (line,) = outcome.said.splitlines()
    assert line.startswith("有 4 个有错的文件没有标注")
    assert all(name in line for name in ("坏.xlsx", "丙镇.yaml", "空.xlsx", "旧.xlsx"))


def undrawn(members: dict[str, bytes]) -> None:
    """The boxes of comments have no end: the form is read, and takes no marks."""
    members["xl/drawings/vmlDrawing1.vml"] = b"<xml"


def unstyled(members: dict[str, bytes]) -> None:
    name = "xl/styles.xml"
    members[name] = members[name].replace(b"fills", b"falls")


def test_a_file_that_is_damaged_meanwhile_is_not_marked(
    handed: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(path: str) -> object:
        Path(path).write_bytes(b"PK")
        return read_file(path)

    monkeypatch.setattr(validate, "read_file", read)
    outcome = run("validate", "表/甲镇.xlsx", "--mark", "退回")
    assert outcome.code == 1
    assert "没有标注" in outcome.said
    assert not (handed / "退回").exists()


def test_a_workbook_that_is_no_form_is_marked_in_its_first_cell(folder: Path, run: Run) -> None:
    def second(workbook: Any) -> None:
        workbook.copy_worksheet(workbook.worksheets[0]).title = "评分表 (2)"

    (folder / "甲镇.xlsx").write_bytes(edited(second))
    assert run("validate", "甲镇.xlsx", "--mark", "退回").code == 1
    copy = (folder / "退回" / "甲镇.xlsx").read_bytes()
    assert comments(copy).keys() == {"A1"} == coloured(copy)
    assert "评分表 (2)" in comments(copy)["A1"]


def test_what_is_wrong_around_the_points_is_marked_where_it_stands(folder: Path, run: Run) -> None:
    def spoil(workbook: Any) -> None:
        for edit in (second_unit, typed("E40", 5), put("A3", "C", "另一条内容")):
            edit(workbook)

    for name, edit in (("甲镇", spoil), ("乙镇", total(95))):
        (folder / f"{name}.xlsx").write_bytes(edited(edit))
        assert run("validate", f"{name}.xlsx", "--mark", "退回").code == 1
    marked = comments((folder / "退回" / "甲镇.xlsx").read_bytes())
    assert marked.keys() == {"C3", "C7", "E40"}
    assert comments((folder / "退回" / "乙镇.xlsx").read_bytes()).keys() == {"E31"}


def test_a_field_that_is_hidden_is_marked_above_it(folder: Path, run: Run) -> None:
    (folder / "甲镇.xlsx").write_bytes(edited(hide_row(2)))
    assert run("validate", "甲镇.xlsx", "--mark", "退回").code == 1
    marked = comments((folder / "退回" / "甲镇.xlsx").read_bytes())
    assert marked.keys() == {"A1"}, "the title above the hidden row"
    assert "示例甲镇" in marked["A1"]


def test_a_fault_of_the_rubric_is_not_marked_in_the_form(
    small: HandIn, folder: Path, run: Run
) -> None:
    small("甲镇", "A1: 2, A2: 4, B1: 4")
    run("form", "--rubric", "small", "--unit", "乙镇", "--xlsx", "-o", "乙镇.xlsx")
    rubric = folder / "rubrics" / "small.yaml"
    rubric.write_text(rubric.read_text("utf-8").replace("total: 10", "total: 11"), "utf-8")
    outcome = run("validate", "乙镇.xlsx", "--mark", "退回")
    assert "EPA201" in outcome.text
    assert "small.yaml" in outcome.said


def test_copies_are_kept_unless_forced(handed: Path, run: Run) -> None:
    assert run("validate", "表", "--mark", "退回").code == 1
    before = files(handed / "退回")
    (handed / "退回" / "甲镇.xlsx").write_bytes(b"old")
    (handed / "退回" / "二组" / "甲镇.xlsx").unlink()
    outcome = run("validate", "表", "--mark", "退回")
    assert outcome.code == 3
    assert "EPA901" in outcome.said
    assert "EPA104" in outcome.text
    assert files(handed / "退回") == {"甲镇.xlsx": b"old"}
    assert run("validate", "表", "--mark", "退回", "--force").code == 1
    assert files(handed / "退回") == before


@pytest.mark.parametrize("target", ["表", "表/退回", ".", "表/../表"])
def test_copies_do_not_lie_among_the_originals(handed: Path, run: Run, target: str) -> None:
    before = files(handed)
    outcome = run("validate", "表" if target != "." else ".", "--mark", target, "--force")
    assert outcome.code == 2
    assert "另写一个文件夹" in outcome.said
    assert files(handed) == before


def test_an_original_is_not_written_over_by_any_name(handed: Path, run: Run) -> None:
    before = files(handed)
    assert run("validate", "表/甲镇.xlsx", "--mark", "表", "--force").code == 2
    (handed / "退回").mkdir()
    (handed / "退回" / "甲镇.xlsx").hardlink_to(handed / "表" / "甲镇.xlsx")
    assert run("validate", "表/甲镇.xlsx", "--mark", "退回", "--force").code == 2
    assert before.items() <= files(handed).items()


def test_two_forms_of_one_name_are_not_one_copy(handed: Path, run: Run) -> None:
    outcome = run("validate", "表/甲镇.xlsx", "表/二组/甲镇.xlsx", "--mark", "退回")
    assert outcome.code == 2
    assert "会写成同一个文件" in outcome.said
    assert not (handed / "退回").exists()
    assert run("validate", "表/二组", "表/甲镇.xlsx", "--mark", "退回").code == 2
    assert run("validate", "表", "表/二组/甲镇.xlsx", "--mark", "退回").code == 1


def test_without_paths_the_folder_scores_is_meant(folder: Path, run: Run) -> None:
    (folder / "scores" / "组").mkdir(parents=True)
    (folder / "scores" / "组" / "甲镇.xlsx").write_bytes(edited(put("A3", "E", 9)))
    assert run("validate", "--mark", "退回").code == 1
    assert files(folder / "退回").keys() == {"组/甲镇.xlsx"}
    missing = run("validate", "没有.xlsx", "没有", "--mark", "退回")
    assert missing.code == 1
    assert "没有标注" not in missing.said


def test_what_is_lost_in_a_copy_is_said(folder: Path, run: Run) -> None:
    def sign(members: dict[str, bytes]) -> None:
        name = "xl/comments/comment1.xml"
        members["_xmlsignatures/sig1.xml"] = b"<Signature/>"
        members[name] = members[name].replace("县办".encode(), b"tc={0}")

    def spoil(workbook: Any) -> None:
        answered(workbook)
        put("A3", "E", 9)(workbook)

    (folder / "甲镇.xlsx").write_bytes(repacked(edited(spoil), sign))
    outcome = run("validate", "甲镇.xlsx", "--mark", "退回", "--quiet")
    assert "签名" in outcome.said
    assert "讨论串" in outcome.said
    assert "E7" in outcome.said
    assert "_xmlsignatures/sig1.xml" in parts((folder / "退回" / "甲镇.xlsx").read_bytes())


def test_a_folder_that_cannot_be_made_is_an_output_that_fails(handed: Path, run: Run) -> None:
    (handed / "退回").write_text("", "utf-8")
    outcome = run("validate", "表", "--mark", "退回")
    assert outcome.code == 3
    assert "EPA902" in outcome.said
