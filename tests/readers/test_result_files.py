"""Published results read from their files: cells with their places, whatever saved them."""

import json
from pathlib import Path
from typing import Any

import pytest

from epa_score.diagnostics import InputError, Kind
from epa_score.readers import result_files
from epa_score.readers.result_files import read_result

Texts = dict[str, dict[int, dict[int | str, str]]]


def texts_of(path: Path) -> Texts:
    return {
        part.name: {
            number: {column: cell.text for column, cell in row.items()}
            for number, row in part.rows.items()
        }
        for part in read_result(str(path)).parts
    }


def read_json(folder: Path, value: Any) -> Texts:
    path = folder / "result.json"
    path.write_text(value if isinstance(value, str) else json.dumps(value), "utf-8")
    return texts_of(path)


def refusal(path: Path) -> tuple[Kind, str]:
    with pytest.raises(InputError) as caught:
        read_result(str(path))
    (found,) = caught.value.diagnostics
    return found.kind, found.variant


def test_tables_of_json_are_parts_and_objects_are_rows(folder: Path) -> None:
    found = read_json(
        folder,
        {
            "format_version": 2,
            "ranking": [{"rank": 1, "unit": "甲", "sections": {"A": "2.5"}, "none": None}, {}],
            "sheets": [],
        },
    )
    assert found == {
        ".": {0: {"format_version": "2"}},
        "ranking": {0: {"rank": "1", "unit": "甲", "sections.A": "2.5", "none": ""}},
        "sheets": {},
    }


def test_nothing_in_json_is_passed_over(folder: Path) -> None:
    found = read_json(
        folder,
        {
            "a": [{"b": [{"c": 1}], "d": ["x", "y"]}, "text", [1, 2], [[{"e": 3}]]],
            "f": {"g": True, "h": [{"i": 1.50}]},
        },
    )
    assert found == {
        ".": {0: {"f.g": "True"}},
        "a": {0: {"d[0]": "x", "d[1]": "y"}, 1: {"": "text"}, 2: {"[0]": "1", "[1]": "2"}},
        "a[0].b": {0: {"c": "1"}},
        "a[3]": {},
        "a[3][0]": {0: {"e": "3"}},
        "f.h": {0: {"i": "1.5"}},
    }


def test_a_key_that_comes_twice_is_told_apart(folder: Path) -> None:
    found = read_json(folder, '[{"total": "1", "total": "2", "total": "3"}]')
    assert found == {"": {0: {"total": "1", "total (2)": "2", "total (3)": "3"}}}


def test_digits_of_numbers_are_kept(folder: Path) -> None:
    assert read_json(folder, '[{"a": 0.10000000000000000555, "b": 1e5}]') == {
        "": {0: {"a": "0.10000000000000000555", "b": "1e5"}}
    }


def test_places_in_json_are_paths(folder: Path) -> None:
    read_json(folder, {"a": [{"b": 1}], "c": 2})
    locate = read_result("result.json").locate
    assert str(locate("a", 0, "b")) == "result.json a[0].b"
    assert str(locate("a", 0, None)) == "result.json a[0]"
    assert str(locate("a", None, None)) == "result.json a"
    assert str(locate(".", 0, "c")) == "result.json c"
    assert str(locate("", 3, "d")) == "result.json [3].d"


TABLE = '名次,单位,备注\r\n1,"甲,乙","一\n二"\r\n\r\n2,丙,"说""是"""\r\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_records_of_csv_are_rows_by_the_line_they_begin_in(folder: Path, encoding: str) -> None:
    path = folder / "result.csv"
    path.write_bytes(TABLE.encode(encoding))
    assert texts_of(path) == {
        "": {
            1: {1: "名次", 2: "单位", 3: "备注"},
            2: {1: "1", 2: "甲,乙", 3: "一\n二"},
            5: {1: "2", 2: "丙", 3: '说"是"'},
        }
    }


def test_places_in_csv_are_lines_and_columns(folder: Path) -> None:
    (folder / "result.csv").write_bytes(TABLE.encode())
    locate = read_result("result.csv").locate
    assert str(locate("", 2, 1)) == "result.csv:2:1"
    assert locate("", 2, 2)[1:4] == (2, 3, 8)
    assert locate("", 2, 3)[1:4] == (2, 9, 11)
    assert locate("", 5, 3)[1:4] == (5, 5, 13)
    assert locate("", 5, 9)[1:4] == (5, 5, 13)
    assert str(locate("", 5, None)) == "result.csv:5"


def test_places_in_a_workbook_are_cells(examples: Path, run: Any) -> None:
    assert run("export", "--xlsx", "-o", "result.xlsx").code == 0
    locate = read_result(str(examples / "result.xlsx")).locate
    assert locate("排名", 4, 28).cell == "排名!AB4"
    assert locate("排名", 4, None).cell == "排名!4:4"
    assert locate("排名", None, None).cell == "排名"


def test_files_that_are_no_results_say_why(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert refusal(folder / "missing.json") == (Kind.FILE_UNREADABLE, "missing")
    (folder / "a.json").mkdir()
    assert refusal(folder / "a.json") == (Kind.FILE_UNREADABLE, "")
    (folder / "b.txt").write_text("x", "utf-8")
    assert refusal(folder / "b.txt") == (Kind.NOT_A_RESULT, "format")
    monkeypatch.setattr(result_files, "MOST_BYTES", 10)
    (folder / "c.json").write_text('[{"a": "0123456789"}]', "utf-8")
    assert refusal(folder / "c.json") == (Kind.FILE_TOO_LARGE, "")
