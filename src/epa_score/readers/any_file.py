"""A file of either kind, told apart by what it holds."""

from epa_score.readers.formats import read_file
from epa_score.readers.rubric_file import RubricFile, rubric_of
from epa_score.readers.shaping import kind_of
from epa_score.readers.sheet_file import SheetFile, sheet_of
from epa_score.readers.shelf import Shelf


def read_any(path: str, shelf: Shelf, *, incomplete: bool = False) -> RubricFile | SheetFile:
    """Read a rubric or a score sheet; what is neither is reported as a faulty sheet."""
    data, source = read_file(path)
    if kind_of(source) == "rubric":
        return rubric_of(data, source)
    return sheet_of(data, source, shelf, incomplete=incomplete)
