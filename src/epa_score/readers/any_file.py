"""A file of any kind, told apart by what it holds."""

from epa_score.readers.composite_file import CompositeFile, composite_of
from epa_score.readers.formats import read_file
from epa_score.readers.rubric_file import RubricFile, rubric_of
from epa_score.readers.shaping import kind_of
from epa_score.readers.sheet_file import SheetFile, sheet_of
from epa_score.readers.shelf import Shelf

AnyFile = RubricFile | CompositeFile | SheetFile


def read_any(path: str, shelf: Shelf, *, incomplete: bool = False) -> AnyFile:
    """Read a rubric, a composite result or a score sheet; what is none is a faulty sheet."""
    data, source = read_file(path)
    kind = kind_of(source)
    if kind == "rubric":
        return rubric_of(data, source)
    if kind == "composite":
        return composite_of(data, source)
    return sheet_of(data, source, shelf, incomplete=incomplete)
