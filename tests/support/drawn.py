"""Rubrics drawn at random with everything that changes a sum, and sheets for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any

from epa_score import Ranking, Result, Rubric, ScoreSheet
from epa_score.checks import Exemptions, check_rubric, check_sheet
from epa_score.scoring import rank, score
from epa_score.scoring.peer_means import without_peers

NAMES = ("示例甲镇", "=乙镇", "丙|镇", "丁,镇", "[/]戊", 'a"b镇', "+己*镇", "长" * 30)
"""Units, some of which mean something to one format or another."""

NOTES = (
    None,
    None,
    "缺一份",
    "=1+1",
    "-0.5，见台账",
    "a|b",
    "迟报：三月、五月",
    "<b>&",
    "'引'",
    "1.50",
)

NO = {"not_applicable": "本镇没有这项业务"}


@dataclass(frozen=True)
class Drawn:
    """A rubric and the sheets of some units by name, all of them sound."""

    rubric: Rubric
    sheets: Mapping[str, ScoreSheet]

    @property
    def results(self) -> list[Result]:
        """The result of each sheet."""
        return [score(self.rubric, sheet) for sheet in self.sheets.values()]

    @property
    def ranking(self) -> Ranking:
        """The ranking, provisional where any item is unscored."""
        results = self.results
        return rank(self.rubric, results, provisional=any(one.unscored for one in results))


def draw(
    seed: int,
    *,
    units: int = 5,
    unscored: float = 0,
    most_items: int = 4,
    treatments: Sequence[str] = (),
) -> Drawn:
    """The rubric and the sheets of a ``seed``; the share ``unscored`` of items has no points.

    Where ``treatments`` are given, every item that may have one has one of them.
    """
    random = Random(seed)  # noqa: S311 -- the same in every run
    while True:
        names = random.sample(NAMES, units)
        shape = _Shape(random, names, most_items, treatments)
        rubric = Rubric.model_validate(shape.rubric())
        if list(check_rubric(rubric)):
            continue
        sheets = {name: _draw_sheet(random, rubric, name, unscored) for name in names}
        found = Drawn(rubric, sheets)
        if _is_sound(found):
            return found


def _is_sound(found: Drawn) -> bool:
    """True where a mean has peers, and something is left to be scored."""
    exemptions = Exemptions(unscored=True)
    for sheet in found.sheets.values():
        findings = check_sheet(sheet, found.rubric, exemptions)
        if any(finding.kind.severity == "error" for finding in findings):
            return False
    return not list(without_peers(found.rubric, found.results))


@dataclass
class _Shape:
    """Draws the parts of a rubric."""

    random: Random
    units: Sequence[str]
    most_items: int
    treatments: Sequence[str]
    letters: list[str] = field(default_factory=lambda: list("ABCDEFGHI"))

    def rubric(self) -> dict[str, Any]:
        random = self.random
        sections = [self._section() for _ in range(random.randint(1, 3))]
        ids = [one["id"] for one in sections]
        total = sum(Decimal(one["max"]) for one in sections)
        found: dict[str, Any] = {
            "id": "drawn",
            "title": "抽样考核评分细则",
            "total": total,
            "decimals": random.choice([1, 2]),
            "sections": sections,
        }
        if random.random() < 0.5:
            found["tie_break"] = random.sample(ids, random.randint(1, len(ids)))
        if random.random() < 0.6:
            found["adjustments"] = self._adjustments()
        if random.random() < 0.4:
            found["veto"] = [
                {"id": "V1", "text": "重大事故", "effect": "exclude"},
                {"id": "V2", "text": "弄虚作假", "effect": "fail"},
                {"id": "V3", "text": "被约谈", "effect": "bar"},
            ]
        if "veto" in found or random.random() < 0.3:
            most = {"most": 1} if random.random() < 0.5 else {}
            found["bands"] = [
                {"name": "优秀", "at_least": total / 2, **most},
                {"name": "合格", "at_least": total / 4},
                {"name": "不合格", "at_least": 0},
            ]
        if random.random() < 0.3:
            found["scale"] = {"best": 100}
        if random.random() < 0.3:
            found["rank_points"] = [5, 3, 1]
        return found

    def _section(self, *, inner: bool = False) -> dict[str, Any]:
        letter, random = self.letters.pop(0), self.random
        kinds = ["plain", "plain", "pool", "capped", "per_unit"]
        kind = random.choice(kinds if inner else [*kinds, "nested"])
        head: dict[str, Any] = {"id": letter, "title": f"第{letter}项"}
        if kind == "nested":
            parts = [self._section(inner=True) for _ in range(random.randint(1, 2))]
            return {**head, "max": sum(Decimal(one["max"]) for one in parts), "sections": parts}
        if kind == "per_unit":
            half = max(1, len(self.units) // 2)
            duties = [list(self.units[:half]), list(self.units[half:])]
            entries = [
                {"units": own, "items": [{"id": f"{letter}1", "max": 6, "text": f"职责{number}"}]}
                for number, own in enumerate(duties)
                if own
            ]
            return {**head, "max": 6, "per_unit": entries}
        items = [
            self._item(f"{letter}{number}", kind)
            for number in range(1, random.randint(1, self.most_items) + 1)
        ]
        added = sum((Decimal(one["max"]) for one in items), Decimal(0))
        if kind == "pool" and len(items) > 1 and random.random() < 0.5:
            more = {"floor": 1} if random.random() < 0.5 else {}
            return {**head, "max": added, "pool": "section", **more, "items": items}
        if kind == "pool":
            cap = max(Decimal(one["max"]) for one in items) + random.randint(0, 3)
            more = {"floor": 1} if random.random() < 0.5 and cap > 1 else {}
            cap += 0 if more or cap != added else 1
            return {**head, "max": cap, "pool": "items", **more, "items": items}
        if kind == "capped":
            items.append({"id": f"{letter}9", "max": 3, "text": "另计"})
            cap = max(Decimal(1), Decimal(added) - random.randint(0, 2))
            return {**head, "max": cap, "capped": True, "items": items}
        self._treat(items)
        if random.random() < 0.15:
            head["accept_mismatch"], added = "印出来就是这样", added + random.randint(1, 2)
        return {**head, "max": added, "items": items}

    def _item(self, name: str, kind: str) -> dict[str, Any]:
        random = self.random
        item: dict[str, Any] = {
            "id": name,
            "max": random.randint(2, 8),
            "text": f"做好{name}|的工作",
        }
        if kind == "pool":
            item["rule"] = {"deduct": {"each": random.choice(["0.5", 1, 2])}}
        elif random.random() < 0.3:
            item["rule"] = random.choice(
                [
                    {"deduct": {"each": "0.5"}},
                    {"count": {"each": 1}},
                    {"ratio": {"target": 7}},
                    {"levels": {"好": item["max"], "中": 1}},
                ]
            )
        return item

    def _treat(self, items: list[dict[str, Any]]) -> None:
        """Let some items of a section be inapplicable."""
        treatments = self.treatments or ["exclude", "zero", "full", "peer_mean"]
        if len(items) > 1 and not self.treatments:
            treatments = [*treatments, "rescale", "rescale_total"]
        for item in items:
            if self.treatments or self.random.random() < 0.4:
                item["not_applicable"] = self.random.choice(treatments)

    def _adjustments(self) -> dict[str, Any]:
        random = self.random
        found: dict[str, Any] = {}
        for way, letter in (("bonus", "J"), ("penalty", "K")):
            if random.random() < 0.7:
                items: list[dict[str, Any]] = [
                    {"id": f"{letter}1", "text": "全省的", "each": 2, "max": 3},
                    {"id": f"{letter}2", "text": "全市的", "each": "1.5"},
                ]
                limit = {"max": 4} if random.random() < 0.5 else {}
                same_fact = random.choice(["once", "each"])
                found[way] = {"items": items, **limit, "same_fact": same_fact}
        return found or self._adjustments()


def _draw_sheet(random: Random, rubric: Rubric, unit: str, unscored: float) -> ScoreSheet:
    scope = rubric.scope(unit)
    assert scope is not None
    scores: dict[str, Any] = {}
    for name, item in scope.items.items():
        if random.random() < unscored:
            scores[name] = None
        elif name in scope.treatments and random.random() < 0.35:
            scores[name] = NO
        elif item.rule is None:
            grains = random.randint(0, int(item.max) * 10)
            grains = random.choice([grains, int(item.max) * 10, 0])
            scores[name] = {"score": Decimal(grains) / 10, "note": random.choice(NOTES)}
        elif item.rule.levels is not None:
            scores[name] = {"level": random.choice(["好", "中"])}
        elif item.rule.ratio is not None:
            scores[name] = {"done": random.randint(0, 9)}
        else:
            scores[name] = {"value": random.randint(0, 9)}
    fields: dict[str, Any] = {"rubric": rubric.id, "unit": unit, "period": "2018"}
    if rubric.adjustments is not None:
        known = [item.id for item in rubric.adjustments.each]
        facts = {name: [f"{name}事{n}" for n in range(random.randint(0, 4))] for name in known}
        fields["adjustments"] = {name: own for name, own in facts.items() if own}
    if rubric.veto and random.random() < 0.4:
        fields["veto"] = {random.choice(rubric.veto).id: "仓库失火"}
    return ScoreSheet.model_validate({**fields, "scores": scores})
