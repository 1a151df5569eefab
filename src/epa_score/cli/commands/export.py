"""``epa-score export``: rankings and their tables written to files."""

import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path, PurePath
from typing import Annotated

import typer

from epa_score.cli.assess import assess
from epa_score.cli.compose import compose
from epa_score.cli.help import WrongUsage
from epa_score.cli.inputs import Selection
from epa_score.cli.options import (
    CompositeOption,
    Force,
    Paths,
    PeriodOption,
    Provisional,
    RosterOption,
    RubricOption,
    SkipInvalid,
    TiesOption,
)
from epa_score.cli.output import refuse_existing, write_file
from epa_score.cli.results import (
    Circumstances,
    Content,
    content_of_composition,
    content_of_groups,
    verify_options,
    write_content,
)
from epa_score.cli.session import Session
from epa_score.cli.sheet_store import open_sheet_store
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
) -> None:
    """Write the ranking with everything behind it to files."""
    session = context.obj
    asked = {".xlsx": xlsx, ".csv": csv, ".json": json, ".md": md}
    suffixes = [suffix for suffix, wanted in asked.items() if wanted]
    plan = plan_files(session, suffixes, output, paths or [], force=force)
    choice = Selection(
        paths=paths or [],
        rubric=rubric,
        period=period,
        provisional=provisional,
        skip_invalid=skip_invalid,
        ties=ties,
        roster=roster,
    )
    made = Circumstances(verify_options(choice, composite, forms=not no_forms))
    with open_sheet_store() as store:
        rankings_alone = suffixes == [".csv"]
        if composite is not None:
            composition = compose(session, composite, choice._replace(store=store))
            content = content_of_composition(composition, made)
        else:
            forms = ".xlsx" in plan and not no_forms
            choice = choice._replace(store=None if rankings_alone else store, forms=forms)
            groups = assess(session, choice)
            content = content_of_groups(session, groups, choice, made)
        deliver(session, plan, content, force=force)


def plan_files(
    session: Session,
    suffixes: Sequence[str],
    output: str | None,
    paths: Sequence[str],
    *,
    force: bool,
) -> dict[str, str]:
    """The file of each format: ``-o`` with the format's suffix, else 排名汇总 beside you.

    Raises `WrongUsage` for wrong usage and `OutputError` for a file that exists.
    """
    words = session.words
    if not suffixes:
        raise WrongUsage(words("usage.no_format"))
    for path in paths:
        suffix = PurePath(path).suffix.lower()
        if suffix in EXPORTERS and not (suffix in READERS and os.path.exists(path)):
            raise WrongUsage(words("usage.output_as_argument", path=shortened(path)))
    base = output or words("sheet.file")
    if os.path.isdir(base):
        base = str(Path(base, words("sheet.file")))
    suffix = PurePath(base).suffix
    suffix = suffix if suffix.lower() in EXPORTERS else ""
    stem = base.removesuffix(suffix)
    if suffix and suffix.lower() not in suffixes:
        option = f"--{suffix[1:].lower()}"
        raise WrongUsage(words("usage.other_suffix", path=shortened(base), option=option))
    plan = {asked: stem + (suffix if asked == suffix.lower() else asked) for asked in suffixes}
    for path in plan.values():
        refuse_existing(path, force=force)
    return plan


def deliver(session: Session, plan: dict[str, str], content: Content, *, force: bool) -> None:
    """Write every planned file, and print its path. Raises `OutputError`."""
    files = {
        path: tables_of
        for suffix, planned in plan.items()
        for path, tables_of in _files(suffix, planned, content.rankings, content.tables).items()
    }
    for path in files:
        refuse_existing(path, force=force)
    for path, own in files.items():
        write_file(
            path, partial(write_content, PurePath(path).suffix.lower(), own, content), force=force
        )
    session.write(map(visible, files))


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
    return {f"{stem}-{table.group}{ending}": [table] for table in rankings}
