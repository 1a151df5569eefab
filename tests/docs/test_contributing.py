"""Everything that CONTRIBUTING names is there."""

import re

from tests.support.paths import ROOT

PATH = re.compile(r"`([\w./*-]*/[\w./*-]*|[\w-]+\.(?:py|toml|md))`")
TEXT = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
PLACES = (ROOT, ROOT / "src" / "epa_score")


def test_every_path_exists() -> None:
    paths = set(PATH.findall(TEXT))
    assert len(paths) > 60
    missing = [path for path in paths if not any(any(top.glob(path)) for top in PLACES)]
    assert missing == []


def test_names_of_code_exist() -> None:
    sources = "".join(path.read_text("utf-8") for path in (ROOT / "src").rglob("*.py"))
    sources += (ROOT / "tests" / "support" / "forms.py").read_text("utf-8")
    names = re.findall(r"`([A-Z][A-Z_]{3,}|[A-Z][a-z]+[A-Z]\w+)`", TEXT)
    assert len(names) >= 5
    assert [name for name in names if not re.search(rf"\b{name}\b", sources)] == []


def test_every_layer_is_in_the_table() -> None:
    package = ROOT / "src" / "epa_score"
    layers = {f"{path.parent.name}/" for path in package.glob("*/__init__.py")}
    layers |= {path.name for path in package.glob("*.py") if not path.name.startswith("__")}
    assert len(layers) > 10
    assert layers == set(re.findall(r"^\| `([\w.]+/?)` \|", TEXT, re.MULTILINE))
