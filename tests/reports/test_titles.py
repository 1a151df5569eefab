"""Titles of results, as an office writes them."""

import pytest

from epa_score.i18n import Words
from epa_score.reports.titles import parts_of_title, title_of

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
        ("某县考核办法（乡镇）（试行）", "rates", None, "某县考核各乡镇分项得分率（试行）"),
        ("某县考核办法（试行）（乡镇）", "summary", None, "某县考核排名汇总表（试行）（乡镇）"),
        ("考核办法", "summary", "2018", "2018年度考核排名汇总表"),
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


@pytest.mark.parametrize(
    ("title", "subject"),
    [
        ("某县考核评分细则", "某县考核"),
        ("某乡服务点星级评定细则", "某乡服务点星级评定"),
        ("某县乡镇工作考核办法", "某县乡镇工作考核"),
        ("某县考核管理暂行办法", "某县考核"),
        ("某县窗口管理办法", "某县窗口管理"),
        ("某县考核结果运用办法", "某县考核"),
        ("某县年度考核实施细则", "某县年度考核"),
        ("某县量化考核评分标准", "某县量化考核"),
        ("某县考核指标及评分标准", "某县考核"),
        ("某县绩效评价指标体系", "某县绩效评价"),
        ("某县共性指标", "某县共性指标"),
        ("某县环境卫生评分标准", "某县环境卫生"),
        ("某县年终考核评分表", "某县年终考核"),
        ("某县年终考核表", "某县年终考核"),
        ("某县考勤制度", "某县考勤"),
        ("某县考核组工作纪律评分细则", "某县考核组工作纪律"),
        ("某县标准化创建", "某县标准化创建"),
        ("《某县考核办法》实施细则", "某县考核"),
        ("《某县考核办法（试行）》", "某县考核"),
        ("年终考核", "年终考核"),
        ("评分细则", "评分细则"),
        ("（试行）", "（试行）"),
        ("Village rubric (townships)", "Village rubric"),
    ],
)
def test_the_subject_is_what_is_assessed_without_the_document(title: str, subject: str) -> None:
    assert parts_of_title(title).subject == subject


def test_an_english_title_is_named_as_it_is() -> None:
    title = "Village rubric (townships)"
    assert title_of(title, "summary", None, Words("en")) == f"Ranking: {title}"
