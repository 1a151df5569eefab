"""Reports of the examples in both languages, and what a reader finds in one."""

import re
import shutil
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from tests.support.earlier import write_two_periods
from tests.support.every_table import EXAMPLES
from tests.support.paths import ROOT

from epa_score.cli.main import main

REPORTS = tuple(sorted(EXAMPLES))
_VERSION = re.compile(r"epa-score [0-9]+\.[0-9][^\"\n<]*")
_BREAKS = ("p", "li", "tr", "h1", "h2", "h3", "dt", "dd", "summary", "title", "div")


@cache
def report_of(name: str, language: str) -> str:
    """The report on an example, whose rubrics are said to be in a language."""
    home = Path.cwd()
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        source, options = ROOT / "examples" / name, EXAMPLES[name]
        shutil.copytree(
            source, Path(folder, "scores" if name == "scores" else "."), dirs_exist_ok=True
        )
        if name == "scores":
            shutil.copytree(ROOT / "rubrics", Path(folder, "rubrics"))
        for path in Path(folder, "rubrics").glob("*.yaml"):
            path.write_text(path.read_text("utf-8") + f"lang: {language}\n", "utf-8")
        patch.chdir(folder)
        assert main(["--quiet", "export", *options, "--html", "-o", "report.html"]) == 0
        patch.chdir(home)
        text = Path(folder, "report.html").read_text("utf-8")
    return _VERSION.sub("epa-score 0.0", text)


COMPARED = ("published", *sorted(path.name for path in (ROOT / "examples" / "rubrics").iterdir()))


@cache
def compared_report_of(name: str, language: str) -> str:
    """The report on an example that is compared with an earlier period."""
    home = Path.cwd()
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        write_two_periods(name, Path(folder))
        for path in Path(folder).glob("*/rubrics/*.yaml"):
            path.write_text(path.read_text("utf-8") + f"lang: {language}\n", "utf-8")
        patch.chdir(Path(folder, "new"))
        options = ("--compare", "../old", "--html", "-o", "report.html")
        assert main(["--quiet", "export", "scores", *options]) == 0
        patch.chdir(home)
        text = Path(folder, "new", "report.html").read_text("utf-8")
    return _VERSION.sub("epa-score 0.0", text)


class _Lines(HTMLParser):
    """The texts of a page, a line a block, cells apart."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = [""]
        self._skipped = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._skipped = tag == "style"
        if tag in _BREAKS:
            self.lines.append("")
        elif tag in ("td", "th"):
            self.lines[-1] += " | "
        for name, value in attrs:
            if name in ("aria-label", "id", "href"):
                self.lines[-1] += f"[{value}]"

    def handle_endtag(self, _tag: str) -> None:
        self._skipped = False

    def handle_data(self, data: str) -> None:
        if not self._skipped:
            self.lines[-1] += data.replace("\n", " ")


def text_of_page(page: str) -> str:
    """What stands in a page, without how it looks."""
    parser = _Lines()
    parser.feed(page)
    lines = (" ".join(line.split()).strip("| ").strip() for line in parser.lines)
    return "".join(f"{line}\n" for line in lines if line)


class _Outline(HTMLParser):
    """The tags of a page with their attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))


def tags_of(page: str) -> list[tuple[str, dict[str, str]]]:
    """Every tag of a page with its attributes."""
    parser = _Outline()
    parser.feed(page)
    return parser.tags
