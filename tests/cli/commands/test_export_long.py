"""`export --csv --long`: the tidy table as a file, beside other formats, replaced and verified."""

import csv
import json
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from tests.support.commands import FULL_MARKS, HandIn, Outcome, Run, codes
from tests.support.composites import set_apart

from epa_score.reports.tidy import TIDY_COLUMNS

FILE = "逐项得分.csv"


def lines_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text, newline="")))


def exported(run: Run, *options: str) -> list[dict[str, str]]:
    outcome = run("export", "--csv", "--long", *options, "-o", "-")
    assert outcome.code == 0, outcome.said
    return lines_of(outcome.text)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_file_has_a_name_of_its_own_and_no_byte_order_mark(
    small: HandIn, run: Run, lang: str
) -> None:
    small("甲镇", "A1: 1, A2: {score: 2.5, note: '缺一份，见台账'}, B1: 4")
    assert run("export", "--csv", "--long", lang=lang)[:2] == (0, f"{FILE}\n".encode())
    assert Path(FILE).read_bytes().decode() == (
        ",".join(TIDY_COLUMNS) + "\r\n"
        "small,,甲镇,A,A1,2,1,,item,scored,,\r\n"
        "small,,甲镇,A,A2,4,2.5,缺一份，见台账,item,scored,,\r\n"
        "small,,甲镇,B,B1,4,4,,item,scored,,\r\n"
    )
    assert run("export", "--csv", "--long", "-o", "-").out == Path(FILE).read_bytes()


def test_other_formats_stand_beside_it(small: HandIn, run: Run) -> None:
    small("甲镇", FULL_MARKS)
    outcome = run("export", "--csv", "--long", "--json", "--md", "-o", "out")
    assert outcome.text == "out.csv\nout.json\nout.md\n"
    assert Path("out.csv").read_text("utf-8").startswith("rubric,period,unit,")
    assert json.loads(Path("out.json").read_text("utf-8"))["ranking"][0]["unit"] == "甲镇"
    assert "tidy" not in Path("out.json").read_text("utf-8")


@pytest.mark.parametrize("others", [(), ("--json",), ("--xlsx", "--md")])
def test_long_without_csv_is_wrong_usage(small: HandIn, run: Run, others: tuple[str, ...]) -> None:
    small("甲镇", FULL_MARKS)
    outcome = run("export", "--long", *others)
    assert outcome.code == 2
    assert "--csv --long" in outcome.said
    assert not any(Path().glob("*.*"))


def test_it_is_replaced_by_force_and_nothing_else_is(small: HandIn, run: Run) -> None:
    small("甲镇", FULL_MARKS)
    assert run("export", "--csv", "--long").code == 0
    first = Path(FILE).read_bytes()
    assert run("export", "--csv", "--long").code == 3
    small("乙镇", FULL_MARKS)
    assert run("export", "--csv", "--long", "--force").code == 0
    assert Path(FILE).read_bytes() != first
    foreign = "rubric,period,unit\nsmall,,甲镇\n"
    Path(FILE).write_text(foreign, "utf-8")
    outcome = run("export", "--csv", "--long", "--force")
    assert (outcome.code, codes(outcome.said)) == (3, ["EPA904"])
    assert Path(FILE).read_text("utf-8") == foreign


def test_open_items_and_left_out_sheets_are_told_apart(small: HandIn, run: Run) -> None:
    small("甲镇", "A1: 0, A2: 4")
    small("乙镇", FULL_MARKS)
    assert run("export", "--csv", "--long").code == 1
    table = exported(run, "--provisional")
    states = {(line["unit"], line["item"]): (line["points"], line["state"]) for line in table}
    assert states["甲镇", "A1"] == ("0", "scored")
    assert states["甲镇", "B1"] == ("", "unscored")
    left = exported(run, "--skip-invalid")
    assert [line["unit"] for line in left] == ["乙镇"] * 3 + ["甲镇"]
    assert (left[-1]["kind"], left[-1]["state"]) == ("left_out", "faulty")


def test_sources_of_a_composite_result_count_by_their_weights(year: Path, run: Run) -> None:
    assert year.is_dir()
    table = exported(run, "--composite", "year.yaml")
    own = [line for line in table if line["unit"] == "甲镇"]
    assert [(line["section"], line["cap"], line["points"]) for line in own][:2] == [
        ("年终", "40", "36"),
        ("月度", "60", "55.002"),
    ]
    ranked = json.loads(run("rank", "--composite", "year.yaml", "--format", "json").text)
    totals = {row["unit"]: Decimal(row["total"]) for row in ranked}
    assert sum(Decimal(line["points"]) for line in own) == totals["甲镇"]
    assert {line["item"] for line in table} == {""}
    set_apart(year)
    kinds = {line["kind"] for line in exported(run, "--composite", "year.yaml")}
    assert {"component", "adjustment"} <= kinds
    both = run("export", "--composite", "year.yaml", "--csv", "--long", "--json", "-o", "both")
    assert both.text == "both.csv\nboth.json\n"


@pytest.fixture(params=["small", "composite"])
def published(request: pytest.FixtureRequest, folder: Path, run: Run) -> tuple[str, ...]:
    """A table that was exported, and the options that it is verified by."""
    options: tuple[str, ...] = ()
    if request.param == "composite":
        request.getfixturevalue("year")
        options = ("--composite", "year.yaml")
    else:
        hand_in = request.getfixturevalue("small")
        hand_in("甲镇", FULL_MARKS)
        hand_in("乙镇", "A1: 1, A2: {score: 3, note: 缺一份}, B1: 4")
    assert run("export", "--csv", "--long", *options).code == 0
    assert (folder / FILE).is_file()
    return options


def verified(run: Run, options: tuple[str, ...]) -> Outcome:
    return run("verify", FILE, *options, "--format", "concise")


def test_it_is_verified_cell_by_cell(published: tuple[str, ...], run: Run) -> None:
    assert verified(run, published).code == 0
    text = Path(FILE).read_bytes().decode()
    (first, *_) = lines_of(text)
    points = f",{first['points']},"
    assert points in text
    Path(FILE).write_bytes(text.replace(points, ",1.234,", 1).encode())
    outcome = verified(run, published)
    assert (outcome.code, codes(outcome.text)) == (1, ["EPA600"])
    assert outcome.text.startswith(f"{FILE}:2:")


def test_a_full_disk_is_said_before_anything_is_shown(
    small: HandIn, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    small("甲镇", FULL_MARKS)
    monkeypatch.setattr("epa_score.cli.commands.export.write_content", full)
    outcome = run("export", "--csv", "--long", "-o", "-")
    assert (outcome.code, outcome.out, codes(outcome.said)) == (3, b"", ["EPA902"])
