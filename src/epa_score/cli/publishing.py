"""Results published in a folder: none is ever replaced, and what changed since is told.

A changed result stands beside the earlier one under its date and 校验码 (see decision:
published-results-stay).
"""

import json
import os
import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from importlib.util import find_spec
from io import BytesIO
from typing import Any, BinaryIO, NamedTuple

from epa_score import __version__
from epa_score.cli.existing import refuse_but_result
from epa_score.cli.results import Content, write_content
from epa_score.cli.session import Session
from epa_score.cli.targets import OutputFiles, make_folder
from epa_score.diagnostics import InputError
from epa_score.diagnostics.terminal_text import TerminalLine
from epa_score.exporters import json as json_exporter
from epa_score.i18n import Words
from epa_score.readers.exported import read_exported
from epa_score.reports.changes import changes_table
from epa_score.reports.table import Table
from epa_score.reports.terms import FORMAT_VERSION
from epa_score.scoring.moves import moves_between, pair_snapshots

_RESULT = "result"
_STAMP = r"(?: (?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2}) [0-9A-Z]{10}(?: [0-9]+)?)?"
_RECORD = re.compile(rf"{_RESULT}(?P<stamp>{_STAMP})\.json")

_CIRCUMSTANCES = ("about", "sheets")
"""The tables that tell of files, versions and times: a result is the same with others."""


class Published(NamedTuple):
    """The files of a result, the first of which is the one to look at."""

    paths: Sequence[str]
    is_new: bool
    """False where the same result was there already."""
    has_earlier: bool
    """True where others stand beside it."""


class _Earlier(NamedTuple):
    """A result that was published before: what its files have behind their names, and facts."""

    stamp: str
    path: str
    facts: str


def publish(session: Session, content: Content, digest: str, folder: str, today: date) -> Published:
    """Write a result into a folder, unless it is the last one there; raises `OutputError`.

    The ``digest`` is over all that its sheets say, some of which stands in no table.
    """
    make_folder(folder)
    record = BytesIO()
    json_tables = content.tables_of(".json")
    json_exporter.write(json_tables, record, content.words, FORMAT_VERSION, digest)
    facts = _facts_of(record.getvalue())
    earlier = sorted(_earlier_results(folder), key=_by_time)
    same = earlier[-1] if earlier and earlier[-1].facts == facts else None
    stamp = same.stamp if same is not None else _free_stamp(folder, content, record, today)
    files = {
        suffix: os.path.join(folder, name + stamp + suffix)
        for suffix, name in _names(content.words).items()
    }
    if find_spec("docx") is None:
        del files[".docx"]
        session.complain([TerminalLine(session.words("cli.run_no_word"), "warning")])
    targets = OutputFiles(force=False)
    missing = {suffix: path for suffix, path in files.items() if not os.path.lexists(path)}
    targets.claim(dict.fromkeys(missing.values(), refuse_but_result))
    for suffix, path in missing.items():
        write = partial(write_content, suffix, content.tables_of(suffix), content)
        targets.write(path, _copy(record) if suffix == ".json" else write)
    paths = [path for suffix, path in files.items() if suffix != ".json"]
    if same is None and earlier:
        changes = os.path.join(folder, content.words("folder.changes") + stamp + ".html")
        _write_changes(targets, changes, earlier[-1].path, files[".json"], content.words)
        paths.append(changes)
    return Published([*paths, files[".json"]], is_new=same is None, has_earlier=bool(earlier))


def has_results(folder: str) -> bool:
    """True where a result was published in a folder."""
    return any(True for _ in _earlier_results(folder))


def _names(words: Words) -> dict[str, str]:
    """The names of the files; the record is written first, as it claims the others' names."""
    return {
        ".json": _RESULT,
        ".html": words("sheet.report_file"),
        ".xlsx": words("sheet.file"),
        ".docx": words("sheet.notice_file"),
    }


def _copy(record: BytesIO) -> Any:
    def write(file: BinaryIO) -> None:
        file.write(record.getvalue())

    return write


def _earlier_results(folder: str) -> Iterator[_Earlier]:
    for name in os.listdir(folder) if os.path.isdir(folder) else ():
        found = _RECORD.fullmatch(name)
        path = os.path.join(folder, name)
        if found is None or not os.path.isfile(path):
            continue
        try:
            with open(path, "rb") as file:
                facts = _facts_of(file.read())
            read_exported(path)
        except (OSError, ValueError, TypeError, InputError):  # of another program, or half of it
            continue
        yield _Earlier(found["stamp"], path, facts)


def _by_time(earlier: _Earlier) -> tuple[str, float]:
    day = earlier.stamp[1:11]
    return day, os.stat(earlier.path).st_mtime


def _facts_of(data: bytes) -> str:
    """What a result in JSON says, without its circumstances. Raises `ValueError`."""
    tables = dict(json.loads(data))
    facts = {name: rows for name, rows in tables.items() if name not in _CIRCUMSTANCES}
    return json.dumps(facts, sort_keys=True)


def _free_stamp(folder: str, content: Content, record: BytesIO, today: date) -> str:
    """What the files of a new result have behind their names: nothing for the first one."""
    names = _names(content.words)

    def is_free(stamp: str) -> bool:
        paths = (os.path.join(folder, name + stamp + suffix) for suffix, name in names.items())
        return not any(map(os.path.lexists, paths))

    code = json.loads(record.getvalue())["ranking"][0]["ranking_code"]
    dated = f" {today.isoformat()} {code}"
    stamps = ["", dated, *(f"{dated} {number}" for number in range(2, 100))]
    return next(filter(is_free, stamps))


def _write_changes(targets: OutputFiles, path: str, old: str, new: str, words: Words) -> None:
    """Write what changed since the result in another file."""
    from epa_score.exporters import html  # noqa: PLC0415 -- most results are the first ones

    tables = list(_tables_of_changes(old, new, words))
    targets.claim({path: refuse_but_result})
    targets.write(
        path, lambda file: html.write(tables, file, words, (), f"epa-score {__version__}")
    )


def _tables_of_changes(old: str, new: str, words: Words) -> Iterator[Table]:
    pairs = pair_snapshots(read_exported(old), read_exported(new)).pairs
    for before, after in pairs:
        for group in dict.fromkeys(unit.group for unit in after.units):
            yield changes_table(moves_between(before, after, group), os.path.basename(old), words)
