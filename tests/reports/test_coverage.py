"""Who and what is not in a ranking: each is named once, with the reason."""

import pytest

from epa_score.i18n import Words
from epa_score.reports.coverage import Absence, Coverage, LeftOut, coverage_notes

WORDS = Words("en")
FAULTY: Absence = "faulty"
OPEN: Absence = "incomplete"


def notes(*left_out: LeftOut, checked: bool = True) -> list[str]:
    return list(coverage_notes(Coverage(left_out, is_checked=checked), WORDS))


@pytest.mark.parametrize(
    ("reasons", "note"),
    [
        ((FAULTY,), "Score sheets left out because they are faulty: 1 (甲)"),
        ((FAULTY, FAULTY), "Score sheets left out because they are faulty: 2 (甲, 乙)"),
        ((OPEN,), "sheets of the unit are missing or faulty: 1 (甲)"),
        ((FAULTY, OPEN), "sheets of the unit are missing or faulty: 2 (甲, 乙)"),
        (("unreadable",), "may be score sheets and cannot be read: 1 (甲.yaml)"),
        (("unknown",), "Units left out that are not on the roster: 1 (甲)"),
        (("missing", "missing"), "Units without a score sheet: 2 (甲, 乙)"),
    ],
)
def test_each_reason_has_its_own_note(reasons: tuple[Absence, ...], note: str) -> None:
    entries = (
        LeftOut(f"{unit}.yaml", unit, why) for unit, why in zip("甲乙", reasons, strict=False)
    )
    (said,) = notes(*entries)
    assert said.endswith(note)


def test_nobody_is_named_where_nobody_is_absent() -> None:
    assert notes() == []
    assert len(notes(checked=False)) == 1
    assert len(notes(LeftOut("", "甲", "missing"), LeftOut("", "乙", "unknown"))) == 2
