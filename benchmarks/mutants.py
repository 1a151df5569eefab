"""Changes the program in one place at a time, and says which changes no test has noticed.

The changes are those of cosmic-ray, in the layers where a wrong figure comes from. A sample of
them is drawn by a seed; each is made in a copy of the checkout, where the tests of these layers run
until one fails. What they all pass is tried once more with wider tests. What is left is a survivor:
`benchmarks/survivors.md` says of each known one why it changes nothing.

    python3 dev.py mutate                      150 mutants, by a new seed
    python3 dev.py mutate --number 400 --seed 7
    python3 dev.py mutate --in scoring/rank.py --number 60
"""

import argparse
import json
import os
import re
import secrets
import shlex
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from coverage import CoverageData

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "src/epa_score"
LAYERS = ("scoring", "rules", "values", "checks", "reports")
OWN_TESTS = tuple(f"tests/{layer}" for layer in ("rules", "values", "checks", "reports", "scoring"))
WIDER_TESTS = (
    *("tests/docs/test_rules_page.py", "tests/model", "tests/exporters", "tests/journeys"),
    *("tests/readers", "tests/cli"),
)
MARKS = "not office and not process and not hostile"
PYTEST = ("pytest", "-x", "-q", "-n0", "-pno:cacheprovider", "-m", MARKS)
MEASURED = "mutants.coverage"
LEFT_OUT = r"core/ReplaceBinaryOperator_(Bit.*|.*_(LShift|RShift|BitOr|BitAnd|BitXor))"
"""Changes to operators that numbers do not have: anything would find them."""
STAR = re.compile(r"(^|[(\[{,:])\s*$")
"""What stands in front of a star that multiplies nothing."""

EXPLAINED = ROOT / "benchmarks" / "survivors.md"
NEEDED = "mutants.py: needs cosmic-ray in this environment: python -m pip install cosmic-ray"


def settings(targets: Sequence[str], which: str, original: Path) -> str:
    """The configuration of cosmic-ray, for modules below the package and some tests."""
    command = [sys.executable, "benchmarks/mutants.py", "--try-tests", which, str(original)]
    paths = [f"{PACKAGE}/{target}" for target in targets]
    return "\n".join(
        [
            "[cosmic-ray]",
            f"module-path = {json.dumps(paths)}",
            "timeout = 900.0",
            "excluded-modules = []",
            f"test-command = {json.dumps(shlex.join(command))}",
            "[cosmic-ray.distributor]",
            'name = "local"',
            "",
        ]
    )


def measure(folder: Path) -> None:
    """Note which tests run which line; they must pass as long as nothing is changed."""
    rules = "[run]\nsource = src/epa_score\ndynamic_context = test_function\n"
    (folder / "mutants.coveragerc").write_text(f"{rules}data_file = {MEASURED}\n", "utf-8")
    coverage = [sys.executable, "-m", "coverage", "run", "--rcfile=mutants.coveragerc"]
    command = [*coverage, "-m", *PYTEST, *OWN_TESTS]
    subprocess.run(command, cwd=folder, check=True, env=environment(folder))


def changed_lines(original: Path) -> tuple[str, range]:
    """Where the copy differs from the original: the path of a module, and lines of its own."""
    for layer in LAYERS:
        for path in sorted(Path(PACKAGE, layer).rglob("*.py")):
            old = (original / path).read_text("utf-8").splitlines()
            new = path.read_text("utf-8").splitlines()
            places = [at for at, pair in enumerate(zip_longest(old, new), 1) if pair[0] != pair[1]]
            if places:
                return str(path.resolve()), range(places[0], places[-1] + 1)
    return "", range(0)


def tests_of(module: str, lines: range) -> list[str]:
    """The tests that run any of these lines; all where it is none of them alone."""
    data = CoverageData(MEASURED)
    data.read()
    contexts = data.contexts_by_lineno(module)
    found = {name for line in lines for name in contexts.get(line, [""])}
    files = {name: re.sub(r"[.](test_\w+)$", r".py::\1", name) for name in found if name}
    nodes = (text.replace(".", "/", text.count(".") - 1) for text in files.values())
    return sorted(node for node in nodes if Path(node.partition("::")[0]).is_file())


def run_tests(which: str, original: Path) -> int:
    """Run tests in the copy: those that run what was changed, or all that there are."""
    if which == "own":
        module, lines = changed_lines(original)
        layer_first = sorted(OWN_TESTS, key=lambda folder: Path(folder).name not in module)
        tests = tests_of(module, lines) or layer_first
    else:
        tests = [*OWN_TESTS, *WIDER_TESTS]
    return subprocess.run([sys.executable, "-m", *PYTEST, *tests], check=False).returncode


def program(name: str) -> str:
    """A program of cosmic-ray beside this Python."""
    found = shutil.which(name, path=str(Path(sys.executable).parent))
    if found is None:
        sys.exit(NEEDED)
    return found


def copy_checkout(folder: Path) -> None:
    """Copy what the checkout holds and git does not ignore."""
    names = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    ).stdout.split(b"\0")
    for name in filter(None, names):
        source = ROOT / name.decode()
        if source.is_file():
            target = folder / name.decode()
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)


def is_worth_trying(operator: str, module: str, row: int, column: int) -> bool:
    """True for a change that is not found by anything, and not a star in front of an argument."""
    if re.fullmatch(LEFT_OUT, operator):
        return False
    line = (ROOT / module).read_text("utf-8").splitlines()[row - 1]
    return "BinaryOperator" not in operator or not STAR.search(line[:column])


def draw_sample(session: Path, number: int, seed: int) -> tuple[int, int]:
    """Keep so many mutants of a session; how many there were, and how many are left."""
    with sqlite3.connect(session) as database:
        query = "select job_id, operator_name, module_path, start_pos_row, start_pos_col"
        query += " from mutation_specs order by module_path, operator_name, occurrence"
        known = [row[0] for row in database.execute(query) if is_worth_trying(*row[1:])]
        kept = set(Random(seed).sample(known, min(number, len(known))))  # noqa: S311 -- a sample
        every = [job for (job,) in database.execute("select job_id from work_items")]
        for table in ("work_results", "mutation_specs", "work_items"):
            database.executemany(
                f"delete from {table} where job_id = ?",  # noqa: S608 -- a name from above
                [(job,) for job in every if job not in kept],
            )
    database.close()
    return len(known), len(kept)


def results(session: Path) -> Iterator[tuple[str, str, str]]:
    """Each mutant that was tried: its job, its outcome, and what was changed."""
    dump = subprocess.run(
        [program("cosmic-ray"), "dump", str(session)], check=True, capture_output=True, text=True
    ).stdout
    for line in dump.splitlines():
        item, result = json.loads(line)
        if result is not None:
            yield item["job_id"], str(result["test_outcome"]), described(item, result)


def described(item: dict[str, Any], result: dict[str, Any]) -> str:
    """Where a mutant was, and the lines that it changed."""
    (mutation,) = item["mutations"]
    path = str(mutation["module_path"]).removeprefix(f"{PACKAGE}/")
    lines = [line for line in (result["diff"] or "").splitlines() if re.match(r"[-+][^-+]", line)]
    changed = "\n".join(f"    {line[0]} {line[1:].strip()}" for line in lines)
    return f"{path}:{mutation['start_pos'][0]} {mutation['operator_name']}\n{changed}"


def is_explained(survivor: str) -> bool:
    """True where `survivors.md` has the two lines of a survivor."""
    path, *lines = survivor.splitlines()
    text = EXPLAINED.read_text("utf-8") if EXPLAINED.exists() else ""
    module = path.partition(":")[0]
    parts = re.split(r"^## ", text, flags=re.MULTILINE)
    known = [part for part in parts if part.startswith(f"{module}\n")]
    return any(all(line.strip() in part for line in lines) for part in known)


def mutate(folder: Path, targets: Sequence[str], number: int, seed: int) -> int:
    """Try a sample in a copy of the checkout, and say what survived."""
    original = folder / "original"
    shutil.copytree(ROOT / PACKAGE, original / PACKAGE)
    copy_checkout(folder)
    session, config = folder / "mutants.sqlite", folder / "mutants.toml"
    config.write_text(settings(targets, "own", original), "utf-8")
    cosmic_ray = program("cosmic-ray")

    def run(*arguments: str) -> None:
        subprocess.run([cosmic_ray, *arguments], cwd=folder, check=True, env=environment(folder))

    measure(folder)
    run("init", config.name, session.name)
    of, kept = draw_sample(session, number, seed)
    print(f"{kept} mutants of {of}, drawn with --seed {seed}", flush=True)
    run("exec", config.name, session.name)
    survivors = [job for job, outcome, _ in results(session) if outcome.endswith("survived")]
    print(f"the tests of their layers found {kept - len(survivors)}", flush=True)
    if survivors:
        with sqlite3.connect(session) as database:
            database.executemany(
                "delete from work_results where job_id = ?", [(job,) for job in survivors]
            )
        database.close()
        config.write_text(settings(targets, "wider", original), "utf-8")
        run("exec", config.name, session.name)
    outcomes = list(results(session))
    left = [about for _, outcome, about in outcomes if outcome.endswith("survived")]
    unexplained = [about for about in left if not is_explained(about)]
    print(f"{dict(Counter(outcome for _, outcome, _ in outcomes))}")
    print(f"survivors: {len(left)}, of which survivors.md explains {len(left) - len(unexplained)}")
    for about in unexplained:
        print(about)
    equivalent = len(left) - len(unexplained)
    found = kept - len(left)
    print(f"found: {found} of {kept - equivalent}, {found / max(1, kept - equivalent):.1%}")
    return 1 if unexplained else 0


def environment(folder: Path) -> dict[str, str]:
    """The environment of the tests, which find the changed package first."""
    return {**os.environ, "PYTHONPATH": str(folder / "src"), "PYTHONDONTWRITEBYTECODE": "1"}


def main() -> int:
    """Read the options and do it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--number", type=int, default=150, help="how many mutants are tried")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6))
    parser.add_argument("--in", dest="targets", action="append", help="a folder or a module")
    parser.add_argument(
        "--try-tests", nargs=2, help=argparse.SUPPRESS
    )  # by cosmic-ray, in the copy
    options = parser.parse_args()
    if options.try_tests:
        which, original = options.try_tests
        return run_tests(which, Path(original))
    with TemporaryDirectory(prefix="mutants-") as folder:
        place = Path(folder).resolve()
        return mutate(place, options.targets or LAYERS, options.number, options.seed)


if __name__ == "__main__":
    sys.exit(main())
