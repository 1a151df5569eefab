"""Points as tables print them: what surely are some, and what may be or not."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epa_score.values.printed_points import (
    join_lines,
    read_cap,
    split_points,
    split_title_points,
    without_padding,
)


@pytest.mark.parametrize(
    ("text", "wording", "points"),
    [
        ("有专人负责。（5）", "有专人负责。", "5"),
        ("有专人负责（5分）。", "有专人负责。", "5"),
        ("有专人负责 ( 2.5 分 )", "有专人负责", "2.5"),
        ("有专人负责【满分：１０分】", "有专人负责", "10"),
        ("Has a plan. (5 points)", "Has a plan.", "5"),
        ("（1）有方案（2）有专人（5分）", "（1）有方案（2）有专人", "5"),
        ("总结（2018分）", "总结", "2018"),
        ("有专人（1）有档案（5）", "有专人（1）有档案", "5"),
        ("有专人（1）有档案（2分）", "有专人（1）有档案", "2"),
        ("有专人（1）", "有专人", "1"),
        ("详见附件（3分）", "详见附件", "3"),
        ("某县评分表（100）", "某县评分表", "100"),
        ("按时上报报表（5）", "按时上报报表", "5"),
        ("提出整改意见（5）", "提出整改意见", "5"),
    ],
)
def test_points_at_the_end_in_brackets(text: str, wording: str, points: str) -> None:
    assert split_points(text) == (wording, Decimal(points), ())


@pytest.mark.parametrize(
    ("text", "doubtful"),
    [
        ("总结（2018）", ("（2018）",)),
        ("有会议（2分），有记录（3分）", ("（2分）", "（3分）")),
        ("有会议（2分），有记录", ("（2分）",)),
        ("有会议（2）有记录（3）", ("（2）", "（3）")),
        ("有专人负责（1）；有档案（2）。", ("（1）", "（2）")),
        ("有专人(1)有档案(2)有车(3)", ("(1)", "(2)", "(3)")),
        ("有专人（1）有档案（１分）有车（2）", ("（1）", "（１分）", "（2）")),
        *(
            (f"{before}（3）", ("（3）",))
            for before in ("详见附件", "附表", "见表 ", "第", "见", "如图", "附录", "按第二条")
        ),
    ],
)
def test_what_may_be_points_is_doubtful(text: str, doubtful: tuple[str, ...]) -> None:
    assert split_points(text) == (text, None, doubtful)


@pytest.mark.parametrize("text", ["有专人负责。", "乡（镇）", "（1）有方案（2）有专人", "得5分"])
def test_texts_without_points(text: str) -> None:
    assert split_points(text) == (text, None, ())


@pytest.mark.parametrize(
    ("text", "title", "points"),
    [
        ("领导重视（25）", "领导重视", "25"),
        ("领导重视（25分）：", "领导重视", "25"),
        ("领导重视 25分", "领导重视", "25"),
        ("领导重视25分", "领导重视", "25"),
        ("领导重视：共25 分", "领导重视", "25"),
        ("合计100分", "合计", "100"),
        ("领导重视", "领导重视", None),
        ("25分", "25分", None),
        ("示例1.25分", "示例", "1.25"),
    ],
)
def test_points_behind_titles(text: str, title: str, points: str | None) -> None:
    expected = None if points is None else Decimal(points)
    assert split_title_points(text) == (title, expected, ())


@pytest.mark.parametrize(
    ("text", "points"),
    [("5", "5"), ("5分", "5"), (" ５ ", "5"), ("2.50", "2.50"), ("满分10分", "10")]
    + [(text, None) for text in ("", "0", "-5", "3-5", "25%", "八分", "5分/次", "1,000", "/")],
)
def test_a_cell_that_holds_points_alone(text: str, points: str | None) -> None:
    assert read_cap(text) == (None if points is None else Decimal(points))


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("遇到的\n困难", "遇到的困难"),
        ("  有方案；\n\n 有专人。 ", "有方案；有专人。"),
        ("1.有方案\n2.有专人", "1.有方案 2.有专人"),
        ("a plan\nand a person", "a plan and a person"),
        ("", ""),
    ],
)
def test_a_wording_stands_on_one_line(text: str, joined: str) -> None:
    assert join_lines(text) == joined


def test_padding_goes_and_words_stay_apart() -> None:
    assert without_padding(" 考\u00a0\u00a0 核  内 容 （乡镇）") == "考核内容（乡镇）"
    assert without_padding("E-commerce  work 2025") == "E-commerce work 2025"


WORDINGS = st.text(alphabet="有专人负责，。；：“”4G网abc 1分（）()2", max_size=20)


@given(WORDINGS, st.decimals("0.01", 200, places=2))
def test_points_behind_any_wording_come_back_or_are_doubtful(wording: str, points: Decimal) -> None:
    found = split_points(f"{wording}（{points}分）")
    if found.doubtful:
        assert found.points is None
        assert found.text == f"{wording}（{points}分）"
    else:
        assert found == (wording.rstrip(), points, ())


@given(st.text())
def test_any_text_is_split_or_left_as_it_is(text: str) -> None:
    found = split_points(text)
    assert (found.points is None) == (found.text == text)
    assert found.points is None or not found.doubtful
