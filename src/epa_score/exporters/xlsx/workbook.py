"""The file of a workbook: in memory or on the disk, its fonts, dates and names of worksheets."""

import re
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, BinaryIO

from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.worksheet import Worksheet

from epa_score.model import same_name_key


class _Worksheet(Worksheet):
    """A worksheet whose formulas are stored as they are given.

    None of ours has a function that is newer than Excel 2007 and needs a prefix in the file. To
    look for one in every formula takes XlsxWriter a sixth of the time of a workbook.
    """

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:  # noqa: FBT001, FBT002 -- XlsxWriter's own signature
        if expand_future_functions or formula.startswith("{"):
            return str(super()._prepare_formula(formula, expand_future_functions))  # type: ignore[no-untyped-call]
        return formula.removeprefix("=")


class _Workbook(Workbook):
    worksheet_class = _Worksheet


@contextmanager
def new_workbook(
    file: BinaryIO, *, many: bool = False, font: str | None = None
) -> Iterator[Workbook]:
    """A workbook that stands in ``file`` when the block ends; ``font`` is that of its cells.

    With ``many`` rows they go to the disk as they are written, which must be in their order.
    Equal workbooks are equal files either way. Raises `OSError`.
    """
    options: dict[str, object] = {}
    if font:
        standard = {"font_name": font, "font_size": 11, "font_scheme": "none"}
        options["default_format_properties"] = standard
    if not many:
        buffer = BytesIO()
        workbook = _Workbook(buffer, {**options, "in_memory": True})
        yield workbook
        workbook.close()
        file.write(buffer.getbuffer())
        return
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        sink: Any = _Sink(file)
        stack.callback(sink.close)
        options |= {"constant_memory": True, "tmpdir": folder, "use_zip64": True}
        workbook = _Workbook(sink, options)
        stack.callback(_close_rows, workbook)
        yield workbook
        try:
            workbook.close()
        except FileCreateError as error:
            raise error.args[0] from error
        sink.raise_failure()


def _close_rows(workbook: Any) -> None:
    """Close the files of the rows, which XlsxWriter leaves open where something fails."""
    for sheet in workbook.worksheets():
        sheet.row_data_fh.close()


class _Sink:
    """Passes on what a zip archive writes; a failure is kept until it is asked for.

    The archive of a failed workbook writes once more when it is thrown away, and must not fail
    again where nobody can catch it.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file: BinaryIO | None = file
        self._failure: OSError | None = None

    def write(self, data: bytes) -> int:
        try:
            if self._file is not None:
                self._file.write(data)
        except OSError as error:
            self._failure = error
            self.close()
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        self._file = None

    def raise_failure(self) -> None:
        if self._failure is not None:
            raise self._failure


CREATED = datetime(2018, 1, 1, tzinfo=UTC)
"""Stands in every workbook, so that equal results are equal files."""

FONTS = {"zh_CN": "宋体"}
"""The font of a language; others have Excel's own."""

A4 = 9
"""The paper, by the number that Excel knows it by."""


_LONGEST_NAME = 31
_RESERVED = "history"


class WorksheetNames:
    """Names of worksheets, each given once."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        """Begin with the names that are ``taken``."""
        self._taken = {_RESERVED, *map(same_name_key, taken)}

    def add(self, wanted: str) -> str:
        """A name as near to the ``wanted`` one as there is."""
        name = _legal_name(wanted, "")
        number = 1
        while same_name_key(name) in self._taken:
            number += 1
            name = _legal_name(wanted, f"-{number}")
        self._taken.add(same_name_key(name))
        return name


def _legal_name(wanted: str, end: str) -> str:
    """A name of letters, digits, points and dashes that ends with ``end``."""
    name = re.sub(r"[^\w.-]", "_", wanted)
    while len((name + end).encode("utf-16-le")) > 2 * _LONGEST_NAME:
        name = name[:-1]
    return name + end
