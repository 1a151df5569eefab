"""Score government units against a published rubric, exactly.

As a library::

    import epa_score

    rubric = epa_score.load_rubric("township")
    sheet = epa_score.load_sheet("scores/甲镇.yaml", rubric)
    result = epa_score.score(rubric, sheet)
    ranking = epa_score.rank(rubric, [result])
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from epa_score.api import rank, score, score_panel
    from epa_score.diagnostics import InputError
    from epa_score.model import Rubric, ScoreSheet
    from epa_score.readers import load_rubric, load_sheet
    from epa_score.scoring import Ranking, Result

__version__ = "0.1.0"
__all__ = [
    "InputError",
    "Ranking",
    "Result",
    "Rubric",
    "ScoreSheet",
    "load_rubric",
    "load_sheet",
    "rank",
    "score",
    "score_panel",
]

_HOMES = {
    "InputError": "diagnostics",
    "Ranking": "scoring",
    "Result": "scoring",
    "Rubric": "model",
    "ScoreSheet": "model",
    "load_rubric": "readers",
    "load_sheet": "readers",
    "rank": "api",
    "score": "api",
    "score_panel": "api",
}


def __getattr__(name: str) -> object:
    """Import a public name on first use, so that ``epa-score --version`` stays instant."""
    if name not in _HOMES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    from importlib import import_module  # noqa: PLC0415 -- needed for a public name alone

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
