"""Changes the program in one place at a time, and says which changes no test has noticed.

The changes are those of cosmic-ray, in the layers where a wrong figure comes from. As many are
drawn by a seed from each layer. Pytest collects the tests once; for each mutant a fork of it puts
the changed functions in the place of the old ones, in memory alone, and runs the tests that run the
changed line until one fails: those of these layers, nearest and quickest first, then those of
journeys, exporters and models. What they all pass, and what runs on import, is tried once more in a
process that imports the changed text. What is left is a survivor: `benchmarks/survivors.md` says of
each known one why it changes nothing.

    python3 dev.py mutate                           150 mutants, by a new seed
    python3 dev.py mutate --seed 7 --number 50      the first 50 of that seed
    python3 dev.py mutate --seed 7 --skip 50        its next 150
    python3 dev.py mutate --in scoring/rank.py --in rules --number 60
    python3 dev.py mutate --in scoring/rank.py:120  every mutant of a line
    python3 dev.py mutate --own                     with the tests of the layers alone

What runs which line is measured first, and kept in `.mutants/` until sources or tests change. Needs
a system that can fork. An interrupted run says what it has found so far.
"""

import argparse
import ast
import gc
import json
import os
import re
import secrets
import signal
import subprocess
import sys
import time
from collections import Counter, defaultdict, deque
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import unified_diff
from functools import cache
from hashlib import sha256
from importlib.machinery import SourceFileLoader
from itertools import accumulate, zip_longest
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from types import CodeType, FunctionType

import pytest
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names
from coverage import Coverage, CoverageData

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "epa_score"
KEPT = ROOT / ".mutants"
EXPLAINED = ROOT / "benchmarks" / "survivors.md"
THIS = (sys.executable, str(Path(__file__).resolve()))

LAYERS = ("scoring", "rules", "values", "checks", "reports")
TESTS = {
    "own": tuple(f"tests/{layer}" for layer in LAYERS),
    "wider": ("tests/docs/test_rules_page.py", "tests/model", "tests/exporters", "tests/journeys"),
}
SHARED = ("tests/conftest.py", "tests/support")
MARKS = "not office and not process and not hostile"
PYTEST = ("-q", "-n0", "-pno:cacheprovider", "-m", MARKS)
NOT_RUN = 70
"""How a child ends that could not run any test."""

NUMBERS = "Eq|NotEq|Lt|LtE|Gt|GtE"
SWAPS = (
    *("Add_Sub", "Add_Mul", "Sub_Add", "Sub_Mul", "Mul_Div", "Mul_Add", "Div_Mul", "Div_FloorDiv"),
    *("FloorDiv_Div", "FloorDiv_Mul", "Mod_FloorDiv", "Mod_Mul", "Pow_Mul"),
)
TRIED = re.compile(
    r"core/(AddNot|ExceptionReplacer|NumberReplacer|ZeroIterationForLoop"
    r"|Replace(AndWithOr|OrWithAnd|TrueWithFalse|FalseWithTrue|BreakWithContinue|ContinueWithBreak)"
    r"|ReplaceUnaryOperator_Delete_(Not|USub)"
    rf"|ReplaceComparisonOperator_(({NUMBERS})_({NUMBERS})|Is_IsNot|IsNot_Is)"
    rf"|ReplaceBinaryOperator_({'|'.join(SWAPS)}))"
)
"""Slips that somebody could make. What breaks anything (bit operators, `+` for `not`, properties
without their decorator) would flatter the result, `==` for `is` changes nothing."""
ARITHMETIC = ("term", "arith_expr", "power")
"""Where a star or a stroke is an operator, and not before an argument or between parameters."""
LEFT_ALONE = re.compile(r"strict=True|lru_cache|TYPE_CHECKING")
"""Lines that say something to the reader, or about speed: no mutant of theirs changes a result."""


@dataclass(frozen=True)
class Mutant:
    """A place that can be changed: a module below the package, a line, and what is done there."""

    module: str
    line: int
    operator: str
    occurrence: int

    def changed(self) -> str:
        """The whole module with the change made; empty where that is no Python."""
        operator = get_operator(self.operator)()
        changed: str = mutate_code(read(self.module), operator, self.occurrence)
        try:
            ast.parse(changed)
        except SyntaxError:
            return ""
        return changed

    def __str__(self) -> str:
        """Where it is and what it does, in one line."""
        return f"{self.module}:{self.line} {self.operator.removeprefix('core/')}"


# --- what there is to change -----------------------------------------------------------------


@cache
def read(module: str) -> str:
    """The text of a module below the package."""
    return (PACKAGE / module).read_text("utf-8")


def modules_of(target: str) -> list[str]:
    """The modules of a folder or a module below the package."""
    path = PACKAGE / target
    found = sorted(path.rglob("*.py")) if path.is_dir() else [path]
    return [module.relative_to(PACKAGE).as_posix() for module in found]


def is_worth_trying(operator: str, parent: str, line: str) -> bool:
    """True for a slip that somebody could make and that may change a result."""
    if LEFT_ALONE.search(line):
        return False
    return "BinaryOperator" not in operator or parent in ARITHMETIC


def mutants_of(target: str) -> Iterator[Mutant]:
    """Every mutant of a folder, a module, or a line of one (`scoring/rank.py:120`)."""
    place, _, wanted = target.partition(":")
    names = [name for name in sorted(operator_names()) if TRIED.fullmatch(name)]
    for module in modules_of(place):
        lines = read(module).splitlines()
        nodes = list(ast_nodes(get_ast(read(module))))
        for name in names:
            places = get_operator(name)().mutation_positions
            found = ((node, start) for node in nodes for start, _ in places(node))
            for occurrence, (node, (line, _)) in enumerate(found):
                parent = node.parent.type if node.parent else ""
                if wanted in ("", str(line)) and is_worth_trying(name, parent, lines[line - 1]):
                    yield Mutant(module, line, name, occurrence)


def draw(target: str, seed: int) -> list[Mutant]:
    """All mutants of a target in the order of a seed."""
    mutants = list(mutants_of(target))
    Random(f"{seed} {target}").shuffle(mutants)  # noqa: S311 -- a sample
    return mutants


def differences(before: str, after: str) -> str:
    """The lines that a change takes away and puts there."""
    found = list(unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0))
    lines = [line for line in found[2:] if not line.startswith("@")]
    return "\n".join(f"    {line[0]} {line[1:].strip()}" for line in lines)


# --- which tests run a line ------------------------------------------------------------------


class Watch:
    """A plugin of pytest: how long each test takes, and which lines run for its sake."""

    def __init__(self, coverage: Coverage) -> None:
        self.coverage = coverage
        self.seconds: defaultdict[str, float] = defaultdict(float)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Note a test with all its fixtures."""
        self.coverage.switch_context(item.nodeid)
        start = time.process_time()
        result = yield
        self.seconds[item.nodeid] += time.process_time() - start
        return result


def measure(which: str, place: Path) -> int:
    """Run tests and keep which of them runs which line, with their times."""
    layers = [str(PACKAGE / layer) for layer in LAYERS]  # to watch the rest would cost time
    coverage = Coverage(data_file=place / f"{which}.coverage", config_file=False, source=layers)
    coverage.erase()
    watch = Watch(coverage)
    coverage.start()
    code = pytest.main([*PYTEST, "-x", *TESTS[which]], plugins=[watch])
    coverage.stop()
    coverage.save()
    if code == 0:
        (place / f"{which}.json").write_text(json.dumps(watch.seconds), "utf-8")
    return int(code)


def digest(which: str) -> str:
    """What the measurement of tests follows from."""
    content = sha256()
    for path in (PACKAGE, *(ROOT / name for name in (*SHARED, *TESTS[which]))):
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            content.update(f"{file.relative_to(ROOT)}\n".encode() + file.read_bytes())
    return content.hexdigest()[:16]


@dataclass(frozen=True)
class Known:
    """What is known of some tests: their seconds, and where the lines they run are noted."""

    seconds: dict[str, float]
    data: CoverageData

    def tests_of(self, mutant: Mutant, seconds: float) -> list[str]:
        """The tests that run what is changed, nearest and quickest first.

        The slowest stay out where all together would take longer than some seconds. What runs on
        import alone, such as a constant, may be used by any test: those that enter the module come
        first.
        """
        lines = self.data.contexts_by_lineno(str(PACKAGE / mutant.module))
        within = statement(ast.parse(read(mutant.module)), mutant.line)
        running = {test for line in within for test in lines.get(line, [])} & set(self.seconds)
        entering = {test for tests in lines.values() for test in tests}
        layer = f"tests/{mutant.module.partition('/')[0]}/"
        quickest = sorted(running or self.seconds, key=self.seconds.__getitem__)
        times = accumulate(self.seconds[test] for test in quickest)
        chosen = [test for test, taken in zip(quickest, times, strict=True) if taken <= seconds]
        return sorted(
            chosen or quickest[:1],
            key=lambda test: (test not in entering, not test.startswith(layer)),
        )


def statement(tree: ast.Module, line: int) -> range:
    """The lines of the statement that a line belongs to; of a block, those of its head."""
    around = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or line)
    ]
    if not around:
        return range(line, line + 1)
    inner = max(around, key=lambda node: node.lineno)
    body = getattr(inner, "body", None)
    end = body[0].lineno - 1 if body else inner.end_lineno
    return range(inner.lineno, max(end or line, line) + 1)


def known(which: str) -> Known:
    """What is kept of some tests; measured first where they or the program have changed."""
    place = KEPT / digest(which)
    if not (place / f"{which}.json").exists():
        print(f"measuring which of the {which} tests runs which line", flush=True)
        place.mkdir(parents=True, exist_ok=True)
        command = [*THIS, "--measure", which, str(place)]
        if subprocess.run(command, cwd=ROOT, check=False).returncode:
            sys.exit("mutants.py: tests fail although nothing is changed")
    data = CoverageData(place / f"{which}.coverage")
    data.read()
    return Known(json.loads((place / f"{which}.json").read_text("utf-8")), data)


# --- one mutant ------------------------------------------------------------------------------


def codes(code: CodeType) -> Iterator[CodeType]:
    """A code object and all within it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from codes(constant)


def runs_once(code: CodeType) -> bool:
    """True for the body of a module or a class, which has run before any test."""
    return not code.co_flags & 1  # CO_OPTIMIZED: the body of a function


def alone(code: CodeType) -> CodeType:
    """A code object without those within it."""
    own = tuple(one for one in code.co_consts if not isinstance(one, CodeType))
    return code.replace(co_consts=own)


def changed_functions(before: str, after: str, path: str) -> dict[CodeType, CodeType] | None:
    """New code of functions by the old; ``None`` where the change is not in functions alone."""
    compiled = (compile(text, path, "exec", dont_inherit=True) for text in (before, after))
    old, new = (list(codes(code)) for code in compiled)
    if [code.co_qualname for code in old] != [code.co_qualname for code in new]:
        return None
    changed: dict[CodeType, CodeType] = {}
    for one, other in zip(old, new, strict=True):
        if runs_once(one) and alone(one) != alone(other):
            return None
        if not runs_once(one) and changed.setdefault(one, other) != other:
            return None  # two lambdas alike on one line, and one of them is another now
    return {one: other for one, other in changed.items() if one != other}


def put_in_place(changed: dict[CodeType, CodeType]) -> None:
    """Give all functions that there are their new code."""
    for found in gc.get_objects():
        if type(found) is FunctionType and found.__code__ in changed:
            found.__code__ = changed[found.__code__]


class Slice:
    """A plugin of pytest: only some tests, in their order, and where the first failure is noted."""

    def __init__(self, tests: Sequence[str], note: Path) -> None:
        self.places = {test: place for place, test in enumerate(tests)}
        self.note = note

    @pytest.hookimpl(trylast=True)
    def pytest_configure(self) -> None:
        """Let Hypothesis stop at the first example that fails."""
        do_not_shrink()

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep the tests in their order."""
        kept = [item for item in items if item.nodeid in self.places]
        items[:] = sorted(kept, key=lambda item: self.places[item.nodeid])

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a failure."""
        if report.failed:
            self.note.write_text(report.nodeid, "utf-8")


def do_not_shrink() -> None:
    """Change the profile that is in force, before any test is decorated with it."""
    from hypothesis import Phase, settings  # noqa: PLC0415 -- its plugin must come first

    name = settings.get_current_profile_name()
    phases = (Phase.explicit, Phase.generate)
    settings.register_profile(name, settings.get_profile(name), phases=phases)
    settings.load_profile(name)


def run_changed(place: Path) -> int:
    """Run tests with a module imported from another text; all is named by a file."""
    job = json.loads(place.read_text("utf-8"))
    changed_path = str(PACKAGE / job["module"])
    get_code = SourceFileLoader.get_code

    def get_changed(loader: SourceFileLoader, name: str) -> CodeType | None:
        if loader.path == changed_path:
            return compile(job["source"], changed_path, "exec", dont_inherit=True)
        return get_code(loader, name)

    SourceFileLoader.get_code = get_changed  # type: ignore[assignment,method-assign]
    plugin = Slice(job["tests"], Path(job["note"]))
    files = {test.partition("::")[0]: None for test in job["tests"]}
    signal.setitimer(signal.ITIMER_PROF, job["seconds"])
    return int(pytest.main([*PYTEST, "-x", "--tb=no", *files], plugins=[plugin]))


@dataclass
class Trial:
    """A mutant while it is tried: its text, its tests, and what these found (empty: nothing)."""

    mutant: Mutant
    source: str
    tests: list[str]
    functions: dict[CodeType, CodeType] | None
    """What is changed in memory; ``None`` where it must be imported."""
    note: Path
    """A file in which the child writes the test that failed."""
    found_by: str = ""

    @property
    def lines(self) -> str:
        """The lines that are changed."""
        return differences(read(self.mutant.module), self.source)


@dataclass
class Trials:
    """A plugin of pytest: in place of running the tests once, it runs some for each mutant."""

    sample: Sequence[Mutant]
    known: Sequence[Known]
    """Of own tests, and of wider ones where they are wanted."""
    jobs: int
    seconds: float
    """What the own and the wider tests of a mutant may take, as measured."""
    folder: Path
    done: list[Trial] = field(default_factory=list)

    @pytest.hookimpl(trylast=True)
    def pytest_configure(self) -> None:
        """Let Hypothesis stop at the first example that fails."""
        do_not_shrink()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Try all mutants, several at once, and print each as it ends."""
        seconds = {test: taken for some in self.known for test, taken in some.seconds.items()}
        items = {item.nodeid: item for item in session.items}
        fresh, again = self.trials(), deque[Trial]()
        running: dict[int, Trial] = {}
        gc.collect()
        while True:
            while len(running) < self.jobs:
                trial = next(fresh, None) or (again.popleft() if again else None)
                if trial is None:
                    break
                running[self.start(trial, items, seconds)] = trial
            if not running:
                return True
            pid, status = os.wait()
            if (ended := running.pop(pid, None)) is None:
                continue
            ended.found_by = who_noticed(ended, status)
            if not ended.found_by and ended.functions is not None:
                # What was worked out on import or while tests were collected has the old code.
                ended.functions = None
                ended.tests = self.known[0].tests_of(ended.mutant, self.seconds / 3)
                again.append(ended)
                continue
            self.done.append(ended)
            said = f"found by {ended.found_by}" if ended.found_by else f"survives\n{ended.lines}"
            print(f"{len(self.done)}/{len(self.sample)} {ended.mutant}: {said}", flush=True)

    def trials(self) -> Iterator[Trial]:
        """Each mutant with its tests; those that are no Python are left out."""
        for number, mutant in enumerate(self.sample):
            if not (source := mutant.changed()):
                continue
            tests = [test for some in self.known for test in some.tests_of(mutant, self.seconds)]
            path = str(PACKAGE / mutant.module)
            functions = changed_functions(read(mutant.module), source, path)
            yield Trial(mutant, source, tests, functions, self.folder / f"{number}.txt")

    def start(self, trial: Trial, items: dict[str, pytest.Item], seconds: dict[str, float]) -> int:
        """Try a mutant in a child; its process number."""
        if pid := os.fork():
            return pid
        try:
            quiet = os.open(os.devnull, os.O_RDWR)
            for stream in range(3):
                os.dup2(quiet, stream)
            if trial.functions is None:
                run_in_new_process(trial, seconds)
            put_in_place(trial.functions or {})
            os._exit(run_until_failure([items[test] for test in trial.tests], trial.note, seconds))
        finally:
            os._exit(NOT_RUN)


def run_in_new_process(trial: Trial, seconds: dict[str, float]) -> None:
    """Become a process that imports the changed text."""
    limit = 60 + 10 * sum(seconds[test] for test in trial.tests)
    job: dict[str, object] = {"module": trial.mutant.module, "source": trial.source}
    job |= {"tests": trial.tests, "note": str(trial.note), "seconds": limit}
    place = trial.note.with_suffix(".json")
    place.write_text(json.dumps(job), "utf-8")
    os.chdir(ROOT)
    os.execv(THIS[0], [*THIS, "--run", str(place)])  # noqa: S606 -- this script itself


def run_until_failure(items: Sequence[pytest.Item], note: Path, seconds: dict[str, float]) -> int:
    """Run tests that were collected; 1 as soon as one fails. None may run for ever."""
    for item, following in zip(items, [*items[1:], None], strict=True):
        signal.setitimer(signal.ITIMER_PROF, 10 + 10 * seconds[item.nodeid])
        note.write_text(f"{item.nodeid}, by the clock", "utf-8")
        item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
        if item.session.testsfailed:
            note.write_text(item.nodeid, "utf-8")
            return 1
    return 0


def who_noticed(trial: Trial, status: int) -> str:
    """The test that failed in a child; empty where all passed."""
    if status == 0:
        return ""
    code = os.waitstatus_to_exitcode(status)
    if code in (NOT_RUN, pytest.ExitCode.NO_TESTS_COLLECTED):
        message = f"{trial.mutant}: its tests could not be run"
        raise RuntimeError(message)
    noted = trial.note.read_text("utf-8") if trial.note.exists() else ""
    return noted or f"a process that ended with {code}"


# --- a sample --------------------------------------------------------------------------------


def is_explained(module: str, lines: str) -> bool:
    """True where `survivors.md` has the lines of a survivor below the head of its module."""
    text = EXPLAINED.read_text("utf-8") if EXPLAINED.exists() else ""
    parts = re.split(r"^## ", text, flags=re.MULTILINE)
    own = [part for part in parts if part.startswith(f"{module}\n")]
    return any(all(line.strip() in part for line in lines.splitlines()) for part in own)


def report(trials: Sequence[Trial]) -> int:
    """Print how many were found in each layer, and what nobody has found or explained."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    unexplained = []
    for trial in trials:
        kind = "found"
        if not trial.found_by:
            kind = "equal" if is_explained(trial.mutant.module, trial.lines) else "left"
        if kind == "left":
            unexplained.append(trial)
        for name in (trial.mutant.module.partition("/")[0], "all"):
            counts[name][kind] += 1
            counts[name]["wider"] += trial.found_by.startswith(TESTS["wider"])
    for name in (*LAYERS, "all"):
        if count := counts[name]:
            of = count["found"] + count["left"]
            share = f"{count['found'] / max(1, of):.1%}"
            wider = f"{count['wider']} of them by wider tests"
            print(f"{name:8} found {count['found']} of {of} ({share}), {wider}; ", end="")
            print(f"{count['equal']} that survivors.md explains")
    for trial in unexplained:
        print(f"{trial.mutant}\n{trial.lines}")
    return 1 if unexplained else 0


def mutate(sample: Sequence[Mutant], jobs: int, seconds: float, *, wider: bool) -> int:
    """Try mutants and say what survived."""
    which = ["own", "wider"] if wider else ["own"]
    about = [known(name) for name in which]
    folders = [folder for name in which for folder in TESTS[name]]
    with TemporaryDirectory(prefix="mutants-") as folder:
        os.environ["PYTEST_DEBUG_TEMPROOT"] = folder  # children do not clear up after themselves
        trials = Trials(sample, about, jobs, seconds, Path(folder))
        pytest.main([*PYTEST, "-s", "--no-header", *folders], plugins=[trials])
    if len(trials.done) < len(sample):
        print(f"{len(trials.done)} of {len(sample)} were tried")
    return report(trials.done)


def main() -> int:
    """Read the options and do it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--number", type=int, default=150, help="how many mutants are tried")
    parser.add_argument("--skip", type=int, default=0, help="how many of the seed were before")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6))
    parser.add_argument("--in", dest="targets", action="append", help="a folder, module or line")
    parser.add_argument("--seconds", type=float, default=60.0, help="for the tests of a mutant")
    parser.add_argument("--own", action="store_true", help="without the wider tests")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="tried at once")
    # What this script starts itself with, in a process of its own.
    parser.add_argument("--measure", nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--run", help=argparse.SUPPRESS)
    options = parser.parse_args()
    sys.path[0] = str(ROOT)  # as `python -m pytest` has it, and not the folder of this script
    if options.measure:
        return measure(options.measure[0], Path(options.measure[1]))
    if options.run:
        return run_changed(Path(options.run))
    if not hasattr(os, "fork"):
        sys.exit("mutants.py: needs a system that can fork")
    pools = [draw(target, options.seed) for target in options.targets or LAYERS]
    share, skip = (-(-number // len(pools)) for number in (options.number, options.skip))
    rows = zip_longest(*(pool[skip : skip + share] for pool in pools))
    sample = [mutant for row in rows for mutant in row if mutant is not None]
    of = sum(map(len, pools))
    print(f"{len(sample)} of {of} mutants, drawn with --seed {options.seed}", flush=True)
    return mutate(sample, options.jobs, options.seconds, wider=not options.own)


if __name__ == "__main__":
    sys.exit(main())
