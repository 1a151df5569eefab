"""校验码: the codes by which signed paper can be compared with files."""

from collections.abc import Iterator

from epa_score.i18n import Words
from epa_score.model.ranked import Ranked
from epa_score.reports.columns import Field, ResultList, result_field
from epa_score.reports.table import Column
from epa_score.scoring import Ranking


def fields(listed: ResultList[Ranked], ranking: Ranking) -> Iterator[Field]:
    """The code of a unit and that of the ranking, for programs; people find it below the table."""
    code = Column("check_code", listed.words("report.check_code_title"), shown=False)
    yield result_field(code, lambda result: result.code)
    whole = code._replace(name="ranking_code")
    yield Field(whole, lambda _: ranking.code)


def notes(ranking: Ranking, words: Words) -> Iterator[str]:
    """The code of the ranking."""
    yield words("report.check_code", code=ranking.code)
