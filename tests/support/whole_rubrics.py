"""Whole rubrics with sound sheets, drawn by Hypothesis out of everything that changes a figure.

They are plain values, as `tests/support/independent_scorer.py` takes them, and are sound by the
documents: nothing that is drawn is filtered by the program, so that what it refuses is a finding.
To add an option of a rubric: a method of `RubricPen`, and a line in `_options_of`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Literal

import yaml
from hypothesis import strategies as st
from tests.support.drawn_items import ItemPen, Mapped, distinct
from tests.support.drawn_reach import Reach, every_reach, reach_of_item
from tests.support.independent_scorer import every_section

UNITS = ("示例甲镇", "示例乙镇", "示例丙镇", "示例丁镇", "示例戊镇", "示例己乡")
REASON = "本镇没有这项业务"
STEPS = {0: ["1"], 1: ["0.1", "0.5"], 2: ["0.01", "0.25", "0.5"], 3: ["0.001", "0.125"]}
"""The steps of points that are drawn, by decimals."""
TREATMENTS = ("zero", "full", "exclude", "rescale", "rescale_total")
FACTS = ("全省现场会", "省级先进集体", "A级示范点", "3.15晚会", "2018年展销会")


ASSESSORS = ("组织部", "财政局", "商务局")
FACTUAL_VETOES = (
    {"id": "V1", "text": "发生重大安全事故", "effect": "exclude"},
    {"id": "V2", "text": "弄虚作假", "effect": "fail"},
    {"id": "V3", "text": "被约谈", "effect": "bar"},
)


@dataclass(frozen=True)
class WholeRubric:
    """A rubric and the sheets of its units, as plain values; ``ties`` is how they are ranked.

    They are ``provisional`` where some points may be missing. ``groups`` are those that the rubric
    or a roster has; where the ranking is ``overall`` they have no part in it.
    """

    rubric: Mapped
    sheets: Sequence[Mapped]
    ties: Literal["competition", "dense"]
    provisional: bool
    groups: dict[str, list[str]] | None
    overall: bool


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
class RubricPen(ItemPen):
    """Draws the parts of one rubric, and its sheets."""

    letters: list[str] = field(default_factory=lambda: list("ABCDEFGHI"))
    provisional: bool = False
    is_panel: bool = False
    is_divided: bool = False
    """Whether assessors have items of their own."""
    is_source: bool = False
    """Whether it is for a composite result, for which all units are out of the same points."""

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
            reading = self.one_of("items", "items" if self.is_panel else "section")
            cap = self.points(most, added) if reading == "items" else added
            lost = sum((item["max"] - reach_of_item(item).least for item in items), Decimal(0))
            is_judged = all("judged" in item["rule"]["deduct"] for item in items)
            is_bounded = reading == "items" or is_judged  # judged points are within the item's
            is_idle = cap == added and (is_bounded or len(items) == 1)
            floor: Mapped = {}
            least = max(self.grain, cap - lost + self.grain) if is_bounded else self.grain
            if least < cap and (is_idle or self.maybe()):
                floor = {"floor": self.points(least, cap - self.grain)}
            if is_idle and not floor:
                return self.closed({**head, "items": items})
            if treated:
                self.treat(items, ["full"])
            return {**head, "max": cap, "pool": reading, **floor, "items": items}
        if kind == "capped" and added > self.grain:
            if treated:
                self.treat(items, ["zero", "full"])
            return self.closed({**head, "items": items}, capped=True)
        if treated:
            self.treat(items, [*TREATMENTS, "peer_mean", "peer_mean"])
        return self.closed({**head, "items": items})

    def closed(self, section: Mapped, *, capped: bool = False) -> Mapped:
        """A section with its ``max``, which its parts add up to but for what it says itself."""
        parts = section.get("items") or section.get("sections")
        added = _added(parts if parts is not None else section["per_unit"][0]["items"])
        own: Mapped = {"max": added}
        if capped and added > self.grain:
            own = {"max": self.points(self.grain, added - self.grain), "capped": True}
        elif not self.is_source and self.rarely():
            printed = added + self.points(self.grain, Decimal(5))
            own = {"max": printed, "accept_mismatch": "印出来就是这样"}
        return {"id": section["id"], "title": section["title"], **own, **section}

    def duties(self, letter: str, units: Sequence[str], *, treated: bool) -> Mapped:
        """Items by unit, of which all entries add up to the same."""
        half = self.whole(1, len(units))
        entries: list[Mapped] = []
        first = self.items(letter, "plain")
        for own in (units[:half], units[half:]):
            items = self.filled(letter, _added(first)) if entries else first
            if treated:
                means = ["peer_mean"] if len(own) > 1 else []
                self.treat(items, [*TREATMENTS, *means])
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

    def rest(self, cap: Decimal) -> Mapped:
        """A section with one item that a person judges."""
        letter = self.letters.pop(0)
        item: Mapped = {"id": f"{letter}1", "max": cap, "text": "其他工作"}
        self.facts[id(item)] = lambda: {"score": self.points(Decimal(0), cap)}
        return {"id": letter, "title": "其他", "max": cap, "items": [item]}

    def treat(self, items: list[Mapped], treatments: Sequence[str]) -> None:
        """Let some items of a section be inapplicable."""
        for item in items:
            out = ["rescale"] * (len(items) == 1) + ["rescale_total"] * self.is_divided
            out += ["exclude", "peer_mean"] * self.is_source
            own = [way for way in treatments if way not in out]
            if own and self.maybe():
                item["not_applicable"] = self.one_of(*own)

    # --- options ------------------------------------------------------------------------------

    def adjustments(self) -> Mapped:
        """Bonuses and penalties with limits or without."""
        found: Mapped = {}
        for way, letter in (("bonus", "J"), ("penalty", "K")):
            items = [self.adjustment(f"{letter}{n}") for n in range(1, self.whole(1, 3) + 1)]
            named = [item for item in items if not {"count", "judged"} & item.keys()]
            same = {"same_fact": self.one_of("once", "each")} if len(named) > 1 else {}
            found[way] = {**same, "items": items}
            if self.maybe():
                least = max(item["max"] if "max" in item else item["each"] for item in items)
                found[way]["max"] = least + self.points(Decimal(0), Decimal(4))
        if self.maybe():
            del found[self.one_of("bonus", "penalty")]
        return found

    def adjustment(self, name: str) -> Mapped:
        """A bonus or a penalty of facts that are named or counted, or of points that are given."""
        item: Mapped = {"id": name, "text": f"第{name}种"}
        kind = self.one_of("named", "named", "count", "judged")
        if kind == "judged":
            return {**item, "judged": True, "max": self.points(self.grain, Decimal(4))}
        item["each"] = self.points(self.grain, Decimal(4))
        if kind == "count":
            item["count"] = True
        if self.maybe():
            item["max"] = item["each"] * self.whole(1, 3)
        return item

    def bands(self, total: Decimal) -> list[Mapped]:
        """Names for totals, some with quotas."""
        grains = int(total / self.grain)
        number = self.whole(1, 3) if grains >= 3 else 1
        bounds = sorted(self.draw(distinct(st.integers(1, grains), number)), reverse=True)
        bands: list[Mapped] = []
        for name, bound in zip(("优秀", "良好", "合格"), bounds, strict=False):
            bands.append({"name": name, "at_least": bound * self.grain})
            if self.maybe():
                bands[-1]["most"] = self.whole(1, 3)
        return [*bands, {"name": "不合格", "at_least": Decimal(0)}]

    def conditions(
        self, sections: Sequence[Mapped], units: Sequence[str], *, by_total: bool
    ) -> list[Mapped]:
        """Vetoes that follow from points.

        While points may be missing, none excludes, and none takes points from who has more.
        """
        outer = [section["id"] for section in sections]
        found: list[Mapped] = []
        for place in range(self.whole(1, 3)):
            bounds = self.bounds([every_reach(sections, unit) for unit in units])
            effect = self.one_of("zero", "zero", "fail", "bar", "exclude")
            if self.provisional and effect == "exclude":
                effect = "zero"
            ways = ["below"] if self.provisional and effect == "zero" else ["below", "at_least"]
            if not bounds:
                continue
            of, bound = self.one_of(*bounds)
            veto: Mapped = {"id": f"V{place + 4}", "text": f"第{place}种情形", "effect": effect}
            veto["when"] = {"of": of, self.one_of(*ways): bound}
            if effect == "zero":
                veto["zeroes"] = self.one_of("total", *([] if by_total else outer * 2))
            found.append(veto)
        return found

    def bounds(self, reaches: Sequence[dict[str, Reach]]) -> list[tuple[str, object]]:
        """Some points and percent of full marks that may be had and missed, by what they are of."""
        found: list[tuple[str, object]] = []
        for name in dict.fromkeys(name for reach in reaches for name in reach):
            own = [reach[name] for reach in reaches if name in reach]
            least, most = max(one.least for one in own), min(one.full_marks for one in own)
            above = least - least % self.grain + self.grain
            if above <= most:
                found.append((name, self.points(above, most)))
            percent = max(int(one.least / one.full_marks * 100) for one in own) + 1
            if percent <= 100:
                found.append((name, f"{self.whole(percent, 100)}%"))
        return found

    def panel(self) -> Mapped:
        """How the points of several assessors are combined."""
        method, drop = self.one_of("mean", "median", "trimmed_mean"), self.whole(1, 2)
        if method != "trimmed_mean":
            return {"method": method, "minimum": self.whole(1, 3)}
        stated = {"drop": drop} if drop != 1 or self.maybe() else {}
        return {"method": method, "minimum": 2 * drop + 1, **stated}

    def groups(self, units: Sequence[str]) -> dict[str, list[str]]:
        """Two or three groups that each hold some units, neighbours or not."""
        number = self.whole(2, min(3, len(units)))
        order = self.draw(st.permutations(units))
        return {f"{name}类": list(order[n::number]) for n, name in enumerate("一二三"[:number])}

    def assessors(self, rubric: Mapped) -> list[Mapped]:
        """Two or three assessors, of whom each has items, and some have what is beside them."""
        parts = [part for section in rubric["sections"] for part in self.parts(section)]
        number = min(self.whole(2, 3), len(parts))
        whose = [*range(number), *(self.whole(0, number - 1) for _ in parts[number:])]
        whose = list(self.draw(st.permutations(whose)))
        lists = rubric.get("adjustments", {}).values()
        beside = [item["id"] for listed in lists for item in listed["items"]]
        beside += [veto["id"] for veto in rubric.get("veto", []) if "when" not in veto]
        owners = [self.whole(0, number - 1) for _ in beside]
        parts += [[name] for name in beside]
        pairs = list(zip([*whose, *owners], parts, strict=True))
        return [
            {"name": name, "items": [one for own, part in pairs if own == n for one in part]}
            for n, name in enumerate(ASSESSORS[:number])
        ]

    def parts(self, section: Mapped) -> list[list[str]]:
        """What of a section is one assessor's: single items, or all of it by its name or theirs."""
        if "sections" in section:
            parts = [part for inner in section["sections"] for part in self.parts(inner)]
            return [[section["id"]]] if self.rarely() else parts
        items = section.get("items", [])
        items = items or [item for entry in section["per_unit"] for item in entry["items"]]
        names = list(dict.fromkeys(item["id"] for item in items))
        is_whole = "pool" in section or any(
            item.get("not_applicable") == "rescale" for item in items
        )
        if is_whole or self.maybe():
            return [self.one_of([section["id"]], names)]
        return [[name] for name in names]

    # --- sheets -------------------------------------------------------------------------------

    def said(self, item: Mapped) -> object:
        """What a sheet says of an item that applies."""
        facts = self.facts[id(item)]()
        if self.provisional and self.rarely():
            facts.pop(self.one_of(*facts.keys() - {"note"}))
            return {} if facts.keys() == {"note"} else facts or None
        if set(facts) == {"score"} and self.maybe():
            return facts["score"]
        return facts

    def scores(self, groups: Sequence[list[Mapped]], *, gives_means: bool) -> Mapped:
        """What a sheet says of the items of each section.

        One item of all applies, and one of a section in which others are scaled up. A unit that
        ``gives_means`` has points for all items of which others may have the mean.
        """
        out: set[str] = set()
        for items in groups:
            for item in items:
                treatment = item.get("not_applicable")
                may_be_out = treatment and not (gives_means and treatment == "peer_mean")
                if may_be_out and self.maybe():
                    out.add(item["id"])
            if any(item["id"] in out and item["not_applicable"] == "rescale" for item in items):
                out.discard(self.one_of(*items)["id"])
        out.discard(groups[0][0]["id"])
        found: Mapped = {}
        for item in (item for items in groups for item in items):
            gives = gives_means and item.get("not_applicable") == "peer_mean"
            said = self.facts[id(item)]() if gives else self.said(item)
            found[item["id"]] = {"not_applicable": REASON} if item["id"] in out else said
        return found

    def facts_of(self, adjustments: Mapped) -> Mapped:
        """What a sheet says of each adjustment; the facts of some stand at several."""
        found: Mapped = {}
        for item in (item for listed in adjustments.values() for item in listed["items"]):
            if self.rarely():
                continue
            if "judged" in item:
                points = self.points(Decimal(0), item["max"])
                found[item["id"]] = (
                    {"score": points, "note": "做法在全县推广"} if points else points
                )
            elif "count" in item:
                often = self.whole(0, 5)
                found[item["id"]] = self.one_of(often, {"value": often, "note": "四至七月"})
            else:
                names = list(self.draw(st.permutations(FACTS)))[: self.whole(0, 3)]
                facts = [self.fact(name) for name in names]
                found[item["id"]] = facts[0] if len(facts) == 1 and self.maybe() else facts
        return found

    def fact(self, name: str) -> str:
        """A fact as somebody writes it, which is the same however it is written."""
        return self.one_of(name, f"1. {name}", f"（2）{name}；", name.lower(), f" {name}")


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
    pen = RubricPen(draw)
    pen.provisional = pen.rarely()
    units = draw_units(pen)
    groups = pen.groups(units) if pen.maybe() else None
    rubric = {**draw_rubric(pen, units), **_groups_of(pen, groups)}
    sheets = draw_sheets(pen, rubric, units)
    dense = not pen.provisional and pen.rarely()
    ties: Literal["competition", "dense"] = "dense" if dense else "competition"
    overall = groups is not None and pen.rarely()
    return WholeRubric(rubric, sheets, ties, pen.provisional, groups, overall)


def draw_units(pen: RubricPen) -> list[str]:
    """The names of two to six units."""
    return list(pen.draw(st.permutations(UNITS)))[: pen.whole(2, 6)]


def draw_rubric(pen: RubricPen, units: Sequence[str], name: str = "drawn") -> Mapped:
    """A rubric with all or none of its options."""
    decimals = pen.one_of(2, 2, 1, 0, 3)
    pen.grain = Decimal(pen.one_of(*STEPS[decimals][: 1 if pen.is_source else None]))
    kind = pen.one_of("simple", "treated", "adjusted", "treated", "adjusted", "panel")
    pen.is_panel = kind == "panel"
    pen.is_divided = not pen.is_panel and pen.whole(0, 2) == 0
    treated = kind == "treated" or (kind == "adjusted" and pen.maybe())
    sections = [pen.section(units, inner=False, treated=treated) for _ in range(pen.whole(1, 3))]
    for lists in (_item_lists(sections, unit) for unit in units):
        if _is_one_item(lists) and lists[0][0].get("not_applicable") == "rescale_total":
            del lists[0][0]["not_applicable"]  # nothing would be left to scale up
    if pen.is_source and _added(sections) < 100 and pen.maybe():
        sections.append(pen.rest(100 - _added(sections)))
    rubric: Mapped = {
        "id": name,
        "title": "抽样考核评分细则",
        "total": _added(sections),
        "decimals": decimals,
        **_options_of(pen, sections, kind, units),
        "sections": sections,
    }
    if pen.is_divided:
        assessors = pen.assessors(rubric)
        rubric |= {"assessors": assessors} if len(assessors) > 1 else {}
    if pen.grain != Decimal(1).scaleb(-decimals):
        rubric["step"] = pen.grain
    if not pen.is_source and pen.rarely():
        rubric["total"] += pen.points(pen.grain, Decimal(5))
        rubric["accept_mismatch"] = "印出来就是这样"
    return rubric


def draw_sheets(
    pen: RubricPen, rubric: Mapped, units: Sequence[str], period: str = "2018"
) -> list[Mapped]:
    """The sheets of all units."""
    return [
        {**sheet, "period": period}
        for place, unit in enumerate(units)  # the first and the last of `per_unit` are these:
        for sheet in _sheets_of(pen, rubric, unit, gives_means=place in (0, len(units) - 1))
    ]


def _options_of(
    pen: RubricPen, sections: Sequence[Mapped], kind: str, units: Sequence[str]
) -> Mapped:
    """What stands beside the sections, as far as it goes together."""
    found: Mapped = {}
    ids = [section["id"] for section in sections]
    if pen.maybe():
        found["tie_break"] = list(pen.draw(st.permutations(ids)))[: pen.whole(1, len(ids))]
    if kind == "adjusted":
        found["adjustments"] = pen.adjustments()
    if kind == "panel":
        found["panel"] = _panel_of(pen, sections, units)
    vetoes: list[Mapped] = []
    if kind in ("adjusted", "treated") and pen.maybe():
        vetoes += FACTUAL_VETOES
    if pen.maybe():
        by_total = found.get("panel", {}).get("by") == "total"
        vetoes += pen.conditions(sections, units, by_total=by_total)
    if vetoes:
        found["veto"] = vetoes
    if vetoes or pen.maybe():
        worths = [every_reach(sections, unit)["total"].full_marks for unit in units]
        found["bands"] = pen.bands(min(worths))
    return {**found, **draw_final_figures(pen)}


def _groups_of(pen: RubricPen, groups: dict[str, list[str]] | None) -> Mapped:
    """Where the groups of units stand."""
    if groups is None:
        return {}
    return {"grouped_by": "roster"} if pen.rarely() else {"groups": groups}


def _panel_of(pen: RubricPen, sections: Sequence[Mapped], units: Sequence[str]) -> Mapped:
    """How the points of several assessors are combined, and which points where that matters."""
    panel = pen.panel()
    if not all(map(_is_one_item, map(partial(_item_lists, sections), units))) or any(
        section.get("pool") or section.get("capped") for section in every_section(sections)
    ):
        panel["by"] = "total" if pen.maybe() and not pen.provisional else "item"
    return panel


def draw_final_figures(pen: RubricPen) -> Mapped:
    """Figures beside the total."""
    found: Mapped = {}
    if pen.maybe():
        found["scale"] = {"best": pen.one_of(Decimal(100), pen.points(pen.grain, Decimal(50)))}
    if pen.maybe():
        listed = sorted((pen.points(pen.grain, Decimal(9)) for _ in range(3)), reverse=True)
        found["rank_points"] = listed[: pen.whole(1, 3)]
    return found


def _sheets_of(pen: RubricPen, rubric: Mapped, unit: str, *, gives_means: bool) -> list[Mapped]:
    """The sheet of a unit, or those of its assessors."""
    assessors: list[Mapped] = [{}]
    if "panel" in rubric:
        fewest = -1 if pen.provisional and rubric["panel"]["minimum"] > 1 else 0
        number = rubric["panel"]["minimum"] + pen.whole(fewest, 2)
        assessors = [{"assessor": f"第{n}评委"} for n in range(1, number + 1)]
    sheets = []
    for assessor in assessors:
        sheet: Mapped = {"rubric": rubric["id"], "unit": unit, **assessor}
        groups = _item_lists(rubric["sections"], unit)
        sheet["scores"] = pen.scores(groups, gives_means=gives_means)
        if "adjustments" in rubric:
            sheet["adjustments"] = pen.facts_of(rubric["adjustments"])
        facts = [veto["id"] for veto in rubric.get("veto", []) if "when" not in veto]
        if facts and not gives_means and pen.maybe():
            sheet["veto"] = {pen.one_of(*facts): "仓库失火"}
        sheets.append(sheet)
    return _divided(pen, rubric, sheets[0]) if "assessors" in rubric else sheets


def _divided(pen: RubricPen, rubric: Mapped, sheet: Mapped) -> list[Mapped]:
    """The sheets of all assessors who have something of a unit; one may still be owed."""
    beside = {item["id"] for x in rubric.get("adjustments", {}).values() for item in x["items"]}
    beside |= {veto["id"] for veto in rubric.get("veto", []) if "when" not in veto}
    inside: dict[str, list[str]] = {}
    for section in every_section(rubric["sections"]):
        groups = _item_lists([section], sheet["unit"])
        inside[section["id"]] = [item["id"] for items in groups for item in items]
    sheets: list[Mapped] = []
    for assessor in rubric["assessors"]:
        own = {name for entry in assessor["items"] for name in inside.get(entry, [entry])}
        said: Mapped = {
            part: {name: one for name, one in sheet[part].items() if name in own}
            for part in ("scores", "adjustments", "veto")
            if part in sheet
        }
        if own & (sheet["scores"].keys() | beside):  # else nothing is owed
            sheets.append({**sheet, **said, "assessor": assessor["name"]})
    if pen.provisional and len(sheets) > 1 and pen.maybe():
        sheets.remove(pen.one_of(*sheets))
    return sheets


def _is_one_item(groups: list[list[Mapped]]) -> bool:
    """True where a unit has one item alone."""
    return sum(map(len, groups)) == 1
