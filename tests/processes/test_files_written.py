"""Files written by a process: kept when it is killed, and with the mode that the umask allows."""

import os
import signal
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest
from tests.support import assessments
from tests.support.commands import FULL_MARKS, WORKBOOK, HandIn, Run
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


WAITING = """\
import os, sys, time
from pathlib import Path
from epa_score.cli.main import main
def wait(handle):
    while len([*Path().glob('.*.tmp')]) < int(sys.argv[1]):
        time.sleep(0.01)
    time.sleep(1)
os.fsync = wait
sys.exit(main(sys.argv[2:]))
"""
"""Runs that are about to put their files in place, and wait until all of them are."""


def outcomes_of_runs_at_once(*commands: list[str]) -> list[tuple[int, str]]:
    """The exit code of each, and what it says on stderr."""
    with ExitStack() as stack:
        running = [
            stack.enter_context(
                subprocess.Popen(
                    command, env=surroundings(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
                )
            )
            for command in commands
        ]
        for process in running:
            stack.callback(process.kill)
        said = [process.communicate(timeout=SLOW)[1].decode() for process in running]
        return [(process.returncode, text) for process, text in zip(running, said, strict=True)]


RULES = ("competition", "dense")


@pytest.mark.parametrize("there", [False, True])
def test_of_two_exports_at_once_one_alone_wins(examples: Path, there: bool) -> None:
    given = ["export", "--json", "-o", "out.json", *(["--force"] if there else []), "--ties"]
    if there:
        assert start("export", "--json", "-o", "out.json").code == 0
    both = ([sys.executable, "-c", WAITING, str(len(RULES)), *given, ties] for ties in RULES)
    found = outcomes_of_runs_at_once(*both)
    codes = [code for code, _ in found]
    assert sorted(codes) == [0, 3], found
    assert "EPA905" in found[codes.index(3)][1]
    assert [path.name for path in examples.glob(".*")] == [], "nothing is left of the other"
    again = start("export", "--json", "-o", "again.json", "--ties", RULES[codes.index(0)])
    assert again.code == 0
    assert (examples / "again.json").read_bytes() == (examples / "out.json").read_bytes()


@pytest.mark.usefixtures("examples")
@pytest.mark.parametrize("kind", ["json", "xlsx"])
def test_of_many_exports_at_once_one_alone_wins(kind: str) -> None:
    """Nothing holds them up but each other."""
    export = command("export", f"--{kind}", "-o", f"out.{kind}")
    found = outcomes_of_runs_at_once(*[export] * 3)
    assert sorted(code for code, _ in found) == [0, 3, 3], found
    assert start("verify", f"out.{kind}").code == 0


def test_of_runs_of_an_assessment_at_once_one_writes_all(folder: Path, run: Run) -> None:
    assessments.make(run)
    for unit in assessments.UNITS:
        assessments.hand_in(unit, FULL_MARKS)
    found = outcomes_of_runs_at_once(*[command("run", assessments.FOLDER)] * 3)
    assert {code for code, _ in found} <= {0, 3}, found
    assert 0 in {code for code, _ in found}
    assert all("EPA905" in said for code, said in found if code)
    results = folder / assessments.RESULTS
    assert len(list(results.iterdir())) == 4
    alone = start("run", assessments.FOLDER)
    assert alone.code == 0
    assert len(list(results.iterdir())) == 4
    inside = ("verify", "结果/排名汇总.xlsx", "收到的评分表")
    assert start(*inside, cwd=assessments.FOLDER).code == 0
