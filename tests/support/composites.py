"""A composite of a yearly and a monthly rubric, and its sheets."""

import re
from decimal import Decimal
from pathlib import Path

from hypothesis import strategies as st
from tests.support.paths import ROOT

YEAR = ROOT / "examples" / "composite"

SUMS = ROOT / "examples" / "sums"

TOTAL = re.compile(r"^#   总分 .*?= ([0-9.]+)$", re.MULTILINE)

BY_HAND = re.compile(r"^# (示例\S+)：.*= ([0-9.]+)，第 ([0-9]+) 名$", re.MULTILINE)

POINTS = st.integers(0, 10000).map(lambda cents: Decimal(cents) / 100)

TOTALS = st.lists(POINTS, min_size=1, max_size=12)

WEIGHTS = st.integers(1, 99)


def rubric_of(name: str, total: int) -> str:
    item = f"{{id: A1, max: {total}, text: 工作}}"
    section = f"{{id: A, title: 工作, max: {total}, items: [{item}]}}"
    return f"id: {name}\ntitle: 细则\ntotal: {total}\nsections:\n  - {section}\n"


ANNUAL = '{name: 年终, weight: 40, rubric: annual, period: "2018", paths: [annual]}'

MONTHLY = (
    "{name: 月度, weight: 60, rubric: monthly, out_of: 100, each_period: mean, periods: 2, "
    "paths: [monthly]}"
)


def write_composite(
    *sources: str, folder: str = ".", more: str = "", rounding: str = "rounding: each\n"
) -> None:
    lines = "".join(f"  - {one}\n" for one in sources)
    text = f"composite: 全年考核\n{more}{rounding}sources:\n{lines}"
    Path(folder, "year.yaml").write_text(text, "utf-8")


def hand_in(rubric: str, unit: str, period: str, points: object, folder: str = ".") -> Path:
    path = Path(folder, rubric, f"{unit}-{period}.yaml")
    head = f'rubric: {rubric}\nunit: {unit}\nperiod: "{period}"\n'
    path.write_text(f"{head}scores: {{A1: {points}}}\n", "utf-8")
    return path


def prepare(folder: str = ".") -> None:
    for name in ("rubrics", "annual", "monthly"):
        Path(folder, name).mkdir(parents=True)
    Path(folder, "rubrics", "annual.yaml").write_text(rubric_of("annual", 100), "utf-8")
    Path(folder, "rubrics", "monthly.yaml").write_text(rubric_of("monthly", 30), "utf-8")
    write_composite(ANNUAL, MONTHLY, folder=folder)
    for unit, points in {"甲镇": (90, 28, 27), "乙镇": (95, 20, 30)}.items():
        annual, *months = points
        hand_in("annual", unit, "2018", annual, folder)
        for number, one in enumerate(months, 1):
            hand_in("monthly", unit, f"2018-0{number}", one, folder)


ADJUSTED = (
    "adjustments:\n"
    "  bonus: {max: 3, items: [{id: J1, text: 获表彰, each: 2}]}\n"
    "  penalty: {items: [{id: K1, text: 被通报, each: 1.5}]}\n"
)


def set_apart(year: Path) -> None:
    """Give the units of a year bonuses and penalties that are not weighted."""
    (year / "rubrics" / "annual.yaml").write_text(rubric_of("annual", 100) + ADJUSTED, "utf-8")
    write_composite(ANNUAL.replace("}", ", adjustments: apart}"), MONTHLY)
    for unit, said in {"甲镇": "{J1: [全省现场会, 全国表彰]}", "乙镇": "{K1: 县委通报}"}.items():
        path = year / "annual" / f"{unit}-2018.yaml"
        path.write_text(f"{path.read_text('utf-8')}adjustments: {said}\n", "utf-8")


FINAL = (
    "tie_break: [年终]\n"
    "bands: [{name: 优秀, at_least: 90, most: 1}, {name: 合格, at_least: 0}]\n"
    "scale: {best: 100}\n"
    "rank_points: [5, 3]\n"
)
