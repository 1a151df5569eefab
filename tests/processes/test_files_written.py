"""Files written by a process: kept when it is killed, and with the mode that the umask allows."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.support.commands import FULL_MARKS, WORKBOOK, HandIn
from tests.support.processes import (
    SLOW,
    command,
    posix,
    start,
    surroundings,
    wait_for,
)

pytestmark = pytest.mark.process


@posix
def test_a_removed_current_folder_is_no_bug(small: HandIn) -> None:
    path = small("甲镇", FULL_MARKS)
    gone = Path.cwd() / "gone"
    gone.mkdir()
    program = " ".join(f"'{part}'" for part in command("validate", "-", str(path), "x.yaml"))
    done = subprocess.run(
        ["sh", "-c", f"cd gone && rmdir ../gone && {program}"],
        env=surroundings(),
        capture_output=True,
        timeout=SLOW,
        check=False,
        input=b"",
    )
    assert done.returncode == 1, done.stderr.decode()
    assert b"internal error" not in done.stderr


@posix
def test_a_killed_run_leaves_the_old_file(examples: Path) -> None:
    target = examples / WORKBOOK
    assert start("export", "--xlsx").code == 0
    old = target.read_bytes()
    sleeping = (
        "import os, sys, time\n"
        "os.fsync = lambda handle: time.sleep(600)\n"
        "from epa_score.cli.main import main\n"
        "sys.exit(main(['export', '--xlsx', '--force']))\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", sleeping],
        env=surroundings(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        wait_for(lambda: sum(path.stat().st_size for path in examples.glob(".*.tmp")) > 1000)
        os.kill(process.pid, signal.SIGKILL)
        out, _ = process.communicate(timeout=SLOW)
    assert (process.returncode, out) == (-signal.SIGKILL, b"")
    assert target.read_bytes() == old
    assert [path.name for path in examples.iterdir() if not path.name.startswith(".")] == [
        path.name for path in examples.iterdir() if path.name in {"scores", WORKBOOK}
    ]
    assert start("export", "--xlsx", "--force").code == 0
    assert target.read_bytes()[:2] == b"PK"


@posix
def test_the_mode_of_a_new_file_follows_the_umask(examples: Path) -> None:
    for mask in (0o022, 0o077):
        program = " ".join(f"'{part}'" for part in command("export", "--json", "--force"))
        subprocess.run(["sh", "-c", f"umask {mask:03o}; {program}"], env=surroundings(), check=True)
        assert (examples / "排名汇总.json").stat().st_mode & 0o777 == 0o666 & ~mask
