"""A filled score form in Excel: the same plain values as from YAML, with the cells they are in.

A form is known by its hidden sheet, and its lines by their item numbers, wherever they stand.
"""

from epa_score.diagnostics import Kind
from epa_score.readers.excel.archive import WorkbookRefusedError
from epa_score.readers.excel.form import FormSheet, record_of
from epa_score.readers.excel.head import fields_of, table_of
from epa_score.readers.excel.rows import lines_of, report_other_points
from epa_score.readers.excel.scores import beyond_of, scores_of
from epa_score.readers.excel.sums import shown_sums, sum_lines_of
from epa_score.readers.excel.workbook import Workbook, read_workbook
from epa_score.readers.source import Source

_OLD_OFFICE = bytes.fromhex("d0cf11e0a1b11ae1")


def open_workbook(data: bytes) -> Workbook:
    """The workbook in some bytes, with formulas as formulas. Raises `WorkbookRefusedError`."""
    if data.startswith(_OLD_OFFICE):
        locked = "EncryptedPackage".encode("utf-16-le") in data
        raise WorkbookRefusedError(Kind.NOT_A_WORKBOOK, variant="locked" if locked else "old")
    if not data.startswith(b"PK"):
        raise WorkbookRefusedError(Kind.NOT_A_WORKBOOK, variant="" if data else "empty")
    return read_workbook(data)


def read(path: str, data: bytes) -> Source:
    """The values of a form; ``findings`` says what is wrong with its cells.

    What is wrong with a cell does not hide what is wrong with others.
    """
    source = Source(path)
    try:
        workbook = open_workbook(data)
        record = record_of(workbook)
        sheet, header, columns = table_of(workbook, record)
    except WorkbookRefusedError as refused:
        source.findings = [refused.finding]
        return source
    form = FormSheet(source, sheet, record, header, columns, {})
    form.mark((), 1, 1)
    form.mark(("scores",), header, columns["score"])
    fields = fields_of(form)
    sums = sum_lines_of(form)
    lines = lines_of(form, sums)
    scores = scores_of(form, lines.rows)
    beyond = beyond_of(form, lines.rows)
    report_other_points(form, {*lines.rows.values(), *lines.others, *sums}, lines.rows)
    source.sums = shown_sums(form, lines.rows, sums)
    source.value = {"rubric": record.rubric, **fields, "scores": scores, **beyond}
    source.cells = form.cells
    source.form_of = record.sha256
    return source
