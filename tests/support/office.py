"""LibreOffice, which works workbooks out again and prints them."""

import shutil
import subprocess
from pathlib import Path

import pytest

SOFFICE = shutil.which("soffice") or ""
needs_office = pytest.mark.skipif(not SOFFICE, reason="LibreOffice (soffice) is not installed")


def converted(target: str, folder: Path, *paths: Path) -> list[Path]:
    """Workbooks as LibreOffice saves them in the format ``target``, in a folder of their own."""
    done = subprocess.run(
        [
            SOFFICE,
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            *("--headless", "--convert-to", target, "--outdir", str(folder / "out")),
            *map(str, paths),
        ],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return [folder / "out" / f"{path.stem}.{target}" for path in paths]


def pages_of(printed: Path) -> list[str]:
    """The text of every page of a PDF, without blanks."""
    done = subprocess.run(["pdftotext", printed, "-"], check=True, capture_output=True, text=True)
    return ["".join(page.split()) for page in done.stdout.split("\f")[:-1]]


def size_of(printed: Path) -> tuple[int, int]:
    """Width and height of the first page of a PDF, in points."""
    told = subprocess.run(["pdfinfo", printed], check=True, capture_output=True, text=True).stdout
    (line,) = (line for line in told.splitlines() if line.startswith("Page size:"))
    width, height = (round(float(one)) for one in line.split()[2:5:2])
    return width, height
