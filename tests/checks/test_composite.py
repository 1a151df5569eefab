"""The file of a composite: what is wrong with it, and with its sources."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.commands import Run, codes
from tests.support.composites import ANNUAL, MONTHLY, prepare, rubric_of, write_composite

from epa_score.checks.composite import adjustments_count_once, check_with_rubrics
from epa_score.diagnostics import Place
from epa_score.model import Rubric
from epa_score.model.composite import Composite, UnitTotals
from epa_score.readers import yaml
from epa_score.readers.documents import composite_of
from epa_score.readers.rubrics import rubric_of as rubric_from
from epa_score.scoring.composite import composite_results

# --- the file ----------------------------------------------------------------------------------


@pytest.mark.usefixtures("year")
@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("weight: 40", "weight: 40.5", "EPA500"),
        ("weight: 40", "weight: 0", "EPA500 EPA208"),
        ("weight: 40", "weight: -40", "EPA108"),
        ("weight: 40", "weight: 40%", "EPA109"),
        ("rubric: annual", "rubric: anual", "EPA101"),
        ("rubric: annual", "rubric: ../annual", "EPA101"),
        ("paths: [annual]", "paths: []", "EPA023"),
        ("paths: [annual]", "paths: [/tmp]", "EPA503"),
        ("paths: [annual]", "paths: ['C:\\x']", "EPA503"),
        ("paths: [annual]", "paths: ['\\\\host']", "EPA503"),
        ("paths: [annual]", "paths: [annual/../../x]", "EPA503"),
        ("paths: [annual]", "paths: ['-']", "EPA503"),
        ("paths: [annual]", "path: [annual]", "EPA020"),
        ("each_period: mean", "each_period: sum", "EPA025"),
        ("periods: 2", "periods: 0", "EPA025"),
        ("periods: 2", 'period: "2018-01"', "EPA502"),
        ("each_period: mean, ", "", "EPA502"),
        ("name: 月度", "name: 年 终", "EPA501"),
        ("sources:", "decimals: 5\nsources:", "EPA025"),
        ("sources:", "source:", "EPA020"),
        ("sources:", "scale:\nsources:", "EPA023"),
        ("sources:", "bands: []\nsources:", "EPA023"),
        ("each_period: mean", "each_period: ", "EPA023"),
        ("each_period: mean", "each_period: [mean]", "EPA025"),
    ],
)
def test_what_is_wrong_with_the_file_is_found_by_validate(
    old: str, new: str, expected: str, run: Run
) -> None:
    file = Path("year.yaml")
    file.write_text(file.read_text("utf-8").replace(old, new), "utf-8")
    done = run("validate", "year.yaml")
    assert " ".join(codes(done.text)) == expected
    assert done.code == 1
    done = run("rank", "--composite", "year.yaml")
    assert " ".join(codes(done.said)) == expected


@pytest.mark.usefixtures("year")
def test_a_faulty_rubric_of_a_source_is_reported(run: Run) -> None:
    Path("rubrics", "annual.yaml").write_text(rubric_of("annual", 0), "utf-8")
    assert "EPA208" in codes(run("validate", "year.yaml").text)


def test_a_file_in_another_folder_takes_what_lies_beside_it(folder: Path, run: Run) -> None:
    prepare("2018")
    (folder / "annual").write_text("no rubric", "utf-8")  # a file of the rubric's name
    done = run("rank", "--composite", str(Path("2018", "year.yaml")), "--format", "json")
    assert [one["unit"] for one in json.loads(done.text)] == ["甲镇", "乙镇"]
    assert run("validate", str(Path("2018", "year.yaml"))).code == 0


def test_a_file_that_is_read_from_nowhere_has_the_current_folder() -> None:
    text = b"composite: x\nsources: []\n"
    found = composite_of(text, yaml.read("<stdin>", text))
    assert [one.kind.code for one in found.diagnostics] == ["EPA023"]
    assert found.folder == "."


# --- what figures are out of, and where they are rounded ----------------------------------------


@pytest.mark.usefixtures("year")
@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("out_of: 100, ", "", "EPA260"),
        ("out_of: 100, ", "out_of: 30, ", ""),
        ("out_of: 100, ", "out_of: 0, ", "EPA208"),
        ("out_of: 100, ", "out_of: -1, ", "EPA108"),
        ("out_of: 100, ", "out_of: , ", "EPA023"),
        ("weight: 40, ", "weight: 40, out_of: 100, ", "EPA261"),
        ("weight: 40, ", "weight: 40, out_of: 120, ", ""),
        ("weight: 40, ", "", "EPA262"),
        ("weight: 40, ", "weight: , ", "EPA023"),
        ("rounding: each\n", "", "EPA263"),
        ("rounding: each\n", "rounding: end\n", ""),
        ("rounding: each\n", "rounding: twice\n", "EPA025"),
        ("rounding: each\n", "rounding:\n", "EPA023"),
        # 27.55 / 30 x 120 is 110.2, and half of it 55.1: nothing is rounded
        ("out_of: 100, ", "out_of: 120, ", "EPA264"),
        ("periods: 2, ", "", ""),  # there might be three
        ("each_period: mean, periods: 2, ", "", ""),  # 27.55 / 30 x 100
        ("rubric: monthly, out_of: 100, each_period: mean, periods: 2", "rubric: annual", "EPA264"),
    ],
)
def test_two_readings_are_chosen_and_nothing_else(
    old: str, new: str, expected: str, run: Run
) -> None:
    file = Path("year.yaml")
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")
    assert " ".join(codes(run("validate", "year.yaml").text)) == expected


BASIC = "{name: 基础分, rubric: annual, paths: [annual]}"
MEAN = "{name: 月度, rubric: monthly, each_period: mean, periods: 2, paths: [monthly]}"

ALONE = MEAN.replace("rubric", "weight: 100, out_of: 30, rubric", 1)
PANEL = "step: 0.5\npanel: {method: mean, minimum: 3}\n"


@pytest.mark.parametrize(
    ("sources", "monthly", "annual", "needed"),
    [
        ([BASIC], "", "", False),
        ([BASIC, BASIC.replace("基础分", "又")], "", "decimals: 3\n", False),  # nothing is divided
        ([BASIC, MEAN], "", "", False),  # one figure is rounded and counts in full
        ([BASIC, MEAN], "", "decimals: 3\n", True),
        ([BASIC, MEAN], "", "decimals: 3\nstep: 0.5\n", False),
        ([BASIC, MEAN, MEAN.replace("月度", "又")], "", "", True),
        ([ALONE], "", "", False),
        ([BASIC, MEAN, MEAN.replace("月度", "又")], "step: 0.5\n", "", False),
        ([BASIC, MEAN, MEAN.replace("月度", "又")], "step: 0.05\n", "", True),
        ([BASIC, MEAN, MEAN.replace("月度", "又")], "decimals: 1\n", "", False),
        ([BASIC, MEAN, MEAN.replace("月度", "又")], PANEL, "", True),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("year")
def test_rounding_is_said_where_it_can_change_a_figure(
    run: Run, sources: list[str], monthly: str, annual: str, needed: bool
) -> None:
    for name, points, more in (("annual", 100, annual), ("monthly", 30, monthly)):
        Path("rubrics", f"{name}.yaml").write_text(rubric_of(name, points) + more, "utf-8")
    for rounding in ("", "rounding: each\n", "rounding: end\n"):
        write_composite(*sources, rounding=rounding)
        wrong = [] if bool(rounding) is needed else ["EPA264" if rounding else "EPA263"]
        assert codes(run("validate", "year.yaml").text) == wrong


@pytest.mark.parametrize(("number", "places"), [(1, []), (2, [1]), (3, [1, 2])])
def test_adjustments_stand_apart_in_one_source_alone(number: int, places: list[int]) -> None:
    source = "{{name: 第{}, rubric: annual, adjustments: apart, paths: [annual]}}"
    listed = ", ".join(source.format(place) for place in range(number))
    text = f"composite: x\nsources: [{listed}]\n".encode()
    composite = Composite.model_validate(yaml.read("x.yaml", text).value)
    found = list(adjustments_count_once(composite))
    assert [(one.variant, one.place) for one in found] == [
        ("twice", Place(("sources", place, "adjustments"))) for place in places
    ]


HUNDREDTHS = st.integers(0, 3000).map(lambda cents: Decimal(cents) / 100)


@given(HUNDREDTHS, HUNDREDTHS, HUNDREDTHS)
def test_rounding_that_need_not_be_said_changes_nothing(
    first: Decimal, second: Decimal, third: Decimal
) -> None:
    text = f"composite: x\nsources: [{BASIC}, {MEAN}]\n".encode()
    composite = Composite.model_validate(yaml.read("x.yaml", text).value)
    rubrics = [rubric_in(rubric_of("annual", 100)), rubric_in(rubric_of("monthly", 30))]
    assert check_with_rubrics(composite, rubrics) == []
    totals = {
        "基础分": {"x": UnitTotals("x", {None: first})},
        "月度": {"x": UnitTotals("x", {"1": second, "2": third})},
    }
    found = {
        result.total
        for rounding in ("each", "end")
        for result in composite_results(
            composite.model_copy(update={"rounding": rounding}), totals, [Decimal(100), Decimal(30)]
        )
    }
    assert len(found) == 1


def rubric_in(text: str) -> Rubric:
    found = rubric_from(text.encode(), yaml.read("rubric.yaml", text.encode())).rubric
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("bounds", "needed"),
    [
        ("max: 30, capped: true", False),
        ("max: 30.125, capped: true", True),
        ("max: 30, pool: items, floor: 0.5", False),
        ("max: 30.125, pool: items", True),
    ],
)
def test_a_bound_of_a_section_may_be_finer_than_points(bounds: str, *, needed: bool) -> None:
    total = bounds.partition(",")[0].removeprefix("max: ")
    rule = ", rule: {deduct: {each: 0.5}}" if "pool" in bounds else ""
    items = f"[{{id: A1, max: {30 if rule else 31}, text: 甲{rule}}}]"
    section = f"{{id: A, title: 工作, {bounds}, items: {items}}}"
    bounded = rubric_in(f"id: annual\ntitle: x\ntotal: {total}\nsections: [{section}]\n")
    monthly = rubric_in(rubric_of("monthly", 30))
    text = f"composite: x\nsources: [{BASIC}, {MEAN}]\n".encode()
    composite = Composite.model_validate(yaml.read("x.yaml", text).value)
    found = [one.kind.code for one in check_with_rubrics(composite, [bounded, monthly])]
    assert found == (["EPA263"] if needed else [])


def test_what_cannot_be_told_without_a_rubric_is_not_said() -> None:
    text = f"composite: x\nrounding: each\nsources: [{BASIC}, {MEAN}]\n".encode()
    composite = Composite.model_validate(yaml.read("x.yaml", text).value)
    assert check_with_rubrics(composite, [None, None]) == []
    known = rubric_in(rubric_of("annual", 100))
    assert [one.kind.code for one in check_with_rubrics(composite, [known, known])] == ["EPA264"]


FIVE = "bonus: {max: 5, items: [{id: J1, text: 奖, each: 1}]}"
ANY = FIVE.replace("max: 5, ", "")
APART = ANNUAL.replace("}", ", adjustments: apart}")


@pytest.mark.parametrize(
    ("sources", "bound", "annual", "expected"),
    [
        ([BASIC], "100", "", []),
        ([BASIC], "100.02", "", ["EPA228"]),
        ([BASIC], "100.01", "", []),  # what is rounded may be rounded up
        ([BASIC, MEAN], "130", "", []),
        ([BASIC, MEAN], "131", "", ["EPA228"]),
        ([ANNUAL, MONTHLY], "101", "", ["EPA228"]),
        ([ANNUAL.replace("40", "40, out_of: 120"), MONTHLY], "108", "", []),
        ([ANNUAL.replace("40", "40, out_of: 120"), MONTHLY], "109", "", ["EPA228"]),
        ([ANNUAL, MONTHLY], "102", FIVE, []),
        ([ANNUAL, MONTHLY], "103", FIVE, ["EPA228"]),
        ([ANNUAL, MONTHLY], "900", ANY, []),
        ([APART, MONTHLY], "900", FIVE, []),
        ([BASIC.replace("rubric: annual", "rubric: none")], "900", "", ["EPA101"]),
    ],
)
@pytest.mark.usefixtures("year")
def test_the_highest_band_of_the_whole_can_be_reached(
    run: Run, sources: list[str], bound: str, annual: str, expected: list[str]
) -> None:
    text = rubric_of("annual", 100) + (f"adjustments: {{{annual}}}\n" if annual else "")
    Path("rubrics", "annual.yaml").write_text(text, "utf-8")
    bands = f"bands: [{{name: 优, at_least: {bound}}}, {{name: 中, at_least: 0}}]\n"
    write_composite(*sources, more=bands, rounding="rounding: each\n" if MONTHLY in sources else "")
    assert codes(run("validate", "year.yaml").text) == expected


# --- bands, ties and figures of the whole ------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ("tie_break: [年中]\n", "EPA205"),
        ("bands: [{name: 优秀, at_least: 90}, {name: 合格, at_least: 1}]\n", "EPA2"),
        ("scale: {best: 0}\n", "EPA2"),
        ("rank_points: [1, 2]\n", "EPA2"),
    ],
)
@pytest.mark.usefixtures("year")
def test_what_is_wrong_with_bands_ties_and_figures_is_found(run: Run, more: str, code: str) -> None:
    write_composite(ANNUAL, MONTHLY, more=more)
    done = run("validate", "year.yaml", "--format", "concise")
    assert done.code == 1
    assert code in done.text
    assert done.text.startswith("year.yaml:2:")
