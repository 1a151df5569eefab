"""The file of a composite: what is wrong with it, and with its sources."""

import json
from pathlib import Path

import pytest
from tests.support.commands import Run, codes
from tests.support.composites import ANNUAL, MONTHLY, prepare, rubric_of, write_composite

from epa_score.readers import yaml
from epa_score.readers.documents import composite_of

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
