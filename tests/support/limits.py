"""Runs with limits of time and memory, and what they may show."""

import json
import os
import re
import signal
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import yaml
from tests.support.commands import codes
from tests.support.paths import ROOT

from epa_score.cli.main import main
from epa_score.diagnostics import Diagnostic
from epa_score.diagnostics.rendering import as_data, concise, full, github
from epa_score.i18n import LANGUAGES, Words

EXAMPLE = (ROOT / "examples" / "scores" / "示例甲镇.yaml").read_bytes()

MOST_TIMES = 20
"""How many times as much CPU time as the reference (`compose_much`) a run may need."""

MOST_BYTES = 500 * 1024 * 1024
PATIENCE = 60
"""Seconds after which a run has surely hung."""


DANGEROUS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
"""What must not reach a terminal: control, zero-width and direction characters."""


def harmless(text: str) -> bool:
    """Whether a terminal shows a text as it is; lines of CSV end with CR LF."""
    return not DANGEROUS.search(text.replace("\r\n", "\n"))


class Limited(NamedTuple):
    """How a run in a process of its own ended, and what it needed."""

    code: int
    out: str
    err: str
    times: float
    growth: int


class Forked(NamedTuple):
    """The end of a process."""

    code: int
    seconds: float
    most_memory: int


def forked(act: Callable[[], int], folder: Path, stdin: bytes) -> Forked:
    """Do something in a copy of this process, with files for its streams."""
    import resource  # noqa: PLC0415 -- there is none on Windows

    (folder / "stdin").write_bytes(stdin)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # threads of other tests
        child = os.fork()
    if child == 0:
        try:
            unmeasured()
            resource.setrlimit(resource.RLIMIT_CPU, (PATIENCE // 2, PATIENCE))
            flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
            os.dup2(os.open(folder / "stdin", os.O_RDONLY), 0)
            os.dup2(os.open(folder / "stdout", flags), 1)
            os.dup2(os.open(folder / "stderr", flags), 2)
            sys.stdin = open(0, closefd=False, encoding="utf-8")  # noqa: SIM115
            sys.stdout = open(1, "w", closefd=False, encoding="utf-8")  # noqa: SIM115
            sys.stderr = open(2, "w", closefd=False, encoding="utf-8")  # noqa: SIM115
            code = act()
            for stream in (sys.stdout, sys.stderr):
                stream.flush()
        except BaseException as error:  # noqa: BLE001
            os.write(2, f"\nTraceback: {error!r}\n".encode())
            code = 99
        os._exit(code)
    end = time.monotonic() + PATIENCE
    while True:
        pid, status, usage = os.wait4(child, os.WNOHANG)
        if pid:
            break
        if time.monotonic() > end:
            os.kill(child, signal.SIGKILL)
            end += PATIENCE
        time.sleep(0.002)
    unit = 1 if sys.platform == "darwin" else 1024
    return Forked(
        os.waitstatus_to_exitcode(status),
        usage.ru_utime + usage.ru_stime,
        usage.ru_maxrss * unit,
    )


def unmeasured() -> None:
    """Stop coverage in a copy of this process: its own time is not the tool's."""
    sys.settrace(None)
    if sys.version_info >= (3, 12) and sys.monitoring.get_tool(sys.monitoring.COVERAGE_ID):
        sys.monitoring.set_events(sys.monitoring.COVERAGE_ID, 0)


def compose_much() -> int:
    """What the time of a run is compared with: PyYAML, in Python, reads a thousand lines."""
    lines = "".join(f"A{number}: {{score: 1, note: x}}\n" for number in range(1000))
    yaml.compose(lines, Loader=yaml.BaseLoader)
    return 0


class Runner:
    """Runs command lines under the limits, in a folder that has a sound sheet in `scores/`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.streams = folder / "streams"
        self.streams.mkdir()
        (folder / "scores").mkdir()
        (folder / "scores" / "sheet.yaml").write_bytes(EXAMPLE)
        self.reference = forked(compose_much, self.streams, b"").seconds
        # The modules of the first run are there for all others, as is the memory they need.
        self.base = 0
        self.base = self.run("rank", "scores", "--format", "json").growth

    def run(self, *arguments: str, stdin: bytes = b"") -> Limited:
        """Run a command line."""
        command = ["--lang", "en", *arguments]
        ended = forked(lambda: main(command), self.streams, stdin)
        out, err = (
            (self.streams / name).read_text("utf-8", errors="backslashreplace")
            for name in ("stdout", "stderr")
        )
        times = ended.seconds / self.reference
        return Limited(ended.code, out, err, times, ended.most_memory - self.base)


def refused(code: int, said: str) -> set[str]:
    """The codes of a run that must have been refused, and said so without harm."""
    assert "Traceback" not in said, said[-2000:]
    assert code == 1, (code, said[-2000:])
    assert harmless(said), said[:2000]
    found = set(codes(said)) | set(re.findall(r'"code": "(EPA[0-9]{3})"', said))
    assert found
    return found


def refused_soon(outcome: Limited) -> set[str]:
    """The codes of a run that must have been refused within the limits."""
    assert outcome.times < MOST_TIMES
    assert outcome.growth < MOST_BYTES
    return refused(outcome.code, outcome.out + outcome.err)


WORDS = [Words(language) for language in LANGUAGES]


def show(diagnostics: Sequence[Diagnostic]) -> None:
    """Render diagnostics, of which there is an error at least, in every way."""
    assert any(one.kind.severity == "error" for one in diagnostics)
    for words in WORDS:
        for one in diagnostics:
            lines = [line.text for line in (concise(one, words), *full(one, words))]
            assert not [line for line in lines if DANGEROUS.search(line) or "\n" in line]
            assert one.kind.code in lines[0]
            assert "\n" not in github(one, words)
        assert json.dumps(as_data(diagnostics, words)).encode()
