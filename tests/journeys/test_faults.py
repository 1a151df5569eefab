"""Full disks, closed pipes, Ctrl-C, odd terminals: one clear line, the right code, no harm."""

import errno
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import unicodedata
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, Self

import pytest
from tests.conftest import SMALL, HandIn, Outcome, Run

WORKBOOK = "排名汇总.xlsx"
CODE = re.compile(r"\[(EPA[0-9]{3})\]")
FULL_MARKS = "A1: 2, A2: 4, B1: 4"
# Who starts the tests in the background has Ctrl-C ignored, and so would the runs that they start.
signal.signal(signal.SIGINT, signal.default_int_handler)

SLOW = 60
"""Seconds after which a run has surely hung."""

PATIENCE = 60
"""Seconds in which Ctrl-C must end a run, however busy the machine is."""

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


def interruptible() -> dict[str, str]:
    """The environment of a run that is interrupted at any moment.

    It is not measured: an interrupt at the wrong moment leaves coverage's own lock closed.
    """
    return surroundings(COVERAGE_PROCESS_CONFIG=None, COVERAGE_PROCESS_START=None)


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


# --- results that cannot be written ----------------------------------------------------------

RESULTS: list[list[str]] = [
    ["rank"],
    ["total", "--format", "csv"],
    ["validate", "--format", "json"],
    ["validate", "scores/faulty.yaml"],
    ["form", "--rubric", "township"],
    ["explain"],
    ["rubrics", "show", "township", "--format", "yaml"],
    ["--help"],
    ["--version"],
]


@pytest.fixture
def faulty(small: HandIn) -> Path:
    """The current folder with a sound sheet, and a faulty one that is no ordinary sheet."""
    small("甲镇", FULL_MARKS)
    sheet = small("乙镇", "A1: 9, A2: 4, B1: 4", name="faulty.yaml")
    Path("faulty").mkdir()
    sheet.rename("faulty/faulty.yaml")
    return Path.cwd()


def result_arguments(arguments: Sequence[str]) -> list[str]:
    return [one.replace("scores/faulty", "faulty/faulty") for one in arguments]


@posix
@pytest.mark.parametrize("arguments", RESULTS, ids=" ".join)
def test_a_full_disk_behind_stdout_is_one_line(faulty: Path, arguments: list[str]) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    assert faulty.is_dir()
    with Path("/dev/full").open("wb") as full:
        outcome = start(*result_arguments(arguments), stdout=full)
    assert outcome.code == 3
    assert "EPA902" in outcome.said
    assert "No space left" in outcome.said


@posix
@pytest.mark.parametrize("arguments", RESULTS[::2], ids=" ".join)
def test_a_reader_that_has_gone_is_one_line(faulty: Path, arguments: list[str]) -> None:
    assert faulty.is_dir()
    reader, writer = os.pipe()
    os.close(reader)
    try:
        outcome = start(*result_arguments(arguments), stdout=writer)
    finally:
        os.close(writer)
    assert outcome.code == 3
    assert CODE.findall(outcome.said) == ["EPA903"]
    assert "Traceback" not in outcome.said


@posix
def test_a_reader_that_stops_early_leaves_no_traceback(examples: Path) -> None:
    assert (examples / "scores").is_dir()
    outcome = shell("epa-score rubrics show departments --format yaml | head -n 1")
    assert outcome.text.count("\n") == 1
    assert "Traceback" not in outcome.said
    assert "Exception" not in outcome.said


@posix
def test_a_closed_stdout_is_one_line(faulty: Path) -> None:
    assert faulty.is_dir()
    for line in ("epa-score rank --format json -q", "epa-score -h"):
        outcome = shell(f"{line} >&-")
        assert outcome.code == 3, line
        assert CODE.findall(outcome.said) == ["EPA903"]
        assert one_line(outcome.said)


@posix
def test_a_closed_stderr_loses_only_the_messages(faulty: Path) -> None:
    assert faulty.is_dir()
    expected = shell("epa-score rank 2>/dev/null")
    assert expected.code == 0
    assert expected.out
    assert shell("epa-score rank 2>&-") == expected
    assert shell("epa-score rank faulty 2>&-").code == 1
    assert shell("epa-score nonsense 2>&-").code == 2
    assert shell("epa-score rank <&- >&- 2>&-").code == 3


@posix
def test_a_closed_stdin_is_a_finding(faulty: Path) -> None:
    assert faulty.is_dir()
    outcome = shell("epa-score validate - --format concise <&-")
    assert (outcome.code, CODE.findall(outcome.text)) == (1, ["EPA018"])
    assert outcome.text.count("\n") == 1
    assert shell("epa-score rank <&-").code == 0


@posix
def test_files_written_with_closed_streams_hold_nothing_else(faulty: Path) -> None:
    assert shell("epa-score export --json -o one").code == 0
    expected = (faulty / "one.json").read_bytes()
    for number, (streams, code) in enumerate({"<&- 2>&-": 0, ">&-": 3, "<&- >&- 2>&-": 3}.items()):
        assert shell(f"epa-score export --json --md -o n{number} {streams}").code == code
        assert (faulty / f"n{number}.json").read_bytes() == expected
        assert (faulty / f"n{number}.md").read_bytes().startswith(b"## ")


# --- files that cannot be written ------------------------------------------------------------

EXPORTS = ("--xlsx", "--csv", "--json", "--md")


def nothing_else(folder: Path, before: dict[str, bytes]) -> None:
    """No file was changed, and none was left."""
    assert files(folder) == before


@pytest.mark.parametrize("option", EXPORTS)
def test_a_full_disk_leaves_the_old_file(
    small: HandIn, run: Run, monkeypatch: pytest.MonkeyPatch, option: str
) -> None:
    small("甲镇", FULL_MARKS)
    assert run("export", option).code == 0
    before = files(Path.cwd())
    real = os.fdopen

    class Full:
        """A file on a full disk."""

        def __init__(self, file: BinaryIO) -> None:
            self.file = file

        def __getattr__(self, name: str) -> object:
            return getattr(self.file, name)

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None:
            self.file.close()

        def write(self, data: bytes) -> int:
            self.file.write(data[: len(data) // 2])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def full(*arguments: Any, **keywords: Any) -> Full:
        return Full(real(*arguments, **keywords))

    monkeypatch.setattr(os, "fdopen", full)
    outcome = run("export", option, "--force", lang="en")
    assert (outcome.code, outcome.out) == (3, b"")
    assert CODE.findall(outcome.said) == ["EPA902"]
    assert "No space left" in outcome.said
    nothing_else(Path.cwd(), before)


@pytest.mark.parametrize("call", ["fsync", "replace"])
@pytest.mark.parametrize(
    ("error", "said"),
    [
        (PermissionError(errno.EACCES, "Permission denied"), "open in Excel"),
        (OSError(errno.EIO, "Input/output error"), "Input/output error"),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), "quota"),
    ],
    ids=["locked", "broken", "quota"],
)
def test_a_target_that_is_locked_or_broken_is_kept(
    small: HandIn,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    call: str,
    error: OSError,
    said: str,
) -> None:
    small("甲镇", FULL_MARKS)
    Path(WORKBOOK).write_bytes(b"old")
    before = files(Path.cwd())

    def fail(*_: object, **_more: object) -> None:
        raise error

    monkeypatch.setattr(os, call, fail)
    outcome = run("export", "--xlsx", "--force", lang="en")
    assert (outcome.code, outcome.out) == (3, b"")
    assert CODE.findall(outcome.said) == ["EPA902"]
    assert said in outcome.said
    assert WORKBOOK in outcome.said
    nothing_else(Path.cwd(), before)


def test_an_interrupted_write_leaves_the_old_file(
    small: HandIn, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    small("甲镇", FULL_MARKS)
    Path(WORKBOOK).write_bytes(b"old")
    before = files(Path.cwd())

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    outcome = run("export", "--xlsx", "--force", lang="en")
    assert (outcome.code, outcome.out) == (130, b"")
    assert one_line(outcome.said)
    nothing_else(Path.cwd(), before)


PLACES: list[tuple[list[str], str]] = [
    (["export", "--xlsx", "-o", "nowhere/out"], "no such folder"),
    (["export", "--json", "-o", "rubrics/small.yaml/out"], "folder"),
    (["export", "--md", "-o", "taken.md"], ""),
    (["export", "--csv", "-o", "x" * 300], "name too long"),
    (["form", "--rubric", "small", "-o", "rubrics/small.yaml/forms"], ""),
    (["form", "--rubric", "small", "--unit", "甲", "乙", "-o", "rubrics/small.yaml"], ""),
    (["form", "--rubric", "small", "-o", "nowhere/甲.yaml"], "no such folder"),
]


@pytest.mark.parametrize(("arguments", "said"), PLACES, ids=[one[0][-1][:20] for one in PLACES])
def test_a_place_that_cannot_be_written_is_named(
    small: HandIn, run: Run, arguments: list[str], said: str
) -> None:
    small("甲镇", FULL_MARKS)
    Path("taken.md").mkdir()
    (Path("taken.md") / "排名汇总.md").mkdir()
    before = files(Path.cwd())
    for force in ([], ["--force"]):
        outcome = run(*arguments, *force, lang="en")
        assert (outcome.code, outcome.out) == (3, b""), outcome.said
        assert one_line(outcome.said)
        assert CODE.findall(outcome.said)[0] in {"EPA901", "EPA902"}
        assert said.lower() in outcome.said.lower()
        nothing_else(Path.cwd(), before)


@posix
def test_a_read_only_folder_is_reported(examples: Path, run: Run) -> None:
    closed = examples / "closed"
    closed.mkdir()
    closed.chmod(0o555)
    try:
        if os.access(closed, os.W_OK):  # root writes everywhere but into the kernel's own folders
            closed = Path("/proc/self")
        outcome = run("export", "--json", "-o", closed / "out", lang="en")
    finally:
        (examples / "closed").chmod(0o755)
    assert (outcome.code, outcome.out) == (3, b"")
    assert CODE.findall(outcome.said) == ["EPA902"]
    assert one_line(outcome.said)


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
    target.write_bytes(b"old")
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
    assert target.read_bytes() == b"old"
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


# --- Ctrl-C ----------------------------------------------------------------------------------


ENDED_BY_CTRL_C = {130, -signal.SIGINT}
"""What a shell shows as 130: Python itself takes the second way if Ctrl-C fell into an `exec`."""


def wait_for(condition: Callable[[], bool]) -> None:
    """Wait until something has happened."""
    end = time.monotonic() + SLOW
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.005)


def many_sheets(folder: Path, number: int) -> None:
    """Many names of one sheet that takes a while to read."""
    sheets = folder / "many"
    sheets.mkdir()
    notes = "".join(f"  A{one}: {{score: 1, note: x}}\n" for one in range(900))
    (sheets / "0.yaml").write_text(f"rubric: township\nunit: 甲\nscores:\n{notes}", "utf-8")
    for one in range(1, number):
        os.link(sheets / "0.yaml", sheets / f"{one}.yaml")


def children(pid: int) -> list[int]:
    """The processes that a process has started."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += map(int, task.read_text("ascii").split())
        except OSError:
            continue
    return found


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


def kill_group(group: int) -> None:
    """End whatever is left of a group, so that a failing test ends too."""
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)


def alive(group: int) -> bool:
    """Whether any process of a group still runs."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def waits(pid: int) -> bool:
    """Whether a process has begun, and now waits for something."""
    before = used(pid)
    time.sleep(0.3)
    state = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0]
    return state == "S" and used(pid) == before > 0


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
        wait_for(lambda: waits(process.pid))
        process.send_signal(signal.SIGINT)
        err = process.stderr.read() if process.stderr else b""
        process.wait(SLOW)
    assert process.returncode in ENDED_BY_CTRL_C
    assert one_line(err.decode())


# --- many files, two processes ---------------------------------------------------------------


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with enough sheets for worker processes."""
    folder = tmp_path_factory.mktemp("province")
    (folder / "rubrics").mkdir()
    (folder / "rubrics" / "small.yaml").write_text(SMALL, "utf-8")
    (folder / "scores").mkdir()
    for number in range(1100):
        points = f"A1: {number % 3}, A2: {number % 5}, B1: {number % 4}.25"
        text = f"rubric: small\nunit: {number:04}镇\nscores: {{{points}}}\n"
        (folder / "scores" / f"{number}.yaml").write_text(text, "utf-8")
    return folder


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
    assert (closed.code, CODE.findall(closed.said)) == (3, ["EPA903"])


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


# --- surroundings ----------------------------------------------------------------------------


def test_the_hash_seed_changes_nothing(examples: Path) -> None:
    assert (examples / "scores").is_dir()
    (examples / "bad").mkdir()
    text = (examples / "scores" / "示例甲镇.yaml").read_text("utf-8")
    wrong = text.replace("A1: 3", "A9: 3").replace("unit:", "unt:").replace("B1: 2", "B1: 二")
    (examples / "bad" / "x.yaml").write_text(wrong, "utf-8")
    found = set()
    for seed in ("1", "4242"):
        environment: dict[str, str | None] = {"PYTHONHASHSEED": seed}
        outcomes = (
            start("rank", environment=environment),
            start("validate", "bad", "--format", "json", environment=environment),
            start("export", *EXPORTS, "-o", f"out{seed}", environment=environment),
        )
        written = [path.read_bytes() for path in sorted(examples.glob(f"out{seed}*"))]
        assert len(written) == 5
        found.add((outcomes[0], outcomes[1], *written))
    assert len(found) == 1


ENCODINGS: dict[str, dict[str, str | None]] = {
    "LANG=C": {"LANG": "C", "LC_ALL": None},
    "LC_ALL=C": {"LC_ALL": "C"},
    "unknown locale": {"LC_ALL": "xx_YY.nonsense"},
    "C without UTF-8": {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
    "ascii": {"PYTHONIOENCODING": "ascii"},
    "ascii strict": {"PYTHONIOENCODING": "ascii:strict"},
    "gbk": {"PYTHONIOENCODING": "gbk"},
    "latin-1": {"PYTHONIOENCODING": "latin-1"},
    "no variables": {"LANG": None, "LC_ALL": None, "TERM": None, "HOME": None},
}


@pytest.mark.parametrize("environment", ENCODINGS.values(), ids=ENCODINGS)
def test_any_locale_and_encoding_will_do(small: HandIn, environment: dict[str, str | None]) -> None:
    small("𠮷镇", "A1: 9, A2: 4, B1: 4", name="é€镇.yaml")
    small("甲镇", FULL_MARKS, 'period: "2018é€"')
    Path("faulty").mkdir()
    Path("scores/é€镇.yaml").rename("faulty/é€镇.yaml")
    environment = {"EPA_SCORE_LANG": "zh", **environment}
    encoding = (environment.get("PYTHONIOENCODING") or "utf-8").partition(":")[0]
    outcome = start("rank", "scores", "faulty", "--skip-invalid", environment=environment)
    assert (outcome.code, b"Traceback" in outcome.err) == (0, False)
    assert "[EPA104]" in outcome.err.decode(encoding, "replace")
    assert "甲镇" in outcome.out.decode(encoding) or b"\\u7532" in outcome.out


def test_a_name_that_the_locale_cannot_write_is_no_bug(small: HandIn) -> None:
    small("甲镇", FULL_MARKS)
    for name, environment in list(ENCODINGS.items())[2:5]:
        outcome = start("export", "--xlsx", "--force", environment=environment)
        if outcome.code:
            assert (outcome.code, CODE.findall(outcome.said)) == (3, ["EPA902"]), name
        else:
            assert Path(WORKBOOK).exists(), name


def test_only_an_explicit_choice_colours_a_pipe(small: HandIn) -> None:
    small("甲镇", "A1: 9, A2: 4, B1: 4")
    assert b"\x1b" not in start("validate", environment={"FORCE_COLOR": "1"}).out
    assert b"\x1b" in start("validate", "--color", "always", environment={"NO_COLOR": "1"}).out


# --- a real terminal -------------------------------------------------------------------------


def on_terminal(
    *arguments: str, columns: int, environment: dict[str, str | None] | None = None
) -> tuple[int, str]:
    """Everything that a command shows on a terminal, and its exit code."""
    import fcntl  # noqa: PLC0415 -- there is none on Windows
    import pty  # noqa: PLC0415
    import struct  # noqa: PLC0415
    import termios  # noqa: PLC0415

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 25, columns, 0, 0))
    shown = b""
    with subprocess.Popen(
        command(*arguments),
        env=surroundings(**(environment or {})),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    ) as process:
        os.close(theirs)
        while True:
            try:
                piece = os.read(ours, 65536)
            except OSError:  # how Linux says that the other side is gone
                break
            if not piece:
                break
            shown += piece
    os.close(ours)
    return process.returncode, shown.decode().replace("\r\n", "\n")


def cells(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def shown_rows(text: str) -> dict[str, list[str]]:
    """The words of each row of a ranking, by unit."""
    return {
        words[1]: words
        for line in text.splitlines()
        if len(words := line.split()) > 1 and re.fullmatch("[0-9]+", words[0])
    }


@posix
@pytest.mark.parametrize("columns", [20, 40, 80, 120])
def test_a_narrow_terminal_loses_columns_and_never_a_digit(
    examples: Path, run: Run, columns: int
) -> None:
    assert (examples / "scores").is_dir()
    code, text = on_terminal(
        "rank", "--rubric", "township", columns=columns, environment={"TERM": "dumb"}
    )
    assert code == 0
    rows = shown_rows(text)
    assert len(rows) == 16
    expected = json.loads(run("rank", "--rubric", "township", "--format", "json").out)
    for row in expected:
        words = rows[row["unit"]]
        total = f"{float(row['total']):.1f}"
        assert words[0] == str(row["rank"])
        assert total in words
        points = [f"{float(one):.1f}" for one in row["sections"].values()]
        assert set(words) <= {words[0], row["unit"], total, "tied", *points}
    if columns >= 120:
        assert all(len(words) >= 7 for words in rows.values())
    table = [line for line in text.splitlines() if re.match(r" *[0-9]+ ", line)]
    assert max(map(cells, table)) <= max(columns, 24)


@posix
def test_columns_say_how_wide_the_terminal_is(examples: Path) -> None:
    assert (examples / "scores").is_dir()
    arguments = ("rank", "--rubric", "township")
    _, narrow = on_terminal(*arguments, columns=20, environment={"TERM": "dumb"})
    _, told = on_terminal(*arguments, columns=200, environment={"TERM": "dumb", "COLUMNS": "20"})
    assert told == narrow
    for number in ("0", "x"):
        code, text = on_terminal(
            *arguments, columns=80, environment={"TERM": "dumb", "COLUMNS": number}
        )
        assert code == 0
        assert len(shown_rows(text)) == 16


@posix
def test_a_terminal_without_size_is_no_bug(examples: Path) -> None:
    assert (examples / "scores").is_dir()
    for arguments in (["rank", "--rubric", "township"], ["--help"]):
        code, text = on_terminal(*arguments, columns=0, environment={"TERM": "dumb"})
        assert code == 0
        assert text


@posix
def test_every_table_can_be_shown_on_a_narrow_terminal(examples: Path) -> None:
    assert (examples / "scores").is_dir()
    commands = (
        ["total"],
        ["rubrics"],
        ["rubrics", "show", "departments"],
        ["rank", "--provisional"],
    )
    for number, arguments in enumerate(commands):
        columns = (1, 20)[number % 2]
        code, text = on_terminal(*arguments, columns=columns, environment={"TERM": "dumb"})
        assert code == 0, arguments
        assert "Traceback" not in text
    assert "97.5" in text


@posix
def test_a_terminal_is_coloured_unless_it_is_not_wanted(small: HandIn) -> None:
    small("甲镇", "A1: 9, A2: 4, B1: 4")
    assert "\x1b[" in on_terminal("validate", columns=80)[1]
    assert "\x1b" not in on_terminal("validate", columns=80, environment={"NO_COLOR": "1"})[1]
    assert "\x1b" not in on_terminal("validate", columns=80, environment={"TERM": "dumb"})[1]
    assert "\x1b" not in on_terminal("validate", "--color", "never", columns=80)[1]


@posix
def test_progress_is_shown_on_a_terminal_and_leaves_no_trace(province: Path, folder: Path) -> None:
    shutil.copytree(province / "rubrics", folder / "rubrics")
    (folder / "scores").mkdir()
    for number in range(60):
        shutil.copy(province / "scores" / f"{number}.yaml", folder / "scores")
    code, text = on_terminal("rank", columns=80)
    assert code == 0
    assert "60/60" in text
    assert "60/60" not in on_terminal("rank", "--quiet", columns=80)[1]
    assert "60/60" not in start("rank").said
    dumb = on_terminal("rank", columns=80, environment={"TERM": "dumb"})[1]
    assert "\x1b" not in dumb
