"""逐项得分: its rows add up to the totals, and other programs read it without loss."""

import csv
import shutil
from collections.abc import Mapping, Sequence
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.commands import Run, rows
from tests.support.drawn import draw
from tests.support.every_table import EXAMPLES, drawn_seeds
from tests.support.paths import ROOT

from epa_score.exporters import exporter
from epa_score.i18n import Words
from epa_score.reports.coverage import Coverage, LeftOut
from epa_score.reports.table import Row, Table
from epa_score.reports.tidy import TIDY_COLUMNS, tidy_source, tidy_table

WORDS = Words("zh_CN")
MOST_DECIMALS = 10
"""Those that docs/json.md has DuckDB keep."""


def written(*tables: Table) -> bytes:
    file = BytesIO()
    exporter(".csv")(tables, file, WORDS)
    return file.getvalue()


def read(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(data.decode(), newline="")))


def sums(table: Sequence[Mapping[str, str]]) -> dict[tuple[str, str], Decimal]:
    """The points of each unit of each rubric."""
    found: dict[tuple[str, str], Decimal] = {}
    for row in table:
        key = row["rubric"], row["unit"]
        found[key] = found.get(key, Decimal(0)) + Decimal(row["points"] or 0)
    return found


# --- the rows ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.usefixtures("folder")
def test_rows_of_every_example_add_up_to_the_published_totals(name: str, run: Run) -> None:
    target = "scores" if name == "scores" else "."
    shutil.copytree(ROOT / "examples" / name, target, dirs_exist_ok=True)
    outcome = run("export", *EXAMPLES[name], "--csv", "--long", "-o", "-")
    assert outcome.code == 0, outcome.said
    table = read(outcome.out)
    ranked = rows(run("rank", *EXAMPLES[name], "--format", "json"))
    assert sums(table) == {(row["rubric"], row["unit"]): Decimal(row["total"]) for row in ranked}
    groups = {(row["rubric"], row["unit"]): row.get("group") or "" for row in ranked}
    assert {(row["rubric"], row["unit"]): row["group"] for row in table} == groups
    for row in table:
        assert (row["kind"] == "item") == (row["state"] != "")
        assert not row["cap"] or row["kind"] in ("item", "adjustment", "component")
        assert row["kind"] != "item" or (row["item"] and row["section"] and row["cap"])
        assert (row["points"] != "") or row["state"] in ("unscored", "not_applicable")
        assert len(row["points"].partition(".")[2]) <= MOST_DECIMALS
        assert "E" not in row["points"]


@pytest.mark.parametrize("seed", drawn_seeds(60))
def test_rows_of_drawn_rubrics_add_up_to_the_totals(seed: int) -> None:
    drawn = draw(seed, unscored=0.3 if seed % 3 == 0 else 0)
    ranking = drawn.ranking
    source = tidy_source(drawn.rubric, ranking, drawn.sheets, Coverage(), WORDS)
    table = read(written(tidy_table([source])))
    totals = {(drawn.rubric.id, result.unit): result.total for _, result in ranking.everybody}
    assert sums(table) == totals
    for _, result in ranking.everybody:
        own = [row for row in table if row["unit"] == result.unit and row["kind"] == "item"]
        scope = drawn.rubric.scope(result.unit)
        assert scope is not None
        assert {row["item"]: row["section"] for row in own} == dict(scope.homes)
        states = {row["item"]: row["state"] for row in own}
        assert {item for item, state in states.items() if state == "not_applicable"} == {
            entry.item for entry in result.inapplicable
        }
        assert {item for item, state in states.items() if state == "unscored"} == {
            item for item in result.unscored if item in states
        }


def test_who_and_what_was_left_out_has_a_row_without_points() -> None:
    drawn = draw(1)
    left_out = [LeftOut("scores/坏.yaml", "坏镇"), LeftOut("", "缺镇", "missing")]
    source = tidy_source(drawn.rubric, drawn.ranking, drawn.sheets, Coverage(left_out), WORDS)
    table = read(written(tidy_table([source])))
    bad, missing = table[-2:]
    assert (bad["unit"], bad["kind"], bad["state"]) == ("坏镇", "left_out", "faulty")
    assert (bad["reason"], bad["points"], bad["item"]) == ("scores/坏.yaml", "", "")
    assert (missing["unit"], missing["state"], missing["reason"]) == ("缺镇", "missing", "")


def test_rows_of_several_rankings_stand_below_one_head() -> None:
    sources = [
        tidy_source(drawn.rubric, drawn.ranking, drawn.sheets, Coverage(), WORDS)
        for drawn in (draw(1), draw(2))
    ]
    data = written(tidy_table(sources))
    assert data.count(b"rubric,") == 1
    assert data.decode().splitlines()[0] == ",".join(TIDY_COLUMNS)
    assert len(read(data)) == sum(len(read(written(tidy_table([one])))) for one in sources)


# --- read by other programs ----------------------------------------------------------------------

TEXTS = st.sampled_from(
    [
        *("甲,镇", 'a"b镇', "=1+1", "+1", "-5", "@x", "'引'", "NA", "null", "NULL", "nan", "1.50"),
        *("两行\n说明", '"', "a;b|c", " 前后 ", "007", "1e5", "true", "2018-01-01", "\\"),
        *("=HYPERLINK(1)", "#N/A", "None", "00,1"),
    ]
)
POINTS = st.decimals(-(10**12), 10**12, places=MOST_DECIMALS)
CELLS = st.tuples(TEXTS, TEXTS, POINTS)


def table_of(cells: Sequence[tuple[str, str, Decimal]]) -> Table:
    lines = [
        Row(("town", "2018", unit, "A", "A1", points, points, reason, "item", "scored", None, None))
        for unit, reason, points in cells
    ]
    return tidy_table([])._replace(rows=lambda: lines)


def by_pandas(path: Path) -> list[tuple[str, str, Decimal]]:
    """What the page on JSON says for pandas."""
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    table["points"] = table["points"].map(Decimal)
    return list(zip(table["unit"], table["reason"], table["points"], strict=True))


def by_duckdb(path: Path) -> list[tuple[str, str, Decimal]]:
    """What the page on JSON says for DuckDB."""
    query = (
        "select unit, reason, points::decimal(38, 10)"
        " from read_csv(?, all_varchar=true, delim=',', quote='\"', escape='\"', header=true)"
    )
    return duckdb.execute(query, [str(path)]).fetchall()


@given(st.lists(CELLS, min_size=1, max_size=12))
def test_pandas_and_duckdb_read_every_text_and_digit(
    tmp_path_factory: pytest.TempPathFactory, cells: list[tuple[str, str, Decimal]]
) -> None:
    path = tmp_path_factory.mktemp("long") / "long.csv"
    path.write_bytes(written(table_of(cells)))
    assert by_pandas(path) == cells
    assert by_duckdb(path) == cells


def test_pandas_and_duckdb_read_the_examples_alike(examples: Path, run: Run) -> None:
    assert run("export", "--csv", "--long", "-o", "long.csv").code == 0
    path = examples / "long.csv"
    expected = [
        (row["unit"], row["reason"], Decimal(row["points"])) for row in read(path.read_bytes())
    ]
    assert len(expected) > 400
    assert by_pandas(path) == expected
    found = [(unit, reason or "", points) for unit, reason, points in by_duckdb(path)]
    assert found == expected
    ((total,),) = duckdb.execute(
        "select sum(points::decimal(38, 10)) from 'long.csv' where unit = '示例甲镇'"
    ).fetchall()
    ranked = rows(run("rank", "scores", "--rubric", "township", "--format", "json"))
    assert total == next(Decimal(row["total"]) for row in ranked if row["unit"] == "示例甲镇")


def test_texts_are_exact_but_for_what_could_steer_a_terminal() -> None:
    data = written(table_of([("=1+1", "一\n二\x1b[31m\u202e", Decimal("0.10"))]))
    (row,) = read(data)
    assert row["unit"] == "=1+1"
    assert row["reason"] == "一\n二\\x1b[31m\\u202e"
    assert row["points"] == "0.1"
