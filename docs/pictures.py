"""Make the pictures that the READMEs show, from what the tool writes.

    python docs/pictures.py            write them into docs/pictures
    python docs/pictures.py FOLDER     write them somewhere else

LibreOffice prints the workbooks and pdftoppm (poppler-utils) draws the pages, in the fonts of
fonts-noto-cjk, which ``pictures/fonts.conf`` puts in the place of those that a document names.
"""

import os
import struct
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
SCORES = ROOT / "examples" / "scores"
EPA_SCORE = str(Path(sys.executable).with_name("epa-score"))
GAP = 8
GREY = b"\x80\x80\x80"


class Picture(NamedTuple):
    """Red, green and blue of every pixel, line by line."""

    width: int
    lines: list[bytes]


def main(target: Path) -> None:
    """Make both pictures."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run(EPA_SCORE, "convert", SCORES / "示例戊镇.yaml", "-o", folder)
        book = folder / "book.xlsx"
        options = ("--rubric", "township", "--xlsx", "--no-forms", "-o", book)
        run(EPA_SCORE, "export", SCORES, *options)
        form = pages(folder / "示例戊镇.xlsx", folder, dots=110, last=1)
        book_pages = pages(book, folder, dots=80, last=4)
    save(form[0], target / "score-form.png")
    save(tiled(book_pages), target / "results-workbook.png")


def run(*command: str | Path) -> None:
    """Run a command in silence. Raises `SystemExit` with what it said where it fails."""
    fonts = {"FONTCONFIG_FILE": str(ROOT / "docs" / "pictures" / "fonts.conf")}
    done = subprocess.run(
        command, env={**os.environ, **fonts}, check=False, capture_output=True, text=True
    )
    if done.returncode:
        sys.exit(f"{command[0]}: {done.stderr or done.stdout}")


def pages(workbook: Path, folder: Path, *, dots: int, last: int) -> list[Picture]:
    """The first pages of a workbook, at so many ``dots`` an inch."""
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    run("soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", folder, workbook)
    start = folder / workbook.stem
    run("pdftoppm", "-r", str(dots), "-l", str(last), workbook.with_suffix(".pdf"), start)
    return [drawn(path.read_bytes()) for path in sorted(folder.glob(f"{workbook.stem}-*.ppm"))]


def drawn(portable: bytes) -> Picture:
    """What a portable pixmap shows."""
    _, width, height, _, pixels = portable.split(maxsplit=4)
    line = 3 * int(width)
    pixels = portable[-line * int(height) :]  # which may begin with what looks like a blank
    return Picture(
        int(width), [pixels[start : start + line] for start in range(0, len(pixels), line)]
    )


def tiled(pictures: Sequence[Picture]) -> Picture:
    """Pictures of one size, two in a row."""
    width = 2 * pictures[0].width + GAP
    lines: list[bytes] = []
    for left, right in zip(pictures[::2], pictures[1::2], strict=True):
        lines += [GREY * width] * (GAP if lines else 0)
        lines += [a + GREY * GAP + b for a, b in zip(left.lines, right.lines, strict=True)]
    return Picture(width, lines)


def save(picture: Picture, path: Path) -> None:
    """Write a picture as PNG."""
    size = struct.pack(">IIBBBBB", picture.width, len(picture.lines), 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + line for line in picture.lines), 9)
    with path.open("wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n")
        for name, content in ((b"IHDR", size), (b"IDAT", pixels), (b"IEND", b"")):
            checked = name + content
            file.write(struct.pack(">I", len(content)) + checked)
            file.write(struct.pack(">I", zlib.crc32(checked)))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "pictures")
