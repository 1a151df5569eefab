"""Where things lie in the checkout."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
SCORES = ROOT / "examples" / "scores"
BROKEN = ROOT / "tests" / "cases" / "broken"
