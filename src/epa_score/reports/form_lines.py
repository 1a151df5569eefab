"""The lines of a score form, and the words on it: items in their sections, subtotals below."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from epa_score.i18n import Words, plain
from epa_score.model import Item, Rubric, Section, same_name_key
from epa_score.model.rubric_options import Adjustment, Veto, Way
from epa_score.reports.sums import (
    FigureNames,
    FindNotApplicable,
    NotApplicable,
    SumOf,
    sum_of_section,
    sum_of_sections,
    sum_of_total,
)
from epa_score.scoring.points import Bound
from epa_score.values.facts import Fact

_AS_THEY_STAND = "-"
"""The reading of a section whose items are added up without a bound."""


class FactLine(NamedTuple):
    """A fact that a form asks for in a line of its own, below its item; ``id`` is the line's."""

    id: str
    item: str
    fact: Fact


class ItemLines(NamedTuple):
    """The items that stand directly in a section; together they are worth ``cap`` points."""

    section: Section
    items: tuple[Item, ...]
    cap: Decimal


class AdjustmentLines(NamedTuple):
    """The adjustments of one way, together at most ``cap`` points, and what they add up to."""

    way: Way
    items: tuple[Adjustment, ...]
    cap: Decimal | None
    sum: SumOf
    reading: str
    """How often a fact counts that is named at several of them; empty where that is not said."""


class Subtotal(NamedTuple):
    """The sum of a section's items, at any depth, worth ``cap`` points.

    ``section`` is its id, empty for the total, and ``reading`` how the items of it are added up.
    """

    title: str
    cap: Decimal
    sum: SumOf
    section: str = ""
    reading: str = _AS_THEY_STAND


class VetoLines(NamedTuple):
    """The vetoes of a rubric, of which a sheet says which ones hold."""

    items: tuple[Veto, ...]


FormLine = ItemLines | Subtotal | AdjustmentLines | VetoLines


def form_lines(rubric: Rubric, unit: str, *, asks: bool = True) -> Iterator[FormLine]:
    """The lines of the form of a unit, in the rubric's order, the total at the end.

    A form that ``asks`` has none for items that only other units are scored on.
    """
    for section in rubric.sections:
        yield from _section_lines(section, _Whose(same_name_key(unit), asks=asks), rubric)
    for way, adjustments in rubric.adjustments.lists() if rubric.adjustments is not None else ():
        columns = tuple(item.id for item in adjustments.items)
        added = SumOf(columns, rubric.decimals, bound=Bound(most=adjustments.max))
        same_fact = adjustments.same_fact or ""
        yield AdjustmentLines(way, adjustments.items, adjustments.max, added, same_fact)
    if rubric.fact_vetoes:
        yield VetoLines(rubric.fact_vetoes)
    yield total_line(rubric, unit, asks=asks)


class _Whose(NamedTuple):
    """The unit of a form by its `same_name_key`, and whether the form ``asks`` for points."""

    key: str
    asks: bool

    def items_of(self, section: Section) -> tuple[Item, ...]:
        """The items of a section that the form has lines for."""
        return tuple(item for item in section.items_of(self.key) if self._has_line_for(item))

    def left_out(self, section: Section) -> Decimal:
        """The points of items without a line that are in no sum, at any depth of a section."""
        own = [
            item.max
            for item in section.items_of(self.key)
            if item.not_applicable == "exclude" and not self._has_line_for(item)
        ]
        return sum([*own, *map(self.left_out, section.sections)], Decimal(0))

    def _has_line_for(self, item: Item) -> bool:
        return not self.asks or item.is_for(self.key)


def is_judged(item: Item) -> bool:
    """True where a person gives the points of an item, which a rule may take away."""
    return item.rule is None or item.rule.takes_points


def fact_lines(item: Item) -> tuple[FactLine, ...]:
    """The lines for the facts of an item; points that a person gives stand beside the item."""
    facts = item.rule.facts if item.rule is not None else ()
    asked = (fact for fact in facts if fact.kind != "points")
    return tuple(FactLine(f"{item.id}-{n}", item.id, fact) for n, fact in enumerate(asked, 1))


def row_count(line: FormLine, *, asks: bool) -> int:
    """The rows that a line takes: one an item and a sum, and one a fact where the form ``asks``."""
    if isinstance(line, Subtotal):
        return 1
    if isinstance(line, ItemLines) and asks:
        return sum(1 + len(fact_lines(item)) for item in line.items)
    return len(line.items) + isinstance(line, AdjustmentLines)


def total_line(rubric: Rubric, unit: str, *, asks: bool = True) -> Subtotal:
    """The last line of the form of a unit."""
    key = same_name_key(unit)
    whose = _Whose(key, asks=asks)
    names, find = _item_ids(whose), _find_not_applicable(whose)
    base = sum_of_sections(rubric.sections, names, rubric.decimals, find_not_applicable=find)
    full_marks = rubric.worth(key) if rubric.accepted else rubric.total
    full_marks -= sum(map(whose.left_out, rubric.sections), Decimal(0))
    if "rescale_total" in rubric.treatments:
        base = SumOf((), rubric.decimals, parts=(base._replace(scaled_to=full_marks),))
    return Subtotal("", full_marks, sum_of_total(rubric, base))


def section_cap(rubric: Rubric, section: Section, unit_key: str) -> Decimal:
    """Full marks of a section on the blank form of a unit, by its `same_name_key`.

    Items that only other units are scored on, and that are in no sum of this one, are not in it.
    """
    return _cap_of_section(rubric, section, _Whose(unit_key, asks=True))


def _cap_of_section(rubric: Rubric, section: Section, whose: _Whose) -> Decimal:
    cap = section.worth(whose.key) if rubric.accepted else section.max
    return cap - whose.left_out(section)


def _section_lines(
    section: Section, whose: _Whose, rubric: Rubric
) -> Iterator[ItemLines | Subtotal]:
    items, find = whose.items_of(section), _find_not_applicable(whose)
    added = sum_of_section(section, _item_ids(whose), rubric.decimals, find_not_applicable=find)
    cap = _cap_of_section(rubric, section, whose)
    parts, reading = section.parts_of(whose.key), _reading_of(section)
    for part in parts:
        yield ItemLines(part, part.items, part.max)
        own = tuple(item.id for item in part.items)
        total = SumOf(own, rubric.decimals, not_applicable=_not_applicable(part.items))
        yield Subtotal("", part.max, total, part.id)
    if parts:
        yield Subtotal(section.title, cap, added, section.id, reading)
    elif items:
        yield ItemLines(section, items, cap)
        yield Subtotal("", cap, added, section.id, reading)
    inside = [line for child in section.sections for line in _section_lines(child, whose, rubric)]
    yield from inside
    if inside:
        yield Subtotal(section.title, cap, added, section.id, reading)


def _reading_of(section: Section) -> str:
    """How the items of a section are added up, as a rubric writes it."""
    floor = "" if section.floor is None else plain(section.floor)
    settings = {"pool": section.pool, "floor": floor, "capped": section.capped and "true"}
    said = (f"{name}: {value}" for name, value in settings.items() if value)
    return ", ".join(said) or _AS_THEY_STAND


def _find_not_applicable(whose: _Whose) -> FindNotApplicable:
    return lambda section: _not_applicable(whose.items_of(section))


def _not_applicable(items: Sequence[Item]) -> NotApplicable | None:
    found = {item.id: item.not_applicable for item in items if item.not_applicable is not None}
    return NotApplicable(found, {item.id: item.max for item in items}) if found else None


def _item_ids(whose: _Whose) -> FigureNames:
    return lambda section: tuple(item.id for item in whose.items_of(section))


def fact_text(fact: Fact, words: Words) -> str:
    """The question of a form: the name of a fact, and how it is written."""
    choices = words("list.separator").join(fact.choices)
    name = words.get(fact.label.words_key) or fact.name
    return words("form.fact", name=name, about=words(f"form.about_{fact.kind}", choices=choices))


def adjustment_text(item: Adjustment, words: Words) -> str:
    """The question of a form: which facts there are of a kind, with the points of each."""
    if item.kind == "judged":
        return words("report.with_judged", text=item.text)
    about = "with_each_counted" if item.kind == "count" else "with_each"
    return words(f"report.{about}", text=item.text, each=plain(item.each))


def sum_label(line: Subtotal | AdjustmentLines, words: Words) -> str:
    """The label of a sum."""
    if isinstance(line, Subtotal) and not line.section:
        return words("form.total")
    title = line.title if isinstance(line, Subtotal) else ""
    return words("form.subtotal", title=title).strip()


def section_title(line: FormLine, words: Words) -> str:
    """The title beside the lines of a section, of adjustments or of vetoes; empty for a sum."""
    if isinstance(line, ItemLines):
        return words("form.section_title", title=line.section.title, cap=plain(line.cap))
    if isinstance(line, AdjustmentLines):
        return words(f"report.{line.way}")
    return words("report.veto") if isinstance(line, VetoLines) else ""


def points_text(rubric: Rubric, words: Words) -> str:
    """The points that may be given, as the notes of a form put it."""
    if rubric.step is not None:
        return words("form.points_step", step=plain(rubric.step))
    return words(f"form.points_{_DECIMALS[rubric.decimals]}")


_DECIMALS = ("whole", "1", "2", "3", "4")
"""The names of the words for so many decimals."""


def beginning(text: str, most: int) -> str:
    """A wording of so many characters at most, its end left out where it is longer."""
    return text if len(text) <= most else f"{text[: most - 2]}……"
