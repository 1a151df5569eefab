"""说明: what a result was made of, so that it can be checked later."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from epa_score.i18n import Words
from epa_score.model import Rubric
from epa_score.reports.columns import LeftOut, ResultList, adjustments, not_applicable
from epa_score.reports.columns.final_figures import rules_of_figures
from epa_score.reports.columns.panel import rule_of_panel
from epa_score.reports.columns.standing import bands_in_words
from epa_score.reports.ranking import provisional_note, rules_in_force
from epa_score.reports.table import ChangeColumns, Column, Row, Table
from epa_score.reports.workings import has_workings
from epa_score.scoring import Ranking


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a ranking comes from: the rubric's file, and the SHA-256 of every sheet."""

    rubric: Rubric
    ranking: Ranking
    rubric_path: str
    rubric_sha256: str
    sheet_sha256: tuple[str, ...]
    left_out: Sequence[LeftOut] = ()
    without_sheet: Sequence[str] = ()
    other_periods: Sequence[str] = ()
    notes: Sequence[str] = ()
    """How totals come about, where they are made of several sources."""


def sheets_digest(sheet_sha256: Iterable[str]) -> str:
    """One digest over all sheets, whatever their names and order.

    It is the SHA-256 of the sheets' own SHA-256 sums, sorted, each on a line of its own.
    """
    return sha256("".join(f"{one}\n" for one in sorted(sheet_sha256)).encode()).hexdigest()


def about_table(origins: Sequence[Origin], version: str, words: Words) -> Table:
    """The tool, and for each ranking the rubric's file, the sheets and the rules in force."""
    columns = (
        Column("rubric", words("report.rubric")),
        Column("name", words("report.about_name")),
        Column("value", words("report.about_value"), "long text"),
    )
    rows = [Row((None, words("report.about_version"), f"epa-score {version}"))]
    for one in origins:
        results = [result for _, result in one.ranking.everybody]
        listed = ResultList(one.rubric, results, words, one.ranking)
        facts = {
            "about_title": one.rubric.title,
            "about_file": one.rubric_path,
            "about_sha256": one.rubric_sha256,
            "about_period": (results[0].period if results else None) or words("report.about_none"),
            "about_sheets": str(_sheets(one)),
            "about_rule": _rules(one, words),
            "about_total": "".join(adjustments.notes(listed)),
            "about_bands": bands_in_words(one.rubric, words),
            **dict(zip(("about_panel",), rule_of_panel(one.rubric, words), strict=False)),
            **dict(zip(("about_final",), _final(one.rubric, words), strict=False)),
            "about_decimals": words("working.separator").join(one.notes)
            or words(f"report.{_sums(one.rubric)}", decimals=one.rubric.decimals),
            "about_excluded": _excluded(one, words),
            "about_left_out": _listed([x.unit or x.path for x in one.left_out], words),
            "about_without_sheet": _listed(one.without_sheet, words),
            "about_other_periods": _listed(one.other_periods, words),
            "about_digest": sheets_digest(one.sheet_sha256),
        }
        rows += [
            Row((one.rubric.id, words(f"report.{name}"), value))
            for name, value in facts.items()
            if value
        ]
        rows += [
            Row((one.rubric.id, words("report.about_accepted"), note))
            for note in not_applicable.notes(listed)
        ]
    title, changes = words("report.about_title_table"), ChangeColumns("rubric", "name", "value")
    return Table("about", title, columns, lambda: rows, changes=changes)


def _sheets(origin: Origin) -> int:
    """How many score sheets there are: one a unit, unless several make its total."""
    several = origin.rubric.panel is not None or origin.notes
    return len(origin.sheet_sha256 if several else tuple(origin.ranking.everybody))


def _rules(origin: Origin, words: Words) -> str:
    """How ranks were given, and that they are provisional."""
    rule = rules_in_force(origin.rubric, origin.ranking, words)
    if not origin.ranking.provisional:
        return rule
    return words("report.rule_provisional", rule=rule, note=provisional_note(origin.rubric, words))


def _final(rubric: Rubric, words: Words) -> tuple[str, ...]:
    """How the figures beside the total come about, where there are any."""
    notes = words("working.separator").join(rules_of_figures(rubric, words))
    return (notes,) if notes else ()


def _excluded(origin: Origin, words: Words) -> str:
    """Who is not ranked because of a veto, where the rubric has any."""
    if not origin.rubric.veto:
        return ""
    return _listed([one.unit for one in origin.ranking.excluded], words)


def _sums(rubric: Rubric) -> str:
    """The words for how points come about and are added up."""
    if rubric.panel is not None:
        return "decimals_combined"
    bounded = any(section.pool or section.capped for section in rubric.all_sections)
    return "decimals_ruled" if bounded or has_workings(rubric) else "decimals_rule"


def _listed(names: Sequence[str], words: Words) -> str:
    return words("list.separator").join(names) or words("report.about_none")
