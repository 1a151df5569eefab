"""The folder of an assessment: its file, and what lies where in it."""

import os
from typing import NamedTuple

from epa_score.cli.help import WrongUsage
from epa_score.cli.inputs import Selection
from epa_score.cli.session import Session
from epa_score.cli.sheet_store import SheetStore
from epa_score.diagnostics import InputError
from epa_score.diagnostics.terminal_text import shortened
from epa_score.i18n import Words
from epa_score.model import Rubric
from epa_score.model.assessment import Assessment
from epa_score.readers.assessments import assessment_of
from epa_score.readers.files import read_file
from epa_score.readers.to_model import ASSESSMENT_NAMES
from epa_score.reports.titles import parts_of_title, title_with_period
from epa_score.values.rubric_names import RUBRIC_SUFFIXES


class AssessmentFolder(NamedTuple):
    """An assessment in its folder; names in it are in the language of its rubric."""

    folder: str
    assessment: Assessment
    rubric: Rubric

    @property
    def words(self) -> Words:
        """The words of its documents."""
        return Words(self.rubric.lang)

    @property
    def title(self) -> str:
        """Its title, else what the rubric says is assessed, with the period."""
        if self.assessment.title is not None:
            return self.assessment.title
        subject = parts_of_title(self.rubric.title).subject
        return title_with_period(subject, self.assessment.period, self.words)

    def place(self, name: str) -> str:
        """A folder in it: of ``forms``, ``collected`` sheets, ``returned`` copies, ``results``."""
        return os.path.join(self.folder, self.words(f"folder.{name}"))

    def selection(self, store: SheetStore) -> Selection:
        """The sheets that were collected."""
        rubric, roster = self.assessment.rubric, self.assessment.roster
        is_file = rubric.endswith(RUBRIC_SUFFIXES)
        return Selection(
            paths=[self.place("collected")],
            rubric=os.path.join(self.folder, rubric) if is_file else rubric,
            folder=None if is_file else self.folder,
            period=self.assessment.period,
            roster=None if roster is None else os.path.join(self.folder, roster),
            store=store,
            may_be_empty=True,
            asks_reasons=True,
        )

    def selection_from_inside(self, choice: Selection) -> Selection:
        """The same with paths as they are in the folder, which is handed on as a whole."""
        return choice._replace(rubric=self.assessment.rubric, roster=self.assessment.roster)


def open_assessment(session: Session, path: str) -> AssessmentFolder:
    """The assessment in a folder, which is named itself or by its file.

    Raises `WrongUsage` where there is none, and `InputError` where its file is faulty.
    """
    folder = path
    if os.path.isfile(path) and os.path.basename(path) in ASSESSMENT_NAMES:
        folder = os.path.dirname(path) or "."
    file = find_assessment(folder)
    if not file:
        above = os.path.normpath(os.path.join(path, os.pardir))
        key = "usage.assessment_above" if find_assessment(above) else "usage.no_assessment"
        about = {"path": shortened(path), "name": ASSESSMENT_NAMES[0], "above": shortened(above)}
        raise WrongUsage(session.words(key, **about))
    found = assessment_of(read_file(file).source)
    if found.assessment is None or found.rubric_file is None or found.rubric_file.rubric is None:
        raise InputError(found.diagnostics)
    folder = "" if folder == os.curdir else folder
    return AssessmentFolder(folder, found.assessment, found.rubric_file.rubric)


def find_assessment(folder: str) -> str:
    """The file of the assessment in a folder; empty where there is none."""
    paths = (os.path.join(folder, name) for name in ASSESSMENT_NAMES)
    return next(filter(os.path.isfile, paths), "")
