"""``epa-score schema``: JSON Schema of rubrics and score sheets, and what an editor needs of it."""

import os
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Annotated, Any, BinaryIO, NamedTuple
from urllib.parse import quote

import typer

from epa_score.cli.editor import SCHEMA_FOLDER, schema_file, sheet_schema_file
from epa_score.cli.existing import Refusal
from epa_score.cli.forms import FORMS_FOLDER
from epa_score.cli.help import WrongUsage
from epa_score.cli.inputs import DEFAULT_FOLDER, name_hidden_rubric
from epa_score.cli.output import refuse_no_folder
from epa_score.cli.session import Session
from epa_score.cli.targets import OutputFiles, make_folder
from epa_score.diagnostics import errors_of
from epa_score.diagnostics.terminal_text import TerminalLine, json_text, visible
from epa_score.i18n import LANGUAGES, Words
from epa_score.model import Rubric
from epa_score.model.json_schema import FILE_MODELS, MADE_BY, Schema, file_schema
from epa_score.model.sheet_schema import any_sheet_schema, sheet_schema
from epa_score.readers.rubrics import RubricLibrary
from epa_score.readers.to_model import ASSESSMENT_NAMES
from epa_score.values.rubric_names import RUBRIC_SUFFIXES


def schema(
    context: typer.Context,
    name: Annotated[
        str | None, typer.Argument(metavar="KIND|NAME|FILE", help="help.schema_name")
    ] = None,
    write: Annotated[
        str | None, typer.Option("--write", metavar="FOLDER", help="help.schema_write")
    ] = None,
) -> int:
    """Print a schema, or write all of them and the settings of an editor."""
    session = context.obj
    if (name is None) == (write is None):
        raise WrongUsage(session.words("usage.schema"))
    if write is not None:
        return write_schemas(session, write)
    session.write_bytes(_json(_schema_of(session, name or "")))
    return 0


def _schema_of(session: Session, name: str) -> Schema:
    """The schema of a kind of files, or of the sheets of a rubric."""
    if name in FILE_MODELS:
        return file_schema(name, session.words)
    library = RubricLibrary()
    _, rubric = library.select(name)
    name_hidden_rubric(session, library, rubric.id)
    return sheet_schema(rubric)


def write_schemas(session: Session, folder: str) -> int:
    """Write the schemas of a folder that people work in, and settings where it has none.

    Schemas that the tool wrote are renewed. Of a rubric that is not sound there is none: what is
    wrong with it is shown, and the exit code is 1. Raises `WrongUsage` and `OutputError`.
    """
    refuse_no_folder(session, "--write", folder)
    library = RubricLibrary(folder)
    found = [file for name in library.names() if (file := library.find(name)) is not None]
    faults = [diagnostic for file in found for diagnostic in file.diagnostics]
    session.show(faults)
    rubrics = [file.rubric for file in found if file.rubric is not None]
    files = {
        os.path.normpath(os.path.join(folder, SCHEMA_FOLDER, name)): _json(own)
        for name, own in _schemas(rubrics, session.words).items()
    }
    settings = {
        os.path.normpath(os.path.join(folder, ".vscode", name)): own
        for name, own in _settings(session.words, folder).items()
    }
    kept = [path for path in settings if os.path.lexists(path)]
    files |= {path: own.data for path, own in settings.items() if path not in kept}
    changed = {path: data for path, data in files.items() if _bytes_of(path) != data}
    targets = OutputFiles(force=True)
    targets.claim(dict.fromkeys(changed, _refuse_but_schema))
    for path, data in changed.items():
        make_folder(os.path.dirname(path))
        targets.write(path, partial(_write, data))
    session.write(map(visible, changed))
    for path in kept:
        _say_what_is_missing(session, path, settings[path])
    return 1 if errors_of(faults) else 0


def _schemas(rubrics: Iterable[Rubric], words: Words) -> dict[str, Schema]:
    """Every schema by the name of its file."""
    sheets = {rubric.id: sheet_schema(rubric) for rubric in rubrics}
    files = {name: sheet_schema_file(name) for name in sheets}
    snippets = [snippet for own in sheets.values() for snippet in own["defaultSnippets"]]
    return {
        **{schema_file(kind): file_schema(kind, words) for kind in FILE_MODELS},
        schema_file("sheet"): any_sheet_schema(files, words, snippets),
        **{files[name]: own for name, own in sheets.items()},
    }


def _bytes_of(path: str) -> bytes | None:
    try:
        return Path(path).read_bytes()
    except (OSError, ValueError):
        return None


def _write(data: bytes, file: BinaryIO) -> None:
    file.write(data)


def _refuse_but_schema(path: str) -> Refusal:
    """Refuse a file unless it is a schema that the tool wrote, or empty."""
    data = _bytes_of(path)
    is_own = data is not None and (not data or f'"$comment": "{MADE_BY}"'.encode() in data)
    return "" if is_own else "foreign"


class SettingsFile(NamedTuple):
    """Settings of an editor, and the text by which one sees that a file has them."""

    data: bytes
    marker: bytes


def _settings(words: Words, folder: str) -> dict[str, SettingsFile]:
    """The settings of VS Code for a folder by the name of their file."""
    of_sheets = [Words(lang)(f"folder.{name}") for lang in LANGUAGES for name in _OF_SHEETS]
    files = {
        "rubric": _below("rubrics"),
        "sheet": _below(DEFAULT_FOLDER, FORMS_FOLDER, *of_sheets),
        "assessment": _spelled(ASSESSMENT_NAMES),
    }
    schemas = {f"./{SCHEMA_FOLDER}/{schema_file(kind)}": own for kind, own in files.items()}
    command = {
        "type": "process",
        "command": "epa-score",
        # A finding is one line, however wide the terminal is.
        "options": {"env": {"COLUMNS": "10000"}},
        "problemMatcher": _problem_matchers(),
    }
    arguments = {"task_all": _handed_in(folder), "task_file": ["${file}"]}
    tasks = [
        {
            "label": words(f"schema.{key}"),
            **command,
            "args": ["--color", "never", "validate", "--format", "concise", *more],
        }
        for key, more in arguments.items()
    ]
    tasks[0]["group"] = {"kind": "build", "isDefault": True}
    return {
        "settings.json": SettingsFile(
            _json({"yaml.schemas": schemas}), schema_file("sheet").encode()
        ),
        "tasks.json": SettingsFile(_json({"version": "2.0.0", "tasks": tasks}), b'"epa-score"'),
    }


_OF_SHEETS = ("collected", "forms")
"""The folders of an assessment that hold sheets."""


def _handed_in(folder: str) -> list[str]:
    """The folder in a folder that holds what was handed in, if there is one."""
    collected = (Words(lang)("folder.collected") for lang in LANGUAGES)
    found = (own for own in (DEFAULT_FOLDER, *collected) if os.path.isdir(f"{folder}/{own}"))
    return [*found][:1]


def _below(*folders: str) -> list[str]:
    """The files of folders that may be rubrics or sheets, as patterns."""
    return _spelled(f"{folder}/**/*{suffix}" for folder in folders for suffix in RUBRIC_SUFFIXES)


def _spelled(patterns: Iterable[str]) -> list[str]:
    """Patterns as they are, and as yaml-language-server 1.25 compares them: with addresses."""
    both = (own for pattern in patterns for own in (pattern, quote(pattern, safe="/*")))
    return list(dict.fromkeys(both))


def _json(data: object) -> bytes:
    return json_text(data).encode()


def _problem_matchers() -> list[dict[str, Any]]:
    """The findings of ``validate --format concise`` in both languages, as VS Code reads them.

    What stands in a cell of a workbook, or is about a whole file, is shown at the file.
    """
    matchers: list[dict[str, Any]] = []
    for severity in ("error", "warning"):
        name = "|".join(Words(language)(f"severity.{severity}") for language in LANGUAGES)
        finding = rf"(?:{name})\[(EPA[0-9]{{3}})\]"
        line = rf"^(.+?):([0-9]+):([0-9]+): {finding} (.*)$"
        # A folder, or a file whose name has no suffix, has the finding right behind it.
        plain = rf"(?![-<])(?:[A-Za-z]:)?[^:]+(?=: (?:{name})\[)"
        file = rf"^(.+?\.\w+(?=:? )|{plain}):? (.*?{finding} .*)$"
        places = {"regexp": line, "file": 1, "line": 2, "column": 3, "code": 4, "message": 5}
        whole = {"regexp": file, "kind": "file", "file": 1, "message": 2, "code": 3}
        matchers += [
            {
                "owner": "epa-score",
                "source": "epa-score",
                "severity": severity,
                "fileLocation": ["autoDetect", "${workspaceFolder}"],
                "pattern": pattern,
            }
            for pattern in (places, whole)
        ]
    return matchers


def _say_what_is_missing(session: Session, path: str, own: SettingsFile) -> None:
    """Say that settings of somebody's were kept, and what they lack, unless they have it."""
    if own.marker not in (_bytes_of(path) or b"") and not session.quiet:
        about = TerminalLine(session.words("cli.kept_settings", path=visible(path)), "source")
        session.complain([about, *own.data.decode().splitlines()])
