"""Many forms in one workbook: each worksheet is a score sheet, with and without its record."""

import io
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from tests.support.adjustments import shown
from tests.support.commands import Run, codes
from tests.support.forms import (
    SHELF,
    Edit,
    collected,
    edited,
    example,
    filled,
    form,
    given_in,
    put,
    row_of,
    total,
)

from epa_score.diagnostics import Kind
from epa_score.exporters.xlsx import write
from epa_score.exporters.xlsx.form import Form
from epa_score.i18n import Words
from epa_score.model import ScoreSheet
from epa_score.model.form_record import FORM_SHEET
from epa_score.readers.documents import read_documents
from epa_score.readers.files import READERS
from epa_score.readers.rubrics import RubricLibrary
from epa_score.readers.sheets import SheetFile, read_sheet, sheet_of
from epa_score.reports.ranking import ranking_table
from epa_score.scoring import rank, score

UNITS = ("示例甲镇", "示例乙镇", "示例丙镇")


def sheet_for(unit: str, **scores: str) -> ScoreSheet:
    """The example as the sheet of a unit, without evidence: that stays in the hidden sheet."""
    sheet = example()
    own = {item: sheet.score(item) for item in sheet.scores}
    given = {item: {"score": score.score, "note": score.note} for item, score in own.items()}
    return ScoreSheet.model_validate(sheet.model_dump() | {"unit": unit, "scores": given | scores})


def forms() -> dict[str, bytes]:
    """The forms of three units by the name of their worksheet."""
    sheets = [sheet_for(unit, A1=str(points)) for points, unit in enumerate(UNITS, 1)]
    return {sheet.unit: form(sheet, sheet.unit) for sheet in sheets}


def read(data: bytes, library: RubricLibrary = SHELF) -> list[SheetFile]:
    sources = READERS[".xlsx"]("全部.xlsx", data)
    return [sheet_of(data, source, library, incomplete=False) for source in sources]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("keeps_record", [True, False])
def test_each_worksheet_is_a_sheet_of_its_own(keeps_record: bool) -> None:
    alone = [read(data)[0].sheet for data in forms().values()]
    found = read(collected(forms(), keeps_record=keeps_record))
    assert [(file.part, file.diagnostics) for file in found] == [(unit, ()) for unit in UNITS]
    assert list(map(given_in, (file.sheet for file in found))) == list(map(given_in, alone))


@pytest.mark.parametrize("keep", [1, 2, 0])
def test_forms_with_the_same_lines_go_by_the_record_of_their_unit(keep: int) -> None:
    units = ("移动公司", "联通公司", "电信公司")
    sheets = [filled(unit) for unit in units]
    own = {sheet.unit: form(sheet, sheet.unit, "departments") for sheet in sheets}
    found = read(with_records(own) if keep > 1 else collected(own, keeps_record=keep > 0))
    assert [file.diagnostics for file in found] == [()] * len(units)
    alone = [read(data)[0].result for data in own.values()]
    assert [file.result for file in found] == alone
    assert None not in alone


def test_evidence_of_a_form_stays_with_its_unit() -> None:
    def with_evidence(unit: str) -> ScoreSheet:
        sheet = sheet_for(unit)
        given = {"A1": {"score": "3", "evidence": [f"{unit}档案册"]}}
        return ScoreSheet.model_validate(
            sheet.model_dump() | {"scores": sheet.model_dump()["scores"] | given}
        )

    found = read(with_records({unit: form(with_evidence(unit), unit) for unit in UNITS}))
    sheets = [file.sheet for file in found]
    assert [sheet and sheet.score("A1").evidence for sheet in sheets] == [
        (f"{unit}档案册",) for unit in UNITS
    ]


def with_records(forms: dict[str, bytes]) -> bytes:
    """Forms copied into one workbook, each with its hidden sheet, which programs number."""
    workbook = load_workbook(io.BytesIO(collected(forms)))
    for number, data in enumerate(forms.values(), 1):
        source = load_workbook(io.BytesIO(data))[FORM_SHEET]
        target = workbook.create_sheet(f"{FORM_SHEET} ({number})")
        target.sheet_state = "hidden"
        for row in source.iter_rows(values_only=True):
            target.append(row)
    written = io.BytesIO()
    workbook.save(written)
    return written.getvalue()


@pytest.mark.parametrize("keeps_record", [True, False])
@pytest.mark.parametrize(
    "edit",
    [
        *(total(85), put("A3", "F", "缺档案"), put("A3", "E", 5)),
        *(put("A3", "E", "见附件"), put("A3", "G", 5)),
    ],
)
def test_a_form_in_which_anything_was_written_is_not_left_out(
    edit: Edit, keeps_record: bool
) -> None:
    own = {"甲": form(sheet_for("示例甲镇")), "乙": edited(edit, form())}
    book = collected(own, keeps_record=keeps_record)
    codes_of = {file.part: [found.kind for found in file.diagnostics] for file in read(book)}
    assert codes_of.keys() == {"甲", "乙"}
    assert Kind.EMPTY_FIELD in codes_of["乙"]


@pytest.mark.parametrize("keeps_record", [True, False])
def test_a_blank_form_beside_others_is_left_out(keeps_record: bool) -> None:
    own = {"甲": form(sheet_for("示例甲镇")), "乙": form()}
    book = collected(own, keeps_record=keeps_record)
    assert [file.part for file in read(book)] == ["甲"]


@pytest.mark.parametrize(("cell", "is_blank"), [("E31", True), ("E7", False)])
def test_sums_of_nothing_do_not_make_a_form_a_filled_one(cell: str, *, is_blank: bool) -> None:
    def add_blank(workbook: Any) -> None:
        blank = workbook.copy_worksheet(workbook.worksheets[0])
        blank.title = "草稿"
        blank["C2"] = blank["C3"] = blank["F2"] = blank["F3"] = None
        for row in range(5, 31):
            if not str(blank.cell(row, 5).value).startswith("="):
                blank.cell(row, 5).value = blank.cell(row, 6).value = None
        blank[cell] = "=E11"
        workbook.remove(workbook[FORM_SHEET])

    parts = [file.part for file in read(edited(add_blank))]
    assert len(parts) == (1 if is_blank else 2)


def test_blank_forms_alone_are_said_to_be_blank(folder: Path, run: Run) -> None:
    (folder / "空.xlsx").write_bytes(collected({"甲": form(), "乙": form()}, keeps_record=False))
    outcome = run("total", "空.xlsx")
    assert (outcome.code, codes(outcome.said)) == (1, ["EPA023", "EPA023"])


def test_a_copied_form_alone_needs_no_record() -> None:
    sheet = sheet_for("示例甲镇")
    (found,) = read(collected({"表": form(sheet)}, keeps_record=False))
    assert (found.part, found.rubric_name) == ("", "township")
    assert given_in(found.sheet) == given_in(sheet)


def test_departments_are_known_by_their_own_duties() -> None:
    units = ("县商务局", "县财政局")
    sheets = {unit: form(filled(unit), unit, "departments") for unit in units}
    for keeps_record in (True, False):
        found = read(collected(sheets, keeps_record=keeps_record))
        if keeps_record:  # that of the first unit, whose duty the second does not have
            assert [file.diagnostics for file in found[:1]] == [()]
            continue
        assert [(file.unit, file.diagnostics) for file in found] == [(unit, ()) for unit in units]


def test_blank_forms_and_other_sheets_beside_are_left_alone() -> None:
    data = collected({**forms(), "空表": form()})

    def note(workbook: Any) -> None:
        workbook.create_sheet("通知")["A1"] = "请于 12 月 20 日前报送"

    assert [file.part for file in read(edited(note, data))] == list(UNITS)


def test_a_draft_of_the_same_unit_is_an_error_as_between_files(folder: Path, run: Run) -> None:
    data = collected({**forms(), "草稿": form(sheet_for("示例甲镇", A1="3"))})
    (folder / "全部.xlsx").write_bytes(data)
    outcome = run("rank", "全部.xlsx", "--rubric", "township")
    assert (outcome.code, codes(outcome.said)) == (1, ["EPA114"])
    assert "全部.xlsx 草稿!C2: 错误[EPA114] 【示例甲镇】" in outcome.said
    assert "另一张在 全部.xlsx 示例甲镇" in outcome.said


def test_faults_are_named_by_worksheet_and_cell(folder: Path, run: Run) -> None:
    wrong = {**forms(), "示例乙镇": edited(put("A3", "E", 99), forms()["示例乙镇"])}
    (folder / "全部.xlsx").write_bytes(collected(wrong, keeps_record=False))
    outcome = run("validate", "全部.xlsx")
    assert outcome.code == 1
    assert "全部.xlsx 示例乙镇!E7: 错误[EPA104]" in outcome.text
    ranked = run("rank", "全部.xlsx", "--rubric", "township", "--skip-invalid")
    assert ranked.code == 0
    assert [row[1] for row in shown(ranked.text)[1:]] == ["示例丙镇", "示例甲镇", "示例乙镇"]
    assert "全部.xlsx 示例乙镇" in ranked.text + ranked.said
    assert run("validate", "全部.xlsx", "--mark", "退回").code == 1
    marked = load_workbook(folder / "退回" / "全部.xlsx")
    comments = {
        sheet.title: [c.coordinate for row in sheet for c in row if c.comment] for sheet in marked
    }
    assert comments == {"示例甲镇": ["F5"], "示例乙镇": ["E7"], "示例丙镇": []}


def test_they_are_converted_each_into_a_file(folder: Path, run: Run) -> None:
    (folder / "全部.xlsx").write_bytes(collected(forms()))
    assert run("convert", "全部.xlsx", "-o", "yaml").code == 0
    written = sorted((folder / "yaml").iterdir())
    assert [path.name for path in written] == sorted(f"全部-{unit}.yaml" for unit in UNITS)
    converted = [read_documents(str(path), RubricLibrary())[0] for path in written]
    assert {file.unit for file in converted if isinstance(file, SheetFile)} == set(UNITS)


def test_evidence_stays_with_the_unit_that_it_was_kept_for() -> None:
    given = example()
    assert given.score("A3").evidence
    first, *others = read(collected({"表": form(given, given.unit), **forms()}))
    assert [file.sheet and file.sheet.score("A3").evidence for file in (first, *others)] == [
        given.score("A3").evidence,
        given.score("A3").evidence,
        (),
        (),
    ]


def test_a_cell_that_was_changed_in_a_copy_is_named() -> None:
    data = edited(
        put("A3", "C", "别的内容"), collected({"表": form(example())}, keeps_record=False)
    )
    (found,) = read(data)
    assert [one.kind for one in found.diagnostics] == [Kind.WORDING_CHANGED]


def test_a_copy_that_two_rubrics_have_is_asked_about(folder: Path, run: Run) -> None:
    text = (Path(__file__).parents[3] / "rubrics" / "township.yaml").read_text("utf-8")
    (folder / "rubrics").mkdir()
    (folder / "rubrics" / "copy.yaml").write_text(text.replace("id: township", "id: copy"), "utf-8")
    data = collected({"表": form(example())}, keeps_record=False)
    (folder / "甲.xlsx").write_bytes(data)
    (found,) = read(data, RubricLibrary(str(folder)))
    assert [(one.kind, one.variant) for one in found.diagnostics] == [(Kind.NOT_A_FORM, "alike")]
    assert found.diagnostics[0].parameters["known"] == ("copy", "township")
    assert run("rank", "甲.xlsx", "--rubric", "copy").code == 0


def test_the_results_of_the_tool_are_no_forms() -> None:
    rubric = SHELF.require("township").rubric
    sheet = example()
    words = Words("zh_CN")
    ranking = ranking_table(rubric, rank(rubric, [score(rubric, sheet)]), words)
    written = io.BytesIO()
    write([ranking], written, words, [Form(rubric, sheet.unit, sheet, asks=False)])

    def about(workbook: Any) -> None:
        workbook.create_sheet("说明")["C3"] = "epa-score 0.1.0"

    (found,) = read(edited(about, written.getvalue()))
    assert [(one.kind, one.variant) for one in found.diagnostics] == [(Kind.NOT_A_FORM, "result")]


def test_an_office_may_have_worksheets_of_the_same_names() -> None:
    def own(workbook: Any) -> None:
        workbook.create_sheet("排名汇总")["A1"] = "本科室自用"
        workbook.create_sheet("说明")["A1"] = "三个乡镇的评分表"

    assert [file.diagnostics for file in read(edited(own, collected(forms())))] == [(), (), ()]


def test_a_worksheet_with_some_titles_of_a_form_is_not_passed_over() -> None:
    def sketch(workbook: Any) -> None:
        workbook.create_sheet("草表").append(["编号", "分值", "得分"])

    _, found = read(edited(sketch, form(example())))
    assert [(one.kind, one.variant) for one in found.diagnostics] == [(Kind.SEVERAL_FORMS, "alike")]


def test_a_form_whose_sections_were_cleared_is_read() -> None:
    def clear(workbook: Any) -> None:
        sheet = workbook.worksheets[0]
        for row in range(4, row_of(workbook, "D3") + 1):
            if sheet.cell(row, 1).value is not None:
                sheet.cell(row, 1).value = None

    (found,) = read(edited(clear, form(example())))
    assert given_in(found.sheet) == given_in(example())


def test_a_library_is_given_one_sheet_a_file(tmp_path: Path) -> None:
    path = tmp_path / "全部.xlsx"
    path.write_bytes(collected(forms()))
    found = read_sheet(str(path), SHELF)
    assert [(one.kind, one.variant) for one in found.diagnostics] == [(Kind.SEVERAL_FORMS, "file")]
    assert found.diagnostics[0].parameters["sheets"] == UNITS


def test_a_sum_that_is_not_right_as_it_stands_is_named() -> None:
    data = collected({"表": form(example())}, keeps_record=False)
    (found,) = read(edited(lambda workbook: put_total(workbook, 99), data))
    assert [one.kind for one in found.diagnostics] == [Kind.SUM_DIFFERS]


def put_total(workbook: Any, value: object) -> None:
    sheet = workbook.worksheets[0]
    row = next(cell.row for cell in sheet["A"] if str(cell.value).startswith("合"))
    sheet.cell(row, 5).value = value
