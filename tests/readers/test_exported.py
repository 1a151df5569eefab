"""An exported result in JSON: what is read of it is what it was made of, or it is refused."""

import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from tests.support.commands import FULL_MARKS, HandIn, Run
from tests.support.drawn import draw
from tests.support.paths import copy_example

from epa_score import Rubric
from epa_score.diagnostics import InputError, Kind
from epa_score.exporters.json import write
from epa_score.i18n import Words
from epa_score.readers import exported as module
from epa_score.readers.exported import is_exported, read_exported
from epa_score.reports.columns import with_origin
from epa_score.reports.coverage import Coverage, LeftOut
from epa_score.reports.ranking import ranking_table
from epa_score.reports.scores import scores_table
from epa_score.reports.terms import FORMAT_VERSION, items_table, methods_table
from epa_score.scoring.snapshot import joined, snapshot_of

WORDS = Words("zh_CN")


@pytest.mark.parametrize("seed", range(30))
def test_what_is_read_is_what_was_ranked(seed: int, folder: Path) -> None:
    drawn = draw(seed, unscored=0.2 if seed % 5 == 0 else 0)
    rubric, ranking, sheets = drawn.rubric, drawn.ranking, drawn.sheets
    out = [LeftOut("坏.yaml", "坏镇"), LeftOut("更坏.yaml", ""), LeftOut("", next(iter(sheets)))]
    made = [
        ranking_table(rubric, ranking, WORDS, coverage=Coverage(out)),
        scores_table(rubric, ranking, sheets, WORDS),
        methods_table(rubric, ranking, WORDS),
        items_table(rubric, ranking, WORDS),
    ]
    file = BytesIO()
    write([with_origin(table, ranking.period, WORDS) for table in made], file, WORDS, 1)
    path = folder / "result.json"
    path.write_bytes(file.getvalue())
    assert read_exported(str(path)) == [snapshot_of(rubric, ranking, sheets, ["坏镇"])]


def read(content: Any, folder: Path) -> tuple[str, dict[str, Any]]:
    """Why a result is refused: the variant of the words, and what they are about."""
    path = folder / "x.json"
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    path.write_bytes(data)
    with pytest.raises(InputError) as caught:
        read_exported(str(path))
    (found,) = caught.value.diagnostics
    assert found.kind is Kind.NOT_COMPARABLE
    return found.variant, dict(found.parameters)


@pytest.mark.parametrize(
    ("content", "variant"),
    [
        (b"", "json"),
        (b"\xff\xfe", "json"),
        (b"[" * 100_000, "json"),
        (b'{"a": 1, "a": 2}', "json"),
        (b"PK\x03\x04", "json"),
        ({}, ""),
        ([], ""),
        (3, ""),
        ("text", ""),
        ([1, 2], ""),
        ({"ranking": []}, ""),
        ([{"rank": 1, "unit": "甲镇"}], "list"),
        ({"format_version": 2}, "version"),
        ({"format_version": True}, "version"),
        ({"format_version": "1"}, "version"),
        ({"format_version": {"x": "y" * 90}}, "version"),
        ({"format_version": 1}, "changed"),
        ({"format_version": 1, "methods": [], "items": [], "ranking": []}, "changed"),
        ({"format_version": 1, "methods": [3], "items": [], "ranking": []}, "changed"),
    ],
)
def test_what_is_no_result_is_refused(content: Any, variant: str, folder: Path) -> None:
    assert read(content, folder)[0] == variant


@pytest.fixture
def whole(small: HandIn, run: Run) -> dict[str, Any]:
    """A result of two units."""
    small("甲镇", FULL_MARKS)
    small("乙镇", "A1: 1, A2: 4, B1: 4")
    found: dict[str, Any] = json.loads(run("export", "--json", "-o", "-").out)
    assert found["format_version"] == FORMAT_VERSION == 1
    assert next(iter(found)) == "format_version"
    return found


def set_total(own: dict[str, Any], total: str) -> None:
    own["ranking"][0]["total"] = own["scores"][0]["total"] = total


CHANGES: dict[str, Callable[[dict[str, Any]], object]] = {
    "methods: small": lambda own: own["methods"].append(own["methods"][0] | {"method": "X"}),
    "items: A1": lambda own: own["items"].append(own["items"][0]),
    "ranking: other": lambda own: own["ranking"][0].update(rubric="other"),
    "ranking: 乙镇": lambda own: own["ranking"].append(own["ranking"][1]),
    "scores: 甲镇": lambda own: own["scores"].append(own["scores"][0]),
    "total: 甲镇": lambda own: own["scores"][0].update(total="9"),
    "rank: 乙镇": lambda own: own["ranking"][1].update(rank=1),
    "total: 乙镇": lambda own: own["scores"].pop(),
    "items: 甲镇": lambda own: own.pop("items"),
    "1e3": lambda own: set_total(own, "1e3"),
    "-": lambda own: set_total(own, "-"),
    "八": lambda own: own["items"][0].update(max="八"),
    "9" * 60: lambda own: set_total(own, "9" * 200),
    "ranking.0.total": lambda own: own["ranking"][0].update(total=10),
    "ranking.0.rank": lambda own: own["ranking"][0].update(rank="1"),
    "items.1.text": lambda own: own["items"][1].pop("text"),
    "methods.0.ties": lambda own: own["methods"][0].update(ties="lottery"),
}


@pytest.mark.parametrize("place", CHANGES)
def test_a_result_that_was_changed_is_refused_with_the_place(
    whole: dict[str, Any], folder: Path, place: str
) -> None:
    CHANGES[place](whole)
    assert read(whole, folder) == ("changed", {"place": place})


def test_a_rank_that_no_unit_has_first_is_refused(whole: dict[str, Any], folder: Path) -> None:
    whole["ranking"][0]["rank"] = 3
    assert read(whole, folder) == ("changed", {"place": "rank: 乙镇"})
    for number, row in enumerate(whole["ranking"], 2):
        row["rank"] = number
    assert read(whole, folder) == ("changed", {"place": "rank: 甲镇"})
    whole["ranking"][0]["total"] = None
    whole["ranking"][0]["rank"] = 1
    assert read(whole, folder) == ("changed", {"place": "rank: 甲镇"})


def test_a_field_that_is_not_known_is_passed_over(whole: dict[str, Any], folder: Path) -> None:
    whole["more"] = whole["ranking"][0]["more"] = 3
    path = folder / "x.json"
    path.write_text(json.dumps(whole), "utf-8-sig")
    (found,) = read_exported(str(path))
    assert [(unit.unit, unit.rank) for unit in found.units] == [("甲镇", 1), ("乙镇", 2)]


def test_files_that_cannot_be_read_are_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(InputError) as caught:
        read_exported(str(folder / "none.json"))
    assert caught.value.diagnostics[0].kind is Kind.FILE_UNREADABLE
    assert caught.value.diagnostics[0].variant == "missing"
    (folder / "folder.json").mkdir()
    with pytest.raises(InputError) as caught:
        read_exported(str(folder / "folder.json"))
    assert caught.value.diagnostics[0].kind is Kind.FILE_UNREADABLE
    (folder / "large.json").write_bytes(b" " * 20)
    monkeypatch.setattr(module, "MOST_BYTES", 10)
    with pytest.raises(InputError) as caught:
        read_exported(str(folder / "large.json"))
    assert caught.value.diagnostics[0].kind is Kind.FILE_TOO_LARGE


def test_a_result_is_known_by_its_name() -> None:
    assert is_exported("2017.json")
    assert is_exported("结果/A.JSON")
    assert not is_exported("json")
    assert not is_exported("a.json.yaml")


@pytest.mark.parametrize("name", ["classes", "shared"])
def test_groups_and_items_of_single_units_are_read(folder: Path, run: Run, name: str) -> None:
    copy_example(name, folder)
    assert run("export", "--json", "-o", "r.json").code == 0
    (found,) = read_exported("r.json")
    value = json.loads(Path("r.json").read_text("utf-8"))
    own = {row["unit"]: row for row in value["scores"]}
    assert {unit.unit for unit in found.units} == own.keys()
    for unit in found.units:
        assert unit.terms.keys() == own[unit.unit]["items"].keys()
        assert unit.group == own[unit.unit].get("group", "")
    assert joined([found]) == found


def test_a_unit_that_a_rubric_does_not_know_has_no_items() -> None:
    drawn = draw(3)
    ranking = drawn.ranking
    first = ranking.placings[0]
    stranger = first._replace(result=first.result._replace(unit="外镇"))
    known = drawn.rubric.model_copy(update={"units": ("内镇",)})
    rubric = Rubric.model_validate(known.model_dump(exclude_unset=True))
    table = items_table(rubric, ranking._replace(placings=(stranger,), excluded=()), WORDS)
    assert list(table.rows()) == []
