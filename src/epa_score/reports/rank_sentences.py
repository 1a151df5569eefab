"""名次说明: why a unit has its rank, in three sentences at most whose numbers are computed.

The first says where it stands and by how much, the second where it lost most against the others,
the third what would lift it one place.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import groupby
from typing import NamedTuple

from epa_score.i18n import Words, plain
from epa_score.model import Item, Rubric, ScoreSheet, exactly
from epa_score.model.composite import RankedComposite
from epa_score.model.ranked import Ranked
from epa_score.reports.columns.not_applicable import scored_points
from epa_score.reports.columns.standing import veto_remarks
from epa_score.reports.rates import PointCounts
from epa_score.reports.scores import first_words
from epa_score.reports.table import decimals_of
from epa_score.scoring import Placing, Ranking, Result
from epa_score.scoring.points import points_of
from epa_score.scoring.room import Room
from epa_score.scoring.score import require_scope
from epa_score.values.rounding import exact_mean, rounded

_MOST_NAMED = 3
"""Units, and items, that a sentence names; of more it says how many there are."""


def units_text(units: Sequence[str], words: Words) -> str:
    """The names of some units; of many the first ones and how many there are."""
    named = words("list.separator").join(units[:_MOST_NAMED])
    if len(units) <= _MOST_NAMED:
        return named
    return words("rank.and_others", units=named, number=len(units))


class Peer(NamedTuple):
    """A part of a total in which a unit is compared with the mean of the ranked units."""

    name: str
    """The number of an item, or the title of a section."""
    text: str
    """The wording of the item; empty for a section."""
    points: Decimal
    mean: Fraction
    """The exact mean, by which units are compared."""
    shown: Decimal
    """The mean as tables show it."""


class Lift(NamedTuple):
    """What lifts a unit one place, in words and in points of the total."""

    text: str
    points: Decimal


class RankedUnits:
    """The units of a ranking, about each of which the same sentences are said."""

    def __init__(self, rubric: Ranked, ranking: Ranking, words: Words) -> None:
        """Look up who stands beside whom."""
        self._rubric, self._ranking, self._words = rubric, ranking, words
        alike = groupby(ranking.placings, key=lambda own: own.rank)
        self._ranks = [list(placings) for _, placings in alike]
        self._places = {
            placing.result.unit: place
            for place, placings in enumerate(self._ranks)
            for placing in placings
        }
        titles = {section.id: section.title for section in rubric.all_sections}
        self._tie_break = words("list.separator").join(titles[name] for name in ranking.tie_break)
        self._section_mean = cache(self._mean_of_section)

    def standing(self, result: Result) -> str:
        """The rank and the total of a unit, its distance to its neighbours, what holds it back."""
        words, ranking = self._words, self._ranking
        remarks = list(veto_remarks(self._rubric, result, words))
        about = {"unit": result.unit, "total": plain(result.total)}
        place = self._places.get(result.unit)
        if place is None:
            return self._closed([words("rank.excluded", **about), *remarks])
        equals = self._ranks[place]
        placing = next(own for own in equals if own.result.unit == result.unit)
        key = "rank.provisional" if ranking.provisional else "rank.stands"
        group = words("rank.of_group", group=ranking.group) if ranking.group else ""
        ranks = {"rank": placing.rank, "best": placing.best, "worst": placing.worst}
        clauses = [words(key, **about, **ranks, group=group, number=len(ranking.placings))]
        if result.unscored:
            clauses.append(words("rank.unscored", number=len(result.unscored)))
        if len(equals) > 1:
            others = [own for own in equals if own is not placing]
            clauses.append(words("rank.tied", units=self._units_text(others)))
        clauses += self._margin(result, self._at(place - 1), "above")
        clauses += self._margin(result, self._at(place + 1), "below")
        band = placing.band
        if band is not None and band.name != band.reached:
            clauses.append(words("rank.no_room", reached=band.reached, band=band.name))
        return self._closed([words("rank.joiner").join(clauses), *remarks])

    def _at(self, place: int) -> Sequence[Placing]:
        """The units of the rank at a place; none beyond both ends."""
        return self._ranks[place] if 0 <= place < len(self._ranks) else ()

    def _margin(self, result: Result, others: Sequence[Placing], way: str) -> Iterator[str]:
        """The distance to the units of the next rank; equal totals are told by sections."""
        if not others:
            return
        with exactly():
            gap = abs(others[0].result.total - result.total)
        about = {"rank": others[0].rank, "units": self._units_text(others)}
        if gap:
            yield self._words(f"rank.{way}", gap=plain(gap), **about)
        else:
            yield self._words(f"rank.{way}_equal", sections=self._tie_break, **about)

    def _units_text(self, placings: Sequence[Placing]) -> str:
        return units_text([placing.result.unit for placing in placings], self._words)

    def _closed(self, clauses: Iterable[str]) -> str:
        """A sentence of clauses that say something each."""
        return self._words("rank.sentence", text=self._words("rank.parts_joiner").join(clauses))

    def _section_peers(self, result: Result, titles: Mapping[str, str]) -> Iterator[Peer]:
        """Some sections of a unit, which are looked up by their ids."""
        for name, title in titles.items():
            average = self._section_mean(name)
            if average is not None:
                yield Peer(title, "", result.sections[name], *average)

    def _mean_of_section(self, name: str) -> tuple[Fraction, Decimal] | None:
        """The exact mean, and as it is shown; nothing where nobody is ranked."""
        placings = self._ranking.placings
        known = Counter(placing.result.sections[name] for placing in placings)
        if not known:
            return None
        shown = decimals_of(own.sections[name] for _, own in self._ranking.everybody)
        average = exact_mean(known)
        return average, rounded(average, max(shown, min(1, self._rubric.decimals)))

    def _loss(self, result: Result, peers: Sequence[Peer]) -> str:
        """Where a unit lies farthest below the mean of all; nothing where nobody can be compared.

        Items that lie equally far are named together. Nothing is said where the distance is less
        than the decimals of the mean can show.
        """
        words = self._words
        gaps = [peer.mean - Fraction(peer.points) for peer in peers]
        most = max(gaps, default=Fraction(0))
        if most <= 0:
            key = "rank.no_loss_yet" if result.unscored else "rank.no_loss"
            return words(key) if peers and len(self._places) > 1 else ""
        found = [peer for peer, gap in zip(peers, gaps, strict=True) if gap == most]
        if found[0].shown == found[0].points:
            return ""
        shown = (
            words(
                "rank.loss_part",
                part=self._part_text(peer),
                points=plain(peer.points),
                mean=plain(peer.shown),
            )
            for peer in found[:_MOST_NAMED]
        )
        parts = words("rank.parts_joiner").join(shown)
        if len(found) > _MOST_NAMED:
            parts = words("rank.loss_more", parts=parts, number=len(found))
        return words("rank.loss", parts=parts)

    def _part_text(self, peer: Peer) -> str:
        """An item with the beginning of its wording, or the title of a section."""
        if not peer.text:
            return peer.name
        return self._words("rank.item", item=peer.name, text=first_words(peer.text))

    def lift(self, result: Result, grain: Decimal) -> Lift | None:
        """The points that lift a unit one place; ``None`` for the first ones and excluded ones.

        Behind an equal total it is one ``grain``.
        """
        above = self._at(self._places.get(result.unit, 0) - 1)
        if not above:
            return None
        with exactly():
            gap = above[0].result.total - result.total
        about = {"rank": above[0].rank, "units": self._units_text(above)}
        if not gap:
            return Lift(self._words("rank.lift_past", gap=plain(grain), **about), grain)
        key = "rank.lift_equal" if self._tie_break else "rank.lift"
        return Lift(self._words(key, gap=plain(gap), sections=self._tie_break, **about), gap)


class RubricUnits(RankedUnits):
    """The units of a ranking by a rubric."""

    def __init__(self, rubric: Rubric, ranking: Ranking, counts: PointCounts, words: Words) -> None:
        """Take the points of the ranked units by item, and look up who stands beside whom."""
        super().__init__(rubric, ranking, words)
        self._scored_by, self._counts = rubric, counts
        self._item_mean = cache(self._mean_of_item)

    def sentences(self, result: Result, sheet: ScoreSheet) -> tuple[str, ...]:
        """The sentences on a unit.

        A mean is rounded as 分项分析 shows it, and that of a section as the mean row of 排名汇总.
        What would lift the unit is said as if nothing else changed.
        """
        rubric = self._scored_by
        peers = list(self._item_peers(result, sheet))
        if not self._ranking.provisional:  # sections count unscored items as 0
            own = (section for section in rubric.all_sections if section.per_unit)
            peers += self._section_peers(result, {section.id: section.title for section in own})
        needed = self.lift(result, rubric.grain)
        lift = (
            "" if needed is None else self._lift_text(result, needed, Room(rubric, sheet, result))
        )
        return tuple(filter(None, (self.standing(result), self._loss(result, peers), lift)))

    def _item_peers(self, result: Result, sheet: ScoreSheet) -> Iterator[Peer]:
        """The items of a unit that have points, beside the means of all that have them."""
        scope = require_scope(self._scored_by, sheet)
        points = scored_points(points_of(self._scored_by, sheet, result), sheet)
        for item in scope.items.values():
            given, average = points.get(item.id), self._item_mean(scope.homes[item.id], item)
            if given is not None and average is not None:
                yield Peer(item.id, item.text, given, *average)

    def _mean_of_item(self, section: str, item: Item) -> tuple[Fraction, Decimal] | None:
        """The exact mean, and as it is shown; nothing where no ranked unit has points."""
        known = self._counts.get((section, item))
        if not known:
            return None
        average = exact_mean(known)
        return average, rounded(average, self._scored_by.decimals)

    def _lift_text(self, result: Result, needed: Lift, room: Room) -> str:
        """What would lift a unit, and the items that could: those that gain most come first."""
        words = self._words
        if not room.is_known:
            return self._closed([needed.text, words("rank.room_unknown")])
        gains = sorted(room.gains.items(), key=lambda gain: -gain[1])
        every = [item for item, _ in gains]
        number = _fewest(room, every, needed.points)
        together = room.gain_with(every[:number])
        items = [
            words(
                "rank.gain_unscored" if item in result.unscored else "rank.gain",
                item=item,
                points=plain(gain),
            )
            for item, gain in gains[: max(number, 2)][:_MOST_NAMED]
            if gain > 0
        ]
        if not items and together <= 0:
            clauses = [words("rank.no_room_left")]
        else:
            clauses = [words("rank.joiner").join(items) or words("rank.none_alone")]
            if together < needed.points:
                clauses.append(words("rank.too_little", points=plain(together)))
            elif not items:
                points = plain(room.gain_with(every))
                clauses.append(words("rank.all_together", points=points))
            elif number > 1:
                clauses.append(words("rank.together", number=number, points=plain(together)))
        if together < needed.points:
            kinds = {"apart": room.apart, "beyond": room.beyond}
            clauses += [
                words(f"rank.{kind}", items=words("list.separator").join(items))
                for kind, items in kinds.items()
                if items
            ]
        return self._closed([needed.text, *clauses])


class CompositeUnits(RankedUnits):
    """The units of a composite result, whose parts are its components."""

    def __init__(self, ranked: RankedComposite, ranking: Ranking, words: Words) -> None:
        """Look up who stands beside whom."""
        super().__init__(ranked, ranking, words)
        self._composite = ranked

    def sentences(self, result: Result) -> tuple[str, ...]:
        """The sentences on a unit."""
        ranked = self._composite
        names = {component.name: component.name for component in ranked.composite.sources}
        needed = self.lift(result, ranked.last_decimal)
        clauses = [] if needed is None else [needed.text, *self._short_components(result)]
        loss = self._loss(result, list(self._section_peers(result, names)))
        lift = self._closed(clauses) if clauses else ""
        return tuple(filter(None, (self.standing(result), loss, lift)))

    def _short_components(self, result: Result) -> Iterator[str]:
        """What each component is short of its full marks."""
        ranked = self._composite
        for component, section in zip(ranked.composite.sources, ranked.all_sections, strict=True):
            with exactly():
                short = section.max - result.sections[section.id]
            if short > 0:
                about = {"part": component.name, "points": plain(short)}
                if component.weight is None:
                    yield self._words("rank.missing", **about)
                else:
                    weight = plain(component.weight)
                    yield self._words("rank.missing_weighted", weight=weight, **about)


def _fewest(room: Room, items: Sequence[str], points: Decimal) -> int:
    """How many of the items, in their order, gain so many points together; else all of them."""
    enough = (n for n in range(1, len(items)) if room.gain_with(items[:n]) >= points)
    return next(enough, len(items))
