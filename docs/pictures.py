"""Make the pictures that the READMEs and the tutorial show, from what the tool writes.

    python docs/pictures.py            write them into docs/pictures
    python docs/pictures.py FOLDER     write them somewhere else

LibreOffice prints the workbooks and the notice, pdftoppm (poppler-utils) draws the pages and
Chromium the report, in the fonts of fonts-noto-cjk, which ``pictures/fonts.conf`` puts in the place
of those that a document names.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from zipfile import ZipFile

from openpyxl import load_workbook
from PIL.Image import Image, new
from PIL.Image import open as open_image

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # where this is run, its own folder stands there

from tests.support.tutorial import CHINESE, FOLDER, Reader  # noqa: E402 -- see above

SCORES = ROOT / "examples" / "scores"
EPA_SCORE = str(Path(sys.executable).with_name("epa-score"))
GAP = 8
MARKED = (0.05, 0.03, 0.96, 0.6)
"""The part of a page that shows the marked form: left, top, right and bottom."""
FILLED = (0.05, 0.03, 0.96, 0.5)
SIGNED = (0, 0.05, 1, 0.6)
GREY = "#808080"
SCREEN, PHONE, HEIGHT, LEAST = 860, 360, 1160, 500
"""The report on a screen and on a phone, in pixels; no window is narrower than the last."""
PAGE_HEIGHT = 700
RANKED, CHANGED = 2, 3
"""The runs of the tutorial that come to a ranking, and to another one."""
FIRST_PAGE = (0.08, 0.05, 0.92, 0.62)
CHANGES_HEIGHT = 360
COLOURS = 64
"""The pictures of the tutorial are drawn with so many, which keeps them small."""


def main(target: Path) -> None:
    """Make all pictures."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run(EPA_SCORE, "convert", SCORES / "示例戊镇.yaml", "-o", folder)
        book = folder / "book.xlsx"
        options = ("--rubric", "township", "--xlsx", "--no-forms", "-o", book)
        run(EPA_SCORE, "export", SCORES, *options)
        form = pages(folder / "示例戊镇.xlsx", folder, dots=110, last=1)
        book_pages = pages(book, folder, dots=80, last=4)
        copy = marked_copy(folder / "示例戊镇.xlsx", folder)
        (marked,) = pages(copy, folder, dots=100, last=1)
        shown = report(folder)
        notice = folder / "notice.docx"
        run(EPA_SCORE, "export", SCORES, "--rubric", "township", "--docx", "-o", notice)
        notice_pages = pages(notice, folder, dots=60, last=3)
        for shown_in_tutorial, picture in tutorial(folder / "tutorial").items():
            path = target / f"tutorial-{shown_in_tutorial}.png"
            picture.quantize(COLOURS).save(path, optimize=True)
    shown.save(target / "report.png", optimize=True)
    form[0].save(target / "score-form.png", optimize=True)
    tiled(book_pages).save(target / "results-workbook.png", optimize=True)
    tiled(notice_pages, columns=3).save(target / "notice.png", optimize=True)
    part(marked, MARKED).save(target / "marked-form.png", optimize=True)


def report(folder: Path) -> Image:
    """The ranking in a report, and the part of a unit on a phone beside it."""
    page = folder / "report.html"
    run(EPA_SCORE, "export", SCORES, "--rubric", "township", "--html", "-o", page)
    frame = folder / "phone.html"
    unit = f'<iframe src="{page.name}#示例甲镇" width="{PHONE}" height="{HEIGHT}"></iframe>'
    style = "<style>body{margin:0}iframe{border:0}</style>"
    frame.write_text(f'<!DOCTYPE html><meta charset="utf-8">{style}{unit}', "utf-8")
    whole = new("RGB", (SCREEN + GAP + PHONE, HEIGHT), GREY)
    for shown, width, left in ((page, SCREEN, 0), (frame, PHONE, SCREEN + GAP)):
        whole.paste(screenshot(shown, width, HEIGHT, folder), (left, 0))
    return whole


def screenshot(page: Path, width: int, height: int, folder: Path) -> Image:
    """A page as Chromium shows it."""
    picture = folder / f"{page.stem}.png"
    window = f"--window-size={max(width, LEAST)},{height}"
    options = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", window)
    profile = f"--user-data-dir={folder / 'browser'}"
    run("chromium", *options, profile, f"--screenshot={picture}", page.as_uri())
    return open_image(picture).crop((0, 0, width, height))


def tutorial(folder: Path) -> dict[str, Image]:
    """What somebody sees who follows the tutorial, by the names of the pictures."""
    folder.mkdir()
    made: dict[str, Image] = {}
    home = folder / FOLDER

    def look(number: int) -> None:
        if number == 1:
            page = home / "结果" / "收表情况.html"
            made["collection"] = screenshot(page, SCREEN, PAGE_HEIGHT, folder.parent)
            copy = with_open_comments(home / "退回" / "示例乙镇.xlsx", folder.parent)
            made["marked"] = part(pages(copy, folder.parent, dots=80, last=1)[0], MARKED)
        elif number == RANKED:
            form = home / "收到的评分表" / "示例丙镇.xlsx"
            made["form"] = part(pages(form, folder.parent, dots=80, last=1)[0], FILLED)
            book = home / "结果" / "排名汇总.xlsx"
            made["ranking"] = part(pages(book, folder.parent, dots=80, last=1)[0], SIGNED)
            report_page = home / "结果" / "考核结果.html"
            made["report"] = screenshot(report_page, SCREEN, PAGE_HEIGHT, folder.parent)
            notice = pages(home / "结果" / "通报.docx", folder.parent, dots=80, last=1)[0]
            made["notice"] = part(notice, FIRST_PAGE)
        elif number == CHANGED:
            (changes,) = (home / "结果").glob("与上次结果的变化*.html")
            made["changes"] = screenshot(changes, SCREEN, CHANGES_HEIGHT, folder.parent)

    Reader(CHINESE, folder, look).follow()
    return made


def part(page: Image, sides: tuple[float, float, float, float]) -> Image:
    """A part of a page: left, top, right and bottom as shares of its size."""
    width, height = page.size
    left, top, right, bottom = sides
    return page.crop(
        (round(left * width), round(top * height), round(right * width), round(bottom * height))
    )


def marked_copy(form: Path, folder: Path) -> Path:
    """A copy of a form with six mistakes, marked by the tool, with its comments open."""
    book = load_workbook(form)
    page = book.worksheets[0]
    rows = {cell.value: cell.row for cell in page["B"]}
    for item, points in (("A1", 9), ("A4", "两分"), ("B1", None), ("B4", "3"), ("C5", "=1+1")):
        page.cell(rows[item], 5).value = points
    page.cell(rows["C3"], 2).value = "C33"
    faulty = folder / "faulty.xlsx"
    book.save(faulty)
    run(EPA_SCORE, "validate", faulty, "--mark", folder / "marked", code=1)
    return with_open_comments(folder / "marked" / faulty.name, folder)


def with_open_comments(marked: Path, folder: Path) -> Path:
    """A copy of a marked form with its comments open."""
    opened = folder / "opened.xlsx"
    with ZipFile(marked) as source, ZipFile(opened, "w") as copy:
        for name in source.namelist():
            data = source.read(name)
            if "vmlDrawing" in name:
                data = data.replace(b"visibility:hidden", b"visibility:visible")
                data = data.replace(b"<x:MoveWithCells/>", b"<x:Visible/><x:MoveWithCells/>")
            copy.writestr(name, data)
    return opened


def run(*command: str | Path, code: int = 0) -> None:
    """Run a command in silence. Raises `SystemExit` with what it said for another exit code."""
    fonts = {"FONTCONFIG_FILE": str(ROOT / "docs" / "pictures" / "fonts.conf")}
    done = subprocess.run(
        command, env={**os.environ, **fonts}, check=False, capture_output=True, text=True
    )
    if done.returncode != code:
        sys.exit(f"{command[0]}: {done.stderr or done.stdout}")


def pages(document: Path, folder: Path, *, dots: int, last: int) -> list[Image]:
    """The first pages of a workbook or a document, at so many ``dots`` an inch."""
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    run("soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", folder, document)
    start = folder / document.stem
    run("pdftoppm", "-r", str(dots), "-l", str(last), start.with_suffix(".pdf"), start)
    return [open_image(path).copy() for path in sorted(folder.glob(f"{document.stem}-*.ppm"))]


def tiled(pictures: Sequence[Image], columns: int = 2) -> Image:
    """Pictures of one size, some in a row."""
    width, height = (side + GAP for side in pictures[0].size)
    rows = len(pictures) // columns
    whole = new("RGB", (columns * width - GAP, rows * height - GAP), GREY)
    for number, picture in enumerate(pictures):
        whole.paste(picture, (number % columns * width, number // columns * height))
    return whole


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "pictures")
