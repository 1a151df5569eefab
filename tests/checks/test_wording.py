"""What an office would ask about wordings: every remark is true, and a settled item has none."""

from collections.abc import Iterator

import pytest
from tests.support.paths import ROOT

from epa_score import load_rubric
from epa_score.checks.wording import remarks_on_wording
from epa_score.model import Rubric

EXAMPLES = sorted((ROOT / "examples" / "rubrics").glob("*/rubrics/*.yaml"))


def rubric_of(text: str, cap: str = "10", /, **more: object) -> Rubric:
    item = {"id": "A1", "max": cap, "text": text} | more
    section = {"id": "A", "title": "领导重视", "max": cap, "items": [item]}
    return Rubric.model_validate(
        {"id": "mine", "title": "细则", "total": cap, "sections": [section]}
    )


def remarks(rubric: Rubric) -> Iterator[tuple[str, str, str]]:
    for finding in remarks_on_wording(rubric):
        assert finding.place.keys[-1] == "text"  # type: ignore[union-attr]
        yield str(finding.parameters["item"]), finding.kind.label, finding.variant


def labels(text: str) -> list[str]:
    found = remarks(rubric_of(text))
    return [f"{label}-{variant}".rstrip("-") for _, label, variant in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("培育企业5家以上。", ["number_in_text"]),
        ("安排至少1名专职人员。", ["number_in_text"]),
        ("知晓率达到80%。", ["number_in_text"]),
        ("培训不少于 4 期或者网店 2 家以上。", ["number_in_text"]),
        ("每迟报一次扣 1 分。", ["rule_in_text"]),
        ("视情每起扣 1—10 分。", ["rule_in_text", "wording_open"]),
        ("每新增1家得2分，最高10分。", ["rule_in_text-count"]),
        ("满意率90%以上得10分，每低1个百分点扣0.5分。", ["rule_in_text-target"]),
        ("按办结比例得分。", ["rule_in_text-ratio"]),
        ("每月开门 25 天以上得 10 分，20 天以上得 5 分。", ["rule_in_text-brackets"]),
        ("优秀得10分，良好得6分。", ["rule_in_text-brackets"]),
        ("有方案（4分），有专人（6分）。", ["parts_in_text"]),
        ("有方案得4分，有专人得5分。", ["parts_in_text-off"]),
        ("做得好的得12分。", ["parts_in_text-off"]),
        ("做得好的得10分。", []),
        ("多渠道宣传，酌情计分。", ["wording_open"]),
        ("提供方案、台账等资料。", ["wording_open"]),
        ("牵头电商应用、人才培育等工作。", []),
        ("建有台账、方案、总结等。", ["wording_open"]),
        ("原则上每月一次，成效显著。", ["wording_open"]),
        ("迟报一次扣0.5分，漏报一次扣1分。", ["rule_in_text"]),
        ("发现虚报的扣分，扣完为止。", ["wording_open-readings"]),
        ("去掉一个最高分和一个最低分后取平均分。", ["wording_open-readings"]),
        ("同一事项按最高分计分，不重复加分。", ["wording_open-readings"]),
        ("有条件的村建设站点。", ["wording_open-some"]),
        ("每村推荐1名带头人。", ["wording_open-each"]),
        ("提供89个贫困村的基础信息，实现4G网络全覆盖。", []),
        ("第1分队负责。", []),
        ("有专人负责。", []),
    ],
)
def test_what_is_said_of_a_wording(text: str, expected: list[str]) -> None:
    assert labels(text) == expected


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("培育企业5家以上。", {"targets": {"all": [{"name": "企业", "at_least": "5"}]}}),
        ("每村推荐1名带头人。", {"targets": {"all": [{"name": "带头人", "at_least": "1"}]}}),
        ("每迟报一次扣 1 分，酌情处理。", {"rule": {"deduct": {"each": "1"}}}),
        ("每村推荐1名以上。", {"rule": {"count": {"each": "1"}}}),
        ("迟报的扣 1 分，扣完为止。", {"rule": {"deduct": {"each": "1"}}}),
        ("有条件的村建设站点。", {"not_applicable": "exclude"}),
        ("有条件的村建设站点。", {"units": ["示例甲村"], "not_applicable": "exclude"}),
    ],
)
def test_nothing_is_said_of_what_the_rubric_settles(text: str, more: dict[str, object]) -> None:
    assert list(remarks(rubric_of(text, **more))) == []


def test_the_example_of_a_target_is_that_of_the_text() -> None:
    (finding,) = remarks_on_wording(rubric_of("培训 4 期以上或者网店 10 家以上，知晓率达100%。"))
    assert finding.parameters["numbers"] == ("4 期以上", "10 家以上", "达100%")
    assert finding.parameters["which"] == "any"
    assert (finding.parameters["number"], finding.parameters["unit"]) == ("4", "期")
    (percent,) = remarks_on_wording(rubric_of("知晓率不低于 80%，培训 4 期或 5 期以上。"))
    assert (percent.parameters["which"], percent.parameters["unit"]) == ("any", '"%"')


def test_the_shipped_rubrics_leave_these_places_open_and_no_others() -> None:
    assert list(remarks(load_rubric("township"))) == [
        ("A5", "wording_open", ""),
        ("B5", "wording_open", "some"),
        ("C2", "wording_open", "some"),
    ]
    assert list(remarks(load_rubric("departments"))) == [("B1", "wording_open", "")]


def test_the_numbers_that_the_shipped_rubric_has_as_targets_are_found_without_them() -> None:
    township = load_rubric("township")
    found = [
        item.id
        for section in township.sections
        for item in section.items
        for _, label, variant in remarks(rubric_of(item.text, str(item.max)))
        if label == "number_in_text" or variant == "each"
    ]
    stated = [i.id for section in township.sections for i in section.items if i.targets]
    assert found == stated
    assert len(found) == 8


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples_that_say_how_points_follow_are_asked_nothing(path: object) -> None:
    assert len(EXAMPLES) > 5
    assert list(remarks(load_rubric(str(path)))) == []
