"""Many files read: one after the other, or by several processes where there are enough of them."""

import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from epa_score.cli.sheet_store import dump_sheet
from epa_score.diagnostics import Diagnostic
from epa_score.diagnostics.finding import SheetPlace
from epa_score.readers.documents import AnyFile, CompositeFile, read_documents
from epa_score.readers.files import STDIN
from epa_score.readers.rubrics import RubricFile, RubricLibrary
from epa_score.readers.sheets import SheetFile
from epa_score.scoring import Result

ENOUGH_FOR_TWO = 1000
"""The work, in files of YAML, from which on a second process saves more than its start costs."""

_SPAWNED = 10
"""How much more the start of a process costs where it cannot be a fork of this one."""

_WORKBOOK = 50
"""The work that a workbook is, in files of YAML."""

_CHUNK = 100
"""The work that a process is given at once, in files of YAML."""


class ReadFile(NamedTuple):
    """A file that was read, as far as the run needs it.

    Totals of 100,000 sheets fit into memory, the sheets do not: those are there on demand only.
    """

    path: str
    """The path as it was found, ``<stdin>`` for the standard input."""
    kind: str
    """``rubric``, ``composite``, ``assessment`` or ``sheet``."""
    diagnostics: tuple[Diagnostic, ...] = ()
    """All that is wrong with the file alone, in the order of the places."""
    rubric: str = ""
    """The id of the rubric; of a faulty sheet the name that it gives, as far as it can be read."""
    unit: str = ""
    """The unit that the sheet scores."""
    period: str | None = None
    """The period of the sheet."""
    sha256: str = ""
    """The SHA-256 of the file, where the task asks for sheets."""
    result: Result | None = None
    """The points of a sound sheet; a faulty one has none."""
    sheet: bytes = b""
    """The sheet as `dump_sheet` makes it, where the task asks for it or a unit has several."""
    number: int = -1
    """The number of a sheet that was put away in a `SheetStore` in the meantime."""
    assessor: str = ""
    """The assessor of a sheet, where a unit has the sheets of several; else empty.

    Of a faulty sheet that is as far as it can be read.
    """
    part: str = ""
    """The part of the file that holds the sheet, where it holds several."""

    @property
    def place(self) -> SheetPlace:
        """The place of the sheet, which no other one has."""
        return SheetPlace(self.path, self.part)


class Task(NamedTuple):
    """The way to read files: the rubrics there are, and what is allowed and kept of a sheet."""

    library: RubricLibrary
    incomplete: bool = False
    keep_sheets: bool = False
    asks_reasons: bool = False


def read_files(
    paths: Sequence[str], task: Task, advance: Callable[[int], None]
) -> Iterator[ReadFile]:
    """Read the file of each path, in order; ``advance`` hears how many more are done."""
    chunks = list(_chunks(paths))
    enough = ENOUGH_FOR_TWO * (1 if _can_fork() else _SPAWNED)
    alone = sum(map(_work, paths)) < enough or STDIN in paths  # no other process has this stdin
    for chunk, files in zip(chunks, _read_chunks(chunks, task, alone=alone), strict=True):
        yield from files
        advance(len(chunk))


def _work(path: str) -> int:
    return _WORKBOOK if path.lower().endswith(".xlsx") else 1


def _chunks(paths: Sequence[str]) -> Iterator[Sequence[str]]:
    """Parts of the paths that are about equal work, in order."""
    start = work = 0
    for number, path in enumerate(paths, 1):
        work += _work(path)
        if work >= _CHUNK or number == len(paths):
            yield paths[start:number]
            start, work = number, 0


def _can_fork() -> bool:
    return sys.platform == "linux" and threading.active_count() == 1


def _read_chunks(
    chunks: Sequence[Sequence[str]], task: Task, *, alone: bool
) -> Iterator[Sequence[ReadFile]]:
    workers = min(os.cpu_count() or 1, 8)
    if alone or workers == 1:
        yield from (read_chunk(chunk, task) for chunk in chunks)
        return
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415 -- this process reads few files alone
    from multiprocessing import active_children, get_context  # noqa: PLC0415 -- this process reads few files alone

    context = get_context("fork" if _can_fork() else "spawn")
    with ProcessPoolExecutor(workers, context, prepare_worker, (task,)) as pool:
        try:
            with _interrupts_later():
                waiting = deque(pool.submit(read_chunk_of_task, chunk) for chunk in chunks)
            for chunk in chunks:
                # The paths are here already: those that came from the other process can go.
                own = {path: path for path in chunk}
                files = waiting.popleft().result()
                yield [file._replace(path=own.get(file.path, file.path)) for file in files]
        except BaseException:
            # Nothing is cancelled: the pool itself ends what waits when its processes are gone.
            for child in active_children():
                child.terminate()
            raise


_own_task: list[Task] = []
"""The task of this process, where it is a worker; its rubrics are read once for all chunks."""


def prepare_worker(task: Task) -> None:
    """Keep the task for all chunks; leave Ctrl-C to the first process, which ends the others."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _own_task[:] = [task]


def read_chunk_of_task(paths: Iterable[str]) -> list[ReadFile]:
    """Read some files in a process that `prepare_worker` has prepared."""
    (task,) = _own_task
    return read_chunk(paths, task)


@contextmanager
def _interrupts_later() -> Iterator[None]:
    """Keep Ctrl-C waiting while processes start, which then do not hear it at all."""
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def read_chunk(paths: Iterable[str], task: Task) -> list[ReadFile]:
    """Read some files; what is equal in them is one object, in memory and on the way."""
    seen: dict[object, Any] = {}
    return [_share_equal_parts(file, seen) for path in paths for file in _read_file(path, task)]


def _share_equal_parts(file: ReadFile, seen: dict[object, Any]) -> ReadFile:
    result = file.result
    if result is None or result.unscored:
        return file
    points = tuple([seen.setdefault(number, number) for number in result.section_points])
    total = seen.setdefault(result.total, result.total)
    period = seen.setdefault(file.period, file.period)
    rubric = result.rubric
    lean = result._replace(period=period, section_points=points, total=total)
    return file._replace(rubric=rubric, period=period, unit=result.unit, result=lean)


def _read_file(path: str, task: Task) -> Iterator[ReadFile]:
    """Read all that a file holds: a workbook may hold many sheets."""
    incomplete, asks_reasons = task.incomplete, task.asks_reasons
    for file in read_documents(
        path, task.library, incomplete=incomplete, asks_reasons=asks_reasons
    ):
        yield _reduce_to_task(file, task)


def _reduce_to_task(file: AnyFile, task: Task) -> ReadFile:
    if isinstance(file, RubricFile):
        rubric_id = file.rubric.id if file.rubric else ""
        return ReadFile(
            path=file.path, kind="rubric", diagnostics=file.diagnostics, rubric=rubric_id
        )
    if not isinstance(file, SheetFile):
        kind = "composite" if isinstance(file, CompositeFile) else "assessment"
        return ReadFile(path=file.path, kind=kind, diagnostics=file.diagnostics)
    of_several = file.rubric is not None and file.rubric.takes_several_sheets
    keep_sheet = task.keep_sheets or of_several
    return ReadFile(
        path=file.path,
        kind="sheet",
        diagnostics=file.diagnostics,
        rubric=file.rubric_name,
        unit=file.unit,
        period=file.period,
        sha256=file.sha256 if task.keep_sheets else "",
        result=file.result,
        sheet=dump_sheet(file.sheet) if keep_sheet and file.sheet else b"",
        assessor=file.assessor if of_several else "",
        part=file.part,
    )
