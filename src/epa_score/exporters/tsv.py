"""Tables with tabs between their cells, for a program that reads from a pipe."""

from collections.abc import Iterator, Sequence

from epa_score.diagnostics.visible import hides_nothing, visible
from epa_score.exporters.cell_text import shown_columns, shown_rows
from epa_score.reports.table import Table


def tab_separated(tables: Sequence[Table]) -> Iterator[str]:
    """Lines of tab-separated cells; an empty line between tables."""
    for index, table in enumerate(tables):
        if index:
            yield ""
        yield "\t".join(visible(column.title) for column in shown_columns(table))
        for row in shown_rows(table):
            # One look at a row in place of one at every cell: a province has 100,000 rows.
            yield "\t".join(row if hides_nothing("".join(row)) else map(visible, row))
