"""Rosters as offices have them: what is taken for the names of units, and what is in doubt."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from epa_score.diagnostics import InputError, Kind
from epa_score.model import same_name_key
from epa_score.readers.roster import Roster, read_roster

TWO = ("甲镇", "乙镇")


def of_text(folder: Path, text: str, name: str = "名单.txt", encoding: str = "utf-8") -> Roster:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return read_roster(str(path))


def of_rows(
    folder: Path, *rows: tuple[Any, ...], change: Callable[[Any], None] | None = None
) -> Roster:
    workbook = Workbook()
    for row in rows:
        workbook.worksheets[0].append(row)
    if change is not None:
        change(workbook)
    path = folder / "名单.xlsx"
    workbook.save(path)
    return read_roster(str(path))


def doubts(read: Callable[[], Roster]) -> list[tuple[Kind, str]]:
    with pytest.raises(InputError) as refused:
        read()
    return [(found.kind, found.variant) for found in refused.value.diagnostics]


@pytest.mark.parametrize(
    "text",
    [
        "甲镇\n乙镇\n",
        "\ufeff甲镇\r\n乙镇\r\n",
        "甲镇\r乙镇",
        "# 2018年\n甲镇\n\n  乙镇  \n",
        "1. 甲镇\n2. 乙镇",
        "1、甲镇\n2、乙镇",
        "（1）甲镇\n（2）乙镇",
        "(一) 甲镇\n（二）乙镇",
        "①甲镇\n②乙镇",
        "一、甲镇\n二、乙镇",
        "1 甲镇\n2　乙镇",
        "- 甲镇\n• 乙镇",
        "甲镇、乙镇",
        "甲镇，乙镇。",
        "甲镇,乙镇",
        "甲镇；乙镇；",
        "甲镇/乙镇",
        "单位\n甲镇\n乙镇",
        "单位名称\n甲镇\n乙镇\n合计\n",
        "2018年考核单位名单\n甲镇\n乙镇\n共2个单位",
        "乡镇：甲镇、乙镇",
        "乡镇（2个）：\n甲镇\n乙镇",
        "一、乡镇（共 2 个）\n甲镇、乙镇",
        "序号\t单位\t联系人\n1\t甲镇\t张三\n2\t乙镇\t李四",
        "1\t甲镇\n2\t乙镇",
        "units\n甲镇\n乙镇",
        "甲镇\n乙镇\n甲　镇\n",
    ],
)
def test_names_are_taken_from_a_text(tmp_path: Path, text: str) -> None:
    assert of_text(tmp_path, text).names == TWO


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize(
    "text",
    [
        "甲镇\n乙镇\n",
        "单位,联系人\n甲镇,张三\n乙镇,李四\n",
        "序号,乡镇\r\n1,甲镇\r\n2,乙镇\r\n",
        "序号;部门\n1;甲镇\n2;乙镇\n",
        '序号,名称\n1,"甲镇、乙镇"\n',
        '序号,名称\n1,"甲镇\n乙镇"\n',
        "宜阳县考核单位名单,,\n序号,被考核单位,电话\n1.,甲镇,0379\n2.,乙镇,0379\n,合计：2,\n",
        "（1）,甲镇\n（2）,乙镇\n",
        "序号,单位\n1,甲镇\n2,\n3,乙镇\n",
    ],
)
def test_names_are_taken_from_csv(tmp_path: Path, text: str, encoding: str) -> None:
    assert of_text(tmp_path, text, "名单.csv", encoding).names == TWO


def test_a_text_in_gb18030_is_read_as_well(tmp_path: Path) -> None:
    assert of_text(tmp_path, "甲镇\n乙镇\n", encoding="gb18030").names == TWO


def test_a_field_that_is_too_long_for_csv_makes_lines_of_it(tmp_path: Path) -> None:
    text = f"甲镇\n乙镇\n# {'x' * 200_000}\n"
    assert of_text(tmp_path, text, "名单.csv").names == TWO


def test_brackets_keep_a_name_together(tmp_path: Path) -> None:
    names = of_text(tmp_path, "甲镇（含东片、西片）\n乙办[原丙乡，丁乡]、戊镇").names
    assert names == ("甲镇（含东片、西片）", "乙办[原丙乡，丁乡]", "戊镇")


@pytest.mark.parametrize(
    "rows",
    [
        (("甲镇",), ("乙镇",)),
        (("单位",), ("甲镇",), ("乙镇",)),
        (("序号", "单位", "联系人"), (1, "甲镇", "张三"), (2, "乙镇", "李四")),
        ((1, "甲镇"), (2, "乙镇")),
        (("2018年考核单位名单",), ("序号", "乡镇（街道）"), (1, "甲镇"), (2, "乙镇"), ("", "合计")),
        (("类别", "单位名称"), ("乡镇", "1.甲镇"), (None, "2.乙镇")),
        ((None, None), (None, "单 位"), (None, "甲镇、乙镇")),
    ],
)
def test_names_are_taken_from_a_workbook(tmp_path: Path, rows: tuple[Any, ...]) -> None:
    assert of_rows(tmp_path, *rows).names == TWO


def test_a_formula_counts_as_what_it_shows_and_none_without_a_result(tmp_path: Path) -> None:
    def read() -> Roster:
        return of_rows(tmp_path, ("单位",), ("甲镇",), ('="乙"&"镇"',))

    assert read().names == ("甲镇",)  # openpyxl stores no results: the cell shows nothing


def test_only_the_worksheet_with_a_title_is_meant(tmp_path: Path) -> None:
    def change(workbook: Any) -> None:
        workbook.create_sheet("说明").append(["报送要求"])
        workbook.create_sheet("空")
        hidden = workbook.create_sheet("旧名单")
        hidden.append(["单位"])
        hidden.sheet_state = "hidden"

    roster = of_rows(tmp_path, ("单位",), ("甲镇",), ("乙镇",), change=change)
    assert (roster.names, roster.column) == (TWO, "单位")


def test_a_hidden_column_is_not_taken(tmp_path: Path) -> None:
    def change(workbook: Any) -> None:
        workbook.worksheets[0].column_dimensions["A"].hidden = True

    rows = (("单位", "单位名称"), ("旧", "甲镇"), ("旧", "乙镇"))
    assert of_rows(tmp_path, *rows, change=change).names == TWO


def test_places_are_those_of_the_names(tmp_path: Path) -> None:
    roster = of_text(tmp_path, "# 2018\n1. 甲镇、乙镇\n")
    assert [tuple(unit.place) for unit in roster.units] == [(2, 4, 6), (2, 7, 9)]
    table = of_text(tmp_path, '序号,单位\n1,"甲镇、乙镇"\n', "名单.csv")
    assert [tuple(unit.place)[:2] for unit in table.units] == [(2, 4), (2, 7)]


@pytest.mark.parametrize(
    ("text", "kind", "variant"),
    [
        ("单位,部门\n甲镇,办公室\n", Kind.ROSTER_COLUMN, ""),
        ("甲镇,张三\n乙镇,李四\n", Kind.ROSTER_COLUMN, "none"),
        ("单位\n甲镇\n13800000000\n", Kind.ROSTER_NAME, ""),
        ("单位\n甲镇\n请于月底前报送。谢谢\n", Kind.ROSTER_NAME, ""),
        (f"单位\n{'甲' * 61}镇\n", Kind.ROSTER_NAME, ""),
        ("单位\n第一组：甲镇\n", Kind.ROSTER_NAME, ""),
        ("单位\n“甲镇”\n", Kind.UNIT_NAME_CHARACTERS, "quotes"),
        ("单位\n甲\u200b镇\n", Kind.UNIT_NAME_CHARACTERS, ""),
        ("单位\n", Kind.FILE_EMPTY, "roster"),
        ("# 没有\n", Kind.FILE_EMPTY, "roster"),
        ("", Kind.FILE_EMPTY, "roster"),
        ("单位\n甲镇乙镇丙镇\x01\n", Kind.FORBIDDEN_CHARACTER, ""),
    ],
)
def test_what_is_in_doubt_is_said(tmp_path: Path, text: str, kind: Kind, variant: str) -> None:
    assert doubts(lambda: of_text(tmp_path, text, "名单.csv")) == [(kind, variant)]


def test_words_that_may_be_short_for_names_are_in_doubt(tmp_path: Path) -> None:
    def read() -> Roster:
        return of_text(tmp_path, "移动、联通、电信公司\n县委、县妇女联合会\n")

    assert doubts(read) == [(Kind.ROSTER_NAME, "several")] * 2
    assert of_text(tmp_path, "县妇联、县商务局、县残疾人联合会").names[2] == "县残疾人联合会"


@pytest.mark.parametrize("value", [20180101, 3.5, True])
def test_a_cell_that_is_no_text_is_in_doubt(tmp_path: Path, value: object) -> None:
    assert doubts(lambda: of_rows(tmp_path, ("单位",), ("甲镇",), (value,))) == [
        (Kind.ROSTER_NAME, "")
    ]


@pytest.mark.parametrize("name", ["名单.xls", "名单.et", "名单.zip", "名单.numbers"])
def test_a_roster_in_another_format_says_what_to_do(tmp_path: Path, name: str) -> None:
    (found,) = doubts(lambda: of_text(tmp_path, "甲镇", name))
    assert found[0] is Kind.UNSUPPORTED_FORMAT
    assert found[1]


def test_a_workbook_that_is_none_and_a_file_that_is_not_there_are_said(tmp_path: Path) -> None:
    assert doubts(lambda: of_text(tmp_path, "甲镇", "名单.xlsx"))[0][0] is Kind.NOT_A_WORKBOOK
    for name in ("没有.txt", "没有.xls", "没有.xlsx"):
        assert doubts(lambda: read_roster(str(tmp_path / name))) == [  # noqa: B023
            (Kind.FILE_UNREADABLE, "missing")
        ]
    with pytest.raises(InputError):
        read_roster(str(tmp_path))


def test_an_empty_workbook_names_nobody(tmp_path: Path) -> None:
    assert doubts(lambda: of_rows(tmp_path)) == [(Kind.FILE_EMPTY, "roster")]


def test_a_roster_of_a_province_is_read(tmp_path: Path) -> None:
    names = [f"第{number:06}号示例单位" for number in range(60_000)]
    text = "\n".join(names)
    assert len(text.encode()) > 1_000_000
    assert of_text(tmp_path, text).names == tuple(names)


def test_a_workbook_with_many_units_is_read_to_its_end(tmp_path: Path) -> None:
    names = [f"第{number}号示例单位" for number in range(2500)]
    wide = [None] * 80
    assert of_rows(tmp_path, *((name,) for name in names)).names == tuple(names)
    assert of_rows(tmp_path, (*wide, "单位"), (*wide, "甲镇")).names == ("甲镇",)


TEXTS = st.text(
    st.sampled_from("甲乙镇县局单位、，,\t\n\r；：:()（）\"'#1２①. \u200b\x00合计"), max_size=40
)


@given(
    data=st.one_of(
        st.binary(max_size=60),
        TEXTS.map(str.encode),
        TEXTS.map(lambda text: text.encode("gb18030")),
    ),
    name=st.sampled_from(["a.txt", "a.csv", "a.xlsx", "a"]),
)
def test_any_bytes_are_a_roster_or_a_finding(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, name: str
) -> None:
    path = tmp_path_factory.getbasetemp() / name
    path.write_bytes(data)
    units: tuple[str, ...] = ()
    with suppress(InputError):
        units = read_roster(str(path)).names
    assert all(unit and unit.strip() == unit for unit in units)
    assert len(set(map(same_name_key, units))) == len(units)
