"""``epa-score export``: rankings and their tables written to files."""

import os
import sys
from collections.abc import Iterator, Sequence
from functools import partial
from io import BytesIO
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Annotated, BinaryIO, NamedTuple

import typer

from epa_score import __version__
from epa_score.cli.assess import Group, assess, rank_group
from epa_score.cli.compose import Composition, compose
from epa_score.cli.existing import refuse_but_result
from epa_score.cli.help import WrongUsage
from epa_score.cli.inputs import Selection
from epa_score.cli.options import (
    CompositeOption,
    Force,
    Paths,
    PeriodOption,
    Provisional,
    RubricOption,
    SkipInvalid,
    TiesOption,
)
from epa_score.cli.session import Session
from epa_score.cli.sheet_store import SheetStore, open_sheet_store
from epa_score.cli.targets import Targets
from epa_score.diagnostics.terminal_text import shortened, visible
from epa_score.exporters import EXPORTERS, exporter
from epa_score.i18n import Words
from epa_score.readers.files import READERS
from epa_score.reports.columns.panel import panel_table
from epa_score.reports.composite import composite_notes, sources_table
from epa_score.reports.provenance import Origin, about_table
from epa_score.reports.ranking import ranking_table, summary_table
from epa_score.reports.rates import analysis_table, rates_table
from epa_score.reports.scores import deductions_table, scores_table
from epa_score.reports.table import Table
from epa_score.reports.workings import has_workings, workings_table

if TYPE_CHECKING:
    from epa_score.exporters.xlsx.form import Form

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
) -> None:
    """Write the ranking with everything behind it to files."""
    session = context.obj
    asked = {".xlsx": xlsx, ".csv": csv, ".json": json, ".md": md}
    suffixes = [suffix for suffix, wanted in asked.items() if wanted]
    inputs = [path for path in (*(paths or []), rubric, composite) if path is not None]
    targets = Targets(force=force, inputs=inputs)
    plan = plan_files(session, suffixes, output, paths or [])
    if output != STDOUT:
        targets.claim(dict.fromkeys(plan.values(), refuse_but_result))
    choice = Selection(
        paths=paths or [],
        rubric=rubric,
        period=period,
        provisional=provisional,
        skip_invalid=skip_invalid,
        ties=ties,
    )
    with open_sheet_store() as store:
        rankings_alone = suffixes == [".csv"]
        if composite is not None:
            composition = compose(session, composite, choice._replace(store=store))
            publish_composition(session, composition, plan, targets)
            return
        choice = choice._replace(store=None if rankings_alone else store, forms=not no_forms)
        publish(session, assess(session, choice), choice, plan, targets)


STDOUT = "-"
"""The path that stands for the standard output."""

_UTF8_BOM = b"\xef\xbb\xbf"


def plan_files(
    session: Session, suffixes: Sequence[str], output: str | None, paths: Sequence[str]
) -> dict[str, str]:
    """The file of each format: ``-o`` with the format's suffix, else 排名汇总 beside you.

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
    base = output or words("sheet.file")
    if os.path.isdir(base):
        base = str(Path(base, words("sheet.file")))
    suffix = PurePath(base).suffix
    suffix = suffix if suffix.lower() in EXPORTERS else ""
    stem = base.removesuffix(suffix)
    if suffix and suffix.lower() not in suffixes:
        option = f"--{suffix[1:].lower()}"
        raise WrongUsage(words("usage.other_suffix", path=shortened(base), option=option))
    return {asked: stem + (suffix if asked == suffix.lower() else asked) for asked in suffixes}


def _refuse_for_stdout(session: Session, suffixes: Sequence[str]) -> None:
    """Raise `WrongUsage` for what the standard output does not take."""
    if len(suffixes) > 1:
        raise WrongUsage(session.words("usage.stdout_takes_one"))
    if suffixes == [".xlsx"] and session.is_terminal(sys.stdout):
        raise WrongUsage(session.words("usage.stdout_takes_text"))


def publish(
    session: Session,
    groups: Sequence[Group],
    choice: Selection,
    plan: dict[str, str],
    targets: Targets,
) -> None:
    """Write every planned file, and print its path; without sheets the rankings alone."""
    words = {group.rubric.id: Words(group.rubric.lang) for group in groups}
    rankings: list[Table] = []
    tables: list[Table] = []
    origins: list[Origin] = []
    for group in groups:
        own = words[group.rubric.id]
        ranking = rank_group(group, choice)
        left_out, without = group.left_out, group.without_sheet
        rankings.append(
            ranking_table(group.rubric, ranking, own, left_out=left_out, without_sheet=without)
        )
        if choice.store is None:
            continue
        sheets = group.sheets(choice.store)
        tables += [
            summary_table(group.rubric, rankings[-1], own),
            rates_table(group.rubric, ranking, sheets, own),
            scores_table(group.rubric, ranking, sheets, own),
            analysis_table(group.rubric, ranking, sheets, own),
            deductions_table(group.rubric, ranking, sheets, own),
        ]
        if has_workings(group.rubric):
            tables.append(workings_table(group.rubric, ranking, sheets, own))
        if group.rubric.panel is not None:
            tables.append(panel_table(group.rubric, ranking, sheets, own))
        origins.append(
            Origin(
                rubric=group.rubric,
                ranking=ranking,
                rubric_path=visible(group.rubric_file.origin(own)),
                rubric_sha256=group.rubric_file.sha256,
                sheet_sha256=tuple(file.sha256 for file in group.files),
                left_out=left_out,
                without_sheet=without,
                other_periods=group.other_periods,
            )
        )
    document = words[groups[0].rubric.id]
    tables.append(about_table(origins, __version__, document))
    with_forms = choice.forms and ".xlsx" in plan
    filled = _forms(session, groups, choice.store) if with_forms and choice.store else []
    deliver(session, plan, Content(rankings, tables, document, filled), targets)


class Content(NamedTuple):
    """The content of an export: the rankings, all tables, their words, and filled forms."""

    rankings: Sequence[Table]
    tables: Sequence[Table]
    words: Words
    forms: "Sequence[Form]" = ()


def deliver(session: Session, plan: dict[str, str], content: Content, targets: Targets) -> None:
    """Write every planned file, and print its path; or one to stdout. Raises `OutputError`."""
    if STDOUT in plan.values():
        _deliver_to_stdout(session, next(iter(plan)), content)
        return
    files = {
        path: tables_of
        for suffix, planned in plan.items()
        for path, tables_of in _files(suffix, planned, content.rankings, content.tables).items()
    }
    targets.claim(dict.fromkeys(files, refuse_but_result))
    for path, own in files.items():
        suffix = PurePath(path).suffix.lower()
        targets.write(path, partial(_write_file, suffix, own, content))
    session.write(map(visible, files))


def _deliver_to_stdout(session: Session, suffix: str, content: Content) -> None:
    file = BytesIO()
    _write(suffix, content.rankings if suffix == ".csv" else content.tables, content, file)
    session.write_bytes(file.getvalue())


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


def _forms(session: Session, groups: Sequence[Group], store: SheetStore) -> "list[Form]":
    """The form of every sheet as it was handed in; where there are too many, that is said."""
    from epa_score.exporters.xlsx import MOST_SHOWN  # noqa: PLC0415 -- not every export is a workbook
    from epa_score.exporters.xlsx.form import Form  # noqa: PLC0415 -- not every export is a workbook

    for group in groups:
        if len(group.files) > MOST_SHOWN:
            number, name = len(group.files), group.rubric.id
            key = "cli.no_forms" if group.rubric.panel is None else "cli.no_panel_forms"
            session.say(session.words(key, most=MOST_SHOWN, number=number, name=name))
    return [
        Form(group.rubric, file.unit, store.sheet(file.number), asks=False)
        for group in groups
        if len(group.files) <= MOST_SHOWN
        for file in group.files
    ]


def _write_file(suffix: str, tables: Sequence[Table], content: Content, file: BinaryIO) -> None:
    """Write a format to a file; CSV says that it is UTF-8, which Excel would not take it for."""
    if suffix == ".csv":
        file.write(_UTF8_BOM)
    _write(suffix, tables, content, file)


def _write(suffix: str, tables: Sequence[Table], content: Content, file: BinaryIO) -> None:
    if suffix == ".xlsx":
        from epa_score.exporters import xlsx  # noqa: PLC0415 -- not every export is a workbook

        xlsx.write(tables, file, content.words, content.forms)
        return
    exporter(suffix)(tables, file, content.words)


def publish_composition(
    session: Session, composition: Composition, plan: dict[str, str], targets: Targets
) -> None:
    """Write every planned file of a composite result, and print its path."""
    words = Words(composition.groups[0].rubric.lang)
    composite, ranking = composition.composite, composition.ranking
    ranked, table = composition.ranked(words), composition.table(words)
    origin = Origin(
        rubric=ranked,
        ranking=ranking,
        rubric_path=visible(composition.file.path),
        rubric_sha256=composition.file.sha256,
        sheet_sha256=tuple(_sheet_digests(composition.groups)),
        left_out=composition.left_out,
        without_sheet=composition.without_sheet,
        notes=tuple(composite_notes(composite, words)),
    )
    tables = [
        summary_table(ranked, table, words),
        sources_table(composite, ranking, composition.totals, composition.caps, words),
        about_table([origin], __version__, words),
    ]
    deliver(session, plan, Content([table], tables, words), targets)


def _sheet_digests(groups: Sequence[Group]) -> Iterator[str]:
    """The SHA-256 of every sheet, each once."""
    yield from sorted({file.sha256 for group in groups for file in group.files})
