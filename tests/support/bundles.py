"""Stand-ins for the embeddable Python, which no package registry has."""

import hashlib
import zipfile
from collections.abc import Iterable
from importlib.metadata import files
from pathlib import Path

LIBRARIES = ["libcrypto-3", "libffi-8", "libssl-3", "python3", "python313", "sqlite3"]
LIBRARIES += ["vcruntime140", "vcruntime140_1"]
EXTENSIONS = ("_bz2", "_ctypes", "_decimal", "_socket", "pyexpat", "select", "unicodedata")

NAMES = (
    *("LICENSE.txt", "python.cat", "python.exe", "pythonw.exe", "python313._pth", "python313.zip"),
    *(f"{name}.dll" for name in LIBRARIES),
    *(f"{name}.pyd" for name in EXTENSIONS),
)
"""The files of the official zip of 3.13, without some extension modules."""


def program_of_windows() -> bytes:
    """A program for 64-bit Windows; its own libraries are parts of Windows."""
    (program,) = [path for path in files("setuptools") or () if path.name == "cli-64.exe"]
    return program.read_binary()


def write_embeddable_python(path: Path, names: Iterable[str] = NAMES) -> str:
    """Write a zip that is laid out as the official one, and give its SHA-256."""
    program = program_of_windows()
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            binary = name.endswith((".exe", ".dll", ".pyd"))
            archive.writestr(name, program if binary else f"{name}\n#import site\n".encode())
    return hashlib.sha256(path.read_bytes()).hexdigest()
