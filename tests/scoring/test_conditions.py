"""Vetoes that follow from points, beside figures computed otherwise, and every way to go on."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.conditions import FIRST, text_with_vetoes
from tests.support.rubrics import read_rubric, sound

from epa_score import Rubric, ScoreSheet, rank, score, score_panel
from epa_score.i18n import Words
from epa_score.model.rubric_options import Threshold, Veto
from epa_score.reports.breakdown import account_lines
from epa_score.reports.ranking import ranking_table
from epa_score.scoring import Result
from epa_score.scoring import rank as rank_results
from epa_score.scoring.rank import Expected

SECTIONS = (
    FIRST
    + """\
    sections:
      - {id: B-1, title: 网店, max: 50, items: [{id: B1, max: 50, text: 三}]}
      - {id: B-2, title: 宣传, max: 25, items: [{id: C1, max: 25, text: 四}]}
"""
)
ADJUSTED = """\
adjustments:
  bonus: {max: 6, items: [{id: J1, text: 表彰, each: 2}]}
  penalty: {items: [{id: K1, text: 通报, each: 3}]}
"""
BANDS = """\
bands:
  - {name: 优秀, at_least: 80}
  - {name: 良好, at_least: 60}
  - {name: 较差, at_least: 0}
"""
ITEMS = ("A1", "A2", "B1", "C1")
D = Decimal


def rubric_with(*vetoes: str, more: str = ADJUSTED + BANDS, sections: str = SECTIONS) -> Rubric:
    return sound(text_with_vetoes(*vetoes, sections=sections, more=more))


def sheet_of(points: Mapping[str, object], unit: str = "甲", **more: object) -> ScoreSheet:
    scores = {name: given for name, given in points.items() if given is not None}
    return ScoreSheet.model_validate({"rubric": "county", "unit": unit, "scores": scores, **more})


def points_in(text: str) -> dict[str, object]:
    return dict(zip(ITEMS, text.split(), strict=True))


BAR = "{id: V1, text: 一, effect: bar, when: {of: A, below: 60%}}"
OUT = "{id: V2, text: 二, effect: exclude, when: {of: total, below: 50}}"
ZERO = "{id: V3, text: 三, effect: zero, zeroes: B, when: {of: B1, below: 20}}"
NULL = "{id: V4, text: 四, effect: zero, zeroes: total, when: {of: A1, below: 5}}"
MOST = "{id: V5, text: 五, effect: fail, when: {of: B-2, at_least: 80%}}"


@pytest.mark.parametrize(
    ("veto", "points", "held"),
    [
        (BAR, "5 10 50 25", False),  # 15 is 60% of 25
        (BAR, "5 9.9 50 25", True),
        (OUT, "15 10 20 5", False),
        (OUT, "15 10 20 4.9", True),
        (ZERO, "15 10 20 25", False),
        (ZERO, "15 10 19.9 25", True),
        (NULL, "4.9 10 50 25", True),
        (NULL, "5 10 50 25", False),
        (MOST, "15 10 50 20", True),  # 20 is 80% of 25
        (MOST, "15 10 50 19.9", False),
    ],
)
def test_a_condition_holds_on_its_side_of_the_threshold(veto: str, points: str, held: bool) -> None:
    result = score(rubric_with(veto), sheet_of(points_in(points)))
    assert bool(result.vetoes) == held


def test_a_section_that_is_zero_leaves_the_others_and_the_adjustments() -> None:
    rubric = rubric_with(ZERO)
    found = score(
        rubric, sheet_of(points_in("15 8 19 25"), adjustments={"J1": ["现场会"], "K1": ["县通报"]})
    )
    assert found.sections == {"A": D(23), "B": D(0), "B-1": D(19), "B-2": D(25)}
    assert found.adjusted == (D(23), D(2), D(3))
    assert found.total == 22
    assert found.unzeroed is not None
    assert found.unzeroed.total == 66
    assert found.zeroed == {"B": ("V3",)}


def test_a_total_that_is_zero_leaves_sections_and_base() -> None:
    found = score(rubric_with(NULL), sheet_of(points_in("4 8 40 25"), adjustments={"J1": ["会"]}))
    assert (found.total, found.base, found.sections["A"]) == (D(0), D(77), D(12))
    plain = score(rubric_with(NULL, more=BANDS), sheet_of(points_in("4 8 40 25")))
    assert (plain.total, plain.adjusted, plain.sections["B"]) == (D(0), None, D(65))


def test_no_condition_sees_what_another_one_did() -> None:
    rubric = rubric_with(ZERO, OUT, NULL)
    found = score(rubric, sheet_of(points_in("15 10 19 25")))
    assert [vetoed.veto.id for vetoed in found.vetoes] == ["V3"]
    assert found.total == 25
    again = score(rubric_with(NULL, OUT, ZERO), sheet_of(points_in("15 10 19 25")))
    assert (again.total, again.section_points) == (found.total, found.section_points)


def test_vetoes_stand_in_the_order_of_the_rubric_whatever_they_follow_from() -> None:
    fact = "{id: V9, text: 事故, effect: exclude}"
    rubric = rubric_with(OUT, fact, BAR)
    found = score(rubric, sheet_of(points_in("2 2 9 9"), veto={"V9": "火灾"}))
    assert [vetoed.veto.id for vetoed in found.vetoes] == ["V2", "V9", "V1"]
    assert [vetoed.reason for vetoed in found.vetoes] == ["", "火灾", ""]


def independent(
    points: Mapping[str, Decimal], bonus: int, penalty: int
) -> tuple[Decimal, set[str]]:
    """The total and the vetoes under all five conditions, by hand."""
    a, b = points["A1"] + points["A2"], points["B1"] + points["C1"]
    total = max(Decimal(0), a + b + min(6, 2 * bonus) - 3 * penalty)
    held = {"V1"} if a < 15 else set()
    held |= {"V2"} if total < 50 else set()
    held |= {"V3"} if points["B1"] < 20 else set()
    held |= {"V4"} if points["A1"] < 5 else set()
    held |= {"V5"} if points["C1"] >= 20 else set()
    if "V3" in held:
        b = Decimal(0)
    total = max(Decimal(0), a + b + min(6, 2 * bonus) - 3 * penalty)
    return (Decimal(0) if "V4" in held else total), held


def tenths(most: int) -> st.SearchStrategy[Decimal]:
    return st.integers(0, most * 10).map(lambda number: Decimal(number) / 10)


@given(
    st.tuples(tenths(15), tenths(10), tenths(50), tenths(25)), st.integers(0, 4), st.integers(0, 4)
)
def test_any_points_come_to_what_was_computed_otherwise(
    given_points: tuple[Decimal, ...], bonus: int, penalty: int
) -> None:
    points = dict(zip(ITEMS, given_points, strict=True))
    facts = {
        "J1": [f"表彰{n}号" for n in range(bonus)],
        "K1": [f"通报{n}号" for n in range(penalty)],
    }
    sheet = sheet_of({name: str(one) for name, one in points.items()}, adjustments=facts)
    found = score(rubric_with(BAR, OUT, ZERO, NULL, MOST), sheet)
    total, held = independent(points, bonus, penalty)
    assert (found.total, {one.veto.id for one in found.vetoes}) == (total, held)


TREATED = SECTIONS.replace("text: 二}", "text: 二, not_applicable: exclude}").replace(
    "text: 四}", "text: 四, not_applicable: zero}"
)


def test_a_share_is_one_of_what_applies() -> None:
    rubric = rubric_with(
        BAR,
        "{id: V6, text: 六, effect: bar, when: {of: A2, below: 50%}}",
        "{id: V7, text: 七, effect: fail, when: {of: total, below: 60%}}",
        more=BANDS,
        sections=TREATED,
    )
    scores = points_in("9 0 45 0") | {"A2": {"not_applicable": "没有网点"}}
    found = score(rubric, sheet_of(scores))
    # 9 is 60% of 15, and 54 is 60% of 90; A2 does not apply.
    assert found.vetoes == ()
    found = score(rubric, sheet_of(scores | {"A1": "8.9"}))
    assert [one.veto.id for one in found.vetoes] == ["V1", "V7"]
    assert found.vetoes[0].met == ("领导重视", D("8.9"), D(9), D(15))
    assert found.vetoes[1].met == ("", D("53.9"), D(54), D(90))


def test_nothing_holds_of_a_section_of_which_nothing_applies() -> None:
    sections = SECTIONS.replace("text: 四}", "text: 四, not_applicable: exclude}")
    none = "{id: V6, text: 六, effect: zero, zeroes: A, when: {of: B-2, below: 5}}"
    rubric = rubric_with(none, sections=sections)
    given_scores = points_in("15 10 50 0") | {"C1": {"not_applicable": "没有报社"}}
    assert score(rubric, sheet_of(given_scores)).vetoes == ()


@pytest.mark.parametrize("treatment", ["zero", "full", "exclude", "rescale_total"])
@pytest.mark.parametrize("of", ["C1", "B-2"])
@pytest.mark.parametrize("condition", ["below: 20", "at_least: 1"])
def test_nothing_holds_of_what_does_not_apply_whatever_it_counts(
    treatment: str, of: str, condition: str
) -> None:
    sections = SECTIONS.replace("text: 四}", f"text: 四, not_applicable: {treatment}}}")
    none = f"{{id: V6, text: 六, effect: zero, zeroes: A, when: {{of: {of}, {condition}}}}}"
    rubric = rubric_with(none, sections=sections)
    given_scores = points_in("15 10 50 0") | {"C1": {"not_applicable": "没有报社"}}
    assert score(rubric, sheet_of(given_scores)).vetoes == ()


def test_nothing_holds_of_an_item_that_has_the_mean_of_others() -> None:
    none = "{id: V6, text: 六, effect: zero, zeroes: A, when: {of: C1, at_least: 1}}"
    rubric = rubric_with(none, sections=PEERS)
    away = points_in("15 10 50 0") | {"C1": {"not_applicable": "没有报社"}}
    sheets = [sheet_of(away, "甲"), sheet_of(points_in("15 10 50 20"), "乙")]
    placings = rank(rubric, [score(rubric, sheet) for sheet in sheets]).placings
    held = {one.result.unit: [veto.veto.id for veto in one.result.vetoes] for one in placings}
    assert held == {"甲": [], "乙": ["V6"]}


PEERS = SECTIONS.replace("text: 四}", "text: 四, not_applicable: peer_mean}")


def test_conditions_look_at_totals_with_the_means_of_others() -> None:
    rubric = rubric_with(OUT, MOST, sections=PEERS)
    away = points_in("10 5 20 0") | {"C1": {"not_applicable": "没有报社"}}
    sheets = [
        sheet_of(away, "甲"),
        sheet_of(points_in("15 10 50 20"), "乙"),
        sheet_of(points_in("1 1 1 4"), "丙"),  # excluded by its total, and in the mean
    ]
    results = [score(rubric, sheet) for sheet in sheets]
    assert results[0].vetoes == ()
    ranking = rank(rubric, results)
    (second,) = (one for one in ranking.excluded if one.unit == "甲")
    # (20 + 4) / 2 = 12, and 10 + 5 + 20 + 12 = 47
    assert second.total == 47
    assert [one.veto.id for one in second.vetoes] == ["V2"]
    assert [placing.result.unit for placing in ranking.placings] == ["乙"]
    assert [one.veto.id for one in ranking.placings[0].result.vetoes] == ["V5"]


def test_a_fact_excludes_from_means_where_a_condition_does_not() -> None:
    rubric = rubric_with(OUT, "{id: V9, text: 事故, effect: exclude}", sections=PEERS)
    away = points_in("10 5 40 0") | {"C1": {"not_applicable": "没有报社"}}
    sheets = [
        sheet_of(away, "甲"),
        sheet_of(points_in("15 10 50 20"), "乙"),
        sheet_of(points_in("15 10 50 4"), "丙", veto={"V9": "火灾"}),
    ]
    (first, *_) = rank(rubric, [score(rubric, sheet) for sheet in sheets]).placings
    assert first.result.unit == "乙"
    ranked = {
        one.unit: one.total
        for _, one in rank(rubric, [score(rubric, sheet) for sheet in sheets]).everybody
    }
    assert ranked["甲"] == 75


DUTIES = """\
sections:
  - {id: A, title: 共性, max: 40, items: [{id: A1, max: 40, text: 一}]}
  - id: B
    title: 个性
    max: 60
    per_unit:
      - units: [甲]
        items: [{id: B1, max: 60, text: 二}]
      - units: [乙]
        items: [{id: B1, max: 30, text: 三}, {id: B2, max: 30, text: 四}]
"""


def test_a_condition_is_about_the_items_of_the_unit() -> None:
    rubric = rubric_with(
        "{id: V1, text: 一, effect: bar, when: {of: B1, below: 50%}}",
        "{id: V2, text: 二, effect: bar, when: {of: B2, below: 50%}}",
        more=BANDS,
        sections=DUTIES,
    )
    first = score(rubric, sheet_of({"A1": "40", "B1": "20"}, "甲"))
    assert [one.met for one in first.vetoes] == [("", D(20), D(30), D(60))]
    second = score(rubric, sheet_of({"A1": "40", "B1": "20", "B2": "14"}, "乙"))
    assert [(one.veto.id, one.met) for one in second.vetoes] == [("V2", ("", D(14), D(15), D(30)))]


def test_under_a_panel_conditions_look_at_the_points_of_all() -> None:
    more = BANDS + "panel: {method: mean, by: item, minimum: 2}\n"
    rubric = rubric_with(BAR, ZERO, more=more)
    sheets = [
        sheet_of(points_in("10 10 10 20"), assessor="一"),
        sheet_of(points_in("10 10 29.8 20"), assessor="二"),
    ]
    alone = score(rubric, sheets[0])
    assert (alone.vetoes, alone.total) == ((), D(50))
    found = score_panel(rubric, sheets)
    # (10 + 29.8) / 2 = 19.9
    assert (found.total, found.sections["B"], found.zeroed) == (
        D(20),
        D(0),
        {"B": ("V3",)},
    )
    assert found.unzeroed is not None
    open_now = score_panel(rubric, sheets[:1])
    assert open_now.at_best is not None
    assert open_now.at_worst is not None
    # With full marks of the other one B1 is 30; as long as nobody knows, nothing is 0.
    assert (open_now.total, open_now.at_worst.total, open_now.at_best.total) == (
        D(25),
        D(10),
        D(75),
    )


def test_open_points_make_nothing_zero_until_it_is_certain() -> None:
    rubric = rubric_with(ZERO, NULL, more=BANDS)
    found = score(rubric, sheet_of(points_in("15 10 0 25") | {"B1": None}))
    assert (found.total, found.vetoes) == (D(50), ())
    assert found.at_best is not None
    assert found.at_worst is not None
    assert (found.at_best.total, found.at_worst.total) == (D(100), D(25))
    sure = score(rubric, sheet_of(points_in("15 10 19 0") | {"C1": None}))
    assert (sure.total, [one.veto.id for one in sure.vetoes]) == (D(25), ["V3"])
    assert sure.at_worst is None
    assert sure.at_best is not None
    assert sure.at_best.total == 25


GRID = {"B1": ("0", "19.9", "20", "50"), "A1": ("0", "4.9", "5", "15")}
OPEN = [
    {"甲": {"B1"}},
    {"甲": {"B1"}, "乙": {"A1"}},
    {"乙": {"A1", "B1"}, "丙": {"B1"}},
]


def ways(open_items: Mapping[str, set[str]]) -> Iterator[dict[tuple[str, str], str]]:
    cells = [(unit, item) for unit, items in open_items.items() for item in sorted(items)]
    for filled in product(*(GRID[item] for _, item in cells)):
        yield dict(zip(cells, filled, strict=True))


@pytest.mark.parametrize("open_items", OPEN)
def test_every_way_to_go_on_lies_between_the_best_and_the_worst_rank(
    open_items: dict[str, set[str]],
) -> None:
    rubric = rubric_with(ZERO, NULL, more="")
    given_points = {"甲": "10 5 40 20", "乙": "12 6 35 20", "丙": "9 9 30 15", "丁": "3 8 50 20"}

    def results(filled: Mapping[tuple[str, str], str]) -> list[Result]:
        found = []
        for unit, text in given_points.items():
            own = points_in(text) | dict.fromkeys(open_items.get(unit, ()), None)
            own |= {item: points for (whose, item), points in filled.items() if whose == unit}
            found.append(score(rubric, sheet_of(own, unit)))
        return found

    now = rank(rubric, results({}), provisional=True)
    reached: dict[str, set[int]] = {}
    for filled in ways(open_items):
        for placing in rank(rubric, results(filled)).placings:
            reached.setdefault(placing.result.unit, set()).add(placing.rank)
    for placing in now.placings:
        found = reached[placing.result.unit]
        assert placing.best <= min(found)
        assert max(found) <= placing.worst
        assert placing.best <= placing.rank <= placing.worst
    assert {one.result.unit: {one.best, one.worst} for one in now.placings if one.best != one.worst}
    exact = {
        one.result.unit: (min(reached[one.result.unit]), max(reached[one.result.unit]))
        for one in now.placings
    }
    assert {one.result.unit: (one.best, one.worst) for one in now.placings} == exact


@pytest.mark.parametrize(
    "veto",
    [OUT, "{id: V1, text: 一, effect: zero, zeroes: B, when: {of: A, at_least: 20}}"],
)
def test_there_is_no_provisional_ranking_that_could_be_anything(veto: str) -> None:
    rubric = rubric_with(veto)
    whole = score(rubric, sheet_of(points_in("15 10 50 0"), "甲"))
    part = score(rubric, sheet_of(points_in("15 10 50 0") | {"C1": None}, "乙"))
    assert len(rank(rubric, [whole], provisional=True).placings) == 1
    with pytest.raises(ValueError, match="leave open who is ranked"):
        rank(rubric, [whole, part], provisional=True)
    with pytest.raises(ValueError, match="leave open who is ranked"):
        rank_results(rubric, [whole], provisional=True, expected=Expected(blank_results=[part]))


def test_the_effects_of_conditions_are_those_of_facts() -> None:
    rubric = rubric_with(BAR, OUT, MOST, more=BANDS)
    sheets = [
        sheet_of(points_in("5 9 50 19"), "甲"),  # 83, barred
        sheet_of(points_in("15 10 50 20"), "乙"),  # 95, fails
        sheet_of(points_in("9 9 30 1"), "丙"),  # 49, excluded
        sheet_of(points_in("9 9 50 15"), "丁"),
    ]
    ranking = rank(rubric, [score(rubric, sheet) for sheet in sheets])
    found = [(one.result.unit, one.band and one.band.name) for one in ranking.placings]
    assert found == [("乙", "较差"), ("丁", "优秀"), ("甲", "良好")]
    assert [one.unit for one in ranking.excluded] == ["丙"]
    text = [str(row.cells[-3:]) for row in ranking_table(rubric, ranking, Words("zh_CN")).rows()]
    assert "定为较差，五：宣传得 20 分，达到满分 25 分的 80%（20 分）" in text[0]
    assert "不能评为优秀，一：领导重视得 14 分，低于满分 25 分的 60%（15 分）" in text[2]
    assert "不参加排名，二：总分得 49 分，低于 50 分" in text[3]


def test_a_number_is_said_as_one_where_it_is_reached() -> None:
    rubric = rubric_with("{id: V1, text: 一, effect: bar, when: {of: A, at_least: 20}}", more=BANDS)
    ranking = rank(rubric, [score(rubric, sheet_of(points_in("15 10 50 20")))])
    (row,) = ranking_table(rubric, ranking, Words("zh_CN")).rows()
    assert "领导重视得 25 分，达到 20 分" in str(row.cells)


def test_ties_are_broken_by_sections_as_they_are_in_the_end() -> None:
    rubric = rubric_with(ZERO, more="tie_break: [A, B]\n")
    sheets = [
        sheet_of(points_in("10 10 0 25"), "甲"),  # 20 + 0
        sheet_of(points_in("0 0 20 0"), "乙"),  # 0 + 20
    ]
    ranking = rank(rubric, [score(rubric, sheet) for sheet in sheets])
    assert [(one.rank, one.result.unit) for one in ranking.placings] == [(1, "甲"), (2, "乙")]


@pytest.mark.parametrize("text", ["60%", "60％", "60 %", "60.0%"])
def test_a_share_is_read_and_written_again(text: str) -> None:
    given_veto = {"id": "V1", "text": "一", "effect": "bar", "when": {"of": "A", "below": text}}
    veto = Veto.model_validate(given_veto)
    assert veto.when is not None
    assert veto.when.below == Threshold(Decimal(60), is_share=True)
    assert Veto.model_validate(veto.model_dump()) == veto
    assert veto.model_dump(mode="json")["when"] == {"of": "A", "below": veto.when.below.text}


@pytest.mark.parametrize(
    ("given_number", "code"),
    [
        ("'60'", "EPA107"),
        ("八分", "EPA106"),
        ("-1", "EPA108"),
        ("x%", "EPA106"),
        ("六成", "EPA106"),
    ],
)
def test_a_threshold_that_is_no_number_is_refused(given_number: str, code: str) -> None:
    veto = f"{{id: V1, text: 一, effect: exclude, when: {{of: A, below: {given_number}}}}}"
    found = read_rubric(text_with_vetoes(veto, sections=SECTIONS))
    assert [one.kind.code for one in found.diagnostics] == [code]


def codes_of(*vetoes: str, more: str = "", sections: str = SECTIONS) -> list[str]:
    found = read_rubric(text_with_vetoes(*vetoes, sections=sections, more=more)).diagnostics
    return [f"{one.kind.code} {one.variant}".strip() for one in found]


POOLED = SECTIONS.replace(
    """    max: 25
    items:
      - {id: A1, max: 15, text: 一}
      - {id: A2, max: 10, text: 二}
""",
    """    max: 25
    pool: items
    floor: 5
    items:
      - {id: A1, max: 15, text: 一, rule: {deduct: {each: 1}}}
      - {id: A2, max: 10, text: 二, rule: {deduct: {each: 1}}}
""",
)
CAPPED = SECTIONS.replace(
    """    max: 25
    items:
      - {id: A1, max: 15, text: 一}
      - {id: A2, max: 10, text: 二}
""",
    """    max: 25
    capped: true
    items:
      - {id: A1, max: 15, text: 一, rule: {levels: {好: 15, 差: 12}}}
      - {id: A2, max: 30, text: 二, rule: {levels: {好: 30, 差: 20}}}
""",
)
RULED = SECTIONS.replace("text: 一}", "text: 一, rule: {deduct: {each: 1, floor: 3}}}")
LEVELS = SECTIONS.replace("text: 一}", "text: 一, rule: {levels: {好: 15, 差: 3}}}")
TARGET = SECTIONS.replace(
    "text: 一}", "text: 一, rule: {target: {target: 90, under: 1, over: 1, limit: 20, floor: 3}}}"
)
ZEROED = SECTIONS.replace(
    "text: 一}", "text: 一, rule: {deduct: {each: 1, floor: 3}, hard_zero: [虚报]}}"
)
COUNTED = SECTIONS.replace("text: 一}", "text: 一, rule: {count: {each: 1}}}")
UNLIMITED = ADJUSTED.replace("max: 6, ", "")


def when(text: str) -> str:
    return f"{{id: V1, text: 一, effect: exclude, when: {{{text}}}}}"


@pytest.mark.parametrize(
    ("text", "sections", "more", "expected"),
    [
        ("of: A, below: 25", SECTIONS, "", []),
        ("of: A, below: 25.1", SECTIONS, "", ["EPA297 always"]),
        ("of: A, below: 0%", SECTIONS, "", ["EPA297"]),
        ("of: A, at_least: 0", SECTIONS, "", ["EPA297 always"]),
        ("of: A, at_least: 101%", SECTIONS, "", ["EPA297"]),
        ("of: A, below: 5", POOLED, "", ["EPA297"]),
        ("of: A, below: 5.1", POOLED, "", []),
        ("of: A, below: 25", CAPPED, "", ["EPA297"]),
        ("of: total, below: 30", CAPPED, "", []),  # 25 at least, though 12 + 20 are more
        ("of: A1, below: 3", RULED, "", ["EPA297"]),
        ("of: A1, below: 3", LEVELS, "", ["EPA297"]),
        ("of: A1, below: 3", ZEROED, "", []),
        ("of: A1, below: 3", COUNTED, "", []),
        ("of: A1, below: 3", TARGET, "", ["EPA297"]),
        ("of: A1, at_least: 20", TARGET, "", []),
        ("of: A1, at_least: 20.1", TARGET, "", ["EPA297"]),
        ("of: total, below: 3", RULED, "", ["EPA297"]),
        ("of: total, below: 3", RULED, ADJUSTED, []),
        ("of: total, at_least: 106", SECTIONS, ADJUSTED, []),
        ("of: total, at_least: 107", SECTIONS, ADJUSTED, ["EPA297"]),
        ("of: total, at_least: 107", SECTIONS, UNLIMITED, []),
        ("of: total, below: 0", SECTIONS, UNLIMITED, ["EPA297"]),
        ("of: B1, below: 40", DUTIES, "", []),  # always of one unit, open of the other
        ("of: A", SECTIONS, "", ["EPA214"]),
        ("of: A, below: 5, at_least: 10", SECTIONS, "", ["EPA214 several"]),
        ("of: Z, below: 5", SECTIONS, "", ["EPA296"]),
    ],
)
def test_a_condition_may_hold_or_not(
    text: str, sections: str, more: str, expected: list[str]
) -> None:
    assert codes_of(when(text), more=more, sections=sections) == expected


@pytest.mark.parametrize(
    ("words", "condition", "expected"),
    [
        ("低于60%的不参加", "of: A, below: 20", []),  # another number: nothing to compare
        ("低于20%的不参加", "of: A, below: 20", ["EPA297 points"]),  # 20% of 25 are 5
        ("低于20.0 ％的不参加", "of: A, below: 20", ["EPA297 points"]),
        ("低于80%（20分）的不参加", "of: A, below: 20", []),
        ("低于20%的不参加", "of: A, below: 20%", []),
        ("总分低于60%的不参加", "of: total, below: 60", []),  # 60% of 100 are 60
        ("低于20分的不参加", "of: A, below: 20", []),
    ],
)
def test_a_percentage_in_the_text_is_no_number_of_points(
    words: str, condition: str, expected: list[str]
) -> None:
    veto = f"{{id: V1, text: {words}, effect: exclude, when: {{{condition}}}}}"
    assert codes_of(veto) == expected


def test_a_condition_under_zero_needs_no_bands_and_others_do() -> None:
    assert codes_of(ZERO) == []
    assert codes_of(BAR) == ["EPA219 veto"]


def test_a_panel_takes_conditions_and_no_facts() -> None:
    more = "panel: {method: mean, by: item, minimum: 2}\n"
    assert codes_of(ZERO, more=more) == []
    assert codes_of("{id: V9, text: 事故, effect: exclude}", more=more) == ["EPA219 panel"]


def test_the_code_of_a_sheet_covers_conditions() -> None:
    sheet = sheet_of(points_in("15 10 50 25"))
    one, other = rubric_with(ZERO), rubric_with(ZERO.replace("below: 20", "below: 20.5"))
    same = rubric_with(ZERO.replace("below: 20", "below: 20.0"))
    assert score(one, sheet).code != score(other, sheet).code
    assert score(one, sheet).code == score(same, sheet).code


@pytest.mark.parametrize("more", [BANDS, ADJUSTED + BANDS])
@pytest.mark.parametrize("points", ["15 8 19 25", "4 8 40 25", "4 8 19 25", "0 0 0 0"])
def test_the_lines_of_an_account_add_up(points: str, more: str) -> None:
    rubric = rubric_with(ZERO, NULL, more=more)
    facts = {"J1": ["现场会"], "K1": ["县通报"]} if "adjustments" in more else {}
    sheet = sheet_of(points_in(points), adjustments=facts)
    result = score(rubric, sheet)
    lines = account_lines(rubric, result, sheet, Words("zh_CN"))
    counted = sum((line.counted for line in lines if line.counted is not None), D(0))
    (total,) = (line.score for line in lines if line.kind == "total")
    assert counted == total == result.total
    taken = [line.counted for line in lines if line.kind == "zeroed"]
    assert all(amount is not None and amount < 0 for amount in taken)
    assert len(taken) == len(result.zeroed) - (points == "0 0 0 0") * len(result.zeroed)
