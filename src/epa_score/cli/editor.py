"""What editors find in a folder: schemas, and the lines of files that name one.

A file names its schema where that lies there, in `SCHEMA_FOLDER` of the current folder: what names
a schema that is not there is marked as faulty as a whole (decision: files-name-schemas-that-exist).
"""

import os
from pathlib import Path

SCHEMA_FOLDER = "schemas"
"""The folder of schemas, in the folder that people work in."""


def schema_file(kind: str) -> str:
    """The name of the file with the schema of a kind of files, such as ``rubric`` or ``sheet``."""
    return f"{kind}.schema.json"


def sheet_schema_file(rubric: str) -> str:
    """The name of the file with the schema of the sheets of a rubric."""
    return schema_file(f"sheet-{rubric}")


def schema_lines(target: str, schema: str) -> str:
    """The lines by which editors know the ``schema`` of the file that is written to ``target``.

    Empty where there is no such schema, and for a file outside the current folder.
    """
    here = Path(os.path.abspath("."))
    above = Path(os.path.abspath(target)).parent
    if not above.is_relative_to(here) or not os.path.isfile(os.path.join(SCHEMA_FOLDER, schema)):
        return ""
    path = "/".join([*[".."] * len(above.relative_to(here).parts), SCHEMA_FOLDER, schema])
    return f"# yaml-language-server: $schema={path}\n# $schema: {path}\n"
