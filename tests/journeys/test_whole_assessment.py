"""A whole assessment: roster, forms out, faulty ones back, a late unit, signed, and checked."""

import io
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from tests.support.commands import WORKBOOK, Run, codes
from tests.support.forms import row_of

import epa_score

UNITS = ("示例甲镇", "示例乙镇", "示例丙乡")
SECTIONS = epa_score.load_rubric("township").sections
CAPS = {item.id: float(item.max) for section in SECTIONS for item in section.items}


def fill_in(blank: Path, received: Path, lost: int, **typed: str) -> None:
    """Fill in a form as an office does: full marks, ``lost`` points less on A3, and what is typed.

    It comes back under the name that it went out by.
    """
    workbook = load_workbook(blank)
    sheet = workbook.worksheets[0]
    for item, cap in CAPS.items():
        sheet[f"E{row_of(workbook, item)}"] = typed.get(item, cap - lost if item == "A3" else cap)
    sheet[f"F{row_of(workbook, 'A3')}"] = "就业信息不全" if lost else None
    received.parent.mkdir(exist_ok=True)
    workbook.save(received)


@pytest.fixture
def roster(folder: Path) -> Path:
    workbook = Workbook()
    workbook.worksheets[0].append(["序号", "单位"])
    for number, unit in enumerate(UNITS, 1):
        workbook.worksheets[0].append([number, unit])
    workbook.save(folder / "名单.xlsx")
    return folder / "名单.xlsx"


def test_an_assessment_from_the_roster_to_the_checked_workbook(
    run: Run, folder: Path, roster: Path
) -> None:
    name = roster.name
    form = ("form", "--rubric", "township", "--roster", name, "--xlsx", "--period", "2018")
    assert run(*form).code == 0
    blank = {unit: folder / "forms" / f"{unit}.xlsx" for unit in UNITS}
    assert all(path.exists() for path in blank.values())

    # Two come back, one of them with words for points; writing forms again replaces nothing.
    received = {unit: folder / "scores" / f"{unit}.xlsx" for unit in UNITS}
    fill_in(blank["示例甲镇"], received["示例甲镇"], 2)
    fill_in(blank["示例乙镇"], received["示例乙镇"], 1, A1="三分")
    before = {path: path.read_bytes() for path in (folder / "scores").iterdir()}
    assert run(*form, "--force").code == 0
    assert {path: path.read_bytes() for path in before} == before

    # Who owes what is said, and nobody is ranked meanwhile.
    status = run("status", "--roster", name, "--rubric", "township").text
    assert "示例丙乡" in status
    ranked = run("rank", "--rubric", "township", "--roster", name)
    assert (ranked.code, ranked.out) == (1, b"")
    assert {"EPA106", "EPA120"} <= set(codes(ranked.said))

    # The faulty form goes back marked, is corrected there, and the late one comes in.
    assert run("validate", "--mark", "back").code == 1
    marked = load_workbook(folder / "back" / "示例乙镇.xlsx")
    marked.worksheets[0][f"E{row_of(marked, 'A1')}"] = 3
    marked.save(received["示例乙镇"])
    fill_in(blank["示例丙乡"], received["示例丙乡"], 0)
    assert run("validate", "--roster", name).code == 0

    ranked = run("rank", "--rubric", "township", "--roster", name, "--format", "csv")
    lines = [line.split(",") for line in ranked.text.splitlines()[1:]]
    assert [line[:2] for line in lines] == [
        ["1", "示例丙乡"],
        ["2", "示例乙镇"],
        ["3", "示例甲镇"],
    ]

    # The workbook that is signed agrees with the forms, until somebody changes a cell.
    assert run("export", "--xlsx", "--rubric", "township", "--roster", name).code == 0
    assert run("verify", WORKBOOK, "scores").code == 0
    signed = (folder / WORKBOOK).read_bytes()
    assert run("export", "--xlsx", "--rubric", "township", "--roster", name).code == 3
    assert (folder / WORKBOOK).read_bytes() == signed
    workbook = load_workbook(io.BytesIO(signed))
    sheet = workbook["排名汇总"]
    cell = next(cell for cell in sheet["B"] if cell.value == "示例乙镇")
    cell.value = "示例甲镇"
    workbook.save(folder / "改过.xlsx")
    found = run("verify", "改过.xlsx", "scores", "--format", "concise")
    assert found.code == 1
    assert f"排名汇总!{cell.coordinate}" in found.text
    assert "示例乙镇" in found.text
