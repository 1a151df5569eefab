"""Every decision has a name, a date and what was rejected, and every reference leads to one.

`UPDATE_GOLDEN=1` writes the index at the top of the page anew.
"""

import os
import re
from collections.abc import Iterator
from datetime import date

import pytest
from tests.support.paths import ROOT

PAGE = ROOT / "docs" / "DECISIONS.md"
TEXT = PAGE.read_text("utf-8")
HEADING = re.compile(r"^(##|###) (.+)$", re.MULTILINE)
DECISION = re.compile(r"^### (.+)\n((?:(?!##).*\n)*)", re.MULTILINE)
DECISIONS = DECISION.findall(TEXT)
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+")
REFERENCE = re.compile(r"decision:\s+([\w-]+)", re.IGNORECASE)
INDEX = re.compile(r"(?<=<!-- index -->\n).*?(?=<!-- /index -->)", re.DOTALL)
PLACES = ("src/**/*.py", "tests/**/*.py", "benchmarks/*.py", "docs/*", "*.md", "*.py")


def index_of(page: str) -> str:
    lines = [
        f"\n**{title}**\n\n" if level == "##" else f"- [{title}](#{title})\n"
        for level, title in HEADING.findall(page)
    ]
    return "".join(lines) + "\n"


def references() -> Iterator[tuple[str, str]]:
    for place in PLACES:
        for path in sorted(ROOT.glob(place)):
            if path.suffix in {".py", ".md"}:
                for slug in REFERENCE.findall(path.read_text("utf-8")):
                    yield path.relative_to(ROOT).as_posix(), slug


def test_the_index_names_every_decision() -> None:
    if os.environ.get("UPDATE_GOLDEN"):
        PAGE.write_text(INDEX.sub(lambda _: index_of(TEXT), TEXT), "utf-8", newline="\n")
    (index,) = INDEX.findall(PAGE.read_text("utf-8"))
    assert index == index_of(TEXT)
    assert index.count("](#") == len(DECISIONS) > 100


def test_each_decision_stands_once() -> None:
    slugs = [slug for slug, _ in DECISIONS]
    assert all(SLUG.fullmatch(slug) for slug in slugs)
    assert len(set(slugs)) == len(slugs)


@pytest.mark.parametrize(("slug", "text"), DECISIONS, ids=[slug for slug, _ in DECISIONS])
def test_a_decision_has_a_date_a_text_and_what_was_rejected(slug: str, text: str) -> None:
    written = re.match(r"\n(\d{4}-\d\d-\d\d)\. .*\*\*", text)
    assert written, slug
    date.fromisoformat(written[1])
    assert len(re.findall(r"^\*\*Rejected:\*\* \S", text, re.MULTILINE)) == 1


def test_every_reference_leads_to_a_decision() -> None:
    known = {slug for slug, _ in DECISIONS}
    found = list(references())
    assert [(path, slug) for path, slug in found if slug not in known] == []
    assert {path.partition("/")[0] for path, _ in found} >= {"src", "docs"}
    assert len(found) > 10


def test_code_names_the_decision_that_it_speaks_of() -> None:
    bare = re.compile(r"\bdecision\)", re.IGNORECASE)
    files = sorted((ROOT / "src").rglob("*.py"))
    assert [path.name for path in files if bare.search(path.read_text("utf-8"))] == []
    assert len(files) > 100
