#!/usr/bin/env python3
"""Everything a contributor runs, with nothing installed but Python 3.11 or later.

  python3 dev.py demo              rank the examples
  python3 dev.py test              style, types, architecture and all tests: a quarter of an hour
  python3 dev.py test --coverage   the same with branch coverage of 100 % and more random examples
  python3 dev.py test --newest     the same with the newest releases in place of the locked ones
  python3 dev.py test -k yaml      the same with pytest's own options: -m "not office" leaves out
                                   what is slow (office, browser, hostile, process), -n 0 is for
                                   debuggers
  python3 dev.py bench             run benchmarks/run.py
  python3 dev.py mutate            change the program in 150 places, one by one: do tests notice?
  python3 dev.py journeys          count the files that one enters to follow a score
  python3 dev.py pictures          draw docs/pictures anew, with LibreOffice and Chromium
  python3 dev.py bundle            what offices get: --python ZIP for Windows, --linux for Linux
  python3 dev.py lock              write requirements/*.txt anew (--upgrade: with newer versions)

The first call makes `.venv` from the lock files; later calls reuse it for as long as the lock
files, pyproject.toml, the Python version and the place of the checkout stay the same.
`.venv-newest` is brought up to date by each call that asks for it.
"""

import sys

# The file must parse on old Pythons for this to be seen: no `match`, no walrus, no `with (...)`.
if sys.version_info < (3, 11):  # noqa: UP036 -- this is the check for it
    sys.exit("dev.py: needs Python 3.11 or later, this is " + sys.version.split()[0])

import hashlib
import importlib.util
import os
import re
import subprocess
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV, NEWEST = ROOT / ".venv", ROOT / ".venv-newest"

# Which locks `.venv` is installed from, and what `uv pip compile` makes each lock of.
# `word` is what bundles hold; `dev` holds the packages of all others in the same versions.
ENVIRONMENTS = {"demo": ["run", "build"], "dev": ["dev"]}
LOCK_SOURCES = {
    "run": ["pyproject.toml"],
    "word": ["pyproject.toml", "--extra=word", "--constraint=requirements/run.txt"],
    "build": ["--group=build", "--constraint=requirements/run.txt"],
    "dev": ["pyproject.toml", "--group=dev"]
    + [f"--constraint=requirements/{name}.txt" for name in ("word", "build")],
}

# The checks of `test` beside pytest and coverage, in the order in which they are shown.
CHECKS = {
    "ruff check": ["ruff", "check"],
    "ruff format": ["ruff", "format", "--check"],
    "mypy": ["mypy"],
    "lint-imports": ["lint-imports"],
}
PYTEST = ["pytest", "--color=yes" if sys.stdout.isatty() else "--color=no"]
PYTEST += ["--numprocesses=2"]  # which tests go together is told in tests/support/groups.py

# "=== 12 passed, 1 warning in 0.34s ===", with or without the rules and the colours.
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
CLOSING_LINE = re.compile(r"(=+ )?(\d+ [a-z]+|no tests).* in \d+\.\d+s( \([\d:]+\))?( =+)?")


def succeeds(*command: str) -> bool:
    """Run a command in the checkout, its output straight to ours, and say whether it succeeded."""
    sys.stdout.flush()
    return subprocess.run(command, cwd=ROOT, check=False).returncode == 0


def program(name: str, folder: Path = VENV) -> str:
    """Find a program of an environment."""
    return str(folder / "Scripts" / f"{name}.exe" if os.name == "nt" else folder / "bin" / name)


def fingerprint(environment: str) -> str:
    """Digest all that decides what is in an environment: locks, metadata, interpreter and place."""
    digest = hashlib.sha256(f"{environment}\n{sys.version}\n{ROOT}\n".encode())
    for name in ["pyproject.toml", *(f"requirements/{lock}.txt" for lock in LOCK_SOURCES)]:
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def is_made(folder: Path, *environments: str) -> bool:
    """Say whether a folder holds one of these environments, up to date."""
    stamp = folder / "dev.stamp"
    made = stamp.read_text(encoding="ascii") if stamp.exists() else ""
    return made in map(fingerprint, environments) and Path(program("python", folder)).exists()


def make(folder: Path, environment: str) -> None:
    """Make an empty environment in the place of whatever is in its folder."""
    if Path(sys.prefix) == folder:
        name = folder.name
        sys.exit(f"dev.py: {name} is out of date; run dev.py with the Python it was made from")
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        sys.exit(f"dev.py: this Python cannot make environments; on Debian: apt install {package}")
    print(f"dev.py: setting up {folder.name} for {environment}, once, about a minute", flush=True)
    if not succeeds(sys.executable, "-m", "venv", "--clear", str(folder)):
        sys.exit(f"dev.py: {folder} could not be made; the reason stands above")


def install(folder: Path, environment: str, *packages: str) -> None:
    """Install packages and then epa-score itself, as a path to src/."""
    pip = [program("python", folder), "-m", "pip", "--disable-pip-version-check", "--quiet"]
    if not succeeds(*pip, "install", *packages):
        sys.exit("dev.py: the packages could not be installed; the reason stands above")
    itself = ["--no-index", "--no-deps", "--no-build-isolation", "--editable", "."]
    if not succeeds(*pip, "install", *itself):
        sys.exit("dev.py: epa-score itself could not be installed; the reason stands above")
    # Up to Python 3.12 a .pth file is read in the locale's encoding, and a checkout may well lie in
    # a folder with a Chinese name: the relative path to src/ is ASCII and means the same.
    for path_file in folder.rglob("_epa_score.pth"):
        path_file.write_text(os.path.relpath(ROOT / "src", path_file.parent), encoding="ascii")
    (folder / "dev.stamp").write_text(fingerprint(environment), encoding="ascii")


def set_up(environment: str) -> None:
    """Make `.venv` unless the one that is there has all that the environment needs."""
    if not is_made(VENV, environment, "dev"):
        make(VENV, environment)
        locks = [f"--requirement=requirements/{name}.txt" for name in ENVIRONMENTS[environment]]
        install(VENV, environment, "--require-hashes", *locks)


def set_up_newest() -> None:
    """Make `.venv-newest`, or bring it up to date with what pip finds now."""
    if not is_made(NEWEST, "newest"):
        make(NEWEST, "newest")
    metadata = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = metadata["dependency-groups"]
    wanted = [*metadata["project"]["dependencies"], *groups["dev"], *groups["build"]]
    packages = [name for name in wanted if isinstance(name, str)]  # the rest is `include-group`
    install(NEWEST, "newest", "--upgrade", "--upgrade-strategy=eager", *packages)


def pass_on(pytest: "subprocess.Popen[str]") -> str:
    """Pass pytest's output on as it comes, all but its closing line, which is handed back."""
    closing_line = ""
    for line in pytest.stdout or ():
        shown = line
        if CLOSING_LINE.fullmatch(COLOUR.sub("", line).strip()):
            closing_line, shown = line, closing_line  # the last one that looks like it is it
        print(shown, end="", flush=True)
    return closing_line


def demo() -> int:
    """Rank the example score sheets."""
    set_up("demo")
    return 0 if succeeds(program("epa-score"), "rank", "examples/scores") else 1


def test(*options: str) -> int:
    """Run every check to its end, name those that failed, and close with pytest's own verdict.

    Pytest works while the other checks do, and is shown after them.
    """
    newest, measured = "--newest" in options, "--coverage" in options
    (set_up_newest if newest else lambda: set_up("dev"))()
    folder = NEWEST if newest else VENV
    pytest = [program("python", folder), "-m", *PYTEST]
    coverage = [program("coverage", folder)]
    if measured:
        succeeds(*coverage, "erase")
        pytest = [*coverage, "run", "-m", *PYTEST, "--hypothesis-profile=thorough"]
    pytest += [option for option in options if option not in ("--newest", "--coverage")]
    failed = []
    with subprocess.Popen(
        pytest, cwd=ROOT, stdout=subprocess.PIPE, text=True, errors="backslashreplace"
    ) as tests:
        for name, (tool, *arguments) in CHECKS.items():
            print(f"--- {name}", flush=True)
            if not succeeds(program(tool, folder), *arguments):
                failed.append(name)
        print("--- pytest", flush=True)
        closing_line = pass_on(tests)
    if tests.returncode != 0:
        failed.append("pytest")
    if measured:
        print("--- coverage", flush=True)
        if not (succeeds(*coverage, "combine", "--quiet") and succeeds(*coverage, "report")):
            failed.append("coverage")
    print(f"--- failed: {', '.join(failed)}" if failed else "--- every check passed")
    print(closing_line, end="", flush=True)
    return 1 if failed else 0


def bench(*options: str) -> int:
    """Run the benchmarks."""
    set_up("dev")
    return 0 if succeeds(program("python"), "benchmarks/run.py", *options) else 1


def mutate(*options: str) -> int:
    """Try which changes of the program no test notices."""
    set_up("dev")
    return 0 if succeeds(program("python"), "benchmarks/mutants.py", *options) else 1


def journeys() -> int:
    """Count the files that one enters on three journeys through the program."""
    set_up("dev")
    return 0 if succeeds(program("python"), "benchmarks/journeys.py") else 1


def pictures(*options: str) -> int:
    """Draw the pictures of the READMEs."""
    set_up("dev")
    return 0 if succeeds(program("python"), "docs/pictures.py", *options) else 1


def bundle(*options: str) -> int:
    """Make a bundle for Windows or Linux."""
    set_up("dev")
    return 0 if succeeds(program("python"), "-m", "bundle", *options) else 1


def lock(*options: str) -> int:
    """Write the lock files for every Python and system that is supported, hashes only."""
    set_up("dev")
    compile_lock = [program("python"), "-m", "uv", "pip", "compile", "--quiet", "--universal"]
    compile_lock += ["--python-version=3.11", "--generate-hashes", "--no-annotate"]
    compile_lock += ["--no-emit-index-url", "--no-emit-find-links"]
    compile_lock += ["--custom-compile-command=python dev.py lock", *options]
    for name, sources in LOCK_SOURCES.items():
        if not succeeds(*compile_lock, *sources, f"--output-file=requirements/{name}.txt"):
            sys.exit(f"dev.py: requirements/{name}.txt could not be made; the reason stands above")
    return 0


def main(command: str = "", *options: str) -> int:
    """Do what the first word says and give back the exit code."""
    options = options[1:] if options[:1] == ("--",) else options
    if command in ("demo", "journeys") and not options:
        return demo() if command == "demo" else journeys()
    commands = {"test": test, "bench": bench, "mutate": mutate, "pictures": pictures}
    commands |= {"bundle": bundle, "lock": lock}
    if command in commands:
        return commands[command](*options)
    print(__doc__)
    return 0 if command in ("-h", "--help") else 2


if __name__ == "__main__":
    try:
        sys.exit(main(*sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
    except OSError as error:
        sys.exit(f"dev.py: {error}")
