"""A table of all units (登记表): a row a unit, a column an item, on landscape pages."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any, NamedTuple

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from epa_score.exporters.xlsx.cells import exact_number, write_text
from epa_score.exporters.xlsx.form.content import Form, FormSum
from epa_score.exporters.xlsx.form.inputs import (
    adjustment_validation,
    answer_validation,
    fact_validation,
    item_validation,
    prompt_at,
    wrong_points_formula,
)
from epa_score.exporters.xlsx.form.page import CAP, LINE, SCORE
from epa_score.exporters.xlsx.formats import FormFormats, Frame, form_line_count
from epa_score.exporters.xlsx.rows import HIGHEST_ROW
from epa_score.exporters.xlsx.workbook import A4
from epa_score.i18n import Words
from epa_score.model import Item, Rubric, same_name_key
from epa_score.model.form_record import FormRecord, sum_key, to_rows
from epa_score.model.rubric_options import Adjustment
from epa_score.reports.blank_record import (
    TABLE_CAPS,
    TABLE_FIRST_UNIT,
    TABLE_TEXTS,
    table_columns,
    table_record,
    what_title,
)
from epa_score.reports.form_lines import FactLine, fact_lines, is_judged, total_line
from epa_score.reports.owners import owner_lines
from epa_score.reports.sums import SumOf
from epa_score.reports.titles import parts_of_title

BLANK_ROWS = 20
"""The rows of a table for units that are not known."""

MOST_COLUMNS, MOST_ROWS = 60, 2000
"""The columns and rows of a worksheet that are read."""

_FIELDS = ("assessor", "period", "date")
_HEADER = 4
"""The row of the numbers, below the title and three fields."""
_TEXT, _CAPS, _FIRST = _HEADER + TABLE_TEXTS, _HEADER + TABLE_CAPS, _HEADER + TABLE_FIRST_UNIT
_UNIT_WIDTH, _TOTAL_WIDTH, _NOTE_WIDTH = 14, 8, 28
_WIDTHS = {"score": 6.5, "fact": 11.5, "names": 18, "number": 6.5, "answer": 5, "what": 16}
"""The widths of columns, in digits, by what they ask for."""
_FIELD_WIDTH = 24
_ROW = 30
"""Points of the row of a unit, which has room for two lines."""


class UnitTable(NamedTuple):
    """A table of a rubric for some ``units``; an empty name leaves a row to any unit."""

    rubric: Rubric
    units: Sequence[str]
    fonts: str = "official"
    """The name of its fonts in `FORM_FONTS`."""
    period: str = ""
    """The period that it is for."""
    assessor: str = ""
    """The assessor whom it is for."""

    def size(self, words: Words) -> tuple[int, int]:
        """The columns and rows that it takes, of which its hidden sheet may take more."""
        record = table_record(self.rubric, self.units, words)
        rows = _FIRST + len(self.units) + len(record.titles)
        columns = len(list(table_columns(record))) + 3
        return columns, max(rows, len(list(to_rows(record))))


class _Column(NamedTuple):
    """A column (from 0) of a line, and what it asks for."""

    number: int
    line: str
    asks: str


class TableWriter:
    """Writes a table of units into a worksheet of XlsxWriter."""

    def __init__(self, sheet: Any, table: UnitTable, formats: FormFormats, words: Words) -> None:
        """Write ``table`` into ``sheet``."""
        self._sheet = sheet
        self._table = table
        self._words = words
        self._formats = formats
        self._record = table_record(table.rubric, table.units, words)
        asked = enumerate(table_columns(self._record), 1)
        self._columns = [_Column(number, *column) for number, column in asked]
        self._total = len(self._columns) + 1
        self._note = self._total + 1
        self._frame = Frame(_HEADER, 0, _FIRST + len(table.units) - 1, self._note)
        self._widths = [
            _UNIT_WIDTH,
            *(_WIDTHS[column.asks] for column in self._columns),
            _TOTAL_WIDTH,
            _NOTE_WIDTH,
        ]

    def write(self) -> FormRecord:
        """Write every cell, and set up the page; gives the record for the hidden sheet."""
        self._write_head()
        self._write_header()
        rows = [self._write_unit(_FIRST + n, unit) for n, unit in enumerate(self._table.units)]
        self._write_foot(_FIRST + len(rows))
        self._set_up_page()
        keys = dict(zip(self._table.units, rows, strict=True))
        records = [
            _with_total(record, keys[record.unit or self._table.units[0]])
            for record in self._record.table
        ]
        return self._record._replace(table=tuple(records))

    def _format(self, style: str, row: int, column: int) -> Any:
        return self._formats(style, *self._frame.edges(row, column))

    def _put(self, row: int, column: int, text: str, style: str) -> None:
        """Write a text, or an empty cell where there is none."""
        cell_format = self._format(style, row, column)
        if text:
            write_text(self._sheet, row, column, text, cell_format)
        else:
            self._sheet.write_blank(row, column, None, cell_format)

    def _put_merged(self, area: Sequence[int], text: str, style: str) -> None:
        """Write a text over an area, given by its first and last row and column."""
        top, left, bottom, right = area
        edges = dict.fromkeys(
            (*self._frame.edges(top, left, right), *self._frame.edges(bottom, left, right))
        )
        cell_format = self._formats(style, *edges)
        self._sheet.merge_range(top, left, bottom, right, "", cell_format)
        write_text(self._sheet, top, left, text, cell_format)

    def _write_head(self) -> None:
        """Write the title and the fields that all rows share."""
        words, sheet = self._words, self._sheet
        parts = parts_of_title(self._table.rubric.title)
        title = words("form.table_title", subject=parts.subject, about=parts.brackets)
        self._put_merged((0, 0, 0, self._note), title, "title")
        sheet.set_row(0, 28 * form_line_count(title, sum(self._widths), "title") + 8)
        last, width = 1, self._widths[1]
        while width < _FIELD_WIDTH and last < self._note:
            last += 1
            width += self._widths[last]
        given = {"period": self._table.period, "assessor": self._table.assessor}
        for row, name in enumerate(_FIELDS, 1):
            self._put(row, 0, words(f"form.{name}"), "label")
            self._put_merged((row, 1, row, last), given.get(name, ""), "field")
            sheet.set_row(row, 21)

    def _write_header(self) -> None:
        """Write number, wording and cap above each column."""
        record, sheet = self._record, self._sheet
        ends = {
            0: record.labels["unit"],
            self._total: record.labels["total"],
            self._note: record.labels["note"],
        }
        for column, label in ends.items():
            self._put_merged((_HEADER, column, _CAPS, column), label, "header")
        most = 1
        for number, line, asks in self._columns:
            title, text, cap = line, record.texts[line], record.caps[line]
            if asks == "what":
                title = what_title(line, record.labels)
                text, cap = "", ""
            self._put(_HEADER, number, title, "header")
            self._put(_TEXT, number, text, "column")
            if cap:
                number_format = self._format("center", _CAPS, number)
                sheet.write_number(_CAPS, number, exact_number(Decimal(cap)), number_format)
            else:
                self._put(_CAPS, number, "", "center")
            most = max(most, form_line_count(text, self._widths[number], "column"))
        sheet.set_row(_HEADER, 20)
        sheet.set_row(_TEXT, min(most * LINE * 0.85 + 6, HIGHEST_ROW))
        sheet.set_row(_CAPS, 20)

    def _write_unit(self, row: int, unit: str) -> str:
        """Write the row of a unit; gives the key of the formula of its total."""
        scope = self._table.rubric.scope(unit)
        key = same_name_key(unit)
        own = scope.items.items() if scope is not None else ()
        items = {name: item for name, item in own if item.is_for(key)}
        self._put(row, 0, unit, "unit" if unit else "free unit")
        lines = {line.id: line for item in items.values() for line in fact_lines(item)}
        beyond = self._table.rubric.adjustments
        adjustments = {} if beyond is None else {item.id: item for item in beyond.each}
        cells = {
            lines[line].fact.name: xl_rowcol_to_cell(row, number)
            for number, line, _ in self._columns
            if line in lines
        }
        for number, line, asks in self._columns:
            if asks == "score" and line in items:
                self._write_points(row, number, items[line])
            elif line in lines:
                self._write_fact(row, number, lines[line], cells)
            elif asks == "number":
                self._write_number(row, number, adjustments[line])
            elif asks in ("names", "answer", "what"):
                self._write_text_input(row, number, line, asks)
            else:
                self._put(row, number, "", "center")
        key = self._write_total(row, unit)
        self._put(row, self._note, "", "names")
        said = {
            "validate": "any",
            "input_title": self._record.labels["note"],
            "input_message": self._words("form.prompt_reasons", item=self._record.items[0]),
        }
        self._validate(row, self._note, said)
        self._sheet.set_row(row, _ROW)
        return key

    def _write_points(self, row: int, column: int, item: Item) -> None:
        judged = is_judged(item)
        may_be_typed = judged or item.not_applicable is not None
        text = "" if judged else self._words("form.computed")
        self._put(row, column, text, "score" if may_be_typed else "center")
        if not may_be_typed:
            return
        rule = item_validation(item, (row, column), self._words)
        self._validate(row, column, rule)
        if judged:
            cell, word = xl_rowcol_to_cell(row, column), self._words("form.not_applicable")
            may_be_word = item.not_applicable is not None
            limit = str(exact_number(item.max))
            wrong = wrong_points_formula(cell, limit, word if may_be_word else "")
            self._redden(row, column, wrong)

    def _write_fact(self, row: int, column: int, line: FactLine, cells: dict[str, str]) -> None:
        self._put(row, column, "", "score")
        rule = fact_validation(line, cells, self._words)
        self._validate(row, column, rule)

    def _write_number(self, row: int, column: int, item: Adjustment) -> None:
        """Write an input cell for the number of facts, or for points by judgement."""
        self._put(row, column, "", "score")
        cell = xl_rowcol_to_cell(row, column)
        rule, _ = adjustment_validation(item, cell, self._words)
        self._validate(row, column, rule)

    def _write_text_input(self, row: int, column: int, line: str, asks: str) -> None:
        """Write an input cell for yes or no, or for what happened."""
        is_answer = asks == "answer"
        self._put(row, column, "", "score" if is_answer else "names")
        prompt = "form.prompt_veto" if asks == "what" else "form.prompt_facts"
        rule = answer_validation(line, self._words)
        self._validate(row, column, rule if is_answer else prompt_at(line, prompt, self._words))

    def _validate(self, row: int, column: int, rule: Mapping[str, object]) -> None:
        """Let Excel take in a cell what the ``rule`` says."""
        for last in self._last_alike(row):
            self._sheet.data_validation(row, column, last, column, dict(rule))

    def _redden(self, row: int, column: int, criteria: str) -> None:
        """Turn a cell red where the ``criteria`` are met."""
        rule = {"type": "formula", "criteria": criteria, "format": self._formats("alarm")}
        for last in self._last_alike(row):
            self._sheet.conditional_format(row, column, last, column, rule)

    def _last_alike(self, row: int) -> list[int]:
        """The last of the rows that a rule for a row is for; none where an earlier one had it.

        Where all units have the same items all rows share a rule: readers bound their number.
        """
        if len(self._record.table) > 1:
            return [row]
        return [self._frame.bottom] if row == _FIRST else []

    def _write_total(self, row: int, unit: str) -> str:
        """Write the sum of a row where it can be told; gives the key of its formula."""
        form = Form(self._table.rubric, unit)
        total = total_line(self._table.rubric, unit)
        columns = {line: number for number, line, asks in self._columns if asks == "score"}
        items = [item for item in form.items() if item.not_applicable is not None]
        if form.leaves_open(total) or any(not self._record.caps[item.id] for item in items):
            self._put(row, self._total, self._words("form.computed"), "total")
            return ""
        formula = RowSum(total.sum, columns, row, self._words).formula()
        cell_format = self._format("total", row, self._total)
        self._sheet.write_formula(row, self._total, formula, cell_format, "")
        added = {xl_col_to_name(columns[item]): item for item in total.sum.all_columns}
        rows = {str(row + 1): "score", str(_CAPS + 1): "cap"}
        return sum_key(formula, rows, added, sideways=True)

    def _write_foot(self, row: int) -> None:
        """Write how the table is filled in, and who signs."""
        advice, leader, members = self._record.titles
        self._put_merged((row, 0, row, self._note), advice, "small")
        self._sheet.set_row(row, 16 * form_line_count(advice, sum(self._widths), "small") + 4)
        middle = self._note // 2
        self._put_merged((row + 1, 0, row + 1, middle), leader, "plain")
        self._put_merged((row + 1, middle + 1, row + 1, self._note), members, "plain")
        self._sheet.set_row(row + 1, 28)
        for number, text in enumerate(self._owners(), row + 2):
            self._put_merged((number, 0, number, self._note), text, "small")
            height = 16 * form_line_count(text, sum(self._widths), "small") + 4
            self._sheet.set_row(number, min(height, HIGHEST_ROW))

    def _owners(self) -> list[str]:
        """Who answers for items and where figures come from, below whatever is read."""
        rubric = self._table.rubric
        units = self._table.units if rubric.differs_by_unit else self._table.units[:1]
        items = [item for unit in units for item in Form(rubric, unit).items()]
        return list(owner_lines(dict.fromkeys(items), self._words))

    def _set_up_page(self) -> None:
        sheet = self._sheet
        for column, width in enumerate(self._widths):
            sheet.set_column(column, column, width)
        sheet.set_paper(A4)
        sheet.set_landscape()
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.center_horizontally()
        sheet.repeat_rows(_HEADER, _CAPS)
        sheet.fit_to_pages(1, 0)
        words = self._words
        sheet.set_footer(f"&C{words('sheet.footer', page='&P', pages='&N')}")
        sheet.freeze_panes(_FIRST, 1)
        sheet.hide_gridlines(2)
        allowed = {"format_columns": True, "format_rows": True, "insert_rows": True}
        sheet.protect("", allowed)


def _with_total(record: FormRecord, key: str) -> FormRecord:
    """The record of a row with the key of its total, the only sum that it shows."""
    sums = (row if row.section else row._replace(key=key) for row in record.sums)
    return record._replace(sums=tuple(sums))


class RowSum(FormSum):
    """The sum of the points in a row (from 0), which stand in the columns of their items."""

    def __init__(self, added: SumOf, columns: Mapping[str, int], row: int, words: Words) -> None:
        """Add up points in a table in the language of ``words``."""
        super().__init__(added, columns, words)
        self._columns = columns
        self._row = row

    def _areas(self, items: Iterable[str], column: int = SCORE) -> list[str]:
        """The cells of some items, or of their caps, those side by side in a single area."""
        return list(_runs(sorted(self._columns[item] for item in items), self._row_of(column)))

    def _row_of(self, column: int) -> str:
        return f"${_CAPS + 1}" if column == CAP else str(self._row + 1)


def _runs(columns: Sequence[int], row: str) -> Iterator[str]:
    for _, run in groupby(enumerate(columns), lambda pair: pair[1] - pair[0]):
        names = [f"{xl_col_to_name(column)}{row}" for _, column in run]
        yield ":".join(dict.fromkeys((names[0], names[-1])))
