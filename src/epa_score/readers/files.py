"""File formats by suffix: a new one is a module with ``read(path, data)`` and a line here.

It gives a source for each score sheet in the file, and one where there is none.
"""

import errno
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from typing import NamedTuple

from epa_score.diagnostics import Diagnostic, Finding, Kind, Parameter, Place, reason_of
from epa_score.diagnostics.finding import FileFinding, SheetPlace
from epa_score.readers import source, yaml
from epa_score.readers.source import Source
from epa_score.readers.unread import unreadable_as


def _read_yaml(path: str, data: bytes) -> tuple[Source]:
    return (yaml.read(path, data),)


def _read_excel(path: str, data: bytes) -> Sequence[Source]:
    from epa_score.readers import excel  # noqa: PLC0415 -- most runs read no workbook

    return excel.read(path, data)


READERS: dict[str, Callable[[str, bytes], Sequence[Source]]] = {
    ".yaml": _read_yaml,
    ".yml": _read_yaml,
    ".xlsx": _read_excel,
}
MOST_BYTES = {".xlsx": 20_000_000}
"""The size of a file that is still read, where it is not that of a text."""

STDIN = "-"
"""The path that stands for the standard input, which is read as YAML."""

STDIN_SHOWN = "<stdin>"
"""The name of the standard input in messages, and the path of what it held."""

_kept: dict[str, Sequence[Source]] = {}
"""The content of the standard input: nothing is left of it to read a second time."""


class FileContent(NamedTuple):
    """The bytes of a file, and the values and places in them: one source for each score sheet."""

    data: bytes
    sources: Sequence[Source]

    @property
    def source(self) -> Source:
        """The first of them, the only one of most files."""
        return self.sources[0]


def read_file(path: str, shown: str | None = None) -> FileContent:
    """Read a file; it is reported under the name ``shown``.

    A file that cannot be read gives a finding instead.
    """
    name = shown or (STDIN_SHOWN if path == STDIN else path)
    suffix = ".yaml" if path == STDIN else os.path.splitext(path)[1].lower()
    if suffix not in READERS and os.path.exists(path):
        return FileContent(b"", (Source(path=name, findings=[unknown_format(path)]),))
    data, failed = _read_bytes(path, name, MOST_BYTES.get(suffix, source.MOST_BYTES))
    sources = (failed,) if failed else READERS[suffix](name, data)
    if path == STDIN:
        _kept[name] = sources
    return FileContent(data, sources)


def unknown_format(path: str) -> Finding:
    """The finding that no reader knows files of this kind, with what is to be done about it."""
    suffix = os.path.splitext(path)[1].lower()
    about: dict[str, Parameter] = {"suffix": suffix or "-", "known": tuple(READERS)}
    return Finding(Kind.UNSUPPORTED_FORMAT, Place(), about, unreadable_as(path))


def locate(place: SheetPlace, findings: Sequence[Finding]) -> list[Diagnostic]:
    """Find the places of late findings: of what shows only when the file was left behind.

    The file is read again, which is rare; of the standard input the last that was read is kept.
    """
    return _source_in(_read_again(place.path), place.part).diagnose(findings)


def locate_all(found: Iterable[FileFinding]) -> list[Diagnostic]:
    """Find the places of late findings in several sheets; each file is read once."""
    by_path: dict[str, dict[str, list[Finding]]] = {}
    for (path, part), finding, _ in found:
        by_path.setdefault(path, {}).setdefault(part, []).append(finding)
    located: list[Diagnostic] = []
    for path, by_part in by_path.items():
        sources = _read_again(path)
        for part, findings in by_part.items():
            located += _source_in(sources, part).diagnose(findings)
    return located


def _read_again(path: str) -> Sequence[Source]:
    return _kept[path] if path in _kept else read_file(path).sources


def _source_in(sources: Sequence[Source], part: str) -> Source:
    """The source of a part, or the first one where the file has changed meanwhile."""
    return next((source for source in sources if source.part == part), sources[0])


def read_bytes_of(path: str, most: int) -> tuple[bytes, Source | None]:
    """The bytes of a file that is no sheet, such as a roster, or a source that says why not."""
    return _read_bytes(path, path, most)


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
