"""通报 and 反馈单: every number in their sentences, and what they say of what is not simple."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

import pytest
from tests.support.documents import DOCUMENTS, document_of, opened, texts_in
from tests.support.rubrics import sound

from epa_score import Rubric, ScoreSheet, rank, score
from epa_score.i18n import Words
from epa_score.reports.document import Document, Paragraph
from epa_score.reports.notice import Assessed, heading, notice_document
from epa_score.reports.ranking import ranking_table, summary_table
from epa_score.reports.rates import analysis_table

WORDS = Words("zh_CN")

RUBRIC = """
id: small
title: 某县考核办法（乡镇）
total: 14
sections:
  - id: A
    title: 甲
    max: 12
    items:
      - {id: A1, max: 3, text: 一。}
      - {id: A2, max: 3, text: 二}
      - {id: A3, max: 3, text: 三}
      - {id: A4, max: 3, text: 四}
  - {id: B, title: 乙, max: 2, items: [{id: B1, max: 2, text: 五}]}
"""


def assessed(
    rubric: Rubric, given: Mapping[str, Mapping[str, object]], *, provisional: bool = False
) -> Assessed:
    """A ranking of some units by their points."""
    sheets = {
        unit: ScoreSheet.model_validate({"rubric": rubric.id, "unit": unit, "scores": scores})
        for unit, scores in given.items()
    }
    results = [score(rubric, sheet) for sheet in sheets.values()]
    ranking = rank(rubric, results, provisional=provisional)
    summary = summary_table(rubric, ranking_table(rubric, ranking, WORDS), WORDS)
    return Assessed(rubric, ranking, summary, analysis_table(rubric, ranking, sheets, WORDS))


def given(*points: str) -> dict[str, dict[str, str]]:
    """Units with the points of A1 to A4 and B1, a digit each."""
    items = ("A1", "A2", "A3", "A4", "B1")
    return {
        f"{name}镇": dict(zip(items, own, strict=True))
        for name, own in zip("甲乙丙丁戊己", points, strict=False)
    }


def texts(document: Document) -> list[str]:
    return [own.text for part in document.parts for own in part if isinstance(own, Paragraph)]


def text_of(*rankings: Assessed) -> str:
    return "\n".join(texts(notice_document(rankings, WORDS)))


def test_items_with_the_rate_of_the_third_one_are_named_as_well() -> None:
    text = text_of(assessed(sound(RUBRIC), given("32222", "20022", "30332")))
    (line,) = (line for line in text.splitlines() if "得分率最低" in line)
    assert line == (
        "各单位共同的考核项目中，得分率最低的依次是：A2 二（平均得分率22%，平均0.67分，满分3分）；"
        "A3 三（平均得分率56%，平均1.67分，满分3分）；A4 四（平均得分率78%，平均2.33分，满分3分）。"
    )
    text = text_of(assessed(sound(RUBRIC), given("22222", "22222")))
    assert re.findall("([AB][0-9]) ", text) == ["A1", "A2", "A3", "A4"]
    assert "A1 一（平均得分率67%" in text


def test_no_loss_is_said() -> None:
    text = text_of(assessed(sound(RUBRIC), given("33332", "33332")))
    assert "各单位共同的考核项目都得满分。" in text
    assert "平均得分14分。排名见附件。" in text
    assert "最高" not in text


def test_a_loss_that_no_rate_shows_is_one() -> None:
    many = sound(RUBRIC.replace("max: 3", "max: 300").replace("12", "1200").replace("14", "1202"))
    full = dict.fromkeys(("A1", "A2", "A3", "A4"), "300") | {"B1": "2"}
    text = text_of(assessed(many, {"甲镇": full, "乙镇": full | {"A2": "299"}}))
    assert "各单位都得满分" not in text
    assert "依次是：A2 二（平均得分率100%，平均299.5分，满分300分）。" in text


def test_what_is_scored_so_far_is_said_of_it_alone() -> None:
    rubric = sound(RUBRIC)
    text = text_of(assessed(rubric, {"甲镇": {"A1": "3", "A2": "3"}}, provisional=True))
    assert "各单位共同的考核项目，已评的都得满分。" in text


def test_items_of_single_units_are_no_common_losses() -> None:
    own = """
id: own
title: 细则
total: 4
sections:
  - id: A
    title: 甲
    max: 4
    per_unit:
      - {units: [甲], items: [{id: A1, max: 4, text: 一}]}
      - {units: [乙], items: [{id: A1, max: 4, text: 二}]}
"""
    ranked = assessed(sound(own), {"甲": {"A1": "1"}, "乙": {"A1": "2"}})
    assert "各单位考核的项目不同，没有共同的失分项目。" in text_of(ranked)
    assert "部分单位自己的项目没有列入。" not in text_of(ranked)
    assert ranked.analysis is not None
    nothing = ranked._replace(analysis=ranked.analysis._replace(rows=tuple))
    assert "没有可以统计得分率的项目。" in text_of(nothing)


def test_of_very_many_items_the_number_is_told() -> None:
    items = ", ".join(f"{{id: A{number}, max: 1, text: 内容}}" for number in range(1, 9))
    rubric = sound(
        f"id: many\ntitle: 细则\ntotal: 8\n"
        f"sections: [{{id: A, title: 甲, max: 8, items: [{items}]}}]"
    )
    text = text_of(assessed(rubric, {"甲": {f"A{number}": "0" for number in range(1, 9)}}))
    assert "A6 内容（平均得分率0%，平均0分，满分1分）等8项。" in text
    assert "A7" not in text
    assert "各部分平均得分" not in text


def test_very_many_parts_stand_in_the_annex_alone() -> None:
    sections = "".join(
        f"  - {{id: {name}, title: 第{name}, max: 1, "
        f"items: [{{id: {name}1, max: 1, text: 内容}}]}}\n"
        for name in "ABCDEFGHI"
    )
    rubric = sound(f"id: many\ntitle: 细则\ntotal: 9\nsections:\n{sections}")
    own = assessed(rubric, {"甲": {f"{name}1": "1" for name in "ABCDEFGHI"}})
    assert "各部分平均得分" not in text_of(own)


FEWER = RUBRIC.replace("text: 四}", "text: 四, not_applicable: exclude}")


def with_fewer_items(*units: str) -> dict[str, Mapping[str, object]]:
    """Six units, to some of which A4 does not apply."""
    points: dict[str, Mapping[str, object]] = {}
    for unit, own in given(*["33332"] * 6).items():
        points[unit] = {**own, "A4": {"not_applicable": "无此项工作"}} if unit in units else own
    return points


def test_whose_full_marks_are_others_is_said() -> None:
    text = text_of(assessed(sound(FEWER), with_fewer_items("乙镇", "丙镇")))
    assert "参加排名的6个单位，满分14分（丙镇、乙镇11分），平均得分13分" in text
    assert "甲11分（满分12分，丙镇、乙镇9分），乙2分（满分2分）" in text
    text = text_of(assessed(sound(FEWER), with_fewer_items(*(f"{n}镇" for n in "甲乙丙丁戊己"))))
    assert "满分11分，平均" in text
    assert "甲9分（满分9分）" in text
    many = {
        f"{name}{unit}": own
        for name in "东西南北"
        for unit, own in with_fewer_items(*(f"{n}镇" for n in "甲乙丙丁戊己")).items()
    }
    text = text_of(assessed(sound(FEWER), {**many, "独镇": given("33332")["甲镇"]}))
    assert "满分14分（24个单位的满分不同，见备注），平均" in text


def test_of_how_many_units_a_rate_is_is_said_where_not_all_have_points() -> None:
    points = with_fewer_items("乙镇")
    points["丙镇"] = {**points["丙镇"], "A4": "0"}
    text = text_of(assessed(sound(FEWER), points))
    assert "A4 四（平均得分率80%，平均2.4分，满分3分，按考核到的5个单位计算）。" in text


def test_ranks_up_to_three_are_named_however_many_units_have_them() -> None:
    rubric = sound(RUBRIC)
    text = text_of(assessed(rubric, given("33332", "33330", "33330", "33330", "00000")))
    assert "前三名：甲镇（14分）、丁镇（12分）、丙镇（12分）、乙镇（12分）。" in text
    assert "戊镇（0分）" not in text
    assert "最低0分（戊镇）" in text
    assert "前三名" not in text_of(assessed(rubric, given("33332", "33330", "33300")))


def test_who_is_excluded_or_barred_is_said_with_the_reason() -> None:
    rubric = sound(RUBRIC + "veto: [{id: V1, text: 弄虚作假, effect: exclude}]\n")
    scores = given("33332", "33330")
    sheets = [
        {
            "rubric": "small",
            "unit": unit,
            "scores": own,
            **({"veto": {"V1": "编造台账"}} if n else {}),
        }
        for n, (unit, own) in enumerate(scores.items())
    ]
    results = [score(rubric, ScoreSheet.model_validate(sheet)) for sheet in sheets]
    for chosen, said in (
        (results, "乙镇：不参加排名，弄虚作假：编造台账。"),
        (results[1:], "没有参加排名的单位。排名见附件。"),
    ):
        ranking = rank(rubric, chosen)
        summary = summary_table(rubric, ranking_table(rubric, ranking, WORDS), WORDS)
        text = text_of(Assessed(rubric, ranking, summary))
        assert said in text
        assert f"对{len(chosen)}个乡镇进行了考核" in text
    many = [result._replace(unit=f"{number}镇") for number in range(21) for result in results[1:]]
    ranking = rank(rubric, [results[0], *many])
    summary = summary_table(rubric, ranking_table(rubric, ranking, WORDS), WORDS)
    assert "有否决情形的单位21个，见附件的备注。" in text_of(Assessed(rubric, ranking, summary))


def test_titles_of_several_rubrics_are_joined() -> None:
    first = assessed(sound(RUBRIC), given("33332"))
    other = RUBRIC.replace("id: small", "id: other").replace(
        "某县考核办法（乡镇）", "《某市督查方案》"
    )
    second = assessed(sound(other), given("33332"))
    lines = text_of(first, second).splitlines()
    assert lines[0] == "关于某县考核、某市督查情况的通报"
    assert lines[2].startswith("按照《某县考核办法（乡镇）》《某市督查方案》，对1个乡镇、1个单位")
    assert "（二）某市督查" in lines
    assert "附件2" in lines


def test_headings_have_numerals_as_far_as_there_are_words_for_them() -> None:
    assert heading(0, "甲", WORDS).text == "一、甲"
    assert heading(19, "甲", WORDS).text == "二十、甲"
    assert heading(20, "甲", WORDS).text == "21、甲"


# --- every figure, from the annexes ----------------------------------------------------------


def annexes_of(name: str) -> list[list[dict[str, str]]]:
    """The rows of the annexes of an example, each by its titles."""
    found = []
    for table in opened(document_of(name, "zh_CN")).tables:
        heads, *rows = [[cell.text for cell in row.cells] for row in table.rows]
        titles = [head.partition("\n")[0].partition("（")[0] for head in heads]
        found.append([dict(zip(titles, row, strict=True)) for row in rows])
    return found


def mean_of(totals: Sequence[Decimal], decimals: int) -> Decimal:
    """The mean, rounded half up."""
    scaled = Fraction(sum(totals)) / len(totals) * 10**decimals
    return Decimal(int(scaled + Fraction(1, 2))).scaleb(-decimals)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_figure_of_a_notice_follows_from_its_annexes(name: str) -> None:
    told = [
        line for line in texts_in(document_of(name, "zh_CN"), "Normal") if "平均得分" in line[:60]
    ]
    annexes = annexes_of(name)
    figures = [line for line in told if line.startswith("参加排名的")]
    assert len(figures) == len(annexes) > 0
    for line, rows in zip(figures, annexes, strict=True):
        ranked = [row for row in rows if row["名次"]]
        totals = [Decimal(row["总分"]) for row in ranked]
        number, mean = re.findall(r"参加排名的(\d+)个单位.*?平均得分([\d.]+)分", line)[0]
        assert int(number) == len(ranked)
        decimals = len(mean.partition(".")[2])
        assert Decimal(mean) == mean_of(totals, max(decimals, 1)).normalize()
        (average,) = (row for row in rows if row["单位"] == "平均分")
        assert Decimal(average["总分"]) == Decimal(mean)
        for word, bound in (("最高", max(totals)), ("最低", min(totals))):
            said, units = re.findall(rf"{word}([\d.]+)分（([^）]+)）", line)[0]
            assert Decimal(said) == bound
            assert set(units.split("、")) == {
                row["单位"] for row in ranked if Decimal(row["总分"]) == bound
            }


@pytest.mark.parametrize("name", DOCUMENTS)
def test_bands_and_first_ranks_are_those_of_the_annexes(name: str) -> None:
    lines = texts_in(document_of(name, "zh_CN"), "Normal")
    annexes = annexes_of(name)
    told = [line for line in lines if re.match(r"\S+?\d+个：|前三名：", line)]
    for line in told:
        if line.startswith("前三名"):
            named = re.findall(r"[：、]([^（、]+)（([\d.]+)分）", line)
            first = [
                [row for row in rows if row["名次"] and int(row["名次"]) <= 3] for rows in annexes
            ]
            assert named in [
                [(row["单位"], f"{Decimal(row['总分']).normalize():f}") for row in rows]
                for rows in first
            ]
        else:
            counts = {band: int(number) for band, number in re.findall(r"([^；]+?)(\d+)个：", line)}
            assert counts in [
                Counter(row["等次"] for row in rows if row["等次"]) for rows in annexes
            ]


def test_the_feedback_of_a_unit_has_its_own_figures() -> None:
    content = document_of("scores", "zh_CN", "feedback")
    rows = {row["单位"]: row for annex in annexes_of("scores") for row in annex}
    units = [text.removesuffix("：") for text in texts_in(content, "Address")]
    assert len(units) == 37
    points = [
        table for table in opened(content).tables if table.rows[0].cells[0].text == "考核指标"
    ]
    for unit, table in zip(units, points, strict=True):
        own = {row.cells[0].text: row.cells[2].text for row in table.rows[1:]}
        compared = own.keys() & rows[unit].keys()  # the annex has no parts of parts
        assert len(compared) >= 3
        for title in compared:
            assert Decimal(own[title]) == Decimal(rows[unit][title]), unit


@pytest.mark.parametrize("name", [name for name in DOCUMENTS if name not in ("composite", "sums")])
def test_losses_stand_apart_from_what_else_is_said(name: str) -> None:
    tables = losses = 0
    heading = ""
    for block in opened(document_of(name, "zh_CN", "feedback")).iter_inner_content():
        if not hasattr(block, "rows"):
            heading = block.text if block.style.name == "Heading 1" else heading
            continue
        head, *rows = ([cell.text for cell in row.cells] for row in block.rows)
        if head[0] != "编号":
            continue
        tables += 1
        assert heading[2:].startswith(("失分项目", "其他情况"))
        places = {title: place for place, title in enumerate(head)}
        for row in rows:
            is_item = re.fullmatch("[A-Z][0-9]+", row[0]) is not None
            figures = [row[places[title]] for title in ("分值", "得分")]
            known = all(re.fullmatch("-?[0-9.]+", figure) for figure in figures)
            is_lost = is_item and known and Decimal(figures[1]) < Decimal(figures[0])
            if heading[2:].startswith("失分项目"):
                losses += 1
                assert is_lost, row
            elif is_lost:  # bonuses have caps as well; what does not apply is no loss
                assert row[0][0] in "JK" or "不适用：" in row[1], row
    assert tables > 1
    assert losses


@pytest.mark.parametrize("name", ["rubrics/station", "rubrics/market", "rubrics/village"])
def test_the_cap_of_a_total_in_feedback_is_that_of_the_unit(name: str) -> None:
    tables = opened(document_of(name, "zh_CN", "feedback")).tables
    points = [table for table in tables if table.rows[0].cells[0].text == "考核指标"]
    assert points
    for table in points:
        *caps, whole = (Decimal(row.cells[1].text) for row in table.rows[1:])
        assert sum(caps) == whole
    if name == "rubrics/station":  # 5 points do not apply to the last one
        assert [table.rows[-1].cells[1].text for table in points] == ["100", "100", "95"]
