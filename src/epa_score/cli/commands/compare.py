"""``epa-score compare``: how ranks and totals moved from an earlier result to a later one."""

from collections.abc import Iterator
from typing import Annotated

import typer

from epa_score.cli.earlier import Side, pair_sides, read_side, refuse_itself
from epa_score.cli.inputs import Selection
from epa_score.cli.options import Format, OldPeriodOption, PeriodOption, RubricOption, SkipInvalid
from epa_score.cli.output import show_tables
from epa_score.cli.session import Session
from epa_score.cli.sheet_store import open_sheet_store
from epa_score.reports.columns import with_origin
from epa_score.reports.moves import moves_tables
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
    session = context.obj
    refuse_itself(session, old, old_period, [new], period)
    with open_sheet_store() as store:
        choice = Selection(paths=[], rubric=rubric, skip_invalid=skip_invalid, store=store)
        before = choice._replace(paths=[old], period=old_period, variant="old")
        after = choice._replace(paths=[new], period=period)
        sides = read_side(session, before), read_side(session, after)
        show_tables(session, list(_tables(session, *sides)), form)


def _tables(session: Session, before: Side, after: Side) -> Iterator[Table]:
    """The tables of each rubric that both sides have, for each group of units."""
    words = session.words
    for old, new in pair_sides(session, before.snapshots, after.snapshots, before.path):
        note = before.note_on_file(after.rubric_files.get(new.rubric), str, words)
        for group in dict.fromkeys(unit.group for unit in new.units):
            made = moves_tables(moves_between(old, new, group), words, group)
            made[0] = made[0]._replace(notes=(*made[0].notes, *note))
            yield from (with_origin(table, new.period, words) for table in made)
