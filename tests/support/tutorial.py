"""A tutorial followed word by word: what it says to do is done, what it says to see is compared.

Names of files and columns stand in 【】 in the Chinese page and in backticks in the English one,
words of the program in curly quotes.
"""

import doctest
import os
import re
import shutil
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from html import unescape
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote
from zipfile import ZipFile

from openpyxl import Workbook, load_workbook
from tests.support.paths import ROOT
from tests.support.processes import on_terminal, wait_for

FOLDER = "2018年考核"
ROSTER = "名单.xlsx"
OF_THE_BUNDLE = {"考核评分", "开始考核", "使用说明", "分值"}
"""Names that are none of files of an assessment: in the bundle, and a column of the forms."""

_DATED = " [0-9]{4}-[0-9]{2}-[0-9]{2} "
MANY = 15
"""A page that names fewer files is not read as it is meant."""


class Language(NamedTuple):
    """How one knows what a sentence or a table of a page is."""

    page: str
    code: str
    name: str
    copy: str
    open: str
    full_marks: str
    drop: str
    empty: str
    tables: dict[str, str]


CHINESE = Language(
    page="docs/tutorial.zh-CN.md",
    code="zh",
    name="【([^【】]+)】",
    copy="把【(?P<source>[^】]+)】里的(?P<forms>(?:【[^】]+】、?)+)(?P<act>复制|移)到"
    "【(?P<target>[^】]+)】",
    open="打开【([^】]+)】里的(?:这[两三]?张)?表",
    full_marks="每一项先照【分值】填满分",
    drop="把【2018年考核】拖到【开始考核】上.*?打开(?:的是|的)?【(?P<page>[^】]+)】",
    empty="（空着）",
    tables={
        "单位": "roster",
        "评分表 编号 得分 扣分原因": "typed",
        "单位 格 错在哪里 怎样改": "faults",
        "名次 单位 总分 备注": "ranking",
        "单位 原来名次 现在名次 原来总分 现在总分 变了的项目": "changes",
        "显示的话 怎么办": "messages",
        "名称 用处": "names",
    },
)
ENGLISH = Language(
    page="docs/tutorial.md",
    code="en",
    name="`([^`]+)`",
    copy="(?P<act>Copy|Move) (?P<forms>(?:`[^`]+`(?:,| and)? )+)from `(?P<source>[^`]+)` to "
    "`(?P<target>[^`]+)`",
    open="Open (?:it|them|the copies) in `([^`]+)`",
    full_marks="as many points as its `分值`",
    drop="^$",
    empty="(empty)",
    tables={
        "Unit": "roster",
        "Form Item Points Reason": "typed",
        "Unit Cell What is wrong What to write": "faults",
        "Rank Unit Total Remark": "ranking",
        "Unit Rank before Rank now Total before Total now Items": "changes",
        "What is said What to do": "messages",
        "Name Use": "names",
    },
)


class Block(NamedTuple):
    """A part of a page: code, a table or text."""

    text: str
    code: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


def blocks_of(page: str) -> Iterator[Block]:
    """The blocks of a page in their order."""
    code = r"^```(?P<kind>\w+)\n(?P<code>(?s:.*?))^```$"
    pattern = rf"{code}|(?P<table>(?:^\|.*\n)+)|(?P<text>(?:^(?!\||```).+\n)+)"
    for found in re.finditer(pattern, page, re.MULTILINE):
        text = found["code"] or found["table"] or found["text"]
        if found["kind"]:
            yield Block(text, code=found["kind"])
        elif found["table"]:
            lines = [line for line in text.splitlines() if not re.fullmatch("[|-]+", line)]
            rows = (line.strip("|").split("|") for line in lines)
            yield Block(text, rows=tuple(tuple(map(str.strip, row)) for row in rows))
        else:
            yield Block(text)


def steps_of(transcript: str) -> list[tuple[str, str]]:
    """The commands of a transcript, and what each shows."""
    return re.findall(r"^\$ epa-score (.*)\n((?:(?!\$ ).*\n)*)", transcript, re.MULTILINE)


class Reader:
    """Somebody who does what a page says, in a folder, and looks whether it is as the page says."""

    def __init__(
        self, language: Language, folder: Path, look: Callable[[int], object] = lambda _run: None
    ) -> None:
        """Begin in an empty folder; ``look`` is called with its number after each run."""
        self._language, self._folder, self._look = language, folder, look
        self._page = (ROOT / language.page).read_text("utf-8")
        self._window = ""
        self._opened = ""
        self._fills = False
        self._names = set(OF_THE_BUNDLE)
        self.runs = 0
        self.done: list[str] = []
        """What was done or compared, by kind."""

    def follow(self) -> None:
        """Do all that the page says."""
        for block in blocks_of(self._page):
            if block.code:
                self._run_code(block)
            elif block.rows:
                self._take_table(block)
            else:
                self._do(block.text.replace("\n", "" if self._language is CHINESE else " "))
        self._check_names()

    def _check_names(self) -> None:
        """See that files of all names that the page gives were there."""
        prose = [
            block.text
            for block in blocks_of(self._page)
            if not block.code and self._kind_of(block) != "faults"
        ]
        text = re.sub("“[^”]*”", "", "".join(prose))
        named = {name for name in re.findall(self._language.name, text) if not name.isascii()}
        assert len(named) > MANY
        assert named <= self._names, named - self._names

    def _kind_of(self, block: Block) -> str:
        return self._language.tables[" ".join(block.rows[0])] if block.rows else ""

    @property
    def _assessment(self) -> Path:
        return self._folder / FOLDER

    def _note_names(self) -> None:
        paths = [self._assessment, *self._folder.rglob("*")]
        stems = {path.stem if path.is_file() else path.name for path in paths}
        self._names |= {re.sub(_DATED, " 2018-12-20 ", stem) for stem in stems}
        self._names |= {re.split(_DATED, stem)[0] for stem in stems}
        self._names |= {path.name for path in paths}

    def _run_code(self, block: Block) -> None:
        if block.code == "text":
            answers = re.findall("^> (.*)$", block.text, re.MULTILINE)
            self._compare(block.text, self._start(answers=answers))
            self.done.append("dialogue")
            return
        for command, expected in steps_of(block.text):
            arguments = command.split()
            self._compare(expected, self._see(*arguments))
            self.done.append("command")
            if arguments[0] == "run":
                self._count_run()

    def _see(self, *arguments: str, **settings: Any) -> str:
        """What the program shows on a terminal."""
        path = f"{self._folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
        environment = {"EPA_SCORE_LANG": self._language.code, "TERM": "dumb", "PATH": path}
        folder = self._folder
        _, shown = on_terminal(
            *arguments, columns=400, environment=environment, folder=folder, **settings
        )
        self._window += shown
        self._note_names()
        return shown

    def _start(self, *dropped: str, answers: Sequence[str] = ()) -> str:
        """What 开始考核 of the bundle shows, onto which a folder was dropped or nothing."""
        unpacked = self._folder / "epa-score-windows"  # by Explorer, under the name of the archive
        script = unpacked / "考核评分" / "program" / "start.py"
        if not script.exists():
            script.parent.mkdir(parents=True)
            shutil.copy(ROOT / "bundle" / "start.py", script)
            self._put_browser()
        typed = {"> ": answers, "按回车键关闭窗口：": [""]}
        return self._see(*dropped, program=[sys.executable, str(script)], answers=typed)

    def _put_browser(self) -> None:
        """Put in the place of the browser what notes the page that is opened."""
        for name in ("xdg-open", "open"):
            browser = self._folder / "bin" / name
            browser.parent.mkdir(exist_ok=True)
            browser.write_text(f'#!/bin/sh\necho "$1" >"{self._page_opened}"\n', "utf-8")
            browser.chmod(0o755)

    @property
    def _page_opened(self) -> Path:
        return self._folder / "bin" / "opened"

    def _drop(self, page: str) -> None:
        """Drop the folder on 开始考核, and see which page is opened."""
        self._page_opened.unlink(missing_ok=True)
        self._start(FOLDER)
        wait_for(self._page_opened.exists)
        wait_for(lambda: self._page_opened.read_text("utf-8").endswith("\n"))
        opened = Path(unquote(self._page_opened.read_text("utf-8").strip())).stem
        assert re.split(_DATED, opened)[0] == page
        self._count_run()

    def _count_run(self) -> None:
        self.runs += 1
        self._look(self.runs)

    def _compare(self, expected: str, shown: str) -> None:
        """Compare lines, which the page may fold."""
        flat, seen = (re.sub(r"\n| (?=[> ])", "", text) for text in (expected, shown))
        matches = doctest.OutputChecker().check_output(flat, seen, doctest.ELLIPSIS)
        assert matches, f"{expected}\n---\n{shown}"

    def _do(self, text: str) -> None:
        language = self._language
        acts = {"copy": language.copy, "open": language.open, "full marks": language.full_marks}
        found = [
            (match.start(), act, match)
            for act, pattern in {**acts, "drop": language.drop}.items()
            for match in re.finditer(pattern, text)
        ]
        for _, act, match in sorted(found, key=lambda own: own[0]):
            self.done.append(act)
            if act == "copy":
                self._copy(match)
            elif act == "open":
                self._opened = match[1]
            elif act == "full marks":
                self._fills = True
            else:
                self._drop(match["page"])
        self._see_quotes(text)

    def _copy(self, match: re.Match[str]) -> None:
        """Copy or move forms from one folder to another."""
        for name in re.findall(self._language.name, match["forms"]):
            source = self._assessment / match["source"] / f"{name}.xlsx"
            target = self._assessment / match["target"] / source.name
            is_move = match["act"] in {"移", "Move"}
            assert target.exists() == is_move
            shutil.copy(source, target)
            if is_move:
                source.unlink()

    def _take_table(self, block: Block) -> None:
        kind = self._kind_of(block)
        rows = list(block.rows[1:])
        self.done.append(kind)
        if kind == "roster":
            self._write_roster(block.rows)
        elif kind == "typed":
            self._type(rows)
        elif kind == "faults":
            assert self._faults() == rows, self._faults()
        elif kind == "ranking":
            assert self._ranking() == rows, self._ranking()
        elif kind == "changes":
            assert self._changes() == rows, self._changes()
        elif kind == "messages":
            self._see_quotes(block.text, _catalogues())

    def _write_roster(self, rows: tuple[tuple[str, ...], ...]) -> None:
        book = Workbook()
        for number, (cell,) in enumerate(rows, 1):
            book.worksheets[0].cell(number, 1).value = cell
        book.save(self._folder / ROSTER)

    def _type(self, rows: list[tuple[str, ...]]) -> None:
        """Type points and reasons into forms, after full marks where the page says so."""
        for form in dict.fromkeys(row[0] for row in rows):
            path = self._assessment / self._opened / f"{form}.xlsx"
            book = load_workbook(path)
            sheet = book.worksheets[0]
            lines = {str(cell.value): cell.row for cell in sheet["B"]}
            for item, line in lines.items():
                if self._fills and re.fullmatch("[A-D][0-9]", item):
                    sheet.cell(line, 5).value = sheet.cell(line, 4).value
            for _, item, points, reason in (row for row in rows if row[0] == form):
                sheet.cell(lines[item], 5).value = self._typed(points)
                if reason:
                    sheet.cell(lines[item], 6).value = reason
            book.save(path)
        self._fills = False

    def _typed(self, points: str) -> str | float | None:
        if points == self._language.empty:
            return None
        return float(points) if re.fullmatch("[0-9.]+", points) else points

    def _see_quotes(self, text: str, shown: str = "") -> None:
        """See the words of the program in what it wrote so far."""
        for words in re.findall("“([^”]+)”", text):
            assert words in (shown or self._window + _texts_below(self._folder)), words
            self.done.append("quote")

    def _faults(self) -> list[tuple[str, ...]]:
        page = (self._assessment / "结果" / "收表情况.html").read_text("utf-8")
        faults: list[tuple[str, ...]] = []
        for case in re.findall("(?s)<article>(.*?)</article>", page):
            unit = _plain(re.findall("(?s)<h3>(.*?)</h3>", case)[0])
            pattern = "(?s)<dt>(.*?)</dt><dd>(.*?)(?:<p>(.*?)</p>)?</dd>"
            faults += [(unit, *map(_plain, found)) for found in re.findall(pattern, case)]
        return faults

    def _ranking(self) -> list[tuple[str, ...]]:
        path = self._assessment / "结果" / "排名汇总.xlsx"
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", ".* extension is not supported")
            sheet = load_workbook(path, data_only=True).worksheets[0]
        rows = [["" if cell is None else str(cell) for cell in row] for row in sheet.values]
        (head,) = (number for number, row in enumerate(rows) if row[0] == "名次")
        titles = [title.partition("（")[0] for title in rows[head]]
        columns = [titles.index(title) for title in ("名次", "单位", "总分", "备注")]
        ranked = (row for row in rows[head + 1 :] if row[0].isdigit())
        return [tuple(row[column] for column in columns) for row in ranked]

    def _changes(self) -> list[tuple[str, ...]]:
        (path,) = (self._assessment / "结果").glob("与上次结果的变化*.html")
        body = re.split("</table>|<p\\b", path.read_text("utf-8").partition("<tbody>")[2])[0]
        rows = (re.split("<t[hd][^>]*>", row)[1:] for row in body.split("<tr>")[1:])
        return [tuple(_plain(cell).removesuffix(".0") for cell in row) for row in rows]


def _plain(html: str) -> str:
    return unescape(re.sub("<[^>]+>", "", html)).strip()


def _texts_below(folder: Path) -> str:
    """All texts in the files below a folder, as they are and without the tags."""
    texts: list[str] = []
    for path in sorted(folder.rglob("*.*")):
        if path.suffix in {".xlsx", ".docx"}:
            with ZipFile(path) as package:
                names = [name for name in package.namelist() if name.endswith(".xml")]
                texts += [package.read(name).decode() for name in names]
        elif path.suffix == ".html":
            texts.append(path.read_text("utf-8"))
    return "\n".join(unescape(text) + _plain(text) for text in texts)


def _catalogues() -> str:
    paths = sorted((ROOT / "src" / "epa_score" / "i18n").glob("*.toml"))
    return "\n".join(path.read_text("utf-8") for path in paths)
