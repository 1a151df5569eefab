"""The tables of one ranking: those that every format has, and those for programs alone."""

from collections.abc import Mapping

from epa_score.i18n import Words
from epa_score.model import Rubric, ScoreSheet
from epa_score.model.ranked import Ranked
from epa_score.reports.columns import with_origin
from epa_score.reports.columns.assessors import assessors_table
from epa_score.reports.columns.panel import panel_table
from epa_score.reports.ranking import summary_table
from epa_score.reports.rates import analysis_table, rates_table
from epa_score.reports.scores import deductions_table, scores_table
from epa_score.reports.self_scores import self_scores_table
from epa_score.reports.table import Table
from epa_score.reports.terms import items_table, methods_table
from epa_score.reports.titles import as_provisional, of_unit_group
from epa_score.reports.workings import has_workings, workings_table
from epa_score.scoring import Ranking


def tables_of_ranking(
    rubric: Rubric,
    ranking: Ranking,
    sheets: Mapping[str, ScoreSheet],
    ranked: Table,
    words: Words,
) -> list[Table]:
    """The tables of one ranking, from its sheets and the table of ranks."""
    made = [
        summary_table(rubric, ranked, words),
        rates_table(rubric, ranking, sheets, words),
        scores_table(rubric, ranking, sheets, words),
        analysis_table(rubric, ranking, sheets, words),
        deductions_table(rubric, ranking, sheets, words),
    ]
    if has_workings(rubric):
        made.append(workings_table(rubric, ranking, sheets, words))
    if rubric.panel is not None:
        made.append(panel_table(rubric, ranking, sheets, words))
    if rubric.assessors:
        made.append(assessors_table(rubric, ranking, sheets, words))
    if rubric.self_score is not None:
        made.append(self_scores_table(rubric, ranking, sheets, words))
    if ranking.provisional:
        is_open = bool(ranking.open_units)
        made = [as_provisional(table, words, has_open_units=is_open) for table in made]
    if ranking.group:
        made = [of_unit_group(table, ranking.group, words) for table in made]
    return made


def tables_of_terms(ranked: Ranked, ranking: Ranking, words: Words) -> list[Table]:
    """The tables that later results are compared by."""
    made = [methods_table(ranked, ranking, words)]
    if isinstance(ranked, Rubric):
        made.append(items_table(ranked, ranking, words))
    named = (table._replace(unit_group=ranking.group) for table in made)
    return [with_origin(table, ranking.period, words) for table in named]
