"""Files of any kind, told apart by what they hold; composite files read and checked."""

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from epa_score.diagnostics import Diagnostic, Finding, Place, in_order
from epa_score.readers.files import read_file, sha256_of
from epa_score.readers.rubrics import RubricFile, RubricLibrary, rubric_of
from epa_score.readers.sheets import SheetFile, sheet_of
from epa_score.readers.source import Source
from epa_score.readers.to_model import kind_of, to_model

if TYPE_CHECKING:
    from epa_score.model.composite import Composite

AnyFile: TypeAlias = "RubricFile | CompositeFile | SheetFile"


def read_any(path: str, library: RubricLibrary, *, incomplete: bool = False) -> AnyFile:
    """Read a rubric, a composite result or a score sheet; what is none is a faulty sheet.

    Whatever fails unexpectedly carries the path of the file as its first note.
    """
    try:
        data, source = read_file(path)
        kind = kind_of(source)
        if kind == "rubric":
            return rubric_of(data, source)
        if kind == "composite":
            return composite_of(data, source)
        return sheet_of(data, source, library, incomplete=incomplete)
    except Exception as error:
        error.add_note(path)
        raise


class CompositeFile(NamedTuple):
    """A composite result with its file; ``composite`` is ``None`` where that is faulty."""

    source: Source
    data: bytes
    composite: "Composite | None"
    diagnostics: tuple[Diagnostic, ...]

    @property
    def path(self) -> str:
        """The path of the file."""
        return self.source.path

    @property
    def folder(self) -> str:
        """The folder that its paths begin in, with the rubrics of its own."""
        return os.path.dirname(self.path) or "."

    @property
    def sha256(self) -> str:
        """The SHA-256 of the file, in hexadecimal."""
        return sha256_of(self.data)


def read_composite(path: str) -> CompositeFile:
    """Read the file of a composite result."""
    return composite_of(*read_file(path))


def composite_of(data: bytes, source: Source) -> CompositeFile:
    """The composite result in a source that was read."""
    from epa_score.checks.composite import adjustments_are_there_to_stand_apart, check_composite  # noqa: PLC0415 -- few runs read one
    from epa_score.model.composite import Composite  # noqa: PLC0415 -- few runs read one

    composite, findings = to_model(source, Composite)
    found = CompositeFile(source, data, composite, ())
    about_rubrics: list[Diagnostic] = []
    if composite is not None:
        library = RubricLibrary(found.folder)
        rubric_files = [library.find(source.rubric) for source in composite.sources]
        rubrics = [file and file.rubric for file in rubric_files]
        findings += check_composite(composite)
        findings += _find_missing_rubrics(composite, library)
        findings += adjustments_are_there_to_stand_apart(composite, rubrics)
        about_rubrics = [about for file in rubric_files if file for about in file.diagnostics]
    diagnostics = in_order((*source.diagnose(findings), *about_rubrics))
    return found._replace(composite=None if diagnostics else composite, diagnostics=diagnostics)


def _find_missing_rubrics(composite: "Composite", library: RubricLibrary) -> Iterator[Finding]:
    for index, source in enumerate(composite.sources):
        if library.find(source.rubric) is None:
            yield library.not_found(source.rubric, Place(("sources", index, "rubric")))
