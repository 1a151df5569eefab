"""Units that are ranked in groups: which are ranked together, and what is refused."""

import pytest
from tests.support.rubrics import rubric_of_items

from epa_score import Rubric, ScoreSheet
from epa_score.scoring import Result, rank, score
from epa_score.scoring.rank import Expected

ITEMS = "- {id: A1, max: 10, text: 台账}\n"
GROUPS = "groups: {一类: [甲镇, 乙镇], 二类: [丙乡]}"


def results(rubric: Rubric, **points: str) -> list[Result]:
    sheets = (
        ScoreSheet.model_validate({"rubric": rubric.id, "unit": unit, "scores": {"A1": given}})
        for unit, given in points.items()
    )
    return [score(rubric, sheet) for sheet in sheets]


def test_each_group_has_ranks_of_its_own() -> None:
    rubric = rubric_of_items(ITEMS, GROUPS)
    found = results(rubric, 甲镇="6", 乙镇="8", 丙乡="7")
    ranks = {
        group: [
            (placing.rank, placing.result.unit)
            for placing in rank(rubric, found, expected=Expected(group=group)).placings
        ]
        for group in ("一类", "二类", "")
    }
    assert ranks == {
        "一类": [(1, "乙镇"), (2, "甲镇")],
        "二类": [(1, "丙乡")],
        "": [(1, "乙镇"), (2, "丙乡"), (3, "甲镇")],
    }


@pytest.mark.parametrize(
    ("more", "group", "message"),
    [
        (GROUPS, "三类", "has no group '三类'"),
        ("grouped_by: roster", "", "stand in a roster"),
        ("grouped_by: roster", "一类", "stand in a roster"),
        ("decimals: 2", "一类", "has no group '一类'"),
    ],
)
def test_a_group_that_there_is_not_is_refused(more: str, group: str, message: str) -> None:
    rubric = rubric_of_items(ITEMS, more)
    with pytest.raises(ValueError, match=message):
        rank(rubric, results(rubric, 甲镇="6"), expected=Expected(group=group))


def test_a_group_is_provisional_while_units_of_another_one_are_open_that_it_has_the_mean_of() -> (
    None
):
    rubric = rubric_of_items(
        "- {id: A1, max: 10, text: 台账, not_applicable: peer_mean}\n"
        "- {id: A2, max: 10, text: 宣传}\n",
        "groups: {一类: [甲镇, 乙镇], 二类: [丙乡, 丁乡]}",
    )
    away = {"not_applicable": "没有这项业务"}
    scores = {"甲镇": (away, "5"), "乙镇": ("4", "6"), "丙乡": (None, "6"), "丁乡": ("3", "6")}
    found = [
        score(
            rubric,
            ScoreSheet.model_validate(
                {"rubric": rubric.id, "unit": unit, "scores": {"A1": first, "A2": second}}
            ),
        )
        for unit, (first, second) in scores.items()
    ]
    ranking = rank(rubric, found, provisional=True, expected=Expected(group="一类"))
    assert ranking.provisional
    assert not ranking.has_exact_reach
    ranks = {placing.result.unit: (placing.best, placing.worst) for placing in ranking.placings}
    assert ranks == {"甲镇": (1, 2), "乙镇": (1, 2)}  # 5 + 17 / 3 at best are more than 10
