"""Titles of results, as an office writes them."""

import pytest

from epa_score.i18n import Words
from epa_score.reports.titles import title_of

WORDS = Words("zh_CN")
TOWNSHIP = "某县电商考核评分细则（乡镇）"


@pytest.mark.parametrize(
    ("title", "kind", "period", "expected"),
    [
        (TOWNSHIP, "summary", "2018", "2018年度某县电商考核排名汇总表（乡镇）"),
        (TOWNSHIP, "chart", "2018", "2018年度某县电商考核各乡镇总分排名图"),
        (TOWNSHIP, "rates", "2018", "2018年度某县电商考核各乡镇分项得分率"),
        (TOWNSHIP, "scores", "2018", "2018年度某县电商考核各乡镇分项得分明细表"),
        (TOWNSHIP, "deductions", "2018年上半年", "2018年上半年某县电商考核各乡镇扣分明细表"),
        (TOWNSHIP, "analysis", "2018-Q1", "某县电商考核分项分析表（乡镇）（2018-Q1）"),
        (TOWNSHIP, "rates", None, "某县电商考核各乡镇分项得分率"),
        ("某县考核评分细则（试行）", "rates", "2018", "2018年度某县考核分项得分率（试行）"),
        ("某县2018年考核评分细则", "rates", "2018", "某县2018年考核分项得分率"),
        ("考核办法", "summary", "2018", "2018年度考核办法排名汇总表"),
    ],
)
def test_titles_name_year_subject_and_units(
    title: str, kind: str, period: str | None, expected: str
) -> None:
    assert title_of(title, kind, period, WORDS) == expected  # type: ignore[arg-type]


def test_english_titles_end_with_the_period() -> None:
    english = Words("en")
    assert title_of("Village rubric", "rates", "2018", english) == (
        "Score rates: Village rubric, 2018"
    )
