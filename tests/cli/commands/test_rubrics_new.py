"""`rubrics new` and `rubrics check`, as an office uses them."""

import json
from pathlib import Path

import pytest
from tests.support.commands import Run, codes
from tests.support.paths import ROOT
from tests.support.rubric_tables import save_table

from epa_score.i18n import LANGUAGES

SOURCE = ROOT / "tests" / "data" / "source.txt"
HEAD = ("考核指标", "考核内容", "分值")
TABLE = [("某县细则",), HEAD, ("组织（10分）", "有方案。", 4), (None, "有专人。", "6分")]


@pytest.fixture
def table(folder: Path) -> Path:
    return save_table(folder / "mine.xlsx", TABLE, ["A3:A4"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_table_becomes_a_rubric_that_can_be_used(table: Path, run: Run, language: str) -> None:
    made = run("rubrics", "new", table.name, lang=language)
    assert (made.code, made.text) == (0, "mine.yaml\n")
    assert "mine.yaml" in made.said
    assert "10" in made.said
    assert run("validate", "mine.yaml").code == 0
    checked = run("rubrics", "check", "mine.yaml", lang=language)
    assert (checked.code, checked.text) == (0, "")
    form = run("form", "--rubric", "mine.yaml", "--unit", "示例甲镇")
    assert "A2:   # 满分 6： 有专人。" in form.text


def test_the_published_text_becomes_both_rubrics(folder: Path, run: Run) -> None:
    outputs = ("-o", "rubrics/township.yaml", "-o", "rubrics/departments.yaml")
    made = run("rubrics", "new", SOURCE, *outputs)
    assert made.code == 1
    assert codes(made.said) == ["EPA238", "EPA237", "EPA238", "EPA238", "EPA234"]
    written = (folder / "rubrics" / "township.yaml").read_text("utf-8").splitlines()
    shipped = (ROOT / "rubrics" / "township.yaml").read_text("utf-8").splitlines()
    assert [line for line in written if line in shipped] == [
        line for line in written if not line.startswith("# ")
    ]
    assert run("validate", "rubrics/township.yaml").code == 0
    refused = run("validate", "rubrics/departments.yaml")
    assert (refused.code, codes(refused.text)) == (1, ["EPA023"])
    path = folder / "rubrics" / "departments.yaml"
    text = path.read_text("utf-8")
    names = "[移动公司, 联通公司, 电信公司]   # <- 没有确定"
    path.write_text(text.replace("[]   # <- 没有确定", names), "utf-8")
    assert run("validate", "rubrics/departments.yaml").code == 0


def test_without_output_rubrics_lie_beside_you(folder: Path, run: Run) -> None:
    (folder / "Ｓource 1.txt").write_bytes(SOURCE.read_bytes())
    (folder / "there").mkdir()
    (folder / "there" / "2025_rules.txt").write_bytes(SOURCE.read_bytes())
    assert run("rubrics", "new", "Ｓource 1.txt").text.split() == ["rubric-1.yaml", "rubric-2.yaml"]
    made = run("rubrics", "new", "there/2025_rules.txt")
    assert made.text.split() == ["2025_rules-1.yaml", "2025_rules-2.yaml"]
    assert "id: 2025_rules-2\n" in (folder / "2025_rules-2.yaml").read_text("utf-8")


def test_a_file_with_another_name_has_an_id_all_the_same(table: Path, run: Run) -> None:
    assert run("rubrics", "new", table.name, "-o", "细则/细则.yaml").code == 0
    assert "id: rubric\n" in Path("细则/细则.yaml").read_text("utf-8")


def test_the_rubric_goes_to_stdout_where_that_is_asked_for(table: Path, run: Run) -> None:
    made = run("rubrics", "new", table.name, "-o", "-")
    assert made.code == 0
    assert made.text.startswith("# 由 mine.xlsx 生成，请对照原文逐项核对\nid: rubric\n")
    assert not Path("mine.yaml").exists()


def test_nothing_is_overwritten(table: Path, run: Run) -> None:
    Path("mine.yaml").write_text("mine", "utf-8")
    kept = run("rubrics", "new", table.name)
    assert (kept.code, codes(kept.said)) == (3, ["EPA901"])
    assert "--force" not in kept.said
    assert Path("mine.yaml").read_text("utf-8") == "mine"
    Path("link.yaml").symlink_to("gone.yaml")
    linked = run("rubrics", "new", table.name, "-o", "link.yaml")
    assert (linked.code, codes(linked.said)) == (3, ["EPA904"])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("-o", "a.yaml"), "有 2 个细则"),
        (("-o", "-", "-o", "a.yaml"), "有 2 个细则"),
        (("-o", "a.yaml", "-o", "b.xlsx"), "b.xlsx"),
        (("-o", "a.yaml", "-o", "A.YAML"), "写成同一个文件"),
    ],
)
def test_each_rubric_has_a_file_of_its_own(
    folder: Path, run: Run, options: tuple[str, ...], words: str
) -> None:
    refused = run("rubrics", "new", SOURCE, *options)
    assert (refused.code, refused.text) == (2, "")
    assert words in refused.said
    assert list(folder.iterdir()) == []


def test_a_rubric_with_open_places_is_written_and_refused(folder: Path, run: Run) -> None:
    rows = [*TABLE, ("宣传", "有宣传。", None), ("加分项", "获奖。", 5), (None, "有经验。", 2)]
    save_table(folder / "mine.xlsx", rows, ["A3:A4"])
    made = run("rubrics", "new", "mine.xlsx")
    assert (made.code, codes(made.said)) == (1, ["EPA231", "EPA233"])
    assert "mine.xlsx Sheet1!B5" in made.said
    text = (folder / "mine.yaml").read_text("utf-8")
    assert text.count("<-") == 4
    assert "获奖" not in text
    refused = run("validate", "mine.yaml")
    assert (refused.code, {*codes(refused.text)}) == (1, {"EPA023"})
    checked = run("rubrics", "check", "mine.yaml")
    assert (checked.code, {*codes(checked.text)}) == (1, {"EPA023"})


def test_what_no_place_can_be_left_open_for_is_not_written(folder: Path, run: Run) -> None:
    def hide(sheet: object) -> None:
        sheet.row_dimensions[4].hidden = True  # type: ignore[attr-defined]

    save_table(folder / "mine.xlsx", TABLE, [], hide)
    made = run("rubrics", "new", "mine.xlsx")
    assert (made.code, made.text, codes(made.said)) == (1, "", ["EPA233"])
    assert "没有写出细则" in made.said
    assert [path.name for path in folder.iterdir()] == ["mine.xlsx"]


def test_a_sum_that_is_off_is_written_as_it_is_printed(folder: Path, run: Run) -> None:
    save_table(folder / "mine.xlsx", [*TABLE, ("合计", None, 11)])
    made = run("rubrics", "new", "mine.xlsx")
    assert (made.code, codes(made.said)) == (1, ["EPA201"])
    assert "total: 11" in (folder / "mine.yaml").read_text("utf-8")
    assert codes(run("validate", "mine.yaml").text) == ["EPA201"]


@pytest.mark.parametrize("name", ["没有.xlsx", "目录", "旧.xls", "空.txt"])
def test_files_that_cannot_be_read_are_said(folder: Path, run: Run, name: str) -> None:
    (folder / "目录").mkdir()
    (folder / "旧.xls").write_bytes(b"x")
    (folder / "空.txt").write_bytes(b"")
    refused = run("rubrics", "new", name)
    assert (refused.code, refused.text) == (1, "")
    assert len(codes(refused.said)) == 1
    assert name in refused.said


def test_a_rubric_in_english_says_so(folder: Path, run: Run) -> None:
    rows = [("County rules",), ("Section", "Item", "Points"), ("Lead (5)", "Has a plan", 5)]
    save_table(folder / "county.xlsx", rows)
    assert run("rubrics", "new", "county.xlsx", lang="en").code == 0
    text = (folder / "county.yaml").read_text("utf-8")
    assert "\nlang: en\n" in text
    assert run("validate", "county.yaml").code == 0


def test_check_takes_names_and_says_where_the_wording_leaves_something_open(run: Run) -> None:
    checked = run("rubrics", "check", "township")
    assert (checked.code, codes(checked.text)) == (0, ["EPA256", "EPA256", "EPA256"])
    assert "township.yaml:26:15" in checked.text
    missing = run("rubrics", "check", "towship")
    assert (missing.code, codes(missing.said)) == (1, ["EPA101"])


def test_check_says_errors_and_remarks_together(folder: Path, run: Run) -> None:
    shipped = (ROOT / "rubrics" / "township.yaml").read_text("utf-8")
    (folder / "mine.yaml").write_text(shipped.replace("total: 100", "total: 99"), "utf-8")
    checked = run("rubrics", "check", "mine.yaml")
    assert checked.code == 1
    assert codes(checked.text) == ["EPA201", "EPA256", "EPA256", "EPA256"]
    sheet = run("rubrics", "check", ROOT / "examples" / "scores" / "示例甲镇.yaml")
    assert sheet.code == 1
    assert "EPA019" in sheet.text


def test_codes_of_findings_are_explained(run: Run) -> None:
    for code in ("EPA231", "EPA256"):
        assert run("explain", code).code == 0
    assert json.dumps(run("explain", "EPA253", lang="en").text)
