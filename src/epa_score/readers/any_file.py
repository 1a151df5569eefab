"""A file of any kind, told apart by what it holds."""

from typing import TYPE_CHECKING, TypeAlias

from epa_score.readers.formats import read_file
from epa_score.readers.rubric_file import RubricFile, rubric_of
from epa_score.readers.shaping import kind_of
from epa_score.readers.sheet_file import SheetFile, sheet_of
from epa_score.readers.shelf import Shelf

if TYPE_CHECKING:
    from epa_score.readers.composite_file import CompositeFile

AnyFile: TypeAlias = "RubricFile | CompositeFile | SheetFile"


def read_any(path: str, shelf: Shelf, *, incomplete: bool = False) -> AnyFile:
    """Read a rubric, a composite result or a score sheet; what is none is a faulty sheet."""
    data, source = read_file(path)
    kind = kind_of(source)
    if kind == "rubric":
        return rubric_of(data, source)
    if kind == "composite":
        from epa_score.readers.composite_file import composite_of

        return composite_of(data, source)
    return sheet_of(data, source, shelf, incomplete=incomplete)
