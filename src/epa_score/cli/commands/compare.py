"""``epa-score compare``: how ranks and totals moved from an earlier result to a later one."""

import os
from typing import Annotated

import typer

from epa_score.cli.earlier import Side, pair_sides, read_side
from epa_score.cli.help import WrongUsage
from epa_score.cli.inputs import Selection
from epa_score.cli.options import Format, OldPeriodOption, PeriodOption, RubricOption, SkipInvalid
from epa_score.cli.output import show_tables
from epa_score.cli.session import Session
from epa_score.cli.sheet_store import SheetStore, open_sheet_store
from epa_score.diagnostics.terminal_text import shortened
from epa_score.i18n import Words
from epa_score.reports.columns import with_origin
from epa_score.reports.moves import moves_tables, note_on_file
from epa_score.reports.table import Table
from epa_score.scoring.moves import moves_between


def compare(
    context: typer.Context,
    old: Annotated[str, typer.Argument(metavar="OLD", help="help.compare_old")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="help.compare_new")],
    rubric: RubricOption = None,
    old_period: OldPeriodOption = None,
    period: PeriodOption = None,
    skip_invalid: SkipInvalid = False,
    form: Format = "table",
) -> None:
    """Compare two results: moves of ranks and totals, and by which items."""
    session: Session = context.obj
    if os.path.realpath(old) == os.path.realpath(new) and old_period == period:
        raise WrongUsage(session.words("usage.compare_itself", path=shortened(old)))
    with open_sheet_store() as store:

        def side(path: str, chosen: str | None, variant: str, kept: SheetStore) -> Side:
            choice = Selection(
                paths=[path],
                rubric=rubric,
                period=chosen,
                skip_invalid=skip_invalid,
                store=kept,
                variant=variant,
            )
            return read_side(session, choice)

        before, after = side(old, old_period, "old", store), side(new, period, "", store)
        tables: list[Table] = []
        for earlier, later in pair_sides(session, before.snapshots, after.snapshots, old):
            note = _note_on_file(before, after, later.rubric, session.words)
            for group in dict.fromkeys(unit.group for unit in later.units):
                moves = moves_between(earlier, later, group)
                made = moves_tables(moves, session.words, group)
                made[0] = made[0]._replace(notes=(*made[0].notes, *note))
                tables += [with_origin(table, later.period, session.words) for table in made]
        show_tables(session, tables, form)


def _note_on_file(before: Side, after: Side, rubric: str, words: Words) -> list[str]:
    """The note that sheets of both sides were scored by one file, which may have changed since."""
    file = after.rubric_files.get(rubric)
    is_one = file is not None and before.rubric_files.get(rubric) == file
    return [note_on_file(file[0], words)] if is_one and file is not None else []
