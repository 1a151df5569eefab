"""Where things lie in the checkout."""

import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
SCORES = ROOT / "examples" / "scores"
BROKEN = ROOT / "tests" / "cases" / "broken"


def copy_example(name: str, folder: Path) -> Path:
    """Copy an example's rubric and its sheets into a folder, which is returned."""
    for part in ("rubrics", "scores"):
        source = ROOT / "examples" / "rubrics" / name / part
        shutil.copytree(source, folder / part, dirs_exist_ok=True)
    return folder
