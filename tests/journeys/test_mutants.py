"""`benchmarks/mutants.py`: which survivors it takes for explained, and which tests it runs."""

import importlib.util
import sqlite3
import sys
from pathlib import Path
from types import ModuleType

import pytest
from coverage import CoverageData
from tests.support.paths import ROOT


@pytest.fixture
def mutants(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    path = ROOT / "benchmarks" / "mutants.py"
    spec = importlib.util.spec_from_file_location("mutants", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, module)
    spec.loader.exec_module(module)
    return module


DIFF = """\
--- mutation diff ---
--- a/src/epa_score/scoring/rank.py
+++ b/src/epa_score/scoring/rank.py
@@ -1,3 +1,3 @@
 def best():
-    return a < b
+    return a <= b
"""


def test_a_survivor_is_known_by_its_module_and_both_lines(
    mutants: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mutation = {
        "module_path": "src/epa_score/scoring/rank.py",
        "start_pos": [2, 13],
        "operator_name": "core/ReplaceComparisonOperator_Lt_LtE",
    }
    about = mutants.described({"mutations": [mutation]}, {"diff": DIFF})
    assert about.splitlines() == [
        "scoring/rank.py:2 core/ReplaceComparisonOperator_Lt_LtE",
        "    - return a < b",
        "    + return a <= b",
    ]
    page = tmp_path / "survivors.md"
    monkeypatch.setattr(mutants, "EXPLAINED", page)
    assert not mutants.is_explained(about)
    entry = (
        "## scoring/rank.py\n\n    - return a < b\n    + return a <= b\n\nThey are never equal.\n"
    )
    page.write_text(f"# Survivors\n\n{entry}", "utf-8")
    assert mutants.is_explained(about)
    for other in (entry.replace("rank.py", "score.py"), entry.replace("a <= b", "a >= b")):
        page.write_text(f"# Survivors\n\n{other}", "utf-8")
        assert not mutants.is_explained(about)


def test_a_sample_follows_from_its_seed(mutants: ModuleType, tmp_path: Path) -> None:
    kept = []
    for name in ("one", "two"):
        session = tmp_path / name
        database = sqlite3.connect(session)
        database.execute("create table work_items (job_id)")
        database.execute("create table work_results (job_id)")
        fields = "job_id, module_path, operator_name, occurrence, start_pos_row, start_pos_col"
        database.execute(f"create table mutation_specs ({fields})")
        for number in range(40):
            bits = "core/ReplaceBinaryOperator_Add_BitOr"
            operator = bits if number % 4 == 0 else "core/NumberReplacer"
            row = f"{name}{number}", "src/epa_score/scoring/rank.py", operator, number, 1, 0
            database.execute("insert into work_items values (?)", row[:1])
            database.execute("insert into mutation_specs values (?, ?, ?, ?, ?, ?)", row)
        database.commit()
        assert mutants.draw_sample(session, 10, 7) == (30, 10)
        query = "select occurrence from mutation_specs order by occurrence"
        kept.append([number for (number,) in database.execute(query)])
        database.close()
    assert kept[0] == kept[1]
    assert not any(number % 4 == 0 for number in kept[0])


def test_a_star_that_multiplies_nothing_is_left_alone(
    mutants: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = ["    *,", "def rank(x, *, y):", "    yield (*x, *y)", "    return x * y", "    a + b"]
    (tmp_path / "rank.py").write_text("\n".join(lines), "utf-8")
    monkeypatch.setattr(mutants, "ROOT", tmp_path)
    stars = [
        (row, at)
        for row, line in enumerate(lines, 1)
        for at in range(60)
        if line[at : at + 1] == "*"
    ]
    times = "core/ReplaceBinaryOperator_Mul_Div"
    tried = [star for star in stars if mutants.is_worth_trying(times, "rank.py", *star)]
    assert (len(stars), tried) == (5, [(4, 13)])
    assert mutants.is_worth_trying("core/ReplaceBinaryOperator_Add_Sub", "rank.py", 5, 6)


def test_the_tests_that_run_a_line_are_found(
    mutants: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tests" / "scoring").mkdir(parents=True)
    (tmp_path / "tests" / "scoring" / "test_rank.py").touch()
    data = CoverageData(mutants.MEASURED)
    data.set_context("tests.scoring.test_rank.test_ties")
    data.add_lines({"/rank.py": {5, 6}})
    data.set_context("")
    data.add_lines({"/rank.py": {1, 5}})
    data.write()
    assert mutants.tests_of("/rank.py", range(5, 7)) == ["tests/scoring/test_rank.py::test_ties"]
    assert mutants.tests_of("/rank.py", range(1, 2)) == []  # runs on import alone: all tests
