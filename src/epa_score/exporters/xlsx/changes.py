"""What was changed since the export: every cell of a table is compared with its hidden copy.

The copies stand in hidden columns of the same rows, so that they move along when rows are sorted.
Beside them, in the row below the title, hidden cells count what differs and name it. None needs to
be entered as an array formula. Excel 2010 and WPS have all of their functions but ISFORMULA and
FORMULATEXT; where these are missing, cells are named in their order.
(decision: every-cell-is-compared-with-its-copy)
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from xlsxwriter.utility import quote_sheetname, xl_rowcol_to_cell

from epa_score.exporters.xlsx.formulas import string_literal
from epa_score.i18n import Words

LINE = 1
"""The row of the line that says so, below the title."""

_SHIFT = 20_000
"""More than a worksheet has columns: the place of a cell is its row by this, and its column."""

_FORMULA, _BEYOND = 10**11, 10**12
"""What is added to the place of a cell that has a formula, so that those that somebody typed come
first, and to that of a cell that is as it was."""


class Compared(Protocol):
    """Anything on other worksheets that is compared with copies."""

    @property
    def is_changed(self) -> str:
        """The condition that it was changed, for formulas of other sheets."""


@dataclass(frozen=True, slots=True)
class ComparedTable:
    """The cells of a worksheet that are compared with copies: title, caption, and a table.

    Rows and columns count from 0. The table goes from ``top`` to its last note in ``bottom``, over
    as many ``columns`` as people see; the copies are as many columns further right.
    """

    group: str
    sheet: str
    top: int
    bottom: int
    columns: int
    caption: int | None = None
    """The column in which the caption begins, in the row of the line."""
    foot: int | None = None
    """The row of a text below the signatures, in the first column."""
    is_sortable: bool = True
    """True where rows may be sorted, as each says everything by itself."""
    most_named: int = 8
    """How many changed cells are named."""

    @property
    def order(self) -> int:
        """The hidden column that numbers the rows, where they must not be sorted."""
        return 2 * self.columns

    @property
    def count(self) -> int:
        """The hidden column of the cell with the number of cells that differ."""
        return self.order + 1

    @property
    def told(self) -> int:
        """The hidden column of the cell that names what was changed, and is empty otherwise."""
        return self.count + 1

    @property
    def first_place(self) -> int:
        """The hidden column of the place of the first cell that differs; others follow."""
        return self.told + 1

    @property
    def last_hidden(self) -> int:
        """The last hidden column."""
        return self.told + self.most_named

    @property
    def told_so_far(self) -> int:
        """The last hidden column of a form, whose cell tells of all forms up to this one."""
        return self.last_hidden + 1

    @property
    def told_from_afar(self) -> str:
        """The cell that names what was changed, for formulas of other sheets."""
        return f"{quote_sheetname(self.sheet)}!{_cell(LINE, self.told)}"

    @property
    def is_changed(self) -> str:
        """The condition that it was changed; a sheet that was deleted is missed by everybody."""
        rows = f"ROWS({quote_sheetname(self.sheet)}!{_table_area(self)})"
        return f'IFERROR({self.told_from_afar}<>"",ISNUMBER({rows}))'


class ChangeLine(NamedTuple):
    """A line of 说明 on the changes of one subject, and the formula that tells them."""

    group: str
    subject: str
    formula: str


class ComparedForms(NamedTuple):
    """The filled forms of a rubric, of which each tells of all up to itself."""

    group: str
    forms: Sequence[ComparedTable]

    @property
    def told_from_afar(self) -> str:
        """The cell of the last form that names what was changed in all of them."""
        return _told_up_to(self.forms[-1])

    @property
    def is_changed(self) -> str:
        """The condition that one was changed or deleted, which nobody sees who has the others."""
        return f'IFERROR({self.told_from_afar}<>"",TRUE)'


class CopyingSheet:
    """A worksheet of XlsxWriter that keeps a hidden copy of every cell down to the last note.

    Whatever writes a table needs not know of the copies, and so cannot forget one.
    """

    def __init__(self, sheet: Any, table: ComparedTable) -> None:
        """Write to ``sheet``, and a copy of each cell as many columns further right as it has."""
        self.sheet = sheet
        self.table = table
        self._numbered = table.top - 1

    def __getattr__(self, name: str) -> Any:
        """Anything else is done to the worksheet itself."""
        return getattr(self.sheet, name)

    def write_string(self, row: int, column: int, text: str, cell_format: Any = None) -> None:
        """Write a text."""
        self.sheet.write_string(row, column, text, cell_format)
        self._keep(row, column, text)

    def write_rich_string(self, row: int, column: int, *parts: Any) -> None:
        """Write a text in parts."""
        self.sheet.write_rich_string(row, column, *parts)
        self.sheet.write_rich_string(row, column + self.table.columns, *parts)

    def write_number(self, row: int, column: int, number: Any, cell_format: Any = None) -> None:
        """Write a number."""
        self.sheet.write_number(row, column, number, cell_format)
        self._keep(row, column, number)

    def write_formula(
        self, row: int, column: int, formula: str, cell_format: Any = None, value: Any = 0
    ) -> None:
        """Write a formula; what is kept is its value."""
        self.sheet.write_formula(row, column, formula, cell_format, value)
        self._keep(row, column, value)

    def _keep(self, row: int, column: int, value: Any) -> None:
        """Write the copy of a cell, and number the rows of a table that must keep their order."""
        if row > self.table.bottom and row != self.table.foot:
            return
        if not isinstance(value, str):
            self.sheet.write_number(row, column + self.table.columns, value)
        elif value:
            self.sheet.write_string(row, column + self.table.columns, value)
        if row > self._numbered and not self.table.is_sortable:
            self._numbered = row
            self.sheet.write_number(row, self.table.order, row)


def write_comparison(
    copying: CopyingSheet, others: Iterable[Compared], cell_format: Any, words: Words
) -> None:
    """Write the hidden cells that compare a table, and the line on it and its ``others``."""
    table = copying.table
    sheet = copying.sheet
    sheet.write_formula(LINE, table.count, f"={_number_of_changes(table)}", None, 0)
    sheet.write_formula(LINE, table.told, f"={_changes_text(table, words)}", None, "")
    for number in range(table.most_named):
        place = f"=IFERROR({_place(table, number + 1)},{_BEYOND})"
        sheet.write_formula(LINE, table.first_place + number, place, None, _BEYOND)
    own = _cell(LINE, table.told)
    afar = [other.is_changed for other in others]
    elsewhere = f'IF(OR({",".join(afar)}),{string_literal(words("sheet.changed_elsewhere"))},"")'
    said = concatenation(words("sheet.changed", changes="\0changes\0"), changes=own)
    told = f'IF({own}<>"",{said},{elsewhere if afar else string_literal("")})'
    lost = string_literal(words("sheet.changed_otherwise"))
    sheet.write_formula(LINE, 0, f"=IFERROR({told},{lost})", cell_format, "")


def write_told_so_far(form: CopyingSheet, before: ComparedTable | None, words: Words) -> None:
    """Write what was changed in the forms up to this one; there may be one ``before`` it."""
    table = form.table
    own, comma = _cell(LINE, table.told), words("list.separator")
    named = f'IF({own}="","",{string_literal(f"{comma}{table.sheet} ")}&{own})'
    earlier = "" if before is None else f"{_told_up_to(before)}&"
    form.sheet.write_formula(LINE, table.told_so_far, f"={earlier}{named}", None, "")


def change_lines(tables: Sequence[ComparedTable], words: Words) -> Iterator[ChangeLine]:
    """The lines of 说明 on changes, one a table."""
    for table in tables:
        told = table.told_from_afar
        formula = _state_formula(told, f"{string_literal(table.sheet + ' ')}&{told}", words)
        yield ChangeLine(table.group, words("report.about_state", sheet=table.sheet), formula)


def form_change_lines(all_forms: Iterable[ComparedForms], words: Words) -> Iterator[ChangeLine]:
    """The lines of 说明 on changes of the units' forms, one a rubric."""
    for forms in all_forms:
        told = forms.told_from_afar
        named = f"MID({told},{len(words('list.separator')) + 1},9999)"
        formula = _state_formula(told, named, words)
        yield ChangeLine(forms.group, words("report.about_forms_state"), formula)


def _state_formula(told: str, named: str, words: Words) -> str:
    """The formula of what is ``named`` as changed: nothing where nothing is ``told``."""
    unchanged = string_literal(words("report.state_unchanged"))
    lost = string_literal(words("report.state_lost"))
    return f'=IFERROR(IF({told}="",{unchanged},{named}),{lost})'


def _told_up_to(form: ComparedTable) -> str:
    return f"{quote_sheetname(form.sheet)}!{_cell(LINE, form.told_so_far)}"


def concatenation(text: str, **terms: str) -> str:
    """The formula of a text in which each name between two NUL stands for a term of a formula."""
    parts = re.split("\0(.*?)\0", text)
    formulas = [
        terms[part] if number % 2 else string_literal(part) for number, part in enumerate(parts)
    ]
    return "&".join(formula for formula in formulas if formula != '""')


def _cell(row: int, column: int) -> str:
    return str(xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True))


def _area(table: ComparedTable, first: int, last: int) -> str:
    return f"{_cell(table.top, first)}:{_cell(table.bottom, last)}"


def _table_area(table: ComparedTable) -> str:
    return _area(table, 0, table.columns - 1)


def _copied_area(table: ComparedTable) -> str:
    return _area(table, table.columns, 2 * table.columns - 1)


def _order_area(table: ComparedTable) -> str:
    return _area(table, table.order, table.order)


def _sameness(cells: str, copies: str) -> str:
    """True where a cell has what its copy has: a number is no text, and 0 is not empty."""
    alike = f"ISNUMBER({cells})*ISNUMBER({copies})+EXACT({cells},{copies})>0"
    return f"ISNUMBER(1/(({cells}={copies})*({alike})))"


def _single_cells(table: ComparedTable) -> Iterator[tuple[str, str]]:
    """The cells outside the table, such as the title and the caption, with their copies."""
    yield _cell(0, 0), _cell(0, table.columns)
    if table.caption is not None:
        yield _cell(LINE, table.caption), _cell(LINE, table.caption + table.columns)
    if table.foot is not None:
        yield _cell(table.foot, 0), _cell(table.foot, table.columns)


def _number_of_changes(table: ComparedTable) -> str:
    inside = f"SUMPRODUCT(1-{_sameness(_table_area(table), _copied_area(table))})"
    outside = (f"1-{_sameness(*pair)}" for pair in _single_cells(table))
    return "+".join((inside, *outside))


def _place(table: ComparedTable, number: int) -> str:
    """The place of a cell that differs, by its number, or one beyond where there are fewer."""
    cells = _table_area(table)
    places = f"ROW({cells})*{_SHIFT}+COLUMN({cells})"
    # LibreOffice takes an error that somebody typed for the formula of that error.
    typed_error = f'ISNUMBER(1/(LEFT(_xlfn.FORMULATEXT({cells}),2)="=#"))'
    follows = f"{_FORMULA}*(ISNUMBER(1/_xlfn.ISFORMULA({cells}))-{typed_error})"
    beyond = f"{_BEYOND}*{_sameness(cells, _copied_area(table))}"
    return f"MIN({_BEYOND},SUMPRODUCT(SMALL({places}+{follows}+{beyond},{number})))"


def _changes_text(table: ComparedTable, words: Words) -> str:
    """The names of the changed cells, or that rows or columns are others than they were."""
    comma = words("list.separator")
    single = (
        f'IF({_sameness(cell, copy)},"",{string_literal(comma)}'
        f"&ADDRESS(ROW({cell}),COLUMN({cell}),4))"
        for cell, copy in _single_cells(table)
    )
    places = (_cell(LINE, table.first_place + number) for number in range(table.most_named))
    named = (
        f'IF({place}>={_BEYOND},"",{string_literal(comma)}'
        f"&ADDRESS(INT(MOD({place},{_FORMULA})/{_SHIFT}),MOD({place},{_SHIFT}),4))"
        for place in places
    )
    count = _cell(LINE, table.count)
    cells = f"MID({'&'.join((*single, *named))},{len(comma) + 1},999)"
    more = f'IF({count}>{table.most_named},{string_literal(words("sheet.more_changes"))},"")'
    text = words("sheet.changed_cells", cells="\0cells\0", more="\0more\0", number="\0number\0")
    said = concatenation(text, cells=cells, more=more, number=count)
    moved = string_literal(words("sheet.changed_shape"))
    and_more = f'IF({count}=0,"",{string_literal(words("list.separator"))})'
    told = f'IF({_same_rows(table)},"",{moved}&{and_more})&IF({count}=0,"",{said})'
    return f"IFERROR(IF({_same_columns(table)},{told},{moved}),{moved})"


def _same_columns(table: ComparedTable) -> str:
    areas = (_table_area(table), _copied_area(table))
    return f"AND({','.join(f'COLUMNS({area})={table.columns}' for area in areas)})"


def _same_rows(table: ComparedTable) -> str:
    """The condition that the table has its rows, and those that must keep their order have it."""
    area = _table_area(table)
    rows = f"ROWS({area})={table.bottom - table.top + 1}"
    if table.is_sortable:
        return rows
    order = _order_area(table)
    first = _cell(table.top, table.order)
    moved = f'({order}<>"")*({order}-{first}<>ROW({order})-ROW({first}))'
    return f"AND({rows},SUMPRODUCT({moved})=0)"
