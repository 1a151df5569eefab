"""`form`: sheets to fill in, one for each unit."""

import re
from pathlib import Path

import pytest
import yaml
from openpyxl import load_workbook
from tests.support.commands import (
    ESCAPE,
    FULL_MARKS,
    SMALL,
    HandIn,
    Run,
    by_unit,
    codes,
)
from tests.support.paths import ROOT

HOSTILE_UNITS = [
    *["- 甲", "#甲", "甲: 乙", "甲 # 乙", "[甲]", "{甲}", "&甲", "*甲", "!甲", "%甲", "@甲", "`甲"],
    *["null", "~", "Yes", "1.5", "2018-01-01", "<<", "=1+1", "'甲", '"甲', "甲,乙", "甲\\n", "-"],
    *["..", "../甲", "甲/乙", "con", "?", "|", ">", "甲|乙", "甲镇" * 100, "é", "𠮷镇"],
]


def filled(form: str, caps: dict[str, str]) -> bytes:
    """A form with full marks written into it."""
    lines = []
    for line in form.splitlines():
        item = re.match(r"  ([A-Z][0-9]+):", line)
        lines.append(f"{item[0]} {caps[item[1]]}{line[item.end() :]}" if item else line)
    return "\n".join(lines).encode()


def caps_of(rubric: str) -> dict[str, str]:
    """The cap of every item, as it is written in the rubric's file."""
    text = (ROOT / "rubrics" / f"{rubric}.yaml").read_text("utf-8")
    return dict(re.findall(r"- id: ([A-Z][0-9]+)\n +max: ([0-9.]+)\n", text))


def test_a_form_for_every_department_can_be_filled_in(folder: Path, run: Run) -> None:
    outcome = run("form", "--rubric", "departments")
    paths = outcome.text.splitlines()
    assert (outcome.code, len(paths)) == (0, 21)
    assert all(Path(path).parent == Path("forms") for path in paths)
    caps = caps_of("departments")
    for path in paths:
        form = (folder / path).read_text("utf-8")
        (folder / path).write_bytes(filled(form, caps))
    assert run("validate", "forms").code == 0
    assert set(by_unit(run("rank", "forms", "--format", "json"), "total").values()) == {"100"}


@pytest.mark.parametrize("unit", HOSTILE_UNITS)
def test_a_form_for_any_unit_can_be_filled_in(run: Run, unit: str) -> None:
    form = run("form", "--rubric", "township", "--unit", unit)
    assert form.code == 0
    sheet = filled(form.text, caps_of("township"))
    assert run("validate", "-", stdin=sheet).code == 0
    assert by_unit(run("rank", "-", "--format", "json", stdin=sheet), "total") == {unit: "100"}


def test_names_that_one_file_name_stands_for_are_numbered(folder: Path, run: Run) -> None:
    outcome = run("form", "--rubric", "township", "--unit", "a<b", "a>b", "a_b-2", "-o", "out")
    names = ["a_b.yaml", "a_b-2.yaml", "a_b-2-2.yaml"]
    assert outcome.text.split() == [str(Path("out", name)) for name in names]
    assert sorted(path.name for path in (folder / "out").iterdir()) == sorted(names)


def test_a_blank_form_is_unfinished_not_wrong(run: Run) -> None:
    form = run("form", "--rubric", "township", "--unit", "甲镇")
    found = run("validate", "-", "--format", "concise", stdin=form.out)
    assert (found.code, codes(found.text)) == (1, ["EPA105"])


def test_a_form_without_unit_leaves_the_name_to_be_filled_in(run: Run) -> None:
    form = run("form", "--rubric", "township")
    assert (form.code, "\nunit:" in form.text) == (0, True)
    found = run("validate", "-", "--format", "concise", stdin=form.out)
    assert codes(found.text) == ["EPA023"]


def test_forms_for_several_units_go_to_files(folder: Path, run: Run) -> None:
    outcome = run(
        "form", "--rubric", "township", "--unit", "甲镇", "乙/镇", "--unit", "..", "-o", "表"
    )
    assert outcome.code == 0
    paths = outcome.text.splitlines()
    assert len(paths) == 3
    assert {(folder / path).parent for path in paths} == {folder / "表"}
    (folder / "表" / "甲镇.yaml").write_text(
        "rubric: township\nunit: 甲镇\nscores: {A1: 3}\n", "utf-8"
    )
    before = (folder / "表" / "甲镇.yaml").read_bytes()
    more = run("form", "--rubric", "township", "--unit", "甲镇", "丙镇", "-o", "表")
    assert (more.code, more.text) == (0, f"{Path('表', '丙镇.yaml')}\n")
    assert more.said == "已有的 1 张没有动，新写 1 张\n"
    forced = run("form", "--rubric", "township", "--unit", "甲镇", "丁镇", "-o", "表", "--force")
    assert (forced.code, codes(forced.said)) == (3, ["EPA904"])
    assert not (folder / "表" / "丁镇.yaml").exists()
    assert (folder / "表" / "甲镇.yaml").read_bytes() == before


def test_forms_of_units_with_one_file_name_do_not_overwrite_each_other(
    folder: Path, run: Run
) -> None:
    units = ["甲<镇", "甲>镇", "A镇", "B镇", "甲" * 70 + "一", "甲" * 70 + "二"]
    outcome = run("form", "--rubric", "township", "-o", "表", "--unit", *units)
    assert (outcome.code, outcome.said) == (0, "")
    paths = [folder / path for path in outcome.text.splitlines()]
    assert sorted(paths) == sorted((folder / "表").glob("*"))
    assert [yaml.safe_load(path.read_text("utf-8"))["unit"] for path in paths] == units


def test_names_that_are_one_unit_have_one_form(folder: Path, run: Run) -> None:
    (folder / "名单.txt").write_text("甲　镇\n乙镇\n1. ａ镇\n乙镇\n", "utf-8")
    outcome = run(
        "form", "--rubric", "township", "--roster", "名单.txt", "-o", "表", "--unit", "甲镇", "A镇"
    )
    assert outcome.text.split() == [
        str(Path("表", f"{unit}.yaml")) for unit in ("甲镇", "A镇", "乙镇")
    ]
    assert "单位名单 名单.txt：3 个单位" in outcome.said


@pytest.mark.parametrize("ending", ["yaml", "xlsx"])
def test_period_and_assessor_are_filled_in(
    small: HandIn, folder: Path, run: Run, ending: str
) -> None:
    sheet = small("乙镇", "A1: 2, A2: 4, B1: 4")
    sheet.unlink()
    asked = ["form", "--rubric", "small", "--unit", "甲镇", "-o", f"甲.{ending}"]
    asked += ["--xlsx"] if ending == "xlsx" else []
    outcome = run(*asked, "--period", " ２０１８ ", "--assessor", "第一组")
    assert outcome.code == 0, outcome.said
    if ending == "yaml":
        filled = yaml.safe_load((folder / "甲.yaml").read_text("utf-8"))
        assert (filled["period"], filled["assessor"]) == ("2018", "第一组")
    else:
        cells = [
            cell.value
            for row in load_workbook(folder / "甲.xlsx").worksheets[0].iter_rows()
            for cell in row
        ]
        assert {"2018", "第一组"} <= set(cells)
    found = run("validate", f"甲.{ending}", "--format", "concise")
    assert codes(found.text) == ["EPA105"]
    assert run(*asked, "--period", "2018", "--assessor", "第一组", "--force").code == 0


def test_period_and_assessor_are_filled_into_a_table(small: HandIn, folder: Path, run: Run) -> None:
    small("乙镇", "A1: 2, A2: 4, B1: 4").unlink()
    asked = ("form", "--rubric", "small", "--xlsx", "--table", "--unit", "甲镇", "-o", "表.xlsx")
    assert run(*asked, "--period", "2018", "--assessor", "第一组").code == 0
    rows = load_workbook(folder / "表.xlsx").worksheets[0].iter_rows(max_row=4)
    assert {"2018", "第一组"} <= {cell.value for row in rows for cell in row}
    assert set(codes(run("validate", "表.xlsx", "--format", "concise").text)) == {"EPA105"}


@pytest.mark.parametrize("option", ["--period", "--assessor"])
@pytest.mark.parametrize("value", ["", " ", "甲\u200b", "甲\n乙"])
def test_a_field_that_no_sheet_can_have_is_wrong_usage(
    folder: Path, run: Run, option: str, value: str
) -> None:
    outcome = run("form", "--rubric", "township", "--unit", "甲镇", option, value)
    assert (outcome.code, outcome.out) == (2, b"")
    assert option in outcome.said
    assert list(folder.iterdir()) == []


def test_a_single_form_goes_to_the_file_that_is_named(folder: Path, run: Run) -> None:
    outcome = run("form", "--rubric", "township", "--unit", "甲镇", "-o", "甲.yaml")
    assert (outcome.code, outcome.text) == (0, "甲.yaml\n")
    text = (folder / "甲.yaml").read_text("utf-8")
    assert text == run("form", "--rubric", "township", "--unit", "甲镇").text


@pytest.mark.parametrize(
    "unit", ["甲\u200b镇", "甲\n镇", "甲\u202e镇", " ", "", "甲\x1b[31m", "“甲”"]
)
def test_a_form_for_an_impossible_name_is_wrong_usage(folder: Path, run: Run, unit: str) -> None:
    outcome = run("form", "--rubric", "township", "--unit", unit, "-o", "表")
    assert (outcome.code, outcome.out) == (2, b"")
    assert ESCAPE not in outcome.err
    assert list(folder.iterdir()) == []


def test_a_form_for_a_unit_that_the_rubric_does_not_list_is_wrong_usage(run: Run) -> None:
    outcome = run("form", "--rubric", "departments", "--unit", "县农业")
    assert outcome.code == 2
    assert "县农业局" in outcome.said


def test_titles_of_several_lines_stay_comments_in_a_form(small: HandIn, run: Run) -> None:
    small("甲镇", FULL_MARKS)
    text = SMALL.replace("title: 小细则", r'title: "小\nscores: {A1: 1}\n"')
    text = text.replace("title: 宣传", r'title: "宣\n  B1: 1"')
    Path("rubrics/small.yaml").write_text(text, "utf-8")
    form = run("form", "--rubric", "small", "--unit", "乙镇")
    sheet = yaml.safe_load(form.text)
    assert sheet["scores"] == {"A1": None, "A2": None, "B1": None}
