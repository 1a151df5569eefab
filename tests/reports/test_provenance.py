"""What a result was made of: its rubrics are told apart where there are several."""

import pytest
from tests.support.rubrics import rubric_of_items

from epa_score import ScoreSheet, rank, score
from epa_score.i18n import Words
from epa_score.reports.provenance import Origin, about_table, sheet_list_table


@pytest.mark.parametrize(("number", "shown"), [(1, False), (2, True)])
def test_rubrics_stand_in_the_table_where_there_are_several(number: int, shown: bool) -> None:
    rubric = rubric_of_items("- {id: A1, max: 10, text: 台账}\n")
    fields = {"rubric": "county", "unit": "甲镇", "scores": {"A1": "6"}}
    ranking = rank(rubric, [score(rubric, ScoreSheet.model_validate(fields))])
    origins = [Origin(rubric, ranking, f"{n}.yaml", "00", ()) for n in range(number)]
    table = about_table(origins, "1.0", Words("en"))
    assert [column.shown for column in table.columns if column.name == "heading"] == [shown]


def test_data_name_a_rubric_by_its_id_alone() -> None:
    rubric = rubric_of_items("- {id: A1, max: 10, text: 台账}\n")
    table = sheet_list_table(rubric, tuple, [], Words("en"))
    data = [column.name for column in table.columns if column.data]
    assert data == ["rubric", "period", "unit", "assessor", "file", "sha256", "check_code"]
