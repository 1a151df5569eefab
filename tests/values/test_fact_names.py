"""Names of facts and reasons of vetoes: they say that something was so, one thing a name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from epa_score.values.fact_names import (
    names_of_cell,
    read_fact_name,
    read_reason,
    without_list_number,
)

CHINESE_NUMERALS = "一二三四五六七八九十"


def refused(text: str) -> str:
    """The kind of finding that the text is as the name of a fact; nothing where it is a name."""
    try:
        read_fact_name(text)
    except PydanticCustomError as error:
        return error.type
    return ""


def listed(text: str) -> list[str]:
    return [entry.strip() for entry in text.split("|")]


# --- numbers of a list -------------------------------------------------------------------------

NUMBERS = listed(
    "1.|1．|1、|1)|1）|１．|12.|(2)|（2）|（12）|[3]|【3】|①|⑳|⑴|⒈|㈠|❶|一、|十二、|一.|（一）|-"
    "|－|*|·|•|●|■|√"
    "|—|- 1.|1. （1）|1.2.|3：|1。|a)|(b)|（C）|D）|Ⅰ.|ⅱ、|Ⅲ)"
)


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("blank", ["", " ", "　"])
def test_a_number_of_a_list_is_no_part_of_a_name(number: str, blank: str) -> None:
    assert read_fact_name(f"{number}{blank}省级表彰") == "省级表彰"
    assert read_reason(f"{number}{blank}仓库火灾") == "仓库火灾"


@pytest.mark.parametrize("number", NUMBERS)
def test_a_number_of_a_list_alone_names_nothing(number: str) -> None:
    assert refused(number) == "fact_without_name"


@pytest.mark.parametrize(
    "name",
    listed(
        "2018年现场会|110指挥中心|3.15宣传活动|1.5亿元项目|12.4宪法日活动|第2次竞赛|第一名|一等奖"
        "|三农表彰"
        "|2.0版平台上线|①号楼整治|（2）号仓库|5月现场会|12月表彰|100强|十佳站点|1,000人培训"
        "|A级景区|No. 1 prize|A. Smith prize|(A)级景区|(B)类站点|Ⅱ级响应"
    ),
)
def test_a_number_that_belongs_to_a_name_stays(name: str) -> None:
    assert read_fact_name(f" {name} ") == name


@pytest.mark.parametrize("year", ["1999", "2018"])
@pytest.mark.parametrize("sign", "、.．:：)")
def test_a_number_before_a_year_is_that_of_a_list(year: str, sign: str) -> None:
    assert read_fact_name(f"1{sign}{year}年现场会") == f"{year}年现场会"


def test_a_number_before_a_month_is_that_of_a_list_unless_it_may_be_a_month() -> None:
    assert read_fact_name("1.5月现场会") == "5月现场会"
    assert read_fact_name("1.12月现场会") == "12月现场会"
    assert refused("1、5月迟报") == refused("一、二月迟报") == "facts_in_one_name"


# --- what is affirmative -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    listed(
        "暂无|无事故|无安全事故|N|n|Y|y|Ｎ|x|XX|nil|NIL|1|2次|两次|1.|never|none|nothing"
        "|no accident|No accidents"
        "|n/a|N/A|not applicable|不涉及|没有|没有发生|未发生|×|√|/|—|－|-|--|✓|〇|○|…|？|是|否|有"
        "|无|是。|（无）|「无」"
        "|“无事故”|同上|空|空白|略|待补|待核实|是的|发生过|属实|OK|本年度无|今年无事故"
        "|本镇未发生安全事故|全年均无"
        "|截至目前未发生|安全事故：无|表彰 无|省级表彰：暂无|事故0起|通报0次|無|沒有|awards: none"
        "|never happened|\u0301|、\u0e31"
        "|安全生产无事故|全年安全无事故|今年以来无|本镇安全生产未发生事故"
    ),
)
def test_an_empty_word_names_nothing(text: str) -> None:
    assert refused(text) == "fact_without_name"
    with pytest.raises(PydanticCustomError) as caught:
        read_reason(text)
    assert caught.value.type == "veto_without_reason"


@pytest.mark.parametrize("begins", "无未没不非暂尚")
@pytest.mark.parametrize(
    "quotes", ["「{}」", "“{}”", "『{}』", "《{}》", '"{}"', "＂{}＂", "〈{}〉"]
)
def test_what_begins_like_a_denial_is_a_name_in_quotes_or_behind_a_word(
    begins: str, quotes: str
) -> None:
    name = f"{begins}人机物流试点"
    assert refused(name) == refused(f"1.{name}") == "fact_denied"
    assert read_fact_name(quotes.format(name)) == quotes.format(name)
    assert read_fact_name(f"{quotes.format(name)}获表彰") == f"{quotes.format(name)}获表彰"
    assert read_fact_name(f"开展{name}") == f"开展{name}"
    with pytest.raises(PydanticCustomError) as caught:
        read_reason(name)
    assert caught.value.type == "fact_denied"
    assert read_reason(quotes.format(name)) == quotes.format(name)


@pytest.mark.parametrize(
    "text",
    listed(
        "未获奖|没有获得省级表彰|不参加评比|No award this time|not awarded|never reported late"
        "|without accident"
        "|There was no fire|we had no accident|didn't happen at all|N/A for 2018|零投诉|0起事故"
        "|zero accidents"
        "|×获奖|□获省级表彰|【无】人机|無人機試點"
    ),
)
def test_what_begins_like_a_denial_is_asked_about(text: str) -> None:
    assert refused(text) == "fact_denied"


def test_the_quotes_that_are_proposed_are_taken() -> None:
    for name in ("无人机获奖", "无「人机」获奖", "甲、乙获奖", "甲「子、丑」、乙获奖"):
        with pytest.raises(PydanticCustomError) as caught:
            read_fact_name(name)
        assert caught.value.context is not None
        quoted = caught.value.context["quoted"]
        assert read_fact_name(quoted) == quoted


@pytest.mark.parametrize(
    "text",
    listed(
        "见附件|见附件2|见 附表|详见附件|详见档案册|参见通报|另附|附后|材料附后|证书附后|附件1"
        "|附件|如附件|见证明材料|见后"
        "|同J1|同 j12|如上所述|如上述|see annex|See the attachment|please see A3|as above"
        "|same as above|ditto"
        "|attached|annex 2|refer to page 3|见《通报》"
    ),
)
def test_what_points_elsewhere_names_nothing(text: str) -> None:
    assert refused(text) == "fact_elsewhere"


@pytest.mark.parametrize(
    "name",
    listed(
        "甲奖|见义勇为表彰|见习基地获评省级|同上级部门共建平台|零售业先进单位|Northern award"
        "|Nordic prize|Novel idea"
        "|获奖10次的站点|附件厂安全整治|全省现场会（见附件）|省级非遗展销获奖|全县未发现的隐患上报"
        "|有机农产品认证|是非曲直讲堂|安全生产事故|安全生产月获表彰|安全生产未达标被通报"
        "|发生非法集资|See you in the county campaign"
    ),
)
def test_what_says_what_it_was_is_a_name(name: str) -> None:
    assert read_fact_name(name) == name
    assert read_reason(name) == name


def test_what_cannot_be_seen_does_not_hide_a_denial() -> None:
    assert refused("\u200b无事故") == "fact_name_characters"
    for text in ("\u200b无事故", "\u200b", "\x1c"):
        with pytest.raises(PydanticCustomError) as caught:
            read_reason(text)
        assert caught.value.type == "veto_without_reason"


def test_a_reason_of_several_lines_stays_as_it_is() -> None:
    assert read_reason("1.仓库火灾\n2.车祸") == "1.仓库火灾\n2.车祸"
    assert read_reason("11月仓库火灾，\n未造成伤亡") == "11月仓库火灾，\n未造成伤亡"
    with pytest.raises(PydanticCustomError):
        read_reason("1.无\n2.无")


# --- one fact a name ---------------------------------------------------------------------------

SEVERAL_LINES = ["甲获奖|乙获奖", "甲获奖\n乙获奖", "甲获奖\r\n乙获奖", "甲获奖\t乙获奖"]


@pytest.mark.parametrize(
    "text",
    SEVERAL_LINES
    + listed(
        "甲获奖；乙获奖|甲获奖;乙获奖|甲获奖、乙获奖|A、B|甲获奖，乙获奖|甲获奖,乙获奖"
        "|甲获奖。乙获奖|甲获奖/乙获奖"
        "|甲获奖 / 乙获奖|1.甲获奖 2.乙获奖|1.甲获奖2.乙获奖|1、甲获奖2、乙获奖|①甲获奖②乙获奖"
        "|甲获奖②乙获奖"
        "|(1)甲获奖(2)乙获奖|（一）甲获奖（二）乙获奖|1)甲获奖 2)乙获奖|甲获奖 2. 乙获奖"
        "|- 甲获奖 - 乙获奖|(a) 甲获奖 (b) 乙获奖|a) 甲获奖 b) 乙获奖"
    ),
)
def test_what_looks_like_two_facts_is_asked_about(text: str) -> None:
    with pytest.raises(PydanticCustomError) as caught:
        read_fact_name(text)
    assert caught.value.type == "facts_in_one_name"
    assert caught.value.context is not None
    assert caught.value.context["apart"] in ("甲获奖, 乙获奖", "A, B")
    assert caught.value.context["separator"] in text


@pytest.mark.parametrize(
    ("variant", "text"),
    [
        *(
            ("count", text)
            for text in listed(
                "迟报3次|迟报 3 次|迟报3次。|1.迟报三次|迟报十二次|累计迟报12次|通报批评（2次）"
                "|共2项"
                "|省级表彰两项|10起案件移送|3次迟报|两起投诉|多次迟报|迟报×2|迟报x3"
                "|迟报几次|几次迟报|若干次通报|省级市级表彰各一次|迟报缺报各1次"
                "|late reports 3 times|late twice|3 cases of fraud"
            )
        ),
        *(
            ("points", text)
            for text in listed(
                "加6分|扣 2 分|全省现场会 加3分|全省现场会（加3分）|plus 3 points|award (2 pts)"
            )
        ),
    ],
)
def test_a_name_that_says_how_often_or_how_much_is_asked_about(variant: str, text: str) -> None:
    with pytest.raises(PydanticCustomError) as caught:
        read_fact_name(text)
    assert caught.value.type == "facts_in_one_name"
    about = caught.value.context
    assert about is not None
    assert about["variant"] == variant
    assert str(about["separator"]) in text
    assert read_fact_name(str(about["quoted"])) == about["quoted"]
    assert read_reason(text)


@pytest.mark.parametrize(
    "name",
    listed(
        "第2次竞赛|5月第2次|第二十次|前3项|三项制度改革|二次供水整治|一件事一次办|各乡镇一次通过|迟报1次|培训300人次"
        "|建站5个|COVID-19|甲镇2018-05|fox 2|「迟报3次」整改|12月28日1次|A-3|two Rivers award"
    ),
)
def test_what_only_looks_like_a_count_is_a_name(name: str) -> None:
    assert read_fact_name(name) == name


@pytest.mark.parametrize(
    "name",
    listed(
        "「甲、乙」联合展销获奖|《甲、乙》获奖|“甲；乙”项目|2018/2019学年先进|省级表彰（第2批）"
        "|增长2.5倍获奖"
        "|1,000人培训|12,345,678元捐赠|版本2.0上线|获奖（排名第2）|甲镇(2)班获奖|现场会 一等奖"
        "|①号楼②号线整治|A/B测试"
    ),
)
def test_what_is_surely_one_fact_is_a_name(name: str) -> None:
    assert read_fact_name(name) == name


def test_signs_at_the_end_of_a_line_are_no_part_of_a_name() -> None:
    for sign in "；;，,、。":
        assert read_fact_name(f"1.甲获奖{sign}") == "甲获奖"


# --- any text ----------------------------------------------------------------------------------

TEXTS = st.text(
    st.sampled_from(
        [*'无未不暂见附件甲获奖1二①（）(),.，。、；;/|-*√×「」“”"  \n\tNnoil零0起', "\u200b"]
    )
    | st.characters(codec="utf-8"),
    min_size=1,
    max_size=30,
).filter(lambda text: text.strip() != "")


@given(TEXTS)
def test_any_text_is_a_name_that_reads_as_itself_or_is_refused(text: str) -> None:
    if refused(text) == "":
        name = read_fact_name(text)
        assert name != ""
        assert read_fact_name(name) == name
        assert list(names_of_cell(f"{name}\n\n {name} ")) == [name, name]


@given(TEXTS)
def test_a_denial_or_a_mark_before_a_text_is_never_a_name(text: str) -> None:
    for begins in ("无", "暂", "1.无", "- 未", "（2）没", "×"):
        assert refused(begins + text) != ""


@pytest.mark.parametrize(
    "part", ["(1)", "1.1.", "乡镇", "年度", "“", "「", "无", "事故", "- ", "甲 /", "0,", "x"]
)
def test_a_very_long_text_is_looked_at_once(part: str) -> None:
    text = part * (30_000 // len(part))
    assert text.endswith(without_list_number(text))
    assert refused(text) in ("", "fact_without_name", "fact_denied", "facts_in_one_name")
