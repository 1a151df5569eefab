"""Files of any kind, told apart by what they hold; composite files read and checked."""

import os
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from epa_score.diagnostics import (
    Diagnostic,
    Finding,
    Kind,
    Location,
    Parameter,
    Place,
    in_order,
    origin_of,
)
from epa_score.diagnostics.terminal_text import shortened
from epa_score.readers.files import read_file, sha256_of
from epa_score.readers.rubrics import RubricFile, RubricLibrary, rubric_of
from epa_score.readers.sheets import SheetFile, sheet_of
from epa_score.readers.source import Source
from epa_score.readers.to_model import kind_of, to_model

if TYPE_CHECKING:
    from epa_score.model.composite import Composite
    from epa_score.readers.assessments import AssessmentFile

_MOST_SAID = 200
"""Characters of the words of an unexpected error that are shown."""

AnyFile: TypeAlias = "RubricFile | CompositeFile | AssessmentFile | SheetFile"


def read_documents(
    path: str, library: RubricLibrary, *, incomplete: bool = False, asks_reasons: bool = False
) -> list[AnyFile]:
    """Read a rubric, a composite result, an assessment or score sheets; all else is a faulty sheet.

    So is a file on which the tool itself fails: the others are to be looked at all the same.
    """
    asked = {"incomplete": incomplete, "asks_reasons": asks_reasons}
    try:
        data, sources = read_file(path)
        return [_document_of(data, source, library, asked) for source in sources]
    except Exception as error:  # noqa: BLE001 -- a defect in one file stops no other
        return [SheetFile(path, b"", None, None, (describe_defect(path, error),))]


def _document_of(
    data: bytes, source: Source, library: RubricLibrary, asked: Mapping[str, bool]
) -> AnyFile:
    kind = kind_of(source)
    if kind == "rubric":
        return library.require_file_name(rubric_of(data, source))
    if kind == "composite":
        return composite_of(data, source)
    if kind == "assessment":
        from epa_score.readers.assessments import assessment_of  # noqa: PLC0415 -- few runs read one

        return assessment_of(source)
    return sheet_of(data, source, library, **asked)


def describe_defect(path: str, error: Exception) -> Diagnostic:
    """The diagnostic of a defect of the tool, at the file that it failed on.

    Raises the error itself where ``EPA_SCORE_DEBUG`` asks for its traceback.
    """
    if os.environ.get("EPA_SCORE_DEBUG"):
        raise error
    said = shortened(f"{type(error).__name__}: {error}", _MOST_SAID)
    parameters: dict[str, Parameter] = {"error": said, "where": origin_of(error)}
    return Diagnostic(Kind.DEFECT, Location(path), parameters)


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
    """Read the file of a composite result; one on which the tool itself fails is faulty."""
    try:
        content = read_file(path)
        return composite_of(content.data, content.source)
    except Exception as error:  # noqa: BLE001 -- a defect in one file stops no other
        return CompositeFile(Source(path), b"", None, (describe_defect(path, error),))


def composite_of(data: bytes, source: Source) -> CompositeFile:
    """The composite result in a source that was read."""
    from epa_score.checks.composite import (  # noqa: PLC0415 -- few runs read one
        check_composite,
        check_with_rubrics,
        with_fields_of_rubrics,
    )
    from epa_score.model.composite import Composite  # noqa: PLC0415 -- few runs read one

    composite, shape = to_model(source, Composite)
    findings = list(with_fields_of_rubrics(shape))
    found = CompositeFile(source, data, composite, ())
    about_rubrics: list[Diagnostic] = []
    if composite is not None:
        library = RubricLibrary(found.folder)
        rubric_files = [library.find(source.rubric) for source in composite.sources]
        rubrics = [file and file.rubric for file in rubric_files]
        findings += check_composite(composite)
        findings += _find_missing_rubrics(composite, library)
        findings += check_with_rubrics(composite, rubrics)
        about_rubrics = [about for file in rubric_files if file for about in file.diagnostics]
    diagnostics = in_order((*source.diagnose(findings), *about_rubrics))
    return found._replace(composite=None if diagnostics else composite, diagnostics=diagnostics)


def _find_missing_rubrics(composite: "Composite", library: RubricLibrary) -> Iterator[Finding]:
    for index, source in enumerate(composite.sources):
        if library.find(source.rubric) is None:
            yield library.not_found(source.rubric, Place(("sources", index, "rubric")))
