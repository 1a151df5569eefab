"""`benchmarks/run.py` writes its table into `docs/benchmarks.md`, in both languages."""

import importlib.util
import shutil
import sys
from pathlib import Path
from types import ModuleType

import pytest
from tests.support.paths import ROOT

PAGE = ROOT / "docs" / "benchmarks.md"


@pytest.fixture
def benchmark(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    spec = importlib.util.spec_from_file_location("run_benchmarks", ROOT / "benchmarks" / "run.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, module)
    spec.loader.exec_module(module)
    return module


def test_the_table_stands_in_place_of_the_one_before(benchmark: ModuleType, tmp_path: Path) -> None:
    page = tmp_path / "benchmarks.md"
    shutil.copy(PAGE, page)
    figures = ("60 ms", "0.70x", "1.30x", True, "0.80x", "0.75x")
    line = benchmark.Line(("start", "启动"), ("", ""), *figures)
    for _ in range(2):
        benchmark.write_page([line], page)
        text = page.read_text("utf-8")
        assert text.count("| start |  | 60 ms | 0.70x | 0.80x | 0.75x | 1.30x | ok |") == 1
        assert text.count("| 启动 |  | 60 ms | 0.70x | 0.80x | 0.75x | 1.30x | 达标 |") == 1
        assert text.count("\n| ") == 2 * 3
    assert text.startswith(PAGE.read_text("utf-8").split("<!-- table -->")[0])


def test_a_page_without_markers_is_left_alone(benchmark: ModuleType, tmp_path: Path) -> None:
    page = tmp_path / "benchmarks.md"
    page.write_text("# Speed\n", "utf-8")
    with pytest.raises(SystemExit, match=r"benchmarks\.md has no <!-- table -->"):
        benchmark.write_page([], page)
    assert page.read_text("utf-8") == "# Speed\n"
