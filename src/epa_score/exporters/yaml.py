"""Score sheets in YAML: blank with the rubric's wording, filled so that they read back the same."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from epa_score.diagnostics.terminal_text import is_hidden, visible
from epa_score.i18n import Words, plain
from epa_score.model import Item, QuotedText, Rubric, Score, ScoreSheet, Section, same_name_key
from epa_score.model.assessment import Assessment
from epa_score.model.sheet import AdjustmentScore, FactNames
from epa_score.reports.form_lines import section_cap
from epa_score.reports.owners import owner_text
from epa_score.values.points import PLAIN_NUMBER

_PLAIN = re.compile(r"[A-Za-z\u4e00-\u9fff][0-9A-Za-z\u4e00-\u9fff（）()_-]*")
_NOT_TEXT = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})


def yaml_form(
    rubric: Rubric, unit: str, words: Words, *, period: str = "", assessor: str = ""
) -> str:
    """The form of a unit; without a name it is for any unit, common items only."""
    who = "panel" if rubric.panel else "own" if rubric.assessors else "assessor"
    lines = [
        f"# {_comment_text(rubric.title)}",
        f"# {words('form.how')}",
        f"rubric: {scalar(rubric.id)}",
        f"unit: {scalar(unit)}".rstrip(),
        _field_line("period:   ", period, words("form.about_period")),
        _field_line("assessor: ", assessor, words(f"form.about_{who}")),
        f"date:     # {words('form.about_date')}",
        "scores:",
    ]
    for section in rubric.sections:
        lines += _section_lines(rubric, section, same_name_key(unit), words)
    lines += _adjustment_lines(rubric, words)
    lines += [f"veto:   # {words('form.about_veto')}"] if rubric.fact_vetoes else []
    lines += [f"  {veto.id}:   # {_comment_text(veto.text)}" for veto in rubric.fact_vetoes]
    return "\n".join(lines) + "\n"


def yaml_assessment(assessment: Assessment, words: Words) -> str:
    """The file of an assessment, with what each line is about."""
    lines = [f"# {words('folder.about')}"]
    for name, text in assessment.model_dump().items():
        lines.append(f"{name}: {scalar(text)}   # {words(f'folder.about_{name}')}")
    return "\n".join(lines) + "\n"


def _field_line(key: str, text: str, about: str) -> str:
    """A line with a field that is filled in, or with what it is for."""
    return f"{key.strip()} {scalar(text)}" if text else f"{key}# {about}"


def _section_lines(rubric: Rubric, section: Section, unit_key: str, words: Words) -> Iterator[str]:
    cap = section_cap(rubric, section, unit_key)
    title = words("report.capped", title=section.title, cap=plain(cap))
    yield f"  # {_comment_text(title)}"
    titles = {part.items[0].id: part for part in section.parts_of(unit_key)}
    for item in section.items_of(unit_key):
        if not item.is_for(unit_key):
            continue
        if item.id in titles:
            part = titles[item.id]
            title = words("report.capped", title=part.title, cap=plain(part.max))
            yield f"  # {_comment_text(title)}"
        limit = words("form.about_cap", cap=plain(item.max))
        more = "" if item.not_applicable is None else words("form.about_not_applicable")
        if item.targets is not None:
            names = ", ".join(f"{scalar(fact.name)}: " for fact in item.targets.facts)
            more += words("form.about_measured", names=names)
        more += _comment_text(owner_text(item, words))
        yield f"  {item.id}:   # {limit} {_comment_text(item.text)}{more}"
        if rubric.self_score is not None:
            yield from _self_score_lines(item, words)
        for fact in item.rule.facts if item.rule is not None else ():
            choices = words("list.separator").join(map(visible, fact.choices))
            about = words(f"form.about_{fact.kind}", choices=choices, cap=plain(item.max))
            yield f"    {scalar(fact.name)}:   # {about}"
    for inner in section.sections:
        yield from _section_lines(rubric, inner, unit_key, words)


def _self_score_lines(item: Item, words: Words) -> Iterator[str]:
    """The line of a self score, below that of the points where a person gives these alone."""
    if item.rule is None:
        yield f"    score:   # {words('form.about_points', cap=plain(item.max))}"
    yield f"    self_score:   # {words('form.about_self_score')}"


def _adjustment_lines(rubric: Rubric, words: Words) -> Iterator[str]:
    """The lines of a form in which the facts of adjustments go."""
    if rubric.adjustments is None:
        return
    yield f"adjustments:   # {words('form.about_adjustments')}"
    for way, adjustments in rubric.adjustments.lists():
        yield f"  # {_text_with_most(words(f'report.{way}'), adjustments.max, words)}"
        for item in adjustments.items:
            text = _comment_text(item.text)
            if item.kind == "judged":
                most = plain(item.max or item.each)
                yield f"  {item.id}:   # {words('form.about_judged', max=most)} {text}"
                yield f"    score:   # {words('form.about_judged_score', max=most)}"
                yield f"    note:   # {words('form.about_judged_note')}"
                continue
            about = "about_each_counted" if item.kind == "count" else "about_each"
            each = words(f"form.{about}", each=plain(item.each))
            yield f"  {item.id}:   # {_text_with_most(each, item.max, words)} {text}"


def _text_with_most(text: str, most: Decimal | None, words: Words) -> str:
    """A text, and the most points that there can be."""
    return text if most is None else words("form.about_most", text=text, most=plain(most))


def _comment_text(text: str) -> str:
    """Text on one line, without characters that YAML refuses."""
    return visible(" ".join(text.split()))


def scalar(text: str) -> str:
    """Text that YAML reads back as it is; hidden characters are written as escapes."""
    if not text or (_PLAIN.fullmatch(text) and text.lower() not in _NOT_TEXT):
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(f"\\U{ord(char):08X}" if is_hidden(char) else char for char in quoted)


_NOTHING = '""'
"""A note that says nothing is still a note."""


def yaml_sheet(sheet: ScoreSheet) -> str:
    """The text of a sheet, its items in the order in which it names them."""
    lines = [f"rubric: {scalar(sheet.rubric)}", f"unit: {scalar(sheet.unit)}"]
    fields = {"period": sheet.period, "assessor": sheet.assessor}
    lines += [f"{name}: {scalar(text)}" for name, text in fields.items() if text is not None]
    if sheet.date is not None:
        lines.append(f"date: {scalar(sheet.date) if isinstance(sheet.date, str) else sheet.date}")
    lines += ["scores:"]
    lines += [
        f"  {scalar(item)}: {_score_text(sheet.score(item))}".rstrip() for item in sheet.points
    ]
    lines += ["adjustments:"] if sheet.adjustments else []
    lines += [
        f"  {scalar(name)}: {_adjustment_text(given)}" for name, given in sheet.adjustments.items()
    ]
    lines += ["veto:"] if sheet.veto else []
    lines += [f"  {scalar(name)}: {scalar(why or '')}".rstrip() for name, why in sheet.veto.items()]
    return "\n".join(lines) + "\n"


def _score_text(score: Score) -> str:
    points = "" if score.score is None else plain(score.score)
    parts = [f"score: {points}"] if points else []
    self_score = score.self_score
    parts += [f"self_score: {plain(self_score)}"] if self_score is not None else []
    parts += _fact_texts(score.__pydantic_extra__)
    measured = ", ".join(_fact_texts(score.measured))
    parts += [f"measured: {{{measured}}}"] if measured else []
    reason = score.not_applicable
    parts += [f"not_applicable: {scalar(reason)}"] if reason is not None else []
    parts += [f"note: {scalar(score.note) or _NOTHING}"] if score.note is not None else []
    parts += [f"evidence: {_flow_list(score.evidence)}"] if score.evidence else []
    only_points = len(parts) == bool(points)
    return points if only_points else f"{{{', '.join(parts)}}}"


def _adjustment_text(given: FactNames | AdjustmentScore) -> str:
    if isinstance(given, tuple):
        return _flow_list(given)
    points = "" if given.score is None else plain(given.score)
    parts = [f"score: {points}"] if points else []
    parts += _fact_texts({"value": given.value})
    parts += [f"note: {scalar(given.note) or _NOTHING}"] if given.note is not None else []
    parts += [f"evidence: {_flow_list(given.evidence)}"] if given.evidence else []
    return f"{{{', '.join(parts)}}}"


def _flow_list(texts: Iterable[str]) -> str:
    return f"[{', '.join(map(scalar, texts))}]"


def _fact_texts(given: Mapping[str, str | None]) -> list[str]:
    """Facts as they were given: a number that was not quoted stays so."""
    return [
        f"{scalar(name)}: {fact if _is_number(fact) else scalar(fact)}"
        for name, fact in given.items()
        if fact is not None
    ]


def _is_number(fact: str) -> bool:
    return not isinstance(fact, QuotedText) and PLAIN_NUMBER.fullmatch(fact) is not None
