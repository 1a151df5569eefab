"""责任部门 and 数据来源 of items: printed on forms and in 扣分明细, and counted nowhere."""

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from tests.support.commands import Run
from tests.support.forms import put
from tests.support.rubrics import rubric_of_sections, unchecked_sheet
from tests.support.unit_tables import FIRST, at, read_table, table_of

from epa_score import Rubric
from epa_score.exporters.xlsx.form import Form, write_form
from epa_score.exporters.yaml import yaml_form
from epa_score.i18n import Words
from epa_score.model.check_code import code_of_scope
from epa_score.readers.files import READERS
from epa_score.readers.rubrics import RubricFile, RubricLibrary
from epa_score.readers.sheets import SheetFile, sheet_of
from epa_score.reports.blank_record import blank_record

WORDS = Words("zh_CN")

SECTIONS = """\
- id: A
  title: 物流
  max: 10
  items:
    - {id: A1, max: 5, text: 网点, owner: 县商务局, source: 月报表}
    - {id: A2, max: 5, text: 仓库, owner: 县商务局}
- id: B
  title: 宣传
  max: 10
  items:
    - {id: B1, max: 6, text: 报纸, source: 现场检查}
    - {id: B2, max: 4, text: 电视}
"""
OWNED = rubric_of_sections(SECTIONS)
OTHERS = rubric_of_sections(SECTIONS.replace("县商务局", "县农业农村局").replace("月报表", "年报"))
PLAIN = rubric_of_sections(
    SECTIONS.replace(", owner: 县商务局", "")
    .replace(", source: 月报表", "")
    .replace(", source: 现场检查", "")
)
LINES = ["责任部门：县商务局（A1、A2）", "数据来源：月报表（A1）；现场检查（B1）"]


def form_of(rubric: Rubric, sheet: str | None = None, *, asks: bool = True) -> bytes:
    written = BytesIO()
    given = None if sheet is None else unchecked_sheet(sheet)
    write_form(Form(rubric, "示例甲镇", given, asks=asks), written, WORDS)
    return written.getvalue()


def texts_in(data: bytes) -> list[str]:
    (sheet, *_) = load_workbook(BytesIO(data)).worksheets
    return [str(value) for row in sheet.values for value in row if value is not None]


def filled(data: bytes, *, keeps_record: bool = True) -> bytes:
    workbook = load_workbook(BytesIO(data))
    for item, points in {"A1": 4, "A2": 5, "B1": 2, "B2": 4}.items():
        put(item, "E", points)(workbook)
    if not keeps_record:
        for sheet in workbook.worksheets[1:]:
            workbook.remove(sheet)
        sums = [9, 6, 15]  # without the hidden sheet nobody knows the formulas
        for (cell,) in workbook.worksheets[0]["E5:E20"]:
            if isinstance(cell.value, str) and cell.value.startswith("="):
                cell.value = sums.pop(0)
    written = BytesIO()
    workbook.save(written)
    return written.getvalue()


def read(data: bytes, rubric: Rubric) -> SheetFile:
    (source,) = READERS[".xlsx"]("甲镇.xlsx", data)
    library = RubricLibrary(given=RubricFile("rubric.yaml", b"", rubric, ()))
    return sheet_of(data, source, library, incomplete=False)


def test_forms_print_them_beside_or_below_the_items() -> None:
    text = yaml_form(OWNED, "示例甲镇", WORDS)
    assert "  A1:   # 满分 5： 网点（责任部门：县商务局；数据来源：月报表）\n" in text
    assert "  A2:   # 满分 5： 仓库（责任部门：县商务局）\n" in text
    assert "  B2:   # 满分 4： 电视\n" in text
    found = texts_in(form_of(OWNED))
    assert [text for text in found if text.startswith(("责任", "数据"))] == LINES
    assert found.index(LINES[0]) > found.index("合　　计")
    assert not [text for text in texts_in(form_of(PLAIN)) if text.startswith(("责任", "数据"))]
    sheet = "rubric: county\nunit: 示例甲镇\nscores: {A1: 4, A2: 5, B1: 2, B2: 4}\n"
    assert {*LINES} <= {*texts_in(form_of(OWNED, sheet, asks=False))}


@pytest.mark.parametrize("today", [OWNED, OTHERS, PLAIN])
@pytest.mark.parametrize("keeps_record", [True, False])
def test_a_form_is_read_whatever_they_are_by_now(today: Rubric, keeps_record: bool) -> None:
    found = read(filled(form_of(OWNED), keeps_record=keeps_record), today)
    assert found.diagnostics == ()
    assert found.sheet is not None
    assert [str(points) for points in found.sheet.points.values()] == ["4", "5", "2", "4"]


WITH_FACTS = rubric_of_sections(
    "- id: A\n  title: 物流\n  max: 10\n  items:\n"
    "    - {id: A1, max: 5, text: 网点, source: 月报表, rule: {deduct: {each: 1}}}\n"
    "    - {id: A2, max: 5, text: 仓库}\n"
)


@pytest.mark.parametrize("begins", ["数据来源：", "责任部门：", ""])
@pytest.mark.parametrize("line", ["A1-1", "小　计", "数据来源：月报表（A1）"])
def test_what_begins_as_they_do_is_dropped_nowhere_else(begins: str, line: str) -> None:
    workbook: Any = load_workbook(BytesIO(form_of(WITH_FACTS)))
    page = workbook.worksheets[0]
    row = next(cell.row for row in page for cell in row if cell.value == line)
    for area in [area for area in page.merged_cells.ranges if area.min_row == row]:
        page.unmerge_cells(str(area))
    for name, value in {"A1-1": 1, "A2": 4}.items():
        put(name, "E", value)(workbook)
    page.cell(row, 6).value = f"{begins}三月通报"
    written = BytesIO()
    workbook.save(written)
    found = read(written.getvalue(), WITH_FACTS).diagnostics
    is_owner_line = begins and line.startswith("数据来源")
    assert [one.kind.code for one in found] == ([] if is_owner_line else ["EPA327"])


def test_nothing_that_a_form_or_a_code_is_bound_to_knows_them() -> None:
    records = {repr(blank_record(rubric, "示例甲镇")) for rubric in (OWNED, OTHERS, PLAIN)}
    assert len(records) == 1
    codes = set()
    for rubric in (OWNED, OTHERS, PLAIN):
        scope = rubric.scope("示例甲镇")
        assert scope is not None
        codes.add(code_of_scope(rubric, scope.items.values(), scope.homes))
    assert len(codes) == 1


@pytest.mark.parametrize("today", [OWNED, OTHERS, PLAIN])
def test_a_table_of_units_prints_them_below_what_is_read(today: Rubric) -> None:
    data = table_of(OWNED, "甲镇", "乙镇")
    assert {*LINES} <= {*texts_in(data)}
    workbook: Any = load_workbook(BytesIO(data))
    for row in (FIRST, FIRST + 1):
        for item, points in {"A1": 4, "A2": 5, "B1": 2, "B2": 4}.items():
            at(item, points, row)(workbook)
    written = BytesIO()
    workbook.save(written)
    library = RubricLibrary(given=RubricFile("rubric.yaml", b"", today, ()))
    found = read_table(written.getvalue(), library)
    assert [(one.sheet and one.sheet.unit, one.diagnostics) for one in found] == [
        ("甲镇", ()),
        ("乙镇", ()),
    ]


def test_units_with_items_of_their_own_have_a_line_each_in_a_table() -> None:
    own = "[{id: C1, max: 9, text: 商务, owner: 分管县长}, {id: C2, max: 1, text: 台账}]"
    others = "[{id: C1, max: 10, text: 财政, owner: 县长}]"
    rubric = rubric_of_sections(
        f"- id: C\n  title: 个性\n  max: 10\n  per_unit:\n"
        f"    - {{units: [商务局], items: {own}}}\n    - {{units: [财政局], items: {others}}}\n"
    )
    found = texts_in(table_of(rubric, "商务局", "财政局"))
    assert "责任部门：分管县长（C1）；县长（C1）" in found


def test_items_for_some_units_have_a_line_in_a_table_of_all() -> None:
    only = "text: 电视, units: [乙镇], not_applicable: zero, owner: 台"
    rubric = rubric_of_sections(SECTIONS.replace("text: 电视", only), "units: [甲镇, 乙镇]")
    assert "责任部门：县商务局（A1、A2）；台（B2）" in texts_in(table_of(rubric, "甲镇", "乙镇"))


def test_very_many_of_them_stand_in_several_rows() -> None:
    items = "\n".join(
        f"    - {{id: A{n}, max: 1, text: 网点, source: {'某某材料' * 12}{n}}}"
        for n in range(1, 101)
    )
    rubric = rubric_of_sections(f"- id: A\n  title: 物流\n  max: 100\n  items:\n{items}\n")
    found = texts_in(form_of(rubric))
    start = next(n for n, text in enumerate(found) if text.startswith("数据来源："))
    said = "".join(found[start:])
    assert "（A1）" in said
    assert "（A100）" in said
    assert not found[start + 1].startswith("考核组")
    assert texts_in(table_of(rubric, "甲镇"))


RUBRIC = f"id: county\ntitle: 细则\ntotal: 20\nsections:\n{SECTIONS}"


def test_losses_have_them_in_columns_where_some_item_has_any(folder: Path, run: Run) -> None:
    (folder / "rubrics").mkdir()
    (folder / "scores").mkdir()
    (folder / "rubrics" / "county.yaml").write_text(RUBRIC, "utf-8")
    sheet = "rubric: county\nunit: 甲镇\nscores: {A1: 4, A2: 3, B1: 5, B2: 4}\n"
    (folder / "scores" / "甲镇.yaml").write_text(sheet, "utf-8")
    formats = ("--json", "--md", "--csv", "--xlsx", "-o", "out")
    assert run("export", *formats, "--force").code == 0
    lost = json.loads(Path("out.json").read_text("utf-8"))["deductions"]
    assert [(one["item"], one["owner"], one["source"]) for one in lost] == [
        ("A1", "县商务局", "月报表"),
        ("A2", "县商务局", None),
        ("B1", None, "现场检查"),
    ]
    text = Path("out.md").read_text("utf-8")
    assert "| 编号 | 考核内容 | 责任部门 | 数据来源 | 分值 |" in text
    assert run("verify", "out.xlsx").code == 0
    # Only an item without a loss has one: documents leave the column out, programs do not.
    (folder / "rubrics" / "county.yaml").write_text(
        RUBRIC.replace(", owner: 县商务局", "").replace(", source: 月报表", ""), "utf-8"
    )
    (folder / "scores" / "甲镇.yaml").write_text(sheet.replace("B1: 5", "B1: 6"), "utf-8")
    assert run("export", *formats, "--force").code == 0
    assert "数据来源" not in Path("out.md").read_text("utf-8")
    lost = json.loads(Path("out.json").read_text("utf-8"))["deductions"]
    assert [one.get("source", "-") for one in lost] == [None, None]
    assert "owner" not in lost[0]


@pytest.mark.parametrize("field", ["owner", "source"])
@pytest.mark.parametrize(("given", "code"), [("", "EPA023"), ("[县商务局]", "EPA022")])
def test_they_are_texts(folder: Path, run: Run, field: str, given: str, code: str) -> None:
    text = RUBRIC.replace("text: 电视", f"text: 电视, {field}: {given}")
    (folder / "county.yaml").write_text(text, "utf-8")
    assert code in run("validate", "county.yaml").text
