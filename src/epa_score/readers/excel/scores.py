"""Points, facts and notes of the rows of a form, and those of adjustments and vetoes."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from epa_score.diagnostics import Kind
from epa_score.diagnostics.finding import Key
from epa_score.model import QuotedText
from epa_score.model.form_record import SumRow, sum_key
from epa_score.model.item_options import UNREAD_REASON
from epa_score.readers.excel.form import FormSheet, key_of
from epa_score.readers.excel.number_formats import shows_exactly
from epa_score.readers.excel.rows import check_line
from epa_score.readers.excel.workbook import (
    ExcelCell,
    column_is_hidden,
    formats_of,
    is_number,
    is_picture,
    plain_text,
    row_is_hidden,
    shown,
    wrong,
)
from epa_score.readers.source import SELF_SCORE, ShownSum
from epa_score.values.fact_names import names_of_cell
from epa_score.values.facts import SCORE, VALUE, YES_NO


def number_in(
    form: FormSheet, keys: tuple[Key, ...], line: str, row: int, *, may_be_merged: bool = False
) -> str | None:
    """The content of a row as plain text, unless it cannot be a plain number or cannot be seen."""
    cell = form.cell(row, _column_of(keys))
    form.mark(keys, cell.row, cell.column)
    if is_out_of_sight(form, keys, line, row, may_be_merged=may_be_merged):
        return None
    kind = wrong(cell)
    if is_picture(cell):
        form.report(Kind.CELL_FORMULA, keys, cell, "picture", item=line, value="DISPIMG")
    elif kind is not None:
        form.report(kind, keys, cell, item=line, value=shown(cell.value))
    elif not form.is_shown_differently(cell, keys, line, _shows_points, ""):
        return plain_text(cell.value) or None
    form.source.unread.add(form.record.item_of(line))
    return None


def _column_of(keys: tuple[Key, ...]) -> str:
    """The column that a value is read from."""
    return SELF_SCORE if keys[2:] == (SELF_SCORE,) else "score"


def _shows_points(number_format: str, number: Decimal) -> bool:
    """True where a format shows points as they are; negative ones are refused for what they are."""
    return number < 0 or shows_exactly(number_format, number)


def is_out_of_sight(
    form: FormSheet, keys: tuple[Key, ...], line: str, row: int, *, may_be_merged: bool = False
) -> bool:
    """True where those who sign see something else in a row than it holds; that is reported."""
    column = _column_of(keys)
    cell = form.cell(row, column)
    if not may_be_merged and form.is_merged(row, column):
        kind = Kind.CELL_MERGED
    elif row_is_hidden(form.sheet, cell.row) and cell.value is not None:
        kind = Kind.LINE_HIDDEN
    else:
        return False
    form.report(kind, keys, cell, item=line, value=shown(cell.value))
    form.source.unread.add(form.record.item_of(line))
    return True


_NUMBERS = ("count", "whole", "number", "deduction")


def facts_of(form: FormSheet, item: str, lines: Mapping[str, int]) -> dict[str, str | None]:
    """The facts of an item by name, as far as there is something in their lines."""
    found: dict[str, str | None] = {}
    for line, fact in form.record.facts.items():
        if fact.item == item and line in lines:
            check_line(form, line, lines[line])
            keys = ("scores", item, fact.name)
            if fact.kind in _NUMBERS:
                text = number_in(form, keys, line, lines[line])
            else:
                text = _word(form, keys, line, lines[line])
            if text is not None:
                found[fact.name] = text
    return found


def _word(form: FormSheet, keys: tuple[str, ...], line: str, row: int) -> str | None:
    cell = form.cell(row, "score")
    form.mark(keys, cell.row, cell.column)
    if is_out_of_sight(form, keys, line, row):
        return None
    text = form.text(cell, keys, line)
    if text is None and cell.value is not None:
        form.source.unread.add(form.record.item_of(line))
    _, item, name = keys
    return form.as_kept(f"fact.{item}.{name}", text and QuotedText(text.strip()))


def beyond_of(form: FormSheet, lines: Mapping[str, int]) -> dict[str, dict[str, Any]]:
    """Facts beyond the items: names of facts by adjustment, and reasons by veto.

    They stand in the column of the notes, or across that and the one of the points, in which there
    may be the points of an adjustment, and is the answer whether a veto holds.
    """
    found: dict[str, dict[str, Any]] = {"adjustments": {}, "veto": {}}
    for line, kind in form.record.beyond.items():
        if line not in lines:
            continue
        check_line(form, line, lines[line])
        if line in form.record.given_beyond:
            given = _adjustment_score(form, line, kind, lines[line])
            found["adjustments"] |= {line: given} if given else {}
            continue
        field = "veto" if kind == "veto" else "adjustments"
        cell = _cell_beyond(form, field, line, lines[line])
        if cell is None:
            continue
        form.mark((field, line), cell.row, cell.column)
        text = form.as_kept(f"{field}.{line}", form.text(cell, (field, line), line))
        if text is not None and _is_hidden(form, cell):
            form.report(Kind.LINE_HIDDEN, (field, line), cell, item=line, value=shown(cell.value))
        elif kind == "veto":
            found[field][line] = _reason(form, line, form.cell(lines[line], "score"), cell, text)
        elif text is not None:
            found[field][line] = _names(form, line, text)
    return {field: values for field, values in found.items() if values}


def _is_hidden(form: FormSheet, cell: ExcelCell) -> bool:
    return row_is_hidden(form.sheet, cell.row) or column_is_hidden(form.sheet, cell.column)


def _adjustment_score(form: FormSheet, line: str, kind: str, row: int) -> dict[str, Any]:
    """The number or the points beside an adjustment, with the note; empty where nothing stands."""
    name = VALUE if kind == "count" else SCORE
    cell = form.cell(row, "score")
    form.mark(("adjustments", line), cell.row, cell.column)
    points = number_in(form, ("adjustments", line, name), line, row)
    note = _note(form, line, row, "adjustments")
    kept = {"note": note, "evidence": form.record.evidence.get(line)}
    if points is None and not any(kept.values()):
        return {}
    return {name: points} | kept


def _cell_beyond(form: FormSheet, field: str, line: str, row: int) -> ExcelCell | None:
    """The cell with the facts of a line beyond the items; nothing where that is not certain."""
    points, note = form.cell(row, "score"), form.cell(row, "note")
    own = {points.column, note.column}
    for area in form.sheet.merged:
        columns = set(range(area.min_col, area.max_col + 1))
        if not area.min_row <= note.row <= area.max_row or own.isdisjoint(columns):
            continue
        is_whole = columns == own and area.min_row == area.max_row
        if is_whole and (field == "adjustments" or not _asks_for_answers(form)):
            return points
        first = form.sheet.cell(area.min_row, area.min_col)
        form.report(Kind.CELL_MERGED, (field, line), first, "fact", item=line)
        return None
    if field == "adjustments" and shown(points.value):
        return note if _read_points_beside(form, line, row) else None
    return note


def _read_points_beside(form: FormSheet, line: str, row: int) -> bool:
    """Remember the points that somebody wrote beside an adjustment; false for anything else."""
    cell = form.cell(row, "score")
    keys = ("adjustments", line, "points")
    if wrong(cell) is None and not is_number(cell.value) and not is_picture(cell):
        value = shown(cell.value)
        form.report(Kind.POINTS_OF_NO_ITEM, keys, cell, "fact", item=line, value=value)
        return False
    text = number_in(form, keys, line, row, may_be_merged=True)
    if text is not None:
        form.source.points_beside[line] = ShownSum(text)
    return text is not None


def _asks_for_answers(form: FormSheet) -> bool:
    """Whether a form has cells for yes and no; on older ones what happened stands alone."""
    return "yes" in form.record.labels


def _reason(
    form: FormSheet, line: str, answer_cell: ExcelCell, cell: ExcelCell, reason: str | None
) -> str | None:
    """What happened, where it is said that it did; nothing where only half of it is said."""
    if answer_cell.coordinate == cell.coordinate:
        return reason
    keys = ("veto", line, "answer")
    form.mark(keys, answer_cell.row, answer_cell.column)
    text = form.text(answer_cell, keys, line)
    answer = YES_NO.get(key_of(text or "").casefold(), "")
    about = {"item": line, "value": shown(cell.value), "yes": form.record.labels.get("yes", "是")}
    about["no"] = form.record.labels.get("no", "否")
    if text is None and shown(answer_cell.value):
        return None
    if text is not None and not answer:
        about["value"] = text
        form.report(Kind.VETO_HALF_FILLED, keys, answer_cell, "word", **about)
    elif answer == "no" and reason is not None:
        form.report(Kind.VETO_HALF_FILLED, ("veto", line), cell, "no", **about)
    elif answer == "yes" and not shown(cell.value):
        form.report(Kind.VETO_HALF_FILLED, keys, answer_cell, **about)
    elif not answer and reason is not None and _asks_for_answers(form):
        form.report(Kind.VETO_HALF_FILLED, ("veto", line), cell, "alone", **about)
    else:
        return reason
    return None


def _names(form: FormSheet, line: str, text: str) -> list[str]:
    """The names of facts, one in a line of a cell."""
    names: list[str] = list(map(QuotedText, names_of_cell(text)))
    for place in range(len(names)):
        form.cells["adjustments", line, place] = form.cells["adjustments", line]
    return names


_DOT = 0.5
"""By how many digits a decimal point is narrower than one."""
_MOST_CHARACTERS = 7
"""Longer numbers are no points, and are refused for what they are."""
_MARGIN = 0.5
"""Digits of a column's width that stay free at its sides."""


def scores_of(form: FormSheet, lines: Mapping[str, int]) -> dict[str, Any]:
    """The points of each item as plain text, with note and evidence where there are any."""
    return {item: _score(form, item, lines) for item in form.record.items if item in lines}


def width_of(cell: ExcelCell, *, is_fact: bool) -> float:
    """The width, in digits, that a column needs for the points or the fact in a cell."""
    text = plain_text(cell.value) if is_number(cell.value) else ""
    if not text or (len(text) > _MOST_CHARACTERS and not is_fact):
        return 0.0
    return len(text) - _DOT * text.count(".") + _MARGIN


def check_width(form: FormSheet, lines: Mapping[str, int]) -> None:
    """Points and facts for which their column is too narrow print rounded, or not at all."""
    for name in ("score", SELF_SCORE):
        if name in form.columns:
            _check_width(form, lines, name)


def _check_width(form: FormSheet, lines: Mapping[str, int], column: str) -> None:
    record = form.record
    cells = {line: form.cell(row, column) for line, row in lines.items()}
    widths = (
        width_of(cells[line], is_fact=line in record.facts)
        for line in (*record.items, *record.facts, *record.given_beyond)
        if line in cells
    )
    longest = max(widths, default=0.0)
    header = form.cell(form.header, column)
    if longest and column_is_hidden(form.sheet, header.column, longest):
        letter = header.column_letter
        keys = ("scores",) if column == "score" else ("scores", "", form.header, header.column)
        form.report(Kind.COLUMN_HIDDEN, keys, header, column=letter)


def _score(form: FormSheet, item: str, lines: Mapping[str, int]) -> Any:
    row = lines[item]
    check_line(form, item, row)
    points = number_in(form, ("scores", item), item, row)
    note = _note(form, item, row)
    self_score = _self_score(form, item, row)
    word = form.record.inapplicable.get(item)
    facts = facts_of(form, item, lines)
    kept: dict[str, Any] = {"evidence": form.record.evidence.get(item)}
    if item in form.record.measured:
        kept["measured"] = form.record.measured[item]
    if self_score is not None:
        kept[SELF_SCORE] = self_score
    if word is not None and points is not None and points.casefold() == word.casefold():
        return _inapplicable(form, item, row, note, facts | kept)
    if points is not None and points == form.record.computed.get(item):
        points = None
    if note is None and not facts and not any(kept.values()):
        return points
    given = {} if points is None else {"score": points}
    return facts | given | {"note": note} | kept


def _self_score(form: FormSheet, item: str, row: int) -> str | None:
    """What the unit gave itself, where the form has a column for it."""
    if SELF_SCORE not in form.columns:
        return None
    return number_in(form, ("scores", item, SELF_SCORE), item, row)


def _inapplicable(
    form: FormSheet, item: str, row: int, reason: str | None, beside: dict[str, Any]
) -> Any:
    """An item that does not apply, for the reason that stands in the place of a note."""
    cell = form.cell(row, "note")
    form.mark(("scores", item, "not_applicable"), cell.row, cell.column)
    if reason is None and not is_picture(cell) and (cell.formula or cell.is_error):
        reason = UNREAD_REASON
    return beside | {"not_applicable": reason, "note": form.record.notes.get(item)}


def _note(form: FormSheet, item: str, row: int, field: str = "scores") -> str | None:
    cell, keys = form.cell(row, "note"), (field, item, "note")
    form.mark(keys, cell.row, cell.column)
    if form.notes is not None:
        return form.notes.get(item)
    if is_picture(cell):
        form.report(Kind.NOTE_IS_PICTURE, keys, cell, item=item)
        return None
    return form.as_kept(f"note.{item}", form.text(cell, keys, item))


def shown_sums(
    form: FormSheet, lines: Mapping[str, int], sums: Mapping[int, SumRow]
) -> dict[str, ShownSum]:
    """The sums that a form shows, by section.

    The form's own formula shows what it adds up, whatever result was stored with it. Any other one
    shows its stored result, which is nothing where none was stored.
    """
    items = {str(row): item for item, row in lines.items()}
    names = ("score", "cap")
    columns = {form.cell(form.header, name).column_letter: name for name in names}
    found = {}
    for row, line in sums.items():
        cell = form.cell(row, "score")
        form.mark(("sums", line.section), row, cell.column)
        if any(form.is_merged(row, name) for name in names):
            label = key_of(line.label)
            form.report(Kind.CELL_MERGED, ("sums", line.section), cell, "sum", item=label)
            continue
        key = sum_key(shown(cell.value), columns, items) if cell.formula == "normal" else ""
        stated = shown_sum(form, cell, follows=key == line.key != "")
        if stated is not None:
            found[line.section] = stated
    return found


def shown_sum(form: FormSheet, cell: ExcelCell, *, follows: bool) -> ShownSum | None:
    """What the cell of a sum shows, if anything; one that ``follows`` has the form's formula."""
    value = cell.value
    if follows:
        return ShownSum("", formats_of(cell), follows=True)
    if cell.formula:
        value = value if cell.result is None else cell.result
    elif value == form.record.labels.get("computed"):
        value = None
    return None if value is None else ShownSum(shown(value), formats_of(cell))
