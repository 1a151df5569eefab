"""评分细则: the list of rubrics, and the items of one rubric."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from epa_score.i18n import Words, plain
from epa_score.model import Rubric, Section
from epa_score.reports.columns import ResultList, adjustments, not_applicable, unit_group
from epa_score.reports.columns.assessors import assessor_notes
from epa_score.reports.columns.sections import all_items, full_marks
from epa_score.reports.columns.standing import bands_note, zeroed_title
from epa_score.reports.form_lines import adjustment_text
from epa_score.reports.table import Column, Row, Table, decimals_of


def rubrics_table(found: Iterable[tuple[Rubric, str]], words: Words) -> Table:
    """Name, title, points and file of each rubric."""
    columns = (
        Column("rubric", words("report.rubric")),
        Column("title", words("report.title"), "long text", priority=1),
        Column("total", words("report.points"), "points", priority=2),
        Column("file", words("report.file"), priority=3),
    )
    rows = [Row((rubric.id, rubric.title, rubric.total, file)) for rubric, file in found]
    return Table("rubrics", words("report.rubrics_title"), columns, lambda: rows)


def rubric_table(rubric: Rubric, words: Words) -> Table:
    """Every item with its section, its units where it is not for all, and its cap."""
    columns = (
        Column("section", words("report.section"), priority=2),
        Column("units", words("report.units"), shown=rubric.differs_by_unit, priority=1),
        Column("item", words("report.item")),
        Column("max", words("report.cap"), "points", decimals_of(_item_caps(rubric))),
        Column("text", words("report.text"), "long text"),
    )
    rows = [row for section in rubric.all_sections for row in _item_rows(rubric, section, words)]
    rows += _adjustment_and_veto_rows(rubric, words)
    listed = ResultList(rubric, (), words)
    totals = (*adjustments.notes(listed), *filter(None, [bands_note(rubric, words)]))
    title = words("report.with_cap", title=rubric.title, cap=plain(full_marks(rubric)))
    notes = (
        *assessor_notes(rubric, words),
        *not_applicable.notes(listed),
        *totals,
        *unit_group.group_notes(rubric, words),
    )
    return Table("rubric", title, columns, lambda: rows, notes=notes, group=rubric.id)


def _adjustment_and_veto_rows(rubric: Rubric, words: Words) -> Iterator[Row]:
    """The adjustments and the vetoes."""
    for way, limited in rubric.adjustments.lists() if rubric.adjustments is not None else ():
        title = words(f"report.{way}")
        if limited.max is not None:
            title = words("report.capped", title=title, cap=plain(limited.max))
        for item in limited.items:
            yield Row((title, None, item.id, item.max, adjustment_text(item, words)))
    for veto in rubric.veto:
        part = zeroed_title(rubric, veto, words)
        text = words(f"report.effect_{veto.effect}", text=veto.text, part=part)
        yield Row((words("report.veto"), None, veto.id, None, text))


def _item_caps(rubric: Rubric) -> Iterator[Decimal]:
    for section in rubric.all_sections:
        for item in all_items(section):
            yield item.max


def _item_rows(rubric: Rubric, section: Section, words: Words) -> Iterator[Row]:
    title = words("report.capped", title=section.title, cap=plain(full_marks(rubric, section)))
    for item in section.items:
        units = words("list.separator").join(item.units)
        yield Row((title, units or None, item.id, item.max, item.text))
    for own in section.per_unit:
        units = words("list.separator").join(own.units)
        for item in own.items:
            yield Row((title, units, item.id, item.max, item.text))
        for part in own.sections:
            heading = words("report.capped", title=part.title, cap=plain(part.max))
            for item in part.items:
                yield Row((heading, units, item.id, item.max, item.text))
