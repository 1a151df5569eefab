"""Titles of the tables of a result, as an office writes them: year, subject, what, about whom."""

import re
from typing import Literal

from epa_score.i18n import Words
from epa_score.reports.table import Table

TableKind = Literal[
    "summary",
    "chart",
    "rates",
    "scores",
    "analysis",
    "deductions",
    "workings",
    "panel",
    "sources",
    "sheets",
    "self_scores",
    "assessors",
]
"""What a table of a result shows."""

_BRACKET = re.compile(r"[（(]([^（）()]+)[）)]")
_UNITS = re.compile(
    r".*(乡|镇|街道|村|社区|县|市|区|部门|单位|局|办|站|所|中心|公司|企业|学校|医院)"
)
"""A word for units, as the text in a bracket ends with it."""
_YEAR = re.compile(r"[0-9]{4}")
_TERM = re.compile(r".*[\u4e00-\u9fff]")


def title_of(title: str, kind: TableKind, period: str | None, words: Words) -> str:
    """The title of a table of a result by a rubric of that ``title``, for a period if it is known.

    A bracket that names units (乡镇) becomes 各乡镇 where a table has rows for each of them; any
    other one, such as 试行, stays at the end.
    """
    subject, found, rest = title.partition(words("form.title_from"))
    each, bracket = "", _BRACKET.fullmatch(rest)
    if found and kind in _BY_UNIT and bracket and _UNITS.fullmatch(bracket[1]):
        each, rest = words("report.each_of", units=bracket[1]), ""
    named = words(f"report.{kind}_title", subject=subject, each=each, about=rest)
    return _title_with_period(named, period, words)


_BY_UNIT = (
    *("chart", "rates", "scores", "deductions", "workings", "panel"),
    *("self_scores", "assessors"),
)


def _title_with_period(title: str, period: str | None, words: Words) -> str:
    """A title that names the period, in front where that is a year or ends like one in words."""
    if not period or period in title:
        return title
    if _YEAR.fullmatch(period):
        return words("report.with_year", title=title, year=period)
    key = "with_term" if _TERM.fullmatch(period) else "with_period"
    return words(f"report.{key}", title=title, period=period)


def of_unit_group(table: Table, group: str, words: Words) -> Table:
    """A table of a result for one group of units, which its title names."""
    title = title_with_group(table.title, group, words)
    return table._replace(title=title, unit_group=group)


def title_with_group(title: str, group: str, words: Words) -> str:
    """A title that names a group of units; nothing is added where there is none."""
    if not group:
        return title
    named = group if _UNITS.fullmatch(group) else words("report.group_units", group=group)
    return words("report.with_group", title=title, group=named)


def as_provisional(table: Table, words: Words) -> Table:
    """A table of a provisional result: its title says so, and nobody signs it.

    Its note on the means says what they count.
    """
    counted = (words("report.note_provisional_means"),) if table.mean is not None else ()
    chart = table.chart
    if chart is not None:
        chart = chart._replace(title=words("report.with_provisional", title=chart.title))
    return table._replace(
        title=words("report.with_provisional", title=table.title),
        chart=chart,
        notes=(*table.notes, *counted),
        signatures=(),
    )
