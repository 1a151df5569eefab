"""The program and a scorer that shares no code with it agree on whole rubrics with their sheets."""

import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.support.commands import Run
from tests.support.drawn_composites import Composite, composites
from tests.support.drawn_mechanisms import (
    OF_COMPOSITES,
    OF_RUBRICS,
    mechanisms_of,
    mechanisms_of_composite,
)
from tests.support.examples import whole_rubric_examples
from tests.support.independent_scorer import (
    note_reach,
    rank_units,
    score_composite,
    score_units,
)
from tests.support.whole_rubrics import WholeRubric, as_yaml, whole_rubrics

import epa_score

Drawn = TypeVar("Drawn")
Figures = dict[str, dict[str, object]]


def by_the_documents(drawn: WholeRubric) -> Figures:
    """All figures of all units, worked out by the documents alone."""
    units = score_units(drawn.rubric, drawn.sheets)
    rank_units(drawn.rubric, units, drawn.ties, drawn.groups, overall=drawn.overall)
    if drawn.provisional:
        note_reach(drawn.rubric, drawn.sheets, units, None if drawn.overall else drawn.groups)
    return {name: vars(figures) for name, figures in units.items()}


def write(drawn: WholeRubric, folder: Path) -> tuple[Path, list[Path]]:
    """The files of a rubric and its sheets."""
    rubric, scores = folder / "drawn.yaml", folder / "scores"
    rubric.write_text(as_yaml(drawn.rubric), "utf-8")
    scores.mkdir()
    for number, sheet in enumerate(drawn.sheets):
        (scores / f"{number:02}.yaml").write_text(as_yaml(sheet), "utf-8")
    return rubric, sorted(scores.iterdir())


def write_roster(drawn: WholeRubric, folder: Path) -> Path:
    """The file of a roster that says in which group each unit is."""
    groups = (drawn.groups or {}).items()
    lines = [f"{unit},{name}\n" for name, units in groups for unit in units]
    path = folder / "roster.csv"
    path.write_text("单位,组别\n" + "".join(lines), "utf-8")
    return path


def given_points(row: dict[str, Any], workings: dict[str, dict[str, Any]]) -> dict[str, object]:
    """The points of all items of a unit; of those that do not apply what their workings say."""
    found: dict[str, object] = {}
    for item, shown in row["items"].items():
        points = workings[item]["score"] if shown == "不适用" else shown
        points = None if shown == "未评" else points
        found[item] = None if points is None else Fraction(points)
    return found


def fraction(row: dict[str, Any], name: str, missing: object = None) -> object:
    """A figure of a row that not every rubric has."""
    return missing if row.get(name) is None else Fraction(row[name])


def by_export(drawn: WholeRubric, tables: dict[str, list[dict[str, Any]]]) -> Figures:
    """The same figures as `export --json` shows them."""
    scores = {row["unit"]: row for row in tables["scores"]}
    known = [
        item["id"]
        for listed in drawn.rubric.get("adjustments", {}).values()
        for item in listed["items"]
    ]
    workings: dict[str, dict[str, dict[str, Any]]] = {unit: {} for unit in scores}
    for row in tables.get("workings", []):
        workings[row["unit"]][row["item"]] = row
    found: Figures = {}
    for row in tables["ranking"]:
        unit, total = row["unit"], Fraction(row["total"])
        found[unit] = {
            "unit": unit,
            "group": row.get("group"),
            "items": given_points(scores[unit], workings[unit]),
            "sections": {name: Fraction(own) for name, own in row["sections"].items()},
            "adjustments": {
                name: Fraction(workings[unit].get(name, {"score": 0})["score"]) for name in known
            },
            **({"base": Fraction(row["base"])} if "base" in row else {}),
            "bonus": fraction(row, "bonus", Fraction(0)),
            "penalty": fraction(row, "penalty", Fraction(0)),
            "total": total,
            "out_of": fraction(row, "out_of", Fraction(str(drawn.rubric["total"]))),
            "vetoes": frozenset(re.findall("V[0-9]+", row.get("veto") or "")),
            **({"is_open": row["unscored"] != 0} if "unscored" in row else {}),
            **{name: row.get(name) for name in ("rank", "best", "worst", "band")},
            "scaled": fraction(row, "scaled"),
            "rank_points": fraction(row, "rank_points"),
        }
    return found


def by_library(drawn: WholeRubric, rubric_file: Path, files: Sequence[Path]) -> Figures:
    """The figures of the ranking that the library gives, which takes no unfinished sheets."""
    rubric = epa_score.load_rubric(rubric_file)
    by_unit: dict[str, list[epa_score.ScoreSheet]] = {}
    for file in files:
        sheet = epa_score.load_sheet(file, rubric)
        by_unit.setdefault(sheet.unit, []).append(sheet)
    results = [
        epa_score.score_panel(rubric, own)
        if rubric.panel or rubric.assessors
        else epa_score.score(rubric, own[0])
        for own in by_unit.values()
    ]
    groups = [""] if drawn.groups is None or drawn.overall else drawn.groups
    found: Figures = {}
    for group in groups:
        ranking = epa_score.rank(rubric, results, ties=drawn.ties, group=group)
        for placing in ranking.placings:
            result = placing.result
            found[result.unit] = {
                "sections": {name: Fraction(own) for name, own in result.sections.items()},
                "total": Fraction(result.total),
                "out_of": Fraction(rubric.total if result.out_of is None else result.out_of),
                "rank": placing.rank,
                "tied": placing.tied,
                "band": placing.band and placing.band.name,
                "scaled": placing.scaled if placing.scaled is None else Fraction(placing.scaled),
            }
    return found


def in_common(figures: Figures, others: Figures) -> Figures:
    """Of the figures of each unit those that others have as well."""
    return {unit: {name: figures[unit][name] for name in own} for unit, own in others.items()}


BESIDE = re.compile(r"只计一次|，满 [0-9]+ |^[^=，]* x [^=，]*$")
"""What is said in steps that come to no points."""
NUMBER = re.compile(r"-?[0-9]+(?:[.][0-9]+)?")


def check_workings(rows: Sequence[dict[str, Any]]) -> None:
    """The last step of each working ends in the points, and no step before it does.

    So a limit is said where it binds, and rounding where it changes something.
    """
    for row in rows:
        steps = [step for step in row["working"].split("；") if not BESIDE.search(step)]
        if row["score"] is None:
            continue
        ends = [Fraction(numbers[-1]) for step in steps if (numbers := NUMBER.findall(step))]
        points = Fraction(row["score"])
        assert (ends or [Fraction(0)])[-1] == points, row
        if "按 V" not in row["working"]:  # a condition says that it holds where there is 0 anyway
            assert points not in ends[:-1], row


ENOUGH = 1000
"""So many examples surely make use of every mechanism."""


def try_all(
    drawn: st.SearchStrategy[Drawn],
    number: int,
    agree: Callable[[Drawn], None],
    mechanisms_of: Callable[[Drawn], set[str]],
    known: frozenset[str],
) -> None:
    """Try so many examples; of many each mechanism has to be drawn, which is shown as well."""
    often: Counter[str] = Counter()

    @settings(max_examples=number, suppress_health_check=[HealthCheck.too_slow])
    @given(drawn)
    def try_one(one: Drawn) -> None:
        often.update(mechanisms_of(one))
        agree(one)

    try_one()
    counts = ", ".join(f"{name} {n}" for name, n in often.most_common())
    sys.stdout.write(f"{number} examples: {counts}\n")  # which `pytest -rP` shows
    assert often.keys() <= known
    assert number < ENOUGH or often.keys() == known, sorted(known - often.keys())


def test_an_independent_scorer_comes_to_the_same(run: Run) -> None:
    number = whole_rubric_examples()
    agree = partial(agree_on_rubric, run=run)
    try_all(whole_rubrics(), number, agree, mechanisms_of, OF_RUBRICS)


def test_an_independent_scorer_comes_to_the_same_composite_result(run: Run) -> None:
    number = max(1, whole_rubric_examples() // 5)
    agree = partial(agree_on_composite, run=run)
    try_all(composites(), number, agree, mechanisms_of_composite, OF_COMPOSITES)


def agree_on_rubric(drawn: WholeRubric, run: Run) -> None:
    """The figures of the program are those of the scorer."""
    expected = by_the_documents(drawn)
    ranked = {unit for unit, own in expected.items() if own["rank"] is not None}
    with TemporaryDirectory() as folder:
        rubric, files = write(drawn, Path(folder))
        options = ["--ties", drawn.ties, "--no-forms", "--quiet"]
        options += ["--provisional"] if drawn.provisional else []
        options += ["--overall"] if drawn.overall else []
        by_roster = "grouped_by" in drawn.rubric
        options += ["--roster", str(write_roster(drawn, Path(folder)))] if by_roster else []
        outcome = run("export", *files, "--rubric", rubric, "--json", "-o", "-", *options)
        assert outcome.code == 0, outcome.said
        if not (drawn.provisional or by_roster):
            figures = by_library(drawn, rubric, files)
            assert figures.keys() == ranked
            assert figures == in_common(expected, figures)
    tables = json.loads(outcome.text)
    check_workings(tables.get("workings", []))
    found = by_export(drawn, tables)
    assert found.keys() == expected.keys()
    assert found == in_common(expected, found)


def write_composite(drawn: Composite, folder: Path) -> Path:
    """The file of a composite result, with the rubrics and sheets of its sources."""
    (folder / "rubrics").mkdir()
    for source in drawn.file["sources"]:
        rubric = drawn.rubrics[source["name"]]
        (folder / "rubrics" / f"{rubric['id']}.yaml").write_text(as_yaml(rubric), "utf-8")
        (folder / source["paths"][0]).mkdir()
        for number, sheet in enumerate(drawn.sheets[source["name"]]):
            path = folder / source["paths"][0] / f"{number:02}.yaml"
            path.write_text(as_yaml(sheet), "utf-8")
    path = folder / "year.yaml"
    path.write_text(as_yaml(drawn.file), "utf-8")
    return path


def agree_on_composite(drawn: Composite, run: Run) -> None:
    """The figures of the program are those of the scorer."""
    units = score_composite(drawn.file, drawn.rubrics, drawn.sheets)
    rank_units(drawn.file, units)
    with TemporaryDirectory() as folder:
        file = write_composite(drawn, Path(folder))
        outcome = run("export", "--composite", file, "--json", "-o", "-", "--no-forms", "--quiet")
        assert outcome.code == 0, outcome.said
    found: Figures = {}
    for row in json.loads(outcome.text)["ranking"]:
        found[row["unit"]] = {
            "unit": row["unit"],
            "sections": {name: Fraction(own) for name, own in row["sections"].items()},
            "bonus": fraction(row, "bonus", Fraction(0)),
            "penalty": fraction(row, "penalty", Fraction(0)),
            "total": Fraction(row["total"]),
            "rank": row["rank"],
            "band": row.get("band"),
            "scaled": fraction(row, "scaled"),
            "rank_points": fraction(row, "rank_points"),
        }
    expected = {name: vars(figures) for name, figures in units.items()}
    assert found.keys() == expected.keys()
    assert found == in_common(expected, found)
