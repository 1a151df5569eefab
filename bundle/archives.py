"""Archives that are the same bytes wherever and whenever they are made of the same files."""

import gzip
import hashlib
import io
import os
import stat
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

_EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The date of every file: the first that a zip can hold."""


def digest_of(files: Mapping[str, bytes]) -> str:
    """The SHA-256 of files, by name and content; the same for the same files in any order."""
    lines = (f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files))
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def zip_of(files: Mapping[str, bytes]) -> bytes:
    """A zip of files; names are UTF-8 and marked so."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _EARLIEST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # else it tells on which system it was made
            entry.external_attr = (stat.S_IFREG | 0o644) << 16
            archive.writestr(entry, files[name])
    return data.getvalue()


def write_tar(folder: Path, target: Path) -> None:
    """Write a folder, with what may be run in it, as a .tar.gz."""
    data = io.BytesIO()
    with (
        gzip.GzipFile(filename="", fileobj=data, mode="wb", mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for path in sorted(folder.rglob("*")):
            name = Path(folder.name, path.relative_to(folder)).as_posix()
            entry = archive.gettarinfo(path, name)
            entry.uid = entry.gid = entry.mtime = 0
            entry.uname = entry.gname = ""
            entry.mode = 0o755 if entry.isdir() or entry.mode & stat.S_IXUSR else 0o644
            if entry.isreg():
                with path.open("rb") as file:
                    archive.addfile(entry, file)
            else:
                archive.addfile(entry)
    put_file(data.getvalue(), target)


def put_file(data: bytes, target: Path) -> None:
    """Replace a file by a whole one or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        unfinished.write_bytes(data)
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
