"""The bundle for 64-bit Windows: a zip that is unpacked and used, with nothing to install."""

from pathlib import Path

import epa_score
from bundle.archives import digest_of, put_file, zip_of
from bundle.binaries import find_unloadable
from bundle.embeddable import EmbeddablePython, read_embeddable_python
from bundle.faults import BundleError
from bundle.packages import ROOT, packages_for_windows

MOST_BYTES = 30_000_000
"""What offices can send to each other by mail."""

LONGEST_PATH = 150
"""Characters of a path in the bundle; Windows has room for 260 with the folder it lies in."""

HERE = Path(__file__).parent


def make_windows_bundle(python_zip: Path, sha256: str | None, target: Path | None) -> Path:
    """Put the bundle together, check it and write it.

    Raises:
        BundleError: It would not work, or is too large.
    """
    python = read_embeddable_python(python_zip, sha256)
    files = windows_files(python, packages_for_windows(python.version))
    if problems := [*find_unloadable(files, python.version), *_long_paths(files)]:
        raise BundleError("the bundle would not work:\n" + "\n".join(problems))
    target = target or ROOT / "dist" / f"epa-score-{epa_score.__version__}-windows.zip"
    data = zip_of(files)
    if len(data) > MOST_BYTES:
        raise BundleError(f"the bundle has {len(data)} bytes, {MOST_BYTES} are allowed")
    put_file(data, target)
    return target


def windows_files(python: EmbeddablePython, packages: dict[str, bytes]) -> dict[str, bytes]:
    """Every file of the bundle with what it holds.

    The folder of the packages is named after what is in it: who unpacks a bundle over an older one
    runs the new packages alone, and never what Python has compiled of the old ones.
    """
    folder = f"packages-{digest_of(packages)[:8]}"
    path_file = f"{python.stem}._pth"
    paths = (
        f"{python.stem}.zip\n.\n..\\{folder}\n"  # without "import site": nothing else is looked for
    )
    program = {
        **{f"python/{name}": data for name, data in python.files.items()},
        f"python/{path_file}": paths.encode("ascii"),
        **{f"{folder}/{name}": data for name, data in packages.items()},
        "start.py": (HERE / "start.py").read_bytes(),
        "epa-score.cmd": windows_script("epa-score.cmd"),
    }
    return {
        "考核评分/开始考核.cmd": windows_script("开始考核.cmd"),
        "考核评分/使用说明.txt": instructions("windows"),
        **{f"考核评分/program/{name}": data for name, data in program.items()},
    }


def instructions(system: str) -> bytes:
    """使用说明 as the Notepad of every Windows shows it: with byte order mark and CR LF."""
    text = (HERE / f"{system}_files" / "使用说明.txt").read_text("utf-8")
    return text.replace("\n", "\r\n").encode("utf-8-sig")


def windows_script(name: str) -> bytes:
    """A batch file: ASCII, which every code page reads alike, and CR LF, without which cmd errs."""
    return (HERE / "windows_files" / name).read_text("ascii").replace("\n", "\r\n").encode("ascii")


def _long_paths(files: dict[str, bytes]) -> list[str]:
    return [f"{name}: the path is too long" for name in files if len(name) > LONGEST_PATH]
