"""`export --html`: one file for every example in both languages, compared with what was looked at.

`UPDATE_GOLDEN=1` writes the texts of `tests/data/reports` anew; read the difference.
"""

import os
import re
import shutil
from pathlib import Path

import pytest
from tests.support.commands import FULL_MARKS, HandIn, Run
from tests.support.paths import ROOT, SCORES, copy_example
from tests.support.reports import REPORTS, compared_report_of, report_of, tags_of, text_of_page

GOLDEN = ROOT / "tests" / "data" / "reports"
LANGUAGES = {"zh_CN": "zh-CN", "en": "en"}
BOTH = [(name, language) for name in REPORTS for language in LANGUAGES]


@pytest.mark.parametrize(("name", "language"), BOTH)
def test_the_report_of_an_example_says_what_it_said(name: str, language: str) -> None:
    path = GOLDEN / f"{Path(name).name}.{language}.txt"
    text = text_of_page(report_of(name, language))
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(text, "utf-8")
    assert text == path.read_text("utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["awards", "classes", "standards", "village"])
def test_the_report_of_a_comparison_says_what_it_said(name: str, language: str) -> None:
    path = GOLDEN / f"compared-{name}.{language}.txt"
    text = text_of_page(compared_report_of(name, language))
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(text, "utf-8")
    assert text == path.read_text("utf-8")


@pytest.mark.parametrize(("name", "language"), BOTH)
def test_a_report_is_a_page_that_needs_nothing_else(name: str, language: str) -> None:
    page = report_of(name, language)
    tags = tags_of(page)
    assert page.startswith("<!DOCTYPE html>\n")
    assert tags[0] == ("html", {"lang": LANGUAGES[language]})
    assert ("meta", {"charset": "utf-8"}) in tags
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    assert ("meta", {"http-equiv": "Content-Security-Policy", "content": policy}) in tags
    assert not {tag for tag, _ in tags} & {"script", "img", "link", "iframe", "object", "form"}
    assert not [name for _, own in tags for name in own if name.startswith("on") or name == "src"]
    assert "url(" not in page
    assert "@import" not in page
    ids = [own["id"] for _, own in tags if "id" in own]
    assert len(ids) == len(set(ids)) > 2
    links = [own["href"] for tag, own in tags if tag == "a"]
    assert links
    assert all(link[0] == "#" for link in links)


@pytest.mark.parametrize("name", REPORTS)
def test_every_unit_has_a_part_that_links_lead_to(name: str) -> None:
    tags = tags_of(report_of(name, "zh_CN"))
    parts = [own["id"] for _, own in tags if own.get("class") == "body"]
    links = {own["href"].removeprefix("#") for tag, own in tags if tag == "a"}
    assert len(parts) > 1
    assert set(parts) <= links


def test_a_report_of_16_units_has_400_kb_at_most() -> None:
    assert len(report_of("scores", "zh_CN").encode()) < 400_000  # all 37 units of both rubrics


def test_a_report_of_300_units_has_2_mb_at_most(folder: Path, run: Run) -> None:
    sheets = sorted(SCORES.glob("示例*.yaml"))
    assert len(sheets) == 16
    (folder / "scores").mkdir()
    for number in range(300):
        text = sheets[number % 16].read_text("utf-8")
        unit = f"第{number}镇"
        text = re.sub("^unit: .*$", f"unit: {unit}", text, flags=re.MULTILINE)
        (folder / "scores" / f"{number:03}.yaml").write_text(text, "utf-8")
    assert run("export", "--json", "-o", "earlier.json").code == 0
    earlier = (folder / "earlier.json").read_text("utf-8").replace('"2018"', '"2017"')
    (folder / "earlier.json").write_text(earlier, "utf-8")
    for options in ((), ("--compare", "earlier.json")):
        outcome = run("export", "--html", *options, "-o", "-")
        assert outcome.code == 0, outcome.said
        assert outcome.out.count(b"<details class=unit") == 300
        assert len(outcome.out) < 2_000_000


def test_a_report_of_300_units_by_two_sources_has_2_mb_at_most(folder: Path, run: Run) -> None:
    shutil.copytree(ROOT / "examples" / "sums", folder, dirs_exist_ok=True)
    for source in ("annual", "extra"):
        sheets = [path.read_text("utf-8") for path in sorted(Path(source).iterdir())]
        shutil.rmtree(source)
        Path(source).mkdir()
        for number in range(300):
            unit = f"unit: 第{number}乡"
            text = re.sub("(?m)^unit: .*$", unit, sheets[number % len(sheets)])
            Path(source, f"{number:03}.yaml").write_text(text, "utf-8")
    outcome = run("export", "--html", "--composite", "weighted.yaml", "-o", "-")
    assert outcome.code == 0, outcome.said
    assert outcome.out.count(b"<details class=unit") == 300
    assert "名次稳定性" in outcome.text
    assert len(outcome.out) < 2_000_000


def test_a_report_is_written_beside_other_formats(small: HandIn, run: Run) -> None:
    small("甲镇", FULL_MARKS)
    outcome = run("export", "--html", "--json", "--xlsx")
    assert outcome.text.split() == ["排名汇总.xlsx", "排名汇总.json", "排名汇总.html"]
    before = Path("排名汇总.html").read_bytes()
    assert run("export", "--html").code == 3
    small("乙镇", "A1: 1, A2: 4, B1: 4")
    assert run("export", "--html", "--force").code == 0
    assert Path("排名汇总.html").read_bytes() != before
    assert run("export", "--html", "-o", "-").out == Path("排名汇总.html").read_bytes()


def test_a_page_of_somebody_else_is_not_replaced(small: HandIn, run: Run) -> None:
    small("甲镇", FULL_MARKS)
    for text in ("<html>\n", "<!DOCTYPE html>\n<p>通知</p>\n"):
        Path("out.html").write_text(text, "utf-8")
        assert run("export", "--html", "-o", "out.html", "--force").code == 3
        assert Path("out.html").read_text("utf-8") == text


def test_a_provisional_report_says_so_and_is_not_signed(small: HandIn, run: Run) -> None:
    small("甲镇", "A1: 2, A2: , B1: 4")
    small("乙镇", "A1: 1, A2: 4, B1: 4")
    page = run("export", "--html", "-o", "-", "--provisional").text
    text = text_of_page(page)
    assert "小排名汇总表（暂定）" in text.splitlines()
    assert (
        "甲镇暂得 6 分，暂列第 2 名（共 2 个单位，最好第 1 名，最差第 2 名），还有 1 项未评" in text
    )
    assert "A2（未评）得满分可多 4 分" in text
    assert "未评完\n1 个 甲镇" in text
    assert "class=signatures" not in page.replace('"', "")
    whole = run("export", "--html", "-o", "-", "--skip-invalid").text
    assert "class=signatures" in whole.replace('"', "")


def test_the_part_of_a_unit_names_the_files_that_it_was_made_from(
    small: HandIn, folder: Path, run: Run
) -> None:
    small("甲镇", FULL_MARKS, name="甲镇 <终稿>.yaml")
    page = run("export", "--html", "-o", "-").text
    assert "　由 甲镇 &lt;终稿&gt;.yaml 算出</span>" in page
    shutil.copytree(ROOT / "examples" / "composite", folder, dirs_exist_ok=True)
    page = run("export", "--html", "-o", "-", "--composite", "year.yaml").text
    named = "示例甲乡.yaml、示例甲乡-1季度.yaml、示例甲乡-2季度.yaml"
    assert f"　由 {named} 等 5 个文件算出</span>" in page


def test_who_is_left_out_stands_in_the_ranking_and_has_no_part(small: HandIn, run: Run) -> None:
    small("甲镇", FULL_MARKS)
    small("坏镇", "A1: 9, A2: 4, B1: 4", name="坏.yaml")
    page = run("export", "--html", "-o", "-", "--skip-invalid").text
    assert "坏镇\n有错误，未列入" in text_of_page(page)
    assert page.count("<details class=unit") == 1
    assert 'href="#坏镇"' not in page


def test_units_of_one_name_in_two_rankings_have_places_of_their_own(folder: Path, run: Run) -> None:
    copy_example("village", folder)
    for name in ("rubrics/village.yaml", *(str(p) for p in Path("scores").glob("*.yaml"))):
        text = Path(name).read_text("utf-8")
        other = re.sub("^(id|rubric): village$", r"\1: other", text, flags=re.MULTILINE)
        path = Path(name)
        path.with_stem("other" if path.stem == "village" else f"{path.stem}-2").write_text(
            other, "utf-8"
        )
    page = run("export", "--html", "-o", "-").text
    assert 'id="示例东村"' in page
    assert 'id="示例东村-2"' in page
    assert 'href="#%E7%A4%BA%E4%BE%8B%E4%B8%9C%E6%9D%91-2"' in page
    assert "<h1>考核结果</h1>" in page


def test_a_unit_whose_name_has_signs_has_a_link_all_the_same(small: HandIn, run: Run) -> None:
    small('"甲 镇（二%）"', FULL_MARKS)
    page = run("export", "--html", "-o", "-").text
    assert 'id="甲_镇（二%）"' in page
    assert 'href="#%E7%94%B2_%E9%95%87%EF%BC%88%E4%BA%8C%25%EF%BC%89"' in page


def test_the_same_command_writes_the_same_report(folder: Path, run: Run) -> None:
    copy_example("jury", folder)
    assert run("export", "--html").code == 0
    first = Path("排名汇总.html").read_bytes()
    assert b"epa-score export --html -o" in first
    shutil.copy("排名汇总.html", "old.html")
    assert run("export", "--html", "-o", "new.html").code == 0
    assert Path("new.html").read_bytes() == first


def test_verify_says_that_it_reads_no_report(small: HandIn, run: Run) -> None:
    small("甲镇", FULL_MARKS)
    assert run("export", "--html").code == 0
    outcome = run("verify", "排名汇总.html")
    assert outcome.code == 1
    assert "EPA620" in outcome.said
