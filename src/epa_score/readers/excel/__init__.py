"""A filled score form in Excel: the same plain values as from YAML, with the cells they are in.

A form is known by its hidden sheet, and its lines by their item numbers, wherever they stand.
"""

from epa_score.readers.excel.form import identity_of
from epa_score.readers.excel.head import table_of
from epa_score.readers.excel.rows import lines_of
from epa_score.readers.excel.scores import scores_of
from epa_score.readers.excel.sums import shown_sums, sum_lines_of
from epa_score.readers.excel_facts import beyond_of
from epa_score.readers.excel_fields import fields_of
from epa_score.readers.excel_file import open_workbook, stored_results
from epa_score.readers.excel_form import FormSheet
from epa_score.readers.excel_others import report_other_points
from epa_score.readers.excel_refused import RefusedError
from epa_score.readers.source import Source


def read(path: str, data: bytes) -> Source:
    """The values of a form; ``findings`` says what is wrong with its cells.

    What is wrong with a cell does not hide what is wrong with others.
    """
    source = Source(path)
    try:
        workbook = open_workbook(data)
        identity = identity_of(workbook)
        sheet, header, columns = table_of(workbook, identity)
    except RefusedError as refused:
        source.findings = [refused.finding]
        return source
    form = FormSheet(source, sheet, identity, header, columns, {})
    form.mark((), 1, 1)
    form.mark(("scores",), header, columns["score"])
    fields = fields_of(form)
    sums = sum_lines_of(form)
    lines = lines_of(form, sums)
    scores = scores_of(form, lines.rows)
    beyond = beyond_of(form, lines.rows)
    points = {row for line, row in lines.rows.items() if line not in identity.beyond}
    report_other_points(form, {*points, *lines.others, *sums}, lines.rows)
    source.sums = shown_sums(form, lines.rows, sums, stored_results(data, sheet.title))
    source.value = {"rubric": identity.rubric, **fields, "scores": scores, **beyond}
    source.cells = form.cells
    source.form_of = identity.sha256
    return source
