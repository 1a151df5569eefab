"""Rows of a form: lines and sums are known by what stands in them, the rest is accounted for."""

import re
import unicodedata
from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from epa_score.diagnostics import Kind
from epa_score.diagnostics.nearest import nearest
from epa_score.i18n import LANGUAGES, Words
from epa_score.model.form_record import SumRow
from epa_score.readers.excel.form import FormSheet, key_of, wording_key
from epa_score.readers.excel.workbook import ExcelCell, plain_text, shown


class FormRows(NamedTuple):
    """The row of each line, and rows with a number that is none of theirs or was deleted."""

    rows: dict[str, int]
    others: list[int]


def lines_of(form: FormSheet, sums: Container[int]) -> FormRows:
    """The lines of items and facts, where ``sums`` are rows of sums.

    Numbers that were changed, repeated or removed are reported.
    """
    others: list[int] = []
    rows: dict[str, int] = {}
    unknown: list[tuple[str, ExcelCell]] = []
    wordings = set(map(wording_key, form.record.texts.values()))
    for number in range(form.header + 1, form.sheet.max_row + 1):
        cell = form.cell(number, "item")
        text = key_of(cell.value or "")
        if text in rows:
            keys, first = ("scores", text, "line"), rows[text]
            form.report(Kind.ITEM_LINE_CHANGED, keys, cell, "twice", item=text, line=first)
            form.source.unread.add(form.record.item_of(text))
            others.append(number)
        elif text in form.record.caps:
            rows[text] = number
            form.mark(("scores", text, "text"), number, form.columns["text"])
        elif text and number not in sums and _is_a_line(form, number, wordings):
            unknown.append((text, cell))
            others.append(number)
    missing = [item for item in form.record.caps if item not in rows]
    bare = _without_number(form, missing)
    others += bare.values()
    _report_others(form, unknown, missing, bare)
    return FormRows(rows, others)


def sum_lines_of(form: FormSheet) -> dict[int, SumRow]:
    """The sums by their rows: known by label, and one of several by the item above it.

    An item whose number was changed is known by its wording here.
    """
    labels = {key_of(line.label) for line in form.record.sums}
    added = {item for line in form.record.sums for item in line.items}
    by_wording = {wording_key(text): line for line, text in form.record.texts.items()}
    left = list(form.record.sums)
    found: dict[int, SumRow] = {}
    above = ""
    for number in range(form.header + 1, form.sheet.max_row + 1):
        item = key_of(form.cell(number, "item").value or "")
        if item not in form.record.caps:
            item = by_wording.get(wording_key(form.cell(number, "text").value), "")
        above = item if item in added else above
        if item:
            continue
        here = labels & {
            key_of(form.sheet.cell(number, column).value or "")
            for column in range(1, form.columns["cap"])
        }
        alike = [line for line in left if key_of(line.label) in here]
        own = [line for line in alike if above in line.items or not line.section]
        if own:
            left.remove(own[0])
            found[number] = own[0]
    return found


def _is_a_line(form: FormSheet, row: int, wordings: Container[str]) -> bool:
    """True where a row has a cap, or one of the wordings of lines."""
    wording = wording_key(form.cell(row, "text").value)
    return form.cell(row, "cap").value is not None or wording in wordings


def _without_number(form: FormSheet, missing: list[str]) -> dict[str, int]:
    """The rows of missing items that still have their wording beside an empty number."""
    texts = {wording_key(form.record.texts[item]): item for item in missing}
    found: dict[str, int] = {}
    for number in range(form.header + 1, form.sheet.max_row + 1 if texts else 0):
        item = texts.get(wording_key(form.cell(number, "text").value))
        if item is not None and form.cell(number, "item").value is None:
            found.setdefault(item, number)
    return found


def _report_others(
    form: FormSheet,
    unknown: list[tuple[str, ExcelCell]],
    missing: list[str],
    bare: Mapping[str, int],
) -> None:
    """Numbers that are none of the form's, with those that they stand for, and what is missing."""
    for text, cell in unknown:
        only = missing[0] if len(missing) == len(unknown) == 1 else ""
        alike = nearest(text, missing) or only
        form.report(
            Kind.ITEM_LINE_CHANGED,
            ("scores", text, "line"),
            cell,
            "nearest" if alike else "",
            item=text,
            nearest=alike,
        )
        form.source.unread.update(form.record.item_of(line) for line in missing if line == alike)
        missing = [line for line in missing if line != alike]
    for item in missing:
        cell = form.cell(bare.get(item, form.header), "item")
        form.report(Kind.ITEM_LINE_CHANGED, ("scores", item, "line"), cell, "missing", item=item)
        form.source.unread.add(form.record.item_of(item))


def check_line(form: FormSheet, line: str, row: int) -> None:
    """Report a wording or a cap beside the number of a line that are not its own."""
    if not form.shows_lines:
        return
    cap, printed = form.cell(row, "cap"), form.record.caps[line]
    if _has_its_wording(form, line, row) and plain_text(cap.value) != printed:
        parameters = {"item": line, "cap": shown(cap.value), "printed": printed}
        variant = _cap_variant(cap, printed)
        form.report(Kind.CAP_CHANGED, ("scores", line, "cap"), cap, variant, **parameters)


def _cap_variant(cap: ExcelCell, printed: str) -> str:
    """How a cap was changed that is not what was ``printed``."""
    if not printed:
        return "none"
    return "" if shown(cap.value) else "gone"


def _has_its_wording(form: FormSheet, line: str, row: int) -> bool:
    cell = form.cell(row, "text")
    texts, here = form.record.texts, wording_key(cell.value)
    if here == wording_key(texts[line]):
        return True
    other = next((name for name, text in texts.items() if wording_key(text) == here), "")
    variant = "other" if other else ""
    keys = ("scores", line, "text")
    form.report(Kind.WORDING_CHANGED, keys, cell, variant, item=line, other=other)
    return False


_NUMBER = re.compile(r"[+-]?(?:[0-9]++(?:\.[0-9]++)?|\.[0-9]++)\s*+分?")


def report_rest(form: FormSheet, lines: FormRows, sums: Mapping[int, SumRow]) -> None:
    """Report what stands in the table of a form and is neither as handed out nor an input.

    Numbers are errors: whoever reads the form takes them for points, and they would count nowhere.
    """
    table = {*lines.rows.values(), *lines.others, *sums}
    known = table.union(_report_lost_sums(form, table, sums))
    for number in range(form.header + 1, form.sheet.max_row + 1):
        cell = form.cell(number, "score")
        if number not in known and looks_like_number(cell):
            form.report(
                Kind.POINTS_OF_NO_ITEM, ("scores", "", number), cell, value=shown(cell.value)
            )
            known.add(number)
    table = {*lines.rows.values(), *sums}
    last = _last_before_signatures(form, max(table, default=form.header))
    if form.record.titles:  # a form of an older version does not know all that is printed on it
        _check_section_title(form)
        for number in range(form.header + 1, last + 1):
            if number in table or number not in known:
                _report_strays(form, number, lines, sums)
    report_foreign_columns(form, last)
    _report_merged_notes(form, lines.rows)


def _last_before_signatures(form: FormSheet, last: int) -> int:
    """The last row above the signatures, which may be below the ``last`` one of the table."""
    signed = (key_of(Words(language)("form.leader")).rstrip(":：") for language in LANGUAGES)
    begins = tuple(signed)
    for number in range(last + 1, form.sheet.max_row + 1):
        if _begins_with(form, number, begins):
            return number - 1
    return last


def _begins_with(form: FormSheet, row: int, texts: tuple[str, ...]) -> bool:
    """True where a cell of a row begins with one of some texts."""
    return any(key_of(cell.value or "").startswith(texts) for cell in form.sheet.row(row))


@cache
def _owner_lines() -> tuple[str, ...]:
    """The beginnings of the lines below the total that say who answers for items."""
    keys = ("form.owner_is", "form.source_is")
    return tuple(key_of(Words(language)(key, text="")) for language in LANGUAGES for key in keys)


def _report_lost_sums(
    form: FormSheet, table: Collection[int], sums: Mapping[int, SumRow]
) -> list[int]:
    """Report sums whose label was changed, in rows of the ``table`` that are nobody's; gives those.

    The row below it may be that of the total, in which anything that is written is one.
    """
    lost = [line for line in form.record.sums if line not in sums.values()]
    last = max(table, default=form.header) + 1
    rows = []
    for number in range(form.header + 1, form.sheet.max_row + 1 if lost else 0):
        points = form.cell(number, "score")
        labels = (form.sheet.cell(number, column) for column in range(1, form.columns["cap"]))
        label = next((cell for cell in labels if plain_text(cell.value)), points)
        is_sum = looks_like_number(points) or (number <= last and plain_text(points.value))
        is_printed = key_of(points.value or "") in map(key_of, form.record.titles)
        if lost and is_sum and not is_printed and number not in table:
            line = lost.pop(0)
            about = {"label": key_of(line.label), "value": shown(label.value)}
            form.report(Kind.LABEL_CHANGED, ("sums", line.section), label, "sum", **about)
            rows.append(number)
    return rows


def _check_section_title(form: FormSheet) -> None:
    """Report another title above the sections; the other titles are what the table is known by."""
    if "section" in form.columns:
        cell = form.cell(form.header, "section")
        if key_of(cell.value or "") != key_of(form.record.labels["section"]):
            keys = ("scores", "", form.header, cell.column)
            form.report(Kind.CELL_NOT_READ, keys, cell, value=shown(cell.value))


def _report_strays(form: FormSheet, row: int, lines: FormRows, sums: Mapping[int, SumRow]) -> None:
    """Report the first cell of a row that holds what was not printed there and is not asked for."""
    columns = form.columns
    line = next((line for line, number in lines.rows.items() if number == row), None)
    begins: tuple[str, ...] = ()
    if row in sums:
        _check_sum_cap(form, row, sums[row])
        inputs = {columns["score"], columns["cap"]}
        printed = {key_of(sums[row].label)}
    elif line is not None:
        inputs = {columns[name] for name in ("item", "text", "cap", "score")}
        beside = {columns[name] for name in ("self_score", "note") if name in columns}
        inputs |= set() if line in form.record.facts else beside
        printed = set()
    else:
        inputs, printed = set(), set()
        begins = _owner_lines()  # who answers for items may have changed since
    titles = {key_of(title) for title in form.record.titles}
    named = {column: name for name, column in columns.items() if name}
    for cell in form.sheet.row(row):
        if cell.column in inputs or cell.column not in named or cell.value is None:
            continue
        allowed = printed | titles if cell.column <= columns["text"] else set()
        text = key_of(cell.value)
        if text and text not in allowed and not text.startswith(begins):
            keys = ("scores", "", row, cell.column)
            form.report(Kind.CELL_NOT_READ, keys, cell, value=shown(cell.value))
            return


def _check_sum_cap(form: FormSheet, row: int, sum_row: SumRow) -> None:
    cell, printed = form.cell(row, "cap"), sum_row.cap
    if plain_text(cell.value) != printed and not form.is_merged(row, "cap"):
        about = {"item": key_of(sum_row.label), "cap": shown(cell.value), "printed": printed}
        keys, variant = ("scores", "", row, cell.column), _cap_variant(cell, printed)
        form.report(Kind.CAP_CHANGED, keys, cell, variant, **about)


_SELF = re.compile(r"自(评|查|报|评分)|self", re.IGNORECASE)
"""Titles of columns in which a unit says what it takes itself to be worth."""
_SERIAL = re.compile(r"序号|№|no\.?|#", re.IGNORECASE)
"""Titles of columns that count the rows, which nobody takes for points."""


def report_foreign_columns(form: FormSheet, last: int, reported: Iterable[int] = ()) -> None:
    """Report each column that the form does not have once, however much stands in it.

    Of those ``reported`` something else was said already.
    """
    own = {column for name, column in form.columns.items() if name} | set(reported)
    seen: dict[int, list[ExcelCell]] = {}
    for number, row in form.sheet.filled.items():
        if form.header <= number <= last:
            for cell in row:
                if cell.column not in own and plain_text(cell.value):
                    seen.setdefault(cell.column, []).append(cell)
    for column, cells in sorted(seen.items()):
        title = form.sheet.cell(form.header, column)
        if _SERIAL.fullmatch(key_of(title.value or "")) and _only_counts(cells):
            continue
        numbers = [cell for cell in cells if cell.row > form.header and looks_like_number(cell)]
        first = numbers[0] if numbers else cells[0]
        keys = ("scores", "", form.header, column)
        if _SELF.search(shown(title.value)):
            form.report(Kind.CELL_NOT_READ, keys, title, "self", title=shown(title.value))
        else:
            kind = Kind.POINTS_OF_NO_ITEM if numbers else Kind.CELL_NOT_READ
            about = {"value": shown(first.value), "column": first.column_letter}
            form.report(kind, keys, first, "column", **about)


def _only_counts(cells: Sequence[ExcelCell]) -> bool:
    """True where the cells below a title number the rows from 1."""
    return [plain_text(cell.value) for cell in cells[1:]] == list(map(str, range(1, len(cells))))


def _report_merged_notes(form: FormSheet, lines: Mapping[str, int]) -> None:
    """Report a note that was written across several lines: it is that of the first alone."""
    column = form.columns["note"]
    names = {row: line for line, row in lines.items() if line in form.record.items}
    for area in form.sheet.merged:
        rows = range(area.min_row, area.max_row + 1)
        inside = [names[row] for row in rows if row in names]
        first = form.sheet.cell(area.min_row, area.min_col)
        is_note = area.min_col <= column <= area.max_col and not (
            area.min_col <= form.columns["score"] <= area.max_col  # which is said for the points
        )
        if is_note and len(inside) > 1 and plain_text(first.value):
            keys = ("scores", "", area.min_row, column)
            form.report(Kind.CELL_NOT_READ, keys, first, "merged", item=inside[0])


def looks_like_number(cell: ExcelCell) -> bool:
    """True where people see a number, or may see one."""
    if not isinstance(cell.value, str) or cell.formula:
        return cell.value is not None
    return bool(_NUMBER.fullmatch(unicodedata.normalize("NFKC", cell.value).strip()))
