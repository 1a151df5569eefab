"""Adjustments outside the base: each fact counted once, limits kept, and everything that shows."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from tests.conftest import Run
from tests.rules import read_rubric, read_sheet_text

from epa_score import Result, Rubric, ScoreSheet, rank
from epa_score.cli.sheet_store import dump_sheet, keeping_sheets
from epa_score.exporters.yaml import yaml_form, yaml_sheet
from epa_score.i18n import Words
from epa_score.readers.sheets import SheetFile
from epa_score.reports.listings import rubric_table
from epa_score.reports.workings import workings_table
from epa_score.scoring import score
from epa_score.scoring.adjustments import adjustments_of
from epa_score.values.names import read_fact_name

SECTIONS = """\
- {id: A, title: 甲, max: 60, items: [{id: A1, max: 60, text: 一}]}
- {id: B, title: 乙, max: 40, items: [{id: B1, max: 40, text: 二}]}
"""
ADJUSTMENTS = """\
adjustments:
  bonus:
    max: 6
    items:
      - {id: J1, text: 省级表彰, each: 2, max: 4}
      - {id: J2, text: 市级表彰, each: 1}
      - {id: J3, text: 市级竞赛, each: 1}
  penalty:
    items:
      - {id: K1, text: 通报批评, each: 1.5, max: 4}
      - {id: K2, text: 迟报, each: 0.5}
"""
TEXT = f"id: county\ntitle: 某县评分细则\ntotal: 100\nsections:\n{SECTIONS}{ADJUSTMENTS}"


def rubric_in(text: str) -> Rubric:
    found = read_rubric(text)
    assert found.rubric is not None, found.diagnostics
    return found.rubric


RUBRIC = rubric_in(TEXT)
PLAIN = rubric_in(TEXT.replace(ADJUSTMENTS, ""))
Facts = dict[str, list[str]]


def sheet_with(
    facts: object, first: str = "50", second: str = "30", unit: str = "甲"
) -> ScoreSheet:
    scores = {"A1": first, "B1": second}
    return ScoreSheet.model_validate(
        {"rubric": "county", "unit": unit, "scores": scores, "adjustments": facts}
    )


def read(text: str, rubric: Rubric = RUBRIC) -> SheetFile:
    return read_sheet_text(rubric, text)


def points(facts: Facts) -> tuple[Decimal, Decimal, Decimal]:
    """Bonus, penalty and total of a unit whose base is 80."""
    result = score(RUBRIC, sheet_with(facts))
    assert result.adjusted is not None
    assert result.adjusted.base == 80
    return result.adjusted.bonus, result.adjusted.penalty, result.total


@pytest.mark.parametrize(
    ("facts", "bonus", "penalty"),
    [
        ({}, "0", "0"),
        ({"J1": ["甲奖"]}, "2", "0"),
        ({"J1": ["甲奖", "乙奖", "丙奖"]}, "4", "0"),
        ({"J1": ["甲奖"], "J2": ["甲奖", "丁奖"]}, "3", "0"),
        ({"J2": ["甲　奖。"], "J1": ["甲奖"]}, "2", "0"),
        ({"J3": ["甲奖"], "J2": ["甲奖"]}, "1", "0"),
        ({"J1": ["甲奖", "乙奖", "丙奖"], "J2": ["丁奖", "戊奖", "己奖"]}, "6", "0"),
        ({"K1": ["县通报", "市通报", "省通报"], "K2": ["三月"]}, "0", "4.5"),
        ({"K1": ["县通报"], "K2": ["县通报"]}, "0", "1.5"),
        # One fact may both add and take: it is counted once within each way.
        ({"J2": ["比武"], "K2": ["比武"]}, "1", "0.5"),
    ],
)
def test_each_fact_counts_once_where_it_is_worth_most(
    facts: Facts, bonus: str, penalty: str
) -> None:
    total = 80 + Decimal(bonus) - Decimal(penalty)
    assert points(facts) == (Decimal(bonus), Decimal(penalty), total)


def test_of_adjustments_worth_the_same_the_first_one_has_the_fact() -> None:
    bonus, _ = adjustments_of(RUBRIC, sheet_with({"J3": ["甲奖"], "J2": ["甲奖"]}))
    assert [(one.item.id, int(one.points)) for one in bonus.items] == [("J2", 1), ("J3", 0)]


def test_a_total_may_lie_above_full_marks_and_never_below_0() -> None:
    full = score(RUBRIC, sheet_with({"J1": ["甲奖"]}, "60", "40"))
    assert full.total == 102
    poor = score(RUBRIC, sheet_with({"K1": ["一报", "二报"], "J2": ["甲奖"]}, "0", "1"))
    assert poor.total == 0
    assert poor.adjusted is not None
    assert list(poor.adjusted) == [1, 1, 3]


def test_sheets_are_ranked_by_the_published_total() -> None:
    sheets = [sheet_with({"K2": ["三月"]}, "50"), sheet_with({}, "49.75", unit="乙")]
    found = rank(RUBRIC, [score(RUBRIC, one) for one in sheets]).placings
    assert [(one.result.unit, one.result.total) for one in found] == [
        ("乙", Decimal("79.75")),
        ("甲", Decimal("79.5")),
    ]


def test_at_best_the_adjustments_are_the_same() -> None:
    sheet = sheet_with({"J1": ["甲奖"]}).model_copy(update={"scores": {"A1": "50"}})
    result = score(RUBRIC, sheet)
    assert result.at_best is not None
    assert [result.total, result.at_best.total] == [52, 92]
    assert result.at_best.adjusted is not None
    assert list(result.at_best.adjusted) == [90, 2, 0]


@pytest.mark.parametrize(
    "facts", [{"J9": ["甲奖"]}, {"A1": ["甲奖"]}, {"J1": ["甲奖", "甲 奖"]}], ids=str
)
def test_a_sheet_that_was_never_checked_gives_no_total(facts: Facts) -> None:
    with pytest.raises(ValueError, match="do not fit"):
        score(RUBRIC, sheet_with(facts))
    with pytest.raises(ValueError, match="do not fit"):
        score(PLAIN, sheet_with({"J1": ["甲奖"]}))


NAMES = st.sampled_from(["甲奖", "乙奖", "丙奖", "丁奖", "戊奖", "己奖"])
GIVEN = st.dictionaries(
    st.sampled_from(["J1", "J2", "J3", "K1", "K2"]), st.lists(NAMES, unique=True, max_size=6)
)
BASES = st.integers(0, 400).map(lambda quarters: str(Decimal(quarters) / 10))


def scored(facts: Facts, base: str) -> Result:
    return score(RUBRIC, sheet_with(facts, base, "0"))


@given(GIVEN, BASES, st.randoms(use_true_random=False))
def test_limits_are_kept_and_the_order_of_facts_does_not_matter(
    facts: Facts, base: str, random: object
) -> None:
    result = scored(facts, base)
    assert result.adjusted is not None
    _, bonus, penalty = result.adjusted
    assert 0 <= bonus <= 6
    assert 0 <= penalty <= 4 + Decimal("0.5") * 6
    assert result.total == max(Decimal(0), Decimal(base) + bonus - penalty)
    mixed = {name: facts[name] for name in sorted(facts, reverse=True)}
    for one in mixed.values():
        assert hasattr(random, "shuffle")
        random.shuffle(one)
    assert scored(mixed, base) == result


@given(GIVEN, BASES, st.sampled_from(["J1", "J2", "J3", "K1", "K2"]))
def test_one_fact_more_never_takes_the_other_way(facts: Facts, base: str, name: str) -> None:
    before = scored(facts, base).total
    after = scored(facts | {name: [*facts.get(name, []), "新的"]}, base).total
    assert after >= before if name.startswith("J") else after <= before


@given(GIVEN)
def test_every_fact_counts_exactly_once_in_its_way(facts: Facts) -> None:
    for added in adjustments_of(RUBRIC, sheet_with(facts)):
        counted: list[object] = []
        for one in added.items:
            for step in one.working.steps:
                names = step.parts.get("names", ())
                assert isinstance(names, tuple)
                counted += names if step.words == "named" else ()
        letter = "J" if added.way == "bonus" else "K"
        given_here = {one for name, them in facts.items() if name[0] == letter for one in them}
        assert sorted(map(str, counted)) == sorted(given_here)


# --- rubrics -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "kinds"),
    [
        ("id: J2", "id: J1", ["duplicate_item"]),
        ("id: K1", "id: J1", ["duplicate_item"]),
        ("id: J2", "id: A1", ["duplicate_item"]),
        ("id: J2", "id: j2", ["item_id_form"]),
        ("each: 2, max: 4", "each: 0, max: 4", ["cap_not_positive"]),
        ("each: 2, max: 4", "each: 2, max: 0", ["rule_points_over_cap", "cap_not_positive"]),
        ("each: 2, max: 4", "each: 5, max: 4", ["rule_points_over_cap"]),
        ("each: 2, max: 4", "each: 2, max: 7", ["rule_points_over_cap"]),
        ("each: 2, max: 4", "each: 7", ["rule_points_over_cap"]),
        ("    max: 6", "    max: 0", ["cap_not_positive"] + ["rule_points_over_cap"] * 3),
        ("    max: 6", "    max:", ["empty_field"]),
        ("each: 2, max: 4", "each: 2, max: ", ["empty_field"]),
        ("each: 0.5", "each: 0.125", ["rule_points_off_step"]),
        ("each: 0.5", "each: -1", ["points_negative"]),
        ("each: 0.5", "each: 半分", ["points_not_a_number"]),
        ("each: 0.5", "points: 0.5", ["unknown_field", "missing_field"]),
        ("  penalty:", "  penality:", ["unknown_field"]),
    ],
)
def test_adjustments_that_cannot_be_are_found_without_any_sheet(
    old: str, new: str, kinds: list[str]
) -> None:
    assert TEXT.count(old) == 1
    found = read_rubric(TEXT.replace(old, new)).diagnostics
    assert sorted(one.kind.label for one in found) == sorted(kinds)


@pytest.mark.parametrize(
    ("adjustments", "kinds"),
    [
        ("adjustments: {}\n", ["empty_field"]),
        ("adjustments:\n", ["empty_field"]),
        ("adjustments: {bonus: , penalty: {items: []}}\n", ["empty_field"]),
        ("adjustments: {bonus: {items: []}}\n", ["empty_field"]),
        ("adjustments: {bonus: {max: 3}}\n", ["missing_field"]),
        ("adjustments: [J1]\n", ["wrong_shape"]),
    ],
)
def test_a_rubric_that_speaks_of_adjustments_has_some(adjustments: str, kinds: list[str]) -> None:
    text = TEXT.replace(ADJUSTMENTS, adjustments)
    assert [one.kind.label for one in read_rubric(text).diagnostics] == kinds


BANDS = "bands: [{name: 优, at_least: %s}, {name: 差, at_least: 0}]\n"
BONUS = "adjustments: {bonus: {items: [{id: J1, text: 一, each: 1, max: 4}, %s]}}\n"


@pytest.mark.parametrize(
    ("adjustments", "reach"),
    [
        (ADJUSTMENTS, "106"),
        (BONUS % "{id: J2, text: 二, each: 1, max: 3}", "107"),
        ("adjustments: {penalty: {items: [{id: K1, text: 一, each: 1}]}}\n", "100"),
        (
            (BONUS % "{id: J2, text: 二, each: 1, max: 3}").replace("bonus: {", "bonus: {max: 5, "),
            "105",
        ),
        (BONUS % "{id: J2, text: 二, each: 1}", None),
    ],
)
def test_bonuses_reach_higher_bands(adjustments: str, reach: str | None) -> None:
    text = TEXT.replace(ADJUSTMENTS, adjustments)
    assert read_rubric(text + BANDS % (reach or "100000")).diagnostics == ()
    above = read_rubric(text + BANDS % f"{reach or 100000}.01").diagnostics
    assert [one.kind.label for one in above] == ["band_unreachable"] * (reach is not None)


# --- sheets ------------------------------------------------------------------------------------

SHEET = "rubric: county\nunit: 示例甲镇\nscores: {A1: 50, B1: 30}\n"


@pytest.mark.parametrize(
    ("lines", "kinds"),
    [
        ("adjustments: {J1: [甲奖], K2: 三月迟报}", []),
        ("adjustments: {J1: , K2: []}", []),
        ("adjustments:", []),
        ("adjustments: {J1: 2}", ["fact_without_name"]),
        ("adjustments: {J1: ['2']}", ["fact_without_name"]),
        ("adjustments: {J1: [2次]}", ["fact_without_name"]),
        ("adjustments: {J1: 两次}", ["fact_without_name"]),
        ("adjustments: {J1: 是}", ["fact_without_name"]),
        ("adjustments: {J1: 无}", ["fact_without_name"]),
        ("adjustments: {J1: 没有}", ["fact_without_name"]),
        ("adjustments: {J1: 没有发生}", ["fact_without_name"]),
        ("adjustments: {J1: 无此情况}", ["fact_without_name"]),
        ("adjustments: {J1: not happened}", ["fact_without_name"]),
        ("adjustments: {J1: -1}", ["fact_without_name"]),
        ("adjustments: {J1: [甲奖, 甲奖]}", ["fact_named_twice"]),
        ("adjustments: {J1: [甲奖, ＡＢ奖, ab 奖]}", ["fact_named_twice"]),
        ('adjustments: {J1: ["甲\\u200b奖"]}', ["fact_name_characters"]),
        ("adjustments: {J9: [甲奖]}", ["unknown_adjustment"]),
        ("adjustments: {A1: [甲奖]}", ["unknown_adjustment"]),
        ("adjustments: {J1: [[甲奖]]}", ["wrong_shape"]),
        ("adjustments: {J1: {甲奖: 2}}", ["wrong_shape"]),
        ("adjustments: [甲奖]", ["wrong_shape"]),
        ("adjustment: {J1: [甲奖]}", ["unknown_field"]),
    ],
)  # fmt: skip
def test_facts_that_cannot_be_counted_are_named(lines: str, kinds: list[str]) -> None:
    assert [one.kind.label for one in read(SHEET + lines + "\n").diagnostics] == kinds


@pytest.mark.parametrize("name", ["甲奖", "2018年现场会", "第2次竞赛", "无人机大赛", "A"])
def test_what_says_what_it_was_is_a_name(name: str) -> None:
    assert read_fact_name(f" {name} ") == name


@pytest.mark.parametrize(
    ("scores", "facts", "kinds"),
    [
        ("A1: 50, B1: 41", "J9: [甲奖]", ["points_over_cap", "unknown_adjustment"]),
        ("A1: 50, B1: 41", "J1: 2", ["points_over_cap", "fact_without_name"]),
        ("A1: 五十, B1: 30", "J9: [甲奖]", ["points_not_a_number", "unknown_adjustment"]),
        ("A1: 五十, B1: 30", "J1: 2", ["points_not_a_number", "fact_without_name"]),
        ("A1: 50", "J1: 2", ["items_unscored", "fact_without_name"]),
    ],
)
def test_everything_that_is_wrong_is_said_at_once(
    scores: str, facts: str, kinds: list[str]
) -> None:
    text = f"rubric: county\nunit: 甲\nscores: {{{scores}}}\nadjustments: {{{facts}}}\n"
    assert [one.kind.label for one in read(text).diagnostics] == kinds


@given(GIVEN)
def test_sheets_come_back_as_they_were(facts: Facts) -> None:
    sheet = sheet_with(facts)
    again = read(yaml_sheet(sheet)).sheet
    assert again is not None
    assert again.adjustments == sheet.adjustments
    with keeping_sheets() as kept:
        assert kept.sheet(kept.keep(dump_sheet(sheet))) == sheet


def test_a_blank_form_names_every_adjustment_and_is_read_as_none() -> None:
    form = yaml_form(RUBRIC, "示例甲镇", Words("zh_CN"))
    assert "  # 加分，最多 6 分\n  J1:   # 每件 2 分，最多 4 分 省级表彰\n" in form
    found = read(form.replace("  A1:", "  A1: 50").replace("  B1:", "  B1: 30"))
    assert found.sheet is not None, found.diagnostics
    assert not any(found.sheet.adjustments.values())
    assert yaml_form(PLAIN, "甲", Words("en")).endswith("二\n")


# --- reports -----------------------------------------------------------------------------------


@pytest.fixture
def hand_in(folder: Path) -> Path:
    (folder / "rubrics").mkdir()
    (folder / "scores").mkdir()
    (folder / "rubrics" / "county.yaml").write_text(TEXT, "utf-8")
    for unit, facts in {
        "甲": "{J1: [甲奖, 乙奖, 丙奖], J2: [甲奖, 丁奖], K1: 县通报}",
        "乙": "{K1: [一报, 二报, 三报]}",
        "丙": "{}",
    }.items():
        base = {"甲": "A1: 50, B1: 30", "乙": "A1: 0, B1: 1.5", "丙": "A1: 60, B1: 40"}[unit]
        sheet = f"rubric: county\nunit: {unit}\nscores: {{{base}}}\nadjustments: {facts}\n"
        (folder / "scores" / f"{unit}.yaml").write_text(sheet, "utf-8")
    return folder


def shown(text: str) -> list[list[str]]:
    return [line.split("\t") for line in text.splitlines()]


@pytest.mark.usefixtures("hand_in")
def test_base_bonus_and_penalty_have_columns_of_their_own(run: Run) -> None:
    outcome = run("rank")
    assert shown(outcome.text) == [
        [
            "名次",
            "单位",
            "甲（60）",
            "乙（40）",
            "基本分（100）",
            "加分（6）",
            "减分",
            "总分",
            "备注",
        ],
        ["1", "丙", "60", "40", "100", "0", "0", "100", ""],
        ["2", "甲", "50", "30", "80", "5", "1.5", "83.5", ""],
        ["3", "乙", "0", "1.5", "1.5", "0", "4", "0", ""],
    ]
    assert "总分是基本分加上加分、减去减分，最低 0 分，可以超过满分" in outcome.said
    total = run("total", "--format", "json").text
    one = next(one for one in json.loads(total) if one["unit"] == "甲")
    assert (one["base"], one["bonus"], one["penalty"], one["total"]) == ("80", "5", "1.5", "83.5")
    assert "基本分（100）,加分（6）,减分,总分" in run("rank", "--format", "csv").text


@pytest.mark.parametrize(
    ("way", "note"), [("bonus", "with the bonus, and may"), ("penalty", "less the penalty, and 0")]
)
def test_a_rubric_may_have_one_way_alone(hand_in: Path, run: Run, way: str, note: str) -> None:
    other = "penalty" if way == "bonus" else "bonus"
    start, end = TEXT.index(f"  {other}:"), TEXT.find("  penalty:")
    text = TEXT[:start] + (TEXT[end:] if other == "bonus" else "")
    (hand_in / "rubrics" / "county.yaml").write_text(text, "utf-8")
    facts = "J2: [甲奖]" if way == "bonus" else "K2: [三月]"
    for path in (hand_in / "scores").iterdir():
        lines = path.read_text("utf-8").partition("adjustments")[0]
        path.write_text(f"{lines}adjustments: {{{facts}}}\n", "utf-8")
    outcome = run("rank", "--format", "json", lang="en")
    assert note in outcome.said
    assert {(way in one, other in one) for one in json.loads(outcome.text)} == {(True, False)}
    account = run("explain", "--unit", "甲").text
    assert "80 + 1 = 81" in account or "80 - 0.5 = 79.5" in account
    assert run("export", "--xlsx").code == 0
    page = load_workbook("排名汇总.xlsx")["得分明细"]
    assert page["G4"].value in (
        "=ROUND(MAX(0,SUM(C4:D4,F4)),2)",
        "=ROUND(MAX(0,SUM(C4:D4)-SUM(F4)),2)",
    )


@pytest.mark.usefixtures("hand_in")
def test_an_account_shows_every_fact_and_what_was_not_counted(run: Run) -> None:
    account, _, gap = run("explain", "--unit", "甲").text.partition("\n\n")
    assert shown(account)[5:] == [
        ["基本分", "", "100", "80", "20", ""],
        ["J1", "省级表彰", "4", "4", "", "甲奖、乙奖、丙奖：3 x 2 = 6；最高 4 分"],
        ["J2", "市级表彰", "", "1", "", "丁奖：1 x 1 = 1；甲奖 计入 J1，只计一次"],
        ["加分", "", "6", "5", "", "4 + 1 x 1 = 5"],
        ["K1", "通报批评", "4", "1.5", "", "县通报：1 x 1.5 = 1.5"],
        ["减分", "", "", "1.5", "", "1 x 1.5 = 1.5"],
        ["总分", "", "", "83.5", "", "80 + 5 - 1.5 = 83.5"],
    ]
    assert shown(gap)[-3:] == [
        ["加分", "", "5", "0", "+5"],
        ["减分", "", "1.5", "0", "-1.5"],
        ["总分", "", "83.5", "100", "-16.5"],
    ]
    one = run("explain", "--unit", "甲", "--item", "J2").text
    assert [row[0] for row in shown(one)] == ["编号", "J2"]
    poor = shown(run("explain", "--unit", "乙").text.partition("\n\n")[0])
    assert poor[-1] == ["总分", "", "", "0", "", "1.5 + 0 - 4 = -2.5；最低 0 分"]
    good = shown(run("explain", "--unit", "丙").text)
    assert good[-1][:4] == ["总分", "", "", "100"]


def test_workings_hold_adjustments_of_those_that_have_some() -> None:
    sheets = {"甲": sheet_with({"J1": ["甲奖"]}), "乙": sheet_with({"J1": []}, unit="乙")}
    ranking = rank(RUBRIC, [score(RUBRIC, one) for one in sheets.values()])
    rows = [row.cells for row in workings_table(RUBRIC, ranking, sheets, Words("en")).rows()]
    assert rows == [
        ("甲", "J1", "省级表彰", 4, "甲奖: 1 x 2 = 2", 2),
        ("甲", None, "Bonus", 6, "1 x 2 = 2", 2),
        ("甲", None, "Total", None, "80 + 2 - 0 = 82", 82),
    ]


@pytest.mark.usefixtures("hand_in")
def test_an_export_shows_the_adjustments_everywhere(run: Run) -> None:
    assert run("export", "--xlsx", "--md", "--csv").code == 0
    book = load_workbook("排名汇总.xlsx")
    assert book["得分明细"]["H4"].value == "=ROUND(MAX(0,SUM(C4:D4,F4)-SUM(G4)),2)"
    assert "MATCH" in str(book["排名汇总"]["F4"].value)
    form = [[cell for cell in row if cell is not None] for row in book["甲"].values]
    lines = {row[0]: row for row in form if row}
    assert lines["J2"] == ["J2", "市级表彰", 1, "丁奖：1 x 1 = 1；甲奖 计入 J1，只计一次"]
    assert lines["减分"][:4] == ["减分", "K1", "通报批评", 4]
    rates = [row[-1] for row in load_workbook("排名汇总.xlsx", data_only=True)["得分率"].values]
    assert rates[-6:-2] == [1, 0.8, 0.02, 0.61]
    text = Path("排名汇总.md").read_text("utf-8")
    assert "| 甲 | J2 | 市级表彰 |  | 丁奖：1 x 1 = 1；甲奖 计入 J1，只计一次 | 1 |" in text


def test_the_items_of_a_rubric_are_shown_with_its_adjustments() -> None:
    rows = [row.cells for row in rubric_table(RUBRIC, Words("en")).rows()]
    beyond = [(cells[0], cells[2], cells[3]) for cells in rows if str(cells[2])[0] in "JK"]
    assert [one[1] for one in beyond] == ["J1", "J2", "J3", "K1", "K2"]
    assert "6" in str(beyond[0][0])
    assert "(" not in str(beyond[-1][0])
