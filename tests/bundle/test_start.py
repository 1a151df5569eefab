"""What 开始考核 makes of what is dropped on it."""

import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from bundle.start import (
    DROP_ONE,
    EXPLANATION,
    MADE,
    PRESS_ENTER,
    dropped_paths,
    main,
    place_beside,
    start,
)
from hypothesis import given
from hypothesis import strategies as st

SCRIPT = r"D:\工作 文件\考核评分\开始考核.cmd"
CMD = r"C:\WINDOWS\system32\cmd.exe"

NAMES = st.text(
    st.one_of(
        st.sampled_from("&!%^()[]{}=;,'`~+$@# 　中文年考核"),
        st.characters(exclude_characters='\\/:*?"<>|', exclude_categories=["C", "Z"]),
    ),
    min_size=1,
).filter(lambda name: name.strip(" ."))


def from_explorer(*paths: str) -> str:
    """The command line by which Explorer starts a batch file that paths are dropped on."""
    given = " ".join(f'"{path}"' if " " in path else path for path in paths)
    return f'{CMD} /c ""{SCRIPT}" {given}"'


@given(names=st.lists(NAMES, max_size=3))
def test_every_path_that_explorer_gives_arrives_as_it_is(names: list[str]) -> None:
    paths = [rf"E:\考核\{name}" for name in names]
    assert dropped_paths(from_explorer(*paths), ["D:\\cut off"]) == paths


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(f'"{CMD}" ', id="typed at a prompt"),
        pytest.param(f'{CMD} /k "cd /d D:\\"', id="a prompt of somebody's own"),
        pytest.param(f"{CMD} /c D:\\bundle\\start.cmd D:\\x", id="started by a program"),
        pytest.param("", id="no cmd at all"),
    ],
)
def test_typed_paths_are_taken_as_they_are_typed(line: str) -> None:
    assert dropped_paths(line, ["D:\\考核 2018"]) == ["D:\\考核 2018"]
    assert dropped_paths(line, []) == []


def test_the_name_of_the_command_may_be_written_otherwise() -> None:
    assert dropped_paths(from_explorer("D:\\A&B").replace("/c", "/C"), []) == ["D:\\A&B"]


class Program:
    """epa-score, as far as the starter sees it."""

    def __init__(self, code: int = 0) -> None:
        self.code = code
        self.given: list[Sequence[str]] = []
        self.folder = ""
        self.asked: list[str] = []

    def __call__(self, arguments: Sequence[str]) -> int:
        self.given.append(arguments)
        self.folder = os.getcwd()  # noqa: PTH109 -- as the program sees it
        return self.code

    def ask(self, text: str) -> str:
        self.asked.append(text)
        return ""


@pytest.mark.parametrize("code", [0, 1])
def test_a_dropped_folder_is_run_and_shown(code: int, folder: Path) -> None:
    program = Program(code)
    (folder / "2018 年&考核").mkdir()
    assert start(["2018 年&考核"], folder / "考核评分", program, program.ask) == code
    assert program.given == [["run", str(folder / "2018 年&考核"), "--open"]]
    assert program.asked == []


@pytest.mark.parametrize("dropped", [["甲镇.xlsx"], ["年", "甲镇.xlsx"], ["年", "年"], ["无"]])
def test_anything_but_one_folder_is_named_and_nothing_run(
    dropped: list[str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    program = Program()
    (folder / "年").mkdir()
    (folder / "甲镇.xlsx").touch()
    assert start(dropped, folder / "考核评分", program, program.ask) == 2
    assert program.given == []
    assert capsys.readouterr().out == "\n".join([DROP_ONE, *dropped, ""])


def test_without_a_folder_it_explains_itself_and_makes_an_assessment_beside_the_bundle(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    program = Program()
    (folder / "桌面" / "考核评分").mkdir(parents=True)
    assert start([], folder / "桌面" / "考核评分", program, program.ask) == 0
    assert program.given == [["new"]]
    assert program.folder == str(folder / "桌面")
    assert program.asked == [f"\n{MADE}\n{PRESS_ENTER}"]
    assert capsys.readouterr().out == EXPLANATION.format(folder=folder / "桌面") + "\n"


@pytest.mark.parametrize(
    ("bundle", "place"),
    [
        ("桌面/考核评分", "桌面"),
        ("桌面/epa-score-0.1.0-windows/考核评分", "桌面"),
        ("桌面/考核评分 (1)/考核评分", "桌面"),
        ("桌面/考核/考核评分", "桌面/考核"),
        ("桌面/考核评分/考核评分", "桌面"),
        ("桌面/epa-score-0.1.0-windows (2)/考核评分", "桌面"),
        ("桌面/epa-score-1.0.0rc1-linux-x86_64/考核评分", "桌面"),
        ("桌面/考核评分材料/考核评分", "桌面/考核评分材料"),
        ("桌面/考核评分 2018/考核评分", "桌面/考核评分 2018"),
        ("桌面/epa-score/考核评分", "桌面/epa-score"),
        ("桌面/epa-score-windows/考核评分", "桌面"),
        ("考核评分", "."),
    ],
)
def test_an_assessment_never_lies_in_what_was_unpacked(bundle: str, place: str) -> None:
    assert place_beside(Path(bundle)) == Path(place)


def test_what_was_not_made_is_no_reason_to_wait_twice(folder: Path) -> None:
    program = Program(130)
    assert start([], folder / "考核评分", program, program.ask) == 130
    assert program.asked == []


@pytest.mark.parametrize("end", [EOFError, KeyboardInterrupt])
def test_a_window_that_is_closed_while_it_waits_ends_quietly(
    end: type[BaseException], folder: Path
) -> None:
    def closed(_: str) -> str:
        raise end

    assert start([], folder / "考核评分", Program(), closed) == 0


@pytest.mark.parametrize("language", [None, "en"])
def test_it_speaks_chinese_unless_told_otherwise(
    language: str | None,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("EPA_SCORE_LANG", language or "")
    if language is None:
        monkeypatch.delenv("EPA_SCORE_LANG")
    monkeypatch.setenv("EPA_SCORE_COMMAND_LINE", from_explorer(str(folder / "没有")))
    assert main([], folder) == 2
    assert capsys.readouterr().out.startswith(DROP_ONE)
    assert os.environ["EPA_SCORE_LANG"] == (language or "zh")
    assert "EPA_SCORE_COMMAND_LINE" not in os.environ
