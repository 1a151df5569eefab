"""LibreOffice, which works workbooks out again and prints them.

It takes seconds to start, however small a workbook is. So the tests of `tests/office` say before
they run which workbooks they need (`saved_as`), and the first one that asks has all of them
converted, in one call for each format.
"""

import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

SOFFICE = shutil.which("soffice") or ""
data_bars = pytest.mark.filterwarnings("ignore:.* extension is not supported")
"""openpyxl loses the data bars of 分项分析, which no figure needs."""

Make = Callable[[Path], Mapping[str, bytes]]
"""Makes workbooks, by name, with an empty folder to work in, which is the current one."""

MAKERS: dict[str, list[Make]] = {"xlsx": [], "pdf": []}


def saved_as(*targets: str) -> Callable[[Make], Make]:
    """Register what makes workbooks, to be converted to each of some formats."""

    def register(make: Make) -> Make:
        for target in targets:
            MAKERS[target].append(make)
        return make

    return register


class Saved(NamedTuple):
    """Workbooks by name: as they were made, and where LibreOffice has saved them."""

    made: Mapping[str, bytes]
    paths: Mapping[str, Path]

    @property
    def contents(self) -> dict[str, bytes]:
        """What LibreOffice has saved."""
        return {name: path.read_bytes() for name, path in self.paths.items()}


class Office:
    """LibreOffice with one profile, and what it has made of the registered workbooks."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.starts = 0
        self.made: dict[Make, Mapping[str, bytes]] = {}
        self.converted: dict[tuple[str, Make], Saved] = {}

    def saved(self, target: str, make: Make) -> Saved:
        """What LibreOffice has made of the workbooks of ``make``, which are registered."""
        if (target, make) not in self.converted:
            makers = MAKERS[target]
            assert make in makers
            given = {
                f"{number}-{name}": content
                for number, maker in enumerate(makers)
                for name, content in self._workbooks(maker).items()
            }
            paths = self.convert(target, given)
            for number, maker in enumerate(makers):
                found = {name: paths[f"{number}-{name}"] for name in self.made[maker]}
                self.converted[target, maker] = Saved(self.made[maker], found)
        return self.converted[target, make]

    def _workbooks(self, make: Make) -> Mapping[str, bytes]:
        if make not in self.made:
            folder = self.folder / f"made-{len(self.made)}"
            folder.mkdir()
            with pytest.MonkeyPatch.context() as patch:
                patch.chdir(folder)
                self.made[make] = make(folder)
            assert self.made[make]
        return self.made[make]

    def convert(
        self, target: str, workbooks: Mapping[str, bytes], given: str = "xlsx"
    ) -> dict[str, Path]:
        """Convert some workbooks, which are files of a kind; LibreOffice starts for many at once.

        It ends without a word at some two hundred and fifty of them.
        """
        paths: dict[str, Path] = {}
        entries = list(workbooks.items())
        for start in range(0, len(entries), _AT_ONCE):
            paths |= self._start(target, dict(entries[start : start + _AT_ONCE]), given)
        assert paths.keys() == workbooks.keys()
        return paths

    def opened(self, target: str, workbooks: Mapping[str, bytes]) -> dict[str, Path]:
        """Convert those workbooks that LibreOffice can open, however often it ends at others.

        Formulas are worked out anew.
        """
        settings = self.folder / "profile" / "user" / "registrymodifications.xcu"
        settings.parent.mkdir(parents=True, exist_ok=True)
        if not settings.exists():
            settings.write_text(_RECALCULATED)
        paths: dict[str, Path] = {}
        left = dict(workbooks)
        while left:
            found = self._start(target, left, "xlsx")
            paths |= found
            left = {name: data for name, data in left.items() if name not in found and found}
        return paths

    def _start(self, target: str, workbooks: Mapping[str, bytes], given: str) -> dict[str, Path]:
        self.starts += 1
        source, out = (self.folder / f"{kind}-{self.starts}" for kind in ("given", target))
        source.mkdir()
        for name, content in workbooks.items():
            (source / f"{name}.{given}").write_bytes(content)
        done = subprocess.run(
            [
                SOFFICE,
                f"-env:UserInstallation={(self.folder / 'profile').as_uri()}",
                *("--headless", "--convert-to", target, "--outdir", str(out)),
                *(str(source / f"{name}.{given}") for name in workbooks),
            ],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=900,
        )
        paths = {name: out / f"{name}.{target}" for name in workbooks}
        found = {name: path for name, path in paths.items() if path.exists()}
        assert found or done.returncode == 0, done.stderr
        return found


_AT_ONCE = 150

_RECALCULATED = """\
<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>
"""
"""Settings by which formulas are worked out when a workbook is opened."""


def pages_of(printed: Path) -> list[str]:
    """The text of every page of a PDF, without blanks."""
    done = subprocess.run(["pdftotext", printed, "-"], check=True, capture_output=True, text=True)
    return ["".join(page.split()) for page in done.stdout.split("\f")[:-1]]


def size_of(printed: Path) -> tuple[int, int]:
    """Width and height of the first page of a PDF, in points."""
    told = subprocess.run(["pdfinfo", printed], check=True, capture_output=True, text=True).stdout
    (line,) = (line for line in told.splitlines() if line.startswith("Page size:"))
    width, height = (round(float(side)) for side in line.split()[2:5:2])
    return width, height
