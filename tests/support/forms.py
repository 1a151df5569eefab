"""Score forms in Excel as people hand them in: filled, and with what they do to them."""

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.formatting.rule import Rule
from openpyxl.formula.translate import Translator
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat
from openpyxl.utils import get_column_letter
from tests.support.paths import BROKEN, SCORES

from epa_score.diagnostics import Kind
from epa_score.exporters.xlsx.form import Form, UnitTable, write_form, write_table
from epa_score.i18n import Words
from epa_score.model import Score, ScoreSheet
from epa_score.model.form_record import FORM_SHEET
from epa_score.model.rubric_options import Adjustment, AdjustmentList, Adjustments
from epa_score.readers.files import READERS
from epa_score.readers.rubrics import RubricLibrary
from epa_score.readers.sheets import SheetFile, read_sheet, sheet_of

EXAMPLE = SCORES / "示例甲镇.yaml"
Edit = Callable[[Any], None]
"""Does something to an opened workbook."""


def form(
    sheet: ScoreSheet | None = None,
    unit: str = "",
    rubric: str = "township",
    fonts: str = "official",
) -> bytes:
    """A form as a file, filled in with ``sheet``."""
    _, chosen = RubricLibrary().require(rubric)
    written = io.BytesIO()
    write_form(Form(chosen, unit, sheet, fonts), written, Words(chosen.lang))
    return written.getvalue()


def example() -> ScoreSheet:
    """The sheet of the example that most tests fill in."""
    sheet = read_sheet(str(EXAMPLE), RubricLibrary()).sheet
    assert sheet is not None
    return sheet


def edited(edit: Edit | None = None, data: bytes | None = None) -> bytes:
    """The example's form after somebody edited it."""
    data = form(example()) if data is None else data
    if edit is None:
        return data
    workbook = load_workbook(io.BytesIO(data))
    edit(workbook)
    written = io.BytesIO()
    workbook.save(written)
    return written.getvalue()


def row_of(workbook: Any, item: str) -> int:
    """The row of an item in the form of a workbook."""
    sheet = workbook.worksheets[0]
    rows: list[int] = [cell.row for cell in sheet["B"] if cell.value == item]
    return rows[0]


def put(item: str, column: str, value: object, **properties: object) -> Edit:
    """Write a value beside an item: D is the cap, E the points, F the note, B the number."""

    def edit(workbook: Any) -> None:
        cell = workbook.worksheets[0][f"{column}{row_of(workbook, item)}"]
        cell.value = value
        for name, one in properties.items():
            setattr(cell, name, one)

    return edit


def repacked(data: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    """A workbook with some of its parts changed."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return written.getvalue()


SHEET, STYLES, TEXTS = "xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/sharedStrings.xml"


def with_part(name: str, content: bytes) -> bytes:
    """The example's form with another part of that name."""
    return repacked(edited(), lambda parts: parts.update({name: content}))


def without_part(name: str) -> bytes:
    """The example's form without the part of that name."""

    def remove(parts: dict[str, bytes]) -> None:
        del parts[name]

    return repacked(edited(), remove)


def packed_again(data: bytes, compression: int) -> bytes:
    """A workbook whose parts are packed in another way."""
    written = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(written, "w", compression) as new,
    ):
        for name in old.namelist():
            new.writestr(name, old.read(name))
    return written.getvalue()


def lying(size: int) -> bytes:
    """A form with a part that is larger, unpacked, than its header says."""
    data = bytearray(with_part(STYLES, b"<styleSheet/>".ljust(size)))
    said = size.to_bytes(4, "little")
    assert data.count(said) >= 2
    return bytes(data.replace(said, (9).to_bytes(4, "little")))


def sealed(data: bytes) -> bytes:
    """A workbook whose parts are packed with a password, by what their heads say."""
    for head, flags in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        parts = data.split(head)
        assert len(parts) > 1
        at = flags - len(head)
        marked = (part[:at] + bytes([part[at] | 1]) + part[at + 1 :] for part in parts[1:])
        data = head.join([parts[0], *marked])
    return data


def _broken(data: bytes, name: str) -> bytes:
    """A workbook in which the packed bytes of a part are others."""
    start = data.index(name.encode()) + len(name)
    return data[:start] + b"\xff" * 9 + data[start + 9 :]


def _binary(parts: dict[str, bytes]) -> None:
    parts["xl/workbook.bin"] = b"\x83\1\0"
    parts["_rels/.rels"] = parts["_rels/.rels"].replace(b"workbook.xml", b"workbook.bin")


def _forget_label(workbook: Any) -> None:
    sheet = workbook.worksheets[1]
    sheet.delete_rows(next(cell.row for cell in sheet["A"] if cell.value == "label.date"))


def _old(locked: str) -> bytes:
    return bytes.fromhex("d0cf11e0a1b11ae1") + bytes(500) + locked.encode("utf-16-le")


def _huge(parts: dict[str, bytes]) -> None:
    parts["xl/styles.xml"] = b"<x>" + b" " * 200_000 + b"</x>"


_ENDS = {"c": (b"/>", b"</c>"), "row": (b"</row>",)}


def _again(element: str) -> Callable[[dict[str, bytes]], None]:
    """Row 7, or the first cell of it, twice."""

    def change(parts: dict[str, bytes]) -> None:
        part = "xl/worksheets/sheet1.xml"
        row = parts[part].index(b'<row r="7"')
        start = parts[part].index(f"<{element} r=".encode(), row)
        ends = [parts[part].index(one, start) + len(one) for one in _ENDS[element]]
        parts[part] = parts[part][: min(ends)] + parts[part][start:]

    return change


def _odd_number(parts: dict[str, bytes]) -> None:
    part = "xl/worksheets/sheet1.xml"
    row, old = parts[part].index(b'<row r="7"'), b"<v>7</v>"
    head, tail = parts[part][:row], parts[part][row:]
    assert old in tail
    parts[part] = head + tail.replace(old, b"<v>0_7</v>", 1)


def _merge(workbook: Any) -> None:
    row = row_of(workbook, "A1")
    workbook.worksheets[0].merge_cells(f"E{row}:E{row + 1}")


def _merge_notes(workbook: Any) -> None:
    row, sheet = row_of(workbook, "A1"), workbook.worksheets[0]
    sheet[f"F{row}"] = "缺 4 月、5 月"
    sheet.merge_cells(f"F{row}:F{row + 1}")


def _self_score(workbook: Any) -> None:
    workbook.worksheets[0]["G4"] = "自评分"
    put("A1", "G", 3)(workbook)
    put("A3", "G", 8)(workbook)


def _rename_total(workbook: Any) -> None:
    sheet = workbook.worksheets[0]
    sheet[f"A{total_row(sheet)}"] = "总分"


def _merge_sum(workbook: Any) -> None:
    row = row_of(workbook, "A6")
    workbook.worksheets[0].merge_cells(f"D{row}:D{row + 1}")


def _merge_fields(workbook: Any) -> None:
    workbook.worksheets[0]["F3"].value = None
    workbook.worksheets[0].merge_cells("F2:F3")


def _merge_facts(workbook: Any) -> None:
    row = row_of(workbook, "J1")
    workbook.worksheets[0][f"F{row}"].value = "全国表彰"
    workbook.worksheets[0].merge_cells(f"F{row}:F{row + 1}")


def _condition(workbook: Any) -> None:
    sheet = workbook.worksheets[0]
    sheet[f"E{row_of(workbook, 'A3')}"].value = 6.5
    style = DifferentialStyle(numFmt=NumberFormat(numFmtId=200, formatCode="0"))
    rule = Rule(type="cellIs", operator="greaterThan", formula=["0"], dxf=style)
    sheet.conditional_formatting.add("E5:E9", rule)


def _hide_zeros(workbook: Any) -> None:
    sheet = workbook.worksheets[0]
    sheet.sheet_view.showZeros = False
    sheet[f"E{row_of(workbook, 'A3')}"].value = 0


def _picture_of_period(workbook: Any) -> None:
    workbook.worksheets[0]["F3"].value = '=_xlfn.DISPIMG("ID_1",1)'


def typed(name: str, value: object) -> Edit:
    """Write a value into a cell of the form."""

    def edit(workbook: Any) -> None:
        workbook.worksheets[0][name].value = value

    return edit


_CELL = '<c r="{name}"[^>]*?(?:/>|>.*?</c>)'


def retyped(data: bytes, name: str, value: object) -> bytes:
    """A form as it is after somebody typed into a cell, without a program that writes it anew."""
    text = isinstance(value, str)
    inner = f"<is><t>{value}</t></is>" if text else f"<v>{value}</v>"

    def change(parts: dict[str, bytes]) -> None:
        part = "xl/worksheets/sheet1.xml"
        page = parts[part].decode()
        number = re.sub("[A-Z]", "", name)
        found = re.search(_CELL.format(name=name), page, re.DOTALL)
        style = re.search(' s="[0-9]+"', found[0]) if found else None
        kind = ' t="inlineStr"' if text else ""
        cell = f'<c r="{name}"{style[0] if style else ""}{kind}>{inner}</c>'
        if found:
            page = page[: found.start()] + cell + page[found.end() :]
        else:
            page = re.sub(f'(<row r="{number}"[^>]*)/>', r"\1></row>", page)
            if f'<row r="{number}"' not in page:
                page = page.replace("</sheetData>", f'<row r="{number}"></row></sheetData>')
            page = re.sub(f'(<row r="{number}".*?)(</row>)', rf"\1{cell}\2", page, count=1)
        assert cell in page
        parts[part] = page.encode()

    return repacked(data, change)


def total(value: object) -> Edit:
    """Write a value over the sum of all points."""

    def edit(workbook: Any) -> None:
        sheet = workbook.worksheets[0]
        sheet[f"E{total_row(sheet)}"].value = value

    return edit


def total_row(sheet: Any) -> int:
    """The row of the sum of all points."""
    rows: list[int] = [one.row for one in sheet["A"] if str(one.value).startswith("合")]
    return rows[0]


def swap(one: str, other: str) -> Edit:
    """Write the numbers of two items beside each other's wording."""

    def edit(workbook: Any) -> None:
        first, second = row_of(workbook, one), row_of(workbook, other)
        sheet = workbook.worksheets[0]
        sheet[f"B{first}"], sheet[f"B{second}"] = other, one

    return edit


def second_unit(workbook: Any) -> None:
    """Another unit below the first one."""
    sheet = workbook.worksheets[0]
    sheet["A3"], sheet["C3"] = sheet["A2"].value, "示例乙镇"


def hide_row(row: int) -> Edit:
    """Hide a row."""

    def edit(workbook: Any) -> None:
        workbook.worksheets[0].row_dimensions[row].hidden = True

    return edit


def _hide_sheet(workbook: Any) -> None:
    workbook.worksheets[0].sheet_state = "hidden"
    workbook.create_sheet("说明")
    workbook.active = len(workbook.worksheets) - 1


def _hide_rows(workbook: Any) -> None:
    workbook.worksheets[0].sheet_format.zeroHeight = True


def _round_total(workbook: Any) -> None:
    sheet = workbook.worksheets[0]
    sheet[f"E{total_row(sheet)}"].number_format = "0"


def _hide(workbook: Any) -> None:
    workbook.worksheets[0].row_dimensions[row_of(workbook, "A2")].hidden = True


def _hide_column(workbook: Any) -> None:
    workbook.worksheets[0].column_dimensions["E"].hidden = True


def filled(unit: str) -> ScoreSheet:
    """The example of a department."""
    sheet = read_sheet(str(EXAMPLE.with_name(f"{unit}.yaml")), RubricLibrary()).sheet
    assert sheet is not None
    return sheet


def _stacked(workbook: Any) -> None:
    sheet = workbook.worksheets[0]
    for column in range(1, 7):
        sheet.cell(60, column).value = sheet.cell(4, column).value


def _extract(workbook: Any) -> None:
    sheet = workbook.create_sheet("摘录")
    for row in workbook.worksheets[0].iter_rows(min_row=5, values_only=True):
        sheet.append(row[1:2])


def _reworded(workbook: Any) -> None:
    sheet = workbook.worksheets[0]
    for row in range(5, row_of(workbook, "C8") + 1):
        if re.fullmatch("[A-Z][0-9]", str(sheet.cell(row, 2).value)):
            sheet.cell(row, 3).value = f"第 {row} 条"


def _result() -> bytes:
    workbook = Workbook()
    workbook.worksheets[0].title = "排名汇总"
    workbook.create_sheet("说明")["C3"] = "epa-score 0.1.0"
    written = io.BytesIO()
    workbook.save(written)
    return written.getvalue()


def _identity(key: str, value: str) -> Edit:
    def edit(workbook: Any) -> None:
        next(row for row in workbook[FORM_SHEET] if row[0].value == key)[1].value = value

    return edit


def _record_cell(kind: str, line: str, column: int, value: object) -> Edit:
    """Change what the hidden sheet says of a line."""

    def edit(workbook: Any) -> None:
        rows = workbook[FORM_SHEET].iter_rows()
        row = next(row for row in rows if (row[0].value, row[1].value) == (kind, line))
        row[column - 1].value = value

    return edit


def handed_out(item: str, column: str, value: object) -> Edit:
    """Make a form one that was handed out with another wording (C) or cap (D) of an item."""

    def edit(workbook: Any) -> None:
        put(item, column, value)(workbook)
        _record_cell("item", item, {"C": 4, "D": 3}[column], value)(workbook)

    return edit


def _with_bonus(case: str, *texts: str) -> bytes:
    """The form of the rubric in a case folder as if it had these bonuses."""
    _, chosen = RubricLibrary(str(BROKEN / case)).require("county")
    bonuses = tuple(
        Adjustment(id=f"J{number}", text=text, each=Decimal(2))
        for number, text in enumerate(texts, 1)
    )
    adjustments = Adjustments(bonus=AdjustmentList(items=bonuses)) if bonuses else None
    old = chosen.model_copy(update={"adjustments": adjustments})
    written = io.BytesIO()
    write_form(Form(old, "示例甲镇"), written, Words(old.lang))
    return edited(put("A1-1", "E", 3), written.getvalue())


def _own_table() -> bytes:
    workbook = Workbook()
    workbook.worksheets[0].append(["编号", "分值", "得分", "扣分原因"])
    written = io.BytesIO()
    workbook.save(written)
    return written.getvalue()


def _delete(workbook: Any) -> None:
    put("A3", "B", None)(workbook)


def _no_header(workbook: Any) -> None:
    workbook.remove(workbook.worksheets[0])
    workbook.create_sheet("封面")["A1"] = "报送材料"


def _unit(name: str | None) -> Edit:
    def edit(workbook: Any) -> None:
        workbook.worksheets[0]["C2"] = name

    return edit


def shown_as(place: str, number: float, code: str) -> Edit:
    """Write a number into a cell that shows it by a number format."""

    def edit(workbook: Any) -> None:
        cell = workbook.worksheets[0][place]
        cell.value, cell.number_format = number, code

    return edit


def put_error(workbook: Any) -> None:
    """An error value in place of the date."""
    cell = workbook.worksheets[0]["F2"]
    cell.value, cell.data_type = "#REF!", "e"


def second_date(workbook: Any) -> None:
    """Another date below the table, which says something else than the first."""
    sheet = workbook.worksheets[0]
    sheet["C40"], sheet["D40"] = sheet["D2"].value, "2019年1月2日"


def hidden_date(workbook: Any) -> None:
    """The date below the table, in a row that is hidden."""
    sheet = workbook.worksheets[0]
    sheet["C40"], sheet["D40"], sheet["D2"] = sheet["D2"].value, "2018-12-20", None
    sheet["F2"] = None
    sheet.row_dimensions[40].hidden = True


def _date(workbook: Any) -> None:
    workbook.worksheets[0]["F2"] = "2018年12月"


def _nobodys() -> ScoreSheet:
    """A sheet for a rubric with several assessors that does not say whose it is."""
    scores = {"A1": "5", "A2": "3"}
    return ScoreSheet.model_validate({"rubric": "county", "unit": "示例甲镇", "scores": scores})


_COUNTY = {"C1": 3, "C2": 4, "C3": 8}


def county(case: str, *edits: Edit, points: Mapping[str, int] = _COUNTY) -> bytes:
    """The form of the rubric in a case folder, for a unit, after somebody edited it."""
    _, chosen = RubricLibrary(str(BROKEN / case)).require("county")
    written = io.BytesIO()
    write_form(Form(chosen, "示例甲镇"), written, Words(chosen.lang))
    data = written.getvalue()
    for edit in (*(put(item, "E", number) for item, number in points.items()), *edits):
        data = edited(edit, data)
    return data


def _with_veto(case: str, answer: str | None, reason: str | None) -> bytes:
    """The form of such a rubric with the two cells of its veto filled in so."""
    return county(case, put("V1", "E", answer), put("V1", "F", reason), points={"A1-1": 3})


CASES: dict[str, Callable[[], bytes]] = {
    "EPA112_not_applicable-allowed_form": lambda: county(
        "EPA112_not_applicable-allowed_form", put("C1", "E", "缺项")
    ),
    "EPA420_reason_missing-form": lambda: county(
        "EPA420_reason_missing-form", put("C1", "E", "不适用")
    ),
    "EPA401_item_takes_facts-form": lambda: county(
        "EPA401_item_takes_facts-form", put("C1", "E", 8), points={}
    ),
    "EPA401_item_takes_facts-word_form": lambda: county(
        "EPA401_item_takes_facts-word_form", put("C1", "E", "优"), points={}
    ),
    "EPA003_fullwidth_punctuation-form": lambda: edited(put("A3", "E", "score：6")),
    "EPA006_space_after_colon-form": lambda: edited(put("A3", "E", "score:6")),
    "EPA023_empty_field-form": lambda: edited(_unit(None)),
    "EPA027_date_not_iso-form": lambda: edited(_date),
    "EPA027_date_not_iso-cell": lambda: edited(typed("F2", "=TODAY()")),
    "EPA027_date_not_iso-picture": lambda: edited(typed("F2", '=_xlfn.DISPIMG("ID_1",1)')),
    "EPA027_date_not_iso-format": lambda: edited(shown_as("F2", 43454, 'm"月"d"日"')),
    "EPA027_date_not_iso-hidden": lambda: edited(hidden_date),
    "EPA027_date_not_iso-twice": lambda: edited(second_date),
    "EPA101_rubric_not_found-form": lambda: edited(_identity("rubric", "villages")),
    "EPA101_rubric_not_found-nearest_form": lambda: edited(_identity("rubric", "townships")),
    "EPA102_wrong_rubric-form": lambda: edited(_unit("县商务局")),
    "EPA443_deduction_without_reason-form": lambda: edited(
        put("A4", "F", None), edited(put("C2", "F", None))
    ),
    "EPA105_items_unscored-form": lambda: edited(put("A3", "E", None)),
    "EPA106_points_not_a_number-form": lambda: edited(put("A3", "E", "很好")),
    "EPA106_points_not_a_number-hidden_form": lambda: edited(put("A3", "E", "8\u200b")),
    "EPA114_unit_scored_twice-form": edited,
    "EPA301_not_a_workbook": "编号,得分\nA1,3\n".encode,
    "EPA301_not_a_workbook-locked": lambda: _old("EncryptedPackage"),
    "EPA301_not_a_workbook-old": lambda: _old(""),
    "EPA301_not_a_workbook-empty": lambda: b"",
    "EPA301_not_a_workbook-binary": lambda: repacked(edited(), _binary),
    "EPA301_not_a_workbook-sealed": lambda: sealed(edited()),
    "EPA302_workbook_damaged": lambda: edited()[:-22],
    "EPA302_workbook_damaged-doctype": lambda: with_part(STYLES, b"<!DOCTYPE x><x/>"),
    "EPA302_workbook_damaged-encoding": lambda: with_part(
        STYLES, b'<?xml version="1.0" encoding="GBK"?><x/>'
    ),
    "EPA302_workbook_damaged-missing": lambda: without_part(SHEET),
    "EPA302_workbook_damaged-packing": lambda: packed_again(edited(), zipfile.ZIP_BZIP2),
    "EPA302_workbook_damaged-part": lambda: _broken(edited(), STYLES),
    "EPA302_workbook_damaged-place": lambda: with_part(TEXTS, b"<sst><q/></sst>"),
    "EPA302_workbook_damaged-record": lambda: edited(_forget_label),
    "EPA302_workbook_damaged-sheet": lambda: without_part("xl/_rels/workbook.xml.rels"),
    "EPA302_workbook_damaged-size": lambda: lying(7_654_321),
    "EPA302_workbook_damaged-text": lambda: without_part(TEXTS),
    "EPA302_workbook_damaged-twice": lambda: repacked(
        edited(), lambda parts: parts.update({SHEET.upper(): parts[SHEET]})
    ),
    "EPA302_workbook_damaged-xml": lambda: with_part(STYLES, b"<x>\n</y>"),
    "EPA302_workbook_damaged-cell": lambda: repacked(form(), _again("c")),
    "EPA302_workbook_damaged-row": lambda: repacked(form(), _again("row")),
    "EPA302_workbook_damaged-number": lambda: repacked(edited(put("A3", "E", 7)), _odd_number),
    "EPA303_workbook_too_large": lambda: repacked(edited(), _huge),
    "EPA304_not_a_form": _own_table,
    "EPA304_not_a_form-table": lambda: edited(_no_header),
    "EPA305_form_version_unknown": lambda: edited(_identity("format", "9")),
    "EPA304_not_a_form-unknown": lambda: edited(
        _reworded, collected({"表": form(example())}, keeps_record=False)
    ),
    "EPA304_not_a_form-alike": lambda: collected({"表": form(example())}, keeps_record=False),
    "EPA304_not_a_form-result": _result,
    "EPA306_several_forms": lambda: edited(_stacked),
    "EPA306_several_forms-alike": lambda: edited(_extract),
    "EPA306_several_forms-columns": lambda: edited(typed("G4", "得分")),
    "EPA307_form_of_other_rubric": lambda: edited(handed_out("A3", "C", "提供电商扶贫档案")),
    "EPA307_form_of_other_rubric-cap": lambda: edited(handed_out("A3", "D", 10)),
    "EPA307_form_of_other_rubric-rule": lambda: edited(_record_cell("rule", "C3", 3, "other")),
    "EPA307_form_of_other_rubric-reading": lambda: edited(
        _record_cell("sum", "A", 7, "pool: items")
    ),
    "EPA307_form_of_other_rubric-sum": lambda: edited(_record_cell("sum", "A", 5, "A1 A6")),
    "EPA307_form_of_other_rubric-decimals": lambda: edited(_identity("decimals", "1")),
    "EPA307_form_of_other_rubric-added": lambda: _with_bonus("EPA307_form_of_other_rubric-added"),
    "EPA307_form_of_other_rubric-removed": lambda: _with_bonus(
        "EPA307_form_of_other_rubric-removed", "获省级以上表彰", "市级表彰"
    ),
    "EPA308_item_line_changed": lambda: edited(lambda one: _extra(one, "Z99")),
    "EPA308_item_line_changed-nearest": lambda: edited(put("A3", "B", "A33")),
    "EPA308_item_line_changed-twice": lambda: edited(lambda one: _extra(one, "A3")),
    "EPA308_item_line_changed-missing": lambda: edited(_delete),
    "EPA309_cap_changed": lambda: edited(put("A3", "D", 10)),
    "EPA309_cap_changed-gone": lambda: edited(put("A3", "D", None)),
    "EPA309_cap_changed-none": lambda: county(
        "EPA309_cap_changed-none",
        put("C1-1", "E", "优"),
        put("C1-1", "D", "被通报"),
        points={},
    ),
    "EPA310_cell_text_number": lambda: edited(put("A3", "E", "6.5")),
    "EPA311_cell_formula": lambda: edited(put("A3", "E", "=1+1")),
    "EPA311_cell_formula-text": lambda: edited(put("A3", "F", "=A1")),
    "EPA312_cell_error": lambda: edited(put("A3", "E", "#N/A", data_type="e")),
    "EPA313_cell_date": lambda: edited(put("A3", "E", datetime(2018, 3, 2))),  # noqa: DTZ001
    "EPA313_cell_date-text": lambda: edited(typed("F3", datetime(2018, 1, 1))),  # noqa: DTZ001
    "EPA314_cell_percent": lambda: edited(put("A3", "E", 0.8, number_format="0%")),
    "EPA315_cell_merged": lambda: edited(_merge),
    "EPA316_line_hidden": lambda: edited(_hide),
    "EPA317_form_of_other_unit": lambda: edited(
        _unit("县财政局"), form(filled("县商务局"), "县商务局", "departments")
    ),
    "EPA318_column_hidden": lambda: edited(_hide_column),
    "EPA319_field_twice": lambda: edited(second_unit),
    "EPA320_field_hidden": lambda: edited(hide_row(2)),
    "EPA321_form_hidden": lambda: edited(_hide_sheet),
    "EPA321_form_hidden-rows": lambda: edited(_hide_rows),
    "EPA322_points_of_no_item": lambda: edited(typed("E40", 5)),
    "EPA322_points_of_no_item-column": lambda: edited(put("A3", "G", 7.5)),
    "EPA323_sum_differs": lambda: edited(total(95)),
    "EPA323_sum_differs-unknown": lambda: edited(total("=95")),
    "EPA323_sum_differs-awaited": lambda: county(
        "EPA323_sum_differs-awaited",
        put("C1", "E", "不适用"),
        put("C1", "F", "本镇没有快递网点"),
        total(17),
    ),
    "EPA324_shown_differently": lambda: edited(put("A3", "E", 6.5, number_format="0")),
    "EPA324_shown_differently-sum": lambda: edited(_round_total),
    "EPA324_shown_differently-text": lambda: edited(put("A3", "F", 3, number_format="0.00")),
    "EPA324_shown_differently-condition": lambda: edited(_condition),
    "EPA324_shown_differently-zero": lambda: edited(_hide_zeros),
    "EPA326_note_is_picture": lambda: edited(put("A3", "F", '=_xlfn.DISPIMG("ID_1",1)')),
    "EPA327_cell_not_read": lambda: edited(put("A1", "A", "电商办核过")),
    "EPA327_cell_not_read-self": lambda: edited(_self_score),
    "EPA327_cell_not_read-column": lambda: edited(put("A3", "H", "档案已看")),
    "EPA327_cell_not_read-merged": lambda: edited(_merge_notes),
    "EPA328_label_changed": lambda: edited(typed("D3", "2018 年")),
    "EPA304_not_a_form-title": lambda: edited(typed("E4", "实得分")),
    "EPA328_label_changed-sum": lambda: edited(_rename_total),
    "EPA311_cell_formula-picture": lambda: edited(_picture_of_period),
    "EPA315_cell_merged-sum": lambda: edited(_merge_sum),
    "EPA315_cell_merged-field": lambda: edited(_merge_fields),
    "EPA315_cell_merged-fact": lambda: county(
        "EPA315_cell_merged-fact", _merge_facts, points={"A1-1": 3}
    ),
    "EPA322_points_of_no_item-fact": lambda: county(
        "EPA322_points_of_no_item-fact", put("J1", "E", "有"), points={"A1-1": 3}
    ),
    "EPA325_wording_changed": lambda: edited(put("A3", "C", "另一条内容")),
    "EPA325_wording_changed-other": lambda: edited(swap("C1", "C2")),
    "EPA403_fact_missing-form": lambda: county(
        "EPA403_fact_missing-form", put("C1-1", "E", 3), points={}
    ),
    "EPA404_fact_not_a_number-form": lambda: county(
        "EPA404_fact_not_a_number-form", put("C1-1", "E", "很多"), points={}
    ),
    "EPA422_points_beside_reason-form": lambda: county(
        "EPA422_points_beside_reason-form",
        put("C1", "E", "不适用"),
        put("C1", "F", "本镇没有这项工作"),
        points={"C1-1": 3, "C2": 9},
    ),
    "EPA435_facts_in_one_name-count_form": lambda: county(
        "EPA435_facts_in_one_name-count_form", put("J1", "F", "省级表彰2次"), points={"A1-1": 3}
    ),
    "EPA435_facts_in_one_name-form": lambda: county(
        "EPA435_facts_in_one_name-form", put("J1", "F", "省级表彰、部级表彰"), points={"A1-1": 3}
    ),
    "EPA431_fact_without_name-form": lambda: county(
        "EPA431_fact_without_name-form", put("J1", "F", "暂无"), points={"A1-1": 3}
    ),
    "EPA434_veto_without_reason-form": lambda: _with_veto(
        "EPA434_veto_without_reason-form", "是", "无事故"
    ),
    "EPA438_veto_half_filled": lambda: _with_veto("EPA438_veto_half_filled", "是", None),
    "EPA438_veto_half_filled-alone": lambda: _with_veto(
        "EPA438_veto_half_filled-alone", None, "5月仓库火灾"
    ),
    "EPA438_veto_half_filled-no": lambda: _with_veto(
        "EPA438_veto_half_filled-no", "否", "5月仓库火灾"
    ),
    "EPA438_veto_half_filled-word": lambda: _with_veto(
        "EPA438_veto_half_filled-word", "有", "5月仓库火灾"
    ),
    "EPA439_points_against_facts": lambda: county(
        "EPA439_points_against_facts",
        put("J1", "F", "省级表彰"),
        put("J1", "E", 4),
        points={"A1-1": 3},
    ),
    "EPA304_not_a_form-lost": lambda: unit_table(
        "township", lambda workbook: workbook.remove(workbook[FORM_SHEET])
    ),
    "EPA472_judged_without_reason-form": lambda: county(
        "EPA472_judged_without_reason-form", put("J3", "E", 3), points={"A1": 100}
    ),
    "EPA473_note_without_points-form": lambda: county(
        "EPA473_note_without_points-form", put("J3", "F", "做法在全县推广"), points={"A1": 100}
    ),
    "EPA473_note_without_points-count_form": lambda: county(
        "EPA473_note_without_points-count_form", put("J2", "F", "4月至6月"), points={"A1": 100}
    ),
    "EPA450_same_fact_reading-form": lambda: county(
        "EPA450_same_fact_reading-form",
        put("J1", "F", "省级表彰"),
        put("J2", "F", "市级表彰\n省级 表彰"),
        points={"A1-1": 3},
    ),
    "EPA451_deduction_unexplained-form": lambda: county(
        "EPA451_deduction_unexplained-form",
        put("A2-1", "E", 12.5),
        points={"A1-1": 3, "B1": 10},
    ),
    "EPA304_not_a_form-units": lambda: unit_table("township", typed("A5", "名称")),
    "EPA308_item_line_changed-missing_column": lambda: unit_table("township", typed("D5", "A33")),
    "EPA308_item_line_changed-twice_column": lambda: unit_table("township", typed("Z5", "A3")),
    "EPA315_cell_merged-row": lambda: unit_table("township", _merge_row),
    "EPA317_form_of_other_unit-row": lambda: unit_table("departments", typed("A9", "县邮政局")),
    "EPA318_column_hidden-line": lambda: unit_table("township", _hide_item),
    "EPA322_points_of_no_item-row": lambda: unit_table(
        "EPA322_points_of_no_item-row", typed("B8", 6), typed("B9", 10)
    ),
    "EPA322_points_of_no_item-summary": lambda: unit_table(
        "township", typed("A9", "平均"), typed("B9", 3)
    ),
    "EPA327_cell_not_read-reason": lambda: unit_table("township", typed("Y8", "材料不全")),
    "EPA440_assessor_missing-form": lambda: form(_nobodys(), "示例甲镇", "county"),
}
"""A form for every way in which one can be wrong, by the case folder of its diagnostic."""


def _merge_row(workbook: Any) -> None:
    workbook.worksheets[0].merge_cells("D8:E8")


def _hide_item(workbook: Any) -> None:
    workbook.worksheets[0].column_dimensions["D"].hidden = True


def unit_table(rubric: str, *edits: Edit) -> bytes:
    """A table of two units with full marks, after somebody edited it."""
    case = BROKEN / rubric
    library = RubricLibrary(str(case)) if case.is_dir() else RubricLibrary()
    _, chosen = library.require("county" if case.is_dir() else rubric)
    units = chosen.known_units[:2] or ("示例甲镇", "示例乙镇")
    written = io.BytesIO()
    write_table(UnitTable(chosen, units), written, Words(chosen.lang))
    workbook = load_workbook(io.BytesIO(written.getvalue()))
    sheet = workbook.worksheets[0]
    for column in range(2, sheet.max_column - 1):
        for row in (8, 9):
            sheet.cell(row, column).value = sheet.cell(7, column).value
    for edit in edits:
        edit(workbook)
    written = io.BytesIO()
    workbook.save(written)
    return written.getvalue()


def _extra(workbook: Any, item: str) -> None:
    """A line more, in the free row below the total."""
    sheet = workbook.worksheets[0]
    row = next(cell.row for cell in sheet["A"] if str(cell.value).startswith("合"))
    for area in [one for one in sheet.merged_cells.ranges if one.min_row > row]:
        sheet.unmerge_cells(str(area))
    sheet[f"B{row + 1}"], sheet[f"D{row + 1}"], sheet[f"E{row + 1}"] = item, 1, 1


SHELF = RubricLibrary()


def taken(data: bytes) -> SheetFile:
    """A form as it is read."""
    return sheet_of(data, READERS[".xlsx"]("甲镇.xlsx", data)[0], SHELF, incomplete=True)


def kinds(data: bytes) -> dict[str, Kind]:
    """What is wrong with a form, by cell."""
    return {one.location.cell: one.kind for one in taken(data).diagnostics}


def given_in(sheet: ScoreSheet | None) -> object:
    """All that a sheet says."""
    assert sheet is not None
    scores = {item: sheet.score(item) for item in sheet.points}
    fields = (sheet.rubric, sheet.unit, sheet.period, sheet.assessor, sheet.date)
    return fields, {item: one for item, one in scores.items() if one != Score()}


def unmerge(sheet: Any) -> None:
    for area in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(area))


def move(sheet: Any, rows: int = 0, columns: int = 0) -> None:
    """Insert rows and columns before all others; the formulas follow, as in Excel."""
    for row in sheet.iter_rows():
        for cell in row:
            if cell.data_type == "f":
                there = f"{get_column_letter(cell.column + columns)}{cell.row + rows}"
                cell.value = Translator(cell.value, cell.coordinate).translate_formula(there)
    for _ in range(rows):
        sheet.insert_rows(1)
    for _ in range(columns):
        sheet.insert_cols(1)


def around(workbook: Any) -> None:
    """What people do to a form without meaning any harm."""
    sheet = workbook.worksheets[0]
    sheet.title = "甲镇2018"
    sheet.column_dimensions["C"].width = 20
    unmerge(sheet)
    move(sheet, rows=3, columns=1)
    sheet["A1"] = "附件2"
    header = next(cell for row in sheet.iter_rows() for cell in row if cell.value == "得分")
    header.value = " 得 分 "


def codes(data: bytes) -> list[Kind]:
    return [one.kind for one in taken(data).diagnostics]


def collected(sheets: Mapping[str, bytes], *, keeps_record: bool = True) -> bytes:
    """Forms copied into one workbook, by the name of their worksheet, as office staff do.

    The hidden sheet is that of the first form, or there is none. Sums stand as values.
    """
    first, *_ = sheets.values()
    workbook = load_workbook(io.BytesIO(first))
    for title, data in sheets.items():
        source = load_workbook(io.BytesIO(data), data_only=True).worksheets[0]
        target = workbook.create_sheet(title)
        for row in source.iter_rows():
            for cell in row:
                if cell.value is not None:
                    target[cell.coordinate] = cell.value
                    target[cell.coordinate].number_format = cell.number_format
        for area in source.merged_cells.ranges:
            target.merge_cells(str(area))
        for letter, column in source.column_dimensions.items():
            target.column_dimensions[letter].width = column.width
    workbook.remove(workbook.worksheets[0])
    if not keeps_record:
        workbook.remove(workbook[FORM_SHEET])
    written = io.BytesIO()
    workbook.save(written)
    return written.getvalue()
