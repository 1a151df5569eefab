"""计分过程: the workings of items that have a rule or do not apply, and of adjustments."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from epa_score.i18n import Words, plain
from epa_score.model import Rubric, ScoreSheet
from epa_score.model.sheet import sheets_in
from epa_score.reports.columns.adjustments import (
    AdjustmentLine,
    PointsSubject,
    adjustment_lines,
)
from epa_score.reports.columns.sections import all_items
from epa_score.reports.columns.standing import reason_text
from epa_score.reports.table import Blocks, Column, Row, Table, decimals_of
from epa_score.reports.titles import title_of
from epa_score.rules.rule import Product, Step, StepPart, Working
from epa_score.scoring import Ranking
from epa_score.scoring.adjustments import total_working
from epa_score.scoring.points import workings_of


def has_rules(rubric: Rubric) -> bool:
    """True where any item of a rubric has a rule."""
    return any(item.rule for section in rubric.all_sections for item in all_items(section))


def has_workings(rubric: Rubric) -> bool:
    """True where points or ranks may come about otherwise than by points being given."""
    ruled = has_rules(rubric) or bool(rubric.treatments)
    return ruled or rubric.adjustments is not None or bool(rubric.veto)


def workings_table(
    rubric: Rubric, ranking: Ranking, sheets: Mapping[str, ScoreSheet], words: Words
) -> Table:
    """A row for each item with a rule or without points, each adjustment and veto.

    Units stand in the order of the ranking.
    """
    lines = list(_working_lines(rubric, ranking, sheets, words))
    caps = [line.subject.max for line in lines if line.subject.max]
    several = rubric.panel is not None
    columns = (
        Column("unit", words("report.unit"), is_heading=True),
        *([Column("assessor", words("report.assessor"))] if several else []),
        Column("item", words("report.item")),
        Column("text", words("report.text"), "long text"),
        Column("max", words("report.cap"), "points", decimals_of(caps)),
        Column("working", words("report.working"), "long text"),
        Column(
            "score",
            words("report.score"),
            "points",
            decimals_of(line.points for line in lines if line.points is not None),
        ),
    )

    def rows() -> Iterator[Row]:
        for line in lines:
            whose = line.unit, *([line.assessor] if several else [])
            yield Row((*whose, *line.subject, line.text, line.points), live=False)

    title = title_of(rubric.title, "workings", ranking.period, words)
    return Table("workings", title, columns, rows, group=rubric.id, blocks=Blocks("unit"))


class _WorkingLine(NamedTuple):
    """A row before it has cells: whose points they are, what they are for, how they came about.

    Under a panel they follow from the facts that one ``assessor`` gave.
    """

    unit: str
    subject: PointsSubject
    text: str
    points: Decimal | None
    assessor: str | None = None


def _working_lines(
    rubric: Rubric, ranking: Ranking, sheets: Mapping[str, ScoreSheet], words: Words
) -> Iterator[_WorkingLine]:
    for _, result in ranking.everybody:
        sheet = sheets[result.unit]
        scope = rubric.scope(sheet.unit)
        items = scope.items if scope is not None else {}
        for own in sheets_in(sheet):
            workings = workings_of(rubric, own, result)
            for name in (name for name in items if name in workings):
                if workings[name].steps:
                    item, text = items[name], working_text(workings[name], words)
                    subject = PointsSubject(item.id, item.text, item.max)
                    points = workings[name].points
                    yield _WorkingLine(sheet.unit, subject, text, points, own.assessor)
        lines = list(adjustment_lines(rubric, sheet, words))
        if lines:
            whole = PointsSubject(None, words("report.whole"), None)
            lines.append(AdjustmentLine(whole, total_working(rubric, result)))
        for subject, working in lines:
            yield _WorkingLine(sheet.unit, subject, working_text(working, words), working.points)
        for vetoed in result.vetoes:
            subject = PointsSubject(vetoed.veto.id, vetoed.veto.text, None)
            yield _WorkingLine(sheet.unit, subject, reason_text(vetoed, words), None)


def working_text(working: Working, words: Words) -> str:
    """The working of points in words: ``10 - 3 x 0.5 = 8.5``."""
    return words("working.separator").join(_step_text(step, words) for step in working.steps)


def note_text(working: Working | None, note: str | None, words: Words) -> str:
    """The working of points that a rule gave, in words, and the note."""
    parts = (working_text(working, words) if working else "", note or "")
    return words("working.separator").join(filter(None, parts))


def _step_text(step: Step, words: Words) -> str:
    joiner = words.get(f"working.{step.words}_joiner") or words("list.separator")
    parts = {name: _part_text(part, joiner, words) for name, part in step.parts.items()}
    return words(f"working.{step.words}", **parts)


def _part_text(part: StepPart, joiner: str, words: Words) -> str:
    if isinstance(part, Decimal):
        return plain(part)
    if isinstance(part, str):
        return part
    return joiner.join(_term_text(term, words) for term in part)


def _term_text(term: Product | Decimal | str, words: Words) -> str:
    if isinstance(term, str):
        return term
    if isinstance(term, Decimal):
        return plain(term)
    return words("working.product", number=plain(term.number), each=plain(term.each))
