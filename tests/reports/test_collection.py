"""The page on a collection: every unit is counted once, and nothing that is wrong is left out."""

from collections.abc import Sequence
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epa_score.i18n import LANGUAGES, Words
from epa_score.reports.collection import Collected, CollectionPage, collection_page, returned_page
from epa_score.reports.status import Submission, SubmissionState, UnitFault, is_all_in

WORDS = Words("zh_CN")
STATES = st.sampled_from(get_args(SubmissionState))


def collected(states: Sequence[SubmissionState]) -> Collected:
    """A unit a state, each with a file and a fault in it unless it is complete or missing."""
    lines, faults = [], []
    for number, state in enumerate(states):
        file = "" if state == "missing" else f"{number}.xlsx"
        lines.append(Submission(f"第{number}镇", file, state, file))
        if state not in ("missing", "complete", "other_period", "blank"):
            faults.append(UnitFault(f"第{number}镇", file, "评分表!E7", f"错{number}。", "改"))
    units = [line.unit for line in lines if line.state != "unknown"]
    return Collected(units, lines, faults)


def told(page: CollectionPage) -> list[str]:
    return [fault.what for group in page.groups for case in group.files for fault in case.faults]


@given(st.lists(STATES, min_size=1))
def test_every_unit_is_in_one_figure(states: list[SubmissionState]) -> None:
    found = collected(states)
    due, *figures = collection_page("考核", "", found, WORDS).figures
    assert due.number == len(found.units)
    assert sum(figure.number for figure in figures) == due.number
    assert figures[0].number == states.count("complete")


@given(st.lists(STATES, min_size=1))
def test_every_fault_and_every_open_file_is_told_once(states: list[SubmissionState]) -> None:
    found = collected(states)
    page = collection_page("考核", "", found, WORDS)
    assert sorted(fault.what for fault in found.faults) == sorted(
        what for what in told(page) if what.startswith("错")
    )
    paths = [case.path for group in page.groups for case in group.files]
    open_files = [line.file for line in found.lines if line.file and line.state != "complete"]
    assert sorted(paths) == sorted(open_files)


@given(st.lists(STATES, min_size=1))
def test_the_verdict_says_why_there_is_no_ranking(states: list[SubmissionState]) -> None:
    found = collected(states)
    verdict = collection_page("考核", "", found, WORDS).verdict
    assert verdict.startswith("还不能排名：")
    is_open = not is_all_in(found.states.values(), found.lines)
    assert ("请看下面" in verdict) != is_open


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", [own for own in get_args(SubmissionState) if own != "complete"])
def test_every_open_state_of_a_unit_is_reminded(language: str, state: SubmissionState) -> None:
    page = collection_page("考核", "", collected([state]), Words(language))
    assert len(page.reminders) == (0 if state == "unknown" else 1)
    assert all("第0镇" in text and "考核" in text for text in page.reminders)


def test_a_unit_that_a_sheet_was_meant_for_is_not_missing() -> None:
    lines = [
        Submission("甲镇政府", "a.xlsx", "unknown", "a.xlsx"),
        Submission("甲镇", "", "missing"),
    ]
    found = Collected(["甲镇"], lines, [UnitFault("甲镇政府", "a.xlsx", "", "没有", "改")])
    page = collection_page("考核", "", found._replace(meant={"甲镇"}), WORDS)
    assert page.reminders == []
    assert [figure.number for figure in page.figures] == [1, 0, 1, 0, 0]
    assert page.verdict == "还不能排名：1 个单位的表有错"
    assert collection_page("考核", "", found, WORDS).verdict == (
        "还不能排名：1 个单位没有交，1 张表的单位不在名单里"
    )


def test_cells_of_one_worksheet_are_named_without_it() -> None:
    lines = [Submission("甲镇", "a.xlsx 甲", "faulty", "a.xlsx")]
    faults = [UnitFault("甲镇", "a.xlsx", f"{sheet}!E7", "错", "") for sheet in ("甲", "甲")]
    places = [
        [fault.place for fault in collection_page("", "", own, WORDS).groups[0].files[0].faults]
        for own in (
            Collected(["甲镇"], lines, faults),
            Collected(["甲镇"], lines, [faults[0], faults[0]._replace(place="乙!E7")]),
            Collected(["甲镇"], lines, [faults[0]._replace(place="")]),
        )
    ]
    assert places == [["E7", "E7"], ["甲!E7", "乙!E7"], ["文件"]]


def test_what_is_sent_back_is_listed_alone() -> None:
    found = collected(["faulty", "missing", "unknown"])
    page = returned_page("考核", "", found._replace(returned={"0.xlsx": "退回/0.xlsx"}), WORDS)
    assert told(page) == ["错0。"]
    assert (page.figures, page.reminders, page.remarks, page.verdict) == ((), (), (), "")
    assert returned_page("考核", "", found, WORDS).groups == []


def test_every_unit_of_a_file_is_named() -> None:
    states: list[SubmissionState] = ["faulty", "incomplete", "complete"]
    units = ("甲镇", "乙镇", "丙镇")
    lines = [
        Submission(unit, f"表.xlsx {unit}", state, "表.xlsx")
        for unit, state in zip(units, states, strict=True)
    ]
    faults = [
        UnitFault("甲镇", "表.xlsx", "登记表!E7", "得 9 分", ""),
        UnitFault("乙镇", "表.xlsx", "登记表!E8", "乙镇有 1 个项目未评", ""),
    ]
    (group,) = collection_page("", "", Collected(units, lines, faults), WORDS).groups
    (file,) = group.files
    assert file.unit == "甲镇、乙镇"
    assert [fault.what for fault in file.faults] == ["甲镇：得 9 分", "乙镇有 1 个项目未评"]
