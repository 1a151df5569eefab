"""An earlier period of the examples: the same sheets, each handed in by the next unit."""

import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from tests.support.paths import ROOT

from epa_score.scoring.snapshot import ItemTerms, Snapshot

PERIODS = ("2017", "2018")
_UNIT = re.compile(r"^unit: *(.+?) *$", re.MULTILINE)
_PERIOD = re.compile(r"^period:.*\n", re.MULTILINE)

_LOWERED = {"shared": ("示例乙镇-财政局.yaml", "C1: {score: 5", "C1: {score: 4")}
"""Where units have items of their own, and so take no turns, some points are others."""


def write_two_periods(name: str, folder: Path) -> None:
    """Write ``old`` and ``new`` into a folder, of an example with one rubric or more.

    In the old one each unit has the sheets of the next one by name, and of more than two units the
    last has none; departments, whose items are their own, have the same sheets in both.
    """
    source = ROOT / "examples" / ("scores" if name == "published" else f"rubrics/{name}")
    for side, period in zip(("old", "new"), PERIODS, strict=True):
        target = folder / side
        if name == "published":
            shutil.copytree(source, target / "scores")
            shutil.copytree(ROOT / "rubrics", target / "rubrics")
        else:
            shutil.copytree(source, target)
        for path in sorted((target / "scores").glob("*.yaml")):
            text = _PERIOD.sub("", path.read_text("utf-8"))
            path.write_text(_UNIT.sub(rf'unit: \1\nperiod: "{period}"', text, count=1), "utf-8")
    if name in _LOWERED:
        file, now, before = _LOWERED[name]
        path = folder / "old" / "scores" / file
        text = path.read_text("utf-8")
        assert now in text
        path.write_text(text.replace(now, before), "utf-8")
    else:
        _take_turns(folder / "old" / "scores")


def _take_turns(scores: Path) -> None:
    sheets = {path: path.read_text("utf-8") for path in sorted(scores.glob("*.yaml"))}
    units = {path: found[1] for path, text in sheets.items() if (found := _UNIT.search(text))}
    names = sorted({name for name in units.values() if name.startswith("示例")})
    following = dict(zip(names, [*names[1:], names[0]], strict=True))
    for path, text in sheets.items():
        unit = following.get(units[path])
        if unit is None:
            continue
        if unit == names[0] and len(names) > 2:
            path.unlink()
        else:
            path.write_text(_UNIT.sub(f"unit: {unit}", text, count=1), "utf-8")


def turned(snapshot: Snapshot, *, changed: bool = False) -> Snapshot:
    """Each unit with what the next one has; a ``changed`` first item has another wording."""
    names = [unit.unit for unit in snapshot.units]
    units = [
        unit._replace(unit=name)
        for name, unit in zip([*names[1:], names[0]], snapshot.units, strict=True)
    ]
    if changed:
        units = [unit._replace(terms=_with_other_text(unit.terms)) for unit in units]
    return snapshot._replace(units=tuple(units), period="2017")


def _with_other_text(terms: Mapping[str, ItemTerms]) -> Mapping[str, ItemTerms]:
    name, first = next(iter(terms.items()))
    return {**terms, name: first._replace(text=f"{first.text}（旧）")}
