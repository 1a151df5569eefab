"""The file of a workbook: what must be true of it before openpyxl may look at it."""

import re
import warnings
import zipfile
from collections.abc import Callable, Mapping
from functools import cache
from io import BytesIO
from typing import Any

from epa_score.diagnostics import Finding, Kind, Parameter, Place

_MOST_BYTES = 20_000_000
"""Bytes of the file, and of the pictures in it."""

_MOST_XML = 2_500_000
"""Bytes of all sheets and lists of texts together once they are unpacked; a form has 50,000.

openpyxl takes half a second for a million.
"""

_MOST_PARTS = 2000
_MOST_MERGED, _MOST_AREAS = 50_000, 4000
"""Cells that are merged, and areas of them: openpyxl takes long for each."""
_OLD_OFFICE = bytes.fromhex("d0cf11e0a1b11ae1")
_MERGED = re.compile(rb"mergeCell\b[^>]*\bref=[\"']([A-Z]+)([0-9]+):([A-Z]+)([0-9]+)")


class RefusedError(Exception):
    """A file that is not read as a form; the finding says why."""

    def __init__(
        self, kind: Kind, parameters: Mapping[str, Parameter] | None = None, variant: str = ""
    ) -> None:
        """Say why."""
        super().__init__(kind)
        self.finding = Finding(kind, Place(), dict(parameters or {}), variant)


def open_workbook(data: bytes) -> Any:
    """The workbook in some bytes, with formulas as formulas. Raises `RefusedError`."""
    if len(data) > _MOST_BYTES:
        raise RefusedError(Kind.WORKBOOK_TOO_LARGE)
    if data.startswith(_OLD_OFFICE):
        locked = "EncryptedPackage".encode("utf-16-le") in data
        raise RefusedError(Kind.NOT_A_WORKBOOK, variant="locked" if locked else "old")
    if not data.startswith(b"PK"):
        raise RefusedError(Kind.NOT_A_WORKBOOK, variant="" if data else "empty")
    try:
        _inspect(data)
        return _loaded(data)
    except RefusedError:
        raise
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        raise RefusedError(Kind.WORKBOOK_DAMAGED, {"reason": reason}) from error


def stored_results(data: bytes, sheet: str) -> Callable[[str], Any]:
    """What gives the result that is stored with the formula of a cell, opened when it is asked."""

    @cache
    def opened() -> Any:
        return _loaded(data, data_only=True)[sheet]

    return lambda cell: opened()[cell].value


def _loaded(data: bytes, *, data_only: bool = False) -> Any:
    from openpyxl import load_workbook

    with warnings.catch_warnings():  # of parts that openpyxl would lose if it wrote the file
        warnings.simplefilter("ignore")
        return load_workbook(BytesIO(data), keep_links=False, data_only=data_only)


def _inspect(data: bytes) -> None:
    """Look at every part before it is unpacked as a whole."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        parts = archive.infolist()
        names = [one.filename for one in parts]
        if "xl/workbook.xml" not in names:
            raise RefusedError(Kind.NOT_A_WORKBOOK)
        if len(set(names)) < len(names):
            raise RefusedError(Kind.WORKBOOK_DAMAGED, {"reason": "duplicate part"})
        written = [one for one in parts if one.filename.endswith((".xml", ".rels", ".vml"))]
        unpacked = sum(one.file_size for one in written)
        others = sum(one.file_size for one in parts) - unpacked
        if len(parts) > _MOST_PARTS or unpacked > _MOST_XML or others > _MOST_BYTES:
            raise RefusedError(Kind.WORKBOOK_TOO_LARGE)
        merged: list[int] = []
        for one in written:
            text = archive.read(one)
            if (
                b"<!DOCTYPE" in text
                or b"<!ENTITY" in text
                or text[:2] in (b"\xff\xfe", b"\xfe\xff")
            ):
                raise RefusedError(Kind.WORKBOOK_DAMAGED, {"reason": "DOCTYPE, ENTITY or UTF-16"})
            merged += [_cells(*found.groups()) for found in _MERGED.finditer(text)]
        if sum(merged) > _MOST_MERGED or len(merged) > _MOST_AREAS:
            raise RefusedError(Kind.WORKBOOK_TOO_LARGE)


def _cells(left: bytes, top: bytes, right: bytes, bottom: bytes) -> int:
    """How many cells an area has."""
    return (_number(right) - _number(left) + 1) * (int(bottom) - int(top) + 1)


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
