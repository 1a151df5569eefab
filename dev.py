#!/usr/bin/env python3
"""Everything a contributor runs, with nothing installed but Python 3.11 or later.

  python3 dev.py demo             rank the examples
  python3 dev.py test             style, types, architecture, tests, branch coverage of 100 %
  python3 dev.py test -k yaml     the same with pytest's own options, coverage not measured
  python3 dev.py bench            run benchmarks/run.py
  python3 dev.py pictures         draw docs/pictures anew, with LibreOffice
  python3 dev.py lock             write requirements/*.txt anew (--upgrade: with newer versions)

The first call makes `.venv` from the lock files; later calls reuse it for as long as the lock
files, pyproject.toml, the Python version and the place of the checkout stay the same.
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
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "dev.stamp"
BIN, EXE = (VENV / "Scripts", ".exe") if os.name == "nt" else (VENV / "bin", "")
PYTHON = str(BIN / f"python{EXE}")

# Which locks each environment is installed from, and what `uv pip compile` makes each lock of.
# `dev` holds the packages of the other two in the same versions.
ENVIRONMENTS = {"demo": ["run", "build"], "dev": ["dev"]}
LOCK_SOURCES = {
    "run": ["pyproject.toml"],
    "build": ["--group=build", "--constraint=requirements/run.txt"],
    "dev": ["pyproject.toml", "--group=dev"]
    + [f"--constraint=requirements/{name}.txt" for name in ENVIRONMENTS["demo"]],
}

# The order in which `test` runs them; pytest and coverage come after.
CHECKS = {
    "ruff check": [PYTHON, "-m", "ruff", "check"],
    "ruff format": [PYTHON, "-m", "ruff", "format", "--check"],
    "mypy": [PYTHON, "-m", "mypy"],
    "lint-imports": [str(BIN / f"lint-imports{EXE}")],
}
PYTEST = ["-m", "pytest", "--color=yes" if sys.stdout.isatty() else "--color=no"]
COVERAGE = [PYTHON, "-m", "coverage"]

# "=== 12 passed, 1 warning in 0.34s ===", with or without the rules and the colours.
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
CLOSING_LINE = re.compile(r"(=+ )?(\d+ [a-z]+|no tests).* in \d+\.\d+s( \([\d:]+\))?( =+)?")


def succeeds(*command: str) -> bool:
    """Run a command in the checkout, its output straight to ours, and say whether it succeeded."""
    sys.stdout.flush()
    return subprocess.run(command, cwd=ROOT, check=False).returncode == 0


def fingerprint(environment: str) -> str:
    """Digest all that decides what is in `.venv`: locks, metadata, interpreter and place."""
    digest = hashlib.sha256(f"{environment}\n{sys.version}\n{ROOT}\n".encode())
    for name in ["pyproject.toml", *(f"requirements/{lock}.txt" for lock in LOCK_SOURCES)]:
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def set_up(environment: str) -> None:
    """Make `.venv` unless the one that is there has all that the environment needs."""
    stamp = STAMP.read_text(encoding="ascii") if STAMP.exists() else ""
    if stamp in {fingerprint(environment), fingerprint("dev")} and Path(PYTHON).exists():
        return
    if Path(sys.prefix) == VENV:
        sys.exit("dev.py: .venv is out of date; run dev.py with the Python it was made from")
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        sys.exit(f"dev.py: this Python cannot make environments; on Debian: apt install {package}")
    print(f"dev.py: setting up .venv for {environment}, once, about a minute", flush=True)
    if not succeeds(sys.executable, "-m", "venv", "--clear", str(VENV)):
        sys.exit(f"dev.py: {VENV} could not be made; the reason stands above")
    pip = [PYTHON, "-m", "pip", "--disable-pip-version-check", "--quiet", "install"]
    locks = [f"--requirement=requirements/{name}.txt" for name in ENVIRONMENTS[environment]]
    if not succeeds(*pip, "--require-hashes", *locks):
        sys.exit("dev.py: the locked packages could not be installed; the reason stands above")
    if not succeeds(*pip, "--no-index", "--no-deps", "--no-build-isolation", "--editable", "."):
        sys.exit("dev.py: epa-score itself could not be installed; the reason stands above")
    # Up to Python 3.12 a .pth file is read in the locale's encoding, and a checkout may well lie in
    # a folder with a Chinese name: the relative path to src/ is ASCII and means the same.
    for path_file in VENV.rglob("_epa_score.pth"):
        path_file.write_text(os.path.relpath(ROOT / "src", path_file.parent), encoding="ascii")
    STAMP.write_text(fingerprint(environment), encoding="ascii")


def run_pytest(*command: str) -> tuple[bool, str]:
    """Pass pytest's output on as it comes, all but its closing line, which is handed back."""
    closing_line = ""
    sys.stdout.flush()
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, text=True, errors="backslashreplace"
    ) as pytest:
        for line in pytest.stdout or ():
            shown = line
            if CLOSING_LINE.fullmatch(COLOUR.sub("", line).strip()):
                closing_line, shown = line, closing_line  # the last one that looks like it is it
            print(shown, end="", flush=True)
    return pytest.returncode == 0, closing_line


def demo() -> int:
    """Rank the example score sheets."""
    set_up("demo")
    return 0 if succeeds(str(BIN / f"epa-score{EXE}"), "rank", "examples/scores") else 1


def test(*options: str) -> int:
    """Run every check to its end, name those that failed, and close with pytest's own verdict."""
    set_up("dev")
    failed = []
    for name, command in CHECKS.items():
        print(f"--- {name}", flush=True)
        if not succeeds(*command):
            failed.append(name)
    print("--- pytest", flush=True)
    if options:
        passed, closing_line = run_pytest(PYTHON, *PYTEST, *options)
        covered = True
    else:
        succeeds(*COVERAGE, "erase")
        passed, closing_line = run_pytest(*COVERAGE, "run", *PYTEST)
        print("--- coverage", flush=True)
        covered = succeeds(*COVERAGE, "combine", "--quiet") and succeeds(*COVERAGE, "report")
    failed += [name for name, good in [("pytest", passed), ("coverage", covered)] if not good]
    print(f"--- failed: {', '.join(failed)}" if failed else "--- every check passed")
    print(closing_line, end="", flush=True)
    return 1 if failed else 0


def bench(*options: str) -> int:
    """Run the benchmarks."""
    set_up("dev")
    return 0 if succeeds(PYTHON, "benchmarks/run.py", *options) else 1


def pictures(*options: str) -> int:
    """Draw the pictures of the READMEs."""
    set_up("dev")
    return 0 if succeeds(PYTHON, "docs/pictures.py", *options) else 1


def lock(*options: str) -> int:
    """Write the lock files for every Python and system that is supported, hashes only."""
    set_up("dev")
    compile_lock = [PYTHON, "-m", "uv", "pip", "compile", "--quiet", "--universal"]
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
    if command == "demo" and not options:
        return demo()
    commands = {"test": test, "bench": bench, "pictures": pictures, "lock": lock}
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
