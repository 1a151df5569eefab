"""The names of the package: no class is called as another one."""

import ast
import re

from tests.support.paths import ROOT

CAPITALISED = re.compile(r"_?[A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*")


def class_names(source: str) -> list[str]:
    """The classes that a module defines at its top, and its aliases that look like classes."""
    names = []
    for node in ast.parse(source).body:
        if isinstance(node, ast.ClassDef):
            names.append(node.name)
        elif isinstance(node, ast.Assign):
            names += [target.id for target in node.targets if isinstance(target, ast.Name)]
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names.append(node.target.id)
    return [name for name in names if CAPITALISED.fullmatch(name)]


def test_no_name_stands_for_two_classes() -> None:
    places: dict[str, list[str]] = {}
    for path in sorted((ROOT / "src" / "epa_score").rglob("*.py")):
        for name in class_names(path.read_text("utf-8")):
            places.setdefault(name, []).append(path.relative_to(ROOT).as_posix())
    assert len(places) > 100
    assert {name: found for name, found in places.items() if len(found) > 1} == {}
