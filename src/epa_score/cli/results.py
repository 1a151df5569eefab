"""The content of a result: its tables and filled forms, as it is exported and as it is verified."""

import os
import shlex
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from epa_score import __version__
from epa_score.cli.assess import Group, in_unit_groups, rank_group
from epa_score.cli.batch import ReadFile
from epa_score.cli.compose import Composition
from epa_score.cli.earlier import NOTHING_EARLIER, EarlierChoice, EarlierSide
from epa_score.cli.inputs import Selection
from epa_score.cli.session import Session
from epa_score.cli.sheet_store import SheetStore
from epa_score.diagnostics.terminal_text import visible
from epa_score.exporters import exporter
from epa_score.i18n import Words
from epa_score.model import Rubric, same_name_key
from epa_score.model.composite import RankedComposite
from epa_score.model.ranked import Ranked
from epa_score.reports.chapter import (
    Chapter,
    MadeTables,
    chapter_of_composite,
    chapter_of_rubric,
)
from epa_score.reports.columns import with_origin
from epa_score.reports.composite import composite_notes, composite_table, sources_table
from epa_score.reports.coverage import Coverage
from epa_score.reports.document import Document
from epa_score.reports.earlier import earlier_by_unit
from epa_score.reports.feedback import feedback_document
from epa_score.reports.notice import Assessed, notice_document
from epa_score.reports.provenance import Origin, SheetRecord, about_table, sheet_list_table
from epa_score.reports.ranking import ranking_table, summary_table
from epa_score.reports.result_tables import tables_of_ranking, tables_of_terms
from epa_score.reports.stability import belongs_in_result, stability_table
from epa_score.reports.table import Table
from epa_score.reports.terms import FORMAT_VERSION
from epa_score.reports.titles import as_provisional, of_unit_group
from epa_score.scoring import Ranking

if TYPE_CHECKING:
    from epa_score.exporters.xlsx.form import Form


class Content(NamedTuple):
    """The content of a result: the rankings, all tables, their words, and filled forms."""

    rankings: Sequence[Table]
    """The tables that CSV has: the rankings, or the tidy table in their place."""
    tables: Sequence[Table]
    words: Words
    forms: "Sequence[Form]" = ()
    records: Callable[[], Iterable[SheetRecord]] = tuple
    """The sheets that it was made of."""
    chapters: Sequence[Chapter] = ()
    """The rankings as a report shows them, each with a part a unit."""
    origin: Sequence[Table] = ()
    """Those of the tables that say what it was made of."""
    terms: Sequence[Table] = ()
    """What later results are compared by, for programs alone."""
    assessed: Sequence[Assessed] = ()
    """The rankings as a notice tells of them."""
    has_feedback: bool = False
    """True where a document is the feedback to each unit in place of the notice."""

    def tables_of(self, suffix: str) -> Sequence[Table]:
        """The tables that a format has of everything."""
        return (*self.tables, *self.terms) if suffix == ".json" else self.tables


class Circumstances(NamedTuple):
    """How a result was made, which is no part of what it says.

    ``options`` are those of the command that verifies it. Where there is a ``mask``, it stands in
    the place of them, of the version and of every path: a result may be verified by another
    version, and from other folders, than it was made by.
    """

    options: str = ""
    mask: str = ""
    language: str = ""
    """The language of the result, where it is not that of the rubric."""

    def words(self, rubric: Rubric) -> Words:
        """The words of a result."""
        return Words(self.language or rubric.lang)

    def say(self, text: str) -> str:
        """A text that tells of circumstances, or the mask."""
        return self.mask or text

    def coverage(self, coverage: Coverage) -> Coverage:
        """What was left out, with its paths or the mask."""
        left_out = [
            entry._replace(path=entry.path and self.say(entry.path)) for entry in coverage.left_out
        ]
        return coverage._replace(left_out=left_out)

    def about(
        self, origins: Sequence[Origin], words: Words, command: str = "verify_command"
    ) -> Table:
        """The table that says what a result was made of, and by which command that is checked.

        A composite result names the folders of its sheets itself.
        """
        is_composite = any(isinstance(origin.rubric, RankedComposite) for origin in origins)
        folder = "" if is_composite else words("report.folder_of_sheets")
        line = self.say(words(f"report.{command}", folder=folder, options=self.options))
        return about_table(origins, self.say(__version__), words, line)


def verify_options(
    choice: Selection,
    composite: str | None,
    *,
    forms: bool,
    earlier: EarlierChoice = NOTHING_EARLIER,
) -> str:
    """The options that a result was made with, as they stand on a command line."""
    given = {
        "--rubric": choice.rubric,
        "--roster": choice.roster,
        "--period": choice.period,
        "--ties": None if choice.ties == "competition" else choice.ties,
        "--composite": composite,
        "--compare": earlier.path,
        "--old-period": earlier.period,
    }
    switches = {
        "--provisional": choice.provisional,
        "--skip-invalid": choice.skip_invalid,
        "--no-forms": not forms,
        "--overall": choice.overall,
    }
    options = [f"{name} {shlex.quote(value)}" for name, value in given.items() if value is not None]
    options += [name for name, is_on in switches.items() if is_on]
    return "".join(f" {option}" for option in options)


def content_of_groups(
    session: Session,
    groups: Sequence[Group],
    choice: Selection,
    circumstances: Circumstances,
    earlier: EarlierSide | None = None,
) -> Content:
    """The content of the rankings of some groups; without kept sheets the rankings alone.

    They are compared with an ``earlier`` result, if there is one.
    """
    words = {group.rubric.id: circumstances.words(group.rubric) for group in groups}
    groups = in_unit_groups(session, groups, choice)
    everything = [(group, rank_group(group, choice)) for group in groups]
    compared = {} if earlier is None else earlier.moves_of_groups(session, everything, choice)
    rankings: list[Table] = []
    tables: list[Table] = []
    origins: list[Origin] = []
    lists: list[Table] = []
    chapters: list[Chapter] = []
    assessed: list[Assessed] = []
    ranked: list[tuple[Group, Ranking]] = []
    terms: list[Table] = []
    for group, ranking in everything:
        own = words[group.rubric.id]
        coverage = circumstances.coverage(group.coverage)
        rankings.append(ranking_table(group.rubric, ranking, own, coverage=coverage))
        if choice.store is None:
            continue
        ranked.append((group, ranking))
        sheets = group.sheets(choice.store)
        made = tables_of_ranking(group.rubric, ranking, sheets, rankings[-1], own)
        if belongs_in_result(ranking):
            made.append(stability_table(group.rubric, ranking, sheets, own))
        moves = compared.get((group.rubric.id, ranking.group))
        if moves is not None and earlier is not None:
            made += earlier.tables(moves, group, circumstances.say, own)
        names = partial(_names_by_unit, [group])
        kept = MadeTables(made, earlier_by_unit(moves, own), names)
        terms += tables_of_terms(group.rubric, ranking, own)
        tables += [with_origin(table, ranking.period, own) for table in made]
        chapters.append(chapter_of_rubric(group.rubric, ranking, sheets, kept, own))
        assessed.append(Assessed(group.rubric, ranking, made[0], made[3], coverage))
        found = partial(records_of, [group])
        listed = _sheet_list(group.rubric, ranking, found, circumstances, own)
        listed = as_provisional(listed, own) if ranking.provisional else listed
        lists.append(of_unit_group(listed, ranking.group, own) if ranking.group else listed)
        origins.append(
            Origin(
                rubric=group.rubric,
                ranking=ranking,
                rubric_path=circumstances.say(visible(group.rubric_file.origin(own))),
                rubric_sha256=group.rubric_file.sha256,
                sheet_sha256=tuple(file.sha256 for file in group.files),
                coverage=coverage,
                other_periods=group.other_periods,
            )
        )
    document = words[groups[0].rubric.id]
    about = circumstances.about(origins, document)
    origin = [circumstances.about(origins, document, "repeat_command"), *lists]
    filled = _forms(session, ranked, choice.store) if choice.forms and choice.store else []
    records = partial(records_of, groups)
    whole = [*tables, about, *lists]
    return Content(rankings, whole, document, filled, records, chapters, origin, terms, assessed)


def content_of_composition(
    session: Session,
    composition: Composition,
    store: SheetStore,
    circumstances: Circumstances,
    earlier: EarlierSide | None = None,
) -> Content:
    """The content of a composite result, compared with an ``earlier`` one if there is one.

    Its sheets were kept in the ``store``.
    """
    words = circumstances.words(composition.groups[0].rubric)
    composite, ranking = composition.composite, composition.ranking
    ranked = composition.ranked(words)
    coverage = circumstances.coverage(composition.coverage)
    table = composite_table(ranked, ranking, words, coverage=coverage)
    records = partial(records_of, composition.groups)
    origin = Origin(
        rubric=ranked,
        ranking=ranking,
        rubric_path=circumstances.say(visible(composition.file.path)),
        rubric_sha256=composition.file.sha256,
        sheet_sha256=tuple(sorted({file.sha256 for file in _files(composition.groups)})),
        coverage=coverage,
        notes=tuple(composite_notes(ranked, words)),
    )
    totals = composition.totals
    made = [
        summary_table(ranked, table, words),
        sources_table(composite, ranking, totals, composition.caps, words),
    ]
    if belongs_in_result(ranking):
        made.append(composition.stability_table(store, words))
    moves = None if earlier is None else earlier.moves_of_composite(session, composition, words)
    if moves is not None and earlier is not None:
        made += earlier.tables(moves, None, circumstances.say, words)
    names = partial(_names_by_unit, composition.groups)
    tables = MadeTables(made.copy(), earlier_by_unit(moves, words), names)
    chapter = chapter_of_composite(ranked, ranking, totals, tables, words)
    made[1:] = (with_origin(table, None, words) for table in made[1:])
    assessed = Assessed(ranked, ranking, made[0], None, coverage)
    about = circumstances.about([origin], words)
    listed = _sheet_list(ranked, ranking, records, circumstances, words)
    made_of = [circumstances.about([origin], words, "repeat_command"), listed]
    whole = [*made, about, listed]
    terms = tables_of_terms(ranked, ranking, words)
    return Content([table], whole, words, (), records, [chapter], made_of, terms, [assessed])


def _files(groups: Iterable[Group]) -> Iterator[ReadFile]:
    for group in groups:
        yield from group.files


def _name_of(file: ReadFile) -> str:
    """The name of a file, and the part of it that is meant; folders are moved."""
    return visible(f"{os.path.basename(file.path)} {file.part}".strip())


def _names_by_unit(groups: Iterable[Group]) -> dict[str, list[str]]:
    """The names of the files of each unit, by its `same_name_key`."""
    found: dict[str, list[str]] = {}
    for file in _files(groups):
        found.setdefault(same_name_key(file.unit), []).append(_name_of(file))
    return found


def records_of(groups: Sequence[Group]) -> Iterator[SheetRecord]:
    """What is recorded of sound sheets."""
    titled = ((file, group.rubric.title) for group in groups for file in group.files)
    for file, title in titled:
        code = "" if file.result is None else file.result.code
        yield SheetRecord(
            rubric=file.rubric,
            unit=visible(file.unit),
            period=file.period,
            assessor=visible(file.assessor),
            file=_name_of(file),
            sha256=file.sha256,
            code=code,
            path=file.path,
            rubric_title=title,
        )


def _sheet_list(
    ranked: Ranked,
    ranking: Ranking,
    records: Callable[[], Iterable[SheetRecord]],
    circumstances: Circumstances,
    words: Words,
) -> Table:
    units = [result.unit for _, result in ranking.everybody]

    def named() -> Iterator[SheetRecord]:
        return (record._replace(file=circumstances.say(record.file)) for record in records())

    return sheet_list_table(ranked, named, units, words)


def _forms(
    session: Session, ranked: Sequence[tuple[Group, Ranking]], store: SheetStore
) -> "list[Form]":
    """The form of every sheet as it was handed in, in the order of the ranks.

    Where there are too many, that is said.
    """
    from epa_score.exporters.xlsx import MOST_SHOWN  # noqa: PLC0415 -- not every result is a workbook
    from epa_score.exporters.xlsx.form import Form  # noqa: PLC0415 -- not every result is a workbook

    for group, _ in ranked:
        if len(group.files) > MOST_SHOWN:
            number, name = len(group.files), group.rubric.id
            several = group.rubric.takes_several_sheets
            key = "cli.no_panel_forms" if several else "cli.no_forms"
            session.say(session.words(key, most=MOST_SHOWN, number=number, name=name))
    return [
        Form(group.rubric.part(file.assessor) or group.rubric, file.unit, sheet, asks=False)
        for group, ranking in ranked
        if len(group.files) <= MOST_SHOWN
        for file in _files_by_rank(group, ranking)
        for sheet in (store.sheet(file.number),)
    ]


def _files_by_rank(group: Group, ranking: Ranking) -> list[ReadFile]:
    """The sheets of a group in the order of the ranks."""
    places = {
        same_name_key(entry.result.unit): place for place, entry in enumerate(ranking.everybody)
    }
    return sorted(group.files, key=lambda file: places[same_name_key(file.unit)])


_UTF8_BOM = b"\xef\xbb\xbf"
"""Tells Excel the encoding of a CSV file; programs know it without."""


def write_file_content(
    suffix: str, tables: Sequence[Table], content: Content, file: BinaryIO
) -> None:
    """Write a format to a file; CSV says that it is UTF-8, which Excel would not take it for.

    What is for programs does not: many of them would take that for a part of the first name.
    """
    if suffix == ".csv" and not any(table.is_for_programs for table in tables):
        file.write(_UTF8_BOM)
    write_content(suffix, tables, content, file)


def write_content(suffix: str, tables: Sequence[Table], content: Content, file: BinaryIO) -> None:
    """Write some tables of a result in the format of a suffix; a workbook has the forms as well."""
    if suffix == ".xlsx":
        from epa_score.exporters import xlsx  # noqa: PLC0415 -- not every result is a workbook

        xlsx.write(tables, file, content.words, content.forms)
        return
    if suffix == ".json":
        from epa_score.exporters import json  # noqa: PLC0415 -- not every result is in JSON

        json.write(tables, file, content.words, FORMAT_VERSION)
        return
    if suffix == ".html":
        from epa_score.exporters import html  # noqa: PLC0415 -- not every result is a report

        tool = f"epa-score {__version__}"
        html.write(content.origin, file, content.words, content.chapters, tool)
        return
    if suffix == ".docx":
        from epa_score.exporters import docx  # noqa: PLC0415 -- needs the extra of Word documents

        docx.write((), file, content.words, _document(content), f"epa-score {__version__}")
        return
    exporter(suffix)(tables, file, content.words)


def _document(content: Content) -> Document:
    """The notice on a result, or the feedback to its units."""
    if content.has_feedback:
        chapters = list(zip(content.chapters, content.assessed, strict=True))
        return feedback_document(chapters, content.words)
    return notice_document(content.assessed, content.words)
