"""Faulty forms handed back: ``validate --mark``."""

import errno
import os
import shutil
import unicodedata
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.comments import Comment
from tests.support.commands import HandIn, Run
from tests.support.forms import (
    CASES,
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

from epa_score.cli import marking
from epa_score.cli.output import paths_in_folder
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


@pytest.mark.parametrize("format_", ["json", "github", "sarif"])
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

    monkeypatch.setattr(marking, "read_file", read)
    outcome = run("validate", "表/甲镇.xlsx", "--mark", "退回")
    assert outcome.code == 1
    assert "没有标注" in outcome.said
    assert not (handed / "退回").exists()


def test_a_workbook_that_is_no_form_is_marked_in_its_first_cell(folder: Path, run: Run) -> None:
    (folder / "甲镇.xlsx").write_bytes(CASES["EPA306_several_forms"]())
    assert run("validate", "甲镇.xlsx", "--mark", "退回").code == 1
    copy = (folder / "退回" / "甲镇.xlsx").read_bytes()
    assert comments(copy).keys() == {"A1"} == coloured(copy)
    assert "上下有几张评分表" in comments(copy)["A1"]


def test_a_worksheet_that_passes_for_a_form_is_marked_in_its_own_first_cell(
    folder: Path, run: Run
) -> None:
    (folder / "甲镇.xlsx").write_bytes(CASES["EPA306_several_forms-alike"]())
    assert run("validate", "甲镇.xlsx", "--mark", "退回").code == 1
    marked = load_workbook(folder / "退回" / "甲镇.xlsx")
    assert "像一张评分表" in marked["摘录"]["A1"].comment.text


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


@pytest.mark.parametrize("more", [[], ["--force"]])
def test_files_that_are_no_marked_copies_are_kept(handed: Path, run: Run, more: list[str]) -> None:
    assert run("validate", "表", "--mark", "退回", *more).code == 1
    before = files(handed / "退回")
    (handed / "退回" / "甲镇.xlsx").write_bytes(b"old")
    (handed / "退回" / "二组" / "甲镇.xlsx").unlink()
    outcome = run("validate", "表", "--mark", "退回", *more)
    assert outcome.code == 3
    assert "EPA904" in outcome.said
    assert "EPA104" in outcome.text
    assert files(handed / "退回") == {**before, "甲镇.xlsx": b"old"}


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


def copies_of(run: Run, *paths: str) -> list[str]:
    """The files below 退回, which are just those that the run names."""
    outcome = run("validate", *paths, "--mark", "退回")
    assert outcome.code == 1
    said = [line.partition("标注好的副本：")[2] for line in outcome.said.splitlines()]
    names = sorted(Path(path).relative_to("退回").as_posix() for path in said if path)
    assert names == sorted(files(Path("退回")))
    return names


@pytest.mark.parametrize("write", [str, os.path.abspath, "a/../{}".format])
def test_forms_of_one_name_have_places_of_their_own(
    folder: Path, run: Run, write: Callable[[str], str]
) -> None:
    for name, points in (("a/甲.xlsx", 9), ("b/甲.xlsx", 10), ("b/组/乙.xlsx", 11)):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(edited(put("A3", "E", points)))
    assert copies_of(run, write("a"), write("b")) == ["a/甲.xlsx", "b/甲.xlsx", "b/组/乙.xlsx"]
    for name, points in (("a/甲.xlsx", 9), ("b/甲.xlsx", 10)):
        text = comments((folder / "退回" / name).read_bytes())["E7"]
        assert f"A3 得 {points} 分" in text
    shutil.rmtree("退回")
    both = write("a/甲.xlsx"), write("b/甲.xlsx")
    assert copies_of(run, *both) == ["a/甲.xlsx", "b/甲.xlsx"]
    shutil.rmtree("退回")
    assert copies_of(run, write("a/甲.xlsx"), write("b")) == [
        *("a/甲.xlsx", "b/甲.xlsx", "b/组/乙.xlsx")
    ]
    shutil.rmtree("退回")
    assert copies_of(run, write("b")) == ["甲.xlsx", "组/乙.xlsx"]


def test_folders_of_one_name_are_told_apart_by_those_above(folder: Path, run: Run) -> None:
    for name in ("一/表/甲.xlsx", "二/表/甲.xlsx", "二/表/丙.xlsx", "三/丙.xlsx"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(edited(put("A3", "E", 9)))
    assert copies_of(run, "一/表", "二/表", "三") == [
        *("一/表/甲.xlsx", "三/丙.xlsx", "二/表/丙.xlsx", "二/表/甲.xlsx")
    ]


def test_names_that_differ_in_case_alone_are_numbered() -> None:
    below = partial(paths_in_folder, "退回", [])
    names = ["a/A.xlsx", "a/a.XLSX", "a/a.xlsx", "a/a-2.xlsx"]
    copies = below(names)
    assert [Path(copies[name]).as_posix() for name in names] == [
        *("退回/A.xlsx", "退回/a-3.XLSX", "退回/a-4.xlsx", "退回/a-2.xlsx")
    ]
    forms = [unicodedata.normalize(form, "é.xlsx") for form in ("NFC", "NFD")]
    assert len({unicodedata.normalize("NFC", copy) for copy in below(forms).values()}) == 2
    assert [Path(copy).as_posix() for copy in below(["/甲.xlsx", "/b/甲.xlsx"]).values()] == [
        *("退回/甲.xlsx", "退回/b/甲.xlsx")
    ]


@given(
    st.lists(
        st.lists(st.sampled_from(["a", "A", "b", "..", "."]), max_size=3).map(
            lambda names: "/".join([*names, "x.xlsx"])
        ),
        unique_by=os.path.abspath,
    ),
    st.lists(st.sampled_from(["a", "A", "b/a", "."]), max_size=2),
)
def test_no_two_files_have_one_place(paths: list[str], named: list[str]) -> None:
    copies = paths_in_folder("out", named, paths)
    assert copies.keys() == set(paths)
    assert len({copy.casefold() for copy in copies.values()}) == len(paths)
    assert all(Path(copy).is_relative_to("out") and ".." not in copy for copy in copies.values())


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


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("zh_CN", "退回 是文件，不是文件夹；请在 --mark 后面写一个文件夹的名称"),
        ("en", "退回 is a file, no folder; write the name of a folder after --mark"),
    ],
)
def test_a_file_is_no_folder_for_copies(handed: Path, run: Run, lang: str, said: str) -> None:
    (handed / "退回").write_bytes(b"mine")
    outcome = run("validate", "表", "--mark", "退回", "--force", lang=lang)
    assert (outcome.code, outcome.out) == (2, b"")
    assert said in outcome.said
    assert (handed / "退回").read_bytes() == b"mine"
    (handed / "链接").symlink_to(handed / "没有")
    assert run("validate", "表", "--mark", "链接").code == 2


@pytest.mark.parametrize("name", ["", " ", "\u3000"])
@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("zh_CN", "--mark 后面要写一个文件夹的名称，例如 --mark 退回"),
        ("en", "write the name of a folder after --mark, such as --mark returned"),
    ],
)
def test_a_folder_for_copies_has_a_name(
    handed: Path, run: Run, name: str, lang: str, said: str
) -> None:
    before = files(handed)
    outcome = run("validate", "表", "--mark", name, lang=lang)
    assert (outcome.code, outcome.out) == (2, b"")
    assert said in outcome.said
    assert files(handed) == before


def test_a_folder_that_cannot_be_made_is_an_output_that_fails(
    handed: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    (handed / "退回").write_text("", "utf-8")
    outcome = run("validate", "表", "--mark", "退回/一组")
    assert outcome.code == 3
    assert "EPA902" in outcome.said
    assert "路上有一个同名的文件" in outcome.said

    def refuse(self: Path, **_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(self))

    monkeypatch.setattr(Path, "mkdir", refuse)
    outcome = run("validate", "表", "--mark", "再退", lang="en")
    assert outcome.code == 3
    assert "not allowed to make this folder" in outcome.said


def test_a_folder_whose_name_is_too_long_says_so(handed: Path, run: Run) -> None:
    outcome = run("validate", "表", "--mark", "很" * 300)
    assert outcome.code == 3
    assert os.strerror(errno.ENAMETOOLONG) in outcome.said
    assert files(handed).keys() == {"表/甲镇.xlsx", "表/二组/甲镇.xlsx", "表/乙镇.xlsx"}


# --- a second round -----------------------------------------------------------------------------


def noted(workbook: Any) -> None:
    workbook.worksheets[0]["E5"].comment = Comment("已核对，见附件", "县办")


def test_a_second_round_renews_its_own_copies(handed: Path, run: Run) -> None:
    assert run("validate", "表", "--mark", "退回").code == 1
    copy, original = handed / "退回" / "甲镇.xlsx", handed / "表" / "甲镇.xlsx"
    copy.write_bytes(edited(lambda _: None, copy.read_bytes()))
    assert run("validate", "表", "--mark", "退回", lang="en").code == 1, "saved, and not changed"
    assert "A3 has 9 points" in comments(copy.read_bytes())["E7"]
    original.write_bytes(edited(put("A1", "E", 99), original.read_bytes()))
    assert run("validate", "表", "--mark", "退回").code == 1
    assert comments(copy.read_bytes()).keys() == {"E5", "E7"}


@pytest.mark.parametrize(
    "work",
    [put("A3", "E", 8), put("A3", "F", "核对过"), noted],
    ids=["points", "reason", "comment"],
)
def test_a_copy_in_which_somebody_has_worked_is_kept(
    handed: Path, run: Run, work: Callable[[Any], None]
) -> None:
    assert run("validate", "表", "--mark", "退回").code == 1
    copy = handed / "退回" / "甲镇.xlsx"
    copy.write_bytes(edited(work, copy.read_bytes()))
    before = files(handed / "退回")
    outcome = run("validate", "表", "--mark", "退回")
    assert outcome.code == 3
    assert "退回/甲镇.xlsx: 错误[EPA904] 这份副本有人改过" in outcome.said
    assert "标注好的副本：退回/二组/甲镇.xlsx" in outcome.said
    assert files(handed / "退回") == before


def test_a_corrected_copy_loses_its_marks(handed: Path, run: Run) -> None:
    """People put it in the place of the original, where it still has the marks."""
    assert run("validate", "表/甲镇.xlsx", "--mark", "退回").code == 1
    copy, original = handed / "退回" / "甲镇.xlsx", handed / "表" / "甲镇.xlsx"
    original.write_bytes(edited(put("A3", "E", 8), copy.read_bytes()))
    assert comments(original.read_bytes())
    for moved in (False, True):
        if moved:
            copy.unlink()
        outcome = run("validate", "表/甲镇.xlsx", "--mark", "退回")
        assert outcome.code == 0
        assert f"已去掉标注的副本：{Path('退回', '甲镇.xlsx')}" in outcome.said
        assert comments(copy.read_bytes()) == {} == dict.fromkeys(coloured(copy.read_bytes()))
        assert run("validate", "退回").code == 0


def test_the_copy_of_a_form_that_was_corrected_itself_loses_its_marks(
    folder: Path, run: Run
) -> None:
    (folder / "甲镇.xlsx").write_bytes(edited(put("A3", "E", 9)))
    assert run("validate", "甲镇.xlsx", "--mark", "退回").code == 1
    copy = (folder / "退回" / "甲镇.xlsx").read_bytes()
    (folder / "甲镇.xlsx").write_bytes(edited(put("A3", "E", 8), form(example(), "甲镇")))
    assert run("validate", "甲镇.xlsx", "--mark", "退回").code == 0
    assert comments(copy)
    assert comments((folder / "退回" / "甲镇.xlsx").read_bytes()) == {}


def test_a_sound_form_that_never_had_marks_is_not_copied(handed: Path, run: Run) -> None:
    (handed / "退回").mkdir()
    (handed / "退回" / "乙镇.xlsx").write_bytes(b"mine")
    assert run("validate", "表/乙镇.xlsx", "--mark", "退回").code == 0
    assert files(handed / "退回") == {"乙镇.xlsx": b"mine"}
