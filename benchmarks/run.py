"""Measure what the project promises about speed and memory, and compare it with the limits.

    python benchmarks/run.py            about half an hour
    python benchmarks/run.py --quick    fewer repetitions, fewer sheets
    python benchmarks/run.py --write    write the table into docs/benchmarks.md as well

What is measured, each time as a whole process from its start to its end:

1. ``epa-score --version`` and ``--help`` against ``import typer``;
2. ``epa-score validate`` of one valid sheet against ``import typer, pydantic, yaml``;
3. ``epa-score rank`` of many sheets, of 1 KB and of 2 KB each, against a plain loop that loads the
   same files with `yaml.CSafeLoader` and does nothing with them, and, for comparison, two
   processes that read the parser's events and do nothing with those;
4. ``epa-score total`` of forms filled in with Excel, and ``epa-score export --xlsx`` of the same
   units with their forms, against openpyxl reading and writing the same cells and nothing else;
5. the peak memory of the largest process of ``epa-score rank``, of a workbook of many units, of
   many forms, and of every format of ``export``, ``rank`` and ``total``;
6. how time grows with the input: for ``rank`` of sheets and of forms, for every format, and for
   ``validate`` of sheets whose units are not among those that a rubric lists. The exponent of
   what a run takes beyond its start is 1 where time grows as the input does, 2 where it squares;
7. the size of ``export --html`` of the example townships, and of as many more under other names;
8. the CPU time of ``epa-score stability``, which compares all pairs of units.

Both sides run under the same Python, in turns (A B A B), and the best time of each counts: the
one least disturbed by the rest of the machine. Beside it stand the ratio of the medians, and that
of the CPU time of all processes. A first run of each, which is not counted, warms
the file cache and writes the bytecode. The table that is ranked goes to a file, and its totals
and ranks are compared with those of ``sheets.py``, which adds up whole half points and knows
nothing of epa-score. Exit code 1 when a limit is missed or a total is wrong.

Runs on Linux and macOS, which tell the memory of a process that has ended.
"""

import argparse
import math
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from bisect import bisect_right
from collections.abc import Callable, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from statistics import median
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
PYTHON = sys.executable
EPA_SCORE = (PYTHON, str(Path(PYTHON).with_name("epa-score")))
SHEET = str(ROOT / "examples" / "scores" / "示例甲镇.yaml")
LOAD_EACH = """
import sys, yaml
for path in sys.stdin.read().splitlines():
    with open(path, "rb") as file:
        yaml.load(file, Loader=yaml.CSafeLoader)
"""
EVENTS_IN_TWO = """
import os, sys, pydantic, typer, yaml
paths = sys.stdin.read().splitlines()
child = os.fork()
for path in paths[::2] if child else paths[1::2]:
    with open(path, "rb") as file:
        event = yaml.CSafeLoader(file.read()).get_event
    while type(event()) is not yaml.StreamEndEvent:
        pass
if child:
    os.waitpid(child, 0)
"""
"""The least that a program needs which reads events in two processes and does nothing with them."""
MOST_OF_A_START = 1.20
MOST_OF_A_CHECK = 1.80
STARTS = (
    ("epa-score --version", (*EPA_SCORE, "--version"), "import typer", MOST_OF_A_START),
    ("epa-score --help", (*EPA_SCORE, "--help"), "import typer", MOST_OF_A_START),
    (
        "epa-score validate",
        (*EPA_SCORE, "validate", SHEET),
        "import typer, pydantic, yaml",
        MOST_OF_A_CHECK,
    ),
)

LIBRARIES = (
    ("typer, with a command", "import typer, typer.main", "import typer"),
    (
        "typer, PyYAML, one model",
        "import typer.main, yaml, pydantic\nclass One(pydantic.BaseModel):\n    points: str",
        "import typer, pydantic, yaml",
    ),
)
"""What the libraries take by themselves as soon as they do anything: they load on demand."""

MOST_OF_A_LOAD = 0.60
MOST_CPU_OF_A_LOAD = 0.90
MOST_OF_A_READ = 0.30
MOST_OF_A_WRITE = 2.60
MOST_OF_LIBRARIES = 8.00
MOST_MEGABYTES = 150
MOST_MEGABYTES_OF_EXPORT = 250
MOST_EXPONENT = 1.15
MOST_GROWTH = 1.15
"""How much more time the last doubling of sheets may take than twice the time."""

EXPORTS = (
    ("export --json", ("export", "--json")),
    ("export --md", ("export", "--md")),
    ("export --csv", ("export", "--csv")),
    ("export --xlsx", ("export", "--xlsx", "--no-forms")),
    ("rank --format json", ("rank", "--format", "json")),
    ("rank --format csv", ("rank", "--format", "csv")),
    ("rank --format md", ("rank", "--format", "md")),
    ("total --format json", ("total", "--format", "json")),
)
"""What writes a row or more for each unit, by its name on the page."""

PER_FOLDER = 1000
MEGABYTE = 1_000_000
MAXRSS_UNIT = 1 if sys.platform == "darwin" else 1024
PAGE = ROOT / "docs" / "benchmarks.md"
MARKERS = (
    ("<!-- table -->", "<!-- /table -->"),
    ("<!-- 表格 -->", "<!-- /表格 -->"),
)
"""Between which the table stands on the page, in English and Chinese."""

HEAD = (
    ("What", "Baseline", "Measured", "Ratio", "Of medians", "Of CPU time", "Limit", "Verdict"),
    ("项目", "基准", "实测", "比值", "中位数之比", "CPU 时间之比", "上限", "结论"),
)
VERDICTS = {True: ("ok", "达标"), False: ("missed", "超限"), None: ("", "")}


class Run(NamedTuple):
    """A process that ended: its wall time, the CPU time of it and its children, the peak memory.

    Memory is that of the largest of these processes.
    """

    seconds: float
    cpu: float
    megabytes: float


class Runs(NamedTuple):
    """The least and the median of several runs: wall time, CPU time, and the most memory."""

    seconds: float
    median: float
    cpu: float
    megabytes: float


def summed_up(runs: Sequence[Run]) -> Runs:
    """What is told of several runs of one command."""
    times = [one.seconds for one in runs]
    cpu = min(one.cpu for one in runs)
    return Runs(min(times), median(times), cpu, max(one.megabytes for one in runs))


def beyond(more: Runs, start: Runs) -> Runs:
    """What some runs took beyond those that did next to nothing."""
    seconds, middle = more.seconds - start.seconds, more.median - start.median
    return Runs(seconds, middle, more.cpu - start.cpu, more.megabytes)


class Line(NamedTuple):
    """A line of the table; ``what`` and ``baseline`` in English and Chinese."""

    what: tuple[str, str]
    baseline: tuple[str, str]
    measured: str
    ratio: str
    limit: str
    kept: bool | None
    medians: str = ""
    cpu: str = ""


class TableLayout(NamedTuple):
    """How often is measured, and with how many sheets."""

    starts: int
    ranks: int
    ranked: int
    counts: tuple[int, ...]
    forms: tuple[int, int]
    exported: tuple[int, int]
    unknown: tuple[int, int]


REPORTS = ((16, 400), (300, 2_000))
"""Units of a report, and the most that it may have, in kilobytes of 1,000 bytes."""

STABLE, MOST_SECONDS_OF_STABILITY = 3_000, 10
"""Units whose ranks are looked at, and the most CPU time for that, in seconds."""

FORMS = 40
COLLECTED = 37
"""Units of a county, with a form each."""

NAMES_A_SHEET = 5
"""Units that a rubric lists, for each sheet of a unit that it does not."""

FULL = TableLayout(
    starts=20,
    ranks=5,
    ranked=10_000,
    counts=(10_000, 50_000, 100_000),
    forms=(2_500, 10_000),
    exported=(10_000, 100_000),
    unknown=(500, 2_000),
)
QUICK = TableLayout(
    starts=5,
    ranks=3,
    ranked=10_000,
    counts=(2_000, 5_000),
    forms=(50, 200),
    exported=(1_000, 4_000),
    unknown=(500, 2_000),
)


def run(
    command: Sequence[str],
    output: Path | None = None,
    given: Path | None = None,
    folder: Path | None = None,
    *,
    ends_with: int = 0,
) -> Run:
    """Run a command to its end. Raises `SystemExit` where it ends otherwise than it should."""
    unwanted = ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED")
    environment = {name: one for name, one in os.environ.items() if name not in unwanted}
    environment["EPA_SCORE_LANG"] = "zh"
    with (
        Path(given or os.devnull).open("rb") as stdin,
        Path(output or os.devnull).open("wb") as stdout,
        tempfile.TemporaryFile() as stderr,
    ):
        start = time.perf_counter()
        process = subprocess.Popen(
            command, stdin=stdin, stdout=stdout, stderr=stderr, env=environment, cwd=folder
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != ends_with:
            stderr.seek(0)
            sys.exit(f"{' '.join(command)[:200]}: {stderr.read()[-2000:].decode()}")
    cpu = usage.ru_utime + usage.ru_stime
    return Run(seconds, cpu, usage.ru_maxrss * MAXRSS_UNIT / MEGABYTE)


def in_turns(repetitions: int, *measures: Callable[[], Run]) -> list[Runs]:
    """What is told of each, after a first round that does not count."""
    for measure in measures if repetitions > 1 else ():
        measure()
    rounds = [[measure() for measure in measures] for _ in range(repetitions)]
    return [summed_up(runs) for runs in zip(*rounds, strict=True)]


ALL_LIBRARIES = "import typer, yaml, pydantic, rich, openpyxl, xlsxwriter, jinja2, docx"


def starts(plan: TableLayout) -> list[Line]:
    """What it takes to start, against the imports that cannot be avoided."""
    lines = []
    for name, command, imports, limit in STARTS:
        baseline = (PYTHON, "-c", imports)
        ours, least = in_turns(plan.starts, partial(run, command), partial(run, baseline))
        lines.append(compared((name, name), (imports, imports), ours, least, [limit]))
    for name, used, imports in LIBRARIES:
        baseline = (PYTHON, "-c", imports)
        needed, least = in_turns(
            plan.starts, partial(run, (PYTHON, "-c", used)), partial(run, baseline)
        )
        what = (f"for comparison: {name}", f"供比较：{name}")
        lines.append(compared(what, (imports, imports), needed, least, []))
    return lines


def ranking(plan: TableLayout, sheets: Path, size: str) -> list[Line]:
    """Ranking many sheets of a size, against loading them."""
    paths = sheets / "paths.txt"
    table = sheets / "ranking.tsv"
    folders = folders_of(plan.ranked, sheets)
    files = [str(file) for one in folders for file in sorted(Path(one).iterdir())]
    paths.write_text("\n".join(files), encoding="utf-8")
    ours, loads, events = in_turns(
        plan.ranks,
        partial(run, (*EPA_SCORE, "rank", *folders), table),
        partial(run, (PYTHON, "-c", LOAD_EACH), given=paths),
        partial(run, (PYTHON, "-c", EVENTS_IN_TWO), given=paths),
    )
    check(table, sheets, plan.ranked)
    what = (f"rank {plan.ranked:,} sheets of {size}", f"{plan.ranked:,} 张评分表排名，每张 {size}")
    least = (
        "for comparison: their events, read in two processes and dropped",
        "供比较：两个进程读出解析事件后丢弃",
    )
    loader = ("CSafeLoader", "CSafeLoader")
    return [
        compared(what, loader, ours, loads, [MOST_OF_A_LOAD, MOST_CPU_OF_A_LOAD]),
        compared(least, loader, events, loads, []),
    ]


def workbooks(plan: TableLayout, folder: Path) -> list[Line]:
    """Reading forms and writing a workbook with forms, against openpyxl alone."""
    sheets, forms, form = (folder / name for name in ("sheets", "forms", "form"))
    book, cells, plain = (folder / name for name in ("book.xlsx", "cells.json", "plain.xlsx"))
    sheets.mkdir()
    run((PYTHON, str(ROOT / "benchmarks/sheets.py"), str(sheets), str(FORMS), str(FORMS)))
    run((*EPA_SCORE, "convert", str(sheets / "000"), "-o", str(forms)))
    form.mkdir()
    shutil.copy(min(forms.glob("*.xlsx")), form)
    export = (*EPA_SCORE, "export", str(sheets / "000"), "--xlsx", "--force", "-o", str(book))
    run(export)
    openpyxl = (PYTHON, str(ROOT / "benchmarks/plain_openpyxl.py"))
    run((*openpyxl, "list", str(book), str(cells)))
    ours, reads, our_start, their_start, exports, writes = in_turns(
        plan.ranks,
        *(
            partial(run, (*command, str(read)))
            for read in (forms, form)
            for command in ((*EPA_SCORE, "total"), (*openpyxl, "read"))
        ),
        partial(run, export),
        partial(run, (*openpyxl, "write", str(cells), str(plain))),
    )
    alone = ("openpyxl", "openpyxl")
    read = (f"total of {FORMS} forms in Excel", f"{FORMS} 张 Excel 评分表的总分")
    further = (
        f"for comparison: the last {FORMS - 1} of them, without the start of either program",
        f"供比较：其中后 {FORMS - 1} 张，两边都不计程序启动",
    )
    write = (f"workbook of {FORMS} units with forms", f"{FORMS} 个单位的工作簿，附评分表")
    return [
        compared(read, alone, ours, reads, [MOST_OF_A_READ]),
        compared(further, alone, beyond(ours, our_start), beyond(reads, their_start), []),
        compared(write, alone, exports, writes, [MOST_OF_A_WRITE]),
    ]


def exporting(plan: TableLayout, sheets: Path) -> Line:
    """Peak memory of a workbook of many units, which has no forms."""
    count = plan.counts[0]
    folders = folders_of(count, sheets)
    book = str(sheets / "book.xlsx")
    done = run((*EPA_SCORE, "export", *folders, "--xlsx", "--no-forms", "-o", book))
    what = (f"memory for a workbook of {count:,} units", f"{count:,} 个单位的工作簿的内存")
    return in_memory(what, summed_up([done]), MOST_MEGABYTES)


def growth(plan: TableLayout, sheets: Path) -> list[Line]:
    """Peak memory and time for more and more sheets."""
    table = sheets / "ranking.tsv"
    lines: list[Line] = []
    runs: list[Runs] = []
    for count in plan.counts:
        command = (*EPA_SCORE, "rank", *folders_of(count, sheets))
        times = 1 if count < plan.counts[-2] else 2
        runs.append(summed_up([run(command, table) for _ in range(times)]))
        check(table, sheets, count)
        what = (f"memory for {count:,} sheets", f"{count:,} 张评分表的内存")
        lines.append(in_memory(what, runs[-1], MOST_MEGABYTES))
    fewer, more = plan.counts[-2:]
    what = (f"time for {more:,} sheets", f"{more:,} 张评分表的时间")
    baseline = (f"{fewer:,} sheets", f"{fewer:,} 张")
    return [*lines, compared(what, baseline, runs[-1], runs[-2], [MOST_GROWTH * more / fewer])]


def forms_growth(plan: TableLayout, sheets: Path, folder: Path) -> list[Line]:
    """Peak memory and time for more and more forms."""
    for count in plan.forms:
        few = folder / f"sheets{count}"
        few.mkdir()
        for file in islice(sorted(sheets.glob("*/*.yaml")), count):
            shutil.copy(file, few)
        run((*EPA_SCORE, "convert", str(few), "-o", str(folder / str(count))))
    fewer, more = in_turns(
        1, *(partial(run, (*EPA_SCORE, "rank", str(folder / str(count)))) for count in plan.forms)
    )
    count = plan.forms[-1]
    what = (f"memory for {count:,} forms", f"{count:,} 张 Excel 评分表的内存")
    time = (f"time for {count:,} forms", f"{count:,} 张 Excel 评分表的时间")
    baseline = (f"{plan.forms[0]:,} forms", f"{plan.forms[0]:,} 张")
    return [
        in_memory(what, more, MOST_MEGABYTES),
        grown(time, baseline, fewer, more, plan.forms[1] / plan.forms[0]),
    ]


def exports_growth(plan: TableLayout, sheets: Path) -> list[Line]:
    """Peak memory and time of each format for more and more units."""
    lines: list[Line] = []
    few, many = plan.exported
    for name, arguments in EXPORTS:
        output = sheets / "result"
        target = ("--force", "-o", str(output)) if arguments[0] == "export" else ()
        fewer, more = (
            summed_up([run((*EPA_SCORE, *arguments, *target, *folders_of(count, sheets)), output)])
            for count in (few, many)
        )
        memory = (f"memory for {name} of {many:,} units", f"{name} {many:,} 个单位的内存")
        time = (f"time for {name} of {many:,} units", f"{name} {many:,} 个单位的时间")
        baseline = (f"{few:,} units", f"{few:,} 个单位")
        lines += [
            in_memory(memory, more, MOST_MEGABYTES_OF_EXPORT),
            grown(time, baseline, fewer, more, many / few),
        ]
    return lines


def unknown_growth(plan: TableLayout, folder: Path) -> list[Line]:
    """Time for sheets of units that their rubric does not list: more of both, of one, of the other.

    Every unit of a sheet has a name that is much like many of those listed.
    """
    few, many = plan.unknown
    sizes = ((few, few), (many, few), (few, many), (many, many))
    rubric = (ROOT / "rubrics" / "township.yaml").read_text("utf-8")
    measures = []
    for count, names in sizes:
        place = folder / f"{count}-{names}"
        (place / "rubrics").mkdir(parents=True)
        (place / "scores").mkdir()
        units = ", ".join(f"示例{number:05}镇" for number in range(names * NAMES_A_SHEET))
        listed = f"{rubric.replace('id: township', 'id: listed', 1)}units: [{units}]\n"
        (place / "rubrics" / "listed.yaml").write_text(listed, encoding="utf-8")
        for number in range(count):
            text = f"rubric: listed\nunit: 示例{number:05}乡\nscores: {{A1: 3}}\n"
            (place / "scores" / f"{number:05}.yaml").write_text(text, encoding="utf-8")
        command = (*EPA_SCORE, "validate", "--format", "concise")
        measures.append(partial(run, command, folder=place, ends_with=1))
    least, of_sheets, of_names, most = in_turns(plan.ranks, *measures)
    listed_few, listed_many = few * NAMES_A_SHEET, many * NAMES_A_SHEET
    lines = []
    for small, large, (fewer, more) in (
        ((few, listed_few), (many, listed_many), (least, most)),
        ((few, listed_many), (many, listed_many), (of_names, most)),
        ((many, listed_few), (many, listed_many), (of_sheets, most)),
    ):
        what = (
            f"{large[0]:,} sheets of unknown units, {large[1]:,} listed",
            f"{large[0]:,} 张名单外单位的评分表，名单 {large[1]:,} 个单位",
        )
        baseline = (f"{small[0]:,}, {small[1]:,}", f"{small[0]:,} 张，{small[1]:,} 个")
        lines.append(grown(what, baseline, fewer, more, many / few))
    return lines


def assessment(plan: TableLayout, folder: Path) -> Line:
    """A whole assessment from filled forms to all results, against importing its libraries."""
    forms = sorted((folder / "forms").glob("*.xlsx"))[:COLLECTED]
    roster, place = folder / "roster.txt", folder / "assessment"
    totals = (folder / "sheets" / "totals.tsv").read_text("utf-8").splitlines()
    units = [line.partition("\t")[0] for line in totals[: len(forms)]]
    roster.write_text("\n".join(units), encoding="utf-8")
    made = ("--rubric", "township", "--roster", str(roster))
    run((*EPA_SCORE, "new", str(place), *made))
    for form in forms:
        shutil.copy(form, place / "收到的评分表")

    def from_forms_to_results() -> Run:
        shutil.rmtree(place / "结果", ignore_errors=True)
        return run((*EPA_SCORE, "run", str(place)))

    ours, least = in_turns(
        plan.ranks, from_forms_to_results, partial(run, (PYTHON, "-c", ALL_LIBRARIES))
    )
    what = (f"run of {COLLECTED} forms to all results", f"{COLLECTED} 张评分表到全部结果（run）")
    libraries = (ALL_LIBRARIES, ALL_LIBRARIES)
    return compared(what, libraries, ours, least, [MOST_OF_LIBRARIES])


def reports(folder: Path) -> list[Line]:
    """The size of reports; their units beyond the examples are these once more."""
    texts = [file.read_text("utf-8") for file in sorted(Path(SHEET).parent.glob("示例*.yaml"))]
    lines = []
    for count, most in REPORTS:
        place, page = folder / str(count), folder / f"{count}.html"
        place.mkdir()
        for number in range(count):
            again, text = divmod(number, len(texts))
            name = f"\\g<0>{again}" if again else r"\g<0>"
            sheet = re.sub("^unit: .*$", name, texts[text], flags=re.MULTILINE)
            (place / f"{number:03}.yaml").write_text(sheet, encoding="utf-8")
        done = run((*EPA_SCORE, "export", str(place), "--html", "-o", str(page)))
        kilobytes = page.stat().st_size / 1000
        what = (f"size of a report of {count} units", f"{count} 个单位的报告的大小")
        measured = f"{kilobytes:,.0f} KB ({done.seconds:.1f} s)"
        lines.append(Line(what, ("", ""), measured, "", f"{most:,} KB", kilobytes <= most))
    return lines


def stability(sheets: Path) -> Line:
    """CPU time for how firm the ranks of many units are."""
    done = run((*EPA_SCORE, "stability", *folders_of(STABLE, sheets)))
    what = (f"stability of {STABLE:,} units", f"{STABLE:,} 个单位的名次稳定性")
    limit = f"{MOST_SECONDS_OF_STABILITY} s CPU"
    is_kept = done.cpu <= MOST_SECONDS_OF_STABILITY
    return Line(what, ("", ""), f"{shown(done.cpu)} CPU", "", limit, is_kept)


def in_memory(what: tuple[str, str], runs: Runs, limit: float) -> Line:
    """A line for the peak memory of a run."""
    measured = f"{runs.megabytes:.0f} MB ({runs.seconds:.1f} s)"
    return Line(what, ("", ""), measured, "", f"{limit} MB", runs.megabytes <= limit)


def grown(
    what: tuple[str, str], baseline: tuple[str, str], fewer: Runs, more: Runs, times: float
) -> Line:
    """A line for the exponent by which CPU time grows when there is so many ``times`` as much."""
    start = min(run((*EPA_SCORE, "validate", SHEET)).cpu for _ in range(3))
    grew = max(more.cpu - start, 0.001) / max(fewer.cpu - start, 0.001)
    exponent = math.log(grew) / math.log(times)
    against = tuple(f"{one}: {shown(fewer.cpu)} CPU" for one in baseline)
    return Line(
        what,
        (against[0], against[1]),
        f"{shown(more.cpu)} CPU",
        f"n^{exponent:.2f}",
        f"n^{MOST_EXPONENT:.2f}",
        exponent <= MOST_EXPONENT,
    )


def compared(
    what: tuple[str, str],
    baseline: tuple[str, str],
    ours: Runs,
    least: Runs,
    limits: Sequence[float],
) -> Line:
    """A line for two times; ``limits`` of their ratio and of that of their CPU times, if any."""
    ratios = (ours.seconds / least.seconds, ours.cpu / least.cpu)
    against = tuple(f"{one}: {shown(least.seconds)}" for one in baseline)
    named = (f"{name}{limit:.2f}x" for name, limit in zip(("", "CPU "), limits, strict=False))
    kept = [ratio <= limit for ratio, limit in zip(ratios, limits, strict=False)]
    return Line(
        what,
        (against[0], against[1]),
        shown(ours.seconds),
        f"{ratios[0]:.2f}x",
        ", ".join(named),
        all(kept) if kept else None,
        f"{ours.median / least.median:.2f}x",
        f"{ratios[1]:.2f}x",
    )


def shown(seconds: float) -> str:
    """A time for people."""
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.2f} s"


def folders_of(count: int, sheets: Path) -> list[str]:
    """The folders of the first so many sheets."""
    return [str(sheets / f"{number:03}") for number in range(math.ceil(count / PER_FOLDER))]


def check(table: Path, sheets: Path, count: int) -> None:
    """Compare every total and rank of a tab-separated ranking. Raises `SystemExit`."""
    with (sheets / "totals.tsv").open(encoding="utf-8") as file:
        pairs = (line.rstrip("\n").split("\t") for _, line in zip(range(count), file, strict=False))
        expected = {unit: int(half_points) for unit, half_points in pairs}
    scale = sorted(expected.values())
    with table.open(encoding="utf-8") as file:
        head = next(file).rstrip("\n").split("\t")
        total_at = next(index for index, title in enumerate(head) if title.startswith("总分"))
        for line in file:
            cells = line.rstrip("\n").split("\t")
            half_points = expected.pop(cells[1])
            total = str(half_points // 2) + (".5" if half_points % 2 else "")
            rank = str(1 + count - bisect_right(scale, half_points))
            if (cells[0], cells[total_at]) != (rank, total):
                sys.exit(f"wrong: {line!r}, expected rank {rank} and total {total}")
    if expected:
        sys.exit(f"{len(expected)} of {count} units are not ranked")


def markdown(lines: Sequence[Line], language: int) -> str:
    """The table, and what it was measured with."""
    rows = [HEAD[language], ("---", "---", *["---:"] * 5, "---")]
    for one in lines:
        figures = (one.measured, one.ratio, one.medians, one.cpu, one.limit)
        words = (one.what[language], one.baseline[language])
        rows.append((*words, *figures, VERDICTS[one.kept][language]))
    text = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    measured_with = (
        f"Python {platform.python_version()}, {platform.system()}, {os.cpu_count()} CPUs",
        f"Python {platform.python_version()}，{platform.system()}，{os.cpu_count()} 个 CPU",
    )
    return f"{text}\n\n{measured_with[language]}\n"


def write_page(lines: Sequence[Line], page: Path = PAGE) -> None:
    """Put the table between the markers of each language. Raises `SystemExit` without them."""
    text = page.read_text("utf-8")
    for language, (start, end) in enumerate(MARKERS):
        before, _, rest = text.partition(start)
        _, found, after = rest.partition(end)
        if not found:
            sys.exit(f"{page.name} has no {start} and {end}")
        text = f"{before}{start}\n{markdown(lines, language)}{end}{after}"
    page.write_text(text, encoding="utf-8")


def main() -> int:
    """Measure, print and compare."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer repetitions and sheets")
    parser.add_argument("--write", action="store_true", help=f"write the table into {PAGE.name}")
    options = parser.parse_args()
    plan = QUICK if options.quick else FULL
    with tempfile.TemporaryDirectory(prefix="epa-score-") as folder:
        sheets = Path(folder)
        most = max(plan.ranked, *plan.counts)
        run((PYTHON, str(ROOT / "benchmarks/sheets.py"), folder, str(most), str(PER_FOLDER)))
        lines = [*starts(plan), *ranking(plan, sheets, "1 KB")]
        with tempfile.TemporaryDirectory(prefix="epa-score-") as longer:
            made = (PYTHON, str(ROOT / "benchmarks/sheets.py"), longer, str(plan.ranked))
            run((*made, str(PER_FOLDER), "--long"))
            lines += ranking(plan, Path(longer), "2 KB")
        with tempfile.TemporaryDirectory(prefix="epa-score-") as books:
            lines += workbooks(plan, Path(books))
            lines.append(assessment(plan, Path(books)))
        lines += [exporting(plan, sheets), *growth(plan, sheets)]
        with tempfile.TemporaryDirectory(prefix="epa-score-") as forms:
            lines += forms_growth(plan, sheets, Path(forms))
        lines += exports_growth(plan, sheets)
        with tempfile.TemporaryDirectory(prefix="epa-score-") as pages:
            lines += reports(Path(pages))
        lines.append(stability(sheets))
        with tempfile.TemporaryDirectory(prefix="epa-score-") as unknown:
            lines += unknown_growth(plan, Path(unknown))
    print(markdown(lines, 0), end="")
    if options.write:
        write_page(lines)
    return 1 if any(one.kept is False for one in lines) else 0


if __name__ == "__main__":
    sys.exit(main())
