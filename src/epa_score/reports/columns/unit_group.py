"""组别: the groups of units that a ranking is about."""

from collections.abc import Iterator

from epa_score.i18n import Words
from epa_score.model import Rubric
from epa_score.model.ranked import Ranked
from epa_score.reports.columns import Field, Line, ResultList
from epa_score.reports.table import Column
from epa_score.scoring import Ranking


def fields(listed: ResultList[Ranked]) -> Iterator[Field]:
    """The group of each unit, where the rubric has groups.

    What was left out and whose unit is not known is in none.
    """
    rubric = listed.rubric
    if isinstance(rubric, Rubric) and rubric.groups:
        column = Column("group", listed.words("report.unit_group"), priority=2)

        def group_of(line: Line) -> str | None:
            return None if line.unit is None else rubric.group_of(line.unit)

        yield Field(column, group_of)


def with_group_rule(rubric: Ranked, ranking: Ranking, rule: str, words: Words) -> str:
    """The rule of a ranking, and within which units it goes, where the rubric has groups."""
    if not isinstance(rubric, Rubric) or not rubric.groups:
        return rule
    groups = words("list.separator").join(name for name, _ in rubric.groups)
    key = "report.rule_in_group" if ranking.group else "report.rule_overall"
    return words(key, rule=rule, group=ranking.group, groups=groups)


def group_notes(rubric: Rubric, words: Words) -> Iterator[str]:
    """A note on the groups that units are ranked in, and on who is in them."""
    if rubric.grouped_by is not None:
        yield words("report.note_grouped_by")
    if rubric.groups:
        joiner = words("list.separator")
        named = (
            words("report.one_group", group=name, units=joiner.join(units))
            for name, units in rubric.groups
        )
        yield words("report.note_groups", groups=joiner.join(named))
