"""Many files, two processes: what one process gives."""

import json
import os
import signal
import subprocess
from pathlib import Path

import pytest
from tests.support.commands import Run, codes
from tests.support.processes import (
    SLOW,
    children,
    command,
    kill_group,
    linux,
    one_line,
    posix,
    shell,
    start,
    surroundings,
    wait_for,
)

pytestmark = pytest.mark.process


def test_workers_give_what_one_process_gives(
    province: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(province)
    two = start("rank", "--format", "json", cwd=province)
    monkeypatch.setattr("epa_score.cli.batch.ENOUGH_FOR_TWO", 10**9)
    one = run("rank", "--format", "json", lang="en")
    assert (two.code, two.out) == (0, one.out)
    assert len(json.loads(two.out)) == 1100


@posix
def test_workers_need_no_open_streams(province: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(province)
    ranked = shell("epa-score rank -q <&- 2>&-")
    assert (ranked.code, ranked.text.count("\n")) == (0, 1101)
    closed = shell("epa-score rank -q <&- >&-")
    assert (closed.code, codes(closed.said)) == (3, ["EPA903"])


@linux
def test_a_worker_that_dies_is_one_line(province: Path) -> None:
    with subprocess.Popen(
        command("rank"),
        cwd=province,
        env=surroundings(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        wait_for(lambda: bool(children(process.pid)) or process.poll() is not None)
        worker = next(iter(children(process.pid)), process.pid)
        os.kill(worker, signal.SIGKILL)
        try:
            out, err = process.communicate(timeout=SLOW)
        finally:
            kill_group(process.pid)
    assert b"Traceback" not in err
    if process.returncode not in {0, -signal.SIGKILL}:  # the worker may just have finished
        assert (process.returncode, out) == (70, b"")
        assert one_line(err.decode())
