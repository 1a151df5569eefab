"""The program and the packages that it needs, as they are installed for Windows."""

import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from bundle.faults import BundleError

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements" / "word.txt"

_OF_THE_INSTALLATION = re.compile(
    r"(bin|Scripts)/.*|\.lock|.*/__pycache__/.*"
    r"|[^/]+\.dist-info/(RECORD|INSTALLER|REQUESTED|direct_url\.json|uv_\w+\.json)"
)
"""What tells of this machine, or starts programs by paths of it; nothing needs it."""


def packages_for_windows(version: tuple[int, int]) -> dict[str, bytes]:
    """What each file of the locked packages and of the program holds, by its path.

    Raises:
        BundleError: They cannot be had.
    """
    with TemporaryDirectory() as name:
        folder = Path(name)
        installed = folder / "installed"
        target = [f"--target={installed}", "--python-platform=x86_64-pc-windows-msvc"]
        target += ["--python-version={}.{}".format(*version), "--only-binary=:all:"]
        install = [sys.executable, "-m", "uv", "pip", "install", "--quiet", *target]
        run([*install, "--require-hashes", f"--requirement={LOCK}"], "the packages")
        build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
        run(build, "epa-score")
        (wheel,) = folder.glob("*.whl")
        run([*install, "--no-index", "--no-deps", str(wheel)], "epa-score")
        return {
            path: file.read_bytes()
            for file in installed.rglob("*")
            if file.is_file()
            and not _OF_THE_INSTALLATION.fullmatch(path := file.relative_to(installed).as_posix())
        }


def run(command: list[str], what: str) -> None:
    """Run a command in the checkout.

    Raises:
        BundleError: It failed.
    """
    done = subprocess.run(
        command, cwd=ROOT, check=False, capture_output=True, text=True, errors="backslashreplace"
    )
    if done.returncode != 0:
        raise BundleError(f"{what} could not be had:\n{done.stdout}{done.stderr}")
