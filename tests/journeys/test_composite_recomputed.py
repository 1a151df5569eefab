"""Composite results worked out once more from what is exported, by arithmetic of this file alone.

Totals of sources come from the JSON, and weights from the file of the composite result; what the
program says of ranks, of how firm they are, of moves, in sentences and in the notice follows.
"""

import json
import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import groupby, product
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pytest
import yaml
from tests.support.commands import Run
from tests.support.composites import ANNUAL, MONTHLY, hand_in, rubric_of, write_composite
from tests.support.documents import text_of_document
from tests.support.paths import ROOT
from tests.support.reports import text_of_page

Rows = list[dict[str, Any]]
NUMBER = r"(-?[0-9.]+)"
UNITS = ("甲镇", "乙镇", "丙镇", "丁镇", "戊镇", "己镇", "庚镇")


# --- cases --------------------------------------------------------------------------------------


def example(folder: str, file: str) -> Callable[[Path], str]:
    def write(here: Path) -> str:
        shutil.copytree(ROOT / "examples" / folder, here, dirs_exist_ok=True)
        return file

    return write


def drawn(seed: int, more: str, rounding: str, *, apart: bool = False) -> Callable[[Path], str]:
    """Seven units with few different points, so that many are near or equal."""

    def write(here: Path) -> str:
        random = Random(seed)  # noqa: S311 -- the same in every run
        for name in ("rubrics", "annual", "monthly"):
            (here / name).mkdir()
        adjustments = (
            "adjustments:\n  bonus: {items: [{id: J1, text: 表彰, each: 1.5}]}\n"
            "  penalty: {items: [{id: K1, text: 通报, each: 2}]}\n"
            if apart
            else ""
        )
        (here / "rubrics/annual.yaml").write_text(rubric_of("annual", 100) + adjustments, "utf-8")
        (here / "rubrics/monthly.yaml").write_text(rubric_of("monthly", 30), "utf-8")
        annual = ANNUAL.replace("}", ", adjustments: apart}") if apart else ANNUAL
        write_composite(annual, MONTHLY, folder=str(here), more=more, rounding=rounding)
        for unit in UNITS:
            path = hand_in("annual", unit, "2018", random.choice([88, 90, "90.5", 96]), str(here))
            given = {"J1": "[全省表彰]", "K1": "[县里通报]"}
            chosen = [name for name in given if apart and random.random() < 0.5]
            if chosen:
                listed = ", ".join(f"{name}: {given[name]}" for name in chosen)
                path.write_text(path.read_text("utf-8") + f"adjustments: {{{listed}}}\n", "utf-8")
            for month in ("2018-01", "2018-02"):
                hand_in("monthly", unit, month, random.choice([24, 25, "27.5", 30]), str(here))
        return "year.yaml"

    return write


CASES: dict[str, Callable[[Path], str]] = {
    "year": example("composite", "year.yaml"),
    "sum": example("sums", "sum.yaml"),
    "weighted": example("sums", "weighted.yaml"),
    "each": drawn(1, "tie_break: [年终]\n", "rounding: each\n"),
    "end": drawn(2, "decimals: 1\n", "rounding: end\n"),
    "ties": drawn(3, "decimals: 0\ntie_break: [月度, 年终]\n", "rounding: each\n"),
    "apart": drawn(4, "", "rounding: end\n", apart=True),
}


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest, folder: Path) -> str:
    """The current folder with a composite result, whose file it gives."""
    return CASES[request.param](folder)


# --- the composite result once more -------------------------------------------------------------


class Unit(NamedTuple):
    """What one unit comes to."""

    name: str
    total: Fraction
    figures: Mapping[str, Fraction]
    """The printed figure of each source."""
    parts: tuple[Fraction, ...]
    """What each source counts in the total."""
    ties: tuple[Fraction, ...]

    @property
    def key(self) -> tuple[Fraction, ...]:
        return (self.total, *self.ties)


def half_up(value: Fraction, decimals: int) -> Fraction:
    grain = Fraction(1, 10**decimals)
    return (value / grain + Fraction(1, 2)).__floor__() * grain


class Made:
    """A composite result by its file, and by the totals that its result lists."""

    def __init__(self, file: str, tables: Mapping[str, Rows]) -> None:
        self.composite = yaml.safe_load(Path(file).read_text("utf-8"))
        self.sources = self.composite["sources"]
        self.decimals = self.composite.get("decimals", 2)
        self.totals: dict[str, dict[str, list[Fraction]]] = {}
        self.caps: dict[str, Fraction] = {}
        names = [source["name"] for source in self.sources]
        for row in tables["sources"]:
            if row["source"] in names:
                own = self.totals.setdefault(row["unit"], {}).setdefault(row["source"], [])
                own.append(Fraction(row["total"]))
                self.caps[row["source"]] = Fraction(row["cap"])
        self.added = {
            row["unit"]: Fraction(row.get("bonus") or 0) - Fraction(row.get("penalty") or 0)
            for row in tables["ranking"]
        }

    def figure(self, source: Mapping[str, Any], totals: Sequence[Fraction]) -> Fraction:
        """The figure of a source before it is rounded."""
        cap = self.caps[source["name"]]
        full = Fraction(str(source.get("out_of", cap)))
        return sum(totals, Fraction(0)) / len(totals) / cap * full

    def unit(self, name: str, totals: Mapping[str, Sequence[Fraction]] | None = None) -> Unit:
        """A unit by its own totals, or by others."""
        totals = totals or self.totals[name]
        exact = {own["name"]: self.figure(own, totals[own["name"]]) for own in self.sources}
        printed = {
            own["name"]: exact[own["name"]]
            if self.stands(own, totals[own["name"]])
            else half_up(exact[own["name"]], self.decimals)
            for own in self.sources
        }
        counted = exact if self.composite.get("rounding") == "end" else printed
        parts = tuple(
            counted[own["name"]] * (Fraction(own["weight"], 100) if "weight" in own else 1)
            for own in self.sources
        )
        base = half_up(sum(parts, Fraction(0)), max(self.decimals, 0))
        if all("weight" not in own for own in self.sources) and counted is printed:
            base = sum(parts, Fraction(0))
        total = max(base + self.added.get(name, Fraction(0)), Fraction(0))
        ties = tuple(printed[own] for own in self.composite.get("tie_break", ()))
        return Unit(name, total, printed, parts, ties)

    def stands(self, source: Mapping[str, Any], totals: Sequence[Fraction]) -> bool:
        cap = self.caps[source["name"]]
        return len(totals) == 1 and Fraction(str(source.get("out_of", cap))) == cap

    def units(self) -> list[Unit]:
        """The units in the order of their keys."""
        return sorted(map(self.unit, self.totals), key=lambda own: own.key, reverse=True)


def ranks_of(units: Sequence[Unit]) -> dict[str, int]:
    return {own.name: 1 + sum(other.key > own.key for other in units) for own in units}


def cut_off(share: Fraction) -> Fraction:
    return Fraction((share * 10000).__floor__(), 100)


@pytest.fixture
def made(case: str, run: Run) -> tuple[Made, dict[str, Rows]]:
    """A composite result, and the tables of its JSON."""
    outcome = run("export", "--json", "--composite", case, "-o", "r.json")
    assert outcome.code == 0, outcome.said
    tables = json.loads(Path("r.json").read_text("utf-8"))
    return Made(case, tables), tables


# --- its tables ---------------------------------------------------------------------------------


def test_totals_and_ranks(made: tuple[Made, dict[str, Rows]]) -> None:
    own, tables = made
    units = {unit.name: unit for unit in own.units()}
    ranks = ranks_of(list(units.values()))
    assert len(tables["ranking"]) == len(units) > 2
    for row in tables["ranking"]:
        unit = units[row["unit"]]
        assert Fraction(row["total"]) == unit.total
        assert row["rank"] == ranks[row["unit"]]
        assert {name: Fraction(text) for name, text in row["sections"].items()} == unit.figures


def weighted(unit: Unit, weights: Sequence[Fraction]) -> Fraction:
    changes = zip(weights, unit.parts, strict=True)
    return unit.total + sum(((weight - 1) * part for weight, part in changes), Fraction(0))


def level_at(above: Unit, below: Unit) -> Fraction:
    """The share at which the best weights for the lower unit bring both to one total."""
    gap = above.total - below.total
    apart = sum((abs(a - b) for a, b in zip(above.parts, below.parts, strict=True)), Fraction(0))
    return gap / apart if gap < apart else Fraction(1)


def test_how_firm_ranks_are(made: tuple[Made, dict[str, Rows]]) -> None:
    own, tables = made
    units = own.units()
    by_name, ranks = {unit.name: unit for unit in units}, ranks_of(units)
    rows = tables["stability"]
    order = [row["unit"] for row in tables["ranking"]]
    assert [row["unit"] for row in rows] == order
    share = Fraction(5, 100)
    corners = list(product((1 - share, 1 + share, Fraction(1)), repeat=len(own.sources)))
    for place, row in enumerate(rows):
        unit = by_name[row["unit"]]
        assert (row["rank"], Fraction(row["total"])) == (ranks[unit.name], unit.total)
        better = [name for name in order[:place] if ranks[name] < ranks[unit.name]]
        worse = [name for name in order[place:] if ranks[name] > ranks[unit.name]]
        assert row["unit_above"] == (better[-1] if better else None)
        margins = row["margin_above"], row["margin_below"]
        assert margins == (
            text_of(by_name[better[-1]].total - unit.total if better else None),
            text_of(unit.total - by_name[worse[0]].total if worse else None),
        )
        shares = {
            other.name: level_at(*sorted((other, unit), key=lambda one: one.total, reverse=True))
            for other in units
            if other is not unit
        }
        above = shares[better[-1]] if better else None
        assert row["weight_share"] == text_of(None if above is None else cut_off(above))
        assert row["firm_share"] == text_of(cut_off(min(shares.values())))
        ahead = [
            [
                (weighted(other, corner), other.ties) > (weighted(unit, corner), unit.ties)
                for corner in corners
            ]
            for other in units
            if other is not unit
        ]
        assert row["best"] == 1 + sum(map(all, ahead))
        assert row["worst"] == 1 + sum(map(any, ahead))
        assert row["swap"] is row["raise"] is None


def text_of(number: Fraction | None) -> str | None:
    """A number with as many decimals as it needs."""
    if number is None:
        return None
    scaled = number * 10**6
    assert scaled.denominator == 1
    whole, part = divmod(abs(scaled.numerator), 10**6)
    text = f"{whole}.{part:06}".rstrip("0").rstrip(".")
    return f"-{text}" if number < 0 else text


def test_ranks_without_a_source(made: tuple[Made, dict[str, Rows]]) -> None:
    own, tables = made
    for source in list(own.sources):
        left = Made.__new__(Made)
        left.__dict__ |= own.__dict__
        left.sources = [other for other in own.sources if other is not source]
        ties = [name for name in own.composite.get("tie_break", ()) if name != source["name"]]
        left.composite = own.composite | {"tie_break": ties}
        if source.get("adjustments"):  # they go with their source
            left.added = {}
        ranks = ranks_of(left.units())
        found = {row["unit"]: row["without"][source["name"]] for row in tables["stability"]}
        assert found == ranks


def test_points_in_one_source(made: tuple[Made, dict[str, Rows]]) -> None:
    own, tables = made
    grain, checked = Fraction(1, 100), 0
    for row in tables["stability"]:
        unit = row["unit"]
        for name, text in row["raise_in"].items():
            above = own.unit(row["unit_above"])
            first, *rest = own.totals[unit][name]
            before = []
            for points in (Fraction(text), Fraction(text) - grain):
                changed = own.totals[unit] | {name: [first + points, *rest]}
                before.append(own.unit(unit, changed).key > above.key)
            assert before == [True, False]
            room = own.caps[name] * (1 + len(rest)) - first - sum(rest)
            assert Fraction(text) <= room
            checked += 1
    assert checked > 1 or {one["rubric"] for one in own.sources} == {"annual", "quarterly"}


# --- its sentences, its notice, and what moved --------------------------------------------------

STANDS = re.compile(rf"^(\S+?)得 {NUMBER} 分，列第 (\d+) 名（共 (\d+) 个单位）")
BESIDE = re.compile(rf"比第 (\d+) 名([^，。；]+?)(少|多) {NUMBER} 分")
LIFT = re.compile(rf"总分(?:只要)?再多 {NUMBER} 分")
LOSS = re.compile(rf"(?:：|；)(\w+?)得 {NUMBER} 分，平均 {NUMBER} 分")
SHORT = re.compile(rf"(\w+?)离满分还差 {NUMBER} 分")


def in_ranks(units: Sequence[Unit]) -> list[list[Unit]]:
    return [list(equals) for _, equals in groupby(units, key=lambda own: own.key)]


def mean_as_shown(figures: Sequence[Fraction], most: int) -> Fraction:
    """The mean with the decimals of its column, one at least where there may be any."""
    decimals = max(next(n for n in range(7) if own * 10**n % 1 == 0) for own in figures)
    return half_up(sum(figures, Fraction(0)) / len(figures), max(decimals, min(1, most)))


def test_sentences_on_ranks(case: str, run: Run, made: tuple[Made, dict[str, Rows]]) -> None:
    own, _ = made
    units = own.units()
    ranks, in_order = ranks_of(units), in_ranks(units)
    page = run("export", "--html", "--composite", case, "-o", "-").text
    lines = text_of_page(page).splitlines()
    found = [place for place, line in enumerate(lines) if STANDS.match(line)]
    assert len(found) == len(units)
    full = {one["name"]: own.figure(one, [own.caps[one["name"]]]) for one in own.sources}
    for place in found:
        stands = STANDS.match(lines[place])
        assert stands is not None
        unit = next(one for one in units if one.name == stands[1])
        assert Fraction(stands[2]) == unit.total
        assert (int(stands[3]), int(stands[4])) == (ranks[unit.name], len(units))
        at = next(n for n, equals in enumerate(in_order) if unit in equals)
        beside = {way: (rank, names, gap) for rank, names, way, gap in BESIDE.findall(lines[place])}
        for way, other in (("少", at - 1), ("多", at + 1)):
            others = in_order[other] if 0 <= other < len(in_order) else []
            gap = abs(others[0].total - unit.total) if others else Fraction(0)
            assert (way in beside) == bool(gap)
            if gap:
                rank, names, said = beside[way]
                assert int(rank) == ranks[others[0].name]
                assert set(names.split("等 ")[0].split("、")) <= {one.name for one in others}
                assert Fraction(said) == gap
        assert ("并列" in lines[place]) == (len(in_order[at]) > 1)
        rest = [line for line in lines[place + 1 : place + 3] if line.endswith("。")]
        means = {
            name: sum((one.figures[name] for one in units), Fraction(0)) / len(units)
            for name in full
        }
        most = max(means[name] - unit.figures[name] for name in full)
        for name, points, mean in LOSS.findall(" ".join(rest)):
            assert Fraction(points) == unit.figures[name]
            shown = mean_as_shown([one.figures[name] for one in units], own.decimals)
            assert Fraction(mean) == shown
            assert means[name] - unit.figures[name] == most > 0
        if at:
            lift = LIFT.search(rest[-1])
            assert lift is not None
            gap = in_order[at - 1][0].total - unit.total
            assert Fraction(lift[1]) == (gap or Fraction(1, 10**own.decimals))
            short = {name: Fraction(points) for name, points in SHORT.findall(rest[-1])}
            assert short == {
                name: full[name] - unit.figures[name]
                for name in full
                if full[name] > unit.figures[name]
            }


def test_the_notice(case: str, run: Run, made: tuple[Made, dict[str, Rows]]) -> None:
    own, _ = made
    units = own.units()
    assert run("export", "--docx", "--composite", case, "-o", "n.docx").code == 0
    text = text_of_document(Path("n.docx").read_bytes())
    full = {one["name"]: own.figure(one, [own.caps[one["name"]]]) for one in own.sources}
    shares = [Fraction(one.get("weight", 100), 100) for one in own.sources]
    whole = sum((a * b for a, b in zip(full.values(), shares, strict=True)), Fraction(0))
    totals = [unit.total for unit in units]
    mean = mean_as_shown(totals, own.decimals)
    line = next(line for line in text.splitlines() if line.startswith("参加排名的"))
    about = f"参加排名的{len(units)}个单位，满分{text_of(whole)}分，平均得分{text_of(mean)}分"
    assert line.startswith(about)
    for word, bound in (("最高", max(totals)), ("最低", min(totals))):
        said = re.search(rf"{word}{NUMBER}分（([^）]+)）", line)
        assert said is not None
        assert Fraction(said[1]) == bound
        assert set(said[2].split("、")) == {unit.name for unit in units if unit.total == bound}
    means = next(line for line in text.splitlines() if line.startswith("各部分平均得分"))
    told = re.findall(rf"(?:：|，)(\w+?){NUMBER}分（满分{NUMBER}分）", means)
    assert {name: (Fraction(points), Fraction(cap)) for name, points, cap in told} == {
        name: (mean_as_shown([unit.figures[name] for unit in units], own.decimals), full[name])
        for name in full
    }
    ranks = ranks_of(units)
    best = next((line for line in text.splitlines() if line.startswith("前三名")), None)
    assert (best is not None) == (len(units) > 3)
    if best is not None:
        said_best = re.findall(rf"(\w+?)（{NUMBER}分）", best.removeprefix("前三名："))
        assert {name: Fraction(total) for name, total in said_best} == {
            unit.name: unit.total for unit in units if ranks[unit.name] <= 3
        }


def test_what_moved(case: str, run: Run, made: tuple[Made, dict[str, Rows]]) -> None:
    own, before = made
    units = own.units()
    last, first = units[-1].name, units[0].name
    names = {first: last, last: first}  # they change places
    for path in sorted(Path().glob("*/*.yaml")):
        head, *found = re.split(r"(?m)^unit: (\S+)$", path.read_text("utf-8"), maxsplit=1)
        if found:
            unit, rest = found
            path.write_text(f"{head}unit: {names.get(unit, unit)}{rest}", "utf-8")
    outcome = run("export", "--json", "--composite", case, "--compare", "r.json", "-o", "s.json")
    assert outcome.code == 0, outcome.said
    after = json.loads(Path("s.json").read_text("utf-8"))
    was, now = ranks_of(units), ranks_of(Made(case, after).units())
    assert (now[first], now[last]) == (was[last], was[first])
    assert len(after["moves"]) == len(before["ranking"])
    for row in after["moves"]:
        unit = row["unit"]
        assert (row["old_rank"], row["rank"]) == (was[unit], now[unit])
        assert row["rise"] == was[unit] - now[unit]
        assert (row["difference"], row["refused"]) == (None, "composite")
