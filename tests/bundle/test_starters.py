"""开始考核 itself: the batch file for Windows, the script and the entry for Linux."""

import re
from collections.abc import Sequence
from pathlib import PureWindowsPath

import pytest
from bundle.start import dropped_paths
from bundle.windows import HERE, windows_script
from tests.support.batch import Batch

SCRIPT = windows_script("开始考核.cmd").decode("ascii")
PROMPT = r'"C:\WINDOWS\system32\cmd.exe" '
FOLDERS = [r"D:\考核", r"D:\工作 文件\100%!(甲)&乙^", r"\\server\share\a;b,c=d"]


class Started:
    """What a batch file starts, in the place of Python and PowerShell."""

    def __init__(self, code: int) -> None:
        self.code = code
        self.commands: list[Sequence[str]] = []
        self.dropped: list[str] = []

    def __call__(self, command: Sequence[str], variables: dict[str, str]) -> int:
        self.commands.append(command)
        self.dropped = dropped_paths(variables["EPA_SCORE_COMMAND_LINE"], command[5:])
        return self.code


def run(folder: str, command_line: str, arguments: str, code: int = 0) -> tuple[Batch, Started]:
    started = Started(code)
    script = PureWindowsPath(folder, "开始考核.cmd")
    python = frozenset({rf"{folder}\program\python\python.exe"})
    batch = Batch(script, SCRIPT, python, command_line, started, arguments)
    batch.run()
    return batch, started


def from_explorer(folder: str, dropped: str) -> str:
    return rf'C:\WINDOWS\system32\cmd.exe /c ""{folder}\开始考核.cmd" {dropped}"'


@pytest.mark.parametrize("folder", FOLDERS)
def test_explorer_starts_python_with_the_starter_wherever_the_bundle_lies(folder: str) -> None:
    batch, started = run(folder, from_explorer(folder, ""), "")
    program = rf"{folder}\program"
    starter = [rf"{program}\python\python.exe", "-I", "-X", "utf8", rf"{program}\start.py"]
    assert started.commands == [starter]
    assert started.dropped == []
    assert (batch.code, batch.pauses, batch.closes_cmd) == (0, 0, True)


@pytest.mark.parametrize(
    ("dropped", "cut_off"),
    [
        (r"D:\A&B", r"D:\A"),
        (r"D:\100%", r"D:\100%"),
        (r"D:\a^b!c", r"D:\ab!c"),
        (r'"D:\2018 年&考核"', r'"D:\2018 年&考核"'),
    ],
)
def test_a_dropped_folder_arrives_whole(dropped: str, cut_off: str) -> None:
    _, started = run(FOLDERS[1], from_explorer(FOLDERS[1], dropped), cut_off)
    assert started.dropped == [dropped.strip('"')]


@pytest.mark.parametrize("code", [1, 2, 3, 70, -1073741819])
def test_the_window_stays_open_after_whatever_went_wrong(code: int) -> None:
    batch, _ = run(FOLDERS[0], from_explorer(FOLDERS[0], r"D:\x"), r"D:\x", code)
    assert (batch.code, batch.pauses, batch.closes_cmd) == (code, 1, True)


def test_a_prompt_at_which_it_was_typed_stays_open() -> None:
    batch, started = run(FOLDERS[1], PROMPT, r'"D:\2018 年&考核"', 1)
    assert started.dropped == [r"D:\2018 年&考核"]
    assert (batch.code, batch.closes_cmd) == (1, False)


def test_inside_an_archive_it_says_to_unpack_first() -> None:
    started = Started(0)
    script = PureWindowsPath(r"C:\Temp\开始考核.cmd")
    batch = Batch(script, SCRIPT, frozenset(), from_explorer(r"C:\Temp", ""), started)
    batch.run()
    (powershell,) = started.commands
    assert powershell[0] == "powershell"
    characters = re.findall(r"\d+", powershell[-1])
    said = "".join(map(chr, map(int, characters)))
    assert said == "请先把压缩包全部解压出来，再双击解压后的“开始考核”。"
    assert batch.shown == ["Unpack the whole zip file first, then start again."]
    assert (batch.code, batch.pauses, batch.closes_cmd) == (1, 1, True)


@pytest.mark.parametrize("name", ["开始考核.cmd", "epa-score.cmd"])
def test_batch_files_are_read_alike_by_every_code_page(name: str) -> None:
    script = windows_script(name)
    assert script.isascii()
    assert script.count(b"\n") == script.count(b"\r\n") > 0


def test_the_command_line_tool_passes_everything_on() -> None:
    script = windows_script("epa-score.cmd").decode("ascii")
    assert script == '@"%~dp0python\\python.exe" -I -X utf8 -m epa_score %*\r\n'


def test_the_script_for_linux_has_the_line_ends_of_linux() -> None:
    for path in (HERE / "linux_files").glob("开始考核.*"):
        assert b"\r" not in path.read_bytes()
