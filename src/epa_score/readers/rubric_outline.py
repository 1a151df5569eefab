"""The sections and items of a table or a text put one below the other, and whose they are."""

import re
from collections.abc import Sequence
from decimal import Decimal

from epa_score.diagnostics import Finding, Kind, Parameter, Place, Spot
from epa_score.model.rubric_draft import DraftItem, DraftSection, DraftUnits, RubricDraft
from epa_score.readers.roster import may_be_short, split_names
from epa_score.values.points import exactly
from epa_score.values.printed_points import PrintedPoints, without_padding

ANNEX = re.compile(r"附\s*[件表录]\s*[0-9一二三四五六七八九十]{0,3}\s*[:：]?")
"""A line such as 附件3, which is no title."""

_BEYOND = re.compile(
    "(?:附?加分|扣分|减分|倒扣分?|奖励|奖惩|一票否决|否决)(?:项目?|指标|内容|事项|部分)?"
)
"""Titles of what counts outside the total."""


def is_beyond_total(text: str) -> bool:
    """True for the title of bonuses, penalties or vetoes."""
    return _BEYOND.fullmatch(without_padding(text).rstrip("。：:")) is not None


_OF_UNITS = re.compile(
    "(?:局|委|办|办公室|部|厅|处|科|股|所|站|中心|公司|集团|银行|乡|镇|街道|村|社区|院|校|台|社|联|会|队)$"
)
"""Endings of names of units."""

_FEWEST_UNITS = 2


class Outline:
    """A rubric while it is made: titles are entered by their depth, items go below the last one."""

    def __init__(self, draft: RubricDraft) -> None:
        """Begin without sections."""
        self.draft = draft
        self._open: list[tuple[int, DraftSection | None]] = []
        """The sections around the next item with their depths; ``None`` for what is left out."""
        self._loose: list[DraftItem] = []

    def enter(self, depth: int, title: PrintedPoints, place: Place | Spot) -> None:
        """Begin a section, unless it is the one that is open, printed once more."""
        open_there = [section for level, section in self._open if level == depth]
        if open_there and _is_same(open_there[0], title):
            del self._open[[level for level, _ in self._open].index(depth) + 1 :]
            return
        self.leave(depth)
        outer = self._open[-1][1] if self._open else None
        if is_beyond_total(title.text) or (self._open and outer is None):
            if outer is not None or not self._open:
                self.leave_out(title.text, place)
            self._open.append((depth, None))
            return
        section = DraftSection(title.text, title.points, place, title.doubtful)
        (self.draft.sections if outer is None else outer.sections).append(section)
        self._open.append((depth, section))

    def leave_out(self, text: str, place: Place | Spot) -> None:
        """Leave out what counts outside the total, and say so."""
        self.draft.has_adjustments = True
        about: dict[str, Parameter] = {"text": text}
        self.draft.findings.append(Finding(Kind.RUBRIC_PART_UNCLEAR, place, about, "bonus"))

    def leave(self, depth: int) -> None:
        """End the sections of a depth, and those in them."""
        while self._open and self._open[-1][0] >= depth:
            self._open.pop()

    @property
    def innermost(self) -> DraftSection | None:
        """The section that the next item goes into."""
        return self._open[-1][1] if self._open else None

    @property
    def outermost(self) -> DraftSection | None:
        """The section around all that are open."""
        return self._open[0][1] if self._open else None

    def add(self, item: DraftItem) -> None:
        """Put an item below the last title, unless it counts outside the total."""
        if is_beyond_total(item.text) and (self.innermost is not None or not self._open):
            self.leave_out(item.text, item.place)
        elif not self._open:
            self._loose.append(item)
        elif self.innermost is not None:
            self.innermost.items.append(item)

    def close(self) -> RubricDraft:
        """The rubric, with what is wrong with its parts."""
        draft = self.draft
        if self._loose and not draft.sections:
            place = self._loose[0].place
            if _may_be_titles(self._loose):
                draft.blocked = True
                about = {"text": self._loose[0].text}
                draft.findings.append(
                    Finding(Kind.RUBRIC_PART_UNCLEAR, place, dict(about), "levels")
                )
            draft.sections = [DraftSection("", None, place, items=self._loose, whole=True)]
        elif self._loose:
            first = self._loose[0]
            about = {"text": first.text}
            draft.findings.append(Finding(Kind.RUBRIC_PART_UNCLEAR, first.place, dict(about)))
            draft.sections.insert(0, DraftSection("", None, first.place, items=self._loose))
        for section in draft.walk():
            _take_units(section)
        return draft


_FEWEST_LINES = 3


def _may_be_titles(items: Sequence[DraftItem]) -> bool:
    """True where items may be titles with items: some come to those below them, to the end."""
    caps = [item.max for item in items if item.max is not None]
    if len(caps) != len(items) or len(caps) < _FEWEST_LINES:
        return False
    rest = Decimal(0)
    with exactly():
        for cap in caps:
            if rest < 0:
                return False
            rest = cap if not rest else rest - cap
    return not rest


def _is_same(section: DraftSection | None, title: PrintedPoints) -> bool:
    if section is None or section.title != title.text or title.doubtful:
        return False
    return title.points in (None, section.max)


def _take_units(section: DraftSection) -> None:
    """See whether the parts of a section are duties of units, and take them for that.

    They are where each is titled with the name of a unit, none has points of its own, and each has
    one text without points, or items that come to all the points of the section.
    """
    parts = section.sections
    if section.max is None or len(parts) < _FEWEST_UNITS or section.items:
        return
    if not all(_is_duty(part, section.max) for part in parts):
        return
    for part in parts:
        for item in part.items:
            item.max = section.max if item.max is None else item.max
        names = split_names(part.title)
        units = () if may_be_short(names) else tuple(filter(None, map(str.strip, names)))
        section.per_unit.append(DraftUnits(part.title, units, part.items, part.place))
    section.sections = []


def _is_duty(part: DraftSection, whole: Decimal) -> bool:
    if part.sections or part.max is not None or part.doubtful or not _OF_UNITS.search(part.title):
        return False
    caps = [item.max for item in part.items]
    is_open = caps == [None] and not part.items[0].doubtful and not part.items[0].shared
    return is_open or _adds_up(caps, whole)


def _adds_up(caps: Sequence[Decimal | None], whole: Decimal) -> bool:
    known = [cap for cap in caps if cap is not None]
    with exactly():
        return len(known) == len(caps) and bool(known) and sum(known, Decimal(0)) == whole
