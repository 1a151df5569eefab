"""`benchmarks/mutants.py`: what it changes, which tests it runs, and what counts as explained."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest
from coverage import CoverageData
from tests.support.paths import ROOT

MODULE = """\
\"\"\"A module of three sections.\"\"\"

LIMIT = 3


def best(own, *, other):
    return (
        own
        * other
    )


def kept(points, *more):
    if best(points, other=2) == LIMIT:
        return [*zip(points, more, strict=True)]
    return points | more
"""


@pytest.fixture
def mutants(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """The script, in front of a package of one module."""
    path = ROOT / "benchmarks" / "mutants.py"
    spec = importlib.util.spec_from_file_location("mutants", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, module)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "PACKAGE", tmp_path)
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "best.py").write_text(MODULE, "utf-8")
    return module


def changes(mutants: ModuleType, target: str) -> set[str]:
    found = mutants.mutants_of(target)
    return {mutants.differences(MODULE, mutant.changed()) for mutant in found}


def test_what_is_changed_may_change_a_result(mutants: ModuleType) -> None:
    tried = "\n".join(sorted(changes(mutants, "rules")))
    assert "    - * other\n    + / other" in tried
    assert "    + if best(points, other=2) <= LIMIT:" in tried
    for untouched in ("*, other", "*more", "*zip", "strict", "points | more", "is LIMIT"):
        assert not any(untouched in line for line in tried.splitlines() if "-" in line[:5]), (
            untouched
        )


def test_a_target_may_be_a_module_or_a_line(mutants: ModuleType) -> None:
    assert changes(mutants, "rules/best.py") == changes(mutants, "rules")
    assert changes(mutants, "rules/best.py:3") == {
        "    - LIMIT = 3\n    + LIMIT = 4",
        "    - LIMIT = 3\n    + LIMIT = 2",
    }


def test_a_sample_follows_from_its_seed(mutants: ModuleType) -> None:
    drawn = mutants.draw("rules", 7)
    assert len(drawn) > 10
    assert mutants.draw("rules", 7) == drawn
    assert mutants.draw("rules", 8) != drawn
    assert set(mutants.draw("rules", 8)) == set(drawn)


def test_a_survivor_is_known_by_its_module_and_its_lines(
    mutants: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "survivors.md"
    monkeypatch.setattr(mutants, "EXPLAINED", page)
    lines = "    - return a < b\n    + return a <= b"
    assert not mutants.is_explained("scoring/rank.py", lines)
    entry = f"## scoring/rank.py\n\n{lines}\n\nThey are never equal.\n"
    page.write_text(f"# Survivors\n\n{entry}", "utf-8")
    assert mutants.is_explained("scoring/rank.py", lines)
    for other in (entry.replace("rank.py", "score.py"), entry.replace("a <= b", "a >= b")):
        page.write_text(f"# Survivors\n\n{other}", "utf-8")
        assert not mutants.is_explained("scoring/rank.py", lines)


def test_the_tests_that_run_a_line_are_found_nearest_and_quickest_first(
    mutants: ModuleType, tmp_path: Path
) -> None:
    data = CoverageData(str(tmp_path / "noted"))
    path = str(tmp_path / "rules" / "best.py")
    ran = {
        "tests/checks/test_a.py::test_far": {7, 8, 9, 14, 16},
        "tests/rules/test_b.py::test_slow": {7, 8, 9, 14, 15},
        "tests/rules/test_b.py::test_quick": {7, 8, 9},
        "": {3, 6, 13},
    }
    for test, lines in ran.items():
        data.set_context(test)
        data.add_lines({path: lines})
    far, slow, quick = (test for test in ran if test)
    elsewhere = "tests/rules/test_c.py::test_another"
    known = mutants.Known({far: 0.1, slow: 2.0, quick: 1.0, elsewhere: 0.1}, data)

    def tests_of(line: int, seconds: float = 60) -> list[str]:
        mutant = mutants.Mutant("rules/best.py", line, "core/AddNot", 0)
        found: list[str] = known.tests_of(mutant, seconds)
        return found

    assert tests_of(9) == [quick, slow, far]
    assert tests_of(9, 1.2) == [quick, far]
    assert tests_of(14) == [slow, far]
    assert tests_of(14, 0.01) == [far]
    assert tests_of(3) == [quick, slow, far, elsewhere]  # a constant: whoever uses it


def test_the_functions_that_differ_are_found_and_nothing_that_has_run(mutants: ModuleType) -> None:
    def changed(before: str, after: str) -> list[str] | None:
        found = mutants.changed_functions(MODULE, MODULE.replace(before, after), "best.py")
        return None if found is None else [code.co_name for code in found]

    assert changed("* other", "+ other") == ["best"]
    assert changed("== LIMIT", "<= LIMIT") == ["kept"]
    assert changed("LIMIT = 3", "LIMIT = 4") is None
    assert changed("*, other", "*, other=3") is None


def test_a_function_that_is_held_elsewhere_has_the_new_code_too(mutants: ModuleType) -> None:
    held: dict[str, object] = {}
    exec(compile(MODULE, "best.py", "exec", dont_inherit=True), held)  # noqa: S102 -- the text above
    best = held["best"]
    assert callable(best)
    assert best(3, other=4) == 12
    new = mutants.changed_functions(MODULE, MODULE.replace("* other", "+ other"), "best.py")
    mutants.put_in_place(new)
    assert best(3, other=4) == 7
