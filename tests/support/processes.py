"""The program in processes of its own, and what one sees of them from outside."""

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from tests.support.commands import SMALL, Outcome

# Who starts the tests in the background has Ctrl-C ignored, and so would the runs that they start.
signal.signal(signal.SIGINT, signal.default_int_handler)

SLOW = 60
"""Seconds after which a run has surely hung."""

posix = pytest.mark.skipif(
    os.name != "posix", reason="signals and file descriptors as POSIX has them"
)

linux = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks into /proc")


def surroundings(**environment: str | None) -> dict[str, str]:
    """The environment of a run; what is ``None`` is not set."""
    unset = ("COLUMNS", "LINES", "NO_COLOR", "EPA_SCORE_DEBUG", "PYTHONIOENCODING", "PYTHONUTF8")
    kept = {name: value for name, value in os.environ.items() if name not in unset}
    wanted = {"EPA_SCORE_LANG": "en", "TERM": "xterm", **environment}
    kept = {name: value for name, value in kept.items() if name not in wanted}
    return kept | {name: value for name, value in wanted.items() if value is not None}


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "epa_score", *arguments]


def start(
    *arguments: str,
    stdin: bytes = b"",
    environment: dict[str, str | None] | None = None,
    **settings: Any,
) -> Outcome:
    """Run the program in a process of its own, to its end."""
    settings.setdefault("stdout", subprocess.PIPE)
    settings.setdefault("stderr", subprocess.PIPE)
    if "stdin" not in settings:
        settings["input"] = stdin
    done = subprocess.run(
        command(*arguments),
        env=surroundings(**(environment or {})),
        timeout=SLOW,
        check=False,
        **settings,
    )
    return Outcome(done.returncode, done.stdout or b"", done.stderr or b"")


def shell(line: str) -> Outcome:
    """Run a line of the shell, in which ``epa-score`` is the program."""
    program = " ".join(f"'{part}'" for part in command())
    done = subprocess.run(
        [
            "sh",
            "-c",
            f'epa_score() {{ {program} "$@"; }}; {line.replace("epa-score", "epa_score")}',
        ],
        env=surroundings(),
        capture_output=True,
        timeout=SLOW,
        check=False,
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


def one_line(text: str) -> bool:
    """Whether a text is one clear line, with at most a line of advice."""
    lines = text.splitlines()
    assert "Traceback" not in text
    assert "Exception ignored" not in text
    return len([line for line in lines if line and not line.startswith("  = ")]) == 1


def files(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with what it holds."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def write_province(folder: Path) -> Path:
    """Write enough sheets into a folder for worker processes."""
    (folder / "rubrics").mkdir()
    (folder / "rubrics" / "small.yaml").write_text(SMALL, "utf-8")
    (folder / "scores").mkdir()
    for number in range(1100):
        points = f"A1: {number % 3}, A2: {number % 5}, B1: {number % 4}.25"
        text = f"rubric: small\nunit: {number:04}镇\nscores: {{{points}}}\n"
        (folder / "scores" / f"{number}.yaml").write_text(text, "utf-8")
    return folder


EXPORTS = ("--xlsx", "--csv", "--json", "--md", "--html", "--docx")


def wait_for(condition: Callable[[], bool]) -> None:
    """Wait until something has happened."""
    end = time.monotonic() + SLOW
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.005)


def children(pid: int) -> list[int]:
    """The processes that a process has started."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += map(int, task.read_text("ascii").split())
        except OSError:
            continue
    return found


def kill_group(group: int) -> None:
    """End whatever is left of a group, so that a failing test ends too."""
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)


def on_terminal(
    *arguments: str,
    columns: int,
    environment: Mapping[str, str | None] | None = None,
    folder: Path | None = None,
    program: Sequence[str] = command(),
    answers: Mapping[str, Sequence[str]] | None = None,
) -> tuple[int, str]:
    """Everything that a program shows on a terminal, and its exit code.

    The ``answers`` to each prompt are typed one after the other, when it stands at the end.
    """
    import fcntl  # noqa: PLC0415 -- there is none on Windows
    import pty  # noqa: PLC0415
    import struct  # noqa: PLC0415
    import termios  # noqa: PLC0415

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 25, columns, 0, 0))
    shown = b""
    waiting = {prompt.encode(): list(texts) for prompt, texts in (answers or {}).items()}
    with subprocess.Popen(
        [*program, *arguments],
        cwd=folder,
        env=surroundings(**(environment or {})),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    ) as process:
        os.close(theirs)
        while True:
            if not select.select([ours], [], [], SLOW)[0]:
                process.kill()
                pytest.fail(f"nothing more was shown:\n{shown.decode()}")
            try:
                piece = os.read(ours, 65536)
            except OSError:  # how Linux says that the other side is gone
                break
            if not piece:
                break
            shown += piece
            for prompt, texts in waiting.items():
                if texts and shown.endswith(prompt):
                    os.write(ours, f"{texts.pop(0)}\n".encode())
    os.close(ours)
    return process.returncode, shown.decode().replace("\r\n", "\n")
