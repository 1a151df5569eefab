"""The short way of a plain sheet: what it takes the long way takes as well, and alike.

``EPA_SCORE_SHEETS=100000`` draws so many sheets, of which more than a third are accepted.
"""

import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.examples import EVERYDAY

from epa_score.readers import sheets, yaml
from epa_score.readers.rubrics import RubricLibrary
from epa_score.readers.sheets import PlainResult, SheetFile, sheet_of

AT_ONCE = 100

RUBRICS = {
    "town": """\
id: town
title: 乡镇
total: 20
sections:
  - {id: A, title: 甲, max: 8, items: [{id: A1, max: 3, text: 一}, {id: A2, max: 5, text: 二}]}
  - {id: B, title: 乙, max: 12, items: [{id: B1, max: 12, text: 三}]}
bands: [{name: 合格, at_least: 12}, {name: 不合格, at_least: 0}]
""",
    "halves": """\
id: halves
title: 部门
total: 10
step: 0.5
units: [县商务局, 县农业局, 移动公司]
sections:
  - id: A
    title: 甲
    max: 10
    sections:
      - id: AA
        title: 内
        max: 4
        items: [{id: A1, max: 1.5, text: 一}, {id: A2, max: 2.5, text: 二}]
      - {id: AB, title: 外, max: 6, items: [{id: B1, max: 6, text: 三}]}
""",
    "duties": """\
id: duties
title: 个性
total: 12
decimals: 1
sections:
  - {id: A, title: 共性, max: 8, items: [{id: A1, max: 3, text: 一}, {id: A2, max: 5, text: 二}]}
  - id: B
    title: 个性
    max: 4
    per_unit:
      - {units: [县商务局], items: [{id: B1, max: 4, text: 电商}]}
      - {units: [县农业局, 移动公司], items: [{id: B1, max: 4, text: 农业}]}
""",
    "ruled": """\
id: ruled
title: 规则
total: 12
sections:
  - id: A
    title: 甲
    max: 8
    items:
      - {id: A1, max: 3, text: 一, not_applicable: exclude}
      - {id: A2, max: 5, text: 二, rule: {deduct: {each: 1}}}
  - {id: B, title: 乙, max: 4, items: [{id: B1, max: 4, text: 三}]}
""",
    "capped": """\
id: capped
title: 封顶
total: 6
sections:
  - id: A
    title: 甲
    max: 6
    capped: true
    items: [{id: A1, max: 3, text: 一}, {id: A2, max: 5, text: 二}, {id: B1, max: 4, text: 三}]
""",
    "judged": """\
id: judged
title: 评委
total: 12
panel: {method: mean, by: item, minimum: 2}
sections:
  - {id: A, title: 甲, max: 8, items: [{id: A1, max: 3, text: 一}, {id: A2, max: 5, text: 二}]}
  - {id: B, title: 乙, max: 4, items: [{id: B1, max: 4, text: 三}]}
""",
    "selfs": """\
id: selfs
title: 自评
total: 12
self_score: {gap: 1}
sections:
  - {id: A, title: 甲, max: 8, items: [{id: A1, max: 3, text: 一}, {id: A2, max: 5, text: 二}]}
  - {id: B, title: 乙, max: 4, items: [{id: B1, max: 4, text: 三}]}
""",
    "shared": """\
id: shared
title: 分工
total: 12
assessors: [{name: 考核一组, items: [A, B]}, {name: 考核二组, items: [C]}]
sections:
  - {id: A, title: 甲, max: 5, items: [{id: A1, max: 3, text: 一}, {id: A2, max: 2, text: 二}]}
  - {id: B, title: 乙, max: 4, items: [{id: B1, max: 4, text: 三}]}
  - {id: C, title: 丙, max: 3, items: [{id: C1, max: 3, text: 四}]}
""",
    "extra": """\
id: extra
title: 加分
total: 12
sections:
  - {id: A, title: 甲, max: 8, items: [{id: A1, max: 3, text: 一}, {id: A2, max: 5, text: 二}]}
  - {id: B, title: 乙, max: 4, items: [{id: B1, max: 4, text: 三}]}
adjustments:
  bonus: {max: 2, items: [{id: J1, text: 获奖, each: 1}]}
veto: [{id: V1, text: 事故, effect: exclude}]
""",
}
UNITS = ("县商务局", "县农业局", "移动公司")
POINTS = (*("0", "1", "1.5", "0.5", "1.0", "0.0", "1.50") * 2, "2", "2.5", "3", "0.25")
NOTES = ("缺2本", '"应到20人, 实到3人"', "原因：会议迟到", "~", "'单引号'", "2018")
ODD = (
    *("", "~", "null", "true", "-1", "+1", "99", "3.0001", "1:30", "2分", ".5", "5.", "0x1"),
    *("1_0", "1e1", "８", "八", "'3'", '"3"', "[1]", "{}", "{note: 无}", "!!float 1", "&a 1"),
    *("{score: 1, score: 2}", "{score: '1'}", "{score: 1, facts: 2}", "{not_applicable: 无}"),
    *("{score: 1, evidence: 册}", "{score: 1, evidence: []}", "{score: 1, evidence: [' ']}"),
    *("{score: 1, note: [a]}", "{score: , note: 无}", "{score: 1, measured: {a: 1}}", "*a"),
    *("{score: 1.50, note: }", "12345678901", "1.0000000000", "{times: 1}", "3.", "010", "00"),
    *("{score: 1, self_score: 2}", "{score: 1, self_score: 九}", "{score: 1, self_score: }"),
    *("{score: 1e0}", "0.000000001", "|\n 1", "{score: 99, note: 无}", "{score: 0.001}"),
)
SIGNS: tuple[str, ...] = (
    *("'", '"', "\r\n", "---\n", "<<: a\n", *"#{}[],:&*!|>%@-? \t\n"),
    *("：", "，", "\u3000", "0", "９", "\u200b", "\ufeff", "\u2028", "\x85"),
)
LINES = (
    *("assessor: 考核一组", "date: 2018-12-20", 'period: "2018"', "# 说明", "    note: 无"),
    *("assessor: ''", "date: 2018-13-01", "date: 2018.12", "period: ２０１８", "period:"),
    *("period: ' '", "veto: {V1: 起火}", "veto:", "title: 无", "adjustments: {J1: [获奖]}"),
    *("adjustments:", "sections: []", "unit: 县商务局", "- a", "rubric: town"),
    *("scores: {A1: 1}", "  A9: 1", "  A1: 2", "  a1: 1"),
)


def drawn(random: Random) -> str:
    """A sheet that is mostly sound."""
    lines = [f"rubric: {random.choice([*RUBRICS, 'town', 'halves', 'duties'])}"]
    lines.append(f"unit: {random.choice(UNITS)}")
    lines += random.sample(LINES[:4], random.randrange(3))
    lines.append("scores:")
    for item in ("A1", "A2", "B1"):
        points = random.choice(POINTS)
        form = random.randrange(5)
        if form < 3:
            lines.append(f"  {item}: {points}")
        elif form == 3:
            lines.append(f"  {item}: {{score: {points}, note: {random.choice(NOTES)}}}")
        else:
            lines.append(f"  {item}:\n    score: {points}\n    evidence: [册{points}, 表]")
    return "\n".join(lines) + "\n"


def put_odd_points(text: str, random: Random) -> str:
    item = random.choice(("A1", "A2", "B1"))
    start = text.find(f"  {item}:") + 5
    end = text.find("\n", start)
    return " ".join((text[:start], random.choice(ODD))) + text[end:]


def put_sign(text: str, random: Random) -> str:
    at = random.randrange(len(text) + 1)
    return text[:at] + random.choice(SIGNS) + text[at:]


def drop_character(text: str, random: Random) -> str:
    at = random.randrange(len(text))
    return text[:at] + text[at + 1 :]


def put_line(text: str, random: Random) -> str:
    lines = text.splitlines()
    lines.insert(random.randrange(len(lines) + 1), random.choice(LINES))
    return "\n".join(lines) + "\n"


def drop_line(text: str, random: Random) -> str:
    lines = text.splitlines()
    del lines[random.randrange(len(lines))]
    return "\n".join(lines) + "\n"


def swap_lines(text: str, random: Random) -> str:
    lines = text.splitlines()
    one, other = (random.randrange(len(lines)) for _ in range(2))
    lines[one], lines[other] = lines[other], lines[one]
    return "\n".join(lines) + "\n"


def name_another(text: str, random: Random) -> str:
    old = random.choice((*UNITS, *RUBRICS))
    new = random.choice((" 县商务局 ", "县 商务局", "某镇", "[a]", "a", "''", "'县商务局'"))
    return text.replace(old, new)


MUTATIONS: tuple[Callable[[str, Random], str], ...] = (
    *(put_odd_points, put_sign, drop_character, put_line, drop_line, swap_lines, name_another),
)


def number_of_sheets() -> int:
    """How many sheets are drawn in all."""
    everyday = settings.get_current_profile_name() == EVERYDAY
    return int(os.environ.get("EPA_SCORE_SHEETS") or (2_000 if everyday else 4_000))


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> RubricLibrary:
    """The rubrics of this file, all of them sound."""
    folder = tmp_path_factory.mktemp("short")
    (folder / "rubrics").mkdir()
    for name, text in RUBRICS.items():
        (folder / "rubrics" / f"{name}.yaml").write_text(text, encoding="utf-8")
    found = RubricLibrary(str(folder))
    for name in RUBRICS:
        found.require(name)
    return found


def both_ways(
    text: str, library: RubricLibrary, *, incomplete: bool
) -> tuple[SheetFile, SheetFile]:
    """A sheet read as it is, and by the long way alone."""
    data = text.encode()
    source = yaml.read("sheet.yaml", data)
    short = sheet_of(data, source, library, incomplete=incomplete)
    source = yaml.read("sheet.yaml", data)
    return short, sheets._any_sheet_of(data, source, library, incomplete=incomplete)


def test_both_ways_give_the_same(library: RubricLibrary) -> None:
    seen: Counter[str] = Counter()

    @settings(max_examples=max(number_of_sheets() // AT_ONCE, 1))
    @given(st.integers(0, 2**32))
    def draw(seed: int) -> None:
        random = Random(seed)  # noqa: S311
        for number in range(AT_ONCE):
            text = drawn(random)
            for _ in range(random.choice((0, 0, 0, 1, 2))):
                text = random.choice(MUTATIONS)(text, random)
            short, long = both_ways(text, library, incomplete=number % 4 == 0)
            seen["drawn"] += 1
            seen["accepted"] += long.result is not None
            seen["short"] += isinstance(short.known, PlainResult)
            assert short.diagnostics == long.diagnostics, text
            assert (short.sheet, short.result) == (long.sheet, long.result), text
            assert (short.unit, short.period) == (long.unit, long.period), text
            assert not long.result or short.assessor == long.assessor, text
            assert (short.rubric, short.rubric_name) == (long.rubric, long.rubric_name), text

    draw()
    assert seen["accepted"] * 3 > seen["drawn"], seen
    assert seen["short"] * 2 > seen["accepted"]
    assert seen["short"] < seen["accepted"]


SHEET = """\
rubric: town
unit: 甲镇
period: "2018"
scores:
  A1: 3
  A2: {score: 4.50, note: 缺1本}
  B1: {score: 11, evidence: [册1]}
"""


def taken(text: str, library: RubricLibrary) -> bool:
    """True where the short way takes a sheet."""
    short, long = both_ways(text, library, incomplete=False)
    assert (short.sheet, short.result, short.diagnostics) == (
        *(long.sheet, long.result, long.diagnostics),
    )
    return isinstance(short.known, PlainResult)


def test_a_plain_sheet_takes_the_short_way(library: RubricLibrary) -> None:
    assert taken(SHEET, library)
    assert taken(SHEET.replace("4.50", "4.5"), library)
    assert taken(SHEET.replace("period", "assessor"), library)
    assert taken(SHEET.replace('period: "2018"', "date: 2018-12-20"), library)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        *[("A1: 3", "A1: 3.01"), ("A1: 3", "A1: 2.001"), ("A1: 3", "A1: '3'"), ("A1: 3", "A1:")],
        *[("A1: 3", "A1: 1e0"), ("4.50", "'4.50'"), ("4.50", "5.01"), ("note", "not")],
        *[("  A1: 3\n", ""), ("A1: 3", "A9: 3"), ("A1: 3", "A1: 3\n  A9: 1")],
        *[("town", "nowhere"), ("town", "judged"), ("town", "extra"), ("town", "capped")],
        ("town", "shared"),
        *[('period: "2018"', "date: 2018-13-01"), ('period: "2018"', "date: 2018.12.20")],
        *[("town", "halves"), ("甲镇", "' '"), ('"2018"', "[2018]"), ("scores:", "veto:\nscores:")],
    ],
)
def test_any_other_takes_the_long_way(library: RubricLibrary, old: str, new: str) -> None:
    assert old in SHEET
    assert not taken(SHEET.replace(old, new), library)


def test_no_scores_are_no_plain_sheet(library: RubricLibrary) -> None:
    for rubric in RUBRICS:
        assert not taken(f"rubric: {rubric}\nunit: 县商务局\nscores: {{}}\n", library)


def test_a_unit_of_another_shipped_rubric_takes_the_long_way(tmp_path: Path) -> None:
    library = RubricLibrary(str(tmp_path))
    scope = library.require("township").rubric.scope("甲镇")
    assert scope is not None
    scores = "\n".join(f"  {name}: {cap}" for name, cap in scope.caps.items())
    assert taken(f"rubric: township\nunit: 甲镇\nscores:\n{scores}\n", library)
    assert not taken(f"rubric: township\nunit: 县农业局\nscores:\n{scores}\n", library)
