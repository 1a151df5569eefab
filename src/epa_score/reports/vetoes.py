"""否决: which vetoes hold, as a column for programs, in remarks and in notes."""

from collections.abc import Iterator, Sequence

from epa_score.i18n import Words
from epa_score.model import Rubric
from epa_score.reports.table import Cell, Column
from epa_score.scoring import Result


def veto_columns(rubric: Rubric, words: Words) -> list[Column]:
    """For programs, the vetoes that hold, where the rubric has any; people read the remark."""
    return [Column("veto", words("report.veto"), shown=False)] if rubric.veto else []


def veto_cells(rubric: Rubric, result: Result, words: Words) -> list[Cell]:
    """The cell of a result in that column."""
    said = words("list.separator").join(f"{one.veto.id} {one.reason}" for one in result.vetoes)
    return [said or None] if rubric.veto else []


def veto_remarks(rubric: Rubric, result: Result, words: Words) -> Iterator[str]:
    """What each veto does, and what happened; nothing is done where there are no bands."""
    for veto, reason in result.vetoes:
        bands = {"bar": rubric.bands[:1], "fail": rubric.bands[-1:]}.get(veto.effect, ())
        band = "".join(one.name for one in bands)
        effect = veto.effect if band or veto.effect == "exclude" else "noted"
        yield words(f"report.veto_{effect}", band=band, text=veto.text, reason=reason)


def excluded_notes(excluded: Sequence[Result], words: Words) -> Iterator[str]:
    """Who is not ranked because of a veto."""
    if excluded:
        names = words("list.separator").join(one.unit for one in excluded)
        yield words("report.note_excluded", number=len(excluded), units=names)
