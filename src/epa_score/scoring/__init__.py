"""From score sheets to results and rankings: exact, and without reading or writing anything."""

from epa_score.scoring.rank import Placing, Ranking, Ties, rank
from epa_score.scoring.result import Result
from epa_score.scoring.score import score

__all__ = ["Placing", "Ranking", "Result", "Ties", "rank", "score"]
