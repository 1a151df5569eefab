"""What a diagnostic code means, for ``epa-score explain``."""

from collections.abc import Iterator

from epa_score.cli.usage import WrongUsage
from epa_score.diagnostics import Kind
from epa_score.diagnostics.line import Line
from epa_score.diagnostics.nearest import nearest
from epa_score.diagnostics.visible import shortened
from epa_score.i18n import Words


def kind_of_code(code: str, words: Words) -> Kind:
    """The kind with a code such as ``EPA104`` or ``104``, in any case.

    Raises `WrongUsage` for an unknown one, naming the nearest.
    """
    wanted = code.strip().upper().removeprefix("EPA")
    for kind in Kind:
        if kind.code == f"EPA{wanted}" or kind.label == code.strip().lower():
            return kind
    alike = nearest(f"EPA{wanted}", (kind.code for kind in Kind))
    key = "usage.unknown_code_nearest" if alike else "usage.unknown_code"
    raise WrongUsage(words(key, code=shortened(code), nearest=alike))


def code_lines(kind: Kind, words: Words) -> Iterator[Line]:
    """Name, severity and explanation of a kind."""
    severity = words(f"severity.{kind.severity}")
    yield Line(f"{kind.code} ({kind.label}, {severity})", kind.severity)
    yield Line("", "source")
    for line in (words.get(f"{kind.code}.explain") or "").strip().splitlines():
        yield Line(line, "source")


def list_lines(words: Words) -> Iterator[Line]:
    """Every code with the first line of its explanation."""
    for kind in Kind:
        summary = (words.get(f"{kind.code}.explain") or "").strip().partition("\n")[0]
        yield Line(f"{kind.code}  {words(f'severity.{kind.severity}')}  {summary}", "source")
