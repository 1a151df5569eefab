"""What LibreOffice works out in the results workbook, also after somebody changed it."""

import re
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from openpyxl import Workbook, load_workbook
from tests.support.office import Office, data_bars, pages_of, saved_as, size_of
from tests.support.paths import SCORES
from tests.support.pools import RUBRIC as BOUNDED
from tests.support.pools import sheet_of
from tests.support.rubrics import sound
from tests.support.workbooks import Values, content_of, figures, states, told, values_of

import epa_score
from epa_score import Rubric, ScoreSheet
from epa_score.cli.main import main
from epa_score.exporters.xlsx import layout
from epa_score.scoring import score

pytestmark = [pytest.mark.office, data_bars]

TIE_BREAK = """
id: ties
title: 同分的细则
total: 20
tie_break: [C, A]
sections:
  - {id: A, title: 甲, max: 10, items: [{id: A1, max: 4, text: 一}, {id: A2, max: 6, text: 二}]}
  - {id: B, title: 乙, max: 5, items: [{id: B1, max: 5, text: 三}]}
  - {id: C, title: 丙, max: 5, items: [{id: C1, max: 5, text: 四}]}
"""

GIVEN = {
    "甲?": {"A1": "2.1", "A2": "2.2", "B1": "4.7", "C1": "3"},
    "甲乙": {"A1": "0.1", "A2": "4.2", "B1": "4.7", "C1": "3"},
    "甲~*": {"A1": "0.7", "A2": "2", "B1": "4.3", "C1": "5"},
    "丁": {"A1": "0.1", "A2": "4.3", "B1": "4.6", "C1": "3"},
    "乙": {"A1": "0.7", "A2": "2.2", "B1": "4.1", "C1": "5"},
    "丙丙": {"A1": "3.3", "A2": "5.55", "B1": "0.01", "C1": "0"},
    "=1+1": {"A1": "3.3", "A2": "5.55", "B1": "0.01"},
    "长" * 200: {"A1": "0", "A2": "0", "B1": "0", "C1": "0"},
}
"""Totals of 12, which floating point gets wrong, of 8.86 and of 0; names that MATCH gets wrong."""

QUARTER = Decimal("0.25")

BOUNDED_SHEETS = [
    sheet_of("甲镇", 3, 2, 3, Decimal(3), 5 * QUARTER, Decimal(7)),
    sheet_of("乙镇", 60, 9, 9, Decimal(6), Decimal(9), QUARTER),
    sheet_of("丙镇", 0, 0, 0, Decimal(0), Decimal(0), Decimal(0)),
    ScoreSheet.model_validate(
        {"rubric": BOUNDED.id, "unit": "丁镇", "scores": {"A1": {"value": 1}, "D1": "1.5"}}
    ),
]


def example(name: str) -> tuple[Rubric, list[ScoreSheet]]:
    rubric = epa_score.load_rubric(name)
    paths = [p for p in SCORES.iterdir() if f"rubric: {name}\n" in p.read_text("utf-8")]
    return rubric, [epa_score.load_sheet(path, rubric) for path in paths]


def tied() -> tuple[Rubric, list[ScoreSheet]]:
    rubric = sound(TIE_BREAK)
    return rubric, [
        ScoreSheet.model_validate({"rubric": rubric.id, "unit": unit, "scores": scores})
        for unit, scores in GIVEN.items()
    ]


def leave_alone(_: Workbook) -> None:
    """Nothing."""


def lower_a_score(book: Workbook) -> None:
    """示例丙镇, the first, loses 5 points of C1 and falls from 96 to 91."""
    scores = book["得分明细"]
    assert [scores["B6"].value, scores["N6"].value] == ["示例丙镇", 5]
    scores["N6"] = 0


def sort_the_points(book: Workbook) -> None:
    """The rows of 得分明细 come the other way round; formulas move with their rows."""
    scores = book["得分明细"]
    for area in ("B6:X21", "Z6:AX21"):
        rows = [[cell.value for cell in row] for row in scores[area]]
        for row, values in zip(scores[area], reversed(rows), strict=True):
            for cell, value in zip(row, values, strict=True):
                cell.value = value


def write_over_a_total(book: Workbook) -> None:
    """A total that Excel shows as the same figure is another figure."""
    book["排名汇总"]["G4"] = 96.004


def empty_a_total(book: Workbook) -> None:
    book["排名汇总"]["G19"] = None


def write_text_over_a_total(book: Workbook) -> None:
    book["排名汇总"]["G19"] = "72.0"


def write_over_a_rank(book: Workbook) -> None:
    book["排名汇总"]["A19"] = 14


def rename_a_unit_in_one_place(book: Workbook) -> None:
    book["排名汇总"]["B19"] = "另一个镇"


def write_over_a_section(book: Workbook) -> None:
    """Two sections are others, and the total is the same."""
    book["排名汇总"]["C4"], book["排名汇总"]["D4"] = 24, 18.5


def write_over_a_total_of_the_points(book: Workbook) -> None:
    book["得分明细"]["Y6"] = 99


def write_over_a_rank_of_the_points(book: Workbook) -> None:
    book["得分明细"]["A6"] = 9


def move_points_to_another_section(book: Workbook) -> None:
    scores = book["得分明细"]
    scores["H6"], scores["I6"] = scores["H6"].value - 1, scores["I6"].value + 1


EDITS: dict[str, Callable[[Workbook], None]] = {
    edit.__name__: edit
    for edit in (
        *(leave_alone, lower_a_score, sort_the_points, write_over_a_total, empty_a_total),
        *(write_text_over_a_total, write_over_a_rank, write_over_a_section),
        *(write_over_a_total_of_the_points, write_over_a_rank_of_the_points),
        *(move_points_to_another_section,),
        *(rename_a_unit_in_one_place,),
    )
}


@cache
def originals() -> dict[str, bytes]:
    """The workbooks as the tool writes them."""
    township = content_of(example("township"))
    return {
        **dict.fromkeys(EDITS, township),
        "both": content_of(example("township"), example("departments")),
        "competition": content_of(tied()),
        "dense": content_of(tied(), ties="dense"),
        "bounded": content_of((BOUNDED, BOUNDED_SHEETS), forms=True),
    }


@saved_as("xlsx")
def changed_workbooks(folder: Path) -> dict[str, bytes]:
    """Each workbook after its edit; openpyxl drops the figures that it carried."""
    found = {}
    for name, content in originals().items():
        book = load_workbook(BytesIO(content))
        EDITS.get(name, leave_alone)(book)
        book.save(folder / "book.xlsx")
        found[name] = (folder / "book.xlsx").read_bytes()
        carried = load_workbook(folder / "book.xlsx", data_only=True).worksheets[0]
        ranks = {cell.value for cell in carried["A"] if isinstance(cell.value, int)}
        assert ranks <= {14}, "a rank that LibreOffice need not work out"
    return found


@pytest.fixture(scope="module")
def worked_out(office: Office) -> dict[str, Values]:
    """What LibreOffice makes of each workbook."""
    contents = office.saved("xlsx", changed_workbooks).contents
    return {name: values_of(content) for name, content in contents.items()}


@pytest.mark.parametrize("name", ["leave_alone", "both", "competition", "dense"])
def test_a_spreadsheet_works_out_the_tools_own_figures(
    name: str, worked_out: dict[str, Values]
) -> None:
    own, theirs = values_of(originals()[name]), worked_out[name]
    assert list(theirs) == list(own)
    compared = 0
    for title in own:
        if title.startswith(("排名汇总", "得分率", "得分明细")):
            assert figures(theirs[title]) == figures(own[title])
            compared += len(figures(own[title]))
    assert compared > 60
    assert set(states(theirs)) == {"未改动"}


def test_pools_caps_and_rules_come_to_the_same_in_every_sheet(
    worked_out: dict[str, Values],
) -> None:
    own, theirs = values_of(originals()["bounded"]), worked_out["bounded"]
    assert {sheet.unit for sheet in BOUNDED_SHEETS} < own.keys()
    assert {title: figures(theirs[title]) for title in own} == {
        title: figures(own[title]) for title in own
    }
    rows = own["得分明细"]
    place = next(n for n, title in enumerate(rows[3]) if str(title).startswith("总分"))
    totals = {row[1]: Decimal(str(row[place])) for row in rows[5:9]}
    assert totals == {sheet.unit: score(BOUNDED, sheet).total for sheet in BOUNDED_SHEETS}
    assert states(theirs) == ["未改动"]


def test_equal_totals_keep_their_ranks_under_every_rule(worked_out: dict[str, Values]) -> None:
    ranks = {
        name: [row[0] for row in worked_out[name]["排名汇总"] if isinstance(row[0], int)]
        for name in ("competition", "dense")
    }
    assert ranks == {"competition": [1, 2, 3, 4, 4, 6, 6, 8], "dense": [1, 2, 3, 4, 4, 5, 5, 6]}


def test_total_and_ranks_follow_a_changed_score(worked_out: dict[str, Values]) -> None:
    values = worked_out["lower_a_score"]
    by_unit = {row[1]: row for row in values["排名汇总"][3:19]}
    assert [by_unit["示例丙镇"][n] for n in (0, 4, 6)] == [3, 33.5, 91]
    assert [by_unit[unit][0] for unit in ("示例子乡", "示例壬镇", "示例庚镇")] == [1, 2, 4]
    assert {row[1]: row[0] for row in values["得分明细"][5:21]} == {
        unit: row[0] for unit, row in by_unit.items()
    }
    assert states(values) == ["已改动"]


def test_the_remark_follows_a_tie_that_comes_or_goes(worked_out: dict[str, Values]) -> None:
    found = {}
    for name in ("leave_alone", "lower_a_score"):
        rows = worked_out[name]["排名汇总"]
        (place,) = (row.index("备注") for row in rows if "备注" in row)
        found[name] = {row[1]: (row[0], row[place]) for row in rows[3:19]}
    for units in found.values():
        ranks = [rank for rank, _ in units.values()]
        assert {unit: remark for unit, (_, remark) in units.items() if remark} == {
            unit: "并列" for unit, (rank, _) in units.items() if ranks.count(rank) > 1
        }
    assert found["leave_alone"] != found["lower_a_score"]


def test_points_stay_with_their_units_when_they_are_sorted(worked_out: dict[str, Values]) -> None:
    own, theirs = values_of(originals()["sort_the_points"]), worked_out["sort_the_points"]
    assert figures(theirs["排名汇总"]) == figures(own["排名汇总"])
    assert theirs["得分明细"][5][:2] == [15, "示例癸镇"]
    assert states(theirs) == ["未改动"]


@pytest.mark.parametrize("name", [*EDITS][3:])
def test_any_other_change_of_the_ranking_is_told(name: str, worked_out: dict[str, Values]) -> None:
    assert states(worked_out[name]) == ["已改动"]


def test_a_unit_that_is_found_no_more_gets_an_error_and_no_total(
    worked_out: dict[str, Values],
) -> None:
    row = worked_out["rename_a_unit_in_one_place"]["排名汇总"][18]
    assert row[:7] == ["#N/A", "另一个镇", *["#N/A"] * 5]


def test_names_that_look_like_formulas_stay_text(worked_out: dict[str, Values]) -> None:
    for title in ("排名汇总", "得分明细"):
        assert "=1+1" in [row[1] for row in worked_out["competition"][title]]


@saved_as("pdf")
def rankings(folder: Path) -> dict[str, bytes]:
    """The workbook of each rubric, without forms."""
    found = {}
    for rubric in ("township", "departments"):
        given = ["export", str(SCORES), "--rubric", rubric, "--xlsx", "--no-forms", "-o", rubric]
        assert main(["--quiet", *given]) == 0
        found[rubric] = (folder / f"{rubric}.xlsx").read_bytes()
    return found


@pytest.mark.parametrize("rubric", ["township", "departments"])
def test_the_ranking_with_its_signatures_is_one_landscape_page(rubric: str, office: Office) -> None:
    printed = office.saved("pdf", rankings).paths[rubric]
    width, height = size_of(printed)
    assert (width, height) == (842, 595)
    pages = pages_of(printed)
    assert "排名汇总表" in pages[0]
    for text in ("平均分", "名次规则", "考核组组长（签字）", "（盖章）"):
        assert text in pages[0]
        assert not any(text in page for page in pages[1:2])
    assert f"共{len(pages)}页" in pages[0]


@saved_as("xlsx")
def long_table(_folder: Path) -> dict[str, bytes]:
    """A workbook of which every table counts as a long one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(layout, "LONG", 10)
        return {"long": content_of(example("township"))}


def test_a_long_table_is_read_by_a_spreadsheet(office: Office) -> None:
    saved = office.saved("xlsx", long_table)
    own, found = values_of(saved.made["long"]), values_of(saved.contents["long"])
    for title in ("排名汇总", "得分明细", "扣分明细"):
        assert figures(found[title]) == figures(own[title])
        assert figures(own[title])


# --- forms in the workbook ---------------------------------------------------------------------


def lower_a_score_on_a_form(book: Workbook) -> None:
    form = book["示例丙镇"]
    row = next(cell.row for cell in form["B"] if cell.value == "C1")
    form.cell(row, 5).value = 0


def change_two_forms(book: Workbook) -> None:
    """A reason on one, and the name and the check code on another."""
    first, second = book["示例丙镇"], book["示例甲镇"]
    row = next(cell.row for cell in first["B"] if cell.value == "A1")
    first.cell(row, 6).value = "没有文件"
    second["C3"].value += "（新）"
    (code,) = (cell for cell in second["A"] if "校验码" in str(cell.value))
    code.value = code.value.replace("校验码", "校验码 ")


def sign_a_form(book: Workbook) -> None:
    """Names beside the lines for signatures."""
    form = book["示例丙镇"]
    lines = [cell for cell in (*form["A"], *form["D"]) if "签字" in str(cell.value)]
    assert len(lines) == 3
    for cell in lines:
        cell.value += "张三"


def delete_a_form(book: Workbook) -> None:
    del book["示例丙镇"]


def delete_the_last_form(book: Workbook) -> None:
    del book[book.sheetnames[-1]]


def delete_a_table(book: Workbook) -> None:
    del book["分项分析"]


def delete_the_line(book: Workbook) -> None:
    """The row below the title of the points is gone, as other sheets see it afterwards."""
    for sheet in book:
        if isinstance(formula := sheet["A2"].value, str):
            sheet["A2"] = re.sub(r"得分明细'?!\$[A-Z]+\$2\b", "#REF!", formula)


FORM_EDITS = {
    edit.__name__: edit
    for edit in (
        *(leave_alone, lower_a_score_on_a_form, lower_a_score, change_two_forms, sign_a_form),
        *(delete_a_form, delete_the_last_form, delete_a_table, delete_the_line),
    )
}


@cache
def workbook_with_forms() -> bytes:
    """The workbook of the townships with all their forms, as the tool writes it."""
    with TemporaryDirectory() as folder:
        target = Path(folder, "own.xlsx")
        given = ["export", str(SCORES), "--rubric", "township", "--xlsx", "-o", str(target)]
        assert main(["--quiet", *given]) == 0
        return target.read_bytes()


@saved_as("xlsx")
def changed_forms(folder: Path) -> dict[str, bytes]:
    """The workbook with forms after each edit."""
    found = {}
    for name, edit in FORM_EDITS.items():
        book = load_workbook(BytesIO(workbook_with_forms()))
        edit(book)
        book.save(folder / "book.xlsx")
        found[name] = (folder / "book.xlsx").read_bytes()
    return found


@pytest.fixture(scope="module")
def forms_worked_out(office: Office) -> dict[str, Values]:
    """The workbook with forms after each edit, worked out again; ``own`` is the tool's own."""
    contents = {"own": workbook_with_forms(), **office.saved("xlsx", changed_forms).contents}
    return {name: values_of(content) for name, content in contents.items()}


def test_every_sheet_works_out_to_the_tools_own_figures(
    forms_worked_out: dict[str, Values],
) -> None:
    own, theirs = forms_worked_out["own"], forms_worked_out["leave_alone"]
    assert len(own) == 9 + 16
    for title, rows in own.items():
        assert figures(theirs[title]) == figures(rows), title
    assert told(own) == told(theirs) == ["未改动", "未改动"]


ELSEWHERE = "导出后有改动：在别的表里，见说明；本表可能没有跟着变"


def lines_below_titles(values: Values) -> dict[str, object]:
    """The line below the title of each printed worksheet that says anything."""
    found = {title: rows[1][0] for title, rows in values.items() if title not in ("说明", "排名图")}
    assert len(found) > 20
    return {title: line for title, line in found.items() if line}


def test_a_changed_form_is_told_there_and_on_every_other_sheet(
    forms_worked_out: dict[str, Values],
) -> None:
    changed = forms_worked_out["lower_a_score_on_a_form"]
    assert told(changed) == ["未改动", "示例丙镇 E19、E27、E32（共 3 处）"]
    lines = lines_below_titles(changed)
    assert lines.pop("示例丙镇") == "导出后有改动：E19、E27、E32（共 3 处）"
    assert len(lines) == len(changed) - 3
    assert set(lines.values()) == {ELSEWHERE}


def test_names_reasons_and_check_codes_of_forms_are_compared(
    forms_worked_out: dict[str, Values],
) -> None:
    changed = forms_worked_out["change_two_forms"]
    code = next(n for n, row in enumerate(changed["示例甲镇"], 1) if "校验码" in str(row[0]))
    said = {"示例甲镇": f"A{code}、C3（共 2 处）", "示例丙镇": "F6（共 1 处）"}
    lines = lines_below_titles(changed)
    assert {unit: lines.pop(unit) for unit in said} == {
        unit: f"导出后有改动：{cells}" for unit, cells in said.items()
    }
    assert set(lines.values()) == {ELSEWHERE}
    named = str(told(changed)[1]).replace("、示例", "|示例").split("|")
    assert sorted(named) == sorted(f"{unit} {cells}" for unit, cells in said.items())


def test_a_changed_ranking_is_told_on_every_form(forms_worked_out: dict[str, Values]) -> None:
    changed = forms_worked_out["lower_a_score"]
    assert told(changed) == ["已改动", "未改动"]
    lines = lines_below_titles(changed)
    assert {lines[unit] for unit in ("示例丙镇", "示例甲镇")} == {ELSEWHERE}


def test_a_signed_form_is_not_changed(forms_worked_out: dict[str, Values]) -> None:
    signed = forms_worked_out["sign_a_form"]
    assert told(signed) == ["未改动", "未改动"]
    assert lines_below_titles(signed) == {}


@pytest.mark.parametrize("edit", ["delete_a_form", "delete_the_last_form"])
def test_a_deleted_form_is_told_on_every_sheet(
    edit: str, forms_worked_out: dict[str, Values]
) -> None:
    deleted = forms_worked_out[edit]
    lost = "已改动：工作表删了，或者增删、移动了行列"
    assert told(deleted) == ["未改动", lost]
    lines = lines_below_titles(deleted)
    assert len(lines) == len(deleted) - 2
    assert set(lines.values()) == {ELSEWHERE}


def test_a_deleted_table_is_told_at_the_end_alone(forms_worked_out: dict[str, Values]) -> None:
    deleted = forms_worked_out["delete_a_table"]
    said = {str(row[0]): row[1] for row in deleted["说明"]}
    assert said["导出后是否改动：分项分析"].startswith("已改动")
    assert lines_below_titles(deleted) == {}


def test_a_table_that_lost_its_line_is_told_on_the_others(
    forms_worked_out: dict[str, Values],
) -> None:
    lines = lines_below_titles(forms_worked_out["delete_the_line"])
    assert {lines[name] for name in ("排名汇总", "示例甲镇")} == {ELSEWHERE}


def test_rates_follow_a_changed_score(forms_worked_out: dict[str, Values]) -> None:
    own, changed = (forms_worked_out[name]["得分率"] for name in ("own", "lower_a_score"))
    before, after = ({row[1]: row for row in rows} for rows in (own, changed))
    place, total = own[3].index("C1"), own[3].index("总得分率")
    assert [row["示例丙镇"][place] for row in (before, after)] == [1, 0]
    assert [row["示例丙镇"][total] for row in (before, after)] == [0.96, 0.91]
    assert [row["示例丙镇"][0] for row in (before, after)] == [1, 3]
