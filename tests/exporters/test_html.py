"""HTML: everything from a table is text, whatever it looks like."""

import re
from decimal import Decimal
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.reports import tags_of, text_of_page
from tests.support.tables import HIDDEN, HOSTILE, ROWS, SIMPLE, THREE, table, written

from epa_score.diagnostics.terminal_text import visible
from epa_score.exporters import html
from epa_score.i18n import Words
from epa_score.reports.chapter import Chapter, Figure
from epa_score.reports.table import (
    BarPart,
    Blocks,
    Cell,
    Column,
    Mean,
    StackedBars,
    Table,
)
from epa_score.reports.unit_part import SectionBar, UnitPart

MARKUP = [
    *["<script>alert(1)</script>", "</style><script>", "<img src=x onerror=y>", "&lt;b&gt;", "-->"],
    *['" onmouseover="x', "' x='", "{{ 7*7 }}", "{% raw %}", "javascript:x", "]]>", "<!--"],
]
TEXTS = st.sampled_from([*HOSTILE, *HIDDEN, *MARKUP]) | st.text(min_size=1, max_size=12)
TAGS = {
    *("html", "head", "meta", "title", "style", "body", "main", "section", "h1", "h2", "h3", "p"),
    *("div", "dl", "dt", "dd", "b", "span", "ul", "li", "i", "u", "small", "a", "details"),
    *("summary", "table", "thead", "tbody", "tr", "th", "td"),
}


def page_of(text: str) -> str:
    """A report in which everything that may come from a file is one text."""
    bars = StackedBars(text, (BarPart("a", text, Decimal(10)),), Decimal(10))
    columns = [
        Column("unit", text, is_heading=True),
        Column("a", text, "points", group=text),
        Column("note", text, below="unit"),
    ]
    own = table(columns, [text, Decimal(3), text], notes=(text,), caption=text, signatures=(text,))
    own = own._replace(title=text)
    part = UnitPart(
        text, 1, 1, Decimal(3), None, text, [text],
        [SectionBar(text, Decimal(3), Decimal(4), None, 0)], own, [False],
        text, text, text, text, text,
    )  # fmt: skip
    chapter = Chapter(
        language="zh_CN",
        caption=text,
        about=text,
        figures=[Figure(text, text, 0, text)],
        standings=own._replace(bars=bars),
        rates=own,
        tables=[own],
        units=[text],
        parts=lambda: [part],
    )
    file = BytesIO()
    html.write([own], file, Words("zh_CN"), [chapter])
    return file.getvalue().decode()


@given(TEXTS)
def test_no_text_becomes_markup(text: str) -> None:
    page = page_of(text)
    tags = tags_of(page)
    assert {tag for tag, _ in tags} <= TAGS
    plain = tags_of(page_of("甲"))
    assert [tag for tag, _ in tags] == [tag for tag, _ in plain]
    assert [sorted(own) for _, own in tags] == [sorted(own) for _, own in plain]
    body = page.partition("</style>")[2]
    assert all(line == visible(line) for line in body.split("\n"))


@pytest.mark.parametrize("text", [text for text in MARKUP if text == text.strip()])
def test_a_page_says_what_the_text_says(text: str) -> None:
    assert text_of_page(page_of(text)).count(" ".join(text.split())) > 15


@given(ROWS)
def test_a_row_keeps_its_cells(rows: list[tuple[Cell, ...]]) -> None:
    tags = [tag for tag, _ in tags_of(written(".html", table(THREE, *rows)))]
    assert tags.count("tr") == 1 + len(rows)
    assert tags.count("td") == 3 * len(rows)


def test_tables_alone_are_a_page_as_well() -> None:
    text = text_of_page(written(".html", SIMPLE))
    assert "Rank | Unit | 甲 (10) | 乙 (20) | Total | Remark" in text
    assert "1 | 甲镇 | 9.50 | 20 | 29.50 | tied" in text
    assert "名次规则" in text


def test_blocks_means_caps_groups_and_colours_are_shown() -> None:
    columns = (
        Column("scope", "范围"),
        Column("unit", "单位", is_heading=True),
        Column("a", "A1", "rate", cap=Decimal(4), group="甲", is_emphasized=True),
        Column("b", "B1", "points", cap=Decimal(4), marks_losses=True, group="乙"),
        Column("c", "C1", "difference", 1),
    )
    own = table(
        columns,
        ["一", "甲镇", Decimal("0.4"), Decimal(3), Decimal(1)],
        ["二", "乙镇", Decimal(1), Decimal(4), None],
        has_caps_row=True,
        mean=Mean((None, "平均", Decimal("0.7"), None, None)),
        blocks=Blocks("scope"),
    )
    page = written(".html", own)
    lines = text_of_page(page).splitlines()
    assert lines[lines.index("甲 | 乙") :] == [
        *["甲 | 乙", "单位 | A1 | B1 | C1", "Cap | 4 | 4", "一", "甲镇 | 40% | 3 | +1.0"],
        *["二", "乙镇 | 100% | 4", "平均 | 70%"],
    ]
    assert "<table class=e2>" in page
    assert "<td class=h0>40%" in page
    assert "<td class=h10>100%" in page
    assert "<td class=lost>3" in page


def test_columns_of_texts_are_told_by_the_class_of_the_table_or_of_each_cell() -> None:
    columns = [Column(f"c{n}", f"C{n}", "text" if n in (3, 9, 10) else "number") for n in range(11)]
    page = written(".html", table(columns, [str(n) for n in range(11)]))
    assert '<table class="wide t4">' in page
    assert re.findall("<t[hd][^>]* class=t>C?([0-9]+)", page) == ["3", "9", "10", "9", "10"]


def test_strong_columns_are_told_by_the_class_of_the_table_or_of_each_cell() -> None:
    columns = [
        Column(f"c{n}", f"C{n}", "number", is_emphasized=n in (3, 9, 10)) for n in range(1, 12)
    ]
    page = written(".html", table(columns, [str(n) for n in range(1, 12)]))
    assert '<table class="wide e3 e9">' in page
    assert re.findall("<t[hd][^>]* class=strong>C?([0-9]+)", page) == ["10", "10"]


@pytest.mark.parametrize(
    ("number", "looks", "page"),
    [
        (10, "", ""),
        (11, "wide", ""),
        (17, "narrow wide", ""),
        (29, "narrow wide", "across"),
        (41, "narrow wide", "a3"),
        (57, "narrow wide", "a1"),
        (116, "narrow wide", "a0"),
    ],
)
def test_a_wide_table_is_printed_on_larger_pages(number: int, looks: str, page: str) -> None:
    columns = [Column(f"c{n}", "C", "number") for n in range(number)]
    own: Table = table(columns, [None] * number)
    text = written(".html", own)
    (found,) = (attributes.get("class", "") for tag, attributes in tags_of(text) if tag == "table")
    assert " ".join(sorted(found.split())) == looks
    classes = [attributes.get("class") for tag, attributes in tags_of(text) if tag == "div"]
    assert (page in classes) is bool(page)


def test_a_bar_without_points_is_left_out() -> None:
    bars = StackedBars("构成", (BarPart("a", "甲", Decimal(10)),), Decimal(10))
    columns = [Column("unit", "单位", is_heading=True), Column("a", "甲", "points", shown=False)]
    own = table(columns, ["甲镇", Decimal(20)], ["乙镇", None], ["丙镇", Decimal(-1)], bars=bars)
    page = written(".html", own)
    assert "<i class=s0 style=width:100%>" in page
    assert "<i class=s0 style=width:0%>" in page
    assert page.count("<span class=bar") == 2
