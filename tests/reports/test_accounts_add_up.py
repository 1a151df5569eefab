"""得分构成 and 与上一名的差别 add up line by line, in every example and in whatever is drawn."""

import json
import shutil
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.commands import Run, rows
from tests.support.drawn import Drawn, draw
from tests.support.every_table import EXAMPLES, drawn_seeds, drawn_tables, tables_of_example
from tests.support.paths import ROOT
from tests.support.tables import named

from epa_score.i18n import Words
from epa_score.model import Section
from epa_score.model.composite import Composite, Totals, UnitTotals
from epa_score.reports.account import AccountLine
from epa_score.reports.breakdown import account_lines, account_table
from epa_score.reports.composite import composite_account_table, composite_gap_table
from epa_score.reports.gap import gap_table
from epa_score.reports.table import decimals_of
from epa_score.scoring import Result
from epa_score.scoring.composite import composite_results

WORDS = Words("en")
SUMS = {"subtotal", "base", "bonus", "penalty", "total"}
CORRECTIONS = {"rescaled", "pool", "at_least", "at_most", "rounded"}
SHAPES = {
    "account": [
        *("rubric", "unit", "kind", "line", "period", "text"),
        *("max", "score", "self_score", "self_difference", "lost", "counted", "assessor", "reason"),
    ],
    "gap": [
        *("rubric", "period", "unit", "unit_above"),
        *("kind", "line", "text", "own", "above", "difference"),
    ],
}


def added(amounts: Iterator[Any]) -> Decimal:
    return sum((Decimal(amount) for amount in amounts if amount is not None), Decimal(0))


def check_account(lines: Sequence[dict[str, Any]]) -> None:
    """What the lines count comes to the total, which is the last one but for vetoes."""
    (total,) = (line for line in lines if line["kind"] == "total")
    assert {line["kind"] for line in lines[lines.index(total) + 1 :]} <= {"veto"}
    assert added(line["counted"] for line in lines) == Decimal(total["score"])
    for line in lines:
        assert (line["counted"] is None) == (line["kind"] in {*SUMS, "source", "veto"}), line
        assert line["kind"] not in CORRECTIONS or Decimal(line["counted"]), line


def check_gap(lines: Sequence[dict[str, Any]]) -> None:
    """What separates two units in all that are no sums is what separates their totals."""
    if not lines:
        return
    *_, total = lines
    assert total["kind"] == "total"
    assert Decimal(total["difference"]) == Decimal(total["own"]) - Decimal(total["above"])
    differences = (line["difference"] for line in lines if line["kind"] not in SUMS)
    assert added(differences) == Decimal(total["difference"])


# --- every example --------------------------------------------------------------------------------

COUNTY = ("--rubric", "township"), ("--rubric", "departments")
FOLDERS: dict[str, list[tuple[str, ...]]] = {
    "scores": [("scores", *more) for more in COUNTY],
    **{f"rubrics/{one.name}": [("scores",)] for one in (ROOT / "examples/rubrics").iterdir()},
    "composite": [("--composite", "year.yaml")],
    "sums": [("--composite", f"{name}.yaml") for name in ("sum", "weighted")],
}
BESIDE = {
    "rubrics/office": {"pool", "at_least"},
    "rubrics/conduct": {"at_least", "rescaled"},
    "rubrics/market": {"at_most"},
    "rubrics/awards": {"at_least", "at_most"},
    "rubrics/station": {"rescaled"},
    "rubrics/shared": {"at_most", "own_items"},
    "rubrics/standards": {"zeroed"},
    "scores": {"own_items"},
    "composite": {"source", "component", "rounded"},
    "sums": {"source", "component", "rounded"},
}
"""The lines of each example beside items, adjustments and their sums."""


@pytest.mark.parametrize("name", sorted(FOLDERS))
@pytest.mark.usefixtures("folder")
def test_the_lines_of_every_example_add_up(name: str, run: Run) -> None:
    source = ROOT / "examples" / name
    shutil.copytree(source, "scores" if name == "scores" else ".", dirs_exist_ok=True)
    kinds: set[str] = set()
    for arguments in FOLDERS[name]:
        for ranked in rows(run("rank", *arguments, "--format", "json")):
            outcome = run("explain", *arguments, "--unit", ranked["unit"], "--format", "json")
            tables = json.loads(outcome.text)
            assert tables.keys() == SHAPES.keys()
            for key, lines in tables.items():
                assert all(list(line) == SHAPES[key] for line in lines)
                assert {(line["rubric"], line["unit"]) for line in lines} <= {
                    (ranked["rubric"], ranked["unit"])
                }
                kinds |= {line["kind"] for line in lines}
            check_account(tables["account"])
            check_gap(tables["gap"])
            assert bool(tables["gap"]) == (ranked["rank"] not in (1, None))
            (total,) = (line for line in tables["account"] if line["kind"] == "total")
            assert total["score"] == ranked["total"]
    assert kinds - {"item", "adjustment", "veto", *SUMS} == BESIDE.get(name, set())
    assert "total" in kinds


# --- drawn rubrics and sheets ---------------------------------------------------------------------


def check_lines(drawn: Drawn, result: Result, lines: Sequence[AccountLine]) -> None:
    """Every sum is that of its parts, and every correction has a cause."""
    by_key = {line.key: line for line in lines}
    assert len(by_key) == len(lines)
    items = {line.key: line for line in lines if line.kind == "item"}
    rescaled = {one.item for one in result.inapplicable if one.treatment == "rescale"}

    def score_of(*key: object) -> Decimal:
        line = by_key.get(key)
        if line is None:
            return Decimal(0)
        points = line.score if line.counted is None else line.counted
        assert isinstance(points, Decimal)
        return points

    def corrections_of(*whole: object) -> set[str]:
        return {kind for kind in CORRECTIONS if (kind, *whole) in by_key}

    def check_section(section: Section) -> Decimal:
        own = [line for key, line in items.items() if key[1] == section.id]
        allowed = {"pool", "at_least"} if section.pool else set()
        allowed |= {"at_most"} if section.capped else set()
        allowed |= {"rescaled"} if rescaled & {line.label for line in own} else set()
        found = corrections_of("subtotal", section.id)
        assert found <= allowed
        parts = [score_of(kind, "subtotal", section.id) for kind in found]
        parts += [line.counted or Decimal(0) for line in own]
        parts += [check_section(inner) for inner in section.sections]
        whole = score_of("subtotal", section.id)
        assert sum(parts) == whole == result.sections[section.id]
        return whole

    base = sum(check_section(section) for section in drawn.rubric.sections)
    base += score_of("rescaled", "total")
    assert base == result.base
    ways = {}
    for way in ("bonus", "penalty"):
        assert corrections_of(way) <= {"at_most"}
        facts = [score_of(*key) for key in by_key if key[:2] == ("adjustment", way)]
        ways[way] = sum(facts, score_of("at_most", way))
        assert score_of(way) == ways[way]
    scaled = any(one.treatment == "rescale_total" for one in result.inapplicable)
    assert corrections_of("total") <= (
        ({"at_least"} if result.adjusted is not None else set())
        | ({"rescaled"} if scaled else set())
    )
    assert result.total == base + sum(ways.values()) + score_of("at_least", "total")
    if result.adjusted is not None:
        assert ways == {"bonus": result.adjusted.bonus, "penalty": -result.adjusted.penalty}
        assert score_of("base") == base


@given(st.integers(0, 10**6), st.sampled_from([0, 0.3]))
def test_the_lines_of_drawn_units_add_up(seed: int, unscored: float) -> None:
    drawn = draw(seed, units=4, unscored=unscored)
    above: Result | None = None
    for _, result in drawn.ranking.everybody:
        sheet = drawn.sheets[result.unit]
        table = account_table(drawn.rubric, result, sheet, WORDS)
        check_account(named(table))
        check_lines(drawn, result, account_lines(drawn.rubric, result, sheet, WORDS))
        check_gap(named(gap_table(drawn.rubric, (result, above), drawn.sheets, WORDS)))
        above = result


def test_what_is_drawn_has_every_kind_of_line() -> None:
    kinds: set[str] = set()
    for seed in range(30):
        drawn = draw(seed)
        for _, result in drawn.ranking.everybody:
            sheet = drawn.sheets[result.unit]
            kinds |= {line.kind for line in account_lines(drawn.rubric, result, sheet, WORDS)}
    only_composite = {"component", "source", "rounded"}
    assert kinds == {"item", "adjustment", "veto"} | SUMS | CORRECTIONS - only_composite


# --- drawn composite results ----------------------------------------------------------------------


@st.composite
def composites(draw: st.DrawFn) -> tuple[Composite, list[Decimal], Totals]:
    """A composite of up to three components, what each is out of, and the totals of three units."""
    number = draw(st.integers(1, 3))
    shares = draw(st.lists(st.integers(1, 200), min_size=number, max_size=number))
    weights = [Decimal(share) / 4 for share in shares]
    weights[-1] = Decimal(100) - sum(weights[:-1])
    names = ["年终", "季度", "total"][:number]
    sources: list[dict[str, Any]] = [
        {"name": name, "weight": weight, "rubric": name, "paths": [name]}
        for name, weight in zip(names, weights, strict=True)
    ]
    if draw(st.booleans()):
        sources[0]["adjustments"] = "apart"
    for source in sources:
        source["out_of"] = draw(st.sampled_from([None, Decimal(100), Decimal(40), Decimal(120)]))
    values = {"composite": "全年", "decimals": draw(st.integers(0, 2)), "sources": sources}
    values["rounding"] = draw(st.sampled_from([None, "each", "end"]))
    if draw(st.booleans()):
        sources = [source | {"weight": None} for source in sources]
    given = [{key: value for key, value in own.items() if value is not None} for own in sources]
    values = {key: value for key, value in values.items() if value is not None}
    composite = Composite.model_validate(values | {"sources": given})
    caps = [draw(st.sampled_from([Decimal(100), Decimal(40), Decimal("7.5")])) for _ in names]
    points = st.integers(0, 40).map(lambda halves: Decimal(halves) / 2)
    totals = {
        name: {
            unit: UnitTotals(
                unit,
                {period: draw(points) for period in ("1", "2")[: draw(st.integers(1, 2))]},
                draw(points),
                draw(points) * 2,
            )
            for unit in ("甲", "乙", "丙")
        }
        for name in names
    }
    return composite, caps, totals


@given(composites())
def test_the_lines_of_drawn_composite_results_add_up(
    drawn: tuple[Composite, list[Decimal], Totals],
) -> None:
    composite, caps, totals = drawn
    results = list(composite_results(composite, totals, caps))
    own = [
        [
            (totals[source.name][result.unit], cap)
            for source, cap in zip(composite.sources, caps, strict=True)
        ]
        for result in results
    ]
    assert len(results) == 3
    for number, result in enumerate(results):
        account = named(composite_account_table(composite, result, own[number], WORDS))
        check_account(account)
        assert account[-1]["score"] == result.total
        allowed = {"item", *SUMS, "source", "component", "rounded"}
        if composite.apart is not None:
            allowed |= {"adjustment", "at_least"}
        assert {line["kind"] for line in account} <= allowed
        above = results[number - 1] if number else None
        pair = [own[number], *([own[number - 1]] if number else [])]
        gap = named(composite_gap_table(composite, (result, above), pair, WORDS))
        check_gap(gap)
        assert bool(gap) is (above is not None)
        assert {line["kind"] for line in gap} <= allowed - {"source"}


def test_each_column_of_points_has_the_decimals_of_its_own_cells() -> None:
    tables = [table for name in EXAMPLES for table in tables_of_example(name).all]
    tables += [table for seed in drawn_seeds(12) for table in drawn_tables(seed).all]
    tables = [table for table in tables if table.name in SHAPES]
    assert {table.name for table in tables} == {*SHAPES}
    different = 0
    for table in tables:
        columns = list(zip(*(row.cells for row in table.rows()), strict=True))
        for column, cells in zip(table.columns, columns, strict=False):
            if column.kind in ("points", "difference"):
                known = [cell for cell in cells if isinstance(cell, Decimal)]
                assert column.decimals == decimals_of(known), (table.title, column.name)
        different += len({column.decimals for column in table.columns[6:]}) > 1
    assert different > 5
