"""The tidy table as the content of a result: for programs, and made row by row."""

from collections.abc import Sequence
from functools import partial

from epa_score.cli.assess import Group, in_unit_groups, rank_group
from epa_score.cli.compose import Composition
from epa_score.cli.inputs import Selection
from epa_score.cli.results import Circumstances, Content, records_of
from epa_score.cli.session import Session
from epa_score.cli.sheet_store import SheetStore
from epa_score.reports.tidy import tidy_composite, tidy_source, tidy_table


def rows_of_groups(
    session: Session,
    groups: Sequence[Group],
    choice: Selection,
    store: SheetStore,
    circumstances: Circumstances,
) -> Content:
    """The tidy table of the rankings of some groups, whose sheets are kept in ``store``."""
    sources = [
        tidy_source(
            group.rubric,
            rank_group(group, choice),
            group.sheets(store),
            circumstances.coverage(group.coverage),
            circumstances.words(group.rubric),
        )
        for group in in_unit_groups(session, groups, choice)
    ]
    table, words = tidy_table(sources), circumstances.words(groups[0].rubric)
    return Content([table], [table], words, records=partial(records_of, groups))


def rows_of_composition(composition: Composition, circumstances: Circumstances) -> Content:
    """The tidy table of a composite result."""
    words = circumstances.words(composition.groups[0].rubric)
    source = tidy_composite(
        composition.composite,
        composition.ranking,
        composition.totals_of,
        circumstances.coverage(composition.coverage),
        words,
    )
    table, records = tidy_table([source]), partial(records_of, composition.groups)
    return Content([table], [table], words, records=records)
