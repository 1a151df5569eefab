"""``epa-score verify``: a published result compared, cell by cell, with what its sheets come to."""

import os
import secrets
from collections.abc import Iterator, Sequence
from io import BytesIO
from itertools import takewhile
from typing import Annotated, Literal, get_args

import typer

from epa_score.cli.assess import assess
from epa_score.cli.compose import compose
from epa_score.cli.earlier import EarlierChoice, read_earlier
from epa_score.cli.help import WrongUsage
from epa_score.cli.inputs import Selection
from epa_score.cli.options import (
    CompareOption,
    CompositeOption,
    FindingsFormat,
    OldPeriodOption,
    Overall,
    Paths,
    PeriodOption,
    Provisional,
    RosterOption,
    RubricOption,
    SkipInvalid,
)
from epa_score.cli.output import show_diagnostics
from epa_score.cli.published import (
    Options,
    SheetPairs,
    pair_sheets,
    recorded_options,
    recorded_sheets,
    refuse_distant_files,
)
from epa_score.cli.results import (
    Circumstances,
    Content,
    content_of_composition,
    content_of_groups,
    write_content,
)
from epa_score.cli.session import Session
from epa_score.cli.sheet_store import SheetStore, open_sheet_store
from epa_score.cli.tidy import rows_of_composition, rows_of_groups
from epa_score.diagnostics import Diagnostic, InputError, Kind, Location, Parameter, errors_of
from epa_score.diagnostics.terminal_text import shortened
from epa_score.i18n import LANGUAGES
from epa_score.readers.result_files import ResultFile, parts_of, read_result
from epa_score.readers.source import MOST_FINDINGS
from epa_score.reports.comparison import (
    Comparison,
    Difference,
    ShownPart,
    compare,
    likeness,
)
from epa_score.reports.provenance import SheetRecord
from epa_score.reports.table import Table
from epa_score.reports.tidy import TIDY_COLUMNS
from epa_score.scoring import Ties


def verify(
    context: typer.Context,
    result: Annotated[str, typer.Argument(metavar="RESULT", help="help.verify_result")],
    paths: Paths = None,
    rubric: RubricOption = None,
    period: PeriodOption = None,
    ties: Annotated[
        Literal["competition", "dense"] | None,
        typer.Option("--ties", metavar="competition|dense", help="help.ties"),
    ] = None,
    provisional: Provisional = False,
    skip_invalid: SkipInvalid = False,
    composite: CompositeOption = None,
    roster: RosterOption = None,
    form: FindingsFormat = "full",
    no_forms: Annotated[bool, typer.Option("--no-forms", help="help.no_forms")] = False,
    overall: Overall = False,
    compare_with: CompareOption = None,
    old_period: OldPeriodOption = None,
) -> int:
    """Compare a published result with its score sheets."""
    session = context.obj
    if paths and any(os.path.abspath(path) == os.path.abspath(result) for path in paths):
        raise WrongUsage(session.words("usage.verify_itself", path=shortened(result)))
    file = read_result(result)
    values = {"--rubric": rubric, "--period": period, "--ties": ties, "--composite": composite}
    values |= {"--roster": roster, "--compare": compare_with, "--old-period": old_period}
    switches = {
        "--provisional": provisional,
        "--skip-invalid": skip_invalid,
        "--no-forms": no_forms,
        "--overall": overall,
    }
    given = {name: value for name, value in values.items() if value is not None}
    given |= {name: "" for name, is_on in switches.items() if is_on}
    options = take_options(session, file, given)
    verified = Verification(session, result, file, paths or [], options)
    diagnostics = verified.find()
    counts = {"cells": verified.cells, "sheets": verified.sheets}
    show_diagnostics(session, diagnostics, form, counts, summary="verified")
    return 1 if errors_of(diagnostics) else 0


def take_options(session: Session, file: ResultFile, given: Options) -> Options:
    """The options ``given``, else those that the result was made with, which are said."""
    recorded = {
        name: value for name, value in recorded_options(file.parts).items() if name not in given
    }
    if recorded.get("--ties", "competition") not in get_args(Ties):
        del recorded["--ties"]
    refuse_distant_files(recorded, given, session.words)
    if recorded:
        shown = " ".join(f"{name} {value}".strip() for name, value in recorded.items())
        session.say(session.words("cli.recorded_options", options=shortened(shown, 200)))
    return {**recorded, **given}


class Verification:
    """One result with the sheets that it should be made of."""

    def __init__(
        self,
        session: Session,
        path: str,
        file: ResultFile,
        paths: Sequence[str],
        options: Options,
    ) -> None:
        """Verify the result of a ``path`` by the sheets below ``paths``."""
        self._session = session
        self._path = path
        self._file = file
        self._paths = paths
        self._options = options
        self._mask = secrets.token_hex(8)
        self.cells = 0
        """The cells that were compared."""
        self.sheets = 0
        """The sheets that the result was computed from once more."""

    def find(self) -> list[Diagnostic]:
        """Everything that is not as it should be: sheets first, then cells.

        Raises `InputError` for sheets that cannot be ranked.
        """
        with open_sheet_store() as store:
            comparison, records = self._compare(store)
        self.cells, self.sheets = comparison.cells, len(records)
        recorded = recorded_sheets(self._file.parts)
        pairs = pair_sheets(recorded, records) if recorded else SheetPairs([], [], [], [])
        found = [*self._about_sheets(pairs), *self._about_cells(comparison)]
        if len(found) > MOST_FINDINGS:
            more = {"number": len(found) - MOST_FINDINGS}
            found = [
                *found[:MOST_FINDINGS],
                Diagnostic(Kind.MORE_FINDINGS, Location(self._path), dict(more)),
            ]
        return found

    def _compare(self, store: SheetStore) -> tuple[Comparison, Sequence[SheetRecord]]:
        """Compare the result with the one, of those that it may be, which it is most like."""
        published, suffix = self._file.parts, self._file.suffix
        best: list[ShownPart] = []
        most: tuple[int, int] = (0, 0)
        records: Sequence[SheetRecord] = ()
        for content in self._contents(store):
            for tables in _candidates(suffix, content):
                made = BytesIO()
                write_content(suffix, tables, content, made)
                parts = parts_of(self._path, suffix, made.getvalue())
                like = likeness(published, parts)
                if not best or like > most:
                    best, most, records = parts, like, list(dict.fromkeys(content.records()))
        if not most[0]:
            raise InputError([Diagnostic(Kind.NOT_A_RESULT, Location(self._path))])
        return compare(published, best, self._mask), records

    def _contents(self, store: SheetStore) -> Iterator[Content]:
        """What the result should say; a ranking that was shown as CSV may be in any language."""
        options = self._options
        choice = Selection(
            paths=self._paths,
            rubric=options.get("--rubric"),
            period=options.get("--period"),
            roster=options.get("--roster"),
            others=(self._path,),
            provisional="--provisional" in options,
            skip_invalid="--skip-invalid" in options,
            overall="--overall" in options,
            ties="dense" if options.get("--ties") == "dense" else "competition",
            store=store,
            forms=self._file.suffix == ".xlsx" and "--no-forms" not in options,
        )
        languages = LANGUAGES if self._file.suffix == ".csv" else ("",)
        made = [Circumstances(mask=self._mask, language=name) for name in languages]
        given = EarlierChoice(options.get("--compare"), options.get("--old-period"))
        session, earlier = self._session, read_earlier(self._session, choice, given)
        composite = options.get("--composite")
        rows_alone = self._is_tidy()
        if composite is not None:
            composition = compose(session, composite, choice)
            for circumstances in made:
                if rows_alone:
                    yield rows_of_composition(composition, circumstances)
                else:
                    yield content_of_composition(
                        session, composition, store, circumstances, earlier
                    )
            return
        groups = assess(session, choice)
        for circumstances in made:
            if rows_alone:
                yield rows_of_groups(session, groups, choice, store, circumstances)
            else:
                yield content_of_groups(session, groups, choice, circumstances, earlier)

    def _is_tidy(self) -> bool:
        """True for a table that names its columns as the tidy one does."""
        first = (next(iter(part.rows.values()), {}) for part in self._file.parts)
        names = [[cell.text for cell in row.values()] for row in first]
        return self._file.suffix == ".csv" and names == [[*TIDY_COLUMNS]]

    def _about_sheets(self, pairs: SheetPairs) -> Iterator[Diagnostic]:
        """What became of the sheets that the result was made of."""
        for recorded, own in pairs.changed:
            about: dict[str, Parameter] = {
                "unit": own.unit,
                "recorded": recorded.record.code,
                "code": own.code,
            }
            yield Diagnostic(Kind.SHEET_CHANGED, Location(own.path), about)
        for recorded in pairs.gone:
            about = {"unit": recorded.record.unit, "file": recorded.record.file}
            where = self._file.locate(recorded.part, recorded.row, None)
            yield Diagnostic(Kind.SHEET_GONE, where, about)
        for own in pairs.added:
            yield Diagnostic(Kind.SHEET_ADDED, Location(own.path), {"unit": own.unit})
        if pairs.saved_again:
            files = tuple(dict.fromkeys(own.file for own in pairs.saved_again))
            about = {"files": files, "number": len(files)}
            yield Diagnostic(Kind.SHEETS_SAVED_AGAIN, Location(self._path), about)

    def _about_cells(self, comparison: Comparison) -> Iterator[Diagnostic]:
        """Each cell, row and part that is not as it should be."""
        for difference in comparison.differences:
            yield self._diagnostic_of(difference)
        if comparison.without_value:
            first = self._file.locate(*comparison.without_value[0])
            number = len(comparison.without_value)
            yield Diagnostic(Kind.VALUES_NOT_STORED, first, {"number": number})

    def _diagnostic_of(self, difference: Difference) -> Diagnostic:
        where = self._file.locate(difference.part, difference.row, difference.column)
        found, right = _from_first_difference(
            difference.found, difference.right.replace(self._mask, "...")
        )
        about: dict[str, Parameter] = {
            "found": found,
            "right": right,
            "line": difference.line.replace(self._mask, "..."),
            "part": difference.part,
        }
        return Diagnostic(difference.kind, where, about, difference.variant)


_MOST_SHOWN = 25
"""Characters of a text that a message shows as it is."""

_BEFORE = 10
"""Characters in front of the first difference of longer texts."""


def _from_first_difference(found: str, right: str) -> tuple[str, str]:
    """Two texts without most of their common beginning, where it would hide what differs."""
    same = takewhile(lambda pair: pair[0] == pair[1], zip(found, right, strict=False))
    common = sum(1 for _ in same)
    if max(len(found), len(right)) <= _MOST_SHOWN or common <= _BEFORE:
        return found, right
    start = common - _BEFORE
    return f"...{found[start:]}", f"...{right[start:]}"


def _candidates(suffix: str, content: Content) -> Iterator[Sequence[Table]]:
    """The tables that a file of a format may hold: those of an export, or rankings alone."""
    if suffix != ".csv":
        yield content.tables_of(suffix)
    if suffix != ".xlsx":
        yield content.rankings
        if len(content.rankings) > 1:
            yield from ([ranking] for ranking in content.rankings)
