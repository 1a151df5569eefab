"""The functions of the library that add up and rank: they check first what they are given.

A model can be built, copied or changed past its own checks. So each of these functions reads the
models anew from the values that they hold, and refuses what a file would be refused for.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from epa_score import scoring
from epa_score.checks import Exemptions, check_joined, check_rubric, check_sheet
from epa_score.diagnostics import Finding, Location, Place
from epa_score.diagnostics.from_pydantic import shape_findings
from epa_score.i18n import Words
from epa_score.model import Rubric, ScoreSheet
from epa_score.model.assessors import join_sheets
from epa_score.model.item_units import with_items_of_others
from epa_score.model.sheet import CombinedSheet
from epa_score.scoring import Ranking, Result, Ties
from epa_score.scoring.panel import score_panel as score_sound_panel
from epa_score.scoring.rank import Expected

Shape = TypeVar("Shape", Rubric, ScoreSheet)

_SOME_UNSCORED = Exemptions(unscored=True)


def score(rubric: Rubric, sheet: ScoreSheet) -> Result:
    """Add up a sheet as the rubric says: exactly, and only what is sound.

    Items without points count 0 in the result, which names them. Raises `ValueError` with all that
    is wrong with the rubric or the sheet.
    """
    sound = _sound_rubric(rubric)
    return scoring.score(sound, _sound_sheet(sound, sheet))


def score_panel(rubric: Rubric, sheets: Sequence[ScoreSheet]) -> Result:
    """Add up what the sheets of a unit by several assessors come to together, as `score` does.

    That is a panel, of which each scores every item, or assessors with items of their own. Raises
    `ValueError` with all that is wrong with the rubric or a sheet, for a rubric without either, and
    for sheets of several units or periods or of one assessor.
    """
    sound = _sound_rubric(rubric)
    own = [_sound_sheet(sound, sheet) for sheet in sheets]
    if not sound.assessors:
        return score_sound_panel(sound, own)
    joined = join_sheets(sound, own)
    _refuse(check_joined(joined, sound), f"score sheets of {joined.unit!r}")
    return scoring.score(sound, joined)


def rank(
    rubric: Rubric,
    results: Iterable[Result],
    *,
    ties: Ties = "competition",
    provisional: bool = False,
    group: str = "",
) -> Ranking:
    """Rank results of `score`, or of `score_panel`, by total, then by ``tie_break`` sections.

    Equal units share a rank: 1, 2, 2, 4, or 1, 2, 2, 3 under ``ties="dense"``. Where the rubric
    has groups, ``group`` names the one that is ranked; without it all units are ranked together,
    without bands and final figures. The results are those of all units in either case.

    Raises `ValueError` for a rubric that is not sound or has no such group, for results of other
    rubrics, of this one as it was before its points changed, or of several periods, for a unit that
    comes twice, for unscored items unless ``provisional``, and for another rule of ``ties``.
    """
    sound = _sound_rubric(rubric)
    results = list(results)
    for result in results:
        scope = sound.scope(result.unit)
        if scope is None or scope.code != result.scope_code:
            message = f"the result of {result.unit!r} is not one of rubric {sound.id!r} as it is"
            raise ValueError(message)
    return scoring.rank(
        sound, results, ties=ties, provisional=provisional, expected=Expected(group=group)
    )


def _sound_rubric(rubric: Rubric) -> Rubric:
    """The rubric read anew, once for all rubrics that are equal to it in every value."""
    try:
        hash(rubric)
    except TypeError:  # a list was put in past the model
        return _checked_rubric.__wrapped__(rubric)
    return _checked_rubric(rubric)


@lru_cache(16)
def _checked_rubric(rubric: Rubric) -> Rubric:
    whose = f"rubric {getattr(rubric, 'id', '')!r}"
    sound = _read_anew(rubric, Rubric, whose)
    _refuse(check_rubric(sound), whose)
    return sound


def _sound_sheet(rubric: Rubric, sheet: ScoreSheet) -> ScoreSheet:
    whose = f"score sheet of {getattr(sheet, 'unit', '')!r}"
    if isinstance(sheet, CombinedSheet):
        message = f"{whose}: it is combined; score_panel takes the sheets that it is made of"
        raise ValueError(message)  # noqa: TRY004 -- it is a sheet, but not one that somebody gave
    sound = _read_anew(sheet, ScoreSheet, whose)
    sound = with_items_of_others(sound, rubric.part(sound.assessor) or rubric)
    findings = check_sheet(sound, rubric, _SOME_UNSCORED)
    _refuse([finding for finding in findings if finding.kind.severity == "error"], whose)
    return sound


def _read_anew(model: BaseModel, shape: type[Shape], whose: str) -> Shape:
    try:
        return shape.model_validate(model.model_dump(warnings=False))
    except ValidationError as error:
        try:
            findings = shape_findings(error, shape)
        except KeyError:  # something that no file can hold, and pydantic has a sentence for
            details = error.errors(include_url=False)
            message = "; ".join(f"{_dotted(detail['loc'])}: {detail['msg']}" for detail in details)
            raise ValueError(f"{whose}: {message}") from error
        raise _refusal(findings, whose) from error


def _refuse(findings: Sequence[Finding], whose: str) -> None:
    if findings:
        raise _refusal(findings, whose)


def _refusal(findings: Iterable[Finding], whose: str) -> ValueError:
    """The error that says each finding in a sentence, and where it is."""
    words = Words("en")
    return ValueError(f"{whose}: {'; '.join(_sentence(finding, words) for finding in findings)}")


def _sentence(finding: Finding, words: Words) -> str:
    from epa_score.diagnostics.rendering import wording  # noqa: PLC0415 -- words for faulty input

    keys = finding.place.keys if isinstance(finding.place, Place) else ()
    where = f" at {_dotted(keys)}" if keys else ""
    return f"{wording(finding.at(Location('')), words).title} ({finding.kind.code}{where})"


def _dotted(keys: Iterable[object]) -> str:
    return ".".join(map(str, keys))
