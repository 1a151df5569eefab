"""JSON: one flat list with points as text."""

import json
from decimal import Decimal
from io import BytesIO
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.support.tables import ROWS, SIMPLE, THREE, table, written

from epa_score.diagnostics.terminal_text import json_text
from epa_score.exporters import exporter
from epa_score.i18n import Words, plain
from epa_score.reports.table import Cell, Column, Row, Table


def test_json_is_one_flat_list_with_points_as_text() -> None:
    assert json.loads(written(".json", SIMPLE)) == [
        {
            "rubric": "town",
            "rank": 1,
            "unit": "甲镇",
            "sections": {"A": "9.5", "B": "20"},
            "total": "29.5",
        },
        {
            "rubric": "town",
            "rank": None,
            "unit": "乙镇",
            "sections": {"A": None, "B": "0"},
            "total": None,
        },
    ]


def test_json_of_several_rankings_is_one_list() -> None:
    assert len(json.loads(written(".json", SIMPLE, SIMPLE))) == 4


def test_json_of_tables_that_differ_is_a_list_for_each() -> None:
    other = Table("scores", "", (Column("unit", "Unit"),), lambda: [Row(("甲镇",))])
    data = json.loads(written(".json", SIMPLE, other, SIMPLE))
    assert list(data) == ["ranking", "scores"]
    assert (len(data["ranking"]), data["scores"]) == (4, [{"unit": "甲镇"}])


def test_json_keeps_a_section_id_with_a_dot_whole() -> None:
    dotted = table([Column("sections.A.1", "甲", "points")], [Decimal("2.5")])
    assert json.loads(written(".json", dotted)) == [{"sections": {"A.1": "2.5"}}]


def test_json_of_what_does_not_apply_is_left_out() -> None:
    empty = table(
        [Column("items.A1", "A1", "points"), Column("items.B1", "B1")], [None, "unscored"]
    )
    assert json.loads(written(".json", empty)) == [{"items": {"B1": "unscored"}}]
    assert json.loads(written(".json", table([Column("items.A1", "A1")], [None]))) == [
        {"items": {}}
    ]


@given(st.lists(st.tuples(st.sampled_from(["ranking", "scores"]), ROWS), min_size=1, max_size=4))
def test_json_is_laid_out_as_the_library_would(
    groups: list[tuple[str, list[tuple[Cell, ...]]]],
) -> None:
    tables = [table(THREE, *rows)._replace(name=name) for name, rows in groups]
    text = written(".json", *tables)
    assert text == json_text(json.loads(text))


class Counted(BytesIO):
    """A file that counts how often something is written to it."""

    writes = 0

    def write(self, data: Any, /) -> int:
        """Count, and write."""
        self.writes += 1
        return super().write(data)


def test_json_is_written_row_by_row() -> None:
    file = Counted()
    rows = ((Decimal(number),) for number in range(100))
    exporter(".json")([table([Column("total", "总分", "points")], *rows)], file, Words("zh_CN"))
    assert file.writes > 100


@given(ROWS)
def test_json_is_read_back_as_it_was(rows: list[tuple[Cell, ...]]) -> None:
    data = json.loads(written(".json", table(THREE, *rows)))
    assert [list(one.values()) for one in data] == [
        [plain(cell) if isinstance(cell, Decimal) else cell for cell in row] for row in rows
    ]
    for one, row in zip(data, rows, strict=True):
        assert row[1] is None or Decimal(one["total"]) == row[1]
