"""Results as tables: each figure is the one that was computed, and each table adds up."""

import itertools
from decimal import Decimal
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epa_score.i18n import Words
from epa_score.model import Rubric, ScoreSheet
from epa_score.readers import yaml
from epa_score.readers.rubrics import rubric_of
from epa_score.reports.coverage import Coverage, LeftOut
from epa_score.reports.listings import rubric_table, rubrics_table
from epa_score.reports.provenance import Origin, about_table, sheets_digest
from epa_score.reports.ranking import ranking_table, totals_table
from epa_score.reports.scores import deductions_table, scores_table
from epa_score.reports.sums import RankOf, SumOf, TiedIn
from epa_score.reports.table import Cell, Column, Table, decimals_of
from epa_score.scoring import Ranking, Result, Ties, rank, score

WORDS = Words("en")
CHINESE = Words("zh_CN")

RUBRIC = """
id: office
title: 部门
total: 10
sections:
  - id: common
    title: 共性
    max: 4
    sections:
      - id: A
        title: 领导
        max: 3
        items: [{id: A1, max: 2.5, text: 有人管}, {id: A2, max: 0.5, text: 有会议}]
      - {id: B, title: 宣传, max: 1, items: [{id: B1, max: 1, text: 有人说}]}
  - id: own
    title: 个性
    max: 6
    per_unit:
      - {units: [移动公司, 联通公司], items: [{id: C1, max: 6, text: 网络}]}
      - {units: [县商务局], items: [{id: C1, max: 2, text: 牵头}, {id: C2, max: 4, text: 督促}]}
"""
CAPS = {
    "移动公司": {"A1": "2.5", "A2": "0.5", "B1": "1", "C1": "6"},
    "联通公司": {"A1": "2.5", "A2": "0.5", "B1": "1", "C1": "6"},
    "县商务局": {"A1": "2.5", "A2": "0.5", "B1": "1", "C1": "2", "C2": "4"},
}


def read_rubric(text: str = RUBRIC) -> Rubric:
    data = text.encode()
    found = rubric_of(data, yaml.read("rubric.yaml", data))
    assert found.rubric is not None, found.diagnostics
    return found.rubric


OFFICE = read_rubric()


def sheet(unit: str, scores: str, more: str = "") -> ScoreSheet:
    text = f"{{rubric: office, unit: {unit}, {more} scores: {{{scores}}}}}"
    return ScoreSheet.model_validate(yaml.read("sheet.yaml", text.encode()).value)


SHEETS = {
    "移动公司": sheet("移动公司", "A1: 2.25, A2: 0.5, B1: 1, C1: {score: 6, note: 满分}"),
    "联通公司": sheet(
        "联通公司", "A1: {score: 2, note: 缺会议, evidence: [照片, 记录]}, A2: 0.5, B1: 1, C1: 6"
    ),
    "县商务局": sheet("县商务局", "A1: 2.5, A2: 0.5, B1: 1, C1: 1.5, C2: 4"),
}


def ranking_of(
    sheets: dict[str, ScoreSheet], rubric: Rubric = OFFICE, ties: Ties = "competition"
) -> Ranking:
    results = [score(rubric, one) for one in sheets.values()]
    return rank(rubric, results, ties=ties, provisional=True)


def records(table: Table) -> list[dict[str, Cell]]:
    """The rows by the names of the columns."""
    names = [column.name for column in table.columns]
    assert len(names) == len({*names})
    return [dict(zip(names, row.cells, strict=True)) for row in table.rows()]


def column(table: Table, name: str) -> Column:
    (found,) = (one for one in table.columns if one.name == name)
    return found


def points(cell: Cell) -> Decimal:
    assert isinstance(cell, Decimal)
    return cell


# --- the ranking -----------------------------------------------------------------------------


def test_the_ranking_shows_parts_before_the_whole_and_the_total_last() -> None:
    table = ranking_table(OFFICE, ranking_of(SHEETS), WORDS)
    assert [(one.name, one.title) for one in table.columns] == [
        ("rubric", "Rubric"),
        ("period", "Period"),
        ("rank", "Rank"),
        ("unit", "Unit"),
        ("sections.A", "领导 (3)"),
        ("sections.B", "宣传 (1)"),
        ("sections.common", "共性 (4)"),
        ("sections.own", "个性 (6)"),
        ("total", "Total (10)"),
        ("remark", "Remark"),
        ("check_code", "Check code"),
        ("ranking_code", "Check code"),
    ]
    hidden = [one.name for one in table.columns if not one.shown]
    assert hidden == ["rubric", "period", "check_code", "ranking_code"]
    assert [one.name for one in table.columns if not one.data] == ["remark"]
    assert (table.name, table.title, table.group) == ("ranking", "Ranking: 部门", "office")
    assert [list(one.values())[:-2] for one in records(table)] == [
        [
            "office",
            None,
            1,
            "移动公司",
            Decimal("2.75"),
            1,
            Decimal("3.75"),
            6,
            Decimal("9.75"),
            None,
        ],
        [
            "office",
            None,
            2,
            "联通公司",
            Decimal("2.5"),
            1,
            Decimal("3.5"),
            6,
            Decimal("9.5"),
            "tied",
        ],
        ["office", None, 2, "县商务局", 3, 1, 4, Decimal("5.5"), Decimal("9.5"), "tied"],
    ]


def test_columns_carry_the_decimals_that_their_figures_need() -> None:
    table = ranking_table(OFFICE, ranking_of(SHEETS), WORDS)
    decimals = {one.name: one.decimals for one in table.columns if one.kind == "points"}
    assert decimals == {
        "sections.A": 2,
        "sections.B": 0,
        "sections.common": 2,
        "sections.own": 1,
        "total": 2,
    }


def test_the_figures_of_a_ranking_follow_the_scores() -> None:
    table = ranking_table(OFFICE, ranking_of(SHEETS), WORDS)
    live = {one.name: one.live for one in table.columns if one.live is not None}
    assert live == {
        "rank": RankOf(("total",), dense=False),
        "sections.A": SumOf(("items.A1", "items.A2"), 2, "scores"),
        "sections.B": SumOf(("items.B1",), 2, "scores"),
        "sections.common": SumOf(("items.A1", "items.A2", "items.B1"), 2, "scores"),
        "sections.own": SumOf(("items.C1", "items.C2"), 2, "scores"),
        "total": SumOf(("sections.common", "sections.own"), 2),
        "remark": TiedIn("rank", "tied", ", "),
    }
    scores = scores_table(OFFICE, ranking_of(SHEETS), SHEETS, WORDS)
    names = {one.name for one in scores.columns}
    sums = [one for one in live.values() if isinstance(one, SumOf) and one.table]
    assert sums
    assert all(names >= {*one.columns} for one in sums)


def test_a_period_is_in_the_title_and_in_every_row() -> None:
    sheets = {"移动公司": sheet("移动公司", "A1: 1, A2: 0, B1: 1, C1: 6", 'period: "2018",')}
    table = ranking_table(OFFICE, ranking_of(sheets), CHINESE)
    assert table.title == "排名汇总：部门（2018）"
    assert [one["period"] for one in records(table)] == ["2018"]


def test_the_rule_in_force_is_a_note() -> None:
    rule = WORDS("report.rule_competition")
    assert ranking_table(OFFICE, ranking_of(SHEETS), WORDS).notes[:-1] == (rule,)
    dense = ranking_table(OFFICE, ranking_of(SHEETS, ties="dense"), WORDS)
    assert dense.notes[:-1] == (WORDS("report.rule_dense"),)
    assert column(dense, "rank").live == RankOf(("total",), dense=True)


def test_sections_that_break_ties_are_named_by_their_titles() -> None:
    rubric = read_rubric(f"{RUBRIC}tie_break: [own, A]\n")
    table = ranking_table(rubric, ranking_of(SHEETS, rubric), WORDS)
    assert table.notes[0].endswith("equal totals are compared by: 个性, 领导")
    assert column(table, "rank").live == RankOf(
        ("total", "sections.own", "sections.A"), dense=False
    )
    assert [(one["rank"], one["remark"]) for one in records(table)] == [
        (1, None),
        (2, None),
        (3, None),
    ]


def test_a_provisional_ranking_says_what_can_still_be_reached() -> None:
    sheets = SHEETS | {"县商务局": sheet("县商务局", "A1: 2.5, A2: , B1: 1, C1: ")}
    table = ranking_table(OFFICE, ranking_of(sheets), CHINESE)
    last = records(table)[-1]
    assert (last["unit"], last["best"], last["worst"]) == ("县商务局", 1, 3)
    assert last["remark"] == "暂定，3 项未评"
    assert CHINESE("report.note_provisional") in table.notes


def test_a_tie_and_unscored_items_are_both_remarked() -> None:
    sheets = SHEETS | {"县商务局": sheet("县商务局", "A1: 2.5, A2: 0.5, B1: 1, C1: 1.5, C2: ")}
    sheets["联通公司"] = sheet("联通公司", "A1: 2.5, A2: 0.5, B1: 1, C1: 1.5")
    remarks = [one["remark"] for one in records(ranking_table(OFFICE, ranking_of(sheets), WORDS))]
    assert remarks == [None, "tied", "tied, provisional, unscored: 1"]


def test_sheets_that_were_left_out_are_named_and_not_ranked() -> None:
    left_out = [LeftOut("scores/甲.yaml", "甲公司"), LeftOut("scores/乙.yaml", "")]
    table = ranking_table(OFFICE, ranking_of(SHEETS), WORDS, coverage=Coverage(left_out))
    rows = list(table.rows())
    assert [row.live for row in rows] == [True] * 3 + [False] * 2
    ranked, *_, first, second = records(table)
    assert ranked["left_out"] is None
    assert (first["unit"], first["left_out"]) == ("甲公司", "scores/甲.yaml")
    assert (second["unit"], second["left_out"]) == (None, "scores/乙.yaml")
    for one in (first, second):
        assert (one["rank"], one["total"], one["sections.A"]) == (None, None, None)
        assert one["remark"] == "faulty, left out"
    assert table.notes[-2].endswith("2 (甲公司, scores/乙.yaml)")


def test_what_was_left_out_of_a_provisional_ranking_has_no_rank_to_reach() -> None:
    sheets = {"移动公司": sheet("移动公司", "A1: 1, A2: 0, B1: 1, C1: ")}
    left_out = [LeftOut("scores/甲.yaml", "甲公司")]
    table = ranking_table(OFFICE, ranking_of(sheets), WORDS, coverage=Coverage(left_out))
    assert [(one["best"], one["worst"]) for one in records(table)] == [(1, 1), (None, None)]


def test_units_without_a_sheet_are_named() -> None:
    missing = [LeftOut("", unit, "missing") for unit in ("甲", "乙")]
    table = ranking_table(OFFICE, ranking_of(SHEETS), WORDS, coverage=Coverage(missing))
    assert table.notes[-2] == "Units without a score sheet: 2 (甲, 乙)"


def test_a_ranking_of_nobody_has_columns_and_no_rows() -> None:
    absent = Coverage([LeftOut("a.yaml", "甲")])
    table = ranking_table(OFFICE, ranking_of({}), WORDS, coverage=absent)
    assert [one["unit"] for one in records(table)] == ["甲"]
    assert records(ranking_table(OFFICE, ranking_of({}), WORDS)) == []
    assert column(table, "total").decimals == 0


AMOUNTS = st.fixed_dictionaries(
    {
        unit: st.fixed_dictionaries(
            {
                item: st.none() | st.integers(0, int(Decimal(cap) * 100))
                for item, cap in caps.items()
            }
        )
        for unit, caps in CAPS.items()
    }
)
Amounts = dict[str, dict[str, int | None]]


def drawn(amounts: Amounts) -> dict[str, ScoreSheet]:
    return {
        unit: sheet(
            unit,
            ", ".join(
                f"{item}: {'~' if one is None else f'{one // 100}.{one % 100:02}'}"
                for item, one in scores.items()
            ),
        )
        for unit, scores in amounts.items()
    }


@given(AMOUNTS)
def test_every_printed_table_adds_up(amounts: Amounts) -> None:
    sheets = drawn(amounts)
    ranking = ranking_of(sheets)
    tables = [
        ranking_table(OFFICE, ranking, WORDS),
        totals_table(OFFICE, [one.result for one in ranking.placings], WORDS),
    ]
    for table in tables:
        assert len(records(table)) == len(amounts)
        for one in records(table):
            parts = [points(one[f"sections.{name}"]) for name in ("A", "B", "common", "own")]
            assert parts[0] + parts[1] == parts[2]
            assert parts[2] + parts[3] == points(one["total"])
        for each in table.columns:
            cells = [one[each.name] for one in records(table)]
            shown = [one for one in cells if isinstance(one, Decimal)]
            assert each.kind != "points" or each.decimals == decimals_of(shown)
    for one in records(scores_table(OFFICE, ranking, sheets, WORDS)):
        given_points = [
            cell for name, cell in one.items() if name.startswith("items.") and cell is not None
        ]
        assert sum(cell for cell in given_points if isinstance(cell, Decimal)) == one["total"]
        unscored = [item for item, one_ in amounts[str(one["unit"])].items() if one_ is None]
        assert given_points.count("unscored") == len(unscored)
        assert len(given_points) == len(CAPS[str(one["unit"])])


@given(AMOUNTS)
def test_points_and_deductions_are_full_marks(amounts: Amounts) -> None:
    sheets = drawn(amounts)
    ranking = ranking_of(sheets)
    rows = records(deductions_table(OFFICE, ranking, sheets, WORDS))
    for placing in ranking.placings:
        unit = placing.result.unit
        own = [one for one in rows if one["unit"] == unit]
        assert all(points(one["max"]) - points(one["score"]) == one["lost"] for one in own)
        assert all(points(one["lost"]) > 0 for one in own)
        lost = sum(points(one["lost"]) for one in own)
        unscored = sum(Decimal(CAPS[unit][item]) for item in placing.result.unscored)
        assert placing.result.total + lost + unscored == OFFICE.total
    order = [one.result.unit for one in ranking.placings]
    units = [str(one["unit"]) for one in rows]
    assert units == sorted(units, key=order.index)


# --- totals ----------------------------------------------------------------------------------


def results(sheets: dict[str, ScoreSheet]) -> list[Result]:
    return [score(OFFICE, one) for one in sheets.values()]


def test_totals_stand_in_the_order_given_without_ranks() -> None:
    table = totals_table(OFFICE, results(SHEETS), WORDS)
    assert [one["unit"] for one in records(table)] == list(SHEETS)
    assert {one["rank"] for one in records(table)} == {None}
    assert (table.name, table.title, table.notes) == ("totals", "Totals: 部门", ())
    hidden = [one.name for one in table.columns if not one.shown]
    assert hidden == ["rubric", "period", "rank", "remark"]
    assert not any(one.live for one in table.columns)


def test_totals_show_periods_and_unscored_items_where_there_are_any() -> None:
    sheets = SHEETS | {"县商务局": sheet("县商务局", "A1: 2.5", 'period: "2018",')}
    table = totals_table(OFFICE, results(sheets), WORDS)
    assert column(table, "period").shown
    assert column(table, "remark").shown
    assert [(one["period"], one["remark"]) for one in records(table)] == [
        (None, None),
        (None, None),
        ("2018", "provisional, unscored: 4"),
    ]


# --- scores and deductions -------------------------------------------------------------------


def test_scores_tell_zero_from_unscored_from_not_assessed() -> None:
    sheets = {
        "移动公司": sheet("移动公司", "A1: 0, A2: 0.5, C1: 6"),
        "县商务局": sheet("县商务局", "A1: 2.5, A2: 0.5, B1: , C1: 0, C2: 4"),
    }
    table = scores_table(OFFICE, ranking_of(sheets), sheets, CHINESE)
    first, second = records(table)
    assert (first["unit"], first["items.B1"], first["items.C1"]) == ("县商务局", "未评", 0)
    assert (second["unit"], second["items.A1"], second["items.B1"]) == ("移动公司", 0, "未评")
    assert second["items.C2"] is None
    assert [one["rank"] for one in (first, second)] == [1, 2]


def test_caps_stand_above_the_scores_where_all_units_have_the_same() -> None:
    table = scores_table(OFFICE, ranking_of(SHEETS), SHEETS, WORDS)
    caps = {one.title: one.cap for one in table.columns if one.name.startswith("items.")}
    assert caps == {"A1": Decimal("2.5"), "A2": Decimal("0.5"), "B1": 1, "C1": None, "C2": 4}
    assert column(table, "total").cap == 10
    assert column(table, "total").live == SumOf(
        tuple(f"items.{name}" for name in ("A1", "A2", "B1", "C1", "C2")), 2
    )
    assert column(table, "items.A1").decimals == 2


def test_one_item_number_in_two_sections_has_two_columns() -> None:
    rubric = read_rubric("""
id: office
title: 部门
total: 3
sections:
  - id: X
    title: 甲
    max: 1
    per_unit:
      - {units: [移动公司], items: [{id: C1, max: 1, text: 一}]}
      - {units: [县商务局], items: [{id: C2, max: 1, text: 二}]}
  - id: Y.1
    title: 乙
    max: 2
    per_unit:
      - {units: [移动公司], items: [{id: C2, max: 2, text: 三}]}
      - {units: [县商务局], items: [{id: C1, max: 2, text: 四}]}
""")
    sheets = {
        "移动公司": sheet("移动公司", "C1: 1, C2: 2"),
        "县商务局": sheet("县商务局", "C1: 1.5, C2: 0.5"),
    }
    ranking = ranking_of(sheets, rubric)
    table = scores_table(rubric, ranking, sheets, WORDS)
    names = ["items.X.C1", "items.X.C2", "items.Y.1.C2", "items.Y.1.C1"]
    assert [one.name for one in table.columns if one.name.startswith("items.")] == names
    first, second = records(table)
    assert [first[name] for name in names] == [1, None, 2, None]
    assert [second[name] for name in names] == [None, Decimal("0.5"), None, Decimal("1.5")]
    sums = ranking_table(rubric, ranking, WORDS)
    assert column(sums, "sections.X").live == SumOf(tuple(names[:2]), 2, "scores")
    assert column(sums, "sections.Y.1").live == SumOf(tuple(names[2:]), 2, "scores")
    for one in records(sums):
        own = next(row for row in records(table) if row["unit"] == one["unit"])
        for section in ("X", "Y.1"):
            cells = [own[name] for name in names if name.startswith(f"items.{section}.")]
            assert (
                sum(cell for cell in cells if isinstance(cell, Decimal))
                == one[f"sections.{section}"]
            )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("每迟到、早退一次扣1分。", "每迟到、早退一次扣1分。"),
        ("每迟到、早退一人次扣 0.5 分。", "每迟到、早退一人次扣……"),
        ("辖区内培育电子商务企业5家以上。", "辖区内培育电子商务企业5……"),
        ("组织本乡（镇）龙头企业、合作社参加", "组织本乡（镇）龙头企业……"),
        ("Every meeting that was missed costs 1 point", "Every meeting that was……"),
        ("提供电商精准扶贫档案，详细记录帮扶", "提供电商精准扶贫档案……"),
        ("按月上报，并提供全部档案和统计报表", "按月上报，并提供全部档案……"),
        ("（见附件）；档案台账齐全；查阅资料", "（见附件）；档案台账齐全……"),
        ("Keep the list of all forms; show it", "Keep the list of all forms……"),
    ],
)
def test_a_long_wording_ends_neither_within_a_number_nor_with_a_stop(text: str, shown: str) -> None:
    rubric = read_rubric(RUBRIC.replace("有人管", text))
    rows = records(deductions_table(rubric, ranking_of(SHEETS, rubric), SHEETS, WORDS))
    assert [rows[0]["text"], rows[0]["wording"]] == [text, shown]


def test_deductions_give_the_reason_and_the_evidence() -> None:
    table = deductions_table(OFFICE, ranking_of(SHEETS), SHEETS, WORDS)
    assert [list(one.values()) for one in records(table)] == [
        [
            "移动公司",
            "A1",
            *["有人管"] * 2,
            Decimal("2.5"),
            Decimal("2.25"),
            Decimal("0.25"),
            None,
            None,
        ],
        [
            "联通公司",
            "A1",
            *["有人管"] * 2,
            Decimal("2.5"),
            2,
            Decimal("0.5"),
            "缺会议",
            "照片, 记录",
        ],
        ["县商务局", "C1", *["牵头"] * 2, 2, Decimal("1.5"), Decimal("0.5"), None, None],
    ]


def test_what_is_not_yet_scored_has_lost_nothing() -> None:
    sheets = {"移动公司": sheet("移动公司", "A1: , A2: 0.5, C1: {note: 等材料}")}
    assert records(deductions_table(OFFICE, ranking_of(sheets), sheets, WORDS)) == []


# --- rubrics ---------------------------------------------------------------------------------


def test_a_rubric_lists_every_item_with_its_units() -> None:
    table = rubric_table(OFFICE, WORDS)
    assert table.title == "部门, 10 points"
    assert [list(one.values()) for one in records(table)] == [
        ["领导 (3)", None, "A1", Decimal("2.5"), "有人管"],
        ["领导 (3)", None, "A2", Decimal("0.5"), "有会议"],
        ["宣传 (1)", None, "B1", 1, "有人说"],
        ["个性 (6)", "移动公司, 联通公司", "C1", 6, "网络"],
        ["个性 (6)", "县商务局", "C1", 2, "牵头"],
        ["个性 (6)", "县商务局", "C2", 4, "督促"],
    ]
    assert column(table, "units").shown


def test_points_of_a_rubric_are_shown_without_needless_zeros() -> None:
    text = RUBRIC.replace("max: 6\n", "max: 6.00\n").replace("total: 10", "total: 10.0")
    table = rubric_table(read_rubric(text), WORDS)
    assert table.title == "部门, 10 points"
    assert records(table)[-1]["section"] == "个性 (6)"


def test_a_rubric_for_any_unit_shows_no_units() -> None:
    rubric = read_rubric("""
id: a
title: a
total: 1
sections:
  - {id: A, title: 甲, max: 1, items: [{id: A1, max: 1, text: 一}]}
""")
    table = rubric_table(rubric, WORDS)
    assert not column(table, "units").shown
    (row,) = records(rubrics_table([(rubric, "a.yaml")], WORDS))
    assert list(row.values()) == ["a", "a", 1, "a.yaml"]


# --- about -----------------------------------------------------------------------------------


def test_a_result_says_what_it_was_made_of() -> None:
    sums = (sha256(b"1").hexdigest(), sha256(b"2").hexdigest())
    left_out = (
        *(LeftOut("scores/甲.yaml", "甲公司"), LeftOut("乙.yaml", "")),
        *(LeftOut("", "丙公司", "missing"), LeftOut("丁.yaml", "丁公司", "unknown")),
        LeftOut("戊.et", "戊公司", "unreadable"),
    )
    coverage = Coverage(left_out, ["通知.pdf", "照片.jpg"])
    origin = Origin(OFFICE, ranking_of(SHEETS), "rubrics/x.yaml", "abc", sums, coverage)
    table = about_table([origin], "1.2.3", WORDS, "epa-score verify FILE")
    rows = {str(one["name"]): one["value"] for one in records(table)}
    assert rows == {
        "Made with": "epa-score 1.2.3",
        "How to verify": "epa-score verify FILE",
        "Rubric": "部门",
        "Rubric file": "rubrics/x.yaml",
        "SHA-256 of the rubric file": "abc",
        "Period": "none",
        "Number of score sheets": "3",
        "Ranking rule": WORDS("report.rule_competition"),
        "Decimals": WORDS("report.decimals_rule", decimals=2),
        "Score sheets left out as faulty or unreadable": "甲公司, 乙.yaml, 戊公司",
        "Units left out that are not on the roster": "丁公司",
        "Units without a score sheet": "丙公司",
        "Files not read": "通知.pdf, 照片.jpg",
        WORDS("report.about_other_periods"): "none",
        WORDS("report.about_digest"): sheets_digest(sums),
        "Check code": ranking_of(SHEETS).code,
    }
    assert [one["rubric"] for one in records(table)] == [None] * 2 + ["office"] * 14


def test_a_result_of_several_rubrics_says_it_of_each() -> None:
    sheets = {"移动公司": sheet("移动公司", "A1: 1, A2: 0, B1: 1, C1: 6", 'period: "2018",')}
    origins = [
        Origin(OFFICE, ranking_of(sheets), "a", "b", ()),
        Origin(OFFICE, ranking_of({}), "c", "d", ()),
    ]
    rows = records(about_table(origins, "1", WORDS))
    assert [one["value"] for one in rows if one["name"] == "Period"] == ["2018", "none"]
    assert len(rows) == 25


def test_the_digest_of_the_sheets_depends_on_nothing_but_their_contents() -> None:
    sums = [sha256(name.encode()).hexdigest() for name in "abc"]
    digests = {sheets_digest(order) for order in itertools.permutations(sums)}
    assert len(digests) == 1
    assert sheets_digest(sums[:2]) not in digests
    by_hand = sha256("".join(f"{one}\n" for one in sorted(sums)).encode()).hexdigest()
    assert digests == {by_hand}


@pytest.mark.parametrize(
    ("amounts", "decimals"),
    [([], 0), (["1", "20"], 0), (["1.50"], 1), (["1.5", "0.125"], 3), (["100.00"], 0)],
)
def test_decimals_are_those_that_are_needed(amounts: list[str], decimals: int) -> None:
    assert decimals_of(map(Decimal, amounts)) == decimals
