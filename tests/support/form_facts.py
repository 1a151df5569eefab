"""A rubric with rules, adjustments and vetoes, and its forms in Excel."""

import io
from contextlib import suppress
from decimal import Decimal

from hypothesis import strategies as st
from pydantic_core import PydanticCustomError
from tests.support.rubrics import read_rubric, read_sheet_text

from epa_score.exporters.xlsx.form import Form, write_form
from epa_score.i18n import Words
from epa_score.model import ScoreSheet
from epa_score.model.sheet import AdjustmentScore
from epa_score.readers import excel
from epa_score.readers.rubrics import RubricFile, RubricLibrary
from epa_score.readers.sheets import SheetFile, sheet_of
from epa_score.values.fact_names import read_fact_name

LONG = "、".join(f"第{number}种情况下的办理结果" for number in range(40))

TEXT = f"""\
id: county
title: 某县考核评分细则
total: 100
sections:
  - id: A
    title: 规则
    max: 80
    items:
      - {{id: A1, max: 10, text: 报送, rule: {{deduct: {{each: 0.5, possible: 12}}}}}}
      - {{id: A2, max: 10, text: 培训, rule: {{ratio: {{part: true}}}}, not_applicable: rescale}}
      - {{id: A3, max: 10, text: 台账, rule: {{levels: {{优: 10, 良: 8}}}}}}
      - {{id: A4, max: 10, text: 制度, rule: {{hard_zero: [虚报, 漏报]}}}}
      - {{id: A5, max: 10, text: 接待, rule: {{deduct: {{each: {{迟报: 0.5, 缺报: 1}}}}}}}}
      - id: A6
        max: 10
        text: 满意
        rule: {{target: {{target: 90, points: 8, over: 0.5, under: 1}}}}
      - {{id: A7, max: 10, text: 结果, rule: {{levels: {{"{LONG}": 10, 其他: 0}}}}}}
      - {{id: A8, max: 10, text: 档案, rule: {{hard_zero: [丢失]}}, not_applicable: exclude}}
  - id: B
    title: 评议
    max: 20
    items:
      - {{id: B1, max: 10, text: 负责}}
      - id: B2
        max: 10
        text: 企业 5 家以上
        targets: {{all: [{{name: 企业, at_least: 5}}]}}
adjustments:
  bonus:
    max: 6
    same_fact: once
    items:
      - {{id: J1, text: 获省级表彰, each: 3}}
      - {{id: J2, text: 获市级表彰, each: 1, max: 2}}
      - {{id: J3, text: 采用信息, each: 0.5, max: 2, count: true}}
  penalty:
    items:
      - {{id: K1, text: 通报批评, each: 2}}
      - {{id: K2, text: 影响恶劣, judged: true, max: 5}}
veto: [{{id: V1, text: 重大事故, effect: exclude}}]
"""

FOUND = read_rubric(TEXT)

RUBRIC = FOUND.rubric


assert RUBRIC is not None, FOUND.diagnostics


SHELF = RubricLibrary(given=RubricFile("rubric.yaml", TEXT.encode(), RUBRIC, ()))

SHEET = """\
rubric: county
unit: 示例甲镇
scores:
  A1: {value: 3, note: 三月起}
  A2: {done: 8.25, target: 10}
  A3: {level: 良}
  A4: {score: 9, 虚报: 否, 漏报: 否}
  A5: {迟报: 2, 缺报: 0}
  A6: {value: 1234567.5}
  A7: {level: 其他}
  A8: {score: 10, 丢失: 否}
  B1: 7
  B2: {score: 10, measured: {企业: 5}, evidence: [名册]}
adjustments:
  J1: [全省现场会, 省部表彰]
  J3: {value: 3, note: 三篇, evidence: [剪报]}
  K2: {score: 1.5, note: 媒体曝光}
veto: {V1: 起火}
"""


def sheet_in(text: str) -> ScoreSheet:
    assert RUBRIC is not None
    found = read_sheet_text(RUBRIC, text, incomplete=True)
    assert found.sheet is not None, found.diagnostics
    return found.sheet


def form_of(sheet: ScoreSheet | None = None) -> bytes:
    assert RUBRIC is not None
    written = io.BytesIO()
    write_form(Form(RUBRIC, "示例甲镇", sheet), written, WORDS)
    return written.getvalue()


WORDS = Words("zh_CN")


def taken(data: bytes, *, incomplete: bool = True) -> SheetFile:
    return sheet_of(data, excel.read("甲.xlsx", data)[0], SHELF, incomplete=incomplete)


def said(sheet: ScoreSheet | None) -> object:
    """All that a sheet says, numbers as what they mean."""
    assert sheet is not None
    scores = {}
    for name in sheet.scores:
        one = sheet.score(name)
        facts = {key: _meant(fact) for key, fact in one.facts.items() if fact is not None}
        more = (one.note, one.evidence, one.measured, one.not_applicable)
        if facts or any(more):
            scores[name] = (facts, *more)
    adjustments = {
        name: facts
        for name, facts in sheet.adjustments.items()
        if facts not in ((), AdjustmentScore())
    }
    return scores, adjustments, {name: why for name, why in sheet.veto.items() if why}


def _meant(fact: object) -> object:
    text = str(fact)
    return Decimal(text) if text.replace(".", "").isdecimal() else text


NUMBERS = st.decimals(0, 9999, places=2, allow_nan=False).map(str)


def is_name(text: str) -> bool:
    """Whether a text is one name, and no sign in it may separate two."""
    with suppress(PydanticCustomError):
        return read_fact_name(text) == text
    return False


NAMES = st.lists(
    st.text(st.characters(codec="utf-8", categories=["L", "P"]), min_size=2, max_size=6)
    .map(lambda text: f"事{text}由")
    .filter(is_name),
    max_size=3,
    unique_by=lambda name: "".join(filter(str.isalpha, name)).casefold(),
)


NUMBERED: st.SearchStrategy[object] = st.one_of(
    st.integers(0, 99).map(str),
    st.builds(dict, value=st.integers(0, 99).map(str), note=st.sampled_from(["三篇", None])),
)
JUDGED: st.SearchStrategy[object] = st.one_of(
    st.just({}),
    st.builds(dict, score=st.sampled_from(["0", "0.25", "5"]), note=st.just("媒体曝光")),
)


REASONS = st.sampled_from(["五月\n起火", "「未成年人」溺水", "7月快递丢件，十二户联名"])


@st.composite
def sheets(draw: st.DrawFn) -> ScoreSheet:
    """Any sheet of the rubric, with facts and without."""
    yes_no = st.sampled_from(["是", "否", "yes", "no"])
    kinds: dict[str, dict[str, st.SearchStrategy[str]]] = {
        "A1": {"value": st.integers(0, 12).map(str)},
        "A2": {"done": st.just("3.5"), "target": NUMBERS.filter(lambda one: Decimal(one) >= 4)},
        "A3": {"level": st.sampled_from(["优", "良"])},
        "A4": {"score": st.integers(0, 10).map(str), "虚报": yes_no, "漏报": yes_no},
        "A5": {"迟报": st.integers(0, 99).map(str), "缺报": st.integers(0, 99).map(str)},
        "A6": {"value": NUMBERS},
        "A7": {"level": st.sampled_from([LONG, "其他"])},
    }
    scores: dict[str, dict[str, object]] = {}
    for name, facts in kinds.items():
        chosen = draw(st.sets(st.sampled_from(sorted(facts))))
        scores[name] = {fact: draw(facts[fact]) for fact in sorted(chosen)}
        scores[name]["note"] = draw(st.none() | st.just("说明"))
    if draw(st.booleans()):
        scores["A2"] = {"not_applicable": "没有这项工作", "note": draw(st.none() | st.just("另"))}
    measured = draw(st.dictionaries(st.just("企业"), NUMBERS))
    scores["B2"] = {"score": draw(st.none() | st.just("9")), "measured": measured}
    everything = {
        "rubric": "county",
        "unit": "示例甲镇",
        "scores": scores,
        "adjustments": draw(st.dictionaries(st.sampled_from(["J1", "J2", "K1"]), NAMES))
        | draw(st.dictionaries(st.just("J3"), NUMBERED))
        | draw(st.dictionaries(st.just("K2"), JUDGED)),
        "veto": draw(st.dictionaries(st.just("V1"), st.none() | REASONS)),
    }
    return ScoreSheet.model_validate(everything)
