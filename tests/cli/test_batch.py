"""Many files: an entry for each, in order, whether one process reads them or several."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from decimal import Decimal
from hashlib import sha256
from multiprocessing import active_children
from pathlib import Path
from types import SimpleNamespace

import pytest

from epa_score.cli import batch
from epa_score.cli.batch import ReadFile, Task, prepare_worker, read_chunk_of_task, read_files
from epa_score.cli.inputs import read_each
from epa_score.cli.session import Session
from epa_score.diagnostics import Kind
from epa_score.i18n import Words
from epa_score.readers.rubrics import RubricLibrary

RUBRIC = """\
id: town
title: 乡镇
total: 3
sections:
  - {id: A, title: 甲, max: 3, items: [{id: A1, max: 1, text: 一}, {id: A2, max: 2, text: 二}]}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with a rubric of its own."""
    monkeypatch.chdir(tmp_path)
    write("rubrics/town.yaml", RUBRIC)
    return tmp_path


def write(path: str, text: str) -> str:
    Path(path).parent.mkdir(exist_ok=True)
    Path(path).write_text(text, encoding="utf-8")
    return path


def sheet(unit: str, scores: str = "A1: 0.1, A2: 0.2", more: str = "") -> str:
    text = f"rubric: town\nunit: {unit}\n{more}scores: {{{scores}}}\n"
    return write(f"scores/{unit}.yaml", text)


def read(
    paths: list[str], *, incomplete: bool = False, keep_sheets: bool = False
) -> list[ReadFile]:
    done: list[int] = []
    entries = list(read_files(paths, Task(RubricLibrary(), incomplete, keep_sheets), done.append))
    assert sum(done) == len(paths)
    assert [one.path for one in entries] == paths
    return entries


def test_a_sound_sheet_has_a_result(folder: Path) -> None:
    assert folder.is_dir()
    path = sheet("甲镇", more='period: "2018"\n')
    (entry,) = read([path])
    assert (entry.kind, entry.diagnostics) == ("sheet", ())
    assert (entry.rubric, entry.unit, entry.period) == ("town", "甲镇", "2018")
    assert entry.result is not None
    assert entry.result.total == Decimal("0.3")
    assert (entry.sheet, entry.sha256) == (b"", "")


def test_a_sheet_and_the_digest_of_its_file_are_kept_on_demand(folder: Path) -> None:
    path = sheet("甲镇")
    (entry,) = read([path], keep_sheets=True)
    assert "甲镇".encode() in entry.sheet
    assert entry.sha256 == sha256((folder / path).read_bytes()).hexdigest()


def test_a_faulty_sheet_has_diagnostics_and_no_result(folder: Path) -> None:
    assert folder.is_dir()
    (entry,) = read([sheet("甲镇", "A1: 9, A2: 0", 'period: "2018"\n')], keep_sheets=True)
    assert [one.kind for one in entry.diagnostics] == [Kind.POINTS_OVER_CAP]
    assert (entry.result, entry.sheet) == (None, b"")
    assert (entry.rubric, entry.unit, entry.period) == ("town", "甲镇", "2018")


def test_a_sheet_of_another_shape_says_of_itself_what_can_be_read(folder: Path) -> None:
    assert folder.is_dir()
    path = write("sheet.yaml", "rubric: town\nunit: [甲镇]\nperiod: 2018\nscores: [A1]\n")
    (entry,) = read([path])
    assert entry.diagnostics
    assert (entry.rubric, entry.unit, entry.period) == ("town", "", "2018")
    (nothing,) = read([write("list.yaml", "- a\n- b\n")])
    assert (nothing.rubric, nothing.unit) == ("", "")


def test_an_incomplete_sheet_is_scored_on_demand(folder: Path) -> None:
    assert folder.is_dir()
    path = sheet("甲镇", "A1: 1")
    assert read([path])[0].result is None
    result = read([path], incomplete=True)[0].result
    assert result is not None
    assert result.unscored == ("A2",)


def test_rubrics_are_told_from_sheets(folder: Path) -> None:
    assert folder.is_dir()
    faulty = write("rubrics/faulty.yaml", RUBRIC.replace("total: 3", "total: 4"))
    sound, wrong, other = read(["rubrics/town.yaml", faulty, write("other.yaml", "a: 1\n")])
    assert (sound.kind, sound.rubric, sound.diagnostics) == ("rubric", "town", ())
    assert (wrong.kind, wrong.rubric) == ("rubric", "")
    assert [one.kind for one in wrong.diagnostics] == [Kind.SUM_MISMATCH]
    assert other.kind == "sheet"
    assert [one.kind for one in other.diagnostics] == [Kind.NEITHER_KIND_OF_FILE]


def test_a_file_that_is_gone_is_an_entry_as_well(folder: Path) -> None:
    assert folder.is_dir()
    (entry,) = read(["scores/missing.yaml"])
    assert [one.kind for one in entry.diagnostics] == [Kind.FILE_UNREADABLE]


def test_no_files_are_no_entries(folder: Path) -> None:
    assert folder.is_dir()
    assert read([]) == []


@pytest.fixture
def many(folder: Path) -> list[str]:
    """A few hundred files: sound, faulty and unreadable ones."""
    assert folder.is_dir()
    paths = [sheet(f"{number}镇", f"A1: {number % 12 / 10}, A2: 1") for number in range(250)]
    paths.insert(120, "rubrics/town.yaml")
    paths.insert(7, "missing.yaml")
    return paths


@pytest.mark.parametrize("platform", [sys.platform, "win32"])
def test_two_processes_read_the_same_as_one(
    many: list[str], monkeypatch: pytest.MonkeyPatch, platform: str
) -> None:
    # Some systems can neither fork nor hold signals back.
    monkeypatch.setattr(batch, "sys", SimpleNamespace(platform=platform))
    alone = read(many, keep_sheets=True)
    assert sum(one.result is None for one in alone) > 2
    monkeypatch.setattr(batch, "ENOUGH_FOR_TWO", len(many) // 10)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    before = signal.getsignal(signal.SIGINT)
    during: list[object] = []

    def advance(_number: int) -> None:
        during.append(signal.getsignal(signal.SIGINT))

    task = Task(RubricLibrary(), keep_sheets=True)
    assert list(read_files(many, task, advance)) == alone
    # Ctrl-C ends this process as before; the others leave it to this one.
    assert during
    assert {*during, signal.getsignal(signal.SIGINT)} == {before}


class _CountedLibrary(RubricLibrary):
    """A library that counts how often it is sent to another process."""

    sent = 0

    def __reduce__(self) -> tuple[type[RubricLibrary], tuple[()]]:
        """Arrive as a plain library."""
        _CountedLibrary.sent += 1
        return RubricLibrary, ()


@pytest.mark.parametrize("platform", [sys.platform, "win32"])
def test_the_task_goes_to_each_process_once(
    many: list[str], monkeypatch: pytest.MonkeyPatch, platform: str
) -> None:
    monkeypatch.setattr(batch, "sys", SimpleNamespace(platform=platform))
    monkeypatch.setattr(batch, "ENOUGH_FOR_TWO", 1)
    monkeypatch.setattr(batch, "_CHUNK", 20)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    monkeypatch.setattr(threading, "active_count", lambda: 1)
    monkeypatch.setattr(_CountedLibrary, "sent", 0)
    done: list[int] = []
    assert len(list(read_files(many, Task(_CountedLibrary()), done.append))) == len(many)
    assert len(done) > 10
    assert _CountedLibrary.sent <= (0 if platform == "linux" else 2)


def test_a_bar_has_no_thread_before_the_processes_that_read_are_there(
    many: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "ENOUGH_FOR_TWO", 1)
    monkeypatch.setattr(batch, "_CHUNK", 20)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    monkeypatch.setattr(Session, "is_terminal", lambda *_: True)
    threads: list[int] = []

    def can_fork() -> bool:
        threads.append(threading.active_count())
        return False

    monkeypatch.setattr(batch, "_can_fork", can_fork)
    before = threading.active_count()
    entries = read_each(Session(Words("en")), many, Task(RubricLibrary()))
    assert next(entries).path == many[0]
    assert set(threads) == {before}
    assert len(list(entries)) == len(many) - 1


def test_a_workbook_is_as_much_work_as_many_sheets(monkeypatch: pytest.MonkeyPatch) -> None:
    def start(workers: int, *_: object) -> None:
        raise NotImplementedError(workers)

    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    monkeypatch.setattr("concurrent.futures.ProcessPoolExecutor", start)
    done: list[int] = []

    def read_missing(suffix: str, number: int) -> list[ReadFile]:
        paths = [f"{place}{suffix}" for place in range(number)]
        return list(read_files(paths, Task(RubricLibrary()), done.append))

    assert len(read_missing(".XLSX", 5)) == len(read_missing(".yaml", 300)) - 295 == 5
    with pytest.raises(NotImplementedError, match="2"):
        read_missing(".XLSX", 300)


@pytest.mark.parametrize("processors", [1, None])
def test_one_processor_reads_alone(
    many: list[str], monkeypatch: pytest.MonkeyPatch, processors: int | None
) -> None:
    monkeypatch.setattr(batch, "ENOUGH_FOR_TWO", 1)
    monkeypatch.setattr(os, "cpu_count", lambda: processors)
    done: list[int] = []
    entries = read_files(many, Task(RubricLibrary()), done.append)
    assert next(entries).path == many[0]
    assert len(list(entries)) == len(many) - 1
    # Progress is heard of on the way, not at the end alone.
    assert len(done) > 1
    assert sum(done) == len(many)


def test_an_interruption_ends_the_other_processes(
    many: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "ENOUGH_FOR_TWO", 1)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)

    others = {*active_children()}

    def interrupted(_number: int) -> None:
        others.update(active_children())
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(read_files(many, Task(RubricLibrary()), interrupted))
    assert others
    for one in others:
        one.join(timeout=20)
        assert one.exitcode is not None


@pytest.fixture
def own_handler() -> Iterator[None]:
    """What Ctrl-C does here is put back in the end."""
    before = signal.getsignal(signal.SIGINT)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("own_handler")
def test_the_other_processes_leave_an_interruption_to_the_first(folder: Path) -> None:
    assert folder.is_dir()
    prepare_worker(Task(RubricLibrary()))
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    (entry,) = read_chunk_of_task([sheet("甲镇")])
    assert entry.result is not None
