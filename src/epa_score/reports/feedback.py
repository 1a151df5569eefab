"""反馈单: what a unit is told of its result, with room for its answer."""

from collections.abc import Iterator, Sequence

from epa_score.i18n import Words
from epa_score.reports.account import points_column
from epa_score.reports.chapter import Chapter
from epa_score.reports.document import AnswerRoom, Block, Document, Paragraph
from epa_score.reports.notice import Assessed, heading
from epa_score.reports.table import Column, Row, Table
from epa_score.reports.titles import title_of, title_with_group
from epa_score.reports.unit_part import UnitPart

_LINES = 5
"""The lines that a unit has for its answer; Word makes the box larger when somebody types more."""


def feedback_document(chapters: Sequence[tuple[Chapter, Assessed]], words: Words) -> Document:
    """A sheet for each unit of some rankings, in the order of the ranks, to be handed out."""
    titles = dict.fromkeys(_title(assessed, words) for _, assessed in chapters)
    parts = (
        list(_blocks(own, assessed, words))
        for chapter, assessed in chapters
        for own in chapter.parts()
    )
    title = words("list.separator").join(titles)
    return Document(title, words.language, parts, is_handed_out=True)


def _title(assessed: Assessed, words: Words) -> str:
    """The title of the sheets of a ranking: its group, and that it is provisional."""
    ranking = assessed.ranking
    title = title_of(assessed.ranked.title, "feedback", ranking.period, words)
    title = title_with_group(title, ranking.group, words)
    if ranking.provisional:
        return words("report.with_provisional", title=title)
    return title


def _blocks(part: UnitPart, assessed: Assessed, words: Words) -> Iterator[Block]:
    yield Paragraph(_title(assessed, words), "title")
    yield Paragraph(words("notice.to", whom=part.unit), "address")
    yield Paragraph(words("feedback.sentence_joiner").join(part.sentences))
    yield heading(0, words("feedback.points"), words)
    yield _points(part, assessed, words)
    place = 1
    for title, table in _tables_of_items(part, assessed, words):
        yield heading(place, title, words)
        place += 1
        if list(table.rows()):
            yield table
    if part.full:
        yield Paragraph(part.full, "note")
    yield heading(place, words("feedback.answer"), words)
    yield Paragraph(words("feedback.by_when"), "lead")
    signed = ("feedback.signed", "feedback.date")
    provisional = assessed.ranking.provisional
    signatures = () if provisional else tuple(map(words, signed))
    yield AnswerRoom(words("feedback.room"), _LINES, signatures)
    notes = [words("page.code", code=part.code)]
    if not assessed.coverage.is_checked:
        notes.append(words("report.note_unchecked"))
    yield Paragraph(words("working.separator").join(notes), "note")


def _tables_of_items(
    part: UnitPart, assessed: Assessed, words: Words
) -> Iterator[tuple[str, Table]]:
    """The items with a loss, then what else is said of items and makes the total, if it does.

    The lines of a composite result are no items, and stand together.
    """
    whole = part.items._replace(title="")
    if assessed.analysis is None:
        yield words("page.made_of"), whole
        return
    pairs = list(zip(whole.rows(), part.are_losses, strict=True))
    losses, others = ([row for row, own in pairs if own is is_loss] for is_loss in (True, False))
    title = words("feedback.losses", lost=part.lost or words("feedback.no_losses"))
    yield title, whole._replace(rows=losses.copy)
    if others:
        yield words("feedback.others"), whole._replace(rows=others.copy)


def _points(part: UnitPart, assessed: Assessed, words: Words) -> Table:
    """The points of each section and in total beside the means of the ranked units."""
    summary = assessed.summary
    place = [column.name for column in summary.columns].index("total")
    mean = summary.mean.cells[place] if summary.mean is not None else None
    rows = [Row((bar.title, bar.cap, bar.points, bar.mean)) for bar in part.bars]
    rows.append(Row((words("report.whole"), part.cap, part.total, mean)))
    columns = (
        Column("section", words("report.section"), is_heading=True),
        *(
            points_column(name, words(f"report.{key}"), rows, place)
            for place, (name, key) in enumerate(
                (("max", "cap"), ("score", "score"), ("mean", "mean")), 1
            )
        ),
    )
    return Table("unit_points", "", columns, rows.copy)
