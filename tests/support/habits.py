"""What office staff do to a form between receiving it and handing it in.

A habit is legitimate, and the form says what it said before (``said`` names what it says anew), or
it is a finding at a cell.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Alignment, Border, Color, Font, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.pagebreak import Break
from tests.support.forms import Edit, put, repacked, shown_as, total, typed

from epa_score.diagnostics import Kind

Change = Callable[[bytes], bytes]
"""Does something to a form as a file."""

Kinds = Mapping[str, Kind]
"""What is found, by cell."""


@dataclass(frozen=True)
class Habit:
    """A habit: what is done, the cells at which something is found, and what is said anew.

    ``said`` holds points and notes by item, and fields by name.
    """

    name: str
    edit: Edit | None = None
    found: Kinds = field(default_factory=dict)
    said: Mapping[str, Any] = field(default_factory=dict)
    change: Change | None = None
    keeps_evidence: bool = True
    """False where the hidden worksheet is lost, in which evidence is kept."""


# --- rows and columns as spreadsheets insert and delete them -----------------------------------

_REFERENCE = re.compile(r"(?<![A-Z0-9])([A-Z]{1,2})([0-9]+)(?![0-9(])")


class _Shift:
    """Where the cells go that lie below inserted rows, or beside inserted columns."""

    def __init__(self, row: int, column: int, number: int) -> None:
        self._row, self._column, self._number = row, column, number

    def place(self, row: int, column: int) -> tuple[int, int]:
        """The row and column of a cell afterwards."""
        down = self._number if self._row and row >= self._row else 0
        right = self._number if self._column and column >= self._column else 0
        return row + down, column + right

    def row(self, row: int) -> int:
        """The number of a row afterwards."""
        return self.place(row, 1)[0]

    def letters(self, letters: str) -> str:
        """The letters of a column afterwards."""
        return get_column_letter(self.place(1, column_index_from_string(letters))[1])

    def formula(self, text: str) -> str:
        """A formula afterwards."""
        return _REFERENCE.sub(lambda one: f"{self.letters(one[1])}{self.row(int(one[2]))}", text)


def insert(sheet: Any, row: int = 0, column: int = 0, number: int = 1) -> None:
    """Insert rows before a row, or columns before a column; all that is below or beside follows."""
    shift = _Shift(row, column, number)
    areas = list(sheet.merged_cells.ranges)
    _unmerge(sheet)
    heights = {one: sheet.row_dimensions[one].height for one in range(1, sheet.max_row + 1)}
    widths = {letter: sheet.column_dimensions[letter].width for letter in "ABCDEF"}
    for cell in (cell for line in sheet.iter_rows() for cell in line if cell.data_type == "f"):
        cell.value = shift.formula(cell.value)
    if row:
        sheet.insert_rows(row, number)
    if column:
        sheet.insert_cols(column, number)
    for one, height in heights.items():
        sheet.row_dimensions[shift.row(one)].height = height
    for letter, width in widths.items():
        sheet.column_dimensions[shift.letters(letter)].width = width
    for area in areas:
        (top, left) = shift.place(area.min_row, area.min_col)
        (bottom, right) = shift.place(area.max_row, area.max_col)
        sheet.merge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)


def on(edit: Callable[[Any], None]) -> Edit:
    """Do something to the worksheet of the form."""
    return lambda workbook: edit(workbook.worksheets[0])


def several(*edits: Edit) -> Edit:
    """Do one thing after another."""

    def edit(workbook: Any) -> None:
        for one in edits:
            one(workbook)

    return edit


def each(area: str, **properties: object) -> Edit:
    """Give all cells of an area some properties."""

    def edit(workbook: Any) -> None:
        for line in workbook.worksheets[0][area]:
            for cell in line:
                for name, one in properties.items():
                    setattr(cell, name, one)

    return edit


# --- looks -------------------------------------------------------------------------------------

_THIN = Side(style="thin")


def _size(letter: str, width: float) -> Edit:
    return on(lambda sheet: setattr(sheet.column_dimensions[letter], "width", width))


def _heights(height: float | None) -> Edit:
    def edit(sheet: Any) -> None:
        for row in range(5, 32):
            sheet.row_dimensions[row].height = height

    return on(edit)


def _print(sheet: Any) -> None:
    sheet.print_area = "A1:F35"
    sheet.print_title_rows = "4:4"
    sheet.row_breaks.append(Break(id=17))
    sheet.page_setup.scale = 70
    sheet.page_setup.fitToHeight = 0
    sheet.oddHeader.center.text = "第一稿"


def _view(sheet: Any) -> None:
    sheet.freeze_panes = "C5"
    sheet.sheet_view.zoomScale = 85
    sheet.sheet_view.showGridLines = True
    sheet.sheet_view.view = "pageBreakPreview"


def _condition(sheet: Any) -> None:
    rule = Rule(type="expression", formula=["E5<D5"], dxf=DifferentialStyle(font=Font(bold=True)))
    sheet.conditional_formatting.add("E5:E31", rule)


def _validate(sheet: Any) -> None:
    own = DataValidation(type="decimal", operator="between", formula1="0", formula2="8")
    own.add("E5:E1048576")
    sheet.add_data_validation(own)


def _filter(sheet: Any) -> None:
    sheet.auto_filter.ref = "A4:F31"


def _group(sheet: Any) -> None:
    sheet.row_dimensions.group(5, 10, outline_level=1, hidden=False)


def _collapse(sheet: Any) -> None:
    sheet.row_dimensions.group(5, 6, outline_level=1, hidden=True)


def _protect(sheet: Any) -> None:
    sheet.protection.sheet = True
    sheet.protection.password = "1234"  # noqa: S105


# --- what lies beside the table ----------------------------------------------------------------


def _comments(sheet: Any) -> None:
    sheet["E7"].comment = Comment("已核对", "考核组")
    sheet["F9"].comment = Comment("再看一遍", "考核组")


def _link(sheet: Any) -> None:
    sheet["F8"].hyperlink = "https://example.org/%E7%BA%AA%E8%A6%81.pdf"
    sheet["F8"].font = Font(underline="single", color="0563C1")


def _signed(sheet: Any) -> None:
    sheet["A33"] = "考核组组长（签字）：张三"
    sheet["D33"] = "考核组成员（签字）：李四、王五"
    sheet["A34"] = "被考核单位负责人（签字）：赵六"
    sheet["D34"] = "（盖章）    2018年12月20日"


def _below(sheet: Any) -> None:
    sheet["A36"] = "备注：C8 为入户抽查 20 户的结果。"
    sheet["A37"], sheet["B37"] = "联系人", "小王 0379-12345678"


def _add(title: str, *lines: tuple[object, ...]) -> Edit:
    def edit(workbook: Any) -> None:
        sheet = workbook.create_sheet(title)
        for line in lines:
            sheet.append(line)

    return edit


def _copy_sheet(workbook: Any) -> None:
    workbook.copy_worksheet(workbook.worksheets[0])


def _last(workbook: Any) -> None:
    workbook.move_sheet(workbook.worksheets[0], 1)


def _bare(workbook: Any) -> None:
    workbook.remove(workbook.worksheets[1])


def _draw(markup: str) -> Change:
    """Lay a drawing over the worksheet, such as a box with text."""
    kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    drawing = "http://schemas.openxmlformats.org/drawingml/2006"
    place = "<xdr:col>{}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>{}</xdr:row><xdr:rowOff>0"
    corners = "".join(
        f"<xdr:{name}>{place.format(*at)}</xdr:rowOff></xdr:{name}>"
        for name, at in (("from", (2, 32)), ("to", (4, 34)))
    )
    part = (
        f'<xdr:wsDr xmlns:xdr="{drawing}/spreadsheetDrawing" xmlns:a="{drawing}/main">'
        f"<xdr:twoCellAnchor>{corners}{markup}<xdr:clientData/></xdr:twoCellAnchor></xdr:wsDr>"
    )

    def change(parts: dict[str, bytes]) -> None:
        sheet = "xl/worksheets/sheet1.xml"
        parts["xl/drawings/drawing1.xml"] = part.encode()
        parts["xl/worksheets/_rels/sheet1.xml.rels"] = (
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
            f'Type="{kinds}/drawing" Target="../drawings/drawing1.xml"/></Relationships>'
        ).encode()
        end = b"</worksheet>"
        assert b"<drawing" not in parts[sheet]
        parts[sheet] = parts[sheet].replace(end, b'<drawing r:id="rId1"/>' + end)
        types = "[Content_Types].xml"
        kind = "application/vnd.openxmlformats-officedocument.drawing+xml"
        new = f'<Override PartName="/xl/drawings/drawing1.xml" ContentType="{kind}"/></Types>'
        parts[types] = parts[types].replace(b"</Types>", new.encode())

    return lambda data: repacked(data, change)


_BOX = (
    '<xdr:sp macro="" textlink=""><xdr:nvSpPr><xdr:cNvPr id="2" name="文本框 1"/>'
    '<xdr:cNvSpPr txBox="1"/></xdr:nvSpPr><xdr:spPr><a:xfrm><a:off x="0" y="0"/>'
    '<a:ext cx="900000" cy="300000"/></a:xfrm><a:prstGeom prst="{}"><a:avLst/></a:prstGeom>'
    "</xdr:spPr><xdr:txBody><a:bodyPr/><a:lstStyle/><a:p><a:r><a:t>{}</a:t></a:r></a:p>"
    "</xdr:txBody></xdr:sp>"
)


# --- what is typed -----------------------------------------------------------------------------


def _rich(*runs: tuple[str, InlineFont]) -> CellRichText:
    return CellRichText(*(TextBlock(font, text) for text, font in runs))


def _sums(values: Mapping[int, object]) -> Edit:
    def edit(sheet: Any) -> None:
        for row, one in values.items():
            sheet[f"E{row}"] = one

    return on(edit)


def _sorted(sheet: Any) -> None:
    """The rows of the first section the other way round, as a sort by number would leave them."""
    for first, second in ((5, 10), (6, 9), (7, 8)):
        for letter in "BCDEF":
            one, other = sheet[f"{letter}{first}"], sheet[f"{letter}{second}"]
            one.value, other.value = other.value, one.value


def _again(row: int) -> Edit:
    """Copy the head of the table before a row, as it stands on a second page."""

    def edit(sheet: Any) -> None:
        insert(sheet, row)
        for letter in "ABCDEF":
            sheet[f"{letter}{row}"] = sheet[f"{letter}4"].value

    return on(edit)


def _english(sheet: Any) -> None:
    """A second line of titles below the first."""
    insert(sheet, 5)
    for letter, text in zip(
        "ABCDEF", ("指标", "序号", "内容", "满分", "评分", "原因"), strict=True
    ):
        sheet[f"{letter}5"] = text


def _unmerge(sheet: Any) -> None:
    for area in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(area))


def _fill_sections(sheet: Any) -> None:
    """The title of a section in each of its rows, as is done before a filter is set."""
    _unmerge(sheet)
    title = None
    for row in range(5, 31):
        title = sheet[f"A{row}"].value or title
        sheet[f"A{row}"] = title


def _at(letter: str, text: str | None = None) -> Edit:
    """Insert a column before another one, with a title."""

    def edit(sheet: Any) -> None:
        insert(sheet, column=column_index_from_string(letter))
        sheet[f"{letter}4"] = text

    return on(edit)


def _number_rows(sheet: Any) -> None:
    for row in range(5, 11):
        sheet[f"A{row}"] = row - 4


def _before(row: int, text: object = None, letter: str = "C") -> Edit:
    def edit(sheet: Any) -> None:
        insert(sheet, row)
        sheet[f"{letter}{row}"] = text

    return on(edit)


def _e(row: int) -> str:
    return f"评分表!E{row}"


def _f(row: int) -> str:
    return f"评分表!F{row}"


_NOTE = "档案 3 册，\u00a0缺 2 户\r\n已补"


HABITS = [
    # looks
    Habit("columns wider", several(_size("C", 70), _size("E", 20), _size("F", 50))),
    Habit("column of wordings narrow", _size("C", 8)),
    Habit("column of points very narrow", _size("E", 0.3), {"": Kind.COLUMN_HIDDEN}),
    Habit(
        "column of points too narrow",
        several(put("B2", "E", 7.25), _size("E", 2)),
        {"评分表!E4": Kind.COLUMN_HIDDEN},
    ),
    Habit("rows higher", _heights(60)),
    Habit("rows of their own height", _heights(None)),
    Habit("bold and red", each("A4:F31", font=Font(bold=True, color="FF0000", size=14))),
    Habit("borders", each("A4:F31", border=Border(_THIN, _THIN, _THIN, _THIN))),
    Habit("filled with colour", each("E5:E30", fill=PatternFill("solid", fgColor="92D050"))),
    Habit(
        "aligned and wrapped",
        each("A4:F31", alignment=Alignment(horizontal="left", wrap_text=True, shrink_to_fit=True)),
    ),
    Habit("white font", each("F5:F30", font=Font(color="FFFFFF"))),
    Habit("struck out and underlined", each("F8:F10", font=Font(strike=True, underline="double"))),
    Habit("print settings", on(_print)),
    Habit("panes and zoom", on(_view)),
    Habit("bold where points are missing", on(_condition)),
    Habit("own validation", on(_validate)),
    Habit("filter arrows", on(_filter)),
    Habit("grouped rows", on(_group)),
    Habit(
        "grouped and collapsed rows",
        on(_collapse),
        {_e(5): Kind.LINE_HIDDEN, _e(6): Kind.LINE_HIDDEN},
    ),
    Habit("protected with a password", on(_protect)),
    Habit("protection taken off", on(lambda sheet: setattr(sheet.protection, "sheet", False))),
    # rows, columns and worksheets
    Habit("three rows above", on(lambda sheet: insert(sheet, 1, number=3))),
    Habit("annex number above", several(_before(1, "附件2", "A"))),
    Habit("blank row below the fields", _before(4)),
    Habit("blank row below the titles", _before(5)),
    Habit("blank row between items", _before(8)),
    Habit("blank row before a sum", _before(11)),
    Habit("blank row before the total", _before(31)),
    Habit("blank row after the total", _before(32)),
    Habit(
        "remark in a row between items",
        _before(8, "以上由商务局核对"),
        {"评分表!C8": Kind.CELL_NOT_READ},
    ),
    Habit("points in a row between items", _before(8, 2, "E"), {_e(8): Kind.POINTS_OF_NO_ITEM}),
    Habit("column left", on(lambda sheet: insert(sheet, column=1))),
    Habit("blank column before the points", _at("E")),
    Habit(
        "column of numbers left",
        several(
            _at("A", "序号"),
            on(_number_rows),
        ),
    ),
    Habit(
        "column of remarks right",
        several(typed("G4", "备注"), typed("G7", "已复核")),
        {"评分表!G4": Kind.CELL_NOT_READ},
    ),
    Habit(
        "own score right",
        several(typed("G4", "自评分"), typed("G7", 8)),
        {"评分表!G4": Kind.CELL_NOT_READ},
    ),
    Habit("sorted the other way round", on(_sorted)),
    Habit("head again on the second page", _again(18), {"": Kind.SEVERAL_FORMS}),
    Habit("second line of titles", on(_english), {"评分表!B5": Kind.ITEM_LINE_CHANGED}),
    Habit("all cells unmerged", on(_unmerge)),
    Habit("section in each row", on(_fill_sections)),
    Habit("worksheet renamed", on(lambda sheet: setattr(sheet, "title", "甲镇（终稿）"))),
    Habit("worksheet last", _last),
    Habit("worksheet of notes", _add("说明", ("填表说明",), (1, "只填黄色格"))),
    Habit(
        "worksheet of evidence", _add("佐证", ("编号", "材料"), ("A3", "档案册"), ("C7", "名册"))
    ),
    Habit("empty worksheets", several(_add("Sheet2"), _add("Sheet3"))),
    Habit("sums on another worksheet", _add("汇总", ("甲镇", "=评分表!E31"))),
    # beside the table
    Habit("comments", on(_comments)),
    Habit("link at a note", on(_link)),
    Habit("signatures typed", on(_signed)),
    Habit("remarks below", on(_below)),
    Habit("box with text over the signatures", change=_draw(_BOX.format("rect", "同意"))),
    Habit("seal over the signatures", change=_draw(_BOX.format("ellipse", "宜阳县商务局"))),
    Habit("date of printing beside the title", typed("G1", "=TODAY()")),
    # points
    *(
        Habit(f"points shown as {code.replace('/', ' ')}", put("A4", "E", 1.5, number_format=code))
        for code in (
            "0.0",
            "0.00",
            "General",
            "0.0_ ",
            "#,##0.00",
            '0.0"分"',
            "¥0.00",
            "[Red]0.0",
            "0.0;-0.0",
        )
    ),
    *(
        Habit(f"points shown as {name}", put("A4", "E", 1.5, number_format=code), {_e(8): kind})
        for name, code, kind in (
            ("whole", "0", Kind.SHOWN_DIFFERENTLY),
            ("percent", "0%", Kind.CELL_PERCENT),
            ("fraction", "# ?/?", Kind.SHOWN_DIFFERENTLY),
            ("whole money", '"¥"#,##0', Kind.SHOWN_DIFFERENTLY),
            ("power", "0.00E+00", Kind.SHOWN_DIFFERENTLY),
            ("day", "m/d", Kind.CELL_DATE),
        )
    ),
    *(
        Habit(f"points typed as {name}", put("A4", "E", text), {_e(8): kind})
        for name, text, kind in (
            ("text", "1.5", Kind.CELL_TEXT_NUMBER),
            ("text with blanks", "1.5 ", Kind.CELL_TEXT_NUMBER),
            ("text with unit", "1.5分", Kind.POINTS_NOT_A_NUMBER),
            ("wide digits", "１．５", Kind.POINTS_NOT_A_NUMBER),
            ("Chinese digits", "一分半", Kind.POINTS_NOT_A_NUMBER),
            ("two numbers", "2-0.5", Kind.POINTS_NOTATION),
            ("mark", "√", Kind.POINTS_NOT_A_NUMBER),
            ("pasted with a hard blank", "\u00a01.5", Kind.CELL_TEXT_NUMBER),
            ("formula", "=3-1.5", Kind.CELL_FORMULA),
            ("sum of cells", "=D8-0.5", Kind.CELL_FORMULA),
            (
                "correction",
                _rich(("2", InlineFont(strike=True)), ("1.5", InlineFont(b=True))),
                Kind.CELL_TEXT_NUMBER,
            ),
            ("day", datetime(2018, 1, 5), Kind.CELL_DATE),  # noqa: DTZ001
            ("too many", 2.5, Kind.POINTS_OVER_CAP),
            ("too exact", 1.555, Kind.POINTS_TOO_PRECISE),
            ("negative", -0.5, Kind.POINTS_NEGATIVE),
        )
    ),
    Habit("points of one item left blank", put("A4", "E", None), {_e(8): Kind.ITEMS_UNSCORED}),
    Habit("dash for nothing", put("A4", "E", "-"), {_e(8): Kind.NOT_APPLICABLE}),
    Habit("blank typed for nothing", put("A4", "E", " "), {_e(8): Kind.ITEMS_UNSCORED}),
    Habit("noise of a calculation", put("A4", "E", 0.1 + 0.2 + 1.2)),
    Habit("zero", put("A4", "E", 0), said={"A4": "0"}),
    Habit("points struck out", put("A4", "E", 1.5, font=Font(strike=True))),
    Habit(
        "points centred over two columns",
        put("A4", "E", 1.5, alignment=Alignment(horizontal="centerContinuous")),
    ),
    Habit(
        "points of two items merged",
        on(lambda sheet: sheet.merge_cells("E8:E9")),
        {_e(8): Kind.CELL_MERGED, _e(9): Kind.CELL_MERGED},
    ),
    # sums
    Habit("sums typed by hand", _sums({11: 22, 17: 17.5, 26: 35, 30: 13, 31: 87.5})),
    Habit("sums as SUM", _sums({11: "=SUM(E5:E10)", 31: "=SUM(E11,E17,E26,E30)"})),
    Habit("total as plus", total("=E11+E17+E26+E30")),
    Habit("sum of another range", _sums({11: "=SUM(E6:E10)"}), {_e(11): Kind.SUM_DIFFERS}),
    Habit("wrong total typed", total(88), {_e(31): Kind.SUM_DIFFERS}),
    Habit(
        "total rounded by ROUND",
        total("=ROUND(SUM(E11,E17,E26,E30),0)"),
        {_e(31): Kind.SUM_DIFFERS},
    ),
    Habit(
        "total shown whole",
        on(lambda sheet: setattr(sheet["E31"], "number_format", "0")),
        {_e(31): Kind.SHOWN_DIFFERENTLY},
    ),
    Habit("sums cleared", _sums(dict.fromkeys((11, 17, 26, 30, 31)))),
    Habit("autosum left below", typed("E32", "=SUM(E5:E31)"), {_e(32): Kind.POINTS_OF_NO_ITEM}),
    Habit("average beside the total", typed("F31", "平均 4.0"), {_f(31): Kind.CELL_NOT_READ}),
    # notes
    Habit(
        "note from a text processor", put("A3", "F", _NOTE), said={"A3": _NOTE.replace("\r", "")}
    ),
    Habit(
        "note in several fonts",
        put(
            "A3",
            "F",
            _rich(
                ("缺", InlineFont(b=True)),
                ("2", InlineFont(vertAlign="superscript")),
                ("户", InlineFont(color=Color("FF0000"))),
            ),
        ),
        said={"A3": "缺2户"},
    ),
    Habit("note with an apostrophe", put("A3", "F", "'12户"), said={"A3": "'12户"}),
    Habit("note that is a number", put("A3", "F", 3), said={"A3": "3"}),
    Habit("note with quote prefix", put("A3", "F", "0012", quotePrefix=True), said={"A3": "0012"}),
    Habit(
        "note that begins with a sign",
        put("A3", "F", "-缺2户", data_type="s"),
        said={"A3": "-缺2户"},
    ),
    Habit("note that is a formula", put("A3", "F", '="缺"&2&"户"'), {_f(7): Kind.CELL_FORMULA}),
    Habit(
        "note that is a day",
        put("A3", "F", 43161, number_format="yyyy/m/d"),
        said={"A3": "2018-03-02"},
    ),
    Habit(
        "note that became a day",
        put("A3", "F", 43161, number_format='m"月"d"日"'),
        {_f(7): Kind.SHOWN_DIFFERENTLY},
    ),
    Habit(
        "notes of two items merged",
        several(put("A2", "F", "均无档案"), on(lambda sheet: sheet.merge_cells("F6:F7"))),
        {_f(6): Kind.CELL_NOT_READ},
        {"A2": "均无档案"},
    ),
    Habit(
        "note across a further column",
        several(put("A3", "F", "缺2户"), on(lambda sheet: sheet.merge_cells("F7:H7"))),
        said={"A3": "缺2户"},
    ),
    Habit("note cleared", put("A4", "F", None), said={"A4": None}),
    # fields
    Habit("unit with blanks", typed("C2", " 示例甲镇  ")),
    Habit(
        "unit in merged cells", several(_before(99), on(lambda sheet: sheet.unmerge_cells("D2:E2")))
    ),
    Habit(
        "unit typed beside its label",
        several(typed("A2", "被考核单位（盖章）：示例甲镇"), typed("C2", None)),
        {"评分表!A2": Kind.LABEL_CHANGED},
    ),
    Habit("day with dots", typed("F2", "2018.12.20")),
    Habit("day in Chinese", typed("F2", "2018年12月20日")),
    Habit("day in eight digits", typed("F2", 20181220)),
    Habit("day as a day", shown_as("F2", 43454, 'yyyy"年"m"月"d"日"')),
    Habit(
        "day without its year",
        shown_as("F2", 43454, "m/d"),
        {"评分表!F2": Kind.DATE_NOT_ISO},
        {"date": None},
    ),
    Habit(
        "day without its year in text",
        typed("F2", "12/20"),
        {"评分表!F2": Kind.DATE_NOT_ISO},
        {"date": "12/20"},
    ),
    Habit(
        "month for a day",
        typed("F2", "2018.12"),
        {"评分表!F2": Kind.DATE_NOT_ISO},
        {"date": "2018.12"},
    ),
    Habit("period in words", typed("F3", "2018年度"), said={"period": "2018年度"}),
    Habit("period as a number", shown_as("F3", 2018, "General")),
    Habit(
        "period shown with a zero",
        shown_as("F3", 2018.1, "0.00"),
        {"评分表!F3": Kind.SHOWN_DIFFERENTLY},
    ),
    Habit(
        "assessors in two lines",
        typed("C3", "示例考核一组\n张三"),
        said={"assessor": "示例考核一组\n张三"},
    ),
    # wordings
    Habit(
        "wording broken into lines",
        on(
            lambda sheet: sheet.__setitem__(
                "C7", sheet["C7"].value[:10] + "\n" + sheet["C7"].value[10:]
            )
        ),
    ),
    Habit(
        "wording in several fonts",
        on(
            lambda sheet: sheet.__setitem__(
                "C7",
                _rich(
                    (sheet["C7"].value[:4], InlineFont(b=True)),
                    (sheet["C7"].value[4:], InlineFont(i=True)),
                ),
            )
        ),
    ),
    Habit(
        "wording corrected", put("A3", "C", "提供电商扶贫档案"), {"评分表!C7": Kind.WORDING_CHANGED}
    ),
    Habit("item number in lower case", put("A3", "B", "a3"), {"评分表!B7": Kind.ITEM_LINE_CHANGED}),
    Habit("cap changed", put("A3", "D", 10), {"评分表!D7": Kind.CAP_CHANGED}),
    Habit("title with blanks", typed("E4", "得  分")),
    Habit("title with unit", typed("E4", "得分（分）"), {"": Kind.NOT_A_FORM}),
    # several forms
    Habit("hidden worksheet deleted", _bare, keeps_evidence=False),
    Habit("title above changed", typed("A1", "2018年度甲镇电商扶贫考核表")),
]


# --- facts, adjustments and vetoes -------------------------------------------------------------

_J1, _K1, _V1 = "评分表!F28", "评分表!F32", "评分表!E35"
_LISTED = "1. 全省现场会\n2. 省部表彰"


def _fact(cell: str, value: object, **properties: object) -> Edit:
    return several(typed(cell, value), each(f"{cell}:{cell}", **properties))


FACT_HABITS = [
    Habit("facts with list numbers", typed("F28", _LISTED)),
    Habit("facts with numbers in circles", typed("F28", "①全省现场会\n②省部表彰")),
    Habit("facts with numbers in brackets", typed("F28", "（1）全省现场会\n（2）省部表彰")),
    Habit("facts with blank lines", typed("F28", "全省现场会 \n\n  省部表彰\n")),
    Habit(
        "facts over two cells",
        several(
            typed("E28", _LISTED),
            typed("F28", None),
            on(lambda sheet: sheet.merge_cells("E28:F28")),
        ),
    ),
    Habit("points beside facts", typed("E28", 6)),
    Habit("other points beside facts", typed("E28", 3), {"评分表!E28": Kind.POINTS_AGAINST_FACTS}),
    Habit(
        "two facts on a line", typed("F28", "全省现场会、省部表彰"), {_J1: Kind.FACTS_IN_ONE_NAME}
    ),
    *(
        Habit(f"nothing as {name}", typed("F32", text), {_K1: kind})
        for name, text, kind in (
            ("none", "无", Kind.FACT_WITHOUT_NAME),
            ("stroke", "/", Kind.FACT_WITHOUT_NAME),
            ("dash", "—", Kind.FACT_WITHOUT_NAME),
            ("zero", "0", Kind.FACT_WITHOUT_NAME),
            ("annex", "见附件", Kind.FACT_ELSEWHERE),
            ("no notice", "未被通报", Kind.FACT_DENIED),
        )
    ),
    Habit("answer with blanks", typed("E35", " 是 ")),
    Habit("answer as a mark", typed("E35", "√"), {_V1: Kind.VETO_HALF_FILLED}),
    Habit("no beside what happened", typed("E35", "否"), {"评分表!F35": Kind.VETO_HALF_FILLED}),
    Habit(
        "veto answered with no", several(typed("E35", "否"), typed("F35", None)), said={"V1": None}
    ),
    Habit("veto left empty", several(typed("E35", None), typed("F35", None)), said={"V1": None}),
    Habit("count with places", _fact("E6", 3, number_format="0.0")),
    Habit("count with unit", typed("E6", "3次"), {"评分表!E6": Kind.FACT_NOT_A_NUMBER}),
    Habit("count as text", typed("E6", "3"), {"评分表!E6": Kind.CELL_TEXT_NUMBER}),
    Habit("measure with thousands", _fact("E19", 1234567.5, number_format="#,##0.0")),
    Habit(
        "measure rounded by its format",
        _fact("E19", 1234567.5, number_format="#,##0"),
        {"评分表!E19": Kind.SHOWN_DIFFERENTLY},
    ),
    Habit(
        "done as a percentage",
        _fact("E8", 0.8, number_format="0%"),
        {"评分表!E8": Kind.CELL_PERCENT},
    ),
    Habit("level with blanks", typed("E11", "良 ")),
    Habit("level in other words", typed("E11", "良好"), {"评分表!E11": Kind.FACT_NOT_A_CHOICE}),
    Habit("yes and no as marks", typed("E13", "×"), {"评分表!E13": Kind.FACT_NOT_A_CHOICE}),
    Habit("computed points typed", typed("E5", 8.5), {"评分表!E5": Kind.ITEM_TAKES_FACTS}),
    Habit("computed points cleared", typed("E5", None)),
    Habit("blank row between facts", _before(9)),
    Habit("column before the points", _at("E")),
]
