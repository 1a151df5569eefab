"""`run`: a whole assessment in one folder, as often as one likes."""

import contextlib
import json
import os
import re
import sys
from pathlib import Path

import pytest
import typer
from openpyxl import load_workbook
from tests.support.assessments import (
    COLLECTED,
    FOLDER,
    LIST,
    PAGE,
    RESULTS,
    RETURNED,
    change,
    hand_in,
    make,
    page_text,
)
from tests.support.commands import FULL_MARKS, SMALL, Outcome, Run, codes

from epa_score.cli import publishing
from epa_score.cli.commands.run import _show
from epa_score.exporters.xlsx.marks import find_marks
from epa_score.readers import source

FILES = ("result.json", "考核结果.html", "排名汇总.xlsx", "通报.docx")
LESS = "A1: 2, A2: 4, B1: {score: 3, note: 宣传少}"


def listed(folder: str) -> list[str]:
    return sorted(path.name for path in Path(folder).iterdir() if path.name[0] != ".")


def hand_in_all() -> None:
    for unit in ("甲镇", "乙镇", "丙镇"):
        hand_in(unit, FULL_MARKS)


def go(run: Run, *options: str) -> Outcome:
    return run("run", FOLDER, *options)


@pytest.fixture
def assessment(folder: Path, run: Run) -> Path:
    """An assessment of three units in the current folder, to which nobody has handed in."""
    make(run)
    return folder


@pytest.mark.usefixtures("assessment")
def test_everything_that_is_open_stands_on_the_page(run: Run) -> None:
    hand_in("甲镇", FULL_MARKS)
    change(hand_in("乙镇", FULL_MARKS), "E6", 9)
    outcome = go(run)
    assert outcome.code == 1
    assert outcome.text.splitlines() == [PAGE]
    assert codes(outcome.said) == ["EPA104"]
    assert "还不能排名：1 个单位的表有错，1 个单位没有交" in outcome.said
    in_english = run("run", FOLDER, lang="en").said
    assert "no ranking yet: faulty sheets of 1 unit, nothing from 1 unit" in in_english
    text = page_text(PAGE)
    assert text.startswith("2018年度小　收表情况\n单位名单 3 个")
    assert "应交\n3\n齐全\n1\n有错\n1\n未评完\n0\n没有交\n1\n" in text
    assert (
        "请改好以后重新交\n乙镇\n收到的评分表/乙镇.xlsx →\n退回/乙镇.xlsx\n"
        "E6\nA2 得 9 分，超过满分 4 分\n多了 5 分，改成 0 到 4 之间的数\n"
    ) in text
    assert "丙镇：2018年度小评分表尚未收到，请于　　月　　日前报送。" in text
    assert "乙镇：2018年度小评分表有误，请按退回的副本改好" in text
    assert 'href="../%E9%80%80%E5%9B%9E/%E4%B9%99%E9%95%87.xlsx"' in Path(PAGE).read_text("utf-8")
    assert listed(RETURNED) == ["乙镇.xlsx", "退改清单.html"]
    assert "乙镇" in page_text(LIST)
    assert "丙镇" not in page_text(LIST)
    assert listed(RESULTS) == ["收表情况.html"]


@pytest.mark.usefixtures("assessment")
def test_results_are_written_once_all_are_in(run: Run) -> None:
    hand_in("甲镇", FULL_MARKS)
    hand_in("乙镇", LESS)
    faulty = hand_in("丙镇", FULL_MARKS)
    change(faulty, "E6", 9)
    assert go(run).code == 1
    change(faulty, "E6", 1)
    change(faulty, "F6", "方案不全")
    outcome = go(run)
    assert outcome.code == 0, outcome.said
    assert "3 个单位全部交齐，结果已写好" in outcome.said
    assert listed(RESULTS) == sorted(FILES)
    assert listed(RETURNED) == []
    paths = outcome.text.splitlines()
    assert sorted(map(os.path.basename, paths)) == sorted(FILES)
    assert paths[0] == f"{RESULTS}/考核结果.html"
    found = json.loads(Path(RESULTS, "result.json").read_bytes())
    assert [(row["rank"], row["unit"], row["total"]) for row in found["ranking"]] == [
        (1, "甲镇", "10"),
        (2, "乙镇", "9"),
        (3, "丙镇", "7"),
    ]


@pytest.mark.usefixtures("assessment")
def test_a_result_is_not_written_again_unless_it_changed(run: Run) -> None:
    hand_in_all()
    assert go(run).code == 0
    before = {name: Path(RESULTS, name).read_bytes() for name in FILES}
    path = Path(COLLECTED, "甲镇.xlsx")
    change(path, "H1", None)  # saved again
    Path(COLLECTED, "照片.jpg").write_bytes(b"x")
    outcome = go(run)
    assert outcome.code == 0
    assert "结果和已有的一样，没有变化" in outcome.said
    assert {name: Path(RESULTS, name).read_bytes() for name in listed(RESULTS)} == before
    Path(RESULTS, "通报.docx").unlink()
    assert go(run).code == 0
    assert listed(RESULTS) == sorted(FILES)


@pytest.mark.usefixtures("assessment")
def test_a_changed_result_stands_beside_the_published_one(run: Run) -> None:
    hand_in_all()
    assert go(run).code == 0
    before = {name: Path(RESULTS, name).read_bytes() for name in FILES}
    hand_in("乙镇", LESS)
    outcome = go(run)
    assert outcome.code == 0
    assert all(Path(RESULTS, name).read_bytes() == data for name, data in before.items())
    new = sorted(set(listed(RESULTS)) - set(FILES))
    stamp = re.fullmatch(r"result( \d{4}-\d\d-\d\d ([0-9A-Z]{10}))\.json", new[0])
    assert stamp
    code = json.loads(Path(RESULTS, new[0]).read_bytes())["ranking"][0]["ranking_code"]
    assert stamp[2] == code
    assert new == sorted(
        [
            *(f"{name}{stamp[1]}{suffix}" for name, suffix in map(os.path.splitext, FILES)),
            f"与上次结果的变化{stamp[1]}.html",
        ]
    )
    text = page_text(f"{RESULTS}/与上次结果的变化{stamp[1]}.html")
    assert "乙镇\n1\n3\n10\n9\nB1 -1\n" in text
    assert "丙镇" not in text
    assert "与已有的结果（result.json）相比" in text
    assert go(run).code == 0
    assert sorted(set(listed(RESULTS)) - set(FILES)) == new
    hand_in("乙镇", FULL_MARKS)
    again = go(run)  # as the first one, which is not the last one: it stands beside both
    assert again.text.splitlines()[0].startswith(f"{RESULTS}/考核结果 ")
    assert len([name for name in listed(RESULTS) if name.endswith(".json")]) == 3


@pytest.mark.usefixtures("assessment")
def test_a_unit_that_is_gone_is_a_change(run: Run) -> None:
    hand_in_all()
    assert go(run).code == 0
    roster = next(Path(FOLDER).glob("*.txt"))
    roster.write_text("甲镇\n乙镇\n", "utf-8")
    Path(COLLECTED, "丙镇.xlsx").unlink()
    assert go(run).code == 0
    text = page_text(next(Path(RESULTS).glob("与上次结果的变化*.html")))
    assert "丙镇" in text
    assert "甲镇" not in text


def test_an_item_that_no_longer_applies_is_a_change(folder: Path, run: Run) -> None:
    rubric = SMALL.replace("{id: A1,", "{id: A1, not_applicable: full,")
    assert rubric != SMALL
    make(run)
    (Path(FOLDER) / "small.yaml").write_text(rubric, "utf-8")
    for settings in Path(FOLDER).glob("考核.yaml"):
        text = settings.read_text("utf-8")
        settings.write_text(re.sub("rubric: .*", "rubric: small.yaml", text), "utf-8")
    hand = 'rubric: small\nunit: {}\nperiod: "2018"\nscores: {{A1: {}, A2: 4, B1: 4}}\n'
    for unit in ("甲镇", "乙镇", "丙镇"):
        Path(COLLECTED, f"{unit}.yaml").write_text(hand.format(unit, 2), "utf-8")
    first = go(run)
    assert first.code == 0, first.said
    text = hand.format("乙镇", "{not_applicable: 没有这项工作}")
    Path(COLLECTED, "乙镇.yaml").write_text(text, "utf-8")
    assert go(run).code == 0
    shown = page_text(next(Path(RESULTS).glob("与上次结果的变化*.html")))
    assert "乙镇\n1\n1\n10\n10\nA1\n" in shown
    assert "甲镇" not in shown
    assert folder.is_dir()


@pytest.mark.usefixtures("assessment")
@pytest.mark.parametrize(
    "scores",
    [
        "A1: 2, A2: 4, B1: {score: 3, note: 又少了}",
        "A1: {score: 2, note: 有文件}, A2: 4, B1: {score: 3, note: 宣传少}",
        "A1: 2, A2: {score: 4, evidence: [册2]}, B1: {score: 3, note: 宣传少}",
    ],
)
def test_a_reason_or_evidence_alone_changes_the_result(run: Run, scores: str) -> None:
    hand_in_all()
    hand_in("乙镇", LESS)
    assert go(run).code == 0
    hand_in("乙镇", scores)
    assert go(run).code == 0
    assert len([name for name in listed(RESULTS) if name.endswith(".json")]) == 2
    (changes,) = (name for name in listed(RESULTS) if name.startswith("与上次"))
    assert "各项得分都没有变" in page_text(f"{RESULTS}/{changes}")
    (new,) = (name for name in listed(RESULTS) if name.startswith("result "))
    with contextlib.chdir(FOLDER):
        assert run("verify", f"结果/{new}", "收到的评分表").code == 0


@pytest.mark.usefixtures("folder")
def test_assessors_hand_in_one_after_the_other(run: Run) -> None:
    parts = "assessors:\n  - {name: 一组, items: [A]}\n  - {name: 二组, items: [B]}\n"
    Path("own.yaml").write_text(SMALL + parts, "utf-8")
    Path("roster.txt").write_text("甲镇\n乙镇\n", "utf-8")
    assert run("new", FOLDER, "--rubric", "own.yaml", "--roster", "roster.txt").code == 0
    sheets = {
        ("甲镇", "一组"): "A1: 2, A2: 4",
        ("甲镇", "二组"): "B1: 4",
        ("乙镇", "一组"): "A1: 2, A2: 3.5",
        ("乙镇", "二组"): "B1: 4",
    }
    for number, ((unit, assessor), scores) in enumerate(sheets.items()):
        assert run("run", FOLDER).code == 1
        text = f"rubric: small\nunit: {unit}\nassessor: {assessor}\nscores: {{{scores}}}\n"
        Path(COLLECTED, f"{number}.yaml").write_text(text, "utf-8")
        if number == 0:
            assert run("run", FOLDER).code == 1
            text = page_text(PAGE)
            assert "未评完\n1\n没有交\n1\n" in text
            assert "缺" in text
            assert not Path(LIST).exists()
    outcome = run("run", FOLDER)
    assert outcome.code == 0, outcome.said


@pytest.mark.usefixtures("folder")
def test_a_sound_form_of_an_open_panel_is_not_sent_back(run: Run) -> None:
    Path("own.yaml").write_text(f"{SMALL}panel: {{by: item, method: mean, minimum: 2}}\n", "utf-8")
    Path("roster.txt").write_text("甲镇\n", "utf-8")
    assert run("new", FOLDER, "--rubric", "own.yaml", "--roster", "roster.txt").code == 0
    for number in (1, 2):
        form = Path(COLLECTED, f"甲镇{number}.xlsx")
        form.write_bytes(Path(FOLDER, "空白评分表", "甲镇.xlsx").read_bytes())
        change(form, "C3", f"评委{number}")
        for cell, points in (("E5", 2), ("E6", 4), ("E8", 4)):
            change(form, cell, points)
        outcome = go(run)
        assert outcome.code == 2 - number, outcome.said
        assert not Path(LIST).exists()
        if number == 1:
            assert "甲镇\n收到的评分表/甲镇1.xlsx\n" in page_text(PAGE)
            assert "评委人数不够" in page_text(PAGE)
    assert not Path(RETURNED).exists() or listed(RETURNED) == []


@pytest.mark.usefixtures("assessment")
def test_a_faulty_table_that_somebody_has_open_is_told(run: Run) -> None:
    table = ("form", "--rubric", "small", "--xlsx", "--table", "--roster", "roster.txt")
    assert run(*table, "-o", "登记表.xlsx").code == 0
    Path("登记表.xlsx").rename(Path(COLLECTED, "登记表.xlsx"))
    Path(COLLECTED, "~$登记表.xlsx").write_bytes(b"x")
    outcome = go(run)
    assert outcome.code == 1, outcome.said
    assert "正被人打开着" in page_text(PAGE)


@pytest.mark.usefixtures("assessment")
def test_a_sheet_of_another_period_of_a_unit_that_is_not_due_stops_nothing(run: Run) -> None:
    hand_in_all()
    old = f'rubric: small\nunit: 丁镇\nperiod: "2017"\nscores: {{{FULL_MARKS}}}\n'
    Path(COLLECTED, "丁镇.yaml").write_text(old, "utf-8")
    outcome = go(run)
    assert outcome.code == 0, outcome.said
    assert "另有 1 张评分表属于其他考核期" in outcome.said


@pytest.mark.usefixtures("assessment")
def test_a_record_of_another_program_is_no_earlier_result(run: Run) -> None:
    hand_in_all()
    Path(RESULTS).mkdir()
    Path(RESULTS, "result.json").write_text('{"a": 1}', "utf-8")
    assert go(run).code == 0
    assert go(run).code == 0
    assert Path(RESULTS, "result.json").read_text("utf-8") == '{"a": 1}'


@pytest.mark.usefixtures("folder")
def test_a_slip_in_the_name_of_a_listed_unit_is_no_missing_sheet(run: Run) -> None:
    Path("own.yaml").write_text(f"{SMALL}units: [甲镇, 乙镇]\n", "utf-8")
    assert run("new", FOLDER, "--rubric", "own.yaml").code == 0
    text = f"rubric: small\nunit: 甲乡镇\nscores: {{{FULL_MARKS}}}\n"
    Path(COLLECTED, "甲.yaml").write_text(text, "utf-8")
    assert run("run", FOLDER).code == 1
    text = page_text(PAGE)
    assert "最接近的是【甲镇】" in text
    assert "乙镇：" in text
    assert "甲镇：2018" not in text
    assert "没有交\n1\n" in text


@pytest.mark.usefixtures("assessment")
def test_what_lies_in_the_place_of_a_result_is_kept(run: Run) -> None:
    hand_in_all()
    Path(RESULTS).mkdir()
    Path(RESULTS, "排名汇总.xlsx").write_bytes(b"mine")
    Path(RESULTS, "result.json").write_bytes(b"[1]")
    outcome = go(run)
    assert outcome.code == 0
    assert Path(RESULTS, "排名汇总.xlsx").read_bytes() == b"mine"
    assert len(listed(RESULTS)) == 2 + len(FILES)


@pytest.mark.usefixtures("assessment")
def test_an_open_collection_says_that_results_are_of_before(run: Run) -> None:
    hand_in_all()
    assert go(run).code == 0
    Path(COLLECTED, "丙镇.xlsx").unlink()
    assert go(run).code == 1
    assert "【结果】里已有的结果是以前算的" in page_text(PAGE)
    hand_in("丙镇", FULL_MARKS)
    assert go(run).code == 0
    assert not Path(PAGE).exists()


@pytest.mark.usefixtures("assessment")
def test_a_marked_copy_in_which_somebody_worked_stays(run: Run) -> None:
    hand_in_all()
    for unit in ("甲镇", "乙镇"):
        change(Path(COLLECTED, f"{unit}.xlsx"), "E6", 9)
    assert go(run).code == 1
    assert listed(RETURNED) == ["乙镇.xlsx", "甲镇.xlsx", "退改清单.html"]
    change(Path(RETURNED, "甲镇.xlsx"), "E6", 3)
    for unit in ("甲镇", "乙镇"):
        hand_in(unit, FULL_MARKS)
    outcome = go(run)
    assert outcome.code == 0
    assert listed(RETURNED) == ["甲镇.xlsx"]
    assert "退回的表里有人改过的没有动" in outcome.said
    assert load_workbook(Path(RETURNED, "甲镇.xlsx")).worksheets[0]["E6"].value == 3


@pytest.mark.usefixtures("assessment")
def test_a_copy_handed_in_with_its_marks_counts(run: Run) -> None:
    hand_in_all()
    change(Path(COLLECTED, "甲镇.xlsx"), "E6", 9)
    assert go(run).code == 1
    returned = Path(RETURNED, "甲镇.xlsx")
    change(returned, "E6", 4)
    assert find_marks(returned.read_bytes()).marked
    returned.replace(Path(COLLECTED, "甲镇.xlsx"))
    assert go(run).code == 0


@pytest.mark.usefixtures("assessment")
def test_nothing_that_is_handed_in_is_passed_over(run: Run) -> None:
    hand_in_all()
    hand_in("甲镇人民政府", FULL_MARKS)
    outcome = go(run)
    assert outcome.code == 1
    text = page_text(PAGE)
    assert "请核对单位\n甲镇人民政府\n" in text
    assert "1 张表的单位不在名单里" in text
    Path(COLLECTED, "甲镇.xlsx").unlink()
    text = page_text(PAGE) if go(run).code else ""
    assert "有错\n1\n" in text
    assert "没有交\n0\n" in text
    assert "尚未收到" not in text


@pytest.mark.usefixtures("assessment")
def test_both_sheets_of_a_unit_are_named_with_the_other(run: Run) -> None:
    hand_in_all()
    hand_in("甲镇", FULL_MARKS, name="甲镇 - 副本.xlsx")
    assert go(run).code == 1
    text = page_text(PAGE)
    why = "这个单位不止一张评分表，只留对的一张；另有：收到的评分表/甲镇.xlsx"
    assert f"甲镇\n收到的评分表/甲镇 - 副本.xlsx\n文件\n{why}\n" in text
    assert "【甲镇】已经有一张评分表了" in text
    assert "有误\n" not in text
    change(Path(COLLECTED, "甲镇.xlsx"), "E6", None)
    assert go(run).code == 1
    assert "有误\n" not in page_text(PAGE)


@pytest.mark.usefixtures("assessment")
def test_advice_of_several_lines_is_a_sentence(run: Run) -> None:
    hand_in_all()
    change(Path(COLLECTED, "甲镇.xlsx"), "C6", "改过的内容。")
    assert go(run).code == 1
    text = page_text(PAGE)
    assert "（从空白评分表复制）；改不动的格，先点【审阅】里的【撤销工作表保护】" in text
    assert "提示：" not in text


@pytest.mark.usefixtures("assessment")
def test_sheets_that_do_not_count_are_named(run: Run) -> None:
    other = SMALL.replace("id: small", "id: other")
    Path("rubrics/other.yaml").write_text(other, "utf-8")
    full = f"scores: {{{FULL_MARKS}}}\n"
    sheets = {
        "别的": 'rubric: other\nunit: 甲镇\nperiod: "2018"\n',
        "去年": 'rubric: small\nunit: 乙镇\nperiod: "2017"\n',
        "今年": 'rubric: small\nunit: 乙镇\nperiod: "2018"\n',
        "早的": 'rubric: small\nunit: 丙镇\nperiod: "2016"\n',
    }
    for name, head in sheets.items():
        Path(COLLECTED, f"{name}.yaml").write_text(head + full, "utf-8")
    assert go(run).code == 1
    text = page_text(PAGE)
    assert "有 1 张评分表是按别的评分细则填的，没有算在内：收到的评分表/别的.yaml" in text
    assert (
        "有 2 张评分表是别的考核期的，没有算在内：收到的评分表/去年.yaml、收到的评分表/早的.yaml"
    ) in text
    why = "这张表的考核期是【2016】，这次考核的是【2018】\n"
    why += "写错了的改成 2018；交错了表的换成这次的\n"
    assert f"丙镇\n收到的评分表/早的.yaml\n第 3 行\n{why}" in text
    assert "丙镇：收到的评分表考核期不是这一次的" in text
    assert "乙镇\n收到" not in text


@pytest.mark.usefixtures("assessment")
def test_a_file_that_is_no_sheet_is_named(run: Run) -> None:
    Path(COLLECTED, "会议纪要.docx").write_bytes(b"minutes")
    assert go(run).code == 1
    assert "会议纪要.docx" in page_text(PAGE)


@pytest.mark.usefixtures("assessment")
def test_documents_have_the_title_of_the_assessment(run: Run) -> None:
    settings = Path(FOLDER, "考核.yaml")
    settings.write_text(settings.read_text("utf-8") + "title: 示例县年度考核\n", "utf-8")
    assert go(run).code == 1
    assert "示例县年度考核" in page_text(PAGE)


@pytest.mark.usefixtures("assessment")
def test_an_earlier_page_that_cannot_be_removed_is_named(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert go(run).code == 1
    hand_in_all()

    def locked(path: str) -> None:
        raise PermissionError(13, "", path)

    with monkeypatch.context() as patch:
        patch.setattr(os, "unlink", locked)
        outcome = go(run)
    assert outcome.code == 3
    assert Path(PAGE).name in outcome.said


@pytest.mark.usefixtures("assessment")
def test_what_is_wrong_between_sound_sheets_is_told(run: Run) -> None:
    settings = Path(FOLDER, "考核.yaml")
    lines = settings.read_text("utf-8").splitlines()
    settings.write_text("\n".join(line for line in lines if "period" not in line), "utf-8")
    hand_in_all()
    text = f'rubric: small\nunit: 丙镇\nperiod: "2017"\nscores: {{{FULL_MARKS}}}\n'
    Path(COLLECTED, "丙镇.xlsx").unlink()
    Path(COLLECTED, "丙镇.yaml").write_text(text, "utf-8")
    outcome = go(run)
    assert outcome.code == 1
    text = page_text(PAGE)
    assert "还不能排名：请看下面列出的问题" in text
    assert "汇总时发现的问题\n" in text
    assert "2017" in text


@pytest.mark.usefixtures("assessment")
def test_a_form_that_somebody_has_open_is_named(run: Run) -> None:
    hand_in("甲镇", FULL_MARKS)
    Path(COLLECTED, "~$甲镇.xlsx").write_bytes(b"x")
    assert go(run).code == 1
    assert "这张评分表正被人打开着，可能还在改（收到的评分表/甲镇.xlsx）" in page_text(PAGE)


@pytest.mark.usefixtures("assessment")
def test_the_page_is_shown(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    monkeypatch.setattr(typer, "launch", shown.append)
    assert go(run, "--open").code == 1
    hand_in_all()
    assert go(run, "--open").code == 0
    assert shown == [PAGE, f"{RESULTS}/考核结果.html"]


@pytest.mark.parametrize("fault", [None, OSError(1155, "no program for it")])
def test_windows_shows_the_page_itself(
    fault: OSError | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []

    def start(path: str) -> None:
        shown.append(path)
        if fault:
            raise fault

    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(os, "startfile", start, raising=False)
    _show("结果/收表情况.html")
    assert shown == ["结果/收表情况.html"]


@pytest.mark.usefixtures("assessment")
def test_a_copy_that_cannot_be_written_keeps_nothing_else_from_it(run: Run) -> None:
    change(hand_in("甲镇", FULL_MARKS), "E6", 9)
    Path(RETURNED).mkdir()
    Path(RETURNED, "甲镇.xlsx").write_bytes(b"mine")
    outcome = go(run)
    assert outcome.code == 3
    assert codes(outcome.said) == ["EPA104", "EPA904"]
    assert Path(RETURNED, "甲镇.xlsx").read_bytes() == b"mine"
    assert "A2 得 9 分" in page_text(PAGE)


@pytest.mark.usefixtures("assessment")
def test_a_page_that_cannot_be_written_is_not_shown_as_one(run: Run) -> None:
    Path(PAGE).mkdir(parents=True)
    outcome = go(run)
    assert outcome.code == 3
    assert outcome.out == b""
    assert PAGE in outcome.said


@pytest.mark.usefixtures("assessment")
def test_units_whose_sheets_have_no_marked_copy_are_not_sent_to_one(run: Run) -> None:
    change(hand_in("甲镇", FULL_MARKS), "E6", 9)
    text = 'rubric: small\nunit: 乙镇\nperiod: "2018"\nscores: {A1: 9, A2: 5, B1: 4}\n'
    Path(COLLECTED, "乙镇.yaml").write_text(text, "utf-8")
    assert go(run).code == 1
    reminders = [line for line in page_text(PAGE).splitlines() if "重新报送" in line]
    assert [("甲镇" in line, "退回的副本" in line) for line in reminders] == [
        (False, False),
        (True, True),
    ]


@pytest.mark.usefixtures("assessment")
def test_a_copy_that_cannot_be_removed_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    hand_in_all()
    change(Path(COLLECTED, "甲镇.xlsx"), "E6", 9)
    assert go(run).code == 1
    hand_in("甲镇", FULL_MARKS)

    def locked(path: Path) -> None:
        raise PermissionError(13, "", str(path))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", locked)
        outcome = go(run)
    assert outcome.code == 3
    assert "退回/甲镇.xlsx" in outcome.said


@pytest.mark.usefixtures("assessment")
def test_without_python_docx_there_is_no_notice(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    hand_in_all()
    monkeypatch.setattr(publishing, "find_spec", lambda _name: None)
    outcome = go(run)
    assert outcome.code == 0
    assert "没有安装 python-docx" in outcome.said
    assert "通报.docx" not in listed(RESULTS)


def test_a_folder_is_named_in_several_ways(
    assessment: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("run", f"{FOLDER}/考核.yaml").text.splitlines() == [PAGE]
    assert run("run", f"{FOLDER}/").code == 1
    for wrong in (COLLECTED, f"{FOLDER}/roster.txt"):
        outcome = run("run", wrong)
        assert outcome.code == 2
        assert f"考核.yaml 在 {FOLDER} 里" in outcome.said
    outcome = run("run", str(assessment))
    assert outcome.code == 2
    assert "不是考核文件夹" in outcome.said
    monkeypatch.chdir(FOLDER)
    assert run("run", ".").text.splitlines() == ["结果/收表情况.html"]
    assert run("run", "考核.yaml").text.splitlines() == ["结果/收表情况.html"]


@pytest.mark.usefixtures("assessment")
def test_a_faulty_file_of_an_assessment_is_told(run: Run) -> None:
    Path(FOLDER, "考核.yaml").write_text("rubric: smal\nroster: 名单.txt\n", "utf-8")
    outcome = go(run)
    assert outcome.code == 1
    assert codes(outcome.said) == ["EPA101"]
    assert run("validate", f"{FOLDER}/考核.yaml").code == 1
    Path(FOLDER, "考核.yaml").write_text("rubric: 评分细则.yaml\nrooster: 名单.txt\n", "utf-8")
    assert codes(go(run).said) == ["EPA020"]


@pytest.mark.usefixtures("assessment")
def test_the_folder_can_be_handed_on(run: Run) -> None:
    hand_in_all()
    assert go(run).code == 0
    Path("rubrics", "small.yaml").unlink()
    Path("elsewhere").mkdir()
    Path(FOLDER).rename("elsewhere/x")
    outcome = run("run", "elsewhere/x")
    assert outcome.code == 0, outcome.said
    assert "没有变化" in outcome.said
    about = json.loads(Path("elsewhere/x/结果/result.json").read_bytes())["about"]
    (line,) = (row["value"] for row in about if row["name"] == "核对方法")
    assert line.endswith("--rubric '评分细则.yaml' --roster '名单.txt' --period 2018")


def test_documents_are_in_the_language_of_the_rubric(folder: Path, run: Run) -> None:
    Path("rubrics").mkdir()
    Path("rubrics/small.yaml").write_text(f"lang: en\n{SMALL}", "utf-8")
    Path("units.txt").write_text("甲镇\n", "utf-8")
    made = run("new", "2018", "--rubric", "small", "--roster", "units.txt", lang="en")
    assert made.code == 0, made.said
    assert listed("2018") == [
        "assessment.yaml",
        "blank forms",
        "collected forms",
        "roster.txt",
        "rubric.yaml",
    ]
    outcome = run("run", "2018", lang="en")
    assert outcome.code == 1
    assert outcome.text.splitlines() == ["2018/results/collection.html"]
    assert "甲镇: your sheet of 小 has not arrived" in page_text(folder / outcome.text.strip())


@pytest.mark.usefixtures("assessment")
def test_what_a_cloud_left_half_done_is_told(run: Run) -> None:
    hand_in_all()
    Path(COLLECTED, "甲镇.xlsx").write_bytes(b"")
    Path(COLLECTED, "乙镇.xlsx").rename(Path(COLLECTED, ".乙镇.xlsx.icloud"))
    twice = Path(COLLECTED, "丙镇 (某某的冲突副本).xlsx")
    twice.write_bytes(Path(COLLECTED, "丙镇.xlsx").read_bytes())
    assert go(run).code == 1
    text = page_text(PAGE)
    assert "甲镇\n收到的评分表/甲镇.xlsx\n文件\n这个文件是空的" in text
    assert "乙镇\n收到的评分表/.乙镇.xlsx.icloud\n文件\n这个文件没有下载完" in text
    assert "收到的评分表/丙镇 (某某的冲突副本).xlsx" in text
    assert "有错\n3\n" in text


@pytest.mark.usefixtures("assessment")
def test_a_form_that_another_program_locks_is_told(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_in_all()
    read = source.read_bytes

    def locked(path: str, most: int) -> bytes:
        if path.endswith("乙镇.xlsx"):
            raise PermissionError(13, "Permission denied", path)
        return read(path, most)

    with monkeypatch.context() as patch:
        patch.setattr(source, "read_bytes", locked)
        outcome = go(run)
    assert outcome.code == 1, outcome.said
    assert codes(outcome.said) == ["EPA018"]
    text = page_text(PAGE)
    assert "乙镇\n收到的评分表/乙镇.xlsx\n文件\n" in text
    assert "有错\n1\n" in text
    assert go(run).code == 0


@pytest.mark.usefixtures("assessment")
def test_a_mended_form_beside_the_faulty_one_is_told(run: Run) -> None:
    hand_in_all()
    change(Path(COLLECTED, "甲镇.xlsx"), "E6", 9)
    hand_in("甲镇", FULL_MARKS, "甲镇（改）.xlsx")
    outcome = run("run", Path(FOLDER).absolute())
    assert outcome.code == 1
    text = page_text(PAGE)
    assert "A2 得 9 分" in text
    assert "甲镇（改）.xlsx" in text
    assert str(Path.cwd()) not in Path(PAGE).read_text("utf-8")


@pytest.mark.usefixtures("assessment")
def test_a_deduction_without_a_reason_is_to_be_looked_at(run: Run) -> None:
    hand_in("甲镇", FULL_MARKS)
    hand_in("乙镇", "A1: 1, A2: 4, B1: 4")
    outcome = go(run)
    assert outcome.code == 1
    assert codes(outcome.said) == ["EPA443"]
    assert "收到的评分表/乙镇.xlsx" in page_text(PAGE).partition("\n请核对\n")[2]


@pytest.mark.usefixtures("assessment")
def test_a_sheet_without_a_period_says_so(run: Run) -> None:
    text = f"rubric: small\nunit: 甲镇\nscores: {{{FULL_MARKS}}}\n"
    Path(COLLECTED, "甲镇.yaml").write_text(text, "utf-8")
    assert go(run).code == 1
    why = "这张表没有写考核期，这次考核的是【2018】\n写上 2018\n"
    assert f"第 1 行\n{why}" in page_text(PAGE)


@pytest.mark.usefixtures("assessment")
@pytest.mark.parametrize(("period", "cell"), [("2017", "F3"), (None, "D3")])
def test_a_form_of_another_period_goes_back_with_its_cell_marked(
    run: Run, period: str | None, cell: str
) -> None:
    change(hand_in("甲镇", FULL_MARKS), "F3", period)
    assert go(run).code == 1
    assert f"\n{cell}\n" in page_text(PAGE)
    sheet = load_workbook(Path(RETURNED, "甲镇.xlsx")).worksheets[0]
    assert "2018" in sheet[cell].comment.text


@pytest.mark.usefixtures("assessment")
def test_two_sheets_of_a_unit_name_each_other_inside_the_folder(run: Run) -> None:
    hand_in_all()
    hand_in("甲镇", FULL_MARKS, "甲镇2.xlsx")
    assert run("run", Path(FOLDER).absolute()).code == 1
    for path in (PAGE, LIST):
        text = Path(path).read_text("utf-8")
        assert "收到的评分表/甲镇.xlsx" in text
        assert str(Path.cwd()) not in text
