"""Sheets kept on the disk while a run lasts: 100,000 of them do not fit into memory."""

import datetime as dt
import json
import tempfile
from array import array
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from typing import IO, Any, TypeVar

from pydantic import BaseModel

from epa_score.cli.session import OutputError
from epa_score.diagnostics import Kind, reason_of
from epa_score.i18n import plain
from epa_score.model import ScoreSheet

IN_MEMORY = 8_000_000
"""Bytes that stay in memory; a county's sheets and results never reach the disk."""


def dump_sheet(sheet: ScoreSheet) -> bytes:
    """Turn a sheet into a few bytes, its points as text."""
    return json.dumps(sheet, default=_as_plain, ensure_ascii=False).encode()


def restore_sheet(data: bytes) -> ScoreSheet:
    """Make the sheet again of the bytes that `dump_sheet` made of it."""
    return ScoreSheet.model_validate(json.loads(data))


AnySheet = TypeVar("AnySheet", bound=ScoreSheet)


def with_unit(sheet: AnySheet, unit: str) -> AnySheet:
    """The sheet under the name that its unit has on the roster: tables find units by it."""
    return sheet if sheet.unit == unit else sheet.model_copy(update={"unit": unit})


def _as_plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        # What was not given stays so: an empty field is not the same as none.
        names = (name for name in type(value).model_fields if name in value.model_fields_set)
        fields = {name: getattr(value, name) for name in names}
        given = {name: field for name, field in fields.items() if field is not None}
        return given | (value.model_extra or {})
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(type(value))


@contextmanager
def open_sheet_store() -> Iterator["SheetStore"]:
    """Open a place for sheets that is gone when the block ends."""
    with tempfile.SpooledTemporaryFile(IN_MEMORY) as file:
        yield SheetStore(file)


class SheetStore:
    """A file without a name that holds the bytes of sheets."""

    def __init__(self, file: IO[bytes]) -> None:
        """Begin with no sheets in an empty ``file``."""
        self._file = file
        self._ends = array("Q", [0])

    def keep(self, sheet: bytes) -> int:
        """Keep the bytes of a sheet; returns its number. Raises `OutputError` for want of room."""
        with report_disk_errors():
            self._file.seek(self._ends[-1])
            self._file.write(sheet)
        self._ends.append(self._ends[-1] + len(sheet))
        return len(self._ends) - 2

    def sheet(self, number: int) -> ScoreSheet:
        """The sheet of that number. Raises `OutputError` where the disk fails."""
        start, end = self._ends[number : number + 2]
        with report_disk_errors():
            self._file.seek(start)
            data = self._file.read(end - start)
        return restore_sheet(data)


@contextmanager
def report_disk_errors() -> Iterator[None]:
    """Say which folder for temporary files has no room, as `OutputError`."""
    try:
        yield
    except OSError as error:
        raise OutputError(
            Kind.OUTPUT_NOT_WRITTEN, tempfile.gettempdir(), reason_of(error)
        ) from error


class SheetsByUnit(Mapping[str, ScoreSheet]):
    """Kept sheets by unit; each is restored when it is asked for."""

    def __init__(self, store: SheetStore, numbers: Mapping[str, int]) -> None:
        """Give the sheets of those ``numbers``."""
        self._store = store
        self._numbers = numbers

    def __getitem__(self, unit: str) -> ScoreSheet:
        """The sheet of a unit, under that name. Raises `OutputError` where the disk fails."""
        return with_unit(self._store.sheet(self._numbers[unit]), unit)

    def __iter__(self) -> Iterator[str]:
        """The units, in the order of the files."""
        return iter(self._numbers)

    def __len__(self) -> int:
        """The number of sheets."""
        return len(self._numbers)
