"""Links between the documents lead somewhere, and their lines are short enough to review."""

import re
from pathlib import Path

import pytest
from tests.support.paths import ROOT

PAGES = sorted(
    path.relative_to(ROOT).as_posix()
    for folder in ("", "docs", "examples")
    for path in (ROOT / folder).glob("*.md")
)
FLAGS = re.MULTILINE | re.DOTALL
CODE = re.compile(r"^```.*?^```$", FLAGS)
LINK = re.compile(r"\]\((?!https:)([^)#]*)#?([^)]*)\)")
MOST_CHARACTERS = 100


def prose(path: Path) -> str:
    return CODE.sub("", path.read_text("utf-8"))


def anchors(path: Path) -> set[str]:
    """The headings of a page as links name them: small letters, hyphens, no punctuation."""
    titles = re.findall(r"^#+ (.*)$", prose(path), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_to_files_and_headings(page: str) -> None:
    path = ROOT / page
    for target, anchor in LINK.findall(prose(path)):
        to = path.parent / target if target else path
        assert to.is_file(), target
        assert not anchor or anchor in anchors(to), anchor


def test_pages_link_to_each_other() -> None:
    links = [link for page in PAGES for link in LINK.findall(prose(ROOT / page))]
    assert len(links) > 100
    assert len([target for target, _ in links if target]) > 20


@pytest.mark.parametrize("page", PAGES)
def test_lines_are_short(page: str) -> None:
    lines = prose(ROOT / page).splitlines()
    long = [line for line in lines if len(line) > MOST_CHARACTERS and not line.startswith("|")]
    assert long == []


@pytest.mark.parametrize("language", ["示例", "Examples"])
def test_every_folder_of_examples_is_listed(language: str) -> None:
    (part,) = re.findall(
        rf"^# {language}\n(.*?)(?=^# |\Z)", prose(ROOT / "examples/README.md"), FLAGS
    )
    examples = ROOT / "examples"
    folders = {path.name for path in examples.iterdir() if path.is_dir()}
    rubrics = {f"rubrics/{path.name}" for path in (examples / "rubrics").iterdir()}
    named = set(re.findall(r"`([\w/]+?)/?`", part))
    assert len(rubrics) >= 10
    assert (folders | rubrics) - named == set()
    assert rubrics == {name for name in named if name.startswith("rubrics/")}


def test_every_page_is_found_from_another() -> None:
    linked = {
        (ROOT / page).parent.joinpath(target).resolve()
        for page in PAGES
        for target, _ in LINK.findall(prose(ROOT / page))
        if target and (ROOT / page).parent.joinpath(target).resolve() != ROOT / page
    }
    pages = {ROOT / page for page in PAGES if not page.startswith("README")}
    assert len(pages) > 10
    assert pages - linked == set()
