""""""

from decimal import Decimal
from pathlib import Path

import pytest
from tests.support.not_applicable_totals import NO, TEXT, UNITS, set_up
from tests.support.rubrics import read_rubric, sound
from tests.support.tables import named

from epa_score import Result, Rubric, ScoreSheet, rank, score
from epa_score.cli.main import main
from epa_score.diagnostics import Kind
from epa_score.i18n import Words
from epa_score.reports.breakdown import account_table
from epa_score.reports.ranking import totals_table
from epa_score.reports.rates import rates_table
from epa_score.reports.scores import scores_table
from epa_score.reports.table import Table
from epa_score.reports.workings import workings_table
from epa_score.scoring.peer_means import without_peers
from epa_score.scoring.result import Adjusted

RUBRIC = sound(TEXT)


WORDS = Words("zh_CN")


def sheet_of(unit: str, **changed: object) -> ScoreSheet:
    return ScoreSheet.model_validate({"rubric": "county", "unit": unit, **UNITS[unit], **changed})


SHEETS = {unit: sheet_of(unit) for unit in UNITS}


def results_of(rubric: Rubric = RUBRIC) -> list[Result]:
    return [score(rubric, sheet) for sheet in SHEETS.values()]


def cells_of(table: Table, name: str) -> dict[object, object]:
    names = [column.name for column in table.columns]
    return {row.cells[names.index("unit")]: row.cells[names.index(name)] for row in table.rows()}


def test_a_total_that_awaits_a_mean_has_no_figure_and_no_band() -> None:
    results = results_of()
    assert results[0].adjusted is not None
    assert results[0].total.is_nan()
    assert results[0].base.is_nan()
    assert results[0].adjusted[1:] == (Decimal(3), Decimal(4))
    table = totals_table(RUBRIC, results, WORDS)
    shown = [
        cells_of(table, name)["甲镇"] for name in ("base", "bonus", "penalty", "total", "band")
    ]
    assert shown == [None, 3, 4, None, None]
    assert cells_of(table, "band")["丙镇"] == "较差"
    assert cells_of(table, "band")["乙镇"] == "优秀"
    remark = cells_of(table, "remark")["丙镇"]
    assert str(remark).endswith("；基本分的满分是 90 分、定为较差，弄虚作假：虚报网店")


def test_means_leave_out_excluded_units_and_keep_adjustments_and_vetoes() -> None:
    ranking = rank(RUBRIC, results_of())
    found = {one.result.unit: one for one in ranking.placings}
    assert {unit: one.result.total for unit, one in found.items()} == {
        "乙镇": 90,
        "甲镇": Decimal("80.5"),
        "丙镇": 73,
    }
    bands = [(one.result.unit, one.band.name) for one in ranking.placings if one.band]
    assert bands == [("乙镇", "优秀"), ("甲镇", "良好"), ("丙镇", "较差")]
    assert found["甲镇"].result.adjusted == Adjusted(Decimal("81.5"), Decimal(3), Decimal(4))
    assert found["丙镇"].result.out_of == 90
    assert {one.unit: one.total for one in ranking.excluded} == {
        "丁镇": 93,
        "戊镇": Decimal("92.5"),
    }


def test_points_of_excluded_units_alone_are_no_mean() -> None:
    results = [score(RUBRIC, SHEETS[unit]) for unit in ("甲镇", "丁镇", "戊镇")]
    assert list(without_peers(RUBRIC, results)) == [("甲镇", "B2"), ("戊镇", "B2")]
    with pytest.raises(ValueError, match="no other unit has points for item B2"):
        rank(RUBRIC, results)


def test_ranks_that_can_still_be_reached_count_adjustments() -> None:
    """B2 of 乙镇 is open: 甲镇 has 58 and a mean of 12.5 at worst, and of 27.5 at best."""
    open_sheet = sheet_of("乙镇", scores={"A1": 5, "A2": 38, "B1": 10})
    sheets = [SHEETS["甲镇"], open_sheet, SHEETS["丙镇"]]
    ranking = rank(RUBRIC, [score(RUBRIC, one) for one in sheets], provisional=True)
    found = {one.result.unit: one for one in ranking.placings}
    own = found["甲镇"].result
    assert own.total == 83
    assert own.at_best is not None
    assert own.at_worst is not None
    assert (own.at_best.total, own.at_worst.total) == (Decimal("85.5"), Decimal("70.5"))
    assert [(one.best, one.worst) for one in ranking.placings] == [(1, 3)] * 3
    assert {one.band for one in ranking.placings} == {None}


def test_reports_tell_the_base_and_what_it_is_out_of() -> None:
    ranking = rank(RUBRIC, results_of())
    rates = rates_table(RUBRIC, ranking, SHEETS, WORDS)
    assert cells_of(rates, "total") == {
        "乙镇": Decimal("0.9"),
        "甲镇": Decimal("0.82"),
        "丙镇": Decimal("0.78"),
    }
    fixed = {row.cells[1]: row.fixed for row in scores_table(RUBRIC, ranking, SHEETS, WORDS).rows()}
    assert fixed["丙镇"] == {"base", "total"}
    assert fixed["甲镇"] == {"items.B2"}
    own = ranking.placings[2].result
    account = named(account_table(RUBRIC, own, SHEETS["丙镇"], WORDS))
    (base,) = (line for line in account if line["kind"] == "base")
    assert (base["max"], base["score"], base["lost"]) == (90, 70, 20)
    assert account[-2]["score"] == 73
    texts = [row.cells for row in workings_table(RUBRIC, ranking, SHEETS, WORDS).rows()]
    assert [row[1] for row in texts if row[0] == "丙镇"] == ["A1", "B1", "J1", None, None, "V2"]
    (mean,) = (row for row in texts if row[:2] == ("戊镇", "B2"))
    assert mean[-1] == Decimal("22.5")


@pytest.mark.parametrize(("bound", "fits"), [("95", True), ("95.01", False)])
def test_bands_are_reached_with_the_real_sum_of_a_mismatch(bound: str, *, fits: bool) -> None:
    text = TEXT.replace("id: B2, max: 30", "id: B2, max: 25").replace(
        "at_least: 85", f"at_least: {bound}"
    )
    text = text.replace("    max: 40\n", "    max: 40\n    accept_mismatch: 印错了\n")
    text = text.replace("bonus: {items: [{id: J1, text: 表彰, each: 3}]}\n  ", "")
    found = {one.kind for one in read_rubric(text).diagnostics}
    assert found == (set() if fits else {Kind.BAND_UNREACHABLE})


def test_scaling_may_lift_a_total_above_all_caps() -> None:
    rule = "rule: {target: {target: 10, under: 1, over: 1, limit: 44}}"
    text = TEXT.replace("text: 二", f"text: 二, {rule}").replace("at_least: 85", "at_least: 106")
    rubric = sound(text.replace("bonus: {items: [{id: J1, text: 表彰, each: 3}]}\n  ", ""))
    scores = {"A1": NO, "A2": {"value": 20}, "B1": 10, "B2": 30}
    (placing,) = rank(rubric, [score(rubric, sheet_of("乙镇", scores=scores))]).placings
    assert placing.result.total == 106
    assert placing.band is not None
    assert placing.band.name == "优秀"


def test_a_unit_with_a_mean_is_explained(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    set_up(folder)
    for unit, total in (("甲镇", "80.5"), ("戊镇", "92.5")):
        assert main(["--lang", "zh_CN", "explain", "--unit", unit]) == 0
        said = capsys.readouterr().out
        assert "22.5" in said
        assert total in said
