"""`epa-score verify`: a published result against its sheets."""

import json
import re
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook
from tests.support.commands import FULL_MARKS, HandIn, Run, codes
from tests.support.every_table import EXAMPLES
from tests.support.forms import repacked
from tests.support.paths import ROOT
from tests.support.published import found_places, grids_of, opened, with_texts
from tests.support.reports import text_of_page

UNITS = {
    "示例甲镇": "A1: 2, A2: 3.5, B1: 4",
    "示例乙镇": FULL_MARKS,
    "示例丙镇": "A1: 1, A2: 3, B1: 2",
}
FORMATS = ("xlsx", "json", "csv")


@pytest.fixture
def published(small: HandIn, run: Run) -> HandIn:
    """Results of three units in every format, and a way to hand in more sheets."""
    for unit, scores in UNITS.items():
        small(unit, scores, name=f"{unit}.yaml")
    assert run("export", *(f"--{form}" for form in FORMATS), "-o", "result").code == 0
    return small


def rewrite(unit: str, change: Callable[[str], str]) -> None:
    path = Path("scores", f"{unit}.yaml")
    path.write_text(change(path.read_text("utf-8")), "utf-8")


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.usefixtures("published")
def test_a_result_agrees_with_its_sheets(form: str, run: Run) -> None:
    outcome = run("verify", f"result.{form}", "scores")
    assert (outcome.code, outcome.text) == (0, "")
    found = re.fullmatch(r"结果与评分表一致：核对了 ([0-9]+) 个单元格、3 张评分表\n", outcome.said)
    assert found is not None, outcome.said
    assert int(found[1]) > 20
    assert run("verify", f"result.{form}", lang="en").said.startswith(
        "the result agrees with the score sheets; cells compared: "
    )
    assert run("verify", f"result.{form}", "-q").said == ""


@pytest.mark.usefixtures("published")
def test_an_altered_cell_is_named_with_what_stands_there_and_what_is_right(run: Run) -> None:
    data = Path("result.xlsx").read_bytes()
    (grid,) = (grid for grid in grids_of(data) if grid.sheet == "排名汇总")
    (total,) = (name for name, text in grid.cells.items() if text == "9.5")
    Path("altered.xlsx").write_bytes(with_texts(data, grid.part, {total: "9.8"}))
    outcome = run("verify", "altered.xlsx")
    assert outcome.code == 1
    lines = outcome.text.splitlines()
    assert lines[0] == (
        f"altered.xlsx 排名汇总!{total}: 错误[EPA600] 结果里是 9.8，按评分表应当是 9.5"
    )
    assert lines[1].endswith("= 这一行：2 | 示例甲镇 | 5.5 | 4")
    assert "1 处不符，0 处提醒\n" in outcome.said
    concise = run("verify", "altered.xlsx", "--format", "concise", lang="en")
    assert concise.text == (
        f"altered.xlsx 排名汇总!{total}: error[EPA600] "
        "the result has 9.8, by the score sheets it should be 9.5\n"
    )
    found = json.loads(run("verify", "altered.xlsx", "--format", "json").out)
    assert found["summary"] == {"cells": found["summary"]["cells"], "sheets": 3} | {
        "errors": 1,
        "warnings": 0,
    }
    (one,) = found["diagnostics"]
    assert (one["cell"], one["data"]["found"], one["data"]["right"]) == (
        f"排名汇总!{total}",
        "9.8",
        "9.5",
    )
    assert "::error file=altered.xlsx" in run("verify", "altered.xlsx", "--format", "github").text


@pytest.mark.usefixtures("published")
def test_long_texts_are_shown_where_they_begin_to_differ(run: Run) -> None:
    text = Path("result.json").read_text("utf-8")
    rule = "总分相同的名次相同，下一名次顺延（1、2、2、4）"
    assert rule in text
    Path("altered.json").write_text(text.replace(rule, rule.replace("2、4", "2、3")), "utf-8")
    outcome = run("verify", "altered.json", "--format", "concise")
    assert outcome.code == 1
    assert "2、3）" in outcome.text
    assert "2、4）" in outcome.text


@pytest.mark.usefixtures("published")
def test_places_in_json_and_csv_are_named(run: Run) -> None:
    rows = json.loads(Path("result.json").read_text("utf-8"))
    rows["ranking"][1]["sections"]["A"] = "5"
    Path("altered.json").write_text(json.dumps(rows), "utf-8")
    assert found_places(run("verify", "altered.json", "--format", "json")) == {
        "ranking[1].sections.A"
    }
    text = Path("result.csv").read_text("utf-8-sig")
    Path("altered.csv").write_text(text.replace("示例甲镇,5.5,", "示例甲镇,5.4,"), "utf-8")
    outcome = run("verify", "altered.csv", "--format", "concise")
    assert outcome.text.startswith("altered.csv:3:8: 错误[EPA600] 结果里是 5.4，按")


@pytest.mark.parametrize("form", ["xlsx", "json"])
def test_what_became_of_each_sheet_is_said(form: str, published: HandIn, run: Run) -> None:
    rewrite("示例甲镇", lambda text: f"# 重新保存\n{text.replace('3.5', '3.50')}")
    outcome = run("verify", f"result.{form}")
    assert outcome.code == 0, outcome.text
    assert codes(outcome.text) == ["EPA613"]
    assert "有 1 份文件重新保存过，内容没有变：示例甲镇.yaml" in outcome.text

    rewrite("示例乙镇", lambda text: text.replace("B1: 4", "B1: 3"))
    Path("scores", "示例丙镇.yaml").unlink()
    published("示例丁镇", FULL_MARKS, name="示例丁镇.yaml")
    outcome = run("verify", f"result.{form}", "--format", "concise")
    assert outcome.code == 1
    said = [line for line in outcome.text.splitlines() if "EPA61" in line]
    changed, gone, added, saved = said
    path = str(Path("scores", "示例乙镇.yaml"))
    assert re.fullmatch(
        rf"{re.escape(path)}: 错误\[EPA610\] 示例乙镇 的评分表在导出以后改过，"
        r"校验码由 \w{10} 变成了 \w{10}",
        changed,
    )
    assert "结果里有 示例丙镇，它的评分表（示例丙镇.yaml）现在没有了" in gone
    assert f"{Path('scores', '示例丁镇.yaml')}: 错误[EPA612] 示例丁镇" in added
    assert "EPA613" in saved
    assert "EPA600" in outcome.text


@pytest.mark.usefixtures("published")
def test_a_renamed_file_is_the_same_sheet(run: Run) -> None:
    Path("scores", "示例甲镇.yaml").rename(Path("scores", "0.yaml"))
    assert run("verify", "result.xlsx").text == ""


@pytest.mark.usefixtures("published")
def test_a_sheet_is_known_by_its_bytes_whatever_the_result_says_of_it(run: Run) -> None:
    rows = json.loads(Path("result.json").read_text("utf-8"))
    rows["sheets"][0]["unit"] = "示例戊镇"
    rows["sheets"][1]["check_code"] = "0123456789"
    Path("altered.json").write_text(json.dumps(rows), "utf-8")
    outcome = run("verify", "altered.json", "--format", "json")
    assert found_places(outcome) == {"sheets[0].unit", "sheets[1].check_code"}
    assert "EPA61" not in outcome.text


@pytest.mark.usefixtures("published")
def test_a_yaml_sheet_and_its_form_are_the_same_sheet(run: Run, folder: Path) -> None:
    assert run("convert", "scores", "-o", "forms").code == 0
    outcome = run("verify", "result.xlsx", "forms", "--format", "concise")
    assert outcome.code == 0, outcome.text
    assert codes(outcome.text) == ["EPA613"]
    assert (folder / "forms").is_dir()


def test_a_result_is_computed_with_the_options_that_it_records(small: HandIn, run: Run) -> None:
    for unit, scores in UNITS.items():
        small(unit, scores, 'period: "2018"')
    small("示例甲镇", FULL_MARKS, 'period: "2017"')
    small("示例戊镇", "A1: 9, A2: 1, B1: 1", 'period: "2018"')
    options = ("--period", "2018", "--ties", "dense", "--skip-invalid", "--rubric", "small")
    made = ["export", "--xlsx", "--json", "-o", "result", "--no-forms", *options]
    assert run(*made).code == 0
    for path in ("result.xlsx", "result.json"):
        outcome = run("verify", path)
        assert outcome.code == 0, outcome.text
        assert (
            "按结果中记录的选项重新计算：--rubric small --period 2018 --ties dense "
            "--skip-invalid --no-forms\n"
        ) in outcome.said
    other = run("verify", "result.json", "--ties", "competition")
    assert other.code == 1
    assert "EPA600" in other.text
    assert run("export", "--csv", "-o", "ranking", *options).code == 0
    assert run("verify", "ranking.csv", *options).code == 0


@pytest.mark.parametrize("number", [1, 2, 3])
def test_files_of_nobody_that_were_left_out_are_listed_beside_units(
    small: HandIn, run: Run, number: int
) -> None:
    small("示例甲镇", FULL_MARKS)
    for left_out in range(number):
        small("", FULL_MARKS)
        Path("scores", f"旧表{left_out}.xls").write_bytes(b"old")
        small(f"示例{left_out}镇", "A1: 99, A2: 1, B1: 1")
    options = ("--skip-invalid", "--rubric", "small")
    made = ["export", "--xlsx", "--json", "--csv", "-o", "result", *options]
    assert run(*made).code == 0
    shutil.copytree("scores", "elsewhere/scores")
    for path in ("result.xlsx", "result.json", "result.csv"):
        outcome = run("verify", path, "elsewhere", *options)
        assert outcome.code == 0, outcome.text


def test_a_provisional_result_agrees_with_its_sheets(small: HandIn, run: Run) -> None:
    small("示例甲镇", "A1: 2, A2: , B1: 4")
    small("示例乙镇", FULL_MARKS)
    assert run("export", "--xlsx", "--provisional").code == 0
    outcome = run("verify", "排名汇总.xlsx")
    assert outcome.code == 0, outcome.text


@pytest.mark.usefixtures("published")
def test_options_of_a_hostile_result_are_not_believed(run: Run) -> None:
    text = Path("result.json").read_text("utf-8")
    command = re.search(r"epa-score verify[^\"]*", text)
    assert command is not None
    for more, code in {
        " --ties all": 0,
        " --ties competition --unknown x": 0,
        " 'open": 0,
        " --rubric": 0,
        " --rubric ../other/small.yaml": 2,
        " --rubric /etc/passwd": 2,
        r" --composite '\\\\host\\share\\x.yaml'": 2,
    }.items():
        Path("hostile.json").write_text(text.replace(command[0], command[0] + more), "utf-8")
        outcome = run("verify", "hostile.json")
        assert outcome.code == code, (more, outcome.text, outcome.said)
    given = Path("rubrics", "small.yaml")
    Path("hostile.json").write_text(
        text.replace(command[0], f"{command[0]} --rubric /etc/passwd"), "utf-8"
    )
    assert run("verify", "hostile.json", "--rubric", given).code == 0


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("form", ["json", "csv"])
def test_a_ranking_that_was_shown_is_a_result_in_any_language(
    form: str, lang: str, examples: Path, run: Run
) -> None:
    shown = run("rank", "--format", form, lang=lang)
    path = examples / f"ranking.{form}"
    path.write_bytes(shown.out)
    assert run("verify", path).code == 0
    path.write_bytes(shown.out.replace(b"87.5", b"88.5", 1))
    assert run("verify", path).code == 1


def test_each_file_of_a_rubric_is_compared_with_its_own_ranking(examples: Path, run: Run) -> None:
    assert run("export", "--csv", "-o", "result").code == 0
    paths = sorted(examples.glob("*.csv"))
    assert [path.stem for path in paths] == ["result-departments", "result-township"]
    assert [run("verify", path).code for path in paths] == [0, 0]
    both = run("rank", "--rubric", "township", "--format", "json")
    (examples / "one.json").write_bytes(both.out)
    assert run("verify", "one.json").code == 0


@pytest.mark.usefixtures("published")
def test_worksheets_that_are_gone_or_too_many_are_named(run: Run) -> None:
    book = opened(Path("result.xlsx").read_bytes())
    del book["扣分明细"]
    book["得分率"].title = "率"
    book.create_sheet("空的")
    book.save("altered.xlsx")
    outcome = run("verify", "altered.xlsx", "--format", "concise")
    assert outcome.code == 1
    said: dict[str, list[str]] = {code: [] for code in ("EPA603", "EPA604")}
    for line in outcome.text.splitlines():
        for code, lines in said.items():
            if code in line:
                lines.append(line.partition(": ")[0])
    assert said["EPA603"] == ["altered.xlsx 得分率", "altered.xlsx 扣分明细"]
    assert said["EPA604"] == ["altered.xlsx 率"]


def test_very_many_differences_are_counted(examples: Path, run: Run) -> None:
    assert run("export", "--xlsx").code == 0
    rewrite(
        "示例甲镇", lambda text: re.sub(r"^(\s+A1: ).*$", r"\g<1>0.5", text, flags=re.MULTILINE)
    )
    outcome = run("verify", "排名汇总.xlsx", "--format", "concise")
    lines = outcome.text.splitlines()
    assert len(lines) == 201
    assert "EPA610" in lines[0]
    assert "EPA028" in lines[-1]
    assert examples.is_dir()


def test_sheets_with_errors_are_shown_as_by_a_ranking(published: HandIn, run: Run) -> None:
    published("示例丁镇", "A1: 9, A2: 1, B1: 1")
    outcome = run("verify", "result.xlsx")
    assert outcome.code == 1
    assert "EPA104" in outcome.said + outcome.text


@pytest.mark.usefixtures("published")
def test_results_of_other_programs_are_named(run: Run) -> None:
    Workbook().save("empty.xlsx")
    book = Workbook()
    book.active.append(["单位", "得分"])  # type: ignore[union-attr]
    book.save("other.xlsx")
    Path("result.pdf").write_bytes(b"%PDF")
    Path("broken.json").write_text("{", "utf-8")
    Path("empty.json").write_text("{}", "utf-8")
    Path("deep.json").write_text("[" * 100_000, "utf-8")
    Path("odd.csv").write_bytes(b"\xff\xff")
    Path("wide.csv").write_bytes(b'"' + b"x" * 200_000)
    Path("broken.xlsx").write_bytes(b"PK\x03\x04")
    said = {
        "empty.xlsx": "EPA620",
        "other.xlsx": "EPA620",
        "result.pdf": "EPA620",
        "broken.json": "EPA620",
        "empty.json": "EPA620",
        "deep.json": "EPA620",
        "odd.csv": "EPA620",
        "wide.csv": "EPA620",
        "broken.xlsx": "EPA302",
        "missing.xlsx": "EPA018",
    }
    for path, code in said.items():
        outcome = run("verify", path)
        assert (outcome.code, codes(outcome.text + outcome.said)) == (1, [code]), path


@pytest.mark.usefixtures("published")
def test_a_result_is_no_sheet_of_itself(run: Run) -> None:
    outcome = run("verify", "result.xlsx", "scores", Path("result.xlsx").absolute())
    assert outcome.code == 2
    assert "result.xlsx" in outcome.said


@pytest.mark.usefixtures("published")
def test_a_number_format_that_shows_another_number_is_found(run: Run) -> None:
    def change(parts: dict[str, bytes]) -> None:
        old = b'formatCode="0.0'
        assert old in parts["xl/styles.xml"]
        new = b'formatCode="&quot;9&quot;0.0'
        parts["xl/styles.xml"] = parts["xl/styles.xml"].replace(old, new)

    Path("altered.xlsx").write_bytes(repacked(Path("result.xlsx").read_bytes(), change))
    outcome = run("verify", "altered.xlsx", "--format", "concise")
    assert outcome.code == 1
    lines = outcome.text.splitlines()
    assert lines
    assert all("EPA600" in line and "数字格式却让人看到别的数" in line for line in lines)


@pytest.mark.usefixtures("published")
def test_a_table_that_excel_saved_as_csv_in_chinese_agrees(run: Run) -> None:
    text = Path("result.csv").read_text("utf-8-sig")
    Path("saved.csv").write_bytes(text.replace("9.5,", "9.50,").encode("gb18030"))
    assert run("verify", "saved.csv").code == 0


@pytest.mark.usefixtures("published")
def test_a_unit_that_the_roster_names_may_not_be_missing(run: Run, folder: Path) -> None:
    (folder / "名单.txt").write_text("\n".join(UNITS), "utf-8")
    made = ("export", "--json", "-o", "listed.json", "--roster", "名单.txt")
    assert run(*made).code == 0
    outcome = run("verify", "listed.json")
    assert outcome.code == 0, outcome.text
    assert "--roster 名单.txt" in outcome.said
    Path("scores", "示例丙镇.yaml").unlink()
    assert run("verify", "listed.json").code == 1


@pytest.mark.usefixtures("published")
def test_a_hidden_row_or_column_is_found_once(run: Run) -> None:
    def change(parts: dict[str, bytes]) -> None:
        part = "xl/worksheets/sheet1.xml"
        xml = parts[part]
        row = re.search(rb'<row r="5"', xml)
        column = re.search(rb'<col min="5" max="5" ', xml)
        assert row is not None
        assert column is not None
        xml = xml.replace(row[0], row[0] + b' hidden="1"').replace(
            column[0], column[0] + b'hidden="1" '
        )
        parts[part] = xml

    Path("altered.xlsx").write_bytes(repacked(Path("result.xlsx").read_bytes(), change))
    outcome = run("verify", "altered.xlsx", "--format", "concise")
    assert outcome.code == 1
    lines = outcome.text.splitlines()
    assert len(lines) == 2
    assert all("看不见" in line for line in lines)


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_the_commands_that_a_result_names_check_it_as_they_stand(
    folder: Path, run: Run, name: str
) -> None:
    target = folder / "scores" if name == "scores" else folder
    shutil.copytree(ROOT / "examples" / name, target, dirs_exist_ok=True)
    assert run("export", *EXAMPLES[name], "--json", "--html", "-o", "result").code == 0
    about = json.loads(Path("result.json").read_text("utf-8"))["about"]
    (command,) = {row["value"] for row in about if row["name"] == "核对方法"}
    names = {"本文件": "result.json", "新文件.html": "again.html", "评分表文件夹": "scores"}
    program, *given = [names.get(word, word) for word in shlex.split(command)]
    assert program == "epa-score"
    outcome = run(*given)
    assert outcome.code == 0, outcome.said
    page = text_of_page(Path("result.html").read_text("utf-8"))
    found = re.search("epa-score (export --html .*?)，在同一位置运行", page)
    assert found is not None
    outcome = run(*(names.get(word, word) for word in shlex.split(found[1])))
    assert outcome.code == 0, outcome.said
    assert Path("again.html").read_bytes() == Path("result.html").read_bytes()
