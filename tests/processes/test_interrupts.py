"""Ctrl-C at any moment: one clear line, and nothing left."""

import os
import signal
import subprocess
from array import array
from pathlib import Path
from typing import IO

import pytest
from tests.support.processes import (
    SLOW,
    children,
    command,
    kill_group,
    linux,
    one_line,
    surroundings,
    wait_for,
)

pytestmark = pytest.mark.process

PATIENCE = 60
"""Seconds in which Ctrl-C must end a run, however busy the machine is."""


def interruptible() -> dict[str, str]:
    """The environment of a run that is interrupted at any moment.

    It is not measured: an interrupt at the wrong moment leaves coverage's own lock closed.
    """
    return surroundings(COVERAGE_PROCESS_CONFIG=None, COVERAGE_PROCESS_START=None)


ENDED_BY_CTRL_C = {130, -signal.SIGINT}
"""What a shell shows as 130: Python itself takes the second way if Ctrl-C fell into an `exec`."""


def many_sheets(folder: Path, number: int) -> None:
    """Many names of one sheet that takes a while to read."""
    sheets = folder / "many"
    sheets.mkdir()
    notes = "".join(f"  A{one}: {{score: 1, note: x}}\n" for one in range(900))
    (sheets / "0.yaml").write_text(f"rubric: township\nunit: 甲\nscores:\n{notes}", "utf-8")
    for one in range(1, number):
        os.link(sheets / "0.yaml", sheets / f"{one}.yaml")


def used(pid: int) -> float:
    """The CPU time in seconds that a process has used."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    except OSError:
        return 0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def come_to(moment: str, pid: int) -> bool:
    """Whether a run has come so far; where there is one processor, there are no workers."""
    workers = children(pid)
    reached = {
        "starting workers": bool(workers),
        "reading with workers": sum(map(used, workers)) > 1,
        "reading alone": used(pid) > 1,
    }
    return reached[moment] or (os.cpu_count() == 1 and used(pid) > 1)


@linux
@pytest.mark.parametrize(
    ("sheets", "moment", "everybody"),
    [
        (400, "reading alone", True),
        (400, "reading alone", False),
        (2000, "starting workers", True),
        (2000, "reading with workers", True),
        (2000, "reading with workers", False),
    ],
    ids=[
        "one process",
        "one process alone",
        "workers that start",
        "workers that read",
        "workers that do not hear it",
    ],
)
def test_ctrl_c_is_one_line_and_leaves_nothing(
    folder: Path, sheets: int, moment: str, everybody: bool
) -> None:
    many_sheets(folder, sheets)
    before = set(folder.iterdir())
    with subprocess.Popen(
        command("export", "many", "--json"),
        env=interruptible(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        try:
            wait_for(lambda: come_to(moment, process.pid))
            (os.killpg if everybody else os.kill)(process.pid, signal.SIGINT)
            try:
                out, err = process.communicate(timeout=PATIENCE)
            except subprocess.TimeoutExpired:  # lost in a finalizer: people press again
                process.send_signal(signal.SIGINT)
                out, err = process.communicate(timeout=PATIENCE)
            wait_for(lambda: not alive(process.pid))
        finally:
            kill_group(process.pid)
    said = err.decode()
    assert "Traceback" not in said
    assert one_line(said), said
    assert process.returncode in ENDED_BY_CTRL_C
    assert out == b""
    assert "interrupted" in said
    assert set(folder.iterdir()) == before


def alive(group: int) -> bool:
    """Whether any process of a group still runs."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def unread(pipe: IO[bytes]) -> int:
    """How many bytes of a pipe its reader has not taken yet."""
    import fcntl  # noqa: PLC0415 -- there is none on Windows
    import termios  # noqa: PLC0415

    count = array("i", [0])
    fcntl.ioctl(pipe, termios.FIONREAD, count)
    return count[0]


@linux
def test_ctrl_c_while_a_sheet_is_typed_in_is_one_line(folder: Path) -> None:
    assert list(folder.iterdir()) == []
    with subprocess.Popen(
        command("validate", "-"),
        env=interruptible(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        stdin = process.stdin
        assert stdin is not None
        stdin.write(b"rubric: ")
        stdin.flush()
        wait_for(lambda: not unread(stdin) or process.poll() is not None)
        process.send_signal(signal.SIGINT)
        err = process.stderr.read() if process.stderr else b""
        process.wait(SLOW)
    assert process.returncode in ENDED_BY_CTRL_C
    assert one_line(err.decode())
