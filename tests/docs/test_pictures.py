"""The pictures of the documents are drawn from what the tool writes."""

import re
import shutil
import struct
import subprocess
import sys
from pathlib import Path

import pytest
from tests.support.paths import ROOT

PICTURES = (
    *("score-form.png", "results-workbook.png", "marked-form.png"),
    *("report.png", "notice.png"),
)
OF_THE_TUTORIAL = (*("form", "collection", "marked", "report", "ranking", "notice", "changes"),)
TUTORIAL_PICTURES = tuple(f"tutorial-{name}.png" for name in OF_THE_TUTORIAL)
MOST_BYTES = 60_000


def size_of(picture: Path) -> tuple[int, int]:
    data = picture.read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", data[16:24])
    return width, height


@pytest.mark.office
@pytest.mark.browser
@pytest.mark.skipif(not shutil.which("pdftoppm"), reason="pdftoppm (poppler-utils) is missing")
def test_pictures_can_be_drawn_anew(tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "docs" / "pictures.py"), str(tmp_path)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    names = (*PICTURES, *TUTORIAL_PICTURES)
    assert set(names) == {path.name for path in (ROOT / "docs" / "pictures").glob("*.png")}
    for name in names:
        assert size_of(tmp_path / name) == size_of(ROOT / "docs" / "pictures" / name), name


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_the_readmes_show_them(readme: str) -> None:
    text = (ROOT / readme).read_text("utf-8")
    for name in PICTURES:
        assert f"](docs/pictures/{name})" in text


@pytest.mark.parametrize("page", ["docs/tutorial.md", "docs/tutorial.zh-CN.md"])
def test_the_tutorials_show_small_ones_in_the_order_of_the_steps(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    assert re.findall(r"\]\(pictures/(.*?)\)", text) == list(TUTORIAL_PICTURES)
    sizes = [(ROOT / "docs" / "pictures" / name).stat().st_size for name in TUTORIAL_PICTURES]
    assert max(sizes) < MOST_BYTES
