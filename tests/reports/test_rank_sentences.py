"""Every number in the sentences on a rank, worked out once more by the scorer of the tests."""

import copy
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from tests.support.commands import HandIn, Run, ranked
from tests.support.every_table import EXAMPLES
from tests.support.independent_scorer import (
    UnitFigures,
    every_section,
    half_up,
    number,
    own_items,
    rank_units,
    score_units,
)
from tests.support.paths import ROOT
from tests.support.reports import report_of, text_of_page

Plain = dict[str, Any]
NUMBER = r"(-?[0-9.]+)"
STANDS = re.compile(
    rf"^(.+?)(?:暂)?得 {NUMBER} 分，(?:在【.+?】组内)?列第 (\d+) 名（共 (\d+) 个单位）"
)
EXCLUDED = re.compile(rf"^(.+?)得 {NUMBER} 分；不参加排名")
ABOVE = re.compile(rf"比第 (\d+) 名([^，。；]+?)少 {NUMBER} 分")
BELOW = re.compile(rf"比第 (\d+) 名([^，。；]+?)多 {NUMBER} 分")
EQUAL = re.compile(r"总分与第 (\d+) 名([^，。；]+?)相同，依次比较[^，。；]+?排在(前|后)面")
LOSS = re.compile(rf"(?:：|；)([A-Z][0-9]+)（.*?）得 {NUMBER} 分，平均 {NUMBER} 分")
SECTION_LOSS = re.compile(rf"距最大：([^A-Z（）]+?)得 {NUMBER} 分，平均 {NUMBER} 分")
LIFT = re.compile(
    rf"总分(只要)?再多 {NUMBER} 分就(?:与|排到)(?:第 (\d+) 名)?(.+?)"
    r"(?:前面|总分相同|并列第 (\d+) 名)"
)
GAIN = re.compile(rf"([A-Z][0-9]+)(?:（未评）)? 得满分可多 {NUMBER} 分")
TOGETHER = re.compile(rf"可补分最多的 (\d+) 项合计可多 {NUMBER} 分")
TOO_LITTLE = re.compile(rf"各项都得满分也只多 {NUMBER} 分")
KNOWN = re.compile(r"[0-9.]+")
HEAD = re.compile(rf"^(?:\d+\. )?(\S+) {NUMBER} 分，失分 (?:{NUMBER}，)?(\d+) 项 ")


class Example(NamedTuple):
    """A rubric as plain values, its sheets, and the figures of its units."""

    rubric: Plain
    sheets: list[Plain]
    units: dict[str, UnitFigures]
    groups: Mapping[str, Sequence[str]]


def plain_of(path: Path) -> Plain:
    found = yaml.load(path.read_text("utf-8"), yaml.BaseLoader)  # noqa: S506 -- it makes text alone
    assert isinstance(found, dict)
    return found


def whole_numbers(rubric: Plain) -> Plain:
    """The rubric with those of its numbers that are counts as such."""
    given = {**rubric}
    if "decimals" in given:
        given["decimals"] = int(given["decimals"])
    if "panel" in given:
        own = given["panel"]
        given["panel"] = own | {name: int(own[name]) for name in ("drop", "minimum") if name in own}
    return given


def score_example(rubric: Plain, sheets: list[Plain]) -> Example:
    units = score_units(rubric, sheets)
    groups: Mapping[str, Sequence[str]] = rubric.get("groups") or {"": list(units)}
    there = {name: [unit for unit in own if unit in units] for name, own in groups.items()}
    rank_units(rubric, units, groups=there)
    return Example(rubric, sheets, units, there)


@cache
def examples() -> list[Example]:
    """Every example that a rubric scores."""
    found = []
    for name in EXAMPLES:
        folder = ROOT / "examples" / name
        if "--composite" in EXAMPLES[name]:
            continue
        library = ROOT / "rubrics" if name == "scores" else folder / "rubrics"
        scores = folder if name == "scores" else folder / "scores"
        sheets = [plain_of(path) for path in sorted(scores.glob("*.yaml"))]
        for path in sorted(library.glob("*.yaml")):
            rubric = whole_numbers(plain_of(path))
            own = [sheet for sheet in sheets if sheet["rubric"] == rubric["id"]]
            if own:
                found.append(score_example(rubric, own))
    return found


def sentences_of(text: str) -> Iterator[list[str]]:
    """The sentences on each unit in the text of a report."""
    lines = text.splitlines()
    for start, line in enumerate(lines):
        if STANDS.match(line) or EXCLUDED.match(line):
            end = start + 1
            while lines[end].endswith("。") and lines[end].startswith(("与各", "各项", "别的")):
                end += 1
            yield lines[start:end]


@cache
def said_of(name: str) -> list[list[str]]:
    return list(sentences_of(text_of_page(report_of(name, "zh_CN"))))


def neighbours(example: Example, unit: str) -> tuple[list[UnitFigures], list[UnitFigures], int]:
    """The units of the ranks above and below, and how many are ranked beside the unit."""
    members = next((own for own in example.groups.values() if unit in own), list(example.units))
    ranked = [example.units[own] for own in members if example.units[own].rank is not None]
    own = example.units[unit].rank
    assert own is not None
    better = max((one.rank for one in ranked if one.rank and one.rank < own), default=0)
    worse = min((one.rank for one in ranked if one.rank and one.rank > own), default=0)
    above = [one for one in ranked if one.rank == better]
    return above, [one for one in ranked if one.rank == worse], len(ranked)


def check_margin(found: re.Match[str] | None, others: list[UnitFigures], own: UnitFigures) -> None:
    gap = abs(others[0].total - own.total) if others else Fraction(0)
    if not gap:
        assert found is None
        return
    assert found is not None
    assert int(found[1]) == others[0].rank
    assert set(found[2].split("等 ")[0].split("、")) <= {one.unit for one in others}
    assert Fraction(found[3]) == gap


def check_standing(example: Example, sentence: str) -> str:
    excluded = EXCLUDED.match(sentence)
    if excluded:
        own = example.units[excluded[1]]
        assert own.rank is None
        assert Fraction(excluded[2]) == own.total
        return own.unit
    found = STANDS.match(sentence)
    assert found is not None
    own = example.units[found[1]]
    above, below, ranked = neighbours(example, own.unit)
    assert (Fraction(found[2]), int(found[3]), int(found[4])) == (own.total, own.rank, ranked)
    check_margin(ABOVE.search(sentence), above, own)
    check_margin(BELOW.search(sentence), below, own)
    equal = {way: int(rank) for rank, _, way in EQUAL.findall(sentence)}
    expected = {
        way: others[0].rank
        for way, others in (("后", above), ("前", below))
        if others and others[0].total == own.total
    }
    assert equal == expected
    assert ("与" in sentence and "并列" in sentence) is own.tied
    return own.unit


def items_of(example: Example, unit: str) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Section, id and entry of each item that a unit is scored on."""
    for section in every_section(example.rubric["sections"]):
        for item in own_items(section, unit) if "sections" not in section else ():
            yield section["id"], item["id"], item


def means_of(example: Example, unit: str) -> dict[str, tuple[Fraction, Fraction]]:
    """The points of a unit in each item, and the mean of the ranked units that have the item."""
    decimals = example.rubric.get("decimals", 2)
    members = next((own for own in example.groups.values() if unit in own), list(example.units))
    ranked = [own for own in members if example.units[own].rank is not None]
    found = {}
    for section, name, item in items_of(example, unit):
        points = [
            example.units[other].items[name]
            for other in ranked
            if not does_not_apply(example, other, name)
            and any((s, i, e) == (section, name, item) for s, i, e in items_of(example, other))
        ]
        known = [one for one in points if one is not None]
        own = example.units[unit].items.get(name)
        if known and own is not None and not does_not_apply(example, unit, name):
            found[name] = own, half_up(sum(known, Fraction(0)) / len(known), decimals)
    return found


def does_not_apply(example: Example, unit: str, item: str) -> bool:
    given = [
        (sheet.get("scores") or {}).get(item) for sheet in example.sheets if sheet["unit"] == unit
    ]
    return any(isinstance(own, dict) and "not_applicable" in own for own in given)


def check_loss(example: Example, unit: str, sentence: str) -> int:
    means = means_of(example, unit)
    most = max((mean - own for own, mean in means.values()), default=Fraction(0))
    named = LOSS.findall(sentence)
    sections = SECTION_LOSS.findall(sentence)
    for name, own, mean in named:
        assert (Fraction(own), Fraction(mean)) == means[name]
        assert means[name][1] - means[name][0] == most
    for title, own, mean in sections:
        check_section(example, unit, title, Fraction(own), Fraction(mean))
        assert Fraction(mean) - Fraction(own) >= most
    if sentence.startswith("各项"):
        assert most <= 0
    else:
        assert named or sections
    return len(named) + len(sections)


def check_section(example: Example, unit: str, title: str, own: Fraction, mean: Fraction) -> None:
    (section,) = (one for one in every_section(example.rubric["sections"]) if one["title"] == title)
    points = {name: figures.sections[section["id"]] for name, figures in example.units.items()}
    assert own == points[unit]
    decimals = max(
        1, *(len(str(float(one)).rstrip("0").partition(".")[2]) for one in points.values())
    )
    assert mean == half_up(sum(points.values(), Fraction(0)) / len(points), decimals)


def total_with(example: Example, unit: str, items: Sequence[str]) -> Fraction:
    """The total of a unit as if a person had given full marks in some items."""
    rubric, sheets = copy.deepcopy(example.rubric), copy.deepcopy(example.sheets)
    caps = {name: item["max"] for _, name, item in items_of(example, unit)}
    for section in every_section(rubric["sections"]):
        entries = [*section.get("items", [])]
        entries += [item for own in section.get("per_unit", []) for item in own.get("items", [])]
        for item in entries:
            if item["id"] in items and "pool" not in section:
                item.pop("rule", None)
                item.pop("targets", None)
    pools = [section for section in every_section(rubric["sections"]) if "pool" in section]
    pooled = {item["id"] for section in pools for item in section["items"]}
    own = [sheet for sheet in sheets if sheet["unit"] == unit]
    for sheet in own:
        for name in items:
            given = sheet["scores"].get(name)
            if name in pooled:  # nothing is deducted
                sheet["scores"][name] = dict.fromkeys(given, "0")
            elif rubric.get("assessors") is None or name in sheet["scores"]:
                sheet["scores"][name] = caps[name]
    return score_units(rubric, sheets)[unit].total


def check_lift(example: Example, unit: str, sentence: str) -> int:
    own = example.units[unit]
    above, _, _ = neighbours(example, unit)
    found = LIFT.search(sentence)
    assert found is not None
    gap = above[0].total - own.total
    if found[1]:
        assert gap == 0
        gap = number(
            example.rubric.get("step", Fraction(1, 10 ** example.rubric.get("decimals", 2)))
        )
    assert Fraction(found[2]) == gap
    assert int(found[3] or found[5]) == above[0].rank
    gains = {name: Fraction(points) for name, points in GAIN.findall(sentence)}
    if not gains:
        assert "说不准" in sentence or "不会增加" in sentence
        return 0
    every = {
        name: total_with(example, unit, [name]) - own.total
        for _, name, _ in items_of(example, unit)
        if not does_not_apply(example, unit, name)
    }
    assert {name: every[name] for name in gains} == gains
    ordered = sorted(every.values(), reverse=True)
    assert list(gains.values()) == ordered[: len(gains)]
    lossy = sorted((name for name in every if every[name] > 0), key=lambda name: -every[name])
    fewest = next(
        (
            n
            for n in range(1, len(lossy) + 1)
            if total_with(example, unit, lossy[:n]) - own.total >= gap
        ),
        len(lossy),
    )
    together = total_with(example, unit, lossy[:fewest]) - own.total
    said, short = TOGETHER.search(sentence), TOO_LITTLE.search(sentence)
    if together < gap:
        assert short is not None
        assert Fraction(short[1]) == together
    elif fewest > 1:
        assert said is not None
        assert (int(said[1]), Fraction(said[2])) == (fewest, together)
    else:
        assert said is None
        assert short is None
    return len(gains)


NAMES = [name for name in EXAMPLES if "--composite" not in EXAMPLES[name]]


@pytest.mark.parametrize("name", NAMES)
def test_every_number_is_worked_out_once_more(name: str) -> None:
    said = said_of(name)
    known = {unit: example for example in examples() for unit in example.units}
    checked = numbers = 0
    for sentences in said:
        unit = (STANDS.match(sentences[0]) or EXCLUDED.match(sentences[0]) or ["", ""])[1]
        own = [
            example for example in examples() if unit in example.units and belongs(example, name)
        ]
        assert len(own) == 1, unit
        (example,) = own
        assert check_standing(example, sentences[0]) == unit
        assert 1 <= len(sentences) <= 3
        rest = {text[:2]: text for text in sentences[1:]}
        if "与各" in rest or "各项" in rest:
            numbers += check_loss(example, unit, rest.get("与各") or rest["各项"])
        rank = example.units[unit].rank
        assert ("别的" in rest) is (rank is not None and rank > 1)
        if "别的" in rest:
            numbers += check_lift(example, unit, rest["别的"])
        checked += 1
    assert checked == sum(len(e.units) for e in examples() if belongs(e, name))
    assert numbers > 1
    assert known


@pytest.mark.parametrize("name", NAMES)
def test_points_lost_beside_a_total_are_those_that_it_is_short_of(name: str) -> None:
    known = {unit: own for own in examples() if belongs(own, name) for unit in own.units}
    heads = [HEAD.match(line) for line in text_of_page(report_of(name, "zh_CN")).splitlines()]
    found = [head for head in heads if head is not None]
    assert found
    for head in found:
        own = known[head[1]].units[head[1]]
        sections = known[head[1]].rubric["sections"]
        short = sum((own.full_marks[part["id"]] for part in sections), Fraction(0)) - own.base
        if head[3] is not None:
            assert Fraction(head[3]) == short, head[0]
    if name == "rubrics/standards":  # a section or the total counts 0
        assert [head[3] for head in found] == ["10", "13", None, None, None]
    if name == "rubrics/office":  # 51 points are deducted from a pool of 40
        assert [head[3] for head in found] == ["14.03", "30.32", None]


def belongs(example: Example, name: str) -> bool:
    ids = ("township", "departments") if name == "scores" else (Path(name).name,)
    return example.rubric["id"] in ids


@pytest.mark.parametrize("name", ["composite", "sums"])
def test_every_number_of_a_composite_result_is_worked_out_once_more(
    name: str, folder: Path, run: Run
) -> None:
    shutil.copytree(ROOT / "examples" / name, folder, dirs_exist_ok=True)
    rows = ranked(run, *EXAMPLES[name])
    sources = plain_of(folder / EXAMPLES[name][1])["sources"]
    rubrics = {path.stem: plain_of(path) for path in Path("rubrics").glob("*.yaml")}
    full = {
        own["name"]: number(own.get("out_of", rubrics[own["rubric"]]["total"])) for own in sources
    }
    columns = {own: [Fraction(row["sections"][own]) for row in rows] for own in full}
    checked = 0
    for place, sentences in enumerate(said_of(name)):
        row = rows[place]
        found = STANDS.match(sentences[0])
        assert found is not None
        assert found[1] == row["unit"]
        assert (Fraction(found[2]), int(found[3])) == (Fraction(row["total"]), row["rank"])
        gaps = {
            own: sum(known, Fraction(0)) / len(known) - known[place]
            for own, known in columns.items()
        }
        for own, points, mean in re.findall(
            rf"(\w+?)得 {NUMBER} 分，平均 {NUMBER} 分", sentences[1]
        ):
            title = own.removeprefix("与各单位的平均分相比差距最大：")
            assert Fraction(points) == columns[title][place]
            known = sum(columns[title], Fraction(0)) / len(rows)
            texts = (row["sections"][title] for row in rows)
            decimals = max(1, *(len(text.partition(".")[2]) for text in texts))
            assert Fraction(mean) == half_up(known, decimals)
            assert gaps[title] == max(gaps.values())
            checked += 1
        if row["rank"] > 1:
            lift = LIFT.search(sentences[-1])
            assert lift is not None
            assert Fraction(lift[2]) == Fraction(rows[place - 1]["total"]) - Fraction(row["total"])
            short = dict(re.findall(rf"(\w+)离满分还差 {NUMBER} 分", sentences[-1]))
            assert {own: Fraction(points) for own, points in short.items()} == {
                own: full[own] - known[place]
                for own, known in columns.items()
                if full[own] > known[place]
            }
            checked += 1
    assert checked > 3


def said(run: Run, unit: str, *more: str, lang: str = "zh") -> list[str]:
    """The sentences of `explain`."""
    outcome = run("explain", "--unit", unit, *more, lang=lang)
    assert outcome.code == 0, outcome.said
    return [line for line in outcome.said.splitlines() if line.endswith(("。", "."))]


def test_many_equal_units_are_counted(small: HandIn, run: Run) -> None:
    small("前镇", "A1: 2, A2: 4, B1: 4")
    for unit in "甲乙丙丁戊":
        small(f"{unit}镇", "A1: 2, A2: 4, B1: 3")
    small("后镇", "A1: 2, A2: 4, B1: 1")
    assert said(run, "甲镇")[0].startswith(
        "甲镇得 9 分，列第 2 名（共 7 个单位），与丁镇、丙镇、乙镇等 4 个单位并列"
    )
    assert "比第 2 名丁镇、丙镇、乙镇等 5 个单位少 2 分" in said(run, "后镇")[0]
    assert "5 in all" in said(run, "后镇", lang="en")[0]


def test_a_unit_alone_has_one_sentence_on_its_rank(small: HandIn, run: Run) -> None:
    small("甲镇", "A1: 2, A2: 3, B1: 4")
    assert said(run, "甲镇") == [
        "甲镇得 9 分，列第 1 名（共 1 个单位）。",
    ]


def test_totals_of_assessors_say_nothing_of_items(county: Path, run: Run) -> None:
    path = next((county / "rubrics").glob("*.yaml"))
    text = path.read_text("utf-8")
    path.write_text(text.replace("by: item", "by: total"), "utf-8")
    units = [row["unit"] for row in ranked(run)]
    last = said(run, units[-1])[-1]
    assert "总分由各评委的总分合成，哪一项能补多少分说不准。" in last


def test_who_cannot_gain_anything_is_told_so(folder: Path, run: Run) -> None:
    (folder / "rubrics").mkdir()
    (folder / "scores").mkdir()
    (folder / "rubrics" / "own.yaml").write_text(
        "id: own\ntitle: 细则\ntotal: 4\nunits: [甲镇, 乙镇]\nsections:\n"
        "  - {id: A, title: 甲, max: 4, items: [{id: A1, max: 4, text: 有人负责。}]}\n"
        "adjustments: {bonus: {items: [{id: J1, text: 表彰。, each: 1}]}}\n",
        "utf-8",
    )
    for unit, facts in (("甲镇", "表彰一"), ("乙镇", "")):
        lines = f"rubric: own\nunit: {unit}\nscores: {{A1: 4}}\n"
        lines += f"adjustments: {{J1: [{facts}]}}\n" if facts else ""
        (folder / "scores" / f"{unit}.yaml").write_text(lines, "utf-8")
    assert said(run, "乙镇")[-1] == (
        "别的单位不变，总分再多 1 分就与甲镇并列第 1 名；可是各项都得满分，总分也不会增加。"
    )


WHOLE = """
id: own
title: 细则
total: 25
decimals: 0
sections:
  - id: A
    title: 甲
    max: 25
    items:
      - {id: A1, max: 5, text: 一。}
      - {id: A2, max: 5, text: 二。}
      - {id: A3, max: 5, text: 三。}
      - {id: A4, max: 5, text: 四。}
      - {id: A5, max: 5, text: 五。}
"""


def test_below_a_mean_is_below_it_even_where_the_mean_is_rounded_down(
    folder: Path, run: Run
) -> None:
    points = {"甲镇": (4, 4, 4, 4, 4), "乙镇": (3, 4, 4, 4, 4), "丙镇": (3, 4, 4, 4, 4)}
    sheets = {
        unit: ", ".join(f"A{number}: {own}" for number, own in enumerate(given, 1))
        for unit, given in points.items()
    }
    written_units(folder, WHOLE, sheets)  # the mean of A1 is 3.33, which is shown as 3
    assert said(run, "甲镇")[1] == "各项得分都不低于各单位的平均分。"
    assert said(run, "乙镇")[1].startswith("别的单位不变")


def test_of_an_item_without_points_nothing_is_said(folder: Path, run: Run) -> None:
    points = ", ".join(f"A{number}: 4" for number in range(1, 5))
    written_units(folder, WHOLE, {"甲镇": points, "乙镇": f"{points}, A5: 4"})
    page = run("export", "--html", "--provisional", "-o", "-").text
    assert page.count("<p>已评的各项得分都不低于各单位的平均分。") == 1
    assert page.count("<p>各项得分都不低于各单位的平均分。") == 1


def test_of_many_items_that_lie_equally_far_behind_the_number_is_told(
    folder: Path, run: Run
) -> None:
    every = {unit: ", ".join(f"A{n}: {own}" for n in range(1, 6)) for unit, own in SPREAD.items()}
    written_units(folder, WHOLE, every)
    assert said(run, "乙镇")[1] == (
        "与各单位的平均分相比差距最大：A1（一。）得 1 分，平均 3 分；A2（二。）得 1 分，平均 3 分；"
        "A3（三。）得 1 分，平均 3 分等 5 项。"
    )
    assert said(run, "乙镇", lang="en")[1].endswith("A3 (三。): 1 point, mean 3; 5 in all.")


SPREAD = {"甲镇": 5, "乙镇": 1}
"""The points of each unit in every item."""

POOL = """
id: own
title: 细则
total: 30
sections:
  - id: A
    title: 纪律
    max: 20
    pool: section
    items:
      - {id: A1, max: 12, text: 每迟到一次扣 1 分。, rule: {deduct: {each: 1}}}
      - {id: A2, max: 8, text: 被投诉的视情扣分。, rule: {deduct: {judged: {least: 1, most: 20}}}}
  - {id: B, title: 服务, max: 10, items: [{id: B1, max: 10, text: 指南齐全。}]}
"""
"""Of a unit that lost much, no item of the pool alone adds a point, and both together do."""


def written_units(folder: Path, rubric: str, sheets: Mapping[str, str]) -> None:
    (folder / "rubrics").mkdir()
    (folder / "scores").mkdir()
    (folder / "rubrics" / "own.yaml").write_text(rubric, "utf-8")
    for unit, scores in sheets.items():
        text = f"rubric: own\nunit: {unit}\nscores: {{{scores}}}\n"
        (folder / "scores" / f"{unit}.yaml").write_text(text, "utf-8")


FULL = "A1: {value: 0}, A2: {deducted: 0}"
EMPTY = "A1: {value: 30}, A2: {deducted: 20, note: 两起}"


def test_items_that_add_nothing_alone_may_add_together(folder: Path, run: Run) -> None:
    written_units(folder, POOL, {"甲镇": f"{FULL}, B1: 8", "乙镇": f"{EMPTY}, B1: 10"})
    assert said(run, "乙镇")[-1] == (
        "别的单位不变，总分再多 18 分就与甲镇并列第 1 名；"
        "单独哪一项得满分，总分都不会增加；各项都得满分可多 20 分。"
    )
    assert said(run, "乙镇", lang="en")[-1].endswith(
        "; full marks in no single item add anything; full marks in everything add 20 points."
    )


def test_what_everything_adds_is_that_of_all_items_together(folder: Path, run: Run) -> None:
    written_units(folder, POOL, {"甲镇": f"{FULL}, B1: 8", "乙镇": f"{EMPTY}, B1: 5"})
    assert said(run, "乙镇")[-1] == (
        "别的单位不变，总分再多 23 分就与甲镇并列第 1 名；"
        "B1 得满分可多 5 分；可补分最多的 3 项合计可多 25 分。"
    )
    bonus = "adjustments: {bonus: {items: [{id: J1, text: 表彰。, each: 10}]}}\n"
    (folder / "rubrics" / "own.yaml").write_text(POOL + bonus, "utf-8")
    path = folder / "scores" / "甲镇.yaml"
    path.write_text(path.read_text("utf-8") + "adjustments: {J1: [表彰一]}\n", "utf-8")
    assert said(run, "乙镇")[-1].endswith("B1 得满分可多 5 分；各项都得满分也只多 25 分，追不上。")


def test_an_item_of_which_others_have_the_mean_is_said_to_be_left_out(
    folder: Path, run: Run
) -> None:
    rubric = (
        "id: own\ntitle: 细则\ntotal: 20\nsections:\n"
        "  - id: A\n    title: 甲\n    max: 20\n    items:\n"
        "      - {id: A1, max: 10, text: 有人负责。}\n"
        "      - {id: A2, max: 10, text: 快递进村。, not_applicable: peer_mean}\n"
    )
    sheets = {"甲镇": "A1: 10, A2: 10", "乙镇": "A1: 9, A2: 4", "丙镇": "A1: 10, A2: 2"}
    written_units(folder, rubric, sheets)
    apart = "A2 没有算在内，不适用的单位取它的平均分。"
    assert said(run, "乙镇")[-1].endswith(
        f"A1 得满分可多 1 分；各项都得满分也只多 1 分，追不上；{apart}"
    )
    assert said(run, "丙镇")[-1].endswith(f"可是各项都得满分，总分也不会增加；{apart}")
    sheets = {"丁镇": "A2: 10", "戊镇": "A2: 7"}
    rubric = rubric.replace("total: 20", "total: 10").replace("max: 20", "max: 10")
    for unit, scores in sheets.items():
        (folder / "scores" / f"{unit}.yaml").write_text(
            f"rubric: own\nunit: {unit}\nscores: {{{scores}}}\n", "utf-8"
        )
    for unit in ("甲镇", "乙镇", "丙镇"):
        (folder / "scores" / f"{unit}.yaml").unlink()
    kept = [line for line in rubric.splitlines() if "A1" not in line]
    (folder / "rubrics" / "own.yaml").write_text("\n".join(kept), "utf-8")
    assert said(run, "戊镇")[-1].endswith(f"可是各项都得满分，总分也不会增加；{apart}")


def test_an_item_that_may_have_more_than_full_marks_is_said_to_be_left_out(
    folder: Path, run: Run
) -> None:
    rubric = (
        "id: own\ntitle: 细则\ntotal: 10\nsections:\n"
        "  - id: A\n    title: 甲\n    max: 10\n    items:\n"
        "      - id: A1\n        max: 10\n        text: 完成任务。\n"
        "        rule: {target: {target: 100, under: 0.1, over: 0.1, limit: 12}}\n"
    )
    sheets = {"甲镇": "A1: {value: 120}", "乙镇": "A1: {value: 100}", "丙镇": "A1: {value: 90}"}
    written_units(folder, rubric, sheets)
    beyond = "A1 超过分值还能再得分，没有算在内。"
    assert said(run, "乙镇")[-1].endswith(f"1 名；可是各项都得满分，总分也不会增加；{beyond}")
    assert said(run, "丙镇")[-1].endswith("2 名；A1 得满分可多 1 分。")
    (folder / "scores" / "乙镇.yaml").unlink()
    too_little = f"A1 得满分可多 1 分；各项都得满分也只多 1 分，追不上；{beyond}"
    assert said(run, "丙镇")[-1].endswith(too_little)


def test_nobody_is_ranked_and_nobody_is_compared(folder: Path, run: Run) -> None:
    (folder / "rubrics").mkdir()
    (folder / "scores").mkdir()
    (folder / "rubrics" / "own.yaml").write_text(
        "id: own\ntitle: 细则\ntotal: 4\nsections:\n"
        "  - id: A\n    title: 甲\n    max: 4\n    per_unit:\n"
        "      - {units: [甲镇], items: [{id: A1, max: 4, text: 有人负责。}]}\n"
        "veto: [{id: V1, text: 重大事故, effect: exclude}]\n",
        "utf-8",
    )
    text = "rubric: own\nunit: 甲镇\nscores: {A1: 4}\nveto: {V1: 仓库火灾}\n"
    (folder / "scores" / "a.yaml").write_text(text, "utf-8")
    assert said(run, "甲镇") == ["甲镇得 4 分；不参加排名，重大事故：仓库火灾。"]
    page = run("export", "--html", "-o", "-")
    assert page.code == 0, page.said
    assert "不参加排名" in page.text
