"""Neutral tables written as bytes: one module a format, found by suffix.

A new format is a module with ``write(tables, file, words)`` and a line in `EXPORTERS`.
"""

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import BinaryIO

from epa_score.i18n import Words
from epa_score.reports.table import Table

Exporter = Callable[[Sequence[Table], BinaryIO, Words], None]

EXPORTERS = {
    ".xlsx": "xlsx",
    ".csv": "csv",
    ".json": "json",
    ".md": "markdown",
    ".html": "html",
    ".docx": "docx",
}
"""Suffix to module, which is imported when the format is asked for."""


def exporter(suffix: str) -> Exporter:
    """The exporter of a format."""
    module = import_module(f"{__name__}.{EXPORTERS[suffix]}")
    write: Exporter = module.write
    return write
