"""Whole rubrics with sound sheets, drawn by Hypothesis out of everything that changes a figure.

They are plain values, as `tests/support/independent_scorer.py` takes them, and are sound by the
documents: nothing that is drawn is filtered by the program, so that what it refuses is a finding.
To add a rule: a function that draws it and its facts, and a line in `_RULES`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeVar

import yaml
from hypothesis import strategies as st

Drawn = TypeVar("Drawn")
Mapped = dict[str, Any]

UNITS = ("示例甲镇", "示例乙镇", "示例丙镇", "示例丁镇", "示例戊镇", "示例己乡")
REASON = "本镇没有这项业务"
FACTS = ("全省现场会", "省级先进集体", "A级示范点", "3.15晚会", "2018年展销会")


@dataclass(frozen=True)
class WholeRubric:
    """A rubric and the sheets of its units, as plain values; ``ties`` is how they are ranked."""

    rubric: Mapped
    sheets: Sequence[Mapped]
    ties: str


class _PlainDumper(yaml.SafeDumper):
    """Writes decimal numbers as people do, and everything out that stands twice."""

    def ignore_aliases(self, _data: object) -> bool:
        return True


def _write_number(dumper: yaml.SafeDumper, number: Decimal) -> yaml.ScalarNode:
    text = f"{number:f}"
    kind = "float" if "." in text else "int"
    return dumper.represent_scalar(f"tag:yaml.org,2002:{kind}", text)


_PlainDumper.add_representer(Decimal, _write_number)


def as_yaml(values: Mapped) -> str:
    """The text of a file that holds plain values."""
    return yaml.dump(values, Dumper=_PlainDumper, allow_unicode=True, sort_keys=False)


@dataclass
class _Pen:
    """Draws the parts of one rubric; all points are multiples of its ``grain``."""

    draw: st.DrawFn
    grain: Decimal = Decimal("0.01")
    letters: list[str] = field(default_factory=lambda: list("ABCDEFGHI"))
    facts: dict[int, Callable[[], Mapped]] = field(default_factory=dict)
    """What a sheet says of an item, by the `id` of its mapping."""

    def one_of(self, *choices: Drawn) -> Drawn:
        return self.draw(st.sampled_from(choices))

    def maybe(self) -> bool:
        return self.draw(st.booleans())

    def rarely(self) -> bool:
        return self.draw(st.integers(0, 5)) == 5

    def whole(self, least: int, most: int) -> int:
        return self.draw(st.integers(least, most))

    def points(self, least: Decimal, most: Decimal) -> Decimal:
        """A multiple of the grain from ``least`` to ``most``, which are such themselves."""
        return self.whole(int(least / self.grain), int(most / self.grain)) * self.grain

    def number(self, most: int) -> Decimal:
        """A number that somebody measured."""
        return Decimal(self.whole(0, most * 100)) / self.one_of(1, 10, 100, 100)

    def yes(self) -> str:
        return self.one_of("是", "否")

    # --- rules: each adds its mapping to the item, and what a sheet says to the facts ---------

    def deduct(self, item: Mapped, *, pooled: bool = False) -> tuple[Mapped, Callable[[], Mapped]]:
        each = self.points(self.grain, max(self.grain, item["max"]))
        rule: Mapped = {"each": each}
        names = ["value"]
        if self.maybe():
            names = ["迟报", "缺报"]
            rule["each"] = {"迟报": each, "缺报": self.points(self.grain, item["max"])}
        if not pooled and self.maybe() and item["max"] > self.grain:
            rule["floor"] = self.points(self.grain, item["max"] - self.grain)
        most = 12
        if not pooled and "floor" not in rule and self.maybe():
            most = rule["possible"] = self.whole(1, 9)
        return {"deduct": rule}, lambda: {name: self.whole(0, most) for name in names}

    def count(self, item: Mapped) -> tuple[Mapped, Callable[[], Mapped]]:
        each = self.points(self.grain, item["max"])
        rule: Mapped = {"each": each}
        names, most = ["value"], 12
        if self.maybe():
            names = ["市级", "省级"]
            rule["each"] = {"市级": each, "省级": self.points(self.grain, item["max"])}
        elif item["max"] / each <= 30 and self.maybe():
            most = rule["possible"] = int(item["max"] // each) + 1
        return {"count": rule}, lambda: {name: self.whole(0, most) for name in names}

    def ratio(self, item: Mapped) -> tuple[Mapped, Callable[[], Mapped]]:
        rule: Mapped = {}
        target = self.number(12) + 1
        own = self.maybe()
        if not own:
            rule["target"] = target
        if item["max"] > self.grain and self.maybe():
            rule["below"] = self.points(self.grain, item["max"] - self.grain)
        part = self.maybe()
        if part:
            rule["part"] = True

        def facts() -> Mapped:
            theirs = self.number(12) + 1 if own else target
            done = self.number(15)
            done = min(done, theirs) if part else done
            return {"done": done, "target": theirs} if own else {"done": done}

        return {"ratio": rule}, facts

    def levels(self, item: Mapped) -> tuple[Mapped, Callable[[], Mapped]]:
        below = item["max"] - self.grain
        names = ["优", "A", "是", "1"]
        others = ["良", "A-", "否", "1.5", "差"]
        rule = {self.one_of(*names): item["max"]}
        for name in others[: self.whole(1, 5)]:
            rule[name] = self.points(Decimal(0), below)
        return {"levels": rule}, lambda: {"level": self.one_of(*rule)}

    def brackets(self, item: Mapped) -> tuple[Mapped, Callable[[], Mapped]]:
        number = self.whole(1, 4)
        bounds = sorted(self.draw(_distinct(st.integers(1, 60), number)))
        least = 0 if self.grain * number <= item["max"] else None
        grains = int(item["max"] / self.grain)
        if least is None or number > grains:
            bounds, number = bounds[:1], 1
        below = sorted(self.draw(_distinct(st.integers(1, max(1, grains - 1)), number - 1)))
        points = [grain * self.grain for grain in below] + [item["max"]]
        if number > 1 and self.maybe():  # fewer are better
            bounds[0] = 0
            points.reverse()
        lines = [
            {"at_least": Decimal(bound), "points": own}
            for bound, own in zip(bounds, points, strict=True)
        ]
        if self.maybe():
            lines.reverse()
        return {"brackets": lines}, lambda: {
            "value": self.one_of(self.number(1) * 60, *map(Decimal, bounds))
        }

    def all_or_nothing(self, _item: Mapped) -> tuple[Mapped, Callable[[], Mapped]]:
        least = self.number(9) + 1
        conditions = ["有方案", {"name": "网店", "at_least": least}, "有台账"]
        conditions = conditions[: self.whole(1, 3)]
        way = self.one_of("all", "any")

        def facts() -> Mapped:
            return {
                one if isinstance(one, str) else "网店": self.yes()
                if isinstance(one, str)
                else self.one_of(least, self.number(12))
                for one in conditions
            }

        return {"all_or_nothing": {way: conditions}}, facts

    def target(self, item: Mapped) -> tuple[Mapped, Callable[[], Mapped]]:
        cap = item["max"]
        target = self.number(9) + 1
        rule: Mapped = {"target": target, "under": self.points(self.grain, cap)}
        way = self.one_of("plain", "below the cap", "beyond the cap")
        if way == "below the cap" and cap > self.grain:
            rule["points"] = self.points(self.grain, cap - self.grain)
            rule["over"] = self.points(self.grain, cap)
            if self.maybe():
                rule["under"] = Decimal(0)
        elif way == "beyond the cap":
            rule["over"] = self.points(self.grain, cap)
            rule["limit"] = cap + self.points(self.grain, cap)
        start = rule.get("points", cap)
        lost = target * rule["under"]
        if start > self.grain and lost > start and self.maybe():
            rule["floor"] = self.points(self.grain, start - self.grain)
        return {"target": rule}, lambda: {"value": self.one_of(target, self.number(20))}

    # --- items --------------------------------------------------------------------------------

    def item(self, name: str, kind: str) -> Mapped:
        """An item of a section of some kind, with a rule or without."""
        cap = self.one_of(Decimal(self.whole(1, 10)), self.points(self.grain, Decimal(10)))
        cap -= cap % self.grain
        item: Mapped = {"id": name, "max": cap, "text": f"做好{name}的工作"}
        if kind == "pool":
            item["rule"], self.facts[id(item)] = self.deduct(item, pooled=True)
            return item
        ways = [self.deduct, self.count, self.ratio, self.levels, self.brackets]
        ways += [self.all_or_nothing, self.target]
        facts: Callable[[], Mapped] = lambda: {"score": self.points(Decimal(0), cap)}  # noqa: E731
        if self.maybe():
            item["rule"], facts = self.one_of(*ways)(item)
        if self.rarely():
            names = ["弄虚作假", "瞒报"][: self.whole(1, 2)]
            item["rule"] = {**item.get("rule", {}), "hard_zero": names}
            plain = facts
            facts = lambda: {**plain(), **{name: self.yes() for name in names}}  # noqa: E731
        self.facts[id(item)] = facts
        return item

    def items(self, letter: str, kind: str) -> list[Mapped]:
        """The items of a section."""
        return [self.item(f"{letter}{n}", kind) for n in range(1, self.whole(1, 4) + 1)]

    # --- sections -----------------------------------------------------------------------------

    def section(self, units: Sequence[str], *, inner: bool, treated: bool) -> Mapped:
        """A section of any kind, and what is inside it."""
        letter = self.letters.pop(0)
        head: Mapped = {"id": letter, "title": f"第{letter}项"}
        kinds = ["plain", "plain", "pool", "capped", "per_unit"]
        kind = self.one_of(*kinds, *([] if inner or len(self.letters) < 5 else ["nested"]))
        if kind == "nested":
            capped = self.rarely()
            parts = [
                self.section(units, inner=True, treated=treated and not capped)
                for _ in range(self.whole(1, 2))
            ]
            return self.closed({**head, "sections": parts}, capped=capped)
        if kind == "per_unit":
            return self.closed({**head, **self.duties(letter, units, treated=treated)})
        items = self.items(letter, kind)
        added = _added(items)
        if kind == "pool":
            most = max(item["max"] for item in items)
            cap = self.points(most, added)
            floor: Mapped = {}
            if cap > self.grain and self.maybe():
                floor = {"floor": self.points(self.grain, cap - self.grain)}
            if treated:
                self.treat(items, ["full"])
            return {**head, "max": cap, "pool": True, **floor, "items": items}
        if kind == "capped" and added > self.grain:
            if treated:
                self.treat(items, ["zero", "full"])
            return self.closed({**head, "items": items}, capped=True)
        if treated:
            self.treat(items, ["zero", "full", "exclude", "peer_mean", "rescale"])
        return self.closed({**head, "items": items})

    def closed(self, section: Mapped, *, capped: bool = False) -> Mapped:
        """A section with its ``max``, which its parts add up to but for what it says itself."""
        parts = section.get("items") or section.get("sections")
        added = _added(parts if parts is not None else section["per_unit"][0]["items"])
        own: Mapped = {"max": added}
        if capped and added > self.grain:
            own = {"max": self.points(self.grain, added - self.grain), "capped": True}
        elif self.rarely():
            printed = added + self.points(self.grain, Decimal(5))
            own = {"max": printed, "accept_mismatch": "印出来就是这样"}
        return {"id": section["id"], "title": section["title"], **own, **section}

    def duties(self, letter: str, units: Sequence[str], *, treated: bool) -> Mapped:
        """Items by unit, of which all entries add up to the same."""
        half = self.whole(1, len(units))
        entries = []
        first = self.items(letter, "plain")
        for own in (units[:half], units[half:]):
            items = self.filled(letter, _added(first)) if entries else first
            if treated:
                means = ["peer_mean"] if len(own) > 1 else []
                self.treat(items, ["zero", "full", "exclude", "rescale", *means])
            if own:
                entries.append({"units": list(own), "items": items})
        return {"per_unit": entries}

    def filled(self, letter: str, cap: Decimal) -> list[Mapped]:
        """One or two items that add up to so many points."""
        parts = [cap]
        if cap > self.grain and self.maybe():
            first = self.points(self.grain, cap - self.grain)
            parts = [first, cap - first]
        items = []
        for number, part in enumerate(parts, 1):
            item = {"id": f"{letter}{number}", "max": part, "text": "另有职责"}
            item["rule"], self.facts[id(item)] = self.one_of(self.deduct, self.levels)(item)
            items.append(item)
        return items

    def treat(self, items: list[Mapped], treatments: Sequence[str]) -> None:
        """Let some items of a section be inapplicable."""
        for item in items:
            own = [way for way in treatments if way != "rescale" or len(items) > 1]
            if own and self.maybe():
                item["not_applicable"] = self.one_of(*own)

    # --- options ------------------------------------------------------------------------------

    def adjustments(self) -> Mapped:
        """Bonuses and penalties with limits or without."""
        found: Mapped = {}
        for way, letter in (("bonus", "J"), ("penalty", "K")):
            items = []
            for number in range(1, self.whole(1, 3) + 1):
                each = self.points(self.grain, Decimal(4))
                own: Mapped = {"id": f"{letter}{number}", "text": f"第{number}种", "each": each}
                if self.maybe():
                    own["max"] = each * self.whole(1, 3)
                items.append(own)
            found[way] = {"items": items}
            if self.maybe():
                least = max(item.get("max", item["each"]) for item in items)
                found[way]["max"] = least + self.points(Decimal(0), Decimal(4))
        if self.maybe():
            del found[self.one_of("bonus", "penalty")]
        return found

    def bands(self, total: Decimal) -> list[Mapped]:
        """Names for totals, some with quotas."""
        grains = int(total / self.grain)
        number = self.whole(1, 3) if grains >= 3 else 1
        bounds = sorted(self.draw(_distinct(st.integers(1, grains), number)), reverse=True)
        bands: list[Mapped] = []
        for name, bound in zip(("优秀", "良好", "合格"), bounds, strict=False):
            bands.append({"name": name, "at_least": bound * self.grain})
            if self.maybe():
                bands[-1]["most"] = self.whole(1, 3)
        return [*bands, {"name": "不合格", "at_least": Decimal(0)}]

    # --- sheets -------------------------------------------------------------------------------

    def said(self, item: Mapped) -> object:
        """What a sheet says of an item that applies."""
        facts = self.facts[id(item)]()
        if set(facts) == {"score"} and self.maybe():
            return facts["score"]
        return facts

    def scores(self, groups: Sequence[list[Mapped]], *, applies: bool) -> Mapped:
        """What a sheet says of the items of each section; of each at least one applies."""
        scores: Mapped = {}
        for items in groups:
            kept = self.one_of(*items)["id"]
            for item in items:
                is_out = "not_applicable" in item and not applies
                if is_out and item["id"] != kept and self.maybe():
                    scores[item["id"]] = {"not_applicable": REASON}
                else:
                    scores[item["id"]] = self.said(item)
        return scores

    def fact(self, name: str) -> str:
        """A fact as somebody writes it, which is the same however it is written."""
        return self.one_of(name, f"1. {name}", f"（2）{name}；", name.lower(), f" {name}")


def _distinct(numbers: st.SearchStrategy[int], size: int) -> st.SearchStrategy[list[int]]:
    return st.lists(numbers, min_size=size, max_size=size, unique=True)


def _added(parts: Sequence[Mapped]) -> Decimal:
    return sum((part["max"] for part in parts), Decimal(0))


def _item_lists(sections: Sequence[Mapped], unit: str) -> list[list[Mapped]]:
    """The items of each section that a unit is scored on."""
    lists = []
    for section in sections:
        entries = section.get("per_unit", [])
        own = [entry["items"] for entry in entries if unit in entry["units"]]
        lists += own or [section[key] for key in ("items",) if key in section]
        lists += _item_lists(section.get("sections", []), unit)
    return lists


@st.composite
def whole_rubrics(draw: st.DrawFn) -> WholeRubric:
    """A rubric with all or none of its options, and the sheets of two to six units."""
    pen = _Pen(draw)
    decimals = pen.one_of(2, 2, 1, 0, 3)
    steps = {0: ["1"], 1: ["0.1", "0.5"], 2: ["0.01", "0.25", "0.5"], 3: ["0.001", "0.125"]}
    step = Decimal(pen.one_of(*steps[decimals]))
    pen.grain = step
    units = list(draw(st.permutations(UNITS)))[: pen.whole(2, 6)]
    kind = pen.one_of("simple", "treated", "adjusted", "panel")
    treated = kind == "treated" or (kind == "adjusted" and pen.maybe())
    sections = [
        pen.section(units, inner=False, treated=treated) for _ in range(pen.whole(1, 3))
    ]
    total = _added(sections)
    rubric: Mapped = {"id": "drawn", "title": "抽样考核评分细则", "total": total}
    if pen.rarely():
        rubric["total"] += pen.points(pen.grain, Decimal(5))
        rubric["accept_mismatch"] = "印出来就是这样"
    if decimals != 2 or pen.maybe():
        rubric["decimals"] = decimals
    if step != Decimal(1).scaleb(-decimals):
        rubric["step"] = step
    if pen.maybe():
        ids = [section["id"] for section in sections]
        rubric["tie_break"] = list(draw(st.permutations(ids)))[: pen.whole(1, len(ids))]
    if kind == "adjusted":
        rubric["adjustments"] = pen.adjustments()
    if kind in ("adjusted", "treated") and pen.maybe():
        rubric["veto"] = [
            {"id": "V1", "text": "发生重大安全事故", "effect": "exclude"},
            {"id": "V2", "text": "弄虚作假", "effect": "fail"},
            {"id": "V3", "text": "被约谈", "effect": "bar"},
        ]
    if "veto" in rubric or pen.maybe():
        worth = min(sum(_worth(section, unit) for section in sections) for unit in units)
        rubric["bands"] = pen.bands(Decimal(worth))
    if pen.maybe():
        rubric["scale"] = {"best": pen.one_of(Decimal(100), pen.points(pen.grain, Decimal(50)))}
    if pen.maybe():
        listed = sorted((pen.points(pen.grain, Decimal(9)) for _ in range(3)), reverse=True)
        rubric["rank_points"] = listed[: pen.whole(1, 3)]
    assessors = [None]
    if kind == "panel":
        drop = pen.whole(1, 2)
        method = pen.one_of("mean", "median", "trimmed_mean")
        least = 2 * drop + 1 if method == "trimmed_mean" else pen.whole(1, 3)
        rubric["panel"] = {"method": method, "minimum": least}
        if method == "trimmed_mean" and (drop != 1 or pen.maybe()):
            rubric["panel"]["drop"] = drop
        assessors = [f"第{n}评委" for n in range(1, least + pen.whole(0, 2) + 1)]
    rubric["sections"] = sections
    sheets = []
    for place, unit in enumerate(units):
        groups = _item_lists(sections, unit)
        for assessor in assessors:
            sheet: Mapped = {"rubric": "drawn", "unit": unit, "period": "2018"}
            if assessor:
                sheet["assessor"] = assessor
            # what has the mean of others has somebody to have it of
            first = place == 0 or not treated
            last = place == len(units) - 1
            sheet["scores"] = pen.scores(groups, applies=first or last)
            if "adjustments" in rubric:
                sheet["adjustments"] = _facts_of(pen, rubric["adjustments"])
            if "veto" in rubric and not first and not last and pen.maybe():
                sheet["veto"] = {pen.one_of("V1", "V2", "V3"): "仓库失火"}
            sheets.append(sheet)
    return WholeRubric(rubric, sheets, pen.one_of("competition", "competition", "dense"))


def _worth(section: Mapped, unit: str) -> Decimal:
    """The points of full marks of a section."""
    if section.get("pool") or section.get("capped"):
        return Decimal(section["max"])
    if "sections" in section:
        return sum((_worth(inner, unit) for inner in section["sections"]), Decimal(0))
    return _added(_item_lists([section], unit)[0])


def _facts_of(pen: _Pen, adjustments: Mapped) -> Mapped:
    """The facts of a unit by adjustment, some of them at several."""
    found: Mapped = {}
    for listed in adjustments.values():
        for item in listed["items"]:
            number = pen.whole(0, 3)
            names = list(pen.draw(st.permutations(FACTS)))[:number]
            if names:
                facts = [pen.fact(name) for name in names]
                found[item["id"]] = facts[0] if number == 1 and pen.maybe() else facts
    return found
