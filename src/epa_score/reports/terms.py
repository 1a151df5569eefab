"""What later results are compared by: how totals are made, and of which items. For programs."""

from collections.abc import Iterator

from epa_score.i18n import Words
from epa_score.model import Rubric, same_name_key
from epa_score.model.ranked import Ranked
from epa_score.reports.table import Cell, Column, Row, Table
from epa_score.scoring import Ranking
from epa_score.scoring.snapshot import ItemTerms, head_of, terms_of

FORMAT_VERSION = 1
"""The version of the JSON of results; under another one fields mean something else."""


def methods_table(ranked: Ranked, ranking: Ranking, words: Words) -> Table:
    """The rubric of a ranking, how it ranks, and the code of how totals are made."""
    head = head_of(ranked, ranking)
    state = "provisional" if head.is_provisional else "final"
    cells = (head.title, head.ties, head.tie_break, state, head.method)
    columns = (
        Column("title", words("report.title")),
        Column("ties", words("report.about_rule")),
        Column("tie_break", words("report.about_rule")),
        Column("state", words("status.state")),
        Column("method", words("report.about_total")),
    )
    rows = [Row(tuple(cell or None for cell in cells))]
    return Table("methods", words("moves.methods_title"), columns, rows.copy, group=ranked.id)


def items_table(rubric: Rubric, ranking: Ranking, words: Words) -> Table:
    """Every item with its wording, cap and the code of its rule.

    An item that is not the same for all units has a row a unit.
    """
    columns = (
        Column("item", words("report.item")),
        Column("unit", words("report.unit")),
        Column("text", words("report.text"), "long text"),
        Column("max", words("report.cap"), "points"),
        Column("rule", words("report.working")),
        Column("not_applicable", words("report.not_applicable")),
        Column("section", words("report.section")),
    )

    return Table(
        "items", words("report.text"), columns, lambda: _item_rows(rubric, ranking), group=rubric.id
    )


def _item_rows(rubric: Rubric, ranking: Ranking) -> Iterator[Row]:
    shared: dict[int, dict[str, ItemTerms]] = {}
    scopes: dict[str, int] = {}
    for _, result in ranking.everybody:
        scope = rubric.scope(result.unit)
        if scope is not None:
            scopes[result.unit] = id(scope)
            if id(scope) not in shared:
                shared[id(scope)] = terms_of(scope)
    units = sorted(scopes.items(), key=lambda pair: same_name_key(pair[0]))
    order = list(dict.fromkeys(item for terms in shared.values() for item in terms))
    for item in order:
        found = [terms.get(item) for terms in shared.values()]
        if found[0] is not None and all(terms == found[0] for terms in found):
            yield Row(_item_cells(item, None, found[0]))
            continue
        for unit, key in units:
            own = shared[key].get(item)
            if own is not None:
                yield Row(_item_cells(item, unit, own))


def _item_cells(item: str, unit: str | None, terms: ItemTerms) -> tuple[Cell, ...]:
    rule, treatment = terms.rule or None, terms.treatment or None
    return item, unit, terms.text, terms.cap, rule, treatment, terms.section
