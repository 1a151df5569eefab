"""What sheets that are still to come may say beside items: it is open, and ranks reckon with it."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest
from tests.support.commands import Run, ranked
from tests.support.rubrics import sound

from epa_score import Rubric, ScoreSheet, rank, score_panel
from epa_score.scoring.result import Result

RUBRIC = """\
id: shared
title: 某县评分细则
total: 100
assessors: [{name: 组织部, items: [A, J2, K2]}, {name: 公安局, items: [J1, K1, V1]}]
sections:
  - {id: A, title: 工作, max: 100, items: [{id: A1, max: 100, text: 工作。}]}
adjustments:
  bonus:
    same_fact: each
    items: [{id: J1, text: 表彰, each: 2, max: 6}, {id: J2, text: 交流, each: 1}]
  penalty:
    same_fact: each
    items: [{id: K1, text: 通报, each: 3, max: 9}, {id: K2, text: 约谈, each: 1}]
veto: [{id: V1, text: 事故, effect: fail}]
bands: [{name: 优秀, at_least: 90}, {name: 合格, at_least: 0}]
"""
OWED = ("J1", "K1", "V1")
SAID = {"J2": ("甲经验", "乙经验"), "K2": ("甲事",)}


def sheet_of(unit: str, assessor: str, scores: object, adjustments: object = None) -> ScoreSheet:
    """A sheet of one assessor."""
    given = {"rubric": "shared", "unit": unit, "assessor": assessor, "scores": scores}
    return ScoreSheet.model_validate({**given, "adjustments": adjustments})


def result_of(rubric: Rubric, points: int | None = 90, unit: str = "甲镇") -> Result:
    """What the sheet of one assessor comes to, while that of the other is owed."""
    scores = {} if points is None else {"A1": str(points)}
    said = SAID if rubric.adjustments is not None and rubric.adjustments.penalty else {}
    sheet = sheet_of(unit, "组织部", scores, said)
    return score_panel(rubric, [sheet])


def reach(result: Result) -> tuple[str, str, str]:
    """The total so far, and the lowest and the highest that it can still be."""
    assert result.at_worst is not None
    assert result.at_best is not None
    return str(result.total), str(result.at_worst.total), str(result.at_best.total)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", ("91", "82", "97")),  # 90 + 2 - 1, at worst 9 less, at best 6 more
        ("each: 2, max: 6", "each: 2", ("91", "82", "Infinity")),
        ("each: 3, max: 9", "each: 3", ("91", "0", "97")),
        ("bonus:\n", "bonus:\n    max: 7\n", ("91", "82", "96")),
        ("each: 2, max: 6", "judged: true, max: 5", ("91", "82", "96")),
        # a fact of J2 may be named at J1 as well, and count there alone
        ("each", "once", ("91", "80", "98")),
    ],
)
def test_totals_may_rise_and_fall_by_what_is_owed(
    old: str, new: str, expected: tuple[str, str, str]
) -> None:
    text = RUBRIC.replace(f"same_fact: {old}", f"same_fact: {new}") if new == "once" else RUBRIC
    text = text.replace(old, new, 1) if old and new != "once" else text
    if "judged" in new:
        text = text.replace("    same_fact: each\n", "", 1)
    result = result_of(sound(text))
    assert result.unscored == OWED
    assert reach(result) == expected


def test_items_to_come_count_beside_what_is_owed() -> None:
    result = result_of(sound(RUBRIC), None)
    assert result.unscored == ("A1", *OWED)
    assert reach(result) == ("1", "0", "107")


VETOES = RUBRIC[: RUBRIC.index("adjustments:")] + RUBRIC[RUBRIC.index("veto:") :]
VETOES = VETOES.replace("A, J2, K2", "A").replace("J1, K1, V1", "V1")
BONUSES = RUBRIC.replace(RUBRIC[RUBRIC.index("  penalty:") : RUBRIC.index("veto:")], "")
BONUSES = BONUSES.replace(", K2]", "]").replace("J1, K1, V1", "J1, V1")


@pytest.mark.parametrize(
    ("text", "owed", "expected"),
    [(VETOES, ("V1",), ("90", "90", "90")), (BONUSES, ("J1", "V1"), ("90", "90", "96"))],
)
def test_there_may_be_vetoes_alone_or_one_list(
    text: str, owed: tuple[str, ...], expected: tuple[str, str, str]
) -> None:
    result = result_of(sound(text))
    assert (result.unscored, reach(result)) == (owed, expected)


def test_a_ranking_is_provisional_while_something_is_owed() -> None:
    rubric = sound(RUBRIC)
    with pytest.raises(ValueError, match="unscored items: J1, K1, V1"):
        rank(rubric, [result_of(rubric)])
    ranking = rank(rubric, [result_of(rubric)], provisional=True)
    assert ranking.provisional
    assert ranking.placings[0].band is None


def ranks(rubric: Rubric, results: Sequence[Result]) -> dict[str, tuple[int, int]]:
    ranking = rank(rubric, results, provisional=True)
    return {one.result.unit: (one.best, one.worst) for one in ranking.placings}


@pytest.mark.parametrize(("effect", "best"), [("fail", 2), ("exclude", 1)])
def test_whom_a_veto_may_exclude_stands_above_nobody_for_sure(effect: str, best: int) -> None:
    rubric = sound(VETOES.replace("effect: fail", f"effect: {effect}"))
    sheets = [
        sheet_of("乙镇", "组织部", {"A1": "80"}),
        sheet_of("乙镇", "公安局", {}),
    ]
    results = [result_of(rubric), score_panel(rubric, sheets)]
    assert ranks(rubric, results)["乙镇"] == (best, 2)


def test_a_mean_of_others_leaves_what_is_owed_open() -> None:
    items = "items: [{id: A1, max: 60, text: 一}, "
    text = RUBRIC.replace(
        "items: [{id: A1, max: 100, text: 工作。}]",
        items + "{id: A2, max: 40, text: 二, not_applicable: peer_mean}]",
    )
    rubric = sound(text)
    away = {"A1": "50", "A2": {"not_applicable": "没有网点"}}
    sheets = [
        sheet_of(unit, "组织部", scores)
        for unit, scores in {"甲镇": away, "乙镇": {"A1": "60", "A2": "30"}}.items()
    ]
    full = sheet_of("乙镇", "公安局", {})
    results = [score_panel(rubric, sheets[:1]), score_panel(rubric, [sheets[1], full])]
    ranking = rank(rubric, results, provisional=True)
    found = {one.result.unit: one.result for one in ranking.placings}
    assert found["甲镇"].unscored == OWED
    assert reach(found["甲镇"]) == ("80.00", "71.00", "86.00")
    assert found["乙镇"].unscored == ()


@pytest.mark.parametrize(("effect", "expected"), [("fail", None), ("exclude", ("70", "55", "75"))])
def test_whom_a_veto_may_exclude_may_leave_a_mean(
    effect: str, expected: tuple[str, str, str] | None
) -> None:
    items = "items: [{id: A1, max: 60, text: 一}, {id: A2, max: 40, text: 二, "
    text = VETOES.replace("effect: fail", f"effect: {effect}").replace(
        "items: [{id: A1, max: 100, text: 工作。}]", items + "not_applicable: peer_mean}]"
    )
    rubric = sound(text.replace("id: shared", "id: shared\ndecimals: 0"))
    scores = {
        "甲镇": {"A1": "50", "A2": {"not_applicable": "没有网点"}},
        "乙镇": {"A1": "60", "A2": "30"},
        "丙镇": {"A1": "60", "A2": "10"},
    }
    sheets = {unit: [sheet_of(unit, "组织部", given)] for unit, given in scores.items()}
    for unit in ("甲镇", "丙镇"):
        sheets[unit].append(sheet_of(unit, "公安局", {}))
    results = [score_panel(rubric, own) for own in sheets.values()]
    ranking = rank(rubric, results, provisional=True)
    found = next(one.result for one in ranking.placings if one.result.unit == "甲镇")
    assert str(found.total) == "70"
    assert (reach(found) if found.at_worst is not None else None) == expected


LISTED = """\
id: listed
title: 某县评分细则
total: 100
units: [甲镇, 乙镇, 丙镇]
sections:
  - {id: A, title: 工作, max: 100, items: [{id: A1, max: 100, text: 工作。}]}
"""
BONUS = "adjustments: {bonus: {items: [{id: J1, text: 表彰, each: 2, max: 6}]}}\n"


@pytest.mark.parametrize(
    ("more", "said", "worst"), [("", "", 1), (BONUS, "adjustments: {J1: 现场会}\n", 2)]
)
def test_a_unit_without_a_sheet_may_have_bonuses(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: str, said: str, worst: int
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("listed.yaml").write_text(LISTED + more, "utf-8")
    Path("roster.txt").write_text("甲镇\n乙镇\n丙镇\n", "utf-8")
    Path("scores").mkdir()
    for unit, points in {"甲镇": 100, "乙镇": 60}.items():
        text = f"rubric: listed\nunit: {unit}\nscores: {{A1: {points}}}\n"
        Path("scores", f"{unit}.yaml").write_text(text + said, "utf-8")
    options = ("--rubric", "listed.yaml", "--roster", "roster.txt", "--provisional")
    found = {row["unit"]: row["worst"] for row in ranked(run, *options)}
    assert found["甲镇"] == worst  # 102 points, and the third unit may have 106
    assert Decimal(found["乙镇"]) == 3
