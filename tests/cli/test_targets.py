"""What stands where a file is to be written: nobody's work is ever replaced."""

import os
import shutil
import threading
from collections.abc import Callable
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from openpyxl import Workbook, load_workbook
from tests.support.commands import FULL_MARKS, WORKBOOK, HandIn, Run, codes
from tests.support.forms import edited, example, form, put, repacked
from tests.support.processes import posix

from epa_score.cli import targets
from epa_score.cli.existing import (
    refuse_but_result,
    refuse_lost_texts,
    refuse_worked_copy,
    units_of_form,
)
from epa_score.cli.session import OutputError
from epa_score.cli.targets import OutputFiles

FORMATS = ("xlsx", "csv", "json", "md")


def workbook_of(*lines: list[Any]) -> bytes:
    workbook = Workbook()
    for line in lines:
        workbook.worksheets[0].append(line)
    written = BytesIO()
    workbook.save(written)
    return written.getvalue()


def foreign(suffix: str) -> bytes:
    """A file of another program in each format, with what a careless look takes for ours."""
    texts = {
        "csv": "\ufeff名次,单位,总分\r\n1,甲镇,96\r\n",
        "json": '{\n  "ranking": [{"unit": "甲镇", "note": "epa-score 0.1.0"}]\n}\n',
        "md": "## 排名汇总\n\n| 名次 | 单位 | 总分 |\n|---|---|---|\n| 1 | 甲镇 | 96 |\n",
    }
    if suffix == "xlsx":
        return workbook_of(["说明"], ["名次", "单位", "总分"], [1, "甲镇", 96])
    return texts[suffix].encode()


def bytes_of(data: bytes) -> Callable[[BinaryIO], None]:
    """Writes just these bytes."""

    def write(file: BinaryIO) -> None:
        file.write(data)

    return write


def write_bytes(data: bytes) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        path.write_bytes(data)

    return write


def link_to(make: Callable[[Path, Path], None]) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        other = path.with_name(f"work{path.suffix}")
        other.write_bytes(b"work")
        make(path, other)

    return write


def make_special(path: Path) -> None:
    os.mkfifo(path)


STANDING: dict[str, Callable[[Path], None]] = {
    "link": link_to(lambda path, other: path.symlink_to(other)),
    "dead link": lambda path: path.symlink_to(path.with_name("nowhere")),
    "shared": link_to(lambda path, other: path.hardlink_to(other)),
    "folder": lambda path: path.mkdir(),
    "special": make_special,
    "text": write_bytes("县里的通知".encode()),
    "zip": write_bytes(b"PK\x03\x04"),
    "blank form": write_bytes(form(None, "乙镇")),
    "filled form": write_bytes(form(example(), "甲镇")),
    "yaml": write_bytes("rubric: small\nunit: 甲镇\nscores: {A1: 1}\n".encode()),
}
"""What may stand in the place of a file, and is never replaced by a result."""


def seen(folder: Path) -> dict[str, object]:
    """All that lies in a folder: the bytes of files, the targets of links, the mode of others."""
    found: dict[str, object] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_symlink():
            found[str(path)] = str(path.readlink())
        else:
            found[str(path)] = path.read_bytes() if path.is_file() else path.lstat().st_mode
    return found


@posix
@pytest.mark.parametrize("force", [[], ["--force"]], ids=["kept", "forced"])
@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("standing", [*sorted(STANDING.keys() - {"folder"}), "foreign"])
def test_an_export_replaces_nothing_but_results(
    small: HandIn, folder: Path, run: Run, standing: str, suffix: str, force: list[str]
) -> None:
    small("甲镇", FULL_MARKS)
    path = folder / f"out.{suffix}"
    STANDING.get(standing, write_bytes(foreign(suffix)))(path)
    before = seen(folder)
    outcome = run("export", f"--{suffix}", "-o", f"out.{suffix}", *force)
    assert (outcome.code, outcome.out) == (3, b"")
    plain = standing in {"text", "zip", "blank form", "filled form", "yaml", "foreign"}
    assert codes(outcome.said) == ["EPA904" if force or not plain else "EPA901"]
    assert outcome.said.count("\n") == 1
    assert seen(folder) == before


@posix
@pytest.mark.parametrize("force", [[], ["--force"]], ids=["kept", "forced"])
@pytest.mark.parametrize("suffix", ["yaml", "xlsx"])
@pytest.mark.parametrize("command", ["form", "convert"])
@pytest.mark.parametrize("standing", [*sorted(STANDING.keys() - {"blank form"}), "result"])
def test_a_form_replaces_nothing_at_all(
    small: HandIn,
    folder: Path,
    run: Run,
    standing: str,
    command: str,
    suffix: str,
    force: list[str],
) -> None:
    """But for blank forms, and sheets of which nothing is lost, which the next tests are about."""
    sheet = small("甲镇", "A1: 2, A2: 3, B1: 4")
    path = folder / "forms" / f"甲镇.{suffix}"
    path.parent.mkdir()
    if command == "convert":
        (folder / "in").mkdir()
        sheet = sheet.rename(folder / "in" / "甲镇.yaml")
        if suffix == "yaml":
            assert run("convert", "in", "-o", "in").code == 0
            sheet.unlink()
    if standing == "result":
        assert run("export", "--xlsx", "in" if command == "convert" else "scores").code == 0
        (folder / WORKBOOK).rename(path)
    else:
        STANDING[standing](path)
    before = seen(folder)
    if command == "convert":
        outcome = run("convert", "in", "-o", "forms", *force)
    else:
        kind = ["--xlsx"] if suffix == "xlsx" else []
        outcome = run(
            "form", "--rubric", "small", "--unit", "甲镇", "乙镇", *kind, "-o", "forms", *force
        )
    after = seen(folder)
    assert {name: after[name] for name in before} == before
    is_plain = standing not in {"link", "dead link", "shared", "folder", "special"}
    if command == "convert":
        assert (outcome.code, after) == (3, before)
        assert codes(outcome.said) == ["EPA901" if is_plain and not force else "EPA904"]
    elif (standing, suffix, *force) == ("filled form", "xlsx", "--force"):
        assert outcome.code == 0, "it is the form of another unit"
        assert f"甲镇-2.{suffix}" in outcome.text
    elif path.is_file() and not force:
        assert outcome.code == 0, "the missing ones are written"
        assert f"乙镇.{suffix}" in outcome.text
        known = standing == ("filled form" if suffix == "xlsx" else "yaml")
        assert ("不是评分表" in outcome.said) is not known
    else:
        assert (outcome.code, after) == (3, before)
        assert codes(outcome.said) == ["EPA904"]


@pytest.mark.parametrize("suffix", FORMATS)
def test_results_are_replaced_when_forced(
    small: HandIn, folder: Path, run: Run, suffix: str
) -> None:
    small("甲镇", FULL_MARKS)
    rubric = folder / "rubrics" / "small.yaml"
    text = rubric.read_text("utf-8")
    for lang in ("zh_CN", "en"):
        rubric.write_text(f"lang: {lang}\n{text}", "utf-8")
        path = folder / f"{lang}.{suffix}"
        for begin in (lambda: None, partial(path.write_bytes, b"")):
            assert run("export", f"--{suffix}", "-o", lang, "--force").code == 0
            begin()
            assert run("export", f"--{suffix}", "-o", lang).code == 3
            assert run("export", f"--{suffix}", "-o", lang, "--force").code == 0
            assert path.stat().st_size > 50


def test_a_workbook_that_was_saved_again_is_still_a_result(
    small: HandIn, folder: Path, run: Run
) -> None:
    small("甲镇", FULL_MARKS)
    assert run("export", "--xlsx").code == 0
    load_workbook(WORKBOOK).save(WORKBOOK)
    assert refuse_but_result(WORKBOOK) == ""
    assert run("export", "--xlsx", "--force").code == 0
    for judge in (refuse_but_result, partial(refuse_lost_texts, write=bytes_of(b""))):
        assert judge(str(folder)) == "foreign", "what cannot be read is not ours"
    assert refuse_worked_copy(str(folder), b"") == "foreign"
    assert units_of_form(str(folder)) is None


def test_an_input_is_not_replaced_by_the_result(small: HandIn, folder: Path, run: Run) -> None:
    small("甲镇", FULL_MARKS)
    (folder / "table.xlsx").write_bytes(form(example(), "丙镇"))
    before = seen(folder)
    for named in ("table.xlsx", str(folder / "scores" / ".." / "table.xlsx")):
        outcome = run("export", "--xlsx", named, "-o", "table.xlsx", "--force")
        assert (outcome.code, codes(outcome.said)) == (3, ["EPA904"])
        assert "这次运行要读" in outcome.said
    assert run("convert", "scores", "-o", "scores", "--force").code == 0
    clash = run("convert", "scores", "--force")
    assert (clash.code, {*codes(clash.said)}) == (3, {"EPA904"})
    after = seen(folder)
    assert {name: after[name] for name in before} == before


@pytest.mark.usefixtures("folder")
def test_a_form_of_another_unit_with_the_same_name_of_file_is_passed_by(run: Run) -> None:
    """Long names are cut; it does not matter whoever of them comes first."""
    first, second = "甲" * 70 + "一", "甲" * 70 + "二"
    name = "甲" * 60
    for kind, suffix in ([], "yaml"), (["--xlsx"], "xlsx"):
        arguments = ("form", "--rubric", "township", *kind, "-o", suffix, "--unit")
        assert run(*arguments, second).text == f"{Path(suffix, f'{name}.{suffix}')}\n"
        both = run(*arguments, first, second)
        assert both.text == f"{Path(suffix, f'{name}-2.{suffix}')}\n"
        assert both.said == "已有的 1 张没有动，新写 1 张\n"
        again = run(*arguments, first, second)
        assert (again.code, again.text) == (0, "")
        forced = run(*arguments, first, second, "--force")
        assert forced.text.count("\n") == 2


PREFILLED = """\
rubric: small
unit: 甲镇
period: {period}
assessor:
date:
scores:
  A1:
  A2: {points}
  B1: {fact}
"""


@pytest.mark.parametrize(
    ("changed", "blank"),
    [
        ({}, True),
        ({"points": "0"}, False),
        ({"fact": "{note: 没有}"}, False),
        ({"fact": "{evidence: [照片]}"}, False),
        ({"fact": "{not_applicable: 没有}"}, False),
        ({"fact": "8分"}, False),
        ({"period": "2018"}, False),
        ({"points": '" "'}, True),
    ],
)
def test_a_yaml_form_is_renewed_only_while_it_is_blank(
    small: HandIn, folder: Path, run: Run, changed: dict[str, str], blank: bool
) -> None:
    small("甲镇", FULL_MARKS)
    path = folder / "forms" / "甲镇.yaml"
    path.parent.mkdir()
    written = PREFILLED.format_map({"period": "", "points": "", "fact": "", **changed})
    path.write_text(written, "utf-8")
    forced = run("form", "--rubric", "small", "--unit", "甲镇", "-o", "forms", "--force")
    assert forced.code == (0 if blank else 3)
    assert (path.read_text("utf-8") == written) is not blank
    if not blank:
        assert codes(forced.said) == ["EPA904"]
        assert "填过" in forced.said


def test_a_yaml_form_is_renewed_for_another_period(small: HandIn, folder: Path, run: Run) -> None:
    small("甲镇", FULL_MARKS)
    path = folder / "forms" / "甲镇.yaml"
    arguments = ("form", "--rubric", "small", "--unit", "甲镇", "-o", "forms", "--force")
    assert run(*arguments, "--period", "2018", "--assessor", "一组").code == 0
    assert run(*arguments, "--period", "2019").code == 0
    assert 'period: "2019"' in path.read_text("utf-8")
    path.write_text(path.read_text("utf-8") + "# 小王看过\n", "utf-8")
    assert run(*arguments, "--period", "2020").code == 3


def typed(cell: str, value: object) -> Callable[[Any], None]:
    def edit(workbook: Any) -> None:
        workbook.worksheets[0][cell] = value

    return edit


def noted(workbook: Any) -> None:
    from openpyxl.comments import Comment  # noqa: PLC0415

    workbook.worksheets[0]["E7"].comment = Comment("见附件", "县办")


def dated(members: dict[str, bytes]) -> None:
    """The workbook was saved by another program, which changed nothing else."""
    core = members["docProps/core.xml"]
    members["docProps/core.xml"] = core.replace(b"2018-01-01", b"2018-12-20")


@pytest.mark.parametrize(
    ("change", "blank"),
    [
        (None, True),
        (lambda _: None, True),
        (put("A3", "E", 0), False),
        (put("A3", "F", "两个村未入户"), False),
        (typed("B40", "小王看过"), False),
        (typed("C3", None), True),
        (noted, False),
    ],
    ids=["untouched", "saved", "points", "reason", "remark", "no unit", "comment"],
)
def test_a_form_in_excel_is_renewed_only_while_it_is_blank(
    folder: Path, run: Run, change: Callable[[Any], None] | None, blank: bool
) -> None:
    path = folder / "forms" / "甲镇.xlsx"
    arguments = ("form", "--rubric", "township", "--unit", "甲镇", "乙镇", "--xlsx")
    assert run(*arguments).code == 0
    if change is not None:
        path.write_bytes(edited(change, path.read_bytes()))
    before = path.read_bytes()
    (folder / "forms" / "丙镇.xlsx").write_bytes(b"")
    assert run(*arguments, "丙镇", "--force").code == (0 if blank else 3), (
        "an empty file is no work"
    )
    path.write_bytes(before)
    (folder / "forms" / "乙镇.xlsx").unlink(missing_ok=True)
    more = run(*arguments)
    assert (more.code, more.text) == (0, f"{Path('forms', '乙镇.xlsx')}\n")
    assert path.read_bytes() == before
    forced = run(*arguments, "--force")
    assert forced.code == (0 if blank else 3), forced.said
    assert blank or path.read_bytes() == before


def test_a_field_that_the_tool_filled_in_is_no_work(small: HandIn, folder: Path, run: Run) -> None:
    small("甲镇", "", 'period: "2018"', "assessor: 一组", name="甲镇.yaml")
    assert run("convert", "-o", "forms").code == 0
    arguments = ("form", "--rubric", "small", "--unit", "甲镇", "--xlsx", "--force")
    path = folder / "forms" / "甲镇.xlsx"
    written = path.read_bytes()
    path.write_bytes(repacked(written, dated))
    refused = run(*arguments)
    assert (refused.code, codes(refused.said)) == (3, ["EPA904"]), "somebody has saved it"
    path.write_bytes(written)
    assert run(*arguments).code == 0


def test_blank_forms_do_not_go_where_sheets_are_collected(folder: Path, run: Run) -> None:
    for output in ("scores", "scores/组", str(folder / "scores")):
        outcome = run("form", "--rubric", "departments", "-o", output)
        assert (outcome.code, outcome.out) == (2, b"")
        assert "-o forms" in outcome.said
        outcome = run("form", "--rubric", "departments", "--xlsx", "--table", "-o", output)
        assert outcome.code == 2
    assert list(folder.iterdir()) == []
    (folder / "scores").mkdir()
    named = run("form", "--rubric", "township", "--unit", "甲镇", "-o", "scores/甲镇.yaml")
    assert (named.code, named.text) == (0, "scores/甲镇.yaml\n")


def test_of_two_runs_at_once_one_alone_writes_the_first_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each has seen that nothing is there; with and without a file system that knows hard links."""

    def no_links(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    for name in ("linked", "replaced"):
        if name == "replaced":
            monkeypatch.setattr(Path, "hardlink_to", no_links)
        both = [OutputFiles(force=force) for force in (False, True)]
        for one in both:
            one.claim({name: refuse_but_result})
        both[0].write(name, bytes_of(b"first"))
        with pytest.raises(OutputError) as refused:
            both[1].write(name, bytes_of(b"second"))
        assert refused.value.diagnostics[0].kind.code == "EPA905"
        assert (folder / name).read_bytes() == b"first"
    assert sorted(path.name for path in folder.iterdir()) == ["linked", "replaced"]


def test_a_place_that_was_held_is_given_back(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "hardlink_to", fail)
    monkeypatch.setattr(Path, "replace", fail)
    one = OutputFiles(force=False)
    one.claim({"out": refuse_but_result})
    with pytest.raises(OutputError) as refused:
        one.write("out", bytes_of(b"first"))
    assert refused.value.diagnostics[0].kind.code == "EPA902"
    assert list(folder.iterdir()) == []


def test_of_two_forced_runs_one_alone_replaces_the_result(folder: Path) -> None:
    (folder / "out.json").write_bytes(b"")
    both = [OutputFiles(force=True), OutputFiles(force=True)]
    for one in both:
        one.claim({"out.json": refuse_but_result})
    both[0].write("out.json", bytes_of(b"first"))
    with pytest.raises(OutputError) as refused:
        both[1].write("out.json", bytes_of(b"second"))
    assert refused.value.diagnostics[0].kind.code == "EPA905"
    assert (folder / "out.json").read_bytes() == b"first"
    (folder / "out.json").write_bytes(b"")
    late = OutputFiles(force=True)
    late.claim({"out.json": refuse_but_result})
    (folder / "out.json").unlink()
    late.write("out.json", bytes_of(b"third"))
    assert (folder / "out.json").read_bytes() == b"third", "what was deleted is not missed"


def test_a_run_that_is_just_replacing_a_file_is_alone(folder: Path) -> None:
    (folder / "out.json").write_bytes(b"")
    one = OutputFiles(force=True)
    one.claim({"out.json": refuse_but_result})
    with targets._sole_writer(Path("out.json")), pytest.raises(OutputError) as refused:
        one.write("out.json", bytes_of(b"second"))
    found = refused.value.diagnostics[0]
    assert (found.kind.code, found.variant) == ("EPA905", "lock")
    assert found.parameters["reason"] == ".out.json.lock"
    assert [path.name for path in folder.iterdir()] == ["out.json"]


def test_many_runs_at_once_leave_one_result(folder: Path) -> None:
    """Threads stand for processes: all that they share is the file system."""
    for old in (None, b""):
        if old is not None:
            (folder / "out.json").write_bytes(old)
        barrier = threading.Barrier(8)
        won: list[int] = []

        def write(number: int, barrier: threading.Barrier = barrier, won: list[int] = won) -> None:
            own = OutputFiles(force=True)
            own.claim({"out.json": refuse_but_result})
            barrier.wait()
            try:
                own.write("out.json", bytes_of(b"%d" % number))
            except OutputError:
                return
            won.append(number)

        threads = [threading.Thread(target=partial(write, number)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(won) == 1
        assert (folder / "out.json").read_bytes() == b"%d" % won[0]
        assert [path.name for path in folder.iterdir()] == ["out.json"]
        shutil.rmtree(folder / "out.json", ignore_errors=True)


@pytest.mark.parametrize("option", ["--json", "--csv", "--md"])
def test_a_result_goes_to_stdout(small: HandIn, folder: Path, run: Run, option: str) -> None:
    small("甲镇", FULL_MARKS)
    before = seen(folder)
    shown = run("export", option, "-o", "-")
    assert shown.code == 0
    assert seen(folder) == before
    assert run("export", option, "-o", "x").code == 0
    written = (folder / f"x.{option.removeprefix('--')}").read_bytes()
    assert shown.out == written.removeprefix(b"\xef\xbb\xbf")
    assert not shown.said


def test_what_stdout_does_not_take_is_wrong_usage(
    small: HandIn, folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    small("甲镇", FULL_MARKS)
    several = run("export", "--json", "--csv", "-o", "-")
    assert (several.code, several.out) == (2, b"")
    assert run("export", "--xlsx", "-o", "-").out.startswith(b"PK")
    monkeypatch.setattr("epa_score.cli.session.Session.is_terminal", lambda *_: True)
    assert run("export", "--xlsx", "-o", "-").code == 2
    for more in (["--xlsx"], ["--unit", "甲", "乙"], ["--xlsx", "--table"]):
        assert run("form", "--rubric", "small", *more, "-o", "-").code == 2
    assert run("form", "--rubric", "small", "-o", "-").text.startswith("# 小细则")
    assert run("convert", "scores", "-o", "-").code == 2
    assert run("validate", "--mark", "-").code == 2
    assert sorted(path.name for path in folder.iterdir()) == ["rubrics", "scores"]
