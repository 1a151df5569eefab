"""The official embeddable Python: whether a file is it, and what it holds."""

import hashlib
import io
import re
import zipfile
from pathlib import Path
from typing import NamedTuple

from bundle.faults import BundleError

PUBLISHED = {
    "4acbed6dd1c744b0376e3b1cf57ce906f9dc9e95e68824584c8099a63025a3c3": "3.12.10",
    "d1f04d990aee1253d8569e8e5104e30fa9f5fa830899f14843448872d936a2cf": "3.13.15",
    "df901e84a896ff1ee720ad03377e0c8d8c2244fda79808aeeaff6316df1cb75c": "3.14.6",
}
"""SHA-256 of ``python-VERSION-embed-amd64.zip``; docs/bundle.md says where they come from."""

OLDEST = (3, 11)
"""The first Python that the program runs on."""

_PATH_FILE = re.compile(r"python(3)(\d+)\._pth")


class EmbeddablePython(NamedTuple):
    """An embeddable Python that is what it should be."""

    version: tuple[int, int]
    """Major and minor version, which decide on the wheels."""
    files: dict[str, bytes]
    """What each file of it holds."""

    @property
    def stem(self) -> str:
        """The name that its library, its archive and its path file share, such as ``python313``."""
        return "python{}{}".format(*self.version)


def read_embeddable_python(path: Path, sha256: str | None) -> EmbeddablePython:
    """Read the zip of an embeddable Python whose SHA-256 is the one given or a known one.

    Raises:
        BundleError: It cannot be read, is another file, or is no embeddable Python.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BundleError(f"{path} cannot be read: {error.strerror}") from None
    _check_digest(path, hashlib.sha256(data).hexdigest(), sha256)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            files = {name: archive.read(name) for name in archive.namelist() if name[-1] != "/"}
    except (zipfile.BadZipFile, EOFError, ValueError) as error:
        raise BundleError(f"{path} is not a sound zip file: {error}") from None
    found = [match for match in map(_PATH_FILE.fullmatch, files) if match]
    if len(found) != 1:
        raise BundleError(f"{path} is no embeddable Python: it has no python3NN._pth")
    python = EmbeddablePython((int(found[0][1]), int(found[0][2])), files)
    needed = ("python.exe", f"{python.stem}.dll", f"{python.stem}.zip")
    if missing := [name for name in needed if name not in files]:
        raise BundleError(f"{path} is no embeddable Python: it lacks {', '.join(missing)}")
    if python.version < OLDEST:
        raise BundleError(f"{path} is Python {python.stem[6]}.{python.stem[7:]}; 3.11 is needed")
    return python


def _check_digest(path: Path, digest: str, wanted: str | None) -> None:
    if wanted is None and digest not in PUBLISHED:
        raise BundleError(
            f"the SHA-256 of {path} is {digest}, which is none of those known for "
            f"{', '.join(PUBLISHED.values())}; compare it with the one that python.org publishes "
            "and give that by --sha256"
        )
    if wanted is not None and digest != wanted.strip().lower():
        raise BundleError(f"the SHA-256 of {path} is {digest}, not {wanted}")
