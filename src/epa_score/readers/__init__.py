"""Files read into models, or into diagnostics that say why not."""

from os import PathLike, fspath

from epa_score.diagnostics import Diagnostic, InputError, Kind, Location, Parameter
from epa_score.model import Rubric, ScoreSheet
from epa_score.readers.rubrics import RubricFile, RubricLibrary
from epa_score.readers.sheets import read_sheet


def load_rubric(name_or_path: str | PathLike[str]) -> Rubric:
    """The rubric of a file, or of a name: ``rubrics/NAME.yaml`` here, else a shipped one.

    Raises `InputError` where it is missing or faulty.
    """
    _, rubric = RubricLibrary().select(fspath(name_or_path))
    return rubric


def load_sheet(path: str | PathLike[str], rubric: Rubric | None = None) -> ScoreSheet:
    """The score sheet of a file, checked in full against ``rubric`` or the one that it names.

    Raises `InputError` with everything that is wrong, unscored items included.
    """
    library = RubricLibrary()
    if rubric is not None:
        library.given = RubricFile(rubric.id, b"", rubric, ())
    found = read_sheet(fspath(path), library)
    if found.sheet is None:
        raise InputError(found.diagnostics)
    if rubric is not None and found.sheet.rubric != rubric.id:
        parameters: dict[str, Parameter] = {
            "rubric": found.sheet.rubric,
            "unit": found.sheet.unit,
            "other": rubric.id,
        }
        location = Location(found.path)
        raise InputError([Diagnostic(Kind.WRONG_RUBRIC, location, parameters, "given")])
    return found.sheet


__all__ = ["load_rubric", "load_sheet"]
