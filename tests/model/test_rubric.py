"""The shape of a rubric: scopes of units, grains and what it says of itself."""

from decimal import Decimal

import pytest
from pydantic import ValidationError
from tests.support.models import refused

from epa_score.model import Rubric, Scope
from epa_score.readers import yaml

DEPARTMENTS = """
id: departments
title: 县直部门
total: 10
sections:
  - id: common
    title: 共性
    max: 4
    sections:
      - {id: A, title: 领导重视, max: 3, items: [{id: A1, max: 3, text: 有人管}]}
      - {id: B, title: 宣传, max: 1, items: [{id: B1, max: 1, text: 有人说}]}
  - id: own
    title: 个性
    max: 6
    per_unit:
      - {units: [移动公司, Ｔ公司], items: [{id: C1, max: 6, text: 网络}]}
      - {units: [县商务局], items: [{id: C1, max: 2, text: 牵头}, {id: C2, max: 4, text: 督促}]}
"""

TOWNSHIP = """
id: township
title: 乡镇
total: 3
sections:
  - {id: A, title: 领导重视, max: 3, items: [{id: A1, max: 3, text: 有人管}]}
"""


def rubric(text: str) -> Rubric:
    return Rubric.model_validate(yaml.read("rubric.yaml", text.encode()).value)


def scope(text: str, unit: str) -> Scope:
    found = rubric(text).scope(unit)
    assert found is not None
    return found


def test_a_unit_is_scored_on_the_common_items_and_on_its_own() -> None:
    office = scope(DEPARTMENTS, "县商务局")
    assert list(office.items) == ["A1", "B1", "C1", "C2"]
    assert office.items["C1"].max == 2
    assert office.section_items == {
        "common": ("A1", "B1"),
        "A": ("A1",),
        "B": ("B1",),
        "own": ("C1", "C2"),
    }
    assert [section.title for section in office.sections.values()] == [
        *["共性", "领导重视", "宣传", "个性"]
    ]
    company = scope(DEPARTMENTS, "移动公司")
    assert list(company.items) == ["A1", "B1", "C1"]
    assert company.items["C1"].max == 6


def test_a_unit_is_found_in_any_width_and_case() -> None:
    assert scope(DEPARTMENTS, "t公司") == scope(DEPARTMENTS, "Ｔ公司")


def test_a_unit_that_is_not_listed_has_no_scope() -> None:
    assert rubric(DEPARTMENTS).scope("甲镇") is None
    assert rubric(f"{TOWNSHIP}units: [甲镇]").scope("乙镇") is None


def test_any_unit_may_be_scored_where_none_is_listed() -> None:
    assert scope(TOWNSHIP, "甲镇") == scope(TOWNSHIP, "乙镇")
    assert rubric(TOWNSHIP).known_units == ()


def test_units_with_the_same_items_share_their_scope() -> None:
    town = rubric(f"{TOWNSHIP}units: [甲镇, 乙镇]")
    assert town.scope("甲镇") is town.scope("乙镇")
    listed = rubric(f"{DEPARTMENTS}units: [县商务局, Ｔ公司, 移动公司]")
    assert listed.scope("Ｔ公司") is listed.scope("移动公司")
    assert listed.scope("Ｔ公司") != listed.scope("县商务局")


def test_the_nearest_unit_is_one_of_the_known() -> None:
    assert rubric(DEPARTMENTS).nearest_unit("商务局") == "县商务局"
    assert rubric(DEPARTMENTS).nearest_unit("某某办") is None
    assert rubric(TOWNSHIP).nearest_unit("甲镇") is None


def test_the_roster_comes_before_the_order_of_duties() -> None:
    assert rubric(DEPARTMENTS).known_units == ("移动公司", "Ｔ公司", "县商务局")
    listed = rubric(f"{DEPARTMENTS}units: [县商务局, Ｔ公司, 移动公司]")
    assert listed.known_units == ("县商务局", "Ｔ公司", "移动公司")
    assert listed.duty_units == ("移动公司", "Ｔ公司", "县商务局")


@pytest.mark.parametrize(
    ("more", "grain"),
    [("", "0.01"), ("decimals: 0", "1"), ("decimals: 4", "0.0001"), ("step: 0.5", "0.5")],
)
def test_the_grain_is_the_step_or_the_last_decimal(more: str, grain: str) -> None:
    assert rubric(TOWNSHIP + more).grain == Decimal(grain)
    assert scope(TOWNSHIP + more, "甲镇").grain == Decimal(grain)


@pytest.mark.parametrize(
    "more",
    [
        *["decimals: 5", "decimals: -1", "decimals: 1.0", "decimals: two"],
        *["lang: de", "lang: ZH_CN", "lang: [en]"],
    ],
)
def test_decimals_and_language_are_of_a_few_values(more: str) -> None:
    with pytest.raises(ValidationError) as error:
        rubric(TOWNSHIP + more)
    assert refused(error) == ["value_not_allowed"]


@pytest.mark.parametrize("field", ["decimals", "lang"])
def test_decimals_and_language_are_not_empty(field: str) -> None:
    with pytest.raises(ValidationError) as error:
        rubric(f"{TOWNSHIP}{field}:")
    assert refused(error) == ["empty_field"]


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_a_rubric_says_in_which_language_its_documents_are(language: str) -> None:
    assert rubric(f"{TOWNSHIP}lang: {language}").lang == language
    assert rubric(TOWNSHIP).lang == "zh_CN"


def test_decimals_and_language_can_be_set_in_code() -> None:
    value = yaml.read("rubric.yaml", TOWNSHIP.encode()).value
    made = Rubric.model_validate(value | {"decimals": 1, "lang": "en"})
    assert (made.decimals, made.lang) == (1, "en")
    with pytest.raises(ValidationError):
        Rubric.model_validate(value | {"decimals": True})
