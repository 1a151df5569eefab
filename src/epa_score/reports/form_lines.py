"""The lines of a score form, and the words on it: items in their sections, subtotals below."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from epa_score.i18n import Words, plain
from epa_score.model import Item, Rubric, Section, same_name_key
from epa_score.model.form_record import FactRow, FormRecord, SumRow, rule_key
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


class Subtotal(NamedTuple):
    """The sum of a section's items, at any depth, worth ``cap`` points.

    ``section`` is its id, empty for the total.
    """

    title: str
    cap: Decimal
    sum: SumOf
    section: str = ""


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
        yield AdjustmentLines(way, adjustments.items, cap=adjustments.max, sum=added)
    if rubric.fact_vetoes:
        yield VetoLines(rubric.fact_vetoes)
    yield total_line(rubric, unit, asks=asks)


class _Whose(NamedTuple):
    """The unit of a form by its `same_name_key`, and whether the form ``asks`` for points."""

    key: str
    asks: bool

    def items_of(self, section: Section) -> tuple[Item, ...]:
        """The items of a section that the form has lines for."""
        items = section.items_of(self.key)
        return tuple(item for item in items if item.is_for(self.key)) if self.asks else items

    def left_out(self, section: Section) -> Decimal:
        """The points of items without a line that are in no sum, at any depth of a section."""
        shown = self.items_of(section)
        own = [
            item.max
            for item in section.items_of(self.key)
            if item not in shown and item.not_applicable == "exclude"
        ]
        return sum([*own, *map(self.left_out, section.sections)], Decimal(0))


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


def _section_lines(
    section: Section, whose: _Whose, rubric: Rubric
) -> Iterator[ItemLines | Subtotal]:
    items, find = whose.items_of(section), _find_not_applicable(whose)
    added = sum_of_section(section, _item_ids(whose), rubric.decimals, find_not_applicable=find)
    cap = section.worth(whose.key) if rubric.accepted else section.max
    cap -= whose.left_out(section)
    parts = section.parts_of(whose.key)
    for part in parts:
        yield ItemLines(part, part.items, part.max)
        own = tuple(item.id for item in part.items)
        total = SumOf(own, rubric.decimals, not_applicable=_not_applicable(part.items))
        yield Subtotal("", part.max, total, part.id)
    if parts:
        yield Subtotal(section.title, cap, added, section.id)
    elif items:
        yield ItemLines(section, items, cap)
        yield Subtotal("", cap, added, section.id)
    inside = [line for child in section.sections for line in _section_lines(child, whose, rubric)]
    yield from inside
    if inside:
        yield Subtotal(section.title, cap, added, section.id)


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


COLUMNS = ("section", "item", "text", "cap", "score", "self_score", "note")
"""The columns of a form, which may have no self scores."""
_PLAIN_COLUMNS = tuple(name for name in COLUMNS if name != "self_score")
_LABELS = (*_PLAIN_COLUMNS, "unit", "period", "assessor", "date", "computed")
"""The words on a form by which it is read."""
_ANSWERS = ("yes", "no")
"""Further words, on a form that asks whether there is a veto."""


def form_labels(words: Words) -> dict[str, str]:
    """The words by which a form is read, by name."""
    return {label: words(f"form.{label}") for label in (*_LABELS, *_ANSWERS)}


def blank_record(rubric: Rubric, unit: str) -> FormRecord:
    """The record of a blank form of a unit; the formulas of its sums are not known.

    Whatever of a rubric a form does not show has no part in it.
    """
    return _blank_record(rubric, unit if rubric.differs_by_unit else "")


@lru_cache(256)
def _blank_record(rubric: Rubric, unit: str) -> FormRecord:
    words = Words(rubric.lang)
    lines = list(form_lines(rubric, unit))
    items = [item for line in lines if isinstance(line, ItemLines) for item in line.items]
    facts = {line.id: line for item in items for line in fact_lines(item)}
    adjustments = rubric.adjustments.each if rubric.adjustments is not None else ()
    caps = {item.id: plain(item.max) for item in items} | dict.fromkeys(facts, "")
    texts = {item.id: item.text for item in items}
    texts |= {name: fact_text(line.fact, words) for name, line in facts.items()}
    for adjustment in adjustments:
        caps[adjustment.id] = "" if adjustment.max is None else plain(adjustment.max)
        texts[adjustment.id] = adjustment_text(adjustment, words)
    for veto in rubric.fact_vetoes:
        caps[veto.id], texts[veto.id] = "", veto.text
    labels = (*_LABELS, *(_ANSWERS if rubric.fact_vetoes else ()))
    labels += ("self_score",) if rubric.self_score is not None else ()
    return FormRecord(
        rubric=rubric.id,
        decimals=str(rubric.decimals),
        unit=unit if rubric.differs_by_unit else None,
        holder="",
        labels={label: words(f"form.{label}") for label in labels},
        items=tuple(item.id for item in items),
        facts={
            name: FactRow(line.item, line.fact.name, line.fact.kind) for name, line in facts.items()
        },
        beyond={item.id: str(item.kind) for item in adjustments}
        | dict.fromkeys((veto.id for veto in rubric.fact_vetoes), "veto"),
        caps=caps,
        texts=texts,
        rules=_rule_keys(rubric, items),
        titles=tuple(title for line in lines if (title := _section_title(line, words))),
        computed={item.id: words("form.computed") for item in items if not is_judged(item)},
        inapplicable={
            item.id: words("form.not_applicable")
            for item in items
            if item.not_applicable is not None
        },
        sums=tuple(
            sum_row(line, words) for line in lines if isinstance(line, Subtotal | AdjustmentLines)
        ),
        evidence={},
        measured={},
        notes={},
        kept={},
    )


_LONGEST_WORDING = 30
"""Chinese characters of a wording that stand above a column of a table."""
_FORM_LABELS = ("period", "assessor", "date", "note", "computed", "yes", "no")
TABLE_LABELS = (*_FORM_LABELS, "unit", "what", "total")
"""The words on a table by which it is read."""


def table_record(rubric: Rubric, units: Sequence[str], words: Words) -> FormRecord:
    """The record of a table of units: the lines as they stand above its columns, then each row's.

    All rows have one, unless units have items of their own: then each of the ``units`` has one. A
    column of items that differ says so, and has no cap above it where these differ.
    """
    rows = tuple(blank_record(rubric, unit) for unit in (units if rubric.differs_by_unit else [""]))
    caps: dict[str, dict[str, None]] = defaultdict(dict)
    texts: dict[str, dict[str, None]] = defaultdict(dict)
    for row in rows:
        for line, text in row.texts.items():
            caps[line][row.caps[line]] = texts[line][text] = None
    labels = {label: words(f"form.{label}") for label in _FORM_LABELS}
    labels |= {label: words(f"form.table_{label}") for label in ("unit", "what")}
    labels["total"] = sum_label(total_line(rubric, units[0]), words)
    whole, own = rows[0], words("form.table_own")
    return whole._replace(
        unit=None,
        labels=labels,
        items=tuple(dict.fromkeys(item for row in rows for item in row.items)),
        facts={line: fact for row in rows for line, fact in row.facts.items()},
        caps={line: _only(known, "") for line, known in caps.items()},
        texts={
            line: beginning(_only(known, own), _LONGEST_WORDING) for line, known in texts.items()
        },
        computed={item: word for row in rows for item, word in row.computed.items()},
        titles=_table_foot(rubric, whole, words),
        sums=(),
        rules={},
        table=rows,
    )


TABLE_TEXTS, TABLE_CAPS, TABLE_FIRST_UNIT = 1, 2, 3
"""The rows of a table of units from that of the numbers: wordings, caps, and the first unit."""


def table_columns(record: FormRecord) -> Iterator[tuple[str, str]]:
    """The columns of a table in their order: the line of each, and what it asks for.

    That is its ``score``, a ``fact``, ``names`` of facts, a ``number`` of them or points beside
    an adjustment, or of a veto the ``answer`` whether it holds and ``what`` happened.
    """
    for item in record.items:
        yield item, "score"
        yield from ((line, "fact") for line, fact in record.facts.items() if fact.item == item)
    for line, kind in record.beyond.items():
        if kind == "veto":
            yield from ((line, "answer"), (line, "what"))
        else:
            yield line, "number" if line in record.given_beyond else "names"


def what_title(line: str, labels: Mapping[str, str]) -> str:
    """The title of the column for what happened, beside that of a veto's answer."""
    return f"{line} {labels['what']}"


def _table_foot(rubric: Rubric, record: FormRecord, words: Words) -> tuple[str, ...]:
    """The lines below a table."""
    advice = words("form.table_advice", points=points_text(rubric, words), item=record.items[0])
    return (advice, words("form.leader"), words("form.members"))


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


def _only(found: Iterable[str], otherwise: str) -> str:
    """The only one of some texts, or another one where there are several."""
    one, *others = found
    return otherwise if others else one


def _rule_keys(rubric: Rubric, items: Iterable[Item]) -> dict[str, str]:
    """The `rule_key` of each line that has a rule, targets or a treatment, or is beyond items."""
    keys = {}
    for item in items:
        parts = (item.rule, item.targets, item.not_applicable)
        if any(parts):
            plain_parts = (part and part.model_dump(mode="json") for part in parts[:2])
            keys[item.id] = rule_key(*plain_parts, item.not_applicable)
    for way, adjustments in rubric.adjustments.lists() if rubric.adjustments is not None else ():
        for adjustment in adjustments.items:
            kinds = () if adjustment.kind == "adjustment" else (adjustment.kind,)
            keys[adjustment.id] = rule_key(way, *kinds)
    return keys | {veto.id: rule_key(veto.effect) for veto in rubric.fact_vetoes}


def _section_title(line: FormLine, words: Words) -> str:
    if isinstance(line, ItemLines):
        return words("form.section_title", title=line.section.title, cap=plain(line.cap))
    if isinstance(line, AdjustmentLines):
        return words(f"report.{line.way}")
    return words("report.veto") if isinstance(line, VetoLines) else ""


def sum_row(line: Subtotal | AdjustmentLines, words: Words) -> SumRow:
    """The row of the hidden sheet for a sum whose formula is not known."""
    added = line.sum
    figures = added.all_columns + added.plus + added.minus
    section = line.section if isinstance(line, Subtotal) else way_sum(line.way)
    cap = "" if line.cap is None else plain(line.cap)
    return SumRow(section, sum_label(line, words), "", figures, cap)


def way_sum(way: Way) -> str:
    """The name of the sum of all bonuses or penalties, beside the ids of sections."""
    return f"adjustments.{way}"
