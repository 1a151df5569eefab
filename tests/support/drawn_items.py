"""Items with and without rules, drawn by Hypothesis, and what a sheet says of them.

They are plain values, as `tests/support/independent_scorer.py` takes them, and sound by the
documents. To add a rule: a method that draws it with its facts, and its name in `ItemPen.item`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeVar

from hypothesis import strategies as st

Drawn = TypeVar("Drawn")
Mapped = dict[str, Any]
Facts = Callable[[], Mapped]
"""Draws what a sheet says of an item."""


def distinct(numbers: st.SearchStrategy[int], size: int) -> st.SearchStrategy[list[int]]:
    """So many different numbers."""
    return st.lists(numbers, min_size=size, max_size=size, unique=True)


@dataclass
class ItemPen:
    """Draws the items of one rubric; all points are multiples of its ``grain``."""

    draw: st.DrawFn
    grain: Decimal = Decimal("0.01")
    facts: dict[int, Facts] = field(default_factory=dict)
    """What a sheet says of an item, by the `id` of its mapping."""

    def one_of(self, *choices: Drawn) -> Drawn:
        """One of these."""
        return self.draw(st.sampled_from(choices))

    def maybe(self) -> bool:
        """A yes or no."""
        return self.draw(st.booleans())

    def rarely(self) -> bool:
        """Mostly no."""
        return self.draw(st.integers(0, 5)) == 5

    def whole(self, least: int, most: int) -> int:
        """A whole number within bounds."""
        return self.draw(st.integers(least, most))

    def points(self, least: Decimal, most: Decimal) -> Decimal:
        """A multiple of the grain from ``least`` to ``most``, which are such themselves."""
        return self.whole(int(least / self.grain), int(most / self.grain)) * self.grain

    def number(self, most: int) -> Decimal:
        """A number that somebody measured."""
        return Decimal(self.whole(0, most * 100)) / self.one_of(1, 10, 100, 100)

    def yes(self) -> str:
        """An answer."""
        return self.one_of("是", "否")

    # --- rules: each adds its mapping to the item, and what a sheet says to the facts ---------

    def deduct(self, item: Mapped, *, pooled: bool = False) -> tuple[Mapped, Facts]:
        """Points off for each, and how often it happened; or points that a person takes off."""
        if self.rarely():
            return self.judged_deduct(item)
        each = self.points(self.grain, max(self.grain, item["max"]))
        rule: Mapped = {"each": each}
        names = ["value"]
        if self.maybe():
            names = ["迟报", "缺报"]
            rule["each"] = {"迟报": each, "缺报": self.points(self.grain, item["max"])}
        elif self.maybe():
            rule["per"] = self.whole(2, 4)
        if not pooled and self.maybe() and item["max"] > self.grain:
            rule["floor"] = self.points(self.grain, item["max"] - self.grain)
        most = 12
        if not pooled and "floor" not in rule and self.maybe():
            most = rule["possible"] = self.whole(rule.get("per", 1), 9)
        return {"deduct": rule}, lambda: {name: self.whole(0, most) for name in names}

    def judged_deduct(self, item: Mapped) -> tuple[Mapped, Facts]:
        """A range within which a person takes points off, and what was taken with its reason."""
        most = self.points(self.grain, item["max"])
        least = self.points(self.grain, most)
        stated = {"least": least} if least < most and self.maybe() else {}

        def facts() -> Mapped:
            taken = self.one_of(Decimal(0), self.points(stated.get("least", self.grain), most))
            return {"deducted": taken, "note": "群众来信反映两次"} if taken else {"deducted": taken}

        return {"deduct": {"judged": {**stated, "most": most}}}, facts

    def count(self, item: Mapped) -> tuple[Mapped, Facts]:
        """Points for each, and how many there are."""
        each = self.points(self.grain, item["max"])
        rule: Mapped = {"each": each}
        names, most = ["value"], 12
        if self.maybe():
            names = ["市级", "省级"]
            rule["each"] = {"市级": each, "省级": self.points(self.grain, item["max"])}
        elif self.maybe():
            rule["per"] = self.whole(2, 4)
        if names == ["value"] and item["max"] / each <= 30 and self.maybe():
            most = (int(item["max"] // each) + 1) * rule.get("per", 1)
            rule["possible"] = most
        return {"count": rule}, lambda: {name: self.whole(0, most) for name in names}

    def ratio(self, item: Mapped) -> tuple[Mapped, Facts]:
        """A share of a target, and what was done."""
        rule: Mapped = {}
        target = self.number(12) + 1
        own = self.maybe()
        if not own:
            rule["target"] = target
        if item["max"] > self.grain and self.maybe():
            rule["below"] = self.points(self.grain, item["max"] - self.grain)
        way = self.one_of("plain", "part", "lower")
        if way != "plain":
            rule[way] = True

        def facts() -> Mapped:
            theirs = target
            if own:
                theirs = self.number(12) + (0 if way == "lower" and self.rarely() else 1)
            done = self.one_of(theirs, self.number(15))
            done = min(done, theirs) if way == "part" else done
            return {"done": done, "target": theirs} if own else {"done": done}

        return {"ratio": rule}, facts

    def levels(self, item: Mapped) -> tuple[Mapped, Facts]:
        """Named tiers, and which applies."""
        below = item["max"] - self.grain
        names = ["优", "A", "是", "1"]
        others = ["良", "A-", "否", "1.5", "差"]
        rule: Mapped = {self.one_of(*names): item["max"]}
        for name in others[: self.whole(1, 5)]:
            rule[name] = self.points(Decimal(0), below)
        return {"levels": rule}, lambda: {"level": self.one_of(*rule)}

    def brackets(self, item: Mapped) -> tuple[Mapped, Facts]:
        """Bounds with their points, and a number."""
        grains = int(item["max"] / self.grain)
        number = self.whole(1, min(4, grains))
        bounds = sorted(self.draw(distinct(st.integers(1, 60), number)))
        below = sorted(self.draw(distinct(st.integers(1, max(1, grains - 1)), number - 1)))
        points = [grain * self.grain for grain in below] + [item["max"]]
        least = Decimal(0)
        if number > 1 and self.maybe():  # fewer are better: numbers begin at the lowest bound
            bounds[0] = self.one_of(0, bounds[0], min(1, bounds[0]))
            least = Decimal(bounds[0])
            points.reverse()
        lines = [
            {"at_least": Decimal(bound), "points": own}
            for bound, own in zip(bounds, points, strict=True)
        ]
        if self.maybe():
            lines.reverse()
        is_about_ranks = least == 1
        stated = self.one_of(None, not is_about_ranks)
        is_whole = is_about_ranks if stated is None else stated

        def facts() -> Mapped:
            value = max(least, self.one_of(self.number(1) * 60, *map(Decimal, bounds)))
            return {"value": value // 1 if is_whole else value}

        return {"brackets": lines} | ({} if stated is None else {"whole": stated}), facts

    def all_or_nothing(self, item: Mapped) -> tuple[Mapped, Facts]:
        """Conditions, and whether they hold."""
        least = self.number(9) + 1
        number = {"name": "网店", "at_least": least}
        conditions = ["有方案", number, f"有{item['id']}台账"][: self.whole(1, 3)]
        way = self.one_of("all", "any")

        def facts() -> Mapped:
            found: Mapped = {one: self.yes() for one in conditions if isinstance(one, str)}
            if number in conditions:
                found["网店"] = self.one_of(least, self.number(12))
            return found

        return {"all_or_nothing": {way: conditions}}, facts

    def target(self, item: Mapped) -> tuple[Mapped, Facts]:
        """Points around a target, which fall on one side of it and may rise on the other."""
        cap: Decimal = item["max"]
        target = self.number(9) + 1
        lower = self.maybe()
        falls, rises = ("over", "under") if lower else ("under", "over")
        rule: Mapped = {"target": target, falls: self.points(self.grain, cap)}
        if lower:
            rule["lower"] = True
        if self.maybe():
            pers = [per for per in map(Decimal, ("0.5", "1.5", "2", "3")) if per <= target]
            rule["per"] = self.one_of(*pers)
        if "per" in rule or self.maybe():
            rule["steps"] = self.one_of("whole", "proportion")
        below = target / rule.get("per", 1)  # how many steps lie between 0 and the target
        below = below // 1 if rule.get("steps") == "whole" else below
        way = self.one_of("plain", "below the cap", "beyond the cap")
        if way == "below the cap" and cap > self.grain:
            start, each = self.points(self.grain, cap - self.grain), self.points(self.grain, cap)
            if not lower or start + below * each >= cap:
                rule |= {"points": start, rises: each}
                if self.maybe():
                    rule[falls] = Decimal(0)
        elif way == "beyond the cap":
            more, each = self.points(self.grain, cap), self.points(self.grain, cap)
            if not lower or below * each >= more:
                rule |= {rises: each, "limit": cap + more}
        start = rule.get("points", cap)
        can_fall = rule[falls] > 0 if lower else below * rule[falls] > start
        if start > self.grain and can_fall and self.maybe():
            rule["floor"] = self.points(self.grain, start - self.grain)
        return {"target": rule}, lambda: {"value": self.one_of(target, self.number(20))}

    # --- items --------------------------------------------------------------------------------

    def item(self, name: str, kind: str, *, ruled: bool = False) -> Mapped:
        """An item of a section of some kind, with a rule or without unless it is ``ruled``."""
        cap = self.one_of(Decimal(self.whole(1, 10)), self.points(self.grain, Decimal(10)))
        cap -= cap % self.grain
        item: Mapped = {"id": name, "max": cap, "text": f"做好{name}的工作"}
        if kind == "pool":
            item["rule"], self.facts[id(item)] = self.deduct(item, pooled=True)
            return item
        ways = [self.deduct, self.count, self.ratio, self.levels, self.brackets]
        ways += [self.all_or_nothing, self.target]
        facts: Facts = lambda: {"score": self.points(Decimal(0), cap)}  # noqa: E731
        if ruled or self.maybe():
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


@st.composite
def ruled_items(draw: st.DrawFn) -> tuple[Mapped, Mapped]:
    """An item with a rule, and what a sheet says of it; its points have two decimals."""
    pen = ItemPen(draw, grain=Decimal(draw(st.sampled_from(["0.01", "0.25", "0.5"]))))
    item = pen.item("A1", "plain", ruled=True)
    return item, pen.facts[id(item)]()
