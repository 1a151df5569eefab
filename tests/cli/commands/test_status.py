"""`status`: who has handed in, in which state, and what is to be said to whom."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.support.commands import FULL_MARKS, HandIn, Outcome, Run, codes


def listed(outcome: Outcome) -> dict[str, Any]:
    found = json.loads(outcome.text)
    assert list(found) == ["status", "counts", "faults"]
    assert isinstance(found, dict)
    return found


def states(outcome: Outcome) -> list[tuple[str | None, str]]:
    return [(line["unit"], line["state"]) for line in listed(outcome)["status"]]


def counts(outcome: Outcome) -> dict[str, int]:
    return {line["state"]: line["number"] for line in listed(outcome)["counts"]}


def write_roster(folder: Path, *units: str) -> None:
    (folder / "名单.txt").write_text("\n".join(units), "utf-8")


ASKED = ("status", "--roster", "名单.txt", "--format", "json")


def test_every_state_is_told_and_counted(small: HandIn, folder: Path, run: Run) -> None:
    small("甲镇", FULL_MARKS)
    small("乙镇", "A1: 2, A2: 4")
    small("丙镇", "A1: 9, A2: 4, B1: 1")
    small("戊镇", FULL_MARKS)
    small("己镇", FULL_MARKS)
    small("己镇", FULL_MARKS)
    small("庚镇", "A1: , A2: , B1: ")
    (folder / "scores" / "坏.yaml").write_text("rubric: small\nscores: {}\n", "utf-8")
    (folder / "scores" / "2018年辛镇评分表.rar").write_bytes(b"x")
    write_roster(folder, "甲镇", "乙镇", "丙镇", "丁镇", "己镇", "庚镇", "辛镇")
    outcome = run(*ASKED)
    assert outcome.code == 1
    assert states(outcome) == [
        ("甲镇", "complete"),
        ("乙镇", "incomplete"),
        ("丙镇", "faulty"),
        ("丁镇", "missing"),
        ("己镇", "faulty"),
        ("己镇", "faulty"),
        ("庚镇", "blank"),
        ("辛镇", "unreadable"),
        ("戊镇", "unknown"),
        (None, "faulty"),
    ]
    assert counts(outcome) == {
        "due": 7,
        "complete": 1,
        "faulty": 2,
        "incomplete": 1,
        "unreadable": 1,
        "blank": 1,
        "missing": 1,
    }
    shown = run("status", "--roster", "名单.txt", lang="zh")
    for line in ("应交\t7", "已交\t1", "有误\t2", "未评完\t1", "未交\t1", "交了，读不出来\t1"):
        assert line in shown.text
    assert "辛镇\t交了，读不出来\tscores" in shown.text


def test_each_kind_has_a_reminder_that_can_be_sent(small: HandIn, folder: Path, run: Run) -> None:
    small("乙镇", "A1: 2, A2: 4")
    small("丙镇", "A1: 9, A2: 4, B1: 1")
    small("丁镇", "A1: , A2: , B1: ")
    small("戊镇", FULL_MARKS, 'period: "2017"')
    (folder / "scores" / "己镇.et").write_bytes(b"x")
    write_roster(folder, "甲镇", "子镇", "乙镇", "丙镇", "丁镇", "戊镇", "己镇")
    outcome = run("status", "--roster", "名单.txt", "--period", "2018", "--format", "md")
    assert [line for line in outcome.text.splitlines() if line.startswith("还有")] == [
        "还有 2 个单位没有交评分表，请尽快报送：甲镇、子镇",
        "还有 1 个单位交的评分表是空的，请填好再报送：丁镇",
        "还有 1 个单位交的文件读不出来，请另存为 .xlsx（压缩包请解压）再报送：己镇",
        "还有 1 个单位的评分表有误，请按退改清单改好再报送：丙镇",
        "还有 1 个单位的评分表没有评完，请把空着的项目评完再报送：乙镇",
        "还有 1 个单位交的是其他考核期的评分表，请报送这一期的：戊镇",
    ]


def test_faults_are_listed_by_unit_with_what_to_write(
    small: HandIn, folder: Path, run: Run
) -> None:
    small("丙镇", "A1: 9, A2: 八, B1: 1", name="0.yaml")
    small("乙镇", "A1: 2, A2: 4", name="1.yaml")
    small("己镇人民政府", FULL_MARKS, name="2.yaml")
    (folder / "scores" / "甲镇(1).xls").write_bytes(b"x")
    write_roster(folder, "甲镇", "乙镇", "丙镇", "己镇")
    faults = listed(run(*ASKED))["faults"]
    assert [(fault["unit"], Path(fault["file"]).name, fault["place"]) for fault in faults] == [
        ("甲镇", "甲镇(1).xls", None),
        ("乙镇", "1.yaml", "第 3 行"),
        ("丙镇", "0.yaml", "第 3 行"),
        ("丙镇", "0.yaml", "第 3 行"),
        ("己镇人民政府", "2.yaml", "第 2 行"),
    ]
    assert faults[2]["what"] == "A1 得 9 分，超过满分 2 分"
    assert "改成 0 到 2 之间的数" in faults[2]["advice"]
    assert "己镇】" in faults[-1]["advice"]
    assert not any(fault["advice"].startswith("提示") for fault in faults)
    english = json.loads(run(*ASKED, lang="en").text)["faults"]
    assert not any(fault["advice"].startswith("help") for fault in english)
    assert run("status", "--roster", "名单.txt").text.count("第 3 行") == 3


def test_a_blank_form_that_names_no_unit_is_blank(small: HandIn, folder: Path, run: Run) -> None:
    small("甲镇", FULL_MARKS)
    (folder / "forms").mkdir()
    for name in ("空.xlsx", "空.yaml"):
        kind = ["--xlsx"] if name.endswith("xlsx") else []
        assert run("form", "--rubric", "small", *kind, "-o", f"forms/{name}").code == 0
        (folder / "forms" / name).rename(folder / "scores" / name)
    blank = (folder / "scores" / "空.yaml").read_text("utf-8")
    (folder / "scores" / "填.yaml").write_text(blank.replace("A1:", "A1: 1"), "utf-8")
    write_roster(folder, "甲镇")
    outcome = run(*ASKED)
    assert outcome.code == 1
    lines = listed(outcome)["status"]
    assert [(line["unit"], line["state"], Path(line["file"]).name) for line in lines] == [
        ("甲镇", "complete", "000.yaml"),
        (None, "faulty", "填.yaml"),
        (None, "blank", "空.xlsx"),
        (None, "blank", "空.yaml"),
    ]
    typed_in = run("status", "-", "--roster", "名单.txt", "--format", "json", stdin=blank.encode())
    assert (None, "faulty") in states(typed_in), "what is gone cannot be looked at again"


def test_a_fault_of_a_form_names_its_cell(small: HandIn, folder: Path, run: Run) -> None:
    small("甲镇", FULL_MARKS)
    assert run("form", "--rubric", "small", "--unit", "乙镇", "--xlsx", "-o", "scores/乙.xlsx").out
    write_roster(folder, "甲镇", "乙镇")
    outcome = run(*ASKED)
    assert states(outcome) == [("甲镇", "complete"), ("乙镇", "blank")]
    (fault,) = listed(outcome)["faults"]
    assert fault["place"].startswith("评分表!")
    assert "黄色格" in fault["advice"]


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("甲镇.et", "甲镇"),
        ("甲镇(1).xls", "甲镇"),
        ("2018年甲镇评分表.rar", "甲镇"),
        ("示例甲镇.xls", "示例甲镇"),
        ("甲 镇（终稿）.xlsx.tmp", "甲镇"),
        ("甲镇和乙镇.zip", None),
        ("全部.zip", None),
    ],
)
def test_a_file_that_cannot_be_read_is_known_by_its_name(
    folder: Path, run: Run, name: str, unit: str | None
) -> None:
    (folder / "scores").mkdir()
    (folder / "scores" / name).write_bytes(b"x")
    write_roster(folder, "甲镇", "乙镇", "示例甲镇")
    assert (unit, "unreadable") in states(run(*ASKED))
    assert counts(run(*ASKED))["missing"] == (3 if unit is None else 2)


@pytest.mark.parametrize("data", [b"", b"no workbook", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"])
def test_a_form_that_cannot_be_opened_is_known_by_its_name_as_well(
    folder: Path, run: Run, data: bytes
) -> None:
    (folder / "scores").mkdir()
    (folder / "scores" / "甲镇.xlsx").write_bytes(data)
    write_roster(folder, "甲镇")
    assert states(run(*ASKED)) == [("甲镇", "unreadable")]


def test_a_sheet_of_another_period_is_not_handed_in(small: HandIn, folder: Path, run: Run) -> None:
    small("甲镇", FULL_MARKS, 'period: "2017"')
    small("乙镇", FULL_MARKS, 'period: "2018"')
    small("乙镇", FULL_MARKS, 'period: "2017"')
    write_roster(folder, "甲镇", "乙镇")
    assert run(*ASKED).code == 0
    outcome = run(*ASKED, "--period", "2018")
    assert outcome.code == 1
    assert states(outcome) == [
        ("甲镇", "other_period"),
        ("乙镇", "complete"),
        ("乙镇", "other_period"),
    ]
    assert counts(outcome) == {
        "due": 2,
        "complete": 1,
        "faulty": 0,
        "incomplete": 0,
        "other_period": 1,
        "missing": 0,
    }
    small("甲镇", FULL_MARKS, 'period: "2018"')
    assert run(*ASKED, "--period", "2018").code == 0


@pytest.mark.parametrize("path", [(), ("没有",), ("没有.yaml",)])
def test_a_folder_that_is_not_there_is_said_and_nobody_is_missing(
    folder: Path, run: Run, path: tuple[str, ...]
) -> None:
    write_roster(folder, "甲镇")
    outcome = run("status", *path, "--roster", "名单.txt")
    assert (outcome.code, outcome.text) == (1, "")
    assert codes(outcome.said) == ["EPA018" if path else "EPA024"]
    assert "没有" in outcome.said


def test_in_an_empty_folder_everybody_is_missing(folder: Path, run: Run) -> None:
    (folder / "scores").mkdir()
    write_roster(folder, "甲镇", "乙镇")
    assert states(run(*ASKED)) == [("甲镇", "missing"), ("乙镇", "missing")]


def test_a_unit_that_a_roster_names_twice_is_one(small: HandIn, folder: Path, run: Run) -> None:
    small("甲镇", FULL_MARKS)
    write_roster(folder, "甲镇", "甲　镇")
    outcome = run(*ASKED)
    assert outcome.code == 0
    assert states(outcome) == [("甲镇", "complete")]
    assert counts(outcome)["due"] == 1


def test_names_are_those_of_the_roster(small: HandIn, folder: Path, run: Run) -> None:
    small("示例abc镇", FULL_MARKS)
    write_roster(folder, "示例ABC镇")
    assert states(run(*ASKED)) == [("示例ABC镇", "complete")]


def test_the_units_of_a_rubric_are_a_roster_as_well(examples: Path, run: Run) -> None:
    assert run("status", "--rubric", "departments").code == 0
    assert run("status", "--rubric", "township").code == 2
    (examples / "scores" / "县商务局.yaml").rename(examples / "scores" / "县商务局.yaml.txt")
    outcome = run("status", "--rubric", "departments", "--format", "json")
    assert ("县商务局", "unreadable") in states(outcome)
    (examples / "empty").mkdir()
    outcome = run("status", "empty", "--rubric", "departments")
    assert outcome.code == 1
    assert "县商务局" in outcome.said


def test_a_form_that_somebody_has_open_is_named(small: HandIn, folder: Path, run: Run) -> None:
    small("甲镇", FULL_MARKS)
    (folder / "scores" / "~$甲镇.xlsx").write_bytes(b"x")
    write_roster(folder, "甲镇")
    outcome = run("status", "--roster", "名单.txt")
    assert (outcome.code, codes(outcome.said)) == (0, ["EPA030"])
