"""`export`: files in every format, written whole or not at all."""

import json
import re
import shutil
import time
import zipfile
from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.support.commands import (
    FULL_MARKS,
    WORKBOOK,
    HandIn,
    Run,
    codes,
)
from tests.support.every_table import EXAMPLES
from tests.support.paths import ROOT

# --- the three lines of the README -----------------------------------------------------------


def test_export_writes_a_workbook_beside_you(examples: Path, run: Run) -> None:
    outcome = run("export", "--xlsx")
    assert (outcome.code, outcome.text) == (0, f"{WORKBOOK}\n")
    sheets = load_workbook(examples / WORKBOOK).sheetnames
    assert len(sheets) == 2 * 8 + 1 + 16 + 21  # of each rubric, about them all, and the forms
    assert "排名图-township" in sheets
    outcome = run("export", "--xlsx", "--no-forms", "-o", "short.xlsx")
    assert len(load_workbook(examples / "short.xlsx").sheetnames) == 2 * 8 + 1


def parts_of(path: Path, begin: str) -> str:
    """The XML of all parts of a workbook whose names begin so."""
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if name.startswith(begin)]
        assert names
        return "".join(archive.read(name).decode() for name in names)


@pytest.fixture
def exported(examples: Path, run: Run) -> Path:
    """The workbook of the townships, with its forms."""
    assert run("export", "--rubric", "township", "--xlsx").code == 0
    return examples / WORKBOOK


def test_the_chart_says_what_it_shows(exported: Path, examples: Path, run: Run) -> None:
    title = "2018年度宜阳县电子商务扶贫工作考核各乡镇总分排名图"
    assert title in parts_of(exported, "xl/charts/")
    assert "排名汇总表" not in parts_of(exported, "xl/charts/")
    (examples / "scores" / "示例甲镇.yaml").write_text(
        'rubric: township\nunit: 示例甲镇\nperiod: "2018"\nscores: {A1: 2}\n', "utf-8"
    )
    arguments = ("export", "--rubric", "township", "--xlsx", "--provisional", "-o", "暂定.xlsx")
    assert run(*arguments).code == 0
    assert f">{title}（暂定）<" in parts_of(examples / "暂定.xlsx", "xl/charts/")


def test_forms_stand_in_the_order_of_the_ranks(exported: Path) -> None:
    book = load_workbook(exported, data_only=True)
    ranked = [str(unit) for rank, unit, *_ in book["排名汇总"].values if isinstance(rank, int)]
    assert len(ranked) == 16
    assert ranked != sorted(ranked)
    assert book.sheetnames[-16:] == ranked


def test_numbers_of_items_take_no_more_room_than_they_need(exported: Path) -> None:
    book = load_workbook(exported)
    widths = {}
    for sheet in book:
        title = next((c for row in sheet.iter_rows(3, 5) for c in row if c.value == "编号"), None)
        if title is not None:
            widths[sheet.title] = sheet.column_dimensions[title.column_letter].width
    assert len(widths) == 2 + 16
    assert max(widths.values()) < 7


def test_item_rates_have_solid_bars_from_0_to_1(exported: Path) -> None:
    rates = parts_of(exported, "xl/worksheets/sheet5.xml")
    (bars,) = re.findall("<x14:dataBar .*?</x14:dataBar>", rates)
    assert 'gradient="0"' in bars
    assert 'minLength="0" maxLength="100"' in bars
    ends = re.findall('<x14:cfvo type="num"><xm:f>([0-9.]+)</xm:f>', bars)
    assert ends == re.findall('<cfvo type="num" val="([0-9.]+)"/>', rates) == ["0", "1"]


@pytest.mark.parametrize(("units", "orientation"), [(60, "portrait"), (61, None)])
def test_many_units_have_an_upright_chart_and_very_many_none_which_is_said(
    small: HandIn, run: Run, units: int, orientation: str | None
) -> None:
    for number in range(units):
        small(f"单位{number}", "A1: 2, A2: 4, B1: 4")
    outcome = run("export", "--xlsx")
    assert outcome.code == 0
    assert ("超过 60 个" in outcome.said) is (orientation is None)
    book = load_workbook("排名汇总.xlsx")
    pages = [sheet for sheet in book if sheet.title == "排名图"]
    assert [sheet.page_setup.orientation for sheet in pages] == [orientation] * (units == 60)
    assert ("单位0" in book.sheetnames) is (units == 60)
    assert "超过 60 个" not in run("export", "--json").said


def test_a_provisional_workbook_is_marked_and_nobody_signs_it(small: HandIn, run: Run) -> None:
    small("甲镇", "A1: 2, A2: 4, B1: ~")
    small("乙镇", "A1: 1, A2: 4, B1: 2")
    assert run("export", "--xlsx", "--provisional").code == 0
    book = load_workbook("排名汇总.xlsx", data_only=True)
    texts = {
        sheet.title: [str(cell.value) for row in sheet for cell in row if cell.value is not None]
        for sheet in book
    }
    tables = ("排名汇总", "得分率", "得分明细", "分项分析", "扣分明细", "甲镇")
    assert texts["评分表清单"][0].endswith("（暂定）")
    assert all(texts[name][0].endswith("（暂定）") for name in tables)
    assert not any("签字" in text for name in tables for text in texts[name])
    counted = (
        "暂定的平均分、平均得分率：各项目只算已评的单位；"
        "小计、总分和总得分率把未评的项目按 0 分计入"
    )
    means = {name: counted in texts[name] for name in tables}
    assert means == {name: name in ("排名汇总", "得分率", "得分明细") for name in tables}
    assert any("签字" in text for text in texts["乙镇"])
    assert "暂定" not in texts["乙镇"][0]
    sheet = Path("scores", "000.yaml")
    sheet.write_text(sheet.read_text("utf-8").replace("B1: ~", "B1: 4"), "utf-8")
    assert run("export", "--xlsx", "--provisional", "--force").code == 0
    complete = load_workbook("排名汇总.xlsx")["排名汇总"]
    shown = [str(cell.value) for row in complete for cell in row]
    assert any("签字" in text for text in shown)
    assert not any("暂定" in text for text in shown)


# --- exports ---------------------------------------------------------------------------------


def test_an_existing_file_is_kept_unless_forced(examples: Path, run: Run) -> None:
    for suffix in ("xlsx", "csv", "json", "md"):
        name = "排名汇总-township.csv" if suffix == "csv" else f"排名汇总.{suffix}"
        path = examples / name
        assert run("export", f"--{suffix}").code == 0
        before = path.read_bytes()
        (examples / "scores" / "示例甲镇.yaml").unlink(missing_ok=True)
        refused = run("export", f"--{suffix}")
        assert (refused.code, refused.out, {*codes(refused.said)}) == (3, b"", {"EPA901"}), suffix
        assert path.read_bytes() == before
        assert run("export", f"--{suffix}", "--force").code == 0
        assert (path.read_bytes() != before) is (suffix == "xlsx"), "one sheet less since then"


def test_an_export_that_is_refused_writes_nothing(examples: Path, run: Run) -> None:
    (examples / "排名汇总-township.csv").write_bytes(b"old")
    before = sorted(examples.iterdir())
    assert run("export", "--xlsx", "--csv", "--json", "--md").code == 3
    assert sorted(examples.iterdir()) == before


def test_the_file_to_write_goes_after_o(examples: Path, run: Run) -> None:
    for option, name in {"--xlsx": "out.xlsx", "--csv": "sub/out.CSV", "--md": "甲.md"}.items():
        outcome = run("export", option, name)
        assert (outcome.code, outcome.out) == (2, b"")
        assert f"-o {name}" in outcome.said
    assert [path.name for path in examples.iterdir()] == ["scores"]


def test_a_suffix_of_another_format_is_refused(examples: Path, run: Run) -> None:
    outcome = run("export", "--csv", "-o", "out.xlsx")
    assert (outcome.code, outcome.out) == (2, b"")
    assert "--xlsx" in outcome.said
    assert [path.name for path in examples.iterdir()] == ["scores"]


def test_several_formats_are_written_side_by_side(examples: Path, run: Run) -> None:
    outcome = run("export", "--xlsx", "--json", "--rubric", "township", "-o", "out")
    assert (outcome.code, outcome.text) == (0, "out.xlsx\nout.json\n")
    outcome = run("export", "--xlsx", "--md", "--rubric", "township", "-o", "one.xlsx")
    assert outcome.text == "one.xlsx\none.md\n"
    outcome = run("export", "--csv", "-o", "two")
    assert outcome.text == "two-departments.csv\ntwo-township.csv\n"
    (examples / "there").mkdir()
    outcome = run("export", "--xlsx", "-o", "there")
    assert outcome.text == f"{Path('there', WORKBOOK)}\n"
    for name in ("out.xlsx", "out.json", "one.xlsx", "one.md", "two-township.csv"):
        assert (examples / name).stat().st_size


def test_a_suffix_is_only_one_of_a_format(examples: Path, run: Run) -> None:
    assert run("export", "--xlsx", "-o", "2018.12").text == "2018.12.xlsx\n"
    assert (examples / "2018.12.xlsx").exists()


def test_an_export_without_format_is_wrong_usage(examples: Path, run: Run) -> None:
    assert (examples / "scores").is_dir()
    outcome = run("export")
    assert outcome.code == 2
    assert "--xlsx" in outcome.said


def test_exports_take_the_options_of_a_ranking(small: HandIn, run: Run) -> None:
    small("甲镇", FULL_MARKS, 'period: "2018"')
    small("乙镇", FULL_MARKS, 'period: "2018"')
    unfinished = small("丙镇", "A1: 1", 'period: "2018"')
    small("甲镇", FULL_MARKS, 'period: "2019"')
    assert run("export", "--json", "--period", "2018").code == 1
    outcome = run("export", "--json", "--period", "2018", "--provisional", "--rubric", "small")
    assert outcome.code == 0
    found = json.loads(Path("排名汇总.json").read_bytes())
    assert [(row["rank"], row["unit"], row["best"], row["worst"]) for row in found["ranking"]] == [
        (1, "乙镇", 1, 1),
        (1, "甲镇", 1, 1),
        (3, "丙镇", 3, 3),
    ]
    unfinished.unlink()
    assert run("export", "--json", "--period", "2019", "--ties", "dense", "--force").code == 0
    found = json.loads(Path("排名汇总.json").read_bytes())
    assert [row["unit"] for row in found["ranking"]] == ["甲镇"]
    assert "1、2、2、3" in json.dumps(found, ensure_ascii=False)


def test_exports_are_the_same_byte_for_byte(
    examples: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    formats = ("--xlsx", "--csv", "--json", "--md")
    assert run("export", *formats, "-o", "one").code == 0
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 100_000)
    assert run("export", *formats, "-o", "two").code == 0
    first = sorted(examples.glob("one*"))
    assert len(first) == 5
    for path in first:
        assert path.read_bytes() == path.with_name(path.name.replace("one", "two")).read_bytes()


# --- what programs are told --------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(EXAMPLES))
@pytest.mark.usefixtures("folder")
def test_the_results_of_every_example_replace_themselves(run: Run, name: str) -> None:
    target = Path("scores" if name == "scores" else ".")
    shutil.copytree(ROOT / "examples" / name, target, dirs_exist_ok=True)
    formats = ("--xlsx", "--csv", "--json", "--md", "--no-forms", "-o", "out")
    for force in ([], ["--force"]):
        outcome = run("export", *EXAMPLES[name], *formats, *force)
        assert outcome.code == 0, outcome.said


@pytest.mark.parametrize(
    ("example", "arguments", "names"),
    [
        ("scores", ["scores"], {"township", "departments"}),
        ("rubrics/jury", ["scores"], {"jury"}),
        ("rubrics/awards", ["scores"], {"awards"}),
        ("composite", ["--composite", "year.yaml"], {"某县全年工作综合考核"}),
    ],
)
@pytest.mark.usefixtures("folder")
def test_every_row_of_every_table_names_its_rubric_and_its_period(
    run: Run, example: str, arguments: list[str], names: set[str]
) -> None:
    target = Path("scores" if example == "scores" else ".")
    shutil.copytree(ROOT / "examples" / example, target, dirs_exist_ok=True)
    assert run("export", *arguments, "--json", "-o", "out.json").code == 0
    tables = json.loads(Path("out.json").read_text("utf-8"))
    assert {"ranking", "about"} < tables.keys()
    assert tables.pop("format_version") == 1
    (period,) = {row["period"] for row in tables["ranking"]}
    for name, rows in tables.items():
        own = rows[2:] if name == "about" else rows  # its first rows are about the program
        assert own
        if name != "sheets" or example != "composite":  # whose sheets are those of its components
            assert {row["rubric"] for row in own} == names, name
        assert name in {"sources", "sheets"} or {row["period"] for row in own} == {period}, name
        assert all(row["period"] for row in rows) or name != "sources"
