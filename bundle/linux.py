"""The bundle for Linux: a .tar.gz with the program frozen by PyInstaller."""

import platform
import re
import shutil
import sys
from importlib.metadata import packages_distributions
from pathlib import Path
from tempfile import TemporaryDirectory

import docx.parts

import epa_score
from bundle.archives import write_tar
from bundle.faults import BundleError
from bundle.packages import LOCK, ROOT, run
from bundle.windows import HERE, instructions


def make_linux_bundle(target: Path | None) -> Path:
    """Freeze the program and write it with its starter.

    Raises:
        BundleError: This is not Linux, or PyInstaller fails.
    """
    if sys.platform != "linux":
        raise BundleError("a bundle for Linux is made on Linux")
    machine = platform.machine()
    name = f"epa-score-{epa_score.__version__}-linux-{machine}.tar.gz"
    target = target or ROOT / "dist" / name
    with TemporaryDirectory() as work:
        folder = Path(work) / "考核评分"
        folder.mkdir()
        _freeze(Path(work), folder / "program")
        (folder / "使用说明.txt").write_bytes(instructions("linux"))
        for starter in ("开始考核.sh", "开始考核.desktop"):
            shutil.copyfile(HERE / "linux_files" / starter, folder / starter)
            (folder / starter).chmod(0o755)
        write_tar(folder, target)
    return target


def _freeze(work: Path, program: Path) -> None:
    options = ["--name=epa-score", "--onedir", "--noconfirm", "--log-level=ERROR"]
    options += [f"--workpath={work / 'build'}", f"--specpath={work}", f"--distpath={work / 'dist'}"]
    options += [f"--paths={ROOT / 'src'}", f"--paths={ROOT}"]
    options += ["--collect-submodules=epa_score", "--collect-data=epa_score"]
    options += [f"--add-data={ROOT / 'rubrics'}:epa_score/shipped_rubrics"]
    # python-docx finds its templates by `docx/parts/..`, which must be there for that.
    options += [f"--add-data={docx.parts.__path__[0]}/__init__.py:docx/parts"]
    options += [f"--exclude-module={module}" for module in unneeded_modules()]
    command = [sys.executable, "-m", "PyInstaller", *options, str(HERE / "frozen.py")]
    run(command, "the frozen program")
    (work / "dist" / "epa-score").rename(program)


def unneeded_modules() -> list[str]:
    """What is installed for development alone, and some packages import where they find it."""
    locked = re.findall(r"^([\w.-]+)==", LOCK.read_text("ascii"), re.MULTILINE)
    needed = {_canonical(name) for name in [*locked, "epa-score"]}
    return sorted(
        module
        for module, distributions in packages_distributions().items()
        if needed.isdisjoint(map(_canonical, distributions)) and module.isidentifier()
    )


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
