"""Markdown: a row in a line, a cell in its column."""

import re

import pytest
from hypothesis import given
from tests.support.tables import HOSTILE, ROWS, SIMPLE, THREE, table, written

from epa_score.diagnostics.terminal_text import visible
from epa_score.reports.table import Cell, Column


def test_markdown_has_title_table_and_notes() -> None:
    assert written(".md", SIMPLE) == (
        "## 排名\n\n"
        "| Rank | Unit | 甲 (10) | 乙 (20) | Total | Remark |\n"
        "| ---: | --- | ---: | ---: | ---: | --- |\n"
        "| 1 | 甲镇 | 9.5 | 20 | 29.5 | tied |\n"
        "|  | 乙镇 |  | 0 |  |  |\n"
        "\n名次规则\n"
    )
    assert written(".md", SIMPLE, SIMPLE) == "\n\n".join([written(".md", SIMPLE)] * 2)


@given(ROWS)
def test_markdown_keeps_a_row_in_a_line_and_a_cell_in_its_column(
    rows: list[tuple[Cell, ...]],
) -> None:
    _, _, *lines = written(".md", table(THREE, *rows)).splitlines()
    assert len(lines) == 2 + len(rows)
    for line in lines:
        assert len(re.findall(r"(?<!\\)(?:\\\\)*\|", line)) == 4
        assert not re.search(r"(?<!\\)(?:\\\\)*[`*_<>\[\]#~&{}]", line)
        assert line == visible(line)


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_says_what_the_text_says(text: str) -> None:
    (*_, line) = written(".md", table([Column("unit", "Unit")], [text])).splitlines()
    assert re.sub(r"\\([\\`*_{}\[\]<>&|#~])", r"\1", line) == f"| {text.strip()} |"
