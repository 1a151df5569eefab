"""Tables of a few cells, and what an exporter makes of them."""

from collections.abc import Sequence
from decimal import Decimal
from io import BytesIO
from typing import Any

from hypothesis import strategies as st

from epa_score.exporters import exporter
from epa_score.i18n import Words
from epa_score.reports.table import Cell, Column, Row, Table

WORDS = Words("en")

HOSTILE = [
    *["=1+1", "+1", "-1", "@x", "＝1", " =1", "'=1", "- a", "a: b", "null", "#x", "yes", "1e3"],
    *["2018", "'", '"', "\\", "a,b", "a;b", "[/]", "[bold]x[/bold]", "[link=x]y", ":smile:", "😀"],
    *[
        "|",
        "a|b",
        "`a`",
        "*a*",
        "_a_",
        "<b>",
        "&amp;",
        "~~a~~",
        "# a",
        "1. a",
        "甲镇",
        "é",
        "~",
        "{}",
    ],
]

HIDDEN = [
    "\x1b[31m",
    "a\nb",
    "a\rb",
    "a\tb",
    "\t=1",
    "\u202e镇",
    "a\u200bb",
    "\x00",
    "\x85",
    "\u2028",
]


def table(columns: Sequence[Column], *rows: Sequence[Cell], **more: Any) -> Table:
    """A table with the rows in a list."""
    made = [Row(tuple(row)) for row in rows]
    return Table("ranking", "排名", tuple(columns), lambda: made, **more)


def named(table: Table) -> list[dict[str, Any]]:
    """The rows of a table as mappings, by the names of the columns."""
    names = [column.name for column in table.columns]
    return [dict(zip(names, row.cells, strict=True)) for row in table.rows()]


def written(suffix: str, *tables: Table) -> str:
    file = BytesIO()
    exporter(suffix)(tables, file, WORDS)
    assert not file.closed
    return file.getvalue().decode()


SIMPLE = table(
    [
        Column("rubric", "Rubric", shown=False),
        Column("rank", "Rank", "number"),
        Column("unit", "Unit"),
        Column("sections.A", "甲 (10)", "points", 2, names_unknown=True),
        Column("sections.B", "乙 (20)", "points", names_unknown=True),
        Column("total", "Total", "points", 2),
        Column("remark", "Remark", data=False),
    ],
    ["town", 1, "甲镇", Decimal("9.50"), Decimal(20), Decimal("29.5"), "tied"],
    ["town", None, "乙镇", None, Decimal(0), None, None],
    notes=("名次规则",),
)

ROWS = st.lists(
    st.tuples(
        st.sampled_from([*HOSTILE, *HIDDEN]) | st.text(max_size=8),
        st.decimals(0, 10**6, places=4) | st.decimals(0, 100, places=1) | st.none(),
        st.none() | st.sampled_from([*HOSTILE, *HIDDEN]),
    ),
    max_size=4,
)

THREE = [Column("unit", "Unit"), Column("total", "Total", "points"), Column("note", "Note")]
