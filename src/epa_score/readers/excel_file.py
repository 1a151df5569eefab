"""The file of a workbook: what must be true of it before openpyxl may look at it."""

import warnings
from collections.abc import Callable
from functools import cache
from io import BytesIO
from typing import Any

from epa_score.diagnostics import Kind
from epa_score.readers.excel.archive import MOST_BYTES
from epa_score.readers.excel_bounds import inspect
from epa_score.readers.excel_refused import RefusedError

_OLD_OFFICE = bytes.fromhex("d0cf11e0a1b11ae1")


def open_workbook(data: bytes) -> Any:
    """The workbook in some bytes, with formulas as formulas. Raises `RefusedError`."""
    if len(data) > MOST_BYTES:
        raise RefusedError(Kind.WORKBOOK_TOO_LARGE)
    if data.startswith(_OLD_OFFICE):
        locked = "EncryptedPackage".encode("utf-16-le") in data
        raise RefusedError(Kind.NOT_A_WORKBOOK, variant="locked" if locked else "old")
    if not data.startswith(b"PK"):
        raise RefusedError(Kind.NOT_A_WORKBOOK, variant="" if data else "empty")
    try:
        inspect(data)
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
