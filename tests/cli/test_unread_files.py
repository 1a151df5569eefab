"""What each command does about each kind of file in a folder of sheets: no cell is empty."""

import re
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest
from openpyxl import load_workbook
from tests.support.assessments import page_text
from tests.support.commands import FULL_MARKS, HandIn, Outcome, Run, codes
from tests.support.office import data_bars

from epa_score.cli import app

pytestmark = data_bars

SAYS = {
    "stops": "exit 1, the file is named with what to do, and nothing else comes of the command",
    "left out": "exit 0, the file stands in the result as one that was left out",
    "listed": "exit 1, the file is listed as handed in",
    "named": "exit 0, the result says that the file was not read",
    "said": "exit 0, stderr says that the file was not read",
    "told": "exit 0, stderr says that it is a results workbook and was not read",
    "warns": "exit 0, a warning names the form that somebody has open",
    "passed": "exit 0, and not a word of it",
}

TABLE = """
file               validate total  rank   skip     provisional export report compare stability explain status convert verify form run
丙镇.xls           stops    stops  stops  left_out stops       stops  stops  stops   stops     stops   listed stops   stops  passed listed
丙镇.XLS           stops    stops  stops  left_out stops       stops  stops  stops   stops     stops   listed stops   stops  passed listed
丙镇(1).et         stops    stops  stops  left_out stops       stops  stops  stops   stops     stops   listed stops   stops  passed listed
丙镇.ods           stops    stops  stops  left_out stops       stops  stops  stops   stops     stops   listed stops   stops  passed listed
丙镇.csv           stops    stops  stops  left_out stops       stops  stops  stops   stops     stops   listed stops   stops  passed listed
丙镇.xlsm          stops    stops  stops  left_out stops       stops  stops  stops   stops     stops   listed stops   stops  passed listed
丙镇.xlsb          stops    stops  stops  left_out stops       stops  stops  stops   stops     stops   listed stops   stops  passed listed
丙镇.numbers       stops    stops  stops  left_out stops       stops  stops  stops   stops     stops   listed stops   stops  passed listed
丙镇.numbers/      stops    stops  stops  left_out stops       stops  stops  stops   stops     stops   listed stops   stops  passed listed
2018年丙镇.zip     stops    stops  stops  left_out stops       stops  stops  stops   stops     stops   listed stops   stops  passed listed
2018年丙镇评分.rar stops    stops  stops  left_out stops       stops  stops  stops   stops     stops   listed stops   stops  passed listed
丙镇.7z            stops    stops  stops  left_out stops       stops  stops  stops   stops     stops   listed stops   stops  passed listed
丙镇.yaml.txt      stops    stops  stops  left_out stops       stops  stops  stops   stops     stops   listed stops   stops  passed listed
丙镇.xlsx.tmp      stops    stops  stops  left_out stops       stops  stops  stops   stops     stops   listed stops   stops  passed listed
.丙镇.xlsx.icloud  stops    stops  stops  left_out stops       stops  stops  stops   stops     stops   listed stops   stops  passed listed
丙镇.xlsx.download stops    stops  stops  left_out stops       stops  stops  stops   stops     stops   listed stops   stops  passed listed
丙镇.xlsx          stops    stops  stops  left_out stops       stops  stops  stops   stops     stops   listed stops   stops  passed listed
结果.xlsx          stops    stops  stops  left_out stops       stops  stops  told    stops     stops   listed stops   stops  passed listed
丙镇.doc           said     named  named  named    named       named  named  said    named     said    said   said    said   passed named
丙镇.docx          said     named  named  named    named       named  named  said    named     said    said   said    said   passed named
丙镇.wps           said     named  named  named    named       named  named  said    named     said    said   said    said   passed named
扫描件.pdf         said     named  named  named    named       named  named  said    named     said    said   said    said   passed named
照片.JPG           said     named  named  named    named       named  named  said    named     said    said   said    said   passed named
说明.txt           said     named  named  named    named       named  named  said    named     said    said   said    said   passed named
没有后缀           said     named  named  named    named       named  named  said    named     said    said   said    said   passed named
~$甲镇.xlsx        warns    warns  warns  warns    warns       warns  warns  warns   warns     warns   warns  warns   warns  passed warns
.~甲镇.xlsx        warns    warns  warns  warns    warns       warns  warns  warns   warns     warns   warns  warns   warns  passed warns
.~lock.甲镇.xlsx#  warns    warns  warns  warns    warns       warns  warns  warns   warns     warns   warns  warns   warns  passed warns
~$通知.docx        passed   passed passed passed   passed      passed passed passed  passed    passed  passed passed  passed passed passed
000.yaml.bak       said     named  named  named    named       named  named  said    named     said    said   said    said   passed named
.丙镇.xls          passed   passed passed passed   passed      passed passed passed  passed    passed  passed passed  passed passed passed
Thumbs.db          passed   passed passed passed   passed      passed passed passed  passed    passed  passed passed  passed passed passed
desktop.ini        passed   passed passed passed   passed      passed passed passed  passed    passed  passed passed  passed passed passed
"""  # noqa: E501 -- a table is read across

COMMANDS = {
    "validate": ("validate", "scores"),
    "total": ("total", "scores", "--format", "md"),
    "rank": ("rank", "scores", "--format", "md"),
    "skip": ("rank", "scores", "--skip-invalid", "--format", "md"),
    "provisional": ("rank", "scores", "--provisional", "--format", "md"),
    "export": ("export", "scores", "--md", "-o", "out.md", "--force"),
    "report": ("export", "scores", "--html", "-o", "-"),
    "compare": ("compare", "before.json", "scores", "--format", "md"),
    "stability": ("stability", "scores", "--format", "md"),
    "explain": ("explain", "scores", "--unit", "甲镇", "--format", "md"),
    "status": ("status", "scores", "--roster", "roster.txt"),
    "convert": ("convert", "scores", "-o", "converted"),
    "verify": ("verify", "before.json", "scores"),
    "form": ("form", "--rubric", "small", "--unit", "丁镇", "-o", "丁镇.yaml"),
    "run": ("run", "考核"),
}


class Case(NamedTuple):
    """A kind of file, a command, and what comes of both."""

    name: str
    command: str
    expected: str


def cases() -> list[Case]:
    head, *lines = (line.split() for line in TABLE.strip().splitlines())
    assert head[1:] == list(COMMANDS)
    assert all(len(line) == len(head) for line in lines)
    return [
        Case(name, command, expected.replace("_", " "))
        for name, *row in lines
        for command, expected in zip(head[1:], row, strict=True)
    ]


CASES = cases()


_WITHOUT_SHEETS = {"rubrics", "new", "schema"}


def test_every_cell_says_what_is_to_come_of_it() -> None:
    assert len(CASES) == 33 * len(COMMANDS)
    assert {case.expected for case in CASES} == SAYS.keys()
    assert {words[0] for words in COMMANDS.values()} == {*app.COMMANDS} - _WITHOUT_SHEETS


def put(folder: Path, name: str, run: Run) -> None:
    """Put a file of that name among the sheets; what is in it does not matter to most."""
    path = folder / "scores" / name
    if name.endswith("/"):
        path.mkdir()
        (path / "Index.zip").write_bytes(b"PK")
    elif name == "结果.xlsx":
        assert run("export", "scores", "--xlsx", "-o", str(path)).code == 0
    else:
        path.write_bytes(b"x")


def set_up_assessment(folder: Path) -> None:
    """The same sheets, collected in the folder of an assessment."""
    shutil.copytree(folder / "scores", folder / "考核" / "收到的评分表")
    shutil.copytree(folder / "rubrics", folder / "考核" / "rubrics")
    shutil.copy(folder / "roster.txt", folder / "考核" / "名单.txt")
    (folder / "考核" / "考核.yaml").write_text("rubric: small\nroster: 名单.txt\n", "utf-8")


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.name}-{case.command}")
def test_a_file_among_the_sheets(case: Case, small: HandIn, folder: Path, run: Run) -> None:
    small("甲镇", FULL_MARKS)
    small("乙镇", FULL_MARKS)
    (folder / "roster.txt").write_text("甲镇\n乙镇\n", "utf-8")
    needs_result = case.command in ("verify", "compare")
    late = needs_result and case.expected in ("stops", "told")
    if late:
        assert run("export", "scores", "--json", "-o", "before.json").code == 0
    put(folder, case.name, run)
    if needs_result and not late:
        assert run("export", "scores", "--json", "-o", "before.json").code == 0
    if case.command == "run":
        set_up_assessment(folder)
    before = {path: path.read_bytes() for path in (folder / "scores").glob("*") if path.is_file()}
    done = run(*COMMANDS[case.command])
    check(case, done, folder)
    assert all(path.read_bytes() == data for path, data in before.items())


def check(case: Case, done: Outcome, folder: Path) -> None:
    name = case.name.rstrip("/")
    shown = done.text + done.said
    out = folder / "out.md"
    result = out.read_text("utf-8") if out.exists() else done.text
    result = result.replace("\\", "")
    if case.command == "run":
        (page,) = (folder / "考核" / "结果").glob("*情况.html" if done.code else "考核结果.html")
        result = page_text(page)
    assert done.code == (1 if case.expected in ("stops", "listed") else 0), shown
    if case.expected == "stops":
        assert name in shown
        assert codes(shown) in (["EPA026"], ["EPA301"], ["EPA304"])
        assert "提示：" in shown
        assert not out.exists()
        assert case.command == "validate" or done.text == ""
        assert not (folder / "converted").exists()
    elif case.expected == "listed":
        if case.command == "run":
            assert re.search(rf"收到的评分表/{re.escape(name)}( →)?\n", result)
            return
        state = "有误" if name == "结果.xlsx" else "读不出来"
        assert any(name in line and state in line for line in done.text.splitlines())
    elif case.expected == "left out":
        assert any(name in line and "未列入" in line for line in result.splitlines())
        assert "甲镇" in result
    elif case.expected == "named":
        assert f"未读取的文件：1 个（{name}）" in result
    elif case.expected == "said":
        assert f"未读取的文件：1 个（{name}）" in done.said
    elif case.expected == "told":
        assert f"结果工作簿，不是评分表，没有读：{name}" in done.said
    elif case.expected == "warns":
        assert codes(shown) == ["EPA030"]
        assert "甲镇.xlsx: 警告" in shown
    else:
        assert name not in shown + result
        assert codes(shown) == []


def test_a_workbook_names_what_was_not_read(small: HandIn, folder: Path, run: Run) -> None:
    small("甲镇", FULL_MARKS)
    for name in ("通知.pdf", "乙镇.et"):
        (folder / "scores" / name).write_bytes(b"x")
    outcome = run("export", "--xlsx", "--skip-invalid", "-o", "out.xlsx")
    assert outcome.code == 0
    book = load_workbook(folder / "out.xlsx")
    ranking, about = (
        [[cell.value for cell in row] for row in book[title].iter_rows()]
        for title in ("排名汇总", "说明")
    )
    assert any("未读取的文件：1 个（通知.pdf）" in row for row in ranking)
    assert any("文件读不出来，未列入" in row for row in ranking)
    facts = {row[-2]: row[-1] for row in about}
    assert facts["未读取的文件"] == "通知.pdf"
    assert "乙镇.et" in str(facts["有错误、读不出来，没有列入的评分表"])
    assert facts["没有评分表的单位"] == "未核对单位名单"


def test_very_many_documents_are_named_by_the_first_of_them(
    small: HandIn, folder: Path, run: Run
) -> None:
    small("甲镇", FULL_MARKS)
    for number in range(30):
        (folder / "scores" / f"照片{number:02}.jpg").write_bytes(b"x")
    text = run("rank", "--format", "md").text
    assert "照片19.jpg" in text
    assert "照片20.jpg" not in text
    assert "等 30 个" in text


def test_a_note_is_said_once(small: HandIn, folder: Path, run: Run) -> None:
    small("甲镇", FULL_MARKS)
    (folder / "scores" / "通知.pdf").write_bytes(b"x")
    assert run("rank").said.count("通知.pdf") == 1


def test_a_note_is_said_once_though_several_sources_share_a_folder(year: Path, run: Run) -> None:
    folders = {path.parent for path in year.rglob("*.yaml") if "scores:" in path.read_text("utf-8")}
    assert folders
    for folder in folders:
        (folder / "通知.pdf").write_bytes(b"x")
    outcome = run("rank", "--composite", "year.yaml", "--format", "md")
    assert (outcome.code, outcome.said.count("通知.pdf")) == (0, 1)
    assert "未读取的文件：1 个（通知.pdf）" in outcome.text


def test_a_file_that_cannot_be_read_is_named_on_the_command_line_as_well(
    small: HandIn, folder: Path, run: Run
) -> None:
    sheet = small("甲镇", FULL_MARKS)
    (folder / "乙镇.rar").write_bytes(b"x")
    refused = run("rank", str(sheet), "乙镇.rar")
    assert (refused.code, codes(refused.said)) == (1, ["EPA026"])
    assert "解压" in refused.said


def test_a_folder_of_nothing_but_unreadable_files_names_these_alone(folder: Path, run: Run) -> None:
    (folder / "scores").mkdir()
    (folder / "scores" / "甲镇.et").write_bytes(b"x")
    assert codes(run("validate").text) == ["EPA026"]
    assert codes(run("rank").said) == ["EPA026"]
    assert codes(run("rank", "--skip-invalid").said) == ["EPA026", "EPA118"]
