"""Reports in Chromium: on a phone, on paper, for a keyboard and for a screen reader."""

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.support.assessments import collection_page_of
from tests.support.browser import Browser
from tests.support.reports import COMPARED, REPORTS, compared_report_of, report_of, text_of_page

AXE = Path(__file__).with_name("node_modules") / "axe-core" / "axe.min.js"
BOTH = [(name, "zh_CN") for name in REPORTS] + [("scores", "en"), ("composite", "en")]
PAGES = [
    *(pytest.param(report_of, *own, id="-".join(own)) for own in BOTH),
    *(pytest.param(compared_report_of, name, "zh_CN", id=f"compared-{name}") for name in COMPARED),
    pytest.param(compared_report_of, "published", "en", id="compared-published-en"),
    pytest.param(collection_page_of, "short", "zh_CN", id="collection"),
    pytest.param(collection_page_of, "long", "en", id="collection-long"),
]
MakePage = Callable[[str, str], str]
pytestmark = pytest.mark.browser

OPEN_ALL = "page.querySelectorAll('details').forEach(own => own.open = true);"


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (report_of, "scores"),
        (report_of, "rubrics/standards"),
        (compared_report_of, "published"),
        (collection_page_of, "long"),
    ],
)
def test_nothing_is_fetched_and_nothing_is_blocked(
    browser: Browser, make: MakePage, name: str
) -> None:
    page = make(name, "zh_CN")
    assert "Content Security Policy" not in browser.open(page)
    script = "return view.performance.getEntriesByType('resource').map(own => own.name);"
    assert browser.ask(page, script) == []
    fetching = page.replace("</main>", '<img src="http://127.0.0.1:9/x.png"></main>')
    assert len(browser.ask(fetching, script)) == 1  # the question finds what is fetched
    assert "Content Security Policy" in browser.open(fetching)


def test_a_script_in_the_page_would_not_run(browser: Browser) -> None:
    page = report_of("rubrics/village", "zh_CN")
    attacked = page.replace("</main>", "</main><script>document.title = 'ran'</script>")
    assert "Content Security Policy" in browser.open(attacked)


@pytest.mark.parametrize(("make", "name", "language"), PAGES)
def test_nothing_overflows_a_phone(
    browser: Browser, make: MakePage, name: str, language: str
) -> None:
    script = (
        OPEN_ALL
        + """
    const wide = page.documentElement.scrollWidth, out = [];
    for (const own of page.querySelectorAll("main *")) {
      if (own.closest(".scroll")) continue;
      const box = own.getBoundingClientRect();
      if (box.right > 360.5 || box.left < -0.5) out.push(own.outerHTML.slice(0, 80));
    }
    const standings = [...page.querySelectorAll(".standings")].map(
      own => [own.scrollWidth, own.parentElement.clientWidth]);
    return {wide, out, inner: view.innerWidth, standings};"""
    )
    found = browser.ask(make(name, language), script, width=360)
    assert found["inner"] == 360
    assert found["wide"] <= 360
    assert found["out"] == []
    assert found["standings"] or make is collection_page_of


def test_the_ranking_fits_a_phone_without_scrolling(browser: Browser) -> None:
    script = """const own = page.querySelector(".standings");
    return [own.scrollWidth, own.parentElement.clientWidth];"""
    table, room = browser.ask(report_of("scores", "zh_CN"), script, width=360)
    assert table <= room


@pytest.mark.parametrize("width", [360, 700, 900])
@pytest.mark.parametrize("name", ["scores", "rubrics/jury", "rubrics/awards"])
def test_bars_are_long_enough_and_lie_on_no_name(browser: Browser, name: str, width: int) -> None:
    script = """
    return [...page.querySelectorAll(".standings tbody th")].map(own => {
      const bar = own.querySelector(".bar"), name = own.querySelector("a");
      if (!bar || !name) return null;
      const box = bar.getBoundingClientRect(), text = name.getBoundingClientRect();
      const beside = box.left >= text.right || box.top >= text.bottom - 1;
      return [box.width, beside, box.right <= own.getBoundingClientRect().right];
    }).filter(own => own);"""
    found = browser.ask(report_of(name, "zh_CN"), script, width=width)
    assert len(found) > 1
    for long, is_beside, is_inside in found:
        assert long > 100
        assert is_beside
        assert is_inside


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is missing: npm ci --prefix tests/browser")
@pytest.mark.parametrize(
    ("make", "name", "language", "width"),
    [
        *(pytest.param(*page.values, 1200, id=page.id) for page in PAGES),
        (report_of, "scores", "zh_CN", 360),
        (compared_report_of, "published", "zh_CN", 360),
        (collection_page_of, "long", "zh_CN", 360),
    ],
)
def test_axe_finds_no_violation(
    browser: Browser, make: MakePage, name: str, language: str, width: int
) -> None:
    source = json.dumps(AXE.read_text("utf-8")).replace("</", r"<\/")
    script = (
        f"{OPEN_ALL} const source = {source};"
        """
    const axe = page.createElement("script");
    axe.textContent = source;
    page.head.append(axe);
    const found = await view.axe.run(page, {resultTypes: ["violations"]});
    return {
      passes: found.passes.length,
      violations: found.violations.map(own => [own.id, own.nodes.slice(0, 3).map(n => n.html)]),
    };"""
    )
    found = browser.ask(make(name, language), script, width=width)
    assert found["violations"] == []
    assert found["passes"] > 15


def test_the_keyboard_reaches_everything_and_shows_where_it_is(browser: Browser) -> None:
    script = """
    const found = [];
    for (const own of page.querySelectorAll("a, summary, [tabindex]")) {
      if (!own.checkVisibility()) continue;
      own.focus({focusVisible: true});
      const looks = view.getComputedStyle(own);
      found.push([page.activeElement === own, looks.outlineStyle, parseFloat(looks.outlineWidth)]);
    }
    return found;"""
    found = browser.ask(report_of("scores", "zh_CN"), script)
    assert len(found) > 50
    assert all(own == [True, "solid", 3] for own in found)


def test_a_deep_link_opens_the_part_of_a_unit(browser: Browser) -> None:
    script = """
    const before = page.getElementById("示例甲镇").checkVisibility();
    view.location.hash = "#示例甲镇";
    await new Promise(done => setTimeout(done, 200));
    const own = page.getElementById("示例甲镇");
    return [before, own.closest("details").open, own.checkVisibility()];"""
    assert browser.ask(report_of("scores", "zh_CN"), script) == [False, True, True]


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext (poppler-utils) is missing")
@pytest.mark.parametrize(
    ("make", "name"),
    [
        (report_of, "scores"),
        (report_of, "rubrics/classes"),
        (report_of, "composite"),
        (compared_report_of, "published"),
    ],
)
def test_in_print_all_parts_are_open_and_no_row_is_cut(
    browser: Browser, make: MakePage, name: str
) -> None:
    page = make(name, "zh_CN")
    command = ["pdftotext", "-layout", str(browser.printed(page)), "-"]
    printed = subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout
    squeezed = re.sub(r"\s+", "", printed)
    lines = [re.sub(r"\[[^]]*\]", "", line) for line in text_of_page(page).splitlines()]
    told = [line for line in lines if line.startswith("扣 ") or "，列第 " in line]
    assert len(told) > 1
    starts = {re.sub(r"\s+", "", line.partition(" | ")[0])[:14] for line in told}
    assert [text for text in starts if text not in squeezed] == []
    continued = 0
    for sheet in printed.split("\f"):
        head, *rows = [line for line in sheet.splitlines() if line.strip()] or [""]
        if head.split()[:2] == ["编号", "考核内容"]:
            continued += 1
            assert re.match(r"\s*(?:[A-Z][0-9]|总分|基本分|小计|年终考核|季度考核)", rows[0]), rows[
                0
            ]
    assert continued or name != "scores"


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext (poppler-utils) is missing")
def test_a_picture_of_ranks_stands_whole_on_one_page(browser: Browser) -> None:
    page = compared_report_of("published", "zh_CN")
    command = ["pdftotext", "-layout", str(browser.printed(page)), "-"]
    printed = subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout
    ends = [sheet for sheet in printed.split("\f") if re.search("2017年 +2018年\n", sheet)]
    assert len(ends) == 2  # a picture for each of both rubrics
    for sheet, last in zip(ends, ("21 电信公司", "15 示例癸镇"), strict=True):
        assert last in sheet


def test_a_picture_of_ranks_fits_a_phone_and_is_read_aloud(browser: Browser) -> None:
    script = """
    return [...page.querySelectorAll("svg.slopes")].map(own => {
      const box = own.getBoundingClientRect();
      const texts = [...own.querySelectorAll("text")].map(one => one.getBoundingClientRect());
      return {
        inside: texts.every(one => one.left >= box.left - 1 && one.right <= box.right + 1),
        least: Math.min(...texts.map(one => one.height)),
        right: box.right,
        named: own.getAttribute("aria-labelledby").split(" ").every(
          id => page.getElementById(id).textContent.length > 3),
      };
    });"""
    found = browser.ask(compared_report_of("published", "zh_CN"), script, width=360)
    assert len(found) == 2
    for own in found:
        assert own["inside"]
        assert own["named"]
        assert own["right"] <= 360
        assert own["least"] >= 11
