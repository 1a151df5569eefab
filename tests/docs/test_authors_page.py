"""The page for authors of rubrics can be followed word by word."""

import doctest
import re
import sys
from pathlib import Path

import pytest
from openpyxl import Workbook
from tests.support.paths import ROOT
from tests.support.processes import on_terminal
from tests.support.tutorial import Block, blocks_of, steps_of

from epa_score import load_rubric

PAGE = (ROOT / "docs" / "authors.md").read_text("utf-8")
COLUMNS = 100


def write_table(block: Block, title: str, path: Path) -> None:
    """Type a table as the page says: its title above, the cells of a section merged."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append([title])
    begin = 0
    for number, row in enumerate(block.rows, 2):
        sheet.append([int(cell) if cell.isdigit() else cell or None for cell in row])
        if row[0]:
            begin = number
        elif number == len(block.rows) + 1 or block.rows[number - 1][0]:
            sheet.merge_cells(start_row=begin, end_row=number, start_column=1, end_column=1)
    book.save(path)


def change(block: Block, path: Path) -> int:
    """Replace lines of a file as a table says, each once; how many."""
    for old, new in block.rows[1:]:
        text = path.read_text("utf-8")
        (before,) = re.findall("`(.*?)`", old)
        (line,) = (line for line in text.splitlines() if line.strip() == before)
        indent = line.removesuffix(before)
        lines = [indent + after for after in re.findall("`(.*?)`", new)]
        path.write_text(text.replace(line, "\n".join(lines)), "utf-8")
    return len(block.rows) - 1


def show(transcript: str, folder: Path) -> int:
    """Run commands, compare what they show, and count them."""
    for command, expected in steps_of(transcript):
        environment = {"EPA_SCORE_LANG": "zh", "TERM": "dumb"}
        arguments = command.split()
        _, shown = on_terminal(*arguments, columns=COLUMNS, environment=environment, folder=folder)
        matches = doctest.OutputChecker().check_output(expected, shown, doctest.ELLIPSIS)
        assert matches, f"$ {command}\n{shown}"
    return len(steps_of(transcript))


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_a_table_becomes_a_rubric_and_an_assessment(tmp_path: Path) -> None:
    (title,) = re.findall("细则的名称：(.*?)。", PAGE)
    commands = changes = 0
    for block in blocks_of(PAGE):
        if block.code == "console":
            commands += show(block.text, tmp_path)
        elif not block.rows:
            continue
        elif block.rows[0][0] == "考核指标":
            write_table(block, title, tmp_path / "village.xlsx")
        elif block.rows[0][0] == "单位":
            names = "".join(f"{name}\n" for (name,) in block.rows)
            (tmp_path / "名单.txt").write_text(names, "utf-8")
        else:
            changes += change(block, tmp_path / "rubrics" / "village.yaml")
    assert (commands, changes) == (7, 3)
    rubric = load_rubric(tmp_path / "rubrics" / "village.yaml")
    assert (rubric.title, rubric.total) == (title, 100)
    assert len(list((tmp_path / "2018年考核" / "空白评分表").iterdir())) == 2
