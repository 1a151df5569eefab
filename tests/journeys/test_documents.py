"""`export --docx`: the notice and the feedback of every example in both languages.

`UPDATE_GOLDEN=1` writes the texts of `tests/data/documents` anew; read the difference.
"""

import os
import re
import sys
from pathlib import Path

import pytest
from tests.support.commands import FULL_MARKS, HandIn, Run
from tests.support.documents import DOCUMENTS, KINDS, document_of, opened, text_of_document
from tests.support.paths import ROOT, copy_example
from tests.support.reports import text_of_page

from epa_score.i18n import LANGUAGES, Words

GOLDEN = ROOT / "tests" / "data" / "documents"
ALL = [(name, language, kind) for name in DOCUMENTS for language in LANGUAGES for kind in KINDS]
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def text_of(path: str) -> str:
    return text_of_document(Path(path).read_bytes())


@pytest.mark.parametrize(("name", "language", "kind"), ALL)
def test_the_document_of_an_example_says_what_it_said(name: str, language: str, kind: str) -> None:
    path = GOLDEN / f"{Path(name).name}.{kind}.{language}.txt"
    text = text_of_document(document_of(name, language, kind))
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(text, "utf-8")
    assert text == path.read_text("utf-8")


@pytest.mark.parametrize(("name", "language", "kind"), ALL)
def test_a_document_has_a_title_a_language_and_heads_that_are_repeated(
    name: str, language: str, kind: str
) -> None:
    document = opened(document_of(name, language, kind))
    title = document.paragraphs[0].text.replace("\n", "")
    assert document.core_properties.title.split("、")[0].startswith(title[:10])
    assert document.core_properties.language == language.replace("_", "-")
    lang = document.styles.element.find(f".//{W}lang")
    assert lang.get(f"{W}eastAsia") == "zh-CN"
    assert document.tables
    for table in document.tables:
        rows = table._tbl.tr_lst
        assert all(row.trPr.find(f"{W}cantSplit") is not None for row in rows)
        if len(rows) > 1:
            heads = [row.trPr.find(f"{W}tblHeader") is not None for row in rows]
            assert heads[0]
            assert not heads[-1]
            assert heads == sorted(heads, reverse=True)
            assert table._tbl.tblPr.find(f"{W}tblCaption").get(f"{W}val")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_notice_has_the_layout_of_official_documents(name: str) -> None:
    document = opened(document_of(name, "zh_CN"))
    first, *_, last = document.sections
    sides = (first.top_margin, first.bottom_margin, first.left_margin, first.right_margin)
    assert [round(side.mm) for side in sides] == [37, 35, 28, 26]
    assert [round(first.page_width.mm), round(first.page_height.mm)] == [210, 297]
    assert len(document.sections) >= 2
    for section in document.sections:
        grid = section._sectPr.find(f"{W}docGrid")
        assert grid.get(f"{W}type") == "linesAndChars"
        pitch = 320 + int(grid.get(f"{W}charSpace")) * 20 / 4096
        assert int(8845 / pitch) == 28  # twips between the margins, and those of a character
        assert int(12756 / int(grid.get(f"{W}linePitch"))) == 22
    assert {round(side.mm) for side in (last.top_margin, last.left_margin)} == {37, 28}
    fonts = {
        style.name: style.element.rPr.rFonts.get(f"{W}eastAsia")
        for style in document.styles
        if style.name in ("Normal", "Title", "Heading 1", "Heading 2")
    }
    assert fonts == {
        "Normal": "仿宋_GB2312",
        "Title": "方正小标宋简体",
        "Heading 1": "黑体",
        "Heading 2": "楷体_GB2312",
    }
    sizes = {style.name: style.font.size for style in document.styles if style.name in fonts}
    assert {name: size.pt for name, size in sizes.items() if size} == {
        "Normal": 16,
        "Title": 22,
        "Heading 1": 16,
        "Heading 2": 16,
    }
    for footer in (first.footer, first.even_page_footer):
        assert footer.paragraphs[0].text == "— 1 —"
        assert "PAGE" in footer.part.element.xml


def test_documents_are_written_beside_other_formats(small: HandIn, run: Run) -> None:
    small("甲镇", FULL_MARKS)
    assert run("export", "--docx", "--json").text.split() == ["排名汇总.json", "通报.docx"]
    assert run("export", "--docx", "--feedback").text.split() == ["反馈单.docx"]
    Path("结果").mkdir()
    for output in ("结果", "结果/年底.docx", "结果/年中"):
        assert run("export", "--docx", "--csv", "-o", output).code == 0
    names = sorted(path.name for path in Path("结果").iterdir())
    assert names == [
        *("年中.csv", "年中.docx", "年底.csv", "年底.docx", "排名汇总.csv", "通报.docx"),
    ]
    assert text_of("反馈单.docx").splitlines()[1] == "[Address] 甲镇："
    assert "[Heading 1] 二、失分项目（无）" in text_of("反馈单.docx")


def test_items_with_full_marks_are_counted_behind_those_of_which_more_is_said(
    small: HandIn, run: Run
) -> None:
    small("甲镇", "A1: {score: 2, note: 市里表扬}, A2: 4, B1: 4")
    assert run("export", "--docx", "--feedback").code == 0
    text = text_of("反馈单.docx")
    assert text.index("其他情况") < text.index("市里表扬") < text.index("另有 2 项得满分：A2、B1")


def test_the_same_command_writes_the_same_document(folder: Path, run: Run) -> None:
    copy_example("jury", folder)
    for options in (("--docx",), ("--docx", "--feedback")):
        for name in ("one.docx", "two.docx"):
            assert run("export", *options, "-o", name, "--force").code == 0
        assert Path("one.docx").read_bytes() == Path("two.docx").read_bytes()
    assert run("export", "--docx", "-o", "-").out != b""


def test_a_notice_that_somebody_has_worked_on_is_kept(small: HandIn, run: Run) -> None:
    small("甲镇", FULL_MARKS)
    assert run("export", "--docx").code == 0
    before = Path("通报.docx").read_bytes()
    assert "EPA901" in run("export", "--docx").said
    small("乙镇", "A1: 1, A2: 4, B1: 4")
    assert run("export", "--docx", "--force").code == 0
    assert Path("通报.docx").read_bytes() != before
    document = opened(Path("通报.docx").read_bytes())
    document.paragraphs[1].text = "各乡镇人民政府："
    document.save("通报.docx")
    worked_on = Path("通报.docx").read_bytes()
    outcome = run("export", "--docx", "--force")
    assert outcome.code == 3
    assert "EPA904" in outcome.said
    assert Path("通报.docx").read_bytes() == worked_on
    for content in (b"PK", b"", b"not a document"):
        Path("通报.docx").write_bytes(content)
        assert run("export", "--docx", "--force").code == (3 if content else 0)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_without_the_library_the_message_says_what_to_install(
    small: HandIn, run: Run, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    small("坏镇", "A1: 99, A2: 4, B1: 4")
    monkeypatch.setitem(sys.modules, "docx", None)
    outcome = run("export", "--docx", "--json", lang=language)
    assert outcome.code == 2
    assert 'pip install "epa-score[word]"' in outcome.said
    assert "EPA104" not in outcome.said  # nothing was done before
    assert list(Path().glob("*.*")) == []
    assert run("export", "--json", "--skip-invalid").code == 1


def test_feedback_is_asked_for_with_the_format(small: HandIn, run: Run) -> None:
    small("甲镇", FULL_MARKS)
    outcome = run("export", "--json", "--feedback")
    assert outcome.code == 2
    assert "--docx --feedback" in outcome.said
    assert run("export", "--docx", "--xlsx", "-o", "-").code == 2


MISSING = {
    "zh": ("暂定：还有单位没有评分表", "未评", "乙镇"),
    "en": ("Provisional: sheets of some units are still to come", "unscored", "乙镇"),
}


@pytest.mark.parametrize("lang", MISSING)
def test_where_whole_sheets_are_missing_a_provisional_notice_counts_no_open_units(
    small: HandIn, run: Run, lang: str
) -> None:
    small("甲镇", FULL_MARKS)
    Path("roster.txt").write_text("甲镇\n乙镇\n", "utf-8")
    language = {"zh": "zh_CN", "en": "en"}[lang]
    path = Path("rubrics", "small.yaml")
    path.write_text(path.read_text("utf-8") + f"lang: {language}\n", "utf-8")
    options = ("--provisional", "--roster", "roster.txt")
    outcome = run("export", "--docx", "--html", *options)
    assert outcome.code == 0, outcome.said
    note, unscored, missing = MISSING[lang]
    body, annex = text_of("通报.docx").split("-" * 20)
    page = text_of_page(Path("排名汇总.html").read_text("utf-8"))
    for text in (body, annex, page):
        assert note in text
        assert unscored not in text
        assert missing in text


def test_a_provisional_document_says_so_and_has_nothing_to_sign(small: HandIn, run: Run) -> None:
    small("甲镇", "A1: 2, A2: , B1: 4")
    small("乙镇", "A1: 1, A2: 4, B1: 4")
    assert run("export", "--docx", "--provisional").code == 0
    assert run("export", "--docx", "--feedback", "--provisional").code == 0
    for name, number in (("通报.docx", 2), ("反馈单.docx", 2)):
        titles = [line for line in text_of(name).splitlines() if line.startswith("[Title]")]
        assert len(titles) == number
        assert all(title.replace(" / ", "").endswith("（暂定）") for title in titles)
        assert "[Signature]" not in text_of(name)
        assert "签字" not in text_of(name)
    assert "未评完的1个单位：甲镇。" in text_of("通报.docx")
    assert "前三名" not in text_of("通报.docx")


def test_who_is_left_out_is_said_in_the_text_and_in_the_annex(small: HandIn, run: Run) -> None:
    small("甲镇", FULL_MARKS)
    small("坏镇", "A1: 9, A2: 4, B1: 4", name="坏.yaml")
    Path("名单.txt").write_text("甲镇\n坏镇\n远镇\n", "utf-8")
    Path("scores/收文.docx").write_bytes(b"")
    run("export", "--docx", "--skip-invalid", "--roster", "名单.txt")
    text, annex = text_of("通报.docx").split("-" * 20)
    assert "有 1 张评分表有错误，没有列入：坏镇" in text
    assert "有 1 个单位没有评分表：远镇" in text
    assert "未读取的文件" not in text
    assert "未读取的文件：1 个（收文.docx）" in annex
    assert re.search(r"\| 坏镇 \|.*有错误，未列入", annex)
    assert "scores" not in annex
    assert "校验码：" in annex
    assert "未核对单位名单" not in annex
    Path("scores/乱.yaml").write_text("rubric: small\nscores: [", "utf-8")
    run("export", "--docx", "--skip-invalid", "--force")
    annex = text_of("通报.docx").split("-" * 20)[1]
    assert "未核对单位名单" in annex
    assert "乱.yaml" in annex


def test_a_notice_among_the_sheets_is_named_as_not_read(small: HandIn, run: Run) -> None:
    small("甲镇", FULL_MARKS)
    assert run("export", "--docx", "-o", "scores/通报.docx").code == 0
    outcome = run("rank")
    assert outcome.code == 0
    assert "未读取的文件：1 个（通报.docx）" in outcome.said


def test_verify_says_that_it_reads_no_document(small: HandIn, run: Run) -> None:
    small("甲镇", FULL_MARKS)
    assert run("export", "--docx").code == 0
    outcome = run("verify", "通报.docx")
    assert outcome.code == 1
    assert "EPA620" in outcome.said


def test_several_groups_have_headings_and_annexes_of_their_own() -> None:
    text = text_of_document(document_of("rubrics/classes", "zh_CN"))
    assert text.count("[Heading 2] （一）一类") == 2
    assert text.count("[Heading 2] （二）二类") == 2
    assert "[Annex] 附件1" in text
    assert "[Annex] 附件2" in text
    assert "[Annexes] 附件：1．" in text
    assert "[Annexes] 　　　2．" in text


def test_nothing_is_made_up() -> None:
    text = text_of_document(document_of("scores", "zh_CN"))
    words = Words("zh_CN")
    fill = [
        words("notice.to_fill", what=words(f"notice.{what}")) for what in ("whom", "who", "when")
    ]
    assert all(text.count(own) == 1 for own in fill)
    assert text.count(words("notice.to_fill", what="")) == 1
