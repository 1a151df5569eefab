"""``epa-score export``: rankings and their tables written to files."""

import os
import sys
from collections.abc import Mapping, Sequence
from functools import partial
from importlib.util import find_spec
from pathlib import Path, PurePath
from tempfile import SpooledTemporaryFile
from typing import Annotated, BinaryIO, cast

import typer

from epa_score.cli.assess import assess
from epa_score.cli.compose import compose
from epa_score.cli.earlier import EarlierChoice, read_earlier, refuse_idle, refuse_itself
from epa_score.cli.existing import refuse_but_result
from epa_score.cli.help import WrongUsage
from epa_score.cli.inputs import DEFAULT_FOLDER, Selection
from epa_score.cli.options import (
    CompareOption,
    CompositeOption,
    Force,
    OldPeriodOption,
    Overall,
    Paths,
    PeriodOption,
    Provisional,
    RosterOption,
    RubricOption,
    SkipInvalid,
    TiesOption,
)
from epa_score.cli.output import file_name_of
from epa_score.cli.results import (
    Circumstances,
    Content,
    content_of_composition,
    content_of_groups,
    verify_options,
    write_content,
    write_file_content,
)
from epa_score.cli.session import Session
from epa_score.cli.sheet_store import IN_MEMORY, open_sheet_store, report_disk_errors
from epa_score.cli.targets import OutputFiles
from epa_score.cli.tidy import rows_of_composition, rows_of_groups
from epa_score.diagnostics.terminal_text import shortened, visible
from epa_score.exporters import EXPORTERS
from epa_score.readers.files import READERS
from epa_score.reports.table import Table

Output = Annotated[
    str | None, typer.Option("-o", "--output", metavar="FILE", help="help.export_output")
]


def export(
    context: typer.Context,
    paths: Paths = None,
    xlsx: Annotated[bool, typer.Option("--xlsx", help="help.xlsx")] = False,
    csv: Annotated[bool, typer.Option("--csv", help="help.csv")] = False,
    json: Annotated[bool, typer.Option("--json", help="help.json")] = False,
    md: Annotated[bool, typer.Option("--md", help="help.md")] = False,
    html: Annotated[bool, typer.Option("--html", help="help.html")] = False,
    docx: Annotated[bool, typer.Option("--docx", help="help.docx")] = False,
    feedback: Annotated[bool, typer.Option("--feedback", help="help.feedback")] = False,
    long: Annotated[bool, typer.Option("--long", help="help.long")] = False,
    no_forms: Annotated[bool, typer.Option("--no-forms", help="help.no_forms")] = False,
    output: Output = None,
    force: Force = False,
    rubric: RubricOption = None,
    period: PeriodOption = None,
    ties: TiesOption = "competition",
    provisional: Provisional = False,
    skip_invalid: SkipInvalid = False,
    composite: CompositeOption = None,
    roster: RosterOption = None,
    overall: Overall = False,
    compare_with: CompareOption = None,
    old_period: OldPeriodOption = None,
) -> None:
    """Write the ranking with everything behind it to files."""
    session = context.obj
    formats = {".xlsx": xlsx, ".csv": csv, ".json": json, ".md": md, ".html": html, ".docx": docx}
    suffixes = [suffix for suffix, wanted in formats.items() if wanted]
    _check_word(session, docx=docx, feedback=feedback)
    if long and not csv:
        raise WrongUsage(session.words("usage.long_without_csv"))
    inputs = [
        path
        for path in (*(paths or []), rubric, composite, roster, compare_with)
        if path is not None
    ]
    targets = OutputFiles(force=force, inputs=inputs)
    names = {
        ".docx": "feedback_file" if feedback else "notice_file",
        ".csv": "long_file" if long else "file",
    }
    plan = plan_files(session, suffixes, output, paths or [], names)
    if output != STDOUT:
        targets.claim(dict.fromkeys(plan.values(), refuse_but_result))
    choice = Selection(
        paths=paths or [],
        rubric=rubric,
        period=period,
        provisional=provisional,
        skip_invalid=skip_invalid,
        ties=ties,
        roster=roster,
        overall=overall,
    )
    given = EarlierChoice(compare_with, old_period)
    csv_alone = suffixes == [".csv"]
    is_shown = feedback or not {*suffixes} <= {".csv", ".docx"}
    refuse_idle(session, choice, given, is_shown=is_shown)
    if compare_with is not None and composite is None:
        refuse_itself(session, compare_with, old_period, choice.paths or [DEFAULT_FOLDER], period)
    made = Circumstances(verify_options(choice, composite, forms=not no_forms, earlier=given))
    with open_sheet_store() as store:
        earlier = read_earlier(session, choice._replace(store=store), given)
        if composite is not None:
            composition = compose(session, composite, choice._replace(store=store))
            rows = partial(rows_of_composition, composition, made)
            everything = partial(content_of_composition, session, composition, store, made, earlier)
        else:
            forms = ".xlsx" in plan and not no_forms
            kept = None if csv_alone and not long else store
            choice = choice._replace(store=kept, forms=forms)
            groups = assess(session, choice)
            rows = partial(rows_of_groups, session, groups, choice, store, made)
            everything = partial(content_of_groups, session, groups, choice, made, earlier)
        content = rows() if long and csv_alone else everything()
        if long:
            content = content._replace(rankings=rows().rankings)
        deliver(session, plan, content._replace(has_feedback=feedback), targets)


def _check_word(session: Session, *, docx: bool, feedback: bool) -> None:
    """Raise `WrongUsage` where a document is asked for that cannot be written."""
    if feedback and not docx:
        raise WrongUsage(session.words("usage.feedback_without_docx"))
    if docx and find_spec("docx") is None:
        raise WrongUsage(session.words("usage.no_word"))


STDOUT = "-"
"""The path that stands for the standard output."""


def plan_files(
    session: Session,
    suffixes: Sequence[str],
    output: str | None,
    paths: Sequence[str],
    names: Mapping[str, str],
) -> dict[str, str]:
    """The file of each format: ``-o`` with the format's suffix, else its own name beside you.

    That is 排名汇总 where ``names`` has no other one.

    Raises `WrongUsage`.
    """
    words = session.words
    if not suffixes:
        raise WrongUsage(words("usage.no_format"))
    for path in paths:
        suffix = PurePath(path).suffix.lower()
        if suffix in EXPORTERS and not (suffix in READERS and os.path.exists(path)):
            raise WrongUsage(words("usage.output_as_argument", path=shortened(path)))
    if output == STDOUT:
        _refuse_for_stdout(session, suffixes)
        return {suffixes[0]: STDOUT}
    if output is None or os.path.isdir(output):
        return {
            suffix: str(Path(output or "", words(f"sheet.{names.get(suffix, 'file')}") + suffix))
            for suffix in suffixes
        }
    suffix = PurePath(output).suffix
    suffix = suffix if suffix.lower() in EXPORTERS else ""
    stem = output.removesuffix(suffix)
    if suffix and suffix.lower() not in suffixes:
        option = f"--{suffix[1:].lower()}"
        raise WrongUsage(words("usage.other_suffix", path=shortened(output), option=option))
    return {asked: stem + (suffix if asked == suffix.lower() else asked) for asked in suffixes}


def _refuse_for_stdout(session: Session, suffixes: Sequence[str]) -> None:
    """Raise `WrongUsage` for what the standard output does not take."""
    if len(suffixes) > 1:
        raise WrongUsage(session.words("usage.stdout_takes_one"))
    if suffixes[0] in (".xlsx", ".docx") and session.is_terminal(sys.stdout):
        raise WrongUsage(session.words("usage.stdout_takes_text"))


def deliver(session: Session, plan: dict[str, str], content: Content, targets: OutputFiles) -> None:
    """Write every planned file, and print its path; or one to stdout. Raises `OutputError`."""
    if STDOUT in plan.values():
        _deliver_to_stdout(session, next(iter(plan)), content)
        return
    files = {
        path: tables_of
        for suffix, planned in plan.items()
        for path, tables_of in _files(
            suffix, planned, content.rankings, content.tables_of(suffix)
        ).items()
    }
    targets.claim(dict.fromkeys(files, refuse_but_result))
    for path, own in files.items():
        suffix = PurePath(path).suffix.lower()
        targets.write(path, partial(write_file_content, suffix, own, content))
    session.write(map(visible, files))


def _deliver_to_stdout(session: Session, suffix: str, content: Content) -> None:
    """Write a result whole before any of it is shown: not in memory, as a province's is large."""
    tables = content.rankings if suffix == ".csv" else content.tables_of(suffix)
    with SpooledTemporaryFile(IN_MEMORY) as spooled:
        file = cast("BinaryIO", spooled)  # it is one, but for its type
        with report_disk_errors():
            write_content(suffix, tables, content, file)
            file.seek(0)
        while part := file.read(IN_MEMORY):
            session.write_bytes(part)


def _files(
    suffix: str, planned: str, rankings: Sequence[Table], tables: Sequence[Table]
) -> dict[str, Sequence[Table]]:
    """The files of a format and their tables: a CSV file holds one table, the others all."""
    if suffix != ".csv":
        return {planned: tables}
    if len(rankings) == 1:
        return {planned: rankings}
    ending = PurePath(planned).suffix
    stem = planned.removesuffix(ending)
    several = len({table.group for table in rankings}) > 1
    names = [file_name_of(table.kin if several else table.unit_group) for table in rankings]
    if len(set(names)) < len(names):  # long names of groups, of which file names have a part
        names = [f"{name}-{number}" for number, name in enumerate(names, 1)]
    return {f"{stem}-{name}{ending}": [table] for name, table in zip(names, rankings, strict=True)}
