"""From bytes to text, or to the reason why not."""

import errno
import os
import re
import stat
from codecs import BOM_UTF8
from contextlib import suppress
from itertools import islice

from epa_score.diagnostics import Finding, Kind, Place, Spot
from epa_score.readers.source import Source, split_lines

MOST_BYTES = 1_000_000
"""The size of a file that is still read."""

_OPEN = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
"""A file as it is; opening a pipe does not wait for somebody who writes."""

_CHINESE = "[\u4e00-\u9fff]"
_LAST_ASCII = 0x7F
_MOST_SHOWN = 20
_FORBIDDEN = "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]"


def read_bytes(path: str, most: int = MOST_BYTES) -> bytes:
    """The bytes of a file, at most one more than ``most``.

    Raises `OSError`, also for what is no regular file: reading a pipe would wait for ever.
    """
    descriptor = os.open(path, _OPEN)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), path)
        data = os.read(descriptor, min(status.st_size, most) + 1)
        while len(data) != status.st_size and len(data) <= most:  # it changes meanwhile
            more = os.read(descriptor, most + 1 - len(data))
            if not more:
                break
            data += more
        return data
    finally:
        os.close(descriptor)


def decode(path: str, data: bytes) -> Source:
    """A source with its text; without one, its findings say why.

    The text is UTF-8, with or without BOM, and has no character that YAML forbids or takes
    for the end of a line.
    """
    if len(data) > MOST_BYTES:
        return _refused(path, Kind.FILE_TOO_LARGE, {"most": MOST_BYTES // 1_000_000})
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or data.count(b"\0") * 10 > len(data):
        return _refused(path, Kind.UTF16_FILE, {"encoding": "UTF-16"})
    try:
        text = data.removeprefix(BOM_UTF8).decode()
    except UnicodeDecodeError as error:
        return _not_utf8(path, data, error)
    if not text or text.isspace():
        return _refused(path, Kind.FILE_EMPTY, {})
    if text.replace("\n", "").isprintable() or not re.search(_FORBIDDEN, text):
        return Source(path, text)
    return Source(
        path,
        text,
        findings=[
            Finding(
                Kind.FORBIDDEN_CHARACTER, _spot_at(text, one.start()), {"character": _code(one[0])}
            )
            for one in islice(re.finditer(_FORBIDDEN, text), _MOST_SHOWN)
        ],
    )


def _refused(path: str, kind: Kind, parameters: dict[str, str | int]) -> Source:
    return Source(path, findings=[Finding(kind, Place(), dict(parameters))])


def _not_utf8(path: str, data: bytes, error: UnicodeDecodeError) -> Source:
    """GBK from its first Chinese character on, else the first byte that is damaged."""
    body = data.removeprefix(BOM_UTF8)
    text, variant, at = body.decode("utf-8", "replace"), "", error.start
    if len(re.findall(_CHINESE, text)) <= text.count("\ufffd"):
        with suppress(UnicodeDecodeError):
            text, variant = body.decode("gb18030"), "gbk"
            at = next(index for index, byte in enumerate(body) if byte > _LAST_ASCII)
    spot = _spot_at(text, len(body[:at].decode("utf-8", "replace")))
    finding = Finding(Kind.NOT_UTF8, spot, {"byte": f"0x{body[at]:02X}"}, variant)
    return Source(path, text, findings=[finding])


def _spot_at(text: str, index: int) -> Spot:
    lines = split_lines(text[: index + 1])
    return Spot(len(lines), len(lines[-1]), len(lines[-1]) + 1)


def _code(character: str) -> str:
    return f"U+{ord(character):04X}"
