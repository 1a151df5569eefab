"""`docs/GLOSSARY.md` has one meaning a word, and names each table with the module that makes it."""

import re
from collections import Counter

import pytest
from tests.support.paths import ROOT

PACKAGE = ROOT / "src" / "epa_score"
WORDS, TABLES = (ROOT / "docs" / "GLOSSARY.md").read_text("utf-8").split("\n## Tables\n")
WORD = re.compile(r"^\| (?!word )([A-Za-z ]+) \| ([^|]+) \| [^|]+ \|$", re.MULTILINE)
TABLE = re.compile(r"^\| ([^|]+) \| `(\w+)` \| [^|]+ \| `([^|]+)` \|$", re.MULTILINE)
MADE = re.compile(r"\bTable\(\s*\"(\w+)\"")


def twice(names: list[str]) -> list[str]:
    return [name for name, number in Counter(names).items() if number > 1]


def test_each_word_stands_once_in_both_languages() -> None:
    words = WORD.findall(WORDS)
    assert len(words) > 60
    assert len(words) == len(re.findall(r"^\| (?!word )", WORDS, re.MULTILINE))
    assert twice([word.lower() for word, _ in words]) == []
    assert twice([one for _, chinese in words for one in chinese.split("、")]) == []


def test_each_table_stands_once() -> None:
    tables = TABLE.findall(TABLES)
    assert len(tables) >= 10
    assert twice([name for _, name, _ in tables]) == []
    assert twice([chinese for chinese, _, _ in tables]) == []


@pytest.mark.parametrize(("name", "module"), [row[1:] for row in TABLE.findall(TABLES)])
def test_the_module_makes_the_table(name: str, module: str) -> None:
    assert name in MADE.findall((PACKAGE / module).read_text("utf-8"))


def test_every_table_is_named() -> None:
    modules = sorted((PACKAGE / "reports").rglob("*.py"))
    made = {name for path in modules for name in MADE.findall(path.read_text("utf-8"))}
    assert made == {name for _, name, _ in TABLE.findall(TABLES)}


def test_every_module_exists() -> None:
    modules = re.findall(r"`([a-z_/]+\.py)`", TABLES)
    assert len(modules) > 10
    assert [module for module in modules if not (PACKAGE / module).is_file()] == []


def test_tables_are_called_what_people_see() -> None:
    files = (PACKAGE / "i18n").glob("*zh_CN.toml")
    catalogue = "\n".join(path.read_text("utf-8") for path in files)
    titles = set(re.findall(r"^\w+ = \"([^\"：{]+)(?:：\{.*)?\"$", catalogue, re.MULTILINE))
    named = [chinese for chinese, name, _ in TABLE.findall(TABLES) if name != "rubric"]
    assert [chinese for chinese in named if chinese not in titles] == []
    assert len(named) >= 10
