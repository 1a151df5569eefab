"""说明 and 评分表清单: the files and rules that a result was made of, so that it can be checked."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

from epa_score.i18n import Words
from epa_score.model import Rubric, same_name_key
from epa_score.model.ranked import Ranked
from epa_score.reports.columns import ResultList, adjustments
from epa_score.reports.columns.assessors import assessor_notes
from epa_score.reports.columns.final_figures import figure_notes
from epa_score.reports.columns.not_applicable import accepted_mismatch_notes
from epa_score.reports.columns.panel import panel_notes
from epa_score.reports.columns.standing import bands_text
from epa_score.reports.coverage import EVERYBODY, Coverage, first_names
from epa_score.reports.ranking import provisional_note, rules_in_force
from epa_score.reports.table import Blocks, ChangeColumns, Column, Row, Table
from epa_score.reports.titles import title_of, title_with_group
from epa_score.reports.workings import has_workings
from epa_score.scoring import Ranking


@dataclass(frozen=True, slots=True)
class Origin:
    """The files that a ranking was made of, and whoever is missing in it."""

    rubric: Ranked
    ranking: Ranking
    rubric_path: str
    """The path of the rubric's file, or the name that it is known by."""
    rubric_sha256: str
    """The SHA-256 of the rubric's file."""
    sheet_sha256: tuple[str, ...]
    """The SHA-256 of every score sheet."""
    coverage: Coverage = EVERYBODY
    """Whatever is not ranked or was not read."""
    other_periods: Sequence[str] = ()
    """Units that have handed in sheets of other periods, which do not count."""
    notes: Sequence[str] = ()
    """Notes on how totals come about that are made of several components."""

    @property
    def digest(self) -> str:
        """One digest over all sheets."""
        return sheets_digest(self.sheet_sha256)


def sheets_digest(sheet_sha256: Iterable[str]) -> str:
    """One digest over all sheets, whatever their names and order.

    It is the SHA-256 of the sheets' own SHA-256 sums, sorted, each on a line of its own.
    """
    return sha256("".join(f"{digest}\n" for digest in sorted(sheet_sha256)).encode()).hexdigest()


def about_table(origins: Sequence[Origin], version: str, words: Words, command: str = "") -> Table:
    """The tool, and for each ranking the rubric's file, the sheets and the rules in force.

    ``command`` is the one by which the result is verified.
    """
    several = len(origins) > 1
    columns = (
        Column("heading", words("report.rubric"), shown=several, data=False),
        Column("rubric", words("report.rubric"), shown=False),
        Column("period", words("report.period"), shown=False),
        Column("name", words("report.about_name")),
        Column("value", words("report.about_value"), "long text"),
    )
    rows = [Row((None, None, None, words("report.about_version"), f"epa-score {version}"))]
    if command:
        rows.append(Row((None, None, None, words("report.about_verify"), command)))
    for origin in origins:
        results = [result for _, result in origin.ranking.everybody]
        listed = ResultList(origin.rubric, results, words, origin.ranking)
        period = origin.ranking.period
        heading = title_of(origin.rubric.title, "summary", period, words)
        heading = title_with_group(heading, origin.ranking.group, words)
        facts = {
            "about_title": origin.rubric.title,
            "about_file": origin.rubric_path,
            "about_sha256": origin.rubric_sha256,
            "about_period": period or words("report.about_none"),
            "about_sheets": str(_sheet_count(origin)),
            "about_rule": _rule_text(origin, words),
            "about_total": "".join(adjustments.notes(listed)),
            "about_bands": bands_text(origin.rubric, words),
            "about_panel": _panel_text(origin.rubric, words),
            "about_shares": _shares_text(origin.rubric, words),
            "about_final": _figures_text(origin.rubric, words),
            "about_decimals": words("working.separator").join(origin.notes)
            or words(f"report.{_decimals_key(origin.rubric)}", decimals=origin.rubric.decimals),
            "about_excluded": _excluded_units(origin, words),
            **_coverage_facts(origin.coverage, words),
            "about_other_periods": _names_text(origin.other_periods, words),
            "about_digest": origin.digest,
            "about_check_code": origin.ranking.code,
        }
        rows += [
            Row((heading, origin.rubric.id, period, words(f"report.{name}"), value))
            for name, value in facts.items()
            if value
        ]
        rows += [
            Row((heading, origin.rubric.id, period, words("report.about_accepted"), note))
            for note in _mismatch_notes(origin.rubric, words)
        ]
    return Table(
        "about",
        words("report.about_title_table"),
        columns,
        lambda: rows,
        notes=(words("report.about_note"),),
        changes=ChangeColumns("rubric", "name", "value"),
        blocks=Blocks("heading") if several else None,
    )


def _sheet_count(origin: Origin) -> int:
    """The number of score sheets: one a unit, unless several make its total."""
    several = _has_several_sheets(origin.rubric) or origin.notes
    return len(origin.sheet_sha256 if several else tuple(origin.ranking.everybody))


def _rule_text(origin: Origin, words: Words) -> str:
    """The rules by which ranks were given, and that they are provisional."""
    rule = rules_in_force(origin.rubric, origin.ranking, words)
    if not origin.ranking.provisional:
        return rule
    note = provisional_note(origin.rubric, origin.ranking, words)
    return words("report.rule_provisional", rule=rule, note=note)


def _has_several_sheets(rubric: Ranked) -> bool:
    return isinstance(rubric, Rubric) and rubric.takes_several_sheets


def _has_panel(rubric: Ranked) -> bool:
    return isinstance(rubric, Rubric) and rubric.panel is not None


def _panel_text(rubric: Ranked, words: Words) -> str:
    """The way that points of several assessors become those of a unit, under a panel."""
    return "".join(panel_notes(rubric, words)) if isinstance(rubric, Rubric) else ""


def _shares_text(rubric: Ranked, words: Words) -> str:
    """Who scores which items, where assessors have items of their own."""
    return "".join(assessor_notes(rubric, words)) if isinstance(rubric, Rubric) else ""


def _mismatch_notes(rubric: Ranked, words: Words) -> Iterable[str]:
    """Every sum of a rubric that does not add up and was accepted."""
    return accepted_mismatch_notes(rubric, words) if isinstance(rubric, Rubric) else ()


def _figures_text(rubric: Ranked, words: Words) -> str:
    """The notes on the figures beside the total, where there are any."""
    return words("working.separator").join(figure_notes(rubric, words))


def _excluded_units(origin: Origin, words: Words) -> str:
    """The units that are not ranked because of a veto, where the rubric has any."""
    if not origin.rubric.veto:
        return ""
    return _names_text([result.unit for result in origin.ranking.excluded], words)


def _coverage_facts(coverage: Coverage, words: Words) -> dict[str, str]:
    """Who is not ranked, what was not read, and against what the units were checked."""
    missing = coverage.names("missing")
    unchecked = words("report.note_unchecked") if not coverage.is_checked else ""
    left_out = coverage.names("faulty", "incomplete", "unreadable")
    unknown, unread = coverage.names("unknown"), coverage.unread
    return {
        "about_left_out": _names_text(left_out, words),
        "about_unknown": _names_text(unknown, words) if unknown else "",
        "about_without_sheet": unchecked or _names_text(missing, words),
        "about_unread": first_names(words, unread, _MOST_FILES) if unread else "",
    }


_MOST_FILES = 500
"""The files that are named in a cell, which holds 32,767 characters."""


def _is_bounded(rubric: Rubric) -> bool:
    return any(section.pool or section.capped for section in rubric.all_sections)


def _decimals_key(rubric: Ranked) -> str:
    """The words for how points come about and are added up."""
    if _has_panel(rubric):
        return "decimals_combined"
    ruled = isinstance(rubric, Rubric) and (has_workings(rubric) or _is_bounded(rubric))
    return "decimals_ruled" if ruled else "decimals_rule"


def _names_text(names: Sequence[str], words: Words) -> str:
    return words("list.separator").join(names) or words("report.about_none")


class SheetRecord(NamedTuple):
    """A score sheet, and what its file was when a result was made of it."""

    rubric: str
    """The id of its rubric."""
    unit: str
    """The unit that it scores."""
    period: str | None
    """Its period."""
    assessor: str
    """The assessor where a unit has the sheets of several, else empty."""
    file: str
    """The name of its file, with the part of it where it holds several sheets."""
    sha256: str
    """The SHA-256 of the file."""
    code: str
    """The code of the sheet (校验码)."""
    path: str = ""
    """The path of the file, which the table does not show: folders are moved."""
    rubric_title: str = ""
    """The title of its rubric, by which people know it."""


def sheet_list_table(
    ranked: Ranked, records: Callable[[], Iterable[SheetRecord]], units: Sequence[str], words: Words
) -> Table:
    """Every sheet that counted: units in the order given, as they are ranked.

    There may be very many, so that ``records`` are made when they are asked for.
    """
    is_mixed = any(record.rubric != ranked.id for record in records())
    periods = {record.period for record in records()}
    has_owners = isinstance(ranked, Rubric) and ranked.assessors
    by = "report.by_assessor" if has_owners else "report.assessor"
    columns = (
        Column("rubric", words("report.rubric"), shown=False),
        Column("rubric_title", words("report.rubric"), shown=is_mixed, data=False),
        Column("period", words("report.period"), shown=len(periods) > 1),
        Column("unit", words("report.unit")),
        Column("assessor", words(by), shown=any(record.assessor for record in records())),
        Column("file", words("report.sheet_file"), "long text"),
        Column("sha256", words("report.sheet_sha256"), "long text"),
        Column("check_code", words("report.check_code_title")),
    )

    def rows() -> Iterator[Row]:
        places = {same_name_key(unit): number for number, unit in enumerate(units)}
        for record in sorted(
            set(records()), key=lambda record: (places.get(same_name_key(record.unit), 0), record)
        ):
            cells = (
                record.rubric,
                record.rubric_title,
                record.period,
                record.unit,
                record.assessor or None,
            )
            yield Row((*cells, record.file, record.sha256, record.code), live=False)

    period = next(iter(periods)) if len(periods) == 1 else None
    title = title_of(ranked.title, "sheets", period, words)
    note = words("report.sheet_list_note")
    return Table("sheets", title, columns, rows, notes=(note,), group=ranked.id)
