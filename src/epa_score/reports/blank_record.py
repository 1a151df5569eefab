"""What a form and a table of units record of themselves on their hidden sheets, while blank."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from epa_score.i18n import Words, plain
from epa_score.model import Item, Rubric
from epa_score.model.form_record import FactRow, FormRecord, SumRow, rule_key
from epa_score.model.rubric_options import Way
from epa_score.reports.form_lines import (
    AdjustmentLines,
    ItemLines,
    Subtotal,
    adjustment_text,
    beginning,
    fact_lines,
    fact_text,
    form_lines,
    is_judged,
    points_text,
    section_title,
    sum_label,
    total_line,
)

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
        titles=tuple(title for line in lines if (title := section_title(line, words))),
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


def sum_row(line: Subtotal | AdjustmentLines, words: Words) -> SumRow:
    """The row of the hidden sheet for a sum whose formula is not known."""
    added = line.sum
    figures = added.all_columns + added.plus + added.minus
    section = line.section if isinstance(line, Subtotal) else way_sum(line.way)
    cap = "" if line.cap is None else plain(line.cap)
    return SumRow(section, sum_label(line, words), "", figures, cap, line.reading)


def way_sum(way: Way) -> str:
    """The name of the sum of all bonuses or penalties, beside the ids of sections."""
    return f"adjustments.{way}"
