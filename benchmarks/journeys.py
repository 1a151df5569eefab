"""Count the files that one enters to follow a score through the program.

    python dev.py journeys

Three journeys, each in a process of its own: from one sheet in YAML to its line in the ranking
(`rank`), from a wrong cell of a form to its diagnostic (`validate`), and from a point to its cell
in the workbook (`export --xlsx`). A file of `src/epa_score` is entered when the body of at least
one of its functions is executed while the command runs. All modules are imported before, so what
runs at the import of a module counts for none.

After them comes how many modules are imported by exactly one other. An import counts wherever it
stands in a module, and an `__init__` that hands names on is a module like any other.

Exit code 1 when one of the numbers is above its limit; the names are shown in any case.
"""

import ast
import contextlib
import importlib
import inspect
import io
import json
import os
import pkgutil
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from types import CodeType, FrameType

from openpyxl import load_workbook

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "epa_score"
UNIT = "示例甲镇"

JOURNEYS = {
    "one sheet from its file to its line in the ranking": (["rank", "scores"], 60),
    "a wrong cell of a form to its diagnostic": (["validate", f"{UNIT}.xlsx"], 64),
    "a point to its cell in the workbook": (["export", "scores", "--xlsx", "-o", "out"], 102),
}
"""What a reader follows: the command, and the most files that one enters."""

MOST_IMPORTED_ONCE = 50


def prepare(folder: Path) -> None:
    """Write one sheet into ``scores``, and beside it its form with points that are no number."""
    from epa_score.cli.main import main  # noqa: PLC0415 -- the counting process imports it itself

    (folder / "scores").mkdir()
    sheet = folder / "scores" / f"{UNIT}.yaml"
    shutil.copy(ROOT / "examples" / "scores" / sheet.name, sheet)
    with contextlib.redirect_stdout(io.StringIO()):
        code = main(["--quiet", "convert", str(sheet), "-o", str(folder)])
    if code:
        sys.exit("journeys: the sheet could not be turned into a form")
    form = folder / f"{UNIT}.xlsx"
    workbook = load_workbook(form)
    page = workbook.worksheets[0]
    (row,) = (cell.row for cell in page["B"] if cell.value == "A3")
    page.cell(row, 5).value = "很好"
    workbook.save(form)


def entered(command: list[str]) -> list[str]:
    """Run a command in this process, and name the files of which a function body was executed."""
    package = importlib.import_module("epa_score")
    for module in pkgutil.walk_packages(package.__path__, "epa_score."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    main = importlib.import_module("epa_score.cli.main").main
    codes: set[CodeType] = set()

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            codes.add(frame.f_code)

    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        sys.setprofile(note)
        main(["--lang", "en", *command])
        sys.setprofile(None)
    bodies = {Path(code.co_filename) for code in codes if code.co_flags & inspect.CO_OPTIMIZED}
    inside = (path.relative_to(PACKAGE) for path in bodies if path.is_relative_to(PACKAGE))
    return sorted(path.as_posix() for path in inside)


def modules() -> dict[str, Path]:
    """Every module of the package by its name."""
    found = {}
    for path in PACKAGE.rglob("*.py"):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports_of(path: Path, known: dict[str, Path]) -> set[str]:
    """The modules of the package that a module imports, wherever the import stands."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                found.add(inner if inner in known else node.module)
    return found & known.keys()


def imported_once() -> dict[str, str]:
    """The modules that exactly one other imports, with that one."""
    known = modules()
    importers: dict[str, list[str]] = {name: [] for name in known}
    for name, path in known.items():
        for imported in imports_of(path, known) - {name}:
            importers[imported].append(name)
    return {name: only[0] for name, only in sorted(importers.items()) if len(only) == 1}


def main() -> int:
    """Count, print the numbers with all names, and compare them with their limits."""
    counts: list[tuple[str, list[str], int]] = []
    with tempfile.TemporaryDirectory() as name:
        prepare(Path(name))
        for journey, (command, most) in JOURNEYS.items():
            counting = [sys.executable, __file__, *command]
            environment = os.environ | {"COLUMNS": "80", "PYTHONIOENCODING": "utf-8"}
            done = subprocess.run(
                counting, cwd=name, env=environment, stdout=subprocess.PIPE, check=True
            )
            counts.append((journey, json.loads(done.stdout), most))
    alone = [f"{name}  (by {importer})" for name, importer in imported_once().items()]
    counts.append(("modules that exactly one other imports", alone, MOST_IMPORTED_ONCE))
    for what, names, most in counts:
        print(f"{what}: {len(names)}, at most {most}")
        print("".join(f"  {name}\n" for name in names))
    return 1 if any(len(names) > most for _, names, most in counts) else 0


if __name__ == "__main__":
    if sys.argv[1:]:
        print(json.dumps(entered(sys.argv[1:])))
        sys.exit()
    sys.exit(main())
