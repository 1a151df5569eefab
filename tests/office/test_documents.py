"""Notices and feedback as LibreOffice prints them: pages, margins, lines, repeated heads."""

import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.support.documents import DOCUMENTS, document_of, opened, texts_in
from tests.support.office import Office, pages_of
from tests.support.paths import SCORES

from epa_score.cli.main import main
from epa_score.exporters import docx
from epa_score.i18n import Words
from epa_score.reports.document import Document, Paragraph

pytestmark = [
    pytest.mark.office,
    pytest.mark.skipif(
        not shutil.which("pdftotext"), reason="pdftotext (poppler-utils) is missing"
    ),
]
MILLIMETRE = 72 / 25.4
_WORD = re.compile(
    r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>'
)


class Line(NamedTuple):
    """A line of a page with its place in millimetres, and its characters."""

    left: float
    top: float
    right: float
    bottom: float
    text: str


def lines_of(printed: Path) -> list[list[Line]]:
    """The lines of every page of a PDF, from the top; words of one height are one line."""
    command = ["pdftotext", "-bbox", str(printed), "-"]
    told = subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout
    pages = []
    for page in told.split("<page ")[1:]:
        rows: dict[int, list[Line]] = {}
        for left, top, right, bottom, text in _WORD.findall(page):
            own = [float(side) / MILLIMETRE for side in (left, top, right, bottom)]
            rows.setdefault(round(own[3]), []).append(Line(own[0], own[1], own[2], own[3], text))
        pages.append([_joined(sorted(row)) for _, row in sorted(rows.items())])
    return pages


def _joined(words: list[Line]) -> Line:
    return Line(
        min(word.left for word in words),
        min(word.top for word in words),
        max(word.right for word in words),
        max(word.bottom for word in words),
        "".join(word.text for word in words),
    )


def body_of(page: list[Line]) -> list[Line]:
    """The lines of a page without its number."""
    return [line for line in page if not line.text.startswith("—")]


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, bytes]:
    """The notice on 300 units, one of which has a long name; and a text of more than a page."""
    folder = tmp_path_factory.mktemp("large")
    sheets = sorted(SCORES.glob("示例*.yaml"))
    assert len(sheets) == 16
    (folder / "scores").mkdir()
    for number in range(300):
        text = sheets[number % 16].read_text("utf-8")
        unit = f"第{number}镇" if number != 7 else "示例县电子商务公共服务中心综合管理办公室第七组"
        text = re.sub("^unit: .*$", f"unit: {unit}", text, flags=re.MULTILINE)
        (folder / "scores" / f"{number:03}.yaml").write_text(text, "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        assert main(["--quiet", "export", "--docx"]) == 0
    full = BytesIO()
    paragraph = Paragraph("字" * (28 * 22 - 2 + 200))
    docx.write((), full, Words("zh_CN"), Document("字", "zh_CN", [[paragraph]]))
    return {"large": (folder / "通报.docx").read_bytes(), "full": full.getvalue()}


@pytest.fixture(scope="module")
def printed(office: Office, large: Mapping[str, bytes]) -> Mapping[str, Path]:
    """The notices and the feedback of all examples, and a large notice, as PDF."""
    given = {
        f"{kind}-{name.replace('/', '-')}": document_of(name, "zh_CN", kind)
        for name in DOCUMENTS
        for kind in ("notice", "feedback")
    }
    return office.convert("pdf", {**given, **large}, "docx")


def notices(printed: Mapping[str, Path]) -> Iterator[tuple[str, list[list[Line]]]]:
    """The pages of all notices."""
    for name in DOCUMENTS:
        yield name, lines_of(printed[f"notice-{name.replace('/', '-')}"])


def test_text_stands_between_the_margins(printed: Mapping[str, Path]) -> None:
    for name, pages in notices(printed):
        first = body_of(pages[0])
        assert min(line.left for line in first) == pytest.approx(28, abs=1), name
        right = max(line.right for line in first if line.text[-1] not in "，。；：、）】》")
        assert right <= 210 - 26 + 0.5, name
        assert 37 - 0.5 <= first[0].top <= 37 + 6, name
        assert max(line.bottom for line in first) <= 297 - 35 + 1, name


def test_a_page_has_at_most_22_lines_of_28_characters(printed: Mapping[str, Path]) -> None:
    for name, pages in notices(printed):
        for number, page in enumerate(pages[:2]):
            lines = body_of(page)
            if any(line.text.startswith("附件") and len(line.text) < 5 for line in lines):
                break
            assert len(lines) <= 22, (name, number)
            chinese = [line.text for line in lines if re.fullmatch("[^ -~]+", line.text)]
            lengths = [len(re.sub("[，。；：、）】》]$", "", text)) for text in chinese]
            assert max(lengths, default=0) <= 28, name
    full, rest = lines_of(printed["full"])
    assert [len(line.text) for line in body_of(full)] == [26, *[28] * 21]
    assert sum(len(line.text) for line in body_of(rest)) == 200


def test_lines_stand_29_points_apart(printed: Mapping[str, Path]) -> None:
    page = body_of(lines_of(printed["notice-scores"])[1])
    steps = [below.bottom - above.bottom for above, below in pairwise(page)]
    assert len(steps) > 15
    assert all(step * MILLIMETRE == pytest.approx(28.95, abs=1) for step in steps)


def test_every_page_of_an_annex_has_the_head_and_whole_rows(printed: Mapping[str, Path]) -> None:
    pages = pages_of(printed["large"])
    annex = [page for page in pages if page.count("镇") > 20 and "名次" in page]
    assert len(annex) >= 8
    assert all("名次单位领导重视" in page.replace("附件", "") for page in annex[1:])
    told = "".join(pages)
    assert told.count("示例县电子商务公共服务中心综合管理办公室第七组") >= 1
    ranked = re.findall(r"第\d+镇", "".join(annex))
    assert {f"第{number}镇" for number in range(300) if number != 7} <= set(ranked)


def test_pages_are_numbered_on_the_outer_side(printed: Mapping[str, Path]) -> None:
    for name, pages in notices(printed):
        for number, page in enumerate(pages, 1):
            (own,) = (line for line in page if line.text.startswith("—"))
            assert own.text == f"—{number}—", name
            is_upright = own.bottom > 250
            if is_upright:
                assert (own.left > 150) == (number % 2 == 1), (name, number)
                assert 297 - 35 < own.top < own.bottom < 297 - 24


def test_a_signature_is_not_alone_on_its_page(printed: Mapping[str, Path]) -> None:
    for name, pages in notices(printed):
        (signed,) = (page for page in pages if any("发文机关" in line.text for line in page))
        assert any(line.text.startswith("附件：") for line in signed), name


def test_the_feedback_of_each_unit_has_pages_of_its_own(printed: Mapping[str, Path]) -> None:
    for name in DOCUMENTS:
        content = document_of(name, "zh_CN", "feedback")
        units = [text.removesuffix("：") for text in texts_in(content, "Address")]
        pages = pages_of(printed[f"feedback-{name.replace('/', '-')}"])
        starts = [page for page in pages if "一、得分情况" in page]
        assert len(starts) == len(units) == len(opened(content).sections) > 1
        for page, unit in zip(starts, units, strict=True):
            assert f"{re.sub(' ', '', unit)}：" in page
            assert "—1—" in page
        assert sum("单位负责人（签字）" in page for page in pages) == len(units)
        assert len(pages) <= 3 * len(units), name
