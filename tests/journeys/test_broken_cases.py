"""Every diagnostic code, as people see it.

A folder of `cases/broken/` holds the input of one code (`EPA104_points_over_cap`), or of one
variant of its words (`EPA106_points_not_a_number-fullwidth`), beside what the tool prints about
it in each language: stdout, then stderr. `command.txt` holds the command where it is not
`validate .`, `codes.txt` the codes where there are more than the folder's own.

`UPDATE_GOLDEN=1` writes the printed texts anew; read the difference before you commit it.
"""

import os
import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import pytest
from openpyxl import Workbook as OpenWorkbook
from tests.support import forms, published
from tests.support.commands import codes
from tests.support.paths import BROKEN, ROOT

from epa_score.cli.existing import Refusal
from epa_score.cli.main import main
from epa_score.diagnostics import Diagnostic, Kind, Location, Parameter
from epa_score.diagnostics.rendering import full
from epa_score.i18n import LANGUAGES, Words
from epa_score.readers.source import MOST_BYTES, MOST_FINDINGS
from epa_score.readers.yaml import MOST_VALUES

EXAMPLES = sorted(path.name for path in (ROOT / "examples" / "broken").glob("*.yaml"))
FOLDERS = sorted(path.name for path in BROKEN.iterdir() if path.is_dir())
KINDS = {f"{kind.code}_{kind.label}": kind for kind in Kind}
PARTS = ("title", "label", "note", "help")


def write_too_much(folder: Path) -> None:
    (folder / "sheet.yaml").write_bytes(b"#" * (MOST_BYTES + 1))


def write_too_many_values(folder: Path) -> None:
    scores = "".join(f"  A{number}: 1\n" for number in range(MOST_VALUES // 2))
    (folder / "sheet.yaml").write_text(f"rubric: township\nscores:\n{scores}", encoding="utf-8")


def write_too_many_mistakes(folder: Path) -> None:
    scores = "".join(f"  A{number}: x\n" for number in range(MOST_FINDINGS + 7))
    sheet = f"rubric: township\nunit: 示例甲镇\nscores:\n{scores}"
    (folder / "sheet.yaml").write_text(sheet, encoding="utf-8")


def write_form_of(case: str) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        (folder / "甲镇.xlsx").write_bytes(forms.CASES[case]())

    return write


def write_roster(change: Callable[[Any], None]) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        workbook = OpenWorkbook()
        sheet = workbook.worksheets[0]
        for row in (("序号", "单位"), (1, "示例甲镇"), (2, "示例乙镇")):
            sheet.append(row)
        change(workbook)
        workbook.save(folder / "名单.xlsx")

    return write


def add_worksheet(workbook: Any) -> None:
    workbook.create_sheet("县直").append(["单位"])


def hide_column(workbook: Any) -> None:
    workbook.active.column_dimensions["B"].hidden = True


def hide_row(workbook: Any) -> None:
    workbook.active.row_dimensions[3].hidden = True


def write_table(change: Callable[[Any], None]) -> Callable[[Path], None]:
    """Write a rubric that was typed as a table, and change it."""

    def write(folder: Path) -> None:
        workbook = OpenWorkbook()
        sheet = workbook.worksheets[0]
        for row in (
            ("某县考核评分细则（10分）",),
            ("考核指标", "考核内容", "分值"),
            ("领导重视（10分）", "有方案。", 4),
            (None, "有专人。", 6),
        ):
            sheet.append(row)
        change(sheet)
        workbook.save(folder / "mine.xlsx")

    return write


def share_points(sheet: Any) -> None:
    sheet["C3"] = 10
    sheet.merge_cells("C3:C4")


def hide_item(sheet: Any) -> None:
    sheet.row_dimensions[4].hidden = True


def put_picture(sheet: Any) -> None:
    sheet["B4"] = '=DISPIMG("ID_1",1)'


PREPARED: dict[str, Callable[[Path], None]] = {
    **{case: write_form_of(case) for case in forms.CASES},
    **published.CASES,
    "EPA031_roster_column-sheets": write_roster(add_worksheet),
    "EPA031_roster_column-hidden": write_roster(hide_column),
    "EPA032_roster_name-hidden": write_roster(hide_row),
    "EPA231_cap_missing-shared": write_table(share_points),
    "EPA233_rubric_part_unclear-hidden": write_table(hide_item),
    "EPA233_rubric_part_unclear-unseen": write_table(put_picture),
    # Large files are made on the spot.
    "EPA011_file_too_large": write_too_much,
    "EPA012_too_many_values": write_too_many_values,
    "EPA028_more_findings": write_too_many_mistakes,
}


def diagnostic(kind: Kind, path: str, reason: str, variant: str = "") -> Diagnostic:
    return Diagnostic(kind, Location(path), {"path": path, "reason": reason}, variant)


def on_form(kind: Kind, variant: str = "", **about: Parameter) -> Diagnostic:
    """A finding in the cell E7 of a form."""
    return Diagnostic(kind, Location("甲镇.xlsx", 7, 5, cell="评分表!E7"), about, variant)


def of_period(found: str) -> Diagnostic:
    """A form of another period than 2018, or of none."""
    location = Location("甲镇.xlsx", 3, 6, cell="评分表!F3")
    about: dict[str, Parameter] = {"found": found, "period": "2018"}
    return Diagnostic(Kind.SHEET_OF_OTHER_PERIOD, location, about, "" if found else "missing")


def in_result(kind: Kind, variant: str = "", **about: Parameter) -> Diagnostic:
    """A finding in the cell E4 of a results workbook."""
    return Diagnostic(kind, Location("排名汇总.xlsx", 4, 5, cell="排名汇总!E4"), about, variant)


HANDMADE = {
    # Forms of several assessors, and one that a library is given with its rubric.
    "EPA114_unit_scored_twice-assessor_form": on_form(
        Kind.UNIT_SCORED_TWICE, "assessor", unit="示例甲镇", assessor="第一组", other="乙.xlsx"
    ),
    # Forms by a rubric of the office's own, of which the cases of forms have none.
    "EPA482_assessor_not_known-missing_form": on_form(
        Kind.ASSESSOR_NOT_KNOWN,
        "missing",
        unit="示例甲镇",
        known=("组织部", "商务局"),
        first="组织部",
    ),
    "EPA483_item_of_other_assessor-form": on_form(
        Kind.ITEM_OF_OTHER_ASSESSOR, item="A2", owner="商务局", assessor="组织部"
    ),
    "EPA119_period_characters-form": Diagnostic(
        Kind.PERIOD_CHARACTERS,
        Location("甲镇.xlsx", 3, 2, cell="评分表!B3"),
        {"character": "U+200B", "clean": "2018"},
    ),
    "EPA442_assessor_far_off-form": on_form(
        Kind.ASSESSOR_FAR_OFF,
        item="A3",
        assessor="第一组",
        points=Decimal(8),
        combined=Decimal("5.5"),
        distance=Decimal("2.5"),
        gap=Decimal(2),
    ),
    "EPA102_wrong_rubric-given_form": on_form(
        Kind.WRONG_RUBRIC, "given", rubric="township", unit="示例甲镇", other="departments"
    ),
    # The rubric has changed since the form was handed out.
    "EPA421_item_applies-form": on_form(
        Kind.ITEM_APPLIES, item="C3", text="有车辆。", cap=Decimal(10)
    ),
    "EPA306_several_forms-file": Diagnostic(
        Kind.SEVERAL_FORMS, Location("全部.xlsx"), {"sheets": ("示例甲镇", "示例乙镇")}, "file"
    ),
    # Programs that save formulas without values do so to all of them.
    "EPA600_result_cell_differs-formula": in_result(
        Kind.RESULT_CELL_DIFFERS, "formula", found="=1+1", right="95.5", line="1 | 示例乙镇 | 40"
    ),
    "EPA600_result_cell_differs-format": in_result(
        Kind.RESULT_CELL_DIFFERS, "format", found="95.5", right="95.5", line="1 | 示例乙镇 | 40"
    ),
    "EPA600_result_cell_differs-hidden": in_result(
        Kind.RESULT_CELL_DIFFERS, "hidden", found="95.5", right="95.5", line="1 | 示例乙镇 | 40"
    ),
    "EPA614_values_not_stored": in_result(Kind.VALUES_NOT_STORED, number=41),
    # What became of a sheet is followed by every figure that is another one for it.
    "EPA610_sheet_changed": Diagnostic(
        Kind.SHEET_CHANGED,
        Location("scores/示例甲镇.yaml"),
        {"unit": "示例甲镇", "recorded": "AAAMT84Y92", "code": "3Z3DHD1VF5"},
    ),
    "EPA611_sheet_gone": Diagnostic(
        Kind.SHEET_GONE,
        Location("排名汇总.xlsx", 4, cell="评分表清单!4:4"),
        {"unit": "示例甲镇", "file": "示例甲镇.yaml"},
    ),
    "EPA612_sheet_added": Diagnostic(
        Kind.SHEET_ADDED, Location("scores/示例丙镇.yaml"), {"unit": "示例丙镇"}
    ),
    # Everything can be read by root and on Windows, and the words for the rest are the system's.
    "EPA018_file_unreadable": diagnostic(
        Kind.FILE_UNREADABLE, "示例甲镇.yaml", "Input/output error"
    ),
    "EPA018_file_unreadable-permission": diagnostic(
        Kind.FILE_UNREADABLE, "示例甲镇.yaml", "Permission denied", "permission"
    ),
    "EPA018_file_unreadable-special": diagnostic(
        Kind.FILE_UNREADABLE, "示例甲镇.yaml", "Invalid argument", "special"
    ),
    # No file is known that the tool fails on.
    "EPA029_defect": Diagnostic(
        Kind.DEFECT,
        Location("示例甲镇.xlsx"),
        {"error": "KeyError: 'A9'", "where": "scores.py:12"},
    ),
    # Only a library is given a rubric beside the one that the sheet names.
    "EPA102_wrong_rubric-given": Diagnostic(
        Kind.WRONG_RUBRIC,
        Location("示例甲镇.yaml"),
        {"rubric": "township", "unit": "示例甲镇", "other": "departments"},
        "given",
    ),
    # A full disk, a folder that may not be written to and a closed pipe are no files in a folder.
    # Of another period a sheet is in the folder of an assessment or beside `status --period`.
    "EPA122_sheet_of_other_period": of_period("2017"),
    "EPA122_sheet_of_other_period-missing": of_period(""),
    "EPA902_output_not_written": diagnostic(
        Kind.OUTPUT_NOT_WRITTEN, "out.xlsx", "No space left on device"
    ),
    "EPA902_output_not_written-permission": diagnostic(
        Kind.OUTPUT_NOT_WRITTEN, "out.xlsx", "Permission denied", "permission"
    ),
    "EPA902_output_not_written-in_the_way": diagnostic(
        Kind.OUTPUT_NOT_WRITTEN, "out", "File exists", "in_the_way"
    ),
    "EPA902_output_not_written-folder_permission": diagnostic(
        Kind.OUTPUT_NOT_WRITTEN, "out", "Permission denied", "folder_permission"
    ),
    "EPA903_output_closed": diagnostic(Kind.OUTPUT_CLOSED, "<stdout>", ""),
    "EPA903_output_closed-absent": diagnostic(Kind.OUTPUT_CLOSED, "<stdout>", "", "absent"),
    # Links, devices and two runs at once are no files in a folder; test_targets.py makes them.
    "EPA904_output_is_work": diagnostic(Kind.OUTPUT_IS_WORK, "out.xlsx", "", "foreign"),
    **{
        f"EPA904_output_is_work-{variant}": diagnostic(Kind.OUTPUT_IS_WORK, "out.xlsx", "", variant)
        for variant in get_args(Refusal)
        if variant not in ("", "foreign")
    },
    "EPA905_output_taken": diagnostic(Kind.OUTPUT_TAKEN, "out.xlsx", ""),
    "EPA905_output_taken-lock": diagnostic(Kind.OUTPUT_TAKEN, "out.xlsx", ".out.xlsx.lock", "lock"),
}


def kind_of(folder: str) -> Kind:
    return KINDS[folder.partition("-")[0]]


def exit_code_for(kind: Kind) -> int:
    if kind.severity == "warning":
        return 0
    return 3 if kind.code.startswith("EPA9") else 1


def said_by(folder: str, language: str, copy: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """What the tool says in a copy of a case folder."""
    if folder in HANDMADE:
        return "".join(line.text + "\n" for line in full(HANDMADE[folder], Words(language)))
    command = BROKEN / folder / "command.txt"
    arguments = command.read_text("utf-8") if command.exists() else "validate ."
    if folder in PREPARED:
        PREPARED[folder](copy)
    code = main([*arguments.split(), "--lang", language])
    out, err = capsys.readouterr()
    assert code == exit_code_for(kind_of(folder)), out + err
    return (out + err).replace(f"rubrics{os.sep}", "rubrics/")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("folder", FOLDERS)
def test_case_is_reported_once_and_in_these_words(
    folder: str,
    language: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    golden = BROKEN / folder / f"{language}.txt"
    own_files = ["command.txt", "codes.txt", *(f"{one}.txt" for one in LANGUAGES)]
    copy = tmp_path / "case"
    shutil.copytree(BROKEN / folder, copy, ignore=shutil.ignore_patterns(*own_files))
    monkeypatch.chdir(copy)
    monkeypatch.setenv("EPA_SCORE_DEBUG", "1")  # a missing placeholder fails with its traceback
    said = said_by(folder, language, copy, capsys)
    more = BROKEN / folder / "codes.txt"
    expected = {kind_of(folder).code} | {
        *(more.read_text("utf-8").split() if more.exists() else ())
    }
    assert set(codes(said)) == expected
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(said, encoding="utf-8", newline="\n")
    assert said == golden.read_text(encoding="utf-8")


def test_every_code_has_a_case() -> None:
    assert FOLDERS
    assert {folder.partition("-")[0] for folder in FOLDERS} == KINDS.keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_variant_of_the_words_has_a_case(language: str) -> None:
    words = Words(language)
    variants = {
        f"{name}-{key.partition('_')[2]}"
        for name, kind in KINDS.items()
        for key in words.keys()  # noqa: SIM118 -- a method of the catalogue
        if key.startswith(tuple(f"{kind.code}.{part}_" for part in PARTS))
    }
    assert variants
    assert {folder for folder in FOLDERS if "-" in folder} == variants


def test_cases_made_by_hand_or_on_the_spot_have_folders() -> None:
    assert {*PREPARED, *HANDMADE} <= {*FOLDERS}


def test_every_faulty_example_is_reported_once(capsys: pytest.CaptureFixture[str]) -> None:
    folder = ROOT / "examples" / "broken"
    assert main(["validate", str(folder), "--format", "concise", "--quiet"]) == 1
    lines = capsys.readouterr().out.splitlines()
    numbers = [Path(line.partition(".yaml:")[0]).name.partition("_")[0] for line in lines]
    assert len(EXAMPLES) >= 12
    assert numbers == sorted({name.partition("_")[0] for name in EXAMPLES})


@pytest.mark.parametrize("name", EXAMPLES)
def test_faulty_examples_say_that_they_are_invented(name: str) -> None:
    encoding = "gbk" if "GBK" in name else "utf-8"
    text = (ROOT / "examples" / "broken" / name).read_text(encoding)
    assert text.startswith("# 虚构示例，故意写错：")
