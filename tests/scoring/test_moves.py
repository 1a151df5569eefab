"""What moved between two results: of the same things alone, and exactly."""

from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from tests.support.drawn import Drawn, draw
from tests.support.earlier import turned

from epa_score import Rubric
from epa_score.model import exactly, same_name_key
from epa_score.scoring import rank
from epa_score.scoring.moves import Moves, UnitMove, moves_between, pair_snapshots
from epa_score.scoring.snapshot import ItemTerms, Snapshot, UnitSnapshot, snapshot_of

SEEDS = range(40)
HALF = Decimal("1.5")
WAYS = ("bonus", "penalty")
A1, A2 = ItemTerms("有人负责。", Decimal(3)), ItemTerms("有方案。", Decimal(7))


@cache
def drawn(seed: int) -> Drawn:
    return draw(seed)


def own_snapshot(seed: int) -> Snapshot:
    found = drawn(seed)
    return snapshot_of(found.rubric, found.ranking, found.sheets)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_result_compared_with_itself_has_moved_nowhere(seed: int) -> None:
    own = own_snapshot(seed)
    moves = moves_between(own, own)
    assert [move.unit for move in moves.units] == [unit.unit for unit in own.units]
    for move in moves.units:
        assert move.new is not None
        assert move.rise == (None if move.new.rank is None else 0)
        assert (move.difference, move.comparable, move.rest) == (Decimal(0), None, None)
        assert {item.state for item in move.items} == {"same"}
        assert {item.difference for item in move.items} <= {Decimal(0), None}
        assert move.greatest == []


@pytest.mark.parametrize("seed", SEEDS)
def test_the_other_way_round_every_number_is_negated(seed: int) -> None:
    new = own_snapshot(seed)
    old = turned(new, changed=seed % 2 > 0)
    there, back = moves_between(old, new), moves_between(new, old)
    assert there.by_unit.keys() == back.by_unit.keys()
    for key, move in there.by_unit.items():
        other = back.by_unit[key]
        assert set(move.obstacles) == set(other.obstacles)
        for name in ("rise", "difference", "comparable", "rest"):
            own, theirs = getattr(move, name), getattr(other, name)
            assert (own is None) == (theirs is None)
            assert own is None or own == -theirs
        differences = {item.item: item.difference for item in move.items}
        theirs = {item.item: item.difference for item in other.items}
        assert differences.keys() == theirs.keys()
        assert all(
            own == theirs[item] if own is None else own == -theirs[item]
            for item, own in differences.items()
        )


@pytest.mark.parametrize("seed", SEEDS)
def test_items_and_the_rest_come_to_the_difference_of_totals(seed: int) -> None:
    new = own_snapshot(seed)
    found = moves_between(turned(new), new)
    counted = 0
    with exactly():
        for move in found.units:
            assert move.old is not None
            assert move.new is not None
            if move.difference is None:
                assert move.obstacles
                continue
            counted += 1
            assert move.new.total is not None
            assert move.old.total is not None
            assert move.difference == move.new.total - move.old.total
            items = sum((item.difference or Decimal(0) for item in move.items), Decimal(0))
            assert items + (move.rest or Decimal(0)) == move.difference
            assert move.rest != 0
    assert counted or any(unit.inapplicable for unit in new.units)


def test_where_nothing_but_items_counts_they_are_all_of_the_difference() -> None:
    plain = [
        seed
        for seed in range(300)
        if not drawn(seed).rubric.adjustments
        and not drawn(seed).rubric.treatments
        and all(not own.pool and not own.capped for own in drawn(seed).rubric.all_sections)
    ]
    assert len(plain) > 5
    for seed in plain:
        own = own_snapshot(seed)
        for move in moves_between(turned(own), own).units:
            assert move.rest is None
            assert move.difference is not None or "items" in move.obstacles  # of its own


# --- two results by hand ----------------------------------------------------------------------


def unit(name: str, rank_: int | None, a1: str, a2: str, **more: Any) -> UnitSnapshot:
    points = {"A1": Decimal(a1), "A2": Decimal(a2)}
    total = sum(points.values(), Decimal(0))
    own = UnitSnapshot(name, "", rank_, total, {"A1": A1, "A2": A2}, points)
    return own._replace(**more)


def result(*units: UnitSnapshot, **more: Any) -> Snapshot:
    return Snapshot("small", "小细则", "2018", "competition", "", "CODE", units)._replace(**more)


def only(old: UnitSnapshot, new: UnitSnapshot, **more: Any) -> UnitMove:
    (move,) = moves_between(result(old, **more), result(new)).units
    return move


OLD, NEW = unit("甲镇", 3, "2", "4"), unit("甲镇", 1, "1.5", "6")


def test_a_move_is_of_ranks_totals_and_items() -> None:
    move = only(OLD, NEW)
    assert (move.rise, move.difference, move.comparable, move.obstacles) == (2, HALF, None, ())
    assert [(item.item, item.difference) for item in move.greatest] == [
        ("A2", Decimal(2)),
        ("A1", Decimal("-0.5")),
    ]


def test_units_are_the_same_where_their_names_are() -> None:
    old = result(unit("ＡB镇", 1, "1", "1"), unit("乙镇", 2, "1", "0"))
    new = result(unit("丙镇", 1, "1", "1"), unit("Ab镇", 2, "1", "0"))
    moves = moves_between(old, new)
    assert [(own.unit, own.old is None, own.new is None) for own in moves.units] == [
        ("丙镇", True, False),
        ("Ab镇", False, False),
        ("乙镇", False, True),
    ]


@pytest.mark.parametrize(
    ("terms", "state"),
    [
        (A2._replace(text="有方 案。\n"), "same"),
        (A2._replace(text="有计划。"), "changed"),
        (A2._replace(cap=Decimal(8)), "changed"),
        (A2._replace(rule="0123456789"), "changed"),
    ],
)
def test_an_item_is_the_same_by_wording_cap_and_rule(terms: ItemTerms, state: str) -> None:
    move = only(OLD._replace(terms={"A1": A1, "A2": terms}), NEW)
    assert [item.state for item in move.items] == ["same", state]
    assert [item.old_points for item in move.items] == [2, 4]
    if state == "changed":
        assert (move.difference, move.comparable) == (None, Decimal("-0.5"))
        assert move.obstacles == ("items",)
        assert move.rise == 2


def test_items_are_new_and_dropped() -> None:
    old = OLD._replace(terms={"A1": A1, "A3": A2}, points={"A1": Decimal(2), "A3": Decimal(1)})
    move = only(old, NEW)
    states = {item.item: (item.state, item.old_points, item.difference) for item in move.items}
    assert states == {
        "A1": ("same", 2, Decimal("-0.5")),
        "A2": ("new", None, None),
        "A3": ("dropped", 1, None),
    }


def test_bonuses_add_and_penalties_take() -> None:
    zero, two, five = map(Decimal, (0, 2, 5))
    old = OLD._replace(adjusted={"bonus": two, "penalty": zero}, total=Decimal(8))
    new = NEW._replace(adjusted={"bonus": zero, "penalty": five}, total=Decimal("2.5"))
    move = only(old, new)
    assert {item.item: item.difference for item in move.items} == {
        "A1": Decimal("-0.5"),
        "A2": 2,
        "bonus": -2,
        "penalty": -5,
    }
    assert str(move.items[-1].old_points) == "0"
    assert (move.difference, move.rest) == (Decimal("-5.5"), None)


@pytest.mark.parametrize(
    ("before", "after", "differences"),
    [
        ({}, {}, {}),
        ({"bonus": "2"}, {}, {}),
        ({}, {"bonus": "2"}, {}),
        ({"penalty": "2"}, {"bonus": "1"}, {}),
        ({"bonus": "2", "penalty": "3"}, {"bonus": "5"}, {"bonus": "3"}),
        ({"penalty": "3"}, {"bonus": "5", "penalty": "1"}, {"penalty": "2"}),
        ({"bonus": "0", "penalty": "0"}, {"bonus": "0", "penalty": "0"}, dict.fromkeys(WAYS, "0")),
    ],
)
def test_adjustments_that_both_results_state_are_compared(
    before: dict[str, str], after: dict[str, str], differences: dict[str, str]
) -> None:
    was, now = ({way: Decimal(own) for way, own in side.items()} for side in (before, after))
    sides = OLD._replace(adjusted=was), NEW._replace(adjusted=now)
    found = {item.item: item.difference for item in only(*sides).items}
    assert found.keys() == {"A1", "A2", *differences}
    assert {way: found[way] for way in differences} == {
        way: Decimal(own) for way, own in differences.items()
    }
    other = [item.item for item in only(*sides, method="OTHER").items]
    assert other == ["A1", "A2"]


def test_ranks_given_otherwise_are_not_compared() -> None:
    ties = only(OLD, NEW, ties="dense")
    assert (ties.rise, ties.difference, ties.obstacles) == (None, HALF, ("ties",))
    order = only(OLD, NEW, tie_break="B A")
    assert (order.rise, order.difference, order.obstacles) == (None, HALF, ("ties",))
    group = only(OLD._replace(group="一类"), NEW)
    assert (group.rise, group.difference, group.obstacles) == (None, HALF, ("group",))
    unranked = only(OLD._replace(rank=None), NEW)
    assert (unranked.rise, unranked.difference, unranked.obstacles) == (None, HALF, ("unranked",))
    for sides in ((UnitSnapshot("甲镇"), NEW), (OLD, UnitSnapshot("甲镇"))):
        absent = only(*sides)
        assert (absent.rise, absent.difference, absent.obstacles) == (None, None, ("absent",))


def test_totals_made_otherwise_are_not_compared() -> None:
    method = only(OLD, NEW, method="OTHER")
    assert (method.rise, method.difference, method.comparable) == (2, None, HALF)
    assert method.obstacles == ("method",)
    moved = only(OLD._replace(terms={"A1": A1, "A2": A2._replace(section="B")}), NEW)
    assert (moved.difference, moved.comparable, moved.obstacles) == (None, HALF, ("method",))
    composite = only(OLD, NEW, method="")
    assert (composite.rise, composite.difference, composite.comparable) == (2, None, None)
    assert composite.obstacles == ("composite",)
    out = only(OLD._replace(inapplicable=("A2",), points={"A1": Decimal(2)}), NEW)
    assert (out.rise, out.difference, out.comparable) == (2, None, Decimal("-0.5"))
    assert out.obstacles == ("not_applicable",)
    both: dict[str, Any] = {"inapplicable": ("A2",), "points": {"A1": Decimal(2)}}
    was = OLD._replace(**both, terms={"A1": A1, "A2": A2._replace(treatment="zero")})
    now = NEW._replace(**both, terms={"A1": A1, "A2": A2._replace(treatment="full")})
    treated = only(was, now)
    assert (treated.difference, treated.comparable) == (None, Decimal(0))
    assert treated.obstacles == ("treatment",)
    assert {item.state for item in treated.items} == {"same"}
    applies = only(was._replace(inapplicable=()), now._replace(inapplicable=()))
    assert applies.obstacles == ()
    nothing = OLD._replace(terms={}, points={})
    assert only(nothing, NEW).comparable is None


def test_the_order_of_items_that_do_not_apply_is_no_difference() -> None:
    old = OLD._replace(inapplicable=("A1", "A2"), points={})
    move = only(old, NEW._replace(inapplicable=("A2", "A1"), points={}))
    assert (move.difference, move.rest, move.obstacles) == (HALF, HALF, ())


def test_a_provisional_result_is_refused() -> None:
    open_items = drawn_provisional()
    with pytest.raises(ValueError, match="provisional"):
        moves_between(result(OLD), open_items)
    with pytest.raises(ValueError, match="provisional"):
        moves_between(open_items, result(OLD))


def drawn_provisional() -> Snapshot:
    found = draw(1, unscored=0.5)
    return snapshot_of(found.rubric, found.ranking, found.sheets)


def test_a_left_out_sheet_of_a_ranked_unit_changes_nothing() -> None:
    (move,) = moves_between(result(OLD), result(NEW, UnitSnapshot("甲镇"))).units
    assert move.rise == 2


def test_units_of_a_group_are_looked_at_by_themselves() -> None:
    old = result(
        unit("甲镇", 1, "1", "1", group="一类"),
        unit("乙镇", 1, "1", "1", group="二类"),
        unit("丙镇", 2, "1", "0", group="二类"),
        unit("丁镇", 1, "1", "0", group="三类"),
    )
    new = result(unit("甲镇", 1, "1", "1", group="一类"), unit("乙镇", 1, "1", "1", group="二类"))

    def names(moves: Moves) -> list[str]:
        return [move.unit for move in moves.units]

    first, second = (moves_between(old, new, group) for group in ("一类", "二类"))
    assert names(first) == ["甲镇", "丁镇"]  # whose group is gone: nobody is left out
    assert names(second) == ["乙镇", "丙镇"]
    assert (first.ranked_in(old), first.ranked_in(new)) == (1, 1)
    assert (second.ranked_in(old), second.ranked_in(new)) == (2, 1)
    assert moves_between(old, new).ranked_in(old) == 4


def test_results_belong_together_by_rubric_or_as_the_only_ones() -> None:
    old, new = result(OLD), result(NEW)
    other = result(NEW, rubric="small-2018")
    assert pair_snapshots([old], [new]).pairs == [(old, new)]
    assert pair_snapshots([old], [other]).pairs == [(old, other)]
    stranger = result(unit("乙镇", 1, "1", "1"), rubric="other")
    apart = pair_snapshots([old], [stranger])
    assert (apart.pairs, apart.old, apart.new) == ([], [old], [stranger])
    whole = result(OLD, rubric="全年考核", method="")
    renamed = result(OLD, rubric="年终考核", method="")
    assert pair_snapshots([old], [whole]) == ([], [old], [whole])
    assert pair_snapshots([whole], [result(NEW, rubric="全年考核")]).pairs == []
    assert pair_snapshots([whole], [renamed]).pairs == [(whole, renamed)]
    several = result(OLD, rubric="several")
    assert pair_snapshots([old, several], [other]) == ([], [old, several], [other])
    assert pair_snapshots([old], [other, several]) == ([], [old], [other, several])
    both = pair_snapshots([old, stranger], [new])
    assert (both.pairs, both.old, both.new) == ([(old, new)], [stranger], [])


def test_a_snapshot_shares_terms_and_knows_who_is_left_out() -> None:
    found = drawn(3)
    own = snapshot_of(found.rubric, found.ranking, found.sheets, ["坏镇"])
    assert [one.unit for one in own.units][-1] == "坏镇"
    assert own.units[-1].total is None
    assert own.units[0].terms is own.units[1].terms or found.rubric.differs_by_unit
    assert same_name_key(own.units[0].unit)


def test_a_unit_that_a_rubric_does_not_know_has_no_items() -> None:
    found = drawn(3)
    results = [one._replace(unit="外镇") for one in found.results[:1]]
    known = found.rubric.model_copy(update={"units": ("内镇",)})
    fresh = Rubric.model_validate(known.model_dump(exclude_unset=True))
    own = snapshot_of(fresh, rank(fresh, results), {"外镇": next(iter(found.sheets.values()))})
    assert own.units[0].terms == {}
