"""Names of rubrics, and the folders in which their files lie."""

import re
from pathlib import Path

RUBRIC_NAME = re.compile(r"[a-z0-9_-]{1,100}")
"""What a name may be: it never leads out of a folder."""

RUBRIC_SUFFIXES = (".yaml", ".yml")

_PACKAGE = Path(__file__).parents[1]


def shipped_folder() -> Path:
    """The folder of the shipped rubrics: in the package, or in the checkout of an editable one."""
    inside = _PACKAGE / "shipped_rubrics"
    return inside if inside.is_dir() else _PACKAGE.parents[1] / "rubrics"


def find_rubric_names(folder: str) -> set[str]:
    """Every name that is found in a folder or among the shipped ones, whatever the files hold."""
    own = Path(folder, "rubrics")
    stems = {path.stem for suffix in RUBRIC_SUFFIXES for path in own.glob(f"*{suffix}")}
    stems |= {path.stem for path in shipped_folder().glob("*.yaml")}
    return {stem for stem in stems if RUBRIC_NAME.fullmatch(stem)}
