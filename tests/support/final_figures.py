"""Sheets whose ranking has figures beside the total."""

from pathlib import Path

from tests.support.commands import SMALL, HandIn


def hand_in_scaled(hand_in: HandIn) -> None:
    """Three units under a rubric that asks for both figures, and a faulty sheet."""
    text = SMALL + "scale: {best: 100}\nrank_points: [10, 8, 6]\ntie_break: [A]\n"
    Path("rubrics", "small.yaml").write_text(text, "utf-8")
    hand_in("甲镇", "A1: 2, A2: 3.9, B1: 3")
    hand_in("乙镇", "A1: 1, A2: 1.35, B1: 4")
    hand_in("丙镇", "A1: 2, A2: 3.9, B1: 3")
    hand_in("丁镇", "A1: 0, A2: 0, B1: 0.5")
