"""Titles of the tables of a result, as an office writes them: year, subject, what, about whom."""

import re
from typing import Literal, NamedTuple

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
    "stability",
    "moves",
    "item_changes",
    "feedback",
]
"""What a table of a result shows."""

_UNITS = re.compile(
    r".*(乡|镇|街道|村|社区|县|市|区|部门|单位|局|办|站|所|中心|公司|企业|学校|医院)"
)
"""A word for units, as the text in a bracket ends with it."""
_BRACKETS = re.compile(r"(?<=.)(?:\s*[（(][^（）()]+[）)])*$")
_BRACKET = re.compile("[（(]([^（）()]+)[）)]")
_QUOTED = re.compile("^《([^《》]+)》")
_ACTS = "考核|考评|考察|评比|评定|评选|评价|评估|评审|评议|测评|检查|督查|验收|竞赛"
_DOCUMENT = re.compile(
    # after the act that it rules, whatever else it is about
    rf"(?<={_ACTS})(?:工作|内容|项目|指标|体系|结果运用|管理|奖惩|加减分|百分制|量化|[评打计赋]分"
    r"|实施|暂行|试行|及其?|和|与|、)*(?:细则|办法|标准|方案|规则|规定|制度|指标|指标体系)表?$"
    r"|(?:量化|[评打计赋]分|实施|暂行|试行)*(?:细则|办法|标准|方案|规则|规定|制度)表?$"
    rf"|(?<={_ACTS})表$|[评打计赋]分表$"
)
"""What a title says of the document alone: 评分细则, 办法, 实施方案, 指标及评分标准."""
_YEAR = re.compile(r"[0-9]{4}")
_TERM = re.compile(r".*[\u4e00-\u9fff]")


class TitleParts(NamedTuple):
    """The title of a rubric, as 某县考核办法（乡镇）（试行）: its results are about 某县考核."""

    subject: str
    """What is assessed, without the words for the document; never empty."""
    brackets: str
    """The brackets at its end."""
    units: str = ""
    """The text in the bracket that names units, such as 乡镇; empty where none does."""


def parts_of_title(title: str) -> TitleParts:
    """The parts of the title of a rubric; one that says nothing but the document is kept."""
    named = _QUOTED.sub(r"\1", title)
    brackets = _BRACKETS.findall(named)[0]
    subject = named.removesuffix(brackets)
    shorter = _DOCUMENT.sub("", subject)
    while shorter not in ("", subject):
        subject, shorter = shorter, _DOCUMENT.sub("", shorter)
    texts = _BRACKET.findall(brackets)
    return TitleParts(subject, brackets, next(filter(_UNITS.fullmatch, texts), ""))


def title_of(title: str, kind: TableKind, period: str | None, words: Words) -> str:
    """The title of a table of a result by a rubric of that ``title``, for a period if it is known.

    A bracket that names units (乡镇) becomes 各乡镇 where a table has rows for each of them; any
    other one, such as 试行, stays at the end.
    """
    subject, brackets, units = parts_of_title(title)
    each = ""
    if units and kind in _BY_UNIT:
        each = words("report.each_of", units=units)
        brackets = re.sub(rf"\s*[（(]{re.escape(units)}[）)]", "", brackets)
    named = words(f"report.{kind}_title", subject=subject, each=each, about=brackets)
    return title_with_period(named, period, words)


_BY_UNIT = (
    *("chart", "rates", "scores", "deductions", "workings", "panel"),
    *("self_scores", "assessors", "stability", "moves"),
)


def title_with_period(title: str, period: str | None, words: Words) -> str:
    """A title that names the period, in front where that is a year or ends like one in words."""
    if not period or period in title:
        return title
    if _YEAR.fullmatch(period):
        return words("report.with_year", title=title, year=period)
    key = "with_term" if _TERM.fullmatch(period) else "with_period"
    return words(f"report.{key}", title=title, period=period)


def of_unit_group(table: Table, group: str, words: Words) -> Table:
    """A table of a result for one group of units, which its title names."""
    title, chart = title_with_group(table.title, group, words), table.chart
    if chart is not None:
        chart = chart._replace(title=title_with_group(chart.title, group, words))
    return table._replace(title=title, chart=chart, unit_group=group)


def title_with_group(title: str, group: str, words: Words) -> str:
    """A title that names a group of units; nothing is added where there is none."""
    if not group:
        return title
    named = group if _UNITS.fullmatch(group) else words("report.group_units", group=group)
    return words("report.with_group", title=title, group=named)


def as_provisional(table: Table, words: Words, *, has_open_units: bool = True) -> Table:
    """A table of a provisional result: its title says so, and nobody signs it.

    Its note on the means says how they count unscored items, if any unit has some.
    """
    has_note = has_open_units and table.mean is not None
    counted = (words("report.note_provisional_means"),) if has_note else ()
    chart = table.chart
    if chart is not None:
        chart = chart._replace(title=words("report.with_provisional", title=chart.title))
    return table._replace(
        title=words("report.with_provisional", title=table.title),
        chart=chart,
        notes=(*table.notes, *counted),
        signatures=(),
    )
