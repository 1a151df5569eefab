"""A filled score form in Excel: the same plain values as from YAML, with the cells they are in.

A form is known by its hidden sheet, and its lines by their item numbers, wherever they stand.
"""

import re
from collections.abc import Callable, Sequence
from functools import partial

from epa_score.diagnostics import Finding, Kind, Parameter, Place
from epa_score.model import same_name_key
from epa_score.model.form_record import FormRecord, record_of_labels
from epa_score.opc import BOUNDS, Archive, Bounds, WorkbookRefusedError, damaged
from epa_score.readers.excel.form import FormSheet, key_of, records_of
from epa_score.readers.excel.head import fields_of, places_of
from epa_score.readers.excel.parts import BookPart, StylesPart, TextsPart, styles_in
from epa_score.readers.excel.rows import (
    lines_of,
    looks_like_number,
    report_rest,
    sum_lines_of,
)
from epa_score.readers.excel.scores import beyond_of, check_width, scores_of, shown_sums
from epa_score.readers.excel.sheet_part import LIMITS, Limits, SharedParts, SheetPart
from epa_score.readers.excel.tables import (
    FormOfWorkbook,
    FormTable,
    TableOfUnits,
    forms_in,
    is_about,
    is_result,
    records_shown,
    tables_in,
    tables_without_record,
    with_section,
    with_self_scores,
)
from epa_score.readers.excel.unit_table import read_units
from epa_score.readers.excel.workbook import Workbook, Worksheet, drop_covered, shown
from epa_score.readers.source import SELF_SCORES, Source

_WORKSHEET = "worksheet"
_SHEETS = frozenset({_WORKSHEET, "chartsheet", "dialogsheet", "xlMacrosheet", "xlIntlMacrosheet"})
"""The kinds of sheets of a workbook, of which only worksheets hold forms."""

_BINARY = ".bin"
"""How the name of the main part ends in a binary workbook (.xlsb)."""

_OLD_OFFICE = bytes.fromhex("d0cf11e0a1b11ae1")


def open_workbook(data: bytes, limits: Limits = LIMITS, bounds: Bounds = BOUNDS) -> Workbook:
    """The workbook in some bytes, with formulas as formulas. Raises `WorkbookRefusedError`."""
    if data.startswith(_OLD_OFFICE):
        locked = "EncryptedPackage".encode("utf-16-le") in data
        raise WorkbookRefusedError(Kind.NOT_A_WORKBOOK, variant="locked" if locked else "old")
    if not data.startswith(b"PK"):
        raise WorkbookRefusedError(Kind.NOT_A_WORKBOOK, variant="" if data else "empty")
    return read_workbook(data, limits, bounds)


def is_exported(data: bytes) -> bool:
    """True for a workbook of results, however large; of its worksheets only 说明 is read."""
    try:
        return is_result(read_workbook(data, wanted=is_about))
    except WorkbookRefusedError:
        return False


def read_workbook(
    data: bytes,
    limits: Limits = LIMITS,
    bounds: Bounds = BOUNDS,
    wanted: Callable[[str], bool] | None = None,
) -> Workbook:
    """The workbook in some bytes, or those of its worksheets whose title is ``wanted``.

    Raises `WorkbookRefusedError`.
    """
    if wanted is None and len(data) > bounds.file:
        raise WorkbookRefusedError(Kind.WORKBOOK_TOO_LARGE)
    archive = Archive(data, bounds)
    targets = {link.type: link.target for link in archive.relationships("")}
    main = targets.get("officeDocument", "")
    if main not in archive or main.casefold().endswith(_BINARY):
        raise WorkbookRefusedError(Kind.NOT_A_WORKBOOK, variant="binary" if main in archive else "")
    book = BookPart()
    archive.parse(main, book)
    if not book.is_workbook:
        raise WorkbookRefusedError(Kind.NOT_A_WORKBOOK)
    related = archive.relationships(main)
    by_type = {link.type: link.target for link in reversed(related) if link.target in archive}
    texts = TextsPart(by_type.get("sharedStrings", ""))
    if "sharedStrings" in by_type:
        archive.parse(by_type["sharedStrings"], texts)
    styles = styles_in(archive, by_type["styles"]) if "styles" in by_type else StylesPart()
    sheets = {link.id: link for link in related if link.type in _SHEETS}
    shared = SharedParts(texts.found, styles, book.is_1904, limits)
    worksheets = []
    read: set[str] = set()
    for title, state, relation in book.sheets:
        if wanted is not None and not wanted(title):
            continue
        if relation not in sheets:
            raise damaged("sheet", sheet=title)
        if sheets[relation].type == _WORKSHEET:
            sheet, part = Worksheet(title, state), sheets[relation].target
            if part in read:
                raise damaged("twice", part=part)
            read.add(part)
            archive.parse(part, SheetPart(sheet, part, shared))
            drop_covered(sheet, limits.covered)
            worksheets.append(sheet)
    return Workbook(worksheets)


def read(path: str, data: bytes) -> list[Source]:
    """The values of each form; ``findings`` says what is wrong with its cells.

    What is wrong with a cell does not hide what is wrong with others. A worksheet without a record
    is read when it is known which ones there could be. Of several forms those are left out in which
    nobody has written anything.
    """
    try:
        workbook = open_workbook(data)
        tables, forms = _found_in(workbook)
    except WorkbookRefusedError as refused:
        return [Source(path, findings=[refused.finding])]
    several = len(tables) + len(forms) > 1
    pairs = [(form, _read_form(path, form, form.title if several else "")) for form in forms]
    of_units = [source for table in tables for source in read_units(path, table)]
    filled = [source for form, source in pairs if not _is_untouched(source, form.table)]
    filled += [source for source in of_units if not _is_untouched(source)]
    return filled if several and filled else [*(source for _, source in pairs), *of_units]


def _found_in(workbook: Workbook) -> tuple[list[TableOfUnits], list[FormOfWorkbook]]:
    """The tables of units and the forms. Raises `WorkbookRefusedError` where there are none."""
    records = records_of(workbook)
    if is_result(workbook):
        raise WorkbookRefusedError(Kind.NOT_A_FORM, variant="result")
    tables = tables_in(workbook, [record for record in records if record.table])
    of_tables = [id(table.sheet) for table in tables]
    others = [sheet for sheet in workbook.worksheets if id(sheet) not in of_tables]
    own = [record for record in records if not record.table]
    forms = forms_in(Workbook(others), own)
    if not tables and not forms:
        variant = "table" if own else "units" if records else ""
        lost = tables_without_record(workbook.worksheets, ["unit"]) if not records else []
        raise (
            _without_record(lost[0]) if lost else WorkbookRefusedError(Kind.NOT_A_FORM, {}, variant)
        )
    titles = {form.title for form in forms}
    beside = [sheet for sheet in others if sheet.title not in titles]
    lost = tables_without_record(beside)
    return tables, forms + [FormOfWorkbook(title, refused=_without_record(title)) for title in lost]


def _without_record(title: str) -> WorkbookRefusedError:
    about: dict[str, Parameter] = {"sheet": title}
    return WorkbookRefusedError(Kind.NOT_A_FORM, about, "lost")


def _read_form(path: str, form: FormOfWorkbook, part: str) -> Source:
    source = Source(path, part=part)
    if form.refused is not None or form.table is None:
        source.findings = [form.refused.finding] if form.refused else []
        return source
    record = _record_of_unit(form.table, form.records) if part else next(iter(form.records), None)
    if record is None:
        _read_head(source, form.table)
    else:
        _read_table(source, form.table, record)
    return source


def _record_of_unit(table: FormTable, records: Sequence[FormRecord]) -> FormRecord | None:
    """Of records with the same lines that of the unit on the form, else one that is nobody's.

    A copy of a worksheet for a unit with the same duties as another one has no record of its own.
    """
    if not records:
        return None
    form = FormSheet(Source(""), table.sheet, records[0], table.header, table.columns, {})
    cells = [cell for _, cell in places_of(form)["unit"] if cell is not None]
    units = {same_name_key(shown(cell.value)) for cell in cells}
    own = [record for record in records if same_name_key(record.unit or record.holder) in units]
    return next(iter(own or [record for record in records if record.unit is None]), None)


def _read_table(source: Source, table: FormTable, record: FormRecord) -> None:
    try:
        sheet, header, columns, _ = with_self_scores(with_section(table, record), record)
    except WorkbookRefusedError as refused:
        source.findings = [refused.finding]
        return
    form = FormSheet(source, sheet, record, header, columns, {})
    form.mark((), 1, 1)
    form.mark(("scores",), header, columns["score"])
    form.mark(SELF_SCORES, header, columns.get("self_score", columns["score"]))
    fields = fields_of(form)
    if source.part and same_name_key(fields["unit"] or "") != same_name_key(record.holder):
        form = form._replace(record=record._replace(evidence={}, measured={}, notes={}, kept={}))
    sums = sum_lines_of(form)
    lines = lines_of(form, sums)
    scores = scores_of(form, lines.rows)
    check_width(form, lines.rows)
    beyond = beyond_of(form, lines.rows)
    report_rest(form, lines, sums)
    source.sums = shown_sums(form, lines.rows, sums)
    source.value = {"rubric": record.rubric, **fields, "scores": scores, **beyond}
    source.cells = form.cells
    source.form = record


def _read_head(source: Source, table: FormTable) -> None:
    """Read whose a worksheet without a record is; the rest when its rubric is known."""
    record = record_of_labels(table.labels)
    form = FormSheet(source, table.sheet, record, table.header, table.columns, {})
    form.mark((), 1, 1)
    for row in range(table.header + 1, table.sheet.max_row + 1):
        number = key_of(form.cell(row, "item").value or "")
        form.mark(("scores", number), row, table.columns["score"])
    fields = fields_of(form)
    source.cells = form.cells
    source.value = {"rubric": "", **fields, "scores": {}}
    source.findings = []
    source.read_as = partial(_read_as, source.path, source.part, table)


def _read_as(path: str, part: str, table: FormTable, records: Sequence[FormRecord]) -> Source:
    """The worksheet without a record read as a form of the record whose lines it shows."""
    source = Source(path, part=part)
    alike = records_shown(table, records)
    if len(alike) == 1:
        _read_table(source, table, alike[0])
    else:
        known = tuple(record.rubric for record in alike or records)
        about: dict[str, Parameter] = {"sheet": table.sheet.title, "known": known}
        variant = "alike" if alike else "unknown"
        source.findings = [Finding(Kind.NOT_A_FORM, Place(), about, variant)]
    return source


_NOTHING = ("", "0")
"""The sums of a blank form: none, or that of nothing."""
_ITEM = re.compile("[A-Z][0-9]{1,3}(-[0-9]+)?")
"""The number of a line, beside which no sum stands."""


def _is_untouched(source: Source, table: FormTable | None = None) -> bool:
    """True for a blank form: nobody has written a unit, points or anything else on it."""
    value = source.value
    if source.findings or not isinstance(value, dict):
        return False
    fields = [text for name, text in value.items() if name not in ("rubric", "scores")]
    if source.read_as is not None:
        return table is not None and not any(fields) and _holds_no_points(table)
    totals = (*source.sums.values(), *source.points_beside.values())
    beside = any(total.text not in _NOTHING for total in totals)
    return not any(fields) and not any(value["scores"].values()) and not beside


def _holds_no_points(table: FormTable) -> bool:
    """True for a table without a record in which nothing stands where something is filled in."""
    computed = key_of(table.labels.get("computed", ""))
    inputs = {table.columns["score"], table.columns["note"]}
    for (row, column), cell in table.sheet.cells.items():
        if row <= table.header or column == table.columns["cap"]:
            continue
        item = shown(table.sheet.cell(row, table.columns["item"]).value)
        if cell.formula and shown(cell.result) in _NOTHING and not _ITEM.fullmatch(item):
            continue
        typed = column in inputs and key_of(shown(cell.value)) not in ("", computed)
        if typed or looks_like_number(cell):
            return False
    return True
