"""A roster: the units that must be assessed, one name a line of a text file."""

from epa_score.diagnostics import Diagnostic, InputError, Kind, Location
from epa_score.model import same_name_key
from epa_score.readers.files import read_text


def read_roster(path: str) -> list[str]:
    """The names in a roster, in its order, each unit once.

    Empty lines and lines with ``#`` in front say nothing. Raises `InputError` for a file that
    cannot be read, is no text, or names nobody.
    """
    source = read_text(path)
    if any(finding.kind is not Kind.FILE_EMPTY for finding in source.findings):
        raise InputError(source.diagnose(source.findings))
    lines = (line.strip() for line in source.text.splitlines())
    units: dict[str, str] = {}
    for line in lines:
        if line and not line.startswith("#"):
            units.setdefault(same_name_key(line), line)
    if not units:
        raise InputError([Diagnostic(Kind.FILE_EMPTY, Location(source.path), variant="roster")])
    return list(units.values())
