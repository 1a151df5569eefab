"""A file of any kind, told apart by what it holds."""

from typing import TYPE_CHECKING, TypeAlias

from epa_score.readers.files import read_file
from epa_score.readers.rubric_file import RubricFile, rubric_of
from epa_score.readers.rubrics import Shelf
from epa_score.readers.sheets import SheetFile, sheet_of
from epa_score.readers.to_model import kind_of

if TYPE_CHECKING:
    from epa_score.readers.documents import CompositeFile

AnyFile: TypeAlias = "RubricFile | CompositeFile | SheetFile"


def read_any(path: str, shelf: Shelf, *, incomplete: bool = False) -> AnyFile:
    """Read a rubric, a composite result or a score sheet; what is none is a faulty sheet."""
    data, source = read_file(path)
    kind = kind_of(source)
    if kind == "rubric":
        return rubric_of(data, source)
    if kind == "composite":
        from epa_score.readers.documents import composite_of

        return composite_of(data, source)
    return sheet_of(data, source, shelf, incomplete=incomplete)
