"""与上期比较: what both results are called, and the picture of their ranks."""

from decimal import Decimal

import pytest

from epa_score.i18n import Words
from epa_score.reports.moves import MOST_SLOPED, moves_table, sides_of
from epa_score.scoring.moves import moves_between
from epa_score.scoring.snapshot import Snapshot, UnitSnapshot

WORDS = Words("zh_CN")


def result(period: str | None, **ranks: int | None) -> Snapshot:
    units = tuple(UnitSnapshot(name, "", rank, Decimal(9)) for name, rank in ranks.items())
    return Snapshot("small", "小细则", period, "competition", "", "CODE", units)


@pytest.mark.parametrize(
    ("old", "new", "names"),
    [
        ("2017", "2018", ("2017年", "2018年", "去年")),
        ("2016", "2018", ("2016年", "2018年", "2016年")),
        ("2018", "2017", ("2018年", "2017年", "2018年")),
        ("2018", "2018", ("上期", "本期", "上期")),
        (None, "2018", ("上期", "本期", "上期")),
        ("2017", None, ("上期", "本期", "上期")),
        ("2017年", "2018", ("2017年", "2018年", "2017年")),
        ("2018-01", "2018-02", ("2018-01", "2018-02", "2018-01")),
    ],
)
def test_results_are_called_by_their_periods_where_these_differ(
    old: str | None, new: str | None, names: tuple[str, str, str]
) -> None:
    assert sides_of(result(old), result(new), WORDS) == names


@pytest.mark.parametrize(
    ("old", "new", "is_reversed"),
    [
        ("2018", "2017", True),
        ("2018", "2018", False),
        ("2017", "2018", False),
        ("2018-12", "2017-12", True),
        ("2018-12", "2018-11", False),
        ("20181", "2017", False),
        (None, "2017", False),
        ("2018", "一季度", False),
    ],
)
def test_an_earlier_result_of_a_later_year_is_noted(
    old: str | None, new: str | None, *, is_reversed: bool
) -> None:
    before, after = result(old, 甲=1), result(new, 甲=1)
    sides = sides_of(before, after, WORDS)
    note = WORDS("moves.note_reversed", old=sides.old, new=sides.new)
    assert (note in moves_table(moves_between(before, after), WORDS).notes) == is_reversed


@pytest.mark.parametrize(
    ("number", "has_picture"), [(1, False), (2, True), (40, True), (41, False)]
)
def test_a_picture_has_two_units_to_so_many(number: int, *, has_picture: bool) -> None:
    assert MOST_SLOPED == 40
    own = result("2018", **{f"单位{rank}": rank for rank in range(1, number + 1)})
    table = moves_table(moves_between(own, own), WORDS)
    assert (table.slopes is not None) == has_picture


def test_units_of_one_rank_stand_one_below_the_other() -> None:
    old = result("2017", 甲=2, 乙=1, 丙=2, 丁=None, 戊=4)
    new = result("2018", 乙=3, 甲=1, 丙=1, 丁=4, 己=5)
    slopes = moves_table(moves_between(old, new), WORDS).slopes
    assert slopes is not None
    lines = [tuple(line) for line in slopes.lines]
    assert lines == [("甲", 2, 1, 1, 0), ("丙", 2, 1, 2, 1), ("乙", 1, 3, 0, 2)]
