"""File formats by suffix: a new one is a module with ``read(path, data)`` and a line here."""

import errno
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from typing import NamedTuple

from epa_score.diagnostics import Diagnostic, Finding, Kind, Parameter, Place, reason_of
from epa_score.readers import source, yaml
from epa_score.readers.source import Source


def _read_excel(path: str, data: bytes) -> Source:
    from epa_score.readers import excel  # noqa: PLC0415 -- most runs read no workbook

    return excel.read(path, data)


READERS: dict[str, Callable[[str, bytes], Source]] = {
    ".yaml": yaml.read,
    ".yml": yaml.read,
    ".xlsx": _read_excel,
}
MOST_BYTES = {".xlsx": 20_000_000}
"""The size of a file that is still read, where it is not that of a text."""

RUBRIC_SUFFIXES = (".yaml", ".yml")

STDIN = "-"
"""The path that stands for the standard input, which is read as YAML."""

STDIN_SHOWN = "<stdin>"
"""The name of the standard input in messages, and the path of what it held."""

_kept: dict[str, Source] = {}
"""The content of the standard input: nothing is left of it to read a second time."""


class FileContent(NamedTuple):
    """The bytes of a file, and the values and places in them."""

    data: bytes
    source: Source


def read_file(path: str, shown: str | None = None) -> FileContent:
    """Read a file; it is reported under the name ``shown``.

    A file that cannot be read gives a finding instead.
    """
    name = shown or (STDIN_SHOWN if path == STDIN else path)
    suffix = ".yaml" if path == STDIN else os.path.splitext(path)[1].lower()
    if suffix not in READERS and os.path.exists(path):
        parameters: dict[str, Parameter] = {"suffix": suffix or "-", "known": tuple(READERS)}
        finding = Finding(Kind.UNSUPPORTED_FORMAT, Place(), parameters)
        return FileContent(b"", Source(path=name, findings=[finding]))
    data, failed = _read_bytes(path, name, MOST_BYTES.get(suffix, source.MOST_BYTES))
    read = failed or READERS[suffix](name, data)
    if path == STDIN:
        _kept[name] = read
    return FileContent(data, read)


def locate(path: str, findings: Sequence[Finding]) -> list[Diagnostic]:
    """Find the places of late findings: of what shows only when the file was left behind.

    The file is read again, which is rare; of the standard input the last that was read is kept.
    """
    read = _kept[path] if path in _kept else read_file(path).source
    return read.diagnose(findings)


def locate_all(found: Iterable[tuple[str, Finding]]) -> list[Diagnostic]:
    """Find the places of late findings in several files, each of which is read once."""
    by_path: dict[str, list[Finding]] = {}
    for path, finding in found:
        by_path.setdefault(path, []).append(finding)
    return [
        diagnostic for path, findings in by_path.items() for diagnostic in locate(path, findings)
    ]


def read_text(path: str) -> Source:
    """Read a text file that is no sheet, such as a roster; findings say what is wrong with it."""
    data, failed = _read_bytes(path, path, source.MOST_BYTES)
    return failed or source.decode(path, data)


def _read_bytes(path: str, name: str, most: int) -> tuple[bytes, Source | None]:
    """The bytes of a file, or a source that says why they cannot be read."""
    try:
        return _read_stdin() if path == STDIN else source.read_bytes(path, most), None
    except (OSError, ValueError) as error:
        variant = {"FileNotFoundError": "missing", "PermissionError": "permission"}
        number = error.errno if isinstance(error, OSError) else None
        finding = Finding(
            Kind.FILE_UNREADABLE,
            Place(),
            {"reason": reason_of(error)},
            "special" if number == errno.EINVAL else variant.get(type(error).__name__, ""),
        )
        return b"", Source(path=name, findings=[finding])


def _read_stdin() -> bytes:
    if sys.stdin is None:
        message = "standard input is closed"
        raise OSError(message)
    return sys.stdin.buffer.read(source.MOST_BYTES + 1)


def sha256_of(data: bytes) -> str:
    """The SHA-256 of some bytes, in hexadecimal."""
    return sha256(data).hexdigest()
