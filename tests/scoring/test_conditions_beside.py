"""Vetoes that follow from points, where panels, assessors, pools and self scores have a part."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from tests.support.commands import Run, ranked
from tests.support.composites import write_composite
from tests.support.conditions import FIRST, text_with_vetoes
from tests.support.rubrics import read_rubric, sound

from epa_score import Rubric, ScoreSheet, rank, score, score_panel
from epa_score.i18n import Words
from epa_score.reports.breakdown import account_table
from epa_score.scoring.panel import combine

D = Decimal
SECTIONS = (
    FIRST
    + """\
    items: [{id: B1, max: 75, text: 三}]
"""
)
POOL = SECTIONS.replace("    max: 25\n", "    max: 25\n    pool: section\n    floor: 2\n")
POOL = POOL.replace("一}", "一, rule: {deduct: {each: 2}}}").replace(
    "二}", "二, rule: {deduct: {each: 2}}}"
)
BANDS = "bands: [{name: 优秀, at_least: 80}, {name: 较差, at_least: 0}]\n"
BY_TOTAL = "panel: {method: trimmed_mean, by: total, minimum: 3}\n"
SHARED = "assessors: [{name: 组织部, items: [A]}, {name: 商务局, items: [B]}]\n"
LOW = "{id: V1, text: 一项不到 10 分, effect: bar, when: {of: A1, below: 10}}"
NULL = "{id: V2, text: 总分不到 60 分, effect: zero, zeroes: total, when: {of: total, below: 60}}"


def text_with(*vetoes: str, more: str = "", sections: str = SECTIONS) -> str:
    return text_with_vetoes(*vetoes, sections=sections, more=more)


def rubric_with(*vetoes: str, more: str = "", sections: str = SECTIONS) -> Rubric:
    return sound(text_with(*vetoes, more=more, sections=sections))


def codes_of(*vetoes: str, more: str = "", sections: str = SECTIONS) -> list[str]:
    found = read_rubric(text_with(*vetoes, more=more, sections=sections)).diagnostics
    return [f"{one.kind.code} {one.variant}".strip() for one in found]


def sheet_of(assessor: str = "", **scores: Any) -> ScoreSheet:
    fields: dict[str, Any] = {"rubric": "county", "unit": "示例甲镇", "scores": scores}
    return ScoreSheet.model_validate(fields | ({"assessor": assessor} if assessor else {}))


ROWS = [
    sheet_of("张三", A1="15", A2="10", B1="5"),
    sheet_of("李四", A1="9", A2="1", B1="40"),
    sheet_of("王五", A1="15", A2="10", B1="75"),
]
"""Totals of 30, 50 and 100, of which 50 is left."""


def test_conditions_look_at_totals_that_are_combined_and_at_the_points_that_count() -> None:
    rubric = rubric_with(LOW, NULL, more=BY_TOTAL + BANDS)
    found = score_panel(rubric, ROWS)
    # the points of 李四 count: 9 for A1, where all of them together have 15
    met = {one.veto.id: one.met for one in found.vetoes}
    assert met == {"V1": ("", D(9), D(10), D(15)), "V2": ("", D(50), D(60), D(100))}
    assert (found.total, found.sections) == (D(0), {"A": D(10), "B": D(40)})
    lines = list(account_table(rubric, found, combine(rubric, ROWS), Words("zh_CN")).rows())
    assert [(row.cells[2], row.cells[9]) for row in lines[-4:-2]] == [("zeroed", -50), ("total", 0)]
    better = [sheet_of("李四", A1="10", A2="0", B1="50"), ROWS[0], ROWS[2]]
    assert (score_panel(rubric, better).total, score_panel(rubric, better).vetoes) == (D(60), ())


def test_of_totals_that_are_open_a_condition_on_an_item_never_holds_for_sure() -> None:
    rows = [ROWS[1], sheet_of("张三", A1="0", A2="10", B1="5")]
    # without the third sheet 15 of 15, 50 and 0 are combined: at best 50 is left, of which A1 is 9
    found = score_panel(rubric_with(LOW, NULL, more=BY_TOTAL + BANDS), rows)
    assert [one.veto.id for one in found.vetoes] == ["V2"]
    assert found.at_best is not None
    assert found.at_best.total == 0
    with pytest.raises(ValueError, match="leave open who is ranked"):
        rank(rubric_with(LOW, NULL, more=BY_TOTAL + BANDS), [found], provisional=True)
    of_totals = rubric_with(NULL, more=BY_TOTAL)
    ranking = rank(of_totals, [score_panel(of_totals, rows)], provisional=True)
    assert [(one.rank, one.result.total) for one in ranking.placings] == [(1, D(0))]


def test_ties_of_totals_that_are_open_are_not_broken_by_conditions() -> None:
    rubric = rubric_with(NULL, more=BY_TOTAL + "tie_break: [A]\n")
    found = score_panel(rubric, [ROWS[0], ROWS[2]])
    # 0, 30 and 100 so far, at best 100, 30 and 100
    assert (found.total, found.vetoes) == (D(30), ())
    assert found.at_best is not None
    assert found.at_worst is not None
    assert (found.at_best.total, found.at_worst.total) == (D(100), D(0))


def test_no_section_of_totals_that_are_combined_becomes_zero() -> None:
    zero = "{id: V3, text: 一, effect: zero, zeroes: A, when: {of: A1, below: 5}}"
    assert codes_of(zero, more=BY_TOTAL) == ["EPA219 panel_zero"]
    assert codes_of(zero, more=BY_TOTAL.replace("total", "item")) == []
    assert codes_of(NULL, more=BY_TOTAL) == []


def test_a_condition_belongs_to_no_assessor() -> None:
    assert codes_of(NULL, more=SHARED) == []
    assert codes_of(NULL, more=SHARED.replace("[A]", "[A, V2]")) == ["EPA283"]
    rubric = rubric_with(NULL, more=SHARED)
    sheets = [sheet_of("组织部", A1="15", A2="4"), sheet_of("商务局", B1="40")]
    found = score_panel(rubric, sheets)
    assert (found.total, found.zeroed) == (D(0), {"total": ("V2",)})
    part = rubric.part("组织部")
    assert part is not None
    assert part.conditions == ()
    assert score(part, sheets[0]).total == 19
    lines = account_table(rubric, found, sheets[0], Words("zh_CN"))
    assert [column.name for column in lines.columns if column.name == "assessor"] == ["assessor"]


def test_until_all_assessors_have_scored_nothing_is_zero() -> None:
    rubric = rubric_with(NULL, more=SHARED)
    found = score_panel(rubric, [sheet_of("组织部", A1="15", A2="4")])
    assert (found.total, found.vetoes) == (D(19), ())
    assert found.at_best is not None
    assert found.at_worst is not None
    assert (found.at_best.total, found.at_worst.total) == (D(94), D(0))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("of: A1, at_least: 0", []),  # A1 may take more than its own points
        ("of: A1, below: 0.1", []),
        ("of: A1, below: 15.1", ["EPA297 always"]),
        ("of: A, at_least: 2", ["EPA297 always"]),
        ("of: A, below: 2", ["EPA297"]),
    ],
)
def test_an_item_of_a_pool_may_have_fewer_than_no_points(text: str, expected: list[str]) -> None:
    veto = f"{{id: V1, text: 一, effect: exclude, when: {{{text}}}}}"
    assert codes_of(veto, sections=POOL) == expected


def test_conditions_hold_of_items_of_a_pool_at_worst() -> None:
    zero = "{id: V3, text: 一, effect: zero, zeroes: A, when: {of: A1, below: 0.5}}"
    rubric = rubric_with(zero, sections=POOL)
    found = score(rubric, sheet_of(A1={"value": 9}, A2={"value": 0}, B1="70"))
    # 15 - 18 = -3, with which A has 7
    assert [one.met for one in found.vetoes] == [("", D(-3), D("0.5"), D(15))]
    assert (found.total, found.sections["A"]) == (D(70), D(0))
    open_now = score(rubric, sheet_of(A2={"value": 0}, B1="70"))
    assert (open_now.total, open_now.vetoes) == (D(80), ())
    assert open_now.at_best is not None
    assert open_now.at_worst is not None
    assert (open_now.at_best.total, open_now.at_worst.total) == (D(95), D(70))


def test_a_total_has_bonuses_that_are_counted_or_judged() -> None:
    more = """\
adjustments:
  bonus:
    max: 8
    items:
      - {id: J1, text: 信息, each: 0.5, count: true}
      - {id: J2, text: 创新, judged: true, max: 5}
"""
    assert codes_of(NULL.replace("60}", "108}"), more=more) == []
    assert codes_of(NULL.replace("below: 60", "at_least: 109"), more=more) == ["EPA297"]
    rubric = rubric_with(NULL, more=more)

    def result_of(informed: int, judged: str) -> Any:
        beyond = {"J1": {"value": informed}, "J2": {"score": judged, "note": "电商节"}}
        sheet = sheet_of(A1="15", A2="10", B1="30").model_dump() | {"adjustments": beyond}
        return score(rubric, ScoreSheet.model_validate(sheet))

    assert (result_of(3, "3.5").total, result_of(3, "3.5").vetoes) == (D(60), ())
    assert (result_of(2, "3.5").total, result_of(2, "3.5").zeroed) == (D(0), {"total": ("V2",)})


def test_no_condition_looks_at_self_scores() -> None:
    rubric = rubric_with(NULL, more="self_score: true\n")
    given: dict[str, Any] = {"A1": {"score": "5", "self_score": "15"}, "A2": "5", "B1": "49"}
    assert score(rubric, sheet_of(**given)).total == 0


def write_sheets(folder: Path, more: str = "") -> None:
    (folder / "rubrics").mkdir()
    (folder / "scores").mkdir()
    vetoes = (LOW, NULL, "{id: V3, text: 三, effect: exclude, when: {of: A, below: 5%}}")
    text = text_with(*vetoes, more=more + BANDS)
    (folder / "rubrics" / "county.yaml").write_text(text, "utf-8")


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        (("weight: 40", "weight: 60"), ("76", "48")),  # 70 x 0.4 + 80 x 0.6
        (("", ""), ("150", "80")),
    ],
)
def test_a_source_that_is_zero_is_zero_in_every_way_of_adding_up(
    folder: Path, run: Run, sources: tuple[str, str], expected: tuple[str, str]
) -> None:
    write_sheets(folder)
    plain = text_with().removesuffix("veto:\n").replace("id: county", "id: other")
    (folder / "rubrics" / "other.yaml").write_text(plain, "utf-8")
    (folder / "others").mkdir()
    for unit, points in {"示例甲镇": "45", "示例乙镇": "34.5"}.items():
        for rubric, where, third in (("county", "scores", points), ("other", "others", "55")):
            Path(where, f"{unit}.yaml").write_text(
                f"rubric: {rubric}\nunit: {unit}\nscores: {{A1: 15, A2: 10, B1: {third}}}\n",
                "utf-8",
            )
    names = (("基础", "county", "scores"), ("其他", "other", "others"))
    write_composite(
        *(
            f"{{name: {name}, rubric: {rubric}, paths: [{where}]{more and ', '}{more}}}"
            for (name, rubric, where), more in zip(names, sources, strict=True)
        ),
        rounding="",
    )
    found = {row["unit"]: row["total"] for row in ranked(run, "--composite", "year.yaml")}
    assert tuple(found[unit] for unit in ("示例甲镇", "示例乙镇")) == expected


@pytest.mark.parametrize("by", ["by: total, ", "by: item, "])
def test_results_of_panels_with_conditions_are_verified(folder: Path, run: Run, by: str) -> None:
    write_sheets(folder, BY_TOTAL.replace("by: total, ", by))
    rows = {"示例甲镇": ("15 10 5", "9 1 40", "15 10 75"), "示例乙镇": ("12 8 60",) * 3}
    for unit, given in rows.items():
        for number, points in enumerate(given):
            one, two, three = points.split()
            Path("scores", f"{unit}{number}.yaml").write_text(
                f"rubric: county\nunit: {unit}\nassessor: 评委{number}\n"
                f"scores: {{A1: {one}, A2: {two}, B1: {three}}}\n",
                "utf-8",
            )
    found = {row["unit"]: row["total"] for row in ranked(run)}
    # by item A1 15, A2 10, B1 40 come to 65
    assert found == {"示例乙镇": "80", "示例甲镇": "0" if by == "by: total, " else "65"}
    assert run("export", "--xlsx", "--json", "--csv", "--md").code == 0
    for path in ("排名汇总.xlsx", "排名汇总.json", "排名汇总.csv"):
        outcome = run("verify", path)
        assert outcome.code == 0, outcome.text + outcome.said
    assert run("explain", "--unit", "示例甲镇").code == 0
    Path("scores", "示例甲镇0.yaml").unlink()
    assert "EPA492" in run("rank", "--provisional").said


def test_results_of_several_assessors_with_conditions_are_verified(folder: Path, run: Run) -> None:
    write_sheets(folder, SHARED + "self_score: true\n")
    for unit, one, rest in (("示例甲镇", "9", "40"), ("示例乙镇", "15", "60")):
        for who, points in (("组织部", f"A1: {one}, A2: 8"), ("商务局", f"B1: {rest}")):
            Path("scores", f"{unit}-{who}.yaml").write_text(
                f"rubric: county\nunit: {unit}\nassessor: {who}\nscores: {{{points}}}\n", "utf-8"
            )
    assert {row["unit"]: row["total"] for row in ranked(run)} == {
        "示例乙镇": "83",
        "示例甲镇": "0",
    }
    assert run("form", "--xlsx", "--rubric", "county", "--unit", "示例丙镇").code == 0
    forms = sorted(Path("forms").rglob("*.xlsx"))
    assert len(forms) == 2
    cells = [
        str(cell.value)
        for path in forms
        for row in load_workbook(path).worksheets[0].iter_rows()
        for cell in row
    ]
    assert not any("V1" in cell or "待计算" in cell for cell in cells)
    assert run("export", "--xlsx", "--json").code == 0
    for path in ("排名汇总.xlsx", "排名汇总.json"):
        outcome = run("verify", path)
        assert outcome.code == 0, outcome.text + outcome.said
    Path("scores", "示例甲镇-商务局.yaml").unlink()
    assert "EPA492" in run("rank", "--provisional").said
