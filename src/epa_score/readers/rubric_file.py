"""A rubric file: read, shaped and checked by itself."""

from typing import NamedTuple

from epa_score.checks import check_rubric
from epa_score.diagnostics import Diagnostic, in_order
from epa_score.i18n import Words
from epa_score.model import Rubric
from epa_score.model.rule import ItemRule
from epa_score.readers.files import read_file, sha256_of
from epa_score.readers.source import Source
from epa_score.readers.to_model import shaped


class RubricFile(NamedTuple):
    """A rubric with the file that it came from; ``rubric`` is ``None`` where that is faulty."""

    path: str
    data: bytes
    rubric: Rubric | None
    diagnostics: tuple[Diagnostic, ...]
    shipped: bool = False

    @property
    def sha256(self) -> str:
        """The SHA-256 of the file, in hexadecimal."""
        return sha256_of(self.data)

    def origin(self, words: Words) -> str:
        """The path for people: a shipped file is named as such."""
        return words("cli.shipped", name=self.path) if self.shipped else self.path


def read_rubric(path: str, shown: str | None = None, *, shipped: bool = False) -> RubricFile:
    """Read a rubric file and report it under the name ``shown``."""
    data, source = read_file(path, shown)
    return rubric_of(data, source, shipped=shipped)


def rubric_of(data: bytes, source: Source, *, shipped: bool = False) -> RubricFile:
    """The rubric in a source that was read."""
    rubric, findings = shaped(source, Rubric, _known_rules)
    if rubric is not None:
        findings = findings + check_rubric(rubric)
    diagnostics = in_order(source.diagnose(findings))
    return RubricFile(source.path, data, None if findings else rubric, diagnostics, shipped)


def _known_rules() -> type[ItemRule]:
    """The rules there are, which most rubrics do not need."""
    from epa_score.scoring.rules.item_rules import Rules

    return Rules
