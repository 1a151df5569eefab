"""排名汇总: who stands where."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from epa_score.i18n import Words
from epa_score.model import Rubric
from epa_score.reports.inapplicable import (
    accepted_notes,
    outside_cells,
    outside_columns,
    remark_column,
    remarks_on,
    rescaled_sections,
)
from epa_score.reports.outline import (
    section_cells,
    section_columns,
    total_column,
    unscored_column,
)
from epa_score.reports.table import Cell, Column, RankOf, Row, SumOf, Table
from epa_score.scoring import Placing, Ranking


class LeftOut(NamedTuple):
    """A sheet that is not ranked because it is faulty."""

    path: str
    unit: str


def ranking_table(
    rubric: Rubric,
    ranking: Ranking,
    words: Words,
    *,
    left_out: Sequence[LeftOut] = (),
    without_sheet: Sequence[str] = (),
) -> Table:
    """Rank, unit, sections, total and remark of every unit; the rule in force as a note."""
    results = [one.result for one in ranking.placings]
    period = results[0].period if results else None
    top = tuple(f"sections.{section.id}" for section in rubric.sections)
    tie_break = tuple(f"sections.{name}" for name in ranking.tie_break)
    columns = [
        Column("rubric", words("report.rubric"), shown=False),
        Column("period", words("report.period"), shown=False),
        Column(
            "rank",
            words("report.rank"),
            "number",
            live=RankOf(("total", *tie_break), ranking.ties == "dense"),
        ),
        Column("unit", words("report.unit")),
        *section_columns(rubric, results, words, live=True),
        total_column(rubric, results, words, SumOf(top, rubric.decimals)),
        *outside_columns(rubric, words),
    ]
    if ranking.provisional:
        columns += [
            unscored_column(words),
            Column("best", words("report.best"), "number", priority=2),
            Column("worst", words("report.worst"), "number", priority=2),
        ]
    if left_out:
        columns.append(Column("left_out", words("report.left_out_file"), priority=3))
    columns.append(remark_column(rubric, words))
    outside = len(outside_columns(rubric, words))

    def rows() -> Iterator[Row]:
        for one, sections in zip(ranking.placings, section_cells(rubric, results), strict=True):
            reach: list[Cell] = (
                [len(one.result.unscored), one.best, one.worst] if ranking.provisional else []
            )
            yield Row(
                (
                    rubric.id,
                    one.result.period,
                    one.rank,
                    one.result.unit,
                    *sections,
                    one.result.total,
                    *outside_cells(rubric, one.result),
                    *reach,
                    *([None] if left_out else []),
                    _remark(one, words),
                ),
                fixed=rescaled_sections(rubric, one.result),
            )
        for missing in left_out:
            figures = len(rubric.all_sections) + 1 + outside + (3 if ranking.provisional else 0)
            yield Row(
                (
                    rubric.id,
                    period,
                    None,
                    missing.unit or None,
                    *([None] * figures),
                    missing.path,
                    words("report.left_out"),
                ),
                live=False,
            )

    title = words("report.ranking_title", title=rubric.title)
    if period:
        title = words("report.with_period", title=title, period=period)
    notes = tuple(_notes(rubric, ranking, words, left_out, without_sheet))
    return Table("ranking", title, tuple(columns), rows, notes, rubric.id)


def rules_in_force(rubric: Rubric, ranking: Ranking, words: Words) -> str:
    """How ranks were given, in a sentence."""
    rule = words(f"report.rule_{ranking.ties}")
    if not ranking.tie_break:
        return rule
    titles = {section.id: section.title for section in rubric.all_sections}
    names = words("list.separator").join(titles[name] for name in ranking.tie_break)
    return words("report.rule_tie_break", rule=rule, sections=names)


def _notes(
    rubric: Rubric,
    ranking: Ranking,
    words: Words,
    left_out: Sequence[LeftOut],
    without_sheet: Iterable[str],
) -> Iterator[str]:
    yield rules_in_force(rubric, ranking, words)
    yield from accepted_notes(rubric, words)
    if ranking.provisional:
        yield words("report.note_provisional")
    separator = words("list.separator")
    if left_out:
        names = separator.join(one.unit or one.path for one in left_out)
        yield words("report.note_left_out", number=len(left_out), units=names)
    missing = tuple(without_sheet)
    if missing:
        yield words("report.note_without_sheet", number=len(missing), units=separator.join(missing))


def _remark(placing: Placing, words: Words) -> str | None:
    remarks = [words("report.tied")] if placing.tied else []
    if placing.result.unscored:
        remarks.append(words("report.provisional", number=len(placing.result.unscored)))
    remarks += remarks_on(placing.result, words)
    return words("list.separator").join(remarks) or None
