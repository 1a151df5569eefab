"""The file of an assessment in a folder, read and checked: what it names must lie there."""

import os
import re
from collections.abc import Iterator
from typing import NamedTuple

from epa_score.diagnostics import Diagnostic, Finding, Kind, Place, in_order
from epa_score.model.assessment import Assessment
from epa_score.readers.rubrics import RubricFile, RubricLibrary, read_rubric
from epa_score.readers.source import Source
from epa_score.readers.to_model import to_model
from epa_score.values.rubric_names import RUBRIC_SUFFIXES

_OUTSIDE = re.compile(r"[/\\]|[A-Za-z]:|-")
"""The beginning of a path that is absolute on some system, or looks like an option."""


class AssessmentFile(NamedTuple):
    """An assessment with its file; ``assessment`` is ``None`` where that is faulty."""

    source: Source
    assessment: Assessment | None
    rubric_file: RubricFile | None
    diagnostics: tuple[Diagnostic, ...]

    @property
    def path(self) -> str:
        """The path of the file."""
        return self.source.path

    @property
    def folder(self) -> str:
        """The folder of the assessment, in which everything that its file names lies."""
        return os.path.dirname(self.path) or "."


def assessment_of(source: Source) -> AssessmentFile:
    """The assessment in a source that was read."""
    assessment, findings = to_model(source, Assessment)
    found = AssessmentFile(source, assessment, None, ())
    about_rubric: tuple[Diagnostic, ...] = ()
    if assessment is not None:
        findings += _paths_lie_in_folder(assessment, found.folder)
    if assessment is not None and not findings:
        rubric_file = find_rubric(assessment, found.folder)
        found = found._replace(rubric_file=rubric_file)
        about_rubric = rubric_file.diagnostics if rubric_file is not None else ()
        findings += _units_are_known(assessment, rubric_file, found.folder)
    diagnostics = in_order((*source.diagnose(findings), *about_rubric))
    sound = None if diagnostics else assessment
    return found._replace(assessment=sound, diagnostics=diagnostics)


def find_rubric(assessment: Assessment, folder: str) -> RubricFile | None:
    """The file of the rubric: in the folder, else in its ``rubrics/``, else a shipped one."""
    if assessment.rubric.endswith(RUBRIC_SUFFIXES):
        return read_rubric(os.path.join(folder, assessment.rubric))
    return RubricLibrary(folder).find(assessment.rubric)


def _paths_lie_in_folder(assessment: Assessment, folder: str) -> Iterator[Finding]:
    """What the file names lies in its folder, so that this can be handed on as a whole."""
    named = {"roster": assessment.roster}
    if assessment.rubric.endswith(RUBRIC_SUFFIXES):
        named["rubric"] = assessment.rubric
    for field, path in named.items():
        if path is None:
            continue
        outside = _OUTSIDE.match(path) or ".." in re.split(r"[/\\]", path)
        if outside or not os.path.isfile(os.path.join(folder, path)):
            variant = "outside" if outside else ""
            yield Finding(Kind.FILE_NOT_IN_FOLDER, Place((field,)), {"path": path}, variant)


def _units_are_known(
    assessment: Assessment, rubric_file: RubricFile | None, folder: str
) -> Iterator[Finding]:
    """The rubric is there, and it or a roster says who has to hand in."""
    if rubric_file is None:
        yield RubricLibrary(folder).not_found(assessment.rubric, Place(("rubric",)))
    elif assessment.roster is None and rubric_file.rubric and not rubric_file.rubric.known_units:
        about = {"rubric": assessment.rubric}
        yield Finding(Kind.UNITS_NOT_KNOWN, Place(("rubric",)), {**about})
