"""Files that are broken, huge or malicious: a diagnostic, soon, and never a wrong total."""

import json
import os
import random
import re
import signal
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import HandIn, Run
from tests.support.paths import ROOT

import epa_score
from epa_score.cli.main import main
from epa_score.cli.session import Session
from epa_score.diagnostics import Diagnostic
from epa_score.diagnostics.rendering import as_data, concise, full, github
from epa_score.i18n import LANGUAGES, Words

EXAMPLE = (ROOT / "examples" / "scores" / "示例甲镇.yaml").read_bytes()

MOST_SECONDS = 2.0
MOST_BYTES = 500 * 1024 * 1024
PATIENCE = 60
FEW_BYTES = 60_000
"""What is read quickly whatever it holds; larger files are measured once, in the longest format."""

CODE = re.compile(r"\[(EPA[0-9]{3})\]")
DANGEROUS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
"""What must not reach a terminal: control, zero-width and direction characters."""


def harmless(text: str) -> bool:
    """Whether a terminal shows a text as it is; lines of CSV end with CR LF."""
    return not DANGEROUS.search(text.replace("\r\n", "\n"))


# --- one run with limits ---------------------------------------------------------------------


class Limited(NamedTuple):
    """How a run in a process of its own ended, and what it needed."""

    code: int
    out: str
    err: str
    seconds: float
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


class Runner:
    """Runs command lines under the limits, in a folder that has a sound sheet in `scores/`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.streams = folder / "streams"
        self.streams.mkdir()
        (folder / "scores").mkdir()
        (folder / "scores" / "sheet.yaml").write_bytes(EXAMPLE)
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
        return Limited(ended.code, out, err, ended.seconds, ended.most_memory - self.base)


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Runner:
    if not hasattr(os, "fork"):
        pytest.skip("this system cannot copy a process")
    main(
        ["--lang", "en", "--quiet", "total", str(ROOT / "examples" / "scores"), "--format", "json"]
    )
    return Runner(tmp_path_factory.mktemp("limited"))


def refused(outcome: Limited) -> set[str]:
    """The codes of a run that must have been refused within the limits."""
    said = outcome.out + outcome.err
    assert "Traceback" not in said, said[-2000:]
    assert outcome.code == 1, (outcome.code, said[-2000:])
    assert outcome.seconds < MOST_SECONDS
    assert outcome.growth < MOST_BYTES
    assert harmless(said), said[:2000]
    codes = set(CODE.findall(said)) | set(re.findall(r'"code": "(EPA[0-9]{3})"', said))
    assert codes
    return codes


# --- hostile bytes ---------------------------------------------------------------------------

SHEET = "rubric: township\nunit: 示例甲镇\nscores:\n  A1: 3\n".encode()
RUBRIC = """\
id: x
title: 细则
total: 3
sections:
  - {id: A, title: 甲, max: 3, items: [{id: A1, max: 3, text: 一}]}
""".encode()
BOMB = "".join(
    f"  B{level}: &b{level} [{', '.join([f'*b{level - 1}'] * 9) if level else 'lol'}]\n"
    for level in range(9)
)
MANY = range(6000)


def line(text: str, times: int = 1) -> Callable[[bytes], bytes]:
    """A file with more lines at its end."""
    return lambda head: head + text.encode() * times


def instead(data: bytes) -> Callable[[bytes], bytes]:
    """Other bytes in place of a file."""
    return lambda _head: data


def encoded(encoding: str) -> Callable[[bytes], bytes]:
    """A file in another encoding."""
    return lambda head: head.decode().encode(encoding)


def flow(entries: str) -> Callable[[bytes], bytes]:
    """A file whose last mapping stands in a single line."""
    return lambda head: head.replace(b"scores:\n  A1: 3\n", f"scores: {{{entries}}}\n".encode())


HOSTILE: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    # What YAML can do and a score sheet must not.
    "duplicate key": ("EPA004", line("  A1: 3\n  A1: 2\n")),
    "duplicate field": ("EPA004", line("rubric: township\nid: x\nrubric: township\nid: x\n")),
    "duplicate quoted key": ("EPA004", line('  "A1": 2\n  A1: 2\nid: x\n"id": x\n')),
    "alias": ("EPA015", line("  A2: &a 2\n  A3: *a\n")),
    "alias of nothing": ("EPA015", line("  A3: *a\n")),
    "anchor": ("EPA015", line("  A3: &a 2\n")),
    "merge key": ("EPA015", line("  <<: {A2: 2}\n")),
    "merged alias": ("EPA015", line("  A2: &a {score: 2}\n  A3:\n    <<: *a\n")),
    "billion laughs": ("EPA015", line(BOMB)),
    "python object": ("EPA016", line("  A2: !!python/object/apply:os.system ['false']\n")),
    "int tag": ("EPA016", line("  A2: !!int 2\n")),
    "float tag": ("EPA016", line('  A2: !!float "2"\n')),
    "own tag": ("EPA016", line("  A2: !two 2\n")),
    "binary tag": ("EPA016", line("  A2: !!binary Mg==\n")),
    "tag directive": ("EPA016", instead(b"%TAG ! tag:x,2000:\n--- !a\nscores: {}\n")),
    "unknown version": ("EPA007", instead(b"%YAML 9.9\n---\nscores: {}\n")),
    "two documents": ("EPA014", line("---\nscores: {A1: 3}\n")),
    "document after the end": ("EPA014", line("...\n---\nscores: {A1: 3}\n")),
    "null key": ("EPA017", line("  ~: 2\n")),
    "empty key": ("EPA017", line('  "": 2\n')),
    "list as key": ("EPA017", line("  [A2]: 2\n")),
    "mapping as key": ("EPA017", line("  ? {A2: 2}\n  : 2\n")),
    "boolean": ("EPA106", line("  A2: yes\n")),
    "octal": ("EPA109", line("  A2: 02\n")),
    "sexagesimal": ("EPA109", line("  A2: 0:02\n")),
    "infinity": ("EPA109", line("  A2: .inf\n")),
    "not a number": ("EPA109", line("  A2: .nan\n")),
    "exponent": ("EPA109", line("  A2: 2e0\n")),
    "hexadecimal": ("EPA109", line("  A2: 0x2\n")),
    "underscore": ("EPA109", line("  A2: 1_0\n")),
    "quoted": ("EPA107", line("  A2: '2'\n")),
    "block text": ("EPA107", line("  A2: |\n    2\n")),
    "negative": ("EPA108", line("  A2: -2\n")),
    # What people type.
    "tab before a key": ("EPA005", line("\tA2: 2\n")),
    "full-width colon": ("EPA003", line("  A2：2\n")),
    "full-width blank": ("EPA003", line("\u3000\u3000A2: 2\n")),
    "full-width digit": ("EPA106", line("  A2: ２\n")),
    "full-width braces": ("EPA003", line("  A2: ｛score: 2｝\n")),
    "no-break space": ("EPA003", line("\xa0\xa0A2: 2\n")),
    "hanging text": ("EPA007", line("  A2: 'two\n")),
    # Bytes that are no text.
    "GBK": ("EPA001", encoded("gbk")),
    "GB18030": ("EPA001", encoded("gb18030")),
    "Big5": ("EPA001", instead("單位：甲鎮".encode("big5"))),
    "UTF-16 LE with BOM": ("EPA008", lambda head: b"\xff\xfe" + head.decode().encode("utf-16-le")),
    "UTF-16 BE with BOM": ("EPA008", lambda head: b"\xfe\xff" + head.decode().encode("utf-16-be")),
    "UTF-16 LE": ("EPA008", encoded("utf-16-le")),
    "UTF-16 BE": ("EPA008", encoded("utf-16-be")),
    "UTF-32 LE with BOM": (
        "EPA008",
        lambda head: b"\xff\xfe\0\0" + head.decode().encode("utf-32-le"),
    ),
    "UTF-32 BE": ("EPA008", encoded("utf-32-be")),
    "UTF-7": ("EPA019", instead("单位：甲".encode("utf-7"))),
    "lone surrogate": ("EPA001", lambda head: head + b"  A2: \xed\xa0\x80\n"),
    "overlong": ("EPA001", lambda head: head + b"  A2: \xc0\xb2\n"),
    "overlong NUL": ("EPA001", lambda head: head + b"  A2: \xc0\x80\n"),
    "beyond Unicode": ("EPA001", lambda head: head + b"  A2: \xf4\x90\x80\x80\n"),
    "cut off": ("EPA001", lambda head: head + "  # 甲".encode()[:-1]),
    "NUL": ("EPA009", line("  A2: 2\0\n")),
    "escaped surrogate": ("EPA007", line('  A2: {score: 2, note: "\\ud800"}\n')),
    "BOM in the middle": ("EPA009", line("\ufeff  A2: 2\n")),
    "two BOMs": ("EPA009", lambda head: b"\xef\xbb\xbf" * 2 + head),
    "line separator": ("EPA009", line("  A2: 2\u2028  A3: 3\n")),
    "paragraph separator": ("EPA009", line("  A2: 2\u2029  A3: 3\n")),
    "next line": ("EPA009", line("  A2: 2\x85  A3: 3\n")),
    "escape sequence": ("EPA009", line("  # \x1b]0;title\x07\n")),
    "C1": ("EPA009", line("  # \x9b31m\n")),
    "no character": ("EPA009", line("  # \ufffe\n")),
    # Nothing, or nothing but.
    "empty": ("EPA010", instead(b"")),
    "BOM alone": ("EPA010", instead(b"\xef\xbb\xbf")),
    "only comments": ("EPA010", instead(b"# a\n# b\n")),
    "only a document mark": ("EPA019", instead(b"---\n")),
    "only line ends": ("EPA010", instead(b"\r\n\r\n \n")),
    "a word": ("EPA019", instead(b"hello")),
    "a list": ("EPA019", instead(b"- scores\n- sections\n")),
    "a picture": ("EPA001", instead(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)))),
    "a workbook": ("EPA001", instead(b"PK\x03\x04\x14\0\x08\x08\xff\xfe" + bytes(range(1, 256)))),
    # Too much of something.
    "20 MB": ("EPA011", line("#" * 79 + "\n", 262_144)),
    "one byte too many": ("EPA011", lambda head: head + b"#" * (1_000_001 - len(head))),
    "200,000 keys": ("EPA011", line("".join(f"  K{one}: 1\n" for one in range(200_000)))),
    "50,000 keys": ("EPA012", line("".join(f"  K{one}: 1\n" for one in range(50_000)))),
    "100,000 list entries": ("EPA012", instead(b"scores:\n" + b"- 1\n" * 100_000)),
    "50,000 [": ("EPA013", instead(b"[" * 50_000)),
    "50,000 [ in a field": ("EPA013", line("x: " + "[" * 50_000)),
    "50,000 {": ("EPA017", instead(b"{" * 50_000)),
    "50,000 {a: ": ("EPA013", instead(b"{a: " * 50_000)),
    "50,000 - ": ("EPA013", instead(b"- " * 50_000)),
    "50,000 ? ": ("EPA017", instead(b"? " * 50_000)),
    "50,000 indented lines": (
        "EPA013",
        instead(b"".join(b" " * one + b"a:\n" for one in range(1300))),
    ),
    "5,000 digits": ("EPA109", line(f"  A2: {'9' * 5000}\n")),
    "5,000 decimals": ("EPA109", line(f"  A2: 0.{'3' * 5000}\n")),
    "5,000 leading zeros": ("EPA109", line(f"  A2: {'0' * 5000}\n")),
    "a huge exponent": ("EPA109", line("  A2: 1e999999999\n")),
    "a unit of 900 KB": ("EPA105", lambda head: head.replace("示例甲镇".encode(), b"x" * 900_000)),
    "a key of 900 KB": ("EPA007", line(f"  {'A' * 900_000}: 1\n")),
    "a note of 900 KB": ("EPA105", line(f"  A2: {{score: 2, note: {'字' * 300_000}}}\n")),
    "a value of 900 KB": ("EPA106", line(f"  A2: {'八' * 300_000}\n")),
    "an alias of 900 KB": ("EPA015", line(f"  A2: *{'a' * 900_000}\n")),
    "a tag of 900 KB": ("EPA016", line(f"  A2: !{'a' * 900_000} 2\n")),
    "a rubric of 900 KB": ("EPA101", lambda head: head.replace(b"township", b"x" * 900_000)),
    # Much of what is wrong.
    "6,000 unknown items": ("EPA103", line("".join(f"  Z{one}: 1\n" for one in MANY))),
    "6,000 unknown items in a line": ("EPA103", flow(", ".join(f"Z{one}: 1" for one in MANY))),
    "6,000 wrong values in a line": (
        "EPA106",
        flow(", ".join(f"项目甲乙丙丁戊己{one}: 八分" for one in MANY)),
    ),
    "6,000 unknown fields": (
        "EPA020",
        line(f"  A2: {{{', '.join(f'Z{one}: 1' for one in MANY)}}}\n"),
    ),
    "6,000 unknown fields at the top": ("EPA020", line("".join(f"zz{one}: 1\n" for one in MANY))),
    "6,000 duplicates": ("EPA004", line("  A1: 3\n", 6000)),
    "6,000 duplicates in a line": ("EPA004", flow(", ".join(["A1: 3"] * 6000))),
    "4,000 tags": ("EPA016", line("".join(f"  A{one}: !x 1\n" for one in MANY[:4000]))),
    "4,000 anchors": ("EPA015", line("".join(f"  A{one}: &x 1\n" for one in MANY[:4000]))),
    "6,000 null keys": ("EPA017", line("  ~: 1\n", 6000)),
    "6,000 empty pieces of evidence": (
        "EPA022",
        line(f"  A2: {{score: 1, evidence: [{'{},' * 6000}]}}\n"),
    ),
    "90,000 full-width colons": ("EPA003", line("  A2：2\n", 90_000)),
    "90,000 missing spaces": ("EPA006", line("  A2:2\n", 90_000)),
    "90,000 quotation marks": ("EPA", line('  A2: "\n', 90_000)),
    "400,000 next lines": ("EPA009", line("\x85", 400_000)),
    "400,000 NUL on lines": ("EPA009", line("\0" + "\n" * 14, 60_000)),
    "900,000 backspaces": ("EPA009", line("\b", 900_000)),
    "900,000 wrong bytes": ("EPA001", lambda head: head + b"\xff" * 900_000),
    "300,000 wrong bytes on lines": ("EPA001", lambda head: head + b"a\xc3\n" * 300_000),
    "900,000 bytes of GBK": ("EPA001", instead("评分".encode("gbk") * 220_000)),
    # Regular expressions must not go back and forth.
    "900,000 tabs": ("EPA007", line("  A2: [\n" + "\t" * 900_000 + "\n")),
    "900,000 blanks": ("EPA007", line("  A2: [\n" + " " * 900_000 + "\n")),
    "300,000 full-width blanks": ("EPA007", line("  A2: [\n" + "\u3000" * 300_000 + "\n")),
    "300,000 full-width blanks after a key": ("EPA", line("  A2:" + "\u3000" * 300_000 + "#\n")),
    "900,000 line ends": ("EPA007", line("\n" * 900_000 + "  A2: [")),
    "900,000 carriage returns": ("EPA007", line("\r" * 900_000 + "  A2: [")),
    "400,000 commas": ("EPA", line(f"  A2: [a{', ' * 400_000}b c: : \n")),
    "400,000 colons": ("EPA", line(f"  A2: {': ' * 400_000}\n")),
    "400,000 hyphens": ("EPA", line(f"  {'- ' * 400_000}A2: x: y\n")),
    "200,000 {a: in a line": ("EPA", line(f"  A2: {'{a: ' * 200_000}\n")),
    "900,000 digits before a letter": ("EPA", line(f"  A2: [\n  A2 {'9' * 890_000}x\n")),
    "blanks before a word": ("EPA", line(f"  A2: [a{' ' * 890_000}note: x: y: \n")),
    "many words": ("EPA", line(f"  A2: [a {'x ' * 400_000}note: : \n")),
    "many quotation marks in a line": ("EPA", line("  A2: [" + '"a" ' * 200_000 + "\n")),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_sheet_is_refused_soon(runner: Runner, name: str) -> None:
    code, made = HOSTILE[name]
    data = made(SHEET)
    (runner.folder / "hostile.yaml").write_bytes(data)
    path = str(runner.folder / "hostile.yaml")
    found = refused(runner.run("validate", path))
    assert any(one.startswith(code) for one in found), found
    if len(data) < FEW_BYTES:
        assert refused(runner.run("validate", "-", "--format", "json", stdin=data)) == found


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_rubric_is_refused_soon(runner: Runner, name: str) -> None:
    _, made = HOSTILE[name]
    (runner.folder / "hostile.yaml").write_bytes(made(RUBRIC))
    path = str(runner.folder / "hostile.yaml")
    scores = str(runner.folder / "scores")
    if made(RUBRIC) == RUBRIC:
        assert runner.run("validate", path).code == 0
        return
    assert refused(runner.run("rank", "--rubric", path, scores))


def test_hostile_sheets_are_left_out_or_stop_a_ranking(runner: Runner, run: Run) -> None:
    folder = runner.folder / "many"
    folder.mkdir()
    (folder / "sound.yaml").write_bytes(EXAMPLE)
    small = [name for name, (_, made) in HOSTILE.items() if len(made(SHEET)) < 5000]
    assert len(small) > 50
    for number, name in enumerate(small):
        (folder / f"{number:03}.yaml").write_bytes(HOSTILE[name][1](SHEET))
    assert run("rank", folder).code == 1
    ranked = json.loads(run("rank", folder, "--skip-invalid", "--format", "json").out)
    assert [row["unit"] for row in ranked if row["rank"] is not None] == ["示例甲镇"]
    assert len(ranked) == len(small) + 1


def test_a_sheet_with_a_bom_or_other_line_ends_is_the_same_sheet(runner: Runner) -> None:
    expected = runner.run("total", str(runner.folder / "scores"), "--format", "json").out
    assert '"87.5"' in expected
    same = [
        b"\xef\xbb\xbf" + EXAMPLE,
        EXAMPLE.replace(b"\n", b"\r\n"),
        EXAMPLE.replace(b"\n", b"\r"),
        EXAMPLE.rstrip(b"\n"),
        EXAMPLE + b"\n\n# end\n",
        b"---\n" + EXAMPLE,
        EXAMPLE + b"...\n",
        b"%YAML 1.1\n---\n" + EXAMPLE,
    ]
    for data in same:
        outcome = runner.run("total", "-", "--format", "json", stdin=data)
        assert (outcome.code, outcome.out) == (0, expected), data[:40]


# --- what is no ordinary file ----------------------------------------------------------------


def test_a_folder_named_like_a_sheet_is_a_folder(runner: Runner) -> None:
    (runner.folder / "x.yaml").mkdir()
    path = str(runner.folder / "x.yaml")
    assert refused(runner.run("validate", path)) == {"EPA024"}
    assert refused(runner.run("rank", "--rubric", path, str(runner.folder / "scores")))
    (runner.folder / "x.yaml" / "sheet.yaml").write_bytes(EXAMPLE)
    assert runner.run("validate", path).code == 0


def test_a_named_pipe_does_not_hang(runner: Runner) -> None:
    (runner.folder / "pipes").mkdir()
    path = runner.folder / "pipes" / "x.yaml"
    os.mkfifo(path)
    scores = str(runner.folder / "scores")
    for arguments in (["validate", str(path)], ["rank", str(path.parent)]):
        assert refused(runner.run(*arguments)) == {"EPA018"}
    assert refused(runner.run("rank", "--rubric", str(path), scores))


def test_devices_are_not_read(runner: Runner) -> None:
    (runner.folder / "devices").mkdir()
    for device in ("/dev/zero", "/dev/null", "/dev/tty"):
        path = runner.folder / "devices" / f"{Path(device).name}.yaml"
        path.symlink_to(device)
        assert refused(runner.run("validate", str(path))) <= {"EPA018", "EPA010", "EPA011"}
    assert refused(runner.run("rank", str(runner.folder / "devices")))


def test_links_in_a_circle_and_to_nowhere_are_reported(runner: Runner) -> None:
    folder = runner.folder / "links"
    folder.mkdir()
    (folder / "a.yaml").symlink_to("b.yaml")
    (folder / "b.yaml").symlink_to("a.yaml")
    (folder / "c.yaml").symlink_to("nowhere.yaml")
    for arguments in (["validate", str(folder)], ["rank", str(folder)]):
        outcome = runner.run(*arguments)
        assert refused(outcome) == {"EPA018"}
        assert all(name in outcome.out + outcome.err for name in ("a.yaml", "b.yaml", "c.yaml"))
    for name in ("a.yaml", "c.yaml"):
        path = str(folder / name)
        assert refused(runner.run("rank", "--rubric", path, str(runner.folder / "scores")))


def test_a_file_without_permission_is_reported(runner: Runner) -> None:
    path = runner.folder / "closed.yaml"
    path.write_bytes(EXAMPLE)
    path.chmod(0)

    def as_somebody() -> int:
        if os.geteuid() == 0:  # root may read everything
            os.setgid(65534)
            os.setuid(65534)
        return main(["--lang", "en", "validate", str(path)])

    ended = forked(as_somebody, runner.streams, b"")
    shown = (runner.streams / "stdout").read_text("utf-8")
    assert (ended.code, CODE.findall(shown)) == (1, ["EPA018"])
    assert "not allowed" in shown


# --- what reaches the terminal ---------------------------------------------------------------


HOSTILE_NAMES = [
    b"\xff\xfe.yaml",
    "甲\n乙.yaml".encode(),
    b"a\x1b[31m.yaml",
    b"a\rb.yaml",
    "a\u202eb.yaml".encode(),
    "a\u2028b.yaml".encode(),
    "a\x9b31m.yaml".encode(),
    "a\u200bb.yaml".encode(),
    b"[red]a[bold].yaml",
    b"--lang.yaml",
    b"a\tb.yaml",
    b"%0A::error::a.yaml",
    b"=1+1.yaml",
    b"a|b.yaml",
    b"{a}.yaml",
]
DIAGNOSTIC_FORMATS = ("full", "concise", "json", "github")
TABLE_FORMATS = ("table", "json", "csv", "md")


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_file_names_are_shown_escaped(small: HandIn, run: Run, name: bytes) -> None:
    sound = small("甲镇", "A1: 2, A2: 4, B1: 4")
    faulty = small("乙镇", "A1: 9, A2: 4, B1: 4")
    path = Path(os.fsdecode(b"scores/" + name))
    try:
        faulty.rename(path)
    except (OSError, ValueError):
        pytest.skip("this file system has no such names")
    runs = [["validate", "--format", form] for form in DIAGNOSTIC_FORMATS]
    runs += [["rank", "--skip-invalid", "--format", form] for form in TABLE_FORMATS]
    runs += [["rank"], ["validate", str(path)], ["rank", str(path), "--skip-invalid"]]
    runs += [["export", "--skip-invalid", "--xlsx", "--csv", "--json", "--md"]]
    for arguments in runs:
        outcome = run(*arguments)
        assert outcome.code == (
            0 if "--skip-invalid" in arguments and str(path) not in arguments else 1
        )
        assert harmless(outcome.text + outcome.said), arguments
        if "concise" in arguments:
            assert outcome.text.count("\n") == 1
    assert sound.exists()
    for form in ("csv", "json", "md"):
        assert Path(f"排名汇总.{form}").read_bytes().decode("utf-8-sig")


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_names_of_files_to_write_are_shown_escaped(small: HandIn, run: Run, name: bytes) -> None:
    small("甲镇", "A1: 2, A2: 4, B1: 4")
    stem = os.fsdecode(name.removesuffix(b".yaml"))
    runs = [
        ["export", "--json", "-o", stem],
        ["export", "--json", "-o", stem],
        ["export", "--csv", "-o", f"{stem}.json"],
        ["export", "--csv", f"{stem}.csv"],
        ["export", "--json", "-o", f"nowhere/{stem}"],
        ["form", "--rubric", "small", "-o", f"{stem}.yaml"],
        ["form", "--rubric", "small", "--unit", "甲", "乙", "-o", stem],
        ["rank", "--rubric", stem],
        ["rank", "--period", stem],
        ["rank", "--ties", stem],
        ["rank", f"--{stem}"],
        ["explain", "--", stem],
        [stem],
    ]
    for arguments in runs:
        outcome = run(*arguments)
        assert outcome.code in {0, 1, 2, 3}, arguments
        assert harmless(outcome.text + outcome.said), arguments


MARKUP = [
    "[/]",
    "[link=https://x]甲[/link]",
    "[red]甲",
    "[bold",
    "甲[/red]",
    "\\[red]",
    ":smile:",
    "[EPA104]",
]


@pytest.mark.parametrize("color", ["always", "never"])
@pytest.mark.parametrize("unit", MARKUP)
def test_markup_is_shown_as_it_is(
    small: HandIn, run: Run, monkeypatch: pytest.MonkeyPatch, unit: str, color: str
) -> None:
    monkeypatch.setattr(Session, "is_terminal", lambda _session, _stream: True)
    small(json.dumps(unit), "A1: 2, A2: 4, B1: 4", f"period: {json.dumps(unit)}")
    for command in ("rank", "total"):
        outcome = run(command, "--color", color, env={"COLUMNS": "200"})
        assert outcome.code == 0
        assert unit in outcome.text
    small(json.dumps(unit), "A1: 9, A2: 4, B1: 4, X1: 1", name=f"{unit.replace('/', '_')}.yaml")
    outcome = run("validate", "--color", color, env={"COLUMNS": "200"})
    assert outcome.code == 1
    assert unit.replace("/", "_") in re.sub(r"\x1b\[[0-9;]*m", "", outcome.text)


SIGNS = {
    "escape sequence": "\x1b[31m",
    "title of the window": "\x1b]0;x\x07",
    "bell": "\x07",
    "carriage return": "\r",
    "C1": "\x9b31m",
    "right to left": "\u202e",
    "isolate": "\u2066",
    "zero width": "\u200b",
    "line separator": "\u2028",
    "BOM": "\ufeff",
    "NUL": "\0",
}


@pytest.mark.parametrize("sign", SIGNS.values(), ids=SIGNS)
def test_signs_in_texts_never_reach_the_terminal(small: HandIn, run: Run, sign: str) -> None:
    text = "".join(
        f"\\u{ord(char):04x}" if not char.isascii() or ord(char) < 32 else char for char in sign
    )
    small("甲镇", f'A1: {{score: 1, note: "a{text}b", evidence: ["c{text}d"]}}, A2: 4, B1: 4',
          f'period: "2018{text}"', f'assessor: "x{text}y"')  # fmt: skip
    faulty = [
        small(f'"乙{text}镇"', "A1: 2, A2: 4, B1: 4"),
        small("丙镇", f'A1: 2, A2: 4, B1: 4, "B2{text}": 3'),
        small("丁镇", f'A1: 2, A2: "4{text}", B1: 4'),
        small("戊镇", "A1: 2, A2: 4, B1: 4", f'"x{text}": 1'),
        small("己镇", "A1: 2, A2: 4, B1: 4", f'date: "2018{text}"'),
    ]
    faulty.append(small("庚镇", "A1: 2, A2: 4, B1: 4"))
    faulty[-1].write_text(f'rubric: "small{text}"\nunit: 庚镇\nscores: {{A1: 2}}\n', "utf-8")
    runs = [["validate", "--format", form, "--color", "always"] for form in DIAGNOSTIC_FORMATS[:2]]
    runs += [["validate", "--format", form] for form in DIAGNOSTIC_FORMATS]
    runs += [
        [command, "--skip-invalid", "--format", form]
        for command in ("rank", "total")
        for form in TABLE_FORMATS
    ]
    runs += [["rank"], ["export", "--skip-invalid", "--xlsx", "--csv", "--json", "--md"]]
    for arguments in runs:
        outcome = run(*arguments)
        assert outcome.code in {0, 1}, arguments
        shown = (
            re.sub(r"\x1b\[[0-9;]*m", "", outcome.text) if "always" in arguments else outcome.text
        )
        assert harmless(shown + outcome.said), arguments
    total = run("total", "--skip-invalid", "--format", "json")
    if total.code == 0:
        (row,) = (one for one in json.loads(total.out) if one["unit"] == "甲镇")
        assert row["period"] in {None, f"2018{sign}".strip()}
        assert harmless(Path("排名汇总.md").read_text("utf-8"))


def test_signs_in_rubrics_never_reach_the_terminal(small: HandIn, run: Run) -> None:
    small("甲镇", "A1: 2, A2: 4, B1: 4")
    path = Path("rubrics/small.yaml")
    sign = "\\u001b[31m\\u202e\\u009b"
    text = path.read_text("utf-8").replace("title: 小细则", f'title: "小{sign}"')
    text = text.replace("title: 宣传", f'title: "宣{sign}"').replace("有方案。", f'"有{sign}"')
    path.write_text(text, "utf-8")
    runs = [["rank", "--format", form] for form in TABLE_FORMATS]
    runs += [
        ["rubrics"],
        ["rubrics", "show", "small"],
        ["rubrics", "show", "small", "--format", "yaml"],
    ]
    runs += [["form", "--rubric", "small", "--unit", "乙镇"], ["validate", "rubrics", "scores"]]
    for arguments in runs:
        outcome = run(*arguments)
        assert harmless(outcome.text + outcome.said), arguments
    form = run("form", "--rubric", "small", "--unit", "乙镇")
    if form.code == 0:
        shown = run("validate", "-", "--format", "concise", stdin=form.out).text
        assert CODE.findall(shown) == ["EPA105"]


# --- any bytes -------------------------------------------------------------------------------

SOUND = [
    EXAMPLE,
    (ROOT / "examples" / "scores" / "县人社局.yaml").read_bytes(),
    """\
rubric: township
unit: 示例甲镇
scores: {
  A1: 3, A2: 2, A3: 8, A4: 1.5, A5: 5, A6: 2.5, B1: 2, B2: 7, B3: 3.5, B4: 3, B5: 2,
  C1: 5, C2: {score: 3.5, note: 'a: b'}, C3: 5, C4: 5, C5: 3, C6: 3, C7: 4, C8: 6.50,
  D1: 3.5, D2: 4.5, D3: 5}
""".encode(),
]
CAPS = {
    name: dict(
        re.findall(
            r"- id: ([A-Z][0-9]+)\n +max: ([0-9.]+)\n",
            (ROOT / "rubrics" / f"{name}.yaml").read_text("utf-8"),
        )
    )
    for name in ("township", "departments")
}
PIECES = [
    *[
        ":",
        ": ",
        ":\n",
        "-",
        "- ",
        "{",
        "}",
        "[",
        "]",
        ",",
        "#",
        " #",
        "&a ",
        "*a",
        "!",
        "!!int ",
        "|",
        ">",
    ],
    *[
        "'",
        '"',
        "%",
        "@",
        "`",
        "~",
        "null",
        "<<: ",
        "---\n",
        "...\n",
        "\n",
        "\r",
        "\t",
        "  ",
        " ",
        "? ",
    ],
    *[
        "0",
        "1",
        "8",
        ".",
        "9",
        "_",
        "e1",
        "0x",
        "0o",
        ".5",
        "-1",
        "+1",
        "分",
        "八",
        "true",
        "1:30",
        "\\",
    ],
    *[
        "A1: 3\n",
        "  A1: 3\n",
        "score: 1",
        "note: x",
        "A",
        "\u3000",
        "：",
        "，",
        "１",
        "Ａ",
        "\x85",
        "\u2028",
        "\0",
    ],
    *["\ufeff", "\x1b[31m", "\u202e", "\xa0", "𠮷", "é"],
]
FULL_WIDTH = {char: chr(ord(char) + 0xFEE0) for char in ":,.{}[]-#'\"0123456789ABCDabcrstu"}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("any") / "sheet.yaml"


def mutated(draw: st.DataObject) -> bytes:
    """A sound sheet with a few accidents."""
    data = bytearray(draw.draw(st.sampled_from(SOUND)))
    for _ in range(draw.draw(st.integers(1, 4))):
        at = draw.draw(st.integers(0, max(len(data) - 1, 0)))
        kind = draw.draw(
            st.sampled_from(("flip", "delete", "insert", "swap", "copy", "widen", "cut"))
        )
        lines = bytes(data).split(b"\n")
        number = draw.draw(st.integers(0, len(lines) - 1))
        other = draw.draw(st.integers(0, len(lines) - 1))
        if kind == "flip" and data:
            data[at] ^= 1 << draw.draw(st.integers(0, 7))
        elif kind == "delete":
            del data[at : at + draw.draw(st.integers(1, 12))]
        elif kind == "insert":
            data[at:at] = draw.draw(st.sampled_from(PIECES)).encode()
        elif kind == "swap":
            lines[number], lines[other] = lines[other], lines[number]
            data = bytearray(b"\n".join(lines))
        elif kind == "copy":
            lines.insert(number, lines[other])
            data = bytearray(b"\n".join(lines))
        elif kind == "widen" and chr(data[at] if data else 0) in FULL_WIDTH:
            data[at : at + 1] = FULL_WIDTH[chr(data[at])].encode()
        elif kind == "cut":
            del data[at:]
    return bytes(data)


RUBRICS = {name: epa_score.load_rubric(ROOT / "rubrics" / f"{name}.yaml") for name in CAPS}


def looked_at(path: Path, data: bytes) -> epa_score.ScoreSheet | None:
    """The sheet in the bytes; without one, there are diagnostics, and all of them can be shown."""
    path.write_bytes(data)
    rubric = RUBRICS["departments" if b"departments" in data else "township"]
    try:
        return epa_score.load_sheet(path, rubric)
    except epa_score.InputError as error:
        show(error.diagnostics)
        return None


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


def added_again(data: bytes) -> tuple[str, Decimal]:
    """The unit and the total of a sheet that was accepted, read in another way.

    PyYAML's parser in Python, nothing resolved, nothing repeated, and every item once. It does not
    take tabs between words, as libyaml does.
    """
    text = data.decode("utf-8-sig").replace("\t", " ")
    document = yaml.compose(text, Loader=yaml.BaseLoader)
    fields = entries(document)
    points = {}
    for name, node in entries(fields["scores"]).items():
        while isinstance(node, yaml.MappingNode):
            node = entries(node)["score"]  # noqa: PLW2901
        assert isinstance(node, yaml.ScalarNode)
        assert node.style is None
        assert re.fullmatch(r"(0|[1-9][0-9]?)(\.[0-9]{1,2})?", node.value)
        points[name] = Decimal(node.value)
    caps = CAPS[fields["rubric"].value]
    assert points.keys() == caps.keys()
    assert all(points[name] <= Decimal(caps[name]) for name in caps)
    return fields["unit"].value.strip(), sum(points.values(), Decimal(0))


def entries(node: yaml.Node | None) -> dict[str, yaml.Node]:
    """The entries of a mapping, none of which comes twice."""
    assert isinstance(node, yaml.MappingNode)
    keys = [key.value for key, _ in node.value]
    assert len(keys) == len(set(keys))
    return {key.value: value for key, value in node.value}


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(data=st.binary(max_size=200) | st.lists(st.sampled_from(PIECES), max_size=40).map(
    lambda pieces: "".join(pieces).encode()
))  # fmt: skip
def test_any_bytes_are_a_sheet_or_diagnostics(place: Path, data: bytes) -> None:
    assert looked_at(place, data) is None


@settings(max_examples=400, deadline=None, derandomize=True, database=None)
@given(draw=st.data())
def test_a_mutated_sheet_has_the_total_that_it_shows_or_diagnostics(
    place: Path, draw: st.DataObject
) -> None:
    data = mutated(draw)
    sheet = looked_at(place, data)
    if sheet is not None:
        result = epa_score.score(RUBRICS[sheet.rubric], sheet)
        assert (result.unit, result.total) == added_again(data)


def test_most_mutations_of_a_sheet_are_noticed_and_some_are_harmless(place: Path) -> None:
    chance = random.Random(1)  # noqa: S311
    accepted = 0
    for _ in range(150):
        data = bytearray(EXAMPLE)
        at = chance.randrange(len(data))
        data[at] ^= 1 << chance.randrange(7)
        sheet = looked_at(place, bytes(data))
        if sheet is not None:
            accepted += 1
            result = epa_score.score(RUBRICS["township"], sheet)
            assert (result.unit, result.total) == added_again(bytes(data))
    assert 0 < accepted < 140


@settings(max_examples=120, deadline=None, derandomize=True, database=None)
@given(draw=st.data())
def test_a_mutated_rubric_is_a_rubric_or_diagnostics(place: Path, draw: st.DataObject) -> None:
    data = bytearray((ROOT / "rubrics" / "departments.yaml").read_bytes())
    for _ in range(draw.draw(st.integers(1, 3))):
        at = draw.draw(st.integers(0, len(data) - 1))
        data[at : at + draw.draw(st.integers(0, 8))] = draw.draw(st.sampled_from(PIECES)).encode()
    path = place.with_name("departments.yaml")
    path.write_bytes(bytes(data))
    try:
        rubric = epa_score.load_rubric(path)
    except epa_score.InputError as error:
        show(error.diagnostics)
    else:
        assert rubric.total == sum(section.max for section in rubric.sections)
